"""Submissions that are broken, odd or of another kind, most of them in good faith.

All of them are solved; what can be read of one is graded, the rest is `unreadable`.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path

import nbformat

from tests.attacks.arena import FULL, LESSON, Hand
from tests.attacks.registry import Attack, Family

malformed = Family("hand in what is broken or odd")
UNREADABLE = {"status": "unreadable"}


def _solved(hand: Hand) -> bytes:
    hand.solve()
    return hand.content()


def _each_cell(hand: Hand, change: Callable[[dict, int], object]) -> None:
    hand.solve()
    for number, cell in enumerate(hand.notebook.cells):
        change(cell, number)


# Files that are no notebook


@malformed(**UNREADABLE)
def breaks_off_in_the_middle(hand: Hand) -> None:
    """Hand in the first half of a file."""
    content = _solved(hand)
    hand.raw = content[: len(content) // 2]


@malformed(**UNREADABLE)
def is_empty(hand: Hand) -> None:
    """Hand in a file of no bytes."""
    hand.raw = b""


@malformed(**UNREADABLE)
def is_all_zeros(hand: Hand) -> None:
    """Hand in zeros, as a crashed disk leaves them."""
    hand.raw = bytes(5000)


@malformed(**UNREADABLE)
def is_a_script(hand: Hand) -> None:
    """Hand in Python code under the name of a notebook."""
    hand.raw = b"def relu(z):\n    return z\n"


@malformed(**UNREADABLE)
def is_a_zip(hand: Hand) -> None:
    """Hand in an archive under the name of a notebook."""
    hand.raw = b"PK\x03\x04" + os.urandom(500)


@malformed(**UNREADABLE)
def has_conflict_marks(hand: Hand) -> None:
    """Hand in a notebook with the marks of an unfinished merge."""
    hand.raw = b"<<<<<<< HEAD\n" + _solved(hand) + b"\n=======\n{}\n>>>>>>> other\n"


@malformed(**UNREADABLE)
def is_a_list(hand: Hand) -> None:
    """Hand in a JSON list."""
    hand.raw = b"[" + _solved(hand) + b"]"


@malformed(**UNREADABLE)
def is_a_number(hand: Hand) -> None:
    """Hand in a JSON number."""
    hand.raw = b"417"


@malformed(**UNREADABLE)
def has_no_cells(hand: Hand) -> None:
    """Hand in a notebook without the list of cells."""
    hand.raw = b'{"metadata": {}, "nbformat": 4, "nbformat_minor": 5}'


@malformed(**UNREADABLE)
def has_cells_in_a_dict(hand: Hand) -> None:
    """Hand in cells that are no list."""
    hand.raw = b'{"cells": {"a": 1}, "metadata": {}, "nbformat": 4}'


@malformed(**UNREADABLE)
def has_cells_that_are_texts(hand: Hand) -> None:
    """Hand in cells that are no objects."""
    hand.raw = b'{"cells": ["a", null, 3], "metadata": {}, "nbformat": 4}'


@malformed(**UNREADABLE)
def has_sources_that_are_numbers(hand: Hand) -> None:
    """Hand in cells whose sources are numbers."""
    _each_cell(hand, lambda cell, number: cell.update(source=number))


@malformed(**UNREADABLE)
def has_sources_in_lists_of_lists(hand: Hand) -> None:
    """Hand in cells whose sources are nested."""
    _each_cell(hand, lambda cell, number: cell.update(source=[[cell["source"]]]))


@malformed(**UNREADABLE)
def has_cells_of_an_unknown_kind(hand: Hand) -> None:
    """Hand in cells of a kind that Jupyter does not know."""
    _each_cell(hand, lambda cell, number: cell.update(cell_type="sql"))


@malformed(**UNREADABLE)
def nests_a_hundred_thousand_lists(hand: Hand) -> None:
    """Hand in JSON too deep for any parser's stack."""
    hand.raw = b'{"cells": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"


@malformed(**UNREADABLE)
def is_no_utf8(hand: Hand) -> None:
    """Hand in a notebook in another encoding than JSON's."""
    hand.solve()
    hand.text("na\u00efve")
    hand.raw = json.dumps(hand.notebook, ensure_ascii=False).encode("latin-1")


