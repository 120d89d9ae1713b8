"""The command ``optimise``: the best set under a budget and limits, at rest and in operation."""

import json
import re
import subprocess
import sys
import time
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import pytest

from experiments.studies.optimise import study
from experiments.studies.optimise.study import Optimum, optimise
from plant_models import flowshop as fs
from plant_models.chlorobenzene.model import PLANT, steady_state
from plant_models.folder import load
from plant_models.methods.finance import annuity
from sim.model.tree import get
from sim.tables import readable
from tests.answers import worked_once

POOL = ("F1", "F5", "F7", "F9")
SMALL: dict[str, Any] = {"years": 0.005, "replications": 2, "at_most": 2, "contenders": 1}
BUDGETS = (0.0, 25.0, 50.0, 100.0, 250.0)
WATER = "water_wash.water_ratio"
ASKED: dict[str, Any] = {"budget": 40, "limits": "air.benzene_t<=-5%", "set_points": WATER}


@pytest.fixture(scope="module")
def found() -> Optimum:
    return optimise("F5,F7", **ASKED, **SMALL)


@pytest.fixture(scope="module")
def at_rest() -> Optimum:
    return optimise(POOL, set_points="none", replications=0)


def net_benefit(ids: tuple[str, ...]) -> float:
    """Return what a set is worth, 10^4 RMB/yr, without the study's help."""
    economy, prices = PLANT.economy, PLANT.economy.prices().tree
    before, after = steady_state("none").indicators, steady_state(ids).indicators
    margin = economy.margin(after, prices) - economy.margin(before, prices)
    spent = annuity(prices.interest_rate, prices.horizon) * (economy.investment(ids) or 0.0)
    return (margin - economy.upkeep(ids, prices) - spent) / 1e4


def test_the_best_within_every_budget_is_what_trying_all_sets_finds(at_rest: Optimum):
    sets = [ids for n in range(len(POOL) + 1) for ids in combinations(POOL, n)]
    worth = {ids: net_benefit(ids) for ids in sets}
    cost = {ids: (PLANT.economy.investment(ids) or 0.0) / 1e4 for ids in sets}
    for budget in BUDGETS:
        best = max((ids for ids in sets if cost[ids] <= budget), key=lambda ids: worth[ids])
        told = at_rest.within(budget)
        assert told is not None
        assert told[0] == best, budget
        assert told[1] == pytest.approx(worth[best], rel=1e-6)


def test_what_is_chosen_keeps_budget_and_limits(found: Optimum):
    best = found.best
    assert best is not None
    assert 0.0 < found.of.cost(best.schemes) <= 40.0
    kept = steady_state(best).indicators["air.benzene_t"]
    assert kept <= 0.95 * steady_state("none").indicators["air.benzene_t"]


def test_a_set_point_that_rests_on_a_bound_says_so_and_what_lies_beyond(found: Optimum):
    """More wash water saves caustic up to the end of what practice knows."""
    best = found.best
    assert best is not None
    assert get(best.tree, WATER) == pytest.approx(0.25, rel=0.02)
    side, beyond = found.resting[WATER]
    assert side == "upper"
    assert "practice" in beyond
    assert "rests on its upper bound" in str(found)
    assert "stop there" in found.page()


def test_the_report_tells_how_sure_it_is(found: Optimum):
    assert found.probability is not None
    assert 0.0 <= found.probability <= 1.0
    told = str(found)
    for part in ("best of those that ran", "than the plant's own programme", "binds", "KN"):
        assert part in told
    assert max(map(len, told.splitlines())) <= 110


def test_what_brings_less_than_the_programme_says_less(found: Optimum):
    """Two schemes against eleven; "-85 more" is no sentence."""
    (line,) = [each for each in found.page().splitlines() if "against the programme" in each]
    assert "less" in line
    assert not re.search(r"-\d", line.partition("F11:")[2])
    assert "10^4 RMB/yr less than the plant's own" in " ".join(str(found).split())


