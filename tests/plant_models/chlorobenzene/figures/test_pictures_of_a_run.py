"""Pictures of a run: drawn where asked, with units, and of what the run did."""

from dataclasses import fields
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure

from plant_models import chlorobenzene as cb
from plant_models.chlorobenzene import figures
from plant_models.chlorobenzene.figures.bars import (
    emissions,
    emissions_by_cause,
    emissions_compared,
)
from plant_models.chlorobenzene.figures.timelines import STATES, kind_of, levels, states
from sim.network.network import Tank


@pytest.fixture(scope="module")
def result():
    return cb.simulate("F1", years=0.15, seed=3, record=True)


@pytest.fixture
def ax():
    return Figure(layout="constrained").subplots()


@pytest.mark.parametrize("name", ["states", "levels", "emissions"])
def test_a_picture_is_drawn_on_the_axes_that_are_given(result, ax, name: str):
    plots = figures.Plots(result)
    assert getattr(plots, name)(ax=ax) is ax


def test_axes_tell_their_units(result, ax):
    assert levels(result, ax).get_ylabel().startswith("level, t")
    assert ax.get_xlabel() == "days since the start"
    table = emissions_by_cause(result.ledger.flows, result.ledger.components)
    assert emissions(table, Figure().subplots()).get_xlabel() == "emission, t/yr"


def test_a_legend_of_many_causes_is_not_cut_off():
    causes = "normal start-up trip device-down spill shutdown maintenance cleaning overflow"
    figure = Figure(figsize=(10.0, 4.2), layout="constrained")
    ax = figure.subplots()
    legend = emissions({"air: benzene": dict.fromkeys(causes.split(), 1.0)}, ax).get_legend()
    figure.draw_without_rendering()
    assert legend
    box = legend.get_window_extent()
    assert 0.0 <= box.x0 < box.x1 <= figure.bbox.width
    assert box.y0 >= 0.0


@pytest.mark.parametrize("hour", [1000.0, 1003.0, 1006.0])
def test_a_stop_of_an_hour_is_seen_in_a_year(hour: float):
    """It is an eighth of a pixel wide, and on top of what most of the year is like."""
    events = [(hour, "drying", "dryer failed"), (hour + 1.0, "drying", "running")]
    year: Any = SimpleNamespace(
        recorded=SimpleNamespace(states=events),
        hours={"drying": {}},
        start_hour=0.0,
        ledger=SimpleNamespace(hours=8760.0),
    )
    figure = Figure(figsize=(10.0, 2.0), dpi=100.0)
    states(year, figure.add_axes((0.1, 0.4, 0.8, 0.5)))
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    lane = np.asarray(canvas.buffer_rgba())[70, 105:895, :3].astype(float)
    failed = 255.0 * np.array(to_rgb(STATES["failed"]))
    assert 1 <= np.all(np.abs(lane - failed) < 60.0, axis=1).sum() <= 3


def test_the_bars_of_the_states_last_as_long_as_the_states(result, ax):
    states(result, ax)
    drawn = dict.fromkeys(STATES, 0.0)
    names = {to_hex(colour): kind for kind, colour in STATES.items()}
    for bars in ax.collections:
        if isinstance(bars, PolyCollection) and len(bars.get_facecolor()):
            colours: Any = bars.get_facecolor()
            kind = names[to_hex(colours[0])]
            drawn[kind] += sum(path.get_extents().width for path in bars.get_paths())
    spent = dict.fromkeys(STATES, 0.0)
    for hours in result.hours.values():
        for state, lasted in hours.items():
            spent[kind_of(state)] += lasted
    assert drawn == pytest.approx(spent, abs=1e-6)


def test_every_tank_has_a_lane_with_its_capacity(result, ax):
    levels(result, ax)
    tanks = [
        f.name
        for f in fields(result.line)
        if isinstance(getattr(result.line, f.name), Tank) and f.name in result.ledger.held
    ]
    assert [label.get_text() for label in ax.get_yticklabels()] == [
        name.replace("_", " ") for name in tanks
    ]
    written = [text.get_text() for text in ax.texts]
    assert f"{result.line.wet_benzene_tank.capacity / 1000:g} t" in written


def test_months_are_named_from_the_day_on_which_the_run_began(ax):
    run = cb.simulate(years=0.25, without=("events",), record=True)
    states(run, ax, start_hour=24.0 * 181)  # 1 July
    assert [label.get_text() for label in ax.get_xticklabels()] == ["Jul", "Aug", "Sep"]


def test_months_are_those_of_the_run_where_nobody_says_when_it_began():
    """A run from the first hour of June shows summer, and no January."""
    run = cb.simulate(years=0.2, start_hour=24.0 * 151, record=True)
    for draw in (run.plot.states, run.plot.levels):
        axes = draw(Figure(layout="constrained").subplots())
        assert [text.get_text() for text in axes.get_xticklabels()] == ["Jun", "Jul", "Aug"]


SUBPLOTS = Figure().subplots(1, 2)


@pytest.mark.parametrize("odd", [(Figure(), SUBPLOTS[0]), SUBPLOTS, Figure(), "ax", 1.0])
@pytest.mark.parametrize("name", ["states", "levels", "emissions", "losses", "sankey"])
def test_what_is_no_axes_is_refused_by_every_picture(result, name: str, odd: Any):
    with pytest.raises(TypeError, match=r"^ax: expected the Axes of matplotlib, such as "):
        getattr(result.plot, name)(odd)


@pytest.mark.parametrize(
    ("name", "asked", "told"),
    [
        ("states", {"start_hour": "June"}, "start_hour: expected a number of 0 or more, came 'J"),
        ("levels", {"start_hour": -1.0}, r"start_hour: expected a number of 0 or more, came -1"),
        ("levels", {"start_hour": True}, r"start_hour: expected a number of 0 or more, came True"),
        ("sankey", {"largest": "all"}, "largest: expected a number from 1e-09 to .*, came 'all'"),
        ("sankey", {"largest": 0.0}, r"largest: expected a number from 1e-09 to .*, came 0\.0"),
    ],
)
def test_what_a_picture_cannot_be_drawn_by_is_refused(result, ax, name, asked, told):
    with pytest.raises((TypeError, ValueError), match=f"^{told}"):
        getattr(result.plot, name)(ax, **asked)


def test_emissions_by_cause_add_up_to_the_indicators(result):
    ledger = result.ledger
    table = emissions_by_cause(ledger.flows, ledger.components, result.years)
    sums = {name: sum(row.values()) for name, row in table.items()}
    assert sums["air: benzene"] == pytest.approx(result.indicators["air.benzene_t"])
    assert sums["wastewater: hydrogen chloride"] == pytest.approx(
        result.indicators["wastewater.hydrogen_chloride_t"]
    )
    assert len(sums) == 7


def test_two_designs_are_drawn_on_one_scale(ax):
    before, after = (cb.steady_state(schemes).indicators for schemes in ("none", "F1-F11"))
    emissions_compared(before, after, ax, names=("none", "F1-F11"))
    widths = [bar.get_width() for bar in ax.patches]
    assert max(widths) < ax.get_xlim()[1]
    assert before["air.benzene_t"] in widths
    assert after["air.benzene_t"] in widths
    told = [float(text.get_text().replace(",", "")) for text in ax.texts]
    assert told == [float(f"{number:.3g}") for number in told], "three digits are enough"


@pytest.mark.parametrize("draw", [states, levels])
def test_a_run_without_traces_says_how_to_keep_them(draw):
    run = cb.simulate(years=0.01)
    with pytest.raises(ValueError, match="record=True"):
        draw(run)
