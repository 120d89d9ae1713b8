"""What the benchmark prints; how long anything takes is no matter of tests."""

import json
import math
from pathlib import Path

import pytest
from click.testing import CliRunner

from plant_models.benchmarks.network15 import network15, row15
from tools import bench_beside, bench_profile
from tools.bench import ALL_SETS, as_json, bench, main, report, scheme_sets
from tools.bench_beside import KEYS, beside, peers
from tools.reference import reference_loop

TINY = 0.002  # of the full horizons
MEASURES = {
    "year_none_ms", "year_F1-F11_ms", "network15_event_us", "row15_event_us",
    "steady_solve_us", "steady_state_us", "all_steady_states_s", "two_machines_s",
    "two_machines_calendar_s", "row_80_over_5", "cold_import_s",
}  # fmt: skip
WORK = {"settlements", "solves", "fallbacks", "evaluations", "intervals", "rounds", "hours"}


@pytest.fixture(scope="module")
def measured():
    return bench(share=TINY, repeats=1)


def test_the_benchmark_as_json_has_every_figure_with_its_ratio_to_the_bare_loop(measured):
    table = json.loads(json.dumps(as_json(measured), allow_nan=False))
    assert set(table["measures"]) == MEASURES
    for of in table["measures"].values():
        assert set(of) == {"key", "what", "value", "unit", "bare_events", "bar"}
        assert of["value"] > 0.0
        assert of["bare_events"] > 0.0
    assert table["reference_us_per_event"] > 0.0
    assert {"python", "cores", "libraries"} <= set(table["machine"])


def test_the_work_of_the_engine_is_counted_for_every_plant(measured):
    assert set(measured.work) == {"none", "F1-F11", "network15", "row15", "two_machines"}
    for counts in measured.work.values():
        assert set(counts) >= WORK
        assert counts["settlements"] > 0


def test_the_report_names_every_figure_and_says_what_is_extrapolated(measured):
    lines = report(measured)
    assert [of.what for of in measured.measures if of.what not in lines] == []
    assert "extrapolated from" in lines


@pytest.mark.long
def test_the_command_prints_one_json_object_with_the_profile_that_was_asked_for():
    result = CliRunner().invoke(main, ["--json", "--profile", "--share", str(TINY)])
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert set(told["measures"]) == MEASURES
    assert set(told["profile"]) == {"none", "F1-F11"}


@pytest.mark.parametrize("share", ["0", "2", "nan", "all"])
def test_a_share_outside_its_range_is_refused(share):
    result = CliRunner().invoke(main, ["--share", share])
    assert result.exit_code == 2
    assert "--share" in result.output


def test_the_sampled_scheme_sets_are_different_ones_and_always_the_same():
    sets = scheme_sets(64)
    assert sets == scheme_sets(64)
    assert len(set(sets)) == 64
    assert len(set(scheme_sets(ALL_SETS))) == ALL_SETS


def test_the_bare_loop_takes_some_time():
    assert 0.0 < reference_loop(100) < math.inf


@pytest.mark.parametrize("build", [network15, row15])
def test_the_networks_of_the_benchmark_have_fifteen_units_and_lose_nothing(build):
    plant = build()
    network = plant.network
    assert (len(network.units), len(network.tanks), len(network.components)) == (15, 10, 5)
    plant.run(500.0)
    plant.ledger().certificate().enforce()
    assert plant.ledger().total(sink="customers") > 0.0


def test_the_profile_shares_a_year_out_among_the_parts_of_the_program():
    parts = bench_profile.profile("none", years=0.02)
    assert math.isclose(sum(part.share for part in parts), 1.0)
    assert {part.name for part in parts} >= {*bench_profile.PARTS}
    assert all(part.share > 0.0 for part in parts)
    lines = bench_profile.report({"none": parts}).splitlines()
    assert len(lines) == len(parts) + 2


def test_a_folder_without_the_engine_is_refused_as_another_checkout(tmp_path):
    result = CliRunner().invoke(main, ["--beside", str(tmp_path), "--share", str(TINY)])
    assert result.exit_code == 2
    assert "git worktree add" in result.stderr


@pytest.mark.parametrize("key", KEYS)
def test_what_is_asked_of_another_checkout_takes_some_time(key, monkeypatch, capsys):
    """A process each takes seconds to begin: the text is run in this one."""
    monkeypatch.setattr("sys.argv", ["script", key, str(TINY), "50000"])
    exec(bench_beside.SCRIPT, {})
    assert 0.0 < float(capsys.readouterr().out) < math.inf


@pytest.mark.long
def test_the_same_work_is_measured_in_another_checkout(monkeypatch, tmp_path):
    """In processes of their own; a ratio of three is three times as long there."""
    here = Path(__file__).resolve().parents[2]
    assert bench_beside._seconds(here, "row_5_event_us", TINY, 50_000.0) > 0.0
    monkeypatch.setattr(bench_beside, "_seconds", lambda at, *_: 2.0 if at == here else 6.0)
    (tmp_path / "sim").mkdir()
    pairs = beside(tmp_path, TINY, 1, 50_000.0)
    assert [(pair.key, pair.ratio) for pair in pairs] == [(key, 3.0) for key in KEYS]


def test_another_simulator_gets_a_row_where_it_is_installed():
    pytest.importorskip("nagasim")
    assert peers()["nagasim"](1000.0) > 0.0
