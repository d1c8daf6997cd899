"""Notebooks of another time or program: solved, and graded as they should be."""

import json

import nbformat

from tests.attacks.arena import FULL, Hand
from tests.attacks.registry import Family

malformed = Family("hand in what is broken or odd")


@malformed(FULL)
def has_sources_in_lines(hand: Hand) -> None:
    """Hand in sources as lists of lines, as Jupyter writes them."""
    hand.change_cells(
        lambda cell, number: cell.update(source=cell["source"].splitlines(True))
    )


@malformed(FULL)
def has_no_metadata(hand: Hand) -> None:
    """Hand in a notebook without any metadata or ids."""
    hand.change_cells(lambda cell, number: (cell.pop("metadata"), cell.pop("id")))
    hand.notebook.pop("metadata")


@malformed(FULL)
def has_metadata_of_wrong_types(hand: Hand) -> None:
    """Hand in metadata that are lists, numbers and texts."""
    kinds = [[], 3, "x", None, {"nbgrader": []}, {"nbgrader": {"grade_id": 7}}]
    hand.change_cells(lambda cell, number: cell.update(metadata=kinds[number % 6]))
    hand.notebook["metadata"] = ["a"]


@malformed(FULL)
def has_outputs_of_wrong_types(hand: Hand) -> None:
    """Hand in outputs and counts that are nothing of the kind."""
    hand.change_cells(
        lambda cell, number: cell.update(outputs="x", execution_count={"a": 1})
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

        hand.change_cells(change)

    prepare.__name__ = f"has_schema_{str(version).replace('-', 'minus_')}"
    prepare.__doc__ = f"Hand in nbgrader metadata of schema version {version}."
    malformed(FULL)(prepare)


for _version in (1, 2, 99, "x", -1):
    _schema(_version)


@malformed(FULL)
def has_the_same_ids_twice(hand: Hand) -> None:
    """Hand in cells that all have one id."""
    hand.change_cells(lambda cell, number: cell.update(id="same"))


@malformed(FULL)
def has_invalid_ids(hand: Hand) -> None:
    """Hand in cells whose ids are too long, empty, numbers, not ASCII."""
    ids = ["x" * 500, "", 7, "a b", "\u00e9", None, ["a"]]
    hand.change_cells(lambda cell, number: cell.update(id=ids[number % 7]))


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
    hand.raw = b"\xef\xbb\xbf" + hand.solution()


@malformed(FULL)
def is_utf16(hand: Hand) -> None:
    """Hand in a file in UTF-16, as some editors save it."""
    hand.raw = hand.solution().decode().encode("utf-16")


@malformed(FULL)
def is_windows_own_text(hand: Hand) -> None:
    """Hand in a file in cp1252, as older editors on Windows save it."""
    hand.solve()
    hand.text("na\u00efve")
    hand.raw = json.dumps(hand.notebook, ensure_ascii=False).encode("cp1252")


@malformed(FULL)
def has_windows_line_ends(hand: Hand) -> None:
    """Hand in sources with carriage returns and trailing blanks."""
    hand.change_cells(
        lambda cell, number: cell.update(source=cell["source"].replace("\n", " \r\n")),
    )


@malformed(FULL)
def has_numbers_without_end(hand: Hand) -> None:
    """Hand in an execution count of five thousand digits."""
    raw = hand.solution()
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
