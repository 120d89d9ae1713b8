"""Condenser: a vapour gives off heat to cooling water over an area."""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import ClassVar

from plant_models.units.generic import GenericUnit, Surroundings
from plant_models.units.laws.duties import CP_WATER, latent
from plant_models.units.laws.equilibrium import vapour_shares
from plant_models.units.laws.tables import (
    Numbers,
    kilomoles,
    no_fractions,
    nothing_drawn,
    total,
    two_ways,
)
from sim.model.parameters import quantity
from sim.network.plain import Answer, Table
from sim.network.unit import Stream

MASS, PRESSURE, CAPACITY, LATENT = 0, 1, 7, 8  # rows of ``by_component``; PRESSURE has six
STEPS = 100
HALVINGS = 50  # the last of these steps; and of what is condensed, to 1e-15


def log_mean(one: float, other: float) -> float:
    """Return the logarithmic mean of two temperature differences, K; 0 where one is none.

    >>> log_mean(20.0, 20.0), log_mean(20.0, -1.0)
    (20.0, 0.0)
    """
    if one <= 0.0 or other <= 0.0:
        return 0.0
    if abs(one - other) < 1e-6 * one:
        return 0.5 * (one + other)
    return (one - other) / log(one / other)


def given_off(
    feed: Numbers, vapour: Table, before: Table, T_in: float, T: float, rows: Table
) -> float:
    """Return the heat that a vapour gives off on its way to ``T``, kJ/h.

    ``vapour``, ``before``: shares that are vapour at ``T`` and at the inlet, kg/kg; ``rows``:
    molar mass, vapour pressure, heat capacity and heat of vaporisation.
    """
    heat = 0.0
    for i in range(len(feed)):
        heat += feed[i] * rows[CAPACITY, i] * (T_in - T)
        condensed = max(before[i] - vapour[i], 0.0) * feed[i]
        heat += condensed * latent(i, rows[LATENT], rows[PRESSURE : PRESSURE + 6], T, rows[MASS])
    return heat


@dataclass(frozen=True, kw_only=True)
class Condenser(GenericUnit):
    r"""Condense what an exchanger of so much area can; the rest leaves as gas.

    The outlet temperature solves

    .. math:: U A \, \Delta T_{lm} = Q(T) = (T_{in} - T) \sum_i m_i c_i
              + \sum_i m_i (v_i(T_{in}) - v_i(T)) \Delta h_i

    against cooling water in counter-current, :math:`m_w c_w` of which warms by :math:`Q`; gas and
    condensate leave in equilibrium (Raoult; Rachford and Rice) at that temperature. What condenses
    at one temperature, as a pure vapour does, condenses as far as the area reaches. One mean
    difference for the whole is an approximation where most condenses at one end.
    """

    kind: ClassVar[str] = "condenser"
    source: ClassVar[str] = "heat balance; Raoult's law; rachford-rice-1952"
    example: ClassVar[str] = """
        kind = "condenser"
        inlet_temperature = "95 degC"
        area = 30
        coefficient = "600 W/m2/K"
        water_ratio = 30
        capacity = "2 t/h"
    """
    inlets: ClassVar[tuple[str, ...]] = ("vapour",)
    outlets: ClassVar[tuple[str, ...]] = ("gas", "condensate")
    needs: ClassVar[tuple[str, ...]] = (
        "molar_mass", "vapour_pressure", "heat_capacity", "latent_heat",
    )  # fmt: skip
    using: ClassVar[tuple[str, ...]] = ("cooling_water",)

    inlet_temperature: float = quantity("K", "vapour as it comes", 150.0, 1000.0)
    pressure: float = quantity("Pa", "pressure", 10.0, 1e7, default=101325.0)
    area: float = quantity("m2", "area of the exchanger", 0.0, 1e5)
    coefficient: float = quantity("kJ/h/m2/K", "heat transfer through it", 0.0, 1e5)
    water_ratio: float = quantity("kg/kg", "cooling water per kg of vapour", 0.0, 1e4)

    def answer(self, at: Surroundings, vapour: Stream) -> Answer:
        """Return what is still vapour at the temperature that the area comes to."""
        n, M, T_in, T_water = (
            len(vapour), self.by_component[MASS], self.inlet_temperature, at.cooling_water,
        )  # fmt: skip
        c, P = self.by_component[PRESSURE : PRESSURE + 6], self.pressure
        moles = kilomoles(vapour, M)
        before = vapour_shares(moles, c, T_in, P)
        conductance = self.area * self.coefficient
        water = self.water_ratio * total(vapour) * CP_WATER
        low, high, gas = T_water, T_in, before
        below, above = -1.0, conductance * (T_in - T_water)  # what is passed less what is given off
        side, jumps = 0, False
        for step in range(STEPS if high > low and water > 0.0 and conductance > 0.0 else 0):
            T = 0.5 * (low + high)  # at a pinch secants creep: what follows them is halved
            if 0 < step < STEPS - HALVINGS:
                T = (low * above - high * below) / (above - below)
            gas = vapour_shares(moles, c, T, P)
            heat = given_off(vapour, gas, before, T_in, T, self.by_component)
            excess = conductance * log_mean(T - T_water, T_in - T_water - heat / water) - heat
            jumps = abs(excess) > 1e-12 * heat
            if not jumps or high - low < 1e-11 * high:
                break
            if excess > 0.0:
                high, above = T, excess
                below = (
                    0.5 * below if side > 0 else below
                )  # Illinois: an end that stays counts half
                side = 1
            else:
                low, below = T, excess
                above = 0.5 * above if side < 0 else above
                side = -1
        if jumps:
            none, all_of_it = vapour_shares(moles, c, high, P), vapour_shares(moles, c, low, P)
            less, more = 0.0, 1.0  # of the way from what condenses above to what does below
            for _ in range(HALVINGS):
                part = 0.5 * (less + more)
                for i in range(n):
                    gas[i] = none[i] + part * (all_of_it[i] - none[i])
                heat = given_off(vapour, gas, before, T_in, high, self.by_component)
                passed = conductance * log_mean(high - T_water, T_in - T_water - heat / water)
                if passed > heat:
                    less = part
                else:
                    more = part
        return Answer(
            splits=two_ways(gas),
            draws=nothing_drawn(n),
            uses=(self.water_ratio,),
            fractions=no_fractions(),
        )
