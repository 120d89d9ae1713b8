"""What happened hour by hour: the states of the trains and the levels of the tanks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NoReturn, Protocol

from plant_models.arguments import number
from plant_models.chlorobenzene.figures import style
from sim.errors import did_you_mean
from sim.network.network import Tank
from sim.tables import three, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.books.ledger import Ledger
    from sim.clock.recorder import Recorder

WAITING = "not called (shift, truck, rail car, level)"
STATES = {
    "running": style.PALE,
    "start-up": style.YELLOW,
    "trip": style.PURPLE,
    "starved": style.SKY,
    "blocked": style.ORANGE,
    "failed": style.VERMILION,
    "maintenance": style.GREEN,
    "annual shutdown": style.BLACK,
    WAITING: style.WHITE,
}
"""Kinds of states in the order of the legend, with their colours."""

MARKS = {
    "starved by": "starved",
    "short of": "starved",
    "blocked by": "blocked",
    "failed": "failed",
    "in maintenance": "maintenance",
    "annual shutdown": "annual shutdown",
}
"""Words that tell the kind of a state."""

LANE = 0.8  # height of a lane in the distance of two lanes
RARE, THINNEST = 0.05, 0.8
"""A state that takes less of the hours is drawn on top, and so many points wide at least: an hour
of a year is an eighth of a pixel, and would be there or not as the picture's width has it."""


def kind_of(state: str) -> str:
    """Return the kind of a state as the engine words it.

    >>> kind_of("starved by liquor_tank"), kind_of("dryer failed (failure)")
    ('starved', 'failed')
    """
    if state in STATES:
        return state
    return next((kind for mark, kind in MARKS.items() if mark in state), WAITING)


class Ran(Protocol):
    """What is drawn of a run of any plant; see `Outcome`."""

    @property
    def variant(self) -> Any:
        """The design that ran, with its network."""

    @property
    def hours(self) -> Mapping[str, Mapping[str, float]]:
        """Hours of every train in every state, h."""

    @property
    def ledger(self) -> Ledger:
        """Every flow, and what tanks held."""

    @property
    def recorded(self) -> Recorder:
        """Its traces."""

    @property
    def start_hour(self) -> float:
        """Hour of the year at which it began, h."""


@dataclass(frozen=True)
class Timelines:
    """The pictures of a run of any plant: ``run.plot.states()``; each takes ``ax=``, returns it."""

    result: Any

    def states(self, ax: Axes | None = None, *, start_hour: float | None = None) -> Axes:
        """Draw what every train did, hour by hour; needs a run with ``record=True``."""
        return states(self.result, ax, start_hour=start_hour)

    def levels(self, ax: Axes | None = None, *, start_hour: float | None = None) -> Axes:
        """Draw what every tank held; needs a run with ``record=True``."""
        return levels(self.result, ax, start_hour=start_hour)

    def __getattr__(self, name: str) -> NoReturn:
        """Raise AttributeError; tells which pictures there are."""
        known = [each for each in dir(type(self)) if not each.startswith("_")]
        raise AttributeError(f"no picture {name!r}{did_you_mean(name, known)}")


def _began(result: Ran, start_hour: float | None) -> float:
    return result.start_hour if start_hour is None else number("start_hour", start_hour, 0.0)


def states(result: Ran, ax: Axes | None = None, *, start_hour: float | None = None) -> Axes:
    """Draw what every train did, as a Gantt chart over the run.

    ``result``: a run with ``record=True``. ``start_hour``: hour of the year that names the months,
    h; that at which the run began by default.

    Raises ValueError if the run was not recorded. Raises TypeError or ValueError: no axes, or no
    such hour.
    """
    record, began = result.recorded, _began(result, start_hour)
    ax = style.axes(ax, 10.0, 4.2)
    end = result.ledger.hours
    changes: dict[str, list[tuple[float, str]]] = {n: [(0.0, "running")] for n in result.hours}
    for hour, train, state in record.states:
        if train in changes:
            changes[train].append((hour, kind_of(state)))
    for row, told in enumerate(changes.values()):
        bars: dict[str, list[tuple[float, float]]] = {}
        for (begin, kind), (until, _) in pairwise([*told, (end, "")]):
            if until > begin:
                bars.setdefault(kind, []).append((begin, until - begin))
        lane = (row - LANE / 2, LANE)
        spent = {kind: sum(hours for _, hours in spans) for kind, spans in bars.items()}
        for kind in sorted(bars, key=lambda kind: -spent[kind]):
            edge = THINNEST if spent[kind] < RARE * end else 0.0
            ax.broken_barh(bars[kind], lane, color=STATES[kind], linewidth=edge)
        ax.broken_barh([(0.0, end)], lane, facecolors="none", edgecolor=style.INK, linewidth=0.5)
    ax.set_yticks(range(len(changes)), [words(name) for name in changes])
    ax.set_ylim(len(changes) - 0.5, -0.5)
    style.time_axis(ax, end, began)
    style.legend_below(ax, style.patches(STATES), columns=5)
    return style.frameless(ax)


def levels(result: Ran, ax: Axes | None = None, *, start_hour: float | None = None) -> Axes:
    """Draw what every tank held, t, a lane each from empty to capacity, with the heel dashed.

    Takes and raises what `states` does.
    """
    import numpy as np

    record, began = result.recorded, _began(result, start_hour)
    ax = style.axes(ax, 10.0, 6.5)
    held_in = result.ledger.held
    network = result.variant.network  # its tanks, as the columns of the record
    tanks: dict[str, Tank] = {name: network.tanks[name] for name in held_in}
    hours = np.array([*record.level_hours, result.ledger.hours])
    last = [float(kg.sum()) for kg in held_in.values()]
    held = np.array([*record.level_rows, last])
    full, heel = (style.VERMILION, "-"), (style.BLACK, "--")
    for column, tank in enumerate(tanks.values()):
        base = len(tanks) - 1.0 - column
        top = base + held[:, column] / tank.capacity * LANE
        ax.fill_between(hours, base, top, color=style.SKY, linewidth=0.0, zorder=2)
        ax.plot(hours, top, color=style.BLUE, linewidth=0.6, zorder=3)
        for share, (colour, dashes) in ((1.0, full), (tank.heel, heel)):
            ax.axhline(base + share * LANE, color=colour, linestyle=dashes, linewidth=0.9, zorder=4)
        ax.text(
            1.01,
            base + LANE / 2,
            f"{three(tank.capacity / 1000.0)} t",
            transform=ax.get_yaxis_transform(),
            verticalalignment="center",
        )
    ax.text(1.01, 1.0, "capacity", transform=ax.transAxes, verticalalignment="top")
    middles = [len(tanks) - 1.0 - row + LANE / 2 for row in range(len(tanks))]
    ax.set_yticks(middles, [words(name) for name in tanks])
    ax.set_ylim(-0.15, len(tanks) + 0.2)
    ax.set_ylabel("level, t; each lane from 0 to its capacity")
    style.time_axis(ax, result.ledger.hours, began)
    lines_of = {"level": (style.BLUE, "-"), "capacity": full, "heel": heel}
    lines = [
        ax.plot([], [], color=colour, linestyle=dashes, label=label)[0]
        for label, (colour, dashes) in lines_of.items()
    ]
    style.legend_below(ax, list(lines), columns=3)
    return style.frameless(ax)
