"""What a compiled settlement must not do: miss what is felt, lose an error, compile again."""

import subprocess
import sys
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import numpy as np
import pytest

from plant_models.benchmarks.machines import running
from plant_models.benchmarks.units import BRINE
from sim.clock.plant import Plant
from sim.clock.random_streams import RandomStreams
from sim.flow import fallback, rates, seeking
from sim.flow.course import RATE_PASSES
from sim.network.network import Network, Pipe, Train
from sim.network.plain import Answer, PlainUnit
from tests.compiled import interpret
from tests.sim.flow.random_networks import Drawn, keeps_its_laws

COMPILES = """
from numba.core import event
from plant_models import chlorobenzene as cb

with event.install_recorder("numba:compile") as seen:
    cb.simulate("F1", years=0.001).ledger
print(*{e.data["dispatcher"].py_func.__name__ for _, e in seen.buffer if e.is_start})
"""


class Share(NamedTuple):
    """What the surroundings tell."""

    share: float


@dataclass(frozen=True, kw_only=True)
class Felt(PlainUnit):
    """Sends that share of all to the top which the surroundings tell."""

    inlets: ClassVar = ("charge",)
    outlets: ClassVar = ("top", "bottom")
    felt: ClassVar[type[Any]] = Share

    def answer(self, at: Share, charge: tuple[float, ...]) -> Answer:
        """Return it."""
        top, bottom = at.share, 1.0 - at.share
        return Answer(splits=((top, top), (bottom, bottom)), draws=(), uses=(), fractions=())


def test_a_rate_that_creeps_up_to_what_its_recipe_answers_is_found(monkeypatch):
    """A train fills a full tank by r / (1 + r / 3.5) of its rate r; 3.203 kg/h leave that tank."""
    interpret(monkeypatch)
    tries, at, tried = np.zeros((RATE_PASSES, 2)), 131_821.0, 0
    while tried < RATE_PASSES:
        came = 3.203 * (1.0 + at / 3.5)  # by the recipe that was asked for at that rate
        if abs(came - at) <= 1e-9 * at:
            break
        tries[tried] = at, came
        tried += 1
        at = seeking.fixed_point(tries, tried) or came
    assert at == pytest.approx(3.203 * 3.5 / (3.5 - 3.203), rel=1e-6)
    assert tried < RATE_PASSES


def still() -> Network:
    """Return a unit that feels its surroundings."""
    return Network(
        components=BRINE,
        units={"still": Felt(capacity=1.0)},
        tanks={},
        contents={},
        supplies={"store": (0.1, 0.9)},
        sinks={"customers": "product", "sewer": "wastewater"},
        trains=(Train("still", "store", ("still",)),),
        pipes={"still.top": Pipe("customers"), "still.bottom": Pipe("sewer")},
    )


def test_surroundings_that_change_in_one_and_the_same_mapping_are_felt():
    felt = {"share": 0.25}
    plant = Plant(still(), lambda hour: felt, RandomStreams(1))
    plant.run(10.0)
    felt["share"] = 0.75
    plant.new_surroundings()
    plant.run(20.0)
    assert plant.ledger().total(sink="customers") == pytest.approx(10.0, rel=1e-12)


def test_surroundings_that_tell_nothing_are_refused_by_who_feels_something():
    """It would take nothing for what it was not told."""
    with pytest.raises(LookupError, match="the surroundings tell no 'share'"):
        Plant(still(), lambda hour: {}, RandomStreams(1))


def test_what_is_in_doubt_is_answered_amid_the_look_that_meets_it():
    """Each look was begun anew at every doubt: 27,000 answers where 5,000 are needed."""
    plant = keeps_its_laws(Drawn(107447, 3))
    assert plant.counts()["fallbacks"] < 8000


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_interruption_as_exact_arithmetic_is_called_is_not_lost(monkeypatch):
    """The run went on with rates of nothing."""

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(rates.Exact, "_answer", interrupted)
    with pytest.raises(KeyboardInterrupt):
        keeps_its_laws(Drawn(133))


@pytest.mark.parametrize("fault", [KeyboardInterrupt, ArithmeticError])
def test_an_error_in_exact_arithmetic_is_told_and_the_run_goes_on_from_it(fault, monkeypatch):
    """It cannot pass the compiled loops, which go on with rates of nothing until they are back."""
    whole, plant = keeps_its_laws(Drawn(133)), running(Drawn(133).network(), 133)
    exactly, asked = fallback.exactly, []

    def fails_at_first(gain, most):
        asked.append(gain)
        if len(asked) == 1:
            raise fault
        return exactly(gain, most)

    monkeypatch.setattr(rates, "exactly", fails_at_first)
    rates.recalled.cache_clear()
    with plant.expecting(), pytest.raises(fault):
        plant.run(30.0)
    assert len(asked) == 1
    plant.flow.settle(plant.env.now)
    assert len(asked) > 1
    assert plant.counts()["fallbacks"] <= whole.counts()["fallbacks"]


@pytest.mark.long
def test_a_second_process_compiles_nothing():
    for _ in range(2):
        ended = subprocess.run(
            [sys.executable, "-c", COMPILES], capture_output=True, text=True, check=True
        )
    assert ended.stdout.split() == []
