"""How sure a programme's figures are: hypercube, one at a time, Sobol indices, what survives."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import isnan, nan
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.bounds import LARGEST_SEED, MOST_FACTORS, MOST_SAMPLES, MOST_SOBOL
from experiments.output.answer import Answer, Table, paragraphs, plain
from experiments.output.provenance import changed, provenance
from experiments.runner.faults import SimulationFault, at_work
from experiments.runner.loop import each
from experiments.studies import Known, Own, Plant, plant_of
from experiments.studies.money import programme_of
from plant_models.arguments import count, word
from plant_models.chlorobenzene.model import PLANT
from plant_models.methods.claims import Drawn, probability_positive, shares_of_truth
from plant_models.methods.economics import Economy, check_investments
from plant_models.methods.installation import check_bought
from plant_models.methods.sensitivity import (
    Bar,
    Index,
    Point,
    latin_hypercube,
    one_at_a_time,
    sobol_indices,
    sobol_points,
    tornado,
)
from plant_models.methods.uncertainty import NET, Uncertain, drawn, target_value
from sim.errors import need_numbers
from sim.model.parameters import Value
from sim.statistics.intervals import share_interval
from sim.tables import counted, folded_table, readable, text_table

if TYPE_CHECKING:
    from matplotlib.figure import Figure


QUANTILES = (0.05, 0.5, 0.95)
CHUNK = 16  # points a job; a process is not worth less

REST = "all the others together"
MISFITS = (ValueError, ArithmeticError, RuntimeError)
"""What a point may end in that no plant can be built or run at."""


@dataclass(frozen=True)
class Sizes:
    """How much is computed; see `uncertainty`."""

    samples: int = 200
    sobol: int = 128
    factors: int = 10
    seed: int = 1


@dataclass(frozen=True, repr=False)
class Uncertainty(Answer):
    """How sure a programme's figures are: what the ranges do to it."""

    of: Uncertain
    target: str  #: Whose tornado and indices these are
    base: float  #: The target at the values as they are
    bars: tuple[Bar, ...]  #: The tornado, the longest first
    outcomes: tuple[Drawn, ...]  #: Of the hypercube's points at which there is a plant
    inputs: tuple[Mapping[str, Value], ...]
    """What was drawn at each of these: the value of every input."""
    misfits: tuple[int, int, int]  #: Points without one: of hypercube, tornado and Sobol
    indices: tuple[Index, ...]
    sizes: Sizes
    undrawn: Mapping[str, tuple[str, ...]]
    """What is not drawn, read otherwise at the values as they are: the claims that it turns."""
    why: str = ""
    """Why there is no plant at the first point of the hypercube without one."""

    @property
    def conclusions(self) -> Mapping[str, float]:
        """At which share of the points each claim of the plant holds."""
        return shares_of_truth(self.outcomes, self.of.variant.plant.claims)

    @property
    def by_structure(self) -> Mapping[str, Mapping[str, float]]:
        """At which share of the points with a structure each claim holds, by ``path=value``."""
        plant = self.of.variant.plant
        found = {}
        for path in self.of.choices:
            for value in plant.choices[path]:
                some = [
                    one
                    for one, drawn in zip(self.outcomes, self.inputs, strict=True)
                    if drawn[path] == value
                ]
                found[f"{path}={value}"] = shares_of_truth(some, plant.claims)
        return found

    def spread(self, values: Sequence[float]) -> list[float]:
        """Return the quantiles that are told."""
        (numbers,) = need_numbers("spread", values=values)
        return [float(q) for q in np.quantile(numbers, QUANTILES)] if numbers else []

    def report(self) -> str:
        """Return money by step, conclusions, tornado and indices."""
        return paragraphs(
            [_heading(self)],
            _steps(self),
            _conclusions(self),
            _by_structure(self),
            _tornado(self),
            _indices(self),
            _notes(self),
        )

    def tables(self) -> Mapping[str, Table]:
        """Return the result at the ends of every range, every point drawn, and the indices."""
        plant = self.of.variant.plant
        currency, names = plant.economy.currency, self._indicators
        unit = f"{currency}/yr" if self.target == NET else plant.units[self.target]
        bars = [(bar.name, bar.low, bar.high, bar.swing) for bar in self.bars]
        columns = ("input", "low", "high", "swing")
        tables = {"tornado": Table(columns, bars, dict.fromkeys(columns[1:], unit))}
        if self.outcomes:
            steps = [step.name for step in self.outcomes[0].steps]
            header: tuple[str, ...] = (
                "point",
                *(f"net {name}, {currency}/yr" for name in steps),
                *(f"NPV {name}, {currency}" for name in steps),
                *(f"change of {name}" for name in names),
                *self.of.names,
            )
            rows = [
                (
                    point,
                    *(step.net for step in each.steps),
                    *(step.present_value for step in each.steps),
                    *(each.changes[name] for name in names),
                    *(drawn[name] for name in self.of.names),
                )
                for point, (each, drawn) in enumerate(zip(self.outcomes, self.inputs, strict=True))
            ]
            units = {f"change of {name}": plant.units[name] for name in names}
            units |= {name: self.of.unit(name) for name in self.of.names}
            tables["samples"] = Table(header, rows, units)
        if self.indices:
            shares = [
                (of.name, of.first, *of.first_ends, of.total, *of.total_ends) for of in self.indices
            ]
            header = ("input", "alone", "alone_low", "alone_high", "in_all", "in_all_low",
                       "in_all_high")  # fmt: skip
            tables["sobol"] = Table(header, shares, dict.fromkeys(header[1:], "1"))
        return tables

    def pictures(self) -> Mapping[str, Callable[[], Figure]]:
        """Return the tornado."""
        return {"tornado": partial(_draw, self)}

    def as_json(self) -> dict[str, Any]:
        """Return all of it; the currency, and units of the indicators."""
        steps = self.outcomes[0].steps if self.outcomes else ()
        return {
            "target": self.target,
            "base": self.base,
            "sampled": list(self.of.names),
            "kept": list(self.of.kept),
            "steps": {step.name: self._step(i) for i, step in enumerate(steps)},
            "changes": {
                name: self.spread([each.changes[name] for each in self.outcomes])
                for name in self._indicators
            },
            "quantiles": list(QUANTILES),
            "probability_of_positive_present_value": probability_positive(self.outcomes),
            "conclusions": self.conclusions,
            "conclusions_by_structure": self.by_structure,
            "undrawn": {name: list(turned) for name, turned in self.undrawn.items()},
            "tornado": plain(self.bars),
            "sobol": [
                {
                    "name": index.name,
                    "first": plain(index.first),
                    "first_interval": plain(index.first_ends),
                    "total": plain(index.total),
                    "total_interval": plain(index.total_ends),
                }
                for index in self.indices
            ],
            "points_without_a_plant": dict(
                zip(("hypercube", "tornado", "sobol"), self.misfits, strict=True)
            ),
            "provenance": provenance(
                "uncertainty",
                self.of.variant,
                target=self.target,
                **plain(self.sizes),
                prices=changed(_economy(self).prices().tree, self.of.book.tree),
                investments=self.of.investments,
            ),
        }

    @property
    def _indicators(self) -> tuple[str, ...]:
        names = self.outcomes[0].changes if self.outcomes else ()
        return tuple(name for name in names if name != UNTOLD)

    def _step(self, i: int) -> dict[str, Any]:
        steps = [each.steps[i] for each in self.outcomes]
        values = [step.present_value for step in steps if step.present_value is not None]
        return {
            "net": self.spread([step.net for step in steps]),
            "present_value": self.spread(values) or None,
        }


