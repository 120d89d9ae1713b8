"""Optional traces of a run: states of trains, levels of tanks, events in words."""

from __future__ import annotations

from collections.abc import Sequence


class Recorder:
    """Keeps what happened; memory grows with the events of the run."""

    def __init__(self) -> None:
        self.events: list[tuple[float, str, str]] = []
        self.states: list[tuple[float, str, str]] = []
        self.level_hours: list[float] = []
        self.level_rows: list[tuple[float, ...]] = []

    def __eq__(self, other: object) -> bool:
        """Whether the same happened."""
        return isinstance(other, Recorder) and vars(self) == vars(other)

    __hash__ = None  # type: ignore[assignment]

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
