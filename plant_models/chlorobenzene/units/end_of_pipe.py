"""Devices at the end of the pipe, built only where a design switches them on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from plant_models.chlorobenzene.substances.chemistry import WATER
from plant_models.chlorobenzene.substances.properties import latent_heat, share_in_water
from plant_models.chlorobenzene.substances.streams import (
    ORGANICS_ONLY,
    evenly,
    joined,
    plus,
    product,
    remaining,
    total,
)
from plant_models.chlorobenzene.units.condensation import CP_WATER
from plant_models.chlorobenzene.units.cooling import MEAN_TEMPERATURE
from plant_models.chlorobenzene.units.heat import Heat
from plant_models.chlorobenzene.units.plain import LineUnit, Weather
from sim.model.parameters import quantity
from sim.network.plain import Answer
from sim.network.unit import Conditions, Stream


@dataclass(frozen=True, kw_only=True)
class CarbonBed(LineUnit):
    r"""Two beds of activated carbon on the tail gas, one adsorbing, one regenerated with steam.

    Organics are held to ``capture``; hydrogen chloride, chlorine and inerts pass. Per kg held,
    :math:`s` kg of steam drives them out; what condenses is decanted: the oil is slop, the
    water takes what it dissolves (share :math:`d_i` by solubility and mole fraction) to the sewer.

    .. math:: oil_i = c\,(1 - d_i)\,n_i, \quad water = s\,c \sum_i n_i

    A bed out of order is by-passed, and the line runs on: `bypassed` holds nothing.

    References
    ----------
    Working capacity and steam of solvent recovery: AP-42 section 4.2 and vendors, recalled.
    """

    inlets: ClassVar[tuple[str, ...]] = ("gas", "water")
    outlets: ClassVar[tuple[str, ...]] = ("gas", "recovered", "condensate")
    drawing: ClassVar[tuple[str, ...]] = ("water",)
    using: ClassVar[tuple[str, ...]] = ("steam", "power", "cooling_water")

    installed: bool = quantity("", "bed built behind the emergency scrubber (E1)")
    capture: float = quantity("kg/kg", "organics held, mean of a cycle", 0.0, 1.0)
    steam_ratio: float = quantity("kg/kg", "steam per organics driven out", 0.0, 50.0)
    fan_work: float = quantity("kWh/kg", "fan against the bed, per gas", 0.0, 1.0)
    cooler_approach: float = quantity("K", "condensate above the cooling water", 0.0, 60.0)
    water_rise: float = quantity("K", "temperature rise of the condenser's water", 1.0, 40.0)

    def bypassed(self, mode: str = "failure") -> CarbonBed:
        """Return the bed with the gas led past it."""
        return replace(self, capture=0.0)

    def answer(self, at: Weather, gas: Stream, water: Stream) -> Answer:
        """Return the tail gas, what is recovered, and the condensate of the steam."""
        fed, drawn, c = total(gas), total(water), self.capture
        organics = joined((c, c, c, c), ORGANICS_ONLY)
        held = product(organics, gas)
        d = share_in_water(held, drawn, at.cooling_water + self.cooler_approach)
        wet = drawn / (gas[WATER] + drawn) if gas[WATER] + drawn > 0.0 else 0.0
        condensate = joined(
            (c * d[0], c * d[1], c * d[2], c * d[3]), (0.0, 0.0, wet, 0.0, 0.0, 0.0, 0.0)
        )
        recovered = joined((c - c * d[0], c - c * d[1], c - c * d[2], c - c * d[3]), ORGANICS_ONLY)
        steam, power, cooling = 0.0, 0.0, 0.0
        if fed > 0.0:
            steam = self.steam_ratio * total(held) / fed
            power = self.fan_work if c > 0.0 else 0.0
            cooling = steam * latent_heat(WATER, MEAN_TEMPERATURE) / (CP_WATER * self.water_rise)
        return Answer(
            splits=(remaining(plus(recovered, condensate)), recovered, condensate),
            draws=(product(evenly(self.steam_ratio), organics),),
            uses=(steam, power, cooling),
            fractions=(),
        )


@dataclass(frozen=True, kw_only=True)
class EffluentStripper(LineUnit):
    """Steam stripper for the line's effluents, collected in a pit that spills when it is full.

    Organics are driven out to ``recovery``, condensed and decanted to slop; the water of the
    overhead flows back to the feed. Acid and salts stay in the water: a stripper is no neutraliser.
    While it is out of order its pit fills, and then all effluent spills to the sewer.

    References
    ----------
    EPA, steam stripping of industrial wastewater (background document of the HON), recalled:
    steam 0.04-0.15 kg per kg of water, benzene removed to 99 % and more.
    """

    inlets: ClassVar[tuple[str, ...]] = ("effluent",)
    outlets: ClassVar[tuple[str, ...]] = ("recovered", "treated")
    using: ClassVar[tuple[str, ...]] = ("steam", "power", "cooling_water")
    rate_dependent: ClassVar[bool] = False

    installed: bool = quantity("", "stripper built before the sewer (E2)")
    recovery: float = quantity("kg/kg", "organics driven out", 0.0, 1.0)
    steam_ratio: float = quantity("kg/kg", "steam per effluent", 0.0, 2.0)
    power: float = quantity("kWh/kg", "pumping per effluent", 0.0, 1.0)
    water_rise: float = quantity("K", "temperature rise of the condenser's water", 1.0, 40.0)
    overhead: float = quantity("kg/kg", "steam that reaches the condenser, of that fed", 0.0, 1.0)

    def answer(self, at: Weather, effluent: Stream) -> Answer:
        """Return what is recovered and what is left in the water."""
        c = self.recovery
        recovered = joined((c, c, c, c), ORGANICS_ONLY)
        heat = self.overhead * self.steam_ratio * latent_heat(WATER, MEAN_TEMPERATURE)
        return Answer(
            splits=(recovered, remaining(recovered)),
            draws=(),
            uses=(self.steam_ratio, self.power, heat / (CP_WATER * self.water_rise)),
            fractions=(),
        )

    def heat(self, inlets: Mapping[str, Stream], at: Conditions) -> Heat:
        """Return temperatures; what is treated takes up what is missing."""
        return Heat(at["air"], rise=self.water_rise, settled="treated")
