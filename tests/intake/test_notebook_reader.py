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
        (b'{"cells": [{"cell_type": "magic"}]}', "cell 1"),
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
