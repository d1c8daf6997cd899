"""A real browser for tests: Chromium without a window and without a network."""

import json
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


def visit(browser, page):
    """Open a page, formulas set; return its requests and what the console says."""
    browser.get_log("performance"), browser.get_log("browser")
    browser.get(page)
    browser.execute_async_script(
        "const done = arguments[arguments.length - 1];"
        "window.MathJax?.startup ? MathJax.startup.promise.then(done) : done()"
    )
    return requests_of(browser), complaints_of(browser)


def requests_of(browser):
    """Return the addresses that a browser asked for since it was last looked at."""
    events = [
        json.loads(e["message"])["message"] for e in browser.get_log("performance")
    ]
    return [
        event["params"]["request"]["url"]
        for event in events
        if event["method"] == "Network.requestWillBeSent"
    ]


def complaints_of(browser):
    """Return what the console said since it was last looked at, but for news."""
    return [said for said in browser.get_log("browser") if said["level"] != "INFO"]
