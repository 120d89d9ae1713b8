"""Which indicator each parameter moves most, and by how much: no parameter is dead.

A parameter goes from the lower to the upper end of its range, everything else fixed and under the
same random numbers, in the first context of `contexts_of_parameters` in which something moves; in a
run with events half the way is enough, either half.
Prices are moved in the appraisal of the whole programme.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from math import isinf

from plant_models import chlorobenzene as cb
from plant_models.chlorobenzene.line.operation import EVENT_SOURCES
from plant_models.chlorobenzene.money.economy import ECONOMY
from plant_models.chlorobenzene.money.prices import Prices, prices
from plant_models.chlorobenzene.paper.printed import PROGRAMME
from plant_models.methods.appraisal import appraise, together
from plant_models.methods.economics import reached
from sim.errors import Gridlock
from sim.model.facts import Design, Fact, set_values
from sim.model.parameters import Quantity, Value
from sim.model.tree import declared, get, rebuild
from tests.plant_models.chlorobenzene.contexts_of_parameters import (
    SCHEME_CONTEXTS,
    Context,
    contexts_of,
    owner,
)

# Relative. A run is the same bit by bit, so what a dead parameter moves is exactly nothing; how
# much one moves is known to some 5e-5, the tolerance of recipes at rest.
MOVES = 1e-5
NOTHING = 1e-6  # t/yr or h/yr; smaller figures are none
STEP = 0.3  # relative, of a number that carries no range
UNLIMITED = (1000.0, 10.0, 0.1)  # kg/h, in place of no limit
REFUSED, STANDS = "refused", "gridlock"
"""In place of an indicator: the line refuses a value, or stands still for good."""

Figures = Mapping[str, float]


@dataclass(frozen=True)
class Effect:
    """What a parameter or a scheme moves.

    Parameters
    ----------
    name : str
        Path, ``prices.NAME``, or the id of a scheme.
    low, high : Value
        Between what it was moved; for a scheme without and with it.
    unit : str
    indicator : str
        What it moves most, relative to the larger of both; empty when it moves nothing.
    before, after : float
        The indicator at both ends.
    context : str
        In which state of the line.
    """

    name: str
    low: Value
    high: Value
    unit: str
    indicator: str
    before: float
    after: float
    context: str

    @property
    def relative(self) -> float:
        """Change relative to the larger of both figures; 1 where the line refuses or stands."""
        if self.indicator in (REFUSED, STANDS):
            return 1.0
        return _relative(self.before, self.after)

    @property
    def moves(self) -> bool:
        """Whether anything moves."""
        return self.relative > MOVES


class Effects:
    """Computes effects, each run once.

    Parameters
    ----------
    design : Design, optional
        The baseline by default.
    """

    def __init__(self, design: Design[cb.Line] | None = None) -> None:
        self.design = design or cb.BASELINE
        self._runs: dict[tuple[object, ...], Figures] = {}
        """By context and changes: many parameters share a run at the baseline's values."""

    def of_parameter(self, path: str, contexts: Iterable[Context] | None = None) -> Effect:
        """Return what a parameter moves in the first context in which it moves something."""
        best: Effect | None = None
        for context in contexts_of(path) if contexts is None else contexts:
            for low, high in _ends(self.design, path, context):
                effect = self._between(path, low, high, context)
                if effect.moves:
                    return effect
                best = effect if best is None or effect.relative > best.relative else best
        if best is None:
            raise ValueError(f"{path}: nothing to move it between")
        return best

    def of_scheme(self, scheme: str) -> Effect:
        """Return what a scheme moves alone."""
        effect = None
        for context in SCHEME_CONTEXTS:
            without, with_it = (
                self._figures(replace(context, schemes=schemes), {}, "site")
                for schemes in ("none", scheme)
            )
            effect = _effect(scheme, "without", "with", "", without, with_it, context.name)
            if effect.moves:
                break
        assert effect is not None  # there is a context
        return effect

    def _between(self, path: str, low: Value, high: Value, context: Context) -> Effect:
        unit = declared(self.design.tree, path).unit
        try:
            before, after = (self._figures(context, {path: value}, path) for value in (low, high))
        except ValueError as fault:
            return Effect(path, low, high, unit, REFUSED, 0.0, 0.0, str(fault).split("\n")[-1])
        except Gridlock:
            return Effect(path, low, high, unit, STANDS, 0.0, 0.0, context.name)
        return _effect(path, low, high, unit, before, after, context.name)

    def _figures(self, context: Context, changes: Mapping[str, Value], path: str) -> Figures:
        settings = [text.format(unit=owner(path)) for text in context.settings]
        design = set_values(self.design, settings) if settings else self.design
        changed = {
            name: value for name, value in changes.items() if get(design.tree, name) != value
        }
        key = (replace(context, settings=tuple(settings)), *changed.items())
        if key not in self._runs:
            tree = rebuild(design.tree, changed) if changed else design.tree
            self._runs[key] = _run(context, replace(design, tree=tree))
        return self._runs[key]


