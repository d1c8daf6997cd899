"""Signs that a test needs the student's variables are read off its source."""

import pytest

from autograder.grading.isolation_checks import needs

SIGNS = {
    "%timeit squares(3)": "only a notebook can run the line '%timeit squares(3)'",
    "rate = 5": "sets or deletes rate, which the notebook has, too",
    "del squares": "sets or deletes squares, which the notebook has, too",
    "def f():\n    global rate\n    rate = 1": "sets or deletes rate",
    "np.dot = None": "changes np.dot",
    "table['a'] += 1": "changes table['a']",
    "'x' in globals()": "uses globals",
    "from unittest.mock import patch": "uses unittest.mock",
    "np.random.seed(3)": "calls np.random.seed(3)",
    "mine['a'] = squares(3)": "",
    "import numpy as np\nassert [rate for rate in squares(3)]": "",
}


@pytest.mark.parametrize("source", SIGNS)
def test_signs_that_no_dry_run_shows_are_read_off_the_source(source):
    found = needs(source, frozenset({"rate", "squares", "table"}), frozenset({"mine"}))
    assert found.startswith(SIGNS[source])
    assert bool(found) == bool(SIGNS[source])
