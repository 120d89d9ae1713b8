"""The three columns: stages, reboiler, condenser and vent, and what is their own of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log
from typing import ClassVar, NamedTuple

from plant_models.chlorobenzene.substances.chemistry import (
    BENZENE,
    CHLORINE,
    DCB,
    FECL3,
    HCL,
    INERT,
    MCB,
    NACL,
    NAOH,
    ORGANICS,
    WATER,
)
from plant_models.chlorobenzene.substances.enthalpy import released, sensible, vaporisation, warmed
from plant_models.chlorobenzene.substances.properties import (
    MOLAR_MASS,
    REFERENCE,
    STEAM_HEAT,
    Organics,
    boiling_point,
    latent_heat,
    liquid_heat_capacity,
    mole_fractions,
    relative_volatilities,
    saturated_moles,
    share_in_water,
    vapour_pressure,
    water_in_benzene,
)
from plant_models.chlorobenzene.substances.streams import (
    NO_ORGANICS,
    NOTHING,
    ORGANICS_ONLY,
    evenly,
    joined,
    plus,
    total,
)
from plant_models.chlorobenzene.units.condensation import CP_WATER
from plant_models.chlorobenzene.units.heat import Heat, pooled
from plant_models.chlorobenzene.units.plain import LineUnit, Weather
from plant_models.chlorobenzene.units.shortcut import overhead_fractions
from sim.model.parameters import quantity
from sim.network.plain import Answer
from sim.network.unit import Conditions, Stream

KJ_PER_WH = 3.6  # W over an hour

HEAT_CAPACITY = tuple(liquid_heat_capacity(i, REFERENCE) for i in ORGANICS)
"""Of the organic liquids near 25 degC, kJ/kg/K: the shortcut assumes constant ones."""

ALL: Organics = (1.0, 1.0, 1.0, 1.0)
COLUMN = (
    "stages",
    "condenser_area",
    "condensing_coefficient",
    "subcooling_coefficient",
    "condenser_rise",
)
"""What laws of the columns read that is no parameter of the unit itself."""


@dataclass(frozen=True, kw_only=True)
class ColumnCondenser:
    r"""Shell-and-tube condenser of a column: what its area has left after condensing, subcools.

    .. math:: A_c = \frac{Q}{U \Delta T_{lm}}, \quad
              T_{out} = T_w + (T_{top} - T_w)
              \exp\left[-\frac{U_s (A - A_c)}{\sum m c_p}\right]

    so a larger load leaves less area to cool the vent. The water, throttled to its rise, is
    abundant for the subcooling. What surface is short of leaves as vapour (`condensed`).
    """

    area: float = quantity("m2", "tube surface", 0.1, 1e4)
    coefficient: float = quantity("W/m2/K", "condensing vapour to water, as fouled", 1.0, 1e4)
    subcooling_coefficient: float = quantity("W/m2/K", "condensate and vent gas to water", 1.0, 1e4)
    water_rise: float = quantity("K", "rise of the cooling water, set by throttling", 1.0, 40.0)

    def outlet(self, T_top: float, T_water: float, duty: float, capacity_rate: float) -> float:
        """Return the temperature of condensate and vent, K.

        ``T_top``, ``T_water``: condensing vapour and water supply, K; ``duty``: heat of
        condensation, kJ/h; ``capacity_rate``: condensate's flow times heat capacity, kJ/h/K.
        """
        return condenser_outlet(
            *(self.area, self.coefficient, self.subcooling_coefficient, self.water_rise),
            *(T_top, T_water, duty, capacity_rate),
        )


def condenser_outlet(
    area: float,
    coefficient: float,
    subcooling_coefficient: float,
    water_rise: float,
    T_top: float,
    T_water: float,
    duty: float,
    capacity_rate: float,
) -> float:
    """Return the temperature of condensate and vent, K; see `ColumnCondenser`."""
    spread = T_top - T_water
    if spread <= 1.0 or capacity_rate <= 0.0:
        return T_top if spread <= 1.0 else T_water
    left = area - duty / (KJ_PER_WH * coefficient * mean_difference(spread, water_rise))
    if left <= 0.0:
        return T_top
    ntu = KJ_PER_WH * subcooling_coefficient * left / capacity_rate
    return T_water + spread * exp(-ntu)


def mean_difference(spread: float, rise: float) -> float:
    """Return the logarithmic mean of what condensing vapour is warmer than its water, K.

    ``spread``: of the water as it comes, K; ``rise``: of the water, K, at most 0.9 of it.
    """
    rise = min(rise, 0.9 * spread)
    return rise / log(spread / (spread - rise))


WARM, HOT = 15.0, 10.0
"""K below boiling, from which on the latent heat of what a vent takes is told of its condenser, in
part and in full: of a cooler one it is a few parts in a thousand of all that condenses."""
HALVINGS = 50


class Overhead(NamedTuple):
    """What comes over the top of a column."""

    share: Organics
    """Share of each organic of the charge, kg/kg."""
    vent: Organics
    """Share of each organic of the charge that the vent takes of it, kg/kg."""
    vent_water: float
    """Water vapour in the vent, kg/h."""
    distillate: float
    """Organics overhead, vent included, kg/h."""
    T_top: float
    T_out: float
    duty: float
    """Heat of condensation of distillate and reflux, kJ/h."""
    alpha: Organics
    """Volatilities relative to the heavy key."""


@dataclass(frozen=True, kw_only=True)
class ColumnDesign:
    """Parameters and laws that the columns share; each names its keys.

    The light key boils at the top. Relative volatilities are Raoult's at the mean of the keys'
    boiling points, the split is Fenske, Underwood and Gilliland's (`shortcut`).
    """

    condenser: ColumnCondenser
    trays: int = quantity("1", "trays", 2, 60)
    tray_efficiency: float = quantity("1", "theoretical stages per tray", 0.1, 1.0)
    reflux_ratio: float = quantity("kg/kg", "reflux per distillate", 0.01, 30.0)
    air_in_leak: float = quantity("kg/h", "air that leaks and bleeds in", 0.0, 1e3)
    heat_loss: float = quantity("kJ/kJ", "heat lost by reboiler and column per heat used", 0.0, 3.0)
    blow_through: float = quantity(
        "kg/kg",
        "live steam blown through traps and by-passes, opened to push a fouled reboiler, "
        "per steam condensed",
        0.0,
        3.0,
    )
    charge_temperature: float = quantity("K", "charge as pumped from its tank", 260.0, 420.0)
    power: float = quantity("kWh/kg", "pumping per charge", 0.0, 1.0)

    @property
    def stages(self) -> float:
        """Theoretical stages, the reboiler included."""
        return self.trays * self.tray_efficiency + 1.0

    @property
    def condenser_area(self) -> float:
        """Tube surface of the condenser, m2."""
        return self.condenser.area

    @property
    def condensing_coefficient(self) -> float:
        """Condensing vapour to water, W/m2/K."""
        return self.condenser.coefficient

    @property
    def subcooling_coefficient(self) -> float:
        """Condensate and vent gas to water, W/m2/K."""
        return self.condenser.subcooling_coefficient

    @property
    def condenser_rise(self) -> float:
        """Rise of the condenser's water, K."""
        return self.condenser.water_rise

    def overhead(
        self,
        kg: Stream,
        keys: tuple[int, int],
        content: float,
        T_water: float,
        P: float,
        bottoms_held: bool = True,
    ) -> Overhead:
        """Return the split of the pooled charge and air (kg/h) and the state at the condenser."""
        return overhead(self, kg, keys, content, T_water, P, bottoms_held)

    @property
    def lost(self) -> float:
        """Share of the steam's heat that reboiler, column and traps lose, kJ/kJ."""
        return 1.0 - 1.0 / ((1.0 + self.heat_loss) * (1.0 + self.blow_through))

    def temperatures(
        self, inlets: Mapping[str, Stream], keys: tuple[int, int], content: float, at: Conditions
    ) -> Heat:
        """Return temperatures of a column on charge and air; arguments as of `overhead`."""
        kg = tuple([a + b for a, b in zip(inlets["charge"], inlets["air"], strict=True)])
        P = at["pressure"]
        top = self.overhead(kg, keys, content, at["cooling_water"], P)
        return Heat(
            top.T_out,
            inlets={"charge": self.charge_temperature, "air": at["air"]},
            outlets={"bottoms": boiling_point(keys[1], P)},
            rise=self.condenser.water_rise,
            lost=self.lost,
        )


