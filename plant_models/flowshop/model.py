"""The flowshop as a `PlantModel`: what studies ask of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from plant_models.flowshop import operation, wiring
from plant_models.flowshop.indicators import UNITS, indicators
from plant_models.flowshop.plant import PRODUCTS, VESSELS
from plant_models.flowshop.shop import FACTS, SOURCES, Shop, baseline, catalogue, check
from plant_models.model import PlantModel, Running, Schemes, Variant
from plant_models.outcome import Outcome
from sim import Design, Ledger, Plant, RandomStreams, Scheme
from sim.books.indicators import Indicators
from sim.errors import all_at_once
from sim.model.facts import read_documents
from sim.network.unit import refuse_no_conditions

if TYPE_CHECKING:
    from plant_models.methods.auditing import Auditing
    from plant_models.methods.economics import Economy
    from plant_models.methods.published import Published
    from plant_models.methods.set_points import Operators
    from plant_models.why import Rows

SETTLED_BATCHES = 12
"""Batches before a rotation counts, and in it, at least: the start is forgotten by then."""


@dataclass(frozen=True)
class FlowshopModel(PlantModel[Shop, Outcome[Shop]]):
    """Three products on the same four vessels, made batch by batch, rinsed between them."""

    name = "flowshop"
    tree_type = Shop
    units = UNITS
    processes = wiring.PROCESSES
    headlines = ("sewer.product_t", "wastewater_t")
    product = "product_t"
    emissions = (*(name for name in UNITS if name.startswith("sewer.")), "wastewater_t", "spoilt_t")
    neutral = ("stock_change_t", "cleanings", "reused_water_t", "material_t", "batches")
    operating = (*(f"{name}_t" for name in PRODUCTS.names), "operating_hours", "availability")
    utilities = ("rinse_water_t",)
    event_sources = operation.EVENT_SOURCES
    process_trains = VESSELS
    printed_source = "turton-2009"

    fact_files, source_files = FACTS, SOURCES

    baseline, catalogue = staticmethod(baseline), staticmethod(catalogue)
    check, network = staticmethod(check), staticmethod(wiring.network)
    check_change = staticmethod(operation.refuse_changes)

    def running(self, variant: Variant[Shop], streams: RandomStreams, **on: Any) -> Running[Shop]:
        """Return the shop with all its lives started; it knows no seasons, so no ``start_hour``."""
        if on.pop("watch", None) is not None:
            raise self.lacks("watch on what leaves it", "limits")
        on.pop("start_hour", None)
        return operation.running(variant.tree, streams, built=variant.network, **on)

    def outcome(
        self, variant: Variant[Shop], plant: Plant, years: float, **told: Any
    ) -> Outcome[Shop]:
        """Return what the shop has come to by now; its books must close."""
        full_hours = {name: operation.busy_hours(plant, name) for name in VESSELS}
        limiting = full_hours["separator"]
        return Outcome.of(variant, plant, years, limiting, full_hours=full_hours, **told)

    def steady_state(
        self,
        what: Variant[Shop] | Design[Shop] | Shop | Schemes = "none",
        *,
        design: Design[Shop] | Shop | None = None,
        known: Mapping[str, Scheme] | None = None,
        surroundings: Mapping[str, float] | None = None,
    ) -> Outcome[Shop]:
        """Return a year without failures and chance, ``site.operating_hours`` long.

        A shop of batches knows no constant conditions, but without chance its schedule repeats:
        one campaign of each product is simulated, after enough batches to forget the start, and
        taken as often as the year has room for it.

        ``what``, ``design``, ``known``: see `variant`; nothing in the shop feels ``surroundings``.
        Raises BalanceError if the balance certificate is worse than 1e-9; others as of `variant`.
        """
        felt = {} if surroundings is None else surroundings
        refuse_no_conditions("surroundings", felt)
        variant = self.variant(what, design=design, known=known)
        shop = variant.tree
        floor = self.running(variant, RandomStreams(0), without=("events",)).plant
        assert isinstance(floor, operation.Floor)
        rotation = len(PRODUCTS.names) * shop.schedule.in_a_row
        batches = rotation * math.ceil(SETTLED_BATCHES / rotation)
        before, busy = _until_shipped(floor, batches)
        after, busy_then = _until_shipped(floor, 2 * batches)
        hours = shop.site.operating_hours
        ledger = _repeated(after.since(before), hours)
        ledger.certificate().enforce()
        often = hours / (after.hours - before.hours)
        full = {name: often * (busy_then[name] - busy[name]) for name in VESSELS}
        return Outcome(
            variant,
            ledger,
            1.0,
            full["separator"],
            full_hours=full,
            loads={name: worked / hours for name, worked in full.items()},
            surroundings=felt,
        )

    @property
    def programme(self) -> tuple[str, ...]:
        """Return the schemes that make the shop cleaner; the textbook's sequence does not."""
        return tuple(name for name, scheme in catalogue().items() if not scheme.illustrative)

    @property
    def economy(self) -> Economy:
        """The shop's books and prices; they are read when they are first asked for."""
        from plant_models.flowshop.money import ECONOMY

        return ECONOMY

    @property
    def auditing(self) -> Auditing:
        """What an audit report says of the shop: its words, and what is followed."""
        from plant_models.methods.auditing import Auditing

        return Auditing.read(Path(__file__).with_name("auditing.toml"), None)

    @property
    def published(self) -> tuple[Published, ...]:
        """Figures of the textbook, each with what the shop has of it."""
        from plant_models.flowshop.shop import PUBLISHED
        from plant_models.methods.published import read_published

        (file,), faults = read_documents([PUBLISHED])
        known = baseline().sources
        found, more = read_published(file.table, str, indicators=UNITS, sources=known)
        if faults or more:
            raise all_at_once([ValueError(each) for each in (*faults, *more)], str(PUBLISHED))
        return found

    def operators(self, tree: Shop) -> Operators:
        """Return what is set by hand in the shop: how long a vessel drains."""
        from plant_models.flowshop.shop import DATA
        from plant_models.methods.set_points import Operators, read_set_points

        own = baseline()
        return Operators(read_set_points(DATA / "set_points.toml", own.tree, own.sources))

    def acts_at_rest(self, tree: Shop, path: str) -> bool:
        """Return whether a parameter has a part in a year without failures and chance."""
        return path.rpartition(".")[2] not in operation.OF_EVENTS and ".failure." not in path

    @property
    def reasons(self) -> Mapping[str, Rows]:
        """What adds up to each of its figures."""
        from plant_models.flowshop.why import ROWS

        return ROWS

    def indicators(self, of: Outcome[Shop]) -> Indicators:
        """Return the figures of a run, per simulated year."""
        return indicators(of.tree, of.ledger, of.operating_hours, of.years)


def _until_shipped(floor: operation.Floor, batches: int) -> tuple[Ledger, Mapping[str, float]]:
    """Run until so many batches have left; return the books and the hours at work by vessel."""
    floor.env.run(floor.batch(batches - 1).shipped)
    floor.run(floor.env.now)
    return floor.ledger(), {name: operation.busy_hours(floor, name) for name in VESSELS}


def _repeated(cycle: Ledger, hours: float) -> Ledger:
    """Return the books of a cycle that repeats for so many hours."""
    often = hours / cycle.hours
    return Ledger(
        components=cycle.components,
        hours=hours,
        flows={entry: often * kg for entry, kg in cycle.flows.items()},
        uses={key: often * amount for key, amount in cycle.uses.items()},
        extents={key: often * kmol for key, kmol in cycle.extents.items()},
        opening=cycle.opening,
        held={t: was + often * (cycle.held[t] - was) for t, was in cycle.opening.items()},
        units=cycle.units,
        below=cycle.below,
        known=cycle.known,
    )


PLANT = FlowshopModel()

simulate, steady_state, shop = PLANT.simulate, PLANT.steady_state, PLANT.tree
