"""Reconciliation where not everything is metered: closed forms, another solver, planted errors."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial
from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.stats import chi2

from plant_models.folder import load
from plant_models.folder.model import FolderPlant
from plant_models.folder.readings import TOTAL, Balance, Reading, Streams, read_readings
from plant_models.methods.adjustment import CLOSE, Adjustment, Array, GrossError, Loss, Meter
from plant_models.methods.reconciliation import Balances, Reconciliation

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


def test_what_only_a_meter_that_is_let_be_would_tell_is_not_told():
    """A feed parts in two; without the meter of the first the second tells nothing of it."""
    meters = (Meter("first", 60.0, np.inf, (1,)), Meter("second", 38.0, 1.0, (2,)))
    found = Adjustment(np.array([[1.0, -1.0, -1.0]]), meters)
    assert found.told == (False, True)


@pytest.mark.parametrize(
    ("meters", "message"),
    [((), "no meters"), ((Meter("x", 1.0, 0.0, (0,)),), "more than 0: x")],
)
def test_what_cannot_be_reconciled_is_refused(meters: tuple[Meter, ...], message: str):
    with pytest.raises(ValueError, match=message):
        Adjustment(np.ones((1, 1)), meters)


# ---- planted errors, on a plant from a folder ---------------------------------------------------

DRAWS = 100
SIZE = 7.0
"""Planted errors, in standard errors of their own estimates: what is smaller is left to chance."""


Metering = Callable[[FolderPlant, Mapping[str, Array]], str]
SHARE_SEEN = 1e-4  # kg/kg; of less a laboratory says nothing


def shipped(plant: FolderPlant, _: Mapping[str, Array]) -> str:
    """Return the readings of the example."""
    return dict(plant.files)["readings.csv"]


def every_stream_of(plant: FolderPlant, flows: Mapping[str, Array], *, shares: bool) -> str:
    """Return readings of every stream, to 1 %; and of what each consists, to 2 %."""
    streams = Streams(plant.contents.network)
    lines = ["at, component, reading, unit, error"]
    for name in streams.names:
        place = name.partition(">")[2] or name
        there = [flows[each] for each in streams.at(place) if each in flows]
        kg: Array = np.sum(there or [np.zeros(1)], axis=0)
        if not np.sum(kg) > 0.0 or any(line.startswith(f"{place},") for line in lines):
            continue
        lines.append(f"{place}, , {float(np.sum(kg))}, kg/h, 1 %")
        of = zip(plant.contents.network.components.names, kg / np.sum(kg), strict=True)
        lines += [
            f"{place}, {component}, {float(share)}, kg/kg, 2 %"
            for component, share in of
            if shares and SHARE_SEEN < share < 1.0 - SHARE_SEEN
        ]
    return "\n".join(lines)


RATES: Metering = partial(every_stream_of, shares=False)
SHARES: Metering = partial(every_stream_of, shares=True)


class Honest:
    """A plant's balances, its meters, and what they would say without noise."""

    def __init__(self, name: str = "brine", metering: Metering = shipped) -> None:
        plant = load(name)
        network = plant.contents.network
        ledger = plant.steady_state().ledger
        flows: dict[str, Array] = {}
        for entry, kg in ledger.flows.items():
            flows[entry.stream] = flows.get(entry.stream, 0.0) + kg / ledger.hours
        self.readings = read_readings(metering(plant, flows), network)
        self.balance = Balance.of(network, self.readings)
        names = network.components.names
        self.flows = np.zeros(len(self.balance.index) + len(self.balance.extents))
        for (stream, component), i in self.balance.index.items():
            if stream in flows:
                kg = flows[stream]
                self.flows[i] = kg.sum() if component == TOTAL else kg[names.index(component)]
        self.meters = tuple(self.balance.meters(self.readings))
        self.balances, self.owner = self.balance._rows
        extents = self.balances[:, len(self.balance.index) :]
        gaps = self.balances @ self.flows
        self.flows[len(self.balance.index) :] = np.linalg.lstsq(extents, -gaps, rcond=None)[0]

    @cached_property
    def true(self) -> Array:
        """What the meters say when nothing is wrong."""
        return self.read(self.flows)

    @cached_property
    def faults(self) -> list[GrossError]:
        """All that the readings can see, with the standard error of each size."""
        return self.adjusted(self.true).candidates(gains=True)

    def read(self, flows: Array) -> Array:
        """Return what the meters say of flows."""
        return np.array([
            flows[list(m.part)].sum() / (flows[list(m.of)].sum() if m.of else 1.0)
            for m in self.meters
        ])  # fmt: skip

    def adjusted(self, values: Array) -> Adjustment:
        """Return the reconciliation of what meters say."""
        readings = [
            Reading(r.line, r.at, r.component, float(y), r.error, r.unit)
            for r, y in zip(self.readings, values, strict=True)
        ]
        return self.balance.adjusted(readings)

    def passing(self, node: str, flows: Array | None = None) -> Array:
        """Return what enters a node by component, kg/h; what leaves it where nothing does."""
        flows = self.flows if flows is None else flows
        ends, parts = self.balance.streams.ends, self.balance.components
        entering = [name for name, (_, to) in ends.items() if to == node]
        for names in (entering, [name for name, (of, _) in ends.items() if of == node]):
            at = [[flows[self.balance.index[name, c]] for c in parts] for name in names]
            if names and np.sum(at) > 0.0:
                return np.asarray(np.sum(at, axis=0))
        return np.zeros(len(parts))

    def leaking(self, node: str, kg: float) -> Array:
        """Return flows that close but for so much lost of what passes; each moves by its size."""
        rows, lost = self.owner[node], self.passing(node)
        lost = kg * lost / lost.sum()
        if len(rows) != len(lost):
            lost = np.array(self.balance.streams.network.components.element_mass) @ lost
        missing = np.zeros(len(self.balances))
        missing[list(rows)] = lost
        scale = np.maximum(np.abs(self.flows), 1e-6 * np.abs(self.flows).max())
        moved = np.linalg.lstsq(self.balances * scale, missing, rcond=1e-12)[0]
        return np.asarray(self.flows + scale * moved)

    def planted(self, kind: str, name: str, size: float) -> Array:
        """Return what meters say when something is wrong, of so many of its standard errors."""
        error = next(e.standard_error for e in self.faults if (e.kind, e.name) == (kind, name))
        if kind == "meter":
            off = [size * error * (m.name == name) for m in self.meters]
            return np.asarray(self.true + off)
        return self.read(self.leaking(name, size * error))

    def noisy(self, values: Array, rng: np.random.Generator) -> Array:
        errors = np.array([reading.error for reading in self.readings])
        return np.asarray(values + errors * rng.normal(size=len(values)))


