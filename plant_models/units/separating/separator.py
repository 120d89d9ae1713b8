"""Separator: so much of each component to the first outlet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from plant_models.units.generic import GenericUnit, Key, Per, Surroundings
from plant_models.units.laws.tables import no_fractions, nothing_drawn, two_ways
from plant_models.units.properties import Substances
from sim.model.parameters import quantity
from sim.network.plain import Answer
from sim.network.unit import Stream

RECOVERY = 0  # row of ``by_component``


@dataclass(frozen=True, kw_only=True)
class Separator(GenericUnit):
    r"""Send a fixed share of each component to the first outlet and the rest to the second.

    .. math:: m_{1,i} = r_i m_i, \qquad m_{2,i} = (1 - r_i) m_i

    What there is to say of a piece of equipment whose balance was measured and whose inside is not
    known; ``plant fit`` finds the recoveries from readings.
    """

    kind: ClassVar[str] = "separator"
    source: ClassVar[str] = "mass balance; the recoveries are the user's own"
    example: ClassVar[str] = """
        kind = "separator"
        outlets = ["top", "bottom"]
        recovery.ethanol = 0.98
        recovery.water = "50 g/kg"
        capacity = "2 t/h"
        steam = "300 g/kg"
    """
    keys: ClassVar[tuple[Key, ...]] = (
        Key("outlets", "names of its two outlets", "ports", ("top", "bottom"), 2),
    )
    inlets: ClassVar[tuple[str, ...]] = ("feed",)
    per_component: ClassVar[Mapping[str, Per]] = {
        "recovery": Per("kg/kg", "share that leaves by the first outlet", 0.0, 1.0, 0.0)
    }
    using: ClassVar[tuple[str, ...]] = ("steam", "power", "cooling_water")
    rate_dependent: ClassVar[bool] = False

    steam: float = quantity("kg/kg", "steam per kg fed", 0.0, 1e3, default=0.0)
    power: float = quantity("kWh/kg", "power per kg fed", 0.0, 1e2, default=0.0)
    cooling_water: float = quantity("kg/kg", "cooling water per kg fed", 0.0, 1e5, default=0.0)

    @classmethod
    def shaped(cls, substances: Substances, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return the two outlets."""
        outlets = given["outlets"]
        if len(outlets) != 2:
            raise ValueError(f"outlets: expected two, came {len(outlets)}")
        return {"outlets": outlets}

    def answer(self, at: Surroundings, feed: Stream) -> Answer:
        """Return the recoveries as splits."""
        return Answer(
            splits=two_ways(self.by_component[RECOVERY]),
            draws=nothing_drawn(len(feed)),
            uses=(self.steam, self.power, self.cooling_water),
            fractions=no_fractions(),
        )
