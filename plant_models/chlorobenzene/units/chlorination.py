"""Boiling chlorination of benzene in stirred stages: its kinetics, and what stays as liquor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import exp, log
from typing import ClassVar, NamedTuple

from plant_models.chlorobenzene.substances.chemistry import (
    BENZENE,
    CHLORINATION,
    CHLORINE,
    DCB,
    FECL3,
    HCL,
    INERT,
    MCB,
    SECOND_CHLORINATION,
    THIRD_CHLORINATION,
    WATER,
)
from plant_models.chlorobenzene.substances.enthalpy import (
    HEAT_CAPACITY,
    HEAT_CAPACITY_SLOPE,
    sensible,
)
from plant_models.chlorobenzene.substances.properties import (
    FREEZING,
    HEATS_OF_CHLORINATION,
    MOLAR_MASS,
    REFERENCE,
    Organics,
    moles_of,
)
from plant_models.chlorobenzene.substances.streams import (
    ORGANICS_ONLY,
    evenly,
    joined,
    plus,
    product,
    remaining,
    total,
    weighted,
)
from plant_models.chlorobenzene.units.condensation import (
    CP_WATER,
    NONE,
    exchanged,
)
from plant_models.chlorobenzene.units.heat import SURROUNDINGS, Heat, pooled
from plant_models.chlorobenzene.units.plain import LineUnit, Weather
from plant_models.chlorobenzene.units.reflux import (
    NOT_BOILING,
    Boiling,
    Charge,
    boil,
    dotted,
    without,
)
from sim.model.parameters import quantity
from sim.network.chemistry import Reaction
from sim.network.plain import Answer, here
from sim.network.unit import Conditions, Stream


class Kinetics(NamedTuple):
    """What the stages make of one kmol of benzene, chlorobenzene, dichlorobenzene each."""

    fractions: tuple[float, float, float]
    """Of benzene, chlorobenzene, dichlorobenzene that one stage chlorinates, kmol/kmol."""
    made: tuple[Organics, Organics, Organics]
    """Organics that leave per kmol of benzene, chlorobenzene, dichlorobenzene fed, kmol."""
    chlorine: tuple[float, float, float]
    """Chlorine used per kmol fed, kmol."""


def kinetics(stages: float, conversion: float, k1_k2: float, k2_k3: float) -> Kinetics:
    r"""Return the yields of equal stirred stages in series.

    Chlorine is dissolved to saturation, so each substitution is of first order in the organic.
    A stage of residence time :math:`\tau` converts the fraction
    :math:`a_j / (1 + a_j)`, :math:`a_j = k_j \tau`, of the :math:`j`-th chlorinated benzene that
    it holds, including what it has just made; so reactions taken one after another, each to that
    fraction, are exact. :math:`a_1` follows from the benzene converted in all ``stages``,
    :math:`1 - X = (1 + a_1)^{-n}`.

    References
    ----------
    fogler-cdp6a: k1, k2 at 55 degC in a stirred tank saturated with chlorine.
    """
    a1 = (1.0 - conversion) ** (-1.0 / stages) - 1.0
    a2 = a1 / k1_k2
    a3 = a2 / k2_k3
    f1, f2, f3 = a1 / (1.0 + a1), a2 / (1.0 + a2), a3 / (1.0 + a3)
    b0, b1, b2, b3 = 1.0, 0.0, 0.0, 0.0
    m1, m2, m3 = 1.0, 0.0, 0.0
    d2, d3 = 1.0, 0.0
    for _ in range(int(stages)):
        b0, b1 = b0 * (1.0 - f1), b1 + b0 * f1
        b1, b2 = b1 * (1.0 - f2), b2 + b1 * f2
        b2, b3 = b2 * (1.0 - f3), b3 + b2 * f3
        m1, m2 = m1 * (1.0 - f2), m2 + m1 * f2
        m2, m3 = m2 * (1.0 - f3), m3 + m2 * f3
        d2, d3 = d2 * (1.0 - f3), d3 + d2 * f3
    return Kinetics(
        (f1, f2, f3),
        ((b0, b1, b2, b3), (0.0, m1, m2, m3), (0.0, 0.0, d2, d3)),
        (b1 + 2.0 * b2 + 3.0 * b3, m2 + 2.0 * m3, d3),
    )


ROUNDS = 30
STEADY = 1e-8
"""Last rounds between off-gas and liquor that stays, and the move that ends them, kmol/kmol."""

LEAST_LEFT = 1e-6
"""Share of the organics that stay as liquor, at least, kmol/kmol; where even so little boils away
faster than the off-gas carries it, nothing else stays."""

NARROWINGS = 100
"""Steps for the share that stays, where rounds have not ended."""

ALIKE = 1e-9
"""Rounds for what it is made of end when its ratios to the off-gas move by less, relative."""

HELD = 1e-11
"""Deviation from the liquor's ratio that ends the search for the conversion, kmol/kmol of feed."""

