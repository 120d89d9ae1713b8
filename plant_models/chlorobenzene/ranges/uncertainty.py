"""What the ranges of the line, its schemes and its prices do to a programme's money and emissions.

Sampled is exactly what carries a range and can act: parameters of the line that have a part in the
steady state, the sizes of patches, prices and terms. What only acts in time (lives and repairs,
deliveries, tank sizes) keeps its value, for the steady state knows no time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite

from plant_models.chlorobenzene.line.design import baseline, catalogue
from plant_models.chlorobenzene.line.tree import Line, StartUp, Supply
from plant_models.chlorobenzene.model import steady_state
from plant_models.chlorobenzene.money.appraisal import (
    TOTAL,
    Appraisal,
    appraise,
    programme_of,
    together,
)
from plant_models.chlorobenzene.money.economics import margin, upkeep
from plant_models.chlorobenzene.money.prices import Prices, prices
from plant_models.chlorobenzene.paper.printed import TOTAL as PRINTED_TOTAL
from plant_models.chlorobenzene.paper.printed import table_1_2
from plant_models.methods.sensitivity import Point
from sim.model.facts import Design
from sim.model.ranges import quantile, sample_at, sampled_paths
from sim.model.schemes import Patch, Scheme, parse_schemes
from sim.model.tree import get
from sim.network.network import Tank
from sim.network.operation import (
    Collection,
    Delivery,
    FailureMode,
    LevelSwitch,
    LotControl,
    Maintenance,
    Shift,
    Shutdown,
)

ONLY_IN_TIME = (
    FailureMode, Maintenance, Shutdown, Shift, LevelSwitch, LotControl, Delivery, Collection,
    StartUp, Supply, Tank,
)  # fmt: skip
NOT_IN_THE_STEADY_STATE = ("site.repair_crews", "site.weather_step")

PRICE, PATCH = "prices.", " "
"""How names of prices begin, and what stands between a scheme and the path of its patch."""


@dataclass(frozen=True)
class Uncertain:
    """A programme with everything about it that carries a range.

    Parameters
    ----------
    schemes : tuple of str
    design, known, book
        The line, the catalogue, the prices; what has been set by hand stays as set.
    investments : Mapping[str, float]
        By scheme, instead of the source's or where it has none, RMB.
    """

    schemes: tuple[str, ...]
    design: Design[Line]
    known: Mapping[str, Scheme]
    book: Design[Prices]
    investments: Mapping[str, float]

    @classmethod
    def of(cls, schemes: str) -> Uncertain:
        """Return a programme on the baseline."""
        ids = parse_schemes(schemes, catalogue())
        return cls(ids, baseline(), catalogue(), prices(), {})

    @property
    def names(self) -> tuple[str, ...]:
        """Every input that is sampled: path, scheme and path, or price."""
        line = [p for p in sampled_paths(self.design) if acts_in_the_steady_state(self, p)]
        patches = [
            _name(self.known[i], patch)
            for i in self.schemes
            for patch in _ranged(self.known[i])
            if acts_in_the_steady_state(self, patch.path)
        ]
        return (*line, *patches, *(f"{PRICE}{path}" for path in sampled_paths(self.book)))

    @property
    def kept(self) -> tuple[str, ...]:
        """What carries a range and keeps its value, for the steady state does not know it."""
        names = set(self.names)
        ranged = (_name(self.known[i], p) for i in self.schemes for p in _ranged(self.known[i]))
        return tuple(each for each in (*sampled_paths(self.design), *ranged) if each not in names)

    def at(self, point: Point) -> Uncertain:
        """Return the programme with inputs at shares of their ranges, the rest as it is."""
        prices_at = {n.removeprefix(PRICE): u for n, u in point.items() if n.startswith(PRICE)}
        patches = {n: u for n, u in point.items() if PATCH in n}
        line = {n: u for n, u in point.items() if PATCH not in n and not n.startswith(PRICE)}
        return replace(
            self,
            design=replace(self.design, tree=sample_at(self.design, line)),
            known={**self.known, **{i: _moved(self.known[i], patches) for i in self.schemes}},
            book=replace(self.book, tree=sample_at(self.book, prices_at)),
        )


def acts_in_the_steady_state(of: Uncertain, path: str) -> bool:
    """Return whether a parameter has a part in constant conditions."""
    if path in NOT_IN_THE_STEADY_STATE:
        return False
    names = path.split(".")
    tree = of.design.tree
    if not getattr(getattr(tree, names[0]), "installed", True):
        return names[0] == "drain_separator"  # F6 builds it; devices no scheme of ours builds
    parts = [get(tree, ".".join(names[:depth])) for depth in range(1, len(names))]
    return not any(isinstance(part, ONLY_IN_TIME) for part in parts)


@dataclass(frozen=True)
class Outcome:
    """What a programme comes to at one point.

    Parameters
    ----------
    steps : tuple of Appraisal
        In the plant's order; the last is all of them together.
    changes : Mapping[str, float]
        Indicators after less before.
    before : Mapping[str, float]
        Indicators before the programme.
    """

    steps: tuple[Appraisal, ...]
    changes: Mapping[str, float]
    before: Mapping[str, float]

    @property
    def total(self) -> Appraisal:
        """The programme as one investment."""
        return self.steps[-1]

    def step(self, name: str) -> Appraisal | None:
        """Return a step by name, if it is in the programme."""
        return next((each for each in self.steps if each.name == name), None)


def outcome(of: Uncertain) -> Outcome:
    """Return what a programme comes to, step by step, at the values that it has."""
    steps = programme_of(of.schemes)
    reached: tuple[str, ...] = ()
    states = [steady_state(reached, design=of.design, known=of.known).indicators]
    for schemes in steps.values():
        reached = (*reached, *schemes)
        states.append(steady_state(reached, design=of.design, known=of.known).indicators)
    appraised = appraise(steps, states, of.book.tree, investments=of.investments)
    changes = {name: states[-1][name] - states[0][name] for name in states[0]}
    return Outcome((*appraised, together(TOTAL, appraised)), changes, dict(states[0]))


NET = "net_income"
"""The target in RMB a year; every other target is an indicator of which the change counts."""


def target_value(of: Uncertain, target: str) -> float:
    """Return one figure of a programme as a whole, from the states before and after it only."""
    before, after = (
        steady_state(schemes, design=of.design, known=of.known).indicators
        for schemes in ((), of.schemes)
    )
    if target != NET:
        return after[target] - before[target]
    book = of.book.tree
    return margin(after, book) - margin(before, book) - upkeep(of.schemes, book)


Claim = Callable[[Outcome], bool | None]


def _net(name: str, positive: bool) -> Claim:
    def claim(of: Outcome) -> bool | None:
        step = of.step(name)
        if step is None or step.present_value is None:
            return None
        return (step.present_value > 0.0) is positive

    return claim


def _falls(indicator: str, share: float) -> Claim:
    return lambda of: of.changes[indicator] < -share * of.before[indicator]


def _pays_within(years: float) -> Claim:
    def claim(of: Outcome) -> bool | None:
        total = of.total
        if total.investment is None:
            return None
        return total.payback is not None and total.payback <= years

    return claim


def _survives(share: float) -> Claim:
    return lambda of: of.total.net > share * table_1_2()[PRINTED_TOTAL].net


def _most_valuable(name: str) -> Claim:
    def claim(of: Outcome) -> bool | None:
        values = {step.name: step.present_value for step in of.steps[:-1] if step.investment}
        known = {n: value for n, value in values.items() if value is not None}
        return None if name not in known else max(known, key=lambda n: known[n]) == name

    return claim


CLAIMS: Mapping[str, Claim] = {
    "the programme is worth its money (NPV > 0)": _net(TOTAL, True),
    "it pays back within a year": _pays_within(1.0),
    "half of the printed net income survives": _survives(0.5),
    "all of the printed net income survives": _survives(1.0),
    "F8 alone does not pay (NPV < 0)": _net("F8", False),
    "of the paid schemes, F11 is worth the most": _most_valuable("F11"),
    "benzene to air falls": _falls("air.benzene_t", 0.0),
    "benzene to air falls by half": _falls("air.benzene_t", 0.5),
    "chlorobenzene to air falls by half": _falls("air.chlorobenzene_t", 0.5),
    "wastewater falls by half": _falls("wastewater_t", 0.5),
    "hydrogen chloride to water falls by half": _falls("wastewater.hydrogen_chloride_t", 0.5),
    "fresh cooling water falls by nine tenths": _falls("cooling_water_intake_t", 0.9),
    "steam falls": _falls("steam_t", 0.0),
}
"""Conclusions that the source or the base values suggest; each holds at a point or does not."""


def shares_of_truth(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Return in which share of the points each claim holds; of those that say anything."""
    held: dict[str, float] = {}
    for name, claim in CLAIMS.items():
        said = [answer for of in outcomes if (answer := claim(of)) is not None]
        if said:
            held[name] = sum(said) / len(said)
    return held


def probability_positive(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Return for each step in which share of the points its net present value is positive."""
    names = [step.name for step in outcomes[0].steps]
    found = {}
    for i, name in enumerate(names):
        values = [v for of in outcomes if (v := of.steps[i].present_value) is not None]
        if values and all(map(isfinite, values)):
            found[name] = sum(value > 0.0 for value in values) / len(values)
    return found


def _ranged(scheme: Scheme) -> tuple[Patch, ...]:
    return tuple(p for p in scheme.patches if p.low is not None and p.high is not None)


def _name(scheme: Scheme, patch: Patch) -> str:
    return f"{scheme.id}{PATCH}{patch.path}"


def _moved(scheme: Scheme, shares: Mapping[str, float]) -> Scheme:
    patches = []
    for patch in scheme.patches:
        u = shares.get(_name(scheme, patch))
        if u is not None and patch.low is not None and patch.high is not None:
            whole = isinstance(patch.value, int)
            patch = replace(patch, value=quantile(patch.low, patch.high, u, whole=whole))
        patches.append(patch)
    return replace(scheme, patches=tuple(patches))
