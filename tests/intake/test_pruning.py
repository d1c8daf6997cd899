"""Outputs of any size cost nobody a mark: they are dropped before they are parsed."""

import contextlib
import json
import time

import pytest

from autograder.intake import pruning
from autograder.intake.pruning import TooMuch, pruned

CELL = {"cell_type": "code", "source": ['a = "[{\\\\"outputs": ["\n', "b"]}


def notebook(**parts: object) -> bytes:
    return json.dumps({"cells": [CELL | parts], "metadata": {}}).encode()


@pytest.fixture
def small(monkeypatch):
    """Let a kilobyte be large."""
    monkeypatch.setattr(pruning, "LARGEST_MIB", 2**-10)
    monkeypatch.setattr(pruning, "MOST_VALUES", 100)


def test_what_fits_stays_byte_for_byte():
    content = notebook(outputs=[{"text": "x" * 1000}])
    assert pruned(content) == (content, 0.0, False)


@pytest.mark.parametrize("name", ["outputs", "attachments", "widgets"])
@pytest.mark.parametrize(
    "heavy",
    [
        ["x" * 5000],
        [{"text": ['"]}' * 50, "\\", '\\"']} for _ in range(20)],
        {"a": {"b": [[], {}, [[1, 2], {"c": "]}\\"}]] * 100}},
        [[[["deep"]]] * 200],
    ],
)
def test_what_is_heavy_is_dropped_and_all_else_stays(name, heavy, small):
    kept, lost_mib, has_no_pictures = pruned(notebook(**{name: heavy, "after": 1}))
    assert (lost_mib > 0, has_no_pictures) == (
        (False, True) if name == "attachments" else (True, False)
    )
    assert json.loads(kept)["cells"] == [CELL | {name: type(heavy)(), "after": 1}]


@pytest.mark.parametrize(
    "content",
    [
        notebook(source="x" * 2000),
        notebook(metadata={"a": [[]] * 200}),
        notebook(more="y" * 2000, outputs=[]),
    ],
)
def test_what_is_heavy_otherwise_is_too_much_and_says_so(content, small):
    with pytest.raises(TooMuch, match="expected"):
        pruned(content)


@pytest.mark.parametrize(
    "end", [b"", b'"', b'"a', b"[", b"{", b'"\\', b"[[]", b'{"a": "']
)
def test_what_breaks_off_stays_broken(end, small):
    content = b'{"cells": [{"outputs": [' + b"[]," * 50 + end
    with pytest.raises((ValueError, TooMuch)):
        json.loads(pruned(content)[0])


def test_commas_in_a_text_are_no_values(small):
    content = notebook(source="1," * 300)
    assert pruned(content)[0] == content


@pytest.mark.parametrize("piece", [b"[],", b'{"a":1},', b"[[[]]],", b'"\\\\",'])
def test_a_hundred_megabytes_take_seconds(piece):
    content = b'{"cells": [{"outputs": [' + piece * (50 * 2**20 // len(piece))
    content += b"1]}]}"
    began = time.process_time()
    with contextlib.suppress(TooMuch):
        assert pruned(content)[0] == b'{"cells": [{"outputs": []}]}'
    assert time.process_time() - began < 15.0


@pytest.mark.parametrize("piece", [b'\\",', b'\\"[', b'\\"{\\\\'])
@pytest.mark.parametrize("end", [b"", b"\\"])
def test_a_text_without_an_end_takes_no_time(piece, end):
    content = b'{"cells": ["' + piece * (pruning.MOST_VALUES + 1) + end
    began = time.process_time()
    assert pruned(content) == (content, 0.0, False)
    assert time.process_time() - began < 5
