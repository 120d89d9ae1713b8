"""Pipes as people write them, ``"feed_tank -> still.top -> tank"``, and the trains they make."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from plant_models.folder.values import Say
from sim.errors import did_you_mean, told
from sim.network.network import Header, Network, Pipe
from sim.network.unit import Unit

ENDS = ("start_up", "trip", "otherwise")
"""Where else an outlet may lead, and keys of a pipe that is written as a table."""


@dataclass(frozen=True)
class Line:
    """A pipe as it is written: from one thing to another."""

    source: str
    sink: str
    nth: int  #: Place in the list, which faults are told by
    ends: Mapping[str, str] = field(default_factory=dict)


def read_lines(raw: object, say: Say) -> tuple[Line, ...]:
    """Return the pipes of a list; a text may be a chain of several."""
    if not isinstance(raw, list):
        say("pipes", f"expected a list like ['tank -> unit', 'unit -> tank'], came {told(raw)}")
        return ()
    found: list[Line] = []
    for nth, entry in enumerate(raw):
        found += _lines_of(entry, nth, say)
    return tuple(found)


def _lines_of(entry: object, nth: int, note: Say) -> Iterator[Line]:
    def say(fault: str) -> None:
        note(f"pipes.{nth}", fault)

    if isinstance(entry, str):
        ends = [part.strip() for part in entry.split("->")]
        if len(ends) < 2 or not all(ends):
            say(f"expected a pipe like 'tank -> unit', came {told(entry)}")
            return
        yield from (Line(a, b, nth) for a, b in itertools.pairwise(ends))
    elif isinstance(entry, Mapping):
        keys = ("from", "to", *ENDS)
        strange = [key for key in entry if key not in keys]
        wrong = [key for key in ("from", "to") if key not in entry]
        wrong += [key for key in keys if key in entry and not isinstance(entry[key], str)]
        for key in strange:
            say(f"no key {key!r} in a pipe{did_you_mean(key, keys)}")
        if wrong:
            say(f"{', '.join(wrong)}: expected a name, as in {{from = 'unit.outlet', to = 'tank'}}")
        if not strange and not wrong:
            ends_of = {key: entry[key] for key in ENDS if key in entry}
            yield Line(entry["from"].strip(), entry["to"].strip(), nth, ends_of)
    else:
        say(f"expected a pipe like 'tank -> unit', came {told(entry)}")


@dataclass(frozen=True)
class Train:
    """Units joined by direct pipes."""

    feed: str  #: Tank or supply
    members: tuple[str, ...]


@dataclass(frozen=True)
class Piping:
    """Who feeds whom."""

    pipes: Mapping[str, Pipe]
    draws: Mapping[str, str | Header]
    trains: tuple[Train, ...]  #: In the order in which the material passes them


@dataclass
class _Joining:
    """Puts pipes together, and notes what does not fit."""

    units: Mapping[str, Unit]
    tanks: Sequence[str]
    supplies: Sequence[str]
    sinks: Sequence[str]
    say: Say
    pipes: dict[str, Pipe] = field(default_factory=dict)
    feeds: dict[str, str] = field(default_factory=dict)
    """Tank or supply of a unit's main inlet."""
    drawn: dict[str, list[str]] = field(default_factory=dict)
    """Tanks and supplies of an inlet that draws."""

    def join(self, line: Line) -> None:
        """Take a pipe."""
        source, sink = self._source(line), self._sink(line)
        if source is None or sink is None:
            return
        if "." in source:
            self._from_outlet(line, source, sink)
        elif "." not in sink:
            between = "a unit, such as a pump," if sink in self.tanks else "at least a unit"
            self._wrong(line, f"from {source!r} to {sink!r}: put {between} between them")
        else:
            self._into_inlet(line, source, sink)

    def _from_outlet(self, line: Line, source: str, sink: str) -> None:
        if source in self.pipes:
            first = self.pipes[source].to
            self._wrong(line, f"{source!r} leads to {first!r} already: put a splitter behind it")
            return
        unit, _, port = sink.partition(".")
        if port and port in drawing_of(self.units[unit]) and port != self.units[unit].inlets[0]:
            self._wrong(
                line,
                f"{sink!r} draws as much as it needs: feed it from a tank or a supply, and lead "
                f"{source!r} into that tank",
            )
            return
        self.pipes[source] = Pipe(sink, **line.ends)

    def _into_inlet(self, line: Line, source: str, sink: str) -> None:
        unit, _, port = sink.partition(".")
        if port == self.units[unit].inlets[0]:
            if unit in self.feeds:
                self._wrong(
                    line,
                    f"{sink!r} is fed from {self.feeds[unit]!r} already: lead both into a tank",
                )
                return
            self.feeds[unit] = source
        elif isinstance(drawing := getattr(self.units[unit], "drawing", None), tuple) and (
            port not in drawing
        ):
            self._wrong(
                line,
                f"{sink!r} takes what comes and draws nothing: lead the outlet of a unit into it",
            )
        else:
            self.drawn.setdefault(sink, []).append(source)

    def _source(self, line: Line) -> str | None:
        name, dot, port = line.source.partition(".")
        if name in self.units:
            outlets = self.units[name].outlets
            if not dot and len(outlets) == 1:
                return f"{name}.{outlets[0]}"
            if port not in outlets:
                said = f"{name!r} has several outlets: say which, as {name}.{outlets[0]}"
                hint = did_you_mean(port, outlets)
                self._wrong(line, f"unit {name!r} has no outlet {port!r}{hint}" if dot else said)
                return None
            return line.source
        if not dot and name in (*self.tanks, *self.supplies):
            return name
        self._unknown(line, line.source, (*self.units, *self.tanks, *self.supplies), "from")
        return None

    def _sink(self, line: Line) -> str | None:
        name, dot, port = line.sink.partition(".")
        if name in self.units:
            inlets = self.units[name].inlets
            if dot and port not in inlets:
                hint = did_you_mean(port, inlets)
                self._wrong(line, f"unit {name!r} has no inlet {port!r}{hint}")
                return None
            return line.sink if dot else f"{name}.{inlets[0]}"
        if not dot and name in (*self.tanks, *self.sinks):
            return name
        self._unknown(line, line.sink, (*self.units, *self.tanks, *self.sinks), "to")
        return None

    def _unknown(self, line: Line, end: str, known: Sequence[str], way: str) -> None:
        if way == "from" and end in self.sinks:
            self._wrong(line, f"from {end!r}: a sink gives nothing back; make it a tank")
        elif way == "to" and end in self.supplies:
            self._wrong(line, f"to {end!r}: nothing flows into a supply; make it a tank")
        else:
            name = end.partition(".")[0]
            hint = did_you_mean(name, known)
            self._wrong(line, f"{way} {told(end)}: no such unit, tank, supply or sink{hint}")

    def _wrong(self, line: Line, fault: str) -> None:
        self.say(f"pipes.{line.nth}", fault)


