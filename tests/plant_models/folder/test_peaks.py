"""A plant of a folder names peaks: what is used beyond them has a figure, and a price."""

from __future__ import annotations

import pickle
from dataclasses import replace

import pytest

from experiments import export_lca, why
from plant_models.folder.indicators import PEAK_FIGURES
from plant_models.folder.model import FolderPlant
from plant_models.folder.schema import schema
from plant_models.folder.written import written
from sim.clock.random_streams import RandomStreams
from sim.model.facts import set_values
from tests.plant_models.folder.texts import CRYSTALS, WORKS, changed, plant

STEAM = WORKS + "steam = 0.5\n"
PEAKED = STEAM + '\n[peaks]\nsteam = { value = 400.0, unit = "kg/h", low = 300.0, high = 450.0, '
PEAKED += 'source = "assumed", note = "the boiler is full" }\n'
"""A still that takes 500 kg/h of steam, beside a boiler of 400."""
OVER = "steam_over_peak_t"
STOPS = 'capacity = "1 t/h"\nfailure = { mtbf = "50 h", mttr = "10 h" }'
BIGGER = """
[B1]
class = "low-cost"
title = "A bigger boiler"
patches = [{ path = "peaks.steam", set = "0.45 t/h", low = 420, high = 480 }]
"""
PRICES = """
[money]
currency = "EUR"
interest_rate = 0.08
horizon = 10

[bought.steam]
of = "steam_t"
price = 30.0

[bought.steam_beyond_the_boiler]
of = "steam_over_peak_t"
price = "20 EUR/t"

[investments]
B1 = 1000.0
"""


def faults(text: str) -> str:
    with pytest.raises((ValueError, LookupError)) as caught:
        plant(text)
    return str(caught.value)


@pytest.mark.parametrize(("peak", "over"), [("0", 500.0), ("0.4 t/h", 100.0), ("500", 0.0)])
def test_a_year_of_constant_conditions_is_its_rate_less_the_peak(peak: str, over: float):
    text = (
        STEAM + f'[peaks]\nsteam = "{peak}"\n' if "t" in peak else STEAM + f"[peaks]\nsteam={peak}"
    )
    year = plant(text).steady_state().indicators
    assert year[OVER] == pytest.approx(8.76 * over, abs=1e-9)
    assert year["steam_t"] == pytest.approx(8.76 * 500.0)


def test_a_plant_with_peaks_says_why_of_all_its_figures():
    """It ended in a KeyError, whatever figure was asked after."""
    of = plant(PEAKED)
    for figure in of.units:
        found = str(why(figure, plant=of))
        if figure == OVER:
            assert "steam beyond its peak, of all units together" in found
            assert "peaks.steam" in found


def test_power_beyond_a_contract_is_told_in_megawatt_hours():
    text = STEAM + '\npower = "0.02 kWh/kg"\n[peaks]\npower = "15 kW"\n'
    of = plant(text)
    assert of.steady_state().indicators["power_over_peak_mwh"] == pytest.approx(8.76 * 5.0)
    assert of.units["power_over_peak_mwh"] == "MWh/yr"


def test_in_a_year_with_stops_only_the_hours_at_work_are_beyond_it():
    """A still that works takes 500 kg/h, whatever the mean of the year is."""
    run = plant(changed('capacity = "1 t/h"', STOPS, PEAKED)).simulate(years=0.2, seed=1)
    of = run.indicators
    assert of["steam_t"] < 0.9 * 8.76 * 500.0
    assert of[OVER] == pytest.approx(0.2 * of["steam_t"], rel=1e-9)


PLAIN = '''
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from sim import quantity
from sim.network.plain import Answer, PlainUnit


class Felt(NamedTuple):
    trip: float


@dataclass(frozen=True, kw_only=True)
class Crystals(PlainUnit):
    """Takes some of the salt out, at so much power."""

    inlets: ClassVar = ("charge",)
    outlets: ClassVar = ("bottom", "top")
    felt: ClassVar = Felt
    using: ClassVar = ("power",)
    taken: float = quantity("kg/kg", "share of the salt", 0.0, 1.0)
    power: float = quantity("kWh/kg", "power per charge", 0.0, 1.0)

    def answer(self, at, charge):
        return Answer(((self.taken, 0.0), (1.0 - self.taken, 1.0)), (), (self.power,), ())
'''
CARS = """
[operation.cars]
kind = "delivery"
train = "pump"
order_point = "8 t"
lot = "5 t"
lead_time = "3 h"
lead_spread = 0.3

[peaks]
power = 35
"""


def with_cars() -> FolderPlant:
    """Return a unit of one's own that takes 20 kW, and a pump of 30 that unloads cars."""
    text = changed('kind = "pump"', 'kind = "pump"\npower = 0.01', CRYSTALS)
    text = changed("\ntaken", "\npower = 0.02\ntaken", text)
    return FolderPlant((("crystals.py", PLAIN), ("plant.toml", text + CARS)))


def test_lots_and_a_unit_of_ones_own_are_beyond_a_peak_while_a_car_unloads():
    """20 kW and, while 3 t/h come of lots, 30 more, over 35."""
    run = with_cars().simulate(years=0.1, seed=2)
    unloading = run.ledger.total(source="brine") / 3000.0
    assert 200.0 < unloading < 300.0
    assert run.ledger.used("power", over_peak=True) == pytest.approx(15.0 * unloading, rel=1e-9)


def test_a_run_with_peaks_goes_on_with_the_same_bits():
    of = with_cars()
    running = of.simulate(years=0.05, seed=2).resume()
    running.plant.run(0.1 * 8760.0)
    assert running.plant.ledger() == of.simulate(years=0.1, seed=2).ledger


