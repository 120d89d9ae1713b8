"""All combinations of schemes: what each brings, alone and in company."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from experiments.bounds import STEADY
from experiments.output.answer import Answer, Table, plain
from experiments.output.columns import PARQUET, in_parquet, packed, unpacked
from experiments.output.files import check_place, write_whole
from experiments.output.provenance import installed_version, provenance
from experiments.runner.horizon import Horizon
from experiments.studies import (
    Known,
    Own,
    Plant,
    Worth,
    ids_of,
    need_catalogue,
    plant_of,
    unknown_at_rest,
)
from experiments.studies.cube.cube import MOST_SCHEMES, Cube, Job, compute, difference, spelled
from experiments.studies.cube.figures import Figure, money_figures
from plant_models.arguments import flag
from plant_models.chlorobenzene.figures.style import blank, thousands
from plant_models.chlorobenzene.model import PLANT
from plant_models.methods.attribution import members
from plant_models.methods.factorial import effects, largest, spread_by_order
from plant_models.model import PlantModel, Schemes, Variant
from sim.errors import told
from sim.tables import counted, readable, text_table

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Picture


NAME = "cube.npz"
NONE = type(None)
ORIGIN: dict[str, tuple[type, ...]] = {
    "clock": (str,),
    "schemes": (list,),
    "years": (float, int, NONE),
    "seed": (int, NONE),
    "replications": (int, NONE),
    "start": (str, NONE),
    "parameters": (dict,),
    "patches": (dict,),
}
"""What `Job.origin` tells, and of what kind it is."""
REPLICATION, SCHEMES, ERROR = "replication", "schemes", "error"


def written(cube: Cube, worth: Worth | None, suffix: str = "") -> bytes:
    """Return a cube as a file, one of Parquet for its suffix; the same cube gives the same bytes.

    Money figures ride along for those who read the file: at these prices, in the unit that the
    plant's money is told in. `load` does not read them, for who asks for money says at which
    prices.
    """
    times, masks = len(cube.runs), range(len(cube.values))
    columns = _keys(cube.plant, cube.schemes, times)
    for i, name in enumerate(cube.units):
        columns[name] = cube.runs[:, :, i].ravel()
    units = dict(cube.units)
    singles = [money_figures(each, worth) for each in cube.replications]
    for name, first in singles[0].items():
        columns[f"money.{name}"] = np.concatenate([single[name].values for single in singles])
        units[f"money.{name}"] = first.unit
    columns[ERROR] = [cube.errors.get(mask, "") for mask in masks] * times
    about = {
        "program": "cleanerline",
        "version": installed_version("cleanerline"),
        "units": units,
        "prices": {} if worth is None else plain(worth.prices),
        "investments": {} if worth is None else dict(worth.investments),
        "origin": cube.origin,
    }
    pack = in_parquet if suffix == PARQUET else packed
    return pack({name: np.asarray(each) for name, each in columns.items()}, json.dumps(about))


def load(path: Path | str, plant: PlantModel[Any, Any], said: str = "cube") -> Cube:
    """Return a saved cube: a folder of the command ``cube``, or the file in it.

    Raises ValueError if the file is none, is missing or damaged, or is of another plant.
    """
    path = Path(path)
    path = path / NAME if path.is_dir() else path
    if not path.exists():
        raise ValueError(f"{said}: there is no file {path}; make one: cube --out DIR")
    try:
        columns, note = unpacked(path.read_bytes())
        origin: dict[str, Any] = json.loads(note)["origin"]
        if any(not isinstance(origin[key], kinds) for key, kinds in ORIGIN.items()):
            raise TypeError(f"one of {', '.join(ORIGIN)} is of another kind")
    except (OSError, LookupError, TypeError, ValueError):
        raise ValueError(f"{said}: {path} is not a cube, or is damaged") from None
    try:
        schemes, names = tuple(origin[SCHEMES]), list(plant.units)
        missing = [name for name in names if name not in columns]
        if missing:
            raise ValueError(
                f"it has no {missing[0]}, a figure of the {plant.name}: it is of another plant or "
                "an older version; run cube again"
            )
        shape = (origin["replications"] or 1, 1 << len(schemes))
        keys = _keys(plant, schemes, shape[0])
        if any(columns[name].tolist() != np.asarray(key).tolist() for name, key in keys.items()):
            raise ValueError(f"its rows are not {shape[0]} x {shape[1]:,} runs in their order")
        runs = np.column_stack([columns[name] for name in names]).astype(float)
        runs = runs.reshape(*shape, len(names))
        told = columns[ERROR].tolist()[: shape[1]]
    except (LookupError, TypeError, ValueError) as fault:
        raise ValueError(f"{said}: {path} cannot be used: {_line(fault)}") from None
    runs.flags.writeable = False
    return Cube(plant, schemes, runs, origin, {i: text for i, text in enumerate(told) if text})


def refuse_stale(cube: Cube, job: Job, where: str) -> None:
    """Raise, naming the first difference and what to run, unless the cube is what a rerun gives."""
    stale = difference(cube, job)
    if not stale:
        return
    rerun = [f'cube "{spelled(job.schemes, cube.plant)}"']
    if cube.origin["years"] is not None:
        of = job.horizon
        rerun.append(f"--simulate --years {of.years:g} --seed {of.seed}")
        rerun.append(f"--replications {of.replications} --start {of.start}")
    raise ValueError(
        f"cube: {where} is stale: {stale}; run again, with --plant, --set and the like as here: "
        f"{' '.join(rerun)} --out DIR"
    )


def saved(cube: object, base: Variant[Any]) -> Cube:
    """Return the cube that was given: of an answer, or of a file if today's plant gives the same.

    ``base``: the design before any scheme. Raises TypeError or ValueError: no cube, or a stale one.
    """
    if isinstance(cube, Combinations):
        return cube.of
    if not isinstance(cube, str | Path):
        raise TypeError(f"cube: expected a folder, or an answer of cube(), came {told(cube)}")
    found = load(cube, base.plant)
    refuse_stale(found, Job.again(found.origin, base), str(cube))
    return found


def own_base(
    cube: Combinations, plant: PlantModel[Any, Any], design: Own, known: Known = None
) -> Variant[Any]:
    """Return the design that combinations are of; refuse to be asked for another beside it."""
    base = cube.base
    if plant not in (PLANT, base.plant):
        raise ValueError(f"cube: it is of the {base.plant.name}; plant says the {plant.name}")
    if design is not None and base.plant.own(design).tree != base.base.tree:
        raise ValueError("cube: it is of another design than design; leave one out")
    if known is not None and dict(known) != dict(base.known):
        raise ValueError("cube: it is of another catalogue than known; leave one out")
    return base


def _keys(plant: PlantModel[Any, Any], schemes: Sequence[str], times: int) -> dict[str, Any]:
    """Return the columns that say which run a row is."""
    masks = range(1 << len(schemes))
    return {
        REPLICATION: np.repeat(np.arange(times, dtype=np.int32), len(masks)),
        SCHEMES: [spelled(members(schemes, mask), plant) for mask in masks] * times,
        **{
            name: [bool(mask >> bit & 1) for mask in masks] * times
            for bit, name in enumerate(schemes)
        },
    }


def _line(fault: Exception) -> str:
    return str(fault).splitlines()[0] if str(fault) else type(fault).__name__


SHOWN = 20  # effects in a picture


@dataclass(frozen=True, repr=False)
class Combinations(Answer):
    """Every combination of some schemes, with its effects."""

    of: Cube
    """The indicators of every set: ``of.columns["air.benzene_t"]``, ``of.row(of.mask(["F1"]))``."""
    base: Variant[Any]  #: The design before any scheme
    worth: Worth | None  #: At which prices; none of a plant without them

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
        nothing = 0
        for name, (unit, column) in shown.items():
            if not np.isfinite(column).any():
                continue
            if not np.nan_to_num(column).any():
                nothing += 1
                continue
            ends = np.array([column[0], column[-1], np.nanmin(column), np.nanmax(column)])
            ends[np.abs(ends) <= ROUNDING * np.nanmax(np.abs(column))] = 0.0
            ranges.append([name, unit.partition(" as ")[0], *map(_known, ends)])
            orders.append([name, *_orders(cube, column)])
        count = len(cube.values) - len(cube.errors)
        lines = [
            f"{count:,} sets of {cube.spelled(cube.schemes)}",
            cube.clock,
            "",
            *text_table(["figure", "unit", "none", "all", "least", "most"], ranges, left=(0, 1)),
            "",
            *text_table(
                ["figure", "main", "pairs", "higher", "largest interaction"], orders, left=(0, 4)
            ),
            "",
            *([f"{counted(nothing, 'more is', 'more are')} 0 throughout"] if nothing else []),
            LEGEND,
            f"{' and '.join(SHOWN_MONEY)}: against no schemes at all; ?: not known for every set"
            if money
            else f"no money figures: the {cube.plant.name} has no prices",
            *(
                unknown_at_rest(self.base, cube.schemes, "--simulate")
                if cube.origin["clock"] == STEADY
                else []
            ),
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
        thousands(ax.xaxis)
        ids, most = shown[-1]
        ax.set_title(f"{' x '.join(ids)} moves {name} most: {readable(most)}")
        return figure

    def documents(self) -> Mapping[str, str | bytes]:
        """Return the cube itself, a row a run."""
        return {NAME: written(self.of, self.worth)}

    def save(self, folder: Path | str, *, excel: bool = False, language: str = "en") -> None:
        """Write the folder of an answer; into a file called ``.parquet`` the cube alone."""
        if not str(folder).endswith(PARQUET):
            return super().save(folder, excel=excel, language=language)
        return write_whole(Path(folder), written(self.of, self.worth, PARQUET))

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
    plant, design, known
        See `run`.
    prices, investments
        See `money`.

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
    if not flag("simulate", simulate):
        horizon.refuse_at_rest("simulate=True, --simulate")
    if runs is not None:
        check_place(runs, "runs")
    base = plant.variant(design=design, known=known)
    need_catalogue(base)
    ids = dimension(ids_of("schemes", schemes, base.known))
    worth = Worth.of(plant, prices, investments, base.known, ids)
    job = Job.of(base, ids, horizon if simulate else None)
    found = compute(job, workers=workers, scheduler=scheduler, store=runs)
    return Combinations(found, base, worth)


def dimension(ids: tuple[str, ...], said: str = "schemes") -> tuple[str, ...]:
    """Return the schemes to combine."""
    if not 1 <= len(ids) <= MOST_SCHEMES:
        came = f"{len(ids)} ({2 ** len(ids):,} sets)" if ids else "none"
        raise ValueError(f"{said}: expected 1 to {MOST_SCHEMES} schemes to combine, came {came}")
    return ids


UNKNOWN = "?"
SHOWN_MONEY = ("net_income", "present_value")
ROUNDING = 1e-12  # of the largest value of a figure: less is nothing
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
    all_of[np.abs(all_of) <= ROUNDING * np.abs(column).max()] = 0.0
    shares = spread_by_order(all_of)
    top = next((pair for pair in largest(all_of, cube.schemes, 99) if len(pair[0]) > 1), None)
    told = f"{' x '.join(top[0])} {readable(top[1])}" if top and top[1] else ""
    return [f"{shares[0]:.1%}", f"{shares[1]:.1%}", f"{shares[2:].sum():.1%}", told]
