"""Helpers that a script calls: each argument of another kind is refused with what it is called."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import numpy as np
import pytest


class Thing:
    """Of no kind that anybody asks for; it is written alike in every process."""

    def __repr__(self) -> str:
        """Return what it is."""
        return "a thing"


NO_SUCH = (None, 1 + 2j, Thing(), [None], [[Thing()]], {1: Thing()})
"""What no argument of a helper may be; texts and numbers are right for some."""

Call = tuple[Callable[..., Any], Mapping[str, Any]]


def of(function: Callable[..., Any], *given: Any, **named: Any) -> Call:
    """Return a call that is right, its arguments by name."""
    return function, inspect.signature(function).bind(*given, **named).arguments


def refuse(call: Call, name: str, value: object) -> None:
    """Raise AssertionError unless a call refuses a value by the argument's or its own name."""
    function, given = call
    changed = {**given, name: value}
    with pytest.raises((TypeError, ValueError, LookupError)) as told:
        function(**changed)
    assert not isinstance(told.value, KeyError | IndexError), repr(told.value)
    assert f"{function.__name__}: expected {name}" in str(told.value)


def cases(calls: tuple[Call, ...]) -> list[Any]:
    """Return each call with each of its arguments, for a test."""
    return [
        pytest.param(call, name, id=f"{call[0].__name__}-{name}")
        for call in calls
        for name in call[1]
    ]


NO_NUMBERS = (True, np.True_, np.array(True), np.array([1.0]), np.array(1j), "1", Decimal(1))
"""What no single number may be, though it comes near."""


def numbered(calls: tuple[Call, ...]) -> list[Any]:
    """Return each call with each of its arguments that is a number, for a test."""
    return [
        pytest.param(call, name, id=f"{call[0].__name__}-{name}")
        for call in calls
        for name, value in call[1].items()
        if type(value) in (int, float)
    ]


def take(call: Call, name: str) -> None:
    """Raise AssertionError unless a call answers alike to whatever is one number."""
    function, given = call
    value = given[name]
    expected = plainly(function(**given))
    for same in (np.array(value), np.asarray(value)[()]):
        assert plainly(function(**{**given, name: same})) == expected


def plainly(answer: object) -> str:
    """Return an answer as it is written, without where it is kept; numbers are Python's own."""
    return re.sub(r" at 0x\w+", "", repr(answer))
