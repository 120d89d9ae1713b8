"""Units of the gas path as they work while something is missing, or while the train stops."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from math import sqrt
from typing import Any, TypeVar

from plant_models.chlorobenzene.substances.chemistry import HCL, INERT
from plant_models.chlorobenzene.substances.properties import MOLAR_MASS
from plant_models.chlorobenzene.substances.streams import NOTHING, WHOLE, evenly
from plant_models.chlorobenzene.units.absorption import Absorber
from plant_models.chlorobenzene.units.catcher import GasCatcher
from plant_models.chlorobenzene.units.off_gas import DISCHARGE, GAS_DENSITY, OffGasFan
from sim.network.unit import Conditions, Recipe, Stream, Unit

EXPONENT = 1.8
"""Of turbulent flow in the pressure drop."""

HALVINGS = 50
STAGES = 2
"""Absorption stages that a fan's resistance is told with."""

U = TypeVar("U", bound=Unit)


def turned_into(kind: type[U], unit: Unit) -> U:
    """Return a unit as another kind that has the same parameters."""
    values: dict[str, Any] = {each.name: getattr(unit, each.name) for each in fields(unit)}
    return kind(**values)


@dataclass(frozen=True, kw_only=True)
class DeadFan(OffGasFan):
    r"""The off-gas fan while it stands: no air comes in, gas goes out where it came in.

    The gas that the chlorinators make drives itself through standing fan and absorption. At the
    pressure :math:`p` before the fan that takes :math:`G_t = G_r (p/\Delta p_r)^{1/1.8}`, and the
    leaks give off :math:`L = C_d A \sqrt{2 \rho p}`. :math:`p` is where both together are all the
    gas, but no more than ``relief``: there the seal of the gas line blows, and what is left goes to
    air through it, untreated.
    """

    @classmethod
    def before(cls, fan: OffGasFan, stages: int) -> DeadFan:
        """Return a fan that stands before so many absorption stages.

        >>> from plant_models import chlorobenzene as cb
        >>> fan = cb.line("none").off_gas_fan
        >>> DeadFan.before(fan, 3).resistance - fan.resistance == fan.resistance_of_stage
        True
        """
        further = max(stages - STAGES, 0) * fan.resistance_of_stage
        return replace(turned_into(cls, fan), resistance=fan.resistance + further)

    def through(self, pressure: float) -> float:
        """Return the gas that a pressure before the fan drives through it, kg/h; ``pressure``: Pa.

        >>> from plant_models import chlorobenzene as cb
        >>> dead = turned_into(DeadFan, cb.line("none").off_gas_fan)
        >>> dead.through(dead.resistance) == dead.resistance_flow
        True
        """
        relative = max(pressure, 0.0) / self.resistance
        return self.resistance_flow * float(relative ** (1.0 / EXPONENT))

    def leaks(self, pressure: float) -> float:
        """Return the gas that leaks out at a pressure (Pa), kg/h."""
        area = DISCHARGE * self.leak_area * 1e-4
        return 3600.0 * area * sqrt(2.0 * GAS_DENSITY * max(pressure, 0.0))

    def leaked(self, gas: float) -> float:
        """Return what of a gas leaves untreated, kg/kg; ``gas``: what comes, kg/h."""
        if gas <= 0.0:
            return 0.0
        if self.through(self.relief) + self.leaks(self.relief) <= gas:
            return 1.0 - self.through(self.relief) / gas
        low, high = 0.0, self.relief
        for _ in range(HALVINGS):
            middle = 0.5 * (low + high)
            if self.through(middle) + self.leaks(middle) < gas:
                low = middle
            else:
                high = middle
        return min(self.leaks(high) / gas, 1.0)

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        """Return what still passes, and what leaks out."""
        share = self.leaked(sum(inlets["gas"]))
        return Recipe(
            splits={"gas": evenly(1.0 - share), "leaked": evenly(share)}, draws={"air": NOTHING}
        )


@dataclass(frozen=True, kw_only=True)
class PurgingFan(OffGasFan):
    """The off-gas fan while the train stops: it draws purge air through the gas line as well."""

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        """Return the gas with the air that has leaked in and that was let in."""
        main = sum(inlets["gas"])
        if main <= 0.0:
            return Recipe(splits={"gas": WHOLE, "leaked": NOTHING}, draws={"air": NOTHING})
        air = (self.air_ingress(at) + self.purge) / main
        return Recipe(
            splits={"gas": WHOLE, "leaked": NOTHING},
            draws={"air": evenly(air)},
            uses={"power": self.power / main},
        )


@dataclass(frozen=True, kw_only=True)
class DryAbsorber(Absorber):
    """The absorber while its water is out: all gas passes, and nothing drops out of it."""

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        """Return the gas as it came; draws no water."""
        return Recipe(splits={"gas": WHOLE, "liquid": NOTHING}, draws={"water": NOTHING})


@dataclass(frozen=True, kw_only=True)
class AbsorberAlone(Absorber):
    """The absorber while the catcher is down: what slips keeps its room in the tail gas.

    With a catcher behind it the slip's volume carries no organics, for it is caught and they drain
    back. Here the slip counts as gas that stays, so that more organics leave with it.
    """

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        """Return the recipe of the absorber for a gas that holds its slip for good."""
        plain = Absorber.convert(self, inlets, at)
        acid = sum(flow[HCL] for flow in inlets.values())
        slip = plain.splits["gas"][HCL] * acid / MOLAR_MASS[HCL]
        main = inlets["gas"]
        total = sum(main)
        if total <= 0.0 or slip <= 0.0:
            return plain
        fuller = list(main)
        fuller[INERT] += slip * MOLAR_MASS[INERT]
        found = Absorber.convert(self, {**inlets, "gas": tuple(fuller)}, at)
        uses = {name: amount * sum(fuller) / total for name, amount in found.uses.items()}
        return replace(found, uses=uses)


@dataclass(frozen=True, kw_only=True)
class DryCatcher(GasCatcher):
    """The catcher while its pump is down: all gas passes it."""

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        """Return the gas as it came; draws no water."""
        return Recipe(
            splits={"gas": WHOLE, "effluent": NOTHING, "bleed": NOTHING}, draws={"water": NOTHING}
        )


KINDS = (DeadFan, PurgingFan, DryAbsorber, AbsorberAlone, DryCatcher)
"""All of them."""
