"""Why an indicator is what it is: ledger rows, their units, the units' parameters, the sources."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from plant_models.chlorobenzene.line import design
from plant_models.chlorobenzene.line.wiring import TRAINS
from plant_models.chlorobenzene.run.indicators import (
    ACID_STRENGTH,
    AIR,
    BELOW_GRADE,
    CAUSTIC,
    WASTEWATER,
    cooling_water,
)
from sim import errors
from sim.flow.map import NORMAL
from sim.model.explain import Card, Stated, card
from sim.model.facts import is_own_word
from sim.tables import html_table, indented, text_table

if TYPE_CHECKING:
    from plant_models.chlorobenzene.line.tree import Line
    from plant_models.outcome import Outcome


OWNERS = {
    "unloading": "benzene_delivery",
    "acid_loading": "acid_collection",
    "annual shutdown": "annual_shutdown",
}
"""What decides the hours of a train or a state, where it is no unit of that name."""


@dataclass(frozen=True)
class Row:
    """One contribution to an indicator, in its unit of measure.

    ``owner`` is the unit that it leaves, ``before`` the units that it came through, the last first.
    """

    what: str
    owner: str
    amount: float
    before: tuple[str, ...] = ()


Rows = Callable[["Outcome[Line]"], Iterator[Row]]


def _flow(component: str | None = None, factor: float = 1e-3, **match: str) -> Rows:
    """Return a function that yields the ledger's entries that match, by component if none given."""

    def rows(result: Outcome[Line]) -> Iterator[Row]:
        ledger = result.ledger
        index = None if component is None else ledger.components.index[component]
        for entry, kg in ledger.flows.items():
            if all(getattr(entry, name) == value for name, value in match.items()):
                amount = float(kg.sum() if index is None else kg[index])
                if amount:
                    what = f"{entry.stream} to {entry.sink}, {entry.cause}"
                    if ">" in entry.stream:
                        what = f"{entry.stream}, {entry.cause}"
                    owner = _owner(result, entry.source, entry.sink)
                    before = _before(result, owner, index) if owner == entry.source else ()
                    yield Row(what, owner, amount * factor / result.years, before)

    return rows


def _used(utility: str, factor: float = 1e-3) -> Rows:
    def rows(result: Outcome[Line]) -> Iterator[Row]:
        for (unit, name, cause), amount in result.ledger.uses.items():
            if name == utility and amount:
                yield Row(f"{name} of {unit}, {cause}", unit, amount * factor / result.years)

    return rows


def _of_cooling_water(what: str) -> Rows:
    """Return a function that yields what cooling water takes, such as its ``intake``, by user.

    All of them have their part of what goes over the tower.
    """

    def rows(result: Outcome[Line]) -> Iterator[Row]:
        used, once = cooling_water(result.ledger)
        taken = getattr(result.tree.cooling_water, what)(used, once)
        per_water = taken / used if used else 0.0
        for row in _used("cooling_water")(result):
            yield Row(row.what, "cooling_water", row.amount * per_water)

    return rows


def _power(result: Outcome[Line]) -> Iterator[Row]:
    yield from _used("power")(result)
    pumped = result.tree.cooling_water.power(*cooling_water(result.ledger))
    yield Row("pumping of cooling water", "cooling_water", pumped / 1e3 / result.years)


def _benzene(result: Outcome[Line]) -> Iterator[Row]:
    yield from _flow("benzene", source="benzene_supply")(result)
    tank = "wet_benzene_tank"
    i = result.ledger.components.index["benzene"]
    gain = float(result.ledger.held[tank][i] - result.ledger.opening[tank][i])
    yield Row(f"less what went to stock in {tank}", tank, -gain / 1e3 / result.years)


def _caustic(result: Outcome[Line]) -> Iterator[Row]:
    for name in CAUSTIC:
        yield from _flow("sodium_hydroxide", source=name)(result)


def _stock(result: Outcome[Line]) -> Iterator[Row]:
    for tank, held in result.ledger.held.items():
        gain = float(held.sum() - result.ledger.opening[tank].sum())
        yield Row(f"contents of {tank}, end less start", tank, gain / 1e3 / result.years)


def _operating(result: Outcome[Line]) -> Iterator[Row]:
    if not result.hours:
        yield Row("hours that the steady state stands for", "site", result.operating_hours)
        return
    chlorination = result.hours["chlorination"]
    total = sum(chlorination.values())
    yield Row("hours of the run", "chlorination", total / result.years)
    for state, hours in chlorination.items():
        if state not in ("running", "start-up"):
            owner = OWNERS.get(state, state.split()[-1])
            if re.search(r" (failed|in maintenance)", state):
                owner = state.split()[0]
            known = owner if hasattr(result.tree, owner) else "chlorination"
            yield Row(f"less: chlorination {state}", known, -hours / result.years)