def drawing_of(unit: Unit) -> tuple[str, ...]:
    """Return the inlets that are known to draw; of a unit of one's own, nothing may be known."""
    return tuple(getattr(unit, "drawing", ()))


def joined(
    lines: Sequence[Line],
    units: Mapping[str, Unit],
    tanks: Sequence[str],
    supplies: Sequence[str],
    sinks: Sequence[str],
    say: Say,
) -> Piping:
    """Return what pipes make of units, tanks, supplies and sinks."""
    wrong = False

    def note(path: str, fault: str) -> None:
        nonlocal wrong
        wrong = True
        say(path, fault)

    joining = _Joining(units, tanks, supplies, sinks, note)
    for line in lines:
        joining.join(line)
    if wrong:
        return Piping({}, {}, ())  # what is wrong with pipes explains what they leave open
    pipes, feeds = joining.pipes, joining.feeds
    above = _above(pipes, feeds, units, note)
    trains = _trains(pipes, feeds, above, units, note)
    draws = {inlet: _header(inlet, of, tanks, note) for inlet, of in joining.drawn.items()}
    for name, unit in units.items():
        for outlet in unit.outlets:
            if f"{name}.{outlet}" not in pipes:
                note("pipes", f"outlet '{name}.{outlet}' leads nowhere: write its pipe")
        led = {pipe.to for pipe in pipes.values()}
        for port in unit.inlets[1:]:
            if f"{name}.{port}" not in led and f"{name}.{port}" not in draws:
                note("pipes", f"inlet '{name}.{port}' is fed by nothing: write its pipe")
    if wrong:
        return Piping({}, {}, ())
    return Piping(pipes, draws, _in_order(trains, pipes, draws))


def _header(inlet: str, of: Sequence[str], tanks: Sequence[str], say: Say) -> str | Header:
    """Return what serves an inlet: one source, or tanks in order and at last a supply."""
    if len(of) == 1:
        return of[0]
    supplies = [name for name in of if name not in tanks]
    if len(supplies) > 1:
        say("pipes", f"inlet {inlet!r} draws from two supplies, {' and '.join(supplies)}")
    return Header(tuple(n for n in of if n in tanks), supplies[0] if supplies else None)


def _last(source: str | Header) -> str:
    """Return what gives an inlet all that others do not."""
    return source if isinstance(source, str) else source.supply or source.tanks[-1]


def _above(
    pipes: Mapping[str, Pipe], feeds: Mapping[str, str], units: Mapping[str, Unit], say: Say
) -> dict[str, str]:
    """Return the unit that feeds the main inlet of another directly."""
    found: dict[str, str] = {}
    for outlet, pipe in pipes.items():
        unit, _, port = pipe.to.partition(".")
        if not port or port != units[unit].inlets[0]:
            continue
        if unit in found or unit in feeds:
            other = found.get(unit) or feeds[unit]
            say(
                "pipes",
                f"the main inlet '{unit}.{port}' is fed by {other!r} and by {outlet!r}: put a tank "
                "or a mixer before it",
            )
        else:
            found[unit] = outlet.partition(".")[0]
    return found


