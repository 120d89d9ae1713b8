"""Availability of one machine and of lines without buffers."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, prod

from plant_models.benchmarks.oracles.two_machines import Machine
from sim.network.operation import CLOCKS


def availability(mtbf: float, mttr: float) -> float:
    r"""Return the share of time one machine is up, h/h, whatever the laws of its times.

    .. math:: A = \frac{MTBF}{MTBF + MTTR}

    by renewal-reward: one cycle is one time between failures and one repair (Barlow and
    Proschan, *Mathematical Theory of Reliability*, 1965, chapter 3).

    Examples
    --------
    >>> availability(mtbf=90.0, mttr=10.0)
    0.9
    """
    return mtbf / (mtbf + mttr)


def competing_modes(modes: Sequence[tuple[float, float]]) -> float:
    r"""Return availability of a machine whose modes age only while it is up, h/h.

    .. math:: A = \frac{1}{1 + \sum_i MTTR_i / MTBF_i}

    At most one mode is down at a time: after a repair the failed mode starts anew and the others
    keep their age, so per hour up each mode fails 1/MTBF times under any law (Barlow and Proschan
    1965; Buzacott 1967 for the line of which this is the model).

    ``modes``: MTBF and MTTR of each mode, h.
    """
    return 1.0 / (1.0 + sum(mttr / mtbf for mtbf, mttr in modes))


def independent_modes(modes: Sequence[tuple[float, float]]) -> float:
    r"""Return availability of a machine whose modes fail and are repaired apart, h/h.

    .. math:: A = \prod_i \frac{MTBF_i}{MTBF_i + MTTR_i}

    Each mode's clock runs unless that very mode is under repair, whatever the others do, and each
    repair has a crew of its own (Barlow and Proschan 1965, series system of independent
    components): each mode is an alternating renewal process of its own, so the product is exact
    for any laws, and the chain of their eight up/down states gives the same for exponential ones.
    Parameters as for ``competing_modes``.

    Notes
    -----
    For modes of 200, 500 and 1000 h with repairs of 8, 24 and 72 h this is 0.8558755. A figure of
    0.8554985 is in circulation for "independent calendar clocks that run whenever the machine is
    not down". No chain of up/down states gives it. The clocks that stop while any other mode is
    down give 0.8620690 (``competing_modes``); two crews 0.8558527 first come, first served and
    0.8558248 if three repairs share them; one crew 0.8499922, or 0.8493713 if repairs share it;
    repairs of constant length that renew nothing, 0.8521438. The distance, 0.04 %, is about what a
    simulation of a few million hours is off by.

    Examples
    --------
    >>> round(independent_modes([(200.0, 8.0), (500.0, 24.0), (1000.0, 72.0)]), 7)
    0.8558755
    """
    return prod(availability(mtbf, mttr) for mtbf, mttr in modes)


def line_without_buffers(machines: Sequence[Machine], clock: str = "volume") -> float:
    r"""Return throughput of machines in series with nothing between them, kg/h.

    All run at the least rate :math:`\mu = \min_i \mu_i`, or none does:

    - volume: :math:`\mu / (1 + \sum p_i \mu / (\mu_i r_i))`, one machine being down at a time;
    - run time: :math:`\mu / (1 + \sum p_i / r_i)`;
    - calendar: :math:`\mu \prod r_i / (r_i + p_i)`, the machines being independent.

    Raises ValueError if the clock is unknown.

    References
    ----------
    Buzacott, "Automatic transfer lines with buffer stocks", International Journal of Production
    Research 5 (1967) 183-200.
    """
    if clock not in CLOCKS:
        raise ValueError(f"clock {clock!r} is none of {', '.join(CLOCKS)}")
    mu = min(machine.mu for machine in machines)
    if clock == "calendar":
        return mu * prod(m.r / (m.r + m.p) for m in machines)
    if clock == "run time":
        return mu / (1.0 + sum(m.p / m.r for m in machines))
    return mu / (1.0 + sum(m.p * mu / (m.mu * m.r) for m in machines))


def age_replacement(
    shape: float, scale: float, age: float, repair: float, replacement: float
) -> float:
    r"""Return availability of a machine replaced at failure or at a given age, h/h.

    .. math::

        A = \frac{U}{U + b (1 - R(T)) + c R(T)}, \qquad
        U = \int_0^T R(t) dt = \frac{\eta}{\beta}\, \gamma\left(\frac{1}{\beta},
        \left(\frac{T}{\eta}\right)^{\beta}\right), \qquad R(t) = e^{-(t / \eta)^\beta}

    with the lower incomplete gamma function.

    ``shape``, ``scale``: Weibull shape, 1, and scale, h, of the time to failure. ``age``: age of
    replacement T, h of running. ``repair``, ``replacement``: time b lost to a failure and c to a
    planned replacement, h; both make the machine new.

    References
    ----------
    Barlow and Hunter, "Optimum preventive maintenance policies", Operations Research 8 (1960)
    90-100.
    """
    from scipy.special import gamma, gammainc

    hazard = (age / scale) ** shape
    up = scale / shape * float(gamma(1.0 / shape) * gammainc(1.0 / shape, hazard))
    survives = exp(-hazard)
    return up / (up + repair * (1.0 - survives) + replacement * survives)
