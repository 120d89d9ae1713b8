"""Lesson 10, audit the paper: what the source says, what follows, and a cell that was altered."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from experiments.lessons.checking import Check, Mistake, Question, Words
from plant_models.chlorobenzene.paper import (
    Audit,
    Finding,
    PrintedSource,
    audit,
    printed_source,
    water,
)
from plant_models.chlorobenzene.paper.finding import VERDICTS
from plant_models.chlorobenzene.paper.money import TOTAL
from plant_models.chlorobenzene.paper.printed_source import PrintedTable
from plant_models.chlorobenzene.prices import prices
from plant_models.finance import CashFlow, net_present_value
from sim.random_streams import RandomStreams

if TYPE_CHECKING:
    import pandas as pd

MONEY = "table_1_2"
COLUMNS = {
    "investment": "investment_1e4_rmb",
    "income": "income_1e4_rmb",
    "cost": "operation_cost_1e4_rmb",
    "net": "net_income_1e4_rmb",
    "payback": "payback_year",
}
"""What the lesson calls the columns of Table 1-2: 10^4 RMB, the payback in years."""

ALTERED = Decimal("1.2")  # times what is printed: more than any rounding of a payback hides
AGAINST = ("contradicts", "is refuted")
HOURS = 8  # number of the finding about F11's income


@dataclass(frozen=True)
class Lesson:
    """The source, and the student's own copy of it with one figure altered.

    Parameters
    ----------
    seed : int
        Decides which.
    """

    seed: int

    @cached_property
    def source(self) -> PrintedSource:
        """The source as it is printed."""
        return printed_source()

    @cached_property
    def planted(self) -> tuple[str, str]:
        """Row and column of the altered figure."""
        table = self.source.tables[MONEY]
        cells = [
            (row, name)
            for row in table.rows
            for name, column in COLUMNS.items()
            if row != TOTAL and name != "payback" and table.rows[row]["payback_year"]
            if table.rows[row][column]
        ]
        drawn = RandomStreams(self.seed).stream("lesson_10", "altered cell").uniform()
        return cells[int(drawn * len(cells))]

    @cached_property
    def altered(self) -> PrintedSource:
        """The student's copy."""
        row, name = self.planted
        table, column = self.source.tables[MONEY], COLUMNS[name]
        value = (table.number(row, column) * ALTERED).quantize(Decimal("0.01"))
        rows = {**table.rows, row: {**table.rows[row], column: str(value)}}
        return replace(self.source, tables={**self.source.tables, MONEY: replace(table, rows=rows)})

    def copy(self) -> pd.DataFrame:
        """Return Table 1-2 as it stands in the student's copy, 10^4 RMB and years."""
        return _frame(self.altered.tables[MONEY])

    def table(self) -> pd.DataFrame:
        """Return Table 1-2 as it is printed, 10^4 RMB and years."""
        return _frame(self.source.tables[MONEY])

    def text(self) -> pd.Series[float]:
        """Return the figures of the running text, in RMB, t and years."""
        import pandas as pd

        prose = self.source.prose
        return pd.Series({item.name: getattr(prose, item.name) for item in fields(prose)})

    def schemes(self) -> pd.Series[str]:
        """Return what Table 1-1 says of each scheme, as printed."""
        import pandas as pd

        rows = self.source.tables["table_1_1"].rows
        return pd.Series({name: row["improvement_as_printed"] for name, row in rows.items()})

    def present_value(self, row: str) -> float:
        """Return what a row is worth over the years of the project's terms, 10^4 RMB."""
        terms, table = prices().tree, self.source.tables[MONEY]
        amounts = [float(table.number(row, COLUMNS[name])) for name in ("investment", "income")]
        cost = float(table.number(row, COLUMNS["cost"]))
        flow = CashFlow.even(amounts[0], amounts[1], cost, terms.horizon)
        return net_present_value(flow.net, terms.interest_rate)

    @property
    def verdicts(self) -> dict[str, str]:
        """The kinds of verdict, and what each says."""
        return dict(VERDICTS)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The ten findings of the project's own audit."""
        return self.audit_of_the_source.findings

    @cached_property
    def audit_of_the_source(self) -> Audit:
        """What the project's audit says of the source as printed."""
        return audit(self.source)

    @cached_property
    def audit_of_the_copy(self) -> Audit:
        """What the project's audit says of the student's copy."""
        return audit(self.altered)

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


def _frame(table: PrintedTable) -> pd.DataFrame:
    import pandas as pd

    columns = {
        name: [float(cell) if (cell := table.rows[row][column]) else 0.0 for row in table.rows]
        for name, column in COLUMNS.items()
    }
    return pd.DataFrame(columns, index=list(table.rows))


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
    return Lesson(seed)
