"""A plant from TOML: what it says becomes a plant, what is wrong is told at once."""

from __future__ import annotations

import errno
import os
import pickle
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import experiments as ex
from plant_models import folder, plant_named
from plant_models.folder.model import FolderPlant
from plant_models.folder.places import sheet_of
from plant_models.folder.reading import known
from plant_models.folder.sheet import FIGURES
from plant_models.hooks import Misfit
from plant_models.model import Lacks
from sim.errors import BalanceError
from sim.model.facts import set_values
from sim.model.tree import leaves
from tests.plant_models.folder.texts import CRYSTALS, OWN, RETURN, WORKS, changed, plant


def faults(text: str, **others: str) -> str:
    with pytest.raises((ValueError, LookupError)) as caught:
        plant(text, **others)
    return str(caught.value)


def test_a_still_boils_off_its_share_of_the_water():
    """1 t/h of 90 % water, 60 % of it boiled: 0.54 t/h of vapour, 0.46 t/h of product."""
    year = plant().steady_state()
    hours = year.indicators["operating_hours"]
    assert year.indicators["air.water_t"] == pytest.approx(0.54 * hours)
    assert year.indicators["product_t"] == pytest.approx(0.46 * hours)
    assert year.indicators["brine_t"] == pytest.approx(1.0 * hours)


def test_with_nothing_happening_both_clocks_agree():
    of = plant(changed('"20 t"', '"20 t"\ninitial_level = 0.5'))
    rest, run = of.steady_state().indicators, of.simulate(without=("events",)).indicators
    assert run["drums_t"] == pytest.approx(rest["drums_t"], rel=1e-3)


def test_values_may_have_their_own_units_sources_and_ranges():
    text = changed(
        'capacity = "1 t/h"', 'capacity = { value = 1.0, unit = "t/h", source = "card" }'
    )
    of = plant(text + '\n[sources.card]\ntitle = "card of the machine"\n')
    fact = of.baseline().facts["still.capacity"]
    assert (fact.value, fact.unit, fact.source) == (1000.0, "kg/h", "card")
    assert of.baseline().facts["still.recovery.water"].low == 0.5
    assert of.baseline().facts["pump.capacity"].source == "stated"


