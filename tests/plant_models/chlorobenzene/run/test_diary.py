"""The diary of a recorded run: dates, sentences, and who waited for whom."""

import re
from dataclasses import replace

import pytest

from plant_models.chlorobenzene import own_design
from plant_models.chlorobenzene.model import simulate, steady_state
from plant_models.chlorobenzene.run.diary import Diary, date
from plant_models.chlorobenzene.run.result import Result
from sim.clock.recorder import Recorder

DAYS = 60.0 / 365.0


@pytest.fixture(scope="module")
def summer() -> Result:
    """Return sixty days from 1 July, the annual shutdown among them."""
    return simulate(years=DAYS, seed=1, start_hour=181 * 24.0, record=True)


@pytest.fixture(scope="module")
def diary(summer: Result) -> Diary:
    return summer.diary()


@pytest.mark.parametrize(
    ("hour", "told"),
    [
        (0.0, "1 Jan 00:00"),
        (59 * 24.0, "1 Mar 00:00"),
        (213 * 24.0 + 3.0 + 10.0 / 60.0, "2 Aug 03:10"),
        (8760.0 - 1.0 / 60.0, "31 Dec 23:59"),
        (8760.0, "1 Jan 00:00"),
    ],
)
def test_an_hour_of_the_year_has_a_date(hour, told):
    assert date(hour) == told


def test_years_are_counted_where_there_are_several():
    assert date(8760.0 + 24.0, with_year=True) == "year 2, 2 Jan 00:00"


def test_dates_begin_where_the_run_does(diary):
    assert diary.title == "diary of the line with no schemes, 60 days from 1 Jul 00:00"
    assert {entry.date.split()[1] for entry in diary} <= {"Jul", "Aug"}


def test_entries_are_in_order(diary):
    hours = [entry.hour for entry in diary]
    assert hours == sorted(hours)


def test_the_annual_shutdown_is_one_sentence(diary):
    (told,) = [str(entry) for entry in diary if "annual shutdown" in entry.text]
    assert told.startswith("15 Jul 20:00 annual shutdown; the whole line down 17.0 d; ")


def test_every_outage_of_equipment_begins_one_sentence(summer, diary):
    """A unit that fails while its train is down already belongs to the sentence of that stop."""
    broke = [w for _, w, x in summer.record.events if x.startswith(("failed", "in maintenance"))]
    told = [entry for entry in diary if re.match(r"[\w ]+ (failed|in maintenance);", entry.text)]
    assert 0 < len(told) <= len(broke)
    assert {re.split(" failed| in maint", e.text)[0].replace(" ", "_") for e in told} <= set(broke)


def test_what_start_ups_lost_adds_up_to_the_ledger(summer, diary):
    """Every trip and start-up of the chlorination leads its acid to the sewer."""
    told = sum(float(m[1]) for e in diary for m in re.finditer(r"lost ([\d.]+) t to sewer", e.text))
    acid = {"stream": "acid_storage.acid", "sink": "sewer"}
    booked = sum(summer.ledger.total(**acid, cause=cause) for cause in ("trip", "start-up"))
    assert told == pytest.approx(booked / 1000.0, rel=0.05)  # two digits are told


def test_trucks_that_do_not_come_block_the_chlorination():
    run = simulate(
        years=30.0 / 365.0,
        seed=1,
        record=True,
        design=own_design(None, ["acid_collection.interval=60"]),
        without=("failures", "maintenance"),
    )
    texts = [entry.text for entry in run.diary()]
    assert any(
        re.match(r"acid tank full, truck late; .*chlorination.* blocked [\d.]+ (h|d)", text)
        for text in texts
    ), texts


def test_cars_that_come_late_starve_the_line():
    run = simulate(
        years=20.0 / 365.0,
        seed=1,
        record=True,
        design=own_design(None, ["benzene_delivery.lead_time=240"]),
        without=("failures", "maintenance", "trucks"),
    )
    texts = [entry.text for entry in run.diary()]
    assert any(
        text.startswith("wet benzene tank empty, rail cars late; drying") for text in texts
    ), texts


def test_a_tank_that_stops_spilling_for_less_than_a_day_goes_on_spilling():
    """Full for 10 h, 10 h later for 10 h more, and 50 h after that for 5 h: two sentences."""
    run = simulate("F1-F11", years=DAYS / 6.0, start_hour=181 * 24.0, record=True)
    full = {"reuse_water_tank": run.line.reuse_water_tank.capacity}
    below = dict.fromkeys(run.ledger.held, 0.0)
    brim = below | full
    record = Recorder()
    for hour, level in ((0, brim), (10, below), (20, brim), (30, below), (80, brim), (85, below)):
        record.levels(float(hour), tuple(level.values()))
    told = [str(entry) for entry in replace(run, record=record).diary()]
    assert [line for line in told if "spilling" in line] == [
        "1 Jul 00:00 reuse water tank full; spilling 20.0 h",
        "4 Jul 08:00 reuse water tank full; spilling 5.0 h",
    ]


def test_a_run_that_was_not_recorded_has_no_diary():
    with pytest.raises(ValueError, match="record=True"):
        steady_state().diary()


def test_a_diary_prints_and_shows_as_a_table(diary):
    lines = str(diary).splitlines()
    assert len(lines) == len(diary) + 1
    assert diary._repr_html_().count("<tr>") == len(diary) + 1


def test_packing_works_from_8_to_17_h_in_a_run_that_begins_at_10():
    """The diary tells hours of the day, and the shift was told in hours of the run: 18 to 3 h."""
    run = simulate(years=3.0 / 365.0, seed=1, start_hour=10.0, record=True)
    states = [(10.0 + hour, state) for hour, who, state in run.recorded.states if who == "packing"]
    ends = {hour % 24.0 for hour, state in states if state == "off shift"}
    assert ends == {17.0}
