"""Every engine case with a known answer: what the engine gives, what is right, how far off."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor

from experiments.cases import Case
from experiments.known_answers import groups


def validate(executor: Executor | None = None, share: float = 1.0) -> list[Case]:
    """Return every case, in the order of ``groups``.

    Parameters
    ----------
    executor : Executor, optional
        Where the groups run, for instance a ``ProcessPoolExecutor``; here where not given.
    share : float
        Share of the full horizons that the random cases run. At 1 the standard error of every
        throughput and availability is at most 0.05 % of the value, so that the three clocks are
        told apart; levels and queues vary more, and their standard error is reported.
    """
    work = groups()
    if executor is None:
        found = [group(share, *arguments) for group, arguments in work]
    else:
        waiting = [executor.submit(group, share, *arguments) for group, arguments in work]
        found = [future.result() for future in waiting]
    return [case for cases in found for case in cases]


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