WRONG = {
    "a misspelt section": (
        "[sinks]", "[sings]",
        "sings: no section 'sings'; did you mean 'sinks'?",
    ),
    "a misspelt kind": (
        'kind = "pump"', 'kind = "pumb"',
        "units.pump.kind: no kind 'pumb'; did you mean 'pump'?",
    ),
    "a misspelt unit in a pipe": (
        '"tank -> still"', '"tank -> stil"',
        "pipes: to 'stil': no such unit, tank, supply or sink; did you mean 'still'?",
    ),
    "an outlet that is not there": (
        "still.top", "still.tops",
        "pipes: unit 'still' has no outlet 'tops'; did you mean 'top'?",
    ),
    "a unit of measure that measures something else": (
        'capacity = "20 t"', 'capacity = "20 m"',
        "tanks.tank.capacity: unit 'm': expected 'kg'",
    ),
    "a name of letters of another language": (
        "[tanks.tank]", '[tanks."罐"]',
        "tanks.罐: no name: expected letters a to z, digits and _, like 'feed_tank', came '罐'",
    ),
    "a name that Python has for itself": (
        "[tanks.tank]", "[tanks.in]",
        "tanks.in: 'in' is a word of Python: choose another name",
    ),
    "a name that is taken": (
        "[tanks.tank]", "[tanks.air]",
        "tanks.air: the name is taken by sinks.air",
    ),
    "a train called as a unit": (
        "[tanks.tank]", "[trains.still]\nfirst = 'pump'\n[tanks.tank]",
        "trains.still: the name is taken by units.still; without it the train is called 'pump'",
    ),
    "a medium that nobody knows": (
        'air = "emission gas"', 'air = "gas"', "sinks.air: expected one of product,",
    ),
    "a component that is none": (
        "salt = 0.1\n", "salz = 0.1\n",
        "supplies.brine.salz: no component 'salz'; did you mean 'salt'?",
    ),
    "a pacer that is no train": (
        'pacer = "still"', 'pacer = "stil"',
        "plant.pacer: no train 'stil'; did you mean 'still'?",
    ),
    "a range without a reason": (
        ', note = "boils"', "",
        "units.still.recovery.water: no note: what is assumed needs its reason",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_a_fault_is_told_with_file_line_and_the_nearest_name(what: str):
    was, becomes, message = WRONG[what]
    text = changed(was, becomes)
    line = WORKS[: WORKS.index(was)].count("\n") + 1
    assert f"plant.toml, line {line}: {message}" in faults(text)


@pytest.mark.parametrize(
    ("was", "becomes", "fault"),
    [
        ('salt = "NaCl"', "'my salt' = 'NaCl'", "components.my salt: no name: "),
        ('salt = "NaCl"', "class = 'NaCl'", "components.class: 'class' is a word "),
        ('air = "emission gas"', "air = 'vapour'", "sinks.air: expected one of product, "),
        ('drums = "product"', "drums = 'sold'", "sinks.drums: expected one of product, "),
    ],
)
def test_what_follows_from_a_fault_is_no_second_one(was: str, becomes: str, fault: str):
    told = faults(changed(was, becomes))
    assert f": {fault}" in told
    assert "\n" not in told


def test_what_does_not_add_up_is_told_where_it_begins():
    told = faults(changed("water = 0.9\n", "water = 0.8\n"))
    line = WORKS[: WORKS.index("[supplies.brine]")].count("\n") + 1
    assert told == (
        f"plant.toml, line {line}: supplies.brine: its shares add up to 0.9 kg/kg, not 1"
    )


def test_a_unit_that_draws_and_is_in_no_train_is_told_like_any_other():
    """A pipe without ends leaves the mixer without its main feed, and yet it draws."""
    mixer = "[units.mixer]\nkind = 'mixer'\nratio.second = 1.0\n\n[units.pump]"
    text = changed("[units.pump]", mixer).replace(
        '    "brine -> pump -> tank",\n',
        '    "->",\n    "brine -> pump -> tank",\n'
        '    "brine -> mixer.second",\n    "mixer -> tank",\n',
    )
    told = faults(text)
    assert "pipes: expected a pipe like 'tank -> unit', came '->'" in told
    assert "inlet 'mixer.feed' is fed by nothing" in told


def test_an_outlet_that_leads_nowhere_is_told():
    told = faults(changed('    "still.top -> air",\n', ""))
    assert told == "plant.toml, line 2: pipes: outlet 'still.top' leads nowhere: write its pipe"


def test_all_faults_of_all_files_come_at_once():
    told = faults(changed("[sinks]", "[sings]", changed('"20 t"', '"20 m"')))
    assert told.startswith("4 faults in the folder:")
    assert all(what in told for what in ("sings", "'m'", "air"))
    good = faults(WORKS, prices="[money]\n", schemes="[A]\nclass = 1\n", limits="[a]\nat = 'x'\n")
    assert all(f"{name}.toml, line" in good for name in ("prices", "schemes", "limits"))


def test_a_recycle_without_a_tank_is_refused_with_what_to_do():
    text = changed('"still.bottom -> drums"', '"still.bottom -> pump"')
    assert "put a tank or a mixer before it" in faults(text)


def test_what_only_a_recycle_fills_is_drawn_with_a_supply_behind_it():
    """At constant conditions a train draws from what stands before it; the rest a supply gives."""
    text = changed(
        '"tank -> still",',
        '"tank -> washer", "back -> washer.water", "washer -> still",',
        changed('"still.top -> air"', '"still.top -> back"', WORKS),
    )
    text += """
[tanks.back]
capacity = "5 t"
contents = { water = 1.0 }

[units.washer]
kind = "mixer"
inlets = ["feed", "water"]
ratio.water = 0.1
"""
    own = plant(
        text.replace('pacer = "still"', 'pacer = "washer"').replace('air = "emission gas"', "")
    )
    with pytest.raises(ValueError, match=r"which no train before it feeds.*let a supply give what"):
        own.steady_state()


def test_schemes_patch_it_and_commute():
    two = """
[A]
class = "no-cost"
title = "Boils harder"
patches = [{ path = "still.recovery.water", add = 0.1 }]

[B]
class = "low-cost"
title = "Twice the pump"
patches = [{ path = "pump.capacity", set = "6 t/h" }]
"""
    of = plant(schemes=two)
    assert of.tree("A, B") == of.tree("B, A")
    assert of.tree("B").pump.capacity == 6000.0
    assert of.catalogue()["A"].target == "still"


def test_a_scheme_that_leads_out_of_a_domain_is_refused():
    patches = (
        '{ path = "still.recovery.water", add = 0.5 },\n{ path = "pump.capacity", add = 1e12 }'
    )
    wrong = f'[A]\nclass = "no-cost"\ntitle = "x"\npatches = [\n{patches}]'
    told = faults(WORKS, schemes=wrong)
    assert "schemes.toml, line 5: A: still.recovery.water: " in told
    assert "schemes.toml, line 6: A: pump.capacity: " in told


def test_a_patch_that_cannot_be_read_is_told_with_its_own_line():
    patches = '{ path = "still.capacity", scale = 1.1 },\n{ path = "pump.capacity", scale = "a" }'
    wrong = f'[A]\nclass = "no-cost"\ntitle = "x"\npatches = [\n{patches}]'
    assert faults(WORKS, schemes=wrong).startswith(
        "schemes.toml, line 6: A: pump.capacity: scale: "
    )


@pytest.mark.parametrize("what", ["economy", "limits", "calibration"])
def test_what_a_plant_lacks_is_said_not_guessed(what: str):
    of = plant()
    with pytest.raises(Lacks, match="the still house has no"):
        _asked(of, what)


def _asked(of: FolderPlant, what: str) -> None:
    found = getattr(of, what)
    found()


def test_it_travels_to_other_processes_with_its_designs():
    of = plant_named("brine")
    variant = of.variant("B1")
    again = pickle.loads(pickle.dumps(variant))
    assert again == variant
    assert again.plant is of
    assert again.tree == variant.tree
    assert pickle.loads(pickle.dumps(variant.tree)) == variant.tree
    prices = of.economy.prices()
    assert pickle.loads(pickle.dumps(prices.tree)) == prices.tree


SLAKED = """
pipes = [
    "stone -> kiln -> lime",
    "lime -> slaker -> milk",
    "liquor -> still -> drums",
    "milk -> still.milk",
]

[plant]
name = "still house"
pacer = "still"

[components]
lime = "CaO"
milk = "Ca(OH)2"

[supplies]
stone = { lime = 1 }
liquor = { milk = 1 }

[sinks]
drums = "product"

[tanks.lime]
capacity = "20 t"
contents = { lime = 1 }

[tanks.milk]
capacity = "20 t"
contents = { lime = 1 }

[units.kiln]
kind = "pump"
capacity = "9 t/h"

[units.slaker]
kind = "pump"
capacity = "9 t/h"

[units.still]
kind = "mixer"
inlets = ["liquor", "milk"]
ratio.milk = 0.5
capacity = "1 t/h"
"""
"""A tank that nothing but a second inlet draws from; what fills it stands before it."""


@pytest.mark.long
def test_what_fills_the_tank_of_a_second_inlet_stands_before_the_train_that_draws():
    of = plant(SLAKED)
    assert list(of.sheet.trains) == ["kiln", "slaker", "still"]
    year = of.steady_state().indicators
    assert year["stone_t"] == pytest.approx(0.5 * year["liquor_t"])


def test_trains_without_a_capacity_are_told_all_at_once():
    told = faults(SLAKED.replace('capacity = "9 t/h"\n', ""))
    for train in ("kiln", "slaker"):
        assert f"train '{train}' would run without end: give one of its units ({train})" in told


def test_a_unit_of_ones_own_is_named_by_its_file():
    of = FolderPlant(tuple(sorted({"plant.toml": CRYSTALS, "crystals.py": OWN}.items())))
    year = of.steady_state()
    salt = year.indicators["brine_t"] * 0.1
    assert year.indicators["drums.salt_t"] == pytest.approx(0.8 * salt)
    assert pickle.loads(pickle.dumps(of.variant("none"))).tree == of.tree()


@pytest.mark.parametrize(
    ("own", "message"),
    [
        ("import nothing_of_that_name", "crystals.py, line 1: ModuleNotFoundError"),
        ("x = (", "crystals.py, line 1: SyntaxError"),
        ("x = 1", "crystals.py has no class of a unit"),
        (
            f"{OWN}\n\nclass Other(Crystals):\n    pass\n",
            "crystals.py has more than one unit: expected class = 'Crystals', say, came nothing",
        ),
        ("raise SystemExit(5)", "crystals.py, line 1: SystemExit: 5"),
        (OWN.replace("def convert", "def konvert"), "Crystals.convert: expected a method of this"),
        (
            OWN.replace("@dataclass(frozen=True, kw_only=True)\n", ""),
            "Crystals: expected @dataclass(frozen=True, kw_only=True) before the class, came none",
        ),
        (
            OWN.replace('("charge",)', '"charge"'),
            "Crystals.inlets: expected a tuple of names, came 'charge'; write ('charge',)",
        ),
    ],
)
def test_what_is_wrong_with_its_file_is_told_with_its_line(own: str, message: str):
    text = (
        WORKS.partition("[units.still]")[0] + '[units.still]\nkind = "python"\nfile = "crystals.py"'
    )
    with pytest.raises(ValueError, match="crystals") as caught:
        FolderPlant((("crystals.py", own), ("plant.toml", text)))
    assert message in str(caught.value)


def test_a_reaction_that_takes_more_than_comes_is_no_tank_without_a_way_out():
    """A kilogram of water would take 3.2 of salt; run names unit, reaction and amounts."""
    greedy = OWN.replace("import Recipe", "import Conversion, Reaction, Recipe").replace(
        "Recipe(splits", "Recipe(conversions=(Conversion(LYE, 1, 0.5),), splits"
    )
    greedy += '\n\nLYE = Reaction("salt + water -> lye + acid", COMPONENTS)\n'
    text = changed('water = "H2O"', 'water = "H2O"\nlye = "NaOH"\nacid = "HCl"', CRYSTALS)
    of = FolderPlant((("crystals.py", greedy), ("plant.toml", text)))
    with pytest.raises(BalanceError, match="a reaction takes more") as caught:
        of.steady_state()
    assert "way out" not in str(caught.value)
    with pytest.raises(BalanceError, match=r"still: 'salt \+ water -> .* kg/h of salt, of which"):
        of.simulate("none", years=0.01)


@pytest.mark.parametrize(
    ("says", "message"),
    [
        ("pass", "crystals.py: Crystals.convert: expected a Recipe, came None; it has no 'return'"),
        ("return 'all'", "crystals.py: Crystals.convert: expected a Recipe, came 'all'"),
        ("return 1 / 0", "crystals.py, line 22: ZeroDivisionError: division by zero"),
        ("return inlets['chrge']", "crystals.py, line 22: KeyError: 'chrge'"),
        ("raise SystemExit(7)", "crystals.py, line 22: SystemExit: 7"),
    ],
)
def test_what_it_does_wrong_is_told_with_its_line(says: str, message: str):
    own = OWN.replace(RETURN, says)
    of = FolderPlant(tuple(sorted({"plant.toml": CRYSTALS, "crystals.py": own}.items())))
    for clock in (of.steady_state, of.simulate):
        with pytest.raises(Misfit) as told:
            clock()
        assert str(told.value) == message


@pytest.mark.parametrize("name", ['["Crystals"]', "{ a = 1 }", "5", '"Crystal"'])
def test_the_class_of_a_unit_is_one_of_its_file(name: str):
    text = CRYSTALS.replace('"crystals.py"', f'"crystals.py"\nclass = {name}')
    with pytest.raises(ValueError, match=r"units\.still\.class: crystals\.py has no unit "):
        FolderPlant(tuple(sorted({"plant.toml": text, "crystals.py": OWN}.items())))


BOTTOM = "tuple(kept)"
TOP = "tuple(1.0 - x for x in kept)"


@pytest.mark.parametrize(
    ("splits", "message"),
    [
        (
            f"{{'bottom': {BOTTOM}, 'top': {BOTTOM}}}",
            "its recipe splits 1.6 kg/kg of salt over 'bottom', 'top', expected 1 in all: what "
            "comes in goes out",
        ),
        (
            f"{{'bottom': {BOTTOM}, 'top': (0.2, float('nan'))}}",
            "its recipe splits to 'top': expected a share, came nan kg/kg",
        ),
        (
            f"{{'bottom': {BOTTOM}, 'topp': {TOP}}}",
            "its recipe splits to 'topp', which is no outlet; did you mean 'top'?",
        ),
        (
            "{'bottom': (-1.0, -1.0), 'top': (2.0, 2.0)}",
            "its recipe splits -1 kg/kg of salt to 'bottom'",
        ),
        (
            f"{{'bottom': {BOTTOM}, 'top': {TOP}}}, conversions=(1,)",
            "its recipe's conversions: expected a tuple of Conversion, came (1,)",
        ),
    ],
)
def test_a_recipe_that_cannot_be_is_told_with_file_and_class(splits: str, message: str):
    own = OWN.replace(RETURN, f"return Recipe(splits={splits})")
    of = FolderPlant(tuple(sorted({"plant.toml": CRYSTALS, "crystals.py": own}.items())))
    for clock in (of.steady_state, of.simulate):
        with pytest.raises(Misfit) as told:
            clock()
        assert str(told.value) == f"crystals.py: Crystals.convert: {message}"


def test_a_recipe_may_leave_out_what_does_not_come():
    """Of a component that there is none of, nothing has to go anywhere."""
    splits = "{'bottom': (0.0, 0.4), 'top': (0.0, 0.6)}"
    text = CRYSTALS.replace("salt = 0.1\nwater = 0.9", "water = 1").replace("salt = 0.1, ", "")
    text = text.replace("water = 0.9", "water = 1")
    own = OWN.replace(RETURN, f"return Recipe(splits={splits})")
    of = FolderPlant(tuple(sorted({"plant.toml": text, "crystals.py": own}.items())))
    assert of.steady_state().indicators["product_t"] > 0.0


def test_so_is_one_of_a_convert_that_is_decorated():
    own = OWN.replace(RETURN, "return None").replace(
        "    def convert", "    @kept\n    def convert"
    )
    own = own.replace(
        "@dataclass",
        """from functools import wraps


def kept(ask):
    return wraps(ask)(lambda *given: ask(*given))


@dataclass""",
        1,
    )
    of = FolderPlant(tuple(sorted({"plant.toml": CRYSTALS, "crystals.py": own}.items())))
    with pytest.raises(Misfit, match=r"^crystals\.py: Crystals\.convert: expected a Recipe"):
        of.steady_state()


def test_a_recipe_that_another_class_of_the_file_completes_may_be_unfinished():
    own = (
        OWN.replace(RETURN, "return Recipe(splits={'bottom': tuple(kept)})")
        + """

@dataclass(frozen=True, kw_only=True)
class Whole(Crystals):
    def convert(self, inlets, at):
        kept = super().convert(inlets, at).splits["bottom"]
        return Recipe(splits={"bottom": kept, "top": tuple(1.0 - x for x in kept)})
"""
    )
    text = CRYSTALS.replace('file = "crystals.py"', 'file = "crystals.py"\nclass = "Whole"')
    of = FolderPlant(tuple(sorted({"plant.toml": text, "crystals.py": own}.items())))
    assert of.steady_state().indicators["product_t"] > 0.0


CONVERT = OWN.index("    def convert")
CALLED = """

def passed(taken, inlets, at):
    kept = [0.0] * len(COMPONENTS)
    kept[SALT] = taken
    return Recipe(splits={"bottom": tuple(kept), "top": tuple(1.0 - x for x in kept)})


class Passed:
    def __call__(self, inlets, at):
        return passed(0.8, inlets, at)


"""


@pytest.mark.parametrize(
    "said", ["staticmethod(partial(passed, 0.8))", "Passed()", "staticmethod(Passed())"]
)
def test_what_it_does_may_be_anything_that_can_be_called(said: str):
    own = OWN[:CONVERT] + f"    convert: ClassVar = {said}\n"
    own = own.replace("\n\n@dataclass", CALLED + "@dataclass", 1)
    own = "from functools import partial\n" + own
    plants = [
        FolderPlant(tuple(sorted({"plant.toml": CRYSTALS, "crystals.py": each}.items())))
        for each in (OWN, own)
    ]
    usual, called = (of.steady_state().indicators for of in plants)
    assert called == usual


@pytest.mark.parametrize(
    "said",
    ["staticmethod(partial(passed, 2.0))", "Passed()", "classmethod(lambda c, *g: passed(2, *g))"],
)
def test_and_is_told_what_is_wrong_with_it_all_the_same(said: str):
    own = OWN[:CONVERT] + f"    convert: ClassVar = {said}\n"
    called = CALLED.replace("0.8", "2.0")
    own = "from functools import partial\n" + own.replace(
        "\n\n@dataclass", called + "@dataclass", 1
    )
    of = FolderPlant(tuple(sorted({"plant.toml": CRYSTALS, "crystals.py": own}.items())))
    told = r"^crystals\.py: Crystals\.convert: its recipe splits -1 kg/kg of salt to 'top'"
    with pytest.raises(Misfit, match=told):
        of.simulate()


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("'x'", "expected a unit with the inlets and outlets of this one, or None, came 'x'"),
        ("Crystals", "expected a unit with the inlets and outlets of this one, or None, came a "),
        (
            "Dry(taken=0.5)",
            "expected a unit with the inlets and outlets of this one, or None, came",
        ),
    ],
)
def test_what_runs_on_in_its_place_is_a_unit_of_the_same_pipes(said: str, message: str):
    dry = f"""
    def bypassed(self, mode="failure"):
        return {said}


class Dry(Crystals):
    outlets: ClassVar = ("bottom",)
"""
    failing = '\n[units.still.failure]\nmtbf = "5 h"\nmttr = "1 h"\n'
    text = CRYSTALS.replace('"crystals.py"', '"crystals.py"\nclass = "Crystals"') + failing
    of = FolderPlant(tuple(sorted({"plant.toml": text, "crystals.py": OWN + dry}.items())))
    with pytest.raises(Misfit) as told:
        of.simulate(years=0.001)
    assert str(told.value).startswith(f"crystals.py: Crystals.bypassed: {message}")


