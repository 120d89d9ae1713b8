"""How the limits are kept, as text for a terminal of 100 columns and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from experiments.door.inputs import Case
from experiments.runner.studies import compact, installed_version, settings_of
from plant_models.chlorobenzene.figures import Beyond
from plant_models.chlorobenzene.figures.style import words
from plant_models.chlorobenzene.law.compliance import Applied, Compliance
from plant_models.chlorobenzene.law.discharges import (
    AIR,
    ALL_OUTFALLS,
    ALL_VENTS,
    CONCENTRATION,
    RATE,
    SEWER,
    Figure,
    points,
)
from sim.clock.watch import Exposure
from sim.model.tree import design_hash
from sim.tables import readable, text_table

RECALLED = "*"
WORTH_A_ROW = 0.1  # of the limit; what never comes nearer is counted, not shown
LABELS = {"chemical_oxygen_demand": "COD", "acidity": "pH"}
TAIL_GAS = "emergency_scrubber"  # the last unit that it passes


def limits_report(kept: Compliance, case: Case, clock: str) -> str:
    """Return the vents and the outfalls that come near a limit, and for how long beyond it."""
    terms = kept.terms
    air = [_shown(points(AIR), ALL_VENTS, unit, kept) for unit in (CONCENTRATION, RATE)]
    water = _shown(points(SEWER), ALL_OUTFALLS, "", kept)
    sections = [
        [_heading(kept, case, clock)],
        [f"air, GB 16297-1996, {terms.set_up} sources, concentration, mg/m3 of dry gas"],
        _table(air[0], kept),
        [f"air, rate, kg/h, area of grade {terms.grade}, stacks of {terms.stack:g} m"],
        _table(air[1], kept),
        [f"water, GB 8978-1996, grade {terms.water_grade}, mg/L"],
        _table(water, kept),
        _notes(kept, len(air[0]) + len(air[1]) + len(water)),
    ]
    return "\n".join("\n".join(lines) + ("\n" if n % 2 == 0 else "")
                     for n, lines in enumerate(sections)).rstrip("\n")  # fmt: skip


def _heading(kept: Compliance, case: Case, clock: str) -> str:
    name = compact(kept.schemes, case.known)
    if clock == "steady":
        return f"Schemes {name}: {kept.hours:,.0f} h of constant conditions"
    runs = f", {case.replications} replications" if case.replications > 1 else ""
    return f"Schemes {name}: {kept.hours:,.0f} h of events{runs}, seed {case.seed}"


def _shown(
    names: Sequence[str], together: str, unit: str, kept: Compliance
) -> list[tuple[Figure, Applied, Exposure]]:
    rows = []
    for name in (*names, together):
        for figure, limit in kept.terms.applied.items():
            exposure = kept.exposures.get(figure)
            of_air = figure.unit in (CONCENTRATION, RATE)
            fits = figure.unit == unit if unit else not of_air
            if figure.point == name and fits and exposure is not None:
                low, high = limit.bounds
                near = exposure.highest >= WORTH_A_ROW * high and low == 0.0
                if near or exposure.beyond > 0.0:
                    rows.append((figure, limit, exposure))
    return rows


def _table(rows: Sequence[tuple[Figure, Applied, Exposure]], kept: Compliance) -> list[str]:
    header = ["point", "pollutant", "limit", "mean", "highest", "hours", "beyond", "share of all"]
    cells = []
    for figure, limit, exposure in rows:
        low, high = limit.bounds
        bounds = f"{low:g}-{high:g}" if low else f"{high:.3g}"
        cells.append(
            [
                _point(figure),
                LABELS.get(figure.component, words(figure.component)),
                bounds + (RECALLED if limit.recalled else " "),
                readable(exposure.mean),
                readable(exposure.highest),
                f"{exposure.hours:,.0f}",
                f"{exposure.beyond:,.0f}",
                f"{kept.share(figure):.1%}",
            ]
        )
    return text_table(header, cells, left=(0, 1)) if cells else ["nothing comes near a limit"]


def _point(figure: Figure) -> str:
    if figure.point == TAIL_GAS and figure.unit in (CONCENTRATION, RATE):
        return "tail gas"
    return words(figure.point)


def _notes(kept: Compliance, shown: int) -> list[str]:
    left = len(kept.exposures) - shown
    return [
        f"{RECALLED} limit recalled from memory, not re-read in the standard",
        f"{left} more figures stay below a tenth of their limit, or within their bounds",
        "hours: in which something left there; share of all: of the whole time",
        "vents without a carrier gas in the books (tanks, drains) have a rate only; COD is the",
        "theoretical one, an upper bound; cooling water is an account of its own, not judged here",
        *(["constant conditions spread deliveries and shifts evenly over the year, so vents of"
           " loading look", "calmer than they are: see --clock events"]
          if kept.hours == kept.line.site.operating_hours else []),
    ]  # fmt: skip


def picture_rows(kept: Compliance) -> list[Beyond]:
    """Return what is beyond a limit at some time, as its picture shows it."""
    rows = []
    for section, names, together, unit in (
        ("air, mg/m3 of dry gas", points(AIR), ALL_VENTS, CONCENTRATION),
        ("air, kg/h", points(AIR), ALL_VENTS, RATE),
        ("water, mg/L", points(SEWER), ALL_OUTFALLS, ""),
    ):
        for figure, limit, exposure in _shown(names, together, unit, kept):
            if exposure.beyond == 0.0:
                continue
            low, high = limit.bounds
            pollutant = LABELS.get(figure.component, words(figure.component))
            if low:
                told = f"from {exposure.lowest:.1f} to {exposure.highest:.1f}"
            else:
                times = exposure.highest / high
                told = f"up to {times:,.0f} times" if times >= 100.0 else f"up to {times:.3g} times"
            name = f"{_point(figure)}: {pollutant}{RECALLED if limit.recalled else ''}"
            rows.append(Beyond(section, name, exposure.hours, exposure.beyond, told))
    return rows


def in_full(kept: Compliance, case: Case, clock: str) -> dict[str, Any]:
    """Return every figure with its limit as JSON has it."""
    terms = kept.terms
    return {
        "figures": [
            {
                "point": figure.point,
                "component": figure.component,
                "unit": figure.unit,
                "lowest_allowed": limit.bounds[0],
                "highest_allowed": limit.bounds[1],
                "recalled": limit.recalled,
                "source": limit.source,
                "hours": exposure.hours,
                "hours_beyond": exposure.beyond,
                "share_of_all_hours": kept.share(figure),
                "mean": exposure.mean,
                "lowest": exposure.lowest,
                "highest": exposure.highest,
            }
            for figure, limit in terms.applied.items()
            if (exposure := kept.exposures.get(figure)) is not None
        ],
        "hours": kept.hours,
        "terms": {
            "set_up": terms.set_up,
            "grade": terms.grade,
            "stack": terms.stack,
            "water_grade": terms.water_grade,
        },
        "provenance": {
            "program": "cleanerline",
            "version": installed_version("cleanerline"),
            "clock": clock,
            "seed": case.seed if clock == "events" else None,
            "replications": case.replications if clock == "events" else None,
            "years": case.years if clock == "events" else None,
            "start": case.start if clock == "events" else None,
            "settings": settings_of(case.design),
            "schemes": list(kept.schemes),
            "hash": design_hash(kept.line),
        },
    }
