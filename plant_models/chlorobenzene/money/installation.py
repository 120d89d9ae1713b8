"""How schemes are bought and built in: lead times, downtimes, and what the plant may spend."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

from plant_models.chlorobenzene.line.design import DATA
from plant_models.chlorobenzene.paper import printed
from plant_models.methods.rollout import YEAR, Measure
from plant_models.methods.rollout import Terms as Arithmetic
from sim.model.facts import Design, load, set_values
from sim.model.parameters import quantity
from sim.model.schemes import Scheme
from sim.network.unit import Unit


@dataclass(frozen=True, kw_only=True)
class Installation:
    """What it takes to build a scheme in."""

    lead_time: float = quantity(
        "h", "from the order to the beginning of work", minimum=0.0, maximum=1e5
    )
    downtime: float = quantity("h", "units concerned out of service", minimum=0.0, maximum=2000.0)
    at_shutdown: bool = quantity("", "built in at the annual shutdown only")


@dataclass(frozen=True, kw_only=True)
class Purse:
    """What a programme may spend."""

    starting_cash: float = quantity("RMB", "in hand at the start", minimum=0.0, maximum=1e10)
    retained: float = quantity(
        "1", "share of the savings that stays with the programme", minimum=0.0, maximum=1.0
    )
    books: float = quantity("h", "time between two closings of the books", minimum=0.0, maximum=1e5)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """All that decides the course of a programme beside the flows; ``data/installation.toml``."""

    terms: Purse
    F1: Installation
    F2: Installation
    F3: Installation
    F4: Installation
    F5: Installation
    F6: Installation
    F7: Installation
    F8: Installation
    F9: Installation
    F10: Installation
    F11: Installation
    F12: Installation
    other: Installation
    """Of a scheme that is none of the twelve."""

    def of(self, schemes: Iterable[str]) -> Installation:
        """Return what it takes to build schemes in together: the longest of each.

        Examples
        --------
        >>> plan().tree.of(["F1", "F3"]).downtime
        24.0
        """
        known = {item.name for item in fields(self)}
        each = [getattr(self, name if name in known else "other") for name in schemes]
        return Installation(
            lead_time=max(one.lead_time for one in each),
            downtime=max(one.downtime for one in each),
            at_shutdown=any(one.at_shutdown for one in each),
        )


@cache
def plan() -> Design[Plan]:
    """Return the plan of ``data/installation.toml``, with its facts."""
    return load(Plan, DATA / "installation.toml", sources=[DATA / "sources.toml"])


def own_plan(path: Path | str | None, settings: Iterable[str] = ()) -> Design[Plan]:
    """Return the plan with a user's facts and settings in place of its own.

    Parameters
    ----------
    path : path, optional
        A TOML file of facts, in the format of ``installation.toml``.
    settings : iterable of str
        ``"terms.retained=1"``, ``"F11.lead_time=60 d"``.

    Raises
    ------
    ValueError, LookupError
        With all faults of the file, or of the settings.
    """
    design = plan()
    if path is not None:
        design = load(
            Plan,
            DATA / "installation.toml",
            sources=[DATA / "sources.toml"],
            overrides=[Path(path)],
        )
    return set_values(design, settings) if settings else design


def measures(
    steps: Mapping[str, tuple[str, ...]],
    terms: Plan,
    investments: Mapping[str, float] | None = None,
) -> tuple[Measure, ...]:
    """Return the steps of a programme as measures, with the source's investments.

    Parameters
    ----------
    steps : Mapping[str, tuple of str]
        The schemes of each step by its name, see `appraisal.programme_of`.
    terms : Plan
    investments : Mapping[str, float], optional
        Of schemes that the source gives none for, or instead of its own, RMB.

    Raises
    ------
    ValueError
        If nobody says what a scheme costs.
    """
    own = investments or {}
    return tuple(_measure(name, schemes, terms, own) for name, schemes in steps.items())


def arithmetic(terms: Plan, shutdown: float, start_hour: float) -> Arithmetic:
    """Return the terms of the arithmetic for a programme that starts at an hour of the year, h."""
    purse = terms.terms
    return Arithmetic(
        starting_cash=purse.starting_cash,
        retained=purse.retained,
        books=purse.books,
        shutdown=(shutdown - start_hour) % YEAR,
    )


def units_concerned(schemes: Iterable[Scheme], units: Mapping[str, Unit]) -> tuple[str, ...]:
    """Return the units that schemes change: those out of service while they are built in."""
    paths = [patch.path for scheme in schemes for patch in scheme.patches]
    return tuple(
        dict.fromkeys(path.partition(".")[0] for path in paths if path.split(".")[0] in units)
    )


def _measure(name: str, schemes: tuple[str, ...], terms: Plan, own: Mapping[str, float]) -> Measure:
    costs = printed.investment(tuple(scheme for scheme in schemes if scheme not in own))
    if costs is None:
        raise ValueError(
            f"{name}: the source gives no investment, so it cannot be bought; say what it costs, "
            f"as in --invest {name}=120 (10^4 RMB)"
        )
    built = terms.of(schemes)
    return Measure(
        name,
        costs + sum(own[scheme] for scheme in schemes if scheme in own),
        lead_time=built.lead_time,
        downtime=built.downtime,
        at_shutdown=built.at_shutdown,
    )
