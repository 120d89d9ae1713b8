"""Figures of a plant split over schemes by several methods, and money against tonnes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from math import isnan
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from experiments.output.answer import Answer, Table, paragraphs, plain
from experiments.output.pictures import blank
from experiments.output.provenance import provenance
from experiments.runner.executors import check_workers
from experiments.runner.tasks import EVENTS
from experiments.studies import Known, Own, Plant, ids_of, plant_of, unknown_at_rest
from experiments.studies.cube.cube import Cube, Job, compute, spelled
from experiments.studies.cube.figures import (
    AVOIDED,
    CHANGED,
    GAINED,
    MONEY,
    ONCE,
    Figure,
    Worth,
    check_figure,
    figure,
)
from experiments.studies.cube.study import Combinations, dimension, own_base, saved
from plant_models.arguments import count, word
from plant_models.chlorobenzene.figures.choices import abatement_cost, pareto
from plant_models.chlorobenzene.figures.credit import dumbbell, interaction_bars, waterfall
from plant_models.chlorobenzene.figures.style import raised
from plant_models.chlorobenzene.figures.titles import IDS, LANGUAGES, scheme_names
from plant_models.chlorobenzene.model import PLANT
from plant_models.methods import attribution as methods
from plant_models.methods.abatement import WHY_RANKING_FAILS, CostCurve, cost_curve, pareto_front
from plant_models.methods.attribution import Game, members, shapley
from plant_models.methods.economics import Economy
from plant_models.model import Schemes, Variant
from sim.errors import told
from sim.model.schemes import parse_schemes
from sim.statistics.intervals import interval
from sim.tables import counted, readable, text_table

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Picture


METHODS = {
    "alone": "what the scheme brings when no other is in place",
    "last-in": "what is lost when it alone is left out",
    "in order": "what it adds to those before it",
    "scaled": "the whole, shared in proportion to alone",
    "Shapley": "mean of what it adds, over all orders",
}
ROUNDING = 1e-12  # of a figure: less of an interaction is left of sums that cancel
NOTHING = 1e-3  # of a figure's largest mean: what is less has no share to speak of
FEW = 5  # replications: from fewer a spread can hardly be told
NO_MEASUREMENT = "each column is the answer of its method, none a measurement"
NOT_IDENTIFIABLE = (
    "the source prints totals alone, so no split over single schemes can be checked against it "
    f"(not identifiable): {NO_MEASUREMENT}"
)


@dataclass(frozen=True)
class Terms:
    """What an attribution is asked for."""

    players: tuple[str, ...]  #: The schemes that share the figure, in the game's own order
    given: tuple[str, ...]  #: Schemes that are in place throughout
    order: tuple[str, ...]  #: The order in which the players are introduced
    apart: tuple[str, ...] = ()  #: Schemes that are shown beside the players, if the cube has them
    worth: Worth | None = None  #: At which prices money is told; none of a plant without them

    @property
    def not_priced(self) -> tuple[str, ...]:
        """Schemes in play whose investment nobody says."""
        worth, ids = self.worth, (*self.players, *self.given)
        return tuple(each for each in ids if worth is None or worth.investment([each]) is None)

    def refuse_unpriced(self, name: str) -> None:
        """Raise if a figure takes an investment that nobody says."""
        unknown = self.not_priced
        if unknown and name in (*ONCE, "net_benefit"):
            raise ValueError(
                f"{name}: the source gives no investment of {', '.join(unknown)}; say it: "
                f"--invest {unknown[0]}=AMOUNT, or investments={{{unknown[0]!r}: AMOUNT}}"
            )

    def schemes(self, known: Mapping[str, object]) -> tuple[str, ...]:
        """Return all schemes that a cube needs."""
        wanted = {*self.players, *self.given, *self.apart}
        return tuple(name for name in known if name in wanted)

    def masks(self, schemes: tuple[str, ...]) -> list[int]:
        """Return the sets that are needed: all of the players; those apart with none and all."""
        bit = {name: 1 << i for i, name in enumerate(schemes)}
        base = sum(bit[name] for name in self.given)
        needed = [base]
        for player in self.players:
            needed += [mask | bit[player] for mask in needed]
        ends = [mask | bit[name] for name in self.apart for mask in (base, needed[-1])]
        return [0, *needed, *ends]


@dataclass(frozen=True)
class Apart:
    """A scheme that takes no share: what it brings alone and after all players."""

    name: str
    alone: float
    last_in: float
    """As alone: an improvement is positive, as in the figure; not a number where not known."""
    levels: tuple[float, float]  #: The figure with all players, without and with this scheme
    per_tonne: tuple[float, float] | None  #: The same, per tonne of the product


@dataclass(frozen=True)
class HalfWidths:
    """Half the 95 % intervals of a split over replications, each of which is split by itself."""

    by_method: Mapping[str, Mapping[str, float] | None]
    """None of a method that is not defined in some replication."""
    together: float
    gap: float


@dataclass(frozen=True)
class Tail:
    """How far the worst replication of each set lies beyond the mean of that set, relative."""

    sets: int  #: That have a mean to speak of
    half: float  #: The median of them
    twentieth: float  #: What one set of twenty lies beyond
    most: float
    where: tuple[str, ...]  #: The set that it is of


@dataclass(frozen=True)
class Attribution:
    """A figure split over players."""

    cube: Cube
    terms: Terms
    figure: Figure

    @property
    def judged(self) -> bool:
        """Whether more of it is better; of what merely changes, or costs, a sum tells no merit."""
        return self.figure.word in (AVOIDED, GAINED)

    @cached_property
    def game(self) -> Game:
        """The figure as a game of the players."""
        return self.cube.game(self.figure.values, self.terms.players, self.terms.given)

    @cached_property
    def splits(self) -> Mapping[str, Mapping[str, float] | None]:
        """Shares by method and player."""
        return methods.split(self.game, self.terms.order)

    @cached_property
    def replications(self) -> tuple[Attribution, ...]:
        """The figure of every replication split by itself."""
        return tuple(
            attribution(each, self.figure.name, self.terms) for each in self.cube.replications
        )

    @cached_property
    def half_widths(self) -> HalfWidths | None:
        """By Student's t over the replications; none of a single one."""
        singles = self.replications
        if len(singles) < 2:
            return None
        by_method: dict[str, Mapping[str, float] | None] = {}
        for method in METHODS:
            splits = [each.splits[method] for each in singles]
            shares = [split for split in splits if split is not None]
            by_method[method] = (
                {who: _half_width([share[who] for share in shares]) for who in shares[0]}
                if len(shares) == len(splits)
                else None
            )
        return HalfWidths(
            by_method,
            _half_width([each.game.together for each in singles]),
            _half_width([each.gap for each in singles]),
        )

    @cached_property
    def tail(self) -> Tail | None:
        """How heavy the tail of the replications is; none of a single one, nor of a difference."""
        if len(self.replications) < 2 or self.figure.name not in self.cube.columns:
            return None
        levels = np.array([each.levels for each in self.replications])
        mean = levels.mean(axis=0)
        size = np.abs(mean)
        told = np.isfinite(mean) & (size > NOTHING * np.nanmax(size))
        if not told.any():
            return None
        above, below = levels.max(axis=0) - mean, mean - levels.min(axis=0)
        word = self.figure.word
        worst = below if word == GAINED else above if word != CHANGED else np.maximum(above, below)
        beyond = worst[told] / size[told]
        mask = int(np.flatnonzero(told)[beyond.argmax()])
        half, twentieth = np.quantile(beyond, (0.5, 0.95)).tolist()
        where = members(self.cube.schemes, mask)
        return Tail(len(beyond), half, twentieth, float(beyond.max()), where)

    @cached_property
    def pairs(self) -> Mapping[tuple[str, str], tuple[float, float]]:
        """Interaction of each pair, given none and given all other players; the largest first."""
        size = max(abs(self.figure.base), float(np.abs(self.game.worth).max()))
        none, others = (
            {pair: at if abs(at) > ROUNDING * size else 0.0 for pair, at in some.items()}
            for some in (
                methods.interactions(self.game),
                methods.interactions(self.game, self.game.players),
            )
        )
        both = {pair: (none[pair], others[pair]) for pair in none}
        return dict(sorted(both.items(), key=lambda item: -max(map(abs, item[1]))))

    @property
    def gap(self) -> float:
        """Sum of alone less together."""
        return methods.additivity_gap(self.game)

    @cached_property
    def apart(self) -> tuple[Apart, ...]:
        """The schemes beside the players."""
        found = []
        none = self.cube.mask(self.terms.given)
        all_players = self.cube.mask((*self.terms.given, *self.terms.players))
        values = self.figure.values
        for name in self.terms.apart:
            if name not in self.cube.schemes:
                continue
            bit = self.cube.mask([name])
            found.append(
                Apart(
                    name,
                    float(values[none | bit] - values[none]),
                    float(values[all_players | bit] - values[all_players]),
                    (self._level(all_players), self._level(all_players | bit)),
                    self._per_tonne(all_players, all_players | bit),
                )
            )
        return tuple(found)

    @property
    def levels(self) -> NDArray[np.float64]:
        """The figure of every set itself, not what has changed of it."""
        return self.cube.columns.get(self.figure.name, self.figure.values)

    def _level(self, mask: int) -> float:
        return float(self.levels[mask])

    def _per_tonne(self, *masks: int) -> tuple[float, float] | None:
        plant = self.cube.plant
        of_tonnes = self.figure.unit.startswith("t/yr") and self.figure.name not in plant.neutral
        if not plant.product or not of_tonnes:
            return None
        product = self.cube.columns[plant.product]
        without, with_it = (self._level(mask) / float(product[mask]) for mask in masks)
        return without, with_it


