"""The balance certificate closes in every run, and a leak in any one unit opens it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from functools import cache

import numpy as np
import pytest
from hypothesis import Phase, given, reject, settings
from hypothesis import strategies as st

from plant_models.chlorobenzene.line import wiring
from plant_models.chlorobenzene.line.design import baseline, catalogue
from plant_models.chlorobenzene.line.tree import Line
from plant_models.chlorobenzene.model import PLANT, line, simulate, steady_state
from plant_models.chlorobenzene.run.result import Result
from sim.books.ledger import TOLERANCE, Ledger
from sim.errors import BalanceError
from sim.model.facts import Design, set_values
from sim.model.schemes import Scheme
from sim.network.unit import Conditions, Recipe, Stream, Unit
from tests.trees import replace_at, sample, sample_schemes

DESIGN = baseline()
SCHEMES = catalogue()
KNOWN = PLANT.own_schemes(catalogue="ours")
DEVICES = "E1, E2, O12, O13"
TWO_DAYS, WEEK = 48.0 / 8760.0, 168.0 / 8760.0  # years

# ---- every run closes --------------------------------------------------------------------------


def drawn(chosen: Sequence[str], seed: int) -> tuple[Design[Line], Mapping[str, Scheme]]:
    """Draw a design and the schemes from all their ranges; what does not fit is another's test."""
    rng = np.random.default_rng(seed)
    design = replace(DESIGN, tree=sample(DESIGN, rng))
    known = {scheme.id: scheme for scheme in sample_schemes(SCHEMES.values(), rng)}
    try:
        line(chosen, design=design, known=known)
    except ValueError:
        reject()
    return design, known


def assert_holds_something(ledger: Ledger) -> None:
    """No tank holds less than nothing of anything, but for rounding."""
    for tank, held in ledger.held.items():
        assert held.min() >= -1e-9 * max(ledger.opening[tank].sum(), 1.0), tank


def assert_closes(chosen: Sequence[str], seed: int, years: float, start_hour: float) -> None:
    design, known = drawn(chosen, seed)
    run = simulate(
        chosen, years=years, seed=seed, start_hour=start_hour, design=design, known=known
    )
    assert run.receipt().closure <= TOLERANCE
    assert_holds_something(run.ledger)


# A seed grows no simpler by growing smaller, and runs take long: no shrinking.
SEARCH = (Phase.explicit, Phase.generate)

scheme_sets = st.lists(st.sampled_from(list(SCHEMES)), unique=True)
seeds = st.integers(0, 2**32 - 1)
runs = given(scheme_sets, seeds, st.floats(0.05, 0.15), st.floats(0.0, 8760.0))


@pytest.mark.long
@settings(max_examples=25, phases=SEARCH)
@runs
def test_every_run_closes(chosen, seed, years, start_hour):
    assert_closes(chosen, seed, years, start_hour)


@pytest.mark.soak
@settings(max_examples=500, phases=SEARCH)
@runs
def test_hundreds_of_runs_close(chosen, seed, years, start_hour):
    assert_closes(chosen, seed, years, start_hour)


@pytest.mark.long
@settings(max_examples=2, phases=SEARCH)
@given(scheme_sets, seeds)
def test_full_years_close(chosen, seed):
    assert_closes(chosen, seed, 1.0, 0.0)


@pytest.mark.parametrize(
    "seed", [3, *(pytest.param(n, marks=pytest.mark.long) for n in (7, 9, 12))]
)
def test_a_line_starved_of_benzene_keeps_what_its_tanks_hold(seed):
    """The tanks of the benzene loop, its own recycle included, run down to their heels together."""
    starved = (
        "chlorinator.capacity=6810 kg/h",
        "chlorinator.control=conversion",
        "chlorinator.conversion=0.3495",
        "wet_benzene_tank.initial_level=0.72",
        "benzene_delivery.order_point=171 t",
        "benzene_delivery.lot=120 t",
        "benzene_delivery.lead_time=115 h",
    )
    run = simulate(years=0.06, seed=seed, design=set_values(DESIGN, starved))
    assert_holds_something(run.ledger)


@settings(max_examples=50, phases=SEARCH)
@given(scheme_sets, seeds)
def test_every_steady_state_closes(chosen, seed):
    design, known = drawn(chosen, seed)
    assert steady_state(chosen, design=design, known=known).receipt().closure <= TOLERANCE


def test_a_small_unit_downstream_slows_the_whole_line():
    """Benzene used per chlorobenzene is a matter of the reactor, not of the last column's size."""
    small = set_values(DESIGN, ["polychloride_column.capacity=100 kg/h"])
    slow, usual = steady_state(design=small), steady_state()
    assert slow.receipt().closure <= TOLERANCE
    assert slow.indicators["chlorobenzene_t"] < 0.6 * usual.indicators["chlorobenzene_t"]
    yields = [
        s.indicators["benzene_used_t"] / s.indicators["chlorobenzene_t"] for s in (slow, usual)
    ]
    assert yields[0] == pytest.approx(yields[1], rel=0.05)


