"""What all tests share: --run-long, --run-soak, and property tests that repeat themselves."""

import gc
import subprocess
import sys
from collections.abc import Generator

import pytest
from hypothesis import HealthCheck, settings

from plant_models.chlorobenzene.figures import titles
from plant_models.chlorobenzene.model import PLANT
from sim.flow import native
from tests.sim.flow.solving import solve_rates

# The examples are the same in every run and on every machine, and how long one takes on a busy
# machine is no property of the code.
settings.register_profile(
    "repeatable",
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("repeatable")


AT_REST = "from plant_models import plant_named; plant_named('brine').steady_state()"


def pytest_configure(config: pytest.Config) -> None:
    """Compile the engine and the line's units once, before any worker does.

    What settles a plant at rest is compiled by a process of its own, where nothing is kept yet.
    """
    if not hasattr(config, "workerinput") and not config.option.collectonly:
        beside = None
        if native.intervals_beside() is not None:
            beside = subprocess.Popen([sys.executable, "-c", AT_REST], cwd=config.rootpath)
        PLANT.simulate(years=1e-3)
        solve_rates([1.0], [], [0])
        if beside is not None:
            beside.wait()
        PLANT.steady_state(PLANT.variant())


@pytest.fixture
def a_chinese_font(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let pictures be told in Chinese where no font has the letters: what they say can be read."""
    if titles.chinese_font() is None:
        monkeypatch.setattr(titles, "chinese_font", lambda *_: "DejaVu Sans")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Keep what is collected out of the garbage collector's sight: all of it stays to the end."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--run-long", action="store_true", help="run the tests marked long, too")
    parser.addoption("--run-soak", action="store_true", help="run those marked soak, too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for mark in ("long", "soak"):
        if config.getoption(f"--run-{mark}"):
            continue
        skip = pytest.mark.skip(reason=f"{mark}: runs only with --run-{mark}")
        for item in items:
            if item.get_closest_marker(mark) is not None:  # folders are keywords, too
                item.add_marker(skip)
