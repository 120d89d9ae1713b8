"""The page docs/validation.md: every engine case with a known answer, as one Markdown table."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor, log10

from experiments.studies.validate.case import CODED, Case
from experiments.studies.validate.study import report_clocks

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
