"""Vapours of unloading, storing, loading and packing."""

from dataclasses import replace

import pytest

from plant_models.chlorobenzene.substances.chemistry import BENZENE, COMPONENTS, HCL, MCB, WATER
from plant_models.chlorobenzene.substances.properties import (
    liquid_density,
    solubility_in_water,
    vapour_pressure,
)

BENZENE_CARS = COMPONENTS.stream(benzene=30_000.0)
ACID = COMPONENTS.stream(hydrogen_chloride=6200.0, water=13_800.0, benzene=15.0)
DRUMMED = COMPONENTS.stream(chlorobenzene=7300.0, benzene=8.0)


def test_a_volume_pumped_in_displaces_its_own_volume_of_vapour(line, feed):
    """Ideal gas: n = p V / (R T) of benzene leaves, 0.9 of saturation."""
    T = 293.15
    lost = feed(line.unloading, BENZENE_CARS, air=T).out["vapour"][BENZENE]
    volume = 30_000.0 / liquid_density(BENZENE, T)
    expected = 0.9 * vapour_pressure(BENZENE, T) * volume / (8314.46 * T) * 78.114
    assert lost == pytest.approx(expected, rel=1e-4)


def test_frost_does_not_stop_the_vapour_of_heated_cars(line, feed):
    frost, cool = (
        feed(line.unloading, BENZENE_CARS, air=T).out["vapour"][BENZENE] for T in (263.15, 283.15)
    )
    assert frost == cool > 0.0


def test_the_tank_breathes_the_same_whatever_flows_through(line, feed):
    small, large = (
        feed(line.benzene_storage, COMPONENTS.stream(benzene=kg)).out["vapour"][BENZENE]
        for kg in (1000.0, 6000.0)
    )
    assert small == pytest.approx(large, rel=1e-9)


def test_the_tank_breathes_a_few_hundred_kilograms_a_year(line, feed):
    lost = feed(line.benzene_storage, COMPONENTS.stream(benzene=6000.0)).out["vapour"][BENZENE]
    assert 0.2 <= lost * 8.760 <= 3.0  # t/yr


def test_the_surface_of_the_tank_swings_by_half_of_what_its_vapour_does(line, feed):
    """AP-42 7.1 in its own units: psia, degrees Rankine, feet, and a quarter of the swing a way."""
    T, tank = 290.0, line.benzene_storage
    psia = 1.0 / 6894.757
    warmest, coldest = (vapour_pressure(BENZENE, T + w * tank.daily_swing) for w in (0.25, -0.25))
    p, rankine = vapour_pressure(BENZENE, T) * psia, 1.8 * T
    expansion = 1.8 * tank.daily_swing / rankine
    expansion += ((warmest - coldest - tank.valve_range) * psia) / (92_500.0 * psia - p)
    height, across = tank.vapour_height / 0.3048, tank.diameter / 0.3048
    saturation = 1.0 / (1.0 + 0.053 * p * height)
    density = 78.11 * p / (10.731 * rankine)  # lb/ft3
    pounds = expansion * saturation * density * 3.14159 / 4.0 * across**2 * height
    lost = feed(tank, COMPONENTS.stream(benzene=6000.0), air=T).out["vapour"][BENZENE]
    assert 24.0 * lost == pytest.approx(pounds * 0.45359, rel=2e-3)


def test_no_daily_swing_no_breathing(line, feed):
    still = replace(line.benzene_storage, daily_swing=0.0)
    assert sum(feed(still, COMPONENTS.stream(benzene=6000.0)).out["vapour"]) == 0.0


def test_warm_days_breathe_more(line, feed):
    spring, summer = (
        feed(line.benzene_storage, COMPONENTS.stream(benzene=6000.0), air=T).out["vapour"][BENZENE]
        for T in (285.0, 297.0)
    )
    assert summer > 1.5 * spring


def test_loading_acid_fumes_more_the_stronger_it_is(line, feed):
    weak = COMPONENTS.stream(hydrogen_chloride=5600.0, water=14_400.0)
    strong, dilute = (feed(line.acid_loading, a).out["vapour"][HCL] for a in (ACID, weak))
    assert strong > 2 * dilute > 0.0


def test_loading_acid_releases_the_benzene_in_it_but_never_more(line, feed):
    vapour = feed(line.acid_loading, ACID).out["vapour"][BENZENE]
    assert 0.0 < vapour < ACID[BENZENE]


def test_organics_in_loaded_acid_fume_as_far_as_they_are_dissolved(line, feed):
    """The pressure is p x / x_sat up to solubility; oil beyond it adds nothing."""
    soluble = ACID[WATER] * solubility_in_water(BENZENE, 283.15)
    tenth, fifth, oil, more = (
        feed(
            line.acid_loading,
            COMPONENTS.stream(hydrogen_chloride=6200.0, water=13_800.0, benzene=share * soluble),
        ).out["vapour"][BENZENE]
        for share in (0.1, 0.2, 1.0, 3.0)
    )
    assert fifth == pytest.approx(2.0 * tenth, rel=1e-9)
    assert oil == pytest.approx(10.0 * tenth, rel=1e-9)
    assert more == pytest.approx(oil, rel=1e-9)


def test_filling_drums_loses_tens_of_grams_a_tonne(line, feed):
    lost = feed(line.packing, DRUMMED).out["vapour"][MCB]
    assert 0.01 <= lost / 7.3 <= 0.1  # kg/t


@pytest.mark.parametrize("name", ["unloading", "benzene_storage", "acid_loading", "packing"])
def test_an_empty_or_odd_charge_is_still_legal(line, feed, name):
    for charge in ({}, {"water": 5.0}, {"hydrogen_chloride": 5.0}, {"benzene": 1e-3}):
        feed(getattr(line, name), COMPONENTS.stream(**charge))
