"""What brings about the composition at which it must stand runs in part, and its tank stays there.

A full tank of brine is fed what is sold from it. A mixer takes pure salt, draws on the tank and
gives nearly all the salt back, but hardly any water: in thin brine it takes more than it gives, in
strong brine it would give more, for which a full tank has no room. As it runs the brine gets
stronger, as it stands thinner; so in the mean it runs just as fast as keeps the brine where it
takes what it gives. That follows from two balances.
"""

from dataclasses import replace

import numpy as np
import pytest

from plant_models.benchmarks.machines import running
from plant_models.benchmarks.units import BRINE, Blender, Machine
from sim.clock.plant import Plant
from sim.clock.states import CAPACITY
from sim.network.network import Network, Pipe, Tank, Train
from sim.network.operation import FailureMode
from tests.sim.flow.random_networks import Drawn, keeps_its_laws, with_second_feeds


def plant_of(
    mixer: Blender, tank: Tank, pumps: tuple[float, float], fresh: float, feed: float
) -> Plant:
    """Return a tank that is sold from and pumped to, kg/h, and the mixer, which comes last.

    ``fresh``, ``feed``: salt in what the mixer and the tank are fed, kg/kg.
    """
    sold, pumped = pumps
    network = Network(
        components=BRINE,
        units={
            "sale": Machine(capacity=sold),
            "pump": Machine(capacity=pumped),
            "mixer": mixer,
        },
        tanks={"brine": tank},
        contents={"brine": (feed, 1.0 - feed)},
        supplies={"feed": (feed, 1.0 - feed), "fresh": (fresh, 1.0 - fresh)},
        sinks={"customers": "product", "sewer": "wastewater"},
        trains=(
            Train("sale", "brine", ("sale",)),
            Train("pump", "feed", ("pump",)),
            Train("mixer", "fresh", ("mixer",)),
        ),
        draws={"mixer.second": "brine"},
        pipes={
            "sale.made": Pipe("customers"),
            "pump.made": Pipe("brine"),
            "mixer.top": Pipe("brine"),
            "mixer.bottom": Pipe("sewer"),
        },
    )
    return running(network)


def full_tank(ratio: float, back: float, feed: float, sold: float, capacity: float) -> Plant:
    """Return a full tank of what it is fed, and a mixer of salt."""
    mixer = Blender(capacity=capacity, ratio=ratio, salt=back, water=1.0 - back)
    tank = Tank(capacity=1.0, heel=0.0, initial_level=1.0)
    return plant_of(mixer, tank, (sold, 1e5), 1.0, feed)


def fed_between(plant: Plant, first: float, last: float) -> float:
    """Return what the mixer is fed between two hours, kg."""
    fed = []
    for hour in (first, last):
        plant.run(hour)
        flows = plant.ledger().flows
        fed.append(sum(float(kg.sum()) for entry, kg in flows.items() if entry.source == "fresh"))
    return fed[1] - fed[0]


def mixer_rate(ratio: float, back: float, feed: float, sold: float) -> tuple[float, float]:
    """Return how fast the mixer runs, kg/h, and the salt in the brine, kg/kg.

    Of what 1 kg of it brings and draws, ``back (1 + ratio s) + (1 - back) ratio (1 - s)`` comes
    back, which is ``ratio`` where it turns; the salt that this adds makes up for thin brine.
    """
    turns = (ratio * back - back) / (ratio * (2.0 * back - 1.0))
    gains = back * (1.0 + ratio * turns) - ratio * turns
    return sold * (turns - feed) / gains, turns


