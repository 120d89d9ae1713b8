"""What the documents say is so: commands and Python blocks run, links lead somewhere."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import chdir, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import experiments as ex
from experiments.door.cli import COMMANDS, cli
from plant_models import chlorobenzene as cb
from sim.model.tree import design_hash
from tests.answers import worked_once

ROOT = Path(__file__).resolve().parents[1]
# docs/python.md has a test of its own, which compares what its commands and its calls give;
# docs/zh/ has one that compares its commands with those of README.md.
PAGES = sorted(
    [
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        *(page for page in (ROOT / "docs").glob("*.md") if page.name != "python.md"),
        *(ROOT / "docs" / "reference").rglob("*.md"),
    ]
)
NAMES = [page.relative_to(ROOT).as_posix() for page in PAGES]

FENCE = re.compile(r"^( *)```(?P<kind>[^\n`]*)\n(?P<text>.*?)^\1```$", re.DOTALL | re.MULTILINE)
COMMAND = "python -m experiments"

SHORTER: dict[str, tuple[str, ...]] = {
    "run": ("--years", "0.02", "--replications", "1"),
    "compare": ("--years", "0.02", "--replications", "2", "--workers", "1"),
    "batch": ("--years", "0.01", "--replications", "1", "--workers", "1"),
    "limits": ("--years", "0.005",),
    "causes": ("--years", "0.005", "--replications", "2", "--workers", "1"),
    "criticality": ("--years", "0.005", "--replications", "2", "--kind", "crew", "--workers", "1"),
    "cube": ("--schemes", "F1,F2,F10", "--workers", "1"),
    "attribute": ("--players", "F1,F2,F10", "--order", "F1,F2,F10"),
    "rollout": ("--replications", "0",),
    "optimise": ("--replications", "0", "--set-points", "none", "--schemes", "F5,F6,F7"),
    "uncertainty": ("--samples", "2", "--sobol", "2", "--factors", "1", "--workers", "1"),
    "end-of-pipe": ("--years", "0.002", "--replications", "2", "--workers", "1"),
    "upsets": ("--years", "0.002", "--replications", "1", "--workers", "1"),
    "report": ("--years", "0.005", "--replications", "1"),
    "export-lca": ("--years", "0.02", "--replications", "2"),
    "review": ("--years", "0.02", "--replications", "2", "--workers", "1"),
    "validate": ("--share", "0.001", "--workers", "1"),
    "fitness": ("--replications", "0",),
}  # fmt: skip
"""What a command is given here, in place of what it has of it."""

EXEMPT = {
    "-m venv": "sets up an environment: test_first_steps (soak) types it on a fresh clone",
    " pip install": "installs: test_first_steps (soak) types it on a fresh clone",
    "-m pytest": "runs the tests, of which this is one",
    "-m tools.bench": "measures for minutes: tests/tools/test_bench.py runs it short",
    "-m tools.convergence": "runs for minutes: tests/tools/test_convergence.py runs it short",
    "-m tools.moving_picture": "writes into docs/: tests/tools/test_moving_picture.py draws it",
    "bash .ci/run": "runs this test",
    "ruff": "a check that CI runs",
    "mypy": "a check that CI runs",
    "lint-imports": "test_house runs it",
    "uv pip compile": "asks a package index",
    "sphinx-build": "the last test of this file runs it",
    "experiments page": "test_page runs it on a sample of designs, test_first_steps (soak) on all",
    "experiments calibrate": "fits for minutes and writes into data/: tests of the command run it",
    "readings --capacity": "fits for minutes: test_readings tries what it is made of",
    "tcp://host": "needs a cluster: tests of the runner start one",
}
"""Commands that are not run here, by what they hold, and why; of Python only the block for MPI."""

KEPT = "docs/told/years.parquet"
"""What commands read from the root of a clone."""

SHORTER_PYTHON = {
    "run(areas, 20, task=PlantYears(years=1.0": "run(areas, 2, task=PlantYears(years=0.01",
    "200, task=PlantYears(years=1 / 24), workers=2": "2, task=PlantYears(years=0.01), workers=1",
    "years=1.0, steps=12": "years=0.05, steps=3",
    'compare("none", "F1-F11")': 'compare("none", "F1-F11", years=0.02)',
    'simulate("F1, F7", years=1, seed=1)': 'simulate("F1, F7", years=0.02, seed=1)',
    'simulate("F1-F4", years=0.25,': 'simulate("F1-F4", years=0.02,',
    "prolong(years=0.25)": "prolong(years=0.02)",
}
"""The same for Python blocks: what is put in place of what."""


@dataclass(frozen=True)
class Block:
    """A fenced block of a page, or a command within a sentence."""

    kind: str  # the first word behind the fence
    file: str  # the second: where it is written before what follows runs
    text: str


def blocks(page: Path) -> Iterator[Block]:
    """Yield what a page holds that can run, in order; commands within sentences come last."""
    text = page.read_text(encoding="utf-8")
    for match in FENCE.finditer(text):
        kind, _, file = match["kind"].partition(" ")
        margin = len(match[1])
        yield Block(kind, file, "\n".join(line[margin:] for line in match["text"].splitlines()))
    prose = FENCE.sub("", text)
    for inline in dict.fromkeys(re.findall(rf"`({COMMAND} [^`]+)`", prose)):
        yield Block("sh", "", " ".join(inline.split()))


def commands(block: Block) -> Iterator[str]:
    """Yield the commands of a block, one by one."""
    for line in block.text.splitlines():
        for command in line.split(" && "):
            plain = command.split(" #")[0].strip()
            if plain:
                yield plain


def exempt(text: str) -> bool:
    return any(mark in text for mark in EXEMPT) and "calibrate --check" not in text


def arguments(command: str) -> list[str]:
    """Return a command's words behind ``python -m experiments``, with what makes it short."""
    _, found, rest = command.partition(COMMAND)
    assert found, f"{command!r} is neither {COMMAND!r} nor listed in EXEMPT"
    words = shlex.split(rest)
    if not words or "--help" in words:
        return words
    more = SHORTER.get("-".join(words[:2]), SHORTER.get(words[0], ()))  # export lca is one, too
    if {"validate", "--plant"} <= {*words}:  # it runs no case
        more = ()
    if "--simulate" in words:
        more += ("--years", "0.01", "--replications", "1")
    return [*without(words, more[::2]), *more]


