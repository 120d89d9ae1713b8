"""Rates of a mode: known answers, laws, and two oracles, HiGHS and exact rational arithmetic."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest
from scipy.optimize import linprog

from sim.flow.fallback import exactly
from tests.sim.flow.solving import solve_rates

Rows = list[list[tuple[int, float]]]


@dataclass
class Mode:
    """Activities by name, in order of priority, and the rows of tanks that are empty or full."""

    capacity: dict[str, float]
    rows: Rows = field(default_factory=list)

    def empty(self, gets: dict[str, float], gives: dict[str, float]) -> "Mode":
        return self.row(gives | {name: gives.get(name, 0.0) - g for name, g in gets.items()})

    def full(self, gets: dict[str, float], gives: dict[str, float]) -> "Mode":
        return self.row(gets | {name: gets.get(name, 0.0) - g for name, g in gives.items()})

    def row(self, coefficients: dict[str, float]) -> "Mode":
        names = list(self.capacity)
        self.rows.append([(names.index(name), g) for name, g in coefficients.items()])
        return self

    def solve(self, *order: str) -> dict[str, float]:
        names = list(self.capacity)
        rates = solve_rates(
            list(self.capacity.values()),
            self.rows,
            [names.index(name) for name in order or names],
        )
        assert not rates.fallback
        return dict(zip(names, rates.activity, strict=True))


def recycle(returned: float) -> tuple[list[float], Rows]:
    """Feed of 1 kg/h into four empty tanks in a row; the last flow returns in part to the first."""
    rows = [[(i, 1.0), (i - 1, -1.0)] for i in range(1, 5)]
    rows[0].append((4, -returned))
    return [1.0] + [1e4] * 4, rows


@pytest.mark.parametrize("returned", [0.3, 0.48, 0.7, 0.9, 0.99, 0.999])
@pytest.mark.parametrize("last_first", [False, True])
def test_a_recycle_ships_what_it_is_fed(returned: float, last_first: bool) -> None:
    """Returning R of the last flow, the chain runs at 1 / (1 - R) and ships 1 - R of that."""
    capacity, rows = recycle(returned)
    order = range(len(capacity))
    rates = solve_rates(capacity, rows, order[::-1] if last_first else order)
    assert (1.0 - returned) * rates.activity[-1] == pytest.approx(1.0, rel=1e-12)
    assert rates.activity[1] == pytest.approx(1.0 + returned * rates.activity[-1], rel=1e-14)
    assert not rates.fallback


def test_a_recycle_of_nine_tenths_does_not_ship_more_than_its_feed() -> None:
    """A few passes from the capacities, and no more, would ship 2.57 t/h from 1 t/h of feed."""
    capacity, rows = recycle(0.9)
    capacity = [1000.0, 30e3, 30e3, 30e3, 30e3]
    rates = solve_rates(capacity, rows, range(5))
    assert 0.1 * rates.activity[-1] == pytest.approx(1000.0, rel=1e-12)


def test_empty_tanks_pass_a_shortage_on() -> None:
    mode = Mode({"feed": 3.0, "column": 5.0, "packing": 4.0})
    mode.empty({"feed": 1.0}, {"column": 1.0}).empty({"column": 0.5}, {"packing": 1.0})
    assert mode.solve() == {"feed": 3.0, "column": 3.0, "packing": 1.5}


def test_full_tanks_pass_a_stop_back() -> None:
    mode = Mode({"feed": 3.0, "column": 5.0, "packing": 1.0})
    mode.full({"column": 0.5}, {"packing": 1.0}).full({"feed": 1.0}, {"column": 1.0})
    assert mode.solve() == {"feed": 2.0, "column": 2.0, "packing": 1.0}


def test_what_follows_a_unit_that_is_down_stands_still_exactly() -> None:
    mode = Mode({"feed": 0.0, "column": 5.0, "packing": 1.0})
    mode.empty({"feed": 0.9}, {"column": 1.0}).empty({"column": 0.3}, {"packing": 1.0})
    assert mode.solve() == {"feed": 0.0, "column": 0.0, "packing": 0.0}


def test_a_tank_in_between_constrains_nothing() -> None:
    assert solve_rates([3.0, 5.0], [], [1, 0]).activity == (3.0, 5.0)


def test_the_first_in_the_order_draws_first_from_an_empty_tank() -> None:
    mode = Mode({"feed": 3.0, "a": 2.0, "b": 2.0, "c": 2.0})
    mode.empty({"feed": 1.0}, {"a": 1.0, "b": 1.0, "c": 1.0})
    assert mode.solve("feed", "b", "c", "a") == {"feed": 3.0, "a": 0.0, "b": 2.0, "c": 1.0}


def test_a_full_tank_is_served_by_the_first_in_the_order() -> None:
    mode = Mode({"a": 2.0, "b": 2.0, "out": 3.0})
    mode.full({"a": 1.0, "b": 1.0}, {"out": 1.0})
    assert mode.solve("b", "a", "out") == {"a": 1.0, "b": 2.0, "out": 3.0}


def full_recycle_tank() -> Mode:
    """The crude tank is full; half of what its column makes comes back to it from the still."""
    mode = Mode({"fresh": 9.0, "column": 4.0, "still": 9.0})
    return mode.full({"fresh": 1.0, "still": 1.0}, {"column": 1.0}).empty(
        {"column": 0.5}, {"still": 1.0}
    )


def test_a_full_recycle_tank_does_not_strangle_the_line() -> None:
    assert full_recycle_tank().solve("still", "fresh", "column") == {
        "fresh": 2.0,
        "column": 4.0,
        "still": 2.0,
    }


def test_fresh_feed_first_keeps_the_recycle_out_of_a_full_tank() -> None:
    assert full_recycle_tank().solve("fresh", "still", "column") == {
        "fresh": 4.0,
        "column": 4.0,
        "still": 0.0,
    }


def test_a_higher_priority_upstream_is_not_lowered_for_a_lower_one_downstream() -> None:
    """Both products share a feed; the full tank of the first one's by-product holds it back."""
    mode = Mode({"first": 4.0, "second": 4.0, "feed": 5.0, "by_product": 1.0})
    mode.empty({"feed": 1.0}, {"first": 1.0, "second": 1.0})
    mode.full({"first": 0.5}, {"by_product": 1.0})
    assert mode.solve() == {"first": 2.0, "second": 3.0, "feed": 5.0, "by_product": 1.0}


