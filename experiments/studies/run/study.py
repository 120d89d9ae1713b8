"""One design in operation: its books, its trains, its pictures, mean of the replications."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from experiments.output.answer import Answer, Table
from experiments.output.provenance import provenance
from experiments.runner.horizon import Horizon
from experiments.runner.replicates import Replicated, replicated
from experiments.studies.run.report import run_report
from plant_models.chlorobenzene.model import PLANT
from plant_models.model import PlantModel
from sim.model.facts import Design
from sim.model.schemes import Scheme

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, repr=False)
class Run(Answer):
    """A design in operation.

    Parameters
    ----------
    of : Replicated
    """

    of: Replicated

    def report(self) -> str:
        """Return what the run came to: in, out, operation, trains, closure."""
        return run_report(self.of)

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
        from experiments.studies.run.pictures import of_designs

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
    plant: PlantModel[Any, Any] = PLANT,
    design: Design[Any] | Any | None = None,
    known: Mapping[str, Scheme] | None = None,
) -> Run:
    """Simulate one design under breakdowns, deliveries and seasons.

    Parameters
    ----------
    schemes : scheme set, tree, Design or Variant
    replications, years, seed, start
        Runs, length of each, draws and first day; see `Horizon`.
    record : bool
        Keep traces of the first replication, which pictures need.
    workers : int, optional
        Processes; None takes what pays.
    plant, design, known
        Which plant, and what sets of schemes are put on; see `PlantModel.variant`.

    Raises
    ------
    TypeError, LookupError, ValueError
        Wrong input; a message that names it.
    SimulationFault
        A run that cannot be finished.
    """
    horizon = Horizon(years, seed, replications, start)
    variant = plant.variant(schemes, design=design, known=known)
    (found,) = replicated([variant], horizon, record=record, workers=workers)
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
