"""Several designs under the same draws: what each differs in from the first, and how sure it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import isclose, isnan
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from experiments.bounds import MOST_REPLICATIONS, MOST_UNTIL
from experiments.output.answer import Answer, Table, plain
from experiments.output.provenance import provenance
from experiments.runner.horizon import Horizon
from experiments.runner.replicates import Enough, Replicated, replicated
from experiments.studies import Known, Own, Plant, Worth, plant_of
from experiments.studies.run import (
    LONGEST_NAME,
    flow_table,
    footnotes,
    heading,
    how_few,
    unit_of,
    with_width,
)
from plant_models.arguments import count, flag, number, words
from plant_models.chlorobenzene.model import PLANT
from plant_models.methods.economics import MARGIN, TOTAL
from plant_models.model import PlantModel, Variant, told_apart
from sim.books.indicators import Indicators
from sim.errors import Named
from sim.statistics.comparisons import FLOOR, Estimate, estimate, holm, precise
from sim.tables import WIDTH, counted, readable, text_tables

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from plant_models.chlorobenzene.figures.differences import Change


UNJUDGED = "closure"  # rounding, of which nobody wants to know whether it differs


@dataclass(frozen=True)
class Rules:
    """How differences are judged.

    ``names`` are the indicators that are asked about, none for all; ``headlines`` decide when to
    stop if none is; ``until`` is the relative error at which to stop.
    """

    names: tuple[str, ...] = ()
    headlines: tuple[str, ...] = ()
    until: float | None = None

    @property
    def watched(self) -> tuple[str, ...]:
        """The indicators that decide when to stop."""
        return self.names or self.headlines

    def asks(self, name: str) -> bool:
        """Whether an indicator is asked about."""
        return name in self.names if self.names else name != UNJUDGED


@dataclass(frozen=True)
class Judgement:
    """One design against the first."""

    before: Replicated
    after: Replicated
    differences: Mapping[str, Estimate]  #: After minus before, of every indicator
    adjusted: Mapping[str, float]
    """Holm's p-value of what is asked about, over all designs; none of one replication."""

    @cached_property
    def printed(self) -> Mapping[str, float]:
        """What the source prints for these two, less a year in the unit of the indicator."""
        plant, after = self.before.variant.plant, self.after.schemes
        less = plant.printed_reductions(self.before.schemes, after)
        if not less or MARGIN not in self.before.units:
            return less
        economy = plant.economy
        total = economy.printed_of(economy.steps(after)).get(TOTAL)
        return less if total is None else {**less, MARGIN: -total.net / economy.unit}


def judge(before: Replicated, others: Sequence[Replicated], rules: Rules) -> list[Judgement]:
    """Return each design against the first, with all that is asked corrected together."""
    found: list[Named[str, Estimate]] = [
        Named(
            ((x, _difference(x, before.indicators, each.indicators)) for x in before.units),
            "indicator",
        )
        for each in others
    ]
    asked = [
        (number, name, of.p)
        for number, differences in enumerate(found)
        for name, of in differences.items()
        if rules.asks(name) and not isnan(of.p)
    ]
    adjusted: list[dict[str, float]] = [Named((), "indicator asked about") for _ in others]
    for (which, name, _), p in zip(asked, holm([p for *_, p in asked]), strict=True):
        adjusted[which][name] = p
    return [
        Judgement(before, after, differences, p)
        for after, differences, p in zip(others, found, adjusted, strict=True)
    ]


def valued(row: Indicators, of: Variant[Any], worth: Worth | None) -> Indicators:
    """Return the figures of a run with what it earns: sales less purchases and upkeep, a year.

    So the change of it against the plant without schemes is the net income of `money`.
    """
    if worth is None:
        return row
    economy = worth.economy
    earned = economy.earned(row, of.schemes, worth.prices)
    unit = f"{economy.unit_word}/yr"
    return Indicators({**row, MARGIN: earned / economy.unit}, {**row.units, MARGIN: unit})


def stop_when(rules: Rules, floor: int) -> Enough | None:
    """Return the rule that stops the replications, if there is one.

    Law's sequential procedure, with a floor of ten replications or as many as were asked for.
    """
    if rules.until is None:
        return None
    relative = rules.until

    def enough(so_far: Sequence[Sequence[Indicators]]) -> bool:
        before, *others = so_far
        return len(before) >= floor and all(
            precise(_difference(name, before, after).interval, relative)
            for after in others
            for name in rules.watched
        )

    return enough


ROUNDING = 1e-12  # relative


def gained(before: float, after: float, rounding: float = ROUNDING) -> float:
    """Return how much more it is than before; what is rounding of the two is nothing.

    >>> gained(2.0, 2.5), gained(47.48, 47.48 - 7e-9, rounding=1e-7)
    (0.5, 0.0)
    """
    return 0.0 if isclose(before, after, rel_tol=rounding) else after - before