def _available(result: Outcome[Line]) -> Iterator[Row]:
    hours = result.ledger.hours or 1.0
    for row in _operating(result):
        yield Row(row.what, row.owner, row.amount * result.years / hours)


def _demurrage(result: Outcome[Line]) -> Iterator[Row]:
    for train, hours in result.demurrage_hours.items():
        yield Row(f"beyond the free time at {train}", OWNERS[train], hours / result.years)


def _closure(result: Outcome[Line]) -> Iterator[Row]:
    checks = result.ledger.certificate().checks
    worst = max(checks, key=lambda check: check.error, default=None)
    if worst is not None:
        name = worst.where.split()[-1]
        owner = name if hasattr(result.tree, name) else ""
        yield Row(f"the worst balance: {worst.where}, {worst.what}", owner, worst.error)


def _of(name: str, what: str, owner: str) -> Rows:
    """Return a function that yields a figure in one piece, where parts of it make no sense."""

    def rows(result: Outcome[Line]) -> Iterator[Row]:
        yield Row(what, owner, result.indicators[name])

    return rows


def _sold(result: Outcome[Line]) -> Iterator[Row]:
    yield from _flow("chlorobenzene", stream="packing.drums")(result)
    yield from _flow("chlorobenzene", sink=BELOW_GRADE)(result)


ROWS: Mapping[str, Rows] = {
    "chlorobenzene_t": _sold,
    "below_grade_t": _of("below_grade_t", "lots that read below the grade", "laboratory"),
    "purity": _of("purity", "chlorobenzene in what is sold", "rectification_column"),
    "acid_iron_ppm": _of("acid_iron_ppm", "iron in the acid sold", "water_wash"),
    "acid_chlorine_ppm": _of("acid_chlorine_ppm", "chlorine in the acid sold", "absorber"),
    "acid_above_iron_t": _of("acid_above_iron_t", "acid with too much iron", "laboratory"),
    "acid_above_chlorine_t": _of(
        "acid_above_chlorine_t", "acid with too much free chlorine", "laboratory"
    ),
    "operating_hours": _operating,
    "availability": _available,
    "demurrage_hours": _demurrage,
    **{f"air.{name}_t": _flow(name, medium="emission gas") for name in AIR},
    "wastewater_t": _flow(medium="wastewater"),
    **{f"wastewater.{name}_t": _flow(name, medium="wastewater") for name in WASTEWATER},
    "residue_t": _flow(medium="residue"),
    "slop_oil_t": _flow(medium="slop oil"),
    "hydrochloric_acid_t": _flow("hydrogen_chloride", 1e-3 / ACID_STRENGTH, sink="acid_tank"),
    "dichlorobenzene_t": _flow(stream="polychloride_column.dichlorobenzene"),
    "benzene_used_t": _benzene,
    "chlorine_used_t": _flow("chlorine", source="chlorine_header"),
    "process_water_t": _flow(source="water"),
    "steam_t": _used("steam"),
    "cooling_water_t": _used("cooling_water"),
    "cooling_water_intake_t": _of_cooling_water("intake"),
    "power_mwh": _power,
    "caustic_t": _caustic,
    "raw_water_power_mwh": _of_cooling_water("raw_water_power"),
    "stock_change_t": _stock,
    "closure": _closure,
}


def _owner(result: Outcome[Line], source: str, sink: str) -> str:
    """Return the unit or tank that a flow leaves, or enters where it comes from outside."""
    return next((name for name in (source, sink) if hasattr(result.tree, name)), "")


def _before(result: Outcome[Line], unit: str, component: int | None) -> tuple[str, ...]:
    """Return the units of the same train that most of what leaves a unit came through."""
    members = next((units for _, units in TRAINS.values() if unit in units), ())
    through = [unit]
    while True:
        into = {
            entry.source: float(kg.sum() if component is None else kg[component])
            for entry, kg in result.ledger.flows.items()
            if entry.sink == through[-1] and entry.cause == NORMAL
        }
        source = max(into, key=lambda name: into[name], default="")
        if source not in members or source in through or not into[source]:
            return tuple(through[1:])
        through.append(source)


SHOWN = 12  # rows that print; the rest in one line
TELLING = 0.02  # share of the indicator from which a row's unit shows its parameters

OWN_WORDS = {
    "assumed": "assumed: our own estimate, its reason in the note",
    "derived": "derived: computed from other facts, as the note says",
    "calibrated": "calibrated: moved within its range to meet published figures",
    "recalled": "recalled: remembered from the literature, not looked up again",
    "default": "default: the value that the program has when no fact gives one",
}


