"""Trains that share what is scarce: known answers, and max-min fairness against HiGHS."""

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from plant_models.benchmarks.machines import running
from plant_models.benchmarks.units import MATERIAL, Blender, Machine, Splitter
from sim.clock.plant import Plant
from sim.network.network import Header, Network, Pipe, Tank, Train
from tests.compiled import interpret
from tests.sim.flow.random_networks import Drawn, keeps_its_laws, with_second_feeds
from tests.sim.flow.solving import solve_rates
from tests.sim.flow.test_rates import Rows, assert_feasible, most_of, network

Shares = list[dict[int, float]]

# By hand


def drawing(**changes: Any) -> Network:
    """Return three pumps of 2, 4 and 10 kg/h from an empty tank that gets 6 kg/h."""
    parts: dict[str, Any] = {
        "components": MATERIAL,
        "units": {
            "filler": Machine(capacity=6.0),
            "a": Machine(capacity=2.0),
            "b": Machine(capacity=4.0),
            "c": Machine(capacity=10.0),
        },
        "tanks": {"tank": Tank(capacity=100.0, heel=0.0, initial_level=0.0)},
        "contents": {"tank": (1.0,)},
        "supplies": {"store": (1.0,)},
        "sinks": {"customers": "product"},
        "trains": (
            Train("filler", "store", ("filler",)),
            *(Train(name, "tank", (name,)) for name in "abc"),
        ),
        "pipes": {
            "filler.made": Pipe("tank"),
            **{f"{name}.made": Pipe("customers") for name in "abc"},
        },
        "priorities": ("a", "b", "c"),
    }
    return Network(**(parts | changes))


def rates(plant: Plant) -> dict[str, float]:
    return dict(zip(plant.train_names, plant.flow.rates.activity, strict=False))


def settled(design: Network) -> dict[str, float]:
    plant = running(design)
    with plant.expecting():
        plant.run(1.0)
    assert plant.counts()["fallbacks"] == 0
    plant.ledger().certificate().enforce()
    return rates(plant)


@pytest.mark.parametrize(
    ("shares", "right"),
    [
        ((), (2.0, 4.0, 0.0)),
        ((("a", "b", "c"),), (0.75, 1.5, 3.75)),  # 6 of 16 kg/h, each
        (({"a": 1.0, "b": 1.0, "c": 1.0},), (2.0, 2.0, 2.0)),
        (({"a": 3.0, "b": 2.0, "c": 1.0},), (2.0, 8.0 / 3.0, 4.0 / 3.0)),  # a is at its capacity
        ((("b", "c"),), (2.0, 8.0 / 7.0, 20.0 / 7.0)),  # a comes first
        ((("a", "c"),), (1.0, 0.0, 5.0)),  # both stand where a does, before b
        (({"a": 1e-4, "c": 1.0},), (6e-4 / 1.0001, 0.0, 6.0 / 1.0001)),
    ],
)
def test_trains_that_draw_from_one_empty_tank_share_what_it_gets(shares, right):
    found = settled(drawing(shares=shares))
    assert [found[name] for name in "abc"] == pytest.approx(right, rel=1e-12)


def test_what_one_cannot_take_the_others_share():
    """With a held, and b at half of its rate, c has what they leave."""
    plant = running(drawing(shares=(("a", "b", "c"),)))
    plant.hold("a", "crew", "no crew")
    plant.run_at("b", 0.5)
    plant.run(1.0)
    found = rates(plant)
    assert [found[name] for name in "abc"] == pytest.approx([0.0, 1.0, 5.0], rel=1e-12)
    assert plant.states["c"].full_hours == 0.0
    assert plant.flow.rates.binding[3] == 0


def test_trains_that_fill_one_full_tank_are_throttled_alike():
    """Three pumps of 2, 4 and 10 kg/h into a full tank from which 4 kg/h are sold."""
    design = drawing()
    found = settled(
        replace(
            design,
            units={**design.units, "filler": Machine(capacity=4.0)},
            tanks={"tank": Tank(capacity=100.0, heel=0.0, initial_level=1.0)},
            trains=(
                Train("filler", "tank", ("filler",)),
                *(Train(name, "store", (name,)) for name in "abc"),
            ),
            pipes={
                "filler.made": Pipe("customers"),
                **{f"{name}.made": Pipe("tank") for name in "abc"},
            },
            shares=(("a", "b", "c"),),
        )
    )
    assert [found[name] for name in "abc"] == pytest.approx([0.5, 1.0, 2.5], rel=1e-12)


