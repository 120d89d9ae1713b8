"""The drawing of a flow sheet: whatever the plant, no name is crossed and nothing runs through."""

from __future__ import annotations

import random
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from plant_models import PLANTS, plant_named
from plant_models.methods.flow_sheet import (
    SINK,
    SUPPLY,
    TANK,
    UNIT,
    Drawing,
    Edge,
    Node,
    drawing_of,
    laid_out,
)


def any_sheet(seed: int, units: int) -> Drawing:
    """Return a drawing of units and tanks joined at random, with recycles and long ways."""
    draw = random.Random(seed)
    names = [f"unit_{n}" if n % 3 else f"tank_{n}" for n in range(units)]
    nodes = [Node(name, UNIT if name.startswith("unit") else TANK) for name in names]
    nodes += [Node("feed", SUPPLY), Node("water", SUPPLY), Node("product", SINK), Node("air", SINK)]
    edges = [Edge("feed", names[0]), Edge(names[-1], "product")]
    edges += [Edge(a, b, "outlet") for a, b in pairwise(names)]
    for n in range(units):
        source, sink = draw.choice(names), draw.choice(names)
        if source != sink:
            edges.append(Edge(source, sink, f"out_{n}", draw.choice(("", f"in_{n}"))))
    edges += [Edge("water", draw.choice(names), inlet="water") for _ in range(3)]
    edges += [Edge(draw.choice(names), "air", "vent") for _ in range(4)]
    return laid_out(nodes, list(dict.fromkeys(edges)))


@pytest.mark.parametrize("name", PLANTS)
def test_no_name_of_a_plant_is_crossed_and_no_pipe_runs_through_a_box(name: str):
    assert drawing_of(plant_named(name).variant("none").network).crossed() == []


@pytest.mark.parametrize("units", [3, 8, 15, pytest.param(40, marks=pytest.mark.long)])
def test_nor_of_any_other_plant(units: int):
    for seed in range(4):
        assert any_sheet(seed, units).crossed() == []


def test_a_name_on_a_pipe_would_be_found():
    drawing = any_sheet(1, 5)
    label, path = drawing.labels[0], drawing.paths[(drawing.labels[0].edge + 1) % 5]
    moved = type(label)(label.text, type(label.box)(path[0][0], path[0][1] - 5, 30, 10), label.edge)
    crossed = Drawing(drawing.nodes, drawing.boxes, drawing.edges, drawing.paths, drawing.recycles,
                      (moved, *drawing.labels[1:]), drawing.size)  # fmt: skip
    assert crossed.crossed()


def test_what_leads_back_is_a_recycle_and_runs_below_the_boxes():
    nodes = [Node("feed", SUPPLY), Node("mixer", UNIT), Node("tank", TANK), Node("out", SINK)]
    edges = [
        Edge("feed", "mixer"), Edge("mixer", "tank"), Edge("tank", "mixer"), Edge("tank", "out"),
    ]  # fmt: skip
    drawing = laid_out(nodes, edges)
    assert [edges[e] for e in drawing.recycles] == [Edge("tank", "mixer")]
    (e,) = drawing.recycles
    below = max(box.y + box.height for box in drawing.boxes.values())
    assert max(y for _, y in drawing.paths[e]) > below


def test_boxes_do_not_meet_and_stand_on_the_sheet():
    for seed in range(4):
        drawing = any_sheet(seed, 12)
        boxes = list(drawing.boxes.values())
        assert not any(a.meets(b) for i, a in enumerate(boxes) for b in boxes[:i])
        width, height = drawing.size
        assert all(b.x >= 0 and b.x + b.width <= width for b in boxes)
        assert all(b.y >= 0 and b.y + b.height <= height for b in boxes)
        assert all(0 <= x <= width and 0 <= y <= height for p in drawing.paths for x, y in p)


def test_supplies_and_sinks_are_drawn_where_they_are_wanted():
    drawing = any_sheet(3, 20)
    names = [drawing.nodes[edge.sink].name for edge in drawing.edges]
    assert names.count("air") >= 3
    assert len([box for name, box in drawing.boxes.items() if name.startswith("air")]) > 1


def test_it_is_svg_with_a_title_and_every_name():
    text = any_sheet(2, 8).svg("a <plant> & more")
    root = ElementTree.fromstring(text)
    told = [each.text for each in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {"unit_1", "tank_3", "product", "outlet"} <= set(told)
    title = root.find("{http://www.w3.org/2000/svg}title")
    assert title is not None
    assert title.text == "a <plant> & more"


def test_the_same_plant_gives_the_same_drawing():
    assert any_sheet(4, 12).svg() == any_sheet(4, 12).svg()
