"""What options and arguments may be: click types, each with one message for what is none."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click

from plant_models.arguments import count, folder_there, number, place, word
from plant_models.calendar import day_of
from sim.errors import told

Context = click.Context | None


class Named(click.ParamType[Any]):
    """A type whose messages begin with the option's name."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: Context) -> Any:
        """Return what a text says; a value that has been read before is kept."""
        if not isinstance(value, str):
            return value
        return self.read(called(param), value)

    def read(self, name: str, text: str) -> Any:
        """Return what a text says."""
        raise NotImplementedError


def _written(kind: Callable[[str], float], text: str) -> float:
    """Return the number that a text says; ``1_0`` is one to Python alone, and a slip elsewhere.

    Raises ValueError: none.
    """
    if "_" in text:
        raise ValueError(text)
    return kind(text)


class Number(Named):
    """A number from low to high."""

    name = "number"
    kind: Callable[[str], float] = float
    check: Callable[..., float] = staticmethod(number)

    def __init__(self, low: float, high: float) -> None:
        self.low, self.high = low, high

    def read(self, name: str, text: str) -> float:
        """Return the number that a text says."""
        try:
            value = _written(self.kind, text)
        except ValueError:
            value = float("nan")
        return self.check(name, value, self.low, self.high, came=told(text))


class Count(Number):
    """A whole number from low to high."""

    name, kind, check = "count", int, staticmethod(count)


class Sizes(Named):
    """Some numbers, as in ``15,20,25``."""

    name = "numbers"

    def read(self, name: str, text: str) -> tuple[float, ...]:
        """Return the numbers that a text lists."""
        try:
            return tuple(_written(float, part) for part in text.split(","))
        except ValueError:
            raise ValueError(
                f"{name}: expected numbers, like 15,20,25, came {told(text)}"
            ) from None


class Word(Named):
    """One of some words."""

    name = "word"

    def __init__(self, known: Iterable[str]) -> None:
        self.known = known

    def read(self, name: str, text: str) -> str:
        """Return the word."""
        return word(name, text, self.known)


class Names(Named):
    """Some names with commas between; a single one stands alone."""

    name = "names"

    def read(self, name: str, text: str) -> str | tuple[str, ...]:
        """Return the names."""
        from sim.model.schemes import listed

        parts = tuple(filter(None, listed(text)))
        return parts[0] if len(parts) == 1 else parts


class Day(Named):
    """A day of the year, as ``07-01``."""

    name = "date"

    def read(self, name: str, text: str) -> str:
        """Return the day as it is written, month first."""
        month, day = day_of(text, name)
        return f"{month:02}-{day:02}"


class Folder(Named):
    """A folder to write into: new, empty, or with the result of an earlier study."""

    name = "folder"

    def read(self, name: str, text: str) -> Path:
        """Return the folder."""
        from experiments.output.files import check_folder

        return check_folder(text, name)


class FolderOrParquet(Folder):
    """A folder to write into, or a file that is called ``.parquet``."""

    def read(self, name: str, text: str) -> Path:
        """Return the folder, or the file."""
        from experiments.output.columns import PARQUET, need_parquet
        from experiments.output.files import check_file

        if not text.endswith(PARQUET):
            return super().read(name, text)
        need_parquet()
        return check_file(text, (PARQUET,), f"cube{PARQUET}", name)


class Place(Named):
    """A folder that keeps runs: new, or with some of them."""

    name = "folder"

    def read(self, name: str, text: str) -> Path:
        """Return the folder as it was written, so that messages say the same."""
        from experiments.output.files import check_place

        check_place(text, name)
        return Path(text)


class TomlFile(Named):
    """A file of facts or schemes; what is in it, its reader judges."""

    name = "file"

    def read(self, name: str, text: str) -> Path:
        """Return the file."""
        return place(name, text, "TOML file, like 'own.toml'")


class Tables(Named):
    """A folder with copies of the printed tables."""

    name = "folder"

    def read(self, name: str, text: str) -> Path:
        """Return the folder."""
        return folder_there(name, text, "copies of the tables")


class OfPlant(Named):
    """What takes plant and catalogue to read: `Command` builds it when they are known.

    ``build``: what makes the value of an option's name, a text and a `Ground`. ``otherwise``: what
    stands when nothing is written; None where something must be.
    """

    name = "schemes"

    def __init__(self, build: Callable[[str, str, Any], Any], otherwise: str | None = None) -> None:
        self.build, self.otherwise = build, otherwise

    def read(self, name: str, text: str) -> Any:
        """Return the text, or several."""
        return text


class SchemesFile(OfPlant):
    """A file with a set of schemes a line, ``#`` for comments."""

    def read(self, name: str, text: str) -> tuple[str, ...]:
        """Return its lines."""
        try:
            lines = Path(text).read_text(encoding="utf-8-sig").splitlines()
        except UnicodeDecodeError:
            raise ValueError(f"{name}: {text} is not UTF-8 text") from None
        except OSError as fault:
            raise ValueError(f"{name}: {text} cannot be read: {fault.strerror}") from None
        stripped = (line.partition("#")[0].strip() for line in lines)
        sets = tuple(line for line in stripped if line)
        if not sets:
            raise ValueError(f"{name}: {text} names no set; write one a line, like F1,F5")
        return sets


def as_design(name: str, text: str, ground: Any) -> Any:
    """Return a set of schemes as a design."""
    return ground.variant(text)


def as_ids(name: str, text: str, ground: Any) -> tuple[str, ...]:
    """Return schemes one by one, as they are combined with each other."""
    from sim.model.schemes import parse_schemes

    return parse_schemes(text, ground.known, ground.plant.elsewhere)


def as_indicator(name: str, text: str, ground: Any) -> str:
    """Return an indicator of the plant."""
    return word(name, text, ground.plant.units)


SCHEMES = OfPlant(as_design)


def called(param: click.Parameter | None) -> str:
    """Return how messages call an option, ``--years``, or an argument."""
    if isinstance(param, click.Option):
        return param.opts[0]
    metavar = param.metavar if isinstance(param, click.Argument) else None
    return (metavar or "value").strip("[].")
