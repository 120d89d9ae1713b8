"""What a long run costs: no memory by the year, no mass by the portion."""

import gc
import sys
import tracemalloc

import pytest

from plant_models.benchmarks.machines import machine_line, running, two_machines
from plant_models.benchmarks.units import Machine
from plant_models.calendar import YEAR
from plant_models.chlorobenzene.line import operation
from plant_models.chlorobenzene.model import line
from sim.clock.clocks import MASS
from sim.clock.life import Life
from sim.clock.plant import Plant
from sim.clock.random_streams import RandomStreams

# Alarms that a change of speed has overtaken stay queued until their hour comes, years ahead for
# rare failures: 100 to 500 of them at 0.7 kB. One float kept at every event would be 1.3 MB.
SLACK = 1.25  # of a peak of 2 MB, of two machines 0.13 MB
QUEUED = 10_000  # blocks: such alarms, some ten each
WARM_UP = 2  # periods
PORTION = 0.1  # kg
LOST = 1e-10  # relative

# ---- memory --------------------------------------------------------------------------------------


def peaks(plant: Plant, period: float, periods: int) -> tuple[float, float]:
    """Return the peak of memory over one period after a warm-up, and over all from then, bytes."""
    plant.run(WARM_UP * period)
    tracemalloc.reset_peak()
    plant.run((WARM_UP + 1) * period)
    one = tracemalloc.get_traced_memory()[1]
    plant.run((WARM_UP + periods) * period)
    return one, tracemalloc.get_traced_memory()[1]


@pytest.fixture
def traced():
    gc.collect()
    tracemalloc.start()
    yield
    tracemalloc.stop()


@pytest.mark.long
def test_ten_times_as_long_a_run_of_two_machines_uses_no_more_memory(traced):
    """The one period is long enough for its peak to have the next block of random draws in it."""
    rates = ((1.0, 1.0), (0.01, 0.01), (0.1, 0.1))
    one, ten = peaks(two_machines(*rates, 10.0, "volume"), 20_000.0, 10)
    assert ten <= SLACK * one


@pytest.mark.long
def test_four_simulated_years_keep_no_more_objects_than_one():
    """Counted by the allocator itself; one float kept at every event would be 16,000 blocks."""
    plant = operation.running(line(), RandomStreams(1)).plant
    plant.run((WARM_UP + 1) * YEAR)
    gc.collect()
    one = sys.getallocatedblocks()
    plant.run((WARM_UP + 4) * YEAR)
    gc.collect()
    assert sys.getallocatedblocks() - one <= QUEUED


@pytest.mark.soak
def test_ten_simulated_years_without_a_record_use_no_more_memory_than_one(traced, record_property):
    plant = operation.running(line(), RandomStreams(1)).plant
    one, ten = peaks(plant, YEAR, 10)
    record_property("peak of one year, bytes", one)
    record_property("peak of ten years, bytes", ten)
    assert ten <= SLACK * one


# ---- mass ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "portions",
    [
        5_000,
        pytest.param(100_000, marks=pytest.mark.long),
        pytest.param(1_000_000, marks=pytest.mark.soak),
    ],
)
def test_portions_through_a_tank_lose_nothing(portions):
    """Each portion is let in, then let out, by the mass that has passed."""
    machines = [Machine(capacity=1.0), Machine(capacity=3.0)]
    plant = running(machine_line(machines, [10.0], level=0.5))
    names = ("machine_1", "machine_2")
    passed = [plant.clock(MASS, name) for name in names]
    for name in names:
        plant.hold(name, "portions", "not its turn")

    def in_turn() -> Life:
        for _ in range(portions):
            for name, clock in zip(names, passed, strict=True):
                plant.release(name, "portions")
                yield clock.reaches(PORTION)
                plant.hold(name, "portions", "not its turn")

    done = plant.env.process(in_turn())
    hours = portions * PORTION * (1.0 / 1.0 + 1.0 / 3.0)
    plant.run(hours + 1.0)
    assert not done.is_alive
    ledger = plant.ledger()
    assert ledger.total(source="store") == pytest.approx(portions * PORTION, rel=LOST)
    assert ledger.total(sink="customers") == pytest.approx(portions * PORTION, rel=LOST)
    assert ledger.held["buffer_1"].sum() == pytest.approx(5.0, rel=LOST * portions * PORTION / 5.0)
    assert ledger.certificate().closure <= LOST
