"""Schemes are patches that commute, and sets of them are written as people write them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import ConflictError
from sim.model.explain import explain
from sim.model.facts import Design, Fact
from sim.model.parameters import quantity
from sim.model.schemes import Patch, Scheme, apply, load_schemes, parse_schemes, patcher
from sim.model.tree import design_hash, get, paths, refitted
from tests.trees import replace_at, sample_schemes


@dataclass(frozen=True, kw_only=True)
class Fan:
    ingress: float = quantity("kg/h", "air drawn in", 0.0, 1e6)
    pressure_rise: float = quantity("Pa", "at the duty point", minimum=0.0)


@dataclass(frozen=True, kw_only=True)
class Cooler:
    area: float = quantity("m2", "heat-transfer area", minimum=0.0)
    shells: int = quantity("1", "number of shells", 1, 6)
    arrangement: str = quantity("", "of the shells", choices=("parallel", "series"))
    installed: bool = quantity("", "whether it is in service")
    outlet: float = quantity("K", "of the product", 250.0, 400.0, default=298.15)
    fan: Fan | None = None


@dataclass(frozen=True, kw_only=True)
class Plant:
    cooler: Cooler


PLANT = Plant(
    cooler=Cooler(
        area=60.0,
        shells=2,
        arrangement="parallel",
        installed=False,
        fan=Fan(ingress=30.0, pressure_rise=2000.0),
    )
)


def scheme(name: str, *patches: Patch, illustrative: bool = False) -> Scheme:
    return Scheme(
        name, "no-cost", f"Title of {name}", "题目", "cooler", "lever", "reason", "source",
        patches, illustrative,
    )  # fmt: skip


def patch(path: str, op: Any, value: Any) -> Patch:
    return Patch(path, op, value, note=f"why {path}", evidence="derived")


CATALOGUE: Mapping[str, Scheme] = {
    name: scheme(name, patch("cooler.area", "add", 1.0), illustrative=name[0] == "M")
    for name in [*(f"F{n}" for n in range(1, 13)), "M1", "M2", "M3"]
}


def test_set_scale_and_add_combine_whatever_scheme_brings_them() -> None:
    chosen = [
        scheme("F1", patch("cooler.area", "add", 5.0)),
        scheme("F2", patch("cooler.area", "scale", 1.5), patch("cooler.area", "scale", 2.0)),
        scheme("F3", patch("cooler.area", "set", 10.0)),
    ]
    assert apply(PLANT, chosen).cooler.area == 10.0 * 3.0 + 5.0


def test_words_switches_and_counts_are_set() -> None:
    changed = apply(
        PLANT,
        [
            scheme("F1", patch("cooler.arrangement", "set", "series")),
            scheme("F2", patch("cooler.installed", "set", True)),
            scheme("F3", patch("cooler.shells", "scale", 1.5)),
        ],
    ).cooler
    assert (changed.arrangement, changed.installed, changed.shells) == ("series", True, 3)
    assert isinstance(changed.shells, int)


def test_no_scheme_changes_nothing() -> None:
    assert apply(PLANT, []) is PLANT


numbers = st.floats(0.1, 9.0, allow_subnormal=False)
random_patches = st.one_of(
    st.builds(
        patch,
        st.sampled_from(["cooler.area", "cooler.fan.ingress", "cooler.fan.pressure_rise"]),
        st.sampled_from(["scale", "add"]),
        numbers,
    ),
    st.builds(patch, st.just("cooler.fan.ingress"), st.just("set"), st.just(7.7)),
    st.builds(patch, st.just("cooler.arrangement"), st.just("set"), st.just("series")),
)
random_schemes = st.lists(st.lists(random_patches, max_size=4), min_size=2, max_size=12).map(
    lambda lists: [scheme(f"F{n}", *each) for n, each in enumerate(lists, 1)]
)


@settings(max_examples=30)
@given(random_schemes, st.randoms(use_true_random=False))
def test_patches_commute_bitwise(schemes: list[Scheme], random: Any) -> None:
    shuffled = list(schemes)
    random.shuffle(shuffled)
    shuffled.append(shuffled[0])  # and a scheme named twice acts once
    one, other = apply(PLANT, schemes), apply(PLANT, shuffled)
    assert [get(one, p) for p in paths(one)] == [get(other, p) for p in paths(other)]
    assert design_hash(one) == design_hash(other)


def test_schemes_act_in_natural_order_of_their_ids() -> None:
    a, b, c = 0.1, 0.7, 0.3
    chosen = [
        scheme("F10", patch("cooler.area", "scale", c)),
        scheme("F2", patch("cooler.area", "scale", b)),
        scheme("F1", patch("cooler.area", "scale", a)),
    ]
    assert apply(PLANT, chosen).cooler.area == 60.0 * (a * b * c)
    assert a * b * c != c * b * a


def test_all_conflicts_are_told_before_anything_runs() -> None:
    clashing = [
        scheme("F1", patch("cooler.area", "set", 50.0), patch("cooler.shells", "set", 9)),
        scheme("F2", patch("cooler.area", "set", 70.0)),
        scheme("F3", patch("cooler.shells", "set", 3), patch("cooler.nothing", "set", 1)),
    ]
    with pytest.raises(ConflictError, match="2 faults in this combination") as caught:
        apply(PLANT, clashing)
    assert "cooler.area: F1 sets 50, F2 sets 70" in str(caught.value)
    assert "cooler.shells: F1 sets 9, F3 sets 3" in str(caught.value)


def test_two_schemes_may_set_the_same_value() -> None:
    same = [scheme(name, patch("cooler.area", "set", 50.0)) for name in ("F1", "F2")]
    assert apply(PLANT, same).cooler.area == 50.0


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (patch("cooler.area", "add", -99.0), "F1: cooler.area: -39 m2 is outside the domain, at"),
        (
            patch("cooler.shells", "scale", 1.2),
            "F1: cooler.shells: expected a whole number, came 2.4",
        ),
        (patch("cooler.shells", "set", 7), "7 is outside the domain, 1 to 6"),
        (patch("cooler.arrangement", "set", "serie"), "came 'serie'; did you mean 'series'?"),
        (patch("cooler.arrangement", "scale", 2.0), "only a number is scaled or added to; use set"),
        (patch("cooler.installed", "add", 1), "only a number is scaled or added to; use set"),
        (patch("cooler.installed", "set", 1), "expected true or false, came 1"),
        (patch("cooler.area", "scale", True), "only a number is scaled or added to; use set"),
        (patch("cooler.outlet", "scale", 1.1), "x 1.1: a temperature is not scaled, for in"),
        (patch("cooler.area", "set", float("inf")), "expected a finite number, came inf"),
    ],
)
def test_a_result_outside_its_domain_is_refused(bad: Patch, message: str) -> None:
    with pytest.raises(ValueError, match="F1: cooler") as caught:
        apply(PLANT, [scheme("F1", bad)])
    assert message in str(caught.value)


def test_a_patch_of_a_parameter_that_is_not_there_is_refused() -> None:
    bare = replace_at(PLANT, "cooler.fan", None)
    chosen = [scheme("F4", patch("cooler.fan.ingress", "scale", 0.5))]
    with pytest.raises(
        LookupError, match=r"F4: no parameter .* in this design: it has no cooler\.fan"
    ):
        apply(bare, chosen)
    assert apply(PLANT, chosen).cooler.fan == Fan(ingress=15.0, pressure_rise=2000.0)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("none", ""),
        ("all", "F1 F2 F3 F4 F5 F6 F7 F8 F9 F10 F11 F12"),
        ("F1,F5", "F1 F5"),
        ("F1-F4, F7", "F1 F2 F3 F4 F7"),
        ("f10, F2 ,f2", "F2 F10"),
        ("F9-F11", "F9 F10 F11"),
        ("F3 - F3", "F3"),
        ("F1–F2，F4", "F1 F2 F4"),
        ("Ｆ１－Ｆ２，ｆ４", "F1 F2 F4"),
        ("all, m1", "F1 F2 F3 F4 F5 F6 F7 F8 F9 F10 F11 F12 M1"),
        ("M1-M3", "M1 M2 M3"),
        (["F5", "F1"], "F1 F5"),
        (frozenset({"F2", "F10"}), "F2 F10"),
        ([], ""),
        (["none"], ""),
        (["F1-F3"], "F1 F2 F3"),
        ("F1+F7", "F1 F7"),
        ("F1-F4 + f7, m1", "F1 F2 F3 F4 F7 M1"),
    ],
)
def test_a_scheme_set_is_written_as_people_write_it(text: Any, ids: str) -> None:
    assert parse_schemes(text, CATALOGUE) == tuple(ids.split())


@pytest.mark.parametrize(
    ("text", "kind", "message"),
    [
        ("F13", LookupError, "no scheme 'F13'; did you mean 'F3'? known: F1, F2, F3"),
        ("X", LookupError, "no scheme 'X'; known: F1, F2"),
        ("F1 F5", LookupError, "no scheme 'F1 F5'; write commas: 'F1, F5'"),
        ("F4-F1", ValueError, "range 'F4-F1' is reversed: write 'F1-F4'"),
        ("F1-", ValueError, "range 'F1-' is open: write both ends"),
        ("-F4", ValueError, "is open"),
        ("F1-F2-F3", ValueError, "is open"),
        ("F1-M2", ValueError, "both ends need the same letter"),
        ("F1-4", LookupError, "no scheme '4'"),
        ("", ValueError, "no schemes given: write 'none', 'all', or ids"),
        ("  ", ValueError, "no schemes given"),
        ("F1+", ValueError, "schemes 'F1+': one is missing before or after a comma or plus"),
        ("F1,,F2", ValueError, "schemes 'F1,,F2': one is missing before or after a comma"),
        ("none,F1", ValueError, "'none' stands alone"),
        ("F77, G1", LookupError, "2 faults in the schemes 'F77, G1'"),
        ([1], TypeError, "expected scheme ids like 'F1', came 1"),
    ],
)
def test_a_scheme_set_that_is_none_is_told(text: Any, kind: type[Exception], message: str) -> None:
    with pytest.raises(kind) as caught:
        parse_schemes(text, CATALOGUE)
    assert message in str(caught.value)


HEAD = """
[{name}]
class = "no-cost"
target = "cooler"
title = "Coolers in series"
title_zh = "串联冷却"
lever = "Both shells see all the gas."
reason = "Colder gas."
evidence = "source"
"""
SERIES = """
[[{name}.patches]]
path = "cooler.arrangement"
set = "series"
note = "new pipe"
"""
LARGER = """
[[{name}.patches]]
path = "cooler.area"
scale = 2
low = 1.5
high = 3
note = "larger bundle"
evidence = "assumed"
"""


def toml(name: str, *parts: str) -> str:
    return "".join(part.format(name=name) for part in (HEAD, *parts))


def faults_of(*texts: str, tree_type: type | None = Plant) -> str:
    with pytest.raises(ValueError, match=r"(?s).") as caught:
        load_schemes(*texts, tree_type=tree_type)
    return str(caught.value)


def test_schemes_are_read_in_natural_order() -> None:
    text = toml("F10", SERIES) + toml("F2", SERIES, LARGER)
    schemes = load_schemes(text, tree_type=Plant)
    assert list(schemes) == ["F2", "F10"]
    assert schemes["F2"].title_zh == "串联冷却"
    assert schemes["F2"].patches == (
        Patch("cooler.arrangement", "set", "series", "new pipe", evidence="source"),
        Patch("cooler.area", "scale", 2.0, "larger bundle", 1.5, 3.0, "assumed"),
    )


GOOD = toml("F1", SERIES, LARGER)
FAULTY = {
    "misspelt key": (
        GOOD.replace("lever", "levr"),
        "no key 'levr' in a scheme; did you mean 'lever'",
    ),
    "missing text": (GOOD.replace('title = "Coolers in series"', ""), "title: expected a text"),
    "unknown class": (GOOD.replace("no-cost", "cheap"), "class 'cheap': expected one of no-cost"),
    "unknown evidence": (
        GOOD.replace('"source"', '"rumour"'),
        "evidence 'rumour': expected one of",
    ),
    "no patches": (HEAD.format(name="F1"), "no patches: write at least one [[F1.patches]]"),
    "unknown target": (GOOD.replace('"cooler"', '"coler"'), "target: no parameter 'coler'"),
    "unknown path": (
        GOOD.replace("cooler.area", "cooler.aria"),
        "cooler has no 'aria'; did you mean",
    ),
    "two operations": (GOOD.replace("scale = 2", "scale = 2\nadd = 1"), "came scale and add"),
    "no operation": (GOOD.replace("scale = 2", ""), "expected one of set, scale, add; came none"),
    "misspelt operation": (
        GOOD.replace("scale = 2", "scales = 2"),
        "no key 'scales' in a patch; did you mean 'scale'?",
    ),
    "word outside the choices": (GOOD.replace('"series"', '"serie"'), "did you mean 'series'?"),
    "scaled word": (GOOD.replace('set = "series"', "scale = 2"), "only a number can be changed by"),
    "word as scale": (
        GOOD.replace("scale = 2", 'scale = "2"'),
        "scale: expected a number, came '2'",
    ),
    "not finite": (GOOD.replace("scale = 2", "scale = nan"), "scale: expected a finite number"),
    "half a range": (GOOD.replace("low = 1.5", ""), "a range needs both low and high"),
    "outside its range": (
        GOOD.replace("scale = 2", "scale = 9"),
        "is not within low 1.5 to high 3",
    ),
    "no note": (GOOD.replace('note = "new pipe"', ""), "F1: cooler.arrangement: no note: say why"),
    "set twice": (toml("F1", SERIES, SERIES), "cooler.arrangement is set more than once"),
    "described twice": (GOOD.replace("F1", "f1") + GOOD, "described already in TOML text, line 2"),
    "reserved id": (toml("all", SERIES), "not none or all"),
    "no table": ("F1 = 3\n", "expected a table [F1], came 3"),
    "no TOML": ("[F1\n", "no valid TOML"),
}


@pytest.mark.parametrize(("text", "message"), FAULTY.values(), ids=FAULTY.keys())
def test_a_fault_of_a_scheme_is_told(text: str, message: str) -> None:
    assert message in faults_of(text)


def test_all_faults_of_all_scheme_files_are_told_at_once(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(GOOD.replace("cooler.area", "cooler.aria"), encoding="utf-8")
    told = faults_of(str(file), toml("F2"), GOOD.replace("no-cost", "cheap"))
    assert told.startswith("4 faults in the schemes:\n")
    assert f"{file}, line 17: F1: cooler.aria: no parameter 'cooler.aria'" in told
    assert "TOML text, line 3: F1: class 'cheap': expected" in told
    assert f"F1: described already in {file}, line 2" in told


@pytest.mark.parametrize(
    ("written", "wrong"),
    [
        ('class = "no-cost"', 'class = "cheap"'),
        ('note = "new pipe"', "note = 3"),
        ("scale = 2", "scale = nan"),
        ("low = 1.5", 'low = "few"'),
    ],
)
def test_a_fault_of_a_scheme_is_told_with_the_line_of_the_value(written: str, wrong: str) -> None:
    """It was that of the head of its table, lines above."""
    text = GOOD.replace(written, wrong, 1)
    line = next(n for n, row in enumerate(text.splitlines(), 1) if wrong in row)
    assert faults_of(text).startswith(f"TOML text, line {line}: F1: ")


BRIEF = """
[F1]
class = "no-cost"
title = "A larger cooler"
patches = [{ path = "cooler.area", set = "800000 cm2" }]
"""


def test_a_brief_file_holds_class_title_and_change_alone() -> None:
    """What it leaves out is as in the schemes of a folder: the title says why, nobody vouches."""
    scheme = load_schemes(BRIEF, tree_type=Plant, brief=True)["F1"]
    assert scheme.patches == (Patch("cooler.area", "set", 80.0, "A larger cooler"),)
    assert (scheme.target, scheme.evidence) == ("cooler", "assumed")
    assert {scheme.title_zh, scheme.lever, scheme.reason} == {"A larger cooler"}
    assert "lever: expected a text" in faults_of(BRIEF)


def test_a_slip_in_a_brief_file_is_told_once() -> None:
    with pytest.raises(ValueError, match=r"did you mean 'cooler'\?$") as caught:
        load_schemes(BRIEF.replace("cooler.", "coler."), tree_type=Plant, brief=True)
    assert str(caught.value).count("coler.area': Plant has no") == 1


def test_without_a_tree_only_the_form_is_checked() -> None:
    assert "F1" in load_schemes(GOOD.replace("cooler.area", "cooler.aria"))
    assert "expected a number" in faults_of(
        GOOD.replace("scale = 2", 'scale = "2"'), tree_type=None
    )


def test_explain_tells_before_after_who_and_on_whose_word() -> None:
    facts = {"cooler.area": Fact(60.0, "m2", "handbook")}
    chosen = [
        scheme("F10", patch("cooler.area", "scale", 1.5)),
        scheme("F2", patch("cooler.area", "add", -10.0), patch("cooler.installed", "set", True)),
    ]
    explanation = explain(PLANT, facts, chosen)
    area, installed = explanation.rows
    assert (area.before, area.after, area.unit) == (60.0, 80.0, "m2")
    assert (area.schemes, area.operation) == (("F2", "F10"), "x 1.5, - 10")
    assert (area.evidence, area.source) == ("derived", "handbook")
    assert (installed.before, installed.after) == (False, True)
    text = str(explanation)
    assert "F2  Title of F2 (no-cost, source)" in text
    assert "heat-transfer area (before: source handbook)" in text
    assert "F2: why cooler.area; F10: why cooler.area" in text
    assert max(len(line) for line in text.splitlines()) <= 100
    assert explanation._repr_html_().count("<tr>") == 3


def test_explain_of_no_scheme_says_so() -> None:
    assert str(explain(PLANT, {}, [])) == "no schemes: nothing changes"


def test_explain_refuses_what_apply_refuses() -> None:
    with pytest.raises(ValueError, match=r"F1: cooler\.area: -39 m2"):
        explain(PLANT, {}, [scheme("F1", patch("cooler.area", "add", -99.0))])


def test_patches_are_sampled_in_their_ranges() -> None:
    ranged = scheme("F1", replace(patch("cooler.area", "scale", 2.0), low=1.5, high=3.0))
    rng = np.random.default_rng(5)
    factors = [float(sample_schemes([ranged], rng)[0].patches[0].value) for _ in range(200)]
    assert 1.5 <= min(factors) < 1.6
    assert 2.9 < max(factors) <= 3.0


@pytest.mark.parametrize(("path", "right", "wrong"), [
    ("cooler.area", 1.0, True),
    ("cooler.installed", True, 1.0),
    ("cooler.shells", 1, True),
])  # fmt: skip
def test_of_two_values_that_python_calls_equal_each_is_taken_for_what_it_is(path, right, wrong):
    """Whichever came before."""
    good, bad = ({"F1": scheme("F1", patch(path, "set", value))} for value in (right, wrong))
    assert good == bad
    for _ in range(2):
        with pytest.raises(ValueError, match="expected"):
            patcher(PLANT, bad).apply(["F1"])
        assert get(patcher(PLANT, good).apply(["F1"]), path) is right


def test_a_tree_with_other_parts_is_the_one_replaced():
    cooler = replace(PLANT.cooler, shells=3)
    assert refitted(PLANT, {"cooler": cooler}) == replace(PLANT, cooler=cooler)


def test_a_tree_that_checks_its_parts_checks_other_ones():
    @dataclass(frozen=True)
    class Tree:
        shells: int

        def __post_init__(self) -> None:
            if self.shells < 1:
                raise ValueError("no shells")

    assert refitted(Tree(1), {"shells": 2}) == Tree(2)
    with pytest.raises(ValueError, match="no shells"):
        refitted(Tree(1), {"shells": 0})


def test_a_tree_that_brings_something_of_its_own_has_it_after_refitting_too():
    @dataclass(frozen=True)
    class Tree:
        shells: int
        notes: dict[str, str] = field(init=False, compare=False, default_factory=dict)

    other = refitted(Tree(1), {"shells": 2})
    assert other == Tree(2)
    assert other.notes == {}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (None, "schemes: expected some in a list, came None"),
        ("F1", "schemes: expected some in a list, came 'F1'"),
        (["F1"], "schemes: expected a Scheme, came 'F1'; a catalogue has them by id"),
        ([None], "schemes: expected a Scheme, came None; a catalogue has them by id"),
    ],
)
def test_what_is_no_scheme_is_not_applied(given: Any, told: str):
    with pytest.raises(TypeError) as caught:
        apply(None, given)
    assert str(caught.value) == told


@pytest.mark.parametrize("path", [None, ["a"], 3])
def test_a_path_that_is_no_text_is_told(path: Any):
    with pytest.raises(TypeError, match=r"^parameter: expected path as text, came "):
        get(None, path)


@pytest.mark.parametrize("given", [None, "F1", 3, Plant, Design(PLANT, {})])
def test_schemes_act_on_the_tree_of_a_design(given: Any):
    with pytest.raises(TypeError, match=r"^apply: expected the tree of a design first, came "):
        apply(given, [])


@pytest.mark.parametrize("patches", [None, [3], {"a": 1.0}, "a", Patch("a", "set", 1.0)])
def test_a_scheme_has_patches_in_a_tuple(patches: Any):
    right = scheme("Z1")
    with pytest.raises(
        TypeError, match=r"^scheme 'Z1': expected patches as a tuple of Patch, came"
    ):
        replace(right, patches=patches)
    with pytest.raises(TypeError, match=r"^scheme: expected id as text, came 3"):
        replace(right, id=cast(Any, 3))


def test_a_patch_takes_what_numpy_makes_of_a_number():
    for value in (np.float32(2.0), np.int64(2), np.array(2.0)):
        assert Patch("a", "scale", cast(Any, value)) == Patch("a", "scale", 2.0)
