"""The rows of the table: keys, figures or an error; as Arrow tables, always built the same way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

KEYS = ("case", "label", "replication")
ERROR = "error"


class Row(NamedTuple):
    """One run.

    Parameters
    ----------
    case : int
        Number of the case, from 0.
    replication : int
        From 0.
    values : tuple of float, optional
        The figures; none if the run failed.
    error : str, optional
        Why it failed.
    """

    case: int
    label: str
    replication: int
    values: tuple[float, ...] | None
    error: str | None


def schema(units: Mapping[str, str]) -> pa.Schema:
    """Return the columns of the table; each figure carries its unit of measure."""
    import pyarrow as pa

    return pa.schema(
        [
            pa.field("case", pa.int32(), nullable=False),
            pa.field("label", pa.string(), nullable=False),
            pa.field("replication", pa.int32(), nullable=False),
            *(pa.field(n, pa.float64(), metadata={"unit": unit}) for n, unit in units.items()),
            pa.field(ERROR, pa.string()),
        ]
    )


def arrow(rows: Sequence[Row], units: Mapping[str, str]) -> pa.Table:
    """Return rows as an Arrow table; what a failed run has not computed is null."""
    import pyarrow as pa

    figures = [row.values or (None,) * len(units) for row in rows]
    columns: list[list[Any]] = [
        [row.case for row in rows],
        [row.label for row in rows],
        [row.replication for row in rows],
        *(list(column) for column in zip(*figures, strict=True)),
        [row.error for row in rows],
    ]
    of = schema(units)
    return pa.Table.from_arrays(
        [pa.array(column, kind) for column, kind in zip(columns, of.types, strict=True)], schema=of
    )


def frame(tables: Sequence[pa.Table], units: Mapping[str, str]) -> pd.DataFrame:
    """Return the table of all runs, in the order of cases and replications."""
    import pyarrow as pa

    whole: pd.DataFrame = pa.concat_tables([schema(units).empty_table(), *tables]).to_pandas()
    whole.attrs["units"] = dict(units)
    return whole


def failures(table: pd.DataFrame) -> pd.DataFrame:
    """Return the runs that failed: their keys and errors."""
    return table.loc[table[ERROR].notna(), [*KEYS, ERROR]]
