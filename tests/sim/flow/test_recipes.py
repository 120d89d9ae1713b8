"""What a unit in Python answers is taken as it is, or told by its name and what was expected."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, NamedTuple

import numpy as np
import pytest

from plant_models.benchmarks.machines import machine_line, running
from plant_models.benchmarks.units import BRINE, Machine
from sim.books.ledger import Ledger
from sim.errors import BalanceError
from sim.flow.members import Asking, lack_of
from sim.model.parameters import quantity
from sim.network.chemistry import Components, Reaction
from sim.network.network import Header, Network, Pipe, Tank, Train
from sim.network.plain import Answer, PlainUnit
from sim.network.unit import Conditions, Conversion, Recipe, Stream, Unit
from sim.steady.state import SteadyState
from tests.sim.flow.random_networks import with_limited_steam

SALMIAC = Components({"ammonia": "NH3", "acid": "HCl", "salmiac": "NH4Cl"})
NEUTRALISATION = Reaction("ammonia + acid -> salmiac", SALMIAC)
ALL = (1.0, 1.0, 1.0)
ACID = (2.0, 0.0, 0.0)  # kg per kg of the ammonia in the charge


@dataclass(frozen=True, kw_only=True)
class Answering(Unit):
    """Answers what it is told to."""

    inlets: ClassVar = ("charge", "acid")
    outlets: ClassVar = ("product",)
    answer: Callable[[], Any] = field(default=lambda: None)

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        return self.answer()  # type: ignore[no-any-return]


def works(answer: Callable[[], Any]) -> Network:
    """Return 10 kg/h of half ammonia, and what the unit draws of acid, to drums."""
    return Network(
        components=SALMIAC,
        units={"mine": Answering(capacity=10.0, answer=answer)},
        tanks={},
        contents={},
        supplies={
            "charge": SALMIAC.stream(ammonia=0.5, salmiac=0.5),
            "acid": SALMIAC.stream(acid=1.0),
        },
        sinks={"drums": "product"},
        trains=(Train("making", "charge", ("mine",)),),
        pipes={"mine.product": Pipe("drums")},
        draws={"mine.acid": "acid"},
        pacer="making",
    )


def books(answer: Callable[[], Any], clock: str) -> Ledger:
    """Return the books of 10 h."""
    network = works(answer)
    if clock == "steady":
        return SteadyState(network, {}).ledger(hours=10.0)
    plant = running(network)
    plant.run(10.0)
    return plant.ledger()


def made(**given: Any) -> Callable[[], Recipe]:
    """Return a unit's answer: what is sound, but for what is given."""
    sound: dict[str, Any] = {"splits": {"product": ALL}, "draws": {"acid": ACID}}
    return lambda: Recipe(**{**sound, **given})


def turned(fraction: Any, key: Any = 0, reaction: Any = NEUTRALISATION) -> Callable[[], Recipe]:
    return made(conversions=(Conversion(reaction, key, fraction),))


