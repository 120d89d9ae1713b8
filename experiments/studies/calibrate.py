"""Calibration of a plant: its free parameters, moved within their ranges to meet its targets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from textwrap import wrap
from typing import Any

from experiments.output.answer import Answer, Table, paragraphs
from experiments.output.files import write_whole
from experiments.output.provenance import provenance
from experiments.runner.executors import open_executor
from experiments.runner.faults import at_work
from experiments.studies import Own, Plant, plant_of
from plant_models.arguments import place, word
from plant_models.chlorobenzene.model import PLANT
from plant_models.methods.calibration import Calibratable, Parameter
from plant_models.methods.own_fit import own_fit, read_targets
from plant_models.model import PlantModel
from sim.errors import need_function, need_names, need_numbers, told
from sim.model.facts import Design
from sim.statistics.fitting import Fit
from sim.statistics.fitting import fit as least_squares
from sim.tables import AsWritten, counted, text_table

DIGITS = 6  # of what is written: far finer than any spread, coarser than rounding of a machine
TELLING = 0.3  # correlation from which a pair is written
COMMAND = "python -m experiments calibrate"
HEADER = """\
# Written by `{command}`; do not edit. Calibrated, not
# measured: values moved within their ranges to meet {aims}.
# spread: standard deviation of the linearised posterior. moved: by how many spreads of the prior
# (a quarter of the range). identified: 1 - spread afterwards over before; 0 where data say nothing.
"""
NUMBERS = ("value", "prior", "low", "high", "spread", "moved", "identified")
PARAMETERS = ("kind", "name", "unit", "source", *NUMBERS, "remark")


@dataclass(frozen=True)
class Fitted:
    """A fit of a plant's free parameters, with values as they are written."""

    parameters: tuple[Parameter, ...]
    fit: Fit

    def remark(self, parameter: Parameter) -> str:
        """Return why a parameter stands at an end of its range; empty where it does not."""
        end = self.fit.at_bounds.get(parameter.name)
        if end is None:
            return ""
        pulls = list(self.fit.pulls(parameter.name).items())[:2]
        if not pulls:
            return f"at the {end} end of its range, where it began"
        told = " and ".join(f"{name} ({share:.0%} of the pull)" for name, share in pulls)
        return f"at the {end} end of its range; {told} would take it further"

    @property
    def values(self) -> Table:
        """The parameters, a row each."""
        told = zip(
            self.parameters,
            self.fit.point,
            self.fit.spreads,
            self.fit.moved,
            self.fit.identified,
            strict=True,
        )
        return Table(
            PARAMETERS,
            [
                (
                    *(p.kind, p.name, p.unit, p.source),
                    *(value, p.prior.value, p.prior.low, p.prior.high),
                    float(f"{spread:.3g}"),
                    round(moved, 3) + 0.0,
                    round(abs(identified), 3),
                    self.remark(p),
                )
                for p, value, spread, moved, identified in told
            ],
        )

    @property
    def residuals(self) -> Table:
        """The targets, a row each: aim, model, deviation relative to the aim."""
        return Table(
            ("target", "aim", "tolerance", "model", "deviation"),
            [
                (
                    target.name,
                    target.value,
                    rounded(target.sigma),
                    rounded(shown),
                    round(shown / target.value - 1.0, 5),
                )
                for target, shown in zip(self.fit.targets, self.fit.outcome, strict=True)
            ],
        )

    @property
    def pairs(self) -> Table:
        """The pairs of parameters that the data tie together, the strongest first."""
        return Table(
            ("one", "other", "correlation"),
            [(a, b, round(r, 3)) for a, b, r in self.fit.correlations(at_least=TELLING)],
        )

    def as_toml(self, of: Calibratable) -> str:
        """Return the text of ``calibrated.toml``, or of facts for a user's own design."""
        if of.design is not None:
            return self._as_design(of.design)
        lines = [
            HEADER.format(aims=of.aims, command=command(of)),
            "[inputs]",
            f'fingerprint = "{of.fingerprint}"',
        ]
        for row in self.values.records:
            lines += ["", f'[{row["kind"]}."{row["name"]}"]']
            lines += [f"{key} = {row[key]!r}" for key in NUMBERS]
            if row["remark"]:
                lines.append(f'remark = "{row["remark"]}"')
        return "\n".join(lines) + "\n"

    def _as_design(self, design: Design[Any]) -> str:
        lines = ["# Fitted to figures of one's own; take it with --design."]
        for row in self.values.records:
            fact = design.facts[row["name"]]
            moved = f"fitted, moved by {row['moved']:+.2f} spreads, to +-{row['spread']:g}"
            lines += [
                "",
                f"[{row['name']}]",
                f"value = {row['value']!r}",
                f'unit = "{fact.unit}"',
                'source = "calibrated"',
                f"low = {row['low']!r}",
                f"high = {row['high']!r}",
                f'note = "{moved}"',
            ]
        return "\n".join(lines) + "\n"