def _run(context: Context, design: Design[cb.Line]) -> Figures:
    if context.years is None:
        found = cb.steady_state(context.schemes, design=design).indicators
    else:
        found = cb.simulate(
            context.schemes,
            years=context.years,
            start_hour=context.start_hour,
            without=[name for name in EVENT_SOURCES if name not in context.sources],
            design=design,
        ).indicators
    return {name: value for name, value in found.items() if name != "closure"}


def _ends(design: Design[cb.Line], path: str, context: Context) -> Iterator[tuple[Value, Value]]:
    """Yield the pairs of values between which to move a parameter in a context."""
    what, value = declared(design.tree, path), get(design.tree, path)
    fact = design.facts.get(path)
    if fact is not None and fact.low is not None and fact.high is not None:
        if context.around is not None:
            by = context.around / float(value)
            yield fact.low * by, fact.high * by
        elif context.years is None:
            yield fact.low, fact.high
        else:  # one run as it stands serves all parameters of a context
            yield value, fact.high
            yield fact.low, value
        return
    for other in _others(what, value):
        yield value, other


def _others(what: Quantity, value: Value) -> Iterator[Value]:
    """Yield other values of a parameter that carries no range."""
    if what.kind is bool:
        yield not value
    elif isinstance(value, str):
        yield from (choice for choice in what.choices or () if choice != value)
    elif what.kind is int:
        yield int(value) + 1
    elif isinf(value):
        yield from UNLIMITED
    elif value == 0.0:
        yield 0.5 if what.maximum is None else 0.5 * what.maximum
    else:
        more = value * (1.0 + STEP)
        yield more if what.maximum is None or more <= what.maximum else value * (1.0 - STEP)


def price_effects() -> Iterator[Effect]:
    """Yield what each price and term moves in the appraisal of F1 to F11.

    The product is next to its grade, so that some of it is below: else its discount moves nothing.
    """
    own = prices()
    steps = ECONOMY.steps(PROGRAMME)
    near = cb.own_design(None, {"laboratory.grade": 0.9988})
    states = [cb.steady_state(ids, design=near).indicators for ids in reached(steps.values())]
    for item in fields(Prices):
        low, high = _range(own.facts[item.name])
        before, after = (
            _appraised(rebuild(own.tree, {item.name: value}), states) for value in (low, high)
        )
        unit = declared(own.tree, item.name).unit
        yield _effect(f"prices.{item.name}", low, high, unit, before, after, "appraisal of F1-F11")


def _range(fact: Fact) -> tuple[Value, Value]:
    if fact.low is None or fact.high is None:
        raise ValueError(f"a price without a range: {fact}")
    whole = isinstance(fact.value, int)
    return (int(fact.low), int(fact.high)) if whole else (fact.low, fact.high)


def _appraised(at: Prices, states: Iterable[Figures]) -> Figures:
    steps = appraise(ECONOMY, ECONOMY.steps(PROGRAMME), tuple(states), at)
    total = together("Total", steps)
    found: dict[str, float] = {}
    for step in (*steps, total):
        found[f"income of {step.name}"] = step.income
        found[f"operating cost of {step.name}"] = step.operating_cost
    found["present value of the programme"] = total.present_value or 0.0
    return found


def _effect(
    name: str, low: Value, high: Value, unit: str, one: Figures, other: Figures, context: str
) -> Effect:
    most = max(one, key=lambda figure: _relative(one[figure], other[figure]))
    return Effect(name, low, high, unit, most, one[most], other[most], context)


def _relative(before: float, after: float) -> float:
    size = max(abs(before), abs(after))
    return abs(after - before) / size if size > NOTHING else 0.0
