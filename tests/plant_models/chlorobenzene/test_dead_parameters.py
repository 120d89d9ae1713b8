"""No parameter is dead, no scheme either: each moves an indicator, in a context that is told."""

import re
from dataclasses import fields, replace

import pytest

from plant_models import chlorobenzene as cb
from plant_models.chlorobenzene.money.prices import Prices
from sim.model.tree import leaves
from tests.plant_models.chlorobenzene.contexts_of_parameters import (
    ALL_EVENTS,
    EVERYWHERE,
    RULES,
    STEADY,
    Context,
    contexts_of,
)
from tests.plant_models.chlorobenzene.dead_parameters import REFUSED, Effects, price_effects

ONLY_IN_PEAKS = re.compile(r"(.*_vessel|benzene_hose|drum)\.hours|absorber_vessel\.recovered")
"""In how many hours something is let go: limits of an hour see it, no figure of a year does. And an
absorber holds acid: what organics its steam could give back is grams."""

PATHS = tuple(path for path, _, _ in leaves(cb.BASELINE.tree) if not ONLY_IN_PEAKS.fullmatch(path))
ONLY_IN_TIME = re.compile(
    r".*\.(failure|maintenance)\..*|.*_tank(_\d)?\..*|.*\.capacity|.*\.start_up.*|.*\.trip.*"
    r"|(emergency_scrubber|release_[12]|rework|benzene_delivery|acid_collection|laboratory"
    r"|packing_shift|polychloride_switch|annual_shutdown)\..*"
    r"|(tail_gas_condenser|carbon_bed|effluent_stripper|effluent_pit)\..*"
    r"|.*_vessel\..*|(benzene_hose|drum)\..*|.*\.run_on\..*|.*\.total_reflux_hours|absorber\.water_failure\..*"
    r"|off_gas_fan\.(resist.*|relief|purge)|cooling_water\.standing_temperature"
    r"|gas_catcher\.fog\.recirculation|site\.(repair_crews|weather_step)"
)
"""What needs events, or a bottleneck elsewhere, to act."""

AT_REST = tuple(path for path in PATHS if not ONLY_IN_TIME.fullmatch(path))
IN_TIME = tuple(path for path in PATHS if ONLY_IN_TIME.fullmatch(path))
A_FEW = IN_TIME[:: len(IN_TIME) // 4]
"""Those that the fast tests move, too."""


@pytest.fixture(scope="module")
def effects() -> Effects:
    return Effects()


@pytest.mark.parametrize("path", AT_REST)
def test_every_parameter_of_the_steady_state_moves_an_indicator(effects, path):
    at_rest = [context for context in contexts_of(path) if context.years is None]
    assert effects.of_parameter(path, at_rest).moves


@pytest.mark.parametrize(
    "path",
    [pytest.param(path, marks=() if path in A_FEW else pytest.mark.long) for path in IN_TIME],
)
def test_every_parameter_of_time_moves_an_indicator(effects, path):
    assert effects.of_parameter(path).moves


def test_every_price_moves_the_appraisal_of_the_programme():
    found = tuple(price_effects())
    assert len(found) == len(fields(Prices))
    assert [effect.name for effect in found if not effect.moves] == []


@pytest.mark.parametrize("scheme", [s for s in cb.SCHEMES if not cb.SCHEMES[s].illustrative])
def test_every_scheme_moves_an_indicator(effects, scheme):
    assert effects.of_scheme(scheme).moves


@pytest.mark.long
@pytest.mark.parametrize("scheme", [s for s in cb.SCHEMES if cb.SCHEMES[s].illustrative])
def test_every_measure_of_management_moves_an_indicator(effects, scheme):
    assert effects.of_scheme(scheme).moves


def test_a_dead_parameter_is_found(effects):
    """The steady state knows no trucks: there, the parameter is as good as dead."""
    effect = effects.of_parameter("acid_collection.interval", EVERYWHERE)
    assert (effect.moves, effect.relative) == (False, 0.0)


def test_a_parameter_that_is_dead_in_time_is_found(effects):
    """Where no truck comes, nobody waits for it."""
    without_trucks = replace(ALL_EVENTS, years=0.02, sources=("failures",))
    effect = effects.of_parameter("acid_collection.interval", [without_trucks])
    assert (effect.moves, effect.relative) == (False, 0.0)


def test_in_time_either_half_of_a_range_is_enough(effects):
    """A parameter that moves nothing between its value and the upper end is moved to the lower."""
    path, context = "off_gas_cooler.area", replace(ALL_EVENTS, years=0.002)
    value = cb.BASELINE.tree.off_gas_cooler.area
    fact = replace(cb.BASELINE.facts[path], high=value)
    own = replace(cb.BASELINE, facts={**cb.BASELINE.facts, path: fact})
    upper = effects.of_parameter(path, [context])
    assert (upper.moves, upper.low, upper.high) == (True, value, 80.0)
    lower = Effects(own).of_parameter(path, [context])
    assert (lower.moves, lower.low, lower.high) == (True, 20.0, value)


def test_a_value_that_the_line_refuses_counts_as_acting(effects):
    effect = effects.of_parameter("liquor_tank.when_full", [replace(ALL_EVENTS, years=0.01)])
    assert effect.indicator == REFUSED
    assert "no sink is named" in effect.context


def test_a_context_gives_the_unit_its_own_name(effects):
    context = Context("often", "none", ("{unit}.failure.mtbf=50 h",), 0.02, ("failures",))
    assert effects.of_parameter("absorber.failure.mttr", [context]).moves


def test_every_rule_is_for_some_parameter():
    for pattern, _ in RULES:
        assert any(re.fullmatch(pattern, path) for path in PATHS), pattern


def test_an_effect_tells_between_what_and_where_a_parameter_was_moved(effects):
    effect = effects.of_parameter("off_gas_cooler.area")
    assert (effect.name, effect.low, effect.high) == ("off_gas_cooler.area", 20.0, 80.0)
    assert effect.context == STEADY.name
