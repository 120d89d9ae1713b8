"""Pictures, one function each: they take a table or a run and an Axes, and return the Axes.

matplotlib loads when the first picture is drawn. ``sankey``: organics from process to process.
``bars``: emissions. ``timelines``: states and levels. ``credit``: waterfall, shares, interactions.
``choices``: Pareto front, abatement cost. ``cash``: a programme over the months. ``beyond``: hours
beyond a limit. ``tornado``: what a result hangs on. ``style``, ``titles``: what pictures share.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from plant_models.chlorobenzene.figures.bars import (
    emissions,
    emissions_by_cause,
    emissions_compared,
    largest_share,
    losses_by_cause,
)
from plant_models.chlorobenzene.figures.beyond import Beyond, beyond_limits, picture_height
from plant_models.chlorobenzene.figures.cash import cash_curves
from plant_models.chlorobenzene.figures.choices import abatement_cost, pareto
from plant_models.chlorobenzene.figures.credit import dumbbell, interaction_map, waterfall
from plant_models.chlorobenzene.figures.sankey import sankey
from plant_models.chlorobenzene.figures.timelines import kind_of, levels, states
from plant_models.chlorobenzene.figures.titles import LANGUAGES, scheme_names
from plant_models.chlorobenzene.figures.tornado import tornado
from plant_models.chlorobenzene.run.organics import largest_flow, line_flows

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from plant_models.outcome import Outcome

__all__ = [
    "LANGUAGES",
    "Beyond",
    "Plots",
    "abatement_cost",
    "beyond_limits",
    "cash_curves",
    "dumbbell",
    "emissions",
    "emissions_by_cause",
    "emissions_compared",
    "interaction_map",
    "kind_of",
    "largest_flow",
    "largest_share",
    "levels",
    "line_flows",
    "losses_by_cause",
    "pareto",
    "picture_height",
    "sankey",
    "scheme_names",
    "states",
    "tornado",
    "waterfall",
]


@dataclass(frozen=True)
class Plots:
    """The pictures of one run: ``run.plot.states()``; each takes ``ax=`` and returns it."""

    result: Outcome[Any]

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

    def losses(self, ax: Axes | None = None) -> Axes:
        """Draw which share of each emission has which cause, %."""
        ledger, years = self.result.ledger, self.result.years
        return losses_by_cause(emissions_by_cause(ledger.flows, ledger.components, years), ax)

    def sankey(self, ax: Axes | None = None, *, largest: float | None = None) -> Axes:
        """Draw the organics of the line, t/yr, with recycles, and losses downward."""
        ledger, years = self.result.ledger, self.result.years
        return sankey(line_flows(ledger.flows, ledger.components, years), ax, largest=largest)
