"""Lesson 1, walk-through audit: close the benzene balance from noisy meters, find the leak."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from experiments.lessons.checking import Check, Mistake, Question, Words, read_seed
from experiments.lessons.virtual_meters import HOURS, OUTSIDE, Month, month
from sim.clock.random_streams import RandomStreams

if TYPE_CHECKING:
    import pandas as pd

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


@dataclass(frozen=True)
class Lesson:
    """Two months of the student's own meters: with a planted leak, and after its repair.

    Parameters
    ----------
    seed : int
        Decides the meters' noise, the place of the leak and its size.
    """

    seed: int

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
        """Return the part of the log sheet that crosses the fence: in, and out."""
        table = meters.table()
        nodes = meters.balances.nodes
        return table[~(table["from"].isin(nodes) & table["to"].isin(nodes))]

    def tests(self, meters: Month) -> pd.DataFrame:
        """Return every process with its gap and the leak that fits best, t, and their errors."""
        import pandas as pd

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
        """Return what the global test says: ``leak`` or ``noise``."""
        return LEAK if meters.reconciled.find(SIGNIFICANCE) else NOISE

    def _fence(self) -> tuple[float, float, float]:
        """Return gap, its standard error, and the plain sum of errors over the fence, t."""
        table = self.outer(self.before)
        signs = np.where(table["from"] == OUTSIDE, 1.0, -1.0)
        errors = table["standard_error"].to_numpy()
        gap = float((signs * table["mean"].to_numpy()).sum())
        return gap, math.sqrt(float(np.square(errors).sum())), float(errors.sum())

    @cached_property
    def check(self) -> Check:
        """The questions."""
        return Check(
            {
                "gap": self._gap,
                "gap_error": self._gap_error,
                "verdict": lambda: self._verdict(self.before),
                "where": self._where,
                "size": self._size,
                "after_repair": lambda: self._verdict(self.after),
            }
        )

    def _gap(self) -> Question:
        gap, error, _ = self._fence()
        table = self.before.table()
        inside = 2.0 * gap - float(table["mean"].sum())
        return Question(
            Words("rings in over the fence less rings out, t", "越过厂界的苯环：进减出，吨"),
            gap,
            Words(
                "take lesson.outer(...): what comes from 'outside' less everything else in it",
                "用 lesson.outer(...)：来自 outside 的量减去表中其余各项",
            ),
            [
                Mistake(
                    -gap,
                    Words(
                        "the sign: a loss is what came in and did not come out",
                        "符号反了：损失是进来而没有出去的量",
                    ),
                ),
                Mistake(
                    inside,
                    Words(
                        "streams between two processes do not cross the fence; leave them out",
                        "两个工序之间的物流不越过厂界，不应计入",
                    ),
                    within=10.0 * error + 3.0 * abs(gap),
                ),
            ],
            tolerance=0.05 * error,
            because="a twentieth of the standard error of your gap",
        )

    def _gap_error(self) -> Question:
        _, error, plain = self._fence()
        return Question(
            Words("standard error of that gap, t", "该差额的标准误差，吨"),
            error,
            Words(
                "independent errors: the square root of the sum of their squares",
                "各误差相互独立：平方和再开方",
            ),
            [
                Mistake(
                    plain,
                    Words(
                        "errors of independent meters partly cancel: add their squares, "
                        "not the errors",
                        "独立仪表的误差会部分抵消：应相加误差的平方，而不是误差本身",
                    ),
                ),
                Mistake(
                    error**2,
                    Words("that is the variance: take its square root", "这是方差：还要开平方"),
                ),
            ],
            tolerance=0.02 * error,
            because="2 % of it, for rounding",
        )

    def _verdict(self, meters: Month) -> Question:
        return Question(
            Words(
                "do the gaps of all processes tell of a 'leak', or are they 'noise'?",
                "各工序的差额说明有泄漏（'leak'），还是仅为噪声（'noise'）？",
            ),
            self.verdict(meters),
            Words(
                f"compare reconciled.p_value() with {SIGNIFICANCE:g}: below it, chance does not "
                "make such gaps",
                f"把 reconciled.p_value() 与 {SIGNIFICANCE:g} 比较：小于它，则不能用偶然解释",
            ),
        )

    def _where(self) -> Question:
        place = self.before.leaking or ""
        return Question(
            Words("in which process is the leak?", "泄漏在哪个工序？"),
            place,
            Words(
                "look for the largest z of leak in lesson.tests(...), not for the largest stream",
                "在 lesson.tests(...) 中找 z of leak 最大的工序，而不是流量最大的",
            ),
            _neighbours(self.before, place),
        )

    def _size(self) -> Question:
        leak, place = self.before.leak, self.before.leaking or ""
        error = self.before.reconciled.leaks[place].standard_error
        return Question(
            Words("how much leaks, t in the month?", "一个月泄漏多少吨？"),
            leak,
            Words(
                "take the column leak in the row of the process that leaks",
                "取泄漏工序那一行的 leak 列",
            ),
            [
                Mistake(
                    leak * 1000.0 / HOURS,
                    Words("that is kg/h; asked is t in the month", "这是千克每小时；问的是吨每月"),
                    within=1000.0 / HOURS * SURE * error,
                ),
                Mistake(
                    -leak,
                    Words("the sign: what is lost counts as positive", "符号反了：损失记为正"),
                ),
            ],
            tolerance=SURE * error,
            because=f"{SURE:g} standard errors of the estimate from your meters",
        )


def _neighbours(meters: Month, place: str) -> Sequence[Mistake]:
    """Return the mistake of every process that shares a meter with the leaking one."""
    shared = {end for stream in meters.balances.streams if place in stream for end in stream}
    hint = Words(
        "a neighbour, which shares a meter with the leaking process: its gap moves a little, too; "
        "compare gaps with their errors, then take the largest z",
        "这是相邻工序，与泄漏工序共用一块仪表，差额也会略有变化；把差额与误差相比，取 z 最大者",
    )
    return [Mistake(node, hint) for node in meters.balances.nodes if node in shared - {place}]


def begin(seed: int = 1) -> Lesson:
    """Return the lesson of a seed."""
    return Lesson(read_seed(seed))