def without(words: list[str], options: tuple[str, ...]) -> list[str]:
    """Return words without options and the value behind each."""
    gone = {i + step for i, word in enumerate(words) if word in options for step in (0, 1)}
    return [word for i, word in enumerate(words) if i not in gone]


def keep_some_hours(folder: Path) -> None:
    """Write what is kept of years, of some hours: a year is run anew where it is looked into.

    `test_told` holds the years themselves against the line as it is.
    """
    made = ex.cube("F1,F2,F10", simulate=True, years=0.002, replications=2, workers=1)
    made.save(folder / KEPT)


def run_page(page: Path, folder: Path) -> int:
    """Run a page's commands and Python blocks in a folder of its own; return how many."""
    names: dict[str, Any] = {"__name__": "__main__"}
    ran = 0
    if KEPT in page.read_text(encoding="utf-8"):
        keep_some_hours(folder)
    with chdir(folder), worked_once():
        for block in blocks(page):
            if block.file and block.file != EXPECTED:
                Path(block.file).write_text(block.text + "\n", encoding="utf-8")
            elif block.kind == "python" and "mpi4py" not in block.text:
                ran += 1
                code = block.text
                for long, short in SHORTER_PYTHON.items():
                    code = code.replace(long, short)
                with redirect_stdout(StringIO()):
                    exec(
                        compile(code, f"{page.name}, block {ran}", "exec", dont_inherit=True), names
                    )
            elif block.kind == "sh":
                for command in commands(block):
                    if not exempt(command):
                        ran += 1
                        done = CliRunner().invoke(cli, arguments(command))
                        assert done.exit_code == 0, f"{page.name}: {command}\n{done.output}"
    return ran


