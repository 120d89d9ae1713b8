"""The kinds of unit by their words in a data file, in the order in which one looks for them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from plant_models.units.boiling.column import Column
from plant_models.units.boiling.condenser import Condenser
from plant_models.units.boiling.evaporator import Evaporator
from plant_models.units.boiling.flash import Flash
from plant_models.units.contacting.absorber import Absorber
from plant_models.units.contacting.wash import Wash
from plant_models.units.generic import GenericUnit
from plant_models.units.heating.boiler import Boiler
from plant_models.units.heating.heater import Heater
from plant_models.units.mixing.mixer import Mixer
from plant_models.units.mixing.packing import Packing
from plant_models.units.mixing.pump import Pump
from plant_models.units.mixing.splitter import Splitter
from plant_models.units.reacting.batch import Batch
from plant_models.units.reacting.converter import Converter
from plant_models.units.reacting.reactor import Reactor
from plant_models.units.separating.decanter import Decanter
from plant_models.units.separating.dryer import Dryer
from plant_models.units.separating.filter import Filter
from plant_models.units.separating.separator import Separator

KINDS: Mapping[str, type[GenericUnit]] = MappingProxyType(
    {
        kind.kind: kind
        for kind in (
            Pump, Mixer, Splitter, Packing,
            Separator, Filter, Decanter, Dryer,
            Wash, Absorber,
            Flash, Condenser, Evaporator, Column,
            Converter, Reactor, Batch,
            Heater, Boiler,
        )
    }
)  # fmt: skip
