"""All combinations of schemes: what each brings, alone and in company."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from experiments.output.answer import Answer, Table
from experiments.output.pictures import blank
from experiments.output.provenance import provenance
from experiments.runner.horizon import Horizon
from experiments.studies import Known, Own, Plant, plant_of
from experiments.studies.cube.cube import MOST_SCHEMES, Cube, Job, compute
from experiments.studies.cube.figures import Figure, Worth, money_figures
from experiments.studies.cube.file import NAME, written
from plant_models.chlorobenzene.model import PLANT
from plant_models.methods.factorial import effects, largest, spread_by_order
from plant_models.model import Schemes, Variant
from sim.model.schemes import parse_schemes
from sim.tables import readable, text_table

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Picture


SHOWN = 20  # effects in a picture


@dataclass(frozen=True, repr=False)
class Combinations(Answer):
    """Every combination of some schemes, with its effects.

    Parameters
    ----------
    of : Cube
        The indicators of every set: ``of.columns["air.benzene_t"]``, ``of.row(of.mask(["F1"]))``.
    base : Variant
        The design before any scheme.
    worth : Worth, optional
        At which prices; none of a plant without them.
    """

    of: Cube
    base: Variant[Any]
    worth: Worth | None

    @cached_property
    def money(self) -> Mapping[str, Figure]:
        """Money figures of every set, by name; none of a plant without prices."""
        return money_figures(self.of, self.worth)

    @cached_property
    def effects(self) -> Mapping[str, Mapping[str, Any]]:
        """Main effects, pair interactions, and the spread by order, of every figure.

        Figures that are not known for every set are left out.
        """
        columns = {**self.of.columns, **{name: of.values for name, of in self.money.items()}}
        ids, n = self.of.schemes, len(self.of.schemes)
        found: dict[str, Mapping[str, Any]] = {}
        for name, column in columns.items():
            if not np.isfinite(column).all():
                continue
            all_of = effects(column)
            found[name] = {
                "main_effects": {one: e for (one,), e in largest(all_of, ids, n, order=1)},
                "pairs": [
                    {"pair": list(pair), "effect": e}
                    for pair, e in largest(all_of, ids, n * n, order=2)
                ],
                "spread_by_order": spread_by_order(all_of).tolist(),
            }
        return found

    def report(self) -> str:
        """Return the range of the main figures, and of what order their effects are."""
        cube, ranges, orders = self.of, [], []
        shown = {name: (cube.units[name], cube.columns[name]) for name in cube.plant.notable}
        money = [self.money[name] for name in SHOWN_MONEY if self.money]
        shown |= {of.name: (of.unit, of.values) for of in money}
        for name, (unit, column) in shown.items():
            if not np.isfinite(column).any():
                continue
            ends = (column[0], column[-1], np.nanmin(column), np.nanmax(column))
            ranges.append([name, unit.partition(" as ")[0], *map(_known, ends)])
            orders.append([name, *_orders(cube, column)])
        count = len(cube.values) - len(cube.errors)
        lines = [
            f"{count:,} sets of {cube.spelled(cube.schemes)}",
            "",
            *text_table(["figure", "unit", "none", "all", "least", "most"], ranges, left=(0, 1)),
            "",
            *text_table(
                ["figure", "main", "pairs", "higher", "largest interaction"], orders, left=(0, 4)
            ),
            "",
            LEGEND,
            f"{' and '.join(SHOWN_MONEY)}: against no schemes at all; ?: not known for every set"
            if money
            else f"no money figures: the {cube.plant.name} has no prices",
        ]
        return "\n".join(lines)

    def tables(self) -> Mapping[str, Table]:
        """Return main effects and pairs of every figure, and the spread by order."""
        units = {**self.of.units, **{name: of.unit for name, of in self.money.items()}}
        rows: list[tuple[Any, ...]] = []
        spreads: list[tuple[Any, ...]] = []
        for name, of in self.effects.items():
            rows += [(name, units[name], 1, who, None, e) for who, e in of["main_effects"].items()]
            rows += [(name, units[name], 2, *pair["pair"], pair["effect"]) for pair in of["pairs"]]
            shares = enumerate(of["spread_by_order"], start=1)
            spreads += [(name, order, share) for order, share in shares]
        return {
            "effects": Table(("figure", "unit", "order", "scheme", "with", "effect"), rows),
            "spread": Table(("figure", "order", "share"), spreads),
        }

    def pictures(self) -> Mapping[str, Callable[[], Picture]]:
        """Return the largest effects on the plant's first headline."""
        return {"effects": self._largest} if self.of.plant.headlines[0] in self.effects else {}

    def _largest(self) -> Picture:
        name = self.of.plant.headlines[0]
        shown = largest(effects(self.of.columns[name]), self.of.schemes, SHOWN)[::-1]
        figure, (ax,) = blank(1.2 + 0.26 * len(shown), 1, width=8.0)
        ax.barh([" x ".join(ids) for ids, _ in shown], [effect for _, effect in shown])
        ax.axvline(0.0, color="black", linewidth=0.8)
        ax.set_xlabel(f"effect on {name}, {self.of.units[name]}")
        return figure

    def documents(self) -> Mapping[str, str | bytes]:
        """Return the cube itself, a row a run."""
        return {NAME: written(self.of, self.worth)}

    @property
    def failures(self) -> Sequence[str]:
        """The sets that could not be computed."""
        told = list(self.of.errors.items())
        lines = [f"failed: {self.of.named(mask)}: {error}" for mask, error in told[:SHOWN_FAILURES]]
        left = len(told) - len(lines)
        return [*lines, *([f"and {left} more"] if left else [])]

    def as_json(self) -> dict[str, Any]:
        """Return the effects, what failed, and what the cube is made of."""
        asked = {} if self.worth is None else self.worth.asked
        return {
            "effects": dict(self.effects),
            "errors": list(self.failures),
            "provenance": provenance("cube", self.base, **self.of.made_of, **asked),
        }


