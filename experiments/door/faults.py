"""How a command ends when it cannot do its work: one message, an exit code, no traceback."""

from __future__ import annotations

from collections.abc import Sequence

import click

INPUT = (ValueError, LookupError, TypeError, OSError)  # what checks of the input raise
WRONG, UNFINISHED, INTERRUPTED = 2, 1, 130
"""Exit codes: of wrong input, of work that came to no end, of Ctrl-C."""


class Fault(click.ClickException):
    """Something was wrong with the input; nothing has run."""

    exit_code = WRONG


class Interrupted(click.ClickException):
    """Somebody pressed Ctrl-C."""

    exit_code = INTERRUPTED


def is_slip(fault: BaseException) -> bool:
    """Whether this is a slip in the program: checks of the input never raise these."""
    return isinstance(fault, KeyError | IndexError)


def told(faults: Sequence[BaseException]) -> str:
    """Return the message of one fault, or of all of them."""
    texts = [_message(fault) for fault in faults]
    if len(texts) == 1:
        return texts[0]
    listed = (text.replace("\n", "\n    ") for text in texts)
    return "\n  - ".join([f"{len(texts)} faults in the command:", *listed])


def _message(fault: BaseException) -> str:
    if isinstance(fault, click.ClickException):
        return fault.format_message()
    if isinstance(fault, OSError) and fault.strerror:
        return f"{fault.filename}: {fault.strerror}" if fault.filename else fault.strerror
    return str(fault)
