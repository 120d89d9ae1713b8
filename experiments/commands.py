"""The commands of ``python -m experiments``."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click

from experiments.faults import InputFault, Interrupted, at_the_door, at_work
from experiments.inputs import Case, Checks, read_case, read_number, read_schemes
from experiments.outputs import check_folder, ends, write_comparison, write_run
from experiments.published import PROGRAMME, annual_reductions
from experiments.reports import compare_report, run_report
from experiments.studies import compared, installed_version, provenance, study
from plant_models import chlorobenzene as cb
from sim.errors import did_you_mean

Command = TypeVar("Command", bound=Callable[..., Any])

PROGRAM = "python -m experiments"


class Commands(click.Group):
    """A group whose every failure is one message and an exit code."""

    def main(  # type: ignore[override]  # click overloads it by its mode; here there is one mode
        self, args: Sequence[str] | None = None, **extra: Any
    ) -> NoReturn:
        """Run a command, and leave with its exit code."""
        extra = {**extra, "prog_name": PROGRAM, "standalone_mode": False}
        try:
            code = super().main(args, **extra)
        except click.UsageError as fault:
            about = f" (see '{fault.ctx.command_path} --help')" if fault.ctx else ""
            click.echo(f"error: {fault.format_message()}{about}", err=True)
            sys.exit(InputFault.exit_code)
        except click.ClickException as fault:
            click.echo(f"error: {fault.format_message()}", err=True)
            sys.exit(fault.exit_code)
        sys.exit(code if isinstance(code, int) else 0)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise Interrupted("interrupted; nothing was written") from None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command, or say what comes near."""
        if args and args[0] not in self.commands:
            hint = did_you_mean(args[0], self.commands)
            raise click.UsageError(f"no command {args[0]!r}{hint}", ctx)
        return super().resolve_command(ctx, args)


