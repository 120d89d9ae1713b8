"""Reading of facts: every fault of every input is collected before anything is said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import MISSING
from typing import Any

from sim.documents import Document, Source, read_documents
from sim.errors import did_you_mean
from sim.fact_check import KEYS, Fact, check_fact, is_own_word
from sim.parameters import Quantity, spell
from sim.tree import Branch, Leaf, structure

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
        for path, (document, declared, raw) in self.raw.items():
            if raw is not None:
                fact, faults = check_fact(declared, raw, self.sources)
                for fault in faults:
                    self._say(document, path, f"{path}: {fault}")
                if fact is not None:
                    self.facts[path] = fact

    def build(self) -> Any:
        """Return the tree; after a fault it is not whole."""
        return self._build(self.root, "", MISSING)

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

    def _build(self, node: type, prefix: str, default: Any) -> Any:
        """Return the node, or ``MISSING`` after a fault."""
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
                    what = part.declared
                    unit = f", in {what.unit}" if what.unit not in ("", "1") else ""
                    self._miss(f"no fact for {path!r}: {what.meaning}{unit}")
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
        if any(known.startswith(f"{path}.") for known in self.raw):
            return self._build(part.type, f"{path}.", default)
        if default is not MISSING:
            return default
        parts = structure(part.type)
        names = [n for n, p in parts.items() if isinstance(p, Leaf) and p.default is MISSING]
        if names:
            self._miss(f"no facts for {path!r}: it needs {', '.join(names)}")
            return MISSING
        return self._build(part.type, f"{path}.", MISSING)

    def _miss(self, fault: str) -> None:
        """Note what is missing, unless a whole file is, which would explain it."""
        if self.complete:
            self.faults.append(fault)
