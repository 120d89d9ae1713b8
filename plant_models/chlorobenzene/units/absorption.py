"""Absorption of hydrogen chloride to acid, the oil that drops out on it, acid storage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from plant_models.chlorobenzene.substances.chemistry import CHLORINE, HCL, INERT, ORGANICS, WATER
from plant_models.chlorobenzene.substances.enthalpy import released, solution, vaporisation
from plant_models.chlorobenzene.substances.properties import (
    MOLAR_MASS,
    Organics,
    R,
    acid_density,
    dissolved_in_water,
    hydrogen_chloride_pressure,
    mole_fractions,
    vapour_pressures,
    water_in_benzene,
    water_pressure_over_acid,
)
from plant_models.chlorobenzene.units.condensation import CP_WATER, flash
from plant_models.chlorobenzene.units.heat import Heat, pooled
from sim.model.parameters import quantity
from sim.network.unit import Conditions, Recipe, Stream, Unit

_SIZE = len(MOLAR_MASS)

HOTTEST = 345.0
"""No tail gas is hotter than adiabatically made acid allows, K."""

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


@dataclass(frozen=True, kw_only=True)
class Absorber(Unit):
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
    the inerts of the chlorine and air drawn in, leaves saturated over that oil (Raoult) and over
    the acid at :meth:`tail_gas_temperature`. Saturation is reckoned on the gas that stays when the
    catcher has taken the slip: what the slip's volume could hold drops out on the way there and
    drains back over the absorber's seal, else gas above its own saturation would leave the plant.
    """

    inlets = ("gas", "water", "vents")
    outlets = ("gas", "liquid")

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

    def slip(self, entering: float, held: float, carrier: float, P: float, at: Conditions) -> float:
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
        at : Conditions
            Temperature of the cooling water, K.
        """
        if entering <= 0.0:
            return 0.0
        left = 1.0 - self.stage_efficiency
        per_acid = (1.0 - self.acid_strength) / self.acid_strength
        share, held = carrier * MOLAR_MASS[HCL] / entering, held / entering

        def through(slips: float) -> float:
            T = self.tail_gas_temperature(entering * (1.0 - slips), at)
            water = per_acid * (1.0 - slips + held)
            gas = 1.0
            for _ in range(self.stages):
                acid = max(gas - slips, 0.0) + held
                strength = acid / (acid + water) if acid + water > 0.0 else self.acid_strength
                p = hydrogen_chloride_pressure(strength, T)
                back = share * p / (P - p) if p < P else 1.0
                gas = min(gas, back + left * (gas - back))
            return gas

        low, high, slips = 0.0, 1.0, left**self.stages
        last, before = slips, 0.0
        for step in range(SEARCH):
            found = through(slips)
            excess = found - slips
            if abs(excess) < 1e-13:
                break
            low, high = (slips, high) if excess > 0.0 else (low, slips)
            slope = (excess - before) / (slips - last) if step and slips != last else -1.0
            last, before = slips, excess
            slips = slips - excess / slope if slope < 0.0 else 0.5 * (low + high)
            if not low < slips < high:
                slips = 0.5 * (low + high)
        return entering * slips

    def state(self, inlets: Mapping[str, Stream], at: Conditions) -> Absorbed:
        """Return the state of tail gas and acid; see there.

        Oil drops out at a temperature that the absorption sets, and what stays with the gas
        carries hydrogen chloride in turn: rounds until the temperature stands.
        """
        kg = pooled(inlets)
        acid_gas = inlets["gas"][HCL] + inlets["vents"][HCL]
        past = (1.0 - self.chlorine_absorption) ** self.stages
        dry = past * kg[CHLORINE] / MOLAR_MASS[CHLORINE] + kg[INERT] / MOLAR_MASS[INERT]
        b, m, d, t = (kg[i] / MOLAR_MASS[i] for i in ORGANICS)
        slip = acid_gas * (1.0 - self.stage_efficiency) ** self.stages
        T = self.tail_gas_temperature(acid_gas - slip, at)
        for _ in range(ROUNDS):
            steam = water_pressure_over_acid(self.acid_strength, T)
            P = at["pressure"] - steam
            liquid = flash((b, m, d, t), dry, T, P)
            carried = dry + b + m + d + t - sum(liquid)
            slip = self.slip(acid_gas, inlets["water"][HCL], carried, P, at)
            last, T = T, self.tail_gas_temperature(acid_gas - slip, at)
            if abs(T - last) < STANDS:
                break
        vapour = carried * steam / P * MOLAR_MASS[WATER]
        return Absorbed(slip, acid_gas - slip, T, past, liquid, vapour)

    def tail_gas_temperature(self, absorbed: float, at: Conditions) -> float:
        r"""Return the temperature of the tail gas, K.

        :math:`T = T_w + \Delta T\, Q/Q_{rated}`: the cooling surface is given, so the approach to
        the cooling water grows with the heat of absorption.

        ``absorbed``: hydrogen chloride absorbed, kg/h; ``at``: ``cooling_water``, K.
        """
        return min(at["cooling_water"] + self.approach * absorbed / self.rated_load, HOTTEST)

    def heat_removed(
        self,
        gas: Sequence[float],
        liquor: Sequence[float],
        tail: Sequence[float],
        at: Conditions,
        T: float,
    ) -> float:
        """Return what the cooling water takes up, kJ/h.

        Heat of solution of the hydrogen chloride absorbed, of condensation of the oil, less what
        warms all from the gas line's (the air's) and the water's temperature to ``T``.

        ``gas``, ``liquor``, ``tail``: gas entering with collected vents, absorption water, and tail
        gas, kg/h; ``at``: temperatures of air and cooling water, K; ``T``: temperature at which
        acid and tail gas leave, K.
        """
        acid = [a + b - c for a, b, c in zip(gas, liquor, tail, strict=True)]
        dissolved = solution(liquor, at["cooling_water"]) - solution(acid, T)
        condensed = vaporisation(gas, at["air"]) - vaporisation(tail, T)
        warming = released(gas, at["air"], T) + released(liquor, at["cooling_water"], T)
        return max(dissolved + condensed + warming, 0.0)

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        """Return tail gas and acid with its oil; draws water for the acid's strength."""
        main, liquor, vents = inlets["gas"], inlets["water"], inlets["vents"]
        slip, absorbed, T, past, liquid, vapour = self.state(inlets, at)
        kg = [a + b + c for a, b, c in zip(main, liquor, vents, strict=True)]
        to_gas = [0.0] * _SIZE
        to_gas[INERT] = 1.0
        to_gas[CHLORINE] = past
        to_gas[HCL] = slip / kg[HCL] if kg[HCL] > 0.0 else 0.0
        for j, i in enumerate(ORGANICS):
            if kg[i] > 0.0:
                to_gas[i] = max(1.0 - liquid[j] * MOLAR_MASS[i] / kg[i], 0.0)
        if kg[WATER] > 0.0:
            to_gas[WATER] = min(vapour / kg[WATER], 1.0)
        draw = [0.0] * _SIZE
        per_acid = (1.0 - self.acid_strength) / self.acid_strength
        if main[HCL] > 0.0:
            wanted = absorbed * per_acid + vapour - main[WATER] - vents[WATER]
            draw[HCL] = max(wanted, 0.0) / main[HCL]
        worth = [0.0] * _SIZE
        worth[WATER], worth[HCL] = 1.0, -per_acid
        total = sum(main)
        gas = [a + b for a, b in zip(main, vents, strict=True)]
        heat = self.heat_removed(
            gas, liquor, [a * x for a, x in zip(kg, to_gas, strict=True)], at, T
        )
        return Recipe(
            splits={"gas": tuple(to_gas), "liquid": tuple([1.0 - a for a in to_gas])},
            draws={"water": tuple(draw)},
            worth={"water": tuple(worth)},
            uses={"cooling_water": heat / (CP_WATER * self.water_rise) / total}
            if total > 0.0
            else {},
        )

    def heat(self, inlets: Mapping[str, Stream], at: Conditions) -> Heat:
        """Return temperatures: acid and tail gas leave alike."""
        T = self.state(inlets, at).T
        entering = {"gas": at["air"], "vents": at["air"], "water": at["cooling_water"]}
        return Heat(T, inlets=entering, rise=self.water_rise)


