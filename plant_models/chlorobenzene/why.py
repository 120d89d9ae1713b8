"""Why an indicator is what it is: ledger rows, their units, the units' parameters, the sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from plant_models.chlorobenzene import design
from plant_models.chlorobenzene.trails import ROWS, Row
from sim.errors import did_you_mean
from sim.explanations import Card, card
from sim.fact_check import is_own_word
from sim.tables import columns, html_table, indented

if TYPE_CHECKING:
    from plant_models.chlorobenzene.runs import Result

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
    """The trail from an indicator to its sources; prints, and shows as tables in a notebook.

    Parameters
    ----------
    indicator, unit : str
    value : float
    rows : tuple of Row
        What adds up to the value, the largest first.
    cards : tuple of Card
        Parameters of the units of the telling rows, as they were in the run.
    sources : Mapping[str, str]
        What each source of these parameters is, by its key.
    schemes : tuple of str
        In the design that ran; a parameter that they changed says what it was before.
    """

    indicator: str
    unit: str
    value: float
    rows: tuple[Row, ...]
    cards: tuple[Card, ...]
    sources: Mapping[str, str]
    schemes: tuple[str, ...]

    _HEADER = ("from", "unit", "amount", "share")
    _PARAMETERS = ("parameter", "value", "unit", "source", "low to high")

    def share(self, row: Row) -> float:
        """Return the part of the value that a row makes up; nan of a value of zero."""
        return row.amount / self.value if self.value else float("nan")

    def __str__(self) -> str:
        lines = [self._title(), ""]
        head, *body = columns(self._HEADER, self._cells())
        lines.append(head)
        for line, row in zip(body, [*self.rows[:SHOWN], None], strict=False):
            lines.append(line)
            if row is not None and row.before and abs(self.share(row)) >= TELLING:
                lines += indented(f"through {', '.join(row.before)}")
        for each in self.cards:
            head, *body = columns(self._PARAMETERS, self._parameters(each))
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
    def _parameters(of: Card) -> list[tuple[str, ...]]:
        cells: list[tuple[str, ...]] = []
        for row in of.rows:
            value = f"{row.value:.6g}" if isinstance(row.value, float) else str(row.value)
            cells.append((row.path, value, row.declared.unit, row.source, row.range))
        return cells


def why(result: Result, indicator: str) -> Why:
    """Return what an indicator of a run is made of, back to the sources of the parameters.

    Raises
    ------
    LookupError
        No such indicator; tells what comes near.
    """
    figures = result.indicators
    if indicator not in figures.units:
        near = did_you_mean(indicator, figures, list_up_to=0)
        raise LookupError(f"no indicator {indicator!r}{near or '; known: ' + ', '.join(figures)}")
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
    cards = tuple(card(result.line, base.facts, owner) for owner in owners)
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


def _keys(cards: tuple[Card, ...]) -> Iterator[str]:
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
