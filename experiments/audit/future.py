"""Stages 6 and 7: the plan of implementation, and what keeps the gains."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from experiments.audit.basis import UNKNOWN, Audit
from experiments.audit.choices import verdict
from experiments.audit.document import Block, Listing, Table, Text, section
from experiments.studies.limits import Limits
from plant_models.methods.appraisal import Appraisal
from plant_models.methods.rollout import MONTH, Measure, added, roll_out
from plant_models.methods.standards import Figure
from sim.clock.watch import Exposure
from sim.tables import readable

WORTH_A_ROW = 0.5  # of the limit
MOST_ROWS = 24


@section("implementation", "6 Implementation plan")
def implementation(of: Audit) -> Iterator[Block]:
    """Tell of stage 6."""
    if not of.schemes:
        yield Text("No scheme is chosen: there is nothing to implement.")
    elif of.money is None:
        yield Text(f"The {of.plant.name} has no prices, so no step pays for the next: {of.name}.")
    else:
        yield Text(
            "Free steps first, all at once; then one step after another, each bought as soon "
            "as the savings of those before it have paid for it, without outside money, "
            "lead times or stops for installation. `rollout` reckons with those and searches "
            "for the best order."
        )
        yield _schedule(of, of.money.steps)
    yield Text(
        "To be filled in by the plant: who is responsible for each step, when it is ordered, "
        "which shutdown it is installed in. None of this exists."
    )


def _schedule(of: Audit, steps: Sequence[Appraisal]) -> Table:
    priced = [step for step in steps if step.investment is not None]
    bought: dict[str, float] = {}
    if priced:
        worth = added({step.name: step.net for step in priced})
        measures = [Measure(step.name, step.investment or 0.0) for step in priced]
        bought = {step.name: step.bought for step in roll_out(measures, worth).steps}
    rows, spent, earned = [], 0.0, 0.0
    for step in steps:
        ids = of.economy.steps(of.schemes)[step.name]
        cost = step.investment
        spent += cost or 0.0
        earned += step.net
        rows.append(
            (
                step.name,
                "; ".join(f"{each}: {of.known[each].title}" for each in ids),
                of.amount(cost),
                of.amount(spent),
                of.amount(earned),
                f"{bought[step.name] / MONTH:.1f}" if step.name in bought else UNKNOWN,
            )
        )
    return Table(
        "Steps in the plant's order",
        ("step", "what", f"investment, {of.unit}", f"spent so far, {of.unit}",
         f"net income reached, {of.unit}/yr", "paid for after, months"),
        rows,
        left=(0, 1),
        note="not known: a step before it earns nothing, or nobody says what it costs",
    )  # fmt: skip


@section("continuation", "7 Continuation: what to watch")
def continuation(of: Audit) -> Iterator[Block]:
    """Tell of stage 7."""
    yield from _watched(of)
    yield Text("Set points that the schemes rest on; if they drift, so do the gains:")
    told = of.explained
    rows = [(row.path, *told._cells(row)[2:5], row.meaning) for row in told.rows]
    yield Table(
        "Parameters to check at every round",
        ("parameter", "value", "unit", "by", "meaning"),
        rows,
        left=range(5),
        note="" if rows else "no schemes: none",
    )
    yield Text("To go on:")
    yield Listing(tuple(_next(of)))


def _watched(of: Audit) -> Iterator[Block]:
    if of.before.kept is None or of.after.kept is None:
        yield Text(f"The {of.plant.name} has no limits to watch.")
        return
    after, before = _over(of.after.kept), _over(of.before.kept)
    worst = (
        f"Of all figures, {len(before)} were beyond their limit at times before, {len(after)} are "
        f"after. Furthest beyond on the mean is {after[0][0]}: {after[0][1]:,.0f} times its limit."
        if after
        else "Every figure stays within its limit."
    )
    yield Text(f"{of.says.limits}, over {of.after.kept.hours:,.0f} h. {worst}")
    yield _limits(of.before.kept, of.after.kept)


def _over(kept: Limits) -> list[tuple[str, float]]:
    """Return the figures that are beyond their limit at times, and how far on the mean."""
    found = []
    for figure, exposure in kept.exposures.items():
        low, high = kept.standards.applied[figure].bounds
        if exposure.beyond > 0.0:
            far = kept.share(figure) * exposure.mean / high if low == 0.0 else 0.0
            point, pollutant = kept.standards.words(figure)
            found.append((f"{pollutant} of {point}, {figure.unit}", far))
    return sorted(found, key=lambda item: -item[1])


def _limits(before: Limits, after: Limits) -> Table:
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
                *after.standards.words(figure),
                figure.unit,
                (f"{low:g}-{high:g}" if low else f"{high:.3g}") + ("*" if limit.recalled else ""),
                readable(exposure.mean),
                readable(exposure.highest),
                f"{before.share(figure):.1%}",
                f"{after.share(figure):.1%}",
            )
        )
    left = f"{len(near) - MOST_ROWS} more are not shown; " if len(near) > MOST_ROWS else ""
    return Table(
        "Vents and outfalls to be measured, those longest beyond their limit first",
        ("point", "pollutant", "unit", "limit", "mean", "highest", "hours beyond, before",
         "hours beyond, after"),
        rows,
        left=(0, 1, 2),
        note=f"with *: limit recalled from memory, not re-read; {left}hours beyond as a share of "
        "all; air concentrations per m3 of dry gas at 0 degC; `limits` prints all",
    )  # fmt: skip


def _next(of: Audit) -> Iterator[str]:
    paying = [row for row in of.left if row.investment and row.net > 0.0 and row.payback]
    for row in sorted(paying, key=lambda row: row.payback or 0.0):
        scheme = of.known[row.name]
        proposed = "not proposed" if False in row.tests.values() else "next round"
        yield (
            f"{proposed}: {row.name}, {scheme.title}; net {of.amount(row.net)} x {of.unit}/yr, "
            f"payback {row.payback:.2f} yr; {verdict(row)}"
        )
    for row in of.left:
        if row.investment is None:
            yield f"{row.name}: nobody says what it costs; find out before judging it"
    yield f"meter {of.says.metered} by process, and close balances monthly"
    yield "repeat the balances after every shutdown and after every step"
