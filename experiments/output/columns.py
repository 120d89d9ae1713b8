"""Columns in one file, with a note on what they are: a NumPy archive, or Parquet by an extra."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import numpy as np
from numpy.typing import NDArray

Columns = Mapping[str, NDArray[Any]]

NOTE = "cleanerline"  # beside the columns of an archive
KEY = b"cleanerline.cube"  # in the metadata of a Parquet file
PARQUET, MAGIC = ".parquet", b"PAR1"


def need_parquet() -> None:
    """Raise ImportError where Parquet can be neither written nor read; say what to install."""
    try:
        import pyarrow  # noqa: F401
    except ImportError as fault:
        raise ImportError(
            "Parquet needs pyarrow, of the extra parquet: 'python -m pip install pyarrow'"
        ) from fault


def packed(columns: Columns, note: str) -> bytes:
    """Return columns as ``numpy.load`` reads them; the same columns give the same bytes."""
    written = BytesIO()
    with ZipFile(written, "w") as archive:
        for name, column in {**columns, NOTE: np.array(note)}.items():
            content = BytesIO()
            np.lib.format.write_array(content, column, allow_pickle=False)
            archive.writestr(ZipInfo(f"{name}.npy"), content.getvalue(), ZIP_DEFLATED)
    return written.getvalue()


def in_parquet(columns: Columns, note: str) -> bytes:
    """Return columns as Parquet; raise ImportError without the extra."""
    need_parquet()
    import pyarrow as pa
    from pyarrow import parquet

    content = BytesIO()
    table = pa.table(dict(columns)).replace_schema_metadata({KEY: note.encode()})
    parquet.write_table(table, content, compression="zstd", write_page_checksum=True)
    return content.getvalue()


def unpacked(content: bytes) -> tuple[Columns, str]:
    """Return columns and their note from either kind of file, which its first bytes tell.

    Raises ValueError: anything else, or damaged. Raises ImportError: Parquet without the extra.
    """
    if content.startswith(MAGIC):
        need_parquet()
    try:
        return _from_parquet(content) if content.startswith(MAGIC) else _from_archive(content)
    except Exception as fault:  # there are a dozen kinds of them
        raise ValueError(" ".join(str(fault).split()) or type(fault).__name__) from fault


def _from_archive(content: bytes) -> tuple[Columns, str]:
    with ZipFile(BytesIO(content)) as archive:  # reading a whole file compares its checksum
        columns = {
            name.removesuffix(".npy"): np.lib.format.read_array(
                BytesIO(archive.read(name)), allow_pickle=False
            )
            for name in archive.namelist()
        }
    return columns, str(columns.pop(NOTE))


def _from_parquet(content: bytes) -> tuple[Columns, str]:
    from pyarrow import parquet

    table = parquet.read_table(BytesIO(content), page_checksum_verification=True, partitioning=None)
    columns = {name: table.column(name).to_numpy() for name in table.column_names}
    return columns, table.schema.metadata[KEY].decode()
