"""The loops of the steady state, and physics that is compiled."""

import copy
import pickle
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields, replace
from math import exp
from typing import Any, ClassVar, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

from plant_models.benchmarks.units import (
    BRINE,
    NEUTRALISATION,
    SALMIAC,
    Blender,
    Machine,
    Splitter,
)
from plant_models.chlorobenzene.line import weather
from plant_models.chlorobenzene.line.design import baseline
from plant_models.chlorobenzene.model import PLANT, steady_state
from plant_models.chlorobenzene.substances.chemistry import COMPONENTS
from plant_models.chlorobenzene.substances.streams import evenly
from plant_models.chlorobenzene.units.absorption import Absorber
from plant_models.chlorobenzene.units.off_gas import OffGasCooler
from sim.books.ledger import Ledger
from sim.clock.plant import Plant
from sim.clock.random_streams import RandomStreams
from sim.errors import BalanceError
from sim.flow import native, rest
from sim.flow.state import FlowState
from sim.model.facts import set_values
from sim.model.parameters import quantity
from sim.model.ranges import sample_at, sampled_paths
from sim.network.chemistry import Reaction
from sim.network.network import Header, Network, Pipe, Tank, Train
from sim.network.plain import Answer, PlainUnit, is_plain
from sim.network.unit import Conditions, Conversion, Recipe, Unit
from sim.steady.blank import Blank
from sim.steady.state import SteadyState
from tests.compiled import compiled_answer, interpret

DESIGN = baseline()
AT = Conditions(6000.0, weather.annual_mean(DESIGN.tree))
PLAIN = [name for name, unit in PLANT.network(DESIGN.tree).units.items() if is_plain(unit)]
IDS = [f"F{i}" for i in range(1, 13)]
INDEX = COMPONENTS.index


def test_every_unit_of_the_line_answers_in_numbers():
    assert list(PLANT.network(DESIGN.tree).units) == PLAIN


class Nothing(NamedTuple):
    """No surroundings at all."""


@dataclass(frozen=True, kw_only=True)
class Talker(PlainUnit):
    """A unit whose answer cannot be compiled."""

    inlets: ClassVar = ("feed",)
    outlets: ClassVar = ("out",)
    felt: ClassVar = Nothing

    def answer(self, at: Any, feed: Any) -> Answer:
        """Return all of it, and say so."""
        said = sorted({str(kg): kg for kg in feed})
        return Answer(splits=((1.0 * len(said),) * 2,), draws=(), uses=(), fractions=())


@pytest.mark.long
def test_an_answer_that_does_not_compile_is_told_with_the_unit_and_a_way_out():
    with pytest.raises(TypeError, match=r"Talker.answer: .*stops at `return Answer.*convert"):
        native.compiled(Talker(), 2)


@pytest.mark.parametrize("name", PLAIN)
@settings(max_examples=10)
@given(st.data())
def test_a_compiled_answer_is_the_interpreted_one(name, data):
    """Whatever comes in, and whatever the parameters."""
    mine = [path for path in sampled_paths(DESIGN) if path.startswith(f"{name}.")]
    shares = data.draw(st.tuples(*[st.floats(0.0, 1.0)] * len(mine)))
    unit = getattr(sample_at(DESIGN, dict(zip(mine, shares, strict=True))), name)
    kg = st.one_of(st.just(0.0), st.floats(1e-6, 1e4))
    inlets = {port: data.draw(st.tuples(*[kg] * 11)) for port in unit.inlets}
    at = replace(AT, cause=data.draw(st.sampled_from(["normal", "trip"])))
    as_it_stands = unit.convert(inlets, at)
    compiled = compiled_answer(unit, inlets, at)
    for found, expected in (
        (compiled.splits, as_it_stands.splits),
        (compiled.draws, as_it_stands.draws),
    ):
        assert list(found) == list(expected)
        for port, stream in expected.items():
            assert found[port] == pytest.approx(stream, rel=1e-9, abs=1e-12), port
    assert compiled.uses == pytest.approx(as_it_stands.uses, rel=1e-9, abs=1e-12)
    assert compiled.worth == as_it_stands.worth
    fractions = [each.fraction for each in as_it_stands.conversions]
    assert [each.fraction for each in compiled.conversions] == pytest.approx(fractions)


