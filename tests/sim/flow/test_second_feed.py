"""Second feeds from tanks: by ratio, starved by either tank, whatever the networks around them."""

import random
from dataclasses import dataclass, replace
from math import exp
from typing import Any, ClassVar

import pytest

from plant_models.benchmarks.machines import running
from plant_models.benchmarks.units import (
    AMMONIA,
    AMMONIUM_CHLORIDE,
    BRINE,
    HYDROGEN_CHLORIDE,
    NEUTRALISATION,
    SALMIAC,
    Blender,
    Machine,
    Splitter,
)
from sim.clock.life import turndown
from sim.clock.plant import Plant
from sim.errors import BalanceError, Gridlock
from sim.network.network import Header, Network, Pipe, Tank, Train
from sim.network.unit import Conversion, Recipe, Unit
from sim.steady.state import SteadyState
from tests.sim.flow.random_networks import Drawn, keeps_its_laws, with_second_feeds


def blending(**changes: Any) -> Network:
    """Return a blender of 10 kg/h that draws 0.5 kg/kg from a tank that is filled by 1 kg/h."""
    parts: dict[str, Any] = {
        "components": BRINE,
        "units": {
            "mining": Machine(capacity=20.0),
            "filler": Machine(capacity=1.0),
            "blender": Blender(capacity=10.0, ratio=0.5),
        },
        "tanks": {
            "one": Tank(capacity=1000.0, heel=0.0, initial_level=1.0),
            "two": Tank(capacity=100.0, heel=0.0, initial_level=0.5),
        },
        "contents": {"one": (1.0, 0.0), "two": (0.0, 1.0)},
        "supplies": {"mine": (1.0, 0.0), "well": (0.0, 1.0)},
        "sinks": {"customers": "product"},
        "trains": (
            Train("mining", "mine", ("mining",)),
            Train("filling", "well", ("filler",)),
            Train("blending", "one", ("blender",)),
        ),
        "pipes": {
            "mining.made": Pipe("one"),
            "filler.made": Pipe("two"),
            "blender.top": Pipe("customers"),
            "blender.bottom": Pipe("customers"),
        },
        "draws": {"blender.second": "two"},
        "pacer": "blending",
    }
    return Network(**(parts | changes))


def drawn(plant: Plant, inlet: str) -> float:
    """Return what has entered at an inlet, kg."""
    flows = plant.ledger().flows
    return sum(float(kg.sum()) for e, kg in flows.items() if e.stream.endswith(f">{inlet}"))


def test_a_train_runs_on_what_fills_its_second_tank_once_that_is_empty():
    """50 kg less 4 kg/h last 12.5 h; then 1 kg/h at 0.5 kg/kg allow 2 kg/h of the first feed."""
    plant = running(blending())
    plant.run(12.0)
    assert plant.flow.rates.activity[2] == 10.0
    assert plant.level_of("two") == pytest.approx(2.0, rel=1e-12)
    plant.run(20.0)
    assert plant.flow.rates.activity[2] == 2.0
    assert plant.flow.rates.binding[2] == plant.tank_names.index("two")
    assert drawn(plant, "blender.charge") == pytest.approx(125.0 + 2.0 * 7.5, rel=1e-12)
    assert drawn(plant, "blender.second") == pytest.approx(62.5 + 1.0 * 7.5, rel=1e-12)
    plant.ledger().certificate().enforce()
    assert plant.counts()["fallbacks"] == 0


def test_a_train_without_its_second_feed_stands_and_says_which_tank_starves_it():
    plant = running(blending())
    plant.hold("filling", "crew", "no crew")
    with plant.expecting():
        plant.run(30.0)
    hours = plant.states["blending"].hours
    assert hours == pytest.approx({"running": 10.0, "starved by two": 20.0})
    assert plant.level_of("two") == 0.0
    assert drawn(plant, "blender.charge") == pytest.approx(100.0, rel=1e-12)


def test_the_first_feed_starves_the_train_as_before_and_leaves_the_second_alone():
    design = blending()
    plant = running(replace(design, tanks={**design.tanks, "one": Tank(capacity=1.0, heel=0.0)}))
    plant.hold("mining", "crew", "no crew")
    with plant.expecting():
        plant.run(1.0)
    assert plant.states["blending"].state == "starved by one"
    assert plant.flow.rates.activity[2:] == [0.0, 0.0]
    assert drawn(plant, "blender.second") == pytest.approx(0.25, rel=1e-12)


