"""The findings of a programme under every reading of what the source leaves open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from experiments.output.answer import Answer, Table, paragraphs
from experiments.output.provenance import changed, provenance
from experiments.runner.executors import check_workers
from experiments.runner.faults import at_work
from experiments.runner.loop import each
from experiments.studies import Known, Own, Plant, plant_of
from experiments.studies.money import programme_of
from plant_models.arguments import number
from plant_models.chlorobenzene.model import PLANT
from plant_models.methods.claims import Drawn
from plant_models.methods.economics import TOTAL
from plant_models.methods.uncertainty import Uncertain, drawn
from plant_models.model import PlantModel, Variant
from sim.errors import NO_LIST, gives_each, told
from sim.model.facts import Design
from sim.model.schemes import Scheme
from sim.tables import counted, readable, text_tables

CLOSE = 0.1
"""Relative: what differs by less between two readings counts as the same."""

APART = 1.5
"""Of the change that a scheme makes alone: what is larger by that factor is another."""

ROUNDING = 1e-9
"""Of the base, relative: a steady state is not found to more than that."""

SLIGHT = 1e-3
"""Of the base, relative: changes smaller than that have no sign."""


@dataclass(frozen=True)
class Finding:
    """One figure or conclusion, under every reading."""

    kind: str  #: ``conclusion``, ``programme``, ``alone`` or ``net income``
    name: str
    unit: str
    values: tuple[Any, ...]
    """In the order of the readings: whether a conclusion holds (None where it says nothing), the
    change of an indicator, or a net income."""
    scale: float = 0.0
    """What a change is compared with: the indicator before the programme."""

    @property
    def differs(self) -> bool:
        """Whether it turns with the reading: another verdict or sign, or a tenth more or less."""
        if self.kind == "conclusion":
            return len(set(self.values)) > 1
        least = SLIGHT * abs(self.scale)
        signs = {(x > least) - (x < -least) for x in self.values}
        if len(signs) > 1:
            return True
        largest, smallest = (end(map(abs, self.values)) for end in (max, min))
        if self.kind == "alone":
            return bool(largest > least and largest > APART * smallest)
        return bool(max(self.values) - min(self.values) > CLOSE * largest > CLOSE * least)


@dataclass(frozen=True, repr=False)
class Readings(Answer):
    """What holds under every reading, and what turns with it."""

    variant: Variant[Any]
    readings: tuple[str, ...]
    findings: tuple[Finding, ...]
    empty: int = 0
    """How many figures there are none of, before and after, under any reading."""
    sizes: tuple[float, ...] = ()
    """Capacities of the source's plant, kt/yr, that it was fitted to, each with every reading."""
    prices: tuple[Mapping[str, Any], ...] = ()
    """Those that are not the plant's own, for the provenance."""

    @property
    def differing(self) -> tuple[Finding, ...]:
        """Return the findings that turn with the reading."""
        return tuple(each for each in self.findings if each.differs)

    def report(self) -> str:
        """Return what differs first, then what does not."""
        robust = tuple(each for each in self.findings if not each.differs)
        count = f"{len(self.differing)} of {len(self.findings)} findings"
        alone = ["the plant leaves nothing open: as it is, there is one reading of it"]
        return paragraphs(
            [
                f"Schemes {self.variant.name}, constant conditions, "
                f"{counted(len(self.readings), 'reading')}; {count} differ",
                *(alone if len(self.readings) == 1 else []),
            ],
            self._table("differs with the reading", self.differing),
            self._table("holds under every reading", robust),
            [
                *(
                    [f"{counted(self.empty, 'more figure is', 'more figures are')} 0 throughout"]
                    if self.empty
                    else []
                ),
                *self._money(),
                "Conclusions at the values as they are; changes with the whole programme, and of "
                "the",
                "headlines with each scheme alone. A change differs by its sign or a tenth of its "
                "size,",
                "one of a scheme alone by its sign or half its size.",
            ],
        )

    def _money(self) -> list[str]:
        """Return what money is told in, if there is any."""
        if all(finding.kind != "net income" for finding in self.findings):
            return []
        return [f"Net incomes in {self.variant.plant.economy.unit_word}/yr."]

    def tables(self) -> Mapping[str, Table]:
        """Return every finding, a row each."""
        header = ("kind", "finding", "unit", *self.readings, "differs")
        rows = [(f.kind, f.name, f.unit, *f.values, f.differs) for f in self.findings]
        return {"findings": Table(header, rows)}

    def as_json(self) -> dict[str, Any]:
        """Return every finding under every reading."""
        return {
            "readings": list(self.readings),
            "findings": [
                {
                    "kind": f.kind,
                    "name": f.name,
                    "unit": f.unit,
                    "values": dict(zip(self.readings, f.values, strict=True)),
                    "differs": f.differs,
                }
                for f in self.findings
            ],
            "provenance": provenance(
                "readings", self.variant, capacity=self.sizes, prices=self.prices
            ),
        }

    def _table(self, title: str, findings: Sequence[Finding]) -> list[str]:
        if not findings:
            return []
        if not self.sizes:
            rows = [[f.name, *(_told(self.variant, f, x) for x in f.values)] for f in findings]
            return text_tables([title, *self.readings], rows)
        rows = [[f.name, *(self._ends(f, size) for size in self.sizes)] for f in findings]
        return text_tables([title, *(f"{size:g} kt/yr" for size in self.sizes)], rows)

    def _ends(self, finding: Finding, size: float) -> str:
        """Return the least and the largest value of a finding at one size."""
        at = zip(self.readings, finding.values, strict=True)
        values = sorted({x for name, x in at if name.startswith(f"{size:g}, ")}, key=str)
        if finding.kind != "conclusion":
            values = sorted({min(values), max(values)})
        told = dict.fromkeys(_told(self.variant, finding, x) for x in values)
        return (" or " if finding.kind == "conclusion" else " to ").join(told)


