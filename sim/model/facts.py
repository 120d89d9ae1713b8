"""Facts from TOML into a frozen tree: each value with unit, source and range; all faults at once.

A fact is a table named by the path of its parameter::

    [off_gas_cooler.area]
    value = 60.0
    unit = "m2"
    source = "assumed"
    low = 30.0
    high = 120.0
    note = "two shells; the source gives no area"

Its source is a key of the sources, or one of the words ``derived``, ``assumed``, ``calibrated``,
``recalled``, ``inferred_from_table_...``. What was not measured needs a range (``derived`` does
not) and a note. ``fit = true`` lets calibration move a number within its range. A file may bring
sources of its own as ``[sources.KEY]``.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, dataclass, field, is_dataclass, replace
from fnmatch import fnmatchcase
from functools import lru_cache
from numbers import Real
from os import PathLike
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar, cast, runtime_checkable

from sim.errors import Named, all_at_once, did_you_mean, gives_each, told
from sim.model.parameters import NO_FACTOR, Quantity, Value, admit_written, parse_quantity, spell
from sim.model.tree import (
    Branch,
    Leaf,
    declared,
    declared_and_value,
    design_hash,
    leaves,
    paths,
    rebuild,
    strange_parts,
    structure,
)
from sim.model.units_of_measure import convert

DEEPEST = 50  # levels of tables and lists; a design has some five
MOST_BITS = 1023  # of a whole number: what a float holds


@runtime_checkable
class Readable(Protocol):
    """A file: a `pathlib.Path`, or a resource of a package."""

    def read_text(self, encoding: str) -> str:
        """Return the contents."""


Source = str | PathLike[str] | Readable
"""A file, or the TOML text itself."""


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed TOML text and the name that messages call it by."""

    name: str
    text: str
    table: Mapping[str, Any]

    def where(self, path: str, nth: int = 1, entry: str = "", key: str = "") -> str:
        """Return file and line of the ``nth`` table headed ``path``, or of what holds it.

        ``entry``: the text of an entry of what holds it, which stands in its line or below;
        ``key``: of a value in it, whose line is told where it is found.
        """
        parts, within = path.split("."), ""
        while parts:
            name = r"\s*\.\s*".join(rf"[\"']?{re.escape(part)}[\"']?" for part in parts)
            heads = list(re.finditer(rf"^[ \t]*\[\[?\s*{name}\s*\]", self.text, re.MULTILINE))
            if len(heads) >= nth:
                line = self.text.count("\n", 0, heads[nth - 1].start()) + 1
                line = line_of(within, self.text, line)
                return f"{self.name}, line {line_of_key(key, self.text, line) if key else line}"
            parts.pop()
            nth, within = 1, entry
        return self.name


def line_of(entry: str, text: str, above: int) -> int:
    """Return the line of an entry in or below a line; that one where it does not stand there."""
    rows = text.splitlines()[max(above - 1, 0) :]
    return above + next((i for i, row in enumerate(rows) if entry in row), 0)


def line_of_key(key: str, text: str, above: int) -> int:
    """Return the line of a key's value in a table that begins in a line; that one without any."""
    assigned = re.compile(rf"(?:^|[{{,\s])[\"']?{re.escape(key)}[\"']?\s*=")
    for i, row in enumerate(text.splitlines()[above - 1 :]):
        if i and row.lstrip().startswith("["):
            break
        if assigned.search(row):
            return above + i
    return above


def read_documents(sources: Iterable[Source]) -> tuple[list[Document], list[Exception]]:
    """Return the documents that can be read, and the faults of those that cannot."""
    documents: list[Document] = []
    faults: list[Exception] = []
    given: object = sources
    if not gives_each(given):
        raise TypeError(f"expected TOML files or texts in a list, came {told(given)}")
    for source in (sources,) if isinstance(sources, str) else sources:
        if isinstance(source, type) or not isinstance(
            cast(object, source), str | PathLike | Readable
        ):
            raise TypeError(
                f"expected a TOML file, as Path or by name, or its text, came {told(source)}"
            )
        is_text = isinstance(source, str) and not re.fullmatch(r"[^\n=\[]+\.toml", source.strip())
        file = Path(source) if isinstance(source, str | PathLike) else source
        name = "TOML text" if is_text else str(file)
        try:
            text = str(source) if is_text else file.read_text(encoding="utf-8-sig")
            documents.append(_parsed(name, text))
        except OSError as fault:
            faults.append(ValueError(f"{name}: cannot be read: {fault.strerror or fault}"))
        except UnicodeDecodeError as fault:
            faults.append(ValueError(f"{name}: is not UTF-8 text (byte {fault.start})"))
        except tomllib.TOMLDecodeError as fault:
            line = _line(str(fault), text)
            why = f"{fault}{_hint(str(fault), text, line)}"
            faults.append(ValueError(f"{name}, line {line}: no valid TOML: {why}"))
        except _Beyond as fault:
            faults.append(fault)
    return documents, faults


