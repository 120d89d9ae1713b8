"""What goods, utilities and money cost: the ranged inputs of every figure in RMB."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from plant_models.chlorobenzene.line.design import DATA
from plant_models.chlorobenzene.ranges.calibrated import calibrated_design
from sim.model.facts import Design, load, set_values
from sim.model.parameters import Value, quantity


@dataclass(frozen=True, kw_only=True)
class Prices:
    """Prices and terms, RMB of the mid to late 1990s; values live in ``data/prices.toml``.

    Examples
    --------
    >>> prior_prices().tree.benzene
    3200.0
    """

    benzene: float = quantity("RMB/t", "fresh benzene bought", minimum=0.0, maximum=1e6)
    chlorobenzene: float = quantity(
        "RMB/t", "chlorobenzene sold in drums", minimum=0.0, maximum=1e6
    )
    hydrochloric_acid: float = quantity("RMB/t", "acid sold, as 31 %", minimum=0.0, maximum=1e6)
    dichlorobenzene: float = quantity(
        "RMB/t", "dichlorobenzene by-product sold", minimum=0.0, maximum=1e6
    )
    slop_oil: float = quantity("RMB/t", "slop oil sold", minimum=0.0, maximum=1e6)
    chlorine: float = quantity("RMB/t", "chlorine bought", minimum=0.0, maximum=1e6)
    caustic: float = quantity("RMB/t", "caustic bought, as 100 % NaOH", minimum=0.0, maximum=1e6)
    steam: float = quantity("RMB/t", "steam", minimum=0.0, maximum=1e5)
    electricity: float = quantity("RMB/kWh", "electric power", minimum=0.0, maximum=1e3)
    industrial_water: float = quantity(
        "RMB/t", "fresh water, process and cooling", minimum=0.0, maximum=1e4
    )
    residue_disposal: float = quantity("RMB/t", "taking residue away", minimum=0.0, maximum=1e5)
    wastewater_levy: float = quantity(
        "RMB/t", "pollution levy on wastewater", minimum=0.0, maximum=1e4
    )
    separator_upkeep: float = quantity(
        "RMB/yr", "attendance and repairs of the drain separator (F6)", minimum=0.0, maximum=1e9
    )
    wash_acid_upkeep: float = quantity(
        "RMB/yr", "attendance and repairs of the wash-acid reuse (F7)", minimum=0.0, maximum=1e9
    )
    interest_rate: float = quantity(
        "1/yr", "rate of the bank, to discount with", minimum=0.0, maximum=1.0
    )
    horizon: int = quantity("yr", "years that an investment is judged by", minimum=1, maximum=50)


@cache
def prior_prices() -> Design[Prices]:
    """Return the prices of ``data/prices.toml`` before anything is fitted, with their facts."""
    return load(Prices, DATA / "prices.toml", sources=[DATA / "sources.toml"])


@cache
def prices() -> Design[Prices]:
    """Return the prices, calibrated, with the facts they are made of."""
    return calibrated_design(prior_prices(), "prices")


def own_prices(
    path: Path | str | None = None, settings: str | Iterable[str] | Mapping[str, Value] = ()
) -> Design[Prices]:
    """Return the prices with a user's facts and settings in place of their own.

    Parameters
    ----------
    path : path, optional
        A TOML file of facts, in the format of ``prices.toml``; it may hold as few as it likes.
    settings : str, iterable of str, or mapping
        ``"benzene=3500"``, ``"benzene=3.5 RMB/kg"``, ``{"benzene": 3500.0}`` in RMB/t.

    Raises
    ------
    ValueError, LookupError
        With all faults of the file, or of the settings.
    """
    design = prices()
    if path is not None:
        own = load(
            Prices,
            DATA / "prices.toml",
            sources=[DATA / "sources.toml"],
            overrides=[Path(path)],
        )
        design = calibrated_design(own, "prices")
    return set_values(design, settings) if settings else design
