"""The audit report: its figures are those of ``run``, its balances close, it stands alone."""

import json
import re
import shutil
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from experiments.audit.assessment import headlines
from experiments.audit.balances import worksheets
from experiments.audit.basis import Audit, yearly
from experiments.audit.choices import shares
from experiments.audit.document import Document, Section, Table, Text
from experiments.audit.future import continuation
from experiments.audit.study import Report, report
from experiments.audit.writing import html, markdown, typeset
from experiments.bounds import EVENTS, STEADY
from experiments.output.crate import CRATE
from experiments.studies.attribute.attribution import METHODS
from plant_models import chlorobenzene as cb
from plant_models import flowshop, plant_named
from plant_models.chlorobenzene.line import wiring
from plant_models.chlorobenzene.line.wiring import PROCESSES
from plant_models.chlorobenzene.run.floors import floors
from plant_models.chlorobenzene.substances.chemistry import BENZENE, COMPONENTS
from plant_models.folder import load
from plant_models.folder.model import FolderPlant
from plant_models.methods.auditing import Year
from plant_models.model import PlantModel
from sim.books.indicators import Indicators
from tests.experiments.conftest import Call, Refused
from tests.plant_models.folder.texts import BETTER_FIRE, FIRE, WORKS, plant

SET = "F1-F4, F7"
LINE = "whole line"
SHORT = ("--years", "0.005", "--seed", "3", "--replications", "2")


@cache
def audited(schemes: str, plant: str | None = None, lang: str = "en") -> Report:
    return report(schemes, clock=STEADY, plant=plant or cb.PLANT, lang=lang)


@pytest.fixture(scope="module")
def steadily() -> Report:
    return audited(SET)


@pytest.fixture(scope="module")
def steady(steadily: Report) -> Audit:
    return steadily.of


@pytest.fixture(scope="module")
def document(steadily: Report) -> Document:
    return steadily.document


@pytest.fixture(scope="module")
def appendix(steadily: Report) -> Document:
    return steadily.appendix


@pytest.fixture(scope="module")
def told(call: Call, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path]:
    folder = tmp_path_factory.mktemp("audit") / "out"
    found = call("report", SET, *SHORT, "--out", str(folder), "--json")
    assert found.exit_code == 0, found.output
    return json.loads(found.stdout), folder


def tables(document: Document) -> list[Table]:
    return [b for section in document.sections for b in section.blocks if isinstance(b, Table)]


@pytest.mark.parametrize(("when", "schemes"), [("before", "none"), ("after", SET)])
def test_the_figures_are_those_of_run(call: Call, told, when: str, schemes: str):
    run = json.loads(call("run", schemes, *SHORT, "--json").stdout)
    assert told[0]["indicators"][when] == run["indicators"]
    assert told[0]["intervals"][when] == run["intervals"]
    assert told[0]["units"] == run["units"]


def test_the_balance_of_every_process_closes(told):
    sheets = told[0]["worksheets"]
    assert [sheet["process"] for sheet in sheets] == [*list(PROCESSES)[:9], LINE]
    for sheet in sheets:
        assert sheet["closure"] <= 1e-9, sheet["process"]
        for name, missing in sheet["missing"].items():
            found = (sheet["in"][name] + sheet["made"][name]) - (
                sheet["out"][name] + sheet["gained"][name]
            )
            assert missing == pytest.approx(found, abs=1e-6)


@pytest.mark.parametrize(
    ("stream", "open_ones"),
    [
        ("emergency_scrubber.gas", ["absorption", LINE]),
        ("neutral_tank>crude_column.charge", ["washing", "crude distillation"]),
        ("water_wash.washed", []),  # within a process: crosses no boundary
    ],
)
def test_a_leak_of_a_hundredth_opens_the_balances_whose_boundary_it_crosses(
    steady: Audit, stream: str, open_ones: list[str]
):
    books = steady.after.books
    assert any(entry.stream == stream for entry in books.flows)
    leaking = {
        entry: kg * (0.99 if entry.stream == stream else 1.0) for entry, kg in books.flows.items()
    }
    sheets = worksheets(replace(books, flows=leaking), cb.PLANT)
    assert [sheet.process for sheet in sheets if sheet.closure > 1e-4] == open_ones


