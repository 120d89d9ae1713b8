"""What came of it, on a screen and on the page docs/validation.md."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import floor, hypot, log10

from experiments.studies.validate.cases import CODED, Case
from experiments.studies.validate.machines import CLOCKS, LINES, line_name
from experiments.studies.validate.printed import Printed
from sim.tables import text_table

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
[calibration](calibration.md) and [the source](paper_check.md); what it says of another plant of the
kind, unfitted, stands [there](calibration.md#a-second-plant-of-the-kind), too.
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


OFF = "<-- off"


def report(cases: Sequence[Case]) -> str:
    """Return the cases as a table, and how many are within their tolerance."""
    rows = []
    for case in cases:
        error = f"z {case.error:+.2f}" if case.kind == "z" else f"{case.error:.1e}"
        spread = f"{100.0 * case.standard_error:.3f} %" if case.kind == "z" else ""
        figures = f"{case.value:.10g}", f"{case.expected:.10g}", error, f"{case.tolerance:.2g}"
        rows.append([case.name, *figures, spread, "" if case.ok else OFF])
    header = ["case", "value", "expected", "error", "within", "s.e.", ""]
    lines = text_table(header, rows, left=(0, 6))
    good = sum(case.ok for case in cases)
    return "\n".join([*lines, f"{good} of {len(cases)} cases agree"])


def report_printed(figures: Sequence[Printed]) -> str:
    """Return printed figures beside the models', and why they may differ."""
    lines = []
    for name in dict.fromkeys(figure.plant for figure in figures):
        own = [figure for figure in figures if figure.plant == name]
        rows = [
            [figure.title, f"{figure.printed:.6g}", f"{figure.value:.6g}", f"{figure.within:.2g}",
             figure.unit, "" if figure.ok else OFF]
            for figure in own
        ]  # fmt: skip
        header = [f"printed of the {name}", "printed", "model", "within", "unit", ""]
        head, *told = text_table(header, rows, left=(0, 4, 5))
        lines.append(head)
        for line, figure in zip(told, own, strict=True):
            lines += [line, f"    {figure.reason} ({figure.source})"]
        lines.append("")
    if figures:
        good = sum(figure.ok for figure in figures)
        lines.append(f"{good} of {len(figures)} printed figures are met")
    return "\n".join(lines)


def report_clocks(cases: Sequence[Case]) -> str:
    """Return a sentence on how well the three failure clocks are told apart."""
    apart = [f"{pair} {distance:.0f}" for pair, distance in clocks_apart(cases).items()]
    return f"Clocks apart, in standard errors of the difference: {'; '.join(apart)}"


PRINTED_FIGURES = """
## What is printed of plants

Plants that are built after a published text have its figures in their ``published.toml``, and how
the model's figure is made of indicators. `python -m experiments validate --plant plating` shows
those of one plant, or of your own folder.

| plant | figure | printed | model | within | unit | why |
|---|---|---:|---:|---:|---|---|"""


def validation_page(cases: Sequence[Case], share: float, printed: Sequence[Printed] = ()) -> str:
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
            *([PRINTED_FIGURES] if printed else []),
            *map(printed_row, printed),
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


def printed_row(figure: Printed) -> str:
    """Return the row of a printed figure."""
    flag = "" if figure.ok else " **off**"
    return (
        f"| {figure.plant} | {figure.title}{flag} | {figure.printed:g} | {figure.value:.6g} | "
        f"{figure.within:.2g} | {figure.unit} | {figure.reason} |"
    )


def bound(case: Case) -> str:
    """Return the power of ten, or the tolerance, that an error lies below."""
    error = abs(case.error)
    if error < ROUNDING:
        return "rounding"
    power = 10.0 ** (floor(log10(error)) + 1)
    return f"< {min(power, case.tolerance) if case.ok else power:.2g}"
