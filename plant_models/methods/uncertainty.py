"""What the ranges of a plant, its schemes and its prices do to a programme's money and emissions.

Sampled is exactly what carries a range and can act at constant conditions: parameters of the plant
(see `PlantModel.acts_at_rest`), the sizes of patches, prices and terms.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from plant_models.methods.appraisal import appraise, together
from plant_models.methods.claims import Drawn
from plant_models.methods.economics import TOTAL, reached
from plant_models.methods.sensitivity import Point
from plant_models.model import Variant
from sim.errors import look_up, need_kind, need_number, need_text
from sim.model.facts import Design, set_values
from sim.model.parameters import Value, spell
from sim.model.ranges import quantile, sample_at, sampled_paths
from sim.model.schemes import Patch, Scheme
from sim.model.tree import Leaf, declared, get, structure

PRICE, PATCH = "prices.", " "
"""How names of prices begin, and what stands between a scheme and the path of its patch."""

ASSUMED = "assumed"
NET = "net_income"
"""The target in the currency a year; every other is an indicator of which the change counts."""


@dataclass(frozen=True)
class Uncertain:
    """A programme with everything about it that carries a range.

    Parameters
    ----------
    variant : Variant
        The plant with the programme in place.
    design, book
        The plant before it, and the prices, with their facts; what has been set by hand stays as
        set.
    investments : Mapping[str, float]
        By scheme, instead of the known ones or where nobody says, in the currency.
    """

    variant: Variant[Any]
    design: Design[Any]
    book: Design[Any]
    investments: Mapping[str, float]

    @classmethod
    def of(
        cls,
        variant: Variant[Any],
        book: Design[Any] | None = None,
        investments: Mapping[str, float] | None = None,
    ) -> Uncertain:
        """Return a programme at the plant's own prices, or at others."""
        need_kind("of", Variant, variant=variant)
        prices = variant.plant.economy.priced(book)
        return cls(variant, variant.base, prices, investments or {})

    @property
    def names(self) -> tuple[str, ...]:
        """Every input that is sampled: path, scheme and path, or price."""
        plant = [path for path in sampled_paths(self.design) if self._acts(path)]
        patches = [
            _name(scheme, patch)
            for scheme in self.variant.picked
            for patch in _ranged(scheme)
            if self._acts(patch.path)
        ]
        prices = (f"{PRICE}{path}" for path in sampled_paths(self.book))
        return (*self.choices, *plant, *patches, *prices)

    @property
    def choices(self) -> tuple[str, ...]:
        """Every structure that is drawn; one that has been set by hand stays as set."""
        plant = self.variant.plant
        usual = plant.baseline().tree
        return tuple(
            path for path in plant.choices if get(self.design.tree, path) == get(usual, path)
        )

    def choice(self, path: str, share: float) -> Value:
        """Return which structure a share from 0 to 1 stands for."""
        values = look_up("structure", path, self.variant.plant.choices)
        (share,) = need_number("choice", 0.0, 1.0, share=share)
        return values[min(int(share * len(values)), len(values) - 1)]

    def between(self, path: str) -> tuple[float, ...]:
        """Return shares that stand for the choices of a structure but the first and the last."""
        count = len(look_up("structure", path, self.variant.plant.choices))
        return tuple((k + 0.5) / count for k in range(1, count - 1))

    def told(self, name: str) -> str:
        """Return what an input is, with its range, as ``absorber: approach, 2 to 8 K``.

        One of several of a kind says which: ``centrifuge, salt: share that leaves by ...``.
        """
        scheme, path, design = self._place(name)
        quantity = declared(design.tree, path)
        if name in self.choices:
            values = self.variant.plant.choices[name]
            return f"{path}: {quantity.meaning}, {spell(values[0])} to {spell(values[-1])}"
        ranged = self._patch(scheme, path) if scheme else design.facts.get(path)
        low, high = (ranged.low, ranged.high) if ranged else (None, None)
        unit = self.unit(name)
        where = "price" if name.startswith(PRICE) else path.partition(".")[0].replace("_", " ")
        if _one_of_many(design.tree, path, quantity.meaning):
            where += f", {path.rpartition('.')[2].replace('_', ' ')}"
        span = "" if low is None or high is None else f", {low:g} to {high:g}"
        whose = f"{scheme}, " if scheme else ""
        measure = f" {unit}" if span and unit != "1" else ""
        return f"{whose}{where}: {quantity.meaning}{span}{measure}"

    def value(self, name: str) -> Value:
        """Return what an input is, in its `unit`."""
        scheme, path, design = self._place(name)
        found: Value = self._patch(scheme, path).value if scheme else get(design.tree, path)
        return found

    def unit(self, name: str) -> str:
        """Return the unit of an input; a patch that scales counts ``times``."""
        scheme, path, design = self._place(name)
        if scheme and self._patch(scheme, path).op == "scale":
            return "times"
        return declared(design.tree, path).unit

    def _place(self, name: str) -> tuple[str, str, Design[Any]]:
        """Return the scheme whose patch an input is, if it is one, its path, and where that is."""
        need_text("Uncertain", name=name)
        scheme, _, path = name.rpartition(PATCH)
        price = path.removeprefix(PRICE)
        return (scheme, path, self.design) if price == path else (scheme, price, self.book)

    def _patch(self, scheme: str, path: str) -> Patch:
        return next(each for each in _ranged(self.variant.known[scheme]) if each.path == path)

    @property
    def kept(self) -> tuple[str, ...]:
        """What carries a range and keeps its value, for the steady state does not know it."""
        names = set(self.names)
        ranged = (
            _name(scheme, patch) for scheme in self.variant.picked for patch in _ranged(scheme)
        )
        return tuple(each for each in (*sampled_paths(self.design), *ranged) if each not in names)

    @property
    def undrawn(self) -> Mapping[str, Uncertain]:
        """The programme with what is not drawn read otherwise, one thing at a time, by name.

        Parameters without a range that might be otherwise (`PlantModel.silent`), and parts of a
        scheme that are a reading of it: patches that are assumed and carry no range, left out.
        """
        found = {}
        usual = self.variant.plant.baseline().tree
        for path, value in self.variant.plant.silent.items():
            if get(self.design.tree, path) == get(usual, path):
                design = set_values(self.design, {path: value})
                variant = self.variant.at(design.tree)
                found[f"{path}={value}"] = replace(self, variant=variant, design=design)
        for scheme in self.variant.picked:
            for patch in scheme.patches:
                if patch.low is None and patch.evidence == ASSUMED and len(scheme.patches) > 1:
                    rest = tuple(each for each in scheme.patches if each != patch)
                    known = {**self.variant.known, scheme.id: replace(scheme, patches=rest)}
                    variant = replace(self.variant, known=known).at(self.design.tree)
                    found[f"{scheme.id} without {patch.path}"] = replace(self, variant=variant)
        return found

    def at(self, point: Point) -> Uncertain:
        """Return the programme with inputs at shares of their ranges, the rest as it is.

        Raises ValueError where no such plant can be built.
        """
        prices = {n.removeprefix(PRICE): u for n, u in point.items() if n.startswith(PRICE)}
        patches = {n: u for n, u in point.items() if PATCH in n}
        choices = {n: self.choice(n, u) for n, u in point.items() if n in self.choices}
        own = {
            n: u
            for n, u in point.items()
            if PATCH not in n and not n.startswith(PRICE) and n not in choices
        }
        design, known = self._structured(choices)
        design = replace(design, tree=sample_at(design, own))
        moved = {name: _moved(known[name], patches) for name in self.variant.schemes}
        variant = replace(self.variant, known={**known, **moved})
        return replace(
            self,
            variant=variant.at(design.tree),
            design=design,
            book=replace(self.book, tree=sample_at(self.book, prices)),
        )

    def _structured(self, choices: Mapping[str, Value]) -> tuple[Design[Any], Mapping[str, Scheme]]:
        """Return design and catalogue with structures chosen; own schemes stay."""
        plant, known = self.variant.plant, self.variant.known
        if all(get(self.design.tree, path) == value for path, value in choices.items()):
            return self.design, known
        design = plant.chosen(self.design, choices)
        before, after = (plant.catalogue_of(each.tree) for each in (self.design, design))
        return design, {
            name: after[name] if before.get(name) == scheme else scheme
            for name, scheme in known.items()
        }

    def _acts(self, path: str) -> bool:
        return self.variant.plant.acts_at_rest(self.design.tree, path)


