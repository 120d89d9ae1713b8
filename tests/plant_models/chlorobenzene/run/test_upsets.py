"""Abnormal hours as physics: what goes where, by hand, and books that close through all of it."""

from dataclasses import replace
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plant_models import chlorobenzene as cb
from plant_models.chlorobenzene.line import upsets, weather, wiring
from plant_models.chlorobenzene.line.design import baseline
from plant_models.chlorobenzene.run.indicators import AIR
from plant_models.chlorobenzene.substances.chemistry import COMPONENTS
from plant_models.chlorobenzene.substances.properties import vapour_pressures
from plant_models.chlorobenzene.units.down import DeadFan, turned_into
from plant_models.chlorobenzene.units.vessels import Spill, Vessel
from sim.flow.map import NORMAL, OVERFLOW
from sim.model.facts import set_values
from sim.model.ranges import sample_at, sampled_paths
from sim.network.unit import CAUSES, Conditions
from sim.steady.state import SteadyState

FAILURES_ALONE = ("maintenance", "shutdown", "seasons", "lots", "spills")
DEVICES = ("off_gas_fan", "absorber_water", "catcher_pump", "cooling_water", "power")
MISSING = dict(
    zip(
        DEVICES,
        (upsets.FAN, upsets.ABSORPTION_WATER, upsets.CATCHER, upsets.COOLING, upsets.POWER),
        strict=True,
    )
)


@cache
def hourly(device: str = "") -> dict[str, float]:
    """Return what goes to air an hour while the line runs on without a device, kg."""
    line = cb.line("none")
    missing = [MISSING[device]] if device else []
    network = wiring.network(line)
    mean = weather.annual_mean(line)
    felt = upsets.felt(line, lambda _: mean, missing)(0.0)
    network = replace(network, units=upsets.crippled(network, missing))
    ledger = SteadyState(network, felt).ledger(1.0)
    assert ledger.closure < 1e-9
    leaked = ledger.total(stream="off_gas_fan.leaked")
    return {name: ledger.total(name, medium="emission gas") for name in AIR} | {"leaked": leaked}


@pytest.mark.parametrize("device", DEVICES)
def test_more_benzene_goes_to_air_while_a_device_is_down(device: str):
    assert hourly(device)["benzene"] > 1.05 * hourly()["benzene"]


@pytest.mark.parametrize("device", DEVICES[:3])
def test_acid_passes_where_nothing_washes_the_gas(device: str):
    assert hourly(device)["hydrogen_chloride"] > 20.0 * hourly()["hydrogen_chloride"]


def test_gas_leaks_out_only_where_no_fan_draws():
    assert hourly()["leaked"] == hourly("catcher_pump")["leaked"] == 0.0
    assert hourly("off_gas_fan")["leaked"] > 100.0


def test_a_dead_fan_leaks_what_the_pressure_at_the_seal_does_not_drive_through():
    """G_t = 1,400 (500/1,000)^(1/1.8) = 953 kg/h pass; of a trickle less than the leaks bear."""
    dead = turned_into(DeadFan, cb.line("none").off_gas_fan)
    assert dead.through(dead.relief) == pytest.approx(952.55, abs=0.01)
    assert dead.leaked(1200.0) == pytest.approx(1.0 - 952.55 / 1200.0, abs=1e-5)
    few = dead.leaked(100.0)
    assert 0.0 < few < 0.05
    pressure = dead.resistance * (100.0 * (1.0 - few) / dead.resistance_flow) ** 1.8
    assert dead.leaks(pressure) == pytest.approx(100.0 * few, rel=1e-6)
    assert dead.leaked(0.0) == 0.0


def test_a_third_stage_stands_in_the_way_of_the_gas_of_a_dead_fan():
    """G_t = 1,400 (500/1,150)^(1/1.8) = 881 kg/h pass where 953 did; what does not leaks out."""
    dead = {}
    for schemes in ("none", "F10"):
        network = wiring.network(cb.line(schemes))
        fan = upsets.crippled(network, [upsets.FAN])["off_gas_fan"]
        assert isinstance(fan, DeadFan)
        dead[schemes] = fan
    more = dead["F10"].resistance - dead["none"].resistance
    assert more == dead["none"].resistance_of_stage == 150.0
    assert dead["F10"].leaked(1200.0) == pytest.approx(1.0 - 881.4 / 1200.0, abs=1e-4)
    assert dead["none"].leaked(1200.0) < dead["F10"].leaked(1200.0)