def test_every_unit_and_tank_is_in_exactly_one_process():
    network = wiring.network(cb.line("E1, E2"))
    counted = Counter(account for members in PROCESSES.values() for account in members)
    assert {*network.units, *network.tanks} <= set(counted)
    assert set(counted.values()) == {1}


def test_what_one_process_sends_another_receives(steady: Audit):
    sheets = {sheet.process: sheet for sheet in worksheets(steady.after.books, cb.PLANT)}
    for name, sheet in sheets.items():
        for flow in sheet.leaving:
            if flow.neighbour in sheets:
                (received,) = [f for f in sheets[flow.neighbour].entering if f.neighbour == name]
                np.testing.assert_array_equal(flow.kg, received.kg)


def test_the_floor_of_benzene_without_by_products_is_the_stoichiometric_one(steady: Audit):
    """78.11 / 112.56 t of benzene make a tonne of chlorobenzene."""
    books = steady.after.books
    first = {
        key: kmol
        for key, kmol in books.extents.items()
        if key[1].equation.startswith("benzene + chlorine")
    }
    year = replace(steady.after.year, books=replace(books, extents=first))
    mass = COMPONENTS.molar_mass
    assert floors(year)["benzene"][0] == pytest.approx(1000.0 * mass[BENZENE] / mass[1], rel=1e-12)


@pytest.mark.parametrize(
    "schemes",
    ["none", SET, pytest.param("F1-F11", marks=pytest.mark.long), "F1, E1, E2"],
)
def test_no_design_is_below_a_floor(schemes: str):
    scores = audited(schemes).of.scorecard
    assert len(scores) == 10
    for score in scores:
        assert 0.0 <= score.floor < min(score.before, score.after), score.name


def test_a_chilled_tail_gas_is_not_below_the_floor_of_cooling():
    """At 8 degC it is colder than the cooling water, whose temperature sets the floor else."""
    known = cb.own_schemes(catalogue="ours")
    run = cb.steady_state("F1-F11, O2, O12, O13", known=known)
    year = Year(run.indicators, yearly([run.ledger], 1.0), run.line, run)
    gone = sum(year[f"air.{x}_t"] for x in ("benzene", "chlorobenzene"))
    per_tonne = 1000.0 * gone / year["chlorobenzene_t"]
    warm = replace(year, tree=cb.line("F1-F11"))
    name = "benzene and chlorobenzene to air"
    assert floors(year)[name][0] < per_tonne < floors(warm)[name][0]


def test_what_moves_away_from_its_floor_is_said_to_be_worse():
    """Chlorine closed -8 % of its gap, and nothing was said of it."""
    said = markdown(audited("F1-F5").document)
    table = re.findall(r"^\| (.+?) \| kg/t \|.* (-?\d+)% \|$", said, re.MULTILINE)
    worse = [name for name, closed in table if closed.startswith("-")]
    assert worse == ["chlorine", "benzene and chlorobenzene to air"]
    assert ", ".join(worse) in said
    assert "-0%" not in said


def test_what_came_out_of_the_tanks_is_below_no_floor():
    """Its chlorine was bought before: the first drums are of less than stoichiometry takes."""
    run = cb.simulate("F1", years=0.002)
    year = Year(run.indicators, yearly([run.ledger], 0.002), cb.line("F1"), run)
    used = 1000.0 * year["chlorine_used_t"] / year["chlorobenzene_t"]
    least = floors(year)["chlorine"][0]
    assert used < 630.0
    assert 0.98 * used < least < used


def floor_to_air(**run: Any) -> float:
    river = cb.own_design(settings={"cooling_water.source": "river"})
    scores = report("F1-F10", design=river, **run).of.scorecard
    return next(s.floor for s in scores if s.name == "benzene and chlorobenzene to air")


@pytest.mark.long
@pytest.mark.parametrize(("start", "least", "most"), [("01-05", 2.9, 3.4), ("08-01", 10.5, 12.0)])
def test_the_floor_of_cooling_is_that_of_the_water_of_the_days_on_which_the_line_ran(
    start: str, least: float, most: float
):
    """Saturation bends: it is 3 kg/t over the river of January, 12 over that of July."""
    assert least < floor_to_air(years=0.05, start=start) < most


