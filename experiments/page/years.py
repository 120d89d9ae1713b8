"""Years with breakdowns of a few designs, which the page puts beside the steady figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from experiments.page import texts
from experiments.runner.horizon import Horizon
from experiments.runner.replicates import Replicated, replicated
from plant_models.chlorobenzene.run.indicators import AIR, WASTEWATER
from plant_models.chlorobenzene.substances.chemistry import COMPONENTS
from plant_models.model import Variant

KEPT = ("none", "F1-F4", "F1-F11", "all")
"""Designs whose years are kept: those that the page's buttons name."""

FIGURES = (
    *(f"air.{name}_t" for name in AIR),
    "wastewater_t",
    *(f"wastewater.{name}_t" for name in WASTEWATER),
    "chlorobenzene_t",
    "steam_t",
)
PLACES = {"air": "emission gas", "wastewater": "wastewater"}
MORE_IS_BETTER = "chlorobenzene_t"
STEADY = ("normal", "overflow")
"""Causes of what leaves in steady operation, too: an overflow is a permanent excess."""


@dataclass(frozen=True)
class Years:
    """Replications of some designs, a year each."""

    designs: tuple[Replicated, ...] = ()
    figures: tuple[str, ...] = ()  #: Indicators that are told
    more: str = ""  #: The one of which the worst year is the least
    by_cause: bool = True  #: Whether emissions are told by cause, as those of the line

    def as_json(self) -> dict[str, Any]:
        """Return mean, interval and worst year of each figure, and the share of abnormal hours."""
        count = len(self.designs[0].indicators) if self.designs else 0
        return {
            "count": count,
            "designs": [
                {
                    "schemes": "+".join(of.schemes) or "none",
                    "figures": {name: self._spread(of, name) for name in self.figures},
                    "abnormal": abnormal(of) if self.by_cause else {},
                }
                for of in self.designs
            ],
        }

    def _spread(self, of: Replicated, name: str) -> dict[str, float | None]:
        mean = of.means[name]
        values = [year[name] for year in of.indicators]
        sure = mean.n > 1
        return {
            "mean": mean.mean,
            "low": mean.low if sure else None,
            "high": mean.high if sure else None,
            "worst": (min if name == self.more else max)(values),
        }


def simulated(
    base: Variant[Any],
    count: int,
    *,
    workers: int | None = 1,
    designs: Sequence[str] = KEPT,
) -> Years:
    """Return ``count`` simulated years of each design; all meet the same draws.

    ``base``: the line before any scheme. With ``count`` 0 no year is run.
    """
    return Years(_run(base, count, designs, workers), tuple(_shown()), MORE_IS_BETTER)


def simulated_of(
    base: Variant[Any], count: int, figures: Sequence[str], more: str, *, workers: int | None = 1
) -> Years:
    """Return ``count`` simulated years of a plant without any scheme and with all.

    ``figures``, ``more``: as of `Years`.
    """
    return Years(_run(base, count, ("none", "all"), workers), tuple(figures), more, by_cause=False)


def _run(
    base: Variant[Any], count: int, designs: Sequence[str], workers: int | None
) -> tuple[Replicated, ...]:
    if not count:
        return ()
    variants = [base.having(schemes) for schemes in designs]
    return tuple(replicated(variants, Horizon(replications=count), workers=workers))


def abnormal(of: Replicated) -> Mapping[str, float]:
    """Return the share of each emission that steady operation does not have, 1.

    That is what start-ups, trips, devices that are down, repairs and spills make.
    """
    shares = {}
    for place, medium in PLACES.items():
        for name in AIR if place == "air" else WASTEWATER:
            at = COMPONENTS.index[name]
            amounts = [
                (entry.cause, float(kg[at]))
                for entry, kg in of.flows.items()
                if entry.medium == medium
            ]
            whole = sum(kg for _, kg in amounts)
            if whole > 0.0:
                odd = sum(kg for cause, kg in amounts if cause not in STEADY)
                shares[f"{place}.{name}_t"] = odd / whole
    return shares


def _shown() -> Sequence[str]:
    return [name for name in FIGURES if name in texts.names()["indicators"]]
