"""Boiling of the reactor's liquor under its overhead condenser: what boils, what comes back."""

from __future__ import annotations

from math import exp, log
from typing import NamedTuple

from plant_models.chlorobenzene.substances.chemistry import WATER
from plant_models.chlorobenzene.substances.enthalpy import HEAT_CAPACITY, HEAT_CAPACITY_SLOPE
from plant_models.chlorobenzene.substances.properties import (
    MOLAR_MASS,
    REFERENCE,
    Organics,
    R,
    activity_coefficients,
    heat_of_vaporisation,
    latent_heats,
    vapour_pressures,
)
from plant_models.chlorobenzene.substances.streams import product, total, weighted
from plant_models.chlorobenzene.units.condensation import (
    FIRST_GUESS,
    HALVINGS,
    NEAREST,
    NONE,
    STEPS,
    TOLERANCE,
    USUAL_SLOPE,
    WEAK,
    flash_under,
    mismatch,
    secant,
    steepness,
)
from plant_models.chlorobenzene.units.plain import Weather
from sim.network.unit import Stream

REFLUX = 20.0
"""Reflux above cooling water, K: a guess that serves the boiling point alone (0.05 K per K)."""

WARM = 35.0
WARMINGS = 40
AS_WARM = 1e-9
"""Outlet above cooling water from which on that guess follows it, K; rounds between the two, and
the move that ends them. Where hardly anything is cooled, vapour is to be at its dew point."""

OUTSET = 350.0
PASSES = 3
"""From there (K) to the boiling point: each pass leaves a twentieth of the error."""

_P_OUTSET = vapour_pressures(OUTSET)
_HEATS_OUTSET = latent_heats(OUTSET)
_WET_OUTSET = heat_of_vaporisation(WATER, OUTSET)

STOOD = 1e-2
"""The last move of those passes, relative, from which on the boiling point is looked for instead;
to twice that the two are mixed, so that it does not jump."""

COLDEST, HOTTEST = 200.0, 480.0
"""Bounds on the boiling point for odd liquors, K: properties do not reach further."""

REFLUXES = 8
SETTLED = 1e-7
"""Last passes between boil-up and reflux, and the change of the heat that ends them, kJ/kJ."""

LEAST = 0.05
"""Least boil-up of a pass, kmol per kmol gas."""

BARE = 1e-4
"""Conductance below which a condenser is none, kJ/h/K: it passes some 0.01 kJ/h."""

FINE = 1e-11
ROUNDING = 1e-15
"""Tolerance of the approach of one that cools next to nothing, relative, and what a float tells."""

_CP = product(HEAT_CAPACITY, MOLAR_MASS)
_SLOPE = product(HEAT_CAPACITY_SLOPE, MOLAR_MASS)
_LIQUID_CP: Organics = (_CP[0], _CP[1], _CP[2], _CP[3])
_LIQUID_SLOPE: Organics = (_SLOPE[0], _SLOPE[1], _SLOPE[2], _SLOPE[3])
"""Heat capacities at 25 degC and their slopes, kJ/kmol/K and kJ/kmol/K2."""


class Charge(NamedTuple):
    """What reacts in the stages at one conversion, before anything boils."""

    made: Organics
    """Organics that leave the stages, with liquor and off-gas together, kmol/h."""
    gas: Stream
    """Gas that bubbles through, kmol/h by component; its water enters liquid."""
    heat: float
    """Heat of chlorination at 25 degC and the feed's heat above it, kJ/h."""
    rest: float
    rest_slope: float
    """Heat capacity rate at 25 degC of what else leaves with the liquor, kJ/h/K, and its slope,
    kJ/h/K2, which counts where little else of the heat does."""
    dissolved: float
    """Share of the hydrogen chloride that the liquor keeps, kg/kg."""
    need: float
    """Chlorine that reacts, kmol/h."""


