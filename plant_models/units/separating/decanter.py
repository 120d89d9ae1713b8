"""Decanter: two liquids that do not mix."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from plant_models.units.generic import GenericUnit, Per, Surroundings
from plant_models.units.laws.equilibrium import rachford_rice
from plant_models.units.laws.tables import no_fractions, nothing_drawn, share, two_ways
from sim.model.parameters import quantity
from sim.network.plain import Answer
from sim.network.unit import Stream

DISTRIBUTION = 0  # row of ``by_component``


@dataclass(frozen=True, kw_only=True)
class Decanter(GenericUnit):
    r"""Let two liquids settle: each component shares itself out between them at equilibrium.

    With the distribution :math:`D_i` (kg/kg in the heavy liquid over kg/kg in the light one) the
    heavy liquid's share :math:`H` of all solves

    .. math:: \sum_i \frac{m_i (D_i - 1)}{1 + H (D_i - 1)} = 0

    as Rachford and Rice's equation does for a flash; then some of the light liquid stays in the
    heavy one as droplets, ``droplets`` kg per kg.
    """

    kind: ClassVar[str] = "decanter"
    source: ClassVar[str] = "rachford-rice-1952, by mass; the distributions are the user's own"
    example: ClassVar[str] = """
        kind = "decanter"
        distribution = { ethylene = 0.001, ethanol = 8, water = 900, salt = 1e5 }
        droplets = "1 g/kg"
        capacity = "4 t/h"
    """
    inlets: ClassVar[tuple[str, ...]] = ("feed",)
    outlets: ClassVar[tuple[str, ...]] = ("heavy", "light")
    per_component: ClassVar[Mapping[str, Per]] = {
        "distribution": Per(
            "kg/kg", "share of it in the heavy liquid over its share in the light", 0.0, 1e9, 1.0
        )
    }
    rate_dependent: ClassVar[bool] = False

    droplets: float = quantity(
        "kg/kg", "light liquid left in the heavy one, per kg of it", 0.0, 10.0, default=0.0
    )

    def answer(self, at: Surroundings, feed: Stream) -> Answer:
        """Return each component's share in the heavy liquid, droplets included."""
        n, D = len(feed), self.by_component[DISTRIBUTION]
        H = rachford_rice(feed, D)
        shares = np.empty(n)
        heavy, light = 0.0, 0.0
        for i in range(n):
            shares[i] = H * D[i] / max(1.0 + H * (D[i] - 1.0), 1e-300) if H > 0.0 else 0.0
            heavy += shares[i] * feed[i]
            light += (1.0 - shares[i]) * feed[i]
        caught = share(self.droplets * heavy, light)
        for i in range(n):
            shares[i] += (1.0 - shares[i]) * caught
        return Answer(
            splits=two_ways(shares), draws=nothing_drawn(n), uses=(), fractions=no_fractions()
        )
