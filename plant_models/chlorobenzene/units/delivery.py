"""Receiving, storing, pumping, loading and packing: what the vapour spaces breathe out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import pi
from typing import ClassVar

from plant_models.chlorobenzene.substances.chemistry import BENZENE, HCL, MCB, WATER
from plant_models.chlorobenzene.substances.properties import (
    MOLAR_MASS,
    Organics,
    R,
    acid_density,
    hydrogen_chloride_pressure,
    organic_moles,
    share_displaced,
    solubility_in_water,
    vapour_pressure,
    vapour_pressures,
)
from sim.model.parameters import quantity
from sim.network.unit import Conditions, Recipe, Stream, Unit

COLDEST_ACID = 233.0  # K; acid of 31 % is still liquid, and no fit is asked to go lower


def _to_air(liquid: str, air: str, lost: Organics, hcl: float = 0.0) -> dict[str, Stream]:
    """Return the splits of a unit that passes its liquid on and loses vapour."""
    b, m, d, t = lost
    vapour = (b, m, d, t, 0.0, hcl, 0.0, 0.0, 0.0, 0.0, 1.0)
    return {liquid: tuple([1.0 - x for x in vapour]), air: vapour}


@dataclass(frozen=True, kw_only=True)
class BenzeneUnloading(Unit):
    """Pumping benzene from rail tank cars into a tank, whose vapour space is displaced to air.

    Each cubic metre pumped in displaces one of vapour at ``saturation`` times benzene's vapour
    pressure (`substances.properties.share_displaced`; AP-42 section 5.2, recalled). Tanks and cars
    are heated in winter, since benzene freezes at 5.5 degC. There is no vapour balance line.
    """

    inlets: ClassVar[tuple[str, ...]] = ("benzene",)
    outlets: ClassVar[tuple[str, ...]] = ("benzene", "vapour")
    rate_dependent: ClassVar[bool] = False

    saturation: float = quantity("mol/mol", "vapour displaced, of the saturated", 0.0, 1.5)
    coldest: float = quantity(
        "K", "lowest temperature that the heating coils let benzene reach", 278.7, 320.0
    )

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        """Return the displacement loss at the temperature of the air."""
        lost = share_displaced(inlets["benzene"], max(at["air"], self.coldest), self.saturation)
        return Recipe(splits=_to_air("benzene", "vapour", lost))


@dataclass(frozen=True, kw_only=True)
class BenzeneStorage(Unit):
    r"""Fixed-roof tank of wet benzene, which breathes with the day.

    .. math:: L = V_V \frac{M p}{R T} \, \frac{K_E K_S}{24\,\mathrm{h}}, \quad
              K_E = \frac{\Delta T}{T} + \frac{\Delta p - \Delta p_B}{P - p}, \quad
              K_S = \frac{1}{1 + 2.52\times10^{-5} p H}

    with the vapour space :math:`V_V` of height :math:`H`, its daily swing :math:`\Delta T` and the
    breather valve's range :math:`\Delta p_B`. The loss is a rate of the tank, whatever flows
    through it. AP-42 section 7.1, standing losses of fixed-roof tanks (recalled), in SI units.
    """

    inlets: ClassVar[tuple[str, ...]] = ("benzene",)
    outlets: ClassVar[tuple[str, ...]] = ("benzene", "vapour")

    diameter: float = quantity("m", "diameter of the tank", 0.5, 100.0)
    vapour_height: float = quantity("m", "mean height of the vapour space", 0.0, 50.0)
    daily_swing: float = quantity(
        "K", "warmest less coldest of the vapour space in a day", 0.0, 60.0
    )
    valve_range: float = quantity("Pa", "pressure less vacuum setting of the breather", 0.0, 2e4)
    coldest: float = quantity(
        "K", "lowest temperature that the heating coil lets benzene reach", 278.7, 320.0
    )

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        """Return the breathing loss at the temperature of the air."""
        n = organic_moles(inlets["benzene"])
        if n <= 0.0:
            return Recipe(splits=_to_air("benzene", "vapour", (0.0, 0.0, 0.0, 0.0)))
        T = max(at["air"], self.coldest)
        p, half = vapour_pressure(BENZENE, T), 0.5 * self.daily_swing
        swing = vapour_pressure(BENZENE, T + half) - vapour_pressure(BENZENE, T - half)
        expansion = self.daily_swing / T + (swing - self.valve_range) / max(at["pressure"] - p, 1e3)
        saturation = 1.0 / (1.0 + 2.522e-5 * p * self.vapour_height)
        space = 0.25 * pi * self.diameter**2 * self.vapour_height
        k = max(expansion, 0.0) * saturation * space / (24.0 * 1000.0 * R * T * n)
        b, m, d, t = vapour_pressures(T)
        lost = (min(k * b, 1.0), min(k * m, 1.0), min(k * d, 1.0), min(k * t, 1.0))
        return Recipe(splits=_to_air("benzene", "vapour", lost))


@dataclass(frozen=True, kw_only=True)
class AcidLoading(Unit):
    """Loading hydrochloric acid into trucks: hydrogen chloride and benzene leave with the air.

    The truck's air leaves at ``saturation`` times the partial pressures over the acid: hydrogen
    chloride's by strength, an organic's by its vapour pressure times dissolved over soluble.
    """

    inlets: ClassVar[tuple[str, ...]] = ("acid",)
    outlets: ClassVar[tuple[str, ...]] = ("acid", "vapour")
    rate_dependent: ClassVar[bool] = False

    saturation: float = quantity("mol/mol", "vapour displaced, of the saturated", 0.0, 1.5)
    pressure_factor: float = quantity(
        "Pa/Pa", "hydrogen chloride over acid, of the tabulated", 0.0, 5.0
    )

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        """Return the vapour displaced at the temperature of the air."""
        kg = inlets["acid"]
        water, hcl, T = kg[WATER], kg[HCL], max(at["air"], COLDEST_ACID)
        if water + hcl <= 0.0:
            return Recipe(splits=_to_air("acid", "vapour", (0.0, 0.0, 0.0, 0.0)))
        strength = hcl / (water + hcl)
        k = self.saturation * (water + hcl) / acid_density(strength) / (1000.0 * R * T)
        pressure = min(self.pressure_factor * hydrogen_chloride_pressure(strength, T), 1e5)
        lost = [0.0, 0.0, 0.0, 0.0]
        for i in (BENZENE, MCB):
            held = max(kg[i], water * solubility_in_water(i, T))
            if held > 0.0:
                lost[i] = min(k * vapour_pressure(i, T) * MOLAR_MASS[i] / held, 1.0)
        gone = min(k * pressure * MOLAR_MASS[HCL] / hcl, 1.0) if hcl > 0.0 else 0.0
        return Recipe(splits=_to_air("acid", "vapour", (lost[0], lost[1], 0.0, 0.0), gone))


@dataclass(frozen=True, kw_only=True)
class Packing(Unit):
    """Filling chlorobenzene into drums: the drums' air leaves with vapour, none is recovered.

    As in `BenzeneUnloading`, by Raoult's law over the product.
    """

    inlets: ClassVar[tuple[str, ...]] = ("product",)
    outlets: ClassVar[tuple[str, ...]] = ("drums", "vapour")
    rate_dependent: ClassVar[bool] = False

    saturation: float = quantity("mol/mol", "vapour displaced, of the saturated", 0.0, 1.5)
    coldest: float = quantity("K", "lowest temperature of the filling room", 250.0, 320.0)

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        """Return the filling loss at the temperature of the air."""
        lost = share_displaced(inlets["product"], max(at["air"], self.coldest), self.saturation)
        return Recipe(splits=_to_air("drums", "vapour", lost))


@dataclass(frozen=True, kw_only=True)
class TransferPump(Unit):
    """Empties a tank at its own rate; where to, the operator decides."""

    inlets: ClassVar[tuple[str, ...]] = ("lot",)
    outlets: ClassVar[tuple[str, ...]] = ("lot",)
    rate_dependent: ClassVar[bool] = False

    power: float = quantity("kWh/kg", "pumping per liquid", 0.0, 1.0)

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        """Return the recipe: all that enters leaves."""
        return Recipe(splits={"lot": (1.0,) * len(inlets["lot"])}, uses={"power": self.power})
