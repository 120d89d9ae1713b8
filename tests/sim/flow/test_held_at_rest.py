"""What a steady state holds back that in time runs on: it is refused, and what is held is given."""

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import pytest

from plant_models.benchmarks.machines import running
from plant_models.benchmarks.units import BRINE, MATERIAL, Blender, Machine, Splitter
from sim.clock.plant import Plant
from sim.errors import BalanceError
from sim.network.network import Header, Network, Pipe, Tank, Train
from sim.network.unit import Recipe, Unit
from sim.steady.state import SteadyState
from tests.sim.flow.test_utilities import Boiling


@dataclass(frozen=True, kw_only=True)
class Washer(Unit):
    """Passes on what it is fed and the gas that it collects."""

    inlets: ClassVar = ("part", "gas")
    outlets: ClassVar = ("made",)

    def convert(self, inlets: Any, at: Any) -> Recipe:
        """Return the recipe: all that enters leaves."""
        return Recipe(splits={"made": (1.0, 1.0)})


def tank(when_full: str) -> Tank:
    """Return a small one that is half full at first."""
    return Tank(capacity=10.0, heel=0.0, initial_level=0.5, when_full=when_full)


def row(capacities: tuple[float, ...], fulls: tuple[str, ...], pacer: int = 0) -> Network:
    """Return machines in a row, and a tank between each two of them."""
    last = len(capacities) - 1
    return Network(
        components=MATERIAL,
        units={f"u{k}": Machine(capacity=most) for k, most in enumerate(capacities)},
        tanks={f"t{k}": tank(full) for k, full in enumerate(fulls)},
        contents={f"t{k}": (1.0,) for k in range(last)},
        supplies={"store": (1.0,)},
        sinks={"customers": "product", "sewer": "wastewater"},
        trains=tuple(
            Train(f"u{k}", f"t{k - 1}" if k else "store", (f"u{k}",)) for k in range(last + 1)
        ),
        pipes={f"u{k}.made": Pipe(f"t{k}" if k < last else "customers") for k in range(last + 1)},
        spills={f"t{k}": "sewer" for k in range(last)},
        pacer=f"u{pacer}",
    )


def in_time(network: Network) -> dict[str, float]:
    """Return the rates of trains after a long run, kg/h."""
    plant: Plant = running(network)
    plant.run(500.0)
    return dict(zip(plant.train_names, plant.flow.rates.activity, strict=False))


ROWS = {
    "next to it": ((10.0, 5.0), ("spill",), "t0"),
    "two trains up": ((10.0, 8.0, 5.0), ("spill", "block"), "t0"),
    "behind one that blocks": ((10.0, 8.0, 5.0), ("block", "spill"), "t1"),
    "ahead of one that is larger": ((10.0, 10.0, 5.0), ("spill", "block"), "t0"),
    "three trains up": ((10.0, 9.0, 8.0, 5.0), ("spill", "block", "block"), "t0"),
}


@pytest.mark.parametrize("pacer", [0, 1])
@pytest.mark.parametrize(("capacities", "fulls", "where"), ROWS.values(), ids=ROWS)
def test_a_row_that_would_spill_in_time_has_no_state(
    capacities: tuple[float, ...], fulls: tuple[str, ...], where: str, pacer: int
):
    network = row(capacities, fulls, pacer)
    small = f"u{len(capacities) - 1}"
    assert in_time(network)["u0"] > capacities[-1]
    with pytest.raises(BalanceError) as refused:
        SteadyState(network, {})
    assert str(refused.value) == (
        f"steady state with train {small!r} at its limit of 5 kg/h: tank {where!r} spills what it "
        "is too small for, so that the line runs on in time, and would be held back here; raise "
        f"{small}.capacity, or let the tank block"
    )


@pytest.mark.parametrize(
    ("capacities", "fulls"),
    [
        ((10.0, 5.0), ("block",)),
        ((5.0, 10.0), ("spill",)),
        ((5.0, 5.0), ("spill",)),
        ((10.0, 5.0, 8.0), ("block", "spill")),
        ((10.0, 5.0, 5.0), ("block", "spill")),
        ((5.0, 8.0, 10.0), ("spill", "spill")),
    ],
)
@pytest.mark.parametrize("pacer", [0, 1])
def test_a_row_that_spills_nothing_in_time_rests(
    capacities: tuple[float, ...], fulls: tuple[str, ...], pacer: int
):
    network = row(capacities, fulls, pacer)
    assert SteadyState(network, {}).activity == pytest.approx(in_time(network))


def test_what_a_train_brings_only_on_order_does_not_spill():
    network = row((10.0, 5.0), ("spill",), 1)
    assert SteadyState(network, {}, ordered=["u0"]).activity == pytest.approx({"u0": 5, "u1": 5})


