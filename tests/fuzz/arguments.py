"""Calls of the Python API: valid ones to begin with, and arguments of wrong kinds and values."""

from __future__ import annotations

import inspect
import math
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

import experiments as ex
import sim
from plant_models import chlorobenzene as cb
from plant_models.methods.criticality import FACTORS
from sim.model.facts import scale_values
from tests.fuzz import words
from tests.fuzz.hostile import one_of

CHEAP: Mapping[str, Any] = {
    "years": 0.002,
    "replications": 1,
    "samples": 2,
    "sobol": 2,
    "factors": 2,
    "share": 0.001,
    "workers": 1,
}
"""What a study gets if it takes it, so that accepted calls are cheap."""

SMALL: Mapping[str, float] = {
    "years": 0.01,
    "replications": 2,
    "samples": 4,
    "sobol": 4,
    "factors": 3,
    "at_most": 10,
    "share": 0.001,
    "workers": 1,
    "limit": 2,
    "hours": 50.0,
}
"""Sizes: what lies above and would be accepted is put down to this."""

BRIEF: Mapping[str, Any] = {"horizon": 0.1, "limit": 0.2}
"""Years of a programme on the running plant, which takes seconds for each."""

STUDIES: Mapping[str, tuple[tuple[Any, ...], dict[str, Any]]] = {
    "run": (("F1",), {}),
    "compare": (("none", "F1"), {"replications": 2}),
    "card": (("off_gas_cooler",), {}),
    "explain": (("F1,F7",), {}),
    "why": (("air.benzene_t", "F1,F7"), {}),
    "batch": (("none", "F1"), {}),
    "cube": (("F1,F2",), {}),
    "attribute": (("air.benzene_t",), {"players": "F1,F2"}),
    "money": (("F1-F3",), {}),
    "rollout": (("F1,F2",), {"replications": 0}),
    "optimise": (("F1,F5",), {"replications": 0, "set_points": "none"}),
    "uncertainty": (("F1,F2",), {}),
    "readings": (("F1,F5",), {}),
    "criticality": (
        ("F1",),
        {"kinds": ("crew",), "ways": "both", "years": 0.002, "replications": 1, "factors": FACTORS},
    ),
    "causes": (("none", "F1"), {"years": 0.002, "replications": 1}),
    "limits": (("F1",), {}),
    "end_of_pipe": (("F1",), {}),
    "review": ((), {"years": 0.02}),
    "heat": (("F1",), {}),
    "report": (("F1",), {}),
    "export_lca": (("F1",), {}),
    "fitness": ((), {}),
    "paper_check": ((), {}),
    "validate": ((), {}),
    "plant_check": (("brine",), {}),
    "plant_reconcile": (("brine",), {}),
    "plant_fit": (("brine",), {}),
    "plant_history": (("brine",), {}),
}
LONG_STUDIES = ("write_page", "calibrate", "run_cases", "plant_new")
"""4,096 designs, a fit, what all other studies call with their own tasks, and what writes once."""


@dataclass(frozen=True, kw_only=True)
class Passing(sim.Unit):
    """Passes a share of what enters it on, and sends the rest back."""

    inlets: ClassVar = ("charge",)
    outlets: ClassVar = ("product", "rest")
    share: float = sim.quantity("kg/kg", "share passed on", minimum=0.0, maximum=1.0, default=0.9)

    def convert(self, inlets: Mapping[str, sim.Stream], at: sim.Conditions) -> sim.Recipe:
        """Return the recipe: the same split of every component."""
        n = len(inlets["charge"])
        return sim.Recipe(splits={"product": (self.share,) * n, "rest": (1.0 - self.share,) * n})