@pytest.mark.parametrize("said", ["bypassed: ClassVar = 5", "def bypassed(self):\n        pass"])
def test_a_unit_that_fails_is_asked_what_runs_on_by_a_method(said: str):
    text = CRYSTALS + '\n[units.still.failure]\nmtbf = "5 h"\nmttr = "1 h"\n'
    own = f"{OWN}\n    {said}\n"
    with pytest.raises(ValueError, match="fit together") as told:
        FolderPlant(tuple(sorted({"plant.toml": text, "crystals.py": own}.items())))
    assert "Crystals.bypassed: expected a method that takes self, mode" in str(told.value)
    FolderPlant(tuple(sorted({"plant.toml": CRYSTALS, "crystals.py": own}.items())))


def test_what_breaks_off_as_it_is_made_is_told_with_its_line():
    own = OWN + "\n    def __post_init__(self):\n        1 / 0\n"
    with pytest.raises(ValueError, match=r"units\.still\.class: crystals\.py, line 25: ZeroDiv"):
        FolderPlant(tuple(sorted({"plant.toml": CRYSTALS, "crystals.py": own}.items())))


@pytest.mark.parametrize("fault", ["raise ValueError('too much')", "1 / 0"])
def test_a_setting_that_its_unit_cannot_do_is_one_that_a_search_passes_over(fault: str):
    own = OWN.replace("kept = [0.0]", f"if self.taken > 0.9: {fault}\n        kept = [0.0]")
    of = FolderPlant(tuple(sorted({"plant.toml": CRYSTALS, "crystals.py": own}.items())))
    with pytest.raises(ValueError, match=r"^crystals.py, line 20: \w+Error: "):  # as fits expect
        of.steady_state(design=of.own_design(settings={"still.taken": 0.95}))


