"""The kinds of unit that a plant of a folder is made of: ports, parameters, an example of each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import inf
from textwrap import wrap
from typing import Any

from experiments.output.answer import Answer, Table, paragraphs, plain
from experiments.output.phrases import wrapped
from experiments.output.provenance import provenance
from plant_models import units
from plant_models.arguments import word
from plant_models.units import Info, Parameter
from sim.tables import WIDTH, AsWritten, columns, in_words, text_table

COMMON = ("capacity", "failure", "maintenance", "run_on")
"""Parameters of every unit, which a list of one kind leaves to the end."""


@dataclass(frozen=True, repr=False)
class UnitKinds(Answer):
    """One kind of unit, or all of them."""

    kinds: tuple[Info, ...]

    def report(self) -> str:
        """Return a line for each kind, or all of one."""
        if len(self.kinds) == 1:
            return _whole(self.kinds[0])
        rows = [[AsWritten(k.kind), k.title] for k in self.kinds]
        return paragraphs(
            text_table(["kind", "what it does"], rows, left=(0, 1)),
            [
                "One of them with its ports, parameters and an example:",
                "  python -m experiments plant units KIND",
                "What none of them does is a class of your own: kind = 'python', file = 'mine.py'",
            ],
        )

    def tables(self) -> Mapping[str, Table]:
        """Return kinds, and their parameters."""
        kinds = [(k.kind, k.title, ", ".join(k.inlets), ", ".join(k.outlets), k.source)
                 for k in self.kinds]  # fmt: skip
        parameters = [
            (k.kind, p.name, p.per, p.unit, p.meaning, _finite(p.minimum), _finite(p.maximum),
             _finite(p.default))
            for k in self.kinds
            for p in k.parameters
        ]  # fmt: skip
        return {
            "kinds": Table(("kind", "title", "inlets", "outlets", "source"), kinds),
            "parameters": Table(("kind", "parameter", "per", "unit", "meaning", "minimum",
                                 "maximum", "default"), parameters),
        }  # fmt: skip

    def as_json(self) -> dict[str, Any]:
        """Return all that there is to know."""
        return {"kinds": plain(self.kinds), "provenance": provenance("plant units")}


def _finite(value: Any) -> Any:
    return None if isinstance(value, float) and value in (float("inf"), float("-inf")) else value


def _whole(of: Info) -> str:
    named = {"inlets": of.inlets, "that draw": of.drawing, "outlets": of.outlets, "uses": of.uses,
             "needs of every component": of.needs}  # fmt: skip
    ports = [
        [what, AsWritten(", ".join(names)) if names else "as you name them"]
        for what, names in named.items()
        if names or what in ("inlets", "outlets")
    ]
    rows = [[key.name, key.meaning, "" if key.default is None else f"{key.default}"]
            for key in of.structure]  # fmt: skip
    own = [p for p in of.parameters if p.name.partition(".")[0] not in COMMON]
    shared = [p for p in of.parameters if p.name.partition(".")[0] in COMMON]
    return paragraphs(
        [f"{of.kind}: {of.title}"],
        [line for part in of.text.split("\n\n") for line in _told(part)],
        text_table(ports[0], ports[1:], left=(0, 1)),
        [line for row in rows for line in wrap(f"{row[0]}: {row[1]} {row[2]}".rstrip(), WIDTH)],
        _parameters(own),
        ["and those of every unit, as in failure = { mtbf = '30 d', mttr = '8 h' }:"],
        _parameters(shared),
        ["for example", *(f"  {line}" for line in of.example.strip().splitlines())],
        [f"source: {of.source}"],
    )  # fmt: skip


PART = r"(?:\{((?:[^{}]|\{[^{}]*\})*)\}|(\w))"
FRACTION = re.compile(rf"\\frac{PART}{PART}")
SIGNS = {
    r"\qquad": " ", r"\left": "", r"\right": "", r"\,": " ", r"\dot m": "m'", r"\prod": "product",
    r"\leftarrow": "<-", r"\le": "<=", r"\Delta ": "d", r"\Delta": "d",
}  # fmt: skip
"""What signs of LaTeX are in letters that every terminal has; the others are their names."""


def _told(part: str) -> list[str]:
    """Return a paragraph of a docstring as lines; a formula stands in its own."""
    if part.lstrip().startswith(".. math::"):
        formula = _in_letters(part.partition("::")[2])
        return wrap(formula, WIDTH, initial_indent="    ", subsequent_indent="        ")
    text = re.sub(":math:`(.*?)`", lambda m: _in_letters(m[1]), part, flags=re.DOTALL)
    return wrap(" ".join(text.replace("``", "").split()), WIDTH)


def _in_letters(latex: str) -> str:
    r"""Return a formula as one line of plain letters.

    >>> _in_letters(r"f_i = \frac{\lambda_i - 1}{\lambda_i^{N+1} - 1}, \qquad m_{out,i} = m_i")
    'f_i = (lambda_i - 1)/(lambda_i^(N+1) - 1), m_out,i = m_i'
    """
    text = " ".join(latex.split())
    while FRACTION.search(text):
        text = FRACTION.sub(
            lambda m: f"{_bracketed(m[1] or m[2])}/{_bracketed(m[3] or m[4])}", text
        )
    for sign, letters in SIGNS.items():
        text = text.replace(sign, letters)
    text = re.sub(r"\^\{([^{}]*)\}", r"^(\1)", text)
    return " ".join(re.sub(r"[{}\\]", "", text).split())


def _bracketed(part: str) -> str:
    return part if re.fullmatch(r"[\w\\{},]+", part) else f"({part})"


def _default(value: object) -> str:
    """Return a default: a word that one may write stays as it is."""
    if isinstance(value, bool):
        return AsWritten(str(value).lower())  # as TOML has it
    if value is None:
        return "-"
    if isinstance(value, int | float):
        return "no limit" if value == inf else f"{value:g}"
    return AsWritten(value)


def _parameters(some: list[Parameter]) -> list[str]:
    header = ["parameter", "unit", "default", "meaning"]
    names = [f"{p.name}.{p.per.split()[0].upper()}" if p.per else p.name for p in some]
    heads = [[AsWritten(n), p.unit, _default(p.default)] for n, p in zip(names, some, strict=True)]
    taken = max(map(columns, text_table(header, [[*head, ""] for head in heads])))
    room = WIDTH - taken + columns(in_words(header[-1]))
    rows = []
    for head, p in zip(heads, some, strict=True):
        first, *more = map(AsWritten, wrapped(in_words(p.meaning), width=room))
        rows += [[*head, first], *(["", "", "", line] for line in more)]
    return text_table(header, rows, left=(0, 1, 3)) if rows else []


def plant_units(kind: str | None = None) -> UnitKinds:
    """List the kinds of unit that a folder may use, or all about one.

    ``kind``: its word; all of them by default. Raises LookupError: no such kind; tells what comes
    near.
    """
    if kind is not None:
        word("kind", kind, units.KINDS)
    names = tuple(units.KINDS) if kind is None else (kind,)
    return UnitKinds(tuple(units.info(name) for name in names))
