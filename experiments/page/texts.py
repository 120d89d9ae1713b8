"""The words of the page, in English and Chinese; every text is there in both, or none is."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

FOLDER = files("experiments.page") / "texts"
LANGUAGES = ("en", "zh")


@cache
def interface() -> dict[str, dict[str, str]]:
    """Return what the page says, by key and language."""
    return _read("interface.toml")


@cache
def plant() -> dict[str, dict[str, str]]:
    """Return what the page of a plant from a folder says otherwise, or besides."""
    return _read("plant.toml")


@cache
def view() -> dict[str, Any]:
    """Return which figures of the line stand where on its page."""
    text = (files("experiments.page") / "line.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def names() -> dict[str, dict[str, dict[str, str]]]:
    """Return what things are called, by kind, key and language."""
    return _read("names.toml")


@cache
def schemes_zh() -> dict[str, Any]:
    """Return lever, reason and notes of the schemes in Chinese; the English ones are their own."""
    return _read("schemes_zh.toml")


@cache
def worse() -> dict[str, dict[str, dict[str, str]]]:
    """Return why figures get worse, a sentence each, by scheme, figure and language."""
    return _read("worse.toml")


@cache
def parameters_zh() -> dict[str, str]:
    """Return what parameters and prices mean in Chinese, by what they mean in English."""
    return _read("parameters_zh.toml")


@cache
def reasons_zh() -> dict[str, str]:
    """Return why numbers are what they are in Chinese, by what their notes say in English."""
    return _read("reasons_zh.toml")


def meaning_zh(meaning: str) -> str:
    """Return what a parameter of a plant from a folder means in Chinese; empty if nobody says.

    >>> meaning_zh("share of salt")
    'salt 的份额'
    """
    known = plant_parameters_zh()
    head, of, own = meaning.partition(" of ")
    return known.get(meaning) or known.get(f"{head}{of}{{}}", "").replace("{}", own)


@cache
def plant_parameters_zh() -> dict[str, str]:
    """Return what parameters of a plant from a folder mean in Chinese; {} is a word of its own."""
    return _read("plant_parameters_zh.toml")


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))
