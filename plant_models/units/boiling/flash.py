"""Flash: a feed at a set temperature and pressure parts into vapour and liquid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from plant_models.units.generic import SteamHeatedAndCooled, Surroundings
from plant_models.units.laws.duties import latent, sensible, steam_for, water_for
from plant_models.units.laws.equilibrium import vapour_shares
from plant_models.units.laws.tables import (
    kilomoles,
    no_fractions,
    nothing_drawn,
    total,
    two_ways,
)
from sim.model.parameters import quantity
from sim.network.plain import Answer
from sim.network.unit import Stream

MASS, PRESSURE, CAPACITY, LATENT = 0, 1, 7, 8  # rows of ``by_component``; PRESSURE has six


@dataclass(frozen=True, kw_only=True)
class Flash(SteamHeatedAndCooled):
    r"""Part a liquid feed into vapour and liquid at a set temperature and pressure (Raoult).

    .. math:: K_i = \frac{p_i(T)}{P}, \qquad \sum_i \frac{n_i (K_i - 1)}{1 + V (K_i - 1)} = 0

    for the share :math:`V` that is vapour (Rachford and Rice). The feed comes as a liquid of
    ``inlet_temperature``; steam warms it and evaporates, or cooling water takes the heat.
    """

    kind: ClassVar[str] = "flash"
    source: ClassVar[str] = "Raoult's law; rachford-rice-1952"
    example: ClassVar[str] = """
        kind = "flash"
        inlet_temperature = "20 degC"
        temperature = "88 degC"
        pressure = "1 bar"
        capacity = "2 t/h"
    """
    inlets: ClassVar[tuple[str, ...]] = ("feed",)
    outlets: ClassVar[tuple[str, ...]] = ("vapour", "liquid")
    needs: ClassVar[tuple[str, ...]] = (
        "molar_mass", "vapour_pressure", "heat_capacity", "latent_heat",
    )  # fmt: skip
    using: ClassVar[tuple[str, ...]] = ("steam", "cooling_water")
    rate_dependent: ClassVar[bool] = False

    inlet_temperature: float = quantity("K", "feed as it comes, liquid", 150.0, 1000.0)
    temperature: float = quantity("K", "vapour and liquid as they leave", 150.0, 1000.0)
    pressure: float = quantity("Pa", "pressure", 10.0, 1e7, default=101325.0)

    def answer(self, at: Surroundings, feed: Stream) -> Answer:
        """Return what is vapour, and the heat for it."""
        n, T, M = len(feed), self.temperature, self.by_component[MASS]
        c, given = self.by_component[PRESSURE : PRESSURE + 6], self.by_component[LATENT]
        shares = vapour_shares(kilomoles(feed, M), c, T, self.pressure)
        heat = sensible(feed, self.by_component[CAPACITY], T - self.inlet_temperature)
        for i in range(n):
            heat += shares[i] * feed[i] * latent(i, given, c, T, M)
        kg = total(feed)
        heat = heat / kg if kg > 0.0 else 0.0
        steam = steam_for(heat, self.steam_heat, self.lost)
        return Answer(
            splits=two_ways(shares),
            draws=nothing_drawn(n),
            uses=(steam, water_for(-heat, self.water_rise)),
            fractions=no_fractions(),
        )
