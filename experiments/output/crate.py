"""A folder as a research object: RO-Crate 1.1, beside its provenance.

The metadata of an RO-Crate say in JSON-LD what files a folder holds, what made them, and on whose
data; see https://w3id.org/ro/crate/1.1. Its date is the day on which it is written.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

CRATE = "ro-crate-metadata.json"
CONTEXT = "https://w3id.org/ro/crate/1.1/context"
PROFILE = "https://w3id.org/ro/crate/1.1"
EPOCH = "SOURCE_DATE_EPOCH"  # the day to write where a folder must be the same whenever it is made
KINDS = {
    ".csv": "text/csv",
    ".json": "application/json",
    ".md": "text/markdown",
    ".html": "text/html",
    ".png": "image/png",
    ".toml": "application/toml",
    ".zip": "application/zip",
    ".bib": "application/x-bibtex",
    ".npz": "application/zip",
}
ACTION, PROGRAM = "#run", "#cleanerline"


def crate(folder: Path, told: Mapping[str, Any]) -> dict[str, Any]:
    """Return the metadata of a folder whose files are all there; ``told``: its provenance."""
    files = sorted(each for each in folder.iterdir() if each.is_file() and each.name != CRATE)
    sources = dict(told.get("sources", {}))
    parts = [{"@id": each.name} for each in files]
    command, version = str(told.get("command", "")), str(told.get("version", ""))
    day = _today().isoformat()
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": f"cleanerline {command}: {told.get('plant', 'engine')}",
        "description": f"Result of the command {command} of cleanerline {version}; provenance.json "
        "tells designs, draws, settings and versions.",
        "datePublished": day,
        "hasPart": parts,
        "citation": [{"@id": f"#{key}"} for key in sources],
    }
    graph: list[dict[str, Any]] = [
        {
            "@id": CRATE,
            "@type": "CreativeWork",
            "conformsTo": {"@id": PROFILE},
            "about": {"@id": "./"},
        },
        root,
        {
            "@id": ACTION,
            "@type": "CreateAction",
            "name": command,
            "instrument": {"@id": PROGRAM},
            "result": parts,
        },
        {
            "@id": PROGRAM,
            "@type": "SoftwareApplication",
            "name": "cleanerline",
            "softwareVersion": version,
            "license": {"@id": "https://spdx.org/licenses/MIT"},
        },
        *(
            {"@id": f"#{key}", "@type": "CreativeWork", "name": name}
            for key, name in sources.items()
        ),
        *(_file(each) for each in files),
    ]
    return {"@context": CONTEXT, "@graph": graph}


def _file(path: Path) -> dict[str, Any]:
    return {
        "@id": path.name,
        "@type": "File",
        "name": path.name,
        "encodingFormat": KINDS.get(path.suffix, "application/octet-stream"),
        "contentSize": str(path.stat().st_size),
        "sha256": sha256(path.read_bytes()).hexdigest(),
    }


def _today() -> date:
    """Return the day of writing, or the one that the environment fixes."""
    fixed = os.environ.get(EPOCH, "")
    seconds = int(fixed) if fixed.isdigit() else None
    return (datetime.now(UTC) if seconds is None else datetime.fromtimestamp(seconds, UTC)).date()