def command(of: Calibratable) -> str:
    """Return what fits it, as it is typed."""
    return f"{COMMAND} {of.options}".rstrip()


def rounded(value: float) -> float:
    """Return a value to as many digits as are written.

    >>> rounded(0.123456789)
    0.123457
    """
    return float(f"{value:.{DIGITS}g}")


SMALLEST, LARGEST = 1.0, 1000.0  # kt/yr
CHUNK = 8  # steady states handed to a worker at a time


@dataclass(frozen=True, repr=False)
class Calibration(Answer):
    """A calibrated plant."""

    of: Calibratable
    found: Fitted

    def report(self) -> str:
        """Return residuals, what the data identify, what they tie together, bounds."""
        return calibration_report(self.found, own=self.of.design is not None)

    def tables(self) -> Mapping[str, Table]:
        """Return targets, parameters and correlations."""
        found = self.found
        return {
            "targets": found.residuals,
            "parameters": found.values,
            "correlations": found.pairs,
        }

    def documents(self) -> Mapping[str, str]:
        """Return the calibrated values as the baseline reads them."""
        return {self.of.file.name: self.found.as_toml(self.of)}

    def as_json(self) -> dict[str, Any]:
        """Return everything."""
        fit = self.found.fit
        return {
            **{name: table.records for name, table in self.tables().items()},
            "provenance": provenance(
                "calibrate",
                inputs=self.of.fingerprint,
                steps=fit.steps,
                evaluations=fit.evaluations,
            ),
        }

    def keep(self) -> None:
        """Put the calibrated values where the baseline of the plant finds them."""
        write_whole(self.of.file, self.found.as_toml(self.of).encode())


@dataclass(frozen=True, repr=False)
class Profile(Answer):
    """How well a plant meets its targets if the source's was of one size or another."""

    plant: PlantModel[Any, Any]
    fits: tuple[tuple[float, Calibration], ...]  #: By capacity, kt/yr

    def report(self) -> str:
        """Return misses and moves by capacity, and what is saved per tonne of product."""
        return paragraphs(
            ["capacities of the source's plant, kt/yr: its printed figures are those of that size"],
            self._each_tonne(),
            text_table(PROFILE_TITLES, [self._cells(row) for row in self._rows]),
            [
                "squares: of misses in tolerances, and of moves in spreads of the priors. What all "
                "sizes",
                "meet, the tables do not tell; per tonne the printed figures stand for more the "
                "smaller it was.",
            ],
            [
                f"{size:g}: {name} at the {end} end of its range"
                for size, found in self.fits
                for name, end in found.found.fit.at_bounds.items()
            ],
        )

    def _each_tonne(self) -> list[str]:
        rows = self.per_tonne
        if not rows:
            return []
        names = list(dict.fromkeys(name for _, name, _ in rows))
        sizes = [size for size, _ in self.fits]
        found = {(size, name): value for size, name, value in rows}
        table = [[n, *(f"{found[s, n]:.4g}" for s in sizes)] for n in names]
        return text_table(["saved or earned per t of product", *(f"{s:g}" for s in sizes)], table)

    @property
    def per_tonne(self) -> list[tuple[float, str, float]]:
        """What is saved (in 1/1000 of its unit) or earned per tonne of product, by capacity."""
        rows = []
        for size, one in self.fits:
            shown = dict(zip(_names(one.found), one.found.fit.outcome, strict=True))
            made = shown.get(one.of.product, 0.0)
            for name, value in shown.items():
                if made > 0.0 and name in _figures(shown):
                    rows.append((size, f"{name.removesuffix('_t')}, kg", 1000.0 * value / made))
                elif made > 0.0 and name.startswith(("income ", "net ")):
                    rows.append((size, f"{name}, {self.plant.economy.currency}", value / made))
        return rows

    @property
    def _rows(self) -> list[tuple[Any, ...]]:
        return [(size, *_profile(found.found)) for size, found in self.fits]

    def _cells(self, row: Sequence[Any]) -> list[str]:
        size, worst, off, worst_income, income, misses, moves = row
        return [
            *(f"{size:g}", f"{100 * off:+.1f} %", worst, f"{100 * income:+.1f} %", worst_income),
            *(f"{misses:.1f}", f"{moves:.1f}"),
        ]

    def tables(self) -> Mapping[str, Table]:
        """Return a row a capacity, and the targets of all."""
        residuals = [
            (size, *row) for size, found in self.fits for row in found.found.residuals.rows
        ]
        columns = self.fits[0][1].found.residuals.columns
        per_tonne = Table(("capacity", "what", "value"), self.per_tonne, {"capacity": "kt/yr"})
        return {
            "per_tonne": per_tonne,
            "capacities": Table(PROFILE, self._rows, {"capacity": "kt/yr"}),
            "targets": Table(("capacity", *columns), residuals, {"capacity": "kt/yr"}),
        }

    def as_json(self) -> dict[str, Any]:
        """Return everything."""
        return {
            **{name: table.records for name, table in self.tables().items()},
            "provenance": provenance("calibrate", inputs=self.fits[0][1].of.fingerprint),
        }