@malformed(**UNREADABLE)
def has_too_many_cells(hand: Hand) -> None:
    """Hand in 2001 cells."""
    hand.solve()
    while len(hand.notebook.cells) < 2001:
        hand.last("1")


@malformed(**UNREADABLE)
def is_too_large(hand: Hand) -> None:
    """Hand in 21 MiB, most of it outputs."""
    hand.solve()
    text = "x" * (21 * 2**20)
    output = {"output_type": "stream", "name": "stdout", "text": text}
    hand.cell("imports")["outputs"] = [output]


# Notebooks of another time or program


@malformed(FULL)
def has_sources_in_lines(hand: Hand) -> None:
    """Hand in sources as lists of lines, as Jupyter writes them."""
    _each_cell(
        hand, lambda cell, number: cell.update(source=cell["source"].splitlines(True))
    )


@malformed(FULL)
def has_no_metadata(hand: Hand) -> None:
    """Hand in a notebook without any metadata or ids."""
    _each_cell(hand, lambda cell, number: (cell.pop("metadata"), cell.pop("id")))
    hand.notebook.pop("metadata")


@malformed(FULL)
def has_metadata_of_wrong_types(hand: Hand) -> None:
    """Hand in metadata that are lists, numbers and texts."""
    kinds = [[], 3, "x", None, {"nbgrader": []}, {"nbgrader": {"grade_id": 7}}]
    _each_cell(hand, lambda cell, number: cell.update(metadata=kinds[number % 6]))
    hand.notebook["metadata"] = ["a"]


@malformed(FULL)
def has_outputs_of_wrong_types(hand: Hand) -> None:
    """Hand in outputs and counts that are nothing of the kind."""
    _each_cell(
        hand, lambda cell, number: cell.update(outputs="x", execution_count={"a": 1})
    )


@malformed(FULL)
def is_of_version_3(hand: Hand) -> None:
    """Hand in a notebook in the format of 2013, with worksheets."""
    hand.solve()
    made = nbformat.convert(hand.notebook, 3)
    hand.raw = nbformat.writes(made, version=3).encode()


@malformed(FULL)
def is_of_version_2(hand: Hand) -> None:
    """Hand in a notebook in the format of 2012."""
    hand.solve()
    made = json.loads(nbformat.writes(nbformat.convert(hand.notebook, 3), version=3))
    hand.raw = json.dumps(made | {"nbformat": 2}).encode()


@malformed(FULL)
def is_of_a_version_to_come(hand: Hand) -> None:
    """Hand in a notebook that says it is of version 5.7."""
    hand.solve()
    hand.notebook |= {"nbformat": 5, "nbformat_minor": 7}


@malformed(FULL)
def says_no_version(hand: Hand) -> None:
    """Hand in a notebook whose version is a word."""
    hand.solve()
    hand.notebook["nbformat"] = "four"
    del hand.notebook["nbformat_minor"]


def _schema(version: object) -> None:
    def prepare(hand: Hand) -> None:
        def change(cell: dict, number: int) -> None:
            if "nbgrader" in cell["metadata"]:
                cell["metadata"]["nbgrader"]["schema_version"] = version

        _each_cell(hand, change)

    prepare.__name__ = f"has_schema_{str(version).replace('-', 'minus_')}"
    prepare.__doc__ = f"Hand in nbgrader metadata of schema version {version}."
    malformed(FULL)(prepare)


for _version in (1, 2, 99, "x", -1):
    _schema(_version)


@malformed(FULL)
def has_the_same_ids_twice(hand: Hand) -> None:
    """Hand in cells that all have one id."""
    _each_cell(hand, lambda cell, number: cell.update(id="same"))


@malformed(FULL)
def has_invalid_ids(hand: Hand) -> None:
    """Hand in cells whose ids are too long, empty, numbers, not ASCII."""
    ids = ["x" * 500, "", 7, "a b", "\u00e9", None, ["a"]]
    _each_cell(hand, lambda cell, number: cell.update(id=ids[number % 7]))


