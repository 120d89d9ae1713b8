"""Commands that are told several times over, of which the study is done once."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
import pytest

from experiments.door.command import Spoken


@contextmanager
def found_once() -> Iterator[None]:
    """Let all commands that are called tell what the first has found.

    Each reads its options and tells anew, in its language, as text or as JSON: a study does not
    know how its answer is told. One that fails has found nothing, and is done again.
    """
    answers: list[object] = []

    def found(command: Spoken, ctx: click.Context) -> object:
        if isinstance(command, click.Group):
            return click.Group.invoke(command, ctx)
        if not answers:
            answers.append(click.Command.invoke(command, ctx))
        return answers[0]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Spoken, "invoke", found, raising=False)
        yield
