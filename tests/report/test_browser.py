"""The report in a real browser: sorted, searched, and whole on a small window."""

import pytest
from axe_core_python.selenium import Axe
from selenium.webdriver.common.by import By

from autograder.report.page import write_report
from tests.support.marked import TESTS, Hand, mark
from tests.support.small_course import make_course

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("report_browser")]
POINTS = {"ada": [], "bob": list(TESTS), "cy": list(TESTS)[:1]}


@pytest.fixture(scope="module")
def page(browser, tmp_path_factory):
    course = make_course(tmp_path_factory.mktemp("report"))
    wrong = "AssertionError: no"
    mark(course, [Hand(s, failed=dict.fromkeys(f, wrong)) for s, f in POINTS.items()])
    browser.get(write_report(course).as_uri())
    return browser


def students(page):
    """Return the students of the table of lessons, as they are seen."""
    table = page.find_element(By.CSS_SELECTOR, "table.sorts")
    found = table.find_elements(By.CSS_SELECTOR, 'th[scope="row"]')
    return [cell.text for cell in found if cell.is_displayed()]


def test_a_heading_sorts_and_sorts_back(page):
    assert students(page) == ["ada", "bob", "cy"]
    total = page.find_elements(By.CSS_SELECTOR, "table.sorts th button")[2]
    total.click()
    assert students(page) == ["bob", "cy", "ada"]
    total.click()
    assert students(page) == ["ada", "cy", "bob"]


def test_a_search_leaves_whom_it_names(page):
    field = page.find_element(By.CSS_SELECTOR, 'input[type="search"]')
    field.send_keys("B")
    assert students(page) == ["bob"]
    field.send_keys("\b")
    assert len(students(page)) == 3


def test_exercises_open_below(page):
    page.find_element(By.CSS_SELECTOR, "#scores ~ details summary").click()
    assert "double of 3" in page.find_element(By.CSS_SELECTOR, "#scores ~ details").text


@pytest.mark.parametrize(("width", "scheme"), [(1300, "light"), (390, "dark")])
def test_there_is_no_barrier_and_nothing_is_cut(page, width, scheme):
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    page.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    found = Axe().run(page)
    assert len(found["passes"]) > 10
    assert [v["id"] for v in found["violations"] if v["impact"] != "minor"] == []
    for table in page.find_elements(By.TAG_NAME, "table"):
        assert table.rect["x"] + table.rect["width"] <= width
    page.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_its_one_program_runs_without_a_complaint(page):
    assert page.get_log("browser") == []
