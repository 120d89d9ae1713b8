"""On whose word every figure of the page stands: the parameters behind it, prices, sources."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from experiments.page import texts
from plant_models import chlorobenzene as cb
from plant_models.chlorobenzene.money.prices import Prices
from plant_models.why import OWN_WORDS, why
from sim.model.explain import Explained, Stated, card
from sim.model.facts import Design
from sim.model.parameters import Value, spell

SOURCE, INFERRED = "source", "inferred"


def basis_of(source: str) -> str:
    """Return on what a fact stands, in one word.

    >>> basis_of("plant-case"), basis_of("inferred_from_table_1_3"), basis_of("assumed")
    ('source', 'inferred', 'assumed')
    """
    if source.startswith("changed from"):
        return "assumed"
    if source.startswith("inferred_from_"):
        return INFERRED
    return source if source in OWN_WORDS else SOURCE


def rests_on(
    names: Iterable[str], design: Design[cb.Line], sets: Iterable[tuple[str, ...]]
) -> tuple[dict[str, list[str]], dict[str, dict[str, Any]]]:
    """Return the units behind every indicator, and the parameters of these units.

    ``names``: indicators. ``sets``: designs whose trails are followed; a scheme can add a way.
    """
    results = [cb.steady_state(ids, design=design) for ids in sets]
    units: dict[str, list[str]] = {}
    for name in names:
        trails = [why(result, name) for result in results]
        units[name] = list(dict.fromkeys(card.name for trail in trails for card in trail.cards))
    behind = dict.fromkeys(unit for found in units.values() for unit in found)
    rows = (row for unit in behind for row in cb.card(unit, design=design).rows)
    stated = (row for row in rows if isinstance(row, Stated) and row.fact is not None)
    return units, {row.path: stated_row(row) for row in stated}


def prices_stated(book: Design[Prices]) -> dict[str, dict[str, Any]]:
    """Return prices and terms with what they stand on."""
    return {row.path: stated_row(row) for row in card(book.tree, book.facts).rows}


def sources_of(
    stated: Iterable[Mapping[str, Any]], sources: Mapping[str, Mapping[str, Any]]
) -> dict[str, str]:
    """Return what the sources are that facts name, by key."""
    keys = sorted({each["source"] for each in stated if each["basis"] == SOURCE})
    return {key: citation(key, sources.get(key, {})) for key in keys}


def shown(value: Value) -> str:
    """Return a parameter's value as a reader sees it.

    >>> shown(0.12249999999), shown(1e5), shown(True), shown("series")
    ('0.1225', '100,000', 'true', 'series')
    """
    if isinstance(value, float):
        return f"{value:,.0f}" if 1e4 <= abs(value) < 1e9 else f"{value:.5g}"
    return value if isinstance(value, str) else spell(value)


def changed_row(
    row: Explained, meaning_zh: str, note_zh: str, basis: Callable[[str], str] = basis_of
) -> dict[str, Any]:
    """Return what a scheme changes, with its words in Chinese; ``basis`` as of `stated_row`."""
    return {
        "path": row.path,
        "meaning": {"en": row.meaning, "zh": meaning_zh},
        "unit": row.unit,
        "before": shown(row.before),
        "after": shown(row.after),
        "basis": basis(row.evidence),
        "note": {"en": row.note, "zh": note_zh},
    }


def stated_row(row: Stated, basis: Callable[[str], str] = basis_of) -> dict[str, Any]:
    """Return a parameter with what it stands on; ``basis`` tells it in one word."""
    fact = row.fact
    meaning = row.declared.meaning
    source = row.source if fact is None or fact.value != row.value else fact.source
    return {
        "value": shown(row.value),
        "amount": None if isinstance(row.value, bool | str) else row.value,
        "unit": row.declared.unit,
        "meaning": {"en": meaning, "zh": texts.parameters_zh().get(meaning, meaning)},
        "basis": basis(source),
        "source": source,
        "range": row.range,
        "note": fact.note if fact is not None else "",
    }


def citation(key: str, said: Mapping[str, Any]) -> str:
    """Return what a source is, or the word that it is named by."""
    told = [str(said[word]) for word in ("author", "title", "year", "where") if word in said]
    return ", ".join(told) or key
