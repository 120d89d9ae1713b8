"""The cube: every set is what a run of it gives, kept bit by bit, and refused when stale."""

import errno
import json
import os
import re
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments.output.columns import in_parquet, packed, unpacked
from experiments.studies import Worth
from experiments.studies.attribute.study import attribute
from experiments.studies.cube.cube import Cube, Job, compute, difference
from experiments.studies.cube.figures import MONEY
from experiments.studies.cube.study import NAME, Combinations, _orders, load, written
from experiments.studies.cube.study import cube as study
from plant_models import chlorobenzene as cb
from plant_models.chlorobenzene.model import PLANT, ChlorobenzeneLine
from plant_models.methods.attribution import Game, alone, last_in, members, shapley
from plant_models.methods.factorial import effects
from sim.statistics.intervals import interval
from sim.tables import readable

THREE = ("F1", "F5", "F10")
NAMES = tuple(PLANT.units)
WORTH = Worth.of(PLANT)

CLASHING = """
[X1]
class = "no-cost"
target = "absorber"
title = "two stages"
title_zh = "x"
lever = "stages"
reason = "to clash"
evidence = "assumed"
[[X1.patches]]
path = "absorber.stages"
set = 2
note = "clashes with X2"

[X2]
class = "no-cost"
target = "absorber"
title = "three stages"
title_zh = "x"
lever = "stages"
reason = "to clash"
evidence = "assumed"
[[X2.patches]]
path = "absorber.stages"
set = 3
note = "clashes with X1"
"""

BAD = [
    ("cube --schemes F99", "no scheme 'F99'"),
    ("cube --schemes none", "schemes: expected 1 to 14", "came none"),
    ("cube all,M1-M3", "schemes: expected 1 to 14", "came 15", "32,768"),
    ("cube F1 --schemes F2", "--schemes: the schemes are given as an argument, too"),
    ("cube --workers 0", "--workers", "'0'"),
    ("cube --out pyproject.toml", "--out", "pyproject.toml is a file; expected a folder"),
    ("cube --price benzen=1", "no parameter 'benzen'", "did you mean 'benzene'"),
    ("cube F1 --replications 2", "replications: a steady state has nothing", "--simulate"),
    ("cube --years 0 --workers x", "2 faults", "--years", "--workers"),
    ("cube F99 --invest F98=1 --years 0", "3 faults", "F99", "F98", "--years"),
]


def job(**given) -> Job:
    return Job.of(PLANT.variant(**given), THREE)


@pytest.fixture(scope="module")
def cube() -> Cube:
    return compute(job())


def test_every_row_is_the_steady_state_of_its_set(cube):
    for mask in range(8):
        found = cb.steady_state(members(THREE, mask)).indicators
        assert cube.row(mask) == {name: found[name] for name in NAMES}


def test_the_effects_of_all_orders_give_every_row_back(cube):
    from plant_models.methods.factorial import cells

    size = np.abs(cube.values).max(axis=0)
    assert np.all(np.abs(cells(effects(cube.values)) - cube.values) <= 1e-12 * size)


def test_what_rounding_leaves_of_an_interaction_is_none(cube):
    """The last digit of 8,617 was told as ``F1 x F2 4.55e-13``."""
    column = np.tile([9464.0, 8617.0], 4)
    column[3] += 2e-12
    assert _orders(cube, column) == ["100.0%", "0.0%", "0.0%", ""]


@pytest.mark.long
def test_two_processes_give_the_same_bits(cube):
    assert np.array_equal(compute(job(), workers=2).values, cube.values)


@pytest.mark.parametrize("name", [NAME, "one.parquet"])
def test_a_saved_cube_comes_back_bit_by_bit_and_its_file_repeats(cube, tmp_path: Path, name: str):
    path = tmp_path / name
    path.write_bytes(written(cube, WORTH, path.suffix))
    again = load(path, PLANT)
    assert written(again, WORTH, path.suffix) == path.read_bytes()
    assert np.array_equal(again.values, cube.values)
    assert (again.schemes, again.hash) == (cube.schemes, cube.hash)


