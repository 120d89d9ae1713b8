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


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))
