"""A programme in money: income, payback and present value of its steps, where its costs end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from experiments.output.answer import Answer, Table, plain
from experiments.output.provenance import provenance
from experiments.runner.horizon import Horizon
from experiments.runner.tasks import CLOCKS, STEADY
from experiments.studies.money.programme import Programme, programme_of, run_programme
from experiments.studies.money.report import money_report
from plant_models.arguments import number, word
from plant_models.chlorobenzene.model import PLANT
from plant_models.methods.appraisal import Appraisal
from plant_models.methods.cost_classes import check_cuts
from plant_models.methods.economics import MOST, TOTAL, check_investments
from plant_models.model import PlantModel
from sim.model.facts import Design
from sim.model.schemes import Scheme


@dataclass(frozen=True, repr=False)
class Money(Answer):
    """A programme in money.

    Parameters
    ----------
    of : Programme
    cash_flow : str
        Step whose cash flow the report shows.
    """

    of: Programme
    cash_flow: str

    def report(self) -> str:
        """Return incomes beside the source's, appraisal, items, cash flow, costs of losses."""
        return money_report(self.of, self.cash_flow)

    def tables(self) -> Mapping[str, Table]:
        """Return steps, what they change, their cash flows, and the costs of losses."""
        rows = self.of.rows
        told = ("name", "class", "investment", "income", "operating_cost", "net", "payback",
                "discounted_payback", "present_value", "annuity")  # fmt: skip
        steps = [self._step(row) for row in rows]
        flows = [(step["name"], each) for step in steps for each in step["cash_flow"]]
        columns = tuple(flows[0][1]) if flows else ()
        tables = {
            "steps": Table(told, [[step[name] for name in told] for step in steps]),
            "changes": Table(
                ("step", "item", "change"),
                [(row.name, *change) for row in rows for change in row.changes.items()],
            ),
            "cash_flows": Table(
                ("step", *columns), [(name, *each.values()) for name, each in flows]
            ),
        }
        if self.of.costs:
            tables["costs"] = Table(
                ("when", "process", "medium", "material", "cost"),
                [
                    (when, row.process, row.medium, row.material, row.cost)
                    for when, costs in self.of.costs.items()
                    for row in costs.rows
                ],
            )
        return tables

    def as_json(self) -> dict[str, Any]:
        """Return all of it, in the currency."""
        of, prices = self.of, self.of.prices.tree
        own = of.economy.prices().tree
        names = [item.name for item in fields(prices)]
        return {
            "steps": [self._step(row) for row in of.rows],
            "costs_of_losses": {
                when: {
                    "spent": plain(costs.spent),
                    "total": costs.total,
                    "lost": costs.lost,
                    "by_process": costs.losses(),
                }
                for when, costs in of.costs.items()
            },
            "prices": {name: getattr(prices, name) for name in names},
            "provenance": provenance(
                "money",
                *(outcome.variant for outcome in of.outcomes),
                horizon=of.horizon,
                clock=CLOCKS[of.horizon is None],
                prices=[
                    {"path": name, "baseline": getattr(own, name), "value": getattr(prices, name)}
                    for name in names
                    if getattr(prices, name) != getattr(own, name)
                ],
                investments=of.investments,
                cuts=of.cuts,
            ),
        }

    def _step(self, row: Appraisal) -> dict[str, Any]:
        source = plain(self.of.printed.get(row.name))
        if source:
            del source["name"]
        flow = row.cash_flow
        return {
            "name": row.name,
            "class": row.cost_class.name if row.cost_class else None,
            "investment": row.investment,
            "income": row.income,
            "operating_cost": row.operating_cost,
            "net": row.net,
            "changes": plain(row.changes),
            "payback": row.payback,
            "discounted_payback": row.discounted_payback,
            "present_value": row.present_value,
            "internal_rate": list(row.internal.rates) if row.internal else None,
            "internal_rates": row.internal.word if row.internal else None,
            "annuity": row.annuity,
            "tests": dict(row.tests),
            "cash_flow": plain(flow.table(row.prices.interest_rate)) if flow else [],
            "paper_says": source,
        }


def money(
    schemes: Any = None,
    *,
    prices: Any = None,
    investments: Mapping[str, float] | None = None,
    cuts: Sequence[float] | None = None,
    clock: str = STEADY,
    years: float = 1.0,
    seed: int = 1,
    cash_flow: str = TOTAL,
    plant: PlantModel[Any, Any] = PLANT,
    design: Design[Any] | Any | None = None,
    known: Mapping[str, Scheme] | None = None,
) -> Money:
    """Appraise a programme step by step: incomes, payback, present value, costs of losses.

    Parameters
    ----------
    schemes : scheme set, Design or Variant, optional
        The programme, taken as steps in the plant's order; the plant's own by default.
    prices : Design or prices, optional
        Another set of prices and terms, as ``plant.economy.own_prices(settings="steam=80")``.
    investments : Mapping[str, float], optional
        What schemes cost once, in the currency, where nobody says or instead.
    cuts : sequence of 2 or 3 floats, optional
        Where the cost classes begin, in the currency.
    clock : str
        What yields the flows: ``steady`` or ``events``.
    years, seed
        Length and draws of a run with events.
    cash_flow : str
        Step whose cash flow the report shows.
    plant, design, known
        Which plant, and what the schemes are put on; see `PlantModel.variant`.

    Raises
    ------
    Lacks
        The plant has no prices.
    TypeError, LookupError, ValueError
        Wrong input; a message that names it.
    SimulationFault
        A run that cannot be finished.

    Examples
    --------
    >>> money("F9").table()["payback"][0] < 1.0
    True
    """
    variant = programme_of(plant, schemes, design=design, known=known)
    economy = plant.economy
    priced = economy.priced(prices)
    horizon = Horizon(years, seed)
    word("clock", clock, CLOCKS)
    word("cash_flow", cash_flow, (*economy.steps(variant.schemes), TOTAL))
    if cuts is not None:
        cuts = tuple(number("cuts", each, 0.0, MOST) for each in cuts)
        check_cuts(cuts)
    of = run_programme(
        variant,
        priced,
        check_investments(investments, variant.known),
        cuts,
        None if clock == STEADY else horizon,
    )
    return Money(of, cash_flow)
