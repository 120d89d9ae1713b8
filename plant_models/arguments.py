"""What comes in from a script or a notebook, checked before it is used."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING, Any

from plant_models.calendar import MOST_YEARS, YEAR
from sim.errors import (
    as_count,
    as_flag,
    as_number,
    did_you_mean,
    gives_each,
    is_number,
    told,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

COLDEST, WARMEST = 200.0, 400.0  # K; wide enough for any weather, and no degrees Celsius
THINNEST, DENSEST = 1e4, 1e6  # Pa
FEW = 5  # words, which a message lists beside the one that comes near
SURROUNDINGS = {
    "air": (COLDEST, WARMEST, "K"),
    "cooling_water": (COLDEST, WARMEST, "K"),
    "pressure": (THINNEST, DENSEST, "Pa"),
}
"""What a steady state feels, with least, most and unit."""


def check_run(
    years: float, seed: int, replication: int, start_hour: float
) -> tuple[float, int, int, float]:
    """Return what a run is made of, as Python's own; see `simulate`. How long, `hours_of` judges.

    Raises TypeError or ValueError as of `number` and `count`.
    """
    return (
        number("years", years),
        count("seed", seed),
        count("replication", replication),
        number("start_hour", start_hour, 0.0, MOST_YEARS * YEAR),
    )


def number(
    name: str, value: object, low: float = -math.inf, high: float = math.inf, *, came: str = ""
) -> float:
    """Return a number from low to high.

    ``name``: what the message calls it, ``years`` or ``--years``; ``low``, ``high``: both are
    allowed; ``came``: what was written, where that is not the value itself.

    Raises TypeError: no number. Raises ValueError: out of bounds, or not finite.
    """
    return as_number(f"{name}: expected", value, low, high, came=came)


def count(name: str, value: object, low: int = 0, high: int = 2**63, *, came: str = "") -> int:
    """Return a whole number from low to high; see `number`.

    Raises TypeError: no whole number. Raises ValueError: out of bounds.
    """
    return as_count(f"{name}: expected", value, low, high, came=came)


def flag(name: str, value: object) -> bool:
    """Return a switch; raise TypeError for what is neither True nor False."""
    return as_flag(f"{name}: expected", value)


def word(name: str, value: object, known: Iterable[str]) -> str:
    """Return a word that is one of those known.

    Raises TypeError or LookupError: no text, or none of the words; tells what comes near.
    """
    words = tuple(known)
    if not isinstance(value, str):
        raise TypeError(f"{name}: expected one of {', '.join(words)}, came {told(value)}")
    if value not in words:
        near = did_you_mean(value, words, list_up_to=0)
        listed = f"{near or ';'} known: {', '.join(words)}"
        hint = listed if len(words) <= FEW or not near else near
        raise LookupError(f"{name}: no {told(value)}{hint}")
    return value


def words(name: str, value: object, known: Iterable[str]) -> tuple[str, ...]:
    """Return words that are known, each once; a single one may stand alone.

    Raises TypeError or LookupError: no texts, or one that is unknown; see `word`.
    """
    some = (value,) if isinstance(value, str) else value
    if not gives_each(some):
        raise TypeError(f"{name}: expected one or more of {', '.join(known)}, came {told(value)}")
    return tuple(dict.fromkeys(word(name, each, known) for each in some))


def toml_path(path: object) -> Path:
    """Return the path of a TOML file; raise TypeError or ValueError for what is none."""
    return place("path", path, "TOML file, like 'own.toml'")


def place(name: str, value: object, what: str = "path") -> Path:
    """Return a path from a text or a path.

    Raises TypeError or ValueError: anything else, or a text that no file can be called.
    """
    text = fspath(value) if isinstance(value, str | PathLike) else None
    if not isinstance(text, str):
        raise TypeError(f"{name}: expected a {what}, not {told(value)}")
    if "\0" in text or not text.strip():
        raise ValueError(f"{name}: expected a {what}, came {told(text)}")
    return Path(text)


def folder_there(name: str, value: object, holding: str) -> Path:
    """Return a folder that exists; ``holding`` says what should be in it, for the message.

    Raises TypeError or ValueError as of `place`, or there is no such folder.
    """
    path = place(name, value)
    try:
        there = path.is_dir()
    except OSError:  # a name that no folder can have
        there = False
    if not there:
        raise ValueError(f"{name}: expected a folder with {holding}, came {told(str(path))}")
    return path


def check_surroundings(felt: Mapping[str, float]) -> Mapping[str, float]:
    """Return constant conditions if they are complete and in K and Pa.

    Raises TypeError, LookupError or ValueError: no mapping of numbers; a name that is missing or
    unknown; a value in other units.
    """
    expected = "surroundings: expected air and cooling_water, K, and pressure, Pa"
    if not isinstance(felt, Mapping):
        raise TypeError(f"{expected}; came {told(felt)}")
    for name in felt:
        if name not in SURROUNDINGS:
            raise LookupError(f"surroundings: no {name!r}{did_you_mean(str(name), SURROUNDINGS)}")
    missing = [name for name in SURROUNDINGS if name not in felt]
    if missing:
        raise LookupError(f"{expected}; missing: {', '.join(missing)}")
    for name, (least, most, unit) in SURROUNDINGS.items():
        number(f"surroundings: {name}", felt[name])
        if not least <= felt[name] <= most:
            hint = "; 20 degC is 293.15 K" if unit == "K" else ""
            raise ValueError(
                f"surroundings: {name} must be from {least:g} to {most:g} {unit}, "
                f"not {felt[name]!r}{hint}"
            )
    return felt


def check_fit(faults: Iterable[str]) -> None:
    """Raise ValueError with everything that does not fit in a design, if anything does not."""
    if found := list(faults):
        raise ValueError("the design does not fit together: " + "; ".join(found))


def need_figures(where: str, **given: object) -> list[NDArray[np.float64]]:
    """Return each of several arrays of numbers, or lists of such; NaN is one that nobody knows.

    Raises TypeError: no numbers, or rows that are not equally long.
    """
    import numpy as np

    found = []
    for what, value in given.items():
        try:
            array = np.asarray(value) if not np.ma.isMaskedArray(value) else _unmasked(value)
        except ValueError:  # rows of different lengths
            array = np.array(None)
        numbers = array.dtype.kind in "biuf" or all(map(is_number, array.flat))
        if not numbers or not array.ndim:
            raise TypeError(f"{where}: expected {what} as a list of numbers, came {told(value)}")
        found.append(np.asarray(array, dtype=float))
    return found


def _unmasked(value: Any) -> NDArray[Any]:
    """Return what is masked as what nobody knows."""
    filled: NDArray[Any] = value.astype(float).filled(math.nan)
    return filled
