"""Closed forms that generic units share, against definitions, SciPy and the package chemicals."""

import math
from itertools import permutations

import numpy as np
import pytest
from chemicals import identifiers, rachford_rice, vapor_pressure
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp
from scipy.optimize import brentq, fsolve

from plant_models import units
from plant_models.chlorobenzene.units.shortcut import overhead_fractions
from plant_models.units.laws import equilibrium, kinetics, shortcut, stages
from plant_models.units.properties import antoine, dippr101

some = st.floats(0.01, 100.0)


def constants(*of):
    return np.array(of).T


def test_antoine_is_that_of_the_package_chemicals():
    """Water of Gmehling and Onken: log10 p/mmHg = 8.07131 - 1730.63 / (T/degC + 233.426)."""
    c = constants(
        antoine({"A": 8.07131, "B": 1730.63, "C": 233.426, "pressure": "mmHg",
                 "temperature": "degC"})
    )  # fmt: skip
    for celsius in (5.0, 60.0, 100.0):
        theirs = vapor_pressure.Antoine(celsius, 8.07131, 1730.63, 233.426) * 101325.0 / 760.0
        found = equilibrium.vapour_pressure(c, 0, celsius + 273.15)
        assert found == pytest.approx(theirs, rel=1e-9)


def test_dippr_101_is_that_of_the_package_chemicals():
    five = [73.304, -7122.3, -7.1424, 2.8853e-6, 2.0]
    c = constants(dippr101(five))
    from chemicals.dippr import EQ101

    for T in (280.0, 350.0, 420.0):
        assert equilibrium.vapour_pressure(c, 0, T) == pytest.approx(EQ101(T, *five), rel=1e-12)


@pytest.mark.parametrize("T", [60.0, 173.0, 173.15, 173.2])
def test_below_the_pole_of_antoine_s_equation_hardly_anything_evaporates(T):
    """log10 p = 7 - 1700 / (t + 100) would rise beyond all bounds below -100 degC."""
    heavy = {"A": 7.0, "B": 1700.0, "C": 100.0, "pressure": "mmHg", "temperature": "degC"}
    c = constants(antoine(heavy))
    assert equilibrium.vapour_pressure(c, 0, T) < 1e-200
    assert 0.0 < equilibrium.heat_of_vaporisation(c, 0, T, 128.0) < math.inf


def test_the_heat_of_vaporisation_is_the_slope_of_the_vapour_pressure():
    """Clausius and Clapeyron, by a difference; water at 100 degC: 2,257 kJ/kg, some 5 % less."""
    c = constants(dippr101([73.649, -7258.2, -7.3037, 4.1653e-6, 2.0]))
    T, h = 373.15, 1e-3
    log_p = [math.log(equilibrium.vapour_pressure(c, 0, T + d)) for d in (-h, h)]
    slope = (log_p[1] - log_p[0]) / (2 * h)
    found = equilibrium.heat_of_vaporisation(c, 0, T, 18.015)
    assert found == pytest.approx(equilibrium.R * T * T * slope / 18.015, rel=1e-6)
    assert found == pytest.approx(2257.0, rel=0.06)


@given(st.lists(st.tuples(some, some), min_size=2, max_size=6))
def test_rachford_and_rice_is_solved_as_the_package_chemicals_does(pairs):
    amounts, K = zip(*pairs, strict=True)
    z = [amount / sum(amounts) for amount in amounts]
    V = equilibrium.rachford_rice(z, K)
    boils = sum(x * k for x, k in zip(z, K, strict=True)) > 1.0
    condenses = sum(x / k for x, k in zip(z, K, strict=True)) > 1.0
    if not boils or not condenses:
        assert V in (0.0, 1.0) or pytest.approx(round(V), abs=1e-9) == V
    elif max(K) - min(K) > 1e-3:
        theirs = rachford_rice.flash_inner_loop(list(z), list(K))[0]
        assert pytest.approx(theirs, abs=1e-8) == V


