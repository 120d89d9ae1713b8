"""The pictures of the report, as the plant draws its designs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO

from experiments.audit.basis import Side
from experiments.audit.document import Picture
from experiments.output.pictures import save

COLOURS = 128


def drawn(name: str, designs: Sequence[Side], caption: str, alt: str) -> Iterator[Picture]:
    """Yield what the plant draws of some designs under a name, if it does."""
    draw = designs[0].variant.plant.pictures(designs).get(name)
    if draw is not None:
        file = BytesIO()
        save(draw(), file, colours=COLOURS)
        yield Picture(f"{name}.png", caption, alt, file.getvalue())
