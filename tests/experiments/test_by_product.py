"""A plant whose goods are a by-product: it is sold, and nothing is told per tonne of a product."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import experiments as ex
from plant_models.folder.model import FolderPlant
from tests.plant_models.folder.texts import WORKS, files

SHORT: dict[str, Any] = {"years": 0.02, "workers": 1}


@pytest.fixture(scope="module")
def works() -> FolderPlant:
    """A still that sends 0.54 t/h to air, of 1 t/h, and what is left to drums."""
    return FolderPlant(files(WORKS.replace('drums = "product"', 'drums = "by-product"')))


def test_its_report_counts_what_is_sold_as_no_loss(works: FolderPlant, tmp_path: Path):
    """The drums stood among the losses, and the change per tonne was divided by nothing."""
    ex.report("none", plant=works, **SHORT).save(tmp_path / "audit")
    told = (tmp_path / "audit" / "report.md").read_text(encoding="utf-8").splitlines()
    (lost,) = (line for line in told if line.startswith("| **whole"))
    (air,) = (line for line in told if line.startswith("| all to air"))
    assert lost.split("|")[2].strip(" *") == air.split("|")[3].strip()
    assert air.split("|")[-2].strip() == ""


def test_causes_are_told_of_what_is_not_sold(works: FolderPlant):
    found = ex.causes("none", plant=works, replications=2, **SHORT)
    assert {medium for medium, _ in found.emissions} == {"emission gas"}