def test_loops_and_units_as_they_stand_come_to_the_same(monkeypatch):
    fast = steady_state("F1, F7, F10").indicators
    interpret(monkeypatch)
    monkeypatch.setattr(native, "at_rest", native.resting)
    begin = SteadyState._begin
    monkeypatch.setattr(SteadyState, "_begin", lambda self, **_: begin(self, compiled=False))
    slow = steady_state("F1, F7, F10").indicators
    closure = {"closure": 0.0}
    assert {**fast, **closure} == pytest.approx({**slow, **closure}, rel=1e-7, abs=1e-9)


@settings(max_examples=10)
@given(st.lists(st.sampled_from(IDS), unique=True), st.lists(st.sampled_from(IDS), unique=True))
def test_what_was_solved_before_moves_no_bit(one, other):
    first = steady_state(one).ledger
    steady_state(other)
    assert steady_state(one).ledger == first


def test_networks_of_one_wiring_share_nothing_that_tells_them_apart():
    """What comes in with one is not what the next one of its shape begins with."""

    def purity(of: Ledger) -> float:
        fed = {name: of.total(name, source="chlorine_header") for name in ("chlorine", "nitrogen")}
        kmol = {name: kg / COMPONENTS.molar_mass[INDEX[name]] for name, kg in fed.items()}
        return kmol["chlorine"] / sum(kmol.values())

    weak = set_values(DESIGN, {"chlorinator.chlorine_purity": 0.9})
    first, other = steady_state().ledger, steady_state(weak).ledger
    assert purity(first) == pytest.approx(DESIGN.tree.chlorinator.chlorine_purity)
    assert purity(other) == pytest.approx(0.9)
    assert steady_state().ledger == first


@pytest.mark.parametrize(
    "settings_of",
    [
        {"absorber.acid_strength": 0.33},  # what else is drawn is worth other than 1
        {"chlorinator.stages": 3},
        {"chlorinator.capacity": 4000.0},
        {"chlorinator.chlorine_purity": 0.9},
        {"site.pressure": 9e4},
    ],
)
def test_a_state_told_of_what_is_new_in_it_is_the_one_told_of_all(settings_of):
    """What is kept of the network before moves no bit, and is felt where it changes."""
    changed = set_values(DESIGN, settings_of)
    steady_state("none")  # of all designs of this shape
    written = PLANT.network(DESIGN.tree).shape["blank"].written_before

    def books(schemes: str, *before: Any) -> Ledger:
        written.clear()
        for design in before:
            steady_state("F3", design=design)
        return steady_state(schemes, design=changed).ledger

    for schemes in ("none", "F1-F11"):
        whole = books(schemes)
        assert whole == books(schemes, DESIGN) == books(schemes, DESIGN, changed, DESIGN)
        assert whole != steady_state(schemes).ledger


def test_states_and_their_books_outlive_what_is_solved_after_them():
    felt = weather.annual_mean(DESIGN.tree)
    one = SteadyState(PLANT.variant("F1").network, felt)
    early = one.ledger(1.0)
    other = SteadyState(PLANT.variant("F2, F7").network, felt).ledger(1.0)
    one.refine(1e-11)
    one.ledger(2.0)
    assert early == SteadyState(PLANT.variant("F1").network, felt).ledger(1.0)
    assert other == SteadyState(PLANT.variant("F2, F7").network, felt).ledger(1.0)
    assert pickle.loads(pickle.dumps(early)) == early


@pytest.mark.parametrize("schemes", ["none", "F7-F12"])
def test_by_which_recipes_units_draw_at_first_moves_last_digits_alone(schemes):
    felt = weather.annual_mean(DESIGN.tree)
    like = SteadyState(PLANT.variant("F1-F6").network, felt)
    network = PLANT.variant(schemes).network
    found, cold = (SteadyState(network, felt, of).ledger(1.0) for of in (like, None))
    assert found != cold
    assert found == SteadyState(network, felt, like).ledger(1.0)
    for entry, kg in cold.flows.items():
        assert found.flows[entry] == pytest.approx(kg, rel=1e-5, abs=1e-6)


