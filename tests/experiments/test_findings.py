"""The interactions that docs/findings.md tells are those of the line as it is."""

from functools import cache
from pathlib import Path

import pytest

from experiments.studies.readings import readings
from plant_models import chlorobenzene as cb
from plant_models.chlorobenzene.substances.chemistry import COMPONENTS, FECL3
from plant_models.chlorobenzene.substances.properties import MOLAR_MASS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "findings.md"
ELEVEN = frozenset(f"F{i}" for i in range(1, 12))
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.read_text(encoding="utf-8").splitlines()
    if line.startswith("| F") and " x " in line
]


@cache
def value(ids: frozenset[str], figure: str) -> float:
    return cb.steady_state(sorted(ids)).indicators[figure]


def interaction(one: str, other: str, given: frozenset[str], figure: str) -> float:
    """Return what both change beyond the sum of each."""
    both, neither = value(given | {one, other}, figure), value(given, figure)
    return both - value(given | {one}, figure) - value(given | {other}, figure) + neither


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]} {row[1]}")
def test_the_interaction_of_a_pair_is_what_the_page_says(row):
    pair, figure, unit, none, others = row
    one, other = pair.split(" x ")
    sign = -1.0 if "avoided" in unit else 1.0
    for told, given in ((none, frozenset()), (others, ELEVEN - {one, other})):
        digits = len(told.partition(".")[2])
        found = sign * interaction(one, other, given, figure)
        assert found == pytest.approx(float(told), abs=1.01 * 10.0**-digits)


def test_the_page_has_the_pairs_that_the_source_suggests_to_test():
    assert {"F2 x F10", "F1 x F5", "F4 x F10", "F2 x F7"} <= {row[0] for row in ROWS}


def test_organics_in_wastewater_fall_in_tonnes_and_rise_in_milligrams_a_litre():
    for name in ("wastewater.benzene_t", "wastewater.chlorobenzene_t"):
        before, after = (value(ids, name) for ids in (frozenset(), ELEVEN))
        assert after < before / 2
        water = [value(ids, "wastewater_t") for ids in (frozenset(), ELEVEN)]
        assert after / water[1] > 1.5 * before / water[0]


def sent(schemes: str, source: str, sink: str) -> tuple[float, ...]:
    """Return what went from ``source`` to ``sink`` in a year, t by component."""
    flows = cb.steady_state(schemes).flows
    t = flows[(flows.source == source) & (flows.sink == sink)].groupby("component").kg.sum() / 1000
    return tuple(float(t.get(name, 0.0)) for name in COMPONENTS.names)


READ = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.read_text(encoding="utf-8").partition("| finding |")[2].splitlines()[1:]
][:22]
"""Rows of the table of readings: a finding, and what it is under each."""


def test_the_readings_are_what_the_page_says():
    """To the digits that are printed there."""
    found = {f.name: f for f in readings("F1-F11").findings}
    for name, *told in READ[1:]:
        of = found[name]
        for text, value in zip(told, of.values, strict=True):
            if of.kind == "conclusion":
                assert text == ("yes" if value else "no"), name
            else:
                digits = len(text.partition(".")[2])
                scale = 1e4 if of.kind == "net income" else 1.0
                number = float(text.replace(",", ""))
                assert value / scale == pytest.approx(number, abs=1.01 * 10.0**-digits), name


@pytest.mark.parametrize(("schemes", "told"), [("none", 0), ("F7", 338), ("F1-F11", 300)])
def test_acid_carries_the_iron_that_the_page_says(schemes, told):
    acid = sent(schemes, "acid_loading", "customers")
    assert 1e6 * acid[FECL3] * 55.845 / MOLAR_MASS[FECL3] / sum(acid) == pytest.approx(told, abs=1)
