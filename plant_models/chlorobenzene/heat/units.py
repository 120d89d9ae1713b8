"""At what temperatures a unit takes and gives its streams, and how its heat leaves it.

Recipes carry mass only; what is said here is asked for a heat balance alone, so ``convert`` need
not know it. Streams between units are as warm as the giver gives and as the taker takes them: in
between, pipes and tanks lose the difference to the surroundings, or take it up from them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from plant_models.chlorobenzene.substances.chemistry import BENZENE, DCB, HCL, MCB
from plant_models.chlorobenzene.substances.enthalpy import sensible, vaporisation, warmed
from plant_models.chlorobenzene.substances.properties import FREEZING, REFERENCE, boiling_point
from plant_models.chlorobenzene.units.absorption import Absorber
from plant_models.chlorobenzene.units.catcher import GasCatcher
from plant_models.chlorobenzene.units.chlorination import Chlorinator
from plant_models.chlorobenzene.units.columns import ORGANICS_ONLY, ColumnDesign, times
from plant_models.chlorobenzene.units.condensation import exchanged
from plant_models.chlorobenzene.units.distillation import CrudeColumn, RectificationColumn
from plant_models.chlorobenzene.units.drying import Dryer, water_volatility
from plant_models.chlorobenzene.units.end_of_pipe import EffluentStripper
from plant_models.chlorobenzene.units.off_gas import OffGasCooler
from plant_models.chlorobenzene.units.polychloride import PolychlorideColumn
from plant_models.chlorobenzene.units.washing import AlkaliWash, DrainSeparator, WaterWash
from sim.network.unit import Conditions, Stream, Unit

SURROUNDINGS = "surroundings"
"""A unit without heating or cooling settles its balance with them."""


@dataclass(frozen=True, slots=True)
class Heat:
    """Temperatures of a unit's streams, and how its heat leaves it.

    Parameters
    ----------
    inlets, outlets : Mapping[str, float]
        Temperature of every port that differs from ``usual``, K.
    usual : float
        Temperature of the other ports, K.
    cooling : float, optional
        Heat passed to cooling water by the exchanger's own equation, kJ/h; where not given it is
        the water used times its rise.
    rise : float
        Rise of the cooling water, K.
    lost : float
        Share of the steam's heat that reboiler, column and traps lose, kJ/kJ.
    settled : str
        What the balance itself determines: ``SURROUNDINGS``, the name of an outlet whose
        temperature follows from it, or nothing: then it must close.
    """

    usual: float
    inlets: Mapping[str, float] = field(default_factory=dict)
    outlets: Mapping[str, float] = field(default_factory=dict)
    cooling: float | None = None
    rise: float = 0.0
    lost: float = 0.0
    settled: str = ""


def heat_of(unit: Unit, inlets: Mapping[str, Stream], at: Conditions) -> Heat:
    """Return temperatures and heat of a unit for what enters it (kg/h by component).

    A unit not listed here is as warm as the air, or as the ``coldest`` that it is kept at, and
    settles with the surroundings.
    """
    match unit:
        case Chlorinator():
            return _chlorinator(unit, inlets, at)
        case OffGasCooler():
            return _cooler(unit, inlets, at)
        case Absorber():
            return _absorber(unit, inlets, at)
        case GasCatcher():
            return _catcher(unit, at)
        case Dryer():
            return _dryer(unit, inlets, at)
        case CrudeColumn() | RectificationColumn():
            return _column(unit, inlets, at)
        case PolychlorideColumn():
            return _polychloride(unit, inlets, at)
        case WaterWash():
            return _wash(unit, at)
        case AlkaliWash() | DrainSeparator():
            return Heat(at["cooling_water"] + unit.warmth, settled=SURROUNDINGS)
        case EffluentStripper():
            return Heat(at["air"], rise=unit.water_rise, settled="treated")
        case _:
            warm = max(at["air"], getattr(unit, "coldest", 0.0))
            return Heat(warm, rise=getattr(unit, "water_rise", 0.0), settled=SURROUNDINGS)


def _pooled(inlets: Mapping[str, Stream]) -> Stream:
    return tuple(map(sum, zip(*inlets.values(), strict=True)))


def _chlorinator(unit: Chlorinator, inlets: Mapping[str, Stream], at: Conditions) -> Heat:
    state = unit.reacted(inlets, at).boiling
    if state is None:
        return Heat(REFERENCE, settled=SURROUNDINGS)
    condenser = unit.condenser
    cooling = exchanged(
        *(state.duty, state.T, state.T_gas, at["cooling_water"]),
        *(condenser.conductance, condenser.cooling_water, 1),
    )
    return Heat(
        REFERENCE,
        inlets={"benzene": max(at["air"], FREEZING)},
        outlets={"liquor": state.T, "gas": state.T_gas},
        cooling=cooling,
    )


def _cooler(unit: OffGasCooler, inlets: Mapping[str, Stream], at: Conditions) -> Heat:
    gas = _pooled(inlets)
    state = unit.cool(gas, at)
    cooling = 0.0
    if state.duty > 0.0:
        cooling = exchanged(
            *(state.duty, state.T_in, state.T, at["cooling_water"]),
            *(unit.conductance(sum(gas)), unit.cooling_water, unit.in_series),
        )
    entering = dict.fromkeys(unit.inlets, state.T_in)
    return Heat(state.T, inlets=entering, cooling=cooling)


def _absorber(unit: Absorber, inlets: Mapping[str, Stream], at: Conditions) -> Heat:
    acid_gas = inlets["gas"][HCL] + inlets["vents"][HCL]
    absorbed = acid_gas * (1.0 - (1.0 - unit.stage_efficiency) ** unit.stages)
    T = unit.tail_gas_temperature(absorbed, at)
    entering = {"gas": at["air"], "vents": at["air"], "water": at["cooling_water"]}
    return Heat(T, inlets=entering, rise=unit.water_rise)


def _catcher(unit: GasCatcher, at: Conditions) -> Heat:
    entering = {"gas": at["air"], "water": at["cooling_water"]}
    T = unit.water_temperature(at)
    loaded = "bleed" if unit.recirculation > 0.0 else "effluent"
    return Heat(T, inlets=entering, rise=unit.water_rise, settled=loaded)


def _dryer(unit: Dryer, inlets: Mapping[str, Stream], at: Conditions) -> Heat:
    left = (1.0 - unit.boil_up) ** water_volatility(at["pressure"])
    drum = unit.drum(inlets["benzene"], inlets["water"], left, at)
    dry = unit.convert(inlets, at).apply(_pooled(inlets))["dry"]
    hot = sensible(dry, drum.T_boil)
    kept = hot - unit.heat_recovery * (hot - sensible(dry, drum.T))
    return Heat(
        drum.T,
        inlets={"benzene": max(at["air"], FREEZING), "water": at["cooling_water"]},
        outlets={"dry": warmed(dry, kept)} if sum(dry) > 0.0 else {},
        lost=1.0 - 1.0 / (1.0 + unit.heat_loss),
    )


def _lost(unit: ColumnDesign) -> float:
    return 1.0 - 1.0 / ((1.0 + unit.heat_loss) * (1.0 + unit.blow_through))


def _column(
    unit: CrudeColumn | RectificationColumn, inlets: Mapping[str, Stream], at: Conditions
) -> Heat:
    kg = tuple([a + b for a, b in zip(inlets["charge"], inlets["air"], strict=True)])
    P, crude = at["pressure"], isinstance(unit, CrudeColumn)
    keys = (BENZENE, MCB) if crude else (MCB, DCB)
    held = unit.bottoms_benzene if isinstance(unit, CrudeColumn) else unit.bottoms_chlorobenzene
    top = unit.overhead(kg, keys, held, at["cooling_water"], P)
    return Heat(
        top.T_out,
        inlets={"charge": unit.charge_temperature, "air": at["air"]},
        outlets={"bottoms": boiling_point(keys[1], P)},
        rise=unit.condenser.water_rise,
        lost=_lost(unit),
    )


def _polychloride(unit: PolychlorideColumn, inlets: Mapping[str, Stream], at: Conditions) -> Heat:
    """Take the vacuum pump's sealing water to be warmed by what condenses in it."""
    kg = _pooled(inlets)
    P, T_water = min(unit.pressure, at["pressure"]), at["cooling_water"]
    held = unit.distillate_dichlorobenzene
    top = unit.overhead(kg, (MCB, DCB), held, T_water, P, bottoms_held=False)
    bottom = boiling_point(DCB, P)
    sealed = inlets["water"]
    brought = (*times(kg, top.vent), *ORGANICS_ONLY)
    out = unit.convert(inlets, at).apply(kg)
    gone = [a + b for a, b in zip(out["vent"], out["vent_collected"], strict=True)]
    heat = vaporisation(brought, top.T_out) - vaporisation((*gone[:4], *ORGANICS_ONLY), top.T_out)
    heat += sensible(sealed, T_water) + sensible((*out["water"][:4], *ORGANICS_ONLY), top.T_out)
    warm = warmed(out["water"], heat) if sum(out["water"]) > 0.0 else T_water
    return Heat(
        top.T_out,
        inlets={"charge": unit.charge_temperature, "air": at["air"], "water": T_water},
        outlets={"dichlorobenzene": bottom, "residue": bottom, "water": warm},
        rise=unit.condenser.water_rise,
        lost=_lost(unit),
    )


def _wash(unit: WaterWash, at: Conditions) -> Heat:
    T = at["cooling_water"]
    return Heat(
        T + unit.warmth,
        inlets={"liquor": unit.liquor_temperature, "water": T},
        rise=unit.water_rise,
        settled=SURROUNDINGS,
    )
