"""A run that shows itself: tables, pictures, diary, reasons, heat and receipt of an `Outcome`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from plant_models.calendar import YEAR
from plant_models.chlorobenzene.line.tree import Line
from plant_models.chlorobenzene.run.diary import Diary, date, diary
from plant_models.outcome import Outcome
from sim.books.ledger import Certificate

if TYPE_CHECKING:
    import pandas as pd

    from plant_models.chlorobenzene.figures import Plots


@dataclass(frozen=True, repr=False)
class Result(Outcome[Line]):
    """What a run of a design came to, and the ways to look at it; the same for both clocks."""

    __hash__ = None

    def _shows(self) -> str:
        return super()._shows().replace("why()", "why(), diary()", 1)

    @property
    def line(self) -> Line:
        """The design that ran."""
        return self.tree

    def events(self) -> pd.DataFrame:
        """Return what happened: hour of the run, h, date, who, what."""
        table, first = super().events(), self.start_hour
        many = first + self.ledger.hours > YEAR + 1e-6
        dates = [date(first + hour, with_year=many) for hour in table["hour"]]
        table.insert(1, "date", dates)
        return table

    def receipt(self) -> Certificate:
        """Return the balance certificate, readable when printed.

        That of a steady state prints the heat certificate beside it.
        """
        certificate = self.ledger.certificate()
        return Receipt(certificate.checks, self) if self.surroundings else certificate

    def diary(self, lang: str = "en") -> Diary:
        """Return the story of the run in sentences; the run must have been recorded."""
        return diary(self, lang)

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