def _half_width(values: Sequence[float]) -> float:
    return interval(values).half_width


def attribution(cube: Cube, name: str, terms: Terms) -> Attribution:
    """Return a figure split over the players."""
    return Attribution(cube, terms, figure(cube, name, terms.worth))


def in_full(of: Attribution) -> dict[str, Any]:
    """Return all of an attribution as JSON can hold it; an improvement is positive."""
    halves = of.half_widths
    told = {
        "figure": of.figure.name,
        "unit": of.figure.unit,
        "counted": of.figure.word,
        "base": of.figure.base,
        "together": of.game.together,
        "additivity_gap": of.gap,
        "order": of.terms.order,
        "by_method": {name: of.splits[name] or None for name in METHODS},
        "shapley_half_width_95": None if halves is None else halves.by_method["Shapley"],
        "half_width_95": halves,
        "worst_replication_beyond_mean": of.tail,
        "pair_interactions": [
            {"pair": pair, "given_none": none, "given_all_others": others}
            for pair, (none, others) in of.pairs.items()
        ],
        "apart": [
            {
                "scheme": each.name,
                "alone": each.alone,
                "last_in": each.last_in,
                "levels": each.levels,
                "per_tonne_of_product": each.per_tonne,
            }
            for each in of.apart
        ],
    }
    return {name: plain(value) for name, value in told.items()}