def test_the_bubble_point_of_a_mixture_is_where_its_pressures_add_up():
    c = constants(
        dippr101([73.304, -7122.3, -7.1424, 2.8853e-6, 2.0]),
        dippr101([73.649, -7258.2, -7.3037, 4.1653e-6, 2.0]),
    )
    n = (0.3, 0.7)
    T = equilibrium.bubble_point(n, np.ones(len(n)), c, 101325.0)
    by_brent = brentq(
        lambda T: sum(x * equilibrium.vapour_pressure(c, i, T) for i, x in enumerate(n)) - 101325.0,
        300.0,
        400.0,
    )
    assert pytest.approx(by_brent, abs=1e-6) == T


@given(st.floats(0.01, 50.0), st.integers(1, 12), st.floats(0.05, 1.0), some, some)
def test_stages_are_the_solution_of_their_balances(factor, count, efficiency, given_, brought):
    """Each stage mixes what enters; the linear equations of all stages are solved at once."""
    a, b = efficiency * factor / (1 + factor), efficiency / (1 + factor)
    A, rhs = np.eye(2 * count), np.zeros(2 * count)  # giving phase of each stage, then taking
    for j in range(count):
        g, t = j, count + j
        if j > 0:
            A[g, g - 1] -= 1 - a
            A[t, g - 1] -= a
        else:
            rhs[g] += (1 - a) * given_
            rhs[t] += a * given_
        if j < count - 1:
            A[g, t + 1] -= b
            A[t, t + 1] -= 1 - b
        else:
            rhs[g] += b * brought
            rhs[t] += (1 - b) * brought
    leaves = np.linalg.solve(A, rhs)[count - 1]
    found = stages.exchanged(given_, brought, factor, count, efficiency)
    assert found * (given_ + brought) == pytest.approx(leaves, rel=1e-6)


@given(st.floats(0.01, 50.0), st.integers(1, 20))
def test_full_stages_are_kremsers_law(factor, count):
    """F = (A - 1) / (A^(N+1) - 1)."""
    by_kremser = stages.left_after(factor, count)
    assert stages.exchanged(1.0, 0.0, factor, count, 1.0) == pytest.approx(by_kremser, rel=1e-5)


@given(st.floats(1.2, 6.0), st.floats(0.1, 0.9))
def test_the_least_reflux_of_two_components_is_underwoods_closed_form(alpha, z):
    """R = 1 / ((alpha - 1) z) for a pure distillate of boiling feed."""
    theta = shortcut.underwood((z, 1.0 - z), (alpha, 1.0), 0, 1)
    reflux = alpha * z / (alpha - theta) / z - 1.0
    assert reflux == pytest.approx(1.0 / ((alpha - 1.0) * z), rel=1e-6)


def test_at_total_reflux_the_split_is_fenskes():
    """(d/b)_light / (d/b)_heavy = alpha^N."""
    kg, mass, alpha = (50.0, 50.0), (78.0, 92.0), (2.4, 1.0)
    shares = shortcut.overhead(kg, mass, alpha, 0, 1, 8, 1e9, 0.02)
    ratio = shares[0] / (1 - shares[0]) / (shares[1] / (1 - shares[1]))
    assert ratio == pytest.approx(2.4**8, rel=1e-4)
    left = [kg[i] * (1 - shares[i]) for i in range(2)]
    assert left[0] / sum(left) == pytest.approx(0.02, rel=1e-6)


def test_the_column_of_any_components_is_that_of_the_chlorobenzene_line():
    """The same physics written for its four organics, where nothing is lighter than the key."""
    alpha, kg = (5.2, 1.0, 0.28, 0.09), (4120.5, 2445.5, 127.3, 0.2)
    from plant_models.chlorobenzene.substances.properties import MOLAR_MASS

    theirs = overhead_fractions(kg, alpha, (0, 1), 12.0, 0.8, 0.004)
    ours = shortcut.overhead(kg, MOLAR_MASS[:4], alpha, 0, 1, 12.0, 0.8, 0.004)
    assert ours[0] == pytest.approx(theirs[0], rel=2e-4)
    assert ours[1] == pytest.approx(theirs[1], rel=2e-3)


SERIES = np.array([[-1.0, 1.0, 0.0], [0.0, -1.0, 1.0]])


