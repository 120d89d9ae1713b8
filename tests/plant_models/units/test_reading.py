"""Units and components from tables: every fault with its place, the nearest name, what to write."""

import re
import tomllib
from dataclasses import fields
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plant_models import units
from sim.model.tree import leaves

SOME = units.example_components()


def faults(table, of=SOME):
    unit, found = units.read_unit(of, table)
    assert (unit is None) == bool(found)
    return {fault.path: fault.text for fault in found}


def test_all_faults_of_a_unit_come_at_once_with_their_places():
    found = faults(
        {
            "kind": "separator",
            "recovery": {"etanol": 0.5, "water": 1.5},
            "capacity": "2 t",
            "steem": 1.0,
            "failure": {"mtbf": "30 d"},
        }
    )
    assert set(found) == {
        "recovery.etanol", "recovery.water", "capacity", "steem", "failure.mttr",
    }  # fmt: skip
    assert "did you mean 'ethanol'?" in found["recovery.etanol"]
    assert found["recovery.water"] == "1.5 kg/kg is outside the domain, 0 to 1 kg/kg"
    assert "did you mean 'steam'?" in found["steem"]
    assert found["failure.mttr"].startswith("not given; expected mean time to repair")


@pytest.mark.parametrize(
    ("table", "path", "text"),
    [
        ({"kind": "colum"}, "kind", "no kind 'colum'; did you mean 'column'?"),
        ({}, "", "no kind"),
        ({"kind": "splitter", "outlets": ["a"]}, "outlets", "expected two or more, came 'a' alone"),
        ({"kind": "splitter", "outlets": ["a", "a"]}, "outlets", "two are called 'a'"),
        ({"kind": "splitter", "outlets": "a"}, "outlets", "expected 1 to 6 names"),
        (
            {"kind": "column", "light": "benzene", "heavy": "water"},
            "light",
            "no component 'benzene'",
        ),
        (
            {"kind": "converter", "reactions": {"a": "ethylene -> ethanol"}},
            "reactions.a.equation",
            "is not balanced: left minus right is H -2, O -1",
        ),
        ({"kind": "converter"}, "reactions", "not given"),
        (
            {"kind": "converter", "reactions": {"a": {"equation": "x -> y", "rate": 1}}},
            "reactions.a.rate",
            "no 'rate' in a reaction",
        ),
        ({"kind": "mixer", "draws": ["feed"]}, "draws", "is no inlet behind the main one"),
        ({"kind": "filter"}, "moisture", "not given; expected liquid in the cake"),
        ({"kind": "filter", "moisture": {"unit": "g/kg"}}, "moisture", "a table with one"),
    ],
)
def test_a_fault_says_what_was_expected_and_what_came(table, path, text):
    assert text in faults(table)[path]


def test_a_property_that_a_unit_needs_and_the_plant_lacks_is_told_with_what_to_write():
    bare = units.substances({"water": "H2O", "salt": "NaCl"})
    found = faults({"kind": "heater", "inlet_temperature": 290, "temperature": 300}, bare)
    assert found[""] == (
        "kind 'heater' reads heat_capacity of every component that comes; none is known of "
        "water, salt: "
        'write heat_capacity = "2 kJ/kg/K" in [components.water]'
    )


def test_faults_of_components_come_at_once():
    _, found = units.read_substances(
        {
            "water": "H2O",
            "p-xylene": "C8H10",
            "acid": "HX",
            "oil": {"formula": "C8H18", "densty": 1.0, "antoine": {"A": 1.0, "B": 2.0}},
            "gas": {"vapour_pressure": "gass"},
        }
    )
    assert {fault.path for fault in found} == {
        "p-xylene", "acid.formula", "oil.densty", "oil.antoine", "gas", "gas.vapour_pressure",
    }  # fmt: skip