@pytest.mark.parametrize(
    ("ratio", "back", "feed", "sold"),
    [(2.0, 0.99, 0.2, 10.0), (3.0, 0.95, 0.3, 10.0), (1.5, 0.9, 0.05, 0.1), (2.0, 0.999, 0.4, 3e3)],
)
@pytest.mark.parametrize("over", [1.3, 20.0])
def test_a_mixer_that_makes_the_brine_too_strong_for_itself_runs_in_part(
    ratio, back, feed, sold, over
):
    rate, turns = mixer_rate(ratio, back, feed, sold)
    plant = full_tank(ratio, back, feed, sold, capacity=over * rate)
    assert fed_between(plant, 500.0, 1000.0) == pytest.approx(500.0 * rate, rel=1e-5)
    assert plant.flow.rates.rate[2] == pytest.approx(rate, rel=1e-5)
    assert plant.flow.contents(1000.0, 0)[0] == pytest.approx(turns, rel=1e-5)
    assert plant.states["mixer"].state == "running"
    assert plant.states["mixer"].limit != CAPACITY
    plant.ledger().certificate().enforce()
    assert plant.flow.intervals < 1000


def two_mixers(first: float, second: float, capacity: tuple[float, float]) -> Plant:
    """Return a full tank with two mixers of such ratios, the more important one first."""
    network = full_tank(first, 0.99, 0.2, 10.0, capacity[0]).network
    other = Blender(capacity=capacity[1], ratio=second, salt=0.99, water=0.01)
    return running(
        replace(
            network,
            units={**network.units, "other": other},
            trains=(*network.trains, Train("other", "fresh", ("other",))),
            draws={**network.draws, "other.second": "brine"},
            pipes={**network.pipes, "other.top": Pipe("brine"), "other.bottom": Pipe("sewer")},
        )
    )


def beside(ratio: float) -> tuple[float, float]:
    """Return what is pumped, and what a mixer of ratio 2 turns at, beside 2 kg/h of another."""
    _, salt = mixer_rate(2.0, 0.99, 0.2, 10.0)
    back = 0.99 * (1.0 + ratio * salt)
    pumped = 10.0 - 2.0 * (back + 0.01 * ratio * (1.0 - salt) - ratio)
    lacking = 10.0 * salt - 0.2 * pumped - 2.0 * (back - ratio * salt)
    return pumped, lacking / (0.99 * (1.0 + 2.0 * salt) - 2.0 * salt)


@pytest.mark.parametrize("first", [2.0, 3.0])
def test_of_two_mixers_the_less_important_runs_in_part(first):
    """At first both turned alike, and the first ran at 14 % where nothing held it."""
    plant = two_mixers(first, 2.0, (2.0, 20.0))
    plant.run(50.0)
    pumped, rate = beside(first)
    assert plant.flow.rates.activity[:4] == pytest.approx([10.0, pumped, 2.0, rate], rel=1e-4)


def test_one_that_need_not_turn_runs_on_where_a_more_important_one_does():
    plant = two_mixers(2.0, 3.0, (20.0, 2.0))
    plant.run(50.0)
    pumped, rate = beside(3.0)
    assert plant.flow.rates.activity[:4] == pytest.approx([10.0, pumped, rate, 2.0], rel=1e-4)


def test_of_two_mixers_that_both_turn_the_less_important_stands():
    plant = two_mixers(2.0, 2.0, (20.0, 20.0))
    plant.run(50.0)
    rate, _ = mixer_rate(2.0, 0.99, 0.2, 10.0)
    assert plant.flow.rates.activity[2:4] == pytest.approx([rate, 0.0], rel=1e-4, abs=1e-9)


def test_a_mixer_that_cannot_make_the_brine_so_strong_runs_at_its_capacity():
    rate, _ = mixer_rate(2.0, 0.99, 0.2, 10.0)
    plant = full_tank(2.0, 0.99, 0.2, 10.0, capacity=0.9 * rate)
    plant.run(100.0)
    assert plant.flow.rates.rate[2] == pytest.approx(0.9 * rate)


