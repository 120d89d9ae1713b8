"""Many designs at once: which sets are asked for, the runner at their service, a summary."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.door.inputs import Case, Checks, quote, read_schemes
from experiments.output.files import ends
from experiments.runner import LineYears, Task, Variant, failures, open_executor, run
from experiments.runner.place import Place, running_at
from experiments.runner.studies import compact
from experiments.runner.tasks import EVENTS
from sim.statistics.intervals import Interval, interval
from sim.tables import readable, text_table

if TYPE_CHECKING:
    import pandas as pd

TOLD = ("chlorobenzene_t", "air.benzene_t", "wastewater_t")
MOST_LINES = 40  # of the summary, and of the failures beside it


def read_sets(checks: Checks, case: Case, texts: Sequence[str], file: str | None) -> list[Variant]:
    """Return the designs of a command and of a file with one set a line, ``#`` for comments."""
    nothing: list[str] = []
    lines = checks.read(_lines, file, otherwise=nothing)
    variants: dict[tuple[str, ...], Variant] = {}
    for text in (*texts, *lines):
        before = len(checks.faults)
        ids = read_schemes(checks, case, text)
        if len(checks.faults) > before:
            continue
        if ids in variants:
            name = variants[ids].label
            checks.faults.append(ValueError(f"{quote(text)}: the set {name} is given twice"))
        variants[ids] = Variant(ids, label=compact(ids, case.known))
    if not variants and not checks.faults:
        checks.faults.append(ValueError('no sets given: write them like none "F1-F4", or --sets'))
    return list(variants.values())


def _lines(file: str | None) -> list[str]:
    if file is None:
        return []
    try:
        text = Path(file).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise ValueError(f"--sets: {file} is not UTF-8 text") from None
    stripped = (line.partition("#")[0].strip() for line in text.splitlines())
    return [line for line in stripped if line]


def line_years(case: Case, clock: str = EVENTS) -> LineYears:
    """Return the task that the options of a command describe."""
    return LineYears(
        years=case.years,
        seed=case.seed,
        start_hour=case.start_hour,
        clock=clock,
        design=case.design,
        known=case.known,
    )


def run_there(
    cases: Sequence[Any], replications: int, task: Task, place: Place, chunk: int | None = None
) -> pd.DataFrame:
    """Return the table of all runs; whatever goes wrong becomes one message (`running_at`)."""
    with running_at(place), open_executor(place.workers, place.scheduler) as (executor, hint):
        return run(
            cases,
            replications,
            task=task,
            executor=executor,
            in_flight=hint,
            store=place.out,
            chunk=chunk,
        )


def summary(table: pd.DataFrame, names: Sequence[str], units: Mapping[str, str]) -> list[str]:
    """Return lines with the mean of each design, and its 95 % interval."""
    several = int(table["replication"].max()) > 0
    header = ["schemes", "runs"]
    for name in names:
        header += [name, "+- 95 %"] if several else [name]
    rows = []
    for label, means in list(means_of(table, names).items())[:MOST_LINES]:
        row = [label, f"{next((of.n for of in means.values() if of), 0)}"]
        for of in means.values():
            row.append(readable(of.mean) if of else "failed")
            if several:
                row.append(readable(of.half_width) if of and of.n > 1 else "")
        rows.append(row)
    lines = text_table(header, rows)
    rest = table["case"].nunique() - len(rows)
    if rest:
        lines.append(f"... and {rest:,} designs more")
    lines += ["", "; ".join(f"{name} in {units[name]}" for name in names)]
    return lines


def means_of(table: pd.DataFrame, names: Iterable[str]) -> dict[str, dict[str, Interval | None]]:
    """Return mean and 95 % interval of each figure by design; nothing where every run failed."""
    means: dict[str, dict[str, Interval | None]] = {}
    names = list(names)
    for _, runs in table.groupby("case", sort=True):
        good = runs[runs["error"].isna()]
        means[str(runs["label"].iloc[0])] = {
            name: interval(good[name].tolist()) if len(good) else None for name in names
        }
    return means


def failure_lines(table: pd.DataFrame) -> list[str]:
    """Return which runs failed, and why."""
    failed = failures(table)
    if not len(failed):
        return []
    first = failed.head(MOST_LINES)
    rows = [
        f"  {label}, replication {replication + 1}: {error}"
        for label, replication, error in zip(
            first["label"], first["replication"], first["error"], strict=True
        )
    ]
    rest = len(failed) - len(rows)
    rows += [f"  ... and {rest:,} more"] * bool(rest)
    return [f"{len(failed):,} of {len(table):,} runs failed:", *rows]


def in_json(
    table: pd.DataFrame, cases: Sequence[Variant], units: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Return each design as JSON can hold it: means, ends of intervals, failures."""
    failed = failures(table)
    designs = []
    for number, means in enumerate(means_of(table, units).values()):
        errors = failed[failed["case"] == number]
        designs.append(
            {
                "name": str(cases[number]),
                "schemes": list(cases[number].schemes),
                "indicators": {name: of.mean if of else None for name, of in means.items()},
                "intervals": {
                    name: dict(zip(("low", "high"), ends(of) if of else (None, None), strict=True))
                    for name, of in means.items()
                },
                "failed": {
                    str(r): error
                    for r, error in zip(errors["replication"], errors["error"], strict=True)
                },
            }
        )
    return designs
