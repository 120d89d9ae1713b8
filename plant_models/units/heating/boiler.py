"""Boiler: fuel burns and makes steam."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from plant_models.units.generic import Key, Per, Surroundings
from plant_models.units.laws.kinetics import asked_of, limited, limited_extents
from plant_models.units.laws.tables import kilomoles, total, two_ways
from plant_models.units.properties import Substances
from plant_models.units.reacting.reactions import REACTIONS, Reacting
from sim.model.parameters import quantity
from sim.network.plain import Answer
from sim.network.unit import Stream

BURNT, KEY, COEFFICIENTS = 0, 1, 2  # columns of ``by_part``
HEATING, ASH, MASS = 0, 1, 2  # rows of ``by_component``


@dataclass(frozen=True, kw_only=True)
class Boiler(Reacting):
    r"""Burn fuel with air and make steam of the heat.

    .. math:: \dot m_{steam} = -\frac{\eta}{\Delta h_{steam}} \sum_j \xi_j \sum_i \nu_{ij} M_i H_i,
              \qquad
              \dot m_{air} = \frac{1 + e}{y_{O_2}} M_{O_2} \sum_j |\nu_{O_2, j}| \xi_j

    What does not burn gives no heat, and what a reaction makes burns in the next. Air is drawn for
    the extents :math:`\xi_j` of all that may burn; reactions end where the oxygen does. The steam
    is booked as used below nothing: given to the plant, whose limit on steam it raises. Its water
    is not part of the balance of components.
    """

    kind: ClassVar[str] = "boiler"
    source: ClassVar[str] = "stoichiometry and heat balance; the efficiency is the user's own"
    example: ClassVar[str] = """
        kind = "boiler"
        oxidant = "oxygen"
        reactions.combustion = "ethylene + 3 oxygen -> 2 carbon_dioxide + 2 water"
        burnt.combustion = 0.999
        heating_value.ethylene = "47.2 MJ/kg"
        excess_air = 0.15
        efficiency = 0.88
        capacity = "500 kg/h"
    """
    keys: ClassVar[tuple[Key, ...]] = (
        REACTIONS,
        Key("oxidant", "the component of the air that the reactions use up", "component"),
    )
    inlets: ClassVar[tuple[str, ...]] = ("fuel", "air")
    outlets: ClassVar[tuple[str, ...]] = ("ash", "flue_gas")
    drawing: ClassVar[tuple[str, ...]] = ("air",)
    derived: ClassVar[tuple[str, ...]] = ("oxygen",)
    per_part: ClassVar[Mapping[str, Per]] = {
        "burnt": Per("kmol/kmol", "of the key that is there, burnt", 0.0, 1.0, 1.0)
    }
    per_component: ClassVar[Mapping[str, Per]] = {
        "heating_value": Per("kJ/kg", "lower heating value", 0.0, 2e5, 0.0),
        "ash": Per("kg/kg", "share of it, after the fire, that leaves as ash", 0.0, 1.0, 0.0),
    }
    needs: ClassVar[tuple[str, ...]] = ("molar_mass",)
    using: ClassVar[tuple[str, ...]] = ("steam", "power")
    rate_dependent: ClassVar[bool] = False
    oxygen: ClassVar[int]
    """Position of the oxidant."""

    efficiency: float = quantity("kJ/kJ", "heat in the steam per heating value", 0.0, 1.0)
    excess_air: float = quantity("kmol/kmol", "air beyond what is needed, per need", 0.0, 5.0)
    oxygen_share: float = quantity(
        "kg/kg", "oxidant in the air (0.2314 in dry air)", 0.01, 1.0, default=0.2314
    )
    steam_heat: float = quantity(
        "kJ/kg", "from feed water to steam (105 degC to 5 bar)", 500.0, 3500.0, default=2308.0
    )
    power: float = quantity("kWh/kg", "fans and pumps per kg of fuel", 0.0, 10.0, default=0.0)

    @classmethod
    def shaped(cls, substances: Substances, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return the reactions, and where the oxidant stands."""
        shape = super().shaped(substances, given)
        oxygen = substances.names.index(given["oxidant"])
        for name, (reaction, key) in zip(shape["parts"], shape["keyed"], strict=True):
            if key == oxygen:
                raise ValueError(
                    f"reactions: {name}: its key is the oxidant; name what is burnt as its key"
                )
            if dict(reaction.coefficients).get(oxygen, 0) >= 0:
                raise ValueError(f"reactions: {name}: uses up no {given['oxidant']}")
        return {**shape, "oxygen": oxygen}

    def answer(self, at: Surroundings, fuel: Stream, air: Stream) -> Answer:
        """Return what burns, the air for it, and the steam as used below nothing."""
        n, kg, rows, parts = len(fuel), total(fuel), self.by_component, self.by_part
        nu, M, oxygen = parts[:, COEFFICIENTS : COEFFICIENTS + n], rows[MASS], int(self.oxygen)
        burnt, keys = parts[:, BURNT], parts[:, KEY]
        draws, pool = np.zeros((1, n)), np.empty(n)
        more = (1.0 + self.excess_air) / self.oxygen_share * M[oxygen]
        for i in range(n):
            draws[0, i] = asked_of(i, oxygen, burnt, nu, keys) * more / M[i]
            pool[i] = fuel[i] + air[i]
        moles = kilomoles(pool, M)
        extents, heat = limited_extents(moles, burnt, nu, keys), 0.0
        for j in range(len(extents)):
            for i in range(n):
                heat -= extents[j] * nu[j, i] * M[i] * rows[HEATING, i]
        steam = self.efficiency * max(heat, 0.0) / self.steam_heat / kg if kg > 0.0 else 0.0
        return Answer(
            splits=two_ways(rows[ASH]),
            draws=draws,
            uses=(-steam, self.power),
            fractions=limited(moles, burnt, nu, keys),
        )
