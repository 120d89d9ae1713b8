"""What is drawn is exactly what carries a range and can act; outcomes are those of the model."""

import pickle
from dataclasses import replace

import pytest

from plant_models.chlorobenzene import own_design
from plant_models.chlorobenzene.line.design import baseline, catalogue
from plant_models.chlorobenzene.model import PLANT, steady_state
from plant_models.chlorobenzene.money.prices import prices
from plant_models.methods.appraisal import appraise
from plant_models.methods.claims import probability_positive, shares_of_truth, usual
from plant_models.methods.economics import reached
from plant_models.methods.uncertainty import NET, Uncertain, drawn, target_value
from sim.model.facts import set_values
from sim.model.ranges import sampled_paths

SMALL = Uncertain.of(PLANT.variant("F5, F8"))


def test_every_input_with_a_range_is_drawn_or_named_as_kept():
    of = Uncertain.of(PLANT.variant("F1-F11"))
    patches = [
        f"{s} {p.path}"
        for s in of.variant.schemes
        for p in of.variant.known[s].patches
        if p.low is not None
    ]
    carried = [
        *PLANT.choices,
        *sampled_paths(baseline()),
        *patches,
        *(f"prices.{path}" for path in sampled_paths(prices())),
    ]
    assert sorted([*of.names, *of.kept]) == sorted(carried)


def test_what_is_kept_moves_nothing_in_the_steady_state():
    """All of it at once to its high end, but for devices that are not built."""
    fits = [p for p in SMALL.kept if not p.startswith(("benzene_delivery", "polychloride_"))]
    line = [p for p in fits if " " not in p]
    moved = SMALL.at(dict.fromkeys(line, 1.0))
    assert target_value(moved, NET) == pytest.approx(target_value(SMALL, NET), rel=1e-9)


@pytest.mark.parametrize(
    "name",
    ["chlorinator.capacity", "F5 chlorinator.condenser.effective_fraction", "prices.benzene"],
)
def test_an_input_at_an_end_of_its_range_moves_the_result(name):
    assert name in SMALL.names
    low, high = (target_value(SMALL.at({name: end}), NET) for end in (0.0, 1.0))
    assert low != high


def test_what_a_programme_nets_is_held_against_what_is_printed_of_its_own_steps():
    """F5 and F6 are printed with 26.6 + 58.25 of 517.28 x 10^4 RMB/yr; F1 alone and F12 are not."""
    of = drawn(Uncertain.of(PLANT.variant("F1, F5, F6, F12")))
    claims = [
        PLANT.claims[f"{share} of the printed net income survives"] for share in ("half", "all")
    ]
    f1, f5, f6, f12, total = of.steps
    for share, holds in ((1.01, [True, True]), (0.6, [True, False]), (0.4, [False, False])):
        f5, f6 = (
            replace(step, income=share * printed, operating_cost=0.0)
            for step, printed in ((f5, 26.6e4), (f6, 58.25e4))
        )
        steps = replace(of, steps=(f1, f5, f6, f12, total))
        assert [claim(steps) for claim in claims] == holds
    assert claims[0](replace(of, steps=(f1, f12, total))) is None


def test_a_point_moves_only_what_it_names():
    moved = SMALL.at({"chlorinator.capacity": 1.0})
    fact = baseline().facts["chlorinator.capacity"]
    assert moved.design.tree.chlorinator.capacity == fact.high
    assert moved.variant.known == SMALL.variant.known
    assert moved.book.tree == SMALL.book.tree


def test_what_is_set_by_hand_is_not_drawn():
    design = set_values(baseline(), ["chlorinator.capacity=8000"])
    own = Uncertain.of(PLANT.variant("F5, F8", design=design))
    assert "chlorinator.capacity" not in own.names


def test_at_the_values_as_they_are_the_outcome_is_the_appraisal():
    steps = PLANT.economy.steps(SMALL.variant.schemes)
    states = [steady_state(schemes).indicators for schemes in reached(steps.values())]
    expected = appraise(PLANT.economy, steps, states, prices().tree)
    found = drawn(SMALL)
    for one, other in zip(found.steps, expected, strict=False):
        assert one.net == pytest.approx(other.net, rel=1e-12)
    assert found.total.net == pytest.approx(target_value(SMALL, NET), rel=1e-9)
    assert len(found.steps) == len(states)


