"""What is written in a picture gets the room it takes, however long the names of a plant are.

A picture is laid out for names of usual length. Where a title, a label or a legend would reach
beyond the picture, or the name of a bar over that of the next one, it is broken into lines, set
aslant or put into fewer columns; what fits is left as it was drawn.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, cast

from plant_models.chlorobenzene.figures.style import MOST_COLUMNS, legend_below
from plant_models.chlorobenzene.figures.titles import with_fallback
from sim.tables import columns

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure
    from matplotlib.legend import Legend
    from matplotlib.text import Text

NAMES = 0.42  # of a picture's width, at most, for the names of its rows
ASIDE = 0.32  # of a picture's width, at most, for what stands beside its axes
EDGE = 4.0  # pixels
SLANT = 20.0  # degrees
LOST = 0.15  # of the height of the axes, from which on a picture is made higher
HIGHEST = 60.0  # inches
FEW = 4  # ticks of a scale, where more have no room
LETTERS = 6  # of a line at least
PARTS = re.compile(r"(?<=[_.,:/+])(?=\w)")


def fit(figure: Figure) -> Figure:
    """Give every text of a picture its room; return the picture."""
    with_fallback(
        text for text in _texts(figure) if columns(text.get_text()) > len(text.get_text())
    )
    _laid_out(figure)
    before = _heights(figure)
    for change in (_legend, _aside, _rows, _columns):
        changed = [change(ax) for ax in figure.axes]
        if any(changed):
            _with_room(figure)
    for _ in range(2):  # what breaks a title moves the axes it stands over
        changed = [head(ax) for ax in figure.axes for head in (_title, _below, _beside)]
        if not any(changed):
            break
        _with_room(figure)
    changed = [_clear(ax) for ax in figure.axes]
    if any(changed):
        _with_room(figure)
    lost = before - _heights(figure)
    if lost > LOST * before:
        figure.set_figheight(figure.get_figheight() + lost / figure.dpi)
        _laid_out(figure)
    return figure


def _heights(figure: Figure) -> float:
    return float(sum(ax.bbox.height for ax in figure.axes))


def _with_room(figure: Figure) -> None:
    """Lay a picture out, higher where lines of text leave no room for its axes."""
    while not _laid_out(figure) and figure.get_figheight() < HIGHEST:
        figure.set_figheight(figure.get_figheight() + 1.0)


def _laid_out(figure: Figure) -> bool:
    """Lay a picture out; return whether what is written leaves room for its axes."""
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        figure.draw_without_rendering()
    return not any("constrained_layout not applied" in str(each.message) for each in told)


def broken(text: str, width: int) -> str:
    """Return a text in lines of so many columns; a long name is broken behind its `_` and such.

    >>> print(broken("less_purge_by_analysis, and worse", 12))
    less_purge_
    by_analysis,
    and worse
    """
    from experiments.output.phrases import wrapped

    lines: list[str] = []
    for line in text.split("\n"):
        indent = len(line) - len(line.lstrip())
        for piece in wrapped(line.strip(), width=max(width, LETTERS)):
            lines += [" " * indent + part for part in _in_parts(piece, max(width, LETTERS))]
    return "\n".join(lines)


def _in_parts(line: str, width: int) -> list[str]:
    """Return a line that spaces alone did not make short enough in shorter ones."""
    if columns(line) <= width:
        return [line]
    found = [""]
    for part in PARTS.split(line):
        if found[-1] and columns(found[-1] + part) > width:
            found.append("")
        found[-1] += part
    return [each.strip() for each in found]


def _texts(figure: Figure) -> list[Text]:
    from matplotlib.text import Text

    return cast(list[Text], figure.findobj(Text))


def _whole(ax: Axes) -> Figure:
    figure = ax.get_figure(root=True)
    assert figure is not None
    return figure


def _width(text: Text) -> float:
    return float(text.get_window_extent().width)


def _fitting(text: Text, room: float) -> str:
    """Return what a text says, in lines no wider than that, pixels."""
    return broken(text.get_text(), int(_columns_of(text, text.get_text(), room)))


def _into(text: Text, room: float) -> bool:
    """Break a text that is wider than its room; return whether it was."""
    said = text.get_text()
    if not said or _width(text) <= room:
        return False
    for part in (1.0, 0.93, 0.86):  # some letters are wider than others
        text.set_text(broken(said, int(part * _columns_of(text, said, room))))
        if _width(text) <= room:
            break
        text.set_text(said)
    else:
        text.set_text(broken(said, int(0.8 * _columns_of(text, said, room))))
    return text.get_text() != said


def _columns_of(text: Text, said: str, room: float) -> float:
    """Return how many columns of a text, as wide as it is now, have room."""
    return max(map(columns, said.split("\n"))) * room / max(_width(text), 1.0)


def _rows(ax: Axes) -> bool:
    """Break names of rows that would leave the axes no room, as far as rows have room for lines."""
    labels = _shown(ax.yaxis)
    whole = _whole(ax).bbox.width
    if not labels or max(map(_width, labels)) <= NAMES * whole:
        return False
    apart = min((abs(a - b) for a, b in pairwise(_places(labels, 1))), default=ax.bbox.height)
    most = int(apart / (1.25 * min(label.get_window_extent().height for label in labels)))
    return most > 1 and _renamed(ax.yaxis, lambda label: _fitting(label, NAMES * whole))


def _columns(ax: Axes) -> bool:
    """Break names below that would cover each other; where that does not do, set them aslant."""
    labels = _shown(ax.xaxis)
    if not labels:
        return _thinned(ax)
    if len(labels) < 2 or not _covering(labels):
        return False
    apart = min(b - a for a, b in pairwise(sorted(_places(labels, 0))))
    if not _renamed(ax.xaxis, lambda label: _fitting(label, 0.92 * apart)):
        return False
    _laid_out(_whole(ax))
    if _covering(_shown(ax.xaxis)):
        for label in ax.get_xticklabels():
            label.set(rotation=SLANT, rotation_mode="anchor", horizontalalignment="right")
    return True


def _thinned(ax: Axes) -> bool:
    """Leave a scale fewer ticks where their numbers would cover each other."""
    from matplotlib.ticker import MaxNLocator

    low, high = sorted(ax.get_xlim())
    ticks = zip(ax.get_xticks(), ax.get_xticklabels(), strict=True)
    numbers = [text for at, text in ticks if low <= at <= high and text.get_text()]
    if len(numbers) < 2 or not _covering(numbers):
        return False
    ax.xaxis.set_major_locator(MaxNLocator(FEW))
    return True


def _shown(axis: Axis) -> list[Text]:
    """Return the names on an axis; those of a scale are numbers, and have their room."""
    from matplotlib.category import StrCategoryLocator
    from matplotlib.ticker import FixedLocator

    if not isinstance(axis.get_major_locator(), FixedLocator | StrCategoryLocator):
        return []
    return [label for label in axis.get_ticklabels() if label.get_text() and label.get_visible()]


def _places(labels: Iterable[Text], along: int) -> list[float]:
    return [float(each.get_transform().transform(each.get_position())[along]) for each in labels]


def _covering(labels: Sequence[Text]) -> bool:
    boxes = sorted((label.get_window_extent() for label in labels), key=lambda box: box.x0)
    return any(one.x1 > other.x0 for one, other in pairwise(boxes))


def _renamed(axis: Axis, called: Callable[[Text], str]) -> bool:
    labels = axis.get_ticklabels()
    names = [called(label) if label.get_text() else "" for label in labels]
    if names == [label.get_text() for label in labels]:
        return False
    axis.set_ticks(axis.get_majorticklocs(), names)
    return True


def _legend(ax: Axes) -> bool:
    """Put a legend that is wider than the picture into fewer columns, and break its names."""
    legend = ax.get_legend()
    if legend is None:
        return False
    beside = legend.get_window_extent().x0 >= ax.bbox.x1
    below = legend.get_window_extent().y1 <= ax.bbox.y0
    room, changed = (ASIDE if beside else 1.0) * _whole(ax).bbox.width - 2.0 * EDGE, False
    for most in reversed(range(1, min(len(legend.get_texts()), MOST_COLUMNS) if below else 1)):
        if legend.get_window_extent().width <= room:
            break
        legend = _in_columns(ax, legend, most)
        changed = True
    over = legend.get_window_extent().width - room
    if over > 0.0:
        widest = max(map(_width, legend.get_texts()))
        shorter = [_into(text, widest - over) for text in legend.get_texts()]
        changed = changed or any(shorter)
    return changed


def _in_columns(ax: Axes, legend: Legend, most: int) -> Legend:
    """Write a legend below the axes anew, in so many columns."""
    handles = [handle for handle in legend.legend_handles if handle is not None]
    for handle, text in zip(handles, legend.get_texts(), strict=True):
        handle.set_label(text.get_text())
    legend_below(ax, handles, most)
    anew = ax.get_legend()
    assert anew is not None
    with_fallback(anew.get_texts())
    _laid_out(_whole(ax))
    return anew


def _aside(ax: Axes) -> bool:
    """Break what stands beside the axes."""
    right, whole = ax.bbox.x1, _whole(ax).bbox.width
    beside = [text for text in ax.texts if text.get_window_extent().x0 >= right]
    shorter = [_into(text, ASIDE * whole) for text in beside]
    return any(shorter)


def _title(ax: Axes) -> bool:
    return _in_the_middle(ax, ax.title)


def _below(ax: Axes) -> bool:
    return _in_the_middle(ax, ax.xaxis.label)


def _in_the_middle(ax: Axes, text: Text) -> bool:
    """Move what reaches beyond the picture to its middle, and break it if it still does."""
    box, whole = text.get_window_extent(), _whole(ax).bbox.width
    if not text.get_text() or (box.x0 >= 0.0 and box.x1 <= whole):
        return False
    text.set_x((whole / 2.0 - ax.bbox.x0) / ax.bbox.width)
    _into(text, whole - 4.0 * EDGE)
    return True


def _clear(ax: Axes) -> bool:
    """Move a legend below the axes down, clear of what is written there in several lines."""
    from matplotlib.transforms import ScaledTranslation

    legend = ax.get_legend()
    written = [text for text in (*ax.get_xticklabels(), ax.xaxis.label) if text.get_text()]
    if legend is None or not written or legend.get_window_extent().y1 > ax.bbox.y0:
        return False
    lowest = min(text.get_window_extent().y0 for text in written)
    if legend.get_window_extent().y1 <= lowest:
        return False
    inches = (ax.bbox.y0 - lowest + EDGE) / _whole(ax).dpi
    down = ScaledTranslation(0.0, -inches, _whole(ax).dpi_scale_trans)
    legend.set_bbox_to_anchor((0.5, 0.0), ax.transAxes + down)
    return True


def _beside(ax: Axes) -> bool:
    """Break what stands along an axis and is longer than it."""
    label = ax.yaxis.label
    long = label.get_window_extent().height
    if not label.get_text() or long <= ax.bbox.height + 2.0 * EDGE:
        return False
    longest = max(map(columns, label.get_text().split("\n")))
    told = broken(label.get_text(), int(longest * ax.bbox.height / long))
    changed = told != label.get_text()
    label.set_text(told)
    return changed
