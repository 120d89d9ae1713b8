"""A way to call a command as the terminal does, and a page that is computed once for all tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result

from experiments.commands import cli

if TYPE_CHECKING:
    from experiments.page.data import Content

Call = Callable[..., Result]

SAMPLED = (
    *range(16),
    *(1 << bit for bit in range(12)),
    0b000001000001,  # F1, F7
    0b001001000011,  # F1, F2, F7, F10
    0b001001000010,
    0b001000000011,
    0b001000000001,
    0b001001000001,
    0b000001000011,
    0b001001000000,
    0b001000000010,
    0b000001000010,
    0b100100000000,  # F9, F12
    0b100000000001,
    (1 << 11) - 1,  # F1 to F11
    (1 << 12) - 1,
)
"""Designs that the sampled page computes, every subset of F1, F2, F7 and F10 among them."""


@dataclass(frozen=True)
class SampledPage:
    """A page, its data, and what it was made of."""

    content: Content
    data: dict[str, Any]
    html: str


@pytest.fixture(scope="session")
def call() -> Call:
    """Return a function that runs ``python -m experiments`` with some arguments."""

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(cli, arguments)

    return run


@pytest.fixture(scope="session")
def sampled_page() -> SampledPage:
    """Return a page of which some designs are computed; the others are copies of none."""
    from experiments.page.data import Content
    from experiments.page.designs import all_designs
    from experiments.page.write import page
    from plant_models import chlorobenzene as cb
    from plant_models.chlorobenzene.prices import prices

    content = Content(cb.BASELINE, prices(), all_designs(cb.BASELINE, only=SAMPLED))
    data = content.as_json()
    return SampledPage(content, data, page(data))
