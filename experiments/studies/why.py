"""Why a figure is what it is: what it adds up from, and on whose word those numbers stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from experiments.bounds import CLOCKS, STEADY
from experiments.output.answer import Answer, Table, paragraphs, plain
from experiments.output.provenance import provenance
from experiments.runner.horizon import Horizon, outcome_of
from experiments.studies import Known, Own, Plant, plant_of
from experiments.studies.run import heading
from plant_models.arguments import flag, word
from plant_models.chlorobenzene.model import PLANT
from plant_models.outcome import Outcome
from plant_models.why import Why, rows_of

ROWS = ("from", "equipment", "through", "amount", "share")
PARAMETERS = ("equipment", "parameter", "value", "unit", "source", "low", "high", "meaning", "note")


@dataclass(frozen=True, repr=False)
class Reasons(Answer):
    """What a figure of a design is made of, back to the sources."""

    outcome: Outcome[Any]
    trail: Why
    horizon: Horizon | None = None  #: Of a run with events; None at constant conditions
    brief: bool = False  #: Whether the report leaves parameters and sources out

    def report(self) -> str:
        """Return the rows that add up, then the parameters of their units, then the sources."""
        of = self.outcome.variant
        subject = f"Schemes {of.name}"
        ran = f"{subject}, constant conditions"
        if self.horizon is not None:
            ran = heading(subject, of, self.horizon)
        told = self.trail.summary() if self.brief else str(self.trail)
        return paragraphs([ran], [told])

    def tables(self) -> Mapping[str, Table]:
        """Return the rows that add up to the figure, the parameters, and the sources."""
        trail = self.trail
        rows = [
            (row.what, row.owner, ", ".join(row.before), row.amount, trail.share(row))
            for row in trail.rows
        ]
        parameters = [
            (card.name, row.path, row.value, row.declared.unit, row.source,
             row.fact and row.fact.low, row.fact and row.fact.high, row.meaning, row.note)
            for card in trail.cards
            for row in card.rows
        ]  # fmt: skip
        return {
            "rows": Table(ROWS, rows, {"amount": trail.unit, "share": "1"}),
            "parameters": Table(PARAMETERS, parameters),
            "sources": Table(("key", "what it is"), list(trail.sources.items())),
        }

    def as_json(self) -> dict[str, Any]:
        """Return everything; the share of a figure of 0 is null."""
        of, trail = self.outcome.variant, self.trail
        tables = {name: plain(table.records) for name, table in self.tables().items()}
        return {
            "indicator": trail.indicator,
            "unit": trail.unit,
            "value": plain(trail.value),
            **tables,
            "provenance": provenance("why", of, horizon=self.horizon, figure=trail.indicator),
        }


def why(
    figure: str,
    schemes: Any = "none",
    *,
    clock: str = STEADY,
    years: float = 1.0,
    seed: int = 1,
    start: str = "01-01",
    brief: bool = False,
    plant: Plant = PLANT,
    design: Own = None,
    known: Known = None,
) -> Reasons:
    """Tell what a figure adds up from, and on whose word the numbers behind it stand.

    Raises LookupError: no such figure, or a plant that does not say what it adds up from.

    Parameters
    ----------
    figure : str
        An indicator of the plant.
    schemes, plant, design, known
        See `run`.
    clock : str
        What yields the flows: ``steady`` or ``events``.
    years, seed, start
        Length, draws and first day of a run with events.
    brief : bool
        Whether the report leaves parameters and sources out.

    Examples
    --------
    >>> why("air.benzene_t").table()["from"][0]
    'emergency_scrubber.gas to air, normal'
    """
    plant = plant_of(plant)
    rows_of(plant, word("figure", figure, plant.units))
    horizon = Horizon(years, seed, 1, start)
    if at_rest := word("clock", clock, CLOCKS) == STEADY:
        horizon.refuse_at_rest()
    brief = flag("brief", brief)
    variant = plant.variant(schemes, design=design, known=known)
    run = None if at_rest else horizon
    outcome = outcome_of(variant, run)
    return Reasons(outcome, outcome.why(figure), run, brief)