def test_a_header_takes_its_sources_in_order_and_the_unlimited_one_last() -> None:
    mode = Mode({"wash": 10.0, "acid": 1.0, "bleed": 9.0, "collect": 3.0, "fresh": 99.0})
    mode.row({"acid": 0.8, "bleed": 0.9, "fresh": 1.0, "wash": -0.5})
    mode.empty({"collect": 1.0}, {"bleed": 1.0})
    assert mode.solve() == pytest.approx(
        {"wash": 10.0, "acid": 1.0, "bleed": 3.0, "collect": 3.0, "fresh": 5.0 - 0.8 - 2.7}
    )


def test_what_a_header_does_not_need_stays_in_its_source() -> None:
    mode = Mode({"wash": 1.0, "acid": 1.0, "bleed": 9.0, "fresh": 99.0})
    mode.row({"acid": 0.8, "bleed": 0.9, "fresh": 1.0, "wash": -0.5})
    assert mode.solve() == pytest.approx({"wash": 1.0, "acid": 0.625, "bleed": 0.0, "fresh": 0.0})


def test_a_ring_of_full_tanks_stands_still_and_says_what_binds_it() -> None:
    rows = [[(0, 1.0), (1, -1.0)], [(1, 0.9), (2, -1.0)], [(2, 1.0), (0, -0.8)]]
    rates = solve_rates([5.0, 5.0, 5.0], rows, [0, 1, 2])
    assert rates.activity == (0.0, 0.0, 0.0)
    assert rates.binding == (0, 1, 2)


@pytest.mark.parametrize(
    "second", [[], [(1, -1.0), (2, -0.42), (0, 0.56)], [(1, -1.0), (2, -0.93), (0, 0.07)]]
)
def test_what_is_left_by_rounding_alone_stands(second: list[tuple[int, float]]) -> None:
    """A full tank gives 10 x (1 - 0.57) kg/h and gets 10 x 0.43: no room for a third."""
    rows = [[(0, 0.57 - 1.0), (1, 0.43), (2, 0.56)], second]
    assert solve_rates([10.0, 10.0, 10.0], rows, [0, 1, 2]).activity == (10.0, 10.0, 0.0)
    gain = np.array([[0.57 - 1.0, 0.43, 0.56]])
    assert exactly(gain, np.array([10.0, 10.0, 10.0])).tolist() == [10.0, 10.0, 0.0]


@pytest.mark.parametrize("trickle", [1e-6, 1e-11])
def test_a_small_flow_that_is_no_rounding_runs(trickle: float) -> None:
    rows = [[(0, -1.0), (1, 1.0 - trickle), (2, 1.0)]]
    found = solve_rates([10.0, 10.0, 10.0], rows, [0, 1, 2]).activity
    assert found[2] == pytest.approx(10.0 * trickle, rel=1e-4)


@pytest.mark.parametrize("size", [1e-3, 1e-6, 1e-12])
def test_what_hangs_on_small_effects_alone_is_in_no_doubt(size: float) -> None:
    """A trickle into an empty tank whose train sends nearly all back; then one train more of it."""
    for rows in ([[(1, size), (0, -size)]], [[(1, size), (0, -size)], [(2, size), (1, -size)]]):
        found = solve_rates([3.0, 10.0, 10.0], rows, [0, 1, 2])
        assert found.activity == (3.0, 3.0, 3.0 if len(rows) > 1 else 10.0)
        assert not found.fallback


