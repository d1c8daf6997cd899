"""A real browser for tests: Chromium without a window and without a network."""

import shutil

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

BROWSER = [shutil.which("chromium"), shutil.which("chromedriver")]
in_browser = pytest.mark.skipif(
    None in BROWSER, reason="NOT TESTED: needs chromium and chromium-driver"
)


def open_browser() -> webdriver.Chrome:
    """Open a browser that finds no name in any network; its caller quits it."""
    options = webdriver.ChromeOptions()
    options.binary_location = BROWSER[0]
    for argument in (
        "--headless=new",
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        "--window-size=1300,900",
    ):
        options.add_argument(argument)
    options.set_capability(
        "goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"}
    )
    driver = webdriver.Chrome(options, Service(BROWSER[1]))
    driver.set_script_timeout(120)
    return driver
