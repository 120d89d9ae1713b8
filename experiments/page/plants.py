"""What the page of a plant from a folder knows: every set of its schemes, in the folder's words."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.output.provenance import installed_version
from experiments.page import texts
from experiments.page.assemble import PLANT_SCRIPTS, page
from experiments.page.basis import SOURCE, changed_row, citation, stated_row
from experiments.page.data import items
from experiments.page.packing import columns
from experiments.page.years import Years
from experiments.runner.faults import at_work, run_of
from experiments.runner.loop import each
from plant_models.chlorobenzene.figures.sankey import MEDIA
from plant_models.folder.model import FolderPlant
from plant_models.folder.sheet import STORAGE, FlowSheet
from plant_models.methods.attribution import members
from plant_models.methods.flow_costing import SOLD
from plant_models.methods.standards import Figure
from plant_models.model import Variant
from sim.books.ledger import Entry
from sim.clock.watch import mean_outflows
from sim.model.explain import card, explain
from sim.model.facts import Design
from sim.model.schemes import compact
from sim.model.tree import design_hash
from sim.network.unit import UTILITIES

MOST_SCHEMES = 12
"""Schemes that a page has switches for: twice as many designs for each."""

MOST_STAGES = 10  # of a flow chart drawn unit by unit; a larger plant is drawn by processes
MOST_FLOWS = 5e5  # numbers that the flow charts of all designs may take, for the page to stay small
CHUNK = 64
FAINT = 1e-5  # of the largest throughput: flows below it are not drawn
NOTED = 1e-5  # of the largest net income of a set: a smaller change of an item is not drawn
TILES = 4  # main figures beside money
PRESETS = ("none", "all")
OF_THE_LINE = frozenset(
    {
        *("inferred", "kg/t", "liquor", "conversion", "well", "hot", "fog", "river"),
        *("sankey.recycle", "told.air.benzene_t", "told.wastewater.hydrogen_chloride_t"),
    }
)
"""Words and texts that only the line's page has."""

Array = NDArray[np.float64]
Link = tuple[str, str]


@dataclass(frozen=True)
class Sheet:
    """What the page needs of one design."""

    indicators: tuple[float, ...]
    loads: tuple[float, ...]
    kept: tuple[float, ...]
    flows: Mapping[Link, Array]  #: kg by component