def overhead(
    column: ColumnDesign,
    kg: Stream,
    keys: tuple[int, int],
    content: float,
    T_water: float,
    P: float,
    bottoms_held: bool = True,
) -> Overhead:
    """Return the split of the pooled charge and air (kg/h) and the state at the condenser.

    The vent is saturated with the distillate (and with water where there is any) at the
    condenser's outlet; it can take no more than is overhead.
    """
    light, heavy = keys
    T_top = boiling_point(light, P)
    alpha = relative_volatilities(heavy, 0.5 * (T_top + boiling_point(heavy, P)))
    share = overhead_fractions(
        kg, alpha, keys, column.stages, column.reflux_ratio, content, bottoms_held
    )
    over = times(kg, share)
    distillate = over[0] + over[1] + over[2] + over[3]
    duty = (1.0 + column.reflux_ratio) * vaporisation(joined(over, ORGANICS_ONLY), T_top)
    rate = (1.0 + column.reflux_ratio) * distillate * HEAT_CAPACITY[light]
    T_out, vent, vent_water = condensed(column, kg, over, share, T_top, T_water, P, duty, rate)
    return Overhead(
        share=share,
        vent=vent,
        vent_water=vent_water,
        distillate=distillate,
        T_top=T_top,
        T_out=T_out,
        duty=duty,
        alpha=alpha,
    )


