"""Gradescope's export: folders of submissions, and a list that says whose they are."""

import yaml

from autograder.intake.platforms.senders import Sender

LIST = "submission_metadata.yml"
LARGEST_MIB = 32
"""Of the list: it holds what an autograder said there, too."""
Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
"""Makes text, lists and tables alone, whatever the file says."""
DEEPEST = 20
"""Of lists and tables in each other; Gradescope's have five."""


def submitters(content: bytes) -> dict[str, list[Sender]]:
    """Return who has handed in each folder, by its name; several of a team.

    Nothing comes of a file that is no such list.
    """
    try:
        if _is_too_deep(content):
            return {}
        listed = yaml.load(content, Loader)  # noqa: S506  # it makes no objects
    except yaml.YAMLError:
        return {}
    entries = listed.items() if isinstance(listed, dict) else ()
    return {
        folder: [
            _sender(person, _text(entry.get(":created_at")))
            for person in entry.get(":submitters") or ()
            if isinstance(person, dict)
        ]
        for folder, entry in entries
        if isinstance(folder, str) and isinstance(entry, dict)
    }


def _is_too_deep(content: bytes) -> bool:
    """Whether reading would go deeper than a process's stack may allow."""
    depth = 0
    for event in yaml.parse(content, Loader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            return True
    return False


def _sender(person: dict, time: str) -> Sender:
    logins = (_text(person.get(key)) for key in (":email", ":sid"))
    name = _text(person.get(":name"))
    known = tuple(login for login in logins if login and login != "null")
    return Sender("gradescope", name, logins=known, time=time)


def _text(value: object) -> str:
    """Return a text; nothing of a list, which may name itself many times over."""
    return value if isinstance(value, str) else ""