def test_recipes_of_another_wiring_tell_nothing_of_draws():
    network = recycling(Splitter(capacity=10.0, recycle=0.1))
    line = SteadyState(PLANT.network(DESIGN.tree), weather.annual_mean(DESIGN.tree))
    assert SteadyState(network, {}, line).ledger(1.0) == SteadyState(network, {}).ledger(1.0)


def test_units_draw_by_the_recipes_of_a_state_as_it_is_not_as_it_was():
    felt = weather.annual_mean(DESIGN.tree)
    one, other = (SteadyState(PLANT.variant("F1, F7").network, felt) for _ in range(2))
    network = PLANT.network(DESIGN.tree)
    before = SteadyState(network, felt, one).ledger(1.0)
    one.refine(1e-11)
    other.refine(1e-11)
    after = SteadyState(network, felt, one).ledger(1.0)
    assert after != before
    assert after == SteadyState(network, felt, other).ledger(1.0)


def test_loads_are_those_of_the_state_as_it_is():
    felt = weather.annual_mean(DESIGN.tree)
    one, other = (SteadyState(PLANT.variant("F1, F7").network, felt) for _ in range(2))
    early = one.loads
    one.refine(1e-11)
    other.refine(1e-11)
    assert early != one.loads == other.loads


@pytest.mark.parametrize("way", [pickle.dumps, copy.copy, copy.deepcopy])
def test_a_state_that_would_be_copied_with_addresses_in_it_says_what_to_do(way):
    state = SteadyState(recycling(Splitter(capacity=10.0, recycle=0.1)), {})
    assert repr(state).startswith("<SteadyState of ")
    with pytest.raises(TypeError, match="neither copied nor pickled: take its ledger"):
        way(state)


def test_a_supply_that_was_changed_in_its_list_is_felt():
    shares: Any = [0.5, 0.5]
    line = recycling(Splitter(capacity=10.0, recycle=0.1))
    network = replace(line, supplies={"store": shares})
    for salt in (0.5, 0.5, 0.3):
        shares[:] = [salt, 1.0 - salt]
        books = SteadyState(network, {}).ledger(1.0)
        assert books.total("salt", source="store") == pytest.approx(
            salt * books.total(source="store")
        )


@dataclass(frozen=True, kw_only=True)
class Plainly(Absorber):
    """One that counts reused water by the kilogram where its acid is strong."""

    @property
    def worth(self) -> Any:
        """Nothing that is not 1 where the acid is strong."""
        return super().worth if self.acid_strength < 0.32 else {}


def test_whether_water_is_worth_other_than_one_may_depend_on_a_parameter():
    steady_state()  # has the line compiled
    felt = weather.annual_mean(DESIGN.tree)
    line, own = PLANT.network(DESIGN.tree), DESIGN.tree.absorber
    whole = Plainly(**{each.name: getattr(own, each.name) for each in fields(own)})
    weak, strong = (replace(whole, acid_strength=share) for share in (0.31, 0.33))

    def books(first: Unit, then: Unit) -> Ledger:
        network = replace(line, units={**line.units, "absorber": first})
        SteadyState(network, felt)
        return SteadyState(network.refitted({"absorber": then}), felt).ledger(1.0)

    assert books(weak, strong) == books(strong, strong)
    assert books(strong, weak) == books(weak, weak)


@dataclass(frozen=True, kw_only=True)
class Neutraliser(Unit):
    """Makes half of its ammonia into salt, by a reaction that it writes down each time."""

    inlets: ClassVar = ("feed",)
    outlets: ClassVar = ("out",)
    works: bool = quantity("", "whether it does", default=True)

    def convert(self, inlets: Any, at: Conditions) -> Recipe:
        """Return the recipe: all goes on."""
        reaction = Reaction(NEUTRALISATION.equation, SALMIAC)
        steps = (Conversion(reaction, 0, 0.5),) if self.works else ()
        return Recipe(splits={"out": (1.0,) * 5}, conversions=steps)


def neutralising(*, works: bool = True) -> Network:
    """Return a unit that makes salt and no more."""
    return Network(
        components=SALMIAC,
        units={"neutraliser": Neutraliser(capacity=10.0, works=works)},
        tanks={},
        contents={},
        supplies={"store": SALMIAC.stream(ammonia=0.3, hydrogen_chloride=0.7)},
        sinks={"customers": "product"},
        trains=(Train("making", "store", ("neutraliser",)),),
        pipes={"neutraliser.out": Pipe("customers")},
        pacer="making",
    )


