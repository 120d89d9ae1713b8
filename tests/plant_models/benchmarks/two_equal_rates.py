"""The closed form for two machines of one rate: what the exact solver is compared with."""

from __future__ import annotations

from plant_models.benchmarks.oracles.fluid import profile
from plant_models.benchmarks.oracles.two_machines import Machine, TwoMachineLine, check


def two_equal_rates(
    first: Machine, second: Machine, capacity: float, clock: str = "volume"
) -> TwoMachineLine:
    r"""Return the same by the closed form for machines of one rate.

    With :math:`Y = (r_1 + r_2) / (p_1 + p_2)` and :math:`k = 1/(p_1 + p_2) + 1/(r_1 + r_2)` the
    density grows as :math:`e^{\lambda x}`, :math:`\lambda = (r_1 p_2 - r_2 p_1) k / \mu`, and
    weighs :math:`Y^2, Y, Y, 1` for both up, either down, both down. Masses at full, with
    :math:`E = e^{\lambda N}`:

    - volume and run time: :math:`P_{11} = \mu Y E / p_1` and
      :math:`P_{10} = (p_1 + p_2) P_{11} / r_2`;
    - calendar: :math:`P_{10} = \mu Y E / (p_1 r_2 k)`, :math:`P_{11} = r_2 P_{10} / (p_1 + p_2)`,
      :math:`P_{00} = p_1 P_{10} / (r_1 + r_2)`;

    at empty the mirror image, with :math:`p_2, r_1` and 1 for *E*.

    Raises ValueError as ``two_machines``; also if the rates differ or a machine never fails.

    References
    ----------
    Gershwin and Schick 1980, as for ``two_machines``.
    """
    check(first, second, clock)
    if first.mu != second.mu or first.p * second.p == 0.0:
        raise ValueError("the closed form takes machines of one rate that both fail")
    mu, fails, repairs = first.mu, first.p + second.p, first.r + second.r
    y = repairs / fails
    k = 1.0 / fails + 1.0 / repairs
    rate = (first.r * second.p - second.r * first.p) * k / mu
    at_0, at_n, area, moment = profile(rate, capacity)

    def bound(p: float, r: float, end: float) -> tuple[float, float]:
        """Return mass of both up and of all states, at full by (p1, r2), at empty by (p2, r1)."""
        if clock == "calendar":
            waiting = mu * y * end / (p * r * k)
            running = r * waiting / fails
            return running, running + waiting * (1.0 + p / repairs)
        running = mu * y * end / p
        return running, running * (1.0 + fails / r)

    running_full, full = bound(first.p, second.r, at_n)
    running_empty, empty = bound(second.p, first.r, at_0)
    total = (1.0 + y) ** 2 * area + full + empty
    return TwoMachineLine(
        throughput=mu * (y * (1.0 + y) * area + running_full + running_empty) / total,
        mean_level=((1.0 + y) ** 2 * moment + capacity * full) / total,
        empty=empty / total,
        full=full / total,
    )