@dataclass(frozen=True, eq=False)
class PlantContent:
    """What the page of a plant is made of."""

    base: Variant[Any]  #: The plant before any scheme
    book: Design[Any] | None  #: Prices and terms; none of a plant without them
    sheets: Sequence[Sheet]  #: Of every set of schemes, by its number
    investments: Mapping[str, float] = field(default_factory=dict)
    years: Years = field(default_factory=Years)

    @property
    def plant(self) -> FolderPlant:
        """Whose page it is."""
        assert isinstance(self.base.plant, FolderPlant)
        return self.base.plant

    @property
    def schemes(self) -> tuple[str, ...]:
        """Ids of the switches; scheme i is bit i of a design's number."""
        return tuple(self.base.known)

    @cached_property
    def indicators(self) -> Array:
        """Figures of every design, in the order of the plant's units."""
        return np.array([sheet.indicators for sheet in self.sheets])

    @property
    def investment(self) -> Array:
        """What every design costs once; not a number where nobody says."""
        economy, masks = self.plant.economy, range(len(self.sheets))
        amounts = [economy.investment(members(self.schemes, m), self.investments) for m in masks]
        return np.array([math.nan if amount is None else amount for amount in amounts])

    def html(self) -> str:
        """Return the page."""
        has = {"limits": compared(self.plant), "money": self.book is not None}
        return page(self.as_json(), PLANT_SCRIPTS, {part for part, there in has.items() if there})

    @property
    def told(self) -> tuple[str, ...]:
        """Figures that a year with breakdowns is told by: product, what is lost, what is used."""
        view = self._view()
        return tuple(dict.fromkeys((*view["output"], *view["less"])))

    def column(self, name: str) -> Array:
        """Return an indicator of every design."""
        column: Array = self.indicators[:, list(self.plant.units).index(name)]
        return column

    @cached_property
    def net(self) -> Array | None:
        """Net income of every design against none, a year, upkeep paid; None without prices."""
        if self.book is None:
            return None
        economy, prices = self.plant.economy, self.book.tree
        rows = [dict(zip(self.plant.units, row, strict=True)) for row in self.indicators.tolist()]
        sold = np.array([economy.margin(row, prices) for row in rows])
        paid = [
            economy.upkeep(members(self.schemes, mask), prices) for mask in range(len(self.sheets))
        ]
        net: Array = sold - sold[0] - np.array(paid)
        return net

    @cached_property
    def shown(self) -> tuple[str, ...]:
        """Indicators of the page: what is never there, or says nothing of a design, is left out."""
        apart = {"closure", "stock_change_t"}
        if self.plant.product != "product_t":
            apart.add("product_t")  # the same again
        return tuple(n for n in self.plant.units if n not in apart and self.column(n).any())

    # ---- the flow chart ------------------------------------------------------------------------

    @cached_property
    def chart(self) -> Chart:
        """Stages and flows of every design."""
        flows = [sheet.flows for sheet in self.sheets]
        links = tuple(
            link
            for link in dict.fromkeys(link for each_ in flows for link in each_)
            if any(each_[link].any() for each_ in flows if link in each_)
        )
        nothing = np.zeros(len(self.plant.sheet.substances.names))
        table = np.array([[each_.get(link, nothing) for link in links] for each_ in flows]) / 1e3
        return Chart(links, table, self.plant.sheet.substances.names)

    # ---- as the page reads it ------------------------------------------------------------------

    def as_json(self) -> dict[str, Any]:
        """Return the data of the page."""
        plant, chart = self.plant, self.chart
        parameters = self._parameters()
        prices = {} if self.book is None else _stated(self.book)
        limits = self._limits()
        words = self._words()
        sources = {**plant.sheet.sources}
        cited = {row["source"] for row in (*parameters.values(), *prices.values(), *limits)}
        return {
            "version": installed_version("cleanerline"),
            "design": design_hash(self.base.tree),
            "closure": float(self.column("closure").max()),
            "hours": float(self.base.tree.site.operating_hours),
            "view": self._view(),
            "schemes": [self._scheme(name) for name in self.schemes],
            "indicators": [{"key": name, "unit": plant.units[name]} for name in self.shown],
            "items": [] if self.book is None else items(self.plant.economy),
            "prices": prices,
            "terms": {} if self.book is None else {
                "rate": self.book.tree.interest_rate, "horizon": self.book.tree.horizon,
                "whole": plant.economy.unit == 1.0,
            },
            "stages": list(chart.stages),
            "layers": chart.layers,
            "limits": limits,
            "trains": [{"key": name} for name in loaded(self.base)],
            "counted": list(chart.counted),
            "links": [list(link) for link in chart.links],
            "goals": [],
            "years": self.years.as_json(),
            "worse": {},
            "colours": {medium: colour for medium, (_, colour) in MEDIA.items()},
            "magnified": {},
            "rests": {},
            "parts": list(dict.fromkeys(path.partition(".")[0] for path in parameters)),
            "parameters": parameters,
            "sources": {key: citation(key, sources.get(key, {})) for key in sorted(cited)},
            "names": self._names(),
            "texts": words,
            "columns": columns(
                np.stack([self.column(name) for name in self.shown], axis=1),
                self.net,
                np.array([sheet.kept for sheet in self.sheets]),
                np.array([sheet.loads for sheet in self.sheets]),
                chart.amounts,
            ),
        }  # fmt: skip

    def _view(self) -> dict[str, Any]:
        plant, shown_ = self.plant, set(self.shown)
        media, totals = {}, []
        for sink, medium in plant.sheet.sinks.items():
            if medium not in SOLD:
                keys = [f"{sink}_t", *(f"{sink}.{c}_t" for c in plant.sheet.substances.names)]
                media[sink] = [key for key in keys if key in shown_]
                totals.append(f"{sink}_t")
        goods = [f"{s}_t" for s, medium in plant.sheet.sinks.items() if medium in SOLD]
        told = [name for name in plant.headlines if name in shown_]
        main = list(dict.fromkeys((*told, plant.product)))[:TILES]
        lost = [key for keys in media.values() for key in keys]
        used = [f"{s}_t" for s in plant.sheet.supplies] + list(plant.utilities)
        output = [key for key in goods or [plant.product] if key in shown_]
        return {
            "figure": main[0],
            "product": plant.product,
            "apart": None,
            "tiles": [*main, *(() if self.book is None else ("net", "payback"))],
            "story": main[:2],
            "predicted": list(dict.fromkeys((*main, *lost)))[:8],
            "presets": list(PRESETS),
            "references": list(PRESETS),
            "output": output,
            "input": [key for key in used if key in shown_],
            "part": [],
            "less": [*lost, *(key for key in plant.utilities if key in shown_)],
            "more": output,
            "handout": list(dict.fromkeys((*main, *lost, *output)))[:10],
            "noted": 0.0 if self.net is None else NOTED * float(abs(self.net).max()),
            "media": {sink: keys for sink, keys in media.items() if keys},
            "drains": {"point": "", "water": "", "acid": ""},
            "faint": dict.fromkeys(self.chart.counted, FAINT),
        }

    def _scheme(self, name: str) -> dict[str, Any]:
        scheme, folder = self.base.known[name], self.plant
        rows = explain(self.base.base.tree, self.base.base.facts, (scheme,)).rows
        known = self.investments.get(name)
        prices = None if self.book is None else self.book.tree
        once = None if prices is None else folder.economy.investment((name,), self.investments)
        fact = None if self.book is None else self.book.facts.get(f"investments_{name}")
        return {
            "id": name,
            "class": scheme.cost_class,
            "evidence": _basis(scheme.evidence),
            "title": _own(scheme.title, scheme.title_zh),
            "lever": _own(scheme.lever),
            "reason": _own(scheme.reason),
            "investment": once,
            "investment_basis": _basis(fact.source) if fact and known is None else "assumed",
            "upkeep": 0.0 if prices is None else folder.economy.upkeep((name,), prices),
            "upkeep_price": None if prices is None else folder.economy.upkeeps.get(name),
            "changes": [
                changed_row(row, texts.meaning_zh(row.meaning) or row.meaning, row.note, _basis)
                for row in rows
            ],
        }

    def _parameters(self) -> dict[str, Any]:
        rows = (row for each_ in self.plant.cards(self.base.base) for row in each_.rows)
        return {row.path: stated_row(row, _basis) for row in rows if row.fact is not None}

    def _limits(self) -> list[dict[str, Any]]:
        rows = []
        applied_to = {} if self.plant.contents.limits is None else self.plant.limits().applied
        for figure, applied in applied_to.items():
            rows.append(
                {
                    "point": figure.point,
                    "component": figure.component,
                    "unit": figure.unit,
                    "low": None,
                    "high": applied.bounds[1],
                    "recalled": applied.recalled,
                    "source": applied.source,
                    "basis": _basis(applied.source),
                }
            )
        return rows

    def _money(self) -> dict[str, str]:
        """Return what tables count money in, by language."""
        if self.book is None:
            return _own("")
        currency = self.plant.economy.currency
        if self.plant.economy.unit == 1.0:
            return _own(currency)
        return {"en": f"thousand {currency}", "zh": f"万 {currency}"}

    def _words(self) -> dict[str, dict[str, str]]:
        plant = self.plant
        schemes = self.schemes
        said = {
            "plant": _own(plant.name),
            "about": _own(plant.sheet.title),
            "designs": _own(f"{len(self.sheets):,}"),
            "schemes": _own(compact(schemes, schemes)),
            "example": _own("+".join(schemes[:2])),
            "currency": _own(plant.economy.currency if self.book is not None else ""),
            "money": self._money(),
        }
        found = {**texts.interface(), **texts.plant()}
        found |= {f"medium.{sink}": _own(sink) for sink in plant.sheet.sinks}
        found |= {f"told.{key}": told for key, told in indicator_names(self.plant.sheet).items()}
        kept = {key: dict(told) for key, told in found.items() if not _of_the_line(key)}
        for told in kept.values():
            for language in texts.LANGUAGES:
                for word, own in said.items():
                    told[language] = told[language].replace(f"<{word}>", own[language])
        return kept

    def _names(self) -> dict[str, Any]:
        named = texts.names()
        kinds = ("money", "classes", "basis", "basis_about", "units", "values")
        found: dict[str, Any] = {
            kind: {k: told for k, told in named[kind].items() if k not in OF_THE_LINE}
            for kind in kinds
        }
        found["basis_about"]["calibrated"] = {
            "en": "moved within its range to meet what was measured",
            "zh": "在其范围内调整，以符合实测值",
        }
        own: tuple[str, ...] = ("items", "stages", "trains", "parts", "points", "pollutants")
        found |= {kind: {} for kind in own}
        sheet = self.plant.sheet
        if STORAGE in self.chart.stages and STORAGE not in (*sheet.units, *sheet.tanks):
            found["stages"][STORAGE] = {"en": STORAGE, "zh": "储罐"}  # named by us
        losses = {end: told for end, told in named["ends"].items() if end.startswith("loss:")}
        for medium, sinks in Counter(sheet.sinks.values()).items():
            told = losses.get(f"loss:{medium}")
            if told and sinks > 1 and told["en"] in sheet.sinks:  # or it would name one of them
                losses[f"loss:{medium}"] = {**told, "en": medium}
        ends = {
            end: _own(end.partition(":")[2])
            for link in self.chart.links
            for end in link
            if end.partition(":")[0] in ("in", "out")
        }
        money = self._money()
        yearly = {"en": f"{money['en']}/yr", "zh": f"{money['zh']}/年"}
        of_limits = {figure.unit: _own(figure.unit) for figure in compared(self.plant)}
        found["units"] = {**of_limits, **found["units"], "money": money, "money/yr": yearly}
        found["items"]["upkeep"] = {"en": "upkeep", "zh": "维护费"}
        found["ends"] = {**losses, **ends}
        found["indicators"] = figures = indicator_names(self.plant.sheet)
        used = (figures["steam_t"], figures["power_mwh"], figures["cooling_water_t"])
        found["trains"] = dict(zip(UTILITIES, used, strict=True))
        found["counted"] = {
            ALL: {"en": "everything", "zh": "全部物料"},
            **{c: _own(c) for c in self.plant.sheet.substances.names},
        }
        found["counted_about"] = {
            ALL: {"en": "All that flows, by its mass.", "zh": "全部物流，按质量计。"},
            **{c: {"en": f"Of all that flows, {c}.", "zh": f"物流中的 {c}。"}
               for c in self.plant.sheet.substances.names},
        }  # fmt: skip
        return found