def test_budget_and_limits_have_a_price(found: Optimum):
    told = found.as_json()
    assert told["ten_more"] >= 0.0
    (limit,) = [each for each in told["limits"] if each["limit"].startswith("air.benzene")]
    assert limit["costs"] >= 0.0
    assert 0.0 <= limit["kept"] <= 1.0


def test_the_front_rises_in_money_as_tonnes_rise(at_rest: Optimum):
    rows = at_rest.tables()["front"].rows
    money, tonnes = [row[2] for row in rows], [row[3] for row in rows]
    assert money == sorted(money, reverse=True)
    assert tonnes == sorted(tonnes, reverse=True)
    assert at_rest.pictures()["front"]().axes[0].get_title() == "Money against tonnes, at rest"


def test_tonnes_can_be_the_goal():
    found = optimise(POOL, goal="air.benzene_t", budget=30, set_points="none", replications=0)
    number = found.sets.choice.best
    assert number is not None
    columns, cost = found.sets.columns["air.benzene_t"], found.sets.cost
    assert columns[number] == min(columns[cost <= 30.0])


BENZENE = "air.benzene_t"
WEIGHED: dict[str, Any] = {"goal": "both", "budget": 70, "set_points": WATER}
FEW: dict[str, Any] = {"years": 0.01, "replications": 2, "at_most": 3, "contenders": 4}


@pytest.fixture(scope="module")
def both() -> Optimum:
    return optimise(POOL, **WEIGHED, **FEW)


def test_the_front_at_rest_is_what_trying_all_sets_leaves():
    found = optimise(POOL, goal="both", budget=40, set_points="none", replications=0)
    sets = [ids for n in range(len(POOL) + 1) for ids in combinations(POOL, n)]
    sets = [ids for ids in sets if (PLANT.economy.investment(ids) or 0.0) <= 40e4]
    points = {ids: (net_benefit(ids), -steady_state(ids).indicators[BENZENE]) for ids in sets}

    def beaten(ids: tuple[str, ...]) -> bool:
        x, y = points[ids]
        return any(a >= x and b >= y and (a, b) != (x, y) for a, b in points.values())

    front = {ids for ids in sets if not beaten(ids)}
    assert {tuple(row[4].split(", ")) for row in found.tables()["front"].rows} == front
    assert found.best is not None
    assert found.best.schemes in front


@pytest.mark.long
def test_turned_set_points_reach_what_no_set_reaches_as_it_is(both: Optimum):
    """Each is turned for money, for tonnes and for both; none of what remains is beaten."""
    rest = both.front_at_rest
    assert {each.label for each in rest} & {"for money", "for tonnes"}
    money = [both.of.benefit(x.ids, both.sets.row(0), x.figures) for x in rest]
    tonnes = [x.figures[BENZENE] for x in rest]
    assert money == sorted(money, reverse=True)
    assert tonnes == sorted(tonnes, reverse=True)
    as_they_are = both.sets.in_money
    assert money[0] > as_they_are.value
    assert tonnes[-1] < min(as_they_are.figures[BENZENE][as_they_are.allowed])


@pytest.mark.long
def test_the_ends_of_a_front_are_what_either_goal_alone_finds(both: Optimum):
    """As many sets are turned for money alone, and for tonnes alone, as where one is the goal."""
    base = both.sets.row(0)
    for goal, at in (("money", 0), (BENZENE, -1)):
        alone = optimise(POOL, **{**WEIGHED, "goal": goal}, replications=0)
        best = max(alone.turned, key=lambda each: each.worth)
        end = both.front_at_rest[at]
        gain = both.of.gain(base, end.figures)
        reached = both.of.benefit(end.ids, base, end.figures) if goal == "money" else gain
        assert reached >= best.worth * (1.0 - 1e-3)


