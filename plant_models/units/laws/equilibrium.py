"""Vapour and liquid of ideal mixtures: vapour pressures, flash, bubble and dew point."""

from __future__ import annotations

from math import exp, log

import numpy as np

from plant_models.units.laws.tables import Numbers
from sim.network.plain import Table

R = 8.314462618
"""Gas constant, kJ/kmol/K: exact by the definition of the mole and the kelvin."""

COLDEST, HOTTEST = 60.0, 1500.0
"""Range in which bubble and dew points are looked for, K."""

HALVINGS = 44  # to 1e-10 K
POLE = 1e-3  # K; nearer to the pole of Antoine's equation, and below it, nothing evaporates


def vapour_pressure(c: Table, i: int, T: float) -> float:
    r"""Return the vapour pressure of component ``i``, Pa.

    .. math:: \ln p = c_1 + \frac{c_2}{T + c_6} + c_3 \ln T + c_4 T^{c_5}

    ``c``: constants, six rows of a column for each component; ``T``: temperature, K.
    """
    log_p = c[0, i] + c[1, i] / max(T + c[5, i], POLE) + c[2, i] * log(T) + c[3, i] * T ** c[4, i]
    p: float = exp(min(max(log_p, -700.0), 60.0))
    return p


def condenses(c: Table, i: int) -> bool:
    """Return whether component ``i`` is no gas: one has no constants but the first, a large one."""
    return bool(c[0, i] < 60.0 or c[1, i] != 0.0 or c[2, i] != 0.0)


def evaporates(c: Table, i: int) -> bool:
    """Return whether component ``i`` is no salt: one has no constant but a first, small one."""
    return bool(c[0, i] > -690.0 or c[1, i] != 0.0 or c[2, i] != 0.0)


def heat_of_vaporisation(c: Table, i: int, T: float, molar_mass: float) -> float:
    r"""Return the heat of vaporisation after Clausius and Clapeyron, kJ/kg.

    .. math:: \Delta h = \frac{R T^2}{M} \frac{d \ln p}{dT}

    for an ideal gas over a liquid of no volume; it errs by some 5 % at 1 bar.
    """
    slope = -c[1, i] / max(T + c[5, i], POLE) ** 2
    slope += c[2, i] / T + c[3, i] * c[4, i] * T ** (c[4, i] - 1.0)
    heat: float = R * T * T * slope / molar_mass
    return heat


def rachford_rice(z: Numbers, K: Numbers) -> float:
    r"""Return the share of a mixture that is in the phase towards which ``K`` counts, mol/mol.

    .. math:: \sum_i \frac{z_i (K_i - 1)}{1 + V (K_i - 1)} = 0

    The sum falls with ``V``, so it is halved between 0 and 1 after Newton; 0 where the mixture is
    below its bubble point, 1 above its dew point.

    ``z``: amounts, of any size; ``K``: share in that phase over share in the other, mol/mol.

    References
    ----------
    rachford-rice-1952.

    Examples
    --------
    >>> round(rachford_rice((0.5, 0.5), (2.0, 0.5)), 12)
    0.5
    """
    low, high, V = 0.0, 1.0, 0.5
    if _excess(z, K, 0.0) <= 0.0:
        return 0.0
    if _excess(z, K, 1.0) >= 0.0:
        return 1.0
    for _ in range(100):
        f, slope = 0.0, 0.0
        for i in range(len(z)):
            term = (K[i] - 1.0) / (1.0 + V * (K[i] - 1.0))
            f += z[i] * term
            slope -= z[i] * term * term
        if f > 0.0:
            low = V
        else:
            high = V
        last = V
        V = V - f / slope if slope < 0.0 else 0.5 * (low + high)
        if not low < V < high:
            V = 0.5 * (low + high)
        if abs(V - last) <= 1e-15:
            break
    return V


def _excess(z: Numbers, K: Numbers, V: float) -> float:
    total = 0.0
    for i in range(len(z)):
        if z[i] > 0.0:
            total += z[i] * (K[i] - 1.0) / max(1.0 + V * (K[i] - 1.0), 1e-300)
    return total


def vapour_shares(n: Numbers, c: Table, T: float, P: float) -> Table:
    """Return the share of each component that is vapour at equilibrium (Raoult), kmol/kmol.

    ``n``: amounts, kmol/h; ``c``: constants of the vapour pressures; ``T``: K; ``P``: Pa.
    """
    count = len(n)
    K = np.empty(count)
    for i in range(count):
        K[i] = vapour_pressure(c, i, T) / P
    V = rachford_rice(n, K)
    shares = np.empty(count)
    for i in range(count):
        shares[i] = V * K[i] / max(1.0 + V * (K[i] - 1.0), 1e-300) if V > 0.0 else 0.0
    return shares


def boils(n: Numbers, c: Table) -> bool:
    """Return whether a liquid holds anything that boils; ``n``, ``c`` as of `bubble_point`."""
    boiling = 0.0
    for i in range(len(n)):
        if condenses(c, i) and evaporates(c, i):
            boiling += n[i]
    return boiling > 0.0


def bubble_point(n: Numbers, activity: Numbers, c: Table, P: float) -> float:
    r"""Return where a liquid begins to boil, :math:`\sum x_i \gamma_i p_i(T) = P`, K.

    What never condenses is left out; halved between 60 and 1500 K.
    ``n``: amounts, kmol/h; ``activity``: coefficients :math:`\gamma`, 1; ``c``: constants of the
    vapour pressures; ``P``: pressure, Pa.
    """
    low, high = COLDEST, HOTTEST
    condensing = 0.0
    for i in range(len(n)):
        if condenses(c, i):
            condensing += n[i]
    for _ in range(HALVINGS):
        T = 0.5 * (low + high)
        p = 0.0
        for i in range(len(n)):
            if condenses(c, i):
                p += n[i] * activity[i] * vapour_pressure(c, i, T)
        if p > P * condensing:
            high = T
        else:
            low = T
    return 0.5 * (low + high)
