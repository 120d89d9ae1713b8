r"""Closed forms for a well-mixed tank over an interval of constant flows.

With constant inflow and outflow the contents are :math:`V = V_0 (1 + z s)` at fraction *s* of the
interval, :math:`z = (m_{in} - m_{out}) / V_0`, and the component balance
:math:`V \dot x = F_{in} (x_{in} - x)` integrates to

.. math::

    x = x_{in} + (x_0 - x_{in}) f, \qquad
    f = \exp\left(-\frac{m_{in}}{V_0} \frac{\ln(1 + z)}{z}\right).

The share of the opening contents that is still in the tank is
:math:`\exp\left(-\frac{m_{out}}{V_0} \frac{\ln(1 + z)}{z}\right)`. Only the amounts that flow
during the interval matter, not its length. The limit of constant contents, z = 0, is the washout
:math:`e^{-F t / V}` of Levenspiel, *Chemical Reaction Engineering*, 3rd ed. 1999.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, expm1, inf, log1p

OVERDRAW = 1e-9  # relative to opening + in; more than the rounding of a crossing time
NOTHING = 1e-100  # contents per inflow below which the opening contents cannot be told from none


def retained(f_in: float, f_out: float, volume: float, hours: float) -> float:
    """Return the share of the opening difference to the inflow that is left, kg/kg.

    Parameters
    ----------
    f_in, f_out : float
        Constant flows into and out of the tank, kg/h.
    volume : float
        Opening contents, kg.
    hours : float
        Length of the interval, h.

    Examples
    --------
    >>> round(retained(2.5, 2.5, 12.0, 9.0), 6)
    0.153355
    """
    fed = f_in * hours
    if fed == 0.0:
        return 1.0
    if volume <= NOTHING * fed:
        return 0.0
    return exp(-fed / volume * _log_ratio((f_in - f_out) * hours / volume))


def mix(
    contents: Sequence[float], inflow_kg: Sequence[float], out_kg: float
) -> tuple[list[float], list[float]]:
    """Return contents at the end of the interval and what has left, both kg by component.

    What has left is booked by balance, opening + in - end, so that no component is made or
    destroyed whatever the rounding of the closed form. An empty tank passes its inflow.

    Parameters
    ----------
    contents : sequence of float
        Opening contents, kg by component.
    inflow_kg : sequence of float
        Total inflow of the interval at constant rate and composition, kg by component.
    out_kg : float
        Total outflow of the interval at constant rate, kg.

    Raises
    ------
    ValueError
        If more is drawn than the tank held and got.

    Examples
    --------
    >>> end, left = mix([10.0, 0.0], [0.0, 5.0], 5.0)
    >>> [round(kg, 6) for kg in end], [round(kg, 6) for kg in left]
    ([6.065307, 3.934693], [3.934693, 1.065307])
    """
    if out_kg == 0.0:
        return [a + b for a, b in zip(contents, inflow_kg, strict=True)], [0.0] * len(contents)
    held = sum(contents)
    fed = sum(inflow_kg)
    net = fed - out_kg
    closing = held + net
    if closing <= 0.0:
        if closing < -OVERDRAW * (held + fed):
            raise ValueError(
                f"outflow of {out_kg:g} kg exceeds opening contents of {held:g} kg "
                f"and inflow of {fed:g} kg"
            )
        return [0.0] * len(contents), [a + b for a, b in zip(contents, inflow_kg, strict=True)]
    if fed == 0.0:
        kept = closing / held
        end = [kept * a for a in contents]
    elif held <= NOTHING * fed:
        stayed = closing / fed
        end = [stayed * b for b in inflow_kg]
    else:
        pace = _log_ratio(net / held)
        kept = exp(-out_kg / held * pace)
        stayed = -expm1(-fed / held * pace) * closing / fed
        end = [kept * a + stayed * b for a, b in zip(contents, inflow_kg, strict=True)]
    left = [a + b - e for a, b, e in zip(contents, inflow_kg, end, strict=True)]
    if min(left) < 0.0:
        # Rounding where next to nothing leaves: it stays in the tank, so that the balance holds.
        for i, kg in enumerate(left):
            if kg < 0.0:
                left[i] = 0.0
                end[i] = contents[i] + inflow_kg[i]
    return end, left


def mean_composition(
    contents: Sequence[float], inflow_kg: Sequence[float], out_kg: float
) -> list[float]:
    """Return the tank's composition averaged over the interval, kg/kg by component.

    It is what the outflow carries per kg: the same as the outflow of ``mix`` over its sum, without
    the loss of digits when little leaves, and defined when nothing does. Parameters as for ``mix``.

    Raises
    ------
    ValueError
        If the tank holds nothing and gets nothing.

    Examples
    --------
    >>> x = mean_composition([2.4, 9.6], [20.25, 2.25], 22.5)
    >>> [round(share, 6) for share in x]
    [0.583919, 0.416081]
    """
    held = sum(contents)
    fed = sum(inflow_kg)
    if held <= NOTHING * fed:
        if fed == 0.0:
            raise ValueError("no mean composition: the tank holds nothing and gets nothing")
        return [b / fed for b in inflow_kg]
    if fed == 0.0:
        return [a / held for a in contents]
    drawn = out_kg / held
    pace = _log_ratio((fed - out_kg) / held)
    share = -expm1(-drawn * pace) / drawn if drawn else pace
    return [
        share * a / held + (1.0 - share) * b / fed for a, b in zip(contents, inflow_kg, strict=True)
    ]


def _log_ratio(z: float) -> float:
    """Return ln(1 + z) / z, whose limits are 1 at zero and infinity where the tank drains."""
    if z <= -1.0:
        return inf
    return log1p(z) / z if z else 1.0
