"""Devices that stand only where a design has them: on the tail gas, the effluent, vapours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from plant_models.chlorobenzene.substances.chemistry import HCL, WATER
from plant_models.chlorobenzene.substances.enthalpy import released, solution, vaporisation
from plant_models.chlorobenzene.substances.properties import (
    latent_heat,
    moles_of,
    share_in_water,
)
from plant_models.chlorobenzene.substances.streams import (
    ORGANICS_ONLY,
    evenly,
    joined,
    plus,
    product,
    remaining,
    total,
)
from plant_models.chlorobenzene.units.condensation import CP_WATER, chilled, wet_dew_point
from plant_models.chlorobenzene.units.cooling import MEAN_TEMPERATURE
from plant_models.chlorobenzene.units.heat import SURROUNDINGS, Heat
from plant_models.chlorobenzene.units.off_gas import dry_gas, steam_of
from plant_models.chlorobenzene.units.plain import LineUnit, Weather
from sim.model.parameters import quantity
from sim.network.plain import Answer
from sim.network.unit import Conditions, Stream


@dataclass(frozen=True, kw_only=True)
class CarbonBed(LineUnit):
    r"""Two beds of activated carbon on the tail gas, one adsorbing, one regenerated with steam.

    Organics are held to ``capture``; hydrogen chloride, chlorine and inerts pass. Per kg held,
    :math:`s` kg of steam drives them out; what condenses is decanted: the oil is slop, the
    water takes what it dissolves (share :math:`d_i` by solubility and mole fraction) to the sewer.

    .. math:: oil_i = c\,(1 - d_i)\,n_i, \quad water = s\,c \sum_i n_i

    A bed out of order is by-passed, and the line runs on: `bypassed` holds nothing.

    References
    ----------
    Working capacity and steam of solvent recovery: AP-42 section 4.2 and vendors, recalled.
    """

    inlets: ClassVar[tuple[str, ...]] = ("gas", "water")
    outlets: ClassVar[tuple[str, ...]] = ("gas", "recovered", "condensate")
    drawing: ClassVar[tuple[str, ...]] = ("water",)
    using: ClassVar[tuple[str, ...]] = ("steam", "power", "cooling_water")

    installed: bool = quantity("", "bed built behind the emergency scrubber (E1)")
    capture: float = quantity("kg/kg", "organics held, mean of a cycle", 0.0, 1.0)
    steam_ratio: float = quantity("kg/kg", "steam per organics driven out", 0.0, 50.0)
    fan_work: float = quantity("kWh/kg", "fan against the bed, per gas", 0.0, 1.0)
    cooler_approach: float = quantity("K", "condensate above the cooling water", 0.0, 60.0)
    water_rise: float = quantity("K", "temperature rise of the condenser's water", 1.0, 40.0)

    def bypassed(self, mode: str = "failure") -> CarbonBed:
        """Return the bed with the gas led past it."""
        return replace(self, capture=0.0)

    def answer(self, at: Weather, gas: Stream, water: Stream) -> Answer:
        """Return the tail gas, what is recovered, and the condensate of the steam."""
        fed, drawn, c = total(gas), total(water), self.capture
        organics = joined((c, c, c, c), ORGANICS_ONLY)
        held = product(organics, gas)
        d = share_in_water(held, drawn, at.cooling_water + self.cooler_approach)
        wet = drawn / (gas[WATER] + drawn) if gas[WATER] + drawn > 0.0 else 0.0
        condensate = joined(
            (c * d[0], c * d[1], c * d[2], c * d[3]), (0.0, 0.0, wet, 0.0, 0.0, 0.0, 0.0)
        )
        recovered = joined((c - c * d[0], c - c * d[1], c - c * d[2], c - c * d[3]), ORGANICS_ONLY)
        steam, power, cooling = 0.0, 0.0, 0.0
        if fed > 0.0:
            steam = self.steam_ratio * total(held) / fed
            power = self.fan_work if c > 0.0 else 0.0
            cooling = steam * latent_heat(WATER, MEAN_TEMPERATURE) / (CP_WATER * self.water_rise)
        return Answer(
            splits=(remaining(plus(recovered, condensate)), recovered, condensate),
            draws=(product(evenly(self.steam_ratio), organics),),
            uses=(steam, power, cooling),
            fractions=(),
        )


ACID_OF_CONDENSATE = 0.2
"""Hydrogen chloride that cold condensate takes per water, kg/kg. Over acid of that strength, 17 %,
it has 2 Pa at 8 degC (`hydrogen_chloride_pressure`), next to nothing of what the gas brings."""
KJ_PER_KWH = 3600.0


def arrives_at(gas: Stream, T: float, P: float) -> float:
    """Return the temperature at which a gas (kg/h) comes, not below ``T``; K.

    Its dew point: that of its oil or, behind a catcher too warm for oil, that of its water.
    """
    return max(wet_dew_point(moles_of(gas), dry_gas(gas), steam_of(gas), 1.0, P), T)


@dataclass(frozen=True, kw_only=True)
class TailGasCondenser(LineUnit):
    r"""Condenser on the tail gas, chilled by brine; its oil goes back to the wet benzene.

    What passes the tubes leaves in equilibrium with oil and water at ``temperature``
    (`condensation.chilled`); the rest leaks by. Benzene freezes at 5.5 degC, so that no colder
    surface runs for long. The water takes what organics it dissolves, and hydrogen chloride as long
    as the acid is weak, to the sewer; what gas the oil dissolves is left out. The machine gives its
    cold and its own work to cooling water:

    .. math:: P = Q / \epsilon, \quad m_w c_w \Delta T_w = Q (1 + 1/\epsilon)

    ``Q`` is what the gas brings beyond its enthalpy at ``temperature``, oil and water of it liquid.
    It comes at its dew point, for it left the catcher saturated with water, or with oil as well.

    While the machine is down the gas passes warm: `bypassed` condenses nothing.

    References
    ----------
    EPA, OAQPS Control Cost Manual, chapter on refrigerated condensers (recalled): performance 2-4.
    """

    inlets: ClassVar[tuple[str, ...]] = ("gas",)
    outlets: ClassVar[tuple[str, ...]] = ("gas", "recovered", "condensate")
    using: ClassVar[tuple[str, ...]] = ("power", "cooling_water")

    installed: bool = quantity("", "chilled condenser built behind the emergency scrubber (O13)")
    temperature: float = quantity("K", "gas as it leaves the chilled tubes", 278.7, 310.0)
    passing: float = quantity("kg/kg", "gas that passes the tubes; the rest leaks by", 0.0, 1.0)
    performance: float = quantity("kWh/kWh", "cold made per power", 0.5, 15.0)
    water_rise: float = quantity("K", "temperature rise of the machine's water", 1.0, 40.0)

    def bypassed(self, mode: str = "failure") -> TailGasCondenser:
        """Return the condenser with its machine standing."""
        return replace(self, passing=0.0)

    def heat(self, inlets: Mapping[str, Stream], at: Conditions) -> Heat:
        """Return temperatures; the machine's power leaves with the cooling water."""
        T = self.temperature
        warm = arrives_at(inlets["gas"], T, at["pressure"])
        return Heat(T, inlets={"gas": warm}, rise=self.water_rise, settled=SURROUNDINGS)

    def answer(self, at: Weather, gas: Stream) -> Answer:
        """Return the tail gas, its oil, its water, and what the cold costs."""
        n, T, fed = moles_of(gas), self.temperature, total(gas)
        steam = steam_of(gas)
        liquid, left = chilled(n, dry_gas(gas), steam, T, at.pressure)
        c = self.passing
        b = c * liquid[0] / n[0] if n[0] > 0.0 else 0.0
        m = c * liquid[1] / n[1] if n[1] > 0.0 else 0.0
        d = c * liquid[2] / n[2] if n[2] > 0.0 else 0.0
        t = c * liquid[3] / n[3] if n[3] > 0.0 else 0.0
        wet = c * (steam - left) / steam if steam > 0.0 else 0.0
        water = wet * gas[WATER]
        acid = min(c, ACID_OF_CONDENSATE * water / gas[HCL]) if gas[HCL] > 0.0 else 0.0
        f = share_in_water(product(joined((b, m, d, t), ORGANICS_ONLY), gas), water, T)
        condensate = joined(
            (b * f[0], m * f[1], d * f[2], t * f[3]), (0.0, acid, wet, 0.0, 0.0, 0.0, 0.0)
        )
        recovered = joined((b - b * f[0], m - m * f[1], d - d * f[2], t - t * f[3]), ORGANICS_ONLY)
        power, cooling = 0.0, 0.0
        if fed > 0.0 and c > 0.0:
            stays = product(remaining(plus(recovered, condensate)), gas)
            warm = arrives_at(gas, T, at.pressure)
            cold = c * (released(gas, warm, T) + vaporisation(gas, warm) - vaporisation(gas, T))
            cold += vaporisation(gas, T) - vaporisation(stays, T)
            cold -= solution(product(condensate, gas), T)
            power = cold / self.performance / KJ_PER_KWH / fed
            cooling = cold * (1.0 + 1.0 / self.performance) / (CP_WATER * self.water_rise) / fed
        return Answer(
            splits=(remaining(plus(recovered, condensate)), recovered, condensate),
            draws=(),
            uses=(power, cooling),
            fractions=(),
        )


