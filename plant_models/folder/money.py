"""``prices.toml``: what is sold, bought and paid for, terms, and what schemes cost."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import make_dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from plant_models.folder.indicators import no_indicator
from plant_models.folder.places import Sheet
from plant_models.folder.values import OWN_WORDS, fact_of
from plant_models.folder.writing import facts_text
from plant_models.methods.economics import Economy, Item, money
from sim.errors import did_you_mean, told
from sim.model.facts import Design, Fact, load
from sim.model.parameters import Quantity, quantity

FILE = "prices.toml"
SECTIONS = ("money", "sold", "bought", "paid", "investments", "upkeep", "sources")
TRADES = {"sold": (1, True), "bought": (-1, True), "paid": (-1, False)}
"""Sign in the books, and whether a change of it counts as income whatever its sign."""
TERMS = {
    "interest_rate": quantity("1/yr", "rate to discount with", 0.0, 1.0),
    "horizon": quantity("yr", "years that an investment is judged by", 1, 50),
}


class PricesReader:
    """Reads a ``prices.toml``; faults come together in ``faults``."""

    def __init__(
        self,
        sheet: Sheet,
        units: Mapping[str, str],
        schemes: Iterable[str] | None,
        sources: Mapping[str, Mapping[str, Any]],
    ) -> None:
        self.sheet, self.units = sheet, units
        self.schemes = None if schemes is None else tuple(schemes)
        """Ids of the schemes; None where their file cannot be read."""
        self.sources = {**sources, **_tables(sheet.table.get("sources", {}))}
        self.faults: list[str] = []
        self.fields: list[Any] = []
        self.facts: dict[str, Fact] = {}
        self.items: dict[str, Item] = {}
        self.currency = ""
        """In which all amounts are; nothing where it is not told, as they then are in none."""

    def say(self, path: str, fault: str) -> None:
        """Note a fault of a path of the file."""
        self.faults.append(self.sheet.fault(path, fault))

    def read(self) -> Economy | None:
        """Return the plant's books, or None after a fault."""
        table = self.sheet.table
        for key, raw in table.items():
            if key not in SECTIONS:
                self.say(key, f"no section {key!r}{did_you_mean(key, SECTIONS)}")
            elif not isinstance(raw, Mapping):
                self.say(key, f"expected a table [{key}], came {told(raw)}")
        if self.faults:
            return None
        currency = self._terms(table.get("money", {}))
        for trade in TRADES:
            for name, raw in table.get(trade, {}).items():
                self._item(trade, name, raw, currency)
        invested = self._amounts("investments", currency, "")
        upkeeps = self._amounts("upkeep", currency, "/yr")
        if self.faults:
            return None
        kind = make_dataclass("Prices", self.fields, frozen=True, kw_only=True)
        own = Design(kind(**{p: f.value for p, f in self.facts.items()}), dict(self.facts))
        unit = 1e3 if self._thousands() else 1.0
        cuts = self._cuts()
        return _economy(own, self.items, currency, unit, invested, upkeeps, cuts, self.sources)

    def _terms(self, raw: Mapping[str, Any]) -> str:
        known = ("currency", "cuts", "thousands", *TERMS)
        for key in raw:
            if key not in known:
                self.say(f"money.{key}", f"no {key!r}{did_you_mean(key, known)}")
        currency: Any = raw.get("currency")
        if isinstance(currency, str) and re.fullmatch(r"[A-Za-z]{1,8}", currency):
            self.currency = currency
        else:
            came = f"expected a word like 'EUR', came {told(currency)}"
            self.say("money.currency", came if "currency" in raw else "missing: a word like 'EUR'")
        for name, declared in TERMS.items():
            kind = int if name == "horizon" else float
            self._number("money", name, raw.get(name), declared, kind, name)
        return self.currency or "money"

    def _thousands(self) -> bool:
        """Return whether amounts are told in thousands of the currency."""
        raw = self.sheet.table.get("money", {}).get("thousands", True)
        if not isinstance(raw, bool):
            self.say("money.thousands", f"expected true or false, came {told(raw)}")
        return raw is not False

    def _cuts(self) -> tuple[float, ...]:
        raw = self.sheet.table.get("money", {}).get("cuts", [10e3, 50e3])
        amounts = (
            isinstance(raw, list)
            and len(raw) in (2, 3)
            and all(isinstance(x, int | float) and not isinstance(x, bool) and x > 0 for x in raw)
        )
        if not amounts or not all(a < b for a, b in pairwise(raw)):
            self.say("money.cuts", f"expected 2 or 3 rising amounts above 0, came {told(raw)}")
            return ()
        return tuple(float(x) for x in raw)

    def _item(self, trade: str, name: str, raw: object, currency: str) -> None:
        path = f"{trade}.{name}"
        if not re.fullmatch(r"[a-zA-Z][a-zA-Z0-9_]{0,59}", name) or name in self.facts:
            self.say(path, f"expected a name of its own, of letters, digits and _, came {name!r}")
            return
        if not isinstance(raw, Mapping) or set(raw) != {"of", "price"}:
            self.say(path, "expected two keys: of = 'an indicator', price = 'a number and unit'")
            return
        indicator = raw["of"]
        if not isinstance(indicator, str) or indicator not in self.units:
            self.say(f"{path}.of", no_indicator(indicator, self.units))
            return
        unit = self.units[indicator].partition("/")[0]
        self._number(trade, name, raw["price"], money(f"{currency}/{unit}", name), float, name,
                     key="price")  # fmt: skip
        sign, goods = TRADES[trade]
        self.items[name] = Item(indicator, name, sign, goods)

    def _amounts(self, section: str, currency: str, per: str) -> dict[str, str]:
        """Return the parameters that schemes' amounts stand under, by scheme."""
        found = {}
        for scheme, raw in self.sheet.table.get(section, {}).items():
            if self.schemes is None and not scheme.isidentifier():
                continue  # which cannot be one of a file that is told to be wrong itself
            if self.schemes is not None and scheme not in self.schemes:
                hint = did_you_mean(scheme, self.schemes)
                self.say(f"{section}.{scheme}", f"no scheme {scheme!r}{hint}")
                continue
            name = f"{section}_{scheme}"
            declared = money(f"{currency}{per}", f"{section} of {scheme}")
            self._number(section, scheme, raw, declared, float, name)
            found[scheme] = name
        return found

    def _number(
        self,
        section: str,
        key_of: str,
        raw: object,
        field: Any,
        kind: type,
        name: str,
        key: str = "",
    ) -> None:
        path = ".".join(part for part in (section, key_of, key) if part)
        declared: Quantity = field.metadata["quantity"]
        typed = Quantity(declared.unit, declared.meaning, declared.minimum, declared.maximum,
                         kind=kind)  # fmt: skip
        self.fields.append((name, kind, quantity(declared.unit, declared.meaning,
                                                 declared.minimum, declared.maximum)))  # fmt: skip
        if raw is None:
            self.say(path, f"missing: {declared.meaning}, in {declared.unit}")
            return
        fact, faults = fact_of(raw, typed, self.sources)
        for fault in faults:
            if self.currency or not fault.startswith("unit "):
                self.say(path, fault)
        if fact is not None:
            self.facts[name] = fact


def _tables(raw: object) -> dict[str, Mapping[str, Any]]:
    found = raw.items() if isinstance(raw, Mapping) else ()
    return {key: value for key, value in found if isinstance(value, Mapping)}


def _economy(
    own: Design[Any],
    items: Mapping[str, Item],
    currency: str,
    unit: float,
    invested: Mapping[str, str],
    upkeeps: Mapping[str, str],
    cuts: tuple[float, ...],
    sources: Mapping[str, Mapping[str, Any]],
) -> Economy:
    def overlaid(path: Path) -> Design[Any]:
        known = {**OWN_WORDS, **sources}
        return load(type(own.tree), facts_text(own.facts), sources=known, overrides=[path])

    def amount(scheme: str) -> float | None:
        return None if scheme not in invested else float(getattr(own.tree, invested[scheme]))

    return Economy(
        items=items,
        prices=lambda: own,
        overlaid=overlaid,
        upkeeps=upkeeps,
        invested=amount,
        currency=currency,
        unit=unit,
        unit_word=currency if unit == 1.0 else f"10^3 {currency}",
        cuts=cuts,
    )
