"""Devices at the end of the pipe, built only where a design switches them on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from plant_models.chlorobenzene.substances.chemistry import COMPONENTS, ORGANICS, WATER
from plant_models.chlorobenzene.substances.properties import latent_heat, share_in_water
from plant_models.chlorobenzene.units.condensation import CP_WATER
from plant_models.chlorobenzene.units.cooling import MEAN_TEMPERATURE
from plant_models.chlorobenzene.units.heat import Heat
from sim.model.parameters import quantity
from sim.network.unit import Conditions, Recipe, Stream, Unit

_SIZE = len(COMPONENTS)
NOTHING = (0.0,) * _SIZE


@dataclass(frozen=True, kw_only=True)
class CarbonBed(Unit):
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

    installed: bool = quantity("", "bed built behind the emergency scrubber (E1)")
    capture: float = quantity("kg/kg", "organics held, mean of a cycle", 0.0, 1.0)
    steam_ratio: float = quantity("kg/kg", "steam per organics driven out", 0.0, 50.0)
    fan_work: float = quantity("kWh/kg", "fan against the bed, per gas", 0.0, 1.0)
    cooler_approach: float = quantity("K", "condensate above the cooling water", 0.0, 60.0)
    water_rise: float = quantity("K", "temperature rise of the condenser's water", 1.0, 40.0)

    def bypassed(self) -> CarbonBed:
        """Return the bed with the gas led past it."""
        return replace(self, capture=0.0)

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        """Return the tail gas, what is recovered, and the condensate of the steam."""
        gas, drawn = inlets["gas"], sum(inlets["water"])
        total = sum(gas)
        held = [0.0] * _SIZE
        for i in ORGANICS:
            held[i] = self.capture * gas[i]
        T = at["cooling_water"] + self.cooler_approach
        dissolved = share_in_water(held, drawn, T)
        recovered, condensate = [0.0] * _SIZE, [0.0] * _SIZE
        for i in ORGANICS:
            condensate[i] = self.capture * dissolved[i]
            recovered[i] = self.capture - condensate[i]
        water = gas[WATER] + drawn
        condensate[WATER] = drawn / water if water > 0.0 else 0.0
        row = list(NOTHING)
        for i in ORGANICS:
            row[i] = self.steam_ratio * self.capture
        uses = {}
        if total > 0.0:
            steam = self.steam_ratio * sum(held) / total
            heat = latent_heat(WATER, MEAN_TEMPERATURE)
            uses = {
                "steam": steam,
                "power": self.fan_work if self.capture else 0.0,
                "cooling_water": steam * heat / (CP_WATER * self.water_rise),
            }
        return Recipe(
            splits={
                "gas": tuple([1.0 - a - b for a, b in zip(recovered, condensate, strict=True)]),
                "recovered": tuple(recovered),
                "condensate": tuple(condensate),
            },
            draws={"water": tuple(row)},
            uses=uses,
        )


@dataclass(frozen=True, kw_only=True)
class EffluentStripper(Unit):
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
    rate_dependent: ClassVar[bool] = False

    installed: bool = quantity("", "stripper built before the sewer (E2)")
    recovery: float = quantity("kg/kg", "organics driven out", 0.0, 1.0)
    steam_ratio: float = quantity("kg/kg", "steam per effluent", 0.0, 2.0)
    power: float = quantity("kWh/kg", "pumping per effluent", 0.0, 1.0)
    water_rise: float = quantity("K", "temperature rise of the condenser's water", 1.0, 40.0)
    overhead: float = quantity("kg/kg", "steam that reaches the condenser, of that fed", 0.0, 1.0)

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        """Return what is recovered and what is left in the water."""
        recovered = [0.0] * _SIZE
        for i in ORGANICS:
            recovered[i] = self.recovery
        heat = self.overhead * self.steam_ratio * latent_heat(WATER, MEAN_TEMPERATURE)
        return Recipe(
            splits={
                "recovered": tuple(recovered),
                "treated": tuple([1.0 - x for x in recovered]),
            },
            uses={
                "steam": self.steam_ratio,
                "power": self.power,
                "cooling_water": heat / (CP_WATER * self.water_rise),
            },
        )

    def heat(self, inlets: Mapping[str, Stream], at: Conditions) -> Heat:
        """Return temperatures; what is treated takes up what is missing."""
        return Heat(at["air"], rise=self.water_rise, settled="treated")
