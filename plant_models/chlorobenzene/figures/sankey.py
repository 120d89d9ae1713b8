"""The line as a Sankey diagram: organics from process to process, recycles, losses downward.

matplotlib's own Sankey cannot close a recycle, so the layout is drawn here, fixed for this line.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import atan2, cos, pi, sin
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from plant_models.chlorobenzene.figures import style
from plant_models.chlorobenzene.figures.sankey_flows import END, Links, largest_flow

if TYPE_CHECKING:
    from matplotlib.axes import Axes


Point = tuple[float, float]
Array = NDArray[np.float64]

STEPS = 12  # chords of a quarter turn
THINNEST = 0.6  # points: what is there can be seen


def route(corners: Sequence[Point], radius: float) -> Array:
    """Return the centre line of a path with right angles, its corners rounded.

    ``corners``: the path; every leg is horizontal or vertical. ``radius``: of the corners; less
    where a leg is too short for it.
    """
    points = [np.array(corners[0])]
    for before, corner, after in zip(corners, corners[1:], corners[2:], strict=False):
        inward, outward = (np.subtract(corner, before), np.subtract(after, corner))
        shorter = min(np.abs(inward).sum(), np.abs(outward).sum())
        r = min(radius, float(shorter) / 2.0)
        a, b = (v / np.abs(v).sum() for v in (inward, outward))
        centre = np.array(corner) - r * a + r * b
        start = atan2(*(-b)[::-1])
        turn = pi / 2.0 if a[0] * b[1] - a[1] * b[0] > 0.0 else -pi / 2.0
        for step in range(STEPS + 1):
            angle = start + turn * step / STEPS
            points.append(centre + r * np.array((cos(angle), sin(angle))))
    points.append(np.array(corners[-1]))
    return np.array(points)


def outline(line: Array, width: float) -> Array:
    """Return the polygon of a band along a centre line."""
    steps = np.diff(line, axis=0)
    steps = steps[np.abs(steps).sum(axis=1) > 0.0]
    kept = np.vstack([line[0], line[0] + np.cumsum(steps, axis=0)])
    tangents = np.vstack([steps[:1], steps[:-1] + steps[1:], steps[-1:]])
    tangents /= np.linalg.norm(tangents, axis=1)[:, None]
    normals = np.column_stack([-tangents[:, 1], tangents[:, 0]])
    return np.vstack([kept + normals * width / 2.0, (kept - normals * width / 2.0)[::-1]])


def band(ax: Axes, corners: Sequence[Point], width: float, colour: str) -> None:
    """Draw a band along a path with right angles."""
    _fill(ax, outline(route(corners, width / 2.0 + 0.12), width), colour)


def slope(ax: Axes, start: Point, end: Point, width: float, colour: str) -> None:
    """Draw a band from left to right that rises or falls gently."""
    x = np.linspace(0.0, 1.0, 4 * STEPS)
    ease = (1.0 - np.cos(np.pi * x)) / 2.0
    xs = start[0] + (end[0] - start[0]) * x
    ys = start[1] + (end[1] - start[1]) * ease
    upper, lower = np.column_stack([xs, ys + width / 2.0]), np.column_stack([xs, ys - width / 2.0])
    _fill(ax, np.vstack([upper, lower[::-1]]), colour)


def arrow(ax: Axes, start: Point, end: Point, width: float, colour: str, head: float) -> None:
    """Draw a straight band that ends in a point, ``head`` long and a little wider than the band."""
    a, b = np.array(start), np.array(end)
    along = (b - a) / np.linalg.norm(b - a)
    across = np.array((-along[1], along[0]))
    neck = b - along * head
    half, wide = width / 2.0, width / 2.0 + 0.06
    corners = [
        a + across * half, neck + across * half, neck + across * wide, b,
        neck - across * wide, neck - across * half, a - across * half,
    ]  # fmt: skip
    _fill(ax, np.array(corners), colour)


def _fill(ax: Axes, corners: Array, colour: str) -> None:
    from matplotlib.patches import Polygon

    ax.add_patch(
        Polygon(corners, closed=True, facecolor=colour, edgecolor=colour, linewidth=THINNEST)
    )


MEDIA = {
    "loss:emission gas": ("air", style.VERMILION),
    "loss:wastewater": ("sewer", style.BLUE),
    "loss:slop oil": ("slop oil", style.ORANGE),
    "loss:residue": ("residue", style.BLACK),
    "loss:cooling water": ("cooling water", style.SKY),
    "loss:returned vapour": ("back with the tank car", style.PURPLE),
}
"""Where organics are lost to, as `line_flows` names it, with name and colour; the page's, too."""

