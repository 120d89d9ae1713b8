"""Utilities of limited capacity: shared by priority, told, changed in time, and at rest."""

import random
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import pytest
from scipy.integrate import solve_ivp

from plant_models.benchmarks.machines import running
from plant_models.benchmarks.units import BRINE, Blender, Boiler, Machine, Splitter
from sim.clock.plant import Plant
from sim.clock.redesign import redesign
from sim.clock.states import CAPACITY
from sim.errors import Gridlock
from sim.model.parameters import quantity
from sim.network.chemistry import Components
from sim.network.network import Network, Pipe, Tank, Train
from sim.network.unit import Recipe, Unit
from sim.steady.state import SteadyState
from tests.sim.flow.random_networks import Divider, Drawn, keeps_its_laws


@dataclass(frozen=True, kw_only=True)
class Boiling(Machine):
    """Passes all on, and uses steam for every kg of it and more for its salt; below 0 it gives."""

    rate_dependent: ClassVar = True
    steam: float = quantity("kg/kg", "steam per charge", -1e3, 1e3)
    for_salt: float = quantity("kg/kg", "steam per salt", 0.0, 1e3, default=0.0)

    def convert(self, inlets, at) -> Recipe:
        """Return the recipe, with the steam for its feed."""
        charge = inlets["part"]
        salt = charge[0] / (sum(charge) or 1.0)
        return replace(
            super().convert(inlets, at), uses={"steam": self.steam + self.for_salt * salt}
        )


def boiling(steam: float = 4.0, **changes: Any) -> Network:
    """Return two stills of 10 kg/h that use 0.5 and 0.2 kg of steam per kg, the first one first."""
    parts: dict[str, Any] = {
        "components": BRINE,
        "units": {
            "first": Boiling(capacity=10.0, steam=0.5),
            "other": Boiling(capacity=10.0, steam=0.2),
        },
        "tanks": {"yard": Tank(capacity=1e4, heel=0.0, initial_level=0.0)},
        "contents": {"yard": (0.5, 0.5)},
        "supplies": {"store": (0.5, 0.5)},
        "sinks": {"customers": "product"},
        "trains": (Train("first", "store", ("first",)), Train("other", "store", ("other",))),
        "pipes": {"first.made": Pipe("yard"), "other.made": Pipe("yard")},
        "priorities": ("first", "other"),
        "utilities": {"steam": steam},
    }
    return Network(**(parts | changes))


def rates(plant: Plant) -> dict[str, float]:
    return dict(zip(plant.train_names, plant.flow.rates.activity, strict=False))


@pytest.mark.parametrize(
    ("steam", "first", "other"),
    [(9.0, 10.0, 10.0), (7.0, 10.0, 10.0), (6.0, 10.0, 5.0), (5.0, 10.0, 0.0), (4.0, 8.0, 0.0)],
)
def test_steam_is_shared_by_priority(steam: float, first: float, other: float):
    """0.5 kg/kg to the first train, 0.2 kg/kg of what is left to the other."""
    plant = running(boiling(steam))
    plant.run(10.0)
    assert rates(plant) == pytest.approx({"first": first, "other": other}, rel=1e-12)
    used = plant.ledger().used("steam")
    assert used == pytest.approx(10.0 * min(steam, 7.0), rel=1e-12)
    assert plant.states["other"].state == ("running" if other else "short of steam")


def test_only_a_train_at_its_capacity_counts_as_full():
    plant = running(boiling(6.0))
    plant.run(10.0)
    assert plant.states["first"].full_hours == 10.0
    assert plant.states["other"].full_hours == 0.0
    assert plant.states.limiting_hours() == {"first": 10.0, "other": 0.0, "steam": 10.0}


def test_hours_without_steam_are_those_of_the_train_that_it_held_back_the_longest():
    """Steam for the first alone; when that is stopped, the other has enough."""
    plant = running(boiling(5.0))
    plant.run(4.0)
    plant.hold("first", "somebody", "stopped")
    plant.run(10.0)
    assert plant.states.limiting_hours() == {"first": 4.0, "other": 6.0, "steam": 4.0}


