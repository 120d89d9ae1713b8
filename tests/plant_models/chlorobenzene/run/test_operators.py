"""What the operator of the line may turn, what must hold, and the options beyond the source."""

from dataclasses import replace

import pytest

from plant_models import chlorobenzene as cb
from plant_models.chlorobenzene.model import PLANT
from plant_models.chlorobenzene.run.operators import loads
from plant_models.flowshop import PLANT as FLOWSHOP
from sim.model.facts import set_values
from sim.model.tree import get

LINE = cb.BASELINE.tree
OPTIONS = [f"O{n}" for n in range(1, 14)]


def test_set_points_start_within_their_bounds():
    for point in PLANT.operators(LINE).set_points:
        assert point.low <= get(LINE, point.path) <= point.high, point.path
        assert point.below, point.path
        assert point.above, point.path


def test_the_line_keeps_its_grade_and_its_columns_without_being_asked():
    kept = PLANT.operators(LINE).keeps
    assert kept == (
        "purity>=0.995",
        "crude_column.boil_up<=1",
        "rectification_column.boil_up<=1",
        "chlorinator.chlorine<=1.02",
    )
    own = set_values(cb.BASELINE, "laboratory.grade=0.99")
    assert PLANT.operators(own.tree).keeps[0] == "purity>=0.99"


def test_the_boil_up_of_the_base_is_its_load():
    """At the rated charge a column boils what it is rated by, so per rate it is the charge."""
    of = PLANT.steady_state()
    assert loads(of)["crude_column.boil_up"] == pytest.approx(of.loads["crude_distillation"])


def test_a_higher_reflux_boils_more_and_comes_to_an_end():
    """Vapour is (1 + R) D: at R of 2 instead of 1.02 some half more, beyond what trays take."""

    def of(ratio: float) -> float:
        line = cb.own_design(settings={"crude_column.reflux_ratio": ratio})
        variant = PLANT.variant("none").at(line.tree)
        base = PLANT.variant("none").base
        return loads(PLANT.steady_state(replace(variant, base=base)))["crude_column.boil_up"]

    assert of(1.3) > of(1.1) > loads(PLANT.steady_state())["crude_column.boil_up"]
    assert of(2.0) > 1.0


def test_a_chlorinator_takes_no_more_chlorine_than_it_was_laid_out_for():
    """Less benzene in the liquor at the same feed is more chlorine; a larger vessel takes more."""
    of = PLANT.steady_state
    assert loads(of("F1-F11"))["chlorinator.chlorine"] <= 1.02
    less = replace(PLANT.variant("none"), tree=cb.own_design(
        settings={"chlorinator.liquor_ratio": 1.2}).tree)  # fmt: skip
    assert loads(of(less))["chlorinator.chlorine"] > 1.1
    assert loads(of("F12"))["chlorinator.chlorine"] <= 1.0  # though a quarter more passes


def test_new_reboilers_leave_room():
    assert loads(PLANT.steady_state("F9"))["crude_column.boil_up"] < 0.75


def test_our_options_stand_apart_from_the_twelve_schemes():
    assert not set(OPTIONS) & set(PLANT.catalogue())
    known = PLANT.own_schemes(catalogue="ours")
    assert set(OPTIONS) < set(known)
    assert {known[name].evidence for name in OPTIONS} == {"ours"}
    assert all(patch.evidence == "assumed" for n in OPTIONS for patch in known[n].patches)


@pytest.mark.parametrize("option", OPTIONS)
def test_an_option_moves_what_is_there_and_says_what_it_costs(option: str):
    known = PLANT.own_schemes(catalogue="ours")
    assert PLANT.tree(option, known=known) != LINE
    assert PLANT.economy.investment([option]) is not None
    numbers = [patch for patch in known[option].patches if patch.value is not True]
    assert all(patch.low is not None and patch.high is not None for patch in numbers)


def test_purer_chlorine_carries_less_benzene_away():
    """Inerts leave saturated: with a tenth of them three tenths of the rate, benzene falls."""
    known = PLANT.own_schemes(catalogue="ours")
    before = PLANT.steady_state().indicators["air.benzene_t"]
    after = PLANT.steady_state("O3", known=known).indicators["air.benzene_t"]
    assert after < 0.6 * before


def test_upkeep_of_an_option_counts_beside_that_of_the_schemes():
    prices, economy = PLANT.economy.prices().tree, PLANT.economy
    assert economy.upkeep(["O7"], prices) == 2000.0
    assert economy.upkeep(["F6", "O7"], prices) == prices.separator_upkeep + 2000.0


def test_a_catalogue_that_is_none_is_refused():
    with pytest.raises(LookupError, match="catalogue: no 'our'; did you mean 'ours'"):
        PLANT.own_schemes(catalogue="our")
    with pytest.raises(LookupError, match="the flowshop has no further catalogue"):
        FLOWSHOP.own_schemes(catalogue="ours")


def test_the_footprint_is_what_a_hand_makes_of_it():
    """Steam by 350 kg/t and power by 1.1 kg/kWh."""
    year = {"steam_t": 1000.0, "power_mwh": 10.0}
    assert PLANT.footprint.tonnes(year) == {"steam_t": 350.0, "power_mwh": pytest.approx(11.0)}
    assert PLANT.footprint.ends(year) == pytest.approx((280.0 + 9.0, 480.0 + 13.0))