@pytest.mark.parametrize("ordered", ["u0", 5, ["x"]])
def test_ordered_names_trains(ordered: Any):
    with pytest.raises((TypeError, LookupError), match=r"ordered as names of trains|no train 'x'"):
        SteadyState(row((10.0, 5.0), ("spill",)), {}, ordered=ordered)


def test_the_member_that_is_too_small_is_named():
    units = {"u0": Machine(capacity=10.0), "wide": Machine(capacity=9.0)}
    network = Network(
        components=MATERIAL,
        units={**units, "narrow": Machine(capacity=5.0)},
        tanks={"t": tank("spill")},
        contents={"t": (1.0,)},
        supplies={"store": (1.0,)},
        sinks={"customers": "product", "sewer": "wastewater"},
        trains=(Train("u0", "store", ("u0",)), Train("long", "t", ("wide", "narrow"))),
        pipes={
            "u0.made": Pipe("t"),
            "wide.made": Pipe("narrow.part"),
            "narrow.made": Pipe("customers"),
        },
        spills={"t": "sewer"},
        pacer="u0",
    )
    with pytest.raises(BalanceError, match=r"train .long. at.*; raise narrow.capacity"):
        SteadyState(network, {})


def forked(one: str, other: str, small: float = 4.0) -> Network:
    """Return a splitter that fills two tanks by halves: one for a small train, one for a large."""
    return Network(
        components=BRINE,
        units={
            "fork": Splitter(capacity=20.0, recycle=0.5),
            "small": Machine(capacity=small),
            "large": Machine(capacity=8.0),
        },
        tanks={"one": tank(one), "other": tank(other)},
        contents={"one": (0.5, 0.5), "other": (0.5, 0.5)},
        supplies={"store": (0.5, 0.5)},
        sinks={"customers": "product", "sewer": "wastewater"},
        trains=(
            Train("fork", "store", ("fork",)),
            Train("small", "one", ("small",)),
            Train("large", "other", ("large",)),
        ),
        pipes={
            "fork.product": Pipe("one"),
            "fork.recycle": Pipe("other"),
            "small.made": Pipe("customers"),
            "large.made": Pipe("customers"),
        },
        spills={"one": "sewer", "other": "sewer"},
        pacer="fork",
    )


@pytest.mark.parametrize(("one", "other", "small"), [
    ("block", "spill", 4.0),  # what spills has a train that takes all
    ("spill", "block", 8.0),  # both are too small, and one of them blocks
])  # fmt: skip
def test_a_splitter_is_held_back_by_the_tank_that_blocks(one: str, other: str, small: float):
    network = forked(one, other, small)
    assert SteadyState(network, {}).activity == pytest.approx(in_time(network))


def test_a_splitter_is_not_held_back_by_the_tank_that_spills():
    assert in_time(forked("spill", "block"))["fork"] == pytest.approx(16.0)
    with pytest.raises(BalanceError, match=r"train 'small' .*tank 'one' spills"):
        SteadyState(forked("spill", "block"), {})


def recycling(when_full: str, back: float) -> Network:
    """Return a separator that sends a share back to the tank that it draws from."""
    return Network(
        components=BRINE,
        units={"intake": Machine(capacity=20.0), "split": Splitter(capacity=6.0, recycle=back)},
        tanks={"yard": tank(when_full)},
        contents={"yard": (0.5, 0.5)},
        supplies={"store": (0.5, 0.5)},
        sinks={"customers": "product", "sewer": "wastewater"},
        trains=(Train("intake", "store", ("intake",)), Train("split", "yard", ("split",))),
        pipes={
            "intake.made": Pipe("yard"),
            "split.product": Pipe("customers"),
            "split.recycle": Pipe("yard"),
        },
        spills={"yard": "sewer"},
        pacer="intake",
    )


def test_a_recycle_keeps_no_tank_from_spilling_what_comes_anew():
    rests = recycling("block", 0.5)
    assert SteadyState(rests, {}).activity == pytest.approx(in_time(rests))
    assert in_time(recycling("spill", 0.5))["intake"] == pytest.approx(20.0)
    with pytest.raises(BalanceError, match=r"train 'split' .*tank 'yard' spills"):
        SteadyState(recycling("spill", 0.5), {})


def blended(when_full: str, filler: float) -> Network:
    """Return a blender whose main feed is from one tank, its second from another."""
    return Network(
        components=BRINE,
        units={
            "intake": Machine(capacity=20.0),
            "filler": Machine(capacity=filler),
            "mix": Blender(capacity=10.0, ratio=0.5),
        },
        tanks={"yard": tank(when_full), "side": tank("block")},
        contents={"yard": (0.5, 0.5), "side": (0.5, 0.5)},
        supplies={"store": (0.5, 0.5), "well": (0.0, 1.0)},
        sinks={"customers": "product", "sewer": "wastewater"},
        trains=(
            Train("intake", "store", ("intake",)),
            Train("filler", "well", ("filler",)),
            Train("mix", "yard", ("mix",)),
        ),
        pipes={
            "intake.made": Pipe("yard"),
            "filler.made": Pipe("side"),
            "mix.top": Pipe("customers"),
            "mix.bottom": Pipe("customers"),
        },
        draws={"mix.second": Header(("side",))},
        spills={"yard": "sewer"},
        pacer="intake",
    )


