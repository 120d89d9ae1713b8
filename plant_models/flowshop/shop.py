"""The design of the shop: vessels, batches, schedule and cleaning as one frozen tree; its files."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from plant_models.arguments import check_fit
from plant_models.flowshop.plant import PRODUCTS, VESSELS, Transfer
from sim import Design, Scheme, Tank, load, quantity
from sim.model.schemes import load_schemes

DATA = Path(str(files("plant_models.flowshop"))) / "data"

FACTS = (DATA / "baseline.toml",)
SOURCES = (DATA / "sources.toml",)
PUBLISHED = DATA / "published.toml"

WHEN_EMPTY, AT_ONCE = "when empty", "at once"


@dataclass(frozen=True, kw_only=True)
class Vessel(Transfer):
    """A vessel and the pump behind it, which moves all of a batch on but what clings to the walls.

    A step that is interrupted goes on where it was, unless the interruption spoils the batch.
    """

    hours_a: float = quantity("h", "step of a batch of A", 0.01, 100.0)
    hours_b: float = quantity("h", "step of a batch of B", 0.01, 100.0)
    hours_c: float = quantity("h", "step of a batch of C", 0.01, 100.0)
    spread: float = quantity("1", "coefficient of variation of the step", 0.0, 1.0, default=0.0)
    spoils_after: float = quantity(
        "h", "interruption that spoils the batch inside", minimum=0.0, default=math.inf
    )
    start_up_hours: float = quantity("h", "after a repair", 0.0, 24.0, default=0.0)
    start_up_fraction: float = quantity(
        "kg/kg", "of its capacity that the pump moves meanwhile", minimum=0.01, default=1.0
    )

    def hours(self, product: str) -> float:
        """Return the length of a step, h."""
        found: float = getattr(self, f"hours_{product.lower()}")
        return found


@dataclass(frozen=True, kw_only=True)
class Batches:
    """How large a batch of each product is."""

    a: float = quantity("kg", "batch of A", 1.0, 1e5)
    b: float = quantity("kg", "batch of B", 1.0, 1e5)
    c: float = quantity("kg", "batch of C", 1.0, 1e5)

    def of(self, product: str) -> float:
        """Return the amount charged for a batch, kg."""
        found: float = getattr(self, product.lower())
        return found


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """In which order batches are made; A, B and C take turns without end."""

    in_a_row: int = quantity("1", "batches of a campaign", 1, 60)
    next_campaign: str = quantity(
        "", "when the mixer takes another product up", choices=(WHEN_EMPTY, AT_ONCE)
    )


@dataclass(frozen=True, kw_only=True)
class Cleaning:
    """What is done to a vessel between two products.

    It drains into the next vessel, where the last batch still is, and is rinsed with some charges
    of water one after another, each of which leaves to the sewer. Where water is used twice, the
    last charge is kept and serves as the first of the next cleaning.
    """

    cling: float = quantity("kg/kg", "share of a batch that clings to an emptied vessel", 0.0, 0.1)
    film_hours: float = quantity("h", "age of the film when a vessel has been emptied", 0.001, 10.0)
    drain_hours: float = quantity(
        "h", "draining after a campaign, before a vessel is rinsed", 0.0, 24.0
    )
    charges: int = quantity("1", "charges of rinse water a cleaning", 2, 10)
    water: float = quantity("kg", "water of a charge", 1.0, 1e4)
    hours: float = quantity("h", "rinsing with a charge", 0.0, 24.0)
    left: float = quantity("kg", "left of a charge in the vessel", 0.01, 10.0)
    reuse: bool = quantity("", "whether the last charge serves as the next first one")

    def film(self, batch: float, drained: float = 0.0) -> float:
        r"""Return what clings to the walls of a vessel that has drained for some hours, kg.

        A film on an upright wall that drains under its own weight thins with the square root of
        its age:

        .. math:: m = c \, b \sqrt{t_0 / (t_0 + t)}

        References
        ----------
        jeffreys-1930 (key in ``sources.toml``).

        Examples
        --------
        >>> from plant_models.flowshop import PLANT
        >>> round(PLANT.baseline().tree.cleaning.film(300.0), 6)
        3.6
        """
        return self.cling * batch * math.sqrt(self.film_hours / (self.film_hours + drained))


@dataclass(frozen=True, kw_only=True)
class Site:
    """How the shop is staffed, and how long it works."""

    operating_hours: float = quantity(
        "h", "hours a year that the steady state stands for", 1.0, 8784.0
    )
    repair_crews: int = quantity("1", "repair crews", 1, 20)


@dataclass(frozen=True, kw_only=True)
class Shop:
    """The whole design: what a scheme patches, what a data file fills."""

    charging: Transfer
    mixer: Vessel
    reactor: Vessel
    separator: Vessel
    packing: Vessel
    rinsing: Transfer
    vessel: Tank
    rinse_tank: Tank
    batches: Batches
    schedule: Schedule
    cleaning: Cleaning
    site: Site

    @property
    def vessels(self) -> Mapping[str, Vessel]:
        """The four vessels by name, in the order in which a batch passes them."""
        return {name: getattr(self, name) for name in VESSELS}


def check(shop: Shop) -> Shop:
    """Return the shop if its values fit each other; raise ValueError with all that do not."""
    check_fit(_faults(shop))
    return shop


def _faults(shop: Shop) -> Iterator[str]:
    cleaning, room = shop.cleaning, shop.vessel.capacity
    for name in PRODUCTS.names:
        batch = shop.batches.of(name)
        need = batch + cleaning.film(batch) + cleaning.left
        if need > room:
            yield (
                f"batches.{name.lower()} of {batch:g} kg and what clings to the walls do not fit "
                f"vessel.capacity of {room:g} kg"
            )
    largest = max(cleaning.film(shop.batches.of(name)) for name in PRODUCTS.names)
    if cleaning.water + largest > room:
        yield f"cleaning.water of {cleaning.water:g} kg does not fit vessel.capacity of {room:g} kg"
    if cleaning.left >= cleaning.water:
        yield (
            f"cleaning.left of {cleaning.left:g} kg must be less than cleaning.water of "
            f"{cleaning.water:g} kg"
        )
    if cleaning.film(min(shop.batches.of(name) for name in PRODUCTS.names)) < LEAST_FILM:
        yield f"cleaning.cling of {cleaning.cling:g} leaves less than {LEAST_FILM:g} kg in a vessel"
    for name in ("heel", "initial_level"):
        if getattr(shop.vessel, name):
            yield f"vessel.{name} must be 0: cleaning says what stays behind, schedule what comes"
    if shop.rinse_tank.when_full != "spill":
        yield "rinse_tank.when_full must be 'spill': else a vessel may never be emptied"


LEAST_FILM = 1e-4
"""kg; a level that a pump stops at must be more than the clock's rounding moves."""


@cache
def baseline() -> Design[Shop]:
    """Return the shop before any scheme, with the facts it is made of."""
    return load(Shop, *FACTS, sources=SOURCES)


@cache
def catalogue() -> Mapping[str, Scheme]:
    """Return its schemes by id."""
    return load_schemes(DATA / "schemes.toml", tree_type=Shop)
