"""Every engine case with a known answer: what the engine gives, what is right, how far off."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from experiments.bounds import OF_HORIZONS
from experiments.output.answer import Answer, Table, plain
from experiments.output.provenance import provenance
from experiments.runner.faults import at_work
from experiments.runner.loop import each
from experiments.studies import Plant as AnyPlant
from experiments.studies import plant_of
from experiments.studies.validate.cases import Case
from experiments.studies.validate.flows import (
    deliveries,
    filled_drums,
    fluid_source,
    in_series,
    loop,
    pumps_in_proportion,
    queue,
    second_feed_line,
    steam_for_two,
    steam_left_over,
    stirred,
    washed_by_its_feed,
    washed_out,
)
from experiments.studies.validate.machines import (
    CLOCKS,
    LINES,
    replaced_by_age,
    row_of_three,
    single_machine,
    three_modes,
    two_machine_line,
)
from experiments.studies.validate.printed import PRINTED, Printed, printed_of, shipped
from experiments.studies.validate.programme import self_financed
from experiments.studies.validate.report import (
    clocks_apart,
    report,
    report_clocks,
    report_printed,
    validation_page,
)
from plant_models.arguments import number

COLUMNS = (*(item.name for item in fields(Case)), "ok")


@dataclass(frozen=True, repr=False)
class Validation(Answer):
    """The engine against answers that are known without it, plants against what is printed."""

    cases: tuple[Case, ...]
    share: float  #: Of the full horizons that random cases ran
    printed: tuple[Printed, ...] = ()
    of: str = ""  #: The plant whose printed figures alone were asked for

    def report(self) -> str:
        """Return the cases, how well the clocks are told apart, and the printed figures."""
        engine = f"{report(self.cases)}\n{report_clocks(self.cases)}" if self.cases else ""
        return "\n\n".join(filter(None, (engine, report_printed(self.printed))))

    def page(self) -> str:
        """Return the page ``docs/validation.md``."""
        return validation_page(self.cases, self.share, self.printed)

    def tables(self) -> Mapping[str, Table]:
        """Return the cases, and the printed figures."""
        rows = [tuple(getattr(case, name) for name in COLUMNS) for case in self.cases]
        figures = [tuple(getattr(figure, name) for name in PRINTED) for figure in self.printed]
        found = {"cases": Table(COLUMNS, rows), "printed": Table(PRINTED, figures)}
        return {name: table for name, table in found.items() if table.rows}

    def documents(self) -> Mapping[str, str]:
        """Return the page."""
        return {} if self.of else {"validation.md": self.page()}

    @property
    def failures(self) -> Sequence[str]:
        """The cases that are off."""
        off = [case.name for case in self.cases if not case.ok]
        off += [f"{figure.plant}, {figure.title}" for figure in self.printed if not figure.ok]
        return [f"off: {name}" for name in off]

    def as_json(self) -> dict[str, Any]:
        """Return the cases, how far apart the clocks lie, and the printed figures."""
        tables = {name: plain(table.records) for name, table in self.tables().items()}
        if self.of:
            return {**tables, "provenance": provenance("validate", plant=self.of)}
        return {
            "share": self.share,
            **tables,
            "clocks_apart": clocks_apart(self.cases),
            "provenance": provenance("validate", share=self.share),
        }


def validate(
    share: float = 1.0, *, plant: AnyPlant | None = None, workers: int | None = None
) -> Validation:
    """Run every engine case with a known answer, and hold plants against what is printed of them.

    ``share``: share of the full horizons that the random cases run. At 1 every standard error is at
    most 0.05 % of the value, so that the three clocks are told apart. ``plant``: hold this one
    against what is printed of it (``published.toml`` in its folder), and run no case. ``workers``:
    processes; as many as processors by default.

    Raises
    ------
    TypeError, ValueError
        A share that is no number from 0.001 to 1.
    LookupError
        A plant of which nothing is printed.
    SimulationFault
        A case that cannot be finished.
    """
    share = number("share", share, *OF_HORIZONS)
    if plant is not None:
        if share != 1.0:
            raise ValueError(f"share: goes without plant, which runs no case; came {share:g}")
        of = plant_of(plant)
        return Validation((), share, tuple(printed_of(of, of.name)), of.name)
    jobs = [(group, share, *arguments) for group, arguments in groups()]
    found = each(_worked, jobs, workers, "validate")
    return Validation(tuple(case for cases in found for case in cases), share, tuple(shipped()))


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
        *((second_feed_line, pair) for pair in (("A", "volume"), ("C", "calendar"))),
        (washed_by_its_feed, ()),
        *((steam_for_two, (steam,)) for steam in (6.0, 4.0)),
        (steam_left_over, ()),
        *((pumps_in_proportion, (weights,)) for weights in ((1.0, 1.0, 1.0), (2.0, 4.0, 10.0))),
        (filled_drums, ()),
        (self_financed, ()),
    ]


def _worked(group: Callable[..., list[Case]], share: float, *arguments: object) -> list[Case]:
    with at_work("a case with a known answer"):
        return group(share, *arguments)
