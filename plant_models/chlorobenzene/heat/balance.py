r"""Heat balances of every unit and of the line, from its books at constant conditions.

Of each unit: enthalpy of inlets + steam + power = enthalpy of outlets + cooling water + losses,
enthalpies relative to the elements (`enthalpy`). Steam, power and cooling water are those in the
books, or of the exchanger's own equation, so that the balance checks what ``convert`` made of
reflux, latent heats and exchangers. A unit without heating or cooling settles its balance with
the surroundings, the catcher by the temperature of its water: these close by construction.

They do not in the balance of the whole line, which is drawn up another way: heats of reaction at
25 degC times the extents booked, + steam + power + what supplies bring above 25 degC = cooling
water + all losses + what products and wastes carry away above 25 degC.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from plant_models.chlorobenzene.line import wiring
from plant_models.chlorobenzene.line.tree import Line
from plant_models.chlorobenzene.substances.chemistry import (
    CHLORINATION,
    HCL,
    NACL,
    NAOH,
    NEUTRALISATION,
    SECOND_CHLORINATION,
    THIRD_CHLORINATION,
    WATER,
)
from plant_models.chlorobenzene.substances.enthalpy import (
    HEAT_CAPACITY,
    HEATS_OF_FORMATION,
    enthalpy,
    thermal,
)
from plant_models.chlorobenzene.substances.properties import (
    HEATS_OF_CHLORINATION,
    MOLAR_MASS,
    STEAM_HEAT,
)
from plant_models.chlorobenzene.units.condensation import CP_WATER
from plant_models.chlorobenzene.units.heat import SURROUNDINGS, Heat, heat_of
from plant_models.methods.heat_balance import HeatBalance, UnitHeat
from sim.books.ledger import Entry, Ledger
from sim.network.unit import Conditions, Stream, Unit
from sim.steady.state import SteadyState

REFINED = 1e-9  # of flows, to which the steady state is refined

COLDEST, HOTTEST = 253.0, 373.0
"""No outlet that settles its unit's balance is colder than brine or hotter than water boils, K."""

KJ_PER_KWH = 3600.0

HEATS_OF_REACTION = {
    CHLORINATION: HEATS_OF_CHLORINATION[0],
    SECOND_CHLORINATION: HEATS_OF_CHLORINATION[1],
    THIRD_CHLORINATION: HEATS_OF_CHLORINATION[2],
    NEUTRALISATION: sum(
        sign * HEATS_OF_FORMATION[i] * MOLAR_MASS[i]
        for sign, i in ((1, HCL), (1, NAOH), (-1, NACL), (-1, WATER))
    ),
}
"""Heat given off at 25 degC by every reaction of the line, kJ/kmol; hydrogen chloride as gas."""


def heat_balance(line: Line, surroundings: Mapping[str, float]) -> HeatBalance:
    """Return the heat balance of a design at constant conditions.

    Its steady state is found anew, and its recipes asked until flows stand still to 1e-9: books
    close however old a recipe is, duties only if it is of the flows it is used for.

    ``line``: the design. ``surroundings``: ``air`` and ``cooling_water``, K; ``pressure``, Pa.
    """
    state = SteadyState(wiring.network(line), surroundings)
    state.refine(REFINED)
    return _Balance(line, state.ledger(line.site.operating_hours), surroundings).drawn_up()


