"""What an optimum says to an engineer: text, tables, and all of it for JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import isclose
from typing import Any

import numpy as np

from experiments.output.answer import Table, paragraphs, plain
from experiments.studies.optimise import front
from experiments.studies.optimise.findings import Findings
from experiments.studies.optimise.question import BOTH, MONEY, times
from experiments.studies.optimise.running import Contender
from experiments.studies.optimise.turning import Turned
from plant_models.methods.choosing import Limit
from plant_models.methods.selection import Selection
from sim.errors import ConflictError
from sim.statistics.intervals import interval
from sim.tables import folded_table, indented, readable, text_table

LOOKED = "Every set was looked at, at rest."
TURNED, TURNED_FOR_BOTH = (
    "Set points were turned within their bounds (COBYQA).",
    "Set points of those on the front were turned within their bounds (COBYQA): for money, for "
    "tonnes, and for both at the price that the front has from end to end.",
)
RAN, RAN_FOR_BOTH = (
    "The best ran under the same breakdowns until all others were given up (procedure KN, Kim and "
    "Nelson 2001). 'best with at least' is a lower bound by Student's t and Bonferroni over the "
    "designs that ran; a design that was not among them has no chance in it.",
    "Points that lie apart on the front at rest ran under the same breakdowns; a place is told by "
    "Student's t of paired differences (tests of unions and intersections, Berger 1982; Bonferroni "
    "over designs and looks). A design that was not among them has no place.",
)
GOALS = {MONEY: "net income less annuity", BOTH: "money and {less} {against}"}
STEP = 10.0
"""Of budget, in the unit of the plant's money, that is told the worth of."""
SHOWN = 12
"""Rows of a table that has more."""
TIGHT = 0.02
"""Of the way from the base to a bound: what comes so near rests on it."""


def text(of: Findings) -> str:
    """Return the report."""
    return paragraphs(
        _heading(of),
        _verdict(of),
        _designs(of),
        _set_points(of),
        _budgets(of),
        _limits(of),
        [] if of.of.goal == BOTH else _front(of),
        _notes(of),
    )


def _heading(of: Findings) -> list[str]:
    ask = of.of
    goal = GOALS.get(ask.goal, "less {goal}").format(
        goal=ask.goal, against=ask.against, less=front.LESS[ask.sign]
    )
    budget = (
        "any budget" if ask.budget is None else f"a budget of {ask.budget:g} {times(_unit(of))}"
    )
    terms = ", ".join([budget, *map(str, ask.limits)])
    sets = f"{2 ** len(ask.ids):,} sets of {of.sets.name(2 ** len(ask.ids) - 1)}"
    best = "Front" if ask.goal == BOTH else "Best design"
    return indented(f"{best} of the {ask.plant.name} for {goal}, {terms}: {sets}", 0)


def _unit(of: Findings) -> str:
    return "" if of.of.worth is None else of.of.worth.economy.unit_word


def _verdict(of: Findings) -> list[str]:
    if of.best is None:
        return failures(of)
    best = of.best
    assert best is not None
    if of.of.goal == BOTH:
        lines = front.verdict(of)
    else:
        turned = ", set points turned" if _turned(of) else ""
        lines = [f"best: {_called(of, best.schemes)}{turned}"]
    if of.race is not None and of.race.best is not None:
        worth = of.race.best.worth
        lines.append(f"worth {_with_error(worth)} {of.of.of_worth} over the plant without schemes")
        lines += [] if of.of.goal == BOTH else [_sure(of)]
        lines += _over_programme(of)
        lines = [part for line in lines for part in indented(line, 0)]
    else:
        value = _value_at_rest(of)
        lines.append(f"worth {readable(value)} {of.of.of_worth} at rest; nothing has run")
    return lines


def _value_at_rest(of: Findings) -> float:
    """Return what the best is worth at rest, where nothing has run."""
    if of.of.goal == BOTH:
        best = of.front_at_rest[of.knee_at_rest or 0]
        return of.of.benefit(best.ids, of.sets.row(0), best.figures)
    return max((t.worth for t in of.turned if t.feasible), default=of.sets.choice.value)


