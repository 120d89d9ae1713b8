"""Pictures of attribution, choice and flows: drawn where asked, to scale, with units."""

import re
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.patches import Rectangle

from plant_models import chlorobenzene as cb
from plant_models.chlorobenzene import figures
from plant_models.chlorobenzene.figures.bars import largest_share, losses_by_cause
from plant_models.chlorobenzene.figures.choices import abatement_cost, pareto
from plant_models.chlorobenzene.figures.credit import dumbbell, interaction_map, waterfall
from plant_models.chlorobenzene.figures.sankey import outline, route, sankey
from plant_models.chlorobenzene.figures.sankey_flows import largest_flow, line_flows
from plant_models.chlorobenzene.figures.titles import scheme_names
from plant_models.methods import attribution
from plant_models.methods.abatement import cost_curve
from plant_models.methods.attribution import (
    Game,
    interactions,
    split,
)

PLAYERS = ("F1", "F2", "F3")
GAME = Game(PLAYERS, [0.0, 60.0, 80.0, 92.0, 5.0, 66.0, 90.0, 100.0])


@pytest.fixture
def ax():
    return Figure(layout="constrained").subplots()


@pytest.fixture(scope="module")
def tables():
    return [
        line_flows(run.ledger.flows, run.ledger.components)
        for run in (cb.steady_state("none"), cb.steady_state("F1-F11"))
    ]


def texts(ax) -> str:
    ticks = [*ax.get_xticklabels(), *ax.get_yticklabels()]
    said = [ax.get_xlabel(), ax.get_ylabel(), ax.get_title()]
    legend = ax.get_legend()
    said += [text.get_text() for text in (*ax.texts, *ticks)]
    said += [text.get_text() for text in legend.get_texts()] if legend else []
    return "\n".join(said)


def test_the_bars_of_a_waterfall_lead_from_the_base_to_what_is_left(ax):
    """Each bar ends where the next begins; the overlap bar closes the gap of the method."""
    alone = attribution.alone(GAME)
    assert waterfall(200.0, alone, 100.0, ax, method="alone", label="x, t/yr") is ax
    bars = [bar for bar in ax.patches if isinstance(bar, Rectangle)]
    ends = [{bar.get_y(), bar.get_y() + bar.get_height()} for bar in bars]
    for one, other in pairwise(ends):
        assert min(abs(a - b) for a in one for b in other) < 1e-9
    heights = [bar.get_height() for bar in bars]
    assert heights == pytest.approx([200.0, 60.0, 80.0, 5.0, 45.0, 100.0])
    assert "overlap: together less than the sum" in texts(ax)
    assert "alone" in texts(ax)
    assert ax.get_ylabel() == "x, t/yr"


def test_what_schemes_bring_only_together_is_drawn_as_synergy(ax):
    waterfall(50.0, {"F1": 0.0, "F2": 0.0}, 30.0, ax, method="alone", label="x, t/yr")
    assert "synergy: together more than the sum" in texts(ax)


def test_shares_are_drawn_by_the_names_of_their_methods(ax):
    by_method = split(GAME)
    assert dumbbell(by_method, ax, label="x avoided, t/yr") is ax
    drawn = {line.get_marker(): np.asarray(line.get_xdata()).tolist() for line in ax.lines}
    assert drawn["D"] == list(attribution.shapley(GAME).values())
    assert drawn["o"] == [60.0, 80.0, 5.0]
    assert [name for name in ("alone", "last-in", "Shapley") if name not in texts(ax)] == []


def test_interactions_are_coloured_about_zero(ax):
    none, others = interactions(GAME), interactions(GAME, GAME.players)
    pairs = {pair: (none[pair], others[pair]) for pair in none}
    interaction_map(pairs, PLAYERS, ax, label="x, t/yr")
    (image,) = (each for each in ax.get_children() if isinstance(each, AxesImage))
    low, high = image.get_clim()
    assert low == -high
    cells = np.asarray(image.get_array())
    assert (cells[0, 1], cells[1, 0]) == pairs["F1", "F2"]


def test_a_front_is_drawn_within_all_sets_and_every_named_set_is_told(ax):
    points = [(float(i), float(-i)) for i in range(20)]
    front = [(x, y, f"set {i}") for i, (x, y) in enumerate(points)]
    pareto(points, front, ax, emission="benzene to air")
    assert ax.get_xlabel() == "benzene to air avoided, t/yr"
    assert "10$^4$ RMB/yr" in ax.get_ylabel()
    told = texts(ax)
    assert "a  set 0" in told
    assert "h  set 19" in told


def test_the_cost_curve_says_why_its_ranking_fails_and_gives_no_cost_per_tonne_to_what_earns(ax):
    avoided = {"F1": 10.0, "F2": 5.0, "F3": 8.0}
    curve = cost_curve(avoided, {"F1": -20.0, "F2": 4.0, "F3": -1.0})
    abatement_cost(curve, ax, emission="benzene to air")
    bars = [bar for bar in ax.patches if isinstance(bar, Rectangle)]
    assert [bar.get_width() for bar in bars] == [10.0, 8.0, 5.0]
    assert len({bar.get_height() for bar in bars[:2]}) == 1
    assert bars[2].get_height() == pytest.approx(8000.0)
    assert "puts the" in texts(ax)
    assert "Taylor" in texts(ax)
    assert min(ax.get_yticks()) >= 0.0


