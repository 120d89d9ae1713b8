"""Each room of the engine tells what stands in it, and keeps to itself what it should."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import experiments as ex
import sim
from plant_models import chlorobenzene as cb
from plant_models import units

ROOMS = sorted(file.parent for file in Path(sim.__file__).parent.glob("*/__init__.py"))


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_a_room_tells_of_every_module_in_it(room: Path):
    told = re.findall(r"^- ``(\w+)``: ", (room / "__init__.py").read_text(encoding="utf-8"), re.M)
    assert sorted(told) == sorted(
        file.stem for file in room.glob("*.py") if file.stem != "__init__"
    )


@pytest.mark.long
def test_how_much_flows_is_known_without_simpy():
    """So are a design, a network, books and statistics: the clock alone imports it."""
    rooms = " ".join(f"sim.{room.name}" for room in ROOMS if room.name != "clock")
    modules = [
        f"sim.{room.name}.{file.stem}"
        for room in ROOMS
        if room.name != "clock"
        for file in room.glob("*.py")
        if file.stem != "__init__"
    ]
    code = f"import sys, {', '.join([*rooms.split(), *modules])}\nprint(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert "simpy" not in loaded
    assert not [name for name in loaded if name.startswith("sim.clock")]


@pytest.mark.parametrize(
    ("module", "written", "meant"),
    [(sim, "Netwrok", "Network"), (ex, "comapre", "compare"), (cb, "simulte", "simulate"),
     (units, "read_units", "read_unit")],
)  # fmt: skip
def test_a_misspelt_public_name_is_told_with_what_was_meant(module, written, meant):
    with pytest.raises(AttributeError, match=rf"'{written}'; did you mean '{meant}'\?"):
        getattr(module, written)


def test_every_public_name_has_one_home():
    assert sorted(sim.__all__) == sorted(sim._HOME_OF)
