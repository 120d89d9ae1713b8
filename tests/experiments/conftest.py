"""Calls as from the terminal, a disk that fills up, a page that is computed once for all tests."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result

from experiments.door.cli import cli

if TYPE_CHECKING:
    from experiments.page.data import Content

Call = Callable[..., Result]
FullDisk = Callable[[int], AbstractContextManager[None]]

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


@pytest.fixture
def disk_that_fills_up(monkeypatch: pytest.MonkeyPatch) -> FullDisk:
    """Return a context in which the disk takes so many files or folders and no more."""

    @contextmanager
    def full(most: int) -> Iterator[None]:
        sync, calls = os.fsync, 0

        def counted(handle: int) -> None:
            nonlocal calls
            calls += 1
            if calls > most:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            sync(handle)

        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", counted)
            yield

    return full


@pytest.fixture(scope="session")
def sampled_page() -> SampledPage:
    """Return a page of which some designs are computed; the others are copies of none."""
    from experiments.page.assemble import page
    from experiments.page.data import Content
    from experiments.page.designs import all_designs
    from experiments.page.years import simulated
    from plant_models import chlorobenzene as cb
    from plant_models.chlorobenzene.money.prices import prices

    base = cb.PLANT.variant()
    years = simulated(base, 2, designs=("none", "F1-F11"))
    content = Content(cb.BASELINE, prices(), all_designs(base, only=SAMPLED), years=years)
    data = content.as_json()
    return SampledPage(content, data, page(data))


FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SCREENS = {
    "projector": (1920, 1080),
    "desk": (1440, 900),
    "beamer": (1280, 720),
    "old": (1024, 768),
    "tablet": (820, 1180),
    "zoomed": (720, 450),  # what is left of a desk at 200 %
    "phone": (390, 844),
    "smallest": (320, 640),
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("no Chromium on this machine")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def opened(browser: Any, address: str) -> Iterator[Any]:
    """Return a function that opens the page; afterwards nothing may have gone wrong in it."""
    contexts, told = [], []

    def open_at(
        link: str = "", screen: str = "desk", locale: str = "en-US", motion: str = "reduce"
    ) -> Any:
        width, height = SCREENS[screen]
        context = browser.new_context(
            viewport={"width": width, "height": height},
            offline=True,
            locale=locale,
            reduced_motion=motion,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("console", lambda message: told.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: told.append(f"error: {error}"))
        page.on(
            "request",
            lambda request: (
                None
                if request.url.split("#")[0] == address or request.url.startswith("data:")
                else told.append(f"request: {request.url}")
            ),
        )
        page.goto(f"{address}#{link}" if link else address)
        return page

    yield open_at
    for context in contexts:
        context.close()
    assert told == []
