"""Named figures with units of measure: a mapping that subtracts and shows as a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from sim.errors import Named, UnknownName, did_you_mean, is_number, scalar, told

if TYPE_CHECKING:
    import pandas as pd


class Indicators(Mapping[str, float]):
    """Figures of a run by name, each with its unit of measure.

    Two of them subtract, name by name; units that differ then are a ValueError. For a name that is
    none of them a ``KeyError`` tells the nearest.

    Examples
    --------
    >>> before = Indicators({"steam_t": 3.0}, {"steam_t": "t/yr"})
    >>> after = Indicators({"steam_t": 2.0}, {"steam_t": "t/yr"})
    >>> print(before - after)
    steam_t  1 t/yr
    """

    def __init__(self, values: Mapping[str, float], units: Mapping[str, str]) -> None:
        missing = sorted(set(values) - set(units))
        if missing:
            raise ValueError(f"indicator {missing[0]!r} has no unit of measure")
        self._values = dict(values)
        self.units: Mapping[str, str] = Named(((name, units[name]) for name in values), "indicator")

    def __getitem__(self, name: str) -> float:
        try:
            return self._values[name]
        except (KeyError, TypeError):  # what cannot be hashed is no name either
            hint = did_you_mean(name, self._values, list_up_to=40)
            raise UnknownName(f"no indicator {told(name)}{hint}") from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __sub__(self, other: Mapping[str, float]) -> Indicators:
        """Return the differences, name by name.

        Raises LookupError or TypeError: the other has none of a name, or no number.
        """
        if not isinstance(other, Mapping):
            return NotImplemented
        theirs = other.units if isinstance(other, Indicators) else self.units
        for name, unit in self.units.items():
            if theirs.get(name, unit) != unit:
                raise ValueError(f"{name} is in {unit} here and in {theirs[name]} there")
        for name in self.units:
            if name not in other:
                raise LookupError(f"no {name!r} in what is subtracted")
            their = other[name]
            if not is_number(scalar(their)):
                raise TypeError(f"{name!r}: expected a number to subtract, came {told(their)}")
        return Indicators({name: kg - other[name] for name, kg in self.items()}, self.units)

    def _ipython_key_completions_(self) -> list[str]:
        return list(self._values)

    def table(self) -> pd.DataFrame:
        """Return a table by indicator: value, unit.

        Examples
        --------
        >>> table = Indicators({"steam_t": 3.0}, {"steam_t": "t/yr"}).table()
        >>> float(table.loc["steam_t", "value"]), table.loc["steam_t", "unit"]
        (3.0, 't/yr')
        """
        import pandas as pd

        return pd.DataFrame(
            {"value": list(self._values.values()), "unit": list(self.units.values())},
            index=pd.Index(list(self._values), name="indicator"),
        )

    def __str__(self) -> str:
        width = max(map(len, self._values), default=0)
        return "\n".join(
            f"{name:{width}}  {value:.6g} {self.units[name]}" for name, value in self.items()
        )

    __repr__ = __str__

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{name}</td><td style='text-align:right'>{value:,.6g}</td>"
            f"<td>{self.units[name]}</td></tr>"
            for name, value in self.items()
        )
        return f"<table><tr><th>indicator</th><th>value</th><th>unit</th></tr>{rows}</table>"