@pytest.mark.soak
def test_the_floor_of_cooling_of_a_year_lies_above_that_of_its_mean_water():
    steady = floor_to_air(clock=STEADY)
    assert 1.04 * steady < floor_to_air(years=1.0, start="01-01") < 1.1 * steady


def test_the_seven_stages_stand_in_their_order(document: Document):
    titles = [section.title for section in document.sections]
    assert titles[0] == "Summary: what changes, and what to do first"
    assert [title[0] for title in titles[1:]] == list("1234567")


@pytest.mark.parametrize("kind", ["document", "appendix"])
def test_html_and_markdown_hold_every_cell_of_every_table(steadily: Report, kind: str):
    document: Document = getattr(steadily, kind)
    pages = ((re.sub(r"<[^>]*>", "\n", html(document)), typeset), (markdown(document), str))
    for table in tables(document):
        for page, written in pages:
            plain = page.replace("&lt;", "<").replace("&gt;", ">").replace("&#x27;", "'")
            plain = plain.replace("&amp;", "&").replace("&quot;", '"').replace("\\", "")
            for cell in (*table.header, *(cell for row in table.rows for cell in row)):
                assert written(cell) in plain, (table.caption, cell)


@pytest.mark.parametrize(
    "title",
    ["[x](javascript:alert(1))", "\\[x](javascript:alert(1))", "![x](javascript:alert(1))",
     "x\n\n[x]: javascript:alert(1)", "<javascript:alert(1)>", "a | [x](javascript:alert(1))"],
)  # fmt: skip
def test_the_words_of_a_user_are_no_link_in_the_report(title: str):
    blocks = (Text(title), Table(title, ("scheme",), [[title]]))
    page = markdown(Document(title, title, title, (Section("s", title, blocks),)))
    assert re.search(r"(?<!\\)(?:\\\\)*\[", page) is None  # every bracket is escaped
    assert "<" not in page


@pytest.mark.long
def test_a_title_in_a_users_own_catalogue_is_escaped():
    evil = replace(cb.SCHEMES["F1"], title="[x](javascript:alert(1))")
    told = report("F1", clock=STEADY, known={**cb.SCHEMES, "F1": evil}).documents()
    assert "](javascript" in told["report.md"]
    assert re.search(r"(?<!\\)\[x", told["report.md"]) is None
    assert 'href="javascript' not in told["report.html"]


def test_it_says_that_it_is_illustrative(document: Document):
    for page in (html(document), markdown(document)):
        assert "Illustrative. Every figure comes from a simulated line" in page


def test_the_html_asks_nobody_for_anything(document: Document):
    page = html(document)
    assert not re.search(r"https?://|<script|<link|@import|url\(", page)
    sources = re.findall(r'src="([^"]{5})', page)
    assert sources
    assert set(sources) == {"data:"}


def test_tonnes_of_single_schemes_stand_under_the_name_of_a_method(appendix: Document):
    (shared,) = [section for section in appendix.sections if section.name == "shares"]
    _levers, *found = [block for block in shared.blocks if isinstance(block, Table)]
    assert len(found) == 4
    for table in found:
        assert table.header == ("scheme", *METHODS)


@pytest.mark.long
def test_nine_schemes_have_their_shares_too():
    nine = audited("F1-F9").of
    _levers, *found = [block for block in shares(nine).blocks if isinstance(block, Table)]
    assert len(found) == 4
    assert all(len(table.rows) == 10 for table in found)


@pytest.mark.long
def test_more_schemes_than_the_source_has_are_left_to_the_command_that_shares_them_out():
    many = audited("F1-F12, E1").of
    page = markdown(Document("", "", "", (shares(many),)))
    assert "13 schemes make 8,192 sets" in page
    assert "`attribute` shares a figure out over up to 14 (`--players`)" in page


def test_a_scheme_that_fails_its_tests_is_not_proposed_for_the_next_round(steady: Audit):
    page = markdown(Document("", "", "", (continuation(steady),)))
    assert "next round: F9, " in page
    assert "not proposed: F8, " in page
    assert "next round: F8" not in page


