"""The emergency scrubber on the tail gas: works only while the chlorination is purged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from plant_models.chlorobenzene.substances.chemistry import (
    CHLORINE,
    COMPONENTS,
    FECL3,
    HCL,
    NACL,
    NAOH,
    NEUTRALISATION,
    WATER,
)
from sim.model.parameters import quantity
from sim.network.unit import Conditions, Conversion, Recipe, Stream, Unit

NOTHING = (0.0,) * len(COMPONENTS)


@dataclass(frozen=True, kw_only=True)
class EmergencyScrubber(Unit):
    r"""Caustic scrubber that takes acid gas and chlorine out of the purge after a trip.

    Otherwise the tail gas passes it dry. Caustic is drawn for all hydrogen chloride and chlorine,
    1 and 2 kmol/kmol, times an excess; hydrogen chloride is neutralised,

    .. math:: HCl + NaOH \\to NaCl + H_2O,

    chlorine goes with the liquor and is booked as chlorine (as hypochlorite it oxidises on).
    Organics pass: they do not dissolve in caustic.

    References
    ----------
    The line's interlock is described in ``docs/decisions.md``; capture is assumed with a range.
    """

    inlets: ClassVar[tuple[str, ...]] = ("gas", "caustic")
    outlets: ClassVar[tuple[str, ...]] = ("gas", "effluent")

    capture: float = quantity(
        "kg/kg", "hydrogen chloride and chlorine taken out of the purge", 0.0, 1.0
    )
    excess: float = quantity("kg/kg", "caustic drawn per needed", 1.0, 5.0)
    caustic_strength: float = quantity(
        "kg/kg", "sodium hydroxide in the caustic supplied", 0.01, 0.5
    )

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        """Return the recipe: all gas passes, or the purge is scrubbed."""
        liquor = [0.0] * len(COMPONENTS)
        for i in (NAOH, NACL, FECL3):
            liquor[i] = 1.0
        if at.cause != "trip":
            gas = tuple([1.0 - x for x in liquor])
            return Recipe(
                splits={"gas": gas, "effluent": tuple(liquor)}, draws={"caustic": NOTHING}
            )
        mass = COMPONENTS.molar_mass
        per_kg = self.excess * mass[NAOH] / self.caustic_strength
        draw = list(NOTHING)
        draw[HCL] = per_kg / mass[HCL]
        draw[CHLORINE] = 2.0 * per_kg / mass[CHLORINE]
        caustic = inlets["caustic"][NAOH] / mass[NAOH]
        acid = sum(flow[HCL] for flow in inlets.values()) / mass[HCL]
        met = min(1.0, caustic / acid) if acid > 0.0 else 0.0
        liquor[WATER] = 1.0
        liquor[CHLORINE] = self.capture
        return Recipe(
            splits={"gas": tuple([1.0 - x for x in liquor]), "effluent": tuple(liquor)},
            draws={"caustic": tuple(draw)},
            conversions=(Conversion(NEUTRALISATION, HCL, self.capture * met),),
        )
