"""The heat of every unit and of a whole plant at constant conditions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from experiments.output.answer import Answer, Table
from experiments.output.provenance import provenance
from experiments.runner.faults import SimulationFault, at_work
from experiments.studies.heat.report import heat_report, line_terms, per_tonne, unit_table
from plant_models.chlorobenzene.model import PLANT
from plant_models.methods.heat_balance import HeatBalance
from plant_models.model import PlantModel
from plant_models.outcome import Outcome
from sim.errors import BalanceError
from sim.model.facts import Design
from sim.model.schemes import Scheme


@dataclass(frozen=True, repr=False)
class Heat(Answer):
    """The heat of a design, which closes in every unit and over the whole.

    Parameters
    ----------
    outcome : Outcome
        The steady state.
    balance : HeatBalance
    """

    outcome: Outcome[Any]
    balance: HeatBalance

    def report(self) -> str:
        """Return the balance by unit and of the whole, and the accounts of water and steam."""
        return heat_report(self.outcome, self.balance)

    def tables(self) -> Mapping[str, Table]:
        """Return the balances of the units, of the whole, and what a tonne takes."""
        return {
            "units": unit_table(self.balance),
            "line": Table(("term", "gj_per_t"), list(line_terms(self.balance).items())),
            "per_t": Table(
                ("indicator", "t_per_t"), list(per_tonne(self.outcome, self.balance).items())
            ),
        }

    def as_json(self) -> dict[str, Any]:
        """Return everything, GJ per t of product and t per t."""
        return {
            "schemes": list(self.outcome.schemes),
            "units": unit_table(self.balance).records,
            "line": line_terms(self.balance),
            "per_t": per_tonne(self.outcome, self.balance),
            "units_of_measure": {"units": "GJ/t", "line": "GJ/t", "per_t": "t/t", "error": "kJ/kJ"},
            "provenance": provenance("heat", self.outcome.variant),
        }


def heat(
    schemes: Any = "none",
    *,
    plant: PlantModel[Any, Any] = PLANT,
    design: Design[Any] | Any | None = None,
    known: Mapping[str, Scheme] | None = None,
) -> Heat:
    """Balance the heat of every unit at constant conditions: steam, cooling, losses, closure.

    Parameters
    ----------
    schemes : scheme set, tree, Design or Variant
    plant, design, known
        Which plant, and what sets of schemes are put on; see `PlantModel.variant`.

    Raises
    ------
    TypeError, LookupError, ValueError
        Wrong input, or a plant without a heat balance; a message that names it.
    SimulationFault
        A design whose flows do not settle, that makes nothing, or whose heat does not close.
    """
    variant = plant.variant(schemes, design=design, known=known)
    with at_work(f"the {plant.name} with {variant.name}"):
        outcome = plant.steady_state(variant)
    try:
        balance = plant.heat_balance(outcome)
        balance.enforce()
    except (BalanceError, ArithmeticError) as fault:
        raise SimulationFault(
            f"the heat of the {plant.name} with {variant.name}: {fault}"
        ) from fault
    if not balance.product:
        raise SimulationFault(
            f"the {plant.name} with {variant.name} makes no {balance.goods} at constant "
            "conditions, so there is no heat per tonne of it"
        )
    return Heat(outcome, balance)
