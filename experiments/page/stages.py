"""The line as the page draws it: seven stages, what flows between them, and where losses end.

In every design of the steady state each tank gives what it gets, so a stage's inflow of an element
equals its outflow; that is why a flow chart of carbon, chlorine or water closes without a remainder
bar (water is counted as such: what neutralisation makes of acid and caustic is too little to see).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from plant_models.chlorobenzene.line.wiring import PROCESSES, SINKS
from plant_models.chlorobenzene.substances.chemistry import COMPONENTS
from sim.books.ledger import Ledger

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


def counted() -> dict[str, Array]:
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


def links(ledger: Ledger) -> dict[tuple[str, str], Array]:
    """Return kg/yr of every component between stages, from inputs and to goods and losses.

    Keys are pairs of names like ``("crude", "storage")``, ``("in:benzene", "storage")``,
    ``("absorption", "out:acid")``, ``("washing", "loss:wastewater")``.
    """
    found: dict[tuple[str, str], Array] = {}
    for entry, kg in ledger.flows.items():
        source = STAGE_OF.get(entry.source) or f"in:{INPUTS[entry.source]}"
        sink = STAGE_OF.get(entry.sink)
        if sink is None:
            good = GOODS.get(entry.stream)
            sink = f"out:{good}" if good else f"loss:{SINKS[entry.sink]}"
        if source != sink:
            found[source, sink] = found.get((source, sink), 0.0) + kg
    return found


def _element(symbol: str) -> Array:
    """Return kg of an element per kg of each component."""
    return np.array(COMPONENTS.element_mass[COMPONENTS.elements.index(symbol)])