class _Balance:
    """Streams per hour, and the temperatures at both of their ends."""

    def __init__(self, line: Line, ledger: Ledger, surroundings: Mapping[str, float]) -> None:
        self.line, self.ledger, self.surroundings = line, ledger, surroundings
        self.network = wiring.network(line)
        self.flows: dict[Entry, Stream] = {
            entry: tuple((kg / ledger.hours).tolist()) for entry, kg in ledger.flows.items()
        }
        self.into: dict[str, list[Entry]] = {}
        self.out: dict[str, list[Entry]] = {}
        for entry in self.flows:
            self.out.setdefault(entry.source, []).append(entry)
            self.into.setdefault(entry.sink, []).append(entry)
        self.heats = {name: self._heat(name, unit) for name, unit in self._running()}

    def _running(self) -> Iterator[tuple[str, Unit]]:
        for name, unit in self.network.units.items():
            if any(sum(self.flows[entry]) > 0.0 for entry in self.into.get(name, ())):
                yield name, unit

    def _heat(self, name: str, unit: Unit) -> Heat:
        inlets = {port: (0.0,) * len(self.network.components) for port in unit.inlets}
        for entry in self.into[name]:
            port = self._inlet(entry)
            inlets[port] = tuple(map(sum, zip(inlets[port], self.flows[entry], strict=True)))
        at = Conditions(sum(inlets[unit.inlets[0]]), self.surroundings)
        return heat_of(unit, inlets, at)

    def _inlet(self, entry: Entry) -> str:
        """Return the port at which an entry reaches a unit."""
        to = entry.stream.partition(">")[2] or self.network.pipes[entry.stream].to
        return to.partition(".")[2]

    def _entering(self, name: str) -> Iterator[tuple[Stream, float, str]]:
        """Yield what each inlet of a unit takes, with its temperature, K, and state.

        What several sources bring to one inlet is mixed before.
        """
        ports: dict[str, list[Entry]] = {}
        for entry in self.into[name]:
            ports.setdefault(self._inlet(entry), []).append(entry)
        for entries in ports.values():
            pooled = tuple(map(sum, zip(*(self.flows[e] for e in entries), strict=True)))
            yield pooled, self._taken_at(entries[0]), self._state(entries[0])

    @staticmethod
    def _state(entry: Entry) -> str:
        states = wiring.STATES
        return states.get(entry.stream) or states.get(entry.source, "oil")

    def _given_at(self, entry: Entry) -> float:
        """Return the temperature at which a unit or tank gives a stream, K."""
        heat = self.heats.get(entry.source)
        if heat is not None:
            return heat.outlets.get(entry.stream.partition(".")[2], heat.usual)
        return self._taken_at(entry)

    def _taken_at(self, entry: Entry) -> float:
        """Return the temperature at which a unit takes a stream, K; supplies come like that."""
        heat = self.heats.get(entry.sink)
        if heat is not None:
            return heat.inlets.get(self._inlet(entry), heat.usual)
        return self.surroundings["cooling_water"]  # the overflow of a tank of water

    def _unit(self, name: str) -> UnitHeat:
        heat = self.heats[name]
        used = {
            utility: amount / self.ledger.hours
            for (unit, utility, _), amount in self.ledger.uses.items()
            if unit == name
        }
        steam = used.get("steam", 0.0) * STEAM_HEAT
        power = used.get("power", 0.0) * KJ_PER_KWH
        cooling = heat.cooling
        if cooling is None:
            cooling = used.get("cooling_water", 0.0) * CP_WATER * heat.rise
        given = [enthalpy(self.flows[e], self._given_at(e), self._state(e)) for e in self.out[name]]
        taken = [enthalpy(*entering) for entering in self._entering(name)]
        gained, passing = sum(given) - sum(taken), sum(map(abs, given + taken))
        lost = steam * heat.lost + power + heat.shed
        found = UnitHeat(name, gained, steam, power, cooling, lost, heat.settled, passing=passing)
        if not heat.settled:
            return found
        if heat.settled == SURROUNDINGS:
            return replace(found, exchanged=found.missing)
        return self._warmed(found)

    def _warmed(self, found: UnitHeat) -> UnitHeat:
        """Let the outlet named take up what is missing by its temperature.

        Where nothing leaves by it, as from a catcher without water, the surroundings do; and so
        they do beyond ``COLDEST`` and ``HOTTEST``, which too little water to carry it reaches: a
        fog catcher's below some 30 kg/h, with up to 5 MJ/h left over.
        """
        heat, stream = self.heats[found.unit], f"{found.unit}.{found.settled}"
        leaving = [e for e in self.out[found.unit] if e.stream == stream and sum(self.flows[e]) > 0]
        if not leaving:
            return replace(found, settled=SURROUNDINGS, exchanged=found.missing)
        (entry,) = leaving
        kg, state, missing = self.flows[entry], self._state(entry), found.missing
        start = T = self._given_at(entry)
        before = enthalpy(kg, start, state)
        capacity = sum(a * b for a, b in zip(kg, HEAT_CAPACITY, strict=True))
        for _ in range(20):
            T += (missing - (enthalpy(kg, T, state) - before)) / capacity
            T = min(max(T, COLDEST), HOTTEST)
        outlets = {**heat.outlets, found.settled: T}
        self.heats[found.unit] = replace(heat, outlets=outlets)
        found = replace(found, gained=found.gained + enthalpy(kg, T, state) - before)
        bounded = T in (COLDEST, HOTTEST)
        return replace(found, exchanged=found.missing) if bounded else found

    def drawn_up(self) -> HeatBalance:
        units = tuple(self._unit(name) for name in self.heats)
        pipes = -sum(thermal(*entering) for name in self.heats for entering in self._entering(name))
        carried = 0.0
        for entry, kg in self.flows.items():
            state = self._state(entry)
            given, taken = self._given_at(entry), self._taken_at(entry)
            to_unit, from_unit = entry.sink in self.heats, entry.source in self.heats
            if entry.sink in self.network.sinks:
                carried += thermal(kg, given, state)
                pipes -= 0.0 if from_unit else thermal(kg, given, state)
            elif from_unit:
                pipes += thermal(kg, given, state)
            if to_unit and entry.source in self.network.supplies:
                carried -= thermal(kg, taken, state)
                pipes += thermal(kg, taken, state)
        reaction = sum(
            kmol / self.ledger.hours * HEATS_OF_REACTION[reaction]
            for (_, reaction), kmol in self.ledger.extents.items()
        )
        made = self.ledger.total("chlorobenzene", stream="packing.drums") / self.ledger.hours
        return HeatBalance(units, pipes, reaction, carried, made / 1000.0, "chlorobenzene")