@pytest.mark.soak
def test_the_front_of_the_whole_line_begins_with_the_most_money_that_is_found():
    """Before, sets of the front alone were turned: 398 where money alone finds 414."""
    asked: dict[str, Any] = {"budget": 100, "replications": 0, "workers": 2}
    front, alone = optimise(goal="both", **asked), optimise(goal="money", **asked)
    first = front.front_at_rest[0]
    money = front.of.benefit(first.ids, front.sets.row(0), first.figures)
    assert money >= max(each.worth for each in alone.turned) * (1.0 - 1e-9)


@pytest.mark.long
def test_the_picture_of_a_front_names_every_design_that_ran(both: Optimum):
    _, labels = both.pictures()["front"]().axes[0].get_legend_handles_labels()
    assert {each.name for each in both.ran} <= set(labels)


@pytest.mark.long
def test_the_front_in_operation_is_told_with_intervals_prices_and_how_sure_it_is(both: Optimum):
    rows = both.tables()["front"].records
    front = [row for row in rows if row["is"] == "front"]
    assert [row["money"] for row in front] == sorted((r["money"] for r in front), reverse=True)
    assert [row[BENZENE] for row in front] == sorted((r[BENZENE] for r in front), reverse=True)
    for one, other in pairwise(front):
        given, got = one["money"] - other["money"], one[BENZENE] - other[BENZENE]
        assert other["price"] == pytest.approx(given / got)
        assert other["low"] < other["money"] < other["high"]
        assert 0.0 <= other["right"] <= 1.0
    assert {row["is"] for row in rows} >= {"front", "as it is", "programme"}
    told = str(both)
    for part in ("knee", "places told: ", "right: least chance", "Berger 1982"):
        assert part in told
    assert max(map(len, told.splitlines())) <= 110
    assert "## Choose: what is it worth to you?" in both.page()
    json.dumps(both.as_json(), allow_nan=False)


@pytest.mark.long
def test_a_front_that_was_killed_goes_on_and_comes_to_the_same(tmp_path: Path, both: Optimum):
    store = tmp_path / "runs"
    optimise(POOL, **WEIGHED, runs=store, replications=0, contenders=FEW["contenders"])
    assert str(optimise(POOL, **WEIGHED, runs=store, **FEW)) == str(both)
    again = optimise(POOL, **WEIGHED, runs=store, **FEW)
    assert again.as_json() == both.as_json()


@pytest.mark.long
def test_the_front_keeps_what_was_asked_for_though_no_set_does_as_it_is():
    asked = {**WEIGHED, "set_points": (WATER, "gas_catcher.water")}
    found = optimise(POOL, **asked, limits="air.benzene_t<=-10%", replications=0)
    most = 0.9 * found.sets.columns[BENZENE][0]
    assert not found.sets.choice.allowed.any()
    assert all(x.figures[BENZENE] <= most * (1 + 1e-6) for x in found.front_at_rest)
    tonnes = [x.figures[BENZENE] for x in found.front_at_rest]
    assert len(tonnes) > 1
    assert tonnes == sorted(tonnes, reverse=True)
    nothing = optimise(POOL, **asked, limits="air.benzene_t<=-99%", replications=0)
    assert nothing.best is None
    assert "no set keeps all limits" in str(nothing)


@pytest.mark.long
def test_the_flowshop_has_a_front_too():
    found = optimise(plant=fs.PLANT, goal="both", set_points="none", **{**FEW, "years": 0.05})
    assert found.front is not None
    assert found.best is not None
    assert found.pictures()["front"]().axes


def test_a_plant_without_set_points_is_told_so_without_the_name_of_an_argument(call):
    refused = call("optimise", "--plant", "brine", "--set-points", "a")
    told = "error: the brine works has no set points, which a choice of them needs; "
    told += "choose among schemes alone: --set-points none\n"
    assert (refused.exit_code, refused.stderr) == (2, told)


