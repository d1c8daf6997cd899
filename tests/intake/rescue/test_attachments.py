"""Pictures pasted into text are kept; nothing else that is attached is."""

import base64
import json

import nbformat
import pytest

from autograder.intake.notebook_reader import parse_notebook
from autograder.intake.repair import repair
from autograder.intake.rescue import attachments
from autograder.model.cells import ReferenceCell

PNG = b"\x89PNG\r\n\x1a\n and more"
JPEG = b"\xff\xd8\xff and more"
STUB = "Write here."
WHY = ReferenceCell("why", "markdown", STUB, "0", False, True, True, False, 1.0)


def b64(content):
    return base64.b64encode(content).decode()


def repaired(*attached, name="a.png"):
    cells = [
        {
            "cell_type": "markdown",
            "source": f"![it](attachment:{name})",
            "metadata": {"nbgrader": {"grade_id": "why"}} if not place else {},
            "attachments": one,
        }
        for place, one in enumerate(attached)
    ]
    content = json.dumps({"cells": cells}).encode()
    return repair(parse_notebook(content, "a.ipynb"), [WHY])


@pytest.mark.parametrize(
    ("said", "content", "kind"),
    [
        ("image/png", PNG, "image/png"),
        ("image/png", JPEG, "image/jpeg"),
        ("image/jpg", JPEG, "image/jpeg"),
        ("image/gif", b"GIF89a", "image/gif"),
    ],
)
def test_a_picture_stays_as_what_it_is(said, content, kind):
    found = repaired({"a.png": {said: b64(content)}}, {"a.png": {said: [b64(content)]}})
    for cell in found.notebook.cells:
        assert cell.attachments == {"a.png": {kind: b64(content)}}
    assert (found.repairs, found.tampering) == ([], [])
    nbformat.validate(found.notebook)


@pytest.mark.parametrize(
    "attached",
    [
        {"image/svg+xml": "<svg onload='alert(1)'/>"},
        {"image/png": b64(b"<script>alert(1)</script>")},
        {"image/png": "no base64"},
        {"image/png": 3},
        {"text/html": b64(b"<b>")},
        {},
        [],
        None,
    ],
)
def test_what_is_no_picture_goes_and_it_is_said(attached):
    found = repaired({"a.png": attached})
    assert "attachments" not in found.notebook.cells[0]
    assert found.repairs == [
        "why: left out what is attached to it, a.png: no picture in PNG, JPEG or GIF; "
        "look at the file that was handed in"
    ]


@pytest.mark.parametrize("attached", [None, [], "x", 3])
def test_attachments_of_any_form_do_not_stop_a_notebook(attached):
    assert "attachments" not in repaired(attached).notebook.cells[0]


def test_pictures_have_a_size_each_and_together(monkeypatch):
    monkeypatch.setattr(attachments, "LARGEST_MIB", 0.001)
    found = repaired({"a.png": {"image/png": b64(PNG + bytes(1100))}})
    assert "a.png: 0.0 MiB, expected at most 0.001" in found.repairs[0]
    monkeypatch.setattr(attachments.Album, "__init__", small_album)
    fits = {"a.png": {"image/png": b64(PNG + bytes(500))}}
    found = repaired(fits, fits, {f"{n}.png": {"image/png": ""} for n in range(9)})
    assert [("attachments" in c) for c in found.notebook.cells] == [True, False, False]
    assert "all pictures take more than" in found.repairs[0]
    assert "more than 40 pictures" in found.repairs[-1]


def small_album(album):
    album.bytes_left, album.left = 700, 5
