"""The audit of the source: where its tables and its text agree, and where they do not."""

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
