"""``calibrate`` with figures of one's own, and for several sizes of the source's plant."""

from pathlib import Path

import numpy as np
import pytest

from experiments.output.phrases import told
from experiments.studies.calibrate import Calibration, Fitted, Profile, calibrate
from plant_models import flowshop as fs
from plant_models.chlorobenzene import own_design
from plant_models.chlorobenzene.model import PLANT, steady_state
from plant_models.chlorobenzene.ranges.calibration import share, targets
from plant_models.methods.calibration import Calibratable
from plant_models.methods.own_fit import own_fit, read_targets
from sim.statistics.fitting import Fit

TRUE = {"absorber.approach": 20.0, "crude_column.heat_loss": 0.3}
"""A plant that differs from the baseline in two numbers."""

FREE = tuple(TRUE)


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file of four figures of that plant, one of them a saving."""
    known = own_design(None, TRUE)
    none, done = (steady_state(s, design=known).indicators for s in ("none", "F10"))
    saved = none["air.benzene_t"] - done["air.benzene_t"]
    file = tmp_path_factory.mktemp("own") / "targets.toml"
    text = [
        f'[{name}]\nindicator = "{indicator}"\nvalue = {value!r}\n'
        f"tolerance = {abs(value) / 1e4!r}\n"
        for name, indicator, value in (
            ("gas", "air.benzene_t", none["air.benzene_t"]),
            ("steam", "steam_t", none["steam_t"]),
            ('"made with F10"', "chlorobenzene_t", done["chlorobenzene_t"]),
            ("saved", "air.benzene_t", saved),
        )
    ]
    text[2] += 'schemes = "F10"\n'
    text[3] += 'schemes = "F10"\nbefore = "none"\n'
    file.write_text("\n".join(text), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def fitted(figures) -> Calibration:
    found = calibrate(targets=figures, fit=FREE, workers=1)
    assert isinstance(found, Calibration)
    return found


def test_a_fit_to_a_known_plant_finds_its_numbers(fitted):
    """Figures good to 1e-4 and ranges of tens of per cent: the numbers come back to 1 %."""
    found = dict(zip(FREE, fitted.found.fit.point, strict=True))
    assert found == pytest.approx(TRUE, rel=0.01)


def test_it_reports_each_figure_by_its_name(fitted):
    text = str(fitted)
    assert all(name in text for name in ("gas", "steam", "made with F10", "saved", *FREE))
    assert "source" not in text, "figures of one's own are of no source"
    rows = [line.split()[0] for line in told(fitted.report, "zh").splitlines() if line]
    assert {"gas", "steam"} <= set(rows), "their names are whose they are"


def test_what_it_writes_is_a_design_to_go_on_with(fitted, tmp_path):
    (name, text), *_ = fitted.documents().items()
    assert name == "design.toml"
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    own = own_design(file)
    for path, value in zip(FREE, fitted.found.fit.point, strict=True):
        assert own.facts[path].value == value
        assert own.facts[path].source == "calibrated"


def test_the_command_is_the_function_and_leaves_the_plant_alone(call, figures, fitted):
    before = PLANT.calibration.file.read_bytes()
    told = call("calibrate", "--targets", str(figures), "--fit", ",".join(FREE), "--workers", "1")
    assert told.exit_code == 0, told.output
    assert told.stdout == f"{fitted}\n"
    assert "step 1: sum of squares" in told.stderr  # where that is no terminal, too
    assert PLANT.calibration.file.read_bytes() == before


def test_any_plant_can_be_fitted(tmp_path):
    plant = fs.PLANT
    units = next(iter(plant.units))
    file = tmp_path / "targets.toml"
    value = plant.steady_state("none").indicators[units]
    file.write_text(
        f'[made]\nindicator = "{units}"\nvalue = {value!r}\ntolerance = {max(abs(value), 1.0)!r}\n',
        encoding="utf-8",
    )
    assert read_targets(file, plant)[0].indicator == units


BAD = {
    "no target": ("", "expected a table for each target"),
    "no TOML": ("[a", "targets.toml, line 1: no valid TOML"),
    "deep": (f"a = {'[' * 3000}{']' * 3000}", "nested too deep"),
    "long": (f"a = {'9' * 6000}", "a whole number of 6,000 digits"),
    "lacks": ('[a]\nindicator = "steam_t"', "a: lacks value, tolerance"),
    "indicator": (
        '[a]\nindicator = "steam"\nvalue = 1\ntolerance = 1',
        "no indicator 'steam'; did you mean",
    ),
    "scheme": (
        '[a]\nindicator = "steam_t"\nvalue = 1\ntolerance = 1\nschemes = "F99"',
        "no scheme 'F99'",
    ),
    "tolerance": (
        '[a]\nindicator = "steam_t"\nvalue = 1\ntolerance = 0',
        "expected 1e-09 or more, came 0",
    ),
    "fine": ('[a]\nindicator = "steam_t"\nvalue = 0\ntolerance = 1e-300', "expected 1e-09 or more"),
    "finer": ('[a]\nindicator = "steam_t"\nvalue = 1e6\ntolerance = 1e-5', "expected 0.001 or"),
    "huge": ('[a]\nindicator = "steam_t"\nvalue = 1e300\ntolerance = 1', "a number to 1e+15"),
    "none": ('[a]\nindicator = "steam_t"\nvalue = nan\ntolerance = 1', "a number to 1e+15"),
    "endless": ('[a]\nindicator = "steam_t"\nvalue = 1\ntolerance = inf', "a number to 1e+15"),
    "number": (
        '[a]\nindicator = "steam_t"\nvalue = "x"\ntolerance = 1',
        "value: expected a number",
    ),
    "key": ('[a]\nindicator = "steam_t"\nvalue = 1\ntolerance = 1\nunit = "t"', "no key 'unit'"),
    "two": ('[a]\nindicator = "steam_t"\n[b]\nvalue = 1', "2 faults in the targets"),
}


@pytest.mark.parametrize(("text", "words"), BAD.values(), ids=BAD)
def test_a_file_that_is_none_is_told_with_its_fault(text, words, tmp_path):
    file = tmp_path / "targets.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises((LookupError, ValueError)) as told:
        read_targets(file, PLANT)
    assert words in str(told.value)


def test_a_file_from_windows_begins_with_a_mark_that_says_nothing(tmp_path):
    file = tmp_path / "targets.toml"
    file.write_text(
        '[a]\r\nindicator = "steam_t"\r\nvalue = 4e4\r\ntolerance = 1e3\r\n', encoding="utf-8-sig"
    )
    assert [target.name for target in read_targets(file, PLANT)] == ["a"]


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (("absorber.aproach",), "no parameter 'absorber.aproach'; did you mean"),
        (("off_gas_cooler.arrangement",), "carries no range of real numbers"),
        (("crude_column.trays",), "carries no range of real numbers"),
        (("cooling_water.tower_capacity",), "carries no range to move it in; give it low and high"),
        (("absorber.approach",) * 2, "absorber.approach is given twice"),
        (("chlorination.trip_hours",), "chlorination.trip_hours has no part in constant condit"),
        (("carbon_bed.capture",), "carbon_bed.capture has no part in constant conditions"),
        ((), "one parameter or more"),
    ],
)
def test_what_cannot_be_free_is_named(names, words, figures):
    with pytest.raises((LookupError, ValueError), match=words):
        own_fit(PLANT, PLANT.baseline(), read_targets(figures, PLANT), names)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--fit", "absorber.approach"), "go with --targets"),
        (("--set", "absorber.approach=20"), "go with --targets"),
        (("--targets", "FILE"), "need --fit"),
        (("--targets", "FILE", "--fit", "absorber.approach", "--structure", "fog"), "go without"),
        (("--capacity", "many"), "expected numbers, like 15,20,25"),
        (("--capacity", "0"), "expected 1 to 1000 kt/yr, came 0"),
    ],
)
def test_options_that_do_not_fit_each_other_end_in_one_message(refused, options, words, figures):
    asked = (str(figures) if word == "FILE" else word for word in options)
    refused("calibrate", *asked, words=[words])


# ---- capacity ------------------------------------------------------------------------------------


def test_the_tables_of_a_smaller_plant_stand_for_more_per_tonne():
    """15 kt/yr: each printed tonne is 4/3 of one in a line of 20; targets per tonne stay."""
    base, small = ({t.name: t for t in targets(share(size))} for size in (0.0, 15.0))
    for name, target in base.items():
        per_tonne = name in ("product", "fresh_benzene", "acid", "steam")
        factor = 1.0 if per_tonne else 20 / 15
        assert small[name].value == pytest.approx(factor * target.value)
        assert small[name].sigma == pytest.approx(factor * target.sigma)
    assert share(20.0) == share(0.0) == 1.0


def test_a_profile_tells_a_row_a_capacity_and_what_stands_at_an_end():
    """From fits that have been made, for one takes minutes."""
    of: Calibratable = PLANT.calibration
    priors = tuple(p.prior for p in of.parameters)
    outcome = tuple(t.value for t in of.targets)
    slopes = np.zeros((len(outcome), len(priors)))
    point = tuple(p.low if i == 0 else p.value for i, p in enumerate(priors))
    found = Fit(priors, of.targets, point, outcome, slopes, 1, 1, True)
    profile = Profile(PLANT, ((15.0, Calibration(of, Fitted(of.parameters, found))),))
    text = str(profile)
    assert "15" in text
    assert f"15: {priors[0].name} at the low end of its range" in text
    assert profile.tables()["capacities"].records[0]["capacity"] == 15.0
    told = {row["what"]: row["value"] for row in profile.tables()["per_tonne"].records}
    assert told["air.benzene, kg"] == pytest.approx(347.76 / 20)
    assert text.index("per t of product") < text.index("squared misses")
