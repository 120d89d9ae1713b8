"""The dryer: dry benzene, wet benzene water."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plant_models.chlorobenzene.substances.chemistry import BENZENE, COMPONENTS, WATER
from plant_models.chlorobenzene.substances.properties import solubility_in_water
from plant_models.chlorobenzene.units.drying import water_volatility

WET = COMPONENTS.stream(benzene=6000.0, chlorobenzene=20.0, water=4.4)
PRODUCT = 2430.0  # kg/h at 20 kt/yr


def test_dry_benzene_holds_50_parts_per_million_of_water_at_most(line, feed):
    dry = feed(line.dryer, WET).out["dry"]
    assert 0.0 < dry[WATER] / dry[BENZENE] <= 50e-6


@given(water=st.floats(0.0, 60.0))
def test_free_water_in_the_charge_does_not_wet_the_dry_benzene(line, feed, water):
    dry = feed(line.dryer, COMPONENTS.stream(benzene=6000.0, water=water)).out["dry"]
    assert dry[WATER] / dry[BENZENE] <= 50e-6


def test_water_is_forty_times_as_volatile_as_the_benzene_it_is_dissolved_in():
    assert 35 <= water_volatility(92_500) <= 60


def test_effluent_approaches_saturation_with_benzene(line, feed):
    """At the temperature at which feed, water and boiled-off benzene mix."""
    dryer = replace(line.dryer, saturation=1.0, droplets=0.0)
    out = feed(dryer, COMPONENTS.stream(benzene=6000.0)).out["effluent"]
    water, benzene, boiled = dryer.condenser_water * 4.18, 6000.0 * 1.71, 0.07 * 6000.0
    brought = water * 288.15 + benzene * 283.15 + boiled * (394.0 + 1.8 * 350.3)
    saturated = solubility_in_water(BENZENE, brought / (water + benzene + boiled * 1.8))
    assert out[BENZENE] / out[WATER] == pytest.approx(saturated, rel=0.01)


def test_condenser_water_is_a_rate_of_its_own(line, feed):
    for load in (0.5, 1.0):
        drawn = feed(line.dryer, tuple(load * x for x in WET)).inlets["water"]
        assert drawn[WATER] == pytest.approx(line.dryer.condenser_water)


def test_steam_is_0_05_to_0_1_tonnes_a_tonne(line, feed):
    steam = feed(line.dryer, WET).recipe.uses["steam"] * sum(WET)
    assert 0.05 <= steam / PRODUCT <= 0.10


def test_reuse_changes_only_where_the_effluent_goes(line, feed):
    before = feed(line.dryer, WET).out
    after = feed(replace(line.dryer, water_reused=True), WET).out
    assert after["reused"] == before["effluent"]
    assert sum(after["effluent"]) == 0.0


def test_an_empty_or_odd_charge_is_still_legal(line, feed):
    for charge in ({}, {"water": 50.0}, {"benzene": 0.1}, {"chlorine": 1.0, "nitrogen": 2.0}):
        feed(line.dryer, COMPONENTS.stream(**charge))
