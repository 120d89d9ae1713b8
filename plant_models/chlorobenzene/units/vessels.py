"""What opening a vessel, filling it again, and spilling a hose or a drum let go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from plant_models.chlorobenzene.substances.chemistry import (
    BENZENE,
    CHLORINE,
    COMPONENTS,
    INERT,
    ORGANICS,
)
from plant_models.chlorobenzene.substances.properties import (
    MOLAR_MASS,
    R,
    mole_fractions,
    share_in_water,
    vapour_pressures,
)
from sim.flow.map import START_UP
from sim.model.parameters import quantity
from sim.network.unit import Conditions, Recipe, Stream, Unit

_SIZE = len(COMPONENTS)


@dataclass(frozen=True, kw_only=True)
class Vessel(Unit):
    r"""A vessel that is drained, rinsed and steamed before it is opened, and filled again.

    What can be pumped out, and what fills it again, stays on the line, so that it counts nowhere.
    What is ``left``, :math:`m = l H` of the holdup, is lost within ``hours``: the share ``drained``
    goes to slop; rinse water takes what it dissolves, and acid and salts all; steam drives out the
    rest of the organics, of which its condenser holds the share ``recovered`` for slop:

    .. math:: m_{air,i} = m_i (1 - d)(1 - r), \qquad m_{slop,i} = m_i [d + (1 - d) r],

    less what the rinse has dissolved. When it is filled and heated (cause ``start-up``) the air of
    its space :math:`V` leaves over its condenser, saturated at :math:`T = T_w + \Delta T`:

    .. math:: m_i = \frac{P V}{R T_w} \, \frac{x_i p_i(T)}{P - \sum x_j p_j(T)} M_i.
    """

    inlets: ClassVar[tuple[str, ...]] = ("contents", "rinse")
    outlets: ClassVar[tuple[str, ...]] = ("slop", "rinse", "vapour", "returned")

    holdup: float = quantity("kg", "liquid that it holds", 0.0, 1e6)
    left: float = quantity("kg/kg", "of the holdup, left when it has been pumped out", 1e-6, 1.0)
    hours: float = quantity("h", "time to drain, rinse and steam, or to fill and heat", 0.01, 240.0)
    drained: float = quantity("kg/kg", "of what is left, drained to slop", 0.0, 1.0)
    water: float = quantity("kg/kg", "rinse water per what is left", 0.0, 100.0)
    recovered: float = quantity("kg/kg", "of organics steamed out, condensed to slop", 0.0, 1.0)
    space: float = quantity("m3", "gas space that is filled with vapour", 0.0, 1e4)
    vent_approach: float = quantity("K", "vent above the cooling water when heated", 0.0, 80.0)

    @property
    def rest(self) -> float:
        """What is left when it has been pumped out, kg."""
        return self.holdup * self.left

    @property
    def largest(self) -> float:
        """That over the time that it takes, kg/h."""
        return min(self.rest / self.hours, self.capacity)

    def displaced(self, kg: Stream, at: Conditions) -> list[float]:
        """Return what leaves when it is filled and heated, kg/h by component.

        ``kg``: its contents in any quantity; ``at``: cooling water, K, and pressure, Pa.
        """
        T, P = at["cooling_water"] + self.vent_approach, at["pressure"]
        x = mole_fractions(kg)
        p = [share * pure for share, pure in zip(x, vapour_pressures(T), strict=True)]
        air = P * self.space / (1000.0 * R * at["cooling_water"]) / self.hours
        lost = [0.0] * _SIZE
        for i, pressure in zip(ORGANICS, p, strict=True):
            lost[i] = air * pressure / max(P - sum(p), 0.05 * P) * MOLAR_MASS[i]
        return lost

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        """Return where the rest of the contents goes, or the vapour that filling displaces."""
        kg = inlets["contents"]
        if at.cause == START_UP:
            return self._filled(kg, at)
        slop, rinse = [self.drained] * _SIZE, [1.0 - self.drained] * _SIZE
        vapour = [0.0] * _SIZE
        stays = [(1.0 - self.drained) * a for a in kg]
        water = self.water * sum(kg)
        dissolved = share_in_water(stays, water, at["air"])
        for i, share in zip(ORGANICS, dissolved, strict=True):
            rinse[i] = share * (1.0 - self.drained)
            steamed = (1.0 - self.drained) * (1.0 - share)
            vapour[i] = steamed * (1.0 - self.recovered)
            slop[i] = self.drained + steamed * self.recovered
        for i in (CHLORINE, INERT):
            slop[i], rinse[i], vapour[i] = 0.0, 0.0, 1.0
        drawn = inlets["rinse"]
        for i, a in enumerate(drawn):  # of pool and rinse together: all of the rinse leaves with it
            if a > 0.0 and kg[i] + a > 0.0:
                slop[i] *= kg[i] / (kg[i] + a)
                rinse[i] = 1.0 - slop[i] - vapour[i]
        return Recipe(
            splits={
                "slop": tuple(slop),
                "rinse": tuple(rinse),
                "vapour": tuple(vapour),
                "returned": (0.0,) * _SIZE,
            },
            draws={"rinse": (self.water,) * _SIZE},
        )

    def _filled(self, kg: Stream, at: Conditions) -> Recipe:
        vapour = [
            min(lost / a, 1.0) if a > 0.0 else 0.0
            for lost, a in zip(self.displaced(kg, at), kg, strict=True)
        ]
        none = (0.0,) * _SIZE
        return Recipe(
            splits={
                "slop": none,
                "rinse": none,
                "vapour": tuple(vapour),
                "returned": tuple([1.0 - a for a in vapour]),
            },
            draws={"rinse": none},
        )


@dataclass(frozen=True, kw_only=True)
class Spill(Unit):
    r"""A hose that bursts or a drum that is pierced: what it spills in minutes to hours.

    The pool loses the share ``evaporated`` of its benzene, of a less volatile component
    :math:`1 - (1 - e)^{p_i/p_b}` (Rayleigh), of what stays the share ``mopped`` is taken up for
    slop, and the rest runs to the drain.
    """

    inlets: ClassVar[tuple[str, ...]] = ("liquid",)
    outlets: ClassVar[tuple[str, ...]] = ("evaporated", "mopped", "drained")
    rate_dependent: ClassVar[bool] = False

    quantity_spilled: float = quantity("kg", "spilled at once", 0.1, 1e5)
    hours: float = quantity("h", "how long it runs out and lies there", 0.01, 48.0)
    handled: float = quantity("kg", "mean quantity handled between two spills", 1.0, 1e12)
    evaporated: float = quantity("kg/kg", "benzene of the pool that evaporates", 0.0, 0.999)
    mopped: float = quantity("kg/kg", "taken up for slop, of what stays", 0.0, 1.0)

    @property
    def largest(self) -> float:
        """What is spilled over the time that it takes, kg/h."""
        return min(self.quantity_spilled / self.hours, self.capacity)

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        """Return what evaporates, what is mopped up and what runs to the drain."""
        p = vapour_pressures(at["air"])
        air = [0.0] * _SIZE
        air[INERT] = air[CHLORINE] = 1.0
        for i, pure in zip(ORGANICS, p, strict=True):
            air[i] = 1.0 - (1.0 - self.evaporated) ** (pure / p[BENZENE])
        return Recipe(
            splits={
                "evaporated": tuple(air),
                "mopped": tuple([self.mopped * (1.0 - a) for a in air]),
                "drained": tuple([(1.0 - self.mopped) * (1.0 - a) for a in air]),
            }
        )
