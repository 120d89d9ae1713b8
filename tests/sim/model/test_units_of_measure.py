"""Units of measure against their definitions, and what is no unit."""

import pytest
from scipy import constants

from sim.model.units_of_measure import COMPOUNDS, SYMBOLS, convert


@pytest.mark.parametrize("unit", ["cm9999999", "m2000000000000", "kg/m" + "9" * 5000, "m12"])
def test_no_unit_has_an_exponent_of_two_digits(unit: str) -> None:
    with pytest.raises(ValueError, match="unit") as caught:
        convert(1.0, unit, "m")
    assert len(str(caught.value)) < 300


def test_no_unit_is_as_long_as_a_page() -> None:
    with pytest.raises(ValueError, match="longer than any unit"):
        convert(1.0, " ".join(["km9"] * 10_000), "m")


# Size of each symbol in SI units, written out from its definition or as scipy.constants has it.
SI: dict[str, float] = {
    "kg": 1.0, "g": constants.gram, "mg": 1e-6, "t": constants.metric_ton, "kt": 1e6,
    "h": constants.hour, "min": constants.minute, "s": 1.0, "d": constants.day,
    "week": constants.week,
    "K": 1.0, "degC": 1.0,
    "Pa": 1.0, "hPa": constants.hecto, "kPa": constants.kilo, "MPa": constants.mega,
    "bar": constants.bar, "mbar": constants.milli * constants.bar, "atm": constants.atm,
    "mmHg": constants.mmHg,
    "J": 1.0, "kJ": constants.kilo, "MJ": constants.mega, "GJ": constants.giga,
    "Wh": constants.hour, "kWh": constants.kilo * constants.hour,
    "MWh": constants.mega * constants.hour,
    "mol": 1.0, "kmol": constants.kilo,
    "m": 1.0, "cm": constants.centi, "mm": constants.milli, "km": constants.kilo,
    "W": 1.0, "kW": constants.kilo, "MW": constants.mega,
    "L": constants.liter,
}  # fmt: skip
KINDS: dict[str, str] = {
    "kg": "kg g mg t kt", "s": "h min s d week", "Pa": "Pa hPa kPa MPa bar mbar atm mmHg",
    "J": "J kJ MJ GJ Wh kWh MWh", "mol": "mol kmol", "m": "m cm mm km", "W": "W kW MW", "m3": "L",
    "J/K": "J/degC",
}  # fmt: skip


def test_every_symbol_of_the_table_is_tested_against_its_definition() -> None:
    assert set(SI) == {*SYMBOLS, *COMPOUNDS}


@pytest.mark.parametrize(
    ("base", "symbol"), [(base, unit) for base, units in KINDS.items() for unit in units.split()]
)
def test_a_symbol_is_as_large_as_its_definition_says(base: str, symbol: str) -> None:
    """So are its inverse and its square, which a length may have and a compound is made of."""
    size = SI.get(symbol, 1.0)
    exact = 1e-15 if symbol != "mmHg" else 2e-7  # as 1/760 atm, or by the density of mercury
    assert convert(3.0, symbol, base) == pytest.approx(3.0 * size, rel=exact)
    assert convert(1.0, base, symbol) == pytest.approx(1.0 / size, rel=exact)
    if symbol.isalpha() and base != "m3":
        assert convert(1.0, f"1/{symbol}", f"1/{base}") == pytest.approx(1.0 / size, rel=exact)
        assert convert(1.0, f"{symbol}2", f"{base}2") == pytest.approx(size**2, rel=2 * exact)


def test_the_zero_of_celsius_is_that_of_the_definition() -> None:
    assert convert(0.0, "degC", "K") == constants.zero_Celsius


@pytest.mark.parametrize(
    ("spelling", "plain"),
    [("m²", "m2"), ("m³/h", "m3/h"), ("m^3", "m3"), ("°C", "degC"), ("℃", "degC"),
     ("l/min", "L/min"), ("kg/hr", "kg/h"), ("kg/day", "kg/d"), ("hours", "h"), ("minutes", "min"),
     ("seconds", "s")],
)  # fmt: skip
def test_another_spelling_is_the_same_unit(spelling: str, plain: str) -> None:
    assert convert(7.0, spelling, plain) == 7.0


@pytest.mark.parametrize(
    ("value", "unit", "declared", "advice"),
    [
        (65.0, "%", "kmol/kmol", "write kmol/kmol (65 % is 0.65 kmol/kmol)"),
        (65.0, "%", "1", "write a share (65 % is 0.65)"),
        (50.0, "ppm", "g/kg", "write g/kg (50 ppm is 0.05 g/kg)"),
        (5.0, "%", "kg/h", "write kg/h"),
    ],
)
def test_parts_of_a_hundred_are_told_in_the_unit_that_is_expected(
    value: float, unit: str, declared: str, advice: str
):
    with pytest.raises(ValueError, match=r"not say of what") as caught:
        convert(value, unit, declared)
    assert str(caught.value).endswith(advice)


@pytest.mark.parametrize(
    ("unit", "declared", "advice"),
    [
        ("C", "K", "'C' is no known unit: write degC"),
        ("F", "K", "'F' is no known unit: write K or degC, (F - 32) / 1.8"),
        ("L/h", "kg/h", "; a volume: times its density, kg/m3"),
        ("g/L", "kg/kg", "; of a volume: divide by its density, kg/m3"),
        ("mg/L", "kg/h", ""),
    ],
)
def test_what_is_often_written_is_told_how_to_write(unit: str, declared: str, advice: str):
    with pytest.raises(ValueError, match=f"unit '{unit}': expected '{declared}'") as caught:
        convert(1.0, unit, declared)
    assert str(caught.value).endswith(advice or "'")