def _called(of: Findings, ids: Sequence[str]) -> str:
    return of.sets.name(_number(of, ids))


def _number(of: Findings, ids: Sequence[str]) -> int:
    return sum(1 << of.of.ids.index(each) for each in ids)


def _turned(of: Findings) -> bool:
    return of.turns is not None and bool(of.turns.values)


def _sure(of: Findings) -> str:
    assert of.race is not None
    assert of.race.selection is not None
    assert of.rules is not None
    chance = of.probability or 0.0
    rivals = of.not_told_apart
    apart = (
        "all others that ran are told from it"
        if not rivals
        else f"not told from it: {'; '.join(rivals)}"
    )
    state = "" if of.race.selection.decided else f" after {of.rules.most} replications"
    if chance < LIKELY:
        return f"one of the best of those that ran{state}; {apart}"
    return f"best of those that ran with at least {int(100.0 * chance)}%{state}; {apart}"


LIKELY = 0.5
"""A lower bound of the chance to be the best that is below this says nothing."""


def _over_programme(of: Findings) -> Iterator[str]:
    race = of.race
    if race is None or "programme" not in race.beside:
        return
    own = race.beside["programme"]
    over = race.over(own)
    cost = of.of.cost(own.variant.schemes)
    invested = "" if np.isnan(cost) else f", which takes {readable(cost)} once"
    sign = "less" if over.mean < 0.0 else "more"
    yield (
        f"{_with_error(over, abs(over.mean))} {of.of.of_worth} {sign} than the plant's own "
        f"programme {own.name}{invested}"
    )


def _with_error(of: Any, mean: float | None = None) -> str:
    shown = readable(of.mean if mean is None else mean)
    return shown if of.n == 1 else f"{shown} +- {readable(of.half_width)}"


# ---- designs -----------------------------------------------------------------------------------


def _contenders(of: Findings) -> list[tuple[str, Contender]]:
    """Return who ran, each with what it is: best, rival, breaks a limit, beside."""
    race = of.race
    if race is None:
        return []
    found: list[tuple[str, Contender]] = []
    if race.selection is not None:
        best = race.selection.best
        order = sorted(
            range(len(race.rivals)), key=lambda i: (i != best, -race.rivals[i].worth.mean)
        )
        found += [("best" if i == best else "rival", race.rivals[i]) for i in order]
    found += [("breaks a limit", each) for each in race.dropped]
    words = {"none": "as it is", "programme": "programme"}
    found += [(words.get(name, "front"), each) for name, each in race.beside.items()]
    return found


def _chance(of: Findings, contender: Contender) -> float | None:
    race = of.race
    if race is None or contender not in race.rivals:
        return None
    assert isinstance(race.selection, Selection)
    return race.selection.chance(race.rivals.index(contender))


def _lead(of: Findings, contender: Contender) -> float:
    """Return how far a rival is behind the best, in the replications that both ran."""
    assert of.race is not None
    assert isinstance(of.race.selection, Selection)
    return of.race.selection.lead(of.race.rivals.index(contender)).mean


def _designs(of: Findings) -> list[str]:
    if of.of.goal == BOTH:
        return front.lines(of)
    if of.race is None:
        return _at_rest(of)
    header = ["in operation", "", "once", "worth", "+- 95 %", of.of.against, "+- 95 %", "behind",
              "better"]  # fmt: skip
    rows = []
    for kind, each in _contenders(of):
        tonnes, worth, chance = each.mean(of.of.against), each.worth, _chance(of, each)
        better = "" if chance is None or kind == "best" else f"{chance:.1%}"
        behind = "" if not better else readable(_lead(of, each))
        cost = of.of.cost(each.variant.schemes)
        rows.append(
            [each.name, kind, "?" if np.isnan(cost) else readable(cost), readable(worth.mean),
             readable(worth.half_width), readable(tonnes.mean), readable(tonnes.half_width), behind,
             better]
        )  # fmt: skip
    lines = text_table(header, rows, left=(0, 1))
    runs = len(of.race.beside["none"].rows)
    told = (
        f"worth: {of.of.unit}; once: {_unit(of)}; the best ran {runs} times, others until given up"
    )
    return [*lines, told, "behind: the best, pair by pair; better: chance that it truly is"]