def small_plant(
    *,
    formulas: Any = {"salt": "NaCl", "water": "H2O"},  # noqa: B006  # mutated by no one
    rate: Any = 2.0,
    share: Any = 0.9,
    capacity: Any = 10.0,
    heel: Any = 0.02,
    initial_level: Any = 0.5,
    when_full: Any = "block",
    contents: Any = (0.1, 0.9),
    supply: Any = (0.2, 0.8),
    medium: Any = "product",
    feed: Any = "tank",
    member: Any = "second",
    to: Any = "tank",
    rest: Any = "customers",
    spill: Any = "customers",
    start_up_hours: Any = 1.0,
    start_up_fraction: Any = 0.5,
    trip_hours: Any = 0.5,
    trip_fraction: Any = 0.3,
    mtbf: Any = 8.0,
    mttr: Any = 1.0,
    clock: Any = "run time",
    law: Any = "exponential",
    shape: Any = 1.0,
    repair_law: Any = "lognormal",
    repair_spread: Any = 0.5,
    interval: Any = 20.0,
    duration: Any = 1.0,
    shift_start: Any = 2.0,
    shift_hours: Any = 20.0,
    shutdown_start: Any = 10.0,
    shutdown_duration: Any = 2.0,
    priorities: Any = (),
    pacer: Any = "one",
    surroundings: Any = None,
    crews: Any = 1,
    seed: Any = 1,
    replication: Any = 0,
    metered: Any = 3.0,
    mark: Any = 0.5,
    held: Any = "two",
    outlet: Any = "first.rest",
    led_to: Any = "customers",
    hours: Any = 24.0,
) -> sim.Plant:
    """Build two units with a tank between them by the public names of `sim`, and run them."""
    failure = sim.FailureMode(
        mtbf=mtbf, mttr=mttr, clock=clock, law=law, shape=shape, repair_law=repair_law,
        repair_spread=repair_spread,
    )  # fmt: skip
    network = sim.Network(
        components=sim.Components(formulas),
        units={
            "first": Passing(
                capacity=rate,
                share=share,
                failure=failure,
                maintenance=sim.Maintenance(interval=interval, duration=duration),
            ),
            "second": Passing(capacity=1.0),
        },
        tanks={
            "tank": sim.Tank(
                capacity=capacity, heel=heel, initial_level=initial_level, when_full=when_full
            )
        },
        contents={"tank": contents},
        supplies={"store": supply},
        sinks={"customers": medium},
        trains=(
            sim.Train(
                "one", "store", ("first",), start_up_hours, start_up_fraction, trip_hours,
                trip_fraction,
            ),
            sim.Train("two", feed, (member,)),
        ),
        pipes={
            "first.product": sim.Pipe(to),
            "first.rest": sim.Pipe(rest),
            "second.product": sim.Pipe("customers"),
            "second.rest": sim.Pipe("customers"),
        },
        spills={"tank": spill},
        priorities=priorities,
        pacer=pacer,
    )  # fmt: skip
    felt = (lambda hour: {}) if surroundings is None else surroundings
    plant = sim.Plant(network, felt, sim.RandomStreams(seed, replication), crews=crews)
    outages = sim.Outages(plant)
    for life in (
        *sim.failure_lives(plant, outages),
        *sim.maintenance_lives(plant, outages),
        sim.working(plant, "two", sim.Shift(start=shift_start, hours=shift_hours)),
        sim.shut_down(
            plant, outages, sim.Shutdown(start=shutdown_start, duration=shutdown_duration)
        ),
    ):
        plant.env.process(life)
    plant.clock(sim.MASS, "first").reaches(metered)
    plant.rises_to("tank", mark)
    plant.hold(held, "someone", "held")
    plant.release(held, "someone")
    plant.lead(outlet, led_to)
    plant.run(hours)
    plant.ledger().certificate().enforce()
    level = plant.level_of("tank")
    if not -1e-9 * capacity <= level <= capacity * (1.0 + 1e-9):
        raise AssertionError(f"accepted, and {level!r} kg in a tank of {capacity!r} kg")
    return plant


def served_plant(
    *,
    capacity: Any = 50.0,
    order_point: Any = 20.0,
    lot: Any = 20.0,
    lead_time: Any = 3.0,
    lead_spread: Any = 0.3,
    free_time: Any = 5.0,
    call_level: Any = 0.4,
    interval: Any = 2.0,
    spread: Any = 0.3,
    load: Any = 5.0,
    stock: Any = "tank",
    train: Any = "unload",
    unit: Any = "unloader",
    hours: Any = 24.0,
) -> sim.Plant:
    """Run a tank that cars fill and trucks empty."""
    network = sim.Network(
        components=sim.Components({"water": "H2O"}),
        units={"unloader": Passing(capacity=10.0), "loader": Passing(capacity=10.0)},
        tanks={"tank": sim.Tank(capacity=capacity)},
        contents={"tank": (1.0,)},
        supplies={"cars": (1.0,)},
        sinks={"customers": "product"},
        trains=(
            sim.Train("unload", "cars", ("unloader",)),
            sim.Train("load", "tank", ("loader",)),
        ),
        pipes={
            "unloader.product": sim.Pipe("tank"),
            "unloader.rest": sim.Pipe("tank"),
            "loader.product": sim.Pipe("customers"),
            "loader.rest": sim.Pipe("customers"),
        },
    )
    plant = sim.Plant(network, lambda hour: {}, sim.RandomStreams(1))
    delivery = sim.Delivery(
        order_point=order_point, lot=lot, lead_time=lead_time, lead_spread=lead_spread,
        free_time=free_time,
    )  # fmt: skip
    collection = sim.Collection(call_level=call_level, interval=interval, spread=spread, load=load)
    plant.env.process(sim.supplied(plant, stock, train, unit, delivery))
    plant.env.process(sim.collected(plant, "tank", "load", "loader", collection))
    plant.run(hours)
    plant.ledger().certificate().enforce()
    return plant