class _Beyond(ValueError):
    """Valid TOML that no design needs, and that much of what follows could not bear."""


@lru_cache(maxsize=64)  # a plant's own files are read again with every file of a user's
def _parsed(name: str, text: str) -> Document:
    """Return the document, if its numbers fit into a float and its tables into a tree.

    Nobody changes what it holds.
    """
    try:
        document = Document(name, text, tomllib.loads(text))
    except tomllib.TOMLDecodeError:
        raise
    except RecursionError:
        raise _too_deep(name, text) from None
    except ValueError:  # more digits than Python reads
        raise _too_long(name, text) from None
    waiting: list[tuple[object, int]] = [(document.table, 0)]
    while waiting:
        value, depth = waiting.pop()
        if depth > DEEPEST:
            raise _too_deep(name, text)
        if isinstance(value, Mapping):
            waiting += [(each, depth + 1) for each in value.values()]
        elif isinstance(value, list):
            waiting += [(each, depth + 1) for each in value]
        elif isinstance(value, int) and value.bit_length() > MOST_BITS:
            raise _too_long(name, text)
    return document


def _too_deep(name: str, text: str) -> _Beyond:
    nest = r"(?:\[\s*|\{\s*[^\s={}\[\]]+\s*=\s*|\.\s*[\w\"'-]+\s*)"
    found = re.search(nest + f"{{{DEEPEST - 1}}}", text)
    return _Beyond(f"{name}{_line_of(found, text)}: nested too deep, at most {DEEPEST} levels")


def _too_long(name: str, text: str) -> _Beyond:
    numbers = re.finditer(
        r"(?<![\w.])(?:0x[\da-fA-F_]+|0o[0-7_]+|0b[01_]+|\d[\d_]*)(?![\w.])", text
    )
    found = max(numbers, key=lambda number: len(number[0]), default=None)
    digits = found[0].replace("_", "") if found else ""
    size = f"{len(digits):,} digits" if digits.isdecimal() else "too many digits"
    return _Beyond(
        f"{name}{_line_of(found, text)}: a whole number of {size}; expected at most 1.8e308"
    )


def _line_of(found: re.Match[str] | None, text: str) -> str:
    return f", line {text.count(chr(10), 0, found.start()) + 1}" if found else ""


def _line(message: str, text: str) -> int:
    """Return the line of a TOML fault, which the parser tells only in its message."""
    match = re.search(r"at line (\d+)", message)
    return int(match[1]) if match else text.count("\n") + 1


def _hint(message: str, text: str, line: int) -> str:
    """Return what to write in place of what people write where TOML takes none of its kind.

    A sign of a Chinese keyboard, a name in letters of another language, a decimal comma, a unit
    of measure without quotes, a key that stands there twice.
    """
    bare = re.sub(r"\"[^\"]*\"|'[^']*'|#.*", "", text.split("\n")[line - 1])
    strange = re.search(r"[^\x00-\x7f]", bare)
    if strange and strange[0].isalpha() and "=" not in bare[: strange.start()]:
        return f"; names are of letters a to z, digits and _, without {strange[0]!r}"
    if strange:
        return f"; {strange[0]!r} may stand in quotes (\" or ') alone"
    comma = re.search(r"=\s*([-+]?\d+),(\d+)\s*$", bare)
    if comma:
        return f"; write a decimal point, like {comma[1]}.{comma[2]}"
    measured = re.search(r"=\s*([-+]?\d[\d.e+-]*\s*[A-Za-z%][\w/%]*)\s*($|[,}\]])", bare)
    if measured:
        return f"; write it in quotes, like {told(measured[1])}"
    key = re.match(r"\s*([\w.-]+)\s*=", bare)
    again = key and message.startswith(("Cannot overwrite", "Cannot mutate"))
    return f"; {key[1]!r} is there twice" if key and again else ""


