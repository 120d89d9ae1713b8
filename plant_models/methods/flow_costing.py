"""Material flow cost accounting (ISO 14051): what money each flow carries, recycles included.

Every account that gives something is a quantity centre. What is spent in a centre, and what its
inflows carry, leaves with its outflows in proportion to their weight: kilograms of whatever the
cost is to follow. A recycle then returns cost as it returns material; solving all centres at once
counts it once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.errors import is_number, need_all, need_amounts, told

LEAK = 1e-9
"""Share of what is spent that may fail to arrive: rounding is a millionth of it."""


SOLD = ("product", "by-product")
"""Media that are sold."""
STOCK = "stock"
PRODUCTS = (*SOLD, STOCK)
"""Media in which material has not been lost: sold, or still in the tanks at the end."""

ENERGY, WASTE = "energy", "waste"
"""What is spent besides materials: on utilities, and on levies and disposal."""


@dataclass(frozen=True, slots=True)
class CostRow:
    """Cost of one material that leaves a process in one medium, in the currency a year."""

    process: str
    medium: str
    material: str
    cost: float


@dataclass(frozen=True)
class FlowCosts:
    """Where all input cost of a year has gone."""

    rows: tuple[CostRow, ...]  #: They add up to ``spent``
    spent: Mapping[str, float]
    """Input cost a year by material; ``energy`` is utilities, ``waste`` levy and disposal."""
    processes: tuple[str, ...]

    @property
    def total(self) -> float:
        """All input cost, a year."""
        return sum(self.spent.values())

    @property
    def lost(self) -> float:
        """Cost of what ends as loss, a year."""
        return sum(row.cost for row in self.rows if row.medium not in PRODUCTS)

    def losses(self) -> dict[str, dict[str, float]]:
        """Return the cost of losses by process and material, a year."""
        materials = dict.fromkeys((*self.spent, WASTE))
        table = {process: dict.fromkeys(materials, 0.0) for process in self.processes}
        for row in self.rows:
            if row.medium not in PRODUCTS:
                table[row.process][row.material] += row.cost
        return table


@dataclass(frozen=True, slots=True)
class Transfer:
    """A flow between two accounts, with its weight in what the cost follows, kg."""

    source: str
    sink: str
    weight: float


def carried_costs(transfers: Sequence[Transfer], spent: Mapping[str, float]) -> list[float]:
    r"""Return the cost that each transfer carries.

    With :math:`p_{ij}` the share of centre i's outgoing weight that goes to j, the cost through
    a centre is :math:`T_j = s_j + \sum_i p_{ij} T_i`: one linear system, and transfer ij carries
    :math:`p_{ij} T_i`.

    ``transfers``: none of negative weight; ``spent``: by account, cost that enters there: purchases
    at a supply, energy at a unit.

    Raises ValueError if cost is spent in an account that gives nothing, a weight is negative, or
    cost runs in a loop that nothing leaves; each would lose cost.

    References
    ----------
    iso-14051 (key in ``chlorobenzene/data/sources.toml``), clause 5: quantity centres, allocation.

    Examples
    --------
    Of 100 fed, each pass loses one part, ships one and returns eight; half of the cost is lost:

    >>> loop = [Transfer("feed", "still", 2), Transfer("still", "loss", 1),
    ...         Transfer("still", "product", 1), Transfer("still", "still", 8)]
    >>> [round(cost, 9) for cost in carried_costs(loop, {"feed": 100.0})]
    [100.0, 50.0, 50.0, 400.0]
    """
    (transfers,) = need_all("carried_costs", Transfer, transfers=transfers)
    (spent,) = need_amounts("carried_costs", spent=spent)
    out: dict[str, float] = {}
    for transfer in transfers:
        if not is_number(transfer.weight) or not transfer.weight >= 0.0:
            raise ValueError(
                f"{transfer.source} to {transfer.sink}: expected a weight of 0 or more, came "
                f"{told(transfer.weight)}"
            )
        if transfer.weight > 0.0:
            out[transfer.source] = out.get(transfer.source, 0.0) + transfer.weight
    stuck = sorted(account for account, cost in spent.items() if cost and account not in out)
    if stuck:
        raise ValueError(f"cost is spent in {', '.join(stuck)}, which gives nothing")
    index = {account: i for i, account in enumerate(out)}
    system = np.eye(len(index))
    for transfer in transfers:
        if transfer.weight > 0.0 and transfer.sink in index:
            share = transfer.weight / out[transfer.source]
            system[index[transfer.sink], index[transfer.source]] -= share
    through = _solved(system, [spent.get(account, 0.0) for account in index])
    costs = [
        through[index[t.source]] * t.weight / out[t.source] if t.weight > 0.0 else 0.0
        for t in transfers
    ]
    arrived = sum(cost for t, cost in zip(transfers, costs, strict=True) if t.sink not in index)
    total, size = sum(spent.values()), sum(map(abs, spent.values()))
    if not abs(arrived - total) <= LEAK * size:
        raise ValueError(f"of {total:.6g} spent, {arrived:.6g} arrive: cost runs in a closed loop")
    return costs


def _solved(system: NDArray[np.float64], spent: list[float]) -> list[float]:
    try:
        through: list[float] = np.linalg.solve(system, np.array(spent)).tolist()
    except np.linalg.LinAlgError:
        raise ValueError("cost runs in a closed loop that nothing leaves") from None
    return through
