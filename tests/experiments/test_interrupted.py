"""How a command ends that is interrupted, or that nobody can hear."""

import os
import signal
import subprocess
import sys
import threading
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from threading import Timer
from types import FrameType
from typing import Any

import pytest

from experiments.__main__ import have_streams
from experiments.door.cli import CALLED_BACK, interrupt, interruptible
from sim.flow.members import Asking
from sim.steady.state import SteadyState
from tests.plant_models.folder.texts import CRYSTALS, OWN, RETURN


def frame_of(name: str) -> FrameType:
    """Return the frame of a function of this name."""
    space: dict[str, FrameType] = {}
    code = f"import sys\ndef {name}():\n    return sys._getframe()\nframe = {name}()"
    exec(code, space)
    return space["frame"]


@pytest.fixture(autouse=True)
def heard() -> Iterator[None]:
    """Ctrl-C as a terminal has it, here and in what is started: in the background it is off."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_what_compiled_loops_call_is_called_so():
    assert Asking._answer.__name__ == SteadyState._answer.__name__ == CALLED_BACK


def test_an_interruption_is_raised_where_it_comes():
    with pytest.raises(KeyboardInterrupt):
        interrupt(signal.SIGINT, frame_of("anything"))


def test_an_interruption_at_the_door_of_a_unit_comes_again():
    def comes() -> None:
        with interruptible():
            interrupt(signal.SIGINT, frame_of(CALLED_BACK))
            for bell in [each for each in threading.enumerate() if isinstance(each, Timer)]:
                bell.join()

    with pytest.raises(KeyboardInterrupt):
        comes()


def test_the_usual_handler_is_back_afterwards():
    with interruptible():
        assert signal.getsignal(signal.SIGINT) is interrupt
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


ROOT = Path(__file__).resolve().parents[2]
SLOW = """open("begun", "x").close()
        for _ in range(10**11): pass
        """


@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="signals are others there")
def test_a_unit_of_ones_own_that_comes_to_no_end_is_interrupted(tmp_path: Path):
    (tmp_path / "plant.toml").write_text(CRYSTALS, encoding="utf-8")
    own = OWN.replace(RETURN, SLOW + RETURN)
    (tmp_path / "crystals.py").write_text(own, encoding="utf-8")
    command = ("run", "none", "--years", "1", "--plant", str(tmp_path))
    with subprocess.Popen(
        [sys.executable, "-m", "experiments", *command],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE,
    ) as ran:  # fmt: skip
        while not (tmp_path / "begun").exists():
            assert ran.poll() is None
            time.sleep(0.01)
        ran.send_signal(signal.SIGINT)
        try:
            _, told = ran.communicate(timeout=60.0)
        finally:
            ran.kill()
    assert (ran.returncode, told) == (130, b"error: interrupted; nothing was written\n")


FULL = Path("/dev/full")


def ended(command: str, **streams: Any) -> tuple[int, str]:
    """Return how a command ends in a process of its own, and what it says beside."""
    words = [sys.executable, "-m", "experiments", *command.split()]
    given: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, **streams}
    ran = subprocess.run(words, cwd=ROOT, text=True, encoding="utf-8", check=False, **given)
    return ran.returncode, ran.stderr or ""


@pytest.mark.long
@pytest.mark.skipif(not FULL.exists(), reason="no device that is always full")
def test_a_full_disk_is_told_with_what_could_not_be_written():
    """In Chinese, of which the English sentence is the key."""
    with FULL.open("w") as full:
        told = ended("card absorber --lang zh", stdout=full)
    assert told == (2, "错误：标准输出：磁盘已满\n")


@pytest.mark.long
@pytest.mark.skipif(not FULL.exists(), reason="no device that is always full")
@pytest.mark.parametrize(("command", "code"), [("card absorbr", 2), ("card --set *.mttr=8", 0)])
def test_what_cannot_be_said_beside_changes_no_ending(command: str, code: int):
    with FULL.open("w") as full:
        assert ended(command, stderr=full) == (code, "")


@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="a shell closes streams otherwise there")
@pytest.mark.parametrize("workers", ["1", "2"])
def test_what_nobody_can_hear_keeps_nobody_from_work(tmp_path: Path, workers: str):
    """A script without a terminal closes streams, and Python then has none."""
    words = f"compare none F1 --years 0.003 --replications 2 --workers {workers} --out run"
    ran = subprocess.run(
        ["sh", "-c", f'"{sys.executable}" -m experiments {words} <&- >&- 2>&-'],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False,
    )  # fmt: skip
    assert ran.returncode == 0
    assert (tmp_path / "run" / "provenance.json").exists()


def test_a_stream_that_is_closed_is_one_that_nobody_reads(monkeypatch):
    monkeypatch.setattr(sys, "stderr", None)
    have_streams()
    assert sys.stderr is not None
    with sys.stderr as nobody:
        assert nobody.write("lost") == 4


@pytest.mark.long
@pytest.mark.parametrize("door", ["main('python -m experiments')", "console()"])
def test_a_letter_that_a_terminal_lacks_is_a_question_mark_at_either_door(door: str):
    code = f"from experiments.__main__ import *; {door}"
    ran = subprocess.run(
        [sys.executable, "-c", code, "explain", "F1", "--lang", "zh"],
        cwd=ROOT, env={**os.environ, "PYTHONIOENCODING": "latin-1"}, capture_output=True,
        check=False,
    )  # fmt: skip
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert ran.stdout.startswith(b"F1  ???")


def test_the_console_command_has_the_same_door():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["scripts"] == {"cleanerline": "experiments.__main__:console"}
