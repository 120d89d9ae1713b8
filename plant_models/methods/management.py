r"""Management measures that wear off while a plant runs, with and without a review.

A rule is kept as long as somebody asks after it. Of a measure in full force (1), the part above
what has become habit, :math:`f`, wears off with a half-life :math:`h`,

.. math:: d(t) = f + (d_0 - f)\, 2^{-t/h},

and a review brings back a share of what is missing. The plant follows from week to week: a patch
that multiplies by :math:`s` multiplies by :math:`1 + (s - 1) d`.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from plant_models.calendar import hours_of
from plant_models.model import Variant
from sim.clock.random_streams import RandomStreams
from sim.errors import as_number, look_up, need_kind, need_names
from sim.model.parameters import quantity
from sim.model.schemes import Patch, Scheme, apply
from sim.model.tree import get

if TYPE_CHECKING:
    from sim.books.indicators import Indicators

SOONEST = 1e-3  # h
HALF = 0.5  # a measure that is a yes or no is kept while more than half of it is


@dataclass(frozen=True, kw_only=True)
class Slackening:
    """How a measure wears off."""

    half_life: float = quantity("h", "until half of what can wear off has", 1.0, 1e6)
    floor: float = quantity("1", "part that has become habit", 0.0, 1.0)
    review_interval: float = quantity("h", "between two reviews", 1.0, 1e6)
    restored: float = quantity("1", "share of what is missing that a review brings back", 0.0, 1.0)
    step: float = quantity("h", "between two changes of the design", 1.0, 8760.0)

    def after(self, force: float, hours: float) -> float:
        """Return what is left of a measure's force after some hours without review, 0 to 1.

        Examples
        --------
        >>> slack = Slackening(
        ...     half_life=2920.0, floor=0.3, review_interval=730.0, restored=0.8, step=168.0
        ... )
        >>> math.isclose(slack.after(1.0, slack.half_life), 0.5 * (1.0 + slack.floor))
        True
        """
        floor = min(self.floor, force)
        return floor + (force - floor) * math.exp2(-hours / self.half_life)

    def reviewed(self, force: float) -> float:
        """Return the force right after a review, 0 to 1."""
        return force + self.restored * (1.0 - force)


def course(slack: Slackening, hours: float, *, review: bool) -> Iterator[tuple[float, float]]:
    """Return from hour 0 on when the force changes and what it is then, to the end of a run.

    With a review the force is restored at every interval; between, it follows step by step, each
    step at the force of its middle.
    """
    hours = as_number("course: expected hours as", hours, 0.0)
    need_kind("course", Slackening, slack=slack)
    for what in ("half_life", "review_interval", "step"):
        as_number(f"course: slack.{what}: expected", getattr(slack, what), SOONEST)
    need_kind("course", bool, review=review)
    return _course(slack, hours, review)


def _course(slack: Slackening, hours: float, review: bool) -> Iterator[tuple[float, float]]:
    hour, force, since, reviews = 0.0, 1.0, 0.0, 1
    while hour < hours:
        until = min(hour + slack.step, hours)
        if review:
            until = min(until, reviews * slack.review_interval)
        yield hour, slack.after(force, 0.5 * (hour + until) - since)
        if review and until == reviews * slack.review_interval:
            force, since = slack.reviewed(slack.after(force, until - since)), until
            reviews += 1
        hour = until


def partly(scheme: Scheme, force: float, tree: object) -> Scheme:
    """Return a scheme in part of its force: 0 changes nothing, 1 is all of it."""
    need_kind("partly", Scheme, scheme=scheme)
    force = as_number("partly: expected force as", force, 0.0, 1.0)
    return replace(scheme, patches=tuple(_partly(patch, force, tree) for patch in scheme.patches))


def _partly(patch: Patch, force: float, tree: object) -> Patch:
    value, whole = patch.value, isinstance(patch.value, bool | str)
    if patch.op == "set":
        before = get(tree, patch.path)
        if whole or isinstance(before, bool | str | int):
            return patch if force > HALF else replace(patch, value=before)
        assert not isinstance(value, bool | str)
        return replace(patch, value=before + force * (value - before))
    assert not isinstance(value, bool | str)
    neutral = 1.0 if patch.op == "scale" else 0.0
    return replace(patch, value=neutral + force * (value - neutral))


def managed(
    of: Variant[Any],
    measures: Sequence[str],
    *,
    review: bool,
    slack: Slackening,
    years: float = 1.0,
    seed: int = 1,
    replication: int = 0,
    start_hour: float = 0.0,
    without: Collection[str] = (),
) -> Indicators:
    """Return the figures of a run in which measures wear off, reviewed or not.

    ``of``: what stands all the time; ``measures``: what wears off: schemes of the catalogue that a
    running plant can follow; ``years``, ``seed``, ``replication``, ``start_hour``, ``without``: as
    for `PlantModel.simulate`.

    Raises ValueError: a measure changes what stands fast while the plant runs; or years not above
    0, or more than 1000.
    """
    need_kind("managed", Variant, of=of)
    need_kind("managed", Slackening, slack=slack)
    for name in need_names("managed", measures=measures)[0]:
        look_up("scheme", name, of.known)
    hours, plant = hours_of(years), of.plant
    tree, worn = of.base.tree, [of.known[name] for name in measures]

    def at(force: float) -> Any:
        return plant.check(apply(tree, [*of.picked, *(partly(each, force, tree) for each in worn)]))

    changes = course(slack, hours, review=review)
    now = replace(of, tree=at(next(changes)[1]))
    streams = RandomStreams(seed, replication)
    running = plant.running(now, streams, without=without, start_hour=start_hour)
    for hour, force in changes:
        running.plant.run(hour)
        becomes = at(force)
        running.change(now.tree, becomes)
        now = replace(now, tree=becomes)
    running.plant.run(hours)
    found: Indicators = plant.outcome(now, running.plant, years, without=tuple(without)).indicators
    return found
