"""Limits and how they are kept: known figures, both clocks, and what is marked as recalled."""

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.studies.limits import Limits
from experiments.studies.limits import limits as judged
from plant_models.calendar import YEAR
from plant_models.chlorobenzene.law.discharges import (
    ALL_OUTFALLS,
    ALL_VENTS,
    TAIL_GAS,
    acidity,
    figures,
    points,
)
from plant_models.chlorobenzene.law.limits import limits, read_limits
from plant_models.chlorobenzene.law.terms import Terms
from plant_models.chlorobenzene.line import operation
from plant_models.chlorobenzene.line.design import DATA
from plant_models.chlorobenzene.line.wiring import PIPES
from plant_models.chlorobenzene.model import line, steady_state
from plant_models.chlorobenzene.substances.chemistry import COMPONENTS
from plant_models.methods.standards import Figure
from sim.clock.random_streams import RandomStreams
from sim.clock.watch import Watch, WatchedPlant, mean_outflows

TEXT = (DATA / "limits.toml").read_text(encoding="utf-8")
TERMS = Terms()


@cache
def steady(schemes: str) -> Limits:
    return judged(schemes, clock="steady")


def test_gas_of_a_known_mixture_has_the_concentration_of_pencil_and_paper():
    """1 kmol/h of nitrogen with 1 g of benzene: 1,000 mg in 22.414 m3 and the benzene's own."""
    gas = COMPONENTS.stream(nitrogen=28.014, benzene=1e-3, water=5.0)
    found = figures({("crude_column.vent", "air"): gas})
    volume = 22.414 * (28.014 / COMPONENTS.molar_mass[-1] + 1e-3 / COMPONENTS.molar_mass[0])
    assert found[Figure("crude_column", "benzene", "mg/m3")] == pytest.approx(1000.0 / volume)
    assert found[Figure("crude_column", "benzene", "kg/h")] == pytest.approx(1e-3)


def test_one_limit_counts_all_chlorobenzenes():
    gas = COMPONENTS.stream(nitrogen=1.0, chlorobenzene=0.1, dichlorobenzene=0.2)
    found = figures({("crude_column.vent", "air"): gas})
    assert found[Figure("crude_column", "chlorobenzene", "kg/h")] == pytest.approx(0.3)


def test_vapour_without_a_carrier_gas_has_a_rate_and_no_concentration():
    found = figures({("unloading.vapour", "air"): COMPONENTS.stream(benzene=2.0)})
    assert found[Figure("unloading", "benzene", "kg/h")] == 2.0
    assert Figure("unloading", "benzene", "mg/m3") not in found


def test_water_of_a_known_mixture_has_the_figures_of_pencil_and_paper():
    """1 t of water with 36.5 g of acid and 1 g of benzene: 0.001 mol/L, 3.07 mg/L of oxygen."""
    water = COMPONENTS.stream(water=1000.0, hydrogen_chloride=0.03646, benzene=1e-3)
    found = figures({("dryer.effluent", "sewer"): water})
    assert found[Figure("dryer", "acidity", "pH")] == pytest.approx(3.0, abs=1e-3)
    assert found[Figure("dryer", "benzene", "mg/L")] == pytest.approx(1.0)
    cod = found[Figure("dryer", "chemical_oxygen_demand", "mg/L")]
    assert cod == pytest.approx(7.5 * 31.998 / 78.114, rel=1e-4)


@given(st.floats(-1.0, 1.0))
def test_acid_and_base_mirror_each_other_at_neutral_water(acid):
    assert acidity(acid) + acidity(-acid) == pytest.approx(14.0, abs=1e-9)


def test_every_way_out_to_air_or_sewer_belongs_to_a_point():
    for stream, pipe in PIPES.items():
        for sink in ("air", "sewer"):
            if sink in (pipe.to, pipe.otherwise, pipe.start_up, pipe.trip):
                assert stream.partition(".")[0] in points(sink)


@pytest.mark.long
@pytest.mark.parametrize("schemes", ["none", "F1-F11"])
def test_the_steady_state_and_a_line_without_events_agree(schemes):
    """After a quarter without events the tanks are at rest, and every figure is the same."""
    watch: Watch[Figure] = Watch(lambda _: {}, {})  # only what leaves at the end is looked at
    plant = operation.running(
        line(schemes), RandomStreams(1), without=["events"], watch=watch
    ).plant
    assert isinstance(plant, WatchedPlant)
    plant.run(YEAR / 4)
    resting = figures(plant.flow.leaves(1.0))
    steady = figures(mean_outflows(steady_state(schemes).ledger))
    for figure, limit in TERMS.applied.items():
        if figure in steady:
            allowed = 1e-3 * abs(steady[figure]) + 1e-3 * limit.bounds[1]
            assert resting[figure] == pytest.approx(steady[figure], abs=allowed), figure


