"""Figures of the model that pages tell are those of the line as it is, to the last digit told.

A sentence or a row of a table stands here with ``{}`` for every figure of the model in it, and
beside it what the model says. Constant conditions are asked here and now; what takes years of
events is kept in ``docs/told/`` by ``python -m tools.told``, with the designs that it is of.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from experiments.lessons.audit_a_folder import FENCE, LEAK, LEAKS, SALT
from experiments.lessons.audit_a_folder import PLANT as BRINE
from experiments.lessons.audit_a_folder import Truth as Works
from experiments.lessons.per_tonne_and_in_total import state_in
from experiments.studies import Worth
from experiments.studies.cube.cube import Cube, Job, compute, difference
from experiments.studies.cube.figures import money_figures
from experiments.studies.cube.study import load
from experiments.studies.fitness import fitness
from experiments.studies.heat import line_terms, unit_table
from experiments.studies.money import money
from experiments.studies.readings import readings
from plant_models import chlorobenzene as cb
from plant_models.chlorobenzene.line.design import prior, prior_catalogue
from plant_models.chlorobenzene.model import PLANT
from plant_models.chlorobenzene.money.economy import ECONOMY
from plant_models.chlorobenzene.money.prices import prices
from plant_models.chlorobenzene.paper.printed import PROGRAMME, table_1_2
from plant_models.chlorobenzene.ranges.calibrated import posteriors
from plant_models.chlorobenzene.ranges.literature import second_plant
from plant_models.chlorobenzene.substances.properties import MOLAR_MASS
from plant_models.folder.readings import TOTAL
from plant_models.methods.attribution import Game, shapley
from plant_models.methods.attribution import alone as alone_of
from plant_models.methods.economics import reached
from plant_models.methods.factorial import effects, spread_by_order
from sim.model.tree import design_hash
from sim.network.unit import Conditions
from sim.statistics.intervals import share_interval
from tools.told import COMMANDS, TOLD

ROOT = Path(__file__).resolve().parents[1]
NUMBER = r"([-+]?\d[\d,]*(?:\.\d+)?(?:e[-+]\d+)?)"
ROUNDING = 0.501  # of the last digit told
POINTS = 200  # of the hypercube of `uncertainty`

ELEVEN = tuple(f"F{i}" for i in range(1, 12))
Said = tuple[str, str, tuple[float, ...]]
"""A page, what it says, and what the model does."""


@cache
def text(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def figures(page: str, words: str) -> tuple[str, ...]:
    """Return what stands in the place of each ``{}``; line breaks of the page do not count."""
    pattern = r"\s+".join(re.escape(word).replace(r"\{\}", NUMBER) for word in words.split())
    found = re.findall(pattern, text(page))
    assert len(found) == 1, f"{page}: expected once {words!r}, came {len(found)} times"
    return (found[0],) if isinstance(found[0], str) else found[0]


def agrees(told: str, value: float) -> bool:
    """Return whether a figure is the value, rounded to the digits that are told."""
    figure = Decimal(told.replace(",", ""))
    exponent = figure.as_tuple().exponent
    assert isinstance(exponent, int)
    return abs(float(figure) - value) <= ROUNDING * 10.0**exponent


def faults(said: Iterator[Said]) -> list[str]:
    """Return what pages tell otherwise than the model."""
    return [
        f"{page}: {words}: told {told}, found {value:.6g}"
        for page, words, values in said
        for told, value in zip(figures(page, words), values, strict=True)
        if not agrees(told, value)
    ]


def test_a_figure_agrees_to_the_digits_that_are_told():
    assert agrees("1,394", 1394.4)
    assert not agrees("1,394", 1394.6)
    assert agrees("-0.18", -0.1849)
    assert agrees("1.6272e+06", 1_627_240.0)
    assert not agrees("1.6272e+06", 1_627_300.0)


# --- at constant conditions ------------------------------------------------------------------


@cache
def rest(schemes: str = "none") -> Mapping[str, float]:
    return cb.steady_state(schemes).indicators


def saved(schemes: str, figure: str, before: str = "none") -> float:
    return rest(before)[figure] - rest(schemes)[figure]


def alone(figure: str) -> float:
    """Return what the eleven schemes save one by one, added up."""
    return sum(saved(name, figure) for name in ELEVEN)


def worth(schemes: str) -> float:
    """Return what a year is worth with its upkeep paid, 10^4 RMB."""
    book = prices().tree
    ids = tuple(cb.steady_state(schemes).schemes)
    value = sum(ECONOMY.annual_value(rest(schemes), book).values())
    return (value - ECONOMY.upkeep(ids, book)) / 1e4


def acid(schemes: str, component: str) -> float:
    """Return what the acid sold holds, mg/kg."""
    flows = cb.steady_state(schemes).flows
    kg = flows[(flows.source == "acid_loading") & (flows.sink == "customers")]
    return 1e6 * float(kg[kg.component == component].kg.sum() / kg.kg.sum())


def steps() -> Mapping[str, Any]:
    sets = reached(ECONOMY.steps(PROGRAMME).values())
    states = [cb.steady_state(ids).indicators for ids in sets]
    book = prices().tree
    return {
        step.name: (step.income, step.net - ECONOMY.upkeep((step.name,), book), state)
        for step, state in zip(
            ECONOMY.step_values(states, book, ECONOMY.steps(PROGRAMME)), states[1:], strict=True
        )
    }


def interactions() -> Iterator[Said]:
    page, hcl, benzene = "docs/findings.md", "wastewater.hydrogen_chloride_t", "air.benzene_t"
    yield page, "they keep {} and {} t/yr of hydrogen chloride from the sewer; together {}.", (
        saved("F2", hcl), saved("F10", hcl), saved("F2,F10", hcl),
    )  # fmt: skip
    both = saved("F6", benzene) + saved("F7", benzene) - saved("F6,F7", benzene)
    yield page, "{} t/yr of caustic before, {} with F7; {} t/yr of benzene to air.", (
        rest()["caustic_t"], rest("F7")["caustic_t"], both,
    )  # fmt: skip
    yield page, "F4 alone *adds* {} t/yr of benzene to air", (-saved("F4", benzene),)
    yield page, "claims {} t/yr of acid kept from the sewer where {} can be (additivity gap {})", (
        alone(hcl), saved("F1-F11", hcl), alone(hcl) - saved("F1-F11", hcl),
    )  # fmt: skip
    yield page, "and {} x 10^4 RMB/yr where {} are earned", (
        sum(worth(name) - worth("none") for name in ELEVEN), worth("F1-F11") - worth("none"),
    )  # fmt: skip


def the_acid() -> Iterator[Said]:
    page = "docs/findings.md"
    yield page, "`acid_iron_ppm` of {} as Fe (none before; {} under F1 to F11)", (
        rest("F7")["acid_iron_ppm"], rest("F1-F11")["acid_iron_ppm"],
    )  # fmt: skip
    yield page, "`acid_chlorine_ppm` is {} before and {} after; of benzene there are {} and {}", (
        rest()["acid_chlorine_ppm"], rest("F1-F11")["acid_chlorine_ppm"],
        acid("none", "benzene"), acid("F1-F11", "benzene"),
    )  # fmt: skip
    _, net, after = steps()["F7"]
    yield (
        page,
        "from some {} RMB a tonne on it would eat all that F7 nets",
        (net / after["hydrochloric_acid_t"],),
    )
    yield (
        page,
        "with the oil it would return to the chlorinator, {} t/yr of {}.",
        (
            1e-6 * rest()["acid_chlorine_ppm"] * rest()["hydrochloric_acid_t"],
            rest()["chlorine_used_t"],
        ),
    )


def the_larger_chlorinator() -> Iterator[Said]:
    page, made, benzene, water = (
        "docs/findings.md",
        "chlorobenzene_t",
        "air.benzene_t",
        "wastewater_t",
    )

    def per_tonne(schemes: str, figure: str) -> float:
        return rest(schemes)[figure] / rest(schemes)[made]

    yield page, "Alone it adds {} t/yr of chlorobenzene;", (-saved("F12", made),)
    yield page, "by themselves add nothing to output, {} (`", (-saved("F9,F12", made),)
    yield page, "goes from {} to {} t/yr, and from {} to {} kg per tonne of product", (
        rest("F1-F11")[benzene], rest("F1-F12")[benzene],
        1000 * per_tonne("F1-F11", benzene), 1000 * per_tonne("F1-F12", benzene),
    )  # fmt: skip
    yield page, "F12 alone adds {} t/yr, to {} in all, and takes it from {} to {} t per tonne", (
        -saved("F12", water), rest("F12")[water],
        per_tonne("none", water), per_tonne("F12", water),
    )  # fmt: skip


def wastewater() -> Iterator[Said]:
    yield "docs/findings.md", "take the benzene in wastewater from {} to {} t/yr", (
        rest()["wastewater.benzene_t"], rest("F1-F11")["wastewater.benzene_t"],
    )  # fmt: skip
    more = 100 * (rest("F1-F4")["air.benzene_t"] / rest()["air.benzene_t"] - 1)
    yield "docs/tutorial.md", "Benzene to air *rises* a little, by some {} %.", (more,)
    yield "docs/tutorial.md", "free schemes save {} t of wastewater and {} t of hydrogen", (
        saved("F1-F4", "wastewater_t"), saved("F1-F4", "wastewater.hydrogen_chloride_t"),
    )  # fmt: skip


def single_schemes() -> Iterator[Said]:
    more = [-saved(name, "air.benzene_t") for name in ("F1", "F2", "F4", "F5")]
    yield "docs/plant.md", "more* benzene to the air ({} to {} t/yr of {}): what", (
        min(more), max(more), rest()["air.benzene_t"],
    )  # fmt: skip
    yield (
        "docs/findings.md",
        "F5 returns with more chlorine, {} t/yr more product",
        (-saved("F5", "chlorobenzene_t"),),
    )
    yield "docs/calibration.md", "with more chlorine: {} t/yr more chlorobenzene, and {} of", (
        -saved("F5", "chlorobenzene_t"), steps()["F5"][1] / 1e4,
    )  # fmt: skip


def tail_end() -> Iterator[Said]:
    """The catcher's water, what it does, and the fog of the other structure."""
    names = cb.COMPONENTS.names

    def leaves(of: cb.Result) -> float:
        """Return the temperature of the catcher, degC."""
        hours, to = of.tree.site.operating_hours, {"sink": "gas_catcher"}
        whole = [of.ledger.total(name, **to) / hours for name in names]
        gas = [of.ledger.total(name, source="absorber", **to) / hours for name in names]
        water = tuple(a - b for a, b in zip(whole, gas, strict=True))
        at = Conditions(0.0, of.surroundings or {})
        return of.tree.gas_catcher.temperature(tuple(gas), water, at) - 273.15

    before, after = cb.steady_state("none"), cb.steady_state("F1-F11")
    catcher = before.tree.gas_catcher
    yield "docs/plant.md", "the base: {} kg/h of water run", (catcher.water,)
    yield "docs/plant.md", "warms it to {} degC before the schemes and {} under F1 to F11", (
        leaves(before), leaves(after),
    )  # fmt: skip
    wetter = cb.own_design(settings={"gas_catcher.water": 3.0 * catcher.water})
    much = [cb.steady_state(ids, design=wetter).indicators for ids in ("none", "F1-F11")]
    yield "docs/plant.md", "keep {} t/yr of benzene from the air for {}, and {} from the sewer " \
        "for {}.", (
            much[0]["air.benzene_t"] - much[1]["air.benzene_t"], saved("F1-F11", "air.benzene_t"),
            much[0]["wastewater.benzene_t"] - much[1]["wastewater.benzene_t"],
            saved("F1-F11", "wastewater.benzene_t"),
        )  # fmt: skip
    fog = cb.steady_state(design=PLANT.grounded(cb.own_design(), "fog"))
    kg = fog.ledger.by_component(stream="gas_catcher.gas")
    hours = fog.tree.site.operating_hours
    dry = tuple(0.0 if name == "water" else a / hours for name, a in zip(names, kg, strict=True))
    drops = fog.tree.gas_catcher.fog_in(dry, Conditions(0.0, fog.surroundings or {}))
    mist = sum(kmol * MOLAR_MASS[i] for i, kmol in zip(cb.ORGANICS, drops, strict=True))
    yield "docs/plant.md", "`fog`: {} t/h of cold water", (
        fog.tree.gas_catcher.fog.circulation / 1000.0,
    )  # fmt: skip
    yield "docs/plant.md", "what leaves them, {} %, is a fog", (100.0 * mist / (sum(kg) / hours),)


