"""Stirred reactor with kinetics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from plant_models.units.generic import Per, SteamHeatedAndCooled, Surroundings
from plant_models.units.laws.duties import steam_for, warmed_and_reacted, water_for
from plant_models.units.laws.kinetics import fractions_of, rate_constants, stirred_tank
from plant_models.units.laws.tables import kilomoles, nothing_drawn, one_way
from plant_models.units.reacting.reactions import RATES, Reacting
from sim.model.parameters import quantity
from sim.network.plain import Answer
from sim.network.unit import Stream

K, ENERGY, HEAT, KEY, COEFFICIENTS = 0, 1, 2, 3, 4  # columns of ``by_part``
MASS, CAPACITY, DENSITY = 0, 1, 2  # rows of ``by_component``


@dataclass(frozen=True, kw_only=True)
class Reactor(SteamHeatedAndCooled, Reacting):
    r"""React in a stirred tank of constant volume and temperature.

    .. math:: \xi_j = V k_j(T) \prod_i C_i^{o_{ij}}, \qquad
              C_i = \frac{n_i + \sum_j \nu_{ij} \xi_j}{Q}, \qquad
              k_j(T) = k_j \exp\left[-\frac{E_j}{R}
              \left(\frac1T - \frac1{T_{ref}}\right)\right]

    with :math:`Q = \sum_i m_i / \rho_i` of the feed (liquids of constant volume). A reversible
    reaction is two, one taking the other back, and the first tells its heat. Steam warms the feed
    and what reacts endothermally, or cooling water takes the heat.
    """

    kind: ClassVar[str] = "reactor"
    source: ClassVar[str] = "balance of a stirred tank; the kinetics are the user's own"
    example: ClassVar[str] = """
        kind = "reactor"
        volume = 12
        temperature = "140 degC"
        inlet_temperature = "60 degC"
        rate_constant.hydration = 0.35
        activation_energy.hydration = "60 kJ/mol"
        heat_of_reaction.hydration = "-45 kJ/mol"
        reference_temperature = "140 degC"
        capacity = "8 t/h"

        [reactions.hydration]
        equation = "ethylene + water -> ethanol"
        orders = { ethylene = 1 }
    """
    inlets: ClassVar[tuple[str, ...]] = ("feed",)
    outlets: ClassVar[tuple[str, ...]] = ("product",)
    per_part: ClassVar[Mapping[str, Per]] = RATES
    needs: ClassVar[tuple[str, ...]] = ("molar_mass", "heat_capacity", "density")
    using: ClassVar[tuple[str, ...]] = ("steam", "cooling_water", "power")
    at_once: ClassVar[bool] = True

    volume: float = quantity("m3", "liquid in the tank", 0.0, 1e5)
    temperature: float = quantity("K", "in the tank", 150.0, 1000.0)
    reference_temperature: float = quantity(
        "K", "at which the rate constants hold", 150.0, 1000.0, default=298.15
    )
    inlet_temperature: float = quantity("K", "feed as it comes", 150.0, 1000.0)
    power: float = quantity("kWh/kg", "stirring per kg fed", 0.0, 10.0, default=0.0)

    def answer(self, at: Surroundings, feed: Stream) -> Answer:
        """Return what is converted of each key, and the heat."""
        n, rows, parts = len(feed), self.by_component, self.by_part
        nu, orders = parts[:, COEFFICIENTS : COEFFICIENTS + n], parts[:, COEFFICIENTS + n :]
        k = rate_constants(
            parts[:, K], parts[:, ENERGY], self.temperature, self.reference_temperature
        )
        flow = 0.0
        for i in range(n):
            flow += feed[i] / rows[DENSITY, i]
        moles = kilomoles(feed, rows[MASS])
        extents = stirred_tank(moles, flow, self.volume, k, nu, orders)
        rise = self.temperature - self.inlet_temperature
        heat = warmed_and_reacted(feed, rows[CAPACITY], rise, extents, parts[:, HEAT])
        return Answer(
            splits=one_way(n),
            draws=nothing_drawn(n),
            uses=(
                steam_for(heat, self.steam_heat, self.lost),
                water_for(-heat, self.water_rise),
                self.power,
            ),
            fractions=fractions_of(moles, extents, nu, parts[:, KEY]),
        )
