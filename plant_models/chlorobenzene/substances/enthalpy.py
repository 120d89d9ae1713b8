r"""Enthalpies of streams, in kJ for kg: what heats, evaporates, dissolves and reacts.

At 25 degC the reference states are liquid organics and water, gaseous chlorine, hydrogen chloride
and inerts, dissolved caustic and salt, and solid iron chloride. Above them a stream holds

* :func:`sensible` heat, by the liquids' and the dry gases' heat capacities,
* :func:`vaporisation` of what is vapour, at the temperature it has now: so a vapour's enthalpy is
  the liquid's plus the latent heat, and no path between two temperatures gives another result,
* :func:`solution` of hydrogen chloride in the water it is with.

With :func:`formation` added they are enthalpies relative to the elements, and reactions need no
term of their own.

Neglected: heats of mixing of organics (ideal solutions), of gases dissolved in organics (0.1 % of
the line's heat), of hydration of the iron (0.02 %), of diluting caustic (0.01 %).
"""

from __future__ import annotations

from collections.abc import Sequence

from plant_models.chlorobenzene.substances.chemistry import (
    CHLORINE,
    COMPONENTS,
    HCL,
    INERT,
    WATER,
)
from plant_models.chlorobenzene.substances.properties import (
    MOLAR_MASS,
    REFERENCE,
    constants,
    heat_of_vaporisation,
    latent_heats,
)
from plant_models.chlorobenzene.substances.streams import weighted

_LIQUID = constants("liquid_heat_capacity")
_GAS = constants("gas_heat_capacity")
_SOLUTION, _SHARE, _SLOPE, _, _ = constants("heat_of_solution")[HCL]

_DRY = (CHLORINE, HCL, INERT)

HEAT_CAPACITY = tuple((_GAS if i in _DRY else _LIQUID)[i][0] for i in range(len(COMPONENTS)))
"""In the reference state at 25 degC, kJ/kg/K."""

HEAT_CAPACITY_SLOPE = tuple((_GAS if i in _DRY else _LIQUID)[i][1] for i in range(len(COMPONENTS)))
"""kJ/kg/K2."""

HEATS_OF_FORMATION = tuple(
    row[0] / mass for row, mass in zip(constants("heat_of_formation"), MOLAR_MASS, strict=True)
)
"""At 25 degC in the reference state, kJ/kg."""

STATES = ("gas", "oil", "aqueous")
"""``gas``: all is vapour. ``oil``: liquid organics, what they hold of gases and water, solids.
``aqueous``: acid, brine or water, with any oil on it."""


def sensible(kg: Sequence[float], T: float) -> float:
    r"""Return the heat that brings a stream from 25 degC to ``T`` (K) in its reference state, kJ.

    .. math:: \sum_i m_i \, [a_i + b_i (T - T_0) / 2] \, (T - T_0)
    """
    above = T - REFERENCE
    slope, capacity = weighted(kg, HEAT_CAPACITY_SLOPE), weighted(kg, HEAT_CAPACITY)
    return above * (capacity + 0.5 * above * slope)


def released(kg: Sequence[float], T: float, to: float) -> float:
    """Return the :func:`sensible` heat a stream gives off from ``T`` down to ``to`` (K), kJ."""
    slope, capacity = weighted(kg, HEAT_CAPACITY_SLOPE), weighted(kg, HEAT_CAPACITY)
    return (T - to) * (capacity + (0.5 * (T + to) - REFERENCE) * slope)


def warmed(kg: Sequence[float], heat: float) -> float:
    r"""Return the temperature of a stream that holds so much :func:`sensible` heat (kJ), K.

    :math:`\theta = 2 H / (A + \sqrt{A^2 + 2 B H})`, the root of :math:`A\theta + B\theta^2/2 = H`.
    """
    slope, capacity = weighted(kg, HEAT_CAPACITY_SLOPE), weighted(kg, HEAT_CAPACITY)
    root = float(max(capacity * capacity + 2.0 * slope * heat, 0.0) ** 0.5)
    if capacity + root <= 0.0:
        return REFERENCE  # nothing that holds heat
    return REFERENCE + 2.0 * heat / (capacity + root)


def vaporisation(kg: Sequence[float], T: float) -> float:
    """Return the latent heat of all organics and water of a stream at ``T`` (K), kJ."""
    b, m, d, t = latent_heats(T)
    heat = kg[0] * b / MOLAR_MASS[0] + kg[1] * m / MOLAR_MASS[1]
    heat += kg[2] * d / MOLAR_MASS[2] + kg[3] * t / MOLAR_MASS[3]
    if kg[WATER] > 0.0:
        heat += kg[WATER] * heat_of_vaporisation(WATER, T) / MOLAR_MASS[WATER]
    return heat


def solution(kg: Sequence[float], T: float) -> float:
    r"""Return the heat of solution of a stream's hydrogen chloride in its water, kJ (negative).

    .. math:: n_h \frac{n_w}{n_w + 0.894\, n_h} [-74850 - 83 (T - T_0)]

    The integral heat of solution at 25 degC, within 1 % of nbs-1982 up to 33 % acid; the slope
    gives acid of 20 to 31 % its heat capacity, 3.1 to 2.5 kJ/kg/K (recalled).
    """
    acid, water = kg[HCL] / MOLAR_MASS[HCL], kg[WATER] / MOLAR_MASS[WATER]
    if acid <= 0.0 or water <= 0.0:
        return 0.0
    hydrated = acid * water / (water + _SHARE * acid)
    return hydrated * (_SOLUTION + _SLOPE * (T - REFERENCE))


def formation(kg: Sequence[float]) -> float:
    """Return the heat of formation of a stream in its reference states at 25 degC, kJ."""
    return weighted(kg, HEATS_OF_FORMATION)


def thermal(kg: Sequence[float], T: float, state: str) -> float:
    """Return the enthalpy of a stream above its reference states, kJ.

    ``kg``: the stream by component, kg; ``T``: temperature, K; ``state``: one of ``STATES``.
    """
    heat = sensible(kg, T)
    if state == "gas":
        return heat + vaporisation(kg, T)
    return heat + solution(kg, T) if state == "aqueous" else heat


def enthalpy(kg: Sequence[float], T: float, state: str) -> float:
    """Return the enthalpy of a stream relative to the elements at 25 degC, kJ; see `thermal`."""
    return formation(kg) + thermal(kg, T, state)
