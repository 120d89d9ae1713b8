"""What commands print with ``--lang zh``: no English left, the same numbers, columns that align."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import warnings
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from matplotlib.figure import Figure
from matplotlib.font_manager import findfont
from matplotlib.text import Text

from experiments.door.aside import in_chinese
from experiments.lessons.checking import Check
from experiments.output import phrases, pictures
from experiments.output.phrases import PLACE, book, tell_picture, told, wrapped
from experiments.page import texts
from experiments.runner.folder import BY_HASH
from experiments.studies.causes import ABNORMAL, CAUSES
from plant_models import folder, plant_named, units
from plant_models.chlorobenzene.model import PLANT
from plant_models.folder import load
from plant_models.folder.model import FolderPlant
from plant_models.units import KINDS
from sim.tables import columns, text_table
from tests.answers import found_once
from tests.plant_models.folder.test_wrong_kinds import paths, with_odd
from tests.plant_models.folder.texts import shipped

DEJAVU = findfont("DejaVu Sans")
BOOK = tomllib.loads((Path(phrases.__file__).with_name("phrases_zh.toml")).read_text("utf-8"))
AT_REST = (
    "explain F1,F2,F10",
    "money",
    "money all --catalogue ours",
    "money F1-F4 --cash-flow F1-F4",
    "money F1-F4 --clock events --years 0.02",
    "calibrate --check",
    "why rinse_water_t none --plant flowshop --brief",
    "cube --schemes F1,F2,F10 --workers 1",
    "attribute air.benzene_t net_income --players F1,F10 --order F1,F10 --workers 1",
    "rollout F1-F5 --replications 0",
    "heat F1-F11",
    "limits none --clock steady",
    "batch none F1-F4 --clock steady --workers 1",
    "paper-check",
    "card absorber --brief",
    "card chlorinator --brief",
    "explain F9,O8,M1 --catalogue ours",
    "explain none",
    "why air.benzene_t F1,F2 --brief",
    "why demurrage_hours none --brief --clock events --years 0.1",
    "why stock_change_t none --brief --clock events --years 0.1",
    "why operating_hours none --brief --clock events --years 0.1",
    "why closure F1 --brief",
    "explain F1 --set off_gas_cooler.area=50",
    "compare none F1 --years 0.002 --replications 2 --workers 1 --set off_gas_cooler.area=50",
    "explain O1,O7,O13,E1,M1-M3 --catalogue ours",
    "attribute steam_t --players F1,F12 --workers 1",
    "criticality F1 --years 0.001 --replications 1 --kind crew --workers 1",
)
EVENTFUL = (
    "run F1-F4 --years 0.02",
    "run F1-F11 --years 0.02 --replications 2",
    "compare none F1-F11 --years 0.02 --replications 2 --workers 1",
    "compare none F1 --years 0.002 --until 0.001 --at-most 10 --indicator steam_t --workers 1",
    "limits F1-F11 --years 0.02 --worst benzene",
    "causes none F1-F11 --years 0.005 --replications 2 --workers 1",
    "criticality F1-F11 --years 0.005 --replications 2 --kind crew --workers 1",
    "upsets --years 0.002 --workers 1",
    "end-of-pipe --years 0.002 --replications 2 --workers 1",
    "review --years 0.02 --replications 2 --workers 1",
    "optimise --budget 50 --replications 0 --set-points none --schemes F5,F6 --workers 1",
    "optimise F4 --replications 0 --workers 1",
    "fitness --replications 1 --workers 1",
    "optimise F5,F10 --goal both --years 0.01 --replications 2 --at-most 2 --workers 1 "
    "--set-points absorber.acid_strength,crude_column.reflux_ratio,polychloride_column.pressure",
    "uncertainty --samples 6 --sobol 0 --workers 1",
    "validate --share 0.001 --workers 1",
    "export-lca --years 0.01 --replications 2 --workers 1",
)
KEPT = re.compile(r"--[a-z-]+(?: [A-Za-z.]+)?|[A-Za-z_\d]+[._/][A-Za-z_./\d]+|\b[FEM]\d+")
"""What one types, and dotted names: they stay as they are."""
NAMES = {
    "AP", "Berger", "Bonferroni", "Brightway", "CN", "COBYQA", "COD", "CRC", "Clapeyron",
    "Clausius", "Energy", "Fenske", "GB", "GJ", "Gilliland", "HCl", "Holm", "III", "IPCC", "IS",
    "ISO", "KN", "Kim", "Laplace", "MTBF", "MTTR", "NPV", "Nelson", "Pa", "Pareto", "Policy",
    "RMB", "Rachford", "Rice", "Shapley", "Student", "Taylor", "Underwood", "Weibull", "atm",
    "bar", "cm", "fog", "hot", "kPa", "kW", "kWh", "kg", "mm", "openLCA", "pH", "ppm", "psi",
}  # fmt: skip
"""Names of people, methods and standards, and units of measure that Chinese writes so, too."""


PUBLISHED = Path(folder.__file__).parents[1].rglob("published.toml")
SOURCES = re.compile("|".join(sorted({
    *(key for file in PLANT.source_files for key in tomllib.loads(file.read_text("utf-8"))),
    *(key for file in PUBLISHED for key in re.findall('source = "(.+)"', file.read_text("utf-8"))),
}, key=len, reverse=True)))  # fmt: skip
"""Keys of sources, the longest first."""


def english(text: str, own: Collection[str] = ()) -> set[str]:
    """Return the English words in a text, but for names, and for what somebody wrote."""
    for title in sorted((each for each in own if " " in each), key=len, reverse=True):
        text = text.replace(title, "")
    return set(re.findall(r"[A-Za-z]{2,}", KEPT.sub("", SOURCES.sub("", text)))) - {*NAMES, *own}


def numbers(text: str) -> list[str]:
    """Return the numbers in a text that carry its message: those with a decimal point or more."""
    return sorted(re.findall(r"\d[\d,]*\.\d+(?:e[-+]\d+)?", text))


def test_a_receipt_is_told_in_chinese():
    """It was the one thing that a Chinese notebook prints in English."""
    receipt = PLANT.steady_state("F1").receipt()
    there = told(lambda: str(receipt), "zh")
    assert english(there, PLANT.variant("none").network.components.elements) == set()
    assert numbers(there) == numbers(str(receipt))


@pytest.fixture
def in_both(call) -> Callable[[str], tuple[Result, Result]]:
    """Return a function that gives a command in English and in Chinese."""

    def asked(line: str) -> tuple[Result, Result]:
        with found_once():
            return call(*line.split()), call(*line.split(), "--lang", "zh")

    return asked


@pytest.mark.parametrize(
    "line",
    [*AT_REST, *(pytest.param(line, id=line, marks=pytest.mark.long) for line in EVENTFUL)],
)
def test_a_command_in_chinese_has_no_english_word_and_the_same_numbers(in_both, line: str):
    said, told_zh = in_both(line)
    assert said.exit_code == told_zh.exit_code == 0, told_zh.output
    assert english(told_zh.output) == set(), told_zh.output
    assert numbers(told_zh.output) == numbers(said.output)


def test_the_first_day_of_a_run_is_a_day_of_the_month_in_chinese(call):
    """The 20th of December was 20 12 月."""
    line = ("--years", "0.001", "--start", "12-20", "--lang", "zh")
    assert "自12 月 20 日起 0.001 年" in call("run", "F1", *line).stdout
    assert "自12 月 20 日起有事件的 9 小时" in call("limits", "F1", *line).stdout


def test_a_limit_that_no_set_keeps_is_told_in_chinese(call):
    line = "optimise F5 --replications 0 --set-points none --require air.benzene_t<=-15%"
    said = call(*line.split(), "--workers", "1", "--lang", "zh")
    assert said.exit_code == 1
    assert "没有组合能守住全部限值；去掉苯排入大气 <= -15 %就会有" in said.stdout


def test_every_number_of_the_line_is_told_in_chinese_by_what_it_means_with_its_unit():
    words, (line, *_) = phrases.book("zh"), PLANT.cards(None)
    said = {text for row in line.rows for text in (row.meaning, *row.cells[1:3])}
    abouts = {PLANT.card(unit).about for unit in ("absorber", "dryer", "site", "drum")}
    assert {text for text in said | abouts if english(words.name(text))} == set()


def notes() -> set[str]:
    """Return why each number of the line is what it is, as its card says it."""
    return {row.note for card in PLANT.cards(None) for row in card.rows if row.note}


def figures(text: str) -> Counter[str]:
    """Return all figures of a text, and the schemes that it names."""
    text = text.replace("x 10^4 RMB", "")  # 万元
    figure = r"\b[EFMO]\d+\b|(?<![A-Za-z\d.])\d+(?:,\d{3})*(?:\.\d+)?"
    return Counter(re.findall(figure, text, re.ASCII))


def test_why_each_number_is_what_it_is_is_told_in_chinese_with_the_same_figures():
    words = phrases.book("zh")
    chinese = {note: words.name(note) for note in notes()}
    assert {note for note, told_zh in chinese.items() if english(told_zh)} == set()
    assert {n: zh for n, zh in chinese.items() if figures(n) != figures(zh)} == {}


def test_no_reason_is_told_in_chinese_that_the_line_does_not_give():
    """A note that has changed is told under what it says now."""
    schemes = PLANT.own_schemes(catalogue="ours").values()
    given = {note.rpartition(" now; ")[2] for note in notes()} | {each.lever for each in schemes}
    given |= {re.sub(r"^holds from [\d.]+ to [\d.]+ K; ", "", note) for note in given}
    assert set(texts.reasons_zh()) - given == set()


@pytest.mark.long
def test_cards_in_chinese_have_no_english_but_the_names_that_one_types(call):
    said, told_zh = call("card").output, call("card", "--lang", "zh").output
    keys = sorted({row.path for card in PLANT.cards(None) for row in card.rows}, key=len)
    sheets = "|".join(card.name for card in PLANT.cards(None))
    for key in reversed(keys):
        told_zh = told_zh.replace(key, "")
    assert english(re.sub(rf"(?m)^({sheets})$", "", told_zh)) == set(), told_zh
    assert numbers(told_zh) == numbers(re.sub("|".join(map(re.escape, keys)), "", said))


READS = """import sys
read = []
sys.addaudithook(lambda event, args: read.append(str(args[0])) if event == "open" else None)
from experiments.door.cli import cli
try:
    cli({words})
