"""Filter: solids as a moist cake, liquid as filtrate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from plant_models.units.generic import GenericUnit, Per, Surroundings
from plant_models.units.laws.tables import no_fractions, nothing_drawn, share, two_ways
from sim.model.parameters import quantity
from sim.network.plain import Answer
from sim.network.unit import Stream

SOLID = 0  # row of ``by_component``


@dataclass(frozen=True, kw_only=True)
class Filter(GenericUnit):
    r"""Hold solids back as a cake that keeps some of the liquid; the rest is filtrate.

    .. math:: S = \sum_i s_i m_i, \qquad L = \sum_i (1 - s_i) m_i, \qquad
              m_{cake,i} = \left[s_i + (1 - s_i) \min\left(\frac{w S}{L}, 1\right)\right] m_i

    The liquid in the cake has the composition of the filtrate: what is dissolved is lost with it,
    until a wash takes its place.
    """

    kind: ClassVar[str] = "filter"
    source: ClassVar[str] = "mass balance; retention and moisture are the user's own"
    example: ClassVar[str] = """
        kind = "filter"
        solid.salt = 0.99
        moisture = "150 g/kg"
        capacity = "3 t/h"
    """
    inlets: ClassVar[tuple[str, ...]] = ("slurry",)
    outlets: ClassVar[tuple[str, ...]] = ("cake", "filtrate")
    per_component: ClassVar[Mapping[str, Per]] = {
        "solid": Per("kg/kg", "share of it that is solid and is held back", 0.0, 1.0, 0.0)
    }
    using: ClassVar[tuple[str, ...]] = ("power",)
    rate_dependent: ClassVar[bool] = False

    moisture: float = quantity("kg/kg", "liquid in the cake per kg of solids in it", 0.0, 50.0)
    power: float = quantity("kWh/kg", "power per kg of slurry", 0.0, 10.0, default=0.0)

    def answer(self, at: Surroundings, slurry: Stream) -> Answer:
        """Return solids and their moisture to the cake."""
        n, solid = len(slurry), self.by_component[SOLID]
        solids, liquid = 0.0, 0.0
        for i in range(n):
            solids += solid[i] * slurry[i]
            liquid += (1.0 - solid[i]) * slurry[i]
        kept = share(self.moisture * solids, liquid)
        cake = np.empty(n)
        for i in range(n):
            cake[i] = solid[i] + (1.0 - solid[i]) * kept
        return Answer(
            splits=two_ways(cake),
            draws=nothing_drawn(n),
            uses=(self.power,),
            fractions=no_fractions(),
        )
