"""A folder looked through: its faults, or what it consists of, with a drawing of the flow sheet."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

import numpy as np

from experiments.output.answer import Answer, Table, paragraphs, plain
from experiments.output.provenance import provenance
from plant_models.folder import load
from plant_models.folder.model import FolderPlant
from plant_models.folder.parts import RATES, rates_of
from plant_models.folder.places import sheet_of
from plant_models.folder.sheet import FILE
from plant_models.folder.survey import Survey
from plant_models.hooks import Misfit
from plant_models.model import Variant
from plant_models.outcome import Outcome
from plant_models.units.contacting.absorber import Absorber
from plant_models.units.contacting.wash import Wash
from plant_models.units.reacting.converter import Converter
from sim.clock.random_streams import RandomStreams
from sim.errors import BalanceError, Gridlock
from sim.model.schemes import apply
from sim.model.tree import leaves
from sim.network.operation import DAY, FailureMode, work_of_day
from sim.tables import AsWritten, counted, readable, text_table

DRAWING = "flow_sheet.svg"
TRIAL = 48.0
"""h that the plant is run for, to see that it does."""
YEAR, MUCH = 8760.0, 0.9
"""h; share of the hours in which a plant could run, below which operating hours look wrong."""
LONG, FULL = 500.0, 0.999
"""h that one without constant conditions is run for; level at which a tank is full, kg/kg."""
EARLY, GROWN = 400.0, 0.01
"""h from which on nothing should gather any more; share of it by which it still does, kg/kg."""
TOLD = 0.005
"""kg/kg by which shares of a supply may miss 1: a trace that changes moves the others by less."""
MOST = 0.5
"""Share of what is drawn from which on a component is what is washed with, kg/kg."""
SMALL = 1000.0
"""Money, in the currency, below which thousands of it leave few digits to see."""
LONGEST = 48
"""Columns that names take in a line."""
COLUMNS = {
    "units": ("unit", "kind", "train", "capacity kg/h", "inlets", "outlets"),
    "tanks": ("tank", "capacity kg", "at the start kg", "when full"),
    "trains": ("train", "feed", "units", "operation"),
    "pipes": ("from", "to"),
}
WRITTEN = ("kind", "inlets", "outlets", "feed", "units")
"""Columns of names that the folder's files use."""


USED_BY = {"shape": ("law", "weibull"), "repair_spread": ("repair_law", "lognormal")}
"""Numbers of a failure mode that one law alone uses: where that is chosen, and which."""

LEAST = 1e-9  # of what a plant takes in: it makes less by a slip alone