class Vapour(NamedTuple):
    """What boils, on its way into the overhead condenser."""

    T: float
    P: float
    y: Organics
    """Organics among themselves, kmol/kmol."""
    left: float
    """Heat that is left to boil it, kJ/h."""
    latent: float
    """Its heat of vaporisation, kJ/kmol."""
    dry: float
    """Gas that does not condense, kmol/h."""
    capacity: float
    slope: float
    """That gas's heat capacity rate at 25 degC, kJ/h/K, and its slope, kJ/h/K2."""
    steam: float
    """Water vapour, kmol/h; none condenses."""
    wet: float
    """Its heat of vaporisation, kJ/kmol."""


class Refluxed(NamedTuple):
    """What the overhead condenser makes of the vapour at one outlet temperature."""

    boil_up: Organics
    condensed: Organics
    """kmol/h."""
    duty: float
    """Heat given off, kJ/h."""
    kept: float
    """Heat that the gas kept from being reheated with the reflux, kJ/h."""


class Search(NamedTuple):
    """Where the search for the overhead condenser's outlet stands; the next one begins there."""

    z: float
    """Logarithm of the approach to the water over the span."""
    slope: float
    """Of what it is off; see `mismatch`."""
    reflux: Refluxed


FIRST_SEARCH = Search(FIRST_GUESS, USUAL_SLOPE, Refluxed(NONE, NONE, 0.0, 0.0))


class Boiling(NamedTuple):
    """Boiling liquor under its condenser: temperatures K, organics kmol/h."""

    T: float
    """0 without gas, or without liquor."""
    boil_up: Organics
    T_gas: float
    """Temperature at which the off-gas leaves the overhead condenser, K."""
    condensed: Organics
    """What the overhead condenser returns; the rest of the boil-up is in the off-gas."""
    duty: float
    """Heat that the vapour gives off in the overhead condenser, kJ/h."""
    search: Search

    @property
    def carried(self) -> Organics:
        """Organics in the off-gas, kmol/h."""
        return without(self.boil_up, self.condensed)


NOT_BOILING = Boiling(0.0, NONE, 0.0, NONE, 0.0, FIRST_SEARCH)


def without(n: Organics, less: Organics) -> Organics:
    """Return organics less others, none below nothing."""
    return (
        max(n[0] - less[0], 0.0),
        max(n[1] - less[1], 0.0),
        max(n[2] - less[2], 0.0),
        max(n[3] - less[3], 0.0),
    )


def dotted(a: Organics, b: Organics) -> float:
    """Return the sum over the organics of ``a * b``."""
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + a[3] * b[3]


def vapour_of(charge: Charge, at: Weather, carried: Organics, reflux: float) -> Vapour:
    """Return what boils of a liquor of which so much leaves with the off-gas; see `boil`.

    ``reflux``: what comes back, above the cooling water, K.
    """
    made, gas, heat = charge.made, charge.gas, charge.heat
    P, T_water = at.pressure, at.cooling_water
    dry, steam = total(gas), gas[WATER]
    n = without(made, carried)
    whole = n[0] + n[1] + n[2] + n[3]
    if whole <= 0.0:  # all of it evaporates
        n, whole = made, made[0] + made[1] + made[2] + made[3]
    x = (n[0] / whole, n[1] / whole, n[2] / whole, n[3] / whole)
    gas_cp, gas_slope = weighted(gas, _CP), weighted(gas, _SLOPE)
    cp = charge.rest + gas_cp + dotted(made, _LIQUID_CP)
    slope = 0.5 * (gas_slope + dotted(made, _LIQUID_SLOPE))
    light, heavy = activity_coefficients(x[0])
    T, y, latent, p, heats, wet = OUTSET, x, 1.0, _P_OUTSET, _HEATS_OUTSET, _WET_OUTSET
    further = 0.0
    for step in range(PASSES):
        if step > 0:
            p = vapour_pressures(T)
        q = pressures(x, light, heavy, p)
        s = q[0] + q[1] + q[2] + q[3]
        y = (q[0] / s, q[1] / s, q[2] / s, q[3] / s)
        latent = dotted(y, heats)
        reheat = dotted(y, _LIQUID_CP)
        above = T - REFERENCE
        left = heat - above * (cp + slope * above) - steam * wet
        ratio = max(left / (latent + reheat * (T - T_water - reflux)) / dry, LEAST)
        # Clausius-Clapeyron: Newton's step towards the bubble point, within 5 %.
        further = R * T / latent * log(s * (1.0 + ratio) / (P * ratio))
        T = min(T / max(1.0 + further, 0.7), HOTTEST)
        heats, wet = latent_heats(T), heat_of_vaporisation(WATER, T)
    least, move = LEAST * dry, abs(further)
    if reflux > REFLUX or move > STOOD:
        slope += 0.5 * charge.rest_slope
        liquor = Liquor(x, light, heavy, heat, cp, slope, dry, steam, P, T_water + reflux)
        mix = 1.0 if reflux > REFLUX else min(move / STOOD - 1.0, 1.0)
        T += mix * (boiling_point(liquor) - T)
        heats, wet = latent_heats(T), heat_of_vaporisation(WATER, T)
        q = pressures(x, light, heavy, vapour_pressures(T))
        s = q[0] + q[1] + q[2] + q[3]
        y, least = (q[0] / s, q[1] / s, q[2] / s, q[3] / s), 0.0
    above = T - REFERENCE
    latent = dotted(y, heats)
    left = max(heat - above * (cp + slope * above) - steam * wet, least * latent)
    return Vapour(T, P, y, left, latent, dry, gas_cp, gas_slope, steam, wet)