@pytest.mark.parametrize(("steam", "pumped"), [(5.0, 0.0), (6.0, 3.0)])
def test_a_pump_around_stands_while_what_feeds_its_tank_has_no_steam(steam: float, pumped: float):
    """It ran, for what feeds the tank was not stopped but left with nothing."""
    network = boiling(steam)
    pump = {"pump": Machine(capacity=3.0)}
    pipes = {
        "first.made": Pipe("customers"), "other.made": Pipe("yard"), "pump.made": Pipe("yard"),
    }  # fmt: skip
    plant = running(
        replace(
            network,
            units={**network.units, **pump},
            trains=(*network.trains, Train("pump", "yard", ("pump",))),
            pipes=pipes,
        )
    )
    plant.run(1.0)
    assert rates(plant)["pump"] == pytest.approx(pumped, rel=1e-12)
    assert plant.states["pump"].state == ("running" if pumped else "starved by yard")


def test_a_boiler_that_fails_leaves_steam_for_the_first_train_alone():
    plant = running(boiling(7.0))

    def boiler():
        yield plant.env.timeout(4.0)
        plant.limit("steam", 2.5)
        yield plant.env.timeout(6.0)
        plant.limit("steam", 0.0)
        with plant.expecting():
            yield plant.env.timeout(2.0)
        plant.limit("steam", 7.0)

    plant.env.process(boiler())
    plant.run(20.0)
    first, other = (plant.states[name].hours for name in ("first", "other"))
    assert first == pytest.approx({"running": 18.0, "short of steam": 2.0})
    assert other == pytest.approx({"running": 12.0, "short of steam": 8.0})
    fed = plant.ledger().flows
    through = {e.sink: float(kg.sum()) for e, kg in fed.items() if e.source == "store"}
    assert through == pytest.approx({"first": 120.0 + 30.0, "other": 120.0}, rel=1e-12)
    plant.ledger().certificate().enforce()


def test_a_plant_without_steam_stands_for_good_and_says_so():
    with pytest.raises(Gridlock, match="first short of steam; other short of steam"):
        running(boiling(0.0)).run(1.0)


def test_what_uses_less_than_nothing_gives_steam():
    """A waste-heat boiler of 0.3 kg/kg at 10 kg/h adds 3 kg/h to the 2 there are."""
    design = boiling(2.0)
    units = {**design.units, "other": Boiling(capacity=10.0, steam=-0.3)}
    plant = running(replace(design, units=units))
    plant.run(1.0)
    assert rates(plant) == pytest.approx({"first": 10.0, "other": 10.0})
    plant.hold("other", "crew", "no crew")
    plant.run(2.0)
    assert rates(plant)["first"] == pytest.approx(4.0, rel=1e-12)


@dataclass(frozen=True, kw_only=True)
class Fading(Boiling):
    """Gives or uses less for every kg, the faster it runs: by half at an endless rate."""

    def convert(self, inlets, at) -> Recipe:
        """Return the recipe, with the steam at this rate."""
        left = 1.0 - 0.5 * at.activity / (at.activity + self.capacity)
        return replace(super().convert(inlets, at), uses={"steam": self.steam * left})


@pytest.mark.parametrize("order", [("even", "fading"), ("fading", "even")])
@pytest.mark.parametrize(("feed", "even"), [(5.71, 0.036), (4.0, 0.038), (7.0, 0.0335)])
def test_two_that_give_steam_share_a_feed_where_either_gives_as_much(feed, even, order):
    """All to one, and then to the other, is worth more to who comes first, whoever was asked.

    So what is left to hold is where both give alike: 0.0442 (1 - r / (2 r + 2 * 5)) = ``even``.
    """
    plant = running(
        boiling(
            0.7,
            units={
                "fill": Machine(capacity=feed),
                "even": Boiling(capacity=feed - 0.02, steam=-even),  # what fades never stands
                "fading": Fading(capacity=5.0, steam=-0.0442),
                "first": Boiling(capacity=50.0, steam=0.1),
            },
            tanks={
                "mix": Tank(capacity=40.0, heel=0.0, initial_level=0.0),
                "yard": Tank(capacity=1e4, heel=0.0, initial_level=0.0),
            },
            contents={"mix": (0.5, 0.5), "yard": (0.5, 0.5)},
            trains=(
                Train("fill", "store", ("fill",)),
                *(Train(name, "mix", (name,)) for name in order),
                Train("first", "store", ("first",)),
            ),
            pipes={
                "fill.made": Pipe("mix"),
                **{f"{name}.made": Pipe("yard") for name in ("even", "fading", "first")},
            },
            priorities=("first", "fill", *order),
        )
    )
    plant.run(1.0)
    faded = 1.0 - even / 0.0442
    alike = 5.0 * faded / (0.5 - faded)
    assert rates(plant) == pytest.approx(
        {"fill": feed, "fading": alike, "even": feed - alike, "first": (0.7 + even * feed) / 0.1},
        rel=1e-3,
    )
    assert plant.counts()["intervals"] < 20
    assert plant.states["fading"].limit != CAPACITY


