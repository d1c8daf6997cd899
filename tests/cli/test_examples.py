"""Each command's help ends in an example, of this command, with options that it has."""

import shlex
from collections.abc import Iterator

import pytest
from typer.main import get_command

from autograder.cli import app


def commands(command, names: tuple[str, ...] = ()) -> Iterator[tuple]:
    for name, inner in getattr(command, "commands", {}).items():
        if hasattr(inner, "commands"):
            yield from commands(inner, (*names, name))
        else:
            yield (*names, name), inner


ALL = dict(commands(get_command(app)))


@pytest.mark.parametrize("names", ALL, ids=" ".join)
def test_help_has_an_example_of_this_command(names):
    command = ALL[names]
    word, *order = shlex.split(command.epilog.removeprefix("Example: "))
    assert [word, *order[: len(names)]] == ["autograder", *names]
    known = {option for param in command.params for option in param.opts}
    assert {text for text in order if text.startswith("--")} <= known
