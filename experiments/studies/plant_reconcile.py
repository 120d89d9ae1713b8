"""The measured balance of a plant, closed: what meters and balances together say of every flow."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.output.answer import Answer, Table, paragraphs
from experiments.output.provenance import provenance
from plant_models.arguments import number, place, word
from plant_models.folder import load
from plant_models.folder.model import FolderPlant
from plant_models.folder.reading import text_of
from plant_models.folder.readings import (
    BEYOND,
    FILE,
    RATE,
    TOTAL,
    Balance,
    Reading,
    names_of,
    read_readings,
)
from plant_models.methods.adjustment import Adjustment, Array, GrossError
from sim.errors import BalanceError
from sim.model.units_of_measure import convert
from sim.tables import WIDTH, percent, readable, text_table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SIGNIFICANCE = 0.01
"""Chance that noise alone is taken for a gross error."""


@dataclass(frozen=True, repr=False)
class Reconciled(Answer):
    """Readings, and the flows nearest to them that close every balance."""

    plant: FolderPlant
    readings: tuple[Reading, ...]
    balance: Balance
    adjusted: Adjustment
    significance: float

    @cached_property
    def found(self) -> tuple[GrossError, ...]:
        """Gross errors, the largest first."""
        return self.adjusted.find(self.significance)

    @cached_property
    def clean(self) -> Adjustment:
        """The reconciliation with what was found taken as it is: meters left out, leaks let be."""
        return self.adjusted.without(self.found) if self.found else self.adjusted

    @cached_property
    def rate_unit(self) -> str:
        """What flows are told in: the unit of all meters of rates, kg/h where they have several."""
        units = {reading.shown for reading in self.readings if reading.unit == RATE}
        return units.pop() if len(units) == 1 else RATE

    def _told_rate(self, flow: float) -> float:
        return flow / convert(1.0, self.rate_unit, RATE)

    @cached_property
    def p_value(self) -> float:
        """Probability of such a sum of corrections by the meters' noise alone."""
        return self.adjusted.p_value()

    @cached_property
    def noise(self) -> float:
        """Probability of such a sum, or of one fault that explains as much, by noise alone."""
        return self.adjusted.noise()

    def flow(self, place: str, component: str = TOTAL) -> tuple[float, float]:
        """Return a reconciled flow and its standard error, kg/h; infinite where it is hidden."""
        word("place", place, (*self.balance.stocks, *self.balance.streams.places))
        word("component", component, (TOTAL, *self.balance.components))
        parts = self.balance.parts(place, component)
        error = float(self.clean.standard_errors([parts])[0])
        return float(sum(self.clean.flows[i] for i in parts)), error

    def report(self) -> str:
        """Return the verdict, then every meter, then every stream."""
        of = self.adjusted
        head = f"{self.plant.name}: {len(self.readings)} readings, {of.freedom} more than it takes"
        test = (
            f"sum of squared corrections {of.statistic:.1f}, expected {of.freedom} +- "
            f"{(2 * max(of.freedom, 0)) ** 0.5:.1f}; such a sum, or one fault that explains as "
            f"much, by noise alone in {self.noise:.2%} of cases"
        )
        tested = [head, *wrap(test, WIDTH)] if of.freedom > 0 else [head]
        return paragraphs(
            tested, self._verdict(), self._backwards(), self._meters(), self._streams(), NOTES
        )

    def _verdict(self) -> list[str]:
        if self.adjusted.freedom < 1:
            return ["nothing is metered twice over: no reading can be tested"]
        if not self.found:
            return [f"no gross error at the level of {percent(self.significance)}"]
        lines = ["more than noise; what 'or' joins the readings do not tell apart:"]
        for error in self.found:
            lines.append(f"  {self._told(error)} (likelihood ratio {error.ratio:.0f})")
            lines += [f"  or {self._told(other)} (leaves the same trace)" for other in error.same]
            lines += [
                f"  or {self._told(other)} (not ruled out: {error.weight(other):.0%})"
                for other in error.near
            ]
        lines += self._to_tell(self.found[0])
        return [*lines, "what follows takes the first as found: meters left out, leaks let be"]

    def _told(self, error: GrossError) -> str:
        size, spread, unit = self._as_metered(error)
        size_of = f"{readable(abs(size))} +- {readable(spread)} {unit}"
        if error.kind == "leak":
            return f"{error.name} loses {size_of}"
        return f"the meter at {error.name} reads {size_of} too {'much' if size > 0 else 'little'}"

    def _to_tell(self, error: GrossError) -> list[str]:
        """Return which pipe to meter next: where the likeliest explanations differ most."""
        rivals = error.group[:MOST_RIVALS]
        if len(rivals) < 2:
            return []
        by_rival = [self._totals(self.adjusted.without([each])) for each in rivals]
        apart = {
            stream: max(values) / max(min(values), 1e-9) - 1.0
            for stream in by_rival[0]
            if all(stream in of for of in by_rival)
            and min(values := [of[stream] for of in by_rival]) > 0.0
        }
        stream = max(apart, key=apart.__getitem__, default="")
        if not stream or apart[stream] < APART:
            return ["no pipe tells these apart: look, or have the meters calibrated"]
        place = stream.partition(">")[2] or stream
        meant: dict[str, list[str]] = {}
        for of, each in zip(by_rival, rivals, strict=True):
            meant.setdefault(
                f"{readable(self._told_rate(of[stream]))} {self.rate_unit}", []
            ).append(f"{each.kind} {each.name}")
        told = "; ".join(f"{flow}: {', '.join(names)}" for flow, names in meant.items())
        said = f"to tell these apart, meter {place}: {told}"
        return wrap(said, WIDTH, subsequent_indent="  ")

    def _totals(self, of: Adjustment) -> dict[str, float]:
        """Return what flows in pipes that no meter reads yet and that the others tell, kg/h."""
        streams, read = self.balance.streams, set()
        for reading in self.readings:
            if reading.component == TOTAL and len(streams.at(reading.at)) == 1:
                read |= set(streams.at(reading.at))
        names = [name for name in streams.names if name not in read]
        parts = [[self.balance.index[s, c] for c in self.balance.components] for s in names]
        errors = of.standard_errors(parts)
        return {
            name: float(sum(of.flows[i] for i in part))
            for name, part, error in zip(names, parts, errors, strict=True)
            if np.isfinite(error)
        }

    def _backwards(self) -> list[str]:
        """Return which flows would have to be negative, by more than their errors."""
        names = dict.fromkeys(
            stream
            for stream, component, flow, error in self.streams
            if flow < -BEYOND * error and not self._is_impossible(stream, component)
        )
        if not names:
            return []
        return [f"no pipe flows backwards: {', '.join(names)} would; readings there disagree"]

    def _as_metered(self, error: GrossError) -> tuple[float, float, str]:
        """Return size and standard error of a gross error, in the unit of its meter; a leak's."""
        size, spread = error.size, error.standard_error
        names = [meter.name for meter in self.adjusted.meters]
        if error.kind != "meter" or error.name not in names:
            return self._told_rate(size), self._told_rate(spread), self.rate_unit
        of = self.readings[names.index(error.name)]
        return of.as_metered(size), of.as_metered(spread), of.shown

    def _meters(self) -> list[str]:
        rows = [
            [
                name,
                reading.shown,
                *(readable(reading.as_metered(x)) for x in (reading.value, reading.error)),
                "?" if now is None else readable(reading.as_metered(now)),
                f"{score:+.1f}" if checked else "",
                "yes" if checked else "no",
            ]
            for name, (reading, now, score, checked) in zip(
                names_of(self.readings), self._metered(), strict=True
            )
        ]
        header = ["meter", "unit", "reading", "error", "reconciled", "z", "checked"]
        return text_table(header, rows, left=(0, 1))

    def _metered(self) -> list[tuple[Reading, float | None, float, bool]]:
        """Return every reading, reconciled if anything tells it, with its score, and if checked."""
        of = self.clean
        now = [r if told else None for r, told in zip(of.reconciled.tolist(), of.told, strict=True)]
        return list(zip(self.readings, now, of.scores.tolist(), of.redundant, strict=True))

    @cached_property
    def streams(self) -> tuple[tuple[str, str, float, float], ...]:
        """Stream, component, reconciled flow and standard error, kg/h; inf where it is unknown."""
        names = [(s, c) for s in self.balance.streams.names for c in self._components]
        parts = [
            tuple(
                self.balance.index[s, each]
                for each in (self.balance.components if c == TOTAL else (c,))
            )
            for s, c in names
        ]
        errors = self.clean.standard_errors(parts)
        flows = [float(sum(self.clean.flows[i] for i in part)) for part in parts]
        return tuple(
            (s, c, flow, float(error))
            for (s, c), flow, error in zip(names, flows, errors, strict=True)
        )

    def _is_impossible(self, stream: str, component: str) -> bool:
        return self.balance.index.get((stream, component)) in self.balance.impossible

    @property
    def _components(self) -> tuple[str, ...]:
        parts = self.balance.components
        return parts if parts == (TOTAL,) else (TOTAL, *parts)

    def _streams(self) -> list[str]:
        names = self._components
        by_stream: dict[str, list[str]] = {}
        for stream, component, flow, error in self.streams:
            flow = flow if abs(flow) > NOTHING * error else 0.0
            told = " +- ".join(readable(self._told_rate(each)) for each in (flow, error))
            cell = told if np.isfinite(error) else "?"
            if self._is_impossible(stream, component):
                cell = ABSENT
            by_stream.setdefault(stream, []).append(cell)
        header = [f"stream, {self.rate_unit}", *names]
        table = text_table(header, [[name, *cells] for name, cells in by_stream.items()])
        return [*table, *([ABSENT_NOTE] if self.balance.impossible else [])]

    def tables(self) -> Mapping[str, Table]:
        """Return meters, streams, and gross errors."""
        meters = [
            (
                *(r.at, r.component, r.shown, r.as_metered(r.value), r.as_metered(r.error)),
                None if now is None else r.as_metered(now),
                score if checked else None,
                checked,
            )
            for r, now, score, checked in self._metered()
        ]
        streams = [
            (s, c, flow, error) if np.isfinite(error) else (s, c, None, None)
            for s, c, flow, error in self.streams
        ]
        errors = [
            (e.kind, e.name, size, unit, spread, e.ratio, ", ".join(e.alike), len(e.same))
            for e in self.found
            for size, spread, unit in [self._as_metered(e)]
        ]
        return {
            "meters": Table(("at", "component", "unit", "reading", "error", "reconciled", "z",
                             "checked"), meters),
            "streams": Table(("stream", "component", "kg_per_h", "standard_error"), streams),
            "gross_errors": Table(("kind", "name", "size", "unit", "standard_error", "ratio",
                                   "alike", "of_these_same"), errors),
        }  # fmt: skip

    def pictures(self) -> Mapping[str, Callable[[], Figure]]:
        """Return the corrections, in standard errors."""
        return {"corrections": self._draw}

    def _draw(self) -> Figure:
        from plant_models.chlorobenzene.figures.style import blank

        metered = zip(names_of(self.readings), self._metered(), strict=True)
        told = [(name, score) for name, (_, _, score, checked) in metered if checked]
        figure, (ax,) = blank(1.2 + 0.28 * max(len(told), 1), 1)
        ax.barh([name for name, _ in told], [score for _, score in told], color="#3b6ea5")
        for edge in (-2.0, 2.0):
            ax.axvline(edge, color="#b0413e", linewidth=0.8)
        ax.invert_yaxis()
        ax.set_xlabel("correction by its standard error; beyond the red lines in 5 % of cases")
        ax.set_title(f"Readings against balances: {self.plant.name}")
        return figure

    def as_json(self) -> dict[str, Any]:
        """Return the verdict and all tables."""
        return {
            "readings": len(self.readings),
            "freedom": self.adjusted.freedom,
            "statistic": self.adjusted.statistic,
            "p_value": self.p_value,
            "noise": self.noise,
            **{name: table.records for name, table in self.tables().items()},
            "provenance": provenance(
                "plant reconcile", self.plant.variant("none"), significance=self.significance
            ),
        }


