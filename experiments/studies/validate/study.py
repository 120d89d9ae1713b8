"""Every engine case with a known answer: what the engine gives, what is right, how far off."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from experiments.output.answer import Answer, Table, plain
from experiments.output.provenance import provenance
from experiments.runner.faults import at_work
from experiments.runner.loop import each
from experiments.studies.validate.case import Case
from experiments.studies.validate.chance import (
    CLOCKS,
    LINES,
    fluid_source,
    queue,
    replaced_by_age,
    row_of_three,
    single_machine,
    three_modes,
    two_machine_line,
)
from experiments.studies.validate.exact import (
    deliveries,
    filled_drums,
    in_series,
    loop,
    self_financed,
    stirred,
    washed_out,
)
from experiments.studies.validate.report import (
    clocks_apart,
    report,
    report_clocks,
    validation_page,
)
from plant_models.arguments import number

SHARES = (0.001, 1.0)
COLUMNS = (*(item.name for item in fields(Case)), "ok")


@dataclass(frozen=True, repr=False)
class Validation(Answer):
    """The engine against answers that are known without it.

    Parameters
    ----------
    cases : tuple of Case
    share : float
        Of the full horizons that random cases ran.
    """

    cases: tuple[Case, ...]
    share: float

    def report(self) -> str:
        """Return the cases, and how well the clocks are told apart."""
        return f"{report(self.cases)}\n{report_clocks(self.cases)}"

    def page(self) -> str:
        """Return the page ``docs/validation.md``."""
        return validation_page(self.cases, self.share)

    def tables(self) -> Mapping[str, Table]:
        """Return the cases."""
        rows = [tuple(getattr(case, name) for name in COLUMNS) for case in self.cases]
        return {"cases": Table(COLUMNS, rows)}

    def documents(self) -> Mapping[str, str]:
        """Return the page."""
        return {"validation.md": self.page()}

    @property
    def failures(self) -> Sequence[str]:
        """The cases that are off."""
        return [f"off: {case.name}" for case in self.cases if not case.ok]

    def as_json(self) -> dict[str, Any]:
        """Return the cases, and how far apart the clocks lie."""
        return {
            "share": self.share,
            "cases": plain(self.tables()["cases"].records),
            "clocks_apart": clocks_apart(self.cases),
            "provenance": provenance("validate", share=self.share),
        }


def validate(share: float = 1.0, *, workers: int | None = None) -> Validation:
    """Run every engine case with a known answer.

    Parameters
    ----------
    share : float
        Share of the full horizons that the random cases run. At 1 every standard error is at most
        0.05 % of the value, so that the three clocks are told apart.
    workers : int, optional
        Processes; as many as processors by default.

    Raises
    ------
    TypeError, ValueError
        A share that is no number from 0.001 to 1.
    SimulationFault
        A case that cannot be finished.
    """
    share = number("share", share, *SHARES)
    jobs = [(group, share, *arguments) for group, arguments in groups()]
    found = each(_worked, jobs, workers, "validate")
    return Validation(tuple(case for cases in found for case in cases), share)


def groups() -> list[tuple[Callable[..., list[Case]], tuple[object, ...]]]:
    """Return every group of cases: a function and its arguments after the share."""
    laws = (
        ("exponential", "exponential", "volume"),
        ("exponential", "lognormal", "run time"),
        ("weibull", "constant", "calendar"),
    )
    return [
        *((two_machine_line, (letter, clock)) for letter in LINES for clock in CLOCKS),
        *((loop, (fraction,)) for fraction in (0.3, 0.48, 0.7, 0.9)),
        *((single_machine, law) for law in laws),
        *((row_of_three, (clock,)) for clock in CLOCKS),
        (replaced_by_age, ()),
        *((three_modes, (how,)) for how in ("competing", "independent")),
        (deliveries, (40.0,)),
        (deliveries, (48.0, 1e3, 58.0)),
        (deliveries, (60.0, 60.0, 60.0)),
        (fluid_source, ()),
        *((queue, (law,)) for law in ("exponential", "constant")),
        (stirred, ("well-mixed tank", 2.5, 2.5, 12.0, 0.2, 0.9, 9.0)),
        (stirred, ("filling tank", 3.0, 2.0, 10.0, 0.2, 0.9, 8.0)),
        (washed_out, ()),
        *((in_series, (loaded,)) for loaded in ("all", "first")),
        (filled_drums, ()),
        (self_financed, ()),
    ]


def _worked(group: Callable[..., list[Case]], share: float, *arguments: object) -> list[Case]:
    with at_work("a case with a known answer"):
        return group(share, *arguments)
