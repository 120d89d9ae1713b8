"""A programme in money: income, payback and present value of its steps, where its costs end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from textwrap import wrap
from typing import Any

from experiments.bounds import CLOCKS, STEADY
from experiments.output.answer import Answer, Table, paragraphs, plain
from experiments.output.provenance import changed, provenance
from experiments.runner.horizon import Horizon, outcome_of
from experiments.studies import Known, Own, Plant, need_catalogue, plant_of, unknown_at_rest
from plant_models.arguments import number, word
from plant_models.chlorobenzene.model import PLANT
from plant_models.methods.appraisal import PAID, Appraisal, appraise, paid, together
from plant_models.methods.cost_classes import NO_COST, CostClass, check_cuts, with_a_payback
from plant_models.methods.economics import (
    MOST,
    TOTAL,
    Economy,
    PrintedStep,
    check_investments,
    reached,
)
from plant_models.methods.flow_costing import ENERGY, WASTE, FlowCosts
from plant_models.model import PlantModel, Variant
from plant_models.outcome import Outcome
from sim.errors import gives_each, look_up, told
from sim.model.facts import Design
from sim.tables import WIDTH, counted, text_table


@dataclass(frozen=True, repr=False)
class Money(Answer):
    """A programme in money, step by step."""

    variant: Variant[Any]  #: The design with all of its schemes in place
    prices: Design[Any]  #: Prices, interest rate, horizon
    investments: Mapping[str, float]
    """By scheme, instead of the known ones or where nobody says, in the currency."""
    cuts: tuple[float, ...]  #: Where the cost classes begin, in the currency
    outcomes: tuple[Outcome[Any], ...]  #: Before the first step and after each
    horizon: Horizon | None = None  #: Of runs with events; none at constant conditions
    cash_flow: str = TOTAL  #: Step whose cash flow the report shows

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

    def alone(self, step: str) -> Appraisal:
        """Return the appraisal of a step with none of the others in place, constant conditions."""
        schemes = look_up("step", step, self.economy.steps(self.variant.schemes))
        of = self.variant.having(schemes)
        return run_programme(of, self.prices, self.investments, self.cuts).steps[0]

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

    def report(self) -> str:
        """Return incomes beside the source's, appraisal, items, cash flow, costs of losses."""
        shown = next(row for row in self.rows if row.name == self.cash_flow)
        return paragraphs(
            [_heading(self)],
            _incomes(self),
            _appraisal(self),
            _items(self),
            _cash_flow(shown, self.economy),
            _losses(self),
            _notes(self),
        )

    def tables(self) -> Mapping[str, Table]:
        """Return steps, what they change, their cash flows, and the costs of losses."""
        rows = self.rows
        told = ("name", "class", "investment", "income", "operating_cost", "net", "payback",
                "discounted_payback", "present_value", "annuity")  # fmt: skip
        steps = [self._step(row) for row in rows]
        flows = [(step["name"], each) for step in steps for each in step["cash_flow"]]
        columns = tuple(flows[0][1]) if flows else ()
        money = self.economy.currency
        a_year = f"{money}/yr"
        units = dict.fromkeys(told[2:], a_year)
        units |= {"investment": money, "present_value": money}
        units |= {"payback": "yr", "discounted_payback": "yr"}
        tables = {
            "steps": Table(told, [[step[name] for name in told] for step in steps], units),
            "changes": Table(
                ("step", "item", "change"),
                [(row.name, *change) for row in rows for change in row.changes.items()],
                {"change": a_year},
            ),
            "cash_flows": Table(
                ("step", *columns),
                [(name, *each.values()) for name, each in flows],
                dict.fromkeys(columns[1:], money),
            ),
        }
        if self.costs:
            tables["costs"] = Table(
                ("when", "process", "medium", "material", "cost"),
                [
                    (when, row.process, row.medium, row.material, row.cost)
                    for when, costs in self.costs.items()
                    for row in costs.rows
                ],
                {"cost": a_year},
            )
        return tables

    def as_json(self) -> dict[str, Any]:
        """Return all of it, in the currency."""
        prices = self.prices.tree
        names = [item.name for item in fields(prices)]
        return {
            "steps": [self._step(row) for row in self.rows],
            "costs_of_losses": {
                when: {
                    "spent": plain(costs.spent),
                    "total": costs.total,
                    "lost": costs.lost,
                    "by_process": costs.losses(),
                }
                for when, costs in self.costs.items()
            },
            "prices": {name: getattr(prices, name) for name in names},
            "provenance": provenance(
                "money",
                *(outcome.variant for outcome in self.outcomes),
                horizon=self.horizon,
                clock=CLOCKS[self.horizon is None],
                prices=changed(self.economy.prices().tree, prices),
                investments=self.investments,
                cuts=self.cuts,
            ),
        }

    def _step(self, row: Appraisal) -> dict[str, Any]:
        source = plain(self.printed.get(row.name))
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