def test_a_second_feed_enters_at_the_mean_composition_of_its_tank():
    """Filled as fast as drawn, a stirred tank washes out: 50 (1 - exp(-t / 10)) kg of salt in t."""
    design = blending(contents={"one": (0.0, 1.0), "two": (1.0, 0.0)})
    units = {**design.units, "filler": Machine(capacity=5.0)}
    supplies = {"mine": (0.0, 1.0), "well": (0.0, 1.0)}
    plant = running(replace(design, units=units, supplies=supplies))
    plant.run(7.0)
    sold = plant.ledger().total("salt", sink="customers")
    assert sold == pytest.approx(50.0 * (1.0 - exp(-0.7)), rel=1e-10)


def test_tanks_without_a_supply_serve_a_second_feed_in_their_order():
    """20 kg from the first last 4 h, 50 less 4 kg/h from the second 12.5 h more."""
    design = blending()
    plant = running(
        replace(
            design,
            tanks={**design.tanks, "spare": Tank(capacity=100.0, heel=0.0, initial_level=0.2)},
            contents={**design.contents, "spare": (0.0, 1.0)},
            draws={"blender.second": Header(("spare", "two"))},
        )
    )
    plant.run(4.0)
    assert plant.level_of("spare") == pytest.approx(0.0, abs=1e-9)
    assert plant.level_of("two") == pytest.approx(54.0, rel=1e-12)
    plant.run(4.0 + 54.0 / 4.0 + 1.0)
    assert plant.flow.rates.activity[2] == pytest.approx(2.0, rel=1e-12)
    assert drawn(plant, "blender.second") == pytest.approx(0.5 * drawn(plant, "blender.charge"))


@dataclass(frozen=True, kw_only=True)
class Salter(Blender):
    """As a blender, but the ratio is of the second feed's salt."""

    def convert(self, inlets, at) -> Recipe:
        """Return the recipe, in which only the salt of the second feed is worth anything."""
        return replace(super().convert(inlets, at), worth={"second": (1.0, 0.0)})


def test_a_second_feed_of_half_strength_is_drawn_twice():
    design = blending(contents={"one": (0.0, 1.0), "two": (0.5, 0.5)})
    units = {**design.units, "blender": Salter(capacity=10.0, ratio=0.5)}
    plant = running(replace(design, units=units))
    plant.hold("filling", "crew", "no crew")
    with plant.expecting():
        plant.run(4.0)
    assert plant.flow.rates.activity[2] == 10.0
    assert plant.level_of("two") == pytest.approx(50.0 - 4.0 * 10.0, rel=1e-12)


@dataclass(frozen=True, kw_only=True)
class Neutraliser(Unit):
    """Takes as much acid as reacts with its ammonia, of whatever strength."""

    inlets: ClassVar = ("base", "acid")
    outlets: ClassVar = ("made",)

    def convert(self, inlets: Any, at: Any) -> Recipe:
        acid = tuple(float(c == HYDROGEN_CHLORIDE) for c in range(5))
        needs = SALMIAC.molar_mass[HYDROGEN_CHLORIDE] / SALMIAC.molar_mass[AMMONIA]
        return Recipe(
            draws={"acid": tuple(needs * (c == AMMONIA) for c in range(5))},
            worth={"acid": acid},
            conversions=(Conversion(NEUTRALISATION, AMMONIA, 1.0),),
            splits={"made": (1.0,) * 5},
        )


def neutralising(capacity: float, water: float, acid: str | Header) -> Network:
    """Return a neutraliser between tanks; the acid that comes is weaker than what is there."""
    strong, weak = (
        SALMIAC.stream(hydrogen_chloride=1.0),
        SALMIAC.stream(hydrogen_chloride=0.99, water=0.01),
    )
    base = SALMIAC.stream(ammonia=1.0 - water, water=water)
    return Network(
        components=SALMIAC,
        units={
            "base_pump": Machine(capacity=100.0),
            "acid_pump": Machine(capacity=107.0),
            "reactor": Neutraliser(capacity=100.0),
            "sale": Machine(capacity=500.0),
        },
        tanks=dict.fromkeys(("base", "acid", "made"), Tank(capacity=capacity, heel=0.0)),
        contents={"base": base, "acid": strong, "made": SALMIAC.stream(ammonium_chloride=1.0)},
        supplies={"base_line": base, "acid_line": weak},
        sinks={"customers": "product"},
        trains=(
            Train("base", "base_line", ("base_pump",)),
            Train("acid", "acid_line", ("acid_pump",)),
            Train("reacting", "base", ("reactor",)),
            Train("sale", "made", ("sale",)),
        ),
        pipes={
            "base_pump.made": Pipe("base"),
            "acid_pump.made": Pipe("acid"),
            "reactor.made": Pipe("made"),
            "sale.made": Pipe("customers"),
        },
        draws={"reactor.acid": acid},
    )


