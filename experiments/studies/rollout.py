"""A programme that pays for itself, from the source's arithmetic to the running plant."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from experiments.bounds import HORIZONS, LIMITS, MOST_REPLICATIONS, POLICIES
from experiments.output.answer import Answer, Table, paragraphs, plain
from experiments.output.provenance import changed, provenance
from experiments.runner.executors import check_workers
from experiments.runner.faults import at_work
from experiments.runner.horizon import Horizon
from experiments.runner.loop import each
from experiments.studies import Known, Own, Plant, ids_of, plant_of, unknown_at_rest
from experiments.studies.money import programme_of
from experiments.studies.run import how_wide
from plant_models.arguments import count, number, word
from plant_models.chlorobenzene.model import PLANT
from plant_models.methods.economics import MOST, TOTAL, check_investments
from plant_models.methods.installation import AT_ONCE, Plan, arithmetic, measures
from plant_models.methods.rebuilding import Reference, Setting, roll_out_running
from plant_models.methods.rollout import (
    MONTH,
    MOST_TO_SEARCH,
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
from plant_models.model import PlantModel, Variant
from sim.errors import all_at_once, did_you_mean, gives_each, told
from sim.model.facts import Design, set_values
from sim.model.schemes import COST_CLASSES, listed
from sim.statistics.intervals import Interval, interval
from sim.tables import counted, percent, text_table

if TYPE_CHECKING:
    from matplotlib.figure import Figure


FAILURES = "failures"
"""What is left out of the run that tells breakdowns from all else that the arithmetic lacks."""

BEST = "best"


@dataclass(frozen=True)
class Wish:
    """What is asked of a rollout, checked; see `rollout`.

    The horizon and the limit are in h; ``policy`` is ``order`` where an order is given, which is
    empty for a policy; ``runs`` are draws and first day of the running plant, 0 replications none.
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
        """The steps as what is to be bought, by class: of one class in the plant's order."""
        economy, known = self.variant.plant.economy, self.variant.known
        rank = {name: n for n, name in enumerate(COST_CLASSES)}
        dearest = {
            step: max(rank.get(known[each].cost_class, len(rank)) for each in schemes)
            for step, schemes in self.steps.items()
        }
        found = measures(economy, self.steps, self.plan, self.investments)
        return tuple(sorted(found, key=lambda measure: dearest[measure.name]))

    @property
    def policies(self) -> tuple[str, ...]:
        """Those that can be tried: not the best of more orders than can be searched."""
        costly = sum(measure.investment > 0.0 for measure in self.bought)
        return tuple(p for p in POLICIES if p != BEST or costly <= MOST_TO_SEARCH)