EXPECTED = "expected"
"""Behind the fence of a block of text: what the block before it prints; ``...`` leaves out."""

NEAR = 0.05  # relative: how far a printed number may be off elsewhere, or once recalibrated
ROUNDED = 0.02  # in its unit, for small ones
NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?(?:e-?\d+)?")


def same_line(told: str, came: str) -> bool:
    """Whether two lines hold the same words, and numbers that are near each other."""
    words = [NUMBER.sub("#", " ".join(text.split())) for text in (told, came)]
    numbers = [[float(n.replace(",", "")) for n in NUMBER.findall(text)] for text in (told, came)]
    return words[0] == words[1] and all(
        abs(a - b) <= max(NEAR * abs(b), ROUNDED) for a, b in zip(*numbers, strict=True)
    )


def not_printed(told: str, came: str) -> list[str]:
    """Return the expected lines that do not come, one after the other."""
    lines, at, missing = came.splitlines(), 0, []
    for line in told.splitlines():
        if line.strip() in ("...", ""):
            continue
        found = next((n for n in range(at, len(lines)) if same_line(line, lines[n])), None)
        if found is None:
            missing.append(line)
        else:
            at = found + 1
    return missing


@pytest.mark.parametrize(
    ("page", "least"),
    [("tutorial", 6), pytest.param("howto_optimise", 1, marks=pytest.mark.long)],
)
def test_what_a_page_says_is_printed_is_printed(page: str, least: int, tmp_path: Path):
    names: dict[str, Any] = {"__name__": "__main__"}
    shown = list(blocks(ROOT / f"docs/{page}.md"))
    compared = 0
    with chdir(tmp_path):
        for block, after in pairwise(shown):
            told = after.text if after.file == EXPECTED else ""
            came = StringIO()
            if block.kind == "python" and ("change" in block.text or told):
                with redirect_stdout(came):
                    exec(block.text, names)
            elif told:
                for command in commands(block):
                    done = CliRunner().invoke(cli, shlex.split(command.partition(COMMAND)[2]))
                    came.write(done.output)
            if told:
                assert not_printed(told, came.getvalue()) == [], came.getvalue()
                compared += 1
    assert compared >= least


def test_an_output_that_is_not_the_expected_one_is_found():
    came = "a  1,000 t\nb  2.0 t\n"
    assert not_printed("a 1,010 t\n...\nb 2.0 t", came) == []
    assert not_printed("a 1,100 t", came) == ["a 1,100 t"]
    assert not_printed("b 2.0 t\na 1,000 t", came) == ["a 1,000 t"]


LONG_PAGES = {
    "README.md",
    "docs/calibration.md",
    "docs/tutorial.md",
    "docs/many_runs.md",
    "docs/upsets.md",
    "docs/rollout-and-uncertainty.md",
    "docs/gallery.md",
    "docs/howto_analyse.md",
    "docs/howto_optimise.md",
    "docs/permits.md",
    "docs/attribution.md",
    "docs/reference/methods.md",
    "docs/findings.md",
    "docs/validation.md",
}


def runnable(name: str) -> bool:
    return any(block.kind in ("sh", "python") for block in blocks(ROOT / name))


def parameter(name: str) -> Any:
    return pytest.param(name, marks=pytest.mark.long if name in LONG_PAGES else ())


@pytest.mark.parametrize("name", [parameter(name) for name in NAMES if runnable(name)])
def test_what_a_page_shows_runs(name: str, tmp_path: Path):
    run_page(ROOT / name, tmp_path)


