"""The oracles of the benchmark plants: known answers to the digits printed, limits, symmetry."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plant_models.benchmarks import oracles
from plant_models.benchmarks.oracles.two_machines import Machine, TwoMachineLine
from tests.plant_models.benchmarks.two_equal_rates import two_equal_rates

CLOCKS = ("volume", "run time", "calendar")


def machine(mu: float, p: float, r: float) -> Machine:
    return Machine(mu=mu, p=p, r=r)


CASES = {
    "A": (machine(1.0, 0.01, 0.1), machine(1.0, 0.01, 0.1), 10.0),
    "B": (machine(1.0, 0.01, 0.09), machine(1.0, 0.02, 0.1), 20.0),
    "C": (machine(1.0, 0.01, 0.1), machine(1.2, 0.02, 0.15), 15.0),
}


@pytest.mark.parametrize(
    ("case", "clock", "throughput"),
    [
        ("A", "volume", 0.8587257618),
        ("A", "run time", 0.8587257618),
        ("A", "calendar", 0.8557717942),
        ("B", "volume", 0.8077404529),
        ("B", "run time", 0.8077404529),
        ("B", "calendar", 0.8048172521),
        ("C", "volume", 0.8918114247),
        ("C", "run time", 0.8900204362),
        ("C", "calendar", 0.8885754457),
    ],
)
def test_two_machines_deliver_the_known_throughput(
    case: str, clock: str, throughput: float
) -> None:
    result = oracles.two_machines.two_machines(*CASES[case], clock=clock)
    assert result.throughput == pytest.approx(throughput, abs=5.1e-11)


@pytest.mark.parametrize(
    ("case", "clock", "level"),
    [
        ("A", "volume", 5.0),
        ("A", "calendar", 5.0),
        ("B", "volume", 13.656462),
        ("B", "calendar", 13.480080),
        ("C", "volume", 2.782629),
        ("C", "calendar", 3.122151),
    ],
)
def test_two_machines_keep_the_known_mean_level(case: str, clock: str, level: float) -> None:
    result = oracles.two_machines.two_machines(*CASES[case], clock=clock)
    assert result.mean_level == pytest.approx(level, abs=5.1e-7)


def figures(line: TwoMachineLine) -> list[float]:
    return [line.throughput, line.mean_level, line.empty, line.full]


rates = st.floats(0.2, 5.0)
hazards = st.floats(1e-3, 0.5)
machines = st.builds(Machine, mu=rates, p=hazards, r=st.floats(0.01, 2.0))
capacities = st.floats(0.1, 200.0)
clocks = st.sampled_from(CLOCKS)


@given(machines, hazards, st.floats(0.01, 2.0), capacities, clocks)
def test_solver_and_closed_form_agree_at_equal_rates(
    first: Machine, p: float, r: float, capacity: float, clock: str
) -> None:
    second = machine(first.mu, p, r)
    solved = figures(oracles.two_machines.two_machines(first, second, capacity, clock))
    closed = figures(two_equal_rates(first, second, capacity, clock))
    assert solved == pytest.approx(closed, rel=1e-8, abs=1e-9)


@settings(max_examples=30)
@given(machines, machines, capacities, clocks)
def test_a_line_run_backwards_delivers_the_same(
    first: Machine, second: Machine, capacity: float, clock: str
) -> None:
    """What is full for one direction is empty for the other."""
    forward = oracles.two_machines.two_machines(first, second, capacity, clock)
    backward = oracles.two_machines.two_machines(second, first, capacity, clock)
    expected = [backward.throughput, capacity - backward.mean_level, backward.full, backward.empty]
    assert figures(forward) == pytest.approx(expected, rel=1e-8, abs=1e-8 * capacity)


@settings(max_examples=30)
@given(machines, machines, clocks)
def test_a_tiny_buffer_is_none(first: Machine, second: Machine, clock: str) -> None:
    buffered = oracles.two_machines.two_machines(first, second, 1e-9, clock).throughput
    assert buffered == pytest.approx(
        oracles.reliability.line_without_buffers([first, second], clock), rel=1e-7
    )


@settings(max_examples=30)
@given(machines, machines, clocks)
def test_a_huge_buffer_leaves_the_worse_machine(
    first: Machine, second: Machine, clock: str
) -> None:
    alone = [m.mu * m.r / (m.r + m.p) for m in (first, second)]
    line = oracles.two_machines.two_machines(first, second, 1e7, clock)
    assert line.throughput == pytest.approx(min(alone), rel=1e-4)


@settings(max_examples=30)
@given(machines, machines, capacities)
def test_failing_while_waiting_never_helps(
    first: Machine, second: Machine, capacity: float
) -> None:
    volume, run_time, calendar = (
        oracles.two_machines.two_machines(first, second, capacity, clock).throughput
        for clock in CLOCKS
    )
    assert calendar <= run_time * (1 + 1e-9)
    assert run_time <= volume * (1 + 1e-9)


def test_a_machine_that_never_fails_leaves_the_other_alone() -> None:
    line = oracles.two_machines.two_machines(machine(1.0, 0.0, 1.0), machine(1.0, 0.01, 0.1), 10.0)
    assert line.throughput == pytest.approx(0.1 / 0.11, rel=1e-12)
    assert line.full == pytest.approx(1.0, rel=1e-12)


@pytest.mark.parametrize(
    ("first", "second", "capacity", "clock", "message"),
    [
        (machine(1.0, 0.1, 1.0), machine(1.0, 0.1, 1.0), 0.0, "volume", "capacity 0 kg"),
        (machine(1.0, 0.1, 1.0), machine(1.0, 0.1, 1.0), 1.0, "odf", "clock 'odf' is none of"),
        (machine(1.0, 0.1, 0.0), machine(1.0, 0.1, 1.0), 1.0, "volume", "must be positive"),
        (machine(1.0, 0.0, 1.0), machine(1.0, 0.0, 1.0), 1.0, "volume", "neither machine"),
    ],
)
def test_a_line_without_a_stationary_law_is_an_error(
    first: Machine, second: Machine, capacity: float, clock: str, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        oracles.two_machines.two_machines(first, second, capacity, clock)


def test_the_closed_form_refuses_unequal_rates() -> None:
    with pytest.raises(ValueError, match="one rate"):
        two_equal_rates(*CASES["C"])


THREE = [machine(1.0, 0.01, 0.1), machine(1.0, 0.02, 0.15), machine(1.0, 0.005, 0.05)]


@pytest.mark.parametrize(
    ("clock", "throughput"),
    [("volume", 0.7500000000), ("run time", 0.7500000000), ("calendar", 0.7292173070)],
)
def test_three_machines_without_buffers_deliver_the_known_throughput(
    clock: str, throughput: float
) -> None:
    assert oracles.reliability.line_without_buffers(THREE, clock) == pytest.approx(
        throughput, abs=5.1e-10
    )


def test_one_machine_is_up_for_its_share_of_the_cycle() -> None:
    assert oracles.reliability.availability(mtbf=200.0, mttr=8.0) == pytest.approx(200 / 208)


def test_age_replacement_has_the_known_availability() -> None:
    up = oracles.reliability.age_replacement(2.5, 500.0, 350.0, repair=24.0, replacement=6.0)
    assert up == pytest.approx(0.962970655, abs=5.1e-10)


def test_age_replacement_agrees_with_quadrature() -> None:
    nodes, weights = np.polynomial.legendre.leggauss(60)
    hours = 175.0 * (nodes + 1.0)
    up = 175.0 * float(weights @ np.exp(-((hours / 500.0) ** 2.5)))
    survives = math.exp(-((350.0 / 500.0) ** 2.5))
    expected = up / (up + 24.0 * (1.0 - survives) + 6.0 * survives)
    found = oracles.reliability.age_replacement(2.5, 500.0, 350.0, repair=24.0, replacement=6.0)
    assert found == pytest.approx(expected, rel=1e-12)


def test_a_great_age_of_replacement_is_repair_only() -> None:
    mean = 500.0 * math.gamma(1.4)
    found = oracles.reliability.age_replacement(2.5, 500.0, 1e5, repair=24.0, replacement=6.0)
    assert found == pytest.approx(oracles.reliability.availability(mean, 24.0), rel=1e-12)


MODES = [(200.0, 8.0), (500.0, 24.0), (1000.0, 72.0)]


def test_competing_modes_have_the_known_availability() -> None:
    assert oracles.reliability.competing_modes(MODES) == pytest.approx(0.8620690, abs=5.1e-8)


def test_independent_modes_are_up_together_by_the_product() -> None:
    expected = (200 / 208) * (500 / 524) * (1000 / 1072)
    assert oracles.reliability.independent_modes(MODES) == pytest.approx(expected, rel=1e-14)


def test_short_deliveries_starve_the_tank() -> None:
    tank = oracles.flows.periodic_deliveries(draw=2.0, period=24.0, lot=40.0)
    assert tank.starved == pytest.approx(1 / 6)
    assert tank.throughput == pytest.approx(5 / 3)
    assert tank.mean_level == pytest.approx(16.6667, abs=5.1e-5)


def test_deliveries_that_match_demand_keep_the_level_they_start_with() -> None:
    tank = oracles.flows.periodic_deliveries(draw=2.0, period=24.0, lot=48.0, level_after=58.0)
    assert (tank.mean_level, tank.minimum, tank.starved) == (34.0, 10.0, 0.0)


def test_deliveries_beyond_demand_are_refused_at_the_full_tank() -> None:
    tank = oracles.flows.periodic_deliveries(draw=2.0, period=24.0, lot=60.0, capacity=60.0)
    assert (tank.accepted, tank.refused, tank.minimum) == (48.0, 12.0, 12.0)


def test_a_tank_smaller_than_demand_starves_whatever_comes() -> None:
    tank = oracles.flows.periodic_deliveries(draw=2.0, period=24.0, lot=60.0, capacity=36.0)
    assert (tank.accepted, tank.refused, tank.starved) == (36.0, 24.0, 0.25)


def test_deliveries_beyond_demand_have_no_steady_state_without_a_limit() -> None:
    with pytest.raises(ValueError, match="no steady state"):
        oracles.flows.periodic_deliveries(draw=2.0, period=24.0, lot=60.0)


def test_matching_deliveries_take_the_level_to_start_with() -> None:
    with pytest.raises(ValueError, match=r"level_after must be given, from 48 to 50 kg, got 58\.0"):
        oracles.flows.periodic_deliveries(2.0, 24.0, 48.0, capacity=50.0, level_after=58.0)


def test_an_on_off_source_fills_a_tank_as_known() -> None:
    tank = oracles.flows.on_off_source(source=2.0, starts=0.4, stops=0.6, drain=1.0, capacity=5.0)
    found = [tank.empty, tank.full, tank.throughput, tank.mean_level]
    known = [0.264989446, 0.064989446, 0.735010554, 1.725369380]
    assert found == pytest.approx(known, abs=5.1e-10)


@given(st.floats(1.1, 5.0), st.floats(0.05, 3.0), st.floats(0.05, 3.0), st.floats(0.1, 50.0))
def test_the_fluid_solver_agrees_with_the_closed_form_of_one_source(
    source: float, starts: float, stops: float, capacity: float
) -> None:
    chain = np.array([[-stops, stops], [starts, -starts]])
    law = oracles.fluid.fluid_law(chain, np.array([source - 1.0, -1.0]), chain, chain, capacity)
    tank = oracles.flows.on_off_source(source, starts, stops, 1.0, capacity)
    found = [law.empty[1], law.full[0], law.mean_level]
    assert found == pytest.approx([tank.empty, tank.full, tank.mean_level], rel=1e-8, abs=1e-10)


def test_a_source_slower_than_the_drain_is_an_error() -> None:
    with pytest.raises(ValueError, match="source 1 kg/h must exceed drain 1 kg/h"):
        oracles.flows.on_off_source(1.0, 0.4, 0.6, drain=1.0, capacity=5.0)


@pytest.mark.parametrize(("variation", "number", "waiting"), [(1.0, 4.0, 4.0), (0.0, 2.4, 2.0)])
def test_single_server_queues_have_the_known_means(
    variation: float, number: float, waiting: float
) -> None:
    queue = oracles.queues.single_server(0.8, 1.0, squared_variation=variation)
    assert [queue.number, queue.waiting] == pytest.approx([number, waiting], rel=1e-12)


def test_an_overloaded_queue_is_an_error() -> None:
    with pytest.raises(ValueError, match="load 1 must be below 1"):
        oracles.queues.single_server(1.0, 1.0, squared_variation=1.0)


def test_a_stirred_tank_at_constant_contents_is_as_known() -> None:
    tank = oracles.stirred.stirred_tank(2.5, 2.5, 12.0, x_0=0.2, x_in=0.9, hours=9.0)
    assert [tank.x, tank.mean] == pytest.approx([0.7926515232, 0.5839191876], abs=5.1e-11)


def test_a_filling_stirred_tank_is_as_known() -> None:
    tank = oracles.stirred.stirred_tank(3.0, 2.0, 10.0, x_0=0.2, x_in=0.9, hours=8.0)
    assert tank.x == pytest.approx(0.7799725652, abs=5.1e-11)
    assert tank.volume == 18.0


def test_what_leaves_a_stirred_tank_closes_its_balance() -> None:
    tank = oracles.stirred.stirred_tank(3.0, 2.0, 10.0, x_0=0.2, x_in=0.9, hours=8.0)
    assert 2.0 + 0.9 * 24.0 - tank.mean * 16.0 == pytest.approx(tank.x * tank.volume, rel=1e-13)


def test_a_closed_stirred_tank_averages_as_the_limit_of_a_trickle() -> None:
    closed, trickle = (
        oracles.stirred.stirred_tank(3.0, f_out, 10.0, x_0=0.2, x_in=0.9, hours=8.0).mean
        for f_out in (0.0, 1e-7)
    )
    assert closed == pytest.approx(trickle, rel=1e-6)


@pytest.mark.parametrize(
    ("loaded", "concentration"), [("all", 0.6766764162), ("first", 0.2706705665)]
)
def test_three_tanks_in_series_wash_out_as_known(loaded: str, concentration: float) -> None:
    assert oracles.stirred.tanks_in_series(3, 2.0, loaded) == pytest.approx(
        concentration, abs=5.1e-11
    )


def test_tanks_in_series_are_loaded_all_or_first() -> None:
    with pytest.raises(ValueError, match="'last' is neither"):
        oracles.stirred.tanks_in_series(3, 2.0, "last")


def test_washout_is_geometric() -> None:
    assert oracles.stirred.washout(0.1, 20) == pytest.approx(0.9**20)


def test_drums_are_full_at_the_inverse_of_the_cumulative_flow() -> None:
    times = oracles.flows.filling_times([(10.0, 25.0), (5.0, 0.0), (10.0, 50.0)], size=200.0)
    assert times == pytest.approx([8.0, 18.0, 22.0])


@pytest.mark.parametrize("fraction", [0.3, 0.48, 0.7, 0.9])
def test_a_recycle_loop_ships_its_feed(fraction: float) -> None:
    product, through = oracles.flows.recycle_loop(1.0, fraction)
    assert product == 1.0
    assert (1.0 - fraction) * through == pytest.approx(1.0, rel=1e-15)


def test_a_loop_without_a_way_out_is_an_error() -> None:
    with pytest.raises(ValueError, match="recycle fraction 1 kg/kg"):
        oracles.flows.recycle_loop(1.0, 1.0)
