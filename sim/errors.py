"""The engine's own exceptions, and the tools that make every message name the culprit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from difflib import get_close_matches
from inspect import signature
from math import inf, isfinite
from numbers import Integral, Real
from typing import Any, TypeGuard, TypeVar

K = TypeVar("K")
T = TypeVar("T")


class BalanceError(ValueError):
    """What went in did not come out: by unit, tank, component or element, and at what hour."""


class ConflictError(ValueError):
    """Two changes set one parameter to different values, so their order would matter."""


class Gridlock(RuntimeError):
    """The plant stands still and no event can set it going again."""


class UnknownName(KeyError):
    """A mapping has no such name: a ``KeyError``, so that ``in`` and ``get`` work."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


LONGEST = 60  # letters of a value in a message


def told(value: object) -> str:
    """Return a value as a message can show it, in a line: as it is written, cut short, or its type.

    >>> told("1"), told([1]), told(7 * "0123456789"), told(object())
    ("'1'", '[1]', "'01234567890123456789012345678901234567890123456789012345678...", \
'a value of type object')
    """
    text = ""
    with suppress(ValueError):  # a whole number of more digits than Python writes
        text = repr(value)
    if text and not text.startswith("<") and "\n" not in text and len(text) <= LONGEST:
        return text
    if text and isinstance(value, str | int | float):
        return f"{text[:LONGEST]}..."
    return f"a value of type {type(value).__name__}"


ALIKE = 0.65  # of the letters, as difflib counts them: one slip in three letters leaves 2/3


def did_you_mean(name: object, known: Iterable[str], *, list_up_to: int = 12) -> str:
    """Return the end of a message that helps with an unknown name; empty when nothing helps.

    What is written may stand for the end of a dotted name.

    >>> did_you_mean("water_ration", ["water_ratio", "stages"])
    "; did you mean 'water_ratio'?"
    >>> did_you_mean("colour", ["water_ratio", "stages"])
    '; known: water_ratio, stages'
    """
    names = list(known)
    folded = {n.casefold(): n for n in reversed(names)}
    plain = name.casefold() if isinstance(name, str) else ""
    ends = {n.rpartition(".")[2]: whole for n, whole in folded.items()}
    for among in (folded, ends):
        if near := get_close_matches(plain, among, 1, ALIKE):
            return f"; did you mean {among[near[0]]!r}?"
    return f"; known: {', '.join(names)}" if 0 < len(names) <= list_up_to else ""


def look_up(what: str, name: object, known: Mapping[str, T]) -> T:
    """Return what a name stands for.

    Raises LookupError: no such name; says what it should have been, and what comes near.
    """
    try:
        return known[name]  # type: ignore[index]
    except (KeyError, TypeError):  # what cannot be hashed is no name either
        raise LookupError(f"no {what} {told(name)}{did_you_mean(name, known)}") from None


class Named(dict[K, T]):
    """What there is by name; of a name that there is not, what comes near is told, or a hint.

    >>> Named({"crude_column": 3.0}, "train")["crude_colum"]
    Traceback (most recent call last):
    sim.errors.UnknownName: no train 'crude_colum'; did you mean 'crude_column'?
    """

    def __init__(self, items: Any = (), what: str = "name", hint: str = "") -> None:
        super().__init__(items)
        self.what, self.hint = what, hint

    def __missing__(self, name: object) -> T:
        """Raise UnknownName."""
        hint = f"; {self.hint}" if self.hint else did_you_mean(name, map(str, self), list_up_to=40)
        raise UnknownName(f"no {self.what} {told(name)}{hint if self else '; there is none'}")


def need_text(where: str, **given: object) -> None:
    """Refuse names and words that are no text.

    >>> need_text("hold", who=["operator"])
    Traceback (most recent call last):
    TypeError: hold: expected who as text, came ['operator']
    """
    for what, value in given.items():
        if not isinstance(value, str):
            raise TypeError(f"{where}: expected {what} as text, came {told(value)}")


def is_number(value: object) -> TypeGuard[float]:
    """Whether a value is a number that a float holds; infinities are, and what is none."""
    if type(value) is float:
        return True
    if not isinstance(value, Real) or isinstance(value, bool):
        return False
    try:
        float(value)
    except OverflowError:  # a whole number of hundreds of digits
        return False
    return True


NO_LIST = (str, bytes, memoryview, Mapping)
"""What gives something one by one, and is no list of it."""


