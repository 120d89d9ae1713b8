"""The pictures of several designs below each other: emissions, their causes, the flow chart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from plant_models.chlorobenzene.figures.bars import (
    emissions,
    emissions_by_cause,
    emissions_compared,
    losses_compared,
)
from plant_models.chlorobenzene.figures.sankey import sankey
from plant_models.chlorobenzene.figures.sankey_flows import largest_flow, line_flows
from plant_models.chlorobenzene.figures.style import blank

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SANKEY_WIDTH = 12.0  # inches


def pictures(designs: Sequence[Any]) -> dict[str, Callable[[], Figure]]:
    """Return what draws designs, by name; each has a name, means, flows and a first run."""
    return {
        "emissions": partial(_emissions, designs),
        "losses": partial(_losses, designs),
        "sankey": partial(_sankeys, designs),
    }


def _emissions(designs: Sequence[Any]) -> Figure:
    before, *others = designs
    figure, axes = blank(5.0 * max(len(others), 1), max(len(others), 1))
    if not others:
        emissions(_by_cause(before), axes[0]).set_title(f"Emissions by cause: {before.name}")
        return figure
    one = {n: of.mean for n, of in before.means.items()}
    for ax, after in zip(axes, others, strict=True):
        other = {n: of.mean for n, of in after.means.items()}
        emissions_compared(one, other, ax, names=(before.name, after.name))
        ax.set_title(f"Emissions: {before.name} and {after.name}")
    most = max(ax.get_xlim()[1] for ax in axes)
    for ax in axes:
        ax.set_xlim(0.0, most)
    return figure


def _losses(designs: Sequence[Any]) -> Figure:
    figure, axes = blank(2.4 + 1.2 * len(designs), 1)
    losses_compared({of.name: _by_cause(of) for of in designs}, axes[0])
    return figure


def _sankeys(designs: Sequence[Any]) -> Figure:
    tables = [line_flows(of.flows) for of in designs]
    largest = largest_flow(*tables)
    figure, axes = blank(7.0 * len(designs), len(designs), SANKEY_WIDTH)
    for ax, table, of in zip(axes, tables, designs, strict=True):
        sankey(table, ax, largest=largest).set_title(f"Where the organics go: {of.name}, mean year")
    return figure


def _by_cause(of: Any) -> Any:
    return emissions_by_cause(of.flows, of.first.ledger.components)
