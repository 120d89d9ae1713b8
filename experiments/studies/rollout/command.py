"""The command about programmes that pay for themselves: ``rollout``."""

from __future__ import annotations

from typing import Any

from experiments.door.command import Ground, Option
from experiments.door.options import (
    ANSWER,
    LINE,
    SEED,
    START,
    WORKERS,
    choice,
    command,
    option,
    replications,
    schemes,
    together,
)
from experiments.door.prices import INVEST, PRICE
from experiments.door.types import Number
from experiments.studies.rollout.course import POLICIES
from experiments.studies.rollout.study import HORIZONS, LIMITS, SelfFinanced
from experiments.studies.rollout.study import rollout as study


class PlanOption(Option):
    """An option about how schemes are bought and built in: all become one ``plan``."""

    def settle(self, given: dict[str, Any], on: Ground) -> None:
        """Put the plan in place of what was written, and cash in the currency."""
        if "plan" in given:
            return
        given["plan"] = None
        file, settings = given.pop("plan_file", None), given.pop("plan_settings", None)
        cash = given.get("cash")
        if cash is not None:
            given["cash"] = cash * on.plant.economy.unit
        if file is not None or settings:
            given["plan"] = on.plant.own_plan(file, settings or ())


@command()
@together(
    schemes(None, "Scheme set, bought as steps of a programme."),
    choice("--policy", "classes", POLICIES, "Order: classes, payback, best or hard-first."),
    option("--order", metavar="A,B,...", default="",
           help="Your own order of the steps that cost money."),
    option("--cash", metavar="AMOUNT", type=Number(0.0, 1e6),
           help="In hand at the start, 10^4 RMB."),
    option("--retained", metavar="X", type=Number(0.0, 1.0),
           help="Share of the savings spent again, 0 to 1."),
    option("--plan-set", "plan_settings", multiple=True, metavar="PATH=VALUE", cls=PlanOption,
           help='Set a term, as in F11.lead_time="60 d" or terms.books=0; repeatable.'),
    option("--plan", "plan_file", metavar="FILE", cls=PlanOption, help="Your own terms in TOML."),
    PRICE,
    INVEST,
    option("--horizon", metavar="Y", default="3", show_default=True, type=Number(*HORIZONS),
           help="Years after which cash is compared."),
    option("--limit", metavar="Y", default="8", show_default=True, type=Number(*LIMITS),
           help="Years after which a programme is given up."),
    replications(3, "Runs of the plant; 0 for the arithmetic alone.", 0),
    SEED,
    START,
    WORKERS,
    LINE,
    ANSWER,
)  # fmt: skip
def rollout(schemes: Any, on: Ground, **asked: Any) -> SelfFinanced:
    """Let a programme pay for itself: on paper, in the model, and on the running plant."""
    return study(schemes, plant=on.plant, design=on.design, known=on.known, **asked)
