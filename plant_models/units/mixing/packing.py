"""Packing: product into drums, bags or bottles, some of it lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from plant_models.units.generic import GenericUnit, Surroundings
from plant_models.units.laws.tables import no_fractions, nothing_drawn, two_ways
from sim.model.parameters import quantity
from sim.network.plain import Answer
from sim.network.unit import Stream


@dataclass(frozen=True, kw_only=True)
class Packing(GenericUnit):
    r"""Fill product into packages and lose what drips, dusts or stays in the filling line.

    .. math:: m_{lost,i} = l \, m_i

    Its capacity is that of the filling machine; its failures make it the usual bottleneck.
    """

    kind: ClassVar[str] = "packing"
    source: ClassVar[str] = "mass balance; the loss is the user's own"
    example: ClassVar[str] = """
        kind = "packing"
        loss = "2 g/kg"
        power = 0.01
        capacity = "1 t/h"
        failure = { mtbf = "40 h", mttr = "1 h" }
    """
    inlets: ClassVar[tuple[str, ...]] = ("product",)
    outlets: ClassVar[tuple[str, ...]] = ("lost", "packed")
    using: ClassVar[tuple[str, ...]] = ("power",)
    rate_dependent: ClassVar[bool] = False

    loss: float = quantity("kg/kg", "product lost", 0.0, 1.0, default=0.0)
    power: float = quantity("kWh/kg", "power per kg of product", 0.0, 10.0, default=0.0)

    def answer(self, at: Surroundings, product: Stream) -> Answer:
        """Return what is lost of everything alike."""
        n = len(product)
        return Answer(
            splits=two_ways(np.full(n, self.loss)),
            draws=nothing_drawn(n),
            uses=(self.power,),
            fractions=no_fractions(),
        )
