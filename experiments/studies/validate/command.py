"""Commands about the engine: ``validate`` and ``bench``."""

from __future__ import annotations

from dataclasses import asdict

import click

from experiments.door.faults import at_work
from experiments.door.options import JSON, default, options, print_json, read_share
from experiments.runner.executors import cores, open_executor

SHARE = default("--share", "1", "X", "Share of the full horizons to run, for a quick look.")


@click.command()
@options(
    SHARE,
    click.option("--page", is_flag=True, help="Print the page docs/validation.md instead."),
    JSON,
)
def validate(share: str, page: bool, as_json: bool) -> int:
    """Run every engine case with a known answer; exit code 1 if one is off."""
    part = read_share(share)
    from experiments.studies.validate import study as known

    with at_work("a case with a known answer"), open_executor(cores()) as (pool, _):
        cases = known.validate(pool, part)
    if as_json:
        told = [{**asdict(case), "ok": case.ok} for case in cases]
        print_json(share=part, cases=told, clocks_apart=known.clocks_apart(cases))
    elif page:
        from experiments.studies.validate.report import validation_page

        click.echo(validation_page(cases, part), nl=False)
    else:
        click.echo(known.report(cases))
        click.echo(known.report_clocks(cases))
    return 0 if all(case.ok for case in cases) else 1


@click.command()
@options(SHARE, JSON)
@click.option("--profile", is_flag=True, help="Also print which part of the program takes what.")
def bench(share: str, as_json: bool, profile: bool) -> None:
    """Measure speed, each figure also as a ratio to a bare SimPy timeout."""
    part = read_share(share)
    from tools import bench as speed
    from tools import bench_profile as shares

    parts = {}
    with at_work("a plant of the benchmark"):
        measured = speed.bench(part)
        if profile:
            parts = {schemes: shares.profile(schemes) for schemes in speed.DESIGNS}
    if as_json:
        told = {schemes: [asdict(p) for p in found] for schemes, found in parts.items()}
        print_json(share=part, **speed.as_json(measured), **({"profile": told} if told else {}))
    else:
        click.echo(speed.report(measured))
        if profile:
            click.echo("\n" + shares.report(parts))
