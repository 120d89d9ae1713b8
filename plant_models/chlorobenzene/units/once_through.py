"""Water that passes the condensers of the drying step once, hardly polluted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from plant_models.chlorobenzene.substances.chemistry import WATER
from plant_models.chlorobenzene.substances.streams import (
    ORGANICS_ONLY,
    evenly,
    joined,
    plus,
    remaining,
    total,
)
from plant_models.chlorobenzene.units.plain import LineUnit, Weather
from sim.model.parameters import quantity
from sim.network.plain import Answer
from sim.network.unit import Stream


@dataclass(frozen=True, kw_only=True)
class OnceThroughWater(LineUnit):
    r"""Let tens of t/h of cooling water past dry benzene, once, into the sewer.

    Most of the wastewater of the source's table can only be such water: it is forty times what the
    line's own waters come to. Through pinholes a little benzene leaks into it. Three cocks end
    parts of it, one each for F1, F2 and F3; how the volume splits between them the source does not
    tell, so their shares are parameters: of weights :math:`w`, the part
    :math:`\sum_{shut} w / \sum w` is returned to the works' cooling water instead, is drawn no
    more, and what leaks into it goes on there.

    References
    ----------
    plant-case: 349,000 t/yr less wastewater after the programme. The device is assumed.
    """

    inlets: ClassVar[tuple[str, ...]] = ("benzene", "water")
    outlets: ClassVar[tuple[str, ...]] = ("dry", "effluent", "returned")
    derived: ClassVar[tuple[str, ...]] = ("returned",)
    drawing: ClassVar[tuple[str, ...]] = ("water",)

    water: float = quantity("kg/h", "water that passes once", 0.0, 1e6)
    leak: float = quantity("kg/h", "benzene that leaks into that water", 0.0, 100.0)
    drying_share: float = quantity("1", "weight of the part that F3 ends", 0.001, 1.0)
    catcher_share: float = quantity("1", "weight of the part that F2 ends", 0.0, 1.0)
    cooler_share: float = quantity("1", "weight of the part that F1 ends", 0.0, 1.0)
    drying_ended: bool = quantity("", "the drying step's part is returned (F3)")
    catcher_ended: bool = quantity("", "the catcher's part is returned (F2)")
    cooler_ended: bool = quantity("", "the off-gas coolers' part is returned (F1)")

    @property
    def returned(self) -> float:
        """Share of the water that does not go to the sewer, kg/kg."""
        parts = (
            (self.drying_share, self.drying_ended),
            (self.catcher_share, self.catcher_ended),
            (self.cooler_share, self.cooler_ended),
        )
        ended = sum([weight for weight, shut in parts if shut])
        return ended / sum([weight for weight, _ in parts])

    def answer(self, at: Weather, benzene: Stream, water: Stream) -> Answer:
        """Return the benzene less what leaks, and the water; draws what is not returned."""
        organics, fed = benzene[0] + benzene[1] + benzene[2] + benzene[3], total(benzene)
        back, drawn = self.returned, water[WATER]
        leaks = min(self.leak / organics, 1.0) if organics > 0.0 else 0.0
        wet = drawn / (drawn + benzene[WATER]) if drawn > 0.0 else 0.0
        a, b = leaks * (1.0 - back), leaks * back
        effluent = joined((a, a, a, a), (0.0, 0.0, wet, 0.0, 0.0, 0.0, 0.0))
        returned = joined((b, b, b, b), ORGANICS_ONLY)
        row = (1.0 - back) * self.water / fed if fed > 0.0 else 0.0
        return Answer(
            splits=(remaining(plus(effluent, returned)), effluent, returned),
            draws=(evenly(row),),
            uses=(),
            fractions=(),
        )
