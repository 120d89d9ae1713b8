"""Who feeds whom on the line: every pipe, supply, sink and tank of ``Line`` as a ``Network``."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import fields, replace

from plant_models.chlorobenzene.line.tree import Line, StartUp
from plant_models.chlorobenzene.substances.chemistry import COMPONENTS
from sim.network.network import Header, Network, Pipe, Tank, Train
from sim.network.unit import Stream, Unit

SINKS = {
    "air": "emission gas",
    "sewer": "wastewater",
    "cooling water": "cooling water",
    "slop": "slop oil",
    "residue": "residue",
    "customers": "product",
}

PIPES = {
    "unloading.benzene": Pipe("wet_benzene_tank"),
    "unloading.vapour": Pipe("air"),
    "benzene_storage.benzene": Pipe("dryer.benzene"),
    "benzene_storage.vapour": Pipe("air"),
    "dryer.dry": Pipe("dry_benzene_tank"),
    "dryer.effluent": Pipe("sewer"),
    "dryer.reused": Pipe("reuse_water_tank"),
    "chlorinator.liquor": Pipe("liquor_tank"),
    "chlorinator.gas": Pipe("off_gas_cooler.gas"),
    "off_gas_cooler.gas": Pipe("off_gas_fan.gas"),
    "off_gas_cooler.condensate": Pipe("liquor_tank"),
    "off_gas_fan.gas": Pipe("absorber.gas"),
    "absorber.gas": Pipe("gas_catcher.gas"),
    "absorber.liquid": Pipe("acid_decanter.liquid"),
    "acid_decanter.acid": Pipe("acid_storage.acid"),
    "acid_decanter.oil": Pipe("wet_benzene_tank"),
    "acid_decanter.slop": Pipe("slop"),
    "acid_storage.acid": Pipe("acid_tank", start_up="sewer", trip="sewer"),
    "acid_storage.vapour": Pipe("air"),
    "gas_catcher.gas": Pipe("emergency_scrubber.gas"),
    "gas_catcher.effluent": Pipe("sewer"),
    "gas_catcher.bleed": Pipe("catcher_water_tank"),
    "emergency_scrubber.gas": Pipe("air"),
    "emergency_scrubber.effluent": Pipe("sewer"),
    "acid_loading.acid": Pipe("customers"),
    "acid_loading.vapour": Pipe("air"),
    "water_wash.washed": Pipe("alkali_wash.washed"),
    "water_wash.effluent": Pipe("sewer"),
    "water_wash.acid_water": Pipe("wash_acid_tank"),
    "alkali_wash.neutral": Pipe("neutral_tank"),
    "alkali_wash.drain": Pipe("drain_separator.drain"),
    "drain_separator.recovered": Pipe("neutral_tank"),
    "drain_separator.slop": Pipe("slop"),
    "drain_separator.evaporated": Pipe("air"),
    "drain_separator.effluent": Pipe("sewer"),
    "crude_column.distillate": Pipe("wet_benzene_tank"),
    "crude_column.bottoms": Pipe("crude_tank"),
    "crude_column.water": Pipe("sewer"),
    "crude_column.vent": Pipe("air"),
    "crude_column.vent_recovered": Pipe("off_gas_cooler.vent", otherwise="air"),
    "crude_column.leak": Pipe("cooling_water.leak"),
    "cooling_water.stripped": Pipe("air"),
    "cooling_water.carried": Pipe("cooling water"),
    "rectification_column.product": Pipe("day_tank_1", start_up="crude_tank"),
    "rectification_column.bottoms": Pipe("polychloride_tank"),
    "rectification_column.vent": Pipe("air"),
    "rectification_column.vent_collected": Pipe("absorber.vents", otherwise="air"),
    "polychloride_column.distillate": Pipe("crude_tank"),
    "polychloride_column.dichlorobenzene": Pipe("customers"),
    "polychloride_column.residue": Pipe("residue"),
    "polychloride_column.water": Pipe("sewer"),
    "polychloride_column.vent": Pipe("air"),
    "polychloride_column.vent_collected": Pipe("absorber.vents", otherwise="air"),
    "release_1.lot": Pipe("product_tank"),
    "release_2.lot": Pipe("product_tank"),
    "rework.lot": Pipe("crude_tank"),
    "packing.drums": Pipe("customers"),
    "packing.vapour": Pipe("air"),
    "carbon_bed.gas": Pipe("air"),
    "carbon_bed.recovered": Pipe("slop"),
    "carbon_bed.condensate": Pipe("sewer"),
    "effluent_stripper.recovered": Pipe("slop"),
    "effluent_stripper.treated": Pipe("sewer"),
}
"""Of the line with both devices at the end of the pipe; `network` leaves out what is not built."""

DRAWS: dict[str, str | Header] = {
    "dryer.water": "water",
    "chlorinator.chlorine": "chlorine_header",
    "chlorinator.catalyst": "catalyst",
    "off_gas_fan.air": "air_ingress",
    "absorber.water": Header(("wash_acid_tank", "catcher_water_tank"), "water"),
    "gas_catcher.water": "water",
    "emergency_scrubber.caustic": "scrubber_caustic",
    "water_wash.water": Header(("reuse_water_tank",), "water"),
    "alkali_wash.caustic": "caustic",
    "crude_column.air": "air_ingress",
    "rectification_column.air": "air_ingress",
    "polychloride_column.water": "water",
    "polychloride_column.air": "air_ingress",
    "carbon_bed.water": "water",
}

SPILLS = {
    "acid_tank": "sewer",
    "wash_acid_tank": "sewer",
    "reuse_water_tank": "sewer",
    "catcher_water_tank": "sewer",
    "effluent_pit": "sewer",
}

# In the order in which the material passes; benzene comes back to the wet-benzene tank.
TRAINS = {
    "unloading": ("benzene_supply", ("unloading",)),
    "drying": ("wet_benzene_tank", ("benzene_storage", "dryer")),
    "chlorination": (
        "dry_benzene_tank",
        (
            "chlorinator",
            "off_gas_cooler",
            "off_gas_fan",
            "absorber",
            "acid_decanter",
            "acid_storage",
            "gas_catcher",
            "emergency_scrubber",
            "carbon_bed",
        ),
    ),
    "washing": ("liquor_tank", ("water_wash", "alkali_wash", "drain_separator")),
    "crude_distillation": ("neutral_tank", ("crude_column", "cooling_water")),
    "rectification": ("crude_tank", ("rectification_column",)),
    "polychloride": ("polychloride_tank", ("polychloride_column",)),
    "acid_loading": ("acid_tank", ("acid_loading",)),
    "release_1": ("day_tank_1", ("release_1",)),
    "release_2": ("day_tank_2", ("release_2",)),
    "rework": ("rework_tank", ("rework",)),
    "packing": ("product_tank", ("packing",)),
    "effluent_stripping": ("effluent_pit", ("effluent_stripper",)),
}

PROCESSES: Mapping[str, tuple[str, ...]] = {
    "delivery": ("unloading", "wet_benzene_tank", "benzene_storage"),
    "drying": ("dryer", "dry_benzene_tank", "reuse_water_tank"),
    "chlorination": ("chlorinator", "off_gas_cooler", "off_gas_fan", "liquor_tank"),
    "absorption": (
        "absorber",
        "acid_decanter",
        "acid_storage",
        "gas_catcher",
        "emergency_scrubber",
        "acid_tank",
        "acid_loading",
        "catcher_water_tank",
    ),
    "washing": ("water_wash", "alkali_wash", "drain_separator", "neutral_tank", "wash_acid_tank"),
    "crude distillation": ("crude_column", "cooling_water"),
    "rectification": (
        "crude_tank",
        "rectification_column",
        "day_tank_1",
        "day_tank_2",
        "release_1",
        "release_2",
        "rework_tank",
        "rework",
    ),
    "polychloride": ("polychloride_column", "polychloride_tank"),
    "packing": ("product_tank", "packing"),
    "end of pipe": ("carbon_bed", "effluent_pit", "effluent_stripper"),
}
"""Processes of the source's flow sheet, devices behind them, and the units and tanks of each.