MOST_RIVALS = 4
NOTHING = 1e-9  # of a standard error: a flow that rounding alone leaves
APART = 0.02  # of a flow: what another meter of the usual kind can tell
ABSENT = "-"
ABSENT_NOTE = f"{ABSENT}: cannot be there: no supply or tank brings it, no reaction makes it"
NOTES = [
    "z: correction by its own standard error, beyond 2 in 5 % of cases; +-: one standard error;",
    "checked: whether balances and other meters say it, too; ?: nothing tells that flow",
]


def plant_reconcile(
    folder: FolderPlant | Path | str,
    *,
    readings_file: Path | str | None = None,
    significance: float = SIGNIFICANCE,
) -> Reconciled:
    """Close the measured balance of a plant, and name what noise does not explain.

    Parameters
    ----------
    folder : path or plant
        The folder, its plant as `plant_models.folder.load` returns it, or the name of one of the
        package.
    readings_file : path, optional
        A CSV file of readings instead of the folder's own.
    significance : float
        Chance that noise alone is taken for a gross error.

    Raises
    ------
    LookupError, TypeError, ValueError
        A plant without readings; all faults of the files, each with its line.
    """
    number("significance", significance, 1e-6, 0.5)
    plant = load(folder)
    readings = readings_of(plant, readings_file)
    balance = Balance.of(plant.contents.network, readings)
    adjusted = balance.adjusted(readings, _modelled(plant, balance))
    return Reconciled(plant, readings, balance, adjusted, significance)


def _modelled(plant: FolderPlant, balance: Balance) -> Array | None:
    """Return what flows in the model, kg/h; nothing where no constant conditions are found."""
    with suppress(BalanceError, ValueError):
        return balance.flows_of(plant.steady_state().ledger)
    return None


def readings_of(plant: FolderPlant, file: Path | str | None = None) -> tuple[Reading, ...]:
    """Return the readings of a plant, or of a file.

    Raises LookupError or ValueError: it has none; all that is wrong with them.
    """
    network = plant.contents.network
    if file is not None:
        path = place("readings_file", file, "CSV file, like 'readings.csv'")
        return read_readings(text_of(path), network, path.name)
    texts = dict(plant.files)
    if FILE not in texts:
        raise plant.lacks(f"readings: no {FILE} in its folder", "a closed balance")
    return read_readings(texts[FILE], network)
