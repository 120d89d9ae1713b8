"""What the commands print and write, and that it is the same every time."""

import csv
import errno
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from experiments.door.cli import COMMANDS, Commands
from experiments.output.crate import CRATE
from experiments.output.files import whole_folder
from experiments.runner.faults import SimulationFault, at_work
from experiments.studies.compare import compare
from experiments.studies.run import run
from plant_models import chlorobenzene as cb
from plant_models.chlorobenzene.paper.printed import table_1_3
from sim.errors import BalanceError, Gridlock
from sim.model.schemes import compact
from sim.model.tree import design_hash
from tests.answers import worked_once

ROOT = Path(__file__).resolve().parents[2]
SHORT = ("--years", "0.02")  # a week
LONG_ENOUGH = 0.02
INDICATORS = (
    "chlorobenzene_t", "operating_hours", "availability", "air.benzene_t", "air.chlorobenzene_t",
    "air.hydrogen_chloride_t", "air.chlorine_t", "wastewater_t", "wastewater.benzene_t",
    "wastewater.chlorobenzene_t", "wastewater.hydrogen_chloride_t", "residue_t",
    "hydrochloric_acid_t", "dichlorobenzene_t", "benzene_used_t", "chlorine_used_t", "steam_t",
    "cooling_water_intake_t", "power_mwh", "caustic_t", "closure",
)  # fmt: skip
FOLDER = {
    "flows.csv",
    "indicators.csv",
    "provenance.json",
    CRATE,
    "sources.bib",
    "states.png",
    "levels.png",
    "emissions.png",
    "losses.png",
    "sankey.png",
}


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def strings(value: object) -> Iterator[str]:
    """Yield all texts of a JSON value, keys included."""
    if isinstance(value, dict):
        for key, inside in value.items():
            yield from (key, *strings(inside))
    elif isinstance(value, list):
        for inside in value:
            yield from strings(inside)
    elif isinstance(value, str):
        yield value


def process(*arguments: str, cwd: Path) -> bytes:
    """Return what a process of its own prints, with a hash seed that no other has."""
    ended = subprocess.run(
        [sys.executable, "-m", "experiments", *arguments],
        capture_output=True,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "4242"},
    )
    assert ended.returncode == 0, ended.stderr.decode()
    return ended.stdout


def test_alone_it_lists_the_commands(call):
    result = call()
    assert result.exit_code == 0
    assert [
        name for name in ("run", "compare", "card", "explain") if name not in result.stdout
    ] == []


def test_run_prints_what_came_in_what_went_out_and_how_the_line_ran(call):
    result = call("run", *SHORT)
    assert result.exit_code == 0, result.output
    told = (
        "benzene supply", "emission gas", "wastewater", "availability", "bottleneck",
        "longest other state", "balances close to",
    )  # fmt: skip
    assert [words for words in told if words not in result.stdout] == []


@pytest.mark.parametrize(
    "command",
    [
        "run",
        "run --replications 2",
        "compare none F1-F11 --replications 2",
        "compare F1 F1,F3,F5,F7,F9",
    ],
)
def test_tables_fit_into_a_hundred_columns(call, command: str):
    result = call(*command.split(), *SHORT)
    assert result.exit_code == 0, result.output
    assert [line for line in result.stdout.splitlines() if len(line) > 100] == []


def test_json_of_run_holds_the_means_over_the_replications(call):
    with worked_once():
        result = call("run", *SHORT, "F1", "--replications", "2", "--json")
        told = json.loads(result.stdout)
        assert told == run("F1", years=LONG_ENOUGH, replications=2).as_json()
    pair = [cb.simulate("F1", years=LONG_ENOUGH, replication=r).indicators for r in (0, 1)]
    expected = {name: (pair[0][name] + pair[1][name]) / 2 for name in pair[0]}
    assert told["indicators"] == pytest.approx(expected, rel=1e-12)
    assert told["units"] == dict(pair[0].units)


