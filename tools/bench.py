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
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from statistics import median
from time import perf_counter, process_time
from typing import Any

import click

from experiments.door.options import command, option
from experiments.door.types import Number
from experiments.output.provenance import installed_version
from experiments.studies.validate import LINES
from plant_models import chlorobenzene as cb
from plant_models.benchmarks.machines import two_machines
from plant_models.benchmarks.network15 import network15, row15
from plant_models.calendar import YEAR
from plant_models.chlorobenzene.line import weather, wiring
from sim.clock.plant import Plant
from sim.steady import SteadyState
from sim.tables import text_table
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
NETWORKS: Mapping[Callable[[int], Plant], str] = {
    network15: "one settled event, 15 units, 10 tanks, 5 components",
    row15: "the same in a row, without chemistry",
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
        ``us``, ``ms`` or ``s``.
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
        factor = {"s": 1.0, "ms": MILLI, "us": MICRO}[unit]
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
        _two_machines(watch, work, share),
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

    return watch.time(f"{name}_event_us", NETWORKS[plant], "us", event, 20.0)


def _two_machines(watch: Stopwatch, work: dict[str, dict[str, float]], share: float) -> Measure:
    one, other, buffer = LINES["A"]
    rates = ((one.mu, other.mu), (one.p, other.p), (one.r, other.r))

    def line() -> float:
        plant = two_machines(*rates, buffer, "volume", SEED)
        took, work["two_machines"] = _run(plant, share * LINE_HOURS)
        return took / share

    return watch.time("two_machines_s", f"two-machine line, {LINE_HOURS:,.0f} h", "s", line, 0.15)


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
        watch.time("steady_solve_us", "one steady state, flows alone", "us", solve, 200.0),
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
@click.option("--json", "json_wanted", is_flag=True, help="Print one JSON object.")
def main(share: float, profiled: bool, json_wanted: bool) -> None:
    """Measure speed, each figure also as a ratio to a bare SimPy timeout."""
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
        click.echo(json.dumps(told, indent=2, allow_nan=False))
    else:
        click.echo(report(measured))
        if parts:
            click.echo("\n" + report_profile(parts))


if __name__ == "__main__":
    main(prog_name="python -m tools.bench")