PROFILE = (
    *("capacity", "worst_figure", "off", "worst_income", "income_off"),
    *("squared_misses", "squared_moves"),
)
PROFILE_TITLES = ["capacity", "worst", "figure", "worst", "income", "squared misses", "moves"]


def _names(found: Fitted) -> list[str]:
    return [target.name for target in found.fit.targets]


def _figures(names: Iterable[str]) -> list[str]:
    """Return the targets that are figures of emission."""
    return [name for name in names if "." in name or name == "wastewater_t"]


def _profile(found: Fitted) -> tuple[str, float, str, float, float, float]:
    """Return the worst figure and income, and the sums of squares, of a fit."""
    fit = found.fit
    off = {
        target.name: shown / target.value - 1.0
        for target, shown in zip(fit.targets, fit.outcome, strict=True)
        if not target.name.startswith("net ")
    }
    incomes = [name for name in off if name.startswith("income ")]
    figures = _figures(off) or list(off)
    worst, income = (
        max(names, key=lambda name: abs(off[name])) if names else "" for names in (figures, incomes)
    )
    misses = sum(
        ((shown - target.value) / target.sigma) ** 2
        for target, shown in zip(fit.targets, fit.outcome, strict=True)
    )
    moves = sum(moved**2 for moved in fit.moved)
    return worst, off.get(worst, 0.0), income, off.get(income, 0.0), misses, moves


def calibrate(
    *,
    structure: str = "",
    capacity: Sequence[float] = (),
    targets: Any = None,
    fit: Sequence[str] = (),
    design: Own = None,
    workers: int | None = None,
    plant: Plant = PLANT,
    progress: Callable[[int, float], None] | None = None,
) -> Calibration | Profile:
    """Fit the free parameters of a plant to its targets, within their ranges.

    Nothing is written: ``save`` puts the values into a folder, ``keep`` into the baseline.

    Parameters
    ----------
    structure : str
        Which structure of the plant, of those that are calibrated apart; the base by default.
    capacity : sequence of float
        Sizes, kt/yr, that the source's plant may have had: a fit for each, and how well each does.
    targets : path, optional
        A TOML file with figures of one's own instead, see `own_fit`; needs ``fit``.
    fit : sequence of str
        Parameters that these may move, by path.
    design : Design, tree or path, optional
        One's own plant, whose values they start from; the baseline by default.
    workers : int, optional
        Processes that share the steady states; the result does not depend on it.
    progress : callable, optional
        Told the step and the sum of squares.

    plant
        See `run`.

    Raises
    ------
    LookupError
        A plant without free parameters and targets.
    TypeError, ValueError
        Workers that are no whole number of 1 or more; no structure that the plant has.
    SimulationFault
        If the fit does not converge.
    """
    plant = plant_of(plant)
    name = _structure(plant, structure)
    if progress is not None:
        need_function("calibrate", "step, squares", progress=progress)
    (moved,) = need_names("calibrate", fit=fit)
    if targets is not None or moved or design is not None:
        return _fitted(_own(plant, targets, moved, design, structure, capacity), workers, progress)
    (sizes,) = need_numbers("calibrate", capacity=capacity)
    if not sizes:
        return _fitted(plant.calibration_of(name), workers, progress)
    sizes = once([*map(_size, sizes)])
    return Profile(
        plant,
        tuple(
            (size, _fitted(plant.calibration_of(name, size), workers, progress)) for size in sizes
        ),
    )


