r"""A second plant: a batch flowshop that makes three products on the same four vessels.

Every batch passes mixer, reactor, separator and packing; it stays in its vessel until the next one
is empty (no storage between them). In 500 h, the textbook has 42 batches of each product made in
single-product campaigns, one campaign after the other, and five more in the sequence ABCABC...,
for then the separator never waits.

For campaigns there is a closed form. Batches of one product leave at intervals of their longest
step, so :math:`n` of them take

.. math:: T = \sum_j t_j + (n - 1) \max_j t_j.

Built by ``docs/howto_plant.md`` alone; names of `sim` that are not public are not used.

References
----------
R. Turton, R. C. Bailie, W. B. Whiting, J. A. Shaeiwitz, *Analysis, Synthesis, and Design of
Chemical Processes*, 3rd ed., Prentice Hall 2009, section 3.4.1, examples 3.3 and 3.4 (pages 118 to
121 of the e-book), and section 3.5.1 for the amounts. Read: the 42 batches, the cycle times 2.631,
4.619 and 4.655 h, the five more, the amounts, and of table E3.3 the row of product A. The rows of B
and C are recalled; their sums and longest steps follow from the cycle times, and the five more from
the separator's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, ClassVar

from sim import (
    MASS,
    Components,
    Conditions,
    Ledger,
    Life,
    Network,
    Pipe,
    Plant,
    RandomStreams,
    Recipe,
    Stream,
    Tank,
    Train,
    Unit,
)

# The products are nameless in the source: any three formulas do.
PRODUCTS = Components({"A": "C6H6", "B": "C6H5Cl", "C": "C6H4Cl2"})

VESSELS = ("mixer", "reactor", "separator", "packing")

STEP_HOURS: Mapping[str, tuple[float, ...]] = {
    "A": (1.5, 1.5, 2.5, 2.5),
    "B": (1.0, 2.5, 4.5, 1.5),
    "C": (1.0, 4.5, 3.5, 2.0),
}
"""Time of a batch in each vessel, h (table E3.3)."""

BATCH: Mapping[str, float] = {"A": 10_000.0 / 43, "B": 15_000.0 / 43, "C": 12_000.0 / 43}
"""Amount of a batch, kg: what a month asks for, over the batches of a month (section 3.5.1)."""

TRANSFER = 1e8
"""Rate at which a batch is moved, kg/h: the source takes no time for it, here it takes 13 ms."""

DREGS = 1e-4
"""What is left in a vessel that counts as empty, kg: more than the clock's rounding moves."""

WHO = "schedule"


@dataclass(frozen=True, kw_only=True)
class Transfer(Unit):
    """Moves a batch on; all of it."""

    inlets: ClassVar = ("batch",)
    outlets: ClassVar = ("moved",)
    rate_dependent: ClassVar = False

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        """Return the recipe: all that enters leaves."""
        return Recipe(splits={"moved": (1.0,) * len(inlets["batch"])})


def network() -> Network:
    """Return the vessels, a charging pump for each product, and a transfer behind each vessel."""
    ways = dict(pairwise((*VESSELS, "customers")))
    pumps = {f"charge_{name}": (f"store_{name}", "mixer") for name in PRODUCTS.names}
    pumps |= {f"empty_{vessel}": (vessel, to) for vessel, to in ways.items()}
    return Network(
        components=PRODUCTS,
        units={pump: Transfer(capacity=TRANSFER) for pump in pumps},
        tanks={
            vessel: Tank(capacity=1.1 * max(BATCH.values()), heel=0.0, initial_level=0.0)
            for vessel in VESSELS
        },
        contents=dict.fromkeys(VESSELS, PRODUCTS.stream(A=1.0)),
        supplies={f"store_{name}": PRODUCTS.stream(**{name: 1.0}) for name in PRODUCTS.names},
        sinks={"customers": "product"},
        trains=tuple(Train(pump, source, (pump,)) for pump, (source, _) in pumps.items()),
        pipes={f"{pump}.moved": Pipe(to) for pump, (_, to) in pumps.items()},
    )


class Flowshop:
    """The plant at work on a schedule.

    ``campaigns``: one letter a batch: ``("AAA", "BBB")`` makes three of each, B when A is through.

    Attributes
    ----------
    shipped : list of (float, str)
        Hour and product of every batch that has left.
    """

    def __init__(self, campaigns: Sequence[str]) -> None:
        self.plant = Plant(network(), lambda hour: {}, RandomStreams(seed=1))
        self.batches = "".join(campaigns)
        self.shipped: list[tuple[float, str]] = []
        starts = [sum(map(len, campaigns[:i])) for i in range(len(campaigns))]
        self.first_of_a_campaign = frozenset(starts[1:])
        for train in self.plant.train_names:
            self.plant.wait(train, WHO, "nothing to move")
        steps = (-1, *range(len(VESSELS)))
        self.ready = self._events(steps)
        self.gone = self._events(steps)
        for vessel in range(len(VESSELS)):
            self.plant.env.process(self._life(vessel))
        self.plant.env.process(self._shipping())
        for event in self.ready[-1]:
            event.succeed()  # raw material is always there

    def run(self, hours: float) -> Ledger:
        """Work for so many hours; return the books, which close."""
        self.plant.run(hours)
        books = self.plant.ledger()
        books.certificate().enforce()
        return books

    def _events(self, steps: Sequence[int]) -> dict[int, list[Any]]:
        return {step: [self.plant.env.event() for _ in self.batches] for step in steps}

    def _life(self, vessel: int) -> Life:
        """Take over each batch, keep it for its time, and hold it until the next vessel has it."""
        for k, product in enumerate(self.batches):
            if vessel == 0 and k in self.first_of_a_campaign:
                yield self.gone[len(VESSELS) - 1][k - 1]
            yield self.ready[vessel - 1][k]
            if vessel == 0:
                metered = self.plant.clock(MASS, f"charge_{product}").reaches(BATCH[product])
                yield from self._opened(f"charge_{product}", metered)
            else:
                yield from self._emptied(VESSELS[vessel - 1])
            self.gone[vessel - 1][k].succeed()
            with self.plant.expecting():
                yield self.plant.env.timeout(STEP_HOURS[product][vessel])
            self.ready[vessel][k].succeed()
            yield self.gone[vessel][k]

    def _shipping(self) -> Life:
        last = len(VESSELS) - 1
        for k, product in enumerate(self.batches):
            yield self.ready[last][k]
            yield from self._emptied(VESSELS[last])
            self.shipped.append((self.plant.env.now, product))
            self.gone[last][k].succeed()
        self.plant.hold(f"empty_{VESSELS[last]}", WHO, "schedule done")

    def _emptied(self, vessel: str) -> Iterator[Any]:
        return self._opened(f"empty_{vessel}", self.plant.falls_to(vessel, DREGS))

    def _opened(self, pump: str, until: Any) -> Iterator[Any]:
        self.plant.release(pump, WHO)
        yield until
        self.plant.wait(pump, WHO, "nothing to move")


def campaign_hours(product: str, batches: int) -> float:
    """Return how long a campaign takes by the closed form, h.

    >>> round(campaign_hours("A", 42) / 42, 3)
    2.631
    """
    steps = STEP_HOURS[product]
    return sum(steps) + (batches - 1) * max(steps)
