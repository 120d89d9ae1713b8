"""Readings, fit and history of a plant: what was seen, and what follows."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import chi2

import experiments as ex
from experiments.studies.plant_fit import FittedPlant
from plant_models import folder
from plant_models.folder.fitting import free_parameters
from plant_models.folder.history import lives, read_history
from plant_models.folder.model import FolderPlant
from plant_models.folder.readings import Balance, read_readings
from plant_models.folder.written import written
from plant_models.methods.lifetimes import mean_between, mean_of, trend
from sim.model.facts import set_values
from tests.plant_models.folder.texts import WORKS, changed, plant

HEAD = "at, component, reading, unit, error\n"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (
            "still.topp, , 1, t/h, 2 %",
            "line 2: at: no place 'still.topp'; did you mean 'still.top'?",
        ),
        ("still.top, salz, 1, t/h, 2 %", "line 2: component: no 'salz'; did you mean 'salt'?"),
        ("still.top, , x, t/h, 2 %", "line 2: reading: expected a number, came 'x'"),
        ("still.top, , 1, m, 2 %", "line 2: unit: expected a rate like t/h or a share like g/kg"),
        ("still.top, , 1, t/h, 0", "line 2: error: expected a standard error above 0"),
        ("still.top, , 10, g/kg, 1", "line 2: unit g/kg: a share is of a component: name it"),
        ("tank, salt, 10, g/kg, 1", "line 2: a tank is read by the change of all it holds"),
        ("still.top, salt, 1.2, kg/kg, 1", "expected a share of 0 to 1 kg/kg, came 1.2"),
        ('still.top, , "4,9", t/h, 2 %', "came '4,9'; write a decimal point, like 4.9"),
        ('still.top, , "4,933", t/h, 2 %', "came '4,933'; write 4.933 or 4933, whichever is meant"),
        ("still.top, , 4, lb/h, 2 %", "came 'lb/h'; 'lb' is no known unit: 1 lb is 0.45359237 kg"),
        ("still.top, , 4, t/yr, 2 %", "'yr' is no known unit: a year has 8,760 h, or the hours"),
        ('still.top, , "4,933.5", t/h, 2 %', "came '4,933.5'; write it without commas"),
        ("still.top, , 0, t/h, 2 %", "error: 2 % of a reading of 0 is none; write it in t/h"),
        (
            "still.top, , 1, t/h, 2 %\nstill.top, , 1, t/h, 2 %",
            "line 3: says the same as line 2; two meters that agree have a note each",
        ),
        ("still.top, , 4.9, t/h, 1e-300", "error: expected at least 1e-09 of the reading"),
    ],
)
def test_a_wrong_reading_is_told_with_its_line(row: str, message: str):
    with pytest.raises(ValueError, match="line") as caught:
        read_readings(HEAD + row, plant().contents.network)
    assert message in str(caught.value)


def test_a_reading_that_is_none_has_no_second_fault_for_its_error():
    with pytest.raises(ValueError, match="line 2") as caught:
        read_readings(HEAD + "still.top, , x, t/h, 2 %", plant().contents.network)
    assert "error" not in str(caught.value)


def test_shares_alone_tell_no_flow():
    text = HEAD + "drums, salt, 0.5, kg/kg, 0.01\nbrine, salt, 0.1, kg/kg, 0.01\n"
    with pytest.raises(ValueError, match=r"no rate is read, like 1.2 t/h; shares alone tell no"):
        read_readings(text, plant().contents.network)


def test_shares_of_one_place_that_exceed_the_whole_are_refused():
    """By more than three standard errors of their sum; less is noise."""
    rate, network = "brine, , 1.2, t/h, 1 %\n", plant().contents.network
    shares = "drums, salt, 0.9, kg/kg, 0.01\ndrums, water, {}, kg/kg, 0.01\n"
    read_readings(HEAD + rate + shares.format(0.12), network)
    with pytest.raises(ValueError, match=r"line 4: shares of drums add up to 1.4 kg/kg"):
        read_readings(HEAD + rate + shares.format(0.5), network)


def test_a_flow_that_comes_out_below_zero_is_told(tmp_path: Path):
    """More leaves than comes in: what is not metered would have to flow backwards."""
    files = dict(plant().files) | {
        "readings.csv": HEAD + "still.feed, , 1.0, t/h, 1 %\nair, , 2.0, t/h, 1 %\n"
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    found = ex.plant_reconcile(tmp_path)
    assert "no pipe flows backwards: still.bottom" in str(found)
    assert "by noise alone" not in str(found)


def test_an_overflow_that_is_read_is_no_leak():
    """1 t/h comes, 0.9 t/h is drawn, and the full tank spills the rest."""
    spilling = plant(
        changed('capacity = "20 t"\n', 'capacity = "20 t"\nspills_to = "sewer"\n').replace(
            "[sinks]\n", '[sinks]\nsewer = "wastewater"\n'
        )
    )
    network = spilling.contents.network
    met = HEAD + "brine, , 1.0, t/h, 1 %\nstill.feed, , 0.9, t/h, 1 %\n"
    read = met + "tank.overflow, , 0.1, t/h, 5 %\n"
    for text, missing in ((met, True), (read, False)):
        readings = read_readings(text, network)
        found = Balance.of(network, readings).adjusted(readings)
        assert bool(found.find()) == missing


def test_readings_may_be_in_any_unit_and_separated_as_spreadsheets_do():
    network = plant().contents.network
    text = (
        "at;component;reading;unit;error\nstill.top;;500;kg/h;2 %\n# aside\n"
        "drums;salt;0,2;kg/kg;0,01\n"
    )
    top, drums = read_readings(text, network)
    assert (top.value, top.error, top.unit) == (500.0, 10.0, "kg/h")
    assert (drums.value, drums.error, drums.unit) == (0.2, 0.01, "kg/kg")


def test_the_line_that_tells_a_spreadsheet_its_separator_is_no_row():
    text = "sep=;\nat;component;reading;unit;error\nstill.top;;500;kg/h;2 %\n"
    (top,) = read_readings(text, plant().contents.network)
    assert (top.line, top.value) == (3, 500.0)


def test_a_level_that_rises_is_part_of_the_balance(tmp_path: Path):
    """In 1.2 t/h, out of the tank 1.0 t/h, and it rises by 0.2 t/h: nothing is wrong."""
    place = tmp_path / "works"
    folder.write(plant(), place)
    (place / "readings.csv").write_text(
        HEAD + "brine, , 1.2, t/h, 1 %\nstill.feed, , 1.0, t/h, 1 %\ntank, , 0.2, t/h, 10 %\n"
    )
    found = ex.plant_reconcile(place)
    assert found.adjusted.freedom == 1
    assert found.found == ()
    assert found.adjusted.statistic == pytest.approx(0.0, abs=1e-9)


def test_reconciliation_says_what_is_metered_once_over_and_what_not_at_all():
    found = ex.plant_reconcile("brine")
    by_name = {r.name: checked for r, _, _, checked in found._metered()}
    assert not by_name["brine, gypsum"]
    assert by_name["customers"]
    assert np.isinf(found.flow("bleed.back", "gypsum")[1])
    assert found.found == ()
    assert "no gross error" in str(found)


def test_what_cannot_be_told_apart_is_told_together_with_what_to_meter_next(tmp_path: Path):
    """A weighbridge that reads too little is a leak of silo or loading, and nearly the dryer's."""
    files = dict(folder.load("brine").files)
    text = files["readings.csv"].replace("customers, , 1.081", "customers, , 1.000")
    for name, of in (files | {"readings.csv": text}).items():
        (tmp_path / name).write_text(of, encoding="utf-8")
    lines = str(ex.plant_reconcile(tmp_path)).splitlines()
    first = next(i for i, line in enumerate(lines) if line.startswith("more than noise"))
    assert lines[first + 1].startswith(
        "  the meter at customers reads 0.0693 +- 0.0162 t/h too little"
    )
    assert lines[first + 2] == "  or loading loses 69.30 +- 16.24 kg/h (leaves the same trace)"
    assert lines[first + 3] == "  or silo loses 69.30 +- 16.24 kg/h (leaves the same trace)"
    assert lines[first + 4].startswith("  or dryer loses 72.37 +- 17.26 kg/h (not ruled out: ")
    assert " ".join(map(str.strip, lines[first + 5 : first + 7])).startswith(
        "to tell these apart, meter loading.charge: 1,070 kg/h: meter customers, leak loading; "
        "1,000 kg/h: leak silo, leak dryer"
    )


