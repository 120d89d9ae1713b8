"""Schemes from TOML, and scheme sets as they are written: ``none``, ``F1,F5``, ``F1-F4``, ``all``.

A scheme is a table named by its id::

    [F1]
    class = "no-cost"
    title = "..."
    title_zh = "..."
    target = "off_gas_cooler"    # several: "a and b"
    lever = "what is changed on the equipment"
    reason = "why, and what should follow"
    evidence = "source"          # source, derived or assumed: on whose word
    illustrative = true          # optional: not part of all

    [[F1.patches]]
    path = "off_gas_cooler.arrangement"
    set = "series"               # or scale = 1.5, or add = 10.0
    note = "..."
    low = 1.2                    # optional range of a number
    high = 1.8
    evidence = "assumed"         # where it differs from the scheme's
    fit = true                   # calibration may move the number within its range
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

from sim.documents import Document, Source, read_documents
from sim.errors import all_at_once, did_you_mean
from sim.fact_check import fit_faults, is_own_word
from sim.parameters import Value, spell
from sim.patches import OPERATIONS, Operation, Patch, Scheme, natural
from sim.tree import declared, part_at

WORDS = {"class": "cost_class"} | {
    key: key for key in ("title", "title_zh", "target", "lever", "reason", "evidence")
}
SCHEME_KEYS = (*WORDS, "illustrative", "patches")
PATCH_KEYS = ("path", *OPERATIONS, "note", "low", "high", "evidence", "fit")
COST_CLASSES = ("no-cost", "low-cost", "medium-cost", "high-cost", "management", "end-of-pipe")
EVIDENCE = ("source", "derived", "assumed")
NONE, ALL = "none", "all"
SEPARATORS = r"[,，、;]"  # between the ids of a scheme set


def load_schemes(*sources: Source, tree_type: type | None = None) -> Mapping[str, Scheme]:
    """Return the schemes of TOML files (paths) or texts by id, ``F2`` before ``F10``.

    Parameters
    ----------
    *sources : path or str
        An id may appear in one of them only.
    tree_type : type, optional
        Root of the design; when given, paths, kinds and domains of the patches are checked.

    Raises
    ------
    ValueError
        With all faults of all files.
    """
    documents, faults = read_documents(sources)
    schemes: dict[str, Scheme] = {}
    places: dict[str, str] = {}
    for document in documents:
        for name, raw in document.table.items():
            where = document.where(name)
            wrong: list[str] = []
            if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name) or name.casefold() in (NONE, ALL):
                wrong.append(
                    "an id is a letter with letters and digits, like 'F1', not none or all"
                )
            if name.casefold() in places:
                wrong.append(f"described already in {places[name.casefold()]}")
            places.setdefault(name.casefold(), where)
            if isinstance(raw, Mapping):
                scheme = _scheme(name, raw, document, tree_type, wrong)
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
    return {name: schemes[name] for name in sorted(schemes, key=natural)}


def parse_schemes(text: str | Iterable[str], catalogue: Mapping[str, Scheme]) -> tuple[str, ...]:
    """Return the ids of a scheme set in the order of the catalogue.

    Parameters
    ----------
    text : str or iterable of str
        ``"none"``, ``"F1,F5"``, ``"F1-F4, F7"``, ``"all"`` (all that are not illustrative); capital
        or small letters, any order, duplicates allowed. An empty iterable is ``none``.
    catalogue : Mapping[str, Scheme]

    Raises
    ------
    LookupError
        Unknown scheme.
    ValueError
        Empty text, a range that is open or reversed, ``none`` together with others.
    """
    is_text = isinstance(text, str)
    if not is_text and not isinstance(text, Iterable):
        came = repr(text) if text is None or isinstance(text, int | float) else type(text).__name__
        raise TypeError(f"expected schemes like 'F1, F5-F7', or a list of ids, came {came}")
    pieces = re.split(SEPARATORS, text) if isinstance(text, str) else list(text)
    for piece in pieces:
        if not isinstance(piece, str):
            shown = repr(piece) if isinstance(piece, int | float) else type(piece).__name__
            raise TypeError(f"expected scheme ids like 'F1', came {shown}")
    if is_text and not str(text).strip():
        raise ValueError("no schemes given: write 'none', 'all', or ids like 'F1, F5-F7'")
    chosen: set[str] = set()
    faults: list[Exception] = []
    for piece in pieces:
        try:
            chosen.update(_piece(piece, catalogue))
        except (LookupError, ValueError) as fault:
            faults.append(fault)
    words = [piece.strip().casefold() for piece in pieces]
    if NONE in words and set(words) != {NONE}:
        faults.append(ValueError(f"schemes {text!r}: 'none' stands alone"))
    if faults:
        raise all_at_once(faults, f"the schemes {text!r}")
    return tuple(name for name in catalogue if name in chosen)


def _piece(piece: str, catalogue: Mapping[str, Scheme]) -> Iterable[str]:
    """Return the ids of one part between commas."""
    word = piece.strip()
    if not word:
        raise ValueError("a scheme is missing before or after a comma")
    if word.casefold() == NONE:
        return ()
    if word.casefold() == ALL:
        return [name for name, scheme in catalogue.items() if not scheme.illustrative]
    ends = [end.strip() for end in re.split(r"[-–—~]", word)]
    if len(ends) == 1:
        return [_known(word, catalogue)]
    if len(ends) != 2 or not all(ends):
        raise ValueError(f"range {word!r} is open: write both ends, like 'F1-F4'")
    first, last = (_known(end, catalogue) for end in ends)
    if _letters(first) != _letters(last):
        raise ValueError(f"range {word!r}: both ends need the same letter")
    if natural(first) > natural(last):
        raise ValueError(f"range {word!r} is reversed: write '{last}-{first}'")
    return [
        name
        for name in catalogue
        if _letters(name) == _letters(first) and natural(first) <= natural(name) <= natural(last)
    ]


def _letters(scheme_id: str) -> str:
    return scheme_id.rstrip("0123456789").casefold()


def _known(word: str, catalogue: Mapping[str, Scheme]) -> str:
    for name in catalogue:
        if name.casefold() == word.casefold():
            return name
    near = did_you_mean(word, catalogue, list_up_to=0)
    hint = f"{near or ';'} known: {', '.join(catalogue)}"
    parts = re.split(r"[\s+&]+", word)
    if len(parts) > 1 and all(p.casefold() in {n.casefold() for n in catalogue} for p in parts):
        hint = f"; write commas: '{', '.join(parts)}'"
    raise LookupError(f"no scheme {word!r}{hint}")


def _scheme(
    name: str, raw: Mapping[str, Any], document: Document, tree: type | None, wrong: list[str]
) -> Scheme | None:
    """Return the scheme of a table; what is wrong with it goes into ``wrong``."""
    faults = [
        f"no key {key!r} in a scheme{did_you_mean(key, SCHEME_KEYS)}"
        for key in raw
        if key not in SCHEME_KEYS
    ]
    for key in WORDS:
        if not isinstance(raw.get(key), str) or not raw[key].strip():
            came = spell(raw[key]) if key in raw else "nothing"
            faults.append(f"{key}: expected a text, came {came}")
    cost_class, evidence = raw.get("class"), raw.get("evidence")
    if isinstance(cost_class, str) and cost_class not in COST_CLASSES:
        faults.append(f"class {cost_class!r}: expected one of {', '.join(COST_CLASSES)}")
    faults += _evidence_faults(evidence)
    if tree is not None and isinstance(raw.get("target"), str):
        for target in re.split(r"\s*,\s*|\s+and\s+", raw["target"].strip()):
            try:
                part_at(tree, target)
            except LookupError as fault:
                faults.append(f"target: {fault}")
    illustrative = raw.get("illustrative", False)
    if not isinstance(illustrative, bool):
        faults.append(f"illustrative: expected true or false, came {spell(illustrative)}")
    listed = raw.get("patches")
    patches: list[Patch] = []
    if not isinstance(listed, list) or not listed or not all(isinstance(p, dict) for p in listed):
        faults.append(f"no patches: write at least one [[{name}.patches]]")
    else:
        for number, table in enumerate(listed, 1):
            patch, found = _patch(table, evidence, tree)
            where = document.where(f"{name}.patches", number)
            label = table.get("path") or f"patch {number}"
            faults += [f"{where}: {name}: {label}: {fault}" for fault in found]
            if patch is not None:
                patches.append(patch)
        twice = {
            p.path
            for p in patches
            if sum(q.path == p.path and q.op == "set" == p.op for q in patches) > 1
        }
        faults += [f"{path} is set more than once" for path in sorted(twice)]
    wrong += faults
    if faults:
        return None
    words = {attribute: raw[key] for key, attribute in WORDS.items()}
    return Scheme(id=name, **words, patches=tuple(patches), illustrative=illustrative)


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
    if not isinstance(note, str) or not note.strip():
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
    for key, value in values.items():
        try:
            values[key] = _checked(value, op, path, tree, is_range=key != op)
        except (LookupError, ValueError) as fault:
            faults.append(f"{key}: {fault}" if isinstance(fault, ValueError) else str(fault))
            break
    if ("low" in raw) != ("high" in raw):
        faults.append("a range needs both low and high")
    elif "low" in raw and isinstance(raw[op], bool | str):
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
    if (op != "set" or is_range) and not is_number:
        raise ValueError(f"expected a number, came {spell(value)}")
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
    if isinstance(evidence, str) and (evidence in EVIDENCE or is_own_word(evidence)):
        return []
    if not isinstance(evidence, str):
        return []  # said already as a missing text
    return [f"evidence {evidence!r}: expected one of {', '.join(EVIDENCE)}"]
