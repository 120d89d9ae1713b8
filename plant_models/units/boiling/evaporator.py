"""Evaporator: a solution is boiled down to a set strength."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from plant_models.units.generic import Per, SteamHeatedAndCooled, Surroundings
from plant_models.units.laws.duties import (
    boiled_off,
    latent_heat_of,
    sensible,
    steam_for,
    water_for,
)
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
class Evaporator(SteamHeatedAndCooled):
    r"""Boil a solution down to a set strength, in one effect or several.

    With :math:`S = \sum (1 - v_i) m_i` of what stays and :math:`W = \sum v_i m_i` of what boils
    off, a strength :math:`x` leaves the share

    .. math:: 1 - e = \min\left[\frac{S (1/x - 1)}{W}, 1\right]

    of it. Each of :math:`N` effects heats the next with its vapour, so that

    .. math:: Q = (T - T_{in}) \sum_i m_i c_i + \frac{1}{N} \sum_i e v_i m_i \Delta h_i

    and cooling water condenses the vapour of the last. Boiling point elevation is not reckoned:
    real plants of :math:`N` effects come to 0.8 to 0.9 :math:`N` kg per kg of steam.
    """

    kind: ClassVar[str] = "evaporator"
    source: ClassVar[str] = "mass and heat balance; the economy of real plants recalled"
    example: ClassVar[str] = """
        kind = "evaporator"
        volatile = { water = 1, ethanol = 1 }
        strength = "400 g/kg"
        effects = 3
        inlet_temperature = "60 degC"
        temperature = "100 degC"
        capacity = "5 t/h"
    """
    inlets: ClassVar[tuple[str, ...]] = ("feed",)
    outlets: ClassVar[tuple[str, ...]] = ("vapour", "concentrate")
    per_component: ClassVar[Mapping[str, Per]] = {
        "volatile": Per("1", "1 for what boils off, 0 for what stays", 0.0, 1.0, 0.0)
    }
    needs: ClassVar[tuple[str, ...]] = (
        "molar_mass", "vapour_pressure", "heat_capacity", "latent_heat",
    )  # fmt: skip
    using: ClassVar[tuple[str, ...]] = ("steam", "cooling_water", "power")
    rate_dependent: ClassVar[bool] = False

    strength: float = quantity("kg/kg", "what stays, in the concentrate", 0.001, 1.0)
    effects: int = quantity("1", "effects in series", 1, 8, default=1)
    inlet_temperature: float = quantity("K", "feed as it comes", 150.0, 1000.0)
    temperature: float = quantity("K", "boiling in the first effect", 150.0, 1000.0)
    power: float = quantity("kWh/kg", "power per kg fed", 0.0, 10.0, default=0.0)

    def answer(self, at: Surroundings, feed: Stream) -> Answer:
        """Return what boils off, and steam and cooling water for it."""
        n, kg, T = len(feed), total(feed), self.temperature
        volatile = self.by_component[VOLATILE]
        shares = boiled_off(feed, volatile, 1.0 / self.strength - 1.0)
        evaporating = latent_heat_of(
            feed, shares, self.by_component[LATENT], self.by_component[PRESSURE : PRESSURE + 6], T,
            self.by_component[MASS],
        ) / self.effects  # fmt: skip
        warming = sensible(feed, self.by_component[CAPACITY], T - self.inlet_temperature)
        per_kg = 1.0 / kg if kg > 0.0 else 0.0
        return Answer(
            splits=two_ways(shares),
            draws=nothing_drawn(n),
            uses=(
                steam_for((warming + evaporating) * per_kg, self.steam_heat, self.lost),
                water_for(evaporating * per_kg, self.water_rise),
                self.power,
            ),
            fractions=no_fractions(),
        )
