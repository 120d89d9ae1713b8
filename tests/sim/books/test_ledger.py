"""The double-entry book: it closes, says by which cause, and no leak passes it."""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest

from plant_models.benchmarks.machines import running, two_machines
from plant_models.benchmarks.works import salmiac_works
from sim.books.ledger import Entry, Ledger
from sim.errors import BalanceError
from sim.network.network import Network
from sim.network.operation import FailureMode
from sim.network.unit import Conditions, Recipe, Stream, Unit
from sim.steady.state import SteadyState

WORKS = salmiac_works()
OUTLETS = [f"{name}.{port}" for name, unit in WORKS.units.items() for port in unit.outlets]
BREAKS = FailureMode(mtbf=60.0, mttr=8.0, clock="run time")


def leaking(unit: Unit, port: str) -> Unit:
    """Return the unit with 1 % of one outlet lost."""

    def convert(self: Unit, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        recipe = unit.convert(inlets, at)
        splits = dict(recipe.splits)
        splits[port] = tuple([0.99 * share for share in splits[port]])
        return replace(recipe, splits=splits)

    kind = type("Leaking", (type(unit),), {"convert": convert})
    leaky: Unit = kind(**{item.name: getattr(unit, item.name) for item in fields(unit)})
    return leaky


def with_unit(network: Network, name: str, unit: Unit) -> Network:
    return replace(network, units={**network.units, name: unit})


def books(network: Network, seed: int = 1, hours: float = 400.0) -> Ledger:
    plant = running(network, seed)
    plant.run(hours)
    return plant.ledger()


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return books(salmiac_works(BREAKS), hours=1000.0)


def test_a_sound_works_closes_to_machine_precision(ledger: Ledger):
    assert ledger.certificate().closure < 1e-12
    ledger.certificate().enforce()


@pytest.mark.parametrize("outlet", OUTLETS)
def test_a_leak_of_one_percent_in_any_outlet_raises(outlet: str):
    name, port = outlet.split(".")
    leaky = with_unit(WORKS, name, leaking(WORKS.units[name], port))
    with pytest.raises(BalanceError, match="does not close"):
        books(leaky).certificate().enforce()


@pytest.mark.parametrize("outlet", OUTLETS)
def test_a_leak_of_one_percent_in_any_outlet_leaves_no_steady_state(outlet: str):
    name, port = outlet.split(".")
    leaky = with_unit(WORKS, name, leaking(WORKS.units[name], port))
    with pytest.raises(BalanceError, match=f"steady state .*unit {name}"):
        SteadyState(leaky, {}).ledger(1.0)


def test_a_balance_error_names_the_unit_that_leaks_even_where_the_plant_is_further_off():
    leaky = with_unit(WORKS, "neutraliser", leaking(WORKS.units["neutraliser"], "liquor"))
    with pytest.raises(BalanceError, match="unit neutraliser"):
        books(leaky).certificate().enforce()


def test_a_unit_that_swallows_all_it_gets_raises():
    class Hole(type(WORKS.units["still"])):  # type: ignore[misc]
        def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
            return Recipe(splits=dict.fromkeys(self.outlets, (0.0,) * 5))

    still = WORKS.units["still"]
    hole = Hole(**{item.name: getattr(still, item.name) for item in fields(still)})
    with pytest.raises(BalanceError, match="still"):
        books(with_unit(WORKS, "still", hole)).certificate().enforce()


def test_totals_by_cause_add_up_to_the_total(ledger: Ledger):
    causes = {entry.cause for entry in ledger.flows}
    for component in (None, *ledger.components.names):
        for sink in ("air", "sewer", "customers"):
            parts = sum(ledger.total(component, sink=sink, cause=cause) for cause in causes)
            assert parts == pytest.approx(ledger.total(component, sink=sink), rel=1e-12)


def test_totals_by_component_add_up_to_the_total(ledger: Ledger):
    parts = sum(ledger.total(name, medium="wastewater") for name in ledger.components.names)
    assert parts == pytest.approx(ledger.total(medium="wastewater"), rel=1e-12)


def test_the_table_holds_what_the_totals_hold(ledger: Ledger):
    table = ledger.table()
    assert table["kg"].sum() == pytest.approx(ledger.total(), rel=1e-12)
    air = table[(table["sink"] == "air") & (table["component"] == "ammonia")]
    assert air["kg"].sum() == pytest.approx(ledger.total("ammonia", sink="air"), rel=1e-12)


def test_every_tank_holds_opening_plus_in_less_out(ledger: Ledger):
    for tank, held in ledger.held.items():
        into = sum(kg for entry, kg in ledger.flows.items() if entry.sink == tank)
        out = sum(kg for entry, kg in ledger.flows.items() if entry.source == tank)
        np.testing.assert_allclose(ledger.opening[tank] + into - out, held, atol=1e-8)


def test_nothing_flows_backwards(ledger: Ledger):
    """A header never takes from its supply less than nothing."""
    backwards = {
        (entry.stream, entry.cause): kg.min() for entry, kg in ledger.flows.items() if kg.min() < 0
    }
    assert backwards == {}


def test_nothing_flows_backwards_into_a_supply_that_is_not_needed():
    """With more wash water than the scrubber asks for, no fresh water is drawn, nor returned."""
    scrubber = replace(WORKS.units["scrubber"], ratio=3.0)  # type: ignore[call-arg]
    drawn = books(with_unit(WORKS, "scrubber", scrubber)).total("water", source="water")
    assert drawn >= 0.0


def test_utilities_are_booked_per_kg_of_main_feed(ledger: Ledger):
    assert ledger.used("steam") == pytest.approx(0.5 * ledger.total(sink="still"), rel=1e-12)
    assert ledger.used("power") == pytest.approx(
        0.01 * ledger.total(stream="feed_tank>neutraliser.charge"), rel=1e-12
    )


def test_the_same_seed_gives_bitwise_the_same_ledger_twice_in_one_process():
    first, again = (books(salmiac_works(BREAKS), seed=5) for _ in range(2))
    assert list(first.flows) == list(again.flows)
    assert all(np.array_equal(first.flows[e], again.flows[e]) for e in first.flows)
    assert all(np.array_equal(first.held[t], again.held[t]) for t in first.held)
    assert (first.uses, first.extents) == (again.uses, again.extents)


def test_another_seed_gives_another_ledger():
    first, other = (books(salmiac_works(BREAKS), seed=seed) for seed in (5, 6))
    assert first.total(sink="customers") != other.total(sink="customers")


def test_a_balance_error_names_the_unit_the_component_and_both_sizes():
    entry = Entry("store", "mill", "store>mill.charge", "internal", "normal")
    leaving = Entry("mill", "customers", "mill.made", "product", "normal")
    plant = two_machines((1.0, 1.0), (0.01, 0.01), (0.1, 0.1), 10.0, "calendar")
    components = plant.network.components
    flows = {entry: np.array([1000.0]), leaving: np.array([995.0])}
    lossy = Ledger(components, 1.0, flows, {}, {}, {}, {}, frozenset({"mill"}))
    with pytest.raises(BalanceError, match="unit mill: 5 kg of water missing of 1000 kg"):
        lossy.certificate().enforce()


def test_a_large_account_hides_no_small_leak():
    """The error is relative to the component's own flow, not to the plant's."""
    entry = Entry("store", "mill", "store>mill.charge", "internal", "normal")
    leaving = Entry("mill", "customers", "mill.made", "product", "normal")
    components = WORKS.components
    into = np.array([0.001, 0.0, 0.0, 1e6, 0.0])
    out = into * np.array([0.99, 1.0, 1.0, 1.0, 1.0])
    lossy = Ledger(
        components, 1.0, {entry: into, leaving: out}, {}, {}, {}, {}, frozenset({"mill"})
    )
    with pytest.raises(BalanceError, match="ammonia"):
        lossy.certificate().enforce()


def test_the_rounding_of_a_large_account_is_no_leak_of_a_small_one():
    """What is a component by rounding alone has no balance of its own."""
    entry = Entry("store", "mill", "store>mill.charge", "internal", "normal")
    leaving = Entry("mill", "customers", "mill.made", "product", "normal")
    into = np.array([0.0, 0.0, 0.0, 1e6, 0.0])
    out = into + np.array([1e-12, 0.0, 0.0, 0.0, 0.0])
    books = {entry: into, leaving: out}
    Ledger(
        WORKS.components, 1.0, books, {}, {}, {}, {}, frozenset({"mill"})
    ).certificate().enforce()


def short(ledger: Ledger, kg_per_kg: float) -> Ledger:
    """Return books of a tank that lacked so much ammonia, once, of all that has entered it."""
    tank, at = next(iter(ledger.held)), ledger.components.names.index("ammonia")
    passed = sum(kg.sum() for entry, kg in ledger.flows.items() if entry.sink == tank)
    return replace(ledger, below={**ledger.below, tank: -kg_per_kg * passed * (np.arange(5) == at)})


@pytest.mark.parametrize("recorded", [True, False])
def test_a_trace_that_a_tank_lacks_at_the_end_raises_though_its_balance_closes(ledger, recorded):
    """A thousandth of all ammonia that has entered it, next to nothing of all else."""
    tank, at = next(iter(ledger.held)), ledger.components.names.index("ammonia")
    passed = sum(kg[at] for entry, kg in ledger.flows.items() if entry.sink == tank)
    less = (ledger.held[tank] + 1e-3 * passed) * (np.arange(5) == at)
    held, opening = ({**of, tank: of[tank] - less} for of in (ledger.held, ledger.opening))
    below = {tank: np.minimum(held[tank], 0.0)} if recorded else {}
    with pytest.raises(BalanceError, match=r"tank \w+, below nothing: .* of ammonia missing"):
        replace(ledger, held=held, opening=opening, below=below).certificate().enforce()


def test_a_tank_that_held_less_than_nothing_raises_though_it_got_it_back(ledger: Ledger):
    with pytest.raises(BalanceError, match=r"tank \w+, below nothing once: .* of ammonia missing"):
        short(ledger, 1e-3).certificate().enforce()


def test_what_a_tank_lacked_before_a_warm_up_is_not_told_of_the_hours_after_it(ledger: Ledger):
    tank, lacked = next(iter(ledger.held)), -np.ones(5)
    earlier = replace(ledger, below={tank: lacked})
    assert not replace(ledger, below={tank: lacked}).since(earlier).below[tank].any()
    assert (replace(ledger, below={tank: 2.0 * lacked}).since(earlier).below[tank] == -2.0).all()


def test_rounding_of_what_has_passed_a_tank_is_not_less_than_nothing(ledger: Ledger):
    short(ledger, 1e-16).certificate().enforce()


def test_hours_are_those_of_the_run(ledger: Ledger):
    assert ledger.hours == 1000.0


def test_what_is_asked_by_component_are_the_totals_of_each(ledger: Ledger):
    names = ledger.components.names
    for match in ({}, {"medium": "internal"}, {"medium": "product", "cause": "normal"}):
        totals = tuple([ledger.total(name, **match) for name in names])
        assert ledger.by_component(**match) == totals
    assert ledger.by_component(cause="no such cause") == (0.0,) * len(names)
    with pytest.raises(LookupError, match="no 'colour'"):
        ledger.by_component(colour="red")


@pytest.mark.parametrize("given", [["water"], {"water": 1}])
def test_what_is_asked_of_the_books_is_asked_by_name(ledger: Ledger, given: Any):
    with pytest.raises(LookupError, match=r"^no component [\[{]'water'"):
        ledger.total(given)
    with pytest.raises(TypeError, match=r"^an entry: expected unit as text, came [\[{]'water'"):
        ledger.total(unit=given)


def test_a_utility_that_there_is_not_is_told_with_what_comes_near(ledger: Ledger):
    with pytest.raises(LookupError, match=r"^no utility 'steem'; did you mean 'steam'\?$"):
        ledger.used("steem")
    with pytest.raises(LookupError, match=r"^no utility \['steam'\]"):
        ledger.used(["steam"])  # type: ignore[arg-type]


def test_only_an_earlier_ledger_of_the_same_run_is_taken_off(ledger: Ledger):
    """A later one left less than nothing of every flow, and another plant's a mixture of both."""
    later = replace(ledger, hours=ledger.hours + 1.0)
    with pytest.raises(ValueError, match="an earlier ledger than that of 1000 h, came one of 1001"):
        ledger.since(later)
    with pytest.raises(ValueError, match="expected an earlier ledger of the same run, came"):
        ledger.since(replace(ledger, units=frozenset({"fan"})))
    with pytest.raises(TypeError, match="since: expected an earlier ledger of the run, came 'x'"):
        ledger.since("x")  # type: ignore[arg-type]


@pytest.mark.parametrize("hours", [-1.0, float("nan"), float("inf"), "8", None, True])
def test_a_steady_state_is_booked_for_hours_of_0_or_more(hours: Any):
    """One of -1 h sold less than nothing, with a certificate."""
    rest = SteadyState(WORKS, {})
    with pytest.raises(
        (TypeError, ValueError), match=r"^steady state: expected hours as a number "
    ):
        rest.ledger(hours)
    assert rest.ledger(0).total() == 0.0


def test_a_steady_state_is_of_a_network_in_surroundings():
    with pytest.raises(TypeError, match="steady state: expected a Network, came None"):
        SteadyState(None, {})  # type: ignore[arg-type]
    with pytest.raises(
        TypeError, match="surroundings of a steady state: expected conditions by name"
    ):
        SteadyState(WORKS, None)  # type: ignore[arg-type]


@pytest.mark.parametrize("like", [3, None, WORKS])
def test_a_steady_state_is_like_another_one(like: Any):
    if like is None:
        assert SteadyState(WORKS, {}, like).activity
        return
    with pytest.raises(TypeError, match="steady state: expected like as a SteadyState, came "):
        SteadyState(WORKS, {}, like)


@pytest.mark.parametrize("tolerance", [None, "fine", 0.0, -1.0, float("nan"), True, 1j])
def test_a_steady_state_is_refined_to_a_share_above_nothing(tolerance: Any):
    with pytest.raises((TypeError, ValueError), match="refine: expected tolerance as a number"):
        SteadyState(WORKS, {}).refine(tolerance)


@pytest.mark.parametrize("tolerance", [None, "fine", -1.0, float("nan")])
def test_balances_are_held_to_a_tolerance(tolerance: Any, ledger: Ledger):
    with pytest.raises((TypeError, ValueError), match="enforce: expected tolerance as a number"):
        ledger.certificate().enforce(tolerance)


MISSPELT = {
    "source": "watr", "sink": "neutralizer", "stream": "neutraliser.liqor", "medium": "wastwater",
    "cause": "start_up",
}  # fmt: skip


@pytest.mark.parametrize("field", MISSPELT)
@pytest.mark.parametrize("at_rest", [True, False])
def test_what_the_plant_has_not_is_told_and_what_nothing_went_to_is_0(field: str, at_rest: bool):
    """It was 0 kg, as of a sink that got nothing."""
    spare = replace(WORKS, sinks={**WORKS.sinks, "spare": "brine"})
    kept = SteadyState(spare, {}).ledger(1.0) if at_rest else books(spare, hours=3.0)
    assert kept.total(sink="spare") == 0.0
    assert kept.total(medium="brine") == kept.total(medium="internal", sink="spare") == 0.0
    assert kept.by_component(sink="spare", cause="trip") == (0.0,) * len(WORKS.components)
    assert kept.total(cause="trip") == kept.total(cause="what a script calls it") == 0.0
    wrong = {field: MISSPELT[field]}
    for ask in (kept.total, kept.by_component, kept.since(kept).total):
        with pytest.raises(LookupError, match=f"no {field} '{MISSPELT[field]}'; did you mean"):
            ask(**wrong)


@pytest.mark.parametrize(
    ("word", "booked"),
    [
        ("failure", "trip, device down, maintenance, start-up or spill"),
        ("Breakdown", "trip, device down, maintenance, start-up or spill"),
        ("repair", "maintenance"),
    ],
)
def test_a_word_for_what_is_booked_otherwise_is_told_with_the_causes_that_it_is_booked_under(
    ledger: Ledger, word: str, booked: str
):
    here = ", ".join(sorted({entry.cause for entry in ledger.flows}))
    said = f"no cause '{word}': it is booked as {booked}; in these books are {here}"
    with pytest.raises(LookupError, match=f"^{said}$"):
        ledger.total(cause=word)


def test_a_script_may_call_a_cause_of_its_own_a_failure(ledger: Ledger):
    (entry, kg), *_ = ledger.flows.items()
    own = replace(ledger, flows={**ledger.flows, entry._replace(cause="failure"): kg})
    assert own.total(cause="failure") == pytest.approx(kg.sum())
    assert own.total(cause="failure", medium="internal", source=entry.sink) == 0.0


@pytest.mark.parametrize("value", [None, 3, ("store",)])
def test_the_value_of_a_field_is_text(value: Any, ledger: Ledger):
    with pytest.raises(TypeError, match="an entry: expected sink as text, came "):
        ledger.total(sink=value)


@pytest.mark.parametrize("odd", [None, 1, "no", []])
def test_beyond_its_peak_is_asked_by_true_or_false(odd: Any, ledger: Ledger):
    with pytest.raises(TypeError, match=r"^used: expected over_peak as True or False, came "):
        ledger.used("steam", over_peak=odd)