def test_one_that_is_limited_elsewhere_leaves_its_part_to_the_others():
    """c, limited to 1 kg/h by a full tank of its own, leaves 5 kg/h for 2 and 4."""
    design = drawing()
    found = settled(
        replace(
            design,
            units={**design.units, "sale": Machine(capacity=1.0)},
            tanks={**design.tanks, "yard": Tank(capacity=10.0, heel=0.0, initial_level=1.0)},
            contents={"tank": (1.0,), "yard": (1.0,)},
            trains=(*design.trains, Train("sale", "yard", ("sale",))),
            pipes={**design.pipes, "c.made": Pipe("yard"), "sale.made": Pipe("customers")},
            shares=(("a", "b", "c"),),
        )
    )
    assert [found[name] for name in "abc"] == pytest.approx([5.0 / 3.0, 10.0 / 3.0, 1.0])


def test_two_levels_of_shares_are_the_largest_that_there_are():
    """A and b share 6 kg/h, b and c, of which the second tank gets but 3: b and c have 1.5 each."""
    rows: Rows = [[(1, 1.0), (2, 1.0), (0, -6.0)], [(2, 1.0), (3, 1.0), (0, -3.0)]]
    found = solve_rates([1.0, 9.0, 9.0, 9.0], rows, range(4), [{1: 1.0, 2: 1.0, 3: 1.0}])
    assert found.activity == pytest.approx((1.0, 4.5, 1.5, 1.5), rel=1e-12)
    assert found.binding == (None, 0, 1, 1)


def test_trains_share_a_second_feed_and_steam():
    """Blenders of 10 kg/h at 0.5 and 0.1 kg/kg: 3 kg/h of the second feed make 5 kg/h each."""
    design = Drawn(0).network()
    network = replace(
        design,
        units={
            "filler": Machine(capacity=3.0),
            "a": Blender(capacity=10.0, ratio=0.5, steam=0.3),
            "b": Blender(capacity=10.0, ratio=0.1, steam=0.1),
        },
        tanks={"tank": Tank(capacity=100.0, heel=0.0, initial_level=0.0)},
        contents={"tank": (0.5, 0.5)},
        trains=(
            Train("filler", "store", ("filler",)),
            Train("a", "store", ("a",)),
            Train("b", "store", ("b",)),
        ),
        pipes={
            "filler.made": Pipe("tank"),
            **{f"{name}.{end}": Pipe("customers") for name in "ab" for end in ("top", "bottom")},
        },
        draws={"a.second": "tank", "b.second": Header(("tank",))},
        spills={},
        shares=(("a", "b"),),
    )
    found = settled(network)
    assert (found["a"], found["b"]) == pytest.approx((5.0, 5.0), rel=1e-12)
    found = settled(replace(network, utilities={"steam": 1.2}))
    assert (found["a"], found["b"]) == pytest.approx((3.0, 3.0), rel=1e-12)


def test_a_train_that_shares_takes_nothing_before_the_others_by_its_header():
    """Both ask for 0.5 kg/kg, of which a header has some; the empty tank they share."""
    design = Drawn(0).network()
    network = replace(
        design,
        units={
            "filler": Machine(capacity=4.0),
            "a": Blender(capacity=10.0, ratio=0.5),
            "b": Blender(capacity=10.0, ratio=0.5),
        },
        tanks={
            "tank": Tank(capacity=100.0, heel=0.0, initial_level=0.0),
            "old": Tank(capacity=100.0, heel=0.0, initial_level=0.5),
        },
        contents={"tank": (0.5, 0.5), "old": (0.5, 0.5)},
        trains=(
            Train("filler", "store", ("filler",)),
            Train("a", "tank", ("a",)),
            Train("b", "tank", ("b",)),
        ),
        pipes={
            "filler.made": Pipe("tank"),
            **{f"{name}.{end}": Pipe("customers") for name in "ab" for end in ("top", "bottom")},
        },
        draws={"a.second": Header(("old",), "store"), "b.second": Header(("old",), "store")},
        spills={},
        shares=({"a": 3.0, "b": 1.0},),
    )
    found = settled(network)
    assert (found["a"], found["b"]) == pytest.approx((3.0, 1.0), rel=1e-12)


@pytest.mark.parametrize("own", [0.0, 0.5])
@pytest.mark.parametrize("order", [("a", "b", "c"), ("c", "b", "a")])
def test_a_group_stands_where_its_first_does_though_nothing_holds_that_one(order, own):
    """A draws from a tank of its own; of what the other gets its fellow has all, b nothing."""
    design = drawing(units={name: Machine(capacity=6.0) for name in ("filler", "a", "b", "c")})
    first, last = order[0], order[2]
    trains = [replace(t, feed="own") if t.name == first else t for t in design.trains]
    found = settled(
        replace(
            design,
            tanks={**design.tanks, "own": Tank(capacity=100.0, heel=0.0, initial_level=own)},
            contents={"tank": (1.0,), "own": (1.0,)},
            trains=tuple(trains),
            priorities=order,
            shares=((first, last),),
        )
    )
    assert found[last] == pytest.approx(6.0, rel=1e-12)
    assert found["b"] == 0.0
    assert found[first] == (6.0 if own else 0.0)