@pytest.fixture(scope="module")
def honest() -> Honest:
    return Honest()


def named(found: Adjustment) -> list[str]:
    """Return the group that is named first."""
    errors = found.find()
    return [f"{each.kind} {each.name}" for each in errors[0].group] if errors else []


@pytest.mark.long
def test_noise_alone_is_called_a_gross_error_in_less_than_a_twentieth_of_draws(honest: Honest):
    rng = np.random.default_rng(11)
    called = sum(bool(named(honest.adjusted(honest.noisy(honest.true, rng)))) for _ in range(DRAWS))
    assert called <= 0.05 * DRAWS


BY_HAND = (
    ("meter", "customers"),
    ("meter", "dryer.moisture"),
    ("meter", "centrifuge.cake, water (kg/kg)"),
    *(("leak", name) for name in ("bleed", "centrifuge", "feed_tank", "slurry_tank", "dryer")),
    *(("leak", name) for name in ("unloading", "loading")),
)


@pytest.mark.long
@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("meter", "evaporator.vapour"),
        ("meter", "centrifuge.liquor, salt (kg/kg)"),
        ("leak", "evaporator"),
        ("leak", "silo"),
        *(pytest.param(*fault, marks=pytest.mark.soak) for fault in BY_HAND),
    ],
)
def test_what_is_planted_is_named_in_nineteen_of_twenty_draws(honest: Honest, kind: str, name: str):
    """Named: it stands in the first group."""
    readings, rng = honest.planted(kind, name, SIZE), np.random.default_rng(12)
    told = [named(honest.adjusted(honest.noisy(readings, rng))) for _ in range(DRAWS)]
    assert sum(f"{kind} {name}" in each for each in told) >= 0.95 * DRAWS
    assert np.mean([len(each) for each in told]) <= 4.0  # few suspects, not all there are


def test_what_leaves_the_same_trace_is_told_as_one_group(honest: Honest):
    """Between the silo and the weighbridge nothing is metered: a leak of either is a bad bridge."""
    found = honest.adjusted(honest.planted("leak", "silo", SIZE))
    best = found.candidates()[0]
    group = {f"{each.kind} {each.name}" for each in (best, *best.same)}
    assert group == {"meter customers", "leak loading", "leak silo"}
    assert [e.ratio for e in best.same] == pytest.approx([best.ratio] * 2, abs=1e-6)
    assert sum(map(best.weight, best.group)) == pytest.approx(1.0)
    assert best.weight(best) == pytest.approx(best.weight(best.same[0]))
    assert all(best.weight(other) < best.weight(best) for other in best.near)


@pytest.mark.soak
@pytest.mark.parametrize("size", [SIZE, 10.0])
@pytest.mark.parametrize(
    ("plant", "metering"),
    [("brine", shipped), ("crystals", RATES), ("plating", RATES), ("vessels", RATES)],
)
def test_every_fault_of_every_plant_stands_in_the_first_group(
    plant: str, metering: Metering, size: float
):
    """In nineteen of twenty draws, each of them; the sizes are in standard errors."""
    honest, rng = Honest(plant, metering), np.random.default_rng(14)
    held = {}
    for each in honest.faults:
        readings, what = honest.planted(each.kind, each.name, size), f"{each.kind} {each.name}"
        draws = (named(honest.adjusted(honest.noisy(readings, rng))) for _ in range(DRAWS))
        held[what] = sum(what in names for names in draws)
    assert {what: n for what, n in held.items() if n < 0.95 * DRAWS} == {}


