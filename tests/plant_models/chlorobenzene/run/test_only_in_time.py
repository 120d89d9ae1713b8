"""What only a model in time shows: full tanks, trips, seasons, and what a breakdown costs.

Sizes are those of the prior values: a column, a stock and a ratio were chosen with them in mind,
and calibration, which knows no time, moves only the physics.
"""

from collections.abc import Collection
from functools import cache

import pytest

from plant_models import chlorobenzene as cb
from plant_models.chlorobenzene.line.design import prior
from sim.model.facts import set_values

MONTH = 0.1  # of a year, h/h: about five weeks
JANUARY, JULY = 0.0, 4344.0  # hours of the year
TWO_FANS = (400.0, 200.0)  # mean times between failures, h
CALM = ("failures", "maintenance", "shutdown", "seasons", "lots", "spills")
BUT_FAILURES = ("maintenance", "shutdown", "seasons", "lots", "spills")
BUT_SEASONS = ("failures", "maintenance", "shutdown", "lots")


@cache
def run(
    schemes: str = "none",
    *settings: str,
    without: Collection[str] = BUT_FAILURES,
    start_hour: float = 0.0,
    years: float = MONTH,
) -> cb.Result:
    """Run the line with some parameters set, ``"path=value"``."""
    design = set_values(prior(), settings)
    return cb.simulate(schemes, years=years, without=without, start_hour=start_hour, design=design)


def hours(result: cb.Result, state: str, train: str = "chlorination") -> float:
    return sum(h for told, h in result.hours[train].items() if told.startswith(state))


# ---- trucks ------------------------------------------------------------------------------------


def half_the_trucks(when_full: str) -> cb.Result:
    interval = 2.0 * cb.line().acid_collection.interval
    return run(
        "none",
        f"acid_collection.interval={interval} h",
        f"acid_tank.when_full={when_full}",
        without=CALM,
        years=0.2,
    )


def test_acid_trucks_as_they_come_neither_block_nor_spill():
    usual = run(without=CALM, years=0.2)
    assert hours(usual, "blocked") == 0.0
    assert usual.ledger.total(source="acid_tank", cause="overflow") == 0.0


def test_half_the_acid_trucks_block_the_chlorination_where_the_operator_stops():
    late, usual = half_the_trucks("block"), run(without=CALM, years=0.2)
    assert hours(late, "blocked by acid_tank") > 0.2 * 0.2 * 8760.0
    assert late.ledger.total(source="acid_tank", sink="sewer") == 0.0
    assert late.indicators["chlorobenzene_t"] < 0.8 * usual.indicators["chlorobenzene_t"]


def test_half_the_acid_trucks_spill_to_the_sewer_where_the_operator_lets_them():
    late, usual = half_the_trucks("spill"), run(without=CALM, years=0.2)
    assert hours(late, "blocked by acid_tank") == 0.0
    spilled = late.ledger.total("hydrogen_chloride", source="acid_tank", cause="spill")
    acid = late.ledger.total("hydrogen_chloride", sink="acid_tank")
    assert 0.2 * acid < spilled < 0.5 * acid
    assert spilled == late.ledger.total("hydrogen_chloride", stream="acid_tank.overflow")
    assert late.indicators["chlorobenzene_t"] == pytest.approx(
        usual.indicators["chlorobenzene_t"],
        rel=1e-5,  # trucks cut other intervals short
    )


# ---- trips -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "unit",
    [
        "absorber",
        *(pytest.param(u, marks=pytest.mark.long) for u in ("off_gas_fan", "cooling_water")),
    ],
)
def test_a_failed_unit_of_the_gas_path_trips_the_chlorination(unit):
    locked = f"{unit}.run_on.interlock=true"
    result, calm = run("none", f"{unit}.failure.mtbf=100 h", locked), run(without=CALM)
    assert hours(result, f"{unit} failed") > 20.0
    assert hours(result, "trip") > 0.0
    assert hours(result, "start-up") > 0.0
    assert calm.ledger.total(cause="trip") == calm.ledger.total(cause="start-up") == 0.0
    # a trip sends what still comes over to the sewer, not to the acid tank
    tripped = {"source": "acid_storage", "cause": "trip"}
    assert result.ledger.total("hydrogen_chloride", sink="sewer", **tripped) > 0.0
    assert result.ledger.total(sink="acid_tank", **tripped) == 0.0
    assert result.ledger.total(cause="trip", medium="emission gas") > 0.0