AS_DRAWN = 1e-3
"""Deviation of the chlorine served from the one drawn, kg/kg, up to which the off-gas carries the
shares that it would with all of it: a unit is asked with the draws of its last recipe first."""

LARGEST = 0.99
"""Bound on the conversion that holds the liquor's ratio."""

EVAPORATED = 4.5e4
"""What warms a kmol of the organics to the boil and evaporates it, at least, kJ/kmol."""

REACH = 30.0
"""By which the vapour is hotter than the cooling water at least, K."""


@dataclass(frozen=True, kw_only=True)
class OverheadCondenser:
    """Condenser of the boiling chlorinator's vapour; what it leaves uncondensed is the off-gas.

    Horizontal, its tubes are partly flooded by condensate and partly blanketed by hydrogen
    chloride that nothing sweeps out; only ``effective_fraction`` of them work. In a vertical
    in-tube condenser the gas sweeps every tube.
    """

    area: float = quantity("m2", "tube surface", 0.0, 1e4)
    heat_transfer_coefficient: float = quantity(
        "W/m2/K", "overall coefficient of tubes that work", 0.0, 1e4
    )
    effective_fraction: float = quantity("1", "tubes neither flooded nor blanketed", 0.0, 1.0)
    cooling_water: float = quantity("kg/h", "cooling water flow", 1.0, 1e7)

    @property
    def conductance(self) -> float:
        """Overall coefficient times working surface, kJ/h/K."""
        return 3.6 * self.heat_transfer_coefficient * self.area * self.effective_fraction


class Boiled(NamedTuple):
    """Liquor boiling so that its off-gas carries what it was reckoned with."""

    kinetics: Kinetics
    chlorine: float
    """Chlorine drawn for it, kg/h, where the liquor is held."""
    state: Boiling
    carried: Organics
    """Organics in the off-gas, kmol/h."""


class Remnant(NamedTuple):
    """Liquor of which a given share stays, made of what its off-gas leaves."""

    excess: float
    """Off-gas beyond what does not stay, kmol/kmol of the organics."""
    ratios: Organics
    """Of each organic in the off-gas's organics over that in the liquor's, 1."""
    conversion: float
    boiled: Boiled
    missed: float
    """Farthest from each other that an organic's off-gas and what does not stay are, kmol/kmol."""


class Reacted(NamedTuple):
    """What the chlorinator does to its inlets."""

    wanted: Kinetics
    """At the operator's set point, which chlorine is drawn for."""
    kinetics: Kinetics
    """At the conversion that the chlorine served allows."""
    off_gas: Stream
    """Share of each component that leaves with the gas, kg/kg."""
    boiling: Boiling


def at_conversion(unit: Chlorinator, conversion: float) -> Kinetics:
    """Return the yields of the stages at a conversion of benzene, kg/kg."""
    return kinetics(unit.stages, conversion, unit.k1_k2, unit.k2_k3)


def chlorine_row(unit: Chlorinator, full: Kinetics) -> Stream:
    """Return kg of the header's gas drawn per kg of each component of the benzene feed."""
    share = MOLAR_MASS[CHLORINE] * unit.chlorine_purity
    share /= share + MOLAR_MASS[INERT] * (1.0 - unit.chlorine_purity)
    per_kmol = MOLAR_MASS[CHLORINE] / ((1.0 - unit.chlorine_slip) * share)
    row = (
        full.chlorine[0] / MOLAR_MASS[BENZENE] * per_kmol,
        full.chlorine[1] / MOLAR_MASS[MCB] * per_kmol,
        full.chlorine[2] / MOLAR_MASS[DCB] * per_kmol,
        0.0,
    )
    return joined(row, ORGANICS_ONLY)