def test_a_reading_in_a_wrong_unit_is_one_error_and_nothing_else(tmp_path: Path):
    """A thousandth, to 2 % of itself, leads all flows astray; without it they start afresh."""
    text = dict(folder.load("brine").files)["readings.csv"]
    wrong = "centrifuge.cake, , 1.134, kg/h"
    assert "centrifuge.cake, , 1.134, t/h" in text
    (tmp_path / "wrong.csv").write_text(text.replace("centrifuge.cake, , 1.134, t/h", wrong))
    found = ex.plant_reconcile("brine", readings_file=tmp_path / "wrong.csv").found
    assert [(error.kind, error.name, error.alike) for error in found] == [
        ("meter", "centrifuge.cake", ())
    ]
    assert found[0].size == pytest.approx(1.134 - 1134.0, rel=0.02)


def test_of_two_meters_at_one_place_the_one_that_is_off_is_left_out_alone(tmp_path: Path):
    """Both were called brine and left out, and what nothing told then was printed as a flow."""
    rows = "brine, , 4.933, t/h, 1 %\nbrine, , 49, t/h, 1 %\nevaporator.feed, , 6.1, t/h, 1 %\n"
    (tmp_path / "twice.csv").write_text(HEAD + rows, encoding="utf-8")
    told = ex.plant_reconcile("brine", readings_file=tmp_path / "twice.csv")
    (error,) = told.found
    assert {error.name, *(other.name for other in error.same)} == {
        "brine (line 2)",
        "brine (line 3)",
    }
    left = {"brine (line 2)": 49_000.0, "brine (line 3)": 4_933.0}[error.name]
    assert told.flow("brine")[0] == pytest.approx(left)
    assert [row["reconciled"] for row in told.tables()["meters"].records[:2]] == [
        pytest.approx(left / 1000.0)
    ] * 2


