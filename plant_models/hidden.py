"""Whether a user's own file hides a package of this program: told in one sentence, not by chance.

Knows the standard library alone, for anything else may be what is hidden.
"""

from importlib.util import find_spec
from pathlib import Path

HOME = Path(__file__).resolve().parents[1]


def refuse_hidden(*names: str) -> None:
    """Raise ImportError if a package of this program is hidden by another of the same name.

    Parameters
    ----------
    *names : str
        Packages that stand beside this one.
    """
    for name in names:
        found = find_spec(name)
        origin = Path(found.origin).resolve() if found and found.origin else None
        if origin != HOME / name / "__init__.py":
            place = origin or (list(found.submodule_search_locations or [])[:1] if found else "")
            told = place[0] if isinstance(place, list) and place else place
            raise ImportError(
                f"{told or 'nothing'} is found where this program's package {name!r} is meant; "
                "rename it, or start Python in another folder"
            )
