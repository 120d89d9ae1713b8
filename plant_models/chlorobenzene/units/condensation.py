"""Partial condensation of organics from a gas: flash, dew point, effectiveness of exchangers."""

from __future__ import annotations

from math import exp, inf, log, sqrt
from typing import NamedTuple

from plant_models.chlorobenzene.substances.chemistry import ORGANICS, WATER
from plant_models.chlorobenzene.substances.enthalpy import HEAT_CAPACITY, HEAT_CAPACITY_SLOPE
from plant_models.chlorobenzene.substances.properties import (
    MOLAR_MASS,
    REFERENCE,
    Organics,
    R,
    activity_coefficients,
    heat_of_vaporisation,
    latent_heats,
    liquid_heat_capacity,
    vapour_pressure,
    vapour_pressures,
)

_CP = tuple(HEAT_CAPACITY[i] * MOLAR_MASS[i] for i in ORGANICS)
_SLOPE = tuple(HEAT_CAPACITY_SLOPE[i] * MOLAR_MASS[i] for i in ORGANICS)
_CP_WATER = HEAT_CAPACITY[WATER] * MOLAR_MASS[WATER]
_SLOPE_WATER = HEAT_CAPACITY_SLOPE[WATER] * MOLAR_MASS[WATER]
"""Heat capacities of the liquids at 25 degC and their slopes, kJ/kmol/K and kJ/kmol/K2."""

CP_WATER = liquid_heat_capacity(WATER, REFERENCE)
"""Heat capacity of cooling water, kJ/kg/K."""

TOLERANCE = 1e-7
"""Of the approach of an outlet to the cooling water, relative; 20 K are right to 2e-6 K."""

WEAK = 0.1
"""Logarithm of the approach over the span, from which on that tolerance shrinks with it."""

NONE: Organics = (0.0, 0.0, 0.0, 0.0)


class Condensed(NamedTuple):
    """State in which a gas leaves a cooler: temperature K; organics condensed, kmol/h."""

    T: float
    liquid: Organics
    T_in: float
    """Temperature at which the gas entered, K."""
    duty: float
    """Heat given off on the way, kJ/h."""


def flash(
    n: Organics,
    dry: float,
    T: float,
    P: float,
    guess: float = 0.0,
    light: float = 1.0,
    heavy: float = 1.0,
) -> Organics:
    """Return what condenses of organics in a gas brought to equilibrium at ``T`` (K), kmol/h.

    See `flash_under`, which takes the vapour pressures instead: at one temperature they are needed
    once.
    """
    return flash_under(vapour_pressures(T), n, dry, P, guess, light, heavy)


