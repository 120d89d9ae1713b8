"""``compare``: several designs, corrected together; stopping by itself."""

from __future__ import annotations

import csv
import json
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from experiments.studies.compare import Rules, compare, stop_when
from experiments.studies.run import how_few
from plant_models import chlorobenzene as cb
from sim.books.indicators import Indicators
from sim.clock.life import time_to_failure, time_to_repair
from sim.clock.random_streams import RandomStreams
from sim.statistics.comparisons import holm, precise
from sim.statistics.intervals import interval
from sim.tables import columns
from tests.answers import worked_once
from tests.experiments.test_commands import FOLDER

SHORT = ("--years", "0.02")
AIR = ("--indicator", "air.benzene_t")


def told(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_an_interval_of_few_replications_is_told_to_be_luck() -> None:
    """Two runs of the flowshop lost 140 batches a year each: told as 140 +- 2e-11, p < 1e-3."""
    found = compare("none", "S4", years=0.01, replications=2, plant="flowshop")
    assert "so few replications is wide, or narrow by luck" in str(found)
    assert [len(how_few(n)) for n in (0, 1, 2, 4, 5)] == [0, 1, 1, 1, 0]


def test_many_designs_stand_in_tables_of_a_page_below_each_other(call) -> None:
    """Six of the line were 159 columns wide, and their bottlenecks a line of as many."""
    sets = ("none", "S1", "S2", "S3", "S4", "S1-S3", "S1-S4", "S2-S4", "S3+S4")
    words = (*sets, "--plant", "flowshop", "--years", "0.001", "--workers", "1")
    lines = call("compare", *words).stdout.splitlines()
    in_chinese = call("compare", *words, "--lang", "zh").stdout.splitlines()
    assert max(map(columns, (*lines, *in_chinese))) <= 100
    first, then = (line.split()[2:] for line in lines if line.startswith("indicator"))
    assert [*first, *then] == [*sets[:-1], "S3,", "S4"]


@pytest.mark.long
def test_each_design_is_compared_with_the_first(call) -> None:
    json_of = told(call("compare", "F1", "none", "F5", *SHORT, "--replications", "2", "--json"))
    assert [(of["before"], of["after"]) for of in json_of["comparisons"]] == [
        ("F1", "none"), ("F1", "F5"),
    ]  # fmt: skip
    for schemes, of in zip(("none", "F5"), json_of["comparisons"], strict=True):
        pair = compare("F1", schemes, years=0.02, replications=2).differences
        for name, difference in of["differences"].items():
            expected = pair[name].interval
            assert difference["mean"] == expected.mean
            assert (difference["low"], difference["high"]) == (expected.low, expected.high)
    assert json_of["differences"] == json_of["comparisons"][0]["differences"]


@pytest.mark.long
def test_all_that_is_asked_is_corrected_together(call) -> None:
    json_of = told(call(
        "compare", "none", "F1", "F5", *SHORT, "--replications", "3", *AIR,
        "--indicator", "steam_t", "--json",
    ))  # fmt: skip
    asked = [
        of["differences"][name]
        for of in json_of["comparisons"]
        for name in of["differences"]
        if name in ("air.benzene_t", "steam_t")
    ]
    assert [each["p_holm"] for each in asked] == holm([each["p"] for each in asked])
    unasked = json_of["differences"]["wastewater_t"]
    assert (unasked["p"] is None, unasked["p_holm"]) == (False, None)


def test_what_is_asked_about_is_what_is_printed(call) -> None:
    result = call("compare", "none", "F1", "F5", *SHORT, "--replications", "2", *AIR)
    assert result.stdout.count("air.benzene_t ") == 2
    assert "steam_t" not in result.stdout
    assert "Holm for 2 asked" in result.stdout


def test_the_runs_stop_when_every_difference_that_is_watched_is_known() -> None:
    """A swing of 1 about 10: t s / sqrt(n) must fall to 10 x 0.05 / 1.05."""
    enough = stop_when(Rules(names=("a", "b"), until=0.05), floor=10)
    assert enough is not None
    units = {"a": "kg", "b": "kg"}

    def figures(n: int, a: float, b: float) -> list[Indicators]:
        return [Indicators({"a": a + a / 10 * (-1) ** i, "b": b}, units) for i in range(n)]

    zero = figures(99, 0.0, 0.0)
    stops = [n for n in range(2, 99) if enough([zero[:n], figures(n, 10.0, 3.0)])]
    values = [10.0 + (-1) ** i for i in range(99)]
    assert stops == [n for n in range(10, 99) if precise(interval(values[:n]), 0.05)]
    assert stops[0] > 10
    still = [zero[:50], figures(50, 10.0, 3.0), figures(50, 0.0, 3.0)]
    assert enough(still)
    moving = Indicators({"a": 1.0, "b": 3.0}, units)
    assert not enough([*still[:2], [moving, *still[2][1:]]])
    patient = stop_when(Rules(names=("a",), until=0.05), floor=60)
    assert patient is not None
    assert not patient([zero[:59], figures(59, 10.0, 3.0)])
    assert patient([zero[:60], figures(60, 10.0, 3.0)])


@pytest.mark.long
def test_it_stops_by_itself_at_the_same_replication_for_any_number_of_workers(call) -> None:
    command = ("compare", "none", "F1-F11", *SHORT, "--until", "0.0096", *AIR, "--json")
    two = call(*command, "--workers", "2").stdout
    with worked_once():
        assert call(*command, "--workers", "1").stdout == two
        json_of = json.loads(two)
        n = json_of["provenance"]["replications"]
        assert n > 10
        before, after = compare("none", "F1-F11", years=0.02, replications=n).designs
    values = [
        b["air.benzene_t"] - a["air.benzene_t"]
        for a, b in zip(before.indicators, after.indicators, strict=True)
    ]
    assert precise(interval(values), 0.0096)
    assert not any(precise(interval(values[:k]), 0.0096) for k in range(10, n))
    assert json_of["differences"]["air.benzene_t"]["mean"] == interval(values).mean


@pytest.mark.long
def test_what_is_not_known_well_enough_in_the_end_is_named(call) -> None:
    result = call("compare", "none", "F1", *SHORT, "--until", "0.001", "--at-most", "11", *AIR)
    assert result.exit_code == 0
    assert "stopped at the most of 11 replications; not yet known to 0.1 %" in result.stdout
    assert "F1: air.benzene_t" in result.stdout


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("compare none F1 --until 0", ["--until", "0.001 to 1", "'0'"]),
        ("compare none F1 --until 0.1 --at-most 5", ["--at-most", "from 10", "'5'"]),
        ("compare none F1 --at-most 50", ["--at-most: goes with --until"]),
        ("compare none F1 --indicator air", ["--indicator: no 'air'"]),
        ("compare none F1 --workers none", ["--workers", "'none'"]),
        (
            "compare none F99 --until x --indicator y --workers -1",
            ["4 faults", "F99", "--until", "'y'", "--workers"],
        ),
    ],
)
def test_bad_input_gives_one_message_and_exit_code_2(refused, command: str, words: list[str]):
    refused(*command.split(), words=words)


