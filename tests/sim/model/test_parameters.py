"""The frozen tree, its paths, and values as a user writes them."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.model.parameters import Quantity, admit_written, parse_quantity, quantity
from sim.model.tree import declared, design_hash, get, paths
from sim.model.units_of_measure import convert
from tests.trees import replace_all, replace_at


@dataclass(frozen=True, kw_only=True)
class Failure:
    mtbf: float = quantity("h", "mean time between failures", minimum=0.0)


@dataclass(frozen=True, kw_only=True)
class Shell:
    area: float = quantity("m2", "heat-transfer area", minimum=0.0)
    passes: int = quantity("1", "tube passes", 1, 8, default=2)


@dataclass(frozen=True, kw_only=True)
class Cooler:
    shell: Shell
    coolant: float = quantity("K", "coolant temperature", 250.0, 400.0)
    arrangement: str = quantity("", "of the shells", choices=("parallel", "series"))
    bypassed: bool = quantity("", "whether the gas goes past it", default=False)
    failure: Failure | None = None


@dataclass(frozen=True, kw_only=True)
class Plant:
    cooler: Cooler
    wash_ratio: float = quantity("kg/kg", "water per liquor", 0.0, 1.0)


PLANT = Plant(
    cooler=Cooler(shell=Shell(area=60.0), coolant=290.0, arrangement="parallel"), wash_ratio=0.2
)
BREAKABLE = replace_at(PLANT, "cooler.failure", Failure(mtbf=4000.0))


def test_paths_of_a_tree_leave_out_parts_that_it_has_not() -> None:
    assert paths(PLANT) == (
        "cooler.shell.area",
        "cooler.shell.passes",
        "cooler.coolant",
        "cooler.arrangement",
        "cooler.bypassed",
        "wash_ratio",
    )


def test_paths_of_a_type_hold_all_that_it_can_have() -> None:
    assert set(paths(Plant)) == set(paths(BREAKABLE)) == {*paths(PLANT), "cooler.failure.mtbf"}


def test_get_reads_what_replace_at_wrote_and_nothing_else_changes() -> None:
    changed = replace_at(BREAKABLE, "cooler.failure.mtbf", 100)
    assert get(changed, "cooler.failure.mtbf") == 100.0
    others = [path for path in paths(BREAKABLE) if path != "cooler.failure.mtbf"]
    assert [get(changed, path) for path in others] == [get(BREAKABLE, path) for path in others]
    assert get(BREAKABLE, "cooler.failure.mtbf") == 4000.0


def test_a_part_can_be_taken_out() -> None:
    assert replace_at(BREAKABLE, "cooler.failure", None) == PLANT


def test_infinity_may_be_set_in_python_where_the_domain_is_open() -> None:
    assert get(replace_at(BREAKABLE, "cooler.failure.mtbf", math.inf), "cooler.failure.mtbf") > 1e9


def test_a_declaration_knows_unit_domain_and_kind() -> None:
    assert declared(Plant, "cooler.shell.passes") == Quantity("1", "tube passes", 1, 8, None, int)
    assert declared(PLANT, "wash_ratio").domain == "0 to 1 kg/kg"


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("cooler.arrangment", "cooler has no 'arrangment'; did you mean 'arrangement'?"),
        ("coler.coolant", "Plant has no 'coler'; did you mean 'cooler'?"),
        ("cooler.shell.area.low", "cooler.shell.area is itself a parameter"),
        ("cooler.failure.mtbf", "it has no cooler.failure; give cooler.failure its facts"),
        ("cooler.shell.diameter", "cooler.shell has no 'diameter'; known: area, passes"),
        ("coolant", "Plant has no 'coolant'; did you mean 'cooler.coolant'?"),
        ("", "Plant has no ''"),
    ],
)
def test_an_unknown_path_is_told_with_what_comes_near(path: str, message: str) -> None:
    with pytest.raises(LookupError, match="no parameter") as caught:
        get(PLANT, path)
    assert str(caught.value).startswith(f"no parameter {path!r}")
    assert message in str(caught.value)
    assert not isinstance(caught.value, KeyError)


def test_a_part_is_no_parameter() -> None:
    with pytest.raises(LookupError, match=r"'cooler\.shell' is no parameter.*known: area, passes"):
        declared(PLANT, "cooler.shell")


def test_all_wrong_values_are_told_at_once() -> None:
    with pytest.raises(ValueError, match="3 faults in these values") as caught:
        replace_all(PLANT, {"wash_ratio": 2.0, "cooler.bypassed": 1, "cooler.shell.passes": 2.5})
    assert "wash_ratio: 2 kg/kg is outside the domain, 0 to 1 kg/kg" in str(caught.value)
    assert "cooler.bypassed: expected true or false, came 1" in str(caught.value)
    assert "cooler.shell.passes: expected a whole number, came 2.5" in str(caught.value)


def test_a_field_that_declares_nothing_is_refused() -> None:
    @dataclass(frozen=True)
    class Loose:
        area: float

    with pytest.raises(TypeError, match=r"Loose.area is neither declared by quantity\(\) nor"):
        paths(Loose)


@pytest.mark.parametrize(
    ("path", "text", "value"),
    [
        ("cooler.coolant", "25 degC", 298.15),
        ("cooler.coolant", "'25°C'", 298.15),
        ("cooler.coolant", "298.15", 298.15),
        ("cooler.shell.area", "8e1 m2", 80.0),
        ("cooler.shell.area", "80m²", 80.0),
        ("cooler.shell.passes", "3", 3),
        ("cooler.shell.passes", "3.0", 3),
        ("cooler.bypassed", "Yes", True),
        ("cooler.bypassed", "off", False),
        ("cooler.arrangement", "series", "series"),
        ("cooler.failure.mtbf", "10 d", 240.0),
        ("wash_ratio", "200 g/kg", 0.2),
    ],
)
def test_a_value_is_read_as_its_parameter_declares(path: str, text: str, value: Any) -> None:
    read = parse_quantity(text, declared(Plant, path))
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize("unit", ["1/h", "1/yr", "1/K/s"])
def test_a_number_per_something_is_read_as_messages_write_it(unit: str) -> None:
    assert parse_quantity(f"1.5 {unit}", Quantity(unit, "rate")) == 1.5
    assert parse_quantity("601/h", Quantity("1/h", "rate")) == 601.0


@pytest.mark.parametrize(
    ("path", "text", "message"),
    [
        ("cooler.coolant", "25", "25 K is outside the domain, 250 to 400 K"),
        ("cooler.coolant", "800 degC", "800 degC: 1073.15 K is outside the domain"),
        ("cooler.coolant", "25 m2", "unit 'm2': expected 'K' (or degC)"),
        ("cooler.coolant", "warm", "expected a number, like 1.5 or 1.5 K, came 'warm'"),
        ("cooler.coolant", "nan", "expected a number"),
        ("cooler.coolant", "1e999", "expected a finite number"),
        ("cooler.coolant", "295,5", "came '295,5'; write a decimal point, like 295.5"),
        ("cooler.shell.area", "1,080 m2", "; write 1.080 or 1080, whichever is meant"),
        ("cooler.coolant", "77 degF", "write K or degC, (F - 32) / 1.8"),
        ("cooler.coolant", "77 °F", "write K or degC, (F - 32) / 1.8"),
        ("cooler.shell.area", "1 080 m2", "; write it without spaces, like 1080"),
        ("cooler.shell.area", "80 2", "came '80 2'"),
        ("cooler.shell.area", "1\u00a0080", "; write it without spaces, like 1080"),
        ("cooler.shell.area", "1'080 m2", "; write the digits of thousands together, like 1080"),
        ("cooler.shell.area", "1_080", "; write the digits of thousands together, like 1080"),
        ("cooler.shell.area", "0x10", "unit 'x10': expected 'm2'; 'x10' is no known unit"),
        ("cooler.shell.area", "5 m12", "unit 'm12': exponent 12 of 'm'; expected at most 9"),
        ("cooler.coolant", "1/2", "came '1/2'"),
        ("cooler.shell.area", "860 ft2", "'ft' is no known unit: 1 ft is 0.3048 m"),
        ("cooler.shell.area", "80 sqm", "'sqm' is no known unit"),
        ("cooler.shell.area", "-1", "-1 m2 is outside the domain, at least 0 m2"),
        ("cooler.shell.passes", "3.5", "expected a whole number, came 3.5"),
        ("cooler.bypassed", "maybe", "expected true or false, came 'maybe'"),
        ("cooler.arrangement", "serie", "came 'serie'; did you mean 'series'?"),
        ("wash_ratio", "20 %", "write kg/kg"),
        ("wash_ratio", "0.2 mol/mol", "unit 'mol/mol': expected 'kg/kg'"),
    ],
)
def test_a_wrong_value_is_told_with_what_was_expected(path: str, text: str, message: str) -> None:
    with pytest.raises(ValueError, match=r"expected|outside|write|unit") as caught:
        parse_quantity(text, declared(Plant, path))
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("unit", "minimum", "maximum", "written", "hint"),
    [
        ("1/yr", 0.0, 1.0, 8, "; 8 % is 0.08 1/yr; write 0.08"),
        ("kg/kg", 0.0, 0.999, 72, "; 72 % is 0.72 kg/kg; write 0.72"),
        ("mol/mol", 0.1, 1.0, 95.5, "; 95.5 % is 0.955 mol/mol; write 0.955"),
        ("1", 0.1, 1.0, 60, "; 60 % is 0.6; write 0.6"),
        # neither a slip, nor what would lie outside as a percentage, nor what is no share
        ("1/yr", 0.0, 1.0, 1.5, ""),
        ("mol/mol", 0.1, 1.0, 5, ""),
        ("1/yr", 0.0, 1.0, 120, ""),
        ("1/yr", 0.0, 3.0, 8, ""),
    ],
)
def test_a_share_written_as_a_percentage_is_told_what_to_write(
    unit, minimum, maximum, written, hint
):
    """An interest rate of 8 was outside the domain, 0 to 1 1/yr, and no more was said."""
    share = Quantity(unit, "share", minimum, maximum)
    for admit in (partial(parse_quantity, f"{written}"), partial(admit_written, written)):
        with pytest.raises(ValueError, match=r"is outside the domain") as caught:
            admit(share)
        assert str(caught.value).endswith(f"{share.domain}{hint}")


@pytest.mark.parametrize(
    ("value", "stated", "unit", "expected"),
    [
        (25.0, "degC", "K", 298.15),
        (298.15, "K", "degC", 25.0),
        (1.5, "t/h", "kg/h", 1500.0),
        (2.0, "t", "kg", 2000.0),
        (92.5, "kPa", "Pa", 92500.0),
        (1.0, "d", "h", 24.0),
        (30.0, "min", "h", 0.5),
        (3600.0, "kJ/h", "kW", 1.0),
        (1.0, "kW/m2/K", "kJ/h/m2/K", 3600.0),
        (4.0, "kJ/kg/degC", "kJ/kg/K", 4.0),
        (2.0, "drum/h", "drum/d", 48.0),
    ],
)
def test_units_of_measure_convert(value: float, stated: str, unit: str, expected: float) -> None:
    assert convert(value, stated, unit) == pytest.approx(expected, rel=1e-15)


@given(st.floats(-1e9, 1e9), st.sampled_from(["kg/h", "K", "Pa", "kWh/kg", "m3/h", "1/h"]))
def test_the_declared_unit_leaves_a_number_bitwise_alone(value: float, unit: str) -> None:
    assert math.copysign(1, convert(value, unit, unit)) == math.copysign(1, value)
    assert convert(value, unit, unit) == value


def test_the_hash_of_a_design_changes_with_any_parameter() -> None:
    changed = {
        "cooler.shell.area": 60.000000000000007,
        "cooler.shell.passes": 3,
        "cooler.arrangement": "series",
        "cooler.bypassed": True,
    }
    hashes = {design_hash(replace_at(PLANT, path, value)) for path, value in changed.items()}
    assert len(hashes | {design_hash(PLANT), design_hash(BREAKABLE)}) == 6


def test_the_hash_of_a_design_is_the_same_in_every_process() -> None:
    program = (
        "from dataclasses import dataclass\n"
        "from sim.model.parameters import quantity\n"
        "from sim.model.tree import design_hash\n"
        "@dataclass(frozen=True)\n"
        "class Tank:\n"
        "    level: float = quantity('kg', 'contents', default=0.1)\n"
        "    kind: str = quantity('', 'of roof', default='fixed')\n"
        "print(design_hash(Tank()))\n"
    )
    printed = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(printed) == 1
    assert len(printed.pop().strip()) == 16


@pytest.mark.parametrize(
    ("declared", "message"),
    [
        (("an amount", "kg/h"), "expected a unit of measure first, like 'kg/h', then the meaning"),
        ((3, "an amount"), "expected unit as text, came 3"),
        (("kg", None), "expected meaning as text, came None"),
        (("kg", "an amount", "0"), "expected minimum as a number, came '0'"),
        (("kg", "an amount", 0.0, math.nan), "expected maximum as a number, came nan"),
        (("kg", "an amount", 5.0, 1.0), "expected a minimum up to the maximum, came 5 and 1"),
    ],
)
def test_a_declaration_that_declares_nothing_is_told(declared: Any, message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=r"^quantity\(") as told:
        quantity(*declared)
    assert message in str(told.value)


def test_choices_that_come_one_by_one_are_read_once() -> None:
    """They were read to be judged, and then there were none to choose from."""
    declared = quantity("", "a word", choices=(word for word in ("a", "b")))  # type: ignore[arg-type]
    assert declared.metadata["quantity"].choices == ("a", "b")


@pytest.mark.parametrize("choices", ["abc", "", 3, (), (1, 2), {}])
def test_choices_are_words_in_a_tuple(choices: Any) -> None:
    with pytest.raises(TypeError, match=r"^quantity\('', 'a word'\): expected choices as a "):
        quantity("", "a word", choices=choices)


def test_an_hour_of_the_clock_is_told_to_be_written_as_hours():
    """06:00 had an exponent of a colon."""
    for date in ("2026-07-29", "29.7.2026", "7/29/2026"):
        with pytest.raises(ValueError, match=f"came '{date}'; write hours or days from 1 January"):
            parse_quantity(date, Quantity("h", "start"))
    with pytest.raises(ValueError, match=r"came '06:30'; write hours, like 6\.5"):
        parse_quantity("06:30", Quantity("h", "start of the shift"))