def gives_each(value: object) -> TypeGuard[Iterable[Any]]:
    """Whether something gives things one by one; a text does, its letters.

    What numpy makes of one value says that it does, and bytes give numbers that nobody has written.
    """
    if isinstance(value, bytes | bytearray | memoryview):
        return False
    return isinstance(value, Iterable) and not _is_single(value)


def _is_single(value: object) -> bool:
    """Whether this is what numpy, pandas or scipy make of one value.

    A record may have a parameter that is called shape, which is no tuple.
    """
    shape: object = getattr(value, "shape", None)
    return isinstance(shape, tuple) and not shape


def scalar(value: Any) -> Any:
    """Return what numpy, pandas or scipy make of one number as Python's own, all else as it is.

    What is masked is none.
    """
    if type(value) is float or not _is_single(value):
        return value
    return value.item() if hasattr(value, "item") and not getattr(value, "mask", False) else value


def hold_numbers(record: object) -> None:
    """Let a frozen record hold what numpy, pandas or scipy make of one number as Python's own."""
    for name, value in [*vars(record).items()]:
        own = scalar(value)
        if own is not value:
            object.__setattr__(record, name, own)


def as_number(
    start: str, value: object, low: float = -inf, high: float = inf, *, finite: bool = True,
    came: str = "",
) -> float:  # fmt: skip
    """Return a number from low to high as a float; both are allowed, NaN is none.

    ``start``: of the message, until the kind that is expected; ``came``: what was written, where
    that is not the value itself. Raises TypeError: no number. Raises ValueError: out of bounds.
    """
    found = scalar(value)
    if is_number(found) and low <= found <= high and (not finite or isfinite(found)):
        return float(found)
    if high < inf:
        bounds = f" from {low:g} to {high:,.10g}"
    elif low > -inf:
        bounds = f" of {low:g} or more"
    else:
        bounds = ", and a finite one" if finite else ""
    real = isinstance(found, Real) and not isinstance(found, bool)
    kind = ValueError if real else TypeError
    raise kind(f"{start} a number{bounds}, came {came or told(value)}")


def as_count(
    start: str, value: object, low: int = 0, high: float = 2**63, *, came: str = ""
) -> int:
    """Return a whole number from low to high; see `as_number`.

    >>> as_count("seed: expected", 2**64)
    Traceback (most recent call last):
    ValueError: seed: expected a whole number from 0 to 9,223,372,036,854,775,808, came \
18446744073709551616
    """
    found = scalar(value)
    whole = isinstance(found, Integral) and not isinstance(found, bool)
    if whole and low <= found <= high:
        return int(found)
    told_low = high >= 2**63 and not (whole and found > high)
    bounds = f"of {low} or more" if told_low else f"from {low} to {high:,}"
    kind = ValueError if whole else TypeError
    raise kind(f"{start} a whole number {bounds}, came {came or told(value)}")


def as_flag(start: str, value: object) -> bool:
    """Return a switch; raise TypeError for what is neither True nor False."""
    found = scalar(value)
    if not isinstance(found, bool):
        raise TypeError(f"{start} True or False, came {told(value)}")
    return found


def need_number(where: str, low: float = -inf, high: float = inf, **given: object) -> list[float]:
    """Return each of several numbers from low to high as a float; NaN is none, an infinity is one.

    >>> need_number("share_interval", 0.0, 1.0, share=2.0)
    Traceback (most recent call last):
    ValueError: share_interval: expected share as a number from 0 to 1, came 2.0
    """
    return [
        as_number(f"{where}: expected {what} as", value, low, high, finite=False)
        for what, value in given.items()
    ]


def need_count(where: str, low: int, **given: object) -> list[int]:
    """Return each of several whole numbers of so many or more."""
    return [as_count(f"{where}: expected {what} as", value, low) for what, value in given.items()]


def need_numbers(where: str, **given: object) -> list[list[float]]:
    """Return each of several lists of numbers; NaN is one where a value is not known.

    What is true or false counts as 1 or 0, as an outcome does.

    >>> need_numbers("holm", p_values="0.1")
    Traceback (most recent call last):
    TypeError: holm: expected p_values as a list of numbers, came '0.1'
    """
    found = []
    for what, values in given.items():
        many = gives_each(values) and not isinstance(values, NO_LIST)
        listed: list[Any] = [*map(scalar, values)] if many else []  # type: ignore[call-overload]
        if not many or not all(is_number(x) or isinstance(x, bool) for x in listed):
            raise TypeError(f"{where}: expected {what} as a list of numbers, came {told(values)}")
        found.append([*map(float, listed)])
    return found


