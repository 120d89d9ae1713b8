"""A plant as a value: all that a study asks of it, and its designs, parsed and wired once.

A study takes a plant and knows nothing of what it makes. What a plant may lack (prices, limits,
printed figures, ...) it lacks until its class says otherwise: whoever asks gets one message that
names the thing, the plant and where it would stand.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from os import PathLike
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, cast

from plant_models.arguments import check_run, flag, toml_path, word
from plant_models.calendar import hours_of
from plant_models.hooks import ANSWERS, INSTEAD, Misfit, check_names, looked_at
from sim.errors import (
    ConflictError,
    Named,
    all_at_once,
    did_you_mean,
    gives_each,
    look_up,
    need_text,
    told,
)
from sim.model.facts import Design, load, scale_values, set_values
from sim.model.parameters import Value
from sim.model.schemes import Scheme, apply, compact, load_schemes, parse_schemes, patcher

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from plant_models.methods.auditing import Auditing
    from plant_models.methods.calibration import Calibratable
    from plant_models.methods.carbon import Footprint
    from plant_models.methods.devices import Devices
    from plant_models.methods.economics import Economy
    from plant_models.methods.heat_balance import HeatBalance
    from plant_models.methods.published import Published
    from plant_models.methods.set_points import Operators
    from plant_models.methods.standards import Standards
    from plant_models.methods.yardsticks import Yardstick
    from sim.books.indicators import Indicators
    from sim.clock.life import Outages
    from sim.clock.plant import Plant
    from sim.clock.random_streams import RandomStreams
    from sim.clock.recorder import Recorder
    from sim.clock.watch import Watch
    from sim.model.explain import Card
    from sim.network.network import Network

PRICES, LIMITS = "prices", "limits"
"""What a plant's prices are called by among the names of its units."""

File = str | PathLike[str]
"""Where a file is."""

T = TypeVar("T")
R = TypeVar("R", covariant=True)  # an Outcome

Schemes = str | Iterable[str]
"""``"none"``, ``"F1,F5"``, ``"F1-F4, F7"``, ``"F1+F7"``, ``"all"``, or an iterable of ids."""


