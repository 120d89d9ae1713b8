"""Absorption of hydrogen chloride to acid, the oil that drops out on it, acid storage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from plant_models.chlorobenzene.substances.chemistry import BENZENE, CHLORINE, HCL, INERT, WATER
from plant_models.chlorobenzene.substances.enthalpy import released, solution, vaporisation
from plant_models.chlorobenzene.substances.properties import (
    MOLAR_MASS,
    Organics,
    R,
    acid_density,
    activity_coefficients,
    dissolved_in_water,
    hydrogen_chloride_pressure,
    mole_fractions,
    moles_of,
    vapour_pressures,
    water_in_benzene,
    water_pressure_over_acid,
)
from plant_models.chlorobenzene.substances.streams import (
    NO_ORGANICS,
    evenly,
    joined,
    plus,
    product,
    remaining,
    total,
)
from plant_models.chlorobenzene.units.condensation import CP_WATER, flash
from plant_models.chlorobenzene.units.heat import Heat, pooled
from plant_models.chlorobenzene.units.plain import LineUnit, Weather
from sim.model.parameters import quantity
from sim.network.operation import FailureMode, RunOn
from sim.network.plain import Answer, here
from sim.network.unit import Conditions, Stream, Unit

HOTTEST = 345.0
"""No tail gas is hotter than adiabatically made acid allows, K."""

IN_ACID = 0.01
"""The most chlorine that acid holds, kg/kg.

