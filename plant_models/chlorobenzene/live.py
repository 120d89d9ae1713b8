"""A run that is looked at while it goes on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from plant_models.chlorobenzene import operation, weather
from plant_models.chlorobenzene.arguments import check_count, check_run
from plant_models.chlorobenzene.design import Schemes, catalogue, chosen, line
from plant_models.chlorobenzene.line import Line
from plant_models.chlorobenzene.runs import Result, result_of
from sim.facts import Design
from sim.patches import Scheme
from sim.random_streams import RandomStreams
from sim.recorder import Recorder


def simulate_in_steps(
    schemes: Schemes = "none",
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

    The draws are those of `simulate`. Looking at the books settles the tanks, so figures may differ
    from it by what a composition step moves them.
    """
    check_run(years, seed, replication, start_hour)
    check_count("steps", steps, least=1)
    known = catalogue() if known is None else known
    ids = tuple(scheme.id for scheme in chosen(schemes, known))
    tree = line(ids, design=design, known=known)
    streams = RandomStreams(seed, replication)
    plant = operation.start(tree, streams, start_hour=start_hour, recorder=Recorder())
    for step in range(1, steps + 1):
        so_far = years * step / steps
        plant.run(so_far * weather.YEAR)
        told = result_of(ids, tree, plant, so_far, start_hour)
        yield replace(told, seed=seed, replication=replication)
