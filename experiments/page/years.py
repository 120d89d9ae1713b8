"""Years with breakdowns, which the page puts beside the steady figures: of a cube, or of few."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.bounds import EVENTS
from experiments.page import texts
from experiments.page.packing import SINGLE, packed
from experiments.runner.horizon import Horizon
from experiments.runner.replicates import Replicated, replicated
from experiments.studies import Worth
from experiments.studies.cube.cube import Cube
from experiments.studies.cube.figures import figure
from plant_models.chlorobenzene.run.indicators import AIR, WASTEWATER
from plant_models.chlorobenzene.substances.chemistry import COMPONENTS
from plant_models.model import Variant
from plant_models.outcome import PERMANENT
from sim.statistics.intervals import t_quantile

KEPT = ("none", "F1-F4", "F1-F11", "all")
"""Designs whose years are kept: those that the page's buttons name."""

FIGURES = (
    *(f"air.{name}_t" for name in AIR),
    "wastewater_t",
    *(f"wastewater.{name}_t" for name in WASTEWATER),
    "chlorobenzene_t",
    "steam_t",
)
NET = "net"
PLACES = {"air": "emission gas", "wastewater": "wastewater"}

MOST_NUMBERS = 500_000  # of a cube: 2.7 MB, for the page to stay below eight


@dataclass(frozen=True)
class Years:
    """Years of some designs."""

    designs: tuple[Replicated, ...] = ()  #: Run for the page, a year each
    figures: tuple[str, ...] = ()  #: Indicators that are told of them
    by_cause: bool = True  #: Whether their emissions are told by cause, as those of the line
    cube: CubeYears | None = None  #: Of every set of some schemes; it comes first

    def as_json(self) -> dict[str, Any]:
        """Return the figures of every year, and the share of abnormal hours."""
        count = len(self.designs[0].indicators) if self.designs else 0
        return {
            **_horizon(count, 1.0),
            "designs": [
                {
                    "schemes": "+".join(of.schemes) or "none",
                    "figures": {
                        name: [year[name] for year in of.indicators] for name in self.figures
                    },
                    "abnormal": abnormal(of) if self.by_cause else {},
                }
                for of in self.designs
            ],
            "cube": None if self.cube is None else self.cube.as_json(),
        }


@dataclass(frozen=True, eq=False)
class CubeYears:
    """Years of every set of some schemes: a cube of runs with events."""

    cube: Cube
    figures: tuple[str, ...]  #: Indicators that are told
    worth: Worth | None  #: At which prices net income is told; none of a plant without them

    def as_json(self) -> dict[str, Any]:
        """Return the figures of every year and set, in 32 bits; scheme i is bit i of a set."""
        told = [*self.figures, *([] if self.worth is None else [NET])]
        table = np.stack([self._of(name) for name in told])  # figure, replication, set
        horizon = self.cube.origin
        return {
            **_horizon(horizon["replications"], horizon["years"]),
            "schemes": list(self.cube.schemes),
            "figures": told,
            "values": packed(table.reshape(-1, table.shape[2]).T, SINGLE),
        }

    def _of(self, name: str) -> NDArray[np.float64]:
        """Return a figure of every replication and set; money in the currency."""
        if name != NET:
            return self.cube.runs[:, :, list(self.cube.units).index(name)]
        assert self.worth is not None
        of = [figure(each, "net_income", self.worth).values for each in self.cube.replications]
        return np.asarray(of) * self.worth.economy.unit


def _horizon(count: int, years: float) -> dict[str, Any]:
    """Return how many years there are, how long each is, and what makes an interval of them."""
    return {
        "count": count,
        "years": years,
        "t": t_quantile(count - 1, 0.975) if count > 1 else None,
    }


def years_of(
    cube: Cube | None, figures: Sequence[str], schemes: Sequence[str], worth: Worth | None
) -> CubeYears | None:
    """Return the years of a cube as a page shows them, if there is one.

    Parameters
    ----------
    figures : Sequence[str]
        Indicators that are told.
    schemes : Sequence[str]
        Those that the page has switches for.
    worth : Worth
        Prices of net income; None of a plant without them.

    Raises
    ------
    ValueError
        A cube of steady states, of schemes without a switch, or for which a page has no room.
    """
    if cube is None:
        return None
    if cube.origin["clock"] != EVENTS:
        raise ValueError(
            "cube: it is of steady states, which the page has; expected runs with events: "
            "cube --simulate --replications 2 --out DIR"
        )
    strange = [name for name in cube.schemes if name not in schemes]
    if strange:
        raise ValueError(f"cube: it combines {strange[0]}, for which the page has no switch")
    times, sets = cube.runs.shape[:2]
    numbers = times * sets * (len(figures) + (worth is not None))
    if numbers > MOST_NUMBERS:
        raise ValueError(
            f"cube: {times} replications of {sets:,} sets are {numbers:,} numbers; a page holds "
            f"{MOST_NUMBERS:,}: take {max(1, times * MOST_NUMBERS // numbers)} replications, or "
            "fewer schemes"
        )
    return CubeYears(cube, tuple(figures), worth)


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
    return Years(_run(base, count, designs, workers), line_figures())


def simulated_of(
    base: Variant[Any], count: int, figures: Sequence[str], *, workers: int | None = 1
) -> Years:
    """Return ``count`` simulated years of a plant without any scheme and with all.

    ``figures``: as of `Years`.
    """
    return Years(_run(base, count, ("none", "all"), workers), tuple(figures), by_cause=False)


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
                odd = sum(kg for cause, kg in amounts if cause not in PERMANENT)
                shares[f"{place}.{name}_t"] = odd / whole
    return shares


def line_figures() -> tuple[str, ...]:
    """Return the indicators of the line that its years are told by."""
    return tuple(name for name in FIGURES if name in texts.names()["indicators"])
