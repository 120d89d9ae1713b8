"""Kinetics of the chlorination: what stirred stages in series make of the benzenes fed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from plant_models.chlorobenzene.substances.chemistry import (
    BENZENE,
    CHLORINATION,
    CHLORINE,
    COMPONENTS,
    DCB,
    MCB,
    SECOND_CHLORINATION,
    THIRD_CHLORINATION,
)
from plant_models.chlorobenzene.substances.properties import MOLAR_MASS, Organics
from sim.network.unit import Conversion, Stream

_SIZE = len(COMPONENTS)


@dataclass(frozen=True, slots=True, eq=False)
class Kinetics:
    """What the stages make of one kmol of benzene, chlorobenzene, dichlorobenzene each."""

    conversions: tuple[Conversion, ...]
    made: tuple[Organics, Organics, Organics]
    """Organics that leave per kmol of benzene, chlorobenzene, dichlorobenzene fed, kmol."""
    chlorine: tuple[float, float, float]
    """Chlorine used per kmol fed, kmol."""


@lru_cache(maxsize=512)
def kinetics(stages: int, conversion: float, k1_k2: float, k2_k3: float) -> Kinetics:
    r"""Return the yields of equal stirred stages in series.

    Chlorine is dissolved to saturation, so each substitution is of first order in the organic.
    A stage of residence time :math:`\tau` converts the fraction
    :math:`a_j / (1 + a_j)`, :math:`a_j = k_j \tau`, of the :math:`j`-th chlorinated benzene that
    it holds, including what it has just made; so reactions taken one after another, each to that
    fraction, are exact. :math:`a_1` follows from the benzene converted in all ``stages``,
    :math:`1 - X = (1 + a_1)^{-n}`.

    References
    ----------
    fogler-cdp6a: k1, k2 at 55 degC in a stirred tank saturated with chlorine.
    """
    a1 = (1.0 - conversion) ** (-1.0 / stages) - 1.0
    a2 = a1 / k1_k2
    a3 = a2 / k2_k3
    f1, f2, f3 = a1 / (1.0 + a1), a2 / (1.0 + a2), a3 / (1.0 + a3)
    one = (
        Conversion(CHLORINATION, BENZENE, f1),
        Conversion(SECOND_CHLORINATION, MCB, f2),
        Conversion(THIRD_CHLORINATION, DCB, f3),
    )
    made = []
    for fed in ((1.0, 0.0, 0.0, 0.0), (0.0, 1.0, 0.0, 0.0), (0.0, 0.0, 1.0, 0.0)):
        b, m, d, t = fed
        for _ in range(stages):
            b, m = b * (1.0 - f1), m + b * f1
            m, d = m * (1.0 - f2), d + m * f2
            d, t = d * (1.0 - f3), t + d * f3
        made.append((b, m, d, t))
    b0, m0, d0 = made
    chlorine = (b0[1] + 2 * b0[2] + 3 * b0[3], m0[2] + 2 * m0[3], d0[3])
    return Kinetics(one * stages, (b0, m0, d0), chlorine)


@lru_cache(maxsize=64)
def chlorine_draw(kinetics: Kinetics, per_chlorine: float) -> Stream:
    """Return kg of chlorine header gas per kg of each component of the benzene feed."""
    row = [0.0] * _SIZE
    for i, need in zip((BENZENE, MCB, DCB), kinetics.chlorine, strict=True):
        row[i] = need * MOLAR_MASS[CHLORINE] / MOLAR_MASS[i] * per_chlorine
    return tuple(row)
