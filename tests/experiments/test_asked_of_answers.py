"""What an answer is asked for is there, or is told with what comes near."""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import deepcopy
from functools import cache
from typing import Any

import pytest

import experiments as ex
from plant_models import chlorobenzene as cb
from plant_models.chlorobenzene.law.limits import limits

BENZENE = ("emission gas", "benzene")
STUDIES: dict[str, Callable[[], Any]] = {
    "causes": lambda: ex.causes("F1", years=0.001, replications=2),
    "end of pipe": lambda: ex.end_of_pipe("F1", years=0.001, replications=1),
    "review": lambda: ex.review(years=0.005, replications=1),
    "upsets": lambda: ex.upsets("F1", years=0.001),
    "history": lambda: ex.plant_history("brine"),
    "reconciled": lambda: ex.plant_reconcile("brine"),
    "criticality": lambda: ex.criticality(kinds=("crew",), years=0.001, replications=1),
}


@cache
def answer(study: str) -> Any:
    """Return the answer of a short study."""
    return STUDIES[study]()


ASKED: list[tuple[str, str, tuple[Any, ...], str]] = [
    ("causes", "tonnes", ("f1", BENZENE), "no design 'f1'; did you mean 'F1'?"),
    ("causes", "tonnes", ("F1", ("emision gas", "benzene")), "no emission ('emision gas', "),
    ("causes", "tonnes", ("F1", "benzene"), "no emission 'benzene'"),
    ("causes", "shares", ("F1", BENZENE, "Trip"), "cause: no 'Trip'; did you mean 'trip'?"),
    ("causes", "share", ("F1", BENZENE, "failure"), "cause: no 'failure'"),
    ("end of pipe", "calm_to", ("device", "air"), "no way 'device'; did you mean 'devices'?"),
    ("end of pipe", "emitted", ("devices", "airr"), "sink: no 'airr'; did you mean 'air'?"),
    ("end of pipe", "more", ("airr",), "sink: no 'airr'"),
    ("end of pipe", "beyond", ("device", "air"), "no way 'device'"),
    ("end of pipe", "highest", ("devices", "airr"), "sink: no 'airr'"),
    ("end of pipe", "figure", ("device", "steam_t"), "no way 'device'"),
    ("review", "values", ("review", "steam_t"), "no way 'review'"),
    ("review", "gain", ("reviewed", "steam_t", "nonne"), "no way 'nonne'; did you mean 'none'?"),
    ("review", "unit", ("steam",), "no figure 'steam'; did you mean 'steam_t'?"),
    ("upsets", "change", ("of_gas_fan", True, "steam_t"), "no device 'of_gas_fan'; did you mean"),
    ("history", "stated", ("nowhere",), "no unit 'nowhere'"),
    ("reconciled", "flow", ("nowhere",), "place: no 'nowhere'"),
    ("reconciled", "flow", ("evaporator.vapor",), "place: no 'evaporator.vapor'; did you mean"),
    (
        "reconciled",
        "flow",
        ("evaporator.feed", "slat"),
        "component: no 'slat'; did you mean 'salt'?",
    ),
]


@pytest.mark.parametrize(
    ("study", "method", "asked", "said"), ASKED, ids=[f"{a[0]}-{a[1]}-{a[3]}" for a in ASKED]
)
def test_an_answer_tells_what_it_has_not(study: str, method: str, asked: Any, said: str):
    """A flow of nowhere was 0 kg/h; the others ended in a bare KeyError."""
    with pytest.raises(LookupError, match=re.escape(said)) as told:
        getattr(answer(study), method)(*asked)
    assert not isinstance(told.value, KeyError)
    assert str(told.value).startswith(said)


def test_a_switch_of_upsets_is_true_or_false():
    with pytest.raises(TypeError, match=r"^interlock: expected True or False, came 'yes'"):
        answer("upsets").change(answer("upsets").devices[0], "yes", "steam_t")


ECONOMY = cb.PLANT.economy
BY_LETTERS: dict[str, Callable[[Any], object]] = {
    "investment": ECONOMY.investment,
    "steps": ECONOMY.steps,
    "upkeep": lambda schemes: ECONOMY.upkeep(schemes, ECONOMY.prices().tree),
    "plan": cb.PLANT.plan.tree.of,
}


@pytest.mark.parametrize("what", BY_LETTERS)
def test_schemes_are_not_taken_by_their_letters(what: str):
    """F5 was taken for a scheme F and a scheme 5, of which nobody knows anything."""
    with pytest.raises(TypeError, match=f"^{what}: expected schemes as a list of names, came 'F5'"):
        BY_LETTERS[what]("F5")


def test_a_limit_that_there_is_not_is_told():
    for asked in (("benzen",), ("benzene", "old")):
        with pytest.raises(LookupError, match=r"^(component|set_up): no "):
            limits().air_limit(*asked)
    with pytest.raises(LookupError, match=r"^grade: no 'IV'"):
        limits().air_limit("benzene").rate("IV", 15.0)
    with pytest.raises(TypeError, match=r"^height: expected a number"):
        limits().air_limit("benzene").rate("II", "15")  # type: ignore[arg-type]


def test_a_structure_and_a_scheme_that_there_are_not_are_told():
    with pytest.raises(LookupError, match=r"^structure: no 'hott'; did you mean 'hot'"):
        cb.PLANT.calibration_of("hott")
    with pytest.raises(LookupError, match=r"^no scheme 'F99'"):
        cb.PLANT.variant("F1").in_time_alone(["F99"])


def test_an_answer_is_another_that_tells_the_same() -> None:
    """Of fields that are arrays and tables, too, which neither compare as a whole nor hash."""
    run, other = (ex.run("F1", years=0.001, seed=seed) for seed in (1, 2))
    many = ex.batch("F1", years=0.001)
    for one in (run, many):
        again = deepcopy(one)
        assert one == again
        assert len({one, again, other}) == 2
        assert one != other
    assert run != 3