@pytest.mark.parametrize("capacity", [1.0, 100.0])
@pytest.mark.parametrize("water", [0.0, 0.1])
def test_a_second_feed_that_reacts_away_leaves_an_empty_tank_behind_it(
    capacity: float, water: float
):
    """All acid that was there and has come is salmiac, though the strength of the acid moves."""
    plant = running(neutralising(capacity, water, "acid"))
    plant.run(20.0)
    assert plant.level_of("acid") == plant.level_of("made") == 0.0
    acid = 0.5 * capacity + 0.99 * 107.0 * 20.0
    mass = SALMIAC.molar_mass
    made = 0.5 * capacity + acid * mass[AMMONIUM_CHLORIDE] / mass[HYDROGEN_CHLORIDE]
    books = plant.ledger()
    assert books.total("ammonium_chloride", sink="customers") == pytest.approx(made, rel=1e-9)
    books.certificate().enforce()
    assert plant.counts()["intervals"] < 100


@pytest.mark.parametrize("trace", [1e-9, 1e-11, 1e-13])
def test_a_trace_beside_a_second_feed_that_reacts_away_is_held_as_it_is_booked(trace: float):
    """Less than 1e-10 of the acid that reacts left the contents as rounding, not the books."""
    works = neutralising(1e5, 0.1, "acid")
    base = SALMIAC.stream(ammonia=0.1, hydrogen_chloride=trace, water=0.9 - trace)
    works = replace(
        works,
        contents={**works.contents, "base": base},
        supplies={**works.supplies, "base_line": base},
    )
    plant = running(works)
    plant.hold("sale", "trucks", "none today")
    with plant.expecting():
        plant.run(100.0)
    books, fed = plant.ledger(), 100.0 * 100.0
    rounding = 1e-15 * drawn(plant, "reactor.acid")
    assert books.held["made"][HYDROGEN_CHLORIDE] == pytest.approx(fed * trace, abs=rounding)
    books.certificate().enforce()


def stopped_now_and_then(capacity: float, trace: float, stops: int) -> Plant:
    """Return the neutraliser, of some acid in the base, after many short stops of its trains."""
    works, draws, hour = neutralising(capacity, 0.1, "acid"), random.Random(2), 0.0
    base = SALMIAC.stream(ammonia=0.9, hydrogen_chloride=trace, water=0.1 - trace)
    works = replace(
        works,
        contents={**works.contents, "base": base},
        supplies={**works.supplies, "base_line": base},
    )
    plant = running(works)
    for _ in range(stops):
        who = draws.choice(["base", "acid", "reacting", "sale"])
        with plant.expecting():
            plant.hold(who, "somebody", "stopped")
            hour += draws.expovariate(10.0)
            plant.run(hour)
            plant.release(who, "somebody")
            hour += draws.expovariate(10.0)
            plant.run(hour)
    return plant


@pytest.mark.parametrize("capacity", [1.0, 100.0])
@pytest.mark.parametrize("trace", [1e-13, 1e-12, 1e-9, 1e-7, 1e-5])
def test_a_trace_beside_what_reacts_away_costs_no_intervals_and_is_not_overdrawn(
    capacity: float, trace: float
):
    """Of acid 1e-9 in the base each kg/h took 300 intervals; of 1e-12 there was less than none.

    Empty tanks pass on the little that the draw leaves, and the draw follows what it draws from.
    """
    plant = stopped_now_and_then(capacity, trace, 40)
    plant.ledger().certificate().enforce()
    usual = stopped_now_and_then(capacity, 0.0, 40)
    assert plant.counts()["intervals"] < 1.2 * usual.counts()["intervals"]


def test_what_two_large_feeds_leave_is_booked_as_it_is_held_however_long_it_takes():
    """Sums of six thousand intervals were off by their last digits, which is all of the rest."""
    plant = stopped_now_and_then(1e5, 0.0, 3000)
    assert plant.counts()["intervals"] > 6000
    assert plant.ledger().closure < 5e-10


def test_a_unit_that_makes_something_of_what_is_not_there_is_told_though_a_tank_is_empty():
    """A header asks for kg of its last source, of which one in a hundred is water."""
    works = neutralising(100.0, 0.0, Header(("acid",), "acid_line"))
    empty = replace(works.tanks["acid"], initial_level=0.0)
    plant = running(replace(works, tanks={**works.tanks, "acid": empty}))
    plant.hold("acid", "crew", "no crew")
    plant.run(20.0)
    with pytest.raises(BalanceError, match=r"unit reactor, below nothing: .* of hydrogen_chloride"):
        plant.ledger().certificate().enforce()


