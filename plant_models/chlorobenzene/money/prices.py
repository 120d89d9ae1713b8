"""What goods, utilities, money and our options cost: the ranged inputs of every figure in RMB."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from plant_models.chlorobenzene.line.design import DATA
from plant_models.chlorobenzene.paper.printed import investment
from plant_models.chlorobenzene.ranges.calibrated import calibrated_design
from plant_models.methods.devices import DeviceCost
from plant_models.methods.economics import money
from sim.model.facts import Design, load
from sim.model.parameters import quantity


@dataclass(frozen=True, kw_only=True)
class Prices:
    """Prices and terms, RMB of the mid to late 1990s; values live in ``data/prices.toml``.

    Examples
    --------
    >>> prior_prices().tree.benzene
    3200.0
    """

    benzene: float = money("RMB/t", "fresh benzene bought")
    chlorobenzene: float = money("RMB/t", "chlorobenzene sold in drums")
    below_grade_discount: float = money("RMB/t", "discount on chlorobenzene below the grade")
    hydrochloric_acid: float = money("RMB/t", "acid sold, as 31 %")
    iron_discount: float = money("RMB/t", "discount on 31 % acid with more iron than its grade")
    chlorine_discount: float = money(
        "RMB/t", "discount on 31 % acid with more free chlorine than its grade"
    )
    dichlorobenzene: float = money("RMB/t", "dichlorobenzene by-product sold")
    slop_oil: float = money("RMB/t", "slop oil sold")
    chlorine: float = money("RMB/t", "chlorine bought")
    caustic: float = money("RMB/t", "caustic bought, as 100 % NaOH")
    steam: float = money("RMB/t", "steam")
    electricity: float = money("RMB/kWh", "electric power")
    industrial_water: float = money("RMB/t", "fresh water, process and cooling")
    residue_disposal: float = money("RMB/t", "taking residue away")
    wastewater_levy: float = money("RMB/t", "pollution levy on wastewater")
    separator_upkeep: float = money("RMB/yr", "attendance and repairs of the drain separator (F6)")
    wash_acid_upkeep: float = money("RMB/yr", "attendance and repairs of the wash-acid reuse (F7)")
    interest_rate: float = quantity("1/yr", "rate of the bank, to discount with", 0.0, 1.0)
    horizon: int = quantity("yr", "years that an investment is judged by", 1, 50)


@cache
def prior_prices() -> Design[Prices]:
    """Return the prices of ``data/prices.toml`` before anything is fitted, with their facts."""
    return load(Prices, DATA / "prices.toml", sources=[DATA / "sources.toml"])


@cache
def prices() -> Design[Prices]:
    """Return the prices, calibrated, with the facts they are made of."""
    return calibrated_design(prior_prices(), "prices")


def overlaid_prices(path: Path) -> Design[Prices]:
    """Return the prices with a user's facts over their own, calibrated where they still apply."""
    own = load(Prices, DATA / "prices.toml", sources=[DATA / "sources.toml"], overrides=[path])
    return calibrated_design(own, "prices")


@dataclass(frozen=True, kw_only=True)
class OptionCosts:
    """Costs of the options; values live in ``data/option_costs.toml``."""

    O1: DeviceCost
    O2: DeviceCost
    O3: DeviceCost
    O4: DeviceCost
    O5: DeviceCost
    O6: DeviceCost
    O7: DeviceCost
    O8: DeviceCost
    O9: DeviceCost
    O10: DeviceCost
    O11: DeviceCost
    O12: DeviceCost
    O13: DeviceCost


@cache
def option_costs() -> Design[OptionCosts]:
    """Return the costs of the options, with their facts.

    Examples
    --------
    >>> option_costs().tree.O7.investment
    40000.0
    """
    return load(OptionCosts, DATA / "option_costs.toml", sources=[DATA / "sources.toml"])


def invested(scheme: str) -> float | None:
    """Return what a scheme or option costs once, RMB; None where nobody says."""
    option = getattr(option_costs().tree, scheme, None)
    return option.investment if isinstance(option, DeviceCost) else investment(scheme)


def attended(scheme: str) -> float:
    """Return what an option costs a year beside its flows, RMB; nothing of the twelve schemes."""
    option = getattr(option_costs().tree, scheme, None)
    return option.upkeep if isinstance(option, DeviceCost) else 0.0
