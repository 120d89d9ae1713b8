"""What is used of a utility at a rate beyond its peak: booked apart, in time and at rest."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from math import exp, log
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

import pytest

from plant_models.benchmarks.machines import running
from plant_models.benchmarks.units import BRINE, Boiler, Machine
from plant_models.chlorobenzene.line import operation, wiring
from plant_models.chlorobenzene.model import PLANT
from sim.books.ledger import Ledger
from sim.clock.life import Outages
from sim.clock.orders import scheduled
from sim.clock.plant import Plant
from sim.clock.random_streams import RandomStreams
from sim.clock.redesign import redesign
from sim.flow.state import FlowState
from sim.model.parameters import quantity
from sim.network.network import Network, Pipe, Tank, Train
from sim.network.operation import FailureMode
from sim.network.plain import Answer, PlainUnit
from sim.network.schedule import read_schedule
from sim.network.unit import UTILITIES, Recipe, Unit
from sim.statistics.batches import batch_means
from sim.statistics.intervals import warm_up
from sim.steady.state import SteadyState
from tests.sim.flow.random_networks import Divider, Drawn
from tests.sim.flow.test_utilities import Boiling, boiling, works

HOURS = 300.0


class Noting(FlowState):
    """Notes what its books say of steam as every interval begins."""

    notes: list[tuple[float, float]]

    def settle(self, now: float) -> list[int]:
        if not self.intervals:
            self.notes = []
        self.notes.append((now, self.ledger(now).used("steam")))
        return super().settle(now)


def noted(
    network: Network, monkeypatch: pytest.MonkeyPatch, seed: int
) -> tuple[Ledger, Callable[[float], float]]:
    """Run a network; return its books, and what was used beyond a peak.

    That is by what the books say at the ends of every interval, in which rates are constant.
    """
    monkeypatch.setattr(Plant, "flows", Noting)
    plant = running(network, seed)
    with plant.expecting():
        plant.run(HOURS)
    books = plant.ledger()
    assert isinstance(plant.flow, Noting)
    notes = [*plant.flow.notes, (HOURS, books.used("steam"))]

    def over(peak: float) -> float:
        return sum(
            max(after - before - peak * (end - begin), 0.0)
            for (begin, before), (end, after) in pairwise(notes)
        )

    return books, over


@pytest.mark.parametrize(("peak", "over"), [(0.0, 7.0), (5.0, 2.0), (6.5, 0.5), (7.0, 0.0)])
def test_what_two_stills_use_together_beyond_a_peak_is_told_apart(peak: float, over: float):
    """They use 5 + 2 kg/h, whatever the peak is."""
    plant = running(boiling(utilities={}, peaks={"steam": peak}))
    plant.run(10.0)
    books = plant.ledger()
    assert books.used("steam") == pytest.approx(70.0, rel=1e-12)
    assert books.used("steam", over_peak=True) == pytest.approx(10.0 * over, rel=1e-12)


@pytest.mark.parametrize("steam", [(0.1, 0.2), (0.2, 0.4), (0.7, 0.1)])
def test_as_much_as_the_peak_is_not_beyond_it_whatever_is_rounded(steam: tuple[float, float]):
    """0.1 and 0.2 are more than 0.3 by a last digit."""
    stills = {
        name: Boiling(capacity=1.0, steam=each)
        for name, each in zip(("first", "other"), steam, strict=True)
    }
    plant = running(boiling(units=stills, utilities={}, peaks={"steam": round(sum(steam), 1)}))
    plant.run(10.0)
    assert plant.ledger().used("steam", over_peak=True) == 0.0


@pytest.mark.parametrize("most", [0.1, 0.8, 3.3, 4.7, 5.9, 6.4])
def test_all_that_there_is_at_rest_is_not_beyond_as_much(most: float):
    network = replace(works(0.0), utilities={"steam": most}, peaks={"steam": most})
    books = SteadyState(network, {}).ledger(8_000.0)
    assert books.used("steam") > 0.0
    assert books.used("steam", over_peak=True) == 0.0


def test_only_while_both_run_they_are_beyond_it():
    """A mean of 4.5 kg/h is below the peak of 6, which hides the 5 hours at 7."""
    plant = running(boiling(7.0, peaks={"steam": 6.0}))

    def boiler():
        yield plant.env.timeout(5.0)
        plant.limit("steam", 2.0)

    plant.env.process(boiler())
    plant.run(10.0)
    books = plant.ledger()
    assert books.used("steam") == pytest.approx(45.0, rel=1e-12)
    assert books.used("steam", over_peak=True) == pytest.approx(5.0, rel=1e-12)


def test_a_ledger_since_a_warm_up_has_its_own_part():
    plant = running(boiling(7.0, peaks={"steam": 6.0}))
    plant.run(4.0)
    warm = plant.ledger()
    plant.run(10.0)
    assert plant.ledger().since(warm).used("steam", over_peak=True) == pytest.approx(6.0)


def test_another_peak_holds_from_the_hour_of_the_change_on():
    plant = running(boiling(7.0, peaks={"steam": 6.0}))
    plant.run(4.0)
    redesign(plant, boiling(7.0, peaks={"steam": 3.0}))
    plant.run(10.0)
    assert plant.ledger().used("steam", over_peak=True) == pytest.approx(4.0 * 1.0 + 6.0 * 4.0)


def test_another_use_and_another_peak_hold_from_the_same_hour_on():
    """At first 5 + 2 kg/h over 6, then 10 + 2 over 3."""
    plant = running(boiling(utilities={}, peaks={"steam": 6.0}))
    plant.run(4.0)
    stills = {
        "first": Boiling(capacity=10.0, steam=1.0),
        "other": Boiling(capacity=10.0, steam=0.2),
    }
    redesign(plant, boiling(units=stills, utilities={}, peaks={"steam": 3.0}))
    plant.run(10.0)
    assert plant.ledger().used("steam", over_peak=True) == pytest.approx(4.0 * 1.0 + 6.0 * 9.0)


def test_trains_that_share_a_limit_are_beyond_a_peak_together():
    share = boiling(6.0, peaks={"steam": 5.0}, shares=(("first", "other"),), priorities=())
    plant = running(share)
    plant.run(10.0)
    assert plant.ledger().used("steam", over_peak=True) == pytest.approx(10.0, rel=1e-12)


@pytest.mark.parametrize("peaks", [[], "steam", {"steam": "much"}, {"stem": 1.0}])
@pytest.mark.parametrize("before", [{}, {"steam": 1.0}])
def test_a_network_is_not_refitted_with_peaks_that_make_no_sense(peaks: Any, before: Any):
    with pytest.raises(ValueError, match="does not fit together"):
        boiling(peaks=before).refitted({}, peaks=peaks)


def test_what_a_schedule_orders_is_beyond_a_peak_in_its_hours(tmp_path: Path):
    """Of 5 + 2 kg/h over 4: 3 for 2 h, 0.5 for 2, none for 2, 1 for 2, then 3 for 2."""
    plan = tmp_path / "plan.csv"
    plan.write_text(
        "hour,what,train,value,until\n2,rate,first,0.5,\n4,hold,other,,8\n6,rate,first,1,\n"
    )
    plant = running(boiling(utilities={}, peaks={"steam": 4.0}))
    for life in scheduled(plant, Outages(plant), read_schedule(plan, plant.network)):
        plant.env.process(life)
    plant.run(10.0)
    assert plant.ledger().used("steam", over_peak=True) == pytest.approx(15.0, rel=1e-12)


def test_batches_of_a_run_add_up_to_what_is_beyond_a_peak():
    """Failures of one still of 5 kg/h are its only noise: 1 kg/h beyond while it runs."""
    still = Boiling(capacity=10.0, steam=0.5, failure=FailureMode(mtbf=20.0, mttr=5.0))
    sold = {f"{name}.made": Pipe("customers") for name in ("first", "other")}
    stills = {"first": still, "other": Machine(capacity=1.0)}
    plant = running(boiling(units=stills, pipes=sold, utilities={}, peaks={"steam": 4.0}))
    months, last = [], plant.ledger()
    for month in range(1, 121):
        plant.run(730.0 * month)
        books = plant.ledger()
        months.append(books.since(last).used("steam", over_peak=True))
        last = books
    assert sum(months) == pytest.approx(last.used("steam", over_peak=True), rel=1e-9)
    mean = batch_means(months[warm_up(months) :])
    assert 0.8 * 730.0 in mean
    assert mean.half_width < 10.0


def test_what_a_unit_gives_lowers_what_all_use_together():
    still = {
        "first": Boiling(capacity=10.0, steam=0.5),
        "other": Boiling(capacity=10.0, steam=-0.2),
    }
    plant = running(boiling(units=still, utilities={}, peaks={"steam": 2.0}))
    plant.run(10.0)
    assert plant.ledger().used("steam", over_peak=True) == pytest.approx(10.0, rel=1e-12)


@pytest.mark.parametrize("seed", range(12))
def test_among_stills_that_fail_it_is_the_sum_over_all_intervals(seed: int, monkeypatch: Any):
    rng = random.Random(seed)
    stills = {
        f"still_{i}": Boiling(
            capacity=rng.uniform(1.0, 20.0),
            steam=rng.uniform(-0.2, 1.0),
            failure=FailureMode(mtbf=rng.uniform(2.0, 50.0), mttr=rng.uniform(0.5, 20.0)),
        )
        for i in range(rng.randint(2, 6))
    }
    peak = rng.uniform(0.0, 0.5) * sum(max(s.capacity * s.steam, 0.0) for s in stills.values())
    network = boiling(
        units=stills,
        tanks={"yard": Tank(capacity=1e6, heel=0.0, initial_level=0.0)},
        trains=tuple(Train(name, "store", (name,)) for name in stills),
        pipes={f"{name}.made": Pipe("yard") for name in stills},
        priorities=(),
        utilities={},
        peaks={"steam": peak},
    )
    books, over = noted(network, monkeypatch, seed)
    told = books.used("steam", over_peak=True)
    assert told == pytest.approx(over(peak), rel=1e-9, abs=1e-9)
    assert told > 0.0


class Heated(Divider):
    """Uses steam, more for its first component."""

    def convert(self, inlets, at) -> Recipe:
        """Return the recipe of a divider, with 0.3 kg/kg of steam and as much for a component."""
        (feed,) = inlets.values()
        first = feed[0] / (sum(feed) or 1.0)
        return replace(super().convert(inlets, at), uses={"steam": 0.3 + 0.3 * first})


@pytest.mark.parametrize("number", range(8))
def test_in_random_networks_it_is_the_sum_over_all_intervals(number: int, monkeypatch: Any):
    """Composition, too, moves what is used; a peak of 0 tells all."""
    network = Drawn(number, stiff=False).network()
    units: dict[str, Unit] = {
        name: Heated(**vars(unit)) if type(unit) is Divider else unit
        for name, unit in network.units.items()
    }
    used = noted(replace(network, units=units), monkeypatch, number)[0].used("steam")
    peak = 0.8 * used / HOURS
    for at in (0.0, peak):
        peaked = replace(network, units=units, peaks={"steam": at})
        books, over = noted(peaked, monkeypatch, number)
        told = books.used("steam", over_peak=True)
        assert books.used("steam") == used
        assert told == pytest.approx(over(at), rel=1e-9, abs=1e-9)
        assert at or told == pytest.approx(used, rel=1e-9)


def test_beyond_a_peak_of_nothing_is_all_that_the_line_uses():
    """With gas that one train collects from another, and draws on headers."""
    line = PLANT.variant("F1-F11").tree
    network = replace(wiring.network(line, True), peaks=dict.fromkeys(UTILITIES, 0.0))
    plant = operation.running(line, RandomStreams(3)).plant
    watched = Plant(network, plant.flow.surroundings, RandomStreams(3))
    watched.run(20.0)
    books = watched.ledger()
    for utility in UTILITIES:
        used = books.used(utility)
        assert used > 0.0
        assert books.used(utility, over_peak=True) == pytest.approx(used, rel=1e-12)


@pytest.mark.parametrize("peak", [0.0, 3.0, 100.0])
def test_at_rest_it_is_the_rate_less_the_peak(peak: float):
    network = replace(works(0.0), utilities={}, peaks={"steam": peak})
    books = SteadyState(network, {}).ledger(8.0)
    rate = books.used("steam") / 8.0
    assert rate > 3.0
    over = books.used("steam", over_peak=True)
    assert over == pytest.approx(8.0 * max(rate - peak, 0.0), rel=1e-12)


@pytest.mark.parametrize(
    ("peaks", "message"),
    [
        ({"stem": 1.0}, "no utility 'stem'; did you mean 'steam'"),
        ({"steam": -1.0}, "utility 'steam': expected a peak of 0 or more an hour, came -1"),
        ({"steam": float("inf")}, "leave it out where there is no peak"),
        ({"steam": "much"}, "expected a peak of 0 or more an hour, came 'much'"),
    ],
)
def test_a_peak_that_makes_no_sense_is_refused(peaks: dict[str, Any], message: str):
    with pytest.raises(ValueError, match="does not fit together") as told:
        boiling(peaks=peaks)
    assert message in str(told.value)


def test_what_has_no_peak_is_not_told_apart():
    plant = running(boiling(peaks={"steam": 1.0}))
    with pytest.raises(LookupError, match="no peak of a utility 'power'; known: steam"):
        plant.ledger().used("power", over_peak=True)


def test_a_plant_is_not_rebuilt_with_a_peak_that_it_had_not():
    plant = running(boiling())
    with pytest.raises(ValueError, match="the peaks"):
        redesign(plant, boiling(peaks={"steam": 1.0}))


@dataclass(frozen=True, kw_only=True)
class Sieve(Unit):
    """Sends salt one way and water the other."""

    inlets: ClassVar = ("charge",)
    outlets: ClassVar = ("salt", "water")
    rate_dependent: ClassVar = False

    def convert(self, inlets, at) -> Recipe:
        return Recipe(splits={"salt": (1.0, 0.0), "water": (0.0, 1.0)})


def washed(peak: float, tolerance: float, empty: int = 0, **changes: Any) -> Plant:
    """Return 1,000 kg half of salt, washed with 100 kg/h of water; 1 kg of steam per kg of salt.

    What it gives passes so many empty tanks.
    """
    passes = [f"pass_{i}" for i in range(empty)]
    tanks = ["tank", *(f"empty_{i}" for i in range(empty))]
    network = Network(
        components=BRINE,
        units={
            "sieve": Sieve(capacity=100.0),
            "still": Boiler(capacity=100.0, steam=1.0),
            **{name: Machine(capacity=100.0) for name in ("pump", *passes)},
        },
        tanks={name: Tank(capacity=2e3, heel=0.0, initial_level=0.0) for name in tanks}
        | {"tank": Tank(capacity=2e3, heel=0.0, initial_level=0.5)},
        contents=dict.fromkeys(tanks, (0.5, 0.5)),
        supplies={"store": (0.0, 1.0)},
        sinks={"customers": "product"},
        trains=(
            Train("pump", "store", ("pump",)),
            *(Train(name, tank, (name,)) for name, tank in zip(passes, tanks, strict=False)),
            Train("sieve", tanks[-1], ("sieve", "still")),
        ),
        pipes={
            "pump.made": Pipe("tank"),
            **{f"{name}.made": Pipe(tanks[i]) for i, name in enumerate(passes, 1)},
            "sieve.salt": Pipe("still.part"),
            "sieve.water": Pipe("customers"),
            "still.made": Pipe("customers"),
        },
        peaks={"steam": peak},
    )
    return running(replace(network, **changes), tolerance=tolerance)


@pytest.mark.parametrize("empty", [0, 2])
@pytest.mark.parametrize(("tolerance", "off"), [(1e-3, 0.02), (1e-4, 1e-3)])
@pytest.mark.parametrize("peak", [5.0, 25.0, 40.0, 45.0])
def test_what_washes_out_is_beyond_a_peak_until_it_falls_below(
    peak: float, tolerance: float, off: float, empty: int
):
    """It is 50 exp(-t / 10) kg/h; a mean of all hours hid what is beyond the peak at first."""
    plant = washed(peak, tolerance, empty)
    plant.run(30.0)
    below = min(10.0 * log(50.0 / peak), 30.0)
    over = 500.0 * (1.0 - exp(-below / 10.0)) - peak * below
    assert plant.ledger().used("steam", over_peak=True) == pytest.approx(over, rel=off)


@pytest.mark.parametrize("peak", [5.0, 25.0, 45.0])
def test_a_run_in_steps_is_the_run_in_one_go_and_nothing_falls(peak: float):
    """Whoever reads the books within an interval moves no bit of them."""
    once, steps = washed(peak, 1e-3), washed(peak, 1e-3)
    once.run(30.0)
    told = [0.0]
    for i in range(1, 301):
        steps.run(0.1 * i)
        told.append(steps.ledger().used("steam", over_peak=True))
    assert steps.ledger() == once.ledger()
    assert min(now - before for before, now in pairwise(told)) >= 0.0


@pytest.mark.parametrize(("before", "after"), [(40.0, 25.0), (25.0, 40.0)])
@pytest.mark.parametrize("hour", [0.5, 3.0, 7.0])
def test_another_peak_holds_from_an_hour_on_at_which_an_interval_is_cut(
    before: float, after: float, hour: float
):
    def over(begin: float, end: float, peak: float) -> float:
        end = max(min(10.0 * log(50.0 / peak), end), begin)
        return 500.0 * (exp(-begin / 10.0) - exp(-end / 10.0)) - peak * (end - begin)

    plant = washed(before, 1e-4)
    plant.run(hour)
    redesign(plant, replace(plant.designed, peaks={"steam": after}))
    plant.run(30.0)
    due = over(0.0, hour, before) + over(hour, 30.0, after)
    assert plant.ledger().used("steam", over_peak=True) == pytest.approx(due, rel=1e-3)


class Air(NamedTuple):
    """Nothing that is felt matters."""

    trip: float


@dataclass(frozen=True, kw_only=True)
class Plain(PlainUnit):
    """Passes all on; steam per kg rises with its salt and with its rate."""

    inlets: ClassVar = ("part",)
    outlets: ClassVar = ("made",)
    felt: ClassVar = Air
    using: ClassVar = ("power", "steam")
    steam: float = quantity("kg/kg", "steam per salt", 0.0, 1e3)

    def answer(self, at: Any, part: Any) -> Answer:
        total = part[0] + part[1]
        salt = part[0] / total if total > 0.0 else 0.0
        return Answer(((1.0, 1.0),), (), (0.25, self.steam * salt + 0.01 * total), ())


class Asked(Plain):
    """The same, asked in Python."""

    def convert(self, inlets, at) -> Recipe:
        """Return what it answers."""
        return super().convert(inlets, at)


@pytest.mark.parametrize("first", [Plain, Asked])
@pytest.mark.parametrize("other", [Plain, Asked, Boiling])
def test_units_that_answer_in_numbers_are_beyond_a_peak_with_all_others(
    first: type[Any], other: type[Any]
):
    """10 kg/h half of salt: 10 (0.5 + 0.1) kg/h of steam of a plain one, 5 of a boiling one."""
    stills = {
        "first": first(capacity=10.0, steam=1.0),
        "other": other(capacity=10.0, steam=0.5 if other is Boiling else 1.0),
    }
    plant = running(boiling(units=stills, utilities={}, peaks={"power": 2.0, "steam": 7.0}))
    plant.run(10.0)
    books = plant.ledger()
    steam, power = (5.0, 2.5) if other is Boiling else (6.0, 5.0)
    assert books.used("steam", over_peak=True) == pytest.approx(10.0 * (6.0 + steam - 7.0))
    assert books.used("power", over_peak=True) == pytest.approx(10.0 * (power - 2.0))


@pytest.mark.parametrize("most", [25.0, 40.0])
def test_all_that_there_is_of_a_utility_is_not_beyond_as_much(most: float):
    """Its rate follows what it is made of, so that it never takes more."""
    plant = washed(most, 1e-3, utilities={"steam": most})
    plant.run(30.0)
    assert plant.ledger().used("steam", over_peak=True) == 0.0
    plant = washed(most - 1.0, 1e-4, utilities={"steam": most})
    plant.run(1.5)
    books = plant.ledger()
    over = books.used("steam") - (most - 1.0) * books.hours
    assert books.used("steam", over_peak=True) == pytest.approx(over, rel=1e-9)