def chlorine_gas(purity: float) -> Stream:
    """Return the composition of the chlorine header's gas, kg/kg, of a purity in mol/mol."""
    chlorine, inert = purity * MOLAR_MASS[CHLORINE], (1.0 - purity) * MOLAR_MASS[INERT]
    share = chlorine / (chlorine + inert)
    return joined(NONE, (share, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0 - share))


def charge_of(unit: Chlorinator, full: Kinetics, main: Stream, pool: Stream, at: Weather) -> Charge:
    """Return what reacts of a pool at the conversion that ``full`` was made for.

    ``main``: benzene feed, ``pool``: all inlets together, kg/h; ``at``: temperature of the air,
    K, which the feed has.
    """
    b, m, d, t = moles_of(pool)
    need = b * full.chlorine[0] + m * full.chlorine[1] + d * full.chlorine[2]
    (b0, b1, b2, b3), (_, m1, m2, m3), (_, _, d2, d3) = full.made
    made = (b * b0, b * b1 + m * m1, b * b2 + m * m2 + d * d2, b * b3 + m * m3 + d * d3 + t)
    acid = pool[HCL] + need * MOLAR_MASS[HCL]
    liquor = weighted(joined(made, ORGANICS_ONLY), MOLAR_MASS)
    dissolved = min(unit.dissolved_hydrogen_chloride * liquor, acid)
    gas = joined(
        NONE,
        (
            max(pool[CHLORINE] / MOLAR_MASS[CHLORINE] - need, 0.0),
            (acid - dissolved) / MOLAR_MASS[HCL],
            pool[WATER] / MOLAR_MASS[WATER],
            0.0,
            0.0,
            0.0,
            pool[INERT] / MOLAR_MASS[INERT],
        ),
    )
    first, third = b - made[0], made[3] - t
    second = made[2] + third - d
    heats = HEATS_OF_CHLORINATION
    heat = first * heats[0] + second * heats[1] + third * heats[2]
    heat += sensible(main, max(at.air, FREEZING))
    rest = dissolved * HEAT_CAPACITY[HCL] + pool[FECL3] * HEAT_CAPACITY[FECL3]
    rest_slope = dissolved * HEAT_CAPACITY_SLOPE[HCL] + pool[FECL3] * HEAT_CAPACITY_SLOPE[FECL3]
    share = dissolved / acid if acid > 0.0 else 1.0
    return Charge(made, gas, heat, rest, rest_slope, share, need)


def mixed(g: float, last: float, mix: float) -> float:
    """Return a mixture of two rounds, not below nothing."""
    return max(g - mix * (g - last), 0.0)


def held_conversion(
    unit: Chlorinator, main: Stream, carried: Organics, conversion: float
) -> tuple[float, Kinetics]:
    r"""Return the conversion that holds the liquor's ratio while so much is carried off, kg/kg.

    Its yields come with it.

    :math:`m_b(X) - c_b = r M_m/M_b \, [m_m(X) - c_m]`, made less carried by the off-gas.

    ``main``: benzene feed, kg/h; ``carried``: organics in the off-gas, kmol/h; ``conversion``:
    a guess.
    """
    b, m, d, t = moles_of(main)
    ratio, X = unit.liquor_ratio * MOLAR_MASS[MCB] / MOLAR_MASS[BENZENE], conversion
    last, before, found = X, 0.0, at_conversion(unit, X)
    for _ in range(ROUNDS):
        chlorobenzene = b * found.made[0][1] + m * found.made[1][1]
        fault = b * found.made[0][0] - carried[0] - ratio * (chlorobenzene - carried[1])
        if abs(fault) <= HELD * (b + m + d + t):
            break
        per_conversion = b + ratio * max(chlorobenzene - m, 0.1 * b * X) / X
        seen = (before - fault) / (X - last) if last != X else 0.0
        if 0.5 * per_conversion < seen < 2.0 * per_conversion:
            per_conversion = seen
        last, before = X, fault
        X = min(max(X + fault / per_conversion, 1e-9), LARGEST)
        found = at_conversion(unit, X)
    return X, found