def _size(capacity: object) -> float:
    if isinstance(capacity, bool) or not isinstance(capacity, int | float):
        raise TypeError(f"capacity: expected kt/yr, like 15, came {told(capacity)}")
    if not SMALLEST <= capacity <= LARGEST:
        raise ValueError(f"capacity: expected {SMALLEST:g} to {LARGEST:g} kt/yr, came {capacity:g}")
    return float(capacity)


def once(sizes: list[float]) -> list[float]:
    """Return sizes, kt/yr; raise ValueError for one that is named twice."""
    for size in sizes:
        if sizes.count(size) > 1:
            raise ValueError(f"capacity: expected each size once, came {size:g} twice")
    return sizes


def _own(
    plant: PlantModel[Any, Any],
    targets: Any,
    names: Sequence[str],
    design: Any,
    structure: str,
    capacity: Sequence[float],
) -> Calibratable:
    """Return the fit to figures of one's own; raise ValueError where something lacks for it."""
    if targets is None:
        raise ValueError("fit and design: go with targets, the file of your own figures")
    if not names:
        raise ValueError("targets: need fit, the parameters that they may move")
    if structure or capacity:
        raise ValueError(
            "targets: go without structure and without capacity; set them in the design"
        )
    own = plant.own_design(design) if isinstance(design, str | Path) else plant.own(design)
    file = place("targets", targets, "TOML file, like 'targets.toml'")
    return own_fit(plant, own, read_targets(file, plant), names)


def _fitted(
    of: Calibratable, workers: int | None, progress: Callable[[int, float], None] | None
) -> Calibration:
    free = of.parameters
    with open_executor(workers) as (pool, _), at_work("the calibration"):
        model = of.model(lambda solve, jobs: pool.map(solve, jobs, chunksize=CHUNK))
        found = least_squares(model, [p.prior for p in free], of.targets, progress=progress)
        if not found.converged:
            raise RuntimeError(f"the fit does not converge in {found.steps} steps")
        point = tuple(
            min(max(rounded(x), p.prior.low), p.prior.high)
            for x, p in zip(found.point, free, strict=True)
        )
        (outcome,) = model([point])
    assert outcome is not None
    return Calibration(of, Fitted(free, replace(found, point=point, outcome=tuple(outcome))))


def _structure(plant: PlantModel[Any, Any], name: str) -> str:
    """Return the structure that is meant; the base where none is named."""
    given: object = name
    if isinstance(given, str) and given == "":
        return plant.structures[0]
    return word("structure", name, plant.structures)


def stale(plant: Plant = PLANT) -> str:
    """Return why the calibrated values are not what their inputs ask for; empty if they are."""
    plant = plant_of(plant)
    for structure in plant.structures:
        of = plant.calibration_of(structure)
        file = f"data/{of.file.name}"
        if not of.written:
            return f"there is no {file}; run: {command(of)}"
        if of.written["inputs"]["fingerprint"] != of.fingerprint:
            return (
                f"{file} was fitted to other facts, schemes, prices or targets than the "
                f"data files hold now; run: {command(of)}"
            )
    return ""


IDENTIFIED = 0.1  # share of the prior's spread that the data must take away to be worth a line
MOVED = 1.0  # spreads of the prior
NEAR = 0.02  # of a range
MARK = "*"
STRONGEST = 12
NAME = 52
WIDTH = 100


