"""The page without a browser: its numbers, its words, the file; `test_page_browser` clicks."""

import json
import re
from base64 import b64decode
from contextlib import chdir
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.page import texts
from experiments.page.assemble import SCRIPTS, asset
from experiments.page.data import SHOWN
from experiments.page.designs import NAMES, SCHEMES, members
from experiments.page.goals import Condition, meets
from experiments.page.packing import DOUBLE, SINGLE, packed
from experiments.page.study import write_page
from experiments.page.years import MOST_NUMBERS, line_figures
from experiments.studies.cube.cube import Job
from plant_models import chlorobenzene as cb
from plant_models.chlorobenzene.figures.sankey import MAGNIFIED, MEDIA, STAGE_NAMES
from plant_models.chlorobenzene.figures.sankey_flows import (
    GOODS,
    INPUTS,
    STAGE_OF,
    STAGES,
    counted,
    line_flows,
    links,
)
from plant_models.chlorobenzene.line import wiring
from plant_models.chlorobenzene.money.economy import ECONOMY
from plant_models.chlorobenzene.money.prices import prices
from plant_models.chlorobenzene.substances.chemistry import BENZENE, MCB
from plant_models.chlorobenzene.substances.properties import MOLAR_MASS
from plant_models.methods.appraisal import appraise
from tests.experiments.conftest import SAMPLED, Call, Refused, SampledPage

ALL = "\n".join(asset(name) for name in SCRIPTS)
HTML = asset("page.html")


def unpacked(text: str, kind: str) -> np.ndarray:
    return np.frombuffer(b64decode(text), dtype=kind).reshape(-1, 1 << len(SCHEMES))


def data_of(html: str) -> str:
    found = re.search(r'id="data">\n(.*?)\n</script>', html, re.DOTALL)
    assert found is not None
    return found[1]


@pytest.mark.long
def test_the_page_holds_the_figures_of_the_steady_state_to_the_last_bit(sampled_page: SampledPage):
    table = unpacked(sampled_page.data["columns"]["indicators"], DOUBLE)
    for mask in SAMPLED[::5]:
        figures = cb.steady_state(members(mask)).indicators
        assert table[:, mask].tolist() == [figures[name] for name in SHOWN]


@pytest.mark.long
def test_the_page_and_the_cube_hold_the_same_numbers(sampled_page: SampledPage):
    job = Job.of(cb.PLANT.variant(), SCHEMES)
    for mask in SAMPLED[::9]:
        assert sampled_page.content.designs.indicators[mask].tolist() == list(job.run(mask))
    assert tuple(job.task.units) == NAMES


def test_net_income_is_what_an_appraisal_says(sampled_page: SampledPage):
    net = unpacked(sampled_page.data["columns"]["net"], DOUBLE)[0]
    book = prices().tree
    for mask in (0b1, 0b1000001, 0b11111111111):
        states = [cb.steady_state(members(m)).indicators for m in (0, mask)]
        (step,) = appraise(ECONOMY, {"set": members(mask)}, states, book)
        assert net[mask] == pytest.approx(step.net, rel=1e-9)


@given(st.lists(st.floats(allow_nan=False), min_size=6, max_size=6))
def test_doubles_survive_the_journey_unharmed(numbers: list[float]):
    table = np.array(numbers).reshape(3, 2)
    back = np.frombuffer(b64decode(packed(table, DOUBLE)), dtype=DOUBLE).reshape(2, 3)
    assert back.T.tobytes() == table.tobytes()


def test_every_unit_and_tank_of_the_line_is_drawn_once():
    network = wiring.network(cb.BASELINE.tree)
    assert {*network.units, *network.tanks} <= {*STAGE_OF}  # vessels are there when they are used
    drawn = [process for processes in STAGES.values() for process in processes]
    assert sorted(drawn) == sorted({*wiring.PROCESSES} - {"end of pipe"})
    assert set(INPUTS) == set(network.supplies)
    assert set(GOODS) == {
        stream for stream in network.pipes if network.pipes[stream].to == "customers"
    }


@pytest.mark.parametrize("schemes", ["none", "F1-F11", "all"])
def test_what_enters_a_stage_of_the_flow_chart_leaves_it(schemes: str):
    """Carbon and chlorine exactly; water but for what acid and caustic make of it."""
    flows = links(cb.steady_state(schemes).ledger.flows)
    for weights, tolerance in zip(counted().values(), (1e-9, 1e-9, 0.05), strict=True):
        for stage in STAGES:
            entered = sum(weights @ kg for (_, to), kg in flows.items() if to == stage)
            left = sum(weights @ kg for (source, _), kg in flows.items() if source == stage)
            assert left == pytest.approx(entered, rel=tolerance, abs=1e-6)