def test_no_set_points_can_be_asked_for_as_a_list_too():
    crystals = load("crystals")
    listed, told = (optimise(plant=crystals, set_points=points, replications=0)
                    for points in ((), "none"))  # fmt: skip
    assert listed.report() == told.report()


def test_what_nothing_can_keep_is_told_with_what_stands_in_the_way():
    found = optimise("F1,F5", limits="air.benzene_t<=-99%", set_points="none")
    assert found.best is None
    assert found.failures == [
        "no set keeps all limits within the budget; without air.benzene_t <= -99 % there would be "
        "one"
    ]
    assert "Nothing can be recommended" in found.page()
    assert "nan" not in found.report()


def test_what_acts_only_in_time_is_named():
    found = optimise(
        "F1,O7", known=PLANT.own_schemes(catalogue="ours"), set_points="none", replications=0
    )
    assert found.as_json()["asleep"] == ["O7"]
    assert "O7: nothing moves with it at rest, so it is not chosen" in " ".join(str(found).split())
    known = {"investments": {"B1": 1e9, "B3": 0.0}, "plant": "brine", **FEW, "at_most": 2}
    ran = optimise("B1,B3", **{**known, "years": 0.05})
    assert ran.best is not None
    assert ran.best.schemes == ("B3",)
    assert "B3: nothing moves with it at rest; it is chosen for what it did" in str(ran)


def test_schemes_of_unknown_cost_are_left_out_and_named():
    found = optimise("F1,F12", set_points="none", replications=0)
    assert dict(found.left_out) == {"F12": "nobody says what it costs; see --invest"}
    priced = optimise("F1,F12", investments={"F12": 1e6}, set_points="none", replications=0)
    assert priced.of.ids == ("F1", "F12")


@pytest.mark.long
def test_the_flowshop_is_optimised_too():
    found = optimise(plant=fs.PLANT, budget=5, set_points="none", **{**SMALL, "years": 0.05})
    assert found.best is not None
    assert "S3" not in found.best.schemes  # 6 thousand
    assert found.race is not None
    assert "worth" in str(found)
    json.dumps(found.as_json(), allow_nan=False)


@pytest.mark.long
def test_what_was_killed_goes_on_and_comes_to_the_same(tmp_path: Path, found: Optimum):
    """A folder that holds the states of rest alone: these are taken up, the rest is done."""
    store = tmp_path / "runs"
    optimise("F5,F7", **ASKED, runs=store, replications=0, contenders=SMALL["contenders"])
    began = {file: file.stat().st_mtime_ns for file in store.rglob("*") if file.is_file()}
    again = optimise("F5,F7", **ASKED, runs=store, **SMALL)
    assert str(again) == str(found)
    kept = [file for file in began if "set_points" in file.parts]
    assert kept
    assert all(file.stat().st_mtime_ns == began[file] for file in kept)
    once_more = optimise("F5,F7", **ASKED, runs=store, **SMALL)
    assert once_more.as_json() == found.as_json()


def in_chinese(page: str) -> str:
    """Return a page without names of parameters, of which no English word may be left."""
    return re.sub(r"`[^`]*`|chlorinator\.chlorine|Gilliland|Pa\b", "", page)


def told_in_chinese(each: Optimum) -> None:
    english, chinese = each.page(), each.page(lang="zh")
    assert re.findall("[A-Za-z]{2,}", in_chinese(chinese)) == []
    figures = [sorted(re.findall(r"\d[\d,]*\.\d+", page)) for page in (english, chinese)]
    assert figures[0] == figures[1]
    assert len(english.splitlines()) == len(chinese.splitlines())


def test_the_page_for_a_manager_is_told_in_chinese(
    found: Optimum, at_rest: Optimum, tmp_path: Path
):
    for each in (found, at_rest):
        told_in_chinese(each)
    at_rest.save(tmp_path / "best", language="zh")
    assert (tmp_path / "best" / "monday.md").read_text("utf-8") == at_rest.page("zh")
    with pytest.raises(LookupError, match="lang: no 'fr'"):
        found.page(lang="fr")