def test_json_of_run_holds_every_indicator_that_is_promised(call):
    told = json.loads(call("run", *SHORT, "--json").stdout)
    assert {"indicators", "units", "provenance"} <= set(told)
    assert [name for name in INDICATORS if name not in told["indicators"]] == []


def test_provenance_tells_the_design_and_what_was_set(call):
    told = json.loads(call("run", *SHORT, "--set", "off_gas_cooler.area=55", "--json").stdout)
    origin = told["provenance"]
    design = cb.own_design(None, ["off_gas_cooler.area=55"])
    assert origin["designs"][0]["hash"] == design_hash(design.tree)
    baseline = cb.BASELINE.tree.off_gas_cooler.area
    assert origin["settings"] == [
        {"path": "off_gas_cooler.area", "baseline": baseline, "value": 55.0}
    ]
    assert (origin["seed"], origin["years"], origin["start"]) == (1, LONG_ENOUGH, "01-01")


def test_provenance_lists_the_patches_of_the_schemes(call):
    told = json.loads(call("run", *SHORT, "F1", "--json").stdout)
    (design,) = told["provenance"]["designs"]
    patched = {patch["path"]: patch for patch in design["patches"]}
    assert patched["off_gas_cooler.arrangement"]["after"] == "series"
    assert patched["off_gas_cooler.arrangement"]["by"][0]["scheme"] == "F1"


def test_json_of_compare_equals_the_comparison_in_python(call):
    with worked_once():
        result = call("compare", "none", "F1,F5", *SHORT, "--replications", "2", "--json")
        told = json.loads(result.stdout)
        in_python = compare("none", "F1,F5", years=LONG_ENOUGH, replications=2)
    assert told == in_python.as_json()
    expected = {name: of.interval for name, of in in_python.differences.items()}
    assert {name: (of.mean, of.low, of.high) for name, of in expected.items()} == {
        name: (of["mean"], of["low"], of["high"]) for name, of in told["differences"].items()
    }
    assert [design["schemes"] for design in told["designs"]] == [[], ["F1", "F5"]]


def test_one_replication_has_no_interval_and_says_so(call):
    with worked_once():
        told = json.loads(call("compare", "none", "F1", *SHORT, "--json").stdout)
        printed = call("compare", "none", "F1", *SHORT).stdout
    assert all((of["low"], of["high"]) == (None, None) for of in told["differences"].values())
    assert "--replications 2" in printed


def test_a_run_that_starts_in_july_is_warmer_than_one_that_starts_in_january(call):
    """Warmer water condenses less benzene from the off-gas."""
    river = ("--set", "cooling_water.source=river")
    winter, summer = (
        json.loads(call("run", *SHORT, *river, "--start", date, "--json").stdout)["indicators"]
        for date in ("01-01", "1996-07-01")
    )
    assert summer["air.benzene_t"] > 1.2 * winter["air.benzene_t"]


def test_the_paper_is_quoted_for_its_own_comparison_alone(call):
    own = call("compare", "none", "F1-F11", *SHORT).stdout
    assert "paper says" in own
    assert "-349,000" in own
    assert "paper says" not in call("compare", "none", "F1-F10", *SHORT).stdout


def test_the_printed_reductions_are_the_eight_of_table_1_3():
    assert table_1_3() == {
        "wastewater_t": 349000.0,
        "wastewater.hydrogen_chloride_t": 900.0,
        "wastewater.benzene_t": 47.94,
        "wastewater.chlorobenzene_t": 43.41,
        "air.hydrogen_chloride_t": 6.85,
        "air.chlorine_t": 3.22,
        "air.benzene_t": 347.76,
        "air.chlorobenzene_t": 25.6,
    }


