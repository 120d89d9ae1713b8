"""Properties derived from those of `properties`: boiling points, what water and vapour carry."""

from __future__ import annotations

from collections.abc import Sequence
from math import log

from plant_models.chlorobenzene.chemistry import BENZENE, DCB, MCB, TCB
from plant_models.chlorobenzene.properties import (
    MOLAR_MASS,
    Organics,
    R,
    bubble_point,
    mixture_density,
    solubility_in_water,
    vapour_pressures,
)

STEAM_HEAT = 2100.0
"""Heat of condensation of 0.5-0.6 MPa heating steam, kJ/kg (2,085-2,108 in steam tables)."""


def _line(i: int) -> tuple[float, float]:
    """Return 1/T at 1 atm and its slope against ln P, by the vapour pressures at 1 and 0.2 atm."""
    pure = tuple([1.0 if j == i else 0.0 for j in range(4)])
    high = 1.0 / bubble_point((pure[0], pure[1], pure[2], pure[3]), 101325.0)
    low = 1.0 / bubble_point((pure[0], pure[1], pure[2], pure[3]), 20265.0)
    return high, (high - low) / log(5.0)


_BOILING = tuple(_line(i) for i in (BENZENE, MCB, DCB, TCB))


def boiling_point(i: int, P: float) -> float:
    r"""Return the boiling point of a pure organic, K.

    .. math:: 1/T = 1/T_0 + s \ln(P / P_0)

    through the vapour pressures at 1 and 0.2 atm; within 0.5 K of them from 10 to 110 kPa, without
    the iterations of a bubble point.

    Parameters
    ----------
    i : int
        Component index of an organic.
    P : float
        Pressure, Pa.
    """
    inverse, slope = _BOILING[i]
    return 1.0 / (inverse + slope * log(P / 101325.0))


def relative_volatilities(heavy: int, T: float) -> Organics:
    """Return the organics' volatilities relative to component ``heavy`` at ``T`` (K), Pa/Pa."""
    b, m, d, t = p = vapour_pressures(T)
    k = 1.0 / p[heavy]
    return (b * k, m * k, d * k, t * k)


def organic_moles(kg: Sequence[float]) -> float:
    """Return the organics of a stream (kg), kmol."""
    return (
        kg[BENZENE] / MOLAR_MASS[BENZENE]
        + kg[MCB] / MOLAR_MASS[MCB]
        + kg[DCB] / MOLAR_MASS[DCB]
        + kg[TCB] / MOLAR_MASS[TCB]
    )


def share_in_water(
    kg: Sequence[float], water: float, T: float, saturation: float = 1.0, droplets: float = 0.0
) -> Organics:
    r"""Return the share of each organic of a stream that a water phase takes along, kg/kg.

    Dissolved (solubility times activity, here the mole fraction) and as entrained droplets of the
    liquor: :math:`f_i = m_w \, [\sigma s_i / (M_i n) + e / m]`, at most 1.

    Parameters
    ----------
    kg : sequence of float
        The stream that meets the water, kg/h.
    water : float
        The water phase, kg/h.
    T : float
        Temperature, K.
    saturation : float
        How near to saturation the water gets, kg/kg.
    droplets : float
        Liquor entrained, kg/kg water.
    """
    n = organic_moles(kg)
    if n <= 0.0:
        return (0.0, 0.0, 0.0, 0.0)
    carried = water * droplets / (kg[BENZENE] + kg[MCB] + kg[DCB] + kg[TCB])
    k = water * saturation / n
    return (
        min(carried + k * solubility_in_water(BENZENE, T) / MOLAR_MASS[BENZENE], 1.0),
        min(carried + k * solubility_in_water(MCB, T) / MOLAR_MASS[MCB], 1.0),
        min(carried + k * solubility_in_water(DCB, T) / MOLAR_MASS[DCB], 1.0),
        min(carried + k * solubility_in_water(TCB, T) / MOLAR_MASS[TCB], 1.0),
    )


def share_displaced(kg: Sequence[float], T: float, saturation: float) -> Organics:
    r"""Return the share of each organic lost with the vapour that a liquid displaces, kg/kg.

    The liquid fills its own volume :math:`V` of vapour space, which held vapour at
    :math:`\sigma x_i p_i(T)`: :math:`f_i = \sigma p_i V / (R T n)`, at most 1.

    Parameters
    ----------
    kg : sequence of float
        The liquid filled in, kg/h.
    T : float
        Temperature, K.
    saturation : float
        Vapour in the space over that of saturation, mol/mol; above 1 for splash loading.
    """
    n = organic_moles(kg)
    if n <= 0.0:
        return (0.0, 0.0, 0.0, 0.0)
    volume = (kg[BENZENE] + kg[MCB] + kg[DCB] + kg[TCB]) / mixture_density(kg, T)
    k = saturation * volume / (1000.0 * R * T * n)
    b, m, d, t = vapour_pressures(T)
    return (min(k * b, 1.0), min(k * m, 1.0), min(k * d, 1.0), min(k * t, 1.0))
