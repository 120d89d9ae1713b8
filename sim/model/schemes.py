"""Schemes as sets of patches on the design, which commute.

Value = (`set` if given, else the old one) * product of all `scale` + sum of all `add`, in the
natural order of the scheme ids, so that it is bitwise the same however the schemes are written.
Two different values of `set` for one parameter are a conflict, told before anything runs.
"""

from __future__ import annotations

import math
import re
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, is_dataclass, replace
from functools import cache
from typing import Any, Generic, Literal, TypeVar, cast, get_args
from unicodedata import normalize

from sim.errors import (
    ConflictError,
    Named,
    all_at_once,
    did_you_mean,
    gives_each,
    need_text,
    scalar,
    told,
)
from sim.model.facts import Document, Source, fit_faults, is_own_word, read_documents
from sim.model.parameters import NO_FACTOR, Quantity, Value, parse_quantity, spell
from sim.model.tree import declared, declared_and_value, locate, rebuild, refitted

T = TypeVar("T")
Operation = Literal["set", "scale", "add"]
OPERATIONS: tuple[Operation, ...] = ("set", "scale", "add")
SIGNS: Mapping[Operation, str] = {"set": "set", "scale": "x", "add": "+"}


@dataclass(frozen=True, slots=True)
class Patch:
    """One change of one parameter, and on whose word.

    ``set`` and ``add`` are in the declared unit of the parameter, ``scale`` is a pure number; low
    and high are the range of the value.
    """

    path: str
    op: Operation
    value: Value
    note: str = ""
    low: float | None = None
    high: float | None = None
    evidence: str = "assumed"
    fit: bool = False
    """Whether calibration may move the value within its range."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", scalar(self.value))
        given: tuple[object, ...] = (self.path, self.op, self.value)
        texts = isinstance(given[0], str) and isinstance(given[1], str)
        finite = isinstance(given[2], int) and abs(given[2]) < 2**1023
        if not (texts and (finite or isinstance(given[2], float | str))) or (
            self.op not in get_args(Operation)
        ):
            raise TypeError(
                "expected a patch of a path by set, scale or add, and a value, came "
                f"{told(self.path)}, {told(self.op)}, {told(self.value)}"
            )

    @property
    def operation(self) -> str:
        """The change in words, ``"x 1.5"``."""
        if self.op == "add" and isinstance(self.value, int | float) and self.value < 0:
            return f"- {spell(-self.value)}"
        return f"{SIGNS[self.op]} {spell(self.value)}"


@dataclass(frozen=True, slots=True)
class Scheme:
    """A measure of cleaner production: what it changes on the equipment, and why."""

    id: str
    cost_class: str
    title: str
    title_zh: str
    target: str
    lever: str
    reason: str
    evidence: str
    patches: tuple[Patch, ...]
    illustrative: bool = False
    """Left out of ``all``."""

    def __post_init__(self) -> None:
        need_text("scheme", id=self.id)
        given: object = self.patches
        if not isinstance(given, tuple | list) or not all(isinstance(p, Patch) for p in given):
            came = told(given)
            raise TypeError(
                f"scheme {self.id!r}: expected patches as a tuple of Patch, came {came}"
            )


@dataclass(frozen=True, slots=True)
class Change:
    """All that some schemes do to one parameter."""

    path: str
    declared: Quantity
    before: Value
    after: Value
    patches: tuple[tuple[str, Patch], ...]
    """(scheme id, patch) in the order in which they act."""


@cache
def natural(scheme_id: str) -> tuple[tuple[str, int], ...]:
    """Return a key that sorts ``F2`` before ``F10``."""
    return tuple(
        (letters.casefold(), int(digits or -1))
        for letters, digits in re.findall(r"(\D*)(\d*)", scheme_id)
    )


def _conflicts(by_path: Mapping[str, list[tuple[str, Patch]]]) -> list[str]:
    """Return, for each parameter that schemes set to different values, a sentence that says so."""
    found = []
    for path, patches in by_path.items():
        sets = [(scheme, patch.value) for scheme, patch in patches if patch.op == "set"]
        if len({(value, isinstance(value, bool)) for _, value in sets}) > 1:  # True is 1 in Python
            said = ", ".join(f"{scheme} sets {spell(value)}" for scheme, value in sets)
            found.append(f"{path}: {said}")
    return found


def apply(tree: T, schemes: Iterable[Scheme]) -> T:
    """Return the tree with all patches of the schemes; bitwise the same in any order of them.

    Raises
    ------
    ConflictError
        Two schemes set one parameter differently; all such pairs are named.
    LookupError
        A patch's path is not in this tree.
    ValueError
        A result lies outside the parameter's domain, or is not of its kind.
    """
    return rebuild(tree, {change.path: change.after for change in changes(tree, schemes)})


class Patcher(Generic[T]):
    """A tree under one set of schemes after another, all of one catalogue.

    A part is patched once for all the sets that treat it alike, so that they share it; what comes
    out is what `apply` gives, bit by bit.
    """

    def __init__(self, tree: T, known: Mapping[str, Scheme]) -> None:
        self.tree = tree
        self.known = dict(known)
        self.bits = {name: 1 << i for i, name in enumerate(known)}
        """A set of schemes is the sum of these."""
        touching: dict[str, int] = {}
        for name, scheme in known.items():
            for patch in scheme.patches:
                part = patch.path.partition(".")[0]
                touching[part] = touching.get(part, 0) | self.bits[name]
        self.parts: list[tuple[str, int, dict[int, Any]]] = [
            (part, touching, {}) for part, touching in touching.items()
        ]
        """Part of the tree, the schemes that patch it, and what sets of these have made of it."""

    def apply(self, ids: Collection[str]) -> T:
        """Return the tree with all patches of the schemes; raises as `apply` does."""
        picked, parts = sum(map(self.bits.__getitem__, {*ids})), {}
        for part, touching, made in self.parts:
            acting = touching & picked
            if not acting:
                continue
            if acting not in made:
                try:
                    made[acting] = self._patched(
                        part, [name for name, bit in self.bits.items() if bit & acting]
                    )
                except (LookupError, ValueError):
                    return apply(self.tree, [self.known[name] for name in ids])  # tells of all
            parts[part] = made[acting]
        return refitted(self.tree, parts) if parts else self.tree

    def _patched(self, part: str, acting: Collection[str]) -> Any:
        """Return a part of the tree with the patches on it."""
        schemes = [
            replace(
                self.known[name],
                patches=tuple(
                    patch
                    for patch in self.known[name].patches
                    if patch.path.partition(".")[0] == part
                ),
            )
            for name in acting
        ]
        found = {
            change.path.partition(".")[2]: change.after for change in changes(self.tree, schemes)
        }
        return found[""] if "" in found else rebuild(getattr(self.tree, part), found)


_PATCHERS: deque[Patcher[Any]] = deque(maxlen=4)


def patcher(tree: T, known: Mapping[str, Scheme]) -> Patcher[T]:
    """Return what patches this very tree by these schemes; the last few are kept."""
    for each in tuple(_PATCHERS):  # another thread may add to them
        if each.tree is tree and _same(each.known, known):
            return each
    _PATCHERS.appendleft(made := Patcher(tree, known))
    return made


def _same(one: Mapping[str, Scheme], other: Mapping[str, Scheme]) -> bool:
    """Return whether two catalogues are the same; True is 1 in Python, but no number here."""
    return one == other and all(
        scheme is other[name] or _kinds(scheme) == _kinds(other[name])
        for name, scheme in one.items()
    )


def _kinds(scheme: Scheme) -> list[type]:
    return [type(patch.value) for patch in scheme.patches]


def changes(tree: object, schemes: Iterable[Scheme]) -> tuple[Change, ...]:
    """Return what the schemes change, by path in the order of the scheme ids; see `apply`."""
    by_path = _by_path(schemes)
    if not is_dataclass(tree) or isinstance(tree, type) or {"tree", "facts"} <= set(dir(tree)):
        hint = "; a Design has it as .tree" if hasattr(tree, "tree") else ""
        raise TypeError(f"apply: expected the tree of a design first, came {told(tree)}{hint}")
    clashes = _conflicts(by_path)
    if clashes:
        faults = [
            ConflictError(f"schemes conflict: {clash}; take one of them") for clash in clashes
        ]
        raise all_at_once(faults, "this combination")
    faults_found: list[Exception] = []
    done = []
    for path, patches in by_path.items():
        try:
            quantity, before = declared_and_value(tree, path)
            after = quantity.admit(_result(before, quantity, [patch for _, patch in patches]))
        except LookupError as fault:
            faults_found.append(LookupError(f"{_who(patches)}: {fault}"))
        except ValueError as fault:
            faults_found.append(ValueError(f"{_who(patches)}: {path}: {fault}"))
        else:
            done.append(Change(path, quantity, before, after, tuple(patches)))
    if faults_found:
        raise all_at_once(faults_found, "these schemes")
    return tuple(done)


def _who(patches: Iterable[tuple[str, Patch]]) -> str:
    return ", ".join(dict.fromkeys(scheme for scheme, _ in patches))


def _result(before: Value, quantity: Quantity, patches: Sequence[Patch]) -> Value:
    """Return the patched value, not yet checked against the domain."""
    value, factor, surplus = before, 1.0, 0.0
    for patch in patches:
        if patch.op == "set":
            value = patch.value
        elif (
            quantity.kind in (bool, str)
            or isinstance(patch.value, bool)
            or not isinstance(patch.value, int | float)
        ):
            raise ValueError(f"{patch.operation}: only a number is scaled or added to; use set")
        elif patch.op == "scale":
            if quantity.is_point(value):
                raise ValueError(f"{patch.operation}: {NO_FACTOR}")
            factor *= patch.value
        else:
            surplus += patch.value
    if all(patch.op == "set" for patch in patches):
        return value
    return quantity.whole(cast(float, quantity.admit(value, finite=False)) * factor + surplus)


def _by_path(schemes: Iterable[Scheme]) -> Mapping[str, list[tuple[str, Patch]]]:
    """Return the patches of each parameter, in scheme-id order and as each scheme lists them."""
    by_id: dict[str, Scheme] = {}
    given: object = schemes
    if isinstance(given, str) or not gives_each(given):
        raise TypeError(f"schemes: expected some in a list, came {told(given)}")
    for scheme in schemes:
        if not isinstance(cast(object, scheme), Scheme):
            raise TypeError(
                f"schemes: expected a Scheme, came {told(scheme)}; a catalogue has them by id"
            )
        if by_id.setdefault(scheme.id, scheme) != scheme:
            raise ValueError(f"two different schemes are called {scheme.id!r}")
    found: dict[str, list[tuple[str, Patch]]] = {}
    for scheme in sorted(by_id.values(), key=lambda scheme: natural(scheme.id)):
        for patch in scheme.patches:
            found.setdefault(patch.path, []).append((scheme.id, patch))
    return found


WORDS = {"class": "cost_class"} | {
    key: key for key in ("title", "title_zh", "target", "lever", "reason", "evidence")
}
SCHEME_KEYS = (*WORDS, "illustrative", "patches")
PATCH_KEYS = ("path", *OPERATIONS, "note", "low", "high", "evidence", "fit")
COST_CLASSES = ("no-cost", "low-cost", "medium-cost", "high-cost", "management", "end-of-pipe")
EVIDENCE = ("source", "derived", "assumed", "ours")
NONE, ALL = "none", "all"
SEPARATORS = r"[,，、;+＋]"  # between the ids of a scheme set


def load_schemes(
    *sources: Source,
    tree_type: type | None = None,
    brief: bool = False,
) -> Mapping[str, Scheme]:
    """Return the schemes of TOML files (paths) or texts by id, ``F2`` before ``F10``.

    An id may appear in one of them only. With the root of the design, ``tree_type``, paths, kinds
    and domains of the patches are checked. A ``brief`` file may leave out all of a scheme but its
    class, its title and what it changes, and write numbers with their units. A ValueError tells
    all faults of all files.
    """
    documents, faults = read_documents(sources)
    schemes: dict[str, Scheme] = {}
    places: dict[str, str] = {}
    for document in documents:
        for name, raw in document.table.items():
            where = document.where(name)
            wrong: list[str] = []
            folded = name.casefold()
            if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name) or folded in (NONE, ALL):
                wrong.append(
                    "an id is a letter with letters and digits, like 'F1', not none or all"
                )
            if folded in places:
                wrong.append(f"described already in {places[folded]}")
            places.setdefault(folded, where)
            if isinstance(raw, Mapping):
                scheme = _scheme(name, raw, document, tree_type, wrong, brief=brief)
                if scheme is not None:
                    schemes[name] = scheme
            else:
                wrong.append(f"expected a table [{name}], came {spell(raw)}")
            faults += [
                ValueError(
                    fault if fault.startswith(document.name) else f"{where}: {name}: {fault}"
                )
                for fault in wrong
            ]
    if faults:
        raise all_at_once(faults, "the schemes")
    return Named(((name, schemes[name]) for name in sorted(schemes, key=natural)), "scheme")


def listed(text: str) -> list[str]:
    """Return the parts of a list as people type it; one that is missing is empty.

    >>> listed("F5, F7+F1")
    ['F5', 'F7', 'F1']
    """
    return [part.strip() for part in re.split(SEPARATORS, text)]


def parse_schemes(
    text: str | Iterable[str],
    catalogue: Mapping[str, Scheme],
    elsewhere: Callable[[str], str] = lambda scheme: "",
) -> tuple[str, ...]:
    """Return the ids of a scheme set in the order of the catalogue.

    A set is ``"none"``, ``"F1,F5"``, ``"F1-F4, F7"``, ``"F1+F7"``, ``"all"`` (all that are not
    illustrative), or an iterable of ids, empty for ``none``; capital or small letters, any order,
    duplicates allowed. ``elsewhere`` says of a scheme that the catalogue has not where it is, if
    anywhere.

    Raises
    ------
    LookupError
        Unknown scheme.
    ValueError
        Empty text, a range that is open or reversed, ``none`` together with others.
    """
    if (
        type(text) in (list, tuple)
        and {*map(type, text)} == {str}
        and catalogue.keys() >= (named := {*text})
    ):
        return tuple([name for name in catalogue if name in named])
    is_text = isinstance(text, str)
    if not gives_each(text) or isinstance(text, Mapping) or hasattr(text, "columns"):
        raise TypeError(f"expected schemes like 'F1, F5-F7', or a list of ids, came {told(text)}")
    pieces = listed(text) if isinstance(text, str) else list(text)
    for piece in pieces:
        if not isinstance(piece, str):
            shown = repr(piece) if isinstance(piece, int | float) else type(piece).__name__
            raise TypeError(f"expected scheme ids like 'F1', came {shown}")
    if is_text and not str(text).strip():
        raise ValueError("no schemes given: write 'none', 'all', or ids like 'F1, F5-F7'")
    chosen: set[str] = set()
    faults: list[Exception] = []
    for piece in pieces:
        if not piece.strip():
            faults.append(
                ValueError(f"schemes {told(text)}: one is missing before or after a comma or plus")
            )
            continue
        try:
            chosen.update(_piece(piece, catalogue, elsewhere))
        except (LookupError, ValueError) as fault:
            faults.append(fault)
    words = [normalize("NFKC", piece).strip().casefold() for piece in pieces]
    if NONE in words and set(words) != {NONE}:
        faults.append(ValueError(f"schemes {told(text)}: 'none' stands alone"))
    if faults:
        raise all_at_once(faults, f"the schemes {told(text)}")
    return tuple(name for name in catalogue if name in chosen)


def compact(ids: Iterable[str], known: Iterable[str]) -> str:
    """Return a scheme set as people write it.

    >>> compact(("F1", "F2", "F3", "F7"), [f"F{n}" for n in range(1, 13)])
    'F1-F3, F7'
    """
    chosen = set(ids)
    runs: list[list[str]] = []
    last = ""
    for name in sorted(known, key=natural):
        if name in chosen:
            follows = last in chosen and last.rstrip("0123456789") == name.rstrip("0123456789")
            if follows:
                runs[-1].append(name)
            else:
                runs.append([name])
        last = name
    parts = [f"{r[0]}-{r[-1]}" if len(r) > 2 else ", ".join(r) for r in runs]
    return ", ".join(parts) or "none"


def _piece(
    piece: str, catalogue: Mapping[str, Scheme], elsewhere: Callable[[str], str]
) -> Iterable[str]:
    """Return the ids of one part between commas."""
    word = normalize("NFKC", piece).strip()  # from a Chinese keyboard, letters may be full-width
    if word.casefold() == NONE:
        return ()
    if word.casefold() == ALL:
        return [name for name, scheme in catalogue.items() if not scheme.illustrative]
    ends = [end.strip() for end in re.split(r"[-–—~]", word)]
    if len(ends) == 1:
        return [_known(word, catalogue, elsewhere)]
    if len(ends) != 2 or not all(ends):
        raise ValueError(f"range {told(word)} is open: write both ends, like 'F1-F4'")
    first, last = (_known(end, catalogue, elsewhere) for end in ends)
    if _letters(first) != _letters(last):
        raise ValueError(f"range {told(word)}: both ends need the same letter")
    if natural(first) > natural(last):
        raise ValueError(f"range {told(word)} is reversed: write '{last}-{first}'")
    return [
        name
        for name in catalogue
        if _letters(name) == _letters(first) and natural(first) <= natural(name) <= natural(last)
    ]


def _letters(scheme_id: str) -> str:
    return scheme_id.rstrip("0123456789").casefold()


def _known(word: str, catalogue: Mapping[str, Scheme], elsewhere: Callable[[str], str]) -> str:
    for name in catalogue:
        if name.casefold() == word.casefold():
            return name
    if where := elsewhere(word):
        raise LookupError(f"no scheme {told(word)} here: {where}")
    near = did_you_mean(word, catalogue, list_up_to=0)
    hint = f"{near or ';'} known: {', '.join(catalogue)}" if catalogue else "; there is none"
    parts = re.split(r"[\s&]+", word)
    if len(parts) > 1 and all(p.casefold() in {n.casefold() for n in catalogue} for p in parts):
        hint = f"; write commas: '{', '.join(parts)}'"
    raise LookupError(f"no scheme {told(word)}{hint}")


def _completed(raw: Mapping[str, Any], tree: type | None) -> Mapping[str, Any]:
    """Return the table of a scheme with what a brief file leaves out."""
    table = dict(raw)
    # what stands for what is left out is no second fault where the title is none
    title = table.get("title") if isinstance(table.get("title"), str) else "no title"
    table.setdefault("lever", table.get("reason", title))
    for key in ("title_zh", "reason"):
        table.setdefault(key, title)
    table.setdefault("evidence", "assumed")
    patches = table.get("patches")
    heads: dict[str, None] = {}
    if isinstance(patches, list) and all(isinstance(each, Mapping) for each in patches):
        table["patches"] = [_in_its_unit({"note": title, **each}, tree) for each in patches]
        paths = [each.get("path") for each in patches]
        heads = dict.fromkeys(p.partition(".")[0] for p in paths if isinstance(p, str))
    table.setdefault("target", ", ".join(heads) or "site")
    return table


def _in_its_unit(patch: dict[str, Any], tree: type | None) -> dict[str, Any]:
    """Return the table of a patch whose numbers with a unit are in that of the parameter."""
    path = patch.get("path")
    if tree is None or not isinstance(path, str) or not {"set", "add"} & patch.keys():
        return patch
    try:
        quantity = declared(tree, path)
    except LookupError:
        return patch
    if quantity.kind not in (float, int):
        return patch
    read = _difference if "add" in patch else parse_quantity
    for key in {"set", "add", "low", "high"} & patch.keys():
        if isinstance(patch[key], str):
            with suppress(ValueError):  # as it stands it is told with what was expected
                patch[key] = read(patch[key], quantity)
    return patch


def _difference(text: str, quantity: Quantity) -> Value:
    """Return what is added to a parameter; a degree more is a kelvin more."""
    degrees = quantity.unit == "K" and re.fullmatch(r"(.*\d)\s*(?:degC|°C|℃)", text.strip())
    return parse_quantity(degrees[1] if degrees else text, Quantity(quantity.unit, "added"))


def _scheme(
    name: str,
    written: Mapping[str, Any],
    document: Document,
    tree: type | None,
    wrong: list[str],
    *,
    brief: bool,
) -> Scheme | None:
    """Return the scheme of a table; what is wrong with it goes into ``wrong``."""
    raw = _completed(written, tree) if brief else written
    faults = [
        f"no key {key!r} in a scheme{did_you_mean(key, SCHEME_KEYS)}"
        for key in raw
        if key not in SCHEME_KEYS
    ]
    for key in WORDS:
        if not isinstance(raw.get(key), str) or not raw[key].strip():
            came = spell(raw[key]) if key in raw else "nothing"
            faults.append(f"{key}: expected a text, came {came}")
    cost_class = raw.get("class")
    if isinstance(cost_class, str) and cost_class not in COST_CLASSES:
        faults.append(f"class {cost_class!r}: expected one of {', '.join(COST_CLASSES)}")
    faults += _evidence_faults(raw.get("evidence"))
    if tree is not None and isinstance(written.get("target"), str):
        for target in re.split(r"\s*,\s*|\s+and\s+", written["target"].strip()):
            try:
                locate(tree, target)
            except LookupError as fault:
                faults.append(f"target: {fault}")
    illustrative = raw.get("illustrative", False)
    if not isinstance(illustrative, bool):
        faults.append(f"illustrative: expected true or false, came {spell(illustrative)}")
    faults = [
        f"{document.where(name, key=key)}: {name}: {fault}"
        if (key := _key_of(fault, raw))
        else fault
        for fault in faults
    ]
    patches, of_patches = _patches(name, raw, document, tree)
    faults += of_patches
    wrong += faults
    if faults:
        return None
    words = {attribute: raw[key] for key, attribute in WORDS.items()}
    return Scheme(id=name, **words, patches=patches, illustrative=illustrative)


def _patches(
    name: str, raw: Mapping[str, Any], document: Document, tree: type | None
) -> tuple[tuple[Patch, ...], list[str]]:
    """Return the patches of a scheme's table, and what is wrong with them."""
    listed = raw.get("patches")
    if not isinstance(listed, list) or not listed or not all(isinstance(p, dict) for p in listed):
        return (), [f"no patches: write at least one [[{name}.patches]]"]
    patches, faults = list[Patch](), list[str]()
    for number, table in enumerate(listed, 1):
        patch, found = _patch(table, raw.get("evidence"), tree)
        place = (f"{name}.patches", number, str(table.get("path", "")))
        label = table.get("path") or f"patch {number}"
        faults += [
            f"{document.where(*place, _key_of(fault, table))}: {name}: {label}: {fault}"
            for fault in found
        ]
        if patch is not None:
            patches.append(patch)
    often = Counter(patch.path for patch in patches if patch.op == "set")
    faults += [f"{path} is set more than once" for path, n in sorted(often.items()) if n > 1]
    return tuple(patches), faults