def test_what_a_pattern_changes_is_told_in_numbers_that_one_reads(call):
    told = call("explain", "none", "--scale", "*.failure.mtbf=1e-5").stderr
    assert "note: 18 parameters change:" in told
    assert "  chlorinator.failure.mtbf 8000 -> 0.08 h\n" in told
    assert "note: no parameter changes\n" in call("explain", "none", "--scale", "*=1").stderr
    told = call("explain", "none", "--set", "off_gas_cooler.are?=80").stderr
    assert "note: 1 parameter changes:\n" in told


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("run F1 --years 0.002", True),
        ("compare F1 F1,F7 --years 0.002", True),
        ("compare none F1 --years 0.002", False),
        ("run F7 --years 0.002", False),
    ],
)
def test_what_every_design_sets_otherwise_is_noted(call, command: str, told: bool):
    """F1 puts the coolers in series, whatever is set before it."""
    said = call(*command.split(), "--set", "off_gas_cooler.arrangement=parallel")
    note = "note: off_gas_cooler.arrangement: F1 sets it, so what is given for it changes nothing\n"
    assert said.exit_code == 0
    assert (note in said.stderr) is told


def test_a_folder_that_held_the_answer_of_another_command_says_so(call, tmp_path: Path):
    """Somebody who writes everything to one folder keeps the last answer alone."""
    place = str(tmp_path / "results")
    first = call("explain", "F1", "--out", place)
    assert first.stderr == call("explain", "F2", "--out", place).stderr == f"written to {place}\n"
    told = call("card", "off_gas_cooler", "--out", place)
    assert told.exit_code == 0
    assert told.stderr == f"written to {place}; what explain had written there is gone\n"
    said = call("explain", "F1", "--out", place, "--lang", "zh").stderr
    assert said == f"已写入 {place}；card 原先写在那里的已不存在\n"


@pytest.mark.long
def test_out_of_run_holds_tables_provenance_and_pictures(call, tmp_path: Path):
    result = call("run", *SHORT, "--out", str(tmp_path / "new" / "run"), "--json")
    assert result.exit_code == 0, result.output
    folder = tmp_path / "new" / "run"
    assert {file.name for file in folder.iterdir()} == FOLDER
    told = json.loads(result.stdout)
    kept = json.loads((folder / "provenance.json").read_text())
    assert {*kept.pop("files")} == FOLDER
    assert kept == told["provenance"]
    written = {row["indicator"]: float(row["mean"]) for row in rows(folder / "indicators.csv")}
    assert written == told["indicators"]
    to_air = sum(
        float(row["kg_per_year"]) / 1000.0
        for row in rows(folder / "flows.csv")
        if row["medium"] == "emission gas" and row["component"] == "benzene"
    )
    assert to_air == pytest.approx(told["indicators"]["air.benzene_t"])
    assert all(
        (folder / name).read_bytes().startswith(b"\x89PNG") for name in FOLDER if "png" in name
    )
    assert [file.name for file in tmp_path.iterdir()] == ["new"]


def test_provenance_names_no_path(call, tmp_path: Path):
    (tmp_path / "own.toml").write_text(
        '[off_gas_cooler.area]\nvalue = 50.0\nunit = "m2"\nsource = "assumed"\n'
        'low = 20.0\nhigh = 80.0\nnote = "ours"\n'
    )
    design = str(tmp_path / "own.toml")
    told = json.loads(call("run", *SHORT, "--design", design, "--json").stdout)["provenance"]
    assert told["settings"][0]["value"] == 50.0
    assert [text for text in strings(told) if "/" in text and "own.toml" in text] == []