def _trains(
    pipes: Mapping[str, Pipe],
    feeds: Mapping[str, str],
    above: Mapping[str, str],
    units: Mapping[str, Unit],
    say: Say,
) -> list[Train]:
    roots: dict[str, list[str]] = {name: [name] for name in units if name in feeds}
    for name in units:
        if name in roots:
            continue
        passed = [name]
        while passed[-1] in above and above[passed[-1]] not in passed:
            passed.append(above[passed[-1]])
        if passed[-1] in roots:
            roots[passed[-1]].append(name)
        elif passed[-1] in above:
            circle = " -> ".join(reversed(passed))
            say("pipes", f"units {circle} feed each other in a circle: put a tank into the recycle")
        else:
            say("pipes", f"inlet '{passed[-1]}.{units[passed[-1]].inlets[0]}' is fed by nothing")
    found = []
    for root, members in roots.items():
        ordered = _passed(members, pipes)
        if len(ordered) < len(members):
            circle = ", ".join(name for name in members if name not in ordered)
            say("pipes", f"units {circle} feed each other in a circle: put a tank into the recycle")
        found.append(Train(feeds[root], tuple(ordered)))
    return found


def _passed(members: Sequence[str], pipes: Mapping[str, Pipe]) -> list[str]:
    """Return units in the order in which the material passes them; less than all in a circle."""
    before: dict[str, set[str]] = {name: set() for name in members}
    for outlet, pipe in pipes.items():
        source, sink = outlet.partition(".")[0], pipe.to.partition(".")[0]
        if "." in pipe.to and source in before and sink in before:
            before[sink].add(source)
    ordered: list[str] = []
    while ready := [n for n in members if n not in ordered and before[n] <= set(ordered)]:
        ordered.append(ready[0])
    return ordered


def _in_order(
    trains: Sequence[Train], pipes: Mapping[str, Pipe], draws: Mapping[str, str | Header]
) -> tuple[Train, ...]:
    """Return trains upstream first; of a recycle, as they are written."""
    taking: dict[str, list[int]] = {}
    for i, train in enumerate(trains):
        taking.setdefault(train.feed, []).append(i)
    owner = {name: i for i, train in enumerate(trains) for name in train.members}
    for inlet, source in draws.items():
        last = _last(source)  # behind which there is no supply: it must be filled first
        taking.setdefault(last, []).append(owner[inlet.partition(".")[0]])
    seen: set[int] = set()
    after: list[int] = []

    def visit(i: int) -> None:
        if i in seen:
            return
        seen.add(i)
        ends = [p.to for o, p in pipes.items() if owner.get(o.partition(".")[0]) == i]
        for end in reversed(ends):
            below = taking.get(end, [])
            if "." in end and owner.get(end.partition(".")[0], i) != i:
                below = [owner[end.partition(".")[0]]]
            for j in reversed(below):
                visit(j)
        after.append(i)

    fed = {pipe.to for pipe in pipes.values()}
    first = [i for i, train in enumerate(trains) if train.feed not in fed]
    for i in (*reversed(first), *range(len(trains))):
        visit(i)
    return tuple(trains[i] for i in reversed(after))


# ---- what can be where -------------------------------------------------------------------------


def ways(of: Piping | Network) -> Iterator[tuple[str, str]]:
    """Yield from where to where anything can flow: supplies, units, tanks, sinks."""
    for train in of.trains:
        yield train.feed, train.members[0]
    for inlet, source in of.draws.items():
        names = (source,) if isinstance(source, str) else (*source.tanks, source.supply)
        yield from ((name, inlet.partition(".")[0]) for name in names if name is not None)
    for outlet, pipe in of.pipes.items():
        for end in (pipe.to, pipe.start_up, pipe.trip, pipe.otherwise):
            if end:
                yield outlet.partition(".")[0], end.partition(".")[0]


def present(
    of: Piping | Network,
    units: Mapping[str, Unit],
    brought: Mapping[str, Iterable[int]],
    count: int,
) -> dict[str, frozenset[int]]:
    """Return which components can be in every unit, tank, supply and sink, by index.

    That is what a supply brings, a tank holds at the start or a reaction makes of it; of a unit of
    one's own that does not tell its reactions, anything may come.

    ``brought``: what there is at the start, of supplies and tanks; ``count``: of components.
    """
    found = {name: set(some) for name, some in brought.items()}
    steps = {
        name: [reaction.coefficients for reaction, _ in unit.reactions]
        if hasattr(unit, "reactions")
        else None
        for name, unit in units.items()
    }
    pairs, grown = list(ways(of)), True
    while grown:
        before = sum(map(len, found.values()))
        for name, reactions in steps.items():
            here = found.setdefault(name, set())
            if reactions is None:
                here |= set(range(count))
                continue
            for step in reactions:
                if {i for i, kmol in step if kmol < 0} <= here:
                    here |= {i for i, kmol in step if kmol > 0}
        for source, sink in pairs:
            found.setdefault(sink, set()).update(found.get(source, ()))
        grown = sum(map(len, found.values())) > before
    return {name: frozenset(some) for name, some in found.items()}