def test_each_reading_is_told_in_the_unit_of_its_meter(tmp_path: Path):
    """Of a bench's grams no kilograms are made; what all meters read in, streams are told in."""
    rows = "brine, , 4933, g/h, 1 %\nbrine, , 4.931, kg/h, 1 %\nbrine, salt, 240, mg/g, 1 %\n"
    (tmp_path / "bench.csv").write_text(HEAD + rows, encoding="utf-8")
    meters = ex.plant_reconcile("brine", readings_file=tmp_path / "bench.csv").tables()["meters"]
    told = [(row["unit"], row["reading"], row["error"]) for row in meters.records]
    assert told == [
        ("g/h", pytest.approx(4933.0), pytest.approx(49.33)),
        ("kg/h", pytest.approx(4.931), pytest.approx(0.04931)),
        ("mg/g", pytest.approx(240.0), pytest.approx(2.4)),
    ]
    (tmp_path / "bench.csv").write_text(HEAD + rows.splitlines()[0], encoding="utf-8")
    assert "stream, g/h" in str(ex.plant_reconcile("brine", readings_file=tmp_path / "bench.csv"))


def test_fitting_finds_the_parameters_that_made_the_readings(tmp_path: Path):
    """Readings without noise from another design: its recoveries come back."""
    of = folder.load("brine")
    other = set_values(of.baseline(), {"centrifuge.recovery.salt": 0.75, "bleed.share.purge": 0.25})
    made = FolderPlant(written(of, other))
    base = ex.plant_reconcile("brine")
    flows = made.steady_state().ledger
    at: dict[str, np.ndarray] = {}
    for entry, kg in flows.flows.items():
        at[entry.stream] = at.get(entry.stream, 0.0) + kg / flows.hours
    names = of.sheet.substances.names
    rows = []
    for reading in base.readings:
        kg = np.sum([at[stream] for stream in base.balance.streams.at(reading.at)], axis=0)
        value = kg.sum() if reading.component == "all" else kg[names.index(reading.component)]
        value = value / kg.sum() if reading.unit == "kg/kg" else 0.9 * value
        part = "" if reading.component == "all" else reading.component
        rows.append(f"{reading.at}, {part}, {value!r}, {reading.unit}, {reading.error}")
    text = HEAD + "\n".join(rows).replace("np.float64(", "").replace(")", "")
    files = dict(of.files) | {"readings.csv": text}
    fitted = _fit(files, tmp_path)
    values = {f.free.path: f.value for f in fitted.fit.fitted}
    assert fitted.fit.factor == pytest.approx(0.9, rel=1e-4)
    assert values["centrifuge.recovery.salt"] == pytest.approx(0.75, abs=1e-4)
    assert values["bleed.share.purge"] == pytest.approx(0.25, abs=1e-4)
    assert values["evaporator.recovery.water"] == pytest.approx(0.75, abs=1e-4)


