"""Feedback in a real browser: open to all, whole on a small window, and silent."""

import pytest
from axe_core_python.selenium import Axe
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from autograder.gradebook.marker import write_feedback
from tests.support.marked import TESTS, Hand, mark
from tests.support.small_course import NAME, RIGHT, make_course

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("feedback_browser")]
LONG = f"""@property
def double(x):
    # {"a long line " * 12}
    return f"{{x}}\\n" if x in (1, 2) and x is not None else None
"""
TOLD = "AssertionError: double(3) is 3, expected 6"


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Mark one who is right and one who fails, writes and prints, all at length."""
    course = make_course(tmp_path_factory.mktemp("feedback"))
    printed = new_output("stream", text="a long line " * 12)
    failing = Hand(
        "bob",
        answers=RIGHT | {"double": LONG, "why": "Because $2x = x + x$."},
        failed=dict.fromkeys(list(TESTS)[:2], TOLD),
        shows=[printed, printed],
        cells=[new_markdown_cell("My own note."), new_code_cell("y = 1")],
    )
    mark(course, [Hand("ada"), failing])
    write_feedback(course, "all", NAME)
    return course


@pytest.mark.parametrize("student", ["ada", "bob"])
@pytest.mark.parametrize(
    ("width", "scheme"), [(1300, "light"), (390, "light"), (390, "dark")]
)
def test_there_is_no_barrier_and_nothing_is_cut(
    browser, course, student, width, scheme
):
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    page = course.path("feedback", student, NAME) / f"{NAME}.html"
    browser.get(page.as_uri())
    browser.execute_script(
        "document.querySelectorAll('details').forEach(d => d.open = true)"
    )
    found = Axe().run(browser)
    assert len(found["passes"]) > 10
    assert [v["id"] for v in found["violations"] if v["impact"] != "minor"] == []
    wide = browser.execute_script("return document.documentElement.scrollWidth")
    assert wide <= width
    assert browser.get_log("browser") == []
