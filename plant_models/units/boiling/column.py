"""Column: distillation by shortcut."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import exp
from typing import Any, ClassVar

import numpy as np

from plant_models.units.generic import Key, Per, SteamHeatedAndCooled, Surroundings
from plant_models.units.laws.duties import latent_heat_of, sensible, steam_for, water_for
from plant_models.units.laws.equilibrium import boils, bubble_point, evaporates, vapour_pressure
from plant_models.units.laws.shortcut import overhead
from plant_models.units.laws.tables import (
    kilomoles,
    no_fractions,
    nothing_drawn,
    total,
    two_ways,
)
from plant_models.units.properties import Substances
from sim.model.parameters import quantity
from sim.network.plain import Answer
from sim.network.unit import Stream

ACTIVITY, MASS, PRESSURE, CAPACITY, LATENT = (
    0,
    1,
    2,
    8,
    9,
)  # rows of ``by_component``; PRESSURE has six
LEAST, MOST = 1e-9, 1e9  # relative volatility


@dataclass(frozen=True, kw_only=True)
class Column(SteamHeatedAndCooled):
    r"""Distil: Underwood's least reflux, Gilliland's stages, Fenske's split.

    .. math:: \frac{d_i}{b_i} = u \, \alpha_i^{N_{min}}, \qquad
              \alpha_i = \frac{\gamma_i p_i(T_b)}{\gamma_{heavy} p_{heavy}(T_b)}

    at the feed's bubble point :math:`T_b`, that of a liquid of these activities; :math:`u` is such
    that the bottoms hold ``content`` of the light key and of what is lighter. Boiling feed;
    activity coefficients are constant. Where the reflux is too small to hold that, all that
    evaporates goes overhead. The reboiler warms the feed to :math:`T_b` and boils up what the
    condenser takes, :math:`(R + 1) \sum d_i \Delta h_i`.
    """

    kind: ClassVar[str] = "column"
    source: ClassVar[str] = "Fenske, Underwood; molokanov-1972 for Gilliland's diagram"
    example: ClassVar[str] = """
        kind = "column"
        light = "ethanol"
        heavy = "water"
        stages = 20
        reflux_ratio = 2.5
        activity.ethanol = 2.5
        content = "1 g/kg"
        inlet_temperature = "60 degC"
        capacity = "3 t/h"
    """
    keys: ClassVar[tuple[Key, ...]] = (
        Key("light", "light key: the heaviest component that is to go overhead", "component"),
        Key("heavy", "heavy key: the lightest component that is to stay", "component"),
    )
    inlets: ClassVar[tuple[str, ...]] = ("feed",)
    outlets: ClassVar[tuple[str, ...]] = ("distillate", "bottoms")
    per_component: ClassVar[Mapping[str, Per]] = {
        "activity": Per("1", "activity coefficient, a mean over the column", 1e-3, 1e3, 1.0)
    }
    derived: ClassVar[tuple[str, ...]] = ("light_key", "heavy_key")
    needs: ClassVar[tuple[str, ...]] = (
        "molar_mass", "vapour_pressure", "heat_capacity", "latent_heat",
    )  # fmt: skip
    using: ClassVar[tuple[str, ...]] = ("steam", "cooling_water")
    rate_dependent: ClassVar[bool] = False
    light_key: ClassVar[int]
    """Position of the light key."""
    heavy_key: ClassVar[int]

    stages: int = quantity("1", "theoretical stages, the reboiler included", 1, 200)
    reflux_ratio: float = quantity("kmol/kmol", "reflux per distillate", 0.0, 200.0)
    content: float = quantity(
        "kg/kg", "light key and lighter components in the bottoms (set point)", 0.0, 1.0
    )
    pressure: float = quantity("Pa", "pressure", 10.0, 1e7, default=101325.0)
    inlet_temperature: float = quantity("K", "feed as it comes, liquid", 150.0, 1000.0)

    @classmethod
    def shaped(cls, substances: Substances, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return the positions of the keys."""
        names = substances.names
        if given["light"] == given["heavy"]:
            raise ValueError(f"heavy: is {given['heavy']!r}, as is the light key")
        return {"light_key": names.index(given["light"]), "heavy_key": names.index(given["heavy"])}

    def faults(self) -> Iterator[str]:
        """Yield that the light key is no lighter than the heavy one at 350 K."""
        c, activity = self.by_component[PRESSURE : PRESSURE + 6], self.by_component[ACTIVITY]
        light, heavy = self.light_key, self.heavy_key
        lighter = activity[light] * vapour_pressure(c, light, 350.0)
        if lighter <= activity[heavy] * vapour_pressure(c, heavy, 350.0):
            names = self.substances.names
            yield (
                f"the light key, {names[light]!r}, boils above the heavy one, {names[heavy]!r}: "
                "change them round"
            )

    def answer(self, at: Surroundings, feed: Stream) -> Answer:
        """Return what goes overhead, and steam and cooling water for it."""
        n, kg, rows = len(feed), total(feed), self.by_component
        c, M, light, heavy = (
            rows[PRESSURE : PRESSURE + 6],
            rows[MASS],
            int(self.light_key),
            int(self.heavy_key),
        )
        shares, warming, boiling = np.zeros(n), 0.0, 0.0
        if kg > 0.0:
            moles = kilomoles(feed, M)
            T = bubble_point(moles, rows[ACTIVITY], c, self.pressure)
            alpha = np.empty(n)
            for i in range(n):
                ratio = vapour_pressure(c, i, T) / max(vapour_pressure(c, heavy, T), exp(-690.0))
                ratio *= rows[ACTIVITY, i] / rows[ACTIVITY, heavy]
                alpha[i] = min(max(ratio, LEAST), MOST)
            alpha[light] = max(alpha[light], 1.0 + LEAST)
            shares = overhead(
                feed, M, alpha, light, heavy, self.stages, self.reflux_ratio, self.content
            )
            for i in range(n):
                if not evaporates(c, i):
                    shares[i] = 0.0
            if boils(moles, c):
                warming = sensible(feed, rows[CAPACITY], T - self.inlet_temperature) / kg
            boiling = latent_heat_of(feed, shares, rows[LATENT], c, T, M) / kg
            boiling *= self.reflux_ratio + 1.0
        return Answer(
            splits=two_ways(shares),
            draws=nothing_drawn(n),
            uses=(
                steam_for(warming + boiling, self.steam_heat, self.lost),
                water_for(boiling, self.water_rise),
            ),
            fractions=no_fractions(),
        )