@pytest.mark.long
def test_the_folder_of_several_designs_holds_all_of_them_and_replaces_an_earlier_result(
    call, tmp_path: Path
) -> None:
    folder = tmp_path / "new"
    command = ("compare", "none", "F1-F3", "F1-F11", *SHORT, "--replications", "2")
    for earlier_or_not in (("heat", "none"), command):
        assert call(*earlier_or_not, "--out", str(folder)).exit_code == 0
    held = FOLDER - {"sources.bib"} | {"differences.png"}
    assert {file.name for file in folder.iterdir()} == held
    assert [file.name for file in tmp_path.iterdir()] == ["new"]
    tables = {}
    for name in ("flows", "indicators"):
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            tables[name] = list(csv.DictReader(file))
    assert {row["design"] for row in tables["flows"]} == {"none", "F1-F3", "F1-F11"}
    quoted = [row for row in tables["indicators"] if row["paper_says"]]
    assert {row["design"] for row in quoted} == {"F1-F11"}
    assert len(quoted) == 9  # Table 1-3, and net income of Table 1-2
    assert {row["paper_says"] for row in quoted if row["indicator"] == "wastewater_t"} == {
        "-349000.0"
    }
    (air,) = (r for r in tables["indicators"] if r["design"] == "F1-F3" and "benzene" in
              r["indicator"] and r["indicator"].startswith("air.b"))  # fmt: skip
    assert float(air["low"]) <= float(air["difference"]) <= float(air["high"])
    assert 0.0 < float(air["p_holm"]) <= 1.0


def test_failures_on_the_calendar_are_those_that_their_streams_foretell() -> None:
    """The supply of chlorine fails on the calendar, so its failures can be foretold."""
    result = cb.simulate("none", years=0.07, seed=2, record=True)
    assert result.record is not None
    events = [(hour, what) for hour, who, what in result.record.events if who == "chlorine_supply"]
    mode, streams = result.tree.chlorine_supply.failure, RandomStreams(2)
    assert mode is not None
    lives = streams.stream("chlorine_supply", "time to failure")
    repairs = streams.stream("chlorine_supply", "time to repair")
    hour, foretold = 0.0, []
    for _ in range(len(events) // 2):
        hour += time_to_failure(mode, lives)
        foretold.append((hour, "failed"))
        hour += time_to_repair(mode, repairs)
        foretold.append((hour, "back"))
    assert events[: len(foretold)] == foretold
    assert foretold


def test_a_worker_that_dies_is_one_message_and_exit_code_1(call, monkeypatch) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).resolve().parent))
    die = import_module("stub_tasks").die
    monkeypatch.setattr("experiments.runner.replicates.replicate", die)
    result = call("compare", "none", "F1", "--years", "0.02", "--workers", "2")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr == (
        "error: a worker process ended before its work was done; was it killed, or out of memory?; "
        "nothing was written\n"
    )


