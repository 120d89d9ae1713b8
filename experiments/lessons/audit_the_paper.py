"""Lesson 10, audit the paper: what the source says, what follows, and a cell that was altered."""

from __future__ import annotations

from experiments.lessons.altered_copy import COLUMNS, MONEY, OwnCopy
from experiments.lessons.checking import Question
from plant_models.chlorobenzene.paper import water
from plant_models.chlorobenzene.paper.finding import VERDICTS
from plant_models.chlorobenzene.paper.money import TOTAL

AGAINST = ("contradicts", "is refuted")
HOURS = 8  # number of the finding about F11's income


class Lesson(OwnCopy):
    """The source, the student's copy, and the questions about both."""

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


begin = Lesson
