"""Receiving, storing, pumping, loading and packing: what the vapour spaces breathe out."""

from __future__ import annotations

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
from plant_models.chlorobenzene.substances.streams import NO_ORGANICS, WHOLE, joined, remaining
from plant_models.chlorobenzene.units.plain import LineUnit, Weather
from sim.model.parameters import quantity
from sim.network.plain import Answer
from sim.network.unit import Stream

COLDEST_ACID = 233.0  # K; acid of 31 % is still liquid, and no fit is asked to go lower


def breathed(lost: Organics, hcl: float = 0.0) -> Answer:
    """Return the answer of a unit that passes its liquid on and loses vapour."""
    vapour = joined(lost, (0.0, hcl, 0.0, 0.0, 0.0, 0.0, 1.0))
    return Answer(splits=(remaining(vapour), vapour), draws=(), uses=(), fractions=())


@dataclass(frozen=True, kw_only=True)
class BenzeneUnloading(LineUnit):
    """Pumping benzene from rail tank cars into a tank, whose vapour space is displaced to air.

    Each cubic metre pumped in displaces one of vapour at ``saturation`` times benzene's vapour
    pressure (`substances.properties.share_displaced`; AP-42 section 5.2, recalled). Tanks and cars
    are heated in winter, since benzene freezes at 5.5 degC. There is no vapour balance line (but
    where O12 has one laid: `end_of_pipe.VapourReturn`).
    """

    inlets: ClassVar[tuple[str, ...]] = ("benzene",)
    outlets: ClassVar[tuple[str, ...]] = ("benzene", "vapour")
    rate_dependent: ClassVar[bool] = False

    saturation: float = quantity("mol/mol", "vapour displaced, of the saturated", 0.0, 1.5)
    coldest: float = quantity(
        "K", "lowest temperature that the heating coils let benzene reach", 278.7, 320.0
    )

    def answer(self, at: Weather, benzene: Stream) -> Answer:
        """Return the displacement loss at the temperature of the air."""
        return breathed(share_displaced(benzene, max(at.air, self.coldest), self.saturation))


AT_SURFACE = 0.5
"""Of the vapour space's daily swing, that of the liquid's surface (AP-42 section 7.1)."""


@dataclass(frozen=True, kw_only=True)
class BenzeneStorage(LineUnit):
    r"""Fixed-roof tank of wet benzene, which breathes with the day.

    .. math:: L = V_V \frac{M p}{R T} \, \frac{K_E K_S}{24\,\mathrm{h}}, \quad
              K_E = \frac{\Delta T}{T} + \frac{\Delta p - \Delta p_B}{P - p}, \quad
              K_S = \frac{1}{1 + 2.52\times10^{-5} p H}

    with the vapour space :math:`V_V` of height :math:`H`, its daily swing :math:`\Delta T`, the
    range :math:`\Delta p` of the vapour pressure over half of it, by which the liquid's surface
    swings, and the breather valve's range :math:`\Delta p_B`. The loss is a rate of the tank,
    whatever flows through it. AP-42 section 7.1, standing losses of fixed-roof tanks (recalled),
    in SI units.
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

    def answer(self, at: Weather, benzene: Stream) -> Answer:
        """Return the breathing loss at the temperature of the air."""
        n = organic_moles(benzene)
        if n <= 0.0:
            return breathed(NO_ORGANICS)
        T = max(at.air, self.coldest)
        p, way = vapour_pressure(BENZENE, T), 0.5 * AT_SURFACE * self.daily_swing
        swing = vapour_pressure(BENZENE, T + way) - vapour_pressure(BENZENE, T - way)
        expansion = self.daily_swing / T + (swing - self.valve_range) / max(at.pressure - p, 1e3)
        saturation = 1.0 / (1.0 + 2.522e-5 * p * self.vapour_height)
        space = 0.25 * pi * self.diameter**2 * self.vapour_height
        k = max(expansion, 0.0) * saturation * space / (24.0 * 1000.0 * R * T * n)
        b, m, d, t = vapour_pressures(T)
        return breathed((min(k * b, 1.0), min(k * m, 1.0), min(k * d, 1.0), min(k * t, 1.0)))


@dataclass(frozen=True, kw_only=True)
class AcidLoading(LineUnit):
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

    def answer(self, at: Weather, acid: Stream) -> Answer:
        """Return the vapour displaced at the temperature of the air."""
        water, hcl, T = acid[WATER], acid[HCL], max(at.air, COLDEST_ACID)
        if water + hcl <= 0.0:
            return breathed(NO_ORGANICS)
        strength = hcl / (water + hcl)
        k = self.saturation * (water + hcl) / acid_density(strength) / (1000.0 * R * T)
        pressure = min(self.pressure_factor * hydrogen_chloride_pressure(strength, T), 1e5)
        b = max(acid[BENZENE], water * solubility_in_water(BENZENE, T))
        m = max(acid[MCB], water * solubility_in_water(MCB, T))
        benzene = k * vapour_pressure(BENZENE, T) * MOLAR_MASS[BENZENE] / b if b > 0.0 else 0.0
        chlorobenzene = k * vapour_pressure(MCB, T) * MOLAR_MASS[MCB] / m if m > 0.0 else 0.0
        gone = min(k * pressure * MOLAR_MASS[HCL] / hcl, 1.0) if hcl > 0.0 else 0.0
        return breathed((min(benzene, 1.0), min(chlorobenzene, 1.0), 0.0, 0.0), gone)


@dataclass(frozen=True, kw_only=True)
class Packing(LineUnit):
    """Filling chlorobenzene into drums: the drums' air leaves with vapour, none is recovered.

    As in `BenzeneUnloading`, by Raoult's law over the product.
    """

    inlets: ClassVar[tuple[str, ...]] = ("product",)
    outlets: ClassVar[tuple[str, ...]] = ("drums", "vapour")
    rate_dependent: ClassVar[bool] = False

    saturation: float = quantity("mol/mol", "vapour displaced, of the saturated", 0.0, 1.5)
    coldest: float = quantity("K", "lowest temperature of the filling room", 250.0, 320.0)

    def answer(self, at: Weather, product: Stream) -> Answer:
        """Return the filling loss at the temperature of the air."""
        return breathed(share_displaced(product, max(at.air, self.coldest), self.saturation))


@dataclass(frozen=True, kw_only=True)
class TransferPump(LineUnit):
    """Empties a tank at its own rate; where to, the operator decides."""

    inlets: ClassVar[tuple[str, ...]] = ("lot",)
    outlets: ClassVar[tuple[str, ...]] = ("lot",)
    using: ClassVar[tuple[str, ...]] = ("power",)
    rate_dependent: ClassVar[bool] = False

    power: float = quantity("kWh/kg", "pumping per liquid", 0.0, 1.0)

    def answer(self, at: Weather, lot: Stream) -> Answer:
        """Return the recipe: all that enters leaves."""
        return Answer(splits=(WHOLE,), draws=(), uses=(self.power,), fractions=())