def test_no_note_is_taken_for_emphasis_in_markdown(document: Document):
    assert not re.search(r"^\*\*? ", markdown(document), re.M)


def test_the_summary_says_of_its_money_that_it_is_at_constant_conditions(document: Document):
    assert "RMB/yr, net, at constant conditions" in markdown(document)


def test_the_steps_are_appraised_as_money_does(call: Call, steady: Audit):
    told = json.loads(call("money", SET, "--json").stdout)
    assert steady.money is not None
    found = {row.name: (row.income, row.operating_cost, row.present_value)
             for row in steady.money.rows}  # fmt: skip
    assert found == {
        row["name"]: (row["income"], row["operating_cost"], row["present_value"])
        for row in told["steps"]
    }


def test_what_was_not_chosen_is_valued_as_the_next_step(call: Call, steady: Audit):
    told = json.loads(call("money", f"{SET}, F9", "--json").stdout)
    (row,) = [row for row in steady.left if row.name == "F9"]
    (step,) = [row for row in told["steps"] if row["name"] == "F9"]
    assert row.net == pytest.approx(step["net"], rel=1e-9)


@pytest.mark.long
def test_the_same_command_writes_the_same_bytes(document: Document):
    again = report(SET, clock=STEADY).document
    assert html(again) == html(document)
    assert markdown(again) == markdown(document)


def test_a_line_without_schemes_has_a_report_too():
    page = markdown(audited("none").document)
    assert "No scheme is chosen" in page
    assert "## 7 Continuation" in page


def test_the_folder_holds_both_files_the_pictures_and_the_origin(told):
    assert sorted(file.name for file in told[1].iterdir()) == [
        "appendix.html", "appendix.md", "emissions.png", "indicators.csv", "provenance.json",
        "report.html", "report.md", CRATE, "sankey.png", "scorecard.csv", "worksheets.csv",
    ]  # fmt: skip
    origin = json.loads((told[1] / "provenance.json").read_text(encoding="utf-8"))
    of_files = {name: origin.pop(name) for name in ("files", "units")}
    assert origin == told[0]["provenance"]
    assert of_files["units"]["worksheets.csv"]["benzene"] == "kg/yr"
    assert origin["clock"] == EVENTS


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (("F77",), "no scheme 'F77'"),
        (("F1", "--clock", "noon"), "--clock: no 'noon'"),
        (("F1", "--years", "none"), "--years: expected a number"),
        (("F1", "--out", "pyproject.toml"), "--out: pyproject.toml is a file"),
        (("F1", "--price", "gold=3"), "gold"),
    ],
)
def test_a_wrong_input_ends_in_one_message(
    refused: Refused, arguments: tuple[str, ...], fault: str
):
    refused("report", *arguments, words=[fault])


def test_another_plant_has_a_report_that_says_what_it_has_not():
    found = report("S1", clock=STEADY, plant=flowshop.PLANT)
    titles = [section.title for section in found.document.sections]
    assert titles[0] == "Summary: what changes, and what to do first"
    assert [title[0] for title in titles[1:]] == list("1234567")
    page = markdown(found.document)
    assert "The flowshop has no limits to watch." in page
    assert "x 10³ USD/yr, net, at constant conditions" in page
    for sheet in found.as_json()["worksheets"]:
        assert sheet["closure"] <= 1e-9, sheet["process"]
    assert "benzene" not in html(found.document)


def test_rounding_is_no_news_in_the_summary(steady: Audit):
    """What is not seen in three digits is none either, as on the page."""
    (was,) = steady.before.indicators
    for by, word in (
        (1e-9, "stays at"),
        (-1e-9, "stays at"),
        (4e-4, "stays at"),
        (1e-3, "rises by"),
    ):
        now = Indicators({k: v * (1.0 + by) for k, v in was.items()}, was.units)
        moved = replace(steady, after=replace(steady.after, indicators=(now,)))
        assert f"benzene to air {word}" in " ".join(headlines(moved))


def test_what_does_not_move_stays_in_the_summary():
    told = str(report("S1", years=0.01, plant=flowshop.PLANT))
    assert "product to sewer stays at 1.12 t/yr" in told
    assert " by 0 " not in told
    assert max(map(len, told.splitlines())) <= 100