@pytest.mark.long
def test_without_events_the_share_of_hours_is_that_of_the_steady_state():
    calm = steady("none")
    year = judged("none", without=["events"])
    for figure, limit in TERMS.applied.items():
        exposure = calm.exposures.get(figure)
        if exposure is not None and abs(exposure.mean / limit.bounds[1] - 1.0) > 0.05:
            assert year.share(figure) == pytest.approx(exposure.share, abs=0.02), figure


def test_the_steady_state_is_beyond_a_limit_always_or_never():
    kept = steady("F1-F11")
    assert {kept.share(figure) for figure in kept.exposures} == {0.0, 1.0}
    assert kept.hours == 8136.0


def test_the_tail_gas_is_far_beyond_its_benzene_limit_before_and_after_the_programme():
    figure = Figure(TAIL_GAS, "benzene", "mg/m3")
    for schemes in ("none", "F1-F11"):
        kept = steady(schemes)
        assert kept.exposures[figure].mean > 1000 * TERMS.applied[figure].bounds[1]


def test_the_tail_gas_is_as_strong_however_much_air_is_drawn_in():
    """It is saturated; with fewer leaks (M1) less of it leaves, and the page says no more."""
    before, after = (steady(schemes).exposures for schemes in ("none", "M1"))
    strength, rate = (
        after[figure].mean / before[figure].mean
        for figure in (Figure(TAIL_GAS, "benzene", "mg/m3"), Figure(TAIL_GAS, "benzene", "kg/h"))
    )
    assert 0.999 < strength < 1.0
    assert rate < 0.995


def test_a_device_at_the_end_of_the_pipe_is_a_point_of_its_own():
    """E1's bed holds most benzene of the tail gas, and is what the air then gets it from."""
    before = steady("none").exposures[Figure(TAIL_GAS, "benzene", "kg/h")].mean
    kept = steady("E1, E2").exposures
    assert Figure(TAIL_GAS, "benzene", "kg/h") not in kept
    assert 0.0 < kept[Figure("carbon_bed", "benzene", "kg/h")].mean < 0.2 * before
    assert Figure("effluent_stripper", "benzene", "mg/L") in kept
    assert "effluent_pit" in points("sewer")


def test_all_vents_are_the_sum_of_the_vents():
    kept = steady("none")
    each = [e.mean for f, e in kept.exposures.items()
            if f[1:] == ("benzene", "kg/h") and f.point != ALL_VENTS]  # fmt: skip
    assert kept.exposures[Figure(ALL_VENTS, "benzene", "kg/h")].mean == pytest.approx(sum(each))
    assert Figure(ALL_OUTFALLS, "acidity", "pH") in kept.exposures


PRINTED = {  # GB 16297-1996, tables 1 and 2: mg/m3; kg/h of lowest and highest stack, II and III
    ("chlorobenzene", "existing"): (85.0, {15: (0.67, 0.92), 100: (34.0, 52.0)}),
    ("chlorobenzene", "new"): (60.0, {15: (0.52, 0.78), 100: (29.0, 44.0)}),
    ("benzene", "existing"): (17.0, {15: (0.60, 0.90), 40: (6.0, 9.0)}),
    ("benzene", "new"): (12.0, {15: (0.50, 0.80), 40: (5.6, 7.6)}),
    ("hydrogen_chloride", "existing"): (150.0, {15: (0.30, 0.46), 80: (12.0, 19.0)}),
    ("hydrogen_chloride", "new"): (100.0, {15: (0.26, 0.39), 80: (10.0, 16.0)}),
    ("chlorine", "existing"): (85.0, {25: (0.60, 0.90), 80: (18.0, 28.0)}),
    ("chlorine", "new"): (65.0, {25: (0.52, 0.78), 80: (15.0, 23.0)}),
}
BENZENE_II = "II = { 15 = 0.60, 20 = 1.0, 30 = 3.3, 40 = 6.0 }"
PRINTED_WATER = {  # GB 8978-1996, tables 2 and 4: mg/L, grades I to III
    "chemical_oxygen_demand": (100.0, 150.0, 500.0), "benzene": (0.1, 0.2, 0.5),
    "chlorobenzene": (0.2, 0.4, 1.0), "dichlorobenzene": (0.4, 0.6, 1.0),
}  # fmt: skip


