"""Single-server queues with Poisson arrivals."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Queue:
    """Long-run means of a queue."""

    number: float  #: Customers in the system, waiting or served
    waiting: float  #: Time from arrival to start of service, h


def single_server(arrivals: float, service: float, squared_variation: float) -> Queue:
    r"""Return the means of M/G/1 by the Pollaczek-Khinchine formula and Little's law.

    .. math:: W_q = \frac{\rho s (1 + c^2)}{2 (1 - \rho)}, \qquad L = \lambda W_q + \rho

    with service time *s*, its squared coefficient of variation :math:`c^2` (1 for M/M/1, 0 for
    M/D/1) and :math:`\rho = \lambda s`.

    ``arrivals``: arrival rate, 1/h; ``service``: mean service time, h; ``squared_variation``:
    squared coefficient of variation of the service time.

    Raises ValueError if the server is loaded to 1 or more.

    References
    ----------
    Kleinrock, *Queueing Systems*, volume 1, 1975, section 5.7.

    Examples
    --------
    >>> round(single_server(0.8, 1.0, squared_variation=0.0).number, 9)
    2.4
    """
    load = arrivals * service
    if not load < 1.0:
        raise ValueError(f"load {load:g} must be below 1: the queue grows without end")
    waiting = load * service * (1.0 + squared_variation) / (2.0 * (1.0 - load))
    return Queue(number=arrivals * waiting + load, waiting=waiting)