@pytest.mark.parametrize("name", known())
def test_a_plant_written_to_a_folder_reads_back_equal(name: str, tmp_path: Path):
    of = folder.load(name)
    folder.write(of, tmp_path / "again")
    again = folder.load(tmp_path / "again")
    assert again == of
    assert again.baseline().tree == of.baseline().tree
    assert again.steady_state("all").ledger == of.steady_state("all").ledger


def test_a_range_that_begins_at_nothing_stays_one(tmp_path: Path):
    """Under a design of one's own, and written to a folder: a low of 0 is not a low left out."""
    of = plant(changed("low = 0.5", "low = 0.0"))
    text = "[pump.capacity]\nvalue = 2000.0\nunit = 'kg/h'\nsource = 'stated'\n"
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")
    own = of.own_design(tmp_path / "own.toml")
    folder.write(of, tmp_path / "own", set_values(own, {"still.recovery.water": 0.55}))
    for each in (own, folder.load(tmp_path / "own").baseline()):
        assert (each.facts["still.recovery.water"].low, each.tree.pump.capacity) == (0.0, 2000.0)


def test_so_does_a_design_that_was_set(tmp_path: Path):
    of = folder.load("brine")
    own = set_values(
        of.baseline(),
        {
            "centrifuge.recovery.salt": 0.9,
            "feed_tank.capacity": 150_000.0,
            "tank_cars.lot": 50_000.0,
            "site.operating_hours": 7_000.0,
            "brine.gypsum": 0.004,
        },
    )
    folder.write(of, tmp_path / "own", own)
    text = (tmp_path / "own" / "plant.toml").read_text(encoding="utf-8")
    assert "0.004" in text
    with pytest.raises(ValueError, match=r"shares add up to 0\.999"):
        folder.load(tmp_path / "own")
    own = set_values(own, {"brine.water": 0.756})
    folder.write(of, tmp_path / "fit", own)
    assert [*leaves(folder.load(tmp_path / "fit").tree())] == [*leaves(own.tree)]


def test_a_folder_that_holds_something_is_not_written_over(tmp_path: Path):
    (tmp_path / "note.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(ValueError, match="is there already"):
        folder.write(folder.load("brine"), tmp_path)


def test_a_folder_that_cannot_be_written_is_told_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "file").touch()
    with pytest.raises(ValueError, match=r"^place: .* cannot be written: Not a directory$"):
        folder.write(folder.load("brine"), tmp_path / "file" / "own")

    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(ValueError, match=r"^place: .* cannot be written: No space left on device$"):
        folder.write(folder.load("brine"), tmp_path / "own")
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("place", [None, 5, ["own"], " "])
def test_a_plant_is_written_to_a_path(place: Any):
    with pytest.raises((TypeError, ValueError), match=r"^place: expected a path, "):
        folder.write(folder.load("brine"), place)


@pytest.mark.parametrize("of", ["brine", None, 5])
def test_what_is_written_to_a_folder_is_a_plant_of_one(of: Any, tmp_path: Path):
    for write in (folder.written, lambda each: folder.write(each, tmp_path / "own")):
        with pytest.raises(
            TypeError, match=f"^written: expected plant as FolderPlant, came {of!r}"
        ):
            write(of)


@pytest.mark.parametrize("name", [np.array([1, 2]), [], {}, 5, None])
def test_what_names_no_plant_is_told(name: Any):
    with pytest.raises((LookupError, TypeError), match=r"^plant: expected|^no plant|^plant: no"):
        plant_named(name)


def test_comments_and_spaces_make_no_other_plant():
    assert plant() is plant("# a comment\n" + WORKS.replace("\n[", "\n\n["))
    assert plant() != plant(changed("0.6,", "0.61,"))


@pytest.mark.parametrize("name", known())
def test_nobody_writes_into_what_is_read_of_a_text_that_others_read_too(name: str, monkeypatch):
    monkeypatch.setattr("plant_models.folder.model._KNOWN", {})
    files = folder.load(name).files
    read = FolderPlant(files)
    read.steady_state("all")
    for file, text in files:
        if file.endswith(".toml"):
            sheet = sheet_of(file, text)[0]
            assert sheet is sheet_of(file, text)[0]
            assert sheet.table == tomllib.loads(text)


def test_facts_of_a_file_go_over_its_own(tmp_path: Path):
    over = tmp_path / "own.toml"
    over.write_text('[still.capacity]\nvalue = 2.0\nunit = "t/h"\nsource = "derived"\nnote = "x"\n')
    own = plant().own_design(over)
    assert own.tree.still.capacity == 2000.0
    assert own.tree == replace(plant().tree(), still=replace(plant().tree().still, capacity=2000.0))


def test_a_file_that_is_no_text_is_told(tmp_path: Path):
    place = tmp_path / "plant"
    place.mkdir()
    (place / "plant.toml").write_bytes(b"\xff\xfe\x00")
    told = r"plant.toml, line 1: no UTF-8 text; save it as UTF-8$"
    with pytest.raises(ValueError, match=told):
        folder.load(place)
    (place / "plan.toml").write_text("")
    with pytest.raises(
        ValueError, match=r"plan.toml: no file of a plant; did you mean 'plant.toml'"
    ):
        folder.load(place)
    (place / "plan.toml").unlink()
    (place / "prices.toml.txt").write_text("")  # as editors on Windows save it
    with pytest.raises(
        ValueError, match=r"prices.toml.txt: no file of a plant; did you mean 'prices.toml'"
    ):
        folder.load(place)


