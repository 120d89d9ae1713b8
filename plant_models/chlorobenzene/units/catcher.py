"""Scrubbers on the tail gas: the water scrubber ("catcher"), and the emergency scrubber."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp
from typing import ClassVar, NamedTuple

from plant_models.chlorobenzene.substances.chemistry import (
    BENZENE,
    CHLORINE,
    DCB,
    HCL,
    INERT,
    MCB,
    NAOH,
    NEUTRALISATION,
    TCB,
    WATER,
)
from plant_models.chlorobenzene.substances.enthalpy import sensible, solution, vaporisation
from plant_models.chlorobenzene.substances.properties import (
    MOLAR_MASS,
    Organics,
    hydrogen_chloride_pressure,
    moles_of,
    solubility_in_water,
    vapour_pressure,
    vapour_pressures,
    water_pressure_over_acid,
)
from plant_models.chlorobenzene.substances.streams import (
    NO_ORGANICS,
    NOTHING,
    evenly,
    joined,
    plus,
    product,
    remaining,
    total,
)
from plant_models.chlorobenzene.units.condensation import CP_WATER, flash
from plant_models.chlorobenzene.units.heat import Heat
from plant_models.chlorobenzene.units.plain import LineUnit, Weather
from sim.model.parameters import quantity
from sim.network.chemistry import Reaction
from sim.network.operation import RunOn
from sim.network.plain import Answer, here
from sim.network.unit import Conditions, Stream, Unit


def chlorine_solubility(T: float) -> float:
    """Return chlorine dissolved in water under 1 atm of chlorine at ``T`` (K), kg/kg water.

    7.3 g/kg at 20 degC, 10 at 10 degC and 5.7 at 30 degC (handbook values, recalled);
    hydrolysis is suppressed by the hydrogen chloride that is caught with it.
    """
    return 0.0073 * exp(2450.0 * (1.0 / T - 1.0 / 293.15))


HOTTEST = 365.0  # K; above it the water would boil away
STRONGEST = 0.4  # kg/kg; laws of acid reach no further
DISSOLVING = 2000.0  # kJ/kg; what hydrogen chloride gives off in much water: 74.85 kJ/mol, rounded
STEPS = 60
STANDS = 1e-12
"""Steps of the searches, and the move that ends them, relative."""


class Washed(NamedTuple):
    """Gas in equilibrium with water and, where there is too much for both, with oil."""

    gas: Organics
    """Organics that stay in the gas, kmol/h."""
    oil: float
    """Organics in the oil that floats on the water, kmol/h."""
    moles: float
    """All gas without its water vapour, kmol/h."""


def equilibrium(n: Organics, dry: float, water: float, T: float, P: float) -> Washed:
    r"""Return how organics share themselves between gas, water and oil at equilibrium.

    At activity :math:`a_j` the gas holds :math:`N a_j p_j/P`, the water
    :math:`w_j a_j` (its solubility times the activity), the oil :math:`L a_j`; its activities add
    up to 1, without oil to less. Either way :math:`a_j = n_j/(L + N K_j + w_j)`, with
    :math:`N = G + N \sum a_j K_j`.

    Parameters
    ----------
    n : Organics
        Organics in all, kmol/h.
    dry : float
        Gas that neither dissolves nor condenses, kmol/h.
    water : float
        Liquid water, kg/h.
    T, P : float
        Temperature, K; pressure less that of water vapour, Pa.
    """
    p = vapour_pressures(T)
    K = (p[0] / P, p[1] / P, p[2] / P, p[3] / P)
    w = (
        water * solubility_in_water(BENZENE, T) / MOLAR_MASS[BENZENE],
        water * solubility_in_water(MCB, T) / MOLAR_MASS[MCB],
        water * solubility_in_water(DCB, T) / MOLAR_MASS[DCB],
        water * solubility_in_water(TCB, T) / MOLAR_MASS[TCB],
    )
    most = dry + n[0] + n[1] + n[2] + n[3]
    least = 1e-12 * most
    moles, oil, a = max(min(1.3 * dry, most), least), 0.0, NO_ORGANICS
    for _ in range(STEPS):
        d = (
            moles * K[0] + w[0],
            moles * K[1] + w[1],
            moles * K[2] + w[2],
            moles * K[3] + w[3],
        )
        oil = _oil(n, d)
        a = _activities(n, d, oil)
        share = a[0] * K[0] + a[1] * K[1] + a[2] * K[2] + a[3] * K[3]
        if oil > 0.0:
            found = min(dry / (1.0 - share), most) if share < 1.0 else most
        else:
            found = dry + moles * share
        found = max(found, least)
        moved, moles = abs(found - moles), found
        if moved <= STANDS * most:
            break
    gas = (
        min(moles * K[0] * a[0], n[0]),
        min(moles * K[1] * a[1], n[1]),
        min(moles * K[2] * a[2], n[2]),
        min(moles * K[3] * a[3], n[3]),
    )
    return Washed(gas, oil, moles)


def _activities(n: Organics, d: Organics, oil: float) -> Organics:
    """Return n / (L + d)."""
    return (
        n[0] / (oil + d[0]) if n[0] > 0.0 else 0.0,
        n[1] / (oil + d[1]) if n[1] > 0.0 else 0.0,
        n[2] / (oil + d[2]) if n[2] > 0.0 else 0.0,
        n[3] / (oil + d[3]) if n[3] > 0.0 else 0.0,
    )


def _oil(n: Organics, d: Organics) -> float:
    """Return L of sum n / (L + d) = 1, kmol/h; 0 where there is less. Newton on 1/S, from below."""
    oil = 0.0
    for _ in range(STEPS):
        a = _activities(n, d, oil)
        s = a[0] + a[1] + a[2] + a[3]
        if s <= 1.0:
            break
        b = _activities(a, d, oil)
        step = s * (s - 1.0) / (b[0] + b[1] + b[2] + b[3])
        oil += step
        if step <= STANDS * oil:
            break
    return oil


@dataclass(frozen=True, kw_only=True)
class ColdWash:
    """The catcher as structure ``fog`` has it: tens of t/h of cold water over the gas."""

    circulation: float = quantity("kg/h", "water over the catcher", 0.0, 1e6)
    recirculation: float = quantity(
        "kg/kg", "water returned to the catcher, of that which leaves it", 0.0, 0.995
    )
    approach_to_saturation: float = quantity(
        "1", "way that water goes to equilibrium in a pass", 0.0, 1.0
    )
    cooler_approach: float = quantity("K", "returned water above the cooling water", 0.0, 40.0)
    water_rise: float = quantity("K", "temperature rise of the cooler's water", 1.0, 40.0)
    pump_work: float = quantity("kWh/t", "pumping of the catcher's water", 0.0, 10.0)
    fog_capture: float = quantity(
        "kg/kg",
        "organics above saturation at the water's temperature that drop into the water; the rest "
        "leaves as fog",
        0.0,
        1.0,
    )

    def load_factor(self) -> float:
        """Return a (1 - r) / (1 - r + r a): what loaded water still takes up, of saturation."""
        r, a = self.recirculation, self.approach_to_saturation
        return a * (1.0 - r) / (1.0 - r + r * a)

    @property
    def fresh(self) -> float:
        """Fresh water, kg/h."""
        return (1.0 - self.recirculation) * self.circulation

    @property
    def warmth(self) -> float:
        """Water over the catcher, fresh and returned mixed, above the cooling water, K."""
        return self.recirculation * self.cooler_approach

    @property
    def spared(self) -> float:
        r"""Heat that fresh water saves the cooler, kJ/h.

        Water passes the catcher from :math:`T_w + r \Delta` to :math:`q/(W c)` above that and is
        returned at :math:`T_w + \Delta`, so the cooler takes
        :math:`Q = r [q - (1 - r) W c \Delta]`, never negative; :math:`q` is the heat of solution.
        """
        return self.fresh * CP_WATER * self.cooler_approach

    def water_temperature(self, at: Conditions) -> float:
        """Return the temperature of the water over the catcher, K."""
        return at["cooling_water"] + self.warmth


def hot_gas(unit: GasCatcher, kg: Stream, T: float, P: float) -> Stream:
    """Return the gas in equilibrium with the water that runs with it, kg/h by component.

    ``kg``: gas and water together, kg/h; ``T``: K; ``P``: pressure, Pa.
    """
    slip = (1.0 - unit.capture) * kg[HCL]
    caught = kg[HCL] - slip
    strength = min(caught / (caught + kg[WATER]), STRONGEST) if caught > 0.0 else 0.0
    steam = min(water_pressure_over_acid(strength, T), 0.95 * P)
    chlorine, inert = kg[CHLORINE] / MOLAR_MASS[CHLORINE], kg[INERT] / MOLAR_MASS[INERT]
    dry = chlorine + inert + slip / MOLAR_MASS[HCL]
    found = equilibrium(moles_of(kg), dry, kg[WATER], T, P - steam)
    n, acid, left = found.gas, slip, 0.0
    wet = min(found.moles * steam / (P - steam) * MOLAR_MASS[WATER], kg[WATER])
    if kg[CHLORINE] > 0.0 and found.moles > 0.0:
        pressure = chlorine / found.moles * (P - steam) / 101_325.0
        offered = kg[WATER] * chlorine_solubility(T) * pressure / kg[CHLORINE]
        left = kg[CHLORINE] / (1.0 + offered)
    if caught > 0.0:
        p = hydrogen_chloride_pressure(strength, T)
        back = found.moles * p / (P - steam) * MOLAR_MASS[HCL]
        dissolved = kg[WATER] * STRONGEST / (1.0 - STRONGEST)
        acid = min(max(slip + back, kg[HCL] - dissolved), kg[HCL])
    return joined(
        (n[0] * MOLAR_MASS[0], n[1] * MOLAR_MASS[1], n[2] * MOLAR_MASS[2], n[3] * MOLAR_MASS[3]),
        (left, acid, wet, 0.0, 0.0, 0.0, kg[INERT]),
    )


def hot_temperature(unit: GasCatcher, gas: Stream, water: Stream, at: Weather) -> float:
    r"""Return the temperature at which gas and water leave the hot catcher, K.

    Adiabatic: what the gas's hydrogen chloride gives off by dissolving, and its vapours by
    condensing, warms and evaporates water; :math:`H_{gas}(T) + H_{acid}(T)` is what entered.

    ``gas``, ``water``: what enters, kg/h, at the air's and the cooling water's temperature.
    """
    kg, P, T_water = plus(gas, water), at.pressure, at.cooling_water
    if total(kg) <= 0.0:
        return T_water
    entered = sensible(gas, at.air) + vaporisation(gas, at.air)
    entered += sensible(water, T_water) + solution(water, T_water)
    low, high = min(T_water, at.air) - 40.0, HOTTEST
    scale = total(kg) * CP_WATER
    T = min(T_water + unit.capture * kg[HCL] * 2000.0 / scale, 330.0)
    last, before = T, 0.0
    for step in range(STEPS):
        left = hot_gas(unit, kg, T, P)
        acid = plus(kg, product(evenly(-1.0), left))
        miss = sensible(left, T) + vaporisation(left, T)
        miss += sensible(acid, T) + solution(acid, T) - entered
        if abs(miss) <= 1e-9 * scale or high - low < 1e-11:
            break
        if miss > 0.0:
            high = T
        else:
            low = T
        slope = (miss - before) / (T - last) if step > 0 and last != T else 1.1 * scale
        last, before = T, miss
        T = T - miss / slope if slope > 0.0 else 0.5 * (low + high)
        if not low < T < high:
            T = 0.5 * (low + high)
    return T


def share_of(part: float, kg: float) -> float:
    """Return a part of so many kg/h, kg/kg; 0 of nothing."""
    return part / kg if kg > 0.0 else 0.0


def hot_shares(unit: GasCatcher, gas: Stream, water: Stream, at: Weather) -> Stream:
    """Return the share of each component that leaves the hot catcher with the gas, kg/kg."""
    kg = plus(gas, water)
    left = NOTHING
    if total(kg) > 0.0:
        left = hot_gas(unit, kg, hot_temperature(unit, gas, water, at), at.pressure)
    return joined(
        (
            share_of(left[0], kg[0]),
            share_of(left[1], kg[1]),
            share_of(left[2], kg[2]),
            share_of(left[3], kg[3]),
        ),
        (
            share_of(left[CHLORINE], kg[CHLORINE]),
            share_of(left[HCL], kg[HCL]),
            share_of(left[WATER], kg[WATER]),
            0.0,
            0.0,
            0.0,
            1.0,
        ),
    )


def cold_share(kg: float, offered: float, over: float) -> float:
    """Return the share of an organic that stays with the gas over cold water, kg/kg.

    ``kg``: what there is; ``offered``: what the water could take at its activity, kg/h; ``over``:
    the sum of all activities, at least 1.
    """
    if kg <= 0.0:
        return 0.0
    ratio = offered / kg
    return 1.0 - min(ratio / (1.0 + ratio), ratio / over)


def without_drops(share: float, drops: float, kg: float) -> float:
    """Return a share less what drops into the water, kg/h of so much in all, kg/kg."""
    return max(share - drops / kg, 0.0) if kg > 0.0 else share


def fog_in(gas: Stream, T: float, P: float) -> Organics:
    """Return what of a gas (kg/h) is above saturation at a temperature (K), kmol/h."""
    dry = gas[CHLORINE] / MOLAR_MASS[CHLORINE] + gas[HCL] / MOLAR_MASS[HCL]
    dry += gas[INERT] / MOLAR_MASS[INERT]
    return flash(moles_of(gas), dry, T, P - vapour_pressure(WATER, T))


def most_held(circulated: float, leaving: float, T: float) -> float:
    """Return the most hydrogen chloride that cold water takes up, kg/h.

    As much as makes it the strongest acid, and as does not bring it to boil.

    ``circulated``, ``leaving``: water over the catcher, and what leaves it liquid, kg/h; ``T``:
    as the water enters, K.
    """
    warmed = circulated * CP_WATER * max(HOTTEST - T, 0.0) / DISSOLVING
    return min(leaving * STRONGEST / (1.0 - STRONGEST), warmed)


def cold_shares(unit: GasCatcher, kg: Stream, at: Weather) -> Stream:
    """Return the share of each component that leaves the cold catcher with the gas, kg/kg."""
    T, P = at.cooling_water + unit.warmth_of_water, at.pressure
    n, inert = moles_of(kg), kg[INERT] / MOLAR_MASS[INERT]
    chlorine, acid = kg[CHLORINE] / MOLAR_MASS[CHLORINE], kg[HCL] / MOLAR_MASS[HCL]
    gas = n[0] + n[1] + n[2] + n[3] + chlorine + acid + inert
    p = vapour_pressures(T)
    k = P / gas if gas > 0.0 else 0.0
    a = (n[0] * k / p[0], n[1] * k / p[1], n[2] * k / p[2], n[3] * k / p[3])
    over = max(a[0] + a[1] + a[2] + a[3], 1.0)
    left, slip, steam, wet = 0.0, 0.0, vapour_pressure(WATER, T), 0.0
    if kg[CHLORINE] > 0.0:
        offered = unit.room * chlorine_solubility(T) * chlorine * k / 101_325.0 / kg[CHLORINE]
        left = 1.0 / (1.0 + offered)
    if kg[WATER] > 0.0:
        evaporated = (gas - acid) * steam / (P - steam) * MOLAR_MASS[WATER]
        wet = min(evaporated / kg[WATER], 1.0)
    if kg[HCL] > 0.0:
        caught = unit.capture * kg[HCL]
        strength = min(caught / (caught + unit.fresh), STRONGEST) if unit.fresh > 0.0 else STRONGEST
        back = inert * hydrogen_chloride_pressure(strength, T) / P * MOLAR_MASS[HCL]
        slip = 1.0 - unit.capture + back / kg[HCL]
        held = most_held(unit.circulated, kg[WATER] * (1.0 - wet), T)
        slip = min(max(slip, 1.0 - held / kg[HCL]), 1.0)
    organics = (
        cold_share(kg[0], unit.room * solubility_in_water(BENZENE, T) * a[0], over),
        cold_share(kg[1], unit.room * solubility_in_water(MCB, T) * a[1], over),
        cold_share(kg[2], unit.room * solubility_in_water(DCB, T) * a[2], over),
        cold_share(kg[3], unit.room * solubility_in_water(TCB, T) * a[3], over),
    )
    rest = (left, slip, wet, 0.0, 0.0, 0.0, 1.0)
    if unit.fog_capture > 0.0:
        fog, c = fog_in(product(kg, joined(organics, rest)), T, P), unit.fog_capture
        organics = (
            without_drops(organics[0], c * fog[0] * MOLAR_MASS[0], kg[0]),
            without_drops(organics[1], c * fog[1] * MOLAR_MASS[1], kg[1]),
            without_drops(organics[2], c * fog[2] * MOLAR_MASS[2], kg[2]),
            without_drops(organics[3], c * fog[3] * MOLAR_MASS[3], kg[3]),
        )
    return joined(organics, rest)


@dataclass(frozen=True, kw_only=True)
class GasCatcher(LineUnit):
    r"""Wash the tail gas with water: hydrogen chloride almost fully, organics as the structure is.

    Hydrogen chloride meets only the gas film and is caught to ``capture``, less what the acid that
    it makes presses back. What becomes of the rest the source leaves open, so there are two
    structures of the tail end:

    ``hot``: little ``water``, in co-current with the gas and in equilibrium with it at the end, as
    a device with four transfer units for the gas film has enough for the liquid film, too. The heat
    of solution warms it (:func:`hot_temperature`): so far that it takes next to nothing out of a
    gas that is saturated at 40 degC; more water, or less hydrogen chloride, and it stays so cold
    that oil condenses.

    ``fog``: much cold water, which organics and chlorine, for they meet the liquid film, load to a
    fraction ``a`` of saturation in one pass. A fraction ``r`` of it is returned over a cooler, so
    it enters loaded: with :math:`c_{in} = r\,c_{out}` and
    :math:`c_{out} = c_{in} + a (c^* - c_{in})`,

    .. math:: W (1-r) c_{out} = W c^* \frac{a (1-r)}{1 - r + r a},

    which is what is caught: at ``r = 0`` all of ``a``, at ``r = 1`` nothing. The gas that leaves
    is in equilibrium with :math:`c^*`: caught per offered is :math:`E/(1+E)`, where ``E`` is that
    amount over what enters; no more than saturates the water. So much cold water also cools the
    gas, and gas that comes warmer is then above its own saturation. What is too much is taken to
    form a fog and leaves with the gas; ``fog_capture`` of it drops into the water instead. Little
    water holds no more acid than makes it strong and hot (:func:`most_held`), none holds none.

    The water goes to the sewer; ``water_reused`` (F2) leads it to the catcher-water tank, whose
    overflow is the sewer.

    References
    ----------
    schaber-1995: fog in absorbers, and that they do not hold it. mist-scrubber: that they hold most
    of a mist. gas-washing-norm: water of washing towers.
    """

    inlets = ("gas", "water")
    outlets = ("gas", "effluent", "bleed")
    derived = (
        *("hot", "fresh", "circulated", "warmth_of_water", "room", "returned", "spared"),
        "cooler_rise",
        *("pumping", "fog_capture"),
    )
    drawing = ("water",)
    using = ("power", "cooling_water")

    structure: str = quantity("", "how the catcher works", choices=("hot", "fog"))
    water: float = quantity("kg/h", "water of the hot catcher", 1.0, 1e5)
    capture: float = quantity("kg/kg", "hydrogen chloride caught, of that in the gas", 0.0, 1.0)
    water_reused: bool = quantity("", "loaded water led to the catcher-water tank (F2)")
    fog: ColdWash
    run_on: RunOn

    def bypassed(self, mode: str = "failure") -> Unit:
        """Return the catcher; while its pump is down it is made dry by `line.upsets`."""
        return self

    def fog_in(self, gas: Stream, at: Conditions) -> Organics:
        """Return what of the washed gas's organics is above saturation at the cold water.

        ``gas``: gas that leaves the catcher, fog included, kg/h; ``at``: ``cooling_water`` K,
        ``pressure`` Pa.

        Returns
        -------
        Organics
            By organic, kmol/h.
        """
        return fog_in(gas, self.fog.water_temperature(at), at["pressure"])

    @property
    def hot(self) -> bool:
        """Whether it works with little water, in equilibrium."""
        return self.structure == "hot"

    @property
    def fresh(self) -> float:
        """Fresh water of the cold catcher, kg/h."""
        return self.fog.fresh

    @property
    def circulated(self) -> float:
        """Water over the cold catcher, kg/h."""
        return self.fog.circulation

    @property
    def warmth_of_water(self) -> float:
        """The cold catcher's water above the cooling water, K."""
        return self.fog.warmth

    @property
    def room(self) -> float:
        """Water of the cold catcher times what it still takes up, of saturation, kg/h."""
        return self.fog.circulation * self.fog.load_factor()

    @property
    def returned(self) -> float:
        """Water returned to the cold catcher, kg/kg."""
        return self.fog.recirculation

    @property
    def spared(self) -> float:
        """Heat that fresh water saves the cooler, kJ/h."""
        return self.fog.spared

    @property
    def cooler_rise(self) -> float:
        """Rise of the cooler's water, K."""
        return self.fog.water_rise

    @property
    def pumping(self) -> float:
        """Power of the cold catcher's pump, kW."""
        return self.fog.pump_work * 1e-3 * self.fog.circulation

    @property
    def fog_capture(self) -> float:
        """Share of the fog that drops into the water, kg/kg."""
        return self.fog.fog_capture

    def temperature(self, gas: Stream, water: Stream, at: Conditions) -> float:
        """Return the temperature at which gas and water leave the hot catcher, K."""
        return hot_temperature(self, gas, water, here(at))

    def answer(self, at: Weather, gas: Stream, water: Stream) -> Answer:
        """Return washed gas and loaded water; draws fresh water."""
        kg, fed = plus(gas, water), total(gas)
        power, cooling, draw = 0.0, 0.0, 0.0
        to_gas = hot_shares(self, gas, water, at) if self.hot else cold_shares(self, kg, at)
        liquid = remaining(to_gas)
        if fed > 0.0:
            draw = (self.water if self.hot else self.fresh) / fed
            if not self.hot:
                given = -solution(product(kg, liquid), at.cooling_water + self.warmth_of_water)
                heat = self.returned * max(given - self.spared, 0.0)
                power = self.pumping / fed
                cooling = heat / (CP_WATER * self.cooler_rise) / fed
        return Answer(
            splits=(
                to_gas,
                NOTHING if self.water_reused else liquid,
                liquid if self.water_reused else NOTHING,
            ),
            draws=(evenly(draw),),
            uses=(power, cooling),
            fractions=(),
        )

    def heat(self, inlets: Mapping[str, Stream], at: Conditions) -> Heat:
        """Return temperatures; the water that leaves takes up what is missing, hot nothing."""
        entering = {"gas": at["air"], "water": at["cooling_water"]}
        loaded = "bleed" if self.water_reused else "effluent"
        if self.structure == "hot":
            T = self.temperature(inlets["gas"], inlets["water"], at)
            return Heat(T, inlets=entering, settled=loaded)
        T = self.fog.water_temperature(at)
        return Heat(T, inlets=entering, rise=self.fog.water_rise, settled=loaded)


