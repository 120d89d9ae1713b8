"""Summary and the first two stages: plan and pre-assessment."""

from __future__ import annotations

from collections.abc import Iterator

from experiments.audit.balances import LINE, worksheets
from experiments.audit.basis import Audit, Side
from experiments.audit.document import Listing, Section, Table, Text, table
from experiments.audit.floors import scorecard
from experiments.audit.pictures import emissions
from experiments.output.text import unit_of
from experiments.studies.money.study import STEADY
from plant_models.chlorobenzene.figures.style import words
from plant_models.chlorobenzene.line.wiring import PROCESS_OF
from plant_models.chlorobenzene.money.flow_costs import FlowCosts
from plant_models.chlorobenzene.paper.printed import TEN_THOUSAND
from plant_models.chlorobenzene.substances.chemistry import ORGANICS
from sim.books.ledger import INTERNAL
from sim.tables import readable

KG = 1000.0


def conditions(of: Audit) -> str:
    """Return under what the figures were found, in a few words."""
    if of.clock == STEADY:
        hours = of.after.study.first.line.site.operating_hours
        return f"{hours:,.0f} h of constant conditions"
    case = of.case
    runs = f", mean of {case.replications} replications" if case.replications > 1 else ""
    years = "one year" if case.years == 1.0 else f"{case.years:g} years"
    return f"{years} of 8,760 h, simulated from {case.start} on, seed {case.seed}{runs}"


def summary(of: Audit) -> Section:
    """Return the scorecard and what it comes to."""
    scores = scorecard(of.before, of.after)
    rows = [
        (
            score.name,
            score.unit,
            readable(score.before),
            readable(score.after),
            readable(score.floor),
            "" if score.closed is None or not of.schemes else f"{score.closed:.0%}",
            score.why,
        )
        for score in scores
    ]
    worse = [s.name for s in scores if s.after > s.before * (1.0 + 1e-3)]
    text = (
        f"Audited design: {of.name}. {conditions(of).capitalize()}. Before is the line without "
        "schemes in the same year, under the same breakdowns. The floor is computed from the "
        "audited line's own books; nobody has reached it."
    )
    cross = (
        f"Per tonne, {', '.join(worse)} became worse: see the feasibility stage."
        if worse
        else ("No line of the scorecard became worse.")
    )
    return Section(
        "summary",
        "Summary and scorecard",
        (
            Text(text),
            Listing(tuple(_headlines(of))),
            table(
                "Indicators per tonne of chlorobenzene drummed",
                (
                    "indicator",
                    "unit",
                    "before",
                    "after",
                    "floor",
                    "gap closed",
                    "what the floor is",
                ),
                rows,
                left=(0, 1, 6),
                note="gap closed: (before - after) / (before - floor)",
            ),
            Text(cross if of.schemes else "No scheme is in place, so after equals before."),
            emissions(of),
        ),
    )


def _headlines(of: Audit) -> Iterator[str]:
    before, after = of.before, of.after
    if of.schemes:
        air, water = (before[name] - after[name] for name in ("air.benzene_t", "wastewater_t"))
        yield (
            f"benzene to air {falls(air)} t/yr to {readable(after['air.benzene_t'])}, wastewater "
            f"{falls(water)} t/yr to {readable(after['wastewater_t'])}; chlorobenzene drummed: "
            f"{readable(before['chlorobenzene_t'])} t/yr before, "
            f"{readable(after['chlorobenzene_t'])} after"
        )
    if of.money is not None:
        total = of.money.rows[len(of.money.steps)]
        once = "an investment that is not known in full"
        if total.investment is not None:
            once = f"{total.investment / TEN_THOUSAND:,.2f} x 10⁴ RMB once"
        yield (
            f"the schemes take {once} and bring {total.net / TEN_THOUSAND:,.2f} x 10⁴ RMB/yr, net, "
            "at constant conditions"
        )
    worst = max(sheet.closure for sheet in worksheets(after.books))
    yield f"the balances of all processes and of the line close to {worst:.0e} kg/kg"
    beyond = (sum(e.beyond > 0.0 for e in side.kept.exposures.values()) for side in (before, after))
    yield "figures of vents and outfalls beyond their limits at times: {} before, {} after".format(
        *beyond
    )


def falls(by: float) -> str:
    """Return whether something falls or rises, and by how much."""
    return f"{'falls' if by >= 0.0 else 'rises'} by {readable(abs(by))}"


