"""Data reconciliation: what noisy meters and exact balances together say of flows, and of leaks.

Meters never close a balance. Weighted least squares moves every reading as little as its standard
error allows until all balances close; what had to be moved further than chance would ask for tells
of a leak, or of a meter that is off.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from plant_models.arguments import need_figures
from sim.errors import look_up, need_kind, need_names, need_number, need_text, told

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Balances:
    """Which stream joins which nodes; an end that is no node is outside.

    Raises ValueError if a stream touches no node, or the balances are not independent: some group
    of nodes has no stream to the outside.
    """

    nodes: tuple[str, ...]  #: In each of them what comes in goes out
    streams: tuple[tuple[str, str], ...]  #: From where to where

    def __post_init__(self) -> None:
        need_names("Balances", nodes=self.nodes)
        ends: object = self.streams
        pairs = isinstance(ends, list | tuple) and all(
            isinstance(each, list | tuple) and len(each) == 2 for each in ends
        )
        if not pairs or not all(isinstance(end, str) for each in self.streams for end in each):
            raise TypeError(
                f"Balances: expected streams as pairs of names, from and to, came {told(ends)}"
            )
        adrift = [f"{a} > {b}" for a, b in self.streams if not {a, b} & set(self.nodes)]
        if adrift:
            raise ValueError(f"streams that touch no node: {', '.join(adrift)}")
        if np.linalg.matrix_rank(self.incidence) < len(self.nodes):
            raise ValueError("the balances are not independent: some nodes have no way outside")

    @cached_property
    def incidence(self) -> Array:
        """1 where a stream enters a node, -1 where it leaves one: nodes by streams."""
        rows = [
            [float(sink == node) - float(source == node) for source, sink in self.streams]
            for node in self.nodes
        ]
        return np.array(rows)

    def all_flows(self, where: str, flows: ArrayLike) -> Array:
        """Return flows as an array; refuse what is not one of each stream."""
        (found,) = need_figures(where, flows=flows)
        if found.shape != (len(self.streams),):
            raise ValueError(
                f"{where}: expected {len(self.streams)} flows, one a stream, came {found.size}"
            )
        return found

    def gaps(self, flows: ArrayLike) -> dict[str, float]:
        """Return what enters less what leaves, by node, in the unit of the flows."""
        found = self.all_flows("gaps", flows)
        return dict(zip(self.nodes, (self.incidence @ found).tolist(), strict=True))


@dataclass(frozen=True, slots=True)
class Leak:
    """What the balances say if one node, and nothing else, leaks."""

    node: str
    size: float  #: Best estimate, in the unit of the flows; negative if more comes out
    standard_error: float  #: Of the size, in the unit of the flows

    @property
    def z(self) -> float:
        """Size in standard errors."""
        return self.size / self.standard_error


@dataclass(frozen=True)
class Reconciliation:
    r"""Readings and the flows nearest to them that close every balance.

    .. math:: \hat x = y - \Sigma A^T V^{-1} A y, \qquad V = A \Sigma A^T

    Raises ValueError if there is not one reading and one positive standard error for each stream.

    Notes
    -----
    Without leak and with honest standard errors the global statistic is chi-squared with as many
    degrees of freedom as there are balances; every `z` is standard normal.

    References
    ----------
    Narasimhan, S. and Jordache, C. (2000), *Data Reconciliation and Gross Error Detection*, Gulf:
    chapters 3 (reconciliation) and 7 (global, nodal, measurement and likelihood-ratio tests).

    Examples
    --------
    A splitter gets 100 and gives 60 and 38; all meters are equally good:

    >>> split = Balances(("split",), (("in", "split"), ("split", "a"), ("split", "b")))
    >>> Reconciliation(split, (100.0, 60.0, 38.0), (1.0, 1.0, 1.0)).flows.round(3).tolist()
    [99.333, 60.667, 38.667]
    """

    balances: Balances
    readings: Sequence[float] | Array  #: By stream, in one unit
    standard_errors: Sequence[float] | Array  #: Of the readings, in their unit; independent

    def __post_init__(self) -> None:
        need_kind("Reconciliation", Balances, balances=self.balances)
        readings, _ = need_figures(
            "Reconciliation", readings=self.readings, standard_errors=self.standard_errors
        )
        n = len(self.balances.streams)
        if len(self.readings) != n or len(self.standard_errors) != n:
            raise ValueError(f"expected {n} readings and standard errors, one for each stream")
        if not np.all(np.asarray(self.standard_errors) > 0.0):
            raise ValueError("every standard error must be more than 0")
        if not np.isfinite(readings).all():
            raise ValueError("every reading must be a finite number")

    @cached_property
    def _weighed(self) -> Array:
        """Covariance of gaps, V."""
        a = self.balances.incidence
        return np.asarray((a * np.square(self.standard_errors)) @ a.T)

    @cached_property
    def _pulls(self) -> Array:
        """Gaps weighted by the inverse of their covariance."""
        gaps = self.balances.incidence @ np.asarray(self.readings)
        return np.linalg.solve(self._weighed, gaps)

    @cached_property
    def gaps(self) -> Mapping[str, float]:
        """What the readings lose at each node, in their unit."""
        return self.balances.gaps(self.readings)

    @property
    def gap_errors(self) -> Mapping[str, float]:
        """Standard error of each gap."""
        errors = np.sqrt(np.diag(self._weighed)).tolist()
        return dict(zip(self.balances.nodes, errors, strict=True))

    @cached_property
    def flows(self) -> Array:
        """The reconciled flows, by stream."""
        moved = np.square(self.standard_errors) * (self.balances.incidence.T @ self._pulls)
        return np.asarray(self.readings) - moved

    @property
    def statistic(self) -> float:
        """The global statistic: squared corrections, each by its standard error."""
        return float(self.balances.incidence @ np.asarray(self.readings) @ self._pulls)

    def p_value(self) -> float:
        """Return the probability of such gaps, or larger ones, by the meters' noise alone."""
        from scipy.stats import chi2

        return float(chi2.sf(self.statistic, len(self.balances.nodes)))

    @cached_property
    def measurement_tests(self) -> Mapping[tuple[str, str], float]:
        """By stream, the correction in standard errors of a correction; 0 where none can be."""
        a, variances = self.balances.incidence, np.square(self.standard_errors)
        spread = np.sqrt(np.sum(a * np.linalg.solve(self._weighed, a), axis=0))
        moved = (np.asarray(self.readings) - self.flows) / variances
        scores = np.divide(moved, spread, out=np.zeros_like(moved), where=spread > 0.0)
        return dict(zip(self.balances.streams, scores.tolist(), strict=True))

    @cached_property
    def leaks(self) -> Mapping[str, Leak]:
        """By node, the leak that fits best if it is the only one (likelihood-ratio test)."""
        information = np.diag(np.linalg.inv(self._weighed))
        return {
            node: Leak(node, float(pull / info), float(info**-0.5))
            for node, pull, info in zip(self.balances.nodes, self._pulls, information, strict=True)
        }

    def find(self, significance: float = 0.01) -> Leak | None:
        """Return the likeliest leak where the global test sees more than noise, else nothing.

        It may be one that brings something in, for the likelihood ratio is the square of `Leak.z`.
        """
        (significance,) = need_number("find", 0.0, 1.0, significance=significance)
        if self.p_value() >= significance:
            return None
        return max(self.leaks.values(), key=lambda leak: abs(leak.z))