def test_a_plant_without_peaks_has_no_such_figure():
    assert not {*PEAK_FIGURES} & {*plant(STEAM).units}
    assert [name for name in plant(PEAKED).units if "over_peak" in name] == [OVER]


def test_a_scheme_changes_a_peak():
    of = plant(PEAKED, schemes=BIGGER)
    assert of.steady_state("B1").indicators[OVER] == pytest.approx(8.76 * 50.0)
    run = of.simulate("B1", years=0.05, without=("events",)).indicators
    assert run[OVER] == pytest.approx(0.1 * run["steam_t"])


def test_a_scheme_changes_a_peak_and_what_there_is_of_it():
    both = BIGGER.replace(" }]", ' }, { path = "utilities.steam", set = 480 }]')
    of = plant(PEAKED + "[utilities]\nsteam = 430\n", schemes=both)
    assert of.steady_state().indicators[OVER] == pytest.approx(8.76 * 30.0)
    assert of.steady_state("B1").indicators[OVER] == pytest.approx(8.76 * 30.0)


def test_a_peak_may_change_while_the_plant_runs():
    of = plant(PEAKED, schemes=BIGGER)
    base, other = of.variant("none"), of.variant("B1")
    running = of.running(base, RandomStreams(1))
    running.plant.run(10.0)
    running.change(base.tree, other.tree)
    running.plant.run(30.0)
    ledger = running.plant.ledger()
    assert ledger.used("steam", over_peak=True) == pytest.approx(10.0 * 100.0 + 20.0 * 50.0)


def test_what_is_used_beyond_a_peak_has_a_price_of_its_own():
    of = plant(PEAKED, schemes=BIGGER, prices=PRICES)
    economy = of.economy
    before, after = (of.steady_state(s).indicators for s in ("none", "B1"))
    assert {item.indicator for item in economy.items.values()} == {"steam_t", OVER}
    saved = economy.prices().tree.steam_beyond_the_boiler * (before[OVER] - after[OVER])
    assert saved == pytest.approx(20.0 * 8.76 * 50.0)


def test_what_is_beyond_a_peak_is_a_part_of_what_is_used():
    """It counts as what is bought once, and is shown beside it."""
    of = plant(PEAKED)
    assert of.utilities == (*of.bought, OVER)
    assert OVER not in of.bought
    found = export_lca("none", years=0.05, replications=1, plant=of)
    names = [one.name for one in found.process.exchanges if one.is_input]
    assert names.count("steam") == 1
    assert not [name for name in names if "over" in name]


def test_a_peak_has_its_source_and_range():
    fact = plant(PEAKED).baseline().facts["peaks.steam"]
    assert (fact.value, fact.low, fact.source, fact.note) == (
        400.0, 300.0, "assumed", "the boiler is full",
    )  # fmt: skip


def test_a_plant_with_peaks_travels_and_is_written():
    of = plant(PEAKED)
    assert pickle.loads(pickle.dumps(of)) == of
    design = set_values(of.baseline(), {"peaks.steam": 420.0})
    again = plant(dict(written(of, design))["plant.toml"])
    assert again.baseline().tree.peaks.steam == 420.0
    assert again.contents.network.peaks == {"steam": 420.0}


def test_an_editor_knows_peaks():
    known = schema()["properties"]["peaks"]["properties"]
    assert [*known] == ["steam", "power", "cooling_water"]
    assert known["power"]["description"].endswith(", kW")


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("stem = 1", "peaks.stem: no utility 'stem'; did you mean 'steam'?"),
        ("steam = -1", "peaks.steam: "),
        ('steam = "3 kW"', "peaks.steam: unit 'kW': expected 'kg/h'"),
        ("steam = true", "peaks.steam: "),
        ("steam = {}", "peaks.steam: "),
        ("steam = inf", "peaks.steam: "),
    ],
)
def test_a_peak_that_makes_no_sense_is_told_with_its_line(said: str, message: str):
    line = STEAM.count("\n") + 2
    assert f"plant.toml, line {line}: {message}" in faults(f"{STEAM}[peaks]\n{said}\n")


def test_a_figure_of_a_peak_that_is_not_named_says_where_it_would_come_from():
    said = "no indicator 'steam_over_peak_t'; plant.toml names no peak of steam"
    headed = STEAM.replace("[plant]", f'[plant]\nheadlines = ["{OVER}"]')
    assert f"line 10: plant.headlines: {said}" in faults(headed)
    with pytest.raises(ValueError, match=r"prices\.toml, line 12: ") as told:
        plant(STEAM, prices=PRICES, schemes=BIGGER.replace("peaks.steam", "still.capacity"))
    assert f"bought.steam_beyond_the_boiler.of: {said}" in str(told.value)


def test_peaks_that_are_no_table_are_told():
    assert "peaks: expected a table [peaks], came 400" in faults("peaks = 400\n" + STEAM)


def test_no_unit_is_called_as_the_peaks_are():
    text = WORKS.replace("pump ->", "peaks ->").replace("[units.pump]", "[units.peaks]")
    assert "units.peaks: the name is taken by the plant itself" in faults(
        text.replace("-> pump", "-> peaks")
    )


def test_a_scheme_of_a_peak_that_is_not_named_is_told():
    with pytest.raises(ValueError, match=r"peaks"):
        plant(STEAM, schemes=BIGGER)


def test_a_design_of_other_peaks_is_of_the_same_wiring():
    """A peak alone makes no network of another shape."""
    of = plant(PEAKED)
    tree = replace(of.tree(), peaks=replace(of.tree().peaks, steam=410.0))
    assert of.network(tree).shape is of.contents.network.shape
