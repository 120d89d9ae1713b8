"""Lesson 13, audit a folder: a works that nobody here has seen, its readings, and two faults."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from functools import cache, cached_property
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import NamedTuple
from weakref import finalize

import numpy as np
import pandas as pd

from experiments.lessons.checking import BadInput, Question, SeededLesson, need
from experiments.studies.plant_reconcile import Reconciled, plant_reconcile
from plant_models.folder import FolderPlant, load
from plant_models.folder.reading import copied
from plant_models.folder.readings import FILE, TOTAL, Balance, Reading, read_readings
from plant_models.methods.adjustment import Array
from plant_models.methods.reconciliation import Balances, with_leak
from sim.clock.random_streams import RandomStreams
from sim.errors import did_you_mean

PLANT = "brine"
FENCE = {"brine": 1.0, "evaporator.vapour": -1.0, "dryer.moisture": -1.0, "bleed.purge": -1.0,
         "customers": -1.0}  # fmt: skip
"""Meters at the fence, and whether they read what comes in or what goes out."""
LEAKS = ("bleed", "centrifuge", "dryer", "slurry_tank")
METERS = ("bleed.purge", "customers", "evaporator.slurry", "evaporator.vapour")
SIZE = 9.0  # standard errors of its own estimate; what is planted is no matter of luck
SURE = 3.5  # standard errors; one honest estimate in two thousand is farther off
LEAK, METER = "leak", "meter"
FAULT, NOISE = "fault", "noise"
SALT = "salt"
RIGHT, OFF, DRY, WET = "reads right", "is off", "dry", "drips"
"""What one sees who goes and looks: of a meter, and of a unit or tank."""


class Truth(NamedTuple):
    """The works as its model has it: where everything flows, kg/h, streams by components."""

    plant: FolderPlant
    readings: tuple[Reading, ...]
    balance: Balance
    flows: Array

    @classmethod
    def of(cls, name: str) -> Truth:
        """Return the plant of a name, with the meters of its folder."""
        plant = load(name)
        readings = read_readings(dict(plant.files)[FILE], plant.contents.network)
        balance = Balance.of(plant.contents.network, readings)
        ledger = plant.steady_state().ledger
        at = {stream: np.zeros(len(ledger.components)) for stream in balance.streams.ends}
        for entry, kg in ledger.flows.items():
            at[entry.stream] = at[entry.stream] + kg / ledger.hours
        return cls(plant, readings, balance, np.array(list(at.values())))

    def leaking(self, node: str, kg: float) -> tuple[Array, Array]:
        """Return the flows where a place loses so much, and what it loses by component, kg/h."""
        network, ends = self.plant.contents.network, self.balance.streams.ends
        balances = Balances((*network.units, *network.tanks), tuple(ends.values()))
        got = sum(
            row.sum() for row, (_, to) in zip(self.flows, ends.values(), strict=True) if to == node
        )
        found = [with_leak(balances, column, node, kg / got) for column in self.flows.T]
        return np.array([flows for flows, _ in found]).T, np.array([lost for _, lost in found])

    def read(self, flows: Array) -> Array:
        """Return what the meters say of flows, without noise."""
        streams, index = list(self.balance.streams.ends), self.balance.index
        kg = np.zeros(max(index.values()) + 1)
        for (stream, component), i in index.items():
            kg[i] = flows[streams.index(stream), self.balance.components.index(component)]
        return np.array([
            kg[list(m.part)].sum() / (kg[list(m.of)].sum() if m.of else 1.0)
            for m in self.balance.meters(self.readings)
        ])  # fmt: skip

    def saying(self, values: Array) -> list[Reading]:
        """Return the readings with other values."""
        pairs = zip(self.readings, values.tolist(), strict=True)
        return [replace(reading, value=value) for reading, value in pairs]

    def error_of(self, kind: str, name: str) -> float:
        """Return the standard error with which a leak (kg/h) or a meter's fault is estimated."""
        honest = self.saying(self.read(self.flows))
        known = self.balance.adjusted(honest).candidates(gains=True)
        return next(e.standard_error for e in known if (e.kind, e.name) == (kind, name))


