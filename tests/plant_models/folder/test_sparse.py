"""A whey line with few analyses: what leaks there is made of what the model says of what passes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import experiments as ex
from experiments.studies.plant_reconcile import Reconciled

WHEY = """
pipes = [
    "whey -> evaporator",
    "evaporator.vapour -> sewer",
    "evaporator.concentrate -> tank",
    "tank -> dryer",
    "dryer.exhaust -> bags",
    "dryer.dry -> customers",
    "bags.caught -> tank",
    "bags.gas -> air",
]

[plant]
name = "whey line"
pacer = "evaporator"
product = "customers"

[components]
lactose = "C12H22O11"
protein = "C4H6N2O2"
fat = "C18H34O2"
water = "H2O"

[supplies.whey]
lactose = 0.048
protein = 0.009
fat = 0.0006
water = 0.9424

[sinks]
customers = "product"
sewer = "wastewater"
air = "emission gas"

[tanks.tank]
capacity = "25 t"
contents = { lactose = 0.43, protein = 0.09, water = 0.48 }

[units.evaporator]
kind = "separator"
outlets = ["vapour", "concentrate"]
recovery.water = 0.945
capacity = "12 t/h"

[units.dryer]
kind = "separator"
outlets = ["exhaust", "dry"]
recovery = { lactose = 0.02, protein = 0.02, fat = 0.02, water = 0.97 }
capacity = "2.5 t/h"

[units.bags]
kind = "separator"
outlets = ["caught", "gas"]
recovery = { lactose = 0.97, protein = 0.97, fat = 0.97 }
"""
DRAWS = 100
HEAD = "at, component, reading, unit, error\n"
LEAK = 0.1
"""Of what the tank gets, kg/kg."""


def read(lost: float) -> list[tuple[str, str, float, str, float]]:
    """Return what meters say, with their errors, where the tank loses a share of what it gets."""
    whey = {"lactose": 576.0, "protein": 108.0, "fat": 7.2, "water": 11_308.8}
    concentrate = {**whey, "water": 0.055 * whey["water"]}
    to_exhaust = {"lactose": 0.02, "protein": 0.02, "fat": 0.02, "water": 0.97}
    back = {c: 0.97 * x if c != "water" else 0.0 for c, x in to_exhaust.items()}
    wet = {c: kg * (1 - lost) / (1.0 - (1 - lost) * back[c]) for c, kg in concentrate.items()}
    exhaust = {c: to_exhaust[c] * kg for c, kg in wet.items()}
    caught = {c: back[c] * kg for c, kg in wet.items()}
    rates = {
        "whey": whey, "evaporator.concentrate": concentrate, "dryer.feed": wet,
        "dryer.exhaust": exhaust, "bags.caught": caught,
        "customers": {c: kg - exhaust[c] for c, kg in wet.items()},
        "air": {c: kg - caught[c] for c, kg in exhaust.items()},
    }  # fmt: skip
    rows = [(at, "", sum(of.values()), "kg/h", 0.01 * sum(of.values())) for at, of in rates.items()]
    shares = (("whey", "protein"), ("bags.caught", "fat"), ("dryer.feed", "lactose"))
    for at, component in shares:
        share = rates[at][component] / sum(rates[at].values())
        rows.append((at, component, share, "kg/kg", 0.03 * share))
    return rows


@pytest.fixture
def works(tmp_path: Path) -> Path:
    (tmp_path / "plant.toml").write_text(WHEY, encoding="utf-8")
    return tmp_path


def reconciled(works: Path, rows: list[tuple[str, str, float, str, float]]) -> Reconciled:
    lines = "\n".join(f"{at}, {of}, {y!r}, {unit}, {error!r}" for at, of, y, unit, error in rows)
    (works / "readings.csv").write_text(HEAD + lines, encoding="utf-8")
    return ex.plant_reconcile(works)


def test_without_a_leak_the_readings_close_and_none_is_told(works: Path):
    found = reconciled(works, read(0.0))
    assert found.adjusted.statistic == pytest.approx(0.0, abs=1e-9)
    assert found.found == ()


def test_a_leak_of_what_nobody_analyses_is_made_as_the_model_has_it(works: Path):
    """Water is read nowhere; what the readings leave open would make the leak of a third of fat."""
    found = reconciled(works, read(LEAK))
    (leak,) = (loss for loss in found.adjusted.losses if loss.name == "tank")
    truth = np.array([588.0, 110.0, 7.3, 622.0])
    assert np.array(leak.shares) == pytest.approx(truth / truth.sum(), abs=0.03)


@pytest.mark.long
def test_such_a_leak_stands_in_the_first_group_in_nineteen_of_twenty_draws(works: Path):
    rng, held = np.random.default_rng(21), 0
    rows = read(LEAK)
    for _ in range(DRAWS):
        noisy = [(*r[:2], r[2] + r[4] * rng.normal(), *r[3:]) for r in rows]
        errors = reconciled(works, noisy).found
        held += bool(errors) and ("leak", "tank") in [(e.kind, e.name) for e in errors[0].group]
    assert held >= 0.95 * DRAWS
