r"""Components of a plant of one's own, with the properties that units read of them.

Vapour pressures have one form, of which Antoine's and DIPPR's equation 101 are cases:

.. math:: \ln p = c_1 + \frac{c_2}{T + c_6} + c_3 \ln T + c_4 T^{c_5}

Antoine's constants are those of :math:`\log_{10} p = A - B / (T + C)` and may be given for another
unit of pressure and for degrees Celsius, as most books print them.
"""

from __future__ import annotations

import keyword
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from importlib import import_module
from math import log, log10
from typing import Any, NamedTuple

from sim.errors import all_at_once, did_you_mean, told
from sim.model.parameters import Quantity, parse_quantity
from sim.model.units_of_measure import convert
from sim.network.chemistry import Components

Vapour = tuple[float, float, float, float, float, float]
"""Constants of the vapour pressure, Pa and K."""

NEVER: Vapour = (-700.0, 0.0, 0.0, 0.0, 0.0, 0.0)
"""Of a solid or a salt: no pressure to speak of, 1e-304 Pa."""

ALWAYS: Vapour = (60.0, 0.0, 0.0, 0.0, 0.0, 0.0)
"""Of a gas that never condenses: 1e26 Pa."""

WORDS_FOR_VAPOUR: Mapping[str, Vapour] = {"none": NEVER, "gas": ALWAYS}

HEAT_CAPACITY = Quantity("kJ/kg/K", "heat capacity of the liquid or solid", 0.01, 20.0)
LATENT_HEAT = Quantity("kJ/kg", "heat of vaporisation", 0.0, 5000.0)
DENSITY = Quantity("kg/m3", "density of the liquid or solid", 0.01, 3e4)
PRESSURES = ("Pa", "hPa", "kPa", "MPa", "bar", "mbar", "atm", "mmHg")
TEMPERATURES = ("K", "degC")


class Fault(NamedTuple):
    """What is wrong in a table, and where."""

    path: str
    """Dotted, from the table that was read; empty for the table itself."""
    text: str


@dataclass(frozen=True)
class Substance:
    """A component and what is known of it; what is not is None."""

    formula: str
    vapour_pressure: Vapour | None = None
    heat_capacity: float | None = None  #: Of the liquid or solid, kJ/kg/K
    latent_heat: float | None = None  #: Of vaporisation, kJ/kg
    density: float | None = None  #: Of the liquid or solid, kg/m3