def flash_under(
    p: Organics,
    n: Organics,
    dry: float,
    P: float,
    guess: float,
    light: float,
    heavy: float,
) -> Organics:
    r"""Return what condenses of organics in a gas brought to equilibrium, kmol/h.

    Rachford-Rice with a gas that does not condense: with :math:`F = G + \sum n_i`,
    :math:`K_i = \gamma_i p_i / P`, the liquid :math:`L` solves
    :math:`S(L) = \sum n_i / (L + K_i (F - L)) = 1`. Newton's method runs on ``1/S``, which is
    concave (a straight line for one component): monotone from ``L = 0``, where ``S > 1`` is the
    statement that the gas is below its dew point.

    Parameters
    ----------
    p : Organics
        Vapour pressures of the organics, Pa.
    n : Organics
        Organics in the feed, kmol/h.
    dry : float
        Gas that does not condense, kmol/h.
    P : float
        Pressure less that of water vapour, Pa.
    guess : float
        Liquid to start from, kmol/h; saves passes, changes nothing else.
    light, heavy : float
        Activity coefficients of benzene and of the chlorinated benzenes in the liquid, 1; see
        `activity_coefficients`; 1 in an ideal liquid.
    """
    k0, k1, k2, k3 = light * p[0] / P, heavy * p[1] / P, heavy * p[2] / P, heavy * p[3] / P
    n0, n1, n2, n3 = n
    feed = dry + n0 + n1 + n2 + n3
    if feed <= dry:
        return NONE
    j0, j1, j2, j3 = 1.0 - k0, 1.0 - k1, 1.0 - k2, 1.0 - k3
    liquid, small = min(guess, feed), 1e-5 * feed
    for _ in range(60):
        vapour = feed - liquid
        a0, a1 = 1.0 / (liquid + k0 * vapour), 1.0 / (liquid + k1 * vapour)
        a2, a3 = 1.0 / (liquid + k2 * vapour), 1.0 / (liquid + k3 * vapour)
        x0, x1, x2, x3 = n0 * a0, n1 * a1, n2 * a2, n3 * a3
        s = x0 + x1 + x2 + x3
        if s <= 1.0 and liquid == 0.0:
            return NONE
        slope = x0 * a0 * j0 + x1 * a1 * j1 + x2 * a2 * j2 + x3 * a3 * j3
        if liquid > 0.0 and s < 1.0:  # the guess was too high: only from below is it monotone
            liquid = 0.0
            continue
        step = s * (s - 1.0) / slope
        liquid = min(max(liquid + step, 0.0), feed)
        if -small < step < small:
            break
    # Newton's method squares the error, so the last step is good; its fractions follow exactly.
    x0, x1 = x0 / (1.0 + a0 * j0 * step), x1 / (1.0 + a1 * j1 * step)
    x2, x3 = x2 / (1.0 + a2 * j2 * step), x3 / (1.0 + a3 * j3 * step)
    return (
        min(x0 * liquid, n0),
        min(x1 * liquid, n1),
        min(x2 * liquid, n2),
        min(x3 * liquid, n3),
    )


CHILLED_ROUNDS = 60
AT_REST = 1e-13
"""Rounds of what has condensed and how much steam stays, and the move of the first that ends them,
kmol/kmol. Four or five mostly; more where a gas holds as much water as oil."""


def chilled(
    n: Organics, dry: float, steam: float, T: float, P: float, activity: float = 1.0
) -> tuple[Organics, float]:
    """Return what condenses of organics in a wet gas at ``T`` (K), and the steam that stays.

    Oil and water do not mix: each is in equilibrium with the gas, and either's vapour carries some
    of the other. ``n``, ``dry``, ``steam``: organics, gas that does not condense and water vapour
    entering, kmol/h; ``P``: pressure, Pa; ``activity``: of water in what condenses, 1. Both come
    back in kmol/h.
    """
    b, m = _first_drop(n, T)
    x = b / (b + m) if b + m > 0.0 else 1.0
    organics, liquid, total, left = n[0] + n[1] + n[2] + n[3], NONE, 0.0, steam
    for _ in range(CHILLED_ROUNDS):
        light, heavy = activity_coefficients(x)
        left = steam_left(steam, dry + organics - total, activity, T, P)
        liquid = flash(n, dry + left, T, P, total, light, heavy)
        before, total = total, liquid[0] + liquid[1] + liquid[2] + liquid[3]
        x = liquid[0] / total if total > 0.0 else x
        if abs(total - before) <= AT_REST * organics:
            break
    return liquid, left


def steam_left(steam: float, carrier: float, activity: float, T: float, P: float) -> float:
    r"""Return water vapour that stays in a gas of condensing water, kmol/h.

    :math:`s = \min(s_0, G y/(1 - y))` with :math:`y = a\,p_w(T)/P`, the most that a gas holds.

    ``steam``: water vapour entering, kmol/h; ``carrier``: all other gas that leaves, kmol/h;
    ``activity``: of water in what condenses, 1; ``T``, ``P``: K, Pa.
    """
    y = activity * vapour_pressure(WATER, T) / P
    return min(steam, carrier * y / (1.0 - y)) if y < 1.0 else steam


