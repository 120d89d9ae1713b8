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
from plant_models.chlorobenzene.substances.streams import (
    NO_ORGANICS,
    NOTHING,
    ORGANICS_ONLY,
    evenly,
    joined,
    plus,
    product,
    remaining,
    total,
)
from plant_models.chlorobenzene.units.heat import Heat, pooled
from plant_models.chlorobenzene.units.plain import LineUnit, Weather
from sim.model.parameters import quantity
from sim.network.plain import Answer, here
from sim.network.unit import Conditions, Stream

MOLES_OF_WATER = MOLAR_MASS[BENZENE] / MOLAR_MASS[WATER]
"""mol/mol for each kg/kg of water in benzene, dilute."""

HOTTEST_WATER = 340.0  # K; a direct condenser whose water boils condenses nothing
GENTLE = 0.25
"""Benzene boiled off with which the drum stays far below that, without any water, kg/kg."""


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


def dried(boil_up: float, P: float) -> float:
    """Return the share of the dissolved water that boiling leaves in the benzene, kg/kg.

    ``boil_up``: benzene boiled off, kg/kg; ``P``: pressure, Pa.
    """
    return float((1.0 - boil_up) ** water_volatility(P))


def drum_of(boil_up: float, feed: Stream, water: Stream, left: float, at: Weather) -> Drum:
    r"""Return the state of the drum where feed, condensing vapour and water meet.

    All that leaves it is liquid at one temperature, which follows from the heat brought:
    :math:`H_{drum}(T) = H_F + H_w + V h_v(T_{boil})`.

    ``boil_up``: benzene boiled off, kg/kg; ``feed``, ``water``: wet benzene and condenser water,
    kg/h; ``left``: see `dried`; ``at``: temperatures of air (for the feed) and cooling water K,
    pressure Pa.
    """
    T_boil = boiling_point(BENZENE, at.pressure)
    organics = feed[BENZENE] + feed[MCB] + feed[DCB] + feed[TCB]
    present = feed[WATER] + water[WATER]
    brought = sensible(feed, max(at.air, FREEZING)) + sensible(water, at.cooling_water)
    met = plus(feed, water)
    T, dissolved, over = at.cooling_water, 0.0, NOTHING
    for _ in range(2):  # the second pass adds what little water boils with the benzene
        boiled = (boil_up * feed[0], boil_up * feed[1], boil_up * feed[2], boil_up * feed[3])
        over = joined(boiled, (0.0, 0.0, (1.0 - left) * dissolved, 0.0, 0.0, 0.0, 0.0))
        pool = plus(met, over)
        vapour = sensible(over, T_boil) + vaporisation(over, T_boil)
        T = min(warmed(pool, brought + vapour), HOTTEST_WATER) if total(pool) > 0.0 else T
        if dissolved == 0.0:
            dissolved = min(organics * water_in_benzene(T), present)
    boiling = vaporisation(over, T_boil) + released(over, T_boil, T)
    return Drum(T, T_boil, dissolved, boiling)


@dataclass(frozen=True, kw_only=True)
class Dryer(LineUnit):
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
    drawing: ClassVar[tuple[str, ...]] = ("water",)
    using: ClassVar[tuple[str, ...]] = ("steam", "power")

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

    def drum_boils(self, at: Conditions) -> bool:
        """Return whether more is boiled off, at the capacity, than feed and water condense."""
        if self.boil_up <= GENTLE:
            return False
        feed = joined((self.capacity, 0.0, 0.0, 0.0), ORGANICS_ONLY)
        water = joined(NO_ORGANICS, (0.0, 0.0, self.condenser_water, 0.0, 0.0, 0.0, 0.0))
        left = dried(self.boil_up, at["pressure"])
        return drum_of(self.boil_up, feed, water, left, here(at)).T >= HOTTEST_WATER

    def answer(self, at: Weather, feed: Stream, water: Stream) -> Answer:
        """Return the split of benzene and water, and the steam."""
        kg, fed = plus(feed, water), total(feed)
        left = dried(self.boil_up, at.pressure)
        drum = drum_of(self.boil_up, feed, water, left, at)
        T, all_water = drum.T, kg[WATER]
        wet = left * drum.dissolved / all_water if all_water > 0.0 else 0.0
        lost = share_in_water(kg, all_water * (1.0 - wet), T, self.saturation, self.droplets)
        out = joined(lost, (0.0, 1.0, 1.0 - wet, 1.0, 1.0, 1.0, 0.0))
        dry = remaining(out)
        preheat = released(product(dry, kg), drum.T_boil, T)
        heat = drum.boiling + (1.0 - self.heat_recovery) * preheat
        steam = (1.0 + self.heat_loss) * heat / STEAM_HEAT / fed if fed > 0.0 else 0.0
        return Answer(
            splits=(
                dry,
                NOTHING if self.water_reused else out,
                out if self.water_reused else NOTHING,
            ),
            draws=(evenly(self.condenser_water / fed if fed > 0.0 else 0.0),),
            uses=(steam, self.power),
            fractions=(),
        )

    def heat(self, inlets: Mapping[str, Stream], at: Conditions) -> Heat:
        """Return temperatures; the dry benzene leaves by the heat exchanger."""
        left = dried(self.boil_up, at["pressure"])
        drum = drum_of(self.boil_up, inlets["benzene"], inlets["water"], left, here(at))
        dry = self.convert(inlets, at).apply(pooled(inlets))["dry"]
        hot = sensible(dry, drum.T_boil)
        kept = hot - self.heat_recovery * (hot - sensible(dry, drum.T))
        return Heat(
            drum.T,
            inlets={"benzene": max(at["air"], FREEZING), "water": at["cooling_water"]},
            outlets={"dry": warmed(dry, kept)} if sum(dry) > 0.0 else {},
            lost=1.0 - 1.0 / (1.0 + self.heat_loss),
        )
