"""Whether a user's own file hides the engine: told in one sentence, not by what is missing in it.

Knows the standard library alone.
"""

from importlib.util import find_spec
from pathlib import Path

HOME = Path(__file__).resolve().parents[1]


def refuse_hidden(name: str) -> None:
    """Raise ImportError if a package that stands beside this one is hidden by another.

    Parameters
    ----------
    name : str
        The package, ``sim``.
    """
    found = find_spec(name)
    if found is not None and (not found.origin or Path(found.origin).resolve().parents[1] != HOME):
        raise ImportError(
            f"{found.origin or name} is found where this program's package {name!r} is meant; "
            "rename it, or start Python in another folder"
        )
