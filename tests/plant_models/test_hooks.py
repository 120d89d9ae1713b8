"""What a plant's author writes is asked for by kind: what is of another is told by its name."""

import pickle
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any, cast

import pytest

import experiments as ex
from experiments.runner.faults import SimulationFault
from plant_models import hooks, plant_named
from plant_models.chlorobenzene.model import ChlorobenzeneLine
from plant_models.flowshop.model import FlowshopModel
from plant_models.model import PlantModel
from sim import RandomStreams
from tests.refused import Thing

WRONG = (None, "text", {"x": float("nan")}, float("nan"), 7, [Thing()])
ARGUMENTS = {
    "check_change": 2, "grounded": 2, "chosen": 2, "readings_of": 2, "running": 2, "outcome": 3,
    "printed_reductions": 2, "catalogue": 0, "baseline": 0,
}  # fmt: skip


def mine(name: str, value: Any) -> Any:
    """Return a plant whose author has written something else for one hook."""
    told: Any = lambda self, *_, **__: value  # noqa: E731
    method = callable(getattr(PlantModel, name, None))
    return type("Mine", (FlowshopModel,), {name: told if method else property(told)})()


def asked(plant: Any, name: str) -> Any:
    """Return what a plant says to one hook."""
    found = getattr(plant, name)
    return found(*[None] * ARGUMENTS.get(name, 1)) if callable(found) else found


def fits(name: str, value: Any) -> bool:
    kind = hooks.ANSWERS[name]
    text = isinstance(value, str) and kind == "text"
    none = value is None and kind == "nothing"
    number = kind == "number" and value == 7
    return text or none or number or (kind == "mapping of anything" and isinstance(value, dict))


@pytest.mark.parametrize("name", [name for name in hooks.ANSWERS if name != "tree_type"])
@pytest.mark.parametrize("value", WRONG, ids=str)
def test_what_a_hook_says_is_of_its_kind_or_told_with_what_was_expected(name: str, value: Any):
    if fits(name, value):
        assert asked(mine(name, value), name) == value or value != value
        return
    with pytest.raises(TypeError, match=rf"^Mine\.{name}: expected .*, came "):
        asked(mine(name, value), name)


def test_the_table_of_hooks_has_every_hook_of_a_plant():
    helpers = {
        "own", "own_design", "own_schemes", "own_plan", "variant", "variants", "tree",
        "with_programme", "card", "cards", "simulate", "begun", "left_out", "lacks",
    }  # fmt: skip
    said = {name for name in vars(PlantModel) if not name.startswith("_")}
    annotated = set(PlantModel.__annotations__)
    assert (said | annotated) - helpers == set(hooks.ANSWERS)


@pytest.mark.parametrize("plant", ["chlorobenzene", "flowshop", "brine"])
def test_the_plants_of_the_package_say_what_they_are_asked(plant: str):
    found = plant_named(plant)
    for name in ("programme", "summary", "notable", "baseline", "catalogue"):
        assert asked(found, name)
    assert found.steady_state("none").indicators


def test_a_plant_may_leave_unsaid_what_its_processes_are():
    """Any of its trains may be the bottleneck then, and no indicator is of its operation."""
    few: dict[str, Any] = {"processes": {}, "process_trains": (), "operating": ()}
    assert few == {name: getattr(PlantModel, name) for name in few}
    plant: Any = type("Mine", (FlowshopModel,), few)()
    found = plant.simulate("none", years=0.05, seed=1)
    assert found.bottleneck in found.full_hours
    assert str(ex.run("none", years=0.05, replications=2, workers=1, plant=plant))


def test_a_hook_that_forgets_to_return_is_told_so():
    with pytest.raises(TypeError, match=r"came None; it has no 'return'"):
        asked(mine("network", None), "network")


def test_one_name_where_several_are_meant_is_told_with_how_to_write_it():
    with pytest.raises(TypeError, match=r"came 'product_t'; write \('product_t',\)"):
        type("Mine", (FlowshopModel,), {"headlines": "product_t"})


@pytest.mark.parametrize("name", hooks.OF_UNITS)
def test_an_indicator_that_a_plant_has_not_is_told_with_what_comes_near(name: str):
    wrong = "prodct_t" if name == "product" else ("prodct_t",)
    with pytest.raises(LookupError, match=rf"^Mine\.{name}: no 'prodct_t' in its units; did you"):
        type("Mine", (FlowshopModel,), {name: wrong, "units": FlowshopModel.units})


def test_a_value_in_place_of_a_method_is_told_and_a_method_in_place_of_a_value():
    with pytest.raises(TypeError, match=r"^Mine\.catalogue: expected a method, came \{\}"):
        type("Mine", (FlowshopModel,), {"catalogue": {}})
    with pytest.raises(TypeError, match=r"^Mine\.programme: expected a value or a property"):
        type("Mine", (FlowshopModel,), {"programme": lambda self: ("S1",)})


