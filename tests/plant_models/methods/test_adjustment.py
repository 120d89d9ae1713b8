"""Reconciliation where not everything is metered: closed forms, another solver, planted errors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize

from plant_models.folder import load
from plant_models.folder.readings import Balance, Reading, read_readings
from plant_models.methods.adjustment import CLOSE, Adjustment, Array, Loss, Meter
from plant_models.methods.reconciliation import Balances, Reconciliation, with_leak

NETWORK = Balances(
    ("a", "b", "c"), (("x", "a"), ("a", "b"), ("b", "c"), ("c", "a"), ("b", "y"), ("c", "z"))
)
TRUE = np.array([100.0, 130.0, 60.0, 30.0, 70.0, 30.0])
ERRORS = np.array([2.0, 3.0, 1.0, 1.0, 2.0, 0.5])


def every_stream(readings: Sequence[float]) -> Adjustment:
    """Return the adjustment of a network of which every stream is metered."""
    meters = [
        Meter(str(i), y, e, (i,)) for i, (y, e) in enumerate(zip(readings, ERRORS, strict=True))
    ]
    losses = [Loss(node, (i,), (1.0,)) for i, node in enumerate(NETWORK.nodes)]
    return Adjustment(NETWORK.incidence, tuple(meters), tuple(losses))


def test_where_all_is_metered_it_is_the_closed_form():
    r"""X = y - S A^T (A S A^T)^-1 A y, with the same statistic, scores, and sizes of leaks."""
    noisy = TRUE + np.random.default_rng(1).normal(size=6) * ERRORS
    found, closed = every_stream(noisy), Reconciliation(NETWORK, noisy, ERRORS)
    np.testing.assert_allclose(found.flows, closed.flows, rtol=1e-12)
    assert found.statistic == pytest.approx(closed.statistic, rel=1e-10)
    assert found.freedom == len(NETWORK.nodes)
    assert found.p_value() == pytest.approx(closed.p_value())
    np.testing.assert_allclose(found.scores, [*closed.measurement_tests.values()], rtol=1e-9)
    for each in found.candidates():
        if each.kind == "leak":
            assert each.size == pytest.approx(closed.leaks[each.name].size)
            assert each.standard_error == pytest.approx(closed.leaks[each.name].standard_error)


def mixed() -> tuple[Array, tuple[Meter, ...]]:
    """Return two components through a splitter and a still; some streams have no meter at all."""
    balances = np.zeros((4, 10))  # feed, purge, charge, top, bottom; two components each
    for c in range(2):
        balances[c, [c, 2 + c, 4 + c]] = (1.0, -1.0, -1.0)
        balances[2 + c, [4 + c, 6 + c, 8 + c]] = (1.0, -1.0, -1.0)
    meters = (
        Meter("feed", 101.0, 1.0, (0, 1)),
        Meter("charge", 79.0, 1.5, (4, 5)),
        Meter("bottom", 30.5, 0.5, (8, 9)),
        Meter("feed, salt", 0.205, 0.005, (0,), (0, 1)),
        Meter("top, salt", 0.012, 0.002, (6,), (6, 7)),
        Meter("bottom, salt", 0.49, 0.01, (8,), (8, 9)),
        Meter("charge, salt", 0.195, 0.004, (4,), (4, 5)),
    )
    return balances, meters


def squares(meters: Sequence[Meter], flows: Array) -> float:
    total = 0.0
    for meter in meters:
        whole = flows[list(meter.of)].sum() if meter.of else 1.0
        total += ((meter.value - flows[list(meter.part)].sum() / whole) / meter.error) ** 2
    return float(total)


def test_with_shares_it_is_what_another_solver_finds():
    """SLSQP on the same squares under the same balances."""
    balances, meters = mixed()
    found = Adjustment(balances, meters)
    start = np.array([20.0, 80, 4, 16, 16, 64, 1, 48, 15, 16])
    solve: Any = minimize  # its stubs know no constraints without a Jacobian
    asked = solve(
        lambda x: squares(meters, x), start, method="SLSQP",
        constraints={"type": "eq", "fun": lambda x: balances @ x},
        options={"maxiter": 500, "ftol": 1e-13},
    )  # fmt: skip
    assert asked.success
    assert squares(meters, found.flows) == pytest.approx(asked.fun, rel=1e-6)
    assert np.abs(balances @ found.flows).max() < 1e-9
    np.testing.assert_allclose(found.flows, asked.x, rtol=2e-4)


def test_spreads_are_those_of_many_draws():
    balances, meters = mixed()
    base = Adjustment(balances, meters)
    true = base.flows
    rng = np.random.default_rng(3)
    drawn = []
    for _ in range(200):
        again = [
            Meter(m.name, y + m.error * rng.normal(), m.error, m.part, m.of)
            for m, y in zip(meters, base.reconciled, strict=True)
        ]
        drawn.append(Adjustment(balances, tuple(again)).flows)
    groups = [(i,) for i in range(10)]
    told = base.standard_errors(groups)
    np.testing.assert_allclose(np.std(drawn, axis=0), told, rtol=0.2)
    assert np.isfinite(told).all()
    assert np.abs(np.mean(drawn, axis=0) - true).max() < 4 * told.max() / 200**0.5


def test_what_nothing_tells_has_no_standard_error_and_what_nothing_checks_no_score():
    balances = np.array([[1.0, -1.0, -1.0, 0.0], [0.0, 0.0, 1.0, -1.0]])
    found = Adjustment(balances, (Meter("in", 10.0, 0.1, (0,)), Meter("out", 4.0, 0.1, (3,)),
                                  Meter("middle", 4.1, 0.1, (2,))))  # fmt: skip
    assert found.freedom == 1
    assert found.redundant == (False, True, True)
    assert found.scores[0] == 0.0
    blind = Adjustment(balances, (Meter("in", 10.0, 0.1, (0,)),))
    assert np.isinf(blind.standard_errors([(1,), (2,)])).all()
    assert blind.standard_errors([(0,), (1, 2)]) == pytest.approx([0.1, 0.1])
    assert blind.p_value() == 1.0
    assert blind.find() == ()


@pytest.mark.parametrize(
    ("meters", "message"),
    [((), "no meters"), ((Meter("x", 1.0, 0.0, (0,)),), "more than 0: x")],
)
def test_what_cannot_be_reconciled_is_refused(meters: tuple[Meter, ...], message: str):
    with pytest.raises(ValueError, match=message):
        Adjustment(np.ones((1, 1)), meters)


# ---- planted errors, on a plant from a folder ---------------------------------------------------

DRAWS = 200
SIZE = 7.0
"""Planted errors, in standard errors of their own estimates: what is smaller is left to chance."""


class Honest:
    """The example's balances, its meters, and what they would say without noise."""

    def __init__(self) -> None:
        plant = load("brine")
        network = plant.contents.network
        self.readings = read_readings(dict(plant.files)["readings.csv"], network)
        self.balance = Balance.of(network, self.readings)
        self.streams = self.balance.streams.ends
        self.nodes = (*network.units, *network.tanks)
        ledger = plant.steady_state().ledger
        by_stream = {name: np.zeros(len(ledger.components)) for name in self.streams}
        for entry, kg in ledger.flows.items():
            by_stream[entry.stream] = by_stream[entry.stream] + kg / ledger.hours
        self.flows = np.array([by_stream[name] for name in self.streams])

    def read(self, flows: Array) -> Array:
        """Return what the meters say of flows, streams by components."""
        names = list(self.streams)
        width = max(self.balance.index.values()) + 1
        whole = np.zeros(width)
        for (stream, component), i in self.balance.index.items():
            whole[i] = flows[names.index(stream), self.balance.components.index(component)]
        meters = self.balance.meters(self.readings)
        return np.array([
            whole[list(m.part)].sum() / (whole[list(m.of)].sum() if m.of else 1.0) for m in meters
        ])  # fmt: skip

    def adjusted(self, values: Array) -> Adjustment:
        """Return the reconciliation of what meters say."""
        readings = [
            Reading(r.line, r.at, r.component, float(y), r.error, r.unit)
            for r, y in zip(self.readings, values, strict=True)
        ]
        return self.balance.adjusted(readings)

    def leaking(self, node: str, kg: float) -> Array:
        """Return flows where a node loses so much of what it gets; all others split as before."""
        balances = Balances(self.nodes, tuple(self.streams.values()))
        got = sum(self.flows[i].sum() for i, (_, to) in enumerate(balances.streams) if to == node)
        lost = [with_leak(balances, column, node, kg / got)[0] for column in self.flows.T + 1e-9]
        return np.array(lost).T

    def noisy(self, values: Array, rng: np.random.Generator) -> Array:
        return values + np.array([r.error for r in self.readings]) * rng.normal(size=len(values))

    def size(self, kind: str, name: str) -> float:
        """Return a size that can be seen: so many standard errors of its own estimate."""
        known = self.adjusted(self.read(self.flows)).candidates(gains=True)
        return SIZE * next(e.standard_error for e in known if (e.kind, e.name) == (kind, name))


