"""The line as its data files describe it, and a way to feed one unit."""

import pickle
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

import pytest

from plant_models.chlorobenzene.line.design import prior
from plant_models.chlorobenzene.line.tree import Line
from plant_models.chlorobenzene.model import simulate
from plant_models.chlorobenzene.run.result import Result
from plant_models.chlorobenzene.substances.chemistry import COMPONENTS
from sim.books.indicators import Indicators
from sim.model.facts import Design
from sim.network.unit import Conditions, Recipe, Stream, Unit, react

CAUSTIC = COMPONENTS.stream(sodium_hydroxide=0.145, water=0.855)
SUPPLIES = {
    "water": COMPONENTS.stream(water=1.0),
    "air": COMPONENTS.stream(nitrogen=1.0),
    "caustic": CAUSTIC,
}


@dataclass(frozen=True)
class Outcome:
    """A recipe at its own draws: what entered, and every outlet, kg/h."""

    recipe: Recipe
    inlets: Mapping[str, Stream]
    out: Mapping[str, Stream]


Feed = Callable[..., Outcome]


@pytest.fixture(scope="session")
def design() -> Design[Line]:
    """Return the line before anything was fitted: its numbers are those of the literature."""
    return prior()


@pytest.fixture(scope="session")
def line(design: Design[Line]) -> Line:
    return design.tree


@pytest.fixture(scope="session")
def first_year() -> Callable[[str], Result]:
    """Return a function that gives a year of a scheme set with seed 1, each simulated once."""

    @cache
    def run(schemes: str) -> Result:
        return simulate(schemes, years=1.0, seed=1)

    return run


@dataclass(frozen=True)
class Year:
    """A year's indicators, and what it lost by medium and cause, kg."""

    indicators: Indicators
    causes: Mapping[tuple[str, str], float]


PAIRS = 15
"""As few as keep the intervals of the rarest losses within the bars of the source."""


@pytest.fixture(scope="session")
def pairs_of_years(
    tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> dict[str, list[Year]]:
    """Return years of the line before and after the programme, paired by breakdowns.

    Processes that need them at once share the work: what one has kept another does not compute.
    """
    kept = tmp_path_factory.getbasetemp()
    if worker_id != "master":
        kept = kept.parent

    def year(schemes: str, replication: int) -> Year:
        run = simulate(schemes, seed=1, replication=replication)
        causes: dict[tuple[str, str], float] = {}
        for entry, kg in run.ledger.flows.items():
            key = (entry.medium, entry.cause)
            causes[key] = causes.get(key, 0.0) + float(kg.sum())
        return Year(run.indicators, causes)

    both = [(name, n) for n in range(PAIRS) for name in ("none", "F1-F11")]
    for name, n in reversed(both) if worker_id.endswith("1") else both:
        file = kept / f"{name}-{n}.pickle"
        if not file.exists():
            whole = file.with_suffix(f".{worker_id}")
            whole.write_bytes(pickle.dumps(year(name, n)))
            whole.replace(file)
    years = {
        pair: pickle.loads((kept / "{}-{}.pickle".format(*pair)).read_bytes()) for pair in both
    }
    return {name: [years[name, n] for n in range(PAIRS)] for name in ("none", "F1-F11")}


@pytest.fixture(scope="session")
def feed() -> Feed:
    """Return a function that feeds a unit's main inlet and serves its draws from the supplies."""

    def run(unit: Unit, main: Stream, **surroundings: float) -> Outcome:
        at = Conditions(
            activity=sum(main),
            surroundings={
                "cooling_water": 288.15,
                "air": 283.15,
                "pressure": 92_500.0,
                **surroundings,
            },
        )
        inlets = {name: (0.0,) * len(COMPONENTS) for name in unit.inlets}
        inlets[unit.inlets[0]] = main
        for _ in range(2):
            recipe = unit.convert(inlets, at)
            for name, row in recipe.draws.items():
                drawn = sum(a * b for a, b in zip(row, main, strict=True))
                inlets[name] = tuple(drawn * x for x in SUPPLIES[name])
        recipe = unit.convert(inlets, at)
        pool = tuple(sum(flows) for flows in zip(*inlets.values(), strict=True))
        assert_legal(recipe, react(pool, recipe.conversions))
        return Outcome(recipe, inlets, recipe.apply(pool))

    return run


def assert_legal(recipe: Recipe, pool: Stream) -> None:
    """Fractions between 0 and 1, for each component 1 in all, and no negative flow."""
    for i in range(len(pool)):
        fractions = [split[i] for split in recipe.splits.values()]
        assert min(fractions) >= -1e-12, COMPONENTS.names[i]
        assert sum(fractions) == pytest.approx(1.0, abs=1e-12), COMPONENTS.names[i]
        assert pool[i] >= -1e-9