def programme_of(plant: PlantModel[Any, Any], schemes: Any, **on: Any) -> Variant[Any]:
    """Return a programme as a design with all of it in place; None for the plant's own."""
    found = plant.with_programme(**on) if schemes is None else plant.variant(schemes, **on)
    refuse_bare(found)
    return found


def refuse_bare(of: Variant[Any], where: str = "") -> None:
    """Raise ValueError for a design without schemes where the study is about schemes."""
    need_catalogue(of)
    if not of.schemes:
        hint = "" if of.name == "none" else "; schemes are put on it by design="
        raise ValueError(f"schemes: expected a scheme or more{where}, came {of.name!r}{hint}")


def run_programme(
    of: Variant[Any],
    prices: Design[Any],
    investments: Mapping[str, float],
    cuts: tuple[float, ...] | None = None,
    horizon: Horizon | None = None,
    cash_flow: str = TOTAL,
) -> Money:
    """Run a plant before a programme and after each of its steps; see `Money`."""
    economy = of.plant.economy
    states = map(of.having, reached(economy.steps(of.schemes).values()))
    outcomes = tuple(outcome_of(each, horizon) for each in states)
    cuts = economy.cuts if cuts is None else cuts
    return Money(of, prices, investments, cuts, outcomes, horizon, cash_flow)


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
    plant: Plant = PLANT,
    design: Own = None,
    known: Known = None,
) -> Money:
    """Appraise a programme step by step: incomes, payback, present value, costs of losses.

    Raises Lacks: the plant has no prices.

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
        See `run`.

    Examples
    --------
    >>> bool(money("F9").table()["payback"][0] < 1.0)
    True
    """
    plant = plant_of(plant)
    variant = programme_of(plant, schemes, design=design, known=known)
    economy = plant.economy
    priced = economy.priced(prices)
    horizon = Horizon(years, seed)
    word("clock", clock, CLOCKS)
    if clock == STEADY:
        horizon.refuse_at_rest()
    word("cash_flow", cash_flow, (*economy.steps(variant.schemes), TOTAL))
    if cuts is not None:
        if not gives_each(cuts):
            raise TypeError(f"cuts: expected 2 or 3 rising amounts, came {told(cuts)}")
        cuts = tuple(number("cuts", each, 0.0, MOST) for each in cuts)
        check_cuts(cuts)
    return run_programme(
        variant,
        priced,
        check_investments(investments, variant.known, variant.schemes),
        cuts,
        None if clock == STEADY else horizon,
        cash_flow,
    )


UNKNOWN = "?"
TESTS = {"present value": "NPV", "internal rate": "rate"}


def _heading(of: Money) -> str:
    clock, terms = "constant conditions", of.prices.tree
    if of.horizon is not None:
        clock = f"{counted(of.horizon.years, 'year')} of events, seed {of.horizon.seed}"
    return (
        f"Schemes {of.variant.name}, in the plant's order: {clock}, "
        f"{terms.interest_rate:g} a year over {counted(terms.horizon, 'year')}; "
        f"{of.economy.unit_word}"
    )


def _incomes(of: Money) -> list[str]:
    header = ["a year", "income", "cost", "net"]
    if of.printed:
        header = ["a year", "income", "paper", "cost", "paper", "net", "paper"]
    rows = []
    for row in of.rows:
        source = of.printed.get(row.name)
        cells = [row.name]
        for name in ("income", "operating_cost", "net"):
            cells.append(_money(of.economy, getattr(row, name)))
            if of.printed:
                cells.append(_money(of.economy, getattr(source, name, None)))
        rows.append(cells)
    return text_table(header, rows)


def _appraisal(of: Money) -> list[str]:
    header = ["investment", "class", "once", "a year", "payback", "paper", "disc.",
              "NPV", "rate", "fails"]  # fmt: skip
    rows = []
    for row in of.rows:
        source = of.printed.get(row.name)
        rows.append(
            [
                row.name,
                _class(row),
                _money(of.economy, row.investment, UNKNOWN),
                _money(of.economy, row.annuity, UNKNOWN),
                _years(row.payback, row),
                f"{source.payback:g}" if source and source.payback is not None else "",
                _years(row.discounted_payback, row),
                _money(of.economy, row.present_value, UNKNOWN),
                str(row.internal) if row.internal else UNKNOWN,
                _verdict(row),
            ]
        )
    if not of.printed:
        header, *rows = [[*cells[:5], *cells[6:]] for cells in (header, *rows)]
    return text_table(header, rows, left=(0, 1, len(header) - 1))