def _key_of(fault: str, raw: Mapping[str, Any]) -> str:
    """Return the key of the value in a table that a message is about; empty if about no one."""
    begins = {key: [f"{key}:", f"{key} ", f"no key {key!r}"] for key in raw}
    if "path" in raw:
        begins["path"] += ["no parameter ", f"{raw['path']!r} "]
    return next((key for key, words in begins.items() if fault.startswith(tuple(words))), "")


def _patch(
    raw: Mapping[str, Any], evidence: Any, tree: type | None
) -> tuple[Patch | None, list[str]]:
    """Return the patch of a table, and what is wrong with it."""
    faults = [
        f"no key {key!r} in a patch{did_you_mean(key, PATCH_KEYS)}"
        for key in raw
        if key not in PATCH_KEYS
    ]
    path, note = raw.get("path"), raw.get("note")
    if not isinstance(path, str) or not path:
        faults.append("no path: name the parameter, like 'unit.parameter'")
    if not isinstance(raw.get("note", ""), str):
        faults.append(f"note: expected a text, came {spell(note)}")
    elif not note or not str(note).strip():
        faults.append("no note: say why")
    if not isinstance(raw.get("evidence", ""), str):
        faults.append(f"evidence: expected a text, came {spell(raw['evidence'])}")
    elif "evidence" in raw:
        faults += _evidence_faults(raw["evidence"])
    given = [op for op in OPERATIONS if op in raw]
    if len(given) != 1:
        faults.append(f"expected one of set, scale, add; came {' and '.join(given) or 'none'}")
        return None, faults
    op = given[0]
    values = {key: raw[key] for key in (op, "low", "high") if key in raw}
    before = len(faults)
    for key, value in values.items():
        try:
            values[key] = _checked(value, op, path, tree, is_range=key != op)
        except (LookupError, ValueError) as fault:
            faults.append(f"{key}: {fault}" if isinstance(fault, ValueError) else str(fault))
            break
    if ("low" in raw) != ("high" in raw):
        faults.append("a range needs both low and high")
    elif "low" in raw and isinstance(raw[op], bool | str) and len(faults) == before:
        faults.append("only a number has a range")
    faults += fit_faults(raw)
    if raw.get("fit") is True and not isinstance(values[op], float):
        faults.append("fit: only a real number can be fitted")
    if "low" in raw and not faults and not values["low"] <= values[op] <= values["high"]:
        faults.append(f"{op} {values[op]} is not within low {raw['low']} to high {raw['high']}")
    if faults:
        return None, faults
    on_word = raw.get("evidence", evidence)
    low, high = values.get("low"), values.get("high")
    fit = raw.get("fit", False)
    return Patch(str(path), op, values[op], str(note), low, high, on_word, fit), []


