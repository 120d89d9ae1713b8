"""What is ordered of a plant, and when: rates, holds and deliveries, read from a CSV file."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import inf
from os import PathLike
from pathlib import Path
from typing import cast

from sim.errors import all_at_once, gives_each, hold_numbers, is_number, look_up, told
from sim.model.parameters import Quantity, parse_quantity, spell
from sim.network.csv_rows import Row, rows_of
from sim.network.network import Network

RATE, HOLD, DELIVERY = WHATS = ("rate", "hold", "delivery")
WHAT = Quantity("", "what is ordered", choices=WHATS, kind=str)
HOUR = Quantity("h", "the hour of the run", 0.0, 1e9)
UNTIL = Quantity("h", "the hour of the run", 0.0, 1e9, endless=True)
VALUES: Mapping[str, Quantity] = {
    RATE: Quantity("kg/kg", "the share of the capacity", 0.0, 1.0),
    DELIVERY: Quantity("kg", "what arrives", 1e-3, 1e9),
}
"""What ``value`` means, by what is ordered."""

NOT_UNLOADED = "train {!r} draws from tank {!r}, so that nothing is unloaded by it"
LIKE_A_CLOCK = re.compile(r"\d:\d|\d{4}-\d|\d/\d")  # a date or a time of day
NEEDED, OPTIONAL = ("hour", "what", "train"), ("value", "until", "why")
COLUMNS = (*NEEDED, *OPTIONAL)


@dataclass(frozen=True, kw_only=True)
class Order:
    """One line of a schedule.

    A ``rate`` holds from its hour until the next one of the same train; a ``hold`` keeps the train
    from running from its hour ``until`` another; a ``delivery`` arrives at its hour, and its train
    unloads it.
    """

    hour: float  #: Hour of the run, h
    what: str  #: ``rate``, ``hold`` or ``delivery``
    train: str
    value: float | None = None
    """Share of the capacity for a rate, kg/kg; the lot for a delivery, kg; nothing for a hold."""
    until: float = inf  #: Hour at which a hold ends, h; without end where not given
    why: str = "held by the schedule"  #: What a hold is called

    def __post_init__(self) -> None:
        hold_numbers(self)

    def __str__(self) -> str:
        return f"{self.what} of {self.train} at {spell(self.hour)} h"


def check_orders(orders: Iterable[Order], network: Network) -> tuple[Order, ...]:
    """Return orders that fit a network; all faults are raised at once.

    Raises LookupError: a train is not there. ValueError: anything else is wrong.
    """
    given: object = orders
    if isinstance(given, str | Mapping) or not gives_each(given):
        raise TypeError(f"schedule: expected orders in a list, came {told(given)}")
    orders = tuple(orders)
    for each in cast(tuple[object, ...], orders):
        if not isinstance(each, Order):
            raise TypeError(
                f"schedule: expected orders, came {told(each)}; read_schedule reads them of a file"
            )
    _need_network(network)
    named = [(str(order), order) for order in orders]
    faults = [fault for name, order in named for fault in _misfits(name, order, network)]
    faults += _doubles(named)
    if faults:
        raise all_at_once(faults, "the schedule")
    return orders


def read_schedule(file: str | PathLike[str], network: Network) -> tuple[Order, ...]:
    """Return the orders of a CSV file, in its order; all its faults are raised at once.

    The columns are ``hour``, ``what``, ``train``, ``value``, ``until`` and ``why``; the last three
    may be missing, as may any cell that an order does not need. Hours are those of the run, h, kg
    is the unit of a lot; any other unit is written behind the number (``20 t``, ``3 d``). Commas,
    semicolons or tabs separate, and between semicolons a comma may mark decimals; lines that begin
    with ``#`` and empty ones count for nothing.

    Raises LookupError: a train is not there. ValueError: anything else is wrong. Either tells file
    and line of every fault.
    """
    if not isinstance(file, str | PathLike):
        raise TypeError(f"schedule: expected the name of a file, came {told(file)}")
    _need_network(network)
    name = str(Path(file))
    try:
        text = Path(file).read_text(encoding="utf-8-sig")
    except OSError as fault:
        raise ValueError(f"{name}: cannot be read: {fault.strerror or fault}") from None
    except UnicodeDecodeError as fault:
        raise ValueError(f"{name}: is not UTF-8 text (byte {fault.start})") from None
    except ValueError:  # a name that no file can have
        raise ValueError(f"schedule: expected the name of a file, came {told(name)}") from None
    rows, odd = rows_of(name, text, COLUMNS, NEEDED, words=("why",))
    faults: list[Exception] = [ValueError(each) for each in odd]
    named: list[tuple[str, Order]] = []
    for row in rows:
        where = f"{name}, line {row.line}"
        wrong: dict[str, Exception] = {}
        order = _read(row, wrong)
        faults += [ValueError(f"{where}: {column}: {fault}") for column, fault in wrong.items()]
        faults += _misfits(where, order, network, known=wrong)
        if not wrong:
            named.append((where, order))
    faults += _doubles(named)
    if faults:
        raise all_at_once(faults, name)
    return tuple(order for _, order in named)


def _need_network(network: object) -> None:
    if not isinstance(network, Network):
        raise TypeError(f"schedule: expected a Network, came {told(network)}")


def _read(row: Row, wrong: dict[str, Exception]) -> Order:
    """Return the order of a line, and note the columns that cannot be read."""
    what = row["what"].casefold()
    declared = {"hour": HOUR, "value": VALUES.get(what), "until": HOUR if what == HOLD else None}
    found: dict[str, float | None] = {"hour": 0.0, "value": None, "until": inf}
    for column, quantity in declared.items():
        written = row[column]
        try:
            if quantity is HOUR and LIKE_A_CLOCK.search(written):
                raise ValueError(
                    f"expected hours from the start of the run, like 36 or 1.5, came {written!r}"
                )
            if quantity is not None and (written or column == "hour"):
                found[column] = float(parse_quantity(written, quantity))
            elif written and what in WHATS:
                raise ValueError(f"a {what} has none, came {written!r}")
        except ValueError as fault:
            wrong[column] = fault
    why = row["why"] or Order.why
    return Order(what=what, train=row["train"], why=why, **found)  # type: ignore[arg-type]


def _misfits(
    where: str, order: Order, network: Network, known: Container[str] = ()
) -> Iterator[Exception]:
    """Yield in what an order does not fit the network; of the columns ``known`` all is told."""
    trains = {train.name: train for train in network.trains}
    try:
        WHAT.admit(order.what)
    except ValueError as fault:
        yield ValueError(f"{where}: what: {fault}")
        return
    try:
        train = look_up("train", order.train, trains)
    except LookupError as fault:
        yield LookupError(f"{where}: {fault}")
        return
    for column, wrong in _wrong_values(order):
        if column not in known:
            yield ValueError(f"{where}: {column}: {wrong}")
    if order.what == DELIVERY and train.feed not in network.supplies:
        yield ValueError(f"{where}: {NOT_UNLOADED.format(train.name, train.feed)}")


def _wrong_values(order: Order) -> Iterator[tuple[str, str]]:
    """Yield the columns of an order that make no sense, and what is wrong with each."""
    why: object = order.why
    if not isinstance(why, str):
        yield "why", f"expected text, came {told(why)}"
    for column, quantity, value in (
        ("hour", HOUR, order.hour),
        ("value", VALUES.get(order.what), order.value),
        ("until", UNTIL, order.until),
    ):
        try:
            if quantity is None and value is not None:
                yield column, f"a {order.what} has none, came {told(value)}"
            elif quantity is not None and value is None:
                yield column, f"expected {quantity.meaning}, {quantity.domain}"
                if column != "value":
                    return
            elif quantity is not None:
                quantity.admit(value, finite=quantity is not UNTIL)
        except ValueError as fault:
            yield column, str(fault)
            return
    if order.what == HOLD and not order.until > order.hour:
        yield "until", f"{order.until:g} h does not come after {order.hour:g} h"


def _doubles(named: Iterable[tuple[str, Order]]) -> Iterator[Exception]:
    """Yield rates of one train for one and the same hour."""
    seen: dict[tuple[str, float], str] = {}
    for where, order in named:
        key = (order.train, order.hour)
        words: tuple[object, object] = (order.train, order.what)
        if not all(isinstance(word, str) for word in words) or not is_number(order.hour):
            continue
        if order.what == RATE and seen.setdefault(key, where) != where:
            first = seen[key].rpartition(", ")[2]
            yield ValueError(
                f"{where}: train {order.train!r} has another rate from {order.hour:g} h on, "
                f"see {first}"
            )