def dew_point(n: Organics, dry: float, P: float) -> float:
    r"""Return the temperature at which a gas begins to condense, K (0 where nothing can).

    :math:`\sum y_i P / (\gamma_i p_i(T)) = 1`; streams carry no temperature, and that of a gas
    which left its liquid saturated is its dew point. Newton's method in ``1/T`` with a constant
    heat of vaporisation, then secants; at most 420 K.

    ``n``, ``dry``: organics and dry gas, kmol/h; ``P``: pressure, Pa.
    """
    total = dry + n[0] + n[1] + n[2] + n[3]
    if total <= dry:
        return 0.0
    u = 1.0 / 303.15
    f = log(_dry_ratio(n, u) * P / total)
    slope = 4100.0  # heat of vaporisation of benzene over R, K
    for _ in range(40):
        if abs(f) < 1e-11:
            break
        last, before = u, f
        u = min(max(u - f / slope, 1.0 / 420.0), 1.0 / 180.0)
        if u == last:
            break
        f = log(_dry_ratio(n, u) * P / total)
        slope = (f - before) / (u - last)
    return 1.0 / u


def wet_dew_point(n: Organics, dry: float, steam: float, activity: float, P: float) -> float:
    r"""Return the temperature at which oil or water begins to condense from a wet gas, K.

    That of the oil (:func:`dew_point`), or where water is above saturation there its own,
    :math:`a\,p_w(T) = y P`, by Newton's method in ``1/T``.

    ``n``, ``dry``, ``steam``: organics, gas that does not condense and water vapour, kmol/h;
    ``activity``: of water in what condenses, 1; ``P``: pressure, Pa.
    """
    T = dew_point(n, dry + steam, P)
    carrier = dry + n[0] + n[1] + n[2] + n[3]
    if steam <= 0.0 or (T > 0.0 and steam_left(steam, carrier, activity, T, P) >= steam):
        return T
    aim = log(steam / (steam + carrier) / activity * P)
    u = 1.0 / max(T, REFERENCE)
    for _ in range(40):
        f = log(vapour_pressure(WATER, 1.0 / u)) - aim
        if abs(f) < 1e-11:
            break
        u = min(max(u + f * R / heat_of_vaporisation(WATER, 1.0 / u), 1.0 / 420.0), 1.0 / 180.0)
    return max(1.0 / u, T)


def _dry_ratio(n: Organics, u: float) -> float:
    """Return organics over their pressures in the first drop at 1/T = ``u``, kmol/h/Pa."""
    b, m = _first_drop(n, 1.0 / u)
    light, heavy = activity_coefficients(b / (b + m))
    x = b / light
    light, heavy = activity_coefficients(x / (x + m / heavy))
    return b / light + m / heavy


def _first_drop(n: Organics, T: float) -> tuple[float, float]:
    """Return benzene and the chlorinated over their vapour pressures at ``T`` (K), kmol/h/Pa.

    So are they to each other in the first drop, but for activities within 5 %.
    """
    p = vapour_pressures(T)
    return n[0] / p[0], n[1] / p[1] + n[2] / p[2] + n[3] / p[3]


def effectiveness(ntu: float, ratio: float, shells: float) -> float:
    r"""Return the effectiveness of shell-and-tube exchangers in counter-current cascade, 1.

    One shell with two or more tube passes: with :math:`s = \sqrt{1 + C^2}`,
    :math:`\epsilon_1 = 2 / (1 + C + s \coth(N_1 s / 2))`, :math:`N_1 = N / n`; ``n`` shells:
    :math:`z = (1 - \epsilon_1 C)/(1 - \epsilon_1)`, :math:`\epsilon = (z^n - 1)/(z^n - C)`.

    ``ntu``: conductance over the smaller heat capacity rate, all shells together, 1; ``ratio``:
    smaller over larger heat capacity rate, 1; ``shells``: shells in series.

    References
    ----------
    kays-london-1984, chapter 2.
    """
    if ntu < 1e-9:  # all forms agree there
        return max(ntu, 0.0)
    s = sqrt(1.0 + ratio * ratio)
    decay = exp(-ntu * s / shells)
    one = 2.0 / (1.0 + ratio + s * (1.0 + decay) / (1.0 - decay))
    if shells == 1 or one >= 1.0:  # of next to no gas the first shell takes all
        return one
    if 1.0 - ratio < 1e-6:
        return shells * one / (1.0 + (shells - 1) * one)
    z = float(((1.0 - one * ratio) / (1.0 - one)) ** float(shells))
    return (z - 1.0) / (z - ratio)


