"""Lesson 1, walk-through audit: close the benzene balance from noisy meters, find the leak."""

from __future__ import annotations

import math
from functools import cached_property

import numpy as np
import pandas as pd

from experiments.lessons.checking import Question, SeededLesson, need
from experiments.lessons.virtual_meters import HOURS, OUTSIDE, Month, month
from sim.clock.random_streams import RandomStreams

PLACES = (
    "delivery",
    "drying",
    "chlorination",
    "absorption",
    "washing",
    "crude distillation",
)
"""Where much benzene passes, and a leak may be planted."""

SHARES = (0.018, 0.028)  # kg/kg; part of a process's intake that leaks
SIGNIFICANCE = 0.01
LEAK, NOISE = "leak", "noise"
SURE = 3.5  # standard errors; one honest estimate in two thousand is farther off


class Lesson(SeededLesson):
    """Two months of the student's own meters: with a planted leak, and after its repair.

    The seed decides the meters' noise, the place of the leak and its size.
    """

    def _dice(self, purpose: str) -> np.random.Generator:
        """Return random numbers by name: a new purpose moves no other."""
        start = RandomStreams(self.seed).stream("audit", purpose).uniform(0.0, 2.0**53)
        return np.random.Generator(np.random.PCG64(int(start)))

    @cached_property
    def before(self) -> Month:
        """The month with the leak."""
        plan = RandomStreams(self.seed).stream("audit", "leak")
        place = PLACES[int(plan.uniform(0.0, len(PLACES)))]
        return month(self._dice("before"), place, plan.uniform(*SHARES))

    @cached_property
    def after(self) -> Month:
        """The month after the repair."""
        return month(self._dice("after"))

    def outer(self, meters: Month) -> pd.DataFrame:
        """Return the part of the log sheet that crosses the fence: in, and out.

        Raises BadInput if it is no month.
        """
        need("outer", meters, Month, "a month, as in outer(lesson.before)")
        table = meters.table()
        nodes = meters.balances.nodes
        return table[~(table["from"].isin(nodes) & table["to"].isin(nodes))]

    def tests(self, meters: Month) -> pd.DataFrame:
        """Return every process with its gap and the leak that fits best, t, and their errors.

        Raises BadInput if it is no month.
        """
        need("tests", meters, Month, "a month, as in tests(lesson.before)")
        found = meters.reconciled
        rows = {
            node: {
                "gap": found.gaps[node],
                "error of gap": found.gap_errors[node],
                "leak": leak.size,
                "error of leak": leak.standard_error,
                "z of leak": leak.z,
            }
            for node, leak in found.leaks.items()
        }
        return pd.DataFrame.from_dict(rows, orient="index").round(2)

    def verdict(self, meters: Month) -> str:
        """Return what the global test says: ``leak`` or ``noise``.

        Raises BadInput if it is no month.
        """
        need("verdict", meters, Month, "a month, as in verdict(lesson.before)")
        return LEAK if meters.reconciled.find(SIGNIFICANCE) else NOISE

    def _fence(self) -> tuple[float, float, float]:
        """Return gap, its standard error, and the plain sum of errors over the fence, t."""
        table = self.outer(self.before)
        signs = np.where(table["from"] == OUTSIDE, 1.0, -1.0)
        errors = table["standard_error"].to_numpy()
        gap = float((signs * table["mean"].to_numpy()).sum())
        return gap, math.sqrt(float(np.square(errors).sum())), float(errors.sum())

    def _gap(self) -> Question:
        gap, error, _ = self._fence()
        table = self.before.table()
        inside = 2.0 * gap - float(table["mean"].sum())
        return self.ask(
            "gap",
            gap,
            {"sign": -gap, "inside": inside},
            within={"inside": 10.0 * error + 3.0 * abs(gap)},
            tolerance=0.05 * error,
        )

    def _gap_error(self) -> Question:
        _, error, plain = self._fence()
        return self.ask(
            "gap_error", error, {"plain_sum": plain, "variance": error**2}, tolerance=0.02 * error
        )

    def _verdict(self) -> Question:
        return self.ask("verdict", self.verdict(self.before), significance=SIGNIFICANCE)

    def _after_repair(self) -> Question:
        return self.ask("after_repair", self.verdict(self.after), significance=SIGNIFICANCE)

    def _where(self) -> Question:
        place = self.before.leaking or ""
        balances = self.before.balances
        shared = {end for stream in balances.streams if place in stream for end in stream}
        neighbours = [node for node in balances.nodes if node in shared]
        return self.ask("where", place, {"neighbour": neighbours})

    def _size(self) -> Question:
        leak, place = self.before.leak, self.before.leaking or ""
        error = self.before.reconciled.leaks[place].standard_error
        return self.ask(
            "size",
            leak,
            {"kg_per_hour": leak * 1000.0 / HOURS, "sign": -leak},
            within={"kg_per_hour": 1000.0 / HOURS * SURE * error},
            tolerance=SURE * error,
            sure=SURE,
        )


begin = Lesson
