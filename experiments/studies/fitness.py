"""How well a calibrated plant meets what it was fitted to, and on what numbers it does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

from experiments.bounds import MOST_REPLICATIONS
from experiments.output.answer import Answer, Table, paragraphs, plain
from experiments.output.provenance import provenance
from experiments.runner.faults import SimulationFault, at_work
from experiments.runner.horizon import Horizon
from experiments.runner.loop import run as run_cases
from experiments.runner.tasks import PlantYears
from experiments.studies import Plant, plant_of
from experiments.studies.calibrate import command, near_end
from experiments.studies.run import how_few
from plant_models.arguments import count
from plant_models.chlorobenzene.model import PLANT
from plant_models.methods.calibration import Calibratable
from plant_models.methods.economics import TOTAL
from plant_models.methods.uncertainty import Uncertain, drawn
from plant_models.methods.yardsticks import Yardstick
from plant_models.model import PlantModel
from sim.model.facts import Design
from sim.statistics.fitting import Target
from sim.statistics.intervals import Interval, paired_difference
from sim.tables import readable, text_table

BAR = 3.0
"""Tolerances within which a target is met."""

WITHIN = 0.08
"""Of a printed figure: how far off the whole interval of simulated years may be."""

WIDTH = 100
AT_REST = (
    "targets: at constant conditions, which the fit knows alone. What years with events save:\n"
    "--replications 30"
)


@dataclass(frozen=True)
class Met:
    """A target, and what each structure makes of it."""

    target: Target
    values: tuple[float, ...]

    @property
    def off(self) -> tuple[float, ...]:
        """How far off each structure is, of the target."""
        return tuple(value / self.target.value - 1.0 for value in self.values)

    @property
    def met(self) -> tuple[bool, ...]:
        """Whether each structure is within three tolerances."""
        most = BAR * self.target.sigma
        return tuple(abs(value - self.target.value) <= most for value in self.values)


@dataclass(frozen=True)
class Saved:
    """What simulated years save of a target, before against after, in pairs."""

    target: Target
    at_rest: float  #: What constant conditions save
    years: Interval  #: Mean of the years

    def off(self, value: float) -> float:
        """Return how far a value is off the target, of the target."""
        return value / self.target.value - 1.0

    @property
    def met(self) -> bool | None:
        """Whether the whole interval is within 8 % of the target; None where there is none."""
        if self.years.n == 1:
            return None
        return max(abs(self.off(end)) for end in (self.years.low, self.years.high)) <= WITHIN


@dataclass(frozen=True)
class Explained:
    """What a source prints that a step nets, and what the readings of the plant come to."""

    step: str
    printed: float
    tolerance: float
    nets: Mapping[str, float]  #: By reading

    def by(self, structure: str) -> tuple[float, float]:
        """Return the lowest and the highest of the readings with a structure."""
        own = [net for name, net in self.nets.items() if name.startswith(structure)]
        return min(own), max(own)

    def holds(self, structure: str) -> bool:
        """Whether the printed sum lies between these two, or within a tolerance of them."""
        low, high = self.by(structure)
        return low - self.tolerance <= self.printed <= high + self.tolerance


@dataclass(frozen=True, repr=False)
class Fitness(Answer):
    """How each structure of a plant meets its targets, and what stands at an end of its range."""

    plant: PlantModel[Any, Any]
    structures: tuple[str, ...]
    targets: tuple[Met, ...]
    steps: tuple[Explained, ...]
    yardsticks: tuple[tuple[str, Yardstick], ...]
    """By structure."""
    second: tuple[Yardstick, ...]
    """Of another plant of the kind, unfitted."""
    ends: tuple[tuple[str, str, str], ...]
    """Structure, parameter, and at or near which end of its range it stands, and why."""
    horizon: Horizon | None = None  #: Of the years that were run; none by default
    years: tuple[Saved, ...] = ()  #: What they save, with the first structure

    @property
    def missed(self) -> tuple[tuple[str, str], ...]:
        """What is off: structure, and target, step or yardstick."""
        return (
            *((s, t.target.name) for t in self.targets for s, m in self._of(t.met) if not m),
            *(
                (s, f"net income of {e.step}")
                for e in self.steps
                for s in self.structures
                if not e.holds(s)
            ),
            *((s, y.name) for s, y in self.yardsticks if not y.kept),
            *(
                (self.structures[0], f"{y.target.name} in years")
                for y in self.years
                if y.met is False
            ),
        )

    def _of(self, values: Sequence[Any]) -> list[tuple[str, Any]]:
        return list(zip(self.structures, values, strict=True))

    def report(self) -> str:
        """Return targets, net incomes by reading, what others do, and ends of ranges."""
        off = [f"{s}: {name}" for s, name in self.missed]
        return paragraphs(
            self._targets(),
            self._years(),
            self._steps(),
            self._yardsticks(),
            self._second(),
            [
                line
                for structure, name, why in self.ends
                for line in wrap(f"{structure}: {name} {why}", WIDTH, subsequent_indent="  ")
            ],
            wrap("missed by " + "; ".join(off), WIDTH, subsequent_indent="  ")
            if off
            else ["nothing is missed"],
        )

    def _targets(self) -> list[str]:
        rows = []
        for each in self.targets:
            cells = [each.target.name, readable(each.target.value)]
            for value, off in zip(each.values, each.off, strict=True):
                cells += [readable(value), f"{100.0 * off:+.2f} %"]
            bar = 100.0 * BAR * each.target.sigma / each.target.value
            rows.append([*cells, f"{bar:.3g} %"])
        columns = [word for s in self.structures for word in (s, "off")]
        return text_table(["target", "source", *columns, "bar"], rows)

    def _years(self) -> list[str]:
        """Return what years with events save, and from which draws; how to ask where none ran."""
        if self.horizon is None:
            return [AT_REST]
        rows = [
            [
                each.target.name,
                readable(each.target.value),
                *(
                    "" if value is None else f"{100.0 * each.off(value):+.1f} %"
                    for value in (each.at_rest, each.years.mean, *each.years.ends)
                ),
            ]
            for each in self.years
        ]
        header = ["saved in years with events", "source", "at rest", "years", "low", "high"]
        told = (
            f"{self.structures[0]}: {self.horizon.replications} pairs of years under the same "
            f"draws, seed {self.horizon.seed}; low and high: the 95 % interval of the mean"
        )
        return [*text_table(header, rows), told, *how_few(self.horizon.replications)]

    def _steps(self) -> list[str]:
        if not self.steps:
            return []
        told = self.plant.economy.told
        rows = [
            [
                each.step,
                told(each.printed, 1),
                *(told(net, 1) for net in each.nets.values()),
                ", ".join("yes" if each.holds(s) else "no" for s in self.structures),
            ]
            for each in self.steps
        ]
        title = f"net income, {self.plant.economy.unit_word}"
        return text_table([title, "source", *self.steps[0].nets, "explained"], rows)

    def _yardsticks(self) -> list[str]:
        rows = [
            [
                f"{structure}: {each.name}",
                f"{readable(each.value)} {each.unit.removeprefix('1')}".rstrip(),
                f"{readable(each.low)} to {readable(each.high)}",
                each.source,
                "kept" if each.kept else "outside",
            ]
            for structure, each in self.yardsticks
        ]
        header = ["held against others", "here", "elsewhere", "source", ""]
        return text_table(header, rows, left=(0, 3, 4)) if rows else []

    def _second(self) -> list[str]:
        rows = [
            [each.name, each.unit, f"{each.value:.3g}", _span(each), each.source]
            for each in self.second
        ]
        header = ["a second plant of the kind, unfitted", "", "here", "published", "source"]
        return text_table(header, rows, left=(0, 1, 4)) if rows else []

    def tables(self) -> Mapping[str, Table]:
        """Return targets, net incomes, yardsticks, the second plant, and ends of ranges."""
        columns = [f"{word} {s}" for s in self.structures for word in ("model", "off", "met")]
        return {
            "targets": Table(
                ("target", "aim", "bar", *columns),
                [
                    (
                        *(t.target.name, t.target.value, BAR * t.target.sigma),
                        *(x for row in zip(t.values, t.off, t.met, strict=True) for x in row),
                    )
                    for t in self.targets
                ],
            ),
            "net_incomes": Table(
                ("step", "printed", "reading", "net"),
                [
                    (e.step, e.printed, name, net)
                    for e in self.steps
                    for name, net in e.nets.items()
                ],
            ),
            "yardsticks": Table(
                ("structure", "name", "unit", "value", "low", "high", "source", "kept"),
                [
                    (s, y.name, y.unit, y.value, y.low, y.high, y.source, y.kept)
                    for s, y in self.yardsticks
                ],
            ),
            "second_plant": Table(
                ("name", "unit", "value", "low", "high", "source"),
                [(y.name, y.unit, y.value, y.low, y.high, y.source) for y in self.second],
            ),
            "ends": Table(("structure", "parameter", "end"), self.ends),
            "years": Table(
                ("target", "aim", "at_rest", "years", "low", "high", "met"),
                [
                    (y.target.name, y.target.value, y.at_rest, y.years.mean, *y.years.ends, y.met)
                    for y in self.years
                ],
            ),
        }

    def as_json(self) -> dict[str, Any]:
        """Return everything."""
        return {
            **{name: plain(table.records) for name, table in self.tables().items()},
            "missed": [list(each) for each in self.missed],
            "provenance": provenance("fitness", horizon=self.horizon),
        }


def fitness(
    *, replications: int = 0, seed: int = 1, workers: int | None = None, plant: Plant = PLANT
) -> Fitness:
    """Tell how well the calibrated plant meets its targets, and on what numbers, by structure.

    A target counts as met within three of its tolerances, a printed net income as explained
    between the lowest and highest of the readings, or within a tolerance of them. All this is at
    constant conditions; a year has events besides, and seasons.

    Parameters
    ----------
    replications : int
        Pairs of years to run before and after the programme, of the base; what they save is met
        where the whole interval is within 8 %. None by default.
    seed, workers, plant
        See `run`.

    Raises
    ------
    LookupError
        A plant that is not calibrated.
    SimulationFault
        A year could not be run.
    """
    plant = plant_of(plant)
    count("replications", replications, 0, MOST_REPLICATIONS)
    if not replications:
        Horizon(seed=seed).refuse_at_rest("replications=30, --replications 30")
    horizon = Horizon(seed=seed, replications=replications) if replications else None
    fits = {name: plant.calibration_of(name) for name in plant.structures}
    plant.with_programme()  # refuses one that does not go together
    with at_work("the calibrated plant"):
        outcomes = [_outcome(of) for of in fits.values()]
        read = plant.readings(plant.baseline())
        steps = _steps(plant, read, fits[plant.structures[0]].targets)
        held = tuple(
            (name, each)
            for name in plant.structures
            for each in plant.yardsticks(_of_structure(plant, name))
        )
    targets = fits[plant.structures[0]].targets
    by_target = zip(targets, zip(*outcomes, strict=True), strict=True)
    return Fitness(
        plant,
        tuple(fits),
        tuple(Met(target, values) for target, values in by_target),
        steps,
        held,
        tuple(plant.second_plant()),
        tuple((name, *end) for name, of in fits.items() for end in _ends(of)),
        horizon,
        _saved(plant, horizon, dict(zip(targets, outcomes[0], strict=True)), workers),
    )


def _saved(
    plant: PlantModel[Any, Any],
    horizon: Horizon | None,
    at_rest: Mapping[Target, float],
    workers: int | None,
) -> tuple[Saved, ...]:
    """Return what years before and after the programme differ by; nothing where none are asked."""
    if horizon is None:
        return ()
    variants = [plant.variant("none"), plant.with_programme()]
    task = PlantYears.over(variants[0], horizon)
    found = run_cases(variants, horizon.replications, task=task, workers=workers)
    for row in found.to_dict("records"):
        if isinstance(row["error"], str):
            raise SimulationFault(
                f"{row['label']}, replication {row['replication'] + 1}: {row['error']}"
            )
    before, after = (found[found["case"] == case] for case in range(len(variants)))
    return tuple(
        Saved(target, value, paired_difference(list(before[target.name]), list(after[target.name])))
        for target, value in at_rest.items()
        if target.name in plant.emissions
    )


def _span(of: Yardstick) -> str:
    return f"{of.low:.3g}" if of.low == of.high else f"{of.low:.3g} to {of.high:.3g}"


def _outcome(of: Calibratable) -> tuple[float, ...]:
    """Return what the written values make of the targets.

    Raises LookupError where none are written.
    """
    if not of.written:
        raise LookupError(f"there is no {of.file.name}; run: {command(of)}")
    point = tuple(float(of.written[p.kind][p.name]["value"]) for p in of.parameters)
    (outcome,) = of.model(map)([point])
    if outcome is None:
        raise ValueError("at the calibrated values no such plant can be built")
    return tuple(outcome)


def _ends(of: Calibratable) -> list[tuple[str, str]]:
    """Return the parameters at an end of their range, or near it, and why."""
    found = []
    for p in of.parameters:
        row = of.written[p.kind][p.name]
        if remark := row.get("remark", "") or near_end(row):
            found.append((p.name if p.kind != "prices" else f"price of {p.name}", str(remark)))
    return found


def _of_structure(plant: PlantModel[Any, Any], structure: str) -> Design[Any]:
    """Return the base as it is calibrated with a structure."""
    for name, design in plant.readings(plant.baseline()).items():
        if name.startswith(structure):
            return design
    return plant.baseline()


def _steps(
    plant: PlantModel[Any, Any], read: Mapping[str, Design[Any]], targets: Sequence[Target]
) -> tuple[Explained, ...]:
    """Return what is printed of each step of the programme, and what the readings come to."""
    tolerances = {t.name: t.sigma for t in targets}
    nets: dict[str, dict[str, float]] = {}
    for name, design in read.items():
        known = plant.catalogue_of(design.tree)
        variant = plant.with_programme(design=design, known=known)
        for step in drawn(Uncertain.of(variant)).steps:
            nets.setdefault(step.name, {})[name] = step.net
    return tuple(
        Explained(step, row.net, tolerances[f"net {step}"], nets[step])
        for step, row in plant.economy.printed_of(nets).items()
        if step != TOTAL and f"net {step}" in tolerances
    )