def test_a_second_feed_of_no_use_starves_the_train():
    units = {**blending().units, "blender": Salter(capacity=10.0, ratio=0.5)}
    plant = running(blending(units=units))
    with plant.expecting():
        plant.run(1.0)
    assert plant.states["blending"].state == "starved by two"
    assert drawn(plant, "blender.charge") == 0.0


def test_a_full_tank_blocks_both_feeds():
    """A product tank with room for 60 kg takes 15 kg/h for 4 h, then what is sold of it."""
    design = blending()
    plant = running(
        replace(
            design,
            units={**design.units, "sale": Machine(capacity=3.0)},
            tanks={**design.tanks, "yard": Tank(capacity=60.0, heel=0.0, initial_level=0.0)},
            contents={**design.contents, "yard": (0.5, 0.5)},
            trains=(*design.trains, Train("sale", "yard", ("sale",))),
            pipes={**design.pipes, "blender.top": Pipe("yard"), "sale.made": Pipe("customers")},
        )
    )
    plant.run(6.0)
    rate = dict(zip(plant.train_names, plant.flow.rates.activity, strict=False))
    assert rate["blending"] == pytest.approx(2.0, rel=1e-12)
    assert plant.flow.rates.binding[2] == plant.tank_names.index("yard")
    assert plant.level_of("yard") == 60.0
    plant.hold("sale", "truck", "no truck")
    with plant.expecting():
        plant.run(7.0)
    assert plant.states["blending"].state == "blocked by yard"


def test_a_scarce_second_tank_serves_trains_by_priority():
    """1 kg/h fills the tank; at 0.05 kg/kg the first train takes half of it, the other the rest."""
    design = blending()
    first, other = Blender(capacity=10.0, ratio=0.05), Blender(capacity=10.0, ratio=0.5)
    network = replace(
        design,
        units={**design.units, "blender": other, "first": first},
        tanks={**design.tanks, "two": Tank(capacity=100.0, heel=0.0, initial_level=0.0)},
        trains=(*design.trains, Train("first", "one", ("first",))),
        pipes={**design.pipes, "first.top": Pipe("customers"), "first.bottom": Pipe("customers")},
        draws={**design.draws, "first.second": "two"},
        priorities=("first", "blending"),
    )
    plant = running(network)
    plant.run(1.0)
    rate = dict(zip(plant.train_names, plant.flow.rates.activity, strict=False))
    assert rate["first"] == 10.0
    assert rate["blending"] == pytest.approx(1.0, rel=1e-12)
    turned = running(replace(network, priorities=("blending", "first")))
    with turned.expecting():
        turned.run(1.0)
    rate = dict(zip(turned.train_names, turned.flow.rates.activity, strict=False))
    assert rate["blending"] == pytest.approx(2.0, rel=1e-12)
    assert rate["first"] == 0.0


@dataclass(frozen=True, kw_only=True)
class Hooded(Blender):
    """A blender that collects gas, too."""

    inlets: ClassVar = ("charge", "second", "gas")


def in_series(gas: bool) -> Network:
    """Return two blenders in a row; the second draws for what the first has drawn as well.

    With gas, the first one collects half of what another train makes.
    """
    design = blending()
    more: dict[str, Any] = {}
    if gas:
        more = {
            "trains": (*design.trains, Train("giving", "mine", ("giver",))),
            "pipes": {
                "giver.product": Pipe("customers"),
                "giver.recycle": Pipe("blender.gas", otherwise="customers"),
            },
        }
    trains = more.get("trains", design.trains)
    return replace(
        design,
        units={
            **design.units,
            "next": Blender(capacity=100.0, ratio=0.2),
            **(
                {
                    "giver": Splitter(capacity=4.0, recycle=0.5),
                    "blender": Hooded(capacity=10.0, ratio=0.5),
                }
                if gas
                else {}
            ),
        },
        tanks={**design.tanks, "three": Tank(capacity=1000.0, heel=0.0, initial_level=1.0)},
        contents={**design.contents, "three": (0.0, 1.0)},
        trains=tuple(
            replace(t, members=("blender", "next")) if t.name == "blending" else t for t in trains
        ),
        pipes={
            **design.pipes,
            "blender.top": Pipe("next.charge"),
            "next.top": Pipe("customers"),
            "next.bottom": Pipe("customers"),
            **more.get("pipes", {}),
        },
        draws={**design.draws, "next.second": "three"},
    )