def take(wish: Wish, workers: int | None = 1) -> SelfFinanced:
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
    two_plants = 2.0 * wish.horizon / YEAR
    runs = each(_run_one, jobs, workers, "rollout", two_plants) if jobs else []
    if sound:
        rungs["and the running plant, nothing failing"] = runs.pop()
    return SelfFinanced(
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
            earned[names] = economy.earned(year, ids, wish.prices)
        return earned[names]

    return lambda names: earns(names) - earns(frozenset())


def _rungs(
    order: Sequence[Measure], paper: Worth | None, worth: Worth, terms: Terms
) -> dict[str, Rollout]:
    """Return the programme under one circumstance more at a time."""
    bare = [Measure(measure.name, measure.investment) for measure in order]
    at_once = Terms(limit=terms.limit)
    sharing = replace(at_once, starting_cash=terms.starting_cash, retained=terms.retained)
    waiting = replace(sharing, shutdown=terms.shutdown)
    rungs = {}
    if paper is not None:
        rungs = {
            "the source's arithmetic": roll_out(bare, paper, at_once),
            "and the cash and share of savings it has": roll_out(bare, paper, sharing),
            "and lead times, downtimes, shutdown": roll_out(order, paper, waiting),
            "and books closed by the month": roll_out(order, paper, terms),
        }
    return {**rungs, f"{'and ' if rungs else ''}the model's savings": roll_out(order, worth, terms)}


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


@dataclass(frozen=True, repr=False)
class SelfFinanced(Answer):
    """A programme that pays for itself."""

    wish: Wish
    order: tuple[str, ...]  #: Steps in the order in which they are bought
    policies: Mapping[str, Rollout]
    """Every policy on the source's own numbers; empty if it prints none of a step."""
    modelled: Mapping[str, Rollout]
    """Every policy on the model's incomes, with lead times and the rest."""
    rungs: Mapping[str, Rollout]
    runs: tuple[Rollout, ...]  #: One of each replication; empty if nothing was simulated

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
        """Cash month by month: rows of curve, month, mean, low, high; one run has no interval."""
        months = range(int(self.wish.horizon / MONTH + 1e-9) + 1)
        rows: list[dict[str, Any]] = [
            {"curve": name, "month": month, "mean": cash, "low": cash, "high": cash}
            for name, went in self.rungs.items()
            for month in months
            for cash in [went.cash(month * MONTH)]
        ]
        for month in months if self.runs else ():
            of = interval([went.cash(month * MONTH) for went in self.runs])
            told = dict(zip(("mean", "low", "high"), (of.mean, *of.ends), strict=True))
            rows.append({"curve": "running plant", "month": month, **told})
        return rows

    def report(self) -> str:
        """Return policies, rungs from paper to plant, and the steps on the running plant."""
        years = self.wish.horizon / YEAR
        cash = f"cash after {counted(years, 'year')}"
        return paragraphs(
            [_heading(self)],
            _policies("printed savings, nothing takes time", self.policies, self, cash),
            _policies("savings of the model, all takes time", self.modelled, self, cash),
            _rungs_table(self, cash),
            _steps(self),
            _notes(self),
        )

    def tables(self) -> Mapping[str, Table]:
        """Return the cash month by month of every rung, in the currency."""
        currency = self.wish.variant.plant.economy.currency.lower()
        header = ("curve", "month", *(f"{each}_{currency}" for each in ("mean", "low", "high")))
        return {"cash": Table(header, [tuple(row.values()) for row in self.curves])}

    def pictures(self) -> Mapping[str, Callable[[], Figure]]:
        """Return the cash over the months."""
        return {"cash": partial(_draw, self)}

    def as_json(self) -> dict[str, Any]:
        """Return all of it; months, and the currency."""
        wish = self.wish

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
            "order": list(self.order),
            "policies_on_paper": {name: course(went) for name, went in self.policies.items()},
            "policies_in_the_model": {name: course(went) for name, went in self.modelled.items()},
            "rungs": {name: course(went) for name, went in self.rungs.items()},
            "running_plant": {
                "finished_months": plain(self.finished),
                "cash_at_horizon": plain(self.cash),
                "replications": [course(went) for went in self.runs],
            },
            "cash": plain(self.curves),
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
                plan=changed(wish.variant.plant.plan.tree, wish.plan),
                prices=changed(wish.variant.plant.economy.prices().tree, wish.prices),
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
    plant: Plant = PLANT,
    design: Own = None,
    known: Known = None,
    workers: int | None = 1,
) -> SelfFinanced:
    """Let a programme pay for itself: on paper, in the model, and on the running plant.

    Parameters
    ----------
    policy : str
        The order: ``classes``, ``payback``, ``best`` or ``hard-first``.
    order : sequence of str
        Your own order of the steps that cost money, instead of a policy.
    cash, retained : float, optional
        In hand at the start, in the currency; share of the savings that is spent again, 0 to 1.
    plan : Design or Plan, optional
        Lead times, downtimes and terms, as ``plant.own_plan(settings="F11.lead_time=60 d")``.
    horizon, limit : float
        Years after which cash is compared, and after which a programme is given up.
    replications : int
        Runs of the plant; 0 for the arithmetic alone.
    seed, start, workers, plant, design, known
        See `run`.
    schemes, prices, investments
        See `money`.

    Examples
    --------
    >>> rollout("F1-F8", policy="payback", replications=0).order[:3]
    ('F1-F4', 'F6', 'F5')
    """
    plant = plant_of(plant)
    check_workers(workers)
    variant = programme_of(plant, schemes, design=design, known=known)
    economy = plant.economy
    wish = Wish(
        variant,
        _plan(plant, plan, cash, retained),
        economy.priced(prices).tree,
        check_investments(investments, variant.known, variant.schemes),
        word("policy", policy, POLICIES),
        (),
        number("horizon", horizon, *HORIZONS) * YEAR,
        number("limit", limit, *LIMITS) * YEAR,
        Horizon(seed=seed, start=start),
        count("replications", replications, 0, MOST_REPLICATIONS),
    )
    if not replications:
        wish.runs.refuse_at_rest("replications=3, --replications 3", but=("start",))
    if wish.limit < wish.horizon:
        raise ValueError(
            f"limit: expected no less than horizon, {float(horizon):g}, came {float(limit):g}"
        )
    if wanted := _order(wish, order):
        if wish.policy != POLICIES[0]:
            raise ValueError(f"order: goes without policy, which is {wish.policy}; leave one out")
        wish = replace(wish, policy="order", order=wanted)
    if wish.policy not in (*wish.policies, "order"):
        raise ValueError(
            f"policy: best is of {MOST_TO_SEARCH} or fewer schemes that cost something; the orders "
            f"of {variant.name} are too many to search"
        )
    if replications:
        _check_changes(variant)
    return take(wish, workers)


