"""Splitter: one stream becomes several of the same composition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from plant_models.units.generic import GenericUnit, Key, Per, Surroundings
from plant_models.units.laws.tables import no_fractions, nothing_drawn
from plant_models.units.properties import Substances
from sim.network.plain import Answer
from sim.network.unit import Stream

SLACK = 1e-9  # kg/kg; 0.7, 0.2 and 0.1 add up to 1


@dataclass(frozen=True, kw_only=True)
class Splitter(GenericUnit):
    r"""One stream becomes several of the same composition; the last outlet takes the rest.

    .. math:: m_{o,i} = s_o m_i, \qquad s_{last} = 1 - \sum_{o < last} s_o

    Where the shares add up to more than 1 the first ones get theirs.
    """

    kind: ClassVar[str] = "splitter"
    source: ClassVar[str] = "mass balance"
    example: ClassVar[str] = """
        kind = "splitter"
        outlets = ["purge", "recycle"]
        share.purge = 0.05
        capacity = "2 t/h"
    """
    keys: ClassVar[tuple[Key, ...]] = (
        Key("outlets", "names of its outlets", "ports", ("first", "second"), 6),
    )
    inlets: ClassVar[tuple[str, ...]] = ("feed",)
    per_part: ClassVar[Mapping[str, Per]] = {"share": Per("kg/kg", "of all that enters", 0.0, 1.0)}
    part: ClassVar[str] = "outlet but the last"
    rate_dependent: ClassVar[bool] = False

    @classmethod
    def shaped(cls, substances: Substances, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return the outlets, of which all but the last have a share."""
        outlets = given["outlets"]
        if len(outlets) < 2:
            raise ValueError(f"outlets: expected two or more, came {outlets[0]!r} alone")
        return {"outlets": outlets, "parts": outlets[:-1]}

    @property
    def overdrawn(self) -> float:
        """What the shares take beyond all that there is, kg/kg."""
        beyond = float(self.by_part[:, 0].sum()) - 1.0
        return beyond if beyond > SLACK else 0.0

    def answer(self, at: Surroundings, feed: Stream) -> Answer:
        """Return the shares of the outlets."""
        n, count = len(feed), len(self.by_part)
        splits = np.empty((count + 1, n))
        rest = 1.0
        for o in range(count):
            share = min(self.by_part[o, 0], rest)
            rest -= share
            for i in range(n):
                splits[o, i] = share
        for i in range(n):
            splits[count, i] = rest
        return Answer(splits=splits, draws=nothing_drawn(n), uses=(), fractions=no_fractions())
