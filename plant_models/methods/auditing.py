"""What an audit report says of a plant besides its books: its words, its groups, its floors."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.books.ledger import Ledger


@dataclass(frozen=True)
class Year:
    """A year of a design, as floors are computed from it."""

    indicators: Mapping[str, float]  #: Means of the replications, each in its own unit
    books: Ledger  #: The same for the flows, kg per simulated year
    tree: Any  #: The design
    first: Any  #: Outcome of the first replication: when it ran, and what it felt

    def __getitem__(self, indicator: str) -> float:
        return self.indicators[indicator]


@dataclass(frozen=True)
class Score:
    """One line of the scorecard, per tonne of product."""

    name: str
    unit: str
    before: float
    after: float
    floor: float  #: The least that the model allows
    floor_is: str  #: What the floor is

    @property
    def closed(self) -> float | None:
        """Share of the way from before to the floor that has been gone, 1."""
        gap = self.before - self.floor
        return (self.before - self.after) / gap if gap > 0.0 else None


@dataclass(frozen=True, kw_only=True)
class Auditing:
    """What an audit report says of a plant besides its books; all of it may be left out."""

    subject: str = ""  #: What is audited
    boundary: str = ""  #: Where it ends
    site: str = ""  #: Where nothing was measured: ``at Taiyuan``
    product: str = ""  #: What a tonne of is the measure: ``chlorobenzene drummed``
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Columns of a worksheet, which together hold every component; one each by default."""
    followed: tuple[str, ...] = ()  #: Components whose losses are ranked; all by default
    followed_word: str = "material"  #: What they are called
    followed_as: str = ""  #: What they are
    losses_note: str = ""  #: Where they count as lost
    looked_at: tuple[str, ...] = ()
    """Components that the list of losses shows; those that are followed by default."""
    leading: tuple[str, ...] = ()
    """Indicators that the feasibility stage begins with; the headlines by default."""
    burdens: tuple[str, ...] = ()
    """Indicators of every medium; emissions and utilities by default."""
    shared: tuple[str, ...] = ()
    """Emissions that are shared out over single schemes; the headlines by default."""
    utilities_note: str = ""  #: What has to be known to read the table of utilities
    unprinted_note: str = ""  #: The same of burdens, without printed figures
    printed_note: str = ""  #: The same of burdens, beside printed figures
    investments_note: str = ""  #: The same of money
    limits: str = "Limits that apply to what leaves it"  #: Whose limits, on which terms
    metered: str = "all that enters and leaves"  #: What is to be metered from now on
    scores: Callable[[Year, Year], tuple[Score, ...]] | None = None
    """Gives the scorecard of two years: before, after."""

    @classmethod
    def read(cls, file: Path, scores: Callable[[Year, Year], tuple[Score, ...]] | None) -> Auditing:
        """Return what a TOML file of these fields says, with a scorecard."""
        told = tomllib.loads(file.read_text(encoding="utf-8"))
        groups = {name: tuple(parts) for name, parts in told.pop("groups", {}).items()}
        told = {name: tuple(v) if isinstance(v, list) else v for name, v in told.items()}
        return cls(groups=groups, scores=scores, **told)
