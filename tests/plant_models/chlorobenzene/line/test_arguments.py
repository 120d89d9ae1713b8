"""What a script or a notebook gets wrong is told at once, by name, and nothing runs."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest

import experiments as ex
from experiments.runner import PlantYears
from plant_models import chlorobenzene as cb
from plant_models.chlorobenzene.money.economy import ECONOMY
from plant_models.chlorobenzene.money.prices import prices

FELT = {"air": 293.15, "cooling_water": 290.0, "pressure": 92_000.0}
TRY = dict[str, Any]


THREE: TRY = {"off_gas_cooler": 3}


@pytest.mark.parametrize(
    ("given", "kind", "message"),
    [
        ({"years": "1"}, TypeError, "years: expected a number, and a finite one, came '1'"),
        ({"years": None}, TypeError, "years: expected a number, and a finite one, came None"),
        ({"years": float("nan")}, ValueError, "years: expected a number, .* came nan"),
        ({"seed": 1.5}, TypeError, r"seed: expected a whole number of 0 or more, came 1\.5"),
        ({"seed": "a"}, TypeError, "seed: expected a whole number of 0 or more, came 'a'"),
        ({"seed": -1}, ValueError, "seed: expected a whole number of 0 or more, came -1"),
        ({"replication": 1.5}, TypeError, "replication: expected a whole number"),
        (
            {"start_hour": "a"},
            TypeError,
            "start_hour: expected a number from 0 to 8,760,000, came 'a'",
        ),
        ({"start_hour": -5.0}, ValueError, "start_hour: expected a number"),
        ({"start_hour": float("inf")}, ValueError, "start_hour: expected a number"),
        ({"start_hour": 1e300}, ValueError, r"from 0 to 8,760,000, came 1e\+300"),
        ({"without": "failure"}, LookupError, "did you mean 'failures'"),
        ({"design": "own.toml"}, TypeError, r"design must be .*own_design.*, not 'own\.toml'"),
        ({"known": "own.toml"}, TypeError, r"known must be .*own_schemes.*, not 'own\.toml'"),
        (
            {"design": replace(cb.line(), **THREE)},
            TypeError,
            "design: expected off_gas_cooler as OffGasCooler, came 3",
        ),
        ({"known": {}}, LookupError, "no scheme 'F1'; there is none"),
        ({"schemes": 5}, TypeError, "expected schemes like 'F1, F5-F7', or a list of ids, came 5"),
        ({"schemes": "F1 F7"}, LookupError, "write commas: 'F1, F7'"),
    ],
)
def test_a_wrong_argument_of_a_run_is_named(given: TRY, kind: type, message: str):
    with pytest.raises(kind, match=message):
        cb.simulate(**{"years": 0.01, "schemes": "F1", **given})


@pytest.mark.parametrize("call", [cb.steady_state, cb.simulate])
def test_a_line_or_a_design_stands_wherever_a_design_is_asked_for(call: Callable[..., Any]):
    more = {"years": 0.002} if call is cb.simulate else {}
    by_ids = call("F1", **more).indicators
    assert call(cb.line("F1"), **more).indicators == by_ids
    assert call("F1", design=cb.line(), **more).indicators == by_ids
    assert call("F1", design=cb.BASELINE, **more).indicators == by_ids
    assert call(cb.PLANT.variant("F1"), **more).indicators == by_ids


@pytest.mark.parametrize("call", [cb.steady_state, cb.simulate, cb.line, cb.explain])
def test_what_is_no_design_is_refused_by_name(call: Callable[..., Any]):
    with pytest.raises(TypeError, match=r"design must be a Line or a Design .* not 'own\.toml'"):
        call("F1", design="own.toml")
    with pytest.raises(TypeError, match="expected schemes like"):
        call(5)


@pytest.mark.parametrize("replications", [0, 1.5, "2", True])
def test_replications_are_a_whole_number_from_one(replications: Any):
    with pytest.raises((TypeError, ValueError), match="replications: expected a whole number"):
        ex.compare("none", "F1", replications=replications, years=0.01)


@pytest.mark.parametrize(
    ("given", "kind", "message"),
    [
        ({"air": 293.15}, LookupError, "missing: cooling_water, pressure"),
        ({**FELT, "airr": 293.0}, LookupError, "no 'airr'; did you mean 'air'"),
        ({**FELT, "air": 20.0}, ValueError, "air must be from 200 to 400 K, not 20.*293.15 K"),
        ({**FELT, "pressure": 0.92}, ValueError, "pressure must be from 10000 to 1e.06 Pa"),
        ({**FELT, "air": "warm"}, TypeError, "air: expected a number, .* came 'warm'"),
        (293.15, TypeError, "expected air and cooling_water, K, and pressure, Pa"),
    ],
)
def test_surroundings_are_complete_and_in_kelvin_and_pascal(given: Any, kind: type, message: str):
    with pytest.raises(kind, match=message):
        cb.steady_state("F1", surroundings=given)


@pytest.mark.parametrize("years", [np.array(0.01), Fraction(1, 100)], ids=repr)
def test_a_run_is_told_in_numbers_of_python(years: Any):
    """A fraction ended in a format that it has not, when the run was first shown."""
    run = cb.simulate(years=years, seed=np.array(1), start_hour=np.float64(0.0))  # type: ignore[arg-type]
    plain = cb.simulate(years=0.01)
    assert repr(run) == repr(plain)
    assert [type(each) for each in (run.years, run.seed, run.start_hour)] == [float, int, float]
    longer = run.prolong(years)
    assert repr(longer) == repr(plain.prolong(0.01))
    assert type(longer.years) is float


def test_one_event_source_may_be_named_without_a_list():
    calm = cb.simulate(years=0.02, without="events")
    assert calm.indicators == cb.simulate(years=0.02, without=("events",)).indicators
    named: Any = "events"
    assert PlantYears(without=named).without == ("events",)


def test_settings_of_a_design_are_texts_or_a_mapping_and_need_no_file():
    by_text = cb.own_design(settings="off_gas_cooler.area=80 m2")
    assert by_text == cb.own_design(settings={"off_gas_cooler.area": 80})
    assert by_text == cb.own_design(None, ["off_gas_cooler.area=80"])
    series = cb.own_design(settings={"off_gas_cooler.arrangement": "series"})
    assert series.tree.off_gas_cooler.arrangement == "series"
    with pytest.raises(LookupError, match="did you mean 'area'"):
        cb.own_design(settings={"off_gas_cooler.aera": 80.0})
    nothing: Any = None
    with pytest.raises(ValueError, match=r"expected a number, like 1\.5 or 1\.5 m2, came 'None'"):
        cb.own_design(settings={"off_gas_cooler.area": nothing})


def test_a_card_is_asked_for_by_name():
    with pytest.raises(TypeError, match="unit must be a name, like 'off_gas_cooler', not 5"):
        cb.card(5)  # type: ignore[arg-type]


def test_prices_of_ones_own_are_texts_or_a_mapping_and_need_no_file():
    assert ECONOMY.own_prices(settings="benzene=3.5 RMB/kg") == ECONOMY.own_prices(
        settings={"benzene": 3500}
    )


def test_money_takes_prices_and_says_so():
    book: Any = prices()
    with pytest.raises(TypeError, match=r"prices must be Prices, like prices\(\)\.tree, .*Design"):
        ECONOMY.margin(cb.steady_state().indicators, book)
    with pytest.raises(TypeError, match=r"indicators must be figures by name, .* type Result"):
        ECONOMY.margin(cb.steady_state("none"), ECONOMY.prices().tree)  # type: ignore[arg-type]
    with pytest.raises(LookupError, match="no indicator 'chlorobenzene_t'"):
        ECONOMY.margin({}, ECONOMY.prices().tree)


@pytest.mark.parametrize("read", [cb.own_design, cb.own_schemes])
def test_a_file_of_ones_own_is_a_path(read: Callable[..., Any]):
    with pytest.raises(TypeError, match=r"path: expected a TOML file, like 'own\.toml', not 5"):
        read(5)
    with pytest.raises(TypeError, match=r"not \{'off_gas_cooler.area': 80.0\}"):
        read({"off_gas_cooler.area": 80.0})


ONE_BY_ONE: dict[str, tuple[Callable[[Any], object], str]] = {
    "schemes": (cb.line, "expected schemes like"),
    "players": (
        lambda some: ex.attribute("air.benzene_t", players=some),
        "players: expected schemes like",
    ),
    "order of players": (
        lambda some: ex.attribute("air.benzene_t", players="F1,F2", order=some),
        "order: expected ids like",
    ),
    "without": (
        lambda some: cb.simulate(years=0.01, without=some),
        "without must name event sources",
    ),
    "indicators": (
        lambda some: ex.compare("none", "F1", years=0.01, indicators=some),
        "indicators: expected one or more of",
    ),
    "settings": (lambda some: cb.own_design(settings=some), "expected assignments like"),
    "order of steps": (lambda some: ex.rollout("F1", order=some), "order: expected steps"),
    "limits": (lambda some: ex.optimise("F1", limits=some), "limits: expected a limit like"),
    "cuts": (lambda some: ex.money("F1", cuts=some), "cuts: expected 2 or 3 rising amounts"),
    "capacity": (lambda some: ex.readings("F1", capacity=some), "capacity: expected sizes"),
    "factors": (lambda some: ex.criticality("F1", factors=some), "factors: expected sizes"),
    "tanks": (lambda some: ex.criticality("F1", tanks=some), "expected tanks as a list of names"),
    "parameters": (
        lambda some: ex.plant_fit("brine", parameters=some),
        "expected parameters as a list of names",
    ),
}
"""What is asked for one by one, and what the message begins with."""


@pytest.mark.parametrize("one", [np.array("F1"), np.array(1.0), b"F1"], ids=repr)
@pytest.mark.parametrize("what", ONE_BY_ONE)
def test_what_gives_nothing_one_by_one_is_refused_by_the_argument(what: str, one: Any):
    call, message = ONE_BY_ONE[what]
    with pytest.raises((TypeError, ValueError)) as told:
        call(one)
    assert message in str(told.value)
    assert "0-d" not in str(told.value)


def test_what_came_is_told_in_one_line():
    table = pd.DataFrame({"a": [1]})
    with pytest.raises(TypeError, match=r"record: .* came a value of type DataFrame$"):
        cb.simulate(years=0.01, record=table)  # type: ignore[arg-type]
