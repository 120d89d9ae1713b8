"""How fast the engine is, each figure beside what a bare SimPy timeout costs in the same run.

``python -m tools.bench`` prints it; ``--profile`` adds which part of the program takes what.
"""

from __future__ import annotations

import json
import os
import platform
import random
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

import click

from experiments.door.options import command, option
from experiments.door.types import Number
from experiments.output.provenance import installed_version
from experiments.studies.validate.machines import LINES
from plant_models import chlorobenzene as cb
from plant_models.benchmarks.machines import machine_line, running, two_machines, unreliable
from plant_models.benchmarks.network15 import network15, row15
from plant_models.calendar import YEAR
from plant_models.chlorobenzene.line import weather, wiring
from sim.clock.plant import Plant
from sim.steady.state import SteadyState
from sim.tables import text_table
from tools.bench_beside import Pair, beside, peers
from tools.bench_profile import Part, profile
from tools.bench_profile import report as report_profile
from tools.reference import reference_loop

REPEATS = 3  # what is reported is the median
REFERENCE = 20_000  # timeouts of the bare loop beside each repeat
DESIGNS = ("none", "F1-F11")
ALL_SETS = 4096  # all subsets of F1 to F12
SAMPLE = 64  # of them; the time for all is extrapolated
SEED = 1
LINE_HOURS = 500_000.0
ROW_HOURS = 30_000.0  # of a machine, in a row of any length
NETWORKS: Mapping[Callable[[int], Plant], tuple[str, float]] = {
    network15: ("one settled event, 15 units, 10 tanks, 5 components", 60.0),
    row15: ("the same in a row, without chemistry", 15.0),
}
IMPORTS = "sim.clock.plant, plant_models.benchmarks.network15, plant_models.chlorobenzene"
COLD_IMPORT = (
    "from time import perf_counter\n"
    "began = perf_counter()\n"
    f"import {IMPORTS}\n"
    "print(perf_counter() - began)\n"
)

