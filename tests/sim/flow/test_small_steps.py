"""The engine against small explicit steps with rates by HiGHS, on random networks.

By hand: ``CLEANERLINE_NETWORKS=200 pytest -m soak --run-soak tests/sim/flow/test_small_steps.py``;
what a failure names is drawn again by ``CLEANERLINE_NETWORKS_FROM``.
"""

from dataclasses import dataclass, field

import numpy as np
import pytest

from plant_models.benchmarks.machines import running
from sim.clock.plant import Plant
from sim.flow.arrays import Floats
from tests.sim.flow.random_networks import Drawn, numbers
from tests.sim.flow.small_steps import AT_REST, SmallSteps, best_rates

HOURS, STEP = 4.0, 0.01
FINE = 1e-5  # tolerance of the engine
CLOSE = 1e-3  # of the largest amount, beside thrice what halving the step still moves


@dataclass
class Watched:
    """What stands when, and how long trains are idle, as the engine has it."""

    plant: Plant
    since: list[float] = field(default_factory=list)
    standing: list[frozenset[int]] = field(default_factory=list)
    idle: Floats = field(init=False)

    def __post_init__(self) -> None:
        self.idle = np.zeros(len(self.plant.train_names))
        self._hour = 0.0
        self._stands = np.zeros(len(self.idle), dtype=np.bool_)
        self.plant.observe(self.look)

    def look(self, hour: float) -> None:
        """Note what holds from an hour on."""
        self.idle += (hour - self._hour) * self._stands
        states = [self.plant.states[name] for name in self.plant.train_names]
        standing = frozenset(k for k, s in enumerate(states) if s.holds or s.waits)
        if not self.since or (standing != self.standing[-1] and hour > self.since[-1]):
            self.since.append(hour)
            self.standing.append(standing)
        self.standing[-1] = standing
        flow = self.plant.flow
        full = flow.map.questions.capacities.copy()
        held = np.isin(np.arange(len(full)), list(standing))
        self._hour = hour
        self._stands = (np.array(flow.rates.activity) <= AT_REST * full) & ~held


def apart(drawn: Drawn) -> str:
    """Return where the engine and small steps differ on a network, in words, or nothing."""
    network = drawn.network()
    plant = running(network, drawn.number, tolerance=FINE)
    watched = Watched(plant)
    with plant.expecting():
        plant.run(HOURS)
    watched.look(HOURS)
    ledger = plant.ledger()
    fed = np.zeros((len(network.trains), drawn.components))
    spilled = np.zeros((len(network.tanks), drawn.components))
    for entry, kg in ledger.flows.items():
        if entry.sink in plant.train_names:
            fed[plant.train_names.index(entry.sink)] += kg
        elif entry.source in network.tanks and entry.sink == "sewer":
            spilled[list(network.tanks).index(entry.source)] += kg
    held = np.array([ledger.held[tank] for tank in network.tanks])
    order = plant.flow.problem.order
    coarse, fine = (
        SmallSteps(network, order, watched.since, watched.standing, step).run(HOURS)
        for step in (2.0 * STEP, STEP)
    )
    told = []
    for what, found in (("held", held), ("fed", fed), ("spilled", spilled), ("idle", watched.idle)):
        one, two = getattr(coarse, what), getattr(fine, what)
        size = HOURS if what == "idle" else max(fed.max(), held.max())
        miss = np.abs(2.0 * two - one - found).max()
        if miss > 3.0 * np.abs(two - one).max() + CLOSE * size:
            told.append(f"{what} by {miss:.2g} of {size:.3g}")
    return f"{drawn}: {', '.join(told)}" if told else ""


def test_rates_by_highs_are_the_largest_in_order():
    """A FULL tank: what is drawn from it goes on, what comes gives way."""
    gain = np.array([[-1.0, 1.0, 1.0]])
    assert best_rates(gain, np.array([3.0, 2.0, 2.0]), [0, 2, 1]) == pytest.approx([3.0, 1.0, 2.0])


@pytest.mark.long
@pytest.mark.parametrize(
    ("number", "components"),
    [
        (200002, 3),  # what a tank returns to itself moves its composition, and so its level
        (200016, 2),
        (200018, 4),
    ],
)
def test_a_network_of_tanks_is_followed_as_by_small_steps(number, components):
    assert apart(Drawn(number, components, stiff=False)) == ""


@pytest.mark.soak
@pytest.mark.parametrize("components", [2, 3, 4])
def test_random_networks_are_followed_as_by_small_steps(components):
    faults = [apart(Drawn(number, components, stiff=False)) for number in numbers(few=20)]
    assert "\n".join(filter(None, faults)) == ""
