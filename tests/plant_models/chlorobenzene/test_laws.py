"""Laws that hold for every unit and every run, whatever the parameters and whatever comes in.

Units are found from the class tree and parameters drawn from the ranges of their facts: a new unit
is under these laws as soon as it stands in the line.
"""

import pkgutil
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib import import_module
from math import inf, isfinite

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plant_models.chlorobenzene import units
from plant_models.chlorobenzene.line import wiring
from plant_models.chlorobenzene.line.design import baseline
from plant_models.chlorobenzene.model import PLANT, line, steady_state
from plant_models.chlorobenzene.substances.chemistry import COMPONENTS
from plant_models.chlorobenzene.units import down
from sim.flow.map import NORMAL, SHUTDOWN, START_UP, TRIP
from sim.model.parameters import Quantity, Value
from sim.model.ranges import sample_at, sampled_paths
from sim.model.tree import leaves
from sim.network.network import Header
from sim.network.unit import Conditions, Recipe, Stream, Unit
from tests.trees import replace_all, replace_at

DESIGN = baseline()
SIZE = len(COMPONENTS)
NOTHING = (0.0,) * SIZE
KNOWN = PLANT.own_schemes(catalogue="ours")
DEVICES = "E1, E2, O12, O13"  # built only where a design says so, and under the laws all the same
FULL = wiring.network(line(DEVICES, known=KNOWN), True)
NAMES = {type(unit): name for name, unit in FULL.units.items()}
NAMES |= {kind: NAMES[kind.__mro__[1]] for kind in down.KINDS}
CAUSES = (NORMAL, START_UP, TRIP, SHUTDOWN)
DRAW_PASSES = 8  # a unit's draws may depend on what they bring, but not for ever


def unit_classes() -> list[type[Unit]]:
    """Return the process units of this line."""
    for module in pkgutil.iter_modules(units.__path__, f"{units.__name__}."):
        import_module(module.name)

    def below(kind: type[Unit]) -> Iterator[type[Unit]]:
        for each in kind.__subclasses__():
            yield each
            yield from below(each)

    return [
        kind
        for kind in below(Unit)
        if kind.__module__.startswith(units.__name__) and hasattr(kind, "outlets")
    ]


@cache
def usual_inlets() -> Mapping[str, Stream]:
    """Return what enters every inlet at the steady state with all schemes, kg/h."""
    state = steady_state(f"all, {DEVICES}", known=KNOWN)
    pipes = wiring.network(state.line).pipes
    found: dict[str, Stream] = {}
    for entry, kg in state.ledger.flows.items():
        drawn, piped = entry.stream.partition(">")[2], pipes.get(entry.stream)
        inlet = drawn or (piped.to if piped else entry.sink)
        before = found.get(inlet, NOTHING)
        found[inlet] = tuple(
            a + b / state.ledger.hours for a, b in zip(before, kg.tolist(), strict=True)
        )
    return found


amounts = st.one_of(st.just(0.0), st.floats(-9.0, 5.0).map(lambda power: float(10.0**power)))


@st.composite
def streams(draw: st.DrawFn, inlet: str) -> Stream:
    """Draw a flow by component, kg/h: the usual one, an odd one, one component, or nothing."""
    shape = draw(st.sampled_from(("usual", "odd", "one component", "nothing")))
    if shape == "usual":
        size = 10.0 ** draw(st.floats(-4.0, 1.0))
        return tuple(size * kg for kg in usual_inlets().get(inlet, NOTHING))
    if shape == "odd":
        return tuple(draw(st.tuples(*[amounts] * SIZE)))
    kg = draw(amounts) if shape == "one component" else 0.0
    alone = draw(st.integers(0, SIZE - 1)) if kg else 0
    return tuple(kg if i == alone else 0.0 for i in range(SIZE))


@st.composite
def in_range(draw: st.DrawFn, name: str) -> Unit:
    """Draw a unit with its numbers from their ranges and its switches either way."""
    mine = [path for path in sampled_paths(DESIGN) if path.startswith(f"{name}.")]
    shares = draw(st.tuples(*[st.floats(0.0, 1.0)] * len(mine)))
    unit = getattr(sample_at(DESIGN, dict(zip(mine, shares, strict=True))), name)
    turned = {
        path: draw(st.sampled_from(declared.choices or (False, True)))
        for path, declared, _ in leaves(unit)
        if (declared.kind is bool or declared.choices) and "failure" not in path
    }
    made: Unit = replace_all(unit, turned)
    return made


@st.composite
def in_domain(draw: st.DrawFn, name: str) -> Unit:
    """Draw a unit anywhere in its domain; ten times its value where that has no end."""
    unit: Unit = getattr(DESIGN.tree, name)
    values = {
        path: draw(_anywhere(declared, value))
        for path, declared, value in leaves(unit)
        if not path.startswith(("failure", "maintenance")) and value != inf
    }
    return replace_all(unit, values)


def _anywhere(declared: Quantity, value: float) -> st.SearchStrategy[Value]:
    if declared.kind is bool or declared.choices:
        return st.sampled_from(declared.choices or (False, True))
    low = 0.1 * value if declared.minimum is None else declared.minimum
    high = max(10.0 * value, 1.0) if declared.maximum is None else declared.maximum
    return st.integers(int(low), int(high)) if declared.kind is int else st.floats(low, high)


