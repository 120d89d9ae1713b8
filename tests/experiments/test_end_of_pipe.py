"""The command ``end-of-pipe``: equal emission in calm, what failures let by, and bad input."""

import json

import pytest

from experiments.runner.horizon import Horizon
from experiments.studies.end_of_pipe import SOUND, EndOfPipe, Watched, end_of_pipe, matched
from plant_models import chlorobenzene as cb
from plant_models.chlorobenzene.model import PLANT, steady_state
from plant_models.chlorobenzene.money.end_of_pipe import DEVICES, organics
from sim.clock.watch import Exposure

BAD = [
    ("--schemes none", "schemes: expected", "at the source"),
    ("--schemes F1,E2", "E2", "leave it out"),
    ("--schemes F99", "no scheme 'F99'"),
    ("--workers none", "--workers", "'none'"),
    ("--price stem=80", "did you mean 'steam'"),
    ("--years 0 --workers 0", "2 faults"),
]


@pytest.mark.parametrize("source", ["F1-F11", "F6, F10", "F6, F7"])
def test_matched_devices_emit_in_the_steady_state_what_the_schemes_do(source):
    match = matched(PLANT.variant(source))
    with_schemes = steady_state(source).indicators
    with_devices = steady_state(DEVICES, known=match.known).indicators
    assert match.short == ()
    for sink in ("air", "sewer"):
        assert organics(with_devices, sink) == pytest.approx(organics(with_schemes, sink), rel=1e-6)


def test_a_device_does_nothing_where_the_scheme_sends_more_that_way_than_before():
    """F10's vents end in the acid and its water: the sewer gets more than without any scheme."""
    match = matched(PLANT.variant("F10"))
    assert match.settings["effluent_stripper.recovery"] == 0.0
    with_devices = steady_state(DEVICES, known=match.known).indicators
    assert organics(with_devices, "sewer") < organics(steady_state("F10").indicators, "sewer")


def test_what_nobody_says_a_scheme_costs_is_not_taken_for_nothing():
    """F12 makes half as much again, and lets out more of everything; the source has no cost."""
    source = PLANT.variant("F12")
    none, more = (steady_state(each).indicators for each in ("none", "F12"))
    calm = {"none": none, "source": more, "devices": none, SOUND: none}
    still = {sink: Exposure(hours=1.0, highest=1.0) for sink in ("air", "sewer")}
    runs = {way: (Watched(of, still, {}),) for way, of in calm.items()}
    prices = PLANT.economy.prices()
    found = EndOfPipe(source, Horizon(), prices, matched(source), calm, runs)
    bill = found.bills["source"]
    assert (bill.investment, bill.capital, bill.total) == (None, None, None)
    assert found.bills["devices"].total is not None
    text = str(found)
    assert "?: no investment of F12 known" in text
    for sink in ("air", "sewer"):
        assert f"organics to {sink}: with the schemes no less than without them" in text


@pytest.mark.long
def test_json_tells_what_devices_let_by_and_what_they_cost():
    """Devices that often fail: some weeks are enough to see it."""
    often = cb.own_design(None, {f"{unit}.failure.mtbf": 150.0 for unit in PLANT.devices.units})
    found = end_of_pipe(years=0.03, replications=2, design=often)
    told = json.loads(json.dumps(found.as_json()))
    for sink in ("air", "sewer"):
        assert told["organics"][sink]["devices_let_by_while_down"]["mean"] > 0.0
    assert told["bills"]["devices"]["margin_lost"]["mean"] > 0.0
    assert told["bills"]["source"]["margin_lost"]["mean"] < 0.0
    assert all(hours > 0.0 for hours in told["devices_down_hours"].values())
    text = str(found)
    assert "let by while down" in text
    assert all(len(line) <= 104 for line in text.splitlines())


@pytest.mark.long
def test_the_number_of_workers_does_not_show(call):
    arguments = ["end-of-pipe", "--years", "0.002", "--replications", "3", "--json"]
    one, two = (call(*arguments, "--workers", workers).stdout for workers in "12")
    assert json.loads(one) == json.loads(two)


@pytest.mark.parametrize(("arguments", "words"), [(a, w) for a, *w in BAD])
def test_bad_input_ends_in_one_message(refused, arguments, words):
    refused("end-of-pipe", *arguments.split(), words=words)