KEYS = ("value", "unit", "source", "low", "high", "note", "fit")
NOT_MEASURED = ("derived", "assumed", "calibrated", "recalled")


@dataclass(frozen=True, slots=True)
class Fact:
    """A value of the data files in the declared unit of measure, and on whose word it stands."""

    value: Value
    unit: str
    source: str
    low: float | None = None
    high: float | None = None
    note: str = ""
    fit: bool = False
    """Whether calibration may move the value within its range."""
    prior: Fact | None = None
    """What was known before the value was calibrated."""

    @property
    def word(self) -> str:
        """The source; of a calibrated value with its prior."""
        if self.prior is None:
            return self.source
        return f"{self.source}, prior {spell(self.prior.value)} ({self.prior.source})"


def is_own_word(source: str) -> bool:
    """Return whether a source is no document but one of the words for what was not measured."""
    return source in NOT_MEASURED or re.fullmatch(r"inferred_from_table_\w+", source) is not None


def check_fact(
    declared: Quantity, raw: Mapping[str, Any], sources: Mapping[str, object]
) -> tuple[Fact | None, list[str]]:
    """Return the fact of a table, and what is wrong with it."""
    faults = [
        f"no key {key!r} in a fact{did_you_mean(key, KEYS)}" for key in raw if key not in KEYS
    ]
    is_number = declared.kind in (float, int)
    unit = raw.get("unit", "" if not is_number or declared.unit == "" else None)
    if not isinstance(unit, str):
        came = "no unit of measure" if unit is None else f"unit {spell(unit)}"
        faults.append(f"{came}; expected unit = {declared.unit!r}")
        unit = None
    found: dict[str, Any] = {}
    for key in ("value", "low", "high"):
        if key in raw and key != "value" and not is_number:
            faults.append(f"{key}: only a number has a range")
        elif key in raw:
            try:
                found[key] = _admit(raw[key], unit, declared)
            except _UnitFault as fault:
                faults.append(str(fault))
                break
            except ValueError as fault:
                faults.append(f"{key}: {fault}")
    if "value" not in raw:
        faults.append(f"no value; expected {_expected(declared)}")
    faults += _source_faults(raw, sources, is_number)
    faults += fit_faults(raw)
    if raw.get("fit") is True and declared.kind is not float:
        faults.append(f"fit: only a real number can be fitted, not {_expected(declared)}")
    value, low, high = (found.get(key) for key in ("value", "low", "high"))
    if low is not None and high is not None:
        if low > high:
            faults.append(f"low {low:g} exceeds high {high:g}")
        elif value is not None and not low <= value <= high:
            faults.append(f"value {value:g} is not within low {low:g} to high {high:g}")
    if faults or value is None:
        return None, faults
    more = {key: raw[key] for key in ("note", "fit") if key in raw}
    return Fact(value, declared.unit, raw["source"], low, high, **more), []


