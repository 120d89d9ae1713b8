"""Why a figure is what it is: ledger rows, their units, the units' parameters, the sources.

Which rows add up to a figure a plant says (`PlantModel.reasons`); what makes rows of books stands
here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from sim import errors
from sim.flow.map import NORMAL
from sim.model.explain import Card, Stated, card
from sim.model.facts import is_own_word
from sim.tables import WIDTH, folded_table, html_table, indented, readable, text_table

if TYPE_CHECKING:
    from plant_models.model import PlantModel

Run: TypeAlias = Any
"""An `Outcome`, of whatever plant; its module imports this one."""


@dataclass(frozen=True)
class Row:
    """One contribution to an indicator, in its unit of measure.

    ``owner`` is the unit that it leaves, ``before`` the units that it came through, the last first.
    """

    what: str
    owner: str
    amount: float
    before: tuple[str, ...] = ()


Rows = Callable[[Run], Iterator[Row]]
"""What adds up to a figure of a run."""


def flow(component: str | None = None, factor: float = 1e-3, **match: str) -> Rows:
    """Return a function that yields the ledger's entries that match, by component if none given."""

    def rows(result: Run) -> Iterator[Row]:
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


def used(utility: str, factor: float = 1e-3) -> Rows:
    """Return a function that yields what each unit uses of a utility."""

    def rows(result: Run) -> Iterator[Row]:
        for (unit, name, cause), amount in result.ledger.uses.items():
            if name == utility and amount:
                yield Row(f"{name} of {unit}, {cause}", unit, amount * factor / result.years)

    return rows


def in_one_piece(name: str, what: str, owner: str) -> Rows:
    """Return a function that yields a figure in one piece, where parts of it make no sense."""

    def rows(result: Run) -> Iterator[Row]:
        yield Row(what, owner, result.indicators[name])

    return rows


def stock(result: Run) -> Iterator[Row]:
    """Yield what every tank gained, t/yr."""
    for tank, held in result.ledger.held.items():
        gain = float(held.sum() - result.ledger.opening[tank].sum())
        owner = _known(result, tank)
        yield Row(f"contents of {tank}, end less start", owner, gain / 1e3 / result.years)


def operating(pacer: str, owners: Mapping[str, str]) -> Rows:
    """Return a function that yields the hours of a run, less those in which its pacer stood.

    ``owners``: what decides a state, where it is no unit of that name.
    """

    def rows(result: Run) -> Iterator[Row]:
        if not result.hours:
            yield Row("hours that the steady state stands for", "site", result.operating_hours)
            return
        paced = result.hours[pacer]
        yield Row("hours of the run", _known(result, pacer), sum(paced.values()) / result.years)
        for state, hours in paced.items():
            if state not in ("running", "start-up"):
                owner = owners.get(state, state.split()[-1])
                if re.search(r" (failed|in maintenance)", state):
                    owner = state.split()[0]
                known = _known(result, owner) or _known(result, pacer)
                yield Row(f"less: {pacer} {state}", known, -hours / result.years)

    return rows


def available(pacer: str, owners: Mapping[str, str]) -> Rows:
    """Return a function that yields the same as parts of all hours; see `operating`."""

    def rows(result: Run) -> Iterator[Row]:
        hours = result.ledger.hours or 1.0
        for row in operating(pacer, owners)(result):
            yield Row(row.what, row.owner, row.amount * result.years / hours)

    return rows


def _known(result: Run, name: str) -> str:
    return name if hasattr(result.tree, name) else ""


def closure(result: Run) -> Iterator[Row]:
    """Yield the worst of all balances, kg/kg."""
    checks = result.ledger.certificate().checks
    worst = max(checks, key=lambda check: check.error, default=None)
    if worst is not None:
        name = worst.where.split()[-1]
        owner = name if hasattr(result.tree, name) else ""
        yield Row(f"the worst balance: {worst.where}, {worst.what}", owner, worst.error)


def _owner(result: Run, source: str, sink: str) -> str:
    """Return the unit or tank that a flow leaves, or enters where it comes from outside."""
    return next((name for name in (source, sink) if hasattr(result.tree, name)), "")


