"""Which limits apply to the line: to sources of its age, in its area, from its stacks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from plant_models.arguments import number
from plant_models.chlorobenzene.law.discharges import (
    ACIDITY,
    AIR,
    ALL_OUTFALLS,
    ALL_VENTS,
    CONCENTRATION,
    IN_WATER,
    PH,
    RATE,
    SEWER,
    TAIL_GAS,
    amount,
    figures,
    points,
)
from plant_models.chlorobenzene.law.limits import AIR_GRADES, SET_UP, WATER_GRADES, Limits, limits
from plant_models.methods.standards import Applied, Figure, Rule, Section, Standards
from sim.clock.windows import DAY
from sim.tables import words

TERMS = ("set_up", "grade", "stack", "water_grade")
LABELS = {"chemical_oxygen_demand": "COD", "acidity": "pH"}


@dataclass(frozen=True, kw_only=True)
class Terms(Standards):
    """Which limits apply."""

    set_up: str = "existing"  #: ``existing`` (before 1997) or ``new``
    grade: str = "III"  #: Of the area, ``II`` or ``III``
    stack: float = 15.0  #: Height of the vents, m
    water_grade: str = "III"  #: Of the receiving water, ``I``, ``II`` or ``III``
    limits: Limits = field(default_factory=limits)  #: Those of ``data/limits.toml`` by default

    notes = (
        "vents without a carrier gas in the books (tanks, drains) have a rate only; COD is the",
        "theoretical one, an upper bound; cooling water is an account of its own, not judged here",
    )

    def __post_init__(self) -> None:
        for name, known in (("set_up", SET_UP), ("grade", AIR_GRADES),
                            ("water_grade", WATER_GRADES)):  # fmt: skip
            if getattr(self, name) not in known:
                raise ValueError(
                    f"{name}: expected {' or '.join(known)}, came {getattr(self, name)!r}"
                )
        if not 1.0 <= number("stack", self.stack) <= 300.0:
            raise ValueError(f"stack: expected a height from 1 to 300 m, came {self.stack:g}")

    @property
    def asked(self) -> Mapping[str, Any]:
        """Age of the sources, grades, and height of the vents."""
        return {name: getattr(self, name) for name in TERMS}

    @cached_property
    def applied(self) -> Mapping[Figure, Applied]:
        """The limit of every figure of every vent and outfall; a user's own come last."""
        found = dict(self._applied())
        for figure, limit in self._permit:
            found.setdefault(figure, limit)
        return found

    @cached_property
    def also(self) -> tuple[Rule, ...]:
        """A user's limits of figures that another limit is for already."""
        return tuple((f, limit) for f, limit in self._permit if self.applied[f] is not limit)

    @cached_property
    def _permit(self) -> tuple[Rule, ...]:
        return tuple(
            (each.figure, Applied((each.lowest, each.highest), False, each.source, each.over))
            for each in self.limits.own
        )

    def _applied(self) -> Iterator[tuple[Figure, Applied]]:
        vents, outfalls = points(AIR), points(SEWER)
        for each in self.limits.air:
            if each.set_up == self.set_up:
                rate = Applied((0.0, each.rate(self.grade, self.stack)), each.recalled, each.source)
                for vent in (*vents, ALL_VENTS):
                    yield Figure(vent, each.component, RATE), rate
                concentration = Applied((0.0, each.concentration), each.recalled, each.source)
                for vent in vents:
                    yield Figure(vent, each.component, CONCENTRATION), concentration
        ph = self.limits.acidity
        for outfall in (*outfalls, ALL_OUTFALLS):  # a day's mean by section 5.2
            for limit in self.limits.water:
                highest = limit.grades[self.water_grade]
                yield (
                    Figure(outfall, limit.component, IN_WATER),
                    Applied((0.0, highest), limit.recalled, limit.source, DAY),
                )
            if ph is not None:
                yield (
                    Figure(outfall, ACIDITY, PH),
                    Applied((ph.lowest, ph.highest), ph.recalled, ph.source, DAY),
                )

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """Concentrations and rates in air, and what the sewer gets; vent by vent."""
        air, water = (*points(AIR), ALL_VENTS), (*points(SEWER), ALL_OUTFALLS)
        day, permit = "GB 16297-1996, ", not self.limits.air
        told = (
            (f"air, {'' if permit else f'{day}{self.set_up} sources, '}concentration, "
             "mg/m3 of dry gas", "air, mg/m3 of dry gas", air, (CONCENTRATION,)),
            ("air, rate, kg/h" + ("" if permit else
             f", area of grade {self.grade}, stacks of {self.stack:g} m"),
             "air, kg/h", air, (RATE,)),
            ("water, mg/L" if permit else f"water, GB 8978-1996, grade {self.water_grade}, mg/L",
             "water, mg/L", water, (IN_WATER, PH)),
        )  # fmt: skip
        return tuple(
            Section(
                title,
                short,
                tuple(f for name in names for f in self.applied
                      if f.point == name and f.unit in units),
            )
            for title, short, names, units in told
        )  # fmt: skip

    figures, amount = staticmethod(figures), staticmethod(amount)

    def words(self, figure: Figure) -> tuple[str, str]:
        """Return vent or outfall, and pollutant, as people say them."""
        is_tail_gas = figure.point == TAIL_GAS and figure.unit in (CONCENTRATION, RATE)
        point = "tail gas" if is_tail_gas else words(figure.point)
        return point, LABELS.get(figure.component, words(figure.component))
