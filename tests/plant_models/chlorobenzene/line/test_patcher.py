"""The line under many sets of schemes: parts are patched once, and shared."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plant_models.chlorobenzene.line.design import baseline, catalogue
from plant_models.chlorobenzene.model import PLANT
from sim.errors import ConflictError
from sim.model.schemes import Patch, Patcher, apply
from sim.model.tree import design_hash

TREE, KNOWN = baseline().tree, catalogue()
PATCHER = Patcher(TREE, KNOWN)


@settings(max_examples=30)
@given(st.lists(st.sampled_from(sorted(KNOWN)), unique=True))
def test_a_set_of_schemes_patches_part_by_part_as_it_does_at_once(ids):
    expected = apply(TREE, [KNOWN[name] for name in ids])
    found = PATCHER.apply(ids)
    assert found == expected
    assert design_hash(found) == design_hash(expected)


def test_sets_that_treat_a_part_alike_share_it():
    one, other = PLANT.tree("F1, F5, F7"), PLANT.tree("F1, F7")
    assert one.off_gas_cooler is other.off_gas_cooler
    assert one.chlorinator is not other.chlorinator
    assert one.crude_column is TREE.crude_column


def test_all_that_is_wrong_with_a_set_is_told_at_once():
    clash = replace(
        KNOWN["F1"],
        id="X1",
        patches=(
            Patch("off_gas_cooler.arrangement", "set", "parallel"),
            Patch("dryer.boil_up", "set", 5.0),
        ),
    )
    known = {**KNOWN, "X1": clash}
    for ids in (["F1", "X1"], ["X1"]):
        with pytest.raises((ConflictError, ValueError)) as expected:
            apply(TREE, [known[name] for name in ids])
        with pytest.raises(type(expected.value)) as found:
            Patcher(TREE, known).apply(ids)
        assert str(found.value) == str(expected.value)
