"""What is of another kind is refused by every method, by the name of the argument."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from plant_models.chlorobenzene.model import PLANT as LINE
from plant_models.flowshop import PLANT
from plant_models.methods import criticality
from plant_models.methods.abatement import cost_curve, knee, pareto_front
from plant_models.methods.appraisal import appraise, paid, together
from plant_models.methods.attribution import (
    Game,
    additivity_gap,
    alone,
    in_order,
    interactions,
    last_in,
    marginals,
    members,
    scaled,
    shapley,
    sizes,
    split,
)
from plant_models.methods.choosing import Candidates, Limit, read_limit
from plant_models.methods.citation import citation, installed_version, used
from plant_models.methods.claims import (
    Drawn,
    falls,
    pays_within,
    probability_positive,
    shares_of_truth,
    usual,
    worth,
)
from plant_models.methods.cost_classes import MEDIUM_COST, check_cuts, cost_class, customary_tests
from plant_models.methods.criticality import curve, remedies, resized, silent
from plant_models.methods.economics import reached, refuse_beside
from plant_models.methods.factorial import cells, effects, largest, spread_by_order
from plant_models.methods.finance import (
    CashFlow,
    InternalRate,
    annuity,
    internal_rate,
    net_present_value,
    payback,
)
from plant_models.methods.flow_costing import Transfer, carried_costs
from plant_models.methods.flow_sheet import Edge, Node, drawing_of, laid_out
from plant_models.methods.fronts import front, ratio
from plant_models.methods.installation import AT_ONCE, arithmetic, check_bought, units_concerned
from plant_models.methods.lifetimes import mean_between, mean_of, trend
from plant_models.methods.management import Slackening, course, managed, partly
from plant_models.methods.reconciliation import Balances, Reconciliation, with_leak
from plant_models.methods.rollout import (
    Measure,
    Terms,
    added,
    best_order,
    by_payback,
    hard_first,
    roll_out,
)
from plant_models.methods.selection import Pace, Rules, at_most, select
from plant_models.methods.sensitivity import (
    latin_hypercube,
    one_at_a_time,
    sobol_indices,
    sobol_points,
    tornado,
)
from plant_models.methods.set_points import search
from plant_models.methods.uncertainty import Uncertain
from sim.network.network import Tank
from sim.statistics.intervals import interval
from tests.refused import NO_NUMBERS, NO_SUCH, Call, cases, numbered, of, refuse, take

NAN = float("nan")
GAME = Game(("a", "b"), [0.0, 1.0, 2.0, 4.0])
SPLIT = Balances(("split",), (("in", "split"), ("split", "a"), ("split", "b")))
PROGRAMME = (Measure("free", 0.0), Measure("dear", 60.0))
GAIN = added({"free": 120.0, "dear": 30.0})
SLACK = Slackening(half_life=2920.0, floor=0.3, review_interval=730.0, restored=0.8, step=168.0)
SHOP = PLANT.variant("all")
BOOKS, PRICES = PLANT.economy, PLANT.economy.prices().tree
YEAR = dict(PLANT.steady_state("none").indicators)
FOOTPRINT = LINE.footprint
CHOICE = Candidates(
    np.array([1.0, 2.0]), np.array([0.0, 1.0]), {"a": np.array([1.0, 2.0])}, 5.0,
    (Limit("a", "<=", 2.5),),
)  # fmt: skip
PIT = Tank(capacity=100.0, heel=0.02, initial_level=0.6)
GROUPS = {"one": ["x", "y"], "two": ["z"]}


def observed(which: Any, first: int, count: int) -> Any:
    noise = np.random.default_rng(first).normal(size=(count, len(which)))
    return noise + np.array([0.0, 3.0, 1.0])[list(which)]


def two(which: Any, first: int, count: int) -> Any:
    return np.stack([observed(which, first, count), -observed(which, first, count)], axis=2)


def hill(values: Any) -> Any:
    return -((values[0] - 0.3) ** 2), (1.0,)


CALLS = (
    of(pareto_front, [3.0, 2.0], [1.0, 2.0]),
    of(knee, [10.0, 9.0, 0.0], [0.0, 7.0, 8.0]),
    of(cost_curve, {"a": 1.0}, {"a": 2.0}),
    of(Game, ("a", "b"), [0.0, 1.0, 2.0, 4.0]),
    of(members, ("a", "b"), 1),
    of(sizes, 2),
    of(marginals, GAME, "a"),
    of(alone, GAME),
    of(last_in, GAME),
    of(in_order, GAME),
    of(scaled, GAME),
    of(shapley, GAME),
    of(interactions, GAME, ("a",)),
    of(additivity_gap, GAME),
    of(split, GAME),
    of(effects, [1.0, 2.0]),
    of(cells, [1.0, 2.0]),
    of(spread_by_order, [1.0, 2.0]),
    of(largest, [1.0, 2.0], ["a"], 1),
    of(latin_hypercube, ["x"], 4, 1),
    of(one_at_a_time, ["x"]),
    of(tornado, ["x"], [1.0, 0.0, 2.0]),
    of(sobol_points, GROUPS, 4, 1),
    of(sobol_indices, GROUPS, [1.0] * 16, 1),
    of(mean_between, 3, 100.0, 0.9),
    of(mean_of, [1.0], [2.0], 0.9),
    of(trend, [1.0, 2.0], 10.0),
    of(cost_class, 100.0, (10.0, 50.0)),
    of(check_cuts, (10.0, 50.0)),
    of(carried_costs, [Transfer("a", "b", 1.0)], {"a": 5.0}),
    of(ratio, [1.0, 2.0, 2.0], [1.0, 2.0, 3.0], 0.9),
    of(front, 3, Pace(), two),
    of(at_most, interval([1.0, 2.0]), 0.0, 0.9),
    of(select, 3, Rules(indifference=1.0), observed),
    of(added, {"a": 1.0}),
    of(roll_out, PROGRAMME, GAIN, Terms()),
    of(by_payback, PROGRAMME, GAIN),
    of(hard_first, PROGRAMME),
    of(best_order, PROGRAMME, GAIN, Terms(), horizon=100.0),
    of(Balances, ("split",), (("in", "split"), ("split", "out"))),
    of(Reconciliation, SPLIT, (100.0, 60.0, 38.0), (1.0, 1.0, 1.0)),
    of(with_leak, SPLIT, [100.0, 60.0, 40.0], "split", 0.1),
    of(paid, []),
    of(worth, "F1", positive=True),
    of(falls, "air_t", 0.1),
    of(pays_within, 1.0),
    of(shares_of_truth, [], {"it pays": pays_within(1.0)}),
    of(probability_positive, []),
    of(course, SLACK, 1000.0, review=True),
    of(usual, ["air_t"], begin=("air",)),
    of(resized, "pit", PIT, 0.5),
    of(remedies, SHOP, kinds=["failure"], ways=["removed"], by=0.1),
    of(criticality.measures, SHOP),
    of(curve, SHOP, "buffer_1", [0.5]),
    of(silent, SHOP, remedies(SHOP)[0], [(1.0, "a", "b")]),
    of(reached, [("F1",)]),
    of(arithmetic, AT_ONCE.tree, 8000.0, 100.0),
    of(units_concerned, SHOP.picked, SHOP.network.units),
    of(laid_out, [Node("a", "unit"), Node("b", "unit")], [Edge("a", "b")]),
    of(drawing_of, SHOP.network),
    of(installed_version, "numpy"),
    of(used, SHOP, ["assumed"]),
    of(citation, SHOP, "1 year"),
    of(search, hill, [0.0], [1.0], [0.5], 20),
    of(GAME.mask, ("a",)),
    of(CHOICE.keeping, CHOICE.limits[0]),
    of(CHOICE.without, CHOICE.limits[0]),
    of(CHOICE.with_budget, 1.0),
    of(CashFlow.even, 1.0, 2.0, 1.0, years=5, start=1),
    of(front(3, Pace(), two).price, 0, 1),
    of(front(3, Pace(), two).apart, 0, 1),
    of(select(3, Rules(indifference=1.0), observed).chance, 1),
    of(Rules(indifference=1.0).h2, 3),
    of(Reconciliation(SPLIT, (100.0, 60.0, 38.0), (1.0, 1.0, 1.0)).find, 0.01),
    of(roll_out(PROGRAMME, GAIN, Terms()).cash, 5.0),
    of(remedies(SHOP)[0].applied, SHOP),
    of(BOOKS.printed_of, ["S1"]),
    of(BOOKS.told, 1.0, decimals=2),
)


@pytest.mark.parametrize("value", NO_SUCH, ids=str)
@pytest.mark.parametrize(("call", "name"), cases(CALLS))
def test_what_is_of_another_kind_is_refused_by_its_name(call: Call, name: str, value: object):
    refuse(call, name, value)


@pytest.mark.parametrize("value", NO_NUMBERS, ids=repr)
@pytest.mark.parametrize(("call", "name"), numbered(CALLS))
def test_what_is_nearly_a_number_is_refused_by_its_name(call: Call, name: str, value: object):
    refuse(call, name, value)


@pytest.mark.parametrize(("call", "name"), numbered(CALLS))
def test_what_numpy_makes_of_a_number_is_one(call: Call, name: str):
    take(call, name)


NONSENSE: dict[str, tuple[Any, str]] = {
    "steps that are none": (lambda: together("all", []), "together: expected one step or more"),
    "a player that is none": (lambda: marginals(GAME, "c"), "no player 'c'; known: a, b"),
    "a set of somebody else": (lambda: GAME[("a", "c")], "no player 'c'; known: a, b"),
    "a game of no function": (
        lambda: Game.of(("a",), 7),  # type: ignore[arg-type]
        "Game.of: expected figure as a function of players, came 7",
    ),
    "an order of another": (lambda: in_order(GAME, [1, 2]), "expected order as a list of names"),  # type: ignore[list-item]
    "a front of two lengths": (lambda: knee([1.0, 2.0], [1.0]), "two figures of each candidate"),
    "a cost that is missing": (
        lambda: cost_curve({"a": 1.0, "b": 1.0}, {"a": 1.0}),
        "cost_curve: no cost of 'b'",
    ),
    "one bar too many": (
        lambda: tornado(["x"], [1.0, 0.0]),
        "tornado: expected 3 values, the base and both ends of each input, came 2",
    ),
    "indices of other points": (
        lambda: sobol_indices(GROUPS, [1.0] * 7, 1),
        "sobol_indices: expected values of 4 equal blocks, came 7",
    ),
    "a count below nothing": (lambda: mean_between(-1, 10.0), "failures as a whole number of 0"),
    "no watch": (lambda: mean_between(1, NAN), "watched as a number of 0 or more, came nan"),
    "a share beyond all": (
        lambda: with_leak(SPLIT, [100.0, 60.0, 40.0], "split", 2.0),
        "with_leak: expected share as a number from 0 to 1, came 2.0",
    ),
    "a leak nowhere": (
        lambda: with_leak(SPLIT, [100.0, 60.0, 40.0], "splt", 0.1),
        "no node 'splt'; did you mean 'split'?",
    ),
    "readings that are none": (
        lambda: Reconciliation(SPLIT, (100.0, NAN, 38.0), (1.0, 1.0, 1.0)),
        "every reading must be a finite number",
    ),
    "too few flows": (lambda: SPLIT.gaps([1.0]), "gaps: expected 3 flows, one a stream, came 1"),
    "observations of another shape": (
        lambda: select(3, Rules(indifference=1.0), lambda *_: [1.0]),  # type: ignore[arg-type]
        "select: expected of observe 10 rows of 3 numbers, came [1.0]",
    ),
    "one figure of a front": (
        lambda: front(3, Pace(), observed),
        "front: expected of observe 10 rows of 3 pairs of numbers, came ",
    ),
    "a gain that is no number": (
        lambda: roll_out(PROGRAMME, lambda names: "much"),  # type: ignore[arg-type, return-value]
        "roll_out: expected of worth a number, came 'much'",
    ),
    "a best that is no pair": (
        lambda: search(lambda values: 7, [0.0], [1.0], [0.5]),  # type: ignore[arg-type, return-value]
        "search: expected of evaluate a number and the slack of each limit, came 7",
    ),
    "bounds of two lengths": (
        lambda: search(hill, [0.0], [1.0, 2.0], [0.5]),
        "search: expected as many of low, high and start, came 1, 2 and 1",
    ),
    "an amount of words": (
        lambda: Measure("dear", "60"),  # type: ignore[arg-type]
        "dear: investment must be 0 or more, came '60'",
    ),
    "a part of words": (
        lambda: Terms(retained="all"),  # type: ignore[arg-type]
        "retained share must lie from 0 to 1, came 'all'",
    ),
    "a cost of words": (
        lambda: carried_costs([Transfer("a", "b", "1")], {"a": 5.0}),  # type: ignore[arg-type]
        "a to b: expected a weight of 0 or more, came '1'",
    ),
    "a rate of words": (lambda: annuity("10 %", 3), "more than -1 a year, not '10 %'"),  # type: ignore[arg-type]
    "flows of words": (lambda: net_present_value("12", 0.1), "a list of amounts"),  # type: ignore[arg-type]
    "no flows": (lambda: payback(None), "a list of amounts"),  # type: ignore[arg-type]
    "amounts beyond any float": (
        lambda: net_present_value([1e308] * 3, 0.0),
        "a cash flow adds up to more than any number holds",
    ),
    "a game of too many": (
        lambda: Game.of([str(n) for n in range(40)], len),
        "a game has 1 to 20 players, not 40",
    ),
    "sizes of too many": (lambda: sizes(60), "sizes: expected n as a whole number from 0 to 20"),
    "what is masked": (
        lambda: Game(("a",), np.ma.array([0.0, 1.0], mask=[False, True])),
        "the figure of the set a is nan, which cannot be split",
    ),
    "a name twice": (
        lambda: latin_hypercube(["x", "x"], 3, 1),
        "latin_hypercube: expected names as a list of names, each once, came 'x' twice",
    ),
    "an input of two groups": (
        lambda: sobol_points({"g": ["x"], "h": ["x"]}, 4, 1),
        "sobol_points: expected groups as a list of names, each once, came 'x' twice",
    ),
    "a factor twice": (
        lambda: largest([1.0, 2.0, 3.0, 4.0], ["a", "a"], 1),
        "largest: expected factors as a list of names, each once, came 'a' twice",
    ),
    "a span below nothing": (
        lambda: mean_of([-1.0]),
        "mean_of: expected span as a number of 0 or more, came -1.0",
    ),
    "a failure after the end": (
        lambda: trend([5.0], 1.0),
        "trend: expected time as a number from 0 to 1, came 5.0",
    ),
    "surer than sure": (
        lambda: at_most(interval([1.0, 2.0] * 9), 0.0, 1.5),
        "at_most: expected confidence as a number from 0.5 to 0.9999, came 1.5",
    ),
    "an observer of less": (
        lambda: select(3, Rules(indifference=1.0), lambda which: []),  # type: ignore[arg-type, misc]
        "select: expected observe as a function of which, first, count, came a value of type func",
    ),
    "a measure that never wears off": (
        lambda: next(course(replace(SLACK, half_life=-1.0), 1000.0, review=True)),
        "course: slack.half_life: expected a number of 0.001 or more, came -1.0",
    ),
    "a run without end": (
        lambda: next(course(SLACK, float("inf"), review=True)),
        "course: expected hours as a number of 0 or more, came inf",
    ),
    "nothing to set": (
        lambda: search(lambda values: (0.0, (1.0,)), [], [], [], 5),
        "search: expected one value to set or more, came none",
    ),
    "bounds the wrong way round": (
        lambda: search(hill, [1.0], [0.0], [0.5], 5),
        "search: expected a low below its high, both finite, came 1 and 0 at place 0",
    ),
    "limits that come and go": (
        lambda: search(lambda v: (v[0], (1.0,) * int(10 * v[0])), [0.0], [1.0], [0.5], 20),
        "search: expected of evaluate the slack of 5 limits each time, came ",
    ),
    "tonnes that nobody knows": (
        lambda: cost_curve({"a": NAN}, {"a": 1.0}),
        "cost_curve: avoided of 'a': expected a number, and a finite one, came nan",
    ),
    "a payback of nobody knows": (
        lambda: customary_tests(MEDIUM_COST, NAN, 1.0, InternalRate((0.05,)), 0.1),
        "customary_tests: expected payback as a number of 0 or more, came nan",
    ),
    "a class of words": (
        lambda: customary_tests("medium", 1.0, 1.0, InternalRate((0.05,)), 0.1),  # type: ignore[arg-type]
        "customary_tests: expected option as CostClass, came 'medium'",
    ),
    "a tank of no size": (
        lambda: resized("pit", PIT, 0.0),
        "resized: expected factor as a number of 1e-06 or more, came 0.0",
    ),
    "a step of one text": (
        lambda: reached(["F1"]),  # type: ignore[list-item]
        "reached: expected steps, each of them, as a list of names, came 'F1'",
    ),
    "a pipe from nowhere": (
        lambda: laid_out([Node("still", "unit")], [Edge("stil", "still")]),
        "no node 'stil'; did you mean 'still'?",
    ),
    "more than all of a measure": (
        lambda: partly(SHOP.picked[0], 1.5, SHOP.tree),
        "partly: expected force as a number from 0 to 1, came 1.5",
    ),
    "a programme of no plant": (
        lambda: appraise("brine", {}, [], None),  # type: ignore[arg-type]
        "appraise: expected economy as Economy, came 'brine'",
    ),
    "a purchase of no plant": (
        lambda: check_bought(None, ["F1"]),  # type: ignore[arg-type]
        "check_bought: expected economy as Economy, came None",
    ),
    "a measure that nobody knows": (
        lambda: managed(SHOP, ["F99"], review=True, slack=SLACK),
        "no scheme 'F99'",
    ),
    "states of no step": (
        lambda: appraise(BOOKS, {"S1": ("S1",)}, [YEAR], PRICES),
        "step_values: expected 2 states, one before the first of 1 steps and one after each",
    ),
    "a step of a number": (
        lambda: appraise(BOOKS, {"S1": 1}, [YEAR, YEAR], PRICES),  # type: ignore[dict-item]
        "investment: expected schemes as a list of names, came 1",
    ),
    "states of words": (
        lambda: appraise(BOOKS, {}, "good", PRICES),  # type: ignore[arg-type]
        "appraise: expected states as a list of Mapping, came 'good'",
    ),
    "prices of words": (
        lambda: appraise(BOOKS, {"S1": ("S1",)}, [YEAR, YEAR], "dear"),  # type: ignore[arg-type]
        "prices must be Prices, like prices().tree, not 'dear'",
    ),
    "investments of words": (
        lambda: BOOKS.investment(["S1"], {"S1": "dear"}),  # type: ignore[dict-item]
        "investment: expected own as numbers by name, came {'S1': 'dear'}",
    ),
    "an investment in nothing": (
        lambda: refuse_beside(7, ["S1"]),  # type: ignore[arg-type]
        "refuse_beside: expected investments as Mapping, came 7",
    ),
    "figures of a number": (
        lambda: read_limit("a<=1", 7),  # type: ignore[arg-type]
        "read_limit: expected known as a list of names, came 7",
    ),
    "classes that fall": (
        lambda: appraise(BOOKS, {}, [YEAR], PRICES, cuts=(2.0, 1.0)),
        "cost classes need 2 or 3 rising cuts above 0, came 2, 1",
    ),
    "tonnes of words": (
        lambda: BOOKS.margin({**YEAR, "A_t": "much"}, PRICES),  # type: ignore[dict-item]
        "amount: expected A_t as a number, came 'much'",
    ),
    "a year that lacks a figure": (
        lambda: BOOKS.margin({}, PRICES),
        "no indicator 'A_t'",
    ),
    "energy that nobody counted": (
        lambda: FOOTPRINT.tonnes({"steam_t": 1.0}),
        "no indicator ",
    ),
    "factors of words": (
        lambda: FOOTPRINT.tonnes({}, "light"),
        "tonnes: expected factors as Carbon, came 'light'",
    ),
    "a figure of no candidate": (
        lambda: CHOICE.front("b"),
        "no figure 'b'; known: a",
    ),
    "a conclusion on nothing": (
        lambda: falls("air_t")(Drawn((), {}, {})),
        "no indicator 'air_t'",
    ),
    "an event of four words": (
        lambda: silent(SHOP, remedies(SHOP)[0], [(1.0, "a", "b", "c")]),  # type: ignore[list-item]
        "silent: expected events as hour, who and what of each, came ",
    ),
    "a drawing of no pipe": (
        lambda: laid_out([Node("a", "unit")], []),
        "laid_out: expected one edge or more, came none",
    ),
    "a plan for nothing": (
        lambda: AT_ONCE.tree.of([]),
        "plan: expected one scheme or more, came none",
    ),
    "one flow too many": (
        lambda: with_leak(SPLIT, [100.0, 60.0, 40.0, 0.0], "split", 0.1),
        "with_leak: expected 3 flows, one a stream, came 4",
    ),
    "bounds in rows": (
        lambda: search(hill, [0.0], [1.0], [[0.5]], 5),  # type: ignore[list-item]
        "search: expected start as a list of numbers, came [[0.5]]",
    ),
    "a structure of words": (
        lambda: Uncertain.of(SHOP).choice("roof", 0.5),
        "no structure 'roof'",
    ),
    "flows without end": (lambda: internal_rate([1.0, float("inf")]), "finite amounts, came inf"),
}


@pytest.mark.parametrize("what", NONSENSE)
def test_what_cannot_be_is_told_with_what_was_expected(what: str):
    call, message = NONSENSE[what]
    with pytest.raises((TypeError, ValueError, LookupError)) as told:
        call()
    assert not isinstance(told.value, KeyError | IndexError)
    assert message in str(told.value)
