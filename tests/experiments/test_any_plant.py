"""Every study serves every plant: the same tests for the chlorobenzene line and the flowshop."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from experiments.audit.study import report
from experiments.output.answer import Answer, Table
from experiments.studies.attribute.study import attribute
from experiments.studies.batch.study import batch
from experiments.studies.compare.study import compare
from experiments.studies.cube.study import cube
from experiments.studies.heat.study import heat
from experiments.studies.limits.study import limits
from experiments.studies.money.study import money
from experiments.studies.rollout.study import rollout
from experiments.studies.run.study import run
from plant_models import PLANTS, plant_named
from plant_models.model import PlantModel

SETS = {"chlorobenzene": "F1,F7,F11", "flowshop": "S1-S3"}
"""A few schemes of each plant."""

SHORT: dict[str, Any] = {"years": 0.02, "seed": 3}

Study = Callable[[PlantModel[Any, Any], str], Answer]

STUDIES: dict[str, Study] = {
    "run": lambda plant, ids: run(ids, **SHORT, plant=plant),
    "compare": lambda plant, ids: compare("none", ids, replications=2, **SHORT, plant=plant),
    "batch": lambda plant, ids: batch("none", ids, replications=2, **SHORT, plant=plant),
    "cube": lambda plant, ids: cube(ids, plant=plant),
    "attribute": lambda plant, ids: attribute(
        plant.headlines[0], "net_income", players=ids, plant=plant
    ),
    "money": lambda plant, ids: money(ids, plant=plant),
    "rollout": lambda plant, ids: rollout(ids, horizon=0.2, replications=2, plant=plant),
    "report": lambda plant, ids: report(ids, **SHORT, plant=plant),
}


@pytest.fixture(scope="module")
def answered() -> Callable[[str, str], Answer]:
    """Return what gives the answer of a study for a plant; each is asked for once."""
    answers: dict[tuple[str, str], Answer] = {}

    def answer(study: str, name: str) -> Answer:
        if (study, name) not in answers:
            answers[study, name] = STUDIES[study](plant_named(name), SETS[name])
        return answers[study, name]

    return answer


Asked = Callable[[str, str], Answer]

every_study_of_every_plant = pytest.mark.parametrize(
    ("study", "name"), [(study, name) for name in PLANTS for study in STUDIES]
)


@every_study_of_every_plant
def test_it_prints_lines_that_a_terminal_holds(answered: Asked, study: str, name: str) -> None:
    answer = answered(study, name)
    assert isinstance(answer, Answer)
    assert str(answer).strip()
    assert str(answer) == answer.report()


@every_study_of_every_plant
def test_it_gives_tables_with_rows(answered: Asked, study: str, name: str) -> None:
    tables = answered(study, name).tables()
    assert tables
    for table in tables.values():
        assert isinstance(table, Table)
        assert len(table.frame()) == len(table.rows) > 0


@every_study_of_every_plant
def test_it_is_json_that_names_the_plant(answered: Asked, study: str, name: str) -> None:
    told = answered(study, name).as_json()
    again = json.loads(json.dumps(told, allow_nan=False))
    assert again["provenance"]["plant"] == plant_named(name).name
    assert again["provenance"]["command"] == study


LACKING: dict[str, tuple[Callable[[PlantModel[Any, Any]], Answer], str]] = {
    "limits": (lambda plant: limits("none", **SHORT, plant=plant), "emission limits"),
    "heat": (lambda plant: heat("none", plant=plant), "heat balance"),
}


@pytest.mark.parametrize("study", LACKING)
def test_a_plant_that_has_not_what_a_study_needs_says_what_is_missing(study: str) -> None:
    ask, missing = LACKING[study]
    with pytest.raises(LookupError, match=f"the flowshop has no {missing}, which {study} needs"):
        ask(plant_named("flowshop"))


@pytest.mark.parametrize("name", PLANTS)
def test_every_unit_and_tank_of_a_plant_belongs_to_one_process(name: str) -> None:
    plant = plant_named(name)
    wired = plant.variant("none").network
    parts = [part for members in plant.processes.values() for part in members]
    assert len(parts) == len(set(parts))
    assert {*wired.units, *wired.tanks} <= set(parts)


@pytest.mark.parametrize("name", PLANTS)
def test_every_indicator_that_a_plant_names_is_one_of_its_own(name: str) -> None:
    plant = plant_named(name)
    said = (plant.product, *plant.headlines, *plant.operating, *plant.emissions, *plant.utilities,
            *plant.neutral)  # fmt: skip
    assert set(said) <= set(plant.units)
    assert set(plant.steady_state().indicators) == set(plant.units)
