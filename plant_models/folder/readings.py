"""``readings.csv``: what meters said, with their standard errors; and the balances they meet.

A row is a meter: ``at`` says where (``unit.port``, a supply, a sink; a tank for the change of what
it holds, ``tank.overflow`` for what it spills), ``component`` of what (all that flows where it is
empty), ``reading`` how much in a ``unit`` of a rate (``t/h``) or of a share (``g/kg``), ``error``
its standard error in the same unit, or as ``2 %`` of the reading.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from plant_models.folder.piping import present
from plant_models.methods.adjustment import Adjustment, Array, Loss, Meter
from sim.books.ledger import Ledger
from sim.errors import all_at_once, did_you_mean, told
from sim.model.parameters import as_one_number
from sim.model.units_of_measure import convert
from sim.network.csv_rows import Row, rows_of
from sim.network.network import Network

FILE = "readings.csv"
COLUMNS = ("at", "component", "reading", "unit", "error", "note")
RATE, SHARE = "kg/h", "kg/kg"
FINEST = 1e-9
"""Least standard error, of the reading; below it the balances are lost in rounding."""
SLIGHT = 1e-6
"""Part of the largest flow of a model that each of its flows has at least."""
CLOSES = 1e-12
"""Part of the largest singular value below which a balance asks for nothing."""
BEYOND = 3.0
"""Standard errors by which shares of one place may exceed the whole."""
TOTAL = "all"


@dataclass(frozen=True)
class Reading:
    """A row of the file, in kg/h or kg/kg."""

    line: int
    at: str
    component: str  #: Or ``all``
    value: float
    error: float
    unit: str  #: ``kg/h`` or ``kg/kg``
    note: str = ""
    metered: str = ""  #: The unit that its meter reads in, where it is another

    @property
    def shown(self) -> str:
        """The unit that its meter reads in."""
        return self.metered or self.unit

    def as_metered(self, value: float) -> float:
        """Return a rate or share as the meter would show it."""
        return value / convert(1.0, self.shown, self.unit)

    @property
    def name(self) -> str:
        """How tables call it."""
        return self.at if self.component == TOTAL else f"{self.at}, {self.component}"


def names_of(readings: Sequence[Reading]) -> tuple[str, ...]:
    """Return what to call each of some readings: by its line, too, where a place has several."""
    there = Counter((reading.name, reading.unit) for reading in readings)
    return tuple(
        f"{r.name} (line {r.line})" if there[r.name, r.unit] > 1 else r.name for r in readings
    )


@dataclass(frozen=True)
class Streams:
    """The pipes of a network as the balances know them, and where each can be metered."""

    network: Network
    spilling: tuple[str, ...] = ()
    """Tanks whose overflow is read: what is not must come out as a leak."""

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Outlets, ``source>unit.inlet`` for what is fed from tanks and supplies, overflows."""
        return (*self.network.pipes, *self._fed, *map(overflow_of, self.spilling))

    @cached_property
    def _fed(self) -> dict[str, tuple[str, str]]:
        """Source and inlet of what tanks and supplies give."""
        found = {}
        for train in self.network.trains:
            first = train.members[0]
            inlet = f"{first}.{self.network.units[first].inlets[0]}"
            found[f"{train.feed}>{inlet}"] = (train.feed, inlet)
        for inlet, source in self.network.draws.items():
            header = self.network.header_of(inlet)
            tanks = header.tanks if header else ()
            supply = header.supply if header else source
            for name in (*tanks, supply):
                if isinstance(name, str):
                    found[f"{name}>{inlet}"] = (name, inlet)
        return found

    @cached_property
    def ends(self) -> Mapping[str, tuple[str, str]]:
        """From where to where every stream flows: units, tanks, supplies, sinks."""
        found = {
            outlet: (outlet.partition(".")[0], pipe.to.partition(".")[0])
            for outlet, pipe in self.network.pipes.items()
        }
        for stream, (source, inlet) in self._fed.items():
            found[stream] = (source, inlet.partition(".")[0])
        for tank in self.spilling:
            found[overflow_of(tank)] = (tank, self.network.spills[tank])
        return found

    @cached_property
    def present(self) -> Mapping[str, frozenset[str]]:
        """The components that can be in every supply, unit and tank."""
        network, names = self.network, self.network.components.names
        held = {**network.contents, **network.supplies}
        brought = {name: [i for i, kg in enumerate(of) if kg > 0.0] for name, of in held.items()}
        there = present(network, network.units, brought, len(names))
        return {place: frozenset(names[i] for i in some) for place, some in there.items()}

    def at(self, place: str) -> tuple[str, ...]:
        """Return the streams that flow at a port, out of a supply, or into a sink."""
        network = self.network
        if place in network.pipes or place in map(overflow_of, self.spilling):
            return (place,)
        if place in network.supplies:
            return tuple(name for name, (source, _) in self._fed.items() if source == place)
        if place in network.sinks:
            return tuple(name for name, (_, sink) in self.ends.items() if sink == place)
        piped = tuple(outlet for outlet, pipe in network.pipes.items() if pipe.to == place)
        return piped + tuple(name for name, (_, inlet) in self._fed.items() if inlet == place)

    @property
    def places(self) -> tuple[str, ...]:
        """Everywhere that something can be metered."""
        ports = [f"{n}.{p}" for n, u in self.network.units.items() for p in (*u.inlets, *u.outlets)]
        ports += map(overflow_of, self.network.spills)
        return (*ports, *self.network.supplies, *self.network.sinks, *self.network.tanks)


