"""Boiling chlorination of benzene in stirred stages, its kinetics and its overhead condenser."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import exp, log
from operator import mul
from typing import NamedTuple

from plant_models.chlorobenzene.substances.chemistry import (
    BENZENE,
    CHLORINATION,
    CHLORINE,
    COMPONENTS,
    DCB,
    FECL3,
    HCL,
    INERT,
    MCB,
    ORGANICS,
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
    R,
    heat_of_vaporisation,
    latent_heats,
    vapour_pressures,
)
from plant_models.chlorobenzene.units.condensation import NONE, exchanged, flash, outlet_temperature
from plant_models.chlorobenzene.units.heat import SURROUNDINGS, Heat
from sim.model.parameters import quantity
from sim.network.unit import Conditions, Conversion, Recipe, Stream, Unit

_SIZE = len(COMPONENTS)


@dataclass(frozen=True, slots=True, eq=False)
class Kinetics:
    """What the stages make of one kmol of benzene, chlorobenzene, dichlorobenzene each."""

    conversions: tuple[Conversion, ...]
    made: tuple[Organics, Organics, Organics]
    """Organics that leave per kmol of benzene, chlorobenzene, dichlorobenzene fed, kmol."""
    chlorine: tuple[float, float, float]
    """Chlorine used per kmol fed, kmol."""


@lru_cache(maxsize=512)
def kinetics(stages: int, conversion: float, k1_k2: float, k2_k3: float) -> Kinetics:
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
    one = (
        Conversion(CHLORINATION, BENZENE, f1),
        Conversion(SECOND_CHLORINATION, MCB, f2),
        Conversion(THIRD_CHLORINATION, DCB, f3),
    )
    made = []
    for fed in ((1.0, 0.0, 0.0, 0.0), (0.0, 1.0, 0.0, 0.0), (0.0, 0.0, 1.0, 0.0)):
        b, m, d, t = fed
        for _ in range(stages):
            b, m = b * (1.0 - f1), m + b * f1
            m, d = m * (1.0 - f2), d + m * f2
            d, t = d * (1.0 - f3), t + d * f3
        made.append((b, m, d, t))
    b0, m0, d0 = made
    chlorine = (b0[1] + 2 * b0[2] + 3 * b0[3], m0[2] + 2 * m0[3], d0[3])
    return Kinetics(one * stages, (b0, m0, d0), chlorine)


@lru_cache(maxsize=64)
def chlorine_draw(kinetics: Kinetics, per_chlorine: float) -> Stream:
    """Return kg of chlorine header gas per kg of each component of the benzene feed."""
    row = [0.0] * _SIZE
    for i, need in zip((BENZENE, MCB, DCB), kinetics.chlorine, strict=True):
        row[i] = need * MOLAR_MASS[CHLORINE] / MOLAR_MASS[i] * per_chlorine
    return tuple(row)


REFLUX = 20.0
"""Reflux above cooling water, K: a guess that serves the boiling point alone (0.05 K per K)."""

PASSES = 3
"""From 350 K to the boiling point: each pass leaves a twentieth of the error."""

HOTTEST = 480.0
"""Bound on the boiling point for odd liquors, K: properties do not reach further."""

REFLUXES = 8
SETTLED = 1e-7
"""Last passes between boil-up and reflux, and the change of the heat that ends them, kJ/kJ."""

ROUNDS = 30
STEADY = 1e-8
"""Last rounds between off-gas and liquor that stays, and the move that ends them, kmol/kmol."""

HELD = 1e-11
"""Deviation from the liquor's ratio that ends the search for the conversion, kmol/kmol of feed."""

AS_DRAWN = 1e-9
"""Deviation of the chlorine served from the one drawn that counts as none, kg/kg."""

LARGEST = 0.99
"""Bound on the conversion that holds the liquor's ratio."""

