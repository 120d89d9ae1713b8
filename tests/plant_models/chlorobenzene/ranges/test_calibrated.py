"""Calibrated values over the priors: where they are taken, and how a card tells of them."""

from dataclasses import replace
from pathlib import Path

import pytest

from plant_models import chlorobenzene as cb
from plant_models.chlorobenzene import own_design, own_schemes
from plant_models.chlorobenzene.line.design import DATA, baseline, catalogue, prior, prior_catalogue
from plant_models.chlorobenzene.model import PLANT, steady_state
from plant_models.chlorobenzene.money.economy import ECONOMY
from plant_models.chlorobenzene.money.prices import prices, prior_prices
from plant_models.chlorobenzene.ranges.calibrated import (
    calibrated_design,
    posteriors,
    restructured,
)
from plant_models.chlorobenzene.ranges.calibration import parameters, solve
from sim.model.tree import declared, get, rebuild

OF_ONE_SCHEME = {"cooling_water.cycles": "F11"}
"""Free facts that the line before the schemes does not feel, and the scheme that uses them."""

UNMOVED = 1e-9  # relative


def test_the_baseline_holds_the_calibrated_values():
    for p in parameters():
        known = posteriors()[f"{p.kind} {p.name}"]
        if p.kind == "facts":
            assert get(baseline().tree, p.name) == known.value
            assert get(prior().tree, p.name) == known.prior
        elif p.kind == "prices":
            assert getattr(prices().tree, p.name) == known.value
            assert getattr(prior_prices().tree, p.name) == known.prior
        else:
            scheme, path = p.name.split()
            assert [x.value for x in catalogue()[scheme].patches if x.path == path] == [known.value]


def test_nothing_else_differs_from_the_data_files():
    free = {p.name for p in parameters() if p.kind == "facts"}
    for path, fact in prior().facts.items():
        if path not in free:
            assert baseline().facts[path] == fact
            assert get(baseline().tree, path) == fact.value


def test_a_card_says_calibrated_and_from_which_prior():
    text = str(cb.card("chlorinator.k1_k2"))
    assert "calibrated, prior 7.5 (fogler-cdp6a)" in text
    assert "spreads of its prior" in text


def test_a_card_of_prices_says_so_too():
    assert "calibrated, prior 3200 (assumed)" in str(cb.card("prices.benzene"))


def test_explain_says_that_a_patch_is_calibrated_and_from_which_prior():
    (row,) = cb.explain("F5").rows
    assert row.evidence == "calibrated"
    assert "prior x 1.45 (assumed)" in row.note


def test_why_tells_the_source_of_the_prior_as_well():
    told = steady_state().why("air.benzene_t")
    assert "calibrated" in told.sources
    assert "fogler-cdp6a" in told.sources


def test_a_users_own_fact_stands_and_all_others_are_calibrated(tmp_path: Path):
    file = tmp_path / "own.toml"
    file.write_text(
        '[absorber.approach]\nvalue = 25.0\nunit = "K"\nsource = "assumed"\n'
        'low = 20.0\nhigh = 30.0\nnote = "ours"\n',
        encoding="utf-8",
    )
    own = own_design(file)
    assert own.tree.absorber.approach == 25.0
    assert own.facts["absorber.approach"].source == "assumed"
    assert own.tree.chlorinator.liquor_ratio == baseline().tree.chlorinator.liquor_ratio


def test_what_is_set_by_hand_stands():
    design = own_design(None, ["absorber.approach=25 K"])
    assert design.tree.absorber.approach == 25.0
    assert ECONOMY.own_prices(None, ["benzene=3200"]).tree.benzene == 3200.0


def test_a_users_own_scheme_of_a_known_id_stands(tmp_path: Path):
    text = (DATA / "schemes.toml").read_text(encoding="utf-8")
    start = text.index("[F5]")
    file = tmp_path / "own.toml"
    file.write_text(text[start : text.index("[F10]")], encoding="utf-8")
    assert own_schemes(file)["F5"] == prior_catalogue()["F5"]
    assert own_schemes(None)["F5"] == catalogue()["F5"] != prior_catalogue()["F5"]