def draw(of: Uncertain, target: str, sizes: Sizes, workers: int | None = 1) -> Uncertainty:
    """Sample, move one at a time, and share the variance out; the same for any workers."""
    names = of.names
    with at_work("the programme at its base values"):
        base = target_value(of, target)

    def values(points: Sequence[Point], name: str) -> list[float]:
        return _at_points(of, points, workers, name, target)

    points = latin_hypercube(names, sizes.samples, sizes.seed) if sizes.samples else []
    tried = _at_points(of, points, workers, "hypercube")
    found, inputs = [one for one, _ in filter(None, tried)], [at for _, at in filter(None, tried)]
    if points and not found:
        raise SimulationFault("at no point of the hypercube could the plant be built and run")
    ends = values(one_at_a_time(names)[1:], "tornado")
    others = [(path, u) for path in of.choices for u in of.between(path)]
    tried_between = values([{path: u} for path, u in others], "tornado")
    between: dict[str, list[float]] = {}
    for (path, _), value in zip(others, tried_between, strict=True):
        between.setdefault(path, []).append(value)
    _, bars = tornado(names, [base, *ends], between)
    sure = tuple(bar for bar in bars if bar.swing == bar.swing)  # nan: no plant at an end
    indices: tuple[Index, ...] = ()
    lost = 0
    if sizes.sobol:
        strong = [bar.name for bar in sure[: sizes.factors] if bar.swing > 0.0]
        groups = {name: [name] for name in strong}
        groups[REST] = [name for name in names if name not in groups]
        shared = values(sobol_points(groups, sizes.sobol, sizes.seed), "Sobol")
        lost = int(np.isnan(shared).sum())
        indices = sobol_indices(groups, shared, sizes.seed)
    misfits = (len(points) - len(found), int(np.isnan(ends).sum()), lost)
    undrawn = _turned(of) if points else {}
    why = next((_why(of, at) for at, one in zip(points, tried, strict=True) if not one), "")
    drawn_at = (tuple(found), tuple(inputs))
    return Uncertainty(*(of, target, base, sure, *drawn_at, misfits, indices, sizes, undrawn, why))


