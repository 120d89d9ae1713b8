"""Tables of numbers in an HTML file: columns of little-endian floats, base64.

Figures keep all 64 bits, so that what the page shows is what Python computed; bands of a flow chart
are drawn from 32.
"""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import numpy as np
from numpy.typing import NDArray

DOUBLE, SINGLE = "<f8", "<f4"


def packed(table: NDArray[Any], kind: str) -> str:
    """Return a table, column after column.

    >>> packed(np.array([[1.0, 2.0]]), SINGLE)
    'AACAPwAAAEA='
    """
    return b64encode(np.ascontiguousarray(table.T, dtype=kind).tobytes()).decode("ascii")