def overflow_of(tank: str) -> str:
    """Return how what a full tank spills is called."""
    return f"{tank}.overflow"


def read_readings(text: str, network: Network, name: str = FILE) -> tuple[Reading, ...]:
    """Return the readings of a CSV text.

    Raises ValueError with all faults, each with its line and the nearest name.
    """
    rows, faults = rows_of(name, text, COLUMNS, ("at", "reading", "unit", "error"), words=("note",))
    streams = Streams(network, tuple(network.spills))
    places = streams.places
    found: list[Reading] = []
    for row in rows:
        if not row["reading"]:
            continue  # a place of the worksheet where nothing was read
        reading, wrong = _reading(row, network, places)
        faults += [f"{name}, line {row.line}: {fault}" for fault in wrong]
        if reading is None:
            continue
        faults += [f"{name}, line {row.line}: {fault}" for fault in _stray(reading, streams)]
        twice = [r for r in found if (r.at, r.component, r.unit) == (
            reading.at, reading.component, reading.unit)]  # fmt: skip
        if twice and reading.at in network.tanks:
            faults.append(
                f"{name}, line {row.line}: {reading.name} is read in line {twice[0].line}"
            )
        elif copied := [r for r in twice if replace(r, line=reading.line) == reading]:
            faults.append(
                f"{name}, line {row.line}: says the same as line {copied[0].line}; two meters that "
                "agree have a note each"
            )
        found.append(reading)
    if not faults:
        faults += [f"{name}{fault}" for fault in _together(found)]
    if faults:
        raise all_at_once([ValueError(fault) for fault in faults], name)
    return tuple(found)


def _together(readings: Sequence[Reading]) -> list[str]:
    """Return what is wrong with readings together."""
    if not readings:
        return [": no reading in it; fill in the column reading"]
    if all(reading.unit == SHARE for reading in readings):
        return [": no rate is read, like 1.2 t/h; shares alone tell no flow"]
    shares: dict[str, dict[str, list[Reading]]] = {}
    for reading in readings:
        if reading.unit == SHARE:
            shares.setdefault(reading.at, {}).setdefault(reading.component, []).append(reading)
    faults = []
    for at, by_component in shares.items():
        means = [sum(r.value for r in some) / len(some) for some in by_component.values()]
        every = [r for some in by_component.values() for r in some]
        if sum(means) - 1.0 > BEYOND * math.hypot(*(r.error for r in every)):
            line = max(r.line for r in every)
            faults.append(f", line {line}: shares of {at} add up to {sum(means):g} kg/kg")
    return faults


