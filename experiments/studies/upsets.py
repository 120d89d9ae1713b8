"""What it does to emissions and output when a device fails often, with and without an interlock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from experiments.output.answer import Answer, Table, paragraphs, plain
from experiments.output.provenance import provenance
from experiments.runner.faults import SimulationFault, at_work, run_of
from experiments.runner.horizon import Horizon
from experiments.runner.loop import each
from experiments.studies import Known, Own, Plant, plant_of
from experiments.studies.compare import gained
from experiments.studies.run import heading, how_wide, none_made, with_width
from plant_models.arguments import flag, number
from plant_models.chlorobenzene.model import PLANT
from plant_models.model import Variant
from sim.errors import look_up
from sim.model.facts import Design, set_values
from sim.model.tree import get
from sim.statistics.intervals import Interval, interval
from sim.tables import readable, text_tables, words

SELDOM = "as it is"
WAYS = (False, True)
"""Without and with an interlock."""

MADE = "made_t"
"""Of the product, t a year: what an interlock costs."""

SAME = 1e-7
"""Of a figure: so little is left of the same flows that other instants part."""

OFTEN = 100.0
"""Mean time between failures that shows what one does, h."""


@dataclass(frozen=True, repr=False)
class Upsets(Answer):
    """Emissions per tonne where one device after another fails often."""

    variant: Variant[Any]
    horizon: Horizon
    mtbf: float  #: Of the device that fails often, h
    runs: Mapping[tuple[str, bool], tuple[Mapping[str, float], ...]]
    """By device and whether it is interlocked: emissions, kg per t of product made, and what is
    made, run by run."""
    usual: tuple[Mapping[str, float], ...]
    """The same of the plant as it is."""

    def change(self, device: str, interlock: bool, name: str) -> Interval:
        """Return what it adds to an emission, kg per t made, or to what is made, t/yr."""
        look_up("device", device, dict.fromkeys(self.devices))
        flag("interlock", interlock)
        pairs = zip(self.usual, self.runs[device, interlock], strict=True)
        return interval([gained(was[name], run[name], SAME) for was, run in pairs])

    @property
    def devices(self) -> tuple[str, ...]:
        """The devices, in their order."""
        return tuple(dict.fromkeys(device for device, _ in self.runs))

    @property
    def emissions(self) -> tuple[str, ...]:
        """The emissions, in their order."""
        return tuple(name for name in self.usual[0] if name != MADE)

    def report(self) -> str:
        """Return the changes of each emission and of what is made, a row a device."""
        head = f"Schemes {self.variant.name}: each device failing every {self.mtbf:g} h"
        header = ("kg per t", SELDOM, "device", "change without interlock", "with one")
        rows = [
            [name.removesuffix("_t"), *cells]
            for name in self.emissions
            if any(run[name] for runs in (self.usual, *self.runs.values()) for run in runs)
            for cells in self._of(name)
        ]
        made = ["t/yr made", *header[1:]]
        return paragraphs(
            [head, heading("Runs", self.variant, self.horizon)],
            text_tables(header, rows, left=(0, 2), keep=3),
            text_tables(made, [["", *cells] for cells in self._of(MADE)], left=(0, 2), keep=3),
            self._as_often(),
            how_wide(self.horizon.replications),
        )

    def _as_often(self) -> list[str]:
        """Return which devices fail so often, or more, as they are."""
        upsets, tree = self.variant.plant.upsets, self.variant.tree
        own = {words(name): get(tree, fails) for name, (fails, _) in upsets.items()}
        return [
            f"{device} fails every {hours:g} h as it is: an --mtbf below that tells more"
            for device, hours in own.items()
            if hours <= self.mtbf
        ]

    def _of(self, name: str) -> Iterator[list[str]]:
        usual = readable(sum(run[name] for run in self.usual) / len(self.usual))
        for device in self.devices:
            changes = (self.change(device, way, name) for way in WAYS)
            yield [usual, device, *(with_width(of, signed=True) for of in changes)]

    def tables(self) -> Mapping[str, Table]:
        """Return every change, a row an emission, device and way, and those of what is made."""

        def rows(name: str) -> list[tuple[Any, ...]]:
            return [
                (device, way, of.mean, *of.ends)
                for device in self.devices
                for way in WAYS
                for of in [self.change(device, way, name)]
            ]

        columns = ("device", "interlock", "change", "low", "high")
        changes = [(name, *row) for name in self.emissions for row in rows(name)]
        ends = columns[2:]
        return {
            "changes": Table(("emission", *columns), changes, dict.fromkeys(ends, "kg/t")),
            "made": Table(columns, rows(MADE), dict.fromkeys(ends, "t/yr")),
        }

    def as_json(self) -> dict[str, Any]:
        """Return every change, kg/t, and t/yr of what is made."""
        return {
            "mtbf_h": self.mtbf,
            "usual": [dict(run) for run in self.usual],
            "changes": {
                name: {
                    device: {
                        "interlock" if way else "no interlock": plain(
                            self.change(device, way, name)
                        )
                        for way in WAYS
                    }
                    for device in self.devices
                }
                for name in self.usual[0]
            },
            "provenance": provenance("upsets", self.variant, horizon=self.horizon, mtbf=self.mtbf),
        }


def upsets(
    schemes: Any = "none",
    *,
    mtbf: float = OFTEN,
    years: float = 1.0,
    seed: int = 1,
    replications: int = 1,
    start: str = "01-01",
    workers: int | None = 1,
    plant: Plant = PLANT,
    design: Own = None,
    known: Known = None,
) -> Upsets:
    """Let one device after another fail often, with and without an interlock.

    Every emission is told per tonne of product made, and compared with that of the plant as it is
    under the same draws; so is what is made.

    Parameters
    ----------
    mtbf : float
        Mean time between the failures of that device, h.
    schemes, years, seed, replications, start, workers, plant, design, known
        See `run`.

    Raises
    ------
    LookupError, TypeError, ValueError
        A plant that runs on without nothing; something wrong with what was given.
    """
    plant = plant_of(plant)
    number("mtbf", mtbf, 1.0, 1e6)
    horizon = Horizon(years, seed, replications, start)
    variant = plant.variant(schemes, design=design, known=known)
    devices = plant.upsets
    if not devices:
        raise plant.lacks("devices that it runs on without", "upsets")
    cases = [variant]
    for fails, lock in devices.values():
        for way in WAYS:  # whatever the schemes say of it
            tree = set_values(Design(variant.tree, {}), {fails: mtbf, lock: way}).tree
            cases.append(replace(variant, tree=plant.check(tree)))
    jobs = [(of, horizon, r) for of in cases for r in range(horizon.replications)]
    done = each(_emitted, jobs, workers, "upsets")
    n = horizon.replications
    by_case = [tuple(done[i * n : (i + 1) * n]) for i in range(len(cases))]
    names = [(words(device), way) for device in devices for way in WAYS]
    runs = dict(zip(names, by_case[1:], strict=True))
    return Upsets(variant, horizon, float(mtbf), runs, by_case[0])


def _emitted(of: Variant[Any], horizon: Horizon, replication: int) -> dict[str, float]:
    plant = of.plant
    with at_work(run_of(of, replication)):
        outcome = plant.simulate(of, **horizon.run(replication))
        made = plant.made(outcome)
        if not made > 0.0:
            raise SimulationFault(none_made(of, horizon))
        figures = outcome.indicators
        emitted = {name: 1000.0 * figures[name] / made for name in plant.emissions}
        return {**emitted, MADE: made}
