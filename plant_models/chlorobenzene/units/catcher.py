"""Scrubbers on the tail gas: the water scrubber ("catcher"), and the emergency scrubber."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp
from typing import ClassVar, NamedTuple

from plant_models.chlorobenzene.substances.chemistry import (
    CHLORINE,
    COMPONENTS,
    FECL3,
    HCL,
    INERT,
    NACL,
    NAOH,
    NEUTRALISATION,
    ORGANICS,
    WATER,
)
from plant_models.chlorobenzene.substances.enthalpy import solution, thermal
from plant_models.chlorobenzene.substances.properties import (
    MOLAR_MASS,
    Organics,
    hydrogen_chloride_pressure,
    solubility_in_water,
    vapour_pressure,
    vapour_pressures,
    water_pressure_over_acid,
)
from plant_models.chlorobenzene.units.condensation import CP_WATER, flash
from plant_models.chlorobenzene.units.heat import Heat
from sim.model.parameters import quantity
from sim.network.unit import Conditions, Conversion, Recipe, Stream, Unit

_SIZE = len(COMPONENTS)


def chlorine_solubility(T: float) -> float:
    """Return chlorine dissolved in water under 1 atm of chlorine at ``T`` (K), kg/kg water.

    7.3 g/kg at 20 degC, 10 at 10 degC and 5.7 at 30 degC (handbook values, recalled);
    hydrolysis is suppressed by the hydrogen chloride that is caught with it.
    """
    return 0.0073 * exp(2450.0 * (1.0 / T - 1.0 / 293.15))


HOTTEST = 365.0  # K; above it the water would boil away
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
    K = [each / P for each in p]
    w = [water * solubility_in_water(i, T) / MOLAR_MASS[i] for i in ORGANICS]
    most = dry + sum(n)
    least = 1e-12 * most
    moles, oil = max(min(1.3 * dry, most), least), 0.0
    for _ in range(STEPS):
        d = [moles * k + x for k, x in zip(K, w, strict=True)]
        oil = _oil(n, d)
        a = [x / (oil + y) if x > 0.0 else 0.0 for x, y in zip(n, d, strict=True)]
        share = sum([x * k for x, k in zip(a, K, strict=True)])
        if oil > 0.0:
            found = min(dry / (1.0 - share), most) if share < 1.0 else most
        else:
            found = dry + moles * share
        found = max(found, least)
        moved, moles = abs(found - moles), found
        if moved <= STANDS * most:
            break
    gas = [min(moles * k * x, y) for k, x, y in zip(K, a, n, strict=True)]
    return Washed((gas[0], gas[1], gas[2], gas[3]), oil, moles)


def _oil(n: Sequence[float], d: Sequence[float]) -> float:
    """Return L of sum n / (L + d) = 1, kmol/h; 0 where there is less. Newton on 1/S, from below."""
    pairs = [(x, y) for x, y in zip(n, d, strict=True) if x > 0.0]
    oil = 0.0
    for _ in range(STEPS):
        s = sum([x / (oil + y) for x, y in pairs])
        if s <= 1.0:
            break
        step = s * (s - 1.0) / sum([x / (oil + y) ** 2 for x, y in pairs])
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

    def water_temperature(self, at: Conditions) -> float:
        """Return the temperature of the water over the catcher, fresh and returned mixed, K."""
        return at["cooling_water"] + self.recirculation * self.cooler_approach

    def cooler_duty(self, heat: float) -> float:
        r"""Return what the cooler takes from the returned water, kJ/h.

        Water passes the catcher from :math:`T_w + r \Delta` to :math:`q/(W c)` above that and is
        returned at :math:`T_w + \Delta`: :math:`Q = r [q - (1 - r) W c \Delta]`, never negative.

        ``heat``: :math:`q`, the heat of solution of what is caught, kJ/h.
        """
        r = self.recirculation
        spared = (1.0 - r) * self.circulation * CP_WATER * self.cooler_approach
        return r * max(heat - spared, 0.0)


@dataclass(frozen=True, kw_only=True)
class GasCatcher(Unit):
    r"""Wash the tail gas with water: hydrogen chloride almost fully, organics as the structure is.

    Hydrogen chloride meets only the gas film and is caught to ``capture``, less what the acid that
    it makes presses back. What becomes of the rest the source leaves open, so there are two
    structures of the tail end:

    ``hot``: little ``water``, in co-current with the gas and in equilibrium with it at the end, as
    a device with four transfer units for the gas film has enough for the liquid film, too. The heat
    of solution warms it (:meth:`temperature`): so far that it takes next to nothing out of a gas
    that is saturated at 40 degC; more water, or less hydrogen chloride, and it stays so cold that
    oil condenses.

    ``fog``: much cold water, which organics and chlorine, for they meet the liquid film, load to a
    fraction ``a`` of saturation in one pass. A fraction ``r`` of it is returned over a cooler, so
    it enters loaded: with :math:`c_{in} = r\,c_{out}` and
    :math:`c_{out} = c_{in} + a (c^* - c_{in})`,

    .. math:: W (1-r) c_{out} = W c^* \frac{a (1-r)}{1 - r + r a},

    which is what is caught: at ``r = 0`` all of ``a``, at ``r = 1`` nothing. The gas that leaves
    is in equilibrium with :math:`c^*`: caught per offered is :math:`E/(1+E)`, where ``E`` is that
    amount over what enters; no more than saturates the water. So much cold water also cools the
    gas, and gas that comes warmer is then above its own saturation. What is too much is taken to
    form a fog and leaves with the gas; ``fog_capture`` of it drops into the water instead.

    The water goes to the sewer; ``water_reused`` (F2) leads it to the catcher-water tank, whose
    overflow is the sewer.

    References
    ----------
    schaber-1995: fog in absorbers, and that they do not hold it. mist-scrubber: that they hold most
    of a mist. gas-washing-norm: water of washing towers.
    """

    inlets = ("gas", "water")
    outlets = ("gas", "effluent", "bleed")

    structure: str = quantity("", "how the catcher works", choices=("hot", "fog"))
    water: float = quantity("kg/h", "water of the hot catcher", 1.0, 1e5)
    capture: float = quantity("kg/kg", "hydrogen chloride caught, of that in the gas", 0.0, 1.0)
    water_reused: bool = quantity("", "loaded water led to the catcher-water tank (F2)")
    fog: ColdWash

    def fog_in(self, gas: Stream, at: Conditions) -> Organics:
        """Return what of the washed gas's organics is above saturation at the cold water.

        ``gas``: gas that leaves the catcher, fog included, kg/h; ``at``: ``cooling_water`` K,
        ``pressure`` Pa.

        Returns
        -------
        Organics
            By organic, kmol/h.
        """
        T = self.fog.water_temperature(at)
        b, m, d, t = (gas[i] / MOLAR_MASS[i] for i in ORGANICS)
        dry = sum([gas[i] / MOLAR_MASS[i] for i in (CHLORINE, HCL, INERT)])
        return flash((b, m, d, t), dry, T, at["pressure"] - vapour_pressure(WATER, T))

    def hot_gas(self, kg: Sequence[float], T: float, P: float) -> list[float]:
        """Return the gas in equilibrium with the water that runs with it, kg/h by component.

        ``kg``: gas and water together, kg/h; ``T``: K; ``P``: pressure, Pa.
        """
        gas = [0.0] * _SIZE
        gas[INERT] = kg[INERT]
        slip = (1.0 - self.capture) * kg[HCL]
        caught = kg[HCL] - slip
        strength = min(caught / (caught + kg[WATER]), 0.4) if caught > 0.0 else 0.0
        steam = min(water_pressure_over_acid(strength, T), 0.95 * P)
        b, m, d, t = (kg[i] / MOLAR_MASS[i] for i in ORGANICS)
        rest = [kg[i] / MOLAR_MASS[i] for i in (CHLORINE, INERT)]
        dry = sum(rest) + slip / MOLAR_MASS[HCL]
        found = equilibrium((b, m, d, t), dry, kg[WATER], T, P - steam)
        for i, kmol in zip(ORGANICS, found.gas, strict=True):
            gas[i] = kmol * MOLAR_MASS[i]
        gas[WATER] = min(found.moles * steam / (P - steam) * MOLAR_MASS[WATER], kg[WATER])
        if kg[CHLORINE] > 0.0 and found.moles > 0.0:
            pressure = rest[0] / found.moles * (P - steam) / 101_325.0
            offered = kg[WATER] * chlorine_solubility(T) * pressure / kg[CHLORINE]
            gas[CHLORINE] = kg[CHLORINE] / (1.0 + offered)
        if caught > 0.0:
            p = hydrogen_chloride_pressure(strength, T)
            back = found.moles * p / (P - steam) * MOLAR_MASS[HCL]
            gas[HCL] = min(slip + back, kg[HCL])
        return gas

    def temperature(self, gas: Stream, water: Stream, at: Conditions) -> float:
        r"""Return the temperature at which gas and water leave the hot catcher, K.

        Adiabatic: what the gas's hydrogen chloride gives off by dissolving, and its vapours by
        condensing, warms and evaporates water; :math:`H_{gas}(T) + H_{acid}(T)` is what entered.

        ``gas``, ``water``: what enters, kg/h, at the air's and the cooling water's temperature.
        """
        kg = [a + b for a, b in zip(gas, water, strict=True)]
        P, T_water = at["pressure"], at["cooling_water"]
        entered = thermal(gas, at["air"], "gas") + thermal(water, T_water, "aqueous")

        def excess(T: float) -> float:
            left = self.hot_gas(kg, T, P)
            acid = [a - b for a, b in zip(kg, left, strict=True)]
            return thermal(left, T, "gas") + thermal(acid, T, "aqueous") - entered

        low, high = min(T_water, at["air"]) - 40.0, HOTTEST
        scale = sum(kg) * CP_WATER
        T = min(T_water + self.capture * kg[HCL] * 2000.0 / scale, 330.0)
        last, before = T, 0.0
        for step in range(STEPS):
            miss = excess(T)
            if abs(miss) <= 1e-9 * scale or high - low < 1e-11:
                break
            low, high = (low, T) if miss > 0.0 else (T, high)
            slope = (miss - before) / (T - last) if step and last != T else 1.1 * scale
            last, before = T, miss
            T = T - miss / slope if slope > 0.0 else 0.5 * (low + high)
            if not low < T < high:
                T = 0.5 * (low + high)
        return T

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        """Return washed gas and loaded water; draws fresh water."""
        main = inlets["gas"]
        total = sum(main)
        if self.structure == "hot":
            fresh = self.water
            to_gas = self._hot_shares(main, inlets["water"], at)
        else:
            fresh = (1.0 - self.fog.recirculation) * self.fog.circulation
            to_gas = self._cold_shares(main, inlets["water"], at)
        liquid = tuple([1.0 - a for a in to_gas])
        none = (0.0,) * _SIZE
        uses = {}
        if total > 0.0 and self.structure == "fog":
            pool = [a + b for a, b in zip(main, inlets["water"], strict=True)]
            loaded = [a * b for a, b in zip(pool, liquid, strict=True)]
            heat = self.fog.cooler_duty(-solution(loaded, self.fog.water_temperature(at)))
            uses["power"] = self.fog.pump_work * 1e-3 * self.fog.circulation / total
            uses["cooling_water"] = heat / (CP_WATER * self.fog.water_rise) / total
        return Recipe(
            splits={
                "gas": tuple(to_gas),
                "effluent": none if self.water_reused else liquid,
                "bleed": liquid if self.water_reused else none,
            },
            draws={"water": (fresh / total if total > 0.0 else 0.0,) * _SIZE},
            uses=uses,
        )

    def _hot_shares(self, main: Stream, water: Stream, at: Conditions) -> list[float]:
        """Return the share of each component that leaves with the gas, kg/kg."""
        kg = [a + b for a, b in zip(main, water, strict=True)]
        shares = [0.0] * _SIZE
        shares[INERT] = 1.0
        if sum(kg) > 0.0:
            gas = self.hot_gas(kg, self.temperature(main, water, at), at["pressure"])
            for i in (*ORGANICS, CHLORINE, HCL, WATER):
                shares[i] = gas[i] / kg[i] if kg[i] > 0.0 else 0.0
        return shares

    def _cold_shares(self, main: Stream, water: Stream, at: Conditions) -> list[float]:
        """Return the share of each component that leaves with the gas, kg/kg."""
        kg = [a + b for a, b in zip(main, water, strict=True)]
        T, P = self.fog.water_temperature(at), at["pressure"]
        fresh = (1.0 - self.fog.recirculation) * self.fog.circulation
        to_gas = [0.0] * _SIZE
        to_gas[INERT] = 1.0
        n = [kg[i] / MOLAR_MASS[i] for i in (*ORGANICS, CHLORINE, HCL, INERT)]
        gas = sum(n)
        room = self.fog.circulation * self.fog.load_factor()
        activity = [0.0, 0.0, 0.0, 0.0]
        if gas > 0.0:
            for j, i in enumerate(ORGANICS):
                if n[j] > 0.0:
                    activity[j] = n[j] / gas * P / vapour_pressure(i, T)
        over = max(sum(activity), 1.0)
        for j, i in enumerate(ORGANICS):
            if kg[i] > 0.0:
                offered = room * solubility_in_water(i, T) * activity[j] / kg[i]
                to_gas[i] = 1.0 - min(offered / (1.0 + offered), offered / over)
        if kg[CHLORINE] > 0.0:
            offered = room * chlorine_solubility(T) * n[4] / gas * P / 101_325.0 / kg[CHLORINE]
            to_gas[CHLORINE] = 1.0 / (1.0 + offered)
        caught = 0.0
        if kg[HCL] > 0.0:
            caught = self.capture * kg[HCL]
            strength = min(caught / (caught + fresh), 0.4) if fresh > 0.0 else 0.4
            back = n[6] * hydrogen_chloride_pressure(strength, T) / P * MOLAR_MASS[HCL]
            to_gas[HCL] = min(1.0 - self.capture + back / kg[HCL], 1.0)
        if kg[WATER] > 0.0:
            steam = vapour_pressure(WATER, T)
            evaporated = (gas - n[5]) * steam / (P - steam) * MOLAR_MASS[WATER]
            to_gas[WATER] = min(evaporated / kg[WATER], 1.0)
        if self.fog.fog_capture > 0.0:
            washed = tuple([a * b for a, b in zip(kg, to_gas, strict=True)])
            for fog, i in zip(self.fog_in(washed, at), ORGANICS, strict=True):
                if kg[i] > 0.0:
                    dropped = self.fog.fog_capture * fog * MOLAR_MASS[i] / kg[i]
                    to_gas[i] = max(to_gas[i] - dropped, 0.0)
        return to_gas

    def heat(self, inlets: Mapping[str, Stream], at: Conditions) -> Heat:
        """Return temperatures; the water that leaves takes up what is missing, hot nothing."""
        entering = {"gas": at["air"], "water": at["cooling_water"]}
        loaded = "bleed" if self.water_reused else "effluent"
        if self.structure == "hot":
            T = self.temperature(inlets["gas"], inlets["water"], at)
            return Heat(T, inlets=entering, settled=loaded)
        T = self.fog.water_temperature(at)
        return Heat(T, inlets=entering, rise=self.fog.water_rise, settled=loaded)


NOTHING = (0.0,) * len(COMPONENTS)


@dataclass(frozen=True, kw_only=True)
class EmergencyScrubber(Unit):
    r"""Caustic scrubber that takes acid gas and chlorine out of the purge after a trip.

    Otherwise the tail gas passes it dry. Caustic is drawn for all hydrogen chloride and chlorine,
    1 and 2 kmol/kmol, times an excess; hydrogen chloride is neutralised,

    .. math:: HCl + NaOH \to NaCl + H_2O,

    chlorine goes with the liquor and is booked as chlorine (as hypochlorite it oxidises on).
    Organics pass: they do not dissolve in caustic.

    References
    ----------
    The line's interlock is described in ``docs/decisions.md``; capture is assumed with a range.
    """

    inlets: ClassVar[tuple[str, ...]] = ("gas", "caustic")
    outlets: ClassVar[tuple[str, ...]] = ("gas", "effluent")

    capture: float = quantity(
        "kg/kg", "hydrogen chloride and chlorine taken out of the purge", 0.0, 1.0
    )
    excess: float = quantity("kg/kg", "caustic drawn per needed", 1.0, 5.0)
    caustic_strength: float = quantity(
        "kg/kg", "sodium hydroxide in the caustic supplied", 0.01, 0.5
    )

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        """Return the recipe: all gas passes, or the purge is scrubbed."""
        liquor = [0.0] * len(COMPONENTS)
        for i in (NAOH, NACL, FECL3):
            liquor[i] = 1.0
        if at.cause != "trip":
            gas = tuple([1.0 - x for x in liquor])
            return Recipe(
                splits={"gas": gas, "effluent": tuple(liquor)}, draws={"caustic": NOTHING}
            )
        mass = COMPONENTS.molar_mass
        per_kg = self.excess * mass[NAOH] / self.caustic_strength
        draw = list(NOTHING)
        draw[HCL] = per_kg / mass[HCL]
        draw[CHLORINE] = 2.0 * per_kg / mass[CHLORINE]
        caustic = inlets["caustic"][NAOH] / mass[NAOH]
        acid = sum(flow[HCL] for flow in inlets.values()) / mass[HCL]
        met = min(1.0, caustic / acid) if acid > 0.0 else 0.0
        liquor[WATER] = 1.0
        liquor[CHLORINE] = self.capture
        return Recipe(
            splits={"gas": tuple([1.0 - x for x in liquor]), "effluent": tuple(liquor)},
            draws={"caustic": tuple(draw)},
            conversions=(Conversion(NEUTRALISATION, HCL, self.capture * met),),
        )
