"""Folders of any shape: what lies beside a notebook costs nobody a mark, or the run."""

import os
from pathlib import Path

from tests.attacks.arena import FULL, LESSON, Hand
from tests.attacks.registry import Family

malformed = Family("hand in what is broken or odd")
UNREADABLE = {"status": "unreadable"}


def nested(folder: Path, names: list[str]) -> None:
    """Make folders in folders, with a file in the innermost one."""
    place = os.open(folder, os.O_RDONLY)
    for name in names:
        os.mkdir(name, dir_fd=place)
        inner = os.open(name, os.O_RDONLY, dir_fd=place)
        os.close(place)
        place = inner
    os.close(os.open("x.txt", os.O_CREAT, 0o600, dir_fd=place))
    os.close(place)


def _with_folders(hand: Hand, names: list[str]) -> None:
    hand.solve()
    hand.afterwards = lambda folder: nested(folder, names)


@malformed(FULL)
def comes_with_folders_without_end(hand: Hand) -> None:
    """Hand in folders in folders, four hundred deep."""
    _with_folders(hand, ["d"] * 400)


@malformed(FULL)
def comes_with_a_path_that_is_too_long(hand: Hand) -> None:
    """Hand in a file whose path is longer than any program may name."""
    _with_folders(hand, ["y" * 200] * 25)


@malformed(FULL)
def comes_with_a_path_that_just_fits(hand: Hand) -> None:
    """Hand in a file whose path fits here, and nowhere that it is copied to."""
    hand.solve()

    def fill(folder: Path) -> None:
        left = 4094 - len(os.fsencode(folder)) - len("/x.txt")
        nested(folder, ["y" * 99] * (left // 100) + ["z" * max(left % 100 - 1, 1)])

    hand.afterwards = fill


@malformed(FULL)
def comes_with_folders_in_the_place_of_notes(hand: Hand) -> None:
    """Hand in a folder where nbgrader notes the time."""
    hand.solve()
    hand.files = {"timestamp.txt/x.txt": b"1", "submission_secret.txt/x.txt": b"1"}


@malformed(FULL)
def comes_with_folders_in_the_place_of_outcomes(hand: Hand) -> None:
    """Hand in folders where files are written that are named after the lesson."""
    hand.solve()
    names = [
        f"{LESSON}.html",
        f"{LESSON}.txt",
        "autograded",
        "feedback",
        "gradebook.db",
    ]
    hand.files = {f"{name}/x.txt": b"1" for name in names}


@malformed(FULL)
def comes_with_a_folder_in_the_place_of_the_lesson_s_data(hand: Hand) -> None:
    """Hand in names that differ from the lesson's files by their case and form."""
    hand.solve()
    names = [
        "Data/points.csv",
        "DATA/POINTS.CSV",
        "data /points.csv",
        "data/points.csv ",
    ]
    hand.files = dict.fromkeys([*names, "data/points.csv\n", "dat\u0061\u0301/x"], b"1")


@malformed(FULL)
def comes_with_names_that_break_lines(hand: Hand) -> None:
    """Hand in files whose names hold line ends, bells and escapes."""
    hand.solve()
    names = ["a\nb.txt", "a\rb.txt", "\x1b[31m.txt", "\a.txt", "\u2028.txt", "a\tb.txt"]
    hand.files = dict.fromkeys(names, b"1")


@malformed(FULL)
def comes_with_names_of_every_length(hand: Hand) -> None:
    """Hand in files whose names are as long as names can be."""
    hand.solve()
    hand.files = {
        "x" * 255: b"1",
        "y" * 251 + ".txt": b"1",
        "z" * 200 + "/" + "z" * 255: b"1",
    }


@malformed(**UNREADABLE)
def is_another_student_s_folder(hand: Hand) -> None:
    """Have a link to a classmate's folder in the place of one's own."""

    def link(folder: Path) -> None:
        (folder / hand.name).unlink()
        folder.rmdir()
        own = folder.parent
        own.rmdir()
        own.symlink_to(own.parent / "a_classmate")

    hand.afterwards = link


@malformed(**UNREADABLE)
def is_a_link_that_leads_to_itself(hand: Hand) -> None:
    """Have a link to oneself in the place of the lesson's folder."""

    def link(folder: Path) -> None:
        (folder / hand.name).unlink()
        folder.rmdir()
        folder.symlink_to(folder)

    hand.afterwards = link


@malformed(**UNREADABLE)
def is_a_file_of_the_lesson_s_name(hand: Hand) -> None:
    """Hand in a file where the lesson's folder should be."""

    def replace(folder: Path) -> None:
        content = (folder / hand.name).read_bytes()
        (folder / hand.name).unlink()
        folder.rmdir()
        folder.write_bytes(content)

    hand.afterwards = replace


def _sparse(name: str, says: str, files: dict[str, int], shows: str) -> None:
    def prepare(hand: Hand) -> None:
        def fill(folder: Path) -> None:
            for file, mib in files.items():
                with (folder / file).open("wb") as made:
                    made.truncate(mib << 20)

        hand.solve()
        hand.afterwards = fill

    prepare.__name__, prepare.__doc__ = name, says
    malformed(FULL, shows=shows)(prepare)


_sparse(
    "comes_with_a_gigabyte_of_nothing",
    "Hand in twenty files that are holes of 50 MiB.",
    {f"{number}.bin": 50 for number in range(20)},
    "more than 100 MiB in all",
)
_sparse(
    "comes_with_one_file_of_a_terabyte",
    "Hand in a file that is a hole of a terabyte.",
    {"all.bin": 1 << 20},
    "larger than 50 MiB",
)
_sparse(
    "comes_with_many_small_holes",
    "Hand in two hundred files that are holes of a MiB.",
    {f"{number}.bin": 1 for number in range(200)},
    "more than 100 MiB in all",
)


@malformed(FULL)
def comes_with_another_notebook_of_a_terabyte(hand: Hand) -> None:
    """Hand in a second notebook that is a hole of a terabyte."""

    def fill(folder: Path) -> None:
        with (folder / "old.ipynb").open("wb") as made:
            made.truncate(1 << 40)

    hand.solve()
    hand.afterwards = fill


@malformed(**UNREADABLE)
def is_a_terabyte_of_nothing(hand: Hand) -> None:
    """Hand in a hole of a terabyte as the notebook."""
    hand.afterwards = lambda folder: os.truncate(folder / hand.name, 1 << 40)
