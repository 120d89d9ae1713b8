"""What a ``plant.toml`` says, read whole: a tree of parameters, and how its parts are joined."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, make_dataclass, replace
from functools import partial
from typing import Any

from plant_models import units as generic
from plant_models.folder.own_unit import own_unit
from plant_models.folder.parts import (
    OPERATIONS,
    RATES,
    SUPPLY_RATES,
    Phases,
    Site,
    Surroundings,
    mixture_type,
    named,
    rates_of,
    rates_type,
    shares,
)
from plant_models.folder.piping import Piping, joined, present, read_lines
from plant_models.folder.places import Sheet
from plant_models.folder.values import DEFAULT, facts_within, node_of
from sim.errors import did_you_mean, look_up, told
from sim.model.facts import Fact, is_own_word
from sim.network.network import Network, Pipe, Tank, Train
from sim.network.operation import Shift
from sim.network.schedule import NOT_UNLOADED
from sim.network.unit import Unit

FILE = "plant.toml"
SECTIONS = (
    "plant", "components", "supplies", "sinks", "tanks", "units", "pipes", "trains", "operation",
    "utilities", "peaks", "surroundings", "interlocks", "processes", "sources",
)  # fmt: skip
MEDIA = ("product", "by-product", "emission gas", "wastewater", "residue", "slop oil",
         "cooling water")  # fmt: skip
"""What may leave a plant."""
PLANT_KEYS = {
    "name": "how messages and headings call it",
    "title": "a line of what it is",
    "pacer": "the train that sets the pace of the steady state",
    "product": "the sink that a tonne of is the measure",
    "headlines": "indicators that are looked at first",
    "priorities": "trains, the most important first, where they compete",
    "operating_hours": "hours a year that the steady state stands for",
    "repair_crews": "repair crews",
}
RESERVED = ("site", "surroundings", *RATES, "supplies", "plant", "line")
"""Names of parts of the tree that are no unit's."""

STORAGE = "storage"
"""The process of tanks of which nobody says another, and that feed no train."""
ALL = "all"
"""What nothing may be called: all components in a reading, all units in a history."""
FIGURES = ("product", "steam", "steam_over_peak", "cooling_water", "cooling_water_over_peak",
           "stock_change")  # fmt: skip
"""Of what a plant has a figure NAME_t of its own, as a supply and a sink have of theirs."""


@dataclass(frozen=True)
class Operation:
    """What decides when a train runs: its parameters stand in the tree under its name."""

    name: str
    kind: str
    train: str = ""
    tank: str = ""


@dataclass(frozen=True)
class FlowSheet:
    """A plant as its file describes it, without prices, limits and schemes."""

    name: str
    title: str
    substances: Any
    tree: Any  #: Every parameter, at its stated value
    facts: Mapping[str, Fact]
    sources: Mapping[str, Mapping[str, Any]]
    units: tuple[str, ...]
    tanks: tuple[str, ...]  #: In the order in which material passes them
    contents: Mapping[str, tuple[float, ...]]
    supplies: tuple[str, ...]
    sinks: Mapping[str, str]
    spills: Mapping[str, str]
    trains: Mapping[str, tuple[str, tuple[str, ...]]]  #: Feed and members by name
    piping: Piping
    pacer: str
    product: str
    headlines: tuple[str, ...]
    priorities: tuple[str, ...]
    operations: tuple[Operation, ...]
    interlocks: Mapping[str, tuple[str, ...]]
    processes: Mapping[str, tuple[str, ...]]
    assumed: tuple[str, ...]  #: What is taken because nothing is said, a line each

    def network(self, tree: Any, wired: Network | None = None) -> Network:
        """Return who feeds whom in a design; ``wired``: the network of another one."""
        units = {name: getattr(tree, name) for name in self.units}
        tanks = {name: getattr(tree, name) for name in self.tanks}
        supplies = {
            name: shares(getattr(tree, name), self.substances.names) for name in self.supplies
        }
        trains = tuple(self._train(tree, name) for name in self.trains)
        most, peaks = (rates_of(tree, section) for section in RATES)
        if wired is not None and wired.utilities == most:
            parts = {**units, **tanks}
            return wired.refitted(parts, supplies=supplies, trains=trains, peaks=peaks)
        return Network(
            components=self.substances.components,
            units=units,
            tanks=tanks,
            contents=self.contents,
            supplies=supplies,
            sinks=self.sinks,
            trains=trains,
            pipes=self.piping.pipes,
            draws=self.piping.draws,
            spills=self.spills,
            priorities=self.priorities,
            pacer=self.pacer,
            utilities=most,
            peaks=peaks,
        )

    def shifts(self) -> dict[str, list[Shift]]:
        """Return the shifts of every train that has any."""
        found: dict[str, list[Shift]] = {}
        for each in self.operations:
            if each.kind == "shift":
                found.setdefault(each.train, []).append(getattr(self.tree, each.name))
        return found

    def _train(self, tree: Any, name: str) -> Train:
        feed, members = self.trains[name]
        phases = getattr(tree, name, None)
        if not isinstance(phases, Phases):
            return Train(name, feed, members)
        return Train(
            name,
            feed,
            members,
            phases.start_up_hours,
            phases.start_up_fraction,
            phases.trip_hours,
            phases.trip_fraction,
        )


