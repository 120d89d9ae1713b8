"""The command about emission limits: ``limits``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from experiments.door.faults import at_the_door, at_work
from experiments.door.inputs import Checks, read_case, read_number, read_schemes, read_word
from experiments.door.options import JSON, LINE, default, options, print_json, say_where
from experiments.output.files import check_folder, write_tables
from experiments.runner.studies import compact
from experiments.studies.limits.report import in_full, limits_report, picture_rows
from plant_models.chlorobenzene.law.compliance import (
    Compliance,
    Terms,
    compliance,
    steady_compliance,
)
from plant_models.chlorobenzene.law.limits import (
    AIR_GRADES,
    SET_UP,
    WATER_GRADES,
    read_limits,
)
from plant_models.chlorobenzene.law.limits import (
    limits as own_limits,
)

EVENTS, STEADY = "events", "steady"
CLOCKS = (EVENTS, STEADY)


@click.command()
@options(
    default("--schemes", "none", "S", "Scheme set."),
    default("--set-up", "existing", "WHEN", "Limits for sources existing before 1997, or new."),
    default("--grade", "III", "G", "Grade of the area: II or III."),
    default("--stack", "15", "M", "Height of the vents, m."),
    default("--water-grade", "III", "G", "Grade of the receiving water: I, II or III."),
    click.option("--limits", "limits_file", metavar="FILE", help="Your own limits in TOML."),
    default("--clock", EVENTS, "CLOCK", "What yields the flows: events or steady."),
    default("--years", "1", "Y", "Length, in years of 8,760 h."),
    default("--seed", "1", "N", "Seed of all random numbers."),
    default("--replications", "1", "R", "Independent runs, whose hours are added up."),
    default("--start", "01-01", "DATE", "First day, like 07-01; the year does not matter."),
    LINE,
    click.option("--out", metavar="DIR", help="Write the figures and their picture there."),
    JSON,
)
def limits(
    schemes: str,
    set_up: str,
    grade: str,
    stack: str,
    water_grade: str,
    limits_file: str | None,
    clock: str,
    out: str | None,
    as_json: bool,
    **given: Any,
) -> None:
    """Say how often each vent and outfall is beyond the limits of its day."""
    checks = Checks()
    case = read_case(checks, **given)
    ids = read_schemes(checks, case, schemes)
    standing = checks.read(_read_limits, limits_file, otherwise=own_limits())
    terms = Terms(
        set_up=checks.read(read_word, "--set-up", set_up, SET_UP, otherwise="existing"),
        grade=checks.read(read_word, "--grade", grade, AIR_GRADES, otherwise="III"),
        stack=checks.read(read_number, "--stack", stack, 1.0, 300.0, otherwise=15.0),
        water_grade=checks.read(
            read_word, "--water-grade", water_grade, WATER_GRADES, otherwise="III"
        ),
        limits=standing,
    )
    clock = checks.read(read_word, "--clock", clock, CLOCKS, otherwise=EVENTS)
    folder = checks.read(check_folder, out, otherwise=None)
    checks.close()
    with at_work("the line"):
        if clock == STEADY:
            kept = steady_compliance(ids, terms, design=case.design, known=case.known)
        else:
            kept = compliance(
                ids,
                terms,
                years=case.years,
                seed=case.seed,
                replications=case.replications,
                start_hour=case.start_hour,
                design=case.design,
                known=case.known,
            )
    told = in_full(kept, case, clock)
    if folder is not None:
        with at_the_door():
            _write(folder, kept, told, compact(ids, case.known))
    if as_json:
        print_json(**told)
    else:
        click.echo(limits_report(kept, case, clock))
    say_where(folder, out)


def _write(folder: Path, kept: Compliance, told: dict[str, Any], name: str) -> None:
    from experiments.output.pictures import draw_limits

    header = tuple(told["figures"][0]) if told["figures"] else ("point",)
    rows = [tuple(row.values()) for row in told["figures"]]
    write_tables(
        folder,
        {"limits.csv": (header, rows)},
        {"command": "limits", "terms": told["terms"], **told["provenance"]},
        lambda draft: draw_limits(draft / "limits.png", picture_rows(kept), kept.hours, name),
    )


def _read_limits(file: str | None) -> Any:
    return own_limits() if file is None else read_limits(Path(file))
