"""The example of docs/method.md: two tanks and their salt, one interval by hand."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from plant_models.benchmarks.machines import running
from plant_models.benchmarks.units import BRINE, Machine
from sim.clock.plant import Plant
from sim.flow.arrays import FULL
from sim.network.network import Network, Pipe, Tank, Train


def two_tanks(tolerance: float, part: float = 1.0) -> Plant:
    return running(
        Network(
            components=BRINE,
            units={
                "feed": Machine(capacity=2.0 * part),
                "pump": Machine(capacity=3.0 * part),
                "sale": Machine(capacity=part),
            },
            tanks={
                "a": Tank(capacity=20.0, heel=0.0, initial_level=0.5),
                "b": Tank(capacity=4.0, heel=0.0, initial_level=1.0),
            },
            contents={"a": (0.3, 0.7), "b": (0.2, 0.8)},
            supplies={"brine": (0.1, 0.9)},
            sinks={"customers": "product"},
            trains=(
                Train("feed", "brine", ("feed",)),
                Train("pump", "a", ("pump",)),
                Train("sale", "b", ("sale",)),
            ),
            pipes={
                "feed.made": Pipe("a"),
                "pump.made": Pipe("b"),
                "sale.made": Pipe("customers"),
            },
        ),
        tolerance=tolerance,
    )


def test_one_interval_is_what_the_hand_finds():
    plant = two_tanks(tolerance=1e3)
    flow = plant.flow
    flow.map.questions.leeway[:] = 1.0  # whatever the salt, the pumps pump
    for t in range(3):
        flow.allow(t, 1.0)
    flow.settle(0.0)
    assert flow.rates.activity == [2.0, 1.0, 1.0]
    assert flow.rates.binding == [None, 1, None]
    assert flow.rates.net == [1.0, 0.0]
    assert (flow.until, flow.meets()) == (10.0, (0, 20.0))
    assert flow.problem.plan.mean[:2, 0] == pytest.approx([0.2, 0.2], rel=1e-14)
    flow.end(10.0)
    assert flow.stock.held == pytest.approx(np.array([[3.0, 17.0], [0.8, 3.2]]), rel=1e-14)
    assert flow.status == [FULL, FULL]
    assert flow.ledger(10.0).total("salt", sink="customers") == pytest.approx(2.0, rel=1e-14)


def test_at_a_fine_tolerance_the_second_tank_sees_what_the_first_gives_first():
    """Against the differential equations of both tanks."""

    def salt(hour: float, kg: np.ndarray) -> list[float]:
        from_a, from_b = kg[0] / (10.0 + hour), kg[1] / 4.0
        return [0.2 - from_a, from_a - from_b]

    right = solve_ivp(salt, (0.0, 10.0), [3.0, 0.8], rtol=1e-10, atol=1e-12).y[:, -1]
    for tolerance in (1e-3, 1e-5):
        plant = two_tanks(tolerance=tolerance)
        plant.run(10.0)
        held = plant.ledger().held
        found = [float(held[tank][0]) for tank in ("a", "b")]
        assert found == pytest.approx(right, rel=2.0 * tolerance)
        assert round(found[1] / 4.0, 3) == 0.178


def test_pumps_of_next_to_nothing_leave_all_as_it_is():
    """So little passes both tanks that the product of their rates, 1/h, is no number above 0."""
    plant = two_tanks(tolerance=1e-3, part=1e-163)
    with plant.expecting():
        plant.run(100.0)
    assert plant.flow.stock.held == pytest.approx(np.array([[3.0, 7.0], [0.8, 3.2]]), rel=1e-14)
    assert plant.counts()["fallbacks"] == 0
