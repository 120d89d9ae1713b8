"""The line by hand in a notebook: switches, a few sliders, and a year that runs while you watch.

Needs the extra ``notebooks``; ipywidgets loads when the explorer is made.
"""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import suppress
from html import escape
from io import BytesIO
from typing import Any

from plant_models.arguments import check_run, count
from plant_models.calendar import hours_of
from plant_models.chlorobenzene.figures.timelines import levels, states
from plant_models.chlorobenzene.line.tree import Line
from plant_models.chlorobenzene.model import PLANT, steady_state
from plant_models.chlorobenzene.run.result import Result
from plant_models.model import Schemes, Variant
from sim.clock.random_streams import RandomStreams
from sim.clock.recorder import Recorder
from sim.model.facts import Design, set_values
from sim.model.schemes import Scheme, natural
from sim.tables import readable, words


def simulate_in_steps(
    schemes: Variant[Line] | Schemes = "none",
    *,
    years: float = 1.0,
    steps: int = 12,
    seed: int = 1,
    replication: int = 0,
    start_hour: float = 0.0,
    design: Design[Line] | None = None,
    known: Mapping[str, Scheme] | None = None,
) -> Iterator[Result]:
    """Yield the same recorded run after each of ``steps`` equal parts of its time.

    The last is the run that `simulate` gives, to the bit: looking changes nothing.
    """
    years, seed, replication, start_hour = check_run(years, seed, replication, start_hour)
    count("steps", steps, 1)
    variant = PLANT.variant(schemes, design=design, known=known)
    streams = RandomStreams(seed, replication)
    plant = PLANT.running(variant, streams, start_hour=start_hour, recorder=Recorder()).plant
    for step in range(1, steps + 1):
        so_far = years * step / steps
        plant.run(hours_of(so_far))
        yield PLANT.outcome(
            variant, plant, so_far, start_hour=start_hour, seed=seed, replication=replication
        )


STATES, LEVELS, LOSSES, DIARY = "states", "levels", "losses by cause", "diary"
TABS = (STATES, LEVELS, LOSSES, DIARY)

HEADLINE = {
    "air.benzene_t": "benzene to air",
    "air.hydrogen_chloride_t": "HCl to air",
    "wastewater_t": "wastewater",
    "wastewater.hydrogen_chloride_t": "HCl in wastewater",
    "chlorobenzene_t": "chlorobenzene",
    "steam_t": "steam",
}
"""Indicators of the headline."""

SIZES = {STATES: (9.0, 4.2), LEVELS: (9.0, 6.2), LOSSES: (9.0, 4.2)}  # inches
DOTS = 80  # an inch
CELL = "line-height:1.35;white-space:nowrap"
GRAINS = 1e-9  # relative; what is left of a figure by rounding alone is nothing
MINUS = "\N{MINUS SIGN}"
DAYS = 365.0  # of a year
LATEST = 40  # entries of the diary, the newest first


def headline(before: Result, after: Result) -> str:
    """Return main figures at constant conditions with their change, as HTML."""
    cells = []
    for name, title in HEADLINE.items():
        was, is_ = before.indicators[name], after.indicators[name]
        is_ = 0.0 if abs(is_) < GRAINS * abs(was) else is_
        change = "" if was == is_ or not was else f"{100.0 * (is_ / was - 1.0):+.1f} %"
        cells.append(
            f"<div style='{CELL}'>{title}<br>"
            f"<b style='font-size:1.25em'>{readable(is_)}</b> "
            f"{before.indicators.units[name]}<br>{change.replace('-', MINUS) or '&nbsp;'}</div>"
        )
    schemes = ", ".join(after.schemes) or "no schemes"
    narrow = words(after.bottleneck)
    return (
        f"<p><b>{escape(schemes)}</b>, at constant conditions, against no schemes; "
        f"bottleneck: {narrow}</p>"
        f"<div style='display:flex;flex-wrap:wrap;gap:8px 18px'>{''.join(cells)}</div>"
    )


