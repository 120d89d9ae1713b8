"""The explorer: its callbacks in a script, in a kernel, and in JupyterLab by clicking."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from plant_models import chlorobenzene as cb
from plant_models.chlorobenzene.run import explorer as hands_on
from plant_models.chlorobenzene.run.explorer import simulate_in_steps

pytest.importorskip("ipywidgets", reason="the extra notebooks is not installed")

ROOT = Path(__file__).resolve().parents[4]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
         "--disable-background-networking", "--disable-component-update"]  # fmt: skip


@pytest.fixture
def explorer(monkeypatch: pytest.MonkeyPatch) -> hands_on.Explorer:
    """Return an explorer that runs a quarter of a year, in few parts: nobody clicks in between."""
    monkeypatch.setattr(hands_on, "PARTS", 3)
    monkeypatch.setattr(hands_on, "DRAWN", 3)
    made = cb.explorer()
    assert isinstance(made, hands_on.Explorer)
    made.controls["length"].value = "one quarter"
    return made


@pytest.mark.long
def test_a_run_in_steps_comes_to_what_a_run_comes_to():
    """To the bit, for looking changes nothing."""
    parts = list(simulate_in_steps("F1", years=0.12, steps=3, seed=2))
    assert [part.years for part in parts] == pytest.approx([0.04, 0.08, 0.12])
    whole = cb.simulate("F1", years=0.12, seed=2, record=True)
    assert parts[-1] == whole
    assert parts[-1].indicators == whole.indicators
    assert parts[-1].diary() == whole.diary()


def test_it_has_a_switch_for_each_of_the_twelve_schemes(explorer: hands_on.Explorer):
    assert list(explorer.switches) == [f"F{number}" for number in range(1, 13)]
    assert explorer.schemes == ()


def test_a_toggle_tells_the_steady_state_at_once(explorer: hands_on.Explorer):
    before = explorer.headline.value
    start = time.perf_counter()
    explorer.switches["F2"].value = True
    assert time.perf_counter() - start < 1.0
    assert explorer.schemes == ("F2",)
    assert explorer.headline.value != before
    change = cb.steady_state("F2").indicators["wastewater_t"]
    assert f"{change:,.0f}" in explorer.headline.value


def test_what_rounding_leaves_of_a_figure_is_shown_as_nothing(explorer: hands_on.Explorer):
    for name in ("F2", "F7", "F10"):
        explorer.switches[name].value = True
    left = cb.steady_state("F2, F7, F10").indicators["wastewater.hydrogen_chloride_t"]
    assert 0.0 < left < 1e-6
    assert re.search(r"\de-\d", explorer.headline.value) is None
    assert ">0</b>" in explorer.headline.value


@pytest.mark.long
def test_every_page_shows_the_run_and_the_clock_how_far_it_has_come(explorer: hands_on.Explorer):
    explorer.switches["F10"].value = True
    explorer.finish()
    assert "day 91 of 91" in explorer.clock.value
    assert "seed 1" in explorer.clock.value
    assert explorer.result is not None
    assert explorer.result.schemes == ("F10",)
    assert explorer.result.years == 0.25
    assert explorer.progress.value == 1.0
    for index, page in enumerate(explorer.pages.values()):
        explorer.tabs.selected_index = index
        assert "data:image/png" in page.value or "<table><tr><td" in page.value


@pytest.mark.long
def test_sliders_change_what_they_say(explorer: hands_on.Explorer):
    explorer.controls[hands_on.FAN].value = 200
    explorer.finish()
    assert explorer.result is not None
    mode = explorer.result.line.off_gas_fan.failure
    assert mode is not None
    assert mode.mtbf == 200.0
    often = sum("off gas fan failed" in entry.text for entry in explorer.result.diary())
    explorer.controls[hands_on.FAN].value = 8000
    explorer.finish()
    rare = sum("off gas fan failed" in entry.text for entry in explorer.result.diary())
    assert often > rare
    explorer.controls[hands_on.SOURCE].value = "river"
    explorer.controls[hands_on.TRUCKS].value = 12.0
    explorer.controls["seed"].value = 2
    explorer.finish()
    assert explorer.result.seed == 2
    assert explorer.result.line.cooling_water.source == "river"
    assert explorer.result.line.acid_collection.interval == 12.0


def test_what_does_not_work_is_told_in_place_of_the_headline(
    explorer: hands_on.Explorer, monkeypatch: pytest.MonkeyPatch
):
    def refuse(*_: object, **__: object) -> None:
        raise ValueError("two schemes <set> one parameter")

    monkeypatch.setattr(hands_on, "steady_state", refuse)
    explorer.switches["F1"].value = True
    assert "two schemes &lt;set&gt; one parameter" in explorer.headline.value


def test_without_ipywidgets_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    with pytest.raises(ImportError, match="pip install ipywidgets"):
        cb.explorer()


CELLS = (
    "from plant_models import chlorobenzene as cb\nlive = cb.explorer()",
    "live",
    "live.controls['length'].value = 'one quarter'\nlive.switches['F1'].value = True",
    "import asyncio\nfor _ in range(600):\n    if live.progress.value == 1.0: break\n"
    "    await asyncio.sleep(0.1)\nprint(live.result.schemes, live.result.years)",
)


def notebook(*sources: str) -> dict[str, Any]:
    cells: list[dict[str, Any]] = [
        {
            "cell_type": "code",
            "id": f"cell-{number}",
            "metadata": {},
            "execution_count": None,
            "outputs": [],
            "source": source,
        }
        for number, source in enumerate(sources)
    ]
    spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return {"cells": cells, "metadata": {"kernelspec": spec}, "nbformat": 4, "nbformat_minor": 5}


@pytest.mark.long
@pytest.mark.filterwarnings("ignore")  # what the kernel's libraries deprecate is not ours
def test_in_a_kernel_the_year_runs_while_the_notebook_waits(tmp_path: Path):
    """Between two cells the run goes on: no cell calls for it."""
    nbclient = pytest.importorskip("nbclient")
    nbformat = pytest.importorskip("nbformat")
    book = nbformat.from_dict(notebook(*CELLS))
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    client = nbclient.NotebookClient(
        book, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    )
    client.execute(env=environment)
    assert book.cells[3].outputs[0].text == "('F1',) 0.25\n"
    assert "application/vnd.jupyter.widget-view+json" in book.cells[1].outputs[0].data


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[str]:
    """Start JupyterLab on a notebook with the explorer; return its address."""
    pytest.importorskip("jupyterlab")
    (tmp_path / "explorer.ipynb").write_text(json.dumps(notebook(*CELLS[:2])), encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = (
        sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1",
        f"--port={port}", "--IdentityProvider.token=", "--ServerApp.password=",
        f"--ServerApp.root_dir={tmp_path}", "--LabApp.news_url=",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    )  # fmt: skip
    home = {name: str(tmp_path / name.lower())
            for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")}  # fmt: skip
    server = subprocess.Popen(
        command,
        cwd=tmp_path,
        env={**os.environ, **home, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            try:
                urlopen(f"{address}/api", timeout=5).close()
                break
            except (URLError, OSError):
                assert server.poll() is None, "JupyterLab did not start"
                time.sleep(0.2)
        yield address
    finally:
        server.terminate()
        server.wait(30)


@pytest.mark.long
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
def test_in_jupyterlab_a_toggle_shows_within_a_second(lab: str, tmp_path: Path):
    api = pytest.importorskip("playwright.sync_api")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 1000})
        page.goto(f"{lab}/lab/tree/explorer.ipynb?reset")
        page.wait_for_selector(".jp-Notebook-cell", timeout=120_000)
        page.wait_for_selector(".jp-Toolbar-kernelName:has-text('Python 3')", timeout=120_000)
        page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=idle]", timeout=120_000)
        page.click(".lm-MenuBar-item:has-text('Run')")
        page.click(".lm-Menu-item[data-command='runmenu:run-all']")
        page.wait_for_selector("text=at constant conditions", timeout=120_000)
        page.wait_for_selector(".widget-html img", timeout=120_000)
        seconds = []
        for name in ("F2", "F10", "F7"):
            start = time.perf_counter()
            page.click(f"label:has-text('{name} ')")
            page.wait_for_selector(f"p >> text=/{name}.*at constant conditions/", timeout=20_000)
            seconds.append(time.perf_counter() - start)
        page.screenshot(path=str(tmp_path / "explorer.png"))
        clipped = page.evaluate(
            "[...document.querySelectorAll('.widget-html div, .widget-html p')].filter((e) => "
            "e.getBoundingClientRect().right > e.closest('.widget-html').getBoundingClientRect()"
            ".right + 1).map((e) => e.textContent)"
        )
        assert clipped == []
        browser.close()
    assert sorted(seconds)[1] < 1.0
