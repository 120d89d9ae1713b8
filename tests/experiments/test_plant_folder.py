"""The commands about a plant of a folder: new, units, check, reconcile, fit, history."""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

import experiments as ex
from experiments.door.cli import cli
from plant_models import units
from plant_models.chlorobenzene import PLANT
from plant_models.folder.model import NO_REST
from plant_models.folder.reading import known, load
from plant_models.folder.schema import schema
from tests.plant_models.folder.texts import CRYSTALS, OWN, RETURN, WORKS, plant


def asked(*words: str) -> Result:
    return CliRunner().invoke(cli, list(words))


@pytest.fixture
def new(tmp_path: Path) -> Path:
    """A new plant, as ``plant new`` writes it."""
    place = tmp_path / "works"
    assert asked("plant", "new", str(place)).exit_code == 0
    return place


def test_a_new_plant_has_no_faults_and_runs(new: Path):
    assert "no faults" in asked("plant", "check", str(new)).stdout
    ran = asked("run", "B1", "--plant", str(new), "--years", "0.02", "--json")
    told = json.loads(ran.stdout)
    assert told["provenance"]["plant"] == "brine works"
    assert told["indicators"]["product_t"] > 0.0


def test_a_check_tells_which_utility_holds_the_year(new: Path):
    sheet = new / "plant.toml"
    short = sheet.read_text(encoding="utf-8").replace(
        "[units.evaporator]", "[utilities]\nsteam = 100\n\n[units.evaporator]\nsteam = 0.5"
    )
    sheet.write_text(short, encoding="utf-8")
    assert "\nsteam is at its capacity; books" in asked("plant", "check", str(new)).stdout


def test_a_check_tells_a_limit_and_a_peak_of_what_nothing_is_used_of(new: Path):
    sheet = new / "plant.toml"
    text = sheet.read_text(encoding="utf-8").replace(
        "[units.evaporator]",
        "[utilities]\npower = 100\n[peaks]\npower = 9\nsteam = 9\n[units.evaporator]\nsteam = 0.5",
    )
    sheet.write_text(text, encoding="utf-8")
    told = asked("plant", "check", str(new)).stdout
    for section in ("utilities", "peaks"):
        assert f"{section}.power: no unit uses power at constant conditions" in told
    assert "peaks.steam:" not in told
    chinese = asked("plant", "check", str(new), "--lang", "zh").stdout
    assert "peaks.power：恒定工况下没有设备使用电力" in chinese


def test_it_is_the_plant_that_it_begins_as(new: Path):
    assert str(ex.run(plant=new, years=0.01)) == str(ex.run(plant="brine", years=0.01))


@pytest.mark.long
def test_results_do_not_depend_on_the_number_of_workers(new: Path):
    alone = ex.compare("none", "B1", plant=new, years=0.01, replications=2, workers=1)
    assert str(alone) == str(
        ex.compare("none", "B1", plant=new, years=0.01, replications=2, workers=2)
    )


@pytest.mark.parametrize("name", known())
def test_every_plant_of_the_package_can_be_begun_with(name: str, tmp_path: Path):
    """What the answer says to type next can be typed, also where a folder's name has a space."""
    begun = asked("plant", "new", str(tmp_path / "my x"), "--like", name)
    words = shlex.split(begun.stdout.partition("python -m experiments ")[2].splitlines()[0])
    assert asked(*words).exit_code == 0


def test_a_workbook_holds_the_worksheets(tmp_path: Path):
    import openpyxl

    ex.plant_new(tmp_path / "works", excel=True)
    book = openpyxl.load_workbook(tmp_path / "works" / "worksheets.xlsx")
    assert book.sheetnames == ["readings", "history", "units", "tanks", "pipes"]


@pytest.mark.parametrize("name", ["brine", "crystals", "plating", "vessels"])
def test_every_file_of_a_new_folder_says_what_it_is_for(name: str, tmp_path: Path):
    told = ex.plant_new(tmp_path / "new", like=name).tables()["files"]
    assert [file for file, meaning in told.rows if not meaning] == []