def _at_rest(of: Findings) -> list[str]:
    rows = [
        [of.sets.name(n), readable(of.sets.cost[n]), readable(of.sets.value[n]),
         readable(of.sets.columns[of.of.against][n])]
        for n in of.sets.choice.ranked(SHOWN)
    ]  # fmt: skip
    header = ["at rest", "once", "worth", of.of.against]
    return text_table(header, rows) if rows else []


def _set_points(of: Findings) -> list[str]:
    own = of.turns
    if own is None or not own.values:
        return []
    rows = []
    for turn in own.turns:
        if turn.moved:
            point = turn.point
            rows.append(
                [point.path, readable(turn.before), readable(turn.after),
                 f"{readable(point.low)} to {readable(point.high)}", turn.rests, point.source]
            )  # fmt: skip
    header = ["set point", "was", "best", "believed from", "rests on", "whose bounds"]
    lines = [line for row in folded_table(header, rows, left=(0, 4, 5)) for line in row]
    lines += ["", f"turning them is worth {readable(_gained(of, own))} {of.of.of_worth} at rest"]
    for path, (side, beyond) in of.resting.items():
        lines += indented(f"{path} rests on its {side} bound: {beyond}.", 2)
    if of.resting:
        lines += indented(
            "A best on such a bound is the end of the model, not an optimum of the plant: try a "
            "part of the way first.",
            2,
        )
    return lines


def _gained(of: Findings, own: Turned) -> float:
    """Return what turning set points is worth: in money alone, where both are the goal."""
    if of.of.goal != BOTH:
        return own.gain
    base = of.sets.row(0)
    as_is = of.sets.benefit[_number(of, own.ids)]
    return float(of.of.benefit(own.ids, base, own.figures) - as_is)


def _budgets(of: Findings) -> list[str]:
    if of.of.worth is None:
        return []
    steps = of.sets.choice.ladder()
    if not steps:
        return []
    shown = steps if len(steps) <= SHOWN else [*steps[: SHOWN - 1], steps[-1]]
    rows = [[readable(cost), of.sets.name(n), readable(of.sets.value[n])] for cost, n in shown]
    of_what = "most money at rest" if of.of.goal == BOTH else "best set at rest"
    lines = text_table([f"budget from, {_unit(of)}", of_what, "worth"], rows, left=(1,))
    more = next_step(of)
    if more is not None:
        lines.append(
            f"10 {times(_unit(of))} of budget more are worth {readable(more)} {of.of.of_worth}"
        )
    if len(shown) < len(steps):
        lines.append(f"{len(steps) - len(shown)} steps between are in the table budgets")
    return lines


def next_step(of: Findings) -> float | None:
    """Return what ten units of budget more are worth at rest; None without a budget."""
    budget, choice = of.of.budget, of.sets.choice
    if budget is None or choice.best is None:
        return None
    return choice.with_budget(budget + STEP).value - choice.value


def limit_rows(of: Findings) -> list[tuple[Any, ...]]:
    """Return every limit: figure, base, best, bound, whether it binds, its price, chance kept."""
    choice, rows = of.sets.choice, []
    base = of.sets.row(0)
    best = best_row(of)
    for limit in of.of.all_limits:
        price = choice.price_of(limit) if choice.best is not None else float("nan")
        was = base[limit.name]
        bound, value = limit.allowed(was), best.get(limit.name, float("nan"))
        tight = abs(value - bound) <= TIGHT * abs(was - bound)
        binds = bool(price > 1e-9 or tight)
        rows.append((str(limit), was, value, bound, binds, price, _kept(of, limit)))
    return rows


def best_row(of: Findings) -> Mapping[str, float]:
    """Return the figures of the best at rest."""
    if of.turns is not None:
        return of.turns.figures
    best = of.best
    ids = best.schemes if best is not None else None
    if ids is None:
        return {}
    return of.sets.row(_number(of, ids))


def _kept(of: Findings, limit: Limit) -> float | None:
    race = of.race
    if race is None or race.best is None or str(limit) not in race.best.slack:
        return None
    return race.best.kept(limit)


