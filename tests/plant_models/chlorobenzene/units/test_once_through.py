"""Water that passes the drying step once: its volume, its leak, and who ends which part."""

from dataclasses import replace
from itertools import product

import pytest

from plant_models.chlorobenzene.line.design import prior
from plant_models.chlorobenzene.model import line, steady_state
from plant_models.chlorobenzene.money.prices import prices
from plant_models.chlorobenzene.substances.chemistry import BENZENE, COMPONENTS, WATER
from plant_models.chlorobenzene.units.once_through import OnceThroughWater
from sim.network.unit import Conditions, Stream

AT = Conditions(6000, {"cooling_water": 288.15, "air": 283.15, "pressure": 92_500})
DRY = COMPONENTS.stream(benzene=5990, chlorobenzene=9.8, water=0.2)
COCKS = ("drying_ended", "catcher_ended", "cooler_ended")


@pytest.fixture(scope="module")
def water() -> OnceThroughWater:
    return prior().tree.once_through


def passed(unit: OnceThroughWater) -> dict[str, Stream]:
    none = (0.0,) * len(COMPONENTS)
    recipe = unit.convert({"benzene": DRY, "water": none}, AT)
    drawn = COMPONENTS.stream(water=recipe.asked("water", DRY))
    recipe = unit.convert({"benzene": DRY, "water": drawn}, AT)
    return recipe.apply(tuple(a + b for a, b in zip(DRY, drawn, strict=True)))


def test_all_of_it_goes_to_the_sewer_with_what_leaks(water):
    unit = replace(water, water=38_000.0, leak=0.5)
    out = passed(unit)
    assert out["effluent"][WATER] == pytest.approx(38_000, rel=1e-12)
    organics = DRY[BENZENE] / (DRY[BENZENE] + 9.8)
    assert out["effluent"][BENZENE] == pytest.approx(0.5 * organics, rel=1e-9)
    assert out["dry"][WATER] == pytest.approx(0.2, rel=1e-9)
    assert sum(out["returned"]) == 0


def test_benzene_passes_but_for_the_leak(water):
    out = passed(replace(water, leak=0.0))
    assert out["dry"] == pytest.approx(DRY, rel=1e-12, abs=1e-9)


@pytest.mark.parametrize("shut", list(product((False, True), repeat=3)))
def test_each_cock_ends_its_part_of_volume_and_leak(water, shut):
    """Weights of 0.5, 0.3 and 0.2 are parts of the whole; the leak goes on with what returns."""
    unit = replace(
        water, water=40_000.0, leak=1.0, drying_share=0.5, catcher_share=0.3, cooler_share=0.2,
        **dict(zip(COCKS, shut, strict=True)),
    )  # fmt: skip
    part = sum(w for w, closed in zip((0.5, 0.3, 0.2), shut, strict=True) if closed)
    out = passed(unit)
    assert out["effluent"][WATER] == pytest.approx(40_000 * (1 - part), abs=1e-6)
    leaked = out["effluent"][BENZENE] + out["returned"][BENZENE]
    assert out["returned"][BENZENE] == pytest.approx(part * leaked, abs=1e-12)


def test_f1_f2_and_f3_have_a_cock_each():
    for scheme, cock in (("F3", COCKS[0]), ("F2", COCKS[1]), ("F1", COCKS[2])):
        found = {name for name in COCKS if getattr(line(scheme).once_through, name)}
        assert found == {cock}
    assert line("F1-F3").once_through.returned == pytest.approx(1.0)


def test_nothing_runs_past_a_step_that_stands(water):
    none = (0.0,) * len(COMPONENTS)
    assert sum(water.convert({"benzene": none, "water": none}, AT).draws["water"]) == 0


def test_water_that_f1_to_f3_end_is_billed_nowhere_and_as_cooling_water_would_fill_the_tower():
    """What the page on the plant tells: 41 t/h, 17 x 10^4 RMB, 446 of 400 t/h, 85 % for 96."""
    none, ended, all_of_them = (steady_state(s) for s in ("none", "F1-F3", "F1-F11"))
    change = ended.indicators - none.indicators
    kept = none.line.once_through.water * none.ledger.hours / 1000.0  # t/yr
    assert kept / none.ledger.hours == pytest.approx(41, abs=0.1)
    assert change["process_water_t"] < -kept
    assert change["cooling_water_t"] < 0.0
    assert kept * prices().tree.industrial_water == pytest.approx(17e4, rel=0.03)
    hours, tower = all_of_them.ledger.hours, all_of_them.line.cooling_water
    used = all_of_them.indicators["cooling_water_t"] + kept
    assert used / hours == pytest.approx(446, abs=1)
    taken = tower.intake(used, used - tower.most_over_tower / 1000.0 * hours)
    before = none.indicators["cooling_water_intake_t"]
    assert 1.0 - taken / before == pytest.approx(0.85, abs=0.005)
    after = all_of_them.indicators["cooling_water_intake_t"]
    assert 1.0 - after / before == pytest.approx(0.96, abs=0.005)
