"""A file that is handed in is read as a notebook, or it is said why it is none."""

import json

import pytest

from autograder.base.errors import UnreadableSubmission
from autograder.intake.notebook_reader import find_notebook, read_notebook


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "not a notebook"),
        (b'{"cells": [{"cell_type": "code", "sou', "not a notebook"),
        (b"[" * 100_000, "not a notebook"),
        (b"[1, 2]", "found a JSON list"),
        (b"{}", "found no cells"),
        (b'{"cells": 3}', "found no cells"),
        (b'{"cells": [3]}', "cell 1"),
        (b'{"cells": ["magic"]}', "cell 1"),
        (b'{"cells": [\n<<<<<<< HEAD\n{}\n=======\n', "git.*in line 2;"),
        (b'{"cells": [\r\n  <<<<<<<\r\n{}', "git.*in line 2;"),
        (b'{"cells": [{"cell_type": "code", "source": {"a": 1}}]}', "its source is"),
        (b"\xff\xfe\x00\x00", "not a notebook"),
    ],
)
def test_a_file_that_is_no_notebook_is_unreadable_and_says_why(
    content, expected, tmp_path
):
    path = tmp_path / "a.ipynb"
    path.write_bytes(content)
    with pytest.raises(UnreadableSubmission, match=expected):
        read_notebook(path)


def test_a_notebook_of_an_old_format_is_read(tmp_path):
    old = {
        "nbformat": 3,
        "worksheets": [
            {"cells": [{"cell_type": "code", "input": ["a = 1\n", "b = 2"]}]}
        ],
    }
    path = tmp_path / "a.ipynb"
    path.write_text(json.dumps(old))
    assert read_notebook(path).cells[0].source == "a = 1\nb = 2"


@pytest.mark.parametrize(
    ("lines", "source"),
    [
        (["a = 1", "", "b = 2"], "a = 1\n\nb = 2"),  # as generators and VS Code have it
        (["a = 1\n", "b = 2"], "a = 1\nb = 2"),
        (["a = 1\r\n", "b = 2"], "a = 1\r\nb = 2"),
        (["s = '\u2028", "'"], "s = '\u2028'"),  # nbformat ends a line there, too
        (["a = 1"], "a = 1"),
        ([], ""),
    ],
)
def test_lines_are_lines_whether_their_ends_are_written_or_not(lines, source, tmp_path):
    path = tmp_path / "a.ipynb"
    path.write_text(json.dumps({"cells": [{"cell_type": "code", "source": lines}]}))
    assert read_notebook(path).cells[0].source == source


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_what_a_disk_left_behind_a_notebook_is_not_read(encoding, tmp_path):
    content = json.dumps({"cells": [{"cell_type": "code", "source": "x = 1"}]})
    path = tmp_path / "a.ipynb"
    path.write_bytes(content.encode(encoding) + bytes(512))
    assert read_notebook(path).cells[0].source == "x = 1"


@pytest.mark.parametrize(
    "odd", [{"cell_type": "sql"}, {"cell_type": "unknown"}, {"cell_type": 3}, {}]
)
def test_a_cell_of_a_kind_that_only_its_editor_knows_spoils_no_other(odd, tmp_path):
    cells = [odd | {"source": ["select 1"]}, {"cell_type": "code", "source": "x = 1"}]
    (tmp_path / "a.ipynb").write_text(json.dumps({"cells": cells}))
    read = read_notebook(tmp_path / "a.ipynb").cells
    assert [(cell.cell_type, cell.source) for cell in read] == [
        ("raw", "select 1"),
        ("code", "x = 1"),
    ]


def test_a_cell_without_a_text_is_an_empty_one(tmp_path):
    content = '{"cells": [{"cell_type": "code", "source": null}]}'
    (tmp_path / "a.ipynb").write_text(content)
    assert read_notebook(tmp_path / "a.ipynb").cells[0].source == ""


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("a.py", r"a\.py \(a notebook's text alone\), expected"),
        ("a (1).md", r"a \(1\)\.md \(a notebook's text alone\), expected"),
        ("a.HTML", r"a\.HTML \(a page made of a notebook\), expected"),
        ("helper.py", r"found helper\.py, expected"),
        (".ipynb_checkpoints/a-checkpoint.ipynb", "no notebook but Jupyter's backup"),
    ],
)
def test_what_was_handed_in_instead_of_a_notebook_is_named(name, said, tmp_path):
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("# %%\nx = 1\n")
    with pytest.raises(UnreadableSubmission, match=said):
        find_notebook(tmp_path, "a")


def test_lone_surrogates_do_not_stop_a_notebook(tmp_path):
    path = tmp_path / "a.ipynb"
    path.write_text(r'{"cells": [{"cell_type": "code", "source": "s = \"\ud800\""}]}')
    assert read_notebook(path).cells[0].source == 's = "?"'


def test_a_renamed_notebook_is_found_and_reported(tmp_path):
    (tmp_path / "01_neuron (2).ipynb").write_text("{}")
    path, repairs = find_notebook(tmp_path, "01_neuron")
    assert path.name == "01_neuron (2).ipynb"
    assert "renamed" in repairs[0]


def test_a_link_is_no_submission(tmp_path):
    secret = tmp_path / "secret.ipynb"
    secret.write_text("{}")
    folder = tmp_path / "handed_in"
    folder.mkdir()
    (folder / "01_neuron.ipynb").symlink_to(secret)
    with pytest.raises(UnreadableSubmission, match="found no notebook"):
        find_notebook(folder, "01_neuron")


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8-sig", "utf-16"])
def test_a_notebook_in_another_encoding_is_read(encoding, tmp_path):
    text = '{"cells": [{"cell_type": "markdown", "source": "für é"}]}'
    (tmp_path / "p.ipynb").write_bytes(text.encode(encoding))
    assert read_notebook(tmp_path / "p.ipynb").cells[0].source == "für é"
