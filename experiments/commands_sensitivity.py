"""The command about parameters that act: ``sensitivity``."""

from __future__ import annotations

from typing import Any

import click

from experiments.faults import at_work
from experiments.inputs import Checks
from experiments.options import JSON, options, print_json
from experiments.sensitivity import REFUSED, STANDS, Effect, all_effects, check_name, names
from experiments.studies import installed_version
from plant_models.chlorobenzene.figures.style import readable


@click.command()
@click.argument("name", required=False)
@options(JSON)
def sensitivity(name: str | None, as_json: bool) -> int:
    """Say what each parameter moves most, from low to high; exit code 1 if one moves nothing.

    NAME is a unit, a parameter, prices, a price, or a scheme; all of them without it, which takes
    some minutes.
    """
    checks = Checks()
    checks.read(check_name, name, otherwise=None)
    checks.close()
    with at_work("a parameter at an end of its range"):
        found = _computed(name)
    dead = [effect.name for effect in found if not effect.moves]
    if as_json:
        print_json(
            effects=[_in_full(effect) for effect in found],
            dead=dead,
            provenance={
                "program": "cleanerline",
                "version": installed_version("cleanerline"),
                "name": name,
            },
        )
    else:
        click.echo(report(found))
    return 1 if dead else 0


def report(found: tuple[Effect, ...]) -> str:
    """Return two lines an effect, for a terminal of 100 columns."""
    lines = ["from low to high: what it moves most, relative to the larger figure, and where", ""]
    for effect in found:
        span = f"{_shown(effect.low)} to {_shown(effect.high)} {effect.unit}".rstrip()
        lines.append(f"{effect.name}  {span}")
        lines.append(f"    {_told(effect)}"[:100])
    dead = sum(not effect.moves for effect in found)
    lines += ["", f"{len(found) - dead} of {len(found)} move something"]
    return "\n".join(lines)


def _told(effect: Effect) -> str:
    if effect.indicator == REFUSED:
        return f"refused: {effect.context.strip()}"
    if effect.indicator == STANDS:
        return f"the line stands still for good  {effect.context}"
    if not effect.moves:
        return "MOVES NOTHING"
    sign = "+" if effect.after > effect.before else "-"
    return f"{effect.indicator}  {sign}{effect.relative:.2%}  {effect.context}"


def _in_full(effect: Effect) -> dict[str, Any]:
    return {
        "name": effect.name,
        "low": _plain(effect.low),
        "high": _plain(effect.high),
        "unit": effect.unit,
        "indicator": effect.indicator,
        "at_low": effect.before,
        "at_high": effect.after,
        "relative": effect.relative,
        "context": effect.context,
        "moves": effect.moves,
    }


def _computed(name: str | None) -> tuple[Effect, ...]:
    from tqdm import tqdm

    with tqdm(total=len(names()), unit="name", disable=True if name else None, leave=False) as bar:
        return all_effects(name, lambda _: bar.update())


def _plain(value: Any) -> Any:
    return str(value) if value == float("inf") else value


def _shown(value: Any) -> str:
    if isinstance(value, bool | str):
        return str(value).lower()
    return readable(float(value))
