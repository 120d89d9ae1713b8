"""Commands about all combinations of schemes: ``cube``, ``attribute``."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import click

from experiments.door.faults import at_the_door, saving
from experiments.door.inputs import (
    NONE,
    Case,
    Checks,
    quote,
    read_case,
    read_count,
    read_schemes,
    read_word,
)
from experiments.door.options import JSON, LINE, default, options, print_json, say_where
from experiments.door.prices import PRICES, read_investments, read_prices
from experiments.output.files import check_folder
from experiments.runner.executors import cores
from experiments.runner.place import Place, running_at
from experiments.runner.studies import installed_version
from experiments.runner.tasks import EVENTS, STEADY
from experiments.studies.attribute.report import attribution_report
from experiments.studies.attribute.study import (
    NO_GAME,
    TONNES,
    Terms,
    Tradeoff,
    attribution,
    in_full,
    known_figures,
    money_figures,
    tradeoff_in_full,
)
from experiments.studies.cube.file import check_target, load, refuse_stale, save
from experiments.studies.cube.report import cube_report, effects_in_full, failures
from experiments.studies.cube.study import MOST_SCHEMES, Cube, Job, compute, spelled
from plant_models.chlorobenzene.figures.titles import IDS, LANGUAGES, scheme_names
from sim.errors import did_you_mean
from sim.model.schemes import parse_schemes

MOST_WORKERS = 256
NO_INVESTMENTS: Mapping[str, float] = MappingProxyType({})
WORKERS = options(
    click.option("--workers", metavar="N", help="Processes; all cores by default."),
    click.option("--scheduler", metavar="ADDRESS", help="Workers of a dask cluster instead."),
)


@click.command()
@options(
    default("--schemes", "all", "S", "Schemes to combine, 2^n sets."),
    click.option("--simulate", is_flag=True, help="Runs with events instead of steady states."),
    default("--years", "1", "Y", "Length of a run with events, in years of 8,760 h."),
    default("--seed", "1", "N", "Seed of all runs with events: every set the same breakdowns."),
    default("--replications", "1", "R", "Runs with events of each set; their mean is kept."),
    default("--start", "01-01", "DATE", "First day of runs with events, like 07-01."),
    WORKERS,
    click.option("--runs", metavar="DIR", help="Keep single runs there; the same command resumes."),
    PRICES,
    LINE,
    click.option("--out", metavar="FILE", help="Save the cube there, like cube.parquet."),
    JSON,
)
def cube(
    schemes: str,
    simulate: bool,
    workers: str | None,
    scheduler: str | None,
    runs: str | None,
    price: tuple[str, ...],
    prices_file: str | None,
    rate: str | None,
    horizon: str | None,
    invest: tuple[str, ...],
    out: str | None,
    as_json: bool,
    **given: Any,
) -> int:
    """Compute every combination of schemes: all indicators, money, effects of all orders."""
    checks = Checks()
    case = read_case(checks, **given)
    ids = checks.read(_read_dimension, schemes, case, otherwise=NONE)
    count = _read_workers(checks, workers)
    prices = read_prices(checks, price, prices_file, rate, horizon).tree
    investments = checks.read(read_investments, invest, case, otherwise=NO_INVESTMENTS)
    target = checks.read(check_target, out, otherwise=None)
    checks.close()
    job = Job.of(case, ids, EVENTS if simulate else STEADY)
    place = Place(count, scheduler, runs, keeps="--runs")
    with running_at(place):
        found = compute(job, workers=count, scheduler=scheduler, runs=runs)
    if target is not None:
        with saving(target):
            save(found, target, prices, investments)
    money = money_figures(found, prices, investments)
    if as_json:
        effects = effects_in_full(found, money)
        print_json(effects=effects, errors=failures(found), provenance=_origin(found))
    else:
        click.echo(cube_report(found, money))
    say_where(target, out)
    return 1 if found.errors else 0


@click.command()
@options(
    click.argument("names", nargs=-1, required=True, metavar="FIGURE..."),
    click.option("--cube", "cube_file", metavar="FILE", help="A saved cube; else it is computed."),
    default("--players", "F1-F11", "S", "Schemes that share the figure."),
    default("--given", "none", "S", "Schemes that are in place throughout."),
    click.option("--order", metavar="IDS", help="Order of introduction, as in F5,F1-F4,F6."),
    click.option("--against", metavar="EMISSION", help="Emission of Pareto front and cost curve."),
    default("--pairs", "10", "N", "Interactions that are printed."),
    default("--titles", "id", "LANGUAGE", "Schemes in pictures: id, or titles in en or zh."),
    PRICES,
    WORKERS,
    LINE,
    click.option("--out", metavar="DIR", help="Write tables and figures there."),
    JSON,
)  # fmt: skip
def attribute(
    names: tuple[str, ...],
    cube_file: str | None,
    players: str,
    given: str,
    order: str | None,
    against: str | None,
    pairs: str,
    titles: str,
    price: tuple[str, ...],
    prices_file: str | None,
    rate: str | None,
    horizon: str | None,
    invest: tuple[str, ...],
    workers: str | None,
    scheduler: str | None,
    out: str | None,
    as_json: bool,
    **line: Any,
) -> None:
    """Split a figure over schemes by five methods, with interactions, Pareto front, cost curve."""
    checks = Checks()
    case = read_case(checks, **line)
    shown = checks.read(read_count, "--pairs", pairs, 0, 1000, otherwise=10)
    count = _read_workers(checks, workers)
    language = checks.read(read_word, "--titles", titles, LANGUAGES, otherwise=IDS)
    for name in names:
        checks.read(_read_figure, name, otherwise=None)
    emission = checks.read(_read_emission, against, names, otherwise="")
    prices = read_prices(checks, price, prices_file, rate, horizon).tree
    investments = checks.read(read_investments, invest, case, otherwise=NO_INVESTMENTS)
    sharing = checks.read(_read_dimension, players, case, "--players", otherwise=NONE)
    fixed = read_schemes(checks, case, given)
    sequence = checks.read(_read_order, order, sharing, case, otherwise=NONE)
    folder = checks.read(check_folder, out, otherwise=None)
    if set(sharing) & set(fixed):
        both = ", ".join(sorted(set(sharing) & set(fixed)))
        checks.faults.append(ValueError(f"--given: {both} cannot be a player and given at once"))
    checks.close()
    terms = Terms(sharing, fixed, sequence, prices, investments)
    with at_the_door(), running_at(Place(count, scheduler)):
        found = _cube(case, terms, cube_file, workers=count, scheduler=scheduler)
        splits = [attribution(found, name, terms) for name in names]
        wanted = emission and (against is not None or not terms.not_priced)
        tradeoff = _tradeoff(found, terms, emission) if wanted else None
    if folder is not None:
        from experiments.studies.attribute.files import write_attributions

        called = _called(case, language)
        with at_the_door():
            write_attributions(folder, splits, tradeoff, _origin(found), called)
    if as_json:
        print_json(
            attributions=[in_full(each) for each in splits],
            tradeoff=tradeoff_in_full(tradeoff) if tradeoff else None,
            provenance=_origin(found),
        )
    else:
        click.echo(attribution_report(splits, tradeoff, shown))
    say_where(folder, out)


def _cube(case: Case, terms: Terms, file: str | None, **where: Any) -> Cube:
    """Return a saved cube that is not stale, or compute the sets that are needed."""
    if file is None:
        schemes = terms.schemes(case.known)
        return compute(Job.of(case, schemes, STEADY), only=terms.masks(schemes), **where)
    path = Path(file)
    found = load(path)
    job = Job.again(found.origin, case)
    refuse_stale(found, job, path, _rerun(job, file))
    found.mask((*terms.players, *terms.given))
    return found


def _tradeoff(cube: Cube, terms: Terms, emission: str) -> Tradeoff:
    """Return money against tonnes."""
    return Tradeoff(attribution(cube, emission, terms), attribution(cube, "net_benefit", terms))


def _rerun(job: Job, file: str) -> str:
    """Return the command that makes the cube anew, apart from options about the line."""
    parts = ["cube", f'--schemes "{spelled(job.schemes)}"']
    if job.clock == EVENTS:
        parts.append(f"--simulate --years {job.years:g} --seed {job.seed}")
        parts.append(f"--replications {job.replications} --start {job.start}")
    return " ".join([*parts, f"--out {file}"])


def _origin(cube: Cube) -> dict[str, Any]:
    short = ("clock", "schemes", "years", "seed", "replications", "start")
    return {
        "program": "cleanerline",
        "version": installed_version("cleanerline"),
        **{key: cube.origin[key] for key in short},
        "hash": cube.hash,
    }


def _called(case: Case, language: str) -> dict[str, str]:
    """Return what pictures call the schemes; that a font is missing is told in a line."""
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        names = scheme_names(case.known, language)
    for warning in told:
        click.echo(f"note: {warning.message}", err=True)
    return names


def _read_dimension(text: str, case: Case, option: str = "--schemes") -> tuple[str, ...]:
    """Return the schemes to combine."""
    ids = parse_schemes(text, case.known)
    if not 1 <= len(ids) <= MOST_SCHEMES:
        raise ValueError(
            f"{option}: expected 1 to {MOST_SCHEMES} schemes to combine, came {len(ids)} "
            f"({2 ** len(ids):,} sets)"
        )
    return ids


def _read_figure(name: str) -> None:
    if name in NO_GAME:
        raise ValueError(f"{name} cannot be attributed: {NO_GAME[name]}")
    if name in ("payback", "internal_rate"):
        raise ValueError(
            f"{name} cannot be attributed: a quotient has no value for the line without schemes; "
            "take net_income, present_value or net_benefit"
        )
    known = known_figures()
    if name not in known:
        hint = did_you_mean(name, known) or f"; known: {', '.join(known)}"
        raise LookupError(f"no figure {quote(name)}{hint}")


def _read_emission(text: str | None, names: tuple[str, ...]) -> str:
    """Return the emission of the Pareto front: the first figure that is one, unless given."""
    if text is None:
        return next((name for name in names if name in TONNES), "")
    return read_word("--against", text, TONNES)


def _read_order(text: str | None, players: tuple[str, ...], case: Case) -> tuple[str, ...]:
    """Return the order of introduction, which names every player once."""
    if text is None:
        return players
    order = tuple(name for piece in text.split(",") for name in parse_schemes(piece, case.known))
    if sorted(order) != sorted(players):
        raise ValueError(f"--order: expected each of {spelled(players)} once, came {quote(text)}")
    return order


def _read_workers(checks: Checks, text: str | None) -> int:
    if text is None:
        return cores()
    return checks.read(read_count, "--workers", text, 1, MOST_WORKERS, otherwise=1)
