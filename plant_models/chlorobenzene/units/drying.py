"""Drying of benzene in an azeotropic still under a direct condenser."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from plant_models.chlorobenzene.substances.chemistry import BENZENE, DCB, MCB, TCB, WATER
from plant_models.chlorobenzene.substances.enthalpy import released, sensible, vaporisation, warmed
from plant_models.chlorobenzene.substances.properties import (
    FREEZING,
    MOLAR_MASS,
    STEAM_HEAT,
    boiling_point,
    share_in_water,
    vapour_pressure,
    water_in_benzene,
)
from plant_models.chlorobenzene.units.heat import Heat, pooled
from sim.model.parameters import quantity
from sim.network.unit import Conditions, Recipe, Stream, Unit

MOLES_OF_WATER = MOLAR_MASS[BENZENE] / MOLAR_MASS[WATER]
"""mol/mol for each kg/kg of water in benzene, dilute."""

HOTTEST_WATER = 340.0  # K; a direct condenser whose water boils condenses nothing


def water_volatility(P: float) -> float:
    r"""Return the volatility of water relative to benzene, in dry benzene at its boiling point.

    .. math:: \alpha = \frac{p_w(T)}{x_s(T) \, p_b(T)}

    since water at its solubility :math:`x_s` presses like pure water; about 44 at 92.5 kPa
    (``P``, Pa). That is why a few per cent boiled off dry the rest.
    """
    T = boiling_point(BENZENE, P)
    x = water_in_benzene(T) * MOLES_OF_WATER
    return vapour_pressure(WATER, T) / (x * vapour_pressure(BENZENE, T))


class Drum(NamedTuple):
    """State of the dryer's drum, and what boils into it."""

    T: float
    """Temperature of all liquid that leaves the drum, K."""
    T_boil: float
    """Temperature of the benzene in the still, K."""
    dissolved: float
    """Water that goes to the still with the benzene, kg/h."""
    boiling: float
    """Heat that brings the vapour from the drum's liquid to the still's, kJ/h."""


