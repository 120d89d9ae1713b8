"""All designs of the page computed: figures, flows between stages and loads of every set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.page.standards import kept
from experiments.runner.faults import at_work
from experiments.runner.loop import each
from plant_models import chlorobenzene as cb
from plant_models.chlorobenzene.figures.sankey_flows import counted, links
from plant_models.chlorobenzene.run.indicators import UNITS
from plant_models.model import Variant

SCHEMES = tuple(f"F{number}" for number in range(1, 13))
"""The switches of the page; scheme i is bit i of a design's number."""

NAMES = tuple(UNITS)
CHUNK = 64

Array = NDArray[np.float64]
Link = tuple[str, str]


@dataclass(frozen=True)
class Sheet:
    """What the page needs of one design: a row of `Designs`, but for links without any flow."""

    indicators: tuple[float, ...]
    loads: tuple[float, ...]
    bottleneck: str
    kept: tuple[float, ...]
    flows: Mapping[Link, tuple[float, ...]]


@dataclass(frozen=True, eq=False)
class Designs:
    """Every set of the twelve schemes."""

    indicators: Array  #: In the order of ``NAMES``
    loads: Array
    """Share of its capacity at which each train of ``cb.PLANT.process_trains`` runs, 1."""
    bottlenecks: tuple[str, ...]  #: The process train that runs nearest to its capacity
    kept: Array  #: In the order of ``standards.compared()``
    links: tuple[Link, ...]  #: Between which stages anything flows in any design
    flows: Array  #: t/yr, in the order of ``counted()``

    def column(self, name: str) -> Array:
        """Return an indicator of every design."""
        column: Array = self.indicators[:, NAMES.index(name)]
        return column

    def row(self, mask: int) -> dict[str, float]:
        """Return the indicators of one design."""
        return dict(zip(NAMES, self.indicators[mask].tolist(), strict=True))


def members(mask: int) -> tuple[str, ...]:
    """Return the schemes of a design's number.

    >>> members(0b1000001)
    ('F1', 'F7')
    """
    return tuple(name for bit, name in enumerate(SCHEMES) if mask >> bit & 1)


def sheet(mask: int, base: Variant[cb.Line]) -> Sheet:
    """Return what the page needs of one design, from its steady state."""
    variant = base.having(members(mask))
    with at_work(f"the line with {variant.name}"):
        result = cb.steady_state(variant)
    figures = result.indicators
    return Sheet(
        tuple(figures[name] for name in NAMES),
        tuple(result.loads[train] for train in cb.PLANT.process_trains),
        result.bottleneck,
        kept(result.ledger),
        {
            link: tuple(float(weights @ kg) for weights in counted().values())
            for link, kg in links(result.ledger.flows).items()
        },
    )


def all_designs(
    base: Variant[cb.Line], *, workers: int | None = 1, only: Sequence[int] | None = None
) -> Designs:
    """Return all 4,096 designs; bitwise the same for any number of workers.

    ``base``: the line before any scheme. ``workers``: processes; 1 for none but this one, None for
    what pays. ``only``: designs that are computed, for a quick look; the rest are copies of none.
    """
    count = 1 << len(SCHEMES)
    asked = range(count) if only is None else sorted({0, *only})
    chunks = [asked[start : start + CHUNK] for start in range(0, len(asked), CHUNK)]
    found = each(_chunk, [(base, chunk) for chunk in chunks], workers, "designs")
    sheets = {mask: sheet for chunk in found for mask, sheet in chunk}
    return gather([sheets.get(mask, sheets[0]) for mask in range(count)])


def gather(sheets: Sequence[Sheet]) -> Designs:
    """Return sheets as tables; links that carry nothing in any design are left out."""
    keys = dict.fromkeys(link for one in sheets for link in one.flows)
    nothing = (0.0,) * len(counted())
    flows = np.array([[one.flows.get(link, nothing) for link in keys] for one in sheets])
    used = np.asarray(flows.any(axis=(0, 2)))
    return Designs(
        np.array([one.indicators for one in sheets]),
        np.array([one.loads for one in sheets]),
        tuple(one.bottleneck for one in sheets),
        np.array([one.kept for one in sheets]),
        tuple(link for at, link in enumerate(keys) if used[at]),
        flows[:, used],
    )


def _chunk(base: Variant[Any], masks: Sequence[int]) -> list[tuple[int, Sheet]]:
    return [(mask, sheet(mask, base)) for mask in masks]
