"""Two designs under the same breakdowns, and how their differences show as a table."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import isfinite
from statistics import fmean
from typing import TYPE_CHECKING

from plant_models.arguments import count
from plant_models.chlorobenzene.line.tree import Line
from plant_models.chlorobenzene.model import simulate
from plant_models.chlorobenzene.run.result import Result
from plant_models.model import Schemes
from sim.books.indicators import Indicators
from sim.model.facts import Design
from sim.model.schemes import Scheme
from sim.statistics.intervals import Interval, paired_difference
from sim.tables import html_table, text_table

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Comparison:
    """Two designs under the same breakdowns: paired differences ``after - before``.

    Printed, or at the end of a notebook's cell, it shows as a table of means.

    Parameters
    ----------
    before, after : tuple of Indicators
        One of each per replication, paired.
    """

    schemes: tuple[tuple[str, ...], tuple[str, ...]]
    before: tuple[Indicators, ...]
    after: tuple[Indicators, ...]
    first: tuple[Result, Result]
    """The results of the first replication."""

    @cached_property
    def differences(self) -> Mapping[str, Interval]:
        """Mean and 95 % interval of each difference, in the unit of the indicator."""
        return {
            name: paired_difference([b[name] for b in self.after], [a[name] for a in self.before])
            for name in self.before[0]
        }

    @property
    def units(self) -> Mapping[str, str]:
        """Unit of measure of each indicator."""
        return self.before[0].units

    def table(self) -> pd.DataFrame:
        """Return a table by indicator: unit, means before and after, difference, low and high.

        ``low`` and ``high`` are the ends of the 95 % interval of the mean difference; infinite
        for one replication. ``pd.DataFrame(list(comparison.after))`` has a row per replication.
        """
        import pandas as pd

        found = self.differences
        return pd.DataFrame(
            {
                "unit": [self.units[name] for name in found],
                "before": [fmean(run[name] for run in self.before) for name in found],
                "after": [fmean(run[name] for run in self.after) for name in found],
                "difference": [each.mean for each in found.values()],
                "low": [each.low for each in found.values()],
                "high": [each.high for each in found.values()],
            },
            index=pd.Index(list(found), name="indicator"),
        )

    def _table(self) -> tuple[list[str], list[list[str]]]:
        before, after = ((", ".join(ids) or "none") for ids in self.schemes)
        rows = []
        for name, found in self.differences.items():
            ends = f"{_short(found.low)} to {_short(found.high)}"
            rows.append(
                [
                    name,
                    self.units[name],
                    _short(fmean(run[name] for run in self.before)),
                    _short(fmean(run[name] for run in self.after)),
                    _short(found.mean),
                    ends if isfinite(found.half_width) else "",
                ]
            )
        return ["indicator", "unit", before, after, "difference", "95 % interval"], rows

    def __str__(self) -> str:
        return "\n".join(text_table(*self._table(), left=None))

    __repr__ = __str__

    def _repr_html_(self) -> str:
        runs = f"{len(self.before)} replication{'s' if len(self.before) > 1 else ''}"
        return html_table(f"The same breakdowns for both; {runs}", *self._table())


def compare(
    before: Schemes,
    after: Schemes,
    *,
    replications: int = 1,
    years: float = 1.0,
    seed: int = 1,
    start_hour: float = 0.0,
    without: Collection[str] = (),
    record: bool = False,
    design: Design[Line] | None = None,
    known: Mapping[str, Scheme] | None = None,
) -> Comparison:
    """Run two designs with common random numbers and compare them, replication by replication.

    Parameters
    ----------
    before, after : str or iterable of str
        Scheme sets, as of `simulate`.
    replications : int
        Pairs of runs; the first is kept whole.
    years, seed, start_hour, without, record, design, known
        As of `simulate`; ``record`` acts on the first replication.

    Returns
    -------
    Comparison
        Differences ``after - before``, each in the unit of its indicator.

    Raises
    ------
    BalanceError, ConflictError, LookupError, TypeError, ValueError
        As of `simulate`; also replications that are no whole number of 1 or more.
    """
    count("replications", replications, 1)
    pairs: list[tuple[Result, Result]] = []
    figures: list[tuple[Indicators, Indicators]] = []
    for replication in range(replications):
        results = tuple(
            simulate(
                schemes,
                years=years,
                seed=seed,
                replication=replication,
                start_hour=start_hour,
                without=without,
                record=record and replication == 0,
                design=design,
                known=known,
            )
            for schemes in (before, after)
        )
        pairs = pairs or [(results[0], results[1])]
        figures.append((results[0].indicators, results[1].indicators))
    first = pairs[0]
    return Comparison(
        (first[0].schemes, first[1].schemes),
        tuple(pair[0] for pair in figures),
        tuple(pair[1] for pair in figures),
        first,
    )


def _short(value: float) -> str:
    """Return a figure with four digits or all of a whole number's."""
    return f"{value:,.0f}" if abs(value) >= 1000.0 else f"{value:.4g}"
