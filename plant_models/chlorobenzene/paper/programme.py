"""Check 5: which schemes have figures, and F12, which has none."""

from __future__ import annotations

from collections import Counter

from plant_models.chlorobenzene.paper.finding import Condition, Finding
from plant_models.chlorobenzene.paper.money import steps
from plant_models.chlorobenzene.paper.printed_source import PrintedSource, places_in_the_text

CAPACITY = "F12"
CLASS = "cost_class"
CLASSES = ("no-cost", "low-cost", "medium-cost", "high-cost")


def members(row: str) -> tuple[str, ...]:
    """Return the schemes of a row of Table 1-2.

    Examples
    --------
    >>> members("F1-F4"), members("F5")
    (('F1', 'F2', 'F3', 'F4'), ('F5',))
    """
    first, dash, last = row.partition("-")
    if not dash:
        return (row,)
    return tuple(f"F{n}" for n in range(int(first[1:]), int(last[1:]) + 1))


def capacity(source: PrintedSource) -> Finding:
    """Check 5: F12 has a row in Table 1-1 only; every other scheme has its figures."""
    listed, priced = source.tables["table_1_1"], source.tables["table_1_2"]
    rows = steps(priced)
    counted = {scheme: row for row in rows for scheme in members(row)}
    without = [scheme for scheme in listed.rows if scheme not in counted]
    classes = Counter(row[CLASS] for row in listed.rows.values())
    said = {name: int(source.said(name.replace("-", "_") + "_schemes")) for name in CLASSES}
    differing = [
        scheme
        for scheme, row in counted.items()
        if scheme in listed.rows and listed.rows[scheme][CLASS] != priced.rows[row][CLASS]
    ]
    places = places_in_the_text()
    conditions = (
        Condition("F12 alone has no figures", without == [CAPACITY],
                  f"came {', '.join(without) or 'none'} without",
                  ("table_1_1.csv, column scheme", "table_1_2.csv, column scheme")),
        Condition("Table 1-2 knows no scheme that Table 1-1 does not list",
                  set(counted) <= set(listed.rows), f"came {', '.join(counted)}",
                  ("table_1_2.csv, column scheme",)),
        Condition("the schemes of each class are as many as the text says",
                  dict(classes) == said, f"came {dict(classes)} and {said}",
                  ("table_1_1.csv, column cost_class",
                   *(places[name.replace("-", "_") + "_schemes"] for name in CLASSES))),
        Condition("a scheme is of one class in both tables", not differing,
                  f"came {', '.join(differing)} of two classes",
                  tuple(listed.where(scheme, CLASS) for scheme in differing)),
    )  # fmt: skip
    return Finding(
        5,
        "F12, more capacity",
        f"{len(listed.rows)} schemes in Table 1-1, {' + '.join(str(n) for n in said.values())} "
        "by class",
        f"{len(counted)} have figures in Table 1-2; {', '.join(without)} has no investment, no "
        "income and no reduction",
        "leaves out",
        "whatever is said of F12 is an assumption",
        conditions,
    )