def test_the_pages_flow_chart_and_the_picture_agree_flow_by_flow(sampled_page: SampledPage):
    """Same stages, same words, same basis, same factor, same colours."""
    data = sampled_page.data
    flows = unpacked(data["columns"]["flows"], SINGLE)
    for mask in (0, (1 << 11) - 1):
        drawn = line_flows(cb.steady_state(members(mask)).ledger.flows)
        kinds = len(data["counted"])
        told = {tuple(link): flows[at * kinds, mask] for at, link in enumerate(data["links"])}
        assert {link for link, t in drawn.items() if t} <= set(told)
        for link, t in told.items():
            assert t == pytest.approx(drawn.get(link, 0.0), rel=1e-6), link
    assert data["magnified"]["benzene"] == MAGNIFIED
    names = texts.names()
    assert {key: names["stages"][key]["en"] for key in STAGES} == STAGE_NAMES
    for medium, (name, colour) in MEDIA.items():
        assert names["ends"][medium]["en"] == name
        assert data["colours"][medium] == colour


def test_loads_name_the_bottleneck(sampled_page: SampledPage):
    loads = unpacked(sampled_page.data["columns"]["loads"], SINGLE)
    for mask in SAMPLED[::7]:
        assert (
            cb.PLANT.process_trains[int(loads[:, mask].argmax())]
            == cb.steady_state(members(mask)).bottleneck
        )
        assert loads[:, mask].max() == pytest.approx(1.0, abs=1e-4)


def test_every_goal_has_solutions_and_is_not_solved_by_doing_nothing(sampled_page: SampledPage):
    content = sampled_page.content
    assert sampled_page.data["goals"]
    for goal in sampled_page.data["goals"]:
        met = np.ones(1 << len(SCHEMES), dtype=bool)
        for condition in goal["conditions"]:
            met &= meets(Condition(**condition), content.figures)
        assert met.sum() == goal["solutions"] > 0
        assert not met[0]


def test_the_first_task_asks_for_one_free_scheme_that_exists(sampled_page: SampledPage):
    first = sampled_page.data["first"]
    met = np.logical_and.reduce(
        [meets(Condition(**each), sampled_page.content.figures) for each in first["conditions"]]
    )
    assert met.sum() == first["solutions"] > 0
    assert all(ECONOMY.investment(members(int(mask)), {}) == 0.0 for mask in met.nonzero()[0])
    assert {len(members(int(mask))) for mask in met.nonzero()[0]} == {1}


@pytest.mark.long
def test_years_with_breakdowns_are_those_of_the_simulator(page_with_years: SampledPage):
    told = {each["schemes"]: each for each in page_with_years.data["years"]["designs"]}
    runs = [cb.simulate("none", replication=n).indicators for n in range(2)]
    assert told["none"]["figures"] == {key: [run[key] for run in runs] for key in line_figures()}
    assert all(0.0 <= share <= 1.0 for share in told["none"]["abnormal"].values())


@pytest.mark.long
def test_a_permanent_overflow_is_no_breakdown(page_with_years: SampledPage):
    """Benzene in the reused water's overflow leaves in steady operation, too."""
    told = {each["schemes"]: each for each in page_with_years.data["years"]["designs"]}
    of = told["+".join(members((1 << 11) - 1))]
    key = "wastewater.benzene_t"
    mean = float(np.mean(of["figures"][key]))
    beyond = mean - cb.steady_state("F1-F11").indicators[key]
    assert of["abnormal"][key] == pytest.approx(beyond / mean, abs=0.15)


def test_every_scheme_has_a_sentence_for_what_it_makes_worse():
    """Of each figure that the page judges, for which a scheme alone is noticeably the worse."""
    told = texts.worse()
    assert set(told) == set(SCHEMES)
    for scheme, sentences in told.items():
        assert set(sentences) - {"any"} <= set(SHOWN), scheme
        assert "any" in sentences, scheme
        assert all(set(each) == set(texts.LANGUAGES) for each in sentences.values()), scheme


@pytest.mark.parametrize("table", ["interface", "names"])
def test_every_text_is_there_in_both_languages(table: str):
    told = (
        texts.interface()
        if table == "interface"
        else {
            f"{kind}.{key}": entry
            for kind, group in texts.names().items()
            for key, entry in group.items()
        }
    )
    for key, entry in told.items():
        assert set(entry) == set(texts.LANGUAGES), key
        assert all(entry.values()), key
        places = [sorted(re.findall(r"\{\w+\}", entry[language])) for language in texts.LANGUAGES]
        assert places[0] == places[1], key


