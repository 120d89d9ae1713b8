"""No random year of a random design stands still, raises, or loses a kilogram."""

import re
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from plant_models.chlorobenzene import own_design
from plant_models.chlorobenzene.line.design import baseline, catalogue
from plant_models.chlorobenzene.line.tree import Line
from plant_models.chlorobenzene.model import simulate
from plant_models.chlorobenzene.run.result import Result
from sim.errors import Gridlock
from sim.model.facts import Design
from sim.model.schemes import Scheme
from tests.trees import sample, sample_schemes

LONG_RUNS = 200


def drawn(number: int) -> tuple[tuple[str, ...], Design[Line], dict[str, Scheme]]:
    """Return the scheme set, the design and the catalogue that belong to a number."""
    rng = np.random.default_rng(number)
    design, known = baseline(), catalogue()
    design = replace(design, tree=sample(design, rng))
    drawn_schemes = {s.id: s for s in sample_schemes(known.values(), rng)}
    return tuple(name for name in known if rng.random() < 0.5), design, drawn_schemes


@cache
def random_run(number: int, years: float) -> Result:
    """Simulate a random design; the seed is its number, too.

    Again, from the root, import it from ``tests.plant_models.chlorobenzene.run.test_random_years``.
    """
    chosen, design, known = drawn(number)
    return simulate(chosen, years=years, seed=number, design=design, known=known)


def outcome(number: int, years: float) -> str:
    """Return what is wrong with a random run, told with what makes it happen again."""
    try:
        run = random_run(number, years)
    except (ValueError, RuntimeError, LookupError) as fault:  # Gridlock, BalanceError among them
        chosen = ",".join(drawn(number)[0]) or "none"
        return f"random_run({number}, {years}), {chosen}: {type(fault).__name__}: {fault}"
    finally:
        random_run.cache_clear()
    if not run.operating_hours > 0.2 * 8760.0 * years:
        return f"random_run({number}, {years}): ran {run.operating_hours:.0f} h only: {run.hours}"
    return ""


def faults(numbers: range, years: float) -> list[str]:
    return [told for number in numbers if (told := outcome(number, years))]


@pytest.mark.parametrize(
    "number", [4, *(pytest.param(n, marks=pytest.mark.long) for n in (0, 1, 2, 3, 5))]
)
def test_a_random_quarter_runs_through(number):
    assert outcome(number, 0.25) == ""


@pytest.mark.soak
def test_random_years_run_through():
    assert faults(range(1000, 1000 + LONG_RUNS), 1.0) == []


@pytest.mark.parametrize(
    ("number", "years"),
    [
        pytest.param(1075, 0.03, id="catcher water swings"),
        pytest.param(1034, 0.41, id="catcher water swings late", marks=pytest.mark.long),
        pytest.param(1192, 0.28, id="dryer at a trace of its rate", marks=pytest.mark.long),
        pytest.param(
            1028, 0.27, id="a rate that stands is no end of a bracket", marks=pytest.mark.long
        ),
    ],
)
def test_a_random_year_that_once_broke_runs_through(number, years):
    assert outcome(number, years) == ""


def test_no_tank_falls_below_its_heel_beside_a_train_that_trickles():
    # drying trips at a trace of its rate and takes a thousand kg of water per kg; beside that the
    # stripper's kg per kg looked like nothing, and it drew the pit from its heel to zero
    chosen, design, known = drawn(1)
    run = simulate(chosen, years=0.03, seed=1, design=design, known=known, record=True)
    assert run.record is not None
    lowest = np.array(run.record.level_rows).min(axis=0)
    tanks = [getattr(run.line, name) for name in run.ledger.held]
    heels = np.array([tank.heel * tank.capacity for tank in tanks])
    assert (lowest >= 0.99 * heels).all()


def test_a_trip_that_leaves_next_to_nothing_settles():
    # the dryer's once-through water takes a few kg/h of benzene whatever its rate, so that its
    # recipe and a rate of 3 kg/h answer each other over four orders of magnitude
    settings = ["chlorination.trip_fraction=0.0005", "chlorine_supply.failure.mtbf=200 h"]
    simulate("none", years=0.02, seed=1006, design=own_design(None, settings))


@cache
def tripping_at(fraction: float) -> float:
    """Return what a line makes that trips at a fraction, t."""
    design = own_design(None, [f"chlorination.trip_fraction={fraction!r}"])
    return simulate("none", years=0.05, seed=1006, design=design).indicators["chlorobenzene_t"]


@pytest.mark.parametrize("fraction", [1e-40, 1e-12, 2e-12])
def test_a_trip_at_a_fraction_that_is_rounding_is_one_in_which_the_line_stands(fraction: float):
    """The dryer's recipe and a rate of 1e-36 kg/h answered each other without end."""
    assert tripping_at(fraction) == pytest.approx(tripping_at(0.0), rel=1e-6)


def test_a_line_whose_every_lot_fails_names_the_circle_that_it_stands_in():
    with pytest.raises(Gridlock, match=r"at t = [\d.]+ h nothing flows") as told:
        simulate("none", years=0.2, seed=1, design=own_design(None, ["laboratory.failing=1"]))
    circle = str(told.value).partition("circle: ")[2]
    assert re.search(
        "-> release_[12] -> rework_tank -> rework -> crude_tank -> rectification", circle
    )


@pytest.mark.long
@pytest.mark.parametrize(
    ("schemes", "seed"),
    [
        ("F1 F2 F5 F8 F9 F10 F11 F12", 9),
        ("F4 F5 F6 F7 F10 F11", 110),
        ("F5 F6 F9 F10 F11", 2858),
        ("F1 F3 F4 F5 F6 F8 F10 F11 F12", 2016),
        ("F1 F4 F6 F7 F10 F11 F12", 8336),
        ("F1 F2 F3 F4 F5 F6 F7 F9 F10 F12", 1),
    ],
)
def test_a_line_through_which_kilograms_trickle_settles(schemes, seed):
    """Benzene has run out, and 5 or 7 kg/h go round trains whose recipes feel their rates."""
    assert simulate(tuple(schemes.split()), seed=seed).operating_hours > 0.2 * 8760.0
