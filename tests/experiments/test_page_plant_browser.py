"""The page of a plant from a folder in a real browser: numbers, both languages, every width."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import experiments as ex
from experiments.page import texts
from plant_models import plant_named
from plant_models.methods.attribution import members
from tests.experiments.conftest import SCREENS
from tests.experiments.test_page_browser import COLLIDING, OVERFLOWING, go, shown
from tests.plant_models.folder.texts import BETTER_FIRE, FIRE, plant

pytestmark = pytest.mark.long

PLANT = plant_named("brine")
SCHEMES = tuple(PLANT.catalogue())
LONG = "pusher_centrifuge_of_the_second_floor"
WIDER = """[...document.querySelectorAll('.scheme .title, .tile h3, th, td, h2, h3, p, dt, dd, li')]
    .filter((e) => !e.closest('.unseen') && e.checkVisibility()
      && e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0)
    .map((e) => e.textContent.slice(0, 60))"""
"""Texts that are wider than their place."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("page") / "page.html"
    ex.write_page(file, plant="brine", replications=2)
    return file.as_uri()


def test_numbers_on_the_page_are_those_of_the_plant(opened: Any):
    page = opened()
    for mask in range(1 << len(SCHEMES)):
        go(page, "+".join(members(SCHEMES, mask)) or "none")
        found = shown(page)
        figures = PLANT.steady_state(members(SCHEMES, mask)).indicators
        told = set(found) & set(PLANT.units)
        assert {"air_t", "sewer_t", "customers_t", "sewer.salt_t", "brine_t"} <= told
        for key in told:
            assert found[key] == figures[key], (mask, key)


def test_what_raises_a_figure_and_what_lowers_it_are_said_to_strengthen_nothing(opened: Any):
    """One spilled the water that the other saved, and the page called that strengthening."""
    page = opened("B1+B2")
    none, *alone = (PLANT.steady_state(s).indicators for s in ("none", "B1", "B2"))
    mixed = 0
    for key in page.eval_on_selector_all("#figure-pick option", "all => all.map((o) => o.value)"):
        first, second = (each[key] - none[key] if key in none else 0.0 for each in alone)
        page.select_option("#figure-pick", key)
        told = page.inner_text("#shares-gap")
        if first * second < 0.0 and "Here single effects add up" not in told:
            mixed += 1
            assert "up and down" in told, key
    assert mixed


def test_on_a_phone_the_legend_has_the_colour_of_what_is_lost_most(browser: Any, tmp_path: Path):
    """A plant that loses to the sewer alone had the colour of air in its legend."""
    file = tmp_path / "plating.html"
    ex.write_page(file, plant="plating", replications=0)
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto(file.as_uri())
    drawn = page.eval_on_selector_all(".ladder i.is", "all => all.map((e) => e.classList[1])")
    legend = page.eval_on_selector_all("#sankey-chart .legend i", "all => all.at(-1).className")
    assert set(drawn) == {legend} == {"sewer"}


def test_more_steam_given_got_better(browser: Any, tmp_path: Path):
    file = tmp_path / "fire.html"
    ex.write_page(file, plant=plant(FIRE, schemes=BETTER_FIRE), replications=0)
    page = browser.new_page()
    page.goto(f"{file.as_uri()}#S1")
    assert "\N{MINUS SIGN}10" in page.inner_text("[data-better=steam_t]")
    page.close()


@pytest.fixture
def crystals(browser: Any, tmp_path: Path) -> Any:
    file = tmp_path / "crystals.html"
    ex.write_page(file, plant="crystals", replications=0)
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.goto(f"{file.as_uri()}#all")
    yield page
    page.close()


def test_what_is_paid_back_in_days_is_not_paid_back_in_no_time(crystals: Any):
    assert crystals.inner_text("[data-tile=payback] .num") == "< 0.1"


def test_a_number_does_not_cut_the_name_above_it(crystals: Any):
    """The rim that keeps lines off a number is drawn below the names."""
    names = crystals.evaluate(
        "[...document.querySelectorAll('#sankey-chart g')].map((g) =>"
        " [...g.children].filter((e) => e.tagName === 'text').map((e) => e.className.baseVal))"
    )
    pairs = [found for found in names if "through" in found and len(found) == 2]
    assert len(pairs) >= 8
    assert all(found[0] == "through" for found in pairs)


