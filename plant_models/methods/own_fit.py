"""A fit to a user's own figures: any indicators of any scheme sets, any parameters with a range."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from plant_models.methods.calibration import Calibratable, Parameter, Spread
from plant_models.model import PlantModel
from sim.errors import all_at_once, did_you_mean, is_number, told
from sim.model.facts import Design, read_documents
from sim.model.tree import declared, get, rebuild
from sim.statistics.fitting import Model, Point, Prior, Target

OWN_FILE = "design.toml"
"""What a fit to own figures writes: facts over the baseline's, for ``--design``."""

LARGEST, FINEST = 1e15, 1e-9
"""Values and tolerances that a fit can bear: in the indicator's unit, and per value or 1 of it."""

KEYS = ("indicator", "value", "tolerance")
MAY = ("schemes", "before")


@dataclass(frozen=True, slots=True)
class OwnTarget:
    """A figure of a user's own plant: an indicator with schemes in place, or what they save."""

    name: str
    indicator: str
    value: float  #: In the unit of the indicator, a year
    tolerance: float  #: Its standard deviation, in the same unit
    schemes: tuple[str, ...] = ()  #: In place when it was measured
    before: tuple[str, ...] | None = None
    """Where given, the figure is what ``schemes`` save over these."""


def read_targets(file: Path, plant: PlantModel[Any, Any]) -> tuple[OwnTarget, ...]:
    """Return the targets of a TOML file, a table each.

    ``[steam]`` with ``indicator = "steam_t"``, ``value = 40000``, ``tolerance = 2000``, where asked
    for ``schemes = "F1, F7"`` (none by default) and ``before = "none"`` (of a saving). Raises
    ValueError or LookupError with all faults of the file.
    """
    documents, faults = read_documents([file])
    if faults:
        raise all_at_once(faults, "the targets")
    tables = documents[0].table
    found = []
    for name, table in tables.items():
        try:
            found.append(_target(name, table, plant))
        except (LookupError, TypeError, ValueError) as fault:
            faults.append(ValueError(f"{file.name}: {name}: {fault}"))
    if not tables:
        faults.append(ValueError(f"{file.name}: expected a table for each target, came none"))
    if faults:
        raise all_at_once(faults, "the targets")
    return tuple(found)


def _target(name: str, table: object, plant: PlantModel[Any, Any]) -> OwnTarget:
    if not isinstance(table, Mapping):
        raise ValueError(f"expected a table with {', '.join(KEYS)}, came {told(table)}")
    lacking = [key for key in KEYS if key not in table]
    if lacking:
        raise ValueError(f"lacks {', '.join(lacking)}")
    for key in table:
        if key not in (*KEYS, *MAY):
            raise ValueError(f"no key {key!r}{did_you_mean(key, (*KEYS, *MAY), list_up_to=9)}")
    indicator = table["indicator"]
    if indicator not in plant.units:
        hint = did_you_mean(str(indicator), tuple(plant.units))
        raise LookupError(f"no indicator {indicator!r}{hint}")
    for key in ("value", "tolerance"):
        number = table[key]
        if not is_number(number) or not abs(number) <= LARGEST:
            raise ValueError(f"{key}: expected a number to {LARGEST:g}, came {told(number)}")
    least = FINEST * max(abs(table["value"]), 1.0)
    if not table["tolerance"] >= least:
        raise ValueError(f"tolerance: expected {least:g} or more, came {table['tolerance']:g}")
    before = table.get("before")
    return OwnTarget(
        name,
        indicator,
        float(table["value"]),
        float(table["tolerance"]),
        plant.variant(table.get("schemes", "none")).schemes,
        None if before is None else plant.variant(before).schemes,
    )