def _limits(of: Findings) -> list[str]:
    rows = [
        [name, readable(was), "" if np.isnan(value) else readable(value), readable(bound),
         "binds" if binds else "",
         "" if np.isnan(price) else readable(price), "" if kept is None else f"{kept:.1%}"]
        for name, was, value, bound, binds, price, kept in limit_rows(of)
    ]  # fmt: skip
    if not rows:
        return []
    header = ["limit", "base", "best", "bound", "", "costs", "kept in operation"]
    lines = text_table(header, rows, left=(0, 4))
    told = f"costs: what the best at rest is worth more without it, {of.of.unit}; kept: chance"
    return [*lines, told]


def front_rows(of: Findings) -> list[tuple[Any, ...]]:
    """Return the front: set, once, money and tonnes at rest, and in operation where it ran."""
    if of.of.worth is None:
        return []
    ran = {} if of.race is None else of.race.beside
    rows = []
    for n in of.sets.in_money.front(of.of.against, of.of.sign):
        name = of.sets.name(n)
        run = ran.get(name)
        in_operation: tuple[Any, ...] = (None,) * 4
        if run is not None:
            tonnes = run.mean(of.of.against)
            money = interval(run.benefit.tolist())
            in_operation = (money.mean, money.half_width, tonnes.mean, tonnes.half_width)
        rows.append((name, float(of.sets.cost[n]), float(of.sets.benefit[n]),
                     float(of.sets.columns[of.of.against][n]), *in_operation))  # fmt: skip
    return rows


def _front(of: Findings) -> list[str]:
    rows = front_rows(of)
    if not rows:
        return []
    shown = rows if len(rows) <= SHOWN else [*rows[: SHOWN - 1], rows[-1]]
    cells = [
        [name, *map(readable, row[:3]), _plus(*row[3:5]), _plus(*row[5:])] for name, *row in shown
    ]
    header = ["front, at rest", "once", "money", of.of.against, "money in operation", "tonnes"]
    return text_table(header, cells)


def _plus(mean: float | None, error: float | None) -> str:
    """Return a mean with its error; nothing of what did not run."""
    return "" if mean is None or error is None else f"{readable(mean)} +- {readable(error)}"


def _notes(of: Findings) -> list[str]:
    lines = [f"left out: {name}: {why}" for name, why in of.left_out.items()]
    chosen = () if of.best is None else of.best.schemes
    idle = asleep(of)
    if left := [name for name in idle if name not in chosen]:
        lines += indented(
            f"{', '.join(left)}: nothing moves with it at rest, so it is not chosen; what acts "
            "in time is compared in operation (compare).", 0)  # fmt: skip
    if ran := [name for name in idle if name in chosen]:
        lines += indented(
            f"{', '.join(ran)}: nothing moves with it at rest; it is chosen for what it did in "
            "operation.", 0)  # fmt: skip
    apart = sum(ConflictError.__name__ in error for error in of.sets.errors.values())
    if apart:
        lines.append(f"{apart} sets hold schemes that do not go together and were not chosen")
    if len(of.sets.errors) > apart:
        restless = len(of.sets.errors) - apart
        lines.append(f"{restless} sets have no state of rest and were not chosen")
    return lines + [part for said in _method(of) for part in indented(said, 0)]


def _method(of: Findings) -> Iterator[str]:
    """Yield what was done, and nothing else."""
    both = of.of.goal == BOTH
    yield LOOKED
    if of.turned:
        yield TURNED_FOR_BOTH if both else TURNED
    if of.race is not None:
        yield RAN_FOR_BOTH if both else RAN


LEAST = 1e-9  # t/yr and the like: a milligram, more than rounding leaves of nothing


def asleep(of: Findings) -> list[str]:
    """Return schemes that change nothing at rest, alone."""
    base = of.sets.row(0)
    quiet = []
    for i, name in enumerate(of.of.ids):
        row = of.sets.row(1 << i)
        same = all(
            isclose(row[n], base[n], rel_tol=1e-6, abs_tol=LEAST) for n in base if n != "closure"
        )
        if same:
            quiet.append(name)
    return quiet


