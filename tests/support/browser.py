"""A real browser for tests: Chromium without a window and without a network."""

import shutil

import pytest


def program(name: str) -> str:
    """Return where a program lies; if nowhere, the test that asks is skipped."""
    found = shutil.which(name)
    if not found:
        pytest.skip(f"NOT TESTED: found no {name} (Debian: chromium, chromium-driver)")
    return found


def open_browser():
    """Open a browser that finds no name in any network; its caller quits it."""
    # Imported here: every worker of the test run reads this file.
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = program("chromium")
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
    driver = webdriver.Chrome(options, Service(program("chromedriver")))
    driver.set_script_timeout(120)
    return driver
