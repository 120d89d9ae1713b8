"""What the report is made of: a run of the plant without and with the schemes, and its money."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from io import BytesIO
from math import isclose
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from experiments.audit.document import Picture
from experiments.audit.naming import Naming
from experiments.bounds import STEADY
from experiments.output.phrases import book, tell_picture
from experiments.output.pictures import save
from experiments.page import texts
from experiments.runner.horizon import Horizon
from experiments.studies.attribute.attribution import Attribution
from experiments.studies.limits import Limits
from experiments.studies.money import Money
from plant_models.chlorobenzene.model import PLANT
from plant_models.languages import Words, words_of
from plant_models.methods.appraisal import Appraisal
from plant_models.methods.auditing import Auditing, Score, Year
from plant_models.methods.economics import Economy
from plant_models.methods.flow_costing import FlowCosts
from plant_models.model import PlantModel, Variant
from plant_models.outcome import Outcome
from sim.books.indicators import Indicators
from sim.books.ledger import Entry, Ledger
from sim.model.explain import Explanation, explain
from sim.model.facts import Design
from sim.model.schemes import Scheme
from sim.model.tree import design_hash
from sim.statistics.intervals import Interval, interval
from sim.tables import three

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_PLAYERS = 12  # 4,096 steady states, a few seconds; each scheme more doubles it
EMISSIONS, FLOWS = "emissions", "sankey"
NOUNS = ("line", "works", "plant", "shop", "flowshop")
COLOURS = 128
SAME = 5e-4  # of a figure, as on the page; of three digits less is not seen

Drawings = Mapping[str, Callable[[], "Figure"]]


@dataclass(frozen=True)
class Side:
    """A design and its year: the figures that ``run`` prints, and the books behind them."""

    variant: Variant[Any]
    indicators: tuple[Indicators, ...]  #: One of each replication, per simulated year
    books: Ledger  #: Mean of the replications, kg per simulated year
    first: Outcome[Any]  #: The first replication
    kept: Limits | None  #: How the emission limits are kept; of a plant that has some

    def __getitem__(self, indicator: str) -> float:
        """Return the mean of an indicator, in its own unit."""
        return self.means[indicator].mean

    @cached_property
    def means(self) -> Mapping[str, Interval]:
        """Mean of every indicator with its 95 % interval."""
        return {name: interval([each[name] for each in self.indicators]) for name in self.units}

    @property
    def units(self) -> Mapping[str, str]:
        """Unit of measure of every indicator."""
        return self.indicators[0].units

    @property
    def name(self) -> str:
        """The scheme set as it is written."""
        return self.variant.name

    @property
    def hash(self) -> str:
        """What tells its design from others."""
        return design_hash(self.variant.tree)[:12]

    @property
    def flows(self) -> Mapping[Entry, NDArray[np.float64]]:
        """Flows by component, kg per simulated year."""
        return self.books.flows

    @property
    def year(self) -> Year:
        """What floors are computed from."""
        means = {name: mean.mean for name, mean in self.means.items()}
        return Year(means, self.books, self.variant.tree, self.first)


@dataclass(frozen=True)
class Audit:
    """All that the report tells."""

    before: Side  #: Without any scheme
    after: Side  #: With those that were asked for
    horizon: Horizon
    clock: str  #: ``events`` or ``steady``
    prices: Design[Any] | None  #: Prices and terms of a plant that has an economy
    money: Money | None
    """The programme step by step, at constant conditions; none without schemes or prices."""
    left: tuple[Appraisal, ...]
    """Every scheme of the catalogue that was not chosen, as the next step after those that were."""
    beyond: tuple[Appraisal, ...]
    """The same of the schemes of further catalogues, which no source names; none without prices."""
    shares: tuple[Attribution, ...]
    """Emissions shared out over the schemes; none without any, of none, or of too many."""
    provenance: Mapping[str, Any]
    """What the report was made from; the same command gives the same."""
    lang: str = "en"

    @property
    def say(self) -> Words:
        """What the report says, in its language."""
        return words_of(__package__, self.lang)

    @cached_property
    def names(self) -> Naming:
        """What things are called in its language."""
        return Naming.of(self.plant, self.say)

    @property
    def plant_name(self) -> str:
        """The plant as messages and headings call it."""
        return self.names.text(self.plant.name)

    @property
    def whole(self) -> str:
        """How the whole plant is called beside its processes: ``whole line``."""
        return self.say("whole", noun=self.noun)

    @property
    def unknown(self) -> str:
        """What stands where nobody says."""
        return self.say("unknown")

    @property
    def followed_word(self) -> str:
        """What is called lost."""
        return self.names.text(self.says.followed_word)

    @property
    def plant(self) -> PlantModel[Any, Any]:
        """The audited plant."""
        return self.after.variant.plant

    @property
    def says(self) -> Auditing:
        """What the plant says of itself."""
        return self.plant.auditing

    @property
    def noun(self) -> str:
        """The plant in a word: ``line``; ``plant`` where its name ends in no such word."""
        last = self.plant.name.rpartition(" ")[2]
        return self.names.called("nouns", last if last in NOUNS else "plant")

    @property
    def product(self) -> str:
        """The product as it is called."""
        return self.names.text(self.says.product) or self.names.figure(self.plant.product)

    @property
    def name(self) -> str:
        """The scheme set as it is written."""
        return self.names.called("designs", self.after.name)

    @property
    def schemes(self) -> tuple[str, ...]:
        """Those in the audited design."""
        return self.after.variant.schemes

    @property
    def known(self) -> Mapping[str, Scheme]:
        """The catalogue that they are from."""
        return self.after.variant.known

    @property
    def explained(self) -> Explanation:
        """What the schemes change."""
        of = self.after.variant
        return explain(of.base.tree, of.base.facts, of.picked)

    @property
    def conditions(self) -> str:
        """Under what the figures were found, in a few words."""
        say = self.say
        if self.clock == STEADY:
            return say("at_rest", hours=f"{self.after.first.operating_hours:,.0f}")
        of = self.horizon
        years = say("one_year") if of.years == 1.0 else say("years", years=f"{of.years:g}")
        told = say("simulated", years=years, start=of.start, seed=of.seed)
        return told + (say("replications", number=of.replications) if of.replications > 1 else "")

    @property
    def economy(self) -> Economy:
        """The books of a plant that has prices."""
        return self.plant.economy

    @property
    def unit(self) -> str:
        """What money is told in."""
        word = self.economy.unit_word
        thousands, _, currency = word.partition("10^3 ")
        if not thousands and currency:
            return self.say("thousands_of", currency=currency)
        return self.names.called("money", word.replace("^4", "\N{SUPERSCRIPT FOUR}"))

    @property
    def times(self) -> str:
        """The same as it stands behind an amount: ``x 10^3 EUR``, and ``EUR``."""
        return self.say("times", unit=self.unit) if self.unit[:1].isdigit() else self.unit

    def stays(self, name: str) -> bool:
        """Whether an indicator is as good as the same before and after."""
        return isclose(self.before[name], self.after[name], rel_tol=SAME)

    def moved(self, name: str) -> str:
        """Return how an indicator changes: ``benzene to air falls by 3 t/yr``."""
        by, unit = self.before[name] - self.after[name], self.names.unit(self.after.units[name])
        told = {"what": self.names.figure(name), "unit": unit}
        if self.stays(name):
            return self.say("stays", **told, value=three(self.after[name]))
        return self.say("falls" if by > 0.0 else "rises", **told, by=three(abs(by)))

    # ---- schemes in its language ---------------------------------------------------------------

    def title(self, scheme: str) -> str:
        """Return the title of a scheme of the catalogue."""
        return self.title_of(self.known[scheme])

    def title_of(self, scheme: Scheme) -> str:
        """Return the title of any scheme."""
        return scheme.title_zh if self.lang == "zh" else scheme.title

    def lever(self, scheme: str) -> str:
        """Return what is done in a scheme."""
        return self._of_the_line(self.known[scheme].lever)

    def note(self, note: str) -> str:
        """Return why schemes change a parameter."""
        return self._of_the_line(note)

    def meaning(self, meaning: str) -> str:
        """Return what a parameter is."""
        told = self._of_the_line(meaning)
        return texts.meaning_zh(meaning) or told if self.lang == "zh" else told

    def _of_the_line(self, text: str) -> str:
        """Return what the line says of itself in the report's language; others stay."""
        known = self.lang != "en" and self.plant == PLANT
        return book(self.lang).name(text) if known else text

    def value(self, value: str) -> str:
        """Return a value of a parameter; one that is a word in its language."""
        told: str = texts.names()["values"].get(value, {}).get(self.lang, value)
        return told if self.lang == "zh" else value

    def evidence(self, evidence: str) -> str:
        """Return on whose word a change stands."""
        return ", ".join(self.names.called("evidence", each) for each in evidence.split(", "))

    def places(self, target: str) -> str:
        """Return where a scheme acts."""
        parts = re.split(r", | and ", target)
        return self.say("comma").join(
            self.names.called("places", part).replace(".", " ") for part in parts
        )

    def amount(self, money: float | None) -> str:
        """Return an amount in the unit that money is told in."""
        if money is None:
            return self.unknown
        return three(money / self.economy.unit)

    def costs(self, side: Side) -> FlowCosts | None:
        """Return where a year's input costs have ended, if the plant says."""
        if self.prices is None or self.economy.flow_costs is None:
            return None
        year = replace(side.first, ledger=side.books, years=1.0)
        found: FlowCosts = self.economy.flow_costs(year, self.prices.tree)
        return found

    @cached_property
    def scorecard(self) -> tuple[Score, ...]:
        """What a tonne of product takes and gives off, and the least that it could."""
        scores = self.says.scores
        return () if scores is None else scores(self.before.year, self.after.year)

    @property
    def followed(self) -> list[int]:
        """Indices of the components whose losses are ranked."""
        components = self.after.books.components
        return [components.index[name] for name in self.says.followed or components.names]