def test_a_trace_of_power_limits_as_much_as_tonnes_of_steam():
    units = {
        "first": Boiling(capacity=10.0, steam=5e-7),
        "other": Boiling(capacity=10.0, steam=2e-7),
    }
    plant = running(boiling(6e-6, units=units))
    plant.run(1.0)
    assert rates(plant) == pytest.approx({"first": 10.0, "other": 5.0}, rel=1e-9)
    assert plant.counts()["fallbacks"] == 0


def test_steam_that_the_composition_asks_for_follows_it():
    """Against the differential equations of level and salt, at 1 / (0.1 + salt) kg/h."""
    plant = running(
        boiling(
            1.0,
            units={
                "filler": Machine(capacity=1.0),
                "still": Boiling(capacity=10.0, steam=0.1, for_salt=1.0),
            },
            tanks={"tank": Tank(capacity=1000.0, heel=0.0, initial_level=0.5)},
            contents={"tank": (0.5, 0.5)},
            supplies={"well": (0.0, 1.0)},
            trains=(Train("filling", "well", ("filler",)), Train("boiling", "tank", ("still",))),
            pipes={"filler.made": Pipe("tank"), "still.made": Pipe("customers")},
            priorities=(),
        )
    )
    plant.run(100.0)
    right = solve_ivp(
        lambda _, y: [1.0 - 1.0 / (0.1 + y[1]), -y[1] / y[0]],
        (0.0, 100.0),
        [500.0, 0.5],
        rtol=1e-10,
        atol=1e-12,
    ).y[:, -1]
    assert plant.level_of("tank") == pytest.approx(right[0], rel=1e-3)
    ledger = plant.ledger()
    assert ledger.held["tank"][0] == pytest.approx(right[0] * right[1], rel=1e-3)
    assert ledger.used("steam") == pytest.approx(100.0, rel=1e-3)
    ledger.certificate().enforce()


@dataclass(frozen=True, kw_only=True)
class Collecting(Boiling):
    """A still that collects gas, whose second part boils what has come together."""

    inlets: ClassVar = ("part", "gas")


def test_gas_of_another_train_uses_the_steam_of_the_train_that_collects_it():
    """The column boils all of 5 kg/h and the gas; at 0.5 kg/kg, 3 kg/h of steam leave 1 of gas."""
    network = boiling(
        3.0,
        units={
            "hood": Collecting(capacity=5.0, steam=0.0),
            "column": Boiling(capacity=100.0, steam=0.5),
            "giver": Machine(capacity=4.0),
        },
        trains=(Train("main", "store", ("hood", "column")), Train("giving", "store", ("giver",))),
        pipes={
            "hood.made": Pipe("column.part"),
            "column.made": Pipe("yard"),
            "giver.made": Pipe("hood.gas", otherwise="customers"),
        },
        priorities=("main", "giving"),
    )
    plant = running(network)
    plant.run(2.0)
    assert rates(plant) == pytest.approx({"main": 5.0, "giving": 1.0}, rel=1e-9)
    assert plant.ledger().used("steam") == pytest.approx(6.0, rel=1e-9)


@dataclass(frozen=True, kw_only=True)
class Scrubbing(Machine):
    """Uses 1 kg of steam for every kg that comes, of its feed and of the gas."""

    inlets: ClassVar[tuple[str, ...]] = ("part", "gas")
    rate_dependent: ClassVar = True

    def convert(self, inlets, at) -> Recipe:
        """Return the recipe, with the steam for all that comes per kg of the feed."""
        fed, gas = sum(inlets["part"]) or 1.0, sum(inlets["gas"])
        return replace(super().convert(inlets, at), uses={"steam": (fed + gas) / fed})


