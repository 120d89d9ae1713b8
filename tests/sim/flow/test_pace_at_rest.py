"""How fast a line runs at rest, where what holds it back hangs on how fast it runs."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import exp
from typing import Any, ClassVar

import pytest
from scipy.optimize import brentq

from plant_models.benchmarks.machines import running
from plant_models.benchmarks.units import BRINE, Machine
from sim.errors import BalanceError
from sim.network.network import Network, Pipe, Tank, Train
from sim.network.unit import Recipe, Unit
from sim.steady.state import SteadyState

Law = Callable[[float], float]


@dataclass(frozen=True, kw_only=True)
class Paced(Unit):
    """What it uses, draws or gives at its first outlet is a law of its rate, kg/h."""

    inlets: ClassVar = ("charge", "second")
    outlets: ClassVar = ("top", "bottom")
    steam: Law = lambda rate: 0.0
    ratio: Law = lambda rate: 0.0
    top: Law = lambda rate: 1.0

    def convert(self, inlets: Any, at: Any) -> Recipe:
        """Return the recipe at this rate."""
        rate = sum(inlets["charge"])
        top, ratio = self.top(rate), self.ratio(rate)
        return Recipe(
            splits={"top": (top, top), "bottom": (1.0 - top, 1.0 - top)},
            draws={"second": (ratio, ratio)},
            uses={"steam": self.steam(rate)},
        )


def works(unit: Paced, steam: float = 1e6, given: float = 1e6, taken: float = 1e6) -> Network:
    """Return a unit with so much steam, of whose second feed so much is given, kg/h.

    What it makes at its top passes a member that can take so much, kg/h.
    """
    return Network(
        components=BRINE,
        units={
            "giver": Machine(capacity=given),
            "unit": unit,
            "taker": Machine(capacity=taken),
        },
        tanks={"tank": Tank(capacity=100.0, heel=0.0, initial_level=0.0)},
        contents={"tank": (0.0, 1.0)},
        supplies={"mine": (1.0, 0.0), "well": (0.0, 1.0)},
        sinks={"customers": "product", "sewer": "waste"},
        trains=(
            Train("giving", "well", ("giver",)),
            Train("making", "mine", ("unit", "taker")),
        ),
        pipes={
            "giver.made": Pipe("tank"),
            "unit.top": Pipe("taker.part"),
            "unit.bottom": Pipe("sewer"),
            "taker.made": Pipe("customers"),
        },
        draws={"unit.second": "tank"},
        utilities={"steam": steam},
        pacer="making",
    )


LAWS: dict[str, Law] = {
    "constant": lambda rate: 0.5,
    "rising": lambda rate: 0.1 + 0.05 * rate,
    "steep": lambda rate: 0.01 * rate**4,
    "exponential": lambda rate: exp(min(rate, 50.0)) / 100.0,
    "falling": lambda rate: 0.5 + 2.0 / max(rate, 1e-9),
    "nearly all fixed": lambda rate: 0.05 + 2.5 / max(rate, 1e-9),
}


def made_of_three(network: Network, per_kg: Law) -> SteadyState:
    """Return the steady state once it, and a run, have the rate that takes 3 kg/h in all."""
    right = brentq(lambda rate: rate * per_kg(rate) - 3.0, 1e-6, 30.0)
    steady, plant = SteadyState(network, {}), running(network)
    assert steady.activity["making"] == pytest.approx(right, rel=1e-7)
    steady.ledger(1.0)
    plant.run(1.0)
    assert plant.flow.rates.rate[1] == pytest.approx(right, rel=2e-3)  # the tolerance of a run
    return steady


@pytest.mark.parametrize("law", LAWS)
def test_a_line_runs_at_the_rate_at_which_it_uses_the_steam_that_there_is(law: str):
    uses = LAWS[law]
    network = works(Paced(capacity=30.0, steam=uses), steam=3.0)
    steady = made_of_three(network, uses)
    assert steady.utility_loads["steam"] == pytest.approx(1.0, rel=1e-7)


@pytest.mark.parametrize("law", LAWS)
def test_a_line_runs_at_the_rate_at_which_it_draws_the_second_feed_that_there_is(law: str):
    ratio = LAWS[law]
    network = works(Paced(capacity=30.0, ratio=ratio), given=3.0)
    steady = made_of_three(network, ratio)
    assert steady.activity["giving"] == pytest.approx(3.0, rel=1e-7)


@pytest.mark.parametrize("law", ["constant", "rising"])
def test_a_line_runs_at_the_rate_at_which_its_last_member_is_full(law: str):
    top = LAWS[law]
    right = brentq(lambda rate: rate * top(rate) - 3.0, 1e-6, 15.0)
    steady = SteadyState(works(Paced(capacity=15.0, top=top), taken=3.0), {})
    assert steady.activity["making"] == pytest.approx(right, rel=1e-7)
    assert steady.ledger(1.0).total(sink="customers") == pytest.approx(3.0, rel=1e-7)


@pytest.mark.parametrize("law", LAWS)
def test_a_line_with_a_recycle_runs_at_the_rate_at_which_it_uses_what_there_is(law: str):
    """What comes back hangs on the rate, too."""
    uses = LAWS[law]
    network = works(Paced(capacity=30.0, steam=uses, top=lambda rate: 0.7 - 0.01 * rate), steam=3.0)
    network = replace(
        network,
        units={**network.units, "feeder": Machine(capacity=50.0)},
        tanks={**network.tanks, "yard": Tank(capacity=100.0, heel=0.0)},
        contents={**network.contents, "yard": (0.5, 0.5)},
        trains=(
            Train("feeding", "mine", ("feeder",)),
            network.trains[0],
            replace(network.trains[1], feed="yard"),
        ),
        pipes={**network.pipes, "feeder.made": Pipe("yard"), "unit.bottom": Pipe("yard")},
    )
    right = brentq(lambda rate: rate * uses(rate) - 3.0, 1e-6, 30.0)
    steady = SteadyState(network, {})
    assert steady.activity["making"] == pytest.approx(right, rel=1e-7)
    sold = steady.ledger(1.0).total(sink="customers")
    assert sold == pytest.approx(right * (0.7 - 0.01 * right), rel=1e-7)


def test_a_pace_that_nothing_settles_is_told():
    """Below 10 kg/h there is steam for more, and from there on for less than 10."""
    unit = Paced(capacity=30.0, steam=lambda rate: 0.2 if rate < 10.0 else 1.0)
    with pytest.raises(BalanceError, match="does not settle in 200 sweeps: flows still move by"):
        SteadyState(works(unit, steam=6.0), {})


def fixed(rate: float) -> float:
    """Return four an hour per what is made."""
    return 4.0 / max(rate, 1e-300)


def with_a_taker_behind(unit: Paced) -> Network:
    """Return a unit that draws from a supply, and behind a tank one that takes 3 kg/h of it all."""
    network = works(unit)
    return replace(
        network,
        units={"unit": unit, "taker": Machine(capacity=3.0)},
        trains=(Train("making", "mine", ("unit",)), Train("taking", "tank", ("taker",))),
        pipes={
            "unit.top": Pipe("tank"),
            "unit.bottom": Pipe("sewer"),
            "taker.made": Pipe("customers"),
        },
        draws={"unit.second": "well"},
    )


@pytest.mark.parametrize(
    ("network", "limited"),
    [
        (works(Paced(capacity=30.0, steam=fixed), steam=3.0), "utility 'steam' at its limit of 3 "),
        (works(Paced(capacity=30.0, ratio=fixed), given=3.0), "train 'giving' at its limit of 3 "),
        (with_a_taker_behind(Paced(capacity=30.0, ratio=fixed)), "'taking' at its limit of 3 "),
    ],
    ids=["steam", "second feed", "train behind"],
)
def test_what_asks_for_more_than_there_is_however_slowly_the_line_runs_is_told(network, limited):
    """Four an hour are asked for, of which there are three: no pace is slow enough."""
    with pytest.raises(BalanceError, match=f"{limited}.*however slowly 'making' runs"):
        SteadyState(network, {})


def upstream(top: Law, taken: float, second: bool) -> Network:
    """Return a unit that fills the tank of one that takes so much, kg/h, as its feed or beside it.

    What it makes at its top is a law of its rate.
    """
    network = works(Paced(capacity=30.0), taken=taken)
    return replace(
        network,
        units={
            "unit": Paced(capacity=1e4, top=top),
            "taker": Paced(capacity=taken, ratio=lambda rate: 1.0 if second else 0.0),
        },
        trains=(
            Train("making", "mine", ("unit",)),
            Train("taking", "well" if second else "tank", ("taker",)),
        ),
        pipes={
            "unit.top": Pipe("tank"),
            "unit.bottom": Pipe("sewer"),
            "taker.top": Pipe("customers"),
            "taker.bottom": Pipe("sewer"),
        },
        draws={"unit.second": "well", "taker.second": "tank" if second else "well"},
        pacer="taking",
    )


SHARES = {
    "loses more the faster": lambda rate: 1.0 / (1.0 + rate / 50.0),
    "nearly all of what is more": lambda rate: 1.0 / (1.0 + rate / 10.3),
    "loses less the faster": lambda rate: 0.9 * rate / (20.0 + rate),
    "steep": lambda rate: exp(-rate / 40.0),
}


@pytest.mark.parametrize("second", [False, True], ids=["feed", "second feed"])
@pytest.mark.parametrize("law", SHARES)
def test_a_train_ahead_of_the_pacer_runs_at_the_rate_that_delivers_what_is_drawn(law, second):
    """What it delivers stands from the first sweep on, however fast it runs."""
    top = SHARES[law]
    right = brentq(lambda rate: rate * top(rate) - 10.0, 1.0, 39.0 if law == "steep" else 9e3)
    steady = SteadyState(upstream(top, 10.0, second), {})
    assert steady.activity["making"] == pytest.approx(right, rel=1e-6)
    lost = steady.ledger(1.0).total(sink="sewer")
    assert lost == pytest.approx(right - 10.0, rel=1e-5)


def test_what_a_unit_raises_is_told_once():
    """Whether the line slows down is looked at afterwards, where the unit raises it again."""

    def broken(rate: float) -> float:
        raise ValueError(f"no steam for {rate:g} kg/h")

    with pytest.raises(ValueError, match="no steam for") as told:
        SteadyState(works(Paced(capacity=30.0, steam=broken)), {})
    assert told.value.__context__ is None


@dataclass(frozen=True, kw_only=True)
class Drying(Unit):
    """Lets water out, and salt go round but for a trace."""

    inlets: ClassVar = ("charge",)
    outlets: ClassVar = ("vapour", "back")
    lost: float = 0.0

    def convert(self, inlets: Any, at: Any) -> Recipe:
        """Return the recipe."""
        return Recipe(splits={"vapour": (self.lost, 1.0), "back": (1.0 - self.lost, 0.0)})


@pytest.mark.parametrize("lost", [0.0, 0.001, 0.1])
def test_a_line_that_slows_down_by_what_piles_up_in_a_loop_is_told(lost):
    """Of p kg/h fed 0.2 are salt: with what goes round 0.2 p / lost + 0.8 p, at most 10 kg/h."""
    network = Network(
        components=BRINE,
        units={"feeder": Machine(capacity=1.0), "dryer": Drying(capacity=10.0, lost=lost)},
        tanks={"tank": Tank(capacity=100.0, heel=0.0)},
        contents={"tank": (0.2, 0.8)},
        supplies={"mine": (0.2, 0.8)},
        sinks={"air": "product"},
        trains=(Train("feeding", "mine", ("feeder",)), Train("drying", "tank", ("dryer",))),
        pipes={
            "feeder.made": Pipe("tank"),
            "dryer.vapour": Pipe("air"),
            "dryer.back": Pipe("tank"),
        },
        pacer="feeding",
    )
    if lost:
        right = min(10.0 / (0.2 / lost + 0.8), 1.0)
        assert SteadyState(network, {}).activity["feeding"] == pytest.approx(right, rel=1e-6)
    else:
        with pytest.raises(BalanceError, match=r"'drying' at its limit of 10 kg/h: .* in a loop"):
            SteadyState(network, {})


@dataclass(frozen=True, kw_only=True)
class Evaporating(Unit):
    """Lets out shares of salt and water that hang on what it holds and how fast it runs."""

    inlets: ClassVar = ("charge",)
    outlets: ClassVar = ("top", "back")
    salt: float
    water: float
    slope: float
    bend: float

    def convert(self, inlets: Any, at: Any) -> Recipe:
        """Return the recipe."""
        rate = sum(inlets["charge"])
        salt = inlets["charge"][0] / rate
        more = (1.0 + self.slope * (salt - 0.5)) / (1.0 + self.bend * rate / self.capacity)
        top = tuple(min(max(share * more, 1e-3), 0.999) for share in (self.salt, self.water))
        return Recipe(splits={"top": top, "back": (1.0 - top[0], 1.0 - top[1])})


@pytest.mark.parametrize(
    ("salt", "unit"),
    [
        (0.2034, Evaporating(capacity=10.0, salt=0.01, water=0.5, slope=-1.9966, bend=0.0)),
        (0.2853, Evaporating(capacity=10.0, salt=0.01, water=0.5, slope=-1.8755, bend=0.0)),
        (0.1719, Evaporating(capacity=10.0, salt=0.1, water=0.01, slope=1.7855, bend=0.32)),
        (0.4309, Evaporating(capacity=10.0, salt=0.01, water=0.1, slope=-1.6206, bend=1.536)),
    ],
)
def test_a_line_that_creeps_towards_its_pace_is_there_as_it_ends(salt: float, unit: Evaporating):
    """Of what comes 0.99 go back; ends came where moves were small beside what was still to go."""

    def leaves(share: float) -> tuple[float, float]:
        charge = (10.0 * share, 10.0 * (1.0 - share))
        top = unit.convert({"charge": charge}, None).splits["top"]
        return charge[0] * top[0], charge[1] * top[1]

    def off(share: float) -> float:
        out = leaves(share)
        return out[0] * (1.0 - salt) - out[1] * salt

    right = sum(leaves(brentq(off, 1e-9, 1.0 - 1e-9, xtol=1e-15)))
    network = Network(
        components=BRINE,
        units={"feeder": Machine(capacity=50.0), "unit": unit},
        tanks={"yard": Tank(capacity=10.0)},
        contents={"yard": (0.5, 0.5)},
        supplies={"mine": (salt, 1.0 - salt)},
        sinks={"customers": "product"},
        trains=(Train("feeding", "mine", ("feeder",)), Train("making", "yard", ("unit",))),
        pipes={
            "feeder.made": Pipe("yard"),
            "unit.top": Pipe("customers"),
            "unit.back": Pipe("yard"),
        },
        pacer="feeding",
    )
    assert SteadyState(network, {}).activity["feeding"] == pytest.approx(right, rel=5e-5)