def settled(
    unit: Chlorinator, full: Kinetics, main: Stream, pool: Stream, at: Weather, start: Organics,
    held: bool,
) -> Boiled:  # fmt: skip
    r"""Return the boiling state whose off-gas carries what it was reckoned with, and what it does.

    Liquor that stays boils; what stays depends on what the off-gas carries. Rounds
    :math:`c \to g(c)` contract to about a fourteenth; each next one is mixed from the last two so
    that their residuals :math:`r = g - c` cancel as far as they can (Anderson's method, depth 1).
    What does not stand then is found by how much stays (:func:`dwindled`).

    ``full``: the yields; ``main``: benzene feed, ``pool``: all inlets, kg/h; ``start``: a guess of
    what is carried, kmol/h. Where ``held``, the conversion follows in each round, with all the
    chlorine drawn that it takes and instead of the pool.
    """
    c, last, before, X, drawn = start, NONE, NONE, 1.0 - full.made[0][0], 0.0
    charge = charge_of(unit, full, main, pool, at)
    state = NOT_BOILING
    whole = total(joined(moles_of(pool), ORGANICS_ONLY))
    for step in range(ROUNDS + 1):
        if held:
            X, full = held_conversion(unit, main, c, X)
            drawn = weighted(main, chlorine_row(unit, full))
            charge = charge_of(unit, full, main, served(unit, main, drawn), at)
        state = boil(unit.conductance, unit.condenser_water, charge, at, c, state.search)
        g = without(state.boil_up, state.condensed)
        r = (g[0] - c[0], g[1] - c[1], g[2] - c[2], g[3] - c[3])
        if farthest(r) <= STEADY * whole:
            return Boiled(full, drawn * chlorine_gas(unit.chlorine_purity)[CHLORINE], state, c)
        mix = 0.0
        if step > 0:
            d = (r[0] - before[0], r[1] - before[1], r[2] - before[2], r[3] - before[3])
            square = dotted(d, d)
            mix = dotted(r, d) / square if square > 0.0 else 0.0
            if not -1.0 < mix < 1.0:
                mix = 0.0
        following = (
            mixed(g[0], last[0], mix),
            mixed(g[1], last[1], mix),
            mixed(g[2], last[2], mix),
            mixed(g[3], last[3], mix),
        )
        last, before, c = g, r, following
    return dwindled(unit, full, main, pool, at, held)


def farthest(r: Organics) -> float:
    """Return the largest of these, positive or negative."""
    return max(max(abs(r[0]), abs(r[1])), max(abs(r[2]), abs(r[3])))


def dwindled(
    unit: Chlorinator, full: Kinetics, main: Stream, pool: Stream, at: Weather, held: bool
) -> Boiled:
    r"""Return the same where the off-gas carries away most of the liquor.

    The less stays, the more a little more off-gas changes it: rounds swing by
    :math:`1/(1 - s)` of a share :math:`s` that is carried. Over the logarithm of the share that
    stays the off-gas's excess is nearly straight, so it is found between its ends (regula falsi,
    Illinois). Where the heat of chlorination exceeds what evaporates everything there is no such
    share, and the last of the liquor boils: the chlorinator runs dry.
    """
    low, high = log(LEAST_LEFT), 0.0
    first = Remnant(
        0.0, (1.0, 1.0, 1.0, 1.0), 1.0 - full.made[0][0], Boiled(full, 0.0, NOT_BOILING, NONE), 0.0
    )
    now = remnant(unit, main, pool, at, held, high, first)
    most, now = now.excess, remnant(unit, main, pool, at, held, low, now)
    least = now.excess
    if least >= 0.0:
        return now.boiled
    side = 0
    for _ in range(NARROWINGS):
        z = (low * most - high * least) / (most - least)
        now = remnant(unit, main, pool, at, held, z, now)
        if now.missed <= STEADY or not low < z < high:
            break
        if now.excess < 0.0:
            most = 0.5 * most if side < 0 else most
            low, least, side = z, now.excess, -1
        else:
            least = 0.5 * least if side > 0 else least
            high, most, side = z, now.excess, 1
    return now.boiled


