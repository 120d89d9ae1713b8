"""A programme that pays for itself, from the source's arithmetic to the running plant."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from experiments.output.answer import Answer, Table, plain
from experiments.output.provenance import provenance
from experiments.runner.horizon import MOST_REPLICATIONS, Horizon
from experiments.studies.money.programme import programme_of
from experiments.studies.rollout.course import POLICIES, Course, Wish, take
from experiments.studies.rollout.report import rollout_report
from plant_models.arguments import count, number, told, word
from plant_models.chlorobenzene.model import PLANT
from plant_models.methods.economics import MOST, check_investments
from plant_models.methods.installation import Plan
from plant_models.methods.rollout import MONTH, MOST_TO_SEARCH, YEAR, Measure, Rollout
from plant_models.model import PlantModel
from sim.errors import did_you_mean
from sim.model.facts import Design, set_values
from sim.model.schemes import Scheme

if TYPE_CHECKING:
    from matplotlib.figure import Figure

HORIZONS, LIMITS = (0.1, 50.0), (0.1, 100.0)  # yr


@dataclass(frozen=True, repr=False)
class SelfFinanced(Answer):
    """A programme that pays for itself.

    Parameters
    ----------
    of : Course
    """

    of: Course

    def report(self) -> str:
        """Return policies, rungs from paper to plant, and the steps on the running plant."""
        return rollout_report(self.of)

    def tables(self) -> Mapping[str, Table]:
        """Return the cash month by month of every rung, in the currency."""
        currency = self.of.wish.variant.plant.economy.currency.lower()
        header = ("curve", "month", *(f"{each}_{currency}" for each in ("mean", "low", "high")))
        return {"cash": Table(header, [tuple(row.values()) for row in self.of.curves])}

    def pictures(self) -> Mapping[str, Callable[[], Figure]]:
        """Return the cash over the months."""
        return {"cash": partial(_draw, self.of)}

    def as_json(self) -> dict[str, Any]:
        """Return all of it; months, and the currency."""
        of, wish = self.of, self.of.wish

        def course(went: Rollout) -> dict[str, Any]:
            return {
                "finished_months": None if went.finished is None else went.finished / MONTH,
                "cash_at_horizon": went.cash(wish.horizon),
                "steps": [
                    {
                        "name": step.name,
                        "investment": step.investment,
                        "bought_month": step.bought / MONTH,
                        "works_month": step.works / MONTH,
                    }
                    for step in went.steps
                ],
                "left": list(went.left),
            }

        return {
            "order": list(of.order),
            "policies_on_paper": {name: course(went) for name, went in of.policies.items()},
            "policies_in_the_model": {name: course(went) for name, went in of.modelled.items()},
            "rungs": {rung.name: course(rung.went) for rung in of.rungs},
            "running_plant": {
                "finished_months": plain(of.finished),
                "cash_at_horizon": plain(of.cash),
                "replications": [course(went) for went in of.runs],
            },
            "cash": plain(of.curves),
            "provenance": provenance(
                "rollout",
                wish.variant,
                policy=wish.policy,
                seed=wish.runs.seed,
                replications=wish.replications,
                start=wish.runs.start,
                horizon_years=wish.horizon / YEAR,
                limit_years=wish.limit / YEAR,
                terms=wish.plan.terms,
                investments=wish.investments,
            ),
        }


def rollout(
    schemes: Any = None,
    *,
    policy: str = "classes",
    order: Sequence[str] | str = (),
    cash: float | None = None,
    retained: float | None = None,
    plan: Design[Any] | Plan | None = None,
    prices: Any = None,
    investments: Mapping[str, float] | None = None,
    horizon: float = 3.0,
    limit: float = 8.0,
    replications: int = 3,
    seed: int = 1,
    start: str = "01-01",
    workers: int | None = 1,
    plant: PlantModel[Any, Any] = PLANT,
    design: Design[Any] | Any | None = None,
    known: Mapping[str, Scheme] | None = None,
) -> SelfFinanced:
    """Let a programme pay for itself: on paper, in the model, and on the running plant.

    Parameters
    ----------
    schemes : scheme set, Design or Variant, optional
        The programme, bought as steps in the plant's order; the plant's own by default.
    policy : str
        The order: ``classes``, ``payback``, ``best`` or ``hard-first``.
    order : sequence of str
        Your own order of the steps that cost money, instead of a policy.
    cash, retained : float, optional
        In hand at the start, in the currency; share of the savings that is spent again, 0 to 1.
    plan : Design or Plan, optional
        Lead times, downtimes and terms, as ``plant.own_plan(settings="F11.lead_time=60 d")``.
    prices : Design or prices, optional
        Another set of prices, as ``plant.economy.own_prices(settings="steam=80")``.
    investments : Mapping[str, float], optional
        What schemes cost once, in the currency, where nobody says or instead.
    horizon, limit : float
        Years after which cash is compared, and after which a programme is given up.
    replications : int
        Runs of the plant; 0 for the arithmetic alone.
    seed, start
        Draws, and first day; see `Horizon`.
    workers : int, optional
        Processes; None takes what pays.
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
    >>> rollout(policy="payback", replications=0).of.order[:3]
    ('F1-F4', 'F6', 'F5')
    """
    variant = programme_of(plant, schemes, design=design, known=known)
    economy = plant.economy
    wish = Wish(
        variant,
        _plan(plant, plan, cash, retained),
        economy.priced(prices).tree,
        check_investments(investments, variant.known),
        word("policy", policy, POLICIES),
        (),
        number("horizon", horizon, *HORIZONS) * YEAR,
        number("limit", limit, *LIMITS) * YEAR,
        Horizon(seed=seed, start=start),
        count("replications", replications, 0, MOST_REPLICATIONS),
    )
    if wish.limit < wish.horizon:
        raise ValueError(f"limit: expected no less than horizon, {horizon:g}, came {limit:g}")
    if wanted := _order(wish.bought, order):
        wish = replace(wish, policy="order", order=wanted)
    if wish.policy not in (*wish.policies, "order"):
        raise ValueError(
            f"policy: best is of {MOST_TO_SEARCH} or fewer schemes that cost something; the orders "
            f"of {variant.name} are too many to search"
        )
    plant.check_change(variant.having(()).tree, variant.tree)
    return SelfFinanced(take(wish, workers))


def _plan(plant: PlantModel[Any, Any], plan: Any, cash: Any, retained: Any) -> Plan:
    """Return the plan that is asked for, its terms set."""
    plan = plant.plan if plan is None else plan
    design = Design(plan, {}) if isinstance(plan, Plan) else plan
    if not isinstance(design, Design) or not isinstance(design.tree, Plan):
        raise TypeError(
            f"plan must be a Plan or a Design of one, like own_plan('own.toml'), not {told(plan)}"
        )
    terms = {}
    if cash is not None:
        terms["terms.starting_cash"] = number("cash", cash, 0.0, MOST)
    if retained is not None:
        terms["terms.retained"] = number("retained", retained, 0.0, 1.0)
    found: Plan = set_values(design, terms).tree if terms else design.tree
    return found


def _order(bought: Sequence[Measure], order: Sequence[str] | str) -> tuple[str, ...]:
    """Return the steps as they are to be bought, those that are free first; none for a policy."""
    costly = [measure.name for measure in bought if measure.investment]
    free = [measure.name for measure in bought if not measure.investment]
    if not order:
        return ()
    parts = order.split(",") if isinstance(order, str) else order
    wanted = [str(name).strip() for name in parts]
    paid = [name for name in wanted if name and name not in free]
    for name in paid:
        if name not in costly:
            raise LookupError(f"order: no step {told(name)}{did_you_mean(name, costly)}")
    if sorted(paid) != sorted(costly):
        came = told(", ".join(wanted))
        raise ValueError(f"order: expected each of {', '.join(costly)} once, came {came}")
    return (*free, *paid)


def _draw(of: Course) -> Figure:
    from experiments.output.pictures import blank
    from plant_models.chlorobenzene.figures.cash import cash_curves

    economy = of.wish.variant.plant.economy
    figure, (ax,) = blank(4.8, 1)
    cash_curves(of.curves, ax, unit=economy.unit, word=economy.unit_word)
    ax.set_title(f"Cash of the programme {of.wish.variant.name}")
    return figure
