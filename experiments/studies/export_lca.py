"""A run as a unit process for life-cycle assessment: what passes its boundary per tonne made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from experiments.output.answer import Answer, Table, paragraphs, plain
from experiments.output.openlca import (
    ELEMENTARY,
    ENERGY,
    MASS,
    PRODUCT,
    WASTE,
    Exchange,
    Parameter,
    UnitProcess,
    zipped,
)
from experiments.output.provenance import provenance
from experiments.runner.horizon import Horizon
from experiments.runner.loop import each
from experiments.runner.replicates import Replicate, replicate
from experiments.studies import Known, Own, Plant, plant_of
from experiments.studies.run import heading, none_made
from plant_models.chlorobenzene.model import PLANT
from plant_models.methods.carbon import Footprint
from plant_models.methods.flow_costing import SOLD
from plant_models.model import Lacks, Variant
from sim.books.ledger import INTERNAL
from sim.model.tree import design_hash
from sim.tables import counted, readable, text_table, words

FILE = "unit_process.zip"
TONNE = 1000.0  # kg of the reference product
SLIGHT = 1e-9  # kg per tonne: less is rounding

COMPARTMENTS = {
    "emission gas": (ELEMENTARY, "Elementary flows/Emission to air/unspecified"),
    "wastewater": (ELEMENTARY, "Elementary flows/Emission to water/unspecified"),
}
"""What a medium is to a life-cycle assessment; any other that is not sold is waste."""

UTILITY_UNITS = {"t/yr": (MASS, 1000.0), "MWh/yr": (ENERGY, 1000.0)}
"""What utilities are counted in, and what becomes of it."""

Key = tuple[bool, str, str, str, str]
"""Whether it goes in; kind, category, name, unit of measure."""


@dataclass(frozen=True, repr=False)
class Inventory(Answer):
    """A design as a unit process, with its replications as the uncertainty."""

    variant: Variant[Any]
    horizon: Horizon
    process: UnitProcess
    closure: float  #: In less out less what stayed, of what goes in, kg/kg
    carbon: Mapping[str, float]  #: By use, kg of CO2 equivalents per tonne; none without factors
    ends: tuple[float, float]  #: Of their sum, with all factors at one end of their ranges

    def report(self) -> str:
        """Return what passes the boundary per tonne, and its greenhouse gas."""
        header = ["per tonne", "", "unit", "mean", "sd", "sd/mean"]
        rows = [
            [one.name, _kind(one), one.unit, readable(one.amount),
             "" if one.sd is None else readable(one.sd),
             "" if not one.sd or not one.amount else f"{one.sd / one.amount:.1%}"]
            for one in self.process.exchanges
        ]  # fmt: skip
        return paragraphs(
            [heading(f"Unit process, {self.variant.name}", self.variant, self.horizon)],
            text_table(header, rows, left=(0, 1, 2)),
            self._carbon(),
            [
                f"in less out less stock: {self.closure:.1e} kg/kg of what goes in; sd: between "
                "replications,",
                f"written as a normal distribution. --out DIR writes {FILE} for openLCA and "
                "Brightway",
            ],
        )

    def _carbon(self) -> list[str]:
        if not self.carbon:
            plant = self.variant.plant.name
            return [f"no CO2 equivalents: the {plant} has no factors of greenhouse gas"]
        low, high = self.ends
        parts = ", ".join(
            f"{words(name.rpartition('_')[0])} {readable(kg)}" for name, kg in self.carbon.items()
        )
        told = self.variant.plant.footprint.boundary
        return [
            f"CO2 equivalents: {readable(sum(self.carbon.values()))} kg/t "
            f"({readable(low)} to {readable(high)}): {parts}",
            told,
        ]

    def tables(self) -> Mapping[str, Table]:
        """Return the exchanges, and the greenhouse gas by use."""
        columns = ("name", "is", "category", "unit", "mean", "sd", "reference")
        rows = [
            (one.name, _kind(one), one.category, one.unit, one.amount, one.sd, one.is_reference)
            for one in self.process.exchanges
        ]
        found = {"exchanges": Table(columns, rows)}
        if self.carbon:
            found["carbon"] = Table(("use", "kg_per_t"), list(self.carbon.items()))
        return found

    def documents(self) -> Mapping[str, str | bytes]:
        """Return the unit process as a zip of JSON-LD."""
        return {FILE: zipped(self.process)}

    def as_json(self) -> dict[str, Any]:
        """Return the exchanges, the greenhouse gas and how well masses close."""
        return {
            "name": self.process.name,
            "exchanges": self.tables()["exchanges"].records,
            "closure": self.closure,
            "carbon": {
                "kg_per_t": plain(self.carbon),
                "sum": sum(self.carbon.values()) if self.carbon else None,
                "low": self.ends[0] if self.carbon else None,
                "high": self.ends[1] if self.carbon else None,
            },
            "parameters": plain(self.process.parameters),
            "provenance": provenance("export-lca", self.variant, horizon=self.horizon),
        }


def _kind(of: Exchange) -> str:
    if of.is_reference:
        return "reference"
    if of.is_input:
        return "in"
    if of.kind == ELEMENTARY:
        return "to air" if "air" in of.category else "to water"
    return "co-product" if of.kind == PRODUCT else "waste"


def export_lca(
    schemes: Any = "none",
    *,
    replications: int = 5,
    years: float = 1.0,
    seed: int = 1,
    start: str = "01-01",
    workers: int | None = 1,
    plant: Plant = PLANT,
    design: Own = None,
    known: Known = None,
) -> Inventory:
    """Write a run as a unit process for openLCA and Brightway, its replications as uncertainty.

    Amounts are per tonne of what the plant is run for: sums over all replications by the sum of the
    product, so that masses close; standard deviations are those between replications.

    Parameters
    ----------
    schemes, replications, years, seed, start, workers, plant, design, known
        See `run`.

    Raises
    ------
    ValueError
        A run that has made nothing.

    Examples
    --------
    >>> export_lca("F1", years=0.02, replications=2).save("lca")  # doctest: +SKIP
    """
    plant = plant_of(plant)
    horizon = Horizon(years, seed, replications, start)
    variant = plant.variant(schemes, design=design, known=known)
    jobs = [(variant, horizon, number, False) for number in range(horizon.replications)]
    runs = each(replicate, jobs, workers, "runs")
    found = [_passing(variant, run, horizon.years) for run in runs]
    reference = _reference(variant, found, runs)
    made = np.array([sum(run.get(key, 0.0) for key in reference) for run in found])
    if not made.all():
        raise ValueError(none_made(variant, horizon))
    exchanges = _exchanges(found, reference, made, words(plant.product.removesuffix("_t")))
    footprint = _footprint(variant)
    carbon, ends = _carbon(footprint, runs, made, horizon)
    process = UnitProcess(
        f"{plant.name}, {variant.name}",
        f"Simulated: {counted(horizon.replications, 'replication')} of "
        f"{counted(horizon.years, 'year')}, seed {horizon.seed}; design "
        f"{design_hash(variant.tree)}. Sewer water is not treated; "
        "co-products by mass unless allocated otherwise.",
        exchanges,
        _parameters(footprint),
        design_hash(variant.tree),
    )
    return Inventory(
        variant, horizon, process, _closure(exchanges, runs, made, horizon), carbon, ends
    )


def _passing(variant: Variant[Any], run: Replicate, years: float) -> dict[Key, float]:
    """Return what passed the boundary in a run, kg or kWh over its length."""
    network = variant.network
    names = network.components.names
    found: dict[Key, float] = {}

    def add(key: Key, amount: float) -> None:
        found[key] = found.get(key, 0.0) + amount

    for entry, kg in run.flows.items():
        if entry.source in network.supplies:
            for name, amount in zip(names, kg.tolist(), strict=True):
                source = words(entry.source)
                add((True, PRODUCT, "Product flows", f"{words(name)}, {source}", MASS), amount)
        if entry.medium == INTERNAL:
            continue
        if entry.medium in SOLD:
            add((False, PRODUCT, "Product flows", _product(entry.stream), MASS), float(kg.sum()))
            continue
        kind, category = COMPARTMENTS.get(entry.medium, (WASTE, f"Waste flows/{entry.medium}"))
        for name, amount in zip(names, kg.tolist(), strict=True):
            told = words(name) if kind == ELEMENTARY else f"{words(name)} in {entry.medium}"
            add((False, kind, category, told, MASS), amount)
    plant = variant.plant
    for name in plant.bought:
        unit, times = UTILITY_UNITS[plant.units[name].partition(" as ")[0]]
        word = words(name.rpartition("_")[0])
        amount = times * years * run.indicators[name]
        add((True, PRODUCT, "Product flows/utilities", word, unit), amount)
    return found


def _product(stream: str) -> str:
    return words(stream.replace(".", " ").replace(">", " "))


def _reference(
    variant: Variant[Any], found: Sequence[Mapping[Key, float]], runs: Sequence[Replicate]
) -> list[Key]:
    """Return what the process is told per: the stream that holds most of what it is run for."""
    products = [key for key in found[0] if not key[0] and key[1] == PRODUCT]
    names = variant.network.components.names
    wanted = variant.plant.product.removesuffix("_t")
    if wanted in variant.network.sinks:
        own = {_product(e.stream) for run in runs for e in run.flows if e.sink == wanted}
        return [key for key in products if key[3] in own]
    if wanted not in names:
        return products
    index = names.index(wanted)
    held: dict[str, float] = {}
    for run in runs:
        for entry, kg in run.flows.items():
            if entry.medium == "product":
                name = _product(entry.stream)
                held[name] = held.get(name, 0.0) + float(kg[index])
    best = max(held, key=lambda name: held[name], default="")
    return [key for key in products if key[3] == best]


def _exchanges(
    found: Sequence[Mapping[Key, float]], reference: Sequence[Key], made: Any, name: str
) -> tuple[Exchange, ...]:
    keys = dict.fromkeys(key for run in found for key in run if key not in reference)
    told = [Exchange(name or "product", TONNE, None, False, PRODUCT, MASS, "Product flows", True)]
    for key in sorted(keys, key=lambda key: (not key[0], key[1] != PRODUCT, key[2], key[3])):
        is_input, kind, category, word, unit = key
        amounts = np.array([run.get(key, 0.0) for run in found])
        mean = TONNE * float(amounts.sum() / made.sum())
        if abs(mean) <= SLIGHT:
            continue
        sd = TONNE * float(np.std(amounts / made, ddof=1)) if len(found) > 1 else None
        told.append(Exchange(word, mean, sd, is_input, kind, unit, category))
    return tuple(told)


def _closure(
    exchanges: Sequence[Exchange], runs: Sequence[Replicate], made: Any, horizon: Horizon
) -> float:
    """Return in less out less what stayed, per what goes in, kg/kg."""
    material = [
        one for one in exchanges if one.unit == MASS and not one.category.endswith("utilities")
    ]
    into = sum(one.amount for one in material if one.is_input)
    out = sum(one.amount for one in material if not one.is_input)
    stayed = 1000.0 * horizon.years * sum(run.indicators["stock_change_t"] for run in runs)
    return float((into - out - TONNE * stayed / made.sum()) / into) if into else 0.0


def _footprint(variant: Variant[Any]) -> Footprint | None:
    try:
        return variant.plant.footprint
    except Lacks:
        return None


def _carbon(
    footprint: Footprint | None, runs: Sequence[Replicate], made: Any, horizon: Horizon
) -> tuple[Mapping[str, float], tuple[float, float]]:
    """Return greenhouse gas per tonne by use, kg, and the ends of its sum."""
    if footprint is None:
        return {}, (0.0, 0.0)
    per = 1e6 * horizon.years / float(made.sum())  # kg/t of t/yr over the kg of all runs
    names = footprint.uses
    year = {name: sum(run.indicators[name] for run in runs) for name in names}
    low, high = footprint.ends(year)
    return {name: t * per for name, t in footprint.tonnes(year).items()}, (low * per, high * per)


def _parameters(footprint: Footprint | None) -> tuple[Parameter, ...]:
    if footprint is None:
        return ()
    facts = footprint.factors().facts
    return tuple(
        Parameter(
            f"co2e_{name}",
            float(fact.value),
            float(fact.value) if fact.low is None else fact.low,
            float(fact.value) if fact.high is None else fact.high,
            f"{fact.unit} of CO2 equivalents, {fact.word}: {fact.note}",
        )
        for name, fact in ((use.factor, facts[use.factor]) for use in footprint.uses.values())
    )