BRINES = Reaction("salt -> salt", BRINE)
WRONG: dict[str, tuple[Callable[[], Any], str]] = {
    "no recipe": (lambda: None, "mine: expected its convert to return a Recipe, came None"),
    "splits alone": (
        lambda: {"product": ALL},
        "expected its convert to return a Recipe, came {'product': (1.0, 1.0, 1.0)}",
    ),
    "a split too short": (
        made(splits={"product": (1.0, 1.0)}),
        "splits to 'product': expected 3 numbers, one a component, came (1.0, 1.0)",
    ),
    "a draw too short": (
        made(draws={"acid": (2.0,)}),
        "mine: its recipe draws at 'acid': expected 3 numbers, one a component, came (2.0,)",
    ),
    "a draw too long": (
        made(draws={"acid": (*ACID, 0.0)}),
        "mine: its recipe draws at 'acid': expected 3 numbers, one a component",
    ),
    "a draw that is one number": (
        made(draws={"acid": 2.0}),
        "mine: its recipe draws at 'acid': expected 3 numbers, one a component, came 2.0",
    ),
    "a draw that is a text": (made(draws={"acid": "200"}), "one a component, came '200'"),
    "a draw below nothing": (
        made(draws={"acid": (-1.0, 0.0, 0.0)}),
        "mine: its recipe draws at 'acid': expected a share, came -1 kg/kg",
    ),
    "a split that is no number": (
        made(splits={"product": (float("nan"), 1.0, 1.0)}),
        "mine: its recipe splits to 'product': expected a share, came nan kg/kg",
    ),
    "a worth of too few": (
        made(worth={"acid": (1.0,)}),
        "mine: its recipe tells the worth at 'acid': expected 3 numbers",
    ),
    "splits that are none": (
        made(splits=None),
        "mine: its recipe's splits: expected a mapping by name, came None",
    ),
    "steam that is no number": (
        made(uses={"steam": float("nan")}),
        "mine: its recipe uses 'steam': expected a number per kg, came nan",
    ),
    "steam that is a text": (
        made(uses={"steam": "1"}),
        "mine: its recipe uses 'steam': expected a number per kg, came '1'",
    ),
    "a conversion alone": (
        made(conversions=Conversion(NEUTRALISATION, 0, 0.1)),
        "mine: its recipe's conversions: expected a tuple of Conversion",
    ),
    "more than all of it": (
        turned(1.1),
        f"mine: {NEUTRALISATION.equation!r}: expected 0 to 1 of ammonia to react, came 1.1",
    ),
    "less than nothing of it": (turned(-0.1), "expected 0 to 1 of ammonia to react, came -0.1"),
    "a share that is no number": (turned(float("nan")), "0 to 1 of ammonia to react, came nan"),
    "a share that is a text": (turned("0.5"), "0 to 1 of ammonia to react, came '0.5'"),
    "by what it makes": (turned(0.1, key=2), "expected the index of what it uses, 0 (ammonia)"),
    "by a key that is not there": (turned(0.1, key=5), "by key 5: expected the index of what"),
    "by a key that is a name": (turned(0.1, key="ammonia"), "by key 'ammonia': expected the"),
    "by no reaction": (turned(0.1, reaction="a -> b"), "it converts by 'a -> b', expected a"),
    "by a reaction of others": (
        turned(0.1, reaction=BRINES),
        "'salt -> salt' is of other components than the plant",
    ),
}


@pytest.mark.parametrize("clock", ["run", "steady"])
@pytest.mark.parametrize("what", WRONG)
def test_a_recipe_that_cannot_be_is_told_with_what_was_expected(what: str, clock: str):
    """One too short shifted all behind it, and 1.5 times as much acid was drawn as asked for."""
    answer, message = WRONG[what]
    with pytest.raises((TypeError, ValueError)) as told:
        books(answer, clock)
    assert message in str(told.value)


@pytest.mark.parametrize("clock", ["run", "steady"])
@pytest.mark.parametrize("kind", [tuple, list, np.array])
def test_a_stream_may_be_any_row_of_numbers(kind: Callable[[Any], Any], clock: str):
    answer = made(splits={"product": kind((1, 1, 1))}, draws={"acid": kind((2, 0, 0))})
    assert books(answer, clock).total(source="acid") == pytest.approx(100.0)


@pytest.mark.parametrize("clock", ["run", "steady"])
def test_what_a_unit_raises_says_which_unit_it_was(clock: str):
    with pytest.raises(ZeroDivisionError) as raised:
        books(lambda: 1 / 0, clock)
    assert "raised by Answering.convert of unit 'mine'" in raised.value.__notes__[0]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("clock", ["run", "steady"])
def test_an_interruption_as_a_unit_is_called_is_not_lost(clock: str, monkeypatch):
    """Where compiled loops run, Ctrl-C comes as the first line of Python does, and cannot pass."""

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Asking if clock == "run" else SteadyState, "_answer", interrupted)
    with pytest.raises(KeyboardInterrupt):
        books(made(), clock)


TAKES_TOO_MUCH = made(
    draws={"acid": (1.0, 0.0, 0.0)}, conversions=(Conversion(NEUTRALISATION, 0, 1.0),)
)
"""5 kg/h of ammonia take 10.7 kg/h of acid, of which 5 come."""


def test_a_reaction_that_takes_what_does_not_come_is_refused_as_soon_as_it_would_run():
    """Less than nothing was shipped, and only the certificate of the books told."""
    plant = running(works(TAKES_TOO_MUCH))
    plant.hold("making", "test", "not yet")
    plant.run(2.0)  # it is asked, but nothing flows
    plant.release("making", "test")
    told = (
        r"^mine: 'ammonia \+ acid -> salmiac' takes 10\.7034 kg/h of acid, of which 5 come, at "
        r"t = 2 h; expected no more than comes: let its key be the scarcer reactant, or draw more$"
    )
    with pytest.raises(BalanceError, match=told):
        plant.run(3.0)


