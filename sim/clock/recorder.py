"""Optional traces of a run: states of trains, levels of tanks, events in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(repr=False)
class Recorder:
    """Keeps what happened; memory grows with the events of the run."""

    events: list[tuple[float, str, str]] = field(default_factory=list)
    states: list[tuple[float, str, str]] = field(default_factory=list)
    level_hours: list[float] = field(default_factory=list)
    level_rows: list[tuple[float, ...]] = field(default_factory=list)

    def event(self, hour: float, who: str, what: str) -> None:
        """Keep an event."""
        self.events.append((hour, who, what))

    def state(self, hour: float, train: str, state: str) -> None:
        """Keep a change of state of a train."""
        self.states.append((hour, train, state))

    def levels(self, hour: float, level: Sequence[float]) -> None:
        """Keep the levels of all tanks, kg; between two rows they are straight lines."""
        self.level_hours.append(hour)
        self.level_rows.append(tuple(level))
