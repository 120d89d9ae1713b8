"""Helpers that a script calls: each argument of another kind is refused with what it is called."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

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