def remnant(
    unit: Chlorinator,
    main: Stream,
    pool: Stream,
    at: Weather,
    held: bool,
    z: float,
    before: Remnant,
) -> Remnant:
    """Return the liquor of which the share ``exp(z)`` stays, from another's ratios.

    The ratios of off-gas to liquor hardly depend on the liquor, so rounds for them contract fast.
    """
    ratios, X, left = before.ratios, before.conversion, exp(z)
    full, drawn, state, c = before.boiled.kinetics, 0.0, before.boiled.state, before.boiled.carried
    charge = charge_of(unit, full, main, pool, at)
    whole, g, moved = 1.0, NONE, 1.0
    for _ in range(ROUNDS):
        if held:
            X, full = held_conversion(unit, main, c, X)
            drawn = weighted(main, chlorine_row(unit, full))
            charge = charge_of(unit, full, main, served(unit, main, drawn), at)
        made = charge.made
        liquor = staying(made, ratios, left)
        c = without(made, liquor)
        state = boil(unit.conductance, unit.condenser_water, charge, at, c, state.search)
        g = without(state.boil_up, state.condensed)
        whole = made[0] + made[1] + made[2] + made[3]
        gas = max(g[0] + g[1] + g[2] + g[3], 1e-12 * whole)
        per = left * whole / gas
        last = ratios
        ratios = (
            per * g[0] / liquor[0] if liquor[0] > 0.0 else 1.0,
            per * g[1] / liquor[1] if liquor[1] > 0.0 else 1.0,
            per * g[2] / liquor[2] if liquor[2] > 0.0 else 1.0,
            per * g[3] / liquor[3] if liquor[3] > 0.0 else 1.0,
        )
        moved = farthest(
            (
                ratios[0] - last[0], ratios[1] - last[1],
                ratios[2] - last[2], ratios[3] - last[3],
            )
        )  # fmt: skip
        if moved < ALIKE:
            break
    boiled = Boiled(full, drawn * chlorine_gas(unit.chlorine_purity)[CHLORINE], state, c)
    missed = farthest((g[0] - c[0], g[1] - c[1], g[2] - c[2], g[3] - c[3])) / whole
    excess = (g[0] + g[1] + g[2] + g[3]) / whole - (1.0 - left)
    return Remnant(excess, ratios, X, boiled, missed)


def staying(made: Organics, ratios: Organics, left: float) -> Organics:
    r"""Return what stays of organics where the share ``left`` does, kmol/h.

    :math:`l_i = L m_i / (L + \phi K_i V)`, with the :math:`\phi` that makes their sum :math:`L`
    (1 where the ratios are those of an equilibrium); Newton's method from 0, monotone.

    ``made``: kmol/h; ``ratios``: :math:`K_i`, of off-gas over liquor.
    """
    whole = made[0] + made[1] + made[2] + made[3]
    stay, go = left * whole, (1.0 - left) * whole
    k0, k1, k2, k3 = go * ratios[0], go * ratios[1], go * ratios[2], go * ratios[3]
    phi = 0.0
    a0, a1, a2, a3 = 1.0, 1.0, 1.0, 1.0
    for _ in range(NARROWINGS):
        a0, a1 = 1.0 / (stay + phi * k0), 1.0 / (stay + phi * k1)
        a2, a3 = 1.0 / (stay + phi * k2), 1.0 / (stay + phi * k3)
        x0, x1, x2, x3 = made[0] * a0, made[1] * a1, made[2] * a2, made[3] * a3
        over = x0 + x1 + x2 + x3 - 1.0
        slope = x0 * a0 * k0 + x1 * a1 * k1 + x2 * a2 * k2 + x3 * a3 * k3
        if over < 1e-14 or slope <= 0.0:
            break
        phi += over / slope
    return (stay * made[0] * a0, stay * made[1] * a1, stay * made[2] * a2, stay * made[3] * a3)


def served(unit: Chlorinator, main: Stream, drawn: float) -> Stream:
    """Return benzene feed, so much of the header's gas and the iron for it together, kg/h."""
    gas, iron = chlorine_gas(unit.chlorine_purity), unit.catalyst_ratio * main[BENZENE]
    with_iron = joined(NONE, (0.0, 0.0, 0.0, 0.0, 0.0, iron, 0.0))
    return plus(plus(main, product(evenly(drawn), gas)), with_iron)


def wanted(unit: Chlorinator, main: Stream, at: Weather) -> Boiled:
    r"""Return what the operator's set point comes to if all chlorine that it takes is served.

    0 conversion for the ratio where the feed holds too little benzene for it.

    ``main``: benzene feed, kg/h; ``at``: air and cooling water, K, pressure, Pa.
    """
    full = at_conversion(unit, unit.usual_conversion)
    if unit.holds_liquor and main[BENZENE] > 0.0:
        return settled(unit, full, main, main, at, NONE, True)
    return Boiled(full, 0.0, NOT_BOILING, NONE)


