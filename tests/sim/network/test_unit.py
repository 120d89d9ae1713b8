"""What a recipe makes of a flow is asked with a number for each component."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from sim.network.unit import Recipe

SPLIT = Recipe(
    splits={"light": (1.0, 0.5), "heavy": (0.0, 0.5)},
    draws={"acid": (2.0, 0.0)},
    worth={"acid": (0.5, 1.0)},
)


@pytest.mark.parametrize("flow", [(2.0, 4.0), [2.0, 4.0], np.array([2.0, 4.0])], ids=repr)
def test_a_flow_may_be_a_tuple_a_list_or_an_array(flow: Any):
    assert SPLIT.apply(flow) == {"light": (2.0, 2.0), "heavy": (0.0, 2.0)}
    assert SPLIT.asked("acid", flow) == 4.0
    assert SPLIT.worth_of("acid", flow) == 5.0


ASKED: dict[str, tuple[Callable[[Any], object], str]] = {
    "apply": (SPLIT.apply, "pool"),
    "asked": (lambda flow: SPLIT.asked("acid", flow), "main"),
    "worth_of": (lambda flow: SPLIT.worth_of("acid", flow), "flow"),
}


@pytest.mark.parametrize("flow", [(1.0,), [1.0, 2.0, 3.0], (), None, 1.0, "12", np.array(1.0)])
@pytest.mark.parametrize("where", ASKED)
def test_a_flow_of_other_components_is_refused_and_not_cut_short(where: str, flow: Any):
    ask, what = ASKED[where]
    with pytest.raises((TypeError, ValueError), match=rf"^{where}: expected {what} as "):
        ask(flow)


@pytest.mark.parametrize("port", ["water", None, ["acid"]])
def test_an_inlet_that_draws_nothing_is_told_with_those_that_do(port: Any):
    with pytest.raises(LookupError, match=r"^no draw at .*known: acid$") as told:
        SPLIT.asked(port, (1.0, 1.0))
    assert not isinstance(told.value, KeyError)
