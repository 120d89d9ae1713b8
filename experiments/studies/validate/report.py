"""Every engine case with a known answer, as text and as the page docs/validation.md."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import floor, hypot, log10

from experiments.studies.validate.case import CODED, Case
from experiments.studies.validate.chance import CLOCKS, LINES, line_name

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
