"""Closed forms, and one exact solver, that the benchmark plants are judged by.

Nothing here uses the engine's solver or clock, so agreement is evidence.
"""

from plant_models.benchmarks.oracles.flows import (
    Deliveries,
    OnOffTank,
    filling_times,
    on_off_source,
    periodic_deliveries,
    recycle_loop,
)
from plant_models.benchmarks.oracles.fluid import FluidLaw, fluid_law
from plant_models.benchmarks.oracles.queues import Queue, single_server
from plant_models.benchmarks.oracles.reliability import (
    age_replacement,
    availability,
    competing_modes,
    independent_modes,
    line_without_buffers,
)
from plant_models.benchmarks.oracles.stirred import (
    StirredTank,
    stirred_tank,
    tanks_in_series,
    washout,
)
from plant_models.benchmarks.oracles.two_machines import (
    Machine,
    TwoMachineLine,
    two_equal_rates,
    two_machines,
)

__all__ = [
    "Deliveries",
    "FluidLaw",
    "Machine",
    "OnOffTank",
    "Queue",
    "StirredTank",
    "TwoMachineLine",
    "age_replacement",
    "availability",
    "competing_modes",
    "filling_times",
    "fluid_law",
    "independent_modes",
    "line_without_buffers",
    "on_off_source",
    "periodic_deliveries",
    "recycle_loop",
    "single_server",
    "stirred_tank",
    "tanks_in_series",
    "two_equal_rates",
    "two_machines",
    "washout",
]