STAGE_NAMES = {
    "storage": "Drying",
    "chlorination": "Chlorination",
    "absorption": "Off-gas absorption",
    "washing": "Washing",
    "crude": "Crude column",
    "rectification": "Rectification",
    "polychloride": "Polychlorides",
}
"""What the stages are called, here and on the page."""

TRUNK, RECYCLE, GOODS = "#D9DDE0", "#C0C9D0", "#AAB5BD"  # pale: losses carry the colours
X = {"storage": 1.6, "chlorination": 4.3, "washing": 7.3, "crude": 10.0, "rectification": 13.0}
ABSORPTION, POLYCHLORIDE = (6.2, -2.25), (14.6, -2.0)
DEVICES = (11.5, -2.25)
ACID = "out:acid"
LEFT, RIGHT = -1.9, 15.9
TALLEST = 2.0  # the largest flow, in units of the axes
BAR = 0.12
STUB, HEAD = 0.75, 0.2
LANES = (-3.95, -3.95)  # of the oil's and the polychloride's way back
MAGNIFIED = 100.0
"""How many times as wide as flows losses are drawn, here and on the page."""
SMALL = 0.5  # t/yr, below which a loss is not drawn
TEXT = 12
APART = 0.85  # between the arrows of losses


def sankey(table: Links, ax: Axes | None = None, *, largest: float | None = None) -> Axes:
    """Draw the organics of the line, t/yr as benzene; losses wider than flows, by `MAGNIFIED`.

    ``table``: of `line_flows`, t/yr. ``largest``: flow that is drawn at full height, t/yr; the
    largest one by default.
    """
    ax = style.axes(ax, 12.0, 7.0)
    drawing = _Drawing(ax, table, TALLEST / (largest or largest_flow(table)))
    drawing.trunk()
    drawing.recycles()
    drawing.branches()
    drawing.devices()
    drawing.losses()
    drawing.legend()
    ax.set_aspect("equal")
    ax.set_xlim(-2.2, 17.4)
    ax.set_ylim(-5.3, 5.3)
    ax.axis("off")
    return ax