def _options(*options: Callable[[Command], Command]) -> Callable[[Command], Command]:
    def add(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return add


def _default(name: str, value: str, metavar: str, about: str) -> Callable[[Command], Command]:
    return click.option(name, default=value, show_default=True, metavar=metavar, help=about)


SET = click.option(
    "--set", "settings", multiple=True, metavar="PATH=VALUE",
    help='Set a parameter, as in off_gas_cooler.area="80 m2"; may be repeated.',
)  # fmt: skip
DESIGN = click.option("--design", metavar="FILE", help="Your own facts in TOML, over the baseline.")
SCHEMES_FILE = click.option("--schemes-file", metavar="FILE", help="Your own schemes in TOML.")
CASE = _options(
    _default("--years", "1", "Y", "Length, in years of 8,760 h."),
    _default("--seed", "1", "N", "Seed of all random numbers."),
    _default("--replications", "1", "R", "Independent runs."),
    _default("--start", "01-01", "DATE", "First day, like 07-01; the year does not matter."),
    SET,
    DESIGN,
    SCHEMES_FILE,
    click.option("--out", metavar="DIR", help="Write tables, provenance and figures there."),
    click.option("--json", "as_json", is_flag=True, help="Print one JSON object."),
)  # fmt: skip


@click.group(cls=Commands, invoke_without_command=True, context_settings={"max_content_width": 100})
@click.version_option(installed_version("cleanerline"), message="cleanerline %(version)s")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Run the chlorobenzene line, before and after cleaner production.

    Scheme sets are written none, F1,F5, F1-F4, "F1-F4, F7" or all.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


@cli.command()
@_default("--schemes", "none", "S", "Scheme set.")
@CASE
def run(schemes: str, out: str | None, as_json: bool, **options: Any) -> None:
    """Simulate one design under breakdowns, deliveries and seasons."""
    case, (ids,), folder = _read(options, [schemes], out)
    result = study(case, ids, record=folder is not None)
    origin = {"command": "run", **provenance(case, result)}
    if folder is not None:
        with at_the_door():
            write_run(folder, result, origin)
    if as_json:
        _print_json(
            indicators={name: of.mean for name, of in result.means.items()},
            intervals={name: dict(zip(("low", "high"), ends(of), strict=True))
                       for name, of in result.means.items()},
            units=result.units,
            provenance=origin,
        )  # fmt: skip
    else:
        click.echo(run_report(result))
    _say_where(folder, out)


@cli.command()
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@CASE
def compare(before: str, after: str, out: str | None, as_json: bool, **options: Any) -> None:
    """Simulate two designs under the same breakdowns: B minus A."""
    case, sets, folder = _read(options, [before, after], out)
    one, other = (study(case, ids, record=folder is not None) for ids in sets)
    comparison = compared(one, other)
    paper = annual_reductions() if sets == [(), PROGRAMME] else {}
    origin = {"command": "compare", **provenance(case, one, other)}
    if folder is not None:
        with at_the_door():
            write_comparison(folder, one, other, comparison, paper, origin)
    if as_json:
        _print_json(
            designs=[
                {
                    "name": each.name,
                    "schemes": each.schemes,
                    "indicators": {name: of.mean for name, of in each.means.items()},
                }
                for each in (one, other)
            ],
            differences={
                name: dict(zip(("mean", "low", "high"), (of.mean, *ends(of)), strict=True))
                for name, of in comparison.differences.items()
            },
            paper_says={name: -t for name, t in paper.items()},
            units=comparison.units,
            provenance=origin,
        )
    else:
        click.echo(compare_report(one, other, comparison, paper))
    _say_where(folder, out)


@cli.command()
@click.argument("unit", required=False)
@_options(SET, DESIGN)
def card(unit: str | None, **options: Any) -> None:
    """Print the parameters of a unit, with source, domain and range."""
    checks = Checks()
    case = read_case(checks, **options)
    checks.close()
    with at_the_door():
        told = cb.card(unit, design=case.design)
    click.echo(str(told))


@cli.command()
@click.argument("schemes", metavar="S")
@_options(SET, DESIGN, SCHEMES_FILE)
def explain(schemes: str, **options: Any) -> None:
    """Print what a set of schemes changes, and on whose word."""
    checks = Checks()
    case = read_case(checks, **options)
    ids = read_schemes(checks, case, schemes)
    checks.close()
    with at_the_door():
        told = cb.explain(ids, design=case.design, known=case.known)
    click.echo(str(told))


SHARE = _default("--share", "1", "X", "Share of the full horizons to run, for a quick look.")
JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


@cli.command()
@_options(SHARE, JSON)
def validate(share: str, as_json: bool) -> int:
    """Run every engine case with a known answer; exit code 1 if one is off."""
    part = _read_share(share)
    from experiments import validate as known  # no other command waits for the benchmark plants

    with at_work("a case with a known answer"), ProcessPoolExecutor() as pool:
        cases = known.validate(pool, part)
    if as_json:
        _print_json(share=part, cases=[{**asdict(case), "ok": case.ok} for case in cases])
    else:
        click.echo(known.report(cases))
    return 0 if all(case.ok for case in cases) else 1


@cli.command()
@_options(SHARE, JSON)
def bench(share: str, as_json: bool) -> None:
    """Measure speed, each figure also as a ratio to a bare SimPy timeout."""
    part = _read_share(share)
    from experiments import bench as speed

    with at_work("a plant of the benchmark"):
        measured = speed.bench(part)
    if as_json:
        _print_json(share=part, **speed.as_json(measured))
    else:
        click.echo(speed.report(measured))


def _read_share(text: str) -> float:
    checks = Checks()
    share = checks.read(read_number, "--share", text, 0.001, 1.0, otherwise=1.0)
    checks.close()
    return share


def _read(
    options: dict[str, Any], sets: list[str], out: str | None
) -> tuple[Case, list[tuple[str, ...]], Path | None]:
    """Check everything at the door, and tell all faults at once."""
    checks = Checks()
    case = read_case(checks, **options)
    ids = [read_schemes(checks, case, text) for text in sets]
    folder = checks.read(check_folder, out, otherwise=None)
    checks.close()
    return case, ids, folder


def _print_json(**parts: Any) -> None:
    click.echo(json.dumps(parts, indent=2, allow_nan=False))


def _say_where(folder: Path | None, out: str | None) -> None:
    if folder is not None:
        click.echo(f"written to {out}", err=True)
