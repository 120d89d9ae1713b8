"""Effects of a full factorial: against their definition, and back to every cell."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plant_models.methods.attribution import Game, interactions, shapley
from plant_models.methods.factorial import cells, effects, largest, spread_by_order

EXACT = 1e-12  # of the largest cell


@st.composite
def tables(draw, most=6):
    n = draw(st.integers(1, most))
    size = 1 << n
    return np.array(draw(st.lists(st.floats(-1e6, 1e6), min_size=size, max_size=size)))


def scale(values) -> float:
    return EXACT * max(1.0, float(np.abs(values).max()))


def by_definition(values):
    """Sum every cell with the sign of the factors of T that are off in it, over 2**(n-1)."""
    n = len(values)
    signs = [[(-1.0) ** (t & ~s).bit_count() for s in range(n)] for t in range(n)]
    return np.array(signs) @ values / (n / 2)


@settings(max_examples=30)
@given(tables())
def test_the_fast_transform_equals_the_definition(values):
    assert effects(values) == pytest.approx(by_definition(values), abs=scale(values))


@pytest.mark.long
@given(tables(most=8))
def test_the_effects_give_every_cell_back(values):
    assert cells(effects(values)) == pytest.approx(values, abs=scale(values))


def test_columns_are_transformed_one_by_one():
    values = np.random.default_rng(1).normal(size=(64, 5))
    together = effects(values)
    for column in range(5):
        assert together[:, column] == pytest.approx(effects(values[:, column]), abs=1e-13)
    assert cells(together) == pytest.approx(values, abs=1e-13)


@settings(max_examples=30)
@given(tables())
def test_a_main_effect_is_the_difference_of_two_means(values):
    found = effects(values)
    masks = np.arange(len(values))
    bit = 1
    while bit < len(values):
        difference = values[masks & bit > 0].mean() - values[masks & bit == 0].mean()
        assert found[bit] == pytest.approx(difference, abs=scale(values))
        bit *= 2


@settings(max_examples=30)
@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=6))
def test_what_adds_up_has_main_effects_alone(single):
    names = tuple("abcdef"[: len(single)])
    game = Game.of(names, lambda s: sum(single[names.index(p)] for p in s))
    found = effects(game.worth)
    for mask, effect in enumerate(found):
        if mask.bit_count() == 1:
            assert effect == pytest.approx(single[mask.bit_length() - 1], abs=1e-9)
        elif mask:
            assert effect == pytest.approx(0.0, abs=1e-9)


@settings(max_examples=30)
@given(tables(most=2).filter(lambda values: len(values) == 4))
def test_of_two_factors_the_interaction_is_half_the_pair_and_the_main_effects_are_shapley(values):
    game, found = Game(("a", "b"), values), effects(values)
    assert found[3] == pytest.approx(interactions(game)["a", "b"] / 2, abs=scale(values))
    assert found[[1, 2]] == pytest.approx(list(shapley(game).values()), abs=scale(values))


@settings(max_examples=30)
@given(tables(most=5))
def test_the_spread_of_the_cells_is_the_sum_over_the_orders(values):
    """Parseval: the variance of the cells is a quarter of the sum of squared effects."""
    found = effects(values)
    variance = np.mean((values - values.mean()) ** 2)
    size = max(1.0, float((values**2).max()))
    assert np.sum(found[1:] ** 2) / 4.0 == pytest.approx(variance, abs=1e-10 * size)
    assert spread_by_order(found).sum() in (0.0, pytest.approx(1.0))


def test_the_largest_effects_are_named():
    found = largest([0.0, 1.0, -5.0, 3.0], ("a", "b"), 2)
    assert found == [(("b",), -5.0), (("a", "b"), 3.0)]
    assert largest([0.0, 1.0, -5.0, 3.0], ("a", "b"), 9, order=2) == [(("a", "b"), 3.0)]


@pytest.mark.parametrize("shape", [(1,), (3,), (0,), (2, 2, 2)])
def test_what_is_no_full_factorial_is_refused(shape):
    with pytest.raises(ValueError, match="a full factorial has"):
        effects(np.zeros(shape))
