"""How well a calibrated plant meets what it was fitted to, and on what numbers it does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

from experiments.output.answer import Answer, Table, paragraphs, plain
from experiments.output.provenance import provenance
from experiments.runner.faults import at_work
from experiments.studies import Plant, plant_of
from experiments.studies.calibrate import command, near_end
from plant_models.chlorobenzene.model import PLANT
from plant_models.methods.calibration import Calibratable
from plant_models.methods.economics import TOTAL
from plant_models.methods.uncertainty import Uncertain, drawn
from plant_models.methods.yardsticks import Yardstick
from plant_models.model import PlantModel
from sim.model.facts import Design
from sim.statistics.fitting import Target
from sim.tables import readable, text_table

BAR = 3.0
"""Tolerances within which a target is met."""

WIDTH = 100


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
        )

    def _of(self, values: Sequence[Any]) -> list[tuple[str, Any]]:
        return list(zip(self.structures, values, strict=True))

    def report(self) -> str:
        """Return targets, net incomes by reading, what others do, and ends of ranges."""
        off = [f"{s}: {name}" for s, name in self.missed]
        return paragraphs(
            self._targets(),
            self._steps(),
            self._yardsticks(),
            self._second(),
            [
                line
                for structure, name, why in self.ends
                for line in wrap(f"{structure}: {name} {why}", WIDTH, subsequent_indent="  ")
            ],
            ["missed by " + "; ".join(off) if off else "nothing is missed"],
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
        }

    def as_json(self) -> dict[str, Any]:
        """Return everything."""
        return {
            **{name: plain(table.records) for name, table in self.tables().items()},
            "missed": [list(each) for each in self.missed],
            "provenance": provenance("fitness"),
        }


def fitness(*, plant: Plant = PLANT) -> Fitness:
    """Tell how well the calibrated plant meets its targets, and on what numbers, by structure.

    A target counts as met within three of its tolerances, a printed net income as explained
    between the lowest and highest of the readings, or within a tolerance of them.

    Parameters
    ----------
    plant
        See `run`.

    Raises
    ------
    LookupError
        A plant that is not calibrated.
    """
    plant = plant_of(plant)
    fits = {name: plant.calibration_of(name) for name in plant.structures}
    with at_work("the calibrated plant"):
        outcomes = [_outcome(of) for of in fits.values()]
        read = plant.readings(plant.baseline())
        steps = _steps(plant, read, fits[plant.structures[0]].targets)
        held = tuple(
            (name, each)
            for name in plant.structures
            for each in plant.yardsticks(_of_structure(plant, name))
        )
    by_target = zip(fits[plant.structures[0]].targets, zip(*outcomes, strict=True), strict=True)
    return Fitness(
        plant,
        tuple(fits),
        tuple(Met(target, values) for target, values in by_target),
        steps,
        held,
        tuple(plant.second_plant()),
        tuple((name, *end) for name, of in fits.items() for end in _ends(of)),
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
        variant = plant.variant(plant.programme, design=design, known=known)
        for step in drawn(Uncertain.of(variant)).steps:
            nets.setdefault(step.name, {})[name] = step.net
    return tuple(
        Explained(step, row.net, tolerances[f"net {step}"], nets[step])
        for step, row in plant.economy.printed_of(nets).items()
        if step != TOTAL and f"net {step}" in tolerances
    )
