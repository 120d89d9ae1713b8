"""The page for a class: all 4,096 designs of the line in one HTML file without a network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from experiments.output.answer import Answer, Table
from experiments.output.files import check_file, write_whole
from experiments.output.provenance import changed, provenance
from experiments.page.assemble import page
from experiments.page.data import Content
from experiments.page.designs import NAMES, all_designs, members
from experiments.page.years import simulated
from experiments.runner.horizon import MOST_REPLICATIONS
from experiments.studies import Own, Plant, plant_of
from plant_models.arguments import count
from plant_models.chlorobenzene.figures.sankey_flows import STAGE_OF
from plant_models.chlorobenzene.model import PLANT
from plant_models.methods.economics import check_investments
from plant_models.model import Variant, compact
from sim.errors import told

SUFFIXES = (".html", ".htm")
FILE = "page.html"
YEARS = 5  # a design


@dataclass(frozen=True, repr=False)
class Page(Answer):
    """The page, and the designs in it."""

    content: Content
    base: Variant[Any]  #: The line before any scheme

    @cached_property
    def html(self) -> str:
        """The page: the same text for any number of workers."""
        return page(self.content.as_json())

    def report(self) -> str:
        """Return how large the page is."""
        size = len(self.html.encode()) / 1e6
        designs = len(self.content.net)
        return f"{designs:,} designs, {size:.1f} MB; open the page in any browser"

    def tables(self) -> Mapping[str, Table]:
        """Return all designs: their indicators, RMB once and RMB a year."""
        of = self.content
        rows = [
            (compact(members(mask), self.base.known), *row, once, net)
            for mask, (row, once, net) in enumerate(
                zip(of.designs.indicators.tolist(), of.investment, of.net, strict=True)
            )
        ]
        units = {**self.base.plant.units, "investment": "RMB", "net_income": "RMB/yr"}
        return {"designs": Table(("schemes", *NAMES, "investment", "net_income"), rows, units)}

    def documents(self) -> Mapping[str, str]:
        """Return the page."""
        return {FILE: self.html}

    def as_json(self) -> dict[str, Any]:
        """Return what the page knows."""
        of = self.content
        prices = changed(self.base.plant.economy.prices().tree, of.book.tree)
        asked = {"prices": prices, "investments": of.investments}
        return {**of.as_json(), "provenance": provenance("page", self.base, **asked)}


def write_page(
    file: Path | str = FILE,
    *,
    prices: Any = None,
    investments: Mapping[str, float] | None = None,
    replications: int = YEARS,
    workers: int | None = 1,
    plant: Plant = PLANT,
    design: Own = None,
) -> Page:
    """Write all 4,096 designs as one HTML file that opens without a network.

    Parameters
    ----------
    file : path
        The page, or a folder for ``page.html``.
    prices : Design or prices, optional
        Another set of prices and terms, as ``plant.economy.own_prices(settings="steam=80")``.
    investments : Mapping[str, float], optional
        What schemes cost once, RMB, where nobody says or instead.
    replications : int, optional
        Simulated years of each of four designs, to be shown beside the steady figures; 0 for none.
    workers : int, optional
        Processes; None takes what pays. In a script, calls with more than one stand below
        ``if __name__ == "__main__":``.
    plant : PlantModel
        The chlorobenzene line, which alone has a page.
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
    if plant != PLANT:
        raise plant.lacks("flow chart of its own", "the page")
    if not isinstance(file, str | Path):
        raise TypeError(f"file: expected a path like {FILE}, came {told(file)}")
    path = page_file(str(file), "file")
    base = plant.variant(design=design)
    strange = sorted({*base.network.units, *base.network.tanks} - set(STAGE_OF))
    if strange:
        raise ValueError(
            f"the page has no place for {strange[0]}: it draws the line and its twelve schemes; "
            "leave end-of-pipe devices out of the design"
        )
    book = plant.economy.priced(prices)
    once = check_investments(investments, base.known)
    count("replications", replications, 0, MOST_REPLICATIONS)
    designs = all_designs(base, workers=workers)
    years = simulated(base, replications, workers=workers)
    found = Page(Content(base.base, book, designs, once, years), base)
    write_whole(path, found.html.encode())
    return found


def page_file(text: str, name: str = "--out") -> Path:
    """Return the file that a page goes to: the one that is named, or one in a folder.

    Raises ValueError: no name of a page, or a place where nothing can be written.
    """
    named = Path(text).suffix or not text.strip()
    return check_file(text if named else str(Path(text) / FILE), SUFFIXES, FILE, name)