def condensed(
    column: ColumnDesign,
    kg: Stream,
    over: Organics,
    share: Organics,
    T_top: float,
    T_water: float,
    P: float,
    duty: float,
    capacity_rate: float,
) -> tuple[float, Organics, float]:
    """Return the temperature of condensate and vent (K), the vent's shares and its water, kg/h.

    What leaves as vapour need not be condensed. Of a vent that is hotter than `WARM` this counts,
    from `HOT` on in full: the less surface there is, the more leaves, until the rest suffices.
    Arguments as of `overhead` and `condenser_outlet`; ``over``: organics overhead, kg/h.
    """
    T = _outlet(column, T_top, T_water, duty, capacity_rate)
    vent, water = _saturated_vent(kg, over, share, T, P)
    coolest = T_top - WARM
    if coolest >= T:
        return T, vent, water
    low, high, spared = coolest, T, 0.0
    for _ in range(HALVINGS):
        T = 0.5 * (low + high)
        vent, water = _saturated_vent(kg, over, share, T, P)
        part = min((T - coolest) / (WARM - HOT), 1.0)
        spared = part * vaporisation(joined(times(kg, vent), ORGANICS_ONLY), T_top)
        if _outlet(column, T_top, T_water, duty - spared, capacity_rate) > T:
            low = T
        else:
            high = T
    whole = duty / (1.0 + column.reflux_ratio)
    excess = duty - _most_condensed(column, T_top, T_water)
    if excess > spared:  # no gas carries that much: vapour leaves by itself
        part = min(excess / whole, 1.0)
        vent = (part * share[0], part * share[1], part * share[2], part * share[3])
    return T, vent, water


def _outlet(
    column: ColumnDesign, T_top: float, T_water: float, duty: float, capacity_rate: float
) -> float:
    """Return what `condenser_outlet` does of a column's condenser, K."""
    return condenser_outlet(
        column.condenser_area,
        column.condensing_coefficient,
        column.subcooling_coefficient,
        column.condenser_rise,
        T_top,
        T_water,
        duty,
        capacity_rate,
    )


def _most_condensed(column: ColumnDesign, T_top: float, T_water: float) -> float:
    """Return what a column's condenser can condense with all of its surface, kJ/h."""
    spread = T_top - T_water
    if spread <= 1.0:
        return 0.0
    per_m2 = column.condensing_coefficient * mean_difference(spread, column.condenser_rise)
    return KJ_PER_WH * per_m2 * column.condenser_area


def _saturated_vent(
    kg: Stream, over: Organics, share: Organics, T: float, P: float
) -> tuple[Organics, float]:
    """Return the shares of the organics that the vent takes at ``T`` (K), and its water, kg/h."""
    water = vapour_pressure(WATER, T) if kg[WATER] > 0.0 else 0.0
    vent, steam = vent_shares(kg, over, T, P, min(water, 0.5 * P), kg[WATER])
    return least(vent, share), steam


