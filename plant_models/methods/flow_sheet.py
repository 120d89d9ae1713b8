"""The drawing of a flow sheet as SVG, laid out by itself: from left to right, recycles below.

Units and tanks stand in columns by the longest way from a supply (Sugiyama's method: break the
circles, put into layers, order by the mean of the neighbours, place). Between two columns lie three
strips: names of outlets, the vertical parts of pipes, names of inlets. A name stands in a strip
where nothing but its own pipe passes, so no name is crossed by a pipe, whatever the plant.

References
----------
Sugiyama, K., Tagawa, S. and Toda, M. (1981), *Methods for visual understanding of hierarchical
system structures*, IEEE Transactions on Systems, Man, and Cybernetics 11, 109-125; recalled, not
re-read.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from statistics import mean

from sim.errors import look_up, need_all, need_kind
from sim.network.network import Network

LETTER = 6.6  # width of a letter of 11 px, px; narrower than most, so that boxes are wide enough
ROW, PORT, TRACK, PAD = 22.0, 17.0, 9.0, 12.0  # px
LOWEST = 34.0  # height of a box, px
SWEEPS = 24
AGAIN = "\0"
"""Between the name of a supply or sink and the column where it is drawn once more."""

UNIT, TANK, SUPPLY, SINK = "unit", "tank", "supply", "sink"
FILLS = {UNIT: "#f4f6f8", TANK: "#dceaf7", SUPPLY: "#e9f5e4", SINK: "#f8ead9"}
STROKES = {UNIT: "#34495e", TANK: "#2f6ea5", SUPPLY: "#4b8b3b", SINK: "#b0701f"}
PIPE, RECYCLE = "#4a5560", "#a33a6b"


@dataclass(frozen=True)
class Node:
    """A box of the drawing."""

    name: str
    kind: str
    note: str = ""  #: What stands below its name, small


@dataclass(frozen=True)
class Edge:
    """A pipe of the drawing."""

    source: str
    sink: str
    outlet: str = ""  #: Name at its beginning; empty where there is but one
    inlet: str = ""  #: Name at its end; empty for a main inlet
    dashed: bool = False  #: Whether it is used in some hours only


@dataclass(frozen=True)
class Box:
    """A rectangle, px."""

    x: float
    y: float
    width: float
    height: float

    def meets(self, other: Box) -> bool:
        """Return whether two rectangles have more in common than an edge."""
        return (
            self.x < other.x + other.width
            and other.x < self.x + self.width
            and self.y < other.y + other.height
            and other.y < self.y + self.height
        )


@dataclass(frozen=True)
class Label:
    """A name on a pipe, and the room that it takes."""

    text: str
    box: Box
    edge: int  #: Whose name it is


@dataclass(frozen=True)
class Drawing:
    """A flow sheet with a place for everything, px."""

    nodes: Mapping[str, Node]
    boxes: Mapping[str, Box]
    edges: tuple[Edge, ...]
    paths: tuple[tuple[tuple[float, float], ...], ...]  #: Corners of every edge
    recycles: frozenset[int]  #: Edges that lead back
    labels: tuple[Label, ...]
    size: tuple[float, float]

    def svg(self, title: str = "") -> str:
        """Return it as an SVG document."""
        return _svg(self, title)

    def crossed(self) -> list[str]:
        """Return what crosses what should stand free: names and boxes; empty if it is readable."""
        found = []
        for i, label in enumerate(self.labels):
            found += [
                f"{label.text} on {n}" for n, box in self.boxes.items() if label.box.meets(box)
            ]
            found += [
                f"{label.text} on {other.text}"
                for other in self.labels[:i]
                if label.box.meets(other.box)
            ]
        for e, path in enumerate(self.paths):
            for piece in _pieces(path):
                found += [
                    f"{self.edges[e]} through {label.text}"
                    for label in self.labels
                    if piece.meets(label.box)
                ]
                found += [
                    f"{self.edges[e]} through {name}"
                    for name, box in self.boxes.items()
                    if piece.meets(_shrunk(box))
                ]
        return found


def drawing_of(network: Network, notes: Mapping[str, str] | None = None) -> Drawing:
    """Return the drawing of a network; ``notes``: what stands below the name of a unit."""
    need_kind("drawing_of", Network, network=network)
    told = notes or {}
    nodes = [
        *(Node(name, SUPPLY) for name in network.supplies),
        *(Node(name, UNIT, told.get(name, "")) for name in network.units),
        *(Node(name, TANK, told.get(name, "")) for name in network.tanks),
        *(Node(name, SINK, medium) for name, medium in network.sinks.items()),
    ]
    edges = list(dict.fromkeys(_edges(network)))
    met = {name for edge in edges for name in (edge.source, edge.sink)}
    return laid_out([node for node in nodes if node.name in met], edges)


def _edges(network: Network) -> Iterator[Edge]:
    for train in network.trains:
        yield Edge(train.feed, train.members[0])
    for inlet in network.draws:
        unit, _, port = inlet.partition(".")
        source = network.draws[inlet]
        header = network.header_of(inlet)
        tanks = header.tanks if header else ()
        supply = header.supply if header else source
        for name in (*tanks, *([supply] if isinstance(supply, str) else [])):
            yield Edge(name, unit, inlet=port)
    for outlet, pipe in network.pipes.items():
        unit, _, port = outlet.partition(".")
        name = port if len(network.units[unit].outlets) > 1 else ""
        to, _, inlet = pipe.to.partition(".")
        main = bool(inlet) and inlet == network.units[to].inlets[0]
        yield Edge(unit, to, name, "" if main else inlet)
        for end in dict.fromkeys((pipe.start_up, pipe.trip, pipe.otherwise)):
            if end is not None and end != pipe.to:
                yield Edge(unit, end, name, dashed=True)
    for tank, sink in network.spills.items():
        yield Edge(tank, sink, "overflow", dashed=True)


def laid_out(nodes: Iterable[Node], edges: Sequence[Edge]) -> Drawing:
    """Return nodes and edges with a place for each."""
    named = {node.name: node for node in need_all("laid_out", Node, nodes=nodes)[0]}
    (ways,) = need_all("laid_out", Edge, edges=edges)
    for edge in ways:
        look_up("node", edge.source, named), look_up("node", edge.sink, named)
    if not ways:
        raise ValueError("laid_out: expected one edge or more, came none")
    return _Layout(named, tuple(ways)).drawing()


@dataclass
class _Layout:
    """Finds the place of everything."""

    nodes: Mapping[str, Node]
    edges: tuple[Edge, ...]
    layer: dict[str, int] = field(default_factory=dict)
    back: set[int] = field(default_factory=set)
    columns: list[list[str]] = field(default_factory=list)
    """Boxes by column, and what stands for an edge that passes: ``~edge~column``."""
    chains: dict[int, list[str]] = field(default_factory=dict)
    """What an edge passes, from column to column."""
    middle: dict[str, float] = field(default_factory=dict)
    size: dict[str, tuple[float, float]] = field(default_factory=dict)

    def drawing(self) -> Drawing:
        """Return the drawing."""
        self._break_circles()
        self._put_into_layers()
        self._draw_ends_again()
        self._chain()
        self._order()
        self._measure()
        self._place()
        return self._drawn()

    # ---- layers --------------------------------------------------------------------------------

    def _out(self, name: str) -> list[int]:
        return [e for e, edge in enumerate(self.edges) if edge.source == name]

    def _break_circles(self) -> None:
        """Mark the edges that lead back, walking from the supplies."""
        done: set[str] = set()
        way: list[str] = []

        def walk(name: str) -> None:
            way.append(name)
            for e in self._out(name):
                to = self.edges[e].sink
                if to in way:
                    self.back.add(e)
                elif to not in done:
                    walk(to)
            way.pop()
            done.add(name)

        fed = {edge.sink for edge in self.edges}
        for name in sorted(self.nodes, key=lambda n: (self.nodes[n].kind != SUPPLY, n in fed)):
            if name not in done:
                walk(name)

    def _put_into_layers(self) -> None:
        forward = [edge for e, edge in enumerate(self.edges) if e not in self.back]
        self.layer = dict.fromkeys(self.nodes, 0)
        for _ in self.nodes:
            for edge in forward:
                self.layer[edge.sink] = max(self.layer[edge.sink], self.layer[edge.source] + 1)
        for name in self.nodes:  # what nothing feeds stands just before what it feeds
            below = [self.layer[edge.sink] for edge in forward if edge.source == name]
            if below and not any(edge.sink == name for edge in forward):
                self.layer[name] = max(min(below) - 1, 0)

    def _draw_ends_again(self) -> None:
        """Give supplies and sinks a box in every column where they are wanted: pipes stay short."""
        nodes, edges = dict(self.nodes), list(self.edges)
        for e, edge in enumerate(self.edges):
            for end, other, step in ((edge.sink, edge.source, 1), (edge.source, edge.sink, -1)):
                kind = self.nodes[end].kind
                if kind != (SINK if step > 0 else SUPPLY):
                    continue
                column = max(self.layer[other] + step, 0)
                if column == self.layer[end]:
                    continue
                copy = f"{end}{AGAIN}{column}"
                nodes.setdefault(copy, self.nodes[end])
                self.layer[copy] = column
                was = edges[e]
                edges[e] = replace(was, sink=copy) if step > 0 else replace(was, source=copy)
                self.back.discard(e)
        self.edges = tuple(edges)
        met = {name for edge in edges for name in (edge.source, edge.sink)}
        self.nodes = {name: node for name, node in nodes.items() if name in met}

    def _chain(self) -> None:
        self.columns = [[] for _ in range(max(self.layer.values(), default=0) + 1)]
        for name in self.nodes:
            self.columns[self.layer[name]].append(name)
        for e, edge in enumerate(self.edges):
            if e in self.back:
                continue
            first, last = self.layer[edge.source], self.layer[edge.sink]
            passed = [f"~{e}~{n}" for n in range(first + 1, last)]
            for n, name in zip(range(first + 1, last), passed, strict=True):
                self.columns[n].append(name)
            self.chains[e] = [edge.source, *passed, edge.sink]

    def _order(self) -> None:
        """Order every column by the mean place of the neighbours, to and fro; keep the best."""
        before: dict[str, list[str]] = {}
        after: dict[str, list[str]] = {}
        for chain in self.chains.values():
            for a, b in itertools.pairwise(chain):
                after.setdefault(a, []).append(b)
                before.setdefault(b, []).append(a)
        best, fewest = [list(column) for column in self.columns], self._crossings()
        for sweep in range(SWEEPS):
            near = after if sweep % 2 else before
            columns = self.columns[::-1] if sweep % 2 else self.columns
            for beside, column in itertools.pairwise(columns):
                place = {name: i for i, name in enumerate(beside)}
                own = {name: i for i, name in enumerate(column)}

                def wanted(
                    name: str,
                    place: dict[str, int] = place,
                    own: dict[str, int] = own,
                    near: dict[str, list[str]] = near,
                ) -> float:
                    places = [place[n] for n in near.get(name, ()) if n in place]
                    return mean(places) if places else float(own[name])

                column.sort(key=wanted)
            crossings = self._crossings()
            if crossings < fewest:
                best, fewest = [list(column) for column in self.columns], crossings
        self.columns = best

    def _crossings(self) -> int:
        place = {name: i for column in self.columns for i, name in enumerate(column)}
        gaps: dict[int, list[tuple[int, int]]] = {}
        for e, chain in self.chains.items():
            first = self.layer[self.edges[e].source]
            for n, (a, b) in enumerate(itertools.pairwise(chain)):
                gaps.setdefault(first + n, []).append((place[a], place[b]))
        return sum(
            (a - c) * (b - d) < 0
            for pairs in gaps.values()
            for i, (a, b) in enumerate(pairs)
            for c, d in pairs[:i]
        )

    # ---- places --------------------------------------------------------------------------------

    def _ports(self, name: str, *, leaving: bool) -> list[int]:
        """Return the edges at a side of a box, in the order in which they are joined to it."""
        found = [
            e
            for e, edge in enumerate(self.edges)
            if (edge.source if leaving else edge.sink) == name
        ]
        if leaving:
            return sorted(found, key=lambda e: (e in self.back, self._height(e, 1)))
        return sorted(found, key=lambda e: (e in self.back, self._height(e, -2)))

    def _height(self, e: int, n: int) -> float:
        chain = self.chains.get(e)
        return 1e9 if chain is None else self.middle.get(chain[n], self._rank(chain[n]))

    def _rank(self, name: str) -> float:
        return next(float(c.index(name)) for c in self.columns if name in c)

    def _measure(self) -> None:
        for name, node in self.nodes.items():
            letters = max(len(node.name), len(node.note) * 0.85)
            ports = max(
                sum(edge.source == name for edge in self.edges),
                sum(edge.sink == name for edge in self.edges),
            )
            height = max(LOWEST, ports * PORT + 4.0)
            self.size[name] = (letters * LETTER + 2 * PAD, height)

    def _place(self) -> None:
        """Give every box of a column its height, near its neighbours, none above another."""
        for column in self.columns:
            y = 0.0
            for name in column:
                height = self.size.get(name, (0.0, PORT))[1]
                self.middle[name] = y + height / 2
                y += height + ROW
        links: dict[str, list[str]] = {}
        for chain in self.chains.values():
            for a, b in itertools.pairwise(chain):
                links.setdefault(a, []).append(b)
                links.setdefault(b, []).append(a)
        for sweep in range(SWEEPS):
            columns = self.columns if sweep % 2 == 0 else self.columns[::-1]
            for column in columns:
                wanted = {
                    n: mean([self.middle[other] for other in links.get(n, [n])]) for n in column
                }
                self._settle(column, wanted)
        for _ in range(2):
            self._straighten()
        top = min(
            self.middle[n] - self.size.get(n, (0.0, PORT))[1] / 2 for c in self.columns for n in c
        )
        self.middle = {name: y - top + PAD for name, y in self.middle.items()}

    def _straighten(self) -> None:
        """Let pipes that pass a column go on at their height, and a box stand where it is fed."""
        out_at, in_at = self._joints()
        for column in self.columns:
            wanted = {name: self.middle[name] for name in column}
            for e, chain in self.chains.items():
                for before, name in itertools.pairwise(chain):
                    if name not in wanted:
                        continue
                    start = out_at[e] if before in self.nodes else self.middle[before]
                    alone = sum(edge.sink == name for edge in self.edges) == 1
                    if name not in self.nodes:
                        wanted[name] = start
                    elif alone:
                        wanted[name] = start - (in_at[e] - self.middle[name])
            was = dict(self.middle)
            self._settle(column, wanted)
            for e, edge in enumerate(self.edges):
                if edge.source in wanted:
                    out_at[e] += self.middle[edge.source] - was[edge.source]

    def _settle(self, column: Sequence[str], wanted: Mapping[str, float]) -> None:
        """Move boxes to where they want to be, as far as their neighbours let them.

        Boxes that would meet become a block, which stands where its members want it on the mean.
        """
        blocks: list[tuple[list[str], list[float]]] = []  # members; where the first would stand
        offset: dict[str, float] = {}
        for name in column:
            offset[name] = 0.0
            blocks.append(([name], [wanted[name]]))
            while len(blocks) > 1:
                (above, at), (below, then) = blocks[-2:]
                room = self._gap(above[-1], below[0]) + offset[above[-1]]
                if mean(at) + room <= mean(then):
                    break
                for member in below:
                    offset[member] += room
                blocks[-2:] = [(above + below, at + [y - room for y in then])]
        for members, at in blocks:
            for name in members:
                self.middle[name] = mean(at) + offset[name]

    def _gap(self, above: str, below: str) -> float:
        heights = [self.size.get(name, (0.0, PORT))[1] for name in (above, below)]
        return sum(heights) / 2 + ROW

    # ---- lines ---------------------------------------------------------------------------------

    def _drawn(self) -> Drawing:
        out_at, in_at = self._joints()
        strips = self._strips()
        lefts, boxes = self._columns_at(strips)
        bottom = max(box.y + box.height for box in boxes.values()) + ROW
        lanes = {e: bottom + i * TRACK * 1.6 for i, e in enumerate(self._lanes())}
        tracks = self._tracks(out_at, in_at, lanes)
        paths: list[tuple[tuple[float, float], ...]] = []
        labels: list[Label] = []
        for e, edge in enumerate(self.edges):
            start = (boxes[edge.source].x + boxes[edge.source].width, out_at[e])
            end = (boxes[edge.sink].x, in_at[e])
            corners = [start]
            for gap, y in self._turns(e, in_at, lanes):
                x = lefts[gap] + strips[gap][0] + (tracks[gap].index((e, y)) + 0.5) * TRACK
                corners += [(x, corners[-1][1]), (x, y)]
            paths.append((*corners, end))
            labels += _labels(e, edge, start, end)
        width = lefts[-1] + sum(strips[-1]) + PAD
        height = max([bottom, *lanes.values()]) + PAD
        return Drawing(
            self.nodes, boxes, self.edges, tuple(paths), frozenset(self.back), tuple(labels),
            (width, height),
        )  # fmt: skip

    def _joints(self) -> tuple[dict[int, float], dict[int, float]]:
        """Return the heights at which edges leave and enter boxes."""
        found: tuple[dict[int, float], dict[int, float]] = ({}, {})
        for leaving, heights in zip((True, False), found, strict=True):
            for name in self.nodes:
                ports = self._ports(name, leaving=leaving)
                for i, e in enumerate(ports):
                    heights[e] = self.middle[name] + (i - (len(ports) - 1) / 2) * PORT
        return found

    def _turns(
        self, e: int, in_at: Mapping[int, float], lanes: Mapping[int, float]
    ) -> list[tuple[int, float]]:
        """Return the gaps in which an edge goes up or down, and the height to which.

        Gap 0 lies left of the first column, gap n + 1 right of column n.
        """
        first, last = (self.layer[name] for name in (self.edges[e].source, self.edges[e].sink))
        if e in self.back:
            return [(first + 1, lanes[e]), (last, in_at[e])]
        inner = [self.middle[name] for name in self.chains[e][1:-1]]
        return list(zip(range(first + 1, last + 1), [*inner, in_at[e]], strict=True))

    def _lanes(self) -> list[int]:
        """Return the edges that lead back, the shortest first, which runs on top."""

        def span(e: int) -> int:
            edge = self.edges[e]
            return self.layer[edge.source] - self.layer[edge.sink]

        return sorted(self.back, key=lambda e: (span(e), e))

    def _tracks(
        self, out_at: Mapping[int, float], in_at: Mapping[int, float], lanes: Mapping[int, float]
    ) -> list[list[tuple[int, float]]]:
        """Return, by gap, the vertical parts of edges from left to right."""
        gaps: list[list[tuple[float, int, float]]] = [[] for _ in range(len(self.columns) + 1)]
        for e in range(len(self.edges)):
            y = out_at[e]
            for gap, to in self._turns(e, in_at, lanes):
                gaps[gap].append((y, e, to))
                y = to
        return [[(e, to) for y, e, to in sorted(turns, key=_leftmost_first)] for turns in gaps]

    def _strips(self) -> list[tuple[float, float, float]]:
        """Return the widths of the three strips of every gap, px."""
        outlets = [0.0] * (len(self.columns) + 1)
        inlets, tracks = list(outlets), list(outlets)
        for e, edge in enumerate(self.edges):
            first, last = self.layer[edge.source] + 1, self.layer[edge.sink]
            outlets[first] = max(outlets[first], _width(edge.outlet))
            inlets[last] = max(inlets[last], _width(edge.inlet))
            passed = (first, last) if e in self.back else range(first, last + 1)
            for gap in passed:
                tracks[gap] += TRACK
        return [
            (a + PAD, t, b + PAD + TRACK) for a, t, b in zip(outlets, tracks, inlets, strict=True)
        ]

    def _columns_at(
        self, strips: Sequence[tuple[float, float, float]]
    ) -> tuple[list[float], dict[str, Box]]:
        """Return where every gap begins, and every box."""
        lefts, boxes, x = [0.0], dict[str, Box](), sum(strips[0])
        if strips[0][1] == 0.0:
            x = PAD
        for n, column in enumerate(self.columns):
            wide = max((self.size[name][0] for name in column if name in self.size), default=0.0)
            for name in column:
                if name in self.size:
                    height = self.size[name][1]
                    boxes[name] = Box(x, self.middle[name] - height / 2, wide, height)
            x += wide
            lefts.append(x)
            x += sum(strips[n + 1])
        return lefts, boxes


def _leftmost_first(turn: tuple[float, int, float]) -> tuple[int, float]:
    """Order verticals so that few lines cross: lowest first going down, highest going up."""
    start, _, to = turn
    return (0, -start) if to >= start else (1, start)


def _width(text: str) -> float:
    return len(text) * LETTER * 0.9 + 6.0 if text else 0.0


def _labels(
    e: int, edge: Edge, start: tuple[float, float], end: tuple[float, float]
) -> Iterator[Label]:
    height = PORT - 5.0
    if edge.outlet:
        box = Box(start[0] + 4.0, start[1] - height - 1.0, _width(edge.outlet) - 4.0, height)
        yield Label(edge.outlet, box, e)
    if edge.inlet:
        wide = _width(edge.inlet)
        box = Box(end[0] - wide - TRACK, end[1] - height - 1.0, wide - 4.0, height)
        yield Label(edge.inlet, box, e)


def _pieces(path: Sequence[tuple[float, float]]) -> Iterator[Box]:
    for (x, y), (u, v) in itertools.pairwise(path):
        yield Box(min(x, u), min(y, v), abs(u - x) + 1e-6, abs(v - y) + 1e-6)


def _shrunk(box: Box) -> Box:
    return Box(box.x + 1.0, box.y + 1.0, box.width - 2.0, box.height - 2.0)


# ---- SVG ---------------------------------------------------------------------------------------


def _svg(drawing: Drawing, title: str) -> str:
    width, height = (max(n, 60.0) for n in drawing.size)
    rows = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'width="{width:.0f}" height="{height:.0f}" role="img" '
        'font-family="Helvetica, Arial, sans-serif" font-size="11">',
        f"<title>{escape(title or 'flow sheet')}</title>",
        "<defs>",
        _arrow("arrow", PIPE),
        _arrow("back", RECYCLE),
        "</defs>",
        f'<rect width="{width:.0f}" height="{height:.0f}" fill="#ffffff"/>',
    ]
    for e, path in enumerate(drawing.paths):
        rows.append(_pipe(path, drawing.edges[e], e in drawing.recycles))
    rows += [_box(drawing.nodes[name], box) for name, box in drawing.boxes.items()]
    for label in drawing.labels:
        colour = RECYCLE if label.edge in drawing.recycles else PIPE
        rows.append(
            f'<text x="{label.box.x:.1f}" y="{label.box.y + label.box.height - 2.0:.1f}" '
            f'font-size="10" fill="{colour}">{escape(label.text)}</text>'
        )
    return "\n".join([*rows, "</svg>", ""])


def _arrow(name: str, colour: str) -> str:
    return (
        f'<marker id="{name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
        f'markerHeight="7" orient="auto"><path d="M0 0 L8 4 L0 8 z" fill="{colour}"/></marker>'
    )


def _pipe(path: Sequence[tuple[float, float]], edge: Edge, back: bool) -> str:
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in path)
    colour, head = (RECYCLE, "back") if back else (PIPE, "arrow")
    dash = ' stroke-dasharray="4 3"' if edge.dashed else ""
    return (
        f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.4"{dash} '
        f'stroke-linejoin="round" marker-end="url(#{head})"/>'
    )


def _box(node: Node, box: Box) -> str:
    round_by = {UNIT: 2.0, TANK: 12.0}.get(node.kind, box.height / 2 if box.height < 50 else 16.0)
    x, y = box.x + box.width / 2, box.y + box.height / 2
    name = f'<text x="{x:.1f}" y="{y + (4.0 if not node.note else -1.0):.1f}" text-anchor="middle"'
    note = (
        f'<text x="{x:.1f}" y="{y + 11.0:.1f}" text-anchor="middle" font-size="9" '
        f'fill="#5a6672">{escape(node.note)}</text>'
        if node.note
        else ""
    )
    return (
        f'<rect x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" '
        f'height="{box.height:.1f}" rx="{round_by:.1f}" fill="{FILLS[node.kind]}" '
        f'stroke="{STROKES[node.kind]}"/>{name}>{escape(node.name)}</text>{note}'
    )