NON_IDEALITY = 0.053
"""Of benzene with chlorinated benzenes at 350 K: :math:`\\ln\\gamma = A (1-x)^2`, both ways.

One constant for UNIFAC (unifac-1975), which gives chlorobenzene 1.049 in 95 % benzene. What boils
is so rich in chlorobenzene that it counts for 2 % of that in the off-gas.
"""

LEAST = 0.05
"""Least boil-up that is modelled, kmol per kmol gas: below it the liquor does not boil."""

_CP = tuple(map(mul, HEAT_CAPACITY, MOLAR_MASS))
_SLOPE = tuple(map(mul, HEAT_CAPACITY_SLOPE, MOLAR_MASS))
_LIQUIDS = tuple((_CP[i], _SLOPE[i]) for i in ORGANICS)
"""Heat capacities at 25 degC and their slopes, kJ/kmol/K and kJ/kmol/K2."""


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


@dataclass(frozen=True, slots=True)
class Boiling:
    """Boiling liquor under its condenser: temperatures K, organics kmol/h."""

    T: float
    boil_up: Organics
    T_gas: float
    """Temperature at which the off-gas leaves the overhead condenser, K."""
    condensed: Organics
    """What the overhead condenser returns; the rest of the boil-up is in the off-gas."""
    duty: float
    """Heat that the vapour gives off in the overhead condenser, kJ/h."""

    @property
    def carried(self) -> Organics:
        """Organics in the off-gas, kmol/h."""
        n, k = self.boil_up, self.condensed
        return (
            max(n[0] - k[0], 0.0),
            max(n[1] - k[1], 0.0),
            max(n[2] - k[2], 0.0),
            max(n[3] - k[3], 0.0),
        )


class Reacted(NamedTuple):
    """What the chlorinator does to its inlets."""

    wanted: Kinetics
    """At the operator's set point, which chlorine is drawn for."""
    kinetics: Kinetics
    """At the conversion that the chlorine served allows."""
    off_gas: Stream
    """Share of each component that leaves with the gas, kg/kg."""
    boiling: Boiling | None
    """None without gas, or without liquor."""


class Charge(NamedTuple):
    """What reacts in the stages at one conversion, before anything boils."""

    made: Organics
    """Organics that leave the stages, with liquor and off-gas together, kmol/h."""
    gas: Stream
    """Gas that bubbles through, kmol/h by component; its water enters liquid."""
    heat: float
    """Heat of chlorination at 25 degC and the feed's heat above it, kJ/h."""
    rest: float
    """Heat capacity rate of what else leaves with the liquor, kJ/h/K."""
    dissolved: float
    """Share of the hydrogen chloride that the liquor keeps, kg/kg."""
    need: float
    """Chlorine that reacts, kmol/h."""


class Wanted(NamedTuple):
    """What the operator's set point comes to if all chlorine that it takes is served."""

    kinetics: Kinetics
    chlorine: float = 0.0
    """That chlorine, kg/h; like what follows, where the liquor is held."""
    state: Boiling | None = None
    carried: Organics = NONE
    """Organics in the off-gas, kmol/h."""


def settled(
    round_: Callable[[Organics], Boiling], total: float, start: Organics = NONE
) -> tuple[Boiling, Organics]:
    r"""Return the boiling state whose off-gas carries what it was reckoned with, and what it does.

    Liquor that stays boils; what stays depends on what the off-gas carries. Rounds
    :math:`c \to g(c)` contract to about a fourteenth; each next one is mixed from the last two so
    that their residuals :math:`r = g - c` cancel as far as they can (Anderson's method, depth 1).

    ``round_``: from organics in the off-gas (kmol/h) to the state that they leave; ``total``:
    organics in all, kmol/h; ``start``: a guess.
    """
    c, last, before = start, NONE, NONE
    state = round_(c)
    for step in range(ROUNDS):
        g = state.carried
        r = (g[0] - c[0], g[1] - c[1], g[2] - c[2], g[3] - c[3])
        if max(map(abs, r)) <= STEADY * total:
            break
        following = g
        if step:
            d = (r[0] - before[0], r[1] - before[1], r[2] - before[2], r[3] - before[3])
            square = sum(map(mul, d, d))
            mix = sum(map(mul, r, d)) / square if square > 0.0 else 0.0
            if -1.0 < mix < 1.0:
                a, b, e, f = (y - mix * (y - z) for y, z in zip(g, last, strict=True))
                following = (max(a, 0.0), max(b, 0.0), max(e, 0.0), max(f, 0.0))
        last, before, c = g, r, following
        state = round_(c)
    return state, c


