"""The same work elsewhere: in another checkout of this project, and in other simulators.

What is measured in another checkout may call only what every version has; so the text below is
one script, run by a process of its own in either, and the figures are taken in turn.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from time import perf_counter

SCRIPT = """
import sys
from time import process_time
key, share, line_hours = sys.argv[1], float(sys.argv[2]), float(sys.argv[3])

def year(schemes):
    from plant_models import chlorobenzene as cb
    cb.simulate(schemes, years=0.01, seed=1)
    def work():
        began = process_time()
        cb.simulate(schemes, years=share, seed=1)
        return (process_time() - began) / share
    return work

def event(build, hours):
    build().run(0.2 * hours)
    def work():
        plant = build()
        began = process_time()
        plant.run(hours)
        return (process_time() - began) / plant.counts()["settlements"]
    return work

def network(name):
    from plant_models.benchmarks import network15
    return event(lambda: getattr(network15, name)(1), share * 8760.0)

def row(machines):
    from plant_models.benchmarks.machines import machine_line, running, unreliable
    def build():
        rates = [10.0 + i % 3 for i in range(machines)]
        fails = [1.0 / (50.0 + i) for i in range(machines)]
        made = unreliable(rates, fails, [0.2] * machines, "run time")
        return running(machine_line(made, [40.0] * (machines - 1)), crews=machines)
    return event(build, share * 30000.0 / machines)

def two_machines():
    from plant_models.benchmarks.machines import two_machines
    def build():
        return two_machines((1.0, 1.0), (0.01, 0.01), (0.1, 0.1), 10.0, "calendar", 1)
    build().run(20_000.0)
    def work():
        plant = build()
        began = process_time()
        plant.run(share * line_hours)
        return (process_time() - began) / share
    return work

def steady():
    from itertools import islice, product
    from plant_models import chlorobenzene as cb
    cb.steady_state("all")
    ids = [f"F{i}" for i in range(1, 13)]
    sets = [[f for j, f in enumerate(ids) if m >> j & 1] for m in range(0, 4096, 64)]
    sets = sets[: max(1, round(share * len(sets)))]
    def work():
        began = process_time()
        for picked in sets:
            cb.steady_state(picked)
        return (process_time() - began) * 4096 / len(sets)
    return work

KINDS = {
    "year_none_ms": lambda: year("none"), "year_F1-F11_ms": lambda: year("F1-F11"),
    "network15_event_us": lambda: network("network15"), "row15_event_us": lambda: network("row15"),
    "row_5_event_us": lambda: row(5), "row_80_event_us": lambda: row(80),
    "two_machines_calendar_s": two_machines, "all_steady_states_s": steady,
}
print(KINDS[key]()())
"""
KEYS = {
    "year_none_ms": ("one stochastic year, none", 1e3, "ms"),
    "year_F1-F11_ms": ("one stochastic year, F1-F11", 1e3, "ms"),
    "network15_event_us": ("one settled event, 15 units, chemistry", 1e6, "us"),
    "row15_event_us": ("the same in a row, without chemistry", 1e6, "us"),
    "row_5_event_us": ("one settled event, row of 5 machines", 1e6, "us"),
    "row_80_event_us": ("one settled event, row of 80 machines", 1e6, "us"),
    "two_machines_calendar_s": ("two-machine line, calendar clock", 1.0, "s"),
    "all_steady_states_s": ("all 4,096 sets at steady state, from 64", 1.0, "s"),
}


@dataclass(frozen=True, slots=True)
class Pair:
    """One work done here and there, in turn: medians of the processor's time, and their ratio."""

    key: str
    what: str
    here: float
    there: float
    unit: str
    ratio: float  #: There over here, median of the pairs: how many times faster it is here


def beside(checkout: Path, share: float, repeats: int, line_hours: float) -> list[Pair]:
    """Return what each work takes here and in another checkout of the project.

    Raises ValueError where ``checkout`` is none.
    """
    if not (checkout / "sim").is_dir():
        raise ValueError(
            f"expected the folder of another checkout, with sim/ in it, got {checkout}; "
            "git worktree add FOLDER COMMIT makes one"
        )
    here = Path(__file__).resolve().parents[1]
    return [_pair(key, (here, checkout), share, repeats, line_hours) for key in KEYS]


def _pair(
    key: str, places: tuple[Path, Path], share: float, repeats: int, line_hours: float
) -> Pair:
    what, factor, unit = KEYS[key]
    took = [[_seconds(place, key, share, line_hours) for place in places] for _ in range(repeats)]
    here, there = (factor * median(seconds) for seconds in zip(*took, strict=True))
    return Pair(key, what, here, there, unit, median(far / near for near, far in took))


def _seconds(checkout: Path, key: str, share: float, line_hours: float) -> float:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, key, str(share), str(line_hours)],
        cwd=checkout, env={**os.environ, "PYTHONPATH": str(checkout)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return float(done.stdout)


def naga(hours: float) -> float:
    """Return the seconds that nagasim takes for the two-machine line, calendar clock.

    A level of 10 kg between two flows of 1 kg/h, each open while its resource is up; both fail
    every 100 h and are repaired in 10 h, exponential.
    """
    from nagasim import api

    def failing(name: str) -> dict[str, object]:
        def law(hours: float) -> dict[str, object]:
            drawn = {"distribution": "Exponential", "dist_params": {"rate": 1.0 / hours}}
            return {**drawn, "time_unit": "hours"}

        return {"name": name, "resources": [name], "uptime": law(100.0), "downtime": law(10.0)}

    names = ("first", "second")
    model = {
        "schema_version": 29,
        "blocks": [],
        "resources": [{"name": name, "capacity": 1, "discipline": "FIFO"} for name in names],
        "failures": [failing(name) for name in names],
        "levels": [{"name": "buffer", "capacity": 10.0, "min": 0, "initial": 5.0}],
        "flows": [
            {"name": "in", "to": "buffer", "rate": 'AVAILABLE("first")'},
            {"name": "out", "from": "buffer", "rate": 'AVAILABLE("second")'},
        ],
        "simulation": {"time_limit": hours, "replications": 1, "base_time_unit": "hours"},
    }
    began = perf_counter()
    api.run_model(model, replications=1, seed=1)
    return perf_counter() - began


PEERS: dict[str, Callable[[float], float]] = {"nagasim": naga}


def peers() -> dict[str, Callable[[float], float]]:
    """Return the other simulators that are installed, each with its two-machine line."""
    return {name: line for name, line in PEERS.items() if find_spec(name)}
