"""What several designs differ in from the first, how sure that is, and when it is sure enough."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isnan

from experiments.door.inputs import Case
from experiments.runner.replicates import Enough
from experiments.runner.studies import Study
from plant_models.chlorobenzene.paper.printed import table_1_3
from sim.books.indicators import Indicators
from sim.statistics.comparisons import FLOOR, Estimate, estimate, holm, precise

PROGRAMME = tuple(f"F{n}" for n in range(1, 12))
"""The schemes that Table 1-3 adds up; F12 has no figures in the source."""


def annual_reductions() -> Mapping[str, float]:
    """Return the eight reductions of Table 1-3 by the name of the indicator, t/yr."""
    return table_1_3()


UNJUDGED = "closure"  # rounding, of which nobody wants to know whether it differs
HEADLINES = ("air.benzene_t", "wastewater_t")
"""What ``--until`` looks at, if nobody says."""


@dataclass(frozen=True)
class Rules:
    """How differences are judged.

    Parameters
    ----------
    names : tuple of str
        The indicators that are asked about; none for all.
    until : float, optional
        Relative error at which to stop.
    """

    names: tuple[str, ...] = ()
    until: float | None = None

    @property
    def watched(self) -> tuple[str, ...]:
        """The indicators that decide when to stop."""
        return self.names or HEADLINES

    def asks(self, name: str) -> bool:
        """Whether an indicator is asked about."""
        return name in self.names if self.names else name != UNJUDGED


@dataclass(frozen=True)
class Judgement:
    """One design against the first.

    Parameters
    ----------
    before, after : Study
    differences : Mapping[str, Estimate]
        After minus before, of every indicator.
    adjusted : Mapping[str, float]
        Holm's p-value of what is asked about, over all designs; none of one replication.
    """

    before: Study
    after: Study
    differences: Mapping[str, Estimate]
    adjusted: Mapping[str, float]

    @property
    def paper(self) -> Mapping[str, float]:
        """What the source prints for these two, t/yr less."""
        both = (self.before.schemes, self.after.schemes)
        return annual_reductions() if both == ((), PROGRAMME) else {}


def judge(before: Study, others: Sequence[Study], rules: Rules) -> list[Judgement]:
    """Return each design against the first, with all that is asked corrected together."""
    found = [_differences(before.indicators, each.indicators) for each in others]
    asked = [
        (number, name, of.p)
        for number, differences in enumerate(found)
        for name, of in differences.items()
        if rules.asks(name) and not isnan(of.p)
    ]
    adjusted: list[dict[str, float]] = [{} for _ in others]
    for (number, name, _), p in zip(asked, holm([p for *_, p in asked]), strict=True):
        adjusted[number][name] = p
    return [
        Judgement(before, after, differences, p)
        for after, differences, p in zip(others, found, adjusted, strict=True)
    ]


def stop_when(case: Case, rules: Rules) -> Enough | None:
    """Return the rule that stops the replications, if there is one.

    Law's sequential procedure, with a floor of ten replications or as many as were asked for.
    """
    if rules.until is None:
        return None
    relative, floor = rules.until, max(FLOOR, case.replications)

    def enough(so_far: Sequence[Sequence[Indicators]]) -> bool:
        before, *others = so_far
        return len(before) >= floor and all(
            precise(_difference(name, before, after).interval, relative)
            for after in others
            for name in rules.watched
        )

    return enough


def _differences(before: Sequence[Indicators], after: Sequence[Indicators]) -> dict[str, Estimate]:
    return {name: _difference(name, before, after) for name in before[0]}


def _difference(name: str, before: Sequence[Indicators], after: Sequence[Indicators]) -> Estimate:
    return estimate([b[name] - a[name] for a, b in zip(before, after, strict=True)])
