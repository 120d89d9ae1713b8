"""The folder of an attribution: a table and pictures of every figure, front and cost curve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from experiments.output.files import whole_folder, write_json, write_rows
from experiments.output.pictures import blank, save
from experiments.studies.attribute.study import AVOIDED, METHODS, Attribution, Tradeoff
from experiments.studies.cube.study import spelled
from plant_models.chlorobenzene import figures


def write_attributions(
    folder: Path,
    splits: Sequence[Attribution],
    tradeoff: Tradeoff | None,
    provenance: Mapping[str, Any],
    names: Mapping[str, str],
) -> None:
    """Write tables, pictures and provenance, whole or not at all.

    ``names`` is what the pictures call the schemes.
    """
    with whole_folder(folder) as draft:
        write_json(draft / "provenance.json", provenance)
        for each in splits:
            _write_split(draft, each)
            _draw_split(draft, each, names)
        if tradeoff is not None:
            _write_tradeoff(draft, tradeoff)
            _draw_tradeoff(draft, tradeoff)


def _write_split(folder: Path, of: Attribution) -> None:
    name = _word(of)
    rows: list[tuple[object, ...]] = []
    for method in METHODS:
        shares = of.splits[method]
        if shares is not None:
            rows += [(p, method, share, of.figure.unit) for p, share in shares.items()]
    for each in of.apart:
        for method, share in (("alone", each.alone), ("last-in", each.last_in)):
            rows.append((each.name, f"{method}, apart", share, of.figure.unit))
    header: tuple[str, ...] = ("scheme", "method", of.figure.word, "unit")
    write_rows(folder / f"attribution-{name}.csv", header, rows)
    header = ("one", "other", "given_none", "given_all_others", "unit")
    pairs = [(*pair, *both, of.figure.unit) for pair, both in of.pairs.items()]
    write_rows(folder / f"interactions-{name}.csv", header, pairs)


def _draw_split(folder: Path, of: Attribution, names: Mapping[str, str]) -> None:
    unit = of.figure.unit.replace("10^4", "10$^4$")
    name, label = _word(of), f"{of.figure.title}, {unit}"
    counted = f"{of.figure.title} {of.figure.word}, {unit}"
    if of.figure.base and of.figure.word == AVOIDED:
        figure, (ax,) = blank(4.8, 1)
        before = of.figure.base - float(of.game.worth[0])
        after = before - of.game.together
        figures.waterfall(before, of.splits["alone"] or {}, after, ax, method="alone", label=label)
        save(figure, folder / f"waterfall-{name}.png")
    titled = any(len(names[player]) > len(player) for player in of.game.players)
    figure, (ax,) = blank(1.6 + 0.42 * len(of.game.players), 1, width=11.0 if titled else 8.0)
    figures.dumbbell(of.splits, ax, label=counted, names=names)
    save(figure, folder / f"shares-{name}.png")
    if of.pairs:
        figure, (ax,) = blank(6.4, 1, width=8.0)
        figures.interaction_map(of.pairs, of.game.players, ax, label=counted)
        save(figure, folder / f"interactions-{name}.png", colours=256)


def _write_tradeoff(folder: Path, of: Tradeoff) -> None:
    rows = [(c.avoided, c.net_benefit, spelled(c.schemes)) for c in of.front]
    header: tuple[str, ...] = (
        f"{of.tonnes.figure.name} avoided, t/yr",
        "net benefit, 10^4 RMB/yr",
        "schemes",
    )
    write_rows(folder / "pareto.csv", header, rows)
    kinds = ("earning", "costing", "useless")
    measures = [
        (m.name, kind, m.avoided, m.cost, m.per_tonne if kind == "costing" else None)
        for kind in kinds
        for m in getattr(of.curve, kind)
    ]
    header = ("scheme", "kind", "avoided, t/yr, Shapley", "cost, 10^4 RMB/yr, Shapley",
              "cost of a tonne, 10^4 RMB/t")  # fmt: skip
    write_rows(folder / "cost_curve.csv", header, measures)


def _draw_tradeoff(folder: Path, of: Tradeoff) -> None:
    emission = of.tonnes.figure.title
    figure, (ax,) = blank(5.6, 1)
    points = [(c.avoided, c.net_benefit) for c in of.points]
    front = [(c.avoided, c.net_benefit, spelled(c.schemes)) for c in of.front]
    figures.pareto(points, front, ax, emission=emission)
    save(figure, folder / "pareto.png")
    if of.curve.steps:
        figure, (ax,) = blank(6.0, 1)
        figures.abatement_cost(of.curve, ax, emission=emission)
        save(figure, folder / "cost_curve.png")


def _word(of: Attribution) -> str:
    return of.figure.name.replace(" ", "_")