def _reading(row: Row, network: Network, places: Sequence[str]) -> tuple[Reading | None, list[str]]:
    at, component = row["at"], row["component"] or TOTAL
    faults = []
    if at not in places:
        faults.append(f"at: no place {told(at)}{did_you_mean(at, places)}")
    if component != TOTAL and component not in network.components.names:
        hint = did_you_mean(component, network.components.names)
        faults.append(f"component: no {told(component)}{hint}")
    value, unit = _number(row["reading"], "reading", faults), row["unit"]
    error = _error(row["error"], value, unit, faults)
    measured = _unit_of(unit, faults)
    if faults or value is None or error is None or measured is None:
        return None, faults
    if at in network.tanks and (component != TOTAL or measured != RATE):
        return None, [f"a tank is read by the change of all it holds, as t/d, not in {unit}"]
    if measured == SHARE and component == TOTAL:
        return None, [f"unit {unit}: a share is of a component: name it"]
    value, error = (convert(x, unit, measured) for x in (value, error))
    if measured == SHARE and not 0.0 <= value <= 1.0:
        return None, [f"reading: expected a share of 0 to 1 kg/kg, came {value:g}"]
    if measured == RATE and value < 0.0 and at not in network.tanks:
        return None, [f"reading: expected a rate of 0 or more, came {value:g} kg/h"]
    return Reading(row.line, at, component, value, error, measured, row["note"], unit), []


def _stray(reading: Reading, streams: Streams) -> Iterator[str]:
    """Yield what is wrong where more than noise is read of what cannot be at a place."""
    if reading.component == TOTAL or reading.value <= BEYOND * reading.error:
        return
    sources = [streams.ends[name][0] for name in streams.at(reading.at)]
    if sources and not any(reading.component in streams.present[source] for source in sources):
        yield (
            f"no {reading.component} can be at {reading.at}: no supply or tank brings it, no "
            "reaction makes it on the way; say in plant.toml where it comes from"
        )


def _number(text: str, column: str, faults: list[str]) -> float | None:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or abs(value) > 1e15:
        faults.append(f"{column}: expected a number, came {told(text)}{as_one_number(text)}")
        return None
    return value


def _error(text: str, value: float | None, unit: str, faults: list[str]) -> float | None:
    """Return a standard error, which may be told as a percentage of the reading."""
    relative = text.endswith("%")
    size = _number(text.rstrip("% "), "error", faults)
    if size is None or value is None:
        return None
    if relative and size > 0.0 and value == 0.0:
        faults.append(f"error: {text} of a reading of 0 is none; write it in {unit}")
        return None
    if relative:
        size = size / 100.0 * abs(value)
    if not size > 0.0:
        faults.append(
            f"error: expected a standard error above 0, like 0.2 or 2 %, came {told(text)}"
        )
        return None
    if size < FINEST * abs(value):
        faults.append(f"error: expected at least {FINEST:g} of the reading, came {told(text)}")
        return None
    return size


def _unit_of(unit: str, faults: list[str]) -> str | None:
    for measured in (RATE, SHARE):
        try:
            convert(1.0, unit, measured)
        except ValueError as fault:
            why = str(fault)
        else:
            return measured
    # what each of them would have been is said; what is wrong with the unit itself is not
    hint = why.partition(f"expected {SHARE!r}")[2] if f"expected {SHARE!r}" in why else f"; {why}"
    faults.append(f"unit: expected a rate like t/h or a share like g/kg, came {told(unit)}{hint}")
    return None