def _difference(name: str, before: Sequence[Indicators], after: Sequence[Indicators]) -> Estimate:
    """Return the difference of an indicator, run by run."""
    pairs = zip(before, after, strict=True)
    return estimate([gained(a[name], b[name]) for a, b in pairs])


def _changes(of: Judgement) -> list[Change]:
    """Return how far product, losses and needs of a plant move, as parts of what they were."""
    from plant_models.chlorobenzene.figures.differences import Change

    plant = of.before.variant.plant
    names = dict.fromkeys(
        (plant.product, MARGIN, *plant.emissions, *plant.utilities, *plant.bought)
    )
    found = []
    for name in names:
        if name not in of.differences:
            continue
        was, interval = of.before.means[name].mean, of.differences[name].interval
        half = interval.half_width if interval.n > 1 else None
        if was:
            part = None if half is None else half / abs(was)
            found.append(Change(name, interval.mean / abs(was), part))
        elif interval.mean:
            now = (
                f"was 0, is {readable(of.after.means[name].mean)} {unit_of(of.before.units[name])}"
            )
            found.append(Change(name, interval.mean, half, now))
    return found


EARNED = """\
margin: sales less purchases and the upkeep of schemes, without wages, capital and changes of
stock; its change is the net income of money, which has it step by step and with payback"""


@dataclass(frozen=True, repr=False)
class Comparison(Answer):
    """Designs under the same draws: paired differences from the first."""

    rules: Rules
    designs: tuple[Replicated, ...]  #: The first is what the others are compared with
    asked: Mapping[str, Any]  #: What was asked for, for the provenance
    judgements: tuple[Judgement, ...]

    @property
    def before(self) -> Replicated:
        """The design that the others are compared with."""
        return self.designs[0]

    @property
    def differences(self) -> Mapping[str, Estimate]:
        """Second design minus first, of every indicator, in its unit."""
        return self.judgements[0].differences

    def report(self) -> str:
        """Return means as columns, differences with intervals, and what it takes to read them."""
        before = self.judgements[0].before
        designs = [before, *(each.after for each in self.judgements)]
        subject = "Schemes " + ", then ".join(each.name for each in designs)
        pair = len(self.judgements) == 1
        lines = [*_within(heading(subject, before.variant, before.horizon)), ""]
        lines += (
            _pair(self.judgements[0], self.rules)
            if pair
            else _side_by_side(self.judgements, self.rules)
        )
        lines += ["", *footnotes(before.units)]
        nothing = sum(map(self.rules.asks, before.units)) - len(_shown(self.judgements, self.rules))
        if nothing:
            lines.append(f"{counted(nothing, 'more is', 'more are')} 0 throughout")
        lines += _within("bottleneck: " + ", then ".join(each.bottleneck for each in designs))
        closure = max(each.closure for each in designs)
        lines.append(f"worst closure of a balance: {closure:.1e} kg/kg")
        lines += _how_sure(self.judgements, self.rules)
        if any(each.printed for each in self.judgements):
            plant = before.variant.plant
            lines.append(plant.printed_note)
            if any(MARGIN in each.printed for each in self.judgements) and self.rules.asks(MARGIN):
                lines.append(f"paper, margin: {plant.economy.printed_note}")
        if self.rules.asks(MARGIN) and MARGIN in before.units:
            lines.append(EARNED)
        return "\n".join(lines)

    def tables(self) -> Mapping[str, Table]:
        """Return the indicators with their differences, and the flows."""
        header = ("design", "indicator", "unit", "before", "after", "difference", "low", "high",
                  "p_holm", "paper_says")  # fmt: skip
        rows = [
            (
                each.after.name,
                name,
                self.before.units[name],
                self.before.means[name].mean,
                each.after.means[name].mean,
                of.interval.mean,
                *of.interval.ends,
                each.adjusted.get(name),
                -each.printed[name] if name in each.printed else None,
            )
            for each in self.judgements
            for name, of in each.differences.items()
        ]
        return {"indicators": Table(header, rows), "flows": flow_table(self.designs)}

    def pictures(self) -> Mapping[str, Callable[[], Figure]]:
        """Return what differs, then the designs below each other on the same scales."""
        from experiments.studies.run import of_designs

        return {"differences": self._differences, **of_designs(self.designs)}

    def _differences(self) -> Figure:
        from plant_models.chlorobenzene.figures import differences as drawn
        from plant_models.chlorobenzene.figures.style import blank

        tables = [_changes(each) for each in self.judgements]
        figure, axes = blank(sum(drawn.height(len(table)) for table in tables), len(tables))
        for ax, each, table in zip(axes, self.judgements, tables, strict=True):
            drawn.differences(table, ax)
            ax.set_title(f"{each.after.name} against {each.before.name}: what changes")
        drawn.on_one_scale(axes)
        return figure

    def as_json(self) -> dict[str, Any]:
        """Return designs and differences; ``differences`` are those of the second design."""
        comparisons = [
            {
                "before": self.before.name,
                "after": each.after.name,
                "differences": _differences(each),
            }
            for each in self.judgements
        ]
        return {
            "designs": [
                {
                    "name": each.name,
                    "schemes": list(each.schemes),
                    "indicators": {name: of.mean for name, of in each.means.items()},
                }
                for each in self.designs
            ],
            "differences": comparisons[0]["differences"],
            "comparisons": comparisons,
            "paper_says": {name: -t for of in self.judgements for name, t in of.printed.items()},
            "units": dict(self.before.units),
            "provenance": provenance(
                "compare",
                *(each.variant for each in self.designs),
                horizon=self.before.horizon,
                asked=self.asked,
            ),
        }


