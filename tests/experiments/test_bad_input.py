"""Bad input ends with exit code 2 and one message that names the culprit, and leaves nothing."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import click
import numpy as np
import pandas as pd
import pytest

import experiments as ex
from experiments.door.aside import in_chinese
from experiments.door.cli import COMMANDS, cli
from experiments.door.command import FAULTS
from plant_models import chlorobenzene as cb

ROOT = Path(__file__).resolve().parents[2]

FACT = """value = {value}
unit = "{unit}"
source = "assumed"
low = 1.0
high = 1e3
note = "a guess"
"""
SCHEME = """[{name}]
class = "no-cost"
target = "off_gas_cooler"
title = "t"
title_zh = "t"
lever = "l"
reason = "r"
evidence = "assumed"

[[{name}.patches]]
path = "{path}"
{change}
note = "n"
"""

FILES = {
    "no_toml.toml": "area is 80 [[[",
    "a_file": "not a folder",
    "none.txt": "# no set yet\n",
    "full/thesis.txt": "three years of work",
    "half/provenance.json": "no result of ours",
    "misspelt.toml": "[off_gas_cooler.aera]\n" + FACT.format(value=80.0, unit="m2"),
    "wrong_unit.toml": "[off_gas_cooler.area]\n" + FACT.format(value=80.0, unit="kg"),
    "outside.toml": "[off_gas_cooler.area]\n" + FACT.format(value=-80.0, unit="m2"),
    "no_unit.toml": '[off_gas_cooler.area]\nvalue = 80.0\nsource = "assumed"\n',
    "no_source.toml": '[off_gas_cooler.area]\nvalue = 80.0\nunit = "m2"\n',
    "unknown_source.toml": (
        '[off_gas_cooler.area]\nvalue = 80.0\nunit = "m2"\nsource = "nobody-1999"\n'
    ),
    "no_range.toml": (
        '[off_gas_cooler.area]\nvalue = 80.0\nunit = "m2"\nsource = "assumed"\nnote = "a guess"\n'
    ),
    "no_number.toml": '[off_gas_cooler.area]\nvalue = "big"\nunit = "m2"\nsource = "assumed"\n',
    "several.toml": (
        "[off_gas_cooler.aera]\n" + FACT.format(value=80.0, unit="m2")
        + "[off_gas_cooler.area]\n" + FACT.format(value=80.0, unit="kg")
        + '[gas_catcher.fog.recirculation]\nvalue = 0.5\nunit = "kg/kg"\n'
    ),
    "conflict.toml": SCHEME.format(
        name="Z1", path="off_gas_cooler.arrangement", change='set = "parallel"'
    ),
    "too_much.toml": SCHEME.format(name="Z2", path="water_wash.water_ratio", change="scale = 1e6"),
    "wrong_path.toml": SCHEME.format(name="Z3", path="water_wash.water_ration", change="add = 0.1"),
    "two_changes.toml": SCHEME.format(
        name="Z4", path="water_wash.water_ratio", change="add = 0.1\nscale = 2.0"
    ),
    "no_patch.toml": '[Z5]\nclass = "free"\ntitle = "t"\n',
}  # fmt: skip

CASES = [
    # schemes
    ("run --schemes F99", "no scheme 'F99'", "did you mean 'F9'"),
    ("run --schemes ?", "no schemes given"),
    ("run --schemes none,F1", "'none' stands alone"),
    ("run --schemes F4-F1", "reversed", "F1-F4"),
    ("run --schemes F1-", "open", "F1-F4"),
    ("run --schemes F1,,F2", "missing before or after a comma"),
    ("run --schemes F1&F2", "no scheme 'F1&F2'"),
    ("run F1+F99", "no scheme 'F99'"),
    ("run F99", "no scheme 'F99'"),
    ("run F1 --schemes F2", "--schemes: the schemes are given as an argument, too"),
    ("compare none F1-F77", "no scheme 'F77'"),
    ("compare G1 F78", "no scheme 'G1'", "no scheme 'F78'"),
    ("explain F0", "no scheme 'F0'"),
    # length, seed, replications, date
    ("run --years -1", "--years", "0.001 to 1,000", "'-1'"),
    ("run --years 0", "--years", "'0'"),
    ("run --years nan", "--years", "'nan'"),
    ("run --years 1_0", "--years", "0.001 to 1,000", "'1_0'"),
    ("run --seed 1_0", "--seed", "whole number", "'1_0'"),
    ("readings F1 --capacity 1_5,20", "--capacity", "expected numbers, like 15,20,25", "'1_5,20'"),
    ("run --years inf", "--years", "'inf'"),
    ("run --years 1e9", "--years", "'1e9'"),
    ("run --years two", "--years", "expected a number", "'two'"),
    ("run --years 1e-300", "--years"),
    ("run --replications 0", "--replications", "1 to 10,000", "'0'"),
    ("run --replications 1000000", "--replications", "'1000000'"),
    ("compare none F1 --replications 2.5", "--replications", "whole number", "'2.5'"),
    ("run --seed -1", "--seed", "0 to 4,294,967,295", "'-1'"),
    ("run --seed 1e99", "--seed", "whole number", "'1e99'"),
    ("run --seed 99999999999999999999", "--seed"),
    ("run --start tomorrow", "--start", "like 07-01", "'tomorrow'"),
    ("run --start 02-30", "--start", "'02-30'"),
    ("run --start 13-01", "--start", "'13-01'"),
    ("run --start 02-29", "--start", "no 29 February"),
    # --set
    ("run --set off_gas_coler.area=80", "off_gas_coler.area", "did you mean 'off_gas_cooler'"),
    ("run --set off_gas_cooler.aera=80", "off_gas_cooler.aera", "did you mean 'area'"),
    ("run --set off_gas_cooler=80", "off_gas_cooler", "no parameter"),
    ("run --set off_gas_cooler.area", "PATH=VALUE", "'off_gas_cooler.area'"),
    ("run --set off_gas_cooler.area=", "PATH=VALUE"),
    ("run --set off_gas_cooler.area=-1", "off_gas_cooler.area", "0 to 10000 m2"),
    ("run --set off_gas_cooler.area=nan", "off_gas_cooler.area", "number"),
    ("run --set off_gas_cooler.area=80kg", "off_gas_cooler.area", "'kg'", "'m2'"),
    ("run --set water_wash.water_ratio=8%", "water_wash.water_ratio", "kg/kg"),
    ("run --set absorber.stages=2.5", "absorber.stages", "whole number", "2.5"),
    ("run --set off_gas_cooler.arrangement=serie", "'serie'", "did you mean 'series'"),
    ("run --set site.operating_hours=1 --set site.operating_hours=2", "set twice"),
    ("card --set off_gas_cooler.area=big", "off_gas_cooler.area", "'big'"),
    ("explain F1 --set a.b=1", "no parameter 'a.b'"),
    # files of facts
    ("run --design nowhere.toml", "nowhere.toml", "No such file"),
    ("run --design full", "full", "directory"),
    ("run --design no_toml.toml", "no_toml.toml, line 1", "no valid TOML"),
    ("run --design picture.toml", "picture.toml", "not UTF-8"),
    ("run --design misspelt.toml", "misspelt.toml, line 1", "did you mean 'area'"),
    ("run --design wrong_unit.toml", "off_gas_cooler.area", "'kg'", "'m2'"),
    ("run --design outside.toml", "off_gas_cooler.area", "-80 m2", "0 to 10000 m2"),
    ("run --design no_unit.toml", "off_gas_cooler.area", "unit"),
    ("run --design no_source.toml", "off_gas_cooler.area", "no source"),
    ("run --design unknown_source.toml", "'nobody-1999'", "not among the sources"),
    ("run --design no_range.toml", "off_gas_cooler.area", "needs a range"),
    ("run --design no_number.toml", "off_gas_cooler.area", "number", "'big'"),
    ("run --design several.toml", "3 faults", "'aera'", "'kg'", "no source"),
    ("card --design several.toml", "3 faults"),
    # files of schemes
    ("run --schemes-file nowhere.toml", "nowhere.toml", "No such file"),
    ("run --schemes-file no_toml.toml", "no_toml.toml, line 1", "no valid TOML"),
    ("run --schemes-file conflict.toml --schemes F1,Z1", "F1 sets 'series', Z1 sets 'parallel'"),
    ("explain F1,Z1 --schemes-file conflict.toml", "conflict", "off_gas_cooler.arrangement"),
    ("compare none Z2 --schemes-file too_much.toml", "Z2", "water_wash.water_ratio", "outside"),
    ("run --schemes-file wrong_path.toml", "Z3", "did you mean 'water_ratio'"),
    ("explain Z3 --schemes-file wrong_path.toml", "error: wrong_path.toml, line"),  # not of no Z3
    ("run --schemes-file two_changes.toml", "Z4", "scale and add"),
    ("run --schemes-file no_patch.toml", "faults", "'free'", "no patches"),
    # the folder
    ("run --out a_file", "--out", "a_file is a file"),
    ("run --out a_file/below", "--out", "a_file/below", "cannot be written"),
    ("run --out full", "--out", "'thesis.txt'"),
    ("compare none F1 --out half", "--out", "'provenance.json'"),
    ("run --out ?", "--out", "expected a folder"),
    # the command itself
    ("compre none F1", "no command 'compre'", "did you mean 'compare'"),
    ("export", "no command 'export'", "did you mean 'export lca'"),
    ("compare none", "B"),
    ("compare", "A"),
    ("compare none F1 F77", "no scheme 'F77'"),
    ("explain", "S"),
    ("card off_gas_coler", "off_gas_coler", "did you mean 'off_gas_cooler'"),
    ("card absorber.stage", "absorber.stage", "did you mean 'stages'"),
    ("card one two", "two"),
    ("run --yaers 1", "--yaers", "--years"),
    ("run --years", "--years"),
    ("run --csv", "no option --csv", "--out DIR writes every table as CSV"),
    ("run --excel", "--excel: goes with --out"),
    ("compare none F1 --controls", "no option --controls", "--until"),
    ("run --plant flowshp", "plant: no 'flowshp'", "did you mean 'flowshop'"),
    ("run --workers 0", "--workers", "1 to 1,024", "'0'"),
    ("run --workers 2000", "--workers", "'2000'"),
    # an option that is given twice
    ("run --schemes F1 --schemes F2", "--schemes: expected once, came 2 times",
     "write F1,F2"),
    ("run --years 0.01 --years=0.02 --seed 3", "--years: expected once, came 2 times"),
    ("plant units --out a --out b --out c", "--out: expected once, came 3 times"),
    ("lessons new --lang en --lang zh", "--lang: expected once, came 2 times"),
    ("rollout F1,F7 --order F1 --order F7", "--order: expected once, came 2 times"),
    ("run --seed 1 --seed 2 --start x", "2 faults", "--seed: expected once", "--start"),
    # what a study refuses by its argument is told by the option
    ("criticality none --by marginn", "error: --by: no 'marginn'", "did you mean 'margin'"),
    ("optimise F1 --goal monney", "error: --goal: no 'monney'"),
    ("optimise F1 --set-points x", "error: --set-points: no 'x'"),
    ("money F1 --cash-flow F12", "error: --cash-flow: no 'F12'"),
    ("uncertainty F1 --target nett", "error: --target: no 'nett'"),
    ("compare none F1 --at-most 20", "error: --at-most: goes with --until, which is not given"),
    ("calibrate --targets a_file", "error: --targets: need --fit, the parameters"),
    ("calibrate --fit absorber.approach", "error: --fit and --design: go with --targets, the file"),
    ("rollout F1,F7 --limit 2 --horizon 3", "error: --limit: expected no less than --horizon, 3"),
    ("card --search zzz", "error: --search: nothing has 'zzz'"),
    ("plant new x --like y", "error: --like: no 'y'"),
    ("limits --worst bezene", "error: --worst: no 'bezene'"),
    ("review --measures F99", "error: --measures: no scheme 'F99'"),
    ("money F1 --years 2 --seed 3", "2 faults", "  - --years: a steady", "  - --seed: a steady"),
    ("rollout F1,F7 --order F9", "error: --order: no step 'F9'"),
    ("rollout F1-F7 --order F1,F2 --replications 0", "each of F5, F6, F7 once, came 'F1, F2'"),
    ("run --plant brin", "error: --plant: no 'brin'"),
    # what would have no effect
    *((f"{command} --invest F2=5", "error: --invest: F2 is not among the schemes, F1")
      for command in ("money F1", "rollout F1 --replications 0", "uncertainty F1", "cube F1",
                      "attribute net_income --players F1", "optimise F1 --replications 0")),
    ("rollout F5,F6 --policy payback --order F6,F5 --replications 0",
     "error: --order: goes without --policy"),
    *((f"optimise F1 --replications 0 --set-points none {option}", f"error: {option.split()[0]}: ",
       "--replications 8")
      for option in ("--years 2", "--seed 2", "--start 07-01", "--confidence 0.9",
                     "--indifference 5", "--at-most 4")),
    ("rollout F5 --replications 0 --seed 2", "error: --seed: a steady state draws nothing, came 2"),
    ("fitness --seed 2", "error: --seed: a steady state draws nothing, came 2", "--replications"),
    ("uncertainty F1 --samples 0 --sobol 0 --seed 2", "error: --seed: nothing is drawn"),
    ("uncertainty F1 --sobol 0 --factors 3", "error: --factors: goes with --sobol"),
    ("criticality none --share 0.2", "error: --share: goes with --ways 'better' or 'both'"),
    ("criticality none --factors 0.5", "error: --factors: goes with --tank,"),
    ("criticality none --ways better --share 0.2 --factors 0.5 --kind spill", "--factors: goes"),
    ("limits none --worst benzene --clock steady", "error: --worst: a steady state has no worst"),
    ("limits none --plant brine --grade II", "error: --grade: the limits of a folder know no"),
    ("rollout F5 --replications 0 --plan-set terms.starting_cash=5 --cash 4",
     "error: --cash: --plan-set sets terms.starting_cash, too; leave one out"),
    ("rollout F5 --replications 0 --plan-set terms.retained=0.5 --retained 0.4",
     "error: --retained: --plan-set sets terms.retained, too; leave one out"),
    ("rollout F5 --replications 0 --plan-set F6.lead_time=60",
     "error: --plan-set: F6 is not among the schemes, F5; "),
    *((f"calibrate --check {option}", "error: --check: goes alone")
      for option in ("--structure fog", "--capacity 15", "--fit a.b", "--targets a_file",
                     "--set absorber.approach=5")),
    ("calibrate --capacity 15,20,15", "error: --capacity: expected each size once, came 15 twice"),
    ("readings F1 --capacity 15,15", "error: --capacity: expected each size once, came 15 twice"),
    ("validate --plant brine --share 0.5", "error: --share: goes without --plant"),
    ("batch F1 --sets none.txt", "error: --sets: none.txt names no set"),
    ("plant new shop --bare --excel", "error: --excel: goes without --bare"),
    ("plant new flowshop", "error: DIR: 'flowshop' is a plant of the package", "another name"),
    ("lessons new --lesson 99", "error: --lesson: no lesson 99"),
    ("run F1 F2", "unexpected extra argument (F2)", "a set is one word, like F1,F2"),
    ("attribute steam_t --players F1 --price benzene=5000", "error: --price: ", "steam_t"),
    ("batch none --workers 2 --scheduler tcp://x:1",
     "error: --workers: goes without --scheduler, whose workers do the work"),
    # scales and patterns
    ("run --scale *.failure.mtbf", "PATH=FACTOR"),
    ("run --scale *.failure.mtbx=2", "*.failure.mtbx"),
    ("run --scale off_gas_cooler.area=-1", "off_gas_cooler.area", "-40 m2 is outside"),
    ("run --set *.failure.mtty=8", "*.failure.mtty"),
    # stops that leave no time to run
    ("run --scale *.failure.mtbf=1e-300", "chlorinator.failure.mtbf", "0.001 to 1e+12 h"),
    ("run --set *.failure.mtbf=0", "chlorinator.failure.mtbf", "0.001 to 1e+12 h"),
    # what says nothing at constant conditions
    ("money F1 --years 2", "years: a steady state is one year, came 2.0", "--clock events"),
    ("money F1 --seed 2", "seed: a steady state draws nothing, came 2", "--clock events"),
    ("limits --clock steady --start 07-01", "start: a steady state has no", "came '07-01'"),
    ("batch none --clock steady --years 2", "years", "--clock events"),
    ("report F1 --clock steady --years 2", "years", "--clock events"),
    ("cube F1 --years 2", "years", "--simulate"),
    # words, folders and sets
    ("limits --grade I", "--grade: no 'I'", "known: II, III"),
    ("cube none", "schemes: expected 1 to 14 schemes to combine, came none\n"),
    ("cube F1 --simulate --runs a_file/below", "--runs: a_file/below cannot be written"),
    ("batch none --out a_file/below", "--out: a_file/below cannot be written"),
    ("paper-check --tables nowhere", "--tables: expected a folder", "came 'nowhere'"),
    ("run --plant " + 80 * "x", "plant: no 'xxx", "xxx...; known: chlorobenzene, flowshop"),
    *((f"{command} ?", f"{command.split()[-1]}: expected a TOML file, like 'own.toml', came ''")
      for command in ("run --design", "run --schemes-file", "money F1 --prices",
                      "rollout F1 --plan", "limits --limits")),
    # several at once
    (
        "run --years 0 --seed x --start x --schemes F99 --set a.b=1 --out full",
        "6 faults", "--years", "--seed", "--start", "F99", "a.b", "thesis.txt",
    ),
]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "picture.toml").write_bytes(b"\x89PNG\xff\xfe\x00")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(folder)): file.read_bytes() if file.is_file() else b""
        for file in sorted(folder.rglob("*"))
    }


def arguments(command: str) -> list[str]:
    """Return the words of a command; a question mark stands for an empty one."""
    return ["" if word == "?" else word for word in command.split()]


@pytest.mark.parametrize(
    ("command", "words"), [(c, w) for c, *w in CASES], ids=[c[0] for c in CASES]
)
def test_bad_input_gives_one_message_and_exit_code_2(
    refused, folder: Path, command: str, words: list[str]
):
    before = contents(folder)
    assert refused(*arguments(command), words=words).startswith("error: ")
    assert contents(folder) == before


def test_the_table_has_the_cases_that_the_plan_asks_for():
    assert len({command for command, *_ in CASES}) == len(CASES) >= 45


@pytest.mark.parametrize("command", ["run --design several.toml", "nothing"])
def test_a_process_of_its_own_ends_the_same_way(folder: Path, command: str):
    before = contents(folder)
    ended = subprocess.run(
        [sys.executable, "-m", "experiments", *command.split()],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("error: ")
    assert "Traceback" not in ended.stderr
    assert contents(folder) == before


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is closed to this user"
)
def test_a_folder_that_is_closed_is_told_before_anything_runs(refused, folder: Path):
    (folder / "closed").mkdir(mode=0o500)
    refused("run", "--out", "closed/new", words=["cannot be written: Permission denied"])


@pytest.mark.parametrize("command", ["paper-check", "validate --share 0.001"])
@pytest.mark.parametrize("tables", ["--json", "--out folder"])
def test_the_page_of_a_command_goes_alone(call, command: str, tables: str):
    refused = call(*command.split(), "--page", *tables.split())
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "--page: goes alone; it writes and prints no tables" in refused.stderr


def below(command: click.Command) -> Iterator[click.Command]:
    """Yield a command and all that are below it."""
    yield command
    if isinstance(command, click.Group):
        for name in command.list_commands(click.Context(command)):
            found = command.get_command(click.Context(command), name)
            assert found is not None
            yield from below(found)


def test_no_option_of_any_command_is_given_twice_unless_it_is_repeatable():
    for command in below(cli):
        for option in (each for each in command.params if isinstance(each, click.Option)):
            if not option.is_flag:
                words = 2 * [option.opts[0], "x"]
                read = command.make_context("x", words, resilient_parsing=True)
                told = f"{option.opts[0]}: expected once, came 2 times"
                faults = [*map(str, read.meta[FAULTS])]
                assert any(told in fault for fault in faults) is not option.multiple, words


def test_a_switch_may_be_set_twice(call):
    assert call("card", "--brief", "--brief").exit_code == 0


def test_a_start_hour_below_0_is_told_with_what_is_expected():
    with pytest.raises(
        ValueError, match=r"^start_hour: expected a number from 0 to 8,760,000, came -5$"
    ):
        cb.simulate("none", years=0.001, start_hour=-5)


@pytest.mark.parametrize(
    ("study", "asked"), [("money", {"cuts": 5}), ("rollout", {"order": 5, "replications": 0})]
)
def test_a_number_where_several_are_meant_is_told_by_name(study: str, asked: dict[str, int]):
    with pytest.raises(TypeError, match=rf"^{next(iter(asked))}: expected .*, came 5$"):
        getattr(ex, study)("F1", **asked)


@pytest.mark.parametrize("argument", ["schemes", "players", "given", "order"])
def test_a_design_where_schemes_are_combined_is_told_with_the_argument_it_belongs_to(argument: str):
    design: Any = cb.PLANT.variant("F1")
    asked = {argument: [design] if argument == "order" else design}
    study: Any = ex.cube if argument == "schemes" else partial(ex.attribute, "net_income")
    with pytest.raises(TypeError, match=rf"^{argument}: .* came a Variant; .* is design=$"):
        study(**asked)


@pytest.mark.parametrize("study", [ex.cube, ex.batch])
def test_a_folder_of_runs_that_cannot_be_is_told_by_its_argument(study: Any, folder: Path):
    for runs in (5, "a_file", "a_file/below"):
        with pytest.raises((TypeError, ValueError), match=r"^runs: "):
            study("F1", runs=runs)


def test_event_sources_are_left_out_of_events_alone():
    with pytest.raises(ValueError, match=r"^without: a steady state has no events"):
        ex.limits("none", clock="steady", without="failures")


NO_SWITCH: dict[str, Callable[[Any], object]] = {
    "record of a run": lambda no: ex.run("none", years=0.002, record=no),
    "record of a comparison": lambda no: ex.compare("none", "F1", years=0.002, record=no),
    "record of a simulation": lambda no: cb.simulate("none", years=0.002, record=no),
    "brief": lambda no: ex.card("off_gas_cooler", brief=no),
    "simulate": lambda no: ex.cube("F1", simulate=no),
}


@pytest.mark.parametrize("what", NO_SWITCH)
def test_a_switch_is_true_or_false_and_nothing_else(what: str):
    for no in ("yes", 1, None, np.array([1.0, 2.0])):
        with pytest.raises(TypeError, match=rf"^{what.split()[0]}: expected True or False, came "):
            NO_SWITCH[what](no)


NO_ASSIGNMENTS: dict[str, Callable[[Any], object]] = {
    "settings": lambda no: cb.own_design(settings=no),
    "scales": lambda no: cb.own_design(scales=no),
    "prices": lambda no: cb.PLANT.economy.own_prices(settings=no),
    "plan": lambda no: cb.PLANT.own_plan(settings=no),
    "slack": lambda no: ex.review(slack=no, years=0.002),
}


@pytest.mark.parametrize("what", NO_ASSIGNMENTS)
def test_nothing_is_assigned_by_no_assignments_alone(what: str):
    for no in (0, False, np.array([1.0, 2.0])):
        with pytest.raises(TypeError, match="expected assignments like "):
            NO_ASSIGNMENTS[what](no)


def test_steps_are_bought_in_an_order_of_names_or_in_none():
    ordered = partial(ex.rollout, "F1,F7", replications=0)
    assert ordered(order="").order == ordered(order=()).order
    with pytest.raises(TypeError, match=r"^order: expected steps, like 'F5,F7', came 0$"):
        ordered(order=0)  # type: ignore[arg-type]


@pytest.mark.parametrize("written", ["F6,F5", "F6+F5", "F6; F5", "F6\uff0cF5", "f6\u3001 f5"])
def test_an_order_is_written_as_a_set_of_schemes_is(written: str):
    assert ex.rollout("F5,F6", order=written, replications=0).order == ("F6", "F5")
    split = ex.attribute("steam_t", players="F5,F6", order=written).splits[0]
    assert split.terms.order == ("F6", "F5")


def test_schemes_that_are_one_step_may_be_named_in_an_order_one_by_one():
    found = ex.rollout("F1-F5,F7", order="F1, F2-F4, F7, F5", replications=0)
    assert found.order == ("F1-F4", "F7", "F5")


def test_names_are_written_with_the_same_separators(call):
    for command in ("optimise F1,F5 --replications 0 --set-points x.a+x.b", "plant fit brine "
                    "--parameters x.a;x.b"):  # fmt: skip
        assert "'x.a'" in call(*command.split()).stderr


OTHER = cb.own_design(settings="off_gas_cooler.area=80")
WHOLE: dict[str, Any] = {
    "variant": cb.PLANT.variant("F1"),
    "design": cb.own_design(settings="off_gas_cooler.area=90"),
    "tree": cb.own_design(settings="off_gas_cooler.area=90").tree,
}
"""What is a design already, and is put on none."""


@pytest.mark.parametrize("what", WHOLE)
def test_a_design_beside_one_that_stands_by_itself_is_refused(what: str):
    """It was passed over: the other ran as it was."""
    studies: tuple[Any, ...] = (ex.run, ex.explain, ex.heat, cb.simulate, cb.steady_state)
    for study in studies:
        with pytest.raises(ValueError, match=r"^design: schemes are put on it, and what is asked"):
            study(WHOLE[what], design=OTHER)
    with pytest.raises(ValueError, match=r"^design: schemes are put on it, and what is asked"):
        ex.compare(WHOLE[what], WHOLE[what], design=OTHER, years=0.002)
    assert ex.compare("none", WHOLE[what], design=OTHER, years=0.002).before.name == "none"
    assert cb.PLANT.variant(OTHER, design=OTHER.tree).tree == OTHER.tree


def test_a_catalogue_beside_a_design_with_schemes_is_refused():
    ours = cb.own_schemes(catalogue="ours")
    with pytest.raises(ValueError, match=r"^known: schemes are taken from it, and what is asked"):
        cb.PLANT.variant(WHOLE["variant"], known=ours)
    assert cb.PLANT.variant(WHOLE["variant"], known={**cb.PLANT.catalogue()}).schemes == ("F1",)


@pytest.mark.parametrize("odd", [{"F1": False}, pd.DataFrame({"F1": [False]}), pd.DataFrame()])
def test_what_says_yes_or_no_to_schemes_is_no_list_of_them(odd: Any):
    """Its keys were taken for a list: F1 ran, though it was switched off."""
    with pytest.raises(TypeError, match=r"^expected schemes like 'F1, F5-F7', or a list of ids, c"):
        cb.PLANT.variant(odd)


def test_a_price_by_another_name_is_refused_by_that_name(call):
    for option, value in (("--rate", "9" * 400), ("--rate", "1_000"), ("--horizon", "2.5")):
        assert f"error: {option}: " in call("money", "F1", option, value).stderr


def test_workers_are_a_number_also_where_there_is_nothing_for_them_to_do():
    at_rest: list[Callable[..., object]] = [
        partial(ex.rollout, "F1", replications=0),
        partial(ex.limits, "F1", clock="steady"),
        partial(ex.attribute, "steam_t", cube=ex.cube("F1")),
    ]
    for study in at_rest:
        with pytest.raises(TypeError, match=r"^workers: expected a whole number from 1 to 1,024"):
            study(workers="two")


def test_the_name_of_a_design_is_a_text():
    with pytest.raises(TypeError, match=r"^label: expected a name, came "):
        cb.PLANT.variant("F1", label=("F1",))  # type: ignore[arg-type]


@pytest.mark.parametrize("what", ["F1", cb.BASELINE, cb.PLANT.variant("F1")])
@pytest.mark.parametrize("argument", ["design", "known"])
def test_what_is_no_design_and_no_catalogue_is_refused_also_where_it_is_not_needed(
    what: Any, argument: str
):
    on: dict[str, Any] = {argument: memoryview(b"x")}
    with pytest.raises(TypeError, match=rf"^{argument} must be a "):
        cb.PLANT.variant(what, **on)


STAYS = re.compile(
    r"'[^']*'|已知：[^（]*|（[见是].*|：应为 .* 之一|（Python .*?）|不是有效的 TOML.*"
    r"|[\w-]*[._/=][\w./=*-]*|--[\w-]+(?: events)?|\[\[.*\]\]"
)
"""What one types, names to choose from, and what Python says of a file."""
KEYS = {"PATH", "VALUE", "FACTOR", "TOML", "UTF", "DIR", "CSV", "set", "scale", "add", "unit",
        "note", "low", "high", "source", "none", "all", "value", "class", "kg", "evidence",
        "lever", "reason", "target", "plant", "schemes", "years", "seed", "start"}  # fmt: skip


@pytest.mark.parametrize(
    "command", [command for command, *_ in CASES if command.split()[0] in COMMANDS]
)
def test_bad_input_is_told_in_chinese(call, folder: Path, command: str):
    typed = arguments(command)
    result = call(typed[0], "--lang", "zh", *typed[1:])
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("错误：")
    words = set(re.findall("[A-Za-z]{2,}", STAYS.sub("", result.stderr)))
    assert words - KEYS - set(re.findall("[A-Za-z]{2,}", command)) == set(), result.stderr


def test_a_scheme_of_another_catalogue_is_told_with_where_it_is(call, refused):
    there = "'O13' here: it is in the catalogue 'ours'; add --catalogue ours"
    in_chinese = "'O13'：它在目录 'ours' 中；请加上 --catalogue ours"
    for command in ("run O13", "compare none F1,O13", "optimise --schemes F1,O13"):
        refused(*command.split(), words=[there])
        refused(*command.split(), "--lang", "zh", words=[in_chinese])
    assert call("explain", "O13", "--catalogue", "ours").exit_code == 0
    with pytest.raises(LookupError, match=r"known=plant.own_schemes\(catalogue='ours'\)"):
        cb.steady_state("O13")
    cb.steady_state("O13", known=cb.PLANT.own_schemes(catalogue="ours"))


def test_what_nobody_knows_in_chinese_stays_as_it_is():
    assert in_chinese("a fault: that nobody told") == "a fault: that nobody told"


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (
            lambda: ex.criticality(tanks=5),  # type: ignore[arg-type]
            "criticality: expected tanks as a list of names, came 5",
        ),
        (
            lambda: ex.plant_fit("brine", parameters={("a",): 1}),  # type: ignore[dict-item]
            "plant_fit: expected parameters as a list of names, came {('a',): 1}",
        ),
        (
            lambda: cb.own_schemes(catalogue=[]),  # type: ignore[arg-type]
            "own_schemes: expected catalogue as text, came []",
        ),
    ],
)
def test_names_of_another_kind_are_told_by_the_argument(call: Callable[[], object], told: str):
    with pytest.raises(TypeError, match=f"^{re.escape(told)}$"):
        call()


def chosen() -> Any:
    """Return the best set of two schemes at rest."""
    return ex.optimise("F1,F5", set_points="none", replications=0)


def costing() -> Any:
    """Return what the crew costs."""
    return ex.criticality("F1", kinds=("crew",), years=0.002, replications=1, workers=1)


SEVERAL = np.array([1.0, 2.0])
OF_ANOTHER_KIND: dict[str, tuple[Callable[[], object], str]] = {
    "set points that are a number": (
        lambda: ex.optimise("F1,F5", set_points=0, replications=0),  # type: ignore[arg-type]
        "set_points: expected one or more of chlorinator.liquor_ratio, ",
    ),
    "set points that are nothing": (
        lambda: ex.optimise("F1,F5", set_points=None, replications=0),  # type: ignore[arg-type]
        "set_points: expected one or more of chlorinator.liquor_ratio, ",
    ),
    "set points that are numbers": (
        lambda: ex.optimise("F1,F5", set_points=SEVERAL, replications=0),
        "set_points: expected one of chlorinator.liquor_ratio, ",
    ),
    "a pollutant that is a list": (
        lambda: ex.limits("F1", years=0.01, worst=SEVERAL),  # type: ignore[arg-type]
        "worst: expected one of acidity, ",
    ),
    "a plant to begin as that is a list": (
        lambda: ex.plant_new("shop", like=SEVERAL),  # type: ignore[arg-type]
        "like: expected one of brine, ",
    ),
    "a structure that is nothing": (
        lambda: ex.calibrate(structure=None),  # type: ignore[arg-type]
        "structure: expected one of hot, ",
    ),
    "a structure that is a list": (
        lambda: ex.calibrate(structure=SEVERAL),  # type: ignore[arg-type]
        "structure: expected one of hot, ",
    ),
    "parameters to fit that are numbers": (
        lambda: ex.calibrate(fit=SEVERAL),  # type: ignore[arg-type]
        "calibrate: expected fit as a list of names, came array([1., 2.])",
    ),
    "parameters to fit that are one text": (
        lambda: ex.calibrate(fit="off_gas_cooler.area", targets="targets.toml"),
        "calibrate: expected fit as a list of names, came 'off_gas_cooler.area'",
    ),
    "a budget that is no number": (
        lambda: chosen().within(True),
        "within: expected budget as a number of 0 or more, came True",
    ),
    "a figure to rank by that is none": (
        lambda: costing().ranked(by=[]),
        "by: expected one of margin, ",
    ),
    "a way to be better that there is not": (
        lambda: costing().ranked(way="remove"),
        "way: no 'remove'; did you mean 'removed'? known: removed, better, in force",
    ),
}
"""What a study or its answer is asked wrongly, and how the message begins."""


@pytest.mark.parametrize("what", OF_ANOTHER_KIND)
def test_what_a_study_cannot_mean_is_refused_by_the_argument(folder: Path, what: str):
    call, message = OF_ANOTHER_KIND[what]
    with pytest.raises((TypeError, ValueError, LookupError)) as told:
        call()
    assert str(told.value).startswith(message)


def test_nothing_that_is_listed_to_set_by_hand_is_nothing_to_set():
    nothing: tuple[Any, ...] = ((), [], np.array([]))
    for none in nothing:
        found = ex.optimise("F1,F5", set_points=none, replications=0)
        assert found.as_json() == chosen().as_json()
