"""The command ``uncertainty``: the same for any number of workers, and bad input."""

import json

import pytest

from experiments.output.crate import CRATE
from experiments.studies.uncertainty import _verdict, uncertainty
from plant_models import plant_named

FEW = ("uncertainty", "--schemes", "F5, F8", "--samples", "3")
BAD = [
    ("none", "schemes", "a scheme or more"),
    ("--schemes F12", "F12", "--invest F12=120"),
    ("--target net_incme", "target", "did you mean 'net_income'"),
    ("--samples 1", "samples", "'1'"),
    ("--samples -1", "--samples", "'-1'"),
    ("--sobol 100", "sobol", "power of two"),
    ("--sobol -1", "--sobol"),
    ("--factors 0", "--factors"),
    ("--workers x", "--workers", "'x'"),
    ("--rate 2", "--rate: ", "0 to 1"),
    ("--factors 0 --workers x", "2 faults"),
]


@pytest.mark.long
def test_workers_share_the_points_and_change_nothing(call, tmp_path):
    folder = tmp_path / "out"
    arguments = [*FEW, "--factors", "2", "--sobol", "2", "--json"]
    one = call(*arguments, "--workers", "1", "--out", str(folder)).stdout
    two = call(*arguments, "--workers", "2").stdout
    assert one == two
    told = json.loads(one)
    assert told["tornado"][0]["swing"] >= told["tornado"][-1]["swing"]
    assert [each["name"] for each in told["sobol"]]
    assert "workers" not in one
    names = {each.name for each in folder.iterdir()}
    tables = {"samples.csv", "sobol.csv", "tornado.csv"}
    assert names == {*tables, "tornado.png", "provenance.json", CRATE}
    assert json.loads((folder / "provenance.json").read_text("utf-8"))["units"].keys() == tables


@pytest.mark.long
def test_the_report_tells_chances_and_conclusions(call):
    text = call(*FEW, "--sobol", "0", "--workers", "1").stdout
    assert "NPV > 0" in text
    assert "survives" in text
    assert "Sobol" not in text
    assert all(len(line) <= 104 for line in text.splitlines())


@pytest.mark.long
def test_without_draws_the_inputs_are_moved_one_at_a_time(call):
    answer = uncertainty("F8", samples=0, sobol=0, target="steam_t")
    told = json.loads(
        call("uncertainty", "F8", "--samples", "0", "--sobol", "0", "--target", "steam_t",
             "--json").stdout
    )  # fmt: skip
    assert answer.as_json() == told
    assert told["steps"] == told["conclusions"] == told["changes"] == {}
    swings = answer.table()["swing"].tolist()
    assert swings == sorted(swings, reverse=True)
    text = answer.report()
    assert "moved one at a time" in text
    assert "at low" in text
    assert "NPV" not in text
    assert list(answer.pictures()) == ["tornado"]


def test_what_nothing_moves_has_no_shares_and_what_is_moved_its_unit():
    """It was told to have shares of nan, and its unit was not told."""
    brine = plant_named("brine")
    text = str(uncertainty("B3", samples=0, sobol=2, factors=1, target="product_t", plant=brine))
    assert "nothing that carries a range moves product_t" in text
    assert "nan" not in text
    text = str(uncertainty("B1", samples=0, sobol=0, target="sewer.salt_t", plant=brine))
    assert "change of sewer.salt_t, t/yr; at base values" in text


def test_prices_that_were_given_are_in_the_provenance():
    brine = plant_named("brine")
    prices = brine.economy.own_prices(settings="effluent=5")
    found = uncertainty("B1", samples=0, sobol=0, plant=brine, prices=prices)
    (told,) = found.as_json()["provenance"]["prices"]
    assert (told["path"], told["value"]) == ("effluent", 5.0)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"target": "net_incme"}, "target"),
        ({"samples": 1}, "samples"),
        ({"samples": 2.5}, "samples"),
        ({"sobol": 3}, "sobol"),
        ({"factors": 0}, "factors"),
        ({"seed": -1}, "seed"),
        ({"prices": 3.0}, "prices must be Prices"),
        ({"investments": {"F5": "much"}}, "investments: F5"),
        ({"schemes": "F12"}, "nobody gives an investment"),
    ],
)
def test_a_wrong_argument_is_named(given, words):
    with pytest.raises((TypeError, LookupError, ValueError), match=words):
        uncertainty(**given)


@pytest.mark.parametrize(("arguments", "words"), [(a, w) for a, *w in BAD])
def test_bad_input_ends_in_one_message(refused, arguments, words):
    refused("uncertainty", *arguments.split(), words=words)


@pytest.mark.parametrize(
    ("shares", "verdict"),
    [
        ((0.99, 0.97, 1.0), "survives"),
        ((0.87, 1.0, 0.73), "structure decides"),
        ((0.50, 0.96, 0.04), "structure decides"),
        ((0.96, 0.94, 0.97), "inputs decide"),
        ((0.5, 0.6, 0.4), "inputs decide"),
        ((0.01, 0.02, 0.0), "does not"),
    ],
)
def test_a_verdict_is_that_of_all_structures_or_names_them(shares, verdict):
    """All points first, then those of each structure."""
    assert _verdict(shares) == verdict


@pytest.mark.parametrize("shares", [(0.99, 0.97, 1.0), (0.01, 0.02, 0.0)])
def test_nothing_survives_that_an_undrawn_choice_turns(shares):
    assert _verdict(shares, turned=True) == "undrawn decides"


@pytest.mark.long
def test_a_verdict_names_what_is_not_drawn_and_turns_it():
    """Without what F3 is read to end, wastewater does not halve; the verdict says so."""
    found = uncertainty("F1-F4", samples=2, sobol=0)
    assert "wastewater falls by half" in found.undrawn["F3 without once_through.drying_ended"]
    lines = iter(found.report().splitlines())
    assert "survives" not in next(each for each in lines if each.startswith("wastewater falls"))
    assert "F3 without once_through.drying_ended" in next(lines)
    assert "no verdict draws: time" in found.report()
    assert "chlorinator.stages=3" in found.undrawn