class Liquor(NamedTuple):
    """Liquor that stays, and what of its heat does not evaporate it."""

    x: Organics
    light: float
    heavy: float
    """Its organics, kmol/kmol, and their activity coefficients, 1."""
    heat: float
    """What it is given above 25 degC, kJ/h."""
    cp: float
    slope: float
    """What leaves as it does: heat capacity rate at 25 degC, kJ/h/K, and its slope, kJ/h/K2."""
    dry: float
    steam: float
    """Gas that bubbles through, kmol/h, and the water vapour that it takes along."""
    P: float
    T_reflux: float


def pressures(x: Organics, light: float, heavy: float, p: Organics) -> Organics:
    """Return the partial pressures over a liquor, Pa, of the pressures of its pure organics."""
    return (x[0] * light * p[0], x[1] * heavy * p[1], x[2] * heavy * p[2], x[3] * heavy * p[3])


def boiling_point(liquor: Liquor) -> float:
    r"""Return the temperature at which a liquor's heat saturates the gas that bubbles through, K.

    .. math:: Q - \sum C (T - T_0) = G \frac{s}{P - s} [\lambda + c (T - T_r)],

    with the pressure :math:`s` of its organics. Of little heat it is tepid, and hardly evaporates:
    the colder it is, the more heat is left, and the less evaporates, so halving finds it.
    """
    low, high = COLDEST, HOTTEST
    for _ in range(HALVINGS):
        T = 0.5 * (low + high)
        q = pressures(liquor.x, liquor.light, liquor.heavy, vapour_pressures(T))
        s = q[0] + q[1] + q[2] + q[3]
        above = T - REFERENCE
        left = liquor.heat - above * (liquor.cp + liquor.slope * above)
        left -= liquor.steam * heat_of_vaporisation(WATER, T)
        needed = dotted(q, latent_heats(T)) + dotted(q, _LIQUID_CP) * max(T - liquor.T_reflux, 0.0)
        if left * (liquor.P - s) > liquor.dry * needed and s < liquor.P:
            low = T
        else:
            high = T
    return 0.5 * (low + high)