def readings(
    schemes: Any = None,
    *,
    prices: Any = None,
    capacity: Sequence[float] | None = None,
    workers: int | None = 1,
    plant: Plant = PLANT,
    design: Own = None,
    known: Known = None,
) -> Readings:
    """Tell which findings hold under every reading of what the source leaves open.

    Parameters
    ----------
    schemes, prices
        See `money`.
    capacity : sequence of float
        Sizes, kt/yr, that the source's plant may have had: both structures are fitted anew to each
        (see `calibrate`), and all figures are those of a plant of that size.
    workers, plant, design, known
        See `run`; what is set by hand stays as set under every reading.

    Raises
    ------
    LookupError, TypeError, ValueError
        A plant without prices; a design without schemes.
    """
    plant = plant_of(plant)
    check_workers(workers)
    sizes = () if capacity is None else _sizes(capacity)
    variant = programme_of(plant, schemes, design=design, known=known)
    book = plant.economy.priced(prices)
    base = plant.catalogue_of(variant.base.tree)
    own = {name: scheme for name, scheme in variant.known.items() if base.get(name) != scheme}
    if sizes:
        usual = variant.base.tree == plant.baseline().tree
        if own or not usual or book.tree != plant.economy.priced(None).tree:
            raise ValueError(
                "capacity: fits the plant's own facts, schemes and prices, so these cannot be set"
            )
        return _of_sizes(variant, sizes, workers)
    with at_work("the readings"):
        read = plant.readings(variant.base)
        jobs = [
            (plant.variant(variant.schemes, design=one, known=_with(plant, one, own)), book)
            for one in read.values()
        ]
        found = list(each(_at_reading, jobs, workers, "readings"))
    findings, empty = tuple(_findings(variant, found)), _empty(variant, found)
    dear = tuple(changed(plant.economy.prices().tree, book.tree))
    return Readings(variant, tuple(read), findings, empty, prices=dear)


def _sizes(capacity: object) -> tuple[float, ...]:
    """Return the sizes that are asked for, kt/yr."""
    if isinstance(capacity, NO_LIST) or not gives_each(capacity):
        raise TypeError(f"capacity: expected sizes in kt/yr, like (15, 20), came {told(capacity)}")
    from experiments.studies.calibrate import once

    return tuple(once([number("capacity", each) for each in capacity]))


