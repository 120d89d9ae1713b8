"""The units that the benchmark plants are built of, simple enough for pencil and paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from sim.model.parameters import quantity
from sim.network.chemistry import Components, Reaction
from sim.network.operation import FailureMode
from sim.network.unit import Conditions, Conversion, Recipe, Stream, Unit

MATERIAL = Components({"water": "H2O"})
BRINE = Components({"salt": "NaCl", "water": "H2O"})
SALMIAC = Components(
    {
        "ammonia": "NH3",
        "hydrogen_chloride": "HCl",
        "ammonium_chloride": "NH4Cl",
        "water": "H2O",
        "nitrogen": "N2",
    }
)
AMMONIA, HYDROGEN_CHLORIDE, AMMONIUM_CHLORIDE, WATER, NITROGEN = range(5)
NEUTRALISATION = Reaction("ammonia + hydrogen_chloride -> ammonium_chloride", SALMIAC)


@dataclass(frozen=True, kw_only=True)
class Machine(Unit):
    """Passes material on at up to its capacity; up to three modes of failure compete for it."""

    inlets: ClassVar[tuple[str, ...]] = ("part",)
    outlets: ClassVar = ("made",)
    rate_dependent: ClassVar = False
    second: FailureMode | None = None
    third: FailureMode | None = None

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        """Return the recipe: all that enters leaves."""
        return Recipe(splits={"made": (1.0,) * len(inlets["part"])})


@dataclass(frozen=True, kw_only=True)
class Boiler(Machine):
    """Passes material on and takes steam for every kg of it."""

    steam: float = quantity("kg/kg", "steam per charge", 0.0, 1e3)

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        """Return the recipe, with the steam."""
        return replace(super().convert(inlets, at), uses={"steam": self.steam})


@dataclass(frozen=True, kw_only=True)
class Splitter(Unit):
    """Sends a fixed share of what enters back, and the rest on."""

    inlets: ClassVar = ("charge",)
    outlets: ClassVar = ("product", "recycle")
    rate_dependent: ClassVar = False
    recycle: float = quantity("kg/kg", "share sent back", 0.0, 1.0)

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        """Return the recipe: the same split of every component."""
        n = len(inlets["charge"])
        return Recipe(splits={"product": (1.0 - self.recycle,) * n, "recycle": (self.recycle,) * n})


@dataclass(frozen=True, kw_only=True)
class Separator(Unit):
    """Sends its own share of salt and of water to the top, and the rest to the bottom."""

    inlets: ClassVar = ("charge",)
    outlets: ClassVar = ("top", "bottom")
    rate_dependent: ClassVar = False
    salt: float = quantity("kg/kg", "share of the salt to the top", 0.0, 1.0)
    water: float = quantity("kg/kg", "share of the water to the top", 0.0, 1.0)

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        """Return the recipe: one split for each component."""
        return Recipe(
            splits={
                "top": (self.salt, self.water),
                "bottom": (1.0 - self.salt, 1.0 - self.water),
            }
        )


@dataclass(frozen=True, kw_only=True)
class Blender(Unit):
    """Draws so much of a second feed per kg of the first, and splits the blend."""

    inlets: ClassVar[tuple[str, ...]] = ("charge", "second")
    outlets: ClassVar = ("top", "bottom")
    rate_dependent: ClassVar = False
    ratio: float = quantity("kg/kg", "second feed per first", 0.0, 1e3)
    salt: float = quantity("kg/kg", "share of the salt to the top", 0.0, 1.0, default=1.0)
    water: float = quantity("kg/kg", "share of the water to the top", 0.0, 1.0, default=1.0)
    steam: float = quantity("kg/kg", "steam per first feed", 0.0, 1e3, default=0.0)

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        """Return the recipe: one split for each component."""
        return Recipe(
            splits={
                "top": (self.salt, self.water),
                "bottom": (1.0 - self.salt, 1.0 - self.water),
            },
            draws={"second": (self.ratio,) * 2},
            uses={"steam": self.steam},
        )


@dataclass(frozen=True, kw_only=True)
class Neutraliser(Unit):
    """Turns ammonia into salt with acid gas drawn in excess; what is left over leaves as gas."""

    inlets: ClassVar = ("charge", "acid")
    outlets: ClassVar = ("liquor", "gas")
    conversion: float = quantity("kg/kg", "ammonia converted", 0.0, 1.0)
    slip: float = quantity("kg/kg", "acid left over per acid needed", 0.0, 1.0)
    stripped: float = quantity("kg/kg", "ammonia left that the gas takes", 0.0, 1.0)

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        """Return the recipe: acid by stoichiometry, acid and inert gas to the gas outlet."""
        mass = SALMIAC.molar_mass
        acid = self.conversion * (1.0 + self.slip) * mass[HYDROGEN_CHLORIDE] / mass[AMMONIA]
        return Recipe(
            splits={
                "liquor": (1.0 - self.stripped, 0.0, 1.0, 1.0, 0.0),
                "gas": (self.stripped, 1.0, 0.0, 0.0, 1.0),
            },
            draws={"acid": (acid, 0.0, 0.0, 0.0, 0.0)},
            conversions=(Conversion(NEUTRALISATION, AMMONIA, self.conversion),),
            uses={"power": 0.01},
        )


@dataclass(frozen=True, kw_only=True)
class Scrubber(Unit):
    """Washes gas with water; the more gas there is, collected vents included, the less it holds."""

    inlets: ClassVar = ("gas", "water", "vent")
    outlets: ClassVar = ("tail", "effluent")
    ratio: float = quantity("kg/kg", "water per gas", 0.0, 100.0)
    holding: float = quantity("kg/h", "gas at which half is held", 1e-6, 1e6)

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        """Return the recipe: soluble gas held in proportion to holding / (holding + flow)."""
        gas = sum(inlets["gas"]) + sum(inlets["vent"])
        held = self.holding / (self.holding + gas)
        effluent = (held, held, 1.0, 1.0, 0.0)
        return Recipe(
            splits={"tail": tuple([1.0 - x for x in effluent]), "effluent": effluent},
            draws={"water": (self.ratio,) * 5},
        )


@dataclass(frozen=True, kw_only=True)
class Still(Unit):
    """Boils ammonia water off to be used again, water to wash with, and leaves the salt."""

    inlets: ClassVar = ("charge",)
    outlets: ClassVar = ("distillate", "wash", "bottoms", "vent")
    returned: float = quantity("kg/kg", "water sent back", 0.0, 0.5)
    washing: float = quantity("kg/kg", "water given to wash with", 0.0, 0.5)
    vented: float = quantity("kg/kg", "ammonia in the vent", 0.0, 1.0)

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        """Return the recipe: fixed shares of each component."""
        back, wash, vent = self.returned, self.washing, self.vented
        return Recipe(
            splits={
                "distillate": (1.0 - vent, 0.0, 0.0, back, 0.0),
                "wash": (0.0, 0.0, 0.0, wash, 0.0),
                "bottoms": (0.0, 1.0, 1.0, 1.0 - back - wash, 0.0),
                "vent": (vent, 0.0, 0.0, 0.0, 1.0),
            },
            uses={"steam": 0.5},
        )
