"""Pictures of attribution, choice and flows: drawn where asked, to scale, with units."""

import re
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Annotation, Text

from plant_models import chlorobenzene as cb
from plant_models.chlorobenzene import figures
from plant_models.chlorobenzene.figures.bars import losses_by_cause, losses_compared
from plant_models.chlorobenzene.figures.beyond import Beyond, beyond_limits, worst
from plant_models.chlorobenzene.figures.cash import cash_curves
from plant_models.chlorobenzene.figures.choices import abatement_cost, pareto
from plant_models.chlorobenzene.figures.credit import dumbbell, interaction_bars, waterfall
from plant_models.chlorobenzene.figures.sankey import MAGNIFIED, outline, route, sankey
from plant_models.chlorobenzene.figures.sankey_flows import STAGES, largest_flow, line_flows
from plant_models.chlorobenzene.figures.titles import scheme_names
from plant_models.chlorobenzene.figures.tornado import tornado
from plant_models.methods import attribution
from plant_models.methods.abatement import cost_curve
from plant_models.methods.attribution import (
    Game,
    interactions,
    split,
)
from plant_models.methods.sensitivity import Bar

PLAYERS = ("F1", "F2", "F3")
GAME = Game(PLAYERS, [0.0, 60.0, 80.0, 92.0, 5.0, 66.0, 90.0, 100.0])


@pytest.fixture
def ax():
    return Figure(layout="constrained").subplots()


