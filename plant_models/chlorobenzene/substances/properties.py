"""Physical properties of the line's components: closed forms in SI units with kg and kmol.

Constants are read once from ``data/properties.csv``; each row names its source (a key of the
source files, ``recalled`` or ``derived``) and the range in which it holds. Ortho- and
para-dichlorobenzene are one component: a liquid of fixed ratio 60:40 (para to ortho, mole), so its
vapour pressure is ``0.6 p_para + 0.4 p_ortho`` (Raoult) and its other properties are mole-weighted
in the same way.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from importlib.resources import files
from math import exp, log

from plant_models.chlorobenzene.substances.chemistry import (
    BENZENE,
    COMPONENTS,
    DCB,
    HCL,
    MCB,
    TCB,
    WATER,
)

R = 8.314462618
"""Gas constant, kJ/kmol/K (CODATA 2018)."""

REFERENCE = 298.15
"""Temperature at which heats of formation and densities are anchored, K."""

FREEZING = 283.15
"""Benzene freezes at 278.7 K, so its tanks are kept no colder than this, K."""

PARA = 0.6
"""Para isomer in dichlorobenzene, mol/mol; batch texts give 2:1 at most (range 0.55-0.67)."""

MOLAR_MASS = COMPONENTS.molar_mass
"""kg/kmol, from the formulas."""

Constants = tuple[float, float, float, float, float]
Organics = tuple[float, float, float, float]
"""One value each for benzene, chlorobenzene, dichlorobenzene, trichlorobenzene."""


def _table() -> dict[str, dict[str, Constants]]:
    text = files("plant_models.chlorobenzene").joinpath("data/properties.csv").read_text("utf-8")
    table: dict[str, dict[str, Constants]] = {}
    for row in csv.DictReader(text.splitlines()):
        a, b, c, d, e = (float(row[letter]) for letter in "ABCDE")
        table.setdefault(row["property"], {})[row["component"]] = (a, b, c, d, e)
    return table


_TABLE = _table()
_P, _O = "p-dichlorobenzene", "o-dichlorobenzene"


def constants(name: str) -> tuple[Constants, ...]:
    """Return a property's constants by component index, zero where the data have none.

    Those of dichlorobenzene are the isomers' mole-weighted mean, as befits linear forms.
    """
    rows = dict(_TABLE[name])
    if _P in rows and "dichlorobenzene" not in rows:
        p, o = rows[_P], rows[_O]
        mixed = tuple(PARA * a + (1 - PARA) * b for a, b in zip(p, o, strict=True))
        rows["dichlorobenzene"] = (mixed[0], mixed[1], mixed[2], mixed[3], mixed[4])
    zero: Constants = (0.0, 0.0, 0.0, 0.0, 0.0)
    return tuple(rows.get(component, zero) for component in COMPONENTS.names)


_PSAT = constants("vapour_pressure")
_PSAT_B, _PSAT_M, _PSAT_T = _PSAT[BENZENE], _PSAT[MCB], _PSAT[TCB]
_PSAT_P, _PSAT_O = _TABLE["vapour_pressure"][_P], _TABLE["vapour_pressure"][_O]
_LIQUIDS = (
    (BENZENE, 1.0, _PSAT[BENZENE]),
    (MCB, 1.0, _PSAT[MCB]),
    (DCB, PARA, _PSAT_P),
    (DCB, 1.0 - PARA, _PSAT_O),
    (TCB, 1.0, _PSAT[TCB]),
)
_HVAP = constants("heat_of_vaporisation")
_CP_LIQUID = constants("liquid_heat_capacity")
_CP_GAS = constants("gas_heat_capacity")
_RHO = constants("liquid_density")
_SOLUBILITY = constants("solubility_in_water")
_HF = tuple(row[0] for row in constants("heat_of_formation"))

HEATS_OF_CHLORINATION = (
    _HF[BENZENE] - _HF[MCB] - _HF[HCL],
    _HF[MCB] - _HF[DCB] - _HF[HCL],
    _HF[DCB] - _HF[TCB] - _HF[HCL],
)
"""Heat given off by the first, second, third chlorination, kJ/kmol: liquid organics, gaseous
chlorine and hydrogen chloride at 25 degC, by difference of heats of formation."""


def _dippr_101(k: Constants, T: float) -> float:
    return exp(k[0] + k[1] / T + k[2] * log(T) + k[3] * T ** k[4])


def vapour_pressure(i: int, T: float) -> float:
    r"""Return the vapour pressure of an organic or of water, Pa.

    DIPPR equation 101, :math:`\ln p = A + B/T + C \ln T + D T^E`.

    ``i``: component index; dichlorobenzene is 60:40 para to ortho. ``T``: temperature, K; below
    278.7 K benzene is extrapolated as a subcooled liquid.

    References
    ----------
    perry-2008, table 2-8; trichlorobenzene refitted 300-480 K (thermo-refit).
    """
    if i == DCB:
        return PARA * _dippr_101(_PSAT_P, T) + (1 - PARA) * _dippr_101(_PSAT_O, T)
    return _dippr_101(_PSAT[i], T)


def vapour_pressures(T: float) -> Organics:
    """Return the vapour pressures of the four organics at ``T`` (K), Pa.

    As `vapour_pressure`, with the powers of DIPPR 101 (2, 6, 2, 2, 1) spelt out: it is asked for
    thirty times whenever the chlorination is.
    """
    u, v, w = 1.0 / T, log(T), T * T
    (a0, b0, c0, d0, _), (a1, b1, c1, d1, _), (a2, b2, c2, d2, _) = _PSAT_B, _PSAT_M, _PSAT_P
    (a3, b3, c3, d3, _), (a4, b4, c4, d4, _) = _PSAT_O, _PSAT_T
    return (
        exp(a0 + b0 * u + c0 * v + d0 * w),
        exp(a1 + b1 * u + c1 * v + d1 * w * w * w),
        PARA * exp(a2 + b2 * u + c2 * v + d2 * w)
        + (1.0 - PARA) * exp(a3 + b3 * u + c3 * v + d3 * w),
        exp(a4 + b4 * u + c4 * v + d4 * T),
    )


NON_IDEALITY = 0.053
"""Of benzene with chlorinated benzenes: :math:`\\ln\\gamma_i = A (1 - x_i)^2`, both ways.

