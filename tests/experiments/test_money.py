"""The command ``money``: what it prints equals what Python gives, and bad input ends in words."""

import json
import re
from pathlib import Path

import pytest

from experiments.studies.money import money
from plant_models.chlorobenzene.model import PLANT
from plant_models.chlorobenzene.paper.printed import table_1_2

PROGRAMME = "F1-F11"
NAMES = ["F1-F4", "F5", "F6", "F7", "F8", "F9", "F10", "F11", "Total", "paid schemes"]

BAD = [
    ("--schemes F99", "no scheme 'F99'"),
    ("none", "schemes", "a scheme or more"),
    ("--price benzen=3500", "benzen", "did you mean 'benzene'"),
    ("--price benzene", "PATH=VALUE"),
    ("--price benzene=-1", "benzene", "0 to 1e+09 RMB/t"),
    ("--price benzene=3500kg", "'kg'", "'RMB/t'"),
    ("--price benzene=1 --price benzene=2", "set twice"),
    ("--prices nowhere.toml", "nowhere.toml", "No such file"),
    ("--rate 2", "--rate: ", "0 to 1"),
    ("--rate ten", "--rate: ", "'ten'"),
    ("--horizon 0", "horizon", "1 to 50"),
    ("--horizon 2.5", "horizon", "whole number"),
    ("--cuts 50,10", "--cuts", "rising", "'50,10'"),
    ("--cuts 10", "--cuts", "2 or 3"),
    ("--cuts ten,50", "--cuts", "'ten'"),
    ("--invest F12", "--invest", "F12=120"),
    ("--invest F77=1", "--invest", "no scheme 'F77'"),
    ("--invest F12=much", "--invest F12", "'much'"),
    ("--invest F12=1 --invest F12=2", "F12 is given twice"),
    ("--cash-flow F12", "--cash-flow", "'F12'", "F11"),
    ("--clock sundial", "--clock", "'sundial'", "steady"),
    ("--years 0", "--years"),
    ("--price benzene=1e300", "benzene", "0 to 1e+09 RMB/t"),
    ("--invest F12=1e300", "--invest F12", "1,000,000"),
    ("--rate 2 --cuts 1 --schemes F99", "3 faults"),
]


@pytest.fixture(scope="module")
def told(call):
    return json.loads(call("money", "--json").stdout)


def test_json_holds_every_step_with_the_models_income(told):
    assert [step["name"] for step in told["steps"]] == NAMES
    money, steps = PLANT.economy, NAMES[:-2]
    states = [ex_state("none"), *(ex_state(f"F1-F{n}") for n in range(4, 12))]
    values = money.step_values(states, money.prices().tree, steps)
    found = [step["income"] for step in told["steps"][:-2]]
    assert found == pytest.approx([value.income for value in values], rel=1e-12)


def ex_state(schemes):
    return PLANT.steady_state(schemes).indicators


def test_the_command_prints_what_the_study_returns(call, told):
    answer = money(PROGRAMME)
    assert answer.as_json() == told
    assert call("money").stdout == f"{answer}\n"
    assert list(answer.tables()) == ["steps", "changes", "cash_flows", "costs"]
    assert answer.table()["name"].tolist() == NAMES


@pytest.mark.parametrize(("amount", "told"), [("200000", True), ("0.003", True), ("25", False)])
def test_an_investment_a_thousand_times_off_is_noted(call, amount: str, told: bool):
    """RMB, or 10^7 RMB, may be meant."""
    said = call("money", "F5", "--invest", f"F5={amount}")
    note = f"note: --invest F5: {amount} is far from the 3 that is known; both are in 10^4 RMB"
    assert said.exit_code == 0
    assert (note in said.stderr) is told


def test_a_price_that_may_be_of_another_unit_is_noted(call):
    """That of a kilogram, where the plant's is of a tonne; twice the price is a question."""
    said = call("money", "F8", "--price", "benzene=3.5", "--price", "steam=120")
    note = "note: --price benzene: 3.5 is far from the 2888.2 that is known; both are in RMB/t"
    assert said.exit_code == 0
    assert note in said.stderr
    assert "steam" not in said.stderr


