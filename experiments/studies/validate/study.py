"""Every engine case with a known answer: what the engine gives, what is right, how far off."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import combinations
from math import floor, hypot, log10
from typing import Any

from experiments.output.answer import Answer, Table, plain
from experiments.output.provenance import provenance
from experiments.runner.faults import at_work
from experiments.runner.loop import each
from experiments.studies.validate.cases import (
    CLOCKS,
    CODED,
    LINES,
    Case,
    deliveries,
    filled_drums,
    fluid_source,
    in_series,
    line_name,
    loop,
    queue,
    replaced_by_age,
    row_of_three,
    self_financed,
    single_machine,
    stirred,
    three_modes,
    two_machine_line,
    washed_out,
)
from plant_models.arguments import number

SHARES = (0.001, 1.0)
COLUMNS = (*(item.name for item in fields(Case)), "ok")


@dataclass(frozen=True, repr=False)
class Validation(Answer):
    """The engine against answers that are known without it.

    Parameters
    ----------
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


SAME = 1e-12  # relative; two clocks that give one answer
ROUNDING = 1e-12  # relative

INTRODUCTION = """\
# Validation

The engine against answers that are known without it: closed forms, queueing theory, Markov
processes solved by other means, arithmetic. Each case is a small plant in
`plant_models/benchmarks/`; its answers are in `plant_models/benchmarks/oracles/`. This page is what
`python -m experiments validate {share}--page` prints; a test holds its exact cases against those
that it computes.

{horizon}

A random case is judged by its distance in standard errors (z, at most 3), an exact one by its
relative error. What the model of the plant says of Taiyuan is another matter: see
[calibration](calibration.md) and [the source](paper_check.md).
"""

WHOLE = "Random cases ran their full horizons."
PART = """\
Random cases ran {share:g} of their full horizons, so that their standard errors are about
{factor:.0f} times those of `python -m experiments validate`, which takes some minutes."""


def clocks_apart(cases: Sequence[Case]) -> dict[str, float]:
    """Return how far apart the failure clocks' throughputs lie, standard errors of a difference.

    Only pairs of clocks whose right answers differ are listed, for each line of two machines.
    """
    known = {case.name: case for case in cases}
    apart = {}
    for letter in LINES:
        throughput = {
            clock: known[name]
            for clock in CLOCKS
            if (name := f"{line_name(letter, clock)}: throughput, kg/h") in known
        }
        for (clock, a), (other, b) in combinations(throughput.items(), 2):
            if abs(a.expected - b.expected) > SAME * a.expected:
                error = hypot(a.standard_error * a.expected, b.standard_error * b.expected)
                apart[f"{letter}, {clock} - {other}"] = abs(a.expected - b.expected) / error
    return apart


def report(cases: Sequence[Case]) -> str:
    """Return the cases as a table, and how many are within their tolerance."""
    width = max(len(case.name) for case in cases)
    lines = [
        f"{'case':{width}}  {'value':>14}  {'expected':>14}  {'error':>9}  {'within':>7}  s.e."
    ]
    for case in cases:
        error = f"z {case.error:+.2f}" if case.kind == "z" else f"{case.error:.1e}"
        spread = f"{100.0 * case.standard_error:.3f} %" if case.kind == "z" else ""
        lines.append(
            f"{case.name:{width}}  {case.value:14.10g}  {case.expected:14.10g}  {error:>9}  "
            f"{case.tolerance:7.2g}  {spread}{'' if case.ok else '  <-- off'}".rstrip()
        )
    good = sum(case.ok for case in cases)
    return "\n".join([*lines, f"{good} of {len(cases)} cases agree"])


def report_clocks(cases: Sequence[Case]) -> str:
    """Return a sentence on how well the three failure clocks are told apart."""
    apart = [f"{pair} {distance:.0f}" for pair, distance in clocks_apart(cases).items()]
    return f"Clocks apart, in standard errors of the difference: {'; '.join(apart)}"


def validation_page(cases: Sequence[Case], share: float) -> str:
    """Return the page: what was compared, a row a case, and how many agree."""
    option = "" if share == 1.0 else f"--share {share:g} "
    horizon = WHOLE if share == 1.0 else PART.format(share=share, factor=share**-0.5)
    good = sum(case.ok for case in cases)
    return "\n".join(
        [
            INTRODUCTION.format(share=option, horizon=horizon),
            f"**{good} of {len(cases)} cases agree.**\n",
            "| case | value | expected | error | within | standard error |",
            "|---|---:|---:|---:|---:|---:|",
            *(row(case) for case in cases),
            f"\n{report_clocks(cases)}.",
            "",
        ]
    )


def row(case: Case) -> str:
    """Return the row of a case; of an exact one the error by its power of ten.

    Sums of floats round differently on another machine, and the page should not.
    """
    expected = f"{case.expected:.10g}"
    if case.kind == "z":
        value, error = f"{case.value:.6g}", f"z {case.error:+.2f}"
        spread = f"{100.0 * case.standard_error:.3f} %"
    else:
        within = case.ok and abs(case.error) <= CODED
        value = expected if within else f"{case.value:.7g}"
        error, spread = bound(case), ""
    flag = "" if case.ok else " **off**"
    return (
        f"| {case.name}{flag} | {value} | {expected} | {error} | {case.tolerance:.2g} | {spread} |"
    )


def bound(case: Case) -> str:
    """Return the power of ten, or the tolerance, that an error lies below."""
    error = abs(case.error)
    if error < ROUNDING:
        return "rounding"
    power = 10.0 ** (floor(log10(error)) + 1)
    return f"< {min(power, case.tolerance) if case.ok else power:.2g}"