def test_a_reaction_that_takes_what_does_not_come_is_no_balance_at_rest():
    told = r"unit mine, below nothing: -57\.0342 kg of acid missing of 107\.034 kg"
    with pytest.raises(BalanceError, match=told):
        books(TAKES_TOO_MUCH, "steady").certificate().enforce()


@pytest.mark.parametrize("off", [0.0, 1e-9, -1e-9])
def test_a_reaction_that_takes_all_that_comes_but_for_rounding_is_not_refused(off: float):
    mass = SALMIAC.molar_mass
    exact = made(
        draws={"acid": (mass[1] / mass[0] * (1.0 + off), 0.0, 0.0)},
        conversions=(Conversion(NEUTRALISATION, 0, 1.0),),
    )
    made_of_it = books(exact, "run").total("salmiac", sink="drums") - 50.0
    assert made_of_it == pytest.approx(50.0 * mass[2] / mass[0])


@pytest.mark.parametrize("trace", [-1e-19, 0.0, 1e-19])
def test_a_trace_that_reactions_take_below_nothing_is_rounding(trace: float):
    """As beside much else, or where less than nothing comes of a component by rounding."""
    recipe = turned(0.25)()
    assert lack_of(Answering(capacity=1.0), (), [(trace, -1e-15, 5.0), (0.0,) * 3], recipe) is None


def test_a_reaction_whose_second_reactant_starves_in_a_tank_waits_for_it():
    """What is drawn from an empty tank is shown as nothing; no more flows than comes to it."""
    answer = made(
        draws={"acid": (2.2, 0.0, 0.0)}, conversions=(Conversion(NEUTRALISATION, 0, 1.0),)
    )
    network = works(answer)
    plant = running(
        replace(
            network,
            units={**network.units, "pump": Machine(capacity=1.1)},
            tanks={"store": Tank(capacity=100.0, heel=0.0, initial_level=0.2)},
            contents={"store": SALMIAC.stream(acid=1.0)},
            trains=(*network.trains, Train("pumping", "acid", ("pump",))),
            pipes={**network.pipes, "pump.made": Pipe("store")},
            draws={"mine.acid": "store"},
        )
    )
    plant.run(20.0)
    books = plant.ledger()
    assert books.total("salmiac", sink="mine") < 0.5 * 10.0 * 20.0
    assert books.total("acid", source="store") == pytest.approx(20.0 + 1.1 * 20.0)
    books.certificate().enforce()


@pytest.mark.parametrize("clock", ["run", "steady"])
def test_a_plant_of_whole_numbers_runs_as_one_of_floats(clock: str):
    """A capacity of 10 in place of 10.0 ended in an error of the engine's own."""

    def line(number: Callable[[float], float]) -> Ledger:
        machines = [Machine(capacity=number(3)), Machine(capacity=number(1))]
        network = machine_line(machines, [number(10)], level=number(0))
        water = (number(1),)
        supplies = dict.fromkeys(network.supplies, water)
        network = replace(network, contents={"buffer_1": water}, supplies=supplies)
        if clock == "steady":
            return SteadyState(replace(network, pacer="machine_2"), {}).ledger(number(8))
        plant = running(network)
        plant.run(number(8))
        return plant.ledger()

    assert line(float) == line(int)


class Here(NamedTuple):
    trip: float


@dataclass(frozen=True, kw_only=True)
class Plain(PlainUnit):
    """Answers in numbers what is sound."""

    inlets: ClassVar = ("charge", "acid")
    outlets: ClassVar = ("product",)
    felt: ClassVar = Here
    drawing: ClassVar = ("acid",)
    using: ClassVar = ("steam",)

    def answer(self, at: Here, charge: Stream, acid: Stream) -> Answer:
        return Answer((ALL,), (ACID,), (0.7,), ())


@dataclass(frozen=True, kw_only=True)
class ShortDraw(Plain):
    def answer(self, at: Here, charge: Stream, acid: Stream) -> Answer:
        return Answer((ALL,), ((2.0,),), (0.7,), ())


