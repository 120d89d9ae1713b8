"""A unit that answers in numbers: what it says of itself, or answers, that it cannot."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import numpy as np
import pytest

from sim import Components, Network, Pipe, Plant, RandomStreams, Recipe, SteadyState, Train
from sim.network.plain import Answer, PlainUnit

BRINE = Components({"salt": "NaCl", "water": "H2O"})
ALL = (1.0, 1.0)


class Felt(NamedTuple):
    """The air, K."""

    air: float


class Fewer(NamedTuple):
    """Two of the four parts of an answer."""

    splits: Any
    draws: Any


@dataclass(frozen=True, kw_only=True)
class Passing(PlainUnit):
    """Passes everything on."""

    inlets: ClassVar = ("charge",)
    outlets: ClassVar = ("passed",)
    felt: ClassVar = Felt

    def answer(self, at: Any, charge: Any) -> Any:
        return Answer((ALL,), (), (), ())


def works(**body: Any) -> Network:
    """Return a plant of one unit, of a class that says something else."""
    kind: Any = dataclass(frozen=True, kw_only=True)(type("Odd", (Passing,), body))
    others = kind.inlets[1:] if isinstance(kind.inlets, tuple) else ()
    return Network(
        components=BRINE,
        units={"odd": kind(capacity=10.0)},
        tanks={},
        contents={},
        supplies={"line": (0.1, 0.9)},
        sinks={"drums": "product"},
        trains=(Train("train", "line", ("odd",)),),
        pipes={"odd.passed": Pipe("drums")},
        draws={f"odd.{port}": "line" for port in others},
        pacer="train",
    )


def run(network: Network) -> float:
    plant = Plant(network, lambda hour: {"air": 293.15}, RandomStreams(seed=1))
    plant.run(3.0)
    return plant.ledger().total(sink="drums")


def rest(network: Network) -> float:
    return SteadyState(network, {"air": 293.15}).ledger(3.0).total(sink="drums")


def missing(self: Any, at: Any, charge: Any) -> Any:
    return Answer(splits=(ALL,), draws=(), uses=())  # type: ignore[call-arg]


def misspelt(self: Any, at: Any, charge: Any) -> Any:
    return Answer(splts=(ALL,), draws=(), uses=(), fractions=())  # type: ignore[call-arg]


def extra(self: Any, at: Any, charge: Any) -> Any:
    return Answer(splits=(ALL,), draws=(), uses=(), fractions=(), worth=())  # type: ignore[call-arg]


def five(self: Any, at: Any, charge: Any) -> Any:
    return Answer((ALL,), (), (), (), ())  # type: ignore[call-arg]


def nothing(self: Any, at: Any, charge: Any) -> Any:
    pass


def recipe(self: Any, at: Any, charge: Any) -> Any:
    return Recipe(splits={"passed": ALL})


def fewer(self: Any, at: Any, charge: Any) -> Any:
    return Fewer((ALL,), ())


def no_tuple(self: Any, at: Any, charge: Any) -> Any:
    return Answer((ALL,), (), 0.5, ())  # type: ignore[arg-type]


def flat(self: Any, at: Any, charge: Any) -> Any:
    return Answer(ALL, (), (), ())  # type: ignore[arg-type]


def ragged(self: Any, at: Any, charge: Any) -> Any:
    return Answer((ALL, (1.0,)), (), (), ())


def words(self: Any, at: Any, charge: Any) -> Any:
    return Answer((("all", 1.0),), (), (), ())  # type: ignore[arg-type]


def unknown(self: Any, at: Any, charge: Any) -> Any:
    return Answer(((1.0, self.capcity),), (), (), ())


def unfelt(self: Any, at: Any, charge: Any) -> Any:
    return Answer(((1.0, at.water),), (), (), ())


def undefined(self: Any, at: Any, charge: Any) -> Any:
    return Answer((shares(charge),), (), (), ())  # type: ignore[name-defined]  # noqa: F821


PARTS = "Odd.answer: expected an Answer of splits, draws, uses and fractions, came "
ANSWERS: dict[Callable[..., Any], str] = {
    missing: f"{PARTS}one without fractions",
    misspelt: f"{PARTS}'splts'; did you mean 'splits'?",
    extra: f"{PARTS}'worth'; known: splits, draws, uses, fractions",
    five: f"{PARTS}5 parts",
    nothing: f"{PARTS}None; it has no 'return'",
    recipe: f"{PARTS}a value of type Recipe",
    fewer: f"{PARTS}Fewer(splits=((1.0, 1.0),), draws=())",
    no_tuple: "Odd.answer: expected 0 uses in a tuple, came 0.5",
    flat: "Odd.answer: expected 1 splits, came 2",
    ragged: "Odd.answer: expected 1 splits, came 2",
    words: "expected 2 numbers, one a component, came ('all', 1.0)",
}
TOLD: dict[Callable[..., Any], str] = {
    **ANSWERS,
    unknown: "'capcity' is no number or switch of the unit, nor named in its `derived`",
    unfelt: "there is no 'water' in Felt",
    undefined: "name 'shares' is not defined",
}


@pytest.mark.parametrize(
    ("answer", "clock"),
    [*((answer, run) for answer in TOLD), *((answer, rest) for answer in (ragged, undefined))],
    ids=lambda f: f.__name__,
)
def test_an_answer_of_another_shape_is_told_without_what_compiles_it(
    answer: Callable[..., Any], clock: Callable[[Network], float]
):
    with pytest.raises((TypeError, ValueError)) as told:
        clock(works(answer=answer))
    assert TOLD[answer] in str(told.value)


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda f: f.__name__)
def test_an_answer_in_python_is_told_in_the_same_words(answer: Callable[..., Any]):
    def convert(self: Any, inlets: Any, at: Any) -> Recipe:
        return PlainUnit.convert(self, inlets, at)

    with pytest.raises((TypeError, ValueError)) as told:
        run(works(answer=answer, convert=convert))
    assert ANSWERS[answer] in str(told.value)


def two(self: Any, at: Any) -> Any:
    return Answer((ALL,), (), (), ())


CLASSES: dict[str, tuple[Mapping[str, Any], str]] = {
    "too few inlets": ({"answer": two}, "answer: expected a method that takes self, at, charge"),
    "no method": ({"answer": 7}, "answer: expected a method that takes self, at, charge, came 7"),
    "a utility": ({"using": ("steem",)}, "using: no 'steem'; did you mean 'steam'?"),
    "one utility": ({"using": "steam"}, "using: expected a tuple of names, came 'steam'; write"),
    "an inlet": ({"drawing": ("chrge",)}, "drawing: no 'chrge'; did you mean 'charge'?"),
    "rounds": ({"rounds": "capcity"}, "rounds: no parameter 'capcity'; did you mean 'capacity'?"),
    "number of rounds": ({"rounds": 7}, "rounds: expected the name of a parameter, came 7"),
    "one derived": ({"derived": "largest"}, "derived: expected a tuple of names, came 'largest'"),
    "a derived text": ({"derived": ("inlets",)}, "inlets: expected a number, came ('charge',)"),
    "no reaction": ({"reactions": ("a -> b",)}, "reactions: expected a tuple of a Reaction and"),
    "a table of lists": ({"by_component": [[1.0]]}, "by_component: expected an array of numbers"),
    "a flat table": ({"by_part": np.ones(2)}, "by_part: expected an array of numbers in rows"),
    "no worth": ({"worth": None}, "worth: expected streams by inlet, came None"),
    "worth elsewhere": ({"worth": {"chrge": ALL}}, "worth: no 'chrge'; did you mean 'charge'?"),
    "worth of one": (
        {"worth": {"charge": (1.0,)}},
        "worth: 'charge': expected a number for each component, came (1.0,)",
    ),
}


@pytest.mark.parametrize("what", CLASSES)
def test_what_a_plain_unit_says_of_itself_is_told_when_the_network_is_built(what: str):
    body, message = CLASSES[what]
    with pytest.raises(ValueError, match="units: 'odd': Odd") as told:
        works(**body)
    assert f"Odd.{message}" in str(told.value)


def test_a_plain_unit_without_an_answer_is_told():
    @dataclass(frozen=True, kw_only=True)
    class Odd(PlainUnit):
        inlets: ClassVar = ("charge",)
        outlets: ClassVar = ("passed",)
        felt: ClassVar = Felt

    network = works()
    with pytest.raises(ValueError, match=r"answer: expected a method of this name, came noth"):
        network.refitted({"odd": Odd(capacity=1.0)})


def drawing(self: Any, at: Any, charge: Any, one: Any, other: Any, third: Any) -> Any:
    return Answer((ALL,), ((1.0, 1.0), (0.0, 0.0), (0.5, 0.5)), (), ())


@pytest.mark.parametrize("clock", [run, rest])
def test_a_plain_unit_of_many_inlets_is_asked_in_python(clock: Callable[[Network], float]):
    """10 kg/h of the charge, as much at one inlet and half of it at another: 25 kg/h."""
    inlets = ("charge", "one", "other", "third")
    network = works(answer=drawing, inlets=inlets, drawing=inlets[1:])
    assert clock(network) == pytest.approx(75.0)