@pytest.mark.parametrize("name", ["plant.toml", "schemes.toml", "prices.toml", "readings.csv"])
def test_what_has_the_name_of_a_file_and_is_none_is_told(name: str, tmp_path: Path):
    (tmp_path / "plant.toml").write_text(WORKS, encoding="utf-8")
    (tmp_path / name).unlink(missing_ok=True)
    (tmp_path / name).mkdir()
    with pytest.raises(ValueError, match=f"^{name}: cannot be read: "):
        folder.load(tmp_path)
    (tmp_path / name).rmdir()
    (tmp_path / name).symlink_to(tmp_path / "nowhere")
    with pytest.raises(ValueError, match=f"^{name}: cannot be read: "):
        folder.load(tmp_path)


def test_a_folder_without_a_plant_says_where_to_begin():
    with pytest.raises(ValueError, match=r"no plant.toml in the folder: 'plant new' writes one"):
        FolderPlant(())


def test_a_folder_on_the_disk_without_a_plant_is_told_by_its_name(tmp_path: Path):
    (tmp_path / "works").mkdir()
    (tmp_path / "works" / "pyproject.toml").write_text("")  # near to prices.toml, and none
    with pytest.raises(ValueError, match=r"works: no plant.toml in the folder: 'plant new'"):
        folder.load(tmp_path / "works")
    (tmp_path / "works" / "Plant.toml").write_text("")
    with pytest.raises(ValueError, match=r"^Plant.toml: no file of a plant; did you mean"):
        folder.load(tmp_path / "works")


LIMIT = """
[salt]
at = "air"
component = "water"
most = "0.6 t/h"
over = "day"
"""


def test_a_limit_is_of_a_rate_or_a_share_over_a_window():
    standards = plant(limits=LIMIT).limits()
    ((figure, applied),) = standards.applied.items()
    assert (figure.point, figure.component, figure.unit) == ("air", "water", "t/h")
    assert (applied.bounds, applied.over) == ((0.0, 0.6), "day")
    told = standards.figures({("still.top", "air"): (0.0, 540.0), ("x", "drums"): (1.0, 2.0)})
    assert told == {figure: pytest.approx(0.54)}
    yearly = LIMIT.replace("[salt]", "[year]").replace("day", "year").replace("0.6", "0.4")
    rules = plant(limits=LIMIT + yearly).limits().rules  # of one figure, as permits have them
    assert [(f, of.over, of.bounds[1]) for f, of in rules] == [
        (figure, "day", 0.6),
        (figure, "year", 0.4),
    ]
    again = LIMIT.replace("[salt]", "[again]").replace("0.6 t/h", "9.6 t/d")
    assert "again: the same figure has a limit already" in faults(WORKS, limits=LIMIT + again)


def test_a_limit_is_told_in_the_unit_that_it_is_given_in():
    """One of 0.5 mg/kg was told as 5e-07 kg/kg."""
    trace = LIMIT.replace("0.6 t/h", "0.5 mg/kg").replace('"water"', '"salt"')
    of = plant(limits=trace)
    ((figure, applied),) = of.limits().applied.items()
    assert (figure.unit, applied.bounds) == ("mg/kg", (0.0, 0.5))
    (share,) = of.limits().figures({("still.top", "air"): (0.00054, 540.0)}).values()
    assert share == pytest.approx(1.0, rel=1e-5)
    told = str(ex.limits(plant=of, clock="steady"))
    assert "Shares, mg/kg" in told
    assert "kg/kg" not in told.replace("mg/kg", "")
    assert "air.salt     0.5  mg/kg  stated" in str(of.card("limits"))


@pytest.mark.parametrize(
    ("was", "becomes", "message"),
    [
        ('"day"', '"week"', "salt.over: expected hour or day or year, came 'week'"),
        ('"air"', '"aire"', "salt.at: no sink or outlet 'aire'; did you mean 'air'?"),
        ('"0.6 t/h"', "600", "salt.most: expected a number with its unit"),
        ('"0.6 t/h"', '"5 m"', "salt.most: expected kg/h or kg/kg"),
        ('"0.6 t/h"', '"-5 mg/kg"', "salt.most: -5 mg/kg: -5e-06 kg/kg is outside the domain"),
        ('"0.6 t/h"', '"0,5 mg/kg"', "salt.most: expected a number, like 1.5 or 1.5 kg/h"),
        ('most = "0.6 t/h"', "", "'3 kg/h' or '50 g/kg', came nothing"),
    ],
)
def test_a_wrong_limit_is_told(was: str, becomes: str, message: str):
    assert message in faults(WORKS, limits=changed(was, becomes, LIMIT))


PRINTED = """
[salt]
title = "salt in the drums"
printed = 100.0
within = 1.0
unit = "g/kg"
of = "drums.salt_t"
per = "drums_t"
factor = 1e3
reason = "made up"
source = "stated"
"""


def test_a_published_figure_is_made_of_indicators():
    """A tenth is salt, and six tenths of the water boil off: 0.1 / (0.1 + 0.36)."""
    (figure,) = plant(published=PRINTED).published
    assert figure.value(plant().steady_state().indicators) == pytest.approx(
        1e3 * 0.1 / (0.1 + 0.9 * 0.4)
    )


@pytest.mark.parametrize(
    ("was", "becomes", "message"),
    [
        ("drums.salt_t", "drum.salt_t", "line 7: salt.of: no indicator 'drum.salt_t'; did you"),
        ('reason = "made up"\n', "", "line 2: salt: reason is missing"),
        ('"stated"', '"a book"', "line 11: salt.source: no source 'a book'"),
        ("within = 1.0", "within = 0", "line 5: salt.within: expected a tolerance above 0"),
        ("printed", "prints", "line 4: salt.prints: no 'prints'; did you mean 'printed'?"),
        ("factor", 'set = { "still.recovry" = 1 }\nfactor', "salt: .*no 'recovry'"),
        ("factor", 'schemes = "S1"\nfactor', "salt: .*S1"),
    ],
)
def test_what_is_wrong_with_a_published_figure_is_told(was: str, becomes: str, message: str):
    with pytest.raises(ValueError, match=message):
        plant(published=changed(was, becomes, PRINTED))


WHITE_WATER = """
pipes = [
    "stock -> wire",
    "white_water -> wire.water",
    "fresh -> wire.water",
    "wire -> shower -> press",
    "white_water -> shower.water",
    "fresh -> shower.water",
    "press.wet -> white_water",
    "press.sheet -> reel",
    "white_water -> saveall -> sewer",
]

[plant]
name = "paper machine"
pacer = "wire"
priorities = ["wire", "saveall"]

[components]
fibre = "C6H10O5"
water = "H2O"

[supplies]
stock = { fibre = 0.5, water = 0.5 }
fresh = { water = 1 }

[sinks]
reel = "product"
sewer = "wastewater"

[tanks.white_water]
capacity = "20 t"
initial_level = 0
contents = { water = 1 }

[units.wire]
kind = "mixer"
inlets = ["stock", "water"]
ratio.water = 1
capacity = "10 t/h"

[units.press]
kind = "separator"
outlets = ["sheet", "wet"]
recovery = { fibre = 1, water = 0.2 }

[units.shower]
kind = "mixer"
inlets = ["sheet", "water"]
ratio.water = 0.05

[units.saveall]
kind = "pump"
capacity = "50 t/h"
"""
"""A tank that two inlets draw from, 10 and 1 t/h of water, and a train empties: it gets 12.8."""