def _checked(value: Any, op: Operation, path: Any, tree: type | None, *, is_range: bool) -> Value:
    """Return a patch's number or word in the kind of its parameter."""
    quantity = declared(tree, path) if tree is not None and isinstance(path, str) else None
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if isinstance(value, str) and quantity is not None and quantity.kind in (float, int):
        # what is wrong with it as a number says more than that it is none
        parse_quantity(value, Quantity(quantity.unit, quantity.meaning))
    if (op != "set" or is_range) and not is_number:
        of = quantity.suffix if quantity is not None and op != "scale" else ""
        raise ValueError(f"expected a number{of and f' in{of}'}, came {spell(value)}")
    if is_number and not math.isfinite(value):
        raise ValueError(f"expected a finite number, came {value}")
    if not isinstance(value, int | float | str):
        raise ValueError(f"expected a number, a word or true or false, came {spell(value)}")
    if quantity is None:
        return float(value) if op == "scale" else value
    if op == "set":
        return quantity.admit(value)
    if quantity.kind in (bool, str):
        raise ValueError(f"only a number can be changed by {op}; use set ({quantity.domain})")
    if op == "add" and quantity.kind is int:
        if value != int(value):
            raise ValueError(f"expected a whole number, came {spell(value)}")
        return int(value)
    return float(value)


def _evidence_faults(evidence: Any) -> list[str]:
    if not isinstance(evidence, str) or evidence in EVIDENCE or is_own_word(evidence):
        return []  # another kind is said already as a missing text
    return [f"evidence {evidence!r}: expected one of {', '.join(EVIDENCE)}"]
