"""The ten checks of the source, together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from plant_models.chlorobenzene.paper import goods, money, programme, water
from plant_models.chlorobenzene.paper.finding import Finding
from plant_models.chlorobenzene.paper.printed_source import PrintedSource, printed_source

CHECKS: tuple[Callable[[PrintedSource], Finding], ...] = (
    money.scale_of_the_text,
    money.sums_of_table_1_2,
    money.paid_schemes,
    money.polychloride_column,
    programme.capacity,
    goods.lost_pollutant,
    water.two_accounts,
    water.operating_hours,
    goods.worth_of_the_savings,
    goods.totally_resolved,
)


@dataclass(frozen=True)
class Audit:
    """What the audit comes to."""

    findings: tuple[Finding, ...]
    faults: tuple[str, ...]
    """Why a finding can no longer be made: tables that lack a cell, statements that fail."""

    @property
    def holds(self) -> bool:
        """Whether all ten findings can be made."""
        return not self.faults


def audit(source: PrintedSource | None = None) -> Audit:
    """Return the ten findings, each computed from the tables.

    ``source``: tables and figures of the text; the project's own by default.
    """
    source = printed_source() if source is None else source
    findings: list[Finding] = []
    faults: list[str] = []
    for check in CHECKS:
        try:
            finding = check(source)
        except (ValueError, ArithmeticError) as fault:
            faults.append(f"{check.__name__.replace('_', ' ')} cannot be checked: {fault}")
            continue
        findings.append(finding)
        faults += finding.faults
    return Audit(tuple(findings), tuple(faults))
