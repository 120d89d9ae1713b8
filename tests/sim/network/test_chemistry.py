"""Elements, formulas and reactions against what is printed elsewhere."""

import pickle

import pytest
from chemicals import molecular_weight, periodic_table

from sim.network.chemistry import Components, Reaction, parse_formula
from sim.network.elements import ATOMIC_WEIGHTS

NO_STANDARD_WEIGHT = {s for s, weight in ATOMIC_WEIGHTS.items() if weight == round(weight)}


def test_every_element_is_there_in_the_order_of_its_atomic_number():
    assert list(ATOMIC_WEIGHTS) == [element.symbol for element in periodic_table]


def test_atomic_weights_are_those_of_another_table_within_its_older_edition():
    """The other table is of 2005 to 2013; zinc, germanium, selenium and others moved by 2e-4."""
    for element in periodic_table:
        if element.symbol not in NO_STANDARD_WEIGHT:
            assert ATOMIC_WEIGHTS[element.symbol] == pytest.approx(element.MW, rel=3e-4)


def test_elements_without_a_standard_weight_are_the_34_that_nature_does_not_keep():
    """Technetium, promethium, and all from polonium on but thorium, protactinium and uranium."""
    heavy = {e.symbol for e in periodic_table if e.number >= 84} - {"Th", "Pa", "U"}
    assert heavy | {"Tc", "Pm"} == NO_STANDARD_WEIGHT
    for symbol in NO_STANDARD_WEIGHT:  # another isotope was the longest-lived one known then
        other = getattr(periodic_table, symbol).MW
        assert ATOMIC_WEIGHTS[symbol] == pytest.approx(other, rel=0.04)


@pytest.mark.parametrize("formula", ["H2SO4", "K2Cr2O7", "UF6", "SiHCl3", "Pb", "C6H5Br"])
def test_a_molar_mass_is_the_sum_over_its_atoms(formula: str):
    expected = molecular_weight(parse_formula(formula))
    assert Components({"it": formula}).molar_mass[0] == pytest.approx(expected, rel=2e-4)


def test_a_reaction_of_elements_beyond_the_line_balances_in_kilograms():
    burning = Components({"sulfur": "S", "oxygen": "O2", "sulfur_dioxide": "SO2"})
    made = Reaction("sulfur + oxygen -> sulfur_dioxide", burning)
    assert sum(kg for _, kg in made.kg_per_kmol) == pytest.approx(0.0, abs=1e-12)
    assert burning.elements == ("O", "S")


def test_a_reaction_is_a_value():
    burning = Components({"sulfur": "S", "oxygen": "O2", "sulfur_dioxide": "SO2"})
    other = Components({**burning.formulas, "water": "H2O"})
    made, again = (Reaction("sulfur + oxygen -> sulfur_dioxide", burning) for _ in range(2))
    assert {made: 1}[again] == 1
    assert made != Reaction("oxygen + sulfur -> sulfur_dioxide", burning)
    assert made != Reaction(made.equation, other)
    assert {made: 1}[pickle.loads(pickle.dumps(made))] == 1  # as it comes from another process


def test_a_symbol_of_no_element_is_told_with_what_comes_near():
    with pytest.raises(ValueError, match=r"no atomic weight for 'Xx'"):
        parse_formula("H2Xx")
    with pytest.raises(ValueError, match=r"no atomic weight for 'Cx'; did you mean 'C'\?"):
        parse_formula("CxH2")


@pytest.mark.parametrize("formula", ["C0", "H0O", "(OH)0", "C12345678", "C" + 400 * "9", "C\u0662"])
def test_a_count_of_none_or_of_millions_is_no_formula(formula: str):
    with pytest.raises(ValueError, match="is not written as symbols and counts"):
        parse_formula(formula)


def test_what_stands_in_brackets_counts_as_often_as_the_number_behind():
    assert parse_formula("Al2(SO4)3") == {"Al": 2, "S": 3, "O": 12}
    assert parse_formula("Fe(C5H4(CH3))2") == {"Fe": 1, "C": 12, "H": 14}


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        ("Ca(OH", "a bracket does not close"),
        ("CaOH)2", "a bracket closes that none opens, or holds nothing"),
        ("Ca()2", "a bracket closes that none opens, or holds nothing"),
        ("CaSO4.2H2O", r"'Ca\(OH\)2'; did you mean 'CaSO4\(H2O\)2'\?"),
        ("KAl(SO4)2\u00b712H2O", r"did you mean 'KAl\(SO4\)2\(H2O\)12'\?"),
        ("CaSO4*H2O", r"did you mean 'CaSO4\(H2O\)'\?"),
        ("SO4^2-", r"did you mean 'SO4'\?"),
        ("SO42-", r"like 'C6H5Cl' or 'Ca\(OH\)2'$"),
        ("SO4--", r"did you mean 'SO4'\?"),
        ("[Co(NH3)6]Cl3", r"did you mean '\(Co\(NH3\)6\)Cl3'\?"),
        ("Na+", r"did you mean 'Na'\?"),
        ("H\u2082O ", r"did you mean 'H2O'\?"),
        ("Fe0.95O", r"like 'C6H5Cl' or 'Ca\(OH\)2'$"),
        ("D2O", r"no atomic weight for 'D'; did you mean 'H'\?"),
        ("FE2O3", r"no atomic weight for 'E'; did you mean 'Fe2O3'\?"),
        ("NACL", r"did you mean 'NaCl'\?"),
        ("h2so4", r"did you mean 'H2SO4'\?"),
        ("CO2(g)", r"did you mean 'CO2'\?"),
        ("CuSO4.5H2O(s)", r"did you mean 'CuSO4\(H2O\)5'\?"),
        ("sink", r"like 'C6H5Cl' or 'Ca\(OH\)2'$"),
    ],
)
def test_a_formula_that_cannot_be_read_says_why(formula: str, message: str):
    with pytest.raises(ValueError, match=message):
        parse_formula(formula)


WATER = Components({"water": "H2O", "hydrogen": "H2", "oxygen": "O2"})


def test_coefficients_stand_before_names_with_or_without_a_space():
    spaced, close = (
        Reaction(text, WATER)
        for text in ("2 water -> 2 hydrogen + oxygen", "2water->2hydrogen+oxygen")
    )
    assert spaced.coefficients == close.coefficients == ((0, -2), (1, 2), (2, 1))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("water --> water", "'water -'"),
        ("water steam -> water", "'water steam'"),
        ("0 water -> 0 oxygen", "'0 water'"),
        ("9" * 5000 + " water -> oxygen", "'999"),
        ("water -> ", "''"),
        ("water + -> water", "''"),
    ],
)
def test_a_term_that_is_no_count_and_component_is_told(text: str, named: str):
    with pytest.raises((ValueError, LookupError), match=r"^reaction ") as told:
        Reaction(text, WATER)
    assert named in str(told.value)
    assert not isinstance(told.value, KeyError)


def test_amounts_and_names_that_are_none_are_told():
    brine = Components({"salt": "NaCl", "water": "H2O"})
    for amount in ("1", None, float("nan")):
        with pytest.raises(ValueError, match="component 'salt': expected an amount, came "):
            brine.stream(salt=amount)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="reaction 'salt -> salt': expected Components, came None"):
        Reaction("salt -> salt", None)  # type: ignore[arg-type]
    salmiac = Components({"ammonia": "NH3", "acid": "HCl", "salmiac": "NH4Cl"})
    made = Reaction("ammonia + acid -> salmiac", salmiac)
    with pytest.raises(LookupError, match=r"'amonia'; did you mean 'ammonia'\?"):
        made.ratio("amonia", "acid")