def utilities(
    column: ColumnDesign,
    charge: Stream,
    air: Stream,
    top: Overhead,
    heavy: int,
    P: float,
    T_air: float,
    boiled: Organics = NO_ORGANICS,
) -> tuple[float, float, float]:
    r"""Return steam, cooling water and power per kg of charge.

    .. math::
        Q_{cond} &= (1 + R) [D \lambda(T_{top}) + D c_p (T_{top} - T_{out})]
                    - V \lambda(T_{out}) \\
        Q_{reb} &= (1 + R) D \lambda(T_{top}) + R D c_p (T_{top} - T_{out})
                   + D c_p T_{top} + B c_p T_{bot} - F c_p T_F

    by component, with water and gas that pass over the top in addition. The bottoms boil near
    the heavy key; they leave hot, distillate and reflux leave subcooled, and what the reflux
    is short of boiling the reboiler has to bring again. The vent's vapour ``V`` keeps its
    latent heat.

    Parameters
    ----------
    charge, air : Stream
        Main inlet and air drawn in, kg/h.
    top : Overhead
        As returned by `overhead`.
    heavy : int
        Heavy key.
    P : float
        Pressure of the column, Pa.
    T_air : float
        Temperature of the air, K.
    boiled : Organics
        Of the organics of the bottoms, what a still below boils off, kg/h.
    """
    fed = total(charge)
    if fed <= 0.0:
        return (0.0, 0.0, column.power)
    T_top, T_out, R, T_bot = top.T_top, top.T_out, column.reflux_ratio, boiling_point(heavy, P)
    kg = plus(charge, air)
    over = joined(times(kg, top.share), ORGANICS_ONLY)
    gases = joined(NO_ORGANICS, (kg[CHLORINE], kg[HCL], kg[WATER], 0.0, 0.0, 0.0, kg[INERT]))
    rest = joined(less(kg, over), (0.0, 0.0, 0.0, kg[NAOH], kg[NACL], kg[FECL3], 0.0))
    humid = min(top.vent_water, kg[WATER])
    vent = joined(times(kg, top.vent), (0.0, 0.0, humid, 0.0, 0.0, 0.0, 0.0))
    hot, subcooled = sensible(over, T_top), released(over, T_top, T_out)
    steamed = kg[WATER] * latent_heat(WATER, T_top)
    still = vaporisation(joined(boiled, ORGANICS_ONLY), T_bot)
    lifted = top.duty + steamed + still
    passing = sensible(gases, T_top)
    needed = lifted + R * subcooled + hot + passing + sensible(rest, T_bot)
    needed -= sensible(charge, column.charge_temperature) + sensible(air, T_air)
    removed = lifted + (1.0 + R) * subcooled + released(gases, T_top, T_out)
    removed -= vaporisation(vent, T_out)
    heat = max(needed, 0.0) * (1.0 + column.heat_loss) * (1.0 + column.blow_through)
    water = max(removed, 0.0) / (CP_WATER * column.condenser_rise)
    return (heat / STEAM_HEAT / fed, water / fed, column.power)


def drawn_at(rate: float, charge: Stream) -> Stream:
    """Return the draw of a rate of its own (kg/h), whatever the charge."""
    fed = total(charge)
    return evenly(rate / fed if fed > 0.0 else 0.0)


def vented(gas: Organics, water: float) -> Stream:
    """Return the split to a vent that takes shares of organics and water, and all dry gas."""
    return joined(gas, (1.0, 1.0, water, 0.0, 0.0, 0.0, 1.0))


def less(a: Sequence[float], b: Sequence[float]) -> Organics:
    """Return ``a - b`` of the organics; spelt out, since columns are solved thousands of times."""
    return (a[0] - b[0], a[1] - b[1], a[2] - b[2], a[3] - b[3])


def times(a: Sequence[float], b: Sequence[float]) -> Organics:
    """Return ``a * b`` of the organics, component by component."""
    return (a[0] * b[0], a[1] * b[1], a[2] * b[2], a[3] * b[3])


def least(a: Sequence[float], b: Sequence[float]) -> Organics:
    """Return the smaller of ``a`` and ``b`` of each organic."""
    return (
        a[0] if a[0] < b[0] else b[0],
        a[1] if a[1] < b[1] else b[1],
        a[2] if a[2] < b[2] else b[2],
        a[3] if a[3] < b[3] else b[3],
    )


