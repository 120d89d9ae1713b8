"""What a tank gives when there is next to nothing in it."""

import pytest

from plant_models.benchmarks.machines import running
from plant_models.benchmarks.units import BRINE, Separator
from sim.clock.plant import Plant
from sim.network.network import Network, Pipe, Tank, Train


def separators(
    tanks: dict[str, Tank], trains: list[tuple[str, float, float, float, str]], salt: float
) -> Plant:
    """Return a plant of (feed, capacity, share of salt and of water to the top, where that goes).

    Every bottom is sold. Tanks begin with 0.9 kg of salt per kg, ``store`` has ``salt``.
    """
    names = [f"train_{i}" for i in range(len(trains))]
    units = {
        f"separator_{i}": Separator(capacity=capacity, salt=to_top, water=water)
        for i, (_, capacity, to_top, water, _) in enumerate(trains)
    }
    pipes = {f"separator_{i}.top": Pipe(train[-1]) for i, train in enumerate(trains)}
    return running(
        Network(
            components=BRINE,
            units=units,
            tanks=tanks,
            contents=dict.fromkeys(tanks, (0.9, 0.1)),
            supplies={"store": (salt, 1.0 - salt)},
            sinks={"customers": "product"},
            trains=tuple(
                Train(name, train[0], (unit,))
                for name, train, unit in zip(names, trains, units, strict=True)
            ),
            pipes=pipes | {f"{unit}.bottom": Pipe("customers") for unit in units},
        )
    )


def test_nothing_circulates_in_an_empty_tank_that_only_its_own_recycles_feed():
    """What rounding leaves in the tank has no composition, least of all a negative one."""
    plant = separators(
        {
            "fed": Tank(capacity=1.0, heel=0.0, initial_level=0.0),
            "unfed": Tank(capacity=10.0, heel=0.0, initial_level=0.05),
        },
        [
            ("store", 2.0, 0.95, 0.8, "fed"),
            ("fed", 1.0, 0.95, 0.1, "fed"),
            ("unfed", 1.0, 0.3, 0.6, "unfed"),
            ("unfed", 0.5, 0.95, 0.1, "unfed"),
        ],
        salt=0.1,
    )
    for tenths in range(1, 50):
        plant.run(0.1 * tenths)
        assert plant.flow.stock.shares.min() >= 0.0
    assert plant.flow.rates.activity[2:] == [0.0, 0.0]
    assert plant.level_of("fed") == pytest.approx(1.0, abs=1e-5)


def test_no_tank_holds_less_than_nothing_of_a_component_though_recycles_pass_it_round():
    """Means stand still to a tolerance; a component that has all gone is not given once more."""
    plant = separators(
        {
            "first": Tank(capacity=10.0, heel=0.0, initial_level=0.5),
            "second": Tank(capacity=5.0, heel=0.0, initial_level=0.05),
        },
        [
            ("store", 2.0, 1.0, 0.3, "first"),
            ("first", 3.0, 0.9, 0.0, "second"),
            ("second", 3.0, 0.8, 0.3, "first"),
            ("second", 1.0, 0.0, 0.9, "second"),
        ],
        salt=0.5,
    )
    passed = 2.0 * 40.0
    for hour in range(1, 41):
        plant.run(float(hour))
        assert plant.flow.stock.held.min() >= -1e-12 * passed
    plant.ledger().certificate().enforce()


def test_a_tank_begins_with_its_heel_at_least():
    """A pump leaves the heel from the first hour on, so what comes beyond it can be drawn."""
    plant = separators(
        {"tank": Tank(capacity=10.0, heel=0.1, initial_level=0.0)},
        [("tank", 1.0, 0.5, 0.5, "tank")],
        salt=0.5,
    )
    assert plant.level_of("tank") == pytest.approx(1.0)


def test_trains_that_return_to_a_full_tank_go_in_their_order_whatever_other_tanks_are_full():
    """One that relieved another full tank went first, until that was full no more, and again."""
    plant = separators(
        {
            "full": Tank(capacity=10.0, heel=0.0, initial_level=1.0),
            "behind": Tank(capacity=10.0, heel=0.0, initial_level=1.0),
            "free": Tank(capacity=100.0, heel=0.0, initial_level=0.5),
        },
        [
            ("store", 3.0, 1.0, 1.0, "behind"),
            ("behind", 3.0, 1.0, 1.0, "full"),
            ("free", 2.0, 1.0, 1.0, "full"),
            ("full", 2.5, 1.0, 1.0, "customers"),
        ],
        salt=0.9,
    )
    plant.run(10.0)
    assert plant.flow.rates.activity == pytest.approx([0.5, 0.5, 2.0, 2.5], rel=1e-12)
    assert plant.level_of("free") == pytest.approx(50.0 - 2.0 * 10.0, rel=1e-12)
    assert plant.level_of("behind") == pytest.approx(10.0, rel=1e-12)