def exchanged(
    duty: float, T: float, out: float, T_water: float, conductance: float, water: float, shells: int
) -> float:
    r"""Return what an exchanger passes to its water, :math:`\epsilon C_{min} (T - T_w)`, kJ/h.

    The equation behind :func:`mismatch`, for a check of its result: ``duty`` (kJ/h)
    and the outlet ``out`` (K) enter through the gas's effective heat capacity rate alone, which is
    without bounds where all condenses at one temperature.
    """
    cold = water * CP_WATER
    hot = duty / (T - out) if out != T else inf
    low, high = (hot, cold) if hot < cold else (cold, hot)
    return effectiveness(conductance / low, low / high, shells) * low * (T - T_water)


FIRST_GUESS = -1.2
"""Logarithm of the approach over the span, from which on outlets are looked for."""

USUAL_SLOPE = -0.9
"""Of what such a logarithm is off, before two of them tell it."""

STEPS = 40
HALVINGS = 50
COLDEST, WARMEST = -20.0, -1e-6
NEAREST = -1e-9
"""Steps by secants, and after them by halves; bounds of the logarithm of an approach, the last for
halves alone: where next to nothing is cooled."""


def mismatch(hot: float, z: float, conductance: float, water: float, shells: float) -> float:
    r"""Return by how much the logarithm of an approach is off, that of a condensing gas.

    .. math:: T_o = T_i - \epsilon \, \frac{C_{min}}{C_h} (T_i - T_w), \qquad
              C_h = Q(T_o) / (T_i - T_o)

    The gas's effective heat capacity rate :math:`C_h` includes what condenses, so it depends on
    the outlet :math:`T_o = T_w + e^z (T_i - T_w)`; in :math:`z` the equation is almost straight,
    so it is solved by secants (:func:`secant`).

    ``hot``: :math:`C_h`, kJ/h/K; a gas that gives off nothing is taken to be there;
    ``conductance``: U A of all shells, kJ/h/K; ``water``: kg/h; ``shells``: in series, gas and
    water in counter-current.
    """
    if hot <= 0.0:
        return 0.0
    cold = water * CP_WATER
    low, high = min(hot, cold), max(hot, cold)
    reached = effectiveness(conductance / low, low / high, shells) * low / hot
    return log(max(1.0 - reached, 1e-12)) - z


def steepness(z: float, f: float, last: float, before: float) -> float:
    """Return the slope of what the logarithm of an approach is off, from the last two of them."""
    return (f - before) / (z - last) if z != last else USUAL_SLOPE


def secant(z: float, f: float, slope: float) -> float:
    """Return the next logarithm of an approach, from one, what it is off and the slope of that."""
    return min(max(z - f / slope if slope < -0.1 else z + 0.5 * f, COLDEST), WARMEST)