def test_money_rides_along_at_the_prices_that_the_file_tells(call, tmp_path: Path):
    options = ("--schemes", "F9,F12", "--workers", "1", "--price", "steam=99")
    assert call("cube", *options, "--out", str(tmp_path)).exit_code == 0
    path = tmp_path / NAME
    columns, note = unpacked(path.read_bytes())
    row = {name: column[1] for name, column in columns.items()}
    assert (row["F9"], row["F12"]) == (True, False)
    economy = PLANT.economy
    at = economy.own_prices(None, ["steam=99"]).tree
    before, after = (cb.steady_state(ids).indicators for ids in ("none", "F9"))
    net = economy.income(before, after, at).net
    assert row["money.net_income"] * 1e4 == pytest.approx(net, rel=1e-9)
    assert row["money.investment"] * 1e4 == economy.investment(["F9"])
    assert np.isnan(np.load(path)["money.present_value"][columns["F12"]]).all()
    assert json.loads(note)["prices"]["steam"] == 99.0


def test_a_cube_in_parquet_is_a_table_of_its_own_that_other_commands_take(call, tmp_path: Path):
    path = tmp_path / "two.parquet"
    assert call("cube", "F9,F12", "--workers", "1", "--out", str(path)).exit_code == 0
    assert [each.name for each in tmp_path.iterdir()] == ["two.parquet"]
    table = pd.read_parquet(path)
    assert table["steam_t"][3] == cb.steady_state("F9, F12").indicators["steam_t"]
    assert call("attribute", "steam_t", "--players", "F9", "--cube", str(path)).exit_code == 0


@pytest.mark.parametrize("words", ["cube F9 --out two.parquet", "page --cube kept.parquet"])
def test_without_pyarrow_parquet_is_refused_with_what_to_install(
    refused, cube, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    Path("kept.parquet").write_bytes(written(cube, WORTH, ".parquet"))
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    told = "Parquet needs pyarrow, of the extra parquet: 'python -m pip install pyarrow'"
    assert refused(*words.split(), words=[told]) == f"error: {told}\n"
    assert [each.name for each in tmp_path.iterdir()] == ["kept.parquet"]


@pytest.mark.long
def test_only_the_sets_that_are_asked_for_are_computed():
    found = compute(job(), only=[0, 5])
    assert sorted(found.errors) == [1, 2, 3, 4, 6, 7]
    assert found.row(5) == dict(cb.steady_state("F1, F10").indicators)
    with pytest.raises(ValueError, match="line with F1 has no figures: it was not asked for"):
        found.game(found.columns["air.benzene_t"], THREE)


def test_a_game_is_a_face_of_the_cube(cube):
    game = cube.game(cube.columns["air.benzene_t"], ("F10", "F1"), given=("F5",))
    expected = cb.steady_state("F1, F5").indicators["air.benzene_t"]
    assert game[["F1"]] == expected
    assert game[()] == cb.steady_state("F5").indicators["air.benzene_t"]


@pytest.fixture(scope="module")
def saved(call, tmp_path_factory) -> Path:
    folder: Path = tmp_path_factory.mktemp("cube")
    result = call("cube", ",".join(THREE), "--workers", "1", "--out", str(folder))
    assert result.exit_code == 0, result.output
    return folder / NAME


def test_the_report_is_of_a_terminals_width_and_names_the_largest_interactions(call):
    text = call("cube", "--schemes", "F2,F7", "--workers", "1").stdout
    assert "4 sets of F2, F7" in text
    assert "F2 x F7" in text
    acid = next(line for line in text.splitlines() if line.startswith("wastewater.hydrogen_chl"))
    assert acid.split()[-3:-1] == ["0", "0"]  # with both, and the least: no rounding is shown
    assert max(map(len, text.splitlines())) <= 100


def test_json_holds_main_effects_and_pairs_of_every_indicator(call):
    told = json.loads(call("cube", "--schemes", "F1,F5", "--workers", "1", "--json").stdout)
    column = [
        cb.steady_state(ids).indicators["air.benzene_t"] for ids in ("none", "F1", "F5", "F1,F5")
    ]
    found = told["effects"]["air.benzene_t"]
    assert found["pairs"] == [{"pair": ["F1", "F5"], "effect": effects(column)[3]}]
    assert set(told["effects"]) == {*NAMES, *MONEY}
    assert told["provenance"]["clock"] == "steady"
    assert "workers" not in json.dumps(told)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (
            ("--set", "absorber.approach=5"),
            ("absorber.approach was", "with --plant, --set", 'cube "F1, F5, F10" --out'),
        ),
        (("--set", "absorber.approach=5", "--set", "off_gas_cooler.area=70"), ("and 1 more",)),
    ],
)
def test_a_cube_of_other_parameters_is_refused_by_their_names(refused, saved, options, words):
    asked = ("attribute", "air.benzene_t", "--players", "F1,F5", "--cube", saved)
    refused(*asked, *options, words=("stale", *words))


