"""Many runs, one table: cases x replications over any executor, kept in a folder that resumes.

>>> from experiments.runner import LineYears, Variant, run  # doctest: +SKIP
>>> cases = [Variant(("F1",)), Variant(("F1", "F7"))]  # doctest: +SKIP
>>> run(cases, 20, task=LineYears(years=1.0, seed=1), workers=2, store="runs/a")  # doctest: +SKIP

A **task** says what one run is. It is a frozen, picklable value: it is called with a case and the
number of a replication, and returns the figures named in its ``units``. A **case** is any value
that pickles; its ``str`` is its label in the table, its ``repr`` what it is. Where the runs are
done is up to the **executor**: see ``experiments.runner.executors``, also for MPI and dask.
"""

from experiments.runner.executors import open_executor
from experiments.runner.folder import read_card, read_table
from experiments.runner.loop import run
from experiments.runner.rows import KEYS, failures
from experiments.runner.tasks import LineYears, Task, Variant

__all__ = [
    "KEYS",
    "LineYears",
    "Task",
    "Variant",
    "failures",
    "open_executor",
    "read_card",
    "read_table",
    "run",
]
