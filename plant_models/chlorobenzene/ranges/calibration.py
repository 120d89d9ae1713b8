"""What calibration fits to what: the free parameters, the targets, and the model between them.

Free are the facts, patches and prices marked ``fit``; their ranges are the priors. Targets are the
eight rows of Table 1-3, the incomes of Table 1-2 and their total, and a few figures per tonne that
plants of the time are known by. The model is the steady state at every step of the programme.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any

from plant_models.chlorobenzene.line import weather
from plant_models.chlorobenzene.line.design import DATA, END_OF_PIPE, prior, prior_catalogue
from plant_models.chlorobenzene.line.tree import Line
from plant_models.chlorobenzene.money.economy import ECONOMY
from plant_models.chlorobenzene.money.prices import Prices, prices, prior_prices
from plant_models.chlorobenzene.paper.printed import PROGRAMME, table_1_2, table_1_3
from plant_models.chlorobenzene.ranges.acting import NOT_IN_THE_STEADY_STATE
from plant_models.chlorobenzene.ranges.calibrated import FOG, HOT
from plant_models.chlorobenzene.units.vessels import Spill, Vessel
from plant_models.methods.calibration import Parameter, Spread
from plant_models.methods.economics import TOTAL, reached
from plant_models.model import PlantModel
from sim.model.facts import Design, Fact, load
from sim.model.parameters import quantity
from sim.model.schemes import Scheme
from sim.model.tree import get, rebuild
from sim.network.unit import Unit
from sim.statistics.fitting import Point, Prior, Target

Job = tuple[tuple[tuple[str, float], ...], tuple[tuple[str, float], ...], tuple[str, ...]]
"""Values of facts and of patches by name, and the schemes in place."""


@dataclass(frozen=True, kw_only=True)
class Aims:
    """Targets besides the printed tables, and tolerances; values in ``data/calibration.toml``."""

    reduction_tolerance: float = quantity("t/t", "deviation of a row of Table 1-3", 0.0, 10.0)
    income_tolerance: float = quantity("RMB/RMB", "deviation of an income", 0.0, 10.0)
    net_tolerance: float = quantity("RMB/RMB", "deviation of a net income", 0.0, 10.0)
    total_tolerance: float = quantity("RMB/RMB", "deviation of the total income", 0.0, 10.0)
    product: float = quantity("t/yr", "chlorobenzene drummed in a year", 0.0, 1e6)
    fresh_benzene: float = quantity("kg/t", "benzene entering, per product", 0.0, 1e4)
    acid: float = quantity("t/t", "31 % acid per product", 0.0, 100.0)
    steam: float = quantity("t/t", "steam per product", 0.0, 100.0)


PRODUCT = "product"
SOFT: Mapping[str, tuple[str, float]] = {
    "fresh_benzene": ("benzene_used_t", 1000.0),
    "acid": ("hydrochloric_acid_t", 1.0),
    "steam": ("steam_t", 1.0),
}
"""Indicator over product, and units of the target per t/t."""

TIME_ONLY = ("failure", "water_failure", "maintenance", "run_on")
"""Parts of a unit that the steady state does not see."""
LETTING_GO = (Vessel, Spill)
"""Units that only an event opens."""


@cache
def aims() -> Design[Aims]:
    """Return the aims, with the facts they are made of."""
    return load(Aims, DATA / "calibration.toml", sources=[DATA / "sources.toml"])


IDLE = {HOT: ("gas_catcher.fog.",), FOG: ("gas_catcher.water",)}
"""Paths that have no part in a structure of the tail end, by how they begin."""


SCALED = ("once_through.water",)
"""Facts whose ranges end where the printed tables do, and so are scaled with them."""


@cache
def parameters(structure: str = HOT, share: float = 1.0) -> tuple[Parameter, ...]:
    """Return the free parameters of a structure, in the order of the data files.

    Prices are free with the base alone; the other structure takes what they came to. ``share``:
    what a printed tonne stands for, see `share`.
    """
    return tuple(_of_share(p, share) for p in _parameters(structure))


def _of_share(parameter: Parameter, share: float) -> Parameter:
    if parameter.name not in SCALED:
        return parameter
    known = parameter.prior
    scaled = replace(
        known, value=share * known.value, low=share * known.low, high=share * known.high
    )
    return replace(parameter, prior=scaled)


def _parameters(structure: str) -> tuple[Parameter, ...]:
    line = (*_facts("facts", prior().facts), *_patches())
    return (
        *(p for p in line if not p.name.split()[-1].startswith(IDLE[structure])),
        *(_facts("prices", prior_prices().facts) if structure == HOT else ()),
    )


def _facts(kind: str, facts: Mapping[str, Fact]) -> Iterator[Parameter]:
    for path, fact in facts.items():
        if fact.fit and fact.low is not None and fact.high is not None:
            known = Prior(path, float(fact.value), fact.low, fact.high)
            yield Parameter(kind, path, known, fact.unit, fact.source)


def _patches() -> Iterator[Parameter]:
    for scheme in prior_catalogue().values():
        for patch in scheme.patches:
            if patch.fit and patch.low is not None and patch.high is not None:
                name = f"{scheme.id} {patch.path}"
                known = Prior(name, float(patch.value), patch.low, patch.high)
                yield Parameter("patches", name, known, patch.op, patch.evidence)


def share(capacity: float) -> float:
    """Return what a printed tonne or RMB stands for in a line of the base's size.

    ``capacity``: product that the source's plant is taken to have made, kt/yr; 0 for the base.
    All equipment is sized for the product of the aims, so the tables are scaled, not the line.
    """
    return aims().tree.product / (1000.0 * capacity) if capacity else 1.0


@cache
def targets(share: float = 1.0) -> tuple[Target, ...]:
    """Return what the model should show, in the order of `shown`; printed figures times ``share``.

    The printed tables are those of a plant of unknown size; see `share`.
    """
    aim = aims()
    incomes = {name: share * row.income for name, row in table_1_2().items()}
    total = incomes.pop(TOTAL)
    soft = []
    for name in (PRODUCT, *SOFT):
        fact = aim.facts[name]
        assert fact.low is not None
        assert fact.high is not None
        soft.append(Target(name, float(fact.value), (fact.high - fact.low) / 4.0))
    return (
        *(
            Target(name, share * saved, share * saved * aim.tree.reduction_tolerance)
            for name, saved in table_1_3().items()
        ),
        *(
            Target(f"income {name}", income, income * aim.tree.income_tolerance)
            for name, income in incomes.items()
        ),
        Target(f"income {TOTAL}", total, total * aim.tree.total_tolerance),
        *(
            Target(f"net {name}", share * row.net, share * row.net * aim.tree.net_tolerance)
            for name, row in table_1_2().items()
            if name != TOTAL
        ),
        *soft,
    )


def fingerprint(structure: str = HOT) -> str:
    """Return 16 hex digits of everything that a fit rests on, as values; not of the code.

    Of the facts only those of process equipment and of the site count, for the steady state knows
    no breakdowns, tanks or trucks, and nobody has built a device at the end of the pipe; of the
    schemes those of the programme.
    """
    line = prior(structure)
    told = [_told(path, fact) for path, fact in line.facts.items() if _is_process(line.tree, path)]
    for name in PROGRAMME:
        told += [
            f"{name} {p.path} {p.op} {p.value!r} {p.low!r} {p.high!r} {p.fit}"
            for p in prior_catalogue()[name].patches
            if _is_process(line.tree, p.path)
        ]
    told.append(structure)
    for design in (prior_prices() if structure == HOT else prices(), aims()):
        told += [_told(path, fact) for path, fact in design.facts.items()]
    told += [f"{t.name} {t.value!r} {t.sigma!r}" for t in targets()]
    told += [f"{name} {values!r}" for name, values in weather.monthly_means().items()]
    told.append((DATA / "properties.csv").read_text(encoding="utf-8"))
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]


def _told(path: str, fact: Fact) -> str:
    return f"{path} {fact.value!r} {fact.low!r} {fact.high!r} {fact.fit}"


def _is_process(line: object, path: str) -> bool:
    head, *rest = path.split(".")
    unit = get(line, head)
    is_process = isinstance(unit, Unit) and not isinstance(unit, LETTING_GO)
    at_rest = is_process and head not in _end_of_pipe() and path not in NOT_IN_THE_STEADY_STATE
    return (at_rest or head == "site") and rest[0] not in TIME_ONLY


@cache
def _end_of_pipe() -> frozenset[str]:
    return frozenset(tomllib.loads(END_OF_PIPE.read_text(encoding="utf-8")))


def shown(states: Sequence[Mapping[str, float]], prices: Prices) -> tuple[float, ...]:
    """Return the values of the targets, from the indicators before and after each step."""
    before, after = states[0], states[-1]
    steps = ECONOMY.step_values(states, prices, ECONOMY.steps(PROGRAMME))
    incomes = [step.income for step in steps]
    product = before["chlorobenzene_t"]
    return (
        *(before[name] - after[name] for name in table_1_3()),
        *incomes,
        sum(incomes),
        *(step.net - ECONOMY.upkeep((step.name,), prices) for step in steps),
        product,
        *(before[indicator] / product * per for indicator, per in SOFT.values()),
    )


def solve(plant: PlantModel[Any, Any], structure: str, job: Job) -> Mapping[str, float] | None:
    """Return the indicators of a steady state; ``None`` where the plant cannot be."""
    facts, patches, schemes = job
    design = replace(prior(structure), tree=rebuild(prior(structure).tree, dict(facts)))
    try:
        known = with_patches(prior_catalogue(), dict(patches))
        return dict(plant.steady_state(schemes, design=design, known=known).indicators)
    except (ValueError, ArithmeticError):
        return None


def fitted(
    structure: str, values: Sequence[float]
) -> tuple[Design[Line], Mapping[str, Scheme], Design[Prices]]:
    """Return line, schemes and prices that values of a structure's parameters come to."""
    free = parameters(structure)
    facts, patches, priced = (
        {p.name: x for p, x in zip(free, values, strict=True) if p.kind == kind}
        for kind in ("facts", "patches", "prices")
    )
    line, book = prior(structure), prior_prices() if structure == HOT else prices()
    return (
        replace(line, tree=rebuild(line.tree, facts)),
        with_patches(prior_catalogue(), patches),
        replace(book, tree=rebuild(book.tree, priced)),
    )


