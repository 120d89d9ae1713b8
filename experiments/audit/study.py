"""The cleaner-production audit of a design, in its seven stages, as HTML and Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from string import ascii_uppercase
from textwrap import wrap
from typing import Any

from experiments.audit.assessment import basis, headlines, plan, pre_assessment, summary, year
from experiments.audit.balances import worksheets
from experiments.audit.basis import MOST_PLAYERS, Audit, Drawings, Side, drawings, yearly
from experiments.audit.choices import beyond, feasibility, options, parameters, shares
from experiments.audit.document import Document, Stage
from experiments.audit.future import continuation, implementation
from experiments.audit.sheets import assessment, balances
from experiments.audit.writing import html, markdown
from experiments.bounds import CLOCKS, EVENTS, STEADY
from experiments.output.answer import Answer, Table, plain
from experiments.output.provenance import changed, provenance
from experiments.runner.faults import at_work, run_of
from experiments.runner.horizon import Horizon
from experiments.runner.loop import each
from experiments.runner.tasks import PlantYears
from experiments.studies import Known, Own, Plant, plant_of, prices_of
from experiments.studies.attribute.attribution import Attribution
from experiments.studies.attribute.study import attribute
from experiments.studies.limits import Limits, limits
from experiments.studies.money import run_programme
from plant_models.arguments import word
from plant_models.chlorobenzene.model import PLANT
from plant_models.languages import LANGUAGES
from plant_models.methods.appraisal import Appraisal, appraise
from plant_models.methods.economics import check_investments
from plant_models.model import Lacks, Variant
from plant_models.outcome import Outcome
from sim.errors import ConflictError
from sim.model.facts import Design
from sim.model.schemes import natural
from sim.tables import WIDTH, text_table, three


@dataclass(frozen=True, repr=False)
class Report(Answer):
    """The audit of a design."""

    of: Audit  #: What it tells

    @cached_property
    def document(self) -> Document:
        """The report, section by section."""
        stages = (summary, plan, pre_assessment, assessment, options, feasibility, implementation,
                  continuation)  # fmt: skip
        return self._document("report", stages)

    @cached_property
    def appendix(self) -> Document:
        """What the report rests on: worksheets, shares, parameters, options of our own."""
        of = self.of
        stages = [year, balances, shares, parameters, *([beyond] if of.beyond else []), basis]
        found = self._document("appendix", stages)
        lettered = zip(ascii_uppercase, found.sections, strict=False)
        sections = tuple(replace(each, title=f"{letter} {each.title}") for letter, each in lettered)
        return replace(found, sections=sections)

    def _document(self, kind: str, stages: Iterable[Stage]) -> Document:
        of, say = self.of, self.of.say
        site = say("site", where=of.names.text(of.says.site)) if of.says.site else ""
        warning = say("illustrative", noun=of.noun, site=site)
        return Document(
            say(kind, plant=of.plant_name, design=of.name),
            say("subtitle", conditions=of.conditions, version=of.provenance["version"]),
            f"{warning}{say('between')}{say('beside')}" if kind == "report" else warning,
            tuple(stage(of) for stage in stages),
            say("contents"),
            of.lang,
        )

    def report(self) -> str:
        """Return the headlines and the scorecard; the whole of it is in the folder."""
        of = self.of
        lines = [of.say("headline", plant=of.plant_name, design=of.name, on=of.conditions), ""]
        for headline in headlines(of):
            lines += wrap(f"- {headline}", WIDTH, subsequent_indent="  ")
        if of.scorecard:
            rows = [
                [
                    of.names.text(s.name),
                    of.names.unit(s.unit),
                    *map(three, (s.before, s.after, s.floor)),
                ]
                for s in of.scorecard
            ]
            heads = [of.say(key) for key in ("unit", "before", "after", "floor")]
            header = [of.say("per_tonne_of", product=of.product), *heads]
            lines += ["", *text_table(header, rows, left=(0, 1))]
        return "\n".join([*lines, "", of.say("opens")])

    def tables(self) -> Mapping[str, Table]:
        """Return scorecard, indicators of both designs, worksheets."""
        of = self.of
        components = of.after.books.components.names
        sides = {"before": of.before, "after": of.after}
        told = {
            "indicators": Table(
                ("design", "indicator", "unit", "mean", "low", "high"),
                [
                    (when, name, side.units[name], mean.mean, *mean.ends)
                    for when, side in sides.items()
                    for name, mean in side.means.items()
                ],
            ),
            "worksheets": Table(
                ("process", "what", *components),
                [
                    (sheet.process, what, *plain(kg))
                    for sheet in worksheets(of.after.books, of.plant)
                    for what, kg in sheet.parts.items()
                ],
                dict.fromkeys(components, "kg/yr"),
            ),
        }
        if not of.scorecard:
            return told
        scores = [plain(score) for score in of.scorecard]
        rows = [tuple(score.values()) for score in scores]
        return {"scorecard": Table(tuple(scores[0]), rows), **told}

    def pictures(self) -> Drawings:
        """Return what the plant draws of both designs."""
        return drawings(self.of)

    def documents(self) -> Mapping[str, str]:
        """Return the report and its appendix as HTML and as Markdown."""
        return {
            "report.html": html(self.document),
            "report.md": markdown(self.document),
            "appendix.html": html(self.appendix),
            "appendix.md": markdown(self.appendix),
        }

    def as_json(self) -> dict[str, Any]:
        """Return what the tables rest on."""
        of, names = self.of, self.of.after.books.components.names
        sides = {"before": of.before, "after": of.after}
        return {
            "scorecard": plain(of.scorecard),
            "indicators": {
                when: {name: mean.mean for name, mean in side.means.items()}
                for when, side in sides.items()
            },
            "intervals": {
                when: {
                    name: dict(zip(("low", "high"), mean.ends, strict=True))
                    for name, mean in side.means.items()
                }
                for when, side in sides.items()
            },
            "units": dict(of.after.units),
            "worksheets": [
                {
                    "process": sheet.process,
                    **{
                        w: dict(zip(names, plain(kg), strict=True)) for w, kg in sheet.parts.items()
                    },
                    "closure": sheet.closure,
                }
                for sheet in worksheets(of.after.books, of.plant)
            ],
            "provenance": of.provenance,
        }


def report(
    schemes: Any = None,
    *,
    clock: str = EVENTS,
    years: float = 1.0,
    seed: int = 1,
    replications: int = 1,
    start: str = "01-01",
    workers: int | None = 1,
    prices: Any = None,
    investments: Mapping[str, float] | None = None,
    plant: Plant = PLANT,
    design: Own = None,
    known: Known = None,
    lang: str = "en",
) -> Report:
    """Audit a design beside the plant without schemes; ``.save("folder")`` writes the report.

    Parameters
    ----------
    schemes : scheme set, tree, Design or Variant
        The plant's programme by default.
    clock : str
        What yields the flows: ``events`` or ``steady``.
    years, seed, replications, start, workers
        Of runs with events; as of `run`.
    prices : Design or prices, optional
        Another set of prices and terms, as ``plant.economy.own_prices(settings="steam=80")``.
    investments : Mapping[str, float], optional
        What schemes cost once, in the currency, where nobody says or instead.
    lang : str
        Language of report and appendix: ``en`` or ``zh``; tables and JSON stay as they are.
    plant, design, known
        As of `run`, errors too. A section that the plant has nothing for (prices, limits, floors)
        says so.
    """
    word("clock", clock, CLOCKS)
    word("lang", lang, LANGUAGES)
    horizon = Horizon(years, seed, replications, start)
    if clock == STEADY:
        horizon.refuse_at_rest()
    plant = plant_of(plant)
    on: dict[str, Any] = {"design": design, "known": known}
    after = plant.with_programme(**on) if schemes is None else plant.variant(schemes, **on)
    plant, before = after.plant, after.having("none")
    priced = prices_of(plant, prices, investments)
    once = check_investments(investments, after.known)
    designs = [before, after] if after.schemes else [before]
    sides = _sides(designs, horizon, clock, workers)
    money = None
    if priced is not None and after.schemes:
        money = run_programme(after, priced, once)
    told = provenance(
        "report",
        before,
        after,
        horizon=None if clock == STEADY else horizon,
        clock=clock,
        prices=[] if priced is None else changed(plant.economy.prices().tree, priced.tree),
        investments=once,
    )
    left = () if priced is None else _left(after, priced, once)
    beyond = () if priced is None else _left(_with_all_catalogues(after), priced, once, left)
    shares = _shares(after, workers)
    own = (sides[0], sides[-1], horizon, clock, priced, money, left, beyond, shares, told)
    return Report(Audit(*own, lang))


def _sides(
    designs: list[Variant[Any]], horizon: Horizon, clock: str, workers: int | None
) -> list[Side]:
    """Return the years of designs, which share their draws."""
    runs = range(horizon.replications if clock == EVENTS else 1)
    years = horizon.years if clock == EVENTS else 1.0
    task = PlantYears.over(designs[0], horizon, clock, measure=_whole)
    jobs = [(task, of, number) for of in designs for number in runs]
    found = iter(each(_run, jobs, workers, "report"))
    sides = []
    for of in designs:
        outcomes = [next(found) for _ in runs]
        books = yearly([o.ledger for o in outcomes], years)
        kept = _kept(of, horizon, clock, workers)
        sides.append(Side(of, tuple(o.indicators for o in outcomes), books, outcomes[0], kept))
    return sides


def _run(task: PlantYears, of: Variant[Any], number: int) -> Any:
    with at_work(run_of(of, number)):
        return task(of, number)


def _whole(outcome: Outcome[Any]) -> Any:
    """Return a run as it is: its books are kept, not only its figures."""
    return outcome


def _kept(of: Variant[Any], horizon: Horizon, clock: str, workers: int | None) -> Limits | None:
    """Return how a design keeps its limits; None of a plant that has none."""
    try:
        of.plant.limits()
    except Lacks:
        return None
    return limits(of, clock=clock, plant=of.plant, workers=workers, **plain(horizon))


def _with_all_catalogues(of: Variant[Any]) -> Variant[Any]:
    """Return a design that knows the schemes of its plant's further catalogues, too."""
    plant, known = of.plant, dict(of.known)
    for name in plant.catalogues:
        known = {**plant.own_schemes(design=of.base, catalogue=name), **known}
    return replace(of, known=known)


