"""Cooling water once through and over the tower; the weather it depends on."""

import csv
from dataclasses import replace
from importlib.resources import files
from math import exp

import pytest

from plant_models.chlorobenzene.model import PLANT
from plant_models.chlorobenzene.substances.chemistry import BENZENE, COMPONENTS, MCB
from sim.clock.random_streams import RandomStreams

LEAK = COMPONENTS.stream(benzene=0.2, water=0.01)


@pytest.fixture(scope="module")
def weather():
    path = files("plant_models.chlorobenzene").joinpath("data/taiyuan_weather.csv")
    lines = [x for x in path.read_text("utf-8").splitlines() if not x.startswith("#")]
    months = [row for row in csv.DictReader(lines) if row["month"].isdigit()]
    return [{k: float(v) for k, v in row.items()} for row in months]


@pytest.fixture(scope="module")
def tower(line):
    return replace(line.cooling_water, tower=True)


def test_well_water_is_the_same_all_year(line, weather):
    temperatures = {
        line.cooling_water.supply_temperature(m["wet_bulb_degC"], m["river_degC"]) for m in weather
    }
    assert temperatures == {288.15}


def test_river_water_comes_as_it_is(line):
    river = replace(line.cooling_water, source="river")
    assert river.supply_temperature(290.0, 295.0) == 295.0


def test_tower_water_is_warmer_than_well_water_in_summer_and_colder_in_winter(tower, weather):
    january, july = (
        tower.supply_temperature(weather[m]["wet_bulb_degC"] + 273.15, 280.0) for m in (0, 6)
    )
    assert january < 288.15 < july
    assert july == pytest.approx(19.7 + 273.15 + tower.approach, abs=0.1)


def test_tower_basin_is_kept_from_freezing(tower):
    assert tower.supply_temperature(255.0, 274.0) == tower.coldest


def test_what_is_used_beyond_the_towers_capacity_is_fresh_water(tower):
    """Of 1,000 t, 400 were used beyond it; of the others the tower takes its make-up."""
    assert tower.intake(1e6, 4e5) == pytest.approx(4e5 + tower.intake(6e5, 0.0))
    assert tower.raw_water_power(1e6, 4e5) == 4e5 * tower.pumping
    assert tower.power(1e6, 4e5) == pytest.approx(4e5 * tower.pumping + 6e5 * tower.tower_power)


def test_once_through_takes_a_tonne_for_a_tonne(line):
    assert line.cooling_water.most_over_tower == 0.0
    assert line.cooling_water.intake(4e5, 4e5) == 4e5
    assert line.cooling_water.power(4e5, 4e5) == 4e5 * line.cooling_water.pumping


def test_what_passed_once_before_there_was_a_tower_did_not_go_over_it():
    """The books of a month, and of the next one with the tower; the whole is asked for then."""
    month = 730.0
    before, after = PLANT.variant("F1-F10"), PLANT.variant("F1-F11")
    running = PLANT.running(before, RandomStreams(1))
    running.plant.run(month)
    once = running.plant.ledger().used("cooling_water")
    running.change(before.tree, after.tree)
    running.plant.run(2.0 * month)
    year = PLANT.outcome(after, running.plant, 2.0 * month / 8760.0)
    used = year.ledger.used("cooling_water")
    taken = 1e3 * year.years * year.indicators["cooling_water_intake_t"]
    assert once < taken < once + 0.1 * (used - once)


def test_tower_takes_3_to_5_percent_as_make_up(tower):
    assert 0.03 <= tower.intake(1.0, 0.0) <= 0.05


def test_evaporation_carries_the_heat(tower):
    """6 K over 2.43 MJ/kg: 1.03 % of the circulation."""
    assert tower.evaporation() == pytest.approx(0.0103, abs=0.0002)


def test_tower_at_full_flow_takes_99_kilowatts(tower):
    assert tower.power(400_000.0, 0.0) == pytest.approx(99.0, abs=2.0)


def test_leaked_benzene_goes_with_the_water_once_through_and_to_air_over_the_tower(
    line, feed, tower
):
    assert feed(line.cooling_water, LEAK).out["carried"] == LEAK
    out = feed(tower, LEAK).out
    assert out["stripped"][BENZENE] > 0.9 * LEAK[BENZENE]


def test_blowdown_keeps_some_of_what_passes_strip_slowly(feed, tower):
    lazy = replace(tower, transfer_units=0.05)
    assert feed(lazy, LEAK).out["carried"][BENZENE] > 0.2 * LEAK[BENZENE]


def test_stripping_is_the_sum_over_passes(feed, tower):
    """Carried = sum over passes k of stays**k * (1 - b)**(k - 1) * b."""
    stays, b = exp(-tower.transfer_units), tower.blowdown()
    carried = sum(stays**k * (1.0 - b) ** (k - 1) * b for k in range(1, 200))
    leak = COMPONENTS.stream(chlorobenzene=1.0)
    assert feed(tower, leak).out["carried"][MCB] == pytest.approx(carried, rel=1e-9)


def test_weather_has_twelve_months_and_the_mean_of_the_normals(weather):
    assert [m["month"] for m in weather] == list(range(1, 13))
    assert sum(m["air_degC"] for m in weather) / 12 == pytest.approx(10.0, abs=0.1)


def test_weather_is_within_4_kelvin_of_the_yearbooks_months(weather):
    """National Bureau of Statistics, Taiyuan, means of 2008 and 2009."""
    yearbook = [-5.3, -0.9, 6.9, 14.0, 19.05, 23.05, 24.95, 22.95, 17.6, 11.85, 1.5, -3.55]
    for month, mean in zip(weather, yearbook, strict=True):
        assert month["air_degC"] == pytest.approx(mean, abs=4.0)


def test_wet_bulb_solves_the_psychrometer_equation(weather):
    """Saturation pressure by Magnus; p_w - A P (t - t_w) = h p(t) with A = 6.62e-4/K, 92.5 kPa."""

    def saturated(t):
        return 611.2 * exp(17.62 * t / (243.12 + t))

    for m in weather:
        dry, wet = m["air_degC"], m["wet_bulb_degC"]
        left = saturated(wet) - 6.62e-4 * 92_500 * (dry - wet)
        assert left == pytest.approx(m["relative_humidity"] * saturated(dry), abs=12.0)


def test_river_water_never_freezes_and_lags_the_air(weather):
    assert min(m["river_degC"] for m in weather) >= 0.5
    warmest = max(weather, key=lambda m: m["river_degC"])
    assert warmest["month"] in (7, 8)
