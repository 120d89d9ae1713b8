"""Deliveries, an on/off source, drums and a recycle loop: flows with exact answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, isclose

from plant_models.benchmarks.oracles.fluid import profile


@dataclass(frozen=True, kw_only=True)
class Deliveries:
    """A tank under periodic deliveries, in its periodic steady state."""

    starved: float  #: Share of time with nothing to draw, h/h
    throughput: float  #: Mean draw, kg/h
    mean_level: float  #: Time average of the level, kg
    minimum: float  #: Least level, kg
    accepted: float  #: What of each delivery finds room, kg
    refused: float  #: What of each does not, kg


def periodic_deliveries(
    draw: float,
    period: float,
    lot: float,
    capacity: float = inf,
    level_after: float | None = None,
    unloading: float = inf,
) -> Deliveries:
    """Return the periodic steady state of a tank drawn from steadily and filled periodically.

    A lot below the period's demand, or a tank too small for it, leaves the tank empty before each
    delivery; a larger lot fills it to capacity each time; a lot that equals demand keeps whatever
    level it starts with. Between deliveries the level falls in a straight line, so every figure
    is the area of a triangle or trapezium (elementary inventory balance).

    Raises ValueError if the level grows without end, or the lot equals demand and ``level_after``
    is missing or below it or above capacity.

    Parameters
    ----------
    draw : float
        Rate taken while there is something, kg/h.
    period : float
        Time between deliveries, h.
    lot : float
        Size of a delivery, kg.
    capacity : float
        Capacity of the tank, kg.
    level_after : float, optional
        Level after a delivery at once, kg; needed, and used, only if the lot equals demand.
    unloading : float
        Rate at which a lot comes in, kg/h, above the draw; at once where not given.
    """
    demand = draw * period
    # What is drawn while the car unloads never shows in the level.
    hours = lot / unloading
    meanwhile = draw * hours
    if (lot < demand and not isclose(lot, demand)) or capacity < demand:
        peak = min(lot - meanwhile, capacity)
        taken = min(peak + meanwhile, demand)
    elif isclose(lot, demand):
        if level_after is None or not demand <= level_after <= capacity:
            raise ValueError(
                f"a lot of {lot:g} kg equals demand: level_after must be given, "
                f"from {demand:g} to {capacity:g} kg, got {level_after}"
            )
        peak, taken = level_after - meanwhile, demand
    elif capacity == inf:
        raise ValueError(f"a lot of {lot:g} kg exceeds demand of {demand:g} kg: no steady state")
    else:
        peak, taken = capacity, demand
    fall = taken - meanwhile
    rising = fall / (unloading - draw)
    staying = max(hours - rising, 0.0)
    area = (peak - fall / 2.0) * (rising + fall / draw) + peak * staying
    return Deliveries(
        starved=1.0 - taken / demand,
        throughput=taken / period,
        mean_level=area / period,
        minimum=peak - fall,
        accepted=taken,
        refused=max(lot - taken, 0.0),
    )


@dataclass(frozen=True, kw_only=True)
class OnOffTank:
    """Long-run figures of a tank behind an on/off source."""

    empty: float  #: Share of time at the heel, h/h
    full: float  #: Share of time at the capacity, h/h
    throughput: float  #: Mean outflow, kg/h
    mean_level: float  #: Time average of the level, kg


def on_off_source(
    source: float, starts: float, stops: float, drain: float, capacity: float
) -> OnOffTank:
    r"""Return the long-run figures of a tank that an on/off source fills and a drain empties.

    With :math:`u = source - drain`, *a* the rate off to on and *b* on to off, the density of the
    on state is :math:`C e^{\lambda x}`, :math:`\lambda = a / drain - b / u`, of the off state
    u / drain times that; the masses are :math:`C u / a` at empty and
    :math:`C u e^{\lambda N} / b` at full. Throughput is drain * (1 - P(empty)).

    Raises ValueError if the source is not faster than the drain: the tank never fills.

    Parameters
    ----------
    source : float
        Inflow while on, kg/h, cut to the drain's rate while the tank is full.
    starts, stops : float
        Rates off to on and on to off, 1/h, by the calendar.
    drain : float
        Outflow while there is something, kg/h.
    capacity : float
        Capacity of the tank, kg.

    References
    ----------
    Anick, Mitra and Sondhi, Bell System Technical Journal 61 (1982) 1871-1894, one source.
    """
    if not source > drain:
        raise ValueError(f"source {source:g} kg/h must exceed drain {drain:g} kg/h")
    u = source - drain
    at_0, at_n, area, moment = profile(starts / drain - stops / u, capacity)
    within = 1.0 + u / drain
    empty, full = u * at_0 / starts, u * at_n / stops
    total = within * area + empty + full
    return OnOffTank(
        empty=empty / total,
        full=full / total,
        throughput=drain * (1.0 - empty / total),
        mean_level=(within * moment + capacity * full) / total,
    )


def filling_times(pieces: Sequence[tuple[float, float]], size: float) -> list[float]:
    """Return when each drum is full, h: the inverse of the cumulative flow at whole drums.

    ``pieces``: duration, h, and rate, kg/h, of each piece of constant flow, in order; ``size``:
    what a drum holds, kg.

    Examples
    --------
    >>> filling_times([(1.0, 10.0), (2.0, 0.0), (1.0, 20.0)], size=8.0)
    [0.8, 3.3, 3.7]
    """
    times: list[float] = []
    start = filled = 0.0
    for hours, rate in pieces:
        # Sizes are multiplied, not summed up, so that the k-th drum is exact for any k.
        while (len(times) + 1) * size <= filled + rate * hours:
            times.append(start + ((len(times) + 1) * size - filled) / rate)
        start += hours
        filled += rate * hours
    return times


def recycle_loop(feed: float, fraction: float) -> tuple[float, float]:
    r"""Return product and flow through a chain that sends a fraction of its outflow back, kg/h.

    In steady state the product equals the feed and the chain carries
    :math:`feed / (1 - R)` (overall and splitter balance).

    Raises ValueError if the fraction is not below 1: without a way out the loop has no steady
    state.
    """
    if not 0.0 <= fraction < 1.0:
        raise ValueError(f"recycle fraction {fraction:g} kg/kg must be at least 0 and below 1")
    return feed, feed / (1.0 - fraction)
