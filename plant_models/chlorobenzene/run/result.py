"""A run that shows itself: tables, pictures, diary, reasons, heat and receipt of an `Outcome`."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from plant_models.calendar import YEAR
from plant_models.chlorobenzene.line.tree import Line
from plant_models.chlorobenzene.run.diary import Diary, date, diary
from plant_models.outcome import Outcome
from sim.books.ledger import Certificate
from sim.clock.states import RUNNING

if TYPE_CHECKING:
    import pandas as pd

    from plant_models.chlorobenzene.figures import Plots
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
        """Return what every tank held, kg, by hour of the run; between two rows straight lines.

        Raises ValueError if the run was not recorded, as do the other tables.
        """
        import pandas as pd

        record, ledger = self.recorded, self.ledger
        tanks = list(ledger.held)
        last = tuple(float(kg.sum()) for kg in ledger.held.values())
        hours = pd.Index([*record.level_hours, ledger.hours], name="hour", dtype=float)
        table = pd.DataFrame([*record.level_rows, last], index=hours, columns=tanks)
        table.attrs["units"] = {"hour": "h", **dict.fromkeys(tanks, "kg")}
        return table

    def states(self) -> pd.DataFrame:
        """Return what every train did: train, start and end, h of the run, hours, state."""
        import pandas as pd

        record, end = self.recorded, self.ledger.hours
        changes: dict[str, list[tuple[float, str]]] = {n: [(0.0, RUNNING)] for n in self.hours}
        for hour, train, state in record.states:
            if train in changes:
                changes[train].append((float(hour), state))
        rows = [
            (train, begin, until, until - begin, state)
            for train, told in changes.items()
            for (begin, state), (until, _) in pairwise([*told, (end, "")])
            if until > begin
        ]
        table = pd.DataFrame(rows, columns=["train", "start", "end", "hours", "state"])
        table.attrs["units"] = {"start": "h", "end": "h", "hours": "h"}
        return table

    def events(self) -> pd.DataFrame:
        """Return what happened: hour of the run, h, date, who, what."""
        import pandas as pd

        first = self.start_hour
        many = first + self.ledger.hours > YEAR + 1e-6
        rows = [
            (float(hour), date(first + hour, with_year=many), who, what)
            for hour, who, what in self.recorded.events
        ]
        table = pd.DataFrame(rows, columns=["hour", "date", "who", "what"])
        table.attrs["units"] = {"hour": "h"}
        return table

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