def _items(of: Money) -> list[str]:
    economy, steps = of.economy, of.steps
    rows = [
        [item, *(_money(economy, step.changes[item]) for step in steps)]
        for item in economy.items
        if any(abs(step.changes[item]) >= 0.005 * economy.unit for step in steps)
    ]
    return text_table(["what changes", *(step.name for step in steps)], rows)


def _cash_flow(row: Appraisal, economy: Economy) -> list[str]:
    if row.cash_flow is None:
        return [f"no cash flow of {row.name}: nobody says what it costs; see --invest"]
    header = [f"cash flow, {row.name}", "investment", "income", "cost", "net", "discounted",
              "cumulative", "discounted"]  # fmt: skip
    rows = [
        [f"year {year.year}", *(_money(economy, amount) for amount in (
            year.investment, year.income, year.operating_cost, year.net, year.discounted,
            year.cumulative, year.cumulative_discounted,
        ))]
        for year in row.cash_flow.table(row.prices.interest_rate)
    ]  # fmt: skip
    return text_table(header, rows)


def _losses(of: Money) -> list[str]:
    if not of.costs:
        return []
    kinds = ("material", ENERGY, WASTE)
    header = ["cost of losses by process", *(h for when in of.costs for h in (*kinds, when))]
    tables = [costs.losses() for costs in of.costs.values()]
    rows = []
    for process in of.variant.plant.processes:
        row = [process]
        for losses in tables:
            costs = losses[process]
            energy, waste = costs[ENERGY], costs[WASTE]
            material = sum(cost for name, cost in costs.items() if name not in kinds)
            parts = [material, energy, waste]
            row += [_money(of.economy, cost) for cost in (*parts, sum(parts))]
        rows.append(row)
    lost = [_money(of.economy, costs.lost) for costs in of.costs.values()]
    rows.append(["all", *(cell for cell in lost for cell in ("", "", "", cell))])
    shares = [f"{costs.lost / costs.total:.1%}" for costs in of.costs.values() if costs.total]
    told = f"of all input cost, {' and '.join(shares)} ends as loss" if shares else ""
    return [*text_table(header, rows), told]


def _notes(of: Money) -> list[str]:
    kept_up = ", ".join(name for name in of.economy.upkeeps if name in of.variant.schemes)
    lines = [
        "income: goods gained less lost, expenses saved; cost: expenses grown"
        + (f", and upkeep ({kept_up})" if kept_up else ""),
        _classes(of),
        *_tests(of),
    ]
    if of.printed:
        lines.insert(1, f"paper: {of.economy.printed_note}")
    if of.costs:
        lines.append(
            "costs of losses: ISO 14051, purchases followed by their atoms, energy by mass"
        )
    unknown = [step.name for step in of.steps if step.investment is None]
    if unknown:
        source = "in the source" if of.printed else "known"
        lines.append(f"{UNKNOWN}: no investment of {', '.join(unknown)} {source}; see --invest")
    if of.horizon is None:
        lines += unknown_at_rest(of.variant, of.variant.schemes, "--clock events")
    return lines


def _class(row: Appraisal) -> str:
    """Return the class in one word; "no" would be told in Chinese as an answer."""
    if row.cost_class is None:
        return UNKNOWN
    return "free" if row.cost_class is NO_COST else _word(row.cost_class)


def _word(of: CostClass) -> str:
    return of.name.removesuffix("-cost")


def _classes(of: Money) -> str:
    """Return where the classes begin; a scheme's own word for its cost may be another."""
    begin = [
        f"{_word(one)} from {_money(of.economy, cut)}"
        for one, cut in zip(with_a_payback(of.cuts), of.cuts, strict=True)
    ]
    return f"class: by what it costs once: {', '.join(begin)} {of.economy.unit_word}"


def _tests(of: Money) -> list[str]:
    """Return what an investment is asked for."""
    below = ", ".join(
        f"{_word(one)} below {one.longest_payback:g} yr" for one in with_a_payback(of.cuts)
    )
    said = (
        f"fails: which of payback ({below}), present value (NPV) >= 0, internal rate >= the bank's"
    )
    return wrap(said, WIDTH)


def _verdict(row: Appraisal) -> str:
    if not row.tests:
        return UNKNOWN
    failed = [TESTS.get(name, name) for name, passed in row.tests.items() if passed is False]
    return ", ".join(failed) or "nothing"


def _money(economy: Economy, amount: float | None, nothing: str = "") -> str:
    return nothing if amount is None else economy.told(amount)


def _years(years: float | None, row: Appraisal) -> str:
    if row.investment is None:
        return UNKNOWN
    if years is None:
        return "never" if row.net <= 0.0 else f"> {row.prices.horizon}"
    return f"{years:.2f}"
