"""Lesson 4, do schemes add up? Four schemes, one emission, and five answers to who avoids what."""

from __future__ import annotations

from functools import cache, cached_property
from itertools import permutations

import pandas as pd

from experiments.lessons.checking import ROUNDING, BadInput, Question, SeededLesson
from plant_models import chlorobenzene as cb
from plant_models.methods import attribution as methods
from plant_models.methods.attribution import Game
from sim.clock.random_streams import RandomStreams

PLAYERS = ("F1", "F4", "F5", "F10")
FIGURE = "air.benzene_t"
LIKELY = "F10"
CLAIMS = {
    "A": "F10 avoids so many tonnes of benzene a year.",
    "B": "F10 avoids so many tonnes a year as its Shapley share among F1, F4, F5 and F10.",
    "C": "The four avoid together what their single effects add up to.",
}


@cache
def game() -> Game:
    """Return the benzene to air that every set of the four avoids, t/yr, at constant conditions."""
    base = cb.steady_state("none").indicators[FIGURE]
    return Game.of(PLAYERS, lambda ids: base - cb.steady_state(ids).indicators[FIGURE])


def rounding() -> float:
    """Return how far an answer of three digits may be off, t/yr."""
    return ROUNDING * abs(game().together)


class Lesson(SeededLesson):
    """The sixteen sets of four schemes, and the student's own order of introducing them.

    The seed decides the order.
    """

    @cached_property
    def order(self) -> tuple[str, ...]:
        """The student's order of introduction."""
        orders = list(permutations(PLAYERS))
        draw = RandomStreams(self.seed).stream("schemes", "order").uniform(0.0, len(orders))
        return orders[int(draw)]

    def avoided(self, *schemes: str) -> float:
        """Return the benzene to air that schemes avoid together, t/yr; negative if it rises.

        Raises BadInput if one is none of the four, or is there twice.
        """
        if not all(schemes.count(each) == 1 and each in PLAYERS for each in schemes):
            came = ", ".join(map(repr, schemes))
            raise BadInput(
                f'expected schemes of {", ".join(PLAYERS)}, as in avoided("F1", "F5"), came {came}'
            )
        return game()[schemes]

    def table(self) -> pd.DataFrame:
        """Return every set of the four with what it avoids, t/yr."""
        sets = [methods.members(PLAYERS, mask) for mask in range(1 << len(PLAYERS))]
        rows = {" ".join(ids) or "none": self.avoided(*ids) for ids in sets}
        return pd.DataFrame.from_dict(rows, orient="index", columns=["avoided t/yr"]).round(2)

    def splits(self) -> pd.DataFrame:
        """Return who avoids what by every method, t/yr."""
        return pd.DataFrame(methods.split(game(), self.order)).round(2)

    def _sum_alone(self) -> Question:
        alone = methods.alone(game())
        return self.ask(
            "sum_alone",
            sum(alone.values()),
            {"without_signs": sum(map(abs, alone.values())), "together": game().together},
            tolerance=rounding(),
        )

    def _together(self) -> Question:
        return self.ask(
            "together",
            game().together,
            {"sum_alone": sum(methods.alone(game()).values())},
            tolerance=rounding(),
        )

    def _gap(self) -> Question:
        gap = methods.additivity_gap(game())
        return self.ask("gap", gap, {"turned_round": -gap}, tolerance=rounding())

    def _pair(self) -> Question:
        pairs = methods.interactions(game())
        right = max(pairs, key=lambda pair: abs(pairs[pair]))
        biggest = sorted(methods.alone(game()), key=lambda s: -abs(methods.alone(game())[s]))[:2]
        return self.ask("pair", frozenset(right), {"by_size": frozenset(biggest)})

    def _first_and_last(self) -> Question:
        first, last = methods.alone(game())[LIKELY], methods.last_in(game())[LIKELY]
        return self.ask(
            "first_and_last",
            last - first,
            {"turned_round": first - last, "last": last},
            tolerance=rounding(),
            likely=LIKELY,
        )

    def _in_order(self) -> Question:
        added = methods.in_order(game(), self.order)
        second = self.order[1]
        return self.ask(
            "in_order",
            added[second],
            {"both": game()[self.order[:2]]},
            tolerance=rounding(),
            order=", ".join(self.order),
            second=second,
        )

    def _shapley(self) -> Question:
        shares = methods.shapley(game())
        alone, last = methods.alone(game())[LIKELY], methods.last_in(game())[LIKELY]
        return self.ask(
            "shapley",
            shares[LIKELY],
            {"alone": alone, "last": last},
            tolerance=rounding(),
            likely=LIKELY,
        )

    def _claim(self) -> Question:
        return self.ask("claim", "B")


begin = Lesson
