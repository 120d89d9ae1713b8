"""What leaves a plant beside the limits that apply to it: what is compared, with what, how told."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sim.clock.watch import Bounds, Outflows
from sim.clock.windows import HOUR
from sim.errors import did_you_mean, need_text
from sim.model.explain import Card, Stated
from sim.model.facts import Fact
from sim.model.parameters import Quantity

MEANINGS = {
    "hour": "most that may leave, mean of an hour",
    "day": "most that may leave, mean of a day",
    "year": "most that may leave, mean of a year",
}
"""What a limit is, by its window."""


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

    def card(self, part: str = "") -> Card[Stated]:
        """Return the limits as a card, or those of a point or a figure of it, like ``sewer``.

        Raises LookupError: nothing of that name has a limit; tells what comes near.
        """
        need_text("card", part=part)
        rows = []
        for (point, component, unit), applied in self.rules:
            most = applied.bounds[1]
            declared = Quantity(unit, MEANINGS[applied.over], 0.0, 1e9)
            word = "recalled" if applied.recalled else "stated"
            fact = Fact(most, unit, word, note=applied.source)
            rows.append(Stated(f"{point}.{component}", declared, most, fact))
        kept = [row for row in rows if not part or f"{row.path}.".startswith(f"{part}.")]
        if not kept:
            known = dict.fromkeys(
                [*(figure.point for figure, _ in self.rules), *(row.path for row in rows)]
            )
            raise LookupError(f"no limit {part!r}{did_you_mean(part, known)}")
        return Card("limits", tuple(kept))

    def words(self, figure: Figure) -> tuple[str, str]:
        """Return point and pollutant as people say them."""
        return figure.point, figure.component