@dataclass(frozen=True)
class Why:
    """The trail from an indicator to its sources; prints, and shows as tables in a notebook."""

    indicator: str
    unit: str
    value: float
    rows: tuple[Row, ...]  #: What adds up to the value, the largest first
    cards: tuple[Card[Stated], ...]
    """Parameters of the units of the telling rows, as they were in the run."""
    sources: Mapping[str, str]  #: What each source of these parameters is, by its key
    schemes: tuple[str, ...]
    """In the design that ran; a parameter that they changed says what it was before."""

    _HEADER = ("from", "unit", "amount", "share")
    _PARAMETERS = ("parameter", "value", "unit", "source", "low to high")

    def share(self, row: Row) -> float:
        """Return the part of the value that a row makes up; nan of a value of zero.

        Raises TypeError: no row.
        """
        errors.need_kind("share", Row, row=row)
        return row.amount / self.value if self.value else float("nan")

    def __str__(self) -> str:
        lines = [self._title(), ""]
        head, *body = text_table(self._HEADER, self._cells(), left=None)
        lines.append(head)
        for line, row in zip(body, [*self.rows[:SHOWN], None], strict=False):
            lines.append(line)
            if row is not None and row.before and abs(self.share(row)) >= TELLING:
                lines += indented(f"through {', '.join(row.before)}")
        for each in self.cards:
            head, *body = text_table(self._PARAMETERS, self._parameters(each), left=None)
            lines += ["", each.name, *indented(each.about), f"  {head}"]
            lines += [f"  {line}" for line in body]
        lines += ["", "sources"]
        for key, told in self.sources.items():
            lines += indented(told if told.startswith(key) else f"{key}: {told}", by=2)
        return "\n".join(lines)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        through = [", ".join(row.before) for row in self.rows[:SHOWN]] + [""]
        cells = [(*row, via) for row, via in zip(self._cells(), through, strict=False)]
        tables = [html_table(self._title(), (*self._HEADER, "through"), cells)]
        tables += [
            html_table(f"{each.name}: {each.about}", self._PARAMETERS, self._parameters(each))
            for each in self.cards
        ]
        tables.append(html_table("sources", ("key", "what it is"), list(self.sources.items())))
        return "".join(tables)

    def _title(self) -> str:
        schemes = ", ".join(self.schemes) or "no schemes"
        return f"{self.indicator} = {self.value:.6g} {self.unit} ({schemes})"

    def _cells(self) -> list[tuple[str, ...]]:
        cells: list[tuple[str, ...]] = [
            (row.what, row.owner, f"{row.amount:.4g}", _percent(self.share(row)))
            for row in self.rows[:SHOWN]
        ]
        rest = self.rows[SHOWN:]
        if rest:
            amount = sum(row.amount for row in rest)
            share = _percent(sum(map(self.share, rest)))
            cells.append((f"{len(rest)} smaller rows", "", f"{amount:.4g}", share))
        return cells

    @staticmethod
    def _parameters(of: Card[Stated]) -> list[tuple[str, ...]]:
        cells: list[tuple[str, ...]] = []
        for row in of.rows:
            value = f"{row.value:.6g}" if isinstance(row.value, float) else str(row.value)
            cells.append((row.path, value, row.declared.unit, row.source, row.range))
        return cells


def why(result: Outcome[Line], indicator: str) -> Why:
    """Return what an indicator of a run is made of, back to the sources of the parameters.

    Raises LookupError: no such indicator; tells what comes near.
    """
    figures = result.indicators
    if not isinstance(cast(object, indicator), str) or indicator not in figures.units:
        near = errors.did_you_mean(indicator, figures, list_up_to=0)
        hint = near or f"; known: {', '.join(figures)}"
        raise LookupError(f"no indicator {errors.told(indicator)}{hint}")
    value = figures[indicator]
    rows = sorted(ROWS[indicator](result), key=lambda row: -abs(row.amount))
    size = sum(abs(row.amount) for row in rows)
    owners = dict.fromkeys(
        name
        for row in rows
        if row.owner and abs(row.amount) >= TELLING * size
        for name in (row.owner, *row.before)
    )
    base = design.baseline()
    cards = tuple(card(result.tree, base.facts, owner) for owner in owners)
    told = dict.fromkeys(_keys(cards))
    return Why(
        indicator,
        figures.units[indicator],
        value,
        tuple(rows),
        cards,
        {key: _source(key, base.sources) for key in told},
        result.schemes,
    )


def _keys(cards: tuple[Card[Stated], ...]) -> Iterator[str]:
    for each in cards:
        for row in each.rows:
            yield row.fact.source if row.fact is not None else "default"
            if row.fact is not None and row.fact.prior is not None:
                yield row.fact.prior.source


def _source(key: str, sources: Mapping[str, Mapping[str, Any]]) -> str:
    if key in OWN_WORDS:
        return OWN_WORDS[key]
    if is_own_word(key):
        table = key.removeprefix("inferred_from_table_").replace("_", "-")
        return f"inferred from table {table} of the source, as the note says"
    said = sources.get(key, {})
    told = [str(said[word]) for word in ("author", "title", "year", "where") if word in said]
    taken = f"; taken: {said['taken']}" if "taken" in said else ""
    return ", ".join(told) + taken


def _percent(share: float) -> str:
    return "" if share != share else f"{100.0 * share:.1f} %"
