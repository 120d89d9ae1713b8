"""The command ``readings``: what turns with what the source leaves open is named, each way."""

import json
from typing import Any

import pytest

from experiments.studies.readings import Finding, Readings, _at_reading, readings
from plant_models import flowshop as fs
from plant_models.chlorobenzene import own_design
from plant_models.chlorobenzene.model import PLANT, steady_state
from plant_models.chlorobenzene.money.prices import prices
from plant_models.chlorobenzene.ranges import calibrated, calibration


@pytest.fixture(scope="module")
def found():
    return readings("F1-F11")


def of(found: Readings, name: str) -> Finding:
    return next(each for each in found.findings if each.name == name)


def test_the_line_is_read_four_ways(found):
    assert found.readings == ("hot, liquor", "hot, conversion", "fog, liquor", "fog, conversion")
    assert all(len(each.values) == 4 for each in found.findings)


def test_both_controls_are_one_line_before_the_schemes():
    """The conversion held is what the held liquor comes to, found to 5e-5 as all is at rest."""
    known = PLANT.readings(PLANT.baseline())
    for structure in ("hot", "fog"):
        liquor, conversion = (
            steady_state(known[f"{structure}, {how}"]).indicators
            for how in ("liquor", "conversion")
        )
        for name, value in liquor.items():
            if name not in ("closure", "stock_change_t"):
                assert conversion[name] == pytest.approx(value, rel=2e-4, abs=1e-6), name


def test_what_f5_earns_turns_with_what_the_operator_holds(found):
    """The printed 26.6 x 10^4 RMB are near what the held liquor gives, in both structures."""
    nets = [net / 1e4 for net in of(found, "net income of F5").values]
    assert of(found, "net income of F5").differs
    assert nets[1] < 15 < 0.85 * 26.6 < nets[0] < 1.15 * 26.6
    assert nets[3] < 15 < 0.85 * 26.6 < nets[2] < 1.15 * 26.6


def test_table_1_3_is_met_by_either_structure_so_it_holds_under_both(found):
    for name in ("change of air.benzene_t", "change of wastewater_t"):
        assert not of(found, name).differs


def test_a_scheme_alone_that_moves_benzene_either_way_is_named():
    alone = Finding("alone", "F2 alone, air.benzene_t", "t/yr", (5.0, -5.0), 500.0)
    assert alone.differs
    assert Finding("alone", "", "t/yr", (5.0, 8.0), 500.0).differs
    assert not Finding("alone", "", "t/yr", (5.0, 7.0), 500.0).differs
    assert not Finding("alone", "", "t/yr", (0.1, -0.1), 500.0).differs


def test_a_change_differs_by_a_tenth_a_conclusion_by_its_verdict():
    assert not Finding("programme", "", "t/yr", (-100.0, -91.0), 500.0).differs
    assert Finding("programme", "", "t/yr", (-100.0, -89.0), 500.0).differs
    assert Finding("conclusion", "", "", (True, False)).differs
    assert not Finding("conclusion", "", "", (True, True)).differs


def test_what_is_set_by_hand_stays_under_every_reading():
    design = own_design(None, ["absorber.approach=11 K"])
    for read in PLANT.readings(design).values():
        assert read.tree.absorber.approach == 11.0


def test_a_plant_without_open_structures_is_read_one_way():
    found = readings("S1", plant=fs.PLANT, prices=fs.PLANT.economy.own_prices(settings="water=3"))
    assert found.readings == ("as it is",)
    assert not found.differing
    (price,) = found.as_json()["provenance"]["prices"]
    assert (price["path"], price["value"]) == ("water", 3.0)


def test_the_command_says_what_the_study_says(call):
    answer = readings("F5")
    assert call("readings", "F5").stdout == f"{answer}\n"
    assert json.loads(call("readings", "F5", "--json").stdout) == answer.as_json()
    assert max(map(len, str(answer).splitlines())) <= 110
    assert "Net incomes in 10^4 RMB/yr." in str(answer)


