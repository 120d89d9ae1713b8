"""Reactions as they are written, and what is refused of them."""

import pytest

from sim.network.chemistry import Components, Reaction

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