@dataclass(frozen=True, kw_only=True)
class AcidDecanter(Unit):
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

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        """Return acid, recovered oil and slop."""
        kg = inlets["liquid"]
        dissolved = dissolved_in_water(mole_fractions(kg), at["air"])
        acid = kg[WATER] + kg[HCL]
        oil = sum([kg[i] for i in ORGANICS])
        entrained = min(self.entrainment * acid / oil, 1.0) if oil > 0.0 else 0.0
        off = [0.0] * _SIZE
        floats = 0.0
        for j, i in enumerate(ORGANICS):
            if kg[i] > 0.0:
                kept = self.salting_out * dissolved[j] * kg[WATER] / kg[i] + entrained
                off[i] = max(1.0 - kept, 0.0)
                floats += off[i] * kg[i]
        if kg[WATER] > 0.0:
            off[WATER] = min(water_in_benzene(at["air"]) * floats / kg[WATER], 1.0)
        slop = self.slop_fraction
        oil_split = tuple([a * (1.0 - slop) for a in off])
        slop_split = tuple([a * slop for a in off])
        return Recipe(
            splits={
                "oil": oil_split,
                "slop": slop_split,
                "acid": tuple(
                    [max(1.0 - a - b, 0.0) for a, b in zip(oil_split, slop_split, strict=True)]
                ),
            }
        )


@dataclass(frozen=True, kw_only=True)
class AcidStorage(Unit):
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

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        """Return acid stored and vapour lost."""
        kg, T = inlets["acid"], at["air"]
        acid = kg[HCL] + kg[WATER]
        to_air = [0.0] * _SIZE
        to_air[INERT] = 1.0
        if acid > 0.0:
            strength = min(kg[HCL] / acid, 0.40)
            filled = acid / acid_density(strength)
            moles = (filled + self.vapour_space * self.breathing / 24.0) / (1000.0 * R * T)
            p = [0.0] * _SIZE
            p[HCL] = self.acid_pressure_factor * hydrogen_chloride_pressure(strength, T)
            p[WATER] = water_pressure_over_acid(strength, T)
            for i, x, pure in zip(ORGANICS, mole_fractions(kg), vapour_pressures(T), strict=True):
                p[i] = x * pure
            for i in (*ORGANICS, HCL, WATER):
                if kg[i] > 0.0:
                    to_air[i] = min(p[i] * moles * MOLAR_MASS[i] / kg[i], 1.0)
        return Recipe(splits={"vapour": tuple(to_air), "acid": tuple([1.0 - a for a in to_air])})
