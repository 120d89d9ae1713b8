"""The command about how sure the figures are: ``uncertainty``."""

from __future__ import annotations

from typing import Any

import click

from experiments.door.faults import at_the_door
from experiments.door.inputs import Checks, quote, read_case, read_count, read_schemes, read_word
from experiments.door.options import JSON, LINE, default, options, print_json, say_where
from experiments.door.prices import PRICES, read_investments, read_prices
from experiments.output.files import check_folder, write_tables
from experiments.studies.uncertainty.report import uncertainty_report
from experiments.studies.uncertainty.study import (
    Sizes,
    UncertaintyStudy,
    in_full,
    provenance,
    uncertainty_study,
)
from plant_models import chlorobenzene as cb
from plant_models.chlorobenzene.paper.printed import investment
from plant_models.chlorobenzene.ranges.uncertainty import NET, Uncertain

MOST_SAMPLES = 100_000


@click.command()
@options(
    default("--schemes", "F1-F11", "S", "Scheme set, taken as steps in the plant's order."),
    default("--target", NET, "NAME", "Figure of tornado and indices: net_income or an indicator."),
    default("--samples", "200", "N", "Points of the Latin hypercube."),
    default("--sobol", "128", "N", "Points of each Sobol block, a power of two; 0 for none."),
    default("--factors", "10", "K", "Inputs with an index of their own; the rest is one group."),
    default("--seed", "1", "N", "Seed of the samples."),
    default("--workers", "2", "N", "Processes that share the points."),
    PRICES,
    LINE,
    click.option("--out", metavar="DIR", help="Write the samples and the tornado there."),
    JSON,
)  # fmt: skip
def uncertainty(
    schemes: str,
    target: str,
    samples: str,
    sobol: str,
    factors: str,
    seed: str,
    workers: str,
    price: tuple[str, ...],
    prices_file: str | None,
    rate: str | None,
    horizon: str | None,
    invest: tuple[str, ...],
    out: str | None,
    as_json: bool,
    **given: Any,
) -> None:
    """Draw everything that carries a range, and tell what survives and what it hangs on."""
    checks = Checks()
    case = read_case(checks, seed=seed, **given)
    ids = read_schemes(checks, case, schemes)
    book = read_prices(checks, price, prices_file, rate, horizon)
    nothing: dict[str, float] = {}
    own = checks.read(read_investments, invest, case, otherwise=nothing)
    sizes = Sizes(
        samples=checks.read(read_count, "--samples", samples, 2, MOST_SAMPLES, otherwise=2),
        sobol=checks.read(_read_power, sobol, otherwise=0),
        factors=checks.read(read_count, "--factors", factors, 1, 1000, otherwise=1),
        seed=case.seed,
        workers=checks.read(read_count, "--workers", workers, 1, 256, otherwise=1),
    )
    folder = checks.read(check_folder, out, otherwise=None)
    if not checks.faults:
        checks.read(_check_schemes, ids, own, otherwise=None)
        known = (NET, *cb.steady_state("none").indicators)
        checks.read(read_word, "--target", target, known, otherwise=NET)
    checks.close()
    study = uncertainty_study(Uncertain(ids, case.design, case.known, book, own), target, sizes)
    if folder is not None:
        with at_the_door():
            _write(folder, study, sizes)
    if as_json:
        print_json(**in_full(study, sizes))
    else:
        click.echo(uncertainty_report(study))
    say_where(folder, out)


def _read_power(text: str) -> int:
    value = read_count("--sobol", text, 0, 2**20)
    if value == 1 or value & (value - 1):
        raise ValueError(f"--sobol: expected 0 or a power of two, like 128, came {quote(text)}")
    return value


def _check_schemes(ids: tuple[str, ...], own: dict[str, float]) -> None:
    if not ids:
        raise ValueError("--schemes: expected a scheme or more, came 'none'")
    lacking = [each for each in ids if each not in own and investment((each,)) is None]
    if lacking:
        raise ValueError(
            f"--schemes: no investment of {', '.join(lacking)} in the source; say what it costs, "
            f"as in --invest {lacking[0]}=120 (10^4 RMB)"
        )


def _write(folder: Any, study: UncertaintyStudy, sizes: Sizes) -> None:
    from experiments.output.pictures import draw_tornado

    changes = [name for name in study.outcomes[0].changes if name != "closure"]
    steps = [step.name for step in study.outcomes[0].steps]
    header = [
        "point",
        *(f"net {name}, RMB/yr" for name in steps),
        *(f"NPV {name}, RMB" for name in steps),
        *(f"change of {name}" for name in changes),
    ]
    rows = [
        [
            i,
            *(step.net for step in each.steps),
            *(step.present_value for step in each.steps),
            *(each.changes[name] for name in changes),
        ]
        for i, each in enumerate(study.outcomes)
    ]
    write_tables(
        folder,
        {"samples.csv": (header, rows)},
        provenance(study, sizes),
        lambda draft: draw_tornado(draft / "tornado.png", study.bars, study.base, study.target),
    )