@pytest.mark.soak
@pytest.mark.parametrize("plant", ["crystals", "plating", "vessels"])
def test_where_much_is_redundant_no_fault_drowns(plant: str):
    """Every share is read, too: up to thirty meters more than it takes; all faults together."""
    honest, rng = Honest(plant, SHARES), np.random.default_rng(15)
    held, called, each_of = 0, 0, 8
    seen = [e for e in honest.faults if e.kind == "meter" or honest.passing(e.name).sum() > 0.0]
    for each in seen:
        readings = honest.planted(each.kind, each.name, SIZE)
        for _ in range(each_of):
            found = named(honest.adjusted(honest.noisy(readings, rng)))
            held += f"{each.kind} {each.name}" in found
    for _ in range(DRAWS):
        called += bool(named(honest.adjusted(honest.noisy(honest.true, rng))))
    assert held >= 0.95 * each_of * len(seen)
    assert called <= 0.05 * DRAWS


def test_one_fault_among_many_good_meters_is_called_where_the_sum_is_silent():
    """Forty pairs of meters on one pipe each: chi-squared of 40 hides a fault of five errors."""
    flows = 40
    balances = np.hstack([np.eye(flows), -np.eye(flows)])
    meters = [Meter(str(i), 100.0, 1.0, (i,)) for i in range(2 * flows)]
    meters[3] = replace(meters[3], value=100.0 + 5.0 * 2.0**0.5)
    found = Adjustment(balances, tuple(meters))
    assert found.statistic == pytest.approx(25.0)
    assert found.p_value() > 0.9
    # both meters of a pipe are one direction, so forty are tested, by two tests
    assert found.noise() == pytest.approx(2.0 * (1.0 - (1.0 - chi2.sf(25.0, 1)) ** flows), rel=1e-6)
    (error,) = found.find()
    assert {each.name for each in error.group} == {"3", "43"}


def test_two_faults_that_look_like_a_third_are_both_named():
    """One by one the mixture of both is found first: a leak between two meters that are off."""
    values = TRUE.copy()
    values[[0, 3]] += (25.0, -12.0)
    found = every_stream(values.tolist())
    every = [(e, f) for e in found.candidates() for f in found.candidates() if e.name < f.name]
    best = min(found.without(pair).statistic for pair in every)
    errors = found.find()
    assert len(errors) == 2
    assert found.without(errors).statistic == pytest.approx(best, abs=1e-9)
    told = [{f"{each.kind} {each.name}" for each in error.group} for error in errors]
    assert any("meter 0" in group for group in told)
    assert any("meter 3" in group for group in told)


@pytest.mark.long
@pytest.mark.parametrize("pair", [(0, 9), (2, 14)])
def test_two_planted_faults_are_both_named_in_nine_of_ten_draws(
    honest: Honest, pair: tuple[int, int]
):
    rng = np.random.default_rng(16)
    readings, names = honest.true, [f"meter {honest.meters[i].name}" for i in pair]
    for name in names:
        readings = (
            readings + honest.planted("meter", name.removeprefix("meter "), 10.0) - honest.true
        )
    both = 0
    for _ in range(DRAWS // 4):
        groups = [e.group for e in honest.adjusted(honest.noisy(readings, rng)).find()]
        listed = {f"{each.kind} {each.name}" for group in groups for each in group}
        both += set(names) <= listed
    assert both >= 0.9 * DRAWS // 4


def test_a_leak_is_made_of_what_the_readings_tell_of_what_passes(honest: Honest):
    """Behind the bleed nobody analyses the gypsum: its shares there are anything, before it not."""
    error = next(e.standard_error for e in honest.faults if (e.kind, e.name) == ("leak", "bleed"))
    leaking = honest.leaking("bleed", SIZE * error)
    found = honest.adjusted(honest.read(leaking))
    (leak,) = (loss for loss in found.losses if loss.name == "bleed")
    passed = honest.passing("bleed", leaking)
    np.testing.assert_allclose(leak.shares, passed / passed.sum(), atol=0.003)
    best = found.candidates()[0].ratio
    (ratio,) = (e.ratio for e in found.candidates() if (e.kind, e.name) == ("leak", "bleed"))
    assert ratio == pytest.approx(best, rel=1e-3)


@pytest.mark.parametrize("size", [4.0, 7.0, 12.0])
def test_a_rival_seldom_beats_the_truth_by_more_than_what_is_told(size: float):
    """Both explain normal readings: z of the truth about its size, z of a rival as alike as r."""
    true, other = np.random.default_rng(7).normal(size=(2, 100_000))
    for alike in (0.0, 0.6, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999):
        rival = alike * (size + true) + (1.0 - alike**2) ** 0.5 * other
        beaten = float(np.mean(rival**2 - (size + true) ** 2 > CLOSE))
        assert beaten <= 0.0072 + 4.0 * (0.0072 / 100_000) ** 0.5