except SystemExit:
    print(*(name for name in read if "zh" in name.rpartition("/")[2]))
"""


@pytest.mark.long
@pytest.mark.parametrize(
    ("command", "lang", "reads"),
    [
        ("card absorber --json", "en", False),
        ("run F99", "en", False),
        ("card absorber --json", "zh", True),
    ],
)
def test_a_command_in_english_reads_no_chinese_file(command: str, lang: str, reads: bool):
    words = [*command.replace(" --json" if reads else "", "").split(), "--lang", lang]
    ended = subprocess.run(
        [sys.executable, "-c", READS.format(words=words)],
        capture_output=True,
        encoding="utf-8",
    )
    assert ("zh.toml" in ended.stdout.splitlines()[-1]) is reads, ended.stdout


def test_a_notebook_tells_what_it_shows_in_the_language_of_its_check(
    capsys: pytest.CaptureFixture[str],
):
    for check in (Check({}), Check({}).chinese):
        check.tell("no schemes")
    assert capsys.readouterr().out == "no schemes\n无方案\n"


def test_what_lies_beyond_a_set_point_is_told_in_chinese():
    points = PLANT.operators(PLANT.baseline().tree).set_points
    beyond = {text for point in points for text in (point.below, point.above)}
    assert beyond <= set(BOOK["says"])


OF_A_FOLDER = (
    "plant check {plant}",
    "plant reconcile {plant}",
    "plant fit {plant}",
    "plant history {plant}",
    "validate --plant {plant}",
    "run none --plant {plant} --years 0.02",
    "limits none --plant {plant} --years 0.02",
    "heat none --plant {plant}",
    "why operating_hours none --brief --plant {plant} --clock events --years 0.1",
    "why stock_change_t none --brief --plant {plant}",
)


def written(plant: FolderPlant) -> set[str]:
    """Return the words that somebody wrote: titles, and names of all that its folder holds."""
    network = plant.contents.network
    ports = {port for unit in network.units.values() for port in (*unit.inlets, *unit.outlets)}
    kinds = {getattr(type(unit), "kind", "") for unit in network.units.values()}
    names = {*network.components.names, *plant.sheet.sinks, *plant.operating, *ports, *kinds}
    spoken = {part for name in (*names, *plant.written) for part in name.split("_")}
    return {*names, *spoken, *plant.written, *(each.name for each in plant.sheet.operations)}


@pytest.mark.parametrize("name", ["brine", "plating", "vessels", "crystals"])
def test_what_is_said_of_a_folder_is_in_chinese_and_its_own_words_stay(call, in_both, name: str):
    plant = load(name)
    own, said = written(plant), 0
    for line in OF_A_FOLDER:
        english_too, told_zh = in_both(line.format(plant=name))
        assert english_too.exit_code == told_zh.exit_code
        if told_zh.exit_code == 0:  # not every plant has readings, a history, printed figures
            said += 1
            assert english(told_zh.output, own) == set(), told_zh.output
            assert numbers(told_zh.output) == numbers(english_too.output)
    assert said >= 2
    parts = plant.contents.network
    checked = call("plant", "check", name, "--lang", "zh").output
    assert {*parts.units, *parts.tanks} <= set(re.findall(r"\w+", checked))


PLATING = """
pipes = ["parts -> plating", "acid -> plating.acid", "plating -> days", "days -> loading",
         "loading -> customers"]
