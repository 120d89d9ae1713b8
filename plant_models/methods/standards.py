"""What leaves a plant beside the limits that apply to it: what is compared, with what, how told."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sim.clock.watch import Bounds, Outflows
from sim.clock.windows import HOUR


class Figure(NamedTuple):
    """What is compared with a limit."""

    point: str
    """Unit or tank whose vent or drain it is, or all of them."""
    component: str
    unit: str


class Applied(NamedTuple):
    """A limit as it applies to a figure."""

    bounds: Bounds
    recalled: bool
    source: str
    over: str = HOUR
    """Window whose mean is compared with it: ``hour``, ``day`` or ``year``."""


Rule = tuple[Figure, Applied]


@dataclass(frozen=True)
class Section:
    """Figures that are shown together."""

    title: str  #: What stands above them in a report
    short: str  #: The same in a picture
    figures: tuple[Figure, ...]


class Standards(ABC):
    """The limits that apply to a plant on some terms."""

    notes: Sequence[str] = ()
    """What has to be known to read the figures, a line each."""

    @property
    @abstractmethod
    def applied(self) -> Mapping[Figure, Applied]:
        """The limit of every figure."""

    @property
    def also(self) -> Sequence[Rule]:
        """Further limits of these figures, such as a user's own over another window."""
        return ()

    @property
    def rules(self) -> Sequence[Rule]:
        """All limits, those that came first before others of the same figure."""
        return (*self.applied.items(), *self.also)

    @property
    @abstractmethod
    def sections(self) -> Sequence[Section]:
        """The figures as they are shown."""

    @property
    @abstractmethod
    def asked(self) -> Mapping[str, Any]:
        """The terms on which they apply, by name."""

    @abstractmethod
    def figures(self, outflows: Outflows) -> Mapping[Figure, float]:
        """Return every figure of what leaves now, kg/h by component."""

    def amount(self, figure: Figure, outflows: Outflows) -> float:
        """Return how much of what a figure counts leaves at its point now, to split by cause."""
        return abs(self.figures(outflows).get(figure, 0.0))

    def words(self, figure: Figure) -> tuple[str, str]:
        """Return point and pollutant as people say them."""
        return figure.point, figure.component