def test_a_plant_without_prices_has_a_report_too():
    found = report("S1", clock=STEADY, plant=Unpriced())
    page = markdown(found.document)
    assert "The flowshop has no prices, so nothing is said of money." in page
    assert "The flowshop has no prices, so no step pays for the next: S1." in page
    with pytest.raises(LookupError, match="the flowshop has no prices, which money needs"):
        report("S1", clock=STEADY, plant=Unpriced(), investments={"S1": 1.0})


class Unpriced(type(flowshop.PLANT)):  # type: ignore[misc]
    """The flowshop, but for its books."""

    economy = PlantModel.economy


@pytest.mark.long
def test_it_reads_on_a_phone_and_asks_no_other_address(document: Document, tmp_path: Path):
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("no Chromium on this machine")
    file = tmp_path / "report.html"
    file.write_text(html(document), encoding="utf-8")
    asked: list[str] = []
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--headless", "--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 390, "height": 844})
        page.on("request", lambda request: asked.append(request.url[:5]))
        page.on("console", lambda message: asked.append(message.text))
        page.goto(file.as_uri())
        width = page.evaluate("document.documentElement.scrollWidth")
        browser.close()
    assert width <= 390
    assert set(asked) <= {"file:", "data:"}


def test_options_beyond_the_source_are_screened_and_marked_as_ours(appendix: Document):
    (screened,) = [each for each in tables(appendix) if each.caption.startswith("Options of our")]
    assert [row[0] for row in screened.rows] == [f"O{n}" for n in range(1, 14)]
    told = markdown(appendix)
    assert "O3: Chlorine of higher purity" in told
    assert "options that the audit did not name, with costs of our own" in told


def test_the_report_says_what_to_do_first(steady: Audit, document: Document):
    """Free steps, then the shortest payback."""
    assert steady.money is not None
    page = markdown(document)
    begins = page.index("What to do first:")
    names = [step.name for step in steady.money.steps if step.net > 0.0]
    places = {name: page.index(f"- {name}", begins) for name in names}
    assert min(places, key=lambda name: places[name]) == "F1-F4"
    assert page.index("## 4 Options") > begins


def test_what_costs_more_than_it_will_bring_is_nothing_to_do_first():
    """A step that pays back within the horizon, and yet has a present value below 0."""
    found = report("B1", clock=STEADY, plant="brine", investments={"B1": 250_000.0})
    assert found.of.money is not None
    (step,) = found.of.money.steps
    assert step.net > 0.0 > (step.present_value or 0.0)
    assert "No step is worth its money at these prices" in markdown(found.document)


def test_what_is_worth_its_money_only_without_others_is_told_as_that():
    """The purge is wide open behind B9: bleeding less brings nothing more, alone it does."""
    files = dict(load("brine").files)
    files["schemes.toml"] += """
[B0]
class = "no-cost"
title = "No purge at all"
patches = [{ path = "bleed.share.purge", set = 0.0, note = "habit" }]
"""
    files["prices.toml"] += "B0 = 0.0\n"
    plant = FolderPlant(tuple(files.items()))
    found = report("B0,B2", clock=STEADY, plant=plant)
    assert found.of.money is not None
    assert found.of.money.steps[-1].net == 0.0 < found.of.money.alone("B2").net
    assert "- B2 without others of these: alone it brings" in markdown(found.document)


def test_more_steam_given_is_no_more_steam_used():
    found = report("S1", clock=STEADY, plant=plant(FIRE, schemes=BETTER_FIRE))
    (media,) = [each for each in tables(found.document) if each.caption.startswith("All media")]
    (steam,) = [row for row in media.rows if row[0] == "steam"]
    assert steam[4].startswith("-")
    assert steam[5] == "-10.0%"


CODE = r"`[^`]*`|!\[.*|[a-z_]+(?:\.[a-z_]+)+|\b[0-9a-f]{12}\b"
"""What is no prose: code, pictures, paths of parameters, fingerprints."""


@pytest.fixture(scope="module")
def chinese() -> Report:
    return audited(SET, lang="zh")


