"""TOML texts and files as they came, so that a fault can be told with its file and line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

DEEPEST = 50  # levels of tables and lists; a design has some five
MOST_BITS = 1023  # of a whole number: what a float holds


@runtime_checkable
class Readable(Protocol):
    """A file: a `pathlib.Path`, or a resource of a package."""

    def read_text(self, encoding: str) -> str:
        """Return the contents."""


Source = str | Readable
"""A file, or the TOML text itself."""


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed TOML text and the name that messages call it by."""

    name: str
    text: str
    table: Mapping[str, Any]

    def where(self, path: str, nth: int = 1) -> str:
        """Return file and line of the ``nth`` table headed ``path``, or of what holds it."""
        parts = path.split(".")
        while parts:
            name = r"\s*\.\s*".join(rf"[\"']?{re.escape(part)}[\"']?" for part in parts)
            heads = list(re.finditer(rf"^[ \t]*\[\[?\s*{name}\s*\]", self.text, re.MULTILINE))
            if len(heads) >= nth:
                line = self.text.count("\n", 0, heads[nth - 1].start()) + 1
                return f"{self.name}, line {line}"
            parts.pop()
            nth = 1
        return self.name


def read_documents(sources: Iterable[Source]) -> tuple[list[Document], list[Exception]]:
    """Return the documents that can be read, and the faults of those that cannot."""
    documents: list[Document] = []
    faults: list[Exception] = []
    for source in (sources,) if isinstance(sources, str) else sources:
        is_text = isinstance(source, str) and not re.fullmatch(r"[^\n=\[]+\.toml", source.strip())
        name = "TOML text" if is_text else str(source)
        try:
            if is_text:
                text = str(source)
            else:
                file = Path(source) if isinstance(source, str) else source
                text = file.read_text(encoding="utf-8-sig")
            documents.append(_parsed(name, text))
        except OSError as fault:
            faults.append(ValueError(f"{name}: cannot be read: {fault.strerror or fault}"))
        except UnicodeDecodeError as fault:
            faults.append(ValueError(f"{name}: is not UTF-8 text (byte {fault.start})"))
        except tomllib.TOMLDecodeError as fault:
            faults.append(ValueError(f"{name}{_line(str(fault), text)}: no valid TOML: {fault}"))
        except _Beyond as fault:
            faults.append(fault)
    return documents, faults


class _Beyond(ValueError):
    """Valid TOML that no design needs, and that much of what follows could not bear."""


def _parsed(name: str, text: str) -> Document:
    """Return the document, if its numbers fit into a float and its tables into a tree."""
    try:
        document = Document(name, text, tomllib.loads(text))
    except tomllib.TOMLDecodeError:
        raise
    except RecursionError:
        raise _too_deep(name, text) from None
    except ValueError:  # more digits than Python reads
        raise _too_long(name, text) from None
    waiting: list[tuple[object, int]] = [(document.table, 0)]
    while waiting:
        value, depth = waiting.pop()
        if depth > DEEPEST:
            raise _too_deep(name, text)
        if isinstance(value, Mapping):
            waiting += [(each, depth + 1) for each in value.values()]
        elif isinstance(value, list):
            waiting += [(each, depth + 1) for each in value]
        elif isinstance(value, int) and value.bit_length() > MOST_BITS:
            raise _too_long(name, text)
    return document


def _too_deep(name: str, text: str) -> _Beyond:
    nest = r"(?:\[\s*|\{\s*[^\s={}\[\]]+\s*=\s*|\.\s*[\w\"'-]+\s*)"
    found = re.search(nest + f"{{{DEEPEST - 1}}}", text)
    return _Beyond(f"{name}{_line_of(found, text)}: nested too deep, at most {DEEPEST} levels")


def _too_long(name: str, text: str) -> _Beyond:
    numbers = re.finditer(
        r"(?<![\w.])(?:0x[\da-fA-F_]+|0o[0-7_]+|0b[01_]+|\d[\d_]*)(?![\w.])", text
    )
    found = max(numbers, key=lambda number: len(number[0]), default=None)
    digits = found[0].replace("_", "") if found else ""
    size = f"{len(digits):,} digits" if digits.isdecimal() else "too many digits"
    return _Beyond(
        f"{name}{_line_of(found, text)}: a whole number of {size}; expected at most 1.8e308"
    )


def _line_of(found: re.Match[str] | None, text: str) -> str:
    return f", line {text.count(chr(10), 0, found.start()) + 1}" if found else ""


def _line(message: str, text: str) -> str:
    """Return the line of a TOML fault, which the parser tells only in its message."""
    match = re.search(r"at line (\d+)", message)
    return f", line {match[1] if match else text.count(chr(10)) + 1}"
