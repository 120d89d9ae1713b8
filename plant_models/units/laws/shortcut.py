"""Shortcut distillation after Fenske, Underwood and Gilliland, for any components.

A column is given (stages, reflux ratio) and its split is asked, the reverse of the usual design
question. Underwood gives the minimum reflux of the feed, Gilliland turns stages and reflux into
the stages that would do the same at total reflux, and Fenske's law shares out every component
with that number. One degree of freedom is left, the distillate drawn; the operator uses it to hold
one content. Constant relative volatility, constant molar overflow, boiling liquid feed.
"""

from __future__ import annotations

from math import exp, log, sqrt

import numpy as np

from plant_models.units.laws.tables import Numbers
from sim.network.plain import Table

SMALL = 1e-12  # least amount that counts as present, mol/mol or kg/kg
ALL_OVER = 1e12  # distribution ratio that stands for "all of it goes overhead"


def gilliland(x: float) -> float:
    r"""Return Gilliland's :math:`Y = (N - N_{min})/(N + 1)`, stage/stage.

    .. math:: Y = 1 - \exp\left[\frac{1 + 54.4 X}{11 + 117.2 X} \frac{X - 1}{\sqrt{X}}\right],
              \quad X = \frac{R - R_{min}}{R + 1}

    ``x``: :math:`X`; below 0 (a reflux short of the minimum) it counts as 0.

    References
    ----------
    molokanov-1972: the correlation's usual closed form; 1 at ``X = 0`` and 0 at ``X = 1``.
    """
    if x <= 1e-9:
        return 1.0
    return 1.0 - exp((1.0 + 54.4 * x) / (11.0 + 117.2 * x) * (x - 1.0) / sqrt(x))


def stages_at_total_reflux(stages: float, reflux: float, r_min: float) -> float:
    """Return the stages that would do the same at total reflux, by Gilliland's correlation.

    ``stages`` count the reboiler; a reflux at or below the minimum leaves one stage, a flash.
    """
    y = gilliland((reflux - r_min) / (reflux + 1.0))
    return max(stages - y * (stages + 1.0), 1.0)


def hold_bottoms(
    light: float, heavy: float, rest: float, content: float, separation: float
) -> float:
    r"""Return the heavy key's distillate-to-bottoms ratio that holds a bottoms content, kg/kg.

    With :math:`u` that ratio and :math:`S` the separation, Fenske leaves :math:`m_L/(1 + uS)` of
    the light key and :math:`m_H/(1 + u)` of the heavy key in the bottoms; the rest is all
    there. "Light key = ``content`` of the bottoms" is then a quadratic in :math:`u`.

    ``light``, ``heavy``, ``rest``: feed of the light key, the heavy key and all that is less
    volatile, kg; ``content``: light key in the bottoms, kg/kg; ``separation``: Fenske's :math:`S =
    \alpha^{N_{min}}` between the keys.

    Returns
    -------
    float
        0 where the feed holds no more light key than the bottoms may: nothing goes overhead.
        `ALL_OVER` where no separation as poor as this one could hold the content.
    """
    spare = (1.0 - content) * light
    c = content * (heavy + rest) - spare
    if c >= 0.0:
        return 0.0
    if heavy + rest <= SMALL * light:
        return ALL_OVER
    a = content * rest * separation
    b = content * (heavy * separation + rest * (1.0 + separation)) - spare
    root = sqrt(b * b - 4.0 * a * c)
    if b > 0.0:
        return min(-2.0 * c / (b + root), ALL_OVER)
    return min((root - b) / (2.0 * a), ALL_OVER) if a > 0.0 else ALL_OVER


def hold_distillate(
    light: float, heavy: float, lighter: float, content: float, separation: float
) -> float:
    r"""Return the heavy key's distillate-to-bottoms ratio that holds a distillate content, kg/kg.

    As :func:`hold_bottoms`, with "heavy key = ``content`` of the distillate"; ``lighter`` is what
    is more volatile than the light key and all goes overhead, kg.
    """
    over = (1.0 - content) * heavy
    a = separation * (over - content * (light + lighter))
    if a <= 0.0:
        return ALL_OVER
    b = over - content * (light * separation + lighter * (1.0 + separation))
    c = -content * lighter
    root = sqrt(max(b * b - 4.0 * a * c, 0.0))
    return max((root - b) / (2.0 * a), 0.0)


