"""What every indicator is made of: rows of the ledger and of the hours that add up to it.

There is a function for every kind of indicator; a test adds its rows up.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from plant_models.chlorobenzene.indicators import ACID_STRENGTH, AIR, CAUSTIC, WASTEWATER
from plant_models.chlorobenzene.wiring import TRAINS
from sim.books import NORMAL

if TYPE_CHECKING:
    from plant_models.chlorobenzene.runs import Result

OWNERS = {
    "unloading": "benzene_delivery",
    "acid_loading": "acid_collection",
    "annual shutdown": "annual_shutdown",
}
"""What decides the hours of a train or a state, where it is no unit of that name."""


@dataclass(frozen=True)
class Row:
    """One contribution to an indicator, in its unit of measure.

    ``owner`` is the unit that it leaves, ``before`` the units that it came through, the last first.
    """

    what: str
    owner: str
    amount: float
    before: tuple[str, ...] = ()


Rows = Callable[["Result"], Iterator[Row]]


def _flow(component: str | None = None, factor: float = 1e-3, **match: str) -> Rows:
    """Return a function that yields the ledger's entries that match, by component if none given."""

    def rows(result: Result) -> Iterator[Row]:
        ledger = result.ledger
        index = None if component is None else ledger.components.index[component]
        for entry, kg in ledger.flows.items():
            if all(getattr(entry, name) == value for name, value in match.items()):
                amount = float(kg.sum() if index is None else kg[index])
                if amount:
                    what = f"{entry.stream} to {entry.sink}, {entry.cause}"
                    if ">" in entry.stream:
                        what = f"{entry.stream}, {entry.cause}"
                    owner = _owner(result, entry.source, entry.sink)
                    before = _before(result, owner, index) if owner == entry.source else ()
                    yield Row(what, owner, amount * factor / result.years, before)

    return rows


def _used(utility: str, factor: float = 1e-3) -> Rows:
    def rows(result: Result) -> Iterator[Row]:
        for (unit, name, cause), amount in result.ledger.uses.items():
            if name == utility and amount:
                yield Row(f"{name} of {unit}, {cause}", unit, amount * factor / result.years)

    return rows


def _circulated(result: Result) -> float:
    """Return the cooling water per hour of operation, kg/h."""
    hours = result.operating_hours
    return result.ledger.used("cooling_water") / hours if hours else 0.0


def _intake(result: Result) -> Iterator[Row]:
    taken = result.line.cooling_water.intake(_circulated(result))
    for row in _used("cooling_water")(result):
        yield Row(row.what, "cooling_water", row.amount * taken)


def _power(result: Result) -> Iterator[Row]:
    yield from _used("power")(result)
    kg = result.ledger.used("cooling_water")
    pumped = kg * result.line.cooling_water.power(_circulated(result))
    yield Row("pumping of cooling water", "cooling_water", pumped / 1e3 / result.years)


def _raw_water_power(result: Result) -> Iterator[Row]:
    per_water = result.line.cooling_water.raw_water_power(_circulated(result))
    for row in _used("cooling_water")(result):
        yield Row(row.what, "cooling_water", row.amount * per_water)


def _benzene(result: Result) -> Iterator[Row]:
    yield from _flow("benzene", source="benzene_supply")(result)
    tank = "wet_benzene_tank"
    i = result.ledger.components.index["benzene"]
    gain = float(result.ledger.held[tank][i] - result.ledger.opening[tank][i])
    yield Row(f"less what went to stock in {tank}", tank, -gain / 1e3 / result.years)


def _caustic(result: Result) -> Iterator[Row]:
    for name in CAUSTIC:
        yield from _flow("sodium_hydroxide", source=name)(result)


def _stock(result: Result) -> Iterator[Row]:
    for tank, held in result.ledger.held.items():
        gain = float(held.sum() - result.ledger.opening[tank].sum())
        yield Row(f"contents of {tank}, end less start", tank, gain / 1e3 / result.years)


def _operating(result: Result) -> Iterator[Row]:
    if not result.hours:
        yield Row("hours that the steady state stands for", "site", result.operating_hours)
        return
    chlorination = result.hours["chlorination"]
    total = sum(chlorination.values())
    yield Row("hours of the run", "chlorination", total / result.years)
    for state, hours in chlorination.items():
        if state not in ("running", "start-up"):
            owner = OWNERS.get(state, state.split()[-1])
            if re.search(r" (failed|in maintenance)", state):
                owner = state.split()[0]
            known = owner if hasattr(result.line, owner) else "chlorination"
            yield Row(f"less: chlorination {state}", known, -hours / result.years)


def _available(result: Result) -> Iterator[Row]:
    hours = result.ledger.hours or 1.0
    for row in _operating(result):
        yield Row(row.what, row.owner, row.amount * result.years / hours)


def _demurrage(result: Result) -> Iterator[Row]:
    for train, hours in result.demurrage_hours.items():
        yield Row(f"beyond the free time at {train}", OWNERS[train], hours / result.years)


def _closure(result: Result) -> Iterator[Row]:
    checks = result.ledger.certificate().checks
    worst = max(checks, key=lambda check: check.error, default=None)
    if worst is not None:
        name = worst.where.split()[-1]
        owner = name if hasattr(result.line, name) else ""
        yield Row(f"the worst balance: {worst.where}, {worst.what}", owner, worst.error)


ROWS: Mapping[str, Rows] = {
    "chlorobenzene_t": _flow("chlorobenzene", stream="packing.drums"),
    "operating_hours": _operating,
    "availability": _available,
    "demurrage_hours": _demurrage,
    **{f"air.{name}_t": _flow(name, medium="emission gas") for name in AIR},
    "wastewater_t": _flow(medium="wastewater"),
    **{f"wastewater.{name}_t": _flow(name, medium="wastewater") for name in WASTEWATER},
    "residue_t": _flow(medium="residue"),
    "slop_oil_t": _flow(medium="slop oil"),
    "hydrochloric_acid_t": _flow("hydrogen_chloride", 1e-3 / ACID_STRENGTH, sink="acid_tank"),
    "dichlorobenzene_t": _flow(stream="polychloride_column.dichlorobenzene"),
    "benzene_used_t": _benzene,
    "chlorine_used_t": _flow("chlorine", source="chlorine_header"),
    "process_water_t": _flow(source="water"),
    "steam_t": _used("steam"),
    "cooling_water_t": _used("cooling_water"),
    "cooling_water_intake_t": _intake,
    "power_mwh": _power,
    "caustic_t": _caustic,
    "raw_water_power_mwh": _raw_water_power,
    "stock_change_t": _stock,
    "closure": _closure,
}


def _owner(result: Result, source: str, sink: str) -> str:
    """Return the unit or tank that a flow leaves, or enters where it comes from outside."""
    return next((name for name in (source, sink) if hasattr(result.line, name)), "")


def _before(result: Result, unit: str, component: int | None) -> tuple[str, ...]:
    """Return the units of the same train that most of what leaves a unit came through."""
    members = next((units for _, units in TRAINS.values() if unit in units), ())
    through = [unit]
    while True:
        into = {
            entry.source: float(kg.sum() if component is None else kg[component])
            for entry, kg in result.ledger.flows.items()
            if entry.sink == through[-1] and entry.cause == NORMAL
        }
        source = max(into, key=lambda name: into[name], default="")
        if source not in members or source in through or not into[source]:
            return tuple(through[1:])
        through.append(source)