def _check_changes(variant: Variant[Any]) -> None:
    """Raise ValueError with each scheme that cannot be built while the plant runs."""
    bare, faults = variant.having(()), list[Exception]()
    for name in variant.schemes:
        try:
            variant.plant.check_change(bare.tree, variant.having((name,)).tree)
        except ValueError as fault:
            faults.append(
                ValueError(
                    f"{name}: {fault}; leave {name} out, or have nothing run: replications=0, "
                    "--replications 0"
                )
            )
    if faults:
        raise all_at_once(faults, "the schemes")


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


def _order(wish: Wish, order: Sequence[str] | str) -> tuple[str, ...]:
    """Return the steps as they are to be bought, those that are free first; none for a policy."""
    costly = [measure.name for measure in wish.bought if measure.investment]
    free = [measure.name for measure in wish.bought if not measure.investment]
    if not gives_each(order):
        raise TypeError(f"order: expected steps, like 'F5,F7', came {told(order)}")
    pieces = listed(order) if isinstance(order, str) else [*order]
    wanted = [name for piece in pieces if piece != "" for name in _named(wish, piece)]
    if not wanted:
        return ()
    paid = [name for name in wanted if name not in free]
    if sorted(paid) != sorted(costly):
        came = told(", ".join(map(str, pieces)))
        raise ValueError(f"order: expected each of {', '.join(costly)} once, came {came}")
    return (*free, *paid)


def _named(wish: Wish, piece: str) -> Sequence[str]:
    """Return the steps that are written as one piece of an order: a step, or schemes of some."""
    steps = wish.steps
    if piece in steps:
        return (piece,)
    within = {scheme: step for step, schemes in steps.items() for scheme in schemes}
    ids = ids_of("order", [piece], wish.variant.known)
    for name in ids:
        if name not in within:
            raise LookupError(f"order: no step {told(name)}{did_you_mean(name, steps)}")
    return [*dict.fromkeys(within[name] for name in ids)]


def _draw(of: SelfFinanced) -> Figure:
    from plant_models.chlorobenzene.figures.cash import cash_curves
    from plant_models.chlorobenzene.figures.style import blank

    economy = of.wish.variant.plant.economy
    figure, (ax,) = blank(4.8, 1)
    first = "on paper" if of.policies else "by the model's savings"
    cash_curves(of.curves, ax, unit=economy.unit, word=economy.unit_word, first=first)
    ax.set_title(f"{of.wish.variant.name}: {ax.get_title()[0].lower()}{ax.get_title()[1:]}")
    return figure


def _heading(of: SelfFinanced) -> str:
    terms, economy = of.wish.plan.terms, of.wish.variant.plant.economy
    return (
        f"Schemes {of.wish.variant.name}, bought out of what they save: "
        f"{_money(of, terms.starting_cash)} in hand, {percent(terms.retained)} of the savings "
        f"retained; {economy.unit_word}"
    )


