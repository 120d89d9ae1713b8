"""Lives of equipment from its history: mean times between failures and to repair."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from experiments.output.answer import Answer, Table, paragraphs
from experiments.output.provenance import provenance
from plant_models.arguments import number, place
from plant_models.folder import load
from plant_models.folder.history import FILE, UnitLife, lives, read_history
from plant_models.folder.model import FolderPlant
from plant_models.folder.reading import text_of
from plant_models.folder.writing import facts_text
from plant_models.methods.lifetimes import MeanTime
from sim.errors import look_up
from sim.network.operation import CALENDAR, FailureMode
from sim.tables import WIDTH, percent, readable, text_table

DESIGN = "lives.toml"
WEARS = 2.0  # standard errors of the trend from which on a mean time misleads


@dataclass(frozen=True, repr=False)
class History(Answer):
    """What a record of stops says of every unit."""

    plant: FolderPlant
    lives: tuple[UnitLife, ...]
    level: float

    def report(self) -> str:
        """Return mean times beside those of plant.toml."""
        rows = [
            [
                of.unit,
                str(of.between.events),
                f"{of.between.watched:,.0f}",
                _told(of.between),
                _own(self.stated(of.unit), "mtbf"),
                f"{of.trend:+.1f}" if of.between.events else "",
            ]
            for of in self.lives
        ]
        header = ["equipment", "failures", "watched, h",
                  f"MTBF, h ({percent(self.level)})", "stated", "trend"]  # fmt: skip
        repaired = [
            [of.unit, _told(of.repair), _own(self.stated(of.unit), "mttr")]
            for of in self.lives
            if of.repair.events
        ]
        waits = [of.unit for of in self.lives if of.between.events and self._waits(of)]
        worn = [of.unit for of in self.lives if of.trend > WEARS and of.between.events > 2]
        return paragraphs(
            [f"{self.plant.name}: lives from {FILE}"],
            text_table(header, rows),
            text_table(["equipment", f"MTTR, h ({percent(self.level)})", "stated"], repaired)
            if repaired
            else [],
            [f"{', '.join(worn)}: failures come thicker towards the end; a mean misleads"]
            if worn
            else [],
            textwrap.wrap(WAITS.format(", ".join(waits)), WIDTH) if waits else [],
            NOTES,
        )

    def _waits(self, of: UnitLife) -> bool:
        """Whether a level switch lets the train of a unit wait that ages by run time."""
        train = self.plant.contents.network.train_of(of.unit).name
        kinds = {each.kind for each in self.plant.sheet.operations if each.train == train}
        return of.clock != CALENDAR and "level switch" in kinds

    def stated(self, unit: str) -> FailureMode | None:
        """Return the failure mode that plant.toml gives a unit."""
        return look_up("unit", unit, self.plant.contents.network.units).failure

    def tables(self) -> Mapping[str, Table]:
        """Return the lives."""
        rows = [
            (
                of.unit, of.clock, of.between.events, of.between.watched,
                *_ends(of.between), *_ends(of.repair), of.trend,
            )
            for of in self.lives
        ]  # fmt: skip
        header = ("unit", "clock", "failures", "watched_h", "mtbf_h", "mtbf_low", "mtbf_high",
                  "mttr_h", "mttr_low", "mttr_high", "trend")  # fmt: skip
        return {"lives": Table(header, rows)}

    def documents(self) -> Mapping[str, str | bytes]:
        """Return the estimates as facts, for ``--design``."""
        return {DESIGN: facts_text({p: fact for of in self.lives for p, fact in of.facts.items()})}

    def as_json(self) -> dict[str, Any]:
        """Return the lives."""
        return {
            "lives": self.tables()["lives"].records,
            "level": self.level,
            "provenance": provenance("plant history", self.plant.variant("none")),
        }


WAITS = (
    "{}: a level switch lets the train wait, and a wait counts as run time here where no row "
    "'stop' tells it"
)
NOTES = [
    "MTBF on the clock of the unit's failure mode, exponential, the record ending before the next",
    "failure; MTTR from the beginning of a repair; trend: Laplace's test, above 2 a unit wears out",
    f"--out DIR writes {DESIGN}: run any study with --design {DESIGN} beside --plant",
]


def _told(of: MeanTime) -> str:
    if not of.high > 0.0:
        return "never up"
    if not of.events:
        return f"more than {readable(of.low)}"
    return f"{readable(of.mean)} ({readable(of.low)} to {readable(of.high)})"


def _own(mode: FailureMode | None, name: str) -> str:
    return "" if mode is None else readable(float(getattr(mode, name)))


def _ends(of: MeanTime) -> tuple[float | None, ...]:
    return tuple(x if math.isfinite(x) else None for x in (of.mean, of.low, of.high))


def plant_history(
    folder: FolderPlant | Path | str, *, history_file: Path | str | None = None, level: float = 0.95
) -> History:
    """Estimate mean times between failures and to repair from a record of stops.

    Parameters
    ----------
    folder : path or plant
        The folder, its plant as `plant_models.folder.load` returns it, or the name of one of the
        package.
    history_file : path, optional
        A CSV file instead of the folder's own.
    level : float
        Share of records whose interval holds the true mean.

    Raises
    ------
    LookupError, TypeError, ValueError
        A plant without history; all faults of the file, each with its line.
    """
    number("level", level, 0.5, 0.9999)
    plant = load(folder)
    network = plant.contents.network
    if history_file is not None:
        path = place("history_file", history_file, "CSV file, like 'history.csv'")
        stops = read_history(text_of(path), network, path.name)
    else:
        texts = dict(plant.files)
        if FILE not in texts:
            raise plant.lacks(f"history: no {FILE} in its folder", "plant history")
        stops = read_history(texts[FILE], network)
    return History(plant, lives(stops, network, level, plant.sheet.shifts()), level)