def test_only_real_numbers_with_a_range_are_free():
    for p in parameters():
        if p.kind == "facts":
            assert declared(prior().tree, p.name).kind is float
        assert p.prior.low < p.prior.high


def test_no_patch_is_free_that_was_inferred_from_the_tables_it_is_fitted_to():
    assert [p.name for p in parameters() if p.kind == "patches" and "inferred" in p.source] == []


def test_a_free_parameter_of_one_scheme_alone_is_listed_and_has_a_prior_of_its_own():
    """No step of temperature, emission, recovery or capture that one scheme alone uses is free."""
    whole = solve(PLANT, "hot", ((), (), ()))
    unfelt = []
    for p in parameters():
        if p.kind == "facts":
            low = solve(PLANT, "hot", (((p.name, p.prior.low),), (), ()))
            high = solve(PLANT, "hot", (((p.name, p.prior.high),), (), ()))
            assert whole is not None
            moved = [
                name
                for name, value in whole.items()
                if name != "closure"
                and low is not None
                and high is not None
                and abs(high[name] - low[name]) > UNMOVED * max(abs(value), 1.0)
            ]
            if not moved:
                unfelt.append(p.name)
                assert "inferred" not in p.source, p.name
    assert set(unfelt) <= set(OF_ONE_SCHEME), unfelt


@pytest.mark.parametrize("path", ["absorber.approach", "off_gas_fan.suction"])
def test_a_tree_that_somebody_changed_is_not_calibrated_over(path):
    changed = replace(prior(), tree=rebuild(prior().tree, {path: 26.5}))
    assert get(calibrated_design(changed, "facts").tree, path) == 26.5


# ---- two structures ------------------------------------------------------------------------------


def test_each_structure_has_values_of_its_own():
    fog = own_design(None, ["gas_catcher.structure=fog"])
    for path, fact in fog.facts.items():
        known = posteriors("fog").get(f"facts {path}")
        expected = fact.value if known is None else known.value
        if path != "gas_catcher.structure":
            assert get(fog.tree, path) == expected
    assert fog.tree.absorber.stage_efficiency != baseline().tree.absorber.stage_efficiency


def test_schemes_are_those_of_the_designs_structure():
    fog = own_design(None, ["gas_catcher.structure=fog"])
    variant = PLANT.variant("F5", design=fog)
    assert variant.known == catalogue("fog") != catalogue("hot")
    assert PLANT.variant(fog).known == catalogue("fog")
    assert own_schemes(None, design=fog) == catalogue("fog")


def test_settings_and_scales_act_on_the_values_of_the_structure():
    fog = own_design(
        None,
        ["gas_catcher.structure=fog", "absorber.approach=20 K"],
        scales=["off_gas_cooler.heat_transfer_coefficient=0.5"],
    )
    known = posteriors("fog")["facts off_gas_cooler.heat_transfer_coefficient"].value
    assert fog.tree.absorber.approach == 20.0
    assert fog.tree.off_gas_cooler.heat_transfer_coefficient == pytest.approx(0.5 * known)


def test_a_file_may_choose_the_structure(tmp_path: Path):
    file = tmp_path / "own.toml"
    file.write_text(
        '[gas_catcher.structure]\nvalue = "fog"\nsource = "assumed"\nnote = "ours"\n',
        encoding="utf-8",
    )
    assert own_design(file).tree == own_design(None, ["gas_catcher.structure=fog"]).tree


def test_there_and_back_again_is_the_baseline():
    fog = restructured(baseline(), "fog")
    assert restructured(fog, "hot").tree == baseline().tree


def test_prices_are_those_of_the_base_whatever_the_structure():
    assert not any(p.kind == "prices" for p in parameters("fog"))
    assert any(p.kind == "prices" for p in parameters("hot"))