def test_a_switch_moves_figures_link_and_words(opened: Any):
    page = opened()
    page.click("[data-scheme='B2'] label")
    assert page.evaluate("location.hash") == "#B2"
    assert page.text_content("#story").startswith("B2 would hardly change all to air")
    assert "salt to sewer" in page.text_content("#better")
    page.click("[data-scheme='B2'] label")
    assert page.evaluate("location.hash") == "#none"


@pytest.mark.parametrize(
    ("link", "on"),
    [("b1-b3", ["B1", "B2", "B3"]), ("B1,B3", ["B1", "B3"]), ("all", ["B1", "B2", "B3"])],
)
def test_a_link_opens_its_design(opened: Any, link: str, on: list[str]):
    page = opened(link)
    found = page.evaluate(
        "[...document.querySelectorAll('input:checked[role=switch]')].map((e) => e.id)"
    )
    assert sorted(found) == [f"switch-{name}" for name in on]


@pytest.mark.parametrize("link", ["F1", "B1-B9", "B1+X", "B3-B1"])
def test_a_link_that_names_nothing_is_told_in_the_plants_words(opened: Any, link: str):
    page = opened(link)
    assert "Schemes are B1-B3, written #B1+B2" in page.text_content("#notice")


@pytest.mark.parametrize("language", texts.LANGUAGES)
@pytest.mark.parametrize("screen", ["beamer", "old", "phone"])
def test_nothing_overflows_overlaps_or_is_empty(opened: Any, screen: str, language: str):
    page = opened(f"B1+B2&lang={language}", screen)
    for kind in ("all", "salt", "water", "gypsum"):
        go(page, f"B1+B2&chart={kind}&lang={language}")
        assert page.evaluate(OVERFLOWING) == [], kind
        assert page.evaluate(COLLIDING) == [], kind
    assert page.evaluate("document.querySelectorAll('#sankey-chart .node, .ladder li').length") > 4


@pytest.fixture
def long_names(browser: Any, tmp_path: Path) -> Any:
    folder = tmp_path / "works"
    ex.plant_new(folder)
    for file in folder.glob("*.*"):
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace("centrifuge", LONG), encoding="utf-8")
    ex.write_page(tmp_path / "page.html", plant=folder, replications=2)
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.goto((tmp_path / "page.html").as_uri())
    yield page
    page.close()


def test_a_word_as_long_as_a_name_may_be_stays_in_its_place(long_names: Any):
    """A scheme's title ran over its cost and the arrow beside it."""
    for link in ("none", "B1+B2", "B1+B2&lang=zh", "B1&vs=B2"):
        go(long_names, link)
        assert long_names.evaluate(OVERFLOWING) == [], link
        assert long_names.evaluate(WIDER) == [], link


LONG_IDS = {
    "B1": "less_purge_by_analysis_of_the_mother_liquor",
    "sewer": "sewer_of_the_old_town_behind_the_river",
    "customers": "customers_of_the_northern_provinces",
    "unloading": "unloading_station_of_the_tank_lorries",
    "evaporator": "triple_effect_evaporator_with_recompression",
}


