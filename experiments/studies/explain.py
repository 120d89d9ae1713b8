"""What a set of schemes changes, before anything runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from experiments.output.answer import Answer, Table, plain
from experiments.output.provenance import provenance
from experiments.studies import Known, Own, Plant, plant_of
from plant_models.chlorobenzene.model import PLANT
from plant_models.model import Variant
from sim.model import explain as explanations

COLUMNS = ("parameter", "before", "after", "unit", "by", "operation", "evidence", "meaning",
           "note", "source_before")  # fmt: skip


@dataclass(frozen=True, repr=False)
class Explained(Answer):
    """What schemes change, parameter by parameter."""

    variant: Variant[Any]
    explanation: explanations.Explanation

    def report(self) -> str:
        """Return the schemes and what each changes, on whose word."""
        return str(self.explanation)

    def tables(self) -> Mapping[str, Table]:
        """Return the parameters that change."""
        rows = [
            (row.path, row.before, row.after, row.unit, ", ".join(row.schemes), row.operation,
             row.evidence, row.meaning, row.note, row.source)
            for row in self.explanation.rows
        ]  # fmt: skip
        return {"changes": Table(COLUMNS, rows)}

    def as_json(self) -> dict[str, Any]:
        """Return the schemes and the changes."""
        names = ("id", "title", "cost_class", "evidence", "lever")
        return {
            "schemes": [
                {name: plain(getattr(scheme, name)) for name in names}
                for scheme in self.explanation.schemes
            ],
            "changes": plain(self.tables()["changes"].records),
            "provenance": provenance("explain", self.variant),
        }


def explain(
    schemes: Any = "none",
    *,
    plant: Plant = PLANT,
    design: Own = None,
    known: Known = None,
) -> Explained:
    """Return what a set of schemes changes: before, after, who, on whose word.

    ``schemes``, ``plant``, ``design``, ``known``: see `run`.
    """
    plant = plant_of(plant)
    of = plant.variant(schemes, design=design, known=known)
    return Explained(of, explanations.explain(of.base.tree, of.base.facts, of.picked))