@dataclass(frozen=True, kw_only=True)
class NoSteam(Plain):
    def answer(self, at: Here, charge: Stream, acid: Stream) -> Answer:
        return Answer((ALL,), (ACID,), (), ())


def of_plain(kind: type[Plain], clock: str) -> Ledger:
    network = replace(works(made()), units={"mine": kind(capacity=10.0)})
    if clock == "steady":
        return SteadyState(network, {}).ledger(hours=10.0)
    plant = running(network)
    plant.run(10.0)
    return plant.ledger()


@pytest.mark.parametrize("clock", ["run", "steady"])
def test_a_compiled_answer_of_another_shape_is_told_as_one_in_python(clock: str):
    """A draw too short shifted the steam into what is drawn, and the books closed."""
    assert of_plain(Plain, clock).total(source="acid") == pytest.approx(100.0)
    with pytest.raises(TypeError, match="draws at 'acid': expected 3 numbers, one a component"):
        of_plain(ShortDraw, clock)
    with pytest.raises(ValueError, match=r"NoSteam.answer: expected 1 uses, came 0"):
        of_plain(NoSteam, clock)


@pytest.mark.parametrize("number", [73, 605])
def test_what_a_recipe_may_move_is_not_forgotten_over_a_question_far_off(number: int):
    """A look far ahead asks recipes that answer alike everywhere: in 6,753 intervals for 56."""
    plant = running(with_limited_steam(number), number)
    with plant.expecting():
        plant.run(30.0)
    plant.ledger().certificate().enforce()
    assert plant.flow.intervals < 150


@dataclass(frozen=True, kw_only=True)
class Thinner(Unit):
    """Draws the more wash, the more salt there is in its feed."""

    inlets: ClassVar = ("charge", "wash")
    outlets: ClassVar = ("made",)
    rate_dependent: ClassVar = False

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        """Return the recipe."""
        ratio = 0.3 * (1.0 + inlets["charge"][0] / sum(inlets["charge"]))
        return Recipe(splits={"made": (1.0,) * 3}, draws={"wash": (ratio,) * 3})


def test_a_trace_of_a_supply_that_makes_up_nothing_is_not_followed():
    """All wash comes from the tank; the supply seemed to make up each change of what is asked.

    Its trace is a hundred thousand times what there is: some thousand intervals.
    """
    network = Network(
        components=Components({"salt": "NaCl", "water": "H2O", "trace": "NaCl"}),
        units={
            "rinse": Machine(capacity=5.0),
            "thinner": Thinner(capacity=5.0),
            "spent": Machine(capacity=4.0),
        },
        tanks={
            "brine": Tank(capacity=20.0, heel=0.0, initial_level=1.0),
            "wash": Tank(capacity=100.0, heel=0.0, initial_level=0.0),
        },
        contents={"brine": (0.5, 0.5, 0.0), "wash": (0.0, 1.0, 1e-10)},
        supplies={"clean": (0.0, 1.0, 1e-10), "hard": (0.0, 0.99997, 3e-5)},
        sinks={"customers": "product"},
        trains=(
            Train("rinse", "clean", ("rinse",)),
            Train("thinner", "brine", ("thinner",)),
            Train("spent", "clean", ("spent",)),
        ),
        pipes={
            "rinse.made": Pipe("brine"),
            "thinner.made": Pipe("customers"),
            "spent.made": Pipe("wash"),
        },
        draws={"thinner.wash": Header(("wash",), "hard")},
    )
    plant = running(network)
    plant.run(20.0)
    passed = 1.0 - np.exp(-5.0 / 20.0 * 20.0)  # of what the brine held
    made = plant.ledger().by_component(sink="customers")
    assert made[0] == pytest.approx(10.0 * passed, rel=1e-3)
    assert made[2] == pytest.approx(1e-10 * (sum(made) - 20.0 * passed), rel=1e-3)
    assert plant.counts()["intervals"] < 200