def test_a_reaction_may_be_written_down_anew_in_every_recipe():
    made = 1.5 * SALMIAC.molar_mass[2] / SALMIAC.molar_mass[0]
    plant = Plant(neutralising(), lambda hour: {}, RandomStreams(seed=1))
    plant.run(10.0)
    for books in (SteadyState(neutralising(), {}).ledger(10.0), plant.ledger()):
        assert books.total("ammonium_chloride") == pytest.approx(10.0 * made)
        assert len(books.extents) == 1


def test_recipes_of_a_state_are_drawn_by_though_tables_have_grown_since():
    idle = neutralising(works=False)
    working = idle.refitted({"neutraliser": Neutraliser(capacity=10.0)})
    early = SteadyState(idle, {})
    narrow = early.blank
    first = SteadyState(working, {}, early)
    late = SteadyState(idle, {})
    assert first.blank is late.blank is not narrow
    assert first.known is early.now.recipe
    assert SteadyState(working, {}, early).ledger(1.0) == first.ledger(1.0)
    assert SteadyState(working, {}, late).ledger(1.0) == first.ledger(1.0)


def test_of_two_threads_that_are_the_first_of_a_wiring_both_take_the_same_flows(monkeypatch):
    network, others = recycling(Splitter(capacity=10.0, recycle=0.1)), list[SteadyState]()
    made = Blank.made

    def meanwhile(*arguments: Any) -> Blank:
        if not others:
            monkeypatch.setattr(Blank, "made", made)
            others.append(SteadyState(network, {}))
        return made(*arguments)

    monkeypatch.setattr(Blank, "made", meanwhile)
    state = SteadyState(network, {})
    assert state.blank is others[0].blank
    assert state.wiring is others[0].wiring


def test_states_of_several_threads_are_those_of_one():
    designs = [
        set_values(DESIGN, own)
        for own in ({}, {"chlorinator.chlorine_purity": 0.9}, {"site.pressure": 9e4})
    ]
    asked = [(schemes, design) for schemes in ("none", "F1", "F3, F8") for design in designs] * 20

    def books(of: Any) -> Ledger:
        return steady_state(of[0], design=of[1]).ledger

    alone, usual = [books(of) for of in asked[:9]] * 20, sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as pool:
            together = list(pool.map(books, asked))
    finally:
        sys.setswitchinterval(usual)
    assert together == alone


class Reentrant(PlainUnit):
    """Its numbers are asked for by somebody else while they are being told."""

    inlets = ("feed",)
    outlets = ("out",)

    def numbers(self) -> tuple[float, ...]:
        """Return one number, another time each."""
        if "row" not in self.__dict__ and not rows:
            rows.append(np.zeros(1))
            rows[0] = self.row
        return (1.0,)


rows: list[Any] = []


def test_where_the_numbers_of_a_unit_are_is_told_once_whoever_asks_at_the_same_time():
    assert Reentrant().row is rows[0]


@pytest.mark.parametrize("schemes", ["none", "F2, F7", "F1-F12"])
def test_the_closure_of_a_steady_state_is_that_of_its_certificate(schemes):
    ledger = steady_state(schemes).ledger
    assert ledger.closure == pytest.approx(ledger.certificate().closure, rel=1e-2, abs=1e-15)
    flow, kg = next((e, kg) for e, kg in ledger.flows.items() if kg.sum() > 1.0)
    leaking = replace(ledger, flows={**ledger.flows, flow: 0.99 * kg})
    assert leaking.closure > 1e-3


def test_a_steady_state_is_as_exact_as_its_tolerance():
    variant = PLANT.variant("F2, F7, F10")
    felt = weather.annual_mean(variant.tree)
    state = SteadyState(variant.network, felt)
    before = state.ledger(1.0)
    state.refine(1e-11)
    after = state.ledger(1.0)
    lost = {"medium": "emission gas"}
    for component in ("benzene", "chlorobenzene"):
        assert before.total(component, **lost) == pytest.approx(
            after.total(component, **lost), rel=1e-5
        )


