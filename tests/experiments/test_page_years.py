"""Years of a simulated cube on the page: the cube's own, with their interval and their worst."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import experiments as ex
from experiments.page import years
from experiments.page.data import Content
from experiments.page.packing import SINGLE
from experiments.studies.cube.study import Combinations, written
from plant_models import plant_named
from sim.statistics.intervals import Interval, interval
from tests.experiments.conftest import Refused, SampledPage
from tests.experiments.test_page_browser import go
from tests.experiments.test_page_plant import written as page_of

PLANT = plant_named("brine")
SOME = ("B1", "B3")


@pytest.fixture(scope="module")
def cube() -> Combinations:
    return ex.cube(SOME, plant="brine", simulate=True, years=0.02, replications=3)


@pytest.fixture(scope="module")
def saved(cube: Combinations, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cube")
    cube.save(folder / "all")
    return folder / "all"


def values(cube: Combinations, key: str, ids: tuple[str, ...]) -> list[float]:
    """Return a figure of a set in every replication; money in the currency."""
    mask = cube.of.mask(ids)
    if key != "net":
        return [each.columns[key][mask] for each in cube.of.replications]
    assert cube.worth is not None
    singles = (replace(cube, of=each) for each in cube.of.replications)
    return [each.money["net_income"].values[mask] * 1e3 for each in singles]


def test_the_page_holds_the_years_of_the_cube(cube: Combinations, saved: Path, tmp_path: Path):
    page = page_of("brine", tmp_path, cube=saved, replications=0)
    told = page.data["years"]["cube"]
    table = np.frombuffer(b64decode(told["values"]), dtype=SINGLE).reshape(-1, 3, 4)
    assert (told["count"], told["years"], told["schemes"]) == (3, 0.02, list(SOME))
    assert told["figures"][-1] == "net"
    for at, key in enumerate(told["figures"]):
        for mask, ids in enumerate(((), ("B1",), ("B3",), SOME)):
            assert table[at, :, mask] == pytest.approx(values(cube, key, ids), rel=1e-6), key
    same = ex.write_page(tmp_path / "again.html", plant="brine", cube=cube, replications=0)
    assert same.html == page.html
    assert same.as_json()["provenance"]["cube"]["hash"] == cube.of.hash


def test_income_of_a_cube_is_told_at_the_prices_of_the_page(cube: Combinations, tmp_path: Path):
    dear = PLANT.economy.own_prices(settings="effluent=9")
    page = page_of("brine", tmp_path, cube=cube, replications=0, prices=dear)
    told = page.data["years"]["cube"]
    net = np.frombuffer(b64decode(told["values"]), dtype=SINGLE).reshape(-1, 3, 4)[-1, :, 3]
    other = ex.cube(SOME, plant="brine", simulate=True, years=0.02, replications=3, prices=dear)
    assert net == pytest.approx(values(other, "net", SOME), rel=1e-6)
    assert net != pytest.approx(values(cube, "net", SOME), rel=1e-3)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ((), "is of another plant or an older version"),
        (("--plant", "brine", "--set", "site.repair_crews=3"), "is stale: site.repair_crews was"),
        (("--plant", "brine", "--cube", "nowhere"), "there is no file nowhere; make one"),
        (("--plant", "brine", "--cube", "AT_REST"), "steady states, which the page has"),
        (("--plant", "brine", "--cube", "OTHER"), "is stale: the model itself has changed"),
    ],
)
def test_a_cube_that_does_not_fit_is_refused(
    refused: Refused,
    cube: Combinations,
    saved: Path,
    tmp_path: Path,
    given: tuple[str, ...],
    said: str,
):
    runs = cube.of.runs.copy()
    runs[:, 0, 0] *= 1.001
    for name, other in {
        "AT_REST": ex.cube(SOME, plant="brine").of,
        "OTHER": replace(cube.of, runs=runs),
    }.items():
        (tmp_path / name).write_bytes(written(other, cube.worth))
    words = [str(tmp_path / word) if word.isupper() else word for word in given]
    out = tmp_path / "page.html"
    asked = words if "--cube" in words else ["--cube", str(saved), *words]
    told = refused("page", *asked, "--out", out, words=[said])
    assert told.startswith("error: --cube: ")
    assert told.count("\n") == 1
    assert not out.exists()


def test_a_cube_for_which_a_page_has_no_room_or_no_switch_is_refused(
    cube: Combinations, monkeypatch: pytest.MonkeyPatch
):
    with pytest.raises(ValueError, match="it combines B3, for which the page has no switch"):
        years.years_of(cube.of, ["sewer_t"], ["B1"], None)
    monkeypatch.setattr(years, "MOST_NUMBERS", 20)
    with pytest.raises(ValueError, match="24 numbers; a page holds 20: take 2 replications"):
        years.years_of(cube.of, ["sewer_t"], SOME, cube.worth)


@pytest.fixture(scope="module")
def address(cube: Combinations, tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("page") / "page.html"
    ex.write_page(file, plant="brine", cube=cube, replications=2)
    return file.as_uri()


def shown(page: Any) -> dict[str, float]:
    pairs = page.evaluate(
        "[...document.querySelectorAll('#years .num')]"
        ".map((e) => [e.dataset.figure, Number(e.dataset.value)])"
    )
    return dict(pairs)


def written_ends(page: Any, key: str) -> str:
    return str(page.inner_text(f"[data-year='{key}'] td:nth-of-type(2) small"))


@pytest.mark.long
def test_mean_interval_worst_and_change_are_those_of_the_cube(cube: Combinations, opened: Any):
    page = opened("none")
    for ids, other in ((SOME, ()), (("B1",), SOME), ((), ("B3",))):
        go(page, f"{'+'.join(ids) or 'none'}&vs={'+'.join(other) or 'none'}")
        found = shown(page)
        for key in ("sewer_t", "customers_t", "net"):
            own, against = values(cube, key, ids), values(cube, key, other)
            paired: Interval = interval([a - b for a, b in zip(own, against, strict=True)])
            size = max(map(abs, own))
            assert found[f"year.{key}"] == pytest.approx(interval(own).mean, abs=1e-6 * size)
            worst = max if key == "sewer_t" else min
            assert found[f"worst.{key}"] == pytest.approx(worst(own), rel=1e-6)
            assert found[f"against.{key}"] == pytest.approx(paired.mean, abs=1e-6 * size)
    go(page, "B1+B3&vs=none")
    of = interval(values(cube, "customers_t", SOME))
    low, high = (
        float(end.replace(",", "")) for end in written_ends(page, "customers_t").split("–")
    )
    assert (low, high) == pytest.approx((of.low, of.high), rel=2e-3)


@pytest.mark.long
def test_a_set_of_which_a_year_broke_off_is_told_apart_from_one_that_is_not_in_the_cube(
    cube: Combinations, browser: Any, tmp_path: Path
):
    runs = cube.of.runs.copy()
    runs[1, 1] = np.nan
    broken = replace(cube, of=replace(cube.of, runs=runs, errors={1: "it does not settle"}))
    ex.write_page(tmp_path / "page.html", plant="brine", cube=broken, replications=0)
    page = browser.new_page(locale="en-US")
    page.goto(f"{(tmp_path / 'page.html').as_uri()}#B1")
    assert "A simulated year of B1 could not be computed" in page.text_content("#years")
    assert "every set" not in page.text_content("#years")
    go(page, "B2")
    assert "holds no years of B2. It does of every set of B1, B3" in page.text_content("#years")
    go(page, "B3")
    assert "3 simulated runs of 0.02 years" in page.text_content("#years-about")


@pytest.mark.long
@pytest.mark.parametrize("screen", ["desk", "old", "phone"])
def test_the_page_says_how_many_years_there_are_and_of_what_it_has_none(opened: Any, screen: str):
    page = opened("B1", screen=screen)
    assert "3 simulated runs of 0.02 years" in page.text_content("#years-about")
    assert "narrow by luck" in page.text_content("#years-note")
    go(page, "B1&lang=zh")
    assert "3 次各 0.02 年的模拟" in page.text_content("#years-about")
    go(page, "B2&lang=en")
    assert "holds no years of B2" in page.text_content("#years")
    go(page, "all&vs=none")  # not in the cube, but run for the page
    assert "2 simulated years" in page.text_content("#years-about")
    assert "against.sewer_t" not in shown(page)  # other years than those of none
    assert "nothing" not in page.text_content("#years-note")
    go(page, "B1+B3")
    sheet = page.pdf(format="A4", print_background=True)
    assert sheet.count(b"/Type /Page\n") == 1
    handout = page.evaluate("document.querySelector('#handout').textContent")
    assert handout.count("runs of 0.02") == 1
    assert "B1 + B3, 3 simulated runs of 0.02 years: mean" in handout, "of which of two designs"


@pytest.mark.long
def test_beside_a_cube_the_page_says_who_tells_what_part_is_abnormal(
    browser: Any, page_with_years: SampledPage, tmp_path: Path
):
    """Years run for the page tell it of few designs; of a plant of a folder, none do."""
    made = ex.cube(("F1", "F7"), simulate=True, years=0.02, replications=2)
    cubed = years.years_of(made.of, years.line_figures(), Content.schemes, made.worth)
    of = page_with_years.content
    content = replace(of, years=replace(of.years, cube=cubed))
    (tmp_path / "page.html").write_text(content.html(), encoding="utf-8")
    page = browser.new_page(locale="en-US")
    page.goto(f"{(tmp_path / 'page.html').as_uri()}#none")
    assert "2 simulated years that were run for it" in page.text_content("#years-note")
    assert "abnormal" in page.inner_text("#years-table thead")
    go(page, "F1")
    note = page.text_content("#years-note")
    assert "stands here for no scheme, F1–F11; for F1 the command causes" in note
    assert "abnormal" not in page.inner_text("#years-table thead")
    go(page, "F1&lang=zh")
    assert "由命令 causes 给出" in page.text_content("#years-note")
