"""The page of a plant from a folder: its numbers are those of its cube, its words the folder's."""

from __future__ import annotations

import json
import re
import shutil
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import experiments as ex
from experiments.page import texts
from experiments.page.assemble import PLANT_SCRIPTS, asset
from experiments.page.packing import DOUBLE, SINGLE
from experiments.page.plants import MOST_SCHEMES, Chart
from plant_models import plant_named
from plant_models.folder.model import FolderPlant
from plant_models.methods.attribution import members
from sim.clock.watch import mean_outflows
from tests.experiments.conftest import Call, Refused

BLOCK = re.compile(r"^```toml (\S+)\n(.*?)^```", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Written:
    """A page that has been written, and what it knows."""

    plant: FolderPlant
    html: str
    data: Mapping[str, Any]

    def column(self, kind: str, precision: str = DOUBLE) -> np.ndarray:
        text = self.data["columns"][kind]
        count = 1 << len(self.data["schemes"])
        return np.frombuffer(b64decode(text), dtype=precision).reshape(-1, count)

    def flows(self) -> dict[tuple[str, str], np.ndarray]:
        """Return t/yr of every link, by what is counted and by design."""
        table = self.column("flows", SINGLE)
        kinds = len(self.data["counted"])
        return {
            (source, sink): table[at * kinds : (at + 1) * kinds]
            for at, (source, sink) in enumerate(self.data["links"])
        }


def written(plant: Path | str, place: Path, **on: Any) -> Written:
    found = ex.write_page(place / "page.html", plant=plant, **on)
    html = (place / "page.html").read_text(encoding="utf-8")
    body = re.search(r'id="data">\n(.*?)\n</script>', html, re.DOTALL)
    assert body is not None
    assert isinstance(found.base.plant, FolderPlant)
    return Written(found.base.plant, html, json.loads(body[1]))


@pytest.fixture(scope="module")
def shop_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The solvent shop of the how-to: recycles, reactions of nobody, three schemes."""
    place = tmp_path_factory.mktemp("shop")
    page = Path(__file__).parents[2] / "docs" / "howto_folder.md"
    for name, text in BLOCK.findall(page.read_text(encoding="utf-8")):
        if name.startswith("shop/"):
            (place / name.partition("/")[2]).write_text(text, encoding="utf-8")
    return place


@pytest.fixture(scope="module")
def brine(tmp_path_factory: pytest.TempPathFactory) -> Written:
    return written("brine", tmp_path_factory.mktemp("page"), replications=2)


@pytest.fixture(scope="module")
def shop(shop_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Written:
    return written(shop_folder, tmp_path_factory.mktemp("page"), replications=0)


@pytest.fixture(params=["brine", "shop"])
def page(request: pytest.FixtureRequest) -> Written:
    found: Written = request.getfixturevalue(request.param)
    return found


def test_every_figure_of_the_page_is_that_of_its_cube(page: Written):
    cube = ex.cube(plant=page.plant)
    assert [scheme["id"] for scheme in page.data["schemes"]] == list(cube.of.schemes)
    table = page.column("indicators")
    for at, each in enumerate(page.data["indicators"]):
        assert table[at].tolist() == cube.of.columns[each["key"]].tolist(), each["key"]
        assert each["unit"] == cube.of.units[each["key"]]


def test_money_is_that_of_the_cube(brine: Written):
    cube = ex.cube(plant="brine")
    economy = brine.plant.economy
    told = cube.money["net_income"]
    net = brine.column("net")[0]
    assert net == pytest.approx(told.values * economy.unit, rel=1e-12)
    noted = brine.data["view"]["noted"]
    assert noted == pytest.approx(1e-5 * abs(net).max()), "a bar of 0.000001 was drawn for power"
    once = [each["investment"] for each in brine.data["schemes"]]
    for bit, amount in enumerate(once):
        assert amount == cube.money["investment"].values[1 << bit] * economy.unit


def test_what_enters_a_box_of_the_flow_chart_leaves_it(page: Written):
    flows = page.flows()
    for stage in page.data["stages"]:
        entered = sum(t for (_, to), t in flows.items() if to == stage)
        left = sum(t for (source, _), t in flows.items() if source == stage)
        assert isinstance(left, np.ndarray), stage
        assert isinstance(entered, np.ndarray), stage
        assert left[0] == pytest.approx(entered[0], rel=1e-5), stage


def test_what_is_lost_in_the_chart_is_what_the_figures_say(page: Written):
    sinks = page.plant.sheet.sinks
    table = page.column("indicators")
    keys = [each["key"] for each in page.data["indicators"]]
    for medium in {m for m in sinks.values() if m not in ("product", "by-product")}:
        told = sum(
            table[keys.index(f"{s}_t")]
            for s, m in sinks.items()
            if m == medium and f"{s}_t" in keys
        )
        drawn = sum(t[0] for (_, to), t in page.flows().items() if to == f"loss:{medium}")
        assert drawn == pytest.approx(told, rel=1e-5)


def test_inputs_stand_left_of_what_they_feed_and_goods_right_of_what_makes_them(page: Written):
    layers = page.data["layers"]
    for source, to in page.data["links"]:
        if ":" in source or to.startswith("out:"):
            assert layers[source] < layers[to], (source, to)
    assert min(layers.values()) == 0


def test_years_with_breakdowns_are_those_of_the_simulator(brine: Written):
    told = {each["schemes"]: each for each in brine.data["years"]["designs"]}
    assert set(told) == {"none", "B1+B2+B3"}
    runs = [brine.plant.simulate("all", replication=n).indicators for n in range(2)]
    for key, values in told["B1+B2+B3"]["figures"].items():
        assert values == [run[key] for run in runs], key


def test_the_page_of_a_plant_tells_nothing_of_the_line(page: Written):
    """No name, no source, no scheme and no money of Taiyuan's plant, in either language."""
    said = json.dumps([page.data["texts"], page.data["names"]], ensure_ascii=False)
    words = (
        r"[Bb]enzene|[Ss]easons|RMB|\bF\d|Taiyuan|Kitakyushu|case study"
        "|苯|氯|季节|万元|太原|北九州|案例"
    )
    assert re.findall(words, said) == []
    assert re.findall(r"<\w+>", said) == []
    shell = page.html.replace(page.html[page.html.index('id="data">') :], "")
    assert re.findall(words + "|4,096|tour|tasks", shell.split("</style>")[-1]) == []


def test_every_text_is_there_in_both_languages(page: Written):
    for key, told in page.data["texts"].items():
        assert set(told) == set(texts.LANGUAGES), key
        places = [sorted(re.findall(r"\{\w+\}", told[language])) for language in texts.LANGUAGES]
        assert places[0] == places[1], key


def test_the_page_says_nothing_that_it_has_no_text_for(page: Written):
    scripts = "\n".join(asset(name) for name in PLANT_SCRIPTS if name != "exercises.js")
    plain = set(re.findall(r'\bt\("([^"]+)"', scripts))
    assert plain - set(page.data["texts"]) == set()
    for key in page.data["view"]["story"]:
        assert f"told.{key}" in page.data["texts"]


def test_a_text_of_the_plants_page_replaces_one_of_the_lines_or_is_used(brine: Written):
    assert set(texts.plant()) <= set(texts.interface())


def test_the_page_is_one_small_file_that_names_no_address(page: Written):
    assert "default-src 'none'" in page.html
    assert set(re.findall(r"https?://[\w./]+", page.html)) <= {"http://www.w3.org/2000/svg"}
    assert len(page.html.encode()) <= 8e6


def test_a_folders_own_words_stay_as_they_are(brine: Written):
    titles = {each["id"]: each["title"] for each in brine.data["schemes"]}
    for name, scheme in brine.plant.catalogue().items():
        assert titles[name] == {"en": scheme.title, "zh": scheme.title}
    assert brine.data["texts"]["rmb"]["zh"] == "EUR"
    assert brine.data["names"]["indicators"]["sewer.salt_t"]["zh"] == "去往 sewer 的 salt"


def test_the_process_that_we_name_is_told_in_chinese(tmp_path: Path):
    """Plating has more units than a flow chart takes, so that it is drawn by processes."""
    found = written("plating", tmp_path, replications=0)
    assert found.data["names"]["stages"] == {"storage": {"en": "storage", "zh": "储罐"}}


def test_what_goes_to_two_sinks_is_not_called_as_one_of_them(brine: Written, tmp_path: Path):
    """A flare's gas was told as of the sink called air, beside a smaller figure of that sink."""
    place = tmp_path / "works"
    ex.plant_new(place)
    file = place / "plant.toml"
    text = file.read_text(encoding="utf-8")
    assert brine.data["names"]["ends"]["loss:emission gas"]["en"] == "air"
    file.write_text(
        text.replace(
            'air = "emission gas"', 'air = "emission gas"\nflare = "emission gas"'
        ).replace('"dryer.moisture -> air"', '"dryer.moisture -> flare"')
    )
    two = written(place, tmp_path, replications=0)
    assert two.data["names"]["ends"]["loss:emission gas"] == {"en": "emission gas", "zh": "大气"}


def test_a_limited_utility_stands_among_the_loads(tmp_path: Path):
    """It may be what limits the plant; the page told of trains alone, and named another."""
    place = tmp_path / "short"
    ex.plant_new(place, like="crystals")
    with (place / "plant.toml").open("a", encoding="utf-8") as text:
        text.write('\n[utilities]\nsteam = "300 kg/h"\n')
    page = written(place, tmp_path, replications=0)
    keys = [train["key"] for train in page.data["trains"]]
    loads = page.column("loads", SINGLE)
    assert keys[-1] == "steam"
    assert loads[-1, 0] == pytest.approx(1.0)
    assert loads[:-1, 0].max() < 1.0
    assert page.data["names"]["trains"]["steam"]["zh"] == "蒸汽"


def test_sources_stand_in_the_same_order_in_any_process(brine: Written):
    assert [*brine.data["sources"]] == sorted(brine.data["sources"])


def test_every_number_says_on_whose_word_it_stands(brine: Written):
    basis = set(brine.data["names"]["basis"])
    stated = {**brine.data["parameters"], **brine.data["prices"]}
    assert {each["basis"] for each in stated.values()} <= basis
    assert stated["centrifuge.recovery.salt"]["basis"] == "assumed"
    assert stated["unloading.capacity"]["basis"] == "stated"


def test_a_plant_without_prices_has_a_page_without_money(shop_folder: Path, tmp_path: Path):
    place = tmp_path / "poor"
    place.mkdir()
    for file in shop_folder.iterdir():
        if file.name != "prices.toml":
            (place / file.name).write_bytes(file.read_bytes())
    poor = written(place, tmp_path, replications=0)
    assert poor.data["columns"]["net"] == ""
    assert 'id="money"' not in poor.html
    assert not {"net", "payback"} & set(poor.data["view"]["tiles"])


def test_flow_charts_of_many_designs_leave_small_components_out():
    """4,096 designs of 60 links take 245,760 numbers for each of what is counted."""
    names = tuple(f"c{n}" for n in range(9))
    links = tuple((f"u{n}", f"u{n + 1}") for n in range(60))
    flows = np.broadcast_to(np.arange(1.0, 10.0), (4096, 60, 9))
    chart = Chart(links, flows, names)
    assert chart.counted == ("all", "c8")
    assert chart.amounts.size * 4 <= 2e6 * 4


def schemes_text(count: int) -> str:
    """Return so many schemes of the brine works, each a finer screen."""
    patch = '{ path = "centrifuge.recovery.salt", add = 0.001, low = 0.0, high = 0.002 }'
    return "\n".join(
        f'[S{n}]\nclass = "no-cost"\ntitle = "Screen {n}"\npatches = [{patch}]'
        for n in range(count)
    )


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "has no schemes"), (MOST_SCHEMES + 1, "has 13 schemes; a page shows every set of them")],
)
def test_a_plant_with_no_schemes_or_too_many_is_refused(
    refused: Refused, tmp_path: Path, count: int, said: str
):
    place = tmp_path / "works"
    place.mkdir()
    text = dict(plant_named("brine").files)["plant.toml"]  # type: ignore[attr-defined]
    (place / "plant.toml").write_text(text, encoding="utf-8")
    (place / "schemes.toml").write_text(schemes_text(count), encoding="utf-8")
    out = tmp_path / "page.html"
    refused("page", "--plant", place, "--out", out, words=[said])
    assert not out.exists()


