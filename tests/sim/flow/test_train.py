"""Wiring: faults told at once, start-up routing, collected gas, make-up headers, reactions."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import pytest

from plant_models.benchmarks.machines import running
from plant_models.benchmarks.units import (
    BRINE,
    NEUTRALISATION,
    SALMIAC,
    Machine,
    Separator,
    Splitter,
)
from sim.clock.plant import Plant
from sim.clock.random_streams import RandomStreams
from sim.model.parameters import quantity
from sim.network.network import Header, Network, Pipe, Tank, Train
from sim.network.unit import Conditions, Conversion, Recipe, Stream, Unit


@dataclass(frozen=True, kw_only=True)
class Wash(Unit):
    """Draws water in proportion to its charge; the vent it collects raises what it loses."""

    inlets: ClassVar = ("charge", "water", "vent")
    outlets: ClassVar = ("washed", "tail")
    rate_dependent: ClassVar = True
    ratio: float = quantity("kg/kg", "water per charge", 0.0, 10.0)

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        lost = sum(inlets["vent"]) / (100.0 + sum(inlets["vent"]))
        return Recipe(
            splits={"washed": (1.0, 1.0 - lost), "tail": (0.0, lost)},
            draws={"water": (self.ratio,) * 2},
        )


def network(**changes: Any) -> Network:
    """Return a wash fed from a tank, with a make-up header, and a still whose vent it collects."""
    parts: dict[str, Any] = {
        "components": BRINE,
        "units": {
            "wash": Wash(capacity=10.0, ratio=1.0),
            "still": Separator(capacity=4.0, salt=0.0, water=0.5),
        },
        "tanks": {
            "feed": Tank(capacity=1e5, heel=0.0, initial_level=0.9),
            "first": Tank(capacity=1e3, heel=0.0, initial_level=0.03),
            "second": Tank(capacity=1e3, heel=0.0, initial_level=0.05),
        },
        "contents": {"feed": (0.5, 0.5), "first": (0.0, 1.0), "second": (0.0, 1.0)},
        "supplies": {"water": (0.0, 1.0), "brine": (0.5, 0.5)},
        "sinks": {"customers": "product", "air": "emission gas", "slop": "slop"},
        "trains": (
            Train("washing", "feed", ("wash",)),
            Train("distilling", "brine", ("still",)),
        ),
        "pipes": {
            "wash.washed": Pipe("customers"),
            "wash.tail": Pipe("air"),
            "still.top": Pipe("wash.vent", otherwise="air"),
            "still.bottom": Pipe("slop"),
        },
        "draws": {"wash.water": Header(("first", "second"), "water")},
    }
    return Network(**(parts | changes))


def ran(design: Network, hours: float) -> Plant:
    plant = running(design)
    plant.run(hours)
    return plant


def at(plant: Plant, hour: float, action) -> None:
    def acting():
        yield plant.env.timeout(hour)
        action()

    plant.env.process(acting())


def test_a_parameter_outside_its_domain_is_told_when_the_network_is_built():
    good = network()
    with pytest.raises(ValueError, match=r"still\.water: 1\.5 .*outside the domain, 0 to") as told:
        network(
            units={**good.units, "still": Separator(capacity=4.0, salt=0.0, water=1.5)},
            tanks={**good.tanks, "first": Tank(capacity=1e3, initial_level=3.0)},
        )
    assert "first.initial_level: 3 kg/kg is outside the domain" in str(told.value)


def test_all_faults_of_a_network_are_told_at_once():
    good = network()
    with pytest.raises(ValueError, match="does not fit together") as caught:
        network(
            trains=(Train("washing", "fed", ("wash",)),),
            pipes={**good.pipes, "wash.washed": Pipe("custommers"), "wash.steam": Pipe("air")},
            draws={"wash.water": Header(("first", "third"), "watr")},
            tanks={**good.tanks, "yard": Tank(capacity=1.0, when_full="spill")},
        )
    told = str(caught.value)
    for fault in (
        "unit 'still' is in no train",
        "pipe from 'wash.steam': no such outlet",
        "pipe from 'wash.washed' leads to 'custommers', which is not there; "
        "did you mean 'customers'?",
        "train 'washing' is fed from 'fed', no tank and no supply",
        "inlet 'wash.water': no tank 'third'",
        "inlet 'wash.water': no supply 'watr'",
        "tank 'yard' has no initial contents",
        "tank 'yard' spills when full, but no sink is named for it",
    ):
        assert fault in told


GOOD = network()


FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "unit in two trains": (
        {"trains": (*GOOD.trains, Train("more", "feed", ("wash",)))},
        "'wash' is in two trains",
    ),
    "outlet without pipe": (
        {"pipes": {k: v for k, v in GOOD.pipes.items() if k != "wash.tail"}},
        "wash.tail",
    ),
    "inlet without source": ({"draws": {}}, "wash.water"),
    "draw of no inlet": ({"draws": {**GOOD.draws, "wash.steam": "water"}}, "wash.steam"),
    "trip to nowhere": (
        {"pipes": {**GOOD.pipes, "wash.tail": Pipe("air", trip="nowhere")}},
        "nowhere",
    ),
    "start-up to nowhere": (
        {"pipes": {**GOOD.pipes, "wash.tail": Pipe("air", start_up="nowhere")}},
        "nowhere",
    ),
    "unknown member": (
        {"trains": (Train("washing", "feed", ("wash", "stil")), GOOD.trains[1])},
        "stil",
    ),
    "unknown first member": (
        {"trains": (Train("washing", "feed", ("wsh",)), GOOD.trains[1])},
        "wsh",
    ),
    "train without members": (
        {"trains": (*GOOD.trains, Train("nobody", "feed", ()))},
        "nobody",
    ),
    "two trains of one name": (
        {"trains": (GOOD.trains[0], replace(GOOD.trains[1], name="washing"))},
        "washing",
    ),
    "unknown priority": ({"priorities": ("washin",)}, "washin"),
    "unknown pacer": ({"pacer": "washin"}, "washin"),
    "header without tanks": ({"draws": {"wash.water": Header((), "water")}}, "wash.water"),
    "spill to nowhere": ({"spills": {"first": "nowhere"}}, "nowhere"),
    "supply that does not add up": (
        {"supplies": {**GOOD.supplies, "water": (0.5, 0.4)}},
        "supply 'water'",
    ),
    "supply of other components": (
        {"supplies": {**GOOD.supplies, "water": (1.0,)}},
        "supply 'water'",
    ),
    "contents that do not add up": (
        {"contents": {**GOOD.contents, "first": (0.5, 0.4)}},
        "tank 'first'",
    ),
    "contents of no tank": (
        {"contents": {**GOOD.contents, "nowhere": (0.5, 0.5)}},
        "nowhere",
    ),
    "one name for a unit and a sink": ({"sinks": {**GOOD.sinks, "wash": "waste"}}, "'wash'"),
    "pipe into the feed of another train": (
        {"pipes": {**GOOD.pipes, "still.bottom": Pipe("wash.charge")}},
        "still.bottom",
    ),
    "pipe back into its own train": (
        {"pipes": {**GOOD.pipes, "wash.tail": Pipe("wash.vent")}},
        "wash.tail",
    ),
    "collected gas that has nowhere to go when its collector stands": (
        {"pipes": {**GOOD.pipes, "still.top": Pipe("wash.vent")}},
        "still.top",
    ),
}


@pytest.mark.parametrize(("changes", "message"), FAULTS.values(), ids=list(FAULTS))
def test_a_fault_of_the_wiring_is_told_when_the_network_is_built(
    changes: dict[str, Any], message: str
):
    with pytest.raises(ValueError, match=message):
        network(**changes)


def test_a_train_of_which_no_member_has_a_capacity_is_refused():
    with pytest.raises(ValueError, match="train 'washing': no member has a finite capacity"):
        running(network(units={**GOOD.units, "wash": Wash(ratio=1.0)}))


@pytest.mark.parametrize(("level", "rounds"), [(0.0, 0.0), (0.5, 7.0)])
def test_a_closed_loop_circulates_what_is_in_it_and_nothing_where_it_is_empty(level, rounds):
    loop = Network(
        components=BRINE,
        units={"pump": Splitter(capacity=1.0, recycle=1.0)},
        tanks={"tank": Tank(capacity=10.0, heel=0.0, initial_level=level)},
        contents={"tank": (0.5, 0.5)},
        supplies={},
        sinks={"customers": "product"},
        trains=(Train("loop", "tank", ("pump",)),),
        pipes={"pump.product": Pipe("customers"), "pump.recycle": Pipe("tank")},
    )
    plant = running(loop)
    with plant.expecting():
        plant.run(7.0)
    assert plant.ledger().total(stream="pump.recycle") == pytest.approx(rounds, abs=1e-12)
    assert plant.level_of("tank") == pytest.approx(10.0 * level, rel=1e-12)
    plant.ledger().certificate().enforce()


def test_start_up_routing_books_under_cause_start_up():
    design = network(pipes={**GOOD.pipes, "wash.washed": Pipe("customers", start_up="slop")})
    plant = running(design)
    plant.run_as("washing", "start-up", 0.5)
    at(plant, 4.0, lambda: plant.run_as("washing", "normal"))
    plant.run(10.0)
    ledger = plant.ledger()
    assert ledger.total(source="wash", sink="slop") == ledger.total(sink="slop", cause="start-up")
    assert ledger.total(source="feed", cause="start-up") == pytest.approx(20.0, rel=1e-12)
    assert ledger.total(source="feed", cause="normal") == pytest.approx(60.0, rel=1e-12)
    assert ledger.total(sink="customers", cause="start-up") == 0.0
    assert ledger.certificate().closure < 1e-12


def test_trip_routing_books_under_cause_trip():
    design = network(pipes={**GOOD.pipes, "wash.washed": Pipe("customers", trip="slop")})
    plant = running(design)
    plant.run_as("washing", "trip", 0.5)
    plant.run(4.0)
    assert plant.ledger().total(source="wash", sink="slop", cause="trip") > 0.0
    assert plant.ledger().total(sink="customers") == 0.0


def test_collected_gas_led_elsewhere_in_start_up_does_not_reach_the_collector_as_well():
    design = network(
        pipes={**GOOD.pipes, "still.top": Pipe("wash.vent", otherwise="air", start_up="slop")}
    )
    plant = running(design)
    plant.run_as("distilling", "start-up", 0.5)
    plant.run(10.0)
    ledger = plant.ledger()
    assert ledger.total(source="still", stream="still.top", sink="slop") > 0.0
    assert ledger.certificate().closure < 1e-12


def test_collected_gas_goes_to_its_collector_while_that_runs():
    ledger = ran(network(), 20.0).ledger()
    gas = ledger.total(stream="still.top")
    assert ledger.total(stream="still.top", sink="wash", cause="normal") == gas
    assert gas == pytest.approx(20.0 * 4.0 * 0.25, rel=1e-12)


def test_collected_gas_is_diverted_with_cause_trip_while_its_collector_stands():
    plant = running(network())
    at(plant, 5.0, lambda: plant.hold("washing", "test", "held"))
    at(plant, 12.0, lambda: plant.release("washing", "test"))
    plant.run(20.0)
    ledger = plant.ledger()
    assert ledger.total(stream="still.top", sink="air", cause="trip") == pytest.approx(7.0)
    assert ledger.total(stream="still.top", sink="wash", cause="normal") == pytest.approx(13.0)
    assert ledger.total(stream="still.top") == pytest.approx(20.0)
    assert ledger.certificate().closure < 1e-12


def test_a_collector_sees_the_gas_that_it_collects():
    """1 kg/h of vent makes the wash lose 1 / 101 of its water."""
    ledger = ran(network(), 20.0).ledger()
    washed = ledger.total("water", source="wash")
    assert ledger.total("water", stream="wash.tail") == pytest.approx(washed / 101.0, rel=1e-9)


def test_a_collector_sees_that_the_gas_has_stopped():
    plant = running(network())
    at(plant, 10.0, lambda: plant.hold("distilling", "test", "held"))
    plant.run(15.0)
    before = plant.ledger().total(stream="wash.tail")
    plant.run(30.0)
    assert plant.ledger().total(stream="wash.tail") == before


def test_a_collector_sees_that_the_gas_has_come_back():
    plant = running(network())
    plant.hold("distilling", "test", "held")
    at(plant, 10.0, lambda: plant.release("distilling", "test"))
    plant.run(20.0)
    ledger = plant.ledger()
    water = 10.0 * (5.0 + 10.0 + 1.0)  # charge, make-up and vent of the last ten hours
    assert ledger.total("water", stream="wash.tail") == pytest.approx(water / 101.0, rel=1e-9)


def served(plant: Plant) -> list[float]:
    """Return what each source has given to the wash, kg."""
    ledger = plant.ledger()
    return [ledger.total(stream=f"{source}>wash.water") for source in ("first", "second", "water")]


def test_a_header_serves_its_tanks_in_order_and_makes_up_the_rest():
    """At 10 kg/h the first tank's 30 kg last 3 h, the second's 50 kg 5 h more."""
    assert served(ran(network(), 2.0)) == pytest.approx([20.0, 0.0, 0.0], abs=1e-9)
    assert served(ran(network(), 6.0)) == pytest.approx([30.0, 30.0, 0.0], abs=1e-9)
    assert served(ran(network(), 10.0)) == pytest.approx([30.0, 50.0, 20.0], abs=1e-9)


def test_a_header_takes_a_slow_source_whole_and_makes_up_the_rest():
    """The still's bottom comes at 3 kg/h; the wash asks for 10 kg/h."""
    design = network(
        tanks={**GOOD.tanks, "first": Tank(capacity=1e3, heel=0.0, initial_level=0.0)},
        pipes={**GOOD.pipes, "still.bottom": Pipe("first")},
        draws={"wash.water": Header(("first",), "water")},
    )
    ledger = ran(design, 10.0).ledger()
    assert ledger.total(stream="first>wash.water") == pytest.approx(30.0, rel=1e-8)
    assert ledger.total(stream="water>wash.water") == pytest.approx(70.0, rel=1e-8)