def test_indicators_that_are_missing_or_no_number_are_told_by_name():
    def without(self: Any, of: Any) -> Any:
        found = FlowshopModel.indicators(self, of)
        return type(found)({"A_t": found["A_t"]}, found.units)

    def broken(self: Any, of: Any) -> Any:
        found = FlowshopModel.indicators(self, of)
        return type(found)({**found, "A_t": float("nan")}, found.units)

    for told, message in ((without, "no 'B_t'"), (broken, "'A_t': expected a number, came nan")):
        plant: Any = type("Mine", (FlowshopModel,), {"indicators": told})()
        with pytest.raises(TypeError, match=f"^Mine.indicators: {message}"):
            assert plant.steady_state("none").indicators


def test_a_plant_that_lacks_what_every_plant_says_is_told_all_of_it():
    body = {
        name: lambda self, *_, **__: None for name in getattr(PlantModel, "__abstractmethods__", ())
    }
    plant: Any = type("Mine", (PlantModel,), {**body, "name": "mine"})()
    with pytest.raises(TypeError, match=r"^Mine: expected tree_type, units, headlines, came"):
        ex.run("none", plant=plant)


def test_a_study_tells_a_hook_of_another_kind_as_it_is(recwarn: Any):
    for name, study in (("network", ex.run), ("heat_balance", ex.heat), ("running", ex.run)):
        with pytest.raises(TypeError, match=rf"^Mine\.{name}: expected a "):
            study("none", plant=mine(name, None))


def test_a_plant_whose_hooks_are_looked_at_travels():
    assert pickle.loads(pickle.dumps(ChlorobenzeneLine())) == ChlorobenzeneLine()


def test_a_slip_in_a_hook_is_told_with_its_line():
    def slips(self: Any, variant: Any, streams: Any, **on: Any) -> Any:
        return variant.no_such_thing

    plant: Any = type("Mine", (FlowshopModel,), {"running": slips})()
    with pytest.raises(SimulationFault, match=r"no_such_thing.*\(test_hooks.py, line \d+\)"):
        ex.run("none", plant=plant, workers=1)


def test_a_running_plant_is_made_of_what_it_says():
    model = FlowshopModel()
    made = model.running(model.variant("none"), RandomStreams(1))
    for name in ("plant", "outages", "change"):
        with pytest.raises(TypeError, match=rf"^Running: expected {name} as .*, came 7$"):
            replace(made, **cast(Any, {name: 7}))


def test_a_hook_may_be_anything_that_can_be_called():
    class Wired:
        def __call__(self, tree: Any) -> Any:
            return FlowshopModel().network(tree)

    tree = FlowshopModel().baseline().tree
    for said in (Wired(), staticmethod(partial(FlowshopModel().network))):
        assert type("Mine", (FlowshopModel,), {"network": said})().network(tree).units


def test_a_hook_that_needs_no_plant_can_be_asked_of_the_class():
    class Mine(FlowshopModel):
        @classmethod
        def catalogue(cls) -> Any:  # type: ignore[override]
            return FlowshopModel().catalogue()

    assert FlowshopModel.network(FlowshopModel.baseline().tree).units
    assert Mine.catalogue() == Mine().catalogue()


def _made(tree: Any) -> Any:
    return FlowshopModel().network(tree)


class Renamed(FlowshopModel):
    """A plant whose hook is a function of another name."""

    network = staticmethod(_made)  # type: ignore[assignment]


def test_a_hook_travels_whatever_its_function_is_called():
    assert callable(pickle.loads(pickle.dumps(Renamed().network)))


def test_a_property_keeps_its_setter_and_a_cached_one_is_asked_once():
    class Mine(FlowshopModel):
        __setattr__, __delattr__ = object.__setattr__, object.__delattr__
        asked = 0

        @property
        def emissions(self) -> Any:
            return self.__dict__["said"]

        @emissions.setter
        def emissions(self, said: Any) -> None:
            self.__dict__["said"] = said

        @cached_property
        def headlines(self) -> Any:  # type: ignore[override]
            Mine.asked += 1
            return ["A_t"]

    plant: Any = Mine()
    plant.emissions = ["wastewater_t"]
    assert plant.emissions == ["wastewater_t"]
    assert plant.headlines is plant.headlines
    assert Mine.asked == 1
    del plant.headlines
    plant.headlines = ("B_t",)
    assert plant.headlines == ("B_t",)