def heat() -> Iterator[Said]:
    """The line before calibration, and after it."""

    def own(schemes: str) -> cb.Result:
        return cb.steady_state(schemes, design=prior(), known=prior_catalogue())

    page, before, after = "docs/energy.md", own("none"), cb.steady_state("none")
    line, units = line_terms(before.heat()), unit_table(before.heat()).records
    at = {row["unit"]: row for row in units}
    calibrated = line_terms(after.heat())
    yield page, "cooling water {} and steam {}, of which reboilers and traps lose {}.", (
        calibrated["cooling"], calibrated["steam"], calibrated["lost"],
    )  # fmt: skip
    for name, words in (("chlorinator's condenser", "chlorinator"), ("off-gas cooler",) * 2):
        yield page, f"| {name} | {{}}", (at[words.replace("-", "_").replace(" ", "_")]["cooling"],)
    for name in ("crude", "rectification", "polychloride"):
        unit = at[f"{name}_column"]
        middle = {"crude": " (1.2-1.45)", "rectification": " (0.6)"}.get(name, "")
        yield page, f"| {name} column | {{}}{middle} | {{}} |", (unit["cooling"], unit["steam"])
    yield page, "| liquor cooler before the wash | {} |", (at["water_wash"]["cooling"],)
    yield page, "| absorber | {} (0.6) |", (at["absorber"]["cooling"],)
    yield page, "| dryer | | {} |", (at["dryer"]["steam"],)
    turned = line["reaction"] + line["steam"] + line["power"]
    yield page, "Pipes and tanks lose {} %: hot bottoms", (100 * line["pipes"] / turned,)
    yield page, "motors, pipes and vessels, {} %;", (100 * line["power"] / turned,)
    yield page, "of {} heat of reaction", (line["reaction"],)
    made = before.indicators
    yield page, "| **line** | **{}** (3.5-4.5) | **{}** = {} t (1.6-2.2 t) | losses of reboilers " \
        "and traps {} |", (
            line["cooling"], line["steam"], made["steam_t"] / made["chlorobenzene_t"], line["lost"]
        )  # fmt: skip

    def per_tonne(made: Mapping[str, float]) -> float:
        return made["steam_t"] / made["chlorobenzene_t"]

    yield page, "save {} t of steam per t; on the calibrated line, which loses more, {}.", (
        per_tonne(made) - per_tonne(own("F9").indicators),
        per_tonne(rest()) - per_tonne(rest("F9")),
    )  # fmt: skip