def yearly(books: Sequence[Ledger], years: float) -> Ledger:
    """Return the mean of several ledgers of the same plant, kg per simulated year.

    Books are sums, so the mean of closed ones is closed.
    """
    per = years * len(books)

    def mean(name: str) -> dict[Any, Any]:
        amounts: list[Mapping[Any, Any]] = [getattr(book, name) for book in books]
        keys = dict.fromkeys(key for each in amounts for key in each)
        return {key: sum((each.get(key, 0.0) for each in amounts), start=0.0) / per for key in keys}

    nothing = np.zeros(len(books[0].components))
    return Ledger(
        books[0].components,
        sum(book.hours for book in books) / per,
        {entry: nothing + kg for entry, kg in mean("flows").items()},
        mean("uses"),
        mean("extents"),
        {tank: nothing + kg for tank, kg in mean("opening").items()},
        {tank: nothing + kg for tank, kg in mean("held").items()},
        frozenset().union(*(book.units for book in books)),
        known=books[0].known,
        over=mean("over"),
    )


def drawings(of: Audit) -> Drawings:
    """Return what draws both designs' emissions and the audited flows, as far as the plant does."""
    shown = {EMISSIONS: [of.before, of.after], FLOWS: [of.after]}
    found = {name: of.plant.pictures(designs).get(name) for name, designs in shown.items()}
    return {name: partial(_told, draw, of) for name, draw in found.items() if draw is not None}


def _told(draw: Callable[[], Figure], of: Audit) -> Figure:
    picture = draw()
    tell_picture(picture, of.lang, written=of.plant.written)
    return picture


def drawn(of: Audit, name: str, caption: str, alt: str) -> Iterator[Picture]:
    """Yield a picture for the document, if the plant draws it."""
    draw = drawings(of).get(name)
    if draw is not None:
        yield Picture(f"{name}.png", caption, alt, partial(_png, draw))


def _png(draw: Callable[[], Figure]) -> bytes:
    file = BytesIO()
    save(draw(), file, colours=COLOURS)
    return file.getvalue()
