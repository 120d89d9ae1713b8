"""The command ``batch``: many designs into one table, and one message for what goes wrong."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from experiments.output.files import write_whole
from experiments.runner import read_table
from experiments.studies.batch import batch
from plant_models import chlorobenzene as cb
from plant_models.chlorobenzene.model import ChlorobenzeneLine

ROOT = Path(__file__).resolve().parents[2]
SHORT = ("--years", "0.005")


def test_every_replication_of_every_set_is_in_the_folder(call, tmp_path: Path) -> None:
    (tmp_path / "sets.txt").write_text(
        "F1-F4, F7   # recycles\n\n# more to come\nall\n", "utf-8-sig"
    )
    folder = tmp_path / "runs"
    result = call(
        "batch", "none", "F1", "--sets", str(tmp_path / "sets.txt"), *SHORT, "--replications", "2",
        "--workers", "1", "--out", str(folder),
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    table = read_table(folder)
    assert table["label"].tolist() == [
        name for name in ("none", "F1", "F1-F4, F7", "F1-F12") for _ in range(2)
    ]
    year = cb.simulate("F1-F4,F7", years=0.005, replication=1).indicators
    assert table[list(year)].to_dict("records")[5] == dict(year)
    assert result.stderr == f"written to {folder}\n"
    assert result.stdout.count("F1-F4, F7") == 1


@pytest.mark.long
def test_json_is_the_same_for_any_number_of_workers_and_names_no_folder(
    call, tmp_path: Path
) -> None:
    command = ("batch", "none", "F1", *SHORT, "--replications", "2", "--json")
    one = call(*command, "--workers", "1").stdout
    two = call(*command, "--workers", "2", "--out", str(tmp_path / "runs")).stdout
    assert one == two
    told = json.loads(one)
    assert [design["name"] for design in told["designs"]] == ["none", "F1"]
    assert told["designs"][1]["schemes"] == ["F1"]
    expected = [cb.simulate("F1", years=0.005, replication=r).indicators for r in (0, 1)]
    mean = sum(each["steam_t"] for each in expected) / 2
    assert told["designs"][1]["indicators"]["steam_t"] == pytest.approx(mean, rel=1e-12)
    assert told["units"]["steam_t"] == "t/yr"


def test_a_steady_state_takes_milliseconds(call) -> None:
    result = call("batch", "none", "F1", "--clock", "steady", "--workers", "1", "--json")
    told = json.loads(result.stdout)["designs"][0]
    assert told["indicators"]["steam_t"] == cb.steady_state("none").indicators["steam_t"]
    assert told["intervals"]["steam_t"] == {"low": None, "high": None}


def test_a_run_that_fails_is_told_and_the_exit_code_is_1(
    call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    healthy = ChlorobenzeneLine.simulate

    def simulate(self, what, **given):
        if "F5" in what.schemes and given["replication"] == 1:
            raise ArithmeticError("no rates can be found")
        return healthy(self, what, **given)

    monkeypatch.setattr(ChlorobenzeneLine, "simulate", simulate)
    result = call("batch", "F1", "F5", *SHORT, "--replications", "2", "--workers", "1", "--out",
                  str(tmp_path / "runs"))  # fmt: skip
    assert result.exit_code == 1
    assert "1 of 4 runs failed:\n  F5, replication 2: ArithmeticError: no rates" in result.stderr
    assert "F5" in result.stdout
    assert read_table(tmp_path / "runs")["error"].notna().tolist() == [False, False, False, True]


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("batch", ["no sets given"]),
        ("batch F1 none F1", ["the set F1 is given twice"]),
        ("batch F99", ["no scheme 'F99'"]),
        ("batch none --sets nowhere.txt", ["--sets: nowhere.txt cannot be read: No such file"]),
        ("batch none --workers 0", ["--workers", "'0'"]),
        ("batch none --indicator steam", ["--indicator: no 'steam'", "did you mean 'steam_t'"]),
        ("batch none --clock steady --replications 2", ["replications", "nothing to repeat"]),
        ("batch none --clock slow", ["--clock", "'slow'"]),
        ("batch none --out a_file", ["a_file is a file"]),
        ("batch none --out full", ["full holds 'thesis.txt', which is not of a run"]),
        ("batch none --out half", ["card.json is not the card of a run"]),
        ("batch none --out cut", ["card.json is damaged"]),
        (
            "batch F99 --workers x --indicator y --seed -1",
            ["4 faults", "F99", "--workers", "'y'", "--seed"],
        ),
    ],
)
def test_bad_input_gives_one_message_and_exit_code_2(
    refused, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, words: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    files = {"a_file": "", "full/thesis.txt": "x", "half/card.json": "[]", "cut/card.json": "{"}
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    refused(*command.split(), *SHORT, words=words)
    left = {f.relative_to(tmp_path).as_posix() for f in tmp_path.rglob("*") if f.is_file()}
    assert left == set(files)


def test_a_damaged_part_and_another_run_are_told(call, refused, tmp_path: Path) -> None:
    command = ("batch", "none", "F1", *SHORT, "--workers", "1", "--out", str(tmp_path))
    assert call(*command).exit_code == 0
    refused(*command, "--seed", "2", words=["holds another run: task.seed is 1 there and 2 here"])
    part = tmp_path / "parts" / "part-000001.npz"
    part.write_bytes(part.read_bytes()[:-9])
    assert refused(*command, words=[f"{part} is damaged"]).count("\n") == 1


def test_a_full_disk_is_one_message_and_what_was_kept_stays(
    call, tmp_path: Path, disk_that_fills_up
) -> None:
    command = ("batch", "none", "F1", "F2", *SHORT, "--workers", "1", "--out", str(tmp_path))
    with disk_that_fills_up(5):  # the card and its folder, a part and its folder, the second part
        result = call(*command)
    assert result.exit_code == 2
    assert result.stderr == (
        f"error: No space left on device; 2 runs are kept in {tmp_path}, and the same command goes "
        "on from there\n"
    )
    assert len(read_table(tmp_path)) == 2
    assert call(*command).exit_code == 0
    assert len(read_table(tmp_path)) == 3


def test_a_scheduler_that_does_not_answer_is_told(
    refused, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr("experiments.runner.executors.PATIENCE", 0.5)
    out, address = tmp_path / "runs", "tcp://127.0.0.1:1"
    said = f"no dask scheduler answers at '{address}'"
    refused("batch", "none", *SHORT, "--scheduler", address, "--out", out, words=[said])
    assert not out.exists()


@pytest.mark.parametrize("address", ["", " ", 0, 5, (), {"air": 20.0}])
def test_what_is_no_address_is_refused_as_a_scheduler(address: Any) -> None:
    pytest.importorskip("distributed")
    with pytest.raises(TypeError, match=r"^scheduler: expected an address like tcp://host:8786"):
        batch("none", years=0.002, scheduler=address)


@pytest.mark.parametrize("address", ['"', "[", "inproc://", "nothing://x", "tcp://x:y"])
def test_an_address_that_is_none_is_told_like_one_that_does_not_answer(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr("experiments.runner.executors.PATIENCE", 0.5)
    with pytest.raises(OSError, match=r"^--scheduler: no dask scheduler answers at "):
        batch("none", years=0.002, scheduler=address)


@pytest.mark.long
@pytest.mark.skipif(os.name != "posix", reason="signals to a process group")
def test_ctrl_c_leaves_a_clean_folder_and_says_how_to_go_on(tmp_path: Path) -> None:
    out = tmp_path / "runs"
    command = [
        sys.executable, "-m", "experiments", "batch", "none", "F1", "--years", "0.05",
        "--replications", "40", "--workers", "2", "--out", str(out),
    ]  # fmt: skip
    # A shell that starts the tests in the background lets them, and their children, ignore it.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        start_new_session=True,
    )
    signal.signal(signal.SIGINT, before)
    while not list(out.glob("parts/part-*")):
        assert process.poll() is None
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)
    stdout, stderr = process.communicate(timeout=60)
    assert process.returncode == 130
    assert stdout == ""
    assert stderr.startswith("error: interrupted; ")
    assert "the same command goes on from there" in stderr
    assert "Traceback" not in stderr
    assert 0 < len(read_table(out)) < 80
    assert not list(out.rglob(".draft-*"))


def test_a_worker_that_dies_is_one_message_and_exit_code_1(
    call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).resolve().parent))
    monkeypatch.setattr("experiments.runner.loop.do", import_module("stub_tasks").die)
    result = call("batch", "none", "F1", *SHORT, "--workers", "2", "--out", str(tmp_path / "runs"))
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "error: a worker process ended before its work was done; was it killed, or out of memory?; "
        "nothing was kept\n"
    )


def test_an_interruption_says_what_is_kept_and_how_to_go_on(
    call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    healthy = ChlorobenzeneLine.simulate

    def simulate(self, what, **given):
        if "F5" in what.schemes:
            raise KeyboardInterrupt
        return healthy(self, what, **given)

    monkeypatch.setattr(ChlorobenzeneLine, "simulate", simulate)
    command = ("batch", "F1", "F5", *SHORT, "--workers", "1")
    out = str(tmp_path / "runs")
    for options, kept in (
        (("--out", out), f"1 run is kept in {out}, and the same command goes on from there"),
        ((), "nothing was kept; in a folder for the runs it would have been"),
    ):
        result = call(*command, *options)
        assert (result.exit_code, result.stdout) == (130, "")
        assert result.stderr == f"error: interrupted; {kept}\n"


def test_ctrl_c_waits_while_rows_are_written(
    call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(file: Path, content: bytes) -> None:
        if file.suffix == ".npz":
            signal.raise_signal(signal.SIGINT)
        write_whole(file, content)

    monkeypatch.setattr("experiments.runner.folder.write_whole", interrupted)
    out = tmp_path / "runs"
    # a shell lets what it starts in the background ignore it, and a program obeys
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        result = call("batch", "F1", "F5", *SHORT, "--workers", "1", "--out", str(out))
    finally:
        signal.signal(signal.SIGINT, before)
    assert result.exit_code == 130
    assert result.stderr.startswith("error: interrupted; 1 run is kept in ")
    assert len(read_table(out)) == 1


def test_the_value_is_the_json_of_the_command_and_has_tables_and_a_picture(call) -> None:
    command = ("batch", "none", "F1", *SHORT, "--replications", "2", "--json")
    found = batch("none", cb.PLANT.variant("F1"), years=0.005, replications=2)
    assert json.loads(call(*command, "--workers", "1").stdout) == found.as_json()
    table = found.table()
    assert table["design"].drop_duplicates().tolist() == ["none", "F1"]
    assert len(found.table("runs")) == 4
    assert found.plot() is not None


def test_designs_of_ones_own_stand_beside_sets_of_schemes() -> None:
    own = cb.own_design(settings="off_gas_cooler.area=80")
    found = batch("F1", own, cb.line("F1"), clock="steady")
    alone = batch("F1", clock="steady", indicators="steam_t")
    assert alone.report().splitlines()[0].split() == ["schemes", "runs", "steam_t"]
    steam = [means["steam_t"].mean for means in found.means if means["steam_t"]]
    expected = [cb.steady_state(each).indicators["steam_t"] for each in ("F1", own, "F1")]
    assert steam == expected


def test_designs_that_differ_are_told_apart_by_name() -> None:
    areas = [cb.own_design(settings=f"off_gas_cooler.area={area}") for area in (80, 60)]
    found = batch(*areas, clock="steady")
    names = ["own design", "own design (2)"]
    assert [each["name"] for each in found.as_json()["designs"]] == names
    assert list(found.table("runs")["label"]) == names
    assert list(dict.fromkeys(found.table()["design"])) == names


@pytest.mark.parametrize(
    ("designs", "given", "kind", "said"),
    [
        ((), {}, TypeError, "expected one design or more, came none"),
        ((5,), {}, TypeError, "expected schemes like"),
        (("F1", "F1"), {}, ValueError, "the set F1 is given twice"),
        (("F1",), {"clock": "slow"}, LookupError, "clock: no 'slow'"),
        (("F1",), {"clock": 5}, TypeError, "clock: expected one of events, steady"),
        (("F1",), {"indicators": ("steam",)}, LookupError, "indicators: no 'steam'"),
        (("F1",), {"indicators": 5}, TypeError, "indicators: expected one or more of"),
        (("F1",), {"runs": 5}, TypeError, "runs: expected a folder, came 5"),
        (("F1",), {"workers": "2"}, TypeError, "workers: expected a whole number"),
        (("F1",), {"years": 0}, ValueError, "years: expected a number from 0.001"),
    ],
)
def test_a_wrong_argument_is_named(designs, given, kind, said: str) -> None:
    with pytest.raises(kind, match=said):
        batch(*designs, **given)
