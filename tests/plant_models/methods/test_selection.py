"""Selection under noise: KN keeps its guarantee, and the stated probability is kept."""

from collections.abc import Sequence

import numpy as np
import pytest

from plant_models.methods.selection import Array, Rules, Selection, at_most, select
from sim.statistics.intervals import interval

SEEDS = 200
MEANS = np.array([0.0, 1.0, 0.5, -0.5, 0.9])


def selected(
    means: Array, seed: int, rules: Rules, common: float = 0.0, spread: float = 1.0
) -> Selection:
    """Return the selection among normal designs; ``common``: correlation of their noise."""
    rng = np.random.default_rng(seed)
    own = rng.normal(size=(rules.most, len(means)))
    shared = rng.normal(size=(rules.most, 1))
    noise = spread * (np.sqrt(1.0 - common) * own + np.sqrt(common) * shared)

    def observe(which: Sequence[int], first: int, count: int) -> Array:
        return np.asarray((means + noise)[first : first + count, list(which)])

    return select(len(means), rules, observe)


@pytest.mark.parametrize("common", [0.0, 0.8])
@pytest.mark.parametrize("designs", [2, pytest.param(6, marks=pytest.mark.long)])
def test_the_best_is_selected_as_often_as_promised_over_200_seeds(designs: int, common: float):
    """The slippage configuration, all others an indifference below, is the hardest there is."""
    means = np.zeros(designs)
    means[designs // 2] = 0.5
    rules = Rules(indifference=0.5, confidence=0.9, first=10, most=2000, block=20)
    found = [selected(means, seed, rules, common) for seed in range(SEEDS)]
    assert all(each.decided for each in found)
    right = sum(each.best == designs // 2 for each in found)
    assert right >= 0.9 * SEEDS


@pytest.mark.parametrize("gap", [0.01, 0.3, 1.0])
@pytest.mark.parametrize(
    ("first", "most"), [(5, 10), pytest.param(10, 400, marks=pytest.mark.long)]
)
def test_the_stated_probability_is_no_more_than_how_often_it_is_right_over_200_seeds(
    gap: float, first: int, most: int
):
    """However near the second is, and whether the choice has come to an end or is left open."""
    means = np.array([1.0 - gap, 1.0, 0.5 - gap])
    rules = Rules(indifference=0.3, first=first, most=most)
    found = [selected(means, seed, rules, 0.5) for seed in range(SEEDS)]
    stated = float(np.mean([each.probability for each in found]))
    right = float(np.mean([each.best == 1 for each in found]))
    assert stated <= right + 2.0 * (right * (1.0 - right) / SEEDS) ** 0.5
    assert stated > 0.9 or gap < 1.0 or most == 10


def test_common_random_numbers_need_fewer_replications():
    rules = Rules(indifference=0.5, most=2000)
    apart = [selected(MEANS, seed, rules, 0.0) for seed in range(20)]
    together = [selected(MEANS, seed, rules, 0.9) for seed in range(20)]

    def spent(found: Sequence[Selection]) -> int:
        return sum(len(of) for each in found for of in each.observed)

    assert spent(together) < 0.5 * spent(apart)


def test_designs_that_cannot_be_told_apart_are_named():
    rules = Rules(indifference=0.01, first=10, most=12)
    found = selected(np.array([0.0, 5.0, 5.001]), 3, rules)
    assert not found.decided
    assert {1, 2} <= set(found.survivors)
    (rival,) = found.open_rivals
    assert {found.best, rival} == {1, 2}
    assert 2.0 * found.chance(rival) + found.probability == pytest.approx(1.0, abs=1e-6)


def test_a_design_by_itself_is_the_best_for_certain():
    found = selected(np.array([1.0]), 1, Rules(indifference=1.0))
    assert (found.best, found.decided, found.probability, found.open_rivals) == (0, True, 1.0, ())


def test_designs_without_noise_are_told_apart_at_once():
    found = selected(MEANS, 1, Rules(indifference=0.05), spread=0.0)
    assert found.decided
    assert all(len(of) == 10 for of in found.observed)
    assert found.probability == 1.0


def test_the_constant_of_kn_is_that_of_its_authors():
    """K = 10, n0 = 10, alpha = 0.05: eta = 0.5 ((0.1/9)^(-2/9) - 1), h^2 = 18 eta."""
    assert Rules(indifference=1.0).h2(10) == pytest.approx(18 * 0.5 * ((0.1 / 9) ** (-2 / 9) - 1))


def test_the_chance_that_a_mean_is_at_most_a_value_is_student_s():
    of = interval([1.0, 2.0, 3.0])
    assert at_most(of, of.low, 0.95) == pytest.approx(0.025)
    assert at_most(of, 2.0, 0.95) == pytest.approx(0.5)
    assert at_most(interval([2.0, 2.0]), 3.0, 0.95) == 1.0


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"indifference": 0.0}, "indifference"),
        ({"indifference": 1.0, "confidence": 1.0}, "confidence"),
        ({"indifference": 1.0, "first": 1}, "first"),
        ({"indifference": 1.0, "first": 10, "most": 5}, "most"),
    ],
)
def test_rules_that_make_no_sense_are_refused(wrong: dict[str, float], said: str):
    with pytest.raises(ValueError, match=f"^{said}: expected"):
        Rules(**wrong)  # type: ignore[arg-type]