def _turned(of: Uncertain) -> dict[str, tuple[str, ...]]:
    """Return what is not drawn, and which claims it turns if it is read otherwise."""
    claims, usual = of.variant.plant.claims, drawn(of)
    turned: dict[str, tuple[str, ...]] = {}
    for name, other in of.undrawn.items():
        try:
            found = drawn(other)
        except MISFITS:
            turned[name] = ("(no plant can be built or run)",)
            continue
        turned[name] = tuple(
            claim for claim, holds in claims.items() if holds(found) is not holds(usual)
        )
    return turned


def _at_points(
    of: Uncertain, points: Sequence[Point], workers: int | None, name: str, target: str = ""
) -> list[Any]:
    """Return what is found at each point; see `_tried`."""
    jobs = [(of, points[i : i + CHUNK], target) for i in range(0, len(points), CHUNK)]
    return [value for part in each(_tried, jobs, workers, name) for value in part] if jobs else []


def _tried(of: Uncertain, points: Sequence[Point], target: str) -> list[Any]:
    """Return the target at some points, without one all that is drawn with the inputs' values.

    Where there is no plant, not a number, or None.
    """
    found: list[Any] = []
    names = () if target else of.names
    for point in points:
        try:
            at = of.at(point)
            values = {name: at.value(name) for name in names}
            found.append(target_value(at, target) if target else (drawn(at), values))
        except MISFITS:
            found.append(nan if target else None)
    return found


def _why(of: Uncertain, point: Point) -> str:
    """Return why there is no plant at a point."""
    try:
        drawn(of.at(point))
    except MISFITS as fault:
        return str(fault)
    return ""


UNTOLD = "closure"  # rounding, whose change says nothing


def uncertainty(
    schemes: Any = None,
    *,
    target: str = NET,
    samples: int = 200,
    sobol: int = 128,
    factors: int = 10,
    seed: int = 1,
    prices: Any = None,
    investments: Mapping[str, float] | None = None,
    workers: int | None = 1,
    plant: Plant = PLANT,
    design: Own = None,
    known: Known = None,
) -> Uncertainty:
    """Draw everything that carries a range, and tell what survives and what it hangs on.

    Parameters
    ----------
    target : str
        Figure of tornado and indices: ``net_income``, or an indicator, whose change counts.
    samples : int
        Points at which all is drawn together; 0 moves the inputs one at a time alone.
    sobol : int
        Points of each Sobol block, a power of two; 0 for no indices.
    factors : int
        Inputs with an index of their own; the rest is one group.
    seed : int
        Of the samples.
    workers, plant, design, known
        See `run`.
    schemes, prices, investments
        See `money`.
    """
    plant = plant_of(plant)
    variant = programme_of(plant, schemes, design=design, known=known)
    economy = plant.economy
    word("target", target, (NET, *plant.units))
    sizes = Sizes(
        count("samples", samples, 0, MOST_SAMPLES),
        count("sobol", sobol, 0, MOST_SOBOL),
        count("factors", factors, 1, MOST_FACTORS),
        count("seed", seed, 0, LARGEST_SEED),
    )
    if samples == 1:
        raise ValueError("samples: expected 0, or 2 or more, came '1'")
    if sobol == 1 or sobol & (sobol - 1):
        raise ValueError(f"sobol: expected 0 or a power of two, like 128, came {sobol}")
    given = check_investments(investments, variant.known, variant.schemes)
    check_bought(economy, variant.schemes, given)
    if not samples and not sobol and seed != Sizes.seed:
        raise ValueError(f"seed: nothing is drawn with samples and sobol of 0, came {seed}")
    if not sobol and factors != Sizes.factors:
        raise ValueError(f"factors: goes with sobol, which is 0, came {factors}")
    of = Uncertain.of(variant, economy.priced(prices), given)
    if not of.names:
        raise ValueError(f"the {plant.name} with {variant.name}: nothing carries a range")
    return draw(of, target, sizes, workers)