@dataclass
class SheetReader:
    """Reads a ``plant.toml``; faults come together in ``faults``, each with file and line."""

    sheet: Sheet
    files: Mapping[str, str]  #: Other files of the folder, for units of one's own
    faults: list[str] = field(default_factory=list)
    facts: dict[str, Fact] = field(default_factory=dict)
    parts: dict[str, Any] = field(default_factory=dict)
    """Nodes of the tree by name."""
    assumed: list[str] = field(default_factory=list)

    def say(self, path: str, fault: str) -> None:
        """Note a fault of a path of the file."""
        entry, where = "", path
        if path.startswith("pipes."):
            where, nth = "pipes", int(path.partition(".")[2])
            pipe = self.sheet.table["pipes"][nth]
            entry = str(next(iter(pipe.values()), "") if isinstance(pipe, Mapping) else pipe)
        told = self.sheet.fault(where, fault, entry)
        if told not in self.faults:
            self.faults.append(told)

    # ---- the whole -----------------------------------------------------------------------------

    def read(self) -> FlowSheet | None:
        """Return the flow sheet, or None after a fault."""
        table = self.sheet.table
        for key in table:
            if key not in SECTIONS:
                self.say(key, f"no section {key!r}{did_you_mean(key, SECTIONS, list_up_to=20)}")
        missing = [k for k in ("plant", "components", "units", "pipes") if k not in table]
        if missing:
            self.faults.append(
                f"{FILE}: no section {', '.join(missing)}; see 'plant new' for one that runs"
            )
        self.sources = self._sources()
        plant = self._plant()
        self.substances = self._substances()
        self.sinks = self._sinks()
        self._names()
        if self.substances is None:
            return None
        self._supplies()
        contents, spills = self._tanks()
        built = self._units()
        for section in RATES:
            self._whole(section, partial(self._rates, section))
        self._surroundings()
        whole = not self.faults
        piping = self._piping(built)
        if not self.faults:
            self._properties(built, piping, contents)
        if not whole or self.faults:
            self._operations({}, piping)
            return None
        trains = self._trains(piping)
        operations = self._operations(trains, piping)
        flow = self._sheet(plant, contents, spills, built, piping, trains, operations)
        return None if self.faults else flow

    def _sheet(
        self,
        plant: Mapping[str, Any],
        contents: Mapping[str, tuple[float, ...]],
        spills: Mapping[str, str],
        built: Mapping[str, Unit],
        piping: Piping,
        trains: Mapping[str, tuple[str, tuple[str, ...]]],
        operations: tuple[Operation, ...],
    ) -> FlowSheet:
        fields: list[Any] = [(name, type(part)) for name, part in self.parts.items()]
        tree_type = make_dataclass("Plant", fields, frozen=True, kw_only=True)
        supplies = list(self._section("supplies"))
        return FlowSheet(
            name=plant.get("name", "plant"),
            title=plant.get("title", ""),
            substances=self.substances,
            tree=tree_type(**self.parts),
            facts=dict(self.facts),
            sources=self.sources,
            units=tuple(built),
            tanks=_passed(contents, trains, piping.pipes),
            contents=contents,
            supplies=tuple(supplies),
            sinks=self.sinks,
            spills=spills,
            trains=trains,
            piping=piping,
            pacer=self._pacer(plant, trains),
            product=self._product(plant),
            headlines=tuple(plant.get("headlines", ())),
            priorities=self._known("plant.priorities", plant.get("priorities", ()), trains),
            operations=operations,
            interlocks=self._interlocks(built, trains),
            processes=self._processes(built, contents, trains),
            assumed=tuple(self.assumed),
        )

    # ---- sections ------------------------------------------------------------------------------

    def _section(self, name: str) -> Mapping[str, Any]:
        raw = self.sheet.table.get(name, {})
        return raw if isinstance(raw, Mapping) else {}

    def _whole(self, name: str, read: Any) -> None:
        raw = self.sheet.table.get(name)
        if raw is not None and not isinstance(raw, Mapping):
            self.say(name, f"expected a table [{name}], came {told(raw)}")
        elif raw is not None:
            read(raw)

    def _sources(self) -> Mapping[str, Mapping[str, Any]]:
        found = {}
        for key, raw in self._section("sources").items():
            if not isinstance(raw, Mapping):
                self.say(f"sources.{key}", f"expected a table, came {told(raw)}")
            elif is_own_word(key):
                self.say(f"sources.{key}", f"this word is reserved: {key!r}")
            else:
                found[key] = raw
        return found

    def _plant(self) -> Mapping[str, Any]:
        raw = self.sheet.table.get("plant", {})
        if not isinstance(raw, Mapping):
            self.say("plant", f"expected a table [plant], came {told(raw)}")
            raw = {}
        found = dict(raw)
        for key in ("name", "title", "pacer", "product"):
            if key in raw and not (isinstance(raw[key], str) and raw[key].strip()):
                self.say(
                    f"plant.{key}", f"expected a text, {PLANT_KEYS[key]}, came {told(raw[key])}"
                )
                found.pop(key)
        for key in ("headlines", "priorities"):
            some = raw.get(key, [])
            if not (isinstance(some, list) and all(isinstance(each, str) for each in some)):
                self.say(f"plant.{key}", f"expected a list of names, came {told(some)}")
                found.pop(key)
        if "plant" in self.sheet.table and "name" not in raw:
            self.say("plant.name", f"missing: {PLANT_KEYS['name']}")
        site = {k: v for k, v in raw.items() if k in ("operating_hours", "repair_crews")}
        for key in raw:
            if key not in PLANT_KEYS:
                self.say(f"plant.{key}", f"no {key!r}{did_you_mean(key, PLANT_KEYS)}")
        self._node("site", Site, site, "plant")
        if "operating_hours" not in raw:
            self.assumed.append("plant.operating_hours: not said; 8,760 h/yr are taken")
        return found

    def _node(
        self, name: str, kind: type, table: Mapping[str, Any], path: str, beside: Iterable[str] = ()
    ) -> None:
        """Read a part of the tree, whose table may stand under another path."""
        facts: dict[str, Fact] = {}
        node = node_of(
            kind, table, path, self.say, facts, sources=self.sources, beside=tuple(beside)
        )
        if node is not None:
            self.parts[name] = node
        for where, fact in facts.items():
            self.facts[name + where.removeprefix(path)] = fact

    def _substances(self) -> Any:
        raw = self.sheet.table.get("components", {})
        if not isinstance(raw, Mapping) or not raw:
            if "components" in self.sheet.table:
                self.say("components", "expected a table like water = 'H2O', with one at least")
            return None
        good = {name: given for name, given in raw.items() if self._name("components", name)}
        found, faults = generic.read_substances(good) if good else (None, [])
        for fault in faults:
            self.say(_path("components", fault.path), fault.text)
        return found if len(good) == len(raw) else None

    def _sinks(self) -> Mapping[str, str]:
        found = {}
        for name, raw in self._section("sinks").items():
            medium = raw.get("medium") if isinstance(raw, Mapping) else raw
            if isinstance(medium, str) and medium in MEDIA:
                found[name] = medium
            else:
                found[name] = ""  # a sink all the same: what leads there is no second fault
                hint = did_you_mean(medium, MEDIA, list_up_to=0)
                self.say(
                    f"sinks.{name}",
                    f"expected one of {', '.join(MEDIA)}, came {told(medium)}{hint}",
                )
        if not found and "sinks" in self.sheet.table and not self._section("sinks"):
            self.say("sinks", "expected a table like customers = 'product'")
        return found

    def _names(self) -> None:
        """Check that every account has a name of its own."""
        owner: dict[str, str] = dict.fromkeys(RESERVED, "the plant itself")
        for section in ("supplies", "sinks", "tanks", "units", "trains", "operation"):
            raw = self.sheet.table.get(section, {})
            if not isinstance(raw, Mapping):
                self.say(section, f"expected a table, came {told(raw)}")
                continue
            for name in raw:
                self._name(section, name)
                if name in owner:
                    first = self._section(section)[name] if section == "trains" else None
                    first = first.get("first") if isinstance(first, Mapping) else None
                    hint = f"; without it the train is called {told(first)}" if first else ""
                    self.say(f"{section}.{name}", f"the name is taken by {owner[name]}{hint}")
                elif section in ("supplies", "sinks") and name in FIGURES:
                    self._figure(section, name)
                owner.setdefault(name, f"{section}.{name}")

    def _figure(self, section: str, name: str) -> None:
        """Refuse a name under which two figures would be one; of one product its sink's is both."""
        sold = [sink for sink, medium in self.sinks.items() if medium == "product"]
        if section == "sinks" and sold == ["product"] == [name]:
            return
        other = f"{name}_{'in' if section == 'supplies' else 'out'}"
        self.say(
            f"{section}.{name}",
            f"the plant has a figure {name}_t of its own: choose another name, like {other!r}",
        )

    def _name(self, section: str, name: str) -> bool:
        """Whether a name can be one; note what is wrong with it."""
        if name == ALL:
            self.say(
                f"{section}.{name}", "choose another name: readings and histories mean all by it"
            )
        if keyword.iskeyword(name):
            self.say(f"{section}.{name}", f"{name!r} is a word of Python: choose another name")
        elif not re.fullmatch(r"[a-zA-Z][a-zA-Z0-9_]{0,59}", name):
            self.say(
                f"{section}.{name}",
                "no name: expected letters a to z, digits and _, like 'feed_tank', came "
                f"{told(name)}",
            )
        else:
            return True
        return False

    def _mixture(self, path: str, raw: object) -> tuple[float, ...] | None:
        """Return a composition in the order of the components, kg/kg, whose shares add up to 1."""
        names = self.substances.names
        if not isinstance(raw, Mapping) or not raw:
            self.say(path, f"expected shares like {{ {names[0]} = 1.0 }}, came {told(raw)}")
            return None
        kg = dict.fromkeys(names, 0.0)
        good = True
        for name, share in raw.items():
            number = isinstance(share, int | float) and not isinstance(share, bool)
            if name not in kg:
                self.say(f"{path}.{name}", f"no component {name!r}{did_you_mean(name, names)}")
                good = False
            elif not (number and 0.0 <= share <= 1.0):
                self.say(f"{path}.{name}", f"expected a share of 0 to 1 kg/kg, came {told(share)}")
                good = False
            else:
                kg[name] = float(share)
        if good and abs(sum(kg.values()) - 1.0) > 1e-6:
            self.say(path, f"its shares add up to {sum(kg.values()):.6g} kg/kg, not 1")
            return None
        return tuple(x / sum(kg.values()) for x in kg.values()) if good else None

    def _supplies(self) -> None:
        for name, raw in self._section("supplies").items():
            path = f"supplies.{name}"
            if not isinstance(raw, Mapping):
                self.say(path, f"expected shares like {{ water = 1.0 }}, came {told(raw)}")
                continue
            parts = {
                k: (v.get("value") if isinstance(v, Mapping) else v)
                for k, v in raw.items()
                if k != "failure"
            }
            if self._mixture(path, parts) is not None:
                named = tuple(n for n in self.substances.names if n in raw)
                self._node(name, mixture_type(named), raw, path)

    def _tanks(self) -> tuple[dict[str, tuple[float, ...]], dict[str, str]]:
        contents, spills = {}, {}
        for name, raw in self._section("tanks").items():
            path = f"tanks.{name}"
            if not isinstance(raw, Mapping):
                self.say(path, f"expected a table with capacity and contents, came {told(raw)}")
                continue
            table = dict(raw)
            if "spills_to" in raw:
                table.setdefault("when_full", "spill")
                try:
                    look_up("sink", raw["spills_to"], self.sinks)
                    spills[name] = raw["spills_to"]
                except LookupError as fault:
                    self.say(f"{path}.spills_to", str(fault))
            elif raw.get("when_full") == "spill":
                self.say(path, "it spills when full: say where, spills_to = 'a sink'")
            self._node(name, Tank, table, path, ("contents", "spills_to"))
            if "contents" not in raw:
                self.say(path, "missing: contents, what is in it at the start, as { water = 1.0 }")
                continue
            held = self._mixture(f"{path}.contents", raw["contents"])
            if held is not None:
                contents[name] = held
        return contents, spills

    def _units(self) -> dict[str, Unit]:
        built: dict[str, Unit] = {}
        for name, raw in self._section("units").items():
            path = f"units.{name}"
            if not isinstance(raw, Mapping):
                self.say(path, f"expected a table with kind, came {told(raw)}")
                continue
            unit = self._unit(name, path, raw)
            if unit is not None:
                built[name] = self.parts[name] = unit
        if "units" in self.sheet.table and not self._section("units"):
            self.say("units", "expected a table for each unit, like [units.mixer]")
        return built

    def _unit(self, name: str, path: str, raw: Mapping[str, Any]) -> Unit | None:
        faults: Sequence[tuple[str, str]]
        if raw.get("kind") == "python":
            unit, faults = own_unit(raw, self.files, self.substances.components)
        elif "kind" not in raw:
            known = (*generic.KINDS, "python")
            unit, faults = None, [("kind", f"missing: one of {', '.join(known)}")]
        else:
            unit, faults = generic.read_unit(self.substances, raw, there=())
            if str(raw["kind"]).casefold() == "python":
                faults = [("kind", f"no kind {raw['kind']!r}; did you mean 'python'?")]
        for where, text in faults:
            self.say(_path(path, where), text)
        if unit is None or faults:
            return None
        before: dict[str, Fact] = {}
        facts_within(unit, raw, path, self.say, before, self.sources)
        for where, fact in before.items():
            self.facts[name + where.removeprefix(path)] = fact
        found: Unit = unit
        return found

    def _rates(self, section: str, raw: Mapping[str, Any]) -> None:
        known = [name for name in raw if name in SUPPLY_RATES]
        for name in raw:
            if name not in SUPPLY_RATES:
                hint = did_you_mean(name, SUPPLY_RATES)
                self.say(f"{section}.{name}", f"no utility {name!r}{hint}")
        if known:
            table = {name: raw[name] for name in known}
            self._node(section, rates_type(section, tuple(sorted(known))), table, section)

    def _surroundings(self) -> None:
        raw = self.sheet.table.get("surroundings", {})
        if not isinstance(raw, Mapping):
            self.say("surroundings", f"expected a table [surroundings], came {told(raw)}")
            return
        table = {**generic.AT_REST, **raw}
        self._node("surroundings", Surroundings, table, "surroundings")
        for name, value in generic.AT_REST.items():
            if name not in raw:
                where = f"surroundings.{name}"
                if where in self.facts:
                    self.facts[where] = replace(self.facts[where], source=DEFAULT)
                unit = "Pa" if name == "pressure" else "K"
                self.assumed.append(f"surroundings.{name}: not said; {value:g} {unit} is taken")

    def _piping(self, built: Mapping[str, Unit]) -> Piping:
        raw = self.sheet.table.get("pipes", [])
        lines = read_lines(raw, self.say)
        if not built or set(built) != set(self._section("units")):
            return Piping({}, {}, ())  # what is wrong with units explains the rest
        tanks, supplies = tuple(self._section("tanks")), tuple(self._section("supplies"))
        return joined(lines, built, tanks, supplies, tuple(self._section("sinks")), self.say)

    # ---- what follows from the pipes -----------------------------------------------------------

    def _properties(
        self,
        built: Mapping[str, Unit],
        piping: Piping,
        contents: Mapping[str, tuple[float, ...]],
    ) -> None:
        """Ask for the properties that units read of what can come to them."""
        names = self.substances.names
        supplied = {name: named(self.parts[name], names) for name in self._section("supplies")}
        held = {name: [i for i, kg in enumerate(of) if kg > 0.0] for name, of in contents.items()}
        there = present(piping, built, {**held, **supplied}, len(names))
        for name, unit in built.items():
            if isinstance(unit, generic.GenericUnit):
                come = [names[i] for i in there[name]]
                for _, text in generic.lacking(type(unit), self.substances, come):
                    self.say(f"units.{name}", text)

    def _trains(self, piping: Piping) -> dict[str, tuple[str, tuple[str, ...]]]:
        """Return the trains by name: as [trains] calls them, or as their first unit is called."""
        called: dict[str, str] = {}
        for name, raw in self._section("trains").items():
            path = f"trains.{name}"
            if not isinstance(raw, Mapping) or not isinstance(raw.get("first"), str):
                self.say(path, "expected a table with first = 'the unit that it begins with'")
                continue
            firsts = [train.members[0] for train in piping.trains]
            if raw["first"] not in firsts:
                hint = did_you_mean(raw["first"], firsts)
                self.say(f"{path}.first", f"no train begins with {told(raw['first'])}{hint}")
                continue
            if raw["first"] in called:
                self.say(path, f"the train is called {called[raw['first']]!r} already")
                continue
            called[raw["first"]] = name
            if set(raw) - {"first"}:
                self._node(name, Phases, raw, path, ("first",))
        return {called.get(t.members[0], t.members[0]): (t.feed, t.members) for t in piping.trains}

    def _operations(
        self, trains: Mapping[str, tuple[str, tuple[str, ...]]], piping: Piping
    ) -> tuple[Operation, ...]:
        found = []
        for name, raw in self._section("operation").items():
            path = f"operation.{name}"
            if not isinstance(raw, Mapping):
                self.say(path, f"expected a table with kind, came {told(raw)}")
                continue
            kind = raw.get("kind")
            if not isinstance(kind, str) or kind not in OPERATIONS:
                hint = did_you_mean(kind, OPERATIONS)
                self.say(f"{path}.kind", f"no kind {told(kind)} of operation{hint}")
                continue
            beside = ("kind",) if kind == "shutdown" else ("kind", "train")
            self._node(name, OPERATIONS[kind], raw, path, beside)
            if not trains:
                continue
            if kind == "shutdown":
                found.append(Operation(name, kind))
                continue
            train: Any = raw.get("train")
            if not isinstance(train, str) or train not in trains:
                hint = did_you_mean(train, trains, list_up_to=20)
                self.say(f"{path}.train", f"no train {told(train)}{hint}")
                continue
            operation = self._of_train(name, kind, train, trains[train], piping)
            if operation is not None:
                found.append(operation)
        return tuple(found)

    def _of_train(
        self,
        name: str,
        kind: str,
        train: str,
        of: tuple[str, tuple[str, ...]],
        piping: Piping,
    ) -> Operation | None:
        """Return an operation with the tank whose level it goes by; a shift goes by none."""
        if kind == "shift":
            return Operation(name, kind, train)
        feed, members = of
        if kind == "delivery" and feed in self._section("tanks"):
            self.say(f"operation.{name}.train", NOT_UNLOADED.format(train, feed))
            return None
        ends = [p.to for o, p in piping.pipes.items() if o.partition(".")[0] in members]
        tanks = [end for end in ends if end in self._section("tanks")]
        tank = (*tanks, "")[0] if kind == "delivery" else feed
        if tank not in self._section("tanks"):
            what = "unloads into" if kind == "delivery" else "draws from"
            self.say(f"operation.{name}.train", f"train {train!r} {what} no tank")
            return None
        return Operation(name, kind, train, tank)

    def _pacer(
        self, plant: Mapping[str, Any], trains: Mapping[str, tuple[str, tuple[str, ...]]]
    ) -> str:
        pacer = plant.get("pacer")
        if pacer is None and len(trains) == 1:
            return next(iter(trains))
        if pacer is None:
            self.say("plant.pacer", f"missing: {PLANT_KEYS['pacer']}, one of {', '.join(trains)}")
        elif pacer not in trains:
            hint = did_you_mean(pacer, trains, list_up_to=20)
            self.say("plant.pacer", f"no train {pacer!r}{hint}")
        return pacer or ""

    def _product(self, plant: Mapping[str, Any]) -> str:
        product = plant.get("product", "")
        if product and product not in self.sinks:
            self.say("plant.product", f"no sink {product!r}{did_you_mean(product, self.sinks)}")
        sold = [name for name, medium in self.sinks.items() if medium == "product"]
        return product or (sold[0] if len(sold) == 1 else "")

    def _known(self, path: str, names: Iterable[str], known: Iterable[str]) -> tuple[str, ...]:
        some, all_of = tuple(names), tuple(known)
        for name in some:
            if name not in all_of:
                self.say(path, f"no {name!r}{did_you_mean(name, all_of, list_up_to=20)}")
        return some

    def _interlocks(
        self, built: Mapping[str, Unit], trains: Mapping[str, tuple[str, tuple[str, ...]]]
    ) -> Mapping[str, tuple[str, ...]]:
        return self._groups("interlocks", "unit", tuple(built), tuple(trains))

    def _groups(
        self, section: str, what: str, heads: Sequence[str] | None, known: Sequence[str]
    ) -> dict[str, tuple[str, ...]]:
        found = {}
        raw = self.sheet.table.get(section, {})
        if not isinstance(raw, Mapping):
            self.say(section, f"expected a table of lists, came {told(raw)}")
            return {}
        for name, members in raw.items():
            path = f"{section}.{name}"
            if heads is not None and name not in heads:
                self.say(path, f"no {what} {name!r}{did_you_mean(name, heads)}")
            elif not (isinstance(members, list) and all(isinstance(m, str) for m in members)):
                self.say(path, f"expected a list of names, came {told(members)}")
            else:
                found[name] = self._known(path, members, known)
        return found

    def _processes(
        self,
        built: Mapping[str, Unit],
        tanks: Mapping[str, Any],
        trains: Mapping[str, tuple[str, tuple[str, ...]]],
    ) -> Mapping[str, tuple[str, ...]]:
        """Return processes as they are written; what they leave out goes by its train."""
        found = self._groups("processes", "process", None, (*built, *tanks))
        owner: dict[str, str] = {}
        for process, members in found.items():
            for name in members:
                if name in owner:
                    self.say(
                        f"processes.{process}",
                        f"{name!r} belongs to process {owner[name]!r} already",
                    )
                owner.setdefault(name, process)
        for train, (feed, members) in trains.items():
            for name in (*members, feed):
                if (name in built or name in tanks) and name not in owner:
                    owner[name] = owner.get(members[0], train) if name == feed else train
        for name in tanks:
            owner.setdefault(name, STORAGE)
        by_process: dict[str, list[str]] = {}
        for name, process in owner.items():
            by_process.setdefault(process, []).append(name)
        return {process: tuple(names) for process, names in by_process.items()}


def _path(*parts: str) -> str:
    return ".".join(part for part in parts if part)


def _passed(
    tanks: Iterable[str],
    trains: Mapping[str, tuple[str, tuple[str, ...]]],
    pipes: Mapping[str, Pipe],
) -> tuple[str, ...]:
    """Return tanks in the order in which compositions pass down the line."""
    ordered: dict[str, None] = {}
    known = set(tanks)
    for feed, members in trains.values():
        for end in (feed, *(p.to for o, p in pipes.items() if o.partition(".")[0] in members)):
            if end in known:
                ordered[end] = None
    return tuple({**ordered, **dict.fromkeys(tanks)})
