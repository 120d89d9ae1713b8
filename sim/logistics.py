"""Deliveries and collections: rail cars and trucks as SimPy processes."""

from __future__ import annotations

import simpy

from sim.clocks import MASS
from sim.life import Life
from sim.operation import Collection, Delivery
from sim.plant import Plant


def supplied(plant: Plant, tank: str, train: str, unit: str, delivery: Delivery) -> Life:
    """Order a lot whenever stock and orders under way fall to the order point.

    A lot that finds the unloading point taken waits; one that finds the tank FULL unloads no
    faster than the tank is drawn.
    """
    nobody = "no car at the unloading point"
    plant.hold(train, "delivery", nobody)
    point = simpy.Resource(plant.env, capacity=1)
    draws = plant.rng(train, "lead time")
    cargo = plant.clock(MASS, unit)
    under_way = 0
    unloaded = plant.env.event()

    def arriving() -> Life:
        nonlocal under_way, unloaded
        with plant.expecting():
            yield plant.env.timeout(draws.lognormal(delivery.lead_time, delivery.lead_spread))
            plant.say(train, f"{delivery.lot / 1000:g} t arrive")
            with point.request() as place:
                yield place
                plant.release(train, "delivery")
                yield cargo.reaches(delivery.lot)
                plant.hold(train, "delivery", nobody)
        under_way -= 1
        unloaded.succeed()
        unloaded = plant.env.event()

    while True:
        low = plant.falls_to(tank, delivery.order_point - under_way * delivery.lot)
        yield low | unloaded
        if low.triggered:
            under_way += 1
            plant.env.process(arriving())
        else:  # the order point has moved back up
            plant.forget(low)


def collected(plant: Plant, train: str, unit: str, collection: Collection) -> Life:
    """Send trucks at their intervals; each loads its fill before the next may."""
    plant.hold(train, "truck", "no truck")
    point = simpy.Resource(plant.env, capacity=1)
    draws = plant.rng(train, "interval")
    cargo = plant.clock(MASS, unit)

    def loading() -> Life:
        with point.request() as place:
            yield place
            plant.release(train, "truck")
            yield cargo.reaches(collection.load)
            plant.hold(train, "truck", "no truck")

    while True:
        with plant.expecting():
            yield plant.env.timeout(draws.lognormal(collection.interval, collection.spread))
        plant.env.process(loading())
