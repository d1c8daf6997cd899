"""Marking in a real browser: by keys alone, on a small window, and by two at once."""

import re
import signal
import time

import pytest
from axe_core_python.selenium import Axe
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from autograder.course.course import foreign_course
from tests.support.small_class import LESSON, RIGHT, SmallClass, cells
from tests.support.visitor import marking

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("desk_browser")]
PATIENCE_S = 120
"""Nothing here takes so long; a page that hangs ends the test then."""


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    made = SmallClass(tmp_path_factory.mktemp("desk") / "course")
    made.write_lesson(cells(question="### BEGIN SOLUTION\nSo.\n### END SOLUTION"))
    for student in ("ada", "bob", "cy"):
        made.hand_in(student, RIGHT | {"why": f"As {len(student)} is $x$."})
    assert "3 graded" in made.run("grade", "--jobs", "1")
    return made


@pytest.fixture(scope="module")
def served(room):
    with marking(foreign_course(room.root), LESSON) as found:
        yield found


@pytest.fixture
def page(browser, served):
    browser.get(f"{served[1]}0")
    return browser


def press(page, *keys):
    for key in keys:
        page.switch_to.active_element.send_keys(key)


def until(condition):
    """Wait until something is as it should be; return it."""
    end = time.monotonic() + PATIENCE_S
    while not (found := condition()):
        assert time.monotonic() < end, condition
        time.sleep(0.1)
    return found


def sheets(page):
    return page.find_elements(By.CLASS_NAME, "desk-sheet")


def told(sheet):
    return sheet.find_element(By.CSS_SELECTOR, "[data-state]").text


def marks(room, cell="why"):
    """Return what nbgrader's gradebook has of each student."""
    with room.gradebook() as gradebook:
        grades = {s: room.grade_of(gradebook, cell, s) for s in ("ada", "bob", "cy")}
        return {
            (grade.manual_score, grade.needs_manual_grade) for grade in grades.values()
        }


def test_keys_alone_mark_a_class_and_all_of_it_is_in_the_gradebook(room, page):
    body = page.find_element(By.TAG_NAME, "body")
    body.send_keys("u")
    press(page, "2", "+", "c", "Half a step is missing.", Keys.ESCAPE, "u", "3", "j")
    press(page, "1", "-")
    until(lambda: marks(room) == {(2.5, False), (3.0, False), (0.5, False)})
    until(lambda: all("marked; saved" in told(sheet) for sheet in sheets(page)))
    page.refresh()
    first = sheets(page)[0]
    field = first.find_element(By.CSS_SELECTOR, "textarea")
    assert field.get_attribute("value") == "Half a step is missing."
    assert page.find_element(By.CSS_SELECTOR, "[data-left]").text == "0"


def test_names_come_and_go(page):
    # A whole word: a random id may have these letters.
    assert not re.search(r"\bada\b", page.page_source)
    body = page.find_element(By.TAG_NAME, "body")
    body.send_keys("n")
    until(lambda: "ada" in page.find_element(By.ID, "main").text)
    body.send_keys("n")
    until(lambda: "ada" not in page.find_element(By.ID, "main").text)


def test_what_another_one_wrote_meanwhile_is_shown_beside_what_is_kept(room, page):
    for student in ("ada", "bob", "cy"):
        room.give("why", student, 1.5)
    first = sheets(page)[0]
    first.send_keys("3")
    there = until(lambda: first.find_element(By.CSS_SELECTOR, "[data-theirs]").text)
    assert "1.5 points" in there
    assert marks(room) == {(1.5, False)}
    field = first.find_element(By.CSS_SELECTOR, "[data-points]")
    assert field.get_attribute("value") == "3"
    first.find_element(By.CSS_SELECTOR, "[data-mine]").click()
    until(lambda: marks(room) == {(1.5, False), (3.0, False)})
    until(lambda: "marked; saved" in told(first))  # else it leaves with a request open


@pytest.mark.parametrize(("width", "scheme"), [(1300, "light"), (390, "dark")])
def test_there_is_no_barrier_and_nothing_is_cut(page, width, scheme):
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    page.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    page.refresh()
    found = Axe().run(page)
    assert len(found["passes"]) > 10
    assert [v["id"] for v in found["violations"] if v["impact"] != "minor"] == []
    wide = page.execute_script("return document.documentElement.scrollWidth")
    assert wide <= width
    page.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_a_page_asks_nobody_else_and_complains_of_nothing(page):
    said = [entry["message"] for entry in page.get_log("browser")]
    assert not [text for text in said if "favicon" not in text and "409" not in text]


def test_what_cannot_be_sent_stays_on_the_page(page, served):
    """The last one: it ends the server."""
    process, _ = served
    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=PATIENCE_S)
    assert rest.splitlines()[-1].startswith(
        f"{LESSON}: answers marked: 3; still waiting: 3"
    )
    first = sheets(page)[0]
    first.send_keys("0")
    until(lambda: "the server does not answer" in told(first))
    field = first.find_element(By.CSS_SELECTOR, "[data-points]")
    assert field.get_attribute("value") == "0"
    page.execute_script(
        "window.onbeforeunload = null; sheets.forEach(s => s.changed = {})"
    )
