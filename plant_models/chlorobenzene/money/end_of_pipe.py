"""The devices that the line may put at the ends of its pipes: a carbon bed and a stripper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from plant_models.chlorobenzene.line.design import DATA
from plant_models.chlorobenzene.substances.chemistry import BENZENE, MCB
from plant_models.methods.devices import DeviceCost, Devices, Knob
from sim.clock.watch import Outflows
from sim.model.facts import Design, load

DEVICES = ("E1", "E2")
MEDIA = {"air": "air", "sewer": "wastewater"}
"""Sinks, and the word that indicators begin with."""

ALSO = (
    "wastewater_t",
    "wastewater.hydrogen_chloride_t",
    "benzene_used_t",
    "slop_oil_t",
    "steam_t",
    "cooling_water_intake_t",
    "operating_hours",
)
"""What no device at the end of the pipe changes for the better."""


@dataclass(frozen=True, kw_only=True)
class DeviceCosts:
    """Costs of the devices; values live in ``data/device_costs.toml``."""

    E1: DeviceCost
    E2: DeviceCost


@cache
def device_costs() -> Design[DeviceCosts]:
    """Return the costs of the devices, with their facts.

    Examples
    --------
    >>> device_costs().tree.E1.upkeep
    90000.0
    """
    return load(DeviceCosts, DATA / "device_costs.toml", sources=[DATA / "sources.toml"])


def organics(year: Mapping[str, float], sink: str) -> float:
    """Return benzene and chlorobenzene to a sink, t/yr."""
    word = MEDIA[sink]
    return year[f"{word}.benzene_t"] + year[f"{word}.chlorobenzene_t"]


def _organics_now(flows: Outflows) -> Mapping[str, float]:
    """Return benzene and chlorobenzene to each sink, kg/h."""
    now = dict.fromkeys(MEDIA, 0.0)
    for (_, sink), kg in flows.items():
        if sink in now:
            now[sink] += kg[BENZENE] + kg[MCB]
    return now


@cache
def devices() -> Devices:
    """Return the carbon bed (E1) and the effluent stripper (E2)."""
    return Devices(
        knobs={
            "air": Knob("E1", ("carbon_bed.capture",)),
            "sewer": Knob("E2", ("effluent_stripper.recovery",)),
        },
        never=("carbon_bed.failure.mtbf=1e12", "effluent_stripper.failure.mtbf=1e12"),
        costs={name: getattr(device_costs().tree, name) for name in DEVICES},
        what="organics",
        told="a carbon bed (E1) and an effluent stripper (E2)",
        sources="devices and their costs are assumed: data/end_of_pipe.toml, "
        "data/device_costs.toml",
        emitted=organics,
        now=_organics_now,
        also=ALSO,
    )