def test_only_what_runs_below_its_capacity_has_a_binding_row() -> None:
    rows = [[(1, 1.0), (0, -1.0)], [(2, 1.0), (1, -0.5)]]
    rates = solve_rates([3.0, 2.0, 4.0], rows, [0, 1, 2])
    assert rates.activity == (3.0, 2.0, 1.0)
    assert rates.binding == (None, None, 1)


def test_an_activity_may_stand_twice_in_a_row() -> None:
    assert solve_rates([1.0, 9.0], [[(1, 1.0), (0, -1.0), (1, -0.5)]], [0, 1]).activity[1] == 2.0


@dataclass(frozen=True)
class Network:
    """Random tanks and activities with yields, recycles, and second feeds."""

    tanks: int
    capacity: list[float]
    gives: list[dict[int, float]]  # activity -> tank -> kg per kg, negative where it draws

    def mode(self, rng: random.Random) -> tuple[list[float], Rows, list[int]]:
        """Return capacities, some of them 0, rows of empty and full tanks, and an order."""
        capacity = [0.0 if rng.random() < 0.12 else most for most in self.capacity]
        statuses = rng.choice([("empty", "full", "free"), ("empty", "empty", "empty", "full")])
        rows = []
        for tank in range(self.tanks):
            status = rng.choice(statuses)
            sign = {"empty": -1.0, "full": 1.0, "free": 0.0}[status]
            if sign:
                rows.append([(k, sign * g[tank]) for k, g in enumerate(self.gives) if tank in g])
        order = list(range(len(capacity)))
        rng.shuffle(order)
        return capacity, rows, order


def network(seed: int, *, trace: float = 1e-2, spread: float = 1.0) -> Network:
    """Return a network whose capacities spread over 10**spread, with yields down to `trace`."""
    rng = random.Random(seed)
    tanks, activities = rng.randint(3, 10), rng.randint(4, 18)
    gives: list[dict[int, float]] = []
    for k in range(activities):
        given: dict[int, float] = {}
        left = rng.choice([1.0, rng.uniform(0.9, 1.0)])
        for _ in range(rng.randint(1, 3)):
            share = left * rng.choice([1.0, 0.9, 0.5, rng.uniform(trace, 1.0), trace])
            left -= share
            tank = rng.randrange(tanks)
            given[tank] = given.get(tank, 0.0) + share
        fed_from = rng.randrange(tanks)
        if k and rng.random() < 0.9:
            given[fed_from] = given.get(fed_from, 0.0) - 1.0
        if rng.random() < 0.25:
            drawn = rng.randrange(tanks)
            given[drawn] = given.get(drawn, 0.0) - 0.1 * 10 ** rng.uniform(-1.0, 1.0)
        gives.append({tank: g for tank, g in given.items() if g})
    scale = 10 ** rng.uniform(0.0, 5.0 - spread)
    capacity = [scale * 10 ** (spread * rng.choice([rng.random(), 0.5])) for _ in range(activities)]
    return Network(tanks, capacity, gives)


def assert_feasible(activity: tuple[float, ...], capacity: list[float], rows: Rows) -> None:
    for rate, most in zip(activity, capacity, strict=True):
        assert 0.0 <= rate <= most
    for row in rows:
        flows = [g * activity[k] for k, g in row]
        assert sum(flows) <= 1e-12 * sum(map(abs, flows))


def most_of(k: int, table: np.ndarray, bounds: Sequence[tuple[float, float]]) -> float:
    """Return the most that an activity can be, between bounds of all of them."""
    goal = np.zeros(len(bounds))
    goal[k] = -1.0
    for presolve in (True, False):  # which takes fixed rates for infeasible at times
        best = linprog(
            goal,
            A_ub=table,
            b_ub=np.zeros(len(table)),
            bounds=bounds,
            method="highs",
            options={"primal_feasibility_tolerance": 1e-10, "presolve": presolve},
        )
        if best.status == 0 and best.fun is not None:
            return -float(best.fun)
    raise AssertionError(best.message)


def assert_nothing_can_be_raised(
    activity: tuple[float, ...], capacity: list[float], rows: Rows, order: list[int]
) -> None:
    """With the higher priorities fixed, HiGHS finds no more for any activity; over capacity."""
    size = [most or 1.0 for most in capacity]
    table = np.zeros((len(rows), len(capacity)))
    for line, row in zip(table, rows, strict=True):
        for k, g in row:
            line[k] = g * size[k]
        line /= np.abs(line).max() or 1.0
    bounds = [(0.0, most / s) for most, s in zip(capacity, size, strict=True)]
    for k in order:
        share = activity[k] / size[k]
        if activity[k] < capacity[k]:
            assert most_of(k, table, bounds) == pytest.approx(share, abs=1e-6)
        bounds[k] = (share, share)


