"""Two schemes of which only one can be: what every study makes of a catalogue that has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import experiments as ex
from experiments.door.cli import cli
from plant_models.chlorobenzene.model import ChlorobenzeneLine
from sim.errors import ConflictError
from sim.model.schemes import Scheme
from tests.plant_models.folder.texts import WORKS

SCHEMES = """
[small]
class = "low-cost"
title = "A small heater"
patches = [{ path = "still.recovery.water", set = 0.65 }]

[large]
class = "high-cost"
title = "A large heater"
patches = [{ path = "still.recovery.water", set = 0.7 }]

[wide]
class = "no-cost"
title = "A wider pipe"
patches = [{ path = "still.capacity", scale = 1.1 }]
"""
PRICES = """
[money]
currency = "EUR"
interest_rate = 0.1
horizon = 7

[bought.brine]
of = "brine_t"
price = 20.0

[sold.drums]
of = "drums_t"
price = 50.0

[investments]
small = 100.0
large = 500.0
wide = 10.0
"""
TOLD = "still.recovery.water: large sets 0.7, small sets 0.65"


@pytest.fixture
def works(tmp_path: Path) -> Path:
    for name, text in {"plant": WORKS, "schemes": SCHEMES, "prices": PRICES}.items():
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    return tmp_path


def asked(*words: object) -> Result:
    return CliRunner().invoke(cli, [*map(str, words), "--workers", "1"])


@pytest.mark.long
def test_a_report_of_one_of_them_leaves_the_other_out_of_what_could_follow(works: Path):
    short = ("--plant", works, "--years", "0.01", "--out", works / "report")
    told = asked("report", "small", *short)
    assert told.exit_code == 0, told.output
    assert "A wider pipe" in (works / "report" / "report.md").read_text(encoding="utf-8")


def test_the_best_set_is_found_where_not_all_can_be_together(works: Path):
    told = asked("optimise", "--plant", works, "--years", "0.01")
    assert told.exit_code == 0, told.output
    assert "2 sets hold schemes that do not go together and were not chosen" in told.stdout
    assert "no state of rest" not in told.stdout


@pytest.mark.parametrize("command", ["money", "uncertainty", "rollout", "causes"])
@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", f"those of the still house do not all go together: schemes conflict: {TOLD}"),
        ("zh", "still house 的方案并非都能并用：方案冲突：still.recovery.water：large 设为 0.7"),
    ],
)
def test_where_nobody_names_schemes_those_that_go_together_are_offered(
    refused, works: Path, command: str, lang: str, said: str
):
    told = refused(command, "--plant", works, "--lang", lang, words=[said])
    named = told.rpartition(" ")[2].strip()
    assert named == "'large,wide'"
    assert CliRunner().invoke(cli, ["explain", "large,wide", "--plant", str(works)]).exit_code == 0


@dataclass(frozen=True)
class Undecided(ChlorobenzeneLine):
    """The line with a programme that names two sizes of one scheme."""

    programme = ("F1", "F8", "Z8")

    def catalogue_of(self, tree: Any) -> Mapping[str, Scheme]:
        """Return the catalogue with the other size."""
        known = super().catalogue_of(tree)
        patch, *others = known["F8"].patches
        higher = replace(known["F8"], id="Z8", patches=(replace(patch, value=20), *others))
        return {**known, "Z8": higher}


@pytest.mark.parametrize("study", [ex.end_of_pipe, ex.fitness, ex.report])
def test_a_study_of_a_whole_programme_offers_those_of_it_that_go_together(study: Any):
    with pytest.raises(ConflictError, match=r"do not all go together: .*, like 'F1,F8'$"):
        study(plant=Undecided())


def test_to_share_a_figure_players_that_go_together_are_asked_for(refused, works: Path):
    words = [TOLD, "name players that go together"]
    assert ".py" not in refused("attribute", "air_t", "--plant", works, words=words)
    assert asked("attribute", "air_t", "--plant", works, "--players", "small,wide").exit_code == 0


def test_a_page_tells_which_schemes_do_not_go_together(refused, works: Path):
    words = ["large, small do not go together", TOLD]
    refused("page", "--plant", works, "--out", works / "page.html", words=words)


@pytest.mark.parametrize("words", [("explain", "small,large"), ("run", "all"), ("report", "all")])
def test_the_two_together_are_refused(refused, words: tuple[str, ...], works: Path):
    refused(*words, "--plant", works, words=[f"{TOLD}; take one of them"])


@pytest.mark.parametrize("words", [("attribute", "air_t"), ("page",)])
def test_what_does_not_go_together_is_told_in_chinese(refused, words: tuple[str, ...], works: Path):
    out = ("--out", works / "page.html") if words == ("page",) else ()
    told = refused("--lang", "zh", *words, "--plant", works, *out, words=["方案冲突"])
    assert "together" not in told