def residuals() -> Iterator[Said]:
    """Both structures, target by target, and the bracket of both controls."""
    page, found = "docs/calibration.md", fitness()
    for each in found.targets:
        (hot, fog), (by_hot, by_fog) = each.values, each.off
        unit = 1e4 if each.target.name.startswith(("income", "net")) else 1.0
        yield page, f"| {each.target.name} | {{}} | {{}} | {{}} % | {{}} | {{}} % |", (
            each.target.value / unit, hot / unit, 100 * by_hot, fog / unit, 100 * by_fog,
        )  # fmt: skip
    (free,) = (step for step in found.steps if step.step == "F1-F4")
    ends = [
        end([net / 1e4 for name, net in free.nets.items() if name.startswith(structure)])
        for structure in found.structures
        for end in (min, max)
    ]
    yield page, "F2 to F4 alone: 84.9, for {} to {} in `hot` and {} to {} in `fog`.", tuple(ends)


def bracket_of_f5() -> Iterator[Said]:
    """What better cooling earns by what the operator holds, and from which factor on it is enough.

    The net income rises with the factor, so that the first of these that suffices is told.
    """
    page, printed = "docs/calibration.md", table_1_2()["F5"].net
    (step,) = (step for step in fitness().steps if step.step == "F5")
    upper = max(net for name, net in step.nets.items() if name.startswith("hot"))
    yield page, "The printed 26.6 are {} % above the upper end", (100 * (printed / upper - 1),)
    catalogue = PLANT.variant().known

    def earned(factor: float) -> float:
        (patch,) = catalogue["F5"].patches
        other = replace(catalogue["F5"], patches=(replace(patch, value=factor),))
        rows = money(known={**catalogue, "F5": other}).rows
        return next(row.net for row in rows if row.name == "F5")

    enough = next(x for x in (1.15, 1.16, 1.17, 1.18) if earned(x) > printed)
    yield page, "inside it from a factor of {} on", (enough,)


def parameters_and_targets() -> Iterator[Said]:
    page, known, targets = "docs/calibration.md", posteriors(), len(fitness().targets)
    kinds = [sum(name.startswith(kind) for name in known) for kind in ("facts", "patches", "price")]
    yield page, "**Free parameters** of `hot`: {} of the numbers marked `fit = true` in " \
        "`data/baseline.toml` ({}), in the patches of `data/schemes.toml` ({}) and in " \
        "`data/prices.toml` ({}).", (len(known), *kinds)  # fmt: skip
    yield page, "**Targets**, {}, each with a tolerance", (targets,)
    yield page, "Of {} parameters of `hot` the data tell something (0.1 or more) about {}:", (
        len(known), sum(each.identified >= 0.1 for each in known.values()),
    )  # fmt: skip
    yield page, "for {} parameters meet {} targets", (len(known), targets)