def calibration_report(found: Fitted, own: bool = False) -> str:
    """Return the whole report, for a terminal of 100 columns; ``own``: of figures of one's own."""
    told = found.values.records
    return paragraphs(
        [_heading(found)],
        _residuals(found.residuals.records, own),
        _parameters("identified by the data", [r for r in told if r["identified"] >= IDENTIFIED]),
        _parameters(
            f"moved by more than {MOVED:g} spread, yet hardly identified",
            [r for r in told if abs(r["moved"]) > MOVED and r["identified"] < IDENTIFIED],
        ),
        _pairs(found.pairs.records[:STRONGEST]),
        _bounds(told),
        _notes(told, own),
    )


def _heading(found: Fitted) -> str:
    fit = found.fit
    return (
        f"{counted(len(fit.priors), 'parameter')}, {counted(len(fit.targets), 'target')}; "
        f"{counted(fit.steps, 'step')}, {counted(fit.evaluations, 'evaluation')}"
    )


def _residuals(told: Sequence[Mapping[str, Any]], own: bool) -> list[str]:
    body = [
        [
            AsWritten(row["target"]) if own else row["target"],
            f"{row['aim']:.6g}",
            f"{row['model']:.6g}",
            f"{100.0 * row['deviation']:+.2f} %",
            f"{round((row['model'] - row['aim']) / row['tolerance'], 1) + 0.0:+.1f}",
        ]
        for row in told
    ]
    aim = "aim" if own else "source"
    return text_table(["target", aim, "model", "deviation", "tolerances"], body)


def _parameters(title: str, told: Sequence[Mapping[str, Any]]) -> list[str]:
    if not told:
        return []
    body = [
        [
            _named(row),
            f"{row['prior']:.4g}",
            f"{row['value']:.4g}",
            f"{row['spread']:.2g}",
            f"{row['moved']:+.2f}",
            f"{row['identified']:.2f}",
        ]
        for row in sorted(told, key=lambda row: (-row["identified"], row["name"]))
    ]
    return text_table([title, "prior", "value", "sd", "moved", "identified"], body)


def _pairs(told: Sequence[Mapping[str, Any]]) -> list[str]:
    body = [[row["one"], row["other"], f"{row['correlation']:+.2f}"] for row in told]
    return text_table(["tied together", "and", "correlation"], body, left=(0, 1)) if body else []


def _bounds(told: Sequence[Mapping[str, Any]]) -> list[str]:
    remarks = [(row, row["remark"] or near_end(row)) for row in told]
    return [
        line
        for row, remark in remarks
        if remark
        for line in wrap(f"{_named(row)}: {remark}", WIDTH, subsequent_indent="  ")
    ]


def near_end(row: Mapping[str, Any]) -> str:
    """Return that a value nearly stands at an end of its range; empty where it does not."""
    width = row["high"] - row["low"]
    for end in ("low", "high"):
        if abs(row["value"] - row[end]) < NEAR * width:
            return f"near the {end} end of its range"
    return ""


def _notes(told: Sequence[Mapping[str, Any]], own: bool) -> list[str]:
    silent = sum(row["identified"] < IDENTIFIED for row in told)
    twice = [_named(row) for row in told if _is_of_the_tables(row)]
    marked = [f"{MARK} prior taken from the tables that it is fitted to, with a wide range."]
    proof = [
        "So many parameters on so few targets prove consistency, nothing more: calibrated is not",
        "measured, and no emission of a single scheme follows from the source.",
    ]
    return [
        *(marked if twice else []),
        f"Of {counted(len(told), 'parameter')} the data leave {silent} nearly as uncertain as "
        f"{'it was' if len(told) == 1 else 'they were'}.",
        *(["Calibrated is not measured: what agrees may still be otherwise."] if own else proof),
    ]


def _is_of_the_tables(row: Mapping[str, Any]) -> bool:
    return str(row["source"]).startswith("inferred_from_table")


def _named(row: Mapping[str, Any]) -> str:
    name: str = row["name"] if row["kind"] != "prices" else f"price of {row['name']}"
    if _is_of_the_tables(row):
        name += f" {MARK}"
    return name if len(name) <= NAME else f"{name[: NAME - 3]}..."
