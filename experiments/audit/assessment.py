"""Summary and the first two stages: plan and pre-assessment."""

from __future__ import annotations

from collections.abc import Iterator

from experiments.audit.balances import process_of, whole, worksheets
from experiments.audit.basis import EMISSIONS, Audit, Side, bare, drawn
from experiments.audit.document import Block, Listing, Section, Table, Text, section
from experiments.studies.run import unit_of
from sim.books.ledger import INTERNAL
from sim.tables import readable, words

KG = 1000.0


def summary(of: Audit) -> Section:
    """Return the scorecard and what it comes to."""
    title = "Summary and scorecard" if of.scorecard else "Summary"
    return section("summary", title)(_summary)(of)


def _summary(of: Audit) -> Iterator[Block]:
    text = (
        f"Audited design: {of.name}. {of.conditions.capitalize()}. Before is the {of.noun} "
        "without schemes in the same year, under the same breakdowns."
    )
    if of.scorecard:
        text += (
            f" The floor is computed from the audited {of.noun}'s own books; nobody has reached it."
        )
    yield Text(text)
    yield Listing(tuple(headlines(of)))
    if of.scorecard:
        yield _scores(of)
    yield Text(_worse(of) if of.schemes else "No scheme is in place, so after equals before.")
    yield from drawn(
        of,
        EMISSIONS,
        f"Emissions a year: {of.before.name} and {of.name}",
        "Bars of every emission to air and water before and after; the next tables hold them",
    )


def _scores(of: Audit) -> Table:
    rows = [
        (
            score.name,
            score.unit,
            readable(score.before),
            readable(score.after),
            readable(score.floor),
            "" if score.closed is None or not of.schemes else f"{score.closed:.0%}",
            score.floor_is,
        )
        for score in of.scorecard
    ]
    return Table(
        f"Indicators per tonne of {of.product}",
        ("indicator", "unit", "before", "after", "floor", "gap closed", "what the floor is"),
        rows,
        left=(0, 1, 6),
        note="gap closed: (before - after) / (before - floor)",
    )


def _worse(of: Audit) -> str:
    if not of.scorecard:
        return f"Without floors of its own, the {of.plant.name} has no scorecard."
    worse = [s.name for s in of.scorecard if s.after > s.before * (1.0 + 1e-3)]
    if not worse:
        return "No line of the scorecard became worse."
    return f"Per tonne, {', '.join(worse)} became worse: see the feasibility stage."


def headlines(of: Audit) -> Iterator[str]:
    """Yield what a reader wants to know first."""
    before, after = of.before, of.after
    if of.schemes:
        product, units = of.plant.product, after.units
        moved = ", ".join(
            of.moved(name) + (f" to {readable(after[name])}" if before[name] != after[name] else "")
            for name in of.plant.headlines
            if name != product
        )
        output = ""
        if product:
            was, becomes = readable(before[product]), readable(after[product])
            output = f"{of.product}: {was} {unit_of(units[product])} before, {becomes} after"
        yield "; ".join(filter(None, (moved, output)))
    if of.money is not None:
        total = of.money.rows[len(of.money.steps)]
        once = "an investment that is not known in full"
        if total.investment is not None:
            once = f"{of.amount(total.investment)} x {of.unit} once"
        yield (
            f"the schemes take {once} and bring {of.amount(total.net)} x {of.unit}/yr, net, "
            "at constant conditions"
        )
    worst = max(sheet.closure for sheet in worksheets(after.books, of.plant))
    yield f"the balances of all processes and of the {of.noun} close to {worst:.0e} kg/kg"
    if before.kept is not None and after.kept is not None:
        beyond = (sum(e.beyond > 0.0 for e in kept.exposures.values())
                  for kept in (before.kept, after.kept))  # fmt: skip
        yield (
            "figures of vents and outfalls beyond their limits at times: {} before, {} after"
        ).format(*beyond)