def test_no_chlorine_is_drawn_while_the_absorber_is_down():
    result = run("none", "absorber.failure.mtbf=1 h", "absorber.failure.mttr=10000 h", years=0.02)
    assert hours(result, "absorber failed") > 0.5 * 0.02 * 8760.0
    drawn = result.ledger.total("chlorine", source="chlorine_header")
    chlorinator = cb.steady_state(design=prior())
    an_hour = chlorinator.ledger.total("chlorine", source="chlorine_header")
    an_hour /= chlorinator.operating_hours
    assert drawn < an_hour * (result.operating_hours + hours(result, "trip")) * 1.01


def test_a_failed_cooling_pump_stops_the_columns_too():
    result = run("none", "cooling_water.failure.mtbf=100 h")
    for train in ("crude_distillation", "rectification"):
        assert hours(result, "cooling_water failed", train) > 20.0


# ---- seasons -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("start_hour", "more"), [(JULY, True), (JANUARY, False)])
def test_against_a_well_the_tower_costs_benzene_in_summer_and_saves_it_in_winter(start_hour, more):
    def benzene(schemes: str) -> float:
        well = "cooling_water.source=well"
        result = run(schemes, well, without=BUT_SEASONS, start_hour=start_hour)
        return result.indicators["air.benzene_t"]

    assert (benzene("F11") > 1.1 * benzene("none")) == more
    assert (benzene("F11") < 0.9 * benzene("none")) != more


# ---- breakdowns --------------------------------------------------------------------------------


@pytest.mark.long
def test_half_the_mtbf_costs_output_and_adds_to_what_start_ups_lose():
    whole, half = (
        run(
            "none",
            f"off_gas_fan.failure.mtbf={mtbf} h",
            "off_gas_fan.run_on.interlock=true",
            years=0.3,
        )
        for mtbf in TWO_FANS
    )
    assert half.indicators["operating_hours"] < whole.indicators["operating_hours"]
    lost, lost_before = (
        result.ledger.total(source="acid_storage", sink="sewer", cause="start-up")
        for result in (half, whole)
    )
    assert lost > 1.2 * lost_before > 0.0
    made, made_before = (
        result.ledger.total("chlorobenzene", sink="liquor_tank") for result in (half, whole)
    )
    assert made < 0.995 * made_before


def test_emissions_by_cause_add_up_to_the_total():
    result = run("F7", "absorber.failure.mtbf=100 h", "acid_tank.when_full=spill")
    causes = {entry.cause for entry in result.ledger.flows}
    assert {"normal", "start-up", "trip"} <= causes
    per_year = 1000.0 * result.years
    for medium, prefix in (("emission gas", "air"), ("wastewater", "wastewater")):
        for component in ("benzene", "chlorobenzene", "hydrogen_chloride"):
            parts = [result.ledger.total(component, medium=medium, cause=c) for c in causes]
            assert all(kg >= 0.0 for kg in parts)
            total = result.indicators[f"{prefix}.{component}_t"] * per_year
            assert sum(parts) == pytest.approx(total, rel=1e-12)
    table = result.flows.groupby(["medium", "cause"])["kg"].sum()
    water = result.indicators["wastewater_t"] * per_year
    assert table["wastewater"].sum() == pytest.approx(water, rel=1e-9)


# ---- the wash-acid tank ------------------------------------------------------------------------


def washing_goes_on(*settings: str) -> cb.Result:
    """Run F7 with a stock of liquor to wash, and a wash-acid tank that is well filled."""
    stock = ("liquor_tank.initial_level=0.9", "wash_acid_tank.initial_level=0.8")
    return run("F7", *stock, *settings, years=0.02)


def test_the_wash_acid_tank_spills_while_the_absorber_is_down():
    down = washing_goes_on("absorber.failure.mtbf=1 h", "absorber.failure.mttr=10000 h")
    up = washing_goes_on("absorber.failure.mtbf=1000000 h")
    spilled = {"source": "wash_acid_tank", "sink": "sewer", "cause": "spill"}
    assert up.ledger.total(**spilled) == 0.0
    assert down.ledger.total("hydrogen_chloride", **spilled) > 0.0
    held = down.ledger.held["wash_acid_tank"].sum()
    assert held == pytest.approx(cb.line("F7").wash_acid_tank.capacity)


# ---- the bottleneck -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("schemes", "train"),
    [("none", "chlorination"), ("F12", "rectification"), ("F9,F12", "chlorination")],
)
def test_larger_chlorinators_move_the_bottleneck_until_the_reboilers_follow(schemes, train):
    assert cb.steady_state(schemes, design=prior()).bottleneck == train
    assert cb.simulate(schemes, years=0.1, design=prior()).bottleneck == train