Under chlorine of 1 bar at 25 degC water holds 0.0064, strong acid some 0.01. No partition, but a
bound: where next to no acid is made, next to no chlorine is sold with it.
"""

SEARCH = 100
ROUNDS = 20
STANDS = 1e-9
"""Steps for the slip; rounds between slip and temperature, and the move of it that ends them, K."""


class Absorbed(NamedTuple):
    """State in which tail gas and acid leave the absorber."""

    slip: float
    """Hydrogen chloride in the tail gas, kg/h."""
    absorbed: float
    """Hydrogen chloride of gas and vents in the acid, kg/h."""
    T: float
    """Temperature of both, K."""
    past: float
    """Share of the chlorine that is not absorbed, kg/kg."""
    oil: Organics
    """Organics that drop out, kmol/h."""
    vapour: float
    """Water in the tail gas, kg/h."""


def passing(
    unit: Absorber, slips: float, entering: float, held: float, share: float, P: float, at: Weather
) -> float:
    """Return what would pass the stages if they were as warm and wet as ``slips`` makes them.

    All hydrogen chloride per ``entering`` (kg/h); ``share``: of other gas, kg of hydrogen chloride
    for each kmol; ``P``: pressure less that of water vapour, Pa.
    """
    left = 1.0 - unit.stage_efficiency
    per_acid = (1.0 - unit.acid_strength) / unit.acid_strength
    T = tail_gas_temperature(unit, entering * (1.0 - slips), at)
    water = per_acid * (1.0 - slips + held)
    gas = 1.0
    for _ in range(int(unit.stages)):
        acid = max(gas - slips, 0.0) + held
        strength = acid / (acid + water) if acid + water > 0.0 else unit.acid_strength
        p = hydrogen_chloride_pressure(strength, T)
        back = share * p / (P - p) if p < P else 1.0
        gas = min(gas, back + left * (gas - back))
    return gas


def slip(
    unit: Absorber, entering: float, held: float, carrier: float, P: float, at: Weather
) -> float:
    """Return the hydrogen chloride that is not absorbed, kg/h.

    The slip decides how warm the acid gets and how much water the weaker stages see, and the
    less slips, the more would: so there is one answer, found between none and all.

    Parameters
    ----------
    entering : float
        Hydrogen chloride in the gas and in collected vents, kg/h.
    held : float
        Hydrogen chloride that the absorption water brings, kg/h.
    carrier : float
        Other gas without its water vapour, kmol/h.
    P : float
        Pressure less that of water vapour, Pa.
    at : Weather
        Temperature of the cooling water, K.
    """
    if entering <= 0.0:
        return 0.0
    share = carrier * MOLAR_MASS[HCL] / entering
    low, high, slips = 0.0, 1.0, (1.0 - unit.stage_efficiency) ** int(unit.stages)
    last, before = slips, 0.0
    for step in range(SEARCH):
        excess = passing(unit, slips, entering, held / entering, share, P, at) - slips
        if abs(excess) < 1e-13:
            break
        if excess > 0.0:
            low = slips
        else:
            high = slips
        slope = (excess - before) / (slips - last) if step > 0 and slips != last else -1.0
        last, before = slips, excess
        slips = slips - excess / slope if slope < 0.0 else 0.5 * (low + high)
        if not low < slips < high:
            slips = 0.5 * (low + high)
    return entering * slips


def tail_gas_temperature(unit: Absorber, absorbed: float, at: Weather) -> float:
    """Return the temperature of the tail gas, K; see `Absorber.tail_gas_temperature`."""
    return min(at.cooling_water + unit.approach * absorbed / unit.rated_load, HOTTEST)


def absorbed_state(
    unit: Absorber, main: Stream, water: Stream, vents: Stream, at: Weather
) -> Absorbed:
    """Return the state of tail gas and acid.

    Oil drops out at a temperature that the absorption sets, with the activities of the round
    before, and what stays with the gas carries hydrogen chloride in turn: rounds until the
    temperature stands.
    """
    kg = plus(plus(main, water), vents)
    acid_gas, stages = main[HCL] + vents[HCL], int(unit.stages)
    past = passes = (1.0 - unit.chlorine_absorption) ** stages
    n = moles_of(kg)
    slips = acid_gas * (1.0 - unit.stage_efficiency) ** stages
    T = tail_gas_temperature(unit, acid_gas - slips, at)
    liquid, vapour, x = NO_ORGANICS, 0.0, mole_fractions(kg)[BENZENE]
    for _ in range(ROUNDS):
        dry = past * kg[CHLORINE] / MOLAR_MASS[CHLORINE] + kg[INERT] / MOLAR_MASS[INERT]
        steam = water_pressure_over_acid(unit.acid_strength, T)
        P = at.pressure - steam
        light, heavy = activity_coefficients(x)
        liquid = flash(n, dry, T, P, 0.0, light, heavy)
        oil = liquid[0] + liquid[1] + liquid[2] + liquid[3]
        x = liquid[0] / oil if oil > 0.0 else x
        carried = dry + n[0] + n[1] + n[2] + n[3] - oil
        vapour = carried * steam / P * MOLAR_MASS[WATER]
        slips = slip(unit, acid_gas, water[HCL], carried, P, at)
        held = IN_ACID * (acid_gas - slips + water[HCL]) / unit.acid_strength
        past = 1.0 - held / kg[CHLORINE] if held < (1.0 - passes) * kg[CHLORINE] else passes
        last, T = T, tail_gas_temperature(unit, acid_gas - slips, at)
        if abs(T - last) < STANDS:
            break
    return Absorbed(slips, acid_gas - slips, T, past, liquid, vapour)


def heat_removed(gas: Stream, liquor: Stream, tail: Stream, at: Weather, T: float) -> float:
    """Return what the cooling water takes up, kJ/h; less than nothing where it warms cold gas.

    Heat of solution of the hydrogen chloride absorbed, of condensation of the oil, less what
    warms all from the gas line's (the air's) and the water's temperature to ``T``.

    ``gas``, ``liquor``, ``tail``: gas entering with collected vents, absorption water, and tail
    gas, kg/h; ``at``: temperatures of air and cooling water, K; ``T``: temperature at which
    acid and tail gas leave, K.
    """
    acid = plus(plus(gas, liquor), product(evenly(-1.0), tail))
    dissolved = solution(liquor, at.cooling_water) - solution(acid, T)
    condensed = vaporisation(gas, at.air) - vaporisation(tail, T)
    warming = released(gas, at.air, T) + released(liquor, at.cooling_water, T)
    return dissolved + condensed + warming


@dataclass(frozen=True, kw_only=True)
class Absorber(LineUnit):
    r"""Absorb hydrogen chloride in stages to acid of a set strength.

    Gas and acid pass the stages against each other. In each the gas comes the fraction
    :math:`\eta` of its way to equilibrium with the acid that leaves it (Murphree),

    .. math:: g_j = g_j^* + (1 - \eta)(g_{j-1} - g_j^*), \qquad
              g_j^* = N \frac{p(s_j, T)}{P - p(s_j, T)},

    kmol of hydrogen chloride with :math:`N` kmol of other gas; where acid is so strong or so warm
    that the gas is below that, nothing is absorbed. Weak, cold acid leaves the geometric slip
    :math:`(1-\eta)^n`. The gas meets acid of the set strength ``s`` first; that of a later stage
    is as strong as what is still absorbed there makes all the water. Water is drawn so that what is
    absorbed becomes acid of the set strength; absorbed hydrogen chloride draws :math:`(1-s)/s` of
    water, and hydrogen chloride in a reused wash water, being absorbed already, is worth less than
    no water by the same ratio.

    With the hydrogen chloride gone most organics drop out as oil on the acid. The tail gas, mostly
    the inerts of the chlorine and air drawn in, leaves saturated over that oil and over
    the acid at :meth:`tail_gas_temperature`. Saturation is reckoned on the gas that stays when the
    catcher has taken the slip: what the slip's volume could hold drops out on the way there and
    drains back over the absorber's seal, else gas above its own saturation would leave the plant.
    """

    inlets = ("gas", "water", "vents")
    outlets = ("gas", "liquid")
    drawing = ("water",)
    using = ("cooling_water",)

    stages: int = quantity("1", "absorption stages in series", 1, 6)
    stage_efficiency: float = quantity(
        "kg/kg", "hydrogen chloride absorbed per stage, of what enters it", 0.0, 0.999
    )
    acid_strength: float = quantity(
        "kg/kg", "set point: hydrogen chloride in the acid, of it and water", 0.05, 0.36
    )
    approach: float = quantity("K", "tail gas above cooling water at the rated load", 0.0, 60.0)
    rated_load: float = quantity(
        "kg/h", "hydrogen chloride absorbed at which the approach holds", 1.0, 1e5
    )
    chlorine_absorption: float = quantity(
        "kg/kg", "chlorine absorbed per stage, of what enters it", 0.0, 1.0
    )
    water_rise: float = quantity("K", "temperature rise of the cooling water", 1.0, 40.0)
    water_failure: FailureMode | None = None
    run_on: RunOn

    def bypassed(self, mode: str = "failure") -> Unit | None:
        """Return the absorber if its water alone fails; it is made dry by `line.upsets`."""
        return self if mode == "water_failure" else None

    @property
    def worth(self) -> Mapping[str, Stream]:
        """Hydrogen chloride in reused water is worth less than no water."""
        per_acid = (1.0 - self.acid_strength) / self.acid_strength
        return {"water": joined(NO_ORGANICS, (0.0, -per_acid, 1.0, 0.0, 0.0, 0.0, 0.0))}

    def slip(self, entering: float, held: float, carrier: float, P: float, at: Conditions) -> float:
        """Return the hydrogen chloride that is not absorbed, kg/h; see `slip`."""
        return slip(self, entering, held, carrier, P, here(at))

    def state(self, inlets: Mapping[str, Stream], at: Conditions) -> Absorbed:
        """Return the state of tail gas and acid; see `absorbed_state`."""
        return absorbed_state(self, inlets["gas"], inlets["water"], inlets["vents"], here(at))

    def tail_gas_temperature(self, absorbed: float, at: Conditions) -> float:
        r"""Return the temperature of the tail gas, K.

        :math:`T = T_w + \Delta T\, Q/Q_{rated}`: the cooling surface is given, so the approach to
        the cooling water grows with the heat of absorption. Left out is what oil gives off as it
        drops out, 7 % of what the cooling water takes up, and what reused acid spares it.

        ``absorbed``: hydrogen chloride absorbed, kg/h; ``at``: ``cooling_water``, K.
        """
        return tail_gas_temperature(self, absorbed, here(at))

    def answer(self, at: Weather, main: Stream, liquor: Stream, vents: Stream) -> Answer:
        """Return tail gas and acid with its oil; draws water for the acid's strength."""
        state = absorbed_state(self, main, liquor, vents, at)
        kg, fed = plus(plus(main, liquor), vents), total(main)
        to_gas = joined(
            (
                in_gas(kg[0], state.oil[0] * MOLAR_MASS[0]),
                in_gas(kg[1], state.oil[1] * MOLAR_MASS[1]),
                in_gas(kg[2], state.oil[2] * MOLAR_MASS[2]),
                in_gas(kg[3], state.oil[3] * MOLAR_MASS[3]),
            ),
            (
                state.past,
                state.slip / kg[HCL] if kg[HCL] > 0.0 else 0.0,
                min(state.vapour / kg[WATER], 1.0) if kg[WATER] > 0.0 else 0.0,
                0.0,
                0.0,
                0.0,
                1.0,
            ),
        )
        draw, cooling = 0.0, 0.0
        per_acid = (1.0 - self.acid_strength) / self.acid_strength
        if main[HCL] > 0.0:
            wanted = state.absorbed * per_acid + state.vapour - main[WATER] - vents[WATER]
            draw = max(wanted, 0.0) / main[HCL]
        if fed > 0.0:
            heat = heat_removed(plus(main, vents), liquor, product(kg, to_gas), at, state.T)
            cooling = max(heat, 0.0) / (CP_WATER * self.water_rise) / fed
        return Answer(
            splits=(to_gas, remaining(to_gas)),
            draws=(joined(NO_ORGANICS, (0.0, draw, 0.0, 0.0, 0.0, 0.0, 0.0)),),
            uses=(cooling,),
            fractions=(),
        )

    def heat(self, inlets: Mapping[str, Stream], at: Conditions) -> Heat:
        """Return temperatures: acid and tail gas leave alike; the water may warm them."""
        felt, gas = here(at), plus(inlets["gas"], inlets["vents"])
        T = self.state(inlets, at).T
        tail = self.convert(inlets, at).apply(pooled(inlets))["gas"]
        taken = heat_removed(gas, inlets["water"], tuple(tail), felt, T)
        entering = {"gas": at["air"], "vents": at["air"], "water": at["cooling_water"]}
        warmed = taken if taken < 0.0 else None
        return Heat(T, inlets=entering, rise=self.water_rise, cooling=warmed)