@pytest.fixture(scope="module")
def tables():
    return [
        line_flows(run.ledger.flows) for run in (cb.steady_state("none"), cb.steady_state("F1-F11"))
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
    assert waterfall(200.0, alone, 100.0, ax, label="x, t/yr") is ax
    bars = [bar for bar in ax.patches if isinstance(bar, Rectangle)]
    ends = [{bar.get_y(), bar.get_y() + bar.get_height()} for bar in bars]
    for one, other in pairwise(ends):
        assert min(abs(a - b) for a in one for b in other) < 1e-9
    heights = [bar.get_height() for bar in bars]
    assert heights == pytest.approx([200.0, 60.0, 80.0, 5.0, 45.0, 100.0])
    assert "overlap: together less than the sum" in texts(ax)
    assert ax.get_title() == "Added up they take off 145, together 100"
    assert "alone" in texts(ax)
    assert ax.get_ylabel() == "x, t/yr"
    waterfall(100.0, {"A": -60.0, "B": -20.0}, 180.0, ax, label="x, t/yr")
    assert ax.get_title() == "Added up they add 80, together 80"


def test_what_rounding_leaves_of_an_emission_is_written_as_nothing(ax):
    waterfall(900.0, {"A": 900.0}, 1.9e-11, ax, label="x, t/yr")
    assert [text.get_text() for text in ax.texts] == ["900", "-900", "0", "0"]


def test_what_schemes_bring_only_together_is_drawn_as_synergy(ax):
    waterfall(50.0, {"F1": 0.0, "F2": 0.0}, 30.0, ax, label="x, t/yr")
    assert "synergy: together more than the sum" in texts(ax)


def test_shares_are_drawn_by_the_names_of_their_methods(ax):
    by_method = split(GAME)
    assert dumbbell(by_method, ax, label="x avoided, t/yr") is ax
    drawn = {line.get_marker(): np.asarray(line.get_xdata()).tolist() for line in ax.lines}
    assert drawn["D"] == list(attribution.shapley(GAME).values())
    assert drawn["o"] == [60.0, 80.0, 5.0]
    assert ax.get_title() == "The methods differ most on F1: from 10 to 60"
    told = ("alone: no other in place", "last-in: all others in place",
            "Shapley: mean over all orders")  # fmt: skip
    assert [name for name in told if name not in texts(ax)] == []


def test_interactions_are_ranked_and_the_title_names_the_first(ax):
    none, others = interactions(GAME), interactions(GAME, GAME.players)
    pairs = {pair: (none[pair], others[pair]) for pair in none}
    interaction_bars(pairs, ax, label="x, t/yr")
    largest = max(pairs, key=lambda pair: max(map(abs, pairs[pair])))
    assert ax.get_yticklabels()[0].get_text() == " with ".join(largest)
    assert [bar.get_width() for bar in ax.patches[:2]] == pytest.approx(list(pairs[largest]))
    assert f"{largest[0]} and {largest[1]}" in ax.get_title()


def test_a_programme_without_interactions_says_that_effects_add_up(ax):
    interaction_bars({("F1", "F2"): (0.0, 0.0)}, ax, label="x, t/yr")
    assert "add up" in ax.get_title()


def test_a_front_is_drawn_within_all_sets_and_every_named_set_is_told(ax):
    points = [(float(i), float(-i)) for i in range(20)]
    front = [(x, y, f"set {i}") for i, (x, y) in enumerate(points)]
    pareto(points, front, ax, emission="benzene to air")
    assert ax.get_title().startswith("No set avoids more than")
    assert ax.get_xlabel() == "benzene to air avoided, t/yr"
    assert "10⁴ RMB/yr" in ax.get_ylabel()
    told = texts(ax)
    assert "a  set 0" in told
    assert "h  set 19" in told


def test_tonnes_of_a_plant_of_grams_are_not_drawn_as_none(ax):
    waterfall(1e-5, {"A": 5e-6, "B": 2e-6}, 4e-6, ax, label="x, t/yr")
    assert ax.get_title() == "Added up they take off 7e-6, together 6e-6"
    interaction_bars({("A", "B"): (-1.2e-6, -1e-6)}, ax, label="x, t/yr")
    assert ax.get_title() == "A and B take the same: together 1.2e-6 less than their sum"
    assert "-1.2e-6" in texts(ax)
    abatement_cost(cost_curve({"A": 1e-6}, {"A": 0.5}), ax, emission="x", currency="EUR", unit=1e3)
    assert "500,000 EUR/kg" in texts(ax)


def test_the_cost_curve_says_why_its_ranking_fails_and_gives_no_cost_per_tonne_to_what_earns(ax):
    avoided = {"F1": 10.0, "F2": 5.0, "F3": 8.0}
    curve = cost_curve(avoided, {"F1": -20.0, "F2": 4.0, "F3": -1.0})
    abatement_cost(curve, ax, emission="benzene to air")
    bars = [bar for bar in ax.patches if isinstance(bar, Rectangle)]
    assert [bar.get_width() for bar in bars] == [10.0, 8.0, 5.0]
    assert [bar.get_height() for bar in bars] == [20.0, 1.0, -4.0]
    said = texts(ax)
    assert "8,000 RMB/t" in said
    assert said.count("RMB/t") == 1
    assert "puts the" in said
    assert "Taylor" in said
    assert ax.get_title() == "F1 avoids 43 % of it; 2 of 3 earn"


def test_no_name_of_a_cost_curve_lies_on_a_bar_or_on_another_name():
    """Narrow bars at either end, and one beside a much higher one."""
    figure = Figure(figsize=(10, 6), layout="constrained")
    axes = figure.subplots()
    avoided = {"F11": 4.9, "F10": 276.3, "F7": 19.8, "F6": 52.8, "F4": 2.5}
    earned = {"F11": 114.7, "F10": 86.5, "F7": 49.1, "F6": 43.8, "F4": 0.7}
    curve = cost_curve(avoided, {name: -money for name, money in earned.items()})
    abatement_cost(curve, axes, emission="x")
    figure.draw_without_rendering()
    names = [text.get_window_extent() for text in axes.texts]
    bars = [bar.get_window_extent() for bar in axes.patches]
    assert not any(name.overlaps(other) for name in names for other in bars)
    assert not any(one.overlaps(other) for one, other in combinations(names, 2))


def test_losses_are_compared_on_one_scale_and_small_ones_are_named(ax):
    small = {"normal": 100.0, "trip": 0.1}
    tables = {
        "none": {"air: x": small, "wastewater: y": {"normal": 98.0, "trip": 2.0}},
        "F1": {
            "air: x": small,
            "wastewater: y": {"normal": 4.0, "overflow": 6.0, "trip": 90.0},  # 6 for good
        },
    }
    losses_compared(tables, ax)
    assert [bar.get_width() for bar in ax.patches] == pytest.approx([2.0, 90.0])
    said = "F1: 90 % of the y to wastewater arises outside of normal operation"
    assert ax.get_title().replace("\n", " ") == said
    assert "below 1 % in every design: air: x" in texts(ax)


def test_as_many_designs_as_one_likes_are_compared(ax):
    tables = {f"design {n}": {"air: x": {"normal": 98.0, "trip": 1.0 + n}} for n in range(9)}
    losses_compared(tables, ax)
    assert len(ax.patches) == len(tables)
    drawn = [to_hex(bar.get_facecolor()) for bar in ax.patches]
    assert len({*drawn[:8]}) == 8


def test_a_wall_of_limits_shows_the_worst_of_each_section_and_counts_the_rest(ax):
    rows = [Beyond("air", f"vent {n}", 8000.0, 1000.0 * n, "up to 2 times") for n in range(1, 9)]
    shown = worst(rows)
    assert [row.name for row in shown] == [f"vent {n}" for n in range(4, 9)]
    beyond_limits(rows, ax, span=8760.0)
    assert "3 more are in the table" in ax.get_xlabel()
    assert (
        ax.get_title() == "8 figures are beyond their limit at some time, 1 of them nearly always"
    )
    beyond_limits(rows[:1], ax, span=8760.0)
    assert ax.get_title() == "1 figure is beyond its limit at some time"
    beyond_limits([], ax, span=8760.0)
    assert ax.get_title() == "no limit is exceeded"


def test_a_tornado_tells_ranges_and_what_the_result_hangs_on(ax):
    labels = {"absorber.approach": "absorber: approach, 2 to 8 K"}
    tornado([Bar("absorber.approach", 1.0, 3.0, 2.0)], 2.0, ax, label="x, t/yr", labels=labels)
    assert "2 to 8 K" in texts(ax)
    said = "It hangs most on absorber: approach: from 1.000 to 3.000, 2.000 as it is"
    assert ax.get_title() == said


def test_of_cash_curves_the_first_and_the_last_stand_out(ax):
    table = [
        {"curve": name, "month": month, **dict.fromkeys(("mean", "low", "high"), end * month)}
        for name, end in (("paper", 3e5), ("closed books", 1e5), ("all of it", 1e5))
        for month in (0, 36)
    ]
    cash_curves(table, ax)
    widths = [line.get_linewidth() for line in ax.lines[:3]]
    assert widths[0] == widths[2] > widths[1]
    assert "paper: 1,080.0" in texts(ax)
    assert ax.get_title().startswith("After 36 months 360.0 in hand, on paper 1,080.0")


def test_what_a_cash_curve_comes_to_is_told_with_its_interval_as_in_the_table(ax):
    table = [
        {"curve": name, "month": month, "mean": mean, "low": mean - half, "high": mean + half}
        for name, mean, half in (("paper", 1.0627e7, 0.0), ("running plant", 1.585e6, 5.44e5))
        for month in (0, 36)
    ]
    cash_curves(table, ax)
    assert "running plant: 158.5 \N{PLUS-MINUS SIGN} 54.4" in texts(ax)
    assert "158.5 \N{PLUS-MINUS SIGN} 54.4 in hand" in ax.get_title()


def test_no_line_to_a_name_of_a_cash_curve_crosses_another_name():
    """Curves that end close together, so that their names move up and apart."""
    figure = Figure(figsize=(10, 4.8), layout="constrained")
    axes = figure.subplots()
    table = [
        {"curve": name, "month": month, **dict.fromkeys(("mean", "low", "high"), end * month)}
        for name, end in (("paper", 3e5), *((f"curve no. {n}", 1e3 * (70 - n)) for n in range(6)))
        for month in (0, 36)
    ]
    cash_curves(table, axes)
    figure.draw_without_rendering()
    names = [Text.get_window_extent(text) for text in axes.texts]
    arrows = [text.arrow_patch for text in axes.texts if isinstance(text, Annotation)]
    lines = [arrow.get_window_extent() for arrow in arrows if arrow]
    assert len(lines) == len(names)
    assert not any(
        line.overlaps(name)
        for i, line in enumerate(lines)
        for j, name in enumerate(names)
        if i != j
    )
    assert not any(one.overlaps(other) for one, other in combinations(names, 2))


def test_causes_are_shares_of_what_is_not_normal(ax):
    table = {"air: benzene": {"normal": 80.0, "overflow": 10.0, "start-up": 8.0, "trip": 2.0}}
    losses_by_cause(table, ax)
    assert [bar.get_width() for bar in ax.patches] == pytest.approx([8.0, 2.0])
    assert "10.00 % of 100.0 t/yr" in texts(ax)
    assert ax.get_xlabel().endswith("%")


def test_organics_are_lost_nowhere_between_stages(tables):
    """In the steady state all organics, counted as benzene, that enter a stage leave it."""
    for table in tables:
        assert all(source != sink for source, sink in table)
        for stage in STAGES:
            into = sum(t for (_, sink), t in table.items() if sink == stage)
            out = sum(t for (source, _), t in table.items() if source == stage)
            assert out == pytest.approx(into, rel=1e-6)


def test_a_sankey_tells_every_flow_it_leaves_out_and_its_scale(tables, ax):
    for table in tables:
        drawn = Figure(layout="constrained").subplots()
        assert sankey(table, drawn) is drawn
        said = texts(drawn)
        assert "10,000 t/yr" in said
        assert f"losses drawn {MAGNIFIED:.0f} times as wide" in said
        assert f"{table['rectification', 'out:chlorobenzene']:,.0f}" in said


def test_a_sankey_draws_what_devices_at_the_end_of_the_pipe_let_by(ax):
    run = cb.steady_state("E1,E2")
    table = line_flows(run.ledger.flows)
    said = texts(sankey(table, ax))
    led = sum(t for (_, sink), t in table.items() if sink == "end of pipe")
    assert f"end of pipe\n{led:,.0f} led there" in said
    left_out = re.search(r"not drawn: ([\d,.]+) t/yr", said)
    assert left_out is None or float(left_out[1].replace(",", "")) < 5.0


@pytest.mark.parametrize("schemes", ["none", "F1-F11", "F9,F12", "E1,E2"])
def test_no_text_of_a_sankey_lies_on_another(schemes: str):
    run = cb.steady_state(schemes)
    figure = Figure(figsize=(12.0, 7.0), layout="constrained")
    drawn = sankey(line_flows(run.ledger.flows), figure.subplots())
    figure.draw_without_rendering()
    boxes = [(text.get_text(), text.get_window_extent()) for text in drawn.texts]
    assert [(one, other) for (one, a), (other, b) in combinations(boxes, 2) if a.overlaps(b)] == []


def test_the_figure_of_a_loss_stands_on_no_pipe_of_a_sankey(tables):
    """A year with events loses a little at the rectification, where the bottoms leave, too."""
    figure = Figure(figsize=(12.0, 7.0), layout="constrained")
    drawn = sankey({**tables[0], ("rectification", "loss:slop oil"): 0.6}, figure.subplots())
    figure.draw_without_rendering()
    pipes = [each.get_path().transformed(each.get_transform()) for each in drawn.patches]
    told = [text for text in drawn.texts if re.fullmatch(r"[\d,.]+", text.get_text())]
    below = {
        text.get_text(): text.get_window_extent() for text in told if text.get_position()[1] < 0
    }
    assert "0.6" in below
    assert [said for said, box in below.items() if any(p.intersects_bbox(box) for p in pipes)] == []


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
