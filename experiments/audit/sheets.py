"""Stage 3, the assessment: the losses that remain; worksheets and closures of the appendix."""

from __future__ import annotations

from collections.abc import Iterator

from experiments.audit.balances import Array, Worksheet, process_of, worksheets
from experiments.audit.basis import FLOWS, Audit, drawn
from experiments.audit.document import Block, Table, Text, section
from plant_models.chlorobenzene.model import PLANT
from plant_models.methods.flow_costing import SOLD
from sim.books.ledger import INTERNAL
from sim.tables import readable, three, words

KG = 1000.0
MOST_LOSSES = 10
TRACE = 1e-7  # kg/kg of all that leaves: less is nothing, as a kilogram is of 10,000 t
POWER = "power"
UTILITIES = ("steam", POWER, "cooling_water")
"""In this order; what else a unit uses comes after them."""


@section("assessment")
def assessment(of: Audit) -> Iterator[Block]:
    """Tell of stage 3: where it flows, and the list of losses."""
    say = of.say
    yield Text(say("worksheets"))
    word = of.followed_word
    yield from drawn(
        of,
        FLOWS,
        say("flows_caption", what=word[:1].upper() + word[1:], noun=of.noun, design=of.name),
        say("flows_alt", what=of.names.text(of.says.followed_as) or word),
    )
    yield from _losses(of)


@section("balances")
def balances(of: Audit) -> Iterator[Block]:
    """Tell the balances of all processes, and their utilities."""
    sheets = worksheets(of.after.books, of.plant)
    yield _closures(sheets, of)
    yield from (_sheet(sheet, of) for sheet in sheets)
    yield from _utilities(sheets, of)


def _process(name: str, of: Audit) -> str:
    return of.names.called("processes", name) if name in of.plant.processes else of.whole


def _closures(sheets: tuple[Worksheet, ...], of: Audit) -> Table:
    say = of.say
    before = {sheet.process: sheet for sheet in worksheets(of.before.books, of.plant)}
    names = of.after.books.components.names
    rows = []
    for sheet in sheets:
        missing = sheet.missing
        largest = max(range(len(missing)), key=lambda i: abs(missing[i]))
        was = before.get(sheet.process)
        what = of.names.called("components", names[largest])
        rows.append(
            (
                _process(sheet.process, of),
                readable(sheet.into.sum() / KG),
                readable(sheet.out.sum() / KG),
                readable(sheet.gained.sum() / KG),
                say("missing_of", amount=f"{missing[largest]:.1e}", what=what),
                f"{sheet.closure:.1e}",
                f"{was.closure:.1e}" if was else "",
            )
        )
    heads = ("process", "in", "out", "stock", "most_missing", "closure", "closure_before")
    return Table(
        say("closures"), tuple(map(say, heads)), rows, strong=(len(rows) - 1,),
        note=say("closure_note"),
    )  # fmt: skip


def _sheet(sheet: Worksheet, of: Audit) -> Table:
    say, components = of.say, of.after.books.components
    groups = of.says.groups or {words(name): (name,) for name in components.names}
    members = [[components.index[name] for name in names] for names in groups.values()]
    rows: list[list[str]] = []
    strong: list[int] = []
    trace = _trace(of)

    def grouped(kg: Array) -> Iterator[float]:
        found = [float(sum(kg[i] for i in group)) for group in members]
        yield from found
        yield sum(found)

    def add(label: str, medium: str, kg: Array, *, total: bool = False) -> None:
        if total:
            strong.append(len(rows))
        rows.append([label, medium, *(_cell(amount, trace) for amount in grouped(kg))])

    def neighbour(name: str) -> str:
        return of.names.called("processes" if name in of.plant.processes else "places", name)

    for flow in sheet.entering:
        where, medium = neighbour(flow.neighbour), of.names.called("media", flow.medium)
        add(say("from", where=where), medium, flow.kg)
    add(say("row_in"), "", sheet.into, total=True)
    if sheet.made.any():
        add(say("row_made"), say("reaction"), sheet.made)
    for flow in sheet.leaving:
        where, medium = neighbour(flow.neighbour), of.names.called("media", flow.medium)
        add(say("row_to", where=where), medium, flow.kg)
    add(say("row_out"), "", sheet.out, total=True)
    if sheet.gained.any():
        add(say("row_gained"), say("in_tanks"), sheet.gained)
    missing = (f"{kg / KG:.0e}" if kg else "0" for kg in grouped(sheet.missing))
    rows.append([say("row_missing"), "", *missing])
    strong.append(len(rows) - 1)
    heads = [of.names.called("components", name) for name in groups]
    return Table(
        say("sheet", process=_process(sheet.process, of)),
        (say("sheet_unit"), say("medium"), *heads, say("total")),
        rows,
        left=(0, 1),
        strong=strong,
        note=say("sheet_note", closure=f"{sheet.closure:.1e}"),
    )