@dataclass(frozen=True, kw_only=True)
class Chlorinator(Unit):
    r"""Chlorinate benzene in boiling liquor; its heat leaves by vaporisation of organics.

    The operator holds one of two things by the ratio of chlorine to benzene (``control``): the
    ``conversion`` per pass, or the ``liquor_ratio`` of benzene to chlorobenzene in the liquor that
    leaves, which its density tells. In the second case better cooling, which returns more benzene,
    is answered with more chlorine. Yields: see :func:`kinetics`. Boil-up by heat balance: heat of
    chlorination less what warms liquor and gas equals vaporisation plus reheating of the reflux.
    What boils is the liquor that stays, not all organics made: at the temperature where the
    pressure of its organics (Raoult's, with the little that ``NON_IDEALITY`` adds), with the gas
    that bubbles through, makes up the pressure. The off-gas leaves the overhead condenser saturated
    at its outlet temperature over the condensate. With too little chlorine the conversion falls in
    proportion.

    References
    ----------
    fogler-cdp6a for the kinetics; unifac-1975 for the liquor.
    """

    inlets = ("benzene", "chlorine", "catalyst")
    outlets = ("liquor", "gas")

    condenser: OverheadCondenser
    stages: int = quantity("1", "stirred stages in series; fifty are nearly plug flow", 1, 50)
    control: str = quantity(
        "", "what the operator holds by the chlorine", choices=("conversion", "liquor")
    )
    conversion: float = quantity(
        "kg/kg", "conversion of benzene per pass, where that is held", 0.0, 0.9
    )
    liquor_ratio: float = quantity(
        "kg/kg",
        "benzene per chlorobenzene in the liquor that leaves, where that is held",
        0.05,
        100.0,
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

    @property
    def usual_conversion(self) -> float:
        """Return the conversion per pass to reckon tanks with, kg/kg.

        Where the liquor's ratio :math:`r` is held about :math:`1/(1 + r M_m/M_b)`, which leaves
        out what the off-gas carries and the dichlorobenzene.
        """
        if self.control == "conversion":
            return self.conversion
        return 1.0 / (1.0 + self.liquor_ratio * MOLAR_MASS[MCB] / MOLAR_MASS[BENZENE])

    def chlorine_supply(self) -> Stream:
        """Return the composition of the chlorine header's gas, kg/kg."""
        kg = [0.0] * _SIZE
        kg[CHLORINE] = self.chlorine_purity * MOLAR_MASS[CHLORINE]
        kg[INERT] = (1.0 - self.chlorine_purity) * MOLAR_MASS[INERT]
        total = sum(kg)
        return tuple([a / total for a in kg])

    def boil(self, charge: Charge, at: Conditions, carried: Organics = NONE) -> Boiling:
        """Return the state of the boiling liquor, of which so much leaves with the off-gas.

        Parameters
        ----------
        charge : Charge
            What reacts; see there.
        at : Conditions
            Pressure, Pa; temperature of the cooling water, K.
        carried : Organics
            Organics in the off-gas, kmol/h: what boils is the rest. See :func:`settled`.
        """
        made, gas, heat, rest, _, _ = charge
        P, T_water = at["pressure"], at["cooling_water"]
        dry, steam = sum(gas), gas[WATER]
        s0, s1 = max(made[0] - carried[0], 0.0), max(made[1] - carried[1], 0.0)
        s2, s3 = max(made[2] - carried[2], 0.0), max(made[3] - carried[3], 0.0)
        total = s0 + s1 + s2 + s3
        if total <= 0.0:  # all of it evaporates
            (s0, s1, s2, s3), total = made, sum(made)
        x = (s0 / total, s1 / total, s2 / total, s3 / total)
        gas_cp, gas_slope = sum(map(mul, gas, _CP)), sum(map(mul, gas, _SLOPE))
        cp = rest + gas_cp + sum(map(mul, made, _CP))
        slope = 0.5 * (gas_slope + sum(map(mul, made, _SLOPE)))
        light = exp(NON_IDEALITY * (1.0 - x[0]) ** 2)
        heavy = exp(NON_IDEALITY * x[0] * x[0])
        a = (x[0] * light, x[1] * heavy, x[2] * heavy, x[3] * heavy)
        T, y, left, latent = 350.0, x, 0.0, 1.0
        for _ in range(PASSES):
            p = vapour_pressures(T)
            q = (a[0] * p[0], a[1] * p[1], a[2] * p[2], a[3] * p[3])
            s = q[0] + q[1] + q[2] + q[3]
            y = (q[0] / s, q[1] / s, q[2] / s, q[3] / s)
            latent = sum(map(mul, y, latent_heats(T)))
            reheat = sum(map(mul, y, _CP))
            above = T - REFERENCE
            left = heat - above * (cp + slope * above) - steam * heat_of_vaporisation(WATER, T)
            ratio = max(left / (latent + reheat * (T - T_water - REFLUX)) / dry, LEAST)
            # Clausius-Clapeyron: Newton's step towards the bubble point, within 5 %.
            step = R * T / latent * log(s * (1.0 + ratio) / (P * ratio))
            T = min(T / max(1.0 + step, 0.7), HOTTEST)
        above, vapour = T - REFERENCE, heat_of_vaporisation(WATER, T)
        latent = sum(map(mul, y, latent_heats(T)))
        left = heat - above * (cp + slope * above) - steam * vapour
        left = max(left, LEAST * dry * latent)
        liquid, boiled, short, missed, given = NONE, NONE, 0.0, 0.0, 0.0
        (a0, b0), (a1, b1), (a2, b2), (a3, b3) = _LIQUIDS
        y0, y1, y2, y3 = y

        def duty(out: float) -> float:
            """Take over what the gas kept from being reheated (``short``) from the last call."""
            nonlocal liquid, boiled, short, missed, given
            colder, middle = T - out, 0.5 * (T + out) - REFERENCE
            h0, h1 = (a0 + b0 * middle) * colder, (a1 + b1 * middle) * colder
            h2, h3 = (a2 + b2 * middle) * colder, (a3 + b3 * middle) * colder
            n = (left + short) / (latent + y0 * h0 + y1 * h1 + y2 * h2 + y3 * h3)
            n0, n1, n2, n3 = boiled = (n * y0, n * y1, n * y2, n * y3)
            l0, l1, l2, l3 = liquid = flash(boiled, dry, out, P, sum(liquid))
            g0, g1, g2, g3 = n0 - l0, n1 - l1, n2 - l2, n3 - l3
            kept = g0 * h0 + g1 * h1 + g2 * h2 + g3 * h3
            missed, short = kept - short, kept
            k0, k1, k2, k3 = latent_heats(out)
            given = left + kept + (gas_cp + gas_slope * middle) * colder
            given -= g0 * k0 + g1 * k1 + g2 * k2 + g3 * k3
            given += steam * (vapour - heat_of_vaporisation(WATER, out))
            return float(given)

        condenser = self.condenser
        T_gas = outlet_temperature(duty, T, T_water, condenser.conductance, condenser.cooling_water)
        for _ in range(REFLUXES):
            if boiled is not NONE and abs(missed) < SETTLED * left:
                break
            given = duty(T_gas)
        return Boiling(T, boiled, T_gas, liquid, given)

    def charge(self, full: Kinetics, main: Stream, pool: Sequence[float], at: Conditions) -> Charge:
        """Return what reacts of a pool at the conversion that ``full`` was made for.

        ``main``: benzene feed, ``pool``: all inlets together, kg/h; ``at``: temperature of the air,
        K, which the feed has.
        """
        b, m, d, t = (pool[i] / MOLAR_MASS[i] for i in ORGANICS)
        need = b * full.chlorine[0] + m * full.chlorine[1] + d * full.chlorine[2]
        (b0, b1, b2, b3), (_, m1, m2, m3), (_, _, d2, d3) = full.made
        made = (b * b0, b * b1 + m * m1, b * b2 + m * m2 + d * d2, b * b3 + m * m3 + d * d3 + t)
        acid = pool[HCL] + need * MOLAR_MASS[HCL]
        liquor = sum([a * MOLAR_MASS[i] for a, i in zip(made, ORGANICS, strict=True)])
        dissolved = min(self.dissolved_hydrogen_chloride * liquor, acid)
        gas = [0.0] * _SIZE
        gas[HCL] = (acid - dissolved) / MOLAR_MASS[HCL]
        gas[CHLORINE] = max(pool[CHLORINE] / MOLAR_MASS[CHLORINE] - need, 0.0)
        gas[WATER] = pool[WATER] / MOLAR_MASS[WATER]
        gas[INERT] = pool[INERT] / MOLAR_MASS[INERT]
        first, third = b - made[0], made[3] - t
        second = made[2] + third - d
        heats = HEATS_OF_CHLORINATION
        heat = first * heats[0] + second * heats[1] + third * heats[2]
        heat += sensible(main, max(at["air"], FREEZING))
        rest = dissolved * HEAT_CAPACITY[HCL] + pool[FECL3] * HEAT_CAPACITY[FECL3]
        share = dissolved / acid if acid > 0.0 else 1.0
        return Charge(made, tuple(gas), heat, rest, share, need)

    def at_conversion(self, conversion: float) -> Kinetics:
        """Return the yields of the stages at a conversion of benzene, kg/kg."""
        return kinetics(self.stages, conversion, self.k1_k2, self.k2_k3)

    def chlorine_row(self, full: Kinetics) -> Stream:
        """Return kg of the header's gas drawn per kg of each component of the benzene feed."""
        share = MOLAR_MASS[CHLORINE] * self.chlorine_purity
        share /= share + MOLAR_MASS[INERT] * (1.0 - self.chlorine_purity)
        return chlorine_draw(full, 1.0 / ((1.0 - self.chlorine_slip) * share))

    def wanted(self, main: Stream, at: Conditions) -> Wanted:
        r"""Return what the operator's set point comes to.

        Where the liquor is held, the conversion :math:`X` is that at which
        :math:`m_b(X) - c_b = r M_m/M_b \, [m_m(X) - c_m]`, made less carried by the off-gas, with
        all the chlorine drawn. 0 where the feed holds too little benzene for the ratio.

        ``main``: benzene feed, kg/h; ``at``: air and cooling water, K, pressure, Pa.
        """
        if self.control == "conversion":
            return Wanted(self.at_conversion(self.conversion))
        b, m = main[BENZENE] / MOLAR_MASS[BENZENE], main[MCB] / MOLAR_MASS[MCB]
        total = sum([main[i] / MOLAR_MASS[i] for i in ORGANICS])
        ratio = self.liquor_ratio * MOLAR_MASS[MCB] / MOLAR_MASS[BENZENE]
        full = self.at_conversion(self.usual_conversion)
        if b <= 0.0:
            return Wanted(full)
        X, drawn = self.usual_conversion, 0.0
        supply, iron = self.chlorine_supply(), self.catalyst_ratio * main[BENZENE]

        def held(carried: Organics) -> Kinetics:
            nonlocal X
            for _ in range(ROUNDS):
                found = self.at_conversion(X)
                chlorobenzene = b * found.made[0][1] + m * found.made[1][1]
                fault = b * found.made[0][0] - carried[0] - ratio * (chlorobenzene - carried[1])
                if abs(fault) <= HELD * total:
                    break
                per_conversion = b + ratio * max(chlorobenzene - m, 0.1 * b * X) / X
                X = min(max(X + fault / per_conversion, 1e-9), LARGEST)
            return found

        def round_(carried: Organics) -> Boiling:
            nonlocal full, drawn
            full = held(carried)
            drawn = sum(map(mul, main, self.chlorine_row(full)))
            pool = [a + drawn * c for a, c in zip(main, supply, strict=True)]
            pool[FECL3] += iron
            return self.boil(self.charge(full, main, pool, at), at, carried)

        state, carried = settled(round_, total)
        return Wanted(full, drawn * supply[CHLORINE], state, carried)

    def reacted(self, inlets: Mapping[str, Stream], at: Conditions) -> Reacted:
        """Return what the stages make of the inlets, and how it boils."""
        main = inlets["benzene"]
        others = zip(main, inlets["chlorine"], inlets["catalyst"], strict=True)
        pool = [a + b + c for a, b, c in others]
        wanted = self.wanted(main, at)
        full = wanted.kinetics
        charge = self.charge(full, main, pool, at)
        have = pool[CHLORINE] / MOLAR_MASS[CHLORINE]
        if charge.need > have * (1.0 + 1e-9):
            # Chlorine used is convex in the conversion, so this never asks for more than there is.
            full = self.at_conversion((1.0 - full.made[0][0]) * have / charge.need)
            charge = self.charge(full, main, pool, at)
        off_gas = [0.0] * _SIZE
        off_gas[CHLORINE] = off_gas[WATER] = off_gas[INERT] = 1.0
        off_gas[HCL] = 1.0 - charge.dissolved
        state, total = None, sum(charge.made)
        if sum(charge.gas) > 0.0 and total > 0.0:
            state, carried = wanted.state, wanted.carried
            if state is None or abs(pool[CHLORINE] - main[CHLORINE] - wanted.chlorine) > (
                AS_DRAWN * wanted.chlorine
            ):
                state, carried = settled(lambda c: self.boil(charge, at, c), total, carried)
            for i, leaves, made in zip(ORGANICS, carried, charge.made, strict=True):
                off_gas[i] = min(leaves / made, 1.0) if made > 0.0 else 0.0
        return Reacted(wanted.kinetics, full, tuple(off_gas), state)

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        """Return liquor and off-gas; draws chlorine and catalyst in proportion to the feed."""
        main = inlets["benzene"]
        made = self.reacted(inlets, at)
        total = sum(main)
        catalyst = [0.0] * _SIZE
        catalyst[BENZENE] = self.catalyst_ratio
        return Recipe(
            splits={"liquor": tuple([1.0 - a for a in made.off_gas]), "gas": made.off_gas},
            draws={"chlorine": self.chlorine_row(made.wanted), "catalyst": tuple(catalyst)},
            conversions=made.kinetics.conversions,
            uses={
                "power": self.power / total,
                "cooling_water": self.condenser.cooling_water / total,
            }
            if total > 0.0
            else {},
        )

    def heat(self, inlets: Mapping[str, Stream], at: Conditions) -> Heat:
        """Return temperatures, and what the overhead condenser passes to its water."""
        state = self.reacted(inlets, at).boiling
        if state is None:
            return Heat(REFERENCE, settled=SURROUNDINGS)
        condenser = self.condenser
        cooling = exchanged(
            *(state.duty, state.T, state.T_gas, at["cooling_water"]),
            *(condenser.conductance, condenser.cooling_water, 1),
        )
        return Heat(
            REFERENCE,
            inlets={"benzene": max(at["air"], FREEZING)},
            outlets={"liquor": state.T, "gas": state.T_gas},
            cooling=cooling,
        )
