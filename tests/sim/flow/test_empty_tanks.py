"""What passes empty tanks on its way from a stirred tank to another, against closed forms."""

from collections.abc import Mapping
from math import exp
from typing import Any

import pytest

from plant_models.benchmarks.machines import running
from plant_models.benchmarks.units import BRINE
from sim.clock.plant import Plant
from sim.network.chemistry import Components
from sim.network.network import Network, Pipe, Tank, Train
from tests.sim.flow.random_networks import WASH, Divider

FIRST, LAST = 0.9, 0.1  # kg/kg of salt, at first and in the long run
SOURCE, SINK = 10.0, 3.0  # kg
HOURS = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 40.0)
PLENTY = 500.0  # kg/h
Way = tuple[str, float, float, str]  # from where, at most how much, of which a share, to where


def washed(
    ways: Mapping[str, Way], empty: int, gives: Mapping[str, float], tolerance: float
) -> Plant:
    """Return a plant in which 1 kg/h washes a stirred tank, s; ways lead on through empty ones.

    What a way does not send where it leads comes back to the tank that it draws from. Other tanks
    hold what they hold, for they give, kg/h, what they get.
    """
    back = {name: feed for name, (feed, *_) in ways.items()}
    every = {"wash": ("feed", 1.0, 1.0, "s"), **ways}
    every |= {f"out_{tank}": (tank, kg, 1.0, "customers") for tank, kg in gives.items()}
    held = {"s": SOURCE} | dict.fromkeys(gives, SINK)
    none = [f"e{i}" for i in range(empty)]
    network = Network(
        components=BRINE,
        units={
            name: Divider(
                capacity=most, salt=share, water=share, benzene=0.0, ammonia=0.0, nitrogen=0.0
            )
            for name, (_, most, share, _) in every.items()
        },
        tanks={tank: Tank(capacity=50.0, heel=0.0, initial_level=0.0) for tank in none}
        | {tank: Tank(capacity=2.0 * kg, heel=0.0, initial_level=0.5) for tank, kg in held.items()},
        contents=dict.fromkeys([*none, *held], (FIRST, 1.0 - FIRST)),
        supplies={"feed": (LAST, 1.0 - LAST)},
        sinks={"customers": "product", "sewer": "wastewater"},
        trains=tuple(Train(name, feed, (name,)) for name, (feed, *_) in every.items()),
        pipes={f"{name}.top": Pipe(to) for name, (*_, to) in every.items()}
        | {f"{name}.bottom": Pipe(back.get(name, "sewer")) for name in every},
    )
    return running(network, tolerance=tolerance)


def off(plant: Plant, tank: str, comes: float) -> float:
    """Return by how much a tank that gets so many kg/h of what s gives is off, relative."""
    fast, slow, worst = comes / SINK, 1.0 / SOURCE, 0.0
    for hour in HOURS:
        with plant.expecting():
            plant.run(hour)
        late = exp(-fast * hour)
        late += fast / (fast - slow) * (exp(-slow * hour) - late)
        share = LAST + (FIRST - LAST) * late
        worst = max(worst, abs(plant.contents_of(tank)[0] / SINK / share - 1.0))
    return worst


@pytest.mark.parametrize("returned", [0.0, 0.5, 0.9, 0.99, 0.999])
def test_what_an_empty_tank_returns_to_itself_slows_nothing_behind_it(returned: float):
    """A train draws up to a thousand times what comes, and sends most of it back."""
    ways = {"over": ("s", 1.0, 1.0, "e0"), "on": ("e0", 2000.0, 1.0 - returned, "d")}
    for digits in range(2, 6):
        assert off(washed(ways, 1, {"d": 1.0}, 10.0**-digits), "d", 1.0) < 3.0 * 10.0**-digits