@pytest.mark.long
def test_the_page_of_a_front_is_told_in_chinese(both: Optimum):
    told_in_chinese(both)


def test_whoever_asks_for_tonnes_is_told_what_they_cost_too_in_each_language():
    """At rest, where nothing has run: the figures that the page says are those of rest."""
    crystals = load("crystals")
    found = optimise(plant=crystals, goal="incinerator_t", set_points="none", replications=0)
    assert found.best is not None
    kept = [crystals.steady_state(of).indicators["incinerator_t"]
            for of in ("none", found.best.schemes)]  # fmt: skip
    fall = " to ".join(readable(t) for t in kept)
    number = found.sets.choice.best
    assert number is not None
    money = readable(float(found.sets.benefit[number]))
    assert f"- worth {money} x 10^3 USD/yr at rest, investment paid off in it" in found.page()
    assert f"- all to incinerator: {fall} t/yr" in found.page()
    chinese = found.page("zh")
    assert f"- 恒定工况下价值 {money} 千 USD/年" in chinese
    assert "- 去往 incinerator 的全部物料：由" in chinese


def test_it_is_saved_with_the_page_for_a_manager(tmp_path: Path, at_rest: Optimum):
    at_rest.save(tmp_path / "best")
    names = {file.name for file in (tmp_path / "best").iterdir()}
    assert {"monday.md", "sets.csv", "budgets.csv", "front.csv", "front.png"} <= names
    for table in ("sets", "budgets", "front"):
        frame = at_rest.table(table)
        assert {*frame.select_dtypes("number")} == {*frame.attrs["units"]}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"budget": -1}, "budget: expected"),
        ({"budget": "ten"}, "budget: expected"),
        ({"goal": "profit"}, "goal: no 'profit'"),
        ({"limits": "air.benzen_t<=3"}, "limits: no 'air.benzen_t'; did you mean"),
        ({"goal": "both", "indifference": 1.0}, "indifference: not for the goal both"),
        ({"limits": 3}, "limits: expected"),
        ({"against": "benzene"}, "against: no 'benzene'"),
        ({"set_points": "off_gas_fan.suction"}, "set_points: no 'off_gas_fan.suction'"),
        ({"contenders": 0}, "contenders: expected"),
        ({"replications": 1}, "replications: expected 0 or 2"),
        ({"at_most": 1}, "at_most: expected"),
        ({"confidence": 1.0}, "confidence: expected"),
        ({"schemes": "none"}, "schemes: expected 1 to 14"),
    ],
)
def test_wrong_input_is_refused(wrong: dict[str, Any], said: str):
    with pytest.raises((TypeError, ValueError, LookupError), match=said):
        optimise(**{"schemes": "F1", **wrong})


def test_a_limit_below_nothing_is_meant_as_a_change(call: Any, refused: Any):
    asked = ("optimise", "F1", "--set-points", "none", "--replications", "0", "--require")
    told = refused(*asked, "air.benzene_t<=-60")
    assert told.startswith("error: --require: air.benzene_t <= -60 is kept by no set: the least is")
    assert "a per cent sign, as in 'air.benzene_t <= -60 %'" in " ".join(told.split())
    assert "没有一种组合能满足" in refused(*asked, "wastewater_t<=-60", "--lang", "zh")
    assert call(*asked, "air.benzene_t<=0").exit_code == 1


def test_the_command_says_what_the_study_says(call: Any):
    asked = ("optimise", "F1,F5", "--budget", "30", "--set-points", "none", "--replications", "0")
    answer = optimise("F1,F5", budget=30.0, set_points="none", replications=0)
    assert call(*asked).stdout == f"{answer}\n"
    assert json.loads(call(*asked, "--json").stdout) == json.loads(json.dumps(answer.as_json()))
    assert call(*asked, "--page").stdout == answer.page()
    assert call(*asked, "--page", "--lang", "zh").stdout == answer.page("zh")
    wrong = call(*asked, "--require", "air.benzene_t")
    assert wrong.exit_code == 2 or "expected a limit like" in str(wrong.exception)


