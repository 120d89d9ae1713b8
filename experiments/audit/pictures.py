"""The pictures of the report, as they stand in any folder of results."""

from __future__ import annotations

from io import BytesIO

from experiments.audit.basis import Audit
from experiments.audit.document import Picture
from experiments.output.pictures import SANKEY_WIDTH, blank, save
from plant_models.chlorobenzene import figures


def emissions(of: Audit) -> Picture:
    """Return what leaves to air and water, before and after."""
    before, after = of.before.study, of.after.study
    one, other = ({n: m.mean for n, m in each.means.items()} for each in (before, after))
    figure, (ax,) = blank(5.0, 1)
    figures.emissions_compared(one, other, ax, names=(before.name, after.name))
    drawn = BytesIO()
    save(figure, drawn)
    return Picture(
        "emissions.png",
        f"Emissions a year: {before.name} and {after.name}",
        "Bars of every emission to air and water before and after; the next tables hold them",
        drawn.getvalue(),
    )


def organics(of: Audit) -> Picture:
    """Return where the organics of the audited line go."""
    study = of.after.study
    flows = figures.line_flows(study.flows, study.first.ledger.components)
    figure, (ax,) = blank(7.0, 1, width=SANKEY_WIDTH)
    figures.sankey(flows, ax)
    drawn = BytesIO()
    save(figure, drawn, colours=128)
    return Picture(
        "sankey.png",
        f"Organics of the line with {study.name}, t/yr; the worksheets hold the same flows",
        "Flow chart of benzene and chlorobenzenes through the nine processes, with recycles",
        drawn.getvalue(),
    )
