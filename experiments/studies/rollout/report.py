"""A self-financed programme as text, for a terminal of 100 columns; months, the plant's unit."""

from __future__ import annotations

from collections.abc import Mapping

from experiments.studies.rollout.course import Course
from experiments.studies.run.report import ONE_REPLICATION
from plant_models.methods.installation import AT_ONCE
from plant_models.methods.rollout import MONTH, YEAR, Rollout
from sim.statistics.intervals import Interval, interval
from sim.tables import text_table


def rollout_report(of: Course) -> str:
    """Return policies, rungs from paper to plant, and the steps on the running plant."""
    years = of.wish.horizon / YEAR
    cash = f"cash after {years:g} years"
    sections = [
        [_heading(of)],
        _policies("printed savings, nothing takes time", of.policies, of, cash),
        _policies("savings of the model, all takes time", of.modelled, of, cash),
        _rungs(of, cash),
        _steps(of),
        _notes(of),
    ]
    return "\n\n".join("\n".join(lines) for lines in sections if lines)


def _heading(of: Course) -> str:
    terms, economy = of.wish.plan.terms, of.wish.variant.plant.economy
    return (
        f"Schemes {of.wish.variant.name}, bought out of what they save: "
        f"{_money(of, terms.starting_cash)} in hand, {terms.retained:.0%} of the savings retained; "
        f"{economy.unit_word}"
    )


def _policies(title: str, policies: Mapping[str, Rollout], of: Course, cash: str) -> list[str]:
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


def _rungs(of: Course, cash: str) -> list[str]:
    title = f"bought in the order {of.wish.policy if not of.wish.order else 'given'}"
    rows: list[list[str]] = []
    before: float | None = None
    for rung in of.rungs:
        finished = rung.went.finished
        longer = _longer(finished, before)
        rows.append(
            [rung.name, _months(finished), longer, _money(of, rung.went.cash(of.wish.horizon))]
        )
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


def _steps(of: Course) -> list[str]:
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


def _notes(of: Course) -> list[str]:
    lines = [
        "savings on the running plant: what it earns more than without schemes under the same",
        "breakdowns, goods in its tanks counted; a stop for an installation is a loss",
    ]
    if of.wish.plan.other == AT_ONCE.tree.other:
        lines.append("this plant has no plan of installation: what is bought works at once")
    else:
        lines.append("lead times, downtimes and the retained share are assumed, see --plan")
    late = sum(went.finished is None for went in of.runs)
    if late:
        lines.append(
            f"{late} of {len(of.runs)} replications did not finish in "
            f"{of.wish.limit / YEAR:g} years; the mean is that of the others"
        )
    if len(of.runs) == 1:
        lines.append(ONE_REPLICATION)
    if not of.policies:
        lines.append("the source prints no savings of these steps, so there is no arithmetic of it")
    return lines


def _longer(finished: float | None, before: float | None) -> str:
    if finished is None or before is None:
        return ""
    return f"{(finished - before) / MONTH:+.2f}"


def _spread(found: Interval | None, unit: float) -> str:
    return "" if found is None or found.n == 1 else f" +- {found.half_width / unit:.1f}"


def _months(hours: float | None) -> str:
    return "never" if hours is None else f"{hours / MONTH:.2f}"


def _money(of: Course, amount: float) -> str:
    return of.wish.variant.plant.economy.told(amount, 1)