@settings(max_examples=30)
@given(st.floats(1e-3, 1e4), st.floats(1e-3, 1e4), st.floats(0.1, 100.0))
def test_a_series_of_reactions_in_a_stirred_tank_is_its_closed_form(k1, k2, tau):
    """A -> B -> C: a = 1 / (1 + k1 tau), b = k1 tau a / (1 + k2 tau)."""
    orders = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    one, two = kinetics.stirred_tank((5.0, 0.0, 0.0), 2.0, 2.0 * tau, (k1, k2), SERIES, orders)
    a = 5.0 / (1 + k1 * tau)
    assert 5.0 - one == pytest.approx(a, rel=1e-6)
    assert one - two == pytest.approx(k1 * tau * a / (1 + k2 * tau), rel=1e-5, abs=1e-11)


@given(st.floats(1e-2, 1e3), st.floats(0.1, 10.0), st.floats(0.1, 10.0))
def test_a_second_order_reaction_in_a_stirred_tank_is_the_root_of_its_quadratic(k, a, b):
    orders = np.array([[1.0, 1.0, 0.0]])
    nu = np.array([[-1.0, -1.0, 1.0]])
    (extent,) = kinetics.stirred_tank((a, b, 0.0), 1.0, 1.0, (k,), nu, orders)
    p = a + b + 1.0 / k  # x = k (a - x) (b - x)
    assert extent == pytest.approx(2 * a * b / (p + math.sqrt(p * p - 4 * a * b)), rel=1e-8)


def test_a_reversible_network_in_a_stirred_tank_is_what_scipy_finds():
    nu = np.array([[-1.0, 1.0, 0.0], [1.0, -1.0, 0.0], [0.0, -2.0, 1.0]])
    orders = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 2.0, 0.0]])
    n, k, flow, volume = np.array([4.0, 0.5, 0.0]), np.array([3.0, 1.5, 0.2]), 1.5, 2.0
    extents = kinetics.stirred_tank(n, flow, volume, k, nu, orders)
    held = n + extents @ nu

    def missed(c):
        return c * flow - n - volume * (k * np.prod(c**orders, axis=1)) @ nu

    known = fsolve(missed, n / flow)
    assert held / flow == pytest.approx(known, rel=1e-8)


@settings(max_examples=10)
@given(st.floats(1e-3, 1e3), st.floats(1e-3, 1e3))
def test_a_series_of_reactions_in_a_batch_is_its_closed_form(k1, k2):
    """Of B there is k1 / (k2 - k1) (exp(-k1 t) - exp(-k2 t))."""
    if abs(k1 - k2) < 1e-3 * k1:
        k2 *= 1.1
    orders = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    one, two = kinetics.batch((5.0, 0.0, 0.0), 2.0, 1.5, (k1, k2), SERIES, orders)
    a = 5.0 * math.exp(-1.5 * k1)
    b = 5.0 * k1 / (k2 - k1) * (math.exp(-1.5 * k1) - math.exp(-1.5 * k2))
    assert 5.0 - one == pytest.approx(a, abs=2e-5)
    assert one - two == pytest.approx(b, abs=2e-5)


def test_a_stiff_batch_is_what_scipys_radau_finds():
    """Robertson's problem (1966) up to 40 h: rates from 0.04 to 3e7."""
    nu = np.array([[-1.0, 1.0, 0.0], [1.0, -1.0, 0.0], [0.0, -1.0, 1.0]])
    orders = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 1.0], [0.0, 2.0, 0.0]])
    k, n = np.array([0.04, 1e4, 3e7]), np.array([1.0, 0.0, 0.0])
    extents = kinetics.batch(n, 1.0, 40.0, k, nu, orders)
    theirs = solve_ivp(
        lambda _, c: (k * np.prod(np.maximum(c, 0.0) ** orders, axis=1)) @ nu,
        (0.0, 40.0), n, method="Radau", rtol=1e-10, atol=1e-14,
    )  # fmt: skip
    assert n + extents @ nu == pytest.approx(theirs.y[:, -1], abs=1e-5)
    assert n[0] - extents[0] == pytest.approx(0.7158, abs=1e-4)


BESIDE = np.array([[-1.0, -1.0, 1.0, 0.0], [0.0, -1.0, -1.0, 1.0], [-2.0, 0.0, 0.0, 1.0]])
"""A + B -> C, B + C -> D, 2 A -> D."""


