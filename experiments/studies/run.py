"""One design in operation: its books, its trains, its pictures, mean of the replications."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from experiments.output.answer import Answer, Table, paragraphs
from experiments.output.provenance import provenance
from experiments.runner.horizon import Horizon
from experiments.runner.replicates import Replicated, replicated
from experiments.studies import Known, Own, Plant, plant_of
from plant_models.arguments import flag
from plant_models.chlorobenzene.figures.style import blank
from plant_models.chlorobenzene.figures.timelines import levels, states
from plant_models.chlorobenzene.model import PLANT
from plant_models.methods.citation import Citation
from plant_models.model import Variant
from sim.books.ledger import INTERNAL
from sim.network.unit import CAUSES
from sim.statistics.intervals import Interval
from sim.tables import counted, readable, text_table, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


SMALLEST = 0.01  # t/yr; less is left to flows.csv
FAINT = 1e-6  # of all that comes in; of a plant of some grams an hour that is less still
PART = 0.01  # of all that leaves of it: so much of a component is told, however little it is
MUCH = 0.1  # of the year: a bottleneck that waits for longer is none
DUST = 1e-12  # of all that comes in: less is left of what reacted away to the last
LONGEST_NAME = 12  # of a scheme set at the head of a column
AT_REST = "steady state, a year of constant conditions"
HALF = "+-: half the 95 % interval of the mean"
FEW = 5  # replications: from fewer a spread can hardly be told
ONE_REPLICATION = "An interval takes two replications or more: --replications 2"
FEW_REPLICATIONS = "An interval of so few replications is wide, or narrow by luck: --replications 5"


def none_made(of: Variant[Any], horizon: Horizon) -> str:
    """Return that a run made none of the product, so that nothing is told per tonne of it."""
    return (
        f"the {of.plant.name} with {of.name} made none of {of.plant.product or 'its product'} in "
        f"{counted(horizon.years, 'year')}: nothing can be told per tonne; take more --years"
    )


def how_few(replications: int) -> list[str]:
    """Return what has to be known of an interval of one replication, or of a few."""
    if replications == 1:
        return [ONE_REPLICATION]
    return [FEW_REPLICATIONS] if 1 < replications < FEW else []


def how_wide(replications: int) -> list[str]:
    """Return what "+-" is, where no head of a column says it, and what has to be known of it."""
    return [HALF] * (replications > 1) + how_few(replications)


def with_width(of: Interval, unit: float = 1.0, *, signed: bool = False) -> str:
    """Return a mean in a unit, with half the width of its interval where it has one.

    >>> with_width(Interval(1500.0, 1250.0, 1750.0, 2, 250.0), 1000.0, signed=True)
    '+1.500 +- 0.250'
    """
    sign = "+" if signed and of.mean > 0.0 else ""
    width = "" if of.n == 1 else f" +- {readable(of.half_width / unit)}"
    return f"{sign}{readable(of.mean / unit)}{width}"


def heading(subject: str, variant: Variant[Any], horizon: Horizon) -> str:
    """Return what was run, in a line."""
    year = counted(horizon.years, "year")
    text = f"{subject}: {year} of 8,760 h from {horizon.first_day}, seed {horizon.seed}"
    if horizon.replications > 1:
        text += f", {horizon.replications} replications"
    if variant.base.tree != variant.plant.baseline().tree:
        text += ", own design"
    return text


def _operation(of: Replicated) -> list[str]:
    rows = [_row(of, name) for name in of.variant.plant.operating]
    return [
        *text_table(_header(of, "operation"), rows, left=(0, 1)),
        f"bottleneck: {of.bottleneck}",
        *_held_up(of),
    ]


def _held_up(of: Replicated) -> Iterator[str]:
    """Yield what the bottleneck waits for, where it does so much that it is none."""
    states = of.hours.get(of.first.bottleneck, {})
    for state, hours in states.items():
        if state.startswith(("blocked by", "starved by")) and hours > MUCH * sum(states.values()):
            yield f"yet {state} for {readable(hours)} h/yr: what lies beyond holds it up"


def _into(of: Replicated) -> Mapping[str, float]:
    """Return what came from each supply, t/yr."""
    into: dict[str, float] = {}
    sinks = {entry.sink for entry in of.flows} | set(of.first.ledger.held)
    for entry, kg in of.flows.items():
        if entry.source not in sinks:
            into[entry.source] = into.get(entry.source, 0.0) + float(kg.sum()) / 1000.0
    return into


def _least(of: Replicated) -> float:
    """Return what is told of at least, t/yr: less is rounding, or left to the tables."""
    return min(SMALLEST, FAINT * sum(_into(of).values()))


def _inputs(of: Replicated) -> list[str]:
    into, least = _into(of), _least(of)
    rows = [[words(name), "t/yr", readable(t)] for name, t in into.items() if t >= least]
    rows.append(["material in", "t/yr", readable(sum(into.values()))])
    rows += [_row(of, name)[:3] for name in of.variant.plant.utilities]
    return text_table(["in", "unit", "mean"], rows, left=(0, 1))


def _outputs(of: Replicated) -> list[str]:
    names = of.first.ledger.components.names
    told: dict[tuple[str, str], dict[str, float]] = {}
    for entry, kg in of.flows.items():
        if entry.medium == INTERNAL:
            continue
        for name, t in zip(names, (kg / 1000.0).tolist(), strict=True):
            part = entry.stream if entry.medium == "product" else name
            for key in ((entry.medium, ""), (entry.medium, part)):
                row = told.setdefault(key, {})
                row[entry.cause] = row.get(entry.cause, 0.0) + t
    met = dict.fromkeys(cause for row in told.values() for cause in row)
    causes = [cause for cause in (*CAUSES, *sorted(set(met) - set(CAUSES))) if cause in met]
    rows, least, dust = [], _least(of), DUST * sum(_into(of).values())
    leaving: dict[str, float] = {}
    for (_, part), row in told.items():
        leaving[part] = leaving.get(part, 0.0) + sum(row.values())
    for medium in dict.fromkeys(of.variant.network.sinks.values()):
        parts = [part for place, part in told if place == medium]
        for part in sorted(parts, key=lambda p: -sum(told[medium, p].values()) if p else -math.inf):
            row = told[medium, part]
            total = sum(row.values())
            if total > dust and total >= min(least, PART * leaving[part]):
                label = f"  {words(part)}" if part else medium
                decimals = _decimals(total)
                cells = [f"{row[c]:,.{decimals}f}" if row.get(c) else "" for c in causes]
                rows.append([label, *cells, f"{total:,.{decimals}f}"])
    return text_table(["out, t/yr", *causes, "total"], rows)


def _decimals(total: float) -> int:
    """Return the decimals of a row: what its total can use holds for its parts."""
    steps = ((1000.0, 0), (10.0, 1), (0.1, 2))
    return next((n for least, n in steps if total >= least), 1 - math.floor(math.log10(total)))


def _trains(of: Replicated) -> list[str]:
    rows = []
    for train in of.variant.network.trains:
        states = of.hours[train.name]
        fed = sum(
            float(kg.sum()) / 1000.0
            for entry, kg in of.flows.items()
            if entry.source == train.feed and entry.sink == train.members[0]
        )
        waits = {state: h for state, h in states.items() if state != "running"}
        longest = max(waits, key=lambda state: waits[state], default="")
        reason = f"{longest}, {readable(waits[longest])} h" if longest else ""
        rows.append(
            [words(train.name), readable(fed), readable(states.get("running", 0.0)), reason]
        )
    header = ["train", "feed, t/yr", "running, h/yr", "longest other state"]
    return text_table(header, rows, left=(0, 3))


def _closing(of: Replicated) -> Iterator[str]:
    yield from footnotes({name: of.units[name] for name in of.variant.plant.operating})
    stock = of.means["stock_change_t"].mean
    worst = max(values["closure"] for values in of.indicators)
    balances = len(of.first.receipt().checks)
    yield f"stock change {readable(stock)} t/yr; {balances} balances close to {worst:.1e} kg/kg"
    yield from how_few(of.horizon.replications)


def _header(of: Replicated, first: str) -> list[str]:
    return [first, "unit", "mean"] + ["+- 95 %"] * (of.horizon.replications > 1)


def _row(of: Replicated, name: str) -> list[str]:
    mean: Interval = of.means[name]
    row = [name, unit_of(of.units[name]), readable(mean.mean)]
    return [*row, readable(mean.half_width)] if of.horizon.replications > 1 else row


def unit_of(unit: str) -> str:
    """Return a unit without what it is counted as, which stands in a footnote."""
    return unit.partition(" as ")[0]


def footnotes(units: Mapping[str, str]) -> list[str]:
    """Return what the units of some indicators are counted as."""
    counted: dict[str, list[str]] = {}
    for name, unit in units.items():
        if " as " in unit:
            counted.setdefault(unit.partition(" as ")[2], []).append(name)
    notes = [f"{', '.join(names)} as {what}" for what, names in counted.items()]
    return ["; ".join(notes)] if notes else []


RECORDED = ": record=True keeps what those of trains and tanks are drawn from"


@dataclass(frozen=True, repr=False)
class Run(Answer):
    """A design in operation."""

    to_draw = RECORDED

    of: Replicated

    def cite(self) -> Citation:
        """Return how to cite it: a sentence, and BibTeX of exactly what it used."""
        cited: Citation = self.of.first.cite()
        return cited

    def documents(self) -> Mapping[str, str | bytes]:
        """Return the sources of what it used, as BibTeX."""
        return {"sources.bib": f"{self.cite().bibtex}\n"}

    def report(self) -> str:
        """Return what the run came to: in, out, operation, trains, closure."""
        return paragraphs(
            [heading(f"Schemes {self.of.name}", self.of.variant, self.of.horizon)],
            _operation(self.of),
            _inputs(self.of),
            _outputs(self.of),
            _trains(self.of),
            list(_closing(self.of)),
        )

    def tables(self) -> Mapping[str, Table]:
        """Return indicators and flows."""
        of = self.of
        rows = [(n, of.units[n], i.mean, *i.ends) for n, i in of.means.items()]
        return {
            "indicators": Table(("indicator", "unit", "mean", "low", "high"), rows),
            "flows": flow_table([of], named=False),
        }

    def pictures(self) -> Mapping[str, Callable[[], Figure]]:
        """Return states, levels, emissions, their causes, and the flow chart."""
        from experiments.studies.run import of_designs

        return of_designs([self.of])

    def as_json(self) -> dict[str, Any]:
        """Return the indicators with their intervals."""
        means = self.of.means
        return {
            "indicators": {name: of.mean for name, of in means.items()},
            "intervals": {
                name: dict(zip(("low", "high"), of.ends, strict=True)) for name, of in means.items()
            },
            "units": dict(self.of.units),
            "provenance": provenance("run", self.of.variant, horizon=self.of.horizon),
        }


def run(
    schemes: Any = "none",
    *,
    replications: int = 1,
    years: float = 1.0,
    seed: int = 1,
    start: str = "01-01",
    record: bool = False,
    workers: int | None = 1,
    plant: Plant = PLANT,
    design: Own = None,
    known: Known = None,
) -> Run:
    """Simulate one design under breakdowns, deliveries and seasons.

    Parameters
    ----------
    schemes : scheme set, tree, Design or Variant
        The design; a set of schemes, like ``"F1-F4, F7"``, is put on ``design``.
    replications, years, seed, start
        Runs, length of each, draws and first day; see `Horizon`.
    record : bool
        Keep traces of the first replication, which pictures need.
    workers : int, optional
        Processes; None takes what pays. In a script, calls with more than one stand below
        ``if __name__ == "__main__":``. No result depends on it.
    plant : PlantModel or str
        The plant, or its name.
    design, known : optional
        What sets of schemes are put on, and their catalogue; see `PlantModel.variant`.

    Raises
    ------
    TypeError, LookupError, ValueError
        Wrong input, or a plant that lacks what is asked for; a message that names it.
    SimulationFault
        A run that cannot be finished.
    """
    plant = plant_of(plant)
    horizon = Horizon(years, seed, replications, start)
    variant = plant.variant(schemes, design=design, known=known)
    (found,) = replicated([variant], horizon, record=flag("record", record), workers=workers)
    return Run(found)


FLOWS = ("source", "sink", "stream", "medium", "cause", "component", "kg_per_year")


def flow_table(designs: Sequence[Replicated], *, named: bool = True) -> Table:
    """Return every flow of designs by component, kg per simulated year."""
    rows = [
        (*((of.name,) if named else ()),
         e.source, e.sink, e.stream, e.medium, e.cause, component, amount)
        for of in designs
        for e, kg in of.flows.items()
        for component, amount in zip(
            of.first.ledger.components.names, kg.tolist(), strict=True
        )
        if amount
    ]  # fmt: skip
    return Table((*(("design",) if named else ()), *FLOWS), rows)


Draw = Callable[[], "Figure"]
"""Draws a picture."""


def of_designs(designs: Sequence[Replicated]) -> dict[str, Draw]:
    """Return the pictures of designs, below each other on the same scales.

    States and levels are those of the first replication, which must have been recorded; what the
    plant itself draws comes after them.
    """
    told: dict[str, Draw] = {}
    if all(of.first.record is not None for of in designs):
        told = {
            "states": partial(_timelines, designs, "States of the trains", states, 4.0),
            "levels": partial(_timelines, designs, "Levels of the tanks", levels, 5.2),
        }
        if not any(of.first.ledger.held for of in designs):
            del told["levels"]
    return {**told, **designs[0].variant.plant.pictures(designs)}


def _timelines(
    designs: Sequence[Replicated], what: str, draw: Callable[..., Axes], height: float
) -> Figure:
    figure, axes = blank(len(designs) * height, len(designs))
    for ax, of in zip(axes, designs, strict=True):
        draw(of.first, ax, start_hour=of.horizon.start_hour)
        first = ", first replication" if of.horizon.replications > 1 else ""
        ax.set_title(f"{what}: {of.name}, seed {of.horizon.seed}{first}")
    for ax in axes[:-1]:  # the last has the legend for all
        ax.set_xlabel("")
        legend = ax.get_legend()
        if legend is not None:
            legend.remove()
    return figure
