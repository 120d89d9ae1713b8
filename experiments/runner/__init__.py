"""Many runs, one table: cases x replications over any executor, kept in a folder that resumes.

>>> from experiments.runner import PlantYears, run  # doctest: +SKIP
>>> run(["F1", "F1+F7"], 20, task=PlantYears(seed=1), workers=2, store="runs/a")  # doctest: +SKIP

A **task** says what one run is. It is a frozen, picklable value: it is called with a case and the
number of a replication, and returns the figures named in its ``units``. A **case** is any value
that pickles; its ``str`` is its label in the table, its ``repr`` what it is. Where the runs are
done is up to the **executor**: see ``experiments.runner.executors``, also for MPI and dask.
"""

from experiments.runner.executors import open_executor
from experiments.runner.folder import KEYS, failures, read_card, read_table
from experiments.runner.loop import run
from experiments.runner.tasks import PlantYears, Task

__all__ = [
    "KEYS",
    "PlantYears",
    "Task",
    "failures",
    "open_executor",
    "read_card",
    "read_table",
    "run",
]
