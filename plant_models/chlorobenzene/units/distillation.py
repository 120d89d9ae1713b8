"""Crude column (benzene overhead) and rectification column (chlorobenzene overhead)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from plant_models.chlorobenzene.substances.chemistry import BENZENE, DCB, MCB, WATER
from plant_models.chlorobenzene.substances.properties import share_in_water, water_in_benzene
from plant_models.chlorobenzene.units.columns import WHOLE, ZEROS, ColumnDesign, less, times
from plant_models.chlorobenzene.units.heat import Heat
from sim.model.parameters import quantity
from sim.network.unit import Conditions, Recipe, Stream, Unit


@dataclass(frozen=True, kw_only=True)
class CrudeColumn(ColumnDesign, Unit):
    """Takes benzene off the neutral liquor and returns it; leaves crude chlorobenzene.

    The operator holds the benzene in the bottoms by the reboiler; what chlorobenzene goes over
    with the recycled benzene follows from trays and reflux. Water distils as heteroazeotrope and
    is decanted in the reflux drum, with the benzene it dissolves; salts stay in the bottoms. Air
    leaves saturated at the condenser's outlet, to the air or (``vent_recovered``, F4) to the
    off-gas cooler. ``tube_leak`` loses distillate into the cooling water.

    References
    ----------
    Fenske, Underwood and Gilliland (`shortcut`); qiqiwenku-466276: bottoms with 95 %
    chlorobenzene, 4-5 % dichlorobenzene, 0.1 % benzene.
    """

    inlets: ClassVar[tuple[str, ...]] = ("charge", "air")
    outlets: ClassVar[tuple[str, ...]] = (
        *("distillate", "bottoms", "water", "vent", "vent_recovered", "leak"),
    )

    bottoms_benzene: float = quantity(
        "kg/kg", "benzene that the operator leaves in the bottoms", 1e-6, 0.2
    )
    tube_leak: float = quantity("kg/h", "distillate lost into the cooling water", 0.0, 1e4)
    vent_recovered: bool = quantity("", "vent led to the off-gas cooler (F4)")

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        """Return the split of the charge, the air drawn in, and the utilities."""
        charge = inlets["charge"]
        kg = tuple([a + b for a, b in zip(charge, inlets["air"], strict=True)])
        P = at["pressure"]
        top = self.overhead(kg, (BENZENE, MCB), self.bottoms_benzene, at["cooling_water"], P)
        share, gas = top.share, top.vent
        wet, vapour, decanted = 1.0, 0.0, 0.0
        if kg[WATER] > 0.0:
            vapour = top.vent_water / kg[WATER]
            held = top.distillate * water_in_benzene(top.T_out) / kg[WATER]
            wet = min(held, 1.0 - vapour)
            decanted = 1.0 - wet - vapour
        rest = less(share, gas)
        over = times(kg, rest)
        condensed = over[0] + over[1] + over[2] + over[3]
        leak = min(self.tube_leak / condensed, 1.0) if condensed > 0.0 else 0.0
        water = times(share_in_water(over, kg[WATER] * decanted, top.T_out), rest)
        product = less(rest, water)
        lost = times(product, (leak, leak, leak, leak))
        product = less(product, lost)
        bottoms = less(WHOLE, share)
        vent = (*gas, 1.0, 1.0, vapour, 0.0, 0.0, 0.0, 1.0)
        return Recipe(
            splits={
                "distillate": (*product, 0.0, 0.0, (1.0 - leak) * wet, 0.0, 0.0, 0.0, 0.0),
                "bottoms": (*bottoms, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 0.0),
                "water": (*water, 0.0, 0.0, decanted, 0.0, 0.0, 0.0, 0.0),
                "vent": ZEROS if self.vent_recovered else vent,
                "vent_recovered": vent if self.vent_recovered else ZEROS,
                "leak": (*lost, 0.0, 0.0, leak * wet, 0.0, 0.0, 0.0, 0.0),
            },
            draws={"air": self.air_row(charge)},
            uses=self.utilities(charge, inlets["air"], top, MCB, P, at["air"]),
        )

    def heat(self, inlets: Mapping[str, Stream], at: Conditions) -> Heat:
        """Return temperatures; the bottoms leave boiling."""
        return self.temperatures(inlets, (BENZENE, MCB), self.bottoms_benzene, at)


@dataclass(frozen=True, kw_only=True)
class RectificationColumn(ColumnDesign, Unit):
    """Takes product chlorobenzene off the crude; leaves dichlorobenzene with some chlorobenzene.

    The bottoms' temperature, and with it their chlorobenzene, is as high as the heating steam
    allows: the operator holds that content, and the dichlorobenzene in the product follows from
    trays and reflux. The vent goes to the air or (``vents_collected``, F10) to the absorber.

    References
    ----------
    Fenske, Underwood and Gilliland (`shortcut`).
    """

    inlets: ClassVar[tuple[str, ...]] = ("charge", "air")
    outlets: ClassVar[tuple[str, ...]] = ("product", "bottoms", "vent", "vent_collected")

    bottoms_chlorobenzene: float = quantity(
        "kg/kg", "chlorobenzene that the operator leaves in the bottoms", 1e-4, 0.9
    )
    vents_collected: bool = quantity("", "vent led to the absorber (F10)")

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        """Return the split of the charge, the air drawn in, and the utilities."""
        charge = inlets["charge"]
        kg = tuple([a + b for a, b in zip(charge, inlets["air"], strict=True)])
        P = at["pressure"]
        top = self.overhead(kg, (MCB, DCB), self.bottoms_chlorobenzene, at["cooling_water"], P)
        vapour = top.vent_water / kg[WATER] if kg[WATER] > 0.0 else 0.0
        vent = (*top.vent, 1.0, 1.0, vapour, 0.0, 0.0, 0.0, 1.0)
        product = less(top.share, top.vent)
        bottoms = less(WHOLE, top.share)
        return Recipe(
            splits={
                "product": (*product, 0.0, 0.0, 1.0 - vapour, 0.0, 0.0, 0.0, 0.0),
                "bottoms": (*bottoms, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 0.0),
                "vent": ZEROS if self.vents_collected else vent,
                "vent_collected": vent if self.vents_collected else ZEROS,
            },
            draws={"air": self.air_row(charge)},
            uses=self.utilities(charge, inlets["air"], top, DCB, P, at["air"]),
        )

    def heat(self, inlets: Mapping[str, Stream], at: Conditions) -> Heat:
        """Return temperatures; the bottoms leave boiling."""
        return self.temperatures(inlets, (MCB, DCB), self.bottoms_chlorobenzene, at)
