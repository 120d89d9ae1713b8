"""What is measured of a run against hand calculations and closed forms."""

from time import process_time

import numpy as np
import pytest

from plant_models.benchmarks import oracles
from plant_models.benchmarks.machines import machine_line, running, two_machines
from plant_models.benchmarks.units import Machine
from sim.clock.life import Life
from sim.clock.meter import Meter
from sim.clock.plant import Plant


def filling() -> Plant:
    """Return 3 kg/h into a tank of 10 kg, 1 kg/h out of it: empty at first and full at 5 h."""
    return running(machine_line([Machine(capacity=3.0), Machine(capacity=1.0)], [10.0], level=0.0))


def test_means_of_a_tank_that_fills_follow_from_its_straight_lines():
    """Over 8 h: (5 h at 5 kg in the mean + 3 h at 10 kg) / 8; full 3/8; 3 kg/h for 5 h, then 1."""
    plant = filling()
    meter = Meter(plant)
    plant.run(8.0)
    assert meter.level("buffer_1").mean == pytest.approx(55.0 / 8.0, rel=1e-12)
    assert meter.full("buffer_1").mean == pytest.approx(3.0 / 8.0, rel=1e-12)
    assert meter.empty("buffer_1").mean == 0.0
    assert meter.rate("machine_1").mean == pytest.approx(18.0 / 8.0, rel=1e-12)
    assert meter.rate("machine_2").mean == pytest.approx(1.0, rel=1e-12)


def test_periods_are_cut_where_they_end_and_not_at_events():
    """Of 2 h each: 2, 6 kg; 4 to 5 h 9 kg, 5 to 6 h 10 kg; then 10 kg."""
    plant = filling()
    meter = Meter(plant, every=2.0)
    plant.run(9.0)
    assert meter.level("buffer_1").periods == pytest.approx((2.0, 6.0, 9.5, 10.0), rel=1e-12)
    assert meter.full("buffer_1").periods == pytest.approx((0.0, 0.0, 0.5, 1.0), rel=1e-12)
    assert meter.rate("machine_1").periods == pytest.approx((3.0, 3.0, 2.0, 1.0), rel=1e-12)
    assert meter.level("buffer_1").mean == pytest.approx(65.0 / 9.0, rel=1e-12)


@pytest.mark.parametrize(
    ("every", "hours", "periods"),
    [(0.1, 0.3, 3), (0.1, 0.7, 7), (1.0 / 3.0, 1.0, 3), (0.7, 6.3, 9), (0.1, 0.25, 2)],
)
def test_periods_are_counted_whatever_floats_make_of_their_ends(every, hours, periods):
    """3 x 0.1 is 0.30000000000000004: the third period was missing at 0.3 h."""
    plant = filling()
    meter = Meter(plant, every=every)
    plant.run(hours / 2.0)
    plant.run(hours)
    assert meter.rate("machine_2").periods == pytest.approx([1.0] * periods, rel=1e-9)
    plant.run(hours + every)
    assert len(meter.rate("machine_2").periods) == periods + 1


def test_a_hundred_thousand_periods_between_two_events_cost_no_loop_over_them():
    """A loop of numpy calls a period took half a second here; all at once it is some 20 ms."""
    plant = filling()
    meter = Meter(plant, every=1e-3)
    plant.run(5.0)
    began = process_time()
    plant.run(105.0)
    full = meter.full("buffer_1").periods
    assert process_time() - began < 0.25
    assert len(full) == 105_000
    assert sum(full) == pytest.approx(100_000.0)


def test_a_meter_may_come_late_and_start_anew():
    plant = filling()
    plant.run(3.5)
    meter = Meter(plant, every=1.0, tanks=["buffer_1"], trains=[])
    plant.run(4.5)
    assert meter.level("buffer_1").mean == pytest.approx(8.0, rel=1e-12)
    plant.run(4.6)
    meter.restart()
    assert meter.level("buffer_1").mean == pytest.approx(9.2, rel=1e-12)
    assert meter.level("buffer_1").periods == ()
    plant.run(6.6)
    # 0.4 h at 9.6 kg, then full
    assert meter.level("buffer_1").periods == pytest.approx((9.84, 10.0), rel=1e-12)


@pytest.mark.parametrize("level", [0.0, 1.0])
def test_a_tank_that_stands_at_its_bound_again_at_once_is_at_it(level: float):
    """All that moves it is held as soon as it is seen to move: it was neither empty nor full."""
    rates = (3.0, 1.0) if level == 0.0 else (1.0, 3.0)
    plant = running(machine_line([Machine(capacity=kg) for kg in rates], [10.0], level=level))
    meter = Meter(plant)

    def look(_: float) -> None:
        for name in plant.train_names:
            plant.hold(name, "crew", "no crew")

    plant.observe(look)
    with plant.expecting():
        plant.run(8.0)
    assert plant.level_of("buffer_1") == 10.0 * level
    at = meter.full if level else meter.empty
    assert at("buffer_1").mean == 1.0


