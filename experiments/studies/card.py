"""The numbers of a plant: what each is, on whose word, and what it may be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from textwrap import shorten
from typing import Any

from experiments.output.answer import Answer, Table, plain
from experiments.output.provenance import provenance
from experiments.studies import Own, Plant, plant_of
from plant_models.arguments import flag
from plant_models.chlorobenzene.model import PLANT
from plant_models.model import Variant
from sim.errors import told
from sim.model.explain import PARAMETERS, Card
from sim.tables import WIDTH, columns, in_words, text_table

COLUMNS = ("card", *PARAMETERS, "meaning", "note")
SHORTEST = 20  # of a meaning in brief


@dataclass(frozen=True, repr=False)
class Cards(Answer):
    """Cards of a plant."""

    variant: Variant[Any]  #: The design whose numbers they are
    cards: tuple[Card[Any], ...]
    brief: bool = False  #: Whether the report has a line for each number

    def report(self) -> str:
        """Return the cards, or a line for each number."""
        return "\n\n".join(map(_brief if self.brief else str, self.cards))

    def tables(self) -> Mapping[str, Table]:
        """Return all numbers; those of data files have no domain."""
        rows = []
        for card in self.cards:
            for row in card.rows:
                cells = dict(zip(card.header, row.cells, strict=True))
                value = row.value if isinstance(row.value, int | float) else cells["value"]
                named = {**cells, "card": card.name, "parameter": row.path, "value": value,
                         "meaning": row.meaning, "note": row.note}  # fmt: skip
                rows.append([named.get(column, "") for column in COLUMNS])
        return {"card": Table(COLUMNS, rows)}

    def as_json(self) -> dict[str, Any]:
        """Return all numbers."""
        return {
            "numbers": plain(self.tables()["card"].records),
            "provenance": provenance("card", self.variant),
        }


def card(
    name: str | None = None,
    *,
    search: str | None = None,
    brief: bool = False,
    plant: Plant = PLANT,
    design: Own = None,
) -> Cards:
    """Return the numbers of a unit, of a data file, or all: source, domain and range.

    Raises TypeError or LookupError: no such name, or nothing that fits; tells what comes near.

    Parameters
    ----------
    name : str, optional
        A unit or a parameter of the plant, or a data file.
    search : str, optional
        Only what has this text in its name or its meaning.
    brief : bool
        Whether the report has a line for each number.
    plant, design
        See `run`.
    """
    plant = plant_of(plant)
    brief = flag("brief", brief)
    cards = tuple(plant.cards(design) if name is None else [plant.card(name, design=design)])
    if search is not None:
        cards = _found(search, cards)
    return Cards(plant.variant("none", design=design), cards, brief)


def _found(text: object, cards: tuple[Card[Any], ...]) -> tuple[Card[Any], ...]:
    """Return what has a text in its name or its meaning; of numbers without one, in their note."""
    if not isinstance(text, str) or not text.strip():
        raise TypeError(f"search: expected a text, like 'reflux', came {told(text)}")
    wanted = text.strip().casefold()
    kept = [
        replace(
            card,
            rows=tuple(
                row
                for row in card.rows
                if wanted in f"{row.path}\n{row.meaning or row.note}".casefold()
            ),
        )
        for card in cards
    ]
    found = tuple(card for card in kept if card.rows)
    if not found:
        raise LookupError(f"search: nothing has {told(text)} in its name or its meaning")
    return found


def _brief(card: Card[Any]) -> str:
    """Return a line for each number: name, value, unit, and what it is."""
    cells = [row.cells[:3] for row in card.rows]
    head, *lines = text_table((card.name, "value", "unit"), cells, left=None)
    width = max(map(columns, (head, *lines)))
    room = max(WIDTH - width - 2, SHORTEST)
    shown = (
        f"{line}{' ' * (width - columns(line))}  {_shortly(row.meaning or row.note, room)}".rstrip()
        for line, row in zip(lines, card.rows, strict=True)
    )
    return "\n".join([head, *shown])


def _shortly(text: str, room: int) -> str:
    """Return what fits into so many columns; what is told in Chinese is short as it is."""
    said = in_words(text)
    return said if said != text else shorten(text, room, placeholder=" ...")
