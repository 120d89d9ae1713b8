"""Cooling water: once through from a well or the river, or over the tower (F11)."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp
from typing import ClassVar

from plant_models.chlorobenzene.substances.chemistry import WATER
from plant_models.chlorobenzene.substances.properties import latent_heat
from plant_models.chlorobenzene.substances.streams import joined, remaining
from plant_models.chlorobenzene.units.condensation import CP_WATER
from plant_models.chlorobenzene.units.plain import LineUnit, Weather
from sim.model.parameters import quantity
from sim.network.operation import RunOn
from sim.network.plain import Answer
from sim.network.unit import Stream, Unit

MEAN_TEMPERATURE = 300.0  # K; the heat of evaporation of water changes 0.1 % a kelvin


@dataclass(frozen=True, kw_only=True)
class CoolingWaterCircuit(LineUnit):
    r"""Supply of cooling water, and the fate of the organics that leak into it.

    Once through, the supply is as warm as its ``source`` and every tonne is fresh water. With the
    ``tower`` (F11) water returns at wet bulb plus approach, not below what the basin is kept at;
    it needs make-up for evaporation :math:`E = c_p \Delta T / \lambda` and for blowdown and drift
    :math:`E / (n - 1)`, with :math:`n` the cycles of concentration. What circulates beyond the
    tower's capacity stays once through.

    Leaked organics pass the tower again and again until stripped or blown down. Of one pass the
    share :math:`s = 1 - e^{-N}` is stripped (liquid-film control: the same for all), then the
    share :math:`b` drained: carried in all is :math:`(1 - s) b / [1 - (1 - s)(1 - b)]`.
    """

    inlets: ClassVar[tuple[str, ...]] = ("leak",)
    outlets: ClassVar[tuple[str, ...]] = ("stripped", "carried")
    derived: ClassVar[tuple[str, ...]] = ("drained",)

    tower: bool = quantity("", "cooling water circulated over the tower (F11)")
    source: str = quantity("", "fresh cooling water", choices=("well", "river"))
    well_temperature: float = quantity("K", "well water, all year", 273.2, 310.0)
    tower_capacity: float = quantity("kg/h", "water over the tower", 0.0, 1e7)
    approach: float = quantity("K", "tower water above wet bulb", 0.5, 25.0)
    coldest: float = quantity("K", "basin temperature below which the fans stop", 273.2, 310.0)
    rise: float = quantity("K", "mean rise of the water over the line", 0.5, 30.0)
    cycles: float = quantity("kg/kg", "salt in the blowdown, of that in the make-up", 1.05, 20.0)
    transfer_units: float = quantity("1", "stripping in one pass of the tower", 0.0, 20.0)
    pumping: float = quantity("kWh/kg", "pumping per water, once through", 0.0, 0.1)
    tower_power: float = quantity("kWh/kg", "pumps and fan per water over the tower", 0.0, 0.1)
    standing_temperature: float = quantity(
        "K", "water that stands in the coolers while the pumps are down", 273.2, 360.0
    )
    run_on: RunOn

    def bypassed(self, mode: str = "failure") -> Unit:
        """Return the circuit; what stands in the coolers while it is down, `line.upsets` tells."""
        return self

    @property
    def most_over_tower(self) -> float:
        """Most that goes over the tower, kg/h; nothing where there is none."""
        return self.tower_capacity if self.tower else 0.0

    def supply_temperature(self, wet_bulb: float, river: float) -> float:
        """Return the temperature of the cooling water as supplied, K.

        With the tower it is the tower's. How much is used hangs on how warm it is, so that what is
        used beyond the tower's capacity is left out here: as well water in the same main it would
        cool all of it by 1.3 K in July and warm it by 0.7 K in winter with F1 to F12, by which the
        year's mean moves 0.04 K.

        ``wet_bulb``, ``river``: wet-bulb temperature of the air, temperature of the river, K.
        """
        fresh = self.well_temperature if self.source == "well" else river
        if not self.tower:
            return fresh
        returned = max(wet_bulb + self.approach, self.coldest)
        return fresh + (returned - fresh)  # the last digits that kept runs have

    def evaporation(self) -> float:
        """Return the water that evaporates per water over the tower, kg/kg."""
        return CP_WATER * self.rise / latent_heat(WATER, MEAN_TEMPERATURE)

    def blowdown(self) -> float:
        """Return the water drained per water over the tower, drift included, kg/kg."""
        return self.evaporation() / (self.cycles - 1.0)

    def intake(self, used: float, once: float) -> float:
        """Return the fresh water that cooling water takes, kg.

        ``used``: what is used of it, kg; ``once``: that part of it that passes once through, kg,
        for it was used at a rate beyond `most_over_tower` of its hour.
        """
        return once + (used - once) * (self.evaporation() + self.blowdown())

    def power(self, used: float, once: float) -> float:
        """Return the power that cooling water takes (kg, as of `intake`), kWh."""
        return self.raw_water_power(used, once) + self.tower_power * (used - once)

    def raw_water_power(self, used: float, once: float) -> float:
        """Return what of `power` pumps water that passes once through, kWh."""
        return once * self.pumping

    @property
    def drained(self) -> float:
        """Water drained per water over the tower, kg/kg."""
        return self.blowdown()

    def answer(self, at: Weather, leak: Stream) -> Answer:
        """Return how leaked organics leave, by air or with the water."""
        stripped = 0.0
        if self.tower:
            stays, drained = exp(-self.transfer_units), self.drained
            stripped = 1.0 - stays * drained / (1.0 - stays * (1.0 - drained))
        organics = (stripped, stripped, stripped, stripped)
        air = joined(organics, (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0))
        return Answer(splits=(air, remaining(air)), draws=(), uses=(), fractions=())
