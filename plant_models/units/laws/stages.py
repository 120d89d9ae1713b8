"""Counter-current stages of constant factor, after Kremser."""

from __future__ import annotations


def left_after(factor: float, stages: float) -> float:
    r"""Return what counter-current equilibrium stages leave of a solute, kg/kg.

    .. math:: f = \frac{A - 1}{A^{N+1} - 1}

    Parameters
    ----------
    factor : float
        Absorption, stripping or extraction factor :math:`A`: what the taking phase holds at
        equilibrium over what the giving phase holds, 1.
    stages : float
        Number of stages :math:`N`.

    References
    ----------
    kremser-1930.

    Examples
    --------
    >>> left_after(1.0, 3), left_after(2.0, 1)
    (0.25, 0.3333333333333333)
    """
    if factor <= 0.0:
        return 1.0
    if abs(factor - 1.0) < 1e-6:
        return 1.0 / (stages + 1.0)
    if factor > 1e12:
        return 0.0
    return (factor - 1.0) / (float(factor ** (stages + 1.0)) - 1.0)


def effective_factor(factor: float, efficiency: float) -> float:
    r"""Return the factor of a stage that comes only part of the way to equilibrium, 1.

    A stage removes :math:`r = E A / (1 + A)` of what it would at no more than equilibrium, and
    :math:`A' = r / (1 - r)` does the same in Kremser's law.

    ``factor``: :math:`A`, 1; ``efficiency``: :math:`E`, 1.

    >>> round(effective_factor(3.0, 1.0), 12), effective_factor(3.0, 0.5)
    (3.0, 0.6)
    """
    removed = efficiency * factor / (1.0 + factor)
    return removed / (1.0 - removed) if removed < 1.0 else 1e300
