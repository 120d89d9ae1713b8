"""Converter: reactions to a set conversion."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from plant_models.units.generic import Per, Step, Surroundings
from plant_models.units.laws.kinetics import limited, limited_extents
from plant_models.units.laws.tables import kilomoles, nothing_drawn, one_way
from plant_models.units.reacting.reactions import Reacting
from sim.model.parameters import quantity
from sim.network.plain import Answer
from sim.network.unit import Stream

CONVERSION, KEY, COEFFICIENTS = 0, 1, 2  # columns of ``by_part``
MASS = 0  # row of ``by_component``
SLIGHT = 1e-6  # relative


@dataclass(frozen=True, kw_only=True)
class Converter(Reacting):
    r"""Take reactions to a set conversion, one after another.

    .. math:: \xi_j = \min\left(\frac{X_j n_{key}}{|\nu_{key}|},
              \min_i \frac{n_i}{|\nu_i|}\right), \qquad
              n_i \leftarrow n_i + \nu_i \xi_j

    A conversion is of what the reactions before have left of the key; one whose key another makes
    comes behind it. Where another reactant would run short, it ends there.
    """

    kind: ClassVar[str] = "converter"
    source: ClassVar[str] = "stoichiometry; the conversions are the user's own"
    example: ClassVar[str] = """
        kind = "converter"
        reactions.hydration = "ethylene + water -> ethanol"
        conversion.hydration = 0.06
        capacity = "20 t/h"
        power = 0.02
    """
    inlets: ClassVar[tuple[str, ...]] = ("feed",)
    outlets: ClassVar[tuple[str, ...]] = ("product",)
    per_part: ClassVar[Mapping[str, Per]] = {
        "conversion": Per("kmol/kmol", "of the key that is there, converted", 0.0, 1.0)
    }
    needs: ClassVar[tuple[str, ...]] = ("molar_mass",)
    using: ClassVar[tuple[str, ...]] = ("steam", "power", "cooling_water")
    rate_dependent: ClassVar[bool] = False

    steam: float = quantity("kg/kg", "steam per kg fed", 0.0, 1e3, default=0.0)
    power: float = quantity("kWh/kg", "power per kg fed", 0.0, 1e2, default=0.0)
    cooling_water: float = quantity("kg/kg", "cooling water per kg fed", 0.0, 1e5, default=0.0)

    def answer(self, at: Surroundings, feed: Stream) -> Answer:
        """Return what is converted of each key."""
        n, parts = len(feed), self.by_part
        fractions = limited(
            kilomoles(feed, self.by_component[MASS]),
            parts[:, CONVERSION],
            parts[:, COEFFICIENTS : COEFFICIENTS + n],
            parts[:, KEY],
        )
        return Answer(
            splits=one_way(n),
            draws=nothing_drawn(n),
            uses=(self.steam, self.power, self.cooling_water),
            fractions=fractions,
        )

    def short(self, feed: Stream) -> Iterator[tuple[Step, float, float, str]]:
        """Yield the reactions of a feed, kg/h, that end before their conversion is reached.

        Each with what is converted of its key, what was asked, kmol/kmol, and what is used up.
        """
        n, parts = len(feed), self.by_part
        pool = kilomoles(feed, self.by_component[MASS])
        nu = parts[:, COEFFICIENTS : COEFFICIENTS + n]
        extents = limited_extents(pool, parts[:, CONVERSION], nu, parts[:, KEY])
        asking = zip(self.steps, parts[:, CONVERSION], nu, parts[:, KEY], extents, strict=True)
        for step, asked, row, key, extent in asking:
            there = pool[int(key)]
            reached = extent * -row[int(key)] / there if there > 0.0 else 0.0
            if reached < (1.0 - SLIGHT) * asked and there > 0.0:
                used = [i for i in range(n) if row[i] < 0.0]
                scarce = min(used, key=lambda i: pool[i] / -row[i])
                yield step, float(reached), float(asked), self.substances.names[scarce]
            pool = pool + row * extent