def _policies(
    title: str, policies: Mapping[str, Rollout], of: SelfFinanced, cash: str
) -> list[str]:
    rows = [
        [
            policy,
            _months(went.finished),
            _money(of, went.cash(of.wish.horizon)),
            " ".join(went.order),
        ]
        for policy, went in policies.items()
    ]
    return text_table([title, "months", cash, "order"], rows, left=(0, 3)) if rows else []


def _rungs_table(of: SelfFinanced, cash: str) -> list[str]:
    title = f"bought in the order {of.wish.policy if not of.wish.order else 'given'}"
    rows: list[list[str]] = []
    before: float | None = None
    for name, went in of.rungs.items():
        finished = went.finished
        longer = _longer(finished, before)
        rows.append([name, _months(finished), longer, _money(of, went.cash(of.wish.horizon))])
        before = finished
    if of.runs:
        done = of.finished
        mean = None if done is None else done.mean * MONTH
        money = of.cash
        assert money is not None
        rows.append(
            [
                f"and breakdowns, trips and start-ups{_spread(done, 1.0)}",
                _months(mean),
                _longer(mean, before),
                f"{_money(of, money.mean)}{_spread(money, of.wish.variant.plant.economy.unit)}",
            ]
        )
    return text_table([title, "months", "longer by", cash], rows)


def _steps(of: SelfFinanced) -> list[str]:
    if not of.runs:
        return []
    rows = []
    for name in of.order:
        built = [step for went in of.runs for step in went.steps if step.name == name]
        told = f"{len(built)} of {len(of.runs)}"
        if not built:
            rows.append([name, "", "", "", told])
            continue
        bought = interval([step.bought / MONTH for step in built])
        works = interval([step.works / MONTH for step in built])
        rows.append(
            [
                name,
                _money(of, built[0].investment),
                f"{bought.mean:.1f}{_spread(bought, 1.0)}",
                f"{works.mean:.1f}{_spread(works, 1.0)}",
                told,
            ]
        )
    return text_table(
        ["on the running plant", "costs", "bought, month", "works, month", "replications"], rows
    )


ON_THE_RUNNING_PLANT = (
    "savings on the running plant: what it earns more than without schemes under the same",
    "breakdowns, goods in its tanks counted; a stop for an installation is a loss",
)


def _notes(of: SelfFinanced) -> list[str]:
    lines = list(ON_THE_RUNNING_PLANT) if of.runs else []
    if of.wish.plan.other == AT_ONCE.tree.other:
        lines.append("this plant has no plan of installation: what is bought works at once")
    else:
        lines.append("lead times, downtimes and the retained share are assumed, see --plan")
    late = sum(went.finished is None for went in of.runs)
    if late:
        rest = "" if late == len(of.runs) else "; the mean is that of the others"
        lines.append(
            f"{late} of {counted(len(of.runs), 'replication')} did not finish in "
            f"{counted(of.wish.limit / YEAR, 'year')}{rest}"
        )
    lines += [*how_wide(len(of.runs)), *_losing(of)]
    if not of.policies:
        lines.append("no source prints savings of these steps, so there is no arithmetic of it")
    return lines + unknown_at_rest(of.wish.variant, of.wish.variant.schemes, "--replications")


def _losing(of: SelfFinanced) -> Iterator[str]:
    """Yield which free steps lose money, where the programme never comes to its others."""
    worth, wish = model_worth(of.wish), of.wish
    free = [measure.name for measure in wish.bought if not measure.investment]
    losing = [name for name in free if worth(frozenset([name])) < 0.0]
    if losing and all(went.finished is None for went in of.modelled.values()):
        names = ", ".join(losing)
        yield f"{names}: free, so in place first, yet alone at a loss, which buys nothing;"
        yield "try the schemes without"


def _longer(finished: float | None, before: float | None) -> str:
    if finished is None or before is None:
        return ""
    return f"{(finished - before) / MONTH:+.2f}"


def _spread(found: Interval | None, unit: float) -> str:
    return "" if found is None or found.n == 1 else f" +- {found.half_width / unit:.1f}"


def _months(hours: float | None) -> str:
    return "never" if hours is None else f"{hours / MONTH:.2f}"


def _money(of: SelfFinanced, amount: float) -> str:
    return of.wish.variant.plant.economy.told(amount, 1)
