"""A programme in money: its states, the appraisal of its steps, where its costs end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

from experiments.door.faults import at_work
from experiments.door.inputs import Case
from experiments.runner.studies import compact, installed_version, settings_of
from plant_models import chlorobenzene as cb
from plant_models.chlorobenzene.money.appraisal import (
    PAID,
    TOTAL,
    Appraisal,
    appraise,
    paid,
    programme_of,
    together,
)
from plant_models.chlorobenzene.money.flow_costs import FlowCosts, flow_costs
from plant_models.chlorobenzene.money.prices import Prices
from plant_models.chlorobenzene.money.prices import prices as own_book
from plant_models.chlorobenzene.paper.printed import PrintedStep, table_1_2
from plant_models.methods.cost_classes import SOURCE_CUTS
from sim.model.facts import Design
from sim.model.tree import design_hash

STEADY, EVENTS = "steady", "events"
CLOCKS = (STEADY, EVENTS)


@dataclass(frozen=True)
class Terms:
    """What an appraisal rests on besides the line.

    Parameters
    ----------
    book : Design[Prices]
        Prices, interest rate, horizon.
    investments : Mapping[str, float]
        By scheme, instead of the source's or where it has none, RMB.
    cuts : tuple of float
        Where the cost classes begin, RMB.
    clock : str
        ``steady`` or ``events``.
    """

    book: Design[Prices]
    investments: Mapping[str, float]
    cuts: tuple[float, ...] = SOURCE_CUTS
    clock: str = STEADY

    @property
    def prices(self) -> Prices:
        """The prices themselves."""
        return self.book.tree


@dataclass(frozen=True)
class MoneyStudy:
    """A programme, step by step.

    Parameters
    ----------
    case : Case
    schemes : tuple of str
    terms : Terms
    results : tuple of Result
        Before the first step and after each.
    """

    case: Case
    schemes: tuple[str, ...]
    terms: Terms
    results: tuple[cb.Result, ...]

    @property
    def name(self) -> str:
        """The scheme set as it is written."""
        return compact(self.schemes, self.case.known)

    @cached_property
    def steps(self) -> tuple[Appraisal, ...]:
        """The appraisal of each step."""
        return appraise(
            programme_of(self.schemes),
            [result.indicators for result in self.results],
            self.terms.prices,
            investments=self.terms.investments,
            cuts=self.terms.cuts,
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
        """What the source prints of the rows; of the total only where it is the same programme."""
        table = table_1_2()
        same = {name for name in table if name != TOTAL} == {step.name for step in self.steps}
        return {name: row for name, row in table.items() if name != TOTAL or same}

    @cached_property
    def costs(self) -> tuple[FlowCosts, FlowCosts]:
        """Where the input costs end, before and after the programme."""
        ends = self.results[0], self.results[-1]
        return flow_costs(ends[0], self.terms.prices), flow_costs(ends[1], self.terms.prices)


def money_study(case: Case, schemes: tuple[str, ...], terms: Terms) -> MoneyStudy:
    """Run the line before a programme and after each of its steps."""
    results = [_run(case, (), terms.clock)]
    reached: tuple[str, ...] = ()
    for step in programme_of(schemes).values():
        reached = (*reached, *step)
        results.append(_run(case, reached, terms.clock))
    return MoneyStudy(case, schemes, terms, tuple(results))


def _run(case: Case, schemes: tuple[str, ...], clock: str) -> cb.Result:
    with at_work(f"the line with {compact(schemes, case.known)}"):
        if clock == STEADY:
            return cb.steady_state(schemes, design=case.design, known=case.known)
        return cb.simulate(
            schemes, years=case.years, seed=case.seed, design=case.design, known=case.known
        )


def in_full(study: MoneyStudy) -> dict[str, Any]:
    """Return all of a study as JSON can hold it, RMB."""
    before, after = study.costs
    return {
        "steps": [_step(row, study) for row in study.rows],
        "costs_of_losses": {"before": _costs(before), "after": _costs(after)},
        "prices": {item.name: getattr(study.terms.prices, item.name) for item in fields(Prices)},
        "provenance": _provenance(study),
    }


def _step(row: Appraisal, study: MoneyStudy) -> dict[str, Any]:
    source = study.printed.get(row.name)
    table = row.cash_flow.table(row.prices.interest_rate) if row.cash_flow else ()
    return {
        "name": row.name,
        "class": row.cost_class.name if row.cost_class else None,
        "investment": row.investment,
        "income": row.income,
        "operating_cost": row.operating_cost,
        "net": row.net,
        "changes": dict(row.changes),
        "payback": row.payback,
        "discounted_payback": row.discounted_payback,
        "present_value": row.present_value,
        "internal_rate": list(row.internal.rates) if row.internal else None,
        "internal_rates": row.internal.word if row.internal else None,
        "annuity": row.annuity,
        "tests": dict(row.tests),
        "cash_flow": [
            {item.name: getattr(year, item.name) for item in fields(year)} for year in table
        ],
        "paper_says": {
            item.name: getattr(source, item.name) for item in fields(source) if item.name != "name"
        }
        if source
        else None,
    }


def _costs(costs: FlowCosts) -> dict[str, Any]:
    return {
        "spent": dict(costs.spent),
        "total": costs.total,
        "lost": costs.lost,
        "by_process": costs.losses(),
    }


def _provenance(study: MoneyStudy) -> dict[str, Any]:
    own = own_book().tree
    simulated = study.terms.clock == EVENTS
    return {
        "program": "cleanerline",
        "version": installed_version("cleanerline"),
        "clock": study.terms.clock,
        "years": study.case.years if simulated else None,
        "seed": study.case.seed if simulated else None,
        "settings": settings_of(study.case.design),
        "prices": [
            {"path": item.name, "baseline": getattr(own, item.name), "value": value}
            for item in fields(Prices)
            if (value := getattr(study.terms.prices, item.name)) != getattr(own, item.name)
        ],
        "investments": dict(study.terms.investments),
        "cuts": list(study.terms.cuts),
        "designs": [
            {"schemes": list(result.schemes), "hash": design_hash(result.line)}
            for result in study.results
        ],
    }