One constant for UNIFAC (unifac-1975), which gives chlorobenzene 1.049 in 95 % benzene at 45 degC,
1.065 at 10 and 1.035 at 80.
"""


def activity_coefficients(x: float) -> tuple[float, float]:
    r"""Return activity coefficients of benzene and of the chlorinated benzenes, 1.

    Margules with one constant, :math:`\ln\gamma_b = A (1-x)^2`, :math:`\ln\gamma_c = A x^2`.

    ``x``: benzene in the liquid's organics, mol/mol.
    """
    return exp(NON_IDEALITY * (1.0 - x) ** 2), exp(NON_IDEALITY * x * x)


def mole_fractions(kg: Sequence[float]) -> Organics:
    """Return the fractions of the organics among themselves in a stream (kg), mol/mol.

    All zero where the stream holds no organics.
    """
    b, m = kg[BENZENE] / MOLAR_MASS[BENZENE], kg[MCB] / MOLAR_MASS[MCB]
    d, t = kg[DCB] / MOLAR_MASS[DCB], kg[TCB] / MOLAR_MASS[TCB]
    total = b + m + d + t
    if total <= 0.0:
        return (0.0, 0.0, 0.0, 0.0)
    return (b / total, m / total, d / total, t / total)


def bubble_point(x: Organics, P: float, guess: float = 350.0) -> float:
    r"""Return the temperature at which :math:`\sum x_i p_i(T) = P`, K (Raoult's law).

    Newton's method on ``ln P`` against ``1/T``, almost a straight line. Gas dissolved in the
    liquid adds its own pressure: pass ``P`` less that pressure. ``guess`` is a temperature, K.

    Raises ValueError when there are no organics or the pressure is not positive.
    """
    if sum(x) <= 0.0 or P <= 0.0:
        raise ValueError(f"no bubble point for mole fractions {x} at {P:g} Pa")
    T = guess
    for _ in range(30):
        total = slope = 0.0
        for i, share, (a, b, c, d, e) in _LIQUIDS:
            p = x[i] * share * exp(a + b / T + c * log(T) + d * T**e)
            total += p
            slope += p * (b - c * T - d * e * T ** (e + 1.0))
        last, T = T, T / (1.0 + T * log(P / total) * total / slope)
        if abs(T - last) < 1e-6:
            break
    return T


def saturated_moles(x: Organics, T: float, P: float, water: float = 0.0) -> Organics:
    r"""Return the organics carried by a gas saturated over a liquid, kmol per kmol dry gas.

    .. math:: n_i = \gamma_i x_i p_i(T) / (P - p_w - \sum_j \gamma_j x_j p_j(T))

    ``x``: mole fractions of the liquid's organics, mol/mol. ``T``, ``P``: temperature, K; total
    pressure, Pa. ``water``: partial pressure of water vapour over the same liquid, Pa.

    Notes
    -----
    Near boiling the dry gas is not let below 1 % of the pressure, so the result stays finite.
    """
    p = vapour_pressures(T)
    light, heavy = activity_coefficients(x[0])
    b, m = light * x[0] * p[0], heavy * x[1] * p[1]
    d, t = heavy * x[2] * p[2], heavy * x[3] * p[3]
    dry = max(P - water - b - m - d - t, 0.01 * P)
    return (b / dry, m / dry, d / dry, t / dry)


def solubility_in_water(i: int, T: float) -> float:
    r"""Return the solubility of an organic liquid in pure water, kg/kg water.

    Benzene :math:`s = A + B (T - C)^2`, the others :math:`s = A e^{B (T - C)}` in kg/m3 (measured
    values; UNIFAC gives four times the measured chlorobenzene), over the density of water.
    """
    a, b, c, _, _ = _SOLUBILITY[i]
    s = a + b * (T - c) * (T - c) if i == BENZENE else a * exp(b * (T - c))
    return s / liquid_density(WATER, T)


def dissolved_in_water(x: Organics, T: float) -> Organics:
    """Return what water dissolves from an organic liquid of mole fractions ``x``, kg/kg water.

    Each organic dissolves to its solubility times its activity, here its mole fraction ``x``.
    For a stream pass ``mole_fractions(stream)``.
    """
    return (
        x[0] * solubility_in_water(BENZENE, T),
        x[1] * solubility_in_water(MCB, T),
        x[2] * solubility_in_water(DCB, T),
        x[3] * solubility_in_water(TCB, T),
    )


def water_in_benzene(T: float) -> float:
    r"""Return water dissolved in saturated benzene, kg/kg.

    .. math:: w = 7.17 \times 10^{-4} \exp[-2427 (1/T - 1/298.15)]

    References
    ----------
    iupac-nist-106: 0.0715-0.0719 wt% at 25 degC, 0.082 at 30; the slope is a fit of our own.
    """
    return 7.17e-4 * exp(-2427.0 * (1.0 / T - 1.0 / REFERENCE))


def heat_of_vaporisation(i: int, T: float) -> float:
    r"""Return the molar heat of vaporisation of an organic or water, kJ/kmol.

    :math:`A (1 - T/T_c)^B` (DIPPR equation 106, two constants).

    References
    ----------
    perry-2008, table 2-150; trichlorobenzene by Clausius-Clapeyron; water through CRC's values.
    """
    a, b, critical, _, _ = _HVAP[i]
    return float(a * max(1.0 - T / critical, 0.0) ** b)


def latent_heats(T: float) -> Organics:
    """Return the heats of vaporisation of the four organics at ``T`` (K, below 562), kJ/kmol."""
    (a0, e0, c0, _, _), (a1, e1, c1, _, _), (a2, e2, c2, _, _), (a3, e3, c3, _, _) = _HVAP[:4]
    return (
        a0 * (1.0 - T / c0) ** e0,
        a1 * (1.0 - T / c1) ** e1,
        a2 * (1.0 - T / c2) ** e2,
        a3 * (1.0 - T / c3) ** e3,
    )


def latent_heat(i: int, T: float) -> float:
    """Return the heat of vaporisation of an organic or water at ``T`` (K), kJ/kg."""
    return heat_of_vaporisation(i, T) / MOLAR_MASS[i]


def liquid_heat_capacity(i: int, T: float) -> float:
    """Return the heat capacity of an organic liquid or water, kJ/kg/K; linear in ``T`` (K)."""
    return _CP_LIQUID[i][0] + _CP_LIQUID[i][1] * (T - REFERENCE)


def gas_heat_capacity(i: int, T: float) -> float:
    """Return the ideal-gas heat capacity of a volatile component, kJ/kg/K; linear in ``T`` (K)."""
    return _CP_GAS[i][0] + _CP_GAS[i][1] * (T - REFERENCE)


def liquid_density(i: int, T: float) -> float:
    """Return the density of an organic liquid or water, kg/m3; linear in ``T`` (K)."""
    return _RHO[i][0] + _RHO[i][1] * (T - REFERENCE)


def mixture_density(kg: Sequence[float], T: float) -> float:
    """Return the density of the organics of a stream (kg), volumes additive, kg/m3.

    Without organics it is benzene's, so that callers need not guard an empty stream.
    """
    total = kg[BENZENE] + kg[MCB] + kg[DCB] + kg[TCB]
    if total <= 0.0:
        return liquid_density(BENZENE, T)
    return total / (
        kg[BENZENE] / liquid_density(BENZENE, T)
        + kg[MCB] / liquid_density(MCB, T)
        + kg[DCB] / liquid_density(DCB, T)
        + kg[TCB] / liquid_density(TCB, T)
    )


def hydrogen_chloride_pressure(strength: float, T: float) -> float:
    r"""Return the partial pressure of hydrogen chloride over its aqueous acid, Pa.

    .. math:: \ln p = -4.670 + 53.727 s - 115.738 s^2 + 373.587 s^3 - 432.554 s^4
              - (10496 - 15067 s) (1/T - 1/298.15)

    ``strength``: HCl in the acid, kg/kg, fitted from 0.10 to 0.42; ``T``: temperature, K, fitted
    from 273 to 353: within 3.2 % of the handbook's table there, an extrapolation outside.

    References
    ----------
    perry-acid, whose lines :math:`\log p = A - B/T` are recalled; international-critical-tables,
    whose total pressures at 20 degC they meet. Users scale it by a parameter with a range.
    """
    s = strength
    at_25 = -4.670 + s * (53.727 + s * (-115.738 + s * (373.587 - 432.554 * s)))
    return exp(at_25 - (10496.0 - 15067.0 * s) * (1.0 / T - 1.0 / REFERENCE))


def water_pressure_over_acid(strength: float, T: float) -> float:
    r"""Return the partial pressure of water over hydrochloric acid, Pa.

    Water's activity is fitted, from 0 to 42 % and 0 to 80 degC within 4.5 % of the handbook's:

    .. math:: \ln a = -0.618 s - 7.819 s^2 - 9.258 s^3 - 12979 s^3 (1/T - 1/298.15)

    ``strength``: kg/kg; ``T``: K.

    References
    ----------
    perry-acid (recalled).
    """
    s = strength
    warmth = 12979.0 * (1.0 / T - 1.0 / REFERENCE)
    return vapour_pressure(WATER, T) * exp(-s * (0.618 + s * (7.819 + s * (9.258 + warmth))))


def acid_density(strength: float) -> float:
    """Return the density of hydrochloric acid of ``strength`` (kg/kg) near 20 degC, kg/m3.

    Linear, 998 + 497 s: 1,152 at 31 % (recalled; handbook tables give 1,154).
    """
    return 998.0 + 497.0 * strength


STEAM_HEAT = 2100.0
"""Heat of condensation of 0.5-0.6 MPa heating steam, kJ/kg (2,085-2,108 in steam tables)."""


def _line(i: int) -> tuple[float, float]:
    """Return 1/T at 1 atm and its slope against ln P, by the vapour pressures at 1 and 0.2 atm."""
    pure = tuple([1.0 if j == i else 0.0 for j in range(4)])
    high = 1.0 / bubble_point((pure[0], pure[1], pure[2], pure[3]), 101325.0)
    low = 1.0 / bubble_point((pure[0], pure[1], pure[2], pure[3]), 20265.0)
    return high, (high - low) / log(5.0)


_BOILING = tuple(_line(i) for i in (BENZENE, MCB, DCB, TCB))


def boiling_point(i: int, P: float) -> float:
    r"""Return the boiling point of a pure organic, K.

    .. math:: 1/T = 1/T_0 + s \ln(P / P_0)

    through the vapour pressures at 1 and 0.2 atm; within 0.5 K of them from 10 to 110 kPa, without
    the iterations of a bubble point.

    ``i``: component index of an organic; ``P``: pressure, Pa.
    """
    inverse, slope = _BOILING[i]
    return 1.0 / (inverse + slope * log(P / 101325.0))


def relative_volatilities(heavy: int, T: float) -> Organics:
    """Return the organics' volatilities relative to component ``heavy`` at ``T`` (K), Pa/Pa."""
    b, m, d, t = p = vapour_pressures(T)
    k = 1.0 / p[heavy]
    return (b * k, m * k, d * k, t * k)


def moles_of(kg: Sequence[float]) -> Organics:
    """Return the organics of a stream (kg), kmol."""
    return (
        kg[BENZENE] / MOLAR_MASS[BENZENE],
        kg[MCB] / MOLAR_MASS[MCB],
        kg[DCB] / MOLAR_MASS[DCB],
        kg[TCB] / MOLAR_MASS[TCB],
    )


def organic_moles(kg: Sequence[float]) -> float:
    """Return the organics of a stream (kg) together, kmol."""
    return (
        kg[BENZENE] / MOLAR_MASS[BENZENE]
        + kg[MCB] / MOLAR_MASS[MCB]
        + kg[DCB] / MOLAR_MASS[DCB]
        + kg[TCB] / MOLAR_MASS[TCB]
    )


def share_in_water(
    kg: Sequence[float], water: float, T: float, saturation: float = 1.0, droplets: float = 0.0
) -> Organics:
    r"""Return the share of each organic of a stream that a water phase takes along, kg/kg.

    Dissolved (solubility times activity, here the mole fraction) and as entrained droplets of the
    liquor: :math:`f_i = m_w \, [\sigma s_i / (M_i n) + e / m]`, at most 1.

    Parameters
    ----------
    kg : sequence of float
        The stream that meets the water, kg/h.
    water : float
        The water phase, kg/h.
    T : float
        Temperature, K.
    saturation : float
        How near to saturation the water gets, kg/kg.
    droplets : float
        Liquor entrained, kg/kg water.
    """
    n = organic_moles(kg)
    if n <= 0.0:
        return (0.0, 0.0, 0.0, 0.0)
    carried = water * droplets / (kg[BENZENE] + kg[MCB] + kg[DCB] + kg[TCB])
    k = water * saturation / n
    return (
        min(carried + k * solubility_in_water(BENZENE, T) / MOLAR_MASS[BENZENE], 1.0),
        min(carried + k * solubility_in_water(MCB, T) / MOLAR_MASS[MCB], 1.0),
        min(carried + k * solubility_in_water(DCB, T) / MOLAR_MASS[DCB], 1.0),
        min(carried + k * solubility_in_water(TCB, T) / MOLAR_MASS[TCB], 1.0),
    )


def share_displaced(kg: Sequence[float], T: float, saturation: float) -> Organics:
    r"""Return the share of each organic lost with the vapour that a liquid displaces, kg/kg.

    The liquid fills its own volume :math:`V` of vapour space, which held vapour at
    :math:`\sigma x_i p_i(T)`: :math:`f_i = \sigma p_i V / (R T n)`, at most 1.

    ``kg``: the liquid filled in, kg/h. ``T``: temperature, K. ``saturation``: vapour in the space
    over that of saturation, mol/mol; above 1 for splash loading.
    """
    n = organic_moles(kg)
    if n <= 0.0:
        return (0.0, 0.0, 0.0, 0.0)
    volume = (kg[BENZENE] + kg[MCB] + kg[DCB] + kg[TCB]) / mixture_density(kg, T)
    k = saturation * volume / (1000.0 * R * T * n)
    b, m, d, t = vapour_pressures(T)
    return (min(k * b, 1.0), min(k * m, 1.0), min(k * d, 1.0), min(k * t, 1.0))
