"""The kinds of unit by their words in a data file, in the order in which one looks for them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from plant_models.units.generic import GenericUnit
from plant_models.units.mixing.mixer import Mixer
from plant_models.units.mixing.splitter import Splitter
from plant_models.units.separating.separator import Separator

KINDS: Mapping[str, type[GenericUnit]] = MappingProxyType(
    {kind.kind: kind for kind in (Mixer, Splitter, Separator)}
)
