"""The commands: what each takes; all that is computed is the study of its name, asked for then."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

import experiments as ex
from experiments import bounds
from experiments.bounds import CLOCKS, EVENTS, STEADY
from experiments.door.command import FAULTS, Command, Ground, noted, say, spoken
from experiments.door.folder import plant as plant
from experiments.door.options import (
    ANSWER,
    CUTS,
    DESIGN,
    INVEST,
    JSON,
    LANG,
    LINE,
    MONEY,
    PLANT,
    PRICE,
    PRICES,
    SCALE,
    SCHEDULER,
    SEED,
    SET,
    START,
    TOLD,
    WORKERS,
    YEARS_OPTION,
    answer,
    argument,
    choice,
    command,
    indicators,
    option,
    replications,
    runs,
    saved_cube,
    schemes,
    together,
)
from experiments.door.types import (
    SCHEMES,
    Count,
    Folder,
    FolderOrParquet,
    Named,
    Names,
    Number,
    OfPlant,
    Place,
    SchemesFile,
    Sizes,
    Tables,
    TomlFile,
    Word,
    as_design,
    as_ids,
    as_indicator,
    called,
)
from plant_models.languages import LANGUAGES
from sim.statistics.comparisons import FLOOR

if TYPE_CHECKING:
    from experiments.output.answer import Answer


def _study(name: str, about: str, *wanted: Any, records: bool = False) -> click.Command:
    """Return the command that does a study with what is given, and says of itself ``about``."""

    def call(on: Ground, **asked: Any) -> Answer:
        found: Answer = getattr(ex, name)(plant=on.plant, design=on.design, known=on.known, **asked)
        return found

    named = command(name=name.replace("_", "-"), help=about, records=records)
    made: click.Command = named(together(*wanted)(call))
    return made


CHECK = "check"


class Alone(Command):
    """A command with an option that prints something else than its answer."""

    def invoke(self, ctx: click.Context) -> Any:
        """Check what goes together."""
        given = ctx.params
        beside = given.get(CHECK) and [
            called(each)
            for each in self.params
            if each.name not in (CHECK, "plant", "workers", "told_in", "out", "as_json", "excel")
            and ctx.get_parameter_source(each.name or "") is ParameterSource.COMMANDLINE
        ]
        if beside:
            fault = ValueError(f"--{CHECK}: goes alone; {', '.join(beside)} would change nothing")
            ctx.meta.setdefault(FAULTS, []).append(fault)
        for flag in (CHECK, "page"):
            if given.get(flag) and (given["out"] or given["as_json"] or given["excel"]):
                fault = ValueError(f"--{flag}: goes alone; it writes and prints no tables")
                ctx.meta.setdefault(FAULTS, []).append(fault)
        return super().invoke(ctx)


run = _study(
    "run",
    "Simulate one design under breakdowns, deliveries and seasons.",
    schemes("none"),
    runs(),
    LINE,
    WORKERS,
    ANSWER,
    records=True,
)


def _compared(name: str, text: str, on: Ground) -> str:
    from experiments.studies.compare import figures_of

    return Word(figures_of(on.plant)).read(name, text)


@command(records=True)
@argument("before", metavar="A", type=SCHEMES)
@argument("others", metavar="B...", nargs=-1, required=True, type=SCHEMES)
@together(
    runs(),
    LINE,
    option("--until", metavar="X", type=Number(0.001, 1.0),
           help=f"Go on, from {FLOOR} replications or --replications, to a relative error, as "
           "0.02."),
    option("--at-most", metavar="R", type=Count(FLOOR, bounds.MOST_REPLICATIONS),
           help=f"Replications at which --until gives up.  [default: {bounds.MOST_UNTIL}]"),
    indicators(_compared),
    PRICE,
    WORKERS,
    ANSWER,
)  # fmt: skip
def compare(before: Any, others: tuple[Any, ...], on: Ground, **asked: Any) -> Answer:
    """Simulate designs under the same breakdowns: each B minus A."""
    return ex.compare(before, *others, plant=on.plant, **asked)


@command()
@together(
    argument("name", required=False),
    option("--search", metavar="TEXT", help="Only what has TEXT in its name or its meaning."),
    option("--brief", is_flag=True, help="A line for each number."),
    SET,
    SCALE,
    DESIGN,
    PLANT,
    ANSWER,
)
def card(on: Ground, **asked: Any) -> Answer:
    """Print the numbers of a unit, of a data file, or all: source, domain and range.

    NAME is a unit or a parameter of the plant, or a data file: prices, limits, schemes,
    properties, weather, prose, ... Without it, everything is printed.
    """
    return ex.card(plant=on.plant, design=on.design, **asked)


@command()
@together(argument("schemes", metavar="S", type=SCHEMES), LINE, ANSWER)
def explain(schemes: Any, on: Ground) -> Answer:
    """Print what a set of schemes changes, and on whose word."""
    return ex.explain(schemes, plant=on.plant)


why = _study(
    "why",
    "Tell what a figure adds up from, and on whose word the numbers behind it stand.",
    argument("figure", metavar="FIGURE", type=OfPlant(as_indicator)),
    schemes("none"),
    option("--brief", is_flag=True, help="Without parameters and their sources."),
    choice("--clock", STEADY, CLOCKS, "What yields the flows: steady or events."),
    YEARS_OPTION,
    SEED,
    START,
    LINE,
    ANSWER,
)  # fmt: skip


@command()
@together(
    argument("sets", metavar="[S]...", nargs=-1, type=SCHEMES),
    option("--sets", "more", metavar="FILE", type=SchemesFile(as_design),
           help="More scheme sets, one a line."),
    choice("--clock", EVENTS, CLOCKS, "The plant in operation, events, or at constant conditions."),
    runs(),
    indicators(),
    LINE,
    WORKERS,
    SCHEDULER,
    option("--out", "store", metavar="DIR", type=Place(),
           help="Keep every run there; the same command resumes it."),
    JSON,
    TOLD,
)  # fmt: skip
def batch(
    sets: tuple[Any, ...],
    more: tuple[Any, ...] | None,
    store: Path | None,
    on: Ground,
    **asked: Any,
) -> Answer:
    """Simulate many designs, on all processors or a cluster, into one table.

    A run that fails is recorded in the table, the others go on, and the exit code is 1.
    """
    designs = (*sets, *(more or ()))
    if not designs:
        raise ValueError('no sets given: write them like none "F1-F4", or --sets FILE')
    found = ex.batch(*designs, runs=store, plant=on.plant, **asked)
    if store is not None:
        say(f"written to {store}")
    return found


cube = _study(
    "cube",
    "Compute every combination of schemes: all indicators, money, effects of all orders.",
    schemes("all", "Schemes to combine, 2^n sets.", as_ids),
    option("--simulate", is_flag=True, help="Runs with events instead of steady states."),
    runs(),
    option("--runs", metavar="DIR", type=Place(),
           help="Keep single runs there; the same command resumes."),
    PRICES,
    LINE,
    WORKERS,
    SCHEDULER,
    answer(FolderOrParquet(), "; into FILE.parquet the cube alone"),
)  # fmt: skip


def _figure(name: str, text: str, on: Ground) -> str:
    from experiments.studies.cube.figures import check_figure

    return check_figure(text, on.plant)


def _emission(name: str, text: str, on: Ground) -> str:
    return Word(on.plant.emissions).read(name, text)


@command()
@together(
    argument("figures", nargs=-1, required=True, metavar="FIGURE...", type=OfPlant(_figure)),
    saved_cube("A cube that was saved; else the sets are computed, as steady states."),
    option("--players", metavar="S", type=OfPlant(as_ids),
           help="Schemes that share the figure; all but those kept apart, F12, by default."),
    option("--given", default="none", show_default=True, metavar="S", type=OfPlant(as_ids),
           help="Schemes that are in place throughout."),
    option("--order", metavar="IDS", help="Order of introduction, as in F5,F1-F4,F6."),
    option("--against", metavar="EMISSION", type=OfPlant(_emission),
           help="Emission of Pareto front and cost curve."),
    option("--pairs", default="10", show_default=True, metavar="N",
           type=Count(0, bounds.MOST_PAIRS), help="Interactions that are printed."),
    choice("--titles", "id", ("id", *LANGUAGES), "Schemes in pictures: id, or titles in en or zh."),
    PRICES,
    LINE,
    WORKERS,
    SCHEDULER,
    ANSWER,
)  # fmt: skip
def attribute(figures: tuple[str, ...], on: Ground, **asked: Any) -> Answer:
    """Split figures over schemes by five methods, with interactions, Pareto front, cost curve."""
    with noted():
        return ex.attribute(*figures, plant=on.plant, design=on.design, known=on.known, **asked)


money = _study(
    "money",
    "Appraise a programme step by step: incomes, payback, present value, costs of losses.",
    schemes(None, "Scheme set, taken as steps in the plant's order."),
    option("--cash-flow", default="Total", show_default=True, metavar="STEP",
           help="Step whose cash-flow table is printed."),
    PRICES,
    CUTS,
    choice("--clock", STEADY, CLOCKS, "What yields the flows: steady or events."),
    YEARS_OPTION,
    SEED,
    LINE,
    ANSWER,
)  # fmt: skip


def _plan(given: dict[str, Any], on: Ground) -> None:
    """Put one plan in place of all that was written of it, and cash in the currency."""
    if "plan" in given:
        return
    given["plan"] = None
    file, settings = given.pop("plan_file", None), given.pop("plan_settings", None)
    paths = [text.partition("=")[0].strip() for text in settings or ()]
    for name, path in (("cash", "terms.starting_cash"), ("retained", "terms.retained")):
        if given.get(name) is not None and path in paths:
            raise ValueError(f"--{name}: --plan-set sets {path}, too; leave one out")
    asked = given.get("schemes")
    for scheme in (path.partition(".")[0] for path in paths):
        if asked is not None and scheme in on.known and scheme not in asked.schemes:
            raise ValueError(
                f"--plan-set: {scheme} is not among the schemes, {', '.join(asked.schemes)}; leave "
                "it out, or name the scheme with them"
            )
    cash = given.get("cash")
    if cash is not None:
        given["cash"] = cash * on.plant.economy.unit
    if file is not None or settings:
        given["plan"] = on.plant.own_plan(file, settings or ())


rollout = _study(
    "rollout",
    "Let a programme pay for itself: on paper, in the model, and on the running plant.",
    schemes(None, "Scheme set, bought as steps of a programme."),
    choice("--policy", "classes", bounds.POLICIES,
           "Order: classes, payback, best or hard-first."),
    option("--order", metavar="A,B,...", default="",
           help="Your own order of the steps that cost money."),
    option("--cash", metavar="AMOUNT", type=Number(0.0, 1e6),
           help=f"In hand at the start, {MONEY}."),
    option("--retained", metavar="X", type=Number(0.0, 1.0),
           help="Share of the savings spent again, 0 to 1."),
    option("--plan-set", "plan_settings", multiple=True, metavar="PATH=VALUE", settle=_plan,
           help='Set a term, as in F11.lead_time="60 d" or terms.books=0; repeatable.'),
    option("--plan", "plan_file", metavar="FILE", type=TomlFile(), settle=_plan,
           help="Your own terms in TOML."),
    PRICE,
    INVEST,
    option("--horizon", metavar="Y", default="3", show_default=True, type=Number(*bounds.HORIZONS),
           help="Years after which cash is compared."),
    option("--limit", metavar="Y", default="8", show_default=True, type=Number(*bounds.LIMITS),
           help="Years after which a programme is given up."),
    replications(3, "Runs of the plant; 0 for the arithmetic alone.", 0),
    SEED,
    START,
    WORKERS,
    LINE,
    ANSWER,
)  # fmt: skip


@command(cls=Alone)
@together(
    schemes(None, "Schemes to choose from, at most 14.", as_ids),
    option("--goal", default="money", show_default=True, metavar="NAME",
           help="money, an indicator that is to fall, as air.benzene_t, or both: their front."),
    option("--budget", metavar="AMOUNT", type=Number(0.0, 1e6),
           help=f"Most that may be invested, {MONEY}."),
    option("--require", "limits", multiple=True, metavar="LIMIT",
           help='What must hold, as in "air.benzene_t<=-60%" or "purity>=0.995"; repeatable.'),
    option("--against", metavar="INDICATOR", type=OfPlant(as_indicator),
           help="What the front weighs against money; the plant's first headline by default."),
    option("--set-points", metavar="NAMES", default="all", show_default=True, type=Names(),
           help="Set points that may be turned: all, none, or paths with commas between."),
    option("--contenders", metavar="K", type=Count(1, bounds.MOST_CONTENDERS),
           help="Sets that run side by side: 4, or 8 points of a front."),
    option("--confidence", metavar="X", default="0.95", show_default=True,
           type=Number(0.5, 0.9999), help="Probability that the best is selected."),
    option("--indifference", metavar="D", type=Number(1e-9, 1e9),
           help="What a difference must be to matter; 1 % of the best at rest by default."),
    option("--at-most", metavar="R", type=Count(0, bounds.MOST_REPLICATIONS),
           help="Replications at which the choice is left open; twice as many by default."),
    YEARS_OPTION,
    SEED,
    replications(8, "Runs before a design is given up; 0 for states of rest alone.", 0),
    START,
    option("--runs", metavar="DIR", type=Place(),
           help="Keep single runs there; the same command resumes."),
    PRICES,
    LINE,
    WORKERS,
    SCHEDULER,
    option("--page", is_flag=True, help="Print the page for a manager instead, in Markdown."),
    ANSWER,
)  # fmt: skip
def optimise(page: bool, on: Ground, schemes: Any, **asked: Any) -> Answer | int:
    """Find the best set of schemes and set points under a budget and limits."""
    found = ex.optimise(schemes, plant=on.plant, design=on.design, known=on.known, **asked)
    if not page or found.failures:
        return found
    click.echo(found.page(spoken()), nl=False)
    return 0


uncertainty = _study(
    "uncertainty",
    "Draw everything that carries a range, and tell what survives and what it hangs on.",
    schemes(None, "Scheme set, taken as steps in the plant's order."),
    option("--target", default="net_income", show_default=True, metavar="NAME",
           help="Figure of tornado and indices: net_income or an indicator."),
    option("--samples", default="200", show_default=True, metavar="N",
           type=Count(0, bounds.MOST_SAMPLES),
           help="Points of the Latin hypercube; with 0 the inputs move one at a time alone."),
    option("--sobol", default="128", show_default=True, metavar="N",
           type=Count(0, bounds.MOST_SOBOL),
           help="Points of each Sobol block, a power of two; 0 for none."),
    option("--factors", default="10", show_default=True, metavar="K",
           type=Count(1, bounds.MOST_FACTORS),
           help="Inputs with an index of their own; the rest is one group."),
    SEED,
    WORKERS,
    PRICES,
    LINE,
    ANSWER,
)  # fmt: skip


readings = _study(
    "readings",
    "Tell which findings hold under every reading of what the source leaves open.",
    schemes(None, "Scheme set, taken as steps in the plant's order."),
    option("--capacity", metavar="X,Y,...", type=Sizes(),
           help="Sizes, kt/yr, that the source's plant may have had: fitted and read anew."),
    PRICE,
    WORKERS,
    LINE,
    ANSWER,
)  # fmt: skip


KINDS = ("failure", "maintenance", "shutdown", "delivery", "truck", "shift", "lots", "tank",
         "crew", "spill", "measure", "capacity")  # fmt: skip


criticality = _study(
    "criticality",
    "Tell what each failure, crew, truck, spill, tank and shift costs, one removed at a time.",
    schemes("none"),
    option("--by", metavar="FIGURE",
           help="Figure that parts are ranked by: margin or an indicator.  [default: margin]"),
    choice("--ways", "removed", ("both", "removed", "better"), "Parts removed, better, or both."),
    option("--share", default="0.1", show_default=True, metavar="X",
           type=Number(*bounds.MADE_BETTER), help="By which a part is made better."),
    option("--kind", "kinds", multiple=True, metavar="KIND", type=Word(KINDS),
           help=f"What is tried: {', '.join(KINDS)}; repeatable.  [default: all but the last]"),
    option("--tank", "tanks", multiple=True, metavar="NAME",
           help="A tank to try in several sizes, or all; repeatable."),
    option("--factors", metavar="X,Y,...", type=Sizes(), default="0.5,0.75,1,1.5,2,3",
           show_default=True, help="These sizes, of the tank as it is."),
    option("--years", default="0.25", show_default=True, metavar="Y", type=Number(*bounds.YEARS),
           help="Length of a run, in years of 8,760 h."),
    replications(4, "Runs of each part, one after the other round the year."),
    SEED,
    START,
    option("--runs", metavar="DIR", type=Place(),
           help="Keep single runs there; the same command goes on from there."),
    PRICE,
    LINE,
    WORKERS,
    ANSWER,
)  # fmt: skip


@command()
@together(
    argument("sets", metavar="[S]...", nargs=-1, type=SCHEMES),
    runs(30, "Independent runs of each design."),
    option("--runs", metavar="DIR", type=Place(),
           help="Keep single runs there; the same command goes on from there."),
    LINE,
    WORKERS,
    ANSWER,
)  # fmt: skip
def causes(sets: tuple[Any, ...], on: Ground, **asked: Any) -> Answer:
    """Tell which share of each emission has which cause, design by design, over many years."""
    return ex.causes(*sets, plant=on.plant, design=on.design, known=on.known, **asked)


def _terms(given: dict[str, Any], on: Ground) -> None:
    """Leave those terms of the limits to the plant that nobody has given."""
    for name in ("set_up", "grade", "stack", "water_grade"):
        if name in given and given[name] is None:
            del given[name]


def _term(name: str, usual: str, kind: Any, about: str) -> Any:
    """Return an option that is a term of the limits."""
    metavar = "WORD" if isinstance(kind, Word) else "M"
    return option(name, metavar=metavar, type=kind, settle=_terms,
                  help=f"{about}  [default: {usual}]")  # fmt: skip


limits = _study(
    "limits",
    "Say how often each vent and outfall is beyond the limits of its day, by hour, day and year.",
    schemes("none"),
    _term("--set-up", "existing", Word(("existing", "new")),
          "Limits for sources existing before 1997, or new."),
    _term("--grade", "III", Word(("II", "III")), "Grade of the area: II or III."),
    _term("--stack", "15", Number(1.0, 300.0), "Height of the vents, m."),
    _term("--water-grade", "III", Word(("I", "II", "III")),
          "Grade of the receiving water: I, II or III."),
    option("--limits", "limits_file", metavar="FILE", type=TomlFile(),
           help="Your own limits in TOML."),
    choice("--clock", EVENTS, CLOCKS, "What yields the flows: events or steady."),
    option("--worst", default="", metavar="POLLUTANT",
           help="Whose worst ten hours are printed, as benzene or acidity."),
    runs(),
    LINE,
    WORKERS,
    ANSWER,
)  # fmt: skip


upsets = _study(
    "upsets",
    "Let one device after another fail often, with and without an interlock.",
    schemes("none"),
    option("--mtbf", metavar="H", default="100", show_default=True, type=Number(1.0, 1e6),
           help="Mean time between failures of the device that fails often, h."),
    runs(),
    LINE,
    WORKERS,
    ANSWER,
)  # fmt: skip


end_of_pipe = _study(
    "end_of_pipe",
    "Compare schemes at the source with devices at the end of the pipe, at equal emission.",
    schemes(None, "Scheme set at the source."),
    runs(2, "Independent runs of each of the plants."),
    PRICE,
    LINE,
    WORKERS,
    ANSWER,
)  # fmt: skip


review = _study(
    "review",
    "Let management measures wear off, with and without a monthly review.",
    schemes("none", "Scheme set that stands all the time."),
    option("--measures", metavar="M", help="Measures that wear off; by default the plant's own."),
    option("--slack", multiple=True, metavar="NAME=VALUE",
           help='How they wear off, as in half_life="90 d" or restored=1; repeatable.'),
    runs(2, "Independent runs of each of the four plants."),
    PRICE,
    LINE,
    WORKERS,
    ANSWER,
)  # fmt: skip


heat = _study(
    "heat",
    "Balance the heat of every unit at constant conditions: steam, cooling, losses, closure.",
    schemes("none"),
    LINE,
    ANSWER,
)


report = _study(
    "report",
    "Write the cleaner-production audit of a design, in its seven stages, as HTML and Markdown.",
    schemes(None, "The audited design."),
    option("--out", default="audit-report", show_default=True, metavar="DIR", type=Folder(),
           help="Write report and appendix (HTML and Markdown), tables (CSV) and provenance "
           "there."),
    option("--excel", is_flag=True, help="With --out: the tables as one workbook, too."),
    choice("--clock", EVENTS, CLOCKS, "What yields the flows: events or steady."),
    LANG,
    runs(),
    PRICES,
    LINE,
    WORKERS,
    JSON,
)  # fmt: skip


export_lca = _study(
    "export_lca",
    "Write a run as a unit process for openLCA and Brightway, its replications as uncertainty.",
    schemes("none"),
    runs(5),
    LINE,
    WORKERS,
    ANSWER,
)


class PageFile(Named):
    """A page, or a folder for it."""

    name = "page"

    def read(self, name: str, text: str) -> Path:
        """Return the file."""
        from experiments.page.study import page_file

        return page_file(text, name)


@command()
@together(
    option("--out", "file", default="page.html", show_default=True, metavar="FILE", type=PageFile(),
           help="Where to write the page; a folder gets a page.html."),
    saved_cube("A cube of runs with events: years of every set, shown beside the steady figures."),
    replications(5, "Simulated years of a few designs, shown beside the steady figures.", 0),
    PRICES,
    SET,
    SCALE,
    DESIGN,
    PLANT,
    WORKERS,
    TOLD,
)  # fmt: skip
def page(file: Path, on: Ground, **asked: Any) -> None:
    """Write all designs of a plant as one HTML file that opens without a network."""
    from experiments.output.phrases import told_in_lines

    found = ex.write_page(file, plant=on.plant, design=on.design, **asked)
    click.echo(told_in_lines(f"{found.report()}\nwritten to {file}", spoken()))


class Calibrate(Alone):
    """A command that writes into the plant itself where no folder is named."""

    def invoke(self, ctx: click.Context) -> Any:
        """Tell the command whether to keep what it finds."""
        ctx.params["keep"] = ctx.params["out"] is None
        return super().invoke(ctx)


@command(cls=Calibrate)
@together(
    option("--check", is_flag=True, help="Only tell whether calibrated.toml is current."),
    option("--structure", default="", metavar="NAME", help="hot (the base) or fog: the tail end."),
    option("--capacity", metavar="X,Y,...", type=Sizes(),
           help="Sizes, kt/yr, that the source's plant may have had: a fit for each."),
    option("--targets", metavar="FILE", type=TomlFile(),
           help="Your own figures in TOML instead of the source's; needs --fit."),
    option("--fit", metavar="NAMES", default="",
           help="Parameters that these may move, as in absorber.approach,crude_column.heat_loss"),
    WORKERS,
    LINE,
    ANSWER,
)  # fmt: skip
def calibrate(
    check: bool,
    structure: str,
    capacity: tuple[float, ...] | None,
    targets: Path | None,
    fit: str,
    keep: bool,
    workers: int | None,
    on: Ground,
) -> Answer | int:
    """Fit the free parameters to Tables 1-2 and 1-3, within their ranges.

    Without --out the values become the plant's own, in data/calibrated.toml of the model; with it
    they are written there beside their tables, and the baseline is left alone. What is fitted to
    --targets, or for --capacity, never becomes the plant's own.
    """
    from experiments.studies.calibrate import Calibration, stale
    from sim.model.schemes import listed

    if check:
        reason = stale(on.plant)
        if not reason:
            from experiments.output.phrases import told  # the book is read when it is asked for

            click.echo(told(lambda: "data/calibrated.toml is current", spoken()))
            return 0
        say(reason)
        return 1
    own = on.design.tree != on.plant.baseline().tree
    found = ex.calibrate(
        structure=structure,
        capacity=capacity or (),
        targets=targets,
        fit=tuple(filter(None, listed(fit))),
        design=on.design if own or targets is not None else None,
        workers=workers,
        plant=on.plant,
        progress=_progress,
    )
    if keep and isinstance(found, Calibration) and found.of.design is None:
        found.keep()
        say(f"written to data/{found.of.file.name} of the model")
    return found


def _progress(step: int, squares: float) -> None:
    """Tell how far the fit is, on a terminal and in a file alike: a step may take a minute."""
    say(f"step {step}: sum of squares {squares:.4g}")


@command()
@together(
    replications(0, "Pairs of years with events to hold against the source, too.", 0),
    SEED,
    WORKERS,
    PLANT,
    ANSWER,
)
def fitness(replications: int, seed: int, workers: int | None, on: Ground) -> Answer:
    """Tell how well the calibrated plant meets its targets, and on what numbers, by structure."""
    return ex.fitness(replications=replications, seed=seed, workers=workers, plant=on.plant)


@command(name="paper-check", cls=Alone)
@together(
    option("--tables", metavar="DIR", type=Tables(),
           help="A folder with your own copies of the tables."),
    option("--page", is_flag=True, help="Print the page docs/paper_check.md instead."),
    PLANT,
    ANSWER,
)  # fmt: skip
def paper_check(tables: Path | None, page: bool, on: Ground) -> Answer | int:
    """Check the source against itself, ten findings; exit code 1 if one no longer holds."""
    answer = ex.paper_check(tables, plant=on.plant)
    if not page or answer.failures:
        return answer
    click.echo(answer.page(), nl=False)
    return 0


@command(cls=Alone)
@together(
    option("--share", default="1", show_default=True, metavar="X", type=Number(*bounds.OF_HORIZONS),
           help="Share of the full horizons to run, for a quick look."),
    option("--page", is_flag=True, help="Print the page docs/validation.md instead."),
    option("--plant", "of_plant", metavar="NAME|DIR",
           help="Hold this plant against the figures that are printed of it, and run no case."),
    WORKERS,
    ANSWER,
)  # fmt: skip
def validate(share: float, page: bool, of_plant: str | None, workers: int | None) -> Answer | int:
    """Run every engine case with a known answer, and hold plants against what is printed of them.

    Exit code 1 if one is off.
    """
    answer = ex.validate(share, plant=of_plant, workers=workers)
    if not page:
        return answer
    click.echo(answer.page(), nl=False)
    return 1 if answer.failures else 0


@command()
@together(
    argument("folder", metavar="DIR", type=Place()),
    option("--lang", "language", default="en", show_default=True, metavar="LANG",
           type=Word(LANGUAGES), help="en or zh: one language a copy."),
    option("--instructor", is_flag=True, help="Copy the pages with the answers, too."),
    option("--slides", is_flag=True,
           help="Make slides of the pictures, too: every lesson is run, minutes."),
    option("--lesson", "lessons", multiple=True, metavar="N", type=Count(0, 99),
           help="Only the lesson of this number; repeatable."),
)  # fmt: skip
def lessons(folder: Path, **asked: Any) -> None:
    """Copy the notebooks of the lessons into DIR, which is new or empty."""
    from experiments.lessons.copies import copy_lessons
    from experiments.output.phrases import told_in_lines

    click.echo(told_in_lines(str(copy_lessons(folder, **asked)), asked["language"]))