def with_leak(balances: Balances, flows: ArrayLike, node: str, share: float) -> tuple[Array, float]:
    """Return the flows, and the leak, if a node loses a share of what it gets before it gives.

    What enters from outside stays as it is, and every node goes on to split what it has left in
    the same proportions.

    ``flows``: by stream; they close every balance. ``share``: part of the node's intake that leaks,
    kg/kg.
    """
    need_kind("with_leak", Balances, balances=balances)
    was = balances.all_flows("with_leak", flows)
    need_text("with_leak", node=node)
    (share,) = need_number("with_leak", 0.0, 1.0, share=share)
    look_up("node", node, dict.fromkeys(balances.nodes))
    index = {name: i for i, name in enumerate(balances.nodes)}
    size = len(index)
    intake, routed = np.zeros(size), np.zeros((size, size))
    through = np.array([np.sum(was[_into(balances, name)]) for name in balances.nodes])
    keeps = np.array([1.0 - share if name == node else 1.0 for name in balances.nodes])
    for (source, sink), flow in zip(balances.streams, was, strict=True):
        if sink in index and source in index:
            i = index[source]
            routed[index[sink], i] += keeps[i] * flow / through[i]
        elif sink in index:
            intake[index[sink]] += flow
    now = np.linalg.solve(np.eye(size) - routed, intake)
    scale = {name: keeps[i] * now[i] / through[i] for name, i in index.items()}
    leaking = [scale.get(source, 1.0) for source, _ in balances.streams]
    return was * np.array(leaking), share * float(now[index[node]])


def _into(balances: Balances, node: str) -> list[int]:
    return [i for i, (_, sink) in enumerate(balances.streams) if sink == node]
