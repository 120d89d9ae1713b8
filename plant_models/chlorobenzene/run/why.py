"""What adds up to each figure of the line: see `plant_models.why`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from plant_models.chlorobenzene.run.indicators import (
    ACID_STRENGTH,
    AIR,
    BELOW_GRADE,
    CAUSTIC,
    WASTEWATER,
    cooling_water,
)
from plant_models.why import (
    Row,
    Rows,
    Run,
    available,
    closure,
    flow,
    in_one_piece,
    operating,
    stock,
    used,
)

PACER = "chlorination"
OWNERS = {
    "unloading": "benzene_delivery",
    "acid_loading": "acid_collection",
    "annual shutdown": "annual_shutdown",
}
"""What decides the hours of a train or a state, where it is no unit of that name."""


def _of_cooling_water(what: str) -> Rows:
    """Return a function that yields what cooling water takes, such as its ``intake``, by user.

    All of them have their part of what goes over the tower.
    """

    def rows(result: Run) -> Iterator[Row]:
        water, once = cooling_water(result.ledger)
        taken = getattr(result.tree.cooling_water, what)(water, once)
        per_water = taken / water if water else 0.0
        for row in used("cooling_water")(result):
            yield Row(row.what, "cooling_water", row.amount * per_water)

    return rows


def _power(result: Run) -> Iterator[Row]:
    yield from used("power")(result)
    pumped = result.tree.cooling_water.power(*cooling_water(result.ledger))
    yield Row("pumping of cooling water", "cooling_water", pumped / 1e3 / result.years)


def _benzene(result: Run) -> Iterator[Row]:
    yield from flow("benzene", source="benzene_supply")(result)
    tank = "wet_benzene_tank"
    i = result.ledger.components.index["benzene"]
    gain = float(result.ledger.held[tank][i] - result.ledger.opening[tank][i])
    yield Row(f"out of stock in {tank} (into it: -)", tank, -gain / 1e3 / result.years)


def _caustic(result: Run) -> Iterator[Row]:
    for name in CAUSTIC:
        yield from flow("sodium_hydroxide", source=name)(result)


def _demurrage(result: Run) -> Iterator[Row]:
    for train, hours in result.demurrage_hours.items():
        yield Row(f"beyond the free time at {train}", OWNERS[train], hours / result.years)


def _sold(result: Run) -> Iterator[Row]:
    yield from flow("chlorobenzene", stream="packing.drums")(result)
    yield from flow("chlorobenzene", sink=BELOW_GRADE)(result)


ROWS: Mapping[str, Rows] = {
    "chlorobenzene_t": _sold,
    "below_grade_t": in_one_piece("below_grade_t", "lots that read below the grade", "laboratory"),
    "purity": in_one_piece("purity", "chlorobenzene in what is sold", "rectification_column"),
    "acid_iron_ppm": in_one_piece("acid_iron_ppm", "iron in the acid sold", "water_wash"),
    "acid_chlorine_ppm": in_one_piece("acid_chlorine_ppm", "chlorine in the acid sold", "absorber"),
    "acid_above_iron_t": in_one_piece("acid_above_iron_t", "acid with too much iron", "laboratory"),
    "acid_above_chlorine_t": in_one_piece(
        "acid_above_chlorine_t", "acid with too much free chlorine", "laboratory"
    ),
    "operating_hours": operating(PACER, OWNERS),
    "availability": available(PACER, OWNERS),
    "demurrage_hours": _demurrage,
    **{f"air.{name}_t": flow(name, medium="emission gas") for name in AIR},
    "wastewater_t": flow(medium="wastewater"),
    **{f"wastewater.{name}_t": flow(name, medium="wastewater") for name in WASTEWATER},
    "residue_t": flow(medium="residue"),
    "slop_oil_t": flow(medium="slop oil"),
    "hydrochloric_acid_t": flow("hydrogen_chloride", 1e-3 / ACID_STRENGTH, sink="acid_tank"),
    "dichlorobenzene_t": flow(stream="polychloride_column.dichlorobenzene"),
    "benzene_used_t": _benzene,
    "chlorine_used_t": flow("chlorine", source="chlorine_header"),
    "process_water_t": flow(source="water"),
    "steam_t": used("steam"),
    "cooling_water_t": used("cooling_water"),
    "cooling_water_intake_t": _of_cooling_water("intake"),
    "power_mwh": _power,
    "caustic_t": _caustic,
    "raw_water_power_mwh": _of_cooling_water("raw_water_power"),
    "stock_change_t": stock,
    "closure": closure,
}
