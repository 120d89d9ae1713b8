"""Stages 4 and 5: the options, and whether they are feasible."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from experiments.audit.basis import MOST_PLAYERS, UNKNOWN, Audit, bare
from experiments.audit.document import Block, Table, Text, section
from experiments.studies.attribute import METHODS, NOT_IDENTIFIABLE, Attribution
from experiments.studies.cube.cube import MOST_SCHEMES
from experiments.studies.run import unit_of
from plant_models.methods.appraisal import Appraisal
from plant_models.methods.cost_classes import MEDIUM
from sim.model.schemes import natural
from sim.tables import readable, words


@section("options", "4 Options")
def options(of: Audit) -> Iterator[Block]:
    """Tell stage 4: every scheme of the catalogue, with its class and fate."""
    class_word = "class in the source" if of.plant.printed_note else "class"
    rows = []
    for scheme in sorted(of.known.values(), key=lambda s: natural(s.id)):
        if scheme.illustrative and scheme.id not in of.schemes:
            continue
        fate = "chosen" if scheme.id in of.schemes else "not chosen"
        mark = ", illustrative" if scheme.illustrative else ""
        rows.append(
            (scheme.id, f"{scheme.title}{mark}", scheme.cost_class, words(scheme.target), fate,
             scheme.lever)
        )  # fmt: skip
    header = ("scheme", "title", class_word, "where", "fate", "what is done")
    yield Table("Schemes of the catalogue", header, rows, left=range(6))
    if not of.schemes:
        yield Text("No scheme is chosen, so there is nothing to share out.")
        return
    said = NOT_IDENTIFIABLE if of.plant.printed_note else "none of them is a measurement"
    if len(of.schemes) > MOST_PLAYERS:
        yield Text(
            f"Shares of single schemes are left out: {len(of.schemes)} schemes make "
            f"{2 ** len(of.schemes):,} sets. `attribute` shares a figure out over up to "
            f"{MOST_SCHEMES} (`--players`), with others in place throughout (`--given`). "
            f"Whichever method is used, {said}."
        )
        return
    if not of.shares:
        yield Text(f"The {of.plant.name} has no emissions to share out.")
        return
    yield Text(
        "Tonnes of a single scheme have no one answer once schemes overlap or need each other. So "
        f"they stand under the names of five methods, at constant conditions; {said}."
    )
    yield from map(_shares, of.shares)


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
    about, unit = words(bare(of.figure.name).replace(".", ": ")), unit_of(of.figure.unit)
    return Table(
        f"{about}, {of.figure.word}, {unit}, by method",
        ("scheme", *METHODS),
        rows,
        strong=(len(rows) - 1,),
        note=f"together {readable(of.game.together)} {unit}; {told}; in order of their numbers",
    )


@section("feasibility", "5 Feasibility")
def feasibility(of: Audit) -> Iterator[Block]:
    """Tell of stage 5: technical, environmental, economic."""
    yield Text(
        "Technical: what the schemes change on the equipment, and on whose word. Schemes "
        "that set one parameter to different values would be refused before anything runs."
    )
    told = of.explained
    rows = [(row.path, *told._cells(row)[1:5], row.evidence, row.note) for row in told.rows]
    yield Table(
        "Parameters that the schemes change",
        ("parameter", "before", "after", "unit", "by", "evidence", "note"),
        rows,
        left=range(7),
        note="" if rows else "no schemes: nothing changes",
    )
    moved = map(of.moved, of.says.leading or of.plant.headlines)
    yield Text(
        f"Environmental: {', '.join(moved)}. Reuse is not deletion: what reused water and "
        "recovered gas carry goes on somewhere, so the table shows every medium, the worse with "
        "the better."
    )
    yield from _environmental(of)
    yield from _economic(of)


def _environmental(of: Audit) -> Iterator[Block]:
    says, plant = of.says, of.plant
    burdens = says.burdens or (*plant.emissions, *plant.utilities)
    if not burdens:
        yield Text(f"The {plant.name} has no emissions and no utilities.")
        return
    printed = plant.printed_reductions(of.before.variant.schemes, of.schemes)
    rows = []
    for name in burdens:
        was, becomes = of.before[name], of.after[name]
        row = [words(bare(name).replace(".", ": ")), unit_of(of.after.units[name]), readable(was),
               readable(becomes), readable(becomes - was)]  # fmt: skip
        if plant.product:
            made = of.before[plant.product], of.after[plant.product]
            row.append(f"{(becomes / made[1]) / (was / made[0]) - 1.0:+.1%}" if was else "")
        if printed:
            row.append(f"{-printed[name]:,.2f}" if name in printed else "")
        rows.append(row)
    header = ["burden", "unit", "before", "after", "change"]
    header += ["per t product"] * bool(plant.product) + ["source"] * bool(printed)
    note = says.printed_note if printed else says.unprinted_note
    yield Table("All media", header, rows, left=(0, 1), note=note)


def _economic(of: Audit) -> Iterator[Block]:
    if of.prices is None:
        yield Text(f"The {of.plant.name} has no prices, so nothing is said of money.")
        return
    terms, note = of.prices.tree, of.says.investments_note
    yield Text(
        "Economic: each step as the books of two years at constant conditions differ, in the order "
        f"in which it is introduced; {terms.interest_rate:.0%} a year over {terms.horizon} years"
        f"{'; ' if note else ''}{note}. `money` prints the same figures."
    )
    if of.money is not None:
        sums = len(of.money.rows) - len(of.money.steps)
        yield _appraised("Chosen schemes", of.money.rows, of, sums=sums)
    if of.left:
        yield _appraised("Not chosen: each as the next step", of.left, of)
    yield from _beyond(of)


def _beyond(of: Audit) -> Iterator[Block]:
    """Tell of what no source names: options of our own, screened at constant conditions."""
    if not of.beyond:
        return
    known = {
        scheme.id: scheme
        for name in of.plant.catalogues
        for scheme in of.plant.own_schemes(catalogue=name).values()
    }
    yield Text(
        "Beyond the source: options that the audit did not name, with costs of our own, orders of "
        "magnitude that nobody has quoted. What acts only in time shows nothing at constant "
        "conditions: `compare` judges it in operation. "
        + "; ".join(f"{row.name}: {known[row.name].title}" for row in of.beyond)
        + "."
    )
    yield _appraised("Options of our own: each as the next step", of.beyond, of)


def _appraised(caption: str, rows: Sequence[Appraisal], of: Audit, sums: int = 0) -> Table:
    printed = of.money.printed if of.money else {}
    told = bool(of.economy.printed())
    cells = []
    for row in rows:
        source = printed.get(row.name)
        said = source.payback if source and source.payback is not None else None
        cells.append(
            (
                row.name,
                row.cost_class.name if row.cost_class else UNKNOWN,
                of.amount(row.investment),
                of.amount(row.income),
                of.amount(row.operating_cost),
                of.amount(row.net),
                years(row),
                *(["" if said is None else f"{said:g}"] if told else []),
                of.amount(row.present_value),
                str(row.internal) if row.internal and row.investment else "",
                verdict(row),
            )
        )
    unit = of.unit
    header = ("step", "class by investment", f"once, {unit}", f"income, {unit}/yr",
              f"cost, {unit}/yr", f"net, {unit}/yr", "payback, yr", *["source, yr"] * told,
              f"present value, {unit}", "internal rate a year", "customary tests")  # fmt: skip
    return Table(
        caption, header, cells, left=(0, 1, len(header) - 1),
        strong=range(len(cells) - sums, len(cells)),
        note=f"tests: payback (medium cost below {MEDIUM:g} yr), present value and internal rate "
        "at the bank's rate",
    )  # fmt: skip


def years(row: Appraisal) -> str:
    """Return a payback, yr; what is free and earns nothing pays nothing back."""
    if row.investment is None:
        return UNKNOWN
    if row.investment == 0.0 and row.net > 0.0:
        return "at once"
    paid = row.payback if row.net > 0.0 else None
    return "not within the horizon" if paid is None else f"{paid:.2f}"


def verdict(row: Appraisal) -> str:
    """Return which customary tests a step fails."""
    if not row.tests:
        return UNKNOWN
    failed = [name for name, passed in row.tests.items() if passed is False]
    return f"fails {', '.join(failed)}" if failed else "passes"
