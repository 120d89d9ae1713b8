"""Heater or cooler: a stream to another temperature."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from plant_models.units.generic import SteamHeatedAndCooled, Surroundings
from plant_models.units.laws.duties import sensible, steam_for, water_for
from plant_models.units.laws.tables import no_fractions, nothing_drawn, one_way, total
from sim.model.parameters import quantity
from sim.network.plain import Answer
from sim.network.unit import Stream

CAPACITY = 0  # row of ``by_component``


@dataclass(frozen=True, kw_only=True)
class Heater(SteamHeatedAndCooled):
    r"""Bring a stream that neither boils nor condenses to another temperature.

    .. math:: Q = (T_{out} - T_{in}) \sum_i m_i c_i

    Steam brings it, :math:`Q / [h (1 - l)]`; where the stream is to be cooled, cooling water takes
    it, :math:`-Q / (c_w \Delta T_w)`.
    """

    kind: ClassVar[str] = "heater"
    source: ClassVar[str] = "heat balance"
    example: ClassVar[str] = """
        kind = "heater"
        inlet_temperature = "20 degC"
        temperature = "80 degC"
        capacity = "2 t/h"
    """
    inlets: ClassVar[tuple[str, ...]] = ("feed",)
    outlets: ClassVar[tuple[str, ...]] = ("out",)
    needs: ClassVar[tuple[str, ...]] = ("heat_capacity",)
    using: ClassVar[tuple[str, ...]] = ("steam", "cooling_water")
    rate_dependent: ClassVar[bool] = False

    inlet_temperature: float = quantity("K", "stream as it comes", 150.0, 1000.0)
    temperature: float = quantity("K", "stream as it leaves", 150.0, 1000.0)

    def answer(self, at: Surroundings, feed: Stream) -> Answer:
        """Return all of it, and the steam or the cooling water per kg."""
        n, kg = len(feed), total(feed)
        rise = self.temperature - self.inlet_temperature
        heat = sensible(feed, self.by_component[CAPACITY], rise) / kg if kg > 0.0 else 0.0
        steam = steam_for(heat, self.steam_heat, self.lost)
        return Answer(
            splits=one_way(n),
            draws=nothing_drawn(n),
            uses=(steam, water_for(-heat, self.water_rise)),
            fractions=no_fractions(),
        )