@pytest.mark.parametrize(
    ("steam", "scrubbed"), [(9.0, 4.0), (6.0, 1.0), (4.5, 0.0), (4.0, 0.0), (1.0, 0.0)]
)
def test_gas_goes_elsewhere_where_there_is_too_little_steam_for_it(steam: float, scrubbed: float):
    """The gas alone uses 5 kg/h; with less it is let go, and the scrubber runs on its own feed."""
    plant = running(
        boiling(
            steam,
            units={"scrubber": Scrubbing(capacity=4.0), "giver": Machine(capacity=5.0)},
            sinks={"customers": "product", "air": "emission gas"},
            trains=(
                Train("scrubbing", "store", ("scrubber",)),
                Train("giving", "store", ("giver",)),
            ),
            pipes={
                "scrubber.made": Pipe("customers"),
                "giver.made": Pipe("scrubber.gas", otherwise="air"),
            },
            priorities=("giving", "scrubbing"),
        )
    )
    plant.run(10.0)
    books = plant.ledger()
    assert books.used("steam") <= 10.0 * steam * (1.0 + 1e-3)
    assert books.total(sink="air") == pytest.approx(0.0 if scrubbed else 50.0, rel=1e-9)
    fed = scrubbed or min(steam, 4.0)
    assert rates(plant) == pytest.approx({"giving": 5.0, "scrubbing": fed}, rel=1e-3)
    books.certificate().enforce()


@dataclass(frozen=True, kw_only=True)
class Turning(Machine):
    """Gives steam up to 5 kg/h, and uses it beyond."""

    rate_dependent: ClassVar = True

    def convert(self, inlets, at) -> Recipe:
        """Return the recipe, with 1 kg of steam for every kg above 5."""
        fed = sum(inlets["part"]) or 1.0
        return replace(super().convert(inlets, at), uses={"steam": (fed - 5.0) / fed})


def test_a_unit_that_gives_and_uses_steam_beside_shares_is_told_what_to_do():
    units = {"first": Turning(capacity=10.0), "other": Boiling(capacity=10.0, steam=0.2)}
    plant = running(boiling(0.5, units=units, shares=({"first": 1.0, "other": 3.0},)))
    with pytest.raises(RuntimeError, match=r"first and their rates .*; a unit that gives .*shares"):
        plant.run(1.0)


def test_a_larger_boiler_may_be_built_during_a_run():
    plant = running(boiling(4.0))
    plant.run(1.0)
    redesign(plant, replace(plant.network, utilities={"steam": 6.0}))
    plant.run(2.0)
    assert rates(plant) == pytest.approx({"first": 10.0, "other": 5.0}, rel=1e-12)
    with pytest.raises(ValueError, match="cannot change while the plant runs: the utilities"):
        redesign(plant, replace(plant.network, utilities={}))


@pytest.mark.parametrize(
    ("utilities", "message"),
    [
        ({"stem": 1.0}, "no utility 'stem'; did you mean 'steam'"),
        ({"steam": -1.0}, "utility 'steam': expected a capacity of 0 or more an hour, came -1"),
        ({"steam": float("inf")}, "leave it out where there is no limit"),
        ({"steam": "much"}, "expected a capacity of 0 or more an hour, came 'much'"),
    ],
)
def test_a_capacity_that_makes_no_sense_is_refused(utilities: dict[str, Any], message: str):
    with pytest.raises(ValueError, match="does not fit together") as told:
        boiling(utilities=utilities)
    assert message in str(told.value)


def test_a_limit_that_makes_no_sense_is_refused():
    plant = running(boiling())
    with pytest.raises(LookupError, match="no utility 'stem'; did you mean 'steam'"):
        plant.limit("stem", 1.0)
    with pytest.raises(ValueError, match="'steam': expected a capacity of 0 or more an hour"):
        plant.limit("steam", -1.0)


# The other clock


def works(steam: float) -> Network:
    """Return a filler, a still of 0.5 kg/kg and a dryer of 0.2 kg/kg in a row, 10 kg/h each."""
    design = boiling(steam)
    return replace(
        design,
        units={**design.units, "filler": Machine(capacity=10.0)},
        tanks={
            "yard": Tank(capacity=100.0, heel=0.0, initial_level=0.0),
            "half": Tank(capacity=100.0, heel=0.0, initial_level=0.0),
        },
        contents={"yard": (0.5, 0.5), "half": (0.5, 0.5)},
        trains=(
            Train("filling", "store", ("filler",)),
            Train("first", "yard", ("first",)),
            Train("other", "half", ("other",)),
        ),
        pipes={
            "filler.made": Pipe("yard"),
            "first.made": Pipe("half"),
            "other.made": Pipe("customers"),
        },
        priorities=("other", "first"),
        pacer="first",
    )