def _cell(amount: float, trace: float) -> str:
    """Return an amount, t/yr, to 10 kg; of a plant of less than 10,000 t with three digits."""
    if trace < 1.0 and abs(amount) >= trace:
        return three(amount / KG)
    return f"{amount / KG:,.2f}".replace("-0.00", "0.00") if amount else ""


def _trace(of: Audit) -> float:
    """Return the amount below which a flow is as good as none beside all that leaves, kg."""
    flows = of.after.flows.items()
    return TRACE * sum(float(kg.sum()) for entry, kg in flows if entry.medium != INTERNAL)


def _tonnes(kg: float, least: float) -> str:
    """Return an amount, t/yr; what is less than ``least``, kg, is nothing."""
    return three(kg / KG) if abs(kg) >= least else "0"


def _stream(stream: str, of: Audit) -> str:
    unit, dot, outlet = stream.partition(".")
    if not dot:
        return words(stream)
    called = of.names.called("outlets", outlet) if of.plant == PLANT else words(outlet)
    return of.say("outlet", unit=of.names.called("places", unit), outlet=called)


def _utilities(sheets: tuple[Worksheet, ...], of: Audit) -> Iterator[Block]:
    say = of.say
    used = dict.fromkeys(name for sheet in sheets for name in sheet.uses)
    names = [*(n for n in UTILITIES if n in used), *(n for n in used if n not in UTILITIES)]
    if not names:
        yield Text(say("no_utilities", plant=of.plant_name))
        return
    rows = [
        (
            _process(sheet.process, of),
            *(readable(sheet.uses.get(name, 0.0) / KG) for name in names),
        )
        for sheet in sheets
    ]
    heads = (
        say("power_at_units")
        if name == POWER
        else say("tonnes_of", what=of.names.called("components", name))
        for name in names
    )
    yield Table(
        say("utilities"),
        (say("process"), *heads),
        rows,
        strong=(len(rows) - 1,),
        note=of.names.text(of.says.utilities_note),
    )


def _losses(of: Audit) -> Iterator[Block]:
    say = of.say
    flows = [
        (entry, kg) for entry, kg in of.after.flows.items() if entry.medium not in (INTERNAL, *SOLD)
    ]
    if not flows:
        return
    flows.sort(key=lambda item: -float(sum(item[1][i] for i in of.followed)))
    least = min(1.0, _trace(of))
    known, components = process_of(of.plant), of.after.books.components
    shown = of.says.looked_at or of.says.followed or components.names
    ranked = len(of.followed) < len(components.names)  # else that is all
    rows = [
        (
            _stream(entry.stream, of),
            of.names.called("processes", known[entry.source]),
            of.names.called("media", entry.medium),
            of.names.called("causes", entry.cause),
            *[_tonnes(float(sum(kg[i] for i in of.followed)), least)] * ranked,
            *(_tonnes(float(kg[components.index[name]]), least) for name in shown),
            _tonnes(float(kg.sum()), least),
        )
        for entry, kg in flows[:MOST_LOSSES]
    ]
    followed = (say("tonnes_of", what=of.followed_word),) * ranked
    heads = (say("tonnes_of", what=of.names.called("components", name)) for name in shown)
    yield Table(
        say(
            "largest_losses" if len(rows) > 1 else "one_loss",
            number=len(rows),
            what=of.followed_word,
        ),
        (*map(say, ("stream", "process", "medium", "cause")), *followed, *heads, say("all_tonnes")),
        rows,
        left=(0, 1, 2, 3),
    )
