"""The double-entry book: what leaves one account enters another, by component, stream and cause."""

from __future__ import annotations

from collections.abc import (
    Callable,
    ItemsView,
    Iterable,
    Iterator,
    KeysView,
    Mapping,
    ValuesView,
)
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.errors import (
    BalanceError,
    Named,
    as_flag,
    did_you_mean,
    look_up,
    need_number,
    need_text,
    told,
)
from sim.network.chemistry import Components, Reaction
from sim.network.unit import BOOKED_AS, UTILITIES, check_cause
from sim.tables import text_table

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
K = TypeVar("K")
V = TypeVar("V")

TOLERANCE = 1e-9  # relative to the larger of in, out and opening of the component or element
DUST = 1e-6  # of what the plant handles of a component: below this, rounding is all there is
FLOOR = 1e-6  # of all that it handles at most: of what is less, TOLERANCE is a few last digits
ROUNDED = 1e-12  # of what is used: what is less beyond a peak is so by rounding
ATOM = 1.67e-27  # kg, of hydrogen: of what is less, no balance can be told

INTERNAL = "internal"
MOST_ASKED = 1_000  # questions of which the answer is kept, by headings


class Entry(NamedTuple):
    """One flow between two accounts: units, tanks, supplies, and the sinks outside the line."""

    source: str
    sink: str
    stream: str
    """The pipe, ``unit.outlet`` or ``source>unit.inlet``."""
    medium: str
    """``emission gas``, ``wastewater``, ...; ``internal`` within the line."""
    cause: str
    """``normal``, ``start-up``, ``trip``, ``overflow``, ..."""


class Later(Mapping[K, V]):
    """A mapping that is made when it is first read; it is kept and sent as the `Named` it is."""

    def __init__(self, make: Callable[[], dict[K, V]]) -> None:
        self._make: Callable[[], dict[K, V]] | None = make
        self.what, self.hint = "name", ""

    @cached_property
    def _made(self) -> Named[K, V]:
        make, self._make = self._make, None
        assert make is not None
        return Named(make(), self.what, self.hint)

    def __getitem__(self, key: K) -> V:
        return self._made[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)

    def __contains__(self, key: object) -> bool:
        return key in self._made

    def get(self, key: K, default: Any = None) -> Any:
        """Return a value, or what stands in for it, as a dict does."""
        return self._made.get(key, default)

    def keys(self) -> KeysView[K]:
        """Return the keys, as a dict does."""
        return self._made.keys()

    def values(self) -> ValuesView[V]:
        """Return the values, as a dict does."""
        return self._made.values()

    def items(self) -> ItemsView[K, V]:
        """Return both, as a dict does."""
        return self._made.items()

    def __repr__(self) -> str:
        return repr(self._made)

    def __reduce__(self) -> tuple[type[Named[K, V]], tuple[dict[K, V], str, str]]:
        return Named, (dict(self._made), self.what, self.hint)


