"""Stage 3, the assessment: worksheets of the processes, their closure, the losses that remain."""

from __future__ import annotations

from collections.abc import Iterator

from experiments.audit.balances import Worksheet, worksheets
from experiments.audit.basis import Audit, Side
from experiments.audit.document import Section, Table, Text, table
from experiments.audit.pictures import organics
from plant_models.chlorobenzene.figures.style import words
from plant_models.chlorobenzene.line.wiring import PROCESS_OF
from plant_models.chlorobenzene.substances.chemistry import BENZENE, COMPONENTS, HCL, MCB, ORGANICS
from sim.books.ledger import INTERNAL
from sim.tables import readable

KG = 1000.0
MOST_LOSSES = 15
GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("benzene", ("benzene",)),
    ("chloro- benzene", ("chlorobenzene",)),
    ("di-, trichloro- benzene", ("dichlorobenzene", "trichlorobenzene")),
    ("chlorine", ("chlorine",)),
    ("hydrogen chloride", ("hydrogen_chloride",)),
    ("water", ("water",)),
    ("caustic, salts", ("sodium_hydroxide", "sodium_chloride", "iron_chloride")),
    ("inert gas", ("nitrogen",)),
)
"""Columns of a worksheet, which together hold every component."""


def assessment(of: Audit) -> Section:
    """Return stage 3: balances of all processes, utilities, and the list of losses."""
    sheets = worksheets(of.after.books)
    intro = (
        "Each worksheet draws a boundary around the units and tanks of a process. What crosses it "
        "is read from the books; what the tanks gained comes from their own integration, what "
        "reacted from the extents of reaction. So a row 'missing' of zero is a finding, not a "
        "definition."
    )
    return Section(
        "assessment",
        "3 Assessment: material balances",
        (
            Text(intro),
            organics(of),
            _closures(of),
            *(_sheet(sheet) for sheet in sheets),
            _utilities(sheets),
            _losses(of.after),
        ),
    )


def _closures(of: Audit) -> Table:
    before = {sheet.process: sheet for sheet in worksheets(of.before.books)}
    rows = []
    sheets = worksheets(of.after.books)
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
                f"{missing[largest]:.1e} of {words(COMPONENTS.names[largest])}",
                f"{sheet.closure:.1e}",
                f"{was.closure:.1e}" if was else "",
            )
        )
    return table(
        "Closure of the balances",
        ("process", "in, t/yr", "out, t/yr", "stock change, t/yr", "most missing, kg/yr",
         "closure, kg/kg", "before, kg/kg"),
        rows,
        strong=(len(rows) - 1,),
        note="closure: worst component, missing per larger of in, out and reacted; a run whose "
        "books are worse than 1e-9 is refused",
    )  # fmt: skip


def _sheet(sheet: Worksheet) -> Table:
    rows: list[list[str]] = []
    strong: list[int] = []

    def add(label: str, medium: str, kg: object, *, total: bool = False) -> None:
        if total:
            strong.append(len(rows))
        rows.append([label, medium, *_cells(kg)])

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
    rows.append(
        ["missing", "", *(f"{kg / KG:.0e}" if kg else "0" for kg in _groups(sheet.missing))]
    )
    strong.append(len(rows) - 1)
    header = ("t/yr", "medium", *(name for name, _ in GROUPS), "total")
    return table(
        f"Worksheet: {sheet.process}", header, rows, left=(0, 1), strong=strong,
        note=f"in + made - out - gained = missing, t/yr; closure {sheet.closure:.1e} kg/kg",
    )  # fmt: skip


def _groups(kg: object) -> Iterator[float]:
    amounts = dict(zip(COMPONENTS.names, kg, strict=True))  # type: ignore[call-overload]
    found = [float(sum(amounts[name] for name in names)) for _, names in GROUPS]
    yield from found
    yield sum(found)


def _cells(kg: object) -> Iterator[str]:
    for amount in _groups(kg):
        yield f"{amount / KG:,.2f}".replace("-0.00", "0.00") if amount else ""


def _utilities(sheets: tuple[Worksheet, ...]) -> Table:
    rows = [
        (
            sheet.process,
            readable(sheet.uses.get("steam", 0.0) / KG),
            readable(sheet.uses.get("power", 0.0) / KG),
            readable(sheet.uses.get("cooling_water", 0.0) / KG),
        )
        for sheet in sheets
    ]
    return table(
        "Utilities by process",
        ("process", "steam, t/yr", "power at the units, MWh/yr", "cooling water, t/yr"),
        rows,
        strong=(len(rows) - 1,),
        note="power that moves the cooling water is not at a unit; the year's total has it",
    )


def _losses(side: Side) -> Table:
    flows = [
        (entry, kg)
        for entry, kg in side.books.flows.items()
        if entry.medium not in (INTERNAL, "product")
    ]
    flows.sort(key=lambda item: -float(sum(item[1][i] for i in ORGANICS)))
    rows = [
        (
            words(entry.stream),
            PROCESS_OF[entry.source],
            entry.medium,
            entry.cause,
            f"{float(kg[BENZENE]) / KG:,.2f}",
            f"{float(kg[MCB]) / KG:,.2f}",
            f"{float(kg[HCL]) / KG:,.2f}",
            f"{float(kg.sum()) / KG:,.2f}",
        )
        for entry, kg in flows[:MOST_LOSSES]
    ]
    return table(
        f"The {len(rows)} largest losses of organics that remain",
        ("stream", "process", "medium", "cause", "benzene, t/yr", "chlorobenzene, t/yr",
         "hydrogen chloride, t/yr", "all, t/yr"),
        rows,
        left=(0, 1, 2, 3),
    )  # fmt: skip