@pytest.fixture(scope="module")
def honest() -> Honest:
    return Honest()


def named(found: Adjustment) -> list[str]:
    """Return what is found first, with what is not ruled out beside it."""
    errors = found.find()
    return [f"{errors[0].kind} {errors[0].name}", *errors[0].alike] if errors else []


def test_noise_alone_is_called_a_gross_error_in_less_than_a_twentieth_of_draws(honest: Honest):
    true, rng = honest.read(honest.flows), np.random.default_rng(11)
    called = sum(bool(named(honest.adjusted(honest.noisy(true, rng)))) for _ in range(DRAWS))
    assert called <= 0.05 * DRAWS


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("meter", "evaporator.vapour"),
        ("leak", "evaporator"),
        ("leak", "bleed"),
        pytest.param("meter", "customers", marks=pytest.mark.long),
        pytest.param("meter", "centrifuge.liquor, salt (kg/kg)", marks=pytest.mark.long),
        pytest.param("meter", "dryer.moisture", marks=pytest.mark.long),
        pytest.param("meter", "centrifuge.cake, water (kg/kg)", marks=pytest.mark.long),
        pytest.param("leak", "feed_tank", marks=pytest.mark.long),
        pytest.param("leak", "slurry_tank", marks=pytest.mark.long),
        pytest.param("leak", "dryer", marks=pytest.mark.long),
        pytest.param("leak", "unloading", marks=pytest.mark.long),
        pytest.param("leak", "centrifuge", marks=pytest.mark.long),
        pytest.param("leak", "loading", marks=pytest.mark.long),
        pytest.param("leak", "silo", marks=pytest.mark.long),
    ],
)
def test_what_is_planted_is_named_in_nineteen_of_twenty_draws(honest: Honest, kind: str, name: str):
    """Named: it is what explains the readings best, or not ruled out beside it."""
    size, rng = honest.size(kind, name), np.random.default_rng(12)
    if kind == "meter":
        meters = honest.balance.meters(honest.readings)
        true = honest.read(honest.flows) + [size * (m.name == name) for m in meters]
    else:
        true = honest.read(honest.leaking(name, size))
    told = [named(honest.adjusted(honest.noisy(true, rng))) for _ in range(DRAWS)]
    assert sum(f"{kind} {name}" in each for each in told) >= 0.95 * DRAWS
    assert np.mean([len(each) for each in told]) <= 4.0  # few suspects, not all there are


