"""The shop as a plant: laws of its books, schemes that act, two clocks, the textbook's answers."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from plant_models import flowshop as fs
from plant_models.flowshop.money import investments, prices
from plant_models.flowshop.operation import AT_WORK, Floor, running
from plant_models.flowshop.plant import BATCH, PRODUCTS, STEP_HOURS, VESSELS
from plant_models.flowshop.shop import baseline, catalogue
from plant_models.flowshop.wiring import PROCESSES, SEWER, network
from sim import ConflictError, Ledger, RandomStreams
from sim.model.facts import is_own_word, set_values
from sim.model.ranges import sample_at, sampled_paths
from sim.model.tree import get
from tests.trees import replace_all

MONTH = 500.0  # h
MONTH_YEARS = MONTH / 8760.0

TEXTBOOK = {
    **{f"{vessel}.capacity": 1e7 for vessel in VESSELS},
    "charging.capacity": 1e7,
    "cleaning.cling": 1e-6,
    "cleaning.hours": 0.0,
    "rinsing.capacity": 1e7,
}
"""Batches are moved at once, nothing clings to a wall, and cleaning takes no time."""


def made_in_a_month(*, in_a_row: int, next_campaign: str) -> dict[str, int]:
    """Return the batches of each product that a shop without cleaning ships in 500 h."""
    schedule = {"schedule.in_a_row": in_a_row, "schedule.next_campaign": next_campaign}
    shop = replace_all(fs.shop(), {**TEXTBOOK, **schedule})
    moves = 0.022  # h: 126 batches are moved five times each, in 3.5e-5 h at most
    floor = running(shop, RandomStreams(1), without=["events"]).plant
    floor.run(MONTH + moves)
    books = floor.ledger()
    return {
        name: round(books.total(name, sink="customers") / BATCH[name]) for name in PRODUCTS.names
    }


def test_without_cleaning_a_month_of_campaigns_makes_the_textbook_s_42_batches_of_each():
    assert made_in_a_month(in_a_row=42, next_campaign="when empty") == dict.fromkeys("ABC", 42)


def test_without_cleaning_the_sequence_abc_makes_five_more_of_each():
    assert min(made_in_a_month(in_a_row=1, next_campaign="at once").values()) == 42 + 5


def test_the_steps_and_batches_are_those_of_the_textbook_s_plant():
    shop = fs.shop()
    for k, vessel in enumerate(VESSELS):
        for name in PRODUCTS.names:
            assert shop.vessels[vessel].hours(name) == STEP_HOURS[name][k]
    for name in PRODUCTS.names:
        assert shop.batches.of(name) == BATCH[name]


@pytest.mark.parametrize(
    "draw", [0, 3, *(pytest.param(n, marks=pytest.mark.long) for n in (1, 2, 4, 5))]
)
def test_the_books_close_at_any_values_within_the_ranges(draw: int):
    chance = random.Random(draw)
    design = baseline()
    shares = {path: chance.random() for path in sampled_paths(design)}
    ids = [name for name in catalogue() if chance.random() < 0.5]
    variant = fs.PLANT.variant(sample_at(design, shares)).having(ids)
    run = fs.simulate(variant, years=MONTH_YEARS, seed=draw)
    assert run.receipt().closure <= 1e-9
    assert run.indicators["product_t"] > 0.0
    assert fs.steady_state(variant).receipt().closure <= 1e-9


def later_rounds(schemes: str) -> Ledger:
    """Return the books of two rounds of the schedule, after two others, without chance."""
    floor = running(fs.shop(schemes), RandomStreams(7), without=["events"]).plant
    assert isinstance(floor, Floor)
    turn = 3 * floor.shop.schedule.in_a_row
    batches = turn * -(-12 // turn)  # twelve at least: the start is forgotten by then
    books = []
    for rounds in (2, 4):
        floor.env.run(floor.batch(rounds * batches - 1).shipped)
        floor.run(floor.env.now)
        books.append(floor.ledger())
    return books[1].since(books[0])


@pytest.mark.parametrize("schemes", ["none", "S2,S3", "all"])
def test_both_clocks_come_to_the_same_figures_where_nothing_fails(schemes: str):
    """The second and later rounds of the schedule repeat the one that the year is made of."""
    steady = fs.steady_state(schemes)
    later = later_rounds(schemes)
    for sink in ("customers", SEWER):
        for name in (*PRODUCTS.names, "water"):
            per_hour = later.total(name, sink=sink) / later.hours
            year = steady.ledger.total(name, sink=sink)
            assert per_hour * steady.ledger.hours == pytest.approx(year, rel=1e-3, abs=1.0)


@pytest.mark.long
def test_a_year_without_events_is_the_steady_one_but_for_the_campaign_it_is_cut_in():
    year = fs.simulate("S1", without=["events"], years=0.25).indicators
    steady = fs.steady_state("S1").indicators
    campaign = 4 * 14 * max(BATCH.values()) / 1000.0  # t/yr
    assert year["product_t"] == pytest.approx(steady["product_t"], abs=campaign)


@pytest.mark.parametrize("scheme", catalogue())
def test_every_patch_of_a_scheme_changes_what_leaves_the_shop(scheme: str):
    before = fs.steady_state().indicators
    for patch in catalogue()[scheme].patches:
        after = fs.steady_state(
            replace_all(fs.shop(), {patch.path: get(fs.shop(scheme), patch.path)})
        )
        assert any(
            abs(after.indicators[name] - kg) > 1e-3 * abs(kg)
            for name, kg in before.items()
            if name != "closure"
        )


def test_a_film_that_drains_six_times_its_age_is_thinner_by_the_square_root_of_six():
    """S2: 0.1 h old when the vessel is empty, and 0.5 h later; Jeffreys 1930."""
    drained = fs.steady_state("S2").indicators
    wet = fs.steady_state("none").indicators
    for name in PRODUCTS.names:
        figure = f"sewer.{name}_t"
        assert drained[figure] == pytest.approx(wet[figure] / 6.0**0.5, rel=1e-3)


def test_what_clings_to_the_walls_is_what_a_campaign_sends_to_the_sewer():
    """Four films a campaign, of the size of a batch; the rest of a rinse leaves with the next."""
    shop, found = fs.shop(), fs.steady_state().indicators
    campaigns = found["batches"] / (3 * shop.schedule.in_a_row)
    for name in PRODUCTS.names:
        films = 4 * shop.cleaning.film(shop.batches.of(name)) / 1000.0 * campaigns
        assert found[f"sewer.{name}_t"] == pytest.approx(films, rel=2e-3)


def test_water_used_twice_is_half_of_the_water():
    one, other = fs.steady_state("none").indicators, fs.steady_state("S3").indicators
    assert other["rinse_water_t"] == pytest.approx(one["rinse_water_t"] / 2, rel=1e-6)
    assert other["sewer.product_t"] == pytest.approx(one["sewer.product_t"], rel=5e-3)


def test_draining_costs_no_output_where_campaigns_wait_and_some_where_they_follow_at_once():
    made = {s: fs.steady_state(s).indicators["batches"] for s in ("none", "S2", "S1", "S1,S2")}
    assert made["S2"] == pytest.approx(made["none"], rel=1e-3)
    assert made["none"] < made["S1,S2"] < 0.995 * made["S1"]


def test_with_cleaning_the_sequence_abc_is_no_cleaner_production():
    campaigns, mixed = fs.steady_state("S1").indicators, fs.steady_state("S4").indicators
    assert mixed["batches"] < campaigns["batches"]
    assert mixed["sewer.product_t"] > 5 * campaigns["sewer.product_t"]


def test_a_batch_that_stands_too_long_in_a_vessel_that_failed_is_taken_away():
    broken = {"separator.failure.mtbf": 100.0, "separator.spoils_after": 1.0}
    shop = replace_all(fs.shop(), broken)
    run = fs.simulate(shop, years=MONTH_YEARS, record=True)
    assert run.indicators["spoilt_t"] > 0.0
    assert any("spoilt" in what for _, _, what in run.recorded.events)
    assert fs.simulate(shop, years=MONTH_YEARS, without=["failures"]).indicators["spoilt_t"] == 0.0


def test_a_batch_that_is_never_spoilt_goes_on_after_the_repair():
    lasting = {f"{name}.spoils_after": 1e6 for name in ("reactor", "separator")}
    shop = replace_all(fs.shop(), {**lasting, "reactor.failure.mtbf": 60.0})
    run = fs.simulate(shop, years=MONTH_YEARS)
    calm = fs.simulate(shop, years=MONTH_YEARS, without=["failures"])
    assert run.indicators["spoilt_t"] == 0.0
    assert 0.0 < run.indicators["batches"] < calm.indicators["batches"]


def test_vessels_work_wait_and_are_cleaned_and_their_hours_add_up():
    run = fs.simulate(years=MONTH_YEARS)
    for vessel in VESSELS:
        assert sum(run.hours[vessel].values()) == pytest.approx(MONTH)
        assert run.hours[vessel][AT_WORK] > 0.0
        assert run.hours[vessel]["being cleaned"] > 0.0
    assert run.bottleneck == "separator"


def test_the_same_seed_gives_the_same_books():
    once, again = (fs.simulate("S3", years=MONTH_YEARS, seed=3) for _ in range(2))
    assert once.ledger == again.ledger


def test_every_unit_and_tank_belongs_to_one_process():
    wired = network(fs.shop())
    parts = [part for members in PROCESSES.values() for part in members]
    assert sorted(parts) == sorted((*wired.units, *wired.tanks))


def test_every_number_has_a_source_and_what_is_assumed_a_range():
    for facts in (baseline(), prices(), investments()):
        for path, fact in facts.facts.items():
            assert fact.source in facts.sources or is_own_word(fact.source), path
            assert fact.note, path


def test_a_design_that_does_not_fit_is_refused_with_all_that_is_wrong():
    with pytest.raises(ValueError, match=r"batches\.b .*vessel\.capacity.*cleaning\.water"):
        fs.PLANT.variant(set_values(baseline(), ["vessel.capacity=350", "cleaning.water=349"]))


@pytest.mark.parametrize(
    "setting", ["rinse_tank.when_full=block", "vessel.initial_level=0.5", "vessel.heel=0.02"]
)
def test_a_design_in_which_a_vessel_would_stand_for_good_is_refused(setting: str):
    with pytest.raises(ValueError, match=setting.partition("=")[0]):
        fs.PLANT.variant(set_values(baseline(), [setting]))


def test_a_running_shop_keeps_its_tanks():
    was = fs.shop()
    bigger = replace(was, vessel=replace(was.vessel, capacity=700.0))
    with pytest.raises(ValueError, match="vessel cannot change while the shop works"):
        fs.PLANT.check_change(was, bigger)


def test_schemes_that_come_while_the_shop_works_act_from_then_on():
    """Half a month without and half a month with S3: half of the second half's water is fresh."""
    shop = fs.PLANT.variant("none")
    works = fs.PLANT.running(shop, RandomStreams(1), without=["events"])
    works.plant.run(MONTH)
    before = works.plant.ledger()
    works.change(shop.tree, fs.shop("S3"))
    works.plant.run(2 * MONTH)
    after = works.plant.ledger().since(before)
    reused = sum(after.total(stream=f"reuse_{vessel}.moved") for vessel in VESSELS)
    fresh = sum(after.total(stream=f"rinse_{vessel}.moved") for vessel in VESSELS)
    assert before.total(source="rinse_tank") == 0.0
    assert reused == pytest.approx(fresh, rel=0.1)


def test_two_rules_of_the_schedule_conflict():
    own = replace(catalogue()["S1"], id="S5", patches=(
        replace(catalogue()["S1"].patches[0], value="when empty"),
    ))  # fmt: skip
    with pytest.raises(ConflictError):
        fs.PLANT.variant("S1,S5", known={**catalogue(), "S5": own})
