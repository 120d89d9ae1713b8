"""Water wash, alkali wash and the drain with and without its separator."""

from dataclasses import replace
from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plant_models.chlorobenzene.substances.chemistry import (
    BENZENE,
    COMPONENTS,
    FECL3,
    HCL,
    MCB,
    NACL,
    NAOH,
    ORGANICS,
    WATER,
)
from plant_models.chlorobenzene.units.washing import extraction_left

PRODUCT = 2430.0  # kg/h at 20 kt/yr
LIQUOR = COMPONENTS.stream(
    benzene=4120.5,
    chlorobenzene=2445.5,
    dichlorobenzene=127.3,
    trichlorobenzene=0.2,
    hydrogen_chloride=20.1,
    iron_chloride=3.35,
)


@pytest.fixture(scope="module")
def washed(line, feed):
    return feed(line.water_wash, LIQUOR).out["washed"]


@pytest.fixture(scope="module")
def drain(line, feed, washed):
    return feed(line.alkali_wash, washed).out["drain"]


@given(factor=st.floats(0.1, 50.0), stages=st.integers(1, 5))
def test_perfect_mixers_follow_kremser(factor, stages):
    """With equilibrium on every stage: f = 1 / (1 + E + ... + E**n)."""
    exact = 1.0 / sum(factor**k for k in range(stages + 1))
    assert extraction_left(1e9, factor, stages) == pytest.approx(exact, rel=1e-5)


def test_without_mixing_nothing_leaves():
    assert extraction_left(0.0, 100.0, 1) == 1.0


def test_effluent_is_0_21_tonnes_a_tonne(line, feed):
    effluent = feed(line.water_wash, LIQUOR).out["effluent"]
    assert effluent[WATER] / PRODUCT == pytest.approx(0.21, abs=0.02)


def test_pre_wash_removes_85_to_90_percent_of_the_acid(line, feed, washed):
    removed = 1.0 - washed[HCL] / LIQUOR[HCL]
    assert removed == pytest.approx(0.875, abs=0.035)


def test_effluent_is_dilute_acid_of_2_5_to_5_percent(line, feed):
    effluent = feed(line.water_wash, LIQUOR).out["effluent"]
    assert 0.025 <= effluent[HCL] / sum(effluent) <= 0.05


def test_more_wash_water_removes_more_acid(line, feed):
    wash = line.water_wash
    left = [
        feed(replace(wash, water_ratio=k * wash.water_ratio), LIQUOR).out["washed"][HCL]
        for k in (1.0, 1.6, 2.5)
    ]
    assert left[0] > 1.2 * left[1] > 1.3 * left[2]


def test_effluent_dissolves_about_1250_and_140_milligrams_a_litre(line, feed):
    """Solubility times mole fraction over liquor, without droplets; within 15 %."""
    effluent = feed(replace(line.water_wash, droplets=0.0), LIQUOR).out["effluent"]
    assert effluent[BENZENE] / effluent[WATER] == pytest.approx(1250e-6, rel=0.15)
    assert effluent[MCB] / effluent[WATER] == pytest.approx(140e-6, rel=0.15)


def test_droplets_add_liquor_in_its_own_ratio(line, feed):
    clean, entrained = (
        feed(replace(line.water_wash, droplets=d), LIQUOR).out["effluent"] for d in (0.0, 0.002)
    )
    extra = [entrained[i] - clean[i] for i in ORGANICS]
    assert sum(extra) == pytest.approx(0.002 * clean[WATER], rel=0.01)
    assert extra[MCB] / extra[BENZENE] == pytest.approx(LIQUOR[MCB] / LIQUOR[BENZENE], rel=1e-6)


def test_reuse_changes_only_where_the_effluent_goes(line, feed):
    before = feed(line.water_wash, LIQUOR).out
    after = feed(replace(line.water_wash, effluent_reused=True), LIQUOR).out
    assert after["acid_water"] == before["effluent"]
    assert sum(after["effluent"]) == 0.0


def test_every_kilogram_of_reused_water_counts_as_one(line, feed):
    assert set(feed(line.water_wash, LIQUOR).recipe.worth["water"]) == {1.0}


def test_caustic_neutralises_all_acid(line, feed, washed):
    out = feed(line.alkali_wash, washed).out
    assert out["neutral"][HCL] + out["drain"][HCL] == pytest.approx(0.0, abs=1e-9)
    salt = out["neutral"][NACL] + out["drain"][NACL]
    assert salt == pytest.approx(washed[HCL] * 58.44 / 36.46, rel=1e-3)


