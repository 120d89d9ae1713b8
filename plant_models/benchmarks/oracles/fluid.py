"""Stationary law of a tank filled and drained at rates that a Markov chain sets."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, expm1

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class FluidLaw:
    """Where the tank's level and the chain spend their time."""

    within: Array  #: Probability of each state of the chain, the level between its bounds
    empty: Array  #: The same, the level at zero
    full: Array  #: The same, the level at capacity
    mean_level: float  #: Time average of the level, in the unit of the capacity

    def mean(self, within: Array, empty: Array, full: Array) -> float:
        """Return the time average of a quantity given by state of chain and level."""
        return float(self.within @ within + self.empty @ empty + self.full @ full)


def fluid_law(
    generator: Array, drift: Array, at_empty: Array, at_full: Array, capacity: float
) -> FluidLaw:
    r"""Return the stationary law of level and chain (piecewise-deterministic Markov process).

    Between the bounds the row vector of densities obeys

    .. math:: \frac{d}{dx} f D = f Q, \qquad f D \mathbf{1} = 0,

    with generator *Q* and drifts *D*; states that neither fill nor drain are eliminated. At a
    bound the flux balances the chain that holds there, f(0) D = m_0 Q_0 and f(N) D = -m_N Q_N, with
    no mass at empty where the drift is upwards and none at full where it is downwards. The
    zero-flux condition is used to reduce the order by one: it removes the double eigenvalue of a
    balanced line, and what is left is solved by eigenvalues, each mode scaled to 1 at its larger
    end.

    Raises ValueError if the capacity is not positive, or the modes are not real (they are for every
    chain made of independent on/off machines, which is reversible).

    Parameters
    ----------
    generator : array
        Transition rates of the chain between the bounds, 1/h; rows sum to zero.
    drift : array
        Net filling rate of each state between the bounds, kg/h.
    at_empty, at_full : array
        Transition rates while the tank is empty or full, 1/h.
    capacity : float
        Capacity of the tank, kg.

    References
    ----------
    Anick, Mitra and Sondhi, "Stochastic theory of a data-handling system with multiple sources",
    Bell System Technical Journal 61 (1982) 1871-1894; Mitra, "Stochastic theory of a fluid model of
    producers and consumers coupled by a buffer", Advances in Applied Probability 20 (1988) 646-676.
    """
    if not capacity > 0.0:
        raise ValueError(f"capacity {capacity:g} kg must be positive")
    n = len(drift)
    moving = np.flatnonzero(drift)
    resting = np.flatnonzero(drift == 0.0)
    # Density of every state from that of the moving ones.
    spread = np.zeros((len(moving), n))
    spread[:, moving] = np.eye(len(moving))
    if len(resting):
        into = generator[np.ix_(moving, resting)]
        spread[:, resting] = -into @ np.linalg.inv(generator[np.ix_(resting, resting)])
    per_drift = spread / drift[moving][:, None]
    flow = per_drift @ generator[:, moving]
    free = len(moving) - 1
    zero_flux = np.hstack([np.eye(free), -np.ones((free, 1))])
    exponents, modes = np.linalg.eig((zero_flux @ flow)[:, :free].T)
    if np.abs(exponents.imag).max(initial=0.0) > 1e-9 * np.abs(exponents).max(initial=0.0):
        raise ValueError("the chain has oscillating modes; this solver takes real ones only")
    flux = modes.real.T @ zero_flux
    density = flux @ per_drift
    shape = [profile(float(rate), capacity) for rate in exponents.real]
    at_0, at_n, area, moment = np.array(shape).reshape(free, 4).T

    low = np.flatnonzero(drift <= 0.0)
    high = np.flatnonzero(drift >= 0.0)
    boundary_flux = np.zeros((free, n))
    boundary_flux[:, moving] = flux
    equations = np.zeros((2 * n + 1, free + len(low) + len(high)))
    equations[:n, :free] = (at_0[:, None] * boundary_flux).T
    equations[:n, free : free + len(low)] = -at_empty[low].T
    equations[n : 2 * n, :free] = (at_n[:, None] * boundary_flux).T
    equations[n : 2 * n, free + len(low) :] = at_full[high].T
    equations[2 * n] = np.concatenate(
        [area * density.sum(axis=1), np.ones(len(low)), np.ones(len(high))]
    )
    target = np.zeros(2 * n + 1)
    target[2 * n] = 1.0
    weights = np.linalg.lstsq(equations, target, rcond=None)[0]

    empty, full = np.zeros(n), np.zeros(n)
    empty[low] = weights[free : free + len(low)]
    full[high] = weights[free + len(low) :]
    held = (weights[:free] * moment) @ density
    return FluidLaw(
        within=(weights[:free] * area) @ density,
        empty=empty,
        full=full,
        mean_level=float(held.sum() + capacity * full.sum()),
    )


def profile(rate: float, capacity: float) -> tuple[float, float, float, float]:
    """Return value at 0 and at capacity N, integral and first moment of exp(rate x) over [0, N].

    All four are scaled so that the larger end is 1; exact through rate 0, no overflow.

    Examples
    --------
    >>> profile(0.0, 2.0)
    (1.0, 1.0, 2.0, 2.0)
    """
    steep = abs(rate) * capacity
    other_end = exp(-steep)
    if steep < 0.5:
        # Power series: the closed forms lose their digits as the rate goes to zero.
        term, area, moment = 1.0, 0.0, 0.0
        for k in range(20):
            area += term / (k + 1)
            moment += term / (k + 2)
            term *= -steep / (k + 1)
    else:
        area = -expm1(-steep) / steep
        moment = (1.0 - other_end * (1.0 + steep)) / steep**2
    area *= capacity
    moment *= capacity**2
    if rate <= 0.0:
        return 1.0, other_end, area, moment
    return other_end, 1.0, area, capacity * area - moment
