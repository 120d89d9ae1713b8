"""Cash flows of an investment: payback, present value, internal rate of return, cost class.

Amounts are in any one currency, years whole and counted from the decision (year 0); what flows in
year t is discounted to its end, as is customary. Nothing here knows a plant.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import expm1, isfinite, log1p

from sim.errors import gives_each, is_number, need_count, need_number, scalar, told

Flows = Sequence[float]
"""Net cash flow of year 0, 1, 2, ..."""

TANGENT = 1e-12
"""Below this share of the sum of amounts, a present value that touches zero counts as zero."""


@dataclass(frozen=True, slots=True)
class Year:
    """A row of a cash-flow table."""

    year: int
    investment: float
    income: float
    operating_cost: float
    net: float
    discounted: float
    cumulative: float
    """Sum of ``net`` up to this year."""
    cumulative_discounted: float


@dataclass(frozen=True)
class CashFlow:
    """An investment with what it earns and costs, year by year.

    Raises ValueError if the three are of different length, empty, or not finite.
    """

    investment: tuple[float, ...]  #: Of year 0, 1, ..., n; not negative where it is one
    income: tuple[float, ...]  #: The same
    operating_cost: tuple[float, ...]  #: The same

    def __post_init__(self) -> None:
        for amounts in (self.investment, self.income, self.operating_cost):
            _check_flows(amounts)
        lengths = {len(self.investment), len(self.income), len(self.operating_cost)}
        if len(lengths) != 1 or lengths == {0}:
            raise ValueError(
                "investment, income and operating cost need the same years, one or more; came "
                f"{len(self.investment)}, {len(self.income)} and {len(self.operating_cost)}"
            )

    @classmethod
    def even(
        cls, investment: float, income: float, operating_cost: float, years: int, *, start: int = 0
    ) -> CashFlow:
        """Return the cash flow of an investment that earns the same in each of ``years`` years.

        Raises ValueError: less than a year, or a start before year 0.

        Parameters
        ----------
        investment : float
            Spent once, in year ``start``; the first income comes a year later.
        income, operating_cost : float
            A year.
        years : int
            How long it works.
        start : int
            Year of the investment.

        Examples
        --------
        >>> CashFlow.even(100.0, 30.0, 10.0, 3).net
        (-100.0, 20.0, 20.0, 20.0)
        """
        investment, income, operating_cost = need_number(
            "even", investment=investment, income=income, operating_cost=operating_cost
        )
        (years,), (start,) = need_count("even", 1, years=years), need_count("even", 0, start=start)
        before, after = (0.0,) * start, (0.0,) * years
        return cls(
            investment=(*before, investment, *after),
            income=(*before, 0.0, *[income] * years),
            operating_cost=(*before, 0.0, *[operating_cost] * years),
        )

    @property
    def net(self) -> tuple[float, ...]:
        """Income less operating cost less investment, by year."""
        return tuple(
            earned - spent - invested
            for invested, earned, spent in zip(
                self.investment, self.income, self.operating_cost, strict=True
            )
        )

    def table(self, rate: float) -> tuple[Year, ...]:
        """Return the cash-flow table at an interest rate, 1/yr."""
        net = self.net
        discounted = _discounted(net, rate)
        rows = zip(
            self.investment,
            self.income,
            self.operating_cost,
            net,
            discounted,
            accumulate(net),
            accumulate(discounted),
            strict=True,
        )
        return tuple(Year(year, *row) for year, row in enumerate(rows))


def net_present_value(flows: Flows, rate: float) -> float:
    r"""Return :math:`\sum_t f_t (1 + r)^{-t}`.

    ``rate``: interest rate, 1/yr, above -1.

    Examples
    --------
    >>> round(net_present_value([-30.7, *[4.0] * 10], 0.10), 2)  # F8 of the source, 10^4 RMB
    -6.12
    """
    value = sum(_discounted(flows, rate))
    if not isfinite(value):
        raise ValueError("a cash flow adds up to more than any number holds")
    return value


def annuity(rate: float, years: float) -> float:
    r"""Return the yearly payment that pays back 1 with interest, 1/yr (capital recovery factor).

    :math:`r / [1 - (1 + r)^{-n}]`, and :math:`1/n` at no interest.

    Raises ValueError: years not above 0, or a rate of -1 or less.

    Examples
    --------
    >>> annuity(0.0, 8)
    0.125
    >>> round(annuity(0.10, 10), 5)
    0.16275
    """
    rate, years = _check_rate(rate), scalar(years)
    if not (is_number(years) and years > 0.0):
        raise ValueError(f"years must be more than 0, not {told(years)}")
    return 1.0 / years if rate == 0.0 else rate / -expm1(-years * log1p(rate))


def payback(flows: Flows, rate: float = 0.0) -> float | None:
    """Return after how many years the flows have paid back for good; ``None`` if they do not.

    ``flows``: year 0 is paid at once; what flows in year t comes evenly between t - 1 and t.
    ``rate``: interest rate, 1/yr: more than 0 gives the discounted payback.

    Returns
    -------
    float or None
        The last instant at which the cumulative flow rises through zero. 0 if it is never
        negative, ``None`` if it is at the end, or if nothing flows.

    Examples
    --------
    >>> payback([-30.0, 20.0, 20.0, 20.0])
    1.5
    >>> payback([10.0, -30.0, 20.0, 20.0])  # paid back at first, but not for good
    2.0
    >>> payback([-30.0, 10.0]) is None
    True
    """
    total, paid = 0.0, 0.0
    size = 0.0
    for year, flow in enumerate(_discounted(flows, rate)):
        before, total = total, total + flow
        size += abs(flow)
        dust = TANGENT * size
        if total < -dust:
            paid = -1.0
        elif paid < 0.0:
            paid = year - 1 + min(1.0, -before / flow)
    return paid if paid >= 0.0 and size > 0.0 else None


@dataclass(frozen=True, slots=True)
class InternalRate:
    """Every rate above -1 at which the present value is zero, 1/yr, in order."""

    rates: tuple[float, ...]

    @property
    def word(self) -> str:
        """``none``, ``one`` or ``several``."""
        return ("none", "one")[len(self.rates)] if len(self.rates) < 2 else "several"

    @property
    def value(self) -> float | None:
        """The rate, if there is one and only one: of several, none tells which is meant."""
        return self.rates[0] if len(self.rates) == 1 else None

    def __str__(self) -> str:
        if not self.rates:
            return "none"
        told = ", ".join(f"{rate:.1%}" for rate in self.rates)
        return told if len(self.rates) == 1 else f"several: {told}"


def internal_rate(flows: Flows) -> InternalRate:
    r"""Return the internal rates of return: all of them, be there none, one or several.

    With :math:`x = 1/(1+r)` the present value is the polynomial :math:`\sum_t f_t x^t`; rates
    from 0 up are its zeros in (0, 1], those between -1 and 0 the zeros of the reversed polynomial
    in :math:`1 + r`. On the unit interval no power overflows. Between neighbouring zeros of its
    derivative a polynomial is monotonic, so each zero is bracketed and bisected to the last bit;
    a zero that the polynomial only touches counts within rounding.

    Raises ValueError: an amount that is not finite.

    Examples
    --------
    >>> str(internal_rate([-100.0, 60.0, 60.0]))
    '13.1%'
    >>> str(internal_rate([-100.0, 230.0, -132.0]))  # two changes of sign
    'several: 10.0%, 20.0%'
    >>> str(internal_rate([10.0, 10.0]))  # nothing invested
    'none'
    """
    flows = _check_flows(flows)
    used = [year for year, flow in enumerate(flows) if flow != 0.0]
    if not used:
        return InternalRate(())
    spell = [float(flow) for flow in flows[used[0] : used[-1] + 1]]  # a delay moves no rate
    top = max(map(abs, spell))
    spell = [flow / top for flow in spell]
    up = [1.0 / x - 1.0 for x in _zeros(spell)]
    down = [y - 1.0 for y in _zeros(spell[::-1]) if y < 1.0]
    return InternalRate(tuple(sorted(up + down)))


def _zeros(polynomial: list[float]) -> list[float]:
    """Return the zeros in (0, 1] of a polynomial, constant term first, each once."""
    signs = [factor > 0.0 for factor in polynomial if factor != 0.0]
    changes = sum(1 for a, b in pairwise(signs) if a != b)
    if changes == 0:  # no more positive zeros than changes of sign (Descartes)
        return []
    while polynomial[0] == 0.0:  # a zero at 0, which is none of ours
        polynomial = polynomial[1:]
    turns = _turns(polynomial) if changes > 1 else []  # one change: one zero, and one bracket
    ends = [0.0, *(turn for turn in turns if turn < 1.0), 1.0]
    values = [_value(polynomial, x) for x in ends]
    sizes = list(map(abs, polynomial))
    touches = [abs(v) <= TANGENT * _value(sizes, x) for x, v in zip(ends, values, strict=True)]
    found = [x for x, touched in zip(ends, touches, strict=True) if touched]
    for left, right in pairwise(range(len(ends))):
        crosses = (values[left] > 0.0) != (values[right] > 0.0)
        if crosses and not (touches[left] or touches[right]):
            found.append(_bisected(polynomial, ends[left], ends[right]))
    return sorted(found)


def _turns(polynomial: list[float]) -> list[float]:
    """Return where in (0, 1] a polynomial turns: the zeros of its derivative."""
    slope = [power * factor for power, factor in enumerate(polynomial)][1:]
    top = max(map(abs, slope))
    return _zeros([factor / top for factor in slope])


def _bisected(polynomial: list[float], left: float, right: float) -> float:
    """Return the zero between two ends of opposite sign, to the last bit."""
    rising = _value(polynomial, right) > 0.0
    while left < (middle := 0.5 * (left + right)) < right:
        if (_value(polynomial, middle) > 0.0) == rising:
            right = middle
        else:
            left = middle
    return min((left, right), key=lambda x: abs(_value(polynomial, x)))


def _value(polynomial: list[float], x: float) -> float:
    value = 0.0
    for factor in reversed(polynomial):
        value = value * x + factor
    return value


def _discounted(flows: Flows, rate: float) -> list[float]:
    rate = _check_rate(rate)
    return [_later(flow, rate, year) for year, flow in enumerate(_check_flows(flows))]


def _later(flow: float, rate: float, year: int) -> float:
    try:
        return flow / (1.0 + rate) ** year
    except OverflowError:  # so late that nothing is left of it
        return 0.0


def _check_rate(rate: float) -> float:
    found = scalar(rate)
    if not (is_number(found) and found > -1.0 and isfinite(found)):
        raise ValueError(f"an interest rate must be more than -1 a year, not {told(rate)}")
    return float(found)


def _check_flows(flows: object) -> list[float]:
    if isinstance(flows, str | Mapping) or not gives_each(flows):
        raise TypeError(
            f"a cash flow is a list of amounts, year by year, like [-30, 20, 20], not {told(flows)}"
        )
    found = [*map(scalar, flows)]
    for flow in found:
        if not (is_number(flow) and isfinite(flow)):
            raise ValueError(f"a cash flow needs finite amounts, came {told(flow)}")
    return [*map(float, found)]
