"""Words in more than one language: a TOML file of texts for each, beside what says them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from plant_models.arguments import word
from sim.tables import words as spelled

LANGUAGES = ("en", "zh")
"""English, and Chinese of the mainland."""

SPOKEN: ContextVar[str] = ContextVar("language", default=LANGUAGES[0])
"""In which of them whoever waits is told what stands beside an answer."""


@dataclass(frozen=True)
class Words:
    """What a package says in one language."""

    language: str
    table: Mapping[str, Mapping[str, str]]
    """Texts by kind and key; those of the kind ``says`` may have fields in braces."""

    def __call__(self, key: str, **given: Any) -> str:
        """Return a text with its fields filled in."""
        return self.table["says"][key].format(**given)

    def name(self, kind: str, key: str) -> str:
        """Return what a thing is called; its own name in words where nothing is said."""
        return self.table.get(kind, {}).get(key) or spelled(key)


def words_of(package: str, language: str) -> Words:
    """Return the words of a package: its ``texts/en.toml`` or ``texts/zh.toml``.

    Raises LookupError: no such language; tells which there are.
    """
    return _words_of(package, word("lang", language, LANGUAGES))


@cache
def _words_of(package: str, language: str) -> Words:
    text = (files(package) / "texts" / f"{language}.toml").read_text(encoding="utf-8")
    return Words(language, tomllib.loads(text))