@pytest.mark.long
def test_in_chinese_nothing_is_left_in_english(chinese: Report):
    """But names of commands, files and parameters, and the fingerprint."""
    for page in (markdown(chinese.document), markdown(chinese.appendix)):
        left = set(re.findall(r"[A-Za-z]{4,}", re.sub(CODE, "", page)))
        assert left <= {"cleanerline", "NaOH", "Underwood"}, left


def test_in_chinese_each_scheme_that_changes_a_parameter_says_why():
    """Measures and devices, too; two that change the same one each with its own reason."""
    page = markdown(report("F9, F10, M1, E1", clock=STEADY, lang="zh").appendix)
    left = set(re.findall(r"[A-Za-z]{4,}", re.sub(CODE, "", page)))
    assert left <= {"cleanerline", "NaOH", "Underwood"}, left
    (fan,) = [line for line in page.splitlines() if "off_gas_fan.leak_area" in line]
    assert "新管线接头少、填料完好；M1：巡检时发现泄漏的填料和法兰" in fan
    (bed,) = [line for line in page.splitlines() if "carbon_bed.installed" in line]
    assert "活性炭床" in bed


def test_both_languages_tell_the_same_numbers(chinese: Report, document: Document):
    for one, other in zip(tables(document), tables(chinese.document), strict=True):
        assert len(one.rows) == len(other.rows)
        for row, translated in zip(one.rows, other.rows, strict=True):
            numbers = [cell for cell in row if re.fullmatch(r"[-\d.,%+]+", cell)]
            assert numbers == [c for c in translated if re.fullmatch(r"[-\d.,%+]+", c)]


@pytest.mark.long
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_report_is_printed_on_eight_pages_at_most(
    browser: Any, steadily: Report, chinese: Report, tmp_path: Path, language: str
):
    file = tmp_path / "report.html"
    file.write_text(html((steadily if language == "en" else chinese).document), encoding="utf-8")
    page = browser.new_page()
    page.goto(file.as_uri())
    sheet = page.pdf(prefer_css_page_size=True, print_background=True)
    page.close()
    assert 1 < len(re.findall(rb"/Type\s*/Page\b", sheet)) <= 8


def test_no_such_language_is_told(refused):
    refused("report", "F1", "--lang", "fr", words=["--lang: no 'fr'"])


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_plant_from_a_folder_is_told_in_its_own_words(language: str):
    """What is never there is no burden; figures are called as on the plant's page."""
    found = audited("B1, B2", "brine", language)
    page = markdown(found.document)
    named = {"en": "salt to sewer", "zh": "去往 sewer 的 salt"}
    assert named[language] in page
    (media,) = [
        table for table in tables(found.document) if table.caption in ("All media", "各种介质")
    ]
    assert all(row[2:4] != ["0", "0"] for row in media.rows)
    assert {"en": "x 10³ EUR", "zh": " 千 EUR"}[language] in page
    assert "10^3" not in page
    assert "Finer screen in the centrifuge" in page


def test_in_chinese_a_report_on_a_folder_keeps_no_english_of_our_own():
    page = markdown(report("P1, P3", clock=STEADY, plant="plating", lang="zh").document)
    for ours in ("material", "all that enters", "Limits that apply", "storage"):
        assert ours not in page, ours
    assert "salts 减少" in page, "its own words stand apart"


@pytest.mark.parametrize(("language", "noun"), [("en", "the plant without"), ("zh", "方案的工厂")])
def test_a_plant_whose_name_ends_in_no_word_for_a_plant_is_called_one(language: str, noun: str):
    page = markdown(report("V1", clock=STEADY, plant="vessels", lang=language).document)
    assert noun in page


def test_the_losses_that_remain_stand_by_what_is_followed(document: Document):
    (losses,) = [table for table in tables(document) if "largest losses" in table.caption]
    column = losses.header.index("organics, t/yr")
    tonnes = [float(row[column].replace(",", "")) for row in losses.rows]
    assert tonnes == sorted(tonnes, reverse=True)
    assert min(tonnes) > 0.0


