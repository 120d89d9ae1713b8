"""The traces of a recorded run as tables: levels of tanks, states of trains, events."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from plant_models.calendar import YEAR
from plant_models.chlorobenzene.run.diary import date

if TYPE_CHECKING:
    import pandas as pd

    from plant_models.outcome import Outcome

RUNNING = "running"  # every train, until it is told otherwise


def levels(result: Outcome[Any]) -> pd.DataFrame:
    """Return what every tank held, kg, by hour of the run; between two rows straight lines.

    Raises ValueError if the run was not recorded, as of the other tables here.
    """
    import pandas as pd

    record, ledger = result.recorded, result.ledger
    tanks = list(ledger.held)
    last = tuple(float(kg.sum()) for kg in ledger.held.values())
    hours = pd.Index([*record.level_hours, ledger.hours], name="hour", dtype=float)
    table = pd.DataFrame([*record.level_rows, last], index=hours, columns=tanks)
    table.attrs["units"] = {"hour": "h", **dict.fromkeys(tanks, "kg")}
    return table


def states(result: Outcome[Any]) -> pd.DataFrame:
    """Return what every train did: train, start and end, h of the run, hours, state."""
    import pandas as pd

    record, end = result.recorded, result.ledger.hours
    changes: dict[str, list[tuple[float, str]]] = {n: [(0.0, RUNNING)] for n in result.hours}
    for hour, train, state in record.states:
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


def events(result: Outcome[Any]) -> pd.DataFrame:
    """Return what happened: hour of the run, h, date, who, what."""
    import pandas as pd

    first = result.start_hour
    many = first + result.ledger.hours > YEAR + 1e-6
    rows = [
        (float(hour), date(first + hour, with_year=many), who, what)
        for hour, who, what in result.recorded.events
    ]
    table = pd.DataFrame(rows, columns=["hour", "date", "who", "what"])
    table.attrs["units"] = {"hour": "h"}
    return table