class _Drawing:
    """One diagram: where each band leaves and arrives, from the bottom of its process upwards."""

    def __init__(self, ax: Axes, table: Links, scale: float) -> None:
        self.ax, self.table, self.scale = ax, table, scale
        self.drawn: set[tuple[str, str]] = set()

    def flow(self, source: str, sink: str) -> float:
        self.drawn.add((source, sink))
        return self.table.get((source, sink), 0.0)

    def width(self, t: float) -> float:
        return self.scale * t

    def label(self, at: Point, text: str, **how: str) -> None:
        alignment = {"horizontalalignment": "center", "verticalalignment": "center"}
        self.ax.text(*at, text, fontsize=TEXT, color=style.INK, **(alignment | how))  # type: ignore[arg-type]

    def trunk(self) -> None:
        """Draw the way of the product from left to right."""
        oil = self.width(self.flow("absorption", "storage"))
        supply = self.flow("in:benzene", "storage")
        w = self.width(supply)
        slope(self.ax, (LEFT, oil + w / 2.0), (X["storage"], oil + w / 2.0), w, GOODS)
        self.label((LEFT, oil - 0.12), f"benzene\n{_t(supply)}",
                   horizontalalignment="left", verticalalignment="top")  # fmt: skip
        gas = self.width(self.flow("chlorination", "absorption"))
        back = self.width(self.flow("polychloride", "rectification"))
        heavy = self.width(self.flow("rectification", "polychloride"))
        steps = (
            ("storage", "chlorination", 0.0, 0.0), ("chlorination", "washing", gas, 0.0),
            ("washing", "crude", 0.0, 0.0), ("crude", "rectification", 0.0, back),
        )  # fmt: skip
        for source, sink, out, into in steps:
            t = self.flow(source, sink)
            w = self.width(t)
            slope(self.ax, (X[source], out + w / 2.0), (X[sink], into + w / 2.0), w, TRUNK)
            middle = (X[source] + X[sink]) / 2.0
            self.label((middle, (out + into + w) / 2.0), _t(t))
        product = self.flow("rectification", "out:chlorobenzene")
        w = self.width(product)
        middle = heavy + w / 2.0
        arrow(self.ax, (X["rectification"], middle), (RIGHT, middle), w, GOODS, 0.35)
        self.label((RIGHT + 0.1, middle), f"chlorobenzene\n{_t(product)}",
                   horizontalalignment="left")  # fmt: skip
        for name, x in X.items():
            height = max(self.inflow(name), self.outflow(name))
            self.bar(x, 0.0, self.width(height))
            side = {"storage": "left", "crude": "right"}.get(name, "center")
            at = (x + {"left": -0.1, "right": 0.1}.get(side, 0.0), self.width(height) + 0.1)
            self.label(at, STAGE_NAMES[name], verticalalignment="bottom",
                       horizontalalignment=side)  # fmt: skip

    def recycles(self) -> None:
        """Draw the benzene that comes back from the crude column over the top of the line."""
        t = self.flow("crude", "storage")
        w = self.width(t)
        bottoms = self.width(self.flow("crude", "rectification"))
        below = sum(
            self.width(self.flow(source, "storage")) for source in ("absorption", "in:benzene")
        )
        top = TALLEST + 0.8 + w / 2.0
        leave, arrive = bottoms + w / 2.0, below + w / 2.0
        right, left = X["crude"] + 0.25 + w / 2.0, X["storage"] - 0.45 - w / 2.0
        path = [(X["crude"], leave), (right, leave), (right, top), (left, top), (left, arrive),
                (X["storage"], arrive)]  # fmt: skip
        band(self.ax, path, w, RECYCLE)
        self.ax.text(
            (left + right) / 2.0, top, f"benzene recycled  {_t(t)}", color=style.INK,
            fontsize=TEXT, horizontalalignment="center", verticalalignment="center",
        )  # fmt: skip

    def branches(self) -> None:
        """Draw absorption and the polychloride column below the line, with what they return."""
        gas = self.flow("chlorination", "absorption")
        (x, y), w = ABSORPTION, self.width(gas)
        start = (X["chlorination"], w / 2.0)
        turn = X["chlorination"] + 0.35 + w / 2.0
        band(self.ax, [start, (turn, w / 2.0), (turn, y + w / 2.0), (x, y + w / 2.0)], w, TRUNK)
        self.label((turn - w / 2.0 - 0.15, 0.76 * y), f"off-gas {_t(gas)}",
                   horizontalalignment="right")  # fmt: skip
        oil = self.flow("absorption", "storage")
        v = self.width(oil)
        out, far, near = x + 2.9, LANES[0], X["storage"] - 1.2
        path = [(x, y + w - v / 2.0), (out, y + w - v / 2.0), (out, far), (near, far),
                (near, v / 2.0), (X["storage"], v / 2.0)]  # fmt: skip
        band(self.ax, path, v, RECYCLE)
        self.label((3.0, far - 0.32), f"oil off the acid {_t(oil)}")
        self.bar(x, y, w)
        self.label((x, y + w + 0.1), STAGE_NAMES["absorption"], verticalalignment="bottom")
        self.label((x + 1.7, y + w + 0.1), f"in acid sold {_t(self.flow('absorption', ACID))}",
                   verticalalignment="bottom", horizontalalignment="left")  # fmt: skip
        self._polychloride()

    def _polychloride(self) -> None:
        heavy = self.flow("rectification", "polychloride")
        back = self.flow("polychloride", "rectification")
        by_product = self.flow("polychloride", "out:dichlorobenzene")
        (x, y), w = POLYCHLORIDE, self.width(heavy)
        v, u = self.width(back), self.width(by_product)
        turn = X["rectification"] + 0.7  # beside the arrows of losses
        path = [(X["rectification"], w / 2.0), (turn, w / 2.0), (turn, y + w / 2.0),
                (x, y + w / 2.0)]  # fmt: skip
        band(self.ax, path, w, TRUNK)
        self.label((turn + 0.15, -0.65), f"bottoms\n{_t(heavy)}", horizontalalignment="left")
        out, far, near = x + 1.2, LANES[1], X["rectification"] - 0.75
        path = [(x, y + v / 2.0), (out, y + v / 2.0), (out, far), (near, far), (near, v / 2.0),
                (X["rectification"], v / 2.0)]  # fmt: skip
        band(self.ax, path, v, RECYCLE)
        self.label((X["rectification"] + 1.1, far - 0.32), f"chlorobenzene back {_t(back)}")
        arrow(self.ax, (x, y + w - u / 2.0), (RIGHT, y + w - u / 2.0), u, GOODS, 0.2)
        self.label((RIGHT + 0.1, y + w - u / 2.0), f"dichloro-\nbenzene\n{_t(by_product)}",
                   horizontalalignment="left")  # fmt: skip
        self.bar(x, y, w)
        self.label((x + 0.1, y + w + 0.1), STAGE_NAMES["polychloride"],
                   verticalalignment="bottom")  # fmt: skip

    def devices(self) -> None:
        """Draw the losses of devices at the end of the pipe, and tell what is led there."""
        led = sum(self.flow(source, END) for source, sink in self.table if sink == END)
        if led:
            (x, y), w = DEVICES, self.width(led)
            self.bar(x, y, w)
            self.label((x, y + w + 0.1), f"end of pipe\n{_t(led)} led there",
                       verticalalignment="bottom")  # fmt: skip

    def losses(self) -> None:
        """Draw what leaves each stage for air, water, slop and residue, downward."""
        places = {name: (x, 0.0) for name, x in X.items()}
        places |= {"absorption": ABSORPTION, "polychloride": POLYCHLORIDE, END: DEVICES}
        for stage, (x, y) in places.items():
            lost = [
                (colour, t)
                for medium, (_, colour) in MEDIA.items()
                if (t := self.flow(stage, medium)) >= SMALL
            ]
            rooms = [max(APART, MAGNIFIED * self.width(t) + 0.25) for _, t in lost]
            at = x - sum(rooms) / 2.0
            for (colour, t), room in zip(lost, rooms, strict=True):
                w, middle = MAGNIFIED * self.width(t), at + room / 2.0
                arrow(self.ax, (middle, y - 0.06), (middle, y - STUB - HEAD), w, colour, HEAD)
                self.label((middle, y - STUB - HEAD - 0.08), f"{t:,.0f}" if t >= 10.0
                           else f"{t:.1f}", verticalalignment="top")  # fmt: skip
                at += room
            if len(lost) > 1:
                half = sum(rooms) / 2.0 - 0.3
                self.ax.plot([x - half, x + half], [y - 0.04] * 2, color=style.INK,
                             linewidth=1.5, solid_capstyle="butt")  # fmt: skip

    def legend(self) -> None:
        """Say what the colours and widths mean, and what is too small to be drawn."""
        self.ax.text(
            -1.9,
            5.15,
            "organics, t/yr as the benzene they came in as",
            fontsize=TEXT + 1,
            verticalalignment="top",
        )
        step = 10_000.0
        x, y = 12.0, 4.9
        self.ax.plot([x, x], [y - self.width(step), y], color=style.INK, linewidth=3.0,
                     solid_capstyle="butt")  # fmt: skip
        self.label((x + 0.2, y - self.width(step) / 2.0), f"{_t(step)} t/yr",
                   horizontalalignment="left")  # fmt: skip
        self.label((x + 0.2, y - self.width(step) - 0.35),
                   f"losses drawn {MAGNIFIED:.0f} times as wide", horizontalalignment="left",
                   verticalalignment="center")  # fmt: skip
        left_out = sum(
            t for link, t in self.table.items()
            if link not in self.drawn or (link[1] in MEDIA and t < SMALL)
        )  # fmt: skip
        if left_out >= 0.1:
            self.label((x + 0.2, y - self.width(step) - 0.75),
                       f"not drawn: {left_out:,.1f} t/yr in small\n"
                       "losses, vents and waters led back",
                       horizontalalignment="left", verticalalignment="top")  # fmt: skip
        met = {
            name: colour
            for medium, (name, colour) in MEDIA.items()
            if any(sink == medium and t >= SMALL for (_, sink), t in self.table.items())
        }
        handles = style.patches({"recycle": RECYCLE, **met})
        self.ax.legend(
            handles=handles, loc="lower center", ncols=len(handles), frameon=False, fontsize=TEXT,
            borderaxespad=0.0, columnspacing=1.2, handlelength=1.2,
        )  # fmt: skip

    def bar(self, x: float, bottom: float, height: float) -> None:
        """Draw a process."""
        from matplotlib.patches import Rectangle

        self.ax.add_patch(
            Rectangle(
                (x - BAR / 2.0, bottom - 0.04), BAR, height + 0.08, facecolor=style.INK, zorder=3
            )
        )

    def inflow(self, process: str) -> float:
        return sum(t for (_, sink), t in self.table.items() if sink == process)

    def outflow(self, process: str) -> float:
        return sum(t for (source, _), t in self.table.items() if source == process)


def _t(t: float) -> str:
    return f"{t:,.0f}"
