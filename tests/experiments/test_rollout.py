"""The command ``rollout``: the source's arithmetic, its ladder to the plant, and bad input."""

import json
from dataclasses import replace
from itertools import pairwise

import pytest

from experiments.output.crate import CRATE
from experiments.studies.rollout import rollout
from plant_models.chlorobenzene.model import PLANT
from plant_models.folder import load
from plant_models.folder.model import FolderPlant
from plant_models.methods.installation import AT_ONCE

BAD = [
    ("--policy luck", "--policy", "'luck'", "classes"),
    ("--order F5,F99", "order", "'F99'"),
    ("--order F5", "order", "each of F5, F6"),
    ("--retained 2", "--retained", "0 to 1"),
    ("--cash -5", "--cash", "'-5'"),
    ("--plan-set terms.books=1e300", "books", "8760 h"),
    ("--plan-set F11.led_time=3", "F11", "did you mean 'lead_time'"),
    ("--plan nowhere.toml", "nowhere.toml", "No such file"),
    ("none", "schemes", "a scheme or more"),
    ("--schemes all", "F12", "--invest F12=120"),
    ("--schemes M1", "M1", "--invest M1=120"),
    ("--replications -1", "--replications", "0 to"),
    ("--horizon 9", "limit", "horizon"),
    ("--workers 0", "--workers"),
    ("--retained 2 --policy luck", "2 faults"),
]


@pytest.fixture(scope="module")
def told(call):
    return json.loads(call("rollout", "--replications", "0", "--json").stdout)


@pytest.fixture(scope="module")
def answer():
    return rollout(replications=0)


def test_the_policies_on_paper_are_the_known_answers(told):
    found = {
        name: (round(p["finished_months"], 2), round(p["cash_at_horizon"] / 1e4, 1))
        for name, p in told["policies_on_paper"].items()
    }
    assert found["classes"] == (11.35, 1062.7)
    assert found["payback"] == (10.09, 1117.0)
    assert found["best"] == (10.05, 1118.7)


def test_the_ladder_begins_with_the_sources_arithmetic_and_grows(told):
    months = [rung["finished_months"] for rung in told["rungs"].values()]
    assert months[0] == pytest.approx(11.35, abs=0.005)
    assert all(b >= a for a, b in pairwise(months[:4]))


def test_the_second_rung_is_the_plain_arithmetic_of_an_order_and_a_share(call):
    """All instants of the first stretch by one over the share."""
    order, retained = "F6,F8,F5,F7", 0.5
    arguments = ["F1-F8", "--replications", "0", "--order", order, "--json", "--limit", "50"]
    told = json.loads(call("rollout", *arguments, "--retained", str(retained)).stdout)
    assert told["order"] == ["F1-F4", *order.split(",")]
    first, second = (rung["finished_months"] for rung in list(told["rungs"].values())[:2])
    assert second == pytest.approx(first / retained, rel=1e-9)


def test_no_order_of_the_model_ends_with_more_cash_than_the_best(told):
    cash = {name: p["cash_at_horizon"] for name, p in told["policies_in_the_model"].items()}
    assert max(cash.values()) == cash["best"]


def test_the_order_by_classes_is_that_of_classes_however_a_folder_lists_them():
    """Of brine works the first scheme is of medium cost, the second free, the third of low cost."""
    found = rollout("B1-B3", plant="brine", replications=0)
    assert found.modelled["classes"].order == ("B2", "B3", "B1")


FIXED = """
[T1]
class = "low-cost"
title = "Larger tank"
patches = [{ path = "feed_tank.capacity", scale = 2.0, note = "offer" }]
[B9]
class = "no-cost"
title = "Bleed wide open"
patches = [{ path = "bleed.share.purge", set = 0.9, note = "habit" }]
"""


def brine_with(extra: str) -> FolderPlant:
    """Return the brine works with more schemes."""
    files = dict(load("brine").files)
    return FolderPlant(tuple((files | {"schemes.toml": files["schemes.toml"] + extra}).items()))


def test_what_cannot_be_built_while_the_plant_runs_is_named_and_stops_no_plan_on_paper():
    plant = brine_with(FIXED)
    with pytest.raises(ValueError, match=r"^T1: feed_tank cannot change .*; leave T1 out, or"):
        rollout("B2,T1", plant=plant, replications=1, investments={"T1": 9e3})
    assert rollout("B2,T1", plant=plant, replications=0, investments={"T1": 9e3}).modelled