def test_names_in_tables_are_words_not_paths_with_blanks_in_them(document: Document):
    """They stood there as ``drain separator.effluent``, neither a name to type nor a word."""
    (losses,) = [table for table in tables(document) if "largest losses" in table.caption]
    (options,) = [table for table in tables(document) if "fate" in table.header]
    where = options.header.index("where")
    names = [row[0] for row in losses.rows] + [row[where] for row in options.rows]
    assert "emergency scrubber: gas" in names
    assert "chlorinator condenser" in names
    assert [name for name in names if re.search(r"\w\.\w", name)] == []


@pytest.mark.parametrize(
    ("language", "word"),
    [("en", "breakdown"), pytest.param("zh", "故障", marks=pytest.mark.long)],
)
def test_at_constant_conditions_nothing_breaks_down(told, language: str, word: str):
    steady, year = (
        page.split("\n## ")[1]
        for page in (
            markdown(audited(SET, lang=language).document),
            (told[1] / "report.md").read_text("utf-8")
            if language == "en"
            else markdown(report("F1", lang=language, years=0.005).document),
        )
    )
    assert word not in steady
    assert word in year


def lettered(of: Document) -> tuple[str, str]:
    """Return the letters of an appendix, and that of what the schemes change."""
    titles = {section.name: section.title for section in of.sections}
    return "".join(title[0] for title in titles.values()), titles["parameters"][0]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_letters_of_the_appendix_follow_each_other_with_and_without_options_of_our_own(
    language: str,
):
    """The report sends its reader to one of them."""
    line, shop = audited(SET, lang=language), audited("none", "brine", language)
    assert lettered(line.appendix) == ("ABCDEF", "D")
    assert lettered(shop.appendix) == ("ABCDE", "D")
    assert {"en": "appendix, D;", "zh": "附录 D；"}[language] in line.of.say("set_points")


def test_a_free_step_is_taken_first_wherever_it_stands():
    """B2 of the brine works costs nothing: its savings buy B1 and B3, which stand around it."""
    found = audited("B1-B3", "brine")
    (steps,) = [
        table for table in tables(found.document) if (table.caption or "").startswith("Steps in")
    ]
    assert [row[0] for row in steps.rows] == ["B2", "B1", "B3"]
    bought = [row[-1] for row in steps.rows]
    assert bought[0] == "0.0"
    assert "not known" not in bought


def test_of_a_step_that_the_steps_before_it_do_not_pay_for_the_report_says_how_long_it_looked():
    """B2 earns something a year, which buys B1 no sooner than a plant lives."""
    found = report("B1-B3", clock=STEADY, plant="brine", investments={"B1": 1e9})
    (steps,) = [
        table for table in tables(found.document) if (table.caption or "").startswith("Steps in")
    ]
    assert [row[-1] for row in steps.rows] == ["0.0", "not known", "not known"]
    assert "within 50 years" in (steps.note or "")


def test_a_rate_of_interest_is_told_as_it_was_given():
    """7.5 % were 8 %."""
    prices = plant_named("brine").economy.own_prices(settings="interest_rate=0.075")
    found = report("B1-B3", clock=STEADY, plant="brine", prices=prices)
    assert "7.5% a year over 10 years" in markdown(found.document)


def test_what_acts_in_time_alone_is_told_beside_the_money_of_constant_conditions():
    """Spare parts in store had cost, no income, and failed every test."""
    page = markdown(audited("B1-B3", "brine").document)
    assert "know nothing of what acts in time: B3 (centrifuge.failure.mttr)." in page
    assert "acts in time" not in markdown(audited("B1, B2", "brine").document)


def test_a_plant_of_grams_finds_what_it_loses_in_its_report():
    """1 g/h of feed with 1 g/kg of salt, half of which leaves as loss: 4.4 g a year."""
    trace = WORKS.replace("salt = 0.1", "salt = 1e-3").replace("water = 0.9", "water = 0.999")
    small = trace.replace('"20 t"', '"20 kg"').replace('"1 t/h"', '"1 g/h"')
    found = report("none", plant=plant(small + "recovery.salt = 0.5\n"), clock=STEADY)
    said = markdown(found.document)
    assert "The loss of material that remains" in said
    assert "| still: top | still | emission gas | normal | 4.38e-6 |" in said
    assert "| to air | emission gas | 4.38e-6 | 0.00525 | 0.00526 |" in markdown(found.appendix)