@dataclass(frozen=True, kw_only=True)
class Saturator(Unit):
    """Turns nine tenths of the ammonia by acid that it draws, in shares of that; boils the rest."""

    inlets: ClassVar = ("charge", "acid")
    outlets: ClassVar = ("liquor", "gas")

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        """Return the recipe, which hangs on how much ammonia there is."""
        ammonia, acid, _ = map(sum, zip(*inlets.values(), strict=True))
        share = inlets["charge"][0] / sum(inlets["charge"])
        mass = SALMIAC.molar_mass
        turned = min(0.9 * ammonia / mass[0] * mass[1] / acid, 1.0) if acid > 0.0 else 0.0
        return Recipe(
            splits={"liquor": (0.1, 1.0, 1.0), "gas": (0.9, 0.0, 0.0)},
            draws={"acid": (3.0 * share,) * 3},
            conversions=(Conversion(NEUTRALISATION, 1, turned),),
        )


@dataclass(frozen=True, kw_only=True)
class Washer(Unit):
    """Holds back the less of a gas, the more there is; notes the least that it has been shown."""

    inlets: ClassVar = ("wash", "gas")
    outlets: ClassVar = ("spent", "tail")
    load: float
    shown: list[float] = field(default_factory=list, compare=False)

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        """Return the recipe."""
        self.shown.append(min(inlets["gas"]))
        held = 1.0 / (1.0 + self.load * sum(inlets["gas"]) / sum(inlets["wash"]))
        return Recipe(splits={"spent": (held,) * 3, "tail": (1.0 - held,) * 3})


@pytest.mark.parametrize("load", [1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0])
def test_a_recipe_that_answers_back_several_times_as_much_comes_to_an_end(load: float):
    """Asked for poor gas it gives all ammonia back, for rich gas less than none.

    And no unit is shown less than nothing of the gas that it collects.
    """
    washer = Washer(capacity=30.0, load=load)
    network = Network(
        components=SALMIAC,
        units={"washer": washer, "saturator": Saturator(capacity=9000.0)},
        tanks={"wash": Tank(capacity=60_000.0, heel=0.0, initial_level=0.0)},
        contents={"wash": (0.4, 0.4, 0.2)},
        supplies={"works": (0.01, 0.34, 0.65), "acid": (0.04, 0.0, 0.96)},
        sinks={"drums": "product", "air": "air"},
        trains=(
            Train("washing", "works", ("washer",)),
            Train("saturating", "wash", ("saturator",)),
        ),
        pipes={
            "washer.spent": Pipe("wash"),
            "washer.tail": Pipe("air"),
            "saturator.liquor": Pipe("drums"),
            "saturator.gas": Pipe("washer.gas", otherwise="air"),
        },
        draws={"saturator.acid": "acid"},
        pacer="washing",
    )
    plant = running(network)
    plant.run(5.0)
    assert min(washer.shown) == 0.0
    for stream, kg in SteadyState(network, {}).ledger(5.0).flows.items():
        assert plant.ledger().flows[stream] == pytest.approx(kg, rel=5e-3, abs=1e-3)
    plant.ledger().certificate().enforce()


@dataclass(frozen=True, kw_only=True)
class Boiler(Unit):
    """Boils off its charge, with a tenth of that of liquor that it draws."""

    inlets: ClassVar = ("charge", "liquor")
    outlets: ClassVar = ("gas",)
    rate_dependent: ClassVar = False

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        """Return the recipe."""
        return Recipe(splits={"gas": ALL}, draws={"liquor": (0.1, 0.1, 0.1)})


@pytest.mark.parametrize("load", [0.15, 0.3, 3.0])
def test_gas_is_found_that_all_but_stands_for_much_and_runs_without_end_for_little(load: float):
    """What a washer holds of the gas is what its boiler draws: x of charge per kg of wash.

    Of wash and gas ``1 / (1 + load * 1.1 x)`` is held, so that ``1 + 1.1 x = 0.1 x (1 + load 1.1
    x)``. Asked for less gas than that by a few parts in a hundred, a washer lets any gas come.
    """
    plant = running(
        Network(
            components=SALMIAC,
            units={"washer": Washer(capacity=1.0, load=load), "boiler": Boiler(capacity=5000.0)},
            tanks={"liquor": Tank(capacity=0.1, heel=0.0, initial_level=0.0)},
            contents={"liquor": (0.0, 0.0, 1.0)},
            supplies={"works": (0.0, 0.0, 1.0), "store": (0.0, 0.0, 1.0)},
            sinks={"air": "air"},
            trains=(
                Train("washing", "works", ("washer",)),
                Train("boiling", "store", ("boiler",)),
            ),
            pipes={
                "washer.spent": Pipe("liquor"),
                "washer.tail": Pipe("air"),
                "boiler.gas": Pipe("washer.gas", otherwise="air"),
            },
            draws={"boiler.liquor": "liquor"},
        ),
        tolerance=1e-5,
    )
    plant.run(1.0)
    ratio = (1.0 + np.sqrt(1.0 + 0.44 * load)) / (0.22 * load)
    assert plant.flow.rates.activity[:2] == pytest.approx([1.0, ratio], rel=1e-3)
    plant.ledger().certificate().enforce()


