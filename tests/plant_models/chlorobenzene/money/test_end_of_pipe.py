"""Devices at the end of the pipe: what they hold, what they cannot, and what a failure lets by."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plant_models.chlorobenzene import own_design
from plant_models.chlorobenzene.line import wiring
from plant_models.chlorobenzene.line.design import baseline
from plant_models.chlorobenzene.model import line, simulate, steady_state
from plant_models.chlorobenzene.substances.chemistry import BENZENE, COMPONENTS
from sim.network.operation import FailureMode
from sim.network.unit import Conditions

TAIL_GAS = COMPONENTS.stream(benzene=20.0, chlorobenzene=1.0, nitrogen=60.0, water=2.0)
MONTH = 0.08  # years


def test_what_is_not_built_is_not_there():
    network = wiring.network(baseline().tree)
    assert not {"carbon_bed", "effluent_stripper"} & set(network.units)
    assert "effluent_pit" not in network.tanks
    assert network.pipes["emergency_scrubber.gas"].to == "air"


def test_a_device_that_is_built_stands_between():
    network = wiring.network(line("E1, E2"))
    assert network.pipes["emergency_scrubber.gas"].to == "carbon_bed.gas"
    assert network.pipes["gas_catcher.effluent"].to == "effluent_pit"
    assert network.pipes["effluent_stripper.treated"].to == "sewer"


@given(st.floats(0.0, 1.0))
def test_a_bed_lets_by_what_it_does_not_hold(feed_capture):
    bed = replace(line("E1").carbon_bed, capture=feed_capture)
    at = Conditions(100.0, {"cooling_water": 288.0, "air": 283.0, "pressure": 92_500.0})
    recipe = bed.convert({"gas": TAIL_GAS, "water": COMPONENTS.stream(water=1.0)}, at)
    assert recipe.splits["gas"][BENZENE] == pytest.approx(1.0 - feed_capture, abs=1e-12)


def test_the_steam_of_a_bed_goes_by_what_it_holds():
    bed = line("E1").carbon_bed
    saved = steady_state("none").indicators - steady_state("E1").indicators
    held = saved["air.benzene_t"] + saved["air.chlorobenzene_t"]
    assert -saved["steam_t"] == pytest.approx(bed.steam_ratio * held, rel=0.02)


def test_a_bed_saves_no_benzene_but_sells_it_as_slop():
    before, after = steady_state("none").indicators, steady_state("E1").indicators
    held = before["air.benzene_t"] - after["air.benzene_t"]
    assert after["benzene_used_t"] == pytest.approx(before["benzene_used_t"], rel=1e-3)
    assert after["slop_oil_t"] - before["slop_oil_t"] == pytest.approx(held, rel=0.02)


def test_a_stripper_takes_organics_and_leaves_acid_and_water():
    before, after = steady_state("none").indicators, steady_state("E2").indicators
    left = 1.0 - line("E2").effluent_stripper.recovery
    assert after["wastewater.benzene_t"] == pytest.approx(
        left * before["wastewater.benzene_t"], rel=0.01
    )
    acid = "wastewater.hydrogen_chloride_t"
    assert after[acid] == pytest.approx(before[acid], rel=1e-6)
    assert after["wastewater_t"] == pytest.approx(before["wastewater_t"], rel=1e-3)


def never_fails(device):
    return own_design(None, [f"{device}.failure.mtbf=1e9"])


@pytest.mark.parametrize("device", ["carbon_bed", "effluent_stripper"])
def test_while_it_is_down_a_device_protects_nothing(device):
    """A device that is always under repair emits what the line without it does."""
    scheme, sink = {
        "carbon_bed": ("E1", "air.benzene_t"),
        "effluent_stripper": ("E2", "wastewater.benzene_t"),
    }[device]
    lost = own_design(None, [f"{device}.failure.mtbf=1e-3", f"{device}.failure.mttr=1e7"])
    calm = ["shutdown", "trucks", "seasons", "lots", "maintenance"]
    runs = [
        simulate(s, years=0.02, without=calm, design=d).indicators[sink]
        for s, d in (("none", baseline()), (scheme, lost), (scheme, never_fails(device)))
    ]
    assert runs[2] < 0.6 * runs[0]
    assert runs[1] == pytest.approx(runs[0], rel=0.2)


def test_a_bed_out_of_order_stops_no_train():
    sick = own_design(None, ["carbon_bed.failure.mtbf=20", "carbon_bed.failure.mttr=20"])
    hours = [
        simulate("E1", years=MONTH, design=design).operating_hours
        for design in (sick, never_fails("carbon_bed"))
    ]
    assert hours[0] == pytest.approx(hours[1], rel=0.01)


def test_the_books_close_over_by_passes_and_spills():
    sick = own_design(
        None,
        ["carbon_bed.failure.mtbf=50", "effluent_stripper.failure.mtbf=50",
         "effluent_stripper.failure.mttr=60"],
    )  # fmt: skip
    run = simulate("E1, E2", years=MONTH, design=sick)
    assert run.receipt().closure < 1e-9
    assert run.ledger.total(source="effluent_pit", sink="sewer", cause="spill") > 0.0


def test_a_run_with_devices_is_told_as_any_other():
    run = simulate("E1, E2", years=0.1, record=True)
    assert str(run.diary())
    assert run.plot.levels() is not None


def test_a_bypassed_bed_has_the_failure_mode_of_the_bed():
    bed = line("E1").carbon_bed
    assert isinstance(bed.failure, FailureMode)
    assert bed.bypassed().failure == bed.failure
    assert bed.bypassed().capture == 0.0