def test_a_folder_that_holds_something_is_left_alone(refused, new: Path):
    before = {file.name: file.read_bytes() for file in new.iterdir()}
    refused("plant", "new", new, words=["error: DIR: ", "is not empty"])
    assert {file.name: file.read_bytes() for file in new.iterdir()} == before


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("plant", "chek", "brine"), "no command 'chek'; did you mean 'check'?"),
        (
            ("plant", "check", "nowhere"),
            "error: DIR: expected a folder with a plant.toml, came 'nowhere'",
        ),
        (("plant", "check", "bryne"), "came 'bryne'; did you mean 'brine'?"),
        (
            ("plant", "fit", "flowshop"),
            "'flowshop' is written in Python and has none: studies take",
        ),
        (("plant", "new", "x", "--like", "brin"), "like: no 'brin'; did you mean 'brine'?"),
        (("plant", "units", "wasch"), "kind: no 'wasch'; did you mean 'wash'?"),
        (("run", "--plant", "nowhere"), "or a folder with a plant.toml"),
        (
            ("plant", "reconcile", "brine", "--significance", "2"),
            "--significance: expected a number",
        ),
        (("plant", "fit", "brine", "--parameters", "bleed.shar"), "fit: no parameter 'bleed.shar'"),
        (("plant", "reconcile", "brine", "--readings", "no.csv"), "no.csv: cannot be read"),
        (
            ("plant", "check", "brine", "--drawing", "x.png"),
            "--drawing: expected a file like flow.svg",
        ),
    ],
)
def test_wrong_input_is_one_message_and_exit_code_two(
    refused, words: tuple[str, ...], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    refused(*words, words=[message])
    assert list(tmp_path.iterdir()) == []


def test_a_plant_of_some_grams_an_hour_tells_what_it_loses():
    """1 g/h of 90 % water, 60 % of it boiled: 0.54 g/h, or 4.7 kg a year."""
    small = WORKS.replace('"20 t"', '"20 kg"').replace('"1 t/h"', '"1 g/h"')
    told = ex.run(years=0.1, plant=plant(small)).report()
    assert re.search("emission gas +0.0047 +0.0047", told)


def test_a_trace_of_which_much_is_lost_is_told_however_little_it_is():
    """Of 1 mg/kg of salt half goes with the vapour: 4.4 g of 8.8 t a year."""
    trace = WORKS.replace("salt = 0.1", "salt = 1e-6").replace("water = 0.9", "water = 0.999999")
    told = ex.run(years=0.1, plant=plant(trace + "recovery.salt = 0.5\n")).report()
    assert re.search("  salt +0.0044 +0.0044", told)


def test_a_study_that_needs_what_the_folder_lacks_says_so(refused, new: Path):
    (new / "prices.toml").unlink()
    said = "the brine works has no prices: no prices.toml in its folder, which money"
    refused("money", "--plant", new, words=[said])
    assert "no prices: money, rollout" in asked("plant", "check", str(new)).stdout


@pytest.mark.parametrize(
    "command", ["money", "rollout", "uncertainty", "readings", "cube", "attribute sewer_t"]
)
def test_a_study_of_schemes_says_where_they_are_written(refused, command: str, tmp_path: Path):
    """It said that it expected a scheme, and that none came, of what nobody had written."""
    (tmp_path / "plant.toml").write_text(WORKS.replace("air", "sewer"), encoding="utf-8")
    assert refused(*command.split(), "--plant", tmp_path) == (
        "error: the still house has no schemes: no schemes.toml in its folder, which a study of "
        "schemes needs\n"
    )


@pytest.mark.parametrize(
    "words",
    [
        "plant reconcile {bare}", "plant history {bare}", "money --plant {bare}",
        "limits --plant {bare}", "cube --plant {bare}", "fitness --plant {bare}",
        "validate --plant {bare}", "plant new {bare}",
        "attribute sewr_t --plant {bare}", "rollout B1 --plant brine --order B9",
        "optimise --plant brine --require dust", "card brin --plant brine",
        "plant units evaporater", "run B1 --plant brine --out /proc/x",
    ],
)  # fmt: skip
def test_what_a_folder_lacks_or_is_asked_in_vain_is_told_in_chinese(
    refused, words: str, tmp_path: Path
):
    """Beside what was typed and names of files, commands and figures no English is left."""
    bare = tmp_path / "works"
    asked("plant", "new", str(bare), "--bare")
    said = refused(*words.format(bare=bare).split(), "--lang", "zh")
    left = re.sub(r"'[^']*'|/\S+|known.*|已知.*|\w+\.(toml|csv)|--\w+|brine works", "", said)
    typed = set(words.split()) | {"limits", "DIR", "kind", "order", "schemes"}
    assert set(re.findall("[A-Za-z]{3,}", left)) - typed == set(), said


@pytest.mark.parametrize("name", ["check", "reconcile", "fit", "history"])
def test_a_plant_that_was_loaded_stands_for_its_folder(name: str):
    study = getattr(ex, f"plant_{name}")
    assert study(load("brine")).report() == study("brine").report()


def test_a_plant_that_has_no_folder_is_refused():
    with pytest.raises(TypeError, match="plant: expected a folder, or the plant of one, came Chl"):
        ex.plant_check(PLANT)  # type: ignore[arg-type]


def test_a_check_tells_of_every_train_what_decides_when_it_runs():
    found = ex.plant_check("brine")
    when = found.table("trains").set_index("train").operation
    assert when["unloading"] == "tank_cars (delivery)"
    assert "\noperation of all trains\nrevision (shutdown)\n" in str(found)


def test_a_check_keeps_within_a_terminal_however_long_a_train_is():
    lines = str(ex.plant_check("plating")).splitlines()
    assert max(map(len, lines)) <= 100
    assert any(line.strip() == "overflow_3" for line in lines)


def test_a_check_draws_the_flow_sheet(tmp_path: Path):
    asked("plant", "check", "brine", "--out", str(tmp_path / "out"))
    root = ElementTree.parse(tmp_path / "out" / "flow_sheet.svg").getroot()
    assert root.tag.endswith("svg")
    asked("plant", "check", "brine", "--drawing", str(tmp_path / "flow.svg"))
    assert (tmp_path / "flow.svg").read_text(encoding="utf-8") == ex.plant_check("brine").svg()


def test_a_plant_that_makes_nothing_is_told(new: Path):
    file = new / "plant.toml"
    text = file.read_text(encoding="utf-8")
    text = text.replace('"silo -> loading -> customers"', '"silo -> loading -> feed_tank"')
    before, _, after = text.partition("[operation.trucks]")
    _, head, rest = after.partition("[operation.revision]")
    file.write_text(before + head + rest, encoding="utf-8")
    ended = asked("plant", "check", str(new))
    assert ended.exit_code == 0
    assert "looks wrong" in ended.stdout
    assert "its product is 0 in a year" in ended.stdout


SPILLING = """
pipes = ["brine -> still", "still.top -> condensate", "condensate -> rinse -> sewer",
         "still.bottom -> drums"]

[plant]
name = "still house"
pacer = "still"

[components]
salt = "NaCl"
water = "H2O"

[supplies]
brine = { salt = 0.1, water = 0.9 }

[sinks]
drums = "product"
sewer = "wastewater"

[tanks.condensate]
capacity = "20 t"
spills_to = "sewer"
contents = { water = 1.0 }

[units.still]
kind = "separator"
recovery.water = 0.6
capacity = "10 t/h"

[units.rinse]
kind = "pump"
capacity = "600 kg/h"
"""


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_train_too_small_for_what_its_tank_spills_is_told(tmp_path: Path, lang: str):
    """Constant conditions would hold the still at 1.1 t/h, as the rinse takes 0.6; in time, 10."""
    (tmp_path / "plant.toml").write_text(SPILLING, encoding="utf-8")
    ended = asked("plant", "check", str(tmp_path), "--lang", lang)
    assert ended.exit_code == 2
    assert "tank 'condensate' spills what it is too small for" in ended.stderr or lang == "zh"
    assert "罐 'condensate' 会溢出" in ended.stderr or lang == "en"
    assert "Give it a sink" not in ended.stderr
    faster = SPILLING.replace("600 kg/h", "6 t/h")
    (tmp_path / "plant.toml").write_text(faster, encoding="utf-8")
    assert not ex.plant_check(tmp_path).troubles


def test_every_unit_tells_what_failure_and_maintenance_take():
    told = asked("plant", "units", "pump").stdout
    for name in ("capacity", "failure.mtbf", "failure.mttr", "maintenance.interval"):
        assert re.search(rf"^{name} +[/a-z]+ ", told, re.MULTILINE)


def test_every_kind_of_unit_is_listed_with_an_example():
    assert [info.kind for info in ex.plant_units().kinds] == list(units.KINDS)
    for kind in units.KINDS:
        told = str(ex.plant_units(kind))
        assert f'kind = "{kind}"' in told
        assert max(map(len, told.splitlines())) <= 100


def test_the_schema_stands_beside_a_new_plant(new: Path):
    assert json.loads((new / "plant.schema.json").read_text(encoding="utf-8")) == schema()


@pytest.mark.long
def test_a_new_plant_fits_the_schema_that_stands_beside_it(new: Path):
    jsonschema = pytest.importorskip("jsonschema")  # takes seconds
    told = schema()
    table = tomllib.loads((new / "plant.toml").read_text(encoding="utf-8"))
    jsonschema.Draft7Validator(told).validate(table)
    table["units"]["dryer"]["kind"] = "drier"
    assert list(jsonschema.Draft7Validator(told).iter_errors(table))


def test_the_file_of_a_plant_stands_for_its_folder(new: Path, monkeypatch: pytest.MonkeyPatch):
    said = asked("plant", "check", str(new)).stdout
    assert asked("plant", "check", str(new / "plant.toml")).stdout == said
    short = ("run", "--years", "0.001", "--plant")
    assert asked(*short, str(new / "plant.toml")).stdout == asked(*short, str(new)).stdout
    monkeypatch.chdir(new)
    assert asked(*short, "plant.toml").stdout == asked(*short, ".").stdout


@pytest.mark.parametrize(
    ("words", "called"), [(("plant", "check"), "DIR"), (("run", "--plant"), "--plant")]
)
def test_another_file_of_it_does_not(refused, new: Path, words: tuple[str, ...], called: str):
    said = f"error: {called}: expected a folder with a plant.toml, came "
    refused(*words, new / "prices.toml", words=[said])


FILLING = """
pipes = [
    "crude -> mixer",
    "clean -> mixer.solvent",
    "solvent -> mixer.solvent",
    "mixer -> still",
    "still.top -> clean",
    "still.bottom -> drums",
]
plant = { name = "solvent shop" }
components = { oil = "C9H8O4", solvent = "C3H6O" }
supplies = { crude = { oil = 0.8, solvent = 0.2 }, solvent = { solvent = 1.0 } }
sinks = { drums = "product" }
tanks = { clean = { capacity = "10 t", contents = { solvent = 1.0 } } }

[units.mixer]
kind = "mixer"
inlets = ["crude", "solvent"]
ratio.solvent = 3.0
capacity = "500 kg/h"

[units.still]
kind = "separator"
recovery.solvent = 0.999
"""
"""A plant that gets more solvent with its crude than leaves in its drums."""


@pytest.fixture
def filling(tmp_path: Path) -> str:
    (tmp_path / "plant.toml").write_text(FILLING, encoding="utf-8")
    (tmp_path / "prices.toml").write_text(
        'money = { currency = "EUR", interest_rate = 0.08, horizon = 10 }\n'
        'sold.oil = { of = "drums_t", price = 90.0 }\n',
        encoding="utf-8",
    )
    (tmp_path / "schemes.toml").write_text(
        '[O1]\nclass = "no-cost"\ntitle = "Slower"\n'
        'patches = [{ path = "mixer.capacity", set = 400.0, note = "a valve" }]\n',
        encoding="utf-8",
    )
    return str(tmp_path)


def test_a_plant_without_a_way_out_is_told_which_tanks_fill_and_when(filling: str):
    ended = asked("plant", "check", filling)
    assert ended.exit_code in (1, 2)
    assert re.match(r"error: the solvent shop: full after \d+ h: clean; ", ended.stderr)
    assert ended.stderr.endswith(f"{NO_REST}\n")
    in_chinese = asked("plant", "check", filling, "--lang", "zh").stderr
    assert re.match(r"错误：the solvent shop：\d+ 小时后装满：clean；", in_chinese)
    assert in_chinese.endswith("请给它一个去处（spills_to）或排放\n")


ROUND = """
pipes = ["crude -> intake -> feed", "feed -> still", "still.top -> feed", "still.oil -> drums"]
plant = { name = "oil works", pacer = "still" }
components = { oil = "C9H8O4", water = "H2O" }
supplies = { crude = { oil = 0.999, water = 0.001 } }
sinks = { drums = "product" }
tanks = { feed = { capacity = "10 t", contents = { oil = 1.0 } } }
units.intake = { kind = "pump", capacity = "2 t/h" }

[units.still]
kind = "separator"
outlets = ["top", "oil"]
recovery.water = 1.0
capacity = "1 t/h"
"""


def test_what_goes_round_without_a_way_out_is_named(tmp_path: Path):
    """A full tank that runs on at a steady level is no trouble; what gathers in it is."""
    (tmp_path / "plant.toml").write_text(ROUND, encoding="utf-8")
    said = "error: the oil works: full after 500 h: feed; water gathers in feed; "
    assert asked("plant", "check", str(tmp_path)).stderr.startswith(said)
    in_chinese = asked("plant", "check", str(tmp_path), "--lang", "zh").stderr
    assert "500 小时后装满：feed；water 积聚在 feed 中；" in in_chinese


def test_what_keeps_a_folder_plant_standing_is_told_without_python(filling: str):
    ended = asked("run", "--plant", filling, "--years", "0.3")
    assert ended.exit_code == 1
    assert "the solvent shop with none, replication 1, could not be simulated: " in ended.stderr
    assert "a tank that is full needs another way out (spills_to = 'a sink'" in ended.stderr
    for word in ("expecting", "a process", ".py", "line with"):
        assert word not in ended.stderr


def test_a_study_names_a_plant_that_comes_to_no_rest_once(filling: str):
    ended = asked("money", "O1", "--plant", filling)
    assert ended.exit_code == 1
    assert ended.stderr.count("solvent shop") == 1
    assert ".py" not in ended.stderr


def test_a_percentage_is_told_with_the_number_to_write(new: Path):
    text = (new / "plant.toml").read_text(encoding="utf-8")
    wrong = text.replace("recovery.water = 0.97", 'recovery.water = "65 %"')
    (new / "plant.toml").write_text(wrong, encoding="utf-8")
    said = asked("plant", "check", str(new)).stderr
    assert "write kg/kg (65 % is 0.65 kg/kg)" in said


@pytest.mark.parametrize("command", ["plant check {}", "run none --years 0.01 --plant {}"])
def test_a_slip_in_a_unit_of_ones_own_is_wrong_input_and_told_with_its_line(
    tmp_path: Path, command: str
):
    (tmp_path / "plant.toml").write_text(CRYSTALS, encoding="utf-8")
    (tmp_path / "crystals.py").write_text(OWN.replace(RETURN, "return 1 / 0"), encoding="utf-8")
    ended = asked(*command.format(tmp_path).split())
    told = "error: crystals.py, line 22: ZeroDivisionError: division by zero\n"
    assert (ended.exit_code, ended.stderr) == (2, told)


def test_so_is_a_recipe_of_one_that_cannot_be_in_either_language(tmp_path: Path):
    (tmp_path / "plant.toml").write_text(CRYSTALS, encoding="utf-8")
    wrong = OWN.replace(RETURN, RETURN.replace("1.0 - x", "x"))
    (tmp_path / "crystals.py").write_text(wrong, encoding="utf-8")
    command = ("run", "--plant", str(tmp_path), "--years", "0.001")
    english, chinese = asked(*command), asked(*command, "--lang", "zh")
    assert (english.exit_code, chinese.exit_code) == (2, 2)
    assert english.stderr == (
        "error: crystals.py: Crystals.convert: its recipe splits 1.6 kg/kg of salt over 'bottom', "
        "'top', expected 1 in all: what comes in goes out\n"
    )
    assert chinese.stderr == (
        "错误：crystals.py：Crystals.convert：它的配方把 1.6 kg/kg 的 salt 分到 'bottom', 'top'，"
        "合计应为 1：进来的都要出去\n"
    )


DRY = """
from dataclasses import dataclass
from typing import ClassVar

from sim import Recipe, Unit


@dataclass(frozen=True, kw_only=True)
class Dry(Unit):
    inlets: ClassVar = ("feed",)
    outlets: ClassVar = ("moisture", "dry")

    def convert(self, inlets, at):
        return Recipe(splits={"dry": (0.5,) * len(COMPONENTS)})
"""


@pytest.mark.parametrize(
    "command",
    [
        "optimise --plant {} --workers 1",
        "causes --plant {} --years 0.01 --replications 2 --workers 1",
        "criticality --plant {} --years 0.01 --replications 2 --workers 1",
    ],
)
def test_what_is_compared_with_a_plant_that_cannot_be_is_not_asked(
    refused, new: Path, command: str
):
    text = (new / "plant.toml").read_text(encoding="utf-8")
    head, _, rest = text.partition("[units.dryer]\n")
    dryer = '[units.dryer]\nkind = "python"\nfile = "dry.py"\n\n'
    rest = rest[rest.index("[units.loading]") :]
    (new / "plant.toml").write_text(f"{head}{dryer}{rest}", encoding="utf-8")
    (new / "dry.py").write_text(DRY, encoding="utf-8")
    said = refused(*command.format(new).split())
    assert said.startswith("error: dry.py: Dry.convert: its recipe splits 0.5 kg/kg of ")


def test_a_level_is_told_as_it_was_given():
    """0.1 % was 0 %, and 99.9 % 100 %."""
    assert "at the level of 0.1%" in str(ex.plant_reconcile("brine", significance=0.001))
    told = str(ex.plant_history("brine", level=0.999))
    assert "MTBF, h (99.9%)" in told
    assert max(map(len, told.splitlines())) <= 100


def test_a_scheme_that_leaves_the_shares_of_a_supply_apart_is_told(tmp_path: Path):
    """A stronger brine was weaker than it said: shares are taken relative to their sum."""
    scheme = (
        '[{}]\nclass = "no-cost"\ntitle = "Stronger brine"\npatches = [\n'
        '{{ path = "brine.salt", set = 0.2 }},\n{}]\n'
    )
    (tmp_path / "plant.toml").write_text(WORKS)
    (tmp_path / "schemes.toml").write_text(
        scheme.format("A1", "") + scheme.format("A2", '{ path = "brine.water", set = 0.8 },\n')
    )
    found = ex.plant_check(tmp_path)
    assert found.troubles == (
        "A1: the shares of brine add up to 1.1 kg/kg with it, and are taken relative to that: "
        "salt is 0.1818, not 0.2; change another of its shares, too",
    )
