"""Lesson 10, audit the paper: what the source says, what follows, and a cell that was altered."""

from __future__ import annotations

from dataclasses import fields, replace
from decimal import Decimal
from functools import cached_property

import pandas as pd

from experiments.lessons.checking import Question, SeededLesson, pick
from plant_models.chlorobenzene.money.prices import prices
from plant_models.chlorobenzene.paper import water
from plant_models.chlorobenzene.paper.audit import Audit, audit
from plant_models.chlorobenzene.paper.finding import VERDICTS, Finding
from plant_models.chlorobenzene.paper.money import TOTAL
from plant_models.chlorobenzene.paper.printed_source import (
    PrintedSource,
    PrintedTable,
    printed_source,
)
from plant_models.methods.finance import CashFlow, net_present_value
from sim.clock.random_streams import RandomStreams

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


class Lesson(SeededLesson):
    """The source, and the student's own copy of it with one figure altered.

    The seed decides which.
    """

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
        prose = self.source.prose
        return pd.Series({item.name: getattr(prose, item.name) for item in fields(prose)})

    def schemes(self) -> pd.Series[str]:
        """Return what Table 1-1 says of each scheme, as printed."""
        rows = self.source.tables["table_1_1"].rows
        return pd.Series({name: row["improvement_as_printed"] for name, row in rows.items()})

    def present_value(self, row: str) -> float:
        """Return what a row is worth over the years of the project's terms, 10^4 RMB.

        Raises BadInput if Table 1-2 has no such row.
        """
        terms, table = prices().tree, self.source.tables[MONEY]
        row = pick("row", row, table.rows)
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

    def _scale(self) -> Question:
        table = self.source.tables[MONEY]
        text = self.source.prose.investment
        in_the_table = float(table.number(TOTAL, COLUMNS["investment"])) * 1e4
        return self.ask(
            "scale",
            text / in_the_table,
            {"units": text / in_the_table * 1e4, "equal": 1.0},
            within={"units": 1.0},
            tolerance=0.01,
        )

    def _altered(self) -> Question:
        row, column = self.planted
        wrong = {"total": frozenset({TOTAL, column})}
        if column in ("income", "cost"):
            wrong["net"] = frozenset({row, "net"})
        return self.ask("altered", frozenset({row, column}), wrong)

    def _hours(self) -> Question:
        hours = float(water.hours(self.source))
        return self.ask(
            "hours",
            hours,
            {
                "whole_year": 8760.0,
                "at_one_rmb": hours * 0.5,
                "units": hours / 1e4,
                "days": hours / 24.0,
            },
            tolerance=1.0,
        )

    def _paid(self) -> Question:
        table = self.source.tables[MONEY]
        investment, net = (
            float(table.number(TOTAL, COLUMNS[name])) for name in ("investment", "net")
        )
        free = float(table.number("F1-F4", COLUMNS["net"]))
        return self.ask(
            "paid", investment / (net - free), {"with_the_free": investment / net}, tolerance=0.005
        )

    def _refuted(self) -> Question:
        rows = [row for row in self.table().index if row not in (TOTAL, "F1-F4")]
        return self.ask("refuted", next(row for row in rows if self.present_value(row) < 0.0))

    def _verdict(self) -> Question:
        finding = next(each for each in self.findings if each.number == HOURS)
        return self.ask("verdict", finding.kind, verdicts=", ".join(VERDICTS))

    def _against(self) -> Question:
        count = sum(finding.kind in AGAINST for finding in self.findings)
        return self.ask("against", float(count), {"all_of_them": 10.0, "none": 0.0})

    def _left_out(self) -> Question:
        return self.ask("left_out", "F12")


def _frame(table: PrintedTable) -> pd.DataFrame:
    columns = {
        name: [float(cell) if (cell := table.rows[row][column]) else 0.0 for row in table.rows]
        for name, column in COLUMNS.items()
    }
    return pd.DataFrame(columns, index=list(table.rows))


begin = Lesson
