"""Devices of a folder: what their trains run on without, and what stands at the end of a pipe."""

import pytest

import experiments as ex
from plant_models import units
from sim import RandomStreams
from tests.plant_models.folder.texts import WORKS, plant

FAILS = 'failure = { mtbf = "30 h", mttr = "10 h" }\n'
RUNS_ON = WORKS + FAILS + 'run_on = { outlet = "bottom" }\n'
HOURS = 0.05 * 8760.0


def faults(text, **others):
    with pytest.raises((ValueError, LookupError)) as caught:
        plant(text, **others)
    return str(caught.value)


def test_while_a_unit_is_down_that_its_train_runs_on_without_all_passes_as_it_came():
    """Of 1 t/h the still boils off 0.54, and nothing in the hours in which it is down."""
    run = plant(RUNS_ON).simulate("none", years=0.05)
    books = run.ledger
    down = books.total(cause="device down", sink="drums") / 1000.0  # h
    assert 0.0 < down < HOURS
    assert books.total(cause="device down", sink="air") == 0.0
    assert books.total(sink="air") == pytest.approx(540.0 * (HOURS - down))
    assert run.operating_hours == pytest.approx(HOURS)


def test_an_interlock_stops_it_instead():
    of = plant(RUNS_ON)
    locked = of.own_design(settings={"still.run_on.interlock": True})
    run = of.simulate("none", design=locked, years=0.05)
    assert run.ledger.total(cause="device down") == 0.0
    assert run.operating_hours < HOURS


def test_upsets_asks_of_what_a_folder_says_that_it_runs_on_without():
    found = ex.upsets(plant=plant(RUNS_ON), mtbf=20.0, years=0.02)
    assert found.devices == ("still",)
    assert found.change("still", False, "air_t").mean < 0.0 < found.usual[0]["air_t"]
    assert found.change("still", True, "made_t").mean < 0.0
    assert "air.salt" not in str(found)  # of which there never is any
    with pytest.raises(LookupError, match=r"run_on = \{ outlet = 'stack' \} beside its failure"):
        ex.upsets(plant=plant(WORKS + FAILS))
    with pytest.raises(RuntimeError, match=r"made none of product_t in 0\.01 years: nothing can"):
        ex.upsets(plant=plant(RUNS_ON.replace('"product"', '"residue"')), years=0.01)


WORSE = """
[A]
class = "no-cost"
title = "nobody looks after it, and it stops the still"
patches = [{ path = "still.failure.mtbf", scale = 0.5 },
           { path = "still.run_on.interlock", set = true }]
"""


def test_upsets_are_as_they_are_told_whatever_a_scheme_says_of_the_device():
    """A scheme had the last word: every 10 h under "every 20 h", and locked in both columns."""
    of = plant(RUNS_ON, schemes=WORSE)
    usual, worse = (ex.upsets(some, plant=of, mtbf=20.0, years=0.02) for some in ("none", "A"))
    assert worse.runs == usual.runs
    assert worse.usual != usual.usual


def test_a_device_that_fails_more_often_by_itself_is_told():
    lines = str(ex.upsets(plant=plant(RUNS_ON), mtbf=40.0, years=0.01)).splitlines()
    assert "still fails every 30 h as it is: an --mtbf below that tells more" in lines


def test_what_a_unit_runs_on_by_is_checked():
    assert "still.run_on.outlet: no outlet 'botom'; did you mean 'bottom'?" in faults(
        RUNS_ON.replace('"bottom" }', '"botom" }')
    )
    assert "still.run_on: it never fails; add failure = {" in faults(RUNS_ON.replace(FAILS, ""))
    water = {"water": "H2O"}
    still = units.make("separator", water, {"run_on": {"outlet": "top"}})
    assert units.written(still)["run_on"] == {"outlet": "top"}


HOUSE = """
pipes = ["brine -> still", "still.top -> bed", "still.bottom -> drums",
         "bed.held -> waste", "bed.stack -> air"]
[plant]
name = "still house"
pacer = "still"
[components]
salt = "NaCl"
water = "H2O"
[supplies]
brine = { salt = 0.1, water = 0.9 }
[sinks]
drums = "product"
air = "emission gas"
waste = "residue"
[units.still]
kind = "separator"
recovery.water = 0.6
capacity = "1 t/h"
[units.bed]
kind = "separator"
outlets = ["held", "stack"]
failure = { mtbf = "30 h", mttr = "10 h" }
run_on = { outlet = "stack" }
"""
SCHEMES = """
[S1]
class = "low-cost"
title = "Cooler still"
patches = [{ path = "still.recovery.water", set = 0.45, note = "tried" }]
[E1]
class = "high-cost"
title = "Bed"
patches = [{ path = "bed.recovery.water", set = 0.9, note = "maker" }]
"""
PRICES = """
[money]
currency = "EUR"
interest_rate = 0.0
horizon = 10
[sold.brine]
of = "drums_t"
price = "1 EUR/t"
[investments]
S1 = 5000.0
E1 = 20000.0
[upkeep]
E1 = 700.0
"""
DEVICES = """
holds = ["water"]
[air]
scheme = "E1"
sets = "bed.recovery.water"
"""