CHILLED = """
pipes = ["fumes -> chiller", "chiller.gas -> air", "chiller.condensate -> decanter",
         "decanter.solvent -> drums", "decanter.water -> sewer"]
[plant]
name = "chiller"
[components.toluene]
formula = "C7H8"
heat_capacity = 1.7
antoine = { A = 6.95464, B = 1344.8, C = 219.482, pressure = "mmHg", temperature = "degC" }
[components.air]
formula = "N2"
heat_capacity = 1.0
vapour_pressure = "gas"
[supplies]
fumes = { toluene = 0.2, air = 0.8 }
[sinks]
drums = "product"
air = "emission gas"
sewer = "wastewater"
[units.chiller]
kind = "condenser"
inlet_temperature = "80 degC"
area = 30
coefficient = "150 W/m2/K"
water_ratio = 3
capacity = "5 t/h"
[units.decanter]
kind = "separator"
outlets = ["solvent", "water"]
recovery.toluene = 0.9
"""


def test_fitting_runs_at_the_rate_that_was_metered_what_does_otherwise_at_another(tmp_path: Path):
    """At 0.4 of its capacity a condenser lets less by: the decanter was said to lose that."""
    slow = CHILLED.replace('"5 t/h"', '"2 t/h"').replace("toluene = 0.9", "toluene = 0.8")
    of = plant(slow)
    kg = {sink: of.steady_state().indicators[f"{sink}_t"] / 8.76 for sink in of.sheet.sinks}
    rows = [f"{sink}, , {rate!r}, kg/h, 1 %" for sink, rate in {"fumes": 2000.0, **kg}.items()]
    files = {"plant.toml": CHILLED, "readings.csv": HEAD + "\n".join(rows)}
    fitted = _fit(files, tmp_path)
    assert fitted.fit.factor == pytest.approx(0.4, rel=1e-3)
    assert [f.value for f in fitted.fit.fitted] == [pytest.approx(0.8, abs=1e-3)]


def _fit(files: Mapping[str, str], place: Path) -> FittedPlant:
    for name, text in files.items():
        (place / name).write_text(text, encoding="utf-8")
    return ex.plant_fit(place)


def test_what_the_readings_do_not_tell_is_said_and_stays(tmp_path: Path):
    few = HEAD + "brine, , 4.96, t/h, 1 %\nevaporator.vapour, , 3.38, t/h, 1 %\n"
    fitted = _fit(dict(folder.load("brine").files) | {"readings.csv": few}, tmp_path)
    unknown = [f for f in fitted.fit.fitted if not f.identified]
    stays = {f.free.path for f in unknown if not f.moved}
    assert {"dryer.recovery.salt", "dryer.recovery.water"} <= stays
    assert "?: the readings say nothing of it" in str(fitted)


def test_what_the_readings_tell_together_moves_until_they_are_met(tmp_path: Path):
    """One reading of vapour, three parameters that it hangs on: none is told, the vapour is."""
    few = HEAD + "brine, , 4.96, t/h, 1 %\nevaporator.vapour, , 3.0, t/h, 1 %\n"
    fitted = _fit(dict(folder.load("brine").files) | {"readings.csv": few}, tmp_path)
    vapour = fitted.tables()["meters"].records[1]
    assert abs(vapour["fitted"] - vapour["reconciled"]) < 0.1 * vapour["error"]
    assert "? as error: told with others alone" in str(fitted)
    fact = fitted.fit.facts["evaporator.recovery.water"]
    assert (fact.low, fact.high) == (fact.value, 0.8)  # its own range, 0.7 to 0.8, widened
    assert float(fact.value) < 0.7


def test_a_trace_that_nobody_reads_hides_no_recovery_that_is_read(tmp_path: Path):
    """Overhead of 1 t/h with 1 % of salt: (694 - 0.1 * 10) / 990 of the water, whatever salt did.

    Were all the salt overhead, or none, it would be 0.691 or 0.701.
    """
    text = WORKS.replace("salt = 0.1\nwater = 0.9\n", "salt = 0.01\nwater = 0.99\n")
    text = text.replace("recovery.water", "recovery.salt = 0.1\nrecovery.water")
    read = HEAD + "brine, , 1000, kg/h, 0.1 %\nair, , 694, kg/h, 0.1 %\n"
    of = _fit({"plant.toml": text, "readings.csv": read}, tmp_path).fit
    told = {f.free.path: f for f in of.fitted}
    water, salt = told["still.recovery.water"], told["still.recovery.salt"]
    assert water.value == pytest.approx(0.7, abs=1e-3)
    assert 0.001 < water.standard_error < 0.005
    assert not salt.identified
    assert not salt.moved