def test_a_unit_with_a_convert_of_its_own_is_asked_in_python():
    @dataclass(frozen=True, kw_only=True)
    class Asking(OffGasCooler):
        def convert(self, inlets: Any, at: Any) -> Any:
            """Return what any cooler does."""
            asked.append(1)
            return super().convert(inlets, at)

    asked: list[int] = []
    own = Asking(**{name: getattr(DESIGN.tree.off_gas_cooler, name) for name in FIELDS})
    found = steady_state(replace(DESIGN.tree, off_gas_cooler=own)).indicators
    assert len(asked) > 2
    assert found["air.benzene_t"] == pytest.approx(steady_state().indicators["air.benzene_t"])


FIELDS = [each.name for each in fields(OffGasCooler)]


class Air(NamedTuple):
    """Nothing but air."""

    air: float


def test_what_is_kept_of_compiled_physics_knows_what_it_calls():
    """Numba alone would not notice that a function of another file has changed."""
    answer: Any = OffGasCooler.answer
    one = "\n".join(native.written_out(answer, {}))
    assert "condense" in one
    assert "latent_heats" in one
    assert "vapour_pressures" in one


class Divider(PlainUnit):
    """Divides by what comes in."""

    inlets = ("feed",)
    outlets = ("out",)
    felt: ClassVar[type[Any]] = Air

    def answer(self, at: Air, feed: tuple[float, ...]) -> Answer:
        """Return one over the first component."""
        return Answer(splits=(evenly(1.0 / feed[0]),), draws=(), uses=(), fractions=())


def dividing(shares: tuple[float, ...]) -> FlowState:
    """Return a line that divides by what comes of the first component."""
    network = Network(
        components=COMPONENTS,
        units={"divider": Divider(capacity=10.0)},
        tanks={},
        contents={},
        supplies={"store": shares},
        sinks={"customers": "product"},
        trains=(Train("dividing", "store", ("divider",)),),
        pipes={"divider.out": Pipe("customers")},
    )
    return FlowState(network, lambda hour: AT.surroundings)


def test_a_compiled_answer_that_is_no_number_is_told_by_the_unit_as_it_stands():
    (train,) = dividing(evenly(1.0 / 11.0)).map.trains
    assert np.isfinite(train.answers[1].streams).all()
    with pytest.raises(ZeroDivisionError):
        dividing((0.0, *[0.1] * 10))


def test_what_a_unit_in_python_raises_comes_out_of_the_compiled_loops():
    @dataclass(frozen=True, kw_only=True)
    class Broken(OffGasCooler):
        def convert(self, inlets: Any, at: Any) -> Any:
            """Raise an error of its own."""
            raise LookupError("no such table")

    own = Broken(**{name: getattr(DESIGN.tree.off_gas_cooler, name) for name in FIELDS})
    with pytest.raises(LookupError, match="no such table"):
        steady_state(replace(DESIGN.tree, off_gas_cooler=own))


def recycling(splitter: Splitter) -> Network:
    """Return a splitter that is filled on demand and sends a share back to its own tank."""
    return Network(
        components=BRINE,
        units={"feeding": Machine(capacity=20.0), "splitter": splitter},
        tanks={"tank": Tank(capacity=100.0)},
        contents={"tank": (0.5, 0.5)},
        supplies={"store": (0.5, 0.5)},
        sinks={"customers": "product"},
        trains=(Train("filling", "store", ("feeding",)), Train("making", "tank", ("splitter",))),
        pipes={
            "feeding.made": Pipe("tank"),
            "splitter.product": Pipe("customers"),
            "splitter.recycle": Pipe("tank"),
        },
        pacer="making",
    )


def test_a_steady_state_that_does_not_settle_tells_what_moves_and_round_which_loop():
    @dataclass(frozen=True, kw_only=True)
    class Moody(Splitter):
        def convert(self, inlets: Any, at: Any) -> Recipe:
            """Return the recipe of a share that goes to and fro."""
            asked.append(1)
            return Splitter(recycle=0.1 + 0.3 * (len(asked) % 2)).convert(inlets, at)

    asked: list[int] = []
    with pytest.raises(BalanceError, match="does not settle in 200 sweeps") as told:
        SteadyState(recycling(Moody(capacity=10.0, recycle=0.1)), {})
    assert "in splitter.recycle, round the loop of making -> making" in str(told.value)


