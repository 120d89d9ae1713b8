"""Shares, waterfall, interactions, front and cost curve as pictures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from experiments.studies.attribute.attribution import Attribution
from experiments.studies.attribute.tradeoff import Tradeoff
from plant_models.chlorobenzene.figures.choices import abatement_cost, pareto
from plant_models.chlorobenzene.figures.credit import dumbbell, interaction_bars, waterfall
from plant_models.chlorobenzene.figures.style import blank, raised

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Picture


def waterfall_of(of: Attribution) -> Picture:
    """Draw the figure from no scheme to all, each scheme's share a step."""
    figure, (ax,) = blank(4.8, 1)
    after = of.before - of.game.together
    label = f"{of.figure.title}, {_unit(of)}"
    waterfall(of.before, of.splits["alone"] or {}, after, ax, label=label)
    return figure


def shares_of(of: Attribution, names: Mapping[str, str]) -> Picture:
    """Draw every scheme's share by every method."""
    titled = any(len(names[player]) > len(player) for player in of.game.players)
    height = 1.6 + 0.42 * len(of.game.players)
    figure, (ax,) = blank(height, 1, width=11.0 if titled else 8.0)
    halves = of.half_widths
    spread = None if halves is None else halves.by_method["Shapley"]
    dumbbell(of.splits, ax, label=_counted(of), names=names, half_widths=spread)
    return figure


def interactions_of(of: Attribution) -> Picture:
    """Draw what pairs do together beyond what each does alone."""
    figure, (ax,) = blank(5.6, 1, width=9.0)
    interaction_bars(of.pairs, ax, label=_counted(of), judged=of.judged)
    return figure


def pareto_of(of: Tradeoff) -> Picture:
    """Draw all sets, money against tonnes, and the front."""
    figure, (ax,) = blank(5.6, 1)
    spelled = of.tonnes.cube.spelled
    points = [(c.avoided, c.net_benefit) for c in of.points]
    front = [(c.avoided, c.net_benefit, spelled(c.schemes)) for c in of.front]
    money = f"net benefit, {_unit(of.benefit)}"
    pareto(points, front, ax, emission=of.tonnes.figure.title, money=money)
    return figure


def cost_curve_of(of: Tradeoff) -> Picture:
    """Draw what a tonne costs, scheme by scheme, the cheapest first."""
    figure, (ax,) = blank(6.0, 1)
    emission, of_money = of.tonnes.figure.title, of.money
    abatement_cost(of.curve, ax, emission=emission, currency=of_money.currency, unit=of_money.unit)
    return figure


def _counted(of: Attribution) -> str:
    return f"{of.figure.title} {of.figure.word}, {_unit(of)}"


def _unit(of: Attribution) -> str:
    return raised(of.figure.unit)
