"""What all tests share."""

import os
import resource
import sys
from multiprocessing import forkserver

import pytest

from autograder.sealed import template

# As in the command line's `main`: else seconds of each worker's start.
sys.modules.setdefault("rfc3987_syntax", None)


@pytest.fixture(scope="session", autouse=True)
def kept_template():
    """Let runs that preload the same share a template: most tests grade a little.

    Nothing of a run is left in a template: notebooks are executed in forks of it. What
    a process hands down to one that it starts is looked at, so that no test gets a
    template of other settings. Yields what starts one in earnest.
    """
    start, stop = template.start, template.stop
    kept = []
    # A fork of a test's process is not the parent of what that has started.
    os.register_at_fork(after_in_child=kept.clear)
    os.register_at_fork(after_in_child=forkserver._forkserver.__init__)

    def start_or_keep(modules, **_):
        environment = dict(os.environ)
        environment.pop("PYTEST_CURRENT_TEST", None)
        wanted = [
            list(modules),
            set(sys.path),
            environment,
            os.getresuid(),
            os.sched_getaffinity(0),
            [resource.getrlimit(number) for number in range(16)],
        ]
        if kept != wanted:
            stop()
            kept[:] = wanted
        start(modules, for_many=True)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(template, "start", start_or_keep)
        patch.setattr(template, "stop", lambda: None)
        yield start
    stop()


@pytest.fixture(scope="module")
def browser():
    """Open a browser for the tests of a file."""
    from tests.support.browser import open_browser

    driver = open_browser()
    yield driver
    driver.quit()
