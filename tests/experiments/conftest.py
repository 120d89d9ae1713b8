"""Calls as from the terminal, a disk that fills up, a page that is computed once for all tests."""

from __future__ import annotations

import errno
import os
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result

from experiments.door.cli import cli
from plant_models import chlorobenzene as cb

if TYPE_CHECKING:
    from experiments.page.data import Content
    from experiments.page.designs import Designs

Call = Callable[..., Result]
Refused = Callable[..., str]
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


@pytest.fixture(scope="session")
def refused(call: Call) -> Refused:
    """Return a function that has a call refused, in one message and by exit code 2; it returns it.

    ``words``: what the message has in it, in English or, with ``--lang zh``, in Chinese.
    """

    def refuse(*arguments: str | Path, words: Sequence[str] = ()) -> str:
        result = call(*map(str, arguments))
        assert (result.exit_code, result.stdout) == (2, ""), result.output
        assert len(re.findall("error: |错误：", result.stderr)) == 1, result.stderr
        assert [word for word in words if word not in result.stderr] == [], result.stderr
        assert "Traceback" not in result.stderr
        return result.stderr

    return refuse


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
def sampled_designs() -> Designs:
    """Return designs of the line of which some are computed; the others are copies of none."""
    from experiments.page.designs import all_designs

    return all_designs(cb.PLANT.variant(), only=SAMPLED)


def sampled(designs: Designs, years: int) -> SampledPage:
    """Return a page of designs, with so many years of two of them."""
    from experiments.page.assemble import page
    from experiments.page.data import Content
    from experiments.page.years import simulated
    from plant_models.chlorobenzene.money.prices import prices

    of_two = simulated(cb.PLANT.variant(), years, designs=("none", "F1-F11"))
    content = Content(cb.BASELINE, prices(), designs, years=of_two)
    data = content.as_json()
    return SampledPage(content, data, page(data))


@pytest.fixture(scope="session")
def sampled_page(sampled_designs: Designs) -> SampledPage:
    """Return a page without simulated years."""
    return sampled(sampled_designs, 0)


@pytest.fixture(scope="session")
def page_with_years(sampled_designs: Designs) -> SampledPage:
    """Return a page with two simulated years, which take seconds."""
    return sampled(sampled_designs, 2)


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
KEPT = "localStorage.length + sessionStorage.length + window.name.length"


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


@dataclass
class Tabs:
    """Pages that stay open for the tests of a module, and what was told of them."""

    browser: Any
    address: str
    told: list[str] = field(default_factory=list)
    free: dict[tuple[str, str], list[Any]] = field(default_factory=dict)

    def at(self, link: str, screen: str, locale: str, motion: str) -> tuple[list[Any], Any]:
        """Return a page in which the link is loaded anew, and where it is free again."""
        width, height = SCREENS[screen]
        free = self.free.setdefault((locale, motion), [])
        page = free.pop() if free else self._new(locale, motion)
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"{self.address}#{link}" if link else self.address)
        return free, page

    def _new(self, locale: str, motion: str) -> Any:
        page = self.browser.new_page(offline=True, locale=locale, reduced_motion=motion)
        page.set_default_timeout(20_000)
        page.on("console", lambda message: self.told.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.told.append(f"error: {error}"))
        page.on("request", lambda request: self._asked(request.url))
        return page

    def _asked(self, url: str) -> None:
        if url.split("#")[0] != self.address and not url.startswith("data:"):
            self.told.append(f"request: {url}")


@pytest.fixture(scope="module")
def tabs(browser: Any, address: str) -> Tabs:
    return Tabs(browser, address)


@pytest.fixture
def opened(tabs: Tabs) -> Iterator[Any]:
    """Return a function that opens the page; afterwards nothing may have gone wrong in it.

    Tests share tabs, but no document: what one test leaves is gone with it.
    """
    taken = []

    def open_at(
        link: str = "", screen: str = "desk", locale: str = "en-US", motion: str = "reduce"
    ) -> Any:
        taken.append(tabs.at(link, screen, locale, motion))
        return taken[-1][1]

    yield open_at
    kept = [page.evaluate(KEPT) for _, page in taken]
    for free, page in taken:
        page.mouse.move(0, 0)
        page.goto("about:blank")
        free.append(page)
    told, tabs.told = tabs.told, []
    assert told == []
    assert kept == [0] * len(kept), "the page keeps something from one visit to the next"