def in_gas(kg: float, oil: float) -> float:
    """Return the share of an organic that stays with the gas, where so much drops out, kg/kg."""
    return max(1.0 - oil / kg, 0.0) if kg > 0.0 else 0.0


@dataclass(frozen=True, kw_only=True)
class AcidDecanter(LineUnit):
    """Part the oil from the acid; most of it returns as wet benzene, the interface goes to slop.

    The acid keeps what it dissolves (solubility in water times activity, less by salting-out) and
    what it entrains; the oil keeps the water that benzene dissolves.
    """

    inlets = ("liquid",)
    outlets = ("acid", "oil", "slop")

    salting_out: float = quantity(
        "kg/kg", "solubility of organics in the acid over that in water", 0.0, 1.0
    )
    entrainment: float = quantity("kg/kg", "oil droplets kept by the acid, per acid", 0.0, 0.05)
    slop_fraction: float = quantity("kg/kg", "oil skimmed to slop with the interface", 0.0, 1.0)

    def answer(self, at: Weather, liquid: Stream) -> Answer:
        """Return acid, recovered oil and slop."""
        dissolved = dissolved_in_water(mole_fractions(liquid), at.air)
        acid, oil = liquid[WATER] + liquid[HCL], liquid[0] + liquid[1] + liquid[2] + liquid[3]
        entrained = min(self.entrainment * acid / oil, 1.0) if oil > 0.0 else 0.0
        k = self.salting_out * liquid[WATER]
        off = (
            max(1.0 - (k * dissolved[0] / liquid[0] + entrained), 0.0) if liquid[0] > 0.0 else 0.0,
            max(1.0 - (k * dissolved[1] / liquid[1] + entrained), 0.0) if liquid[1] > 0.0 else 0.0,
            max(1.0 - (k * dissolved[2] / liquid[2] + entrained), 0.0) if liquid[2] > 0.0 else 0.0,
            max(1.0 - (k * dissolved[3] / liquid[3] + entrained), 0.0) if liquid[3] > 0.0 else 0.0,
        )
        floats = off[0] * liquid[0] + off[1] * liquid[1] + off[2] * liquid[2] + off[3] * liquid[3]
        wet = 0.0
        if liquid[WATER] > 0.0:
            wet = min(water_in_benzene(at.air) * floats / liquid[WATER], 1.0)
        leaves = joined(off, (0.0, 0.0, wet, 0.0, 0.0, 0.0, 0.0))
        to_slop = product(evenly(self.slop_fraction), leaves)
        return Answer(
            splits=(
                remaining(leaves),
                product(evenly(1.0 - self.slop_fraction), leaves),
                to_slop,
            ),
            draws=(),
            uses=(),
            fractions=(),
        )