def test_a_scarce_second_feed_lets_the_tank_of_the_first_one_spill():
    rests = blended("block", 2.0)
    assert SteadyState(rests, {}).activity == pytest.approx(in_time(rests))
    assert in_time(blended("spill", 2.0))["intake"] == pytest.approx(20.0)
    with pytest.raises(BalanceError, match=r"train 'filler' at.*tank 'yard' spills"):
        SteadyState(blended("spill", 2.0), {})


def joined(first_way: str) -> Network:
    """Return a splitter whose products meet again in a full tank, the second one having the room.

    A fifth goes the first way.
    """
    return Network(
        components=BRINE,
        units={
            "fork": Splitter(capacity=10.0, recycle=0.8),
            "a": Machine(capacity=9.0),
            "b": Machine(capacity=9.0),
            "end": Machine(capacity=5.0),
        },
        tanks={"one": tank(first_way), "other": tank("block"), "met": tank("block")},
        contents=dict.fromkeys(("one", "other", "met"), (0.5, 0.5)),
        supplies={"store": (0.5, 0.5)},
        sinks={"customers": "product", "sewer": "wastewater"},
        trains=(
            Train("fork", "store", ("fork",)),
            Train("a", "one", ("a",)),
            Train("b", "other", ("b",)),
            Train("end", "met", ("end",)),
        ),
        pipes={
            "fork.product": Pipe("one"),
            "fork.recycle": Pipe("other"),
            "a.made": Pipe("met"),
            "b.made": Pipe("met"),
            "end.made": Pipe("customers"),
        },
        spills={"one": "sewer"},
        pacer="fork",
    )


def test_the_train_that_has_the_room_of_a_full_tank_first_is_not_held_back():
    assert SteadyState(joined("block"), {}).activity == pytest.approx(in_time(joined("block")))
    assert in_time(joined("spill")) == pytest.approx({"fork": 6.25, "a": 0.0, "b": 5.0, "end": 5.0})
    with pytest.raises(BalanceError, match=r"train 'end' .*tank 'one' spills"):
        SteadyState(joined("spill"), {})


def boiled(when_full: str, above: float, steam: float) -> Network:
    """Return a still behind a machine that uses steam, too, or not."""
    return Network(
        components=BRINE,
        units={
            "intake": Boiling(capacity=20.0, steam=above),
            "still": Boiling(capacity=20.0, steam=1.0),
        },
        tanks={"yard": tank(when_full)},
        contents={"yard": (0.5, 0.5)},
        supplies={"store": (0.5, 0.5)},
        sinks={"customers": "product", "sewer": "wastewater"},
        trains=(Train("intake", "store", ("intake",)), Train("still", "yard", ("still",))),
        pipes={"intake.made": Pipe("yard"), "still.made": Pipe("customers")},
        spills={"yard": "sewer"},
        utilities={"steam": steam},
        pacer="intake",
    )


def test_a_utility_that_one_train_uses_is_a_limit_of_it():
    assert in_time(boiled("spill", 0.0, 5.0))["intake"] == pytest.approx(20.0)
    with pytest.raises(BalanceError, match=r"utility 'steam' .*tank 'yard' .*utilities.steam, or"):
        SteadyState(boiled("spill", 0.0, 5.0), {})


@pytest.mark.parametrize(("above", "runs"), [(0.2, 20.0), (1.0, 10.0)])
def test_who_has_the_steam_first_runs_on_where_a_tank_spills(above: float, runs: float):
    """The one that comes last is at its limit, and holds nobody back."""
    network = replace(boiled("spill", above, 10.0), priorities=("intake", "still"))
    assert in_time(network)["intake"] == pytest.approx(runs)
    with pytest.raises(BalanceError, match=r"utility 'steam' .*tank 'yard' .*utilities.steam, or"):
        SteadyState(network, {})
    waits = replace(boiled("block", above, 10.0), priorities=("intake", "still"))
    assert SteadyState(waits, {}).activity["still"] == pytest.approx(10.0 / (1.0 + above))


def stills(when_full: str, uses: tuple[float, ...], first: tuple[str, ...] = ()) -> Network:
    """Return stills of 20 kg/h in a row that share 9 kg/h of steam, with tanks in between."""
    last = len(uses) - 1
    return replace(
        row((20.0,) * len(uses), (when_full,) * last),
        units={f"u{k}": Boiling(capacity=20.0, steam=steam) for k, steam in enumerate(uses)},
        components=BRINE,
        contents={f"t{k}": (0.5, 0.5) for k in range(last)},
        supplies={"store": (0.5, 0.5)},
        utilities={"steam": 9.0},
        priorities=first,
    )