def test_moves_that_shrink_evenly_are_followed_to_where_they_lead():
    """2 + 0.5**k and 3 - 0.9**k: two components, each with a ratio of its own."""
    leap: Any = native.INTERPRETED[rest]["leap"]
    trail, moves = np.zeros((1, 2)), np.zeros((1, 2))
    shrinks, gone = np.zeros(2), np.zeros(2)
    for k in range(3):
        stream = np.array([[2.0 + 0.5**k, 3.0 - 0.9**k]])
        left = leap(np.array([0]), stream, trail, moves, shrinks, False, gone, False)
    stream = np.array([[2.0 + 0.5**3, 3.0 - 0.9**3]])
    left = leap(np.array([0]), stream, trail, moves, shrinks, True, gone, False)
    assert stream[0] == pytest.approx([2.0, 3.0], rel=1e-12)
    assert left == pytest.approx((0.9**2 - 0.9**3) / 0.1 / (3.0 - 0.9**3), rel=1e-9)


@pytest.mark.parametrize("trace", [1e-9, 1e-17, 1e-18, 1e-22, 1e-30])
@pytest.mark.parametrize(("lost", "water"), [(1e-2, 0.0), (1e-4, 0.0), (0.7, 0.4)])
def test_a_trace_in_a_loop_is_not_gone_however_little_a_supply_brings(
    trace: float, lost: float, water: float
):
    """1 / lost times as much goes round at rest, in 1 / (1 - water) of the water."""

    @dataclass(frozen=True, kw_only=True)
    class Retaining(Splitter):
        def convert(self, inlets: Any, at: Conditions) -> Recipe:
            """Return the recipe: salt and water go back, each by its own share."""
            back = self.recycle
            return Recipe(splits={"product": (1.0 - back, 1.0 - water), "recycle": (back, water)})

    line = recycling(Retaining(capacity=10.0, recycle=1.0 - lost))
    state = SteadyState(replace(line, supplies={"store": (trace, 1.0 - trace)}), {})
    salt, solvent = trace / (1.0 - (1.0 - lost)), (1.0 - trace) / (1.0 - water)
    charged = 10.0 * salt / (salt + solvent)
    sent_back = state.ledger(1.0).total("salt", stream="splitter.recycle")
    assert sent_back == pytest.approx(charged * (1.0 - lost), rel=1e-7, abs=0.0)


def rinsing(back: float, salt: float = 0.0, **tank: Any) -> Network:
    """Return a blender of 10 kg/h that asks for 5, and sends so many back to a tank for it."""
    rinse = Blender(capacity=10.0, ratio=0.5, salt=salt, water=1.0 - back / 15.0)
    return Network(
        components=BRINE,
        units={"rinse": rinse},
        tanks={"used": Tank(capacity=10.0, heel=0.0, initial_level=0.5, **tank)},
        contents={"used": (0.5, 0.5)},
        supplies={"well": (0.0, 1.0), "brine": (0.9, 0.1)},
        sinks={"customers": "product", "sewer": "wastewater"},
        trains=(Train("rinse", "well", ("rinse",)),),
        pipes={"rinse.top": Pipe("customers"), "rinse.bottom": Pipe("used")},
        draws={"rinse.second": Header(("used",), "brine")},
        spills={"used": "sewer"} if tank else {},
        pacer="rinse",
    )


@pytest.mark.parametrize("salt", [0.0, 1e-3, 0.1, 0.5, 0.9, 0.999, 1.0])
@pytest.mark.parametrize("back", [5.001, 5.05, 5.2, 5.5, 6.0, 8.0, 10.5, 15.0])
def test_what_is_washed_out_of_a_loop_is_gone(back: float, salt: float):
    """More comes back than is drawn, so that no salt comes in any more, and the rest spills."""
    ledger = SteadyState(rinsing(back, salt, when_full="spill"), {}).ledger(1.0)
    kg = {entry.stream: flow for entry, flow in ledger.flows.items() if sum(flow) > 1e-12}
    assert kg == {
        "well>rinse.charge": pytest.approx((0.0, 10.0)),
        "used>rinse.second": pytest.approx((0.0, 5.0)),
        "rinse.bottom": pytest.approx((0.0, back)),
        "used.overflow": pytest.approx((0.0, back - 5.0)),
        **({"rinse.top": pytest.approx((0.0, 15.0 - back))} if back < 15.0 else {}),
    }


