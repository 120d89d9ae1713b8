"""Mixer: streams become one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from plant_models.units.generic import GenericUnit, Key, Per, Surroundings
from plant_models.units.laws.tables import no_fractions, one_way
from plant_models.units.properties import Substances
from sim.model.parameters import quantity
from sim.network.plain import Answer
from sim.network.unit import Stream

REST = ("all but the first",)
"""Of the inlets, where nobody says which draw."""


@dataclass(frozen=True, kw_only=True)
class Mixer(GenericUnit):
    r"""Streams become one; some are drawn in proportion to the first.

    .. math:: m_i = \sum_p m_{p,i}, \qquad D_p = r_p \sum_i m_{1,i}

    What comes by a pipe from another unit is not drawn: leave such an inlet out of ``draws``.
    """

    kind: ClassVar[str] = "mixer"
    source: ClassVar[str] = "mass balance"
    example: ClassVar[str] = """
        kind = "mixer"
        inlets = ["feed", "water"]
        ratio.water = "250 g/kg"
        capacity = "2 t/h"
    """
    keys: ClassVar[tuple[Key, ...]] = (
        Key("inlets", "names of its inlets, the main one first", "ports", ("feed", "second"), 3),
        Key(
            "draws",
            "those that draw, from a supply or a tank; [] if none does",
            "ports",
            REST,
            2,
            0,
        ),
    )
    outlets: ClassVar[tuple[str, ...]] = ("mixed",)
    per_part: ClassVar[Mapping[str, Per]] = {
        "ratio": Per("kg/kg", "drawn per kg of the main inlet", 0.0, 1e4)
    }
    part: ClassVar[str] = "inlet that draws"
    using: ClassVar[tuple[str, ...]] = ("power",)
    rate_dependent: ClassVar[bool] = False

    power: float = quantity("kWh/kg", "stirring per kg of the main inlet", 0.0, 10.0, default=0.0)

    @classmethod
    def shaped(cls, substances: Substances, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return the ports; without word all inlets but the first draw."""
        inlets = given["inlets"]
        draws = inlets[1:] if given["draws"] == REST else given["draws"]
        strange = [port for port in draws if port not in inlets[1:]]
        if strange:
            raise ValueError(
                f"draws: {strange[0]!r} is no inlet behind the main one, {inlets[0]!r}"
            )
        drawing = tuple(port for port in inlets if port in draws)
        return {"inlets": inlets, "drawing": drawing, "parts": drawing}

    def answer(self, at: Surroundings, feed: Stream, *others: Sequence[float]) -> Answer:
        """Return all that enters, and what is drawn for it."""
        n = len(feed)
        draws = np.empty((len(self.by_part), n))
        for p in range(len(self.by_part)):
            for i in range(n):
                draws[p, i] = self.by_part[p, 0]
        return Answer(splits=one_way(n), draws=draws, uses=(self.power,), fractions=no_fractions())