@pytest.mark.parametrize("empty", [2, 3, 5])
def test_a_row_of_empty_tanks_passes_on_what_comes_as_one_does(empty: int):
    """Each of them may be told of before or after the one that feeds it."""
    ways = {"over": ("s", 1.0, 1.0, f"e{empty // 2}")}
    order = [*range(empty // 2, empty), *range(empty // 2)]
    for here, there in zip(order, [*(f"e{i}" for i in order[1:]), "d"], strict=True):
        ways[f"on{here}"] = (f"e{here}", PLENTY, 1.0, there)
    for digits in range(2, 6):
        assert off(washed(ways, empty, {"d": 1.0}, 10.0**-digits), "d", 1.0) < 3.0 * 10.0**-digits


@pytest.mark.parametrize("first", [0.9, 0.4, 0.01])
def test_of_two_trains_that_share_an_empty_tank_both_get_what_comes(first: float):
    """The one that is declared last takes all that it can, the other what is left."""
    ways = {
        "over": ("s", 1.0, 1.0, "e0"),
        "rest": ("e0", PLENTY, 1.0, "d_rest"),
        "first": ("e0", first, 1.0, "d_first"),
    }
    gives = {"d_first": first, "d_rest": 1.0 - first}
    for digits in range(2, 6):
        for tank, kg in gives.items():
            plant = washed(ways, 1, gives, 10.0**-digits)
            assert off(plant, tank, kg) < 3.0 * 10.0**-digits
            got = {entry.sink: sum(kg) for entry, kg in plant.ledger().flows.items()}
            assert got[tank.removeprefix("d_")] == pytest.approx(kg * HOURS[-1], rel=1e-9)


@pytest.mark.parametrize("water", [0.1, 2.0, 7.9])
@pytest.mark.parametrize("level", [0.25, 0.7])
def test_what_rounding_leaves_in_an_empty_tank_decides_no_priority(water: float, level: float):
    """Half salt at first, only water later: the press, for whose salt packing came first, stands.

    The bath runs empty at 8 kg/h against the water that comes; then the shop has all of it, for it
    comes before the press, though packing would have 1e-21 kg/h more if it did not.
    """
    every = {"tap": water, "shop": 5.0, "press": 3.0, "packing": 10.0}
    none: dict[str, Any] = {"water": 0.0, "benzene": 0.0, "ammonia": 0.0, "nitrogen": 0.0}
    feeds = {"tap": "well", "shop": "bath", "press": "bath", "packing": "salt"}
    to = {"tap": "bath", "press": "salt"}
    network = Network(
        components=BRINE,
        units={
            name: Divider(
                capacity=most, salt=1.0, **none | ({"water": 1.0} if name == "tap" else {})
            )
            for name, most in every.items()
        },
        tanks={
            "bath": Tank(capacity=10.0, heel=0.0, initial_level=level),
            "salt": Tank(capacity=1.0, heel=0.1, initial_level=0.1),
        },
        contents={"bath": (0.5, 0.5), "salt": (1.0, 0.0)},
        supplies={"well": (0.0, 1.0)},
        sinks={"customers": "product"},
        trains=tuple(Train(name, feed, (name,)) for name, feed in feeds.items()),
        pipes={f"{name}.top": Pipe(to.get(name, "customers")) for name in every}
        | {f"{name}.bottom": Pipe("customers") for name in every},
        priorities=("packing", "shop", "press", "tap"),
    )
    plant = running(network)
    plant.run(200.0)
    left = max(water - 5.0, 0.0)
    assert plant.flow.rates.activity == pytest.approx([water, water - left, left, 0.0], abs=1e-9)


OUT, ON, BACK = (0.07, 1.0, 0.76), (0.7, 1.0, 1.0), (0.01, 0.37, 0.5)
"""Of each component, what goes from a stock into a loop of two empty tanks, there, and back."""


@pytest.mark.parametrize("trace", [1e-9, 1e-7, 1e-4, 1e-2])
@pytest.mark.parametrize(
    ("tolerance", "most"), [(1e-3, 400), pytest.param(1e-4, 4000, marks=pytest.mark.long)]
)
def test_a_trace_round_a_loop_of_empty_tanks_is_followed_no_closer_than_it_moves(
    trace: float, tolerance: float, most: int
):
    """Each component leaves the stock of M kg at 2.6 k m / M kg/h, k by what comes back of it.

    So m = m0 exp(-k tau) where t = sum m0 (1 - exp(-k tau)) / (2.6 k). It took 30,000 intervals:
    in the long run next to no water comes, which the loop was thought to pass as much of as now.
    """
    held = tuple(5.0 * share for share in (0.94 - trace, 0.06, trace))
    splits = {"out": (2.6, OUT), "on": (30.0, ON), "back": (30.0, BACK)}
    ways = {"out": ("stock", "a", "stock"), "on": ("a", "b", "stock"), "back": ("b", "a", "sink")}
    network = Network(
        components=Components({name: WASH.formulas[name] for name in WASH.names[:3]}),
        units={
            name: Divider(capacity=kg, salt=s, water=w, benzene=b, ammonia=0.0, nitrogen=0.0)
            for name, (kg, (s, w, b)) in splits.items()
        },
        tanks={
            name: Tank(capacity=10.0, heel=0.0, initial_level=0.5 if name == "stock" else 0.0)
            for name in ("stock", "a", "b")
        },
        contents=dict.fromkeys(("stock", "a", "b"), tuple(kg / 5.0 for kg in held)),
        supplies={},
        sinks={"sink": "product"},
        trains=tuple(Train(name, feed, (name,)) for name, (feed, *_) in ways.items()),
        pipes={f"{name}.top": Pipe(to) for name, (_, to, _) in ways.items()}
        | {f"{name}.bottom": Pipe(to) for name, (*_, to) in ways.items()},
    )
    leaves = [o * n * (1.0 - b) / (1.0 - n * b) for o, n, b in zip(OUT, ON, BACK, strict=True)]
    plant = running(network, tolerance=tolerance)
    for tau in (0.1, 1.0, 4.0, 10.0):
        exact = [kg * exp(-k * tau) for kg, k in zip(held, leaves, strict=True)]
        gone = zip(held, exact, leaves, strict=True)
        with plant.expecting():
            plant.run(sum((was - kg) / (2.6 * k) for was, kg, k in gone))
        assert plant.contents_of("stock") == pytest.approx(exact, rel=2.0 * tolerance, abs=0.0)
    assert plant.flow.intervals < most


@pytest.mark.parametrize("back", ["at once", "by an empty tank"])
@pytest.mark.parametrize("tolerance", [1e-3, pytest.param(1e-4, marks=pytest.mark.long)])
def test_what_boils_off_a_full_tank_is_made_up_for_as_it_gets_less(back: str, tolerance: float):
    """100 kg/h go round through an evaporator that takes all water, w of 1,000 kg held.

    What makes up for it is 1 % salt, and comes as fast as there is room: 0.1 w kg/h, so that
    dw/dt = -0.001 w. Held at a mean it brought as much water at last as at first: after six times
    1,000 h three times as much was there.
    """

    def divider(capacity: float, salt: float) -> Divider:
        return Divider(
            capacity=capacity, salt=salt, water=1.0, benzene=0.0, ammonia=0.0, nitrogen=0.0
        )

    network = Network(
        components=Components({name: WASH.formulas[name] for name in WASH.names[:3]}),
        units={
            "feed": divider(10.0, 1.0),
            "boil": divider(100.0, 0.0),
            "pump": divider(500.0, 1.0),
        },
        tanks={
            "liquor": Tank(capacity=1000.0, heel=0.0, initial_level=1.0),
            "drum": Tank(capacity=10.0, heel=0.0, initial_level=0.0),
        },
        contents={"liquor": (0.9, 0.1, 0.0), "drum": (1.0, 0.0, 0.0)},
        supplies={"brine": (0.01, 0.99, 0.0)},
        sinks={"steam": "product"},
        trains=(
            Train("feed", "brine", ("feed",)),
            Train("boil", "liquor", ("boil",)),
            Train("pump", "drum", ("pump",)),
        ),
        pipes={
            **dict.fromkeys(("feed.top", "feed.bottom", "pump.top", "pump.bottom"), Pipe("liquor")),
            "boil.top": Pipe("steam"),
            "boil.bottom": Pipe("liquor" if back == "at once" else "drum"),
        },
    )
    plant = running(network, tolerance=tolerance)
    for hours in (500.0, 1000.0, 3000.0, 6000.0):
        with plant.expecting():
            plant.run(hours)
        left = plant.contents_of("liquor")[1]
        assert left == pytest.approx(100.0 * exp(-0.001 * hours), rel=2.0 * tolerance)
    assert plant.flow.intervals < 4.0 / tolerance