def test_a_cube_of_another_patch_is_refused(refused, saved, tmp_path: Path):
    own = tmp_path / "schemes.toml"
    text = (Path(cb.__file__).parent / "data" / "schemes.toml").read_text(encoding="utf-8")
    start = text.index("[F5]")
    own.write_text(text[start : text.index("\n[F10]\n")].replace("1.45", "1.5"), encoding="utf-8")
    (was,) = (patch.operation for patch in cb.SCHEMES["F5"].patches)
    said = f"F5: chlorinator.condenser.effective_fraction was {was}, is x 1.5;"
    options = ("--players", "F1,F5", "--cube", saved, "--schemes-file", own)
    refused("attribute", "air.benzene_t", *options, words=[said])


def test_a_cube_of_another_model_is_refused_though_all_parameters_are_the_same(
    refused, saved, tmp_path: Path
):
    old = load(saved, PLANT)
    values = old.runs.copy()
    values[0, -1, NAMES.index("steam_t")] *= 1.000001
    tampered = tmp_path / "old.npz"
    tampered.write_bytes(written(Cube(PLANT, old.schemes, values, old.origin, {}), WORTH))
    asked = ("attribute", "steam_t", "--players", "F1,F5", "--cube", tampered)
    refused(*asked, words=["the model itself has changed: steam_t was"])


def test_a_damaged_or_foreign_file_is_refused_in_one_message(refused, saved, tmp_path: Path):
    half = tmp_path / "half.npz"
    half.write_bytes(saved.read_bytes()[:-100])
    for path, word in ((half, "not a cube, or is damaged"), (tmp_path / "none.npz", "no file")):
        refused("attribute", "steam_t", "--players", "F1", "--cube", path, words=[word])
    foreign = tmp_path / "foreign.parquet"
    foreign.write_text("mine", encoding="utf-8")
    said = "holds 'foreign.parquet', which is not the result of a run"
    refused("cube", "--schemes", "F1", "--out", tmp_path, words=[said])
    assert foreign.read_text(encoding="utf-8") == "mine"


def test_a_set_that_fails_is_told_the_others_go_on_and_the_exit_code_is_1(call, tmp_path: Path):
    own = tmp_path / "own.toml"
    own.write_text(CLASHING, encoding="utf-8")
    options = ("--schemes-file", str(own), "--workers", "1")
    result = call("cube", "--schemes", "X1,X2", *options)
    assert result.exit_code == 1
    assert "3 sets of X1, X2" in result.stdout
    assert "failed: X1, X2: ConflictError" in result.stderr


def test_runs_with_events_are_combined_kept_and_taken_up_again(call, tmp_path: Path):
    out, runs = tmp_path / "events", tmp_path / "runs"
    runs_of = ("--schemes", "F9", "--simulate", "--years", "0.003", "--replications", "2")
    options = (*runs_of, "--seed", "4", "--workers", "1", "--runs", str(runs), "--out", str(out))
    assert call("cube", *options).exit_code == 0
    found = load(out, PLANT)
    pair = [cb.simulate("F9", years=0.003, seed=4, replication=r).indicators for r in (0, 1)]
    for name in ("steam_t", "air.benzene_t"):
        assert found.row(1)[name] == np.mean([each[name] for each in pair])
    first = {file.name: file.read_bytes() for file in out.iterdir()}
    assert call("cube", *options).exit_code == 0
    assert {file.name: file.read_bytes() for file in out.iterdir()} == first
    told = call("attribute", "steam_t", "--players", "F9", "--cube", str(out))
    assert told.exit_code == 0, told.output
    assert "0.003 years of events, seed 4, mean of 2 replications" in told.stdout
    assert "+- 95 %" in told.stdout


@pytest.fixture(scope="module")
def events() -> Combinations:
    return study("F5,F9", simulate=True, years=0.002, replications=3)


@pytest.mark.long
@pytest.mark.parametrize(("moved", "stale"), [(5e-5, ""), (1e-3, "the model itself has changed")])
def test_years_of_another_python_are_accepted_those_of_another_model_are_not(events, moved, stale):
    """Python 3.12 sums floats otherwise: the years of both are apart by up to 5e-5."""
    cube = replace(events.of, runs=events.of.runs * (1.0 + moved))
    job = Job.again(cube.origin, events.base)
    assert difference(cube, job).startswith(stale)
    assert bool(difference(cube, job)) == bool(stale)


