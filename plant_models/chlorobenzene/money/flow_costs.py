"""What the losses of the line really cost: ISO 14051 on the ledger of either clock.

A tonne of benzene that leaves by a vent has cost more than its price: it has been dried, boiled
and distilled, some of it several times. Bought materials are followed by their atoms, which no
reaction changes: benzene by carbon, chlorine by chlorine, caustic by sodium; water as water. What
was spent on steam, power and cooling water at a unit follows the mass of the materials of price
that leave it. Levy and disposal belong to the losses that cause them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from plant_models.chlorobenzene.line.wiring import PROCESS_OF, PROCESSES
from plant_models.chlorobenzene.money.prices import Prices
from plant_models.chlorobenzene.substances.chemistry import (
    BENZENE,
    CHLORINE,
    COMPONENTS,
    NAOH,
    WATER,
)
from plant_models.methods.flow_costing import STOCK, CostRow, FlowCosts, Transfer, carried_costs
from sim.books.ledger import INTERNAL

if TYPE_CHECKING:
    from plant_models.outcome import Outcome

Array = NDArray[np.float64]

_ELEMENT = dict(zip(COMPONENTS.elements, COMPONENTS.element_mass, strict=True))
_UNPRICED = ("water", "nitrogen", "sodium_chloride", "iron_chloride")
_FOLLOWED: Mapping[str, Array] = {
    "benzene": np.array(_ELEMENT["C"]),
    "chlorine": np.array(_ELEMENT["Cl"]),
    "caustic": np.array(_ELEMENT["Na"]),
    "water": np.array([float(name == "water") for name in COMPONENTS.names]),
    "energy": np.array([float(name not in _UNPRICED) for name in COMPONENTS.names]),
}
"""Weight of 1 kg of each component for the cost of a material, kg."""

_BOUGHT: Mapping[str, tuple[str, int, tuple[str, ...]]] = {
    "benzene": ("benzene", BENZENE, ("benzene_supply",)),
    "chlorine": ("chlorine", CHLORINE, ("chlorine_header",)),
    "caustic": ("caustic", NAOH, ("caustic", "scrubber_caustic")),
    "water": ("industrial_water", WATER, ("water",)),
}
"""Price, component and supplies of what is bought by the tonne."""

KG_A_TONNE = 1000.0


def flow_costs(result: Outcome[Any], prices: Prices) -> FlowCosts:
    """Return where the input cost of a run has gone, per year.

    ``result``: of `steady_state` or `simulate`. What the tanks held at the start is an input at the
    price of its atoms; what they hold at the end is stock, not loss.

    Notes
    -----
    Wages and capital, the rest of ISO 14051's system costs, are left out, as in `annual_value`.
    """
    flows = [*_booked(result), *_stocked(result)]
    rows: dict[tuple[str, str, str], float] = {}
    spent: dict[str, float] = {}

    def add(process: str, medium: str, material: str, cost: float) -> None:
        key = (process, medium, material)
        rows[key] = rows.get(key, 0.0) + cost / result.years

    for material, followed in _FOLLOWED.items():
        transfers = [
            Transfer(flow.source, flow.sink, max(0.0, float(flow.kg @ followed))) for flow in flows
        ]
        inputs = (
            _energy(result, prices) if material == "energy" else _bought(result, prices, material)
        )
        for flow, cost in zip(flows, carried_costs(transfers, inputs), strict=True):
            if flow.medium != INTERNAL:
                add(PROCESS_OF[flow.source], flow.medium, material, cost)
        spent[material] = sum(inputs.values()) / result.years
    waste = {"wastewater": prices.wastewater_levy, "residue": prices.residue_disposal}
    for flow in flows:
        if flow.medium in waste:
            cost = float(flow.kg.sum()) / KG_A_TONNE * waste[flow.medium]
            add(PROCESS_OF[flow.source], flow.medium, "waste", cost)
            spent["waste"] = spent.get("waste", 0.0) + cost / result.years
    found = tuple(CostRow(*key, cost) for key, cost in rows.items() if cost)
    return FlowCosts(found, spent, tuple(PROCESSES))


@dataclass(frozen=True, slots=True)
class _Flow:
    source: str
    sink: str
    medium: str
    kg: Array


def _booked(result: Outcome[Any]) -> Iterator[_Flow]:
    for entry, kg in result.ledger.flows.items():
        yield _Flow(entry.source, entry.sink, entry.medium, kg)


def _stocked(result: Outcome[Any]) -> Iterator[_Flow]:
    """Yield what the tanks held at the start and hold at the end, as flows in and out."""
    for tank, kg in result.ledger.opening.items():
        yield _Flow(_opening(tank), tank, INTERNAL, kg)
    for tank, kg in result.ledger.held.items():
        yield _Flow(tank, f"closing stock: {tank}", STOCK, kg)


def _bought(result: Outcome[Any], prices: Prices, material: str) -> dict[str, float]:
    """Return what a material has cost by the supply or opening stock that it came from, RMB."""
    price, component, supplies = _BOUGHT[material]
    per_kg = getattr(prices, price) / KG_A_TONNE
    name = COMPONENTS.names[component]
    costs = {supply: result.ledger.total(name, source=supply) * per_kg for supply in supplies}
    followed = _FOLLOWED[material]
    per_weight = per_kg / followed[component]
    for tank, kg in result.ledger.opening.items():
        costs[_opening(tank)] = float(kg @ followed) * per_weight
    return costs


def _energy(result: Outcome[Any], prices: Prices) -> dict[str, float]:
    """Return the cost of steam, power and cooling water by unit, RMB."""
    year = result.indicators
    circulated = year["cooling_water_t"] or 1.0
    water = year["cooling_water_intake_t"] * prices.industrial_water
    at_units = result.ledger.used("power") / result.years  # the rest of power_mwh moves the water
    pumped = (year["power_mwh"] - year["raw_water_power_mwh"]) * 1000.0 - at_units
    per_use = {
        "steam": prices.steam / KG_A_TONNE,
        "power": prices.electricity,
        "cooling_water": (water + pumped * prices.electricity) / circulated / KG_A_TONNE,
    }
    costs: dict[str, float] = {}
    for (unit, utility, _), amount in result.ledger.uses.items():
        costs[unit] = costs.get(unit, 0.0) + amount * per_use.get(utility, 0.0)
    return costs


def _opening(tank: str) -> str:
    return f"opening stock: {tank}"