def test_no_reaction_in_a_stirred_tank_runs_backwards():
    """Without B only 2 A -> D runs: D is half of the A that is gone."""
    orders = np.array([[0.5, 0.5, 0, 0], [0, 0.5, 1.0, 0], [2.0, 0, 0, 0]])
    n, k = (1.0580681, 0.0, 0.0055304, 0.0041865), (8790.524, 4.010912, 4466.01)
    extents = kinetics.stirred_tank(n, 0.0387324, 304.478, k, BESIDE, orders)
    assert extents[:2] == pytest.approx([0.0, 0.0], abs=1e-12)
    assert extents[2] == pytest.approx(0.52902, rel=1e-4)


@pytest.mark.parametrize("order", list(permutations(range(4))))
@pytest.mark.parametrize("fed", range(3))
def test_reversible_reactions_are_told_in_any_order_and_from_any_end(order, fed):
    """A <-> B <-> C of a feed of one of them: what is told in turn comes to the extents."""
    both = np.array([[-1.0, 1, 0], [1, -1.0, 0], [0, -1.0, 1], [0, 1, -1.0]])
    nu = both[list(order)]
    n = np.zeros(3)
    n[fed] = 5.0
    k, orders = np.arange(1.0, 5.0)[list(order)], (nu < 0).astype(np.float64)
    extents = kinetics.stirred_tank(n, 1.0, 2.0, k, nu, orders)
    keys = nu.argmin(axis=1)
    pool = n.copy()
    told = kinetics.fractions_of(n, extents, nu, keys)
    for share, j in zip(told, [*range(4), *range(3, -1, -1)], strict=True):
        pool = pool + nu[j] * share * pool[keys[j]]
    assert pool == pytest.approx(n + extents @ nu, rel=1e-9)
    assert max(np.delete(pool, fed)) > 0.1


def test_what_rounding_takes_of_an_absent_reactant_stops_no_other_reaction():
    orders = np.array([[1.0, 1.0, 0, 0], [2.0, 0, 0, 0], [0, 1.0, 1.0, 0]])
    nu = BESIDE[[0, 2, 1]]
    n = np.array([0.0232953, 0.0, 0.0013123, 1.2059])
    extents = kinetics.stirred_tank(n, 1.0, 30.0, (50.0, 8.0, 3.0), nu, orders)
    assert extents[1] > 0.3 * n[0]
    told = kinetics.fractions_of(n, extents + np.array([1e-33, 0.0, 1e-35]), nu, (0, 0, 1))
    assert told[2] == pytest.approx(2.0 * extents[1] / n[0], rel=1e-9)


def test_a_reaction_in_a_stirred_tank_runs_beside_those_that_lack_a_reactant():
    orders = np.array([[1.0, 1, 0, 0], [0, 1.0, 1, 0], [0.5, 0, 0, 0]])
    n, flow, volume, k = (0.021675, 0.0, 0.0, 5.3671), 3.2195, 0.09632, (0.05, 2.87, 4.524)
    extents = kinetics.stirred_tank(n, flow, volume, k, BESIDE, orders)
    left = n[0] - 2.0 * extents[2]
    assert extents[2] == pytest.approx(volume * k[2] * math.sqrt(left / flow), rel=1e-6)


@pytest.mark.parametrize("orders", [(2.0, 1.0), (0.5, 2.0), (2.0, 2.0)])
def test_parallel_reactions_in_a_stirred_tank_solve_their_balance_however_fast(orders):
    nu = np.array([[-1.0, 1.0, 0.0], [-1.0, 0.0, 1.0]])
    n, flow, volume, k = (16.85, 0.5155, 37.77), 0.0273, 90.4, (4.9e7, 2.4e7)
    by = np.array([[orders[0], 0.0, 0.0], [orders[1], 0.0, 0.0]])
    one, two = kinetics.stirred_tank(n, flow, volume, k, nu, by)

    def missed(log_c):
        c = math.exp(log_c)
        return n[0] - flow * c - volume * (k[0] * c ** orders[0] + k[1] * c ** orders[1])

    c = math.exp(brentq(missed, -80.0, 10.0, xtol=1e-14))
    assert one == pytest.approx(volume * k[0] * c ** orders[0], rel=1e-5, abs=1e-9)
    assert two == pytest.approx(volume * k[1] * c ** orders[1], rel=1e-5, abs=1e-9)


