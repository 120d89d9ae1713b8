"""What studies say of a plant from a folder: no zeros for nothing, and one year is no years."""

from __future__ import annotations

from pathlib import Path

import pytest

import experiments as ex
from plant_models import folder
from plant_models.folder.model import FolderPlant
from tests.plant_models.folder.texts import WORKS, changed, plant

PRICES = """
[money]
currency = "EUR"
interest_rate = 0.08
horizon = 1

[paid.vapour]
of = "vent_t"
price = 2.0

[investments]
S1 = 10.0
"""
SCHEMES = """
[S1]
class = "low-cost"
title = "Hotter still"
reason = "More boils off."
patches = [{ path = "still.recovery.water", set = 0.4, low = 0.3, high = 0.5, note = "steam" }]
"""


def vented(text: str = WORKS, prices: str = PRICES, schemes: str = SCHEMES) -> FolderPlant:
    """Return the still house with a vent of another name, prices and a scheme."""
    other = text.replace("still.top -> air", "still.top -> vent").replace("air = ", "vent = ")
    return plant(other, prices=prices, schemes=schemes)


@pytest.fixture(scope="module")
def house() -> FolderPlant:
    return vented()


def test_what_there_is_none_of_is_counted_not_listed(house: FolderPlant):
    """No salt goes up the vent, before or after: nothing falls, and nothing is said to."""
    told = str(ex.readings("S1", plant=house))
    assert "vent.salt_t" not in told
    assert "4 more figures are 0 throughout" in told  # salt, steam, power, cooling water
    assert "constant conditions, 1 reading; 0 of" in told
    assert "the plant leaves nothing open: as it is, there is one reading of it" in told


def test_what_falls_is_asked_of_every_waste_whatever_the_sink_is_called(house: FolderPlant):
    names = [f.name for f in ex.readings("S1", plant=house).findings if f.kind == "conclusion"]
    assert names[2:] == ["vent.water_t falls"]


def test_a_conclusion_says_nothing_of_what_there_is_none_of(house: FolderPlant):
    held = ex.uncertainty("S1", samples=2, plant=house).conclusions
    assert "vent.water_t falls" in held
    assert "vent.salt_t falls" not in held


def test_samples_tell_what_was_drawn_with_its_unit_so_that_results_regress_on_it(house):
    """What goes up the vent changes with the recovery: a straight line."""
    samples = ex.uncertainty("S1", samples=5, sobol=0, plant=house).tables()["samples"]
    table, drawn = samples.frame(), "S1 still.recovery.water"
    assert table[drawn].between(0.3, 0.5).all()
    more = table[drawn] - table["still.recovery.water"]
    assert more.corr(table["change of vent.water_t"]) == pytest.approx(1.0, abs=1e-9)
    assert samples.units[drawn] == "kg/kg"


def test_a_scheme_is_explained_by_its_reason_and_its_title_is_not_said_twice(house: FolderPlant):
    lines = str(ex.explain("S1", plant=house)).splitlines()
    assert lines[:2] == ["S1  Hotter still (low-cost, assumed)", "    More boils off."]
    bare = plant(schemes=SCHEMES.replace('reason = "More boils off."\n', ""))
    assert str(ex.explain("S1", plant=bare)).splitlines()[1] == ""


def test_one_year_is_no_years(house: FolderPlant):
    assert "over 1 year;" in str(ex.money("S1", plant=house))
    assert "mean over 1 run of 1 year," in str(ex.causes("none", plant=house, replications=1))


@pytest.mark.long
def test_what_a_conversion_of_one_leaves_by_rounding_is_none():
    """1 - 1 is not always 0 where shares are multiplied; a crumb is told as nothing."""
    made = 'kind = "converter"\nreactions.fire = "3 salt -> 3 water"\n'  # of equal formulas
    text = changed('kind = "pump"\n', made + "conversion.fire = 1.0\n").replace('"NaCl"', '"H2O"')
    found = plant(text).steady_state().indicators
    assert found["drums.salt_t"] == 0.0
    assert found["drums.water_t"] > 0.0
    waste = text.replace('"product"', '"residue"').replace("{ salt = 0.1, water", "{ water")
    run = ex.run(plant=plant(waste.replace("water = 0.9 }", "water = 1.0 }")), years=0.01)
    assert run.of.first.ledger.total("salt", sink="drums") > 0.0
    assert "salt" not in str(run).partition("out, t/yr")[2]