@pytest.mark.long
def test_another_process_order_and_hash_seed_print_and_write_the_same_bytes(
    call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    options = ("--years", "0.01", "--replications", "2", "--json", "--out", "out")
    folders = here, there = tmp_path / "here", tmp_path / "there"
    for folder in folders:
        folder.mkdir()
    monkeypatch.chdir(here)
    printed = call("compare", "none", "F1,F5,F10", *options).stdout_bytes
    assert process("compare", "none", "F10, f5,F1", *options, cwd=there) == printed
    one, other = (
        {file.name: file.read_bytes() for file in (each / "out").iterdir()} for each in folders
    )
    assert one == other
    assert {"flows.csv", "differences.png"} <= {*one}


def test_a_full_disk_is_one_message_that_names_the_folder(call, tmp_path: Path, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("experiments.output.files.write_rows", full)
    found = call("heat", "none", "--out", str(tmp_path / "results"))
    assert found.exit_code != 0
    assert f"error: {tmp_path / 'results'}: {os.strerror(errno.ENOSPC)}\n" == found.stderr
    assert not list(tmp_path.iterdir())


def test_a_folder_appears_whole_or_not_at_all(tmp_path: Path):
    def stopped() -> None:
        with whole_folder(tmp_path / "deep" / "run") as draft:
            (draft / "flows.csv").write_text("half a table")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "fault",
    [
        RuntimeError("rates do not settle"),
        ZeroDivisionError("float division by zero"),
    ],
)
def test_a_simulation_that_cannot_go_on_ends_with_exit_code_1_and_says_where(fault: Exception):
    with pytest.raises(SimulationFault) as caught, at_work("the line with F1"):
        raise fault
    told = str(caught.value)
    assert told.startswith(f"the line with F1 could not be simulated: {type(fault).__name__}: ")
    assert str(fault) in told
    assert "test_commands.py, line" in told


@pytest.mark.parametrize("fault", [Gridlock("nothing flows"), BalanceError("does not close")])
def test_what_a_plant_itself_cannot_do_is_no_line_of_a_program(fault: Exception):
    with pytest.raises(SimulationFault) as caught, at_work("the line with F1"):
        raise fault
    kind = type(fault).__name__
    assert str(caught.value) == f"the line with F1 could not be simulated: {kind}: {fault}"


def test_a_simulation_that_cannot_go_on_is_one_message_and_exit_code_1(call, monkeypatch):
    def stopped(*_: object, **__: object) -> None:
        raise Gridlock("at t = 9 h nothing flows")

    monkeypatch.setattr("plant_models.model.PlantModel.simulate", stopped)
    result = call("run", "F1", *SHORT)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(
        "error: the chlorobenzene line with F1, replication 1, could not be simulated: "
        "Gridlock: at t = 9 h"
    )


def test_an_interruption_ends_with_exit_code_130_and_one_line(capsys: pytest.CaptureFixture[str]):
    @click.command()
    def wait() -> None:
        raise KeyboardInterrupt

    with pytest.raises(SystemExit) as ended:
        Commands("experiments", commands={"wait": wait}).main(["wait"])
    assert ended.value.code == 130
    assert capsys.readouterr().err == "error: interrupted; nothing was written\n"


@pytest.mark.parametrize("schemes", [("F1,F7",), ("F1+F7",), ("--schemes", "F7,F1")])
def test_schemes_are_an_argument_or_an_option_with_commas_or_plus(call, schemes: tuple[str, ...]):
    result = call("run", *schemes, "--years", "0.005")
    assert result.exit_code == 0, result.output
    assert result.stdout == call("run", "F1,F7", "--years", "0.005").stdout
    assert result.stdout.startswith("Schemes F1, F7: ")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_tells_its_options_within_a_hundred_columns(call, name: str):
    result = call(name, "--help")
    assert result.exit_code == 0, result.output
    assert f" {name} [OPTIONS]" in result.stdout.splitlines()[0]
    assert [line for line in result.stdout.splitlines() if len(line) > 100] == []


@pytest.mark.parametrize(
    ("ids", "written"),
    [
        ((), "none"),
        (("F1",), "F1"),
        (("F1", "F2"), "F1, F2"),
        (("F10", "F9", "F11", "F1"), "F1, F9-F11"),
        (("F12", "M1", "M2"), "F12, M1, M2"),
    ],
)
def test_a_scheme_set_is_written_as_people_do(ids: tuple[str, ...], written: str):
    assert compact(ids, [*(f"F{n}" for n in range(1, 13)), "M1", "M2", "M3"]) == written
