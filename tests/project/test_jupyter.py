"""JupyterLab and the formgrader in a real browser: students work, people mark."""

import contextlib
import json
import os
import re
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from autograder.gradebook.marker import Marker
from tests.support.small_course import NAME, RIGHT, hand_in, make_course, released

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("jupyter")]
SETTINGS = """from pathlib import Path

from autograder.course.course import configure

configure(get_config(), root=Path(__file__).parent)
"""
PATIENCE_S = 120


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Make a course with one lesson given out and one submission handed in."""
    root = tmp_path_factory.mktemp("course")
    made = make_course(root)
    (root / "nbgrader_config.py").write_text(SETTINGS, "utf-8")
    folder = root / "notebooks" / NAME
    folder.mkdir(parents=True)
    nbformat.write(released(root), folder / f"{NAME}.ipynb")
    wrong = RIGHT | {"total": "def total(numbers):\n    return numbers[0]"}
    hand_in(root, "ada", wrong)
    with Marker(made) as marker:
        marker.register(NAME)
    return made


@pytest.fixture(scope="module")
def lab(course):
    """Start JupyterLab in the course's folder; return its address."""
    told = course.root / "runtime"
    command = [sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root"]
    options = ["--port=0", "--ServerApp.token=", "--ServerApp.ip=127.0.0.1"]
    with (course.root / "lab.log").open("wb") as log:
        server = subprocess.Popen(
            [*command, *options],
            cwd=course.root,
            env=os.environ | {"JUPYTER_RUNTIME_DIR": str(told)},
            stdout=log,
            stderr=log,
        )
    try:
        port = wait_until(lambda: port_told_in(told))
        address = f"http://127.0.0.1:{port}"
        wait_until(lambda: is_there(f"{address}/api"))
        yield address
    finally:
        server.terminate()
        server.wait()


def test_a_student_answers_runs_and_validates(browser, lab):
    browser.get(f"{lab}/lab/tree/notebooks/{NAME}/{NAME}.ipynb?reset")
    see(browser, ".jp-StatusBar-TextItem", "| Idle")
    answer = see(browser, ".jp-CodeCell", "def double")
    answer.find_element(By.CSS_SELECTOR, ".cm-content").click()
    keys = browser.switch_to.active_element
    keys.send_keys(Keys.CONTROL, "a")
    # The editor indents what follows a colon.
    keys.send_keys("def double(x):\nreturn x + x")
    wait_until(lambda: "return x + x" in answer.text)
    # The imports, the answer, and its visible check.
    see(browser, ".jp-CodeCell", "import numpy").find_element(
        By.CSS_SELECTOR, ".cm-content"
    ).click()
    for _ in range(3):
        browser.switch_to.active_element.send_keys(Keys.SHIFT, Keys.ENTER)
    check = see(browser, ".jp-CodeCell", "assert double(3)")
    check.find_element(By.CSS_SELECTOR, ".jp-Placeholder").click()  # it is folded
    wait_until(lambda: re.search(r"\[3\]:", check.text))
    assert "AssertionError" not in check.text
    see(browser, ".validate-button", "Validate").click()
    told = see(browser, ".jp-Dialog-content", "The following cell failed").text
    assert "You did not provide a response." in told
    assert "def double" not in told


def test_a_person_grades_in_the_formgrader(browser, lab, course):
    browser.get(f"{lab}/formgrader/manage_assignments")
    see(browser, "tr", NAME)
    browser.get(f"{lab}/formgrader/manage_submissions/{NAME}")
    see(browser, ".label-warning", "needs autograding")
    browser.find_element(By.CSS_SELECTOR, ".autograde a").click()
    told = see(browser, ".modal-dialog", "Successfully autograded")
    assert "SealedExecute" in told.text  # the step that nbgrader's own stands back for
    with Gradebook(course.db_url) as gradebook:
        found = gradebook.find_submission(NAME, "ada")
        assert (found.score, found.needs_manual_grade) == (3, True)
        notebook = found.notebooks[0].id
    browser.get(f"{lab}/formgrader/submissions/{notebook}/?index=0")
    box = see(browser, "#why", "")
    box.send_keys("2.5", Keys.TAB)
    note = browser.find_element(By.ID, "why-comment")
    note.send_keys("Say which rule.", Keys.TAB)
    wait_until(lambda: score_of(course) == 5.5)
    browser.get(f"{lab}/formgrader/manage_submissions/{NAME}")
    see(browser, ".label-success", "graded")
    browser.find_element(By.CSS_SELECTOR, ".generate-feedback a").click()
    see(browser, ".modal-dialog", "Successfully generated feedback")
    (page,) = course.path("feedback", "ada", NAME).glob("*.html")
    assert "Say which rule." in page.read_text("utf-8")


def score_of(course) -> float:
    with Gradebook(course.db_url) as gradebook:
        return gradebook.find_submission(NAME, "ada").score


def see(browser, selector, text):
    """Wait for an element that is shown and holds a text; return it."""

    def found(_):
        with contextlib.suppress(Exception):  # it may go while it is looked at
            for element in browser.find_elements(By.CSS_SELECTOR, selector):
                if element.is_displayed() and text in element.text:
                    return element
        return None

    wanted = f"{selector} with {text!r}"
    return WebDriverWait(browser, PATIENCE_S).until(found, f"not seen: {wanted}")


def wait_until(is_so):
    end = time.monotonic() + PATIENCE_S
    while not (found := is_so()):
        assert time.monotonic() < end, "it did not come true in time"
        time.sleep(0.2)
    return found


def port_told_in(folder: Path) -> int | None:
    with contextlib.suppress(StopIteration, ValueError):  # not yet, or not all of it
        return json.loads(next(folder.glob("jpserver-*.json")).read_bytes())["port"]
    return None


def is_there(address: str) -> bool:
    with contextlib.suppress(OSError):
        return urllib.request.urlopen(address).status == 200
    return False
