"""Calibration of a plant: its free parameters, moved within their ranges to meet its targets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from textwrap import wrap
from typing import Any

from experiments.output.answer import Answer, Table, paragraphs
from experiments.output.files import write_whole
from experiments.output.provenance import provenance
from experiments.runner.executors import open_executor
from experiments.runner.faults import at_work
from experiments.studies import Plant, plant_of
from plant_models.chlorobenzene.model import PLANT
from plant_models.methods.calibration import Calibratable, Parameter
from sim.statistics.fitting import Fit, fit
from sim.tables import text_table

DIGITS = 6  # of what is written: far finer than any spread, coarser than rounding of a machine
TELLING = 0.3  # correlation from which a pair is written
COMMAND = "python -m experiments calibrate"
HEADER = f"""\
# Written by `{COMMAND}`; do not edit. Calibrated, not measured: values
# moved within their ranges to meet {{aims}}.
# spread: standard deviation of the linearised posterior. moved: by how many spreads of the prior
# (a quarter of the range). identified: 1 - spread afterwards over before; 0 where data say nothing.
"""
NUMBERS = ("value", "prior", "low", "high", "spread", "moved", "identified")
PARAMETERS = ("kind", "name", "unit", "source", *NUMBERS, "remark")


@dataclass(frozen=True)
class Fitted:
    """A fit of a plant's free parameters, with values as they are written."""

    parameters: tuple[Parameter, ...]
    fit: Fit

    def remark(self, parameter: Parameter) -> str:
        """Return why a parameter stands at an end of its range; empty where it does not."""
        end = self.fit.at_bounds.get(parameter.name)
        if end is None:
            return ""
        pulls = list(self.fit.pulls(parameter.name).items())[:2]
        told = " and ".join(f"{name} ({share:.0%} of the pull)" for name, share in pulls)
        return f"at the {end} end of its range; {told} would take it further"

    @property
    def values(self) -> Table:
        """The parameters, a row each."""
        told = zip(
            self.parameters,
            self.fit.point,
            self.fit.spreads,
            self.fit.moved,
            self.fit.identified,
            strict=True,
        )
        return Table(
            PARAMETERS,
            [
                (
                    *(p.kind, p.name, p.unit, p.source),
                    *(value, p.prior.value, p.prior.low, p.prior.high),
                    float(f"{spread:.3g}"),
                    round(moved, 3) + 0.0,
                    round(abs(identified), 3),
                    self.remark(p),
                )
                for p, value, spread, moved, identified in told
            ],
        )

    @property
    def residuals(self) -> Table:
        """The targets, a row each: aim, model, deviation relative to the aim."""
        return Table(
            ("target", "aim", "tolerance", "model", "deviation"),
            [
                (
                    target.name,
                    target.value,
                    rounded(target.sigma),
                    rounded(shown),
                    round(shown / target.value - 1.0, 5),
                )
                for target, shown in zip(self.fit.targets, self.fit.outcome, strict=True)
            ],
        )

    @property
    def pairs(self) -> Table:
        """The pairs of parameters that the data tie together, the strongest first."""
        return Table(
            ("one", "other", "correlation"),
            [(a, b, round(r, 3)) for a, b, r in self.fit.correlations(at_least=TELLING)],
        )

    def as_toml(self, of: Calibratable) -> str:
        """Return the text of ``calibrated.toml``."""
        lines = [HEADER.format(aims=of.aims), "[inputs]", f'fingerprint = "{of.fingerprint}"']
        for row in self.values.records:
            lines += ["", f'[{row["kind"]}."{row["name"]}"]']
            lines += [f"{key} = {row[key]!r}" for key in NUMBERS]
            if row["remark"]:
                lines.append(f'remark = "{row["remark"]}"')
        return "\n".join(lines) + "\n"


def rounded(value: float) -> float:
    """Return a value to as many digits as are written.

    >>> rounded(0.123456789)
    0.123457
    """
    return float(f"{value:.{DIGITS}g}")


CHUNK = 8  # steady states handed to a worker at a time


@dataclass(frozen=True, repr=False)
class Calibration(Answer):
    """A calibrated plant."""

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
        write_whole(self.of.file, self.found.as_toml(self.of).encode())


