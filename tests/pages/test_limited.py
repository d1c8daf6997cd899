"""Whatever is written, there is a page in seconds; honest markup loses nothing."""

import json
import os
import time

import pytest

from autograder.pages import limited
from autograder.pages.limited import MOST_OF_A_PAGE_S, MOST_S, one_page
from autograder.pages.sanitize import NOT_CLEAN, clean_html, coloured, markdown


def nested(tag: str, depth: int, texts: int) -> str:
    """Return formatting tags that are open, no two alike, and texts in all of them."""
    return "<p>" + "".join(f"<{tag} a{n}>" for n in range(depth)) + "<p>x" * texts


ENDLESS_HTML = {
    "formatting tags": nested("b", 1_200, 4_000),
    "links": nested("font", 1_000, 3_000),
    "small tags": nested("small", 1_000, 4_000),
    "tags of tables": "<table>" + nested("i", 1_200, 4_000),
}
ENDLESS_NOTES = {
    "formulas that do not end": "\\\\[" * 6_600,
    "formatting tags": nested("b", 1_000, 2_000),
    "formatting tags in a list": "* " + nested("i", 1_000, 2_000),
}
PATIENCE_S = 30.0
"""By the clock, on a machine that is busy."""


@pytest.mark.patient
@pytest.mark.parametrize("name", ENDLESS_HTML)
def test_html_that_takes_long_is_left_out_with_a_sentence(name):
    began = time.monotonic()
    shown = clean_html(ENDLESS_HTML[name])
    assert time.monotonic() - began < PATIENCE_S
    assert shown == NOT_CLEAN or len(shown) < 5_000_000


@pytest.mark.patient
@pytest.mark.parametrize("name", ENDLESS_NOTES)
def test_a_note_that_takes_long_is_shown_as_it_was_written(name):
    began = time.monotonic()
    shown = markdown(ENDLESS_NOTES[name])
    assert time.monotonic() - began < PATIENCE_S
    assert shown


@pytest.mark.patient
def test_a_page_has_an_end_however_many_texts_take_long():
    began = os.times()
    with one_page():
        for number in range(15):
            clean_html(f"{number}{ENDLESS_HTML['formatting tags']}")
        assert clean_html("<b>one more</b>") in ("<b>one more</b>", NOT_CLEAN)
    ended = os.times()
    used = sum(ended[:4]) - sum(began[:4])
    assert used < MOST_OF_A_PAGE_S + 3 * MOST_S + 5.0
    assert clean_html("<b>another page</b>") == "<b>another page</b>"


@pytest.mark.parametrize(
    "note",
    [
        "![a figure](attachment:figure.png)",
        "![](attachment:missing)",
        "![x][y]\n\n[y]: attachment:z.png",
        "# a heading ![](attachment:a%20b.png) and *more*",
    ],
)
def test_a_picture_that_was_not_attached_costs_no_page(note):
    shown = markdown(f"Before.\n\n{note}\n\nAfter.")
    assert "Before." in shown
    assert "After." in shown
    assert "attachment:" not in shown.replace(note, "")


def test_what_ends_the_process_costs_the_next_text_nothing():
    assert clean_html("<b>1</b>") == "<b>1</b>"
    limited._process._running.kill()
    limited._process._running.wait()
    assert clean_html("<b>2</b>") in ("<b>2</b>", NOT_CLEAN)
    assert clean_html("<b>3</b>") == "<b>3</b>"


def test_an_answer_that_breaks_off_costs_the_next_text_nothing(monkeypatch):
    with monkeypatch.context() as patch:
        # As `read` returns what there is of it, when the system ends the process.
        patch.setattr(limited, "_received", lambda _: json.loads('{"made": "<b'))
        assert clean_html("<b>1</b>") == NOT_CLEAN
    assert clean_html("<b>2</b>") == "<b>2</b>"


def test_one_process_does_all_of_a_run_in_a_fraction_of_a_millisecond_each():
    clean_html("<b>x</b>")
    process = limited._process._running.pid
    began = time.process_time()
    for number in range(500):
        assert clean_html(f"<b>{number}</b>") == f"<b>{number}</b>"
    assert time.process_time() - began < 1.0
    assert limited._process._running.pid == process


def test_what_is_empty_stays_so_and_code_is_coloured():
    assert clean_html("") == ""
    assert clean_html("<script>alert()</script>") == ""
    assert markdown("") == ""
    assert 'class="k"' in coloured("def f():\n    return 1")