def test_limits_are_those_of_the_printed_standards():
    kept = limits()
    assert {
        (of.component, of.set_up): (
            of.concentration,
            {
                height: (of.rates["II"][height], of.rates["III"][height])
                for height in (min(of.rates["II"]), max(of.rates["II"]))
            },
        )
        for of in kept.air
    } == PRINTED
    assert {each.component: tuple(each.grades.values()) for each in kept.water} == PRINTED_WATER
    assert kept.acidity is not None
    assert (kept.acidity.lowest, kept.acidity.highest) == (6.0, 9.0)
    marks = [*(air.recalled for air in kept.air), *(water.recalled for water in kept.water)]
    assert not any([*marks, kept.acidity.recalled])
    assert {each.component for each in kept.water if "no limit" in each.note} == {
        "benzene", "chlorobenzene", "dichlorobenzene"
    }  # fmt: skip


def test_a_recalled_limit_stays_marked_wherever_it_applies():
    marked = Terms(limits=read_limits(TEXT.replace("[acidity]", "[acidity]\nrecalled = true")))
    assert {figure.unit for figure, limit in marked.applied.items() if limit.recalled} == {"pH"}


def test_the_rate_of_a_stack_follows_its_height():
    """Straight lines between heights, the square beyond, half for a new source below 15 m."""
    limit = limits().air_limit("chlorobenzene")
    assert limit.rate("II", 25.0) == pytest.approx(1.95)
    assert limit.rate("II", 200.0) == pytest.approx(4 * 34.0)
    assert limit.rate("III", 7.5) == pytest.approx(0.92 / 4)
    new = limits().air_limit("chlorobenzene", "new")
    assert new.rate("III", 7.5) == pytest.approx(0.5 * 0.78 / 4)
    assert limits().air_limit("chlorine").rate("II", 15.0) == pytest.approx(0.6 * 0.36)
    assert limits().air_limit("benzene").rate("II", 30.0) == 3.3  # as printed, not 1.0 x (30/20)^2


@given(st.floats(1.0, 100.0), st.floats(0.1, 20.0))
def test_a_higher_stack_may_let_out_more(height, more):
    for limit in limits().air:
        assert limit.rate("III", height + more) >= limit.rate("III", height)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("concentration = 17.0", "concentration = -17.0", ["benzene", "above 0", "-17"]),
        ("concentration = 17.0", 'concentration = "17"', ["benzene", "above 0", "'17'"]),
        ("concentration = 17.0", "concentrations = 17.0", ["did you mean 'concentration'"]),
        ('set_up = "new"', 'set_up = "newer"', ["existing or new", "'newer'"]),
        ("[acidity]", '[acidity]\nrecalled = "yes"', ["true or false", "'yes'"]),
        (BENZENE_II, "II = 0.6", ["by stack height", "0.6"]),
        (BENZENE_II, "II = { low = 0.6 }", ["height in m", "low"]),
        ("[acidity]", "[acid]", ["no table 'acid'", "expected a table [acidity]"]),
        ("[[water]]", "[[waters]]", ["did you mean 'water'"]),
        ("I = 0.1\n", "", ["no I"]),
    ],
)
def test_a_file_with_a_fault_is_refused_in_words(old, new, words):
    with pytest.raises(ValueError, match=r"(?s).+") as refused:
        read_limits(TEXT.replace(old, new))
    assert [word for word in words if word not in str(refused.value)] == []


def test_what_is_no_table_among_the_limits_is_refused_in_words():
    for wrong in ("[1]", '["benzene"]', "{}", "3"):
        with pytest.raises(ValueError, match=r"expected one or more tables \[\[air\]\]"):
            read_limits(f"air = {wrong}\n")


@pytest.mark.parametrize(
    ("given_terms", "word"),
    [
        ({"grade": "I"}, "II or III"),
        ({"water_grade": "IV"}, "'IV'"),
        ({"set_up": "old"}, "existing or new"),
        ({"stack": 0.0}, "1 to 300 m"),
    ],
)
def test_terms_that_mean_nothing_are_refused(given_terms, word):
    with pytest.raises(ValueError, match=word):
        Terms(**given_terms)
