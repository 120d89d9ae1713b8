"""Scrubbers on the tail gas: the water scrubber ("catcher"), and the emergency scrubber."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp
from typing import ClassVar

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
from plant_models.chlorobenzene.substances.enthalpy import solution
from plant_models.chlorobenzene.substances.properties import (
    MOLAR_MASS,
    Organics,
    hydrogen_chloride_pressure,
    solubility_in_water,
    vapour_pressure,
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


@dataclass(frozen=True, kw_only=True)
class GasCatcher(Unit):
    r"""Wash the tail gas with water: hydrogen chloride almost fully, organics hardly.

    Hydrogen chloride meets only the gas film and is caught to ``capture``. Organics and chlorine
    meet the liquid film: in one pass the water comes the fraction ``a``
    (``approach_to_saturation``) of its way to equilibrium with the gas. A fraction ``r`` of the
    water that leaves is returned over a cooler, so it enters loaded: with
    :math:`c_{in} = r\,c_{out}` and
    :math:`c_{out} = c_{in} + a (c^* - c_{in})`,

    .. math:: W (1-r) c_{out} = W c^* \frac{a (1-r)}{1 - r + r a},

    which is what is caught: at ``r = 0`` all of ``a``, at ``r = 1`` nothing. The gas that leaves
    is in equilibrium with :math:`c^*`: caught per offered is :math:`E/(1+E)`, where ``E`` is that
    amount over what enters; no more than saturates the water.

    So much cold water also cools the gas, and gas that comes warmer is then above its own
    saturation. What is too much is taken to form a fog, too fine to be washed out, and leaves with
    the gas; ``fog_capture`` of it drops into the water instead.

    Without recirculation the water goes to the sewer, with it the bleed goes to the catcher-water
    tank, whose overflow is the sewer.

    References
    ----------
    schaber-1995: fog in absorbers, and that they do not hold it.
    """

    inlets = ("gas", "water")
    outlets = ("gas", "effluent", "bleed")

    circulation: float = quantity("kg/h", "water over the catcher", 0.0, 1e6)
    recirculation: float = quantity(
        "kg/kg", "water returned to the catcher, of that which leaves it", 0.0, 0.995
    )
    capture: float = quantity("kg/kg", "hydrogen chloride caught, of that in the gas", 0.0, 1.0)
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
        default=0.0,
    )

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

    def fog(self, gas: Stream, at: Conditions) -> Organics:
        """Return what of the washed gas's organics is above saturation at the water's temperature.

        ``gas``: gas that leaves the catcher, fog included, kg/h; ``at``: ``cooling_water`` K,
        ``pressure`` Pa.

        Returns
        -------
        Organics
            By organic, kmol/h.
        """
        T = self.water_temperature(at)
        b, m, d, t = (gas[i] / MOLAR_MASS[i] for i in ORGANICS)
        dry = sum([gas[i] / MOLAR_MASS[i] for i in (CHLORINE, HCL, INERT)])
        return flash((b, m, d, t), dry, T, at["pressure"] - vapour_pressure(WATER, T))

    def load_factor(self) -> float:
        """Return a (1 - r) / (1 - r + r a): what loaded water still takes up, of saturation."""
        r, a = self.recirculation, self.approach_to_saturation
        return a * (1.0 - r) / (1.0 - r + r * a)

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        """Return washed gas and loaded water; draws fresh water."""
        main = inlets["gas"]
        kg = [a + b for a, b in zip(main, inlets["water"], strict=True)]
        T, P = self.water_temperature(at), at["pressure"]
        fresh = (1.0 - self.recirculation) * self.circulation
        total = sum(main)
        to_gas = [0.0] * _SIZE
        to_gas[INERT] = 1.0
        n = [kg[i] / MOLAR_MASS[i] for i in (*ORGANICS, CHLORINE, HCL, INERT)]
        gas = sum(n)
        room = self.circulation * self.load_factor()
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
        if self.fog_capture > 0.0:
            washed = tuple([a * b for a, b in zip(kg, to_gas, strict=True)])
            for fog, i in zip(self.fog(washed, at), ORGANICS, strict=True):
                if kg[i] > 0.0:
                    dropped = self.fog_capture * fog * MOLAR_MASS[i] / kg[i]
                    to_gas[i] = max(to_gas[i] - dropped, 0.0)
        liquid = tuple([1.0 - a for a in to_gas])
        none = (0.0,) * _SIZE
        returned = self.recirculation > 0.0
        uses = {}
        if total > 0.0:
            loaded = [a * b for a, b in zip(kg, liquid, strict=True)]
            heat = self.cooler_duty(-solution(loaded, T))
            uses["power"] = self.pump_work * 1e-3 * self.circulation / total
            uses["cooling_water"] = heat / (CP_WATER * self.water_rise) / total
        return Recipe(
            splits={
                "gas": tuple(to_gas),
                "effluent": none if returned else liquid,
                "bleed": liquid if returned else none,
            },
            draws={"water": (fresh / total if total > 0.0 else 0.0,) * _SIZE},
            uses=uses,
        )

    def heat(self, inlets: Mapping[str, Stream], at: Conditions) -> Heat:
        """Return temperatures; the water that leaves takes up what is missing."""
        entering = {"gas": at["air"], "water": at["cooling_water"]}
        T = self.water_temperature(at)
        loaded = "bleed" if self.recirculation > 0.0 else "effluent"
        return Heat(T, inlets=entering, rise=self.water_rise, settled=loaded)


NOTHING = (0.0,) * len(COMPONENTS)


@dataclass(frozen=True, kw_only=True)
class EmergencyScrubber(Unit):
    r"""Caustic scrubber that takes acid gas and chlorine out of the purge after a trip.

    Otherwise the tail gas passes it dry. Caustic is drawn for all hydrogen chloride and chlorine,
    1 and 2 kmol/kmol, times an excess; hydrogen chloride is neutralised,

    .. math:: HCl + NaOH \\to NaCl + H_2O,

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
