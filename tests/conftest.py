"""What all tests share."""

import sys

import pytest

# As in the command line's `main`: else seconds of each worker's start.
sys.modules.setdefault("rfc3987_syntax", None)


@pytest.fixture(scope="module")
def browser():
    """Open a browser for the tests of a file."""
    from tests.support.browser import open_browser

    driver = open_browser()
    yield driver
    driver.quit()