@pytest.mark.parametrize("trace", [1e-9, 1e-5, 4e-4])
def test_a_trace_from_one_that_shares_sets_its_group_before_nobody(trace):
    """B fills the full tank and comes first; of the group one only sends a trace there."""
    design = drawing()
    filling = ("b", "trace", "c")
    found = settled(
        replace(
            design,
            units={
                "sale": Machine(capacity=5.0),
                "b": Machine(capacity=5.0),
                "trace": Splitter(capacity=5.0, recycle=trace),
                "c": Machine(capacity=5.0),
            },
            tanks={"tank": Tank(capacity=100.0, heel=0.0, initial_level=1.0)},
            trains=(
                Train("sale", "tank", ("sale",)),
                *(Train(name, "store", (name,)) for name in filling),
            ),
            pipes={
                "sale.made": Pipe("customers"),
                "b.made": Pipe("tank"),
                "trace.product": Pipe("customers"),
                "trace.recycle": Pipe("tank"),
                "c.made": Pipe("tank"),
            },
            priorities=("sale", *filling),
            shares=(("trace", "c"),),
        )
    )
    assert found["b"] == pytest.approx(5.0 - 5.0 * trace, rel=1e-12)
    assert found["c"] == pytest.approx(0.0, abs=1e-9)
    assert found["trace"] == pytest.approx(5.0, rel=1e-12)


@pytest.mark.parametrize(
    ("shares", "message"),
    [
        ((("a", "bb"),), "shares: no train 'bb'"),
        ((("a",),), "shares: expected two trains or more, came a"),
        ((("a", "b"), ("b", "c")), "shares: train 'b' is named twice"),
        (({"a": 1.0, "b": 0.0},), "shares: expected a weight of 'b' above 0, came 0.0"),
        (({"a": 1.0, "b": "much"},), "shares: expected a weight of 'b' above 0, came 'much'"),
        ("ab", "shares: expected a tuple of groups of trains, came 'ab'"),
        (({"a": 1.0}, "bc"), "shares: expected a tuple of groups of trains"),
        (((["a"], ["b"]),), "shares: expected a tuple of groups of trains, came ((['a'], ['b']),)"),
        (([np.array(["a", "b"])] * 2,), "shares: expected a tuple of groups of trains"),
        ((np.array("a"),), "shares: expected a tuple of groups of trains, came (array('a'"),
        ((b"ab",), "shares: expected a tuple of groups of trains, came (b'ab',)"),
    ],
)
def test_shares_that_make_no_sense_are_refused(shares: Any, message: str):
    with pytest.raises(ValueError, match="does not fit together") as told:
        drawing(shares=shares)
    assert message in str(told.value)


@pytest.mark.long
def test_what_is_compiled_shares_as_the_same_loops_do_interpreted(monkeypatch):
    def together(seed: int) -> Network:
        design = with_second_feeds(seed)
        units = {
            name: replace(unit, steam=0.5) if isinstance(unit, Blender) else unit
            for name, unit in design.units.items()
        }
        most = 0.2 * sum(unit.capacity for unit in units.values())
        return replace(design, units=units, shares=(tuple(units),), utilities={"steam": most})

    compiled = [keeps_its_laws(Drawn(seed), network=together(seed)).ledger() for seed in range(3)]
    interpret(monkeypatch)
    for seed, ledger in enumerate(compiled):
        again = keeps_its_laws(Drawn(seed), network=together(seed)).ledger()
        assert again.flows.keys() == ledger.flows.keys()
        for entry, kg in ledger.flows.items():
            assert again.flows[entry] == pytest.approx(kg, rel=1e-9, abs=1e-12)


# Against HiGHS


def assert_fair(
    activity: Sequence[float], capacity: list[float], rows: Rows, order: list[int], shares: Shares
) -> None:
    """No activity could run faster but at the cost of one before it, or of one that has no more.

    That is: with the more important ones fixed, and with every member of its group kept that runs
    at no larger share of its weight. Rates are over capacity.
    """
    size = [most or 1.0 for most in capacity]
    table = np.zeros((len(rows), len(capacity)))
    for line, row in zip(table, rows, strict=True):
        for k, g in row:
            line[k] += g * size[k]
        line /= np.abs(line).max() or 1.0
    full = [(0.0, most / s) for most, s in zip(capacity, size, strict=True)]
    bounds = list(full)
    group_of = {k: g for g, group in enumerate(shares) for k in group}
    done: set[int] = set()
    for first in order:
        if first in done:
            continue
        members = dict(shares[group_of[first]]) if first in group_of else {first: 1.0}
        part = {k: activity[k] / heavy for k, heavy in members.items()}
        for k in members:
            if activity[k] >= capacity[k]:
                continue
            kept = list(bounds)
            for other in members:
                if other == k or part[other] <= part[k] * (1.0 + 1e-7) + 1e-12:
                    kept[other] = (activity[other] / size[other], full[other][1])
            best = most_of(k, table, kept)
            assert best == pytest.approx(activity[k] / size[k], abs=2e-6)
        for k in members:
            share = activity[k] / size[k]
            bounds[k] = (share, share)
        done |= set(members)