def _before(result: Run, unit: str, component: int | None) -> tuple[str, ...]:
    """Return the units of the same train that most of what leaves a unit came through."""
    trains = result.variant.network.trains
    members = next((train.members for train in trains if unit in train.members), ())
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
LARGE = 1e6  # beyond, six digits would leave some out
TELLING = 0.02  # share of the indicator from which a row's unit shows its parameters

OWN_WORDS = {
    "assumed": "assumed: our own estimate, its reason in the note",
    "derived": "derived: computed from other facts, as the note says",
    "calibrated": "calibrated: moved within its range to meet published figures",
    "recalled": "recalled: remembered from the literature, not looked up again",
    "stated": "stated: as the plant's folder says it, without a source of its own",
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

    _HEADER = ("from", "equipment", "amount", "share")
    _PARAMETERS = ("parameter", "value", "unit", "on whose word", "low to high")

    def share(self, row: Row) -> float:
        """Return the part of the value that a row makes up; nan of a value of zero.

        Raises TypeError: no row.
        """
        errors.need_kind("share", Row, row=row)
        return row.amount / self.value if self.value else float("nan")

    def __str__(self) -> str:
        lines = [self.summary()]
        for each in self.cards:
            folded = folded_table(
                self._PARAMETERS, self._parameters(each), left=None, width=WIDTH - 2
            )
            lines += ["", each.name, *indented(each.about)]
            lines += [f"  {line}" for row in folded for line in row]
        lines += ["", "sources"]
        for key, told in self.sources.items():
            lines += indented(told if told.startswith(key) else f"{key}: {told}", by=2)
        return "\n".join(lines)

    __repr__ = __str__

    def summary(self) -> str:
        """Return the figure and the rows that add up to it, without parameters and sources."""
        head, *body = text_table(self._HEADER, self._cells(), left=None)
        lines = [self._title(), "", head]
        for line, row in zip(body, [*self.rows[:SHOWN], None], strict=False):
            lines.append(line)
            if row is not None and row.before and abs(self.share(row)) >= TELLING:
                lines += indented(f"through {', '.join(row.before)}")
        return "\n".join(lines)

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
        value = f"{self.value:,.0f}" if abs(self.value) >= LARGE else f"{self.value:,.6g}"
        return f"{self.indicator} = {value} {self.unit} ({schemes})"

    def _cells(self) -> list[tuple[str, ...]]:
        cells: list[tuple[str, ...]] = [
            (row.what, row.owner, readable(row.amount), _percent(self.share(row)))
            for row in self.rows[:SHOWN]
        ]
        rest = self.rows[SHOWN:]
        if rest:
            amount = sum(row.amount for row in rest)
            share = _percent(sum(map(self.share, rest)))
            cells.append((f"{len(rest)} smaller rows", "", readable(amount), share))
        return cells

    @staticmethod
    def _parameters(of: Card[Stated]) -> list[tuple[str, ...]]:
        return [(*row.cells[:4], row.range) for row in of.rows]


def why(result: Run, indicator: str) -> Why:
    """Return what an indicator of a run is made of, back to the sources of the parameters.

    Raises LookupError: no such indicator, with what comes near; or a plant that says of none of its
    figures what they add up from.
    """
    figures = result.indicators
    if not isinstance(cast(object, indicator), str) or indicator not in figures.units:
        near = errors.did_you_mean(indicator, figures, list_up_to=0)
        hint = near or f"; known: {', '.join(figures)}"
        raise LookupError(f"no indicator {errors.told(indicator)}{hint}")
    value = figures[indicator]
    plant = result.variant.plant
    rows = sorted(rows_of(plant, indicator)(result), key=lambda row: -abs(row.amount))
    size = sum(abs(row.amount) for row in rows)
    owners = dict.fromkeys(
        name
        for row in rows
        if row.owner and abs(row.amount) >= TELLING * size
        for name in (row.owner, *row.before)
    )
    base = plant.baseline()
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


def rows_of(plant: PlantModel[Any, Any], indicator: str) -> Callable[[Run], Iterable[Row]]:
    """Return what adds up to an indicator of a plant.

    Raises LookupError: the plant does not say.
    """
    if indicator not in plant.reasons:
        raise LookupError(
            f"the {plant.name} does not say what {indicator} adds up from; the table flows of a "
            "run has its books"
        )
    return plant.reasons[indicator]


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