def indicator_names(sheet: FlowSheet) -> dict[str, dict[str, str]]:
    """Return what the figures of a plant are called, by figure and language."""
    found = {
        "product_t": {"en": "product made", "zh": "产品产量"},
        "operating_hours": {"en": "hours in operation", "zh": "运行时间"},
        "availability": {"en": "availability", "zh": "可用率"},
        "steam_t": {"en": "steam", "zh": "蒸汽"},
        "power_mwh": {"en": "electric power", "zh": "用电量"},
        "cooling_water_t": {"en": "cooling water", "zh": "冷却水"},
        "steam_over_peak_t": {"en": "steam beyond the peak", "zh": "超出峰值的蒸汽"},
        "power_over_peak_mwh": {"en": "power beyond the peak", "zh": "超出峰值的用电量"},
        "cooling_water_over_peak_t": {
            "en": "cooling water beyond the peak",
            "zh": "超出峰值的冷却水",
        },
    }
    for sink, medium in sheet.sinks.items():
        what = {"en": "all", "zh": "全部物料"} if medium not in SOLD else _GOODS
        found[f"{sink}_t"] = _to(what, sink)
        for c in sheet.substances.names:
            found[f"{sink}.{c}_t"] = _to({"en": c, "zh": f" {c}"}, sink)
    for supply in sheet.supplies:
        found[f"{supply}_t"] = {"en": f"{supply} used", "zh": f"耗用 {supply}"}
    return found


