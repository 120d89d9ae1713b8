"""Absorber (or stripper): gas and liquid in counter-current."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from plant_models.units.generic import GenericUnit, Per, Surroundings
from plant_models.units.laws.stages import exchanged
from plant_models.units.laws.tables import evenly, no_fractions, two_ways
from sim.model.parameters import quantity
from sim.network.plain import Answer
from sim.network.unit import Stream

EQUILIBRIUM, MASS = 0, 1  # rows of ``by_component``


@dataclass(frozen=True, kw_only=True)
class Absorber(GenericUnit):
    r"""Wash a gas with a liquid in counter-current stages; a stripper is the same.

    With the absorption factor :math:`A_i = L / (K_i G)`, in kmol of liquid and gas that enter,

    .. math:: f_i = \frac{A_i - 1}{A_i^{N+1} - 1}

    of what the gas brings of a component leaves with it; of what the liquid brings, the gas takes
    up :math:`1 - f(1/A_i, N)`, so that a solvent saturates the gas. Constant temperature and
    factors; ``equilibrium`` is Henry's constant over pressure, of a solvent :math:`\gamma p / P`:
    one of which none is told leaves with the gas.
    """

    kind: ClassVar[str] = "absorber"
    source: ClassVar[str] = "kremser-1930; the equilibria are the user's own"
    example: ClassVar[str] = """
        kind = "absorber"
        equilibrium = { ethanol = 0.4, water = 0.023 }
        ratio = "2 kg/kg"
        stages = 6
        capacity = "1 t/h"
    """
    inlets: ClassVar[tuple[str, ...]] = ("gas", "liquid")
    outlets: ClassVar[tuple[str, ...]] = ("gas", "liquor")
    drawing: ClassVar[tuple[str, ...]] = ("liquid",)
    per_component: ClassVar[Mapping[str, Per]] = {
        "equilibrium": Per(
            "kmol/kmol",
            "share of it in the gas over its share in the liquid; 0 unless told of what never "
            "evaporates",
            0.0,
            1e9,
            1e6,
            of_salts=0.0,
        )
    }
    needs: ClassVar[tuple[str, ...]] = ("molar_mass",)
    using: ClassVar[tuple[str, ...]] = ("power",)
    rate_dependent: ClassVar[bool] = False

    ratio: float = quantity("kg/kg", "liquid per gas", 0.0, 1e4)
    stages: int = quantity("1", "equilibrium stages", 1, 100, default=1)
    stage_efficiency: float = quantity(
        "1", "how far a stage comes on its way to equilibrium", 0.0, 1.0, default=1.0
    )
    power: float = quantity("kWh/kg", "fan and pump per gas", 0.0, 10.0, default=0.0)

    def answer(self, at: Surroundings, gas: Stream, liquid: Stream) -> Answer:
        """Return what stays in the gas."""
        n, K, M = len(gas), self.by_component[EQUILIBRIUM], self.by_component[MASS]
        G, L = 0.0, 0.0
        for i in range(n):
            G += gas[i] / M[i]
            L += liquid[i] / M[i]
        stays = np.empty(n)
        for i in range(n):
            factor = L / max(K[i] * G, 1e-300) if G > 0.0 else 0.0
            stays[i] = exchanged(gas[i], liquid[i], factor, self.stages, self.stage_efficiency)
        return Answer(
            splits=two_ways(stays),
            draws=evenly(self.ratio, n),
            uses=(self.power,),
            fractions=no_fractions(),
        )