@section("plan", "1 Planning and organisation")
def plan(of: Audit) -> Iterator[Block]:
    """Tell of stage 1."""
    prints = [each["hash"][:12] for each in of.provenance["designs"]]
    rows = [
        ("audited unit", of.says.subject or of.plant.name),
        ("boundary", of.says.boundary or ", ".join(of.plant.processes)),
        ("design audited", of.name),
        ("compared with", f"the {of.noun} without schemes"),
        ("period", of.conditions),
        ("books", "double-entry ledger of the run, every flow by component, medium and cause"),
        ("fingerprints of the designs", ", ".join(prints)),
        ("audit team", "to be filled in: head of the plant, process, workshop, finance, outside"),
        ("workshops and dates", "to be filled in: none took place"),
    ]
    goals = (
        f"close the material balance of every process and of the {of.noun}",
        "name the losses by where they leave, by cause, and by what they have cost",
        "say of every scheme of the catalogue, chosen or not, what it does and earns",
        "say what has to be watched so that the gains stay",
    )
    yield Table("Plan of the audit", ("item", "content"), rows, left=(0, 1))
    yield Text("The audit is to:")
    yield Listing(goals)


@section("pre-assessment", "2 Pre-assessment")
def pre_assessment(of: Audit) -> Iterator[Block]:
    """Tell of stage 2: the year, and what is lost by process, in tonnes and in money."""
    before, after = of.before, of.after
    rows = []
    for name, mean in after.means.items():
        if name == "closure":
            continue
        was = before[name]
        unit, _, counted = after.units[name].partition(" as ")
        about = words(bare(name).replace(".", ": "))
        row = [f"{about} (as {counted})" if counted else about, unit, readable(was),
               readable(mean.mean), readable(mean.mean - was)]  # fmt: skip
        if mean.n > 1:
            row.append(readable(mean.half_width))
        rows.append(row)
    header = ["the year", "unit", "before", "after", "change"]
    note = "the same figures as `run` prints for both designs"
    if len(after.indicators) > 1:
        header.append("after, +- 95 %")
    yield Table("Inputs, products, emissions", header, rows, left=(0, 1), note=note)
    yield from _losses(of)


def _losses(of: Audit) -> Iterator[Block]:
    tonnes = [lost(side, of) for side in (of.before, of.after)]
    costs = [each for each in (of.costs(of.before), of.costs(of.after)) if each is not None]
    found = [{name: sum(parts.values()) for name, parts in each.losses().items()} for each in costs]
    first = found[0] if found else tonnes[0]
    names = [name for name in of.plant.processes if any(name in each for each in tonnes)]
    names.sort(key=lambda name: -first.get(name, 0.0))
    rows = [
        [
            name,
            *(readable(each.get(name, 0.0)) for each in tonnes),
            *(of.amount(each[name], 1) for each in found),
        ]
        for name in names
    ]
    if not rows:
        yield Text(f"Nothing leaves the {of.plant.name} but what it sells.")
        return
    sums = [readable(sum(each.values())) for each in tonnes]
    rows.append([whole(of.plant), *sums, *(of.amount(each.lost, 1) for each in costs)])
    header = ["process", f"{of.says.followed_word} lost before, t/yr", "after, t/yr"]
    if found:
        header += [f"cost of losses before, {of.unit}/yr", f"after, {of.unit}/yr"]
    yield Table(
        f"Losses by process: where they leave the {of.noun}",
        header,
        rows,
        strong=(len(rows) - 1,),
        note=of.says.followed_as
        and f"{of.says.followed_word}: {of.says.followed_as} {of.says.losses_note}",
    )
    if found:
        before, losses = costs[0], found[0]
        worst = max(losses, key=lambda name: losses[name])
        yield Text(
            f"Focus: {worst}. Of {of.amount(before.lost, 0)} x {of.unit} a year that the {of.noun} "
            f"without schemes spends on what ends as loss, {losses[worst] / before.lost:.0%} leave "
            "there. A loss is worth what was spent on it up to where it leaves: material by its "
            "atoms, energy by mass, levy and disposal by the waste that causes them."
        )


def lost(side: Side, of: Audit) -> dict[str, float]:
    """Return what is followed and leaves as no product, by process, t/yr."""
    found: dict[str, float] = {}
    known = process_of(of.plant)
    for entry, kg in side.flows.items():
        if entry.medium not in (INTERNAL, "product"):
            name = known[entry.source]
            found[name] = found.get(name, 0.0) + float(sum(kg[i] for i in of.followed)) / KG
    return found
