"""A way to call a command as the terminal does, without a process of its own."""

from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from experiments.commands import cli

Call = Callable[..., Result]


@pytest.fixture(scope="session")
def call() -> Call:
    """Return a function that runs ``python -m experiments`` with some arguments."""

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(cli, arguments)

    return run
