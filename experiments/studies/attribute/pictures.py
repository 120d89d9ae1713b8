"""The pictures of an attribution: shares, interactions, front and cost curve."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from re import sub
from typing import TYPE_CHECKING

from experiments.output.pictures import blank
from experiments.studies.attribute.split import Attribution, Tradeoff
from experiments.studies.cube.figures import AVOIDED
from plant_models.chlorobenzene.figures.choices import abatement_cost, pareto
from plant_models.chlorobenzene.figures.credit import dumbbell, interaction_map, waterfall

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Draw = Callable[[], "Figure"]


def drawn(
    splits: Sequence[Attribution], tradeoff: Tradeoff | None, names: Mapping[str, str]
) -> dict[str, Draw]:
    """Return what draws each figure and the tradeoff; ``names`` is what schemes are called."""
    told: dict[str, Draw] = {}
    for of in splits:
        word = of.figure.name.replace(" ", "_")
        told[f"shares-{word}"] = partial(_shares, of, names)
        if of.figure.base and of.figure.word == AVOIDED:
            told[f"waterfall-{word}"] = partial(_waterfall, of)
        if of.pairs:
            told[f"interactions-{word}"] = partial(_interactions, of)
    if tradeoff is not None:
        told["pareto"] = partial(_pareto, tradeoff)
        if tradeoff.curve.steps:
            told["cost_curve"] = partial(_cost_curve, tradeoff)
    return told


def _waterfall(of: Attribution) -> Figure:
    figure, (ax,) = blank(4.8, 1)
    before = of.figure.base - float(of.game.worth[0])
    after = before - of.game.together
    label = f"{of.figure.title}, {_unit(of)}"
    waterfall(before, of.splits["alone"] or {}, after, ax, method="alone", label=label)
    return figure


def _shares(of: Attribution, names: Mapping[str, str]) -> Figure:
    titled = any(len(names[player]) > len(player) for player in of.game.players)
    height = 1.6 + 0.42 * len(of.game.players)
    figure, (ax,) = blank(height, 1, width=11.0 if titled else 8.0)
    dumbbell(of.splits, ax, label=_counted(of), names=names)
    return figure


def _interactions(of: Attribution) -> Figure:
    figure, (ax,) = blank(6.4, 1, width=8.0)
    interaction_map(of.pairs, of.game.players, ax, label=_counted(of))
    return figure


def _pareto(of: Tradeoff) -> Figure:
    figure, (ax,) = blank(5.6, 1)
    spelled = of.tonnes.cube.spelled
    points = [(c.avoided, c.net_benefit) for c in of.points]
    front = [(c.avoided, c.net_benefit, spelled(c.schemes)) for c in of.front]
    money = f"net benefit, {_unit(of.benefit)}"
    pareto(points, front, ax, emission=of.tonnes.figure.title, money=money)
    return figure


def _cost_curve(of: Tradeoff) -> Figure:
    figure, (ax,) = blank(6.0, 1)
    emission, of_money = of.tonnes.figure.title, of.money
    abatement_cost(of.curve, ax, emission=emission, currency=of_money.currency, unit=of_money.unit)
    return figure


def _counted(of: Attribution) -> str:
    return f"{of.figure.title} {of.figure.word}, {_unit(of)}"


def _unit(of: Attribution) -> str:
    return sub(r"10\^(\d)", r"10$^\1$", of.figure.unit)
