"""The command ``attribute``: shares by named methods, F12 apart, money beside tonnes."""

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from experiments.runner import executors
from experiments.studies.attribute.attribution import METHODS
from experiments.studies.attribute.study import attribute
from experiments.studies.cube.study import cube
from experiments.studies.optimise.study import optimise
from plant_models import chlorobenzene as cb
from plant_models import flowshop
from plant_models.methods.abatement import WHY_RANKING_FAILS
from plant_models.methods.attribution import Game, shapley
from tests.plant_models.folder.texts import changed, plant

PLAYERS = ("F2", "F7", "F10")
COMMON = ("--players", ",".join(PLAYERS), "--workers", "1")

BAD = [
    ("air.benzen_t", "no figure 'air.benzen_t'", "did you mean 'air.benzene_t'"),
    ("closure", "closure cannot be attributed", "rounding"),
    ("payback", "payback cannot be attributed", "net_income"),
    ("steam_t --players F99", "no scheme 'F99'"),
    ("steam_t --players none", "players: expected 1 to 14"),
    ("steam_t --given F3", "--given: F3 cannot be a player and given"),
    ("steam_t --order F1,F2", "order: ", "each of F1-F11 once", "'F1,F2'"),
    ("steam_t --order F1,F1-F11", "order: ", "F1-F11"),
    ("steam_t --against steam_t", "--against: no 'steam_t'; known: air.benzene_t"),
    ("nope", "no figure 'nope'; known: net_income, income"),
    ("steam_t --pairs few", "--pairs", "'few'"),
    ("steam_t --cube nowhere.parquet", "cube: ", "nowhere.parquet", "cube --out"),
    ("steam_t --price benzen=1", "benzen", "did you mean"),
    ("present_value --players F1,F12 --workers 1", "no investment of F12", "--invest F12="),
    ("steam_t nothing --pairs -1", "2 faults", "'nothing'", "--pairs"),
    ("steam_t --players F1 --scheduler nobody", "--scheduler", "nobody"),
]