class Lesson(SeededLesson):
    """Two fortnights at a works: one with a leak, one after its repair with a meter that is off.

    The seed decides the noise of the meters and which faults there are.
    """

    @cached_property
    def _truth(self) -> Truth:
        return _truth()

    @property
    def own_words(self) -> Mapping[str, str]:
        """Names of the works, as its files have them."""
        return self._truth.plant.written

    def _drawn(self, purpose: str, choices: tuple[str, ...]) -> str:
        """Return one of several by the seed: a new purpose moves no other."""
        draw = RandomStreams(self.seed).stream("folder audit", purpose).uniform(0.0, len(choices))
        return choices[int(draw)]

    @cached_property
    def _place(self) -> str:
        return self._drawn("leak", LEAKS)

    @cached_property
    def _meter(self) -> str:
        return self._drawn("meter", METERS)

    @cached_property
    def _leak(self) -> Array:
        """What leaks, kg/h by component."""
        return self._leaking[1]

    @cached_property
    def _leaking(self) -> tuple[Array, Array]:
        size = SIZE * self._truth.error_of(LEAK, self._place)
        return self._truth.leaking(self._place, size)

    @cached_property
    def _fault(self) -> float:
        """What the meter reads too much, kg/h."""
        return SIZE * self._truth.error_of(METER, self._meter)

    @cached_property
    def _folders(self) -> Path:
        """Where both folders are written; they go with the lesson."""
        place = Path(mkdtemp(prefix="works-"))
        finalize(self, rmtree, place, ignore_errors=True)
        return place

    def _written(self, name: str, values: Array) -> Path:
        """Write the folder of a fortnight, with readings and the noise of their meters."""
        start = RandomStreams(self.seed).stream("folder audit", name).uniform(0.0, 2.0**53)
        noise = np.random.Generator(np.random.PCG64(int(start))).standard_normal(len(values))
        errors = np.array([reading.error for reading in self._truth.readings])
        place = self._folders / name
        place.mkdir()
        copied(PLANT, place)
        rows = ["at, component, reading, unit, error"]
        for reading in self._truth.saying(values + errors * noise):
            part = "" if reading.component == TOTAL else reading.component
            value, error = max(reading.value, 0.0), reading.error
            rows.append(f"{reading.at}, {part}, {value:.6g}, {reading.unit}, {error:.6g}")
        (place / FILE).write_text("\n".join(rows) + "\n", encoding="utf-8")
        return place

    @cached_property
    def first(self) -> Path:
        """The folder of the first fortnight."""
        return self._written("first", self._truth.read(self._leaking[0]))

    @cached_property
    def second(self) -> Path:
        """The folder of the second one, after the repair."""
        names = [reading.name for reading in self._truth.readings]
        off = self._fault * np.array([name == self._meter for name in names])
        return self._written("second", self._truth.read(self._truth.flows) + off)

    @cached_property
    def before(self) -> Reconciled:
        """The first fortnight, reconciled: ``plant reconcile``."""
        return plant_reconcile(self.first)

    @cached_property
    def after(self) -> Reconciled:
        """The second fortnight, reconciled."""
        return plant_reconcile(self.second)

    @property
    def hours(self) -> float:
        """Hours a year that the works runs."""
        return float(self._truth.plant.baseline().tree.site.operating_hours)

    @property
    def price(self) -> float:
        """What a tonne of salt sells for, EUR."""
        return float(self._truth.plant.economy.prices().tree.dry_salt)

    def fence(self, month: Reconciled) -> pd.DataFrame:
        """Return the meters at the fence, kg/h: what comes in counts up, what goes out down.

        Raises BadInput if it is no fortnight.
        """
        need("fence", month, Reconciled, "a fortnight, as in fence(lesson.before)")
        rows = {
            reading.name: (FENCE[reading.name], reading.value, reading.error)
            for reading in month.readings
            if reading.name in FENCE
        }
        table = pd.DataFrame.from_dict(rows, orient="index", columns=["sign", "kg/h", "error"])
        return table.round(2)

    def corrections(self, month: Reconciled) -> pd.Series:
        """Return how far every meter had to be moved, in standard errors.

        Raises BadInput if it is no fortnight.
        """
        need("corrections", month, Reconciled, "a fortnight, as in corrections(lesson.before)")
        names = [meter.name for meter in month.adjusted.meters]
        return pd.Series(month.adjusted.scores, index=names).round(2)

    def suspects(self, month: Reconciled) -> pd.DataFrame:
        """Return what would explain the readings, the likeliest first; sizes in kg/h or kg/kg.

        Raises BadInput if it is no fortnight.
        """
        need("suspects", month, Reconciled, "a fortnight, as in suspects(lesson.before)")
        made_of = {loss.name: loss.shares for loss in month.adjusted.losses}
        salt = month.balance.components.index(SALT)
        return pd.DataFrame(
            [
                {
                    "what": error.kind,
                    "name": error.name,
                    "size": error.size,
                    "error": error.standard_error,
                    "likelihood": error.ratio,
                    "salt in it": made_of[error.name][salt] if error.kind == LEAK else math.nan,
                }
                for error in month.adjusted.candidates()[:8]
            ]
        ).round(3)

    def look(self, month: Reconciled, name: str) -> str:
        """Go and look: whether a place drips, or a meter is off against a standard.

        Raises BadInput if it is no fortnight, or there is no such place or meter.
        """
        need("look", month, Reconciled, "a fortnight, as in look(lesson.before, 'brine')")
        places = [loss.name for loss in month.adjusted.losses]
        meters = [meter.name for meter in month.adjusted.meters]
        if name in places:
            return WET if month is self.before and name == self._place else DRY
        if name in meters:
            return OFF if month is self.after and name == self._meter else RIGHT
        hint = did_you_mean(name, [*places, *meters])
        raise BadInput(f"look: no unit, tank or meter {name!r}{hint}")

    # ---- questions -----------------------------------------------------------------------------

    def _gap(self) -> Question:
        table = self.fence(self.before)
        gap = float((table["sign"] * table["kg/h"]).sum())
        error = float(np.sqrt((table["error"] ** 2).sum()))
        return self.ask("gap", gap, {"sign": -gap}, tolerance=0.05 * error)

    def _verdict(self) -> Question:
        return self.ask("verdict", self.verdict(self.before))

    def verdict(self, month: Reconciled) -> str:
        """Return what the global test says of a fortnight: ``fault`` or ``noise``.

        Raises BadInput if it is no fortnight.
        """
        need("verdict", month, Reconciled, "a fortnight, as in verdict(lesson.before)")
        return FAULT if month.found else NOISE

    def _where(self) -> Question:
        others = [row for row in LEAKS if row != self._place]
        return self.ask("where", self._place, {"dry": others, "meter": list(METERS)})

    def _size(self) -> Question:
        right, error = float(self._leak.sum()), self._truth.error_of(LEAK, self._place)
        table = self.fence(self.before)
        gap = float((table["sign"] * table["kg/h"]).sum())
        return self.ask("size", right, {"gap": gap}, tolerance=SURE * error, sure=SURE)

    def _worth(self) -> Question:
        of_all = float(self._leak.sum()) * self.hours * self.price / 1e6
        salt = self._leak[self._truth.balance.components.index(SALT)]
        right = float(salt) * self.hours * self.price / 1e6
        error = self._truth.error_of(LEAK, self._place) / float(self._leak.sum())
        return self.ask(
            "worth", right, {"brine": of_all, "eur": 1e3 * right},
            tolerance=SURE * error * right, within={"eur": 1e3 * SURE * error * right}, sure=SURE,
        )  # fmt: skip

    def _meter_off(self) -> Question:
        others = [name for name in METERS if name != self._meter]
        return self.ask("meter_off", self._meter, {"right": others, "place": list(LEAKS)})

    def _too_much(self) -> Question:
        error = self._truth.error_of(METER, self._meter)
        return self.ask(
            "too_much", self._fault, {"sign": -self._fault}, tolerance=SURE * error, sure=SURE
        )


@cache
def _truth() -> Truth:
    return Truth.of(PLANT)


begin = Lesson
