"""Conclusions about a programme, and in which share of what was drawn they hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite

from plant_models.methods.appraisal import Appraisal
from plant_models.methods.economics import TOTAL
from sim.errors import look_up, need_all, need_kind, need_names, need_number, need_text, told

EMISSIONS = ("air.", "sewer.", "wastewater", "residue")
"""How names of indicators begin that had better fall."""

NOTHING = 1e-12
"""Of the largest figure: what is less is rounding, and neither falls nor rises."""


@dataclass(frozen=True)
class Drawn:
    """What a programme comes to at one point."""

    steps: tuple[Appraisal, ...]  #: In the plant's order; the last is all of them together
    changes: Mapping[str, float]  #: Indicators after less before
    before: Mapping[str, float]  #: Indicators before the programme

    @property
    def total(self) -> Appraisal:
        """The programme as one investment."""
        return self.steps[-1]

    def is_nothing(self, indicator: str) -> bool:
        """Return whether there is none of an indicator, before or after."""
        most = max(map(abs, self.before.values()), default=0.0)
        before = look_up("indicator", indicator, self.before)
        after = before + look_up("indicator", indicator, self.changes)
        return max(abs(before), abs(after)) <= NOTHING * most

    def step(self, name: str) -> Appraisal | None:
        """Return a step by name, if it is in the programme."""
        return next((each for each in self.steps if each.name == name), None)


Claim = Callable[[Drawn], bool | None]
"""Whether a conclusion holds at a point; None where it says nothing."""


def worth(name: str, *, positive: bool) -> Claim:
    """Return the claim that a step's net present value is positive, or is not."""
    need_text("worth", name=name)
    need_kind("worth", bool, positive=positive)

    def claim(of: Drawn) -> bool | None:
        step = of.step(name)
        if step is None or step.present_value is None:
            return None
        return (step.present_value > 0.0) is positive

    return claim


def falls(indicator: str, share: float = 0.0) -> Claim:
    """Return the claim that an indicator falls by more than a share of what it was.

    It says nothing where there is none of it.
    """
    need_text("falls", indicator=indicator)
    (share,) = need_number("falls", share=share)

    def claim(of: Drawn) -> bool | None:
        if of.is_nothing(indicator):
            return None
        return of.changes[indicator] < -share * of.before[indicator]

    return claim


def pays_within(years: float) -> Claim:
    """Return the claim that the programme has paid back after so many years."""
    (years,) = need_number("pays_within", years=years)

    def claim(of: Drawn) -> bool | None:
        total = of.total
        if total.investment is None:
            return None
        return total.payback is not None and total.payback <= years

    return claim


def usual(indicators: Iterable[str], *, begin: tuple[str, ...] = EMISSIONS) -> Mapping[str, Claim]:
    """Return what is claimed of any programme: it is worth its money, and each emission falls.

    ``begin``: how names of emissions do.
    """
    names, beginnings = need_names("usual", indicators=indicators, begin=begin)
    return {
        "the programme is worth its money (NPV > 0)": worth(TOTAL, positive=True),
        "it pays back within a year": pays_within(1.0),
        **{f"{name} falls": falls(name) for name in names if name.startswith((*beginnings,))},
    }


def shares_of_truth(outcomes: Sequence[Drawn], claims: Mapping[str, Claim]) -> dict[str, float]:
    """Return in which share of the points each claim holds; of those that say anything."""
    (outcomes,) = need_all("shares_of_truth", Drawn, outcomes=outcomes)
    given: object = claims
    if not isinstance(given, Mapping) or not all(map(callable, given.values())):
        raise TypeError(f"shares_of_truth: expected claims by what they say, came {told(claims)}")
    held: dict[str, float] = {}
    for name, claim in claims.items():
        said = [answer for of in outcomes if (answer := claim(of)) is not None]
        if said:
            held[name] = sum(said) / len(said)
    return held


def probability_positive(outcomes: Sequence[Drawn]) -> dict[str, float]:
    """Return for each step in which share of the points its net present value is positive."""
    (outcomes,) = need_all("probability_positive", Drawn, outcomes=outcomes)
    names = [step.name for step in outcomes[0].steps] if outcomes else []
    found = {}
    for i, name in enumerate(names):
        values = [v for of in outcomes if (v := of.steps[i].present_value) is not None]
        if values and all(map(isfinite, values)):
            found[name] = sum(value > 0.0 for value in values) / len(values)
    return found
