"""How to cite a run: the sources of exactly what it used, the version, the draws."""

import re

import pytest

from plant_models import chlorobenzene as cb
from plant_models import folder
from plant_models.chlorobenzene.model import PLANT
from plant_models.flowshop import PLANT as FLOWSHOP
from plant_models.methods.citation import installed_version, used
from sim.model.facts import set_values


def test_a_run_cites_program_version_draws_and_design():
    cited = PLANT.simulate("F1", years=0.01, seed=7, replication=2).cite()
    number = installed_version("cleanerline")
    for part in (f"cleanerline {number}", "F1", "0.01 years, seed 7, replication 2", "assumed"):
        assert part in cited.sentence
    assert "constant conditions" in PLANT.steady_state().cite().sentence


def test_bibtex_has_an_entry_for_every_key_of_the_sentence():
    cited = PLANT.steady_state("F1-F11").cite()
    keys = re.findall(r"\[([\w.-]+)\]", cited.sentence)
    entries = re.findall(r"^@\w+\{([\w.-]+),$", cited.bibtex, re.MULTILINE)
    assert keys == entries == list(cited.keys)
    assert cited.bibtex.count("{") == cited.bibtex.count("}")
    assert not re.search(r"(?<!\\)[%&]", cited.bibtex)


def test_what_a_user_sets_is_not_cited():
    """The thesis is the source of the conversion alone; whoever sets it takes its word away."""
    own = cb.own_design(settings={"chlorinator.conversion": 0.31})
    assert "boiling-chlorination-thesis" in used(PLANT.variant("none")).keys
    assert "boiling-chlorination-thesis" not in used(PLANT.variant(own)).keys


def test_the_case_study_is_cited_for_its_schemes():
    bare = set_values(cb.BASELINE, "gas_catcher.water=750")
    assert "gas-washing-norm" not in used(PLANT.variant(bare)).keys
    assert used(PLANT.variant("F1")).words["assumed"] > 100


def test_what_a_folder_states_or_takes_by_default_is_no_source():
    of = used(folder.load("brine").variant("B1"))
    assert of.keys == ()
    assert {"assumed", "default", "stated"} <= set(of.words)


@pytest.mark.parametrize("plant", [PLANT, FLOWSHOP])
def test_every_source_that_is_cited_is_described(plant):
    of = used(plant.variant("all"))
    assert of.keys
    assert all(of.titles[key] for key in of.keys)
