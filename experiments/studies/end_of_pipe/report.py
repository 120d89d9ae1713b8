"""Source against end of pipe as text, for a terminal of 100 columns."""

from __future__ import annotations

from experiments.studies.end_of_pipe.ways import OVER, WAYS, Ways
from experiments.studies.run.report import ONE_REPLICATION
from sim.statistics.intervals import Interval
from sim.tables import readable, text_table

ALSO = (
    "wastewater_t",
    "wastewater.hydrogen_chloride_t",
    "benzene_used_t",
    "slop_oil_t",
    "steam_t",
    "cooling_water_intake_t",
    "operating_hours",
)
"""What no device at the end of the pipe changes for the better."""


def end_of_pipe_report(of: Ways) -> str:
    """Return emission in calm and in events, what else differs, and what either way costs."""
    sections = [
        [f"Schemes {of.source.name} against {of.devices.told} at equal emission"],
        _emission(of),
        _else(of),
        _bills(of),
        _notes(of),
    ]
    return "\n\n".join("\n".join(lines) for lines in sections if lines)


def _emission(of: Ways) -> list[str]:
    rows = []
    for sink in of.devices.knobs:
        calm = [readable(of.calm_to(way, sink)) for way in WAYS]
        rows.append([f"{of.devices.what} to {sink}, steady state", "t/yr", *calm, ""])
        events = [_told(of.emitted(way, sink)) for way in WAYS]
        rows.append(["  with events", "t/yr", *events, _told(of.more(sink), sign=True)])
        rows.append(["  let by while down", "t/yr", "", "", _told(of.let_by(sink)), ""])
        above = [f"{of.beyond(way, sink):.1%}" for way in WAYS]
        rows.append([f"  hours above {OVER:g} x calm", "h/h", *above, ""])
        rows.append(["  highest", "kg/h", *(readable(of.highest(way, sink)) for way in WAYS), ""])
    return text_table(["emission", "unit", *WAYS, "devices - source"], rows, left=(0, 1))


def _else(of: Ways) -> list[str]:
    units = of.calm["none"].units
    rows = [
        [name, units[name], *(_told(of.figure(way, name)) for way in WAYS)]
        for name in ALSO
        if name in units
    ]
    rows += [[f"{unit} down", "h/yr", "", "", readable(hours)] for unit, hours in of.down().items()]
    return text_table(["with events", "unit", *WAYS], rows, left=(0, 1))


def _bills(of: Ways) -> list[str]:
    unit = of.source.plant.economy.unit
    rows = [
        [
            way,
            _in(unit, bill.investment),
            _in(unit, bill.capital),
            _in(unit, bill.upkeep),
            _in(unit, bill.margin.mean)
            + ("" if bill.margin.n == 1 else f" +- {bill.margin.half_width / unit:.1f}"),
            _in(unit, bill.total),
        ]
        for way, bill in of.bills.items()
    ]
    header = ["cost, 10^4 RMB", "once", "capital, 1/yr", "upkeep, 1/yr", "earned less, 1/yr",
              "all, 1/yr"]  # fmt: skip
    return text_table(header, rows)


def _notes(of: Ways) -> list[str]:
    told = ", ".join(f"{path} {value:.3f}" for path, value in of.match.settings.items())
    lines = [
        "set to equal emission in the steady state, kg/kg:",
        f"  {told}",
        of.devices.sources,
        "while a device is down the line runs on and it protects nothing",
    ]
    lines += [
        f"{of.devices.what} to {sink}: not even a perfect device emits so little; the rest is lost "
        "elsewhere"
        for sink in of.match.short
    ]
    if of.horizon.replications == 1:
        lines.append(ONE_REPLICATION)
    return lines


def _told(amount: Interval, *, sign: bool = False) -> str:
    spread = "" if amount.n == 1 else f" +- {readable(amount.half_width)}"
    return f"{'+' if sign and amount.mean > 0 else ''}{readable(amount.mean)}{spread}"


def _in(unit: float, amount: float) -> str:
    return f"{amount / unit:.1f}".replace("-0.0", "0.0")