def _draw(of: Uncertainty) -> Figure:
    from plant_models.chlorobenzene.figures.style import blank, raised
    from plant_models.chlorobenzene.figures.tornado import MOST, picture_height, tornado

    economy = of.of.variant.plant.economy
    word = raised(economy.unit_word)
    money = of.target == NET
    label = f"net income of the programme, {word}/yr" if money else f"change of {of.target}"
    shown = [bar for bar in of.bars if bar.swing > 0.0][:MOST]
    figure, (ax,) = blank(picture_height(len(shown)), 1)
    labels = {bar.name: of.of.told(bar.name) for bar in shown}
    unit = economy.unit if money else 1.0
    tornado(of.bars, of.base, ax, unit=unit, label=label, labels=labels)
    return figure


BARS = 12  # of the tornado
WIDTH = 100
SURE, UNSURE = 0.95, 0.05
APART = 0.1  # of the points: what two structures must differ by to decide


def _heading(of: Uncertainty) -> str:
    name, inputs = of.of.variant.name, len(of.of.names)
    how = (
        f"drawn together {counted(len(of.outcomes), 'time')}"
        if of.outcomes
        else "moved one at a time"
    )
    return (
        f"Schemes {name}: {counted(inputs, 'input')} with a range, {how}; {_economy(of).unit_word}"
    )


def _steps(of: Uncertainty) -> list[str]:
    if not of.outcomes:
        return []
    likely = probability_positive(of.outcomes)
    steps = of.outcomes[0].steps
    printed = _economy(of).printed_of(step.name for step in steps)
    rows = []
    for i, step in enumerate(steps):
        found = [each.steps[i] for each in of.outcomes]
        values = of.spread([s.present_value for s in found if s.present_value is not None])
        cells = [step.name]
        if printed:
            cells.append(_money(of, printed[step.name].net) if step.name in printed else "")
        cells += [_money(of, net) for net in of.spread([s.net for s in found])]
        cells += [_money(of, value) for value in values] or ["?"] * len(QUANTILES)
        cells.append(f"{likely[step.name]:.0%}" if step.name in likely else "?")
        low, high = share_interval(likely.get(step.name, 0.0), len(of.outcomes))
        rows.append([*cells, f"{low:.0%} to {high:.0%}" if step.name in likely else ""])
    names = [f"{q:.0%}" for q in QUANTILES]
    paper = ["paper"] if printed else []
    header = ["net income a year", *paper, *names, *(f"NPV {n}" for n in names), "NPV > 0", "95 %"]
    return text_table(header, rows)


def _conclusions(of: Uncertainty) -> list[str]:
    parts, rows = of.by_structure, []
    for claim, share in of.conclusions.items():
        shares = [share, *(part[claim] for part in parts.values() if claim in part)]
        turning = [name for name, turned in of.undrawn.items() if claim in turned]
        said = sum(of.of.variant.plant.claims[claim](one) is not None for one in of.outcomes)
        low, high = share_interval(share, said)
        cells = [claim, f"{share:.0%}", f"{low:.0%} to {high:.0%}"]
        rows.append([*cells, _verdict(shares, turned=bool(turning)), ", ".join(turning)])
    if not rows:
        return []
    untold = "turned by what is not drawn" if any(row[-1] for row in rows) else ""
    table = folded_table(["conclusion", "holds in", "95 %", "", untold], rows, left=(0, 3, 4))
    return [*(line for row in table for line in row), *_not_drawn(of)]