@dataclass(frozen=True, repr=False)
class Checked(Answer):
    """A folder without faults: what it consists of, and what it lacks."""

    survey: Survey
    rest: Outcome[Any]
    """A year of constant conditions."""

    @property
    def plant(self) -> FolderPlant:
        """The plant of the folder."""
        return self.survey.plant

    def _nothing(self) -> Iterator[str]:
        """Yield that the plant makes nothing, or so little that it is by a slip."""
        product, supplies = self.survey.plant.product, self.survey.plant.sheet.supplies
        made, ledger = self.rest.indicators[product], self.rest.ledger
        if not made:
            yield f"{product}: its product is 0 in a year"
            return
        taken = sum(ledger.total(source=supply) for supply in supplies) / 1000.0 / self.rest.years
        if abs(made) < LEAST * taken:
            yield (
                f"{product}: its product is practically nothing, {made:.2g} t/yr of "
                f"{taken:,.3g} t/yr that it takes in; look at shares, conversions and recoveries"
            )

    @property
    def troubles(self) -> tuple[str, ...]:
        """What is no fault of a file, and yet looks wrong, a line each."""
        return (
            *self._nothing(),
            *self._hours(),
            *self._shares(),
            *self._unused(),
            *self._without_effect(),
            *self._solvents(),
            *self._apart(),
            *self._small_change(),
        )

    @property
    def idle(self) -> tuple[str, ...]:
        """Sinks and supplies where nothing flows at constant conditions."""
        sheet, of = self.survey.plant.sheet, self.rest.indicators
        return tuple(name for name in (*sheet.sinks, *sheet.supplies) if not of[f"{name}_t"])

    @property
    def short(self) -> Iterator[str]:
        """Reactions that end before their conversion, for another reactant is used up."""
        network, flows = self.survey.network, self.rest.ledger.flows
        for name, unit in network.units.items():
            if isinstance(unit, Converter):
                feed = [kg for entry, kg in flows.items() if entry.sink == name]
                for step, reached, asked, scarce in unit.short(np.sum(feed, axis=0)):
                    yield (
                        f"{scarce} runs short in {name}: {step.name} converts {reached:.3g} of "
                        f"{step.key}, not {asked:g}"
                    )

    def _hours(self) -> Iterator[str]:
        """Yield that years of events make more than the year of constant conditions, or less.

        A train with shifts holds the others back as far as it is loaded at constant conditions.
        """
        of = self.survey.plant.sheet
        stops = [getattr(of.tree, each.name) for each in of.operations if each.kind == "shutdown"]
        hours, free = of.tree.site.operating_hours, YEAR - sum(stop.duration for stop in stops)
        for train, shifts in of.shifts().items():
            share = sum(end - begin for begin, end in work_of_day(shifts)) / DAY
            load = self.rest.loads[train]
            free = min(free, free * share / load if load > 0.0 else free)
        if hours < MUCH * free:
            yield (
                f"plant.operating_hours: {hours:,.0f}, yet no shift or shutdown keeps it from "
                f"running {free:,.0f} h: years of events make more than one of constant conditions"
            )
        elif free < MUCH * hours:
            yield (
                f"plant.operating_hours: {hours:,.0f}, yet shifts and shutdowns leave {free:,.0f} "
                "h to run: years of events make less than one of constant conditions"
            )

    def _shares(self) -> Iterator[str]:
        """Yield which schemes change a share of a supply and let the others stand."""
        plant = self.survey.plant
        names = plant.sheet.substances.names
        for scheme in plant.catalogue().values():
            tree = apply(plant.tree(), [scheme])
            for supply in plant.sheet.supplies:
                paths = (patch.path for patch in scheme.patches)
                changed = [p.partition(".")[2] for p in paths if p.startswith(f"{supply}.")]
                kept = [name for name in changed if name in names]
                mixture = getattr(tree, supply)
                total = sum(getattr(mixture, name, 0.0) for name in names)
                if kept and abs(total - 1.0) > TOLD:
                    share = getattr(mixture, kept[0])
                    yield (
                        f"{scheme.id}: the shares of {supply} add up to {total:.4g} kg/kg with it, "
                        f"and are taken relative to that: {kept[0]} is {share / total:.4g}, not "
                        f"{share:g}; change another of its shares, too"
                    )

    def _unused(self) -> Iterator[str]:
        """Yield of which utilities that have a capacity or a peak nothing is used."""
        tree = self.survey.plant.sheet.tree
        for section in RATES:
            for utility in rates_of(tree, section):
                if not self.rest.ledger.used(utility):
                    yield f"{section}.{utility}: no unit uses {utility} at constant conditions"

    def _without_effect(self) -> Iterator[str]:
        """Yield which numbers of a law count for nothing, as neither plant nor scheme uses it."""
        plant = self.survey.plant
        patches = (patch for scheme in plant.catalogue().values() for patch in scheme.patches)
        changed = {patch.path for patch in patches}
        values = {path: value for path, _, value in leaves(plant.sheet.tree)}
        for path, value in values.items():
            mode, _, name = path.rpartition(".")
            key, law = USED_BY.get(name, ("", ""))
            where = f"{mode}.{key}"
            if where not in values or where in changed or value == getattr(FailureMode, name):
                continue
            if (chosen := values[where]) != law:
                yield f'{path}: of no effect, for {where} is {chosen}; it counts with "{law}"'

    def _solvents(self) -> Iterator[str]:
        """Yield which units lose all that they wash with, for nothing says that it leaves again."""
        plant, network = self.survey.plant, self.survey.network
        names, facts = network.components.names, plant.baseline().facts
        for unit, of in network.units.items():
            if not isinstance(of, Wash | Absorber):
                continue
            ((key, per),), inlet = of.per_component.items(), of.drawing[0]
            source = network.draws[f"{unit}.{inlet}"]
            source = source if isinstance(source, str) else source.supply or source.tanks[0]
            drawn = {**network.contents, **network.supplies}[source]
            for name, share in zip(names, drawn, strict=True):
                path, value = f"{unit}.{key}.{name}", getattr(getattr(of, key), name)
                if share > MOST and path not in facts and value == per.default:
                    yield (
                        f"{path}: not said; {value:g} {per.unit} is taken, with which all {name} "
                        f"that comes by {inlet} leaves by {of.outlets[0]}"
                    )

    def _apart(self) -> Iterator[str]:
        """Yield which tanks no pipe joins to anything."""
        ends = {end.partition(".")[0] for row in self.survey.pipes for end in row}
        for tank in self.survey.network.tanks:
            if tank not in ends:
                yield f"tanks.{tank}: no pipe leads to it, and none away"

    def _small_change(self) -> Iterator[str]:
        """Yield that all money is too little for the thousands that it is told in."""
        plant = self.survey.plant
        if plant.contents.economy is None or plant.economy.unit == 1.0:
            return
        economy, prices = plant.economy, plant.economy.prices().tree
        items = economy.items.values()
        yearly = [getattr(prices, item.price) * item.amount(self.rest.indicators) for item in items]
        once = [economy.invested(scheme) or 0.0 for scheme in plant.catalogue()]
        if max(map(abs, [*yearly, *once]), default=SMALL) < SMALL:
            yield (
                f"prices.toml: no item and no investment comes to {SMALL:,.0f} {economy.currency}, "
                "and all are told in thousands; thousands = false in [money] tells them whole"
            )

    def report(self) -> str:
        """Return the parts, the recycles, a year, and what is missing."""
        survey, plant = self.survey, self.survey.plant
        sheet = plant.sheet
        parts = ((survey.units, "unit"), (survey.tanks, "tank"), (survey.trains, "train"))
        count = ", ".join(counted(len(rows), one) for rows, one in parts)
        return paragraphs(
            [f"{plant.name}: {count}, no faults", *([sheet.title] if sheet.title else [])],
            *(
                _shown(COLUMNS[name], getattr(survey, name))
                for name in ("units", "tanks", "trains")
            ),
            _shown(("operation of all trains",), [[stop] for stop in survey.stops]),
            _listed("recycles", survey.recycles or ("none",)),
            _listed("schemes", _schemes(survey) or ("none",)),
            self._year(),
            _listed("taken, for nothing is said", sheet.assumed),
            _listed("left out", survey.lacking),
            _listed("looks wrong", self.troubles),
            [f"--out DIR draws it: {DRAWING}"],
        )

    def _year(self) -> list[str]:
        of, plant = self.rest, self.survey.plant
        ends = (f"{sink}_t" for sink in plant.sheet.sinks)
        drawn = (f"{supply}_t" for supply in plant.sheet.supplies)
        names = dict.fromkeys((plant.product, *plant.headlines, *ends, *drawn, *plant.utilities))
        rows = [[n, readable(of.indicators[n]), plant.units[n]] for n in names if of.indicators[n]]
        return [
            *text_table(["a year of constant conditions", "value", "unit"], rows, left=(0, 2)),
            f"{of.bottleneck} is at its capacity; books close to {of.ledger.closure:.0e} kg/kg",
            *(
                [f"nothing flows at constant conditions: {', '.join(self.idle)}"]
                if self.idle
                else []
            ),
            *self.short,
        ]

    def tables(self) -> Mapping[str, Table]:
        """Return units, tanks, trains, pipes."""
        return {name: Table(COLUMNS[name], getattr(self.survey, name)) for name in COLUMNS}

    def documents(self) -> Mapping[str, str | bytes]:
        """Return the drawing of the flow sheet."""
        return {DRAWING: self.svg()}

    def svg(self) -> str:
        """Return the drawing of the flow sheet."""
        return self.survey.drawing().svg(self.survey.plant.name)

    def _repr_html_(self) -> str:
        return self.svg() + super()._repr_html_()

    def as_json(self) -> dict[str, Any]:
        """Return all parts."""
        found = {name: plain(table.records) for name, table in self.tables().items()}
        return {
            **found,
            "recycles": list(self.survey.recycles),
            "assumed": list(self.survey.plant.sheet.assumed),
            "left_out": list(self.survey.lacking),
            "troubles": list(self.troubles),
            "indicators": dict(self.rest.indicators),
            "provenance": provenance("plant check", self.rest.variant),
        }