def test_a_page_with_a_wrong_command_or_a_wrong_block_is_found(tmp_path: Path):
    page = tmp_path / "page.md"
    for wrong in ("```sh\npython -m experiments rum\n```", "Try `python -m experiments card x`."):
        page.write_text(f"# Page\n\n{wrong}\n", encoding="utf-8")
        with pytest.raises(AssertionError, match=r"page\.md: python -m experiments"):
            run_page(page, tmp_path)
    page.write_text("```python\nassert 1 == 2\n```\n", encoding="utf-8")
    with pytest.raises(AssertionError):
        run_page(page, tmp_path)
    page.write_text("```sh\nrm -r results\n```\n", encoding="utf-8")
    with pytest.raises(AssertionError, match="nor listed in EXEMPT"):
        run_page(page, tmp_path)


def test_every_exemption_and_every_shorter_setting_is_used():
    shown = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert [mark for mark in EXEMPT if mark not in shown] == []
    assert [long for long in SHORTER_PYTHON if long not in shown] == []
    assert set(SHORTER) <= set(COMMANDS)


def test_every_command_has_a_row_in_the_page_on_commands():
    rows = re.findall(
        r"^\| `([a-z-]+)", (ROOT / "docs/commands.md").read_text("utf-8"), re.MULTILINE
    )
    assert sorted(rows) == sorted(COMMANDS)


def test_the_reference_holds_every_module_beside_the_line():
    pages = "\n".join(p.read_text("utf-8") for p in (ROOT / "docs/reference").glob("*.md"))
    shown = set(re.findall(r"automodule:: plant_models\.(\w+)$", pages, re.MULTILINE))
    beside = {p.stem for p in (ROOT / "plant_models").glob("*.py") if p.stem != "__init__"}
    assert beside <= shown


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub and MyST make them."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken_links(page: Path) -> list[str]:
    """Return the links of a page that lead to no file, or to no heading of it."""
    text = re.sub(r"`[^`]*`", "", FENCE.sub("", page.read_text(encoding="utf-8")))
    broken = []
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    return broken


@pytest.mark.parametrize("name", [*NAMES, "CHANGELOG.md"])
def test_every_link_leads_to_a_file_and_a_heading(name: str):
    assert broken_links(ROOT / name) == []


def test_a_link_to_nowhere_is_found(tmp_path: Path):
    page = tmp_path / "page.md"
    page.write_text("# Page\n\n[a](page.md#page) [b](gone.md) [c](#gone)\n", encoding="utf-8")
    assert broken_links(page) == ["gone.md", "#gone"]


def test_the_pictures_in_docs_show_the_line_as_it_is():
    """Where this fails, run the commands of docs/gallery.md and put what they draw there."""
    drawn = json.loads((ROOT / "docs/figures/drawn_for.json").read_text("utf-8"))["designs"]
    assert drawn == {schemes: design_hash(cb.line(schemes)) for schemes in drawn}


@pytest.mark.long
def test_the_documentation_builds_without_warnings_and_fetches_nothing(tmp_path: Path):
    pytest.importorskip("sphinx")
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-c", "docs", "-d"]
    built = subprocess.run(
        [*command, str(tmp_path / "doctrees"), ".", str(tmp_path / "html")],
        cwd=ROOT,
        env={**os.environ, **dict.fromkeys(PROXIES, "http://127.0.0.1:9")},
        capture_output=True,
        text=True,
    )
    assert built.returncode == 0, built.stderr[-4000:]
    pages = list((tmp_path / "html").rglob("*.html"))
    assert len(pages) > 20
    fetched = [
        f"{page.relative_to(tmp_path)}: {address}"
        for page in pages
        for address in re.findall(
            r"<(?:script|link|img)[^>]+(?:src|href)=\"(https?:[^\"]+)", page.read_text("utf-8")
        )
    ]
    assert fetched == []


PROXIES = ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY")
"""Set to a closed door while the documentation builds."""