@dataclass(frozen=True, repr=False)
class Variant(Generic[T]):
    """A design of a plant with its schemes in place: parsed, patched and checked once.

    Whatever asks for a design takes one of these as it is. It travels to other processes without
    the facts behind it, which are most of what would travel.
    """

    plant: PlantModel[T, Any]
    tree: T  #: The design as it runs
    schemes: tuple[str, ...]  #: Ids of the schemes in it, in the order of the catalogue
    base: Design[T] = field(compare=False)  #: The design before any scheme
    known: Mapping[str, Scheme] = field(compare=False)  #: The catalogue that the schemes are from
    label: str = ""  #: What to call it instead of its schemes

    def __repr__(self) -> str:
        """Return a line: all parameters would fill pages."""
        return f"<Variant of {self.plant.name}: {self.name}>"

    def __str__(self) -> str:
        return self.name

    def __getstate__(self) -> dict[str, Any]:
        """Return what travels: no facts, and nothing that can be made again."""
        names = ("plant", "tree", "schemes", "known", "label")
        state = {name: getattr(self, name) for name in names}
        return {**state, "base": Design(self.base.tree, {})}

    @property
    def name(self) -> str:
        """The scheme set as people write it, or the label."""
        return self.label or compact(self.schemes, self.known)

    @property
    def picked(self) -> tuple[Scheme, ...]:
        """The schemes themselves."""
        return tuple(self.known[name] for name in self.schemes)

    def in_time_alone(self, ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """Return what each scheme sets that has no part in constant conditions; none left out."""
        found = {}
        for name in ids:
            alone = apply(self.base.tree, [look_up("scheme", name, self.known)])
            paths = tuple(
                patch.path
                for patch in self.known[name].patches
                if not self.plant.acts_at_rest(alone, patch.path)
            )
            if paths:
                found[name] = paths
        return found

    @cached_property
    def network(self) -> Network:
        """Who feeds whom in it; wired once."""
        return self.plant.network(self.tree)

    def having(self, schemes: Schemes, label: str = "") -> Variant[T]:
        """Return the same base with another set of schemes in place.

        Raises ConflictError, LookupError or ValueError as of `PlantModel.variant`.
        """
        ids = parse_schemes(schemes, self.known, self.plant.elsewhere)
        if ids == self.schemes:
            return replace(self, label=label)
        tree = patcher(self.base.tree, self.known).apply(ids)
        return replace(self, tree=self.plant.check(tree), schemes=ids, label=label)

    def at(self, tree: T) -> Variant[T]:
        """Return the same schemes on another base tree, as when a parameter is drawn anew."""
        base = replace(self.base, tree=tree)
        patched = self.plant.check(apply(tree, self.picked))
        return replace(self, tree=patched, base=base)


@dataclass(frozen=True)
class Running(Generic[T]):
    """A plant that runs, and what it takes to rebuild it while it does."""

    plant: Plant
    outages: Outages  #: The hands that take units out of service
    change: Callable[[T, T], None]
    """Lets the plant go on as another design from this instant: ``change(was, becomes)``."""

    def __post_init__(self) -> None:
        from sim.clock.life import Outages
        from sim.clock.plant import Plant

        given: Mapping[str, object] = {"plant": self.plant, "outages": self.outages}
        for name, kind in (("plant", Plant), ("outages", Outages)):
            if not isinstance(given[name], kind):
                raise Misfit(
                    f"Running: expected {name} as {kind.__name__}, came {told(given[name])}"
                )
        if not callable(self.change):
            raise Misfit(f"Running: expected change as a function, came {told(self.change)}")


class Lacks(LookupError):
    """A study asks for something that this plant does not have."""


class PlantModel(ABC, Generic[T, R]):
    """All that a study asks of a plant.

    A subclass without fields is a plant of the package; one whose fields are the contents of a
    folder is a user's own. Either is a value: it compares, and travels to other processes.
    """

    name: ClassVar[str]
    """As messages and headings call it: ``chlorobenzene line``."""

    tree_type: ClassVar[type]
    """The frozen dataclass at the root of its designs."""

    units: ClassVar[Mapping[str, str]]
    """Its indicators, each with its unit of measure."""

    processes: ClassVar[Mapping[str, tuple[str, ...]]] = MappingProxyType({})
    """Which units and tanks belong to which process, every one once."""

    process_trains: ClassVar[tuple[str, ...]] = ()
    """Trains that can be the bottleneck; the others store, ship or unload. All where none is."""

    headlines: ClassVar[tuple[str, ...]]
    """Indicators that are looked at where nobody says which."""

    operating: ClassVar[tuple[str, ...]] = ()
    """Indicators of what it makes, and for how long it runs."""

    product: ClassVar[str] = ""
    """Indicator of what it is run for, t/yr, which other tonnes are told per tonne of."""

    emissions: ClassVar[tuple[str, ...]] = ()
    """Indicators of what leaves it as waste, t/yr."""

    neutral: ClassVar[tuple[str, ...]] = ()
    """Indicators that are good neither when they rise nor when they fall."""

    apart: ClassVar[tuple[str, ...]] = ()
    """Schemes that take no share in what the others bring, unless asked for."""

    utilities: ClassVar[tuple[str, ...]] = ()
    """Indicators of what it uses besides material."""

    bought: ClassVar[tuple[str, ...]] = ()
    """Those of them that come from outside, and that no flow of its ledger counts."""

    printed_source: ClassVar[str] = ""
    """Key of the source that its schemes are from."""

    printed_note: ClassVar[str] = ""
    """Where printed figures are from, in a sentence."""

    upsets: ClassVar[Mapping[str, tuple[str, str]]] = {}
    """Devices and supplies that it can run on without, with the parameters of the mean time between
    failures and of the interlock that would stop it."""

    event_sources: ClassVar[tuple[str, ...]] = ()
    """What ``without`` may leave out of a run."""

    def __init_subclass__(cls, **extra: Any) -> None:
        """Let what a class says be looked at before a study uses it."""
        super().__init_subclass__(**extra)
        for name in ANSWERS.keys() & vars(cls).keys():
            setattr(cls, name, looked_at(cls, name, vars(cls)[name], PlantModel))
        check_names(cls)

    @property
    def summary(self) -> tuple[str, ...]:
        """The few indicators that say most: product and headlines."""
        return tuple(dict.fromkeys(filter(None, (self.product, *self.headlines))))

    @property
    def notable(self) -> tuple[str, ...]:
        """The indicators that a page has room for."""
        return self.summary

    # ---- what it is ----------------------------------------------------------------------------

    @abstractmethod
    def baseline(self) -> Design[T]:
        """Return its design before any scheme, with the facts it is made of."""

    @abstractmethod
    def catalogue(self) -> Mapping[str, Scheme]:
        """Return its schemes by id."""

    @abstractmethod
    def network(self, tree: T, /) -> Network:
        """Return who feeds whom in a design."""

    def catalogue_of(self, tree: T, /) -> Mapping[str, Scheme]:
        """Return its schemes as they are for a design: where a structure decides their numbers."""
        return self.catalogue()

    choices: ClassVar[Mapping[str, tuple[Value, ...]]] = {}
    """Parameters that choose a structure where no source settles it, and what they may be."""

    silent: ClassVar[Mapping[str, Value]] = {}
    """Parameters that carry no range and choose no structure, yet might be otherwise; what else."""

    def chosen(self, design: Design[T], values: Mapping[str, Value]) -> Design[T]:
        """Return a design with structures chosen; what else is set in it stands."""
        return set_values(design, values)

    def readings(self, design: Design[T]) -> Mapping[str, Design[T]]:
        """Return a design under every reading of what its source leaves open, the base first.

        A structure that no number settles is named; findings that turn with it are told for each.
        """
        return {"as it is": design}

    def yardsticks(self, design: Design[T]) -> Sequence[Yardstick]:
        """Return what a design comes to that others can be held against; it was fitted to none."""
        return ()

    def second_plant(self) -> Sequence[Yardstick]:
        """Return what another plant of its kind comes to, unfitted, and what is said of it."""
        return ()

    def grounded(self, design: Design[T], tree: T, /) -> Design[T]:
        """Return a design with what was fitted for the structure of a tree, if that is another."""
        return design

    def check(self, tree: T, /) -> T:
        """Return a design whose values fit each other; raise ValueError if they do not."""
        return tree

    # ---- what a user states instead ------------------------------------------------------------

    @property
    def fact_files(self) -> tuple[File, ...]:
        """The data files of the baseline, for what a user puts over them."""
        raise self.lacks("data files of its own", "--design")

    @property
    def source_files(self) -> tuple[File, ...]:
        """Where the keys of sources are described."""
        return ()

    def own_design(
        self,
        path: Path | str | None = None,
        settings: str | Iterable[str] | Mapping[str, Value] = (),
        *,
        scales: str | Iterable[str] | Mapping[str, float] = (),
    ) -> Design[T]:
        """Return the baseline with a user's facts and settings in place of its own.

        Raises TypeError, ValueError or LookupError with all faults of the file, or of the settings.

        Parameters
        ----------
        path : path, optional
            A TOML file of facts, in the format of the baseline's; it may hold as few as it likes.
        settings : str, iterable of str, or mapping
            ``"off_gas_cooler.area=80"``, ``"off_gas_cooler.area=80 m2"``, or
            ``{"off_gas_cooler.area": 80.0}`` in the units of the parameters; patterns like
            ``"*.failure.mttr=8"`` set all that match.
        scales : str, iterable of str, or mapping
            Factors in the same way, ``"*.failure.mtbf=0.5"``; they act after the settings.
        """
        design = self.baseline() if path is None else self.overlaid(toml_path(path))
        own = scale_values(set_values(design, settings), scales)
        ground = self.grounded(design, own.tree)
        return own if ground is design else scale_values(set_values(ground, settings), scales)

    def overlaid(self, path: Path) -> Design[T]:
        """Return the baseline with the facts of a file over its own."""
        facts, sources = (map(Path, files) for files in (self.fact_files, self.source_files))
        return load(self.tree_type, *facts, sources=sources, overrides=[Path(path)])

    catalogues: ClassVar[Mapping[str, File]] = {}
    """Further catalogues of schemes by name, which take part only where they are asked for."""

    def own_schemes(
        self,
        path: Path | str | None = None,
        *,
        design: Design[T] | T | None = None,
        catalogue: str = "",
    ) -> Mapping[str, Scheme]:
        """Return the catalogue with a user's schemes added, or put in place of its own.

        ``design``: the one that they are for, where it is not the baseline. ``catalogue``: one of
        ``catalogues``, whose schemes are added, too.

        Raises LookupError: no such catalogue; ValueError: an id is one of the plant's but for
        small letters; others as of `load_schemes`.
        """
        need_text("own_schemes", catalogue=catalogue)
        known = self.catalogue_of(self.own(design).tree)
        if catalogue:
            if not self.catalogues:
                raise self.lacks("further catalogue", f"catalogue {catalogue!r}")
            file = Path(self.catalogues[word("catalogue", catalogue, self.catalogues)])
            known = {**known, **self.schemes_in(file)}
        if path is not None:
            own = self.schemes_in(toml_path(path))
            _refuse_lookalikes(str(path), own, known)
            known = {**known, **own}
        return Named(known, "scheme")

    def elsewhere(self, scheme: str) -> str:
        """Say in which further catalogue a scheme is, and how to ask for it; empty if in none."""
        for name, file in self.catalogues.items():
            if scheme.casefold() in map(str.casefold, self.schemes_in(Path(file))):
                return (
                    f"it is in the catalogue {name!r}; add --catalogue {name}, or in Python "
                    f"known=plant.own_schemes(catalogue={name!r})"
                )
        return ""

    def schemes_in(self, file: Path) -> Mapping[str, Scheme]:
        """Return the schemes of a file by id, which may be brief; raises as of `load_schemes`."""
        return load_schemes(file, tree_type=self.tree_type, brief=True)

    # ---- designs -------------------------------------------------------------------------------

    def variant(
        self,
        what: Variant[T] | Design[T] | T | Schemes = "none",
        *,
        design: Design[T] | T | None = None,
        known: Mapping[str, Scheme] | None = None,
        label: str = "",
    ) -> Variant[T]:
        """Return what was asked for as a design with its schemes in place.

        Raises ConflictError: two schemes set one parameter differently. Raises LookupError: no such
        scheme, or one patches what this design has not. Raises TypeError: something of another
        kind, or of another plant. Raises ValueError: a result outside a parameter's domain, or a
        design beside one that is put on none.

        Parameters
        ----------
        what : scheme set, tree, Design or Variant
            A set of schemes, ``"F1-F4, F7"``, is put on ``design``; anything else is a design
            itself. A Variant is returned as it is.
        design : Design or tree, optional
            Another design than the baseline, to put schemes on.
        known : Mapping[str, Scheme], optional
            Another catalogue of schemes.
        label : str
            What to call it instead of its schemes.
        """
        built = self._variant(what, design, known, label)
        self._refuse_idle(what, design, known)
        return built

    def variants(
        self,
        what: Iterable[Variant[T] | Design[T] | T | Schemes],
        *,
        design: Design[T] | T | None = None,
        known: Mapping[str, Scheme] | None = None,
    ) -> tuple[Variant[T], ...]:
        """Return several designs; as of `variant`, where not all of them stand by themselves.

        Raises what `variant` raises.
        """
        every = tuple(what)
        built = tuple(self._variant(each, design, known, "") for each in every)
        if all(isinstance(each, (Variant, Design, self.tree_type)) for each in every):
            for each in every:
                self._refuse_idle(each, design, known)
        return built

    def _refuse_idle(self, what: object, design: object, known: object) -> None:
        """Raise ValueError for a design or a catalogue that what is asked for makes no use of."""
        if isinstance(what, Variant):
            base = what.base
        elif isinstance(what, (Design, self.tree_type)):
            base = self.own(what)
        else:
            return
        asked = "and what is asked for is a design already"
        if design is not None and self.own(design).tree != base.tree:
            raise ValueError(f"design: schemes are put on it, {asked}; leave one out")
        if isinstance(what, Variant) and known is not None and known != what.known:
            raise ValueError(f"known: schemes are taken from it, {asked}; leave one out")

    def _variant(
        self,
        what: Variant[T] | Design[T] | T | Schemes,
        design: Design[T] | T | None,
        known: Mapping[str, Scheme] | None,
        label: str,
    ) -> Variant[T]:
        """Return what was asked for as a design, whatever it makes no use of; see `variant`."""
        if not isinstance(label, str):
            raise TypeError(f"label: expected a name, came {told(label)}")
        if isinstance(what, Variant) and what.plant != self:
            raise TypeError(f"a design of the {what.plant.name}, not of the {self.name}")
        if isinstance(what, Variant) and design is None and known is None:
            return what
        below = self.own(design)
        if known is None:
            whole = isinstance(what, (Design, self.tree_type))
            known = self.catalogue_of((self.own(what) if whole else below).tree)
        else:
            check_catalogue(known)
        if isinstance(what, Variant):
            return what
        ids: tuple[str, ...] = ()
        if isinstance(what, (Design, self.tree_type)):
            base = self.own(what)
            label = label or ("" if base.tree == self.baseline().tree else "own design")
        else:
            base, ids = below, parse_schemes(cast(Schemes, what), known, self.elsewhere)
        tree = self.check(patcher(base.tree, known).apply(ids))
        return Variant(self, tree, ids, base, known, label)

    def tree(self, schemes: Schemes = "none", **on: Any) -> T:
        """Return a design's tree with a set of schemes in place; ``on`` as of `variant`.

        >>> from plant_models.chlorobenzene import PLANT
        >>> PLANT.tree("F1").off_gas_cooler.arrangement
        'series'
        """
        return self.variant(schemes, **on).tree

    def own(self, design: object) -> Design[T]:
        """Return a design as it was given, with the baseline's facts for a bare tree.

        Raises TypeError for anything else, such as a path.
        """
        if design is None:
            return self.baseline()
        if isinstance(design, self.tree_type):
            return Design(cast(T, design), self.baseline().facts)
        if isinstance(design, Design) and isinstance(design.tree, self.tree_type):
            return design
        raise TypeError(
            f"design must be a {self.tree_type.__name__} or a Design of the {self.name}, like "
            f"own_design('own.toml'), not {told(design)}"
        )

    # ---- its numbers ---------------------------------------------------------------------------

    def card(self, name: str | None = None, *, design: Design[T] | T | None = None) -> Card[Any]:
        """Return the parameters of a unit (of everything by default): source, domain and range.

        ``prices``, or ``prices.NAME``, is what goods, utilities and money cost, ``limits``, or
        ``limits.POINT``, what may leave. Raises LookupError: no such unit, or a plant without
        prices or limits; tells what comes near.
        """
        from sim.model.explain import card

        head, _, part = name.partition(".") if isinstance(name, str) else ("", "", "")
        if head == PRICES and not hasattr(self.baseline().tree, PRICES):
            own = self.economy.prices()
            return card(own.tree, own.facts, part or None)
        if head == LIMITS and not hasattr(self.baseline().tree, LIMITS):
            return self.limits().card(part)
        own = self.own(design)
        return card(own.tree, own.facts, name, beside=self._beside())

    def _beside(self) -> tuple[str, ...]:
        """Return which cards it has besides that of its tree."""
        found = []
        for name, ask in ((PRICES, lambda: self.economy), (LIMITS, self.limits)):
            with suppress(Lacks):
                ask()
                found.append(name)
        return tuple(found)

    def cards(self, design: Design[T] | T | None = None) -> Sequence[Card[Any]]:
        """Return the cards of everything that it is made of, of its prices and its limits."""
        return self.card(design=design), *map(self.card, self._beside())

    # ---- how it runs ---------------------------------------------------------------------------

    @abstractmethod
    def running(
        self,
        variant: Variant[T],
        streams: RandomStreams,
        *,
        without: Collection[str] = (),
        start_hour: float = 0.0,
        recorder: Recorder | None = None,
        watch: Watch[Any] | None = None,
    ) -> Running[T]:
        """Return it with all its processes started, ready to run; what leaves it may be watched."""

    @abstractmethod
    def outcome(self, variant: Variant[T], plant: Plant, years: float, **told: Any) -> R:
        """Return what a run has come to by now; its books must close."""

    def made(self, of: Any) -> float:
        """Return the product made in an `Outcome`, t/yr; here what is sold."""
        return float(of.indicators[self.product])

    def simulate(
        self,
        schemes: Variant[T] | Design[T] | T | Schemes = "none",
        *,
        years: float = 1.0,
        seed: int = 1,
        replication: int = 0,
        start_hour: float = 0.0,
        without: Collection[str] = (),
        record: bool = False,
        design: Design[T] | T | None = None,
        known: Mapping[str, Scheme] | None = None,
    ) -> R:
        """Return a run under whatever happens to the plant in time.

        Raises BalanceError if the balance certificate is worse than 1e-9; TypeError, ValueError or
        LookupError if the input is wrong: a message that names it.

        Parameters
        ----------
        schemes, design, known
            Which design, by a set of schemes or any other way; see `variant`.
        years : float
            Length, in years of 8,760 h.
        seed, replication : int
            Together they fix every draw; the same for two designs means common random numbers.
        start_hour : float
            Hour of the year at which the run begins, h.
        without : collection of str
            Event sources to leave out, see ``event_sources``; ``events`` for all.
        record : bool
            Keep traces of states, levels and events.
        """
        years, seed, replication, start_hour = check_run(years, seed, replication, start_hour)
        left_out = self.left_out(without)
        variant = self.variant(schemes, design=design, known=known)
        running = self.begun(
            variant,
            seed=seed,
            replication=replication,
            without=left_out,
            start_hour=start_hour,
            record=flag("record", record),
        )
        running.plant.run(hours_of(years))
        return self.outcome(
            variant,
            running.plant,
            years,
            start_hour=start_hour,
            seed=seed,
            replication=replication,
            without=left_out,
        )

    def begun(
        self,
        variant: Variant[T],
        *,
        seed: int,
        replication: int,
        without: Collection[str],
        start_hour: float,
        record: bool,
    ) -> Running[T]:
        """Return it at hour 0 of a run as of `simulate`."""
        from sim.clock.random_streams import RandomStreams
        from sim.clock.recorder import Recorder

        return self.running(
            variant,
            RandomStreams(seed, replication),
            without=without,
            start_hour=start_hour,
            recorder=Recorder() if record else None,
        )

    @abstractmethod
    def steady_state(
        self,
        schemes: Variant[T] | Design[T] | T | Schemes = "none",
        *,
        design: Design[T] | T | None = None,
        known: Mapping[str, Scheme] | None = None,
        surroundings: Mapping[str, float] | None = None,
    ) -> R:
        """Return a year of constant conditions; of a plant that knows none, one without chance."""

    def left_out(self, without: Collection[str]) -> tuple[str, ...]:
        """Return the event sources that a run leaves out.

        Raises TypeError or LookupError: no collection of names, or no such event source; tells what
        comes near.
        """
        given: object = without
        known = (*self.event_sources, "events")
        names = tuple(given) if isinstance(given, Collection) and gives_each(given) else (given,)
        if isinstance(given, str):
            names = (given,)
        if not all(isinstance(name, str) for name in names):
            raise TypeError(
                f"without must name event sources, like {known[0]!r}, not {told(without)}"
            )
        for name in names:
            if name not in known:
                raise LookupError(f"no event source {name!r}{did_you_mean(name, known)}")
        return names

    @abstractmethod
    def indicators(self, of: Any) -> Indicators:
        """Return the figures of a run, per simulated year."""

    @property
    def reasons(self) -> Mapping[str, Callable[[Any], Iterable[Any]]]:
        """What yields the rows that each of its figures adds up from; see `plant_models.why`."""
        return {}

    def pictures(self, designs: Sequence[Any]) -> Mapping[str, Callable[[], Figure]]:
        """Return what draws replicated designs, by name, besides states and levels."""
        return {}

    # ---- what it may have ----------------------------------------------------------------------

    @property
    def auditing(self) -> Auditing:
        """What an audit report says of it besides its books."""
        from plant_models.methods.auditing import Auditing

        return Auditing()

    def auditing_words(self, language: str) -> Mapping[str, str]:
        """Return what an audit report says of it in a language, by what it says in English."""
        return {}

    @property
    def written(self) -> Mapping[str, str]:
        """What somebody wrote into the plant's files, and what it is in other languages."""
        return {}

    def operators(self, tree: T) -> Operators:
        """Return what is set by hand on a design, within which bounds, and what it must keep."""
        from plant_models.methods.set_points import Operators

        return Operators()

    @property
    def footprint(self) -> Footprint:
        """What its bought energy weighs as greenhouse gas."""
        raise self.lacks("factors of greenhouse gas", "its carbon footprint")

    def words_beside(self, of: Any) -> Iterable[str]:
        """Return whose words a run stands on beside those of its parameters: sources, or words."""
        return ()

    def printed_reductions(
        self, before: tuple[str, ...], after: tuple[str, ...]
    ) -> Mapping[str, float]:
        """Return what a source prints that one set of schemes saves over another, by indicator."""
        return {}

    @property
    def published(self) -> tuple[Published, ...]:
        """Figures that a source prints, each with what the model has of it."""
        raise self.lacks("published figures", "validate --plant")

    def limits(self, file: Path | None = None, **terms: Any) -> Standards:
        """Return the emission limits that apply: its own, or a file's; on some terms."""
        raise self.lacks("emission limits", "limits")

    @property
    def programme(self) -> tuple[str, ...]:
        """The schemes that a programme is of where nobody says: all there are."""
        return tuple(self.catalogue())

    def with_programme(self, **on: Any) -> Variant[T]:
        """Return a design with the programme in place; ``on`` as of `variant`.

        Raises ConflictError: not all of it goes together; names schemes that do.
        """
        try:
            return self.variant(self.programme, **on)
        except ConflictError as fault:
            some: tuple[str, ...] = ()
            for name in self.programme:
                with suppress(ConflictError):
                    some = self.variant((*some, name), **on).schemes
            raise ConflictError(
                f"no schemes are named, and those of the {self.name} do not all go together: "
                f"{fault}, like {','.join(some)!r}"
            ) from None

    @property
    def economy(self) -> Economy:
        """What it buys and sells, at which prices, and what its schemes cost."""
        raise self.lacks("prices", "money")

    @property
    def plan(self) -> Design[Any]:
        """How its schemes are bought and built in; by default nothing takes time."""
        from plant_models.methods.installation import AT_ONCE

        return AT_ONCE

    def overlaid_plan(self, path: Path) -> Design[Any]:
        """Return the plan with the facts of a file over its own."""
        raise self.lacks("plan of installation", "--plan")

    def own_plan(
        self,
        path: Path | str | None = None,
        settings: str | Iterable[str] | Mapping[str, Value] = (),
    ) -> Design[Any]:
        """Return the plan with a user's facts and settings in place of its own.

        Raises TypeError, ValueError or LookupError with all faults of the file, or of the settings.

        Parameters
        ----------
        path : path, optional
            A TOML file of facts, in the format of ``installation.toml``.
        settings : str, iterable of str, or mapping
            ``"terms.retained=1"``, ``"F11.lead_time=60 d"``.
        """
        design = self.plan if path is None else self.overlaid_plan(toml_path(path))
        return set_values(design, settings)

    def shutdown(self, tree: T) -> float:
        """Return the hour of the year at which the annual shutdown begins, h."""
        return 0.0

    def check_change(self, was: T, becomes: T) -> None:
        """Raise ValueError where a running plant cannot go on as another design."""

    def heat_balance(self, of: Any) -> HeatBalance:
        """Return the heat of every unit and of all of it, at the constant conditions of a run."""
        raise self.lacks("heat balance", "heat")

    def audit_of_source(self, tables: Path | None = None) -> Any:
        """Return the checks of the source against itself, or of other copies of its tables."""
        raise self.lacks("printed source", "paper-check")

    def acts_at_rest(self, tree: T, path: str) -> bool:
        """Return whether a parameter has a part in constant conditions."""
        return True

    @property
    def claims(self) -> Mapping[str, Callable[[Any], bool | None]]:
        """Conclusions about its programmes, by what they say; put to the test where things vary."""
        from plant_models.methods.claims import usual

        return usual(self.units)

    @property
    def calibration(self) -> Calibratable:
        """What is free in it, and what it should show."""
        return self.calibration_of(self.structures[0])

    structures: ClassVar[tuple[str, ...]] = ("",)
    """Names of its structures that are calibrated apart, the base first."""

    def calibration_of(self, structure: str, capacity: float = 0.0) -> Calibratable:
        """Return what is free in one of its structures, and what that should show.

        ``capacity``: product that the source's plant is taken to have made, kt/yr; 0 for what the
        data say.
        """
        raise self.lacks("free parameters and targets", "a calibration")

    def readings_of(
        self, structure: str, values: Sequence[float]
    ) -> Mapping[str, tuple[Design[Any], Mapping[str, Scheme], Design[Any]]]:
        """Return plant, schemes and prices of a fit of a structure, by reading.

        ``values``: of the free parameters of `calibration_of`, in their order.
        """
        raise self.lacks("free parameters and targets", "a calibration")

    def share(self, capacity: float) -> float:
        """Return what a tonne of a source's plant of so many kt/yr stands for in this one."""
        raise self.lacks("source of unknown size", "a capacity")

    @property
    def devices(self) -> Devices:
        """The devices that may stand at the ends of its pipes."""
        raise self.lacks("devices at the end of the pipe", "end-of-pipe")

    @property
    def measures(self) -> tuple[str, ...]:
        """The management measures among its schemes: rules that wear off."""
        raise self.lacks("management measures", "review")

    @property
    def slackening(self) -> Design[Any]:
        """How its management measures wear off; see `Slackening`."""
        raise self.lacks("management measures", "review")

    def lacks(self, what: str, who: str) -> Lacks:
        """Return the message that this plant has not what somebody asks for, and what to do."""
        instead = f"; {INSTEAD[what]}" if what in INSTEAD else ""
        return Lacks(f"the {self.name} has no {what}, which {who} needs{instead}")


def _refuse_lookalikes(file: str, own: Iterable[str], known: Iterable[str]) -> None:
    """Raise ValueError for an id that nobody can ask for: F1 and f1 are the same to who types."""
    named = {each.casefold(): each for each in known}
    like = {each: named.get(each.casefold(), each) for each in own}
    faults: list[Exception] = [
        ValueError(
            f"{file}: {mine}: the plant has {its}; write {its} to put yours in its place, or "
            "choose another id"
        )
        for mine, its in like.items()
        if mine != its
    ]
    if faults:
        raise all_at_once(faults, "the schemes")


def check_catalogue(known: object) -> None:
    """Raise TypeError unless it is a catalogue of schemes."""
    if not isinstance(known, Mapping) or not all(isinstance(s, Scheme) for s in known.values()):
        raise TypeError(
            f"known must be a catalogue, like own_schemes('own.toml'), not {told(known)}"
        )


def told_apart(variants: Iterable[Variant[T]]) -> list[Variant[T]]:
    """Return designs of which no two that differ have one name: ``own design (2)``."""
    called: dict[str, list[Variant[T]]] = {}
    found = []
    for each in variants:
        alike = called.setdefault(each.name, [])
        if each not in alike:
            alike.append(each)
        place = alike.index(each) + 1
        found.append(replace(each, label=f"{each.name} ({place})") if place > 1 else each)
    return found
