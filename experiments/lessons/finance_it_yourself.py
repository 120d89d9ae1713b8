"""Lesson 6, finance it yourself: a programme that pays for itself, and a better order to buy in."""

from __future__ import annotations

from dataclasses import dataclass

from experiments.lessons.checking import Answer, Question
from experiments.lessons.financing import CLASSES, FREE, OwnPlant, best, bought, months_of
from plant_models.chlorobenzene.paper.printed import table_1_2
from plant_models.methods.economics import TOTAL

AHEAD = 1.0  # months by which an order must be faster than the plant's own
READING = 0.05  # an answer to one decimal is right; months, or 10^4 RMB


@dataclass(frozen=True)
class Faster(Question):
    """An order of all paid schemes that is complete at least ``AHEAD`` before the plant's own."""

    def accepts(self, answer: Answer) -> bool:
        """Return whether an order is complete, and fast enough."""
        if not isinstance(answer, tuple) or sorted(answer) != sorted(CLASSES):
            return False
        return months_of(answer) <= months_of(CLASSES) - AHEAD


class Lesson(OwnPlant):
    """The student's own plant, and the questions about it."""

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