@pytest.mark.parametrize(
    ("uses", "first", "runs"),
    [
        ((0.0, 0.5, 1.0), (), 20.0),  # who fills the first tank needs none
        ((0.5, 0.0, 1.0), ("u2",), 6.0),  # the last comes first, and an empty tank hands that on
        ((0.5, 0.0, 1.0), ("u1",), 18.0),
        ((0.5, 1.0, 1.0), ("u1", "u0", "u2"), 6.0),
        ((0.5, 1.0, 0.5), ("u2", "u0", "u1"), 4.5),
    ],
)
def test_tanks_that_spill_are_told_of_steam_that_several_use(
    uses: tuple[float, ...], first: tuple[str, ...], runs: float
):
    network = stills("spill", uses, first)
    found = in_time(network)
    assert found["u0"] == pytest.approx(runs)
    if found["u2"] == pytest.approx(runs):
        assert SteadyState(network, {}).activity == pytest.approx(found)
    else:
        with pytest.raises(BalanceError, match=r"utility 'steam' .* raise utilities.steam, or"):
            SteadyState(network, {})


def test_steam_that_two_trains_use_goes_to_the_later_one_first():
    network = boiled("spill", 1.0, 10.0)
    assert SteadyState(network, {}).activity == pytest.approx(in_time(network))


def vented(share: float) -> Network:
    """Return a washer that collects half of what a machine gets, fed such a share of the whole."""
    return Network(
        components=BRINE,
        units={
            "fork": Splitter(capacity=10.0, recycle=share),
            "vent": Splitter(capacity=10.0, recycle=0.5),
            "washer": Washer(capacity=10.0),
        },
        tanks={"main": tank("block"), "side": Tank(capacity=10.0, heel=0.0, initial_level=0.0)},
        contents={"main": (0.5, 0.5), "side": (0.5, 0.5)},
        supplies={"store": (0.5, 0.5)},
        sinks={"customers": "product", "air": "air"},
        trains=(
            Train("forking", "store", ("fork",)),
            Train("venting", "main", ("vent",)),
            Train("washing", "side", ("washer",)),
        ),
        pipes={
            "fork.product": Pipe("main"),
            "fork.recycle": Pipe("side"),
            "vent.product": Pipe("customers"),
            "vent.recycle": Pipe("washer.gas", otherwise="air"),
            "washer.made": Pipe("customers"),
        },
        pacer="forking",
    )


def test_gas_whose_collector_gets_no_feed_goes_elsewhere_in_time_and_is_told():
    """All ten went to customers."""
    rests, plant = vented(0.1), running(vented(0.0))
    assert SteadyState(rests, {}).ledger(1.0).total(sink="customers") == pytest.approx(10.0)
    plant.run(1.0)
    assert plant.ledger().total(sink="air") == pytest.approx(5.0)
    with pytest.raises(BalanceError) as refused:
        SteadyState(vented(0.0), {})
    assert str(refused.value) == (
        "steady state: train 'washing' stands, so that what it collects of 'vent.recycle' goes to "
        "'air' in time; feed the train, or lead the outlet there"
    )


def yard(capacities: dict[str, float], pacer: str = "intake") -> Network:
    """Return trains that all draw from one yard, which one more fills."""
    return Network(
        components=MATERIAL,
        units={name: Machine(capacity=most) for name, most in capacities.items()},
        tanks={"yard": tank("block")},
        contents={"yard": (1.0,)},
        supplies={"store": (1.0,)},
        sinks={"customers": "product"},
        trains=tuple(
            Train(name, "store" if name == "intake" else "yard", (name,)) for name in capacities
        ),
        pipes={
            f"{name}.made": Pipe("yard" if name == "intake" else "customers") for name in capacities
        },
        pacer=pacer,
    )


@pytest.mark.parametrize("pacer", ["intake", "a", "b"])
def test_a_tank_that_feeds_two_trains_is_refused(pacer: str):
    """Each would get all of it; in time the first in the order has what it can take."""
    network = yard({"intake": 10.0, "a": 6.0, "b": 8.0}, pacer)
    assert in_time(network) == pytest.approx({"intake": 10.0, "a": 6.0, "b": 4.0})
    with pytest.raises(ValueError, match="one tank feeds") as refused:
        SteadyState(network, {})
    assert str(refused.value) == (
        "tank 'yard' feeds trains 'a' and 'b', but at constant conditions one tank feeds one "
        "train: nothing says who gets how much; give each a tank of its own, filled by a splitter, "
        "or simulate, where priorities say it"
    )
