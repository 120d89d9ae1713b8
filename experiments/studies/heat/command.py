"""The command ``heat``: the heat balance of every unit and of the line."""

from __future__ import annotations

from typing import Any

import click

from experiments.door.faults import at_the_door
from experiments.door.inputs import Checks, read_case, read_schemes
from experiments.door.options import JSON, LINE, default, options, print_json
from experiments.studies.heat.report import heat_report, in_full
from plant_models import chlorobenzene as cb


@click.command()
@options(
    default("--schemes", "none", "S", "Scheme set."),
    LINE,
    JSON,
)
def heat(schemes: str, as_json: bool, **given: Any) -> None:
    """Balance the heat of every unit at constant conditions: steam, cooling, losses, closure."""
    checks = Checks()
    case = read_case(checks, **given)
    ids = read_schemes(checks, case, schemes)
    checks.close()
    with at_the_door():
        state = cb.steady_state(ids, design=case.design, known=case.known)
        balance = state.heat()
    balance.enforce()
    if as_json:
        print_json(**in_full(state, balance))
    else:
        click.echo(heat_report(state, balance))