def test_the_page_says_nothing_that_is_not_in_the_table_of_texts_and_all_that_is():
    """Keys that are put together, like ``t(`goal.${...}`)``, count by their beginning."""
    plain = set(re.findall(r'\bt\("([^"]+)"', ALL)) | set(
        re.findall(r'data-t(?:-label)?="([^"]+)"', HTML)
    )
    plain |= {
        key for pair in re.findall(r'\bt\([^()`]*\? "([^"]+)" : "([^"]+)"', ALL) for key in pair
    }
    stems = set(re.findall(r"\bt\(`([\w.]+)\$\{", ALL))
    known = set(texts.interface())
    assert plain - known == set()
    assert {key for key in known - plain if not key.startswith(tuple(stems))} == set()


def test_every_scheme_and_every_patch_is_told_in_chinese():
    told = texts.schemes_zh()
    for name in SCHEMES:
        paths = {patch.path for patch in cb.SCHEMES[name].patches}
        assert set(told[name]["notes"]) == paths, name
        assert {path.split(".", 1)[1] for path in paths} <= set(told["parameters"]), name


def test_every_parameter_and_every_price_is_told_in_chinese(sampled_page: SampledPage):
    data = sampled_page.data
    stated = {**data["parameters"], **data["prices"]}
    meanings = {each["meaning"]["en"] for each in stated.values()}
    assert meanings == set(texts.parameters_zh())
    words = {each["value"] for each in stated.values() if each["amount"] is None}
    words |= {
        value
        for scheme in data["schemes"]
        for change in scheme["changes"]
        for value in (change["before"], change["after"])
        if value.isalpha()
    }
    assert words <= set(texts.names()["values"])


def test_everything_that_the_data_name_has_a_name(sampled_page: SampledPage):
    data = sampled_page.data
    named = texts.names()
    assert {each["unit"] for each in data["indicators"]} <= set(named["units"])
    assert {item["key"] for item in data["items"]} | {"upkeep"} == set(named["items"])
    assert set(data["stages"]) == set(named["stages"])
    assert {train["key"] for train in data["trains"]} == set(named["trains"])
    ends = {end for link in data["links"] for end in link if ":" in end}
    assert ends <= set(named["ends"])
    assert {unit for units in data["rests"].values() for unit in units} <= set(named["parts"])
    stated = [*data["parameters"].values(), *data["prices"].values()]
    assert {each["basis"] for each in stated} <= set(named["basis"])
    assert {f"goal.{goal['name']}" for goal in data["goals"]} <= set(texts.interface())


def test_every_number_behind_a_figure_says_on_whose_word_it_stands(sampled_page: SampledPage):
    data = sampled_page.data
    for key in SHOWN:
        assert data["rests"][key], key
    for path, stated in {**data["parameters"], **data["prices"]}.items():
        if stated["basis"] == "source":
            assert data["sources"][stated["source"]], path
        elif stated["basis"] in ("assumed", "calibrated") and stated["amount"] is not None:
            assert stated["range"], path


def test_the_page_is_one_file_that_names_no_address(sampled_page: SampledPage):
    html = sampled_page.html
    assert "default-src 'none'" in html
    shell = html.replace(data_of(html), "")
    allowed = {"http://www.w3.org/2000/svg"}
    assert set(re.findall(r"https?://[\w./]+", shell)) <= allowed
    assert re.findall(r"<(?:script|link|img)[^>]+(?:src|href)=\"(?!data:,)", shell) == []
    assert len(html.encode()) <= 8e6


def test_a_page_with_the_largest_cube_stays_small(sampled_page: SampledPage):
    letters = 4 * 4 / 3 * MOST_NUMBERS
    assert len(sampled_page.html.encode()) + letters <= 8e6


def test_the_data_cannot_end_the_script_that_they_stand_in(sampled_page: SampledPage):
    body = data_of(sampled_page.html)
    assert "<" not in body
    assert json.loads(body)["design"] == sampled_page.data["design"]


def test_what_the_page_says_of_all_designs_is_so(sampled_page: SampledPage):
    """The balance closes to rounding; chlorobenzene is made of 0.69 of its mass of benzene."""
    assert sampled_page.data["closure"] < 1e-9
    share = MOLAR_MASS[BENZENE] / MOLAR_MASS[MCB]
    for told in texts.names()["counted_about"]["benzene"].values():
        assert f" {share:.2f} " in told