def test_the_command_writes_the_page_of_a_folder(call: Call, shop_folder: Path, tmp_path: Path):
    out = tmp_path / "page.html"
    told = call("page", "--plant", str(shop_folder), "--out", str(out), "--replications", "0")
    assert told.exit_code == 0, told.output
    assert "8 designs" in told.output
    assert "solvent shop" in out.read_text(encoding="utf-8")


def test_the_table_of_designs_is_that_of_the_page(shop_folder: Path, tmp_path: Path):
    found = ex.write_page(tmp_path / "page.html", plant=shop_folder, replications=0)
    table = found.table()
    plant = found.base.plant
    ids = members(tuple(plant.catalogue()), 5)
    row = plant.steady_state(ids).indicators
    assert len(table) == 8
    assert table["sewer_t"].iloc[5] == row["sewer_t"]


def test_a_limit_stands_in_the_unit_that_it_is_given_in(shop_folder: Path, tmp_path: Path):
    """0.0000076 of 0.0000005 kg/kg ran over how many times the limit that is."""
    text = '[{}]\nat = "sewer"\ncomponent = "active"\nmost = "{}"\n'
    limits = {"traces": "0.5 mg/kg", "some": "20 g/kg", "rate": "50 g/h"}
    for name, told in {"a": ("traces",), "b": ("some",), "c": ("rate",)}.items():
        place = tmp_path / name
        shutil.copytree(shop_folder, place)
        said = "".join(text.format(each, limits[each]) for each in told)
        (place / "limits.toml").write_text(said, encoding="utf-8")
        of = written(place, place)
        (row,) = of.data["limits"]
        (figure,) = of.plant.limits().applied
        most, unit = limits[told[0]].split()
        assert (row["high"], row["unit"], figure.unit) == (float(most), unit, unit)
        outflows = mean_outflows(of.plant.steady_state("none").ledger)
        value = of.plant.limits().figures(outflows)[figure]
        assert of.column("limits")[0][0] == pytest.approx(value, rel=1e-6)
        assert row["unit"] in of.data["names"]["units"]