@pytest.mark.parametrize("salt", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("lacking", [0.0, 3e-13, 1e-12, 2e-12, 1e-10, 1e-8])
def test_what_a_tank_lacks_by_nearly_nothing_is_made_up(lacking: float, salt: float):
    """Each kg of brine brings 0.9 / salt kg of salt into the charge in place of water.

    More of that comes back, if less of it leaves, so that less is made up.
    """
    back = 5.0 * (1.0 - lacking)
    ledger = SteadyState(rinsing(back, salt, when_full="spill"), {}).ledger(1.0)
    made_up = 5.0 * lacking / (1.0 + 0.9 / salt * (1.0 - salt - back / 15.0))
    assert ledger.total(source="brine") == pytest.approx(made_up, rel=1e-4, abs=6e-12)


@pytest.mark.parametrize("spill", [{}, {"when_full": "block"}])
def test_a_tank_that_gets_more_than_is_drawn_from_it_is_named(spill: Any):
    """Whether or not it has a sink to spill to, if it does not."""
    with pytest.raises(BalanceError) as told:
        SteadyState(rinsing(6.0, **spill), {}).ledger(24.0)
    assert str(told.value) == (
        "steady state with train 'rinse' at its limit of 10 kg/h: tank 'used' gets 6 kg/h, gives 5 "
        "and would fill, which blocks what feeds it"
    )


def test_a_loop_that_creeps_is_followed_to_its_rest():
    """All but a thousandth of the salt comes back, so that a sweep moves flows by next to nothing.

    How much stays back follows how salt the charge is: x (1 - b(x)) = 1 - x of salt, as what the
    water brings must leave.
    """

    def sent_back(salt: float) -> float:
        return 1.0 - 1e-3 * (1.0 + 300.0 * (1.0 - salt))

    @dataclass(frozen=True, kw_only=True)
    class Retentive(Splitter):
        def convert(self, inlets: Any, at: Any) -> Recipe:
            """Return the recipe: less salt goes back where there is more water."""
            salt, water = inlets["charge"]
            back = sent_back(salt / ((salt + water) or 1.0))
            return Recipe(splits={"product": (1.0 - back, 1.0), "recycle": (back, 0.0)})

    state = SteadyState(recycling(Retentive(capacity=10.0, recycle=0.0)), {})
    salt = brentq(lambda x: x * (1.0 - sent_back(x)) - (1.0 - x), 0.9, 1.0, xtol=1e-15)
    sold = state.ledger(1.0).total(sink="customers")
    assert sold == pytest.approx(20.0 * (1.0 - salt), rel=1e-6)


@pytest.mark.parametrize("steepness", [5.0, 20.0])
def test_flows_that_swing_about_their_rest_settle_in_it(steepness):
    """Salt sent back by a share s makes the charge 1 / (2 - s) of salt, which sends back the less.

    At the steeper one a share that follows all the way swings for ever.
    """

    def sent_back(salt: float) -> float:
        return 0.9 / (1.0 + exp(steepness * (salt - 0.7)))

    @dataclass(frozen=True, kw_only=True)
    class Shy(Splitter):
        def convert(self, inlets: Any, at: Any) -> Recipe:
            """Return the recipe: less salt goes back where there is much."""
            salt, water = inlets["charge"]
            back = sent_back(salt / ((salt + water) or 1.0))
            return Recipe(splits={"product": (1.0 - back, 1.0), "recycle": (back, 0.0)})

    state = SteadyState(recycling(Shy(capacity=10.0, recycle=0.0)), {})
    state.refine(1e-9)
    share = brentq(lambda s: s - sent_back(1.0 / (2.0 - s)), 0.0, 0.9, xtol=1e-14)
    sold = 10.0 * (1.0 - share / (2.0 - share))
    assert state.ledger(1.0).total(sink="customers") == pytest.approx(sold, rel=1e-6)
