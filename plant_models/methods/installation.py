"""How schemes are bought and built in: lead times, downtimes, and what a plant may spend."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

from plant_models.methods.economics import MOST, Economy
from plant_models.methods.rollout import MONTH, YEAR, Measure, Terms
from sim.errors import as_number, need_all, need_kind, need_names
from sim.model.facts import Design
from sim.model.parameters import quantity
from sim.model.schemes import Scheme
from sim.network.unit import Unit


@dataclass(frozen=True, kw_only=True)
class Installation:
    """What it takes to build a scheme in."""

    lead_time: float = quantity("h", "from the order to the beginning of work", 0.0, 10.0 * YEAR)
    downtime: float = quantity("h", "units concerned out of service", 0.0, 2000.0)
    at_shutdown: bool = quantity("", "built in at the annual shutdown only")


@dataclass(frozen=True, kw_only=True)
class Purse:
    """What a programme may spend."""

    starting_cash: float = quantity("RMB", "in hand at the start", 0.0, MOST)
    retained: float = quantity("1", "share of the savings that stays with the programme", 0.0, 1.0)
    books: float = quantity("h", "time between two closings of the books", 0.0, 8760.0)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """All that decides the course of a programme beside the flows.

    A plant's own plan has a field, named as the scheme, for each that takes its own time.
    """

    terms: Purse
    other: Installation
    """Of a scheme without a field."""

    def of(self, schemes: Iterable[str]) -> Installation:
        """Return what it takes to build schemes in together: the longest of each."""
        known = {item.name for item in fields(self)}
        (ids,) = need_names("plan", schemes=schemes)
        if not ids:
            raise ValueError("plan: expected one scheme or more, came none")
        each = [getattr(self, name if name in known else "other") for name in ids]
        return Installation(
            lead_time=max(one.lead_time for one in each),
            downtime=max(one.downtime for one in each),
            at_shutdown=any(one.at_shutdown for one in each),
        )


AT_ONCE = Design(
    Plan(
        terms=Purse(starting_cash=0.0, retained=1.0, books=MONTH),
        other=Installation(lead_time=0.0, downtime=0.0, at_shutdown=False),
    ),
    {},
)
"""The plan of a plant that has none: nothing takes time, all savings are spent again."""


def measures(
    economy: Economy,
    steps: Mapping[str, tuple[str, ...]],
    plan: Plan,
    investments: Mapping[str, float] | None = None,
) -> tuple[Measure, ...]:
    """Return the steps of a programme as measures, with what they cost.

    ``steps``: the schemes of each step by its name, see `Economy.steps`; ``investments``: of
    schemes that nobody gives one for, or instead of the plant's own.

    Raises ValueError if nobody says what a scheme costs.
    """
    need_kind("measures", Economy, economy=economy)
    need_kind("measures", Mapping, steps=steps)
    need_kind("measures", Plan, plan=plan)
    return tuple(
        Measure(
            name,
            check_bought(economy, schemes, investments),
            lead_time=built.lead_time,
            downtime=built.downtime,
            at_shutdown=built.at_shutdown,
        )
        for name, schemes in steps.items()
        for built in [plan.of(schemes)]
    )


def check_bought(
    economy: Economy, schemes: Iterable[str], investments: Mapping[str, float] | None = None
) -> float:
    """Return what schemes cost once.

    Raises ValueError if nobody says.
    """
    need_kind("check_bought", Economy, economy=economy)
    (ids,) = need_names("check_bought", schemes=schemes)
    costs = economy.investment(ids, investments)
    if costs is None:
        unknown = [each for each in ids if economy.investment([each], investments) is None]
        raise ValueError(
            f"{', '.join(unknown)}: nobody gives an investment, so it cannot be bought; say what "
            f"it costs, as in --invest {unknown[0]}=120 ({economy.unit_word}) or "
            f"investments={{{unknown[0]!r}: {120 * economy.unit:g}}}"
        )
    return costs


def arithmetic(plan: Plan, shutdown: float, start_hour: float) -> Terms:
    """Return the terms of the arithmetic for a programme that starts at an hour of the year, h."""
    need_kind("arithmetic", Plan, plan=plan)
    shutdown, start_hour = (
        as_number(f"arithmetic: expected {what} as", hour, 0.0)
        for what, hour in (("shutdown", shutdown), ("start_hour", start_hour))
    )
    purse = plan.terms
    return Terms(
        starting_cash=purse.starting_cash,
        retained=purse.retained,
        books=purse.books,
        shutdown=(shutdown - start_hour) % YEAR,
    )


def units_concerned(schemes: Iterable[Scheme], units: Mapping[str, Unit]) -> tuple[str, ...]:
    """Return the units that schemes change: those out of service while they are built in."""
    (several,) = need_all("units_concerned", Scheme, schemes=schemes)
    need_names("units_concerned", units=units)
    paths = [patch.path for scheme in several for patch in scheme.patches]
    return tuple(
        dict.fromkeys(path.partition(".")[0] for path in paths if path.split(".")[0] in units)
    )
