"""Lesson 6, finance it yourself: a programme that pays for itself, and a better order to buy in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Any

import pandas as pd

from experiments.lessons.checking import Answer, BadInput, Question, SeededLesson, names_in, need
from plant_models.chlorobenzene.line.design import baseline
from plant_models.chlorobenzene.money.economy import ECONOMY
from plant_models.chlorobenzene.money.installation import plan
from plant_models.chlorobenzene.paper.printed import PROGRAMME, TEN_THOUSAND, table_1_2
from plant_models.methods.economics import TOTAL
from plant_models.methods.installation import arithmetic, measures
from plant_models.methods.rollout import (
    MONTH,
    YEAR,
    Measure,
    Rollout,
    Terms,
    added,
    best_order,
    roll_out,
)
from sim.clock.random_streams import RandomStreams, Stream

FREE = "F1-F4"
CLASSES = ("F5", "F6", "F7", "F8", "F9", "F10", "F11")
"""The plant's own order: low cost, medium cost, high cost."""

THREE_YEARS = 3.0 * YEAR  # h
STEPS = ECONOMY.steps(PROGRAMME)
WORTH = added({row.name: row.net for name, row in table_1_2().items() if name != TOTAL})
"""Net incomes of Table 1-2, RMB/yr."""
AHEAD = 1.0  # months by which an order must be faster than the plant's own
READING = 0.05  # an answer to one decimal is right; months, or 10^4 RMB


@dataclass(frozen=True)
class Faster(Question):
    """An order of all paid schemes that is complete at least ``AHEAD`` before the plant's own."""

    def accepts(self, answer: Answer) -> bool:
        """Return whether an order is complete, and fast enough."""
        try:
            order = in_order(answer if isinstance(answer, tuple) else ())
        except BadInput:
            return False
        return months_of(order) <= months_of(CLASSES) - AHEAD


def months_of(order: Sequence[str]) -> float:
    """Return after how many months a programme is complete, by the source's own arithmetic."""
    return _length(roll_out(bought(order), WORTH))


@cache
def best() -> tuple[str, ...]:
    """Return the best of all 5,040 orders, most cash after three years."""
    order = best_order(bought(CLASSES), WORTH, horizon=THREE_YEARS)
    return tuple(measure.name for measure in order if measure.name != FREE)


def bought(order: Sequence[str], *, dates: bool = False) -> tuple[Measure, ...]:
    """Return what an order buys, F1-F4 first; with dates, it takes its time."""
    known = {each.name: each for each in measures(ECONOMY, STEPS, plan().tree)}
    if not dates:  # everything works at the instant at which it is bought
        known = {name: Measure(name, each.investment) for name, each in known.items()}
    return tuple(known[name] for name in (FREE, *order))


def _length(went: Rollout) -> float:
    """Return after how many months a programme is complete."""
    finished = went.finished
    if finished is None:
        raise ValueError(f"the programme is never complete: no money for {', '.join(went.left)}")
    return finished / MONTH


def in_order(order: Any) -> tuple[str, ...]:
    """Return an order as written in a notebook: ``"F5 F6 ..."``, or a list.

    Raises BadInput if not every scheme from F5 to F11 is there once.

    Examples
    --------
    >>> in_order("F5, F6 F7 F8 F9 F10 F11")
    ('F5', 'F6', 'F7', 'F8', 'F9', 'F10', 'F11')
    """
    in_a_row = isinstance(order, Iterable) and not isinstance(order, str | Set)
    listed = order if in_a_row else [order]
    typed = [word for each in listed for name in names_in(str(each)) for word in name.split()]
    names = tuple(word.upper() for word in typed)
    if sorted(names) != sorted(CLASSES):
        raise BadInput(
            f"an order buys each of {', '.join(CLASSES)} once, came {', '.join(typed) or 'nothing'}"
            "; F1-F4 are free and come first of themselves"
        )
    return names


