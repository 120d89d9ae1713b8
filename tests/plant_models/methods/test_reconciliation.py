"""Data reconciliation against its definition, its distribution, and planted leaks."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plant_models.methods.reconciliation import Balances, Reconciliation, with_leak

RECYCLE = Balances(
    ("mixer", "reactor", "splitter"),
    (
        ("feed", "mixer"),
        ("mixer", "reactor"),
        ("reactor", "splitter"),
        ("splitter", "mixer"),
        ("splitter", "product"),
        ("reactor", "vent"),
    ),
)
TRUE = np.array([100.0, 250.0, 245.0, 150.0, 95.0, 5.0])

readings = st.lists(st.floats(1.0, 1000.0), min_size=6, max_size=6)
errors = st.lists(st.floats(0.1, 10.0), min_size=6, max_size=6)


@settings(max_examples=30)
@given(readings, errors)
def test_reconciled_flows_close_every_balance(read: list[float], error: list[float]):
    flows = Reconciliation(RECYCLE, read, error).flows
    assert np.abs(RECYCLE.incidence @ flows).max() < 1e-9 * max(read)


@settings(max_examples=30)
@given(readings, errors)
def test_reconciled_flows_are_the_nearest_that_close(read: list[float], error: list[float]):
    """Least squares over the null space of the balances, which knows nothing of the formula."""
    _, _, vectors = np.linalg.svd(RECYCLE.incidence)
    free = vectors[len(RECYCLE.nodes) :].T
    weights = 1.0 / np.array(error)
    along = np.linalg.lstsq(free * weights[:, None], np.array(read) * weights)[0]
    found = Reconciliation(RECYCLE, read, error)
    assert found.flows == pytest.approx(free @ along, rel=1e-7, abs=1e-6)
    corrections = (free @ along - np.array(read)) * weights
    assert found.statistic == pytest.approx(float(corrections @ corrections), rel=1e-6, abs=1e-9)


def test_readings_that_close_are_left_alone_and_tell_of_no_leak():
    found = Reconciliation(RECYCLE, TRUE, np.ones(6))
    assert found.flows == pytest.approx(TRUE)
    assert found.p_value() == pytest.approx(1.0)
    assert found.find() is None


@pytest.mark.long
def test_by_noise_alone_the_global_statistic_is_chi_squared_and_every_z_standard_normal():
    """Mean m and variance 2 m with m balances; sampling errors of 5,000 draws times 4."""
    dice = np.random.Generator(np.random.PCG64(1))
    sd = np.array([1.0, 2.0, 2.0, 1.5, 0.5, 0.2])
    draws = [Reconciliation(RECYCLE, TRUE + sd * dice.standard_normal(6), sd) for _ in range(5000)]
    statistics = np.array([each.statistic for each in draws])
    assert statistics.mean() == pytest.approx(3.0, abs=4 * (6 / 5000) ** 0.5)
    for z in (
        [each.leaks["reactor"].z for each in draws],
        [each.measurement_tests[("splitter", "mixer")] for each in draws],
    ):
        assert np.mean(z) == pytest.approx(0.0, abs=4 / 5000**0.5)
        assert np.std(z) == pytest.approx(1.0, abs=4 / 10000**0.5)


def test_a_leak_without_noise_is_found_exactly():
    flows, leak = with_leak(RECYCLE, TRUE, "reactor", 0.1)
    found = Reconciliation(RECYCLE, flows, np.ones(6)).leaks["reactor"]
    assert found.size == pytest.approx(leak)
    assert max(RECYCLE.gaps(flows), key=lambda node: RECYCLE.gaps(flows)[node]) == "reactor"


def test_a_node_that_gives_more_than_it_gets_is_the_one_found():
    row = Balances(("A", "B", "C"), (("in", "A"), ("A", "B"), ("B", "C"), ("C", "out")))
    found = Reconciliation(row, (100.0, 100.0, 112.0, 112.0), (1.0,) * 4).find()
    assert found is not None
    assert found.node == "B"
    assert found.size == pytest.approx(-12.0)


def test_a_meter_that_is_off_is_told_by_its_own_measurement_test():
    wrong = TRUE + np.array([0.0, 0.0, 30.0, 0.0, 0.0, 0.0])
    scores = Reconciliation(RECYCLE, wrong, np.ones(6)).measurement_tests
    assert max(scores, key=lambda stream: abs(scores[stream])) == ("reactor", "splitter")


@given(st.sampled_from(RECYCLE.nodes), st.floats(0.0, 0.5))
def test_a_planted_leak_opens_one_balance_by_its_size_and_no_other(node: str, share: float):
    flows, leak = with_leak(RECYCLE, TRUE, node, share)
    gaps = RECYCLE.gaps(flows)
    assert gaps.pop(node) == pytest.approx(leak, abs=1e-9)
    assert all(abs(gap) < 1e-9 for gap in gaps.values())
    assert flows[0] == pytest.approx(TRUE[0])


def test_balances_without_a_way_outside_are_refused():
    with pytest.raises(ValueError, match="not independent"):
        Balances(("a", "b"), (("a", "b"), ("b", "a")))
    with pytest.raises(ValueError, match="touch no node: x > y"):
        Balances(("a",), (("x", "y"),))


def test_a_meter_without_error_is_refused():
    with pytest.raises(ValueError, match="more than 0"):
        Reconciliation(RECYCLE, TRUE, np.zeros(6))
    with pytest.raises(ValueError, match="expected 6 readings"):
        Reconciliation(RECYCLE, TRUE[:3], np.ones(3))
