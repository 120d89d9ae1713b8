"""A run that is saved, perhaps in a file, goes on where it was, with the same bits."""

import pickle
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, cast

import pytest

from plant_models.benchmarks.machines import machine_line, running, two_machines
from plant_models.benchmarks.units import BRINE, Blender, Boiler, Machine
from plant_models.benchmarks.works import salmiac_works
from sim.clock.life import Outages, failure_lives
from sim.clock.plant import Plant
from sim.clock.random_streams import RandomStreams
from sim.clock.redesign import redesign
from sim.clock.saved import Saved
from sim.network.network import Header, Network, Pipe, Tank, Train
from sim.network.operation import FailureMode
from tests.sim.flow.random_networks import sieved


def line(rate: float, seed: int) -> Plant:
    return two_machines((rate, 1.2), (0.01, 0.02), (0.1, 0.15), 15.0, "volume", seed)


def works(seed: int, replication: int) -> Plant:
    network = salmiac_works(FailureMode(mtbf=50.0, mttr=5.0))
    plant = Plant(network, lambda hour: {}, RandomStreams(seed, replication))
    for life in failure_lives(plant, Outages(plant)):
        plant.env.process(life)
    return plant


def sieves(seed: int) -> Plant:
    """Return a plant whose units have fields that declare no parameter."""
    return running(sieved(seed, n=2, tanks=2, trains=3), seed)


@pytest.mark.parametrize(
    ("build", "arguments"), [(line, (1.0, 4)), (works, (3, 2)), (sieves, (3,))]
)
def test_a_run_that_was_saved_goes_on_with_the_same_bits(build, arguments):
    going = build(*arguments)
    going.run(777.7)
    kept = pickle.dumps(Saved.of(going, build, *arguments))
    going.run(2000.0)

    saved = pickle.loads(kept)
    again = saved.resume()
    assert again.env.now == saved.hour == 777.7
    again.run(2000.0)
    assert again.ledger() == going.ledger()
    assert [again.level_of(tank) for tank in again.tank_names] == [
        going.level_of(tank) for tank in going.tank_names
    ]
    assert again.states == going.states


def with_well(ratio: float) -> Plant:
    """Return a blender whose header hardly ever needs the water that it could have."""
    salt, water = (1.0, 0.0), (0.0, 1.0)
    network = Network(
        components=BRINE,
        units={"mining": Machine(capacity=9.0), "blender": Blender(capacity=10.0, ratio=ratio)},
        tanks={"hall": Tank(capacity=1000.0, heel=0.0, initial_level=1.0)},
        contents={"hall": salt},
        supplies={"mine": salt, "well": water},
        sinks={"customers": "product"},
        trains=(Train("mining", "mine", ("mining",)), Train("blending", "hall", ("blender",))),
        pipes={
            "mining.made": Pipe("hall"),
            "blender.top": Pipe("customers"),
            "blender.bottom": Pipe("customers"),
        },
        draws={"blender.second": Header(("hall",), "well")},
    )
    return Plant(network, lambda hour: {}, RandomStreams(1))


@pytest.mark.parametrize("ratio", [0.115, 0.163, 0.172, 0.181, 0.193, 0.211, 0.5])
def test_what_has_flowed_by_rounding_alone_makes_no_other_run(ratio):
    """A component of which less than nothing has flowed, by a last digit, is the same again."""
    going = with_well(ratio)
    going.run(30.0)
    assert Saved.of(going, with_well, ratio).resume().ledger() == going.ledger()


def test_a_saved_run_can_go_on_more_than_once():
    going = line(1.0, 4)
    going.run(100.0)
    saved = Saved.of(going, line, 1.0, 4)
    ends = []
    for _ in range(2):
        plant = saved.resume()
        plant.run(300.0)
        ends.append(plant.ledger())
    assert ends[0] == ends[1]


def test_another_run_than_the_one_that_was_saved_is_refused():
    going = line(1.0, 4)
    going.run(777.7)
    saved = Saved.of(going, line, 1.1, 4)
    with pytest.raises(ValueError, match=r"saved at 777.7 h is another one: .*another version"):
        saved.resume()


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"steam": 0.4}, "of steam it has used"),
        ({"peaks": {"steam": 3.0}}, "of steam it has used beyond the peak"),
        ({"peaks": {}}, "of steam it has used beyond the peak"),
    ],
)
def test_another_run_is_refused_though_the_same_flows(changed: dict[str, Any], told: str):
    """It takes 5 kg/h, of which 1 beyond its peak of 4."""
    built: dict[str, Any] = {"steam": 0.5, "peaks": {"steam": 4.0}}

    def still() -> Plant:
        network = machine_line([Boiler(capacity=10.0, steam=built["steam"])], [])
        return running(replace(network, peaks=built["peaks"]))

    going = still()
    going.run(8.0)
    saved = Saved.of(going, still)
    assert saved.resume().ledger() == going.ledger()
    built.update(changed)
    with pytest.raises(ValueError, match=f"is another one: {told} something else"):
        saved.resume()


