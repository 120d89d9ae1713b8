"""The pictures of the report, as the plant draws its designs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import TYPE_CHECKING

from experiments.audit.basis import Audit
from experiments.audit.document import Picture
from experiments.output.pictures import save

if TYPE_CHECKING:
    from matplotlib.figure import Figure

EMISSIONS, FLOWS = "emissions", "sankey"
COLOURS = 128


def drawings(of: Audit) -> dict[str, Callable[[], Figure]]:
    """Return what draws both designs' emissions and the audited flows, as far as the plant does."""
    shown = {EMISSIONS: [of.before, of.after], FLOWS: [of.after]}
    found = {name: of.plant.pictures(designs).get(name) for name, designs in shown.items()}
    return {name: draw for name, draw in found.items() if draw is not None}


def drawn(of: Audit, name: str, caption: str, alt: str) -> Iterator[Picture]:
    """Yield a picture for the document, if the plant draws it."""
    draw = drawings(of).get(name)
    if draw is not None:
        file = BytesIO()
        save(draw(), file, colours=COLOURS)
        yield Picture(f"{name}.png", caption, alt, file.getvalue())