def test_every_column_of_money_has_its_unit():
    found = money("F9")
    for name in found.tables():
        frame = found.table(name)
        assert {*frame.select_dtypes("number")} - {"year"} == {*frame.attrs["units"]}
    assert found.table().attrs["units"]["net"] == "RMB/yr"


def test_a_step_alone_is_a_programme():
    assert [row.name for row in money("F8").rows] == ["F8", "Total"]


def test_the_dearest_of_all_is_still_a_number():
    dear = PLANT.economy.own_prices(settings={"benzene": 1e9, "interest_rate": 1.0, "horizon": 50})
    answer = money("F1-F4, F8", prices=dear, investments={"F8": 1e10})
    assert " 1,000,000.00 " in answer.report()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"prices": "own.toml"}, "prices must be Prices"),
        ({"investments": {"F99": 1.0}}, "no scheme 'F99'"),
        ({"investments": 3}, "amounts by scheme"),
        ({"cuts": (5.0,)}, "2 or 3 rising cuts"),
        ({"clock": "sundial"}, "sundial"),
        ({"plant": 7}, "plant: expected a PlantModel"),
        ({"years": 0.0}, "years"),
        ({"cash_flow": "F12"}, "cash_flow"),
        ({"schemes": "none"}, "a scheme or more"),
    ],
)
def test_a_wrong_argument_is_named(given, words):
    with pytest.raises((TypeError, LookupError, ValueError), match=words):
        money(**given)


def test_json_sets_the_printed_figures_beside_the_models(told):
    for step in told["steps"][:-1]:
        row = table_1_2()[step["name"]]
        assert step["paper_says"]["net"] == row.net
        assert step["paper_says"]["payback"] == row.payback
    assert told["steps"][-1]["paper_says"] is None


def test_each_cash_flow_ends_at_the_present_value(told):
    for step in told["steps"]:
        last = step["cash_flow"][-1]
        assert last["cumulative_discounted"] == pytest.approx(step["present_value"], rel=1e-9)
        assert last["year"] == told["prices"]["horizon"]


def test_the_costs_of_losses_add_up(told):
    for costs in told["costs_of_losses"].values():
        lost = sum(sum(row.values()) for row in costs["by_process"].values())
        assert lost == pytest.approx(costs["lost"], rel=1e-9)
        assert costs["lost"] < costs["total"] == pytest.approx(sum(costs["spent"].values()))


def test_what_was_set_is_told_and_acts(call, told):
    given = ["--price", "steam=80", "--rate", "0.05", "--horizon", "5", "--schemes", "F9",
             "--set", "site.operating_hours=4068"]  # fmt: skip
    half = json.loads(call("money", *given, "--json").stdout)
    assert half["provenance"]["prices"] == [
        {"path": "steam", "baseline": told["prices"]["steam"], "value": 80.0},
        {"path": "interest_rate", "baseline": told["prices"]["interest_rate"], "value": 0.05},
        {"path": "horizon", "baseline": told["prices"]["horizon"], "value": 5},
    ]
    assert half["provenance"]["settings"][0]["path"] == "site.operating_hours"
    (step, total) = half["steps"]
    assert (step["name"], total["name"]) == ("F9", "Total")
    assert len(step["cash_flow"]) == 6
    assert step["income"] > 0.0


def test_f12_has_a_question_mark_until_somebody_says_what_it_costs(call):
    unknown = call("money", "--schemes", "F12").stdout
    assert "no investment of F12 in the source" in unknown
    known = json.loads(call("money", "--schemes", "F12", "--invest", "F12=120", "--json").stdout)
    assert known["steps"][0]["investment"] == 1.2e6
    assert known["steps"][0]["class"] == "high-cost"


