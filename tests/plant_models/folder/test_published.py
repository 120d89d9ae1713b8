"""Plants of folders after published texts: the figures that are printed there come out of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest
from scipy.optimize import brentq

from plant_models import folder
from plant_models.flowshop.plant import BATCH, STEP_HOURS, VESSELS
from plant_models.folder.model import FolderPlant
from plant_models.outcome import Outcome
from sim.model.facts import set_values

MONTH = 500.0  # h


def at_rest(plant: FolderPlant, values: Mapping[str, Any]) -> Outcome[Any]:
    """Return constant conditions with some parameters at other values."""
    return plant.steady_state(set_values(plant.baseline(), values))


def rate(of: Outcome[Any], component: str | None = None, **match: str) -> float:
    """Return a flow, kg/h."""
    return float(of.ledger.total(component, **match)) / of.ledger.hours


# ---- plating: a fact sheet for platers ----------------------------------------------------------

FILM, WET = 0.02, 1.02  # kg of film, and of parts with their film, per kg of parts
BATH, CLEAN = 270_000.0, 40.0  # mg/kg

ONE = {"rinse_2.ratio.water": 0.0, "rinse_3.ratio.water": 0.0, "overflow_2.share.drain": 0.0,
       "overflow_3.share.drain": 0.0}  # fmt: skip
"""A single rinse; whatever flows over goes back one tank."""


def water_per_film(rinses: int) -> float:
    """Return the fresh water that leaves 40 mg/l on the parts, kg per kg of film."""
    plating = folder.load("plating")

    def left(water: float) -> float:
        given = {f"rinse_{n}.ratio.water": water * FILM / WET for n in range(1, rinses + 1)}
        found = at_rest(plating, ONE | given)
        film = sum(rate(found, name, sink="customers") for name in ("salts", "water"))
        return 1e6 * rate(found, "salts", sink="customers") / film - CLEAN

    return float(brentq(left, 2.0, 20_000.0, xtol=1e-6))


@pytest.mark.parametrize(
    ("rinses", "printed", "within"),
    [
        (1, 6750.0, 1.0 + 1e-3),  # the sheet forgets the film itself, one part in 6,750
        (2, 82.0, 0.5),  # rounded
        (3, 18.0, 1.0),  # the sheet cuts off: the cube root of 6,750, which it takes, is 18.9
    ],
)
def test_counterflow_takes_the_printed_gallons_of_water_per_gallon_of_film(
    rinses: int, printed: float, within: float
):
    """And exactly 1 + R + ... + R^n = 270,000 / 40, the balance of n tanks."""
    water = water_per_film(rinses)
    assert water == pytest.approx(printed, abs=within)
    assert sum(water**n for n in range(rinses + 1)) == pytest.approx(BATH / CLEAN, rel=1e-6)


def test_two_rinses_side_by_side_take_twice_the_water_of_two_in_counterflow():
    plating = folder.load("plating")
    alone = set_values(plating.baseline(), {"rinse_3.ratio.water": 0.0})
    apart, piped = (
        plating.steady_state(plating.variant(alone).having(ids)).indicators["water_t"]
        for ids in ([], ["P1"])
    )
    assert piped == pytest.approx(apart / 2.0)


@pytest.mark.parametrize("ids", ["none", "P1", "P2", "P1,P2", "P3", "P1-P4"])
def test_parts_leave_clean_whatever_is_done(ids: str):
    """At most 40 mg/l in the last film, and two in a hundred for the rounding of 82."""
    found = folder.load("plating").steady_state(ids)
    film = sum(rate(found, name, sink="customers") for name in ("salts", "water"))
    assert 1e6 * rate(found, "salts", sink="customers") / film < 1.02 * CLEAN


def test_books_close_where_bath_goes_round_at_next_to_nothing():
    """Water of the dip set to 0: what is drawn ahead of a supply follows a pass late, all the same.

    The bath that comes back moves no other flow, for fresh bath makes up for it.
    """
    plating = folder.load("plating")
    without = set_values(plating.baseline(), {"rinse_3.ratio.water": 0.0})
    found = plating.steady_state(plating.variant(without).having(["P1", "P4"]))
    assert found.indicators["closure"] <= 1e-12


def test_an_evaporator_whose_concentrate_comes_back_at_once_settles():
    """Without a campaign nothing is held up: its recipe decides the feed that it is asked for."""
    texts = dict(folder.load("plating").files)
    plant, campaign, revision = re.split(r"(?m)^(?=\[operation\.)", texts["plant.toml"])
    assert "level switch" in campaign
    heel = "heel = 0.1\ninitial_level = 0.1\n"
    assert heel in plant
    texts["plant.toml"] = plant.replace(heel, "initial_level = 0.0\n") + revision
    found = FolderPlant(tuple(texts.items())).simulate("P1-P4", years=0.01)
    assert found.indicators["closure"] <= 1e-9


# ---- crystals: example 3.1 of a textbook --------------------------------------------------------

STEPS = {"vessel": 3.5, "catalyst_filter": 0.5, "still": 3.5, "crystalliser": 2.0, "trays": 4.0,
         "packing": 1.0}  # fmt: skip
CHARGE = 5500.0  # kg


def crystals() -> tuple[float, Outcome[Any]]:
    """Return batches in an hour, and the constant conditions."""
    found = folder.load("crystals").steady_state()
    charged = sum(rate(found, source=name) for name in ("a", "b", "solvent"))
    return charged / CHARGE, found


def test_a_batch_makes_and_packs_the_printed_kilograms():
    """1,057.5 and 634.5 kg; the formulas have the masses of the source to one in a thousand."""
    batches, found = crystals()
    made = rate(found, "product", sink="customers") + rate(found, "product", sink="incinerator")
    assert made / batches == pytest.approx(1057.5, rel=1e-3)
    assert rate(found, "product", sink="customers") / batches == pytest.approx(634.5, rel=1e-3)


def test_eight_batches_take_the_printed_hours_one_by_one_and_overlapping():
    """Eight times the sum of the steps, 116 h; seven times the longest and the sum once, 42.5 h."""
    batches, found = crystals()
    assert max(found.loads, key=found.loads.__getitem__) == "trays"
    one = sum(STEPS.values())
    assert one == 14.5
    assert 8 * one == 116.0
    assert 7 / batches + one == pytest.approx(42.5, rel=1e-3)


def test_each_step_takes_a_batch_in_its_hours():
    """What a unit gets of a batch, over its capacity; charging and filter are the vessel's."""
    batches, found = crystals()
    tree = folder.load("crystals").baseline().tree
    assert tree.vessel.largest == pytest.approx(CHARGE / STEPS["vessel"])
    gets = {"still": rate(found, source="a") + rate(found, source="b")
            + rate(found, source="solvent")}  # fmt: skip
    dried = rate(found, sink="customers")
    gets |= {"packing": dried, "trays": dried + rate(found, sink="air")}
    for name, kg in gets.items():
        hours = kg / batches / getattr(tree, name).capacity
        assert hours == pytest.approx(STEPS[name], rel=1e-3), name