def title(of: Attribution) -> str:
    """Return what is split, in a line."""
    spelled, given = of.cube.spelled, of.terms.given
    who = spelled(of.terms.players)
    with_them = f", with {spelled(given)}" if given else ""
    about = f" ({MONEY[of.figure.name]})" if of.figure.name in MONEY else ""
    return f"{of.figure.name}{about}, {of.figure.word} by {who}{with_them}, {of.figure.unit}"


@dataclass(frozen=True)
class Choice:
    """A set of players on the Pareto front."""

    schemes: tuple[str, ...]
    avoided: float
    """t/yr"""
    net_benefit: float
    """A year, in the unit that the plant's money is told in."""


@dataclass(frozen=True)
class Tradeoff:
    """Money against tonnes of one emission, over all sets of the players."""

    tonnes: Attribution  #: Of the emission
    benefit: Attribution  #: Of ``net_benefit``

    @property
    def money(self) -> Economy:
        """What money is told in."""
        assert self.benefit.terms.worth is not None
        return self.benefit.terms.worth.economy

    @cached_property
    def points(self) -> tuple[Choice, ...]:
        """Every set of the players."""
        rows = zip(self.tonnes.game.worth, self.benefit.game.worth, strict=True)
        base = self.tonnes.game.worth[0], self.benefit.game.worth[0]
        players = self.tonnes.game.players
        return tuple(
            Choice(members(players, mask), float(t - base[0]), float(money - base[1]))
            for mask, (t, money) in enumerate(rows)
        )

    @cached_property
    def front(self) -> tuple[Choice, ...]:
        """The sets that no other beats in both, the most tonnes first."""
        points = self.points
        best = pareto_front([p.avoided for p in points], [p.net_benefit for p in points])
        return tuple(points[i] for i in best)

    @cached_property
    def curve(self) -> CostCurve:
        """The marginal abatement cost curve, tonnes and money by Shapley."""
        cost = {name: -share for name, share in shapley(self.benefit.game).items()}
        return cost_curve(shapley(self.tonnes.game), cost)