def test_the_first_run_of_another_model_is_enough_to_refuse_its_cube(events):
    """All runs of two rows were made before a word: four years of a cube of years."""
    runs, air = events.of.runs.copy(), tuple(events.of.units).index("air.benzene_t")
    runs[:, :, air] *= 1.001
    cube = replace(events.of, runs=runs)
    told = difference(cube, Job.again(cube.origin, events.base))
    (now,) = map(float, re.findall(r"is (\S+) with the same parameters", told))
    assert now == pytest.approx(events.of.runs[0, 0, air], rel=1e-7)
    assert now != pytest.approx(events.of.values[0, air], rel=1e-7)


def test_a_change_of_stocks_is_as_exact_as_what_passes_the_tanks(events):
    """It is the little that is left of it: a tenth of a tonne where thousands pass is none."""
    runs, names = events.of.runs.copy(), tuple(events.of.units)
    made = runs[:, :, names.index("chlorobenzene_t")].max()
    job = Job.again(events.of.origin, events.base)
    runs[:, :, names.index("stock_change_t")] += 5e-5 * made
    assert difference(replace(events.of, runs=runs), job) == ""
    runs[:, :, names.index("stock_change_t")] += 1e-3 * made
    assert "stock_change_t was" in difference(replace(events.of, runs=runs), job)


def test_the_interval_of_a_split_is_that_of_its_replications(events):
    """Every method splits every replication by itself; the interval is Student's t over them."""
    (found,) = attribute("steam_t", players="F5,F9", cube=events).as_json()["attributions"]
    single = [
        Game(
            ("F5", "F9"),
            [-cb.simulate(s, years=0.002, replication=r).indicators["steam_t"]
             for s in ("none", "F5", "F9", "F5,F9")],
        )
        for r in range(3)
    ]  # fmt: skip
    halves = found["half_width_95"]
    for method, of in {"Shapley": shapley, "alone": alone, "last-in": last_in}.items():
        for name in ("F5", "F9"):
            expected = interval([of(game)[name] for game in single])
            assert found["by_method"][method][name] == pytest.approx(expected.mean, rel=1e-9)
            told = halves["by_method"][method][name]
            assert told == pytest.approx(expected.half_width, rel=1e-6)
    assert found["shapley_half_width_95"] == halves["by_method"]["Shapley"]
    whole = interval([game.together for game in single]).half_width
    assert halves["together"] == pytest.approx(whole, rel=1e-6)


@pytest.mark.long
def test_the_tail_is_the_worst_replication_over_the_mean_of_its_set(events):
    (steam, made) = attribute("steam_t", "chlorobenzene_t", players="F5,F9", cube=events).splits
    for split, worst in ((steam, max), (made, min)):
        name = split.figure.name
        beyond = []
        for ids in ("none", "F5", "F9", "F5,F9"):
            years = [
                cb.simulate(ids, years=0.002, replication=r).indicators[name] for r in (0, 1, 2)
            ]
            beyond.append(abs(worst(years) / np.mean(years) - 1.0))
        assert split.tail is not None
        assert split.tail.most == pytest.approx(max(beyond), rel=1e-6)
        assert split.tail.half == pytest.approx(np.median(beyond), rel=1e-6)
        assert split.tail.where == members(("F5", "F9"), int(np.argmax(beyond)))
        assert f"{readable(100 * split.tail.most)}% at most" in str(attribute(name, cube=events))
    assert attribute("net_income", cube=events).splits[0].tail is None  # of a difference


def test_one_replication_is_said_to_have_no_interval(events):
    one = replace(events, of=events.of.replications[0])
    split = attribute("steam_t", cube=one)
    assert "no interval: one replication has no spread" in str(split)
    assert "+-" not in str(split)
    assert split.splits[0].half_widths is None
    assert split.splits[0].tail is None
    assert "interval" not in str(attribute("steam_t", players="F5"))


def test_few_replications_are_told_in_chinese_too(events, call, tmp_path: Path):
    events.save(tmp_path / "cube")
    told = call("attribute", "steam_t", "--cube", str(tmp_path / "cube"), "--lang", "zh").stdout
    assert "3 次重复，每次各自拆分；重复这么少" in told
    assert "二十分之一超出" in told
    assert not re.search("[a-z]{4} [a-z]{4}", told)


@pytest.mark.parametrize(("command", "words"), [(c, w) for c, *w in BAD], ids=[c for c, *_ in BAD])
def test_bad_input_gives_one_message_and_exit_code_2(refused, command, words):
    refused(*command.split(), words=words)