def test_the_vessel_converts_the_share_that_the_printed_kilograms_ask_for():
    """500 kg of A at 94 % make 1,057.5 kg; what is left of A leaves with the distillate."""
    batches, found = crystals()
    assert rate(found, "a", sink="incinerator") / batches == pytest.approx(0.06 * 500.0, rel=0.01)


def test_what_remains_in_the_still_is_at_most_a_hundredth_b_by_moles():
    _, found = crystals()
    masses = {"b": 125.0, "product": 225.0, "solvent": 200.0}
    names = list(found.ledger.components.names)
    kg = [flow for entry, flow in found.ledger.flows.items() if entry.stream == "still.bottom"]
    moles = {n: sum(float(f[names.index(n)]) for f in kg) / mass for n, mass in masses.items()}
    assert 0.0 < moles["b"] / sum(moles.values()) <= 0.01


# ---- vessels: examples 3.3 and 3.4 --------------------------------------------------------------


def hours_of_a_batch(steps: Mapping[str, float], charge: float) -> float:
    """Return the hours between two batches of the four vessels."""
    values = {f"{vessel}.react_time": hours for vessel, hours in steps.items()}
    values |= {f"{vessel}.charge": charge for vessel in VESSELS}
    found = at_rest(folder.load("vessels"), values | {f"{v}.heel": 0.0 for v in VESSELS})
    return charge / rate(found, source="recipes")


def test_47_batches_of_each_product_fit_into_a_month_of_abc():
    """Five more than the 42 of campaigns, which wait to be empty; example 3.4."""
    plant = folder.load("vessels")
    found = at_rest(plant, {f"{vessel}.heel": 0.0 for vessel in VESSELS})
    rounds = rate(found, source="recipes") * MONTH / sum(BATCH.values())
    assert int(rounds) == 42 + 5


def test_campaigns_have_the_printed_cycle_times_and_43_batches_fit_into_a_month():
    """2.631, 4.619 and 4.655 h with the filling of the line; equation 3.6 leaves it out: 43."""
    longest = {}
    for name, steps in STEP_HOURS.items():
        by_vessel = dict(zip(VESSELS, steps, strict=True))
        longest[name] = hours_of_a_batch(by_vessel, BATCH[name])
    printed = {"A": 2.631, "B": 4.619, "C": 4.655}
    for name, hours in printed.items():
        whole = (41 * longest[name] + sum(STEP_HOURS[name])) / 42
        assert whole == pytest.approx(hours, abs=5.1e-4)
    assert int(MONTH / sum(longest.values())) == 43


def test_the_folder_has_the_means_of_the_three_products():
    tree = folder.load("vessels").baseline().tree
    for n, vessel in enumerate(VESSELS):
        mean = sum(steps[n] for steps in STEP_HOURS.values()) / 3
        assert getattr(tree, vessel).react_time == pytest.approx(mean, abs=1e-5)
        assert getattr(tree, vessel).charge == pytest.approx(sum(BATCH.values()) / 3, abs=0.01)


@pytest.mark.parametrize("name", ["plating", "crystals", "vessels"])
def test_a_year_comes_to_its_constant_conditions_but_for_what_stops_it(name: str):
    plant = folder.load(name)
    rest, run = plant.steady_state().indicators, plant.simulate(without=("events",)).indicators
    per_hour = rest["customers_t"] / rest["operating_hours"]
    assert run["customers_t"] == pytest.approx(per_hour * 8760.0, rel=0.02)
    assert run["closure"] <= 1e-9
