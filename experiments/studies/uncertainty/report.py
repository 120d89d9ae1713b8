"""How sure a programme's figures are, as text for a terminal of 100 columns."""

from __future__ import annotations

from experiments.studies.uncertainty.draws import QUANTILES, Draws
from plant_models.methods.claims import probability_positive, shares_of_truth
from plant_models.methods.economics import Economy
from plant_models.methods.uncertainty import NET
from sim.tables import readable, text_table

BARS = 12  # of the tornado
SURE, UNSURE = 0.95, 0.05


def uncertainty_report(of: Draws) -> str:
    """Return money by step, conclusions, tornado and indices."""
    sections = [
        [_heading(of)],
        _steps(of),
        _conclusions(of),
        _tornado(of),
        _indices(of),
        _notes(of),
    ]
    return "\n\n".join("\n".join(lines) for lines in sections if lines)


def _heading(of: Draws) -> str:
    name, inputs = of.of.variant.name, len(of.of.names)
    how = f"drawn together {len(of.outcomes)} times" if of.outcomes else "moved one at a time"
    return f"Schemes {name}: {inputs} inputs with a range, {how}; {_economy(of).unit_word}"


def _steps(of: Draws) -> list[str]:
    if not of.outcomes:
        return []
    likely = probability_positive(of.outcomes)
    steps = of.outcomes[0].steps
    printed = _economy(of).printed_of(step.name for step in steps)
    rows = []
    for i, step in enumerate(steps):
        found = [each.steps[i] for each in of.outcomes]
        values = of.spread([s.present_value for s in found if s.present_value is not None])
        cells = [step.name]
        if printed:
            cells.append(_money(of, printed[step.name].net) if step.name in printed else "")
        cells += [_money(of, net) for net in of.spread([s.net for s in found])]
        cells += [_money(of, value) for value in values] or ["?"] * len(QUANTILES)
        rows.append([*cells, f"{likely[step.name]:.0%}" if step.name in likely else "?"])
    names = [f"{q:.0%}" for q in QUANTILES]
    paper = ["paper"] if printed else []
    header = ["net income a year", *paper, *names, *(f"NPV {n}" for n in names), "NPV > 0"]
    return text_table(header, rows)


def _conclusions(of: Draws) -> list[str]:
    rows = [[claim, f"{share:.0%}", _verdict(share)] for claim, share in _held(of).items()]
    return text_table(["conclusion", "holds in", ""], rows, left=(0, 2)) if rows else []


def _held(of: Draws) -> dict[str, float]:
    return shares_of_truth(of.outcomes, of.of.variant.plant.claims)


def _verdict(share: float) -> str:
    if share >= SURE:
        return "survives"
    return "does not" if share <= UNSURE else "depends on the inputs"


def _tornado(of: Draws) -> list[str]:
    unit = _unit(of)
    rows = [
        [bar.name, _told(of, bar.low), _told(of, bar.high), _told(of, bar.swing)]
        for bar in of.bars[:BARS]
        if bar.swing > 0.0
    ]
    title = f"{of.target}, {unit}; at base values {_told(of, of.base)}"
    return text_table([title, "at low", "at high", "swing"], rows)


def _indices(of: Draws) -> list[str]:
    rows = [
        [
            index.name,
            f"{index.first:.2f}",
            f"{index.first_ends[0]:.2f} to {index.first_ends[1]:.2f}",
            f"{index.total:.2f}",
            f"{index.total_ends[0]:.2f} to {index.total_ends[1]:.2f}",
        ]
        for index in of.indices
    ]
    if not rows:
        return []
    return text_table(["share of the variance (Sobol)", "alone", "95 %", "in all", "95 %"], rows)


def _notes(of: Draws) -> list[str]:
    lines = []
    if of.outcomes or of.indices:
        lines.append(
            "ranges are drawn evenly (by logarithm where they span more than a factor of 20)"
        )
    lines.append(
        f"{len(of.of.kept)} more ranges only act in time, or belong to what is not built; "
        "they are kept"
    )
    if any(of.misfits):
        told = dict(zip(("hypercube", "tornado", "Sobol"), of.misfits, strict=True))
        lines.append(
            "points at which no plant can be built or run, left out: "
            + ", ".join(f"{name} {count}" for name, count in told.items() if count)
        )
    return lines


def _unit(of: Draws) -> str:
    if of.target == NET:
        return f"{_economy(of).unit_word}/yr"
    return "change in the unit of the indicator"


def _told(of: Draws, value: float) -> str:
    return _money(of, value) if of.target == NET else readable(value)


def _economy(of: Draws) -> Economy:
    return of.of.variant.plant.economy


def _money(of: Draws, amount: float) -> str:
    return _economy(of).told(amount, 1)