@dataclass(frozen=True, kw_only=True)
class AcidStorage(LineUnit):
    r"""Fill the acid tank; the air it displaces, and what it breathes, leaves saturated.

    Vapour leaves at the volume of acid filled plus the daily breathing of the vapour space,
    :math:`\dot n_i = \dot V p_i/(R T)`. The oil that the acid entrains floats up in the tank, so
    organics evaporate as from that oil (Raoult).
    """

    inlets = ("acid",)
    outlets = ("acid", "vapour")

    vapour_space: float = quantity("m3", "mean gas volume of the acid tanks", 0.0, 1e5)
    breathing: float = quantity("1/d", "vapour space breathed out by the day's warming", 0.0, 1.0)
    acid_pressure_factor: float = quantity(
        "1", "pressure of hydrogen chloride over the acid, over the recalled one", 0.0, 100.0
    )

    def answer(self, at: Weather, acid: Stream) -> Answer:
        """Return acid stored and vapour lost."""
        T, aqueous = at.air, acid[HCL] + acid[WATER]
        to_air = joined(NO_ORGANICS, (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0))
        if aqueous > 0.0:
            strength = min(acid[HCL] / aqueous, 0.40)
            filled = aqueous / acid_density(strength)
            moles = (filled + self.vapour_space * self.breathing / 24.0) / (1000.0 * R * T)
            x, pure = mole_fractions(acid), vapour_pressures(T)
            p_acid = self.acid_pressure_factor * hydrogen_chloride_pressure(strength, T)
            to_air = joined(
                (
                    breathed(x[0] * pure[0] * moles * MOLAR_MASS[0], acid[0]),
                    breathed(x[1] * pure[1] * moles * MOLAR_MASS[1], acid[1]),
                    breathed(x[2] * pure[2] * moles * MOLAR_MASS[2], acid[2]),
                    breathed(x[3] * pure[3] * moles * MOLAR_MASS[3], acid[3]),
                ),
                (
                    0.0,
                    breathed(p_acid * moles * MOLAR_MASS[HCL], acid[HCL]),
                    breathed(
                        water_pressure_over_acid(strength, T) * moles * MOLAR_MASS[WATER],
                        acid[WATER],
                    ),
                    0.0,
                    0.0,
                    0.0,
                    1.0,
                ),
            )
        return Answer(splits=(remaining(to_air), to_air), draws=(), uses=(), fractions=())


def breathed(vapour: float, kg: float) -> float:
    """Return the share that leaves as so much vapour (kg/h) over so much liquid, kg/kg."""
    return min(vapour / kg, 1.0) if kg > 0.0 else 0.0
