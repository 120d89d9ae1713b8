"""What a run hands to an analyst: tables of its traces, and that it is the same run again."""

import pickle
import subprocess
import sys

import numpy as np
import pytest

from plant_models import chlorobenzene as cb
from plant_models.chlorobenzene.run import floors
from plant_models.chlorobenzene.run.explorer import simulate_in_steps


@pytest.fixture(scope="module")
def run() -> cb.Result:
    return cb.simulate("F1", years=0.04, seed=3, record=True)


def test_the_same_seed_gives_an_equal_run_and_another_seed_does_not(run: cb.Result):
    assert run == cb.simulate("F1", years=0.04, seed=3, record=True)
    assert run != cb.simulate("F1", years=0.04, seed=4, record=True)
    assert run.ledger != cb.simulate("F2", years=0.04, seed=3).ledger


def test_a_result_shows_as_one_line():
    assert repr(cb.steady_state("F1,F7")).startswith("<Result of F1, F7, 1 year: indicators, ")


def test_a_run_is_the_same_after_pickling(run: cb.Result):
    again = pickle.loads(pickle.dumps(run))
    assert again == run
    assert again.indicators == run.indicators
    assert again.flows.equals(run.flows)
    assert again.ledger.extents == run.ledger.extents
    assert floors._made(again.ledger) == floors._made(run.ledger)
    assert floors._residue(again.ledger) == floors._residue(run.ledger)


@pytest.mark.long
def test_another_process_computes_the_same_bits(run: cb.Result):
    code = (
        "from plant_models import chlorobenzene as cb\n"
        "print(dict(cb.simulate('F1', years=0.04, seed=3).indicators))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == str(dict(run.indicators))


def test_a_run_tells_what_fixed_its_draws(run: cb.Result):
    assert (run.seed, run.replication, run.without) == (3, 0, ())
    assert "seed 3, replication 0" in repr(run)
    assert cb.steady_state().seed is None
    assert cb.simulate(years=0.01, without="trucks").without == ("trucks",)


def test_levels_are_a_table_of_tanks_in_kg_that_ends_with_the_books(run: cb.Result):
    levels = run.levels()
    assert levels.attrs["units"]["product_tank"] == "kg"
    assert levels.index.name == "hour"
    assert levels.index[-1] == run.ledger.hours
    assert levels.index.is_monotonic_increasing
    for tank, opening in run.ledger.opening.items():
        capacity = getattr(run.line, tank).capacity
        assert levels[tank].iloc[0] == pytest.approx(opening.sum())
        assert levels[tank].iloc[-1] == run.ledger.held[tank].sum()
        assert levels[tank].between(0.0, capacity * (1 + 1e-7)).all()  # rounding at the brim


def test_states_fill_the_run_of_every_train_without_gaps(run: cb.Result):
    """Their hours are those that the engine counts, state by state."""
    states = run.states()
    for train, told in states.groupby("train", sort=False):
        assert told["start"].iloc[0] == 0.0
        assert told["end"].iloc[-1] == run.ledger.hours
        assert np.array_equal(told["start"].iloc[1:], told["end"].iloc[:-1])
        by_state = told.groupby("state")["hours"].sum().to_dict()
        counted = {s: h for s, h in run.hours[str(train)].items() if h > 0.0}
        assert by_state == pytest.approx(counted)


def test_events_are_a_table_with_dates(run: cb.Result):
    events = run.events()
    assert list(events.columns) == ["hour", "date", "who", "what"]
    failed = events[events["what"] == "failed"].iloc[0]
    assert (failed["who"], failed["date"]) == ("power_and_steam", "3 Jan 22:33")


@pytest.mark.parametrize("table", ["levels", "states", "events"])
def test_a_run_that_was_not_recorded_has_no_traces(table: str):
    with pytest.raises(ValueError, match="record=True"):
        getattr(cb.steady_state(), table)()


def test_a_run_in_steps_takes_what_a_run_takes():
    *_, last = simulate_in_steps("F1", years=0.02, steps=2, seed=1, replication=2, start_hour=4000)
    assert (last.replication, last.start_hour, last.years) == (2, 4000, 0.02)
    whole = cb.simulate("F1", years=0.02, seed=1, replication=2, start_hour=4000)
    assert last.indicators == whole.indicators
    with pytest.raises(ValueError, match="steps: expected a whole number of 1 or more, came 0"):
        next(simulate_in_steps(steps=0))


@pytest.mark.parametrize(
    "shown",
    [
        cb.card("off_gas_cooler"),
        cb.card("limits"),
        cb.explain("F1"),
        cb.steady_state().receipt(),
        cb.simulate(years=0.01).receipt(),
        cb.steady_state().why("air.benzene_t"),
    ],
    ids=["card", "sheet", "explanation", "receipt of heat", "receipt", "why"],
)
def test_what_prints_as_a_table_shows_as_one_at_the_prompt_too(shown: object):
    assert repr(shown) == str(shown)


def test_a_design_shows_as_a_line_that_tells_it_from_others():
    assert repr(cb.BASELINE).startswith("<Design of Line ")
    assert len(repr(cb.BASELINE)) < 100
    moved = cb.own_design(settings={"off_gas_cooler.area": 80.0})
    assert repr(moved) != repr(cb.BASELINE)


def test_completion_offers_the_front_door_alone():
    assert dir(cb) == sorted(cb.__all__)
    assert "air.benzene_t" in cb.steady_state().indicators._ipython_key_completions_()


def test_a_total_of_no_component_or_no_field_names_the_nearest(run: cb.Result):
    with pytest.raises(LookupError, match="no component 'benzen'; did you mean 'benzene'"):
        run.ledger.total("benzen")
    with pytest.raises(LookupError, match="an entry has no 'mediu'; did you mean 'medium'"):
        run.ledger.total("benzene", mediu="emission gas")
    assert run.ledger.total("benzene", cause="overflow") == 0.0