class Headings:
    """Entries of books in order, which all books of one plant share."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = tuple(entries)
        self._where: dict[tuple[str, str], dict[int, None]] = {}
        for row, entry in enumerate(self.entries):
            for pair in zip(Entry._fields, entry, strict=True):
                self._where.setdefault(pair, {})[row] = None
        self._matching: dict[tuple[tuple[str, str], ...], tuple[int, ...]] = {}

    def matching(self, match: Mapping[str, str]) -> tuple[int, ...]:
        """Return the rows of the entries whose fields equal ``match``.

        Raises LookupError: an entry has no such field.
        """
        asked = tuple(match.items())
        try:
            rows = self._matching.get(asked)
        except TypeError:  # what cannot be hashed is no name
            need_text("an entry", **match)
            raise
        if rows is None:
            if len(self._matching) >= MOST_ASKED:
                self._matching.clear()
            rows = self._matching[asked] = self._looked_up(asked)
        return rows

    def _looked_up(self, asked: tuple[tuple[str, str], ...]) -> tuple[int, ...]:
        for name, _ in asked:
            if name not in Entry._fields:
                hint = did_you_mean(name, Entry._fields)
                raise LookupError(f"an entry has no {name!r}{hint}")
        found = [self._where.get(pair, {}) for pair in asked]
        return tuple(
            row for row in range(len(self.entries)) if all(row in others for others in found)
        )


class Rows(Later[Entry, Array]):
    """Flows as a table under headings, kg by component; a mapping of those that there are."""

    def __init__(self, headings: Headings, kg: Array) -> None:
        super().__init__(self._booked)
        self.headings, self.kg = headings, kg

    def _booked(self) -> dict[Entry, Array]:
        flows = zip(self.headings.entries, self.kg, np.any(self.kg, axis=1).tolist(), strict=True)
        return {entry: kg for entry, kg, some in flows if some}


_NAMED = {
    "flows": ("flow", "each is an Entry; table() lists them, total(component, sink=...) adds up"),
    "uses": ("use", "each is of a unit, a utility and a cause; used(utility) adds up"),
    "extents": ("reaction", "each is of a unit and a Reaction; the keys list them"),
    "opening": ("tank", ""),
    "held": ("tank", ""),
    "below": ("tank", ""),
    "over": ("utility with a peak", ""),
}
"""What the names are of in what a ledger holds by name, and how to ask where they are no words."""


@dataclass(frozen=True, eq=False, repr=False)
class Ledger:
    """All flows of a run, kg by component, with what the tanks held before and after."""

    components: Components
    hours: float
    """Length of time that the flows cover, h."""
    flows: Mapping[Entry, Array]
    uses: Mapping[tuple[str, str, str], float]
    """kg of steam and cooling water, kWh of power, by unit, utility and cause."""
    extents: Mapping[tuple[str, Reaction], float]
    """kmol reacted, by unit and reaction."""
    opening: Mapping[str, Array]
    """Contents of every tank at the start, kg."""
    held: Mapping[str, Array]
    """The same at the end, as the tank's own integration holds them."""
    units: frozenset[str]
    below: Mapping[str, Array] = field(default_factory=dict)
    """The least that a tank has held of each component, where below nothing, kg."""
    known: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Names there are for a field of an entry; of a field without, any name may be asked for."""
    over: Mapping[str, float] = field(default_factory=dict)
    """kg or kWh of every utility with a peak that was used at a rate beyond it."""

    def __post_init__(self) -> None:
        for name, (what, hint) in _NAMED.items():
            given = getattr(self, name)
            if isinstance(given, Later):
                given.what, given.hint = what, hint
            elif not isinstance(given, Named):
                object.__setattr__(self, name, Named(given, what, hint))

    def __eq__(self, other: object) -> bool:
        """Whether every figure is the same, bit by bit."""
        if not isinstance(other, Ledger):
            return NotImplemented
        return (
            (self.hours, self.uses, self.units) == (other.hours, other.uses, other.units)
            and self.over == other.over
            and self.components.formulas == other.components.formulas
            and self._written_extents() == other._written_extents()
            and all(
                _same(getattr(self, name), getattr(other, name))
                for name in ("flows", "opening", "held", "below")
            )
        )

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        """Return a line: the flows of a run would fill pages."""
        asked = "total(), used(), table(), since(), certificate()"
        return f"<Ledger of {self.hours:g} h: {asked}>"

    def total(self, component: str | None = None, **match: str) -> float:
        """Return kg over all entries whose fields equal ``match``, of one component or of all.

        A value that no entry has, such as a cause that did not come up, or a sink that nothing
        went to, gives 0; ``table()`` has those that there are. So does a cause of a script's own,
        unless it is one of the engine's, written otherwise.

        >>> ledger.total("benzene", medium="emission gas", cause="trip")  # doctest: +SKIP

        Raises LookupError: no such component or field of an entry, or a source, sink, stream or
        medium that the plant has not; a word for what is booked under other causes, as failure.
        Raises TypeError: a value that is no text.
        """
        index = None
        if component is not None:
            index = look_up("component", component, self.components.index)
        column = -1 if index is None else index
        return sum([row[column] for row in self._matching(match)], 0.0)

    def by_component(self, **match: str) -> tuple[float, ...]:
        """Return kg of each component over all entries whose fields equal ``match``.

        Raises LookupError as of `total`, each of which it is.
        """
        rows = self._matching(match)
        if not rows:
            return (0.0,) * len(self.components)
        return tuple([sum(kg, 0.0) for kg in zip(*rows, strict=True)][:-1])

    def _matching(self, match: Mapping[str, str]) -> list[list[float]]:
        """Return the rows of the table whose entries' fields equal ``match``."""
        table, rows = self._table, self._headings.matching(match)
        if not rows:
            self._refuse_unknown(match)
        return [table[row] for row in rows]

    def _refuse_unknown(self, match: Mapping[str, str]) -> None:
        """Raise LookupError for a source, sink, stream or medium that the plant has not."""
        need_text("an entry", **match)
        for name, value in match.items():
            if name == "cause":
                check_cause(value)
                self._refuse_booked_otherwise(value)
            known = self.known.get(name, {value})
            within = (name, value) == ("medium", INTERNAL)
            if value not in known and not within and ">" not in value:  # of draws there may be any
                raise LookupError(f"no {name} {told(value)}{did_you_mean(value, sorted(known))}")

    def _refuse_booked_otherwise(self, cause: str) -> None:
        """Raise LookupError for a word such as failure, unless a script has it for a cause."""
        booked = BOOKED_AS.get(cause.casefold())
        if booked is None:
            return
        here = sorted({entry.cause for entry in self.flows})
        if cause not in here:
            raise LookupError(
                f"no cause {told(cause)}: it is booked as {booked}; in these books are "
                f"{', '.join(here) or 'none'}"
            )

    @cached_property
    def _table(self) -> list[list[float]]:
        """Every entry's kg by component, and their sum at the end; under the headings."""
        of = self.flows
        if isinstance(of, Rows):
            kg = of.kg
        elif of:
            kg = np.array(list(of.values()))
        else:
            return []
        return np.column_stack((kg, kg.sum(axis=1))).tolist()  # type: ignore[no-any-return]

    @cached_property
    def _headings(self) -> Headings:
        of = self.flows
        return of.headings if isinstance(of, Rows) else _headings(tuple(of))

    def used(self, utility: str, *, over_peak: bool = False) -> float:
        """Return the use of a utility, kg or kWh.

        ``over_peak``: only that part of what was used of it, of all units together, at a rate
        beyond the peak which ``Network.peaks`` names.

        Raises LookupError: there is no such utility, or it has no peak. TypeError: neither True nor
        False.
        """
        asked: object = utility
        if not isinstance(asked, str) or asked not in UTILITIES:
            hint = did_you_mean(utility, UTILITIES)
            raise LookupError(f"no utility {told(utility)}{hint}")
        amounts = [amount for (_, name, _), amount in self.uses.items() if name == utility]
        if as_flag("used: expected over_peak as", over_peak):
            over = look_up("peak of a utility", utility, self.over)
            return over if over > ROUNDED * sum(map(abs, amounts)) else 0.0
        return sum(amounts)

    def since(self, earlier: Ledger) -> Ledger:
        """Return what has been booked since an earlier ledger of the same run: a warm-up's end.

        Raises ValueError: it is later, or of another plant.
        """
        given: object = earlier
        if not isinstance(given, Ledger):
            raise TypeError(f"since: expected an earlier ledger of the run, came {told(given)}")
        if not earlier.hours <= self.hours:
            raise ValueError(
                f"since: expected an earlier ledger than that of {self.hours:g} h, came one of "
                f"{earlier.hours:g} h"
            )
        if (earlier.units, earlier.held.keys()) != (self.units, self.held.keys()):
            raise ValueError("since: expected an earlier ledger of the same run, came another's")
        nothing = np.zeros(len(self.components))
        return Ledger(
            components=self.components,
            hours=self.hours - earlier.hours,
            flows={e: kg - earlier.flows.get(e, nothing) for e, kg in self.flows.items()},
            uses={k: amount - earlier.uses.get(k, 0.0) for k, amount in self.uses.items()},
            extents={k: kmol - earlier.extents.get(k, 0.0) for k, kmol in self.extents.items()},
            opening=earlier.held,
            held=self.held,
            units=self.units,
            known=self.known,
            over={u: amount - earlier.over.get(u, 0.0) for u, amount in self.over.items()},
            below={
                t: np.where(kg < earlier.below.get(t, 0.0), kg, 0.0) for t, kg in self.below.items()
            },
        )

    def table(self) -> pd.DataFrame:
        """Return the flows as a tidy table: source, sink, stream, medium, cause, component, kg."""
        import pandas as pd

        rows = [
            (*(getattr(entry, column) for column in Entry._fields), name, float(kg))
            for entry, amounts in self.flows.items()
            for name, kg in zip(self.components.names, amounts, strict=True)
            if kg
        ]
        return pd.DataFrame(rows, columns=[*Entry._fields, "component", "kg"])

    def certificate(self) -> Certificate:
        """Close every balance, and return by how much the worst is off."""
        return Certificate(
            tuple(
                [
                    Check(where, name, kg, scale)
                    for where, what, gain, sizes in self._balances()
                    for name, kg, scale in zip(
                        what, gain.tolist(), np.maximum.reduce(sizes).tolist(), strict=True
                    )
                    if scale > 0.0 or kg != 0.0
                ]
            )
        )

    @cached_property
    def closure(self) -> float:
        """The worst relative error of all balances, kg/kg: that of the certificate."""
        balances = [(gain, np.maximum.reduce(sizes)) for _, _, gain, sizes in self._balances()]
        gain, size = (np.concatenate(each) for each in zip(*balances, strict=True))
        errors = np.where(gain == 0.0, 0.0, np.inf)
        np.divide(np.abs(gain), size, out=errors, where=size > 0.0)
        return float(errors.max())

    def knows(self, closure: float) -> None:
        """Take the closure from who has computed it already, by the same balances."""
        self.__dict__["closure"] = closure

    def _balances(self) -> Iterator[tuple[str, tuple[str, ...], Array, tuple[Array, ...]]]:
        """Yield every balance: where, of what, what is missing and the sizes of it, kg."""
        names, elements = self.components.names, self.components.elements
        mass, nothing = np.array(self.components.element_mass), np.zeros(len(names))
        into: dict[str, Array] = {}
        out: dict[str, Array] = {}
        for entry, amounts in self.flows.items():
            out[entry.source] = out.get(entry.source, nothing) + amounts
            into[entry.sink] = into.get(entry.sink, nothing) + amounts
        handled = [nothing, *self.flows.values(), *self.opening.values()]
        rounding = FLOOR * max(kg.sum() for kg in handled)
        dust = np.maximum(DUST * np.max(handled, axis=0), rounding)
        for tank, opening in self.opening.items():
            entered, left = into.get(tank, nothing), out.get(tank, nothing)
            gain = opening + entered - left - self.held[tank]
            yield f"tank {tank}", names, gain, (opening, entered, left, dust)
            below = self.below.get(tank, self.held[tank])
            if (below < 0.0).any():
                lacks = np.where(below < 0.0, np.minimum(self.held[tank], 0.0), 0.0)
                yield f"tank {tank}, below nothing", names, lacks, (opening, entered, left, dust)
                # on the way, what rounding to the level at a bound takes is of all components
                passed = np.full_like(nothing, max(opening.sum(), entered.sum(), left.sum()))
                lacked = np.minimum(below, 0.0)
                yield f"tank {tank}, below nothing once", names, lacked, (passed, dust)
        made = self._made()
        less = self._below_nothing() if np.min(handled) < 0.0 else {}
        for unit in sorted(self.units):
            entered, left = into.get(unit, nothing), out.get(unit, nothing)
            gain = entered + made.get(unit, nothing) - left
            yield f"unit {unit}", names, gain, (entered, left, dust)
            came, went = mass @ entered, mass @ left
            yield f"unit {unit}", elements, came - went, (came, went, mass @ dust)
            if unit in less:
                handled_here = (entered, left, np.abs(made.get(unit, nothing)), dust)
                yield f"unit {unit}, below nothing", names, less[unit], handled_here
        inside = self.units | set(self.opening)
        entered = sum((kg for name, kg in out.items() if name not in inside), nothing)
        left = sum((kg for name, kg in into.items() if name not in inside), nothing)
        opening, held = (sum(of.values(), nothing) for of in (self.opening, self.held))
        formed = sum(made.values(), nothing)
        gain = opening + entered + formed - left - held
        dust = np.full_like(nothing, rounding)
        yield "plant", names, gain, (opening, entered + np.maximum(formed, 0), left, dust)
        gain = mass @ (opening + entered - left - held)
        yield "plant", elements, gain, (mass @ opening, mass @ entered, mass @ left, mass @ dust)

    def _written_extents(self) -> dict[tuple[str, str], float]:
        """Return the extents by unit and equation, which outlive a pickle; objects do not."""
        return {(unit, made.equation): kmol for (unit, made), kmol in self.extents.items()}

    def _below_nothing(self) -> dict[str, Array]:
        """Return the flows of less than nothing by unit, kg: a reaction takes what is not there."""
        less: dict[str, Array] = {}
        for entry, amounts in self.flows.items():
            if (amounts < 0.0).any():
                for account in (entry.source, entry.sink):
                    if account in self.units:
                        lacks = np.minimum(amounts, 0.0)
                        less[account] = less[account] + lacks if account in less else lacks
        return less

    def _made(self) -> dict[str, Array]:
        made: dict[str, Array] = {}
        for (unit, reaction), kmol in self.extents.items():
            kg = made.setdefault(unit, np.zeros(len(self.components)))
            for i, per_kmol in reaction.kg_per_kmol:
                kg[i] += per_kmol * kmol
        return made


