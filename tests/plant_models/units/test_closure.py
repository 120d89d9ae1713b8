"""What enters a generic unit leaves it, whatever the components, parameters and flows."""

import math
import pickle
import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plant_models import units
from sim.network.unit import Conditions
from tests.compiled import compiled_answer
from tests.plant_models.units.samples import fed, unit_of

AT = Conditions(1000.0, units.AT_REST)


def leaving(unit, inlets):
    pool = tuple(map(sum, zip(*inlets.values(), strict=True)))
    return pool, unit.convert(inlets, AT)


@pytest.mark.parametrize("kind", units.KINDS)
@settings(max_examples=10)
@given(data=st.data())
def test_every_element_and_every_kilogram_that_enters_leaves(kind, data):
    unit = data.draw(unit_of(kind))
    pool, recipe = leaving(unit, data.draw(fed(unit)))
    out = recipe.apply(pool)
    assert set(out) == set(unit.outlets)
    whole = [math.fsum(out[port][i] for port in out) for i in range(len(pool))]
    size = max(sum(pool), 1e-12)
    assert min(min(flow) for flow in out.values()) >= -1e-9 * size
    assert sum(whole) == pytest.approx(sum(pool), rel=1e-9, abs=1e-12)
    for shares in unit.substances.components.element_mass:
        entered = math.fsum(share * kg for share, kg in zip(shares, pool, strict=True))
        left = math.fsum(share * kg for share, kg in zip(shares, whole, strict=True))
        assert left == pytest.approx(entered, rel=1e-9, abs=1e-9 * size)
    assert all(math.isfinite(each) for each in recipe.uses.values())
    assert all(math.isfinite(each) for row in recipe.draws.values() for each in row)


@pytest.mark.parametrize("kind", units.KINDS)
def test_the_example_of_a_kind_reads_writes_and_goes_to_another_process(kind):
    some = units.example_components()
    unit, faults = units.read_unit(some, tomllib.loads(units.info(kind).example))
    assert faults == []
    assert unit is not None
    assert units.read_unit(some, units.written(unit)) == (unit, [])
    assert pickle.loads(pickle.dumps(unit)) == unit
    assert type(units.read_unit(some, units.written(unit))[0]) is type(unit)


@pytest.mark.long
@pytest.mark.parametrize("kind", units.KINDS)
def test_a_compiled_unit_answers_as_it_does_in_python(kind):
    """For the components of the examples, whatever enters."""
    some = units.example_components()
    unit, _ = units.read_unit(some, tomllib.loads(units.info(kind).example))
    assert unit is not None

    @settings(max_examples=20)
    @given(inlets=fed(unit))
    def same(inlets):
        found, stands = compiled_answer(unit, inlets, AT), unit.convert(inlets, AT)
        for one, other in ((found.splits, stands.splits), (found.draws, stands.draws)):
            assert list(one) == list(other)
            for port, shares in other.items():
                assert one[port] == pytest.approx(shares, rel=1e-9, abs=1e-12)
        assert found.uses == pytest.approx(stands.uses, rel=1e-9, abs=1e-12)
        fractions = [each.fraction for each in stands.conversions]
        assert [each.fraction for each in found.conversions] == pytest.approx(fractions)

    same()