def _schemes(survey: Survey) -> tuple[str, ...]:
    known = survey.plant.catalogue().values()
    return tuple(f"{scheme.id}: {scheme.title} ({scheme.cost_class})" for scheme in known)


def _shown(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[str]:
    cells = [
        line
        for row in rows
        for line in _lines([_cell(name, x) for name, x in zip(columns, row, strict=True)])
    ]
    numbers = {i for i, name in enumerate(columns) if "kg" in name}
    left = tuple(i for i in range(len(columns)) if i not in numbers)
    header = ["equipment" if name == "unit" else name for name in columns]
    return text_table(header, cells, left=left) if rows else []


def _lines(cells: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield the lines of a row: a list of names that is long goes on below."""
    parts = (
        map(AsWritten, textwrap.wrap(cell, LONGEST)) if isinstance(cell, AsWritten) else [cell]
        for cell in cells
    )
    yield from zip_longest(*parts, fillvalue=AsWritten())


def _cell(column: str, value: Any) -> str:
    """Return a cell of a table; what a file calls ports and kinds is told as it is written."""
    if isinstance(value, float):
        return readable(value)
    return AsWritten(value) if column in WRITTEN else str(value)


def _listed(head: str, lines: Sequence[str]) -> list[str]:
    return [head, *(f"  {line}" for line in lines)] if lines else []


def _filling(variant: Variant[Any]) -> str:
    """Return which tanks are full before long, if nothing else happens, when, and what gathers."""
    running = variant.plant.running(variant, RandomStreams(1), without=("events",)).plant
    tanks, early = running.network.tanks, {}
    with suppress(RuntimeError, ValueError, ArithmeticError):  # the other fault is what is told
        running.run(EARLY)
        early = {name: running.contents_of(name) for name in tanks}
        running.run(LONG)
    full = [name for name, tank in tanks.items() if running.level_of(name) >= FULL * tank.capacity]
    if not full:
        return ""
    grown = [
        (now - was, component, name)
        for name in full
        for component, was, now in zip(
            variant.network.components.names,
            early.get(name, running.contents_of(name)),
            running.contents_of(name),
            strict=True,
        )
        if now - was > GROWN * now
    ]
    gathers = "{1} gathers in {2}; ".format(*max(grown)) if grown else ""
    return f"full after {running.env.now:.0f} h: {', '.join(full)}; {gathers}"


def _place(plant: FolderPlant, fault: str) -> str:
    """Return file and line of the first train, tank or supply that a fault names."""
    written, _ = sheet_of(FILE, dict(plant.files)[FILE])
    sheet = plant.sheet
    firsts = {name: f"units.{members[0]}" for name, (_, members) in sheet.trains.items()}
    firsts |= {tank: f"tanks.{tank}" for tank in sheet.tanks}
    firsts |= {supply: f"supplies.{supply}" for supply in sheet.supplies}
    named = [name for name in re.findall(r"'(\w+)'", fault) if name in firsts]
    return written.at(firsts[named[0]] if named else "")


def plant_check(folder: FolderPlant | Path | str) -> Checked:
    """Look through a folder: all its faults at once, or what it consists of, and a drawing.

    Parameters
    ----------
    folder : path or plant
        The folder, its plant as `plant_models.folder.load` returns it, or the name of one of the
        package.

    Raises
    ------
    TypeError, ValueError
        All faults of all files, each with file, line and the nearest name; or what keeps the plant
        from running.
    """
    plant = load(folder)
    variant = plant.variant("none")
    try:
        rest = plant.steady_state(variant)
    except BalanceError as fault:
        raise BalanceError(f"the {plant.name}: {_filling(variant)}{fault}") from fault
    except Misfit:  # of a file of its own, which it names
        raise
    except ValueError as fault:
        raise ValueError(f"{_place(plant, str(fault))}: {fault}") from fault
    running = plant.running(variant, RandomStreams(1))
    try:
        running.plant.run(TRIAL)
    except Gridlock as fault:
        raise ValueError(f"the {plant.name} stands still within {TRIAL:g} h: {fault}") from fault
    running.plant.ledger().certificate().enforce()
    return Checked(Survey(plant), rest)