@pytest.mark.long
@pytest.mark.parametrize("schemes", ["none", "F1-F11"])
def test_a_fan_that_fails_often_makes_the_plant_dirtier(schemes: str):
    def per_tonne(mtbf: float) -> float:
        design = cb.own_design(settings={"off_gas_fan.failure.mtbf": mtbf})
        run = cb.simulate(schemes, years=0.25, design=design, without=FAILURES_ALONE)
        return run.indicators["air.benzene_t"] / cb.PLANT.made(run)

    assert per_tonne(100.0) > 1.005 * per_tonne(4000.0)


# ---- vessels, hoses and drums ------------------------------------------------------------------

AT = Conditions(100.0, {"air": 285.0, "cooling_water": 288.0, "pressure": 92_500.0}, "cleaning")


def emptied(vessel: Vessel, at: Conditions) -> dict[str, tuple[float, ...]]:
    """Return what becomes of 60 kg of benzene and 40 of chlorobenzene with some acid."""
    kg = COMPONENTS.stream(benzene=60.0, chlorobenzene=40.0, hydrogen_chloride=1.0)
    drawn = sum(kg) * vessel.water if at.cause == "cleaning" else 0.0
    water = COMPONENTS.stream(water=drawn)
    recipe = vessel.convert({"contents": kg, "rinse": water}, at)
    return recipe.apply(tuple([a + b for a, b in zip(kg, water, strict=True)]))


def test_a_vessel_gives_its_drainings_to_slop_and_the_rest_to_rinse_and_steam():
    vessel = cb.line("none").chlorinator_vessel
    out = emptied(vessel, AT)
    benzene, acid = COMPONENTS.index["benzene"], COMPONENTS.index["hydrogen_chloride"]
    dissolved = out["rinse"][benzene]
    assert 0.0 < dissolved < 2.0
    assert out["vapour"][benzene] == pytest.approx((0.6 * 60.0 - dissolved) * 0.4)
    assert out["rinse"][acid] == pytest.approx(0.6)
    assert sum(map(sum, out.values())) == pytest.approx(101.0 * 6.0)


def test_a_vessel_that_is_heated_lets_go_of_the_air_in_it_and_what_that_carries():
    """P V/(R T) of air over P - p of its own: 15 m3 at 288 K are 0.58 kmol."""
    vessel = cb.line("none").chlorinator_vessel
    at = Conditions(100.0, AT.surroundings, "start-up")
    out = emptied(vessel, at)
    air = 92_500.0 * 15.0 / 8314.46 / 288.0 / vessel.hours  # kmol/h
    T = 288.0 + vessel.vent_approach
    x = (60.0 / 78.11) / (60.0 / 78.11 + 40.0 / 112.56)
    p = vapour_pressures(T)
    lost = air * x * p[0] / (92_500.0 - x * p[0] - (1.0 - x) * p[1]) * 78.11
    assert out["vapour"][0] == pytest.approx(lost, rel=1e-3)
    assert sum(out["slop"]) == sum(out["rinse"]) == 0.0


def test_a_drum_of_chlorobenzene_evaporates_less_than_one_of_benzene():
    drum: Spill = cb.line("none").drum
    split = drum.convert({}, AT).splits
    assert split["evaporated"][0] == pytest.approx(drum.evaporated)
    assert split["evaporated"][1] < 0.25 * drum.evaporated
    for i in range(len(COMPONENTS)):
        assert sum(each[i] for each in split.values()) == pytest.approx(1.0)


def test_the_annual_shutdown_empties_every_vessel_once():
    only = ("failures", "maintenance", "seasons", "lots", "spills")
    full = {"liquor_tank.initial_level": 0.9, "neutral_tank.initial_level": 0.9}
    run = cb.simulate(
        "none", years=0.02, start_hour=4690.0, without=only, design=cb.own_design(settings=full)
    )
    for name in upsets.VESSELS.values():
        vessel = getattr(run.line, name)
        entered = run.ledger.total(source=wiring.RELEASES[name], sink=name, cause="shutdown")
        assert entered == pytest.approx(vessel.rest, rel=1e-9), name
    assert run.ledger.total(cause="trip") == 0.0


