"""What comes near a name that there is not: a slip of the keyboard does, another word does not."""

from collections.abc import Iterator

import pytest

from sim.errors import did_you_mean

FIGURES = (
    "net_income", "income", "operating_cost", "present_value", "purity", "air.benzene_t", "steam_t",
    "residue_t", "power_mwh", "stock_change_t", "air", "two", "hold", "rate", "milling",
)  # fmt: skip


def slips(name: str) -> Iterator[str]:
    """Yield a name with two neighbours exchanged, a letter missing, a wrong one, one too many."""
    for i in range(len(name)):
        yield name[:i] + name[i + 1 : i + 2] + name[i] + name[i + 2 :]
        yield name[:i] + name[i + 1 :]
        yield name[:i] + "q" + name[i + 1 :]
        yield name[:i] + "q" + name[i:]


@pytest.mark.parametrize("name", FIGURES)
def test_one_slip_is_told_what_was_meant(name: str):
    for slip in {*slips(name)} - {name}:
        assert did_you_mean(slip, FIGURES) == f"; did you mean {name!r}?"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("benzen", "value.benzene"), ("hydrocloric acid", "value.hydrochloric acid"),
        ("opperating_hour", "operating_hours"), ("chlorbenzen_t", "chlorobenzene_t"),
        ("wastwater_t", "wastewater_t"), ("demurage", "demurrage_hours"),
        ("presentvalue", "present_value"), ("NetIncome", "net_income"),
    ],
)  # fmt: skip
def test_what_people_write_is_told_what_was_meant(written: str, meant: str):
    known = (
        "value.benzene", "value.hydrochloric acid", "operating_hours", "chlorobenzene_t",
        "wastewater_t", "demurrage_hours", "present_value", "net_income", "income", "steam_t",
    )  # fmt: skip
    assert did_you_mean(written, known) == f"; did you mean {meant!r}?"


@pytest.mark.parametrize("word", ["nope", "colour", "nothing", "", "x"])
def test_another_word_is_told_what_there_is(word: str):
    assert did_you_mean(word, ("income", "purity")) == "; known: income, purity"