def test_the_change_of_an_indicator_is_after_less_before():
    before, after = (steady_state(s).indicators for s in ("none", "F5, F8"))
    expected = after["air.benzene_t"] - before["air.benzene_t"]
    assert target_value(SMALL, "air.benzene_t") == pytest.approx(expected, rel=1e-12)
    assert drawn(SMALL).changes["air.benzene_t"] == pytest.approx(expected, rel=1e-12)


def test_a_claim_about_a_scheme_that_is_not_there_is_not_made():
    held = shares_of_truth([drawn(SMALL)], PLANT.claims)
    assert "F8 alone does not pay (NPV < 0)" in held
    assert "of the paid schemes, F11 is worth the most" not in held
    assert set(held.values()) <= {0.0, 1.0}


def test_a_probability_counts_the_points_with_a_positive_value():
    cheap = replace(SMALL, investments={"F5": 0.0, "F8": 1e9})
    found = probability_positive([drawn(cheap), drawn(cheap)])
    assert found["F8"] == 0.0
    assert found["Total"] == 0.0


def test_of_a_plant_that_claims_nothing_the_usual_is_claimed():
    held = shares_of_truth([drawn(SMALL)], usual(PLANT.units))
    assert list(held)[:2] == [
        "the programme is worth its money (NPV > 0)",
        "it pays back within a year",
    ]
    assert held["wastewater_t falls"] in {0.0, 1.0}
    assert not any(name.startswith("steam") for name in held)


def test_an_uncertain_programme_travels_with_its_ranges():
    there = pickle.loads(pickle.dumps(SMALL))
    assert there.names == SMALL.names
    assert target_value(there.at({"prices.benzene": 0.0}), NET) == target_value(
        SMALL.at({"prices.benzene": 0.0}), NET
    )


# ---- structures ----------------------------------------------------------------------------------


def test_structures_are_drawn_with_the_values_that_belong_to_them():
    """A share below a half is the first of two, above it the second."""
    hot = SMALL.at({"gas_catcher.structure": 0.2})
    fog = SMALL.at({"gas_catcher.structure": 0.7})
    assert hot.design.tree == baseline("hot").tree
    assert fog.design.tree == baseline("fog").tree
    assert fog.variant.known == catalogue("fog")
    held = SMALL.at({"chlorinator.control": 1.0}).design.tree.chlorinator
    assert held.control == "conversion"


def test_a_range_is_drawn_in_either_structure():
    fog = SMALL.at({"gas_catcher.structure": 0.7, "absorber.approach": 1.0})
    assert fog.design.tree.absorber.approach == baseline().facts["absorber.approach"].high
    assert fog.design.tree.gas_catcher == baseline("fog").tree.gas_catcher


def test_a_structure_set_by_hand_is_not_drawn():
    design = own_design(None, ["gas_catcher.structure=fog"])
    of = Uncertain.of(PLANT.variant("F5, F8", design=design))
    assert "gas_catcher.structure" not in of.names
    assert "chlorinator.control" in of.names
    assert of.at({"chlorinator.control": 1.0}).design.tree.gas_catcher.structure == "fog"


def test_a_scheme_of_ones_own_stands_in_every_structure():
    own = replace(catalogue()["F8"], title="ours")
    of = Uncertain.of(PLANT.variant("F5, F8", known={**catalogue(), "F8": own}))
    at = of.at({"gas_catcher.structure": 0.7})
    assert at.variant.known["F8"] == own
    assert at.variant.known["F5"] == catalogue("fog")["F5"]


def test_the_source_of_the_cooling_water_is_drawn_and_acts():
    assert "cooling_water.source" in SMALL.choices
    well, river = (SMALL.at({"cooling_water.source": u}) for u in (0.0, 0.9))
    assert (well.design.tree.cooling_water.source, river.design.tree.cooling_water.source) == (
        "well",
        "river",
    )
    name = "air.benzene_t"
    assert target_value(well, name) != target_value(river, name)


def test_what_is_not_drawn_can_be_read_otherwise_one_thing_at_a_time():
    of = Uncertain.of(PLANT.variant("F1-F11"))
    assert set(of.undrawn) == {
        "chlorinator.stages=3",
        *(f"F{i} without once_through.{x}_ended" for i, x in ((1, "cooler"), (2, "catcher"))),
        "F3 without once_through.drying_ended",
        *(f"F10 without {x}_column.vents_collected" for x in ("rectification", "polychloride")),
    }
    assert of.undrawn["chlorinator.stages=3"].variant.tree.chlorinator.stages == 3
    left = of.undrawn["F3 without once_through.drying_ended"].variant.tree
    assert not left.once_through.drying_ended
    assert left.dryer.water_reused
