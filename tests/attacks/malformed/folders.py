"""Folders, names and times of submissions that are odd, most of them in good faith."""

import os
from pathlib import Path

from tests.attacks.arena import FULL, LESSON, Hand
from tests.attacks.registry import Family

malformed = Family("hand in what is broken or odd")
UNREADABLE = {"status": "unreadable"}


@malformed(FULL, shows="renamed")
def is_renamed(hand: Hand) -> None:
    """Hand in a file under a name of one's own."""
    hand.solve()
    hand.name = "My homework (final) [2].ipynb"


@malformed(**UNREADABLE)
def is_renamed_twice(hand: Hand) -> None:
    """Hand in two files under names of one's own."""
    hand.name = "final.ipynb"
    hand.files = {"final2.ipynb": hand.solution()}


@malformed(FULL)
def comes_with_checkpoints(hand: Hand) -> None:
    """Hand in the folder of checkpoints, and notebooks of other folders."""
    other = Hand().content()
    hand.solve()
    names = [f".ipynb_checkpoints/{LESSON}-checkpoint.ipynb", "old/x.ipynb"]
    hand.files = dict.fromkeys([*names, f"old/{LESSON}.ipynb"], other)


@malformed(**UNREADABLE)
def is_an_empty_folder(hand: Hand) -> None:
    """Hand in a folder without a notebook."""
    hand.name, hand.raw = "homework.txt", b"I have handed it in already"


@malformed(**UNREADABLE)
def is_a_link(hand: Hand) -> None:
    """Hand in a link to a classmate's notebook."""
    hand.name, hand.raw = "homework.txt", b"see the link"
    classmate = hand.room / "submitted" / "a_classmate" / LESSON / f"{LESSON}.ipynb"
    hand.links = {f"{LESSON}.ipynb": classmate}


@malformed(**UNREADABLE)
def is_a_link_to_nothing(hand: Hand) -> None:
    """Hand in a link that leads nowhere."""
    hand.name, hand.raw = "homework.txt", b"see the link"
    hand.links = {f"{LESSON}.ipynb": Path("nothing")}


@malformed(**UNREADABLE)
def is_a_classmates_folder(hand: Hand) -> None:
    """Hand in a link to the whole folder of a classmate."""

    def link(folder: Path) -> None:
        (folder / hand.name).unlink()
        folder.rmdir()
        folder.symlink_to(hand.room / "submitted" / "a_classmate" / LESSON)

    hand.afterwards = link


@malformed(FULL)
def comes_with_three_hundred_files(hand: Hand) -> None:
    """Hand in more files beside the notebook than are looked at."""
    hand.solve()
    hand.files = {f"notes/{number}.txt": b"x" for number in range(300)}


@malformed(FULL)
def comes_with_a_pipe(hand: Hand) -> None:
    """Hand in a named pipe and a socket's file beside the notebook."""
    hand.solve()
    hand.afterwards = lambda folder: os.mkfifo(folder / "data.csv")


def _time(name: str, content: bytes, shows: str = "") -> None:
    def prepare(hand: Hand) -> None:
        hand.solve()
        hand.files = {"timestamp.txt": content}

    prepare.__name__ = f"says_its_time_is_{name}"
    prepare.__doc__ = f"Hand in {content[:30]!r} as the time of the submission."
    malformed(FULL, shows=shows)(prepare)


_time("garbage", b"yesterday, I think", "found no date")
_time("binary", bytes(range(256)), "found no date")
_time("empty", b"", "found no date")
_time("in_the_year_1", b"0001-01-01 00:00:00 +2300")
_time("in_the_year_9999", b"9999-12-31 23:59:59 -2300")
_time("endless", b"1" * 100_000)
_time("odd", b"10:10:10:10:10 99999999999999999999 inf nan")


def _name(student: str, what: str) -> None:
    def prepare(hand: Hand) -> None:
        hand.solve()
        hand.student = student

    prepare.__name__ = f"is_named_with_{what}"
    prepare.__doc__ = f"Hand in as a student whose name has {what.replace('_', ' ')}."
    malformed(FULL)(prepare)


_name("Ann  Lee von Berg", "spaces")
_name("\u0410\u043d\u043d\u0430 \u5f20\u4f1f \U0001f600", "other_alphabets")
_name("[ab] (1) {2}", "brackets")
_name("-rf", "a_leading_dash")
_name('O\'Hara "Bob" `x`', "quotes")
_name("a*b?c", "wildcards")
_name("{student_id}", "a_format_field")
_name("100% $HOME;ls&|<b>", "signs_of_the_shell")
_name("=1+2,3", "signs_of_a_spreadsheet")
_name("x" * 200, "two_hundred_letters")
_name("a+b", "a_plus_sign")
_name(".hidden", "a_leading_dot")
