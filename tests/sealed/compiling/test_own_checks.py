"""Which functions of locked cells are run with the tests: those that only check."""

import pytest

from autograder.sealed.compiling.own_checks import own_checks, with_all_they_need

CHECKS = {
    "a comparison": "def f(a, b):\n    return np.allclose(a, b)",
    "with a note": 'def f(a: "x", b=1) -> bool:\n    "Note."\n    return abs(a) < b',
    "an assertion": "def f(a):\n    for x in a:\n        assert x > 0, f'{x}'",
    "an error": "def f(a):\n    if a:\n        raise AssertionError('no')",
    "all of several": "def f(a):\n    return isinstance(a, int) and not a < 1",
}
OTHERS = {
    "makes a value": "def f(a):\n    return np.zeros(a)",
    "asks the notebook": "def f(a):\n    return predict(a) == 1",
    "changes an object": "def f(a):\n    a.x = 1\n    return a == 1",
    "changes a list": "def f(a):\n    a[0] = 1\n    return a == 1",
    "keeps a state": "def f(a):\n    global b\n    b = a\n    return a == 1",
    "looks around": "def f(a):\n    return globals() == a",
    "is decorated": "@np.vectorize\ndef f(a):\n    return a == 1",
    "yields": "def f(a):\n    assert a\n    yield a == 1",
    "is a class": "class f:\n    pass",
    "says nothing": "def f(a):\n    print(a)",
}


def run_with_the_tests(code, held, known):
    return "\n\n".join(with_all_they_need(own_checks(code, held), known))


@pytest.mark.parametrize("code", CHECKS.values(), ids=CHECKS)
def test_what_only_checks_is(code):
    assert "def f(" in run_with_the_tests(code, ["f"], ["np"])
    assert run_with_the_tests(code, [], ["np"]) == "", "the lesson binds the name again"


@pytest.mark.parametrize("code", OTHERS.values(), ids=OTHERS)
def test_what_makes_or_changes_something_is_not(code):
    assert run_with_the_tests(code, ["f"], ["np"]) == ""


def test_a_check_may_call_another_one():
    code = "def f(a):\n    return a == 1\n\n\ndef g(a):\n    assert f(a)\n"
    assert run_with_the_tests(code, ["f", "g"], []).count("def ") == 2
    assert run_with_the_tests(code, ["g"], []) == ""
