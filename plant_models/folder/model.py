"""A plant from a folder as a `PlantModel`: what studies ask of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from plant_models.arguments import check_fit, check_surroundings, toml_path
from plant_models.folder import devices as devices_file
from plant_models.folder import limits as limits_file
from plant_models.folder import money, operating
from plant_models.folder import sheet as plant_file
from plant_models.folder.indicators import Figures, indicators, no_indicator, reasons
from plant_models.folder.limits import FolderLimits, read_limits
from plant_models.folder.places import NamedText, Sheet, sheet_of
from plant_models.folder.sheet import FlowSheet, SheetReader
from plant_models.folder.values import OWN_WORDS
from plant_models.folder.writing import facts_text
from plant_models.methods import published
from plant_models.methods.claims import Claim, usual
from plant_models.methods.devices import Devices
from plant_models.methods.economics import Economy
from plant_models.methods.flow_costing import SOLD
from plant_models.methods.published import Published, read_published
from plant_models.methods.standards import Standards
from plant_models.model import Lacks, PlantModel, Running, Schemes, Variant
from plant_models.outcome import Outcome
from sim.books.indicators import Indicators
from sim.clock.plant import Plant
from sim.clock.random_streams import RandomStreams
from sim.errors import BalanceError, all_at_once, told
from sim.model.facts import Design, load, set_values
from sim.model.schemes import Scheme, apply, load_schemes, parse_schemes
from sim.model.tree import leaves, rebuild
from sim.network.network import Network
from sim.steady.state import LET_BLOCK, SteadyState

if TYPE_CHECKING:
    from plant_models.why import Rows

SCHEMES = "schemes.toml"
TOLD_IN = {
    "schemes": SCHEMES,
    "prices": money.FILE,
    "emission limits": limits_file.FILE,
    "devices at the end of the pipe": devices_file.FILE,
    "published figures": published.FILE,
}
"""Files of a folder that say what a study may ask for."""
MEASURED = ("readings.csv", "history.csv")
"""Files that say what was seen: they make no design."""
NO_PLANT = f"no {plant_file.FILE} in the folder: 'plant new' writes one that runs"
NO_REST = (
    "has some tank no way out for what it gets too much of? Give it a sink (spills_to), or a purge"
)
"""What keeps a plant from constant conditions, as a rule."""
TAKES_TOO_MUCH = (
    "a reaction takes more of a reactant than comes, run tells which: let its key be the scarcer "
    "one, or draw more"
)
"""What is the matter where a unit gives less than nothing."""
Files = tuple[tuple[str, str], ...]
"""Texts of a folder by name, in the order of the names."""


@dataclass(frozen=True)
class Contents:
    """All that a folder says, read once."""

    sheet: FlowSheet
    figures: Figures
    network: Network
    schemes: Mapping[str, Scheme]
    economy: Economy | None
    limits: FolderLimits | None
    devices: Devices | None
    published: tuple[Published, ...] | None


@dataclass(frozen=True, eq=False, init=False, repr=False)
class FolderPlant(PlantModel[Any, Outcome[Any]]):
    """A plant whose fields are the contents of a folder.

    ``files``: the texts of its files by name. Two plants are equal whose files say the same. A
    ValueError tells all faults of all files at once, each with file, line and the nearest name.
    """

    files: Files
    contents: Contents

    said: str = field(repr=False)
    """What the files say, whatever their comments and spaces."""

    def __new__(cls, files: Files) -> FolderPlant:
        """Return the plant of these files: the same one whenever they say the same."""
        return _KNOWN.get(_said(files)) or super().__new__(cls)

    def __init__(self, files: Files) -> None:
        said = _said(files)
        if _KNOWN.get(said) is self:
            return
        contents, faults = read(files)
        if contents is None or faults:
            raise all_at_once([ValueError(fault) for fault in faults], "the folder")
        sheet, figures = contents.sheet, contents.figures
        told: dict[str, Any] = {
            "files": files,
            "contents": contents,
            "said": said,
            "name": sheet.name,
            "tree_type": type(sheet.tree),
            "units": figures.units,
            "processes": sheet.processes,
            "process_trains": _process_trains(sheet),
            "headlines": figures.headlines,
            "operating": figures.operating,
            "product": figures.product,
            "apart": contents.devices.schemes if contents.devices is not None else (),
            "emissions": figures.emissions,
            "neutral": figures.neutral,
            "utilities": (*figures.bought, *figures.over_peak),
            "bought": figures.bought,
            "event_sources": operating.EVENT_SOURCES,
            "upsets": {
                name: (f"{name}.failure.mtbf", f"{name}.run_on.interlock")
                for name in operating.runs_on(sheet, sheet.tree)
            },
        }
        for name, value in told.items():
            object.__setattr__(self, name, value)

        _let_travel(sheet.tree, files, _tree_of)
        if contents.economy is not None:
            _let_travel(contents.economy.prices().tree, files, _prices_of)
        if len(_KNOWN) >= MOST_PLANTS:
            _KNOWN.pop(next(iter(_KNOWN)))
        _KNOWN[said] = self

    def __reduce__(self) -> tuple[Any, ...]:
        """Return what travels: the files, which are read again."""
        return FolderPlant, (self.files,)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FolderPlant) and self.said == other.said

    def __hash__(self) -> int:
        return hash(self.said)

    def __repr__(self) -> str:
        return f"<FolderPlant {self.name}: {', '.join(name for name, _ in self.files)}>"

    @property
    def measured(self) -> tuple[str, ...]:
        """Files of what was seen that its folder has."""
        return tuple(name for name, _ in self.files if name in MEASURED)

    @property
    def written(self) -> Mapping[str, str]:
        """Names that its files give, as they are written and as tables space them; titles."""
        network, sheet, economy = self.contents.network, self.sheet, self.contents.economy
        ends = (*sheet.supplies, *sheet.sinks)
        names = {
            *(*network.units, *network.tanks, *(train.name for train in network.trains)),
            *(*ends, *(f"{name}_t" for name in ends), *network.components.names),
            *(*sheet.processes, *(each.name for each in sheet.operations)),
            *(economy.items if economy is not None else ()),
        }
        said = {*names, *(name.replace("_", " ") for name in names), self.name, sheet.title} - {""}
        titles = {each.title: each.title_zh or each.title for each in self.catalogue().values()}
        return {name: name for name in sorted(said)} | titles

    @property
    def sheet(self) -> FlowSheet:
        """The flow sheet: what its plant.toml says."""
        return self.contents.sheet

    # ---- what it is ----------------------------------------------------------------------------

    @cached_property
    def _baseline(self) -> Design[Any]:
        return Design(self.sheet.tree, self.sheet.facts, {**OWN_WORDS, **self.sheet.sources})

    def baseline(self) -> Design[Any]:
        """Return its design before any scheme, with the facts it is made of."""
        return self._baseline

    def catalogue(self) -> Mapping[str, Scheme]:
        """Return its schemes by id."""
        return self.contents.schemes

    def network(self, tree: Any, /) -> Network:
        """Return who feeds whom in a design; what nobody has built yet does not fail."""
        found, devices = self.sheet.network(tree, self.contents.network), self.contents.devices
        unbuilt = devices.unbuilt(tree) if devices is not None else ()
        return found.refitted({name: operating.at_rest(found.units[name]) for name in unbuilt})

    def check(self, tree: Any, /) -> Any:
        """Return a design whose values fit each other; raise ValueError if they do not."""
        check_fit(operating.faults(self.sheet, tree))
        return tree

    def overlaid(self, path: Path) -> Design[Any]:
        """Return the baseline with the facts of a file over its own."""
        sources = {**OWN_WORDS, **self.sheet.sources}
        own = facts_text(self.sheet.facts)
        return load(self.tree_type, own, sources=sources, overrides=[path])

    # ---- how it runs ---------------------------------------------------------------------------

    def running(self, variant: Variant[Any], streams: RandomStreams, **on: Any) -> Running[Any]:
        """Return it with all its processes started."""
        return operating.running(self.sheet, self.network, variant, streams, **on)

    def outcome(
        self, variant: Variant[Any], plant: Plant, years: float, **told: Any
    ) -> Outcome[Any]:
        """Return what it has come to by now; its books must close."""
        return Outcome.of(
            *(variant, plant, years, operating.operating_hours(plant, self.sheet.pacer)),
            demurrage_hours=plant.demurrage.hours(),
            full_hours=plant.states.limiting_hours(),
            **told,
        )

    def steady_state(
        self,
        schemes: Variant[Any] | Design[Any] | Any | Schemes = "none",
        *,
        design: Design[Any] | Any | None = None,
        known: Mapping[str, Scheme] | None = None,
        surroundings: Mapping[str, float] | None = None,
    ) -> Outcome[Any]:
        """Return a year of constant conditions, ``plant.operating_hours`` long.

        ``schemes``, ``design``, ``known``: see `variant`; ``surroundings``: ``air`` and
        ``cooling_water``, K, and ``pressure``, Pa; the plant's own by default. Raises BalanceError
        if the flows do not settle; others as of `variant`.
        """
        variant = self.variant(schemes, design=design, known=known)
        own = operating.surroundings(variant.tree)
        felt = own if surroundings is None else dict(check_surroundings(surroundings))
        hours = variant.tree.site.operating_hours
        ordered = {of.train for of in self.sheet.operations if of.kind == "delivery"}
        try:
            state = SteadyState(variant.network, felt, ordered=ordered)
            ledger = state.ledger(hours)
        except BalanceError as fault:
            words = str(fault)
            takes = re.search(r"\bunit \w+, below nothing: ", words)
            hint = TAKES_TOO_MUCH if takes else NO_REST
            told = words if words.endswith(LET_BLOCK) else f"{words}; {hint}"
            raise BalanceError(told) from None
        return Outcome(
            variant,
            ledger,
            1.0,
            hours,
            full_hours={state.bottleneck: hours},
            loads=state.loads | state.utility_loads,
            surroundings=felt,
        )

    @property
    def reasons(self) -> Mapping[str, Rows]:
        """What adds up to each of its figures."""
        return reasons(self.sheet, self.contents.figures)

    def indicators(self, of: Outcome[Any]) -> Indicators:
        """Return the figures of a run, per simulated year."""
        return indicators(
            self.sheet, self.contents.figures, of.ledger, of.operating_hours, of.years
        )

    def check_change(self, was: Any, becomes: Any) -> None:
        """Raise ValueError where a running plant cannot go on as another design."""
        operating.refuse_changes(self.sheet, was, becomes)

    def shutdown(self, tree: Any) -> float:
        """Return the hour of the year at which the annual shutdown begins, h."""
        starts = [
            float(getattr(tree, of.name).start)
            for of in self.sheet.operations
            if of.kind == "shutdown"
        ]
        return starts[0] if starts else 0.0

    def acts_at_rest(self, tree: Any, path: str) -> bool:
        """Return whether a parameter has a part in constant conditions."""
        in_time = {*self.sheet.tanks, *(of.name for of in self.sheet.operations)}
        head, *parts = path.split(".")
        return head not in in_time and not {*parts} & {*operating.OF_EVENTS}

    # ---- what it may have ----------------------------------------------------------------------

    @property
    def programme(self) -> tuple[str, ...]:
        """The schemes that a programme is of where nobody says: no device at the end of a pipe."""
        known = self.catalogue().items()
        return tuple(name for name, of in known if not of.illustrative and name not in self.apart)

    @property
    def devices(self) -> Devices:
        """The devices that may stand at the ends of its pipes."""
        if self.contents.devices is None:
            raise self.lacks("devices at the end of the pipe", "end-of-pipe")
        return self.contents.devices

    @property
    def claims(self) -> Mapping[str, Claim]:
        """What is concluded of any programme; whatever its sinks are called."""
        waste = tuple(f"{s}." for s, medium in self.sheet.sinks.items() if medium not in SOLD)
        return usual(self.units, begin=waste) if waste else usual(())

    @property
    def economy(self) -> Economy:
        """What it buys and sells, at which prices, and what its schemes cost."""
        if self.contents.economy is None:
            raise self.lacks("prices", "money")
        return self.contents.economy

    def limits(self, file: Path | None = None, **terms: Any) -> Standards:
        """Return the limits of its folder, or of a file; they know no terms."""
        for name, value in terms.items():
            raise TypeError(
                f"{name}: the limits of a folder know no terms, came {told(value)}; leave it out"
            )
        if file is not None:
            sheet, faults = sheet_of(str(file), toml_path(file).read_text(encoding="utf-8-sig"))
            found, more = _limits(sheet, self.sheet)
            if faults or more:
                raise all_at_once([ValueError(fault) for fault in (*faults, *more)], str(file))
            return found
        if self.contents.limits is None:
            raise self.lacks("emission limits", "limits")
        return self.contents.limits

    @property
    def published(self) -> tuple[Published, ...]:
        """Figures that a source prints, each with what the model has of it."""
        if self.contents.published is None:
            raise self.lacks("published figures", "validate --plant")
        return self.contents.published

    def lacks(self, what: str, who: str) -> Lacks:
        """Return the message that this plant has not what somebody asks for, and which file."""
        file = TOLD_IN.get(what, "")
        here = file and all(file != name for name, _ in self.files)
        return super().lacks(f"{what}: no {file} in its folder" if here else what, who)


MOST_PLANTS = 1000
_KNOWN: dict[str, FolderPlant] = {}
"""Plants that have been read, the last ones: what says the same is the same plant, with one tree
type, however often it is read."""


def _said(files: Files) -> str:
    """Return what files say: two that differ in comments and spaces alone say the same."""
    found = []
    for name, text in files:
        sheet, faults = sheet_of(name, text) if name.endswith(".toml") else (None, ["text"])
        known = text if sheet is None or faults else dict(sorted(sheet.table.items()))
        found.append((name, known))
    return repr(found)


def _let_travel(tree: Any, files: Files, way_in: Callable[[Files, Mapping[str, Any]], Any]) -> None:
    """Let trees of a class made at run time travel as the files that it is from."""

    def reduced(tree: Any) -> tuple[Any, ...]:
        return way_in, (files, {path: value for path, _, value in leaves(tree)})

    kind: Any = type(tree)
    kind.__reduce__ = reduced


def _prices_of(files: Files, values: Mapping[str, Any]) -> Any:
    """Return the prices of a plant with these values; the way in of those that have travelled."""
    return rebuild(FolderPlant(files).economy.prices().tree, values)


def _tree_of(files: Files, values: Mapping[str, Any]) -> Any:
    """Return the tree of a plant with these values; the way in of one that has travelled."""
    return rebuild(FolderPlant(files).baseline().tree, values)


def read(files: Files) -> tuple[Contents | None, list[str]]:
    """Return what a folder's files say, and everything that is wrong with them."""
    texts = dict(files)
    if plant_file.FILE not in texts:
        return None, [NO_PLANT]
    written, faults = sheet_of(plant_file.FILE, texts[plant_file.FILE])
    if faults:
        return None, [*faults, *_unreadable(texts)]
    reader = SheetReader(written, texts)
    sheet = reader.read()
    if sheet is None:
        return None, [*reader.faults, *_unreadable(texts)]
    try:
        network = sheet.network(sheet.tree)
        check_fit(operating.stated_faults(sheet, sheet.tree))
    except (ValueError, LookupError, TypeError, ArithmeticError) as fault:
        return None, [f"{plant_file.FILE}: {fault}", *_unreadable(texts)]
    figures = Figures.of(sheet)
    wrong = [
        f"{written.at('plant.headlines')}: plant.headlines: {no_indicator(name, figures.units)}"
        for name in figures.headlines
        if name not in figures.units
    ]
    schemes, more = _schemes(texts, sheet)
    economy, of_money = _economy(texts, sheet, figures, None if more else schemes)
    limits, of_limits = None, list[str]()
    if limits_file.FILE in texts:
        own, of_limits = sheet_of(limits_file.FILE, texts[limits_file.FILE])
        if not of_limits:
            limits, of_limits = _limits(own, sheet)
    devices, of_devices = _devices(texts, sheet, figures, None if more else schemes)
    printed, of_printed = _published(texts, sheet, figures, schemes)
    contents = Contents(sheet, figures, network, schemes, economy, limits, devices, printed)
    return contents, [*wrong, *more, *of_money, *of_limits, *of_devices, *of_printed]


