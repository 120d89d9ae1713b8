"""What is scarce, shared: by priority and in proportion; arithmetic."""

from __future__ import annotations

from collections.abc import Sequence


def by_priority(
    capacities: Sequence[float], uses: Sequence[float], there_is: float
) -> tuple[float, ...]:
    """Return the rates, kg/h, of stills that take steam in their order.

    ``capacities``: kg/h; ``uses``: steam of each, kg/kg, above 0; ``there_is``: steam, kg/h.
    """
    rates = []
    for capacity, use in zip(capacities, uses, strict=True):
        rates.append(min(capacity, there_is / use))
        there_is -= rates[-1] * use
    return tuple(rates)


def in_proportion(
    capacities: Sequence[float], weights: Sequence[float], there_is: float
) -> tuple[float, ...]:
    """Return the rates, kg/h, of pumps that share an inflow by weight; none exceeds its capacity.

    Who reaches its capacity at the least share of its weight is served first, and the others share
    what it leaves: max-min fairness (Bertsekas and Gallager, Data Networks, 1992, section 6.5.2).
    """
    rates = [0.0] * len(capacities)
    left = sum(weights)
    for i in sorted(range(len(capacities)), key=lambda i: capacities[i] / weights[i]):
        rates[i] = min(capacities[i], there_is * weights[i] / left)
        there_is -= rates[i]
        left -= weights[i]
    return tuple(rates)