def tradeoff_in_full(of: Tradeoff) -> dict[str, Any]:
    """Return front and cost curve as JSON can hold them."""
    return {
        "emission": of.tonnes.figure.name,
        "money": of.benefit.figure.unit,
        "front": [
            {
                "schemes": list(choice.schemes),
                "avoided_t": choice.avoided,
                "net_benefit": choice.net_benefit,
            }
            for choice in of.front
        ],
        "cost_curve_by_shapley": {
            kind: [
                {"scheme": m.name, "avoided_t": m.avoided, "cost": m.cost}
                for m in getattr(of.curve, kind)
            ]
            for kind in ("earning", "costing", "useless")
        },
    }


MOST_PAIRS = 1000


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
        sections = [[_clock(self.splits[0].cube)]]
        for each in self.splits:
            sections += [_splits(each), _apart(each), _pairs(each, self.pairs)]
        if self.tradeoff is not None:
            sections += [_front(self.tradeoff), _curve(self.tradeoff)]
        elif self.splits[0].terms.worth is None:
            sections.append(
                [f"no Pareto front: the {self.splits[0].cube.plant.name} has no prices"]
            )
        elif self.splits[0].terms.not_priced:
            unknown = ", ".join(self.splits[0].terms.not_priced)
            sections.append(
                [f"no Pareto front: the source gives no investment of {unknown}; see --invest"]
            )
        sections.append([*_notes(self.splits[0]), *self._unknown()])
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
            told[f"attribution-{name}"] = _share_table(of)
            header = ("one", "other", "given_none", "given_all_others", "unit")
            pairs = [(*pair, *both, of.figure.unit) for pair, both in of.pairs.items()]
            told[f"interactions-{name}"] = Table(header, pairs)
        return told if self.tradeoff is None else {**told, **_tradeoff_tables(self.tradeoff)}

    def pictures(self) -> Mapping[str, Callable[[], Picture]]:
        """Return shares, waterfall and interactions of every figure, front and cost curve."""
        told: dict[str, Draw] = {}
        for of in self.splits:
            word = of.figure.name.replace(" ", "_")
            told[f"shares-{word}"] = partial(_shares, of, self.names)
            if of.figure.base and of.figure.word == AVOIDED:
                told[f"waterfall-{word}"] = partial(_waterfall, of)
            if of.pairs:
                told[f"interactions-{word}"] = partial(_interactions, of)
        if self.tradeoff is not None:
            told["pareto"] = partial(_pareto, self.tradeoff)
            if self.tradeoff.curve.steps:
                told["cost_curve"] = partial(_cost_curve, self.tradeoff)
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
    splits = tuple(attribution(found, name, terms) for name in figures)
    tradeoff = None
    if emission is not None and (against is not None or not terms.not_priced):
        terms.refuse_unpriced("net_benefit")
        tradeoff = Tradeoff(
            attribution(found, emission, terms), attribution(found, "net_benefit", terms)
        )
    return Attributions(base, splits, tradeoff, pairs, scheme_names(base.known, titles))


def _terms(
    base: Variant[Any],
    kept: Cube | None,
    players: Schemes | None,
    given: Schemes,
    order: Schemes | None,
    worth: Worth | None,
) -> Terms:
    """Return what is asked for, checked."""
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
        pieces = order.split(",") if isinstance(order, str) else order
        if not isinstance(pieces, Iterable):
            raise TypeError(f"order: expected ids like 'F5, F1-F4', came {told(order)}")
        sequence = tuple(name for piece in pieces for name in ids_of("order", piece, known))
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
        halves = (of.half_widths and of.half_widths.by_method[method]) or {}
        for who, share in (of.splits[method] or {}).items():
            rows.append((who, method, share, unit, halves.get(who)))
    for each in of.apart:
        rows.append((each.name, "alone, apart", each.alone, unit, None))
        rows.append((each.name, "last-in, apart", each.last_in, unit, None))
    return Table(("scheme", "method", of.figure.word, "unit", "half_width_95"), rows)


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


WIDTH = 100
SHOWN = 12  # sets of a front
UNKNOWN = "?"


