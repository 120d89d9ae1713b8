"""Figures of a plant split over schemes by several methods, and money against tonnes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.bounds import EVENTS, MOST_PAIRS
from experiments.output.answer import Answer, Table, paragraphs
from experiments.output.provenance import provenance
from experiments.runner.executors import check_workers
from experiments.studies import (
    Known,
    Own,
    Plant,
    Worth,
    ids_of,
    need_catalogue,
    plant_of,
    unknown_at_rest,
)
from experiments.studies.attribute import pictures, report, tables
from experiments.studies.attribute.attribution import Attribution, Terms, attribution, in_full
from experiments.studies.attribute.tradeoff import Tradeoff, tradeoff_in_full
from experiments.studies.cube.cube import Cube, Job, compute, spelled
from experiments.studies.cube.figures import (
    AVOIDED,
    check_figure,
    is_money,
)
from experiments.studies.cube.study import Combinations, dimension, own_base, saved
from plant_models.arguments import count, word
from plant_models.chlorobenzene.figures.titles import IDS, LANGUAGES, scheme_names
from plant_models.chlorobenzene.model import PLANT
from plant_models.methods.economics import refuse_beside
from plant_models.model import Schemes, Variant
from sim.errors import gives_each, told
from sim.model.schemes import listed, parse_schemes

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Picture


@dataclass(frozen=True, repr=False)
class Attributions(Answer):
    """Figures split over schemes."""

    base: Variant[Any]  #: The design before any scheme
    splits: tuple[Attribution, ...]  #: One a figure: ``splits[0].splits["Shapley"]``
    tradeoff: Tradeoff | None  #: Money against tonnes
    pairs: int  #: Interactions that are printed
    names: Mapping[str, str]  #: What pictures call the schemes

    def report(self) -> str:
        """Return shares, interactions and those apart of every figure, money against tonnes."""
        sections = [[self.splits[0].cube.clock]]
        for each in self.splits:
            sections += [report.splits(each), report.apart(each), report.pairs(each, self.pairs)]
        if self.tradeoff is not None:
            sections += [report.front(self.tradeoff), report.curve(self.tradeoff)]
        elif self.splits[0].terms.worth is None:
            sections.append(
                [f"no Pareto front: the {self.splits[0].cube.plant.name} has no prices"]
            )
        elif self.splits[0].terms.not_priced:
            unknown = ", ".join(self.splits[0].terms.not_priced)
            sections.append(
                [f"no Pareto front: the source gives no investment of {unknown}; see --invest"]
            )
        sections.append([*report.notes(self.splits[0]), *self._unknown()])
        return paragraphs(*sections)

    def _unknown(self) -> list[str]:
        """Return what the sets do not show where nothing has run."""
        if self.splits[0].cube.origin["clock"] == EVENTS:
            return []
        terms = self.splits[0].terms
        ids = (*terms.players, *terms.apart)
        return unknown_at_rest(self.base, ids, "cube --simulate and --cube")

    def tables(self) -> Mapping[str, Table]:
        """Return shares and interactions of every figure, front and cost curve."""
        told: dict[str, Table] = {}
        for of in self.splits:
            name = of.figure.name.replace(" ", "_")
            told[f"attribution-{name}"] = tables.share_table(of)
            header = ("one", "other", "given_none", "given_all_others", "unit")
            pairs = [(*pair, *both, of.figure.unit) for pair, both in of.pairs.items()]
            told[f"interactions-{name}"] = Table(header, pairs)
        return told if self.tradeoff is None else {**told, **tables.tradeoff_tables(self.tradeoff)}

    def pictures(self) -> Mapping[str, Callable[[], Picture]]:
        """Return shares, waterfall and interactions of every figure, front and cost curve."""
        told: dict[str, Callable[[], Picture]] = {}
        for of in self.splits:
            word = of.figure.name.replace(" ", "_")
            told[f"shares-{word}"] = partial(pictures.shares_of, of, self.names)
            if of.before and of.figure.word == AVOIDED:
                told[f"waterfall-{word}"] = partial(pictures.waterfall_of, of)
            if of.pairs:
                told[f"interactions-{word}"] = partial(pictures.interactions_of, of)
        if self.tradeoff is not None:
            told["pareto"] = partial(pictures.pareto_of, self.tradeoff)
            if self.tradeoff.curve.steps:
                told["cost_curve"] = partial(pictures.cost_curve_of, self.tradeoff)
        return told

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
    plant: Plant = PLANT,
    design: Own = None,
    known: Known = None,
) -> Attributions:
    """Split figures over schemes by five methods, with interactions, Pareto front, cost curve.

    Raises LookupError or ValueError: a cube that today's plant would not give.

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
    workers, scheduler
        Where the sets are computed; see `cube`.
    plant, design, known
        See `run`.
    prices, investments
        Of money figures; see `money`.
    """
    plant = plant_of(plant)
    if not figures:
        raise TypeError("attribute: expected one figure or more, came none")
    if isinstance(cube, Combinations):
        base = own_base(cube, plant, design, known)
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
    check_workers(workers)
    word("titles", titles, LANGUAGES)
    kept = None if cube is None else saved(cube, base)
    terms = _terms(base, kept, players, given, order, worth)
    if investments is not None:
        refuse_beside(investments, (*terms.players, *terms.given, *terms.apart))
    for name in figures:
        terms.refuse_unpriced(name)
    if kept is None:
        wanted = {*terms.players, *terms.given, *terms.apart}
        schemes = tuple(name for name in base.known if name in wanted)
        only = terms.masks(schemes)
        found = compute(Job.of(base, schemes), workers=workers, scheduler=scheduler, only=only)
    else:
        found = kept
        found.mask((*terms.players, *terms.given))
    if emission is None:
        _refuse_idle(figures, prices=prices, investments=investments)
    splits = tuple(attribution(found, name, terms) for name in figures)
    tradeoff = None
    if emission is not None and (against is not None or not terms.not_priced):
        terms.refuse_unpriced("net_benefit")
        tradeoff = Tradeoff(
            attribution(found, emission, terms), attribution(found, "net_benefit", terms)
        )
    return Attributions(base, splits, tradeoff, pairs, scheme_names(base.known, titles))


def _refuse_idle(figures: Sequence[str], **asked: Any) -> None:
    """Raise ValueError for prices or investments beside figures that know no money."""
    if any(is_money(name) for name in figures):
        return
    for name, value in asked.items():
        if value:
            raise ValueError(
                f"{name}: would change nothing of {', '.join(figures)}; leave them out, or ask "
                "for a figure in money, like net_income"
            )


def _terms(
    base: Variant[Any],
    kept: Cube | None,
    players: Schemes | None,
    given: Schemes,
    order: Schemes | None,
    worth: Worth | None,
) -> Terms:
    """Return what is asked for, checked."""
    need_catalogue(base)
    known, plant = base.known, base.plant
    fixed = ids_of("given", given, known)
    if players is None:
        every = parse_schemes("all", known) if kept is None else kept.schemes
        left_out = plant.apart if kept is None else (*plant.apart, *fixed)
        sharing = tuple(name for name in every if name not in left_out)
    else:
        sharing = ids_of("players", players, known)
    dimension(sharing, "players")
    if both := [name for name in fixed if name in sharing]:
        raise ValueError(f"given: {', '.join(both)} cannot be a player and given at once")
    sequence = sharing
    if order is not None:
        pieces = listed(order) if isinstance(order, str) else order
        if not gives_each(pieces):
            raise TypeError(f"order: expected ids like 'F5, F1-F4', came {told(order)}")
        sequence = tuple(name for piece in pieces for name in ids_of("order", piece, known))
        if sorted(sequence) != sorted(sharing):
            came = told(order) if isinstance(order, str) else ", ".join(sequence)
            raise ValueError(f"order: expected each of {spelled(sharing, plant)} once, came {came}")
    beside = (name for name in plant.apart if name in known)
    apart = tuple(name for name in beside if name not in (*sharing, *fixed))
    return Terms(sharing, fixed, sequence, apart, worth)
