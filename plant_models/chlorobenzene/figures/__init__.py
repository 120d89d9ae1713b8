"""Pictures, one function each: they take a table or a run and an Axes, and return the Axes.

matplotlib loads when the first picture is drawn. ``sankey``: organics from process to process,
which ``sankey_flows`` reads off the ledger. ``bars``: emissions. ``timelines``: states and levels.
``credit``: waterfall, shares, interactions. ``choices``: Pareto front, abatement cost. ``cash``: a
programme over the months. ``beyond``: hours beyond a limit. ``tornado``: what a result hangs on.
``style``, ``titles``: what pictures share.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from plant_models.arguments import number
from plant_models.chlorobenzene.figures import bars, sankey
from plant_models.chlorobenzene.figures.sankey_flows import line_flows
from plant_models.chlorobenzene.figures.timelines import Timelines

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from plant_models.outcome import Outcome


@dataclass(frozen=True)
class Plots(Timelines):
    """The pictures of one run of the line: ``run.plot.sankey()``."""

    result: Outcome[Any]

    def emissions(self, ax: Axes | None = None) -> Axes:
        """Draw what went to air and water, t/yr by cause."""
        return bars.emissions(self._by_cause(), ax)

    def losses(self, ax: Axes | None = None) -> Axes:
        """Draw which share of each emission has which cause, %."""
        return bars.losses_by_cause(self._by_cause(), ax)

    def sankey(self, ax: Axes | None = None, *, largest: float | None = None) -> Axes:
        """Draw the organics of the line, t/yr, with recycles, and losses downward.

        ``largest``: flow that is drawn at full height, t/yr; the largest one by default.
        """
        if largest is not None:
            largest = number("largest", largest, 1e-9, 1e9)
        ledger = self.result.ledger
        flows = line_flows(ledger.flows, years=self.result.years)
        return sankey.sankey(flows, ax, largest=largest)

    def _by_cause(self) -> dict[str, dict[str, float]]:
        ledger = self.result.ledger
        return bars.emissions_by_cause(ledger.flows, ledger.components, self.result.years)
