"""Fenske, Underwood and Gilliland against closed forms and against McCabe and Thiele's stepping."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plant_models.chlorobenzene.substances.chemistry import BENZENE, DCB, MCB
from plant_models.chlorobenzene.substances.properties import (
    MOLAR_MASS,
    mole_fractions,
    relative_volatilities,
)
from plant_models.chlorobenzene.units.shortcut import (
    minimum_reflux,
    overhead_fractions,
    underwood_root,
)
from plant_models.units.laws.shortcut import gilliland, hold_bottoms, hold_distillate

LIQUOR = (4120.5, 2445.5, 127.3, 0.2)
CRUDE = (2.8, 2482.0, 130.0, 0.2)


def mole_fraction(kg, i):
    return (kg[i] / MOLAR_MASS[i]) / sum(m / w for m, w in zip(kg, MOLAR_MASS[:4], strict=True))


def mccabe_thiele(alpha, z, top, bottom, reflux):
    """Stages, the reboiler included, by stepping off equilibrium from the top; boiling feed."""
    slope = reflux / (reflux + 1.0)
    meet = slope * z + top / (reflux + 1.0)  # operating lines cross at the feed
    x, y, stages = 1.0, top, 0
    while True:
        last, x = x, y / (alpha - y * (alpha - 1.0))
        stages += 1
        if x <= bottom:
            return stages - 1 + (last - bottom) / (last - x)
        if x > z:
            y = slope * x + top / (reflux + 1.0)
        else:
            y = bottom + (x - bottom) * (meet - bottom) / (z - bottom)


def test_gilliland_is_one_at_minimum_reflux_and_zero_at_total():
    assert gilliland(0.0) == 1.0
    assert gilliland(1.0) == pytest.approx(0.0, abs=1e-12)


def test_gilliland_meets_the_points_read_off_the_diagram():
    """Textbook points of the diagram: X 0.1, 0.3, 0.6 give Y about 0.54, 0.37, 0.17."""
    for x, y in ((0.1, 0.54), (0.3, 0.37), (0.6, 0.17)):
        assert gilliland(x) == pytest.approx(y, abs=0.03)


@given(st.floats(1e-6, 1.0), st.floats(1e-6, 1.0))
def test_more_reflux_never_asks_for_more_stages(x, y):
    low, high = sorted((x, y))
    assert gilliland(high) <= gilliland(low) + 1e-12


@given(z=st.floats(0.05, 0.95), alpha=st.floats(1.5, 8.0))
def test_underwood_of_two_components_is_the_pinch_at_the_feed(z, alpha):
    """For a binary of boiling feed and pure distillate: R_min = 1 / ((alpha - 1) z)."""
    relative = (alpha, 1.0, 0.5, 0.2)
    theta = underwood_root((z, 1.0 - z, 0.0, 0.0), relative, BENZENE, MCB)
    r_min = minimum_reflux(relative, (1.0, 0.0, 0.0, 0.0), theta)
    assert r_min == pytest.approx(1.0 / ((alpha - 1.0) * z), rel=1e-9)


@given(
    st.tuples(*[st.floats(1e-4, 1.0)] * 4),
    st.tuples(st.floats(3.0, 20.0), st.floats(0.1, 0.9), st.floats(0.01, 0.09)),
)
def test_underwoods_root_solves_its_equation_between_the_keys(parts, volatilities):
    z = tuple(p / sum(parts) for p in parts)
    high, heavy, least = volatilities
    alpha = (high, 1.0, heavy, least)
    theta = underwood_root(z, alpha, BENZENE, MCB)
    assert 1.0 < theta < high
    terms = [a * x / (a - theta) for a, x in zip(alpha, z, strict=True)]
    assert sum(terms) == pytest.approx(0.0, abs=1e-6 * max(map(abs, terms)))


def test_minimum_reflux_of_the_three_columns_is_as_computed_beforehand():
    """0.39, 0.48 and 0.87 by an independent calculation, within 10 %."""
    cases = (
        (LIQUOR, 376.0, (BENZENE, MCB), (0.9955, 0.0045, 0.0, 0.0), 0.39),
        (CRUDE, 424.0, (MCB, DCB), (0.0, 1.0, 0.0, 0.0), 0.48),
        ((0.0, 55.7, 129.7, 0.2), 374.0, (MCB, DCB), (0.0, 0.99, 0.01, 0.0), 0.87),
    )
    for kg, T, (light, heavy), distillate, expected in cases:
        alpha = relative_volatilities(heavy, T)
        theta = underwood_root(mole_fractions(kg), alpha, light, heavy)
        assert minimum_reflux(alpha, distillate, theta) == pytest.approx(expected, rel=0.10)


@pytest.mark.parametrize(("reflux", "stages"), [(0.6, 18), (0.8, 15), (1.2, 13), (2.0, 11)])
def test_the_crude_column_makes_its_distillate_with_these_stages_and_reflux(reflux, stages):
    """Each pair gives 99.55 mol% benzene at 0.11 wt% in the bottoms, within 0.25 points."""
    alpha = relative_volatilities(MCB, 376.0)
    share = overhead_fractions(LIQUOR, alpha, (BENZENE, MCB), stages, reflux, 0.0011)
    distillate = [m * s for m, s in zip(LIQUOR, share, strict=True)]
    assert mole_fraction(distillate, BENZENE) == pytest.approx(0.9955, abs=0.0025)


@pytest.mark.parametrize(("reflux", "stages"), [(0.8, 15.0), (1.2, 13.0), (2.0, 11.0)])
def test_the_shortcut_agrees_with_stepping_off_stages(reflux, stages):
    """McCabe and Thiele need 78 to 102 % of the stages given: Gilliland errs towards more."""
    alpha = relative_volatilities(MCB, 376.0)
    feed = (4120.5, 2445.5, 0.0, 0.0)
    share = overhead_fractions(feed, alpha, (BENZENE, MCB), stages, reflux, 0.0011)
    distillate = [m * s for m, s in zip(feed, share, strict=True)]
    bottoms = [m - d for m, d in zip(feed, distillate, strict=True)]
    needed = mccabe_thiele(
        alpha[BENZENE],
        mole_fraction(feed, BENZENE),
        mole_fraction(distillate, BENZENE),
        mole_fraction(bottoms, BENZENE),
        reflux,
    )
    assert 0.78 <= needed / stages <= 1.02


@given(
    light=st.floats(0.1, 10.0),
    heavy=st.floats(0.1, 10.0),
    rest=st.floats(0.0, 5.0),
    content=st.floats(1e-4, 0.2),
    separation=st.floats(1e3, 1e6),
)
def test_the_bottoms_hold_what_the_operator_asks(light, heavy, rest, content, separation):
    u = hold_bottoms(light, heavy, rest, content, separation)
    b_light, b_heavy = light / (1.0 + u * separation), heavy / (1.0 + u)
    reached = b_light / (b_light + b_heavy + rest)
    asked = min(content, light / (light + heavy + rest))
    if u < 1e11:
        assert reached == pytest.approx(asked, rel=1e-6)


@given(
    light=st.floats(0.1, 10.0),
    heavy=st.floats(0.1, 10.0),
    lighter=st.floats(0.0, 0.1),
    content=st.floats(1e-2, 0.3),
)
def test_the_distillate_holds_what_the_operator_asks(light, heavy, lighter, content):
    separation = 1e4
    u = hold_distillate(light, heavy, lighter, content, separation)
    d_light, d_heavy = light * u * separation / (1.0 + u * separation), heavy * u / (1.0 + u)
    reached = d_heavy / (d_light + d_heavy + lighter)
    if 0.0 < u < 1e11:
        assert reached == pytest.approx(content, rel=1e-5)
    elif u > 0.0:
        assert heavy / (light + heavy + lighter) <= content + 1e-9


def test_more_stages_and_more_reflux_leave_less_chlorobenzene_in_the_benzene():
    alpha = relative_volatilities(MCB, 376.0)

    def lost(stages, reflux):
        return overhead_fractions(LIQUOR, alpha, (BENZENE, MCB), stages, reflux, 0.0011)[MCB]

    assert lost(16, 1.0) < lost(13, 1.0) < lost(11, 1.0)
    assert lost(13, 1.4) < lost(13, 1.0) < lost(13, 0.7)
