"""The scripts to start from run, and are as short as they say."""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

import experiments.scripts

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(experiments.scripts.__file__).parent
SCRIPTS = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem != "__init__")
SHORTER = {"YEARS": "0.02", "REPLICATIONS": "2", "WORKERS": "1", "PLAYERS": '"F1, F10"'}


def shortened(text: str) -> str:
    """Return a script with its constants set to what takes a second."""
    lines = []
    for line in text.splitlines():
        names, equals, _ = line.partition(" = ")
        known = names.split(", ")
        if equals and all(name in SHORTER for name in known):
            line = f"{names} = {', '.join(SHORTER[name] for name in known)}"
        lines.append(line)
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=pytest.mark.long if name == "before_and_after" else ())
        for name in SCRIPTS
    ],
)
def test_a_script_runs_and_prints(name: str, tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    script = tmp_path / f"{name}.py"
    script.write_text(shortened((FOLDER / f"{name}.py").read_text(encoding="utf-8")), "utf-8")
    runpy.run_path(str(script), run_name="__main__")
    assert capsys.readouterr().out.strip()


def test_a_script_has_some_ten_lines_and_the_room_names_them_all() -> None:
    about = (FOLDER / "__init__.py").read_text(encoding="utf-8")
    for name in SCRIPTS:
        lines = (FOLDER / f"{name}.py").read_text(encoding="utf-8").splitlines()
        assert len([line for line in lines if line.strip()]) <= 15, name
        assert f"``{name}``" in about


CANNOT = (
    "no worker process could begin its work; workers read a script anew, so keep what it runs "
    "under: if __name__ == '__main__'"
)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (
            'batch("none", "F1", years=0.002, replications=2, workers=2)',
            f"{CANNOT}; nothing was kept; in a folder for the runs it would have been",
        ),
        pytest.param(
            'readings("F1", workers=2)',
            f"the readings could not be simulated: {CANNOT}",
            marks=pytest.mark.long,
        ),
    ],
)
def test_a_script_that_workers_cannot_read_is_told_what_to_write(
    tmp_path: Path, call: str, told: str
):
    """Each worker began the runs anew, and the script was told that one was killed."""
    (tmp_path / "careless.py").write_text(f"import experiments as ex\n\nex.{call}\n")
    found = subprocess.run(
        [sys.executable, "careless.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert found.returncode == 1
    last = found.stderr.strip().splitlines()[-1]
    assert last == f"experiments.runner.faults.SimulationFault: {told}"
    assert "bootstrapping" not in found.stderr
