"""A self-financed programme as text, for a terminal of 100 columns; 10^4 RMB and months."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from experiments.output.files import ends_of
from experiments.output.text import ONE_REPLICATION
from experiments.runner.studies import installed_version, settings_of
from experiments.studies.rollout.study import RolloutStudy
from plant_models.chlorobenzene.paper.printed import TEN_THOUSAND
from plant_models.methods.rollout import MONTH, YEAR, Rollout
from sim.statistics.intervals import Interval, interval
from sim.tables import text_table


def in_full(study: RolloutStudy) -> dict[str, Any]:
    """Return all of a study as JSON can hold it; months and RMB."""
    wish = study.wish
    return {
        "order": list(study.order),
        "policies_on_paper": {p: _told(w, wish.horizon) for p, w in study.policies.items()},
        "policies_in_the_model": {p: _told(w, wish.horizon) for p, w in study.modelled.items()},
        "rungs": {rung.name: _told(rung.went, wish.horizon) for rung in study.rungs},
        "running_plant": {
            "finished_months": ends_of(study.finished),
            "cash_at_horizon": ends_of(study.cash),
            "replications": [_told(went, wish.horizon) for went in study.runs],
        },
        "cash": study.curves,
        "provenance": provenance(study),
    }


def provenance(study: RolloutStudy) -> dict[str, Any]:
    """Return what a study is made of."""
    wish = study.wish
    return {
        "program": "cleanerline",
        "command": "rollout",
        "version": installed_version("cleanerline"),
        "schemes": list(study.schemes),
        "policy": wish.policy,
        "seed": study.case.seed,
        "replications": len(study.runs),
        "start": study.case.start,
        "horizon_years": wish.horizon / YEAR,
        "limit_years": wish.limit / YEAR,
        "terms": {
            name: getattr(wish.plan.terms, name) for name in ("starting_cash", "retained", "books")
        },
        "investments": dict(wish.investments),
        "settings": settings_of(study.case.design),
    }


def _told(went: Rollout, horizon: float) -> dict[str, Any]:
    return {
        "finished_months": None if went.finished is None else went.finished / MONTH,
        "cash_at_horizon": went.cash(horizon),
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


def rollout_report(study: RolloutStudy) -> str:
    """Return policies, rungs from paper to plant, and the steps on the running plant."""
    years = study.wish.horizon / YEAR
    cash = f"cash after {years:g} years"
    sections = [
        [_heading(study)],
        _policies("printed savings, nothing takes time", study.policies, study, cash),
        _policies("savings of the model, all takes time", study.modelled, study, cash),
        _rungs(study, cash),
        _steps(study),
        _notes(study),
    ]
    return "\n\n".join("\n".join(lines) for lines in sections if lines)


def _heading(study: RolloutStudy) -> str:
    terms = study.wish.plan.terms
    return (
        f"Schemes {study.name}, bought out of what they save: {_wan(terms.starting_cash)} in hand, "
        f"{terms.retained:.0%} of the savings retained; 10^4 RMB"
    )


def _policies(
    title: str, policies: Mapping[str, Rollout], study: RolloutStudy, cash: str
) -> list[str]:
    rows = [
        [policy, _months(went.finished), _wan(went.cash(study.wish.horizon)), " ".join(went.order)]
        for policy, went in policies.items()
    ]
    return text_table([title, "months", cash, "order"], rows, left=(0, 3)) if rows else []


def _rungs(study: RolloutStudy, cash: str) -> list[str]:
    title = f"bought in the order {study.wish.policy if not study.wish.order else 'given'}"
    rows, before = [], None
    for rung in study.rungs:
        finished = rung.went.finished
        longer = _longer(finished, before)
        rows.append(
            [rung.name, _months(finished), longer, _wan(rung.went.cash(study.wish.horizon))]
        )
        before = finished
    if study.runs:
        done = study.finished
        mean = None if done is None else done.mean * MONTH
        money = study.cash
        assert money is not None
        rows.append(
            [
                f"and breakdowns, trips and start-ups{_spread(done, 1.0)}",
                _months(mean),
                _longer(mean, before),
                f"{_wan(money.mean)}{_spread(money, TEN_THOUSAND)}",
            ]
        )
    return text_table([title, "months", "longer by", cash], rows)


def _steps(study: RolloutStudy) -> list[str]:
    if not study.runs:
        return []
    rows = []
    for name in study.order:
        built = [step for went in study.runs for step in went.steps if step.name == name]
        told = f"{len(built)} of {len(study.runs)}"
        if not built:
            rows.append([name, "", "", "", told])
            continue
        bought = interval([step.bought / MONTH for step in built])
        works = interval([step.works / MONTH for step in built])
        rows.append(
            [
                name,
                _wan(built[0].investment),
                f"{bought.mean:.1f}{_spread(bought, 1.0)}",
                f"{works.mean:.1f}{_spread(works, 1.0)}",
                told,
            ]
        )
    return text_table(
        ["on the running plant", "costs", "bought, month", "works, month", "replications"], rows
    )


def _notes(study: RolloutStudy) -> list[str]:
    lines = [
        "savings on the running plant: what it earns more than without schemes under the same",
        "breakdowns, goods in its tanks counted; a stop for an installation is a loss",
        "lead times, downtimes and the retained share are assumed: data/installation.toml",
    ]
    late = sum(went.finished is None for went in study.runs)
    if late:
        lines.append(
            f"{late} of {len(study.runs)} replications did not finish in "
            f"{study.wish.limit / YEAR:g} years; the mean is that of the others"
        )
    if len(study.runs) == 1:
        lines.append(ONE_REPLICATION)
    if not study.policies:
        lines.append("the source prints no savings of these steps, so there is no arithmetic of it")
    return lines


def _longer(finished: float | None, before: float | None) -> str:
    if finished is None or before is None:
        return ""
    return f"{(finished - before) / MONTH:+.2f}"


def _spread(of: Interval | None, unit: float) -> str:
    return "" if of is None or of.n == 1 else f" +- {of.half_width / unit:.1f}"


def _months(hours: float | None) -> str:
    return "never" if hours is None else f"{hours / MONTH:.2f}"


def _wan(amount: float) -> str:
    return f"{amount / TEN_THOUSAND:.1f}".replace("-0.0", "0.0")
