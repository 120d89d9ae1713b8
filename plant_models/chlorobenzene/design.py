"""The designs of the line: the baseline, the catalogue of schemes, and a user's own files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

from plant_models.chlorobenzene.arguments import told
from plant_models.chlorobenzene.calibrated import calibrated_design, calibrated_schemes
from plant_models.chlorobenzene.checks import check
from plant_models.chlorobenzene.line import Line
from sim.facts import Design, load, set_values
from sim.parameters import Value
from sim.patches import Scheme, apply
from sim.scheme_files import load_schemes, parse_schemes

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