def dry_gas(kg: Sequence[float]) -> float:
    """Return what never condenses in a stream (kg/h), kmol/h: inerts, chlorine, dry acid gas."""
    return (
        kg[INERT] / MOLAR_MASS[INERT]
        + kg[CHLORINE] / MOLAR_MASS[CHLORINE]
        + kg[HCL] / MOLAR_MASS[HCL]
    )


def vent_shares(
    kg: Stream,
    liquid: Sequence[float],
    T: float,
    P: float,
    water: float = 0.0,
    steam: float = 0.0,
) -> tuple[Organics, float]:
    """Return the shares of the organics of ``kg`` that its dry gas takes along, and water kg/h.

    The gas leaves saturated over ``liquid`` (organics, kg/h) at ``T`` (K) and ``P`` (Pa) with
    ``water`` (Pa) of water vapour, or with all the ``steam`` (kg/h) that there is, if less.
    """
    gas = dry_gas(kg)
    if gas <= 0.0:
        return (0.0, 0.0, 0.0, 0.0), 0.0
    x = mole_fractions(liquid)
    b, m, d, t = saturated_moles(x, T, P, water)
    vapour = gas * water * (1.0 + b + m + d + t) / (P - water) * MOLAR_MASS[WATER]
    if vapour > steam:
        gas, vapour = gas + steam / MOLAR_MASS[WATER], steam
        b, m, d, t = saturated_moles(x, T, P)
    return (
        gas * b * MOLAR_MASS[0] / kg[0] if b > 0.0 else 0.0,
        gas * m * MOLAR_MASS[1] / kg[1] if m > 0.0 else 0.0,
        gas * d * MOLAR_MASS[2] / kg[2] if d > 0.0 else 0.0,
        gas * t * MOLAR_MASS[3] / kg[3] if t > 0.0 else 0.0,
    ), vapour


@dataclass(frozen=True, kw_only=True)
class CrudeColumn(ColumnDesign, LineUnit):
    """Takes benzene off the neutral liquor and returns it; leaves crude chlorobenzene.

    The operator holds the benzene in the bottoms by the reboiler; what chlorobenzene goes over
    with the recycled benzene follows from trays and reflux. Water distils as heteroazeotrope and
    is decanted in the reflux drum, with the benzene it dissolves; salts stay in the bottoms. Air
    leaves saturated at the condenser's outlet, to the air or (``vent_recovered``, F4) to the
    off-gas cooler. ``tube_leak`` loses distillate into the cooling water.

    References
    ----------
    Fenske, Underwood and Gilliland (`shortcut`); qiqiwenku-466276: bottoms with 95 %
    chlorobenzene, 4-5 % dichlorobenzene, 0.1 % benzene.
    """

    inlets: ClassVar[tuple[str, ...]] = ("charge", "air")
    outlets: ClassVar[tuple[str, ...]] = (
        *("distillate", "bottoms", "water", "vent", "vent_recovered", "leak"),
    )
    derived: ClassVar[tuple[str, ...]] = COLUMN
    drawing: ClassVar[tuple[str, ...]] = ("air",)
    using: ClassVar[tuple[str, ...]] = ("steam", "cooling_water", "power")

    bottoms_benzene: float = quantity(
        "kg/kg", "benzene that the operator leaves in the bottoms", 1e-6, 0.2
    )
    tube_leak: float = quantity("kg/h", "distillate lost into the cooling water", 0.0, 1e4)
    vent_recovered: bool = quantity("", "vent led to the off-gas cooler (F4)")

    def answer(self, at: Weather, charge: Stream, air: Stream) -> Answer:
        """Return the split of the charge, the air drawn in, and the utilities."""
        kg = plus(charge, air)
        P = at.pressure
        top = overhead(self, kg, (BENZENE, MCB), self.bottoms_benzene, at.cooling_water, P)
        wet, vapour, decanted = 1.0, 0.0, 0.0
        if kg[WATER] > 0.0:
            vapour = top.vent_water / kg[WATER]
            held = top.distillate * water_in_benzene(top.T_out) / kg[WATER]
            wet = min(held, 1.0 - vapour)
            decanted = 1.0 - wet - vapour
        rest = less(top.share, top.vent)
        over = times(kg, rest)
        condensed = over[0] + over[1] + over[2] + over[3]
        leak = min(self.tube_leak / condensed, 1.0) if condensed > 0.0 else 0.0
        water = times(share_in_water(over, kg[WATER] * decanted, top.T_out), rest)
        product = less(rest, water)
        lost = times(product, (leak, leak, leak, leak))
        vent = vented(top.vent, vapour)
        return Answer(
            splits=(
                joined(less(product, lost), (0.0, 0.0, (1.0 - leak) * wet, 0.0, 0.0, 0.0, 0.0)),
                joined(less(ALL, top.share), (0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 0.0)),
                joined(water, (0.0, 0.0, decanted, 0.0, 0.0, 0.0, 0.0)),
                NOTHING if self.vent_recovered else vent,
                vent if self.vent_recovered else NOTHING,
                joined(lost, (0.0, 0.0, leak * wet, 0.0, 0.0, 0.0, 0.0)),
            ),
            draws=(drawn_at(self.air_in_leak, charge),),
            uses=utilities(self, charge, air, top, MCB, P, at.air),
            fractions=(),
        )

    def heat(self, inlets: Mapping[str, Stream], at: Conditions) -> Heat:
        """Return temperatures; the bottoms leave boiling."""
        return self.temperatures(inlets, (BENZENE, MCB), self.bottoms_benzene, at)


