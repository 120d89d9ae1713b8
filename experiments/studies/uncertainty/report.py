"""How sure a programme's figures are, as text for a terminal of 100 columns."""

from __future__ import annotations

from experiments.studies.uncertainty.study import QUANTILES, UncertaintyStudy
from plant_models.chlorobenzene.paper.printed import TEN_THOUSAND, table_1_2
from plant_models.chlorobenzene.ranges.uncertainty import NET, probability_positive, shares_of_truth
from sim.tables import readable, text_table

BARS = 12  # of the tornado
SURE, UNSURE = 0.95, 0.05


def uncertainty_report(study: UncertaintyStudy) -> str:
    """Return money by step, conclusions, tornado and indices."""
    sections = [
        [_heading(study)],
        _steps(study),
        _conclusions(study),
        _tornado(study),
        _indices(study),
        _notes(study),
    ]
    return "\n\n".join("\n".join(lines) for lines in sections if lines)


def _heading(study: UncertaintyStudy) -> str:
    return (
        f"Schemes {study.name}: {len(study.of.names)} inputs with a range, drawn together "
        f"{len(study.outcomes)} times; 10^4 RMB"
    )


def _steps(study: UncertaintyStudy) -> list[str]:
    likely = probability_positive(study.outcomes)
    printed = table_1_2()
    rows = []
    for i, step in enumerate(study.outcomes[0].steps):
        nets = study.spread([each.steps[i].net for each in study.outcomes])
        values = [v for each in study.outcomes if (v := each.steps[i].present_value) is not None]
        told = [_wan(v) for v in study.spread(values)] if values else ["?"] * len(QUANTILES)
        paper = _wan(printed[step.name].net) if _is_printed(study, step.name) else ""
        chance = f"{likely[step.name]:.0%}" if step.name in likely else "?"
        rows.append([step.name, paper, *map(_wan, nets), *told, chance])
    names = [f"{q:.0%}" for q in QUANTILES]
    header = ["net income a year", "paper", *names, *(f"NPV {n}" for n in names), "NPV > 0"]
    return text_table(header, rows)


def _is_printed(study: UncertaintyStudy, name: str) -> bool:
    """Return whether the source prints a row; of the total only where it is the same programme."""
    steps = {step.name for step in study.outcomes[0].steps}
    return name in table_1_2() and (name != "Total" or steps == set(table_1_2()))


def _conclusions(study: UncertaintyStudy) -> list[str]:
    rows = [
        [claim, f"{share:.0%}", _verdict(share)]
        for claim, share in shares_of_truth(study.outcomes).items()
    ]
    return text_table(["conclusion", "holds in", ""], rows, left=(0, 2))


def _verdict(share: float) -> str:
    if share >= SURE:
        return "survives"
    return "does not" if share <= UNSURE else "depends on the inputs"


def _tornado(study: UncertaintyStudy) -> list[str]:
    unit = _unit(study)
    rows = [
        [bar.name, _told(study, bar.low), _told(study, bar.high), _told(study, bar.swing)]
        for bar in study.bars[:BARS]
        if bar.swing > 0.0
    ]
    title = f"{study.target}, {unit}; at base values {_told(study, study.base)}"
    return text_table([title, "at low", "at high", "swing"], rows)


def _indices(study: UncertaintyStudy) -> list[str]:
    rows = [
        [
            index.name,
            f"{index.first:.2f}",
            f"{index.first_ends[0]:.2f} to {index.first_ends[1]:.2f}",
            f"{index.total:.2f}",
            f"{index.total_ends[0]:.2f} to {index.total_ends[1]:.2f}",
        ]
        for index in study.indices
    ]
    if not rows:
        return []
    return text_table(["share of the variance (Sobol)", "alone", "95 %", "in all", "95 %"], rows)


def _notes(study: UncertaintyStudy) -> list[str]:
    lines = [
        "ranges are drawn evenly (by logarithm where they span more than a factor of 20)",
        f"{len(study.of.kept)} more ranges only act in time, or belong to what is not built; "
        "they are kept",
    ]
    if any(study.misfits):
        told = dict(zip(("hypercube", "tornado", "Sobol"), study.misfits, strict=True))
        lines.append(
            "points at which no line can be built or run, left out: "
            + ", ".join(f"{name} {count}" for name, count in told.items() if count)
        )
    return lines


def _unit(study: UncertaintyStudy) -> str:
    return "10^4 RMB/yr" if study.target == NET else "change in the unit of the indicator"


def _told(study: UncertaintyStudy, value: float) -> str:
    return _wan(value) if study.target == NET else readable(value)


def _wan(amount: float) -> str:
    return f"{amount / TEN_THOUSAND:.1f}".replace("-0.0", "0.0")
