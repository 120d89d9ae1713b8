"""Washing of the chlorinated liquor: water, caustic, and the drain with its separator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp
from typing import ClassVar

from plant_models.chlorobenzene.substances.chemistry import (
    BENZENE,
    DCB,
    FECL3,
    HCL,
    MCB,
    NAOH,
    NEUTRALISATION,
    TCB,
    WATER,
)
from plant_models.chlorobenzene.substances.enthalpy import released
from plant_models.chlorobenzene.substances.properties import (
    MOLAR_MASS,
    REFERENCE,
    Organics,
    liquid_density,
    mixture_density,
    share_in_water,
    vapour_pressures,
    water_in_benzene,
)
from plant_models.chlorobenzene.substances.streams import (
    NOTHING,
    ORGANICS_ONLY,
    WHOLE,
    evenly,
    joined,
    plus,
    remaining,
    total,
)
from plant_models.chlorobenzene.units.condensation import CP_WATER
from plant_models.chlorobenzene.units.heat import SURROUNDINGS, Heat
from plant_models.chlorobenzene.units.plain import LineUnit, Weather
from plant_models.units.laws.stages import left_after
from sim.model.parameters import quantity
from sim.network.chemistry import Reaction
from sim.network.plain import Answer
from sim.network.unit import Conditions, Stream

NAOH_PER_HCL = -NEUTRALISATION.ratio("sodium_hydroxide", "hydrogen_chloride")
NAOH_PER_FECL3 = 3.0 * MOLAR_MASS[NAOH] / MOLAR_MASS[FECL3]
"""kg/kg; iron takes three hydroxides, which stay with it in the drain."""

COMPLETE = 1.0 - 1e-12  # a whole 1 can round the acid left to less than nothing


def extraction_left(transfer: float, factor: float, stages: int) -> float:
    r"""Return what counter-current mixer-settlers leave of a solute, kg/kg.

    A stirred mixer of ``transfer`` units comes :math:`E = N/(1 + N)` near to equilibrium; one
    stage removes :math:`r = E \lambda / (1 + \lambda)`, and Kremser's law takes the factor
    :math:`\lambda' = r / (1 - r)` through the others:

    .. math:: f = \frac{\lambda' - 1}{\lambda'^{\,n+1} - 1}

    ``transfer``: transfer units of a mixer, 1; ``factor``: extraction factor :math:`\lambda`:
    distribution (kg/kg over kg/kg) times water per liquor; ``stages``: mixer-settlers.
    """
    removed = transfer / (1.0 + transfer) * factor / (1.0 + factor)
    return left_after(removed / (1.0 - removed), stages) if removed < 1.0 else 0.0


@dataclass(frozen=True, kw_only=True)
class WaterWash(LineUnit):
    r"""Water wash of chlorinated liquor: takes out acid and iron, loses dissolved organics.

    Acid and iron go by `extraction_left`; a mixer's transfer units grow with the share of water
    in it (interfacial area is :math:`6 \phi / d`), so more water removes more. The effluent
    carries organics at solubility times activity, and droplets of liquor. ``effluent_reused``
    (F7) leads it to the wash-acid tank. A cooler before the wash takes the liquor, hot from the
    chlorinator, down to the wash's temperature.

    References
    ----------
    Kremser's law. That 85-90 % of the acid leaves (judgement) sets ``mixing``; qiqiwenku-466276
    gives 0.21 t of effluent per t of chlorobenzene in a 20 kt/yr plant.
    """

    inlets: ClassVar[tuple[str, ...]] = ("liquor", "water")
    outlets: ClassVar[tuple[str, ...]] = ("washed", "effluent", "acid_water")
    drawing: ClassVar[tuple[str, ...]] = ("water",)
    using: ClassVar[tuple[str, ...]] = ("cooling_water", "power")

    water_ratio: float = quantity("kg/kg", "wash water per liquor", 0.0, 2.0)
    stages: int = quantity("1", "mixer-settlers in counter-current", 1, 5)
    mixing: float = quantity(
        "1", "transfer units of a mixer per volume fraction of water", 0.0, 1e5
    )
    acid_distribution: float = quantity(
        "kg/kg", "hydrogen chloride in water over liquor, per kg of each", 0.0, 1e6
    )
    iron_distribution: float = quantity(
        "kg/kg", "iron chloride in water over liquor, per kg of each", 0.0, 1e6
    )
    droplets: float = quantity("kg/kg", "liquor entrained per water", 0.0, 1.0)
    water_carry_over: float = quantity("kg/kg", "water entrained per washed liquor", 0.0, 0.2)
    warmth: float = quantity("K", "wash above the cooling water", 0.0, 60.0)
    liquor_temperature: float = quantity(
        "K", "liquor as it comes from its tank to the liquor cooler", 273.2, 380.0
    )
    water_rise: float = quantity("K", "rise of the liquor cooler's water", 1.0, 40.0)
    power: float = quantity("kWh/kg", "pumping and stirring per liquor", 0.0, 1.0)
    effluent_reused: bool = quantity("", "effluent led to the wash-acid tank (F7)")

    @property
    def worth(self) -> Mapping[str, Stream]:
        """Every kilogram of reused water counts as one."""
        return {"water": WHOLE}

    def answer(self, at: Weather, liquor: Stream, water: Stream) -> Answer:
        """Return the split between liquor and water."""
        kg, fed = plus(liquor, water), total(liquor)
        T = at.cooling_water + self.warmth
        organics, all_water = kg[BENZENE] + kg[MCB] + kg[DCB] + kg[TCB], kg[WATER]
        kept = organics * (water_in_benzene(T) + self.water_carry_over)
        wet = min(kept / all_water, 1.0) if all_water > 0.0 else 1.0
        acid = iron = 1.0
        if organics > 0.0 and all_water > 0.0:
            volume = all_water / liquid_density(WATER, T)
            phi = volume / (volume + organics / mixture_density(kg, REFERENCE))
            ratio, transfer = all_water / organics, self.mixing * phi
            acid = extraction_left(transfer, self.acid_distribution * ratio, self.stages)
            iron = extraction_left(transfer, self.iron_distribution * ratio, self.stages)
        elif all_water > 0.0:
            acid = iron = 0.0
        off = 1.0 - wet
        lost = share_in_water(kg, all_water * off, T, 1.0, self.droplets)
        out = joined(lost, (0.0, (1.0 - acid) * off, off, off, off, (1.0 - iron) * off, 0.0))
        heat = max(released(liquor, self.liquor_temperature, T), 0.0)
        cooling = heat / (CP_WATER * self.water_rise) / fed if fed > 0.0 else 0.0
        return Answer(
            splits=(
                remaining(out),
                NOTHING if self.effluent_reused else out,
                out if self.effluent_reused else NOTHING,
            ),
            draws=(evenly(self.water_ratio),),
            uses=(cooling, self.power),
            fractions=(),
        )

    def heat(self, inlets: Mapping[str, Stream], at: Conditions) -> Heat:
        """Return temperatures; the surroundings settle what the cooler leaves."""
        T = at["cooling_water"]
        return Heat(
            T + self.warmth,
            inlets={"liquor": self.liquor_temperature, "water": T},
            rise=self.water_rise,
            settled=SURROUNDINGS,
        )


@dataclass(frozen=True, kw_only=True)
class AlkaliWash(LineUnit):
    """Alkali wash: neutralises the acid that the water left; the drain entrains liquor.

    Caustic is fed in proportion to acid and iron, ``excess`` times what they need. Its water is
    the drain: brine with the organics it dissolves and, drawn off by hand along a rag of
    emulsion, droplets of liquor.

    References
    ----------
    qiqiwenku-466276: 0.035 t of drain per t of chlorobenzene in a 20 kt/yr plant.
    """

    inlets: ClassVar[tuple[str, ...]] = ("washed", "caustic")
    outlets: ClassVar[tuple[str, ...]] = ("neutral", "drain")
    drawing: ClassVar[tuple[str, ...]] = ("caustic",)
    using: ClassVar[tuple[str, ...]] = ("power",)
    reactions: ClassVar[tuple[tuple[Reaction, int], ...]] = ((NEUTRALISATION, HCL),)

    excess: float = quantity("kg/kg", "sodium hydroxide fed per needed", 1.0, 20.0)
    caustic_strength: float = quantity(
        "kg/kg", "sodium hydroxide in the caustic as supplied", 0.01, 0.5
    )
    droplets: float = quantity("kg/kg", "liquor entrained per drain water", 0.0, 10.0)
    brine_carry_over: float = quantity("kg/kg", "brine entrained per neutral liquor", 0.0, 0.2)
    warmth: float = quantity("K", "wash above the cooling water", 0.0, 60.0)
    power: float = quantity("kWh/kg", "pumping and stirring per liquor", 0.0, 1.0)

    def answer(self, at: Weather, washed: Stream, caustic: Stream) -> Answer:
        """Return the caustic drawn, the neutralisation and the split."""
        kg = plus(washed, caustic)
        need = kg[HCL] * NAOH_PER_HCL
        fraction = min(kg[NAOH] / need, COMPLETE) if need > 0.0 else 0.0
        T = at.cooling_water + self.warmth
        organics, water = kg[BENZENE] + kg[MCB] + kg[DCB] + kg[TCB], kg[WATER]
        kept = organics * (water_in_benzene(T) + self.brine_carry_over)
        wet = min(kept / water, 1.0) if water > 0.0 else 1.0
        brine = 1.0 - wet
        lost = share_in_water(kg, water * brine, T, 1.0, self.droplets)
        drain = joined(lost, (0.0, brine, brine, brine, brine, brine, 0.0))
        strength = self.caustic_strength
        if caustic[NAOH] > 0.0:
            strength = caustic[NAOH] / total(caustic)
        per_kg = self.excess / strength
        acid, iron = NAOH_PER_HCL * per_kg, NAOH_PER_FECL3 * per_kg
        return Answer(
            splits=(remaining(drain), drain),
            draws=((0.0, 0.0, 0.0, 0.0, 0.0, acid, 0.0, 0.0, 0.0, iron, 0.0),),
            uses=(self.power,),
            fractions=(fraction,),
        )


@dataclass(frozen=True, kw_only=True)
class DrainSeparator(LineUnit):
    r"""Drain of the alkali wash, open to the air, with or without a separator before it (F6).

    A separator returns ``efficiency`` of the droplets. What is left runs along an open channel of
    :math:`N` transfer units, from which benzene evaporates by :math:`1 - e^{-N}` and, after
    Rayleigh, the others by :math:`1 - e^{-N p_i / p_b}`. At its end part of the droplets still
    there is skimmed as slop oil; the rest, and all that is dissolved, is sewage.
    """

    inlets: ClassVar[tuple[str, ...]] = ("drain",)
    outlets: ClassVar[tuple[str, ...]] = ("recovered", "slop", "evaporated", "effluent")

    installed: bool = quantity("", "separator built before the drain (F6)")
    efficiency: float = quantity("kg/kg", "droplets that the separator coalesces", 0.0, 1.0)
    transfer_units: float = quantity("1", "benzene transfer of the open drain", 0.0, 50.0)
    skimmed: float = quantity("kg/kg", "droplets skimmed at the end of the drain", 0.0, 1.0)
    warmth: float = quantity("K", "drain above the cooling water", 0.0, 60.0)

    def answer(self, at: Weather, drain: Stream) -> Answer:
        """Return where droplets and dissolved organics of the drain go."""
        T = at.cooling_water + self.warmth
        dissolved = share_in_water(drain, drain[WATER], T)
        pressures = vapour_pressures(T)
        caught = self.efficiency if self.installed else 0.0
        transfer = self.transfer_units / pressures[BENZENE]
        r0, s0, a0, w0 = drained(dissolved[0], caught, transfer * pressures[0], self.skimmed)
        r1, s1, a1, w1 = drained(dissolved[1], caught, transfer * pressures[1], self.skimmed)
        r2, s2, a2, w2 = drained(dissolved[2], caught, transfer * pressures[2], self.skimmed)
        r3, s3, a3, w3 = drained(dissolved[3], caught, transfer * pressures[3], self.skimmed)
        return Answer(
            splits=(
                joined((r0, r1, r2, r3), ORGANICS_ONLY),
                joined((s0, s1, s2, s3), ORGANICS_ONLY),
                (a0, a1, a2, a3, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0),
                (w0, w1, w2, w3, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0),
            ),
            draws=(),
            uses=(),
            fractions=(),
        )


def drained(dissolved: float, caught: float, transfer: float, skimmed: float) -> Organics:
    """Return the shares of an organic that are recovered, skimmed, evaporated and sewage, kg/kg.

    ``dissolved``: share in the water; ``caught``: droplets that come back; ``transfer``: units of
    transfer along the channel, 1; ``skimmed``: share of the droplets at its end.
    """
    stays = exp(-transfer)
    recovered = caught * (1.0 - dissolved)
    drops = 1.0 - dissolved - recovered
    return (
        recovered,
        skimmed * stays * drops,
        (1.0 - stays) * (drops + dissolved),
        stays * (drops * (1.0 - skimmed) + dissolved),
    )
