"""Money against tonnes: the Pareto front of all sets, and the cost curve of single schemes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from experiments.studies.attribute.attribution import Attribution
from plant_models.methods.abatement import CostCurve, cost_curve, pareto_front
from plant_models.methods.attribution import members, shapley
from plant_models.methods.economics import Economy


@dataclass(frozen=True)
class Choice:
    """A set of players on the Pareto front."""

    schemes: tuple[str, ...]
    avoided: float
    """t/yr"""
    net_benefit: float
    """A year, in the unit that the plant's money is told in."""


@dataclass(frozen=True)
class Tradeoff:
    """Money against tonnes of one emission, over all sets of the players."""

    tonnes: Attribution  #: Of the emission
    benefit: Attribution  #: Of ``net_benefit``

    @property
    def money(self) -> Economy:
        """What money is told in."""
        assert self.benefit.terms.worth is not None
        return self.benefit.terms.worth.economy

    @cached_property
    def points(self) -> tuple[Choice, ...]:
        """Every set of the players."""
        rows = zip(self.tonnes.game.worth, self.benefit.game.worth, strict=True)
        base = self.tonnes.game.worth[0], self.benefit.game.worth[0]
        players = self.tonnes.game.players
        return tuple(
            Choice(members(players, mask), float(t - base[0]), float(money - base[1]))
            for mask, (t, money) in enumerate(rows)
        )

    @cached_property
    def front(self) -> tuple[Choice, ...]:
        """The sets that no other beats in both, the most tonnes first."""
        points = self.points
        best = pareto_front([p.avoided for p in points], [p.net_benefit for p in points])
        return tuple(points[i] for i in best)

    @cached_property
    def curve(self) -> CostCurve:
        """The marginal abatement cost curve, tonnes and money by Shapley."""
        cost = {name: -share for name, share in shapley(self.benefit.game).items()}
        return cost_curve(shapley(self.tonnes.game), cost)


def tradeoff_in_full(of: Tradeoff) -> dict[str, Any]:
    """Return front and cost curve as JSON can hold them."""
    return {
        "emission": of.tonnes.figure.name,
        "money": of.benefit.figure.unit,
        "front": [
            {
                "schemes": list(choice.schemes),
                "avoided_t": choice.avoided,
                "net_benefit": choice.net_benefit,
            }
            for choice in of.front
        ],
        "cost_curve_by_shapley": {
            kind: [
                {"scheme": m.name, "avoided_t": m.avoided, "cost": m.cost}
                for m in getattr(of.curve, kind)
            ]
            for kind in ("earning", "costing", "useless")
        },
    }
