"""Every engine case with a known answer: what the engine gives, what is right, how far off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from itertools import combinations
from math import hypot

from experiments.cases import Case
from experiments.known_answers import groups
from experiments.known_random import CLOCKS, LINES, line_name

SAME = 1e-12  # relative; two clocks that give one answer


def validate(executor: Executor | None = None, share: float = 1.0) -> list[Case]:
    """Return every case, in the order of ``groups``; progress shows on a terminal.

    Parameters
    ----------
    executor : Executor, optional
        Where the groups run, for instance a ``ProcessPoolExecutor``; here where not given.
    share : float
        Share of the full horizons that the random cases run. At 1 every standard error is at most
        0.05 % of the value, so that the three clocks are told apart.
    """
    from tqdm import tqdm

    work = groups()
    found = tqdm(
        _results(executor, share), total=len(work), unit="group", disable=None, leave=False
    )
    return [case for cases in found for case in cases]


def _results(executor: Executor | None, share: float) -> Iterator[list[Case]]:
    """Yield the cases of each group, in order."""
    if executor is None:
        yield from (group(share, *arguments) for group, arguments in groups())
        return
    waiting = [executor.submit(group, share, *arguments) for group, arguments in groups()]
    yield from (future.result() for future in waiting)


def clocks_apart(cases: Sequence[Case]) -> dict[str, float]:
    """Return how far apart the failure clocks' throughputs lie, standard errors of a difference.

    Only pairs of clocks whose right answers differ are listed, for each line of two machines.
    """
    known = {case.name: case for case in cases}
    apart = {}
    for letter in LINES:
        throughput = {
            clock: known[f"{line_name(letter, clock)}: throughput, kg/h"] for clock in CLOCKS
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
