"""The heat balance of a unit and of a plant as values, and what makes them a certificate."""

from __future__ import annotations

from dataclasses import dataclass

from plant_models.arguments import word
from sim.errors import BalanceError, need_number

TOLERANCE = 1e-6  # of the heat a unit turns over
ROUNDING = 1e-14  # of the enthalpy that passes a unit, which is relative to the elements
TERMS = ("steam", "power", "cooling", "lost", "exchanged", "gained")
"""What of the heat of units adds up."""


@dataclass(frozen=True, slots=True)
class UnitHeat:
    """The heat balance of a unit; all amounts in kJ/h."""

    unit: str
    gained: float  #: Enthalpy of outlets less that of inlets, relative to the elements
    steam: float  #: Given by steam
    power: float  #: Given by motors
    cooling: float  #: Taken up by cooling water
    lost: float
    """To the surroundings: steam's losses, and all power, which ends as heat of motors, pipes and
    vessels."""
    settled: str = ""
    """What the balance itself determines: ``surroundings`` or an outlet; empty: it must close."""
    exchanged: float = 0.0
    """What is given to the surroundings besides, by difference; nothing where it must close."""
    passing: float = 0.0  #: Enthalpies of all outlets and inlets without their signs

    @property
    def missing(self) -> float:
        """What enters and does not leave, kJ/h."""
        return self.steam + self.power - self.gained - self.cooling - self.lost - self.exchanged

    @property
    def size(self) -> float:
        """Heat turned over, kJ/h: the larger of what is supplied and what is removed."""
        return max(self.steam + self.power, self.cooling + self.lost, abs(self.gained))

    @property
    def error(self) -> float:
        """Relative closure error, kJ/kJ; none where a float tells no more."""
        missing = abs(self.missing)
        return missing / self.size if missing > ROUNDING * self.passing else 0.0


@dataclass(frozen=True)
class HeatBalance:
    """The heat of a plant at constant conditions; all heat in kJ/h."""

    units: tuple[UnitHeat, ...]  #: Those that books name, in the order of the plant
    pipes: float  #: What pipes and tanks lose to the surroundings (or, negative, take up)
    reaction: float  #: Heats of reaction at 25 degC times the extents booked
    carried: float
    """Heat above 25 degC of products and wastes less that of supplies; includes vapour and,
    negative, the heat of solution that acid has given off."""
    product: float  #: What is made, t/h
    goods: str  #: What it is called

    def total(self, name: str) -> float:
        """Return the sum of one of `TERMS`, kJ/h.

        Raises TypeError or LookupError: none of them.
        """
        word("total", name, TERMS)
        return float(sum(getattr(unit, name) for unit in self.units))

    @property
    def closure(self) -> float:
        """The worst relative error of a unit, kJ/kJ."""
        return max((unit.error for unit in self.units), default=0.0)

    @property
    def line_closure(self) -> float:
        """Relative error of the whole line's balance, drawn up from heats of reaction, kJ/kJ."""
        supplied = self.reaction + self.total("steam") + self.total("power")
        removed = self.total("cooling") + self.total("lost") + self.total("exchanged")
        missing = abs(supplied - removed - self.pipes - self.carried)
        return missing / supplied if supplied else missing

    def enforce(self, tolerance: float = TOLERANCE) -> None:
        """Raise ``BalanceError`` when a unit, or the line, closes worse than ``tolerance``."""
        (tolerance,) = need_number("enforce", 0.0, tolerance=tolerance)
        for unit in self.units:
            if not unit.error <= tolerance:
                raise BalanceError(
                    f"the heat of unit {unit.unit} does not close to {tolerance:g}: "
                    f"{unit.missing:.6g} kJ/h missing of {unit.size:.6g}"
                )
        if not self.line_closure <= tolerance:
            raise BalanceError(
                f"the heat of the line does not close to {tolerance:g} but to "
                f"{self.line_closure:.1e}: a stream or a reaction is missing"
            )

    def per_tonne(self, kj_per_hour: float) -> float:
        """Return a heat flow per tonne of product, GJ/t."""
        (heat,) = need_number("per_tonne", kj_per_hour=kj_per_hour)
        return heat / self.product / 1e6 if self.product else 0.0

    def __str__(self) -> str:
        checked = [unit for unit in self.units if not unit.settled]
        if not checked:
            return f"no unit turns heat over; whole line {self.line_closure:.1e}"
        worst = max(checked, key=lambda unit: unit.error)
        return (
            f"{len(checked)} heat balances, worst relative error {worst.error:.1e} "
            f"({worst.unit}); whole line {self.line_closure:.1e}"
        )
