"""A run that shows itself: tables, pictures, diary, reasons, heat and receipt of an `Outcome`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from plant_models.chlorobenzene.line.tree import Line
from plant_models.chlorobenzene.run import traces
from plant_models.outcome import Outcome
from sim.books.ledger import Certificate

if TYPE_CHECKING:
    import pandas as pd

    from plant_models.chlorobenzene.figures import Plots
    from plant_models.chlorobenzene.run.diary import Diary
    from plant_models.chlorobenzene.run.why import Why
    from plant_models.methods.heat_balance import HeatBalance


@dataclass(frozen=True, repr=False)
class Result(Outcome[Line]):
    """What a run of a design came to, and the ways to look at it; the same for both clocks."""

    def _shows(self) -> str:
        traces = ", levels(), states(), events()" if self.record else ""
        return f"indicators, flows, receipt(), why(), diary(), plot{traces}"

    @property
    def line(self) -> Line:
        """The design that ran."""
        return self.tree

    def levels(self) -> pd.DataFrame:
        """Return what every tank held, kg, by hour of a run with ``record=True``."""
        return traces.levels(self)

    def states(self) -> pd.DataFrame:
        """Return what every train did in a run with ``record=True``: from, until, hours, state."""
        return traces.states(self)

    def events(self) -> pd.DataFrame:
        """Return what happened in a run with ``record=True``: hour, date, who, what."""
        return traces.events(self)

    def receipt(self) -> Certificate:
        """Return the balance certificate, readable when printed.

        That of a steady state prints the heat certificate beside it.
        """
        certificate = self.ledger.certificate()
        return Receipt(certificate.checks, self) if self.surroundings else certificate

    def heat(self) -> HeatBalance:
        """Return the heat balance of every unit and of the line, at constant conditions.

        Raises ValueError for a run under the seasons, whose temperatures change from hour to hour.
        """
        return self.variant.plant.heat_balance(self)

    def diary(self) -> Diary:
        """Return the story of the run in sentences; the run must have been recorded."""
        from plant_models.chlorobenzene.run.diary import diary

        return diary(self)

    def why(self, indicator: str) -> Why:
        """Return what an indicator is made of: ledger rows, units, parameters, sources."""
        from plant_models.chlorobenzene.run.why import why

        return why(self, indicator)

    @property
    def plot(self) -> Plots:
        """The pictures of this run; each takes ``ax=`` and returns it."""
        from plant_models.chlorobenzene.figures import Plots

        return Plots(self)


@dataclass(frozen=True, repr=False)
class Receipt(Certificate):
    """A steady state's balances; printed, its heat balances stand beside them."""

    result: Result

    def __str__(self) -> str:
        return f"{super().__str__()}\n{self.result.heat()}"
