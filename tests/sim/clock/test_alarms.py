"""What the alarm refuses: time that does not go on."""

import pytest

from plant_models.benchmarks.machines import machine_line, running
from plant_models.benchmarks.units import Machine
from sim.clock.alarms import INSTANT, MOST_SETTLEMENTS


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
