"""Gradescope's export: folders of submissions, and a list that says whose they are."""

import yaml

from autograder.intake.platforms.senders import Sender

LIST = "submission_metadata.yml"
LARGEST_MIB = 32
"""Of the list: it holds what an autograder said there, too."""
Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
"""Makes text, lists and tables alone, whatever the file says."""


def submitters(content: bytes) -> dict[str, list[Sender]]:
    """Return who has handed in each folder, by its name; several of a team.

    Nothing comes of a file that is no such list.
    """
    try:
        listed = yaml.load(content, Loader)  # noqa: S506  # it makes no objects
    except yaml.YAMLError:
        return {}
    entries = listed.items() if isinstance(listed, dict) else ()
    return {
        str(folder): [
            _sender(person, str(entry.get(":created_at", "")))
            for person in entry.get(":submitters") or ()
            if isinstance(person, dict)
        ]
        for folder, entry in entries
        if isinstance(entry, dict)
    }


def _sender(person: dict, time: str) -> Sender:
    logins = (str(person.get(key) or "") for key in (":email", ":sid"))
    name = str(person.get(":name") or "")
    known = tuple(login for login in logins if login and login != "null")
    return Sender("gradescope", name, logins=known, time=time)
