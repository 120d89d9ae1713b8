"""The engine against answers that are known: short horizons here, the full ones with --run-long."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest

from experiments.studies.validate.cases import LARGEST_Z, Case, exact, random
from experiments.studies.validate.report import clocks_apart, report
from experiments.studies.validate.study import groups, validate
from plant_models.benchmarks import oracles
from plant_models.benchmarks.flows import recycle_loop
from plant_models.benchmarks.machines import machine_line, running, unreliable
from plant_models.benchmarks.measure import batch_means, delivered
from plant_models.benchmarks.queues import LoadingPoint
from plant_models.benchmarks.stirred import salt_in, stirred_tank, tanks_in_a_row

SHORT = 0.01  # of the horizons of ``python -m experiments validate``
GROUPS = {
    " ".join([group.__name__, *map(str, arguments)]): (group, arguments)
    for group, arguments in groups()
}
OWN_SHARE = {
    "replaced_by_age": 0.3,
    "row_of_three": 0.05,
    "queue": 0.05,
    "second_feed_line": 0.005,
}
FAST = {
    "two_machine_line A volume", "two_machine_line B run time", "row_of_three calendar",
    "queue exponential",
}  # fmt: skip
"""Each clock once, and one of the queues."""
OTHERS = {
    name for name in GROUPS if name.startswith(("two_machine_line", "row_of_three", "queue"))
} - FAST


@cache
def cases_of(name: str) -> list[Case]:
    """Return the cases of a group at a short horizon."""
    group, arguments = GROUPS[name]
    return group(OWN_SHARE.get(group.__name__, SHORT), *arguments)


@pytest.mark.parametrize(
    "name", [pytest.param(n, marks=pytest.mark.long if n in OTHERS else ()) for n in GROUPS]
)
def test_the_engine_gives_the_known_answer(name: str):
    cases = cases_of(name)
    assert cases
    assert [case for case in cases if not case.ok] == []


@pytest.mark.soak
def test_every_known_answer_is_met_at_full_length_and_the_clocks_are_told_apart():
    cases = validate().cases
    assert [case for case in cases if not case.ok] == []
    chance = [case for case in cases if case.kind == "z"]
    assert len(chance) == 36
    assert max(case.standard_error for case in chance) <= 5e-4
    apart = clocks_apart(cases)
    assert len(apart) == 7  # at equal rates volume and run time are one clock
    assert min(apart.values()) > 20.0


@pytest.mark.parametrize("fraction", [0.0, 0.3, 0.48, 0.7, 0.9, 0.99])
@pytest.mark.parametrize("tanks", [1, 2, 6])
def test_a_recycle_makes_no_product_of_its_own(fraction: float, tanks: int):
    plant = recycle_loop(fraction, feed=1.0, tanks=tanks)
    plant.run(100.0)
    ledger = plant.ledger()
    assert ledger.total(sink="customers") == pytest.approx(100.0, rel=1e-12)
    through = ledger.total(source=f"tank_{tanks}")
    assert through == pytest.approx(100.0 / (1.0 - fraction), rel=1e-9)
    assert plant.counts()["fallbacks"] == 0


def test_machines_around_tanks_of_no_capacity_are_a_rigid_row():
    """Buffers of 0 kg are the other reading of machines without buffers."""
    machines = unreliable((1.0,) * 3, (0.01, 0.02, 0.005), (0.1, 0.15, 0.05), "volume")
    plant = running(machine_line(machines, [0.0, 0.0]), crews=3)
    means = batch_means(plant, delivered, batches=20, hours=5000.0, warm_up=1000.0)
    assert abs(random("throughput", means["throughput"], 0.75).error) <= LARGEST_Z


def test_modes_that_compete_cost_less_than_independent_ones():
    """Both on the calendar; of two that fall together only one is waited for after the other."""
    competing, independent = (
        cases_of(f"three_modes {how}")[0] for how in ("competing", "independent")
    )
    assert competing.value > independent.value


def test_the_order_of_batches_and_steps_does_not_move_a_stirred_tank():
    at_once, in_steps = (stirred_tank(2.5, 2.5, 12.0, 0.2, 0.9) for _ in range(2))
    at_once.run(9.0)
    for hour in (0.1, 1.0, 3.7, 9.0):
        in_steps.run(hour)
    assert salt_in(in_steps, "tank_1") == pytest.approx(salt_in(at_once, "tank_1"), rel=1e-12)


def test_the_error_of_tanks_in_series_falls_with_the_tolerance():
    errors = []
    for tolerance in (1e-2, 1e-3, 1e-4):
        plant = tanks_in_a_row((1.0,) * 4, 20.0, (1.0,) * 3, feed=0.0, tolerance=tolerance)
        plant.run(40.0)
        errors.append(abs(salt_in(plant, "tank_3") / oracles.stirred.tanks_in_series(3, 2.0) - 1.0))
        assert errors[-1] < tolerance
    assert errors[0] > 3.0 * errors[1] > 15.0 * errors[2]


def test_the_tanks_in_series_hold_the_printed_digits_at_a_fine_tolerance():
    plant = tanks_in_a_row((1.0,) * 4, 2000.0, (1.0, 0.0, 0.0), feed=0.0, tolerance=1e-7)
    plant.run(4000.0)
    assert salt_in(plant, "tank_3") == pytest.approx(0.2706705665, abs=5.1e-11)


def test_a_queue_of_another_law_is_refused():
    with pytest.raises(ValueError, match="law 'uniform' is neither"):
        LoadingPoint(arrivals=0.5, load=1.0, law="uniform")


@pytest.mark.parametrize(
    ("build", "ok"),
    [
        (lambda: exact("x", 1.0 + 1e-10, 1.0), True),
        (lambda: exact("x", 1.0 + 1e-8, 1.0), False),
        (lambda: exact("x", 1e-10, 0.0), True),
        (lambda: random("x", [0.9, 1.0, 1.1], 1.05), True),
        (lambda: random("x", [0.9, 1.0, 1.1], 2.0), False),
    ],
    ids=["near", "far", "near nothing", "within", "beyond"],
)
def test_a_case_is_judged_by_its_tolerance(build: Callable[[], Case], ok: bool):
    assert build().ok is ok


def test_the_report_points_at_what_is_off():
    cases = [exact("good", 1.0, 1.0), exact("bad", 2.0, 1.0), random("chance", [1.0, 2.0], 1.4)]
    told = report(cases).splitlines()
    assert told[2].startswith("bad")
    assert told[2].endswith("<-- off")
    assert "off" not in told[1]
    assert told[-1] == "2 of 3 cases agree"


def test_the_report_shows_value_expected_error_and_standard_error():
    line = report([replace(random("chance", [1.0, 2.0], 1.4), value=1.5)]).splitlines()[1]
    assert line.split() == ["chance", "1.5", "1.4", "z", "+0.20", "3", "35.714", "%"]
