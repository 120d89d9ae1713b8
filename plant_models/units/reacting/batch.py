"""Batch vessel: fill, react, empty, clean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from plant_models.units.generic import Key, Per, SteamHeatedAndCooled, Surroundings
from plant_models.units.laws.duties import steam_for, warmed_and_reacted, water_for
from plant_models.units.laws.kinetics import batch, fractions_of, rate_constants
from plant_models.units.laws.tables import evenly, kilomoles, share, two_ways
from plant_models.units.reacting.reactions import RATES, REACTIONS, Reacting
from sim.model.parameters import quantity
from sim.network.plain import Answer
from sim.network.unit import Stream

K, ENERGY, HEAT, KEY, COEFFICIENTS = 0, 1, 2, 3, 4  # columns of ``by_part``
SOLID, MASS, CAPACITY, DENSITY = 0, 1, 2, 3  # rows of ``by_component``


@dataclass(frozen=True, kw_only=True)
class Batch(SteamHeatedAndCooled, Reacting):
    r"""Run batches: fill, react, empty, clean; on average so much an hour.

    .. math:: \dot m \le \frac{m_{charge}}{t_{fill} + t_{react} + t_{empty} + t_{clean}}, \qquad
              \frac{d\xi_j}{dt} = V k_j(T) \prod_i C_i^{o_{ij}}

    over ``react_time``, in a volume :math:`V = \sum_i m_i / \rho_i` that the reactions leave as it
    is; without reactions it is a vessel that mixes, waits or dries. What sticks to the vessel,
    ``heel`` kg per kg of charge, leaves with the rinse that is drawn for each charge: a film of the
    liquid, for what is ``solid`` (cloth, crystals) is emptied with the product. Flows are the
    averages of many batches: put a tank before and behind it.
    """

    kind: ClassVar[str] = "batch"
    source: ClassVar[str] = "balance of a batch; the kinetics are the user's own"
    example: ClassVar[str] = """
        kind = "batch"
        charge = "5 t"
        fill_time = "30 min"
        react_time = "6 h"
        empty_time = "30 min"
        clean_time = "1 h"
        heel = "5 g/kg"
        rinse = "300 kg"
        temperature = "90 degC"
        inlet_temperature = "20 degC"
        rate_constant.hydration = 0.35

        [reactions.hydration]
        equation = "ethylene + water -> ethanol"
        orders = { ethylene = 1 }
    """
    keys: ClassVar[tuple[Key, ...]] = (replace(REACTIONS, default=()),)
    inlets: ClassVar[tuple[str, ...]] = ("charge", "rinse")
    outlets: ClassVar[tuple[str, ...]] = ("rinsings", "product")
    drawing: ClassVar[tuple[str, ...]] = ("rinse",)
    per_component: ClassVar[Mapping[str, Per]] = {
        "solid": Per("kg/kg", "share of it that is solid and does not stick", 0.0, 1.0, 0.0)
    }
    per_part: ClassVar[Mapping[str, Per]] = RATES
    needs: ClassVar[tuple[str, ...]] = ("molar_mass", "heat_capacity", "density")
    using: ClassVar[tuple[str, ...]] = ("steam", "cooling_water", "power")
    rate_dependent: ClassVar[bool] = False
    at_once: ClassVar[bool] = True

    charge: float = quantity("kg", "one charge", 0.01, 1e7)
    fill_time: float = quantity("h", "filling", 0.0, 1e4, default=0.0)
    react_time: float = quantity("h", "reacting", 0.0, 1e4)
    empty_time: float = quantity("h", "emptying", 0.0, 1e4, default=0.0)
    clean_time: float = quantity("h", "cleaning", 0.0, 1e4, default=0.0)
    heel: float = quantity(
        "kg/kg", "of the charge, that sticks to the vessel", 0.0, 1.0, default=0.0
    )
    rinse: float = quantity("kg", "rinse drawn for each charge", 0.0, 1e7, default=0.0)
    temperature: float = quantity("K", "while it reacts", 150.0, 1000.0)
    reference_temperature: float = quantity(
        "K", "at which the rate constants hold", 150.0, 1000.0, default=298.15
    )
    inlet_temperature: float = quantity("K", "charge as it comes", 150.0, 1000.0)
    power: float = quantity("kWh/kg", "stirring per kg of charge", 0.0, 10.0, default=0.0)

    @property
    def cycle_time(self) -> float:
        """From one charge to the next, h."""
        return self.fill_time + self.react_time + self.empty_time + self.clean_time

    @property
    def largest(self) -> float:
        """A charge a cycle, kg/h, or the capacity if that is smaller."""
        cycle = self.cycle_time
        return min(self.capacity, self.charge / cycle) if cycle > 0.0 else self.capacity

    def answer(self, at: Surroundings, charge: Stream, rinse: Stream) -> Answer:
        """Return what is converted of each key, what is rinsed out, and the heat."""
        n, rows, parts = len(charge), self.by_component, self.by_part
        nu, orders = parts[:, COEFFICIENTS : COEFFICIENTS + n], parts[:, COEFFICIENTS + n :]
        k = rate_constants(
            parts[:, K], parts[:, ENERGY], self.temperature, self.reference_temperature
        )
        volume = 0.0
        for i in range(n):
            volume += charge[i] / rows[DENSITY, i]
        moles = kilomoles(charge, rows[MASS])
        extents = batch(moles, volume, self.react_time, k, nu, orders)
        rise = self.temperature - self.inlet_temperature
        heat = warmed_and_reacted(charge, rows[CAPACITY], rise, extents, parts[:, HEAT])
        pool, left, rinsed = np.empty(n), np.empty(n), np.empty(n)
        solids, liquid = 0.0, 0.0
        for i in range(n):
            pool[i] = moles[i] + rinse[i] / rows[MASS, i]
            left[i] = moles[i]
            for j in range(len(extents)):
                left[i] += nu[j, i] * extents[j]
            left[i] = max(left[i], 0.0)
            solids += rows[SOLID, i] * left[i] * rows[MASS, i]
            liquid += (1.0 - rows[SOLID, i]) * left[i] * rows[MASS, i]
        film = share(self.heel * (solids + liquid), liquid) if solids > 0.0 else self.heel
        for i in range(n):
            whole = left[i] + rinse[i] / rows[MASS, i]
            emptied = 1.0 - (1.0 - rows[SOLID, i]) * film
            rinsed[i] = 1.0 - emptied * left[i] / whole if whole > 0.0 else 0.0
        return Answer(
            splits=two_ways(rinsed),
            draws=evenly(self.rinse / self.charge, n),
            uses=(
                steam_for(heat, self.steam_heat, self.lost),
                water_for(-heat, self.water_rise),
                self.power,
            ),
            fractions=fractions_of(pool, extents, nu, parts[:, KEY]),
        )
