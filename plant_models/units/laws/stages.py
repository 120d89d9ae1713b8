"""Counter-current stages of constant factor, after Kremser."""

from __future__ import annotations

from math import exp, log


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


def left_by(taken: float, returned: float, stages: float) -> float:
    r"""Return what counter-current stages leave of a solute that come only near to equilibrium.

    In each stage the share :math:`a` of what the giving phase brings goes over, and :math:`b` of
    what the taking phase brings comes back. With :math:`R = [(1 - b) / (1 - a)]^N`,

    .. math:: f = \frac{a - b}{a R - b}

    from the stages' balances; at equilibrium, :math:`a = A/(1 + A)` and :math:`b = 1/(1 + A)`, it
    is Kremser's law.

    ``taken``, ``returned``: :math:`a` and :math:`b`, 1; ``stages``: their number :math:`N`.

    >>> round(left_by(0.75, 0.25, 2), 12), left_by(0.5, 0.0, 2)
    (0.076923076923, 0.25)
    """
    if taken >= 1.0:
        return 0.0
    if abs(taken - returned) < 1e-7:
        return 1.0 / (1.0 + stages * taken / (1.0 - taken))
    grown = stages * log((1.0 - returned) / (1.0 - taken)) if returned < 1.0 else -600.0
    if grown > 600.0:
        return 0.0
    return (taken - returned) / (taken * exp(max(grown, -600.0)) - returned)


def exchanged(
    given: float, brought: float, factor: float, stages: float, efficiency: float
) -> float:
    """Return the share of a component that leaves with the giving phase, kg/kg.

    What that phase brings is taken by `left_by`, what the other brings is given back by the same
    law the other way round; the two add up, for the stages are linear.

    ``given``, ``brought``: amounts that the giving and the taking phase bring, of any one unit;
    ``factor``: of taking over giving phase, 1; ``stages``: their number; ``efficiency``: share of
    the way to equilibrium that a stage comes, 1.
    """
    taken = efficiency * factor / (1.0 + factor) if factor < 1e15 else efficiency
    returned = efficiency / (1.0 + factor) if factor < 1e15 else 0.0
    stays = left_by(taken, returned, stages)
    if brought <= 0.0:
        return stays
    back = 1.0 - left_by(returned, taken, stages)
    return (given * stays + brought * back) / (given + brought)


def in_last_stage(
    given: float, brought: float, left: float, factor: float, stages: float, efficiency: float
) -> float:
    r"""Return what the taking phase holds as it leaves the stage that the giving phase leaves.

    From the balances of that stage, with :math:`a` and :math:`b` of `left_by` for the shares that
    go over and come back, and what leaves with the giving phase, :math:`m_N`,

    .. math:: m'_N = a m_{N-1} + (1 - b) m'_{N+1}, \quad m_N = (1 - a) m_{N-1} + b m'_{N+1}

    ``given``, ``brought``, ``left``: amounts that both phases bring, and :math:`m_N`, of any one
    unit; ``factor``, ``stages``, ``efficiency``: as of `exchanged`.

    >>> in_last_stage(1.0, 0.0, 0.25, 3.0, 1, 1.0)
    0.75
    """
    over = efficiency * factor / (1.0 + factor)
    back = efficiency / (1.0 + factor)
    if stages > 1.0:
        stays = (1.0 + (1.0 - efficiency) * factor) / (1.0 + factor)
        given = max(left - back * brought, 0.0) / stays
    return over * given + (1.0 - back) * brought