def test_a_train_that_nothing_asks_for_is_told_with_its_line_and_a_way_out(tmp_path):
    lonely = changed('"still.top -> air",', '"still.top -> air", "brine -> press -> drums",')
    folder.write(
        plant(lonely + '\n[units.press]\nkind = "pump"\ncapacity = "1 t/h"\n'), tmp_path / "x"
    )
    with pytest.raises(ValueError, match="train 'press' draws from supply 'brine'") as caught:
        ex.plant_check(tmp_path / "x")
    line = (tmp_path / "x" / "plant.toml").read_text().splitlines().index("[units.press]") + 1
    assert str(caught.value).startswith(f"plant.toml, line {line}: train 'press'")
    assert "join it to the pacer by pipes, or let an inlet that draws take" in str(caught.value)


def test_check_tells_what_nothing_flows_to(tmp_path):
    idle = changed('"still.bottom -> drums",', '"still.bottom -> wash", "wash.extract -> pond", '
                   '"water -> wash.solvent", "wash.washed -> drums",').replace(
        "[sinks]", '[supplies.water]\nwater = 1.0\n\n[sinks]\npond = "wastewater"'
    )  # fmt: skip
    apart = "\n[tanks.spare]\ncapacity = 9.0\ncontents = { water = 1.0 }\n"
    folder.write(
        plant(f'{idle}{apart}\n[units.wash]\nkind = "wash"\nratio = 0.0\n'), tmp_path / "x"
    )
    found = ex.plant_check(tmp_path / "x")
    assert "nothing flows at constant conditions: pond, water" in str(found)
    assert "tanks.spare: no pipe leads to it, and none away" in found.troubles


FAILS = '[units.still]\nfailure = { mtbf = "30 d", mttr = "8 h", '


@pytest.mark.parametrize(
    ("of", "told"),
    [
        ("shape = 2.0", "failure.shape: of no effect, for still.failure.law is exponential"),
        ('shape = 2.0, law = "weibull"', ""),
        ("shape = 1.0", ""),
        ('repair_spread = 0.1, repair_law = "constant"',
         'failure.repair_spread: of no effect, for still.failure.repair_law is constant; it counts '
         'with "lognormal"'),
        ("repair_spread = 0.1", ""),
    ],
)  # fmt: skip
def test_check_tells_which_number_of_a_law_counts_for_nothing(of: str, told: str, tmp_path: Path):
    folder.write(plant(changed("[units.still]\n", f"{FAILS}{of} }}\n")), tmp_path / "x")
    found = "\n".join(ex.plant_check(tmp_path / "x").troubles)
    assert f"still.{told}" in found if told else "no effect" not in found


RINSED = changed(
    '"still.bottom -> drums",',
    '"still.bottom -> rinse", "water -> rinse.solvent", "rinse.extract -> air", '
    '"rinse.washed -> drums",',
).replace("[sinks]", "[supplies.water]\nwater = 1.0\n\n[sinks]")


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        (
            "wash",
            "rinse.distribution.water: not said; 0 kg/kg is taken, with which all water that comes "
            "by solvent leaves by washed",
        ),
        (
            "absorber",
            "rinse.equilibrium.water: not said; 1e+06 kmol/kmol is taken, with which all water "
            "that comes by liquid leaves by gas",
        ),
    ],
)
def test_what_is_washed_with_and_never_leaves_again_looks_wrong(tmp_path, kind: str, told: str):
    """A rinse without a word on its water kept all of it in the cloth, and the dryer boiled it."""
    text = f'{RINSED}\n[units.rinse]\nkind = "{kind}"\nratio = 2.0\n'
    if kind == "absorber":
        text = text.replace("rinse.solvent", "rinse.liquid").replace(
            "rinse.extract", "rinse.liquor"
        )
        text = text.replace("rinse.washed", "rinse.gas")
    folder.write(plant(text), tmp_path / "x")
    found = ex.plant_check(tmp_path / "x")
    assert found.troubles == (told,)
    key, _, _ = told.partition(":")
    said = text + f"{key.removeprefix('rinse.')} = 10.0\n"
    folder.write(plant(said), tmp_path / "y")
    assert ex.plant_check(tmp_path / "y").troubles == ()
    assert str(found).startswith("still house: 3 units, 1 tank, 2 trains, no faults")


