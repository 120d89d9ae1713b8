"""How sure a programme's figures are: hypercube, one at a time, Sobol indices, what survives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from experiments.output.answer import Answer, Table, plain
from experiments.output.provenance import provenance
from experiments.runner.horizon import LARGEST_SEED
from experiments.studies.money.programme import programme_of
from experiments.studies.uncertainty.draws import QUANTILES, Draws, Sizes, draw
from experiments.studies.uncertainty.report import uncertainty_report
from plant_models.arguments import count, word
from plant_models.chlorobenzene.model import PLANT
from plant_models.methods.claims import probability_positive, shares_of_truth
from plant_models.methods.economics import check_investments
from plant_models.methods.installation import check_bought
from plant_models.methods.uncertainty import NET, Uncertain
from plant_models.model import PlantModel
from sim.model.facts import Design
from sim.model.schemes import Scheme

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_SAMPLES, MOST_SOBOL, MOST_FACTORS = 100_000, 2**20, 1000
UNTOLD = "closure"  # rounding, whose change says nothing


@dataclass(frozen=True, repr=False)
class Uncertainty(Answer):
    """How sure a programme's figures are.

    Parameters
    ----------
    of : Draws
    sizes : Sizes
    """

    of: Draws
    sizes: Sizes

    def report(self) -> str:
        """Return money by step, conclusions, tornado and indices."""
        return uncertainty_report(self.of)

    def tables(self) -> Mapping[str, Table]:
        """Return the result with each input at the ends of its range, and every point drawn."""
        bars = [(bar.name, bar.low, bar.high, bar.swing) for bar in self.of.bars]
        tables = {"tornado": Table(("input", "low", "high", "swing"), bars)}
        if self.of.outcomes:
            currency, names = self.of.of.variant.plant.economy.currency, self._indicators
            steps = [step.name for step in self.of.outcomes[0].steps]
            header = (
                "point",
                *(f"net {name}, {currency}/yr" for name in steps),
                *(f"NPV {name}, {currency}" for name in steps),
                *(f"change of {name}" for name in names),
            )
            rows = [
                (
                    point,
                    *(step.net for step in each.steps),
                    *(step.present_value for step in each.steps),
                    *(each.changes[name] for name in names),
                )
                for point, each in enumerate(self.of.outcomes)
            ]
            tables["samples"] = Table(header, rows)
        return tables

    def pictures(self) -> Mapping[str, Callable[[], Figure]]:
        """Return the tornado."""
        return {"tornado": partial(_draw, self.of)}

    def as_json(self) -> dict[str, Any]:
        """Return all of it; the currency, and units of the indicators."""
        of = self.of
        steps = of.outcomes[0].steps if of.outcomes else ()
        return {
            "target": of.target,
            "base": of.base,
            "sampled": list(of.of.names),
            "kept": list(of.of.kept),
            "steps": {step.name: self._step(i) for i, step in enumerate(steps)},
            "changes": {
                name: of.spread([each.changes[name] for each in of.outcomes])
                for name in self._indicators
            },
            "quantiles": list(QUANTILES),
            "probability_of_positive_present_value": probability_positive(of.outcomes),
            "conclusions": shares_of_truth(of.outcomes, of.of.variant.plant.claims),
            "tornado": [{**plain(bar), "swing": bar.swing} for bar in of.bars],
            "sobol": [
                {
                    "name": index.name,
                    "first": plain(index.first),
                    "first_interval": plain(index.first_ends),
                    "total": plain(index.total),
                    "total_interval": plain(index.total_ends),
                }
                for index in of.indices
            ],
            "points_without_a_plant": dict(
                zip(("hypercube", "tornado", "sobol"), of.misfits, strict=True)
            ),
            "provenance": provenance(
                "uncertainty",
                of.of.variant,
                target=of.target,
                **plain(self.sizes),
                investments=of.of.investments,
            ),
        }

    @property
    def _indicators(self) -> tuple[str, ...]:
        of = self.of
        names = of.outcomes[0].changes if of.outcomes else ()
        return tuple(name for name in names if name != UNTOLD)

    def _step(self, i: int) -> dict[str, Any]:
        steps = [each.steps[i] for each in self.of.outcomes]
        values = [step.present_value for step in steps if step.present_value is not None]
        return {
            "net": self.of.spread([step.net for step in steps]),
            "present_value": self.of.spread(values) or None,
        }


def uncertainty(
    schemes: Any = None,
    *,
    target: str = NET,
    samples: int = 200,
    sobol: int = 128,
    factors: int = 10,
    seed: int = 1,
    prices: Any = None,
    investments: Mapping[str, float] | None = None,
    workers: int | None = 1,
    plant: PlantModel[Any, Any] = PLANT,
    design: Design[Any] | Any | None = None,
    known: Mapping[str, Scheme] | None = None,
) -> Uncertainty:
    """Draw everything that carries a range, and tell what survives and what it hangs on.

    Parameters
    ----------
    schemes : scheme set, Design or Variant, optional
        The programme, taken as steps in the plant's order; the plant's own by default.
    target : str
        Figure of tornado and indices: ``net_income``, or an indicator, whose change counts.
    samples : int
        Points at which all is drawn together; 0 moves the inputs one at a time alone.
    sobol : int
        Points of each Sobol block, a power of two; 0 for no indices.
    factors : int
        Inputs with an index of their own; the rest is one group.
    seed : int
        Of the samples.
    prices : Design or prices, optional
        Another set of prices, as ``plant.economy.own_prices(settings="steam=80")``.
    investments : Mapping[str, float], optional
        What schemes cost once, in the currency, where nobody says or instead.
    workers : int, optional
        Processes; None takes what pays. In a script, calls with more than one stand below
        ``if __name__ == "__main__":``.
    plant, design, known
        Which plant, and what the schemes are put on; see `PlantModel.variant`.

    Raises
    ------
    Lacks
        The plant has no prices.
    TypeError, LookupError, ValueError
        Wrong input; a message that names it.
    SimulationFault
        A plant that cannot be run.
    """
    variant = programme_of(plant, schemes, design=design, known=known)
    economy = plant.economy
    word("target", target, (NET, *plant.units))
    sizes = Sizes(
        count("samples", samples, 0, MOST_SAMPLES),
        count("sobol", sobol, 0, MOST_SOBOL),
        count("factors", factors, 1, MOST_FACTORS),
        count("seed", seed, 0, LARGEST_SEED),
    )
    if samples == 1:
        raise ValueError("samples: expected 0, or 2 or more, came '1'")
    if sobol == 1 or sobol & (sobol - 1):
        raise ValueError(f"sobol: expected 0 or a power of two, like 128, came {sobol}")
    given = check_investments(investments, variant.known)
    check_bought(economy, variant.schemes, given)
    of = Uncertain.of(variant, economy.priced(prices), given)
    if not of.names:
        raise ValueError(f"the {plant.name} with {variant.name}: nothing carries a range")
    return Uncertainty(draw(of, target, sizes, workers), sizes)


def _draw(of: Draws) -> Figure:
    from experiments.output.pictures import blank
    from plant_models.chlorobenzene.figures.tornado import tornado

    economy = of.of.variant.plant.economy
    word = economy.unit_word.replace("10^4", "10$^4$")
    money = of.target == NET
    label = f"net income of the programme, {word}/yr" if money else f"change of {of.target}"
    figure, (ax,) = blank(5.0, 1)
    tornado(of.bars, of.base, ax, unit=economy.unit if money else 1.0, label=label)
    return figure