def test_constants_of_antoine_tell_their_pressure_and_temperature():
    """Taken for others, they give a vapour pressure as good as any, and no sign of it."""
    constants = {"A": 8.07131, "B": 1730.63, "C": 233.426}
    for more in ({}, {"pressure": "mmHg"}, {"temperature": "degC"}):
        _, (fault,) = units.read_substances(
            {"water": {"formula": "H2O", "antoine": {**constants, **more}}}
        )
        left = [key for key in ("pressure", "temperature") if key not in more]
        assert fault.path == "water.antoine"
        assert fault.text == (
            f"no {' and no '.join(left)}; expected {{ A = 8.07, B = 1730.6, C = 233.4, "
            "pressure = 'mmHg', temperature = 'degC' }"
        )


def test_a_value_is_a_number_a_text_with_its_unit_or_a_fact():
    one = {"kind": "packing", "capacity": 500.0}
    for capacity in ("500 kg/h", "0.5 t/h", {"value": 0.5, "unit": "t/h", "source": "meter"}):
        assert units.read_unit(SOME, {**one, "capacity": capacity}) == units.read_unit(SOME, one)


def test_the_same_shape_is_the_same_type_and_a_scheme_finds_its_parameters():
    one = units.make("separator", SOME, {"recovery": {"water": 0.1}})
    other = units.make("separator", units.example_components(), {"recovery": {"water": 0.2}})
    assert type(one) is type(other)
    paths = [path for path, _, _ in leaves(one)]
    assert "recovery.water" in paths
    assert "capacity" in paths


def test_what_is_no_table_and_no_generic_unit_is_told():
    with pytest.raises(TypeError, match="make: expected a table of settings by name, came 5"):
        units.make("pump", SOME, 5)
    nothing: Any = 5
    with pytest.raises(TypeError, match="written: expected unit as GenericUnit, came 5"):
        units.written(nothing)


def test_surroundings_are_those_at_rest_where_nothing_is_told():
    felt, found = units.read_surroundings({"air": "25 degC"})
    assert found == []
    assert felt == {**units.AT_REST, "air": 298.15}
    assert units.read_surroundings({"sea": 1})[1][0].path == "sea"


def test_every_kind_says_what_it_is():
    for kind in units.KINDS:
        about = units.info(kind)
        assert about.equations, kind
        assert len(about.title) > 10, kind
        assert about.source, kind
        named = {said.name for said in about.parameters}
        assert {"capacity", "failure.mtbf", "maintenance.interval"} <= named
        assert {each.name for each in fields(units.KINDS[kind])} >= {
            name for name in named if "." not in name
        } - {said.name for said in about.parameters if said.per}
    with pytest.raises(LookupError, match="did you mean 'flash'"):
        units.info("flahs")


def test_every_source_that_is_named_is_described():
    home = files("plant_models.units")
    known = tomllib.loads((home / "data" / "sources.toml").read_text(encoding="utf-8"))
    text = "\n".join(file.read_text("utf-8") for file in Path(str(home)).rglob("*.py"))
    named = set(re.findall(r"\b[a-z]+(?:-[a-z]+)*-(?:19|20)\d\d\b", text))
    assert named == set(known)


words = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 5), st.floats(), st.text(max_size=6),
    st.sampled_from(["1 t/h", "water", "80 degC", "feed"]),
)  # fmt: skip
tangled = st.recursive(
    words,
    lambda of: st.lists(of, max_size=3) | st.dictionaries(st.text(max_size=5), of, max_size=3),
)


@pytest.mark.long
@settings(max_examples=60)
@given(st.data())
def test_whatever_a_table_holds_it_is_read_or_told(data):
    kind = data.draw(st.sampled_from(list(units.KINDS)))
    known = [each.name for each in units.info(kind).structure]
    known += [said.name.partition(".")[0] for said in units.info(kind).parameters]
    table = data.draw(st.dictionaries(st.sampled_from([*known, "other"]), tangled, max_size=6))
    unit, found = units.read_unit(SOME, {"kind": kind, **table})
    assert (unit is None) == bool(found)
    read, wrong = units.read_substances(data.draw(tangled))
    assert (read is None) == bool(wrong)
