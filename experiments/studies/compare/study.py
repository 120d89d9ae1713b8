"""Several designs under the same draws: what each differs in from the first, and how sure it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from experiments.output.answer import Answer, Table, plain
from experiments.output.provenance import provenance
from experiments.runner.horizon import MOST_REPLICATIONS, Horizon
from experiments.runner.replicates import Replicated, replicated
from experiments.studies.compare.judging import Judgement, Rules, judge, stop_when
from experiments.studies.compare.report import compare_report
from experiments.studies.run.study import flow_table
from plant_models.arguments import count, number, words
from plant_models.chlorobenzene.model import PLANT
from plant_models.model import PlantModel, told_apart
from sim.model.facts import Design
from sim.model.schemes import Scheme
from sim.statistics.comparisons import FLOOR, Estimate

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST = 100  # replications of a comparison that stops by itself


@dataclass(frozen=True, repr=False)
class Comparison(Answer):
    """Designs under the same draws: paired differences from the first.

    Parameters
    ----------
    rules : Rules
    designs : tuple of Replicated
        The first is what the others are compared with.
    asked : Mapping
        What was asked for, for the provenance.
    """

    rules: Rules
    designs: tuple[Replicated, ...]
    asked: Mapping[str, Any]
    judgements: tuple[Judgement, ...]

    @property
    def before(self) -> Replicated:
        """The design that the others are compared with."""
        return self.designs[0]

    @property
    def differences(self) -> Mapping[str, Estimate]:
        """Second design minus first, of every indicator, in its unit."""
        return self.judgements[0].differences

    def report(self) -> str:
        """Return means as columns, differences with intervals, and what it takes to read them."""
        return compare_report(self.judgements, self.rules)

    def tables(self) -> Mapping[str, Table]:
        """Return the indicators with their differences, and the flows."""
        header = ("design", "indicator", "unit", "before", "after", "difference", "low", "high",
                  "p_holm", "paper_says")  # fmt: skip
        rows = [
            (
                each.after.name,
                name,
                self.before.units[name],
                self.before.means[name].mean,
                each.after.means[name].mean,
                of.interval.mean,
                *of.interval.ends,
                each.adjusted.get(name),
                -each.printed[name] if name in each.printed else None,
            )
            for each in self.judgements
            for name, of in each.differences.items()
        ]
        return {"indicators": Table(header, rows), "flows": flow_table(self.designs)}

    def pictures(self) -> Mapping[str, Callable[[], Figure]]:
        """Return the pictures of the designs, below each other on the same scales."""
        from experiments.studies.run.pictures import of_designs

        return of_designs(self.designs)

    def as_json(self) -> dict[str, Any]:
        """Return designs and differences; ``differences`` are those of the second design."""
        comparisons = [
            {
                "before": self.before.name,
                "after": each.after.name,
                "differences": _differences(each),
            }
            for each in self.judgements
        ]
        return {
            "designs": [
                {
                    "name": each.name,
                    "schemes": list(each.schemes),
                    "indicators": {name: of.mean for name, of in each.means.items()},
                }
                for each in self.designs
            ],
            "differences": comparisons[0]["differences"],
            "comparisons": comparisons,
            "paper_says": {name: -t for of in self.judgements for name, t in of.printed.items()},
            "units": dict(self.before.units),
            "provenance": provenance(
                "compare",
                *(each.variant for each in self.designs),
                horizon=self.before.horizon,
                asked=self.asked,
            ),
        }


def compare(
    *designs: Any,
    replications: int = 1,
    years: float = 1.0,
    seed: int = 1,
    start: str = "01-01",
    until: float | None = None,
    at_most: int | None = None,
    indicators: Sequence[str] = (),
    record: bool = False,
    workers: int | None = 1,
    plant: PlantModel[Any, Any] = PLANT,
    design: Design[Any] | Any | None = None,
    known: Mapping[str, Scheme] | None = None,
) -> Comparison:
    """Simulate designs under the same draws, and compare each with the first.

    Parameters
    ----------
    *designs : scheme set, tree, Design or Variant
        Two or more; ``compare("none", "F1-F4", "F1-F11")``.
    replications : int
        Runs of each design; with ``until``, at least so many and at least ten.
    years, seed, start
        Length of a run, its draws, its first day; see `Horizon`.
    until : float, optional
        Go on until the differences that are asked about (or the plant's headlines) are known to
        this relative error.
    at_most : int, optional
        Replications at which ``until`` gives up, 100 by default.
    indicators : sequence of str
        What is asked about, and corrected together by Holm's method; all by default.
    record : bool
        Keep traces of the first replication, which pictures need.
    workers : int, optional
        Processes; None takes what pays. In a script, calls with more than one stand below
        ``if __name__ == "__main__":``.
    plant : PlantModel
    design, known : optional
        What sets of schemes are put on, and their catalogue.

    Raises
    ------
    TypeError, LookupError, ValueError
        Wrong input; a message that names it.
    SimulationFault
        A run that cannot be finished.

    Examples
    --------
    >>> found = compare("none", "F1", years=0.02)  # doctest: +SKIP
    >>> found.differences["air.benzene_t"].interval.mean  # doctest: +SKIP
    """
    if len(designs) < 2:
        raise TypeError(f"compare: expected two designs or more, came {len(designs)}")
    horizon = Horizon(years, seed, replications, start)
    variants = told_apart(plant.variant(each, design=design, known=known) for each in designs)
    rules = Rules(
        words("indicators", indicators, plant.units),
        plant.headlines,
        None if until is None else number("until", until, 0.001, 1.0),
    )
    floor = max(FLOOR, horizon.replications)
    if at_most is not None and until is None:
        raise ValueError("at_most: goes with until, which is not given")
    most = max(MOST, floor) if at_most is None else at_most
    if until is not None:
        count("at_most", most, floor, MOST_REPLICATIONS)
        horizon = Horizon(years, seed, most, start)
    found = replicated(
        variants,
        horizon,
        record=record,
        workers=workers,
        enough=stop_when(rules, floor),
    )
    asked = {
        "until": rules.until,
        "at_most": most if until is not None else None,
        "indicators": list(rules.names),
    }
    return Comparison(rules, tuple(found), asked, tuple(judge(found[0], found[1:], rules)))


def _differences(of: Judgement) -> dict[str, Any]:
    return {
        name: {
            **plain(each.interval),
            "p": plain(each.p),
            "p_holm": of.adjusted.get(name),
        }
        for name, each in of.differences.items()
    }
