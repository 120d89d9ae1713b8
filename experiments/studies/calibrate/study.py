"""Calibration: the fit itself, and what it writes."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from experiments.output.files import whole_folder, write_json, write_rows
from experiments.runner.executors import open_executor
from experiments.runner.studies import installed_version
from plant_models.chlorobenzene.ranges.calibrated import FILE, document
from plant_models.chlorobenzene.ranges.calibration import (
    Parameter,
    Programme,
    fingerprint,
    parameters,
    targets,
)
from sim.statistics.fitting import Fit, fit

DIGITS = 6  # of what is written: far finer than any spread, coarser than rounding of a machine
TELLING = 0.3  # correlation from which a pair is written
CHUNK = 8  # steady states handed to a worker at a time
COMMAND = "python -m experiments calibrate"
HEADER = f"""\
# Written by `{COMMAND}`; do not edit. Calibrated, not measured: values
# moved within their ranges to meet Tables 1-2 and 1-3 of the source (docs/calibration.md).
# spread: standard deviation of the linearised posterior. moved: by how many spreads of the prior
# (a quarter of the range). identified: 1 - spread afterwards over before; 0 where data say nothing.
"""


@dataclass(frozen=True)
class Calibration:
    """A fit of the line's free parameters, with values as they are written."""

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


def calibrate(
    workers: int = 2, progress: Callable[[int, float], None] | None = None
) -> Calibration:
    """Return the calibrated line.

    Parameters
    ----------
    workers : int
        Processes that share the steady states; the result does not depend on it.
    progress : callable, optional
        Told the step and the sum of squares.

    Raises
    ------
    RuntimeError
        If the fit does not converge.
    """
    free = parameters()
    with open_executor(workers) as (pool, _):
        programme = Programme(lambda solve, jobs: pool.map(solve, jobs, chunksize=CHUNK))
        found = fit(programme, [p.prior for p in free], targets(), progress=progress)
        if not found.converged:
            raise RuntimeError(f"the fit does not converge in {found.steps} steps")
        point = tuple(
            min(max(rounded(x), p.prior.low), p.prior.high)
            for x, p in zip(found.point, free, strict=True)
        )
        (outcome,) = programme([point])
    assert outcome is not None
    return Calibration(free, replace(found, point=point, outcome=outcome))


def rounded(value: float) -> float:
    """Return a value to as many digits as are written.

    >>> rounded(0.123456789)
    0.123457
    """
    return float(f"{value:.{DIGITS}g}")


def stale() -> str:
    """Return why ``data/calibrated.toml`` is not what its inputs ask for; empty if it is."""
    if not document():
        return f"there is no data/calibrated.toml; run: {COMMAND}"
    told = document()["inputs"]["fingerprint"]
    if told != fingerprint():
        return (
            "data/calibrated.toml was fitted to other facts, schemes, prices or targets than the "
            f"data files hold now; run: {COMMAND}"
        )
    return ""


def as_toml(found: Calibration) -> str:
    """Return the text of ``calibrated.toml``."""
    lines = [HEADER, "[inputs]", f'fingerprint = "{fingerprint()}"']
    for row in rows(found):
        lines += ["", f'[{row["kind"]}."{row["name"]}"]']
        lines += [f"{key} = {row[key]!r}" for key in NUMBERS]
        if row["remark"]:
            lines.append(f'remark = "{row["remark"]}"')
    return "\n".join(lines) + "\n"


NUMBERS = ("value", "prior", "low", "high", "spread", "moved", "identified")


def rows(found: Calibration) -> list[dict[str, Any]]:
    """Return the parameters, a row each."""
    told = zip(
        found.parameters,
        found.fit.point,
        found.fit.spreads,
        found.fit.moved,
        found.fit.identified,
        strict=True,
    )
    return [
        {
            "kind": p.kind,
            "name": p.name,
            "unit": p.unit,
            "source": p.source,
            "value": value,
            "prior": p.prior.value,
            "low": p.prior.low,
            "high": p.prior.high,
            "spread": float(f"{spread:.3g}"),
            "moved": round(moved, 3) + 0.0,
            "identified": round(abs(identified), 3),
            "remark": found.remark(p),
        }
        for p, value, spread, moved, identified in told
    ]


def residuals(found: Calibration) -> list[dict[str, Any]]:
    """Return the targets, a row each: aim, model, deviation relative to the aim."""
    return [
        {
            "target": target.name,
            "aim": target.value,
            "tolerance": rounded(target.sigma),
            "model": rounded(shown),
            "deviation": round(shown / target.value - 1.0, 5),
        }
        for target, shown in zip(found.fit.targets, found.fit.outcome, strict=True)
    ]


def pairs(found: Calibration) -> list[dict[str, Any]]:
    """Return the pairs of parameters that the data tie together, the strongest first."""
    return [
        {"one": one, "other": other, "correlation": round(r, 3)}
        for one, other, r in found.fit.correlations(at_least=TELLING)
    ]


def in_full(found: Calibration) -> dict[str, Any]:
    """Return everything as JSON can hold it."""
    return {
        "targets": residuals(found),
        "parameters": rows(found),
        "correlations": pairs(found),
        "provenance": {
            "program": "cleanerline",
            "version": installed_version("cleanerline"),
            "inputs": fingerprint(),
            "steps": found.fit.steps,
            "evaluations": found.fit.evaluations,
        },
    }


def write_file(found: Calibration) -> None:
    """Put the calibrated values where the baseline finds them."""
    place = Path(str(FILE))
    draft = place.with_name(f".{place.name}-{secrets.token_hex(4)}")
    try:
        draft.write_text(as_toml(found), encoding="utf-8", newline="\n")
        draft.replace(place)
    finally:
        draft.unlink(missing_ok=True)


def write_tables(folder: Path, found: Calibration) -> None:
    """Write calibrated values, targets, parameters and correlations into a folder."""
    told = in_full(found)
    with whole_folder(folder) as draft:
        (draft / "calibrated.toml").write_text(as_toml(found), encoding="utf-8", newline="\n")
        for name in ("targets", "parameters", "correlations"):
            table = told[name]
            header = list(table[0]) if table else ["one", "other", "correlation"]
            write_rows(draft / f"{name}.csv", header, [list(row.values()) for row in table])
        write_json(draft / "provenance.json", {"command": "calibrate", **told["provenance"]})
