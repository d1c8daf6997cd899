"""Returns: feedback pages, packed and named as learning platforms take them back.

Canvas tells whose a file is by the two numbers in its name (its `Assignment` model,
`infer_comment_context_from_filename`), Moodle by the folder that it packed the
submission into (its `mod/assign/feedback/file/importziplib.php`).
"""

import zipfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from autograder.base.errors import WrongUse
from autograder.base.files import replacing
from autograder.base.names import can_be_recorded, shown
from autograder.course.course import Course
from autograder.gradebook.marker import Marker
from autograder.gradebook.people import Person, called, people_in
from autograder.intake.platforms.receipts import Receipt, Receipts
from autograder.intake.platforms.senders import Sender

MAIL = "mail"
PLATFORMS = ("canvas", "moodle", MAIL)


@dataclass
class ReturnReport:
    """What was packed, in lines for people."""

    written: dict[Path, int] = field(default_factory=dict)
    """Archives, with how many pages or letters are in each."""
    left: list[str] = field(default_factory=list)
    """Whose page cannot go this way, and why."""


def expect_platform(name: str) -> None:
    """Refuse a platform that nothing can be packed for.

    Raises
    ------
    WrongUse
        It is none of `PLATFORMS`.
    """
    if name not in PLATFORMS:
        raise WrongUse(f"found --zip {name}, expected {', '.join(PLATFORMS)}.")


def write_returns(
    course: Course, platform: str, lessons: list[str], students: Collection[str] = ()
) -> ReturnReport:
    """Pack the feedback pages of these lessons, as they are written.

    Canvas and Moodle get an archive for each lesson, as each is an assignment there;
    for mail there is one, with a letter for each student.

    Parameters
    ----------
    students
        The only ones whose pages are packed; all if none are given.

    Raises
    ------
    WrongUse
        No such platform is known.
    """
    expect_platform(platform)
    with Marker(course) as marker:
        marked = sorted(marker.scores())
        people = people_in(marker.gradebook)
    pages = {
        (student, lesson): found
        for student, lesson in marked
        if lesson in lessons and student in (students or people)
        if (found := sorted(course.path("feedback", student, lesson).glob("*.html")))
    }
    report = ReturnReport()
    if platform == MAIL:
        letters = dict(_letters(pages, people, report))
        _pack(course.results / "feedback-mail.zip", letters, report)
        return report
    receipts = Receipts(course.results / "collected.csv")
    for lesson in lessons:
        files = {}
        for (student, of), found in pages.items():
            receipt = receipts.of(student, lesson)
            if of != lesson:
                continue
            if why := _why_not(receipt, platform) or _odd(receipt):
                report.left.append(f"{called(people[student])}, {lesson}: {why}")
            else:
                for page in found:
                    files[_named(receipt.sender, page)] = page.read_bytes()
        _pack(course.results / f"feedback-{platform}-{lesson}.zip", files, report)
    return report


def _why_not(receipt: Receipt | None, platform: str) -> str:
    """Say why a page cannot go back to where its submission came from."""
    if receipt is None or receipt.platform != platform:
        came = f" but from {receipt.platform}" if receipt else ""
        return (
            f"it was not collected from {platform}{came}; hand this page out otherwise"
        )
    if receipt.astray:
        return (
            f"it was handed in to the assignment of {receipt.astray}; hand this page "
            "out otherwise"
        )
    if receipt.sender is None:
        return "its name there was not noted; collect the same download once more"
    return ""


def _odd(receipt: Receipt) -> str:
    """Say why a name from the platform is none that an archive may hold.

    A student can have chosen it, and unpacking on Windows makes folders of it.
    """
    name = receipt.sender.name
    if can_be_recorded(name) and not set(name) & set('\\/:*?"<>|'):
        return ""
    return (
        f"its name there is {shown(name)}, which some systems take for a path; hand "
        "this page out otherwise"
    )


def _named(sender: Sender, page: Path) -> str:
    """Return the name by which the platform knows whose a page is."""
    if sender.platform == "moodle":
        return f"{sender.name}_{sender.number}_assignsubmission_file_/{page.name}"
    late = "_LATE" if sender.late else ""
    # The student's own part of the name is left out: Canvas skips some, as `link`.
    return f"{sender.name}{late}_{sender.number}_{sender.file}_{page.name}"


def _letters(
    pages: dict[tuple[str, str], list[Path]],
    people: dict[str, Person],
    report: ReturnReport,
) -> Iterator[tuple[str, bytes]]:
    """Yield a letter for each student, as a file that mail programs open."""
    for student in sorted({student for student, _ in pages}):
        own = {of: found for (who, of), found in pages.items() if who == student}
        try:
            yield f"{student}.eml", _letter(people[student], own)
        except (ValueError, IndexError, MessageError):
            found = people[student].email or "none"
            report.left.append(
                f"{called(people[student])}: found {found!r}, expected an e-mail "
                "address; collect with a roster that has it"
            )


def _letter(person: Person, pages: dict[str, list[Path]]) -> bytes:
    """Return a letter with pages attached.

    Raises
    ------
    ValueError, IndexError, MessageError
        The address is none.
    """
    name = f"{person.first_name} {person.last_name}".strip()
    to = Address(name, addr_spec=person.email)
    if not (to.username and to.domain):
        raise ValueError(person.email)
    letter = EmailMessage(policy=SMTP)
    letter["To"] = to
    letter["Subject"] = f"Feedback: {', '.join(pages)}"
    letter["X-Unsent"] = "1"  # opened as a draft, ready to be sent
    letter.set_content("Your feedback is attached: open it in a browser.\n")
    for found in pages.values():
        for page in found:
            letter.add_attachment(
                page.read_bytes(),
                maintype="text",
                subtype="html",
                filename=page.name,
                params={"charset": "utf-8"},
            )
    return letter.as_bytes()


def _pack(path: Path, files: dict[str, bytes], report: ReturnReport) -> None:
    if not files:
        return
    with (
        replacing(path, "wb") as file,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name, content in sorted(files.items()):
            archive.writestr(name, content)
    report.written[path] = len(files)
