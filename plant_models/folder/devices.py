"""``devices.toml``: which schemes put a device at the end of a pipe, and what it holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from plant_models.folder.operating import NEVER
from plant_models.folder.places import Sheet
from plant_models.folder.sheet import FlowSheet
from plant_models.methods.devices import Devices, Knob
from sim.clock.watch import Outflows
from sim.errors import did_you_mean, told
from sim.model.schemes import Scheme
from sim.model.tree import declared

FILE = "devices.toml"
HOLDS = "holds"
KEYS = ("scheme", "sets")


class DevicesReader:
    """Reads a ``devices.toml``; faults come together in ``faults``."""

    def __init__(
        self,
        sheet: Sheet,
        plant: FlowSheet,
        schemes: Mapping[str, Scheme],
        also: tuple[str, ...],
    ) -> None:
        self.sheet, self.tree, self.sinks = sheet, plant.tree, tuple(plant.sinks)
        self.components, self.schemes, self.also = plant.substances.names, schemes, also
        self.faults: list[str] = []

    def say(self, path: str, fault: str) -> None:
        """Note a fault of a path of the file."""
        self.faults.append(self.sheet.fault(path, fault))

    def read(self) -> Devices | None:
        """Return the devices, or None after a fault."""
        held = self._names(HOLDS, self.sheet.table.get(HOLDS), self.components, "component")
        knobs = {
            sink: knob
            for sink, raw in self.sheet.table.items()
            if sink != HOLDS and (knob := self._knob(sink, raw)) is not None
        }
        if not knobs and not self.faults:
            self.faults.append(f"{FILE}: no device: expected a table a sink, like [air]")
        return None if self.faults else self._devices(held, knobs)

    def _names(self, path: str, raw: Any, known: Sequence[str], what: str) -> tuple[str, ...]:
        """Return names of a list, of those that are known."""
        if not isinstance(raw, list) or not raw or not all(isinstance(x, str) for x in raw):
            came = "nothing" if raw is None else told(raw)
            self.say(path, f"expected a list of names, each a {what}, came {came}")
            return ()
        for name in raw:
            if name not in known:
                self.say(path, f"no {what} {told(name)}{did_you_mean(name, known)}")
        return tuple(dict.fromkeys(raw))

    def _knob(self, sink: str, raw: Any) -> Knob | None:
        """Return the device of a sink."""
        before = len(self.faults)
        if sink not in self.sinks:
            self.say(sink, f"no sink {told(sink)}{did_you_mean(sink, self.sinks)}")
        if not isinstance(raw, Mapping):
            self.say(sink, f"expected a table with {' and '.join(KEYS)}, came {told(raw)}")
            return None
        for key in raw:
            if key not in KEYS:
                self.say(f"{sink}.{key}", f"no {key!r}{did_you_mean(key, KEYS)}")
        scheme = raw.get("scheme")
        if scheme not in self.schemes:
            came = "nothing" if scheme is None else told(scheme)
            hint = did_you_mean(scheme, self.schemes) if isinstance(scheme, str) else ""
            self.say(f"{sink}.scheme", f"expected the scheme that builds it, came {came}{hint}")
        sets = raw.get("sets")
        paths = self._sets(f"{sink}.sets", [sets] if isinstance(sets, str) else sets)
        return Knob(str(scheme), paths) if len(self.faults) == before else None

    def _sets(self, path: str, raw: Any) -> tuple[str, ...]:
        """Return the parameters that tell what a device holds: shares, of one unit."""
        if not isinstance(raw, list) or not raw or not all(isinstance(x, str) for x in raw):
            came = "nothing" if raw is None else told(raw)
            like = "'bed.recovery.acetone'"
            self.say(path, f"expected what tells the share that it holds, like {like}, came {came}")
            return ()
        for name in raw:
            try:
                of = declared(type(self.tree), name)
            except LookupError as fault:
                self.say(path, str(fault))
                continue
            if (of.unit, of.minimum, of.maximum) != ("kg/kg", 0.0, 1.0):
                self.say(path, f"{name}: expected a share of 0 to 1 kg/kg, came one {of.domain}")
        if len({name.partition(".")[0] for name in raw}) > 1:
            self.say(path, f"expected parameters of one unit, came {', '.join(raw)}")
        return tuple(dict.fromkeys(raw))

    def _devices(self, held: tuple[str, ...], knobs: Mapping[str, Knob]) -> Devices:
        places = [self.components.index(name) for name in held]
        built, units = (dict.fromkeys(getattr(of, what) for of in knobs.values())
                        for what in ("scheme", "unit"))  # fmt: skip
        titles = (f"{name} ({self.schemes[name].title})" for name in built)
        failing = [name for name in units if getattr(self.tree, name).failure is not None]

        def emitted(year: Mapping[str, float], sink: str) -> float:
            return sum(year[f"{sink}.{name}_t"] for name in held)

        def now(flows: Outflows) -> Mapping[str, float]:
            found = dict.fromkeys(knobs, 0.0)
            for (_, sink), kg in flows.items():
                if sink in found:
                    found[sink] += sum(kg[place] for place in places)
            return found

        return Devices(
            knobs=knobs,
            never=tuple(f"{name}.failure.mtbf={NEVER:g}" for name in failing),
            costs={},
            what=" and ".join(held),
            told=" and ".join(titles),
            sources=f"devices are those of {FILE}, what they cost is told in prices.toml",
            emitted=emitted,
            now=now,
            also=self.also,
        )
