"""Management measures with and without a monthly review, beside none and beside full force."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from experiments.output.answer import Answer, Table, plain
from experiments.output.provenance import provenance
from experiments.runner.faults import at_work
from experiments.runner.horizon import Horizon
from experiments.runner.loop import each
from experiments.studies import Known, Own, Plant, ids_of, plant_of
from experiments.studies.run import heading, how_wide
from plant_models.chlorobenzene.model import PLANT
from plant_models.methods.management import Slackening, managed
from plant_models.model import Schemes, Variant
from sim.books.indicators import Indicators
from sim.errors import look_up, need_text
from sim.model.facts import Design, set_values
from sim.model.parameters import Value
from sim.statistics.intervals import Interval, paired_difference
from sim.tables import readable, text_table

NOTHING, UNREVIEWED, REVIEWED, FULL = "none", "no review", "reviewed", "full force"
WAYS = (NOTHING, UNREVIEWED, REVIEWED, FULL)
MARGIN = "margin_rmb"


@dataclass(frozen=True, repr=False)
class Review(Answer):
    """What measures change when they wear off, reviewed or not."""

    variant: Variant[Any]  #: What stands all the time
    measures: tuple[str, ...]
    slack: Slackening
    horizon: Horizon
    prices: Design[Any]
    runs: Mapping[str, tuple[Indicators, ...]]  #: One of each replication, by way

    def values(self, way: str, name: str) -> list[float]:
        """Return a figure of every replication; the margin among them, upkeep paid, RMB/yr."""
        need_text("values", name=name)
        runs = look_up("way", way, self.runs)
        if name == MARGIN:
            economy, prices = self.variant.plant.economy, self.prices.tree
            ids = (*self.variant.schemes, *(self.measures if way != NOTHING else ()))
            return [economy.earned(run, ids, prices) for run in runs]
        return [run[name] for run in runs]

    def mean(self, name: str) -> float:
        """Return a figure without the measures."""
        return sum(self.values(NOTHING, name)) / self.horizon.replications

    def gain(self, way: str, name: str, over: str = NOTHING) -> Interval:
        """Return what a way changes in a figure."""
        return paired_difference(self.values(way, name), self.values(over, name))

    @property
    def names(self) -> tuple[str, ...]:
        """The figures, and the margin."""
        return (*(n for n in self.runs[NOTHING][0] if n != "closure"), MARGIN)

    def unit(self, name: str) -> str:
        """Return the unit of a figure."""
        need_text("unit", name=name)
        return "RMB/yr" if name == MARGIN else look_up("figure", name, self.runs[NOTHING][0].units)

    def report(self) -> str:
        """Return what the measures change, kept in three ways, and what the review adds."""
        slack, economy = self.slack, self.variant.plant.economy
        rows = []
        for name in (n for n in SHOWN if n in self.names):
            unit = economy.unit if name == MARGIN else 1.0
            reviewed, adds = self.gain(REVIEWED, name), self.gain(REVIEWED, name, UNREVIEWED)
            rows.append(
                [
                    f"margin, {economy.unit_word}"
                    if name == MARGIN
                    else name.removesuffix("_t").replace("wastewater.", "sewer."),
                    "1/yr" if name == MARGIN else self.unit(name).partition(" as ")[0],
                    readable(self.mean(name) / unit),
                    _told(self.gain(UNREVIEWED, name), unit),
                    _told(reviewed, unit),
                    _width(reviewed, unit),
                    _told(self.gain(FULL, name), unit),
                    _told(adds, unit),
                    _width(adds, unit),
                ]
            )
        header = ["figure", "unit", "as it is", *WAYS[1:3], "+-", FULL, "adds", "+-"]
        lines = [
            f"Measures {', '.join(self.measures)} on schemes {self.variant.name}, kept in three "
            "ways; changes against no measure",
            heading("Runs", self.variant, self.horizon),
            "",
            *text_table(header, rows, left=(0, 1)),
            "",
            "adds: what a review adds to the measures without one",
            f"without review half of what can wear off has after {slack.half_life:,.0f} h, and "
            f"{slack.floor:.0%} is habit;",
            f"a review every {slack.review_interval:,.0f} h brings {slack.restored:.0%} of what is "
            "missing back",
            "the measures are illustrative and how they wear off is assumed: data/management.toml",
        ]
        return "\n".join([*lines, *how_wide(self.horizon.replications)])

    def tables(self) -> Mapping[str, Table]:
        """Return what each way changes in every figure."""
        rows = [
            (name, self.unit(name), way, of.mean, *of.ends)
            for name in self.names
            for way, of in {
                **{way: self.gain(way, name) for way in WAYS[1:]},
                "review adds": self.gain(REVIEWED, name, UNREVIEWED),
            }.items()
        ]
        return {"gains": Table(("indicator", "unit", "way", "mean", "low", "high"), rows)}

    def as_json(self) -> dict[str, Any]:
        """Return every figure without measures, and what each way changes in it."""
        return {
            "figures": {
                name: {
                    "unit": self.unit(name),
                    "none": self.mean(name),
                    "gains": plain({way: self.gain(way, name) for way in WAYS[1:]}),
                    "review_adds": plain(self.gain(REVIEWED, name, UNREVIEWED)),
                }
                for name in self.names
            },
            "provenance": provenance(
                "review",
                self.variant,
                horizon=self.horizon,
                measures=self.measures,
                slackening=self.slack,
                prices=asdict(self.prices.tree),
            ),
        }


def review(
    schemes: Any = "none",
    *,
    measures: Schemes | None = None,
    slack: str | Iterable[str] | Mapping[str, Value] = (),
    plant: Plant = PLANT,
    design: Own = None,
    known: Known = None,
    prices: Any = None,
    replications: int = 2,
    years: float = 1.0,
    seed: int = 1,
    start: str = "01-01",
    workers: int | None = 1,
) -> Review:
    """Let management measures wear off, with and without a monthly review.

    Parameters
    ----------
    schemes : scheme set, tree, Design or Variant
        What stands all the time.
    measures : str or iterable of str, optional
        What wears off; by default the plant's own measures.
    slack : str, iterable of str, or mapping
        How they wear off, ``"half_life=90 d"`` or ``{"restored": 1.0}``, where not as the plant
        says.
    replications, years, seed, start, workers, plant, design, known
        See `run`.
    prices
        See `money`.
    """
    plant = plant_of(plant)
    horizon = Horizon(years, seed, replications, start)
    wearing = set_values(plant.slackening, slack)
    priced = plant.economy.priced(prices)
    variant = plant.variant(schemes, design=design, known=known)
    names = _measures(variant, plant.measures if measures is None else measures)
    habit = replace(wearing.tree, floor=1.0)
    ways = {
        NOTHING: ((), False, wearing.tree),
        UNREVIEWED: (names, False, wearing.tree),
        REVIEWED: (names, True, wearing.tree),
        FULL: (names, False, habit),
    }
    jobs = [
        (variant, horizon, replication, *ways[way])
        for replication in range(horizon.replications)
        for way in WAYS
    ]
    done = each(_run, jobs, workers, "review")
    runs = {way: tuple(done[i :: len(WAYS)]) for i, way in enumerate(WAYS)}
    return Review(variant, names, wearing.tree, horizon, priced, runs)


def _measures(variant: Variant[Any], measures: Schemes) -> tuple[str, ...]:
    """Refuse measures that are none, that stand already, or that cannot change in a run."""
    names = ids_of("measures", measures, variant.known)
    if not names:
        raise ValueError("measures: expected a measure or more, came 'none'")
    both = sorted(set(variant.schemes) & set(names))
    if both:
        raise ValueError(f"measures: {', '.join(both)} is among the schemes already")
    try:
        variant.plant.check_change(variant.tree, variant.having((*variant.schemes, *names)).tree)
    except ValueError as fault:
        raise ValueError(f"measures: {fault}") from fault
    return names


def _run(
    variant: Variant[Any],
    horizon: Horizon,
    replication: int,
    measures: tuple[str, ...],
    reviewed: bool,
    slack: Slackening,
) -> Indicators:
    name = ", ".join((*variant.schemes, *measures)) or "none"
    with at_work(f"the {variant.plant.name} with {name}, replication {replication + 1},"):
        return managed(variant, measures, review=reviewed, slack=slack, **horizon.run(replication))


DUST = 1e-9  # in any unit
SHOWN = (
    "operating_hours",
    "chlorobenzene_t",
    "benzene_used_t",
    "caustic_t",
    "steam_t",
    "slop_oil_t",
    "air.benzene_t",
    "air.chlorobenzene_t",
    "wastewater.benzene_t",
    "wastewater.chlorobenzene_t",
    "wastewater.hydrogen_chloride_t",
    MARGIN,
)


def _told(of: Interval, unit: float) -> str:
    mean = _clean(of.mean / unit)
    return f"{'+' if mean > 0.0 else ''}{readable(mean)}"


def _width(of: Interval, unit: float) -> str:
    return "" if of.n == 1 else readable(_clean(of.half_width / unit))


def _clean(value: float) -> float:
    """Return a figure, or nothing where it is the dust that two equal runs differ by."""
    return 0.0 if abs(value) < DUST else value
