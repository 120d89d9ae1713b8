"""What a run of a design came to: data alone, the same for every plant and both clocks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, cast

from plant_models.arguments import number
from plant_models.calendar import hours_of
from plant_models.methods.citation import Citation, citation
from plant_models.model import Lacks, Running, Variant
from sim.books.indicators import Indicators
from sim.books.ledger import Certificate, Ledger
from sim.clock.plant import Plant
from sim.clock.recorder import Recorder
from sim.clock.saved import replayed
from sim.clock.states import RUNNING
from sim.errors import Named
from sim.tables import counted

if TYPE_CHECKING:
    import pandas as pd

    from plant_models.chlorobenzene.figures.timelines import Timelines
    from plant_models.methods.heat_balance import HeatBalance
    from plant_models.why import Why

T = TypeVar("T")

PERMANENT = ("normal", "overflow")
"""Causes that constant conditions know, too: an overflow is an excess for good. All others are
abnormal."""

_BY_TRAIN = ("hours", "demurrage_hours", "full_hours", "loads")
_NAMED = dict.fromkeys(_BY_TRAIN, "train") | {"counts": "count"}
"""What the names are of, in what an outcome holds by name."""


@dataclass(frozen=True, repr=False)
class Outcome(Generic[T]):
    """What a run of a design came to."""

    variant: Variant[T]  #: The design that ran
    ledger: Ledger  #: Every flow by component, stream, medium and cause
    years: float  #: Simulated years
    operating_hours: float  #: Hours in which the plant's pacer ran, h over the whole run
    hours: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """Hours of every train in every state, h; empty for the steady state."""
    record: Recorder | None = None  #: Traces, when they were asked for
    counts: Mapping[str, int] = field(default_factory=dict)
    """Work of the engine: settlements, solves, evaluations."""
    start_hour: float = 0.0  #: Hour of the year at which the run began, h
    demurrage_hours: Mapping[str, float] = field(default_factory=dict)
    """Hours that cars and trucks stayed beyond their free time, by train, h."""
    full_hours: Mapping[str, float] = field(default_factory=dict)
    """Hours at capacity, by train, and those in which a limited utility held one train back, h."""
    loads: Mapping[str, float] = field(default_factory=dict)
    """Share of its capacity at which each train and limited utility is used, 1; of rest alone."""
    surroundings: Mapping[str, float] | None = None
    """The constant conditions of a steady state; a run under the seasons has none."""
    seed: int | None = None
    replication: int | None = None
    without: tuple[str, ...] = ()
    """What fixed every draw, and event sources that were left out; a steady state has none."""

    def __post_init__(self) -> None:
        hours: Mapping[str, Mapping[str, float]] = {
            train: Named(states, "state") for train, states in self.hours.items()
        }
        object.__setattr__(self, "hours", hours)
        for name, what in _NAMED.items():
            object.__setattr__(self, name, Named(getattr(self, name), what))
        if self.surroundings is not None:
            object.__setattr__(self, "surroundings", Named(self.surroundings, "condition"))

    __hash__ = None  # type: ignore[assignment]

    @classmethod
    def of(
        cls, variant: Variant[T], plant: Plant, years: float, operating_hours: float, **told: Any
    ) -> Self:
        """Return what a plant has come to by now; its books must close."""
        ledger = plant.ledger()
        ledger.certificate().enforce()
        hours = {name: dict(state.hours) for name, state in plant.states.items()}
        record, counts = plant.recorder, plant.counts()
        return cls(
            variant, ledger, years, operating_hours, hours, record=record, counts=counts, **told
        )

    def __repr__(self) -> str:
        """Return a line: the parts of a run would fill pages."""
        drawn = "" if self.seed is None else f", seed {self.seed}, replication {self.replication}"
        name = ", ".join(self.schemes) or "no schemes"
        long = counted(self.years, "year")
        return f"<{type(self).__name__} of {name}, {long}{drawn}: {self._shows()}>"

    def _shows(self) -> str:
        traces = ", levels(), states(), events()" if self.record else ""
        return f"indicators, flows, receipt(), why(), plot{traces}"

    @property
    def tree(self) -> T:
        """The design that ran."""
        return self.variant.tree

    @property
    def schemes(self) -> tuple[str, ...]:
        """Ids of the schemes in it."""
        return self.variant.schemes

    @cached_property
    def indicators(self) -> Indicators:
        """Figures per simulated year, with units."""
        return self.variant.plant.indicators(self)

    @cached_property
    def flows(self) -> pd.DataFrame:
        """Tidy table: source, sink, stream, medium, cause, component, kg."""
        return self.ledger.table()

    @property
    def recorded(self) -> Recorder:
        """The traces of the run.

        Raises ValueError if it kept none; tells how to get them.
        """
        if self.record is None:
            raise ValueError("the run was not recorded: simulate(..., record=True) keeps traces")
        return self.record

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
        """Return what happened: hour of the run, h, who, what."""
        import pandas as pd

        rows = [(float(hour), who, what) for hour, who, what in self.recorded.events]
        table = pd.DataFrame(rows, columns=["hour", "who", "what"])
        table.attrs["units"] = {"hour": "h"}
        return table

    def diary(self, lang: str = "en") -> Any:
        """Return the story of a recorded run in sentences, of a plant that tells one.

        Raises Lacks: it tells none.
        """
        raise Lacks(
            f"the {self.variant.plant.name} tells no diary; states() and events() of a recorded "
            "run say what happened"
        )

    @property
    def plot(self) -> Timelines:
        """The pictures of this run; each takes ``ax=`` and returns it."""
        from plant_models.chlorobenzene.figures.timelines import Timelines

        return Timelines(self)

    def heat(self) -> HeatBalance:
        """Return the heat balance of every unit and of the line, at constant conditions.

        Raises ValueError for a run under the seasons, whose temperatures change from hour to hour.
        """
        return self.variant.plant.heat_balance(self)

    @property
    def bottleneck(self) -> str:
        """The process train or limited utility at its capacity the longest; or what else was.

        In time a train whose tank spills what is too much for it holds nobody back.
        """
        of = self.variant
        mine, hours = (*of.plant.process_trains, *of.network.utilities), self.full_hours
        if self.seed is not None:
            hours = {name: h for name, h in hours.items() if name not in of.network.relieved}
        longest = max(mine, key=lambda name: hours.get(name, 0.0), default="")
        if hours.get(longest):
            return longest
        return max(hours, key=hours.__getitem__, default=longest)

    def cite(self) -> Citation:
        """Return how to cite the run: a sentence, and BibTeX of exactly what it used."""
        plant = self.variant.plant
        length = f"{self.years:g} year{'s' * (self.years != 1.0)}"
        drawn = f", seed {self.seed}, replication {self.replication}"
        what = "constant conditions" if self.seed is None else f"{length}{drawn}"
        return citation(self.variant, what, plant.words_beside(self))

    def resume(self) -> Running[T]:
        """Return the plant at the hour at which this run ended, ready to go on.

        It is played again from its start, which takes as long as the run did, and must come to the
        same books; then it goes on as if it had never stopped.

        Raises ValueError: a steady state, or a run of another version of the model.
        """
        if self.seed is None or self.replication is None:
            raise ValueError("a steady state is no run that could go on: simulate(...) makes one")
        running = self.variant.plant.begun(
            self.variant,
            seed=self.seed,
            replication=self.replication,
            without=self.without,
            start_hour=self.start_hour,
            record=self.record is not None,
        )
        replayed(running.plant, self.ledger)
        return running

    def prolong(self, years: float) -> Self:
        """Return the same run after so many more years, its books from the start.

        Raises ValueError as of `resume`, or for a length that no run has.
        """
        more = number("years", years)
        hours_of(more)  # more than none
        whole = self.years + more
        hours = hours_of(whole)
        running = self.resume()
        running.plant.run(hours)
        prolonged = self.variant.plant.outcome(
            self.variant,
            running.plant,
            whole,
            start_hour=self.start_hour,
            seed=self.seed,
            replication=self.replication,
            without=self.without,
        )
        return cast(Self, prolonged)

    def why(self, indicator: str) -> Why:
        """Return what a figure is made of: ledger rows, their units, parameters, sources.

        Raises LookupError: no such figure, or a plant that does not say; see `PlantModel.reasons`.
        """
        from plant_models.why import why

        return why(self, indicator)

    def receipt(self) -> Certificate:
        """Return the balance certificate, readable when printed."""
        return self.ledger.certificate()