def test_a_run_that_begins_amid_the_annual_shutdown_fills_the_vessels_that_were_emptied_before():
    run = cb.simulate("none", years=0.002, start_hour=5100.0)  # 8 of its hours are left
    assert run.hours["chlorination"]["annual shutdown"] == pytest.approx(8.0)
    for name in upsets.VESSELS.values():
        let_go = {"source": wiring.RELEASES[name], "sink": name}
        filled = run.ledger.total(**let_go, cause="start-up")
        assert filled == pytest.approx(getattr(run.line, name).rest, rel=1e-9), name
        assert run.ledger.total(**let_go, cause="shutdown") == 0.0


# ---- the whole ----------------------------------------------------------------------------------

RANGED = [p for p in sampled_paths(baseline()) if any(w in p for w in (
    "run_on", "relief", "resistance", "purge", "standing", "_vessel.", "hose", "drum", "trip",
    "water_failure", "start_up",
))]  # fmt: skip
OFTEN = {path: 60.0 for path, _ in upsets.UPSETS.values()} | {
    "chlorinator.failure.mtbf": 100.0,
    "crude_column.maintenance.interval": 80.0,
    "benzene_hose.handled": 3e5,
    "drum.handled": 1e5,
}


@pytest.mark.long
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    where=st.lists(st.floats(0.0, 1.0), min_size=len(RANGED), max_size=len(RANGED)),
    locks=st.lists(st.booleans(), min_size=5, max_size=5),
    schemes=st.sampled_from(["none", "F2,F7", "F1-F11", "F3,F10"]),
    seed=st.integers(0, 99),
)
def test_books_close_through_every_upset_of_any_design(where, locks, schemes, seed):
    """A run refuses books that are worse than 1e-9."""
    tree = sample_at(baseline(), dict(zip(RANGED, where, strict=True)))
    locked = {lock: on for (_, lock), on in zip(upsets.UPSETS.values(), locks, strict=True)}
    design = set_values(replace(baseline(), tree=tree), {**locked, **OFTEN})
    run = cb.simulate(schemes, years=0.015, seed=seed, start_hour=4650.0, design=design)
    assert run.indicators["closure"] < 1e-9
    assert {entry.cause for entry in run.ledger.flows} <= set(CAUSES)
    assert min(float(kg.min()) for kg in run.ledger.flows.values()) > -1e-6


@pytest.mark.parametrize("fraction", [1e-12, 1e-277, 1e-310])
def test_what_as_good_as_stands_in_a_trip_draws_no_more_than_a_float_holds(fraction):
    """The dryer gets what that lets through, and water for each kg of it by its condenser."""
    often = {"chlorination.trip_hours": 2.0, "chlorination.trip_fraction": fraction, **OFTEN}
    run = cb.simulate(
        "none", years=0.015, seed=0, start_hour=4650.0, design=cb.own_design(settings=often)
    )
    assert run.indicators["closure"] < 1e-9


def test_a_vessel_that_is_drained_lets_no_train_trickle_before_a_full_tank():
    """The wet-benzene tank is full and the dryer down: nothing may run on what its vessel gives."""
    units = ("dryer", "chlorinator", "absorber", "crude_column", "rectification_column")
    often = {f"{unit}.failure.mtbf": 100.0 for unit in (*units, "polychloride_column")}
    out = ("maintenance", "shutdown", "seasons", "deliveries", "trucks", "shifts", "lots", "spills")
    run = cb.simulate("none", years=0.008, without=out, design=cb.own_design(settings=often))
    assert run.indicators["closure"] < 1e-9


def test_the_steady_state_knows_permanent_causes_alone():
    for schemes in ("none", "F1-F11"):
        flows = cb.steady_state(schemes).ledger.flows
        assert {entry.cause for entry in flows} <= {NORMAL, OVERFLOW}
        assert not {entry.source for entry in flows} & set(wiring.RELEASES)


def test_no_truck_waits_out_the_annual_shutdown():
    """Three of acid stood for 400 h each, at a charge by the hour; the tank farm is manned."""
    others = ("failures", "maintenance", "seasons", "lots", "spills")
    run = cb.simulate("none", years=420.0 / 8760.0, seed=1, start_hour=4690.0, without=others)
    assert run.indicators["operating_hours"] == pytest.approx(12.0 / 420.0 * 8760.0)
    assert run.demurrage_hours == {"acid_loading": 0.0}