@pytest.fixture(scope="module")
def told(call):
    names = ("air.benzene_t", "wastewater.hydrogen_chloride_t", "net_income", "value.benzene")
    result = call("attribute", *names, *COMMON, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_shapley_values_are_those_of_the_game_of_steady_states(told):
    base = cb.steady_state().indicators["air.benzene_t"]
    game = Game.of(PLAYERS, lambda s: base - cb.steady_state(s).indicators["air.benzene_t"])
    found = told["attributions"][0]
    assert found["by_method"]["Shapley"] == shapley(game)
    assert (found["counted"], found["base"]) == ("avoided", base)


def test_shares_sum_to_what_all_bring_and_the_gap_is_what_alone_invents(told):
    for each in told["attributions"]:
        together = each["together"]
        size = sum(map(abs, each["by_method"]["alone"].values()))
        for method in ("Shapley", "in order", "scaled"):
            shares = each["by_method"][method]
            assert abs(sum(shares.values()) - together) <= 1e-12 * size
        alone = sum(each["by_method"]["alone"].values())
        assert each["additivity_gap"] == pytest.approx(alone - together, abs=1e-12 * size)


def test_f12_stands_apart_with_its_total_and_per_tonne(told):
    (apart,) = told["attributions"][0]["apart"]
    without, with_it = (cb.steady_state(ids).indicators for ids in (PLAYERS, (*PLAYERS, "F12")))
    assert apart["scheme"] == "F12"
    levels = [each["air.benzene_t"] for each in (without, with_it)]
    assert apart["levels"] == levels
    assert apart["last_in"] == pytest.approx(levels[0] - levels[1])
    per = [each["air.benzene_t"] / each["chlorobenzene_t"] for each in (without, with_it)]
    assert apart["per_tonne_of_product"] == per


def total(call) -> dict[str, Any]:
    """Return the last step of the appraisal of the players, all of them as one."""
    steps = json.loads(call("money", "--schemes", "F2,F7,F10", "--json").stdout)["steps"]
    return next(step for step in steps if step["name"] == "Total")


def test_net_income_of_the_whole_is_what_the_money_command_finds(call, told):
    net = total(call)["net"]
    assert told["attributions"][2]["together"] * 1e4 == pytest.approx(net, rel=1e-9)


def test_present_value_and_net_benefit_are_those_of_the_appraisal(call):
    names = ("present_value", "net_benefit", "investment", "income", "operating_cost")
    found = json.loads(call("attribute", *names, *COMMON, "--json").stdout)
    value, benefit, once, income, cost = (e["together"] * 1e4 for e in found["attributions"])
    step = total(call)
    assert value == pytest.approx(step["present_value"], rel=1e-9)
    assert once == pytest.approx(step["investment"], rel=1e-12)
    assert benefit == pytest.approx(step["net"] - step["annuity"], rel=1e-9)
    assert income - cost == pytest.approx(step["net"], rel=1e-9)


def test_the_order_is_the_one_that_was_asked_for(call):
    options = (*COMMON, "--order", "F10,F2,F7", "--json")
    (found,) = json.loads(call("attribute", "air.benzene_t", *options).stdout)["attributions"]
    assert found["order"] == ["F10", "F2", "F7"]
    by_method = found["by_method"]
    assert by_method["in order"]["F10"] == by_method["alone"]["F10"]
    assert by_method["in order"]["F7"] == by_method["last-in"]["F7"]


def test_given_schemes_are_in_place_throughout(call):
    options = ("--players", "F2,F7", "--given", "F10,F12", "--workers", "1", "--json")
    (found,) = json.loads(call("attribute", "air.benzene_t", *options).stdout)["attributions"]
    without, with_it = (
        cb.steady_state(ids).indicators["air.benzene_t"] for ids in ("F10,F12", "F2,F7,F10,F12")
    )
    assert found["together"] == pytest.approx(without - with_it)
    assert found["base"] == without  # of which that is a share, not of the plant without any
    assert found["apart"] == []


def test_where_an_investment_is_not_known_there_is_no_front_until_it_is_said(call):
    options = ("--players", "F10,F12", "--workers", "1")
    assert "no investment of F12; see --invest" in call("attribute", "steam_t", *options).stdout
    priced = call("attribute", "air.benzene_t", *options, "--invest", "F12=200").stdout
    assert "Pareto front of net benefit against air.benzene_t avoided" in priced


def test_the_front_holds_sets_that_no_other_beats(told):
    front = told["tradeoff"]["front"]
    assert told["tradeoff"]["emission"] == "air.benzene_t"
    assert told["tradeoff"]["money"] == "10^4 RMB/yr"
    tonnes = [each["avoided_t"] for each in front]
    money = [each["net_benefit"] for each in front]
    assert tonnes == sorted(tonnes, reverse=True)
    assert money == sorted(money)


def test_the_cost_curve_is_the_shapley_value_of_tonnes_and_of_net_benefit(told, call):
    benefit = json.loads(call("attribute", "net_benefit", *COMMON, "--json").stdout)
    net = benefit["attributions"][0]["by_method"]["Shapley"]
    tonnes = told["attributions"][0]["by_method"]["Shapley"]
    curve = told["tradeoff"]["cost_curve_by_shapley"]
    measures = {m["scheme"]: m for kind in curve.values() for m in kind}
    for name in PLAYERS:
        assert measures[name]["cost"] == pytest.approx(-net[name])
        assert measures[name]["avoided_t"] == pytest.approx(tonnes[name])


def test_what_is_made_is_gained_what_is_used_avoided_and_stock_only_changes(call):
    names = ("chlorobenzene_t", "steam_t", "stock_change_t")
    options = ("--players", "F12", "--workers", "1", "--json")
    found = json.loads(call("attribute", *names, *options).stdout)["attributions"]
    assert [each["counted"] for each in found] == ["gained", "avoided", "change"]
    none, all_of = (cb.steady_state(ids).indicators for ids in ("none", "F12"))
    made, used, _ = (each["together"] for each in found)
    assert made > 0.0 > used
    assert made == pytest.approx(all_of["chlorobenzene_t"] - none["chlorobenzene_t"])
    assert used == pytest.approx(none["steam_t"] - all_of["steam_t"])


def test_what_f12_leaves_of_nothing_is_nothing(told):
    """It was -3.98e-12 t/yr of hydrogen chloride, which F2, F7 and F10 have ended."""
    (apart,) = told["attributions"][1]["apart"]
    assert told["attributions"][1]["figure"] == "wastewater.hydrogen_chloride_t"
    assert (apart["last_in"], apart["levels"]) == (0.0, [0.0, 0.0])
    assert apart["per_tonne_of_product"] == [0.0, 0.0]


def test_no_share_of_a_scheme_is_printed_without_its_method(call):
    text = call("attribute", "air.benzene_t", *COMMON).stdout
    lines = text.splitlines()
    rows = [i for i, line in enumerate(lines) if line.split()[:1] and line.split()[0] in PLAYERS]
    for i in rows:
        heads = [line for line in lines[:i] if "Shapley" in line or "given none" in line]
        assert heads
    header = next(line for line in lines if line.startswith("avoided "))
    assert [name for name in METHODS if name not in header] == []
    assert "F12 apart, avoided: alone" in text
    assert "(last-in)" in text
    flat = " ".join(text.split())
    assert "not identifiable" in flat
    assert WHY_RANKING_FAILS in flat
    assert max(map(len, lines)) <= 100


def test_without_an_emission_there_is_no_cost_curve(call):
    text = call("attribute", "steam_t", "--players", "F9", "--workers", "1").stdout
    assert "marginal abatement" not in text
    assert "Pareto" not in text


def test_few_sets_at_rest_start_no_processes_of_their_own_accord(monkeypatch):
    """Two processes start in the time of a few hundred steady states."""

    def started(workers: int):
        raise AssertionError(f"{workers} processes were started")

    monkeypatch.setattr(executors, "_processes", started)
    monkeypatch.setattr(executors, "cores", lambda: 2)
    attribute("air.benzene_t", players="F1,F2,F10", workers=None)
    optimise("F5-F7", set_points="none", replications=0, workers=None)
    with pytest.raises(AssertionError, match="2 processes"):
        attribute("air.benzene_t", players="F1,F2,F10", workers=2)
    assert executors.workers_at_rest(None, 1 << 12) is None


def test_a_share_that_is_the_rounding_of_a_figure_is_none():
    """Of a scheme that moves no money the books of two sets differ by their last digits."""
    of = attribute("net_income", plant="brine").splits[0]
    noise = np.where(np.arange(len(of.figure.values)) & 4, 1e-16 * of.game.together, 0.0)
    noisy = replace(of, figure=replace(of.figure, values=of.figure.values + noise))
    for method in METHODS:
        assert noisy.splits[method] == pytest.approx(of.splits[method], rel=1e-12, abs=0.0)


@pytest.mark.long
def test_tables_and_pictures_are_written_and_may_be_written_again(call, tmp_path: Path):
    folder = tmp_path / "attribution"
    for name in ("steam_t", "air.benzene_t"):
        result = call("attribute", name, *COMMON, "--out", str(folder))
        assert result.exit_code == 0, result.output
    names = {each.name for each in folder.iterdir()}
    pictures = {f"{kind}-air.benzene_t.png" for kind in ("waterfall", "shares", "interactions")}
    assert pictures | {"pareto.png", "cost_curve.png", "pareto.csv", "provenance.json"} <= names
    with (folder / "attribution-air.benzene_t.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {row["method"] for row in rows} == {*METHODS, "alone, apart", "last-in, apart"}


@pytest.mark.parametrize(("options", "words"), [(c, w) for c, *w in BAD], ids=[c for c, *_ in BAD])
def test_bad_input_gives_one_message_and_exit_code_2(refused, options, words):
    refused("attribute", *options.split(), words=words)


def test_the_value_is_the_json_of_the_command_and_its_main_table_the_shares(call, told):
    names = ("air.benzene_t", "wastewater.hydrogen_chloride_t", "net_income", "value.benzene")
    found = attribute(*names, players=PLAYERS)
    assert json.loads(json.dumps(found.as_json())) == told
    table = found.table()
    shapley_rows = table[table["method"] == "Shapley"]
    assert (
        dict(zip(shapley_rows["scheme"], shapley_rows["avoided"], strict=True))
        == (told["attributions"][0]["by_method"]["Shapley"])
    )
    assert found.plot() is not None


@pytest.mark.parametrize(
    ("given", "kind", "said"),
    [
        ({"names": ()}, TypeError, "expected one figure or more, came none"),
        ({"names": (5,)}, TypeError, "figure: expected a name like 'net_income', came 5"),
        ({"names": (["steam_t"],)}, TypeError, "figure: expected a name"),
        ({"cube": 5}, TypeError, "cube: expected a folder, or an answer of cube"),
        ({"players": 5}, TypeError, "expected schemes like"),
        ({"order": ("F2", "F2", "F7")}, ValueError, "order: expected each of F2, F7, F10 once"),
        ({"order": 5}, TypeError, "order: expected ids like"),
        ({"given": 5}, TypeError, "expected schemes like"),
        ({"pairs": -1}, ValueError, "pairs: expected a whole number"),
        ({"titles": "fr"}, LookupError, "titles: no 'fr'"),
        ({"prices": 3.0}, TypeError, "prices must be Prices"),
        ({"investments": {"F99": 1.0}}, LookupError, "investments: no scheme 'F99'"),
        ({"workers": 0}, ValueError, "workers: expected a whole number"),
    ],
)
def test_a_wrong_argument_is_named(given, kind, said):
    names = given.pop("names", ("air.benzene_t",))
    with pytest.raises(kind, match=said):
        attribute(*names, **{"players": PLAYERS, **given})


def test_a_cube_is_not_taken_for_that_of_another_design_or_plant():
    found = cube("F1,F7")
    wide = cb.own_design(settings="off_gas_cooler.area=80")
    others: list[dict[str, Any]] = [{"design": wide}, {"plant": flowshop.PLANT}, {"known": {}}]
    for other in others:
        with pytest.raises(ValueError, match="cube: it is of"):
            attribute("steam_t", cube=found, **other)
    same = attribute("steam_t", cube=found, design=cb.line(), known=cb.PLANT.catalogue())
    assert same.as_json() == attribute("steam_t", cube=found).as_json()


def test_a_pair_that_does_nothing_to_each_other_is_called_nothing():
    """Hot crude that preheats a charge and vents collected: 0 and 0 were an overlap."""
    ours = cb.PLANT.own_schemes(catalogue="ours")
    told = str(attribute("air.benzene_t", players="F10,O10,O13", known=ours))
    (none,) = (line for line in told.splitlines() if line.startswith("F10 x O10"))
    (some,) = (line for line in told.splitlines() if line.startswith("F10 x O13"))
    assert none.split() == ["F10", "x", "O10", "0", "0"]
    assert some.endswith("overlap")


def test_a_pair_that_adds_up_but_for_the_last_digits_is_called_nothing():
    """Power of a pump and of a still, each of a scheme: 4e-13 of a thousand were an overlap."""
    text = changed('kind = "pump"', 'kind = "pump"\npower = "0.037 kWh/kg"')
    text = text.replace('kind = "separator"', 'kind = "separator"\npower = "0.071 kWh/kg"')
    scheme = 'class = "no-cost"\ntitle = "{}"\npatches = [{{ path = "{}.power", scale = {} }}]\n'
    schemes = "".join(
        f"[{name}]\n" + scheme.format(name, unit, factor)
        for name, unit, factor in (("A", "pump", 0.83), ("B", "still", 0.71), ("C", "pump", 0.57))
    )
    found = attribute("power_mwh", plant=plant(text, schemes=schemes), workers=1)
    pairs = found.splits[0].pairs
    assert pairs["A", "B"] == pairs["B", "C"] == (0.0, 0.0)
    assert pairs["A", "C"] != (0.0, 0.0)


def test_of_what_is_neither_good_nor_bad_a_pair_is_told_by_its_sum_alone():
    """Two that take of it, together more than their sum, were an overlap."""
    found = attribute("slop_oil_t", players="F2,F7,F10", workers=1)
    told = str(found)
    assert found.splits[0].figure.word == "change"
    assert "overlap" not in told
    assert "help each other" not in told
    (split,) = found.splits
    for (one, other), values in split.pairs.items():
        (line,) = (x for x in told.splitlines() if x.startswith(f"{one} x {other}"))
        if max(values) < 0.0:
            assert line.endswith("below their sum")
        if min(values) > 0.0:
            assert line.endswith("above their sum")


def test_what_acts_in_time_alone_is_named_where_nothing_runs():
    assert "constant conditions know nothing of: B3 (centrifuge.failure.mttr)" in " ".join(
        str(attribute("net_income", plant="brine")).split()
    )
    assert "know nothing of" not in str(attribute("net_income", plant="brine", players="B1,B2"))
    found = cube("B2,B3", simulate=True, years=0.01, plant="brine")
    assert "know nothing of" not in str(attribute("net_income", cube=found))
    assert "know nothing of" not in str(found)
    assert "know nothing of: B3" in " ".join(str(cube("B2,B3", plant="brine")).split())


def test_a_cost_curve_of_nothing_has_neither_columns_nor_a_note_on_its_order():
    told = attribute("air.benzene_t", players="F8").report()
    heading, useless, blank = told[told.index("marginal abatement cost") :].splitlines()[:3]
    assert heading.endswith("tonnes and money by Shapley")
    assert useless.endswith("add to it, by Shapley: F8")
    assert not blank
    assert "ranks only measures" not in told
