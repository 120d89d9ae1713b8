"""What adds up to each figure of the shop: see `plant_models.why`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from plant_models.flowshop.indicators import CHARGES_OF
from plant_models.flowshop.plant import PRODUCTS
from plant_models.flowshop.shop import Shop
from plant_models.flowshop.wiring import CUSTOMERS, REUSES, RINSES, SEWER
from plant_models.why import Row, Rows, Run, closure, flow, in_one_piece, stock


def _together(*parts: Rows) -> Rows:
    """Return a function that yields the rows of several figures that are one."""

    def rows(result: Run) -> Iterator[Row]:
        for part in parts:
            yield from part(result)

    return rows


def _of(owner: str, part: Rows, size: Callable[[Shop], float] = lambda shop: 1.0) -> Rows:
    """Return a function that yields rows as those of a part of the shop's tree.

    ``size``: amount of a row that counts as one of the figure, as a batch of its kg.
    """

    def rows(result: Run) -> Iterator[Row]:
        for row in part(result):
            yield replace(row, owner=owner, amount=row.amount / size(result.tree))

    return rows


def _batch(name: str) -> Callable[[Shop], float]:
    return lambda shop: shop.batches.of(name)


def _water(shop: Shop) -> float:
    """Return the water of a cleaning, kg."""
    return shop.cleaning.water * shop.cleaning.charges


def _rinses(factor: float = 1e-3) -> Rows:
    return _together(*(flow(stream=f"{unit}.moved", factor=factor) for unit in RINSES))


def _reuses(factor: float = 1e-3) -> Rows:
    return _together(*(flow(stream=f"{unit}.moved", factor=factor) for unit in REUSES))


SOLD = {f"{name}_t": flow(name, sink=CUSTOMERS) for name in PRODUCTS.names}
LOST = {f"sewer.{name}_t": flow(name, sink=SEWER) for name in PRODUCTS.names}
WORKED = "hours in which the separator is at work"

ROWS: Mapping[str, Rows] = {
    **SOLD,
    "product_t": _together(*SOLD.values()),
    "batches": _together(
        *(
            _of("batches", flow(source=store, factor=1.0), _batch(name))
            for name, store in CHARGES_OF.items()
        )
    ),
    "operating_hours": in_one_piece("operating_hours", WORKED, "separator"),
    "availability": in_one_piece("availability", f"{WORKED}, of all", "separator"),
    **LOST,
    "sewer.product_t": _together(*LOST.values()),
    "wastewater_t": flow(medium="wastewater"),
    "rinse_water_t": _of("cleaning", _rinses()),
    "reused_water_t": _of("cleaning", _reuses()),
    "cleanings": _of("cleaning", _together(_rinses(1.0), _reuses(1.0)), _water),
    "spoilt_t": flow(medium="residue"),
    "material_t": _together(*(_of("batches", flow(source=store)) for store in CHARGES_OF.values())),
    "stock_change_t": stock,
    "closure": closure,
}