def test_names_of_the_page_are_indicators():
    assert set(SHOWN) == set(texts.names()["indicators"])
    assert set(NAMES) - set(SHOWN) == {
        "operating_hours",
        "availability",
        "demurrage_hours",
        "stock_change_t",
        "closure",
    }


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--out", "page.txt"), "--out: expected a file like page.html, came 'page.txt'"),
        (("--workers", "0"), "--workers: expected a whole number from 1 to"),
        (("--replications", "-1"), "--replications: expected a whole number from 0 to"),
        (("--price", "benzen=1"), "benzen"),
        (("--set", "effluent_stripper.installed=true"), "no place for effluent_pit"),
        (("--plant", "flowshop"), "the flowshop has no flow chart of its own"),
    ],
)
def test_a_wrong_option_is_told_before_anything_is_computed(
    refused: Refused, tmp_path: Path, arguments: tuple[str, ...], message: str
):
    refused("page", *arguments, words=[message])
    assert list(tmp_path.iterdir()) == []


def test_the_command_writes_the_page_and_says_how_large_it_is(
    call: Call, tmp_path: Path, sampled_page: SampledPage, monkeypatch: pytest.MonkeyPatch
):
    from experiments.page import study

    monkeypatch.setattr(study, "all_designs", lambda *_, **__: sampled_page.content.designs)
    monkeypatch.setattr(study, "simulated", lambda *_, **__: sampled_page.content.years)
    target = tmp_path / "class" / "page.html"
    result = call("page", "--out", str(target))
    assert result.exit_code == 0, result.output
    assert target.read_text(encoding="utf-8") == sampled_page.html
    assert "MB" in result.output
    assert [file.name for file in target.parent.iterdir()] == ["page.html"]


def test_a_folder_gets_a_page_and_the_page_is_a_value_too(
    tmp_path: Path, sampled_page: SampledPage, monkeypatch: pytest.MonkeyPatch
):
    from experiments.page import study

    monkeypatch.setattr(study, "all_designs", lambda *_, **__: sampled_page.content.designs)
    monkeypatch.setattr(study, "simulated", lambda *_, **__: sampled_page.content.years)
    found = study.write_page(tmp_path / "class")
    assert (tmp_path / "class" / "page.html").read_text(encoding="utf-8") == sampled_page.html
    told = json.loads(json.dumps(found.as_json(), allow_nan=False))
    assert told["columns"] == sampled_page.data["columns"]
    table = found.table()
    assert len(table) == 4096
    row = table[table.schemes == "F1, F7"].iloc[0]
    assert row["air.benzene_t"] == cb.steady_state("F1, F7").indicators["air.benzene_t"]


@pytest.mark.parametrize(
    ("given", "kind", "said"),
    [
        ({"replications": -1}, ValueError, "replications: expected a whole number from 0"),
        ({"file": 3}, TypeError, "file: expected a path like page.html, came 3"),
        ({"file": ""}, ValueError, "file: expected a file like page.html, came ''"),
        ({"file": "a\0.html"}, ValueError, "file: expected a file like page.html"),
        ({"file": "a" * 5000 + ".html"}, ValueError, "cannot be written: File name too long"),
        ({"workers": 0}, ValueError, "workers: expected a whole number from 1"),
        ({"prices": "own.toml"}, TypeError, "prices must be Prices or a Design of them"),
        ({"investments": {"F99": 1.0}}, LookupError, "no scheme 'F99'"),
        ({"design": 3}, TypeError, "design must be a Line or a Design"),
    ],
)
def test_a_wrong_argument_is_told_before_anything_is_computed(
    tmp_path: Path, given: dict[str, Any], kind: type[Exception], said: str
):
    with chdir(tmp_path), pytest.raises(kind, match=re.escape(said)):
        write_page(**given)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.long
def test_all_designs_are_the_same_for_any_number_of_workers():
    from experiments.page.designs import all_designs

    asked = range(0, 4096, 31)
    one, two = (all_designs(cb.PLANT.variant(), workers=n, only=asked) for n in (1, 2))
    assert one.indicators.tobytes() == two.indicators.tobytes()
    assert one.flows.tobytes() == two.flows.tobytes()
    assert one.links == two.links


def test_a_page_that_is_refused_leaves_no_folder_behind(refused, tmp_path: Path):
    refused("page", "--price", "nothing=1", "--out", str(tmp_path / "new" / "page.html"))
    assert not list(tmp_path.iterdir())
