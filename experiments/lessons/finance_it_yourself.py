"""Lesson 6, finance it yourself: a programme that pays for itself, and a better order to buy in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from experiments.lessons.checking import Answer, Check, Mistake, Question, Words, read_seed
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


@dataclass(frozen=True)
class Lesson(OwnPlant):
    """The student's own plant, and the questions about it."""

    @cached_property
    def check(self) -> Check:
        """The questions."""
        return Check(
            {
                "months": _months,
                "last": _last,
                "faster": _faster,
                "share": self._share,
                "waits": _waits,
                "gain": self._gain,
                "cash": self._cash,
            }
        )

    def _share(self) -> Question:
        right, paper = self.months_sharing(best()), months_of(best())
        return Question(
            Words(
                "the best order, but only your share of the savings is spent again: how many "
                "months?",
                "按最佳次序，但只有你那一份节约额可以再投入：共需多少个月？",
            ),
            right,
            Words(
                "every saving is smaller by the same factor, so every wait is longer by it: "
                "lesson.months_sharing(best)",
                "每笔节约都按同一比例缩小，所以每段等待都按同一比例延长：lesson.months_sharing(best)",
            ),
            [
                Mistake(
                    paper,
                    Words(
                        "that is with all of the savings; your plant keeps lesson.retained of them",
                        "那是把全部节约都投入的结果；你的工厂只留下 lesson.retained 这一份",
                    ),
                ),
                Mistake(
                    paper * self.retained,
                    Words(
                        "less money cannot be faster: divide by the share",
                        "钱少了不可能更快：应该除以这个份额",
                    ),
                ),
                Mistake(
                    paper * (2.0 - self.retained),
                    Words(
                        "a wait is money over income: it grows as 1 / share, not in proportion",
                        "等待时间等于所需资金除以收入：按 1/份额 增长，而不是直线增长",
                    ),
                ),
            ],
            tolerance=READING,
            because="an answer to one decimal",
        )

    def _gain(self) -> Question:
        slow, fast = self.months_dated(CLASSES), self.months_dated(best())
        return Question(
            Words(
                "with deliveries, shutdown and books: by how many months does the best order beat "
                "the plant's own?",
                "计入供货期、年度停车和按月结账：最佳次序比工厂的次序快多少个月？",
            ),
            slow - fast,
            Words(
                "lesson.months_dated(order) of both orders, the plant's less the best's; it may be "
                "nothing, or less",
                "对两种次序分别计算 lesson.months_dated(order)，工厂的减去最佳的；可能为零或为负",
            ),
            [
                Mistake(
                    months_of(CLASSES) - months_of(best()),
                    Words(
                        "that is what it gains on paper, where nothing waits for a shutdown",
                        "那是账面上的差距，账面上没有什么需要等待停车",
                    ),
                )
            ],
            tolerance=READING,
            because="an answer to one decimal",
        )

    def _cash(self) -> Question:
        ours, theirs = self.cash(best()), self.cash(CLASSES)
        return Question(
            Words(
                "how much more is in hand after three years with the best order, 10^4 RMB?",
                "三年之后，按最佳次序手中的现金多多少（万元）？",
            ),
            ours - theirs,
            Words(
                "lesson.cash(order) of both orders, the best's less the plant's",
                "对两种次序分别计算 lesson.cash(order)，用最佳的减去工厂的",
            ),
            [
                Mistake(
                    ours,
                    Words(
                        "that is all the cash; how much *more* is it than with the plant's order?",
                        "那是全部现金；与工厂的次序相比*多*多少？",
                    ),
                ),
                Mistake(
                    0.0,
                    Words(
                        "complete on the same day is not the same money: what worked early has "
                        "earned since",
                        "同一天完成不等于钱一样多：先投产的已经先赚了钱",
                    ),
                ),
            ],
            tolerance=READING,
            because="an answer to one decimal",
        )


def _months() -> Question:
    rows = table_1_2()
    total, free = rows[TOTAL], rows[FREE]
    return Question(
        Words(
            "after how many months is the plant's own order complete, on the source's arithmetic?",
            "按资料的算法，工厂自己的次序多少个月后全部完成？",
        ),
        months_of(CLASSES),
        Words(
            "lesson.months(lesson.classes), to one decimal",
            "lesson.months(lesson.classes)，保留一位小数",
        ),
        [
            Mistake(
                12.0 * total.investment / total.net,
                Words(
                    "that is the payback: it takes for granted that all schemes earn from day one",
                    "那是回收期：它假定所有方案从第一天起就产生收益",
                ),
            ),
            Mistake(
                12.0 * total.investment / free.net,
                Words(
                    "that is with the income of F1-F4 alone: every scheme bought helps to buy the "
                    "next",
                    "那是只用 F1-F4 的收入：每买下一个方案，它都会帮助买下一个",
                ),
            ),
        ],
        tolerance=READING,
        because="an answer to one decimal",
    )


def _last() -> Question:
    return Question(
        Words(
            "which scheme comes last in every good order?",
            "在每一个好的次序里，哪个方案排在最后？",
        ),
        best()[-1],
        Words(
            "which one earns least for what it costs?",
            "哪一个方案每花一元钱收益最少？",
        ),
        [
            Mistake(
                "F10",
                Words(
                    "the dearest, but it earns twenty times what F8 earns: what counts is the "
                    "payback",
                    "它最贵，但收益是 F8 的二十倍：要看回收期",
                ),
            ),
            Mistake(
                "F11",
                Words(
                    "dear, but nothing earns more: it finances what comes after it",
                    "它很贵，但收益最高：它为后面的方案筹钱",
                ),
            ),
        ],
    )


def _faster() -> Question:
    return Faster(
        Words(
            f"buy F5 to F11 in an order that is complete at least {AHEAD:g} month before the "
            "plant's own",
            f"给 F5 到 F11 排一个次序，比工厂的次序至少提前{AHEAD:g}个月完成",
        ),
        best(),
        Words(
            "not fast enough: what pays back in weeks goes first, and what hardly pays goes last; "
            "all seven must be there",
            "还不够快：几周就能回收的放在最前，几乎不回收的放在最后；七个方案都要有",
        ),
        [
            Mistake(
                CLASSES,
                Words(
                    "that is the plant's own order: which scheme in it makes all others wait?",
                    "这就是工厂自己的次序：其中哪个方案让其他方案都在等？",
                ),
            ),
            Mistake(
                ("F11", "F9", "F10", "F6", "F7", "F5", "F8"),
                Words(
                    "by income: the dear ones first means to wait for their price with the income "
                    "of F1-F4 alone",
                    "按收入排：先买贵的，就只能靠 F1-F4 的收入慢慢攒钱",
                ),
            ),
        ],
    )


def _waits() -> Question:
    waiting = frozenset(each.name for each in bought(CLASSES, dates=True) if each.at_shutdown)
    return Question(
        Words(
            "which schemes can be built in at the annual shutdown only?",
            "哪些方案只能在年度停车时安装？",
        ),
        waiting,
        Words(
            "look in lesson.calendar for those that are ordered on different dates and work on the "
            "same one",
            "在 lesson.calendar 里找：订货日期不同、投产日期却相同的方案",
        ),
        [
            Mistake(
                frozenset({"F10", "F11"}),
                Words(
                    "the two dearest; but a cooling tower is built beside the line, which runs on",
                    "这是最贵的两个；但冷却塔建在生产线旁边，生产可以照常",
                ),
            )
        ],
    )


def begin(seed: int = 1) -> Lesson:
    """Return the lesson of a seed."""
    return Lesson(read_seed(seed))
