"""The heat of every unit and of a whole plant at constant conditions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from experiments.output.answer import Answer, Table, paragraphs
from experiments.output.provenance import provenance
from experiments.runner.faults import SimulationFault
from experiments.runner.horizon import outcome_of
from experiments.studies import Known, Own, Plant, plant_of
from plant_models.chlorobenzene.model import PLANT
from plant_models.methods.heat_balance import TERMS, HeatBalance, UnitHeat
from plant_models.outcome import Outcome
from sim.errors import BalanceError
from sim.tables import text_table

SETTLED = """\
units that settle: what goes to the surroundings, or the temperature of an outlet, is what
their balance leaves; they close by that, and are checked by the whole line's"""


@dataclass(frozen=True, repr=False)
class Heat(Answer):
    """The heat of a design, which closes in every unit and over the whole."""

    outcome: Outcome[Any]  #: The steady state
    balance: HeatBalance

    def report(self) -> str:
        """Return the balance by unit and of the whole, and the accounts of water and steam."""
        goods = self.balance.goods
        return paragraphs(
            [f"Schemes {self.outcome.variant.name}, constant conditions: heat in GJ per t {goods}"],
            _units(self.balance),
            _line(self.balance),
            _water(self.outcome, self.balance),
            [str(self.balance), SETTLED],
        )

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
    plant: Plant = PLANT,
    design: Own = None,
    known: Known = None,
) -> Heat:
    """Balance the heat of every unit at constant conditions: steam, cooling, losses, closure.

    ``schemes``, ``plant``, ``design``, ``known``: see `run`.

    Raises
    ------
    LookupError, ValueError
        A plant without a heat balance.
    SimulationFault
        A design whose flows do not settle, that makes nothing, or whose heat does not close.
    """
    plant = plant_of(plant)
    variant = plant.variant(schemes, design=design, known=known)
    outcome = outcome_of(variant, None)
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


SMALLEST = 5e-4  # GJ/t; units below it are left to --json
WATER = ("process_water_t", "wastewater_t", "cooling_water_t", "cooling_water_intake_t")


def unit_table(balance: HeatBalance) -> Table:
    """Return the balance of every unit, GJ per t of product."""
    per = balance.per_tonne
    rows = [
        (unit.unit, *(per(getattr(unit, term)) for term in TERMS), unit.settled, unit.error)
        for unit in balance.units
    ]
    units = {**dict.fromkeys(TERMS, "GJ/t"), "error": "1"}
    return Table(("unit", *TERMS, "settled", "error"), rows, units)


def line_terms(balance: HeatBalance) -> dict[str, float]:
    """Return the balance of the whole plant, GJ per t of product; its error is relative."""
    per = balance.per_tonne
    return {
        "reaction": per(balance.reaction),
        **{term: per(balance.total(term)) for term in TERMS[:-1]},
        "pipes": per(balance.pipes),
        "carried": per(balance.carried),
        "error": balance.line_closure,
    }


def _units(balance: HeatBalance) -> list[str]:
    header = ["equipment", "steam", "power", "cooling", "lost", "settled", "enthalpy", "error"]
    shown = [unit for unit in balance.units if _largest(balance, unit) >= SMALLEST]
    rows = []
    for unit in shown:
        terms = [_gj(balance.per_tonne(getattr(unit, term))) for term in TERMS]
        how = unit.settled or f"{unit.error:.0e}"
        rows.append([unit.unit, *terms, how])
    total = [_gj(balance.per_tonne(balance.total(term))) for term in TERMS[:-1]]
    rows.append(["all units", *total, "", ""])
    return text_table(header, rows, left=(0, 7))


def _largest(balance: HeatBalance, unit: UnitHeat) -> float:
    return max(abs(balance.per_tonne(getattr(unit, term))) for term in TERMS)


def _line(balance: HeatBalance) -> list[str]:
    per = balance.per_tonne
    supplied = [
        ("heats of reaction at 25 degC", balance.reaction),
        ("steam", balance.total("steam")),
        ("power", balance.total("power")),
    ]
    removed = [
        ("cooling water", balance.total("cooling")),
        ("reboilers, columns, traps, motors", balance.total("lost")),
        ("other surroundings of units", balance.total("exchanged")),
        ("pipes and tanks", balance.pipes),
        ("carried off above 25 degC, less heat of solution of the acid", balance.carried),
    ]
    lines = ["whole line"]
    for label, rows in (("supplied", supplied), ("removed", removed)):
        lines += [f"  {name:62}{per(kj):8.3f}" for name, kj in rows]
        lines.append(f"  {label:62}{per(sum(kj for _, kj in rows)):8.3f}")
    return lines


def per_tonne(state: Outcome[Any], balance: HeatBalance) -> dict[str, float]:
    """Return steam and water per tonne of product, t/t."""
    made, known = state.indicators[f"{balance.goods}_t"], state.indicators
    return {name: known[name] / made for name in ("steam_t", *WATER) if name in known}


def _water(state: Outcome[Any], balance: HeatBalance) -> list[str]:
    rows: Sequence[Sequence[str]] = [
        [name.removesuffix("_t").replace("_", " "), f"{amount:,.2f}"]
        for name, amount in per_tonne(state, balance).items()
    ]
    return text_table([f"t per t {balance.goods}", ""], rows)


def _gj(amount: float) -> str:
    return f"{amount:.3f}" if abs(amount) >= SMALLEST else ""
