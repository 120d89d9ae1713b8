"""All designs of the page computed: figures, flows between stages and loads of every set."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import as_completed
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from experiments.page.stages import counted, links
from experiments.page.standards import kept
from experiments.runner.executors import open_executor
from plant_models import chlorobenzene as cb
from plant_models.chlorobenzene.run.indicators import UNITS
from sim.model.facts import Design

SCHEMES = tuple(f"F{number}" for number in range(1, 13))
"""The switches of the page; scheme i is bit i of a design's number."""

NAMES = tuple(UNITS)
CHUNK = 64

Array = NDArray[np.float64]
Link = tuple[str, str]


@dataclass(frozen=True)
class Sheet:
    """What the page needs of one design.

    Parameters
    ----------
    indicators : tuple of float
        In the order of ``NAMES``.
    loads : tuple of float
        Share of its capacity at which each train of ``cb.PLANT.process_trains`` runs, 1.
    bottleneck : str
        The process train that runs nearest to its capacity.
    kept : tuple of float
        What is compared with limits, in the order of ``standards.compared()``.
    flows : Mapping
        t/yr between two stages, by what is counted, in the order of ``counted()``.
    """

    indicators: tuple[float, ...]
    loads: tuple[float, ...]
    bottleneck: str
    kept: tuple[float, ...]
    flows: Mapping[Link, tuple[float, ...]]


@dataclass(frozen=True, eq=False)
class Designs:
    """Every set of the twelve schemes.

    Parameters
    ----------
    indicators : array of 4,096 by indicators
        In the order of ``NAMES``.
    loads : array of 4,096 by process trains
    bottlenecks : tuple of str
    kept : array of 4,096 by what is compared with limits
    links : tuple of pairs
        Between which stages anything flows in any design.
    flows : array of 4,096 by links by what is counted
        t/yr.
    """

    indicators: Array
    loads: Array
    bottlenecks: tuple[str, ...]
    kept: Array
    links: tuple[Link, ...]
    flows: Array

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


def sheet(mask: int, design: Design[cb.Line]) -> Sheet:
    """Return what the page needs of one design, from its steady state."""
    result = cb.steady_state(members(mask), design=design)
    figures = result.indicators
    weights = [each.weights for each in counted()]
    return Sheet(
        tuple(figures[name] for name in NAMES),
        tuple(result.loads[train] for train in cb.PLANT.process_trains),
        result.bottleneck,
        kept(result.ledger),
        {
            link: tuple(float(each @ kg) for each in weights)
            for link, kg in links(result.ledger).items()
        },
    )


def all_designs(
    design: Design[cb.Line], *, workers: int = 1, only: Sequence[int] | None = None
) -> Designs:
    """Return all 4,096 designs; bitwise the same for any number of workers.

    Parameters
    ----------
    design : Design
        The line before any scheme.
    workers : int
        Processes; 1 for none but this one.
    only : sequence of int, optional
        Designs that are computed, for a quick look; the rest are copies of none.
    """
    count = 1 << len(SCHEMES)
    asked = range(count) if only is None else sorted({0, *only})
    sheets = dict(_progress(_sheets(design, asked, workers), len(asked)))
    return gather([sheets.get(mask, sheets[0]) for mask in range(count)])


def gather(sheets: Sequence[Sheet]) -> Designs:
    """Return sheets as tables; links that carry nothing in any design are left out."""
    keys = dict.fromkeys(link for each in sheets for link in each.flows)
    nothing = (0.0,) * len(counted())
    flows = np.array([[each.flows.get(link, nothing) for link in keys] for each in sheets])
    used = np.asarray(flows.any(axis=(0, 2)))
    return Designs(
        np.array([each.indicators for each in sheets]),
        np.array([each.loads for each in sheets]),
        tuple(each.bottleneck for each in sheets),
        np.array([each.kept for each in sheets]),
        tuple(link for at, link in enumerate(keys) if used[at]),
        flows[:, used],
    )


def _sheets(
    design: Design[cb.Line], asked: Sequence[int], workers: int
) -> Iterator[tuple[int, Sheet]]:
    if workers == 1:
        yield from _chunk(design, asked)
        return
    chunks = [asked[start : start + CHUNK] for start in range(0, len(asked), CHUNK)]
    with open_executor(min(workers, len(chunks))) as (pool, _):
        for done in as_completed([pool.submit(_listed, design, chunk) for chunk in chunks]):
            yield from done.result()


def _listed(design: Design[cb.Line], masks: Iterable[int]) -> list[tuple[int, Sheet]]:
    return list(_chunk(design, masks))


def _chunk(design: Design[cb.Line], masks: Iterable[int]) -> Iterator[tuple[int, Sheet]]:
    for mask in masks:
        yield mask, sheet(mask, design)


def _progress(sheets: Iterator[tuple[int, Sheet]], count: int) -> Iterable[tuple[int, Sheet]]:
    from tqdm.auto import tqdm

    return tqdm(sheets, desc="designs", total=count, unit="design", disable=None, leave=False)