def posterior() -> Iterator[Said]:
    """What the data identify, parameter by parameter."""
    page, known = "docs/calibration.md", posteriors()
    rows = text(page).partition("| parameter | prior |")[2].partition("\n\n")[0].splitlines()[2:]
    assert len(rows) == 25
    for row in rows:
        name, *_ = (cell.strip() for cell in row.strip("|").split("|"))
        plain = name.removesuffix(" (prior from the tables)")
        kind = "prices" if plain.startswith("price of ") else "patches" if " " in plain else "facts"
        at = known[f"{kind} {plain.removeprefix('price of ')}"]
        yield page, f"| {name} | {{}} | {{}} | {{}} | {{}} |", (
            at.prior, at.value, at.moved, at.identified,
        )  # fmt: skip


def what_is_left() -> Iterator[Said]:
    """The programme's money beside what the source prints."""
    page = "docs/findings.md"
    rows = {row.name: row for row in money().rows}
    total, printed = rows["Total"].net / 1e4, table_1_2()["Total"].net / 1e4
    yield page, "programme nets {} x 10^4 RMB a year, {} % of what is printed", (
        total, 100 * total / printed,
    )  # fmt: skip
    yield page, "leaves out, {} of it: cooling water of F10's third stage ({}), and", (
        printed - total, rows["F10"].operating_cost / 1e4,
    )  # fmt: skip
    returned = [rows[step].changes[name] for step in ("F1-F4", "F5", "F6")
                for name in ("steam", "cooling water")]  # fmt: skip
    yield page, "organics that F1 to F6 send back through the columns ({}).", (
        -sum(change for change in returned if change < 0.0) / 1e4,
    )  # fmt: skip
    value, back = rows["F8"].present_value, rows["paid schemes"].payback
    assert value is not None
    assert back is not None
    yield page, "F8 does not pay (present value {} x 10^4", (value / 1e4,)
    yield page, "The seven paid schemes alone pay back in {} year", (back,)


def doubts() -> Iterator[Said]:
    """What an engineer would doubt, the second plant, and the other structure's mist."""
    page, line, found = "docs/calibration.md", cb.steady_state().tree, fitness()
    here = {y.name: y.value for y in second_plant(cb.steady_state())}
    there = {y.name: y.value for y in found.second}
    gauges = {(structure, y.name): y.value for structure, y in found.yardsticks}
    wash, drain = "water wash, effluent", "alkali wash, drain"
    yield page, "| water of the hot catcher | {} kg/h, {} L per m3 of gas |", (
        line.gas_catcher.water, gauges["hot", "water per gas"],
    )  # fmt: skip
    for name, words, known in (
        (drain, "drain of the alkali wash, t per t chlorobenzene", "430 and 590"),
        (wash, "effluent of the water wash, t per t", "190 and 35"),
    ):
        organics = [1e6 * here[f"{name}: {c}"] for c in ("benzene", "chlorobenzene")]
        yield page, f"| {words} | {{}} |", (here[name],)
        words = "benzene and chlorobenzene in it, mg/kg"
        yield page, f"| {words} | {{}} and {{}} | {known}", tuple(organics)
    yield page, "| caustic, kg per t | {} |", (
        1000 * rest()["caustic_t"] / rest()["chlorobenzene_t"],
    )  # fmt: skip
    yield page, "| heat lost by the crude column, of heat used | {}, and {} of the steam", (
        line.crude_column.heat_loss, line.crude_column.blow_through,
    )  # fmt: skip
    flows = cb.steady_state().flows
    vent = flows[(flows.source == "rectification_column") & (flows.medium == "emission gas")]
    lost = vent[vent.component == "chlorobenzene"].kg.sum()
    yield page, "| vent of the rectification column | {} kg chlorobenzene per t |", (
        lost / rest()["chlorobenzene_t"],
    )  # fmt: skip
    yield page, "drains are not: {} t of alkali drain per t for 0.035, benzene in the wash water " \
        "at {} mg/L for 190, in the drain at {} for 430", (
            there[drain], 1e6 * there[f"{wash}: benzene"], 1e6 * there[f"{drain}: benzene"],
        )  # fmt: skip
    yield page, "of `fog` has {} times the units for the gas film as for the liquid film, where " \
        "0.2 to 5 are usual (recalled), {} L/m3 and a mist of {} g/m3", (
            gauges["fog", "gas film over liquid film, transfer units"],
            gauges["fog", "water per gas"], gauges["fog", "mist in the gas that leaves"],
        )  # fmt: skip


def the_fog_held() -> Iterator[Said]:
    def change(held: float) -> float:
        fog = {"gas_catcher.structure": "fog", "gas_catcher.fog.fog_capture": held}
        before, after = (
            cb.steady_state(ids, design=cb.own_design(settings=fog)).indicators["air.benzene_t"]
            for ids in ("none", "F1-F11")
        )
        return before - after

    yield "docs/findings.md", "line would send {} t/yr less of benzene to the air over the " \
        "programme instead of {} less; were it caught as scrubbers do, {}.", (
            change(0.5), change(0.0), change(0.77),
        )  # fmt: skip


FEEDS = (4500, 6000, 7500)
"""Benzene to the chlorinators, kg/h: the same equipment fed less, as it is, and more."""


@cache
def read_at(feed: int) -> Mapping[str, tuple[float, ...]]:
    """Return what is under each of the four readings at a feed, money in 10^4 RMB/yr."""
    found = readings("F1-F11", design=cb.own_design(settings={"chlorinator.capacity": feed}))
    return {
        of.name: tuple(value / (1e4 if of.kind == "net income" else 1.0) for value in of.values)
        for of in found.findings
        if of.kind != "conclusion"
    }


