"""Dryer: moisture off a solid, down to a set content."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from plant_models.units.generic import Per, SteamHeated, Surroundings
from plant_models.units.laws.duties import boiled_off, latent_heat_of, sensible, steam_for
from plant_models.units.laws.tables import no_fractions, nothing_drawn, total, two_ways
from sim.model.parameters import quantity
from sim.network.plain import Answer
from sim.network.unit import Stream

VOLATILE, MASS, PRESSURE, CAPACITY, LATENT = (
    0,
    1,
    2,
    8,
    9,
)  # rows of ``by_component``; PRESSURE has six


@dataclass(frozen=True, kw_only=True)
class Dryer(SteamHeated):
    r"""Dry a solid down to a set moisture, kg per kg of dry solid.

    With :math:`S = \sum (1 - v_i) m_i` of dry solid, :math:`W = \sum v_i m_i` of moisture and
    :math:`X` of it left per kg of solid, the share

    .. math:: e = 1 - \min\left(\frac{X S}{W}, 1\right), \qquad
              Q = (T - T_{in}) \sum_i m_i c_i + \sum_i e v_i m_i \Delta h_i

    evaporates; dust flies off as moist as the rest leaves. Steam warms the drying air; what the air
    takes along unused is a loss.
    """

    kind: ClassVar[str] = "dryer"
    source: ClassVar[str] = "mass and heat balance"
    example: ClassVar[str] = """
        kind = "dryer"
        volatile = { water = 1, ethanol = 1 }
        moisture = "5 g/kg"
        inlet_temperature = "25 degC"
        temperature = "70 degC"
        lost = 0.4
        dust = "2 g/kg"
        capacity = "1 t/h"
    """
    inlets: ClassVar[tuple[str, ...]] = ("wet",)
    outlets: ClassVar[tuple[str, ...]] = ("exhaust", "dry")
    per_component: ClassVar[Mapping[str, Per]] = {
        "volatile": Per("1", "1 for moisture, 0 for the solid", 0.0, 1.0, 0.0)
    }
    needs: ClassVar[tuple[str, ...]] = (
        "molar_mass", "vapour_pressure", "heat_capacity", "latent_heat",
    )  # fmt: skip
    using: ClassVar[tuple[str, ...]] = ("steam", "power")
    rate_dependent: ClassVar[bool] = False

    moisture: float = quantity("kg/kg", "moisture left, per kg of dry solid", 0.0, 10.0)
    inlet_temperature: float = quantity("K", "solid as it comes", 150.0, 1000.0)
    temperature: float = quantity("K", "solid as it leaves", 150.0, 1000.0)
    dust: float = quantity("kg/kg", "solid that the exhaust takes along", 0.0, 1.0, default=0.0)
    power: float = quantity("kWh/kg", "fan and drive per kg of wet solid", 0.0, 10.0, default=0.0)

    def answer(self, at: Surroundings, wet: Stream) -> Answer:
        """Return what evaporates or flies off, and the steam for it."""
        n, kg, T = len(wet), total(wet), self.temperature
        volatile = self.by_component[VOLATILE]
        shares = boiled_off(wet, volatile, self.moisture)
        heat = sensible(wet, self.by_component[CAPACITY], T - self.inlet_temperature)
        heat += latent_heat_of(
            wet, shares, self.by_component[LATENT], self.by_component[PRESSURE : PRESSURE + 6], T,
            self.by_component[MASS],
        )  # fmt: skip
        for i in range(n):
            shares[i] += (1.0 - shares[i]) * self.dust
        steam = steam_for(heat / kg, self.steam_heat, self.lost) if kg > 0.0 else 0.0
        return Answer(
            splits=two_ways(shares),
            draws=nothing_drawn(n),
            uses=(steam, self.power),
            fractions=no_fractions(),
        )
