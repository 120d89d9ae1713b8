"""``limits.toml``: what may leave at a sink or an outlet, as a rate or a share of it.

Limits and figures are told in the unit that the file gives each limit in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from plant_models.folder.places import Sheet
from plant_models.folder.values import STATED, fact_of
from plant_models.methods.standards import Applied, Figure, Rule, Section, Standards
from sim.clock.watch import Outflows
from sim.clock.windows import HOUR, LENGTHS
from sim.errors import did_you_mean, told
from sim.model.parameters import Quantity, parse_quantity, unit_of
from sim.model.units_of_measure import convert

FILE = "limits.toml"
KEYS = ("at", "component", "most", "over", "source", "recalled")
RATE, SHARE = "kg/h", "kg/kg"
ALL = "all"


@dataclass(frozen=True)
class FolderLimits(Standards):
    """The limits of a plant of a folder."""

    limits: Mapping[Figure, Applied]
    sinks: tuple[str, ...]
    components: tuple[str, ...]
    terms: Mapping[str, Any]
    others: tuple[Rule, ...] = ()
    """Limits of the same figures over another window: the hour's first, the year's here."""

    @property
    def notes(self) -> tuple[str, ...]:  # type: ignore[override]
        """What has to be known to read the figures."""
        return ("a rate is how much leaves, a share how much of all that leaves there",)

    @property
    def applied(self) -> Mapping[Figure, Applied]:
        """The limit of every figure."""
        return self.limits

    @property
    def also(self) -> tuple[Rule, ...]:
        """Those of the same figures over another window."""
        return self.others

    @property
    def sections(self) -> tuple[Section, ...]:
        """Rates first, then shares."""
        found: dict[tuple[str, str], list[Figure]] = {}
        for kind, short in ((RATE, "rate"), (SHARE, "share")):
            for figure, (of, _) in self._measured.items():
                if of == kind:
                    title = f"{short.capitalize()}s, {figure.unit}"
                    found.setdefault((title, short), []).append(figure)
        return tuple(Section(*head, tuple(figures)) for head, figures in found.items())

    @cached_property
    def _measured(self) -> Mapping[Figure, tuple[str, float]]:
        """Return of each figure if it is a rate or a share, and its unit in kg/h or kg/kg."""
        return {figure: _unit(figure.unit) for figure in self.limits}

    @property
    def asked(self) -> Mapping[str, Any]:
        """Nothing: these limits know no terms."""
        return {}

    def figures(self, outflows: Outflows) -> Mapping[Figure, float]:
        """Return every figure of what leaves now."""
        found = {}
        for figure, (kind, size) in self._measured.items():
            here = [kg for (stream, sink), kg in outflows.items() if figure.point in (stream, sink)]
            total = sum(map(sum, here))
            index = None if figure.component == ALL else self.components.index(figure.component)
            rate = total if index is None else sum(kg[index] for kg in here)
            if kind == RATE:
                found[figure] = rate / size
            elif total > 0.0:
                found[figure] = rate / total / size
        return found


def read_limits(
    sheet: Sheet,
    sinks: Iterable[str],
    outlets: Mapping[str, str],
    components: tuple[str, ...],
    terms: Mapping[str, Any],
) -> tuple[FolderLimits, list[str]]:
    """Return the limits of a file, and what is wrong with it; ``outlets``: where each leads."""
    faults: list[str] = []
    sinks = tuple(sinks)
    places = (*sinks, *(name for name, to in outlets.items() if to in sinks))
    inside = {name: to for name, to in outlets.items() if to not in sinks}
    found: dict[Figure, Applied] = {}
    others: list[Rule] = []
    windows = set[tuple[str, str, str, str]]()
    for name, raw in sheet.table.items():
        if name == "sources":
            continue

        def say(key: str, fault: str, name: str = name) -> None:
            faults.append(sheet.fault(f"{name}.{key}" if key else name, fault))

        if not isinstance(raw, Mapping):
            say("", f"expected a table with at, component and most, came {told(raw)}")
            continue
        limit = _limit(raw, places, inside, components, say)
        if limit is None:
            continue
        figure, applied = limit
        window = (figure.point, figure.component, _unit(figure.unit)[0], applied.over)
        if window in windows:
            say("", "the same figure has a limit already")
        elif found.setdefault(figure, applied) is not applied:
            others.append(limit)
        windows.add(window)
    return FolderLimits(found, sinks, components, dict(terms), tuple(others)), faults


def _limit(
    raw: Mapping[str, Any],
    places: tuple[str, ...],
    inside: Mapping[str, str],
    components: tuple[str, ...],
    say: Any,
) -> tuple[Figure, Applied] | None:
    good = True
    for key in raw:
        if key not in KEYS:
            say(key, f"no {key!r}{did_you_mean(key, KEYS)}")
            good = False
    at: Any = raw.get("at")
    component = raw.get("component", ALL)
    if isinstance(at, str) and at in inside:
        say("at", f"{at} leads to {inside[at]}: a limit is of what leaves the plant")
        good = False
    elif at not in places:
        say("at", f"no sink or outlet {told(at)}{did_you_mean(at, places)}")
        good = False
    if component != ALL and component not in components:
        say("component", f"no component {told(component)}{did_you_mean(component, components)}")
        good = False
    recalled = raw.get("recalled", False)
    if not isinstance(recalled, bool):
        say("recalled", f"expected true or false, came {told(recalled)}")
        good = False
    source = raw.get("source", STATED)
    if not isinstance(source, str):
        say("source", f"expected a text, came {told(source)}")
        good = False
    over = raw.get("over", HOUR)
    if not isinstance(over, str) or over not in LENGTHS:
        say("over", f"expected {' or '.join(LENGTHS)}, came {told(over)}")
        good = False
    most = raw.get("most")
    if not isinstance(most, str):
        came = told(most) if "most" in raw else "nothing"
        say("most", f"expected a number with its unit, like '3 kg/h' or '50 g/kg', came {came}")
        return None
    unit, value, wrong = _amount(most)
    if wrong:
        say("most", wrong)
    if wrong or not good:
        return None
    return Figure(at, component, unit), Applied((0.0, value), recalled, source, over)


def _amount(most: str) -> tuple[str, float, str]:
    """Return the unit that an amount is given in, how much it is, and what is wrong with it."""
    wrong = {}
    for kind in (RATE, SHARE):
        fact, found = fact_of(most, Quantity(kind, "limit", 0.0, 1e9), {STATED: None})
        if fact is not None:
            own = unit_of(most) or kind
            return own, float(parse_quantity(most, Quantity(own, "limit"))), ""
        wrong[kind] = "; ".join(found)
    for kind, fault in wrong.items():
        if not fault.startswith("unit "):  # its number is wrong, the unit is one of the two
            return kind, 0.0, fault
    hint = max(wrong.values(), key=len)  # the one that has advice
    return RATE, 0.0, f"expected kg/h or kg/kg, like '3 kg/h' or '50 g/kg': {hint}"


def _unit(unit: str) -> tuple[str, float]:
    """Return whether a unit is of a rate or a share, and how many kg/h or kg/kg it is."""
    try:
        return RATE, convert(1.0, unit, RATE)
    except ValueError:
        return SHARE, convert(1.0, unit, SHARE)