def failures(of: Findings) -> list[str]:
    """Return that nothing fits, if nothing does."""
    if of.best is not None:
        return []
    if of.race is not None:
        return ["of the designs that ran none keeps all limits in operation; see the table"]
    return [nothing_fits(of)]


def nothing_fits(of: Findings) -> str:
    """Return why no set can be chosen."""
    choice = of.sets.choice
    alone = [str(limit) for limit in choice.limits if choice.without(limit).best is not None]
    if of.of.budget is not None and choice.with_budget(np.inf).best is not None:
        alone.insert(0, f"the budget of {of.of.budget:g} {times(_unit(of))}")
    hint = f"; without {' or '.join(alone)} there would be one" if alone else ""
    return f"no set keeps all limits within the budget{hint}"


# ---- tables and JSON ---------------------------------------------------------------------------


def tables(of: Findings) -> dict[str, Table]:
    """Return designs, budgets, limits, set points, front, and all sets at rest."""
    found: dict[str, Table] = {}
    header: tuple[str, ...]
    if of.of.goal == BOTH:
        found["front"] = front.table(of)
    elif of.race is not None:
        rows = [
            (each.name, kind, ", ".join(each.variant.schemes), of.of.cost(each.variant.schemes),
             each.worth.mean, *each.worth.ends, each.mean(of.of.against).mean,
             *each.mean(of.of.against).ends, len(each.rows), _chance(of, each))
            for kind, each in _contenders(of)
        ]  # fmt: skip
        header = ("design", "is", "schemes", "once", "worth", "low", "high", of.of.against,
                  "tonnes_low", "tonnes_high", "replications", "better")  # fmt: skip
        found["designs"] = Table(header, rows, front.units_of(of, header))
    ranked = of.sets.choice.ranked()
    header = ("schemes", "once", "worth", *of.sets.columns)
    found["sets"] = Table(
        header,
        [
            (of.sets.name(n), float(of.sets.cost[n]), float(of.sets.value[n]),
             *of.sets.row(n).values())
            for n in ranked
        ],
        {**of.of.units, **front.units_of(of, header)},
    )  # fmt: skip
    if of.of.worth is not None:
        header = ("budget", "schemes", "worth")
        found["budgets"] = Table(
            header,
            [(c, of.sets.name(n), float(of.sets.value[n])) for c, n in of.sets.choice.ladder()],
            front.units_of(of, header),
        )
        header = ("schemes", "once", "money", of.of.against, "run_money", "run_money_error",
                  "run_tonnes", "run_tonnes_error")  # fmt: skip
        found.setdefault("front", Table(header, front_rows(of), front.units_of(of, header)))
    if of.of.all_limits:
        columns = ("limit", "base", "best", "bound", "binds", "costs", "kept")
        found["limits"] = Table(columns, limit_rows(of))
    if of.turned:
        found["set_points"] = Table(
            ("schemes", "turned_for", "set_point", "was", "best", "low", "high", "rests_on",
             "source"),
            [
                (_called(of, each.ids), each.label, turn.point.path, turn.before, turn.after,
                 turn.point.low, turn.point.high, turn.rests, turn.point.source)
                for each in of.turned
                for turn in each.turns
            ],
        )  # fmt: skip
    return found


def in_full(of: Findings) -> dict[str, Any]:
    """Return the answer for JSON."""
    best, every = of.best, tables(of)
    return {
        "best": None
        if best is None
        else {
            "schemes": list(best.schemes),
            "set_points": {} if of.turns is None else of.turns.values,
            **({"knee": of.has_knee} if of.of.goal == BOTH else {}),
            "probability": of.probability,
            "not_told_apart": list(of.not_told_apart),
            "worth": None if of.race is None or of.race.best is None else plain(of.race.best.worth),
            "resting": {path: list(side) for path, side in of.resting.items()},
        },
        "unit": of.of.unit,
        "ten_more": plain(next_step(of)),
        "asleep": asleep(of),
        "left_out": dict(of.left_out),
        "failures": failures(of),
        **{name: plain(table.records) for name, table in every.items() if name != "sets"},
    }