def compare(
    *designs: Any,
    replications: int = 1,
    years: float = 1.0,
    seed: int = 1,
    start: str = "01-01",
    until: float | None = None,
    at_most: int | None = None,
    indicators: Sequence[str] = (),
    prices: Any = None,
    record: bool = False,
    workers: int | None = 1,
    plant: Plant = PLANT,
    design: Own = None,
    known: Known = None,
) -> Comparison:
    """Simulate designs under the same draws, and compare each with the first.

    Parameters
    ----------
    *designs : scheme set, tree, Design or Variant
        Two or more; ``compare("none", "F1-F4", "F1-F11")``.
    replications : int
        Runs of each design; with ``until``, at least so many and at least ten.
    years, seed, start
        Length of a run, its draws, its first day; see `Horizon`.
    until : float, optional
        Go on until the differences that are asked about (or the plant's headlines) are known to
        this relative error.
    at_most : int, optional
        Replications at which ``until`` gives up, 100 by default.
    indicators : sequence of str
        What is asked about, and corrected together by Holm's method; all by default. ``margin``
        is among them where the plant has prices.
    prices : Design or prices, optional
        Another set of prices, as of `money`.
    record, workers, plant, design, known
        See `run`.

    Examples
    --------
    >>> found = compare("none", "F1", years=0.02)  # doctest: +SKIP
    >>> found.differences["air.benzene_t"].interval.mean  # doctest: +SKIP
    """
    plant = plant_of(plant)
    if len(designs) < 2:
        several = designs and isinstance(designs[0], list | tuple)
        hint = "; a list is one set of schemes, write compare('none', 'F1')" if several else ""
        raise TypeError(f"compare: expected two designs or more, came {len(designs)}{hint}")
    horizon = Horizon(years, seed, replications, start)
    variants = told_apart(plant.variants(designs, design=design, known=known))
    worth = Worth.of(plant, prices)
    rules = Rules(
        words("indicators", indicators, figures_of(plant)),
        plant.headlines,
        None if until is None else number("until", until, 0.001, 1.0),
    )
    floor = max(FLOOR, horizon.replications)
    if at_most is not None and until is None:
        raise ValueError("at_most: goes with until, which is not given")
    most = max(MOST_UNTIL, floor) if at_most is None else at_most
    if until is not None:
        count("at_most", most, floor, MOST_REPLICATIONS)
        horizon = Horizon(years, seed, most, start)
    found = replicated(
        variants,
        horizon,
        record=flag("record", record),
        workers=workers,
        enough=_enough(stop_when(rules, floor), variants, worth),
    )
    earning = [
        replace(each, indicators=tuple(valued(row, each.variant, worth) for row in each.indicators))
        for each in found
    ]
    asked = {
        "until": rules.until,
        "at_most": most if until is not None else None,
        "indicators": list(rules.names),
        "prices": {} if worth is None else worth.asked["prices"],
    }
    judged = judge(earning[0], earning[1:], rules)
    return Comparison(rules, tuple(earning), asked, tuple(judged))


def figures_of(plant: PlantModel[Any, Any]) -> tuple[str, ...]:
    """Return what designs of a plant may be compared by."""
    return (*plant.units, *([] if Worth.of(plant) is None else [MARGIN]))


def _enough(
    rule: Enough | None, variants: Sequence[Variant[Any]], worth: Worth | None
) -> Enough | None:
    """Return a rule that is asked of figures with what they earn."""
    if rule is None:
        return None
    return lambda so_far: rule(
        [
            [valued(row, of, worth) for row in rows]
            for rows, of in zip(so_far, variants, strict=True)
        ]
    )


def _differences(of: Judgement) -> dict[str, Any]:
    return {
        name: {
            **plain(each.interval),
            "p": plain(each.p),
            "p_holm": of.adjusted.get(name),
        }
        for name, each in of.differences.items()
    }


