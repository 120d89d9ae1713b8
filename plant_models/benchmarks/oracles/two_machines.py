"""Two unreliable machines and the buffer between them, continuous flow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from plant_models.benchmarks.oracles.fluid import Array, fluid_law
from sim.network.operation import CLOCKS

# Up and down of the first and the second machine, in the order of every array below.
STATES = ((1, 1), (1, 0), (0, 1), (0, 0))


@dataclass(frozen=True, kw_only=True)
class Machine:
    """A machine that fails and is repaired, both after exponential times."""

    mu: float  #: Greatest rate, kg/h
    p: float  #: Failure rate at full rate, 1/h
    r: float  #: Repair rate, 1/h


@dataclass(frozen=True, kw_only=True)
class TwoMachineLine:
    """Exact long-run figures of the line."""

    throughput: float  #: Mean rate, kg/h
    mean_level: float  #: Time average of the buffer's level, kg
    empty: float  #: Share of time with the buffer empty, h/h
    full: float  #: Share of time with the buffer full, h/h


def two_machines(
    first: Machine, second: Machine, capacity: float, clock: str = "volume"
) -> TwoMachineLine:
    """Return throughput and mean level of the line, for any rates, numerically exact.

    The level and the four up/down states are a piecewise-deterministic Markov process, solved by
    ``fluid_law``. At a bound the machine that waits runs at the other's rate or not at all, and the
    clock says how it ages there:

    - ``volume`` (operation-dependent failures): p in proportion to rate over mu;
    - ``run time``: p while it runs, whatever the rate;
    - ``calendar`` (time-dependent failures): p even while starved or blocked.

    Raises ValueError if a rate is negative, a machine has no rate or is never repaired, neither
    ever fails, the capacity is not positive, or the clock is unknown.

    References
    ----------
    Gershwin and Schick, "Continuous model of an unreliable two-stage material flow system with a
    finite interstage buffer", MIT LIDS-R-1039, 1980; Wijngaard, "The effect of interstage buffer
    storage on the output of two unreliable production units in series, with different production
    rates", AIIE Transactions 11 (1979) 42-47.

    Examples
    --------
    >>> machine = Machine(mu=1.0, p=0.01, r=0.1)
    >>> round(two_machines(machine, machine, capacity=10.0).throughput, 10)
    0.8587257618
    """
    check(first, second, clock)
    # (rate of the first, rate of the second) by state: between the bounds, empty, full.
    within = [(first.mu * a, second.mu * b) for a, b in STATES]
    empty = [(u, min(u, v)) for u, v in within]
    full = [(min(u, v), v) for u, v in within]
    law = fluid_law(
        _generator(first, second, within, clock),
        np.array([u - v for u, v in within]),
        _generator(first, second, empty, clock),
        _generator(first, second, full, clock),
        capacity,
    )
    delivered = law.mean(*(np.array([v for _, v in rates]) for rates in (within, empty, full)))
    return TwoMachineLine(
        throughput=delivered,
        mean_level=law.mean_level,
        empty=float(law.empty.sum()),
        full=float(law.full.sum()),
    )


def _generator(
    first: Machine, second: Machine, rates: list[tuple[float, float]], clock: str
) -> Array:
    """Return the transition rates of the up/down states while the machines run at ``rates``."""
    generator = np.zeros((4, 4))
    for i, (up, rate) in enumerate(zip(STATES, rates, strict=True)):
        for k, machine in enumerate((first, second)):
            other = (1 - up[0], up[1]) if k == 0 else (up[0], 1 - up[1])
            hazard = _hazard(machine, rate[k], clock) if up[k] else machine.r
            generator[i, STATES.index(other)] = hazard
        generator[i, i] = -generator[i].sum()
    return generator


def _hazard(machine: Machine, rate: float, clock: str) -> float:
    """Return the failure rate of a machine that is up and runs at ``rate``, 1/h."""
    if clock == "volume":
        return machine.p * rate / machine.mu
    if clock == "run time":
        return machine.p if rate > 0.0 else 0.0
    return machine.p


def check(first: Machine, second: Machine, clock: str) -> None:
    """Raise ValueError for what no line can be made of, as ``two_machines`` says."""
    if clock not in CLOCKS:
        raise ValueError(f"clock {clock!r} is none of {', '.join(CLOCKS)}")
    for machine in (first, second):
        if not (machine.mu > 0.0 and machine.r > 0.0 and machine.p >= 0.0):
            raise ValueError(f"{machine}: mu and r must be positive, p not negative")
    if first.p + second.p == 0.0:
        raise ValueError("neither machine ever fails, so the level stays where it starts")