def fed_less_or_more() -> Iterator[Said]:
    """Ends of the four readings at each feed, the lower first; of F9 as it is they are alike."""
    page, alone = "docs/findings.md", "{} alone, air.benzene_t"

    def ends(feed: int, *names: str) -> tuple[float, float]:
        every = [value for name in names for value in read_at(feed)[name]]
        return min(every), max(every)

    two = "{} to {} | {} to {} | {} to {}"
    for row, name in (
        (f"F2 alone raises it | {two} | in these; no,", alone.format("F2")),
        (f"F5 alone raises it | {two} | no, by what the operator holds:", alone.format("F5")),
        (f"net income of F5 | {two} | no, by what the operator holds |", "net income of F5"),
        (f"net income of the programme | {two} | no, with", "net income of the programme"),
    ):
        yield page, f"| {row}", tuple(end for feed in FEEDS for end in ends(feed, name))
    less, base, more = (ends(feed, "net income of F9") for feed in FEEDS)
    yield page, "| net income of F9 | {} to {} | {} | {} to {} |", (*less, base[0], *more)
    less, base, more = (ends(feed, alone.format("F1"), alone.format("F4")) for feed in FEEDS)
    yield page, f"| F1 and F4 alone raise it | {two} | no", (*less, *base, more[1], more[0])


def lessons() -> Iterator[Said]:
    def taken_back(month: int) -> float:
        none, eleven, twelve = (
            state_in(ids, month).indicators["air.benzene_t"] for ids in ("none", "F1-F11", "F1-F12")
        )
        return 100 * (twelve - eleven) / (none - eleven)

    answers = "notebooks/instructor"
    yield f"{answers}/09_is_it_noise.md", "F8 adds {} t/yr to {};", (
        -saved("F8", "chlorobenzene_t"), rest()["chlorobenzene_t"],
    )  # fmt: skip
    yield (
        f"{answers}/08_per_tonne_and_in_total.md",
        "In January F12 takes back {} % of what the programme cut, in July {} %,",
        (taken_back(1), taken_back(7)),
    )


def leaks_of_brine() -> Iterator[Said]:
    """What a student's works can lose, and how well its meters know it."""
    works, page = Works.of(BRINE), "notebooks/instructor/13_audit_a_folder"
    errors = [r.error for r in works.readings if r.name in FENCE and r.component == TOTAL]
    gap = math.hypot(*errors)
    known = {place: works.error_of(LEAK, place) for place in LEAKS}
    better = [gap / error for error in known.values()]
    salt = works.plant.contents.network.components.index[SALT]
    lost = [works.leaking(place, error)[1] for place, error in known.items()]
    shares = [100.0 * kg[salt] / kg.sum() for kg in lost]
    said = (gap, min(better), max(better))
    yield f"{page}.md", "has a standard error of {} kg/h; all meters together know the leak {} " \
        "to {} times better.", said  # fmt: skip
    yield f"{page}.md", "{} to {} % of it are; the rest is water.", (min(shares), max(shares))
    yield f"{page}_zh.md", "标准误差是{}千克/时；全部仪表合在一起，对泄漏知道得准{}到{}倍。", said
    yield f"{page}_zh.md", "盐占{}%到{}%；其余是水。", (min(shares), max(shares))


REST = (
    interactions, the_acid, the_larger_chlorinator, wastewater, single_schemes, tail_end, heat,
    residuals, bracket_of_f5, parameters_and_targets, posterior, what_is_left, doubts,
    the_fog_held, fed_less_or_more, lessons, leaks_of_brine,
)  # fmt: skip


@pytest.mark.parametrize("said", REST, ids=lambda said: said.__name__)
def test_pages_tell_what_the_line_does_at_constant_conditions(said):
    assert faults(said()) == []


# --- years of events, kept -------------------------------------------------------------------


@cache
def kept(name: str) -> Any:
    return json.loads((TOLD / f"{name}.json").read_text(encoding="utf-8"))


def of_mean(interval: Mapping[str, float]) -> tuple[float, float]:
    """Return mean and half width."""
    return interval["mean"], 0.5 * (interval["high"] - interval["low"])


def devices() -> Iterator[Said]:
    page, run = "docs/rollout-and-uncertainty.md", kept("end-of-pipe")
    ways = ("none", "source", "devices")
    hours = run["devices_down_hours"]
    for sink, name, unit in (
        ("air", "bed", "carbon_bed"),
        ("sewer", "stripper", "effluent_stripper"),
    ):
        to = run["organics"][sink]
        (none, _), *others = (of_mean(to["events"][way]) for way in ways)
        words = "air" if sink == "air" else "the sewer"
        yield page, f"| organics to {words}, steady state | t/yr | {{}} | {{}} | {{}} | " \
            "| with events | t/yr | {} | {} +- {} | {} +- {} |", (
                *(to["calm"][way] for way in ways), none, *others[0], *others[1]
            )  # fmt: skip
        yield page, f"| let by while the {name} is down, {{}} h/yr | t/yr | | | {{}} +- {{}} |", (
            hours[unit], *of_mean(to["devices_let_by_while_down"]),
        )  # fmt: skip
    most = [run["organics"][sink]["highest_kg_h"][way] for way in ways for sink in ("air", "sewer")]
    yield page, "| highest to air, to the sewer | kg/h | {}, {} | {}, {} | {}, {} |", tuple(most)
    for words, figure in (("hydrogen chloride to the sewer", "wastewater.hydrogen_chloride_t"),
                          ("benzene used", "benzene_used_t"), ("steam", "steam_t")):  # fmt: skip
        year = tuple(run["events"][way][figure]["mean"] for way in ways)
        yield page, f"| {words} | t/yr | {{}} | {{}} | {{}} |", year
    yield page, "| cost a year, capital and upkeep included | 10^4 RMB | | {} (earned) | {} |", (
        run["bills"]["source"]["total"] / 1e4, run["bills"]["devices"]["total"] / 1e4,
    )  # fmt: skip
    yield page, "warm, and {} % of the hours emit more than one and a half times", (
        100 * run["organics"]["air"]["share_of_hours_beyond"]["source"],
    )  # fmt: skip
    margin, lost = of_mean(run["bills"]["source"]["margin_lost"])
    upkeep = run["bills"]["source"]["upkeep"]
    yield "docs/findings.md", "it nets {} +- {} (95 %, four years of different draws: {} earned " \
        "less {} of upkeep)", (
            (-margin - upkeep) / 1e4, lost / 1e4, -margin / 1e4, upkeep / 1e4
        )  # fmt: skip


