"""Water that passes the condensers of the drying step once, hardly polluted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from plant_models.chlorobenzene.substances.chemistry import COMPONENTS, ORGANICS, WATER
from sim.model.parameters import quantity
from sim.network.unit import Conditions, Recipe, Stream, Unit

_SIZE = len(COMPONENTS)


@dataclass(frozen=True, kw_only=True)
class OnceThroughWater(Unit):
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

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        """Return the benzene less what leaks, and the water; draws what is not returned."""
        main = inlets["benzene"]
        organics, total = sum([main[i] for i in ORGANICS]), sum(main)
        back = self.returned
        leaks = min(self.leak / organics, 1.0) if organics > 0.0 else 0.0
        to_sewer, to_cooling = [0.0] * _SIZE, [0.0] * _SIZE
        for i in ORGANICS:
            to_sewer[i], to_cooling[i] = leaks * (1.0 - back), leaks * back
        drawn, own = inlets["water"][WATER], main[WATER]
        to_sewer[WATER] = drawn / (drawn + own) if drawn > 0.0 else 0.0
        row = (1.0 - back) * self.water / total if total > 0.0 else 0.0
        return Recipe(
            splits={
                "dry": tuple([1.0 - a - b for a, b in zip(to_sewer, to_cooling, strict=True)]),
                "effluent": tuple(to_sewer),
                "returned": tuple(to_cooling),
            },
            draws={"water": (row,) * _SIZE},
        )
