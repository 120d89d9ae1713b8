"""The command about programmes that pay for themselves: ``rollout``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from plant_models.chlorobenzene.money.appraisal import programme_of

from experiments.door.faults import at_the_door
from experiments.door.inputs import (
    NONE,
    Case,
    Checks,
    quote,
    read_case,
    read_count,
    read_number,
    read_schemes,
    read_word,
)
from experiments.door.options import JSON, LINE, default, options, print_json, say_where
from experiments.door.prices import INVEST, PRICE, read_investments
from experiments.output.files import check_folder, write_tables
from experiments.studies.money.command import read_steps
from experiments.studies.rollout.report import in_full, provenance, rollout_report
from experiments.studies.rollout.study import POLICIES, RolloutStudy, Wish, rollout_study
from plant_models import chlorobenzene as cb
from plant_models.chlorobenzene.line import operation
from plant_models.chlorobenzene.money.installation import Plan, measures, own_plan, plan
from plant_models.chlorobenzene.money.prices import own_prices, prices
from plant_models.methods.rollout import MOST_TO_SEARCH, YEAR
from sim.errors import did_you_mean
from sim.model.facts import Design

MOST_REPLICATIONS = 1000
MOST_WORKERS = 256


@click.command()
@options(
    default("--schemes", "F1-F11", "S", "Scheme set, bought as steps of a programme."),
    default("--policy", "classes", "P", "Order: classes, payback, best or hard-first."),
    click.option("--order", metavar="A,B,...", help="Your own order of the steps that cost money."),
    click.option("--cash", metavar="AMOUNT", help="In hand at the start, 10^4 RMB."),
    click.option("--retained", metavar="X", help="Share of the savings spent again, 0 to 1."),
    click.option(
        "--plan-set", "plan_settings", multiple=True, metavar="PATH=VALUE",
        help='Set a term, as in F11.lead_time="60 d" or terms.books=0; may be repeated.',
    ),
    click.option("--plan", "plan_file", metavar="FILE", help="Your own terms in TOML."),
    PRICE,
    INVEST,
    default("--horizon", "3", "Y", "Years after which cash is compared."),
    default("--limit", "8", "Y", "Years after which a programme is given up."),
    default("--replications", "3", "R", "Runs of the plant; 0 for the arithmetic alone."),
    default("--seed", "1", "N", "Seed of all random numbers."),
    default("--start", "01-01", "DATE", "First day, like 07-01; the year does not matter."),
    default("--workers", "1", "N", "Processes that share the runs."),
    LINE,
    click.option("--out", metavar="DIR", help="Write the cash curves and their picture there."),
    JSON,
)  # fmt: skip
def rollout(out: str | None, as_json: bool, **given: Any) -> None:
    """Let a programme pay for itself: on paper, in the model, and on the running plant."""
    case, ids, wish, folder = read_rollout(given, out)
    study = rollout_study(case, ids, wish)
    if folder is not None:
        with at_the_door():
            _write(folder, study)
    if as_json:
        print_json(**in_full(study))
    else:
        click.echo(rollout_report(study))
    say_where(folder, out)


def read_rollout(
    given: dict[str, Any], out: str | None
) -> tuple[Case, tuple[str, ...], Wish, Path | None]:
    """Check everything at the door, and tell all faults at once."""
    checks = Checks()
    runs = checks.read(
        read_count, "--replications", given["replications"], 0, MOST_REPLICATIONS, otherwise=1
    )
    case = read_case(
        checks,
        **{n: given[n] for n in ("seed", "start", "settings", "design", "schemes_file")},
    )
    case = replace(case, replications=runs)
    ids = read_schemes(checks, case, given["schemes"])
    book = checks.read(own_prices, given["prices_file"], given["price"], otherwise=prices())
    nothing: dict[str, float] = {}
    own = checks.read(read_investments, given["invest"], case, otherwise=nothing)
    checks.read(read_word, "--policy", given["policy"], POLICIES, otherwise="classes")
    terms = checks.read(_read_plan, given, otherwise=plan())
    horizon = checks.read(read_number, "--horizon", given["horizon"], 0.1, 50.0, otherwise=3.0)
    limit = checks.read(read_number, "--limit", given["limit"], 0.1, 100.0, otherwise=8.0)
    workers = checks.read(read_count, "--workers", given["workers"], 1, MOST_WORKERS, otherwise=1)
    folder = checks.read(check_folder, out, otherwise=None)
    order: tuple[str, ...] = ()
    if not checks.faults:
        checks.read(read_steps, ids, otherwise=NONE)
    if not checks.faults:
        order = checks.read(_read_order, ids, terms.tree, own, given["order"], otherwise=NONE)
        checks.read(_check_changes, case, ids, otherwise=None)
    checks.close()
    if not limit >= horizon:
        raise click.UsageError("--limit: expected no less than --horizon")
    policy = "order" if order else given["policy"]
    wish = Wish(terms.tree, book.tree, own, policy, order, horizon * YEAR, limit * YEAR, workers)
    return case, ids, wish, folder


def _read_plan(given: dict[str, Any]) -> Design[Plan]:
    settings = list(given["plan_settings"])
    if given["cash"] is not None:
        amount = read_number("--cash", given["cash"], 0.0, 1e6)
        settings.append(f"terms.starting_cash={amount * 1e4!r}")
    if given["retained"] is not None:
        settings.append(
            f"terms.retained={read_number('--retained', given['retained'], 0.0, 1.0)!r}"
        )
    return own_plan(given["plan_file"], settings)


def _read_order(
    ids: tuple[str, ...], terms: Plan, own: dict[str, float], text: str | None
) -> tuple[str, ...]:
    """Return the steps as they are to be bought, those that are free first."""
    steps = programme_of(ids)
    bought = measures(steps, terms, own)
    costly = [measure.name for measure in bought if measure.investment]
    if text is None:
        if len(costly) > MOST_TO_SEARCH:
            raise ValueError(
                f"--schemes: expected {MOST_TO_SEARCH} or fewer schemes that cost something, "
                f"came {len(costly)}: their orders are too many to search"
            )
        return ()
    wanted = [name.strip() for name in text.split(",") if name.strip()]
    free = [measure.name for measure in bought if not measure.investment]
    paid = [name for name in wanted if name not in free]
    for name in paid:
        if name not in costly:
            raise ValueError(f"--order: no step {quote(name)}{did_you_mean(name, costly)}")
    if sorted(paid) != sorted(costly):
        raise ValueError(f"--order: expected each of {', '.join(costly)} once, came {quote(text)}")
    return (*free, *paid)


def _check_changes(case: Case, ids: Iterable[str]) -> None:
    """Try on that the line can be rebuilt into the programme's last state while it runs."""
    was = cb.line("none", design=case.design, known=case.known)
    operation.refuse_changes(was, cb.line(ids, design=case.design, known=case.known))


def _write(folder: Path, study: RolloutStudy) -> None:
    from experiments.output.pictures import draw_cash

    header = ("curve", "month", "mean_rmb", "low_rmb", "high_rmb")
    rows = [tuple(row.values()) for row in study.curves]
    write_tables(
        folder,
        {"cash.csv": (header, rows)},
        provenance(study),
        lambda draft: draw_cash(draft / "cash.png", study.curves, study.name),
    )