def need_names(where: str, **given: object) -> list[list[str]]:
    """Return each of several lists of texts, or the keys of a mapping; a text alone is no list."""
    found = []
    for what, names in given.items():
        many = gives_each(names) and not isinstance(names, str)
        listed: list[Any] = list(names) if many else []  # type: ignore[call-overload]
        if not many or not all(isinstance(name, str) for name in listed):
            raise TypeError(f"{where}: expected {what} as a list of names, came {told(names)}")
        found.append(listed)
    return found


def need_once(where: str, **given: object) -> list[list[str]]:
    """Return each of several lists of texts, in which none comes twice."""
    found = need_names(where, **given)
    for what, names in zip(given, found, strict=True):
        if len({*names}) < len(names):
            twice = next(name for place, name in enumerate(names) if name in names[:place])
            expected = f"{where}: expected {what} as a list of names, each once"
            raise ValueError(f"{expected}, came {told(twice)} twice")
    return found


def need_amounts(where: str, **given: object) -> list[dict[str, float]]:
    """Return each of several mappings from names to numbers."""
    found = []
    for what, amounts in given.items():
        named = isinstance(amounts, Mapping) and all(isinstance(name, str) for name in amounts)
        plain = {name: scalar(kg) for name, kg in amounts.items()} if named else {}  # type: ignore[attr-defined]
        if not named or not all(map(is_number, plain.values())):
            raise TypeError(f"{where}: expected {what} as numbers by name, came {told(amounts)}")
        found.append({name: float(kg) for name, kg in plain.items()})
    return found


def need_all(where: str, kind: type, **given: object) -> list[list[Any]]:
    """Return each of several lists of things of a class."""
    found = []
    for what, things in given.items():
        many = gives_each(things) and not isinstance(things, NO_LIST)
        listed: list[Any] = list(things) if many else []  # type: ignore[call-overload]
        if not many or not all(isinstance(each, kind) for each in listed):
            wanted = f"{what} as a list of {kind.__name__}"
            raise TypeError(f"{where}: expected {wanted}, came {told(things)}")
        found.append(listed)
    return found


def takes(function: object, *given: object) -> bool:
    """Whether something can be called with so many things; what does not tell may be.

    >>> takes(lambda hour: {}, 0.0), takes(lambda: {}, 0.0), takes({}, 0.0), takes(max, 0.0)
    (True, False, False, True)
    """
    if not callable(function):
        return False
    try:
        signature(function).bind(*given)
    except TypeError:
        return False
    except ValueError:  # it is written in C
        return True
    return True


def need_function(where: str, arguments: str = "", **given: object) -> None:
    """Refuse what cannot be called, or not with these arguments, ``"which, first"``.

    >>> need_function("front", "which, first, count", observe=lambda which: [])
    Traceback (most recent call last):
    TypeError: front: expected observe as a function of which, first, count, came a value of type \
function
    """
    names = arguments.split(", ") if arguments else []
    for what, value in given.items():
        if not (takes(value, *names) if names else callable(value)):
            of = f" of {arguments}" if arguments else ""
            raise TypeError(f"{where}: expected {what} as a function{of}, came {told(value)}")


def need_kind(where: str, kind: type, **given: object) -> None:
    """Refuse what is not of a class.

    >>> need_kind("shapley", dict, game=7)
    Traceback (most recent call last):
    TypeError: shapley: expected game as dict, came 7
    """
    for what, value in given.items():
        if not isinstance(value, kind):
            raise TypeError(f"{where}: expected {what} as {kind.__name__}, came {told(value)}")


def all_at_once(faults: Sequence[Exception], what: str) -> Exception:
    """Return one exception that tells all faults of one input.

    A LookupError or a ConflictError when every fault is one, otherwise a ValueError.
    """
    messages = [str(fault) for fault in faults]
    text = messages[0]
    if len(messages) > 1:
        text = f"{len(messages)} faults in {what}:\n" + "\n".join(f"  - {m}" for m in messages)
    for kind in (LookupError, ConflictError):
        if all(isinstance(fault, kind) for fault in faults):
            return kind(text)
    return ValueError(text)