def _shown(judgements: Sequence[Judgement], rules: Rules) -> list[str]:
    """Return what is asked about; where that is everything, what is there in some design."""
    before = judgements[0].before
    runs = [run for of in (before, *(each.after for each in judgements)) for run in of.indicators]
    asked = [name for name in before.units if rules.asks(name)]
    return [name for name in asked if rules.names or any(run[name] for run in runs)]


SMALLEST_P = 0.001
SURE = 0.05  # Holm's p below which a difference is marked


def _pair(of: Judgement, rules: Rules) -> list[str]:
    several = of.before.horizon.replications > 1
    header = ["indicator", "unit", *_names([of.before, of.after]), "difference"]
    header += ["+- 95 %", "p"] * several + ["paper says"] * bool(of.printed)
    rows = []
    for name in _shown([of], rules):
        difference = of.differences[name]
        row = _label(of.before, name)
        row += [_mean(of.before, name), _mean(of.after, name)]
        row.append(readable(difference.interval.mean))
        if several:
            row += [readable(difference.interval.half_width), _p(of.adjusted[name])]
        if of.printed:
            row.append(_printed(of, name))
        rows.append(row)
    return text_tables(header, rows, left=(0, 1), keep=2)


def _side_by_side(judgements: Sequence[Judgement], rules: Rules) -> list[str]:
    """Return the means of all designs, then their differences from the first."""
    before = judgements[0].before
    designs = [before, *(each.after for each in judgements)]
    asked = _shown(judgements, rules)
    names = _names(designs)
    means = [[*_label(before, name), *(_mean(each, name) for each in designs)] for name in asked]
    told = next((each for each in judgements if each.printed), None)
    header = [f"less {names[0]}", "unit", *names[1:]] + ["paper says"] * (told is not None)
    rows = [
        [
            *_label(before, name),
            *(_difference_with_mark(each, name) for each in judgements),
            *([] if told is None else [_printed(told, name)]),
        ]
        for name in asked
    ]
    return [
        *text_tables(["indicator", "unit", *names], means, left=(0, 1), keep=2),
        "",
        *text_tables(header, rows, left=(0, 1), keep=2),
    ]


def _within(told: str) -> list[str]:
    """Return a sentence as lines of a page."""
    return wrap(told, WIDTH, subsequent_indent="  ", break_on_hyphens=False)


def _label(of: Replicated, name: str) -> list[str]:
    """Return a figure and its unit; money is told with its figure, for want of room."""
    unit = unit_of(of.units[name])
    return [f"{name}, {unit}", ""] if name == MARGIN else [name, unit]


def _names(designs: Sequence[Replicated]) -> list[str]:
    """Return what columns are called: long names by letters, which the heading spells out."""
    names = [each.name for each in designs]
    if max(map(len, names)) <= LONGEST_NAME:
        return names
    if len(names) == 2:
        return ["before", "after"]
    return [name if len(name) <= LONGEST_NAME else f"design {n}" for n, name in enumerate(names, 1)]


def _difference_with_mark(of: Judgement, name: str) -> str:
    found = of.differences[name].interval
    if found.n == 1:
        return with_width(found)
    return f"{with_width(found)}{'*' if of.adjusted[name] < SURE else ' '}"


def _printed(of: Judgement, name: str) -> str:
    return readable(-of.printed[name]) if name in of.printed else ""


def _how_sure(judgements: Sequence[Judgement], rules: Rules) -> Iterator[str]:
    replications = judgements[0].before.horizon.replications
    yield from how_few(replications)
    if replications == 1:
        return
    asked = sum(len(each.adjusted) for each in judgements)
    yield (
        f"p: chance of a difference at least so large if there were none, corrected by Holm for "
        f"{asked} asked\ntogether; +- 95 % is of each difference alone"
    )
    if len(judgements) > 1:
        yield f"*: p below {SURE:g}"
    if rules.until is not None:
        yield from _stopped(judgements, rules, rules.until, replications)


def _stopped(
    judgements: Sequence[Judgement], rules: Rules, until: float, replications: int
) -> Iterator[str]:
    open_ones = [
        f"{each.after.name}: {name}"
        for each in judgements
        for name in rules.watched
        if not precise(each.differences[name].interval, until)
    ]
    watched = ", ".join(rules.watched)
    if open_ones:
        yield (
            f"stopped at the most of {replications} replications; not yet known to "
            f"{100.0 * until:g} %: " + "; ".join(open_ones)
        )
    else:
        yield (
            f"stopped after {replications} replications: {watched} known to {100.0 * until:g} %; "
            "an interval that\nstops the runs itself covers a little less than 95 % (93 % at worst)"
        )


def _mean(of: Replicated, name: str) -> str:
    return readable(of.means[name].mean)


def _p(value: float) -> str:
    return "<1e-3" if value < SMALLEST_P else f"{value:.3f}"  # as wide as any other