def cube(
    schemes: Schemes = "all",
    *,
    simulate: bool = False,
    replications: int = 1,
    years: float = 1.0,
    seed: int = 1,
    start: str = "01-01",
    workers: int | None = 1,
    scheduler: str | None = None,
    runs: Path | str | None = None,
    prices: Any = None,
    investments: Mapping[str, float] | None = None,
    plant: Plant = PLANT,
    design: Own = None,
    known: Known = None,
) -> Combinations:
    """Compute every combination of schemes: all indicators, money, effects of all orders.

    Parameters
    ----------
    schemes : scheme set
        The schemes to combine, 1 to 14; n of them make 2^n sets.
    simulate : bool
        Runs with events instead of steady states.
    replications, years, seed, start
        Of runs with events, of which the mean is kept; see `Horizon`.
    workers, scheduler, runs
        Where single runs are done, and kept; see `batch`.
    prices : Design or prices, optional
        Of money figures; the plant's own by default.
    investments : Mapping[str, float], optional
        Of schemes, instead of the plant's own or where it has none, in its currency.
    plant, design, known
        See `run`.

    Raises
    ------
    LookupError, ValueError
        A folder of runs that holds something else.
    OSError
        A folder that cannot be written, or a scheduler that does not answer.
    SimulationFault
        Workers that die; a set that fails is told in ``failures``.
    """
    plant = plant_of(plant)
    horizon = Horizon(years, seed, replications, start)
    if not simulate and horizon.replications > 1:
        raise ValueError(
            f"replications: a steady state has nothing to repeat, came {replications}; runs with "
            "events are asked for by simulate=True, --simulate"
        )
    base = plant.variant(design=design, known=known)
    ids = dimension(parse_schemes(schemes, base.known))
    worth = Worth.of(plant, prices, investments, base.known)
    job = Job.of(base, ids, horizon if simulate else None)
    found = compute(job, workers=workers, scheduler=scheduler, store=runs)
    return Combinations(found, base, worth)


def dimension(ids: tuple[str, ...], said: str = "schemes") -> tuple[str, ...]:
    """Return the schemes to combine.

    Raises
    ------
    ValueError
        None, or so many that their sets would be too many.
    """
    if not 1 <= len(ids) <= MOST_SCHEMES:
        raise ValueError(
            f"{said}: expected 1 to {MOST_SCHEMES} schemes to combine, came {len(ids)} "
            f"({2 ** len(ids):,} sets)"
        )
    return ids


UNKNOWN = "?"
SHOWN_MONEY = ("net_income", "present_value")
SHOWN_FAILURES = 5
LEGEND = """\
main, pairs, higher: share of the variance between sets that effects of order 1, 2 and more hold
largest interaction: effect of two or more schemes together, in the unit of the figure"""


def _known(value: float) -> str:
    return readable(float(value)) if np.isfinite(value) else UNKNOWN


def _orders(cube: Cube, column: NDArray[np.float64]) -> list[str]:
    if not np.isfinite(column).all() or len(cube.schemes) < 2:
        return [UNKNOWN] * 4
    all_of = effects(column)
    shares = spread_by_order(all_of)
    top = next((pair for pair in largest(all_of, cube.schemes, 99) if len(pair[0]) > 1), None)
    told = f"{' x '.join(top[0])} {readable(top[1])}" if top else ""
    return [f"{shares[0]:.1%}", f"{shares[1]:.1%}", f"{shares[2:].sum():.1%}", told]
