"""What the report is made of: a run of the line without and with the schemes, and its money."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from plant_models.chlorobenzene.money.appraisal import Appraisal, appraise, programme_of

from experiments.door.faults import at_work
from experiments.door.inputs import Case
from experiments.runner.replicates import Growing, Replicate
from experiments.runner.studies import Study, compact, provenance
from experiments.studies.money.study import EVENTS, STEADY, MoneyStudy, Terms, money_study
from plant_models import chlorobenzene as cb
from plant_models.chlorobenzene.law import compliance as limits
from plant_models.chlorobenzene.money.flow_costs import FlowCosts, flow_costs
from plant_models.chlorobenzene.money.prices import Prices
from sim.books.ledger import Ledger
from sim.model.schemes import natural

Amounts = Mapping[Any, Any]


@dataclass(frozen=True)
class Side:
    """A design and its year: the figures that ``run`` prints, and the books behind them.

    Parameters
    ----------
    study : Study
        Indicators of every replication.
    books : Ledger
        Mean of the replications, kg per simulated year.
    kept : Compliance
        How the emission limits are kept.
    """

    study: Study
    books: Ledger
    kept: limits.Compliance

    def __getitem__(self, indicator: str) -> float:
        """Return the mean of an indicator, in its own unit."""
        return self.study.means[indicator].mean

    def costs(self, prices: Prices) -> FlowCosts:
        """Return where the year's input costs have ended."""
        return flow_costs(replace(self.study.first, ledger=self.books, years=1.0), prices)


@dataclass(frozen=True)
class Audit:
    """All that the report tells.

    Parameters
    ----------
    case : Case
    schemes : tuple of str
        Those in the audited design.
    clock : str
        ``events`` or ``steady``.
    terms : Terms
        Prices and investments.
    before, after : Side
        Without any scheme, and with these.
    money : MoneyStudy or None
        The programme step by step, at constant conditions; none without schemes.
    left : tuple of Appraisal
        Every scheme of the catalogue that was not chosen, as the next step after those that were.
    """

    case: Case
    schemes: tuple[str, ...]
    clock: str
    terms: Terms
    before: Side
    after: Side
    money: MoneyStudy | None
    left: tuple[Appraisal, ...]

    @property
    def name(self) -> str:
        """The scheme set as it is written."""
        return compact(self.schemes, self.case.known)

    @cached_property
    def provenance(self) -> dict[str, Any]:
        """What the report was made from; the same command gives the same."""
        told = provenance(self.case, self.before.study, self.after.study)
        steady = self.clock == STEADY
        if steady:
            told |= dict.fromkeys(("seed", "replications", "years", "start"))
        return {"command": "report", "clock": self.clock, **told}


def audit(case: Case, schemes: tuple[str, ...], terms: Terms, clock: str) -> Audit:
    """Run the line without and with the schemes, and appraise what was and was not chosen."""
    steps = replace(terms, clock=STEADY)
    before = _side(case, (), clock)
    after = _side(case, schemes, clock) if schemes else before
    money = money_study(case, schemes, steps) if schemes else None
    return Audit(case, schemes, clock, terms, before, after, money, _left(case, schemes, steps))


def _side(case: Case, schemes: tuple[str, ...], clock: str) -> Side:
    growing, ledgers = Growing(case, schemes), []
    years = case.years
    if clock == STEADY:
        years = 1.0
        growing = Growing(replace(case, years=1.0), schemes)
    for replication in range(case.replications if clock == EVENTS else 1):
        result = _run(case, schemes, clock, replication)
        hours = {train: dict(states) for train, states in result.hours.items()}
        flows = {entry: kg.copy() for entry, kg in result.ledger.flows.items()}
        growing.add(Replicate(result.indicators, flows, hours, result.bottleneck, result))
        ledgers.append(result.ledger)
    return Side(growing.study(), yearly(ledgers, years), _kept(case, schemes, clock))


def _run(case: Case, schemes: tuple[str, ...], clock: str, replication: int) -> cb.Result:
    with at_work(f"the line with {compact(schemes, case.known)}, replication {replication + 1},"):
        if clock == STEADY:
            return cb.steady_state(schemes, design=case.design, known=case.known)
        return cb.simulate(
            schemes,
            years=case.years,
            seed=case.seed,
            replication=replication,
            start_hour=case.start_hour,
            design=case.design,
            known=case.known,
        )


def _kept(case: Case, schemes: tuple[str, ...], clock: str) -> limits.Compliance:
    if clock == STEADY:
        return limits.steady_compliance(schemes, design=case.design, known=case.known)
    return limits.compliance(
        schemes,
        years=case.years,
        seed=case.seed,
        replications=case.replications,
        start_hour=case.start_hour,
        design=case.design,
        known=case.known,
    )


def _left(case: Case, schemes: tuple[str, ...], terms: Terms) -> tuple[Appraisal, ...]:
    others = [s.id for s in case.known.values() if s.id not in schemes and not s.illustrative]
    reached = cb.steady_state(schemes, design=case.design, known=case.known).indicators
    found: list[Appraisal] = []
    for each in sorted(others, key=natural):
        ids = tuple(sorted((*schemes, each), key=natural))
        with at_work(f"the line with {compact(ids, case.known)}"):
            then = cb.steady_state(ids, design=case.design, known=case.known).indicators
        found += appraise(
            {each: (each,)},
            [reached, then],
            terms.prices,
            investments=terms.investments,
            cuts=terms.cuts,
        )
    return tuple(found)


def yearly(ledgers: Iterable[Ledger], years: float) -> Ledger:
    """Return the mean of several ledgers of the same line, kg per simulated year.

    Books are sums, so the mean of closed ones is closed.
    """
    books = tuple(ledgers)
    per = years * len(books)

    def mean(name: str) -> dict[Any, Any]:
        keys = dict.fromkeys(key for book in books for key in getattr(book, name))
        return {
            key: sum((book_of(book, name, key) for book in books), start=0.0) / per for key in keys
        }

    def book_of(book: Ledger, name: str, key: Any) -> Any:
        amounts: Amounts = getattr(book, name)
        return amounts.get(key, 0.0)

    nothing = np.zeros(len(books[0].components))
    return Ledger(
        books[0].components,
        sum(book.hours for book in books) / per,
        {entry: nothing + kg for entry, kg in mean("flows").items()},
        mean("uses"),
        mean("extents"),
        {tank: nothing + kg for tank, kg in mean("opening").items()},
        {tank: nothing + kg for tank, kg in mean("held").items()},
        frozenset().union(*(book.units for book in books)),
    )


def steps_of(audit: Audit) -> Mapping[str, tuple[str, ...]]:
    """Return the chosen schemes as the steps of a programme."""
    return programme_of(audit.schemes)
