"""Off-gas coolers and the fan that draws the gas through them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from plant_models.chlorobenzene.substances.chemistry import CHLORINE, HCL, INERT, WATER
from plant_models.chlorobenzene.substances.enthalpy import HEAT_CAPACITY, HEAT_CAPACITY_SLOPE
from plant_models.chlorobenzene.substances.properties import (
    MOLAR_MASS,
    Organics,
    R,
    moles_of,
)
from plant_models.chlorobenzene.substances.streams import (
    NOTHING,
    WHOLE,
    evenly,
    plus,
    remaining,
    total,
)
from plant_models.chlorobenzene.units.condensation import (
    CP_WATER,
    HALVINGS,
    NONE,
    Condensed,
    at_once,
    condense,
    dew_point,
    effectiveness,
    exchanged,
    steam_left,
    wet_dew_point,
)
from plant_models.chlorobenzene.units.heat import Heat, pooled
from plant_models.chlorobenzene.units.plain import LineUnit, Weather
from sim.model.parameters import quantity
from sim.network.operation import RunOn
from sim.network.plain import Answer, here
from sim.network.unit import Conditions, Stream, Unit

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
class OffGasCooler(LineUnit):
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
    kays-london-1984 for effectiveness and the exponent of flow; unifac-1975
    for the condensate.
    """

    inlets = ("gas", "vent")
    outlets = ("gas", "condensate")
    derived = ("in_series",)
    using = ("cooling_water", "power")

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
        return conductance(self, gas)

    def pressure_drop(self, gas: float) -> float:
        """Return the pressure drop at a total gas flow of ``gas`` (kg/h), Pa."""
        return pressure_drop(self, gas)

    def cool(self, gas: Stream, at: Conditions) -> Condensed:
        """Return temperature (K) and condensate for a gas of ``gas`` kg/h by component."""
        return cooled(self, gas, here(at))

    def outlet_temperature(self, gas: Stream, at: Conditions) -> float:
        r"""Return the temperature at which the gas leaves, K.

        :math:`T_o = T_i - \epsilon (C_{min}/C_h)(T_i - T_w)`, see
        :func:`~plant_models.chlorobenzene.units.condensation.mismatch`.

        ``gas``: gas entering, kg/h by component; ``at``: ``cooling_water`` K, ``pressure`` Pa.
        """
        return self.cool(gas, at).T

    def answer(self, at: Weather, gas: Stream, vent: Stream) -> Answer:
        """Return the cold gas and the condensate."""
        kg = plus(gas, vent)
        state = cooled(self, kg, at)
        l0, l1 = state.liquid[0] * MOLAR_MASS[0], state.liquid[1] * MOLAR_MASS[1]
        l2, l3 = state.liquid[2] * MOLAR_MASS[2], state.liquid[3] * MOLAR_MASS[3]
        dissolved = self.dissolved_hydrogen_chloride * (l0 + l1 + l2 + l3)
        wet = 1.0
        if kg[WATER] > 0.0:
            stays = steam_left(
                steam_of(kg), carrier(kg, state.liquid), WATER_ACTIVITY, state.T, at.pressure
            )
            wet = max(1.0 - stays * MOLAR_MASS[WATER] / kg[WATER], 0.0)
        condensate = (
            min(l0 / kg[0], 1.0) if kg[0] > 0.0 else 0.0,
            min(l1 / kg[1], 1.0) if kg[1] > 0.0 else 0.0,
            min(l2 / kg[2], 1.0) if kg[2] > 0.0 else 0.0,
            min(l3 / kg[3], 1.0) if kg[3] > 0.0 else 0.0,
            0.0,
            min(dissolved / kg[HCL], 1.0) if kg[HCL] > 0.0 else 0.0,
            wet,
            1.0,
            1.0,
            1.0,
            0.0,
        )
        main, flow, water, work = total(gas), total(kg), 0.0, 0.0
        if main > 0.0:
            water = self.cooling_water / main
            work = pressure_drop(self, flow) * flow / GAS_DENSITY / FAN_EFFICIENCY / 3.6e6 / main
        return Answer(
            splits=(remaining(condensate), condensate), draws=(), uses=(water, work), fractions=()
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


def dry_gas(kg: Sequence[float]) -> float:
    """Return what never condenses in a gas (kg/h), kmol/h."""
    return (
        kg[HCL] / MOLAR_MASS[HCL]
        + kg[CHLORINE] / MOLAR_MASS[CHLORINE]
        + kg[INERT] / MOLAR_MASS[INERT]
    )


def steam_of(kg: Sequence[float]) -> float:
    """Return water in a gas (kg/h), kmol/h."""
    return kg[WATER] / MOLAR_MASS[WATER]


def carrier(kg: Stream, liquid: Organics) -> float:
    """Return what stays of a gas (kg/h) besides its water where ``liquid`` condenses, kmol/h."""
    n0, n1, n2, n3 = moles_of(kg)
    return dry_gas(kg) + n0 + n1 + n2 + n3 - liquid[0] - liquid[1] - liquid[2] - liquid[3]


def conductance(cooler: OffGasCooler, gas: float) -> float:
    """Return U A of both shells at a total gas flow of ``gas`` (kg/h), kJ/h/K."""
    relative = 0.5 * gas * cooler.in_series / cooler.reference_flow
    u = cooler.heat_transfer_coefficient * float(relative**cooler.flow_exponent)
    return 3.6 * u * cooler.area


def pressure_drop(cooler: OffGasCooler, gas: float) -> float:
    r"""Return the pressure drop at a total gas flow of ``gas`` (kg/h), Pa.

    Turbulent, :math:`\Delta p \propto G_{shell}^{1.8}` for each shell passed: series gives
    :math:`2 \cdot 2^{1.8} = 7` times parallel.
    """
    relative = 0.5 * gas * cooler.in_series / cooler.reference_flow
    return cooler.in_series * cooler.reference_pressure_drop * float(relative**1.8)


def cooled(cooler: OffGasCooler, gas: Stream, at: Weather) -> Condensed:
    """Return temperature (K) and condensate for a gas of ``gas`` kg/h by component.

    Streams carry no temperature: the gas enters at its dew point, for it left the overhead
    condenser (or, the vent, its own) saturated. A vent may bring more water than the gas holds
    there. Where what that gives off is more than the cooler passes on, the gas is warmer, by as
    much as makes both alike.
    """
    n = moles_of(gas)
    dry, steam, P = dry_gas(gas), steam_of(gas), at.pressure
    T, UA = dew_point(n, dry + steam, P), conductance(cooler, total(gas))
    low = max(T, at.cooling_water)
    if steam > 0.0 and steam_left(steam, carrier(gas, NONE), WATER_ACTIVITY, low, P) < steam:
        cold = cooler.cooling_water * CP_WATER
        passed = effectiveness(UA / cold, 0.0, cooler.in_series) * cold
        wet = at_once(n, dry, steam, WATER_ACTIVITY, low, P)
        if wet.duty > passed * (low - at.cooling_water):
            high = wet_dew_point(n, dry, steam, WATER_ACTIVITY, P)
            for _ in range(HALVINGS):
                wet = at_once(n, dry, steam, WATER_ACTIVITY, 0.5 * (low + high), P)
                if wet.duty > passed * (wet.T - at.cooling_water):
                    low = wet.T
                else:
                    high = wet.T
            return wet
    if at.cooling_water >= T:
        return Condensed(low, NONE, low, 0.0)
    acid, chlorine, inert = gas[HCL], gas[CHLORINE], gas[INERT]
    cp = acid * HEAT_CAPACITY[HCL] + chlorine * HEAT_CAPACITY[CHLORINE]
    slope = acid * HEAT_CAPACITY_SLOPE[HCL] + chlorine * HEAT_CAPACITY_SLOPE[CHLORINE]
    return condense(
        n,
        dry,
        cp + inert * HEAT_CAPACITY[INERT],
        T,
        P,
        conductance=UA,
        water=cooler.cooling_water,
        T_water=at.cooling_water,
        shells=cooler.in_series,
        dry_slope=slope + inert * HEAT_CAPACITY_SLOPE[INERT],
        steam=steam,
        activity=WATER_ACTIVITY,
    )


@dataclass(frozen=True, kw_only=True)
class OffGasFan(LineUnit):
    r"""Draw the off-gas from chlorinator and coolers; air leaks in where it sucks.

    The leaks in joints and glands pass, as an orifice does,
    :math:`\dot m = C_d A \sqrt{2 \rho \Delta p}`, kg/s. Every kmol of air that enters leaves the
    absorber as inert gas saturated with benzene.

    While the fan is down (`units.down.DeadFan`) the gas drives itself through it and the absorption
    as far as the pressure before it reaches, :math:`\Delta p = \Delta p_r (G/G_r)^{1.8}`. Nothing
    leaks in; gas leaks out where air came in, and what makes the pressure rise above that of the
    liquid ``relief`` seal blows through the seal, untreated.
    """

    inlets = ("gas", "air")
    outlets = ("gas", "leaked")
    drawing = ("air",)
    using = ("power",)

    suction: float = quantity(
        "Pa", "mean depth of the pressure below atmosphere at the leaks", 0.0, 2e4
    )
    leak_area: float = quantity("cm2", "open area of all leaks under suction", 0.0, 1e4)
    power: float = quantity("kW", "power of the fan", 0.0, 1e4)
    resistance: float = quantity(
        "Pa",
        "pressure drop of standing fan and absorption at the resistance flow, with two stages",
        1.0,
        1e5,
    )
    resistance_of_stage: float = quantity(
        "Pa", "what each further absorption stage adds to that drop", 0.0, 1e5
    )
    resistance_flow: float = quantity("kg/h", "gas at which that drop holds", 1.0, 1e5)
    relief: float = quantity("Pa", "pressure at which the seal of the gas line blows", 0.0, 1e5)
    purge: float = quantity("kg/h", "air drawn through while the train stops", 0.0, 1e4)
    run_on: RunOn

    def bypassed(self, mode: str = "failure") -> Unit:
        """Return the fan as it stands; what is dead is made of it by `line.upsets`."""
        return self

    def air_ingress(self, at: Conditions) -> float:
        """Return air drawn in through the leaks, kg/h."""
        return air_ingress(self, here(at))

    def answer(self, at: Weather, gas: Stream, air: Stream) -> Answer:
        """Return the gas with the air that has leaked in."""
        main = total(gas)
        drawn, power = 0.0, 0.0
        if main > 0.0:
            drawn, power = air_ingress(self, at) / main, self.power / main
        return Answer(splits=(WHOLE, NOTHING), draws=(evenly(drawn),), uses=(power,), fractions=())


def air_ingress(fan: OffGasFan, at: Weather) -> float:
    """Return air drawn in through the leaks of a fan, kg/h."""
    density = at.pressure * AIR / (R * 1000.0 * at.air)
    return 3600.0 * DISCHARGE * fan.leak_area * 1e-4 * sqrt(2.0 * density * fan.suction)
