"""The moving picture of the front page: what the line loses, scheme by scheme.

``python -m tools.moving_picture`` writes ``docs/figures/programme.gif``: the flow chart of the
organics in steady operation, first without schemes, then with each step of the plant's own order
put on top. It runs through twice and stops at the last.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from experiments.output.pictures import save
from plant_models import chlorobenzene as cb
from plant_models.chlorobenzene.figures.sankey import sankey
from plant_models.chlorobenzene.figures.sankey_flows import largest_flow, line_flows

if TYPE_CHECKING:
    from PIL.Image import Image

FILE = Path(__file__).parents[1] / "docs" / "figures" / "programme.gif"
STEPS = ("none", "F1-F4", *(f"F1-F{last}" for last in range(5, 12)))
"""The sets of schemes that stand one after another, in the order of the source's Table 1-2."""

SIZE = (12.6, 7.4)  # inches
COLOURS = 96
WIDTH = 1000  # px
FIRST, EACH, LAST = 2500, 1400, 4000  # ms that a frame is seen
TWICE = 1  # times that it begins anew


def lost(schemes: str) -> float:
    """Return the organics that a set of schemes loses to all media, t/yr as benzene."""
    return sum(t for (_, sink), t in flows(schemes).items() if sink.startswith("loss:"))


def flows(schemes: str) -> dict[tuple[str, str], float]:
    """Return what passes between the stages at constant conditions, t/yr."""
    return line_flows(cb.steady_state(schemes).ledger.flows)


def frames() -> list[Image]:
    """Return a picture for every step, all on one scale."""
    tables = {schemes: flows(schemes) for schemes in STEPS}
    largest = largest_flow(*tables.values())
    drawn = []
    for schemes, table in tables.items():
        figure = Figure(figsize=SIZE, layout="constrained")
        said = "without schemes" if schemes == "none" else f"with {schemes.replace('-', ' to ')}"
        sankey(table, figure.subplots(), largest=largest).set_title(
            f"{said}: {lost(schemes):,.0f} t of organics lost a year", fontsize=18, loc="left"
        )
        drawn.append(_image(figure))
    return drawn


def _image(figure: Figure) -> Image:
    from PIL import Image  # matplotlib writes its pictures with it

    file = BytesIO()
    save(figure, file, COLOURS, dots=WIDTH / SIZE[0])
    return Image.open(file)


def write(file: Path = FILE) -> None:
    """Write the picture."""
    first, *others = frames()
    seen = [FIRST, *[EACH] * (len(others) - 1), LAST]
    first.save(file, save_all=True, append_images=others, duration=seen, loop=TWICE, optimize=True)


if __name__ == "__main__":
    write()
