"""Lesson 5, source or end of pipe: the same calm emission, and then the devices break down."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, cached_property

import pandas as pd

from experiments.lessons.checking import Question, SeededLesson, spread
from experiments.studies.end_of_pipe import OVER, Match, Watched, matched, watched
from plant_models import chlorobenzene as cb
from plant_models.chlorobenzene.figures import sankey
from plant_models.chlorobenzene.money.economy import ECONOMY
from plant_models.chlorobenzene.money.end_of_pipe import (
    DEVICES,
    MEDIA,
    device_costs,
    organics,
)
from plant_models.chlorobenzene.money.prices import prices
from plant_models.chlorobenzene.paper.printed import TEN_THOUSAND
from plant_models.methods.finance import annuity
from sim.books.indicators import Indicators
from sim.model.facts import set_values
from sim.statistics.intervals import Interval, interval

SCHEMES = ("F6", "F10")
SOURCE, DEVICE, SOUND = "source", "devices", "devices that never fail"
WAYS: Mapping[str, tuple[str, ...]] = {SOURCE: SCHEMES, DEVICE: DEVICES, SOUND: DEVICES}
YEARS = 0.25
REPLICATIONS = 2
COLOURS = dict(sankey.MEDIA.values())
"""Of air and sewer, as on the page."""


@cache
def match() -> Match:
    """Return the devices set to emit what the schemes at the source do."""
    return matched(cb.PLANT.variant(SCHEMES))


@cache
def calm(*schemes: str) -> Indicators:
    """Return the steady state of a set."""
    return cb.steady_state(schemes, known=match().known).indicators


class Lesson(SeededLesson):
    """The student's own quarters of three plants under the same breakdowns."""

    @cached_property
    def runs(self) -> Mapping[str, tuple[Watched, ...]]:
        """Watched quarters by way; the last has devices that never fail."""
        hours = cb.BASELINE.tree.site.operating_hours
        bounds = {sink: OVER * organics(calm(*SCHEMES), sink) * 1000.0 / hours for sink in MEDIA}
        never = set_values(cb.BASELINE, cb.PLANT.devices.never)
        return {
            way: tuple(
                watched(
                    cb.PLANT.variant(
                        schemes, design=never if way == SOUND else None, known=match().known
                    ),
                    bounds,
                    years=YEARS,
                    seed=self.seed,
                    replication=r,
                )
                for r in range(REPLICATIONS)
            )
            for way, schemes in WAYS.items()
        }

    def calm_table(self) -> pd.DataFrame:
        """Return the organics of calm years to air and sewer, t/yr."""
        sets = {"before": (), SOURCE: SCHEMES, DEVICE: DEVICES}
        return _table(sets, lambda way, sink: organics(calm(*sets[way]), sink))

    def emitted(self) -> pd.DataFrame:
        """Return the organics to air and sewer under events, t/yr; mean of the runs."""
        return _table(
            WAYS,
            lambda way, sink: (
                interval([organics(run.indicators, sink) for run in self.runs[way]]).mean
            ),
        )

    def peaks(self) -> pd.DataFrame:
        """Return the organics of the worst hour, kg/h."""
        return _table(WAYS, self._highest)

    def _highest(self, way: str, sink: str) -> float:
        return max(run.exposures[sink].highest for run in self.runs[way])

    def bad_hours(self) -> pd.DataFrame:
        """Return the hours of all runs above `OVER` times the calm emission, h."""
        return _table(WAYS, lambda way, sink: sum(r.exposures[sink].beyond for r in self.runs[way]))

    def down(self) -> pd.DataFrame:
        """Return the hours a year in which each device was down, by run."""
        return pd.DataFrame([dict(run.down) for run in self.runs[DEVICE]]).round(1)

    @property
    def bed(self) -> tuple[float, float]:
        """Mean time between failures and mean time to repair of the carbon bed, h."""
        failure = cb.BASELINE.tree.carbon_bed.failure
        assert failure is not None
        return failure.mtbf, failure.mttr

    def bills(self) -> pd.DataFrame:
        """Return what each way costs a calm year, 10^4 RMB/yr; what is earned is negative."""
        return pd.DataFrame({way: _bill(way) for way in (SOURCE, DEVICE)}).T.round(2)

    def _availability(self) -> Question:
        between, repair = self.bed
        right = between / (between + repair)
        return self.ask(
            "availability",
            right,
            {"down": 1.0 - right, "by_uptime": 1.0 - repair / between},
            tolerance=0.0005,
        )

    def _expected(self) -> Question:
        between, repair = self.bed
        down = repair / (between + repair)
        before, after = (organics(calm(*ids), "air") for ids in ((), DEVICES))
        right = down * (before - after)
        return self.ask(
            "expected",
            right,
            {
                "everything": down * before,
                "while_up": (1.0 - down) * (before - after),
                "emitted": down * after,
            },
            tolerance=0.02 * right,
        )

    def _let_by(self) -> Question:
        found = self._more_than_sound()
        total = interval([_all(run.indicators) for run in self.runs[DEVICE]])
        return self.ask(
            "let_by",
            found,
            {"total": total.mean, "sign": -found.mean},
            within={"total": spread(total)},
            tolerance=max(spread(found), 0.02),
        )

    def _more_than_sound(self) -> Interval:
        pairs = zip(self.runs[DEVICE], self.runs[SOUND], strict=True)
        return interval([_all(real.indicators) - _all(sound.indicators) for real, sound in pairs])

    def _peak(self) -> Question:
        highest = {(way, sink): self._highest(way, sink) for way in WAYS for sink in MEDIA}
        right = max(highest[DEVICE, sink] / highest[SOURCE, sink] for sink in MEDIA)
        return self.ask("peak", right, {"upside_down": 1.0 / right}, tolerance=0.01 * right)

    def _cheaper(self) -> Question:
        bills = self.bills()["all"]
        right = str(bills.idxmin())
        other = DEVICE if right == SOURCE else SOURCE
        return self.ask("cheaper", right, {"other": other}, source=SOURCE, device=DEVICE)


def _all(year: Mapping[str, float]) -> float:
    return sum(organics(year, sink) for sink in MEDIA)


def _table(rows: Mapping[str, tuple[str, ...]], value: Callable[[str, str], float]) -> pd.DataFrame:
    cells = {way: {sink: value(way, sink) for sink in MEDIA} for way in rows}
    return pd.DataFrame(cells).T.round(3)


def _bill(way: str) -> dict[str, float]:
    """Return capital, upkeep and lost margin of a way, 10^4 RMB/yr."""
    at, costs = prices().tree, [getattr(device_costs().tree, each) for each in DEVICES]
    once = (
        (ECONOMY.investment(SCHEMES) or 0.0) if way == SOURCE else sum(c.investment for c in costs)
    )
    care = ECONOMY.upkeep(SCHEMES, at) if way == SOURCE else sum(c.upkeep for c in costs)
    parts = {
        "capital": once * annuity(at.interest_rate, at.horizon),
        "upkeep": care,
        "margin lost": ECONOMY.margin(calm(), at) - ECONOMY.margin(calm(*WAYS[way]), at),
    }
    parts["all"] = sum(parts.values())
    return {name: rmb / TEN_THOUSAND for name, rmb in parts.items()}


begin = Lesson
