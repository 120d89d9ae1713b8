"""Tables of numbers as text, as the page carries them."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import numpy as np
from numpy.typing import NDArray

DOUBLE, SINGLE = "<f8", "<f4"
"""Figures at rest keep all 64 bits, as Python computed them; bands of a flow chart are drawn from
32, and years of a cube, whose spread is far wider, are told from 32."""


def packed(table: NDArray[Any], kind: str) -> str:
    """Return a table as little-endian floats in base64, column after column.

    >>> packed(np.array([[1.0, 2.0]]), SINGLE)
    'AACAPwAAAEA='
    """
    return b64encode(np.ascontiguousarray(table.T, dtype=kind).tobytes()).decode("ascii")


def columns(
    indicators: NDArray[Any],
    net: NDArray[Any] | None,
    limits: NDArray[Any],
    loads: NDArray[Any],
    flows: NDArray[Any],
) -> dict[str, str]:
    """Return the figures of designs, a row each, as the page carries them; "" without prices."""
    return {
        "indicators": packed(indicators, DOUBLE),
        "net": "" if net is None else packed(net[:, None], DOUBLE),
        "limits": packed(limits, DOUBLE),
        "loads": packed(loads, SINGLE),
        "flows": packed(flows.reshape(len(flows), -1), SINGLE),
    }