def reacted(unit: Chlorinator, main: Stream, pool: Stream, at: Weather) -> Reacted:
    """Return what the stages make of the inlets, and how it boils.

    ``main``: benzene feed, ``pool``: all inlets, kg/h.
    """
    goal = wanted(unit, main, at)
    full = goal.kinetics
    charge = charge_of(unit, full, main, pool, at)
    have = pool[CHLORINE] / MOLAR_MASS[CHLORINE]
    if charge.need > have * (1.0 + 1e-9):
        # Chlorine used is convex in the conversion, so this never asks for more than there is.
        full = at_conversion(unit, (1.0 - full.made[0][0]) * have / charge.need)
        charge = charge_of(unit, full, main, pool, at)
    state, carried, made = goal.state, goal.carried, charge.made
    if total(charge.gas) <= 0.0 or made[0] + made[1] + made[2] + made[3] <= 0.0:
        state, carried = NOT_BOILING, NONE
    else:
        missing = abs(pool[CHLORINE] - main[CHLORINE] - goal.chlorine)
        if state.T <= 0.0 or missing > AS_DRAWN * goal.chlorine:
            found = settled(unit, full, main, pool, at, carried, False)
            state, carried = found.state, found.carried
    leaves = (
        min(carried[0] / made[0], 1.0) if made[0] > 0.0 else 0.0,
        min(carried[1] / made[1], 1.0) if made[1] > 0.0 else 0.0,
        min(carried[2] / made[2], 1.0) if made[2] > 0.0 else 0.0,
        min(carried[3] / made[3], 1.0) if made[3] > 0.0 else 0.0,
    )
    off_gas = joined(leaves, (1.0, 1.0 - charge.dissolved, 1.0, 0.0, 0.0, 0.0, 1.0))
    return Reacted(goal.kinetics, full, off_gas, state)


