"""What README and docs tell people to type is what the command line takes."""

import re
import shlex

import pytest
from typer.main import get_command

from autograder.base.paths import ROOT
from autograder.cli import app

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(ROOT.glob("docs/*.md"))]
LINE = re.compile(
    r"^ *\.venv/bin/autograder (?:.*\\\n)*.*$|`\.venv/bin/autograder [^`]+", re.M
)
"""A command of its own, with the lines that it goes on in; or one in a sentence."""
COMMANDS = [
    (page.name, " ".join(found.strip(" `").replace("\\\n", " ").split()))
    for page in PAGES
    for found in LINE.findall(page.read_text("utf-8"))
]


def test_there_are_commands_to_look_at():
    assert {"README.md", "teaching.md", "handing-in.md"} <= {
        page for page, _ in COMMANDS
    }


@pytest.mark.parametrize(("page", "line"), COMMANDS)
def test_a_command_is_taken_as_it_stands(page, line):
    command = get_command(app)
    _, *words = shlex.split(line.replace("[", "").replace("]", ""), comments=True)
    while hasattr(command, "commands"):
        name, *words = words
        command = command.commands[name]
    command.make_context(name, words)
