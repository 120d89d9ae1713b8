"""Polychloride column: recovers chlorobenzene from the rectification bottoms, under vacuum."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from plant_models.chlorobenzene.substances.chemistry import DCB, MCB, WATER
from plant_models.chlorobenzene.substances.enthalpy import sensible, vaporisation, warmed
from plant_models.chlorobenzene.substances.properties import boiling_point, share_in_water
from plant_models.chlorobenzene.units.columns import (
    ORGANICS_ONLY,
    WHOLE,
    ZEROS,
    ColumnDesign,
    least,
    less,
    times,
    vent_shares,
)
from plant_models.chlorobenzene.units.heat import Heat, pooled
from sim.model.parameters import quantity
from sim.network.unit import Conditions, Recipe, Stream, Unit


@dataclass(frozen=True, kw_only=True)
class PolychlorideColumn(ColumnDesign, Unit):
    r"""Vacuum column on rectification bottoms: chlorobenzene overhead, dichlorobenzene below.

    The operator holds the dichlorobenzene in the distillate, so a taller column (F8) recovers
    more chlorobenzene; what it leaves is mostly sold inside the dichlorobenzene. Below the column
    a still boils ``boil_off`` of the dichlorobenzene away from the residue, of which a component
    keeps :math:`(1 - \beta)^{\alpha_i}` (Rayleigh), with :math:`\alpha` relative to
    dichlorobenzene; salts and iron stay in it.

    The vacuum pump's sealing water washes the gas that the condenser leaves: gas leaves saturated
    at the air's pressure, water saturated with what the gas brought, and what neither can hold
    is decanted back to the distillate. ``vents_collected`` (F10) leads the gas to the absorber.

    References
    ----------
    Fenske, Underwood and Gilliland (`shortcut`).
    """

    inlets: ClassVar[tuple[str, ...]] = ("charge", "water", "air")
    outlets: ClassVar[tuple[str, ...]] = (
        *("distillate", "dichlorobenzene", "residue", "water", "vent", "vent_collected"),
    )

    pressure: float = quantity("Pa", "top of the column", 2000.0, 101325.0)
    distillate_dichlorobenzene: float = quantity(
        "kg/kg", "dichlorobenzene that the operator leaves in the distillate", 1e-4, 0.9
    )
    boil_off: float = quantity(
        "kg/kg", "dichlorobenzene that the still boils off its residue", 0.0, 0.999
    )
    sealing_water: float = quantity("kg/h", "water through the vacuum pump", 0.0, 1e5)
    vents_collected: bool = quantity("", "vent led to the absorber (F10)")

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        """Return the split of the charge, water and air drawn in, and the utilities."""
        charge, drawn, air = inlets["charge"], inlets["water"], inlets["air"]
        kg = tuple([a + b + c for a, b, c in zip(charge, drawn, air, strict=True)])
        P = min(self.pressure, at["pressure"])
        T_water = at["cooling_water"]
        top = self.overhead(
            kg, (MCB, DCB), self.distillate_dichlorobenzene, T_water, P, bottoms_held=False
        )
        share, reaching_pump = top.share, top.vent
        over = times(kg, share)
        pump, _ = vent_shares(kg, over, T_water, at["pressure"])
        gas = least(pump, reaching_pump)
        soluble = times(share_in_water(over, kg[WATER], T_water), share)
        water = least(soluble, less(reaching_pump, gas))
        product = less(less(share, gas), water)
        bottoms = less(WHOLE, share)
        stays, (b, m, d, t) = 1.0 - self.boil_off, top.alpha
        residue = times(bottoms, (stays**b, stays**m, stays**d, stays**t))
        by_product = less(bottoms, residue)
        vent = (*gas, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0)
        boiled = times(kg, by_product)
        total = sum(charge)
        row = self.sealing_water / total if total > 0.0 else 0.0
        return Recipe(
            splits={
                "distillate": (*product, *ORGANICS_ONLY),
                "dichlorobenzene": (*by_product, *ORGANICS_ONLY),
                "residue": (*residue, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 0.0),
                "water": (*water, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0),
                "vent": ZEROS if self.vents_collected else vent,
                "vent_collected": vent if self.vents_collected else ZEROS,
            },
            draws={"water": (row,) * 11, "air": self.air_row(charge)},
            uses=self.utilities(charge, air, top, DCB, P, at["air"], boiled),
        )

    def heat(self, inlets: Mapping[str, Stream], at: Conditions) -> Heat:
        """Return temperatures; what condenses in it warms the pump's sealing water."""
        kg = pooled(inlets)
        P, T_water = min(self.pressure, at["pressure"]), at["cooling_water"]
        held = self.distillate_dichlorobenzene
        top = self.overhead(kg, (MCB, DCB), held, T_water, P, bottoms_held=False)
        bottom = boiling_point(DCB, P)
        sealed = inlets["water"]
        brought = (*times(kg, top.vent), *ORGANICS_ONLY)
        out = self.convert(inlets, at).apply(kg)
        gone = [a + b for a, b in zip(out["vent"], out["vent_collected"], strict=True)]
        heat = vaporisation(brought, top.T_out)
        heat -= vaporisation((*gone[:4], *ORGANICS_ONLY), top.T_out)
        heat += sensible(sealed, T_water) + sensible((*out["water"][:4], *ORGANICS_ONLY), top.T_out)
        warm = warmed(out["water"], heat) if sum(out["water"]) > 0.0 else T_water
        return Heat(
            top.T_out,
            inlets={"charge": self.charge_temperature, "air": at["air"], "water": T_water},
            outlets={"dichlorobenzene": bottom, "residue": bottom, "water": warm},
            rise=self.condenser.water_rise,
            lost=self.lost,
        )