def calibrate(
    *,
    workers: int | None = None,
    plant: Plant = PLANT,
    progress: Callable[[int, float], None] | None = None,
) -> Calibration:
    """Fit the free parameters of a plant to its targets, within their ranges.

    Nothing is written: ``save`` puts the values into a folder, ``keep`` into the baseline.

    Parameters
    ----------
    workers : int, optional
        Processes that share the steady states; the result does not depend on it.
    progress : callable, optional
        Told the step and the sum of squares.

    plant
        See `run`.

    Raises
    ------
    LookupError
        A plant without free parameters and targets.
    TypeError, ValueError
        Workers that are no whole number of 1 or more.
    SimulationFault
        If the fit does not converge.
    """
    plant = plant_of(plant)
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


def stale(plant: Plant = PLANT) -> str:
    """Return why the calibrated values are not what their inputs ask for; empty if they are."""
    plant = plant_of(plant)
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


IDENTIFIED = 0.1  # share of the prior's spread that the data must take away to be worth a line
MOVED = 1.0  # spreads of the prior
STRONGEST = 12
NAME = 52
WIDTH = 100


def calibration_report(found: Fitted) -> str:
    """Return the whole report, for a terminal of 100 columns."""
    told = found.values.records
    return paragraphs(
        [_heading(found)],
        _residuals(found.residuals.records),
        _parameters("identified by the data", [r for r in told if r["identified"] >= IDENTIFIED]),
        _parameters(
            f"moved by more than {MOVED:g} spread, yet hardly identified",
            [r for r in told if abs(r["moved"]) > MOVED and r["identified"] < IDENTIFIED],
        ),
        _pairs(found.pairs.records[:STRONGEST]),
        _bounds(told),
        _notes(told),
    )


def _heading(found: Fitted) -> str:
    fit = found.fit
    return (
        f"{len(fit.priors)} parameters, {len(fit.targets)} targets; "
        f"{fit.steps} steps, {fit.evaluations} evaluations"
    )


def _residuals(told: Sequence[Mapping[str, Any]]) -> list[str]:
    body = [
        [
            row["target"],
            f"{row['aim']:.6g}",
            f"{row['model']:.6g}",
            f"{100.0 * row['deviation']:+.2f} %",
            f"{round((row['model'] - row['aim']) / row['tolerance'], 1) + 0.0:+.1f}",
        ]
        for row in told
    ]
    return text_table(["target", "source", "model", "deviation", "tolerances"], body)


def _parameters(title: str, told: Sequence[Mapping[str, Any]]) -> list[str]:
    if not told:
        return []
    body = [
        [
            _named(row),
            f"{row['prior']:.4g}",
            f"{row['value']:.4g}",
            f"{row['spread']:.2g}",
            f"{row['moved']:+.2f}",
            f"{row['identified']:.2f}",
        ]
        for row in sorted(told, key=lambda row: (-row["identified"], row["name"]))
    ]
    return text_table([title, "prior", "value", "+-", "moved", "identified"], body)


def _pairs(told: Sequence[Mapping[str, Any]]) -> list[str]:
    body = [[row["one"], row["other"], f"{row['correlation']:+.2f}"] for row in told]
    return text_table(["tied together", "and", "correlation"], body, left=(0, 1)) if body else []


def _bounds(told: Sequence[Mapping[str, Any]]) -> list[str]:
    return [
        line
        for row in told
        if row["remark"]
        for line in wrap(f"{_named(row)}: {row['remark']}", WIDTH, subsequent_indent="  ")
    ]


def _notes(told: Sequence[Mapping[str, Any]]) -> list[str]:
    silent = sum(row["identified"] < IDENTIFIED for row in told)
    return [
        f"Of {len(told)} parameters the data leave {silent} nearly as uncertain as they were.",
        "So many parameters on so few targets prove consistency, nothing more: calibrated is not",
        "measured, and no emission of a single scheme follows from the source.",
    ]


def _named(row: Mapping[str, Any]) -> str:
    name: str = row["name"] if row["kind"] != "prices" else f"price of {row['name']}"
    return name if len(name) <= NAME else f"{name[: NAME - 3]}..."