def test_a_tank_gives_each_kilogram_once_the_more_important_first():
    of = plant(WHITE_WATER)
    rest, run = of.steady_state().indicators, of.simulate(years=0.02).indicators
    hours = rest["operating_hours"]
    for name in ("reel_t", "sewer_t", "fresh_t"):
        assert run[name] / 8760 == pytest.approx(rest[name] / hours, rel=1e-9), name
    assert rest["sewer_t"] / hours == pytest.approx(0.8 * (5.0 + 10.0 + 1.0) - 10.0 - 1.0)


def test_a_tank_spills_what_no_train_that_draws_from_it_takes():
    """It gets 12.8 t/h, of which the shower takes 1, and the wire, which comes behind it, 10."""
    text = WHITE_WATER.replace('"wire -> shower -> press"', '"wire -> chest -> shower -> press"')
    text = text.replace('    "white_water -> saveall -> sewer",\n', "")
    text = text.replace('priorities = ["wire", "saveall"]\n', "")
    text = text.replace('[units.saveall]\nkind = "pump"\ncapacity = "50 t/h"\n', "")
    text = text.replace("[tanks.white_water]\n", '[tanks.white_water]\nspills_to = "sewer"\n')
    text = text.replace("ratio.water = 0.05\n", 'ratio.water = 0.05\ncapacity = "50 t/h"\n')
    chest = '\n[tanks.chest]\ncapacity = "20 t"\ncontents = { fibre = 0.25, water = 0.75 }\n'
    rest = plant(text + chest).steady_state().indicators
    hours = rest["operating_hours"]
    assert rest["sewer_t"] / hours == pytest.approx(12.8 - 11.0)
    assert rest["fresh_t"] == 0.0


def test_a_train_that_would_leave_nothing_in_a_tank_is_told_with_the_way_out():
    greedy = plant(changed('"wire", "saveall"', '"saveall", "wire"', WHITE_WATER))
    with pytest.raises(ValueError, match="put 'wire' before 'saveall' in the priorities"):
        greedy.steady_state()


@pytest.mark.parametrize(
    ("was", "name"),
    [
        ("brine", "steam"),
        ("brine", "cooling_water_over_peak"),
        ("brine", "product"),
        ("air", "cooling_water"),
        ("air", "stock_change"),
        ("air", "product"),
    ],
)
def test_a_name_whose_figure_the_plant_has_itself_is_refused(was: str, name: str):
    section = "supplies" if was == "brine" else "sinks"
    figure = f"{section}.{name}: the plant has a figure {name}_t of its own"
    assert figure in faults(WORKS.replace(was, name))


def test_every_figure_that_a_plant_has_itself_is_kept_from_supplies_and_sinks():
    peaked = plant(WORKS + "[peaks]\nsteam = 1.0\ncooling_water = 1.0\n")
    own = {name.removesuffix("_t") for name in peaked.units if name.endswith("_t")}
    of_accounts = {*plant().sheet.sinks, *plant().sheet.supplies}
    assert {name for name in own - of_accounts if "." not in name} == set(FIGURES)


def test_the_sink_of_the_only_product_may_be_called_so():
    of = plant(WORKS.replace("drums", "product")).steady_state().indicators
    assert of["product_t"] == pytest.approx(4029.6)


def test_what_holds_a_plant_at_constant_conditions_may_be_a_utility():
    short = plant(WORKS + "steam = 0.5\n[utilities]\nsteam = 100\n").steady_state()
    assert short.indicators["steam_t"] == pytest.approx(876.0)
    assert short.bottleneck == "steam"
    assert plant(WORKS + "steam = 0.5\n").steady_state().bottleneck == "still"


def test_in_time_it_is_the_same_utility():
    """The pump runs at its capacity until the tank is full; steam is short all the time."""
    short = plant(WORKS + "steam = 0.5\n[utilities]\nsteam = 100\n")
    run = short.simulate("none", years=0.05, without=["failures"])
    assert run.full_hours["steam"] == pytest.approx(438.0)
    assert 0.0 < run.full_hours["pump"] < 10.0
    assert run.full_hours["still"] == 0.0
    assert run.bottleneck == "steam"


CARS = """
[operation.cars]
kind = "delivery"
train = "pump"
order_point = "5 t"
lot = "5 t"
lead_time = "1 h"
lead_spread = 0.1
"""


def test_so_may_it_be_a_train_that_only_unloads():
    slow = plant(changed('capacity = "3 t/h"', 'capacity = "0.5 t/h"') + CARS)
    assert slow.process_trains == ("still",)
    assert slow.steady_state().bottleneck == "pump"


def test_an_order_point_above_the_tank_keeps_orders_under_way():
    """Cars take 40 h and the still 1 t/h: 40 t are used in a lead time, out of a tank of 20 t.

    It stands once, from when the 9.6 t of the first day are used until the first cars come.
    """
    far = CARS.replace("1 h", "40 h").replace("lead_spread = 0.1", "lead_spread = 0.0")
    late, timely = (
        plant(WORKS + far.replace('"5 t"', f'"{point} t"', 1)).simulate(
            "none", years=0.1, without=["failures"]
        )
        for point in (19, 45)
    )
    assert late.indicators["operating_hours"] < 0.6 * 8760.0
    assert timely.indicators["operating_hours"] == pytest.approx((876.0 - (40.0 - 9.6)) / 0.1)
    told = faults(WORKS + CARS.replace('"5 t"', '"300 kg"', 1))
    assert "cars.order_point of 300 kg is less than tank always keeps, 400 kg: nothing" in told


def test_a_train_that_draws_from_a_tank_unloads_nothing():
    told = faults(WORKS + CARS.replace('"pump"', '"still"'))
    assert "operation.cars.train: train 'still' draws from tank 'tank', so that nothing" in told


def test_in_time_a_train_whose_tank_spills_is_no_bottleneck():
    """The still runs day and night behind a pump that works half of the day, and sends most by."""
    text = changed('pacer = "still"', 'pacer = "pump"').replace('"3 t/h"', '"9 t/h"')
    text = text.replace('capacity = "20 t"', 'capacity = "20 t"\nspills_to = "air"')
    run = plant(text + SHIFT).simulate("none", years=0.01, seed=1)
    assert run.full_hours["still"] > run.full_hours["pump"] > 0.0
    assert run.bottleneck == "pump"


def test_only_what_is_ordered_does_not_run_a_tank_over_ahead_of_a_small_train():
    """The pump gives 3 t/h of what the still takes 1; what comes in cars waits for orders."""
    spilling = changed('capacity = "20 t"', 'capacity = "20 t"\nspills_to = "air"')
    with pytest.raises(BalanceError, match=r"tank 'tank' spills .* raise still.*or let the tank b"):
        plant(spilling).steady_state()
    run = plant(spilling + CARS).simulate("none", years=0.1, without=["failures"])
    assert run.ledger.total(source="tank", sink="air") == 0.0
    made = plant(spilling + CARS).steady_state().indicators["product_t"]
    assert made == pytest.approx(plant().steady_state().indicators["product_t"])


def test_a_campaign_is_a_shutdown_for_the_rest_of_the_year():
    rest = '\n[operation.rest]\nkind = "shutdown"\nstart = "300 d"\nduration = "265 d"\n'
    run = plant(WORKS + rest).simulate("none", years=2, seed=1)
    assert run.operating_hours == pytest.approx(2 * 24.0 * (365.0 - 265.0))


SHIFT = '\n[operation.day]\nkind = "shift"\ntrain = "pump"\nstart = 6\nhours = 12\n'