def test_a_by_product_is_a_co_product_and_the_process_is_told_per_tonne_of_the_product():
    """Of 1 t/h, 0.46 t/h leave as drums: 0.54 t of vapour go with 0.46 t of them."""
    sold = plant(changed('air = "emission gas"', 'air = "by-product"'))
    found = ex.export_lca("none", plant=sold, years=0.02, replications=1)
    told = {each.name: each for each in found.process.exchanges if not each.is_input}
    assert told["drums"].amount == 1000.0
    assert told["still top"].amount == pytest.approx(1000.0 * 0.54 / 0.46, rel=1e-6)
    assert "still top  " in str(found)
    assert "co-product" in str(found)


def test_operating_hours_that_nothing_in_time_stands_for_look_wrong(tmp_path):
    text = changed('pacer = "still"\n', 'pacer = "still"\noperating_hours = 6000\n')
    folder.write(plant(text), tmp_path / "x")
    assert "operating_hours: 6,000, yet no shift or shutdown" in str(ex.plant_check(tmp_path / "x"))
    shut = '\n[operation.summer]\nkind = "shutdown"\nstart = "100 d"\nduration = "100 d"\n'
    folder.write(plant(text + shut), tmp_path / "y")
    assert "operating_hours" not in str(ex.plant_check(tmp_path / "y"))


@pytest.mark.parametrize(
    ("train", "hours", "told"),
    [
        ("still", "2000", "2,000, yet no shift or shutdown keeps it from running 4,380 h"),
        ("still", "4300", ""),
        ("still", "8000", "8,000, yet shifts and shutdowns leave 4,380 h to run"),
        ("pump", "2000", "2,000, yet no shift or shutdown keeps it from running 8,760 h"),
    ],
)
def test_a_shift_counts_as_far_as_its_train_is_loaded(train: str, hours: str, told: str, tmp_path):
    """The pump brings the 1 t/h of the still at a third of its 3 t/h: half the day will do."""
    text = changed('pacer = "still"\n', f'pacer = "still"\noperating_hours = {hours}\n')
    half = f'\n[operation.day]\nkind = "shift"\ntrain = "{train}"\nstart = 18\nhours = 12\n'
    folder.write(plant(text + half), tmp_path / "x")
    found = [each for each in ex.plant_check(tmp_path / "x").troubles if "operating" in each]
    assert [told in each for each in found] == ([True] if told else [])


def test_a_small_plant_tells_its_money_whole(house: FolderPlant, tmp_path):
    """2.0 EUR/t on 4,730 t of vapour is 9,461 EUR a year; a thousandth of the price is 9."""
    whole = PRICES.replace("horizon = 1", "horizon = 1\nthousands = false")
    other = vented(prices=whole)
    assert (other.economy.unit, other.economy.unit_word) == (1.0, "EUR")
    tables = [ex.money(plant=each).tables()["steps"].records[0] for each in (house, other)]
    assert tables[0]["net"] == tables[1]["net"]  # tables are in the currency
    assert "; 10^3 EUR" in str(ex.money(plant=house))
    assert "; EUR\n" in str(ex.money(plant=other))
    assert "10^3" not in str(ex.cube(plant=other))
    folder.write(vented(prices=PRICES.replace("price = 2.0", "price = 0.002")), tmp_path)
    assert "no item and no investment comes to 1,000 EUR" in str(ex.plant_check(tmp_path))
    with pytest.raises(ValueError, match=r"money.thousands: expected true or false, came 1"):
        vented(prices=whole.replace("false", "1"))


