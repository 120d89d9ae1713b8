"""The programme on a running plant: each saving is what the plant yields in the state it reached.

Two plants run under the same breakdowns, one as it was and one that buys. What the second earns
more is saved; the retained share of it is the programme's cash, known when the books are closed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from plant_models.methods.installation import units_concerned
from plant_models.methods.rollout import EARLY, YEAR, Measure, Rollout, Step, Terms
from plant_models.model import Variant
from plant_models.outcome import Outcome
from sim.clock.random_streams import RandomStreams
from sim.clock.redesign import rebuilt

SHORTEST_BOOKS = 24.0  # h; a plant that runs closes its books once a day at most


@dataclass(frozen=True)
class Setting:
    """What all runs of a programme share."""

    variant: Variant[Any]  #: The plant before the programme
    prices: Any
    seed: int = 1
    start_hour: float = 0.0  #: Hour of the year at which the programme begins, h
    without: Collection[str] = ()  #: Event sources to leave out, see ``PlantModel.event_sources``


class Accounts:
    """What a running plant has earned so far: sales less purchases, and what is in stock.

    Goods in process are valued as `Economy.stock` says, so that a tank that is fuller, or a truck
    that is late, is neither a saving nor a loss.
    """

    def __init__(self, setting: Setting, replication: int) -> None:
        self.setting = setting
        self.variant = setting.variant
        self.model = self.variant.plant
        self.running = self.model.running(
            self.variant,
            RandomStreams(setting.seed, replication),
            without=setting.without,
            start_hour=setting.start_hour,
        )
        self.plant = self.running.plant
        self.earned = 0.0
        self._hour = 0.0
        self._closed = self._now()

    def run(self, hour: float) -> float:
        """Run to an hour, close the books, and return what has been earned so far."""
        self.plant.run(hour)
        self.close()
        return self.earned

    def close(self) -> None:
        """Add what has been earned since the last closing, at the design that held since."""
        hour = self.plant.env.now
        years = (hour - self._hour) / YEAR
        if years <= 0.0:
            return
        now, was, prices = self._now(), self._closed, self.setting.prices
        period = replace(
            now,
            ledger=now.ledger.since(was.ledger),
            years=years,
            operating_hours=now.operating_hours - was.operating_hours,
            demurrage_hours={},
        )
        money = self.model.economy
        upkeep = money.upkeep(self.variant.schemes, prices)
        self.earned += years * (money.margin(period.indicators, prices) - upkeep)
        self.earned += money.stock(now.ledger, prices) - money.stock(was.ledger, prices)
        self._closed, self._hour = now, hour

    def rebuild(self, schemes: Sequence[str]) -> None:
        """Let the plant go on with more schemes, after closing the books on what it was."""
        self.close()
        was, self.variant = (
            self.variant,
            self.variant.having((*self.variant.schemes, *schemes)),
        )
        self.running.change(was.tree, self.variant.tree)

    def _now(self) -> Outcome[Any]:
        found: Outcome[Any] = self.model.outcome(
            self.variant, self.plant, self.plant.env.now / YEAR
        )
        return found


class Reference:
    """The plant as it was, under the breakdowns of a replication; run as far as is asked for."""

    def __init__(self, setting: Setting, replication: int) -> None:
        self.accounts = Accounts(setting, replication)
        self.replication = replication
        self._earned: dict[float, float] = {0.0: 0.0}

    def earned(self, hour: float) -> float:
        """Return what it has earned up to a closing; hours are asked for in order."""
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
    """Return how a programme goes on the running plant, to be read like that of the arithmetic.

    Parameters
    ----------
    order : sequence of Measure
        Their ``loss`` is not used: what an installation costs shows in what the plant earns.
    steps : Mapping[str, tuple of str]
        Schemes of each measure by its name.
    terms : Terms
        ``books`` below a day counts as a day.
    reference : Reference
        The plant without the programme, of the same replication.
    horizon : float
        To be run at least, h; at most to ``terms.limit``, and no longer than until it is plain
        that the next measure cannot be paid before, see `_hopeless`.
    """
    accounts = Accounts(setting, reference.replication)
    every = max(terms.books, SHORTEST_BOOKS)
    queue, bought, works = list(reversed(order)), dict[str, float](), dict[str, float]()
    spent, closings = 0.0, 0
    savings: list[float] = []
    points: list[tuple[float, float]] = []
    while True:
        hour = closings * every
        # what has bought nothing is the plant as it was, under the same draws: it need not run
        savings.append(accounts.run(hour) - reference.earned(hour) if bought else 0.0)
        cash = terms.starting_cash + terms.retained * savings[-1] - spent
        points.append((hour, cash))
        while queue and queue[-1].investment <= cash:
            measure = queue.pop()
            cash -= measure.investment
            spent += measure.investment
            bought[measure.name] = hour
            _order(measure, steps[measure.name], terms, accounts, works)
        points.append((hour, cash))
        waits = queue[-1].investment - cash if queue and len(works) == len(bought) else 0.0
        done = len(works) == len(order) or _hopeless(waits, savings, every, terms, works)
        if (done and hour >= horizon) or hour + every > terms.limit:
            break
        closings += 1
    built = tuple(
        Step(m.name, m.investment, bought[m.name], works[m.name]) for m in order if m.name in works
    )
    left = tuple(m.name for m in order if m.name not in works)
    return Rollout(built, tuple(points), 0.0, left)


def _hopeless(
    short: float, savings: Sequence[float], every: float, terms: Terms, works: Mapping[str, float]
) -> bool:
    """Return whether cash stays ``short`` until the limit even if every month is like the best.

    Told of a year or more of the plant as it stands, for a year has its shutdown and its seasons;
    ``savings`` are those at each closing so far, ``every`` the hours between two.
    """
    stood = int((len(savings) - 1) - max(works.values(), default=0.0) / every)
    if short <= 0.0 or stood * every < YEAR - EARLY:
        return False
    best = max(after - before for before, after in pairwise(savings[-stood - 1 :]))
    left = int(terms.limit / every + EARLY) + 1 - len(savings)
    return terms.retained * best * left < short


def _order(
    measure: Measure,
    schemes: tuple[str, ...],
    terms: Terms,
    accounts: Accounts,
    works: dict[str, float],
) -> None:
    """Order a measure now; it is built in when it has come and the plant lets it in."""
    plant, now = accounts.plant, accounts.plant.env.now
    picked = [accounts.variant.known[name] for name in schemes]

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