@pytest.fixture(scope="module")
def long_ids(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the address of a page of which schemes, sinks and units have long names."""
    folder = tmp_path_factory.mktemp("ids") / "works"
    ex.plant_new(folder)
    for file in folder.glob("*.*"):
        text = file.read_text(encoding="utf-8")
        for name, long in LONG_IDS.items():
            text = re.sub(rf"\b{name}(?=\b|_t\b)", long, text)
        file.write_text(text, encoding="utf-8")
    ex.write_page(folder.parent / "page.html", plant=folder, replications=0)
    return (folder.parent / "page.html").as_uri()


@pytest.mark.parametrize("language", texts.LANGUAGES)
@pytest.mark.parametrize("screen", ["beamer", "phone"])
def test_long_names_of_schemes_and_sinks_cover_nothing(
    browser: Any, long_ids: str, screen: str, language: str
):
    """An id stood letter by letter, a tile lay on its neighbour, a name on the marks of a chart."""
    width, height = SCREENS[screen]
    page = browser.new_page(viewport={"width": width, "height": height})
    page.goto(f"{long_ids}#all&vs={LONG_IDS['B1']}&lang={language}")
    page.add_style_tag(content="* { content-visibility: visible !important }")
    assert page.evaluate(OVERFLOWING) == []
    assert page.evaluate(COLLIDING) == []
    assert page.evaluate(WIDER) == []
    tall = page.evaluate(
        "[...document.querySelectorAll('.scheme .id')].map((e) => e.getClientRects()[0].height)"
    )
    assert max(tall) < 60
    page.close()


def test_a_report_with_long_names_is_no_wider_than_a_phone(
    browser: Any, long_ids: str, tmp_path: Path
):
    works = Path(long_ids.removeprefix("file://")).parent / "works"
    ex.report("all", plant=works, years=0.01).save(tmp_path / "audit")
    page = browser.new_page(viewport={"width": 390, "height": 844})
    for name in ("report", "appendix"):
        page.goto((tmp_path / "audit" / f"{name}.html").as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") == 390, name
    page.close()


LONE = """\
pipes = ["ore -> mill", "mill.fine -> goods", "mill.coarse -> dump"]
plant = { name = "mill", product = "goods", pacer = "mill" }
components = { rock = "SiO2" }
supplies = { ore = { rock = 1.0 } }
sinks = { goods = "product", dump = "residue" }

[units.mill]
kind = "separator"
outlets = ["fine", "coarse"]
capacity = "1 g/h"
recovery = { rock = 1.0 }
"""
WORSE = """\
[worse]
class = "high-cost"
title = "Worse"
reason = "x"
patches = [{ path = "mill.recovery.rock", add = -0.2, note = "x" }]
"""
DEAR = """\
[money]
currency = "EUR"
interest_rate = 0.08
horizon = 10

[sold.goods]
of = "goods_t"
price = 90.0

[investments]
worse = 200000.0
"""


def test_a_plant_of_grams_has_bands_and_cents(browser: Any, tmp_path: Path):
    """A plant without recycles and losses was drawn as a line, what it loses told as -0."""
    for name, text in {"plant": LONE, "schemes": WORSE, "prices": DEAR}.items():
        (tmp_path / f"{name}.toml").write_text(text)
    ex.write_page(tmp_path / "page.html", plant=tmp_path, replications=0)
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.goto(f"{(tmp_path / 'page.html').as_uri()}#worse")
    heights = page.evaluate(
        "[...document.querySelectorAll('#sankey-chart .node')].map((e) => e.height.baseVal.value)"
    )
    assert max(heights) > 20
    net = page.inner_text("[data-tile=net] .num")
    assert net == "\N{MINUS SIGN}0.158"
    page.close()


def test_chart_and_switches_share_the_first_screen(opened: Any):
    for screen in ("beamer", "old"):
        page = opened("B1", screen)
        box = page.locator("#sankey-chart svg").bounding_box()
        assert box["y"] + box["height"] <= SCREENS[screen][1], screen


def test_in_chinese_only_the_folders_words_are_latin(opened: Any):
    page = opened("B1+B2&lang=zh")
    page.evaluate("document.querySelectorAll('.more').forEach((e) => e.click())")
    page.evaluate("document.querySelectorAll('details').forEach((e) => { e.open = true; })")
    words = page.evaluate(
        r"""() => {
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          const found = [];
          while (walker.nextNode()) {
            const e = walker.currentNode.parentElement;
            if (e.closest('script, style, noscript, code, #language')) continue;
            found.push(...(walker.currentNode.textContent.match(/[A-Za-z]{4,}/g) || []));
          }
          return [...new Set(found)];
        }"""
    )
    own = " ".join(text for _, text in PLANT.files) + " limits.toml prices.toml cleanerline"  # type: ignore[attr-defined]
    known = set(re.findall(r"[A-Za-z]{4,}", own))
    assert set(words) - known <= set()


def test_every_figure_tells_on_whose_word_it_stands(opened: Any):
    page = opened("B1")
    keys = page.evaluate(
        "[...document.querySelectorAll('[data-basis]')].map((e) => e.dataset.basis)"
    )
    assert {"sankey", "shares", "net", "sewer.salt_t"} <= set(keys)
    for key in dict.fromkeys(keys):
        page.evaluate(f"document.querySelector(`[data-basis='{key}']`).click()")
        told = page.text_content("#basis")
        assert not re.search(r"undefined|NaN|\{|<\w", told), key
        assert len(told) > 40, key
        page.keyboard.press("Escape")


def test_a_prediction_can_be_made_of_as_few_schemes_as_there_are(opened: Any):
    page = opened("none&mode=predict")
    page.click("#draw")
    page.click("#reveal")
    assert "points" in page.text_content("#predict-result")


def test_the_print_is_one_page(opened: Any, tmp_path: Path):
    page = opened("B1+B2")
    sheet = page.pdf(format="A4", print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", sheet)) == 1
