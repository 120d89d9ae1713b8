"""Worksheets to carry round a plant: readings, history, and the lists of what there is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from plant_models.folder.reading import load
from plant_models.folder.survey import Survey

READINGS = ("at", "component", "reading", "unit", "error", "note")
HISTORY = ("unit", "from", "until", "what", "note")
Worksheet = tuple[Sequence[str], Sequence[Sequence[Any]]]


def worksheets(name: str) -> Mapping[str, Worksheet]:
    """Return what is to be filled in for a plant: columns and rows of every sheet."""
    survey = Survey(load(name))
    places = [row[1] if "." in row[1] else row[0] for row in survey.pipes]
    return {
        "readings": (READINGS, [[place, "", "", "t/h", "", ""] for place in dict.fromkeys(places)]),
        "history": (HISTORY, [[row[0], "", "", "failure", ""] for row in survey.units]),
        "units": (("unit", "kind", "train", "capacity kg/h", "inlets", "outlets"), survey.units),
        "tanks": (("tank", "capacity kg", "at the start kg", "when full"), survey.tanks),
        "pipes": (("from", "to"), survey.pipes),
    }
