"""Published figures beside a plant's own: what is printed, what the model has, why they differ.

A table a figure, in ``published.toml`` of a folder or of a plant's data:

.. code-block:: toml

    [two_rinses]
    title = "bath on the parts, after two rinses with the printed 82 of water per film"
    printed = 40.0
    within = 0.6                        # in the unit of the figure
    unit = "mg/kg"
    of = "customers.salts_t"            # one indicator, or several that are added
    per = ["customers.salts_t", "customers.water_t"]
    factor = 1e6
    schemes = "none"                    # what the figure is of ...
    set = { "rinse_3.ratio.water" = 0 } # ... and with which parameters
    reason = "the sheet rounds 81.7 to 82"
    source = "p2-counter-current"

The model's figure is ``plus`` (0) and ``factor`` (1) times the sum of ``of`` over that of ``per``
(1), all at constant conditions; ``whole = true`` counts its whole ones.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from sim.errors import did_you_mean, look_up, need_amounts, told

FILE = "published.toml"
COUNTING = 1e-9
"""Relative; what is so little short of a whole is one."""


@dataclass(frozen=True)
class Published:
    """A figure that a source prints, and how the model's is made of indicators."""

    name: str
    title: str
    printed: float  #: In ``unit``
    unit: str
    within: float  #: How far off the model's may be, in ``unit``
    reason: str  #: Why so far, or why it agrees
    source: str  #: Key of a source
    of: tuple[str, ...]
    per: tuple[str, ...] = ()
    factor: float = 1.0
    plus: float = 0.0
    whole: bool = False
    schemes: str = "none"
    set: Mapping[str, Any] = field(default_factory=dict)

    def value(self, found: Mapping[str, float]) -> float:
        """Return the model's figure, in ``unit``.

        ``found``: indicators of a year of constant conditions with these schemes and parameters.
        """
        (known,) = need_amounts("value", found=found)
        of, per = ([look_up("indicator", n, known) for n in some] for some in (self.of, self.per))
        value = self.plus + self.factor * sum(of) / (sum(per) if per else 1.0)
        return float(math.floor(value * (1.0 + COUNTING))) if self.whole else float(value)


TEXTS = ("title", "unit", "reason", "source", "schemes")
NUMBERS = ("printed", "within", "factor", "plus")
NEEDED = ("title", "printed", "unit", "within", "reason", "source", "of")
KEYS = tuple(item.name for item in fields(Published) if item.name != "name")


def read_published(
    table: Mapping[str, Any],
    at: Callable[[str], str],
    *,
    indicators: Collection[str],
    sources: Collection[str],
) -> tuple[tuple[Published, ...], list[str]]:
    """Return the figures of a file, and what is wrong with it.

    ``at``: file and line of a dotted path; ``indicators``, ``sources``: those that there are.
    """
    found, faults = [], list[str]()
    for name, raw in table.items():

        def say(key: str, fault: str, name: str = name) -> None:
            path = f"{name}.{key}" if key else name
            faults.append(f"{at(path)}: {path}: {fault}")

        if not isinstance(raw, Mapping):
            say("", f"expected a table with {', '.join(NEEDED)}, came {told(raw)}")
            continue
        before = len(faults)
        _look(raw, indicators, sources, say)
        if len(faults) == before:
            lists = {key: _names(raw.get(key, ())) for key in ("of", "per")}
            numbers = {key: float(raw[key]) for key in NUMBERS if key in raw}
            found.append(Published(name, **{**raw, **numbers, **lists}))
    return tuple(found), faults


def _names(raw: Any) -> tuple[str, ...]:
    return (raw,) if isinstance(raw, str) else tuple(raw)


def _look(
    raw: Mapping[str, Any],
    indicators: Collection[str],
    sources: Collection[str],
    say: Callable[[str, str], None],
) -> None:
    """Say what is wrong with a figure's table."""
    for key, value in raw.items():
        if key not in KEYS:
            say(key, f"no {key!r}{did_you_mean(key, KEYS)}")
        elif key in TEXTS and not isinstance(value, str):
            say(key, f"expected a text, came {told(value)}")
        elif key in NUMBERS and not _number(value):
            say(key, f"expected a number, came {told(value)}")
        elif key == "whole" and not isinstance(value, bool):
            say(key, f"expected true or false, came {told(value)}")
        elif key == "set" and not isinstance(value, Mapping):
            say(key, f'expected parameters, as {{ "still.capacity" = 900.0 }}, came {told(value)}')
        elif key in ("of", "per"):
            names = value if isinstance(value, list) else [value]
            for each in names:
                if not isinstance(each, str) or each not in indicators:
                    hint = did_you_mean(each, indicators) if isinstance(each, str) else ""
                    say(key, f"no indicator {told(each)}{hint}")
    for key in NEEDED:
        if key not in raw:
            say("", f"{key} is missing")
    source = raw.get("source")
    if isinstance(source, str) and source not in sources:
        say("source", f"no source {source!r}{did_you_mean(source, sources)}")
    if _number(raw.get("within")) and raw["within"] <= 0.0:
        say("within", f"expected a tolerance above 0, came {raw['within']:g}")


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e300