def _unreadable(texts: Mapping[str, str]) -> list[str]:
    """Return which other files are no TOML, where the plant itself cannot be read."""
    others = (SCHEMES, money.FILE, limits_file.FILE, devices_file.FILE, published.FILE)
    return [fault for name in others if name in texts for fault in sheet_of(name, texts[name])[1]]


def _schemes(texts: Mapping[str, str], sheet: FlowSheet) -> tuple[Mapping[str, Scheme], list[str]]:
    if SCHEMES not in texts:
        return {}, []
    named = NamedText(SCHEMES, texts[SCHEMES])
    try:
        found = load_schemes(named, tree_type=type(sheet.tree), brief=True)
    except (ValueError, LookupError) as fault:
        return {}, _single(fault)
    faults = []
    own, _ = sheet_of(SCHEMES, texts[SCHEMES])
    for name, scheme in found.items():
        try:
            tree = apply(sheet.tree, [scheme])
            check_fit(operating.stated_faults(sheet, tree))
            sheet.network(tree)
        except (ValueError, LookupError, ArithmeticError) as fault:
            for each in _single(fault):
                said = each.removeprefix(f"{name}: ")
                patch = next((one.path for one in scheme.patches if one.path in said), "")
                faults.append(f"{own.at(name, patch)}: {name}: {said}")
    return found, faults