def _clock(cube: Cube) -> str:
    origin = cube.origin
    if origin["clock"] != EVENTS:
        return "steady state, a year of constant conditions"
    years = counted(origin["years"], "year")
    times = f", mean of {origin['replications']} replications" if origin["replications"] > 1 else ""
    return f"{years} of events, seed {origin['seed']}{times}, the same breakdowns for every set"


def _splits(of: Attribution) -> list[str]:
    halves = of.half_widths
    spread = halves and halves.by_method["Shapley"]
    rows = [
        [player, *(_share(of.splits[method], player) for method in METHODS)]
        + ([readable(spread[player])] if spread else [])
        for player in of.terms.order
    ]
    sums = [of.splits[method] for method in METHODS]
    rows.append(["sum", *(UNKNOWN if s is None else readable(sum(s.values())) for s in sums)])
    if spread:
        rows[-1].append(readable(halves.together) if halves else "")
    heading = title(of)
    together = f"together {readable(of.game.together)}"
    if of.figure.base:
        share = of.game.together / of.figure.base
        together += f" of {readable(of.figure.base)} ({share:.1%})"
    gap = f"additivity gap, sum of alone less together: {readable(of.gap)}"
    return [
        heading,
        *text_table([of.figure.word, *METHODS] + ["+- 95 %"] * bool(spread), rows),
        f"{together}; {gap}",
        *_tail(of),
    ]


def _tail(of: Attribution) -> list[str]:
    """Return how far years go beyond their mean, in a sentence."""
    tail = of.tail
    if tail is None:
        return []
    told = (
        f"worst of {len(of.replications)} replications beyond the mean of its set: "
        f"more than {_percent(tail.half)} in half of {tail.sets:,} sets, more than "
        f"{_percent(tail.twentieth)} in one of twenty, {_percent(tail.most)} at most "
        f"({of.cube.spelled(tail.where)})"
    )
    return wrap(told, WIDTH, subsequent_indent="  ")


def _percent(share: float) -> str:
    return f"{readable(100.0 * share)}%"


def _share(shares: Mapping[str, float] | None, player: str) -> str:
    return UNKNOWN if shares is None else readable(shares[player])


def _apart(of: Attribution) -> list[str]:
    lines = []
    for each in of.apart:
        lines.append(
            f"{each.name} apart, {of.figure.word}: alone {_known(each.alone)}, "
            f"after all others (last-in) {_known(each.last_in)} {of.figure.unit}"
        )
        if each.per_tonne is not None:
            total = " -> ".join(map(readable, each.levels))
            per = " -> ".join(readable(1000.0 * level) for level in each.per_tonne)
            lines.append(f"  in total {total} {of.figure.unit}; per tonne of product {per} kg/t")
    return lines


def _pairs(of: Attribution, count: int) -> list[str]:
    shown = list(of.pairs.items())[:count]
    if not shown:
        return []
    rows = [
        [" x ".join(pair), readable(none), readable(others), _kind(of.judged, none, others)]
        for pair, (none, others) in shown
    ]
    header = [f"pairs, {of.figure.unit}", "given none", "given all others", ""]
    left = len(of.pairs) - len(shown)
    more = [f"and {left} smaller ones; see --pairs"] if left else []
    return [*text_table(header, rows, left=(0, 3)), *more]


def _kind(judged: bool, none: float, others: float) -> str:
    if none == others == 0.0:
        return ""  # neither changes what the other does
    if none <= 0.0 and others <= 0.0:
        return "overlap" if judged else "below their sum"
    if none >= 0.0 and others >= 0.0:
        return "help each other" if judged else "above their sum"
    return "depends on the others"


