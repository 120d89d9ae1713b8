"""Greenhouse gas of the steam and power that the line buys."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from plant_models.chlorobenzene.line.design import DATA, SOURCES
from plant_models.methods.carbon import Energy, Footprint
from sim.model.facts import Design, load
from sim.model.parameters import quantity


@dataclass(frozen=True, kw_only=True)
class Carbon:
    """Factors of bought energy; values live in ``data/carbon.toml``."""

    steam: float = quantity("kg/t", "CO2 equivalents per steam bought", 0.0, 1000.0)
    electricity: float = quantity("kg/kWh", "CO2 equivalents per power bought", 0.0, 2.0)


@cache
def factors() -> Design[Carbon]:
    """Return the factors, with the facts they are made of."""
    return load(Carbon, DATA / "carbon.toml", sources=SOURCES)


FOOTPRINT = Footprint(
    uses={"steam_t": Energy("steam"), "power_mwh": Energy("electricity", 1000.0)},
    factors=factors,
    boundary="steam and power as bought; raw materials, transport and waste are not counted",
)