@pytest.mark.parametrize("gas", [False, True])
def test_a_second_feed_further_down_follows_all_that_comes_to_it(gas: bool):
    """(10 + 5) kg/h of the first blender and 2 of gas ask for 0.2 kg/kg."""
    plant = running(in_series(gas))
    plant.run(3.0)
    per_hour = 0.2 * (15.0 + 2.0 * gas)
    assert drawn(plant, "next.second") == pytest.approx(3.0 * per_hour, rel=1e-12)
    plant.ledger().certificate().enforce()


@pytest.mark.parametrize("ratio", [1e-3, 1e-6, 1e-9])
def test_a_trace_of_a_second_feed_limits_its_train_as_much(ratio: float):
    design = blending()
    units = {
        **design.units,
        "filler": Machine(capacity=2.0 * ratio),
        "blender": Blender(capacity=10.0, ratio=ratio),
    }
    tanks = {**design.tanks, "two": Tank(capacity=100.0 * ratio, heel=0.0)}
    plant = running(replace(design, units=units, tanks=tanks))
    plant.run(10.0)  # 50 ratio less 8 ratio an hour last 6.25 h
    assert plant.flow.rates.activity[2] == pytest.approx(2.0, rel=1e-9)
    assert drawn(plant, "blender.charge") == pytest.approx(62.5 + 2.0 * 3.75, rel=1e-9)


def test_trains_that_wait_for_each_other_by_a_second_feed_are_told():
    """The filler of the second tank draws its own second feed from what the blender makes."""
    design = blending()
    plant = running(
        replace(
            design,
            units={
                **design.units,
                "filler": Blender(capacity=1.0, ratio=0.1),
                "blender": Blender(capacity=10.0, ratio=0.5, salt=0.99, water=0.99),
            },
            tanks={
                "one": design.tanks["one"],
                "two": Tank(capacity=100.0, heel=0.0, initial_level=0.1),
                "made": Tank(capacity=100.0, heel=0.0, initial_level=0.0),
            },
            contents={**design.contents, "made": (0.5, 0.5)},
            pipes={
                "mining.made": Pipe("one"),
                "filler.top": Pipe("two"),
                "filler.bottom": Pipe("two"),
                "blender.top": Pipe("customers"),
                "blender.bottom": Pipe("made"),
            },
            draws={"blender.second": "two", "filler.second": "made"},
        )
    )
    with pytest.raises(Gridlock, match="filling starved by made; blending starved by two") as told:
        plant.run(10.0)
    assert "circle: filling -> made -> blending -> two -> filling" in str(told.value)


@pytest.mark.parametrize("tanks", [("two",), ("none", "two"), ("two", "none")])
def test_what_slows_a_train_is_no_second_feed_that_could_give_more(tanks: tuple[str, ...]):
    """12 kg/h are sold: 8 of 10 kg/h and half as much; 10 alone would go. The tank of water was it.

    By turns the train stands while 12 kg are sold, 1 h, and fills these at 15 - 12 kg/h, 4 h.
    """
    design = blending()
    plant = running(
        replace(
            design,
            units={**design.units, "sale": Machine(capacity=12.0)},
            tanks={
                **design.tanks,
                "none": Tank(capacity=9.0, heel=0.0, initial_level=0.0),
                "yard": Tank(capacity=24.0, heel=0.0, initial_level=1.0),
            },
            contents={**design.contents, "none": (0.0, 1.0), "yard": (0.0, 1.0)},
            trains=(*design.trains, Train("sale", "yard", ("sale",))),
            pipes={**design.pipes, "blender.top": Pipe("yard"), "sale.made": Pipe("customers")},
            draws={"blender.second": Header(tanks)},
        )
    )
    plant.run(1.0)
    assert plant.flow.rates.activity[2] == pytest.approx(8.0, rel=1e-12)
    assert plant.flow.rates.binding[2] == plant.tank_names.index("yard")
    plant.env.process(turndown(plant, "blending", 9.0))
    plant.run(11.0)
    hours = plant.states["blending"].hours
    assert hours == pytest.approx({"running": 9.0, "below its least rate": 2.0}, rel=1e-9)