# ---- balances ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Balance:
    """Every stream by component, and the balances of every unit and tank.

    ``components``: those of the plant, or ``all`` alone where no reading tells one from another.
    """

    streams: Streams
    components: tuple[str, ...]
    stocks: tuple[str, ...]  #: Tanks whose contents change

    @classmethod
    def of(cls, network: Network, readings: Sequence[Reading]) -> Balance:
        """Return the balances that readings can be held against."""
        by_component = any(reading.component != TOTAL for reading in readings)
        names = network.components.names if by_component else (TOTAL,)
        stocks = tuple(r.at for r in readings if r.at in network.tanks)
        read = {reading.at for reading in readings}
        spilling = tuple(tank for tank in network.spills if overflow_of(tank) in read)
        return cls(Streams(network, spilling), names, stocks)

    @cached_property
    def index(self) -> Mapping[tuple[str, str], int]:
        """Place of every flow, by stream or tank and component."""
        names = (*self.streams.names, *(f"{tank}~" for tank in self.stocks))
        return {
            key: i
            for i, key in enumerate(
                (name, component) for name in names for component in self.components
            )
        }

    @cached_property
    def extents(self) -> Mapping[tuple[str, int], tuple[tuple[int, float], ...]]:
        """Kg made of each component per kmol, by unit and number of its reaction."""
        if self.components == (TOTAL,):
            return {}
        return {
            (name, n): reaction.kg_per_kmol
            for name, unit in self.streams.network.units.items()
            for n, reaction in enumerate(
                dict.fromkeys(r for r, _ in getattr(unit, "reactions", ()))
            )
        }

    @cached_property
    def _rows(self) -> tuple[Array, Mapping[str, tuple[int, ...]]]:
        """Balances: a row a node and component; and the rows of every node."""
        width = len(self.index) + len(self.extents)
        network = self.streams.network
        rows: list[Array] = []
        owner: dict[str, tuple[int, ...]] = {}
        for node in (*network.units, *network.tanks):
            block = np.zeros((len(self.components), width))
            for stream, (source, sink) in self.streams.ends.items():
                for c, component in enumerate(self.components):
                    column = self.index[stream, component]
                    block[c, column] += float(sink == node) - float(source == node)
            if node in self.stocks:
                for c, component in enumerate(self.components):
                    block[c, self.index[f"{node}~", component]] = -1.0
            for e, ((unit, _), made) in enumerate(self.extents.items()):
                if unit == node:
                    for c, kg in made:
                        block[c, len(self.index) + e] = kg
            if self._unknown(node):
                block = np.array(network.components.element_mass) @ block
            owner[node] = tuple(range(len(rows), len(rows) + len(block)))
            rows += list(block)
        for i in self.impossible:
            rows.append(np.eye(1, width, i)[0])
        return np.array(rows), owner

    @cached_property
    def impossible(self) -> tuple[int, ...]:
        """Flows of what cannot be there: no supply brings it, no reaction makes it on the way."""
        if self.components == (TOTAL,):
            return ()
        there, ends = self.streams.present, self.streams.ends
        sources = {name: source for name, (source, _) in ends.items()}
        sources |= {f"{tank}~": tank for tank in self.stocks}
        return tuple(
            i
            for (stream, component), i in self.index.items()
            if component not in there[sources[stream]]
        )

    def _unknown(self, node: str) -> bool:
        """Return whether a unit's reactions are its own secret: then elements alone balance."""
        unit = self.streams.network.units.get(node)
        return unit is not None and self.components != (TOTAL,) and not hasattr(unit, "reactions")

    def parts(self, place: str, component: str = TOTAL) -> tuple[int, ...]:
        """Return the flows that a meter at a place reads."""
        names = (f"{place}~",) if place in self.stocks else self.streams.at(place)
        chosen = self.components if component == TOTAL else (component,)
        return tuple(self.index[name, each] for name in names for each in chosen)

    def meters(self, readings: Sequence[Reading]) -> Iterator[Meter]:
        """Yield the readings as meters of flows."""
        for reading, called in zip(readings, names_of(readings), strict=True):
            part = self.parts(reading.at, reading.component)
            of = self.parts(reading.at) if reading.unit == SHARE else ()
            name = f"{called} ({reading.unit})" if reading.unit == SHARE else called
            yield Meter(name, reading.value, reading.error, part, of)

    def flows_of(self, ledger: Ledger) -> Array:
        """Return what flows in books, kg/h; of reactions it tells nothing."""
        names = ledger.components.names
        by_stream: dict[str, Array] = {}
        for entry, kg in ledger.flows.items():
            by_stream[entry.stream] = by_stream.get(entry.stream, np.zeros(len(names))) + kg
        flows = np.zeros(len(self.index) + len(self.extents))
        for (stream, component), i in self.index.items():
            held = by_stream.get(stream)
            if held is not None:
                flows[i] = held.sum() if component not in names else held[names.index(component)]
        return np.asarray(flows / ledger.hours)

    def adjusted(self, readings: Sequence[Reading], model: Array | None = None) -> Adjustment:
        """Return the reconciliation of readings; every unit and tank may leak.

        What leaks is made of what the readings tell of what passes; of what they do not tell, as
        the flows of a ``model`` have it, kg/h, where there is one.
        """
        rows, owner = self._rows
        meters = tuple(self.meters(readings))
        guess = None if model is None else self._closed(model, meters)
        sizes = None if guess is None else np.maximum(np.abs(guess) / np.abs(guess).max(), SLIGHT)
        first = Adjustment(rows, meters, guess=guess, sizes=sizes)
        losses = tuple(self._losses(first, owner))
        return Adjustment(rows, meters, losses)

    def _closed(self, model: Array, meters: Sequence[Meter]) -> Array | None:
        """Return a model's flows, brought to the size of the readings, so that they close."""
        rates = [(m, float(model[list(m.part)].sum())) for m in meters if not m.of]
        size = sum((would / m.error) ** 2 for m, would in rates)
        scale = sum(m.value * would / m.error**2 for m, would in rates) / size if size else 0.0
        if not scale > 0.0:
            return None
        (rows, _), flows, first = self._rows, scale * model, len(self.index)
        flows[first:] = np.linalg.lstsq(rows[:, first:], -(rows @ flows), rcond=None)[0]
        sizes = np.abs(flows)
        missing = np.linalg.lstsq(rows * sizes, rows @ flows, rcond=CLOSES)[0]
        return np.asarray(flows - sizes * missing)

    def _losses(self, first: Adjustment, owner: Mapping[str, tuple[int, ...]]) -> Iterator[Loss]:
        """Yield what a leak of every node would be made of: what passes it."""
        network = self.streams.network
        flows, told_of = self._compositions(first)
        for node, rows in owner.items():
            passing = [n for n, ends in self.streams.ends.items() if node in ends]
            # a composition that no reading tells would make a leak of anything
            known = [name for name in passing if told_of[name]] or passing
            passed = np.sum([flows[name] for name in known], axis=0)
            if not passed.sum() > 0.0:
                continue
            shares: Any = passed / passed.sum()
            if len(rows) != len(shares):
                shares = np.array(network.components.element_mass) @ shares
            yield Loss(node, rows, tuple(shares.tolist()))

    def _compositions(self, first: Adjustment) -> tuple[dict[str, Array], dict[str, bool]]:
        """Return the flow of every stream by component, and whether the readings tell all of it."""
        names = tuple(self.streams.ends)
        at = [[self.index[name, c] for c in self.components] for name in names]
        errors = first.standard_errors([(i,) for row in at for i in row]).reshape(len(names), -1)
        flows = {
            name: np.maximum(first.flows[row], 0.0) for name, row in zip(names, at, strict=True)
        }
        return flows, {
            n: bool(np.isfinite(row).all()) for n, row in zip(names, errors, strict=True)
        }
