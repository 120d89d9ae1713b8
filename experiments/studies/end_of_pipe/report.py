"""Source against end of pipe as text, for a terminal of 100 columns."""

from __future__ import annotations

from experiments.output.text import ONE_REPLICATION
from experiments.studies.end_of_pipe.study import OVER, WAYS, EndOfPipeStudy
from plant_models.chlorobenzene.money.end_of_pipe import MEDIA, organics
from plant_models.chlorobenzene.paper.printed import TEN_THOUSAND
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


def end_of_pipe_report(study: EndOfPipeStudy) -> str:
    """Return emission in calm and in events, what else differs, and what either way costs."""
    sections = [
        [
            f"Schemes {study.name} against a carbon bed (E1) and an effluent stripper (E2) "
            "at equal emission"
        ],
        _emission(study),
        _else(study),
        _bills(study),
        _notes(study),
    ]
    return "\n\n".join("\n".join(lines) for lines in sections if lines)


def _emission(study: EndOfPipeStudy) -> list[str]:
    rows = []
    for sink in MEDIA:
        calm = [readable(organics(study.calm[way], sink)) for way in WAYS]
        rows.append([f"organics to {sink}, steady state", "t/yr", *calm, ""])
        events = [_told(study.emitted(way, sink)) for way in WAYS]
        rows.append(["  with events", "t/yr", *events, _told(study.more(sink), sign=True)])
        rows.append(["  let by while down", "t/yr", "", "", _told(study.let_by(sink)), ""])
        above = [f"{study.beyond(way, sink):.1%}" for way in WAYS]
        rows.append([f"  hours above {OVER:g} x calm", "h/h", *above, ""])
        rows.append(
            ["  highest", "kg/h", *(readable(study.highest(way, sink)) for way in WAYS), ""]
        )
    return text_table(["emission", "unit", *WAYS, "devices - source"], rows, left=(0, 1))


def _else(study: EndOfPipeStudy) -> list[str]:
    rows = []
    for name in ALSO:
        unit = study.runs["none"][0].indicators.units[name]
        rows.append([name, unit, *(_told(study.figure(way, name)) for way in WAYS)])
    for unit in study.runs["devices"][0].down:
        hours = [run.down[unit] for run in study.runs["devices"]]
        rows.append([f"{unit} down", "h/yr", "", "", readable(sum(hours) / len(hours))])
    return text_table(["with events", "unit", *WAYS], rows, left=(0, 1))


def _bills(study: EndOfPipeStudy) -> list[str]:
    rows = [
        [
            way,
            _wan(bill.investment),
            _wan(bill.capital),
            _wan(bill.upkeep),
            _wan(bill.margin.mean)
            + ("" if bill.margin.n == 1 else f" +- {bill.margin.half_width / TEN_THOUSAND:.1f}"),
            _wan(bill.total),
        ]
        for way, bill in study.bills.items()
    ]
    header = ["cost, 10^4 RMB", "once", "capital, 1/yr", "upkeep, 1/yr", "earned less, 1/yr",
              "all, 1/yr"]  # fmt: skip
    return text_table(header, rows)


def _notes(study: EndOfPipeStudy) -> list[str]:
    told = ", ".join(f"{path} {value:.3f}" for path, value in study.match.settings.items())
    lines = [
        "set to equal emission in the steady state, kg/kg:",
        f"  {told}",
        "devices and their costs are assumed: data/end_of_pipe.toml, data/device_costs.toml",
        "while a device is down the line runs on and it protects nothing",
    ]
    lines += [
        f"organics to {sink}: not even a perfect device emits so little; the rest is lost elsewhere"
        for sink in study.match.short
    ]
    if study.case.replications == 1:
        lines.append(ONE_REPLICATION)
    return lines


def _told(of: Interval, *, sign: bool = False) -> str:
    spread = "" if of.n == 1 else f" +- {readable(of.half_width)}"
    return f"{'+' if sign and of.mean > 0 else ''}{readable(of.mean)}{spread}"


def _wan(amount: float) -> str:
    return f"{amount / TEN_THOUSAND:.1f}".replace("-0.0", "0.0")
