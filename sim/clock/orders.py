"""A schedule played: what was ordered of a plant comes about at its hour."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import isfinite

import simpy

from sim.clock.life import Life, Outages, need_plant
from sim.clock.logistics import NO_CAR, Point
from sim.clock.plant import Plant
from sim.network.schedule import DELIVERY, HOLD, RATE, Order, check_orders


def scheduled(plant: Plant, outages: Outages, orders: Iterable[Order]) -> Iterator[Life]:
    """Yield the processes that play a schedule, as `read_schedule` returns it.

    What lies behind at the plant's present hour comes about at once. The rates of a train are
    shares of its capacity, and of what a start-up or a trip leaves of it. A hold is an outage like
    any other, with trip and start-up; one that is over lies behind altogether. A train with
    deliveries waits while there is nothing to unload, a lot that arrives while another unloads
    waits for its turn, and after the last the train is done. Several schedules may be played, and a
    train with deliveries may be `supplied` besides.

    Raises LookupError or ValueError as of `check_orders`.
    """
    need_plant("scheduled", plant, outages)
    played = sorted(check_orders(orders, plant.network), key=lambda order: order.hour)
    for name in plant.train_names:
        rates, lots = (
            [order for order in played if (order.train, order.what) == (name, what)]
            for what in (RATE, DELIVERY)
        )
        if rates:
            yield _rated(plant, name, rates)
        if lots:
            yield _delivered(plant, name, lots)
    for order in played:
        if order.what == HOLD and order.until > plant.env.now:
            yield _held(plant, outages, order)


def _at(plant: Plant, hour: float) -> simpy.Event:
    """Return an event that happens at an hour of the run, or at once where that lies behind."""
    return plant.env.timeout(max(hour - plant.env.now, 0.0))


def _rated(plant: Plant, train: str, orders: list[Order]) -> Life:
    hours = [_at(plant, order.hour) for order in orders]  # all from one hour, and so exact
    for order, hour in zip(orders, hours, strict=True):
        yield hour
        assert order.value is not None
        plant.run_at(train, order.value)


def _held(plant: Plant, outages: Outages, order: Order) -> Life:
    who = repr(order)
    begins = _at(plant, order.hour)
    ends = _at(plant, order.until) if isfinite(order.until) else None
    yield begins
    outages.begin(order.train, who, order.why)
    if ends is not None:
        with plant.expecting(order.train):
            yield ends
        outages.end(order.train, who)


def _delivered(plant: Plant, train: str, orders: list[Order]) -> Life:
    arrivals = [_at(plant, order.hour) for order in orders]
    point = Point.of(plant, train, NO_CAR)
    for order, arrival in zip(orders, arrivals, strict=True):
        with plant.expecting(train):
            yield arrival
        assert order.value is not None
        plant.say(train, f"{order.value / 1000:g} t to unload")
        yield from point.serve(order.value)
    point.done()
