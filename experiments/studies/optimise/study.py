"""What should we do? The best set of schemes and set points under a budget and limits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.bounds import MOST_CONTENDERS, MOST_REPLICATIONS
from experiments.output.answer import Answer, Table, plain
from experiments.output.files import check_place
from experiments.output.provenance import provenance
from experiments.runner import PlantYears
from experiments.runner.faults import failed, run_of
from experiments.runner.horizon import Horizon
from experiments.studies import Known, Own, Plant, Worth, ids_of, plant_of
from experiments.studies.optimise import monday, report
from experiments.studies.optimise.findings import Findings
from experiments.studies.optimise.question import BOTH, MONEY, Question
from experiments.studies.optimise.running import Race, Track, race
from experiments.studies.optimise.sets import Sets, all_sets
from experiments.studies.optimise.turning import Turned, turned
from experiments.studies.optimise.weighing import at_rest, slope, spread, weighed
from plant_models.arguments import count, number, word, words
from plant_models.chlorobenzene.figures.style import blank, raised, thousands
from plant_models.chlorobenzene.model import PLANT
from plant_models.languages import LANGUAGES
from plant_models.methods.choosing import AT_MOST, Candidates, Limit, read_limits
from plant_models.methods.economics import MOST
from plant_models.methods.selection import Pace, Rules
from plant_models.methods.set_points import SetPoint
from plant_models.model import PlantModel, Schemes, Variant
from sim.errors import ConflictError, gives_each, told
from sim.model.tree import design_hash
from sim.statistics.intervals import interval

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Picture

MOST_SCHEMES = 14
CONFIDENCE = 0.95
RUNNING = "replications=8, --replications 8"
"""What asks for runs with events."""
FEW, CONTENDERS = 4, {BOTH: 8}
MORE = 2
"""Sets of a front are turned for each of its points that run: turned, others come to the front."""
WIDER = 10
"""Sets are turned for each that runs: which is best as it is need not be so when turned."""
ALL, NONE = "all", "none"
RESERVES = (0.05, 0.1)
"""Sets that keep the limits with so much to spare run, too: a year is not a state of rest."""
NEAR = 0.05
"""Where none keeps the limits: sets that are so much more short of them than the nearest, 1."""
SHORT_OF = 0.1
"""Sets that are so much short of the limits are turned, too: set points may make up for it."""
SHARE = 0.01
"""Indifference where nobody says: this share of what the best is worth at rest."""
FRONT = 4
"""Sets of the front that run beside the others, at most."""


@dataclass(frozen=True, repr=False)
class Optimum(Findings, Answer):
    """The best design under a budget and limits, and how sure that is."""

    @property
    def failures(self) -> Sequence[str]:
        """That nothing fits, if nothing does."""
        return report.failures(self)

    def report(self) -> str:
        """Return the best, its rivals, its set points, budget, limits and front."""
        return report.text(self)

    def tables(self) -> Mapping[str, Table]:
        """Return designs, budgets, limits, set points, and all sets at rest."""
        return report.tables(self)

    def pictures(self) -> Mapping[str, Callable[[], Picture]]:
        """Return money against tonnes; none of a plant without prices."""
        return {} if self.of.worth is None else {"front": self._front}

    def _front(self) -> Picture:
        choice, name = self.sets.in_money, self.of.against
        figure, (ax,) = blank(4.5, 1, width=9.0)
        there = np.flatnonzero(np.isfinite(choice.worth))
        column = self.sets.columns[name]
        may = choice.allowed[there]
        for some, grey, name_of in (
            (there[~may], "0.88", "sets beyond budget or limits"), (there[may], "0.65", "sets"),
        ):  # fmt: skip
            if len(some):
                ax.plot(column[some], choice.worth[some], ".", color=grey, markersize=4,
                        label=name_of)  # fmt: skip
        front = choice.front(name, self.of.sign)
        ax.plot(column[front], choice.worth[front], "o-", label="front, at rest", markersize=4)
        for of_its_own in {each.name: each for each in self.ran}.values():
            x, y = of_its_own.mean(name), of_its_own.benefit
            error = interval(y.tolist()).half_width
            ax.errorbar(x.mean, y.mean(), yerr=error, xerr=x.half_width, fmt="s", markersize=4,
                        label=of_its_own.name)  # fmt: skip
        self._join(ax)
        ax.set_xlabel(f"{name}, {self.of.plant.units[name]}")
        ax.set_ylabel(f"net benefit, {raised(self.of.worth.economy.unit_word)}/yr")  # type: ignore[union-attr]
        squares = ": squares ran, with 95 % intervals" if self.ran else ", at rest"
        ax.set_title(f"Money against tonnes{squares}")
        thousands(ax.xaxis, ax.yaxis)
        ax.legend(loc="upper left", bbox_to_anchor=(1.01, 1.0), frameon=False, fontsize="small")
        return figure

    def _join(self, ax: Any) -> None:
        """Join what is on the front in operation, and say where its knee is."""
        if self.front is None or self.race is None:
            return
        on = [self.race.rivals[i] for i in self.front.on]
        tonnes, money = [x.mean(self.of.against).mean for x in on], [x.worth.mean for x in on]
        ax.plot(tonnes, money, "-", color="0.3", label="front, in operation", zorder=3)
        if self.front.knee is not None:
            at = self.front.on.index(self.front.knee)
            ax.annotate(f"knee: {on[at].name}", (tonnes[at], money[at]), (8, -14),
                        textcoords="offset points", fontsize=8)  # fmt: skip

    def documents(self) -> Mapping[str, str | bytes]:
        """Return the page for a manager."""
        return self.documents_in("en")

    def documents_in(self, language: str) -> Mapping[str, str | bytes]:
        """Return the page for a manager, ``en`` or ``zh``."""
        return {"monday.md": self.page(language)}

    def page(self, lang: str = "en") -> str:
        """Return one page for a manager: what to do on Monday, as Markdown, ``en`` or ``zh``.

        Raises LookupError: no such language.
        """
        from experiments.output.phrases import told_in_lines

        word("lang", lang, LANGUAGES)
        return told_in_lines(monday.page(self, lang), lang, self.of.plant.written)

    def as_json(self) -> dict[str, Any]:
        """Return all of it, but the sets that are not the best."""
        return {**report.in_full(self), "provenance": self._provenance()}

    def _provenance(self) -> dict[str, Any]:
        of = self.of
        designs = [of.base] if self.best is None else [of.base, self.best]
        return provenance(
            "optimise",
            *designs,
            horizon=self.horizon,
            schemes=of.ids,
            goal=of.goal,
            against=of.against,
            budget=of.budget,
            limits=[str(each) for each in of.limits],
            set_points=[point.path for point in of.points],
            rules=plain(self.rules),
            **({} if of.worth is None else of.worth.asked),
        )


def optimise(
    schemes: Schemes | None = None,
    *,
    goal: str = MONEY,
    budget: float | None = None,
    limits: Any = None,
    against: str | None = None,
    set_points: str | Iterable[str] = ALL,
    contenders: int | None = None,
    confidence: float = CONFIDENCE,
    indifference: float | None = None,
    years: float = 1.0,
    seed: int = 1,
    replications: int = 8,
    at_most: int | None = None,
    start: str = "01-01",
    prices: Any = None,
    investments: Mapping[str, float] | None = None,
    workers: int | None = 1,
    scheduler: str | None = None,
    runs: Path | str | None = None,
    plant: Plant = PLANT,
    design: Own = None,
    known: Known = None,
) -> Optimum:
    """Find the best set of schemes and set points under a budget and limits.

    First every set is looked at, at rest. Then the set points of the best are turned within the
    bounds of their validity. Then the best of these run side by side under the same breakdowns,
    until all but one are given up (procedure KN of Kim and Nelson, see
    `plant_models.methods.selection`).

    Parameters
    ----------
    schemes : scheme set, optional
        Schemes to choose from, at most 14; by default those of the plant's programme whose cost is
        known.
    goal : str
        ``money``, net income less the annuity of the investment; an indicator that is to fall; or
        ``both``, money weighed against the indicator ``against``: the answer is their front.
    budget : float, optional
        Most that may be invested, in the unit that the plant's money is told in (chlorobenzene:
        10^4 RMB); without it any.
    limits : str, iterable of str, or mapping
        ``"air.benzene_t<=-60%"`` against the plant without schemes, ``"purity>=0.995"``,
        ``{"wastewater.chlorobenzene_t": "-90 %"}``. What the plant keeps holds without being asked.
    against : str, optional
        Indicator that the front weighs against money; the plant's first headline by default.
    set_points : str or iterable of str
        Paths of set points that may be turned, ``all`` that the plant names, or ``none``.
    contenders : int
        Sets that run; with limits, as many again may run that keep them with something to spare.
        4 by default, the best of ten times as many whose set points are turned; of ``both`` the
        points of the front, 8.
    confidence, indifference
        Probability that the best is selected if it leads by the indifference, in the unit of the
        goal; a hundredth of what the best is worth at rest by default. Of ``both``, probability
        that no place is wrong that is told, whatever the differences: there is no indifference.
    years, seed, start, replications, at_most
        Runs: length, draws, first day, replications before any design is given up (0: none run),
        and at which the choice is left open; twice as many by default.
    prices, investments
        See `money`.
    workers, scheduler, runs
        Where single runs are done, and kept; see `batch`. The same call goes on where one was
        killed.
    plant, design, known
        See `run`.

    Raises
    ------
    Lacks
        A budget, or the goals ``money`` and ``both``, of a plant without prices.
    LookupError, TypeError, ValueError
        Wrong input; a message that names it.
    """
    plant = plant_of(plant)
    base = plant.variant(design=design, known=known)
    asked = ids_of("schemes", plant.programme if schemes is None else schemes, base.known)
    worth = Worth.of(plant, prices, investments, base.known, asked)
    word("goal", goal, (MONEY, BOTH, *plant.emissions, *plant.utilities))
    question, left_out = _question(base, worth, asked, goal, budget, limits, against, set_points)
    few = CONTENDERS.get(goal, FEW) if contenders is None else contenders
    count("contenders", few, 1, MOST_CONTENDERS)
    number("confidence", confidence, 0.5, 0.9999)
    if indifference is not None:
        if goal == BOTH:
            raise ValueError(
                "indifference: not for the goal both, where what is too close stays open"
            )
        number("indifference", indifference, 1e-9, 1e9)
    count("replications", replications, 0, MOST_REPLICATIONS)
    if replications == 1:
        raise ValueError("replications: expected 0 or 2 and more, came 1: one tells no spread")
    most = 2 * replications if at_most is None else at_most
    count("at_most", most, replications, MOST_REPLICATIONS)
    horizon = Horizon(years, seed, max(replications, 1), start)
    if not replications:
        horizon.refuse_at_rest(RUNNING)
        _refuse_undrawn(confidence, indifference, at_most)
    store = None if runs is None else Path(check_place(runs, "runs"))
    where: dict[str, Any] = {"workers": workers, "scheduler": scheduler, "store": store}
    sets = all_sets(question, **where)
    if 0 in sets.errors:  # what every set is compared with
        rests = partial(question.plant.steady_state, question.base)
        failed(run_of(question.base), rests, sets.errors[0])
    _refuse_below_nothing(question, sets)
    found = _first_look(question, sets, few, workers, store)
    if not replications or not (found or sets.choice.best is not None):
        return Optimum(question, sets, found, None, None, None, left_out)
    rules = _rules(sets, found, indifference, confidence, replications, most)
    raced = _race(question, sets, found, few, horizon, rules, where)
    return Optimum(question, sets, found, raced, horizon, rules, left_out)


def _refuse_below_nothing(question: Question, sets: Sets) -> None:
    """Raise ValueError for a limit below 0 on what never is: it is meant as a change."""
    for limit in question.limits:
        least = np.nanmin(sets.columns[limit.name])
        if limit.sign == AT_MOST and limit.bound < 0.0 <= least and not limit.relative:
            change = Limit(limit.name, AT_MOST, limit.bound / 100.0, relative=True)
            raise ValueError(
                f"limits: {limit} is kept by no set: the least is {least:.4g}; a change against "
                f"the base has a per cent sign, as in {told(str(change))}"
            )


def _refuse_undrawn(confidence: float, indifference: float | None, at_most: int | None) -> None:
    """Raise ValueError for what says when a choice among runs is made, where nothing runs."""
    given = {
        "confidence": (confidence, confidence != CONFIDENCE),
        "indifference": (indifference, indifference is not None),
        "at_most": (at_most, at_most is not None),
    }
    for name, (value, asked) in given.items():
        if asked:
            raise ValueError(
                f"{name}: of states of rest the best is known, came {told(value)}; runs with "
                f"events are asked for by {RUNNING}"
            )


def _question(
    base: Variant[Any],
    worth: Worth | None,
    asked: tuple[str, ...],
    goal: str,
    budget: float | None,
    limits: Any,
    against: str | None,
    set_points: str | Iterable[str],
) -> tuple[Question, Mapping[str, str]]:
    plant = base.plant
    if worth is None and goal in (MONEY, BOTH):
        raise plant.lacks("prices", f"the goal {goal}")
    if worth is None and budget is not None:
        raise plant.lacks("prices", "a budget")
    if budget is not None:
        number("budget", budget, 0.0, MOST)
    ids, left_out = _pool(worth, asked)
    operators = plant.operators(base.tree)
    points = _points(plant, operators.set_points, set_points)
    names = {**plant.units, **operators.units}
    question = Question(
        base,
        ids,
        goal,
        plant.headlines[0] if against is None else word("against", against, plant.units),
        None if budget is None else float(budget),
        read_limits(limits, names),
        read_limits(operators.keeps, names),
        points,
        worth,
    )
    return question, left_out


def _pool(worth: Worth | None, ids: tuple[str, ...]) -> tuple[tuple[str, ...], dict[str, str]]:
    """Return the schemes to choose from, and those that cannot be chosen."""
    unknown = [] if worth is None else [one for one in ids if worth.investment([one]) is None]
    left_out = dict.fromkeys(unknown, "nobody says what it costs; see --invest")
    pool = tuple(one for one in ids if one not in left_out)
    if not 1 <= len(pool) <= MOST_SCHEMES:
        why = f" ({', '.join(unknown)}: {left_out[unknown[0]]})" if unknown else ""
        raise ValueError(
            f"schemes: expected 1 to {MOST_SCHEMES} schemes to choose from, came {len(pool)}{why}"
        )
    return pool, left_out


def _points(
    plant: PlantModel[Any, Any], known: Sequence[SetPoint], asked: str | Iterable[str]
) -> tuple[SetPoint, ...]:
    named = tuple(asked) if gives_each(asked) and not isinstance(asked, str) else asked
    if isinstance(named, str) and named == ALL:
        return tuple(known)
    if named in (NONE, ()):
        return ()
    by_path = {each.path: each for each in known}
    if not by_path:
        raise plant.lacks("set points", "a choice of them")
    return tuple(by_path[path] for path in words("set_points", named, by_path))


def _first_look(
    question: Question, sets: Sets, contenders: int, workers: int | None, store: Path | None
) -> tuple[Turned, ...]:
    """Return the best sets with their set points turned; none where there is nothing to turn."""
    if not question.points:
        return ()
    both = question.goal == BOTH
    many = contenders if both else WIDER * contenders
    best = [sets.ids(number) for number in _shortlist(question, sets, many)]
    aims = question.aims(slope(sets))
    if question.limits and not both:
        aims += tuple(_with_reserve(question, reserve) for reserve in RESERVES)
    jobs = [(aim, ids) for ids in best for aim in aims]
    if both:
        jobs += _ends(question, sets, aims)
    once = {(aim.label, ids): (aim, ids) for aim, ids in jobs}
    found = turned(once.values(), sets.row(0), workers, store)
    return tuple(found if both else _best_turned(question, sets, found, contenders))


def _ends(
    question: Question, sets: Sets, aims: Sequence[Question]
) -> Iterator[tuple[Question, tuple[str, ...]]]:
    """Yield as many sets by money alone, and by tonnes alone, as are turned where one is the goal.

    A front of sets as they are has few that come to its ends when turned.
    """
    tonnes = question.sign * sets.columns[question.against]
    for aim, worth in ((aims[0], sets.benefit), (aims[-1], tonnes)):
        for choice, few in _choices(question, sets, WIDER * FEW, _reserves(question)):
            yield from ((aim, sets.ids(n)) for n in replace(choice, worth=worth).ranked(few))


def _with_reserve(question: Question, reserve: float) -> Question:
    """Return a question whose limits are to be kept with something to spare.

    What is turned for the goal alone comes to rest on its limits, and a year is no state of rest.
    """
    limits = tuple(_tightened(each, reserve) for each in question.limits)
    return replace(question, limits=limits, label=f"turned, {100.0 * reserve:.0f} % to spare")


def _best_turned(
    question: Question, sets: Sets, found: Sequence[Turned], contenders: int
) -> list[Turned]:
    """Return the best of the sets as turned, and of those that keep the limits with reserves."""
    base = sets.row(0)
    ranked = sorted(found, key=lambda each: (not each.feasible, -each.worth))
    some: list[Turned] = []
    for choice, few in _choices(question, sets, contenders, (0.0, *RESERVES)):
        kept = [
            each
            for each in ranked
            if each.feasible
            and all(x.kept(each.figures[x.name], base[x.name]) for x in choice.limits)
        ]
        some += kept[:few]
    chosen = {(each.ids, each.label): each for each in some or ranked[:contenders]}
    return sorted(chosen.values(), key=ranked.index)


def _shortlist(question: Question, sets: Sets, contenders: int) -> list[int]:
    """Return the numbers of the best sets, and of the best that keep the limits with reserves."""
    found: list[int] = []
    for choice, few in _choices(question, sets, contenders, _reserves(question)):
        if question.goal == BOTH:
            front = choice.front(question.against, question.sign)
            found += [front[i] for i in spread(sets.weighed(front), MORE * few)]
        else:
            found += choice.ranked(few)
    if not found and question.points:
        found = _nearest(sets, contenders)
    return list(dict.fromkeys(found))


def _reserves(question: Question) -> tuple[float, ...]:
    """Return what sets are to have to spare of the limits to be looked at; negative: are short."""
    return (0.0, *RESERVES, *((-SHORT_OF,) if question.points else ()))


def _choices(
    question: Question, sets: Sets, contenders: int, reserves: Iterable[float]
) -> Iterator[tuple[Candidates, int]]:
    """Yield the choice with so much to spare of every limit, and how many of it are wanted."""
    for reserve in reserves if question.limits else (0.0,):
        tight = [_tightened(each, reserve) for each in question.limits]
        few = max(contenders // 2, 1) if reserve else contenders
        yield replace(sets.choice, limits=(*question.keeps, *tight)), few


def _nearest(sets: Sets, most: int) -> list[int]:
    """Return the best of the sets within the budget that are least short of the limits."""
    choice = sets.choice
    with np.errstate(invalid="ignore"):
        short = np.max([-each.slack(choice.figures[each.name], choice.figures[each.name][0])
                        / max(abs(each.allowed(float(choice.figures[each.name][0]))), 1e-30)
                        for each in choice.limits], axis=0)  # fmt: skip
        fits = np.isfinite(choice.worth) & (choice.cost <= choice.budget)
    there = np.flatnonzero(fits)
    if not len(there):
        return []
    near = there[short[there] <= short[there].min() + NEAR]
    return [int(i) for i in near[np.argsort(-choice.worth[near], kind="stable")][:most]]


def _tightened(limit: Limit, reserve: float) -> Limit:
    """Return a limit with so much to spare, of what it allows."""
    sign = 1.0 if limit.sign == ">=" else -1.0
    if limit.relative:
        return replace(limit, bound=limit.bound + sign * reserve * abs(1.0 + limit.bound))
    return replace(limit, bound=limit.bound + sign * reserve * abs(limit.bound))


def _rules(
    sets: Sets,
    found: Sequence[Turned],
    indifference: float | None,
    confidence: float,
    first: int,
    most: int,
) -> Pace:
    if sets.of.goal == BOTH:
        return Pace(confidence=confidence, first=first, most=most)
    delta = indifference
    if delta is None:
        value = max([abs(each.worth) for each in found], default=abs(sets.choice.value))
        delta = max(SHARE * value, 1e-6)
    return Rules(indifference=delta, confidence=confidence, first=first, most=most)


def _race(
    question: Question,
    sets: Sets,
    found: Sequence[Turned],
    contenders: int,
    horizon: Horizon,
    rules: Pace,
    where: Mapping[str, Any],
) -> Race:
    """Let the best designs run beside the plant as it is, its programme and the front."""
    plant = question.plant
    if question.goal == BOTH:
        runs = _weighed(question, sets, found, contenders)
    elif found:
        runs = [each.variant(question) for each in found if each.feasible]
        runs = runs or [each.variant(question) for each in found]
    else:
        runs = [question.variant(sets.ids(n)) for n in _shortlist(question, sets, contenders)]
    beside = {"none": question.base}
    own = tuple(each for each in plant.programme if each in question.base.known)
    if own:
        with suppress(ConflictError):  # alternatives are no programme
            beside["programme"] = question.base.having(own)
    if question.worth is not None and question.goal != BOTH:
        front = sets.in_money.front(question.against)
        step = max(1, -(-len(front) // FRONT))
        for n in front[::step]:
            beside[sets.name(n)] = question.variant(sets.ids(n))
    limits = tuple(each for each in question.all_limits if each.name in plant.units)
    task = PlantYears.over(question.base, horizon)
    return race(Track(question, limits, task, **where), runs, beside, rules)


def _weighed(
    question: Question, sets: Sets, found: Sequence[Turned], contenders: int
) -> list[Variant[Any]]:
    """Return points of the front at rest, and of those that keep the limits with reserves."""
    some: list[Turned] = []
    for choice, few in _choices(question, sets, contenders, (0.0, *RESERVES)):
        front = at_rest(sets, found, choice)
        some += [front[i] for i in spread(weighed(sets, front), few)]
    variants = [each.variant(question) for each in some or found]
    return list({design_hash(each.tree): each for each in reversed(variants)}.values())[::-1]
