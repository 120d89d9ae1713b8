"""Taiyuan's weather, and what the line feels of it."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from math import floor

from plant_models.calendar import MONTH, YEAR
from plant_models.chlorobenzene.line.tree import Line
from plant_models.chlorobenzene.units.cooling import CoolingWaterCircuit

COLUMNS = ("air", "wet_bulb", "river")
ON_TIME = 1e-9
"""Of a period, by which it may begin early: when it is told is rounded."""


@cache
def monthly_means() -> Mapping[str, tuple[float, ...]]:
    """Return the twelve monthly means of air, wet-bulb and river temperature, K."""
    text = (files("plant_models.chlorobenzene") / "data" / "taiyuan_weather.csv").read_text("utf-8")
    table = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    rows = [row for row in table if row["month"].isdigit()]  # the others tell source and range
    return {name: tuple(float(row[f"{name}_degC"]) + 273.15 for row in rows) for name in COLUMNS}


def at_hour(means: Sequence[float], hour: float) -> float:
    """Return the value at an hour of the year, straight lines between the middles of the months."""
    position = hour % YEAR / MONTH - 0.5
    month = int(position // 1)
    share = position - month
    return means[month % 12] * (1.0 - share) + means[(month + 1) % 12] * share


def surroundings(line: Line, start_hour: float = 0.0) -> Callable[[float], Mapping[str, float]]:
    """Return what the line feels at an hour of a run that began at ``start_hour`` of a year.

    The weather stands for a period of ``site.weather_step`` hours, as at its middle.
    """
    means = monthly_means()
    step = line.site.weather_step

    @lru_cache(maxsize=1)  # a plant asks whenever something breaks
    def during(period: float) -> Mapping[str, float]:
        middle = start_hour + (period + 0.5) * step
        air, wet_bulb, river = (at_hour(means[name], middle) for name in COLUMNS)
        return _felt(line.cooling_water, line.site.pressure, air, wet_bulb, river)

    return lambda hour: during(floor(hour / step + ON_TIME))


def annual_mean(line: Line) -> Mapping[str, float]:
    """Return the surroundings of a line without seasons: the mean of what it feels by month.

    Not what it would feel in a month of mean weather: the tower's basin is kept from freezing, so
    its water is warmer over the year than the mean wet bulb would make it.
    """
    return dict(_mean(line.cooling_water, line.site.pressure))


@lru_cache(maxsize=64)
def _mean(circuit: CoolingWaterCircuit, pressure: float) -> Mapping[str, float]:
    """Return the mean of what is felt by month."""
    means = monthly_means()
    months = [
        _felt(circuit, pressure, *weather)
        for weather in zip(*(means[name] for name in COLUMNS), strict=True)
    ]
    return {name: sum(month[name] for month in months) / len(months) for name in months[0]}


def _felt(
    circuit: CoolingWaterCircuit, pressure: float, air: float, wet_bulb: float, river: float
) -> Mapping[str, float]:
    return {
        "air": air,
        "cooling_water": circuit.supply_temperature(wet_bulb, river),
        "pressure": pressure,
    }