def fit_faults(raw: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with the mark of a number that calibration may move."""
    fit = raw.get("fit", False)
    if not isinstance(fit, bool):
        return [f"fit: expected true or false, came {spell(fit)}"]
    missing = [key for key in ("low", "high") if key not in raw]
    if fit and missing:
        return [f"no {' and no '.join(missing)}: what is fitted needs a range"]
    return []


class _UnitFault(ValueError):
    """A wrong unit, which is told once for value, low and high."""


def _admit(value: object, unit: str | None, declared: Quantity) -> Value:
    """Return a value of a fact in the declared unit, checked."""
    if declared.kind in (bool, str):
        if unit:
            raise _UnitFault(f"unit {unit!r}: {_expected(declared)} has none")
        return declared.admit(value)
    if isinstance(value, str):
        raise ValueError(
            f"expected {_expected(declared)}, came {value!r}; write the number without quotes "
            "and its unit of measure as unit"
        )
    endless = isinstance(value, float) and not math.isfinite(value)
    if endless or isinstance(value, bool) or not isinstance(value, int | float) or unit is None:
        return admit_written(value, declared)
    try:
        converted = convert(value, unit, declared.unit)
    except ValueError as fault:
        raise _UnitFault(str(fault)) from None
    except OverflowError:
        converted = float("inf")
    if converted == value:
        return admit_written(value, declared)
    try:
        return declared.admit(converted)
    except ValueError as fault:
        raise ValueError(f"{value:.10g} {unit}: {fault}") from None


def _source_faults(
    raw: Mapping[str, Any], sources: Mapping[str, object], is_number: bool
) -> list[str]:
    """Return what is wrong with source, range and note."""
    faults = []
    source, note = raw.get("source"), raw.get("note", "")
    if not isinstance(note, str):
        faults.append(f"note: expected a text, came {spell(note)}")
    if source is None:
        faults.append("no source; name a key of the sources, or 'assumed' with range and note")
    elif not isinstance(source, str):
        faults.append(f"source: expected a word, came {spell(source)}")
    elif is_own_word(source):
        if not note:
            faults.append(f"no note: what is {source} needs its reason")
        missing = [key for key in ("low", "high") if key not in raw]
        if missing and is_number and source != "derived":
            faults.append(f"no {' and no '.join(missing)}: what is {source} needs a range")
            return faults
    elif source not in sources:
        hint = did_you_mean(source, (*sources, *NOT_MEASURED), list_up_to=0) or (
            "; describe it where the plant's sources are, or write 'assumed' with range and note"
        )
        faults.append(f"source {source!r} is not among the sources{hint}")
    if ("low" in raw) != ("high" in raw) and is_number:
        faults.append("a range needs both low and high")
    return faults


def _expected(declared: Quantity) -> str:
    if declared.kind in (bool, str):
        return declared.domain
    unit = f" in{declared.suffix}" if declared.suffix else ""
    return f"a {'whole ' if declared.kind is int else ''}number{unit}"


SOURCES_TABLE = "sources"


def _full_path(path: str, raw: object) -> str:
    """Return the path down to the table that looks like a fact."""
    while isinstance(raw, Mapping) and len(raw) == 1 and not set(raw) & set(KEYS):
        name, raw = next(iter(raw.items()))
        if isinstance(raw, Mapping):
            path = f"{path}.{name}"
    return path


class Reader:
    """Collects facts, sources and faults of one `load`."""

    def __init__(self, root: type) -> None:
        self.root = root
        self.faults: list[str] = []
        self.sources: dict[str, Mapping[str, Any]] = {}
        self.raw: dict[str, tuple[Document, Quantity, Mapping[str, Any] | None]] = {}
        self.told_of: set[str] = set()  # paths of the parts of which there is a fact
        self.facts: dict[str, Fact] = {}
        self.complete = True

    def read_sources(self, sources: Iterable[Source] | Mapping[str, Mapping[str, Any]]) -> None:
        """Take the sources by key, from tables or from a mapping."""
        if isinstance(sources, Mapping):
            self.sources.update(sources)
            return
        for document in self._read(sources):
            self._take_sources(document, document.table, "")

    def read_facts(self, facts: Iterable[Source], overrides: Iterable[Source]) -> None:
        """Take the facts, each known once, then those that replace them; check what stands."""
        base, above = self._read(facts), self._read(overrides)
        if SOURCES_TABLE not in structure(self.root):
            for document in (*base, *above):
                own = document.table.get(SOURCES_TABLE, {})
                self._take_sources(document, own, f"{SOURCES_TABLE}.")
        for documents, is_override in ((base, False), (above, True)):
            for document in documents:
                self._take_facts(document, document.table, self.root, "", is_override)
        self.told_of = {
            path[:at] for path in self.raw for at in range(len(path)) if path[at] == "."
        }
        for path, (document, quantity, raw) in self.raw.items():
            if raw is not None:
                fact, faults = check_fact(quantity, raw, self.sources)
                for fault in faults:
                    self._say(document, path, f"{path}: {fault}")
                if fact is not None:
                    self.facts[path] = fact

    def _read(self, sources: Iterable[Source]) -> list[Document]:
        documents, faults = read_documents(sources)
        self.faults += [str(fault) for fault in faults]
        self.complete = self.complete and not faults
        return documents

    def _take_sources(self, document: Document, table: Any, prefix: str) -> None:
        """Take the sources of a document; one key is described in one place."""
        if not isinstance(table, Mapping):
            self.faults.append(f"{document.name}: {SOURCES_TABLE} is no table of tables")
            return
        for key, described in table.items():
            path = prefix + key
            if not isinstance(described, Mapping):
                self._say(document, path, f"source {key!r} is no table; write [{path}]")
            elif is_own_word(key):
                self._say(document, path, f"source {key!r}: this word is reserved")
            elif key in self.sources:
                self._say(document, path, f"source {key!r} is described twice")
            else:
                self.sources[key] = described

    def _take_facts(
        self, document: Document, table: Mapping[str, Any], node: type, prefix: str, above: bool
    ) -> None:
        """Find the facts of a table by the structure of the tree."""
        parts = structure(node)
        for name, raw in table.items():
            path = prefix + name
            part = parts.get(name)
            if part is None:
                if not (prefix == "" and name == SOURCES_TABLE):
                    owner = prefix[:-1] or self.root.__name__
                    full = _full_path(path, raw)
                    hint = did_you_mean(name, parts)
                    self._say(
                        document, full, f"no parameter {full!r}: {owner} has no {name!r}{hint}"
                    )
            elif isinstance(part, Leaf):
                is_table = isinstance(raw, Mapping)
                if not is_table:
                    table_name = f"a table [{path}] with value, unit and source"
                    self._say(document, path, f"{path}: expected {table_name}, came {spell(raw)}")
                elif path in self.raw and not above:
                    first = self.raw[path][0].where(path)
                    self._say(document, path, f"{path}: has a fact already, in {first}")
                self.raw[path] = (document, part.declared, raw if is_table else None)
            elif isinstance(raw, Mapping):
                self._take_facts(document, raw, part.type, f"{path}.", above)
            else:
                inside = did_you_mean("", structure(part.type))
                self._say(document, path, f"{path} is no parameter, it has its own{inside}")

    def _say(self, document: Document, path: str, fault: str) -> None:
        self.faults.append(f"{document.where(path)}: {fault}")

    def build(self, node: type, prefix: str = "", default: Any = MISSING) -> Any:
        """Return a node of the tree, or ``MISSING`` after a fault."""
        values: dict[str, Any] = {}
        whole = True
        for name, part in structure(node).items():
            path = prefix + name
            if isinstance(part, Leaf):
                if path in self.facts:
                    values[name] = self.facts[path].value
                elif path in self.raw:
                    whole = False
                elif default is not MISSING and default is not None:
                    values[name] = getattr(default, name)
                elif part.default is MISSING:
                    whole = False
                    unit = f", in{part.declared.suffix}" if part.declared.suffix else ""
                    self._miss(f"no fact for {path!r}: {part.declared.meaning}{unit}")
            else:
                value = self._build_part(part, path, getattr(default, name, MISSING))
                whole = whole and value is not MISSING
                values[name] = value
        if not whole:
            return MISSING
        try:
            return node(**values)
        except ValueError as fault:
            self.faults.append(f"{prefix[:-1] or node.__name__}: {fault}")
            return MISSING

    def _build_part(self, part: Branch, path: str, above: Any) -> Any:
        default = part.default if above is MISSING else above
        if path in self.told_of:
            return self.build(part.type, f"{path}.", default)
        if default is not MISSING:
            return default
        parts = structure(part.type)
        names = [n for n, p in parts.items() if isinstance(p, Leaf) and p.default is MISSING]
        if names:
            self._miss(f"no facts for {path!r}: it needs {', '.join(names)}")
            return MISSING
        return self.build(part.type, f"{path}.")

    def _miss(self, fault: str) -> None:
        """Note what is missing, unless a whole file is, which would explain it."""
        if self.complete:
            self.faults.append(fault)


T = TypeVar("T")


@dataclass(frozen=True)
class Design(Generic[T]):
    """A tree of parameters with the facts that it was made of.

    Where the tree differs from its facts, somebody has set the value since.
    """

    tree: T
    facts: Mapping[str, Fact] = field(hash=False)
    sources: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        given: tuple[object, object, object] = (self.tree, self.facts, self.sources)
        tree, facts, sources = given
        if not is_dataclass(tree) or isinstance(tree, type):
            raise TypeError(f"design: expected tree as a frozen dataclass, came {told(tree)}")
        for strange in strange_parts(tree):
            raise TypeError(f"design: {strange}")
        if not isinstance(facts, Mapping):
            raise TypeError(
                f"design: expected facts as a Fact by path, or {{}}, came {told(facts)}"
            )
        if not isinstance(sources, Mapping):
            expected = "design: expected sources as a table by key, or {}"
            raise TypeError(f"{expected}, came {told(sources)}")
        for path, fact in facts.items():
            if not isinstance(fact, Fact):
                raise TypeError(f"design: facts: {path}: expected a Fact, came {told(fact)}")
        if not isinstance(facts, Named):
            object.__setattr__(self, "facts", Named(facts, "parameter"))
        if not isinstance(sources, Named):
            object.__setattr__(self, "sources", Named(sources, "source"))

    def __repr__(self) -> str:
        """Return a line that tells designs apart: all parameters would fill pages."""
        name = type(self.tree).__name__
        return f"<Design of {name} {design_hash(self.tree)}: tree, facts, sources>"


def load(
    tree_type: type[T],
    *facts: Source,
    sources: Iterable[Source] | Mapping[str, Mapping[str, Any]] = (),
    overrides: Iterable[Source] = (),
) -> Design[T]:
    """Return the design that TOML files (paths) or texts describe.

    The facts together hold each fact once; overrides replace them, the later the stronger. Sources
    are files, texts or a mapping of tables by key: who says so. ``tree_type`` is the frozen
    dataclass at the root of the tree. A ValueError tells all faults of all inputs, each with file,
    line, path, what was expected and came.
    """
    if not isinstance(cast(object, tree_type), type):
        raise TypeError(f"load: expected a frozen dataclass first, came {told(tree_type)}")
    reader = Reader(tree_type)
    reader.read_sources(sources)
    reader.read_facts(facts, overrides)
    tree = reader.build(tree_type)
    if reader.faults:
        raise all_at_once([ValueError(fault) for fault in reader.faults], "the facts")
    return Design(tree, reader.facts, reader.sources)


Assignments = str | Iterable[str] | Mapping[str, Value]
"""``"off_gas_cooler.area=80"``, some of them, or ``{"off_gas_cooler.area": 80.0}``."""


def set_values(design: Design[T], assignments: Assignments) -> Design[T]:
    """Return the design with values set as ``"off_gas_cooler.area=80"``, units accepted.

    A path may be a pattern: ``"*.failure.mttr=8"`` sets all parameters of this design that it
    matches, ``*`` standing for any letters and dots. A mapping, ``{"off_gas_cooler.area": 80.0}``,
    is in the units of the parameters.

    The facts stay, so that a card can tell what has been changed. Values may leave low to high,
    not the domain. All faults are told at once, by a LookupError if paths alone are wrong, or
    patterns match nothing; what is no assignment is a TypeError.
    """
    values: dict[str, Value] = {}
    faults: list[Exception] = []
    for path, _, text in _assigned(design, assignments, "VALUE", faults):
        try:
            value = parse_quantity(text, declared(design.tree, path))
        except LookupError as fault:
            faults.append(fault)
        except ValueError as fault:
            faults.append(ValueError(f"{path}: {fault}"))
        else:
            if values.setdefault(path, value) != value:
                was, now = spell(values[path]), spell(value)
                faults.append(ValueError(f"{path}: set twice, to {was} and to {now}"))
    if faults:
        raise all_at_once(faults, "what is set")
    return replace(design, tree=rebuild(design.tree, values)) if values else design


def scale_values(design: Design[T], assignments: Assignments) -> Design[T]:
    """Return the design with numbers multiplied as ``"*.failure.mtbf=0.5"``; see `set_values`.

    Of what a pattern matches, words, switches and temperatures stay: a tenth more than 25 degC is
    not a tenth more than 298.15 K. Factors of one parameter multiply.
    """
    factors: dict[str, float] = {}
    faults: list[Exception] = []
    idle: dict[str, bool] = {}
    """Patterns, and whether they have matched no number so far."""
    for path, pattern, text in _assigned(design, assignments, "FACTOR", faults):
        try:
            quantity, before = declared_and_value(design.tree, path)
        except LookupError as fault:
            faults.append(fault)
            continue
        try:
            factor = float(text)
        except ValueError:
            factor = math.nan
        stays = quantity.kind in (bool, str) or quantity.is_point(before)
        if not math.isfinite(factor):
            faults.append(ValueError(f"{path}: expected a factor, like 0.5, came {told(text)}"))
        elif not stays:
            factors[path] = factors.get(path, 1.0) * factor
        elif path == pattern:
            why = NO_FACTOR if quantity.is_point(before) else "only a number is scaled; set it"
            faults.append(ValueError(f"{path}: {why}"))
        idle[pattern] = idle.get(pattern, True) and stays and path != pattern
    faults += [
        ValueError(f"{each!r} matches no number; a temperature is set, not scaled")
        for each, so in idle.items()
        if so
    ]
    values: dict[str, Value] = {}
    for path, factor in factors.items():
        quantity, before = declared_and_value(design.tree, path)
        try:
            values[path] = quantity.admit(quantity.whole(before * factor), finite=False)
        except ValueError as fault:
            faults.append(ValueError(f"{path}: {fault}"))
    if faults:
        raise all_at_once(faults, "what is scaled")
    return replace(design, tree=rebuild(design.tree, values)) if values else design


@dataclass(frozen=True, slots=True)
class Touched:
    """A parameter that differs between two designs, in its unit of measure."""

    path: str
    before: Value | None
    after: Value | None
    unit: str


def touched(before: Design[T], after: Design[T]) -> tuple[Touched, ...]:
    """Return the parameters that differ, in the order of the tree; None where there is no such."""
    was, now = (
        {(path, of.unit): value for path, of, value in leaves(each.tree)}
        for each in (before, after)
    )
    return tuple(
        Touched(key[0], was.get(key), now.get(key), key[1])
        for key in {**was, **now}
        if was.get(key) != now.get(key)
    )


def _assigned(
    design: object, assignments: object, what: str, faults: list[Exception]
) -> Iterator[tuple[str, str, str]]:
    """Yield path, the path or pattern as it was written, and text of every assignment."""
    if not isinstance(design, Design):
        raise TypeError(f"design: expected a Design, came {told(design)}")
    tree = design.tree
    if isinstance(assignments, Mapping):
        assignments = [f"{path}={_written(value)}" for path, value in assignments.items()]
    elif isinstance(assignments, str) or not gives_each(assignments):
        assignments = [assignments]
    listed: list[Any] = list(assignments)
    if not all(isinstance(each, str) for each in listed):
        like = f"{next((path for path, of, _ in leaves(tree) if of.kind is float), 'path')}=0.2"
        raise TypeError(f"expected assignments like {like!r}, came {told(assignments)}")
    for assignment in listed:
        path, equals, text = (part.strip() for part in assignment.partition("="))
        if not (equals and path and text):
            faults.append(ValueError(f"expected PATH={what}, came {told(assignment)}"))
        elif not set(path) & set("*?["):
            yield path, path, text
        else:
            known = paths(tree)
            matching = [each for each in known if fnmatchcase(each, path)]
            if not matching:
                hint = did_you_mean(path, _alike(path, known), list_up_to=0)
                faults.append(LookupError(f"no parameter matches {told(path)}{hint}"))
            yield from ((each, path, text) for each in matching)


def _alike(pattern: str, known: Iterable[str]) -> list[str]:
    """Return the ends of paths as the pattern writes them, wherever its parts match."""
    parts = pattern.split(".")
    found = []
    for path in known:
        end = path.split(".")[-len(parts) :]
        if len(end) == len(parts):
            matched = (p if fnmatchcase(e, p) else e for e, p in zip(end, parts, strict=True))
            found.append(".".join(matched))
    return list(dict.fromkeys(found))


def _written(value: object) -> str:
    """Return a value as an assignment is written; numbers keep every digit."""
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, Real):
        return str(value)
    try:
        return repr(float(value))
    except OverflowError:  # parsed, it is told with its path
        return "-inf" if repr(value).startswith("-") else "inf"