def test_fitted_values_can_be_put_over_the_plant(tmp_path: Path):
    ex.plant_fit("brine").save(tmp_path / "fit")
    own = folder.load("brine").own_design(tmp_path / "fit" / "fitted.toml")
    assert own.tree.centrifuge.recovery.salt == pytest.approx(0.7219, abs=1e-3)
    assert own.facts["centrifuge.recovery.salt"].source == "calibrated"


# ---- history -----------------------------------------------------------------------------------


def test_the_interval_of_a_mean_time_is_that_of_poisson_counts():
    """2T / chi2(1 - a/2; 2n + 2) to 2T / chi2(a/2; 2n); without failure the lower end alone."""
    found = mean_between(4, 1000.0, 0.9)
    assert found.mean == 250.0
    assert found.low == pytest.approx(2000.0 / chi2.ppf(0.95, 10))
    assert found.high == pytest.approx(2000.0 / chi2.ppf(0.05, 8))
    none = mean_between(0, 1000.0, 0.9)
    assert (none.mean, none.high) == (math.inf, math.inf)
    assert none.low == pytest.approx(1000.0 / -math.log(0.1))


def test_it_holds_the_mean_in_at_least_as_many_records_as_it_says():
    rng = np.random.default_rng(5)
    counts = rng.poisson(1000.0 / 150.0, size=2000)
    known = {n: mean_between(int(n), 1000.0) for n in set(counts.tolist())}
    held = sum(known[n].low <= 150.0 <= known[n].high for n in counts.tolist())
    assert 0.95 <= held / 2000 <= 0.985


def test_a_repair_that_still_goes_on_counts_by_the_time_it_took_so_far():
    found = mean_of([4.0, 6.0], [5.0])
    assert (found.events, found.mean) == (2, 7.5)
    assert mean_of([], [5.0]).events == 0


def test_failures_that_come_thicker_show_as_a_trend():
    assert trend([70.0, 80.0, 90.0, 95.0, 99.0], 100.0) > 2.0
    assert trend([10.0, 50.0, 90.0], 100.0) == pytest.approx(0.0)


RECORD = """unit, from, until, what
all, 0, 1000, observed
still, 100, 110, failure
still, 990, , failure
pump, 500, 600, stop
"""


def test_a_unit_ages_while_its_train_runs():
    """The still is up 990 h but for 10 h; the stop of the pump is of another train."""
    network = plant().contents.network
    pump, still = lives(read_history(RECORD, network), network)
    assert (still.unit, still.between.events, still.between.watched) == ("still", 2, 980.0)
    assert (still.repair.events, still.repair.mean) == (1, 20.0)
    assert (pump.between.events, pump.between.watched) == (0, 900.0)
    assert still.facts["still.failure.mtbf"].value == 490.0


@pytest.mark.parametrize("zone", ["", "+05:30"])
def test_a_unit_ages_in_the_shifts_of_its_train_alone(zone: str, tmp_path):
    """Ten days of 22 to 6 h are 80 h; of 8 h down from 20 h on, 6 h are in the shift."""
    text = WORKS + '[operation.night]\nkind = "shift"\ntrain = "still"\nstart = 22\nhours = 8\n'
    folder.write(plant(text), tmp_path)
    rows = (
        "unit, from, until, what\n"
        f"all, 2026-01-01T00:00{zone}, 2026-01-11T00:00{zone}, observed\n"
        f"still, 2026-01-03T20:00{zone}, 2026-01-04T04:00{zone}, failure\n"
    )
    (tmp_path / "history.csv").write_text(rows)
    pump, still = ex.plant_history(tmp_path).lives
    assert (pump.between.watched, still.between.watched) == (240.0, 80.0 - 6.0)
    assert still.repair.mean == 8.0


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("stil, 1, 2, failure", "unit: no 'stil'; did you mean 'still'?"),
        ("still, 2, 1, failure", "until: 1 is not after 2"),
        ("still, 1, 2, failur", "what: no 'failur'; did you mean 'failure'?"),
        ("still, 2026-13-01, , failure", "from: expected a date like '2026-03-01 14:30', or hours"),
        ("still, 2026/2/30 8:00, , failure", "from: expected a date like '2026-03-01 14:30'"),
        ("still, 2000, 2001, failure", "line 6: begins outside what was observed"),
        ("still, 105, 120, failure", "line 6: still is down already, as line 3 says"),
        ("all, 1, 2, failure", "'failure' of a single one"),
    ],
)
def test_a_wrong_stop_is_told_with_its_line(row: str, message: str):
    with pytest.raises(ValueError, match="line") as caught:
        read_history(RECORD + row, plant().contents.network)
    assert message in str(caught.value)