def test_a_batch_whose_product_slows_it_begins_without_any():
    """dX/dt = k (10 - X) / X from X = 0, of which -X - 10 ln(1 - X/10) = k t."""
    nu, orders = np.array([[-1.0, 1.0]]), np.array([[1.0, -1.0]])
    X = kinetics.batch(np.array([10.0, 0.0]), 1.0, 1.0, np.array([0.3]), nu, orders)[0]
    assert -X - 10.0 * math.log(1.0 - X / 10.0) == pytest.approx(0.3, rel=1e-5)


@pytest.mark.parametrize("k", [1.0, 1e6, 1e12])
def test_a_second_order_reaction_in_a_batch_is_done_however_fast(k):
    """With b = a + d the share left of a is d / (b exp(k d t / V) - a)."""
    nu, orders = np.array([[-1.0, -1.0, 1.0]]), np.array([[1.0, 1.0, 0.0]])
    (extent,) = kinetics.batch((5.0, 6.0, 0.0), 0.5, 20.0, (k,), nu, orders)
    left = 5.0 / (6.0 * math.exp(min(k * 20.0 / 0.5, 600.0)) - 5.0)
    assert extent == pytest.approx(5.0 - left, abs=1e-6)


def test_what_follows_a_reaction_of_half_order_in_a_batch_goes_on():
    """A is gone within a moment; of B, second order, 1 / (1 / b + k t / V) is left."""
    orders = np.array([[0.5, 0.0, 0.0], [0.0, 2.0, 0.0]])
    one, two = kinetics.batch((0.3, 2.9, 0.0), 0.67, 17.5, (33000.0, 2.9), SERIES, orders)
    assert one == pytest.approx(0.3, abs=1e-6)
    assert 3.2 - two == pytest.approx(1.0 / (1.0 / 3.2 + 2.9 * 17.5 / 0.67), rel=1e-2)


