"""How often each vent and outfall of a design is beyond the limits that apply to it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.output.answer import Answer, Table
from experiments.output.provenance import provenance
from experiments.runner.faults import at_work
from experiments.runner.horizon import Horizon
from experiments.runner.loop import each
from experiments.runner.tasks import CLOCKS, EVENTS, STEADY
from experiments.studies.limits.report import (
    Compliance,
    figure_table,
    limits_report,
    picture_rows,
)
from plant_models.arguments import place, word
from plant_models.calendar import hours_of
from plant_models.chlorobenzene.model import PLANT
from plant_models.methods.standards import Figure, Standards
from plant_models.model import PlantModel, Variant
from sim.clock.random_streams import RandomStreams
from sim.clock.watch import Exposure, Watch, mean_outflows
from sim.model.facts import Design
from sim.model.schemes import Scheme

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Picture

Exposures = Mapping[Figure, Exposure]


@dataclass(frozen=True, repr=False)
class Limits(Answer):
    """How a design keeps the limits.

    Parameters
    ----------
    kept : Compliance
    """

    kept: Compliance

    def report(self) -> str:
        """Return the vents and outfalls that come near a limit."""
        return limits_report(self.kept)

    def tables(self) -> Mapping[str, Table]:
        """Return every figure with its limit."""
        return {"limits": figure_table(self.kept)}

    def pictures(self) -> Mapping[str, Callable[[], Picture]]:
        """Return the hours beyond limits."""
        return {"limits": self._draw}

    def _draw(self) -> Picture:
        from experiments.output.pictures import blank
        from plant_models.chlorobenzene.figures.beyond import beyond_limits, picture_height

        rows = picture_rows(self.kept)
        figure, (ax,) = blank(picture_height(rows), 1)
        beyond_limits(rows, ax, span=self.kept.hours)
        ax.set_title(f"Hours beyond the limits: {self.kept.variant.name}")
        ax.set_xlabel(f"{ax.get_xlabel()}; *: limit recalled from memory, not re-read")
        return figure

    def as_json(self) -> dict[str, Any]:
        """Return every figure with its limit, and the terms."""
        kept = self.kept
        return {
            "figures": figure_table(kept).records,
            "hours": kept.hours,
            "terms": dict(kept.standards.asked),
            "provenance": provenance(
                "limits",
                kept.variant,
                horizon=kept.horizon,
                clock=STEADY if kept.horizon is None else EVENTS,
                terms=kept.standards.asked,
                without=kept.without,
            ),
        }


def limits(
    schemes: Any = "none",
    *,
    limits_file: Path | str | None = None,
    clock: str = EVENTS,
    years: float = 1.0,
    seed: int = 1,
    replications: int = 1,
    start: str = "01-01",
    without: Collection[str] = (),
    workers: int | None = 1,
    plant: PlantModel[Any, Any] = PLANT,
    design: Design[Any] | Any | None = None,
    known: Mapping[str, Scheme] | None = None,
    **terms: Any,
) -> Limits:
    """Say how often each vent and outfall is beyond the limits of its day.

    Rates are exact between two events; compositions are those of the tanks at the event before.

    Parameters
    ----------
    schemes : scheme set, tree, Design or Variant
    limits_file : path, optional
        A TOML file of limits instead of the plant's own.
    clock : str
        ``events``, or ``steady`` for constant conditions: beyond a limit always or never.
    years, seed, replications, start
        Runs, whose hours are added up; see `Horizon`.
    without : collection of str
        Event sources to leave out.
    workers : int, optional
        Processes; None takes what pays.
    plant, design, known
        Which plant, and what sets of schemes are put on; see `PlantModel.variant`.
    **terms
        Which of the limits apply: for the chlorobenzene line ``set_up``, ``grade``, ``stack`` and
        ``water_grade``.

    Raises
    ------
    TypeError, LookupError, ValueError
        Wrong input, or a plant without limits; a message that names it.
    SimulationFault
        A run that cannot be finished.
    """
    word("clock", clock, CLOCKS)
    horizon = Horizon(years, seed, replications, start)
    left_out = plant.left_out(without)
    file = None if limits_file is None else place("limits_file", limits_file)
    standards = plant.limits(file, **terms)
    variant = plant.variant(schemes, design=design, known=known)
    if clock == STEADY:
        with at_work(f"the {plant.name} with {variant.name}"):
            return Limits(Compliance(variant, standards, None, *_steady(variant, standards)))
    jobs = [(variant, standards, horizon, left_out, n) for n in range(horizon.replications)]
    parts = each(_watched, jobs, workers, "limits")
    hours = sum(part[0] for part in parts)
    exposures = _added([part[1] for part in parts])
    return Limits(Compliance(variant, standards, horizon, hours, exposures, left_out))


def _steady(variant: Variant[Any], standards: Standards) -> tuple[float, Exposures]:
    outcome = variant.plant.steady_state(variant)
    watch = _watch(standards)
    watch.look(0.0, mean_outflows(outcome.ledger))
    watch.close(outcome.operating_hours)
    return watch.hours, _met(watch)


def _watched(
    variant: Variant[Any],
    standards: Standards,
    horizon: Horizon,
    without: tuple[str, ...],
    replication: int,
) -> tuple[float, Exposures]:
    watch = _watch(standards)
    with at_work(f"the {variant.plant.name} with {variant.name}, replication {replication + 1},"):
        plant = variant.plant.running(
            variant,
            RandomStreams(horizon.seed, replication),
            without=without,
            start_hour=horizon.start_hour,
            watch=watch,
        ).plant
        plant.run(hours_of(horizon.years))
        plant.ledger().certificate().enforce()
    return watch.hours, _met(watch)


def _watch(standards: Standards) -> Watch[Figure]:
    bounds = {figure: limit.bounds for figure, limit in standards.applied.items()}
    return Watch(standards.figures, bounds)


def _met(watch: Watch[Figure]) -> Exposures:
    return {figure: of for figure, of in watch.exposures.items() if of.hours > 0.0}


def _added(parts: list[Exposures]) -> Exposures:
    """Return the exposures of all runs together."""
    found: dict[Figure, Exposure] = {}
    for part in parts:
        for figure, of in part.items():
            was = found.get(figure, Exposure())
            found[figure] = Exposure(
                was.hours + of.hours,
                was.beyond + of.beyond,
                was.total + of.total,
                min(was.lowest, of.lowest),
                max(was.highest, of.highest),
            )
    return found
