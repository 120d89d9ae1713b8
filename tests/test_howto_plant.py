"""The how-to guide for a plant names only what is public; `test_documents` runs it."""

import re
from pathlib import Path

import pytest

import sim

GUIDE = Path(__file__).resolve().parents[1] / "docs" / "howto_plant.md"


def blocks() -> list[str]:
    return re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), flags=re.S)


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
