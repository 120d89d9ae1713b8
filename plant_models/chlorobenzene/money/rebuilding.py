"""The programme on the running line: each saving is what the plant yields in the state it reached.

Two plants run under the same breakdowns, one as it was and one that buys. What the second earns
more is saved; the retained share of it is the programme's cash, known when the books are closed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from plant_models.chlorobenzene.line import operation
from plant_models.chlorobenzene.line.design import baseline, catalogue, check
from plant_models.chlorobenzene.line.tree import Line
from plant_models.chlorobenzene.money.economics import margin, upkeep
from plant_models.chlorobenzene.money.installation import units_concerned
from plant_models.chlorobenzene.money.prices import Prices
from plant_models.chlorobenzene.run.indicators import indicators
from plant_models.methods.rollout import YEAR, Measure, Rollout, Step, Terms
from sim.books.ledger import Ledger
from sim.clock.random_streams import RandomStreams
from sim.clock.redesign import rebuilt
from sim.model.facts import Design
from sim.model.schemes import Scheme, apply

SHORTEST_BOOKS = 24.0  # h; a plant that runs closes its books once a day at most


@dataclass(frozen=True)
class Setting:
    """What all runs of a programme share.

    Parameters
    ----------
    prices : Prices
    seed : int
    start_hour : float
        Hour of the year at which the programme begins, h.
    without : collection of str
        Event sources to leave out, see ``operation.EVENT_SOURCES``.
    design, known : optional
        Another design than the baseline, another catalogue of schemes.
    """

    prices: Prices
    seed: int = 1
    start_hour: float = 0.0
    without: Collection[str] = ()
    design: Design[Line] = field(default_factory=baseline)
    known: Mapping[str, Scheme] = field(default_factory=catalogue)


class Accounts:
    """What a running line has earned so far, RMB: sales less purchases, and what is in stock.

    Goods in process are valued at the prices of benzene, chlorobenzene and dichlorobenzene, so
    that a tank that is fuller, or a truck that is late, is neither a saving nor a loss.
    """

    def __init__(self, setting: Setting, replication: int) -> None:
        self.setting = setting
        self.line = check(setting.design.tree)
        self.schemes: tuple[str, ...] = ()
        self.running = operation.running(
            self.line,
            RandomStreams(setting.seed, replication),
            without=setting.without,
            start_hour=setting.start_hour,
        )
        self.plant = self.running.plant
        self.earned = 0.0
        self._closed: Ledger = self.plant.ledger()
        self._hours = 0.0
        self._hour = 0.0

    def run(self, hour: float) -> float:
        """Run to an hour, close the books, and return what has been earned so far, RMB."""
        self.plant.run(hour)
        self.close()
        return self.earned

    def close(self) -> None:
        """Add what has been earned since the last closing, at the design that held since."""
        now = self.plant.env.now
        years = (now - self._hour) / YEAR
        if years <= 0.0:
            return
        self.plant.book()
        books, prices = self.plant.ledger(), self.setting.prices
        hours = operation.operating_hours(self.plant)
        year = indicators(self.line, books.since(self._closed), hours - self._hours, years)
        self.earned += years * (margin(year, prices) - upkeep(self.schemes, prices))
        self.earned += stock(books, prices) - stock(self._closed, prices)
        self._closed, self._hours, self._hour = books, hours, now

    def rebuild(self, schemes: Sequence[str]) -> None:
        """Let the line go on with more schemes, after closing the books on what it was."""
        self.close()
        self.schemes = (*self.schemes, *schemes)
        was = self.line
        known = self.setting.known
        tree = self.setting.design.tree
        self.line = check(apply(tree, [known[name] for name in self.schemes]))
        self.running.change(was, self.line)


def stock(books: Ledger, prices: Prices) -> float:
    """Return what is in the tanks, RMB; wet benzene and acid have been counted when they came."""
    per_kg = {
        "benzene": prices.benzene / 1000.0,
        "chlorobenzene": prices.chlorobenzene / 1000.0,
        "dichlorobenzene": prices.dichlorobenzene / 1000.0,
    }
    index = books.components.index
    return sum(
        float(kg[index[name]]) * price
        for tank, kg in books.held.items()
        for name, price in per_kg.items()
        if (tank, name) != ("wet_benzene_tank", "benzene")
    )


class Reference:
    """The line as it was, under the breakdowns of a replication; run as far as is asked for."""

    def __init__(self, setting: Setting, replication: int) -> None:
        self.accounts = Accounts(setting, replication)
        self.replication = replication
        self._earned: dict[float, float] = {0.0: 0.0}

    def earned(self, hour: float) -> float:
        """Return what it has earned up to a closing, RMB; hours are asked for in order."""
        if hour not in self._earned:
            self._earned[hour] = self.accounts.run(hour)
        return self._earned[hour]


def roll_out_running(
    order: Sequence[Measure],
    steps: Mapping[str, tuple[str, ...]],
    terms: Terms,
    setting: Setting,
    reference: Reference,
    *,
    horizon: float = 3.0 * YEAR,
) -> Rollout:
    """Return how a programme goes on the running line, to be read like that of the arithmetic.

    Parameters
    ----------
    order : sequence of Measure
        Their ``loss`` is not used: what an installation costs shows in what the plant earns.
    steps : Mapping[str, tuple of str]
        Schemes of each measure by its name.
    terms : Terms
        ``books`` below a day counts as a day.
    setting : Setting
    reference : Reference
        The line without the programme, of the same replication.
    horizon : float
        To be run at least, h; at most to ``terms.limit``.
    """
    accounts = Accounts(setting, reference.replication)
    every = max(terms.books, SHORTEST_BOOKS)
    queue, bought, works = list(reversed(order)), dict[str, float](), dict[str, float]()
    spent, closings = 0.0, 0
    points: list[tuple[float, float]] = []
    while True:
        hour = closings * every
        saved = accounts.run(hour) - reference.earned(hour)
        cash = terms.starting_cash + terms.retained * saved - spent
        points.append((hour, cash))
        while queue and queue[-1].investment <= cash:
            measure = queue.pop()
            cash -= measure.investment
            spent += measure.investment
            bought[measure.name] = hour
            _order(measure, steps[measure.name], terms, accounts, works)
        points.append((hour, cash))
        done = len(works) == len(order) and hour >= horizon
        if done or hour + every > terms.limit:
            break
        closings += 1
    built = tuple(
        Step(m.name, m.investment, bought[m.name], works[m.name]) for m in order if m.name in works
    )
    left = tuple(m.name for m in order if m.name not in works)
    return Rollout(built, tuple(points), 0.0, left)


def _order(
    measure: Measure,
    schemes: tuple[str, ...],
    terms: Terms,
    accounts: Accounts,
    works: dict[str, float],
) -> None:
    """Order a measure now; it is built in when it has come and the plant lets it in."""
    plant, now = accounts.plant, accounts.plant.env.now
    picked = [accounts.setting.known[name] for name in schemes]

    def then() -> None:
        accounts.rebuild(schemes)
        works[measure.name] = plant.env.now

    plant.env.process(
        rebuilt(
            plant,
            accounts.running.outages,
            measure.name,
            units_concerned(picked, plant.network.units),
            wait=terms.begins(measure, now) - now,
            hours=measure.downtime,
            then=then,
        )
    )