def underwood(z: Numbers, alpha: Numbers, light: int, heavy: int) -> float:
    r"""Return Underwood's root for boiling feed of any components, 1.

    .. math:: \sum_i \frac{\alpha_i z_i}{\alpha_i - \theta} = 0

    between the two volatilities on either side of the keys' geometric mean, where there is one
    root alone; halved, for the sum rises from one pole to the other.

    ``z``: feed, of any size; ``alpha``: volatilities relative to any one component; ``light``,
    ``heavy``: positions of the keys.
    """
    low, high = alpha[heavy], alpha[light]
    middle = sqrt(low * high)
    for i in range(len(z)):
        if z[i] > 0.0 and alpha[i] <= middle:
            low = max(low, alpha[i])
        elif z[i] > 0.0:
            high = min(high, alpha[i])
    for _ in range(60):
        theta = 0.5 * (low + high)
        value = 0.0
        for i in range(len(z)):
            if z[i] > 0.0 and alpha[i] != theta:
                value += alpha[i] * z[i] / (alpha[i] - theta)
        if value < 0.0:
            low = theta
        else:
            high = theta
    return 0.5 * (low + high)


def overhead(
    kg: Numbers,
    molar_mass: Numbers,
    alpha: Numbers,
    light: int,
    heavy: int,
    stages: float,
    reflux: float,
    content: float,
) -> Table:
    r"""Return the share of each component that leaves as distillate, kg/kg.

    .. math:: d_i / b_i = u \, \alpha_i^{N_{min}}

    with :math:`\alpha` relative to the heavy key (Fenske; beyond the keys after Hengstebeck) and
    :math:`u` such that the bottoms hold so much of the light key and of what is lighter. The
    minimum reflux is that of a sharp split.

    Parameters
    ----------
    kg, molar_mass : sequence of float
        Feed, kg/h, and kg/kmol.
    alpha : sequence of float
        Volatilities relative to the heavy key.
    light, heavy : int
        Positions of the keys.
    stages, reflux : float
        Theoretical stages with the reboiler; reflux per distillate, mol/mol.
    content : float
        Light key and lighter components in the bottoms, kg/kg: what the operator holds.
    """
    n = len(kg)
    shares = np.zeros(n)
    lights, others, moles = 0.0, 0.0, 0.0
    z = np.empty(n)
    for i in range(n):
        z[i] = kg[i] / molar_mass[i]
        moles += z[i]
        if alpha[i] >= alpha[light]:
            lights += kg[i]
            shares[i] = 1.0
        else:
            others += kg[i]
    if lights <= SMALL * (lights + others) or others <= SMALL * (lights + others):
        return shares
    theta = underwood(z, alpha, light, heavy)
    boiled, drawn = 0.0, 0.0
    for i in range(n):
        if alpha[i] > theta:
            boiled += alpha[i] * z[i] / (alpha[i] - theta)
            drawn += z[i]
    n_min = stages_at_total_reflux(stages, reflux, boiled / drawn - 1.0)
    powers = np.empty(n)
    for i in range(n):
        powers[i] = exp(min(max(n_min * log(alpha[i]), -600.0), 600.0))
    low, high = -700.0, 80.0
    for _ in range(64):
        u = exp(0.5 * (low + high))
        left, held = 0.0, 0.0
        for i in range(n):
            bottoms = kg[i] / (1.0 + u * powers[i])
            left += bottoms
            if alpha[i] >= alpha[light]:
                held += bottoms
        if held > content * left:
            low = 0.5 * (low + high)
        else:
            high = 0.5 * (low + high)
    u = exp(high)
    for i in range(n):
        shares[i] = u * powers[i] / (1.0 + u * powers[i])
    return shares
