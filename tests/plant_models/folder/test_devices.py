"""Devices of a folder: what their trains run on without, and what stands at the end of a pipe."""

import pytest

import experiments as ex
from plant_models import units
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


def test_what_a_unit_runs_on_by_is_checked():
    assert "still.run_on.outlet: no outlet 'botom'; did you mean 'bottom'?" in faults(
        RUNS_ON.replace('"bottom" }', '"botom" }')
    )
    assert "still.run_on: it never fails; add failure = {" in faults(RUNS_ON.replace(FAILS, ""))
    water = {"water": "H2O"}
    still = units.make("separator", water, {"run_on": {"outlet": "top"}})
    assert units.written(still)["run_on"] == {"outlet": "top"}
