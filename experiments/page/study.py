"""The page for a class: all designs of a plant in one HTML file without a network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from experiments.bounds import MOST_REPLICATIONS
from experiments.output.answer import Answer, Table
from experiments.output.files import check_file, write_whole
from experiments.output.provenance import changed, provenance
from experiments.page.data import Content
from experiments.page.designs import all_designs
from experiments.page.plants import PlantContent, all_sheets, check_schemes
from experiments.page.years import line_figures, simulated, simulated_of, years_of
from experiments.studies import Own, Plant, Worth, plant_of
from experiments.studies.cube.cube import Cube
from experiments.studies.cube.study import Combinations, own_base, saved
from plant_models.arguments import count
from plant_models.chlorobenzene.figures.sankey_flows import STAGE_OF
from plant_models.chlorobenzene.model import PLANT
from plant_models.folder.model import FolderPlant
from plant_models.methods.attribution import members
from plant_models.methods.economics import check_investments
from plant_models.model import Variant
from sim.errors import told
from sim.model.schemes import compact

SUFFIXES = (".html", ".htm")
FILE = "page.html"
YEARS = 5  # a design


@dataclass(frozen=True, repr=False)
class Page(Answer):
    """The page, and the designs in it."""

    content: Content | PlantContent
    base: Variant[Any]  #: The plant before any scheme

    @cached_property
    def html(self) -> str:
        """The page: the same text for any number of workers."""
        return self.content.html()

    def report(self) -> str:
        """Return how large the page is."""
        size = len(self.html.encode()) / 1e6
        designs = len(self.content.indicators)
        return f"{designs:,} designs, {size:.1f} MB; open the page in any browser"

    def tables(self) -> Mapping[str, Table]:
        """Return all designs: their indicators, and what they cost once and bring a year."""
        of = self.content
        names = [compact(members(of.schemes, m), of.schemes) for m in range(len(of.indicators))]
        columns, units = [of.indicators], dict(self.base.plant.units)
        if of.net is not None:
            currency = self.base.plant.economy.currency
            columns += [of.investment[:, None], of.net[:, None]]
            units |= {"investment": currency, "net_income": f"{currency}/yr"}
        figures = np.concatenate(columns, axis=1).tolist()
        rows = [(name, *row) for name, row in zip(names, figures, strict=True)]
        return {"designs": Table(("schemes", *units), rows, units)}

    def documents(self) -> Mapping[str, str]:
        """Return the page."""
        return {FILE: self.html}

    def as_json(self) -> dict[str, Any]:
        """Return what the page knows."""
        of, plant = self.content, self.base.plant
        asked: dict[str, Any] = {"investments": of.investments}
        if of.years.cube is not None:
            asked["cube"] = of.years.cube.cube.made_of
        if of.book is not None:
            asked["prices"] = changed(plant.economy.prices().tree, of.book.tree)
        return {**of.as_json(), "provenance": provenance("page", self.base, **asked)}


def write_page(
    file: Path | str = FILE,
    *,
    cube: Combinations | Path | str | None = None,
    prices: Any = None,
    investments: Mapping[str, float] | None = None,
    replications: int = YEARS,
    workers: int | None = 1,
    plant: Plant = PLANT,
    design: Own = None,
) -> Page:
    """Write all designs of a plant as one HTML file that opens without a network.

    The line has 4,096 of them, a plant from a folder one for each set of its schemes.

    Parameters
    ----------
    file : path
        The page, or a folder for ``page.html``.
    cube : Combinations or path, optional
        An answer of `cube` with events, or where it was saved: the page then holds its years, of
        every set of its schemes, beside the steady figures.
    prices : Design or prices, optional
        Another set of prices and terms, as ``plant.economy.own_prices(settings="steam=80")``.
    investments : Mapping[str, float], optional
        What schemes cost once, in the plant's currency, where nobody says or instead.
    replications : int, optional
        Simulated years of a few designs, to be shown beside the steady figures; 0 for none. Of the
        line: none, F1-F4, F1-F11 and all; of a plant from a folder: none and all. Beside a cube
        they say what part is of abnormal hours.
    workers : int, optional
        Processes; None takes what pays. In a script, calls with more than one stand below
        ``if __name__ == "__main__":``.
    plant : PlantModel
        The chlorobenzene line, or a plant from a folder with one to twelve schemes.
    design : Design or tree, optional
        Another line than the baseline.

    Raises
    ------
    TypeError, LookupError, ValueError
        Wrong input; a message that names it.
    OSError
        The file cannot be written; what was there stays.
    SimulationFault
        A design that cannot be computed.
    """
    plant = plant_of(plant)
    if not isinstance(file, str | Path):
        raise TypeError(f"file: expected a path like {FILE}, came {told(file)}")
    path = page_file(str(file), "file")
    if isinstance(cube, Combinations):
        base = own_base(cube, plant, design, cube.base.plant.catalogue())
    else:
        base = plant.variant(design=design)
    if base.plant != PLANT and not isinstance(base.plant, FolderPlant):
        raise base.plant.lacks("flow chart of its own", "the page")
    count("replications", replications, 0, MOST_REPLICATIONS)
    once = check_investments(investments, base.known)
    kept = None if cube is None else saved(cube, base)
    compose = _content if base.plant == PLANT else _plant_content
    found = Page(compose(base, prices, once, kept, replications, workers), base)
    write_whole(path, found.html.encode())
    return found


def _content(
    base: Variant[Any],
    prices: Any,
    once: Mapping[str, float],
    kept: Cube | None,
    replications: int,
    workers: int | None,
) -> Content:
    strange = sorted({*base.network.units, *base.network.tanks} - set(STAGE_OF))
    if strange:
        raise ValueError(
            f"the page has no place for {strange[0]}: it draws the line and its twelve schemes; "
            "leave end-of-pipe devices out of the design"
        )
    economy = base.plant.economy
    book = economy.priced(prices)
    cubed = years_of(kept, line_figures(), Content.schemes, Worth(economy, book.tree))
    designs = all_designs(base, workers=workers)
    years = simulated(base, replications, workers=workers)
    return Content(base.base, book, designs, once, replace(years, cube=cubed))


def _plant_content(
    base: Variant[Any],
    prices: Any,
    once: Mapping[str, float],
    kept: Cube | None,
    replications: int,
    workers: int | None,
) -> PlantContent:
    plant: FolderPlant = base.plant  # type: ignore[assignment]
    check_schemes(base)
    priced = plant.contents.economy is not None or prices is not None or once
    book = plant.economy.priced(prices) if priced else None
    content = PlantContent(base, book, all_sheets(base, workers=workers), once)
    figures = [name for name in content.told if name in plant.units]
    worth = None if book is None else Worth(plant.economy, book.tree)
    cubed = years_of(kept, figures, content.schemes, worth)
    years = simulated_of(base, replications, figures, workers=workers)
    return replace(content, years=replace(years, cube=cubed))


def page_file(text: str, name: str = "--out") -> Path:
    """Return the file that a page goes to: the one that is named, or one in a folder.

    Raises ValueError: no name of a page, or a place where nothing can be written.
    """
    named = Path(text).suffix or not text.strip()
    return check_file(text if named else str(Path(text) / FILE), SUFFIXES, FILE, name)