def test_traces_close_as_well_as_the_main_flows():
    """Little trichlorobenzene comes back with the wash water's droplets, but it closes, too."""
    settings = (
        "water_wash.effluent_reused=yes",
        "water_wash.water_ratio=0.48",
        "water_wash.droplets=0.002",
        "rectification_column.bottoms_chlorobenzene=0.233",
    )
    state = steady_state(design=set_values(DESIGN, settings))
    assert state.receipt().closure <= TOLERANCE


def test_a_cooling_circuit_that_cannot_take_what_leaks_into_it_is_refused():
    """What leaks would hold up the columns, and with them the line."""
    with pytest.raises(ValueError, match=r"cooling_water\.capacity of 0\.001 kg/h is below .*leak"):
        steady_state(design=set_values(DESIGN, "cooling_water.capacity=0.001"))


# ---- a leak in any one unit shows ----------------------------------------------------------------


def leaking(unit: Unit, outlet: str, lost: float = 0.01) -> Unit:
    """Return the unit with a share of one outlet lost on the way."""
    kind = type(unit)

    def convert(self: Unit, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        recipe = kind.convert(self, inlets, at)
        left = tuple((1.0 - lost) * share for share in recipe.splits[outlet])
        return replace(recipe, splits={**recipe.splits, outlet: left})

    leaky = type(f"Leaking{kind.__name__}", (kind,), {"convert": convert})
    made: Unit = leaky(**{item.name: getattr(unit, item.name) for item in fields(unit)})
    return made


def leaking_design(outlet: str, lost: float = 0.01) -> Design[Line]:
    name, _, port = outlet.partition(".")
    return replace(
        DESIGN,
        tree=replace_at(DESIGN.tree, name, leaking(getattr(DESIGN.tree, name), port, lost)),
    )


def at_rest(schemes: str, design: Design[Line] | None = None) -> Result:
    return steady_state(schemes, design=design, known=KNOWN)


def without_events(schemes: str, design: Design[Line] | None = None) -> Result:
    return simulate(schemes, years=TWO_DAYS, without=["events"], design=design, known=KNOWN)


def into_the_shutdown(schemes: str, design: Design[Line] | None = None) -> Result:
    """Return a week of events, at the end of which the line trips for its annual shutdown."""
    start = DESIGN.tree.annual_shutdown.start - 100.0
    return simulate(schemes, years=WEEK, start_hour=start, design=design, known=KNOWN)


Run = Callable[[str, Design[Line] | None], Result]


@cache
def flowing(run: Run, schemes: str) -> frozenset[str]:
    """Return the outlets that carry something."""
    return frozenset(
        entry.stream for entry, kg in run(schemes, None).ledger.flows.items() if kg.any()
    )


def schemes_that_use(outlet: str, run: Run) -> str | None:
    """Return a scheme set under which an outlet carries something in such a run."""
    return next((s for s in ("none", "F1-F11", DEVICES) if outlet in flowing(run, s)), None)


def test_a_leak_of_nothing_closes():
    for name, unit in wiring.network(DESIGN.tree).units.items():
        design = leaking_design(f"{name}.{unit.outlets[0]}", lost=0.0)
        assert steady_state(design=design).receipt().closure <= TOLERANCE


@pytest.mark.parametrize("name", wiring.network(line(DEVICES, known=KNOWN)).units)
def test_a_leak_of_one_percent_leaves_no_steady_state(name):
    for outlet in wiring.PIPES:
        if outlet.startswith(f"{name}.") and (schemes := schemes_that_use(outlet, at_rest)):
            with pytest.raises(BalanceError, match=f"unit {name}: .* missing"):
                at_rest(schemes, leaking_design(outlet))


RUNNING = tuple(outlet for outlet in wiring.PIPES if outlet != "off_gas_fan.leaked")
"""Outlets but that of a dead fan, which is another unit in its place."""
FIRST = {outlet.partition(".")[0]: outlet for outlet in reversed(RUNNING)}.values()
"""One of each unit."""


@pytest.mark.parametrize(
    "outlet", [pytest.param(o, marks=() if o in FIRST else pytest.mark.long) for o in RUNNING]
)
def test_a_leak_of_one_percent_stops_a_simulation(outlet):
    found = ((run, schemes_that_use(outlet, run)) for run in (without_events, into_the_shutdown))
    run, schemes = next((run, schemes) for run, schemes in found if schemes is not None)
    with pytest.raises(BalanceError, match=f"unit {outlet.partition('.')[0]}: .* missing"):
        run(schemes, leaking_design(outlet))
