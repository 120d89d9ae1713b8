"""Named figures: a mapping like any other, with units that cannot be lost or mixed."""

import pickle

import pytest

from sim.books.indicators import Indicators

STEAM = Indicators({"steam_t": 3.0, "air.benzene_t": 2.0}, {"steam_t": "t", "air.benzene_t": "t"})


def test_a_name_that_is_no_indicator_is_not_in_them():
    assert "steam_t" in STEAM
    assert "nothing" not in STEAM
    assert STEAM.get("nothing", 7.0) == 7.0


def test_an_unknown_name_tells_the_nearest_or_all():
    with pytest.raises(KeyError) as caught:
        STEAM["air.benzen_t"]
    assert str(caught.value) == "no indicator 'air.benzen_t'; did you mean 'air.benzene_t'?"
    with pytest.raises(LookupError, match=r"known: steam_t, air\.benzene_t"):
        STEAM["qqq"]
    with pytest.raises(KeyError) as caught:
        STEAM[["steam_t"]]  # type: ignore[index]
    assert str(caught.value) == "no indicator ['steam_t']; known: steam_t, air.benzene_t"


def test_indicators_of_different_units_do_not_subtract():
    heavy = Indicators(
        {"steam_t": 3.0, "air.benzene_t": 2.0}, {"steam_t": "kg", "air.benzene_t": "t"}
    )
    with pytest.raises(ValueError, match="steam_t is in t here and in kg there"):
        STEAM - heavy


def test_a_number_does_not_subtract_from_indicators():
    with pytest.raises(TypeError, match="unsupported operand"):
        STEAM - 3  # type: ignore[operator]


def test_indicators_are_the_same_after_pickling():
    again = pickle.loads(pickle.dumps(STEAM))
    assert again == STEAM
    assert again.units == STEAM.units


def test_indicators_as_a_table_keep_their_units():
    table = STEAM.table()
    assert list(table.loc["steam_t"]) == [3.0, "t"]
    assert table.index.name == "indicator"


def test_figures_that_lack_one_do_not_subtract():
    some = Indicators({"steam_t": 3.0, "water_t": 1.0}, {"steam_t": "t/yr", "water_t": "t/yr"})
    with pytest.raises(LookupError, match=r"^no 'water_t' in what is subtracted$") as told:
        some - {"steam_t": 1.0}
    assert not isinstance(told.value, KeyError)
    with pytest.raises(TypeError, match=r"^'steam_t': expected a number to subtract, came '1'$"):
        some - {"steam_t": "1", "water_t": 1.0}  # type: ignore[dict-item]
