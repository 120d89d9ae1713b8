"""What a year of the line comes to: emissions, product, materials, utilities."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from plant_models.chlorobenzene.line.tree import Line
from plant_models.chlorobenzene.substances.chemistry import CHLORINE, FECL3, MCB
from plant_models.chlorobenzene.substances.properties import MOLAR_MASS
from sim.books.indicators import Indicators
from sim.books.ledger import Ledger

Array = NDArray[np.float64]

AIR = ("benzene", "chlorobenzene", "hydrogen_chloride", "chlorine")
WASTEWATER = ("benzene", "chlorobenzene", "hydrogen_chloride")
CAUSTIC = ("caustic", "scrubber_caustic")  # supplies of the alkali wash and of the scrubber
IRON = 55.845  # kg/kmol
BELOW_GRADE = "below grade"  # the sink of lots that are not up to it
STANDING = 1e-9  # kg/h; of less acid nothing is said
ACID_STRENGTH = 0.31  # kg/kg; the trade's hydrochloric acid, by definition of the indicator

UNITS = {
    "chlorobenzene_t": "t/yr",
    "below_grade_t": "t/yr",
    "purity": "kg/kg",
    "acid_iron_ppm": "mg/kg",
    "acid_chlorine_ppm": "mg/kg",
    "acid_above_iron_t": "t/yr as 31 % acid",
    "acid_above_chlorine_t": "t/yr as 31 % acid",
    "operating_hours": "h/yr",
    "availability": "h/h",
    "demurrage_hours": "h/yr",
    **{f"air.{name}_t": "t/yr" for name in AIR},
    "wastewater_t": "t/yr",
    **{f"wastewater.{name}_t": "t/yr" for name in WASTEWATER},
    "residue_t": "t/yr",
    "slop_oil_t": "t/yr",
    "hydrochloric_acid_t": "t/yr as 31 % acid",
    "dichlorobenzene_t": "t/yr",
    "benzene_used_t": "t/yr",
    "chlorine_used_t": "t/yr",
    "process_water_t": "t/yr",
    "steam_t": "t/yr",
    "cooling_water_t": "t/yr",
    "cooling_water_intake_t": "t/yr",
    "power_mwh": "MWh/yr",
    "caustic_t": "t/yr as 100 % NaOH",
    "raw_water_power_mwh": "MWh/yr",
    "stock_change_t": "t/yr",
    "closure": "kg/kg",
}


def indicators(
    line: Line,
    ledger: Ledger,
    operating_hours: float,
    years: float,
    demurrage_hours: float = 0.0,
    by_lot: bool = False,
) -> Indicators:
    """Return the figures of a run, per simulated year.

    Parameters
    ----------
    line : Line
        The design that ran.
    operating_hours : float
        Hours in which the chlorinators ran, h over the whole run.
    years : float
        What the figures are divided by.
    demurrage_hours : float
        Hours that cars and trucks stayed beyond their free time, h over the whole run.
    by_lot : bool
        Whether each lot was analysed, and sold as it read.
    """

    def tonnes(component: str | None = None, **match: str) -> float:
        return ledger.total(component, **match) / 1000.0 / years

    index = ledger.components.index

    def each(names: Sequence[str], **match: str) -> dict[str, float]:
        kg = ledger.by_component(**match)
        return {name: kg[index[name]] / 1000.0 / years for name in names}

    def stocked(tank: str) -> Array:
        return (ledger.held[tank] - ledger.opening[tank]) / 1000.0 / years

    tanks = () if ledger.held is ledger.opening else tuple(ledger.held)  # at rest nothing is
    drums = np.array(ledger.by_component(stream="packing.drums"))
    made = drums + np.array(ledger.by_component(sink=BELOW_GRADE))
    water = line.cooling_water
    circulated = cooling_water(ledger)
    hours = ledger.hours or 1.0
    iron, chlorine = _in_acid(ledger, hours)
    acid_t = tonnes("hydrogen_chloride", sink="acid_tank") / ACID_STRENGTH
    values = {
        "chlorobenzene_t": tonnes("chlorobenzene", stream="packing.drums")
        + tonnes("chlorobenzene", sink=BELOW_GRADE),
        # lots that read so; where none are taken, the share of them that would
        "below_grade_t": tonnes(sink=BELOW_GRADE)
        if by_lot
        else line.laboratory.below_grade(drums.tolist()) * tonnes(stream="packing.drums"),
        "purity": float(made[MCB] / made.sum()) if made.sum() > 0.0 else 0.0,
        "operating_hours": operating_hours / years,
        "availability": operating_hours / hours,
        "demurrage_hours": demurrage_hours / years,
        **{f"air.{name}_t": t for name, t in each(AIR, medium="emission gas").items()},
        "wastewater_t": tonnes(medium="wastewater"),
        **{f"wastewater.{name}_t": t for name, t in each(WASTEWATER, medium="wastewater").items()},
        "residue_t": tonnes(medium="residue"),
        "slop_oil_t": tonnes(medium="slop oil"),
        "hydrochloric_acid_t": acid_t,
        "acid_iron_ppm": 1e6 * iron,
        "acid_chlorine_ppm": 1e6 * chlorine,
        "acid_above_iron_t": acid_t if iron > line.laboratory.iron_limit else 0.0,
        "acid_above_chlorine_t": acid_t if chlorine > line.laboratory.chlorine_limit else 0.0,
        "dichlorobenzene_t": tonnes(stream="polychloride_column.dichlorobenzene"),
        # delivered less what went to stock: what entered the process
        "benzene_used_t": tonnes("benzene", source="benzene_supply")
        - float(stocked("wet_benzene_tank")[index["benzene"]]),
        "chlorine_used_t": tonnes("chlorine", source="chlorine_header"),
        "process_water_t": tonnes(source="water"),
        "steam_t": ledger.used("steam") / 1000.0 / years,
        "cooling_water_t": circulated[0] / 1000.0 / years,
        "cooling_water_intake_t": water.intake(*circulated) / 1000.0 / years,
        "power_mwh": (ledger.used("power") + water.power(*circulated)) / 1000.0 / years,
        "caustic_t": sum(tonnes("sodium_hydroxide", source=name) for name in CAUSTIC),
        # part of power_mwh
        "raw_water_power_mwh": water.raw_water_power(*circulated) / 1e3 / years,
        "stock_change_t": float(sum([stocked(tank).sum() for tank in tanks])),
        "closure": ledger.closure,
    }
    return Indicators(values, UNITS)


def _in_acid(ledger: Ledger, hours: float) -> tuple[float, float]:
    """Return iron and chlorine in the acid that is sold, kg/kg."""
    acid = np.array(ledger.by_component(stream="acid_loading.acid"))
    kg = float(acid.sum())
    share = acid / kg if kg > STANDING * hours else 0.0 * acid
    return float(share[FECL3]) * IRON / MOLAR_MASS[FECL3], float(share[CHLORINE])


def cooling_water(ledger: Ledger) -> tuple[float, float]:
    """Return the cooling water used, kg, and what of it passed once through."""
    return ledger.used("cooling_water"), ledger.used("cooling_water", over_peak=True)