def reviewed() -> Iterator[Said]:
    page, run = "docs/rollout-and-uncertainty.md", kept("review")["figures"]
    for words, figure in (
        ("caustic", "caustic_t"), ("slop oil", "slop_oil_t"), ("benzene to air", "air.benzene_t"),
        ("benzene to the sewer", "wastewater.benzene_t"),
        ("hours of operation", "operating_hours"),
    ):  # fmt: skip
        of, unit = run[figure], "h/yr" if figure == "operating_hours" else "t/yr"
        yield page, f"| {words} | {unit} | {{}} | {{}} +- {{}} | {{}} +- {{}} |", (
            of["gains"]["no review"]["mean"], *of_mean(of["gains"]["reviewed"]),
            *of_mean(of["review_adds"]),
        )  # fmt: skip


def drawn() -> Iterator[Said]:
    page, run = "docs/rollout-and-uncertainty.md", kept("uncertainty")
    yield page, "The first command draws {} inputs", (len(run["sampled"]),)
    chances, holds = run["probability_of_positive_present_value"], run["conclusions"]
    for name, step in run["steps"].items():
        chance = chances[name]
        printed = f"{table_1_2()[name].net / 1e4:.4g}"
        yield page, f"| {name} | {{}} | {{}} | {{}} | {{}} | {{}} % | {{}} to {{}} |", (
            float(printed), *(net / 1e4 for net in step["net"]),
            100 * chance, *(100 * end for end in share_interval(chance, POINTS)),
        )  # fmt: skip
    back, half, whole = (
        100 * holds[name]
        for name in (
            "it pays back within a year",
            "half of the printed net income survives",
            "all of the printed net income survives",
        )
    )
    falls, halves = "benzene to air falls", "benzene to air falls by half"
    water = "wastewater falls by half"
    by = {of.partition("=")[2]: told for of, told in run["conclusions_by_structure"].items()}
    yield page, "Nearly always, in {} and {} % of the points, it pays back", (back, half)
    yield page, "printed income is there ({} %), whether benzene to air falls at all ({} %: {} % " \
        "of the points with a hot catcher, {} % with fog; {} % where the water before the tower " \
        "is a well's, {} % where it is a river's) or by half ({} %)", (
            whole, 100 * holds[falls],
            *(100 * by[way][falls] for way in ("hot", "fog", "well", "river")), 100 * holds[halves],
        )  # fmt: skip
    yield page, "wastewater halves ({} % with a hot catcher, {} % with fog)", (
        100 * by["hot"][water], 100 * by["fog"][water],
    )  # fmt: skip
    page = "docs/findings.md"
    yield page, "benzene to air falls in {} % of those of `hot` and in {} % of those of `fog`, " \
        "where mist may be held; by half in {} and {} %. Wastewater falls by half in {} and " \
        "{} %.", (
            *(100 * by[way][name] for name in (falls, halves, water) for way in ("hot", "fog")),
        )  # fmt: skip
    yield (
        page,
        "money in all of them, pays back within a year in {} %, and brings the printed "
        "sum in {} %. F7 is worth its money in {} %",
        (back, whole, 100 * chances["F7"]),
    )
    low, middle, high = (net / 1e4 for net in run["steps"]["Total"]["net"])
    yield (
        page,
        "before any fit: {} to {} (5 and 95 %), median {}; all of the printed sum is there "
        "in {} % of the points, half of it in {} %.",
        (low, high, middle, whole, half),
    )
    yield page, "positive in {} % of the points)", (100 * chances["F8"],)
    assert holds["the programme is worth its money (NPV > 0)"] == 1.0


def seasons() -> Iterator[Said]:
    for season, words in (
        ("summer", "Benzene to air rises by {} +- {} t/yr (from {} to {}, at"),
        ("winter", "and falls by {} +- {} t/yr (from {} to {}) from December"),
    ):
        run = kept(season)
        mean, half = of_mean(run["differences"]["air.benzene_t"])
        before, after = (of["indicators"]["air.benzene_t"] for of in run["designs"])
        yield "docs/findings.md", words, (abs(mean), half, before, after)


def concentrations() -> Iterator[Said]:
    before, after = (
        {row["component"]: row["mean"] for row in kept(f"limits-{when}")["figures"]}
        for when in ("before", "after")
    )
    yield "docs/findings.md", "it rises from {} to {} (means over the hours), chlorobenzene from " \
        "{} to {}: the water that is saved was what diluted them. And pH turns over, from {} to " \
        "{}:", tuple(
            of[name] for name in ("benzene", "chlorobenzene", "acidity") for of in (before, after)
        )  # fmt: skip


DEVICES = {
    "off-gas fan": "off gas fan", "absorber's water": "absorber water",
    "catcher's pump": "catcher pump", "cooling water": "cooling water", "power": "power",
}  # fmt: skip
WAYS = ("no interlock", "interlock")
OF_UPSETS = ("air.benzene_t", "air.hydrogen_chloride_t", "wastewater.chlorobenzene_t",
             "wastewater.hydrogen_chloride_t", "made_t")  # fmt: skip


