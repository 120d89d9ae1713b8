"""Enthalpies of streams against published heats and their own consistency."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plant_models.chlorobenzene.heat.balance import HEATS_OF_REACTION
from plant_models.chlorobenzene.substances import enthalpy as e
from plant_models.chlorobenzene.substances.chemistry import (
    CHLORINATION,
    COMPONENTS,
    MCB,
    NEUTRALISATION,
    ORGANICS,
    WATER,
)
from plant_models.chlorobenzene.substances.properties import (
    MOLAR_MASS,
    REFERENCE,
    latent_heat,
    liquid_heat_capacity,
)

STREAMS = st.lists(st.floats(0.0, 1e4), min_size=11, max_size=11).filter(
    lambda kg: sum(kg) - kg[8] > 1.0  # salt alone has no heat capacity here
)
TEMPERATURES = st.floats(275.0, 420.0)


def reaction_heat(reaction):
    """Enthalpy of a kmol of reaction at 25 degC, kJ/kmol."""
    return sum(
        e.formation(COMPONENTS.stream(**{COMPONENTS.names[i]: kg}))
        for i, kg in reaction.kg_per_kmol
    )


def test_first_chlorination_gives_130_2_megajoules_a_kmol():
    assert reaction_heat(CHLORINATION) == pytest.approx(-130_173, abs=30)
    assert HEATS_OF_REACTION[CHLORINATION] == pytest.approx(-reaction_heat(CHLORINATION))


def test_neutralisation_of_dissolved_acid_gives_55_8_megajoules_a_kmol():
    """Of gas it gives the heat of solution at infinite dilution, 74.85, in addition."""
    assert -reaction_heat(NEUTRALISATION) - 74_850 == pytest.approx(55_840, abs=300)
    assert HEATS_OF_REACTION[NEUTRALISATION] == pytest.approx(-reaction_heat(NEUTRALISATION))


@pytest.mark.parametrize(
    ("water", "formation"),
    [(100, -165.925), (50, -165.356), (20, -163.85), (10, -161.318), (5, -155.77), (4, -152.917)],
)
def test_heat_of_solution_is_that_of_the_tables(water, formation):
    """Dissolved in so many kmol of water less gaseous, -92.31 (nbs-1982, recalled), within 1 %."""
    kg = COMPONENTS.stream(hydrogen_chloride=36.458, water=water * 18.015)
    assert e.solution(kg, 298.15) == pytest.approx(1000.0 * (formation + 92.31), rel=0.01)


@pytest.mark.parametrize(("strength", "capacity"), [(0.20, 3.1), (0.31, 2.55)])
def test_heat_capacity_of_acid_is_the_tabulated_one(strength, capacity):
    """Within 1.5 %: recalled from handbook tables in cal/g/K, 0.74 and 0.61."""
    kg = COMPONENTS.stream(hydrogen_chloride=strength, water=1.0 - strength)
    rise = e.thermal(kg, 308.15, "aqueous") - e.thermal(kg, 288.15, "aqueous")
    assert rise / 20.0 == pytest.approx(capacity, rel=0.015)


@pytest.mark.parametrize("i", [*ORGANICS, WATER])
def test_vapour_holds_the_latent_heat_more_than_liquid(i):
    kg = [0.0] * 11
    kg[i] = 2.0
    more = e.enthalpy(kg, 340.0, "gas") - e.enthalpy(kg, 340.0, "oil")
    assert more == pytest.approx(2.0 * latent_heat(i, 340.0), rel=1e-9)


def test_sensible_heat_is_the_mean_heat_capacity_times_the_rise():
    """Exact for heat capacities linear in temperature."""
    kg = COMPONENTS.stream(chlorobenzene=3.0)
    mean = liquid_heat_capacity(MCB, 0.5 * (298.15 + 400.0))
    assert e.sensible(kg, 400.0) == pytest.approx(3.0 * mean * (400.0 - 298.15), rel=1e-12)


@given(STREAMS, TEMPERATURES)
def test_warming_by_the_sensible_heat_gives_back_the_temperature(kg, T):
    assert e.warmed(kg, e.sensible(kg, T)) == pytest.approx(T, abs=1e-6)


@given(STREAMS, TEMPERATURES, st.sampled_from(e.STATES))
def test_enthalpy_is_extensive(kg, T, state):
    double = [2.0 * each for each in kg]
    assert e.enthalpy(double, T, state) == pytest.approx(2.0 * e.enthalpy(kg, T, state), rel=1e-9)


def test_molar_heats_of_formation_are_referred_to_mass():
    assert e.HEATS_OF_FORMATION[WATER] * MOLAR_MASS[WATER] == pytest.approx(-285_825)


def test_what_holds_no_heat_stays_at_the_reference_temperature():
    assert e.warmed((0.0,) * len(MOLAR_MASS), 0.0) == REFERENCE
