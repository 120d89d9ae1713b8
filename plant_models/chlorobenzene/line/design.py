"""The designs of the line: the baseline, the catalogue of schemes, and a user's own files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

from plant_models.chlorobenzene.line.arguments import told
from plant_models.chlorobenzene.line.tree import Line
from plant_models.chlorobenzene.ranges.calibrated import calibrated_design, calibrated_schemes
from sim.model.facts import Design, load, set_values
from sim.model.parameters import Value
from sim.model.schemes import Scheme, apply, load_schemes, parse_schemes


def check(line: Line) -> Line:
    """Return the line if its values fit each other.

    Raises
    ------
    ValueError
        With everything that does not fit.
    """
    faults = list(_faults(line))
    if faults:
        raise ValueError("the design does not fit together: " + "; ".join(faults))
    return line


def _faults(line: Line) -> Iterator[str]:
    switch = line.polychloride_switch
    if switch.start <= switch.stop:
        yield (
            f"polychloride_switch.start of {switch.start:g} must be above "
            f"polychloride_switch.stop of {switch.stop:g}"
        )
    if switch.stop < line.polychloride_tank.heel:
        yield (
            f"polychloride_switch.stop of {switch.stop:g} is below polychloride_tank.heel of "
            f"{line.polychloride_tank.heel:g}: the pump never gets there"
        )
    for name in ("chlorine_supply", "power_and_steam"):
        mode = getattr(line, name).failure
        if mode is not None and mode.clock != "calendar":
            yield (
                f"{name}.failure.clock of {mode.clock!r} must be 'calendar': what comes from "
                "outside ages whether the line runs or not"
            )
    delivery, tank = line.benzene_delivery, line.wet_benzene_tank
    unloading_hours = delivery.lot / line.unloading.capacity
    back = line.chlorinator.capacity * (1.0 - line.chlorinator.conversion) * unloading_hours
    need = delivery.order_point + delivery.lot + back
    if need > tank.capacity:
        yield (
            f"benzene_delivery.order_point of {delivery.order_point / 1000:g} t, "
            f"benzene_delivery.lot of {delivery.lot / 1000:g} t and benzene recycled meanwhile, "
            f"{back / 1000:.0f} t, do not fit wet_benzene_tank.capacity of "
            f"{tank.capacity / 1000:g} t"
        )


DATA = files("plant_models.chlorobenzene") / "data"

END_OF_PIPE = DATA / "end_of_pipe.toml"
FACTS = (DATA / "baseline.toml", END_OF_PIPE)
"""The line before cleaner production, and the devices that no scheme of the twelve builds."""

Schemes = str | Iterable[str]
"""``"none"``, ``"F1,F5"``, ``"F1-F4, F7"``, ``"all"``, or an iterable of ids."""


@cache
def prior() -> Design[Line]:
    """Return the line before cleaner production as its facts say, before anything is fitted."""
    return load(Line, *FACTS, sources=[DATA / "sources.toml"])


@cache
def baseline() -> Design[Line]:
    """Return the line before cleaner production, calibrated, with the facts it is made of."""
    return calibrated_design(prior(), "facts")


@cache
def prior_catalogue() -> Mapping[str, Scheme]:
    """Return the schemes by id as their file says, before anything is fitted."""
    return load_schemes(DATA / "schemes.toml", tree_type=Line)


@cache
def catalogue() -> Mapping[str, Scheme]:
    """Return the schemes by id, calibrated."""
    return calibrated_schemes(prior_catalogue())


def own_design(
    path: Path | str | None = None, settings: str | Iterable[str] | Mapping[str, Value] = ()
) -> Design[Line]:
    """Return the baseline with a user's facts and settings in place of its own.

    Parameters
    ----------
    path : path, optional
        A TOML file of facts, in the format of ``baseline.toml``; it may hold as few as it likes.
        They stand as given, all others as calibrated.
    settings : str, iterable of str, or mapping
        ``"off_gas_cooler.area=80"``, ``"off_gas_cooler.area=80 m2"``, or
        ``{"off_gas_cooler.area": 80.0}`` in the units of the parameters.

    Raises
    ------
    ValueError, LookupError
        With all faults of the file, or of the settings.

    Examples
    --------
    >>> own_design(settings={"off_gas_cooler.area": 80.0}).tree.off_gas_cooler.area
    80.0
    """
    design = baseline()
    if path is not None:
        _check_path(path)
        overrides = [Path(path)]
        own = load(Line, *FACTS, sources=[DATA / "sources.toml"], overrides=overrides)
        design = calibrated_design(own, "facts")
    return set_values(design, settings) if settings else design


def check_known(known: object) -> None:
    """Raise TypeError unless it is a catalogue of schemes."""
    if not isinstance(known, Mapping):
        raise TypeError(
            f"known must be a catalogue, like cb.own_schemes('own.toml'), not {told(known)}"
        )


def design_or_baseline(design: Design[Line] | None) -> Design[Line]:
    """Return a design as it was given, the baseline for none.

    Raises
    ------
    TypeError
        For anything else, such as a line or a path.
    """
    if design is None:
        return baseline()
    if not isinstance(design, Design):
        raise TypeError(
            f"design must be a Design, like cb.own_design('own.toml'), not {told(design)}"
        )
    return design


def own_schemes(path: Path | str | None) -> Mapping[str, Scheme]:
    """Return the catalogue with a user's schemes added or put in place of those of the same id."""
    if path is None:
        return catalogue()
    _check_path(path)
    return {**catalogue(), **load_schemes(Path(path), tree_type=Line)}


def chosen(schemes: Schemes, known: Mapping[str, Scheme]) -> tuple[Scheme, ...]:
    """Return the schemes of a set."""
    check_known(known)
    return tuple(known[name] for name in parse_schemes(schemes, known))


def line(
    schemes: Schemes = "none",
    *,
    design: Design[Line] | None = None,
    known: Mapping[str, Scheme] | None = None,
) -> Line:
    """Return the line with a set of schemes in place.

    Parameters
    ----------
    schemes : str or iterable of str
        ``"F1-F4, F7"``, ``"none"`` or ``"all"``, or ids.
    design, known : optional
        Another design than the baseline, another catalogue of schemes.

    Raises
    ------
    ConflictError
        Two schemes set one parameter differently.
    LookupError
        No such scheme, or a scheme patches what this design has not.
    ValueError
        A result lies outside a parameter's domain.

    Examples
    --------
    >>> line("F1").off_gas_cooler.arrangement
    'series'
    """
    tree = design_or_baseline(design).tree
    return check(apply(tree, chosen(schemes, catalogue() if known is None else known)))


def _check_path(path: object) -> None:
    if not isinstance(path, str | Path):
        raise TypeError(f"path must name a TOML file, like 'own.toml', not {told(path)}")
