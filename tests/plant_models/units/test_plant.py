"""A plant of fifteen generic units with recycles, tanks and failures, in both clocks."""

import pytest

from plant_models import units
from sim.clock.life import Outages, failure_lives
from sim.clock.plant import Plant
from sim.clock.random_streams import RandomStreams
from sim.network.network import Network, Pipe, Tank, Train
from sim.network.plain import is_plain
from sim.steady.state import SteadyState

SOME = units.example_components()
FAILING = {"mtbf": "200 h", "mttr": "4 h"}


def fifteen(**failure):
    """Return a plant that makes ethanol of ethylene and sells salt out of its brine.

    Ethylene and water are mixed with the recycle and react; flash, absorber and splitter bring the
    gas back. The liquor is filtered, stilled in a column and packed; the bottoms are boiled down,
    the cake is washed, dried and packed. A boiler gives steam.
    """

    def made(kind, **table):
        return units.make(kind, SOME, {**table, **failure})

    warm = {"inlet_temperature": "60 degC"}
    react = {"hydration": {"equation": "ethylene + water -> ethanol", "orders": {"ethylene": 1}}}
    parts = {
        "mixer": made("mixer", inlets=["ethylene", "brine"], ratio={"brine": 3.0}, capacity=2000.0),
        "reactor": made(
            "reactor", reactions=react, volume=60.0, temperature="140 degC", **warm,
            rate_constant={"hydration": 40.0},
        ),
        "flash": made("flash", inlet_temperature="140 degC", temperature="60 degC"),
        "absorber": made("absorber", equilibrium={"ethanol": 0.5, "water": 0.2}, ratio=0.5),
        "splitter": made("splitter", outlets=["purge", "recycle"], share={"purge": 0.02}),
        "decanter": made(
            "decanter",
            distribution={"ethylene": 1e-6, "air": 1e-6, "oxygen": 1e-6, "carbon_dioxide": 1e-6}
            | dict.fromkeys(("water", "salt", "ethanol"), 1e6),
            capacity=12000.0,
        ),
        "filter": made("filter", solid={"salt": 0.4}, moisture=0.2),
        "column": made(
            "column", light="ethanol", heavy="water", stages=25, reflux_ratio=8.0, content=0.001,
            activity={"ethanol": 2.5}, **warm, capacity=12000.0,
        ),
        "condenser": made(
            "condenser", inlet_temperature="90 degC", area=40.0, coefficient="600 W/m2/K",
            water_ratio=20.0,
        ),
        "heater": made("heater", inlet_temperature="40 degC", temperature="20 degC"),
        "packing": made("packing", loss=0.001, capacity=4000.0),
        "evaporator": made(
            "evaporator", volatile={"water": 1.0, "ethanol": 1.0}, strength=0.3, effects=3,
            temperature="100 degC", **warm, capacity=12000.0,
        ),
        "wash": made("wash", distribution={"water": 1e6}, ratio=0.2, capacity=3000.0),
        "dryer": made(
            "dryer", volatile={"water": 1.0, "ethanol": 1.0}, moisture=0.01, **warm,
            temperature="80 degC",
        ),
        "boiler": made(
            "boiler", oxidant="oxygen", efficiency=0.9, excess_air=0.2, capacity=300.0,
            heating_value={"ethylene": 47200.0},
            reactions={"fire": "ethylene + 3 oxygen -> 2 carbon_dioxide + 2 water"},
        ),
    }  # fmt: skip
    tanks = ("gas", "liquor", "wine", "cake", "spirit", "slop", "salt")
    pipes = {
        "mixer.mixed": "reactor.feed", "reactor.product": "flash.feed",
        "flash.vapour": "absorber.gas", "absorber.gas": "splitter.feed",
        "splitter.purge": "flare", "splitter.recycle": "gas",
        "flash.liquid": "liquor", "absorber.liquor": "liquor",
        "decanter.heavy": "filter.slurry", "decanter.light": "flare",
        "filter.cake": "cake", "filter.filtrate": "wine",
        "column.distillate": "condenser.vapour", "column.bottoms": "slop",
        "condenser.gas": "flare", "condenser.condensate": "heater.feed", "heater.out": "spirit",
        "packing.packed": "sold", "packing.lost": "sewer",
        "evaporator.vapour": "sewer", "evaporator.concentrate": "sewer",
        "wash.washed": "dryer.wet", "wash.extract": "slop", "dryer.dry": "salt",
        "dryer.exhaust": "flare", "boiler.flue_gas": "flare", "boiler.ash": "sewer",
    }  # fmt: skip
    water, brine = SOME.components.stream(water=1.0), SOME.components.stream(water=0.95, salt=0.05)
    return Network(
        components=SOME.components,
        units={**parts, "carter": made("pump", capacity=5000.0)},
        tanks={name: Tank(capacity=5000.0) for name in tanks},
        contents={
            **dict.fromkeys(tanks, water),
            "gas": SOME.components.stream(ethylene=1.0),
            "cake": SOME.components.stream(water=0.5, salt=0.5),
        },
        supplies={
            "fuel": SOME.components.stream(ethylene=1.0),
            "air": SOME.components.stream(air=0.7686, oxygen=0.2314),
            "brine": brine,
            "water": water,
            "fresh": SOME.components.stream(ethylene=0.98, air=0.02),
        },
        sinks={"flare": "gas", "sold": "product", "sewer": "water", "store": "product"},
        trains=(
            Train("making", "fresh", ("mixer", "reactor", "flash", "absorber", "splitter")),
            Train("clearing", "liquor", ("decanter", "filter")),
            Train("distilling", "wine", ("column", "condenser", "heater")),
            Train("filling", "spirit", ("packing",)),
            Train("salting", "cake", ("wash", "dryer")),
            Train("boiling_down", "slop", ("evaporator",)),
            Train("carting", "salt", ("carter",)),
            Train("steaming", "gas", ("boiler",)),
        ),
        pipes={outlet: Pipe(to) for outlet, to in {**pipes, "carter.passed": "store"}.items()},
        draws={
            "mixer.brine": "brine", "absorber.liquid": "water", "wash.solvent": "water",
            "boiler.air": "air",
        },
        pacer="making",
    )  # fmt: skip


@pytest.mark.long
def test_both_clocks_of_a_plant_of_generic_units_agree_and_its_books_close():
    network = fifteen()
    assert all(is_plain(unit) for unit in network.units.values())
    state = SteadyState(network, units.AT_REST)
    plant = Plant(network, lambda _: units.AT_REST, RandomStreams(1))
    plant.run(500.0)
    before = plant.ledger().total("ethanol", sink="sold")
    plant.run(1000.0)
    made = plant.ledger().total("ethanol", sink="sold") - before
    assert made == pytest.approx(state.ledger(500.0).total("ethanol", sink="sold"), rel=1e-3)
    assert made > 1000.0


@pytest.mark.long
def test_half_a_year_of_fifteen_generic_units_that_fail_closes():
    network = fifteen(failure=FAILING)
    plant = Plant(network, lambda _: units.AT_REST, RandomStreams(1))
    for life in failure_lives(plant, Outages(plant)):
        plant.env.process(life)
    plant.run(4380.0)
    certificate = plant.ledger().certificate()
    certificate.enforce()
    assert certificate.closure < 1e-9


def test_surroundings_that_lack_what_generic_units_feel_are_told_with_a_unit():
    said = r"^mixer feels air, cooling_water, pressure: the surroundings tell no 'air'"
    with pytest.raises(LookupError, match=said):
        Plant(fifteen(), lambda _: {}, RandomStreams(1))