def plan(of: Audit) -> Section:
    """Return stage 1."""
    prints = [each["hash"][:12] for each in of.provenance["designs"]]
    rows = [
        ("audited unit", "chlorobenzene line, from the rail tank car to the drum"),
        ("boundary", "nine processes; cooling water, steam and power as utilities at the fence"),
        ("design audited", of.name),
        ("compared with", "the line without schemes"),
        ("period", conditions(of)),
        ("books", "double-entry ledger of the run, every flow by component, medium and cause"),
        ("fingerprints of the designs", ", ".join(prints)),
        ("audit team", "to be filled in: head of the plant, process, workshop, finance, outside"),
        ("workshops and dates", "to be filled in: none took place"),
    ]
    goals = (
        "close the material balance of every process and of the line",
        "name the losses by where they leave, by cause, and by what they have cost",
        "say of every scheme of the catalogue, chosen or not, what it does and earns",
        "say what has to be watched so that the gains stay",
    )
    return Section(
        "plan",
        "1 Planning and organisation",
        (
            table("Plan of the audit", ("item", "content"), rows, left=(0, 1)),
            Text("The audit is to:"),
            Listing(goals),
        ),
    )


def pre_assessment(of: Audit) -> Section:
    """Return stage 2."""
    costs = of.before.costs(of.terms.prices)
    losses = {name: sum(parts.values()) for name, parts in costs.losses().items()}
    worst = max(losses, key=lambda name: losses[name])
    focus = (
        f"Focus: {worst}. Of {costs.lost / TEN_THOUSAND:,.0f} x 10⁴ RMB a year that the line "
        f"without schemes spends on what ends as loss, {losses[worst] / costs.lost:.0%} leave "
        "there. A loss is worth what was spent on it up to where it leaves: material by its "
        "atoms, energy by mass, levy and disposal by the waste that causes them."
    )
    return Section(
        "pre-assessment",
        "2 Pre-assessment",
        (
            _year(of),
            _losses_by_process(of, costs),
            Text(focus),
        ),
    )


def _year(of: Audit) -> Table:
    before, after = of.before.study, of.after.study
    rows = []
    for name, mean in after.means.items():
        if name == "closure":
            continue
        was = before.means[name].mean
        unit, _, counted = after.units[name].partition(" as ")
        label = words(name.replace("_t", "").replace("_mwh", "").replace(".", ": "))
        row = [f"{label} (as {counted})" if counted else label, unit_of(unit), readable(was),
               readable(mean.mean), readable(mean.mean - was)]  # fmt: skip
        if mean.n > 1:
            row.append(readable(mean.half_width))
        rows.append(row)
    header = ["the year", "unit", "before", "after", "change"]
    note = "the same figures as `run` prints for both designs"
    if len(after.indicators) > 1:
        header.append("after, +- 95 %")
    return table("Inputs, products, emissions", header, rows, left=(0, 1), note=note)


def _losses_by_process(of: Audit, costs: FlowCosts) -> Table:
    after = of.after.costs(of.terms.prices)
    found = {"before": costs.losses(), "after": after.losses()}
    tonnes = {name: _lost(side) for name, side in (("before", of.before), ("after", of.after))}
    names = [n for n in found["before"] if n in tonnes["before"] or n in tonnes["after"]]
    names.sort(key=lambda name: -sum(found["before"][name].values()))
    rows = [
        [
            name,
            *(readable(tonnes[when].get(name, 0.0)) for when in tonnes),
            *(f"{sum(found[when][name].values()) / TEN_THOUSAND:,.1f}" for when in found),
        ]
        for name in names
    ]
    rows.append(
        [
            LINE,
            *(readable(sum(tonnes[when].values())) for when in tonnes),
            *(f"{each.lost / TEN_THOUSAND:,.1f}" for each in (costs, after)),
        ]
    )
    header = ("process", "organics lost before, t/yr", "after, t/yr",
              "cost of losses before, 10⁴ RMB/yr", "after, 10⁴ RMB/yr")  # fmt: skip
    return table(
        "Losses by process: where they leave the line",
        header,
        rows,
        strong=(len(rows) - 1,),
        note="organics: benzene and chlorobenzenes to air, wastewater, cooling water, slop oil and "
        "residue",
    )


def _lost(side: Side) -> dict[str, float]:
    """Return organics that leave as no product, by process, t/yr."""
    lost: dict[str, float] = {}
    for entry, kg in side.books.flows.items():
        if entry.medium not in (INTERNAL, "product"):
            name = PROCESS_OF[entry.source]
            lost[name] = lost.get(name, 0.0) + float(sum(kg[i] for i in ORGANICS)) / KG
    return lost
