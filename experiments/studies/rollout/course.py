"""How a programme goes: on paper, in the model's constant conditions, and on the running plant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from experiments.runner.faults import at_work
from experiments.runner.horizon import Horizon
from experiments.runner.loop import each
from plant_models.methods.economics import TOTAL
from plant_models.methods.installation import Plan, arithmetic, measures
from plant_models.methods.rebuilding import Reference, Setting, roll_out_running
from plant_models.methods.rollout import (
    MONTH,
    MOST_TO_SEARCH,
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
from plant_models.model import Variant
from sim.statistics.intervals import Interval, interval

FAILURES = "failures"
"""What is left out of the run that tells breakdowns from all else that the arithmetic lacks."""

BEST = "best"
POLICIES = ("classes", "payback", BEST, "hard-first")


@dataclass(frozen=True)
class Wish:
    """What is asked of a rollout.

    Parameters
    ----------
    variant : Variant
        The plant with all of the programme in place.
    plan : Plan
        Cash, lead times, downtimes.
    prices : prices of the plant
    investments : Mapping[str, float]
        By scheme, instead of the known ones or where nobody says, in the currency.
    policy : str
        One of ``POLICIES``, or ``order``.
    order : tuple of str
        Steps as they are to be bought; empty for a policy.
    horizon, limit : float
        When cash is compared, and when a programme is given up, h.
    runs : Horizon
        Draws and first day of the running plant.
    replications : int
        Its runs; 0 for none.
    """

    variant: Variant[Any]
    plan: Plan
    prices: Any
    investments: Mapping[str, float]
    policy: str
    order: tuple[str, ...]
    horizon: float
    limit: float
    runs: Horizon
    replications: int

    @property
    def steps(self) -> Mapping[str, tuple[str, ...]]:
        """The schemes of each step by its name."""
        return self.variant.plant.economy.steps(self.variant.schemes)

    @property
    def bought(self) -> tuple[Measure, ...]:
        """The steps as what is to be bought."""
        return measures(self.variant.plant.economy, self.steps, self.plan, self.investments)

    @property
    def policies(self) -> tuple[str, ...]:
        """Those that can be tried: not the best of more orders than can be searched."""
        costly = sum(measure.investment > 0.0 for measure in self.bought)
        return tuple(p for p in POLICIES if p != BEST or costly <= MOST_TO_SEARCH)


@dataclass(frozen=True)
class Rung:
    """The programme under one more circumstance than the rung above."""

    name: str
    went: Rollout


@dataclass(frozen=True)
class Course:
    """How a programme goes.

    Parameters
    ----------
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

    wish: Wish
    order: tuple[str, ...]
    policies: Mapping[str, Rollout]
    modelled: Mapping[str, Rollout]
    rungs: tuple[Rung, ...]
    runs: tuple[Rollout, ...]

    @property
    def finished(self) -> Interval | None:
        """Months until the last scheme works, over the replications that got there."""
        months = [went.finished / MONTH for went in self.runs if went.finished is not None]
        return interval(months) if months else None

    @property
    def cash(self) -> Interval | None:
        """Cash at the horizon, over the replications."""
        if not self.runs:
            return None
        return interval([went.cash(self.wish.horizon) for went in self.runs])

    @cached_property
    def curves(self) -> list[dict[str, Any]]:
        """Cash month by month: rows of curve, month, mean, low, high."""
        months = range(int(self.wish.horizon / MONTH + 1e-9) + 1)
        rows: list[dict[str, Any]] = [
            {"curve": rung.name, "month": month, "mean": cash, "low": cash, "high": cash}
            for rung in self.rungs
            for month in months
            for cash in [rung.went.cash(month * MONTH)]
        ]
        for month in months if self.runs else ():
            of = interval([went.cash(month * MONTH) for went in self.runs])
            low, high = (of.mean, of.mean) if of.n == 1 else (of.low, of.high)
            rows.append(
                {
                    "curve": "running plant",
                    "month": month,
                    "mean": of.mean,
                    "low": low,
                    "high": high,
                }
            )
        return rows


def take(wish: Wish, workers: int | None = 1) -> Course:
    """Roll a programme out on paper, in constant conditions, and on the running plant."""
    bought, plant = wish.bought, wish.variant.plant
    terms = arithmetic(wish.plan, plant.shutdown(wish.variant.base.tree), wish.runs.start_hour)
    terms = replace(terms, limit=wish.limit)
    bare = tuple(Measure(measure.name, measure.investment) for measure in bought)
    with at_work("the programme's steady states"):
        worth = model_worth(wish)
        modelled = {p: ordered(p, bought, worth, terms, wish.horizon) for p in wish.policies}
    paper = printed_worth(wish)
    policies = {}
    if paper is not None:
        free = Terms(limit=wish.limit)
        policies = {
            policy: roll_out(ordered(policy, bare, paper, free, wish.horizon), paper, free)
            for policy in wish.policies
        }
    named = {measure.name: measure for measure in bought}
    chosen = modelled.get(wish.policy) or tuple(named[name] for name in wish.order)
    rungs = _rungs(chosen, paper, worth, terms)
    jobs: list[tuple[Any, ...]] = [
        (wish, chosen, terms, replication) for replication in range(wish.replications)
    ]
    sound = bool(jobs) and FAILURES in plant.event_sources
    if sound:
        jobs.append((wish, chosen, terms, 0, (FAILURES,)))
    runs = each(_run_one, jobs, workers, "rollout") if jobs else []
    if sound:
        rungs = (*rungs, Rung("and the running plant, nothing failing", runs.pop()))
    return Course(
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
    if policy == BEST:
        return best_order(bought, worth, terms, horizon=horizon)
    return (*free, *costly)


def printed_worth(wish: Wish) -> Worth | None:
    """Return what the source says that steps are worth a year; ``None`` if it lacks one."""
    table = wish.variant.plant.economy.printed()
    if any(name not in table or name == TOTAL for name in wish.steps):
        return None
    return added({name: table[name].net for name in wish.steps})


def model_worth(wish: Wish) -> Worth:
    """Return what sets of steps are worth in the steady state, interactions included, a year."""
    variant, economy = wish.variant, wish.variant.plant.economy
    earned: dict[frozenset[str], float] = {}

    def earns(names: frozenset[str]) -> float:
        if names not in earned:
            ids = [scheme for name in wish.steps if name in names for scheme in wish.steps[name]]
            year = variant.plant.steady_state(variant.having(ids)).indicators
            upkeep = economy.upkeep(ids, wish.prices)
            earned[names] = economy.margin(year, wish.prices) - upkeep
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
    wish: Wish,
    order: Sequence[Measure],
    terms: Terms,
    replication: int,
    without: tuple[str, ...] = (),
) -> Rollout:
    runs = wish.runs
    setting = Setting(wish.variant.having(()), wish.prices, runs.seed, runs.start_hour, without)
    with at_work(f"the programme, replication {replication + 1},"):
        reference = Reference(setting, replication)
        return roll_out_running(order, wish.steps, terms, setting, reference, horizon=wish.horizon)