@pytest.mark.parametrize("command", [command for command, *_ in BAD])
def test_bad_input_is_told_in_chinese_too(call, command):
    told = call(*command.split(), "--lang", "zh").stderr
    assert told.startswith("错误：")
    assert not re.search("[a-z]{2}:? [a-z]{2}", told), told


@pytest.mark.parametrize(
    ("file", "words", "told"),
    [
        ("none", (), "cube：没有文件"),
        ("half", (), "不是 cube 的文件，或已损坏"),
        ("fewer", (), "各行不是按次序的 1 × 8 次运行"),
        ("saved", ("--plant", "brine", "--players", "B1"), "它属于另一个工厂或较早的版本"),
        ("saved", ("--set", "absorber.approach=5"), "已过时：absorber.approach 原为"),
    ],
)
def test_a_cube_that_cannot_be_used_is_told_in_chinese(refused, saved, tmp_path, file, words, told):
    (tmp_path / "half").write_bytes(saved.read_bytes()[:-100])
    columns, note = unpacked(saved.read_bytes())
    fewer = {name: column[1:] for name, column in columns.items()}
    (tmp_path / "fewer").write_bytes(packed(fewer, note))
    path = saved if file == "saved" else tmp_path / file
    players = () if "--players" in words else ("--players", "F1")
    asked = ("steam_t", "--cube", path, *players, *words)
    said = refused("attribute", *asked, "--lang", "zh", words=[told])
    left = said.replace("brine works", "")
    assert not re.search("[a-z]{2}:? [a-z]{2}", left), left


def test_sets_that_fail_are_told_in_chinese(call, tmp_path: Path):
    own = tmp_path / "schemes.toml"
    own.write_text(CLASHING, encoding="utf-8")
    told = call("cube", "X1,X2", "--schemes-file", str(own), "--workers", "1", "--lang", "zh")
    assert told.exit_code == 1
    assert told.stderr.startswith("失败：X1, X2：方案冲突：absorber.stages：X1 设为 2，X2 设为 3")


def test_a_full_disk_is_told_and_the_cube_that_was_there_stays(
    call, refused, monkeypatch, tmp_path: Path
):
    folder = tmp_path / "cube"
    options = ("cube", "--schemes", "F9", "--workers", "1", "--out", str(folder))
    assert call(*options).exit_code == 0
    before = {file.name: file.read_bytes() for file in folder.iterdir()}

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    refused(*options, words=["No space left on device"])
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before
    assert [each.name for each in tmp_path.iterdir()] == ["cube"]


def test_a_full_disk_says_which_single_runs_are_kept(call, tmp_path: Path, disk_that_fills_up):
    runs = str(tmp_path / "runs")
    command = ("cube", "--schemes", "F1,F2", "--workers", "1", "--runs", runs)
    with disk_that_fills_up(5):  # the card and its folder, a part and its folder, the second part
        result = call(*command)
    assert result.exit_code == 2
    assert result.stderr == (
        f"error: No space left on device; 2 runs are kept in {runs}, and the same command goes on "
        "from there\n"
    )
    assert call(*command).exit_code == 0


def test_a_cube_that_lacks_something_is_refused_in_one_message(refused, saved, tmp_path: Path):
    whole, note = unpacked(saved.read_bytes())
    about = json.loads(note)
    told: list[object] = [
        [],
        {},
        {**about, "origin": None},
        {**about, "origin": {**about["origin"], "seed": "x"}},
    ]
    files = [
        *(packed(whole, json.dumps(each)) for each in told),
        packed({name: each for name, each in whole.items() if name != "F1"}, note),
        packed({name: each[1:] for name, each in whole.items()}, note),
        packed({name: each[::-1] for name, each in whole.items()}, note),
        packed({**whole, "air.benzene_t": np.full(8, "much")}, note),
        in_parquet({name: each[1:] for name, each in whole.items()}, note),
        b"PAR1 and nothing",
    ]
    for number, content in enumerate(files):
        other = tmp_path / f"{number}"
        other.write_bytes(content)
        said = refused("attribute", "air.benzene_t", "--players", "F1", "--cube", other)
        assert said.startswith(f"error: --cube: {other} ")
        assert said.count("\n") == 1


