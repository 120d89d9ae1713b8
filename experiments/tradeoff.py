"""Money against tonnes: the sets that no other beats in both, and the abatement cost curve."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from experiments.attribution import Attribution
from plant_models.abatement import CostCurve, cost_curve, pareto_front
from plant_models.attribution import members, shapley


@dataclass(frozen=True)
class Choice:
    """A set of players on the Pareto front."""

    schemes: tuple[str, ...]
    avoided: float
    """t/yr"""
    net_benefit: float
    """10^4 RMB/yr"""


@dataclass(frozen=True)
class Tradeoff:
    """Money against tonnes of one emission, over all sets of the players.

    Parameters
    ----------
    tonnes, benefit : Attribution
        Of the emission, and of ``net_benefit``.
    """

    tonnes: Attribution
    benefit: Attribution

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
        "front": [
            {
                "schemes": list(choice.schemes),
                "avoided_t": choice.avoided,
                "net_benefit_1e4_rmb": choice.net_benefit,
            }
            for choice in of.front
        ],
        "cost_curve_by_shapley": {
            kind: [
                {"scheme": m.name, "avoided_t": m.avoided, "cost_1e4_rmb": m.cost}
                for m in getattr(of.curve, kind)
            ]
            for kind in ("earning", "costing", "useless")
        },
    }
