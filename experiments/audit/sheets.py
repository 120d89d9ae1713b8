"""Stage 3, the assessment: worksheets of the processes, their closure, the losses that remain."""

from __future__ import annotations

from collections.abc import Iterator

from experiments.audit.balances import Array, Worksheet, process_of, worksheets
from experiments.audit.basis import FLOWS, Audit, drawn
from experiments.audit.document import Block, Table, Text, section
from sim.books.ledger import INTERNAL
from sim.tables import readable, words

KG = 1000.0
MOST_LOSSES = 15
POWER = "power"
UTILITIES = ("steam", POWER, "cooling_water")
"""In this order; what else a unit uses comes after them."""


@section("assessment", "3 Assessment: material balances")
def assessment(of: Audit) -> Iterator[Block]:
    """Tell of stage 3: balances of all processes, utilities, and the list of losses."""
    sheets = worksheets(of.after.books, of.plant)
    yield Text(
        "Each worksheet draws a boundary around the units and tanks of a process. What crosses it "
        "is read from the books; what the tanks gained comes from their own integration, what "
        "reacted from the extents of reaction. So a row 'missing' of zero is a finding, not a "
        "definition."
    )
    word, followed = of.says.followed_word, of.says.followed_as
    yield from drawn(
        of,
        FLOWS,
        f"{word.capitalize()} of the {of.noun} with {of.name}, t/yr; the worksheets hold the same "
        "flows",
        f"Flow chart of {followed or word} from process to process, with recycles",
    )
    yield _closures(sheets, of)
    yield from (_sheet(sheet, of) for sheet in sheets)
    yield from _utilities(sheets, of)
    yield from _losses(of)


def _closures(sheets: tuple[Worksheet, ...], of: Audit) -> Table:
    before = {sheet.process: sheet for sheet in worksheets(of.before.books, of.plant)}
    names = of.after.books.components.names
    rows = []
    for sheet in sheets:
        missing = sheet.missing
        largest = max(range(len(missing)), key=lambda i: abs(missing[i]))
        was = before.get(sheet.process)
        rows.append(
            (
                sheet.process,
                readable(sheet.into.sum() / KG),
                readable(sheet.out.sum() / KG),
                readable(sheet.gained.sum() / KG),
                f"{missing[largest]:.1e} of {words(names[largest])}",
                f"{sheet.closure:.1e}",
                f"{was.closure:.1e}" if was else "",
            )
        )
    return Table(
        "Closure of the balances",
        ("process", "in, t/yr", "out, t/yr", "stock change, t/yr", "most missing, kg/yr",
         "closure, kg/kg", "before, kg/kg"),
        rows,
        strong=(len(rows) - 1,),
        note="closure: worst component, missing per larger of in, out and reacted; a run whose "
        "books are worse than 1e-9 is refused",
    )  # fmt: skip


def _sheet(sheet: Worksheet, of: Audit) -> Table:
    components = of.after.books.components
    groups = of.says.groups or {words(name): (name,) for name in components.names}
    members = [[components.index[name] for name in names] for names in groups.values()]
    rows: list[list[str]] = []
    strong: list[int] = []

    def grouped(kg: Array) -> Iterator[float]:
        found = [float(sum(kg[i] for i in group)) for group in members]
        yield from found
        yield sum(found)

    def add(label: str, medium: str, kg: Array, *, total: bool = False) -> None:
        if total:
            strong.append(len(rows))
        rows.append([label, medium, *(_cell(amount) for amount in grouped(kg))])

    for flow in sheet.entering:
        add(f"from {words(flow.neighbour)}", flow.medium, flow.kg)
    add("in", "", sheet.into, total=True)
    if sheet.made.any():
        add("made (consumed: -)", "reaction", sheet.made)
    for flow in sheet.leaving:
        add(f"to {words(flow.neighbour)}", flow.medium, flow.kg)
    add("out", "", sheet.out, total=True)
    if sheet.gained.any():
        add("gained by tanks", "stock", sheet.gained)
    missing = (f"{kg / KG:.0e}" if kg else "0" for kg in grouped(sheet.missing))
    rows.append(["missing", "", *missing])
    strong.append(len(rows) - 1)
    return Table(
        f"Worksheet: {sheet.process}", ("t/yr", "medium", *groups, "total"), rows, left=(0, 1),
        strong=strong,
        note=f"in + made - out - gained = missing, t/yr; closure {sheet.closure:.1e} kg/kg",
    )  # fmt: skip


def _cell(amount: float) -> str:
    return f"{amount / KG:,.2f}".replace("-0.00", "0.00") if amount else ""


def _utilities(sheets: tuple[Worksheet, ...], of: Audit) -> Iterator[Block]:
    used = dict.fromkeys(name for sheet in sheets for name in sheet.uses)
    names = [*(n for n in UTILITIES if n in used), *(n for n in used if n not in UTILITIES)]
    if not names:
        yield Text(f"No unit of the {of.plant.name} uses utilities.")
        return
    rows = [
        (sheet.process, *(readable(sheet.uses.get(name, 0.0) / KG) for name in names))
        for sheet in sheets
    ]
    heads = (
        "power at the units, MWh/yr" if name == POWER else f"{words(name)}, t/yr" for name in names
    )
    yield Table(
        "Utilities by process",
        ("process", *heads),
        rows,
        strong=(len(rows) - 1,),
        note=of.says.utilities_note,
    )


def _losses(of: Audit) -> Iterator[Block]:
    flows = [
        (entry, kg)
        for entry, kg in of.after.flows.items()
        if entry.medium not in (INTERNAL, "product")
    ]
    if not flows:
        return
    flows.sort(key=lambda item: -float(sum(item[1][i] for i in of.followed)))
    known, components = process_of(of.plant), of.after.books.components
    shown = of.says.looked_at or of.says.followed or components.names
    rows = [
        (
            words(entry.stream),
            known[entry.source],
            entry.medium,
            entry.cause,
            *(f"{float(kg[components.index[name]]) / KG:,.2f}" for name in shown),
            f"{float(kg.sum()) / KG:,.2f}",
        )
        for entry, kg in flows[:MOST_LOSSES]
    ]
    yield Table(
        f"The {len(rows)} largest losses of {of.says.followed_word} that remain",
        ("stream", "process", "medium", "cause", *(f"{words(name)}, t/yr" for name in shown),
         "all, t/yr"),
        rows,
        left=(0, 1, 2, 3),
    )  # fmt: skip