class Lesson(SeededLesson):
    """The student's own plant: how much of its savings it keeps, and when it begins.

    The seed decides both.
    """

    @cached_property
    def retained(self) -> float:
        """Share of the savings that stays with the programme; tax and bonuses take the rest, 1."""
        return round(self._drawn("retained share").uniform(0.4, 0.7), 2)

    @cached_property
    def begins(self) -> int:
        """Month of the year in which the programme begins, 1 to 12."""
        return 1 + int(self._drawn("first month").uniform(0.0, 12.0))

    @property
    def classes(self) -> tuple[str, ...]:
        """The plant's own order."""
        return CLASSES

    def table(self) -> pd.DataFrame:
        """Return what each step costs once and earns a year by Table 1-2, 10^4 RMB."""
        steps = [row for name, row in table_1_2().items() if name != TOTAL]
        return pd.DataFrame(
            {
                "investment": [row.investment / TEN_THOUSAND for row in steps],
                "net income": [row.net / TEN_THOUSAND for row in steps],
                "payback, yr": [row.payback for row in steps],
            },
            index=[row.name for row in steps],
        )

    def months(self, order: str | Sequence[str]) -> float:
        """Return after how many months a programme is complete; F1-F4 come first of themselves.

        Raises BadInput if not every scheme from F5 to F11 is there once.
        """
        return months_of(in_order(order))

    def months_sharing(self, order: str | Sequence[str]) -> float:
        """Return the same for a plant that keeps only its share of the savings."""
        terms = Terms(retained=self.retained)
        return _length(roll_out(bought(in_order(order)), WORTH, terms))

    def months_dated(self, order: str | Sequence[str]) -> float:
        """Return the same with lead times, downtimes, the shutdown and monthly books as well."""
        return _length(self.dated(order))

    def dated(self, order: str | Sequence[str]) -> Rollout:
        """Return how a programme goes that has to wait for deliveries and for the shutdown."""
        start = (self.begins - 1) * MONTH
        terms = arithmetic(plan().tree, baseline().tree.annual_shutdown.start, start)
        terms = replace(terms, retained=self.retained, starting_cash=0.0)
        return roll_out(bought(in_order(order), dates=True), WORTH, terms)

    def cash(self, order: str | Sequence[str]) -> float:
        """Return what is in hand three years after the start on these dates, 10^4 RMB."""
        return self.dated(order).cash(THREE_YEARS) / TEN_THOUSAND

    def calendar(self, order: str | Sequence[str]) -> pd.DataFrame:
        """Return when each step is ordered and when it works, months from the start."""
        steps = self.dated(order).steps
        columns = {
            "ordered": [step.bought / MONTH for step in steps],
            "works": [step.works / MONTH for step in steps],
        }
        return pd.DataFrame(columns, index=[step.name for step in steps]).round(1)

    def curves(self, orders: Mapping[str, str | Sequence[str]]) -> pd.DataFrame:
        """Return the cash of some orders on these dates by month, 10^4 RMB, for a picture."""
        need("curves", orders, Mapping, "orders by name, as in {'mine': 'F5 F6 ...'}")
        went = {name: self.dated(order) for name, order in orders.items()}
        months = range(37)
        return pd.DataFrame(
            {
                name: [one.cash(m * MONTH) / TEN_THOUSAND for m in months]
                for name, one in went.items()
            },
            index=pd.Index(months, name="month"),
        )

    def search(self) -> tuple[str, ...]:
        """Return the best of all 5,040 orders: the most cash after three years."""
        return best()

    def _drawn(self, purpose: str) -> Stream:
        return RandomStreams(self.seed).stream("lesson_6", purpose)

    def _share(self) -> Question:
        right, paper = self.months_sharing(best()), months_of(best())
        return self.ask(
            "share",
            right,
            {
                "all_of_it": paper,
                "multiplied": paper * self.retained,
                "in_proportion": paper * (2.0 - self.retained),
            },
            tolerance=READING,
        )

    def _gain(self) -> Question:
        slow, fast = self.months_dated(CLASSES), self.months_dated(best())
        return self.ask(
            "gain",
            slow - fast,
            {"on_paper": months_of(CLASSES) - months_of(best())},
            tolerance=READING,
        )

    def _cash(self) -> Question:
        ours, theirs = self.cash(best()), self.cash(CLASSES)
        return self.ask(
            "cash", ours - theirs, {"all_of_it": ours, "nothing": 0.0}, tolerance=READING
        )

    def _months(self) -> Question:
        rows = table_1_2()
        total, free = rows[TOTAL], rows[FREE]
        return self.ask(
            "months",
            months_of(CLASSES),
            {
                "payback": 12.0 * total.investment / total.net,
                "free_only": 12.0 * total.investment / free.net,
            },
            tolerance=READING,
        )

    def _last(self) -> Question:
        return self.ask("last", best()[-1])

    def _faster(self) -> Question:
        by_income = ("F11", "F9", "F10", "F6", "F7", "F5", "F8")
        wrong = {"own": CLASSES, "by_income": by_income}
        return Faster(**vars(self.ask("faster", best(), wrong, ahead=AHEAD)))

    def _waits(self) -> Question:
        waiting = frozenset(each.name for each in bought(CLASSES, dates=True) if each.at_shutdown)
        return self.ask("waits", waiting, {"dearest": frozenset({"F10", "F11"})})


begin = Lesson