@dataclass(frozen=True, kw_only=True)
class EmergencyScrubber(LineUnit):
    r"""Caustic scrubber that takes acid gas and chlorine out of the purge after a trip.

    Otherwise the tail gas passes it dry. Caustic is drawn for all hydrogen chloride and chlorine,
    1 and 2 kmol/kmol, times an excess; hydrogen chloride is neutralised,

    .. math:: HCl + NaOH \to NaCl + H_2O,

    chlorine goes with the liquor and is booked as chlorine (as hypochlorite it oxidises on).
    Organics pass: they do not dissolve in caustic.

    References
    ----------
    The line's interlock is described in ``docs/upsets.md``; capture is assumed with a range.
    """

    inlets: ClassVar[tuple[str, ...]] = ("gas", "caustic")
    outlets: ClassVar[tuple[str, ...]] = ("gas", "effluent")
    drawing: ClassVar[tuple[str, ...]] = ("caustic",)
    reactions: ClassVar[tuple[tuple[Reaction, int], ...]] = ((NEUTRALISATION, HCL),)

    capture: float = quantity(
        "kg/kg", "hydrogen chloride and chlorine taken out of the purge", 0.0, 1.0
    )
    excess: float = quantity("kg/kg", "caustic drawn per needed", 1.0, 5.0)
    caustic_strength: float = quantity(
        "kg/kg", "sodium hydroxide in the caustic supplied", 0.01, 0.5
    )

    def answer(self, at: Weather, gas: Stream, caustic: Stream) -> Answer:
        """Return the recipe: all gas passes, or the purge is scrubbed."""
        liquor, draw, neutralised = (0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 0.0), NOTHING, 0.0
        if at.trip > 0.0:
            per_kg = self.excess * MOLAR_MASS[NAOH] / self.caustic_strength
            chlorine, acid = 2.0 * per_kg / MOLAR_MASS[CHLORINE], per_kg / MOLAR_MASS[HCL]
            draw = joined(NO_ORGANICS, (chlorine, acid, 0.0, 0.0, 0.0, 0.0, 0.0))
            liquor = (self.capture, 0.0, 1.0, 1.0, 1.0, 1.0, 0.0)
            entering = (gas[HCL] + caustic[HCL]) / MOLAR_MASS[HCL]
            met = caustic[NAOH] / MOLAR_MASS[NAOH] / entering if entering > 0.0 else 0.0
            neutralised = self.capture * min(1.0, met)
        effluent = joined(NO_ORGANICS, liquor)
        return Answer(
            splits=(remaining(effluent), effluent),
            draws=(draw,),
            uses=(),
            fractions=(neutralised,),
        )
