"""What the source prints, for comparison; nothing here enters a simulation."""

from __future__ import annotations

from collections.abc import Mapping

from plant_models.chlorobenzene.printed import table_1_3

PROGRAMME = tuple(f"F{n}" for n in range(1, 12))
"""The schemes that Table 1-3 adds up; F12 has no figures in the source."""


def annual_reductions() -> Mapping[str, float]:
    """Return the eight reductions of Table 1-3 by the name of the indicator, t/yr."""
    return table_1_3()