def picture(tab: str, result: Result) -> str:
    """Return a page of the explorer as HTML."""
    if tab == DIARY:
        return diary(result)
    from matplotlib.figure import Figure

    figure = Figure(figsize=SIZES[tab], layout="constrained", dpi=DOTS)
    ax = figure.subplots()
    if tab == STATES:
        states(result, ax)
    elif tab == LEVELS:
        levels(result, ax)
    else:
        result.plot.emissions(ax)
    buffer = BytesIO()
    figure.savefig(buffer, format="png")
    data = b64encode(buffer.getvalue()).decode("ascii")
    days = result.ledger.hours / 24.0
    about = escape(f"{tab} of the first {days:.0f} days")
    return f"<img alt='{about}' style='max-width:100%' src='data:image/png;base64,{data}'>"


def diary(result: Result) -> str:
    """Return the newest entries of the diary as HTML."""
    entries = list(result.diary())
    rows = "".join(
        f"<tr><td style='white-space:nowrap;vertical-align:top;padding-right:14px'>"
        f"{escape(entry.date)}</td><td style='text-align:left'>{escape(entry.text)}</td></tr>"
        for entry in entries[-LATEST:][::-1]
    )
    return f"<p>{len(entries)} entries, the newest first</p><table>{rows}</table>"


PARTS = 36  # of a run: after each, a click is heard
DRAWN = 9  # parts between two pictures, for drawing costs more than running
LENGTHS = {"one quarter": 0.25, "half a year": 0.5, "one year": 1.0}
PAUSE = 0.01  # s in which the notebook may hand over the next click

CLASSES = ("no-cost", "low-cost", "medium-cost", "high-cost")
FAN, TRUCKS, SOURCE = "off_gas_fan.failure.mtbf", "acid_collection.interval", "cooling_water.source"
"""Parameters with a control of their own."""