def _not_drawn(of: Uncertainty) -> list[str]:
    """Return what stands beside all verdicts: what none of the points has in it."""
    tried = ", ".join(of.undrawn) or "nothing"
    text = (
        f"no verdict draws: time ({counted(len(of.of.kept), 'range')} of breakdowns, tanks and "
        f"seasons); what carries no range, tried at the values as they are and named where it "
        f"turns one: {tried}; forms of the laws. The 95 % are those of so many points, not of the "
        "ranges."
    )
    return wrap(text, WIDTH)


def _by_structure(of: Uncertainty) -> list[str]:
    parts = of.by_structure
    rows = [
        [claim, *(f"{part[claim]:.0%}" if claim in part else "" for part in parts.values())]
        for claim in of.conclusions
    ]
    names = [name.partition("=")[2] for name in parts]
    return text_table(["by structure", *names], rows) if rows and names else []


def _verdict(shares: Sequence[float], *, turned: bool = False) -> str:
    """Return what the shares of all points and of each structure's say together.

    ``turned``: whether something that is not drawn turns the conclusion.
    """
    if max(shares) <= UNSURE or min(shares) >= SURE:
        if turned:
            return "undrawn decides"
        return "survives" if min(shares) >= SURE else "does not"
    apart = max(shares) - min(shares) >= APART
    decides = apart and (max(shares) >= SURE or min(shares) <= UNSURE)
    return "structure decides" if decides else "inputs decide"


def _tornado(of: Uncertainty) -> list[str]:
    rows = [
        [bar.name, _told(of, bar.low), _told(of, bar.high), _told(of, bar.swing)]
        for bar in of.bars[:BARS]
        if bar.swing > 0.0
    ]
    if not rows:
        return [f"nothing that carries a range moves {of.target}"]
    title = f"{_title(of)}; at base values {_told(of, of.base)}"
    return text_table([title, "at low", "at high", "swing"], rows)


def _indices(of: Uncertainty) -> list[str]:
    rows = [
        [
            index.name,
            f"{index.first:.2f}",
            f"{index.first_ends[0]:.2f} to {index.first_ends[1]:.2f}",
            f"{index.total:.2f}",
            f"{index.total_ends[0]:.2f} to {index.total_ends[1]:.2f}",
        ]
        for index in of.indices
        if not isnan(index.total)  # of what does not vary
    ]
    if not rows:
        return []
    return text_table(["share of the variance (Sobol)", "alone", "95 %", "in all", "95 %"], rows)


def _notes(of: Uncertainty) -> list[str]:
    lines = []
    if of.outcomes or of.indices:
        lines.append(
            "ranges are drawn evenly (by logarithm where they span more than a factor of 20)"
        )
    if of.of.choices:
        chosen = "; ".join(
            f"{path} ({', '.join(map(str, of.of.variant.plant.choices[path]))})"
            for path in of.of.choices
        )
        lines += wrap(f"structures are drawn as well: {chosen}", WIDTH, subsequent_indent="  ")
    if of.of.kept:
        kept = counted(len(of.of.kept), "more range only acts", "more ranges only act")
        they = "it is" if len(of.of.kept) == 1 else "they are"
        lines.append(f"{kept} in time, or belong to what is not built; {they} kept")
    if any(of.misfits):
        told = dict(zip(("hypercube", "tornado", "Sobol"), of.misfits, strict=True))
        lines.append(
            "points at which no plant can be built or run, left out: "
            + ", ".join(f"{name} {count}" for name, count in told.items() if count)
        )
        lines += wrap(f"at the first of them: {of.why}", WIDTH) if of.why else []
    return lines


def _title(of: Uncertainty) -> str:
    """Return what is told of the target, with its unit."""
    if of.target == NET:
        return f"{NET}, {_economy(of).unit_word}/yr"
    return f"change of {of.target}, {of.of.variant.plant.units[of.target]}"


def _told(of: Uncertainty, value: float) -> str:
    return _money(of, value) if of.target == NET else readable(value)


def _economy(of: Uncertainty) -> Economy:
    return of.of.variant.plant.economy


def _money(of: Uncertainty, amount: float) -> str:
    return _economy(of).told(amount, 1)