surroundings = st.fixed_dictionaries(
    {
        "air": st.floats(245.0, 313.0),
        "cooling_water": st.floats(274.0, 308.0),
        "pressure": st.floats(85e3, 102e3),
    }
)


def brought(name: str, unit: Unit) -> list[str]:
    """Return the inlets of a unit that others fill: the main one, reused water, collected gas."""
    return [
        port
        for port in unit.inlets
        if port == unit.inlets[0] or not isinstance(wiring.DRAWS.get(f"{name}.{port}"), str)
    ]


def served(
    name: str,
    unit: Unit,
    given: Mapping[str, Stream],
    supplies: Mapping[str, Stream],
    at: Conditions,
) -> tuple[Recipe, dict[str, Stream]]:
    """Return the recipe at the draws it asks for, and all inlets with these draws, kg/h."""
    inlets = {port: given.get(port, NOTHING) for port in unit.inlets}
    main = inlets[unit.inlets[0]]
    recipe = unit.convert(inlets, at)
    for _ in range(DRAW_PASSES):
        before = dict(inlets)
        for port in recipe.draws:
            source = wiring.DRAWS[f"{name}.{port}"]
            supply = supplies[str(source.supply if isinstance(source, Header) else source)]
            there = given.get(port, NOTHING)
            kg = max(recipe.asked(port, main) - recipe.worth_of(port, there), 0.0)
            inlets[port] = tuple(a + kg * share for a, share in zip(there, supply, strict=True))
        recipe = unit.convert(inlets, at)
        if all(inlets[p] == pytest.approx(before[p], rel=1e-12, abs=0.0) for p in recipe.draws):
            return recipe, inlets
    raise AssertionError(f"the draws of {name} depend on what they bring, without end")


def assert_legal(unit: Unit, recipe: Recipe) -> None:
    assert set(recipe.splits) == set(unit.outlets)
    assert set(recipe.draws) < set(unit.inlets)
    for i, fractions in enumerate(zip(*recipe.splits.values(), strict=True)):
        assert min(fractions) >= -1e-12, COMPONENTS.names[i]
        assert max(fractions) <= 1.0 + 1e-12, COMPONENTS.names[i]
        assert sum(fractions) == pytest.approx(1.0, rel=0.0, abs=1e-12), COMPONENTS.names[i]
    for amount in (*recipe.uses.values(), *(kg for row in recipe.draws.values() for kg in row)):
        assert isfinite(amount)
        assert amount >= 0.0
    for conversion in recipe.conversions:
        assert 0.0 <= conversion.fraction <= 1.0


def assert_conserved(inlets: Mapping[str, Stream], outlets: Mapping[str, Stream]) -> None:
    pool = [sum(flows) for flows in zip(*inlets.values(), strict=True)]
    left = [sum(flows) for flows in zip(*outlets.values(), strict=True)]
    for name, masses in zip(COMPONENTS.elements, COMPONENTS.element_mass, strict=True):
        kg_in = sum(a * b for a, b in zip(masses, pool, strict=True))
        kg_out = sum(a * b for a, b in zip(masses, left, strict=True))
        assert kg_out == pytest.approx(kg_in, rel=1e-9, abs=0.0), name
    for stream, flows in outlets.items():
        assert min(flows) >= -1e-12 * sum(pool), stream


def under_the_laws(
    data: st.DataObject, kind: type[Unit], designs: Callable[[str], st.SearchStrategy[Unit]]
) -> None:
    name = NAMES[kind]
    unit = data.draw(designs(name))
    supplies = wiring.network(replace_at(DESIGN.tree, name, unit)).supplies
    if kind in down.KINDS:  # it works otherwise for a while, with the same numbers
        unit = down.turned_into(kind, unit)
    given = {port: data.draw(streams(f"{name}.{port}")) for port in brought(name, unit)}
    activity = sum(given[unit.inlets[0]])
    at = Conditions(activity, data.draw(surroundings), data.draw(st.sampled_from(CAUSES)))
    recipe, inlets = served(name, unit, given, supplies, at)
    assert_legal(unit, recipe)
    pool = tuple(sum(flows) for flows in zip(*inlets.values(), strict=True))
    assert_conserved(inlets, recipe.apply(pool))


def test_every_unit_of_the_class_tree_stands_in_the_line():
    assert set(unit_classes()) == set(NAMES)


every_unit = pytest.mark.parametrize("kind", unit_classes(), ids=lambda kind: kind.__name__)


@every_unit
@settings(max_examples=15)
@given(data=st.data())
def test_a_unit_conserves_every_element_whatever_comes_in(kind, data):
    under_the_laws(data, kind, data.draw(st.sampled_from((in_range, in_domain))))


@pytest.mark.long
@every_unit
@settings(max_examples=80)
@given(data=st.data())
def test_a_unit_conserves_every_element_in_many_draws(kind, data):
    under_the_laws(data, kind, data.draw(st.sampled_from((in_range, in_domain))))


@pytest.mark.soak
@every_unit
@settings(max_examples=2000)
@given(data=st.data())
def test_a_unit_conserves_every_element_in_thousands_of_draws(kind, data):
    under_the_laws(data, kind, data.draw(st.sampled_from((in_range, in_domain))))
