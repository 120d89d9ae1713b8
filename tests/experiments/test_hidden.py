"""A user's own file that hides a package of this program is named in one message."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = "import experiments as ex\nex.explain('F1')\n"


def called(folder: Path, *arguments: str, home: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Start Python in a folder of somebody's own, where this program is found on the path."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(home)},
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize("mine", ["sim.py", "plant_models/__init__.py"])
def test_a_file_that_hides_a_package_is_named(tmp_path: Path, mine: str):
    file = tmp_path / mine
    file.parent.mkdir(exist_ok=True)
    file.touch()
    (tmp_path / "mine.py").write_text(SCRIPT, encoding="utf-8")
    told = f"{file} is found where this program's package"
    found = called(tmp_path, "-m", "experiments", "explain", "F1")
    assert found.returncode == 2
    assert found.stderr.startswith(f"error: {told}")
    assert "Traceback" not in found.stderr
    script = called(tmp_path, "mine.py")
    assert script.stderr.splitlines()[-1].startswith(f"ImportError: {told}")


@pytest.mark.skipif(os.name == "nt", reason="links take rights on Windows")
def test_a_link_to_this_program_hides_nothing(tmp_path: Path):
    (tmp_path / "link").symlink_to(ROOT)
    found = called(tmp_path, "-m", "experiments", "--version", home=tmp_path / "link")
    assert (found.returncode, found.stderr) == (0, "")
