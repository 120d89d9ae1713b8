"""Calibration of a plant: its free parameters, moved within their ranges to meet its targets."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from experiments.output.answer import Answer, Table
from experiments.output.provenance import provenance
from experiments.runner.executors import open_executor
from experiments.runner.faults import at_work
from experiments.studies.calibrate.fitted import COMMAND, Fitted, rounded
from experiments.studies.calibrate.report import calibration_report
from plant_models.chlorobenzene.model import PLANT
from plant_models.methods.calibration import Calibratable
from plant_models.model import PlantModel
from sim.statistics.fitting import fit

CHUNK = 8  # steady states handed to a worker at a time


@dataclass(frozen=True, repr=False)
class Calibration(Answer):
    """A calibrated plant.

    Parameters
    ----------
    of : Calibratable
    found : Fitted
    """

    of: Calibratable
    found: Fitted

    def report(self) -> str:
        """Return residuals, what the data identify, what they tie together, bounds."""
        return calibration_report(self.found)

    def tables(self) -> Mapping[str, Table]:
        """Return targets, parameters and correlations."""
        found = self.found
        return {
            "targets": found.residuals,
            "parameters": found.values,
            "correlations": found.pairs,
        }

    def documents(self) -> Mapping[str, str]:
        """Return the calibrated values as the baseline reads them."""
        return {self.of.file.name: self.found.as_toml(self.of)}

    def as_json(self) -> dict[str, Any]:
        """Return everything."""
        fit = self.found.fit
        return {
            **{name: table.records for name, table in self.tables().items()},
            "provenance": provenance(
                "calibrate",
                inputs=self.of.fingerprint,
                steps=fit.steps,
                evaluations=fit.evaluations,
            ),
        }

    def keep(self) -> None:
        """Put the calibrated values where the baseline of the plant finds them."""
        place = self.of.file
        draft = place.with_name(f".{place.name}-{secrets.token_hex(4)}")
        try:
            draft.write_text(self.found.as_toml(self.of), encoding="utf-8", newline="\n")
            draft.replace(place)
        finally:
            draft.unlink(missing_ok=True)


def calibrate(
    *,
    workers: int | None = None,
    plant: PlantModel[Any, Any] = PLANT,
    progress: Callable[[int, float], None] | None = None,
) -> Calibration:
    """Fit the free parameters of a plant to its targets, within their ranges.

    Nothing is written: ``save`` puts the values into a folder, ``keep`` into the baseline.

    Parameters
    ----------
    workers : int, optional
        Processes that share the steady states; the result does not depend on it.
    plant : PlantModel
    progress : callable, optional
        Told the step and the sum of squares.

    Raises
    ------
    LookupError
        A plant without free parameters and targets.
    TypeError, ValueError
        Workers that are no whole number of 1 or more.
    SimulationFault
        If the fit does not converge.
    """
    of = plant.calibration
    free = of.parameters
    with open_executor(workers) as (pool, _), at_work("the calibration"):
        model = of.model(lambda solve, jobs: pool.map(solve, jobs, chunksize=CHUNK))
        found = fit(model, [p.prior for p in free], of.targets, progress=progress)
        if not found.converged:
            raise RuntimeError(f"the fit does not converge in {found.steps} steps")
        point = tuple(
            min(max(rounded(x), p.prior.low), p.prior.high)
            for x, p in zip(found.point, free, strict=True)
        )
        (outcome,) = model([point])
    assert outcome is not None
    return Calibration(of, Fitted(free, replace(found, point=point, outcome=tuple(outcome))))


def stale(plant: PlantModel[Any, Any] = PLANT) -> str:
    """Return why the calibrated values are not what their inputs ask for; empty if they are."""
    of = plant.calibration
    file = f"data/{of.file.name}"
    if not of.written:
        return f"there is no {file}; run: {COMMAND}"
    if of.written["inputs"]["fingerprint"] != of.fingerprint:
        return (
            f"{file} was fitted to other facts, schemes, prices or targets than the "
            f"data files hold now; run: {COMMAND}"
        )
    return ""
