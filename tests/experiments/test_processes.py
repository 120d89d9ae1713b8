"""Page, money, report and Sankey put a loss down to the same process."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from experiments.audit.balances import whole, worksheets
from plant_models import chlorobenzene as cb
from plant_models.chlorobenzene.figures.sankey_flows import STAGES, line_flows, links
from plant_models.chlorobenzene.line.wiring import PROCESS_OF, network
from plant_models.chlorobenzene.money.flow_costs import flow_costs
from plant_models.chlorobenzene.money.prices import prices
from plant_models.chlorobenzene.substances.chemistry import BENZENE, COMPONENTS
from plant_models.outcome import Outcome
from sim.books.ledger import Entry

TONNE = 1000.0
RUN = cb.steady_state("F1-F11")
NETWORK = network(RUN.line)


def residue(run: Outcome[Any]) -> dict[str, dict[str, float]]:
    """Return the residue of each process, t, as each of the four tells it."""
    ledger, tree = run.ledger, replace(prices().tree, residue_disposal=1.0)  # RMB/t
    return {
        "money": {
            row.process: row.cost
            for row in flow_costs(run, tree).rows
            if (row.medium, row.material) == ("residue", "waste")
        },
        "report": {
            sheet.process: float(flow.kg.sum()) / TONNE
            for sheet in worksheets(ledger, cb.PLANT)
            for flow in sheet.leaving
            if flow.medium == "residue" and sheet.process != whole(cb.PLANT)
        },
        "Sankey": {
            source: tonnes
            for (source, sink), tonnes in line_flows(ledger.flows).items()
            if sink == "loss:residue"
        },
        "page": {
            stage: float(kg.sum()) / TONNE
            for (stage, end), kg in links(ledger.flows).items()
            if end == "loss:residue"
        },
    }


@pytest.mark.parametrize("part", [*NETWORK.units, *NETWORK.tanks])
def test_a_loss_belongs_to_the_process_of_what_lets_it_go(part: str):
    """A tonne of benzene planted as residue of one unit or tank."""
    kg = np.zeros(len(COMPONENTS))
    kg[BENZENE] = TONNE
    planted = Entry(part, "residue", f"{part}.planted", "residue", "normal")
    flows = {**RUN.ledger.flows, planted: kg}
    losing = replace(RUN, ledger=replace(RUN.ledger, flows=flows))
    process = PROCESS_OF[part]
    (stage,) = (stage for stage, processes in STAGES.items() if process in processes)
    before, after = residue(RUN), residue(losing)
    for teller, told in after.items():
        grown = {
            name: tonnes - before[teller].get(name, 0.0)
            for name, tonnes in told.items()
            if abs(tonnes - before[teller].get(name, 0.0)) > 1e-6
        }
        assert grown == pytest.approx({stage if teller in ("page", "Sankey") else process: 1.0}), (
            teller
        )
