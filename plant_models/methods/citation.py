"""How to cite a run: a sentence, and BibTeX of the sources of exactly what it used.

A number that somebody has set stands on his word, and one that a scheme sets on the scheme's: their
sources are not cited. What was assumed, recalled or calibrated has no source, and is counted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from plant_models.model import Variant
from sim.errors import need_kind, need_names, need_text
from sim.model.facts import is_own_word
from sim.model.schemes import changes
from sim.model.tree import design_hash, get

PROGRAM = "cleanerline"
TITLE = (
    "cleanerline: discrete-event simulation of a chlorobenzene line before and after cleaner "
    "production"
)


def installed_version(distribution: str) -> str:
    """Return the version of an installed distribution."""
    need_text("installed_version", distribution=distribution)
    return _installed(distribution)


@cache
def _installed(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "not installed"


@dataclass(frozen=True)
class Used:
    """Whose words a design stands on."""

    keys: tuple[str, ...]  #: Of sources, in the order of their names
    words: Mapping[str, int]  #: How many numbers have none, by word: ``assumed``, ``recalled``, ...
    described: Mapping[str, Mapping[str, Any]]  #: The sources, by key

    @property
    def titles(self) -> dict[str, str]:
        """Titles of the sources, by key."""
        return {key: str(self.described[key].get("title", key)) for key in self.keys}


def used(variant: Variant[Any], others: Iterable[str] = ()) -> Used:
    """Return whose words a design with its schemes stands on.

    ``others``: sources, or words, of numbers that are no parameters: properties, weather.
    """
    need_kind("used", Variant, variant=variant)
    (words_beside,) = need_names("used", others=others)
    base = variant.base
    facts = base.facts or variant.plant.baseline().facts
    described = base.sources or variant.plant.baseline().sources
    found: Counter[str] = Counter(words_beside)
    patched = changes(base.tree, variant.picked)
    replaced = {one.path for one in patched if any(p.op == "set" for _, p in one.patches)}
    for path, fact in facts.items():
        if path in replaced or get(base.tree, path) != fact.value:
            continue
        found[fact.source] += 1
        if fact.prior is not None and not is_own_word(fact.prior.source):
            found[fact.prior.source] += 1
    for one in patched:
        for scheme, patch in one.patches:
            word = patch.evidence or variant.known[scheme].evidence
            found[variant.plant.printed_source if word == "source" else word] += 1
    keys = tuple(sorted(key for key in found if described.get(key)))
    words = {word: n for word, n in sorted(found.items()) if word and not described.get(word)}
    return Used(keys, words, described)


@dataclass(frozen=True)
class Citation:
    """What to write where a run is used."""

    sentence: str
    bibtex: str
    keys: tuple[str, ...]  #: Of the entries, the program's own first

    def __str__(self) -> str:
        return f"{self.sentence}\n\n{self.bibtex}"


def citation(variant: Variant[Any], what: str, others: Iterable[str] = ()) -> Citation:
    """Return how to cite a run of a design.

    ``what``: the run in words, as in ``1 year, seed 1``; ``others`` as of `used`.
    """
    need_kind("citation", Variant, variant=variant)
    need_text("citation", what=what)
    of, number = used(variant, others), installed_version(PROGRAM)
    own = f"{PROGRAM}-{number}"
    without = ", ".join(f"{n} {word.replace('_', ' ')}" for word, n in of.words.items())
    sources = ", ".join(f"[{key}]" for key in of.keys) or "no source"
    sentence = (
        f"Simulated with cleanerline {number} [{own}]: the {variant.plant.name}, {variant.name}, "
        f"{what}, design {design_hash(variant.tree)}; data of {sources}"
        + (f"; numbers without a source: {without}." if without else ".")
    )
    entries = [_program(own, number), *(_entry(key, of.described[key]) for key in of.keys)]
    return Citation(sentence, "\n\n".join(entries), (own, *of.keys))


def _program(key: str, number: str) -> str:
    fields = [("author", "{The cleanerline authors}"), ("title", TITLE), ("version", number)]
    return _bibtex("software", key, fields)


def _entry(key: str, of: Mapping[str, Any]) -> str:
    fields = [
        ("author", str(of.get("author", ""))),
        ("title", str(of.get("title", key))),
        ("year", str(of.get("year", ""))),
        ("howpublished", str(of.get("where", ""))),
        ("note", f"used: {of['taken']}" if of.get("taken") else ""),
    ]
    return _bibtex("misc", key, fields)


SPECIAL = re.compile(r"([&%$#_])")


def _escaped(text: str) -> str:
    return SPECIAL.sub(r"\\\1", text)


def _bibtex(kind: str, key: str, fields: Sequence[tuple[str, str]]) -> str:
    told = [f"  {name} = {{{_escaped(value)}}}," for name, value in fields if value]
    return "\n".join([f"@{kind}{{{key},", *told, "}"])
