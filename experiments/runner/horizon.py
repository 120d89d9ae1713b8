"""How long, how often, and under which draws designs are run; and a year of one of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from experiments.bounds import LARGEST_SEED, MOST_REPLICATIONS, YEARS
from experiments.runner.faults import at_work, run_of
from plant_models.arguments import count, number
from plant_models.calendar import MONTHS, day_of, hour_of_day
from sim.errors import all_at_once

if TYPE_CHECKING:
    from plant_models.model import Variant

AT_REST = {
    "years": "a steady state is one year",
    "seed": "a steady state draws nothing",
    "replications": "a steady state has nothing to repeat",
    "start": "a steady state has no first day",
}
"""Why constant conditions take no horizon."""


@dataclass(frozen=True)
class Horizon:
    """How long, how often, and under which draws designs are run.

    Raises TypeError or ValueError: something of another kind, or out of bounds; names it.

    Examples
    --------
    >>> Horizon(start="7-1")
    Horizon(years=1.0, seed=1, replications=1, start='07-01')
    """

    years: float = 1.0  #: Length of a run, in years of 8,760 h
    seed: int = 1  #: Of all random numbers; designs meet the same draws in a replication
    replications: int = 1  #: Independent runs of each design
    start: str = "01-01"  #: First day, ``"07-01"``; the year does not matter

    def __post_init__(self) -> None:
        number("years", self.years, *YEARS)
        count("seed", self.seed, 0, LARGEST_SEED)
        count("replications", self.replications, 1, MOST_REPLICATIONS)
        month, day = day_of(self.start)
        object.__setattr__(self, "years", float(self.years))
        object.__setattr__(self, "start", f"{month:02}-{day:02}")

    @property
    def start_hour(self) -> float:
        """Hour of the year at which a run begins, h."""
        return hour_of_day(*day_of(self.start))

    @property
    def first_day(self) -> str:
        """First day in words, ``1 Jan``."""
        month, day = day_of(self.start)
        return f"{day} {MONTHS[month - 1]}"

    def run(self, replication: int = 0) -> dict[str, Any]:
        """Return which of the runs one is, as `PlantModel.simulate` is told."""
        return {
            "years": self.years,
            "seed": self.seed,
            "replication": replication,
            "start_hour": self.start_hour,
        }

    def refuse_at_rest(
        self, asked_by: str = "clock='events', --clock events", but: Collection[str] = ()
    ) -> None:
        """Raise ValueError if anything is asked for that says nothing at constant conditions.

        ``asked_by``: how runs with events are asked for instead; ``but``: what is of use all the
        same.
        """
        hint = f"runs with events are asked for by {asked_by}"
        faults = [
            ValueError(f"{name}: {why}, came {getattr(self, name)!r}; {hint}")
            for name, why in AT_REST.items()
            if name not in but and getattr(self, name) != getattr(Horizon, name)
        ]
        if faults:
            raise all_at_once(faults, "what is asked at constant conditions")


def outcome_of(of: Variant[Any], horizon: Horizon | None) -> Any:
    """Return the `Outcome` of a design's first run, or without a horizon of its steady state."""
    with at_work(run_of(of)):
        if horizon is None:
            return of.plant.steady_state(of)
        return of.plant.simulate(of, **horizon.run())