def test_what_a_source_is_worth_decides_how_much_of_it_replaces_the_supply():
    """Water of half the worth replaces half of itself."""

    @dataclass(frozen=True, kw_only=True)
    class Particular(Wash):
        def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
            return replace(super().convert(inlets, at), worth={"water": (0.5, 0.5)})

    design = network(units={**GOOD.units, "wash": Particular(capacity=10.0, ratio=1.0)})
    assert served(ran(design, 1.0)) == pytest.approx([20.0, 0.0, 0.0], abs=1e-9)


def test_a_header_stops_with_its_train():
    plant = running(network())
    at(plant, 1.0, lambda: plant.hold("washing", "test", "held"))
    plant.run(10.0)
    assert served(plant) == pytest.approx([10.0, 0.0, 0.0], abs=1e-9)


@dataclass(frozen=True, kw_only=True)
class Seasonal(Unit):
    """Reacts in the warm season only, and then says so with one conversion more."""

    inlets: ClassVar = ("charge",)
    outlets: ClassVar = ("made",)

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        warm = at["air"] > 290.0
        conversions = (Conversion(NEUTRALISATION, 0, 0.5),) if warm else ()
        return Recipe(splits={"made": (1.0,) * 5}, conversions=conversions)


@pytest.mark.parametrize("warm_first", [True, False])
def test_a_recipe_may_have_a_conversion_in_one_season_only(warm_first: bool):
    mixture = SALMIAC.stream(ammonia=0.2, hydrogen_chloride=0.5, nitrogen=0.3)
    design = Network(
        components=SALMIAC,
        units={"reactor": Seasonal(capacity=10.0), "last": Machine(capacity=20.0)},
        tanks={"yard": Tank(capacity=10.0)},
        contents={"yard": mixture},
        supplies={"gas": mixture},
        sinks={"customers": "product"},
        trains=(Train("reacting", "gas", ("reactor",)), Train("last", "yard", ("last",))),
        pipes={"reactor.made": Pipe("yard"), "last.made": Pipe("customers")},
    )

    def surroundings(hour: float) -> dict[str, float]:
        return {"air": 300.0 if (hour < 10.0) == warm_first else 280.0}

    plant = Plant(design, surroundings, RandomStreams(1))
    at(plant, 10.0, plant.new_surroundings)
    plant.run(20.0)
    ledger = plant.ledger()
    (kmol,) = ledger.extents.values()
    assert kmol == pytest.approx(10.0 * 10.0 * 0.2 * 0.5 / SALMIAC.molar_mass[0], rel=1e-9)
    assert ledger.certificate().closure < 1e-12


def test_a_train_takes_new_surroundings_when_it_is_told():
    """Seen already in the first minute after the weather has changed."""
    seen: list[float] = []

    @dataclass(frozen=True, kw_only=True)
    class Thermometer(Machine):
        def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
            seen.append(at["air"])
            return super().convert(inlets, at)

    line = Network(
        components=BRINE,
        units={"meter": Thermometer(capacity=1.0)},
        tanks={"yard": Tank(capacity=1e4, heel=0.0, initial_level=0.0)},
        contents={"yard": (0.5, 0.5)},
        supplies={"brine": (0.5, 0.5)},
        sinks={},
        trains=(Train("metering", "brine", ("meter",)),),
        pipes={"meter.made": Pipe("yard")},
    )
    plant = Plant(line, lambda hour: {"air": 280.0 + hour}, RandomStreams(1))
    at(plant, 7.0, plant.new_surroundings)
    plant.run(7.1)
    assert seen[-1] == 287.0
