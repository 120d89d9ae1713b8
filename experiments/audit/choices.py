"""Stages 4 and 5: the options, and whether they are feasible."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from plant_models.chlorobenzene.money.appraisal import Appraisal

from experiments.audit.assessment import falls
from experiments.audit.basis import Audit
from experiments.audit.document import Block, Section, Table, Text, table
from experiments.runner.tasks import STEADY
from experiments.studies.attribute.study import (
    METHODS,
    NOT_IDENTIFIABLE,
    Attribution,
    Terms,
    attribution,
)
from experiments.studies.cube.study import MOST_SCHEMES, Job, compute
from plant_models import chlorobenzene as cb
from plant_models.chlorobenzene.figures.style import words
from plant_models.chlorobenzene.paper.printed import TEN_THOUSAND, table_1_3
from plant_models.methods.cost_classes import MEDIUM
from sim.model.schemes import natural
from sim.tables import readable

ATTRIBUTED = ("air.benzene_t", "wastewater.benzene_t", "wastewater.hydrogen_chloride_t",
              "wastewater_t")  # fmt: skip
MOST_PLAYERS = 12  # 4,096 steady states, about a minute; each scheme more doubles it
UNKNOWN = "not known"


def options(of: Audit) -> Section:
    """Return stage 4: every scheme of the catalogue, with its class and fate."""
    rows = []
    for scheme in sorted(of.case.known.values(), key=lambda s: natural(s.id)):
        if scheme.illustrative and scheme.id not in of.schemes:
            continue
        fate = "chosen" if scheme.id in of.schemes else "not chosen"
        mark = ", illustrative" if scheme.illustrative else ""
        rows.append(
            (scheme.id, f"{scheme.title}{mark}", scheme.cost_class, words(scheme.target), fate,
             scheme.lever)
        )  # fmt: skip
    return Section(
        "options",
        "4 Options",
        (
            table(
                "Schemes of the catalogue",
                ("scheme", "title", "class in the source", "where", "fate", "what is done"),
                rows,
                left=range(6),
            ),
            *_attributed(of),
        ),
    )


def _attributed(of: Audit) -> Iterator[Block]:
    if not of.schemes:
        yield Text("No scheme is chosen, so there is nothing to share out.")
        return
    if len(of.schemes) > MOST_PLAYERS:
        yield Text(
            f"Shares of single schemes are left out: {len(of.schemes)} schemes make "
            f"{2 ** len(of.schemes):,} sets. `attribute` shares a figure out over up to "
            f"{MOST_SCHEMES} (`--players`), with others in place throughout (`--given`). "
            f"Whichever method is used, {NOT_IDENTIFIABLE}."
        )
        return
    yield Text(
        "Tonnes of a single scheme have no one answer once schemes overlap or need each other. So "
        f"they stand under the names of five methods, at constant conditions; {NOT_IDENTIFIABLE}."
    )
    players = tuple(sorted(of.schemes, key=natural))
    job = Job.of(of.case, players, STEADY)
    cube = compute(job, only=range(1 << len(players)))
    terms = Terms(players, (), players, of.terms.prices, of.terms.investments)
    for name in ATTRIBUTED:
        yield _shares(attribution(cube, name, terms))


def _shares(of: Attribution) -> Table:
    splits: dict[str, Mapping[str, float] | None] = {name: of.splits[name] for name in METHODS}
    rows = [
        [player, *("" if split is None else readable(split[player]) for split in splits.values())]
        for player in of.terms.players
    ]
    rows.append(
        ["sum", *("" if split is None else readable(sum(split.values()))
                  for split in splits.values())]
    )  # fmt: skip
    told = "; ".join(f"{name}: {what}" for name, what in METHODS.items())
    return table(
        f"{words(of.figure.name.removesuffix('_t').replace('.', ': '))}, {of.figure.word}, t/yr, "
        "by method",
        ("scheme", *METHODS),
        rows,
        strong=(len(rows) - 1,),
        note=f"together {readable(of.game.together)} t/yr; {told}; in order of their numbers",
    )


def feasibility(of: Audit) -> Section:
    """Return stage 5: technical, environmental, economic."""
    return Section(
        "feasibility",
        "5 Feasibility",
        (
            Text(
                "Technical: what the schemes change on the equipment, and on whose word. Schemes "
                "that set one parameter to different values would be refused before anything runs."
            ),
            _technical(of),
            Text(_environment(of)),
            _environmental(of),
            Text(_money(of)),
            *_economic(of),
        ),
    )


def _technical(of: Audit) -> Table:
    told = cb.explain(of.schemes, design=of.case.design, known=of.case.known)
    rows = [(row.path, *told._cells(row)[1:5], row.evidence, row.note) for row in told.rows]
    return table(
        "Parameters that the schemes change",
        ("parameter", "before", "after", "unit", "by", "evidence", "note"),
        rows,
        left=range(7),
        note="" if rows else "no schemes: nothing changes",
    )


def _environment(of: Audit) -> str:
    air = of.before["air.benzene_t"] - of.after["air.benzene_t"]
    water = of.before["wastewater.benzene_t"] - of.after["wastewater.benzene_t"]
    return (
        f"Environmental: benzene to air {falls(air)} t/yr, benzene to wastewater {falls(water)} "
        "t/yr. Reuse is not deletion: what reused water and recovered gas carry "
        "goes on somewhere, so the table shows every medium, the worse with the better."
    )


MEDIA = ("air.benzene_t", "air.chlorobenzene_t", "air.hydrogen_chloride_t", "air.chlorine_t",
         "wastewater_t", "wastewater.benzene_t", "wastewater.chlorobenzene_t",
         "wastewater.hydrogen_chloride_t", "residue_t", "slop_oil_t", "steam_t", "power_mwh",
         "cooling_water_intake_t", "caustic_t")  # fmt: skip


def _environmental(of: Audit) -> Table:
    printed = table_1_3() if set(of.schemes) == {f"F{n}" for n in range(1, 12)} else {}
    rows = []
    for name in MEDIA:
        was, becomes = of.before[name], of.after[name]
        product = of.before["chlorobenzene_t"], of.after["chlorobenzene_t"]
        change = (becomes / product[1]) / (was / product[0]) - 1.0 if was else 0.0
        said = f"{-printed[name]:,.2f}" if name in printed else ""
        label = words(name.removesuffix("_t").removesuffix("_mwh").replace(".", ": "))
        unit = of.after.study.units[name].partition(" as ")[0]
        rows.append([label, unit, readable(was), readable(becomes), readable(becomes - was),
                     f"{change:+.1%}", *([said] if printed else [])])  # fmt: skip
    header = ["burden", "unit", "before", "after", "change", "per t product"]
    note = (
        "the source prints reductions for F1-F11 together only, so none stands beside these"
        if not printed
        else "the source's reductions stand for its whole programme; the line is calibrated to them"
    )
    return table("All media", [*header, *(["source"] if printed else [])], rows, left=(0, 1),
                 note=note)  # fmt: skip


def _money(of: Audit) -> str:
    terms = of.terms.prices
    return (
        "Economic: each step as the books of two years at constant conditions differ, in the order "
        f"in which it is introduced; {terms.interest_rate:.0%} a year over {terms.horizon} years; "
        "investments are the source's. `money` prints the same figures."
    )


def _economic(of: Audit) -> Iterator[Block]:
    if of.money is not None:
        yield _appraised(
            "Chosen schemes", of.money.rows, of, sums=len(of.money.rows) - len(of.money.steps)
        )
    if of.left:
        yield _appraised("Not chosen: each as the next step", of.left, of)


def _appraised(caption: str, rows: tuple[Appraisal, ...], of: Audit, sums: int = 0) -> Table:
    printed = of.money.printed if of.money else {}
    cells = []
    for row in rows:
        source = printed.get(row.name)
        said = source.payback if source and source.payback is not None else None
        cells.append(
            (
                row.name,
                row.cost_class.name if row.cost_class else UNKNOWN,
                wan(row.investment),
                wan(row.income),
                wan(row.operating_cost),
                wan(row.net),
                years(row.payback, row.investment),
                "" if said is None else f"{said:g}",
                wan(row.present_value),
                str(row.internal) if row.internal and row.investment else "",
                verdict(row),
            )
        )
    header = ("step", "class by investment", "once, 10⁴ RMB", "income, 10⁴ RMB/yr",
              "cost, 10⁴ RMB/yr", "net, 10⁴ RMB/yr", "payback, yr", "source, yr",
              "present value, 10⁴ RMB", "internal rate a year", "customary tests")  # fmt: skip
    return table(
        caption, header, cells, left=(0, 1, 10), strong=range(len(cells) - sums, len(cells)),
        note=f"tests: payback (medium cost below {MEDIUM:g} yr), present value and internal rate "
        "at the bank's rate",
    )  # fmt: skip


def wan(amount: float | None) -> str:
    """Return an amount of money in 10⁴ RMB."""
    return UNKNOWN if amount is None else f"{amount / TEN_THOUSAND:,.2f}"


def years(time: float | None, investment: float | None) -> str:
    """Return a payback, yr."""
    if investment is None:
        return UNKNOWN
    if investment == 0.0:
        return "at once"
    return "not within the horizon" if time is None else f"{time:.2f}"


def verdict(row: Appraisal) -> str:
    """Return which customary tests a step fails."""
    if not row.tests:
        return UNKNOWN
    failed = [name for name, passed in row.tests.items() if passed is False]
    return f"fails {', '.join(failed)}" if failed else "passes"