def sign(figure: str, device: str, way: str) -> int:
    """Return whether a device that fails often raises a figure; 0 where the interval holds 0."""
    change = kept("upsets")["changes"][figure][device][way]
    return int(change["low"] > 0.0) - int(change["high"] < 0.0)


def interlocks() -> Iterator[Said]:
    """What has no known sign is marked."""
    page, run = "docs/upsets.md", kept("upsets")
    usual = run["usual"]
    yield (
        page,
        "| what fails | benzene to air ({} as it is) | hydrogen chloride to air ({}) | "
        "chlorobenzene to the sewer ({}) | hydrogen chloride to the sewer ({}) | t/yr made ({}) |",
        tuple(sum(of[name] for of in usual) / len(usual) for name in OF_UPSETS),
    )
    for words, device in DEVICES.items():
        known = [["" if sign(name, device, way) else "~" for way in WAYS] for name in OF_UPSETS]
        cells = [f" {free}{{}}, locked {locked}{{}} |" for free, locked in known]
        yield page, f"| {words} |" + "".join(cells), tuple(
            run["changes"][name][device][way]["mean"] for name in OF_UPSETS for way in WAYS
        )  # fmt: skip


def test_signs_of_upsets_are_those_that_the_page_gives_reasons_for():
    free, locked = (
        {name: [sign(name, each, way) for each in DEVICES.values()] for name in OF_UPSETS}
        for way in WAYS
    )
    assert free["air.benzene_t"] == [1] * 5
    assert free["air.hydrogen_chloride_t"] == [1, 1, 1, 0, 1]  # cooling water: not known
    assert free["wastewater.hydrogen_chloride_t"] == [1, 1, -1, 1, 1]
    assert locked["air.benzene_t"] == [-1, -1, -1, 1, 1]
    assert locked["air.hydrogen_chloride_t"] == [-1, 0, 0, 0, 0]
    assert locked["wastewater.chlorobenzene_t"] == [0] * 5
    assert locked["wastewater.hydrogen_chloride_t"] == [1] * 5
    made = kept("upsets")["changes"]["made_t"]
    for each in DEVICES.values():
        assert made[each]["interlock"]["mean"] < made[each]["no interlock"]["mean"]


CAUSES = (
    None, ("normal",), ("overflow",), ("start-up",), ("device down",), ("trip",),
    ("shutdown", "maintenance", "cleaning"), ("spill",),
)  # fmt: skip
"""Columns of the table of a year by cause; the first is all of it."""


@pytest.mark.long
def test_a_year_by_cause_is_what_the_page_says():
    """Seed 1; what is left empty is less than any figure shows."""
    table = text("docs/upsets.md").partition("| | schemes | in all |")[2].partition("\n\n")[0]
    years = {ids: cb.simulate(ids, seed=1).flows for ids in ("none", "F1-F11")}
    what = ""
    for row in table.splitlines()[2:]:
        name, ids, *cells = (cell.strip() for cell in row.strip("|").split("|"))
        what = name or what
        component, _, where = what.partition(" to ")
        medium = {"air": "emission gas", "the sewer": "wastewater"}[where]
        flows = years[ids]
        flows = flows[flows.medium == medium]
        flows = flows[flows.component == component.replace(" ", "_")]
        for told, of in zip(cells, CAUSES, strict=True):
            of_cause = flows if of is None else flows[flows.cause.isin(of)]
            assert agrees(told or "0.00", float(of_cause.kg.sum()) / 1000), (what, ids, of)


def abnormal_shares() -> Iterator[Said]:
    page, run = "docs/permits.md", kept("causes")
    for words, of in (
        ("benzene to air", "emission gas, benzene"),
        ("chlorobenzene to air", "emission gas, chlorobenzene"),
        ("hydrogen chloride to air", "emission gas, hydrogen_chloride"),
        ("hydrogen chloride to the sewer", "wastewater, hydrogen_chloride"),
        ("benzene to the sewer", "wastewater, benzene"),
    ):
        cells, values = [], list[float]()
        for ids in ("none", "F1-F11"):
            mean, half = of_mean(run["shares"][ids][of]["abnormal"])
            spread = half > 1e-9  # not where all is abnormal in every year
            cells += ["{} +- {}" if spread else "{}", "{}"]
            values += [mean, *([half] if spread else []), run["worst"][ids][of]]
        yield page, f"| {words} | {' | '.join(cells)} |", tuple(100 * x for x in values)


def thirty_years() -> Iterator[Said]:
    page = "docs/calibration.md"
    for row in kept("fitness")["years"]:
        where, _, what = row["target"].removesuffix("_t").partition(".")
        words = f"{what.replace('_', ' ')} to {where}" if what else where
        yield page, f"| {words} | {{}} % | {{}} % | {{}} % | {{}} % |", tuple(
            100 * (row[column] / row["aim"] - 1)
            for column in ("at_rest", "years", "low", "high")
        )  # fmt: skip
    off = [
        100 * abs(row[column] / row["aim"] - 1)
        for row in kept("fitness")["years"]
        for column in ("low", "high")
    ]
    yield page, "no row is off by more than {} % at either end of its interval", (max(off),)
    acid = kept("causes")["tonnes"]["none"]["emission gas, hydrogen_chloride"]["mean"]
    yield page, "3.6 t of {} before the programme leave while a device is down", (acid,)


def sizes() -> Iterator[Said]:
    """What is saved and earned per tonne, by the size that the tables are taken to be of."""
    page, run = "docs/calibration.md", kept("capacity")
    for row in run["capacities"]:
        size = row["capacity"]
        per_tonne = {x["what"]: x["value"] for x in run["per_tonne"] if x["capacity"] == size}
        where, _, what = row["worst_figure"].removesuffix("_t").partition(".")
        worst = f"{what} to {'water' if where == 'wastewater' else where}"
        step = row["worst_income"].removeprefix("income ")
        words = f"| {size:g} | {{}} % ({worst}) | {{}} % ({step}) | {{}} | {{}} | {{}} | {{}} |"
        yield page, words, (
            100 * row["off"], 100 * row["income_off"], row["squared_misses"], row["squared_moves"],
            per_tonne["air.benzene, kg"],
            sum(x for name, x in per_tonne.items() if name.startswith("net ")),
        )  # fmt: skip