@dataclass(frozen=True)
class Substances:
    """The components of a plant in their order, a value that two plants may share.

    Examples
    --------
    >>> some = substances({"water": "H2O", "salt": {"formula": "NaCl", "vapour_pressure": "none"}})
    >>> some.names
    ('water', 'salt')
    >>> some.components.molar_mass[0]
    18.015
    """

    known: tuple[tuple[str, Substance], ...]
    components: Components = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        formulas = {name: substance.formula for name, substance in self.known}
        object.__setattr__(self, "components", Components(formulas))

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the components, in order."""
        return self.components.names

    def lacking(self, name: str) -> list[str]:
        """Return the components of which a property is not known.

        The heat of vaporisation follows from a vapour pressure where it is not given.
        """
        return [
            component
            for component, substance in self.known
            if getattr(substance, name) is None
            and not (name == "latent_heat" and substance.vapour_pressure is not None)
        ]


def read_substances(table: object) -> tuple[Substances | None, list[Fault]]:
    """Return the components of a table by name, or None and what is wrong with it.

    A component is a formula, or a table with ``formula`` and whatever is known of it:
    ``antoine``, ``dippr101``, ``vapour_pressure`` ("none" or "gas") or ``chemicals`` (a name or
    CAS number to look up in the package of that name); ``heat_capacity``, ``latent_heat``,
    ``density``.
    """
    if not isinstance(table, Mapping) or not table:
        return None, [Fault("", f"expected components by name, came {told(table)}")]
    known: list[tuple[str, Substance]] = []
    faults: list[Fault] = []
    for name, given in table.items():
        if not isinstance(name, str) or not name.isidentifier() or keyword.iskeyword(name):
            faults.append(Fault(str(name), f"{told(name)} is no name: letters, digits and _ only"))
            continue
        substance, wrong = _substance({"formula": given} if isinstance(given, str) else given)
        faults += [Fault(f"{name}.{each.path}".rstrip("."), each.text) for each in wrong]
        if substance is not None:
            known.append((name, substance))
    return (None if faults else Substances(tuple(known))), faults


def substances(table: Mapping[str, object]) -> Substances:
    """Return the components of a table; all faults at once are a ValueError.

    >>> substances({"water": {"formula": "H2O", "density": "1 t/m3"}}).known[0][1].density
    1000.0
    """
    read, faults = read_substances(table)
    if read is None:
        raise all_at_once(
            [ValueError(f"{fault.path}: {fault.text}".lstrip(": ")) for fault in faults],
            "components",
        )
    return read


def _substance(given: object) -> tuple[Substance | None, list[Fault]]:
    """Return one component, and what is wrong with its table."""
    if not isinstance(given, Mapping):
        return None, [Fault("", f"expected a formula or a table, came {told(given)}")]
    faults = [
        Fault(str(key), f"no property {told(key)}{did_you_mean(key, PROPERTIES)}")
        for key in given
        if key not in PROPERTIES
    ]
    values: dict[str, Any] = {}
    if "formula" not in given:
        faults.append(Fault("", "no formula; expected one like 'C2H6O'"))
    else:
        try:
            Components({"it": given["formula"]})
            values["formula"] = given["formula"]
        except (TypeError, ValueError) as fault:
            faults.append(Fault("formula", str(fault)))
    looked_up: Mapping[str, Any] = {}
    if "chemicals" in given:
        try:
            looked_up = looked_up_in_chemicals(given["chemicals"], float(_mass(values)))
        except ValueError as fault:
            faults.append(Fault("chemicals", str(fault)))
    values |= looked_up
    faults += list(_read_numbers(given, values))
    faults += list(_read_vapour(given, values))
    return (None if faults else Substance(**values)), faults


def _mass(values: Mapping[str, Any]) -> float:
    """Return the molar mass of a formula that has been read, kg/kmol; 1 of none."""
    formula = values.get("formula")
    return Components({"it": formula}).molar_mass[0] if formula else 1.0


def _read_numbers(given: Mapping[str, Any], values: dict[str, Any]) -> Iterator[Fault]:
    """Put the plain properties of a table among the values; yield what is wrong with them."""
    declared = {"heat_capacity": HEAT_CAPACITY, "latent_heat": LATENT_HEAT, "density": DENSITY}
    for name, quantity in declared.items():
        if name in given:
            try:
                values[name] = value_of(given[name], quantity)
            except ValueError as fault:
                yield Fault(name, str(fault))


def _read_vapour(given: Mapping[str, Any], values: dict[str, Any]) -> Iterator[Fault]:
    """Put the vapour pressure of a table among the values; yield what is wrong with it."""
    ways = [way for way in ("antoine", "dippr101", "vapour_pressure") if way in given]
    if len(ways) > 1:
        yield Fault("", f"one vapour pressure is enough, came {' and '.join(ways)}")
    for way in ways[:1]:
        try:
            values["vapour_pressure"] = READERS[way](given[way])
        except ValueError as fault:
            yield Fault(way, str(fault))


def antoine(given: object) -> Vapour:
    """Return the constants of Antoine's equation for Pa and K.

    Pressure and temperature must be told: in other units the constants look as good.

    >>> water = antoine({"A": 8.07131, "B": 1730.63, "C": 233.426,
    ...                  "pressure": "mmHg", "temperature": "degC"})
    >>> from math import exp
    >>> round(exp(water[0] + water[1] / (373.15 + water[5])) / 1e3, 1)  # kPa
    101.3
    """
    units = "pressure = 'mmHg', temperature = 'degC'"
    expected = f"expected {{ A = 8.07, B = 1730.6, C = 233.4, {units} }}"
    if not isinstance(given, Mapping):
        raise ValueError(f"{expected}, came {told(given)}")
    keys = ("A", "B", "C", "pressure", "temperature")
    for key in given:
        if key not in keys:
            raise ValueError(f"no {told(key)} in Antoine's equation{did_you_mean(key, keys)}")
    missing = [key for key in keys if key not in given]
    if missing:
        raise ValueError(f"no {' and no '.join(missing)}; {expected}")
    constants = [Quantity("1", key).admit(given[key]) for key in keys[:3]]
    pressure, temperature = given["pressure"], given["temperature"]
    if pressure not in PRESSURES:
        raise ValueError(f"pressure {told(pressure)}: expected {' or '.join(PRESSURES)}")
    if temperature not in TEMPERATURES:
        raise ValueError(f"temperature {told(temperature)}: expected K or degC")
    a, b, c = (float(each) for each in constants)
    shift = 273.15 if temperature == "degC" else 0.0
    scale = log10(convert(1.0, pressure, "Pa"))
    return ((a + scale) * log(10.0), -b * log(10.0), 0.0, 0.0, 0.0, c - shift)


def dippr101(given: object) -> Vapour:
    """Return the five constants of DIPPR's equation 101, for ln p in Pa and T in K.

    >>> dippr101([73.649, -7258.2, -7.3037, 4.1653e-6, 2])[:2]
    (73.649, -7258.2)
    """
    if not isinstance(given, list | tuple) or len(given) != 5:
        raise ValueError(f"expected five numbers, came {told(given)}")
    c = [float(Quantity("1", "constant").admit(each)) for each in given]
    return (c[0], c[1], c[2], c[3], c[4], 0.0)


def vapour_word(given: object) -> Vapour:
    """Return the constants of what never evaporates ("none") or never condenses ("gas")."""
    if not isinstance(given, str) or given not in WORDS_FOR_VAPOUR:
        raise ValueError(f"expected 'none' or 'gas', came {told(given)}")
    return WORDS_FOR_VAPOUR[given]


READERS = {"antoine": antoine, "dippr101": dippr101, "vapour_pressure": vapour_word}
PROPERTIES = (*[each.name for each in fields(Substance)], "antoine", "dippr101", "chemicals")


def looked_up_in_chemicals(asked: object, molar_mass: float) -> dict[str, Any]:
    """Return what the package ``chemicals`` knows of a component, by name or CAS number.

    Vapour pressure: DIPPR's equation 101 as Perry's handbook prints it (table 2-8), of the liquid;
    heat capacity: of the liquid at 25 degC, in the package's table of constants. A ValueError tells
    that the package is not installed, or does not know it.

    ``molar_mass``: kg/kmol.
    """
    if not isinstance(asked, str):
        raise ValueError(f"expected a name or a CAS number, came {told(asked)}")
    try:
        identifiers = import_module("chemicals.identifiers")
        pressures = import_module("chemicals.vapor_pressure")
        capacities = import_module("chemicals.heat_capacity")
    except ImportError:
        raise ValueError(
            f"{asked!r} is looked up in the package chemicals, which is not installed; install "
            "the extra 'properties', or write antoine = { ... } and heat_capacity"
        ) from None
    try:
        cas = identifiers.CAS_from_any(asked)
    except Exception:
        raise ValueError(f"the package chemicals knows no {asked!r}") from None
    found: dict[str, Any] = {}
    printed = pressures.Psat_data_Perrys2_8
    if cas in printed.index:
        row = printed.loc[cas]
        found["vapour_pressure"] = dippr101([float(row[f"C{i}"]) for i in range(1, 6)])
    constants = capacities.Cp_data_Poling
    if cas in constants.index and float(constants.loc[cas]["Cpl"]) > 0.0:
        found["heat_capacity"] = float(constants.loc[cas]["Cpl"]) / molar_mass
    if not found:
        raise ValueError(f"the package chemicals has no vapour pressure of {asked!r} (CAS {cas})")
    return found


def value_of(given: object, declared: Quantity) -> Any:
    """Return a value as it stands in a data file: a number, a text with its unit, or a fact.

    >>> value_of("2 t/h", Quantity("kg/h", "feed")), value_of({"value": 3, "unit": "g"},
    ...                                                       Quantity("kg", "load"))
    (2000.0, 0.003)
    """
    if isinstance(given, Mapping):
        if "value" not in given:
            raise ValueError(f"expected a value or a table with one, came {told(dict(given))}")
        value, unit = given["value"], given.get("unit")
        if unit is None or isinstance(value, str | bool):
            return value_of(value, declared)
        return parse_quantity(f"{declared_number(value)} {unit}", declared)
    if isinstance(given, str):
        return parse_quantity(given, declared)
    return declared.admit(given)


def declared_number(value: object) -> str:
    """Return a number as text that reads back the same; anything else as it is told."""
    return repr(float(value)) if isinstance(value, int | float) else told(value)
