"""What the alarm refuses: time that does not go on."""

from collections.abc import Callable

import pytest
from simpy import Event

from plant_models.benchmarks.machines import machine_line, running
from plant_models.benchmarks.units import Machine
from sim.clock import alarms, clocks
from sim.clock.alarms import CREEP, INSTANT, MOST_SETTLEMENTS
from sim.clock.life import switching
from sim.clock.plant import Plant

FEW = 2_000  # settlements, where how many it takes is not what is shown


@pytest.mark.parametrize("step", [1e-15, 0.1 * INSTANT / MOST_SETTLEMENTS])
def test_time_that_stands_still_or_creeps_is_told(step: float):
    plant = running(machine_line([Machine(capacity=1.0), Machine(capacity=2.0)], [10.0]))

    def busy():
        while True:
            plant.changed()
            yield plant.env.timeout(step)

    plant.env.process(busy())
    with pytest.raises(RuntimeError, match=f"settled for the {MOST_SETTLEMENTS + 1}th time"):
        plant.run(1.0)


def test_many_settlements_in_a_second_are_fine():
    plant = running(machine_line([Machine(capacity=1.0), Machine(capacity=2.0)], [10.0]))

    def busy():
        for _ in range(3 * MOST_SETTLEMENTS):
            plant.changed()
            yield plant.env.timeout(10.0 * INSTANT / MOST_SETTLEMENTS)

    plant.env.process(busy())
    plant.run(1.0)
    assert plant.settlements >= 3 * MOST_SETTLEMENTS


def test_a_switch_at_a_tank_that_holds_next_to_nothing_is_told(monkeypatch: pytest.MonkeyPatch):
    """1e-6 kg under 3 kg/h: it went on, and a year would have taken days."""
    monkeypatch.setattr(alarms, "MOST_CREEPS", 2)
    monkeypatch.setattr(alarms, "MOST_SETTLEMENTS", FEW)
    plant = running(machine_line([Machine(capacity=1.0), Machine(capacity=3.0)], [1e-6]))
    plant.env.process(switching(plant, "machine_2", "buffer_1", start=9e-7, stop=1e-7))
    told = f"{2 * FEW} settlements have taken {2 * CREEP:g} h"
    with pytest.raises(RuntimeError, match=f"{told} at most, .* tank 'buffer_1' of 1e-06 kg"):
        plant.run(8760.0)


@pytest.mark.parametrize(
    "asked",
    [
        lambda plant: plant.falls_to("buffer_1", 10.0),
        lambda plant: plant.rises_to("buffer_1", 0.0),
        lambda plant: plant.env.timeout(0.0),
        lambda plant: plant.env.event().succeed(),
    ],
    ids=["a level it fell to", "a level it rose to", "no time", "an event"],
)
def test_what_has_come_already_and_is_asked_for_over_and_over_is_told(
    asked: Callable[[Plant], Event], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(alarms, "MOST_SETTLEMENTS", FEW)
    monkeypatch.setattr(clocks, "MOST_STEPS", 10 * FEW)
    plant = running(machine_line([Machine(capacity=1.0), Machine(capacity=2.0)], [10.0]))

    def busy():
        yield plant.env.timeout(3.0)
        while True:
            yield asked(plant)

    plant.env.process(busy())
    with pytest.raises(RuntimeError, match=r"^t = 3 h (does not end|is settled for the)"):
        plant.run(10.0)