SEEN = "unit, from, until, what\nall, 2026-01-01, 2026-07-01, observed\n"


@pytest.mark.parametrize(
    "row", ["still, 100, 110, failure", "still, 2026-02-01T10:00+08:00, , failure",
            "still, 2026-02-01 10:00, 2026-02-01T12:00Z, failure", "pump, 20260201, , failure"],
)  # fmt: skip
def test_a_record_that_tells_time_in_two_ways_is_refused(row: str):
    """It would be read as of other hours, 8 or half a million off."""
    with pytest.raises(ValueError, match=r"line 3: (from|until): .* in another way than line 2"):
        read_history(SEEN + row, plant().contents.network)


def test_dates_are_read_as_a_spreadsheet_leaves_them():
    """Saved where the year comes first, 2026-02-01 08:00 is 2026/2/1 8:00."""
    plain = SEEN + "still, 2026-02-01 08:00, 2026-02-03, failure\n"
    saved = plain.replace("-0", "/").replace(" 08", " 8")
    assert "2026/2/1 8:00, 2026/2/3," in saved
    stops = (read_history(text, plant().contents.network) for text in (plain, saved))
    assert next(stops) == next(stops)


def test_dates_with_points_begin_with_the_day_and_those_with_slashes_may_begin_with_either():
    network = plant().contents.network
    rows = "unit, from, until, what\nall, {}, {}, observed\nstill, {}, {}, failure\n"
    told = rows.format("1.3.2026", "30.06.2026", "2.3.2026 8:00", "02.03.2026 14:30:00")
    iso = rows.format("2026-03-01", "2026-06-30", "2026-03-02 08:00", "2026-03-02 14:30")
    assert read_history(told, network) == read_history(iso, network)
    with pytest.raises(ValueError, match="came '3/1/2026'; write the year first, for day and mon"):
        read_history(rows.format("3/1/2026", "2026-06-30", "2026-03-02", ""), network)


def test_dates_with_their_zone_are_apart_by_what_lay_between():
    """A plant that changes to summer time keeps an hour less in that night."""
    text = (
        "unit, from, until, what\nall, 2026-03-01T00:00+01:00, 2026-05-01T00:00+02:00, observed\n"
        "still, 2026-03-29T01:00+01:00, 2026-03-29T04:00+02:00, failure\n"
    )
    watched, stop = read_history(text, plant().contents.network)
    assert watched.end - watched.begin == 61 * 24 - 1
    assert stop.end - stop.begin == 2.0


def test_a_record_must_say_how_long_was_watched():
    with pytest.raises(ValueError, match="nothing says how long was watched"):
        read_history("unit, from, until, what\nstill, 1, 2, failure\n", plant().contents.network)


def test_a_unit_that_was_never_up_gets_no_mean_time_between_failures():
    """A mean of nothing would be a life that no plant takes."""
    network = plant().contents.network
    text = "unit,from,until,what\nall,0,100,observed\nstill,0,100,failure\n"
    still = lives(read_history(text, network), network)[1]
    assert still.between.watched == 0.0
    assert still.facts == {}


def test_dates_are_read_as_people_write_them():
    network = plant().contents.network
    text = (
        "unit,from,until,what\nall,2026-01-01,2026-01-11 00:00,observed\n"
        "still,2026-01-02T03:00,2026-01-02 06:30,failure\n"
    )
    still = lives(read_history(text, network), network)[1]
    assert still.repair.mean == 3.5
    assert still.between.watched == 240.0 - 3.5


def test_a_unit_that_is_called_recovery_does_not_move_as_one():
    """Its capacity and its power did, and a whole number of it was refused."""
    text = changed("[units.still]", "[units.recovery]").replace("still.", "recovery.")
    text = text.replace("tank -> still", "tank -> recovery").replace('"still"', '"recovery"')
    free = free_parameters(plant(text))
    assert [each.path for each in free] == ["recovery.recovery.water"]