@dataclass(frozen=True, slots=True)
class Check:
    """One balance: what is missing, kg, and the size it is measured against, kg."""

    where: str
    what: str
    missing: float
    size: float

    @property
    def error(self) -> float:
        """Relative closure error, kg/kg; none where less than an atom is missing."""
        if abs(self.missing) < ATOM:
            return 0.0
        return abs(self.missing) / self.size if self.size else float("inf")


@dataclass(frozen=True)
class Certificate:
    """Every balance of a run: tanks and units by component, units and plant by element."""

    checks: tuple[Check, ...]

    @property
    def closure(self) -> float:
        """The worst relative error, kg/kg."""
        errors = [check.error for check in self.checks]
        return max(errors, default=0.0) if all(e == e for e in errors) else float("nan")

    def enforce(self, tolerance: float = TOLERANCE) -> None:
        """Raise ``BalanceError`` when a balance is worse than ``tolerance``, naming the worst."""
        (tolerance,) = need_number("enforce", 0.0, tolerance=tolerance)
        wrong = [check for check in self.checks if not check.error <= tolerance]
        worst = sorted(wrong, key=lambda c: (not c.where.startswith("unit"), -c.error))[:3]
        if worst:
            told = "; ".join(
                f"{c.where}: {c.missing:.6g} kg of {c.what} missing of {c.size:.6g} kg"
                for c in worst
            )
            raise BalanceError(f"the balance does not close to {tolerance:g}: {told}")

    def __repr__(self) -> str:
        """Return what is printed, also of a certificate that prints more."""
        return str(self)

    def __str__(self) -> str:
        lines = [f"{len(self.checks)} balances, worst relative error {self.closure:.1e}"]
        rows = [
            [check.where, check.what, f"{check.missing:+.3e}", f"{check.size:.6g}"]
            for check in sorted(self.checks, key=lambda check: -check.error)[:5]
        ]
        header = ["the worst of them", "balance of", "missing, kg", "of so much, kg"]
        return "\n".join([*lines, *(text_table(header, rows, left=(0, 1)) if rows else [])])


@lru_cache(maxsize=256)
def _headings(entries: tuple[Entry, ...]) -> Headings:
    """Return the headings of entries; books of one plant share them."""
    return Headings(entries)


def _same(one: Mapping[Any, Array], other: Mapping[Any, Array]) -> bool:
    return one.keys() == other.keys() and all(np.array_equal(kg, other[k]) for k, kg in one.items())