def test_causes_are_shares_of_what_is_not_normal(ax):
    table = {"air: benzene": {"normal": 90.0, "start-up": 8.0, "trip": 2.0}}
    losses_by_cause(table, ax)
    assert [bar.get_width() for bar in ax.patches] == pytest.approx([8.0, 2.0])
    assert "10.00 % of 100.0 t/yr" in texts(ax)
    assert largest_share(table) == pytest.approx(10.0)
    assert ax.get_xlabel().endswith("%")


def test_organics_are_lost_nowhere_between_processes(tables):
    """In the steady state all organics that enter a process leave it, but where chlorine enters."""
    for table in tables:
        assert all(source != sink for source, sink in table)
        for process in {name for link in table for name in link}:
            into = sum(t for (_, sink), t in table.items() if sink == process)
            out = sum(t for (source, _), t in table.items() if source == process)
            if not into or not out:
                continue  # outside of the line
            if process == "chlorination":
                assert out > into
            else:
                assert out == pytest.approx(into, rel=1e-6)


def test_a_sankey_tells_every_flow_it_leaves_out_and_its_scale(tables, ax):
    for table in tables:
        drawn = Figure(layout="constrained").subplots()
        assert sankey(table, drawn) is drawn
        said = texts(drawn)
        assert "10,000 t/yr" in said
        assert "losses drawn 10 times as wide" in said
        assert f"{table['packing', 'product']:,.0f}" in said


def test_a_sankey_draws_what_devices_at_the_end_of_the_pipe_let_by(ax):
    run = cb.steady_state("E1,E2")
    table = line_flows(run.ledger.flows, run.ledger.components)
    said = texts(sankey(table, ax))
    led = sum(t for (_, sink), t in table.items() if sink == "end of pipe")
    assert f"end of pipe\n{led:,.0f} led there" in said
    left_out = re.search(r"not drawn: ([\d,.]+) t/yr", said)
    assert left_out is None or float(left_out[1].replace(",", "")) < 5.0


@pytest.mark.parametrize("schemes", ["none", "F1-F11", "F9,F12", "E1,E2"])
def test_no_text_of_a_sankey_lies_on_another(schemes: str):
    run = cb.steady_state(schemes)
    figure = Figure(figsize=(12.0, 7.0), layout="constrained")
    drawn = sankey(line_flows(run.ledger.flows, run.ledger.components), figure.subplots())
    figure.draw_without_rendering()
    boxes = [(text.get_text(), text.get_window_extent()) for text in drawn.texts]
    assert [(one, other) for (one, a), (other, b) in combinations(boxes, 2) if a.overlaps(b)] == []


def test_two_sankeys_share_one_scale(tables):
    """The band of a flow is as wide as the flow: half as wide at twice the scale."""
    largest = largest_flow(*tables)

    def widest(scale: float) -> float:
        ax = sankey(tables[0], Figure().subplots(), largest=scale)
        bars = [patch for patch in ax.patches if isinstance(patch, Rectangle)]
        return max(bar.get_height() for bar in bars) - 0.08

    assert widest(largest) == pytest.approx(2.0 * widest(2.0 * largest))


def test_the_pictures_of_a_run_include_its_flows_and_causes(ax):
    run = cb.steady_state("F1")
    assert figures.Plots(run).sankey(ax=ax) is ax
    other = Figure(layout="constrained").subplots()
    assert figures.Plots(run).losses(ax=other) is other


@given(
    st.lists(st.floats(1.0, 5.0), min_size=2, max_size=6),
    st.floats(0.01, 0.4),
)
def test_a_band_is_as_wide_everywhere_as_its_flow(legs, width):
    """Area = width * length of the centre line, for any path of right angles."""
    corners = [(0.0, 0.0)]
    for i, leg in enumerate(legs):
        x, y = corners[-1]
        corners.append((x + leg, y) if i % 2 == 0 else (x, y + leg))
    line = route(corners, width / 2.0 + 0.1)
    length = np.linalg.norm(np.diff(line, axis=0), axis=1).sum()
    x, y = outline(line, width).T
    area = 0.5 * abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))
    assert area == pytest.approx(width * length, rel=0.01)


def test_titles_may_be_chinese_where_a_font_has_the_characters(ax):
    names = scheme_names(cb.SCHEMES, "zh", installed={"SimHei"})
    assert names["F8"] == "F8  多氯化物分离塔加高增板"
    dumbbell(split(GAME), ax, label="x, t/yr", names=names)
    assert [tick.get_text() for tick in ax.get_yticklabels()] == [names[p] for p in PLAYERS]


def test_without_a_chinese_font_titles_are_english_with_one_warning():
    with pytest.warns(UserWarning, match="no font with Chinese characters") as told:
        names = scheme_names(cb.SCHEMES, "zh", installed={"DejaVu Sans"})
    assert len(told) == 1
    assert names["F8"] == f"F8  {cb.SCHEMES['F8'].title}"
    assert scheme_names(cb.SCHEMES)["F8"] == "F8"
