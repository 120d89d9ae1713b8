"""The command ``paper-check``: ten findings, the page in docs/, and what an altered table does."""

import json
import shutil
from pathlib import Path

import pytest

from experiments.studies.paper_check import PaperCheck, paper_check
from plant_models.chlorobenzene.line.design import DATA
from plant_models.chlorobenzene.paper.audit import audit

PAGE = Path(__file__).resolve().parents[2] / "docs" / "paper_check.md"
FILES = ("table_1_1.csv", "table_1_2.csv", "table_1_3.csv", "price_sets.csv", "prose.toml")


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    for name in FILES:
        shutil.copy(str(DATA / name), tmp_path)
    return tmp_path


def shorten(file: Path, lines: int) -> None:
    """Keep the first lines of a file."""
    kept = file.read_text(encoding="utf-8").splitlines(keepends=True)[:lines]
    file.write_text("".join(kept), encoding="utf-8")


def test_it_prints_ten_findings_in_a_hundred_columns(call):
    result = call("paper-check")
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert lines[-1] == "10 of 10 findings hold"
    assert sum(line.strip().startswith("verdict") for line in lines) == 10
    assert max(map(len, lines)) <= 100


def test_json_holds_the_same_findings(call):
    told = json.loads(call("paper-check", "--json").stdout)
    assert told == paper_check().as_json()
    assert told["holds"] is True
    assert [(f["number"], f["verdict"]) for f in told["findings"]] == [
        (f.number, f.verdict) for f in audit().findings
    ]


def test_the_page_in_docs_is_what_the_command_prints(call):
    assert PAGE.read_text(encoding="utf-8") == call("paper-check", "--page").stdout
    assert PAGE.read_text(encoding="utf-8") == PaperCheck(audit()).page()


def test_an_altered_table_ends_with_exit_code_1_and_names_row_and_column(call, tables: Path):
    file = tables / "table_1_2.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("30.7,4,,4", "30.7,5,,4"), "utf-8")
    result = call("paper-check", "--tables", str(tables))
    assert result.exit_code == 1
    assert "table_1_2.csv, row F8, column income_1e4_rmb" in result.stderr
    assert "net income of F8 is income less operation cost: came 4 and 5" in result.stderr
    assert "Traceback" not in result.stderr


def test_an_unaltered_copy_passes(call, tables: Path):
    assert call("paper-check", "--tables", str(tables)).exit_code == 0


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda d: (d / "table_1_2.csv").unlink(), ["table_1_2.csv", "No such file"]),
        (lambda d: (d / "table_1_2.csv").write_text("a,b\n1,2\n"), ["no column 'scheme'"]),
        (lambda d: (d / "table_1_2.csv").write_text(""), ["table_1_2.csv", "came nothing"]),
        (lambda d: (d / "table_1_1.csv").write_text("scheme\nF1\n"), ["no column 'cost_class'"]),
        (lambda d: shorten(d / "price_sets.csv", 1), ["price_sets.csv", "no row below"]),
        (lambda d: shorten(d / "table_1_2.csv", 1), ["table_1_2.csv", "no row below"]),
        (lambda d: (d / "table_1_3.csv").write_text("x" * 200_000), ["table_1_3.csv", "no table"]),
        (lambda d: (d / "prose.toml").write_text("[investment\n"), ["prose.toml", "no valid TOML"]),
        (lambda d: (d / "table_1_3.csv").write_bytes(b"\xff\xfe"), ["table_1_3.csv", "UTF-8"]),
    ],
)
def test_a_table_that_cannot_be_read_ends_with_exit_code_2(refused, tables: Path, spoil, words):
    spoil(tables)
    refused("paper-check", "--tables", str(tables), words=words)


@pytest.mark.parametrize("name", FILES[:4])
def test_a_table_that_lacks_rows_or_figures_ends_in_words(call, tables: Path, name: str):
    file = tables / name
    text = file.read_text(encoding="utf-8")
    heading, *rows = text.splitlines(keepends=True)
    shorter = [rows[:n] + rows[n + 1 :] for n in range(len(rows))]
    blank = [[",".join([row.split(",")[0], *[""] * row.count(",")]) + "\n" for row in rows]]
    for kept in [*shorter, rows[:1], *blank]:
        file.write_text("".join([heading, *kept]), encoding="utf-8")
        result = call("paper-check", "--tables", str(tables))
        assert result.exit_code in (0, 1, 2)
        assert "a fault of this program" not in result.stderr
    file.write_text(text, encoding="utf-8")