def _left(
    of: Variant[Any],
    prices: Design[Any],
    investments: Mapping[str, float],
    but: Sequence[Appraisal] = (),
) -> tuple[Appraisal, ...]:
    """Return what was not chosen, each as the next step after what was; ``but``: known already.

    What conflicts with what was chosen is no step from there.
    """
    there = {*of.schemes, *(row.name for row in but)}
    others = [s.id for s in of.known.values() if s.id not in there and not s.illustrative]
    plant = of.plant
    reached = plant.steady_state(of).indicators
    found: list[Appraisal] = []
    for name in sorted(others, key=natural):
        try:
            with_it = of.having((*of.schemes, name))
        except ConflictError:
            continue
        with at_work(run_of(with_it)):
            then = plant.steady_state(with_it).indicators
        states, steps = [reached, then], {name: (name,)}
        found += appraise(plant.economy, steps, states, prices.tree, investments=investments)
    return tuple(found)


def _shares(of: Variant[Any], workers: int | None) -> tuple[Attribution, ...]:
    """Return emissions shared out over the schemes, at constant conditions."""
    plant = of.plant
    names = plant.auditing.shared or [n for n in plant.headlines if n in plant.emissions]
    if not names or not 0 < len(of.schemes) <= MOST_PLAYERS:
        return ()
    put_on: Any = {"plant": plant, "design": of.base, "known": of.known}
    return attribute(*names, players=of.schemes, workers=workers, **put_on).splits