What leaves the line is put down to the process of the unit or tank that lets it go. The crude tank
belongs to the column that it feeds, for that is where reworked lots and the polychloride column's
distillate return.
"""

PROCESS_TRAINS = (
    "drying",
    "chlorination",
    "washing",
    "crude_distillation",
    "rectification",
    "polychloride",
)
"""Trains that can be the bottleneck; the others store, ship or unload."""

PROCESS_OF = {part: process for process, parts in PROCESSES.items() for part in parts}
"""The process of every unit and tank."""

# What each tank holds on the first day, kg/kg; the year soon forgets it.
CONTENTS: dict[str, dict[str, float]] = {
    "wet_benzene_tank": {"benzene": 0.993, "chlorobenzene": 0.006, "water": 0.001},
    "dry_benzene_tank": {"benzene": 0.994, "chlorobenzene": 0.006},
    "liquor_tank": {
        "benzene": 0.615,
        "chlorobenzene": 0.363,
        "dichlorobenzene": 0.019,
        "hydrogen_chloride": 0.003,
    },
    "neutral_tank": {"benzene": 0.617, "chlorobenzene": 0.364, "dichlorobenzene": 0.019},
    "crude_tank": {"chlorobenzene": 0.952, "dichlorobenzene": 0.047, "benzene": 0.001},
    "polychloride_tank": {"chlorobenzene": 0.3, "dichlorobenzene": 0.69, "trichlorobenzene": 0.01},
    "day_tank_1": {"chlorobenzene": 0.9985, "benzene": 0.001, "dichlorobenzene": 0.0005},
    "day_tank_2": {"chlorobenzene": 0.9985, "benzene": 0.001, "dichlorobenzene": 0.0005},
    "rework_tank": {"chlorobenzene": 0.995, "benzene": 0.003, "dichlorobenzene": 0.002},
    "product_tank": {"chlorobenzene": 0.9985, "benzene": 0.001, "dichlorobenzene": 0.0005},
    "acid_tank": {"hydrogen_chloride": 0.31, "water": 0.69},
    "wash_acid_tank": {"hydrogen_chloride": 0.02, "water": 0.98},
    "reuse_water_tank": {"water": 1.0},
    "catcher_water_tank": {"water": 1.0},
    "effluent_pit": {"water": 1.0},
}  # fmt: skip


def network(line: Line) -> Network:
    """Return the line's network."""
    installed = {
        "carbon_bed": line.carbon_bed.installed,
        "effluent_stripper": line.effluent_stripper.installed,
        "effluent_pit": line.effluent_stripper.installed,
    }
    parts = {
        item.name: getattr(line, item.name)
        for item in fields(line)
        if installed.get(item.name, True)
    }
    supplies: dict[str, Stream] = {
        # rail tank cars bring benzene saturated with water at about 20 degC (IUPAC-NIST SRD 106)
        "benzene_supply": COMPONENTS.stream(benzene=1.0 - 6.2e-4, water=6.2e-4),
        "chlorine_header": line.chlorinator.chlorine_supply(),
        "catalyst": COMPONENTS.stream(iron_chloride=1.0),
        "air_ingress": COMPONENTS.stream(nitrogen=1.0),
        "water": COMPONENTS.stream(water=1.0),
        "caustic": COMPONENTS.stream(
            sodium_hydroxide=line.alkali_wash.caustic_strength,
            water=1.0 - line.alkali_wash.caustic_strength,
        ),
        "scrubber_caustic": COMPONENTS.stream(
            sodium_hydroxide=line.emergency_scrubber.caustic_strength,
            water=1.0 - line.emergency_scrubber.caustic_strength,
        ),
    }
    return Network(
        components=COMPONENTS,
        units={name: part for name, part in parts.items() if isinstance(part, Unit)},
        tanks={name: part for name, part in parts.items() if isinstance(part, Tank)},
        contents={
            name: COMPONENTS.stream(**shares) for name, shares in CONTENTS.items() if name in parts
        },
        supplies=supplies,
        sinks=SINKS,
        trains=tuple(
            _train(name, feed, members, parts.get(name))
            for name, (feed, units) in TRAINS.items()
            if (members := tuple(unit for unit in units if unit in parts))
        ),
        pipes=_pipes(line, parts),
        draws={inlet: source for inlet, source in DRAWS.items() if inlet.split(".")[0] in parts},
        spills={tank: sink for tank, sink in SPILLS.items() if tank in parts},
        pacer="chlorination",
    )


def _pipes(line: Line, built: Collection[str]) -> dict[str, Pipe]:
    """Return the pipes of what is built; the pit collects what went to the sewer.

    Acid of start-ups and trips, and what other tanks spill, goes past it.
    """
    pipes = {outlet: pipe for outlet, pipe in PIPES.items() if outlet.split(".")[0] in built}
    if line.effluent_stripper.installed:
        for outlet, pipe in pipes.items():
            if pipe.to == "sewer" and outlet != "effluent_stripper.treated":
                pipes[outlet] = replace(pipe, to="effluent_pit")
    if line.carbon_bed.installed:
        pipes["emergency_scrubber.gas"] = Pipe("carbon_bed.gas")
    return pipes


def _train(name: str, feed: str, members: tuple[str, ...], start_up: object) -> Train:
    if not isinstance(start_up, StartUp):
        return Train(name, feed, members)
    return Train(
        name,
        feed,
        members,
        start_up.start_up_hours,
        start_up.start_up_fraction,
        start_up.trip_hours,
        start_up.trip_fraction,
    )