def _front(of: Tradeoff) -> list[str]:
    front = of.front
    step = max(1, -(-len(front) // SHOWN))
    shown = [*front[:-1:step], front[-1]]
    rows = [
        [readable(c.avoided), f"{c.net_benefit:,.1f}", of.tonnes.cube.spelled(c.schemes)]
        for c in shown
    ]
    header = ["t/yr avoided", of.benefit.figure.unit, "set"]
    some = f", {len(shown)} of them" if len(shown) < len(front) else ""
    return [
        f"Pareto front of net benefit against {of.tonnes.figure.name} avoided: {len(front)} of "
        f"{len(of.points):,} sets{some}",
        *text_table(header, rows, left=(2,)),
    ]


def _curve(of: Tradeoff) -> list[str]:
    curve = of.curve
    unit, currency = of.money.unit, of.money.currency
    rows = [
        [m.name, readable(m.avoided), f"{-m.cost:,.1f}", "earns: no cost per tonne"]
        for m in curve.earning
    ]
    rows += [
        [m.name, readable(m.avoided), f"{-m.cost:,.1f}", f"{unit * m.per_tonne:,.0f} {currency}/t"]
        for m in curve.costing
    ]
    header = [
        "by Shapley",
        "t/yr avoided",
        f"net benefit, {of.benefit.figure.unit}",
        "cost of a tonne avoided",
    ]
    useless = ", ".join(m.name for m in curve.useless)
    tail = [f"avoid next to nothing of it, or add to it, by Shapley: {useless}"] if useless else []
    note = wrap(f"note: {WHY_RANKING_FAILS}", WIDTH, subsequent_indent="  ")
    heading = f"marginal abatement cost of {of.tonnes.figure.name}, tonnes and money by Shapley"
    return [heading, *text_table(header, rows, left=(0, 3)), *tail, *note]


def _notes(of: Attribution) -> list[str]:
    order = ", ".join(of.terms.order)
    lines = [f"{name}: {meaning}" for name, meaning in METHODS.items()]
    lines[2] += f" ({order})"
    lines += _sureness(of)
    lines.append(f"{UNKNOWN}: not defined, or not known")
    told = [*lines, NOT_IDENTIFIABLE if of.cube.plant.printed_note else NO_MEASUREMENT]
    return [piece for line in told for piece in wrap(line, WIDTH, subsequent_indent="  ")]


def _sureness(of: Attribution) -> list[str]:
    """Return what the interval is of, or why there is none."""
    if of.cube.origin["clock"] != EVENTS:
        return []
    times = len(of.replications)
    if times < 2:
        return ["no interval: one replication has no spread; take cube --simulate --replications 2"]
    line = (
        f"+- 95 %: half of Student's t interval of Shapley values and sum over {times} "
        "replications, each split by itself"
    )
    few = "; from so few it is wide, or narrow by luck" if times < FEW else ""
    return [f"{line}{few}"]


def _known(value: float) -> str:
    return UNKNOWN if isnan(value) else readable(value)


Draw = Callable[[], "Picture"]


def _waterfall(of: Attribution) -> Picture:
    figure, (ax,) = blank(4.8, 1)
    before = of.figure.base - float(of.game.worth[0])
    after = before - of.game.together
    label = f"{of.figure.title}, {_unit(of)}"
    waterfall(before, of.splits["alone"] or {}, after, ax, method="alone", label=label)
    return figure


def _shares(of: Attribution, names: Mapping[str, str]) -> Picture:
    titled = any(len(names[player]) > len(player) for player in of.game.players)
    height = 1.6 + 0.42 * len(of.game.players)
    figure, (ax,) = blank(height, 1, width=11.0 if titled else 8.0)
    halves = of.half_widths
    spread = None if halves is None else halves.by_method["Shapley"]
    dumbbell(of.splits, ax, label=_counted(of), names=names, half_widths=spread)
    return figure


def _interactions(of: Attribution) -> Picture:
    figure, (ax,) = blank(5.6, 1, width=9.0)
    interaction_bars(of.pairs, ax, label=_counted(of), judged=of.judged)
    return figure


def _pareto(of: Tradeoff) -> Picture:
    figure, (ax,) = blank(5.6, 1)
    spelled = of.tonnes.cube.spelled
    points = [(c.avoided, c.net_benefit) for c in of.points]
    front = [(c.avoided, c.net_benefit, spelled(c.schemes)) for c in of.front]
    money = f"net benefit, {_unit(of.benefit)}"
    pareto(points, front, ax, emission=of.tonnes.figure.title, money=money)
    return figure


def _cost_curve(of: Tradeoff) -> Picture:
    figure, (ax,) = blank(6.0, 1)
    emission, of_money = of.tonnes.figure.title, of.money
    abatement_cost(of.curve, ax, emission=emission, currency=of_money.currency, unit=of_money.unit)
    return figure


def _counted(of: Attribution) -> str:
    return f"{of.figure.title} {of.figure.word}, {_unit(of)}"


def _unit(of: Attribution) -> str:
    return raised(of.figure.unit)
