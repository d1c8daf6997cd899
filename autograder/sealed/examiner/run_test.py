"""Run a test cell on the trusted side, with the student's names within reach.

A name is looked up in what earlier test cells defined, then in what the caller gave
(modules, mostly), then in Python's builtins, then in what locked cells of the notebook
bound; what none of them has is fetched from the student's namespace, once a cell and as
it is at the moment it is used. With the first name the other functions and classes that
the test uses are fetched, in one request. Functions and classes are not asked for again
until the notebook says that their names stand for something else.
"""

from __future__ import annotations

import builtins
import linecache
from collections.abc import Iterable
from copy import deepcopy
from types import CodeType

from autograder.sealed.compiling.code_of_tests import Code, compile_test
from autograder.sealed.compiling.own_checks import with_all_they_need
from autograder.sealed.examiner.comparisons import GUARDS, begin, gap, note
from autograder.sealed.protocol.interfaces import Asks


class _Builtins(dict):
    """Python's builtins, and behind them the names of the student's notebook.

    Python asks the dict under `__builtins__` last, after the globals of the code or
    function that runs, and so also for a function that an earlier test cell defined.
    """

    def __init__(self, conversation: Asks) -> None:
        super().__init__(vars(builtins) | GUARDS)
        self.conversation = conversation
        self.fetched: dict[str, object] = {}
        self.kept: dict[str, object] = {}
        self.unmade: set[str] = set()
        self._soon: frozenset[str] = frozenset()

    def begin(self, used: frozenset[str], given: list[int]) -> None:
        """Begin a test that is about to use these names, and those of locked cells."""
        self.fetched.clear()
        self._soon = used.difference(self, self.unmade, self.kept)
        if given:
            self.conversation.restore(given)

    def __missing__(self, name: str) -> object:
        if name in self.unmade:
            raise NameError(
                f"the test above that defines {name!r} did not get so far", name=name
            )
        if name not in self.fetched and name in self.kept:
            self.fetched[name] = deepcopy(self.kept[name])
        if name not in self.fetched:
            self.fetched[name] = self._fetch(name)
        return self.fetched[name]

    def _fetch(self, name: str) -> object:
        """Return what a name of the notebook stands for, and be told of others."""
        known = self.conversation.bound
        if name in known:
            return known[name]
        soon = self._soon.difference(known, [name])
        try:
            found = self.conversation.names([name], soon)
        except KeyError as error:  # Python would say that the name is not defined
            raise RuntimeError(f"KeyError: {error}") from error
        self._soon = frozenset()
        if name not in found:
            raise NameError(
                f"the notebook does not define {name!r}: did the cell that should"
                " define it run without an error, and is the name spelled so?",
                name=name,
            )
        return found[name]


def run_test(
    source: str,
    conversation: Asks,
    namespace: dict[str, object],
    filename: str = "<test>",
    code: Code | None = None,
    given: list[int] | None = None,
) -> object:
    """Execute a test cell and return the value of its last expression, or None.

    Parameters
    ----------
    namespace
        Modules and whatever else tests may use; what the cell defines is added. Pass
        the same dict for all test cells of a notebook.
    filename
        Name of the cell in tracebacks, which show its lines.
    code
        What `compile_test` made of it, if it has been called.
    given
        Numbers of the locked cells whose names it uses: these are bound again first.

    Raises
    ------
    Exception
        Whatever the test raises: an AssertionError, an exception of the student's code
        under the name of a builtin one, a SyntaxError of the cell.
    """
    names = _behind(namespace, conversation)
    names.unmade -= namespace.keys()
    linecache.cache[filename] = (
        len(source),
        None,  # no file whose date could be newer
        source.splitlines(keepends=True),
        filename,
    )
    statements, value, defined, used = code or compile_test(source, filename)
    begin(namespace)
    try:
        names.begin(used.difference(defined, namespace), given or [])
        exec(statements, namespace)  # noqa: S102 - the course's
        found = None if value is None else eval(value, namespace)  # noqa: S307 - same
        if gap() and (found is None or found is True):
            raise AssertionError(gap())
        return found
    except BaseException as error:
        note_unmade(defined, conversation, namespace)
        if isinstance(error, AssertionError) and not error.args and note():
            error.args = (note(),)
        raise
    finally:
        conversation.end_test()


def define(
    checks: Iterable[tuple[str, CodeType, frozenset[str]]],
    conversation: Asks,
    namespace: dict[str, object],
) -> None:
    """Have those checks of a locked cell be part of the tests that can be.

    Parameters
    ----------
    checks
        Name, code and needs of each, as `compile_tests` returns them.
    """
    _behind(namespace, conversation)
    for code in with_all_they_need(checks, namespace):
        exec(code, namespace)  # noqa: S102 - the course's


def keep(
    values: dict[str, object], conversation: Asks, namespace: dict[str, object]
) -> None:
    """Have tests get these values, a copy each, and not what the notebook has later."""
    _behind(namespace, conversation).kept |= values


def names_used_next(work: dict, index: int) -> set[str]:
    """Return the names that tests use before any other cell runs after this one.

    Parameters
    ----------
    work
        The `cells` of a notebook, and the `codes` of its tests.
    """
    found: set[str] = set()
    for cell in work["cells"][index + 1 :]:
        if cell["kind"] == "code" and not cell["is_test"]:
            break
        if code := work["codes"].get(cell["grade_id"]):
            found |= code[-1]
    return found.difference(vars(builtins))


def note_unmade(
    names: frozenset[str], conversation: Asks, namespace: dict[str, object]
) -> None:
    """Note which names of a test cell that did not run to its end are not there.

    They are not fetched from the notebook: a student could have defined them otherwise.
    """
    _behind(namespace, conversation).unmade |= names - namespace.keys()


def _behind(namespace: dict[str, object], conversation: Asks) -> _Builtins:
    """Return what stands behind the names of the tests."""
    names = namespace.get("__builtins__")
    if type(names) is not _Builtins or names.conversation is not conversation:
        names = namespace["__builtins__"] = _Builtins(conversation)
    return names
