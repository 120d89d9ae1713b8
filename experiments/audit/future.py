"""Stages 6 and 7: the plan of implementation, and what keeps the gains."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from experiments.audit.basis import Audit
from experiments.audit.choices import verdict
from experiments.audit.document import Block, Listing, Table, Text, section
from experiments.studies.limits import Limits
from plant_models.calendar import YEAR
from plant_models.methods.appraisal import Appraisal
from plant_models.methods.rollout import MONTH, Measure, Terms, added, roll_out
from plant_models.methods.standards import Figure
from sim.clock.watch import Exposure
from sim.tables import three

WORTH_A_ROW = 0.5  # of the limit
MOST_ROWS = 12


@section("implementation")
def implementation(of: Audit) -> Iterator[Block]:
    """Tell of stage 6."""
    say = of.say
    if not of.schemes:
        yield Text(say("nothing_to_implement"))
    elif of.money is None:
        yield Text(say("no_step_pays", plant=of.plant_name, design=of.name))
    else:
        yield Text(say("free_first"))
        yield _schedule(of, of.money.steps)
    yield Text(say("to_be_filled"))


def _schedule(of: Audit, steps: Sequence[Appraisal]) -> Table:
    say = of.say
    steps = sorted(steps, key=lambda step: step.investment != 0.0)  # what is free pays for the rest
    priced = [step for step in steps if step.investment is not None]
    bought: dict[str, float] = {}
    if priced:
        worth = added({step.name: step.net for step in priced})
        measures = [Measure(step.name, step.investment or 0.0) for step in priced]
        bought = {step.name: step.bought for step in roll_out(measures, worth).steps}
    rows, spent, earned = [], 0.0, 0.0
    for step in steps:
        ids = of.economy.steps(of.schemes)[step.name]
        titles = (say("titled", scheme=each, title=of.title(each)) for each in ids)
        cost = step.investment
        spent += cost or 0.0
        earned += step.net
        rows.append(
            (
                step.name,
                say("semicolon").join(titles),
                of.amount(cost),
                of.amount(spent),
                of.amount(earned),
                f"{bought[step.name] / MONTH:.1f}" if step.name in bought else of.unknown,
            )
        )
    money = (say(key, unit=of.unit) for key in ("investment", "spent", "reached"))
    return Table(
        say("steps_in_order"),
        (say("step"), say("what"), *money, say("paid_after")),
        rows,
        left=(0, 1),
        note=say("steps_note", years=f"{Terms().limit / YEAR:g}") * (len(bought) < len(steps)),
    )


@section("continuation")
def continuation(of: Audit) -> Iterator[Block]:
    """Tell of stage 7."""
    yield from _watched(of)
    if of.schemes:
        yield Text(of.say("set_points"))
    yield Text(of.say("to_go_on"))
    yield Listing(tuple(_next(of)))


def _watched(of: Audit) -> Iterator[Block]:
    say = of.say
    if of.before.kept is None or of.after.kept is None:
        yield Text(say("no_limits", plant=of.plant_name))
        return
    after, before = _over(of.after.kept, of), _over(of.before.kept, of)
    worst = say("all_kept")
    if after:
        figure, times = after[0]
        counts = {"before": len(before), "after": len(after)}
        on_mean = "worst_figures" if times > 1.0 else "peaks_alone"
        worst = say(on_mean, **counts, figure=figure, times=three(times))
    limits, hours = of.names.text(of.says.limits), f"{of.after.kept.hours:,.0f}"
    yield Text(say("limits_over", limits=limits, hours=hours, worst=worst))
    table = _limits(of.before.kept, of.after.kept, of)
    if table.rows:
        yield table


def _called(kept: Limits, figure: Figure, of: Audit) -> tuple[str, str]:
    """Return point and pollutant of a figure as people say them."""
    point, pollutant = kept.standards.words(figure)
    return of.names.called("points", point), of.names.called("components", pollutant)


def _over(kept: Limits, of: Audit) -> list[tuple[str, float]]:
    """Return the figures that are beyond their limit at times, and how far on the mean."""
    found = []
    for figure, exposure in kept.exposures.items():
        low, high = kept.standards.applied[figure].bounds
        if exposure.beyond > 0.0:
            far = exposure.mean / high if low == 0.0 else 0.0
            point, pollutant = _called(kept, figure, of)
            unit = of.names.unit(figure.unit)
            told = of.say("figure_of", pollutant=pollutant, point=point, unit=unit)
            found.append((told, far))
    return sorted(found, key=lambda item: -item[1])


def _limits(before: Limits, after: Limits, of: Audit) -> Table:
    say = of.say
    near: list[tuple[float, Figure, Exposure]] = []
    for figure, exposure in after.exposures.items():
        low, high = after.standards.applied[figure].bounds
        if exposure.beyond > 0.0 or (low == 0.0 and exposure.highest >= WORTH_A_ROW * high):
            share = exposure.highest / high if low == 0.0 else 1.0
            near.append((share, figure, exposure))
    near.sort(key=lambda item: (-after.share(item[1]), -item[0]))
    rows = []
    for _, figure, exposure in near[:MOST_ROWS]:
        limit = after.standards.applied[figure]
        low, high = limit.bounds
        rows.append(
            (
                *_called(after, figure, of),
                of.names.unit(figure.unit),
                (f"{low:g}-{high:g}" if low else f"{high:.3g}") + ("*" if limit.recalled else ""),
                three(exposure.mean),
                three(exposure.highest),
                f"{before.share(figure):.1%}",
                f"{after.share(figure):.1%}",
            )
        )
    more = say("more_limits", number=len(near) - MOST_ROWS) if len(near) > MOST_ROWS else ""
    recalled = any(limit.recalled for _, limit in after.standards.rules)
    marked = say("limits_recalled") if recalled else ""
    heads = ("point", "pollutant", "unit", "limit", "mean", "highest", "hours_before",
             "hours_after")  # fmt: skip
    return Table(
        say("to_be_measured"),
        tuple(map(say, heads)),
        rows,
        left=(0, 1, 2),
        note=marked + say("limits_note", more=more),
    )


def _next(of: Audit) -> Iterator[str]:
    say = of.say
    paying = [row for row in of.left if row.investment and row.net > 0.0 and row.payback]
    for row in sorted(paying, key=lambda row: row.payback or 0.0):
        yield say(
            "proposal",
            how=say("not_proposed" if False in row.tests.values() else "next_round"),
            step=row.name,
            title=of.title(row.name),
            net=of.amount(row.net),
            unit=of.times,
            years=three(row.payback or 0.0),
            verdict=verdict(row, of),
        )
    for row in of.left:
        if row.investment is None:
            yield say("find_out", step=row.name)
    yield say("meter", what=of.names.text(of.says.metered))
    yield say("repeat")
