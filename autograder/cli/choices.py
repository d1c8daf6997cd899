"""Choices: the lessons, students and classes that arguments mean."""

from collections.abc import Collection, Iterable
from pathlib import Path

from autograder.base.errors import WrongUse
from autograder.base.names import meant, nearest, shown
from autograder.course.course import Course


def chosen_lessons(
    wanted: Iterable[str] | None,
    known: Collection[str],
    graded: Collection[str] = (),
    left_out: Collection[str] = (),
) -> list[str]:
    """Return the lessons that arguments mean; `03` is enough for `03_regression`.

    Parameters
    ----------
    graded
        Lessons that have marks already, which an error names, too.
    left_out
        Lessons that there are, though not in this class.

    Raises
    ------
    WrongUse
        There is no such lesson, or more than one.
    """
    found = [_lesson(text, known, graded, left_out) for text in wanted or ()]
    return list(dict.fromkeys(found))


def lessons_of_class(
    course: Course, wanted: Iterable[str] | None, graded: Collection[str] = ()
) -> list[str]:
    """Return the lessons of a class that arguments mean, as `chosen_lessons`.

    Raises
    ------
    WrongUse
        There is no such lesson, or more than one, or the class does not have it.
    """
    return chosen_lessons(wanted, course.lessons, graded, course.left_out)


def chosen_students(wanted: Iterable[str] | None, known: Collection[str]) -> list[str]:
    """Return the students that arguments name.

    Raises
    ------
    WrongUse
        Nobody has this name.
    """
    for text in wanted or ():
        if text not in known:
            raise WrongUse(
                f"found no student {shown(text)}, expected {nearest(text, known)}."
            )
    return list(dict.fromkeys(wanted or ()))


def is_lesson(text: str, known: Collection[str]) -> bool:
    """Whether an argument means a lesson."""
    return len(meant(text, known)) == 1


def expect_class(folder: Path) -> None:
    """Refuse a class that is not there, where nothing of it could be read.

    Raises
    ------
    WrongUse
        There is no such folder.
    """
    if not folder.is_dir():
        raise WrongUse(
            f"{folder}: found no such folder, expected a class; look for a mistake in "
            "the name, or collect submissions first."
        )


def file_to_write(path: Path) -> Path:
    """Return where a file is to be written.

    Raises
    ------
    WrongUse
        There is no such folder, or the file is one itself.
    """
    if path.is_dir():
        raise WrongUse(f"{path}: found a folder, expected the name of a file.")
    if not path.absolute().parent.is_dir():
        raise WrongUse(
            f"{path}: found no folder {path.absolute().parent}, expected one to write "
            "the file into; make it first."
        )
    return path


def _lesson(
    text: str,
    known: Collection[str],
    graded: Collection[str],
    left_out: Collection[str],
) -> str:
    known = {*known, *graded}
    fits = meant(text, known)
    if len(fits) == 1:
        return fits[0]
    for lesson in meant(text, left_out):
        raise WrongUse(
            f"{lesson} is no lesson of this class: class.toml has "
            f"{', '.join(sorted(known))}; add [lessons.{lesson}] to it."
        )
    expected = f"one of {', '.join(fits)}" if fits else nearest(text, known)
    if not known:
        expected = "one of (none: run `autograder build` first)"
    told = f"; graded is {', '.join(sorted(graded))}" if graded else ""
    raise WrongUse(f"found no lesson {shown(text)}, expected {expected}{told}.")