@dataclass(frozen=True, kw_only=True)
class Stripper(Unit):
    """Draws half as much wash as it is fed, and lets half of all go as gas."""

    inlets: ClassVar = ("charge", "wash")
    outlets: ClassVar = ("made", "gas")
    rate_dependent: ClassVar = False

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        """Return the recipe."""
        half = (0.5,) * 3
        return Recipe(splits={"made": half, "gas": half}, draws={"wash": half})


def test_what_a_supply_would_bring_to_gas_is_not_followed_while_it_brings_none():
    """All wash comes from the tank: the gas has no trace now nor later, and seemed to on its way.

    Of nothing nothing may move, so that intervals lasted 1e-16 h.
    """
    network = Network(
        components=Components({"trace": "NaCl", "water": "H2O", "salt": "NaCl"}),
        units={
            "rinse": Machine(capacity=5.0),
            "stripper": Stripper(capacity=5.0),
            "washer": Washer(capacity=5.0, load=0.5),
        },
        tanks={
            "brine": Tank(capacity=20.0, heel=0.0, initial_level=1.0),
            "wash": Tank(capacity=100.0, heel=0.0, initial_level=1.0),
        },
        contents={"brine": (0.0, 0.5, 0.5), "wash": (0.0, 1.0, 0.0)},
        supplies={"clean": (0.0, 1.0, 0.0), "hard": (0.1, 0.9, 0.0)},
        sinks={"customers": "product", "air": "air"},
        trains=(
            Train("rinse", "clean", ("rinse",)),
            Train("stripper", "brine", ("stripper",)),
            Train("washer", "clean", ("washer",)),
        ),
        pipes={
            "rinse.made": Pipe("brine"),
            "stripper.made": Pipe("customers"),
            "stripper.gas": Pipe("washer.gas", otherwise="air"),
            "washer.spent": Pipe("customers"),
            "washer.tail": Pipe("air"),
        },
        draws={"stripper.wash": Header(("wash",), "hard")},
    )
    plant = running(network)
    plant.run(20.0)
    lost = plant.ledger().by_component(sink="air")
    assert lost[0] == pytest.approx(0.0, abs=1e-12)
    assert plant.counts()["intervals"] < 200
    plant.ledger().certificate().enforce()


@dataclass(frozen=True, kw_only=True)
class Neutraliser(Unit):
    """Draws so much acid, and turns all of whatever there is less of."""

    inlets: ClassVar = ("charge", "acid")
    outlets: ClassVar = ("product",)
    rate_dependent: ClassVar = False
    ratio: float

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        """Return the recipe, keyed by the scarcer."""
        ammonia, acid, _ = map(sum, zip(*inlets.values(), strict=True))
        mass = SALMIAC.molar_mass
        scarce = 0 if ammonia / mass[0] <= acid / mass[1] else 1
        return Recipe(
            splits={"product": ALL},
            draws={"acid": (self.ratio,) * 3},
            conversions=(Conversion(NEUTRALISATION, scarce, 1.0),),
        )


