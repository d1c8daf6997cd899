"""Origins: who has handed in each file of a download, whatever tells it."""

import re
from collections.abc import Mapping
from pathlib import PurePosixPath

from autograder.base.errors import UnreadableSubmission, WrongUse
from autograder.intake.platforms.senders import Sender, named_folders, senders

SETTING = "FileNameCollectorPlugin.named_regexp"
GROUPS = ("student_id", "first_name", "last_name", "email", "timestamp")
CLOCK = re.compile(r"(\d{4}-\d\d-\d\d)[-_ T](\d\d)[-.:](\d\d)[-.:](\d\d)")


class Origins:
    """Tells who has handed in what, of one download.

    Parameters
    ----------
    named_regexp
        The course's own pattern, as `nbgrader zip_collect` takes it: then it alone
        tells. Nothing if there is none.
    listed
        Whose folders are, by their names, where the platform says so in a list.

    Raises
    ------
    WrongUse
        The pattern is none, or names no student.
    """

    def __init__(
        self, named_regexp: str = "", listed: Mapping[str, list[Sender]] | None = None
    ) -> None:
        self._listed = listed or {}
        self._pattern = _compiled(named_regexp) if named_regexp else None

    def of(self, path: PurePosixPath, wrappers: int = 0) -> list[list[Sender]]:
        """Return, for each person of a team or the only one, who it can be.

        Parameters
        ----------
        path, wrappers
            As of `senders.senders`.

        Raises
        ------
        UnreadableSubmission
            The course's own pattern does not fit.
        """
        if self._pattern:
            return [[self._matched(path)]]
        outer, inner = path.parts[:wrappers], path.parts[wrappers:]
        # Only where no platform has given a name to what all is in.
        is_listed = inner and inner[0] in self._listed
        if is_listed and not any(senders(PurePosixPath(part, "x")) for part in outer):
            return [[sender] for sender in self._listed[inner[0]]]
        return [senders(path, wrappers) or named_folders(path, wrappers)]

    def _matched(self, path: PurePosixPath) -> Sender:
        # nbgrader compares it with the whole path of the unpacked file.
        for text in (f"/{path}", path.name):
            if match := self._pattern.match(text):
                break
        else:
            raise UnreadableSubmission(
                f"found a name that {SETTING} does not fit, expected it to fit all; "
                "correct the pattern in nbgrader_config.py"
            )
        found = {name: (match.groupdict().get(name) or "") for name in GROUPS}
        clock = CLOCK.search(found["timestamp"])
        time = f"{clock[1]} {clock[2]}:{clock[3]}:{clock[4]}" if clock else ""
        name = f"{found['first_name']} {found['last_name']}".strip()
        logins = tuple(filter(None, (found["student_id"], found["email"])))
        return Sender("pattern", name, logins=logins, time=time or found["timestamp"])


def _compiled(named_regexp: str) -> re.Pattern:
    try:
        pattern = re.compile(named_regexp)
    except re.error as error:
        raise WrongUse(f"{SETTING}: found {error}, expected a pattern.") from None
    if "student_id" not in pattern.groupindex:
        raise WrongUse(
            f"{SETTING}: found no group (?P<student_id>…), expected one, as for "
            "`nbgrader zip_collect`."
        )
    return pattern
