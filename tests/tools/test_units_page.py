"""The reference page of the generic units is what the units say of themselves."""

from plant_models import units
from tools.units_page import PAGE, page


def test_the_page_is_the_one_that_the_command_writes():
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tools.units_page"


def test_every_kind_has_its_section():
    for kind in units.KINDS:
        assert f"\n## {kind}\n" in page()
