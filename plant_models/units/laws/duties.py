"""Heat of streams, and the steam or cooling water that brings or takes it."""

from __future__ import annotations

import numpy as np

from plant_models.units.laws.equilibrium import heat_of_vaporisation
from plant_models.units.laws.tables import Numbers, share
from sim.network.plain import Table

CP_WATER = 4.18
"""Heat capacity of cooling water, kJ/kg/K, at 20 to 40 degC (Perry's handbook, recalled)."""


def sensible(kg: Numbers, heat_capacity: Numbers, rise: float) -> float:
    """Return the heat that warms a stream, kJ/h; ``heat_capacity`` in kJ/kg/K, ``rise`` in K."""
    heat = 0.0
    for i in range(len(kg)):
        heat += kg[i] * heat_capacity[i] * rise
    return heat


def warmed_and_reacted(
    kg: Numbers, heat_capacity: Numbers, rise: float, extents: Numbers, heats: Numbers
) -> float:
    """Return the heat that a reacting feed takes up, kJ per kg of it; below 0 it gives.

    ``heat_capacity`` in kJ/kg/K, ``rise`` in K; ``extents`` of the reactions in kmol/h or kmol,
    each with its heat, kJ/kmol.
    """
    heat, feed = sensible(kg, heat_capacity, rise), 0.0
    for j in range(len(extents)):
        heat += extents[j] * heats[j]
    for i in range(len(kg)):
        feed += kg[i]
    return heat / feed if feed > 0.0 else 0.0


def latent(i: int, given: Numbers, c: Table, T: float, molar_mass: Numbers) -> float:
    """Return the heat of vaporisation of component ``i``, kJ/kg.

    As it is ``given``; where that is 0, after Clausius and Clapeyron from its vapour pressure.
    """
    if given[i] > 0.0:
        return given[i]
    return heat_of_vaporisation(c, i, T, molar_mass[i])


def steam_for(heat: float, per_kg: float, lost: float) -> float:
    """Return the steam that brings a heat, kg/h; none for what gives heat off.

    ``heat``: kJ/h; ``per_kg``: what 1 kg of steam gives up, kJ/kg; ``lost``: share of it that is
    lost, kJ/kJ.
    """
    return max(heat, 0.0) / (per_kg * (1.0 - lost))


def water_for(heat: float, rise: float) -> float:
    """Return the cooling water that takes a heat, kg/h; ``heat``: kJ/h, ``rise``: K."""
    return max(heat, 0.0) / (CP_WATER * rise)


def boiled_off(kg: Numbers, volatile: Numbers, left: float) -> Table:
    """Return the share of each component that evaporates until so much volatile is left, kg/kg.

    ``volatile``: share of each component that can; ``left``: what is left of that, per kg of what
    stays, kg/kg.
    """
    stays, goes = 0.0, 0.0
    for i in range(len(kg)):
        stays += (1.0 - volatile[i]) * kg[i]
        goes += volatile[i] * kg[i]
    evaporates = 1.0 - share(left * stays, goes)
    made = np.empty(len(kg))
    for i in range(len(kg)):
        made[i] = evaporates * volatile[i]
    return made


def latent_heat_of(
    kg: Numbers, shares: Numbers, given: Numbers, c: Table, T: float, molar_mass: Numbers
) -> float:
    """Return the heat that evaporates so much of each component, kJ/h; see `latent`."""
    heat = 0.0
    for i in range(len(kg)):
        heat += shares[i] * kg[i] * latent(i, given, c, T, molar_mass)
    return heat
