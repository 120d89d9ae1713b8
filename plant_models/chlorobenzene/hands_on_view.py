"""What the explorer shows: figures of the steady state, and pictures and diary of the run."""

from __future__ import annotations

from base64 import b64encode
from html import escape
from io import BytesIO

from plant_models.chlorobenzene import figures
from plant_models.chlorobenzene.figures import style
from plant_models.chlorobenzene.runs import Result

STATES, LEVELS, LOSSES, DIARY = "states", "levels", "losses by cause", "diary"
TABS = (STATES, LEVELS, LOSSES, DIARY)

HEADLINE = {
    "air.benzene_t": "benzene to air",
    "air.hydrogen_chloride_t": "HCl to air",
    "wastewater_t": "wastewater",
    "wastewater.hydrogen_chloride_t": "HCl in wastewater",
    "chlorobenzene_t": "chlorobenzene",
    "steam_t": "steam",
}
"""Indicators of the headline."""

SIZES = {STATES: (9.0, 4.2), LEVELS: (9.0, 6.2), LOSSES: (9.0, 4.2)}  # inches
DOTS = 80  # an inch
CELL = "line-height:1.35;white-space:nowrap"
GRAINS = 1e-9  # relative; what is left of a figure by rounding alone is nothing
MINUS = "\N{MINUS SIGN}"
DAYS = 365.0  # of a year
LATEST = 40  # entries of the diary, the newest first


def headline(before: Result, after: Result) -> str:
    """Return main figures at constant conditions with their change, as HTML."""
    cells = []
    for name, title in HEADLINE.items():
        was, is_ = before.indicators[name], after.indicators[name]
        is_ = 0.0 if abs(is_) < GRAINS * abs(was) else is_
        change = "" if was == is_ or not was else f"{100.0 * (is_ / was - 1.0):+.1f} %"
        cells.append(
            f"<div style='{CELL}'>{title}<br>"
            f"<b style='font-size:1.25em'>{style.readable(is_)}</b> "
            f"{before.indicators.units[name]}<br>{change.replace('-', MINUS) or '&nbsp;'}</div>"
        )
    schemes = ", ".join(after.schemes) or "no schemes"
    narrow = style.words(after.bottleneck)
    return (
        f"<p><b>{escape(schemes)}</b>, at constant conditions, against no schemes; "
        f"bottleneck: {narrow}</p>"
        f"<div style='display:flex;flex-wrap:wrap;gap:8px 18px'>{''.join(cells)}</div>"
    )


def clock(result: Result, years: float, seed: int) -> str:
    """Return how far the run has come, as HTML."""
    day, last = result.ledger.hours / 24.0, DAYS * years
    return f"<small>day {day:.0f} of {last:.0f}, with breakdowns and seasons, seed {seed}</small>"


def notice(text: str) -> str:
    """Return a fault as HTML."""
    return f"<p role='alert' style='color:#a33a00'><b>This does not work:</b> {text}</p>"


def picture(tab: str, result: Result) -> str:
    """Return a page of the explorer as HTML."""
    if tab == DIARY:
        return diary(result)
    from matplotlib.figure import Figure

    figure = Figure(figsize=SIZES[tab], layout="constrained", dpi=DOTS)
    ax = figure.subplots()
    if tab == STATES:
        figures.states(result, ax)
    elif tab == LEVELS:
        figures.levels(result, ax)
    else:
        result.plot.emissions(ax)
    buffer = BytesIO()
    figure.savefig(buffer, format="png")
    data = b64encode(buffer.getvalue()).decode("ascii")
    days = result.ledger.hours / 24.0
    about = escape(f"{tab} of the first {days:.0f} days")
    return f"<img alt='{about}' style='max-width:100%' src='data:image/png;base64,{data}'>"


def diary(result: Result) -> str:
    """Return the newest entries of the diary as HTML."""
    entries = list(result.diary())
    rows = "".join(
        f"<tr><td style='white-space:nowrap;vertical-align:top;padding-right:14px'>"
        f"{escape(entry.date)}</td><td style='text-align:left'>{escape(entry.text)}</td></tr>"
        for entry in entries[-LATEST:][::-1]
    )
    return f"<p>{len(entries)} entries, the newest first</p><table>{rows}</table>"