@pytest.mark.long
def test_the_best_of_the_line_within_its_budgets_and_limits_is_what_trying_all_finds():
    """All 2,048 sets of F1 to F11 at rest, looked at once more by hand."""
    asked = ((), ("air.benzene_t<=-60%",), ("wastewater.chlorobenzene_t<=-90%",))
    with worked_once():
        answers = [optimise(limits=each, set_points="none", replications=0) for each in asked]
    for found in answers:
        rows = range(2 ** len(found.of.ids))
        base = {name: column[0] for name, column in found.sets.columns.items()}
        fits = [
            n
            for n in rows
            if all(each.kept(found.sets.columns[each.name][n], base[each.name])
                   for each in found.of.all_limits)
        ]  # fmt: skip
        for budget in BUDGETS:
            within = [n for n in fits if found.sets.cost[n] <= budget]
            told = found.within(budget)
            if not within:
                assert told is None
                continue
            best = max(within, key=lambda n: float(found.sets.value[n]))
            assert told is not None
            assert told[1] == pytest.approx(float(found.sets.value[best]))
            assert told[1] == pytest.approx(net_benefit(told[0]), rel=1e-6)


@pytest.mark.long
def test_a_run_that_is_killed_for_good_leaves_what_the_same_command_takes_up(call, tmp_path: Path):
    """SIGKILL once some states of rest are on the disk; then the same command to its end."""
    store = tmp_path / "runs"
    asked = ("optimise", "F1,F2,F5,F6,F7,F8,F9", "--budget", "60", "--set-points", "none",
             "--replications", "0", "--workers", "1", "--runs", str(store), "--json")  # fmt: skip
    command = [sys.executable, "-m", "experiments", *asked]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as first:
        deadline = time.monotonic() + 60.0
        while len(list(store.rglob("*.npz"))) < 1 and time.monotonic() < deadline:
            time.sleep(0.02)
        first.kill()
    assert store.exists()
    bare = [each for each in asked if each not in ("--runs", str(store))]
    assert json.loads(call(*asked).stdout) == json.loads(call(*bare).stdout)


@pytest.mark.soak
def test_the_best_is_chosen_among_sets_as_turned_not_as_they_are(monkeypatch):
    """With 25 x 10^4 RMB the two best sets as they are gain little by their set points."""
    whole = optimise(budget=25, contenders=2, replications=0).turned
    monkeypatch.setattr(study, "WIDER", 1)
    few = optimise(budget=25, contenders=2, replications=0).turned
    assert len(whole) == 2
    assert whole[0].worth > 1.2 * max(each.worth for each in few)


def test_with_limits_sets_are_turned_to_keep_them_with_something_to_spare_too():
    """Turned for money alone a set comes near its limit, which a year may then break."""
    found = optimise(
        "F6,F10", limits="air.benzene_t<=-45%", set_points="gas_catcher.water", replications=0
    )
    allowed = 0.55 * steady_state("none").indicators["air.benzene_t"]
    left = {each.label: each.figures["air.benzene_t"] / allowed for each in found.turned}
    assert 0.95 < left["turned"] <= 1.0
    assert 0.9 < left["turned, 5 % to spare"] <= 0.95
    assert left["turned, 10 % to spare"] <= 0.9


def test_what_was_not_done_is_not_told(call):
    """Set points that were not turned were, and what never ran did under the same breakdowns."""
    words = ("optimise", "F5,F7", "--budget", "30", "--set-points", "none", "--replications", "0")
    said = call(*words).stdout
    assert said.endswith("\nEvery set was looked at, at rest.\n")
    assert call("--lang", "zh", *words).stdout.endswith("\n恒定工况下每种组合都看过。\n")
