"""Figures of a plant split over schemes by several methods, and money against tonnes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.output.answer import Answer, Table
from experiments.output.provenance import provenance
from experiments.studies.attribute.pictures import drawn
from experiments.studies.attribute.report import attribution_report
from experiments.studies.attribute.split import (
    METHODS,
    Attribution,
    Terms,
    Tradeoff,
    attribution,
    in_full,
    tradeoff_in_full,
)
from experiments.studies.cube.cube import Cube, Job, compute, spelled
from experiments.studies.cube.figures import Worth, check_figure
from experiments.studies.cube.file import load, refuse_stale
from experiments.studies.cube.study import Combinations, dimension
from plant_models.arguments import count, told, word
from plant_models.chlorobenzene.figures.titles import IDS, LANGUAGES, scheme_names
from plant_models.chlorobenzene.model import PLANT
from plant_models.model import PlantModel, Schemes, Variant
from sim.model.facts import Design
from sim.model.schemes import Scheme, parse_schemes

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_PAIRS = 1000


@dataclass(frozen=True, repr=False)
class Attributions(Answer):
    """Figures split over schemes.

    Parameters
    ----------
    base : Variant
        The design before any scheme.
    splits : tuple of Attribution
        One a figure: ``splits[0].splits["Shapley"]``.
    tradeoff : Tradeoff, optional
        Money against tonnes.
    pairs : int
        Interactions that are printed.
    names : Mapping[str, str]
        What pictures call the schemes.
    """

    base: Variant[Any]
    splits: tuple[Attribution, ...]
    tradeoff: Tradeoff | None
    pairs: int
    names: Mapping[str, str]

    def report(self) -> str:
        """Return shares, interactions and those apart of every figure, money against tonnes."""
        return attribution_report(self.splits, self.tradeoff, self.pairs)

    def tables(self) -> Mapping[str, Table]:
        """Return shares and interactions of every figure, front and cost curve."""
        told: dict[str, Table] = {}
        for of in self.splits:
            name = of.figure.name.replace(" ", "_")
            told[f"attribution-{name}"] = _share_table(of)
            header = ("one", "other", "given_none", "given_all_others", "unit")
            pairs = [(*pair, *both, of.figure.unit) for pair, both in of.pairs.items()]
            told[f"interactions-{name}"] = Table(header, pairs)
        return told if self.tradeoff is None else {**told, **_tradeoff_tables(self.tradeoff)}

    def pictures(self) -> Mapping[str, Callable[[], Figure]]:
        """Return shares, waterfall and interactions of every figure, front and cost curve."""
        return drawn(self.splits, self.tradeoff, self.names)

    def as_json(self) -> dict[str, Any]:
        """Return all of it; an improvement is positive."""
        first = self.splits[0]
        terms, made_of = first.terms, first.cube.made_of
        asked = {} if terms.worth is None else terms.worth.asked
        return {
            "attributions": [in_full(each) for each in self.splits],
            "tradeoff": tradeoff_in_full(self.tradeoff) if self.tradeoff else None,
            "provenance": provenance(
                "attribute",
                self.base,
                **made_of,
                **asked,
                players=terms.players,
                given=terms.given,
            ),
        }


def attribute(
    *figures: str,
    cube: Combinations | Path | str | None = None,
    players: Schemes | None = None,
    given: Schemes = "none",
    order: Schemes | None = None,
    against: str | None = None,
    pairs: int = 10,
    titles: str = IDS,
    prices: Any = None,
    investments: Mapping[str, float] | None = None,
    workers: int | None = 1,
    scheduler: str | None = None,
    plant: PlantModel[Any, Any] = PLANT,
    design: Design[Any] | Any | None = None,
    known: Mapping[str, Scheme] | None = None,
) -> Attributions:
    """Split figures over schemes by five methods, with interactions, Pareto front, cost curve.

    Parameters
    ----------
    *figures : str
        Indicators, or money figures like ``net_income`` and ``value.benzene``; one or more.
    cube : Combinations or path, optional
        An answer of `cube`, or the folder it was saved in; else the sets that are needed are
        computed, as steady states. An answer brings its own plant, design and prices.
    players : scheme set, optional
        Schemes that share a figure; all by default, but those that the plant keeps apart.
    given : scheme set
        Schemes that are in place throughout.
    order : scheme set or sequence of ids, optional
        In which players are introduced, ``"F5,F1-F4,F6"``; that of the catalogue by default.
    against : str, optional
        Emission of front and cost curve; the first figure that is one by default.
    pairs : int
        Interactions that are printed.
    titles : str
        What pictures call schemes: ``id``, or titles in ``en`` or ``zh``.
    prices, investments
        Of money figures; see `cube`.
    workers, scheduler
        Where the sets are computed; see `cube`.
    plant, design, known
        Which plant, and what sets of schemes are put on; see `PlantModel.variant`.

    Raises
    ------
    TypeError, LookupError, ValueError
        Wrong input, or a cube that today's plant would not give; a message that names it.
    """
    if not figures:
        raise TypeError("attribute: expected one figure or more, came none")
    if isinstance(cube, Combinations):
        base = _own_base(cube, plant, design, known)
        plant, asked_prices = base.plant, prices is not None or investments is not None
        worth = cube.worth if not asked_prices else Worth.of(plant, prices, investments, base.known)
    else:
        base = plant.variant(design=design, known=known)
        worth = Worth.of(plant, prices, investments, base.known)
    for name in figures:
        check_figure(name, plant)
    emission = next((name for name in figures if name in plant.emissions), None)
    if against is not None:
        emission = word("against", against, plant.emissions)
        if worth is None:
            raise plant.lacks("prices", "a Pareto front")
    count("pairs", pairs, 0, MOST_PAIRS)
    word("titles", titles, LANGUAGES)
    saved = _saved(cube, base)
    terms = _terms(base, saved, players, given, order, worth)
    for name in figures:
        terms.refuse_unpriced(name)
    if saved is None:
        wanted = {*terms.players, *terms.given, *terms.apart}
        schemes = tuple(name for name in base.known if name in wanted)
        only = terms.masks(schemes)
        found = compute(Job.of(base, schemes), workers=workers, scheduler=scheduler, only=only)
    else:
        found = saved
        found.mask((*terms.players, *terms.given))
    splits = tuple(attribution(found, name, terms) for name in figures)
    tradeoff = None
    if emission is not None and (against is not None or not terms.not_priced):
        terms.refuse_unpriced("net_benefit")
        tradeoff = Tradeoff(
            attribution(found, emission, terms), attribution(found, "net_benefit", terms)
        )
    return Attributions(base, splits, tradeoff, pairs, scheme_names(base.known, titles))


def _own_base(cube: Combinations, plant: PlantModel[Any, Any], design: Any, known: Any) -> Any:
    """Return the design that combinations are of; refuse to be asked for another beside it."""
    base = cube.base
    if plant not in (PLANT, base.plant):
        raise ValueError(f"cube: it is of the {base.plant.name}; plant says the {plant.name}")
    if design is not None and base.plant.own(design).tree != base.base.tree:
        raise ValueError("cube: it is of another design than design; leave one out")
    if known is not None and dict(known) != dict(base.known):
        raise ValueError("cube: it is of another catalogue than known; leave one out")
    return base


def _saved(cube: object, base: Variant[Any]) -> Cube | None:
    """Return the cube that was given, if today's plant gives the same."""
    if cube is None:
        return None
    if isinstance(cube, Combinations):
        return cube.of
    if not isinstance(cube, str | Path):
        raise TypeError(f"cube: expected a folder, or an answer of cube(), came {told(cube)}")
    found = load(cube, base.plant)
    refuse_stale(found, Job.again(found.origin, base), str(cube))
    return found