@malformed(FULL)
def has_a_cell_copied(hand: Hand) -> None:
    """Hand in an answer twice, name and all, as copy and paste makes it."""
    hand.solve()
    cell = hand.cell("relu")
    place = hand.notebook.cells.index(cell)
    hand.notebook.cells.insert(place, nbformat.from_dict(cell | {"id": "copied"}))


@malformed(FULL)
def has_a_byte_order_mark(hand: Hand) -> None:
    """Hand in a file that begins with a byte order mark."""
    hand.raw = b"\xef\xbb\xbf" + _solved(hand)


@malformed(FULL)
def is_utf16(hand: Hand) -> None:
    """Hand in a file in UTF-16, as some editors save it."""
    hand.raw = _solved(hand).decode().encode("utf-16")


@malformed(FULL)
def has_windows_line_ends(hand: Hand) -> None:
    """Hand in sources with carriage returns and trailing blanks."""
    _each_cell(
        hand,
        lambda cell, number: cell.update(source=cell["source"].replace("\n", " \r\n")),
    )


@malformed(FULL)
def has_numbers_without_end(hand: Hand) -> None:
    """Hand in an execution count of five thousand digits."""
    raw = _solved(hand)
    count = b'"execution_count": ' + b"7" * 5000
    hand.raw = raw.replace(b'"execution_count": null', count)


@malformed(FULL)
def has_numbers_that_are_none(hand: Hand) -> None:
    """Hand in NaN and Infinity, which JSON does not have."""
    hand.solve()
    hand.notebook["metadata"]["x"] = [float("nan"), float("inf"), 1e308 * 10]


@malformed(FULL)
def has_half_characters(hand: Hand) -> None:
    """Hand in lone surrogates in code, prose and names."""
    hand.solve()
    hand.last("'\ud800'")
    hand.text("\udfff")
    hand.cell("why")["metadata"]["\ud800"] = "\ud800"


@malformed(FULL)
def has_nul_bytes(hand: Hand) -> None:
    """Hand in control characters in code and prose."""
    hand.solve()
    hand.last("x = '\x00\x08\x1b[2J'")
    hand.text("\x00\x0c\x7f")


@malformed(FULL)
def has_widgets_and_attachments(hand: Hand) -> None:
    """Hand in the state of widgets, pasted pictures, raw cells, slides."""
    hand.solve()
    state = {"application/vnd.jupyter.widget-state+json": {"state": {"a": 3}}}
    hand.notebook["metadata"]["widgets"] = state
    hand.cell("why")["attachments"] = {"a.png": {"image/png": "A" * 5000}}
    raw = nbformat.v4.new_raw_cell("\\latex{}", metadata={"format": "text/latex"})
    hand.notebook.cells.insert(1, raw)


@malformed(FULL)
def says_it_is_in_r(hand: Hand) -> None:
    """Hand in a notebook whose kernel is one for R."""
    hand.solve()
    hand.notebook["metadata"]["kernelspec"] = {"name": "ir", "language": "R"}
    hand.notebook["metadata"]["language_info"] = {"name": "R"}


# Folders


@malformed(FULL, shows="renamed")
def is_renamed(hand: Hand) -> None:
    """Hand in a file under a name of one's own."""
    hand.solve()
    hand.name = "My homework (final) [2].ipynb"


@malformed(**UNREADABLE)
def is_renamed_twice(hand: Hand) -> None:
    """Hand in two files under names of one's own."""
    hand.name = "final.ipynb"
    hand.files = {"final2.ipynb": _solved(hand)}


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
    hand.name = "homework.txt"


@malformed(**UNREADABLE)
def is_a_link(hand: Hand) -> None:
    """Hand in a link to a classmate's notebook."""
    hand.name = "homework.txt"
    classmate = hand.room / "submitted" / "a_classmate" / LESSON / f"{LESSON}.ipynb"
    hand.links = {f"{LESSON}.ipynb": classmate}


@malformed(**UNREADABLE)
def is_a_link_to_nothing(hand: Hand) -> None:
    """Hand in a link that leads nowhere."""
    hand.name = "homework.txt"
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

MALFORMED: tuple[Attack, ...] = tuple(malformed.attacks)
