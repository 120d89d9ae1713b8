"""A run of any plant goes on after its end, also after it was kept in a file."""

import pickle
from dataclasses import replace
from typing import Any

import pytest

from plant_models import chlorobenzene as cb
from plant_models.flowshop.model import PLANT as FLOWSHOP
from plant_models.model import PlantModel

PLANTS = [cb.PLANT, FLOWSHOP]


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.name)
def test_a_run_is_prolonged_with_the_bits_of_one_that_was_looked_at_there(
    plant: PlantModel[Any, Any],
):
    run = plant.simulate("none", years=0.02, seed=3, replication=1)
    longer = pickle.loads(pickle.dumps(run)).prolong(years=0.03)
    going = plant.begun(
        run.variant, seed=3, replication=1, without=(), start_hour=0.0, record=False
    ).plant
    going.run(0.02 * 8760.0)
    going.run(0.05 * 8760.0)
    assert longer.ledger == going.ledger()
    assert longer.years == 0.05
    assert (longer.seed, longer.replication) == (3, 1)


def test_a_prolonged_run_is_the_long_one():
    longer = cb.simulate("F1-F4", years=0.01, seed=1).prolong(0.01)
    whole = cb.simulate("F1-F4", years=0.02, seed=1)
    assert longer.ledger == whole.ledger
    assert longer.indicators == whole.indicators


def test_a_resumed_run_keeps_its_record_and_what_was_left_out():
    run = cb.simulate("none", years=0.02, seed=1, record=True, without=["failures"])
    plant = run.resume().plant
    assert plant.env.now == run.ledger.hours
    assert plant.recorder is not None
    assert run.record is not None
    assert plant.recorder.states == run.record.states


def test_a_run_of_another_version_is_refused():
    run = cb.simulate("none", years=0.02, seed=1)
    held = {**run.ledger.held, "dry_benzene_tank": run.ledger.held["dry_benzene_tank"] * 1.1}
    with pytest.raises(ValueError, match="another one: tank 'dry_benzene_tank' holds something"):
        replace(run, ledger=replace(run.ledger, held=held)).resume()


def test_a_steady_state_cannot_be_resumed():
    with pytest.raises(ValueError, match="a steady state is no run that could go on"):
        cb.steady_state("none").resume()


@pytest.mark.parametrize("years", [0.0, -1.0])
def test_a_run_is_prolonged_by_some_time(years: float):
    with pytest.raises(ValueError, match="years: expected a number above 0"):
        cb.simulate("none", years=0.01, seed=1).prolong(years)


def test_a_length_that_is_no_number_is_told():
    with pytest.raises(TypeError, match="years: expected a number"):
        cb.simulate("none", years=0.01, seed=1).prolong("half a year")  # type: ignore[arg-type]