@pytest.mark.parametrize("steam", [10.0, 7.0, 3.5])
def test_a_long_run_with_little_steam_comes_to_rest_in_the_steady_state(steam: float):
    """0.7 kg of steam per kg through both: half of it gives half of the product."""
    steady, plant = SteadyState(works(steam), {}), running(works(steam))
    product = 10.0 * min(steam / 7.0, 1.0)
    made = steady.ledger(hours=1.0).total(sink="customers")
    assert made == pytest.approx(product, rel=1e-6)
    assert steady.bottleneck == ("steam" if steam < 7.0 else steady.bottleneck)
    assert steady.utility_loads["steam"] == pytest.approx(min(7.0 / steam, 1.0), rel=1e-6)
    plant.run(500.0)
    before = plant.ledger()
    plant.run(600.0)
    found = plant.ledger().since(before)
    assert found.total(sink="customers") == pytest.approx(100.0 * product, rel=1e-6)
    assert found.used("steam") == pytest.approx(100.0 * min(steam, 7.0), rel=1e-6)


def test_a_steady_state_without_any_steam_is_refused():
    with pytest.raises(ValueError, match="there is no steam, and the steady state needs some"):
        SteadyState(works(0.0), {})


# Random networks


def with_steam(seed: int) -> Network:
    """Return a random network in which most units use steam, of which there is too little."""
    network, rng = Drawn(seed).network(), random.Random(f"steam of {seed}")
    units: dict[str, Unit] = {}
    needed = 0.0
    for name, unit in network.units.items():
        assert isinstance(unit, Divider)
        steam = rng.choice([0.0, 10.0 ** rng.uniform(-2.0, 1.0)])
        needed += steam * unit.capacity
        units[name] = Blender(
            capacity=unit.capacity,
            ratio=0.0,
            salt=unit.salt,
            water=unit.water,
            steam=steam,
            failure=unit.failure,
        )
    return replace(
        network,
        units=units,
        draws={f"{name}.second": "store" for name in units},
        utilities={"steam": needed * rng.uniform(0.05, 0.8)},
    )


@pytest.mark.parametrize(
    "seed", [0, 1, *(pytest.param(n, marks=pytest.mark.long) for n in (2, 3, 4))]
)
def test_random_networks_keep_their_laws_and_never_use_more_steam_than_there_is(seed: int):
    for each in range(10 * seed, 10 * seed + 10):
        network = with_steam(each)

        def look(plant: Plant, _: float) -> None:
            used = sum(
                rates(plant)[name] * unit.steam
                for name, unit in plant.network.units.items()
                if isinstance(unit, Blender)
            )
            assert used <= plant.network.utilities["steam"] * (1.0 + 1e-11)

        keeps_its_laws(Drawn(each), network=network, also=look)


@pytest.mark.parametrize(("level", "heel"), [(0.0, 0.0), (0.1, 0.1), (0.2, 0.1)])
def test_what_comes_first_takes_its_share_of_the_steam_at_a_tank_that_runs_empty(level, heel):
    """A loop at a tank, its feed, which takes the same 6 kg/h of steam, a draw that returns half.

    While the loop runs nothing feeds the tank, 2.5 kg/h leave it, and at last it is empty; then the
    feed alone runs, and 3.5 kg/h are left over. So each has the steam until these cancel: the loop
    for 7/12 of the time. It stood for good, and the tank filled.
    """
    network = Network(
        components=Components({"water": "H2O"}),
        units={
            "feed": Boiler(capacity=10.0, steam=1.0),
            "loop": Boiler(capacity=10.0, steam=1.0),
            "draw": Splitter(capacity=5.0, recycle=0.5),
        },
        tanks={"tank": Tank(capacity=100.0, heel=heel, initial_level=level)},
        contents={"tank": (1.0,)},
        supplies={"well": (1.0,)},
        sinks={"customers": "product"},
        trains=(
            Train("feed", "well", ("feed",)),
            Train("loop", "tank", ("loop",)),
            Train("draw", "tank", ("draw",)),
        ),
        pipes={
            "feed.made": Pipe("tank"),
            "loop.made": Pipe("tank"),
            "draw.product": Pipe("customers"),
            "draw.recycle": Pipe("tank"),
        },
        priorities=("loop", "feed", "draw"),
        utilities={"steam": 6.0},
    )
    plant = running(network)
    said = set()
    plant.observe(lambda hour: said.add(plant.states["loop"].state))
    plant.run(100.0)
    ledger, held = plant.ledger(), plant.level_of("tank")
    assert said == {"running", "starved by tank"}
    assert 100.0 * heel <= held <= 100.0 * heel + 0.36
    assert ledger.used("steam") == pytest.approx(600.0, rel=1e-9)
    assert ledger.total(sink="customers") == pytest.approx(250.0, rel=1e-9)
    fed = 250.0 + held - 100.0 * level
    assert ledger.total(source="well") == pytest.approx(fed, rel=1e-9)
