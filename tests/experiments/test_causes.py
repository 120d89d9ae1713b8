"""Which share of each emission has which cause: they add up, and are those of the books."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from experiments.studies.causes import ABNORMAL, CAUSES, Causes, causes
from plant_models.chlorobenzene.model import PLANT
from plant_models.flowshop.model import PLANT as SHOP
from plant_models.outcome import PERMANENT

BENZENE = ("emission gas", "benzene")


@pytest.fixture(scope="module")
def found() -> Causes:
    return causes("none", "F1-F11", years=0.03, replications=2, seed=4)


def test_the_shares_of_all_causes_add_up(found: Causes) -> None:
    for design in ("none", "F1-F11"):
        for of in found.told:
            parts = [found.shares(design, of, cause) for cause in CAUSES]
            whole = [float(any(found.tonnes(design, of)))] * len(parts[0])
            assert [sum(run) for run in zip(*parts, strict=True)] == pytest.approx(whole)


def test_a_run_that_emits_nothing_is_left_out_of_the_mean_share(found: Causes) -> None:
    """Half of what was all abnormal was told as 50 %, for the other run had none of it."""
    one, other = found.years["F1-F11"]
    idle = {name: 1e-12 * t if "benzene" in name else t for name, t in other.items()}
    half = replace(found, years={**found.years, "F1-F11": (one, idle)})
    for cause in ("normal", ABNORMAL):
        (alone, _) = found.shares("F1-F11", BENZENE, cause)
        assert half.share("F1-F11", BENZENE, cause).mean == alone
    assert "a run that emits nothing of it is left out" in str(half)
    assert json.loads(json.dumps(half.as_json(), allow_nan=False))["shares"]["none"]


def test_tonnes_by_cause_are_those_of_the_books(found: Causes) -> None:
    run = PLANT.simulate("none", years=0.03, seed=4, replication=1)
    for cause in ("normal", "start-up", "trip"):
        booked = run.ledger.total("benzene", medium="emission gas", cause=cause) / 1000.0 / 0.03
        assert found.tonnes("none", BENZENE, cause)[1] == pytest.approx(booked)
    told = run.indicators["air.benzene_t"]
    assert found.tonnes("none", BENZENE)[1] == pytest.approx(told)


def test_abnormal_is_all_that_constant_conditions_do_not_have(found: Causes) -> None:
    """At constant conditions everything is booked under causes that are permanent."""
    booked = {entry.cause for entry in PLANT.steady_state("F1-F11").ledger.flows}
    assert booked <= set(PERMANENT)
    share = found.share("none", BENZENE, ABNORMAL).mean
    permanent = sum(found.share("none", BENZENE, cause).mean for cause in PERMANENT)
    assert share == pytest.approx(1.0 - permanent)


def test_it_tells_shows_and_keeps_itself(found: Causes, tmp_path: Path) -> None:
    text = str(found)
    assert "emission gas" in text
    assert max(map(len, text.splitlines())) <= 100
    assert json.loads(json.dumps(found.as_json(), allow_nan=False))["shares"]["none"]
    found.save(tmp_path / "causes")
    assert {file.name for file in (tmp_path / "causes").iterdir()} == {
        *("causes.csv", "years.csv", "causes.png", "provenance.json", "ro-crate-metadata.json"),
    }


def test_emissions_too_small_for_a_row_are_counted(found: Causes) -> None:
    assert "more emission" not in str(found)  # of the line all are told of, or there are none
    small = "cooling water"
    less = {
        design: [
            {of: t * 1e-4 if of.startswith(small) else t for of, t in run.items()} for run in runs
        ]
        for design, runs in found.years.items()
    }
    told = str(replace(found, years=less))
    assert "2 more emissions stay below 1 kg a year" in told  # benzene and chlorobenzene
    assert small not in told


def test_runs_are_kept_and_taken_up(tmp_path: Path) -> None:
    asked = {"years": 0.01, "replications": 2}
    once = causes("S1", plant=SHOP, runs=tmp_path / "runs", **asked)  # type: ignore[arg-type]
    next((tmp_path / "runs" / "parts").glob("part-*.npz")).unlink()
    again = causes("S1", plant=SHOP, runs=tmp_path / "runs", **asked)  # type: ignore[arg-type]
    assert once.as_json() == again.as_json()


def test_a_plant_without_abnormal_hours_has_no_picture_of_them() -> None:
    """An axis from -0.05 to 0.05 and a title that 0 % of water is the most."""
    assert causes("none", years=0.01, replications=1, plant="brine").pictures() == {}
    drawn = causes("F1-F11", years=0.05, replications=1, seed=4).pictures()["causes"]()
    assert "give 100 % of" in drawn.axes[0].get_title()
