"""The organics of a run from process to process: what a Sankey diagram shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from plant_models.chlorobenzene.line.wiring import PROCESS_OF

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

    from sim.books.ledger import Entry
    from sim.network.chemistry import Components

ORGANICS = ("benzene", "chlorobenzene", "dichlorobenzene", "trichlorobenzene")

Links = Mapping[tuple[str, str], float]
"""t/yr by (from, to)."""


def line_flows(
    flows: Mapping[Entry, NDArray[float64]], components: Components, years: float = 1.0
) -> dict[tuple[str, str], float]:
    """Return the organics that pass from process to process, t/yr.

    Outside the line stand ``supply``, ``product``, ``in acid`` (dissolved in the acid sold), and
    the media of the ledger.

    ``flows``: kg by component, as in a ledger; ``years``: what the figures are divided by.
    """
    chosen = [components.index[name] for name in ORGANICS]
    table: dict[tuple[str, str], float] = {}
    for entry, kg in flows.items():
        source = PROCESS_OF.get(entry.source, "supply")
        sink = PROCESS_OF.get(entry.sink)
        if sink is None:
            sink = entry.medium
            if entry.medium == "product":
                sink = "in acid" if source == "absorption" else "product"
        if source != sink:
            amount = float(kg[chosen].sum()) / 1000.0 / years
            table[source, sink] = table.get((source, sink), 0.0) + amount
    return table


def largest_flow(*tables: Links) -> float:
    """Return the largest flow of several tables, t/yr: one scale for all of them."""
    return max(t for table in tables for t in table.values())
