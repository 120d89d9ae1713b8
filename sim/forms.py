"""Linear forms over the columns of a descent, and what is left in them of sums that cancel."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence

SUSPECT = (
    1e-4  # relative; what a difference leaves below this is looked at more closely, for it ...
)
CANCELLED = 1e-11  # ... is rounding below this part of the terms of the sum behind it ...
UNFELT = 1e-13  # ... or, for a slack, where it moves less than this of the flows

Row = Sequence[tuple[int, float]]  # coefficients by activity, kg per kg of main feed
Form = dict[int, float]  # coefficients by column: k for activity k, ~j for the slack of row j


def add(total: Form, factor: float, form: Mapping[int, float]) -> list[int]:
    """Add `factor` times a form, kg/kg; return the columns in which next to nothing is left.

    Examples
    --------
    >>> total = {0: 0.3, 1: 1.0}
    >>> add(total, -0.5, {0: 0.6, ~2: 1.0})
    [0]
    >>> total
    {0: 0.0, 1: 1.0, -3: -0.5}
    """
    suspects = []
    for i, c in form.items():
        step = factor * c
        if i in total:
            after = total[i] = total[i] + step
            if abs(after) <= SUSPECT * abs(step):
                suspects.append(i)
        else:
            total[i] = step
    return suspects


def remove_rounding(
    form: Form,
    suspects: Sequence[int],
    rows: Sequence[Row],
    capacity: Sequence[float],
    marginal: Container[int],
    own: int | None = None,
    row: Row = (),
) -> None:
    """Remove those suspect columns, kg/kg, that are rounding from a form.

    A slack weighs in a form what its whole row does: an activity's coefficient is that in the row
    itself and those in the active rows, weighted by their slacks, and for each marginal activity
    they cancel. What such a sum leaves of its terms tells rounding from a trace.

    Parameters
    ----------
    form : form
        That of the marginal activity `own`, or of `row`; changed in place.
    suspects : sequence of int
        Columns of the form in which terms cancelled.
    rows, capacity
        As for :func:`sim.rates.solve_rates`.
    marginal : container of int
        The activities that the active rows determine.
    """
    for i in sorted(suspects):  # slacks first, for the activities are recomputed by them
        pivot, column = -1.0, i
        if i < 0:
            flow = {
                label: abs(c) * max(abs(g) * capacity[k] for k, g in rows[~label])
                if label < 0
                else abs(c) * capacity[label]
                for label, c in form.items()
            }
            if flow[i] <= UNFELT * max(flow.values()):
                del form[i]
                continue
            determined = [(abs(g), g, k) for k, g in rows[~i] if k in marginal]
            if not determined:
                continue
            _, pivot, column = max(determined)
        terms = [g for k, g in row if k == column]
        if column == own:
            terms.append(1.0)
        for label, weight in form.items():
            if label < 0 and label != i:
                terms += [weight * g for k, g in rows[~label] if k == column]
        form[i] = -sum(terms) / pivot
        if abs(sum(terms)) <= CANCELLED * sum(map(abs, terms)):
            del form[i]