ALL = "all"


@dataclass(frozen=True, eq=False)
class Chart:
    """Between which stages what flows, in every design."""

    links: tuple[Link, ...]
    flows: Array  #: t/yr by design, link and component
    components: tuple[str, ...]

    @cached_property
    def counted(self) -> tuple[str, ...]:
        """What a chart can count: all, then components, the largest as far as there is room."""
        designs, links, _ = self.flows.shape
        room = max(1, int(MOST_FLOWS // max(1, designs * links)))
        amounts = self.flows.max(axis=(0, 1))
        there = [c for c, most in zip(self.components, amounts, strict=True) if most > 0.0]
        largest = sorted(there, key=lambda c: -amounts[self.components.index(c)])[: room - 1]
        return (ALL, *(c for c in self.components if c in largest))

    @cached_property
    def amounts(self) -> Array:
        """Return t/yr by design, link and what is counted."""
        of = [self.flows.sum(axis=2)]
        of += [self.flows[:, :, self.components.index(c)] for c in self.counted[1:]]
        amounts: Array = np.stack(of, axis=2)
        return amounts

    @cached_property
    def stages(self) -> tuple[str, ...]:
        """What is drawn as a box, in the order of the first flow that names it."""
        return tuple(dict.fromkeys(end for link in self.links for end in link if ":" not in end))

    @cached_property
    def layers(self) -> dict[str, int]:
        """How far from the inputs every box, input and good stands; recycles are left out."""
        return layers(tuple(link for link in self.links if not link[1].startswith("loss:")))


def layers(links: Sequence[Link]) -> dict[str, int]:
    """Return the longest way to each end, but for links that lead back to where they came from.

    >>> layers((("in:a", "x"), ("x", "y"), ("y", "x"), ("y", "out:b")))
    {'in:a': 0, 'x': 1, 'y': 2, 'out:b': 3}
    """
    ends = dict.fromkeys(end for link in links for end in link)
    onward = {end: [to for source, to in links if source == end] for end in ends}
    inputs = [end for end in ends if end.startswith("in:")]
    back, done = set[Link](), set[str]()

    def follow(end: str, way: tuple[str, ...]) -> None:
        for to in onward[end]:
            if to in (*way, end):
                back.add((end, to))
            elif to not in done:
                follow(to, (*way, end))
        done.add(end)

    for end in (*inputs, *ends):
        if end not in done:
            follow(end, ())
    forward = [link for link in links if link not in back]
    place = dict.fromkeys(ends, 0)
    for _ in ends:
        for source, to in forward:
            place[to] = max(place[to], place[source] + 1)
    for end in inputs:  # beside what they feed, not at the far left
        place[end] = min(place[to] for to in onward[end]) - 1
    least = min(place.values(), default=0)
    return {end: at - least for end, at in place.items()}


def stages_of(plant: FolderPlant) -> dict[str, str]:
    """Return what every unit and tank is drawn as: a tank as the unit that alone draws from it."""
    network = plant.network(plant.baseline().tree)
    drawers: dict[str, set[str]] = {tank: set() for tank in network.tanks}
    for inlet, source in network.draws.items():
        if source in drawers:
            drawers[source].add(inlet.partition(".")[0])
    for train in network.trains:
        if train.feed in drawers:
            drawers[train.feed].add(train.members[0])
    found = {unit: unit for unit in network.units}
    for tank, who in drawers.items():
        found[tank] = next(iter(who)) if len(who) == 1 else tank
    if len(set(found.values())) <= MOST_STAGES:
        return found
    return {part: name for name, parts in plant.processes.items() for part in parts}


def links_of(
    flows: Mapping[Entry, Array], stages: Mapping[str, str], sinks: Mapping[str, str]
) -> dict[Link, Array]:
    """Return kg of every component between stages, from inputs and to goods and losses."""
    found: dict[Link, Array] = {}
    for entry, kg in flows.items():
        source = stages.get(entry.source) or f"in:{entry.source}"
        sink = stages.get(entry.sink)
        if sink is None:
            medium = sinks.get(entry.sink, entry.medium)
            sink = f"out:{entry.sink}" if medium in SOLD else f"loss:{medium}"
        if source != sink:
            found[source, sink] = found.get((source, sink), 0.0) + kg
    return found


def all_sheets(base: Variant[Any], *, workers: int | None = 1) -> list[Sheet]:
    """Return what the page needs of every set of schemes, by its number."""
    masks = range(1 << len(base.known))
    chunks = [masks[start : start + CHUNK] for start in range(0, len(masks), CHUNK)]
    found = each(_chunk, [(base, chunk) for chunk in chunks], workers, "designs")
    return [sheet for chunk in found for sheet in chunk]


def loaded(base: Variant[Any]) -> tuple[str, ...]:
    """Return whose loads the page shows: trains that can be the bottleneck, limited utilities."""
    return (*base.plant.process_trains, *base.network.utilities)


def sheet(mask: int, base: Variant[Any]) -> Sheet:
    """Return what the page needs of one design, from its steady state."""
    plant: FolderPlant = base.plant  # type: ignore[assignment]
    variant = base.having(members(tuple(base.known), mask))
    with at_work(run_of(variant)):
        result = plant.steady_state(variant)
        figures = plant.indicators(result)
    outflows = mean_outflows(result.ledger)
    limits = {} if plant.contents.limits is None else plant.limits().figures(outflows)
    return Sheet(
        tuple(figures[name] for name in plant.units),
        tuple(result.loads.get(name, 0.0) for name in loaded(base)),
        tuple(limits.get(figure, math.nan) for figure in compared(plant)),
        links_of(result.ledger.flows, stages_of(plant), plant.sheet.sinks),
    )


def compared(plant: FolderPlant) -> tuple[Figure, ...]:
    """Return the figures that have a limit."""
    return () if plant.contents.limits is None else tuple(plant.limits().applied)


def check_schemes(base: Variant[Any]) -> None:
    """Raise ValueError unless there are as many schemes as a page can switch, in any set."""
    plant, ids = base.plant, tuple(base.known)
    if not ids:
        raise ValueError(
            f"the {plant.name} has no schemes, so its page would have no switch: write a "
            "schemes.toml into its folder"
        )
    if len(ids) > MOST_SCHEMES:
        raise ValueError(
            f"the {plant.name} has {len(ids)} schemes; a page shows every set of them, of "
            f"{MOST_SCHEMES} at most: copy the folder and leave some out of its schemes.toml"
        )
    for mask in range(1 << len(ids)):
        some = members(ids, mask)
        try:
            base.having(some)
        except ValueError as fault:
            raise ValueError(
                f"a page shows every set of schemes, and {', '.join(some)} do not go together: "
                f"{fault} in the schemes.toml of a copy of the folder"
            ) from None


def _chunk(base: Variant[Any], masks: Sequence[int]) -> list[Sheet]:
    return [sheet(mask, base) for mask in masks]


def _stated(book: Design[Any]) -> dict[str, Any]:
    return {row.path: stated_row(row, _basis) for row in card(book.tree, book.facts).rows}


_GOODS = {"en": "product", "zh": "产品"}


def _to(what: Mapping[str, str], sink: str) -> dict[str, str]:
    """Return what goes to a sink, in words: salt to sewer."""
    return {"en": f"{what['en']} to {sink}", "zh": f"去往 {sink} 的{what['zh']}"}


def _own(text: str, zh: str = "") -> dict[str, str]:
    """Return a folder's own words, which stay as they are in every language."""
    return {"en": text, "zh": zh or text}


def _basis(source: str) -> str:
    if source.startswith("changed from"):
        return "assumed"
    return source if source in texts.names()["basis"] else SOURCE


def _of_the_line(key: str) -> bool:
    """Return whether a text belongs to what only the line's page has."""
    return key.startswith(("tour.", "goal.", "tasks.", "first")) or key in OF_THE_LINE
