"""Lesson 10, audit the paper: what the source says, what follows, and a cell that was altered."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from experiments.lessons.altered_copy import COLUMNS, MONEY, OwnCopy
from experiments.lessons.checking import Check, Mistake, Question, Words, read_seed
from plant_models.chlorobenzene.paper import water
from plant_models.chlorobenzene.paper.finding import VERDICTS
from plant_models.chlorobenzene.paper.money import TOTAL

AGAINST = ("contradicts", "is refuted")
HOURS = 8  # number of the finding about F11's income


@dataclass(frozen=True)
class Lesson(OwnCopy):
    """The source, the student's copy, and the questions about both."""

    @cached_property
    def check(self) -> Check:
        """The questions."""
        return Check(
            {
                "scale": self._scale,
                "altered": self._altered,
                "hours": self._hours,
                "paid": self._paid,
                "refuted": self._refuted,
                "left_out": _left_out,
                "verdict": self._verdict,
                "against": self._against,
            }
        )

    def _scale(self) -> Question:
        table = self.source.tables[MONEY]
        text = self.source.prose.investment
        in_the_table = float(table.number(TOTAL, COLUMNS["investment"])) * 1e4
        return Question(
            Words("how many times larger is the text's investment than that of Table 1-2?"),
            text / in_the_table,
            Words("the table counts in 10^4 RMB, the text in RMB"),
            [
                Mistake(
                    text / in_the_table * 1e4,
                    Words("the table counts in 10^4 RMB: bring both to RMB first"),
                    within=1.0,
                ),
                Mistake(1.0, Words("they do not agree: count the digits")),
            ],
            tolerance=0.01,
        )

    def _altered(self) -> Question:
        row, column = self.planted
        mistakes = [
            Mistake(
                frozenset({TOTAL, column}),
                Words(
                    "the total looks wrong, but only one *row* is at odds with itself as well: the "
                    "cell is where the two cross"
                ),
            )
        ]
        if column in ("income", "cost"):
            mistakes.append(
                Mistake(
                    frozenset({row, "net"}),
                    Words(
                        "the right row; but the net incomes still add up to their total, so the "
                        "figure that is off stands elsewhere in it"
                    ),
                )
            )
        return Question(
            Words('row and column of the altered figure, as in ["F9", "income"]'),
            frozenset({row, column}),
            Words(
                "two tests cross in one cell: columns must add up to their total; in a row, net is "
                "income less cost, and payback investment over net"
            ),
            mistakes,
        )

    def _hours(self) -> Question:
        hours = float(water.hours(self.source))
        return Question(
            Words("in how many hours a year does F11 save its income, at 0.50 RMB per tonne?"),
            hours,
            Words("income in RMB over (tonnes an hour times the price of a tonne)"),
            [
                Mistake(
                    8760.0,
                    Words("that is a whole year: work it out, the plant has its shutdown"),
                ),
                Mistake(
                    hours * 0.5, Words("that is at 1 RMB per tonne: divide by the price as well")
                ),
                Mistake(hours / 1e4, Words("the income is in 10^4 RMB")),
                Mistake(hours / 24.0, Words("these are days: asked are hours")),
            ],
            tolerance=1.0,
            because="to the hour",
        )

    def _paid(self) -> Question:
        table = self.source.tables[MONEY]
        investment, net = (
            float(table.number(TOTAL, COLUMNS[name])) for name in ("investment", "net")
        )
        free = float(table.number("F1-F4", COLUMNS["net"]))
        return Question(
            Words("the payback of the seven schemes that cost something, in years?"),
            investment / (net - free),
            Words("their investment over their net income; F1-F4 belong to neither"),
            [
                Mistake(
                    investment / net,
                    Words(
                        "that is the source's: the income of the free schemes pays for the others "
                        "in it"
                    ),
                )
            ],
            tolerance=0.005,
            because="to two decimals",
        )

    def _refuted(self) -> Question:
        rows = [row for row in self.table().index if row not in (TOTAL, "F1-F4")]
        return Question(
            Words("which paid scheme is worth less than it costs?"),
            next(row for row in rows if self.present_value(row) < 0.0),
            Words("lesson.present_value(row) of every row: which is below 0?"),
            [
                Mistake("F10", Words("the dearest, but it is paid back within some 13 months")),
                Mistake("F11", Words("it costs much to run, but earns five times that")),
            ],
        )

    def _verdict(self) -> Question:
        finding = next(each for each in self.findings if each.number == HOURS)
        return Question(
            Words(f"your verdict on the 8,136 hours: one of {', '.join(VERDICTS)}"),
            finding.kind,
            Words("does the source say the hours, or do we conclude them from an assumed price?"),
            [
                Mistake(
                    "agrees",
                    Words(
                        "with what? it prints neither hours nor price; a whole number of days is a "
                        "hint, and any price gives some number of hours"
                    ),
                ),
                Mistake("contradicts", Words("nothing in the source speaks against it")),
            ],
        )

    def _against(self) -> Question:
        count = sum(finding.kind in AGAINST for finding in self.findings)
        return Question(
            Words("how many of the ten findings contradict or refute the source?"),
            float(count),
            Words("count the kinds 'contradicts' and 'is refuted' among lesson.findings"),
            [
                Mistake(10.0, Words("ten checks were made; some of them speak for the source")),
                Mistake(
                    0.0,
                    Words("not all of it fits together: you have found some yourself"),
                ),
            ],
        )


def _left_out() -> Question:
    return Question(
        Words("which scheme of Table 1-1 has no figure anywhere in the source?"),
        "F12",
        Words("compare the schemes of lesson.schemes() with the rows of lesson.table()"),
        [
            Mistake("F1", Words("its figures stand in the row F1-F4, together with three others")),
            Mistake("F8", Words("it has figures, if poor ones")),
        ],
    )


def begin(seed: int = 1) -> Lesson:
    """Return the lesson of a seed."""
    return Lesson(read_seed(seed))
