"""A programme that pays for itself, from the source's arithmetic to the running plant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from plant_models.chlorobenzene.money.appraisal import programme_of
from plant_models.chlorobenzene.money.economics import margin, state_of, upkeep

from experiments.door.faults import at_work
from experiments.door.inputs import Case
from experiments.runner.studies import compact
from experiments.runner.workers import spread
from plant_models.chlorobenzene.money.installation import Plan, arithmetic, measures
from plant_models.chlorobenzene.money.prices import Prices
from plant_models.chlorobenzene.money.rebuilding import Reference, Setting, roll_out_running
from plant_models.chlorobenzene.paper.printed import TOTAL, table_1_2
from plant_models.methods.rollout import (
    MONTH,
    YEAR,
    Measure,
    Rollout,
    Terms,
    Worth,
    added,
    best_order,
    by_payback,
    hard_first,
    roll_out,
)
from sim.statistics.intervals import Interval, interval

SOUND = ("failures",)
"""What is left out of the run that tells breakdowns from all else that the arithmetic lacks."""

POLICIES = ("classes", "payback", "best", "hard-first")


@dataclass(frozen=True)
class Wish:
    """What the user asks of a rollout beside the case.

    Parameters
    ----------
    plan : Plan
        Cash, lead times, downtimes.
    prices : Prices
    investments : Mapping[str, float]
        By scheme, instead of the source's or where it has none, RMB.
    policy : str
        One of ``POLICIES``, or ``order``.
    order : tuple of str
        Steps as the user wants them bought; empty for a policy.
    horizon, limit : float
        When cash is compared, and when a programme is given up, h.
    workers : int
        Processes that share the replications; the result is the same.
    """

    plan: Plan
    prices: Prices
    investments: Mapping[str, float]
    policy: str = "classes"
    order: tuple[str, ...] = ()
    horizon: float = 3.0 * YEAR
    limit: float = 8.0 * YEAR
    workers: int = 1


@dataclass(frozen=True)
class Rung:
    """The programme under one more circumstance than the rung above."""

    name: str
    went: Rollout


@dataclass(frozen=True)
class RolloutStudy:
    """A programme on paper, in the model's constant conditions, and on the running plant.

    Parameters
    ----------
    case : Case
    schemes : tuple of str
    wish : Wish
    order : tuple of str
        Steps in the order in which they are bought.
    policies : Mapping[str, Rollout]
        Every policy on the source's own numbers; empty if it prints none of a step.
    modelled : Mapping[str, Rollout]
        Every policy on the model's incomes, with lead times and the rest.
    rungs : tuple of Rung
    runs : tuple of Rollout
        One of each replication; empty if nothing was simulated.
    """

    case: Case
    schemes: tuple[str, ...]
    wish: Wish
    order: tuple[str, ...]
    policies: Mapping[str, Rollout]
    modelled: Mapping[str, Rollout]
    rungs: tuple[Rung, ...]
    runs: tuple[Rollout, ...]

    @property
    def name(self) -> str:
        """The scheme set as it is written."""
        return compact(self.schemes, self.case.known)

    @property
    def finished(self) -> Interval | None:
        """Months until the last scheme works, over the replications that got there."""
        months = [went.finished / MONTH for went in self.runs if went.finished is not None]
        return interval(months) if months else None

    @property
    def cash(self) -> Interval | None:
        """Cash at the horizon, RMB, over the replications."""
        if not self.runs:
            return None
        return interval([went.cash(self.wish.horizon) for went in self.runs])

    @cached_property
    def curves(self) -> list[dict[str, Any]]:
        """Cash month by month, RMB: rows of curve, month, mean, low, high."""
        months = range(int(self.wish.horizon / MONTH + 1e-9) + 1)
        rows: list[dict[str, Any]] = [
            {"curve": rung.name, "month": month, "mean": cash, "low": cash, "high": cash}
            for rung in self.rungs
            for month in months
            for cash in [rung.went.cash(month * MONTH)]
        ]
        for month in months if self.runs else ():
            of = interval([went.cash(month * MONTH) for went in self.runs])
            lone = of.n == 1
            rows.append(
                {
                    "curve": "running plant",
                    "month": month,
                    "mean": of.mean,
                    "low": of.mean if lone else of.low,
                    "high": of.mean if lone else of.high,
                }
            )
        return rows


def rollout_study(case: Case, schemes: tuple[str, ...], wish: Wish) -> RolloutStudy:
    """Roll a programme out on paper, in constant conditions, and on the running plant."""
    steps = programme_of(schemes)
    bought = measures(steps, wish.plan, wish.investments)
    line = case.design.tree
    terms = arithmetic(wish.plan, line.annual_shutdown.start, case.start_hour)
    terms = replace(terms, limit=wish.limit)
    bare = tuple(Measure(measure.name, measure.investment) for measure in bought)
    with at_work("the programme's steady states"):
        worth = model_worth(case, steps, wish.prices)
        modelled = {p: ordered(p, bought, worth, terms, wish.horizon) for p in POLICIES}
    paper = printed_worth(steps)
    policies = {}
    if paper is not None:
        free = Terms(limit=wish.limit)
        policies = {
            policy: roll_out(ordered(policy, bare, paper, free, wish.horizon), paper, free)
            for policy in POLICIES
        }
    chosen = modelled.get(wish.policy) or tuple(_named(bought)[name] for name in wish.order)
    rungs = _rungs(chosen, paper, worth, terms)
    jobs: list[tuple[Any, ...]] = [
        (case, steps, chosen, terms, wish, replication) for replication in range(case.replications)
    ]
    if jobs:
        jobs.append((case, steps, chosen, terms, wish, 0, SOUND))
    runs = spread(_run_one, jobs, wish.workers, "rollout")
    if runs:
        rungs = (*rungs, Rung("and the running plant, nothing failing", runs.pop()))
    return RolloutStudy(
        case,
        schemes,
        wish,
        tuple(measure.name for measure in chosen),
        policies,
        {policy: roll_out(order, worth, terms) for policy, order in modelled.items()},
        rungs,
        tuple(runs),
    )


def ordered(
    policy: str, bought: Sequence[Measure], worth: Worth, terms: Terms, horizon: float
) -> tuple[Measure, ...]:
    """Return measures in the order of a policy; what is free comes first in all of them."""
    free = tuple(measure for measure in bought if not measure.investment)
    costly = tuple(measure for measure in bought if measure.investment)
    if policy == "payback":
        return (*free, *by_payback(costly, worth, frozenset(m.name for m in free)))
    if policy == "hard-first":
        return (*free, *hard_first(costly))
    if policy == "best":
        return best_order(bought, worth, terms, horizon=horizon)
    return (*free, *costly)


def printed_worth(steps: Mapping[str, tuple[str, ...]]) -> Worth | None:
    """Return what Table 1-2 says that steps are worth a year; ``None`` if it lacks one."""
    table = table_1_2()
    if any(name not in table or name == TOTAL for name in steps):
        return None
    return added({name: table[name].net for name in steps})


def model_worth(case: Case, steps: Mapping[str, tuple[str, ...]], prices: Prices) -> Worth:
    """Return what sets of steps are worth in the steady state, interactions included, RMB/yr."""
    earned: dict[frozenset[str], float] = {}

    def earns(names: frozenset[str]) -> float:
        if names not in earned:
            ids = [scheme for name in steps if name in names for scheme in steps[name]]
            year = state_of(ids, case.design, case.known)
            earned[names] = margin(year, prices) - upkeep(ids, prices)
        return earned[names]

    return lambda names: earns(names) - earns(frozenset())


def _rungs(
    order: Sequence[Measure], paper: Worth | None, worth: Worth, terms: Terms
) -> tuple[Rung, ...]:
    """Return the programme under one circumstance more at a time."""
    bare = [Measure(measure.name, measure.investment) for measure in order]
    at_once = Terms(limit=terms.limit)
    sharing = replace(at_once, starting_cash=terms.starting_cash, retained=terms.retained)
    waiting = replace(sharing, shutdown=terms.shutdown)
    rungs = []
    if paper is not None:
        rungs = [
            Rung("the source's arithmetic", roll_out(bare, paper, at_once)),
            Rung("and the cash and share of savings it has", roll_out(bare, paper, sharing)),
            Rung("and lead times, downtimes, shutdown", roll_out(order, paper, waiting)),
            Rung("and books closed by the month", roll_out(order, paper, terms)),
        ]
    return (*rungs, Rung("and the model's savings", roll_out(order, worth, terms)))


def _run_one(
    case: Case,
    steps: Mapping[str, tuple[str, ...]],
    order: Sequence[Measure],
    terms: Terms,
    wish: Wish,
    replication: int,
    without: tuple[str, ...] = (),
) -> Rollout:
    setting = Setting(
        wish.prices, case.seed, case.start_hour, without, design=case.design, known=case.known
    )
    with at_work(f"the programme, replication {replication + 1},"):
        reference = Reference(setting, replication)
        return roll_out_running(order, steps, terms, setting, reference, horizon=wish.horizon)


def _named(bought: Sequence[Measure]) -> Mapping[str, Measure]:
    return {measure.name: measure for measure in bought}