def test_the_report_shows_the_source_and_the_cash_flow_that_was_asked_for(call):
    text = call("money", "--cash-flow", "F8").stdout
    lines = text.splitlines()
    assert "cash flow, F8" in text
    assert any(line.startswith("F8 ") and line.endswith("4.00") for line in lines)
    assert any(line.startswith("F8 ") and " medium " in line and "7.7" in line for line in lines)
    assert max(map(len, lines)) <= 100


def test_events_can_be_priced(call):
    out = call("money", "--clock", "events", "--years", "0.02", "--schemes", "F9", "--json").stdout
    told = json.loads(out)
    assert told["provenance"]["clock"] == "events"
    assert (told["provenance"]["years"], told["provenance"]["seed"]) == (0.02, 1)


def test_own_prices_come_from_a_file(call, tmp_path: Path):
    file = tmp_path / "prices.toml"
    file.write_text(
        '[steam]\nvalue = 99.0\nunit = "RMB/t"\nsource = "assumed"\nlow = 90.0\nhigh = 110.0\n'
        'note = "ours"\n',
        encoding="utf-8",
    )
    told = json.loads(call("money", "--prices", str(file), "--schemes", "F9", "--json").stdout)
    assert told["prices"]["steam"] == 99.0
    assert str(tmp_path) not in json.dumps(told)


@pytest.mark.parametrize(("options", "words"), [(c, w) for c, *w in BAD], ids=[c for c, *_ in BAD])
def test_bad_input_gives_one_message_and_exit_code_2(refused, options, words):
    refused("money", *options.split(), words=words)


def test_a_design_of_ones_own_is_no_programme_and_the_message_says_where_it_goes():
    with pytest.raises(ValueError, match="came 'own design'; schemes are put on it by design="):
        money(PLANT.own_design(settings="off_gas_cooler.area=80"))


def test_a_class_is_told_in_a_word_with_where_it_begins(call):
    """What costs nothing was 否, which is no to a question, in Chinese."""
    english = call("money", "F1-F7").stdout
    assert re.search(r"^F1-F4 +free +0.00", english, re.MULTILINE)
    assert "class: by what it costs once: medium from 10.00, high from 50.00 10^4 RMB" in english
    assert "which of payback (medium below 3 yr, high below 10 yr), present value" in english
    chinese = call("--lang", "zh", "money", "F1-F7").stdout
    assert re.search(r"^F1-F4 +无费 +0.00", chinese, re.MULTILINE)
    assert "否" not in chinese
    assert "类别：按一次投入划分：中费自 10.00 起，高费自 50.00 起，万元" in chinese
    three = call("--lang", "zh", "money", "F1-F7", "--cuts", "5,10,50").stdout
    assert "中费自 5.00 起，较高费自 10.00 起，高费自 50.00 起" in three
    assert "回收期（中费小于 3 年，较高费小于 5 年，高费小于 10 年）" in three


def test_cuts_of_a_folder_that_do_not_rise_are_told_with_their_line(call, refused, tmp_path: Path):
    call("plant", "new", str(tmp_path / "mine"))
    prices = tmp_path / "mine" / "prices.toml"
    lines = [line for line in prices.read_text().splitlines() if not line.startswith("cuts")]
    prices.write_text("\n".join(lines).replace("[money]", "[money]\ncuts = [10, 10]"))
    said = "line 4: money.cuts: expected 2 or 3 rising amounts above 0"
    refused("money", "--plant", tmp_path / "mine", words=[said])


def test_what_acts_in_time_alone_is_told_not_to_be_worthless():
    """A spare part in store shortens repairs: at constant conditions it had cost and no income."""
    said = "constant conditions know nothing of: B3 (centrifuge.failure.mttr); see --clock events"
    assert said in " ".join(str(money(plant="brine")).split())
    assert "know nothing of" not in str(money(plant="brine", clock="events", years=0.02))
    assert "know nothing of" not in str(money("B1,B2", plant="brine"))
    assert "carbon_bed" not in str(money("E1"))  # what a scheme builds acts once it is built
    assert "F9 (crude_column.maintenance.interval, ...)" in " ".join(str(money()).split())