@pytest.mark.parametrize(("left", "told"), [(1e-11, "practically nothing, "), (0.0, "0 in a year")])
def test_a_product_that_is_practically_nothing_looks_wrong(left: float, told: str, tmp_path):
    was = next(row for row in WORKS.splitlines() if row.startswith("recovery.water"))
    text = changed(was, f"recovery = {{ salt = 1.0, water = {1.0 - left!r} }}")
    folder.write(plant(text), tmp_path / "x")
    assert f"its product is {told}" in str(ex.plant_check(tmp_path / "x"))


WASHER = """
pipes = ["brine -> mix -> split", "back -> mix.water", "water -> mix.water",
         "split.kept -> back", "split.rest -> drums"]
plant = { name = "washer", pacer = "mix" }
components = { salt = "NaCl", water = "H2O" }
supplies = { brine = { salt = 0.1, water = 0.9 }, water = { water = 1.0 } }
sinks = { drums = "product" }
tanks.back = { capacity = "5 t", contents = { water = 1.0 } }

[units.mix]
kind = "mixer"
inlets = ["feed", "water"]
capacity = "1 t/h"
ratio.water = { value = 0.8, low = 0.1, high = 0.9, source = "assumed", note = "valve" }

[units.split]
kind = "splitter"
outlets = ["kept", "rest"]
share.kept = 0.3
"""


def test_where_points_have_no_plant_the_reason_for_the_first_is_told():
    """With little water drawn, 0.3 of all that comes is more than the tank can give."""
    washer = plant(WASHER, prices=PRICES.replace("vent_t", "water_t"), schemes="""
        [S1]
        class = "low-cost"
        title = "Less kept"
        patches = [{ path = "split.share.kept", set = 0.29, low = 0.28, high = 0.3, note = "x" }]
    """)  # fmt: skip
    found = ex.uncertainty("S1", samples=8, sobol=0, plant=washer)
    assert 0 < found.misfits[0] < 8
    assert "tank 'back' gets" in found.why
    assert "at the first of them: " in str(found)


ANSWERS = {
    "money": lambda plant: ex.money("S1", plant=plant),
    "cube": lambda plant: ex.cube("S1", plant=plant),
    "attribute": lambda plant: ex.attribute("vent_t", plant=plant),
    "uncertainty": lambda plant: ex.uncertainty("S1", samples=2, sobol=0, plant=plant),
    "run": lambda plant: ex.run("S1", years=0.001, plant=plant),
    "compare": lambda plant: ex.compare("none", "S1", years=0.001, plant=plant),
    "card": lambda plant: ex.card(plant=plant),
}


@pytest.mark.parametrize("study", ANSWERS)
def test_an_answer_knows_the_chinese_of_its_plants_own_words(study: str):
    """So that what Python saves in Chinese is what the command writes."""
    titled = SCHEMES.replace("reason", 'title_zh = "釜温提高"\nreason')
    assert ANSWERS[study](vented(schemes=titled)).written["Hotter still"] == "釜温提高"


def test_a_bottleneck_that_waits_for_trucks_is_told_to_be_held_up():
    """Of 460 kg/h of drums the trucks fetch a tenth."""
    text = changed('"still.bottom -> drums"', '"still.bottom -> store", "store -> load -> drums"')
    text += """
[tanks.store]
capacity = "5 t"
contents = { salt = 0.2, water = 0.8 }
[units.load]
kind = "pump"
capacity = "9 t/h"
[operation.trucks]
kind = "collection"
train = "load"
call_level = 0.5
interval = "20 h"
spread = 0
load = "900 kg"
"""
    told = str(ex.run(plant=plant(text), years=0.1))
    assert "bottleneck: still\nyet blocked by store for " in told
    assert "yet blocked" not in str(ex.run(plant=plant(), years=0.1))
