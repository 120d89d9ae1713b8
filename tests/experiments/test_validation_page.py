"""The page docs/validation.md: what is exact on it, and that it says how long it ran."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from experiments.studies.validate.cases import CODED, Case
from experiments.studies.validate.machines import CLOCKS, LINES, line_name
from experiments.studies.validate.printed import shipped
from experiments.studies.validate.report import printed_row, row, validation_page
from experiments.studies.validate.study import groups

PAGE = Path(__file__).resolve().parents[2] / "docs" / "validation.md"
SHORT = 0.001  # of the horizons; no exact case depends on it


def lines() -> list[Case]:
    """Return the cases that a page cannot do without: those that tell the clocks apart."""
    names = [
        f"{line_name(letter, clock)}: throughput, kg/h" for letter in LINES for clock in CLOCKS
    ]
    return [Case(name, 0.8, 0.8, "z", 0.0, 3.0, 0.001) for name in names]


@pytest.mark.long
def test_the_exact_cases_of_the_page_in_docs_are_those_that_are_computed():
    page = PAGE.read_text(encoding="utf-8")
    cases = page.partition("## ")[0]
    shown = [line for line in cases.splitlines() if line.startswith("|") and "| z " not in line][2:]
    exact = [
        case for group, arguments in groups() for case in group(SHORT, *arguments)
        if case.kind != "z"
    ]  # fmt: skip
    assert [row(case) for case in exact if row(case) not in shown] == []
    assert len(shown) == len(exact)


def test_the_page_in_docs_has_a_row_for_every_case_and_all_agree():
    page = PAGE.read_text(encoding="utf-8")
    cases = page.partition("## ")[0]
    rows = [line for line in cases.splitlines() if line.startswith("| ")][1:]
    good, of = map(int, re.findall(r"\*\*(\d+) of (\d+) cases agree", page)[0])
    assert good == of == len(rows)


def test_the_page_in_docs_has_what_is_printed_of_every_plant_and_all_is_met():
    printed = shipped()
    assert {figure.plant for figure in printed} == {"plating", "crystals", "vessels", "flowshop"}
    rows = PAGE.read_text(encoding="utf-8").partition("## ")[2].splitlines()
    assert [row for row in map(printed_row, printed) if row not in rows] == []
    assert all(figure.ok for figure in printed)


def test_a_page_of_a_part_says_so_and_points_at_what_is_off():
    off = Case("tank: x, kg/kg", 0.51, 0.5, "relative", 0.02, CODED)
    page = validation_page([*lines(), off], 0.25)
    assert "--share 0.25 --page" in page
    assert "standard errors are about\n2 times those of" in page
    assert "| tank: x, kg/kg **off** | 0.51 | 0.5 | < 0.1 | 1e-09 |" in page
    assert f"**{len(lines())} of {len(lines()) + 1} cases agree.**" in page
    assert "full horizons." in validation_page(lines(), 1.0)