class Explorer:
    """Switches and sliders, and what the line does with them; shows itself in a notebook.

    ``design``: another line than the baseline; ``known``: another catalogue of schemes.

    Examples
    --------
    In a notebook, as the last line of a cell: ``cb.explorer()``.
    """

    def __init__(
        self, design: Design[Line] | None = None, known: Mapping[str, Scheme] | None = None
    ) -> None:
        import ipywidgets as widgets

        self.design = PLANT.own(design)
        self.known = PLANT.catalogue() if known is None else known
        self.base = steady_state("none", design=self.design, known=self.known)
        self.result: Result | None = None
        """What the run has come to so far."""
        self._task: asyncio.Task[None] | None = None
        self.switches = {
            name: widgets.Checkbox(
                value=False,
                description=f"{name}  {scheme.title}",
                tooltip=scheme.lever,
                indent=False,
                layout=widgets.Layout(width="auto", margin="0 0 -4px 0"),
            )
            for name, scheme in sorted(self.known.items(), key=lambda item: natural(item[0]))
            if not scheme.illustrative
        }
        self.controls = self._controls(widgets)
        self.progress = widgets.FloatProgress(
            min=0.0, max=1.0, layout=widgets.Layout(width="100%", height="6px")
        )
        self.headline = widgets.HTML()
        self.clock = widgets.HTML()
        tall = widgets.Layout(min_height="320px")
        self.pages = {name: widgets.HTML(layout=tall) for name in TABS}
        self.tabs = widgets.Tab(children=list(self.pages.values()), titles=list(TABS))
        self.box = self._laid_out(widgets)
        for control in (*self.switches.values(), *self.controls.values()):
            control.observe(self._changed, names="value")
        self.tabs.observe(lambda _: self._draw(), names="selected_index")
        self._changed()

    @property
    def schemes(self) -> tuple[str, ...]:
        """Ids of the schemes that are switched on."""
        return tuple(name for name, switch in self.switches.items() if switch.value)

    @property
    def settings(self) -> tuple[str, ...]:
        """Parameters as the sliders have them, like ``--set`` takes them."""
        return (
            f"{FAN}={self.controls[FAN].value:g} h",
            f"{TRUCKS}={self.controls[TRUCKS].value:g} h",
            f"{SOURCE}={self.controls[SOURCE].value}",
        )

    def finish(self) -> None:
        """Run to the end now: for a script, which has no notebook that keeps things going."""
        for _ in self._run():
            pass

    def _ipython_display_(self) -> None:
        from IPython.display import display

        display(self.box)

    def _changed(self, _: object = None) -> None:
        """Tell at once what constant conditions give, then let the run begin anew."""
        if self._task is not None:
            self._task.cancel()
        self._run_anew = self._run()
        try:
            next(self._run_anew)
        except StopIteration:  # a fault, which has been told
            return
        with suppress(RuntimeError):  # no loop: a script, which calls finish()
            self._task = asyncio.get_running_loop().create_task(self._live(self._run_anew))

    async def _live(self, run: Iterator[None]) -> None:
        for _ in run:
            await asyncio.sleep(PAUSE)

    def _run(self) -> Iterator[None]:
        """Yield after each part of a run, with the pictures brought up to it."""
        self.progress.value = 0.0
        try:
            design = set_values(self.design, self.settings)
            variant = PLANT.variant(self.schemes, design=design, known=self.known)
            self.headline.value = headline(self.base, steady_state(variant))
            yield
            years, seed = LENGTHS[self.controls["length"].value], self.controls["seed"].value
            parts = simulate_in_steps(variant, years=years, steps=PARTS, seed=seed)
            for part, result in enumerate(parts, start=1):
                self.result = result
                self.progress.value = part / PARTS
                day, last = result.ledger.hours / 24.0, DAYS * years
                told = f"day {day:.0f} of {last:.0f}, with breakdowns and seasons, seed {seed}"
                self.clock.value = f"<small>{told}</small>"
                if part == 1 or part % DRAWN == 0:
                    self._draw()
                yield
        except (ValueError, LookupError, ArithmeticError, RuntimeError) as fault:
            self.headline.value = (
                "<p role='alert' style='color:#a33a00'><b>This does not work:</b> "
                f"{escape(str(fault))}</p>"
            )

    def _draw(self) -> None:
        """Draw the page that is in view, and no other."""
        name = TABS[self.tabs.selected_index or 0]
        if self.result is not None:
            self.pages[name].value = picture(name, self.result)

    def _controls(self, widgets: Any) -> dict[str, Any]:
        tree = self.design.tree
        failure = tree.off_gas_fan.failure
        mtbf = 8000.0 if failure is None else failure.mtbf
        wide = {"description_width": "150px"}
        across = widgets.Layout(width="auto")
        return {
            "length": widgets.Dropdown(
                options=list(LENGTHS), value="one year", description="length of the run",
                style=wide, layout=across,
            ),
            "seed": widgets.BoundedIntText(
                value=1, min=0, max=2**32 - 1, description="seed", style=wide, layout=across
            ),
            SOURCE: widgets.Dropdown(
                options=["well", "river"], value=tree.cooling_water.source,
                description="cooling water from", style=wide, layout=across,
            ),
            FAN: widgets.IntSlider(
                value=round(mtbf), min=200, max=8000, step=100,
                description="fan: MTBF, h", style=wide, layout=across, continuous_update=False,
            ),
            TRUCKS: widgets.FloatSlider(
                value=tree.acid_collection.interval, min=3.0, max=15.0, step=0.5,
                description="acid truck every, h", readout_format=".1f",
                style=wide, layout=across, continuous_update=False,
            ),
        }  # fmt: skip

    def _laid_out(self, widgets: Any) -> Any:
        groups: list[Any] = []
        for each in CLASSES:
            own = [s for name, s in self.switches.items() if self.known[name].cost_class == each]
            groups += [widgets.HTML(f"<b>{each}</b>"), *own]
        left = widgets.VBox(
            [*groups, widgets.HTML("<b>line</b>"), *self.controls.values()],
            layout=widgets.Layout(width="400px", flex="0 0 400px"),
        )
        right = widgets.VBox(
            [self.headline, self.progress, self.clock, self.tabs],
            layout=widgets.Layout(flex="1 1 auto", min_width="0", padding="0 0 0 16px"),
        )
        return widgets.HBox([left, right])


def explorer(
    design: Design[Line] | None = None, known: Mapping[str, Scheme] | None = None
) -> Explorer:
    """Return switches, sliders and a year that runs while you watch, for a notebook.

    Raises ImportError: without the extra ``notebooks``; tells how to install it.
    """
    try:
        return Explorer(design, known)
    except ImportError as fault:
        raise ImportError(
            f"explorer() needs {fault.name}, of the extra notebooks: pip install {fault.name}"
        ) from fault
