"""The laws that hold for every unit, tried on a student's; a filter with and without a fault."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from plant_models.chlorobenzene.substances.chemistry import COMPONENTS, ORGANICS
from sim.model.parameters import quantity
from sim.network.unit import Conditions, Recipe, Stream, Unit

LAWS = {
    "outlets": "the recipe splits over the declared outlets, all of them and no others",
    "shares": "no share is less than 0 or more than 1",
    "adds up": "the shares of a component over all outlets add up to 1",
    "elements": "every element that enters leaves, to 1e-9",
    "standstill": "the recipe stays legal when nothing flows",
    "pure": "the same feed gives the same recipe: no memory, no chance",
}
ROUNDING = 1e-12  # of a share


@dataclass(frozen=True, kw_only=True)
class LeakyFilter(Unit):
    """A carbon filter with a fault: one per cent of what it holds is in neither outlet."""

    inlets: ClassVar[tuple[str, ...]] = ("gas",)
    outlets: ClassVar[tuple[str, ...]] = ("gas", "spent")

    capture: float = quantity("kg/kg", "organics held by the carbon", 0.0, 1.0)

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        """Return the recipe with the fault."""
        held = [self.capture if i in ORGANICS else 0.0 for i in range(len(COMPONENTS))]
        passes = tuple(1.0 - x for x in held)
        return Recipe(splits={"gas": passes, "spent": tuple(0.99 * x for x in held)})


class SoundFilter(LeakyFilter):
    """The project's own filter, without the fault."""

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        """Return the recipe."""
        held = tuple(self.capture if i in ORGANICS else 0.0 for i in range(len(COMPONENTS)))
        return Recipe(splits={"gas": tuple(1.0 - x for x in held), "spent": held})


def broken_laws(unit: Unit, feed: Stream) -> Iterator[str]:
    """Yield the names of the laws that a unit breaks for a feed of its main inlet, kg/h."""
    at = Conditions(sum(feed), {"air": 283.0, "cooling_water": 288.0, "pressure": 92_500.0})
    inlets = {unit.inlets[0]: feed}
    try:
        recipe, again = unit.convert(inlets, at), unit.convert(inlets, at)
    except ArithmeticError:
        yield "standstill"
        return
    if recipe != again:
        yield "pure"
    if set(recipe.splits) != set(unit.outlets):
        yield "outlets"
        return
    rows = [[split[i] for split in recipe.splits.values()] for i in range(len(COMPONENTS))]
    if any(not -ROUNDING <= share <= 1.0 + ROUNDING for row in rows for share in row):
        yield "shares"
    if any(abs(sum(row) - 1.0) > ROUNDING for row in rows):
        yield "adds up"
    left = [sum(flows) for flows in zip(*recipe.apply(feed).values(), strict=True)]
    for masses in COMPONENTS.element_mass:
        inside, outside = (
            sum(mass * kg for mass, kg in zip(masses, flow, strict=True)) for flow in (feed, left)
        )
        if abs(outside - inside) > 1e-9 * max(inside, 1e-9):
            yield "elements"
