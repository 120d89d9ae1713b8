"""What units with reactions have in common: how their tables tell of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from plant_models.units.generic import GenericUnit, Key, Per, Step, reactions_of
from plant_models.units.properties import Substances
from sim.network.chemistry import Reaction
from sim.network.plain import Table

REACTIONS = Key(
    "reactions",
    "reactions by name: equations, each with the key that its conversion is of (the first that is "
    "used up, else told) and, where rates matter, the orders",
    "reactions",
    most=16,
)
RATES: Mapping[str, Per] = {
    "rate_constant": Per(
        "1/h", "at the reference temperature; per hour with kmol/m3 as concentration", 0.0, 1e12
    ),
    "activation_energy": Per("kJ/kmol", "after Arrhenius", 0.0, 1e6, 0.0),
    "heat_of_reaction": Per(
        "kJ/kmol", "per kmol of extent; negative where heat is set free", -5e6, 5e6, 0.0
    ),
}
"""What is told of each reaction whose rate matters."""


def in_turn(
    steps: tuple[Step, ...], makes: Mapping[str, set[str]], needs: Mapping[str, set[str]]
) -> tuple[Step, ...]:
    """Return reactions so that one that needs what another makes comes behind it, if that can be.

    ``makes``, ``needs``: components by the name of each reaction.
    """
    waiting, done = list(steps), []
    while waiting:
        made_later = [set().union(*[makes[o.name] for o in waiting if o is not s]) for s in waiting]
        ready = [s for s, m in zip(waiting, made_later, strict=True) if not needs[s.name] & m]
        first = ready[0] if ready else waiting[0]
        done.append(first)
        waiting.remove(first)
    return tuple(done)


def used_up(reaction: Reaction, key: int) -> tuple[int, ...]:
    """Return the components that a reaction uses up: its key, then the others in their order."""
    return (key, *sorted(i for i, n in reaction.coefficients if n < 0 and i != key))


@dataclass(frozen=True, kw_only=True)
class Reacting(GenericUnit):
    """A generic unit with reactions; each is a row of ``by_part``.

    Behind the unit's own columns stand the position of the key, then stoichiometric coefficients,
    then orders, each a column for every component. A recipe tells a reaction by whichever reactant
    is the scarcest, so it stands in ``reactions`` once for each that it uses up; where reactions
    run side by side they stand there a second time, from the last to the first.
    """

    keys: ClassVar[tuple[Key, ...]] = (REACTIONS,)
    at_once: ClassVar[bool] = False
    """Whether reactions run side by side, so that their order says nothing of how far they go."""
    steps: ClassVar[tuple[Step, ...]] = ()
    keyed: ClassVar[tuple[tuple[Reaction, int], ...]] = ()
    """Reactions with the keys that their conversions are of."""

    @classmethod
    def shaped(cls, substances: Substances, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return the reactions, in the order in which they are taken."""
        steps: tuple[Step, ...] = given["reactions"]
        names = substances.names
        reactions = [reaction for reaction, _ in reactions_of(substances, steps)]
        makes, uses = (
            {
                step.name: {names[i] for i, count in reaction.coefficients if sign * count > 0}
                for step, reaction in zip(steps, reactions, strict=True)
            }
            for sign in (1, -1)
        )
        needs = uses if cls.at_once else {step.name: {step.key} for step in steps}
        steps = in_turn(steps, makes, needs)
        keyed = reactions_of(substances, steps)
        return {
            "steps": steps,
            "parts": tuple(step.name for step in steps),
            "keyed": keyed,
            "reactions": tuple(
                (each, i)
                for each, key in (*keyed, *(keyed[::-1] if cls.at_once else ()))
                for i in used_up(each, key)
            ),
        }

    def told_of_parts(self) -> Table:
        """Return key, coefficients and orders of each reaction."""
        names = self.substances.names
        n = len(names)
        rows = np.zeros((len(self.parts), 1 + 2 * n))
        for j, (step, (reaction, key)) in enumerate(zip(self.steps, self.keyed, strict=True)):
            rows[j, 0] = key
            for i, count in reaction.coefficients:
                rows[j, 1 + i] = count
            for component, order in step.orders:
                rows[j, 1 + n + names.index(component)] = order
        return rows