@dataclass(frozen=True, kw_only=True)
class RectificationColumn(ColumnDesign, LineUnit):
    """Takes product chlorobenzene off the crude; leaves dichlorobenzene with some chlorobenzene.

    The bottoms' temperature, and with it their chlorobenzene, is as high as the heating steam
    allows: the operator holds that content, and the dichlorobenzene in the product follows from
    trays and reflux. The vent goes to the air or (``vents_collected``, F10) to the absorber.

    References
    ----------
    Fenske, Underwood and Gilliland (`shortcut`).
    """

    inlets: ClassVar[tuple[str, ...]] = ("charge", "air")
    outlets: ClassVar[tuple[str, ...]] = ("product", "bottoms", "vent", "vent_collected")
    derived: ClassVar[tuple[str, ...]] = COLUMN
    drawing: ClassVar[tuple[str, ...]] = ("air",)
    using: ClassVar[tuple[str, ...]] = ("steam", "cooling_water", "power")

    bottoms_chlorobenzene: float = quantity(
        "kg/kg", "chlorobenzene that the operator leaves in the bottoms", 1e-4, 0.9
    )
    vents_collected: bool = quantity("", "vent led to the absorber (F10)")

    def answer(self, at: Weather, charge: Stream, air: Stream) -> Answer:
        """Return the split of the charge, the air drawn in, and the utilities."""
        kg = plus(charge, air)
        P = at.pressure
        top = overhead(self, kg, (MCB, DCB), self.bottoms_chlorobenzene, at.cooling_water, P)
        vapour = top.vent_water / kg[WATER] if kg[WATER] > 0.0 else 0.0
        vent = vented(top.vent, vapour)
        return Answer(
            splits=(
                joined(less(top.share, top.vent), (0.0, 0.0, 1.0 - vapour, 0.0, 0.0, 0.0, 0.0)),
                joined(less(ALL, top.share), (0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 0.0)),
                NOTHING if self.vents_collected else vent,
                vent if self.vents_collected else NOTHING,
            ),
            draws=(drawn_at(self.air_in_leak, charge),),
            uses=utilities(self, charge, air, top, DCB, P, at.air),
            fractions=(),
        )

    def heat(self, inlets: Mapping[str, Stream], at: Conditions) -> Heat:
        """Return temperatures; the bottoms leave boiling."""
        return self.temperatures(inlets, (MCB, DCB), self.bottoms_chlorobenzene, at)