def _single(fault: Exception) -> list[str]:
    """Return the faults of a message that tells several."""
    first, *rest = str(fault).split("\n  - ")
    return rest or [first]


def _economy(
    texts: Mapping[str, str],
    sheet: FlowSheet,
    figures: Figures,
    schemes: Mapping[str, Scheme] | None,
) -> tuple[Economy | None, list[str]]:
    if money.FILE not in texts:
        return None, []
    written, faults = sheet_of(money.FILE, texts[money.FILE])
    if faults:
        return None, faults
    reader = money.PricesReader(written, figures.units, schemes, sheet.sources)
    return reader.read(), reader.faults


def _limits(written: Sheet, sheet: FlowSheet) -> tuple[FolderLimits, list[str]]:
    outlets = {outlet: pipe.to for outlet, pipe in sheet.piping.pipes.items()}
    names = sheet.substances.names
    return read_limits(written, tuple(sheet.sinks), outlets, names, {})


def _devices(
    texts: Mapping[str, str],
    sheet: FlowSheet,
    figures: Figures,
    schemes: Mapping[str, Scheme] | None,
) -> tuple[Devices | None, list[str]]:
    if devices_file.FILE not in texts or schemes is None:
        return None, []
    written, faults = sheet_of(devices_file.FILE, texts[devices_file.FILE])
    if faults:
        return None, faults
    ends = (*sheet.sinks, *sheet.supplies)
    also = (*(f"{name}_t" for name in ends), *figures.bought, "operating_hours")
    reader = devices_file.DevicesReader(written, sheet, schemes, also)
    return reader.read(), reader.faults


def _published(
    texts: Mapping[str, str], sheet: FlowSheet, figures: Figures, schemes: Mapping[str, Scheme]
) -> tuple[tuple[Published, ...] | None, list[str]]:
    if published.FILE not in texts:
        return None, []
    written, faults = sheet_of(published.FILE, texts[published.FILE])
    if faults:
        return None, faults
    known = {**OWN_WORDS, **sheet.sources}
    found, faults = read_published(
        written.table, written.at, indicators=figures.units, sources=known
    )
    design = Design(sheet.tree, sheet.facts, known)
    for each in found:
        try:
            set_values(design, each.set)
            parse_schemes(each.schemes, schemes)
        except (ValueError, LookupError, TypeError) as fault:
            faults += [written.fault(each.name, one) for one in _single(fault)]
    return found, faults


def _process_trains(sheet: FlowSheet) -> tuple[str, ...]:
    """Return the trains that can be the bottleneck: those that nobody loads or unloads."""
    moved = {of.train for of in sheet.operations if of.kind in ("delivery", "collection")}
    return tuple(name for name in sheet.trains if name not in moved) or tuple(sheet.trains)
