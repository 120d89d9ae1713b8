"""The folder of a run: tables, provenance and pictures, whole or not there at all."""

from __future__ import annotations

import csv
import json
import re
import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from experiments.runner.studies import Study
from experiments.studies.compare.study import Judgement
from sim.statistics.intervals import Interval

TABLES = ("flows.csv", "indicators.csv", "provenance.json", "cash.csv", "samples.csv",
          "pareto.csv", "cost_curve.csv", "calibrated.toml", "parameters.csv", "targets.csv",
          "correlations.csv", "report.html", "report.md", "limits.csv")  # fmt: skip
PICTURES = ("states.png", "levels.png", "emissions.png", "losses.png", "sankey.png", "cash.png",
            "tornado.png", "pareto.png", "cost_curve.png", "limits.png")  # fmt: skip
OF_A_FIGURE = re.compile(r"(attribution|interactions|shares|waterfall)-[\w.]+\.(csv|png)")


def check_folder(text: str | None) -> Path | None:
    """Return the folder, if a new one can be put there.

    Raises
    ------
    ValueError
        If it is a file, or holds what no run has written.
    OSError
        If nothing can be written there.
    """
    if text is None:
        return None
    if not text.strip():
        raise ValueError(f"--out: expected a folder, came {text!r}")
    folder = Path(text).resolve()
    if folder.exists():
        if not folder.is_dir():
            raise ValueError(
                f"--out: {text} is a file; expected a folder, which need not exist yet"
            )
        foreign = _foreign(folder)
        if foreign:
            raise ValueError(
                f"--out: {text} holds {foreign!r}, which is not the result of a run; "
                "choose an empty or a new folder"
            )
    try:
        _new_sibling(folder).rmdir()
    except OSError as fault:
        raise ValueError(f"--out: {text} cannot be written: {fault.strerror}") from fault
    return folder


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """Give a folder to write into, which takes its place when everything is written."""
    draft = _new_sibling(folder)
    try:
        yield draft
        folder.parent.mkdir(parents=True, exist_ok=True)
        if folder.exists():
            old = _new_sibling(folder)
            old.rmdir()
            folder.rename(old)
            draft.rename(folder)
            shutil.rmtree(old)
        else:
            draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def write_run(folder: Path, study: Study, provenance: Mapping[str, Any]) -> None:
    """Write flows, indicators, provenance and pictures of one design."""
    from experiments.output.pictures import draw_run

    with whole_folder(folder) as draft:
        write_rows(draft / "flows.csv", ("source", *FLOWS), _flow_rows(study))
        rows = [(n, study.units[n], i.mean, *ends(i)) for n, i in study.means.items()]
        write_rows(draft / "indicators.csv", ("indicator", "unit", "mean", "low", "high"), rows)
        write_json(draft / "provenance.json", provenance)
        draw_run(draft, study)


def write_comparison(
    folder: Path, judgements: Sequence[Judgement], provenance: Mapping[str, Any]
) -> None:
    """Write flows, indicators, provenance and pictures of several designs."""
    from experiments.output.pictures import draw_comparison

    before, others = judgements[0].before, [each.after for each in judgements]
    after = ["after"] if len(others) == 1 else [study.name for study in others]
    with whole_folder(folder) as draft:
        flows = [
            (name, *row)
            for name, study in zip(("before", *after), (before, *others), strict=True)
            for row in _flow_rows(study)
        ]
        write_rows(draft / "flows.csv", ("design", "source", *FLOWS), flows)
        rows = [
            row
            for name, each in zip(after, judgements, strict=True)
            for row in _difference_rows(name, each)
        ]
        write_rows(draft / "indicators.csv", DIFFERENCES, rows)
        write_json(draft / "provenance.json", provenance)
        draw_comparison(draft, before, others)


DIFFERENCES = ("design", "indicator", "unit", "before", "after", "difference", "low", "high",
               "p_holm", "paper_says")  # fmt: skip


def _difference_rows(name: str, of: Judgement) -> list[tuple[object, ...]]:
    return [
        (
            name,
            indicator,
            of.before.units[indicator],
            of.before.means[indicator].mean,
            of.after.means[indicator].mean,
            difference.interval.mean,
            *ends(difference.interval),
            of.adjusted.get(indicator),
            -of.paper[indicator] if indicator in of.paper else None,
        )
        for indicator, difference in of.differences.items()
    ]


FLOWS = ("sink", "stream", "medium", "cause", "component", "kg_per_year")


def write_tables(
    folder: Path,
    tables: Mapping[str, tuple[Sequence[str], Sequence[Sequence[object]]]],
    provenance: Mapping[str, Any],
    draw: Callable[[Path], None],
) -> None:
    """Write tables (header and rows, by file name), provenance, and what ``draw`` adds."""
    with whole_folder(folder) as draft:
        for name, (header, rows) in tables.items():
            write_rows(draft / name, header, rows)
        write_json(draft / "provenance.json", provenance)
        draw(draft)


def ends(of: Interval) -> tuple[float | None, float | None]:
    """Return low and high, or nothing where one replication says nothing about the spread."""
    return (of.low, of.high) if of.n > 1 else (None, None)


def ends_of(of: Interval | None) -> dict[str, float | int | None] | None:
    """Return an interval as JSON can hold it."""
    if of is None:
        return None
    ends = (of.low, of.high) if of.n > 1 else (None, None)
    return {"mean": of.mean, "low": ends[0], "high": ends[1], "n": of.n}


def _flow_rows(study: Study) -> list[tuple[str | float, ...]]:
    names = study.first.ledger.components.names
    return [
        (e.source, e.sink, e.stream, e.medium, e.cause, name, amount)
        for e, kg in study.flows.items()
        for name, amount in zip(names, kg.tolist(), strict=True)
        if amount
    ]


def write_rows(path: Path, header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Write a table as CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def write_json(path: Path, value: Mapping[str, Any]) -> None:
    """Write one JSON object."""
    path.write_text(json.dumps(value, indent=2, allow_nan=False) + "\n", encoding="utf-8")


def _foreign(folder: Path) -> str:
    """Return the name of something in the folder that no run has put there."""
    names = sorted(item.name for item in folder.iterdir())
    ours = (*TABLES, *PICTURES)
    strange = [name for name in names if name not in ours and not OF_A_FIGURE.fullmatch(name)]
    if not names or strange:
        return strange[0] if strange else ""
    try:
        told = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return names[0]
    return "" if isinstance(told, dict) and told.get("program") == "cleanerline" else names[0]


def _new_sibling(folder: Path) -> Path:
    """Make an empty folder on the way to where ``folder`` is to be."""
    place = folder.parent
    while not place.exists():
        place = place.parent
    sibling = place / f".{folder.name[:40]}-{secrets.token_hex(4)}"
    sibling.mkdir()
    return sibling