def test_a_second_tank_that_fills_since_all_is_blocked_starves_nobody():
    """The yard is full: no blender can run, nor the rinser, which would return more than it draws.

    What they would take of the second tank, 1 kg/h that comes to it, stays there.
    """
    design = blending()
    plant = running(
        replace(
            design,
            units={
                **design.units,
                "rinser": Blender(capacity=20.0, ratio=1.2, salt=0.4, water=0.4),
            },
            tanks={
                **design.tanks,
                "two": Tank(capacity=100.0, heel=0.0, initial_level=0.0),
                "yard": Tank(capacity=24.0, heel=0.0, initial_level=1.0),
            },
            contents={**design.contents, "yard": (0.0, 1.0)},
            trains=(
                *design.trains[:2],
                Train("rinsing", "two", ("rinser",)),
                Train("blending", "one", ("blender",)),
            ),
            pipes={
                **design.pipes,
                "blender.top": Pipe("yard"),
                "rinser.top": Pipe("two"),
                "rinser.bottom": Pipe("yard"),
            },
            draws={**design.draws, "rinser.second": Header(("yard", "two"), "well")},
        )
    )
    plant.run(20.0)
    assert plant.level_of("two") == pytest.approx(20.0, rel=1e-9)
    assert plant.states["blending"].hours == {"blocked by yard": 20.0}


FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "no such tank": (
        {"draws": {"blender.second": "tow"}},
        "inlet 'blender.second': no supply 'tow'; did you mean 'two'",
    ),
    "no tank in a header": (
        {"draws": {"blender.second": Header(("two", "tow"))}},
        "inlet 'blender.second': no tank 'tow'; did you mean 'two'",
    ),
    "no tanks": ({"draws": {"blender.second": Header(())}}, "its header has no tanks"),
    "a main inlet": (
        {"draws": {"blender.second": "two", "blender.charge": "two"}},
        "inlet 'blender.charge' draws from a tank, but it is the main inlet",
    ),
    "a pipe beside": (
        {"pipes": {**blending().pipes, "filler.made": Pipe("blender.second", otherwise="air")}},
        "draws all from tanks, but a pipe from 'filler.made' leads there, too",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_second_feed_that_cannot_be_is_refused(fault: str):
    changes, message = FAULTS[fault]
    with pytest.raises(ValueError, match="does not fit together") as told:
        blending(**changes)
    assert message in str(told.value)


# The other clock


@pytest.mark.parametrize("filler", [1.0, 4.0, 6.0])
def test_a_long_run_with_a_second_feed_comes_to_rest_in_the_steady_state(filler: float):
    """Up to 5 kg/h the filler sets the pace, then the blender."""
    design = blending()
    network = replace(design, units={**design.units, "filler": Machine(capacity=filler)})
    steady = SteadyState(network, {})
    assert steady.activity["blending"] == pytest.approx(min(10.0, 2.0 * filler), rel=1e-9)
    assert steady.bottleneck == ("filling" if filler < 5.0 else "blending")
    plant = running(network)
    plant.run(500.0)
    before = plant.ledger()
    plant.run(600.0)
    found, right = plant.ledger().since(before), steady.ledger(hours=100.0)
    for component in ("salt", "water"):
        kg = found.total(component, sink="customers")
        assert kg == pytest.approx(right.total(component, sink="customers"), rel=1e-6)


@dataclass(frozen=True, kw_only=True)
class Warmed(Unit):
    """Draws something per feed, and again so much of what it draws, as what cools what it draws."""

    inlets: ClassVar = ("charge", "second")
    outlets: ClassVar = ("top",)
    again: float

    def convert(self, inlets: Any, at: Any) -> Recipe:
        """Return the recipe at what it draws."""
        ratio = 0.01 + self.again * sum(inlets["second"]) / sum(inlets["charge"])
        return Recipe(splits={"top": (1.0, 1.0)}, draws={"second": (ratio, ratio)})


def warmed(again: float) -> Network:
    """Return such a unit that draws from a supply."""
    return Network(
        components=BRINE,
        units={"unit": Warmed(capacity=10.0, again=again)},
        tanks={},
        contents={},
        supplies={"mine": (1.0, 0.0), "well": (0.0, 1.0)},
        sinks={"customers": "product"},
        trains=(Train("making", "mine", ("unit",)),),
        pipes={"unit.top": Pipe("customers")},
        draws={"unit.second": "well"},
        pacer="making",
    )


@pytest.mark.parametrize("again", [-0.9, -0.3, 0.3, 0.9])
def test_at_rest_a_unit_draws_what_it_asks_for_at_what_it_draws(again: float):
    """No stream between trains tells of it: of 0.1 kg/kg 0.019 were drawn."""
    drawn = SteadyState(warmed(again), {}).ledger(hours=1.0).total(source="well")
    assert drawn == pytest.approx(0.1 / (1.0 - again), rel=1e-6)


def test_what_a_unit_draws_at_rest_by_turns_is_told():
    """Asked at none it draws 0.01 kg/kg, and at that none; eight askings ended where they began."""
    with pytest.raises(BalanceError, match=r"sweeps: .* most of all what a unit draws"):
        SteadyState(warmed(-1.0), {})


@dataclass(frozen=True, kw_only=True)
class Tasting(Unit):
    """Draws the less the faster it runs, and sends so much down as there is water in that."""

    inlets: ClassVar = ("charge", "second")
    outlets: ClassVar = ("top", "bottom")

    def convert(self, inlets: Any, at: Any) -> Recipe:
        """Return the recipe at this rate and composition."""
        ratio = 0.5 / (1.0 + sum(inlets["charge"]) / 5.0)
        water = inlets["second"][1] / (sum(inlets["second"]) or 1.0)
        return Recipe(
            splits={"top": (1.0 - water,) * 2, "bottom": (water,) * 2},
            draws={"second": (ratio, ratio)},
        )


def test_at_rest_a_unit_is_asked_at_what_its_header_gives_at_last():
    """All is salt of the tank; as it was asked last, four fifths were still water of the well."""
    network = Network(
        components=BRINE,
        units={"fork": Splitter(capacity=10.0, recycle=0.5), "unit": Tasting(capacity=50.0)},
        tanks={
            "one": Tank(capacity=10.0),
            "spare": Tank(capacity=10.0, initial_level=1.0, when_full="spill"),
        },
        contents={"one": (1.0, 0.0), "spare": (1.0, 0.0)},
        supplies={"mine": (1.0, 0.0), "well": (0.0, 1.0)},
        sinks={"customers": "product", "sewer": "waste"},
        trains=(Train("forking", "mine", ("fork",)), Train("making", "one", ("unit",))),
        pipes={
            "fork.product": Pipe("one"),
            "fork.recycle": Pipe("spare"),
            "unit.top": Pipe("customers"),
            "unit.bottom": Pipe("sewer"),
        },
        draws={"unit.second": Header(("spare",), "well")},
        spills={"spare": "sewer"},
        pacer="making",
    )
    books = SteadyState(network, {}).ledger(hours=1.0)
    assert books.total(sink="customers") == pytest.approx(5.0 + 5.0 * 0.25, rel=1e-7)
    assert books.total(sink="sewer") == pytest.approx(5.0 - 5.0 * 0.25, rel=1e-7)


def test_a_steady_state_fills_a_tank_for_two_trains_of_which_one_is_downstream():
    design = blending()
    network = replace(
        design,
        units={
            **design.units,
            "filler": Machine(capacity=100.0),
            "finisher": Blender(capacity=50.0, ratio=0.1),
        },
        tanks={**design.tanks, "half": Tank(capacity=10.0, heel=0.0)},
        contents={**design.contents, "half": (0.5, 0.5)},
        trains=(*design.trains, Train("finishing", "half", ("finisher",))),
        pipes={
            **design.pipes,
            "blender.top": Pipe("half"),
            "finisher.top": Pipe("customers"),
            "finisher.bottom": Pipe("customers"),
        },
        draws={**design.draws, "finisher.second": "two"},
    )
    steady = SteadyState(network, {})
    assert steady.activity["filling"] == pytest.approx(5.0 + 1.5, rel=1e-9)
    assert steady.ledger(hours=1.0).total(sink="customers") == pytest.approx(16.5, rel=1e-9)


def test_a_steady_state_refuses_a_train_that_would_have_to_fill_two_tanks_at_will():
    design = blending()
    network = replace(
        design,
        units={
            "mining": Splitter(capacity=20.0, recycle=0.3),
            "blender": design.units["blender"],
        },
        trains=(design.trains[0], design.trains[2]),
        pipes={
            **{o: p for o, p in design.pipes.items() if o.startswith("blender")},
            "mining.product": Pipe("one"),
            "mining.recycle": Pipe("two"),
        },
    )
    with pytest.raises(ValueError, match=r"follow both tank .* let a supply give what one"):
        SteadyState(network, {})


def test_a_tank_before_the_last_one_gives_what_it_gets_at_rest_and_the_last_one_the_rest():
    """A fifth of what is mined goes to the spare tank: 2.5 of the 5 kg/h that are drawn."""
    design = blending()
    network = replace(
        design,
        units={
            **design.units,
            "mining": Splitter(capacity=20.0, recycle=0.2),
            "filler": Machine(capacity=20.0),
        },
        tanks={**design.tanks, "spare": Tank(capacity=100.0, heel=0.0)},
        contents={**design.contents, "spare": (0.0, 1.0)},
        pipes={
            **{outlet: pipe for outlet, pipe in design.pipes.items() if outlet != "mining.made"},
            "mining.product": Pipe("one"),
            "mining.recycle": Pipe("spare"),
        },
        draws={"blender.second": Header(("spare", "two"))},
    )
    steady = SteadyState(network, {})
    assert steady.activity == pytest.approx({"mining": 12.5, "filling": 2.5, "blending": 10.0})
    sold = steady.ledger(hours=1.0).total("salt", sink="customers")
    assert sold == pytest.approx(12.5, rel=1e-9)


def test_a_second_feed_of_half_strength_is_drawn_twice_at_rest():
    design = blending(supplies={"mine": (0.0, 1.0), "well": (0.5, 0.5)})
    units = {
        **design.units,
        "filler": Machine(capacity=50.0),
        "blender": Salter(capacity=10.0, ratio=0.5),
    }
    steady = SteadyState(replace(design, units=units), {})
    assert steady.activity["filling"] == pytest.approx(10.0, rel=1e-9)
    assert steady.ledger(hours=1.0).total("salt", sink="customers") == pytest.approx(5.0, rel=1e-9)


def test_what_a_tank_holds_that_gives_nothing_is_not_seen_at_rest():
    """The spare tank gets nothing: the unit sees the salt of the other one alone."""
    seen: list[tuple[float, ...]] = []

    @dataclass(frozen=True, kw_only=True)
    class Looking(Blender):
        def convert(self, inlets, at) -> Recipe:
            """Return the recipe, and note what comes second."""
            seen.append(inlets["second"])
            return super().convert(inlets, at)

    design = blending(supplies={"mine": (1.0, 0.0), "well": (0.8, 0.2)})
    network = replace(
        design,
        units={**design.units, "blender": Looking(capacity=10.0, ratio=0.5)},
        tanks={**design.tanks, "spare": Tank(capacity=100.0, heel=0.0)},
        contents={**design.contents, "spare": (0.0, 1.0)},
        draws={"blender.second": Header(("spare", "two"))},
    )
    SteadyState(network, {})
    assert seen[-1] == pytest.approx((0.8, 0.2), rel=1e-7)


# Random networks


def keeps_its_ratios(seed: int) -> None:
    network = with_second_feeds(seed)
    plant = keeps_its_laws(Drawn(seed), network=network)
    for inlet in network.draws:
        name = inlet.partition(".")[0]
        unit = network.units[name]
        assert isinstance(unit, Blender)
        asked = unit.ratio * drawn(plant, f"{name}.charge")
        assert drawn(plant, inlet) == pytest.approx(asked, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize(
    "seed", [0, 1, *(pytest.param(n, marks=pytest.mark.long) for n in (2, 3, 4, 5))]
)
def test_random_networks_keep_their_bounds_balances_and_ratios(seed: int):
    for each in range(10 * seed, 10 * seed + 10):
        keeps_its_ratios(each)


def test_a_run_with_second_feeds_is_the_same_to_the_bit_in_steps_and_at_once():
    for seed in range(4):
        network = with_second_feeds(seed)
        at_once, in_steps = running(network, seed), running(network, seed)
        with at_once.expecting(), in_steps.expecting():
            at_once.run(24.0)
            for i in range(1, 38):
                in_steps.run(24.0 * i / 37)
        assert at_once.ledger() == in_steps.ledger()


@pytest.mark.parametrize(
    ("priorities", "first", "other"),
    [
        (("blending", "selling", "blender.second<two"), 0.0, 1.0),
        (("blending", "blender.second<two", "selling"), 1.0, 0.0),
        (("blender.second<two", "selling", "blending"), 1.0, 0.0),
        (("blending", "selling"), 1.0, 0.0),  # unnamed: right before its train
    ],
)
def test_a_header_s_draw_stands_where_the_priorities_name_it(
    priorities: tuple[str, ...], first: float, other: float
):
    """1 kg/h come into an empty tank; one named after its train was put before it all the same."""
    network = blending(
        units={
            "mining": Machine(capacity=20.0),
            "filler": Machine(capacity=1.0),
            "blender": Blender(capacity=10.0, ratio=0.5),
            "seller": Machine(capacity=1.0),
        },
        tanks={
            "one": Tank(capacity=1000.0, heel=0.0, initial_level=1.0),
            "two": Tank(capacity=100.0, heel=0.0, initial_level=0.0),
        },
        trains=(*blending().trains, Train("selling", "two", ("seller",))),
        pipes={**blending().pipes, "seller.made": Pipe("customers")},
        draws={"blender.second": Header(("two",), "well")},
        priorities=priorities,
    )
    plant = running(network)
    plant.run(10.0)
    books = plant.ledger()
    assert books.total(stream="two>blender.second") == pytest.approx(10.0 * first)
    assert books.total(source="seller") == pytest.approx(10.0 * other)
    assert books.total(source="well", sink="blender") == pytest.approx(50.0 - 10.0 * first)