@pytest.mark.parametrize("k", [0.5, 4.99, 5.01, 50.0, 1e6, 1e12])
def test_a_reaction_of_order_zero_goes_on_until_all_is_gone(k):
    """min(k V, n); of what it makes k2 tau / (1 + k2 tau) react on, in a batch as it comes."""
    orders = np.array([[0.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    one, two = kinetics.stirred_tank((5.0, 0.0, 0.0), 0.5, 1.0, (k, 3.0), SERIES, orders)
    assert one == pytest.approx(min(k, 5.0), rel=1e-11)
    assert two == pytest.approx(one * 6.0 / 7.0, rel=1e-11)

    one, two = kinetics.batch((5.0, 0.0, 0.0), 1.0, 1.0, (k, 3.0), SERIES, orders)
    ends = min(5.0 / k, 1.0)
    left = k / 3.0 * -math.expm1(-3.0 * ends) * math.exp(-3.0 * (1.0 - ends))
    assert one == pytest.approx(min(k, 5.0), rel=1e-7)
    assert two == pytest.approx(one - left, rel=1e-6)


@pytest.mark.parametrize("k", [0.2, 1e3, 1e12])
def test_a_reaction_ends_with_a_reactant_that_its_rate_does_not_depend_on(k):
    """min(n k tau / (1 + k tau), w) in a tank, min(n (1 - exp(-k t)), w) in a batch."""
    nu, orders = np.array([[-1.0, -2.0, 1.0]]), np.array([[1.0, 0.0, 0.0]])
    (extent,) = kinetics.stirred_tank((5.0, 6.0, 0.0), 1.0, 1.0, (k,), nu, orders)
    assert extent == pytest.approx(min(5.0 * k / (1.0 + k), 3.0), rel=1e-11)
    (extent,) = kinetics.batch((5.0, 6.0, 0.0), 1.0, 1.0, (k,), nu, orders)
    assert extent == pytest.approx(min(-5.0 * math.expm1(-k), 3.0), rel=1e-7)


@pytest.mark.parametrize("made", [0.0, 2.0])
def test_reactions_share_what_runs_out_as_their_rates_are(made):
    """30 and 10 kmol/h are asked of 10, and of what another makes at 2 kmol/h."""
    nu = np.array([[-1.0, 1.0, 0.0, 0.0], [-1.0, 0.0, 1.0, 0.0], [1.0, 0.0, 0.0, -1.0]])
    feed = (10.0 - made, 0.0, 0.0, made)
    k, orders = (30.0, 10.0, 4.0), np.zeros((3, 4))
    for solve in (kinetics.stirred_tank, kinetics.batch):
        extents = solve(feed, 1.0, 1.0, k, nu, orders)
        assert extents == pytest.approx((7.5, 2.5, made), rel=1e-6, abs=1e-9)


def test_fast_reactions_that_share_what_runs_out_come_to_rest_beside_a_slow_one():
    """What is left is rounding, less than nothing by 1e-14, and must not hold up what it is of."""
    nu, orders = np.array([[-1.0, 1.0]] * 3), np.array([[0.0, 0.0], [0.0, 0.0], [1.0, 0.0]])
    extents = kinetics.stirred_tank((0.4, 0.8), 1.0, 1.0, (4.5, 332.0, 0.026), nu, orders)
    given = 0.4 / 336.5
    assert extents == pytest.approx((4.5 * given, 332.0 * given, 0.0), rel=1e-9, abs=1e-12)


@settings(max_examples=80)
@given(st.integers(0, 2**32 - 1))
def test_in_any_network_a_reaction_of_order_zero_has_its_rate_or_uses_all(seed):
    """A before B before C and so on, in which nothing goes round; other orders have their rates."""
    rng = np.random.default_rng(seed)
    count, reactions = int(rng.integers(2, 5)), int(rng.integers(1, 5))
    nu, orders = np.zeros((reactions, count)), np.zeros((reactions, count))
    for j in range(reactions):
        used, made = sorted(rng.choice(count, 2, replace=False))
        nu[j, used], nu[j, made] = -1.0, 1.0
        orders[j, used] = rng.choice([0.0, 0.0, 1.0, 2.0])
    feed, k = rng.uniform(0.0, 5.0, count), 10.0 ** rng.uniform(-2.0, 3.0, reactions)
    extents = kinetics.stirred_tank(tuple(feed), 1.0, 1.0, tuple(k), nu, orders)
    left = feed + extents @ nu
    assert left.min() > -1e-9
    for j in range(reactions):
        used = int(np.argmin(nu[j]))
        rate = k[j] * max(left[used], 0.0) ** orders[j, used]
        gone = orders[j, used] == 0.0 and left[used] < 1e-6 and extents[j] <= rate * (1 + 1e-9)
        assert gone or extents[j] == pytest.approx(rate, rel=1e-5, abs=1e-6)


def test_a_reaction_of_order_zero_leaves_nothing_to_one_of_the_first_order_in_a_tank():
    """In a batch both take of it until 30 + 10 a has used up 10: ln(1 + 100/30) / 10 h."""
    nu = np.array([[-1.0, 1.0, 0.0], [-1.0, 0.0, 1.0]])
    orders = np.array([[0.0, 0.0, 0.0], [1.0, 0.0, 0.0]])
    given = ((10.0, 0.0, 0.0), 1.0, 1.0, (30.0, 10.0), nu, orders)
    assert kinetics.stirred_tank(*given) == pytest.approx((10.0, 0.0), abs=1e-9)
    one = 3.0 * math.log(1.0 + 100.0 / 30.0)
    assert kinetics.batch(*given) == pytest.approx((one, 10.0 - one), rel=1e-6)


@settings(max_examples=30)
@given(st.floats(0.5, 50.0), st.floats(0.1, 5.0), st.floats(0.1, 5.0))
def test_a_conversion_ends_where_another_reactant_does(conversion, a, b):
    nu = np.array([[-1.0, -2.0, 1.0]])
    of_key, of_other = kinetics.limited((a, b), (min(conversion, 1.0),), nu[:, :2], (0,))
    assert min(of_key, of_other) == 0.0  # it is told of the scarcest alone
    extent = of_key * a + of_other * b / 2.0
    assert extent == pytest.approx(min(min(conversion, 1.0) * a, b / 2.0))


def test_properties_are_looked_up_in_the_package_chemicals():
    some = units.substances({"ethanol": {"formula": "C2H6O", "chemicals": "ethanol"}})
    _, ethanol = some.known[0]
    assert identifiers.CAS_from_any("ethanol") == "64-17-5"
    c = constants(ethanol.vapour_pressure)
    assert equilibrium.vapour_pressure(c, 0, 351.44) == pytest.approx(101325.0, rel=0.01)
    assert ethanol.heat_capacity == pytest.approx(2.44, rel=0.02)