def refluxed(vapour: Vapour, out: float, before: Refluxed) -> Refluxed:
    """Return what the condenser makes of the vapour down to ``out`` (K).

    What the gas keeps from being reheated is that of ``before``, and so are at first the
    condensate's activities; its amount saves passes of the flash.
    """
    T, y = vapour.T, vapour.y
    colder, middle = T - out, 0.5 * (T + out) - REFERENCE
    h = (
        (_CP[0] + _SLOPE[0] * middle) * colder,
        (_CP[1] + _SLOPE[1] * middle) * colder,
        (_CP[2] + _SLOPE[2] * middle) * colder,
        (_CP[3] + _SLOPE[3] * middle) * colder,
    )
    n = (vapour.left + before.kept) / (vapour.latent + dotted(y, h))
    boiled = (n * y[0], n * y[1], n * y[2], n * y[3])
    k = before.condensed
    guess = k[0] + k[1] + k[2] + k[3]
    light, heavy = activity_coefficients(k[0] / guess if guess > 0.0 else y[0])
    p = vapour_pressures(out)
    k = flash_under(p, boiled, vapour.dry, vapour.P, guess, light, heavy)
    guess = k[0] + k[1] + k[2] + k[3]
    light, heavy = activity_coefficients(k[0] / guess if guess > 0.0 else y[0])
    liquid = flash_under(p, boiled, vapour.dry, vapour.P, guess, light, heavy)
    gone = (
        boiled[0] - liquid[0],
        boiled[1] - liquid[1],
        boiled[2] - liquid[2],
        boiled[3] - liquid[3],
    )
    kept = dotted(gone, h)
    given = vapour.left + kept + (vapour.capacity + vapour.slope * middle) * colder
    given -= dotted(gone, latent_heats(out))
    wet = vapour.wet - heat_of_vaporisation(WATER, out)
    return Refluxed(boiled, liquid, given + vapour.steam * wet, kept)


def under_condenser(
    conductance: float,
    water: float,
    vapour: Vapour,
    T_water: float,
    begin: Search,
    tolerance: float,
) -> Boiling:
    """Return the state of a vapour that a condenser cools; arguments as of `boil`.

    ``tolerance``: of the approach to the water, relative.
    """
    T = vapour.T
    z, slope, now = begin
    last, before, out, span, missed = 0.0, 0.0, T, T - T_water, vapour.left
    low, high, f = z, NEAREST, 0.0
    cooled = span > 0.0 and conductance > BARE and water > 0.0
    for step in range(STEPS + HALVINGS if cooled else 0):
        if step == STEPS and z < -WEAK:
            break
        out = T_water + span * exp(z)
        short = now.kept
        now = refluxed(vapour, out, now)
        missed = now.kept - short
        f = mismatch(now.duty / (T - out), z, conductance, water, 1.0)
        near = max(tolerance * min(1.0, -z / WEAK), ROUNDING)
        if -near < f < near:
            break
        if step < STEPS:
            if step > 0:
                slope = steepness(z, f, last, before)
            z, last, before = secant(z, f, slope), z, f
            low = -WEAK
            continue
        # secants end at their bound where what is cooled is next to nothing
        if f > 0.0:
            low = z
        else:
            high = z
        z = 0.5 * (low + high)
    for _ in range(REFLUXES):
        if abs(missed) < SETTLED * vapour.left:
            break
        short = now.kept
        now = refluxed(vapour, out, now)
        missed = now.kept - short
    return Boiling(T, now.boil_up, out, now.condensed, now.duty, Search(z, slope, now))


def boil(
    conductance: float, water: float, charge: Charge, at: Weather, carried: Organics, begin: Search
) -> Boiling:
    """Return the state of the boiling liquor, of which so much leaves with the off-gas.

    Parameters
    ----------
    conductance, water : float
        Of the overhead condenser: kJ/h/K, and its cooling water, kg/h.
    charge : Charge
        What reacts; see there.
    at : Weather
        Pressure, Pa; temperature of the cooling water, K.
    carried : Organics
        Organics in the off-gas, kmol/h: what boils is the rest.
    begin : Search
        Where to look for the condenser's outlet first; saves steps, changes nothing else.
    """
    reflux, state, tolerance = REFLUX, NOT_BOILING, TOLERANCE
    for _ in range(WARMINGS):
        vapour = vapour_of(charge, at, carried, reflux)
        state = under_condenser(conductance, water, vapour, at.cooling_water, begin, tolerance)
        last, reflux = reflux, reflux_of(state, at.cooling_water)
        if abs(reflux - last) < AS_WARM:
            break
        begin, tolerance = state.search, FINE
    return state


def reflux_of(state: Boiling, T_water: float) -> float:
    """Return what reflux is above the cooling water, K: the usual, or nearly as hot as vapour.

    From an outlet at ``WARM`` on it rises in a straight line to that of vapour that is not cooled.
    """
    out, span = state.T_gas - T_water, state.T - T_water
    if out <= WARM:
        return REFLUX
    return REFLUX + (out - WARM) * (span - REFLUX) / (span - WARM)
