"""Checks 1 to 4: Table 1-2, its sums and paybacks, and what the text makes of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from plant_models.chlorobenzene.money.prices import prices
from plant_models.chlorobenzene.paper.finding import Condition, Finding, equal, plain, rounds_to
from plant_models.chlorobenzene.paper.printed_source import (
    PrintedSource,
    PrintedTable,
    places_in_the_text,
)
from plant_models.methods.finance import CashFlow, internal_rate, net_present_value

TOTAL, FREE, F8 = "Total", "F1-F4", "F8"
INVESTMENT, INCOME = "investment_1e4_rmb", "income_1e4_rmb"
COST, NET, PAYBACK = "operation_cost_1e4_rmb", "net_income_1e4_rmb", "payback_year"
TEN_THOUSAND = Decimal(10_000)


def steps(table: PrintedTable) -> tuple[str, ...]:
    """Return the rows of Table 1-2 without its total."""
    return tuple(row for row in table.rows if row != TOTAL)


def column_sum(table: PrintedTable, rows: Iterable[str], column: str) -> Decimal:
    """Return the sum of a column over some rows."""
    return sum((table.number(row, column) for row in rows), Decimal(0))


def _cells(table: PrintedTable, rows: Iterable[str], *columns: str) -> list[str]:
    return [table.where(row, column) for row in rows for column in columns]


def scale_of_the_text(source: PrintedSource) -> Finding:
    """Check 1: the text multiplies Table 1-2 by ten, and calls its investments annual."""
    table, places = source.tables["table_1_2"], places_in_the_text()
    pairs = (("investment", INVESTMENT), ("net_income", NET))
    amounts = {name: table.number(TOTAL, column) * TEN_THOUSAND for name, column in pairs}
    conditions = [
        equal(
            f"the text's {name.replace('_', ' ')} is ten times that of the table",
            source.said(name),
            10 * amounts[name],
            [places[name], table.where(TOTAL, column)],
        )
        for name, column in pairs
    ]
    return Finding(
        1,
        "scale of the money in the text",
        f"investment {_rmb(source.said('investment'))}, called annual; "
        f"net income {_rmb(source.said('net_income'))} a year",
        f"Table 1-2, in 10^4 RMB: {_rmb(amounts['investment'])}, once, and "
        f"{_rmb(amounts['net_income'])} a year",
        "contradicts",
        "the text is ten times too high, and its investments are one-off",
        tuple(conditions),
    )


def sums_of_table_1_2(source: PrintedSource) -> Finding:
    """Check 2: columns add up, net is income less cost, payback is investment over net."""
    table = source.tables["table_1_2"]
    rows = steps(table)
    conditions = [
        equal(
            f"the rows of {column} add up to the total",
            column_sum(table, rows, column),
            table.number(TOTAL, column),
            _cells(table, (*rows, TOTAL), column),
        )
        for column in (INVESTMENT, INCOME, COST, NET)
    ]
    conditions += [
        equal(
            f"net income of {row} is income less operation cost",
            table.number(row, NET),
            table.number(row, INCOME) - table.number(row, COST),
            _cells(table, [row], INCOME, COST, NET),
        )
        for row in (*rows, TOTAL)
    ]
    conditions += list(_paybacks(table))
    paid = [row for row in (*rows, TOTAL) if table.number(row, NET) and table.rows[row][PAYBACK]]
    found = ", ".join(f"{row} {_payback(table, [row]):.3f}" for row in paid)
    return Finding(
        2,
        "sums of Table 1-2",
        "totals, net incomes and paybacks as printed",
        f"every sum and difference is exact; payback {found} yr",
        "agrees",
        "the table is consistent within rounding",
        tuple(conditions),
    )


def _paybacks(table: PrintedTable) -> Iterator[Condition]:
    for row in (*steps(table), TOTAL):
        printed = table.rows[row][PAYBACK]
        cells = _cells(table, [row], INVESTMENT, NET, PAYBACK)
        if not printed:
            states = f"{row} has no investment, so it has no payback"
            yield equal(states, table.number(row, INVESTMENT), Decimal(0), cells)
            continue
        states = f"payback of {row} is investment over net income"
        if table.number(row, NET) == 0:
            yield Condition(states, False, "came a net income of 0", tuple(cells))
        else:
            table.number(row, PAYBACK)
            yield rounds_to(states, _payback(table, [row]), printed, cells, "yr")


def _payback(table: PrintedTable, rows: Iterable[str]) -> Decimal:
    rows = tuple(rows)
    return column_sum(table, rows, INVESTMENT) / column_sum(table, rows, NET)


def paid_schemes(source: PrintedSource) -> Finding:
    """Check 3: without the free schemes, the programme pays back more slowly."""
    table = source.tables["table_1_2"]
    paid = [row for row in steps(table) if row == F8 or table.number(row, INVESTMENT)]
    cells = _cells(table, paid, INVESTMENT, NET)
    net, all_of_it = column_sum(table, paid, NET), _payback(table, [TOTAL])
    alone = _payback(table, paid)
    half = source.said("payback")
    conditions = [
        rounds_to("all schemes pay back in 0.488 yr", all_of_it, "0.488",
                  _cells(table, [TOTAL], INVESTMENT, NET)),
        rounds_to("the paid schemes pay back in 0.584 yr", alone, "0.584", cells),
        equal("only F1-F4 are free, and cost nothing", net + table.number(FREE, NET),
              table.number(TOTAL, NET), [*cells, table.where(FREE, NET)]),
        rounds_to("the text's half a year is the total's", all_of_it, plain(half),
                  [places_in_the_text()["payback"], table.where(TOTAL, PAYBACK)]),
    ]  # fmt: skip
    return Finding(
        3,
        "payback of the programme",
        f"{table.rows[TOTAL][PAYBACK]} yr, half a year in the text",
        f"{plain(column_sum(table, paid, INVESTMENT))} / {plain(net)} = {alone:.3f} yr for the "
        f"{len(paid)} schemes that cost something",
        "flatters",
        f"the free {FREE} make it look shorter than it is",
        tuple(conditions),
    )


def polychloride_column(source: PrintedSource) -> Finding:
    """Check 4: F8 does not pay at the bank's rate; every other paid scheme does."""
    table, terms = source.tables["table_1_2"], prices().tree
    paid = [row for row in steps(table) if row == F8 or table.number(row, INVESTMENT)]
    values = {row: _present_value(table, row, terms.interest_rate, terms.horizon) for row in paid}
    rate = internal_rate(_flows(table, F8, terms.horizon)).value
    percent = Decimal("NaN") if rate is None else Decimal(repr(100.0 * rate))
    cells = _cells(table, [F8], INVESTMENT, NET)
    others = [row for row in paid if row != F8]
    conditions = [
        rounds_to("F8 pays back in 7.675 yr", _payback(table, [F8]), "7.675", cells),
        rounds_to("present value of F8 at 10 % over 10 yr, 10^4 RMB", values[F8], "-6.1", cells),
        Condition("internal rate of F8 is about 5 %", rate is not None and 4.5 <= percent < 5.5,
                  f"came {percent:.3g} %", tuple(cells)),
        Condition("every other paid scheme has a positive present value",
                  all(values[row] > 0 for row in others),
                  "came " + ", ".join(f"{row} {values[row]:.1f}" for row in others),
                  tuple(_cells(table, others, INVESTMENT, NET))),
    ]  # fmt: skip
    return Finding(
        4,
        "F8, the taller polychloride column",
        f"payback {table.rows[F8][PAYBACK]} yr, in the programme like the others",
        f"present value {values[F8]:.1f} x 10^4 RMB at {terms.interest_rate:.0%} over "
        f"{terms.horizon} yr, internal rate {percent:.1f} %; the other paid schemes "
        f"+{min(values[row] for row in others):.0f} to +{max(values[row] for row in others):.0f}",
        "is refuted",
        "F8 does not pay",
        tuple(conditions),
    )


def _flows(table: PrintedTable, row: str, years: int) -> tuple[float, ...]:
    amounts = [float(table.number(row, column)) for column in (INVESTMENT, INCOME, COST)]
    return CashFlow.even(amounts[0], amounts[1], amounts[2], years).net


def _present_value(table: PrintedTable, row: str, rate: float, years: int) -> Decimal:
    return Decimal(repr(net_present_value(_flows(table, row, years), rate)))


def _rmb(amount: Decimal) -> str:
    return f"{amount:,.0f} RMB"
