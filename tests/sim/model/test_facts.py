"""Facts from TOML into the tree: what is taken, and what is told of what is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.model.explain import card
from sim.model.facts import (
    Design,
    Fact,
    Touched,
    load,
    read_documents,
    scale_values,
    set_values,
    touched,
)
from sim.model.parameters import quantity
from sim.model.ranges import quantile, sample_at, sampled_paths
from sim.model.schemes import load_schemes
from sim.model.tree import get
from tests.trees import sample


@dataclass(frozen=True, kw_only=True)
class Failure:
    mtbf: float = quantity("h", "mean time between failures", minimum=0.0)
    mttr: float = quantity("h", "mean time to repair", minimum=0.0)
    law: str = quantity(
        "", "of the time to failure", choices=("exponential", "weibull"), default="weibull"
    )


@dataclass(frozen=True, kw_only=True)
class Wash:
    """A water wash.

    More of it.
    """

    water_ratio: float = quantity("kg/kg", "wash water per liquor", 0.0, 1.0)
    temperature: float = quantity("K", "water temperature", 250.0, 400.0)
    stages: int = quantity("1", "stages in series", 1, 5)
    reused: bool = quantity("", "whether the effluent is kept")
    failure: Failure | None = None


@dataclass(frozen=True, kw_only=True)
class Plant:
    water_wash: Wash
    hours: float = quantity("h", "operating hours a year", 0.0, 8784.0, default=8136.0)


SOURCES = '[handbook]\ntitle = "A handbook"\n'
RATIO = """
[water_wash.water_ratio]
value = 0.2
unit = "kg/kg"
source = "assumed"
low = 0.1
high = 0.4
note = "old practice"
"""
OTHERS = """
[water_wash.temperature]
value = 15.0
unit = "degC"
source = "handbook"
low = 5
high = 25
[water_wash.stages]
value = 2
unit = "1"
source = "derived"
note = "by count"
[water_wash.reused]
value = false
source = "handbook"
"""
FAILURE = """
[water_wash.failure.mtbf]
value = 10
unit = "d"
source = "handbook"
[water_wash.failure.mttr]
value = 90
unit = "min"
source = "handbook"
"""


def design(*more: str, overrides: tuple[str, ...] = ()) -> Design[Plant]:
    return load(Plant, RATIO, OTHERS, *more, sources=[SOURCES], overrides=overrides)


def faults_of(*texts: str, **options: Any) -> str:
    with pytest.raises(ValueError, match=r"(?s).") as caught:
        load(Plant, *texts, **{"sources": [SOURCES], **options})
    return str(caught.value)


def test_facts_become_a_tree_in_declared_units() -> None:
    wash = Wash(water_ratio=0.2, temperature=288.15, stages=2, reused=False)
    assert design().tree == Plant(water_wash=wash)


def test_a_fact_keeps_source_and_range_in_the_declared_unit() -> None:
    assert design().facts["water_wash.temperature"] == Fact(288.15, "K", "handbook", 278.15, 298.15)


def test_an_optional_part_is_there_when_the_files_name_it() -> None:
    assert design().tree.water_wash.failure is None
    assert design(FAILURE).tree.water_wash.failure == Failure(mtbf=240.0, mttr=1.5)


def test_an_override_replaces_facts_and_leaves_the_others() -> None:
    mine = '[water_wash.water_ratio]\nvalue = 300\nunit = "g/kg"\nsource = "handbook"\n'
    overridden = design(overrides=(mine,))
    assert overridden.tree.water_wash.water_ratio == 0.3
    assert overridden.facts["water_wash.water_ratio"].source == "handbook"
    assert overridden.tree.water_wash.temperature == 288.15


def test_the_later_of_two_overrides_holds() -> None:
    mine = '[water_wash.reused]\nvalue = true\nsource = "handbook"\n'
    assert design(overrides=(mine, mine.replace("true", "false"))).tree.water_wash.reused is False


def test_a_file_may_bring_its_own_sources() -> None:
    mine = '[sources.visit]\ntitle = "Seen"\n[hours]\nvalue = 330\nunit = "d"\nsource = "visit"\n'
    assert design(overrides=(mine,)).tree.hours == 7920.0


def test_files_are_read_as_texts_are(tmp_path: Path) -> None:
    file = tmp_path / "baseline.toml"
    file.write_text(RATIO + OTHERS, encoding="utf-8")
    assert load(Plant, file, sources=[SOURCES]).tree == design().tree
    assert load(Plant, str(file), sources=[SOURCES]).tree == design().tree


FAULTY: Mapping[str, tuple[str, str]] = {
    "unknown parameter": (
        RATIO.replace("water_ratio", "water_ration"),
        "no parameter 'water_wash.water_ration': water_wash has no 'water_ration'; "
        "did you mean 'water_ratio'?",
    ),
    "unknown unit of the plant": (
        RATIO.replace("water_wash", "washer"),
        "no parameter 'washer.water_ratio': Plant has no 'washer'",
    ),
    "misspelt key": (
        RATIO.replace("value", "vale"),
        "no key 'vale' in a fact; did you mean 'value'?",
    ),
    "missing value": (RATIO.replace("value = 0.2", ""), "no value; expected a number in kg/kg"),
    "word for a number": (
        RATIO.replace("0.2", '"0.2 kg/kg"'),
        "came '0.2 kg/kg'; write the number without quotes",
    ),
    "bool for a number": (RATIO.replace("0.2", "true"), "expected a number in kg/kg, came true"),
    "number for a bool": (OTHERS.replace("false", "0"), "value: expected true or false, came 0"),
    "fraction for a count": (
        OTHERS.replace("value = 2", "value = 2.5"),
        "value: expected a whole number, came 2.5",
    ),
    "not a number": (RATIO.replace("0.2", "nan"), "value: expected a finite number, came nan"),
    "infinite": (RATIO.replace("0.4", "inf"), "high: expected a finite number, came inf"),
    "outside the domain": (
        RATIO.replace("0.2", "1.5").replace("0.4", "2.0"),
        "value: 1.5 kg/kg is outside the domain, 0 to 1 kg/kg",
    ),
    "outside after conversion": (
        OTHERS.replace("15.0", "300.0"),
        "value: 300 degC: 573.15 K is outside the domain, 250 to 400 K",
    ),
    "wrong unit": (OTHERS.replace("degC", "kg"), "unit 'kg': expected 'K' (or degC)"),
    "percentage": (RATIO.replace("kg/kg", "%"), "write kg/kg"),
    "missing unit": (
        RATIO.replace('unit = "kg/kg"', ""),
        "no unit of measure; expected unit = 'kg/kg'",
    ),
    "missing source": (RATIO.replace('source = "assumed"', ""), "no source; name a key"),
    "unknown source": (
        OTHERS.replace("handbook", "handbok"),
        "source 'handbok' is not among the sources; did you mean 'handbook'?",
    ),
    "source that is nowhere described": (
        OTHERS.replace("handbook", "hearsay"),
        "source 'hearsay' is not among the sources; describe it where the plant's sources are, "
        "or write 'assumed' with range and note",
    ),
    "assumed without range": (
        RATIO.replace("low = 0.1\nhigh = 0.4", ""),
        "no low and no high: what is assumed needs a range",
    ),
    "inferred without range": (
        RATIO.replace("high = 0.4", "").replace("assumed", "inferred_from_table_9_9"),
        "no high: what is inferred_from_table_9_9 needs a range",
    ),
    "half a range": (OTHERS.replace("low = 5", ""), "a range needs both low and high"),
    "low above high": (RATIO.replace("low = 0.1", "low = 0.5"), "low 0.5 exceeds high 0.4"),
    "value outside its range": (
        RATIO.replace("0.2", "0.05"),
        "value 0.05 is not within low 0.1 to high 0.4",
    ),
    "assumed without note": (
        RATIO.replace('note = "old practice"', ""),
        "no note: what is assumed needs its reason",
    ),
    "bare value": (
        "[water_wash]\nwater_ratio = 0.2\n",
        "expected a table [water_wash.water_ratio] with value, unit and source, came 0.2",
    ),
    "empty table": ("[water_wash.water_ratio]\n", "no value; expected a number in kg/kg"),
    "value for a part": ("water_wash = 3\n", "water_wash is no parameter, it has its own"),
    "range of a switch": (OTHERS + "low = 0\nhigh = 1\n", "low: only a number has a range"),
    "unit of a switch": (OTHERS + 'unit = "kg"\n', "unit 'kg': true or false has none"),
}


@pytest.mark.parametrize(("text", "message"), FAULTY.values(), ids=FAULTY.keys())
def test_a_fault_is_told_with_its_line(text: str, message: str) -> None:
    told = faults_of(text)
    assert message in told
    assert "TOML text" in told


def test_what_is_missing_is_named() -> None:
    assert "no fact for 'water_wash.water_ratio': wash water per liquor, in kg/kg" in faults_of(
        OTHERS
    )
    assert "no facts for 'water_wash': it needs water_ratio, temperature, stages" in faults_of("")


def test_half_an_optional_part_is_a_fault() -> None:
    half = FAILURE[: FAILURE.index("[water_wash.failure.mttr]")]
    assert faults_of(RATIO, OTHERS, half) == (
        "no fact for 'water_wash.failure.mttr': mean time to repair, in h"
    )


def test_the_same_fact_in_two_files_is_a_fault() -> None:
    assert "water_wash.water_ratio: has a fact already, in TOML text, line 2" in faults_of(
        RATIO, OTHERS, RATIO
    )


def test_a_fault_tells_file_and_line(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(RATIO.replace("0.2", "7.0") + OTHERS, encoding="utf-8")
    assert faults_of(*[str(file)]).startswith(f"{file}, line 2: water_wash.water_ratio: value: 7")


def test_a_syntax_error_is_told_with_its_line_and_hides_no_other_fault(tmp_path: Path) -> None:
    file = tmp_path / "broken.toml"
    file.write_text("[water_wash.stages]\nvalue = = 3\n", encoding="utf-8")
    told = faults_of(RATIO.replace("0.2", "7.0"), str(file))
    assert f"{file}, line 2: no valid TOML" in told
    assert "water_wash.water_ratio: value: 7 kg/kg is outside" in told
    assert "no fact for" not in told  # it may stand in the broken file


def test_a_file_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    assert "none.toml: cannot be read: No such file" in faults_of(str(tmp_path / "none.toml"))


def test_all_faults_of_all_files_are_told_at_once() -> None:
    told = faults_of(
        RATIO.replace("0.2", "7.0").replace("assumed", "hearsay"),
        OTHERS.replace("degC", "bar").replace("value = 2\n", "vale = 2\n"),
        overrides=["[water_wash.failure.mtbf]\nvalue = -1\n"],
    )
    assert told.startswith("9 faults in the facts:\n")
    for part in (
        "7 kg/kg",
        "hearsay",
        "'bar'",
        "'vale'",
        "no value",
        "no unit",
        "no source",
        "-1 h",
    ):
        assert part in told
    assert "no fact for 'water_wash.failure.mttr'" in told


def test_a_source_is_described_once_and_has_no_reserved_name() -> None:
    assert "source 'handbook' is described twice" in faults_of(sources=[SOURCES, SOURCES])
    assert "this word is reserved" in faults_of(sources=['[assumed]\ntitle = "x"\n'])


def test_values_are_set_by_path_with_units() -> None:
    changed = set_values(design(), ["water_wash.temperature = 30 degC", "water_wash.reused=yes"])
    assert changed.tree.water_wash.temperature == 303.15
    assert changed.tree.water_wash.reused is True
    assert changed.facts == design().facts
    assert set_values(design(), "hours=100").tree.hours == 100.0


def test_a_misspelt_path_to_set_is_told() -> None:
    with pytest.raises(LookupError) as caught:  # noqa: PT011
        set_values(design(), ["water_wash.water_ration=0.3"])
    assert str(caught.value) == (
        "no parameter 'water_wash.water_ration': water_wash has no 'water_ration'; "
        "did you mean 'water_ratio'?"
    )


def test_all_wrong_assignments_are_told_at_once() -> None:
    wrong = ["hours", "hours=9000", "hours=1 t", "hours=1", "hours=2", "nothing=1"]
    with pytest.raises(ValueError, match="5 faults in what is set") as caught:
        set_values(design(), wrong)
    assert "expected PATH=VALUE, came 'hours'" in str(caught.value)
    assert "hours: 9000 h is outside the domain, 0 to 8784 h" in str(caught.value)
    assert "hours: set twice, to 1 and to 2" in str(caught.value)


def test_a_card_tells_value_source_range_and_note() -> None:
    text = str(card(design().tree, design().facts, "water_wash"))
    assert text.splitlines()[:2] == ["water_wash", "    A water wash."]
    row = next(line for line in text.splitlines() if line.startswith("water_wash.water_ratio"))
    assert " ".join(row.split()[1:]) == "0.2 kg/kg assumed 0 to 1 kg/kg 0.1 to 0.4"
    assert "wash water per liquor" in text
    assert "old practice" in text


def test_a_card_tells_what_has_been_changed_since() -> None:
    changed = set_values(design(), ["water_wash.water_ratio=0.3"])
    assert "changed from 0.2 (assumed)" in str(card(changed.tree, changed.facts, "water_wash"))


def test_a_card_of_everything_shows_defaults_as_such() -> None:
    rows = {row.path: row.source for row in card(design().tree, design().facts).rows}
    assert rows["hours"] == "default"
    assert len(rows) == 5


def test_a_card_in_a_notebook_escapes_what_it_shows() -> None:
    shady = Design(design().tree, {"hours": Fact(8136.0, "h", "assumed", note="<script>")})
    assert "&lt;script&gt;" in card(shady.tree, shady.facts, "hours")._repr_html_()


def test_a_card_of_an_unknown_unit_helps() -> None:
    with pytest.raises(LookupError, match="no unit 'water_wahs'; did you mean 'water_wash'"):
        card(design().tree, {}, "water_wahs")


def test_samples_lie_in_their_ranges_and_leave_the_rest() -> None:
    base = design()
    rng = np.random.default_rng(1)
    trees = [sample(base, rng) for _ in range(400)]
    ratios = [tree.water_wash.water_ratio for tree in trees]
    assert 0.1 <= min(ratios) < 0.11
    assert 0.39 < max(ratios) <= 0.4
    assert np.mean(ratios) == pytest.approx(0.25, abs=0.015)
    assert {tree.water_wash.stages for tree in trees} == {2}


def test_a_draw_belongs_to_its_path_alone() -> None:
    ranged = '[hours]\nvalue = 8000\nunit = "h"\nsource = "handbook"\nlow = 7800\nhigh = 8200\n'
    one = sample(design(), np.random.default_rng(7))
    other = sample(design(ranged), np.random.default_rng(7))
    assert one.water_wash == other.water_wash
    assert other.hours != 8000.0


def test_what_was_set_by_hand_is_not_sampled() -> None:
    changed = set_values(design(), ["water_wash.water_ratio=0.9"])
    assert sampled_paths(changed) == ("water_wash.temperature",)
    assert sample(changed, np.random.default_rng(0)).water_wash.water_ratio == 0.9


def test_a_wide_range_is_drawn_by_order_of_magnitude() -> None:
    assert quantile(1e-4, 1e-2, 0.5) == pytest.approx(1e-3)
    assert quantile(1.0, 20.0, 0.5) == 10.5


def test_whole_numbers_are_equally_likely() -> None:
    drawn = [quantile(1, 4, (k + 0.5) / 400, whole=True) for k in range(400)]
    assert [drawn.count(n) for n in (1, 2, 3, 4)] == [100] * 4
    assert quantile(1, 4, 1.0, whole=True) == 4


NO_DESIGNS: dict[str, tuple[Any, str]] = {
    "no tree": ((None, {}), "expected tree as a frozen dataclass, came None"),
    "a class for a tree": ((dict, {}), "expected tree as a frozen dataclass, came "),
    "no facts": ((design().tree, None), "expected facts as a Fact by path, or {}, came None"),
    "facts in a list": (
        (design().tree, ["hours"]),
        "expected facts as a Fact by path, or {}, came ['",
    ),
    "a value for a fact": (
        (design().tree, {"hours": 1.0}),
        "facts: hours: expected a Fact, came 1.0",
    ),
    "no sources": (
        (design().tree, {}, None),
        "expected sources as a table by key, or {}, came None",
    ),
}


@pytest.mark.parametrize("what", NO_DESIGNS)
def test_a_design_is_a_tree_with_facts_and_sources(what: str) -> None:
    """It was taken, and ended in an AttributeError where it was explained."""
    given, message = NO_DESIGNS[what]
    with pytest.raises(TypeError, match=f"^design: {re.escape(message)}"):
        Design(*given)


def test_shares_of_the_ranges_give_a_design() -> None:
    tree = sample_at(design(), {"water_wash.temperature": 1.0})
    assert get(tree, "water_wash.temperature") == 298.15
    with pytest.raises(LookupError, match="hours carries no range"):
        sample_at(design(), {"hours": 0.5})


def failing() -> Design[Plant]:
    return load(Plant, RATIO, OTHERS, FAILURE, sources=[SOURCES])


def test_a_pattern_sets_every_parameter_that_it_matches() -> None:
    changed = set_values(failing(), "*.failure.mt*=8 h")
    assert changed.tree.water_wash.failure == Failure(mtbf=8.0, mttr=8.0)
    assert [each.path for each in touched(failing(), changed)] == [
        "water_wash.failure.mtbf",
        "water_wash.failure.mttr",
    ]


def test_a_pattern_matches_no_part_that_is_absent() -> None:
    with pytest.raises(LookupError, match=r"no parameter matches '\*.failure.mttr'"):
        set_values(design(), "*.failure.mttr=8")


def test_a_pattern_that_matches_nothing_names_what_comes_near() -> None:
    with pytest.raises(LookupError) as caught:  # noqa: PT011
        scale_values(failing(), "*.failure.mtbff=0.5")
    assert str(caught.value) == (
        "no parameter matches '*.failure.mtbff'; did you mean '*.failure.mtbf'?"
    )


def test_a_value_that_does_not_suit_all_that_a_pattern_matches_is_told() -> None:
    with pytest.raises(ValueError, match=r"water_wash.failure.law: expected 'exponential'"):
        set_values(failing(), "*.failure.*=8")


def test_a_pattern_and_a_path_that_disagree_are_told() -> None:
    with pytest.raises(ValueError, match=r"water_wash.failure.mttr: set twice, to 8 and to 9"):
        set_values(failing(), ["*.failure.mttr=8", "water_wash.failure.mttr=9"])


def test_a_factor_multiplies_all_numbers_that_a_pattern_matches() -> None:
    before = failing()
    changed = scale_values(before, "*.failure.*=0.5")
    assert touched(before, changed) == (
        Touched("water_wash.failure.mtbf", 240.0, 120.0, "h"),
        Touched("water_wash.failure.mttr", 1.5, 0.75, "h"),
    )
    assert changed.facts == before.facts


def test_a_pattern_scales_no_temperature_but_a_difference_of_temperatures() -> None:
    """1.1 times 25 degC is 27.5 degC or, in kelvins, 54.8 degC: nobody means the latter."""

    @dataclass(frozen=True, kw_only=True)
    class Cooler:
        outlet: float = quantity("K", "product as it leaves")
        loop: float = quantity("degC", "set point of the loop", -20.0, 50.0)
        approach: float = quantity("K", "product above the water", 0.5, 60.0)
        area: float = quantity("m2", "surface")

    before = Design(Cooler(outlet=298.15, loop=5.0, approach=6.0, area=10.0), {}, {})
    assert scale_values(before, "*=2").tree == replace(before.tree, approach=12.0, area=20.0)


def test_factors_of_one_parameter_multiply_whatever_their_order() -> None:
    factors = ["water_wash.failure.mtbf=0.5", "*.mtbf=0.25"]
    for each in (factors, factors[::-1], {"*.mtbf": 0.125}):
        assert scale_values(failing(), each).tree.water_wash.failure == Failure(mtbf=30.0, mttr=1.5)


@pytest.mark.parametrize(
    ("factor", "message"),
    [
        ("water_wash.failure.law=0.5", "water_wash.failure.law: only a number is scaled"),
        ("water_wash.failure.l*=0.5", "'water_wash.failure.l*' matches no number"),
        ("water_wash.temperature=1.1", "water_wash.temperature: a temperature is not scaled, for "),
        ("*temperature=1.1", "'*temperature' matches no number"),
        ("water_wash.stages=0.75", "water_wash.stages: expected a whole number, came 1.5"),
        ("water_wash.water_ratio=10", "water_wash.water_ratio: 2 kg/kg is outside the domain"),
        ("hours=50 %", "hours: expected a factor, like 0.5, came '50 %'"),
        ("hours=nan", "hours: expected a factor, like 0.5, came 'nan'"),
        ("hours=1e999", "hours: expected a factor, like 0.5, came '1e999'"),
        ("hours", "expected PATH=FACTOR, came 'hours'"),
    ],
)
def test_what_cannot_be_scaled_is_told(factor: str, message: str) -> None:
    with pytest.raises(ValueError, match=r"scaled|matches|expected|outside") as caught:
        scale_values(failing(), factor)
    assert message in str(caught.value)


@pytest.mark.parametrize("wrong", [3.0, [1], None], ids=repr)
def test_what_is_no_assignment_is_told(wrong: Any) -> None:
    for change in (set_values, scale_values):
        with pytest.raises(
            TypeError, match=r"expected assignments like 'water_wash.water_ratio=0.2'"
        ):
            change(design(), wrong)


def test_a_bare_number_outside_the_domain_is_told_with_the_unit_that_fits() -> None:
    with pytest.raises(ValueError, match="outside") as caught:
        set_values(design(), "water_wash.temperature=22")
    assert str(caught.value) == (
        "water_wash.temperature: 22 K is outside the domain, 250 to 400 K; "
        "22 degC is 295.15 K; write 22 degC"
    )


DIGITS = "9" * 400
DEEP = "[" * 900 + "]" * 900
DEEP_KEYS = ".a" * 900


@pytest.mark.parametrize(
    ("text", "line", "fault"),
    [
        (RATIO.replace("0.2", DIGITS), 3, "400 digits"),
        (RATIO.replace("0.4", "-" + DIGITS), 7, "400 digits"),
        (RATIO.replace("0.2", "9" * 5000), 3, "5,000 digits"),
        (RATIO.replace("0.2", "0x" + "f" * 5000), 3, "too many digits"),
        (RATIO.replace("0.2", DEEP), 3, "nested too deep"),
        (RATIO.replace("0.2", "[" * 100 + "]" * 100), 3, "nested too deep"),
        (RATIO.replace("0.2", "{a=" * 900 + "1" + "}" * 900), 3, "nested too deep"),
        (RATIO.replace("value", "value" + DEEP_KEYS), 3, "nested too deep"),
    ],
    ids=["value", "high", "beyond the parser", "hexadecimal", "arrays", "100 arrays", "tables",
         "keys"],
)  # fmt: skip
def test_toml_that_no_design_needs_is_told_with_file_and_line(
    tmp_path: Path, text: str, line: int, fault: str
) -> None:
    file = tmp_path / "own.toml"
    file.write_text(text, encoding="utf-8")
    for read in (lambda: load(Plant, file, OTHERS, sources=[SOURCES]), lambda: load_schemes(file)):
        with pytest.raises(ValueError, match=fault) as caught:
            read()
        (told,) = [each for each in str(caught.value).splitlines() if fault in each]
        assert f"own.toml, line {line}: " in told
        assert len(told) < 300 + len(str(tmp_path))


@pytest.mark.parametrize("given", [None, 3, ["plant.toml"], b"x = 1", Path])
def test_facts_that_are_neither_file_nor_text_are_told(given: Any):
    for call in (lambda: load(Wash, given), lambda: load_schemes(given)):
        with pytest.raises(TypeError, match=r"^expected a TOML file, as Path or by name"):
            call()
    if given is not Path:
        with pytest.raises(TypeError, match=r"^load: expected a frozen dataclass first, came "):
            load(given, "water_ratio = 1")


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("[cooler.area]\nvalue = “5 m2”\n", "'“' may stand in quotes (\" or ') alone"),
        ("[cooler.area]\nvalue ＝ 5\n", "'＝' may stand in quotes (\" or ') alone"),
        ("pipes = ['过滤机'，'b']  # 先后\n", "'，' may stand in quotes (\" or ') alone"),
        ("title = 过滤机\n", "'过' may stand in quotes (\" or ') alone"),
        ("[units.过滤机]\n", "names are of letters a to z, digits and _, without '过'"),
        ("größe = 5\n", "names are of letters a to z, digits and _, without 'ö'"),
        ("[cooler.area]\nvalue = 1,2\n", "write a decimal point, like 1.2"),
        ("water = 0.9\nsalt = -0,1  # of it\n", "write a decimal point, like -0.1"),
        ("water = 0.9\nwater = 0.8\n", "'water' is there twice"),
    ],
)
def test_what_toml_takes_in_another_way_is_pointed_at(text: str, hint: str):
    (fault,) = read_documents([text])[1]
    assert str(fault).endswith(f"; {hint}")


def test_a_fault_in_a_line_whose_signs_are_all_in_quotes_has_no_such_hint():
    (fault,) = read_documents(["a = '过滤机'  # 过滤机\nb = = 5 # 过\n"])[1]
    assert "quotes" not in str(fault)
