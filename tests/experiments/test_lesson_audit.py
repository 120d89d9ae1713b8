"""Lesson 1: the planted leak is found, none is found where none was planted, meters are honest."""

import numpy as np
import pytest

from experiments.lessons import walk_through_audit as audit
from experiments.lessons.virtual_meters import PIPED, SAMPLED, WEIGHED, Kind, ring_flows

SEEDS = range(1, 201)


def test_rings_close_at_every_process():
    balances, flows = ring_flows()
    assert max(map(abs, balances.gaps(flows).values())) < 1e-9 * max(flows)


def test_reconciliation_finds_the_planted_leak_in_95_of_100_seeds():
    lessons = [audit.begin(seed) for seed in SEEDS]
    found = [(each.before, each.before.reconciled.find()) for each in lessons]
    hits = [leak is not None and leak.node == month.leaking for month, leak in found]
    assert sum(hits) >= 0.95 * len(SEEDS)
    assert {month.leaking for month, _ in found} == set(audit.PLACES)


def test_reconciliation_reports_none_in_95_of_100_seeds_where_none_was_planted():
    quiet = [audit.begin(seed).after.reconciled.find() is None for seed in SEEDS]
    assert sum(quiet) >= 0.95 * len(SEEDS)


def test_the_size_of_the_leak_is_estimated_without_bias_and_with_an_honest_error():
    months = [audit.begin(seed).before for seed in SEEDS]
    own = [(month.leak, month.reconciled.leaks[month.leaking or ""]) for month in months]
    errors = [(leak.size - true) / leak.standard_error for true, leak in own]
    assert np.mean(errors) == pytest.approx(0.0, abs=4 / len(SEEDS) ** 0.5)
    assert np.std(errors) == pytest.approx(1.0, abs=4 / (2 * len(SEEDS)) ** 0.5)


@pytest.mark.parametrize("kind", [WEIGHED, PIPED, SAMPLED])
def test_a_meter_errs_by_what_its_data_sheet_says(kind: Kind):
    """Standard deviation of 3,000 monthly means; its own sampling error times 4."""
    dice = np.random.Generator(np.random.PCG64(7))
    means = [kind.read(1.0, dice).mean() for _ in range(3000)]
    assert np.mean(means) == pytest.approx(1.0, abs=4 * kind.relative_error / 3000**0.5)
    assert np.std(means) == pytest.approx(kind.relative_error, rel=4 / 6000**0.5)
