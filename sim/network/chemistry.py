"""Components, formulas, molar masses, and reactions that check their own balance."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite

from sim.errors import Named, did_you_mean, is_number, look_up, scalar, told
from sim.network.elements import ATOMIC_WEIGHTS

COUNT = r"((?:[1-9][0-9]{0,5})?)"
PART = re.compile(rf"([A-Z][a-z]?){COUNT}|(\()|(\)){COUNT}")
CHARGE = re.compile(r"\^\d*[+-]$|(?<!\d)[+-]$|[+-]{2,}$|[+-]\d+$")
"""How books print it; of ``SO42-`` nothing tells which digit counts."""
BOUND = re.compile(r"[\u00b7\u2022\u22c5*.](\d*)([^\u00b7\u2022\u22c5*.]+)")
"""Water of crystallisation behind a dot, and how often."""
PLAIN = str.maketrans("[]" + "".join(map(chr, range(0x2080, 0x208A))), "()0123456789")
PHASE = re.compile(r"(?:\((?:g|l|s|aq)\))+$")
"""What books write behind a formula of what is gas, liquid, solid or dissolved."""
SHOUTED = re.compile(r"([A-Z])([A-Z])")
ISOTOPES = {"D": "H", "T": "H"}


def parse_formula(formula: str) -> dict[str, int]:
    """Return the atoms of a formula; what stands in brackets counts as often as the number behind.

    >>> parse_formula("C6H5Cl")
    {'C': 6, 'H': 5, 'Cl': 1}
    >>> parse_formula("Ca(OH)2")
    {'Ca': 1, 'O': 2, 'H': 2}
    """
    parts = list(PART.finditer(formula))
    if "".join(part[0] for part in parts) != formula or not parts:
        raise ValueError(
            f"formula {told(formula)} is not written as symbols and counts, like 'C6H5Cl' or "
            f"'Ca(OH)2'{_meant(formula)}"
        )
    open_groups: list[dict[str, int]] = [{}]
    for symbol, count, opens, closes, times in (part.groups() for part in parts):
        if opens:
            open_groups.append({})
        elif closes:
            group = open_groups.pop()
            if not open_groups or not group:
                raise ValueError(
                    f"formula {told(formula)}: a bracket closes that none opens, or holds nothing"
                )
            _add_atoms(open_groups[-1], group, int(times or 1))
        elif symbol not in ATOMIC_WEIGHTS:
            hint = _meant(formula)
            hint = hint or did_you_mean(ISOTOPES.get(symbol, symbol), ATOMIC_WEIGHTS)
            raise ValueError(f"formula {told(formula)}: no atomic weight for {symbol!r}{hint}")
        else:
            _add_atoms(open_groups[-1], {symbol: 1}, int(count or 1))
    if len(open_groups) > 1:
        raise ValueError(f"formula {told(formula)}: a bracket does not close")
    return open_groups[0]


def _meant(formula: str) -> str:
    """Return what a formula as books print it is here, as a hint; nothing where it is none.

    >>> _meant("CuSO4.5H2O"), _meant("Na+"), _meant("water")
    ("; did you mean 'CuSO4(H2O)5'?", "; did you mean 'Na'?", '')
    """
    plain = PHASE.sub("", formula.translate(PLAIN).strip())
    plain = BOUND.sub(r"(\2)\1", CHARGE.sub("", plain))
    if plain.islower() and any(map(str.isdigit, plain)):  # a word is no formula
        plain = plain.upper()
    plain = SHOUTED.sub(_cased, plain)
    if plain == formula:
        return ""
    try:
        parse_formula(plain)
    except ValueError:
        return ""
    return f"; did you mean {plain!r}?"


def _cased(pair: re.Match[str]) -> str:
    """Return two capitals as one symbol where the second is none: FE2O3, NACL."""
    symbol = pair[1] + pair[2].lower()
    return symbol if pair[2] not in ATOMIC_WEIGHTS and symbol in ATOMIC_WEIGHTS else pair[0]


def _add_atoms(to: dict[str, int], atoms: Mapping[str, int], times: int) -> None:
    for symbol, count in atoms.items():
        to[symbol] = to.get(symbol, 0) + count * times


@dataclass(frozen=True, eq=False)
class Components:
    """An ordered set of chemical components, each with its formula.

    A stream is a plain tuple of floats in the order of the mapping, kg/h (or kg). Molar masses come
    from the formulas, so a reaction that balances in atoms balances in kilograms.

    Examples
    --------
    >>> water = Components({"water": "H2O"})
    >>> round(water.molar_mass[0], 3)
    18.015
    """

    formulas: Mapping[str, str]
    names: tuple[str, ...] = field(init=False, repr=False)
    index: Mapping[str, int] = field(init=False, repr=False)
    molar_mass: tuple[float, ...] = field(init=False, repr=False)
    """kg/kmol."""
    elements: tuple[str, ...] = field(init=False, repr=False)
    element_mass: tuple[tuple[float, ...], ...] = field(init=False, repr=False)
    """kg of each element (outer index) per kg of each component (inner index)."""

    def __post_init__(self) -> None:
        given: object = self.formulas
        if not isinstance(given, Mapping) or not all(
            isinstance(text, str) for pair in given.items() for text in pair
        ):
            raise TypeError(f"expected formulas like {{'water': 'H2O'}}, came {told(given)}")
        if not given:
            raise ValueError("expected formulas like {'water': 'H2O'}, came none")
        atoms = {name: parse_formula(formula) for name, formula in self.formulas.items()}
        mass = {n: sum(ATOMIC_WEIGHTS[e] * k for e, k in a.items()) for n, a in atoms.items()}
        elements = tuple(e for e in ATOMIC_WEIGHTS if any(e in a for a in atoms.values()))
        put = object.__setattr__
        put(self, "names", tuple(atoms))
        put(self, "formulas", Named(self.formulas, "component"))
        put(self, "index", Named(((name, i) for i, name in enumerate(atoms)), "component"))
        put(self, "molar_mass", tuple(mass.values()))
        put(self, "elements", elements)
        shares = (
            tuple(ATOMIC_WEIGHTS[e] * a.get(e, 0) / mass[n] for n, a in atoms.items())
            for e in elements
        )
        put(self, "element_mass", tuple(shares))

    def __eq__(self, other: object) -> bool:
        """Whether both are the same substances in order: so are those of another process."""
        if not isinstance(other, Components):
            return NotImplemented
        return self is other or [*self.formulas.items()] == [*other.formulas.items()]

    def __hash__(self) -> int:
        return hash(self.names)

    def __len__(self) -> int:
        return len(self.names)

    def stream(self, **kg: float) -> tuple[float, ...]:
        """Return a stream from amounts by component name, kg/h (or kg, or kg/kg).

        Raises LookupError: no such component.

        Examples
        --------
        >>> Components({"water": "H2O", "nitrogen": "N2"}).stream(nitrogen=2)
        (0.0, 2.0)
        """
        unknown = sorted(set(kg) - set(self.names))
        if unknown:
            raise LookupError(f"no component {unknown[0]!r}; known: {', '.join(self.names)}")
        amounts = {name: scalar(amount) for name, amount in kg.items()}
        for name, amount in amounts.items():
            if not (is_number(amount) and isfinite(amount)):
                raise ValueError(f"component {name!r}: expected an amount, came {told(kg[name])}")
        return tuple(float(amounts.get(name, 0.0)) for name in self.names)


@dataclass(frozen=True)
class Reaction:
    """A balanced reaction, written as it is read; a value, so that a unit may make it each time.

    ``"benzene + chlorine -> chlorobenzene + hydrogen_chloride"``; whole coefficients may stand
    before a name (``"2 water -> ..."``). Atoms that differ left and right are a ValueError.

    Examples
    --------
    >>> some = Components({"water": "H2O", "nitrogen": "N2"})
    >>> Reaction("water -> nitrogen", some)
    Traceback (most recent call last):
    ...
    ValueError: reaction 'water -> nitrogen' is not balanced: left minus right is H 2, N -2, O 1
    """

    equation: str
    components: Components
    coefficients: tuple[tuple[int, int], ...] = field(init=False, compare=False)
    """(component index, stoichiometric coefficient), reactants negative."""
    kg_per_kmol: tuple[tuple[int, float], ...] = field(init=False, compare=False)
    """(component index, kg made per kmol of extent), reactants negative."""

    def __post_init__(self) -> None:
        if not isinstance(self.equation, str):
            raise TypeError(f"expected a reaction like 'A + B -> C', came {told(self.equation)}")
        if not isinstance(self.components, Components):
            came = told(self.components)
            raise TypeError(f"reaction {told(self.equation)}: expected Components, came {came}")
        left, arrow, right = self.equation.partition("->")
        if not arrow:
            raise ValueError(f"reaction {told(self.equation)} has no '->'")
        total: dict[int, int] = {}
        for side, sign in ((left, -1), (right, 1)):
            for index, count in self._terms(side):
                total[index] = total.get(index, 0) + sign * count
        surplus: dict[str, int] = {}
        formulas = list(self.components.formulas.values())
        for index, count in total.items():
            for element, atoms in parse_formula(formulas[index]).items():
                surplus[element] = surplus.get(element, 0) - count * atoms
        wrong = [f"{e} {surplus[e]}" for e in ATOMIC_WEIGHTS if surplus.get(e)]
        if wrong:
            raise ValueError(
                f"reaction {told(self.equation)} is not balanced: left minus right is "
                + ", ".join(wrong)
            )
        coefficients = tuple((i, n) for i, n in total.items() if n)
        mass = self.components.molar_mass
        object.__setattr__(self, "coefficients", coefficients)
        object.__setattr__(self, "kg_per_kmol", tuple((i, n * mass[i]) for i, n in coefficients))

    def _terms(self, side: str) -> list[tuple[int, int]]:
        terms = []
        for term in side.split("+"):
            match = re.fullmatch(r"\s*([1-9]\d{0,3})?\s*(\S*)\s*", term)
            if match is None:
                whole = re.match(r"\s*\d*[.,/]\d", term)
                hint = "; multiply all until each number is whole" if whole else ""
                raise ValueError(
                    f"reaction {told(self.equation)}: expected terms like 'water' or '2 water', "
                    f"came {told(term.strip())}{hint}"
                )
            count, name = match.groups()
            if name not in self.components.index:
                known = ", ".join(self.components.names)
                raise LookupError(
                    f"reaction {told(self.equation)}: no component {told(name)}; known: {known}"
                )
            terms.append((self.components.index[name], int(count or 1)))
        return terms

    def ratio(self, component: str, per: str) -> float:
        """Return kg of ``component`` made (or, negative, consumed) per kg of ``per`` consumed."""
        made = {self.components.names[i]: kg for i, kg in self.kg_per_kmol}
        of = f"component in {self.equation!r}"
        return look_up(of, component, made) / -look_up(of, per, made)