def house(**others):
    return plant(HOUSE, **{"schemes": SCHEMES, "prices": PRICES, "devices": DEVICES, **others})


def test_a_device_of_a_folder_is_held_against_schemes_at_equal_emission():
    """540 kg/h to air become 405 kg/h: the bed has to hold a quarter, and lets all by while down.

    Under the programme is no device; what they cost a year is told in prices.toml.
    """
    found = ex.end_of_pipe(plant=house(), replications=1, years=0.05)
    assert found.source.schemes == ("S1",)
    assert found.match.settings == {"bed.recovery.water": pytest.approx(0.25)}
    assert found.calm_to("devices", "air") == pytest.approx(0.405 * 8760.0)
    down = found.down()["bed"]  # h/yr
    assert found.let_by("air").mean == pytest.approx(0.135 * down)
    bill = found.bills["devices"]
    assert (bill.investment, bill.capital, bill.upkeep) == (20000.0, 2000.0, 700.0)
    assert "S1 against E1 (Bed) at equal emission" in str(found)
    assert "E1 apart, avoided: alone" in str(ex.attribute("air_t", plant=house()))
    assert "upkeep (E1)" in str(ex.money("E1", plant=house()))
    assert "E1" not in str(ex.money(plant=house()))


def test_what_rises_with_what_a_device_is_said_to_hold_is_refused():
    turned = HOUSE.replace('["held", "stack"]', '["stack", "held"]')
    others = {"schemes": SCHEMES, "prices": PRICES, "devices": DEVICES}
    with pytest.raises(ValueError, match=r"bed.recovery.water: what goes to air rises with it"):
        ex.end_of_pipe(plant=plant(turned, **others), replications=1, years=0.05)


@pytest.mark.parametrize(
    ("was", "becomes", "told"),
    [
        ('holds = ["water"]', "", "holds: expected a list of names, each a component, came noth"),
        ('["water"]', '["watr"]', "line 2: holds: no component 'watr'; did you mean 'water'?"),
        ("[air]", "[aire]", "line 3: aire: no sink 'aire'; did you mean 'air'?"),
        (
            '"E1"',
            '"E2"',
            "line 4: air.scheme: expected the scheme that builds it, came 'E2'; known",
        ),
        ("sets", "set", "line 5: air.set: no 'set'; did you mean 'sets'?"),
        ("recovery.water", "capacity", "bed.capacity: expected a share of 0 to 1 kg/kg, came one"),
        (DEVICES, 'holds = ["water"]', "devices.toml: no device: expected a table a sink"),
    ],
)
def test_what_is_wrong_with_devices_is_told_with_its_line(was: str, becomes: str, told: str):
    with pytest.raises(ValueError, match=r"devices\.toml") as caught:
        house(devices=DEVICES.replace(was, becomes))
    assert told in str(caught.value)


STANDING = HOUSE.replace('run_on = { outlet = "stack" }\n', "") + (
    'maintenance = { interval = "50 h", duration = "5 h" }\n'
)


@pytest.mark.parametrize("text", [HOUSE, STANDING])
def test_a_device_that_no_scheme_has_built_yet_neither_fails_nor_is_maintained(text: str):
    """It stopped the line, or let by as ``device down``, before anybody had bought it."""
    of = plant(text, schemes=SCHEMES, prices=PRICES, devices=DEVICES)
    before, after = (of.simulate(some, years=0.05) for some in ("none", "E1"))
    assert before.operating_hours == HOURS
    assert before.ledger.total(cause="device down") == 0.0
    down = after.ledger.total(cause="device down") + HOURS - after.operating_hours
    assert down > 0.0


def test_what_is_built_while_the_plant_runs_begins_to_fail():
    of = house()
    run = of.running(of.variant("none"), RandomStreams(1))
    run.plant.run(HOURS)
    run.change(of.tree(), of.variant("E1").tree)
    run.plant.run(2.0 * HOURS)
    assert run.plant.ledger().total(cause="device down") > 0.0
