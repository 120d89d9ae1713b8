"""Recoveries, shares and conversions of a plant, fitted to its reconciled balance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from experiments.output.answer import Answer, Table, paragraphs
from experiments.output.provenance import provenance
from experiments.studies.plant_reconcile import SIGNIFICANCE, Reconciled, plant_reconcile
from plant_models.folder.fitting import PlantFit, fit_plant, free_parameters
from plant_models.folder.model import FolderPlant
from plant_models.folder.writing import facts_text
from sim.errors import need_names
from sim.model.schemes import listed
from sim.tables import readable, text_table

DESIGN = "fitted.toml"


@dataclass(frozen=True, repr=False)
class FittedPlant(Answer):
    """Parameters, and what the balance says of them."""

    reconciled: Reconciled
    fit: PlantFit

    @property
    def plant(self) -> FolderPlant:
        """The plant of the folder."""
        return self.reconciled.plant

    def report(self) -> str:
        """Return what was fitted, what is tied together, and how the meters are met."""
        told = [
            f"{self.plant.name}: {len(self.fit.fitted)} parameters fitted to "
            f"{len(self.reconciled.readings)} reconciled readings",
            f"metered flow {self.fit.factor:.1%} of what the model makes at its capacity",
        ]
        ties = [f"  {a} and {b} ({r:+.2f})" for a, b, r in self.fit.tied]
        return paragraphs(
            told,
            self._left_out(),
            self._parameters(),
            ["tied together (correlation), known better as a pair than each:", *ties]
            if ties
            else [],
            self._meters(),
            [f"--out DIR writes {DESIGN}: run any study with --design {DESIGN} beside --plant"],
        )

    def _left_out(self) -> list[str]:
        found = self.reconciled.found
        lines = [
            f"without {error.kind} {error.name}, which noise does not explain" for error in found
        ]
        if any(error.kind == "leak" for error in found):
            lines.append("the plant as it is written has no leak: mend it, and read again")
        return lines

    def _parameters(self) -> list[str]:
        rows = [
            [
                f.free.path,
                f"{f.free.value:.4g}",
                f"{f.value:.4g}" if f.identified or f.moved else "?",
                f"{f.standard_error:.2g}" if f.identified else "?" if f.moved else "",
                "at its bound" if f.at_bound and f.identified else "",
                f.free.declared.unit,
            ]
            for f in self.fit.fitted
        ]
        header = ["parameter", "before", "fitted", "std. error", "", "unit"]
        lines = text_table(header, rows, left=(0, 4, 5))
        unknown = [f.moved for f in self.fit.fitted if not f.identified]
        if False in unknown:
            lines.append("?: the readings say nothing of it; it stays")
        if True in unknown:
            lines.append("? as error: told with others alone; it moves as little as fits")
        return lines

    def _meters(self) -> list[str]:
        rows = [
            [r.name, r.shown, *(readable(r.as_metered(x)) for x in (target, was, now)),
             f"{(now - target) / r.error:+.1f}"]
            for r, target, was, now in self._met()
        ]  # fmt: skip
        header = ["meter", "unit", "reconciled", "before", "fitted", "off, errors"]
        return text_table(header, rows, left=(0, 1))

    def _met(self) -> list[tuple[Any, float, float, float]]:
        figures = (each.tolist() for each in (self.fit.targets, self.fit.before, self.fit.model))
        return list(zip(self.reconciled.readings, *figures, strict=True))

    def tables(self) -> Mapping[str, Table]:
        """Return parameters, and meters."""
        parameters = [
            (f.free.path, f.free.declared.unit, f.free.value, f.value,
             f.standard_error if f.identified else None, f.identified, f.at_bound)
            for f in self.fit.fitted
        ]  # fmt: skip
        meters = [
            (r.at, r.component, r.shown, *map(r.as_metered, (t, was, now, r.error)))
            for r, t, was, now in self._met()
        ]
        return {
            "parameters": Table(("parameter", "unit", "before", "fitted", "standard_error",
                                 "identified", "at_bound"), parameters),
            "meters": Table(("at", "component", "unit", "reconciled", "before", "fitted",
                             "error"), meters),
        }  # fmt: skip

    def documents(self) -> Mapping[str, str | bytes]:
        """Return the fitted values as facts, for ``--design``."""
        return {DESIGN: facts_text(self.fit.facts)}

    def as_json(self) -> dict[str, Any]:
        """Return all tables."""
        return {
            "factor": self.fit.factor,
            **{name: table.records for name, table in self.tables().items()},
            "tied": [list(each) for each in self.fit.tied],
            "provenance": provenance("plant fit", self.plant.variant("none")),
        }


def plant_fit(
    folder: FolderPlant | Path | str,
    *,
    parameters: str | Iterable[str] = (),
    readings_file: Path | str | None = None,
    significance: float = SIGNIFICANCE,
) -> FittedPlant:
    """Fit recoveries, shares and conversions to the reconciled balance; tell what it identifies.

    Parameters
    ----------
    folder : path or plant
        The folder, its plant as `plant_models.folder.load` returns it, or the name of one of the
        package.
    parameters : str or iterable of str
        Which may move: ``"centrifuge.recovery.salt, bleed.share.purge"``; what is marked
        ``fit = true`` by default, or else all recoveries, shares, removals and conversions stated.
    readings_file, significance
        See `plant_reconcile`; gross errors that it finds are taken out first.
    """
    some = listed(parameters) if isinstance(parameters, str) else parameters
    (some,) = need_names("plant_fit", parameters=some)
    names = tuple(name.strip() for name in some if name.strip())
    reconciled = plant_reconcile(folder, readings_file=readings_file, significance=significance)
    free = free_parameters(reconciled.plant, names)
    of = reconciled
    fit = fit_plant(of.plant, of.readings, of.balance, of.clean, free)
    return FittedPlant(reconciled, fit)