@pytest.mark.long
def test_no_flipped_byte_changes_a_cube(saved, tmp_path: Path):
    """Either the file is refused, or the byte means nothing to the figures."""
    good, runs = saved.read_bytes(), load(saved, PLANT).runs
    other = tmp_path / NAME
    refused = 0
    for place in range(0, len(good), 389):
        other.write_bytes(good[:place] + bytes([good[place] ^ 0x10]) + good[place + 1 :])
        try:
            assert np.array_equal(load(other, PLANT).runs, runs)
        except ValueError:
            refused += 1
    assert refused > 5


@pytest.mark.parametrize("given", ["F1", None, 3])
def test_a_set_of_a_cube_is_named_by_a_list(cube, given):
    with pytest.raises(TypeError, match=r"^mask: expected schemes in a list, like \['F1'\], came "):
        cube.mask(given)


@pytest.mark.parametrize("given", ["F1", None, ["F1"], 8, -1, 1.0])
def test_a_row_of_a_cube_is_asked_for_by_its_number(cube, given):
    told = r"^row: expected the number of a set, 0 to 7, came .*; mask\(\['F1'\]\) gives one$"
    with pytest.raises(LookupError, match=told):
        cube.row(given)


class LineWithoutPrices(ChlorobenzeneLine):
    """The line as if nobody knew a price."""

    name = "line without prices"

    @property
    def economy(self):
        raise self.lacks("prices", "money")


def test_a_plant_without_prices_has_its_cube_and_shares_without_money():
    plant = LineWithoutPrices()
    found = study("F1,F5", plant=plant)
    assert set(found.effects) == set(NAMES)
    assert "no money figures: the line without prices has no prices" in str(found)
    split = attribute("air.benzene_t", cube=found)
    assert "no Pareto front: the line without prices has no prices" in str(split)
    with_money = attribute("air.benzene_t", players="F1,F5")
    assert split.splits[0].splits == with_money.splits[0].splits
    with pytest.raises(LookupError, match="has no prices, which net_income needs"):
        attribute("net_income", cube=found)
    with pytest.raises(LookupError, match="has no prices, which a Pareto front needs"):
        attribute("steam_t", cube=found, against="air.benzene_t")
    with pytest.raises(LookupError, match="has no prices"):
        study("F1", plant=plant, investments={"F1": 1.0})


def test_the_value_of_a_cube_has_tables_pictures_and_the_json_of_the_command(call):
    found = study("F1,F5", workers=1)
    told = json.loads(call("cube", "F1,F5", "--workers", "1", "--json").stdout)
    assert told == json.loads(json.dumps(found.as_json()))
    table = found.table()
    main = table[(table["figure"] == "steam_t") & (table["order"] == 1)]
    assert (
        dict(zip(main["scheme"], main["effect"], strict=True))
        == (found.effects["steam_t"]["main_effects"])
    )
    assert found.table("spread")["share"].between(0.0, 1.0).all()
    for ask in (found.table, found.plot):
        with pytest.raises(LookupError, match=r"^no (table|picture) \['spread'\]; known: "):
            ask(["spread"])  # type: ignore[arg-type]
    assert found.plot() is not None


def test_an_answer_of_a_cube_brings_its_own_design_and_prices():
    design = PLANT.own_design(None, "absorber.approach=5")
    at = PLANT.economy.own_prices(None, "steam=99")
    found = study("F1,F5", design=design, prices=at)
    (split,) = attribute("net_income", cube=found).splits
    (whole,) = attribute("net_income", players="F1,F5", design=design, prices=at).splits
    assert split.splits == whole.splits
    assert split.terms.players == ("F1", "F5")


def test_provenance_tells_the_prices_and_investments_that_are_not_the_plants(call):
    options = ("--price", "steam=99", "--invest", "F1=2", "--workers", "1", "--json")
    for command in (("cube", "F1"), ("attribute", "net_income", "--players", "F1")):
        told = json.loads(call(*command, *options).stdout)["provenance"]
        assert (told["prices"], told["investments"]) == ({"steam": 99.0}, {"F1": 2e4})


@pytest.mark.skipif(os.name != "posix", reason="a name of bytes")
def test_a_cube_is_read_from_a_folder_whose_name_is_not_utf8(tmp_path: Path) -> None:
    made = study("F1")
    made.save(tmp_path / "\udcff")
    assert load(tmp_path / "\udcff", PLANT).hash == made.of.hash


def test_a_cube_says_whether_it_ran_or_stands_still():
    assert "steady state, a year of constant conditions" in str(study("S1", plant="flowshop"))
    ran = study("S1", plant="flowshop", simulate=True, years=0.01, replications=2)
    assert "0.01 years of events, seed 1, mean of 2 replications" in str(ran)
