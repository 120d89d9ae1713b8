"""Well-mixed tanks, alone and in series."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, factorial, log


@dataclass(frozen=True, kw_only=True)
class StirredTank:
    """A well-mixed tank at the end of an interval."""

    x: float  #: Mass fraction at the end, kg/kg
    mean: float  #: Its time average over the interval, kg/kg
    volume: float  #: Contents at the end, kg


def stirred_tank(
    f_in: float, f_out: float, volume: float, x_0: float, x_in: float, hours: float
) -> StirredTank:
    r"""Return what constant flows make of a well-mixed tank.

    .. math:: x = x_{in} + (x_0 - x_{in}) (V / V_0)^{-F_{in} / (F_{in} - F_{out})}

    and :math:`x_{in} + (x_0 - x_{in}) e^{-F t / V}` at constant contents. The mean follows from
    integrating this; where nothing leaves, from the limit ln(V / V_0) / (V / V_0 - 1).
    (Component balance of a stirred tank; Levenspiel, *Chemical Reaction Engineering*, 3rd ed.
    1999.)

    Parameters
    ----------
    f_in, f_out : float
        Flows, kg/h.
    volume : float
        Opening contents, kg, more than is drained over the interval.
    x_0, x_in : float
        Mass fraction of the opening contents and of the inflow, kg/kg.
    hours : float
        Length of the interval, h.
    """
    net = f_in - f_out
    end = volume + net * hours
    if net == 0.0:
        theta = f_in * hours / volume
        left = exp(-theta)
        mean_left = (1.0 - left) / theta if theta else 1.0
    else:
        growth = end / volume
        left = growth ** (-f_in / net)
        if f_out == 0.0:
            mean_left = log(growth) / (growth - 1.0)
        else:
            mean_left = volume / (f_out * hours) * (1.0 - growth ** (-f_out / net))
    step = x_0 - x_in
    return StirredTank(x=x_in + step * left, mean=x_in + step * mean_left, volume=end)


def tanks_in_series(n: int, theta: float, loaded: str = "all") -> float:
    r"""Return concentration in the last of n equal stirred tanks under clean feed, per opening.

    .. math::

        e^{-\theta} \sum_{k<n} \frac{\theta^k}{k!} \quad \text{(all loaded)}, \qquad
        e^{-\theta} \frac{\theta^{n-1}}{(n-1)!} \quad \text{(only the first)}

    (MacMullin and Weber, "The theory of short-circuiting in continuous-flow mixing vessels in
    series", Transactions of the AIChE 31 (1935) 409-458.)

    ``n``: number of tanks; ``theta``: time in residence times of one tank; ``loaded``: which tanks
    hold concentration 1 at the start, ``all`` or ``first``.

    Raises ValueError if ``loaded`` is neither.
    """
    if loaded not in ("all", "first"):
        raise ValueError(f"loaded {loaded!r} is neither 'all' nor 'first'")
    terms = [theta**k / factorial(k) for k in range(n)]
    return exp(-theta) * (sum(terms) if loaded == "all" else terms[-1])


def washout(fraction: float, times: int) -> float:
    r"""Return what share of a tracer is left in a mixed tank after partial exchanges, kg/kg.

    .. math:: (1 - \phi)^n

    for a fraction :math:`\phi` of the contents drawn and replaced by clean liquid *n* times.

    Examples
    --------
    >>> round(washout(fraction=0.1, times=20), 6)
    0.121577
    """
    return (1.0 - fraction) ** times
