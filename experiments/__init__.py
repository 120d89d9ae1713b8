"""What one does with a plant: every study as a function that returns a value.

>>> import experiments as ex
>>> found = ex.compare("none", "F1-F11", years=0.02)  # doctest: +SKIP
>>> print(found)  # doctest: +SKIP
>>> found.table(), found.plot(), found.as_json()  # doctest: +SKIP

``plant=`` is the chlorobenzene line by default; any `PlantModel` will do that has what a study
needs, or its name. The commands (``python -m experiments``, or ``cleanerline``) call these
functions and compute nothing. A name loads its module when it is first asked for.

Rooms: ``studies`` (each with what it prints), ``audit`` (the report), ``page`` (the page for a
class), ``lessons``, ``scripts`` (to start from a file), ``runner`` (many runs), ``output`` (answers
as text, tables, pictures, files), ``door`` (the command line).
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from experiments.audit.study import report
    from experiments.page.study import write_page
    from experiments.runner.loop import run as run_cases
    from experiments.studies.attribute.study import attribute
    from experiments.studies.batch import batch
    from experiments.studies.calibrate import calibrate
    from experiments.studies.card import card
    from experiments.studies.causes import causes
    from experiments.studies.compare import compare
    from experiments.studies.criticality import criticality
    from experiments.studies.cube.study import cube
    from experiments.studies.end_of_pipe import end_of_pipe
    from experiments.studies.explain import explain
    from experiments.studies.export_lca import export_lca
    from experiments.studies.fitness import fitness
    from experiments.studies.heat import heat
    from experiments.studies.limits import limits
    from experiments.studies.money import money
    from experiments.studies.optimise.study import optimise
    from experiments.studies.paper_check import paper_check
    from experiments.studies.plant_check import plant_check
    from experiments.studies.plant_fit import plant_fit
    from experiments.studies.plant_history import plant_history
    from experiments.studies.plant_new import plant_new
    from experiments.studies.plant_reconcile import plant_reconcile
    from experiments.studies.plant_units import plant_units
    from experiments.studies.readings import readings
    from experiments.studies.review import review
    from experiments.studies.rollout import rollout
    from experiments.studies.run import run
    from experiments.studies.uncertainty import uncertainty
    from experiments.studies.upsets import upsets
    from experiments.studies.validate.study import validate
    from experiments.studies.why import why

__all__ = [  # noqa: RUF022  # in the order of the commands
    "run",
    "compare",
    "card",
    "explain",
    "why",
    "batch",
    "cube",
    "attribute",
    "money",
    "rollout",
    "optimise",
    "uncertainty",
    "readings",
    "criticality",
    "causes",
    "limits",
    "upsets",
    "end_of_pipe",
    "review",
    "heat",
    "report",
    "export_lca",
    "write_page",
    "calibrate",
    "fitness",
    "paper_check",
    "validate",
    "plant_new",
    "plant_units",
    "plant_check",
    "plant_reconcile",
    "plant_fit",
    "plant_history",
    "run_cases",
]

_HOMES = {
    "attribute": "studies.attribute.study",
    "cube": "studies.cube.study",
    "optimise": "studies.optimise.study",
    "validate": "studies.validate.study",
    "report": "audit.study",
    "write_page": "page.study",
    "run_cases": "runner.loop",
}
"""Where a public name is defined that is no module of ``studies``."""


def hidden() -> str:
    """Return what hides a package of this program: a user's own file in the folder of the call."""
    home = Path(__file__).resolve().parents[1]
    for name in ("sim", "plant_models"):
        spec = find_spec(name)
        if spec is None or (spec.origin and Path(spec.origin).resolve().parents[1] == home):
            continue
        place = spec.origin or next(iter(spec.submodule_search_locations or ()), name)
        return (
            f"{place} is found where this program's package {name!r} is meant; rename it, "
            "or start Python in another folder"
        )
    return ""


def __getattr__(name: str) -> Any:
    """Return a study from the module that defines it."""
    if name not in __all__:
        from sim.errors import did_you_mean

        near = did_you_mean(name, __all__, list_up_to=0)
        raise AttributeError(f"module 'experiments' has no study {name!r}{near}")
    if wrong := hidden():
        raise ImportError(wrong)
    home = import_module(f"experiments.{_HOMES.get(name, f'studies.{name}')}")
    found = getattr(home, name.removesuffix("_cases"))
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """Return the studies."""
    return sorted(__all__)