def test_a_free_step_at_a_loss_that_keeps_the_others_from_being_bought_is_named():
    plant = brine_with(FIXED)
    free = {"B9": 0.0}
    told = " ".join(str(rollout("B1,B9", plant=plant, replications=0, investments=free)).split())
    assert "B9: free, so in place first, yet alone at a loss, which buys nothing; try" in told
    assert "at a loss" not in str(rollout("B1,B2", plant=plant, replications=0))


def test_the_report_names_every_rung(answer):
    text = str(answer)
    for words in ("the source's arithmetic", "lead times", "share of savings", "model's savings"):
        assert words in text
    assert all(len(line) <= 100 for line in text.splitlines())


def test_the_command_prints_what_the_study_returns(told, answer):
    assert answer.as_json() == told
    assert len(answer.table()) == 5 * 37  # rungs, and months of three years
    assert answer.plot().axes[0].get_title().startswith("F1-F11: after")


def test_a_plan_is_set_by_arguments_and_told_with_prices_in_the_provenance():
    prices = PLANT.economy.own_prices(settings="steam=99")
    went = rollout("F5, F8", replications=0, cash=3e5, retained=1.0, plan=AT_ONCE, prices=prices)
    assert went.wish.plan.terms.starting_cash == 3e5
    told = went.as_json()["provenance"]
    assert [(row["path"], row["value"]) for row in told["prices"]] == [("steam", 99.0)]
    assert ("terms.starting_cash", 3e5) in [(row["path"], row["value"]) for row in told["plan"]]
    assert "no plan of installation" in went.report()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"policy": "luck"}, "policy"),
        ({"order": ["F5"]}, "order: expected each of F5"),
        ({"plan": "own.toml"}, "plan must be a Plan"),
        ({"cash": -1.0}, "cash"),
        ({"retained": 2}, "retained"),
        ({"prices": 3}, "prices must be Prices"),
        ({"replications": -1}, "replications"),
        ({"horizon": 9.0}, "limit: expected no less than horizon"),
        ({"schemes": "none"}, "a scheme or more"),
        ({"schemes": "F12"}, "nobody gives an investment"),
    ],
)
def test_a_wrong_argument_is_named(given, words):
    with pytest.raises((TypeError, LookupError, ValueError), match=words):
        rollout(**{"replications": 0, **given})


def test_the_cash_of_one_run_has_no_interval_and_is_drawn():
    """It had one of no width."""
    found = rollout("F1-F5", replications=0, horizon=0.5)
    runs = tuple(found.rungs.values())[:2]
    rows = [replace(found, runs=runs[:n]).curves[-1] for n in (1, 2)]
    assert (rows[0]["low"], rows[0]["high"]) == (None, None)
    assert rows[1]["low"] < rows[1]["mean"] < rows[1]["high"]
    replace(found, runs=runs[:1]).plot()


@pytest.mark.long
def test_the_running_plant_is_told_with_its_replications_and_drawn(call, tmp_path):
    folder = tmp_path / "out"
    arguments = ["--schemes", "F1-F4, F5", "--replications", "2", "--horizon", "0.2"]
    one = call("rollout", *arguments, "--json", "--out", str(folder))
    two = call("rollout", *arguments, "--json", "--workers", "2")
    assert one.stdout == two.stdout
    assert len(json.loads(one.stdout)["running_plant"]["replications"]) == 2
    assert {each.name for each in folder.iterdir()} == {
        "cash.csv",
        "cash.png",
        "provenance.json",
        CRATE,
    }


@pytest.mark.parametrize(("arguments", "words"), [(a, w) for a, *w in BAD])
def test_bad_input_ends_in_one_message(refused, arguments, words):
    refused("rollout", *arguments.split(), words=words)


@pytest.mark.long
def test_a_plan_on_paper_tells_what_it_knows_nothing_of_and_nothing_of_runs():
    told = " ".join(str(rollout(plant="brine", replications=0)).split())
    assert "savings on the running plant" not in told
    assert "know nothing of: B3 (centrifuge.failure.mttr); see --replications" in told
    told = " ".join(str(rollout(plant="brine", replications=1, horizon=0.5)).split())
    assert "savings on the running plant: what it earns more" in told
    assert "know nothing of: B3" in told  # the orders are found on paper
