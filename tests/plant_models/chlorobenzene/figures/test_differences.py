"""The picture of what differs between two designs."""

import pytest
from matplotlib.figure import Figure

from plant_models.chlorobenzene.figures import style
from plant_models.chlorobenzene.figures.differences import (
    FARTHEST,
    NOT_SHOWN,
    Change,
    differences,
    on_one_scale,
)

TABLE = (Change("less", -0.53, 0.004), Change("perhaps", 0.02, 0.03), Change("far", 9.0, 0.5))


@pytest.fixture
def ax():
    return differences(TABLE, Figure(layout="constrained").subplots())


def test_what_its_interval_does_not_tell_from_no_change_is_grey(ax):
    colours = {text.get_text().split(" ")[0]: text.get_color() for text in ax.texts}
    assert colours["\N{MINUS SIGN}53.0"] == colours["+900.0"] == style.BLUE
    assert colours["+2.0"] == NOT_SHOWN


def test_each_change_is_written_with_its_interval(ax):
    assert [text.get_text() for text in ax.texts] == [
        "\N{MINUS SIGN}53.0 % \N{PLUS-MINUS SIGN} 0.4",
        "+2.0 % \N{PLUS-MINUS SIGN} 3.0",
        "+900.0 % \N{PLUS-MINUS SIGN} 50.0",
    ]


def test_a_change_too_far_for_the_scale_points_over_its_edge(ax):
    (far,) = [line for line in ax.lines if line.get_marker() == ">"]
    assert far.get_xdata()[0] == 100.0 * FARTHEST


def test_two_such_pictures_stand_on_one_scale_beside_their_numbers():
    axes = list(Figure(layout="constrained").subplots(2, 1))
    for ax, table in zip(axes, (TABLE, TABLE[:2]), strict=True):
        differences(table, ax)
    on_one_scale(axes)
    assert axes[0].get_xlim() == axes[1].get_xlim()
    assert axes[0].get_xlim()[1] > 1.4 * 100.0 * FARTHEST


def test_one_run_has_no_interval_and_nothing_grey():
    ax = differences([Change("less", -0.1)], Figure().subplots())
    assert [text.get_text() for text in ax.texts] == ["\N{MINUS SIGN}10.0 %"]
    assert ax.get_xlabel() == "change, %"


def test_what_rounds_to_nothing_has_no_sign_and_no_interval_of_nothing():
    ax = differences([Change("as it was", -1e-5, 1e-6)], Figure().subplots())
    assert [text.get_text() for text in ax.texts] == ["0.0 % \N{PLUS-MINUS SIGN} <0.1"]