def test_a_train_that_a_supply_feeds_may_work_in_shifts():
    """Half a day at 3 t/h is more than the still takes at 1 t/h: the tank bridges the night."""
    of = plant(WORKS + SHIFT)
    made = of.simulate(years=0.1, without=("failures",)).indicators
    assert made["product_t"] == pytest.approx(
        plant().steady_state().indicators["product_t"], rel=0.02
    )


@pytest.mark.parametrize("start_hour", [0.0, 4387.0, 4390.5, 4399.25])
def test_a_shift_is_at_its_hour_of_the_day_in_a_run_that_begins_at_any(start_hour: float):
    """From 6 to 18 h; it begins at midnight, at 19 h, at half past 22, at a quarter past 7."""
    of = plant(changed('capacity = "20 t"', 'capacity = "2000 t"') + SHIFT)
    run = of.simulate(years=3.0 / 365.0, start_hour=start_hour, record=True)
    turns = [(start_hour + hour) % 24.0 for hour, who, _ in run.recorded.states if who == "pump"]
    assert set(turns) - {start_hour % 24.0} == {6.0, 18.0}


def test_a_key_that_a_tank_does_not_have_is_told_beside_all_that_it_may_have():
    told = faults(changed('capacity = "20 t"', 'capacity = "20 t"\nspills = "air"'))
    assert "no 'spills'; did you mean 'spills_to'?" in told
    told = faults(changed('capacity = "20 t"', 'capacity = "20 t"\nwhither = "air"'))
    assert all(key in told for key in ("capacity", "heel", "contents", "spills_to"))


@pytest.mark.parametrize(
    ("scheme", "message"),
    [
        ('class = "no-cost"\npatches = [{ path = "still.capacity", scale = 1.1 }]',
         "schemes.toml, line 1: S: title: expected a text, came nothing"),
        ('class = "no-cost"\ntitle = "T"', "schemes.toml, line 1: S: no patches: write at least"),
        ('class = "no-cost"\ntitle = "T"\npatches = [{ path = "pump.failure.mtbf", add = 1.0 }]',
         "schemes.toml, line 4: S: no parameter 'pump.failure.mtbf'"),
    ],
)  # fmt: skip
def test_one_fault_of_a_scheme_is_told_once_with_its_line(scheme: str, message: str):
    told = faults(WORKS, schemes=f"[S]\n{scheme}\n")
    assert told.startswith(message)
    assert "\n" not in told


def test_what_two_pipes_bring_may_be_mixed():
    """Vapour and liquid of the still meet again: all that comes goes to the drums."""
    text = changed('"still.top -> air",', '"still.top -> again",')
    text = text.replace(
        '"still.bottom -> drums",', '"still.bottom -> again.second",\n    "again -> drums",'
    )
    text += '\n[units.again]\nkind = "mixer"\ninlets = ["feed", "second"]\ndraws = []\n'
    year = plant(text).steady_state().indicators
    assert year["drums_t"] == pytest.approx(year["brine_t"])


def test_a_unit_that_is_called_maintenance_acts_at_rest():
    text = changed("[units.still]", "[units.maintenance]").replace("still.", "maintenance.")
    text = text.replace("tank -> still", "tank -> maintenance").replace('"still"', '"maintenance"')
    of = plant(text)
    assert of.acts_at_rest(of.baseline().tree, "maintenance.recovery.water")
    assert not of.acts_at_rest(of.baseline().tree, "maintenance.failure.mtbf")


def test_the_size_of_a_tank_has_no_part_in_constant_conditions():
    """A larger silo was worth nothing, and nobody said that it had not been looked at."""
    of = plant(schemes='[S]\nclass = "no-cost"\ntitle = "a"\n'
               'patches = [{ path = "tank.capacity", set = "40 t" }]\n')  # fmt: skip
    assert of.variant("S").in_time_alone(["S"]) == {"S": ("tank.capacity",)}
    assert of.steady_state("S").indicators == of.steady_state().indicators


@pytest.mark.parametrize(
    ("was", "name"),
    [('salt = "NaCl"', "components"), ("[units.pump]", "units"), ("[tanks.tank]", "tanks")],
)
def test_nothing_is_called_all_which_tables_mean_all_by(was: str, name: str):
    becomes = 'all = "NaCl"' if name == "components" else f"[{name}.all]"
    told = faults(changed(was, becomes))
    assert f"{name}.all: choose another name: readings and histories mean all by it" in told


PLAIN = (
    OWN[:CONVERT]
    .replace(
        "from sim import Recipe",
        "from sim.network.plain import Answer, PlainUnit\nfrom sim import Recipe",
    )
    .replace("(Unit)", "(PlainUnit)")
    .replace("ClassVar\n", "ClassVar, NamedTuple\n", 1)
    .replace("\n\n@dataclass", "\n\nclass Felt(NamedTuple):\n    air: float\n\n\n@dataclass", 1)
    + "    felt: ClassVar = Felt\n\n    def answer(self, at, charge):\n        "
)
SPLIT = "return Answer(((self.taken, 0.0), (1.0 - self.taken, 1.0)), (), (), ())"


def plain(said: str) -> FolderPlant:
    """Return the plant with a unit of one's own that answers in numbers, asked in Python.

    The one before it feels other surroundings: one train compiles for one kind alone.
    """
    text = CRYSTALS.replace('"tank -> still"', '"tank -> before -> still"')
    text = text.replace('pacer = "still"', 'pacer = "before"')
    text += '\n[units.before]\nkind = "pump"\n'
    files = {"plant.toml": text, "crystals.py": f"{PLAIN}{said}\n"}
    return FolderPlant(tuple(sorted(files.items())))


def test_a_unit_of_ones_own_may_answer_in_numbers():
    usual = FolderPlant(tuple(sorted({"plant.toml": CRYSTALS, "crystals.py": OWN}.items())))
    found, expected = plain(SPLIT).steady_state().indicators, usual.steady_state().indicators
    assert found["product_t"] == expected["product_t"]


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("return 5", ": Crystals.answer: expected an Answer of splits, draws, uses and fractions"),
        ("1 / 0", r", line \d+: ZeroDivisionError: division by zero"),
        ("return self.nix", r", line \d+: AttributeError: .* no attribute 'nix'"),
        (SPLIT.replace("), ()", "), (1.0,)"), ": Crystals.answer: expected 0 draws in a tuple|0 "),
        (SPLIT.replace("1.0 - self", "1.1 - self"), ": Crystals.answer: its recipe splits 1.1 kg"),
        (SPLIT.replace("(self.taken", "(-0.2"), ": Crystals.answer: its recipe splits -0.2 kg/kg"),
        (SPLIT.replace("(self.taken", "(float('nan')"), ": Crystals.answer: .* a share, came nan"),
    ],
)
def test_what_it_answers_wrongly_is_told_as_what_is_wrong_with_the_file(said: str, message: str):
    """It ended a run as if nobody could help it, with a line of this program."""
    for ask in (lambda of: of.simulate(years=0.001), lambda of: of.steady_state()):
        with pytest.raises(Misfit, match=rf"^crystals\.py{message}"):
            ask(plain(said))


def test_schemes_that_are_wrong_are_told_though_prices_name_them():
    """It was an error of Python's own: field names must be valid identifiers."""
    scheme = 'title = "a"\npatches = [{ path = "still.recovery.water", scale = 0.9 }]'
    money = '[money]\ncurrency = "EUR"\ninterest_rate = 0.08\nhorizon = 8\n[investments]\nS-1 = 9\n'
    told = faults(WORKS, schemes=f"[S-1]\n{scheme}\n", prices=money)
    assert "schemes.toml, line 1: S-1: an id is a letter with letters and digits" in told


