"""From a fresh clone to one's own combination on the page, by README alone."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
         "--disable-background-networking", "--disable-component-update"]  # fmt: skip
MINUTES = 10.0


def readme_commands() -> list[str]:
    """Return the commands up to the one that writes the page: those of a developer are skipped."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```sh\n(.*?)\n```", text, re.DOTALL)
    last = next(i for i, block in enumerate(blocks) if block.endswith("experiments page"))
    return [block for block in blocks[: last + 1] if "pytest" not in block]


def test_readme_says_how_to_set_up_and_how_to_write_the_page():
    first, page = readme_commands()
    assert first.startswith("python3 -m venv .venv && ")
    assert page == ".venv/bin/python -m experiments page"


@pytest.mark.soak
@pytest.mark.skipif(os.name == "nt", reason="README's commands for a Unix shell")
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="not a git checkout")
def test_a_newcomer_reaches_a_combination_of_their_own_in_ten_minutes(tmp_path: Path):
    """README's commands are typed as they stand; the clock runs from the clone to the browser."""
    api = pytest.importorskip("playwright.sync_api")
    start = time.monotonic()
    clone = tmp_path / "cleanerline"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
    path = f"{Path(sys.executable).resolve().parent}{os.pathsep}{os.environ['PATH']}"
    for command in readme_commands():
        done = subprocess.run(
            ["sh", "-c", command],
            cwd=clone,
            env={"PATH": path, "HOME": os.environ.get("HOME", str(tmp_path))},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page()
        page.goto(f"{(clone / 'page.html').as_uri()}#F1+F7")
        page.click("#switch-F2 ~ .track")
        assert page.evaluate("location.hash") == "#F1+F2+F7"
        assert page.inner_text("#story").startswith("F1 + F2 + F7 would ")
        browser.close()
    assert time.monotonic() - start < 60.0 * MINUTES
