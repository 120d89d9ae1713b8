"""Who feeds whom in the shop, and which process every unit and tank belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from plant_models.flowshop.plant import PRODUCTS, VESSELS
from plant_models.flowshop.shop import Shop
from sim import Components, Network, Pipe, Train, Unit

GOODS = Components({**PRODUCTS.formulas, "water": "H2O"})

SEWER, RESIDUE, CUSTOMERS, RINSE_TANK = "sewer", "incinerator", "customers", "rinse_tank"
SINKS = {CUSTOMERS: "product", SEWER: "wastewater", RESIDUE: "residue"}

AFTER = dict(pairwise((*VESSELS, CUSTOMERS)))
"""The vessel that takes a batch over, or the customers."""

CHARGES = {f"charge_{name}": f"store_{name}" for name in PRODUCTS.names}
RINSES = {f"rinse_{name}": name for name in VESSELS}
REUSES = {f"reuse_{name}": name for name in VESSELS}


def tank_of(vessel: str) -> str:
    """Return the account of what a vessel holds."""
    return f"{vessel}_vessel"


PROCESSES: Mapping[str, tuple[str, ...]] = {
    "charging": tuple(CHARGES),
    "mixing": ("mixer", "mixer_vessel"),
    "reaction": ("reactor", "reactor_vessel"),
    "separation": ("separator", "separator_vessel"),
    "packing": ("packing", "packing_vessel"),
    "cleaning": (*RINSES, *REUSES, RINSE_TANK),
}
"""Processes, and the units and tanks of each."""


def network(shop: Shop) -> Network:
    """Return the vessels with their pumps, and what charges and rinses them."""
    rinsing = {**RINSES, **REUSES}
    units: dict[str, Unit] = dict.fromkeys(CHARGES, shop.charging)
    units |= {**shop.vessels, **dict.fromkeys(rinsing, shop.rinsing)}
    feeds = CHARGES | {name: tank_of(name) for name in VESSELS}
    feeds |= dict.fromkeys(RINSES, "water") | dict.fromkeys(REUSES, RINSE_TANK)
    targets = dict.fromkeys(CHARGES, VESSELS[0]) | AFTER | rinsing
    return Network(
        components=GOODS,
        units=units,
        tanks={tank_of(name): shop.vessel for name in VESSELS} | {RINSE_TANK: shop.rinse_tank},
        contents={
            **dict.fromkeys(map(tank_of, VESSELS), GOODS.stream(water=1.0)),
            RINSE_TANK: GOODS.stream(water=1.0),
        },
        supplies={
            **{store: GOODS.stream(**{store[-1]: 1.0}) for store in CHARGES.values()},
            "water": GOODS.stream(water=1.0),
        },
        sinks=SINKS,
        trains=tuple(
            Train(
                name,
                feeds[name],
                (name,),
                start_up_hours=getattr(unit, "start_up_hours", 0.0),
                start_up_fraction=getattr(unit, "start_up_fraction", 1.0),
            )
            for name, unit in units.items()
        ),
        pipes={
            f"{name}.moved": Pipe(to if to == CUSTOMERS else tank_of(to))
            for name, to in targets.items()
        },
        spills={RINSE_TANK: SEWER},
    )