@dataclass(frozen=True, kw_only=True)
class VapourReturn(LineUnit):
    """Pipe that leads the vapour which a filling displaces back to what is emptied.

    What is pumped out leaves room for just that vapour: the tank car takes it along, the acid tank
    and the product tank dissolve it again. ``capture`` of it goes that way; the rest leaks at
    couplings and open hatches. Only what escapes where there is no such pipe passes it at all.

    References
    ----------
    Vapour balancing of loading: EPA AP-42 section 5.2 (recalled), 90-98 % in service.
    """

    inlets: ClassVar[tuple[str, ...]] = ("vapour",)
    outlets: ClassVar[tuple[str, ...]] = ("returned", "leaked")
    rate_dependent: ClassVar[bool] = False

    installed: bool = quantity("", "vapour led back to what is emptied (O12)")
    capture: float = quantity("kg/kg", "vapour that goes back", 0.0, 1.0)

    def answer(self, at: Weather, vapour: Stream) -> Answer:
        """Return what goes back and what leaks."""
        back = evenly(self.capture)
        return Answer(splits=(back, remaining(back)), draws=(), uses=(), fractions=())


@dataclass(frozen=True, kw_only=True)
class EffluentStripper(LineUnit):
    """Steam stripper for the line's effluents, collected in a pit that spills when it is full.

    Organics are driven out to ``recovery``, condensed and decanted to slop; the water of the
    overhead flows back to the feed. Acid and salts stay in the water: a stripper is no neutraliser.
    While it is out of order its pit fills, and then all effluent spills to the sewer.

    References
    ----------
    EPA, steam stripping of industrial wastewater (background document of the HON), recalled:
    steam 0.04-0.15 kg per kg of water, benzene removed to 99 % and more.
    """

    inlets: ClassVar[tuple[str, ...]] = ("effluent",)
    outlets: ClassVar[tuple[str, ...]] = ("recovered", "treated")
    using: ClassVar[tuple[str, ...]] = ("steam", "power", "cooling_water")
    rate_dependent: ClassVar[bool] = False

    installed: bool = quantity("", "stripper built before the sewer (E2)")
    recovery: float = quantity("kg/kg", "organics driven out", 0.0, 1.0)
    steam_ratio: float = quantity("kg/kg", "steam per effluent", 0.0, 2.0)
    power: float = quantity("kWh/kg", "pumping per effluent", 0.0, 1.0)
    water_rise: float = quantity("K", "temperature rise of the condenser's water", 1.0, 40.0)
    overhead: float = quantity("kg/kg", "steam that reaches the condenser, of that fed", 0.0, 1.0)

    def answer(self, at: Weather, effluent: Stream) -> Answer:
        """Return what is recovered and what is left in the water."""
        c = self.recovery
        recovered = joined((c, c, c, c), ORGANICS_ONLY)
        heat = self.overhead * self.steam_ratio * latent_heat(WATER, MEAN_TEMPERATURE)
        return Answer(
            splits=(recovered, remaining(recovered)),
            draws=(),
            uses=(self.steam_ratio, self.power, heat / (CP_WATER * self.water_rise)),
            fractions=(),
        )

    def heat(self, inlets: Mapping[str, Stream], at: Conditions) -> Heat:
        """Return temperatures; what is treated takes up what is missing."""
        return Heat(at["air"], rise=self.water_rise, settled="treated")