def test_designs_of_python_are_trees_designs_and_sets() -> None:
    """The same design however it is said: as a set, as a tree, as what a user has set."""
    found = compare("F1", cb.line("F1"), cb.BASELINE, "none", years=0.02)
    same, baseline, none = found.judgements
    assert all(of.interval.mean == 0.0 for of in same.differences.values())
    assert baseline.differences == none.differences


@pytest.mark.parametrize(
    ("given", "kind", "said"),
    [
        ({"designs": ("none",)}, TypeError, "compare: expected two designs or more, came 1"),
        ({"designs": ("none", 5)}, TypeError, "expected schemes like"),
        ({"until": 0.0}, ValueError, "until: expected a number from 0.001 to 1"),
        ({"until": 0.1, "at_most": 5}, ValueError, "at_most: expected a whole number from 10"),
        ({"indicators": ("air",)}, LookupError, "indicators: no 'air'"),
        ({"workers": "2"}, TypeError, "workers: expected a whole number"),
        ({"years": "1"}, TypeError, "years: expected a number"),
        ({"seed": -1}, ValueError, "seed: expected a whole number from 0"),
        ({"start": "02-29"}, ValueError, "start: a simulated year has no 29 February"),
    ],
)
def test_a_wrong_argument_is_named(given: dict[str, Any], kind: type, said: str) -> None:
    designs = given.pop("designs", ("none", "F1"))
    with pytest.raises(kind, match=said):
        compare(*designs, **given)


def test_designs_in_a_list_are_told_with_how_to_write_them():
    with pytest.raises(TypeError, match=r"came 1; a list is one set of schemes, write compare\("):
        compare(["none", "F1"])


@pytest.mark.long
def test_the_change_of_margin_is_the_net_income_that_money_tells_of_the_same_year(call) -> None:
    """Sales less purchases, less the upkeep of F6 and F7, which no flow shows."""
    year = ("--years", "0.1", "--seed", "3")
    compared = told(call("compare", "none", "F1,F6,F7", *year, "--json"))
    appraised = told(call("money", "F1,F6,F7", "--clock", "events", *year, "--json"))
    net = next(row["net"] for row in appraised["steps"] if row["name"] == "Total")
    margin = compared["differences"]["margin"]
    assert compared["units"]["margin"] == "10^4 RMB/yr"
    assert margin["mean"] == pytest.approx(net / 1e4, rel=1e-9)


def test_margin_has_an_interval_and_follows_prices(call) -> None:
    asked = ("compare", "none", "F1", *SHORT, "--replications", "2", "--indicator", "margin")
    with worked_once():  # prices move no run
        usual, dear = (
            told(call(*asked, "--json", *more)) for more in ((), ("--price", "benzene=9000"))
        )
        printed = call(*asked).stdout
    for found in (usual, dear):
        margin = found["differences"]["margin"]
        assert margin["low"] < margin["mean"] < margin["high"]
    assert usual["differences"]["margin"]["mean"] != dear["differences"]["margin"]["mean"]
    assert dear["provenance"]["asked"]["prices"] == {"benzene": 9000.0}
    assert "Holm for 1 asked" in printed
    assert "margin: sales less purchases" in printed


def test_the_source_is_quoted_for_the_margin_of_the_whole_programme_alone(call) -> None:
    rows = compare("none", "F1-F11", years=0.005).tables()["indicators"].records
    (margin,) = (row for row in rows if row["indicator"] == "margin")
    assert margin["paper_says"] == pytest.approx(cb.PLANT.economy.printed()["Total"].net / 1e4)
    fewer = compare("none", "F1-F10", years=0.005).tables()["indicators"].records
    assert {row["paper_says"] for row in fewer} == {None}


def test_a_plant_without_prices_is_compared_without_money(call, refused, tmp_path: Path) -> None:
    call("plant", "new", str(tmp_path / "mine"))
    (tmp_path / "mine" / "prices.toml").unlink()
    asked = ("compare", "none", "B1", "--plant", str(tmp_path / "mine"), *SHORT)
    assert "margin" not in told(call(*asked, "--json"))["units"]
    refused(*asked, "--price", "salt=1", words=["no prices"])