@dataclass(frozen=True, kw_only=True)
class PolychlorideColumn(ColumnDesign, LineUnit):
    r"""Vacuum column on rectification bottoms: chlorobenzene overhead, dichlorobenzene below.

    The operator holds the dichlorobenzene in the distillate, so a taller column (F8) recovers
    more chlorobenzene; what it leaves is mostly sold inside the dichlorobenzene. Below the column
    a still boils ``boil_off`` of the dichlorobenzene away from the residue, of which a component
    keeps :math:`(1 - \beta)^{\alpha_i}` (Rayleigh), with :math:`\alpha` relative to
    dichlorobenzene; salts and iron stay in it.

    The vacuum pump's sealing water washes the gas that the condenser leaves: gas leaves saturated
    at the air's pressure, water saturated with what the gas brought, and what neither can hold
    is decanted back to the distillate. ``vents_collected`` (F10) leads the gas to the absorber.

    References
    ----------
    Fenske, Underwood and Gilliland (`shortcut`).
    """

    inlets: ClassVar[tuple[str, ...]] = ("charge", "water", "air")
    outlets: ClassVar[tuple[str, ...]] = (
        *("distillate", "dichlorobenzene", "residue", "water", "vent", "vent_collected"),
    )
    derived: ClassVar[tuple[str, ...]] = COLUMN
    drawing: ClassVar[tuple[str, ...]] = ("water", "air")
    using: ClassVar[tuple[str, ...]] = ("steam", "cooling_water", "power")

    pressure: float = quantity("Pa", "top of the column", 2000.0, 101325.0)
    distillate_dichlorobenzene: float = quantity(
        "kg/kg", "dichlorobenzene that the operator leaves in the distillate", 1e-4, 0.9
    )
    boil_off: float = quantity(
        "kg/kg", "dichlorobenzene that the still boils off its residue", 0.0, 0.999
    )
    sealing_water: float = quantity("kg/h", "water through the vacuum pump", 0.0, 1e5)
    vents_collected: bool = quantity("", "vent led to the absorber (F10)")

    def answer(self, at: Weather, charge: Stream, water: Stream, air: Stream) -> Answer:
        """Return the split of the charge, water and air drawn in, and the utilities."""
        kg = plus(plus(charge, water), air)
        P, T_water = min(self.pressure, at.pressure), at.cooling_water
        top = overhead(self, kg, (MCB, DCB), self.distillate_dichlorobenzene, T_water, P, False)
        over = times(kg, top.share)
        pump, _ = vent_shares(kg, over, T_water, at.pressure)
        gas = least(pump, top.vent)
        soluble = times(share_in_water(over, kg[WATER], T_water), top.share)
        dissolved = least(soluble, less(top.vent, gas))
        bottoms = less(ALL, top.share)
        stays, (b, m, d, t) = 1.0 - self.boil_off, top.alpha
        residue = times(bottoms, (stays**b, stays**m, stays**d, stays**t))
        by_product = less(bottoms, residue)
        vent = vented(gas, 0.0)
        return Answer(
            splits=(
                joined(less(less(top.share, gas), dissolved), ORGANICS_ONLY),
                joined(by_product, ORGANICS_ONLY),
                joined(residue, (0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 0.0)),
                joined(dissolved, (0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0)),
                NOTHING if self.vents_collected else vent,
                vent if self.vents_collected else NOTHING,
            ),
            draws=(
                drawn_at(self.sealing_water, charge),
                drawn_at(self.air_in_leak, charge),
            ),
            uses=utilities(self, charge, air, top, DCB, P, at.air, times(kg, by_product)),
            fractions=(),
        )

    def heat(self, inlets: Mapping[str, Stream], at: Conditions) -> Heat:
        """Return temperatures; what condenses in the pump warms its sealing water.

        A dry pump (O4) sheds that heat to the surroundings.
        """
        kg = pooled(inlets)
        P, T_water = min(self.pressure, at["pressure"]), at["cooling_water"]
        held = self.distillate_dichlorobenzene
        top = self.overhead(kg, (MCB, DCB), held, T_water, P, bottoms_held=False)
        bottom = boiling_point(DCB, P)
        sealed = inlets["water"]
        brought = (*times(kg, top.vent), *ORGANICS_ONLY)
        out = self.convert(inlets, at).apply(kg)
        gone = [a + b for a, b in zip(out["vent"], out["vent_collected"], strict=True)]
        heat = vaporisation(brought, top.T_out)
        heat -= vaporisation((*gone[:4], *ORGANICS_ONLY), top.T_out)
        heat += sensible(sealed, T_water) + sensible((*out["water"][:4], *ORGANICS_ONLY), top.T_out)
        wet = sum(out["water"]) > 0.0
        warm = warmed(out["water"], heat) if wet else T_water
        return Heat(
            top.T_out,
            inlets={"charge": self.charge_temperature, "air": at["air"], "water": T_water},
            outlets={"dichlorobenzene": bottom, "residue": bottom, "water": warm},
            rise=self.condenser.water_rise,
            lost=self.lost,
            shed=0.0 if wet else heat,
        )