def test_caustic_used_is_3_to_8_kilograms_a_tonne(line, feed, washed):
    """Stoichiometry of what the water left is about 1 kg per t, practice 3-8."""
    used = feed(line.alkali_wash, washed).inlets["caustic"][NAOH]
    assert 3.0 <= used / PRODUCT * 1000 <= 8.0
    assert washed[HCL] * 40.0 / 36.46 / PRODUCT * 1000 == pytest.approx(1.0, abs=0.6)


def test_more_wash_water_saves_caustic(line, feed, washed):
    wash = line.water_wash
    cleaner = feed(replace(wash, water_ratio=2 * wash.water_ratio), LIQUOR).out["washed"]
    used = [feed(line.alkali_wash, w).inlets["caustic"][NAOH] for w in (washed, cleaner)]
    assert used[1] < 0.75 * used[0]


def test_iron_costs_caustic_but_forms_no_salt(line, feed):
    iron = COMPONENTS.stream(benzene=1000.0, iron_chloride=1.0)
    result = feed(line.alkali_wash, iron)
    expected = line.alkali_wash.excess * 3 * 39.997 / 162.2
    assert result.inlets["caustic"][NAOH] == pytest.approx(expected, rel=1e-3)
    assert result.out["drain"][NACL] + result.out["neutral"][NACL] == 0.0


def test_drain_is_0_035_tonnes_a_tonne(drain):
    assert drain[WATER] / PRODUCT == pytest.approx(0.035, abs=0.006)


def test_drain_entrains_155_tonnes_of_liquor_a_year(drain):
    """In 8,136 hours; what F6's income stands for if read as liquor."""
    assert sum(drain[i] for i in ORGANICS) * 8.136 == pytest.approx(155, rel=0.15)


def test_open_drain_evaporates_20_to_70_percent_of_the_benzene(line, feed, drain):
    air = feed(line.drain_separator, drain).out["evaporated"]
    assert 0.2 <= air[BENZENE] / drain[BENZENE] <= 0.7


def test_chlorobenzene_evaporates_by_rayleigh_about_six_times_slower(line, feed, drain):
    air = feed(line.drain_separator, drain).out["evaporated"]
    rates = [log(1.0 - air[i] / drain[i]) for i in (BENZENE, MCB)]
    assert rates[0] / rates[1] == pytest.approx(6.5, abs=0.8)


def test_open_drain_makes_sewage_with_more_chlorobenzene_per_benzene_than_liquor(line, feed, drain):
    """The sourced drain holds 590 mg/L chlorobenzene and 430 mg/L benzene."""
    sewer = feed(line.drain_separator, drain).out["effluent"]
    assert sewer[MCB] / sewer[BENZENE] > 1.4 * drain[MCB] / drain[BENZENE]


def test_separator_returns_droplets_and_lowers_all_three_losses(line, feed, drain):
    before = feed(line.drain_separator, drain).out
    after = feed(replace(line.drain_separator, installed=True), drain).out
    assert sum(before["recovered"]) == 0.0
    assert sum(after["recovered"]) > 0.8 * sum(drain[i] for i in ORGANICS)
    for name in ("slop", "evaporated", "effluent"):
        assert sum(after[name][i] for i in ORGANICS) < 0.3 * sum(before[name][i] for i in ORGANICS)


def test_separator_does_nothing_for_what_is_dissolved(line, feed):
    """A drain with less benzene than water dissolves."""
    clear = COMPONENTS.stream(water=100.0, benzene=0.05)
    out = feed(replace(line.drain_separator, installed=True), clear).out
    assert sum(out["recovered"]) == 0.0


def test_water_and_salts_reach_the_sewer(line, feed, drain):
    sewer = feed(line.drain_separator, drain).out["effluent"]
    for i in (WATER, NAOH, NACL, FECL3):
        assert sewer[i] == pytest.approx(drain[i])


@pytest.mark.parametrize("name", ["water_wash", "alkali_wash", "drain_separator"])
def test_an_empty_or_odd_charge_is_still_legal(line, feed, name):
    for charge in (
        {},
        {"water": 100.0},
        {"benzene": 100.0},
        {"water": 1e-9, "benzene": 100.0, "iron_chloride": 1.0},
        {"hydrogen_chloride": 10.0},
        {"hydrogen_chloride": 3.0, "chlorine": 1.0, "nitrogen": 20.0, "sodium_hydroxide": 1.0},
    ):
        feed(getattr(line, name), COMPONENTS.stream(**charge))