def drawn_shares(rng: random.Random, capacity: list[float]) -> Shares:
    """Return one or two groups of activities, with the capacities or other numbers as weights."""
    names = rng.sample(range(len(capacity)), min(len(capacity), rng.randint(2, 7)))
    cut = rng.choice([len(names), len(names), max(2, len(names) - 2)])
    groups = [group for group in (names[:cut], names[cut:]) if len(group) > 1]
    even = rng.random() < 0.5
    return [
        {
            k: (capacity[k] or 1.0) if even else (capacity[k] or 1.0) * 10.0 ** rng.uniform(-1, 1)
            for k in group
        }
        for group in groups
    ]


def check_against_highs(seed: int, modes: int) -> int:
    """Return in how many of the modes of one network exact arithmetic had to decide."""
    rng, fallbacks = random.Random(f"shares of {seed}"), 0
    plant = network(seed)
    for _ in range(modes):
        capacity, rows, order = plant.mode(rng)
        shares = drawn_shares(rng, capacity)
        found = solve_rates(capacity, rows, order, shares)
        assert_feasible(found.activity, capacity, rows)
        assert_fair(found.activity, capacity, rows, order, shares)
        fallbacks += found.fallback
    return fallbacks


@pytest.mark.parametrize("seed", range(8))
def test_nobody_could_have_more_but_at_the_cost_of_who_has_no_more(seed: int):
    check_against_highs(seed, modes=10)


@pytest.mark.parametrize(
    "modes",
    [pytest.param(600, marks=pytest.mark.long), pytest.param(5_000, marks=pytest.mark.soak)],
)
def test_many_random_modes_are_fair(modes: int, record_property):
    """Of networks of which the test before has none."""
    fallbacks = sum(check_against_highs(seed, modes=modes // 60) for seed in range(20, 80))
    record_property(f"fallbacks in {modes} modes", fallbacks)
    assert fallbacks <= modes // 25


def test_groups_that_nothing_holds_change_nothing():
    for seed in range(20):
        capacity, rows, order = network(seed).mode(random.Random(seed))
        alone = solve_rates(capacity, rows, order)
        free = [k for k in range(len(capacity)) if alone.activity[k] == capacity[k]]
        if len(free) > 1:
            shared = solve_rates(capacity, rows, order, [dict.fromkeys(free, 1.0)])
            assert shared.activity == pytest.approx(alone.activity, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize(
    "seed", [0, 1, *(pytest.param(n, marks=pytest.mark.long) for n in (2, 3, 4))]
)
def test_random_networks_that_share_keep_their_laws(seed: int):
    for each in range(10 * seed, 10 * seed + 10):
        design, rng = Drawn(each).network(), random.Random(each)
        names = rng.sample(sorted(design.units), rng.randint(2, len(design.units)))
        weights = {name: 10.0 ** rng.uniform(-1.0, 1.0) for name in names}
        group = rng.choice([tuple(names), weights])
        keeps_its_laws(Drawn(each), network=replace(design, shares=(group,)))


def test_a_splitter_that_shares_is_taken_by_its_feed_not_by_what_it_makes():
    """Both fill one full tank, one with half of its feed: rates of 2 and 2 for 3 kg/h sold."""
    design = Drawn(0).network()
    found = settled(
        replace(
            design,
            units={
                "a": Splitter(capacity=10.0, recycle=0.5),
                "b": Machine(capacity=10.0),
                "sale": Machine(capacity=3.0),
            },
            tanks={"tank": Tank(capacity=100.0, heel=0.0, initial_level=1.0)},
            contents={"tank": (0.5, 0.5)},
            trains=(
                Train("a", "store", ("a",)),
                Train("b", "store", ("b",)),
                Train("sale", "tank", ("sale",)),
            ),
            pipes={
                "a.product": Pipe("customers"),
                "a.recycle": Pipe("tank"),
                "b.made": Pipe("tank"),
                "sale.made": Pipe("customers"),
            },
            spills={},
            shares=(("a", "b"),),
        )
    )
    assert (found["a"], found["b"]) == pytest.approx((2.0, 2.0), rel=1e-12)