MILLI, MICRO = 1e3, 1e6


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure of the benchmark.

    Parameters
    ----------
    key : str
        Its name in the JSON object.
    what : str
        What was done, in words.
    value : float
        Median of the repeats, in ``unit``.
    unit : str
        ``us``, ``ms``, ``s`` or, for a ratio, ``times``.
    bare_events : float
        Median ratio to the time of one timeout of the bare SimPy loop run beside it.
    bar : float, optional
        What it is to stay below on a machine of two cores, in ``unit``.
    """

    key: str
    what: str
    value: float
    unit: str
    bare_events: float
    bar: float | None = None


@dataclass(frozen=True, slots=True)
class Benchmark:
    """All figures of a run of the benchmark.

    Parameters
    ----------
    reference : float
        A timeout of the bare SimPy loop, us, median of all repeats.
    core_share : float
        Part of a core that the process had; well below 1 on a busy machine, where times are long.
    measures : tuple of Measure
    work : dict
        For each plant what the engine did: settlements (one for each instant at which something
        happens), intervals and the rounds to find them, rate solves, recipe evaluations, and over
        how many hours.
    """

    reference: float
    core_share: float
    measures: tuple[Measure, ...]
    work: dict[str, dict[str, float]]


class Stopwatch:
    """Repeats work and takes medians, each repeat beside a run of the bare loop."""

    def __init__(self, repeats: int) -> None:
        self.repeats = repeats
        self.references: list[float] = []
        self.spent = self.lasted = 0.0

    def time(
        self,
        key: str,
        what: str,
        unit: str,
        work: Callable[[], float],
        bar: float | None = None,
    ) -> Measure:
        """Return the measure of ``work``, which returns the seconds that one of it took."""
        seconds, ratios = [], []
        for _ in range(self.repeats):
            bare = reference_loop(REFERENCE) / REFERENCE
            began, spent = perf_counter(), process_time()
            took = work()
            self.lasted += perf_counter() - began
            self.spent += process_time() - spent
            self.references.append(bare)
            seconds.append(took)
            ratios.append(took / bare)
        factor = {"s": 1.0, "times": 1.0, "ms": MILLI, "us": MICRO}[unit]
        return Measure(key, what, factor * median(seconds), unit, median(ratios), bar)


def bench(share: float = 1.0, repeats: int = REPEATS) -> Benchmark:
    """Return how long everything takes that users wait for.

    Parameters
    ----------
    share : float
        Share of the full horizons and samples; figures are still per year, event and state.
    repeats : int
        How often each is done; medians are reported.
    """
    watch = Stopwatch(repeats)
    work: dict[str, dict[str, float]] = {}
    measures = [
        *(_year(watch, work, schemes, share) for schemes in DESIGNS),
        *(_network(watch, work, plant, share) for plant in NETWORKS),
        *_steady(watch, share),
        _row(watch, share),
        *_two_machines(watch, work, share),
    ]
    core_share = watch.spent / watch.lasted  # of this process; the import has one of its own
    what = "import of sim and plant_models, new process"
    measures.append(watch.time("cold_import_s", what, "s", _cold_import, 0.5))
    return Benchmark(MICRO * median(watch.references), core_share, tuple(measures), work)


def _timed(work: Callable[[], object]) -> float:
    began = perf_counter()
    work()
    return perf_counter() - began


def _year(
    watch: Stopwatch, work: dict[str, dict[str, float]], schemes: str, share: float
) -> Measure:
    """Time a year of the line with everything random and nothing recorded."""

    def year() -> float:
        began = perf_counter()
        result = cb.simulate(schemes, years=share, seed=SEED)
        took = perf_counter() - began
        work[schemes] = {**result.counts, "hours": share * YEAR}
        return took / share

    return watch.time(f"year_{schemes}_ms", f"one stochastic year, {schemes}", "ms", year, 250.0)


def _run(plant: Plant, hours: float) -> tuple[float, dict[str, float]]:
    took = _timed(lambda: plant.run(hours))
    return took, {**plant.counts(), "hours": hours}


def _network(
    watch: Stopwatch, work: dict[str, dict[str, float]], plant: Callable[[int], Plant], share: float
) -> Measure:
    """Time an event of fifteen units with ten tanks between them, a year long."""
    name = plant.__name__

    def event() -> float:
        took, work[name] = _run(plant(SEED), share * YEAR)
        return took / work[name]["settlements"]

    what, bar = NETWORKS[plant]
    return watch.time(f"{name}_event_us", what, "us", event, bar)


def _row(watch: Stopwatch, share: float) -> Measure:
    """Time an event in a row of 80 machines beside one in a row of 5: does cost grow with size.

    The figure is the ratio, so its unit is one settled event of the short row.
    """

    def ratio() -> float:
        return _row_event(80, share) / _row_event(5, share)

    what = "one settled event, row of 80 machines over row of 5"
    return watch.time("row_80_over_5", what, "times", ratio, 1.5)


def _row_event(machines: int, share: float) -> float:
    count = range(machines)
    made = unreliable(
        [10.0 + i % 3 for i in count], [1.0 / (50.0 + i) for i in count],
        [0.2 for _ in count], "run time",
    )  # fmt: skip
    plant = running(machine_line(made, [40.0] * (machines - 1)), SEED, crews=machines)
    took, counts = _run(plant, share * ROW_HOURS / machines)
    return took / max(counts["settlements"], 1)


def _two_machines(
    watch: Stopwatch, work: dict[str, dict[str, float]], share: float
) -> list[Measure]:
    """Time the two-machine line by both clocks, and what other simulators need for the same."""
    hours = share * LINE_HOURS

    def line(clock: str) -> Callable[[], float]:
        one, other, buffer = LINES["A"]
        rates = ((one.mu, other.mu), (one.p, other.p), (one.r, other.r))

        def measured() -> float:
            took, work["two_machines"] = _run(two_machines(*rates, buffer, clock, SEED), hours)
            return took / share

        return measured

    what = f"two-machine line, {LINE_HOURS:,.0f} h"
    return [
        *(
            watch.time(f"peer_{name}_s", f"{what}, calendar clock, {name}", "s", peer)
            for name, peer in ((name, partial(_peer, of, share)) for name, of in peers().items())
        ),
        watch.time("two_machines_calendar_s", f"{what}, calendar clock", "s", line("calendar")),
        watch.time("two_machines_s", what, "s", line("volume"), 0.10),
    ]  # fmt: skip


def _peer(line: Callable[[float], float], share: float) -> float:
    return line(share * LINE_HOURS) / share


def _steady(watch: Stopwatch, share: float) -> list[Measure]:
    sets = scheme_sets(max(round(share * SAMPLE), 1))
    plain = cb.line("none")
    network, felt = wiring.network(plain), weather.annual_mean(plain)

    def solve() -> float:
        return _timed(lambda: SteadyState(network, felt))

    def state() -> float:
        return _timed(lambda: cb.steady_state("none"))

    def every() -> float:
        return _timed(lambda: [cb.steady_state(ids) for ids in sets]) * ALL_SETS / len(sets)

    what = f"all {ALL_SETS:,} scheme sets at steady state, extrapolated from {len(sets)}"
    return [
        watch.time("steady_solve_us", "one steady state, flows alone", "us", solve, 300.0),
        watch.time("steady_state_us", "the same from schemes to ledger", "us", state),
        watch.time("all_steady_states_s", what, "s", every, 1.0),
    ]


def scheme_sets(count: int) -> list[tuple[str, ...]]:
    """Return so many different ones of the 4,096 scheme sets, the same each time."""
    picked = random.Random(1).sample(range(ALL_SETS), count)
    return [tuple(f"F{i + 1}" for i in range(12) if bits >> i & 1) for bits in picked]


def _cold_import() -> float:
    """Return what a new interpreter needs for the imports, without its own start, s."""
    done = subprocess.run(
        [sys.executable, "-c", COLD_IMPORT], capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
    )  # fmt: skip
    return float(done.stdout)


def machine() -> dict[str, Any]:
    """Return what the figures were measured on."""
    return {
        "python": platform.python_version(),
        "system": platform.system(),
        "architecture": platform.machine(),
        "cores": os.cpu_count(),
        "libraries": {name: installed_version(name) for name in ("simpy", "numpy")},
    }


def as_json(of: Benchmark) -> dict[str, Any]:
    """Return the benchmark as one JSON object."""
    return {
        "machine": machine(),
        "reference_us_per_event": of.reference,
        "core_share": of.core_share,
        "measures": {measure.key: asdict(measure) for measure in of.measures},
        "work": of.work,
    }


def report(of: Benchmark) -> str:
    """Return the benchmark as two tables: times, and work a year."""
    on = machine()
    times = [
        ("what", "median", "bare events", "bar"),
        *(
            (m.what, f"{m.value:,.3g} {m.unit}" if m.value < 100 else f"{m.value:,.0f} {m.unit}",
             f"{m.bare_events:,.3g}" if m.bare_events < 100 else f"{m.bare_events:,.0f}", _bar(m))
            for m in of.measures
        ),
    ]  # fmt: skip
    names = list(next(iter(of.work.values())))[:-1]
    counts = [
        ("a year of 8,760 h", *names),
        *(
            (plant, *(f"{done[name] * YEAR / done['hours']:,.0f}" for name in names))
            for plant, done in of.work.items()
        ),
    ]
    return "\n".join(
        [
            f"Python {on['python']}, {on['system']} {on['architecture']}, {on['cores']} cores; "
            f"bare SimPy timeout {of.reference:.3g} us, the unit of 'bare events'",
            f"medians; this process had {100.0 * of.core_share:.0f} % of a core",
            "",
            *text_table(times[0], times[1:]),
            "",
            *text_table(counts[0], counts[1:]),
        ]
    )


def report_pairs(pairs: Sequence[Pair]) -> str:
    """Return what each work takes here and in another checkout as a table."""
    head = ("what, processor's time", "here", "there", "there over here")
    rows = [
        (of.what, f"{of.here:,.3g} {of.unit}", f"{of.there:,.3g} {of.unit}", f"{of.ratio:.3g}")
        for of in pairs
    ]
    return "\n".join(text_table(head, rows))


def _bar(of: Measure) -> str:
    if of.bar is None:
        return ""
    over = f", {of.value / of.bar:.2g} times that" if of.value > of.bar else ""
    return f"{of.bar:g} {of.unit}{over}"


@command()
@option("--share", default="1", show_default=True, metavar="X", type=Number(1e-6, 1.0),
        help="Share of the full horizons to run, for a quick look.")  # fmt: skip
@click.option("--profile", "profiled", is_flag=True,
              help="Also tell which part of the program takes what.")  # fmt: skip
@click.option("--beside", "checkout", metavar="DIR",
              type=click.Path(file_okay=False, exists=True, path_type=Path),
              help="Measure the same in another checkout, too, in turn.")  # fmt: skip
@click.option("--json", "json_wanted", is_flag=True, help="Print one JSON object.")
def main(share: float, profiled: bool, checkout: Path | None, json_wanted: bool) -> None:
    """Measure speed, each figure also as a ratio to a bare SimPy timeout.

    Other simulators that are installed (pip install nagasim) get a row each.
    """
    pairs = _beside(checkout, share) if checkout else []
    measured = bench(share)
    parts: dict[str, list[Part]] = {}
    if profiled:
        parts = {schemes: profile(schemes, years=share) for schemes in DESIGNS}
    if json_wanted:
        told = {"share": share, **as_json(measured)}
        if parts:
            told["profile"] = {
                schemes: list(map(asdict, found)) for schemes, found in parts.items()
            }
        if pairs:
            told["beside"] = {pair.key: asdict(pair) for pair in pairs}
        click.echo(json.dumps(told, indent=2, allow_nan=False))
    else:
        click.echo(report(measured))
        if parts:
            click.echo("\n" + report_profile(parts))
        if pairs:
            click.echo("\n" + report_pairs(pairs))


def _beside(checkout: Path, share: float) -> list[Pair]:
    try:
        return beside(checkout.resolve(), share, REPEATS, LINE_HOURS)
    except ValueError as bad:
        raise click.BadParameter(str(bad), param_hint="--beside") from bad


if __name__ == "__main__":
    main(prog_name="python -m tools.bench")