def with_patches(known: Mapping[str, Scheme], values: Mapping[str, float]) -> Mapping[str, Scheme]:
    """Return the schemes with other numbers in the patches named."""
    return {
        name: replace(
            scheme,
            patches=tuple(
                replace(patch, value=values[f"{name} {patch.path}"])
                if patch.fit and f"{name} {patch.path}" in values
                else patch
                for patch in scheme.patches
            ),
        )
        for name, scheme in known.items()
    }


class Programme:
    """The model: from values of the free parameters to those of the targets.

    A steady state is solved once for the facts, and for the patches of the schemes in it; so a
    price needs none, and a patch of F10 those of the last two steps.

    ``plant``: the line, which finds the steady states. ``spread``: how the work is spread over
    processes; not at all by default. ``structure``: of the tail end.
    """

    def __init__(
        self, plant: PlantModel[Any, Any], spread: Spread = map, *, structure: str = HOT
    ) -> None:
        self.solve = partial(solve, plant, structure)
        self.prices = prior_prices().tree if structure == HOT else prices().tree
        self.spread = spread
        self.steps = reached(ECONOMY.steps(PROGRAMME).values())
        self.parameters = parameters(structure)
        self.known: dict[Job, Mapping[str, float] | None] = {}

    def __call__(self, points: Sequence[Point]) -> list[tuple[float, ...] | None]:
        """Return the values of the targets at many points, in the order of the points."""
        jobs = [self._jobs(point) for point in points]
        missing = list(
            dict.fromkeys(job for steps in jobs for job in steps if job not in self.known)
        )
        for job, state in zip(missing, self.spread(self.solve, missing), strict=True):
            assert state is None or isinstance(state, Mapping)
            self.known[job] = state
        return [self._outcome(point, steps) for point, steps in zip(points, jobs, strict=True)]

    def _jobs(self, point: Point) -> list[Job]:
        values = list(zip(self.parameters, point, strict=True))
        facts = tuple((p.name, x) for p, x in values if p.kind == "facts")
        patches = [(p.name, x) for p, x in values if p.kind == "patches"]
        return [
            (facts, tuple(each for each in patches if each[0].split()[0] in schemes), schemes)
            for schemes in self.steps
        ]

    def _outcome(self, point: Point, jobs: Sequence[Job]) -> tuple[float, ...] | None:
        states = [state for job in jobs if (state := self.known[job]) is not None]
        if len(states) < len(jobs):
            return None
        priced = {
            p.name: x for p, x in zip(self.parameters, point, strict=True) if p.kind == "prices"
        }
        return shown(states, rebuild(self.prices, priced))