def _of_sizes(variant: Variant[Any], sizes: tuple[float, ...], workers: int | None) -> Readings:
    """Return what a programme comes to if the source's plant was of one size or another."""
    from experiments.studies.calibrate import Profile, calibrate  # scipy is slow to load

    plant, jobs, shares = variant.plant, {}, {}
    for structure in plant.structures:
        profile = calibrate(structure=structure, capacity=sizes, workers=workers, plant=plant)
        assert isinstance(profile, Profile)
        for size, one in profile.fits:
            read = plant.readings_of(structure, one.found.fit.point)
            for name, (design, known, book) in read.items():
                fitted = plant.variant(variant.schemes, design=design, known=known)
                jobs[f"{size:g}, {name}"] = (fitted, book)
                shares[f"{size:g}, {name}"] = plant.share(size)
    with at_work("the readings"):
        found = list(each(_at_reading, list(jobs.values()), workers, "readings"))
    scaled = [one.of(share) for one, share in zip(found, shares.values(), strict=True)]
    findings = tuple(_findings(variant, scaled))
    return Readings(variant, tuple(jobs), findings, _empty(variant, scaled), sizes)


def _with(
    plant: PlantModel[Any, Any], design: Design[Any], own: Mapping[str, Scheme]
) -> dict[str, Scheme]:
    """Return the catalogue of a reading with a user's own schemes in it."""
    return {**plant.catalogue_of(design.tree), **own}


@dataclass(frozen=True)
class _Read:
    """What a programme comes to under one reading."""

    programme: Drawn
    alone: Mapping[tuple[str, str], float]
    """Change of a headline by a scheme alone: by scheme and indicator."""

    def of(self, share: float) -> _Read:
        """Return it for the source's plant, where this one stands for ``share`` of its tonnes.

        What is invested is printed, and so stays.
        """

        def less(values: Mapping[Any, float]) -> dict[Any, float]:
            return {name: x / share for name, x in values.items()}

        programme = self.programme
        steps = tuple(
            replace(
                step,
                income=step.income / share,
                operating_cost=step.operating_cost / share,
                changes=less(step.changes),
            )
            for step in programme.steps
        )
        drawn = Drawn(steps, less(programme.changes), less(programme.before))
        return _Read(drawn, less(self.alone))


def _at_reading(variant: Variant[Any], book: Any) -> _Read:
    plant = variant.plant
    before = plant.steady_state(variant.having(())).indicators
    alone: dict[tuple[str, str], float] = {}
    for scheme in variant.schemes:
        after = plant.steady_state(variant.having((scheme,))).indicators
        alone |= {(scheme, name): after[name] - before[name] for name in plant.headlines}
    return _Read(drawn(Uncertain.of(variant, book)), alone)


def _figures(variant: Variant[Any]) -> tuple[str, ...]:
    """Return the indicators whose change is told."""
    plant = variant.plant
    return tuple(dict.fromkeys((*plant.emissions, *plant.notable, *plant.utilities)))


def _is_nothing(name: str, found: Sequence[_Read]) -> bool:
    return all(one.programme.is_nothing(name) for one in found)


def _empty(variant: Variant[Any], found: Sequence[_Read]) -> int:
    return sum(_is_nothing(name, found) for name in _figures(variant))


def _findings(variant: Variant[Any], found: Sequence[_Read]) -> list[Finding]:
    plant, base = variant.plant, found[0].programme.before
    answers = {
        name: tuple(claim(one.programme) for one in found) for name, claim in plant.claims.items()
    }
    told = [
        Finding("conclusion", name, "", values)
        for name, values in answers.items()
        if any(value is not None for value in values)
    ]
    told += [
        Finding(
            "programme",
            f"change of {name}",
            plant.units[name],
            tuple(one.programme.changes[name] for one in found),
            base[name],
        )
        for name in _figures(variant)
        if not _is_nothing(name, found)
    ]
    told += [
        Finding(
            "alone",
            f"{scheme} alone, {name}",
            plant.units[name],
            tuple(one.alone[scheme, name] for one in found),
            base[name],
        )
        for scheme in variant.schemes
        for name in plant.headlines
        if not _is_nothing(name, found) or any(one.alone[scheme, name] for one in found)
    ]
    total = abs(found[0].programme.total.net)
    for i, step in enumerate(found[0].programme.steps):
        name = step.name if step.name != TOTAL else "the programme"
        nets = tuple(one.programme.steps[i].net for one in found)
        told.append(
            Finding("net income", f"net income of {name}", plant.economy.currency, nets, total)
        )
    return told


def _told(variant: Variant[Any], finding: Finding, value: Any) -> str:
    if finding.kind == "conclusion":
        return {True: "yes", False: "no", None: "-"}[value]
    if finding.kind == "net income":
        return str(variant.plant.economy.told(value, 1))
    if abs(value) <= ROUNDING * abs(finding.scale):
        return "0"
    return f"{'+' if value > 0 else ''}{readable(value)}"
