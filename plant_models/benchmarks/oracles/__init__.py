"""Closed forms, and one exact solver, that the benchmark plants are judged by.

Nothing here uses the engine's solver or clock, so agreement is evidence.
"""

from plant_models.benchmarks.oracles import (
    flows,
    fluid,
    queues,
    reliability,
    scarce,
    stirred,
    two_machines,
)

__all__ = ["flows", "fluid", "queues", "reliability", "scarce", "stirred", "two_machines"]