[plant]
name = "plating"
pacer = "plating"
[components]
metal = "Fe"
acid = "C2H4O2"
[supplies]
parts = { metal = 1.0 }
acid = { acid = 1.0 }
[sinks]
customers = "product"
[tanks.days]
capacity = "20 t"
contents = { metal = 1.0 }
[units.plating]
kind = "mixer"
inlets = ["feed", "acid"]
ratio.acid = 0.1
capacity = "1 t/h"
[units.loading]
kind = "pump"
capacity = "5 t/h"
[operation.trucks]
kind = "collection"
train = "loading"
call_level = 0.4
interval = "4 h"
spread = 0.3
load = "2 t"
"""
PLATING_SCHEMES = """
[P1]
class = "low-cost"
title = "Weak acid (less acid)"
patches = [{ path = "plating.ratio.acid", scale = 0.8, note = "more rinsing" }]
"""
PLATING_PRICES = """
[money]
currency = "EUR"
interest_rate = 0.1
horizon = 5
[bought.acid]
of = "acid_t"
price = 400.0
[investments]
P1 = 0.0
"""


def test_names_that_the_book_knows_stay_what_somebody_calls_their_own_in_chinese(
    call, tmp_path, monkeypatch
):
    """Acetic acid that is called acid was hydrochloric acid; a tank called days was a day."""
    drawn: set[str] = set()
    monkeypatch.setattr(pictures, "save", lambda figure, file: drawn.update(words(figure)))
    of = {"plant": PLATING, "schemes": PLATING_SCHEMES, "prices": PLATING_PRICES}
    for name, text in of.items():
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    own = {**folder.load(tmp_path).written}
    assert {"acid", "metal", "customers", "trucks", "days", "acid_t"} <= {*own}
    lines = ("run P1 --years 0.001 --out {out}", "money", "attribute acid_t",
             "criticality --years 0.001 --replications 1 --workers 1", "explain P1")  # fmt: skip
    out = tmp_path / "run"
    for line in lines:
        ended = call(*line.format(out=out).split(), "--plant", str(tmp_path), "--lang", "zh")
        assert ended.exit_code == 0, ended.output
        for wrong in ("盐酸", "客户", "电镀车间", "更少", "移出", "change", "margin"):
            assert wrong not in ended.output, ended.output
    assert "P1  Weak acid (less acid)（低费，假设）" in ended.output
    assert "plating" in drawn


def test_a_card_of_a_folder_is_told_in_chinese_but_for_what_its_notes_say(call):
    plant = load("brine")
    told_zh = call("card", "--plant", "brine", "--lang", "zh").output
    rows = [row for card in plant.cards(None) for row in card.rows]
    for own in sorted([text for row in rows for text in (row.path, row.note)], key=len)[::-1]:
        told_zh = told_zh.replace(own, "")
    assert english(told_zh, {*written(plant), "EUR"}) == set(), told_zh


def test_faults_of_meters_are_told_in_chinese(call, tmp_path: Path):
    """A weighbridge that reads a tenth too much: named, with what leaves the same trace."""
    readings = dict(load("brine").files)["readings.csv"]
    wrong = re.sub(
        r"(?m)^(customers, *, *)([\d.]+)", lambda m: m[1] + str(1.1 * float(m[2])), readings
    )
    (tmp_path / "readings.csv").write_text(wrong, encoding="utf-8")
    told_zh = call("plant", "reconcile", "brine", "--readings", str(tmp_path / "readings.csv"),
                   "--lang", "zh").output  # fmt: skip
    assert "多读" in told_zh
    assert english(told_zh, written(load("brine"))) == set()
    apart = book("zh").name("6.3 kg/h: leak spent_tank; 55 kg/h: meter vent_box.spent")
    assert apart == "6.3 千克/时：spent_tank 泄漏；55 千克/时：vent_box.spent 的仪表"


TYPED = "python -m experiments plant units KIND"


def test_a_column_called_error_keeps_its_name_in_chinese():
    assert in_chinese("readings.csv, line 3: error: expected a number, came ''").startswith(
        "readings.csv 第 3 行：error：应为数"
    )


def test_another_unit_that_would_do_and_another_run_are_told_in_chinese():
    assert in_chinese("unit 'kg': expected 'K' (or degC)") == "单位 'kg'：应为 'K'（或 degC）"
    for apart in ("seeds 1 is 1 there and missing here", "task.years is 1.0 there and 2.0 here"):
        said = f"b holds another run: {apart}; choose another folder, or the command that began "
        assert " there and " not in in_chinese(f"{said}this one")
    for apart in BY_HASH.values():
        said = f"b holds another run: {apart}; choose another folder, or the command that began "
        assert " there" not in in_chinese(f"{said}this one")


def test_kinds_of_units_are_told_in_chinese(call):
    own = {*KINDS, TYPED, "kind = 'python', file = 'mine.py'"}
    assert english(call("plant", "units", "--lang", "zh").output, own) == set()


@pytest.mark.parametrize("kind", KINDS)
def test_all_about_a_kind_of_unit_is_told_in_chinese_but_its_formula_and_its_keys(call, kind: str):
    of = units.info(kind)
    keys = {part for each in of.parameters for part in each.name.split(".")}
    defaults = {each for key in of.structure for each in key.default or ()}
    defaults |= {each.default for each in of.parameters if isinstance(each.default, str)}
    defaults |= {str(each.default).lower() for each in of.parameters if each.kind == "switch"}
    own = {*of.inlets, *of.outlets, *of.uses, *of.needs, *keys, *defaults, "gamma", kind}
    own |= {key.name for key in of.structure} | {f"plant {word}" for word in ("fit", "check")}
    said, _, _ = call("plant", "units", kind, "--lang", "zh").output.partition("\n例如\n")
    told_zh = "\n".join(line for line in said.split("\n") if not re.match(r"    \S.*=", line))
    symbols = re.compile(r"\b(?:[A-Z]+_|d?[a-z]{1,2}_)?\w{1,2}\b|\b[A-Z_]{5,}\b|sum|rho")
    assert english(symbols.sub("", told_zh), own) == set(), told_zh


@pytest.mark.parametrize("kind", ["cells", "says"])
def test_a_phrase_in_chinese_has_the_places_of_the_english_one(kind: str):
    for said, chinese in BOOK[kind].items():
        assert set(PLACE.findall(said)) == set(PLACE.findall(chinese)), said
        assert re.search(r"[\u4e00-\u9fff：，]", chinese) or not english(PLACE.sub("", chinese)), (
            said
        )


def test_columns_are_as_wide_as_what_stands_in_them():
    def table() -> str:
        return "\n".join(text_table(("unit", "mean"), [("t/yr", "1"), ("h", "22")], left=(0,)))

    first, *others = told(table, "zh").split("\n")
    assert first.split() == ["单位", "平均"]
    assert {columns(line) for line in others} == {columns(first)}


def test_what_the_book_does_not_know_stays_as_it_is():
    assert told(lambda: "a sentence that nobody told\n\nF1  2.5", "zh") == (
        "a sentence that nobody told\n\nF1  2.5"
    )


def test_a_line_breaks_where_chinese_may():
    lines = wrapped("方案 F1-F11：恒定工况，废水减少 22 %。" * 6, 2, 4, 40)
    assert all(columns(line) <= 42 for line in lines)
    assert not any(line.lstrip()[0] in phrases.CLOSING for line in lines)
    assert "".join(line.strip() for line in lines).count("22 %") == 6


def test_no_such_language_is_told(refused):
    refused("money", "--lang", "fr", words=["no 'fr'"])


def a_picture() -> Figure:
    figure = Figure()
    ax = figure.subplots()
    ax.barh([0, 1], [1.0, 2.0])
    ax.set_yticks([0, 1], ["wastewater: benzene", "F1"])
    ax.set_xlabel("emission, t/yr")
    ax.set_title("F1-F11: 88 % of the benzene to wastewater\narises outside of normal operation")
    return figure


def words(figure: Figure) -> set[str]:
    figure.draw_without_rendering()
    return {text.get_text() for text in figure.findobj(Text) if text.get_text()}


def test_a_picture_has_its_ticks_labels_and_titles_in_chinese(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("matplotlib.font_manager.FontManager.findfont", lambda *_, **__: DEJAVU)
    figure = a_picture()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the signs are not in that font
        tell_picture(figure, "zh", installed={"SimHei"})
        found = words(figure)
    title = "F1-F11：废水中的苯有 88 % 产生于正常运行之外"
    assert {"废水：苯", "F1", "排放，吨/年", title} <= found


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        (
            "not drawn: 54.4 t/yr in small\nlosses, vents and waters led back",
            "未画出：54.4 吨/年，为小的损失、\n返回的放空气和水",
        ),
        ("dichloro-\nbenzene\n550", "二氯苯\n550"),
        ("end of pipe\n1,234 led there", "末端装置\n引入 1,234"),
        ("emission, t/yr\n\nend of pipe\n1,234 led there", "排放，吨/年\n\n末端装置\n引入 1,234"),
    ],
)
def test_a_label_of_the_flow_chart_breaks_its_lines_where_there_is_room(english: str, chinese: str):
    assert book("zh").label(english) == chinese


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        (
            "Levels of the tanks: F1, seed 1, first replication",
            "各罐的液位：F1，种子 1，第一次重复",
        ),
        (
            "States of the trains: F1, seed 1, first replication",
            "各系列的状态：F1，种子 1，第一次重复",
        ),
        (
            "F1 and F7 help each other: together 0.26 more than their sum\n"
            "(the other 2 pairs do less)",
            "F1 与 F7 相互促进：合在一起比各自之和多 0.26（其余 2 对相差更小）",
        ),
        (
            "F1 and F7 help each other: together 0.26 more than their sum",
            "F1 与 F7 相互促进：合在一起比各自之和多 0.26",
        ),
        ("S1 with S2", "S1 与 S2"),
        ("synergy", "协同"),
        ("F1-F11 against none: what changes", "F1-F11 与无方案相比：有何变化"),
        (
            "change, %; lines: 95 % intervals; grey: may be chance",
            "变化，%；线段：95 % 区间；灰色：可能出于偶然",
        ),
        ("running plant: 144.0", "运行中的工厂：144.0"),
        ("running plant: 158.5 ± 54.4", "运行中的工厂：158.5 ± 54.4"),
        ("net income of the programme, 10⁴ RMB/yr", "整个计划的净收益，万元/年"),
        ("net income of the programme, 10³ EUR/yr", "整个计划的净收益，千 EUR/年"),
        (
            "change of margin, 10³ SEK/yr; lines: 95 % intervals",
            "毛利的变化，千 SEK/年；线为 95 % 区间",
        ),
        ("rate", "质量流量"),
        ("share", "质量分数"),
        ("F1: day_tank_1 removed changes margin most", "F1：去掉 1 号日罐 时毛利变化最大"),
        ("F1: day_tank_1 50% better changes margin most", "F1：1 号日罐 改善 50 % 时毛利变化最大"),
        ("share of 175 h, %; 30 more are in the table", "占 175 小时的份额，%；另有 30 项在表中"),
        ("air, mg/m³ of dry gas", "大气，毫克/立方米干气"),
        (
            "S1: after 36 months 184.2 in hand, on paper 180.0 (10³ EUR)",
            "S1：36 个月后手中有 184.2，账面上为 180.0（千 EUR）",
        ),
        (
            "S1: after 36 months 184.2 ± 3.1 in hand, on paper 180.0 (10³ EUR)",
            "S1：36 个月后手中有 184.2 ± 3.1，账面上为 180.0（千 EUR）",
        ),
        ("earned a year, 10³ EUR, Shapley", "每年所挣，千 EUR，按 Shapley"),
        ("Readings against balances: shop", "读数与平衡对照：shop"),
    ],
)
def test_what_stands_over_and_beside_a_picture_is_in_chinese(english: str, chinese: str):
    assert book("zh").label(english) == chinese


def test_without_a_chinese_font_a_picture_stays_english_and_says_so():
    figure = a_picture()
    with pytest.warns(UserWarning, match="no font with Chinese characters"):
        tell_picture(figure, "zh", installed={"DejaVu Sans"})
    assert "emission, t/yr" in words(figure)


NAMED = re.compile(
    r"""'[^']*'|"[^"]*"|\{.*\}|\[.*\]|已知：.*|应为 .* 之一|含有 .* 的表|[\w-]*[._/=][\w./=-]*"""
)
"""What one has written, and names to choose from."""