def rungs() -> Iterator[Said]:
    page, run, last = "docs/rollout-and-uncertainty.md", kept("rollout"), 0.0
    for name, course in run["rungs"].items():
        months, cash = course["finished_months"], course["cash_at_horizon"] / 1e4
        longer = (months - last,) if last else ()
        yield page, " ".join([name, *["{}"] * (2 + len(longer))]), (months, *longer, cash)
        last = months
    (months, half), (cash, wide) = (
        of_mean(run["running_plant"][name]) for name in ("finished_months", "cash_at_horizon")
    )
    yield page, "and breakdowns, trips and start-ups +- {} {} {} {} +- {}", (
        half, months, months - last, cash / 1e4, wide / 1e4,
    )  # fmt: skip
    yield (
        page,
        "The best order does not help any more, for the calendar of shutdowns decides: {} months",
        (run["rungs"]["and the model's savings"]["finished_months"],),
    )
    yield "docs/findings.md", "takes the source's {} months to {} +- {}:", (
        run["rungs"]["the source's arithmetic"]["finished_months"], months, half,
    )  # fmt: skip


@cache
def both_clocks() -> tuple[Cube, Cube]:
    """Return the sets of F1 to F11 at constant conditions and in the two years that are kept."""
    sets = 1 << len(ELEVEN)
    years = load(TOLD / "years.parquet", PLANT)
    calm = compute(Job.of(PLANT.variant(), ELEVEN), workers=1)
    return calm, replace(years, schemes=ELEVEN, runs=years.runs[:, :sets])


def all_sets() -> Iterator[Said]:
    page, (calm, years) = "docs/findings.md", both_clocks()
    kept_years, worth = years.replications, Worth.of(PLANT)

    def games(name: str) -> list[Game]:
        """Return what is avoided or gained at constant conditions, and in either year."""
        if name == "net_income":
            columns = [money_figures(each, worth)[name].values for each in (calm, *kept_years)]
            return [Game(ELEVEN, column) for column in columns]
        sign = 1.0 if name == "chlorobenzene_t" else -1.0
        return [Game(ELEVEN, sign * each.columns[name]) for each in (calm, *kept_years)]

    for words, name in (
        ("benzene to air, avoided by F1 to F11 | t/yr", "air.benzene_t"),
        ("hydrogen chloride kept from the sewer | t/yr", "wastewater.hydrogen_chloride_t"),
        ("chlorobenzene gained | t/yr", "chlorobenzene_t"),
        ("net income | 10^4 RMB/yr", "net_income"),
    ):
        three, unit = games(name), words.rpartition("| ")[2]
        gaps = [sum(alone_of(game).values()) - game.together for game in three]
        told = "{} | {} | {} |"
        yield page, f"| {words} | {told} | its additivity gap | {unit} | {told}", (
            *(game.together for game in three), *gaps
        )  # fmt: skip
    for who, words, name in (
        ("F9", "chlorobenzene gained | t/yr", "chlorobenzene_t"),
        ("F9", "net income | 10^4 RMB/yr", "net_income"),
        ("F9", "benzene to air avoided | t/yr", "air.benzene_t"),
        ("F11", "benzene to air avoided | t/yr", "air.benzene_t"),
    ):
        yield page, f"| {who}, {words} | {{}} | {{}} | {{}} |", tuple(
            shapley(game)[who] for game in games(name)
        )  # fmt: skip
    rest_of, mean_of = calm.columns["air.benzene_t"], years.columns["air.benzene_t"]
    apart = mean_of - rest_of
    yield page, "lies {} to {} t/yr from its steady figure, of {} to {};", (
        apart.min(), apart.max(), 10 * round(rest_of[0] / 10), 10 * round(rest_of[-1] / 10),
    )  # fmt: skip
    spreads = [100 * spread_by_order(effects(column))[0] for column in (rest_of, mean_of)]
    yield (
        page,
        "single effects make {} % of the spread between sets on either clock",
        (min(spreads),),
    )
    acid = [each.columns["wastewater.hydrogen_chloride_t"] for each in (calm, years)]
    yield (
        page,
        "- **{} t/yr of acid go to the sewer whatever the set**",
        ((acid[1] - acid[0]).mean(),),
    )


@pytest.mark.long
def test_the_set_that_earns_most_is_the_same_on_either_clock():
    worth = Worth.of(PLANT)
    best = {
        cube.named(int(money_figures(cube, worth)["net_income"].values.argmax()))
        for cube in both_clocks()
    }
    assert best == {"F1-F11"}


@pytest.mark.long
def test_the_years_that_are_kept_are_those_of_the_line_as_it_is():
    """Where this fails, `cube --simulate --replications 2` makes them anew, in two hours."""
    kept_years = load(TOLD / "years.parquet", PLANT)
    assert difference(kept_years, Job.again(kept_years.origin, PLANT.variant())) == ""


YEARS = (
    devices,
    reviewed,
    drawn,
    seasons,
    concentrations,
    interlocks,
    rungs,
    abnormal_shares,
    thirty_years,
    sizes,
)


@pytest.mark.parametrize(
    "said",
    [pytest.param(all_sets, marks=pytest.mark.long), *YEARS],
    ids=lambda said: said.__name__,
)
def test_pages_tell_what_is_kept_of_years_of_events(said):
    assert faults(said()) == []


@pytest.mark.parametrize("name", COMMANDS)
def test_what_is_kept_is_of_the_line_as_it_is(name):
    """Where this fails, run ``python -m tools.told`` and put what it keeps into the pages."""
    lines = kept(name)["lines"]
    assert lines == {schemes: design_hash(cb.line(schemes)) for schemes in lines}