def reaction(*, text: Any = "NaCl -> NaCl", formulas: Any = None) -> object:
    """Build a reaction by its text."""
    known = {"NaCl": "NaCl", "HCl": "HCl"} if formulas is None else formulas
    return sim.Reaction(text, sim.Components(known))


def scheme(*, path: Any = "off_gas_cooler.area", op: Any = "scale", value: Any = 2.0) -> object:
    """Put a scheme of one's own on the line."""
    own = replace(cb.SCHEMES["F1"], id="Z1", patches=(sim.Patch(path, op, value),))
    return sim.apply(cb.line("none"), [own])


def set_values(*, design: Any = None, settings: Any = "off_gas_cooler.area=80") -> object:
    """Set values of the line."""
    return sim.set_values(cb.BASELINE if design is None else design, settings)


def scaled(*, design: Any = None, scales: Any = "*.failure.mtbf=0.5") -> object:
    """Scale values of the line."""
    return scale_values(cb.BASELINE if design is None else design, scales)


def settled(names: tuple[str, ...], named: Mapping[str, Any]) -> dict[str, Any]:
    """Return arguments with a cheap length where the clock takes one, and with none at rest."""
    clock = named.get("clock", "steady" if "cash_flow" in names else "events")
    at_rest = clock == "steady" if isinstance(clock, str) else False
    times = named.get("replications")
    if "set_points" in names and isinstance(times, int) and times == 0:
        at_rest = True
    if at_rest or ("simulate" in names and named.get("simulate", False) is False):
        return {name: each for name, each in named.items() if each is not CHEAP.get("years")}
    running = "limit" in names and isinstance(times, int | np.integer) and times != 0
    return {**named, **(BRIEF if running else {})}


@dataclass(frozen=True)
class Target:
    """A function to call, and a call of it that is right and cheap.

    Parameters
    ----------
    name : str
    function : callable
    given : tuple
        Arguments without a name, of a parameter with a star.
    named : Mapping
        Arguments by name.
    names : tuple of str
        All that it takes by name.
    """

    name: str
    function: Callable[..., Any]
    given: tuple[Any, ...] = ()
    named: Mapping[str, Any] = field(default_factory=dict)
    names: tuple[str, ...] = ()

    @classmethod
    def of(cls, name: str, function: Callable[..., Any], *given: Any, **named: Any) -> Target:
        """Return a target whose parameters are known by its signature."""
        parameters = inspect.signature(function).parameters.values()
        places = [p for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD]
        starred = any(p.kind is p.VAR_POSITIONAL for p in parameters)
        if not starred:
            named = {**dict(zip((p.name for p in places), given, strict=False)), **named}
            given = ()
        names = tuple(p.name for p in parameters if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD))
        cheap = {name: value for name, value in CHEAP.items() if name in names}
        return cls(name, function, given, settled(names, {**cheap, **named}), names)


AREAS = ("studies", "line", "engine")


@cache
def targets(area: str) -> tuple[Target, ...]:
    """Return what is called of an area: all studies, the line, the engine by small plants."""
    of = Target.of
    if area == "studies":
        return tuple(
            of(f"ex.{name}", getattr(ex, name), *given, **named)
            for name in getattr(ex, "__all__", ())
            if name not in LONG_STUDIES
            for given, named in (STUDIES.get(name, ((), {})),)
        )
    if area == "line":
        return (
            of("cb.simulate", cb.simulate, "F1"),
            of("cb.steady_state", cb.steady_state, "F1"),
            Target("cb.line", cb.line, (), {"schemes": "F1"}, ("schemes", "design", "known")),
            of("cb.card", cb.card, "off_gas_cooler"),
            of("cb.explain", cb.explain, "F1"),
            of("cb.own_design", cb.own_design, settings="off_gas_cooler.area=80"),
            of("cb.own_schemes", cb.own_schemes, None),
            of("cb.PLANT.variant", cb.PLANT.variant, "F1"),
        )
    return (
        *(of("small_plant", small_plant),) * 6,
        *(of("served_plant", served_plant),) * 2,
        of("set_values", set_values),
        of("scale_values", scaled),
        of("scheme", scheme),
        of("reaction", reaction),
        of("sim.interval", sim.interval, [1.0, 2.0, 3.0]),
        of("sim.paired_difference", sim.paired_difference, [1.0, 2.0], [2.0, 3.0]),
        of("sim.RandomStreams", sim.RandomStreams, 1),
    )


class Thing:
    """Something of no kind that anything knows."""

    def __repr__(self) -> str:
        return "Thing()"