@dataclass(frozen=True, kw_only=True)
class Dryer(Unit):
    r"""Azeotropic still that boils water out of benzene, condensed by direct contact with water.

    Feed, condensing vapour and water meet in a drum, where free water is decanted. Of the
    dissolved water :math:`(1 - v)^{\alpha}` is left (Rayleigh) when the share :math:`v` of the
    benzene is boiled off and returned to the drum. The water passes through once and leaves
    saturated with benzene, plus droplets: next to this flow the water removed is nothing;
    ``water_reused`` (F3) leads it to the reuse tank. Dry benzene leaves over an economiser, which
    gives back ``heat_recovery`` of its preheat.

    References
    ----------
    Rayleigh's law with the measured solubility (iupac-nist-106); the direct condenser is assumed:
    the line's own water is only 30-50 t/yr, too little for a scheme of its own.
    """

    inlets: ClassVar[tuple[str, ...]] = ("benzene", "water")
    outlets: ClassVar[tuple[str, ...]] = ("dry", "effluent", "reused")

    boil_up: float = quantity("kg/kg", "benzene boiled off and returned, per benzene", 0.001, 0.9)
    condenser_water: float = quantity("kg/h", "water through the direct condenser", 1.0, 1e6)
    saturation: float = quantity(
        "kg/kg", "organics dissolved in that water, of saturation", 0.0, 1.0
    )
    droplets: float = quantity("kg/kg", "benzene entrained per water", 0.0, 0.1)
    heat_recovery: float = quantity("kJ/kJ", "preheat that the dry benzene gives back", 0.0, 1.0)
    heat_loss: float = quantity("kJ/kJ", "heat lost per heat used", 0.0, 2.0)
    power: float = quantity("kWh/kg", "pumping per benzene", 0.0, 1.0)
    water_reused: bool = quantity("", "effluent led to the reuse tank (F3)")

    def drum(self, feed: Stream, water: Stream, left: float, at: Conditions) -> Drum:
        r"""Return the state of the drum where feed, condensing vapour and water meet.

        All that leaves it is liquid at one temperature, which follows from the heat brought:
        :math:`H_{drum}(T) = H_F + H_w + V h_v(T_{boil})`.

        ``feed``, ``water``: wet benzene and condenser water, kg/h; ``left``: share of the dissolved
        water that boiling leaves in the benzene, kg/kg; ``at``: temperatures of air (for the feed)
        and cooling water K, pressure Pa.
        """
        T_boil = boiling_point(BENZENE, at["pressure"])
        organics = feed[BENZENE] + feed[MCB] + feed[DCB] + feed[TCB]
        present = feed[WATER] + water[WATER]
        brought = sensible(feed, max(at["air"], FREEZING)) + sensible(water, at["cooling_water"])
        over = [self.boil_up * kg for kg in feed[:4]] + [0.0] * 7
        T, dissolved = at["cooling_water"], 0.0
        for _ in range(2):  # the second pass adds what little water boils with the benzene
            over[WATER] = (1.0 - left) * dissolved
            pool = [a + b + c for a, b, c in zip(feed, water, over, strict=True)]
            vapour = sensible(over, T_boil) + vaporisation(over, T_boil)
            T = min(warmed(pool, brought + vapour), HOTTEST_WATER) if sum(pool) > 0.0 else T
            if not dissolved:
                dissolved = min(organics * water_in_benzene(T), present)
        boiling = vaporisation(over, T_boil) + released(over, T_boil, T)
        return Drum(T, T_boil, dissolved, boiling)

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        """Return the split of benzene and water, and the steam."""
        feed, drawn = inlets["benzene"], inlets["water"]
        kg = tuple([a + b for a, b in zip(feed, drawn, strict=True)])
        total = sum(feed)
        left = (1.0 - self.boil_up) ** water_volatility(at["pressure"])
        drum = self.drum(feed, drawn, left, at)
        T, water, dissolved = drum.T, kg[WATER], drum.dissolved
        wet = left * dissolved / water if water > 0.0 else 0.0
        b, m, d, t = share_in_water(
            kg, water * (1.0 - wet), T, saturation=self.saturation, droplets=self.droplets
        )
        out = (b, m, d, t, 0.0, 1.0, 1.0 - wet, 1.0, 1.0, 1.0, 0.0)
        zero = (0.0,) * 11
        dry = tuple([(1.0 - x) * y for x, y in zip(out, kg, strict=True)])
        preheat = released(dry, drum.T_boil, T)
        heat = drum.boiling + (1.0 - self.heat_recovery) * preheat
        row = self.condenser_water / total if total > 0.0 else 0.0
        return Recipe(
            splits={
                "dry": tuple([1.0 - x for x in out]),
                "effluent": zero if self.water_reused else out,
                "reused": out if self.water_reused else zero,
            },
            draws={"water": (row,) * 11},
            uses={
                "steam": (1.0 + self.heat_loss) * heat / STEAM_HEAT / total if total > 0.0 else 0.0,
                "power": self.power,
            },
        )

    def heat(self, inlets: Mapping[str, Stream], at: Conditions) -> Heat:
        """Return temperatures; the dry benzene leaves by the heat exchanger."""
        left = (1.0 - self.boil_up) ** water_volatility(at["pressure"])
        drum = self.drum(inlets["benzene"], inlets["water"], left, at)
        dry = self.convert(inlets, at).apply(pooled(inlets))["dry"]
        hot = sensible(dry, drum.T_boil)
        kept = hot - self.heat_recovery * (hot - sensible(dry, drum.T))
        return Heat(
            drum.T,
            inlets={"benzene": max(at["air"], FREEZING), "water": at["cooling_water"]},
            outlets={"dry": warmed(dry, kept)} if sum(dry) > 0.0 else {},
            lost=1.0 - 1.0 / (1.0 + self.heat_loss),
        )