@pytest.mark.parametrize("heel", [0.05, 0.5])
@pytest.mark.parametrize(("ratio", "feed", "pumped"), [(0.05, 0.95, 1.0), (0.5, 0.999, 0.1)])
def test_a_mixer_that_thins_the_brine_of_an_empty_tank_runs_in_part(heel, ratio, feed, pumped):
    """It draws more than it gives back in thin brine; a tank at its heel has no more to give."""
    turns = (0.99 * ratio - 0.01) / (0.98 * ratio)
    rate = pumped * (feed - turns) / (0.01 * ratio * turns)
    tank = Tank(capacity=1.0, heel=heel, initial_level=heel)
    mixer = Blender(capacity=3.0 * rate, ratio=ratio, salt=0.99, water=0.01)
    plant = plant_of(mixer, tank, (10.0 * pumped, pumped), 0.0, feed)
    assert fed_between(plant, 100.0, 200.0) == pytest.approx(100.0 * rate, rel=1e-5)
    assert plant.states["mixer"].state == "running"
    assert plant.states["mixer"].limit != CAPACITY
    plant.ledger().certificate().enforce()
    assert plant.flow.intervals < 1000


def test_a_mixer_that_fails_runs_in_part_between_its_failures():
    plant = full_tank(2.0, 0.99, 0.2, 10.0, capacity=60.0)
    network = plant.network
    failure = FailureMode(mtbf=100.0, mttr=5.0)
    units = {**network.units, "mixer": replace(network.units["mixer"], failure=failure)}
    at_once, in_steps = (running(replace(network, units=units)) for _ in range(2))
    at_once.run(300.0)
    for hour in range(1, 301):
        in_steps.run(float(hour))
    assert at_once.ledger() == in_steps.ledger()
    at_once.ledger().certificate().enforce()
    assert at_once.states["mixer"].hours["running"] < 300.0


def behind(volume: float, began: float) -> Plant:
    """Return that full tank behind another of the feed, kg, that held so much salt, kg/kg."""
    network = full_tank(2.0, 0.99, 0.2, 10.0, capacity=60.0).network
    pump, *others = (network.trains[1], network.trains[0], network.trains[2])
    return running(
        replace(
            network,
            units={**network.units, "fill": Machine(capacity=1e5)},
            tanks={**network.tanks, "raw": Tank(capacity=volume, heel=0.0, initial_level=1.0)},
            contents={**network.contents, "raw": (began, 1.0 - began)},
            trains=(Train("fill", "feed", ("fill",)), *others, replace(pump, feed="raw")),
            pipes={**network.pipes, "fill.made": Pipe("raw")},
        )
    )


@pytest.mark.parametrize(("volume", "began"), [(1.0, 0.05), (5.0, 0.45)])
def test_what_turns_runs_in_part_while_what_it_is_fed_moves(volume, began):
    """What turns stays where it turns; its part follows the feed, a full tank that is washed out.

    Of that ``0.2 + (began - 0.2) exp(-10 t / volume)`` kg/kg are salt.
    """
    rate, turns = mixer_rate(2.0, 0.99, 0.2, 10.0)
    plant, after = behind(volume, began), 1.0
    hours = 3.0 * volume / 10.0
    passed = np.exp(-10.0 * after / volume) - np.exp(-10.0 * (after + hours) / volume)
    lacked = (turns - 0.2) * hours - (began - 0.2) * volume / 10.0 * passed
    fed = fed_between(plant, after, after + hours)
    assert fed == pytest.approx(rate / (turns - 0.2) * lacked, rel=1e-3)
    plant.ledger().certificate().enforce()
    assert plant.flow.intervals < 400  # or a thousand, were it taken to turn elsewhere


@pytest.mark.parametrize("number", [397, 2128])
def test_random_networks_that_slide_come_to_an_end(number):
    keeps_its_laws(Drawn(number), network=with_second_feeds(number, made_up=True))


@pytest.mark.long
def test_what_turns_with_what_an_empty_tank_passes_on_runs_in_part():
    """It took 31,000 intervals: hardly any salt leaves, and where water gives way to it all turns.

    It is far from what the tank gives now, what settles between takes next to no time, and the
    full tank beside it moves in hours.
    """
    drawn = Drawn(3295, stiff=False)
    assert keeps_its_laws(drawn, hours=1.75).flow.intervals < 5000