def test_what_leaves_the_same_trace_is_told_as_one_group(honest: Honest):
    """Between the silo and the weighbridge nothing is metered: a leak of either is a bad bridge."""
    found = honest.adjusted(honest.read(honest.leaking("silo", honest.size("leak", "silo"))))
    best = found.candidates()[0]
    group = {f"{each.kind} {each.name}" for each in (best, *best.same)}
    assert group == {"meter customers", "leak loading", "leak silo"}
    assert len({round(each.ratio, 6) for each in (best, *best.same)}) == 1
    every = (best, *best.same, *best.near)
    assert sum(map(best.weight, every)) == pytest.approx(1.0)
    assert best.weight(best) == pytest.approx(best.weight(best.same[0]))
    assert all(best.weight(other) < best.weight(best) for other in best.near)


@pytest.mark.parametrize(
    ("kind", "name", "least"),
    [("leak", "unloading", 0.95), ("meter", "evaporator.vapour", 0.95), ("leak", "silo", 0.70)],
)
def test_the_group_named_first_holds_the_planted_error_as_often_as_it_can(
    honest: Honest, kind: str, name: str, least: float
):
    """No ranking beats the likelihood; a rival as alike as 0.98, the dryer, often beats it."""
    size, rng = honest.size(kind, name), np.random.default_rng(13)
    if kind == "meter":
        meters = honest.balance.meters(honest.readings)
        true = honest.read(honest.flows) + [size * (m.name == name) for m in meters]
    else:
        true = honest.read(honest.leaking(name, size))
    held = 0
    for _ in range(DRAWS // 2):
        (best, *_) = honest.adjusted(honest.noisy(true, rng)).candidates()
        held += (kind, name) in {(each.kind, each.name) for each in (best, *best.same)}
    assert held >= least * DRAWS / 2


def test_a_leak_is_made_of_what_the_readings_tell_of_what_passes(honest: Honest):
    """Behind the bleed nobody analyses the gypsum: its shares there are anything, before it not."""
    size = honest.size("leak", "bleed")
    leaking = honest.leaking("bleed", size)
    found = honest.adjusted(honest.read(leaking))
    (leak,) = (loss for loss in found.losses if loss.name == "bleed")
    passed = sum(
        kg for kg, (_, to) in zip(leaking, honest.streams.values(), strict=True) if to == "bleed"
    )
    np.testing.assert_allclose(leak.shares, passed / passed.sum(), atol=0.003)
    best = found.candidates()[0].ratio
    (ratio,) = (e.ratio for e in found.candidates() if (e.kind, e.name) == ("leak", "bleed"))
    assert ratio == pytest.approx(best, rel=1e-3)


@pytest.mark.parametrize("size", [4.0, 7.0, 12.0])
def test_a_rival_beats_the_truth_by_more_than_what_is_told_in_a_hundredth_of_draws(size: float):
    """Both explain normal readings: z of the truth about its size, z of a rival as alike as r."""
    true, other = np.random.default_rng(7).normal(size=(2, 100_000))
    for alike in (0.0, 0.6, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999):
        rival = alike * (size + true) + (1.0 - alike**2) ** 0.5 * other
        beaten = float(np.mean(rival**2 - (size + true) ** 2 > CLOSE))
        assert beaten <= 0.01 + 4.0 * (0.01 / 100_000) ** 0.5