def check_against_highs(seed: int, modes: int) -> int:
    """Return in how many of the modes of one network the linear programme had to decide."""
    rng = random.Random(f"modes of {seed}")
    plant, fallbacks = network(seed), 0
    for _ in range(modes):
        capacity, rows, order = plant.mode(rng)
        rates = solve_rates(capacity, rows, order)
        assert_feasible(rates.activity, capacity, rows)
        assert_nothing_can_be_raised(rates.activity, capacity, rows, order)
        for rate, most, row in zip(rates.activity, capacity, rates.binding, strict=True):
            assert (row is None) == (rate == most)
        fallbacks += rates.fallback
    return fallbacks


@pytest.mark.parametrize("seed", range(8))
def test_no_activity_could_be_raised_with_the_higher_priorities_fixed(seed: int) -> None:
    assert check_against_highs(seed, modes=15) == 0


MANY = [pytest.param(500, marks=pytest.mark.long), pytest.param(10_000, marks=pytest.mark.soak)]


@pytest.mark.parametrize("modes", MANY)
def test_many_random_modes_agree_with_highs(modes: int, record_property) -> None:
    """Of networks of which the test before has none."""
    fallbacks = sum(check_against_highs(seed, modes=modes // 100) for seed in range(20, 120))
    record_property(f"fallbacks in {modes} modes", fallbacks)
    assert fallbacks <= modes // 500


def assert_no_less_than_exact(
    activity: tuple[float, ...], capacity: list[float], rows: Rows, order: list[int]
) -> None:
    """Where the rates differ from exact arithmetic's, the first to differ is the higher one.

    They may differ, and only upwards: flows that cancel but for the last digit of their
    coefficients lower an activity in exact arithmetic, and do not in ours.
    """
    gain = np.zeros((len(rows), len(order)))
    for line, row in zip(gain, rows, strict=True):
        for k, g in row:
            line[order.index(k)] += g
    exact = dict(zip(order, exactly(gain, np.array([capacity[k] for k in order])), strict=True))
    for k in order:
        if activity[k] != pytest.approx(exact[k], rel=1e-9, abs=1e-12 * capacity[k]):
            assert activity[k] > exact[k]
            break


def check_against_exact(seeds: range, modes: int, **kind: float) -> int:
    """Return in how many modes the linear programme had to decide."""
    fallbacks = 0
    for seed in seeds:
        rng = random.Random(f"modes of {seed}")
        plant = network(seed, **kind)
        for _ in range(modes):
            capacity, rows, order = plant.mode(rng)
            rates = solve_rates(capacity, rows, order)
            assert_feasible(rates.activity, capacity, rows)
            assert_no_less_than_exact(rates.activity, capacity, rows, order)
            fallbacks += rates.fallback
    return fallbacks


def test_random_modes_are_no_less_than_exact_arithmetic_makes_them() -> None:
    assert check_against_exact(range(100, 130), modes=10) <= 2


def test_traces_and_wide_capacities_fall_back_and_are_no_less() -> None:
    """With yields down to 1e-6 kg/kg under capacities of 1 to 1e5 kg/h."""
    assert 0 < check_against_exact(range(30), modes=10, trace=1e-6, spread=5.0) < 90


@pytest.mark.parametrize("modes", MANY)
def test_many_random_modes_agree_with_exact_arithmetic(modes: int, record_property) -> None:
    fallbacks = check_against_exact(range(1000, 1000 + modes // 20), modes=20)
    record_property(f"fallbacks in {modes} modes", fallbacks)
    assert fallbacks <= modes // 500


@pytest.mark.parametrize("modes", MANY)
def test_many_modes_with_traces_agree_with_exact_arithmetic(modes: int) -> None:
    check_against_exact(range(2000, 2000 + modes // 20), modes=20, trace=1e-6, spread=5.0)


def test_rates_scale_with_the_capacities() -> None:
    rng = random.Random(1)
    for seed in range(50):
        capacity, rows, order = network(seed).mode(rng)
        rates = solve_rates(capacity, rows, order)
        halved = solve_rates([0.5 * most for most in capacity], rows, order)
        assert halved.activity == tuple(0.5 * rate for rate in rates.activity)


def test_the_order_of_the_rows_changes_nothing() -> None:
    rng = random.Random(2)
    for seed in range(50):
        capacity, rows, order = network(seed).mode(rng)
        rates = solve_rates(capacity, rows, order)
        turned = solve_rates(capacity, rows[::-1], order)
        assert turned.activity == pytest.approx(rates.activity, rel=1e-9, abs=1e-12 * max(capacity))