@pytest.mark.parametrize(
    ("begins", "comes"), [(0.1, 0.4), (0.2, 0.26), (0.24, 0.27), (0.249, 0.251), (0.26, 0.23)]
)
@pytest.mark.parametrize(("tolerance", "within"), [(1e-3, 5e-3), (1e-5, 1e-4)])
def test_a_reaction_goes_on_with_the_other_reactant_where_that_becomes_scarce(
    begins: float, comes: float, tolerance: float, within: float
):
    """10 kg/h of a stirred tank of 100 kg pass the equivalence point: a quarter of ammonia.

    Each recipe is exact for its side, and was kept beyond it: of what ran short less than nothing
    was left, and the steps in which it came to the product were 1e-9 h. ``within`` is of what is
    fed.
    """
    mass = SALMIAC.molar_mass
    plant = running(
        Network(
            components=SALMIAC,
            units={
                "pump": Machine(capacity=10.0),
                "neutraliser": Neutraliser(capacity=10.0, ratio=0.25 * mass[1] / mass[0]),
                "sale": Machine(capacity=14.0),
            },
            tanks={
                "charge": Tank(capacity=100.0, heel=0.0, initial_level=1.0),
                "made": Tank(capacity=300.0, heel=0.0, initial_level=0.5),
            },
            contents={"charge": (begins, 0.0, 1.0 - begins), "made": (0.0, 0.0, 1.0)},
            supplies={"works": (comes, 0.0, 1.0 - comes), "acid": (0.0, 1.0, 0.0)},
            sinks={"drums": "product"},
            trains=(
                Train("pumping", "works", ("pump",)),
                Train("neutralising", "charge", ("neutraliser",)),
                Train("selling", "made", ("sale",)),
            ),
            pipes={
                "pump.made": Pipe("charge"),
                "neutraliser.product": Pipe("made"),
                "sale.made": Pipe("drums"),
            },
            draws={"neutraliser.acid": "acid"},
        ),
        tolerance=tolerance,
    )
    plant.run(20.0)
    books = plant.ledger()
    books.certificate().enforce()
    assert plant.counts()["intervals"] < (300 if tolerance == 1e-3 else 5000)
    # share of ammonia above a quarter: over - (over - begun) * exp(-t / 10 h), 0 at ``crosses``
    over, begun = comes - 0.25, begins - 0.25
    crosses = 10.0 * np.log((over - begun) / over)
    first = 10.0 * (over * crosses - 10.0 * (over - begun) * -np.expm1(-crosses / 10.0))
    last = 10.0 * over * (20.0 - crosses) - 100.0 * (over - begun) * (
        np.exp(-crosses / 10.0) - np.exp(-2.0)
    )
    left = books.by_component(sink="drums") + books.held["made"]
    ammonia, acid = (last, -first) if over > 0.0 else (first, -last)
    assert left[0] == pytest.approx(ammonia, abs=50.0 * within)
    assert left[1] == pytest.approx(acid * mass[1] / mass[0], abs=107.0 * within)


PEROXIDE = Components({"peroxide": "H2O2", "water": "H2O", "oxygen": "O2"})


@dataclass(frozen=True, kw_only=True)
class Decomposer(Unit):
    inlets: ClassVar[tuple[str, ...]] = ("charge",)
    outlets: ClassVar[tuple[str, ...]] = ("out",)
    fraction: float = quantity("kg/kg", "decomposed", 0.0, 1.0)

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        reaction = Reaction("2 peroxide -> 2 water + oxygen", PEROXIDE)
        return Recipe(
            conversions=(Conversion(reaction, 0, self.fraction),), splits={"out": (1.0, 1.0, 1.0)}
        )


@pytest.mark.parametrize("fraction", [0.3, 0.5, 1.0])
def test_a_conversion_is_of_its_key_however_often_that_stands_in_the_equation(fraction: float):
    """2 A -> B by 0.3 left 40 of 100 kg of A, and by more than a half less than nothing."""
    network = Network(
        components=PEROXIDE,
        units={"decomposer": (unit := Decomposer(capacity=100.0, fraction=fraction))},
        tanks={},
        contents={},
        supplies={"feed": (1.0, 0.0, 0.0)},
        sinks={"out": "product"},
        trains=(Train("train", "feed", ("decomposer",)),),
        pipes={"decomposer.out": Pipe("out")},
        pacer="train",
    )
    peroxide, water, _ = PEROXIDE.molar_mass
    expected = pytest.approx([100.0 * (1.0 - fraction), 100.0 * fraction * water / peroxide])
    pool = unit.convert({"charge": (100.0, 0.0, 0.0)}, Conditions(100.0)).apply((100.0, 0.0, 0.0))
    assert pool["out"][:2] == expected
    plant = running(network)
    plant.run(1.0)
    for ledger in (plant.ledger(), SteadyState(network, {}).ledger(hours=1.0)):
        ledger.certificate().enforce()
        assert [ledger.total(name, sink="out") for name in ("peroxide", "water")] == expected
