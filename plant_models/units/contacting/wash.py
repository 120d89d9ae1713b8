"""Wash: a solvent takes out of a liquid what it dissolves better."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from plant_models.units.generic import GenericUnit, Per, Surroundings
from plant_models.units.laws.stages import exchanged, in_last_stage
from plant_models.units.laws.tables import evenly, no_fractions, share, total, two_ways
from sim.model.parameters import quantity
from sim.network.plain import Answer
from sim.network.unit import Stream

DISTRIBUTION = 0  # row of ``by_component``


@dataclass(frozen=True, kw_only=True)
class Wash(GenericUnit):
    r"""Wash a liquid (or a cake) with a solvent in counter-current stages.

    With the extraction factor :math:`\lambda_i = D_i S / F` of solvent over feed,

    .. math:: f_i = \frac{\lambda_i - 1}{\lambda_i^{N+1} - 1}

    of what the feed brings of a component stays in it; of what the solvent brings, the feed takes
    up :math:`1 - f(1/\lambda_i, N)`. A stage comes ``stage_efficiency`` of its way to equilibrium.
    Some of the solvent stays in the washed liquid, ``solvent_kept`` kg per kg of the rest of it,
    as it is in the last stage. What the solvent is made of has a large distribution: without one
    all of it stays.
    """

    kind: ClassVar[str] = "wash"
    source: ClassVar[str] = (
        "kremser-1930 for constant factors; the distributions are the user's own"
    )
    example: ClassVar[str] = """
        kind = "wash"
        distribution = { water = 1e6, salt = 500, ethanol = 2 }
        ratio = "0.3 kg/kg"
        stages = 2
        solvent_kept = "5 g/kg"
        capacity = "2 t/h"
    """
    inlets: ClassVar[tuple[str, ...]] = ("feed", "solvent")
    outlets: ClassVar[tuple[str, ...]] = ("washed", "extract")
    drawing: ClassVar[tuple[str, ...]] = ("solvent",)
    per_component: ClassVar[Mapping[str, Per]] = {
        "distribution": Per(
            "kg/kg", "share of it in the solvent over its share in the feed", 0.0, 1e9, 0.0
        )
    }
    using: ClassVar[tuple[str, ...]] = ("power",)
    rate_dependent: ClassVar[bool] = False

    ratio: float = quantity("kg/kg", "solvent per feed", 0.0, 1e3)
    stages: int = quantity("1", "stages in counter-current", 1, 50, default=1)
    stage_efficiency: float = quantity(
        "1", "how far a stage comes on its way to equilibrium", 0.0, 1.0, default=1.0
    )
    solvent_kept: float = quantity(
        "kg/kg",
        "solvent that stays in the washed liquid, per kg of the rest",
        0.0,
        10.0,
        default=0.0,
    )
    power: float = quantity("kWh/kg", "pumping and stirring per feed", 0.0, 10.0, default=0.0)

    def answer(self, at: Surroundings, feed: Stream, solvent: Stream) -> Answer:
        """Return what stays in the feed."""
        n, D = len(feed), self.by_component[DISTRIBUTION]
        fed, given = total(feed), total(solvent)
        stays, last = np.empty(n), np.empty(n)
        washed = 0.0
        for i in range(n):
            factor = D[i] * given / fed if fed > 0.0 else 0.0
            stays[i] = exchanged(feed[i], solvent[i], factor, self.stages, self.stage_efficiency)
            left = stays[i] * (feed[i] + solvent[i])
            last[i] = in_last_stage(
                feed[i], solvent[i], left, factor, self.stages, self.stage_efficiency
            )
            washed += left
        kept = share(self.solvent_kept * washed, total(last))
        for i in range(n):
            both = feed[i] + solvent[i]
            stays[i] += share(kept * last[i], both) if both > 0.0 else 0.0
        return Answer(
            splits=two_ways(stays),
            draws=evenly(self.ratio, n),
            uses=(self.power,),
            fractions=no_fractions(),
        )
