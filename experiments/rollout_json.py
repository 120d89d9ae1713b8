"""A self-financed programme as JSON can hold it: months and RMB, and what it is made of."""

from __future__ import annotations

from typing import Any

from experiments.outputs import ends_of
from experiments.rollout import RolloutStudy
from experiments.studies import installed_version, settings_of
from plant_models.rollout import MONTH, YEAR, Rollout


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