QUICK = (("prices", [1]), ("limits", None), ("schemes", "x"))
"""A table of a folder, and what stands in it in place of each of its values."""


@pytest.mark.parametrize(
    ("name", "odd"),
    [
        pytest.param(name, odd, marks=() if (name, odd) in QUICK else pytest.mark.long)
        for name in ("plant", "prices", "limits", "schemes")
        for odd in ([1], None, "x")
    ],
)
def test_what_is_wrong_in_a_folder_is_told_in_chinese(name: str, odd: object):
    files = shipped("brine")
    table = tomllib.loads(files[f"{name}.toml"])
    met = set()
    for path in paths(table):
        text = with_odd(table, path, odd)
        try:
            FolderPlant(tuple(sorted({**files, f"{name}.toml": text}.items())))
        except (ValueError, LookupError) as fault:
            met |= set(in_chinese(str(fault)).splitlines())
    english = [line for line in met if re.search("[a-z]{3,} [a-z]{2,}", NAMED.sub("", line))]
    assert met
    assert not english


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("exchange out for 4 h", "exchange 已停 4 小时"),
        ("crude_column out within the hour", "粗蒸馏塔 在这一小时内停"),
        ("exchange in maintenance; exchange back", "exchange 检修；exchange 恢复"),
        ("washer failed (leak); ix starts up", "washer 故障（leak）；ix 开车"),
        ("line annual shutdown begins", "全厂年度大修开始"),
        ("Evaporator gives the first rinse back", "Evaporator gives the first rinse back"),
    ],
)
def test_what_happened_in_a_worst_hour_is_told_in_chinese(english: str, chinese: str):
    assert book("zh").name(english) == chinese


