"""What a scheme changes before anything runs, and the card of a unit: on whose word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from inspect import getdoc
from typing import ClassVar, Generic, Protocol, TypeVar

from sim.errors import did_you_mean
from sim.model.facts import Fact
from sim.model.parameters import Quantity, Value, spell
from sim.model.schemes import OPERATIONS, Scheme, changes, natural
from sim.model.tree import get, leaves, paths
from sim.tables import folded_table, html_table, indented, text_table


@dataclass(frozen=True, slots=True)
class Explained:
    """One parameter that schemes change."""

    path: str
    meaning: str
    unit: str
    before: Value
    after: Value
    schemes: tuple[str, ...]
    operation: str
    evidence: str
    note: str
    source: str
    """Of the value before; empty when no fact gives it."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a set of schemes changes, parameter by parameter; prints and shows as a table."""

    schemes: tuple[Scheme, ...]
    rows: tuple[Explained, ...]
    _HEADER: ClassVar = ("parameter", "before", "after", "unit", "by", "operation", "evidence")

    def __str__(self) -> str:
        if not self.rows:
            return "no schemes: nothing changes"
        lines = []
        for scheme in self.schemes:
            lines.append(f"{scheme.id}  {scheme.title} ({scheme.cost_class}, {scheme.evidence})")
            lines += indented(scheme.lever) if scheme.lever != scheme.title else []
        lines.append("")
        head, *body = text_table(self._HEADER, [self._cells(row) for row in self.rows], left=None)
        lines.append(head)
        for line, row in zip(body, self.rows, strict=True):
            meaning = f"{row.meaning} (before: source {row.source})" if row.source else row.meaning
            lines += [line, *indented(meaning), *indented(row.note)]
        return "\n".join(lines)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        header = (*self._HEADER, "meaning", "note", "source before")
        rows = [(*self._cells(row), row.meaning, row.note, row.source) for row in self.rows]
        caption = "; ".join(f"{scheme.id} {scheme.title}" for scheme in self.schemes)
        return html_table(caption or "no schemes: nothing changes", header, rows)

    @staticmethod
    def _cells(row: Explained) -> tuple[str, ...]:
        before, after = _shown(row.before), _shown(row.after)
        by = ", ".join(row.schemes)
        return row.path, before, after, row.unit, by, row.operation, row.evidence


def explain(tree: object, facts: Mapping[str, Fact], schemes: Iterable[Scheme]) -> Explanation:
    """Return what the schemes change, before running anything; raises as `apply` does."""
    chosen = {scheme.id: scheme for scheme in schemes}
    order = {path: position for position, path in enumerate(paths(tree))}
    rows = []
    for change in sorted(changes(tree, chosen.values()), key=lambda c: order[c.path]):
        fact = facts.get(change.path)
        several = len(change.patches) > 1
        rows.append(
            Explained(
                path=change.path,
                meaning=change.declared.meaning,
                unit=change.declared.unit,
                before=change.before,
                after=change.after,
                schemes=tuple(dict.fromkeys(scheme for scheme, _ in change.patches)),
                operation=", ".join(
                    patch.operation
                    for op in OPERATIONS  # set, scale, add: as the value is computed
                    for _, patch in change.patches
                    if patch.op == op
                ),
                evidence=", ".join(dict.fromkeys(patch.evidence for _, patch in change.patches)),
                note="; ".join(
                    f"{scheme}: {patch.note}" if several else patch.note
                    for scheme, patch in change.patches
                ),
                source=fact.word if fact is not None and fact.value == change.before else "",
            )
        )
    return Explanation(tuple(chosen[name] for name in sorted(chosen, key=natural)), tuple(rows))


class _Row(Protocol):
    """A number as a card shows it: its cells as the card has columns, what it is, and why."""

    @property
    def cells(self) -> tuple[str, ...]: ...
    @property
    def meaning(self) -> str: ...
    @property
    def note(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Stated:
    """One parameter of a card."""

    path: str
    declared: Quantity
    value: Value
    fact: Fact | None

    @property
    def meaning(self) -> str:
        """What it is."""
        return self.declared.meaning

    @property
    def note(self) -> str:
        """Why it has the value that the fact gives it."""
        return "" if self.fact is None else self.fact.note

    @property
    def source(self) -> str:
        """On whose word the value stands, or what it was before somebody set it."""
        if self.fact is None:
            return "default"
        if self.fact.value == self.value:
            return self.fact.word
        return f"changed from {_shown(self.fact.value)} ({self.fact.word})"

    @property
    def range(self) -> str:
        """Low to high in the declared unit, or nothing."""
        if self.fact is None or self.fact.low is None or self.fact.high is None:
            return ""
        return f"{_shown(self.fact.low)} to {_shown(self.fact.high)}"

    @property
    def cells(self) -> tuple[str, ...]:
        """Its row of a card."""
        declared = self.declared
        domain = " | ".join(declared.choices) if declared.choices else declared.domain
        return self.path, _shown(self.value), declared.unit, self.source, domain, self.range


R = TypeVar("R", bound=_Row, covariant=True)

PARAMETERS = ("parameter", "value", "unit", "on whose word", "domain", "low to high")


@dataclass(frozen=True, slots=True)
class Card(Generic[R]):
    """All numbers of a unit, of a whole design or of a data file; prints and shows as a table."""

    name: str
    rows: tuple[R, ...]
    about: str = ""
    header: tuple[str, ...] = PARAMETERS

    def __str__(self) -> str:
        head, *body = folded_table(self.header, [row.cells for row in self.rows], left=None)
        lines = [self.name, *indented(self.about), "", *head]
        for folded, row in zip(body, self.rows, strict=True):
            lines += [*folded, *indented(row.meaning), *indented(row.note)]
        return "\n".join(lines)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        rows = [(*row.cells, row.meaning, row.note) for row in self.rows]
        caption = f"{self.name}: {self.about}" if self.about else self.name
        return html_table(caption, (*self.header, "meaning", "note"), rows)


def card(
    tree: object, facts: Mapping[str, Fact], name: str | None = None, beside: Iterable[str] = ()
) -> Card[Stated]:
    """Return the parameters of a design, where it differs from its facts with what they say.

    With the dotted name of a unit, of a part of it or of one parameter, those of it alone; a name
    that is none of these is a LookupError that tells what comes near, of cards ``beside``, too.
    """
    part: object = tree
    if name is not None:
        try:
            part = get(tree, name)
        except LookupError as fault:
            if "." in name:
                raise
            units = [path.partition(".")[0] for path in paths(tree)]
            hint = did_you_mean(name, dict.fromkeys([*units, *beside]), list_up_to=40)
            raise LookupError(f"no unit {name!r}{hint}") from fault
    rows = [
        Stated(path, declared, value, facts.get(path))
        for path, declared, value in leaves(tree)
        if name is None or path == name or path.startswith(f"{name}.")
    ]
    if part is None:
        about = "not part of this design"
    else:
        described = "" if isinstance(part, float | int | str) else getdoc(type(part)) or ""
        if described.startswith(f"{type(part).__name__}("):  # nobody has written one
            described = ""
        about = described.split("\n\n")[0].replace("\n", " ")
    return Card(name or type(tree).__name__, tuple(rows), about)


def _shown(value: Value) -> str:
    if isinstance(value, float):
        return f"{value:.6g}"
    return value if isinstance(value, str) else spell(value)
