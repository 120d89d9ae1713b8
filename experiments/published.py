"""What the source prints, for comparison; nothing here enters a simulation."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from importlib.resources import files

PROGRAMME = tuple(f"F{n}" for n in range(1, 12))
"""The schemes that Table 1-3 adds up; F12 has no figures in the source."""


def annual_reductions() -> Mapping[str, float]:
    """Return the eight reductions of Table 1-3 by the name of the indicator, t/yr."""
    table = files("plant_models.chlorobenzene") / "data" / "table_1_3.csv"
    rows = csv.DictReader(table.read_text(encoding="utf-8").splitlines())
    return {
        _indicator(row["medium"], row["pollutant"]): float(row["annual_reduction_t"])
        for row in rows
    }


def _indicator(medium: str, pollutant: str) -> str:
    if medium == pollutant:
        return f"{medium}_t"
    return f"{'air' if medium == 'emission gas' else medium}.{pollutant}_t"