WITH_UNITS = (
    "heat F1",
    "why air.benzene_t F1 --brief",
    "plant check brine",
    "plant history brine",
    "run none --years 0.01",
    "card absorber --brief",
    "explain F1",
)


def test_what_is_headed_as_unit_of_measure_is_never_equipment(monkeypatch, call):
    """In English both are units; in Chinese 单位 is the one, 设备 the other."""
    headed: dict[str, set[str]] = {}

    def looked_at(header: Sequence[str], rows: Sequence[Sequence[str]], *more: Any, **extra: Any):
        for i, title in enumerate(header):
            headed.setdefault(title, set()).update(row[i] for row in rows)
        return text_table(header, rows, *more, **extra)

    tellers = ("experiments.studies.heat", "experiments.studies.plant_check", "plant_models.why",
               "experiments.studies.plant_history", "experiments.studies.run",
               "experiments.studies.card", "sim.model.explain")  # fmt: skip
    for module in tellers:
        monkeypatch.setattr(f"{module}.text_table", looked_at)
    for line in WITH_UNITS:
        assert call(*line.split()).exit_code == 0
    parts = {*PLANT.variant("none").network.units, *load("brine").contents.network.units}
    assert headed["unit"]
    assert not headed["unit"] & parts
    assert headed["equipment"] & parts
    known = phrases.book("zh")
    assert (known.name("unit"), known.name("equipment")) == ("单位", "设备")


@pytest.mark.parametrize("heading", [*CAUSES, ABNORMAL, "others"])
def test_every_cause_that_may_head_a_column_is_told_in_chinese(heading: str):
    """Runs as short as those above have few of them."""
    assert english(phrases.book("zh").name(heading)) == set()


def test_a_device_that_is_by_passed_is_told_in_chinese():
    assert phrases.book("zh").name("absorber failed (water_failure), by-passed") == (
        "吸收塔 故障（断水）、旁路"
    )


def test_units_of_the_shop_are_told_in_chinese():
    units = plant_named("flowshop").units.values()
    assert {unit for unit in units if english(phrases.book("zh").name(unit))} == set()