@pytest.mark.parametrize(
    ("was", "becomes", "hint"),
    [
        ('kind = "pump"', 'kind = "Python"', "no kind 'Python'; did you mean 'python'?"),
        ('kind = "pump"', 'kind = "ion exchange"', "no kind 'ion exchange'; known: pump, mixer, "),
        ('pacer = "still"', 'pacer = "still"\nheadlines = ["dums_t"]', "did you mean 'drums_t'?"),
        ('"3 t/h"', '"3 m3/h"', "unit 'm3/h': expected 'kg/h'; a volume: times its density, kg/m3"),
    ],
)
def test_what_was_meant_is_told_in_place_of_what_is_not_there(was: str, becomes: str, hint: str):
    assert hint in faults(changed(was, becomes))


@pytest.mark.parametrize("money", ["", 'currency = "yuan RMB"\n', 'curency = "CNY"\n'])
def test_a_currency_that_is_missing_is_one_fault(money: str):
    """Every price in it was told to be in no known unit, too."""
    text = f"[money]\n{money}interest_rate = 0.08\nhorizon = 8\n"
    text += '[sold.goods]\nof = "drums_t"\nprice = "9 CNY/t"\n'
    told = faults(WORKS, prices=text)
    assert "money.currency: " in told
    assert "sold.goods" not in told
    assert "price: expected a number" in faults(WORKS, prices=text.replace("9 CNY/t", "dear"))


def test_a_scheme_without_patches_lacks_those_alone():
    told = faults(WORKS, schemes='[S]\nclass = "no-cost"\ntitle = "a"\npatches = []\n')
    assert "no patches" in told
    assert "target" not in told


@pytest.mark.parametrize(
    ("patch", "after"),
    [
        ('path = "still.capacity", add = "1 t/h", low = "0.5 t/h", high = 1500', 2_000.0),
        ('path = "still.capacity", add = "-0.1 t/h"', 900.0),
        ('path = "warm.temperature", add = "2 degC"', 355.15),
        ('path = "warm.temperature", add = "-2 K"', 351.15),
    ],
)
def test_what_is_added_may_have_a_unit_and_degrees_are_a_difference(patch: str, after: float):
    """It was "expected a number"; 2 degC more are 2 K, not 275.15."""
    text = changed('"tank -> still"', '"tank -> warm -> still"').replace('"still"', '"warm"')
    text = changed('water = "H2O"', 'water = { formula = "H2O", heat_capacity = 4.18 }', text)
    text = changed('salt = "NaCl"', 'salt = { formula = "NaCl", heat_capacity = 0.9 }', text)
    text += '[units.warm]\nkind = "heater"\ninlet_temperature = "20 degC"\n'
    text += 'temperature = "80 degC"\n'
    scheme = f'[S]\nclass = "no-cost"\ntitle = "a"\npatches = [{{ {patch} }}]\n'
    tree = plant(text, schemes=scheme).variant("S").tree
    unit, name = patch.split('"')[1].split(".")
    assert getattr(getattr(tree, unit), name) == pytest.approx(after)


@pytest.mark.parametrize(
    ("patch", "told"),
    [
        ('still.capacity", add = "1 m"', "add: unit 'm': expected 'kg/h'"),
        (
            'still.capacity", set = "2,5 t/h", low = 1.0, high = 3.0',
            "write a decimal point, like 2",
        ),
        ('still.recovery.water", set = "75 %", low = 0.7, high = 0.8', "(75 % is 0.75 kg/kg)"),
    ],
)
def test_what_is_wrong_with_the_number_of_a_scheme_is_told_once(patch: str, told: str):
    """It was told as no number, and as one that has no range, too."""
    scheme = f'[S]\nclass = "no-cost"\ntitle = "a"\npatches = [{{ path = "{patch} }}]\n'
    found = faults(WORKS, schemes=scheme)
    assert told in found
    assert "range" not in found


PARTED = """
pipes = ["brine -> split", "split.a -> drums", "split.b -> air", "split.c -> air"]
[plant]
name = "split"
[components]
water = "H2O"
[supplies]
brine = { water = 1 }
[sinks]
drums = "product"
air = "emission gas"
[units.split]
kind = "splitter"
outlets = ["a", "b", "c"]
share = { a = 0.7, b = 0.2 }
capacity = "1 t/h"
"""


@pytest.mark.parametrize(
    ("was", "becomes", "told"),
    [
        ("b = 0.2", "b = 0.32", "split.share: the shares add up to 1.02 kg/kg, more than 1"),
        ("b = 0.2 }", "b = 0.2, c = 0.1 }", "share.c: c is the last outlet, which takes the rest"),
        ('"1 t/h"', "1 t/h", "(at line 16, column 14); write it in quotes, like '1 t/h'"),
        ("a = 0.7", "a = 70 %", "write it in quotes, like '70 %'"),
        ('kind = "splitter"', 'kind = "converter"\nreactions.r = "water + 0.5 air -> drums"',
         "came '0.5 air'; multiply all until each number is whole"),
    ],
)  # fmt: skip
def test_what_newcomers_write_is_told_with_what_to_write(was: str, becomes: str, told: str):
    assert told in faults(PARTED.replace(was, becomes))


def test_a_path_with_the_name_of_its_table_is_told_without():
    scheme = '[A]\nclass = "no-cost"\ntitle = "x"\npatches = [{ path = "P", scale = 1.1 }]\n'
    for path in ("units.still.capacity", "tanks.tank.capacity", "supplies.brine.salt"):
        own = path.partition(".")[2]
        assert f"did you mean {own!r}?" in faults(WORKS, schemes=scheme.replace("P", path))
        plant(schemes=scheme.replace("P", own))


def test_a_limit_of_what_stays_in_the_plant_is_told_where_it_leads():
    inside = LIMIT.replace('at = "air"', 'at = "pump.passed"')
    assert inside != LIMIT
    assert "at: pump.passed leads to tank: a limit is of what leaves the plant" in faults(
        WORKS, limits=inside
    )


def test_check_tells_what_runs_short_of_a_conversion(tmp_path: Path):
    """Three kmol of salt react with as many of seven of water."""
    text = changed(
        'kind = "pump"\n',
        'kind = "converter"\nconversion.fire = 0.9\n'
        'reactions.fire = { equation = "water + salt -> fume", key = "water" }\n',
    )
    text = text.replace('"NaCl"', '"H2O"\nfume = "H4O2"').replace("salt = 0.1", "salt = 0.3")
    text = text.replace("water = 0.9", "water = 0.7")
    folder.write(plant(text), tmp_path / "x")
    told = "salt runs short in pump: fire converts 0.429 of water, not 0.9"  # 3/7
    assert told in str(ex.plant_check(tmp_path / "x"))


def test_a_workbook_in_place_of_a_table_is_told_to_be_saved_as_one(tmp_path: Path):
    folder.write(plant(), tmp_path / "x")
    (tmp_path / "x" / "readings.xlsx").write_bytes(b"PK")
    with pytest.raises(ValueError, match=r"readings.xlsx: save its sheet as readings.csv, as CSV"):
        folder.load(tmp_path / "x")
    (tmp_path / "x" / "readings.csv").write_text("at, reading, unit, error\n", encoding="utf-8")
    assert folder.load(tmp_path / "x").name == "still house"
