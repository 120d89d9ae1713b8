"""Pictures of a run: states of the trains, levels of the tanks, emissions. Each returns its Axes.

matplotlib loads when the first picture is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from plant_models.chlorobenzene.figures.bars import (
    emissions,
    emissions_by_cause,
    emissions_compared,
)
from plant_models.chlorobenzene.figures.cash import cash_curves
from plant_models.chlorobenzene.figures.timelines import kind_of, levels, states

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from plant_models.chlorobenzene.runs import Result

__all__ = [
    "Plots",
    "cash_curves",
    "emissions",
    "emissions_by_cause",
    "emissions_compared",
    "kind_of",
    "levels",
    "states",
]


@dataclass(frozen=True)
class Plots:
    """The pictures of one run: ``run.plot.states()``; each takes ``ax=`` and returns it."""

    result: Result

    def states(self, ax: Axes | None = None, *, start_hour: float = 0.0) -> Axes:
        """Draw what every train did, hour by hour; needs a run with ``record=True``."""
        return states(self.result, ax, start_hour=start_hour)

    def levels(self, ax: Axes | None = None, *, start_hour: float = 0.0) -> Axes:
        """Draw what every tank held; needs a run with ``record=True``."""
        return levels(self.result, ax, start_hour=start_hour)

    def emissions(self, ax: Axes | None = None) -> Axes:
        """Draw what went to air and water, t/yr by cause."""
        ledger, years = self.result.ledger, self.result.years
        return emissions(emissions_by_cause(ledger.flows, ledger.components, years), ax)
