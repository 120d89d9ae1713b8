"""Everything that the page knows, as one JSON object."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from experiments.output.provenance import installed_version
from experiments.page import standards, texts
from experiments.page.assemble import page
from experiments.page.basis import (
    SOURCE,
    basis_of,
    changed_row,
    prices_stated,
    rests_on,
    sources_of,
)
from experiments.page.designs import NAMES, SCHEMES, Designs, members
from experiments.page.goals import first_task, goals
from experiments.page.packing import columns
from experiments.page.years import Years
from plant_models import chlorobenzene as cb
from plant_models.chlorobenzene.figures.sankey import MAGNIFIED, MEDIA
from plant_models.chlorobenzene.figures.sankey_flows import STAGE_OF, STAGES, counted
from plant_models.chlorobenzene.line.wiring import TRAINS
from plant_models.chlorobenzene.money.economy import ECONOMY
from plant_models.chlorobenzene.money.prices import Prices
from plant_models.chlorobenzene.run.indicators import UNITS
from plant_models.methods.economics import Economy
from sim.model.facts import Design
from sim.model.tree import design_hash

SHOWN = tuple(name for name in NAMES if name in texts.names()["indicators"])
"""Indicators of the page; what is constant or no figure of the line is left out."""

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Content:
    """What a page is made of."""

    design: Design[cb.Line]  #: The line before any scheme
    book: Design[Prices]  #: Prices and terms
    designs: Designs
    investments: Mapping[str, float] = field(default_factory=dict)
    """Of schemes that the source gives none for, or instead of its own, RMB."""
    years: Years = field(default_factory=Years)  #: With breakdowns, of a few designs

    schemes: ClassVar[tuple[str, ...]] = SCHEMES

    @property
    def indicators(self) -> Array:
        """Figures of every design, in the order of ``NAMES``."""
        return self.designs.indicators

    def html(self) -> str:
        """Return the page."""
        return page(self.as_json())

    @cached_property
    def investment(self) -> Array:
        """What every design costs once, RMB; not a number with F12, for which no source says."""
        amounts = (
            ECONOMY.investment(members(mask), self.investments) for mask in range(1 << len(SCHEMES))
        )
        return np.array([math.nan if amount is None else amount for amount in amounts])

    @cached_property
    def net(self) -> Array:
        """Net income of every design against none, RMB/yr, upkeep paid."""
        prices, masks = self.book.tree, range(1 << len(SCHEMES))
        sold = [ECONOMY.margin(self.designs.row(mask), prices) for mask in masks]
        paid = [ECONOMY.upkeep(members(mask), prices) for mask in masks]
        net: Array = np.array(sold) - sold[0] - np.array(paid)
        return net

    @property
    def figures(self) -> dict[str, Array]:
        """What a task may ask: the indicators, ``investment``, ``net`` and ``schemes``."""
        on = np.array([float(mask.bit_count()) for mask in range(1 << len(SCHEMES))])
        own = {"investment": self.investment, "net": self.net, "schemes": on}
        return {**{name: self.designs.column(name) for name in NAMES}, **own}

    def as_json(self) -> dict[str, Any]:
        """Return the data of the page."""
        prices = prices_stated(self.book)
        units, parameters = rests_on(SHOWN, self.design, ((), SCHEMES[:11], SCHEMES))
        sources = {**self.design.sources, **self.book.sources}
        limits = [{"source": each["source"], "basis": "source"} for each in standards.stated()]
        return {
            "version": installed_version("cleanerline"),
            "design": design_hash(self.design.tree),
            "closure": float(self.designs.column("closure").max()),
            "hours": float(self.designs.column("operating_hours")[0]),
            "view": texts.view(),
            "schemes": [self._scheme(name) for name in SCHEMES],
            "indicators": [{"key": name, "unit": UNITS[name]} for name in SHOWN],
            "items": items(ECONOMY),
            "prices": prices,
            "terms": {"rate": self.book.tree.interest_rate, "horizon": self.book.tree.horizon},
            "stages": list(STAGES),
            "limits": standards.stated(),
            "trains": [
                {"key": name, "stage": STAGE_OF[TRAINS[name][1][0]]}  # that of its first unit
                for name in cb.PLANT.process_trains
            ],
            "counted": list(counted()),
            "links": [list(link) for link in self.designs.links],
            "goals": [asdict(goal) for goal in goals(self.figures)],
            "first": asdict(first_task(self.figures)),
            "years": self.years.as_json(),
            "worse": texts.worse(),
            "colours": {medium: colour for medium, (_, colour) in MEDIA.items()},
            "magnified": {"benzene": MAGNIFIED},
            "rests": units,
            "parts": [],
            "parameters": parameters,
            "sources": sources_of([*parameters.values(), *prices.values(), *limits], sources),
            "names": texts.names(),
            "texts": texts.interface(),
            "columns": columns(
                np.stack([self.designs.column(name) for name in SHOWN], axis=1),
                self.net,
                self.designs.kept,
                self.designs.loads,
                self.designs.flows,
            ),
        }

    def _scheme(self, name: str) -> dict[str, Any]:
        scheme = cb.SCHEMES[name]
        chinese: Mapping[str, Any] = texts.schemes_zh()
        rows = cb.explain((name,), design=self.design).rows
        words = chinese["parameters"]
        own = chinese[name]
        return {
            "id": name,
            "class": scheme.cost_class,
            "evidence": basis_of(scheme.evidence),
            "title": {"en": scheme.title, "zh": scheme.title_zh},
            "lever": {"en": scheme.lever, "zh": own["lever"]},
            "reason": {"en": scheme.reason, "zh": own["reason"]},
            "investment": ECONOMY.investment((name,), self.investments),
            "investment_basis": SOURCE,
            "upkeep": ECONOMY.upkeep((name,), self.book.tree),
            "upkeep_price": ECONOMY.upkeeps.get(name),
            "changes": [
                changed_row(row, words[row.path.split(".", 1)[1]], own["notes"][row.path])
                for row in rows
            ],
        }


def items(economy: Economy) -> list[dict[str, Any]]:
    """Return what a plant earns and pays by which figure, for the page's sums."""
    return [
        {
            "key": name,
            "indicator": item.indicator,
            "less": item.less,
            "price": item.price,
            "sign": item.sign,
            "goods": item.goods,
            "perUnit": item.per_unit,
        }
        for name, item in economy.items.items()
    ]