def condense(
    n: Organics,
    dry: float,
    dry_capacity: float,
    T: float,
    P: float,
    conductance: float,
    water: float,
    T_water: float,
    shells: int = 1,
    dry_slope: float = 0.0,
    steam: float = 0.0,
    activity: float = 1.0,
) -> Condensed:
    """Return the state in which a saturated gas leaves a water-cooled exchanger.

    Its duty is what the gas's enthalpy falls by when a :func:`flash` at the outlet condenses
    organics, and water down to saturation; see :func:`mismatch`. Water vapour that stays carries
    organics as any gas does; how much it is follows from the round before.

    Parameters
    ----------
    n, dry : Organics, float
        Organics and dry gas entering, kmol/h.
    dry_capacity, dry_slope : float
        Heat capacity rate of the dry gas at 25 degC, kJ/h/K, and its slope, kJ/h/K2.
    T, P : float
        Entering temperature, K; pressure, Pa.
    conductance, water, T_water, shells : float
        As for :func:`mismatch`; temperature of the water, K.
    steam, activity : float
        Water vapour entering, kmol/h; activity of water in the condensate, 1.
    """
    n0, n1, n2, n3 = n
    h0, h1, h2, h3 = latent_heats(T)
    latent = n0 * h0 + n1 * h1 + n2 * h2 + n3 * h3
    wet = heat_of_vaporisation(WATER, T)
    cp = dry_capacity + steam * _CP_WATER
    cp += n0 * _CP[0] + n1 * _CP[1] + n2 * _CP[2] + n3 * _CP[3]
    slope = dry_slope + steam * _SLOPE_WATER
    slope += n0 * _SLOPE[0] + n1 * _SLOPE[1] + n2 * _SLOPE[2] + n3 * _SLOPE[3]
    liquid, total, given, span = NONE, 0.0, 0.0, T - T_water
    organics, left = n0 + n1 + n2 + n3, steam
    cooled = span > 0.0 and conductance > 0.0 and water > 0.0
    b, m = _first_drop(n, T)
    x = b / (b + m) if b + m > 0.0 else 1.0
    z, last, before, out = FIRST_GUESS, FIRST_GUESS, 0.0, T
    low, high, f = COLDEST, NEAREST, 0.0
    for step in range(STEPS + HALVINGS if cooled else 0):
        if step == STEPS and z < -WEAK:
            break
        out = T_water + span * exp(z)
        light, heavy = activity_coefficients(liquid[0] / total if total > 0.0 else x)
        if steam > 0.0:
            left = steam_left(steam, dry + organics - total, activity, out, P)
        l0, l1, l2, l3 = liquid = flash(n, dry + left, out, P, total, light, heavy)
        total = l0 + l1 + l2 + l3
        given = latent + (cp + slope * (0.5 * (T + out) - REFERENCE)) * (T - out)
        k0, k1, k2, k3 = latent_heats(out)
        given -= (n0 - l0) * k0 + (n1 - l1) * k1 + (n2 - l2) * k2 + (n3 - l3) * k3
        if steam > 0.0:
            given += steam * wet - left * heat_of_vaporisation(WATER, out)
        f = mismatch(given / (T - out), z, conductance, water, shells)
        # of an approach that is nearly the span, the duty is a small difference
        near = TOLERANCE * min(1.0, -z / WEAK)
        if -near < f < near:
            break
        if step < STEPS:
            z, last, before = secant(z, f, steepness(z, f, last, before)), z, f
            continue
        # secants creep where what condenses at once is nearly all that the exchanger passes
        if f > 0.0:
            low = z
        else:
            high = z
        z = 0.5 * (low + high)
    return Condensed(out, liquid, T, given)


def at_once(
    n: Organics, dry: float, steam: float, activity: float, T: float, P: float
) -> Condensed:
    """Return what condenses of a gas that holds more water at ``T`` than it can, without cooling.

    Arguments as of :func:`condense`.
    """
    liquid, _ = chilled(n, dry, steam, T, P, activity)
    gone = liquid[0] + liquid[1] + liquid[2] + liquid[3]
    left = steam_left(steam, dry + n[0] + n[1] + n[2] + n[3] - gone, activity, T, P)
    h = latent_heats(T)
    duty = liquid[0] * h[0] + liquid[1] * h[1] + liquid[2] * h[2] + liquid[3] * h[3]
    return Condensed(T, liquid, T, duty + (steam - left) * heat_of_vaporisation(WATER, T))