@pytest.mark.parametrize(
    ("feed", "name", "holds"),
    [
        (4500, "benzene to air falls", True),
        (4500, "benzene to air falls by half", False),
        (7500, "benzene to air falls", True),
        (7500, "fresh cooling water falls by nine tenths", False),
        (7500, "F8 alone does not pay (NPV < 0)", True),
    ],
)
def test_a_finding_is_told_at_other_sizes_of_the_plant(sizes, feed, name, holds):
    """15 and 25 kt/yr in the equipment of 20, as the table in docs/findings.md has it."""
    assert set(of(sizes[feed], name).values) == {holds}


@pytest.fixture(scope="module")
def sizes():
    return {
        feed: readings("F1-F11", design=own_design(None, [f"chlorinator.capacity={feed}"]))
        for feed in (4500, 7500)
    }


# --- the source's plant of another size -------------------------------------------------------


def test_a_fit_is_read_as_the_calibrated_line_is():
    """The calibrated values, taken as a fit's, are the line: the same steady state, to the bit."""
    line = PLANT.readings(PLANT.baseline())
    for structure in ("hot", "fog"):
        known = calibrated.posteriors(structure)
        point = [known[f"{p.kind} {p.name}"].value for p in calibration.parameters(structure)]
        read = PLANT.readings_of(structure, point)
        assert list(read) == [f"{structure}, {how}" for how in ("liquor", "conversion")]
        for name, (design, schemes, book) in read.items():
            assert book.tree == prices().tree
            found = steady_state("F1-F11", design=design, known=schemes).indicators
            base = steady_state(
                "F1-F11", design=line[name], known=PLANT.catalogue_of(line[name].tree)
            ).indicators
            assert found == base


def test_a_line_that_stands_for_a_larger_plant_is_told_in_that_plants_tonnes():
    """At 25 kt/yr a printed tonne is 0.8 t of the line, so what it saves is 1.25 times as much."""
    variant = PLANT.variant("F1-F11")
    read = _at_reading(variant, PLANT.economy.priced(None))
    told = read.of(PLANT.share(25.0))
    assert told.programme.changes["air.benzene_t"] == pytest.approx(
        1.25 * read.programme.changes["air.benzene_t"], rel=1e-12
    )
    assert told.programme.total.net == pytest.approx(1.25 * read.programme.total.net, rel=1e-12)
    assert told.programme.total.investment == read.programme.total.investment  # printed
    assert told.alone["F10", "air.benzene_t"] == pytest.approx(
        1.25 * read.alone["F10", "air.benzene_t"], rel=1e-12
    )


def test_a_range_that_the_tables_end_is_scaled_with_them():
    """42 t/h are all of the table's water; a plant of 15 kt/yr has it on a line of 20 as 56 t/h."""
    usual, small = (
        {p.name: p.prior for p in calibration.parameters("hot", calibration.share(size))}
        for size in (0.0, 15.0)
    )
    assert small["once_through.water"].high == pytest.approx(56_000.0)
    assert {n for n in usual if usual[n] != small[n]} == {"once_through.water"}


def test_a_plant_of_ones_own_is_not_fitted_to_sizes():
    with pytest.raises(ValueError, match="capacity: fits the plant's own facts"):
        readings("F1-F11", capacity=(15,), design=own_design(settings={"absorber.approach": 30.0}))


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"capacity": 15}, r"^capacity: expected sizes in kt/yr, like \(15, 20\), came 15$"),
        ({"capacity": "15"}, r"^capacity: expected sizes in kt/yr"),
        ({"capacity": ["a"]}, r"^capacity: expected a number"),
        ({"workers": (1.0,)}, r"^workers: expected a whole number"),
    ],
)
def test_sizes_and_workers_of_another_kind_are_told_by_name(asked: dict[str, Any], told: str):
    with pytest.raises(TypeError, match=told):
        readings("F1", **asked)
