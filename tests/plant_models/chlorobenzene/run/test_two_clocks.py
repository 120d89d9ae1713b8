"""One physics, two clocks: a line without events comes to rest in its steady state."""

import random

import pytest

from plant_models.calendar import YEAR
from plant_models.chlorobenzene import own_design
from plant_models.chlorobenzene.line import operation
from plant_models.chlorobenzene.line.design import catalogue
from plant_models.chlorobenzene.line.tree import Line
from plant_models.chlorobenzene.model import PLANT, line, steady_state
from plant_models.chlorobenzene.run.indicators import indicators
from sim.books.indicators import Indicators
from sim.books.ledger import Ledger
from sim.clock.random_streams import RandomStreams
from sim.errors import BalanceError

WARM_UP = 10  # years; residence times are days, but recipes follow traces only so closely
LONGEST = 60  # years; a tank between two bottlenecks of nearly one size takes its time
STILL = 10.0  # kg; a tank whose contents move less than this in a year is at rest
AGREEMENT = 1e-3  # relative
NEAR_ZERO = 1e-6  # of the benzene used, t/t


def random_sets(n: int) -> list[str]:
    schemes = [name for name, scheme in catalogue().items() if not scheme.illustrative]
    chance = random.Random(1)
    sets = [",".join(name for name in schemes if chance.random() < 0.5) for _ in range(n)]
    return [each or "none" for each in sets]


def moved(year: Ledger) -> float:
    """Return the largest change of a tank's contents, kg."""
    return max(float(abs(year.held[tank].sum() - kg.sum())) for tank, kg in year.opening.items())


def year_at_rest(design: Line) -> Indicators:
    """Return a year of a line whose tanks have come to rest, scaled to its operating hours."""
    plant = operation.running(design, RandomStreams(1), without=["events"]).plant
    plant.run(WARM_UP * YEAR)
    for year in range(WARM_UP + 1, LONGEST):
        before = plant.ledger()
        plant.run(year * YEAR)
        last = plant.ledger().since(before)
        if moved(last) < STILL:
            break
    last.certificate().enforce()
    return indicators(design, last, YEAR, YEAR / design.site.operating_hours)


def apart(found: Indicators, expected: Indicators) -> dict[str, tuple[float, float]]:
    """Return what both clocks do not agree on."""
    allowed = NEAR_ZERO * expected["benzene_used_t"]
    return {
        name: (found[name], expected[name])
        for name in expected
        if name != "closure"  # rounding
        and abs(found[name] - expected[name]) > max(AGREEMENT * abs(expected[name]), allowed)
    }


SETS = random_sets(20)


@pytest.mark.parametrize(
    "schemes",
    ["none", "all", *SETS[:5], *(pytest.param(s, marks=pytest.mark.long) for s in SETS[5:])],
)
def test_both_clocks_come_to_the_same_figures(schemes):
    assert not apart(year_at_rest(line(schemes)), steady_state(schemes).indicators)


@pytest.mark.parametrize(
    ("schemes", "settings"),
    [
        ("O10,O11,O12,O13", {}),
        ("F1,F3,F6,F10,O1,O2,O3,O5,O8,O9,O12,O13", {}),
        ("F2,F4,F10,O12,O13", {"gas_catcher.structure": "fog"}),
        ("F7,E1,O4,O13", {"tail_gas_condenser.temperature": 279.0}),
    ],
)
def test_both_clocks_come_to_the_same_figures_with_our_own_options(schemes, settings):
    known = PLANT.own_schemes(catalogue="ours")
    variant = PLANT.variant(schemes, known=known, design=own_design(settings=settings))
    assert not apart(year_at_rest(variant.tree), PLANT.steady_state(variant).indicators)


@pytest.mark.parametrize(
    "settings",
    [
        {"chlorinator.conversion": 0.5, "chlorinator.condenser.effective_fraction": 0.3},
        {"chlorinator.conversion": 0.55},
    ],
)
def test_of_two_states_both_clocks_come_to_the_one_that_a_line_starts_into(settings):
    """A column that gets little benzene sends chlorobenzene back, of which it then gets more.

    So a line of 440 t/yr keeps itself up, once it is there, beside one of 14,341.
    """
    design = own_design(settings={"chlorinator.control": "conversion", **settings})
    resting = steady_state(design=design).indicators
    assert resting["chlorobenzene_t"] > 10_000
    assert not apart(year_at_rest(design.tree), resting)


def test_where_a_full_tank_spills_the_line_is_not_held_back_at_rest_as_it_is_where_it_blocks():
    """In time it makes all and spills what is not loaded; at rest there is no word for that."""
    small = {"acid_loading.capacity": 1500.0}
    held = steady_state(design=own_design(settings=small)).indicators
    assert held["hydrochloric_acid_t"] < 0.7 * steady_state().indicators["hydrochloric_acid_t"]
    with pytest.raises(BalanceError, match="tank 'acid_tank' spills what it is too small for"):
        steady_state(design=own_design(settings={**small, "acid_tank.when_full": "spill"}))
    steady_state(design=own_design(settings={"acid_tank.when_full": "spill"}))
    for capacity in (46e3, 30e3):  # kg/h; below 46 what the catcher drains alone is more
        scant = own_design(settings={"effluent_stripper.capacity": capacity})
        with pytest.raises(BalanceError, match="tank 'effluent_pit' spills what it is"):
            steady_state("E2", design=scant)


@pytest.mark.long
def test_a_tower_that_is_now_over_now_below_its_capacity_draws_what_it_draws_hour_by_hour():
    """The law bends at the capacity: at the mean circulation the intake would be a fifth less."""
    design, hours, step = line("F1-F11"), 30 * 24, 0.25
    plant = operation.running(design, RandomStreams(1)).plant
    water = design.cooling_water
    taken, before = 0.0, plant.ledger()
    for k in range(1, int(hours / step) + 1):
        plant.run(k * step)
        now = plant.ledger()
        used = now.used("cooling_water") - before.used("cooling_water")
        taken += water.intake(used, max(used - water.tower_capacity * step, 0.0))
        before = now
    year = indicators(design, before, float(hours), 1.0)
    drawn, used = 1e3 * year["cooling_water_intake_t"], before.used("cooling_water")
    assert taken <= drawn <= 1.005 * taken  # within a quarter of an hour the bend is missed
    at_mean = water.intake(used, max(used - water.tower_capacity * hours, 0.0))
    assert at_mean < 0.85 * drawn
