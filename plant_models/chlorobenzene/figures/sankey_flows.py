"""What flows between the stages of the line: the same words and basis for picture and page.

In every design of the steady state each tank gives what it gets, so a stage's inflow of an element
equals its outflow; that is why a flow chart of carbon, chlorine or water closes without a remainder
bar (water is counted as such: what neutralisation makes of acid and caustic is too little to see).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np
from numpy.typing import NDArray

from plant_models.chlorobenzene.line.wiring import PROCESSES, SINKS
from plant_models.chlorobenzene.substances.chemistry import COMPONENTS
from sim.books.ledger import Entry

Links = Mapping[tuple[str, str], float]
"""t/yr by (from, to)."""

STAGES: Mapping[str, tuple[str, ...]] = {
    "storage": ("delivery", "drying"),
    "chlorination": ("chlorination",),
    "absorption": ("absorption",),
    "washing": ("washing",),
    "crude": ("crude distillation",),
    "rectification": ("rectification", "packing"),
    "polychloride": ("polychloride",),
}
"""Processes that are drawn as one, in the order in which the material passes."""

STAGE_OF = {
    part: stage
    for stage, processes in STAGES.items()
    for process in processes
    for part in PROCESSES[process]
}
"""The stage of every unit and tank, but for devices at the end of the pipe."""

END = "end of pipe"
DEVICES = frozenset(PROCESSES[END])

GOODS = {
    "packing.drums": "chlorobenzene",
    "acid_loading.acid": "acid",
    "polychloride_column.dichlorobenzene": "dichlorobenzene",
}
"""What is sold, by the stream that leaves the line."""

INPUTS = {
    "benzene_supply": "benzene",
    "chlorine_header": "chlorine",
    "water": "water",
    "caustic": "caustic",
    "scrubber_caustic": "caustic",
    "air_ingress": "air",
    "catalyst": "catalyst",
}

LOSSES = tuple(dict.fromkeys(medium for medium in SINKS.values() if medium != "product"))
"""Media that a loss ends in, as the ledger names them."""

Array = NDArray[np.float64]


@cache
def counted() -> Mapping[str, Array]:
    """Return what the page's flow chart can count, t of it per kg of each component.

    A benzene ring passes from benzene to chlorobenzene and dichlorobenzene unharmed, so carbon,
    told as the benzene that it came in as, is conserved through the whole line.
    """
    carbon = _element("C")
    water = np.zeros(len(COMPONENTS))
    water[COMPONENTS.index["water"]] = 1.0
    return {
        "benzene": carbon / carbon[COMPONENTS.index["benzene"]] / 1000.0,
        "chlorine": _element("Cl") / 1000.0,
        "water": water / 1000.0,
    }


def links(flows: Mapping[Entry, Array]) -> dict[tuple[str, str], Array]:
    """Return kg of every component between stages, from inputs and to goods and losses.

    Keys are pairs of names like ``("crude", "storage")``, ``("in:benzene", "storage")``,
    ``("absorption", "out:acid")``, ``("washing", "loss:wastewater")``. ``flows``: of a ledger.
    """
    found: dict[tuple[str, str], Array] = {}
    for entry, kg in flows.items():
        link = source, sink = _link(entry.source, entry.sink, entry.stream)
        if source != sink:
            found[link] = found.get(link, 0.0) + kg
    return found


@cache
def _link(source: str, sink: str, stream: str) -> tuple[str, str]:
    """Return between which ends a flow of the ledger passes."""
    end = _stage(sink)
    if end is None:
        good = GOODS.get(stream)
        end = f"out:{good}" if good else f"loss:{SINKS[sink]}"
    return _stage(source) or f"in:{INPUTS.get(source, source)}", end


def line_flows(flows: Mapping[Entry, Array], years: float = 1.0) -> dict[tuple[str, str], float]:
    """Return what passes between stages, t/yr of carbon told as benzene; see `counted`.

    ``flows``: kg by component, as in a ledger; ``years``: what the figures are divided by.
    """
    weights = counted()["benzene"]
    return {link: float(weights @ kg) / years for link, kg in links(flows).items()}


def largest_flow(*tables: Links) -> float:
    """Return the largest flow of several tables, t/yr: one scale for all of them."""
    return max(t for table in tables for t in table.values())


def _stage(part: str) -> str | None:
    return END if part in DEVICES else STAGE_OF.get(part)


def _element(symbol: str) -> Array:
    """Return kg of an element per kg of each component."""
    return np.array(COMPONENTS.element_mass[COMPONENTS.elements.index(symbol)])