def own_fit(
    plant: PlantModel[Any, Any],
    design: Design[Any],
    targets: Sequence[OwnTarget],
    names: Iterable[str],
) -> Calibratable:
    """Return the fit of parameters of a design to a user's own figures.

    ``names``: paths of parameters that carry a range; each starts at its value in ``design``. A
    LookupError or ValueError tells of all that cannot be free.
    """
    faults: list[Exception] = []
    free: list[Parameter] = []
    trees = _trees(plant, design, targets)
    for name in names:
        try:
            if name in [parameter.name for parameter in free]:
                raise ValueError(f"fit: {name} is given twice")
            free.append(_free(design, name))
            if not any(plant.acts_at_rest(tree, name) for tree in trees):
                raise ValueError(
                    f"fit: {name} has no part in constant conditions, which a fit knows alone"
                )
        except (LookupError, ValueError) as fault:
            faults.append(fault)
    if faults:
        raise all_at_once(faults, "what is to be fitted")
    if not free:
        raise ValueError("fit: expected one parameter or more, came none")
    text = "\n".join([*map(repr, targets), *map(repr, free)])
    return Calibratable(
        tuple(free),
        tuple(Target(each.name, each.value, each.tolerance) for each in targets),
        partial(_own_model, plant, design, tuple(p.name for p in free), tuple(targets)),
        hashlib.sha256(text.encode()).hexdigest()[:16],
        Path(OWN_FILE),
        {},
        "figures of one's own",
        design=design,
    )


def _trees(
    plant: PlantModel[Any, Any], design: Design[Any], targets: Sequence[OwnTarget]
) -> list[Any]:
    """Return the plant with each set of schemes that a figure is of."""
    return [plant.variant(ids, design=design).tree for ids in _sets(targets)]


def _sets(targets: Sequence[OwnTarget]) -> tuple[tuple[str, ...], ...]:
    sets = (ids for t in targets for ids in (t.schemes, t.before) if ids is not None)
    return tuple(dict.fromkeys(sets))


def _free(design: Design[Any], name: str) -> Parameter:
    if name not in design.facts:
        hint = did_you_mean(name, tuple(design.facts))
        raise LookupError(f"fit: no parameter {name!r}{hint}")
    fact = design.facts[name]
    value = get(design.tree, name)
    if declared(design.tree, name).kind is not float:
        raise ValueError(f"fit: {name} carries no range of real numbers to move it in")
    if fact.low is None or fact.high is None:
        raise ValueError(f"fit: {name} carries no range to move it in; give it low and high")
    if not fact.low <= value <= fact.high:
        raise ValueError(
            f"fit: {name} of {value:g} is not within its range of {fact.low:g} to {fact.high:g}"
        )
    prior = Prior(name, float(value), float(fact.low), float(fact.high))
    return Parameter("facts", name, prior, fact.unit, fact.source)


def _own_model(
    plant: PlantModel[Any, Any],
    design: Design[Any],
    names: tuple[str, ...],
    targets: tuple[OwnTarget, ...],
    spread: Spread,
) -> Model:
    sets = _sets(targets)
    solve = partial(_own_state, plant, Design(design.tree, {}))

    def model(points: Sequence[Point]) -> list[tuple[float, ...] | None]:
        jobs = [(dict(zip(names, point, strict=True)), ids) for point in points for ids in sets]
        states = iter(list(spread(solve, jobs)))
        outcomes: list[tuple[float, ...] | None] = []
        for _ in points:
            known = {ids: next(states) for ids in sets}
            whole = all(state is not None for state in known.values())
            outcomes.append(tuple(_shown(known, t) for t in targets) if whole else None)
        return outcomes

    return model


def _own_state(
    plant: PlantModel[Any, Any],
    design: Design[Any],
    job: tuple[Mapping[str, float], tuple[str, ...]],
) -> Mapping[str, float] | None:
    values, schemes = job
    try:
        moved = Design(rebuild(design.tree, dict(values)), {})
        return dict(plant.steady_state(schemes, design=moved).indicators)
    except (ValueError, ArithmeticError):
        return None


def _shown(known: Mapping[tuple[str, ...], Any], target: OwnTarget) -> float:
    value: float = known[target.schemes][target.indicator]
    return value if target.before is None else known[target.before][target.indicator] - value
