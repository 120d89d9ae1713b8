"""Pump: from one tank to the next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from plant_models.units.generic import GenericUnit, Surroundings
from plant_models.units.laws.tables import no_fractions, nothing_drawn, one_way
from sim.model.parameters import quantity
from sim.network.plain import Answer
from sim.network.unit import Stream


@dataclass(frozen=True, kw_only=True)
class Pump(GenericUnit):
    r"""Pass everything on as it comes: unloading, loading, from one tank to the next.

    .. math:: m_{out,i} = m_i, \qquad w = \frac{\Delta p}{\rho \, \eta}

    The power per kg, :math:`w`, is given.
    """

    kind: ClassVar[str] = "pump"
    source: ClassVar[str] = "mass balance"
    example: ClassVar[str] = """
        kind = "pump"
        power = "0.0001 kWh/kg"
        capacity = "30 t/h"
    """
    inlets: ClassVar[tuple[str, ...]] = ("charge",)
    outlets: ClassVar[tuple[str, ...]] = ("passed",)
    using: ClassVar[tuple[str, ...]] = ("power",)
    rate_dependent: ClassVar[bool] = False

    power: float = quantity("kWh/kg", "power per kg", 0.0, 10.0, default=0.0)

    def answer(self, at: Surroundings, charge: Stream) -> Answer:
        """Return all that comes."""
        n = len(charge)
        return Answer(
            splits=one_way(n), draws=nothing_drawn(n), uses=(self.power,), fractions=no_fractions()
        )
