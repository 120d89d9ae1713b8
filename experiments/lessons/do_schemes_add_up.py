"""Lesson 4, do schemes add up? Four schemes, one emission, and five answers to who avoids what."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from itertools import permutations
from typing import TYPE_CHECKING

from experiments.lessons.checking import (
    ROUNDING,
    BadInput,
    Check,
    Mistake,
    Question,
    Words,
    read_seed,
)
from plant_models import chlorobenzene as cb
from plant_models.methods import attribution as methods
from plant_models.methods.attribution import Game
from sim.clock.random_streams import RandomStreams

if TYPE_CHECKING:
    import pandas as pd

PLAYERS = ("F1", "F4", "F5", "F10")
FIGURE = "air.benzene_t"
LIKELY = "F10"
ROUNDED = "rounding to three digits"
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


@dataclass(frozen=True)
class Lesson:
    """The sixteen sets of four schemes, and the student's own order of introducing them.

    Parameters
    ----------
    seed : int
        Decides the order.
    """

    seed: int

    @cached_property
    def order(self) -> tuple[str, ...]:
        """The student's order of introduction."""
        orders = list(permutations(PLAYERS))
        draw = RandomStreams(self.seed).stream("schemes", "order").uniform(0.0, len(orders))
        return orders[int(draw)]

    def avoided(self, *schemes: str) -> float:
        """Return the benzene to air that schemes avoid together, t/yr; negative if it rises.

        Raises
        ------
        BadInput
            If one is none of the four, or is there twice.
        """
        if not all(schemes.count(each) == 1 and each in PLAYERS for each in schemes):
            came = ", ".join(map(repr, schemes))
            raise BadInput(
                f'expected schemes of {", ".join(PLAYERS)}, as in avoided("F1", "F5"), came {came}'
            )
        return game()[schemes]

    def table(self) -> pd.DataFrame:
        """Return every set of the four with what it avoids, t/yr."""
        import pandas as pd

        sets = [methods.members(PLAYERS, mask) for mask in range(1 << len(PLAYERS))]
        rows = {" ".join(ids) or "none": self.avoided(*ids) for ids in sets}
        return pd.DataFrame.from_dict(rows, orient="index", columns=["avoided t/yr"]).round(2)

    def splits(self) -> pd.DataFrame:
        """Return who avoids what by every method, t/yr."""
        import pandas as pd

        return pd.DataFrame(methods.split(game(), self.order)).round(2)

    @cached_property
    def check(self) -> Check:
        """The questions."""
        return Check(
            {
                "sum_alone": self._sum_alone,
                "together": self._together,
                "gap": self._gap,
                "pair": self._pair,
                "first_and_last": self._first_and_last,
                "in_order": self._in_order,
                "shapley": self._shapley,
                "claim": self._claim,
            }
        )

    def _number(self, asks: Words, right: float, hint: Words, *mistakes: Mistake) -> Question:
        tolerance = ROUNDING * abs(game().together)
        return Question(asks, right, hint, mistakes, tolerance=tolerance, because=ROUNDED)

    def _sum_alone(self) -> Question:
        alone = methods.alone(game())
        return self._number(
            Words(
                "sum of what each of the four avoids alone, t/yr", "四个方案单独减排量之和，吨/年"
            ),
            sum(alone.values()),
            Words(
                "add lesson.avoided('F1'), lesson.avoided('F4') and so on, with their signs",
                "把 lesson.avoided('F1')、lesson.avoided('F4') 等按各自的正负号相加",
            ),
            Mistake(
                sum(map(abs, alone.values())),
                Words(
                    "a scheme that raises the emission counts as negative",
                    "使排放增加的方案应记为负值",
                ),
            ),
            Mistake(
                game().together,
                Words(
                    "that is what they avoid together; here each is alone",
                    "这是四个一起的减排量；这里问的是各自单独",
                ),
            ),
        )

    def _together(self) -> Question:
        return self._number(
            Words("what the four avoid together, t/yr", "四个方案一起的减排量，吨/年"),
            game().together,
            Words("lesson.avoided(*PLAYERS)", "lesson.avoided(*PLAYERS)"),
            Mistake(
                sum(methods.alone(game()).values()),
                Words(
                    "that is the sum of single effects; run them together",
                    "这是单独效果之和；应让它们一起运行",
                ),
            ),
        )

    def _gap(self) -> Question:
        gap = methods.additivity_gap(game())
        return self._number(
            Words("sum of alone less together, t/yr", "单独之和减去一起，吨/年"),
            gap,
            Words("subtract your two figures, together from the sum", "用和减去一起的数值"),
            Mistake(
                -gap,
                Words(
                    "the other way round: positive means overlap, negative means that they help "
                    "each other",
                    "方向反了：正值表示重叠，负值表示相互促进",
                ),
            ),
        )

    def _pair(self) -> Question:
        pairs = methods.interactions(game())
        right = max(pairs, key=lambda pair: abs(pairs[pair]))
        biggest = sorted(methods.alone(game()), key=lambda s: -abs(methods.alone(game())[s]))[:2]
        hint = Words(
            "for each pair: together, less each alone; take the largest in size",
            "对每一对：一起的减排量减去两个单独的减排量，取绝对值最大的",
        )
        by_size = Mistake(
            frozenset(biggest),
            Words(
                "the two largest by themselves: a large effect is not yet an interaction; "
                "subtract both from what they avoid together",
                "这是单独效果最大的两个；效果大并不等于有相互作用，应从一起的减排量中减去两者",
            ),
        )
        mistakes = [by_size] if frozenset(biggest) != frozenset(right) else []
        return Question(
            Words(
                "which two change each other's effect most? as in ['F1', 'F5']",
                "哪两个方案相互影响最大？如 ['F1', 'F5']",
            ),
            frozenset(right),
            hint,
            mistakes,
        )

    def _first_and_last(self) -> Question:
        first, last = methods.alone(game())[LIKELY], methods.last_in(game())[LIKELY]
        return self._number(
            Words(
                f"by how many t/yr does {LIKELY} avoid more as the last one than as the first?",
                f"{LIKELY} 最后实施比最先实施多减排多少吨/年？",
            ),
            last - first,
            Words(
                "last: all four less the other three; first: it alone",
                "最后：四个一起减去另外三个；最先：它单独",
            ),
            Mistake(first - last, Words("the other way round: last less first", "应为最后减最先")),
            Mistake(
                last, Words("that is what it avoids as the last one", "这只是最后实施的减排量")
            ),
        )

    def _in_order(self) -> Question:
        added = methods.in_order(game(), self.order)
        second = self.order[1]
        return self._number(
            Words(
                f"in your order {', '.join(self.order)}: what does {second} add, t/yr?",
                f"按你的顺序 {', '.join(self.order)}：{second} 增加多少减排量，吨/年？",
            ),
            added[second],
            Words(
                "what the first two avoid together, less what the first avoids alone",
                "前两个一起的减排量减去第一个单独的减排量",
            ),
            Mistake(
                game()[self.order[:2]],
                Words(
                    "that is what both avoid; take away the first",
                    "这是两个一起的减排量；还要减去第一个",
                ),
            ),
        )

    def _shapley(self) -> Question:
        shares = methods.shapley(game())
        alone, last = methods.alone(game())[LIKELY], methods.last_in(game())[LIKELY]
        return self._number(
            Words(f"Shapley share of {LIKELY}, t/yr", f"{LIKELY} 的 Shapley 份额，吨/年"),
            shares[LIKELY],
            Words(
                "the mean of what it adds over all 24 orders: see lesson.splits()",
                "它在全部24种顺序中增加量的平均值：见 lesson.splits()",
            ),
            Mistake(alone, Words("that is the method 'alone'", "这是 alone 法的结果")),
            Mistake(last, Words("that is the method 'last-in'", "这是 last-in 法的结果")),
        )

    def _claim(self) -> Question:
        return Question(
            Words(
                "which claim can stand in a report: 'A', 'B' or 'C'?",
                "哪句话可以写进报告：'A'、'B' 还是 'C'？",
            ),
            "B",
            Words("answer with 'A', 'B' or 'C'", "请回答 'A'、'B' 或 'C'"),
            [
                Mistake(
                    "A",
                    Words(
                        "tonnes of one scheme mean nothing without the method that split them",
                        "没有说明分配方法，单个方案的吨数毫无意义",
                    ),
                ),
                Mistake(
                    "C",
                    Words("your gap says that they do not add up", "你的差额说明它们不能相加"),
                ),
            ],
        )


def begin(seed: int = 1) -> Lesson:
    """Return the lesson of a seed."""
    return Lesson(read_seed(seed))