def drawn(of: Uncertain) -> Drawn:
    """Return what a programme comes to, step by step, at the values that it has."""
    need_kind("drawn", Uncertain, of=of)
    variant, plant = of.variant, of.variant.plant
    steps = plant.economy.steps(variant.schemes)
    states = [
        plant.steady_state(variant.having(schemes)).indicators
        for schemes in reached(steps.values())
    ]
    rows = appraise(plant.economy, steps, states, of.book.tree, investments=of.investments)
    changes = {name: states[-1][name] - states[0][name] for name in states[0]}
    return Drawn((*rows, together(TOTAL, rows)), changes, dict(states[0]))


def target_value(of: Uncertain, target: str) -> float:
    """Return one figure of a programme as a whole, from the states before and after it only."""
    need_kind("target_value", Uncertain, of=of)
    need_text("target_value", target=target)
    variant, plant = of.variant, of.variant.plant
    before, after = (plant.steady_state(v).indicators for v in (variant.having(()), variant))
    if target != NET:
        change: float = after[target] - before[target]
        return change
    money, book = plant.economy, of.book.tree
    earned = money.margin(after, book) - money.margin(before, book)
    return earned - money.upkeep(variant.schemes, book)


def _ranged(scheme: Scheme) -> tuple[Patch, ...]:
    return tuple(p for p in scheme.patches if p.low is not None and p.high is not None)


def _one_of_many(tree: Any, path: str, meaning: str) -> bool:
    """Return whether what is beside a parameter means the same, as the shares of components do."""
    part = path.rpartition(".")[0]
    node: Hashable = get(tree, part) if part else tree
    beside = structure(type(node))
    alike = [leaf for leaf in beside.values() if isinstance(leaf, Leaf)]
    return sum(leaf.declared.meaning == meaning for leaf in alike) > 1


def _name(scheme: Scheme, patch: Patch) -> str:
    return f"{scheme.id}{PATCH}{patch.path}"


def _moved(scheme: Scheme, shares: Mapping[str, float]) -> Scheme:
    patches = []
    for patch in scheme.patches:
        u = shares.get(_name(scheme, patch))
        if u is not None and patch.low is not None and patch.high is not None:
            whole = isinstance(patch.value, int)
            patch = replace(patch, value=quantile(patch.low, patch.high, u, whole=whole))
        patches.append(patch)
    return replace(scheme, patches=tuple(patches))