def with_steam() -> Plant:
    """Return two boilers with a tank between them, the second of which waits for the first."""
    network = machine_line([Boiler(capacity=2.0, steam=0.5), Machine(capacity=1.0)], [10.0])
    plant = running(replace(network, utilities={"steam": 5.0}, peaks={"steam": 4.0}))
    plant.run_as("machine_2", "start-up")
    return plant


ACTS: dict[str, tuple[Callable[[Plant], object], str]] = {
    "hold": (lambda plant: plant.hold("machine_1", "somebody", "a visit"), "train 'machine_1'"),
    "wait": (lambda plant: plant.wait("machine_2", "somebody", "no car"), "train 'machine_2'"),
    "run at": (lambda plant: plant.run_at("machine_1", 0.9), "train 'machine_1'"),
    "run as": (lambda plant: plant.run_as("machine_1", "by hand"), "train 'machine_1'"),
    "lead": (lambda plant: plant.lead("machine_1.made", "customers"), "train 'machine_1'"),
    "down": (lambda plant: plant.goes_down("machine_1", "broken"), "unit 'machine_1'"),
    "limit": (lambda plant: plant.limit("steam", 0.1), "utility 'steam'"),
    "run usually as": (
        lambda plant: plant.run_usually_as("machine_2", "by hand"),
        "train 'machine_2'",
    ),
    "redesign": (
        lambda plant: redesign(plant, replace(plant.designed, peaks={"steam": 3.0})),
        "the peaks",
    ),
    "rebuild": (
        lambda plant: redesign(
            plant, plant.designed.refitted({"machine_2": Machine(capacity=0.9)})
        ),
        "unit 'machine_2'",
    ),
    "weather": (
        lambda plant: redesign(plant, plant.designed, lambda hour: {"air": 290.0}),
        "the surroundings",
    ),
    "crew": (lambda plant: plant.crew.request(), "of repair crews"),
}


@pytest.mark.parametrize("what", ACTS)
def test_what_somebody_did_who_is_no_process_of_the_run_is_refused_though_nothing_has_flowed(what):
    """It would go on without it: nobody acts on the plant that is built again."""
    act, told = ACTS[what]
    going = with_steam()
    going.run(3.0)
    assert Saved.of(going, with_steam).resume().ledger() == going.ledger()
    act(going)
    with pytest.raises(
        ValueError, match=f"at 3 h is another one: {told} .* something else.* somebody"
    ):
        Saved.of(going, with_steam).resume()


def test_a_run_that_went_on_though_it_stood_for_good_is_refused():
    """Built again, nobody says that he will set it going."""

    def waiting() -> Plant:
        plant = with_steam()
        plant.wait("machine_2", "somebody", "no car")
        return plant

    going = waiting()
    with going.expecting():
        going.run(40.0)
    with pytest.raises(ValueError, match="saved at 40 h is another one: it stands for good"):
        Saved.of(going, waiting).resume()


def test_a_plant_that_has_run_when_it_is_built_is_refused():
    def late() -> Plant:
        plant = line(1.0, 4)
        plant.run(1.0)
        return plant

    with pytest.raises(ValueError, match="late returns a plant that has run already"):
        Saved.of(late(), late).resume()


BOOKS = line(1.0, 4).ledger()
MADE: dict[str, tuple[Callable[[], object], str]] = {
    "build": (
        lambda: Saved(cast(Any, 1), (), BOOKS),
        "Saved: expected build as a function, came 1",
    ),
    "arguments": (
        lambda: Saved(line, cast(Any, None), BOOKS),
        "Saved: expected arguments as a tuple, came None",
    ),
    "books": (
        lambda: Saved(line, (1.0, 4), cast(Any, 3)),
        "Saved: expected books as Ledger, came 3",
    ),
    "said": (
        lambda: Saved(line, (1.0, 4), BOOKS, cast(Any, 3)),
        "Saved: expected said as Mapping, came 3",
    ),
    "too many": (
        lambda: Saved(line, (1.0, 4, 5), BOOKS),
        "Saved: expected arguments that line takes, came (1.0, 4, 5)",
    ),
    "no plant": (
        lambda: Saved.of(cast(Any, None), line, 1.0, 4),
        "Saved.of: expected plant as Plant, came None",
    ),
    "built": (
        lambda: Saved(cast(Any, partial(max, 3)), (4,), BOOKS).resume(),
        "resume: expected build to return a Plant, came 4",
    ),
}


@pytest.mark.parametrize("what", MADE)
def test_a_run_that_was_saved_in_another_way_is_told_what_is_wrong(what: str):
    make, message = MADE[what]
    with pytest.raises(TypeError) as told:
        make()
    assert str(told.value) == message


def test_a_plant_may_be_built_by_what_has_no_name():
    def late(hours: float) -> Plant:
        plant = line(1.0, 4)
        plant.run(hours)
        return plant

    build = partial(late, 1.0)
    with pytest.raises(ValueError, match="a function returns a plant that has run already"):
        Saved.of(build(), build).resume()


def test_a_saved_run_is_shown_on_a_line():
    assert repr(Saved.of(line(1.0, 4), line, 1.0, 4)) == "<Saved run of 0 h, by line>"
