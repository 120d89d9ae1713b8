"""The studies: each a function that takes designs and returns an `Answer`, all beginning alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import wrap
from typing import Any

from experiments.output.answer import plain
from plant_models import plant_named
from plant_models.hooks import NEEDED
from plant_models.methods.economics import Economy, check_investments
from plant_models.model import Lacks, PlantModel, Variant
from sim.errors import told
from sim.model.facts import Design
from sim.model.schemes import Scheme, parse_schemes
from sim.tables import WIDTH

Plant = PlantModel[Any, Any] | str | Path
"""A plant, its name, or the folder that it is written in."""
Own = Design[Any] | Any | None
"""A design, or its tree, that sets of schemes are put on; the plant's baseline where None."""
Known = Mapping[str, Scheme] | None
"""A catalogue of schemes; the plant's own where None."""


def plant_of(plant: Plant) -> PlantModel[Any, Any]:
    """Return a plant from itself or from its name.

    Raises TypeError or LookupError: anything else, or no such plant; tells what to write.
    """
    if isinstance(plant, str | Path):
        return plant_named(plant)
    if not isinstance(plant, PlantModel):
        raise TypeError(
            "plant: expected a PlantModel, like plant_models.chlorobenzene.PLANT, or a name, like "
            f"'flowshop', or a folder, came {told(plant)}"
        )
    if lacking := [name for name in NEEDED if not hasattr(plant, name)]:
        raise TypeError(f"{type(plant).__name__}: expected {', '.join(lacking)}, came nothing")
    return plant


def ids_of(name: str, schemes: Any, known: Mapping[str, Scheme]) -> tuple[str, ...]:
    """Return schemes one by one, where a study takes no design; see `parse_schemes`.

    ``name``: the argument, which messages begin with.
    """
    if isinstance(schemes, Variant | Design):
        raise TypeError(
            f"{name}: expected schemes like 'F1, F5-F7', came a {type(schemes).__name__}; the "
            "design that schemes are put on is design="
        )
    try:
        return parse_schemes(schemes, known)
    except (TypeError, LookupError, ValueError) as fault:
        raise type(fault)(f"{name}: {fault}") from None


def unknown_at_rest(of: Variant[Any], ids: Iterable[str], way: str) -> list[str]:
    """Return the sentence on what schemes do in time alone, if they do; ``way``: to see it."""
    kept = [
        f"{name} ({paths[0]}{', ...' if len(paths) > 1 else ''})"
        for name, paths in of.in_time_alone(ids).items()
    ]
    said = f"constant conditions know nothing of: {', '.join(kept)}; see {way}"
    return wrap(said, WIDTH, subsequent_indent="  ", break_on_hyphens=False) if kept else []


def prices_of(plant: PlantModel[Any, Any], prices: Any, *others: object) -> Design[Any] | None:
    """Return the prices that are asked for, else the plant's; None of a plant that has none.

    Raises Lacks of such a plant where prices are asked for, or others that go with them.
    """
    try:
        return plant.economy.priced(prices)
    except Lacks:
        if prices is not None or any(others):
            raise
        return None


@dataclass(frozen=True)
class Worth:
    """At which prices money figures are told."""

    economy: Economy  #: The plant's books
    prices: Any  #: Its prices and terms
    investments: Mapping[str, float] = field(default_factory=dict)
    """By scheme, instead of the source's or where it has none, in the currency."""

    @classmethod
    def of(
        cls,
        plant: PlantModel[Any, Any],
        prices: Any = None,
        investments: Mapping[str, float] | None = None,
        known: Iterable[str] = (),
        among: Iterable[str] | None = None,
    ) -> Worth | None:
        """Return the prices that were asked for, else the plant's; None if it has no prices.

        ``known``, ``among``: schemes that there are, and those that are asked about.

        Raises TypeError, LookupError or ValueError: prices or investments of another kind; prices
        for a plant that knows none.
        """
        priced = prices_of(plant, prices, investments)
        if priced is None:
            return None
        return cls(plant.economy, priced.tree, check_investments(investments, known, among))

    @property
    def asked(self) -> dict[str, Any]:
        """What is not the plant's own, for the provenance."""
        own, here = plain(self.economy.prices().tree), plain(self.prices)
        changed = {name: value for name, value in here.items() if value != own[name]}
        return {"prices": changed, "investments": dict(self.investments)}

    def investment(self, ids: Iterable[str]) -> float | None:
        """Return what schemes cost once, in the currency; None where nobody says."""
        return self.economy.investment(ids, self.investments)


def need_catalogue(of: Variant[Any]) -> None:
    """Raise Lacks for a plant that has no schemes at all."""
    if not of.known:
        raise of.plant.lacks("schemes", "a study of schemes")
