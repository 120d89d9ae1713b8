"""The how-to guide for a plant runs as it stands, and names only what is public."""

import re
from pathlib import Path
from typing import Any

import pytest

import sim

GUIDE = Path(__file__).resolve().parents[1] / "docs" / "howto_plant.md"


def blocks() -> list[str]:
    return re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), flags=re.S)


def test_every_block_of_the_guide_runs_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    files = re.findall(r"```text (\S+)\n(.*?)```", GUIDE.read_text(encoding="utf-8"), flags=re.S)
    for name, text in files:
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    shared: dict[str, Any] = {"__name__": "guide"}
    for block in blocks():
        exec(compile(block, GUIDE.name, "exec"), shared)
    assert shared["plant"].env.now == 5 * 8760.0


def test_the_guide_imports_nothing_but_public_names():
    imported = re.findall(r"^from sim(\.\w+)? import (.*)$", "\n".join(blocks()), flags=re.M)
    assert imported
    for module, names in imported:
        assert module == ""
        assert {name.strip() for name in names.split(",")} <= set(sim.__all__)


@pytest.mark.parametrize("name", sim.__all__)
def test_every_public_name_is_there(name: str):
    assert getattr(sim, name) is not None
    assert name in dir(sim)


def test_a_name_that_is_not_public_is_refused_by_name():
    with pytest.raises(AttributeError, match="no public name 'Blender'"):
        _ = sim.Blender
