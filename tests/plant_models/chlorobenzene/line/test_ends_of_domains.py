"""Every number has a lower and an upper end, and at each the line runs and closes or says no."""

import re
from collections.abc import Iterator
from dataclasses import replace
from math import isfinite

import pytest

from plant_models.chlorobenzene import own_design
from plant_models.chlorobenzene.line.design import MAIN_STREAM, baseline
from plant_models.chlorobenzene.line.weather import annual_mean
from plant_models.chlorobenzene.line.wiring import network
from plant_models.chlorobenzene.model import simulate, steady_state
from plant_models.chlorobenzene.ranges.acting import acts_in_the_steady_state
from sim.errors import BalanceError
from sim.model.tree import declared, paths, rebuild
from sim.steady.state import SteadyState

CLOSED = 1e-9
DAYS = 3.0
HOURS = 8136.0
SOLD = "crude_column.bottoms"
EVERY = 47
"""One number in so many is taken to its ends on the running clock."""

NUMBERS = tuple(
    path for path in paths(baseline().tree) if declared(baseline().tree, path).kind in (float, int)
)
ENDS = ("minimum", "maximum")
PROCESS = (
    *("dryer", "chlorinator", "absorber", "acid_decanter", "gas_catcher", "water_wash"),
    *("alkali_wash", "drain_separator", "crude_column", "rectification_column", "packing"),
)
REFUSED = (ValueError, BalanceError)
LOOP = re.compile(r"round the loop of \w+ -> |which is in no loop")
TOO_SMALL = r"capacity of 0.001 kg/h is below a thousandth of what"


def at_end(path: str, end: str):
    what = declared(baseline().tree, path)
    return replace(baseline(), tree=rebuild(baseline().tree, {path: what.kind(getattr(what, end))}))


def faults_of(run, names) -> Iterator[str]:
    """Yield what neither closes nor is refused in one message."""
    for path in names:
        for end in ENDS:
            try:
                told = run(at_end(path, end)).indicators
            except REFUSED as fault:
                told = str(fault)
                unsaid = isinstance(fault, BalanceError) and not LOOP.search(told)
                if len(told) > 1000 or "nan" in told.split() or unsaid:
                    yield f"{path} at its {end}: {fault}"
                continue
            if not all(map(isfinite, told.values())) or told["closure"] > CLOSED:
                yield f"{path} at its {end}: closure {told['closure']:g}"


def test_every_number_has_a_lower_and_an_upper_end():
    assert len(NUMBERS) > 300
    for path in NUMBERS:
        what = declared(baseline().tree, path)
        assert what.minimum is not None, path
        assert what.maximum is not None, path
        assert isfinite(what.minimum), path
        assert isfinite(what.maximum), path


def test_every_range_lies_within_the_domain():
    for path, fact in baseline().facts.items():
        what = declared(baseline().tree, path)
        if fact.low is not None and fact.high is not None:
            assert what.minimum is not None
            assert what.maximum is not None
            assert what.minimum <= fact.low <= fact.high <= what.maximum, path


@pytest.mark.long
@pytest.mark.parametrize("schemes", ["none", "F1-F11"])
def test_at_each_end_mass_and_heat_close_or_the_line_says_why_not(schemes):
    """What does not close names the loop that it waits for."""

    def at_rest(design):
        return steady_state(schemes, design=design)

    def in_heat(design):
        state = at_rest(design)
        state.heat()
        return state

    felt = [path for path in NUMBERS if acts_in_the_steady_state(baseline().tree, path)]
    others = [path for path in NUMBERS if path not in felt]
    assert [*faults_of(in_heat, felt), *faults_of(at_rest, others)] == []


@pytest.mark.long
def test_at_each_end_the_line_closes_or_says_no_on_the_running_clock():
    def run(design):
        return simulate("F1-F11", seed=1, years=DAYS / 365.0, design=design)

    assert list(faults_of(run, NUMBERS[::EVERY])) == []


@pytest.mark.parametrize("unit", PROCESS)
def test_a_unit_that_takes_next_to_nothing_is_refused_on_both_clocks(unit):
    design = own_design(settings={f"{unit}.capacity": 0.001})
    with pytest.raises(ValueError, match=rf"{unit}.{TOO_SMALL}"):
        steady_state(design=design)
    with pytest.raises(ValueError, match=rf"{unit}.{TOO_SMALL}"):
        simulate(years=0.01, design=design)


def test_a_line_that_is_small_throughout_is_not_refused_for_its_size():
    """A tenth of everything: the main stream sets what is small."""
    line = baseline().tree
    small = {f"{unit}.capacity": 0.1 * getattr(line, unit).capacity for unit in MAIN_STREAM}
    assert steady_state(design=own_design(settings=small)).indicators["chlorobenzene_t"] > 1500


