"""The page from a line and its prices."""

from __future__ import annotations

from collections.abc import Mapping

from experiments.page.data import Content
from experiments.page.designs import Designs, all_designs
from experiments.page.write import page
from plant_models import chlorobenzene as cb
from plant_models.chlorobenzene.money.prices import Prices
from sim.model.facts import Design


def build(
    design: Design[cb.Line],
    book: Design[Prices],
    *,
    workers: int = 1,
    designs: Designs | None = None,
    investments: Mapping[str, float] | None = None,
) -> str:
    """Return the page of a line: the same text for any number of workers.

    Parameters
    ----------
    design : Design
        The line before any scheme.
    book : Design
        Prices and terms.
    workers : int
        Processes to compute the designs with.
    designs : Designs, optional
        Computed before.
    investments : Mapping[str, float], optional
        Of schemes that the source gives none for, or instead of its own, RMB.
    """
    designs = designs or all_designs(design, workers=workers)
    return page(Content(design, book, designs, investments or {}).as_json())
