"""The reference page of the generic units, written from what they say of themselves.

``python -m tools.units_page`` writes ``docs/reference/units.md``; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from plant_models import units
from plant_models.units import Info, Key, Parameter

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "units.md"

HEAD = """# Generic units

What a plant of your own is built of: each kind takes any components. In a data file a unit is a
table with its `kind`, what fixes its shape, and its parameters; in Python
`units.make(kind, components, table)`. A value is a number in the unit of measure given here, or a
text with a unit of its own (`"80 degC"`, `"2 t/h"`); a parameter "per component" is a table by the
components' names, as in `recovery = { ethanol = 0.98 }`. A scheme changes parameters, never shapes.

Streams carry no temperature: a unit that heats or cools is told the temperature of what comes.
Steam (kg), power (kWh) and cooling water (kg) are booked for each unit that uses them. All kinds
are compiled; flows are kg/h. Every unit has a `capacity` (kg/h of its main inlet, the first; none
where it is not given) and may have a `failure` (`mtbf`, `mttr`, ...), a `run_on` (`outlet`,
`interlock`, `hours`: its train runs on while it is down, and all that comes leaves by that outlet
as it came) and a `maintenance` (`interval`, `duration`, ...).

Properties stand with the components: `antoine` (or `dippr101`, or `vapour_pressure = "none"` of
what never evaporates and `"gas"` of what never condenses), `heat_capacity`, `latent_heat` (after
Clausius and Clapeyron where it is not given), `density`; `chemicals = "ethanol"` looks up what the
package of that name knows, where the extra `properties` is installed. The examples are written for
`plant_models/units/data/example.toml`.

```python
from plant_models import units

some = units.substances({"ethanol": "C2H6O", "water": "H2O"})
still = units.make("separator", some, {"recovery": {"ethanol": 0.98}, "capacity": "2 t/h"})
assert still.capacity == 2000.0
print(units.info("separator").title)
```

Vapour and liquid are ideal mixtures, stages have constant factors, columns are shortcuts: good for
balances and for comparing schemes, not for design. The numbers of a unit are the user's own; the
few defaults that are physical numbers (steam at 5 bar, water warmed by 10 K) are assumed.
"""


def page() -> str:
    """Return the page as Markdown."""
    return "\n".join([HEAD, *[part for kind in units.KINDS for part in section(units.info(kind))]])


def section(about: Info) -> Iterator[str]:
    """Yield the lines of one kind of unit."""
    yield f"## {about.kind}\n"
    yield f"{markdown(about.title)}\n"
    yield f"{markdown(about.text)}\n"
    yield f"*Source*: {about.source}.\n"
    yield f"Inlets: {ports(about.inlets, about.drawing)}. Outlets: {ports(about.outlets, ())}."
    if about.uses:
        yield f"Uses {', '.join(use.replace('_', ' ') for use in about.uses)}."
    if about.needs:
        needs = ", ".join(f"`{need}`" for need in about.needs)
        yield f"Reads {needs} of every component."
    yield ""
    if about.structure:
        yield "| shape | what | default |\n|---|---|---|"
        yield from map(key_row, about.structure)
        yield ""
    own = [said for said in about.parameters if not said.optional and said.name != "capacity"]
    if own:
        yield "| parameter | unit | meaning | domain | default |\n|---|---|---|---|---|"
        yield from map(row, own)
        yield ""
    yield f"```toml\n{about.example}```\n"


def ports(names: tuple[str, ...], drawing: tuple[str, ...]) -> str:
    """Return names of ports; those that draw are marked."""
    if not names:
        return "as named"
    return ", ".join(f"`{name}`{' (draws)' if name in drawing else ''}" for name in names)


def key_row(key: Key) -> str:
    """Return the row of something that fixes a unit's shape."""
    default = "" if not key.default else ", ".join(f"`{each}`" for each in key.default)
    return f"| `{key.name}` | {key.meaning} | {default} |"


def row(said: Parameter) -> str:
    """Return the row of a parameter."""
    name = f"`{said.name}`" + (f" per {said.per}" if said.per else "")
    low = "" if said.minimum is None else f"{said.minimum:g}"
    high = "" if said.maximum is None else f"{said.maximum:g}"
    default = "" if said.default is None else f"{said.default:g}"
    return f"| {name} | {said.unit} | {said.meaning} | {low} to {high} | {default} |"


def markdown(text: str) -> str:
    """Return a docstring's text as Markdown: formulas in dollars, names in single backticks."""
    lines: list[str] = []
    inside = False
    for line in text.splitlines():
        if line.startswith(".. math::"):
            lines += ["$$", line.removeprefix(".. math::").strip()]
            inside = True
        elif inside and not line.strip():
            lines += ["$$", ""]
            inside = False
        else:
            lines.append(line.strip())
    if inside:
        lines.append("$$")
    joined = "\n".join(lines).replace("``", "`")
    return joined.replace(":math:`", "{math}`")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
