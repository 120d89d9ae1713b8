"""Splits of a figure over measures that act together, against closed forms and their axioms."""

from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plant_models.methods.attribution import (
    Game,
    additivity_gap,
    alone,
    in_order,
    interactions,
    last_in,
    scaled,
    shapley,
    split,
)

EXACT = 1e-12  # of the largest figure of the game
NAMES = tuple("abcdefg")


@st.composite
def games(draw, least=1, most=6):
    n = draw(st.integers(least, most))
    worth = draw(st.lists(st.floats(-1e6, 1e6), min_size=1 << n, max_size=1 << n))
    return Game(NAMES[:n], worth)


def size(*of: Game) -> float:
    return max(1.0, *(float(np.abs(game.worth).max()) for game in of))


def serial(*shares: float, through: float = 100.0) -> Game:
    """Return what devices in series catch, each its share of what reaches it."""

    def caught(indices):
        left = through
        for index in indices:
            left *= 1.0 - shares[int(index)]
        return through - left

    return Game.of([str(i) for i in range(len(shares))], caught)


def test_what_two_devices_in_series_catch_is_shared_as_worked_out_by_hand():
    """100 t/yr, 60 % then 80 %: alone 60 and 80, together 92, last-in 12 and 32, Shapley 36, 56."""
    game = serial(0.6, 0.8)
    assert list(alone(game).values()) == pytest.approx([60.0, 80.0], rel=EXACT)
    assert game.together == pytest.approx(92.0, rel=EXACT)
    assert list(last_in(game).values()) == pytest.approx([12.0, 32.0], rel=EXACT)
    assert list(shapley(game).values()) == pytest.approx([36.0, 56.0], rel=EXACT)
    assert additivity_gap(game) == pytest.approx(48.0, rel=EXACT)
    assert interactions(game)["0", "1"] == pytest.approx(-48.0, rel=EXACT)


def test_two_bottlenecks_that_only_go_together_share_evenly():
    """Alone 0 and 0, together 20: each gets half, and shares in proportion to nothing are none."""
    game = Game(("first", "second"), [0.0, 0.0, 0.0, 20.0])
    assert alone(game) == {"first": 0.0, "second": 0.0}
    assert shapley(game) == {"first": 10.0, "second": 10.0}
    assert scaled(game) is None
    assert additivity_gap(game) == -20.0
    assert interactions(game) == {("first", "second"): 20.0}


@given(st.lists(st.floats(0.0, 1.0), min_size=2, max_size=5))
def test_devices_in_series_overlap_by_the_product_of_their_shares(shares):
    """v(ab) - v(a) - v(b) = -100 s_a s_b, times what the others let through."""
    game = serial(*shares)
    for (one, other), found in interactions(game, game.players).items():
        passed = 100.0
        for index, share in enumerate(shares):
            if str(index) not in (one, other):
                passed *= 1.0 - share
        expected = -passed * shares[int(one)] * shares[int(other)]
        assert found == pytest.approx(expected, abs=1e-11)


@settings(max_examples=30)
@given(games())
def test_shapley_order_and_scaled_shares_sum_to_the_whole(game):
    for name in ("Shapley", "in order", "scaled"):
        shares = split(game)[name]
        if shares is None:
            continue
        largest = max(size(game), *map(abs, shares.values()))  # scaled: a quotient, any size
        assert abs(sum(shares.values()) - game.together) <= EXACT * largest


@settings(max_examples=30)
@given(games(most=5))
def test_shapley_is_the_mean_over_all_orders(game):
    orders = list(permutations(game.players))
    sums = dict.fromkeys(game.players, 0.0)
    for order in orders:
        for player, added in in_order(game, order).items():
            sums[player] += added
    means = {player: total / len(orders) for player, total in sums.items()}
    assert shapley(game) == pytest.approx(means, abs=EXACT * size(game))


@settings(max_examples=30)
@given(games(least=2), st.data())
def test_players_that_add_the_same_get_the_same(game, data):
    """Both swapped in every set: the mean of the game and its mirror is symmetric in the two."""
    one, other = data.draw(st.sampled_from(list(combinations(game.players, 2))))
    swap = {one: other, other: one}
    mirrored = Game.of(game.players, lambda s: game[[swap.get(p, p) for p in s]])
    even = Game(game.players, (game.worth + mirrored.worth) / 2.0)
    shares = shapley(even)
    assert shares[one] == pytest.approx(shares[other], abs=EXACT * size(game))


@settings(max_examples=30)
@given(games(most=5), st.integers(0, 5))
def test_a_player_that_adds_nothing_gets_nothing_and_moves_nobody(game, place):
    place = min(place, len(game.players))
    names = (*game.players[:place], "dummy", *game.players[place:])
    wider = Game.of(names, lambda s: game[[p for p in s if p != "dummy"]])
    shares = shapley(wider)
    assert shares.pop("dummy") == 0.0
    assert shares == pytest.approx(shapley(game), abs=EXACT * size(game))


@settings(max_examples=30)
@given(games(least=3, most=3), games(least=3, most=3), st.floats(-10.0, 10.0))
def test_the_value_of_a_sum_of_games_is_the_sum_of_their_values(one, other, factor):
    both = Game(one.players, one.worth + factor * other.worth)
    parts = shapley(one), shapley(other)
    expected = {p: parts[0][p] + factor * parts[1][p] for p in one.players}
    assert shapley(both) == pytest.approx(expected, abs=EXACT * size(one, other, both))


@settings(max_examples=30)
@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=6), st.floats(-1e3, 1e3))
def test_without_interactions_all_methods_agree(single, base):
    names = NAMES[: len(single)]
    game = Game.of(names, lambda s: base + sum(single[names.index(p)] for p in s))
    expected = dict(zip(names, single, strict=True))
    for name, shares in split(game).items():
        if name != "scaled":
            assert shares == pytest.approx(expected, abs=1e-9)
    assert additivity_gap(game) == pytest.approx(0.0, abs=1e-9)
    assert all(abs(found) <= 1e-9 for found in interactions(game).values())


@settings(max_examples=30)
@given(games(least=2))
def test_pair_interactions_are_second_differences(game):
    everyone = set(game.players)
    for (one, other), found in interactions(game, game.players).items():
        rest = everyone - {one, other}
        expected = game[everyone] - game[rest | {one}] - game[rest | {other}] + game[rest]
        assert found == pytest.approx(expected, abs=EXACT * size(game))
    for (one, other), found in interactions(game).items():
        expected = game[{one, other}] - game[{one}] - game[{other}] + game[()]
        assert found == pytest.approx(expected, abs=EXACT * size(game))


@pytest.mark.parametrize(
    ("players", "worth", "words"),
    [
        ((), [0.0], "1 to 20 players"),
        (("a", "a"), [0.0] * 4, "names of their own"),
        (("a", "b"), [0.0] * 3, "4 sets"),
        (("a", "b"), [0.0, 1.0, float("nan"), 2.0], "set b is nan"),
    ],
)
def test_what_is_no_game_is_refused(players, worth, words):
    with pytest.raises(ValueError, match=words):
        Game(players, worth)


def test_an_order_names_everybody_once():
    with pytest.raises(ValueError, match=r"every player once \(a, b\); came a, a"):
        in_order(Game(("a", "b"), [0.0] * 4), ("a", "a"))