class Placed:
    """A path of somebody else's kind."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __fspath__(self) -> str:
        return str(self.path)


@pytest.mark.parametrize("kind", [str, Placed, list], ids=["text", "path-like", "list"])
def test_files_may_be_named_by_text_or_by_whatever_is_a_path(kind: Any, tmp_path: Path):
    own, plant = tmp_path / "own.toml", FlowshopModel()
    own.write_text("[charging.capacity]\nvalue = 20000.0\nunit = 'kg/h'\nsource = 'turton-2009'\n")
    schemes = tmp_path / "schemes.toml"
    schemes.write_text("")

    def files(some: Any) -> Any:
        return [*some] if kind is list else tuple(map(kind, some))

    body = {
        "fact_files": property(lambda self: files(plant.fact_files)),
        "source_files": property(lambda self: files(plant.source_files)),
        "catalogues": {"ours": schemes if kind is list else kind(schemes)},
    }
    mine: Any = type("Mine", (FlowshopModel,), body)()
    assert mine.own_design().tree == plant.baseline().tree
    assert mine.overlaid(own if kind is list else kind(own)).tree == plant.baseline().tree
    assert mine.own_schemes(catalogue="ours") == plant.catalogue()


def test_one_file_where_several_are_meant_is_told_with_how_to_write_it():
    mine: Any = type("Mine", (FlowshopModel,), {"fact_files": property(lambda self: "a.toml")})()
    with pytest.raises(TypeError, match=r"a tuple of paths, came 'a.toml'; write \('a.toml',\)"):
        mine.overlaid("own.toml")


def test_a_plant_may_have_fields_for_what_it_says():
    @dataclass(frozen=True)
    class Mine(FlowshopModel):
        headlines: Any = field(default=("A_t",))  # type: ignore[misc]
        neutral: Any = field(default_factory=list)  # type: ignore[misc]

    @dataclass(frozen=True, slots=True)
    class Slim(FlowshopModel):
        headlines: Any = ("A_t",)  # type: ignore[misc]

    assert (Mine().headlines, Mine().neutral, Slim(("B_t",)).headlines) == (("A_t",), [], ("B_t",))


def test_what_a_run_has_not_by_a_name_is_told_with_what_comes_near():
    run = FlowshopModel().simulate("none", years=0.02)
    compared = ex.compare("none", "S1", years=0.02, replications=2, plant="flowshop")
    steady = FlowshopModel().steady_state("none")
    train = next(iter(run.hours))
    looks: list[tuple[Any, str, str]] = [
        (compared.differences, "A_tt", "no indicator 'A_tt'; did you mean 'A_t'?"),
        (run.hours, f"{train}x", f"no train '{train}x'; did you mean '{train}'?"),
        (run.hours[train], "runing", "no state 'runing'; did you mean 'running'?"),
        (run.full_hours, "mixr", "no train 'mixr'; did you mean 'mixer'?"),
        (run.counts, "solve", "no count 'solve'; did you mean 'solves'?"),
        (steady.surroundings, "air", "no condition 'air'; there is none"),
        (steady.ledger.over, "steam", "no utility with a peak 'steam'; there is none"),
        (
            run.ledger.flows,
            "steam",
            "no flow 'steam'; each is an Entry; table() lists them, "
            "total(component, sink=...) adds up",
        ),
        (run.ledger.components.index, "a", "no component 'a'; did you mean 'A'?"),
        (run.variant.network.units, "mixr", "no unit 'mixr'; did you mean 'mixer'?"),
        (run.variant.known, "S9", "no scheme 'S9'; known: S1, S2, S3, S4"),
        (
            run.variant.base.facts,
            "mixer.hour_a",
            "no parameter 'mixer.hour_a'; did you mean 'mixer.hours_a'?",
        ),
        (run.variant.plant.units, "A_tt", "no indicator 'A_tt'; did you mean 'A_t'?"),
        (run.variant.plant.own_schemes(), "S9", "no scheme 'S9'; known: S1, S2, S3, S4"),
        *(
            (of, "mixr_vessel", "no tank 'mixr_vessel'; did you mean 'mixer_vessel'?")
            for of in (run.ledger.opening, run.ledger.held, steady.ledger.held)
        ),
        (run.indicators.units, "A_tt", "no indicator 'A_tt'; did you mean 'A_t'?"),
        (compared.before.hours[train], "runing", "no state 'runing'; did you mean 'running'?"),
        (compared.before.means, "A_tt", "no indicator 'A_tt'; did you mean 'A_t'?"),
    ]
    for mapping, name, message in looks:
        assert mapping.get(name) is None
        with pytest.raises(KeyError) as caught:
            mapping[name]
        assert str(caught.value) == message
    there = pickle.loads(pickle.dumps(run))
    assert there == run
    assert there.ledger.flows.what == "flow"


@pytest.mark.parametrize("felt", [3, {"air": "warm"}, {"air": float("nan")}])
def test_what_nothing_feels_is_looked_at_all_the_same(felt: Any):
    with pytest.raises((TypeError, ValueError), match=r"^surroundings: .*expected .*, came "):
        FlowshopModel().steady_state("none", surroundings=felt)


OWN_SCHEME = """
[{}]
class = "low-cost"
target = "off_gas_cooler"
title = "Mine"
title_zh = "我的"
lever = "More area."
reason = "Colder gas."
evidence = "assumed"
patches = [{{ path = "off_gas_cooler.area", scale = 2.0, evidence = "assumed", note = "n" }}]
"""


def test_an_own_scheme_is_no_lookalike_of_one_of_the_plant(tmp_path):
    """Asked for as f1, it was the plant's F1 that was put on, without a word."""
    file = tmp_path / "own.toml"
    file.write_text(OWN_SCHEME.format("f1"), encoding="utf-8")
    with pytest.raises(ValueError, match=r"own\.toml: f1: the plant has F1; write F1 to put yours"):
        ChlorobenzeneLine().own_schemes(file)
    file.write_text(OWN_SCHEME.format("F1"), encoding="utf-8")
    assert ChlorobenzeneLine().own_schemes(file)["F1"].title == "Mine"
