"""M1-M3: illustrative, by name only, and acting where management can act."""

from dataclasses import replace

import pytest

from plant_models.chlorobenzene.line.design import baseline, catalogue
from plant_models.chlorobenzene.model import line, simulate, steady_state
from sim.model.explain import explain
from sim.model.schemes import apply, parse_schemes
from sim.model.tree import get

MEASURES = ("M1", "M2", "M3")


@pytest.mark.parametrize("measure", MEASURES)
def test_a_measure_is_illustrative_and_assumed_in_all_it_changes(measure):
    scheme = catalogue()[measure]
    assert scheme.illustrative
    assert scheme.cost_class == "management"
    assert {scheme.evidence, *(patch.evidence for patch in scheme.patches)} == {"assumed"}


@pytest.mark.parametrize("measure", MEASURES)
def test_every_patch_of_a_measure_has_a_range_and_a_reason(measure):
    for patch in catalogue()[measure].patches:
        assert patch.low is not None, patch.path
        assert patch.high is not None, patch.path
        assert patch.low < float(patch.value) < patch.high, patch.path
        assert patch.note


def test_all_leaves_the_measures_out():
    assert not set(MEASURES) & set(parse_schemes("all", catalogue()))


def test_a_measure_can_be_combined_with_every_scheme():
    line("all, M1-M3")


def test_both_ends_of_every_range_stay_in_the_domain_with_all_schemes():
    """A scale is sampled within its range: its ends are as admissible as its middle."""
    for end in ("low", "high"):
        moved = [
            replace(
                s,
                patches=tuple(
                    replace(p, value=getattr(p, end)) if p.low is not None else p for p in s.patches
                ),
            )
            if s.illustrative
            else s
            for s in catalogue().values()
        ]
        apply(baseline().tree, moved)


def test_checks_lengthen_lives_and_leave_repairs():
    before, after = line(), line("M1")
    for unit in ("off_gas_fan", "absorber", "water_wash", "cooling_water"):
        assert get(after, f"{unit}.failure.mtbf") == 1.4 * get(before, f"{unit}.failure.mtbf")
        assert get(after, f"{unit}.failure.mttr") == get(before, f"{unit}.failure.mttr")


def test_quotas_save_material_in_the_steady_state():
    saved = steady_state("none").indicators - steady_state("M2").indicators
    assert saved["caustic_t"] > 0.0
    assert saved["slop_oil_t"] > 0.0
    assert saved["wastewater.chlorobenzene_t"] > 0.0
    assert saved["chlorobenzene_t"] == pytest.approx(0.0, abs=100.0)


@pytest.mark.parametrize("measure", ["M1", "M3"])
def test_a_measure_on_time_moves_nothing_in_the_steady_state_but_air_that_leaks_in(measure):
    before, after = steady_state("none").indicators, steady_state(measure).indicators
    assert after["chlorobenzene_t"] == pytest.approx(before["chlorobenzene_t"], rel=1e-3)


@pytest.mark.long
def test_pay_for_performance_shortens_every_start_up_of_the_year(first_year):
    before, after = first_year("none"), simulate("M3", seed=1)
    hours = [run.hours["chlorination"]["start-up"] for run in (before, after)]
    assert hours[1] == pytest.approx(0.85 * hours[0], rel=0.25)
    assert after.operating_hours > before.operating_hours


def test_the_explanation_names_the_measures():
    known = catalogue()
    text = str(explain(baseline().tree, baseline().facts, [known[m] for m in MEASURES]))
    for measure in MEASURES:
        assert known[measure].title in text
    assert "x 1.4" in text
