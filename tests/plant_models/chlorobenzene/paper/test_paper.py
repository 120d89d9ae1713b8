"""The audit of the source: ten findings that hold, and fail when a figure is altered."""

from dataclasses import fields, replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plant_models.chlorobenzene.paper.audit import audit
from plant_models.chlorobenzene.paper.finding import VERDICTS
from plant_models.chlorobenzene.paper.printed_source import (
    PrintedSource,
    PrintedTable,
    Prose,
    printed_source,
)

SOURCE = printed_source()


def cells(*tables: str) -> list[tuple[str, str, str]]:
    """Return table, row and column of every cell that holds a number."""
    found = []
    for name in tables or tuple(SOURCE.tables):
        for row, texts in SOURCE.tables[name].rows.items():
            for column, text in texts.items():
                try:
                    Decimal(text)
                except ArithmeticError:
                    continue
                found.append((name, row, column))
    return found


def with_cell(name: str, row: str, column: str, text: str) -> PrintedSource:
    table = SOURCE.tables[name]
    rows = {**table.rows, row: {**table.rows[row], column: text}}
    return replace(SOURCE, tables={**SOURCE.tables, name: PrintedTable(name, table.columns, rows)})


def test_all_ten_findings_hold_for_the_tables_as_printed():
    found = audit()
    assert [finding.number for finding in found.findings] == list(range(1, 11))
    assert found.faults == ()
    assert {finding.kind for finding in found.findings} <= set(VERDICTS)


def test_the_findings_tell_the_figures_that_follow():
    follows = {finding.number: finding.follows for finding in audit().findings}
    expected = {
        1: ("2,524,900 RMB", "5,172,800 RMB"),
        2: ("F5 0.113", "F6 0.108", "F7 0.368", "F8 7.675", "F9 0.249", "F10 1.046", "F11 0.672",
            "Total 0.488"),
        3: ("252.49 / 432.38 = 0.584 yr",),
        4: ("-6.1 x 10^4 RMB at 10%", "internal rate 5.1 %"),
        5: ("F12 has no investment",),
        6: ("395.70 t, 0.02 less",),
        7: ("3,254,400 t", "9.3 times"),
        8: ("8,136 h (339 days of 24 h) x 0.50 RMB/t",),
        9: ("240, 278, 305, 311",),
        10: ("132 g/m3", "17 mg/m3"),
    }  # fmt: skip
    for number, figures in expected.items():
        assert [figure for figure in figures if figure not in follows[number]] == []


FREE_OF_ROUNDING = [
    cell for cell in cells("table_1_2", "table_1_3") if cell[2] != "payback_year"
]  # fmt: skip


@settings(max_examples=30)
@given(cell=st.sampled_from(FREE_OF_ROUNDING), more=st.sampled_from(["0.01", "-0.01", "1", "50"]))
def test_arithmetic_alone_finds_an_altered_amount(cell, more):
    """Totals, net incomes and the text are a second witness."""
    name, row, column = cell
    was = Decimal(SOURCE.tables[name].rows[row][column])
    found = audit(with_cell(name, row, column, str(was + Decimal(more))))
    told = [fault for fault in found.faults if "no longer holds" in fault]
    assert any(f"{name}.csv, row {row}, column {column}" in fault for fault in told)


@given(row=st.sampled_from([c[1] for c in cells("table_1_2") if c[2] == "payback_year"]),
       times=st.sampled_from([0.5, 0.9, 1.1, 2.0, 10.0]))  # fmt: skip
def test_arithmetic_alone_finds_a_payback_that_is_off_by_a_tenth(row, times):
    was = float(SOURCE.tables["table_1_2"].rows[row]["payback_year"])
    found = audit(with_cell("table_1_2", row, "payback_year", f"{was * times:.3f}"))
    told = [fault for fault in found.faults if "finding 2 no longer holds" in fault]
    assert any(f"row {row}, column payback_year" in fault for fault in told)


@pytest.mark.parametrize("name", [item.name for item in fields(Prose)])
def test_every_figure_of_the_text_is_used_and_told_when_it_is_altered(name):
    was = getattr(SOURCE.prose, name)
    changed = replace(SOURCE, prose=replace(SOURCE.prose, **{name: was + (1 if was > 1 else 0.1)}))
    found = audit(changed)
    assert any(f"prose.toml, {name}" in fault for fault in found.faults)


def test_a_cell_that_is_no_number_is_told_and_stops_no_other_check():
    found = audit(with_cell("table_1_3", "wastewater", "annual_reduction_t", "much"))
    assert any("expected a number, came 'much'" in fault for fault in found.faults)
    assert {1, 2, 3, 4, 5, 8, 10} <= {finding.number for finding in found.findings}


def test_a_row_that_is_missing_is_told():
    table = SOURCE.tables["table_1_1"]
    rows = {name: row for name, row in table.rows.items() if name != "F12"}
    tables = {**SOURCE.tables, "table_1_1": replace(table, rows=rows)}
    found = audit(replace(SOURCE, tables=tables))
    assert any("finding 5 no longer holds" in fault for fault in found.faults)
