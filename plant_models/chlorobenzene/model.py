"""The chlorobenzene line as a `PlantModel`: what studies ask of it."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from plant_models.arguments import check_surroundings, word
from plant_models.chlorobenzene.line import operation, weather, wiring
from plant_models.chlorobenzene.line.design import DATA, FACTS, SOURCES, baseline, catalogue, check
from plant_models.chlorobenzene.line.tree import Line
from plant_models.chlorobenzene.line.upsets import UPSETS
from plant_models.chlorobenzene.paper.printed import PROGRAMME, table_1_3
from plant_models.chlorobenzene.ranges.acting import acts_in_the_steady_state
from plant_models.chlorobenzene.ranges.calibrated import (
    STRUCTURE,
    STRUCTURES,
    calibrated_design,
    restructured,
    structure_of,
)
from plant_models.chlorobenzene.run.indicators import UNITS, indicators
from plant_models.chlorobenzene.run.result import Result
from plant_models.chlorobenzene.substances.chemistry import (
    CHLORINATION,
    MCB,
    SECOND_CHLORINATION,
)
from plant_models.chlorobenzene.substances.properties import MOLAR_MASS
from plant_models.model import PlantModel, Running, Schemes, Variant
from plant_models.outcome import Outcome
from sim.books.indicators import Indicators
from sim.clock.plant import Plant
from sim.clock.random_streams import RandomStreams
from sim.errors import BalanceError, did_you_mean, told
from sim.model import explain
from sim.model.explain import Card
from sim.model.facts import Design, load, set_values
from sim.model.parameters import Value
from sim.model.schemes import Scheme
from sim.model.tree import paths
from sim.steady.state import SteadyState

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from plant_models.chlorobenzene.law.terms import Terms
    from plant_models.chlorobenzene.paper.audit import Audit
    from plant_models.methods.auditing import Auditing
    from plant_models.methods.calibration import Calibratable
    from plant_models.methods.carbon import Footprint
    from plant_models.methods.devices import Devices
    from plant_models.methods.economics import Economy
    from plant_models.methods.heat_balance import HeatBalance
    from plant_models.methods.management import Slackening
    from plant_models.methods.set_points import Operators
    from plant_models.methods.yardsticks import Yardstick
    from plant_models.why import Rows


@dataclass(frozen=True)
class ChlorobenzeneLine(PlantModel[Line, Result]):
    """The line of Taiyuan's chemical plant, before and after cleaner production."""

    name = "chlorobenzene line"
    tree_type = Line
    units = UNITS
    processes = wiring.PROCESSES
    headlines = ("air.benzene_t", "wastewater_t")
    operating = (
        "chlorobenzene_t",
        "hydrochloric_acid_t",
        "dichlorobenzene_t",
        "operating_hours",
        "availability",
    )
    product = "chlorobenzene_t"
    emissions = tuple(name for name in UNITS if name.startswith(("air.", "wastewater")))
    neutral = ("stock_change_t", "slop_oil_t")
    apart = ("F12",)  # the source names it without investment, income or benefit
    utilities = ("steam_t", "power_mwh", "cooling_water_t", "cooling_water_intake_t")
    bought = ("steam_t", "power_mwh", "cooling_water_intake_t")
    printed_source = "plant-case"
    printed_note = (
        "paper says: Table 1-3 of the source, one total for F1 to F11; the baseline is calibrated "
        "to it"
    )
    event_sources = operation.EVENT_SOURCES
    upsets = UPSETS
    process_trains = wiring.PROCESS_TRAINS

    @property
    def notable(self) -> tuple[str, ...]:
        """What the source prints reductions of, the product, and what costs most."""
        used = ("benzene_used_t", "steam_t", "cooling_water_intake_t")
        return (*table_1_3(), self.product, *used)

    fact_files, source_files = FACTS, SOURCES
    programme, measures = PROGRAMME, ("M1", "M2", "M3")

    baseline, catalogue = staticmethod(baseline), staticmethod(catalogue)
    check, network = staticmethod(check), staticmethod(wiring.network)
    check_change = staticmethod(operation.refuse_changes)
    acts_at_rest = staticmethod(acts_in_the_steady_state)

    structures = STRUCTURES

    def catalogue_of(self, tree: Line) -> Mapping[str, Scheme]:
        """Return the schemes as they are calibrated for the structure of a tail end."""
        return catalogue(structure_of(tree))

    choices: ClassVar[Mapping[str, tuple[Value, ...]]] = {
        "gas_catcher.structure": STRUCTURES,
        "chlorinator.control": ("liquor", "conversion"),
        "cooling_water.source": ("well", "river"),
    }
    silent: ClassVar[Mapping[str, Value]] = {"chlorinator.stages": 3}

    def chosen(self, design: Design[Line], values: Mapping[str, Value]) -> Design[Line]:
        """Return a line with structures chosen, each tail end with its calibrated values."""
        structure = str(values.get(STRUCTURE, structure_of(design.tree)))
        return set_values(self.grounded(design, structure), values)

    def readings(self, design: Design[Line]) -> Mapping[str, Design[Line]]:
        """Return a line with either tail end, the liquor or the conversion held.

        The conversion that is held then is the one which the held liquor comes to.
        """
        return {
            f"{structure}, {held}": one
            for structure in STRUCTURES
            for held, one in self._controls(restructured(design, structure)).items()
        }

    def _controls(self, design: Design[Line]) -> Mapping[str, Design[Line]]:
        liquor = set_values(design, {"chlorinator.control": "liquor"})
        settings = {
            "chlorinator.control": "conversion",
            "chlorinator.conversion": self.conversion(liquor),
        }
        return {"liquor": liquor, "conversion": set_values(design, settings)}

    def readings_of(
        self, structure: str, values: Sequence[float]
    ) -> Mapping[str, tuple[Design[Line], Mapping[str, Scheme], Design[Any]]]:
        """Return line, schemes and prices of a fit, the liquor or the conversion held."""
        from plant_models.chlorobenzene.ranges.calibration import fitted

        design, known, book = fitted(structure, values)
        return {
            f"{structure}, {held}": (one, known, book)
            for held, one in self._controls(design).items()
        }

    def share(self, capacity: float) -> float:
        """Return what a printed tonne stands for in a line of the base's size."""
        from plant_models.chlorobenzene.ranges.calibration import share

        return share(capacity)

    def yardsticks(self, design: Design[Line]) -> Sequence[Yardstick]:
        """Return what the catcher of a line comes to, beside what washing towers do."""
        from plant_models.chlorobenzene.ranges.literature import yardsticks

        return yardsticks(self.steady_state(design))

    def second_plant(self) -> Sequence[Yardstick]:
        """Return waters and bottoms of another plant of 20 kt/yr, before anything is fitted."""
        from plant_models.chlorobenzene.line.design import prior_catalogue
        from plant_models.chlorobenzene.ranges.literature import second_plant

        design = super().overlaid(DATA / "second_plant.toml")  # over the facts as they are
        return second_plant(self.steady_state(design=design, known=prior_catalogue()))

    def conversion(self, design: Design[Line]) -> float:
        """Return the conversion of benzene per pass at constant conditions, kg/kg."""
        flows = self.steady_state(design).flows
        benzene = flows[flows.component == "benzene"]
        fed = benzene[benzene.source == "dry_benzene_tank"].kg.sum()
        left = benzene[benzene.source == "chlorinator"].kg.sum()
        return float(1.0 - left / fed)

    def grounded(self, design: Design[Line], tree: Line | str) -> Design[Line]:
        """Return a design with the calibrated values of the structure that a tree has."""
        wanted = tree if isinstance(tree, str) else structure_of(tree)
        return design if structure_of(design.tree) == wanted else restructured(design, wanted)

    def overlaid(self, path: Path) -> Design[Line]:
        """Return the line with a user's facts; all others as calibrated."""
        return calibrated_design(super().overlaid(path), "facts")

    def card(
        self, name: str | None = None, *, design: Design[Line] | Line | None = None
    ) -> Card[Any]:
        """Return the parameters of a unit (of everything by default): source, domain and range.

        ``prices``, or ``prices.benzene``, is what goods, utilities and money cost; ``baseline`` is
        everything; ``limits``, ``schemes``, ``weather`` and the other data files have a sheet each.
        Raises LookupError: no such unit or data file; tells what comes near.
        """
        from plant_models.chlorobenzene.line import data_files
        from plant_models.chlorobenzene.money.prices import prices

        design = self.own(design)
        if name is None:
            return explain.card(design.tree, design.facts)
        if not isinstance(name, str):
            raise TypeError(f"unit must be a name, like 'off_gas_cooler', not {told(name)}")
        head, _, part = name.partition(".")
        if head == "prices":
            return explain.card(prices().tree, prices().facts, part or None)
        if head == "baseline":
            return explain.card(design.tree, design.facts, part or None)
        sheets = data_files.sheets()
        if head in sheets:
            return data_files.sheet(name)
        units = dict.fromkeys(path.partition(".")[0] for path in paths(design.tree))
        if head not in units:
            hint = did_you_mean(head, (*units, *sheets), list_up_to=60)
            said = head if head.isidentifier() else name  # a pattern, or nothing before the dot
            raise LookupError(f"no unit or data file {told(said)}{hint}")
        return explain.card(design.tree, design.facts, name)

    def cards(self, design: Design[Line] | Line | None = None) -> tuple[Card[Any], ...]:
        """Return the card of the line and of the prices, and the sheets of all other files."""
        from plant_models.chlorobenzene.line import data_files

        own = [file.name for file in FACTS]
        others = [name for name, file in data_files.sheets().items() if file not in own]
        return (self.card(design=design), *(self.card(name) for name in others))

    def running(self, variant: Variant[Line], streams: RandomStreams, **on: Any) -> Running[Line]:
        """Return the line with all its processes started."""
        return operation.running(variant.tree, streams, wired=lambda: variant.network, **on)

    def outcome(self, variant: Variant[Line], plant: Plant, years: float, **given: Any) -> Result:
        """Return what the line has come to by now; its books must close."""
        result = Result.of(
            *(variant, plant, years, operation.operating_hours(plant)),
            demurrage_hours=plant.demurrage.hours(),
            full_hours=plant.states.limiting_hours(),
            **given,
        )
        # what lets something go now and then is no train that one asks after
        hours = {name: told for name, told in result.hours.items() if name in wiring.TRAINS}
        return replace(result, hours=hours)

    def made(self, of: Outcome[Line]) -> float:
        """Return the chlorobenzene that the chlorinators have made, t/yr; stocks do not matter."""
        kmol = {made.equation: x for (_, made), x in of.ledger.extents.items()}
        net = kmol[CHLORINATION.equation] - kmol[SECOND_CHLORINATION.equation]
        return net * MOLAR_MASS[MCB] / 1000.0 / of.years

    def steady_state(
        self,
        schemes: Variant[Line] | Design[Line] | Line | Schemes = "none",
        *,
        design: Design[Line] | Line | None = None,
        known: Mapping[str, Scheme] | None = None,
        surroundings: Mapping[str, float] | None = None,
    ) -> Result:
        """Return a year of constant conditions, ``site.operating_hours`` long.

        ``schemes``, ``design``, ``known``: see `variant`; ``surroundings``: ``air`` and
        ``cooling_water``, K, and ``pressure``, Pa; annual means by default. Raises BalanceError if
        the flows do not settle; others as of `variant`.
        """
        variant = self.variant(schemes, design=design, known=known)
        line = variant.tree
        felt = (
            weather.annual_mean(line) if surroundings is None else check_surroundings(surroundings)
        )
        state = SteadyState(variant.network, felt, midway())
        slowest = state.bottleneck
        if slowest in variant.network.relieved:
            raise BalanceError(state.relief(slowest))
        hours = line.site.operating_hours
        return Result(
            variant,
            state.ledger(hours),
            1.0,
            hours,
            full_hours={slowest: hours},
            loads=state.loads | state.utility_loads,
            surroundings=felt,
        )

    @property
    def reasons(self) -> Mapping[str, Rows]:
        """What adds up to each of its figures."""
        from plant_models.chlorobenzene.run.why import ROWS

        return ROWS

    def indicators(self, of: Outcome[Line]) -> Indicators:
        """Return the figures of a run, per simulated year."""
        demurrage = sum(of.demurrage_hours.values())
        runs = bool(of.hours)  # at rest there are none
        lots = runs and "lots" in operation.sources_of(of.without)
        return indicators(of.tree, of.ledger, of.operating_hours, of.years, demurrage, lots)

    def words_beside(self, of: Any) -> Iterable[str]:
        """Return the sources of properties and weather."""
        from plant_models.chlorobenzene.line import data_files

        files = (data_files.PROPERTIES, data_files.WEATHER)
        return [row.source for file in files for row in data_files.data(file)]

    catalogues: ClassVar[Mapping[str, Path]] = {"ours": DATA / "options.toml"}

    def operators(self, tree: Line) -> Operators:
        """Return the set points of the line, and what any setting of it must keep."""
        from plant_models.chlorobenzene.run.operators import operators

        return operators(tree)

    @property
    def footprint(self) -> Footprint:
        """Greenhouse gas of steam and power."""
        from plant_models.chlorobenzene.money.carbon import FOOTPRINT

        return FOOTPRINT

    @property
    def auditing(self) -> Auditing:
        """What an audit report says of the line: component groups, floors, words."""
        from plant_models.chlorobenzene.run import floors
        from plant_models.methods.auditing import Auditing

        return Auditing.read(Path(floors.__file__).with_name("auditing.toml"), floors.scorecard)

    def auditing_words(self, language: str) -> Mapping[str, str]:
        """Return what an audit report says of the line in Chinese; parts are called as in a diary.

        A # in a text stands for a number.
        """
        from plant_models.chlorobenzene.run import floors
        from plant_models.languages import words_of

        if language == "en":
            return {}
        names = words_of(floors.__package__, language).table["names"]
        file = Path(floors.__file__).with_name(f"auditing_{language}.toml")
        told = tomllib.loads(file.read_text(encoding="utf-8"))
        return {name.replace("_", " "): word for name, word in names.items()} | told

    def printed_reductions(
        self, before: tuple[str, ...], after: tuple[str, ...]
    ) -> Mapping[str, float]:
        """Return the eight reductions of Table 1-3, which are those of the whole programme."""
        return table_1_3() if (before, after) == ((), PROGRAMME) else {}

    def limits(self, file: Path | None = None, **terms: Any) -> Terms:
        """Return the limits of the plant's day, or a file's, on some terms; see `Terms`."""
        from plant_models.chlorobenzene.law.limits import limits, read_limits
        from plant_models.chlorobenzene.law.terms import TERMS, Terms

        for name in terms:
            word("limits", name, TERMS)
        return Terms(limits=limits() if file is None else read_limits(file), **terms)

    @property
    def economy(self) -> Economy:
        """The line's books and prices; they are read when they are first asked for."""
        from plant_models.chlorobenzene.money.economy import ECONOMY

        return ECONOMY

    @property
    def plan(self) -> Design[Any]:
        """How the schemes of the line are bought and built in."""
        from plant_models.chlorobenzene.money.installation import plan

        return plan()

    def overlaid_plan(self, path: Path) -> Design[Any]:
        """Return the plan with the facts of a file over its own."""
        from plant_models.chlorobenzene.money.installation import overlaid_plan

        return overlaid_plan(path)

    def shutdown(self, tree: Line) -> float:
        """Return the hour of the year at which the annual shutdown begins, h."""
        return tree.annual_shutdown.start

    def heat_balance(self, of: Outcome[Line]) -> HeatBalance:
        """Return the heat of every unit and of the line, at the constant conditions of a run."""
        from plant_models.chlorobenzene.heat.balance import heat_balance

        if of.surroundings is None:
            raise ValueError(
                "a heat balance takes constant conditions, this run had seasons and stops: "
                "ask steady_state(...).heat()"
            )
        return heat_balance(of.tree, of.surroundings)

    def audit_of_source(self, tables: Path | None = None) -> Audit:
        """Return the ten checks of the case study, or of other copies of its tables."""
        from plant_models.chlorobenzene.paper.audit import audit
        from plant_models.chlorobenzene.paper.printed_source import printed_source

        return audit(printed_source(tables))

    @property
    def claims(self) -> Mapping[str, Callable[[Any], bool | None]]:
        """Conclusions that the source or the base values suggest."""
        from plant_models.chlorobenzene.ranges.claims import CLAIMS

        return CLAIMS

    def calibration_of(self, structure: str, capacity: float = 0.0) -> Calibratable:
        """Facts, patches and prices marked ``fit``, and the tables of the source."""
        from plant_models.chlorobenzene.ranges import calibrated, calibration
        from plant_models.methods.calibration import Calibratable

        word("structure", structure, self.structures)
        share = calibration.share(capacity)
        return Calibratable(
            calibration.parameters(structure, share),
            calibration.targets(share),
            partial(calibration.Programme, self, structure=structure),
            calibration.fingerprint(structure),
            Path(str(calibrated.FILES[structure])),
            calibrated.document(structure),
            "Tables 1-2 and 1-3 of the source (docs/calibration.md)",
            product=calibration.PRODUCT,
            options="" if structure == STRUCTURES[0] else f"--structure {structure}",
        )

    @property
    def devices(self) -> Devices:
        """A carbon bed and an effluent stripper."""
        from plant_models.chlorobenzene.money.end_of_pipe import devices

        return devices()

    @property
    def slackening(self) -> Design[Slackening]:
        """How M1 to M3 wear off; values live in ``data/management.toml``."""
        from plant_models.methods.management import Slackening

        return load(Slackening, DATA / "management.toml", sources=SOURCES)

    def pictures(self, designs: Sequence[Any]) -> Mapping[str, Callable[[], Figure]]:
        """Return what draws designs: emissions, their causes, and the flow chart."""
        from plant_models.chlorobenzene.figures.designs import pictures

        return pictures(designs)


PLANT = ChlorobenzeneLine()


@cache
def midway() -> SteadyState:
    """Return the line with half of the schemes at rest: what it draws is near to what most draw."""
    half = PLANT.variant("F1-F6")
    return SteadyState(half.network, weather.annual_mean(half.tree))


simulate, steady_state, line = PLANT.simulate, PLANT.steady_state, PLANT.tree