def endless() -> Iterator[str]:
    """Yield ids without an end that fits."""
    yield from ("F1",) * 5


VALUES: tuple[Callable[[], Any], ...] = (
    lambda: None, lambda: True, lambda: False, lambda: 0, lambda: -1, lambda: 1, lambda: 2.5,
    lambda: math.nan, lambda: math.inf, lambda: -math.inf, lambda: 1e300, lambda: 1e-300,
    lambda: 2**70, lambda: 10**400, lambda: -(10**400), lambda: 1 + 2j, lambda: Decimal("0.1"),
    lambda: Decimal("NaN"), lambda: np.float64(0.002), lambda: np.float64("nan"),
    lambda: np.int64(3), lambda: np.array([1.0, 2.0]), lambda: np.array([]), lambda: np.bool_(1),
    lambda: np.array(3), lambda: np.array(0.002), lambda: np.ma.masked, lambda: np.float32(0.002),
    lambda: b"F1", list, lambda: (), dict, lambda: set(), lambda: {1: 2},
    lambda: {"a": None}, lambda: [None], lambda: [1, "a"], lambda: [["F1"]], lambda: ("F1", "F1"),
    lambda: {"F1": "F2"}, lambda: {"off_gas_cooler.area": math.nan}, lambda: ["F1", None],
    lambda: {"off_gas_cooler.area": [1]}, lambda: {"off_gas_cooler.area": 10**400},
    lambda: {("a",): 1}, lambda: range(3), lambda: iter(("F1",)), endless, lambda: object(),
    Thing, lambda: Thing, lambda: int, lambda: print, lambda: ..., lambda: Path("nowhere"),
    lambda: Path(), lambda: cb.line("F1"), lambda: cb.BASELINE, lambda: cb.SCHEMES,
    lambda: cb.SCHEMES["F1"], lambda: cb.PLANT.variant("F1"), lambda: cb.PLANT, lambda: cb,
    lambda: slice(1), lambda: memoryview(b"x"), lambda: "store", lambda: "tank", lambda: "first",
    lambda: "customers", lambda: "product", lambda: {"air": 20.0}, lambda: {"air": "warm"},
    lambda: (1.0,), lambda: (0.5, 0.5), lambda: (0.5, math.nan), lambda: (-1.0, 2.0),
    lambda: (1.0, 1.0, 1.0), lambda: {"x": "Xx2"}, lambda: {"x": 5}, lambda: ("one", "nobody"),
)  # fmt: skip
"""Makers of arguments of every kind."""

TEXTS = (*words.TEXTS, *words.SETS, *words.SETTINGS, *words.NUMBERS, *words.FILES, *words.DATES)


def made(draw: random.Random, name: str, right: object) -> Any:
    """Return an argument for a parameter: of any kind, a text, or the right one a little off."""
    kind = draw.randrange(5)
    if kind == 0 and isinstance(right, str):
        return words.misspelt(draw, right)
    if kind == 1 and isinstance(right, int | float):
        small = right * 1e-9 if abs(right) < 1e300 else right  # an int may be beyond any float
        return one_of(draw, [-right, 0.0, small, right * 10**9, str(right), [right], -0.0])
    if kind <= 2:
        return one_of(draw, list(TEXTS))
    return one_of(draw, list(VALUES))()


def tamed(target: Target, name: str, value: Any) -> Any:
    """Return an argument that says the same and is cheap if it is accepted."""
    if name == "workers" and value is None:
        return 1
    if name == "schemes" and value is None:  # the whole programme
        return target.named.get(name)
    is_size = isinstance(value, int | float | np.integer)
    if name in SMALL and is_size and SMALL[name] < value <= 1e12:
        return SMALL[name]
    few = target.name.removeprefix("ex.") in words.FEW_SCHEMES
    return words._fewer(value) if few and isinstance(value, str) else value


def mutated(draw: random.Random, area: str) -> tuple[Target, tuple[Any, ...], dict[str, Any]]:
    """Return a target with arguments of which one, sometimes two, are wrong or odd."""
    target = one_of(draw, targets(area))
    given, named = list(target.given), dict(target.named)
    for _ in range(draw.choice((1, 1, 2))):
        places: list[int | str] = [*range(len(given)), *target.names]
        at = one_of(draw, places)
        if isinstance(at, int):
            given[at] = tamed(target, "", made(draw, "", given[at]))
        else:
            right = named.get(at, _default(target, at))
            named[at] = tamed(target, at, made(draw, at, right))
    if "years" in target.names and "years" not in named:
        named["years"] = CHEAP["years"]
    return target, tuple(given), settled(target.names, named)


def _default(target: Target, name: str) -> object:
    found = inspect.signature(target.function).parameters.get(name)
    return None if found is None or found.default is found.empty else found.default
