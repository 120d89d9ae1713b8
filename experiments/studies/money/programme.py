"""A programme in money: the states it passes through, and the appraisal of its steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from experiments.runner.faults import at_work
from experiments.runner.horizon import Horizon
from plant_models.arguments import told
from plant_models.methods.appraisal import PAID, Appraisal, appraise, paid, together
from plant_models.methods.economics import TOTAL, Economy, PrintedStep, reached
from plant_models.methods.flow_costing import FlowCosts
from plant_models.model import PlantModel, Variant
from plant_models.outcome import Outcome
from sim.model.facts import Design


@dataclass(frozen=True)
class Programme:
    """A programme, step by step.

    Parameters
    ----------
    variant : Variant
        The design with all of its schemes in place.
    prices : Design
        Prices, interest rate, horizon.
    investments : Mapping[str, float]
        By scheme, instead of the known ones or where nobody says, in the currency.
    cuts : tuple of float
        Where the cost classes begin, in the currency.
    outcomes : tuple of Outcome
        Before the first step and after each.
    horizon : Horizon, optional
        Of runs with events; none at constant conditions.
    """

    variant: Variant[Any]
    prices: Design[Any]
    investments: Mapping[str, float]
    cuts: tuple[float, ...]
    outcomes: tuple[Outcome[Any], ...]
    horizon: Horizon | None = None

    @property
    def economy(self) -> Economy:
        """The economy of its plant."""
        return self.variant.plant.economy

    @cached_property
    def steps(self) -> tuple[Appraisal, ...]:
        """The appraisal of each step."""
        return appraise(
            self.economy,
            self.economy.steps(self.variant.schemes),
            [outcome.indicators for outcome in self.outcomes],
            self.prices.tree,
            investments=self.investments,
            cuts=self.cuts,
        )

    @cached_property
    def rows(self) -> tuple[Appraisal, ...]:
        """The steps, then the total, then the paid ones alone where that is something else."""
        costly = paid(self.steps)
        rows = [*self.steps, together(TOTAL, self.steps)]
        if costly and len(costly) < len(self.steps):
            rows.append(together(PAID, costly))
        return tuple(rows)

    @cached_property
    def printed(self) -> Mapping[str, PrintedStep]:
        """What a source prints of the rows."""
        return self.economy.printed_of(step.name for step in self.steps)

    @cached_property
    def costs(self) -> Mapping[str, FlowCosts]:
        """Where the input costs end, before and after the programme; none of a plant without."""
        follow = self.economy.flow_costs
        if follow is None:
            return {}
        ends = {"before": self.outcomes[0], "after": self.outcomes[-1]}
        return {when: follow(outcome, self.prices.tree) for when, outcome in ends.items()}


def programme_of(plant: PlantModel[Any, Any], schemes: Any, **on: Any) -> Variant[Any]:
    """Return a programme as a design with all of it in place; the plant's own where None is said.

    Raises
    ------
    ValueError
        A programme of no schemes.
    ConflictError, LookupError, TypeError
        No plant; or as of `PlantModel.variant`.
    """
    if not isinstance(plant, PlantModel):
        raise TypeError(f"plant must be a PlantModel, like chlorobenzene.PLANT, not {told(plant)}")
    found = plant.variant(plant.programme if schemes is None else schemes, **on)
    refuse_bare(found)
    return found


def refuse_bare(of: Variant[Any], where: str = "") -> None:
    """Raise ValueError for a design without schemes where the study is about schemes."""
    if not of.schemes:
        hint = "" if of.name == "none" else "; schemes are put on it by design="
        raise ValueError(f"schemes: expected a scheme or more{where}, came {of.name!r}{hint}")


def run_programme(
    of: Variant[Any],
    prices: Design[Any],
    investments: Mapping[str, float],
    cuts: tuple[float, ...] | None = None,
    horizon: Horizon | None = None,
) -> Programme:
    """Run a plant before a programme and after each of its steps; see `Programme`.

    Raises
    ------
    SimulationFault
        A run that cannot be finished.
    """
    economy = of.plant.economy
    states = map(of.having, reached(economy.steps(of.schemes).values()))
    outcomes = tuple(_run(each, horizon) for each in states)
    cuts = economy.cuts if cuts is None else cuts
    return Programme(of, prices, investments, cuts, outcomes, horizon)


def _run(variant: Variant[Any], horizon: Horizon | None) -> Outcome[Any]:
    with at_work(f"the {variant.plant.name} with {variant.name}"):
        found: Outcome[Any]
        if horizon is None:
            found = variant.plant.steady_state(variant)
        else:
            found = variant.plant.simulate(
                variant, years=horizon.years, seed=horizon.seed, start_hour=horizon.start_hour
            )
        return found