@dataclass(frozen=True, kw_only=True)
class Chlorinator(LineUnit):
    r"""Chlorinate benzene in boiling liquor; its heat leaves by vaporisation of organics.

    The operator holds one of two things by the ratio of chlorine to benzene (``control``): the
    ``conversion`` per pass, or the ``liquor_ratio`` of benzene to chlorobenzene in the liquor that
    leaves, which its density tells. In the second case better cooling, which returns more benzene,
    is answered with more chlorine. Yields: see :func:`kinetics`. Boil-up by heat balance: heat of
    chlorination less what warms liquor and gas equals vaporisation plus reheating of the reflux.
    What boils is the liquor that stays, not all organics made: at the temperature where the
    pressure of its organics (Raoult's law with activities), with the gas
    that bubbles through, makes up the pressure. The off-gas leaves the overhead condenser saturated
    at its outlet temperature over the condensate. With too little chlorine the conversion falls in
    proportion; below one of some 0.07 its heat only warms the liquor, and gas bubbles through it.

    References
    ----------
    fogler-cdp6a for the kinetics; unifac-1975 for the liquor.
    """

    inlets = ("benzene", "chlorine", "catalyst")
    outlets = ("liquor", "gas")
    derived = ("usual_conversion", "holds_liquor", "conductance", "condenser_water")
    drawing = ("chlorine", "catalyst")
    using = ("power", "cooling_water")
    reactions: ClassVar[tuple[tuple[Reaction, int], ...]] = (
        (CHLORINATION, BENZENE),
        (SECOND_CHLORINATION, MCB),
        (THIRD_CHLORINATION, DCB),
    )
    rounds = "stages"

    condenser: OverheadCondenser
    stages: int = quantity("1", "stirred stages in series; fifty are nearly plug flow", 1, 50)
    control: str = quantity(
        "", "what the operator holds by the chlorine", choices=("conversion", "liquor")
    )
    conversion: float = quantity(
        "kg/kg", "conversion of benzene per pass, where that is held", 0.08, 0.9
    )
    liquor_ratio: float = quantity(
        "kg/kg",
        "benzene per chlorobenzene in the liquor that leaves, where that is held",
        0.05,
        8.0,
    )
    k1_k2: float = quantity("1", "rate constant, first over second", 1.0, 1e3)
    k2_k3: float = quantity("1", "rate constant, second over third", 1.0, 1e4)
    chlorine_slip: float = quantity("kg/kg", "chlorine fed that leaves unreacted", 0.0, 0.1)
    chlorine_purity: float = quantity(
        "mol/mol", "chlorine in the header's gas, the rest inert", 0.1, 1.0
    )
    catalyst_ratio: float = quantity("kg/kg", "iron chloride per benzene", 0.0, 0.1)
    dissolved_hydrogen_chloride: float = quantity(
        "kg/kg", "hydrogen chloride in the liquor", 0.0, 0.05
    )
    power: float = quantity("kW", "feed and liquor pumps", 0.0, 1e4)

    @cached_property
    def usual_conversion(self) -> float:
        """Return the conversion per pass to reckon tanks with, kg/kg.

        Where the liquor's ratio :math:`r` is held about :math:`1/(1 + r M_m/M_b)`, which leaves
        out what the off-gas carries and the dichlorobenzene.
        """
        if self.control == "conversion":
            return self.conversion
        return 1.0 / (1.0 + self.liquor_ratio * MOLAR_MASS[MCB] / MOLAR_MASS[BENZENE])

    @property
    def holds_liquor(self) -> bool:
        """Whether the ratio in the liquor is held, not the conversion."""
        return self.control == "liquor"

    @property
    def conductance(self) -> float:
        """Overall coefficient times working surface of the overhead condenser, kJ/h/K."""
        return self.condenser.conductance

    @property
    def condenser_water(self) -> float:
        """Cooling water of the overhead condenser, kg/h."""
        return self.condenser.cooling_water

    @cached_property
    def may_run_dry(self) -> bool:
        """Whether the heat of chlorination evaporates all organics and more at the capacity.

        And whether the rest is more than what the condenser surely gives off, ``REACH`` above its
        water.
        """
        fed = self.capacity / MOLAR_MASS[BENZENE]
        rest = fed * (self.usual_conversion * HEATS_OF_CHLORINATION[0] - EVAPORATED)
        return rest > REACH * min(self.conductance, self.condenser_water * CP_WATER)

    def runs_dry(self, at: Conditions) -> bool:
        """Return whether all organics leave with the off-gas, of benzene at the capacity."""
        main = joined((self.capacity, 0.0, 0.0, 0.0), ORGANICS_ONLY)
        drawn = weighted(main, chlorine_row(self, wanted(self, main, here(at)).kinetics))
        made = reacted(self, main, served(self, main, drawn), here(at))
        goes = zip(made.kinetics.made[0], made.off_gas[:4], strict=True)
        stays = 1.0 - sum(kmol * share for kmol, share in goes)  # of a kmol for one of benzene
        return stays <= 2.0 * LEAST_LEFT

    def chlorine_supply(self) -> Stream:
        """Return the composition of the chlorine header's gas, kg/kg."""
        return chlorine_gas(self.chlorine_purity)

    def reacted(self, inlets: Mapping[str, Stream], at: Conditions) -> Reacted:
        """Return what the stages make of the inlets, and how it boils."""
        return reacted(self, inlets["benzene"], pooled(inlets), here(at))

    def answer(self, at: Weather, benzene: Stream, chlorine: Stream, catalyst: Stream) -> Answer:
        """Return liquor and off-gas; draws chlorine and catalyst in proportion to the feed."""
        made = reacted(self, benzene, plus(plus(benzene, chlorine), catalyst), at)
        fed, iron = total(benzene), self.catalyst_ratio
        power, water = 0.0, 0.0
        if fed > 0.0:
            power, water = self.power / fed, self.condenser_water / fed
        return Answer(
            splits=(remaining(made.off_gas), made.off_gas),
            draws=(
                chlorine_row(self, made.wanted),
                joined((iron, 0.0, 0.0, 0.0), ORGANICS_ONLY),
            ),
            uses=(power, water),
            fractions=made.kinetics.fractions,
        )

    def heat(self, inlets: Mapping[str, Stream], at: Conditions) -> Heat:
        """Return temperatures, and what the overhead condenser passes to its water."""
        state = self.reacted(inlets, at).boiling
        if state.T <= 0.0:
            return Heat(REFERENCE, settled=SURROUNDINGS)
        cooling = 0.0  # of a condenser without surface, or liquor colder than the water
        if state.T_gas < state.T:
            cooling = exchanged(
                *(state.duty, state.T, state.T_gas, at["cooling_water"]),
                *(self.conductance, self.condenser_water, 1),
            )
        return Heat(
            REFERENCE,
            inlets={"benzene": max(at["air"], FREEZING)},
            outlets={"liquor": state.T, "gas": state.T_gas},
            cooling=cooling,
        )
