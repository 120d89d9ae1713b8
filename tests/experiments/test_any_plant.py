"""Every study serves every plant: the chlorobenzene line, the flowshop, a plant of a folder."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from matplotlib.figure import Figure

import experiments as ex
from experiments.audit.study import report
from experiments.output.answer import Answer, Table
from experiments.studies.attribute.study import attribute
from experiments.studies.batch import batch
from experiments.studies.calibrate import calibrate
from experiments.studies.causes import causes
from experiments.studies.compare import compare
from experiments.studies.criticality import criticality
from experiments.studies.cube.study import cube
from experiments.studies.end_of_pipe import end_of_pipe
from experiments.studies.export_lca import export_lca
from experiments.studies.heat import heat
from experiments.studies.limits import limits
from experiments.studies.money import money
from experiments.studies.optimise.study import optimise
from experiments.studies.paper_check import paper_check
from experiments.studies.review import review
from experiments.studies.rollout import rollout
from experiments.studies.run import run
from experiments.studies.uncertainty import uncertainty
from plant_models import PLANTS, plant_named
from plant_models.chlorobenzene.figures.timelines import LANE, levels
from plant_models.model import PlantModel
from sim.model.facts import Design, set_values
from sim.model.ranges import sampled_paths

SETS = {
    "chlorobenzene": "F1,F7,F11",
    "flowshop": "S1-S3",
    "brine": "B1-B3",
    "crystals": "C1-C3",
    "plating": "P1,P2,P4",
    "vessels": "V1-V3",
}
"""A few schemes of each plant."""

SMALL = {
    "chlorobenzene": "chlorinator.stages=2",
    "flowshop": "schedule.in_a_row=4",
    "brine": "loading.capacity=20000",
    "crystals": "packing.capacity=700",
    "plating": "evaporator.capacity=1600",
    "vessels": "lorry.capacity=9000",
}
"""What makes a steady state of each plant no dearer than it must be."""

SHORT: dict[str, Any] = {"years": 0.02, "seed": 3}


def with_few_ranges(plant: PlantModel[Any, Any], name: str) -> Design[Any]:
    """Return a design of which three parameters alone carry a range."""
    own = set_values(plant.baseline(), SMALL[name])
    return replace(own, facts={path: own.facts[path] for path in islice(sampled_paths(own), 3)})


Study = Callable[[PlantModel[Any, Any], str], Answer]


def named(plant: PlantModel[Any, Any]) -> str:
    """Return the name by which a plant of the package is asked for."""
    return next(name for name in PLANTS if plant_named(name) == plant)


STUDIES: dict[str, Study] = {
    "run": lambda plant, ids: run(ids, **SHORT, plant=plant),
    "compare": lambda plant, ids: compare("none", ids, replications=2, **SHORT, plant=plant),
    "batch": lambda plant, ids: batch("none", ids, replications=2, **SHORT, plant=plant),
    "cube": lambda plant, ids: cube(ids, plant=plant),
    "attribute": lambda plant, ids: attribute(
        plant.headlines[0], "net_income", players=ids, plant=plant
    ),
    "money": lambda plant, ids: money(ids, plant=plant),
    "rollout": lambda plant, ids: rollout(ids, horizon=0.1, limit=0.1, replications=2, plant=plant),
    "optimise": lambda plant, ids: optimise(
        ids, budget=50, set_points="none", replications=0, plant=plant
    ),
    "uncertainty": lambda plant, ids: uncertainty(
        ids[:2], samples=2, sobol=0, plant=plant, design=with_few_ranges(plant, named(plant))
    ),
    "causes": lambda plant, ids: causes("none", ids, years=0.01, replications=2, plant=plant),
    "criticality": lambda plant, ids: criticality(
        ids, kinds="crew", years=0.01, replications=2, plant=plant
    ),
    "export-lca": lambda plant, ids: export_lca(ids, replications=2, **SHORT, plant=plant),
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

LONG = {
    *((study, "flowshop")
      for study in ("attribute", "cube", "optimise", "report", "rollout", "uncertainty")),
    *((study, name) for study in STUDIES for name in ("chlorobenzene", "crystals", "vessels")),
}  # fmt: skip
"""What takes longest; the line, which the tests of each study run; two of four folders."""

every_study_of_every_plant = pytest.mark.parametrize(
    ("study", "name"),
    [
        pytest.param(study, name, marks=pytest.mark.long if (study, name) in LONG else ())
        for name in PLANTS
        for study in STUDIES
    ],
)


@every_study_of_every_plant
def test_it_prints_its_report(answered: Asked, study: str, name: str) -> None:
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
    "review": (lambda plant: review(**SHORT, plant=plant), "management measures"),
    "end-of-pipe": (lambda plant: end_of_pipe(plant=plant), "devices at the end of the pipe"),
    "calibrate": (lambda plant: calibrate(plant=plant), "free parameters and targets"),
    "paper-check": (lambda plant: paper_check(plant=plant), "printed source"),
}


@pytest.mark.parametrize("name", ["crystals", "flowshop", "plating"])
def test_every_lane_of_a_picture_ends_at_what_its_own_tank_holds(name: str) -> None:
    """Whatever the order in which a folder names its tanks, and the plant passes them."""
    run = plant_named(name).simulate("none", years=0.02, record=True)
    ax = levels(run)
    lanes = [label.get_text() for label in ax.get_yticklabels()]
    tanks = run.variant.network.tanks
    assert lanes == [tank.replace("_", " ") for tank in run.ledger.held]
    for lane, (tank, held) in enumerate(run.ledger.held.items()):
        top: Any = ax.lines[3 * lane].get_ydata()  # then its capacity and its heel
        assert top[-1] % 1.0 == pytest.approx(LANE * held.sum() / tanks[tank].capacity)


@pytest.mark.parametrize("name", ["brine", "flowshop"])
def test_a_recorded_run_of_any_plant_has_tables_and_pictures_and_says_what_it_has_not(name):
    run = plant_named(name).simulate("none", years=0.01, record=True)
    hours = run.states().groupby(["train", "state"])["hours"].sum()
    assert hours.to_dict() == pytest.approx(
        {(train, state): h for train, states in run.hours.items() for state, h in states.items()}
    )
    table = run.levels()
    for tank, held in run.ledger.held.items():
        assert table[tank].iloc[-1] == pytest.approx(held.sum())
    assert [*run.events()] == ["hour", "who", "what"]
    with pytest.raises(LookupError, match=rf"^the {run.variant.plant.name} tells no diary; "):
        run.diary()
    for draw, lanes in ((run.plot.states, run.hours), (run.plot.levels, run.ledger.held)):
        drawn = [label.get_text() for label in draw(Figure().subplots()).get_yticklabels()]
        assert drawn == [lane.replace("_", " ") for lane in lanes]
    with pytest.raises(AttributeError, match=r"no picture 'sankey'; known: levels, states$"):
        run.plot.sankey()


@pytest.mark.parametrize("study", LACKING)
def test_a_plant_that_has_not_what_a_study_needs_says_what_is_missing(study: str) -> None:
    ask, missing = LACKING[study]
    asking = {"calibrate": "a calibration"}.get(study, study)  # more than one study asks for it
    with pytest.raises(
        LookupError, match=f"^the flowshop has no {missing}, which {asking} needs; "
    ):
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


ASKED = [
    name
    for name in ex.__all__
    if name not in ("validate", "run_cases") and not name.startswith("plant_")
]


@pytest.mark.parametrize("name", ASKED)
def test_what_is_no_plant_is_refused_by_every_study_with_what_to_write(name: str, tmp_path: Path):
    first: dict[str, tuple[Any, ...]] = {"write_page": (tmp_path / "page.html",)}
    first |= {"compare": ("none", "F1"), "batch": ("none",)}
    first |= dict.fromkeys(("attribute", "why"), ("air.benzene_t",))
    with pytest.raises(TypeError, match=r"plant: expected a PlantModel, .* or a name, like 'flow"):
        getattr(ex, name)(*first.get(name, ()), plant=7)


def test_a_plant_may_be_given_by_its_name():
    found = ex.run("none", plant="flowshop", years=0.01)
    assert str(found) == str(ex.run("none", plant=plant_named("flowshop"), years=0.01))
    with pytest.raises(LookupError, match="plant: no 'flowshp'; did you mean"):
        ex.explain("none", plant="flowshp")
