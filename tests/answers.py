"""Studies that are told several times over, and runs that are asked for again: done once."""

import pickle
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import Any

import click
import pytest

from experiments.door.command import Spoken
from experiments.runner import loop


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


@contextmanager
def worked_once() -> Iterator[None]:
    """Let a run that is asked for again, with all that it is given, be what it was.

    So what two ways of asking come to differs by what they ask for, and by how they tell it; that
    a run is the same every time is a matter of other tests.
    """
    streamed, known = loop.streamed, dict[bytes, Any]()

    def once(
        executor: Executor,
        function: Callable[..., Any],
        calls: Iterable[tuple[Any, tuple[Any, ...]]],
        in_flight: int,
    ) -> Iterator[tuple[Any, Any]]:
        asked = [(key, pickle.dumps((function, given)), given) for key, given in calls]
        new = (((key, what), given) for key, what, given in asked if what not in known)
        for (_, what), result in list(streamed(executor, function, new, in_flight)):
            known[what] = result
        yield from ((key, known[what]) for key, what, _ in asked)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loop, "streamed", once)
        yield