def test_a_column_too_short_for_its_bottoms_settles_and_makes_next_to_nothing():
    """Twelve trays are 7.6 stages, fewer than the 8.1 that keep benzene out of the bottoms.

    Chlorobenzene then goes over the top, too, and round again until it is dichlorobenzene.
    """
    made = steady_state(design=own_design(settings={"crude_column.trays": 12})).indicators
    assert made["closure"] < CLOSED
    assert made["chlorobenzene_t"] < 100


def test_a_column_that_makes_no_acid_sells_no_chlorine_with_it():
    """So little hydrogen chloride forms that all of it stays in the liquor."""
    made = steady_state(design=own_design(settings={"crude_column.trays": 12})).indicators
    assert made["hydrochloric_acid_t"] == 0.0
    assert made["acid_chlorine_ppm"] == 0.0


def test_a_reflux_that_keeps_nothing_back_is_followed_to_its_rest():
    """Chlorobenzene goes over the top and round until it is trichlorobenzene.

    Of that a five-hundredth leaves in a round. What is sold is a thousandth of what goes round, so
    that a loop that creeps by 5e-5 a round may be a tenth off; the heat balance asks for 1e-9.
    """
    design = own_design(settings={"crude_column.reflux_ratio": 0.3})
    state = steady_state(design=design)
    assert state.indicators["closure"] < CLOSED
    assert state.indicators["chlorobenzene_t"] < 100
    state.heat()
    finer = SteadyState(network(design.tree), annual_mean(design.tree))
    finer.refine(1e-10)
    sold = [of.total("chlorobenzene", stream=SOLD) for of in (state.ledger, finer.ledger(HOURS))]
    assert sold[0] == pytest.approx(sold[1], rel=1e-4)


def test_a_catcher_water_that_is_nearly_acid_settles_as_water_of_the_absorber():
    """F2 in `fog`, where water of 4,860 to 5,250 kg/h gets nearly as strong as the acid.

    Drawn, it made more acid slip than the recipe held of the pass before, was too strong to be
    drawn, got weaker, and was drawn again: it ends between its neighbours at either side.
    """
    water = {"gas_catcher.structure": "fog"}
    slips = [
        steady_state(
            "F2", design=own_design(settings=water | {"gas_catcher.fog.circulation": kg})
        ).indicators["air.hydrogen_chloride_t"]
        for kg in (4850.0, 5000.0, 5300.0)
    ]
    assert slips == sorted(slips, reverse=True)


def test_cooling_water_that_cannot_take_the_leak_is_refused_on_both_clocks():
    """It is of the crude column's train, and a leak that knows no load would hold all of it up."""
    design = own_design(settings={"cooling_water.capacity": 0.1})
    for run in (steady_state, simulate):
        with pytest.raises(ValueError, match=r"cooling_water.capacity of 0.1 kg/h is below"):
            run(design=design)


def test_a_member_too_small_for_the_air_that_leaks_in_is_named_not_a_flow_of_no_number():
    small = own_design(None, ["gas_catcher.capacity=10"])
    with pytest.raises(BalanceError, match="'gas_catcher' at its capacity of 10 kg/h: more comes"):
        steady_state("F1-F11", design=small)


@pytest.mark.parametrize("conversion", [0.35, 0.48, 0.55, 0.7])
def test_a_conversion_above_the_usual_one_settles(conversion):
    held = {"chlorinator.control": "conversion", "chlorinator.conversion": conversion}
    made = steady_state(design=own_design(settings=held)).indicators
    assert made["closure"] < CLOSED
    assert made["dichlorobenzene_t"] > steady_state().indicators["dichlorobenzene_t"]


def test_a_chlorinator_that_boils_dry_is_refused_and_one_that_nearly_does_runs():
    """Half of the benzene gives off more heat than evaporates all of it."""

    def settings(works: float) -> dict[str, float | str]:
        return {
            "chlorinator.control": "conversion",
            "chlorinator.conversion": 0.5,
            "chlorinator.condenser.effective_fraction": works,
        }

    with pytest.raises(ValueError, match="chlorinator runs dry at its capacity of 6000 kg/h:"):
        steady_state(design=own_design(settings=settings(0.1)))
    assert steady_state(design=own_design(settings=settings(0.4))).indicators["closure"] < CLOSED


def test_a_dryer_that_boils_off_more_than_its_drum_condenses_is_refused():
    with pytest.raises(ValueError, match=r"dryer.boil_up of 0.5 kg/kg is more than feed and dryer"):
        steady_state(design=own_design(settings={"dryer.boil_up": 0.5}))
    much = own_design(settings={"dryer.boil_up": 0.5, "dryer.condenser_water": 1e4})
    for design in (much, own_design(settings={"dryer.boil_up": 0.35})):
        steady_state(design=design).heat().enforce()
