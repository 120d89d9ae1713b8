"""How designs are judged: differences from the first, corrected together, known well enough."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isnan

from experiments.runner.replicates import Enough, Replicated
from sim.books.indicators import Indicators
from sim.statistics.comparisons import Estimate, estimate, holm, precise

UNJUDGED = "closure"  # rounding, of which nobody wants to know whether it differs


@dataclass(frozen=True)
class Rules:
    """How differences are judged.

    Parameters
    ----------
    names : tuple of str
        The indicators that are asked about; none for all.
    headlines : tuple of str
        Those that decide when to stop, if none is asked about.
    until : float, optional
        Relative error at which to stop.
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
    """One design against the first.

    Parameters
    ----------
    before, after : Replicated
    differences : Mapping[str, Estimate]
        After minus before, of every indicator.
    adjusted : Mapping[str, float]
        Holm's p-value of what is asked about, over all designs; none of one replication.
    """

    before: Replicated
    after: Replicated
    differences: Mapping[str, Estimate]
    adjusted: Mapping[str, float]

    @property
    def printed(self) -> Mapping[str, float]:
        """What the source prints for these two, less a year in the unit of the indicator."""
        return self.before.variant.plant.printed_reductions(self.before.schemes, self.after.schemes)


def judge(before: Replicated, others: Sequence[Replicated], rules: Rules) -> list[Judgement]:
    """Return each design against the first, with all that is asked corrected together."""
    found = [
        {name: _difference(name, before.indicators, each.indicators) for name in before.units}
        for each in others
    ]
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


def _difference(name: str, before: Sequence[Indicators], after: Sequence[Indicators]) -> Estimate:
    return estimate([b[name] - a[name] for a, b in zip(before, after, strict=True)])
