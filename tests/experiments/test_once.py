"""What a comparison of two designs takes: each set is read once, each plant built once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MOST_MODULES = 75 + 6  # in which a function runs, and for money; what imports take is not counted

SCRIPT = """
import sys
from collections import Counter
from experiments.door.cli import cli
from click.testing import CliRunner

ours, entered, calls = ("sim", "plant_models", "experiments"), set(), Counter()

def importing(frame):
    while frame is not None:
        if frame.f_code.co_name == "<module>" and frame.f_globals["__name__"].split(".")[0] in ours:
            return True
        frame = frame.f_back
    return False

def look(frame, event, _):
    name = frame.f_globals.get("__name__", "")
    if event == "call" and name.split(".")[0] in ours and not importing(frame):
        entered.add(name)
        calls[f"{name}.{frame.f_code.co_qualname}"] += 1

sys.setprofile(look)
ended = CliRunner().invoke(cli, ["compare", "none", "F1,F7", "--years", "0.001"])
sys.setprofile(None)
assert ended.exit_code == 0, ended.output
counted = ("sim.clock.plant.Plant.__init__", "sim.model.schemes.parse_schemes",
           "sim.model.schemes.Patcher.apply",
           "plant_models.chlorobenzene.line.wiring.network")
print(len(entered), *(calls[name] for name in counted))
"""


@pytest.mark.long
def test_two_designs_are_read_patched_wired_and_built_once_each() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    entered, *calls = map(int, ended.stdout.split())
    assert calls == [2, 2, 2, 4]  # wired to be looked at, and with what events let go to be run
    assert entered <= MOST_MODULES
