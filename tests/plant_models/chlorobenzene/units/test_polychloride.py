"""The polychloride column before and after F8."""

from dataclasses import replace

import pytest

from plant_models.chlorobenzene.substances.chemistry import (
    COMPONENTS,
    DCB,
    INERT,
    MCB,
    NACL,
    ORGANICS,
    TCB,
    WATER,
)
from plant_models.chlorobenzene.substances.properties import boiling_point, solubility_in_water

CHARGE = COMPONENTS.stream(
    chlorobenzene=55.7,
    dichlorobenzene=129.7,
    trichlorobenzene=0.2,
    sodium_hydroxide=1.3,
    sodium_chloride=0.5,
    iron_chloride=0.1,
)


def recovery(result):
    return result.out["distillate"][MCB] / CHARGE[MCB]


def test_eight_stages_recover_about_90_percent(line, feed):
    assert line.polychloride_column.stages == pytest.approx(8.2)
    assert recovery(feed(line.polychloride_column, CHARGE)) == pytest.approx(0.90, abs=0.03)


def test_twelve_stages_recover_98_percent(line, feed):
    taller = replace(line.polychloride_column, trays=18)
    assert taller.stages == pytest.approx(11.8)
    assert recovery(feed(taller, CHARGE)) == pytest.approx(0.98, abs=0.015)


def test_chlorobenzene_left_is_sold_inside_the_dichlorobenzene(line, feed):
    out = feed(line.polychloride_column, CHARGE).out
    left = CHARGE[MCB] - out["distillate"][MCB]
    assert out["dichlorobenzene"][MCB] > 0.8 * left
    assert out["residue"][MCB] < 0.01 * left


def test_residue_keeps_salts_and_most_of_the_trichlorobenzene_per_dichlorobenzene(line, feed):
    out = feed(line.polychloride_column, CHARGE).out
    assert out["residue"][NACL] == pytest.approx(CHARGE[NACL])
    assert out["residue"][DCB] == pytest.approx(0.05 * out["dichlorobenzene"][DCB], rel=0.1)
    in_residue = out["residue"][TCB] / out["residue"][DCB]
    assert in_residue > 5 * out["dichlorobenzene"][TCB] / out["dichlorobenzene"][DCB]


def test_sealing_water_is_never_more_than_saturated_with_chlorobenzene(line, feed):
    out = feed(line.polychloride_column, CHARGE).out["water"]
    assert 0.0 < out[MCB] / out[WATER] <= solubility_in_water(MCB, 288.15)


def test_sealing_water_takes_nothing_from_the_condenser_that_the_air_did_not_bring(line, feed):
    """It meets the gas in the pump, behind the condenser: no steam of it carries organics there."""
    column = line.polychloride_column
    pumped = [
        feed(replace(column, sealing_water=kg), CHARGE).out for kg in (0.0, 1e-3, 1.0, 1e2, 1e4)
    ]
    boiled = (*CHARGE[:INERT], column.air_in_leak, *CHARGE[INERT + 1 :])
    held = column.distillate_dichlorobenzene
    top = column.overhead(boiled, (MCB, DCB), held, 288.15, column.pressure, bottoms_held=False)
    for out in pumped:
        assert out["vent"][MCB] == pytest.approx(pumped[0]["vent"][MCB], rel=1e-12)
        assert out["vent"][MCB] + out["water"][MCB] <= CHARGE[MCB] * top.vent[MCB] * (1 + 1e-9)
    assert pumped[-1]["water"][MCB] > 100 * pumped[2]["water"][MCB] > 0.0


def overhead(column, T_water):
    """Return the top of a column on its charge and air, at water of so many K."""
    boiled = (*CHARGE[:INERT], column.air_in_leak, *CHARGE[INERT + 1 :])
    held = column.distillate_dichlorobenzene
    return column.overhead(boiled, (MCB, DCB), held, T_water, column.pressure, bottoms_held=False)


def test_a_condenser_far_too_small_lets_all_that_is_distilled_go_at_any_vacuum(line):
    """So little air carries a part of it next to boiling; the rest is not condensed either."""
    column = replace(line.polychloride_column, air_in_leak=0.01)
    small = replace(column, condenser=replace(column.condenser, area=0.2))
    for pressure in range(2_000, 30_000, 50):
        top = overhead(replace(small, pressure=float(pressure)), 288.15)
        assert top.vent[MCB] == pytest.approx(top.share[MCB], rel=1e-12), pressure


@pytest.mark.parametrize("air", [0.0, 3.0])
def test_water_as_warm_as_the_vapour_condenses_nothing_of_it(line, air):
    """Nor does hotter water; water that is hardly colder does where the surface is vast."""
    deep = replace(line.polychloride_column, pressure=2_000.0, air_in_leak=air)
    boils = boiling_point(MCB, deep.pressure)
    for warmer in (-1e-3, 0.0, 1e-3, 1.0, 9.0):
        top = overhead(deep, boils + warmer)
        assert top.vent[MCB] == pytest.approx(top.share[MCB], rel=1e-12)
    vast = replace(deep, condenser=replace(deep.condenser, area=1e4))
    colder, hardly = (overhead(vast, boils - k).vent[MCB] for k in (1.001, 0.999))
    assert hardly == pytest.approx(colder, rel=1e-3, abs=1e-9)


def test_tight_column_leaves_water_and_vent_clean(line, feed):
    out = feed(replace(line.polychloride_column, air_in_leak=0.0), CHARGE).out
    assert sum(out["vent"]) == 0.0
    assert sum(out["water"][i] for i in ORGANICS) == 0.0


def test_deeper_vacuum_eases_the_separation(line, feed):
    """Volatilities spread as the temperature falls."""
    column = line.polychloride_column
    deep = replace(column, pressure=12_000.0)
    assert recovery(feed(deep, CHARGE)) > recovery(feed(column, CHARGE))


def test_steam_is_about_ten_kilograms_a_tonne_of_product_before_losses(line, feed):
    """0.01 t/t latent, here with the still and feed preheat: below 0.04 t/t."""
    ideal = replace(line.polychloride_column, heat_loss=0.1, blow_through=0.0)
    steam = feed(ideal, CHARGE).recipe.uses["steam"] * sum(CHARGE)
    assert 0.01 <= steam / 2430 <= 0.04


def test_collected_vent_changes_only_where_it_goes(line, feed):
    column = line.polychloride_column
    before = feed(column, CHARGE).out
    after = feed(replace(column, vents_collected=True), CHARGE).out
    assert after["vent_collected"] == before["vent"]
    assert sum(after["vent"]) == 0.0


def test_an_empty_or_odd_charge_is_still_legal(line, feed):
    for charge in (
        {},
        {"water": 10.0},
        {"benzene": 10.0},
        {"chlorobenzene": 50.0},
        {"dichlorobenzene": 50.0},
        {"trichlorobenzene": 5.0, "benzene": 5.0},
        {"chlorobenzene": 5.0, "hydrogen_chloride": 3.0, "chlorine": 1.0, "nitrogen": 20.0},
    ):
        feed(line.polychloride_column, COMPONENTS.stream(**charge))