def _terms(
    base: Variant[Any],
    saved: Cube | None,
    players: Schemes | None,
    given: Schemes,
    order: Schemes | None,
    worth: Worth | None,
) -> Terms:
    """Return what is asked for, checked."""
    known, plant = base.known, base.plant
    fixed = parse_schemes(given, known)
    if players is None:
        every = parse_schemes("all", known) if saved is None else saved.schemes
        left_out = plant.apart if saved is None else (*plant.apart, *fixed)
        sharing = tuple(name for name in every if name not in left_out)
    else:
        sharing = parse_schemes(players, known)
    dimension(sharing, "players")
    if both := [name for name in fixed if name in sharing]:
        raise ValueError(f"given: {', '.join(both)} cannot be a player and given at once")
    sequence = sharing
    if order is not None:
        pieces = order.split(",") if isinstance(order, str) else order
        if not isinstance(pieces, Iterable):
            raise TypeError(f"order: expected ids like 'F5, F1-F4', came {told(order)}")
        sequence = tuple(name for piece in pieces for name in parse_schemes(piece, known))
        if sorted(sequence) != sorted(sharing):
            came = told(order) if isinstance(order, str) else ", ".join(sequence)
            raise ValueError(f"order: expected each of {spelled(sharing, plant)} once, came {came}")
    beside = (name for name in plant.apart if name in known)
    apart = tuple(name for name in beside if name not in (*sharing, *fixed))
    return Terms(sharing, fixed, sequence, apart, worth)


def _share_table(of: Attribution) -> Table:
    unit = of.figure.unit
    rows: list[tuple[object, ...]] = []
    for method in METHODS:
        rows += [(who, method, share, unit) for who, share in (of.splits[method] or {}).items()]
    for each in of.apart:
        rows.append((each.name, "alone, apart", each.alone, unit))
        rows.append((each.name, "last-in, apart", each.last_in, unit))
    return Table(("scheme", "method", of.figure.word, "unit"), rows)


def _tradeoff_tables(of: Tradeoff) -> dict[str, Table]:
    spelled, money = of.tonnes.cube.spelled, of.benefit.figure.unit
    front = [(c.avoided, c.net_benefit, spelled(c.schemes)) for c in of.front]
    measures = [
        (m.name, kind, m.avoided, m.cost, m.per_tonne if kind == "costing" else None)
        for kind in ("earning", "costing", "useless")
        for m in getattr(of.curve, kind)
    ]
    avoided = f"{of.tonnes.figure.name} avoided, t/yr"
    return {
        "pareto": Table((avoided, f"net benefit, {money}", "schemes"), front),
        "cost_curve": Table(
            ("scheme", "kind", "avoided, t/yr, Shapley", f"cost, {money}, Shapley",
             f"cost of a tonne, {of.money.unit_word}/t"),
            measures,
        ),
    }  # fmt: skip