def worked(hours: list[float], *, measured: bool) -> tuple[Plant, Meter | None]:
    plant = two_machines((1.0, 1.2), (0.01, 0.02), (0.1, 0.15), 15.0, "volume", seed=4)
    meter = Meter(plant) if measured else None
    for hour in hours:
        plant.run(hour)
        if meter is not None:
            meter.level("buffer_1")
    return plant, meter


def test_a_meter_changes_nothing():
    hours = [100.0, 777.7, 5000.0]
    plain, measured = (worked(hours, measured=measured)[0] for measured in (False, True))
    assert plain.ledger() == measured.ledger()
    assert plain.level_of("buffer_1") == measured.level_of("buffer_1")


def test_to_read_a_meter_often_moves_its_means_by_rounding_alone():
    _, seldom = worked([5000.0], measured=True)
    _, often = worked([float(h) for h in range(7, 5000, 7)] + [5000.0], measured=True)
    assert seldom is not None
    assert often is not None
    for what in ("level", "empty", "full"):
        mean = getattr(seldom, what)("buffer_1").mean
        assert getattr(often, what)("buffer_1").mean == pytest.approx(mean, rel=1e-12)


def test_a_throughput_is_what_the_books_hold():
    plant, meter = worked([5000.0], measured=True)
    assert meter is not None
    booked = plant.ledger().total(sink="customers") / 5000.0
    assert meter.rate("machine_2").mean == pytest.approx(booked, rel=1e-12)


def test_a_process_may_read_what_is_measured_while_it_runs():
    plant = filling()
    meter = Meter(plant)
    seen = []

    def reading() -> Life:
        yield plant.env.timeout(3.0)
        seen.append(meter.level("buffer_1").mean)

    plant.env.process(reading())
    plant.run(8.0)
    assert seen == pytest.approx([3.0], rel=1e-12)
    assert meter.level("buffer_1").mean == pytest.approx(55.0 / 8.0, rel=1e-12)


def test_two_machines_are_measured_as_their_closed_form_says():
    """Gershwin and Schick's line: mean level, throughput, shares of time empty and full.

    Each lies in its interval of 99.9 %. The tank is full in 2 % of the time, so that of this share
    little is known: within a third.
    """
    plant, oracle = (
        two_machines((1.0, 1.2), (0.01, 0.02), (0.1, 0.15), 15.0, "volume", seed=7),
        oracles.two_machines.two_machines(
            oracles.two_machines.Machine(mu=1.0, p=0.01, r=0.1),
            oracles.two_machines.Machine(mu=1.2, p=0.02, r=0.15),
            15.0,
        ),
    )
    meter = Meter(plant, every=100.0)
    plant.run(150_000.0)
    for found, right in (
        (meter.level("buffer_1"), oracle.mean_level),
        (meter.empty("buffer_1"), oracle.empty),
        (meter.full("buffer_1"), oracle.full),
        (meter.rate("machine_2"), oracle.throughput),
    ):
        steady = found.steady(confidence=0.999)
        assert right in steady
        assert steady.half_width < 0.4 * right


def test_what_is_not_there_is_told_with_what_comes_near():
    with pytest.raises(LookupError, match="no tank 'bufer_1'; did you mean 'buffer_1'"):
        Meter(filling(), tanks=["bufer_1"])
    meter = Meter(filling(), trains=["machine_1"])
    with pytest.raises(LookupError, match="no train that is measured 'machine_2'; did you mean"):
        meter.rate("machine_2")
    with pytest.raises(ValueError, match="expected a period longer than 0 h, came 0"):
        Meter(filling(), every=0)


@pytest.mark.parametrize("every", [1e-9, 1e-320])
def test_more_periods_than_anything_keeps_are_refused(every: float):
    """They took all memory, or more than a whole number holds."""
    plant = filling()
    Meter(plant, every=every)
    with pytest.raises(ValueError, match="100,000,000 at most; take longer periods, or fewer"):
        plant.run(9.0)


def test_a_plant_without_tanks_has_rates_to_measure():
    plant = running(machine_line([Machine(capacity=2.0)], []))
    meter = Meter(plant, every=1.0)
    plant.run(3.0)
    assert np.array(meter.rate("machine_1").periods) == pytest.approx([2.0, 2.0, 2.0])
