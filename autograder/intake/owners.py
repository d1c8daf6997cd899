"""Owners: which student of the roster, or which team of them, a file is from."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from autograder.base.errors import UnreadableSubmission
from autograder.intake.platforms.headings import PARTICIPANT
from autograder.intake.platforms.senders import A_TEAM, FOLDER, LOGIN, Sender
from autograder.intake.roster import Student, letters

HIDDEN = re.compile(r"(.+?) ?([0-9]+)")
"""How Moodle calls somebody whose name it hides."""
RENAME = "rename its folder as the student is called there"
Owner = tuple[Student, Sender]


def owners(found: list[Sender], roster: list[Student] | None) -> list[Owner]:
    """Return the student whom a file is from, or all of a team, with what named them.

    Raises
    ------
    UnreadableSubmission
        It is nobody's or could be two people's.
    """
    if roster is None:
        found = [sender for sender in found if sender.platform != FOLDER]
    if not found:
        raise UnreadableSubmission(
            "found a name that tells no student, expected one as a learning platform "
            "writes it (docs/handing-in.md has them); collect the folder that these "
            "are in, or clones of git with --git, name the class with --roster if "
            "folders are called as its students, or put it in its place by hand"
        )
    if roster is None and any(sender.needs_roster for sender in found):
        raise UnreadableSubmission(
            f"found {found[0].name}, which may be anybody's name, expected a list of "
            "the class beside it; name one with --roster"
        )
    if roster is None:
        fits = [(Student(sender.student), sender) for sender in found]
    else:
        fits = [(s, x) for s in roster for x in found if s.has_login_of(x)]
        fits = fits or [(s, x) for s in roster for x in found if s.is_named_by(x)]
        fits = fits or [(s, x) for s in roster for x in found if _is_hidden(s, x)]
    if len(fits) > 1:
        names = " or ".join(sorted({student.id for student, _ in fits}))
        raise UnreadableSubmission(
            f"it can be from {names}; name a roster with the platform's numbers, or "
            "put it in its place by hand"
        )
    fits = fits or [
        (s, replace(x, platform=f"{x.platform}{A_TEAM}"))
        for s in roster or ()
        for x in found
        if _is_member(s, x)
    ]
    if not fits:
        raise UnreadableSubmission(
            f"found nobody called {found[0].told} in the roster, and no team; correct "
            "the roster (its column Group has teams), or leave it out"
        )
    return fits


class CloneOwners:
    """Tells which student a clone is from: its folder is named, or ends, so.

    An account may be called x-ada: its clone hw1-x-ada ends as Ada's would. Where most
    begin with hw1-, what follows is the account, and the roster does not have it.

    Parameters
    ----------
    names
        Of all folders that were cloned together.
    roster
        Without one, folders are called as students are.
    """

    def __init__(self, names: Iterable[str], roster: list[Student] | None) -> None:
        self._roster = roster
        fits = [(name, *self._fits(name)) for name in names]
        self._starts = Counter(_start(n, own[0][1]) for n, *own in fits if own)

    def of(self, name: str) -> Student:
        """Return the student.

        Raises
        ------
        UnreadableSubmission
            It is nobody's or could be two people's.
        """
        if self._roster is None and LOGIN.fullmatch(name):
            return Student(name)
        fits = self._fits(name)
        if len(fits) != 1:
            found = " or ".join(student.id for student, _ in fits) or "nobody"
            raise UnreadableSubmission(
                f"a clone called {name} is from {found}, expected one student of the "
                f"roster; {RENAME}"
            )
        student, login = fits[0]
        own = _start(name, login)
        for start, count in self._starts.items():
            is_outer = start and own != start and own.startswith(start)
            if is_outer and count > self._starts[own]:
                raise UnreadableSubmission(
                    f"a clone called {name} ends as {student.id} is called, but others "
                    f"begin with {start}, so it may be of an account "
                    f"{name[len(start) :]}; {RENAME}"
                )
        return student

    def _fits(self, name: str) -> list[tuple[Student, str]]:
        """Return who is called so, or all whom the name ends as, with their logins."""
        called, fits = name.casefold(), []
        for student in self._roster or ():
            logins = [n.casefold() for n in (student.id, student.number) if n]
            if called in logins:
                return [(student, called)]
            if ends := [n for n in logins if called.endswith(f"-{n}")]:
                fits.append((student, max(ends, key=len)))
        return fits


def _start(name: str, login: str) -> str:
    """Return what stands before a login in a clone's name."""
    return name.casefold()[: -len(login)]


def _is_hidden(student: Student, sender: Sender) -> bool:
    """Whether Moodle hides a name, and its number stands where the name would be."""
    hidden = HIDDEN.fullmatch(sender.name) if sender.platform == "moodle" else None
    is_known = bool(hidden) and hidden[1].casefold() in PARTICIPANT
    return is_known and not student.names and student.number == hidden[2]


def _is_member(student: Student, sender: Sender) -> bool:
    return bool(student.group) and letters(student.group) == letters(sender.name)
