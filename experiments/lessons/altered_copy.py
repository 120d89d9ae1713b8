"""The source, and a copy of its Table 1-2 in which a seed has altered one figure."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from plant_models.chlorobenzene.money.prices import prices
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


@dataclass(frozen=True)
class OwnCopy:
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


def _frame(table: PrintedTable) -> pd.DataFrame:
    import pandas as pd

    columns = {
        name: [float(cell) if (cell := table.rows[row][column]) else 0.0 for row in table.rows]
        for name, column in COLUMNS.items()
    }
    return pd.DataFrame(columns, index=list(table.rows))
