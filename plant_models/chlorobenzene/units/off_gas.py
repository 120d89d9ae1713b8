"""Off-gas coolers and the fan that draws the gas through them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

from plant_models.chlorobenzene.substances.chemistry import CHLORINE, HCL, INERT, ORGANICS, WATER
from plant_models.chlorobenzene.substances.enthalpy import HEAT_CAPACITY, HEAT_CAPACITY_SLOPE
from plant_models.chlorobenzene.substances.properties import MOLAR_MASS, R, vapour_pressure
from plant_models.chlorobenzene.units.condensation import (
    NONE,
    Condensed,
    condense,
    dew_point,
    exchanged,
)
from plant_models.chlorobenzene.units.heat import Heat, pooled
from sim.model.parameters import quantity
from sim.network.unit import Conditions, Recipe, Stream, Unit

_SIZE = len(MOLAR_MASS)
_DRY = (HCL, CHLORINE, INERT)

WATER_ACTIVITY = 0.2
"""Activity of water in condensate saturated with hydrogen chloride, about that of fuming acid."""

AIR = 28.96
"""Molar mass of air, kg/kmol."""

GAS_DENSITY = 1.5
"""Off-gas near 300 K and 92.5 kPa, kg/m3; enters only the small power of the fan."""

FAN_EFFICIENCY = 0.5
"""Fan and motor of the 1990s together (textbook value)."""

DISCHARGE = 0.6
"""Discharge coefficient of a sharp-edged leak (textbook value)."""


@dataclass(frozen=True, kw_only=True)
class OffGasCooler(Unit):
    r"""Cool the off-gas in two water-cooled shells and condense organics from it.

    ``arrangement`` says how the two equal shells are piped. In parallel each takes half the gas
    and half the water. In series each takes all the gas, so the gas-side coefficient rises,
    :math:`U = U_{ref} (G_{shell}/G_{ref})^m`; water runs through both against the gas, which
    raises the effectiveness once more; and the pressure drop rises
    (:meth:`pressure_drop`), which the fan must overcome.

    :meth:`outlet_temperature` says how cold the gas gets; it leaves saturated over its own
    condensate. A vent of another column may join it.

    References
    ----------
    kays-london-1984 for effectiveness and the exponent of flow; Raoult's law.
    """

    inlets = ("gas", "vent")
    outlets = ("gas", "condensate")

    arrangement: str = quantity(
        "", "how the two shells are connected", choices=("parallel", "series")
    )
    area: float = quantity("m2", "surface of both shells together", 0.0, 1e4)
    heat_transfer_coefficient: float = quantity(
        "W/m2/K", "overall coefficient at the reference flow through a shell", 0.0, 1e4
    )
    reference_flow: float = quantity(
        "kg/h", "gas through one shell at which coefficient and pressure drop hold", 1.0, 1e5
    )
    flow_exponent: float = quantity("1", "power of gas flow in the overall coefficient", 0.0, 1.0)
    cooling_water: float = quantity("kg/h", "cooling water of both shells", 1.0, 1e7)
    reference_pressure_drop: float = quantity(
        "Pa", "pressure drop of one shell at the reference flow", 0.0, 2e4
    )
    dissolved_hydrogen_chloride: float = quantity(
        "kg/kg", "hydrogen chloride in the condensate", 0.0, 0.05
    )

    @property
    def in_series(self) -> int:
        """Shells that the gas passes one after another."""
        return 2 if self.arrangement == "series" else 1

    def conductance(self, gas: float) -> float:
        """Return U A of both shells at a total gas flow of ``gas`` (kg/h), kJ/h/K."""
        per_shell = 0.5 * gas * self.in_series
        u = self.heat_transfer_coefficient * (per_shell / self.reference_flow) ** self.flow_exponent
        return float(3.6 * u * self.area)

    def pressure_drop(self, gas: float) -> float:
        r"""Return the pressure drop at a total gas flow of ``gas`` (kg/h), Pa.

        Turbulent, :math:`\Delta p \propto G_{shell}^{1.8}` for each shell passed: series gives
        :math:`2 \cdot 2^{1.8} = 7` times parallel.
        """
        per_shell = 0.5 * gas * self.in_series
        drop = self.reference_pressure_drop * (per_shell / self.reference_flow) ** 1.8
        return float(self.in_series * drop)

    def cool(self, gas: Stream, at: Conditions) -> Condensed:
        """Return temperature (K) and condensate for a gas of ``gas`` kg/h by component.

        Streams carry no temperature: the gas enters at its dew point, for it left the overhead
        condenser (or, the vent, its own) saturated.
        """
        b, m, d, t = (gas[i] / MOLAR_MASS[i] for i in ORGANICS)
        n = (b, m, d, t)
        dry = sum([gas[i] / MOLAR_MASS[i] for i in _DRY])
        T_water = at["cooling_water"]
        T = dew_point(n, dry, at["pressure"])
        if T_water >= T:
            return Condensed(max(T, T_water), NONE, max(T, T_water), 0.0)
        return condense(
            n,
            dry,
            sum([gas[i] * HEAT_CAPACITY[i] for i in _DRY]),
            T,
            at["pressure"],
            conductance=self.conductance(sum(gas)),
            water=self.cooling_water,
            T_water=T_water,
            shells=self.in_series,
            dry_slope=sum([gas[i] * HEAT_CAPACITY_SLOPE[i] for i in _DRY]),
            steam=gas[WATER] / MOLAR_MASS[WATER],
            activity=WATER_ACTIVITY,
        )

    def outlet_temperature(self, gas: Stream, at: Conditions) -> float:
        r"""Return the temperature at which the gas leaves, K.

        :math:`T_o = T_i - \epsilon (C_{min}/C_h)(T_i - T_w)`, see
        :func:`~plant_models.chlorobenzene.units.condensation.outlet_temperature`.

        ``gas``: gas entering, kg/h by component; ``at``: ``cooling_water`` K, ``pressure`` Pa.
        """
        return self.cool(gas, at).T

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        """Return the cold gas and the condensate."""
        main = inlets["gas"]
        pool = tuple([a + b for a, b in zip(main, inlets["vent"], strict=True)])
        state = self.cool(pool, at)
        to_liquid = [1.0] * _SIZE
        kept = 0.0
        for j, i in enumerate(ORGANICS):
            kg = state.liquid[j] * MOLAR_MASS[i]
            kept += kg
            to_liquid[i] = min(kg / pool[i], 1.0) if pool[i] > 0.0 else 0.0
        to_liquid[CHLORINE] = to_liquid[INERT] = 0.0
        acid, water = pool[HCL], pool[WATER]
        dissolved = self.dissolved_hydrogen_chloride * kept
        to_liquid[HCL] = min(dissolved / acid, 1.0) if acid > 0.0 else 0.0
        if water > 0.0:
            p = WATER_ACTIVITY * vapour_pressure(WATER, state.T) / at["pressure"]
            gas = sum([pool[i] / MOLAR_MASS[i] for i in _DRY])
            to_liquid[WATER] = max(1.0 - gas * p * MOLAR_MASS[WATER] / water, 0.0)
        total = sum(main)
        uses = {}
        if total > 0.0:
            flow = sum(pool)
            work = self.pressure_drop(flow) * flow / GAS_DENSITY / FAN_EFFICIENCY
            uses = {"cooling_water": self.cooling_water / total, "power": work / 3.6e6 / total}
        return Recipe(
            splits={"gas": tuple([1.0 - a for a in to_liquid]), "condensate": tuple(to_liquid)},
            uses=uses,
        )

    def heat(self, inlets: Mapping[str, Stream], at: Conditions) -> Heat:
        """Return temperatures, and what the coolers pass to their water."""
        gas = pooled(inlets)
        state = self.cool(gas, at)
        cooling = 0.0
        if state.duty > 0.0:
            cooling = exchanged(
                *(state.duty, state.T_in, state.T, at["cooling_water"]),
                *(self.conductance(sum(gas)), self.cooling_water, self.in_series),
            )
        entering = dict.fromkeys(self.inlets, state.T_in)
        return Heat(state.T, inlets=entering, cooling=cooling)


@dataclass(frozen=True, kw_only=True)
class OffGasFan(Unit):
    r"""Draw the off-gas from chlorinator and coolers; air leaks in where it sucks.

    The leaks in joints and glands pass, as an orifice does,
    :math:`\dot m = C_d A \sqrt{2 \rho \Delta p}`, kg/s. Every kmol of air that enters leaves the
    absorber as inert gas saturated with benzene.
    """

    inlets = ("gas", "air")
    outlets = ("gas",)

    suction: float = quantity(
        "Pa", "mean depth of the pressure below atmosphere at the leaks", 0.0, 2e4
    )
    leak_area: float = quantity("cm2", "open area of all leaks under suction", 0.0, 1e4)
    power: float = quantity("kW", "power of the fan", 0.0, 1e4)

    def air_ingress(self, at: Conditions) -> float:
        """Return air drawn in through the leaks, kg/h."""
        density = at["pressure"] * AIR / (R * 1000.0 * at["air"])
        return 3600.0 * DISCHARGE * self.leak_area * 1e-4 * sqrt(2.0 * density * self.suction)

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        """Return the gas with the air that has leaked in."""
        total = sum(inlets["gas"])
        ratio, power = (self.air_ingress(at) / total, self.power / total) if total > 0.0 else (0, 0)
        return Recipe(
            splits={"gas": (1.0,) * _SIZE},
            draws={"air": (float(ratio),) * _SIZE},
            uses={"power": power},
        )
