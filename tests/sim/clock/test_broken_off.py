"""Runs that something has broken off: what may go on does, and nothing else."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from plant_models.benchmarks.machines import machine_line, running
from plant_models.benchmarks.units import Machine
from sim.clock.plant import Plant
from sim.errors import Gridlock
from sim.network.unit import Recipe


@dataclass(frozen=True, kw_only=True)
class Moody(Machine):
    """A machine that raises what is in its list, if anything is."""

    rate_dependent = True
    mood: list[BaseException] = field(default_factory=list)

    def convert(self, inlets: Any, at: Any) -> Recipe:
        """Return the recipe of a machine, unless there is something to raise."""
        if self.mood:
            raise self.mood[0]
        return super().convert(inlets, at)


def line(first: Machine) -> Plant:
    """Return a machine that fills a buffer of 10 kg, half full, for another of 1 kg/h."""
    return running(machine_line([first, Machine(capacity=1.0)], [10.0]))


def in_a_unit(fault: BaseException) -> Plant:
    """Return a plant whose unit raises when the buffer is full, at 5 h."""
    machine = Moody(capacity=2.0)
    plant = line(machine)
    plant.run(1.0)
    machine.mood.append(fault)
    return plant


def in_a_process(fault: BaseException) -> Plant:
    """Return a plant of which a process raises at 5 h."""

    def raises() -> Any:
        yield plant.env.timeout(5.0)
        raise fault

    plant = line(Machine(capacity=2.0))
    plant.env.process(raises())
    return plant


def in_an_observer(fault: BaseException) -> Plant:
    """Return a plant whose observer raises at 5 h."""

    def look(hour: float) -> None:
        if hour > 0.0:
            raise fault

    plant = line(Machine(capacity=2.0))
    plant.observe(look)
    return plant


@pytest.mark.parametrize("broken", [in_a_unit, in_a_process, in_an_observer])
@pytest.mark.parametrize("fault", [ZeroDivisionError("boom"), KeyboardInterrupt()])
def test_a_run_that_broke_off_is_not_gone_on_with(broken, fault):
    """The buffer is full at 5 h; nobody would see it run over after a settlement by halves."""
    plant = broken(fault)
    with pytest.raises(type(fault)):
        plant.run(50.0)
    assert plant.env.now == 5.0
    told = rf"broke off at t = 5 h \({type(fault).__name__}.*\).*build the plant anew"
    for _ in range(2):
        with pytest.raises(RuntimeError, match=told):
            plant.run(100.0)
    assert plant.env.now == 5.0


def starved() -> Plant:
    """Return a plant that stands for good from 0 h on unless somebody does something."""
    plant = line(Machine(capacity=2.0))
    plant.wait("machine_1", "test", "nothing to do")
    plant.wait("machine_2", "test", "nothing to do")
    return plant


def test_a_gridlock_that_nobody_has_ended_is_told_again():
    plant = starved()
    for hour in (50.0, 60.0):
        with pytest.raises(Gridlock, match="at t = 0 h nothing flows"):
            plant.run(hour)
    assert plant.env.now == 0.0


def test_hours_are_counted_up_to_a_gridlock():
    """Nobody relieves it from 2 h on, with 7 of 10 kg in it: 2 kg/h fill it in 1.5 h."""
    plant = line(Machine(capacity=2.0))

    def stopping():
        yield plant.env.timeout(2.0)
        plant.wait("machine_2", "test", "nothing to do")

    plant.env.process(stopping())
    with pytest.raises(Gridlock, match=r"at t = 3\.5 h"):
        plant.run(50.0)
    assert plant.states["machine_1"].hours == {"running": 3.5}
    assert plant.states["machine_2"].hours == {"running": 2.0, "nothing to do": 1.5}


def test_a_plant_goes_on_from_a_gridlock_that_somebody_has_ended_to_the_hour_that_is_asked():
    """Not to that of the run that it broke off: 5 kg and 2 kg/h less 1 kg/h fill it in 5 h."""
    plant = starved()
    with pytest.raises(Gridlock):
        plant.run(50.0)
    for train in ("machine_1", "machine_2"):
        plant.release(train, "test")
    plant.run(80.0)
    assert plant.env.now == 80.0
    assert plant.level_of("buffer_1") == 10.0
    assert plant.ledger().total(sink="customers") == pytest.approx(80.0, rel=1e-12)
    plant.ledger().certificate().enforce()
