"""Transfer pumps between tanks of the same liquid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from sim.model.parameters import quantity
from sim.network.unit import Conditions, Recipe, Stream, Unit


@dataclass(frozen=True, kw_only=True)
class TransferPump(Unit):
    """Empties a tank at its own rate; where to, the operator decides."""

    inlets: ClassVar[tuple[str, ...]] = ("lot",)
    outlets: ClassVar[tuple[str, ...]] = ("lot",)
    rate_dependent: ClassVar[bool] = False

    power: float = quantity("kWh/kg", "pumping per liquid", 0.0, 1.0)

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        """Return the recipe: all that enters leaves."""
        return Recipe(splits={"lot": (1.0,) * len(inlets["lot"])}, uses={"power": self.power})
