"""The audit of the source: where its tables and its text agree, and where they do not.

``audit``: the ten checks together, each made in ``money``, ``programme``, ``goods`` or ``water``.
``finding``: what a check comes to. ``printed_source``: tables and text cell by cell, as exact
decimals. ``printed``: Tables 1-2 and 1-3 as numbers.
"""

from plant_models.chlorobenzene.paper.audit import Audit, audit
from plant_models.chlorobenzene.paper.finding import Condition, Finding
from plant_models.chlorobenzene.paper.printed_source import PrintedSource, Prose, printed_source

__all__ = [
    "Audit",
    "Condition",
    "Finding",
    "PrintedSource",
    "Prose",
    "audit",
    "printed_source",
]
