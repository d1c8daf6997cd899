"""Wrong answers that try to be marked right: tests misled, moved, edited, renamed."""

from tests.attacks.arena import Hand
from tests.attacks.registry import Family

forging = Family("have wrong answers marked right")


@forging()
def shows_a_score_during_a_test(hand: Hand) -> None:
    """Display a number as if it were the partial score of the test."""
    code = "    get_ipython().displayhook(2.0)\n    return 417.0"
    hand.answer("relu", f"def relu(z):\n{code}")
    hand.answer("mean_of", f"def mean_of(numbers):\n{code}")


@forging()
def clears_the_failure_away(hand: Hand) -> None:
    """Clear the output of the test cell, now and as soon as more comes."""
    hand.first("from IPython.display import clear_output, display, update_display")
    code = "    display(2.0, display_id='a')\n    clear_output(wait=True)\n    return 4"
    hand.answer("relu", f"def relu(z):\n{code}")
    hand.answer("mean_of", f"def mean_of(numbers):\n{code}")
    hand.last("update_display(2.0, display_id='a'); clear_output()")


@forging()
def overwrites_its_arguments(hand: Hand) -> None:
    """Change the test's inputs so that the expected values follow."""
    hand.answer(
        "relu",
        """
        def relu(z):
            if isinstance(z, np.ndarray):
                z[...] = 0.0
            return z
        """,
    )
    hand.answer(
        "mean_of",
        """
        def mean_of(numbers):
            numbers[:] = [0.0]
            return 0.0
        """,
    )


@forging()
def prepares_names_that_tests_use(hand: Hand) -> None:
    """Bind the tests' own names in the notebook, and make a test die."""
    hand.first("""
        import os

        hidden_wanted = partial_wanted = mean_found = None
        pairs, right, word = [], 4, "b"
        def zip(*args, **kwargs): return []
        def sum(*args): return 4
        def float(value): return 0.0
        """)
    hand.answer(
        "relu", "def relu(z):\n    os._exit(0) if np.ndim(z) else None\n    return z"
    )


@forging()
def manipulates_random_numbers(hand: Hand) -> None:
    """Replace NumPy's generators, so that inputs and expectations are zero."""
    hand.first("""
        import random
        import numpy as np

        class Zero:
            def __init__(self, *args): pass
            def normal(self, *args, size=None, **kwargs): return np.zeros(size)
            def __getattr__(self, name): return self.normal

        np.random.default_rng = np.random.Generator = Zero
        np.random.seed(0)
        random.random = lambda: 0.0
        """)


@forging()
def yields_for_ever(hand: Hand) -> None:
    """Return iterators without an end."""
    hand.first("import itertools")
    hand.answer("relu", "def relu(z):\n    return iter(itertools.count())")
    hand.answer("mean_of", "def mean_of(numbers):\n    yield from itertools.count()")


@forging()
def recurses_for_ever(hand: Hand) -> None:
    """Recurse without end, with Python's limit lifted."""
    hand.first("import sys; sys.setrecursionlimit(10**9)")
    hand.answer("relu", "def relu(z):\n    return relu(z)")
    hand.answer("mean_of", "def mean_of(numbers):\n    return mean_of(numbers)")


@forging()
def nests_without_end(hand: Hand) -> None:
    """Return lists that contain themselves, or lists a million deep."""
    hand.answer("relu", "def relu(z):\n    a = []\n    a.append(a)\n    return a")
    hand.answer(
        "mean_of",
        """
        def mean_of(numbers):
            nest = []
            for _ in range(10**6):
                nest = [nest]
            return nest
        """,
    )


@forging()
def moves_the_tests_up(hand: Hand) -> None:
    """Move test cells above the answers."""
    tests = hand.tests
    others = [cell for cell in hand.notebook.cells if cell not in tests]
    hand.notebook.cells = tests + others


@forging()
def deletes_the_tests(hand: Hand) -> None:
    """Delete all test cells."""
    tests = hand.tests
    hand.notebook.cells = [c for c in hand.notebook.cells if c not in tests]


@forging()
def copies_the_tests(hand: Hand) -> None:
    """Hand in every test cell three times; the copies say nothing."""
    for number, cell in enumerate(hand.tests):
        copy = cell.copy()
        copy.id, copy.source = f"copy-{number}", "pass"
        hand.notebook.cells.append(copy)
        hand.notebook.cells.insert(0, copy | {"id": f"again-{number}"})


@forging()
def edits_the_tests(hand: Hand) -> None:
    """Replace the tests' source by one that passes."""
    for cell in hand.tests:
        cell.source = "2.0"


@forging()
def declares_tests_to_be_answers(hand: Hand) -> None:
    """Flag the tests as solutions that are not graded and not locked."""
    for cell in hand.tests:
        flags = {"grade": False, "solution": True, "locked": False}
        cell.metadata["nbgrader"].update(flags)
        cell.source = "pass"


@forging()
def declares_answers_to_be_tests(hand: Hand) -> None:
    """Flag the answers as graded and locked cells with points."""
    for grade_id in ("relu", "mean_of", "Tally"):
        metadata = hand.cell(grade_id).metadata["nbgrader"]
        metadata |= {"grade": True, "locked": True, "points": 10}


@forging()
def declares_code_to_be_constants(hand: Hand) -> None:
    """Flag code as a locked cell of constants, which are known on both sides."""
    hand.first("""
        n = 3  # yours: integers(2, 9)
        import builtins
        import numpy as np

        for name in ("assert_allclose", "assert_array_equal", "assert_equal"):
            setattr(np.testing, name, lambda *a, **k: None)
        np.allclose = np.array_equal = np.isclose = lambda *a, **k: True
        builtins.AssertionError = type("Passed", (AssertionError,), {})
        """)
    (cell,) = [c for c in hand.notebook.cells if "# yours:" in c.source]
    flags = {"grade": False, "solution": False, "locked": True, "task": False}
    cell.metadata["nbgrader"] = flags | {"grade_id": "n", "schema_version": 3}


@forging()
def gives_itself_points(hand: Hand) -> None:
    """Raise the points in the tests' metadata."""
    for cell in hand.tests:
        cell.metadata["nbgrader"]["points"] = 1000
        cell.metadata["nbgrader"]["checksum"] = "0" * 32


@forging()
def renames_the_tests(hand: Hand) -> None:
    """Swap the tests' names."""
    cells = hand.tests
    names = [cell.metadata["nbgrader"]["grade_id"] for cell in cells]
    for cell, name in zip(cells, names[1:] + names[:1], strict=True):
        cell.metadata["nbgrader"]["grade_id"] = name


@forging()
def turns_tests_into_text(hand: Hand) -> None:
    """Turn test cells into markdown, in which nothing can fail."""
    for cell in hand.tests:
        cell.cell_type = "markdown"
        cell.pop("outputs")
        cell.pop("execution_count")


@forging()
def hands_in_outputs_of_success(hand: Hand) -> None:
    """Hand in test cells with the outputs of full marks."""
    score = {
        "output_type": "execute_result",
        "data": {"text/plain": "3.0"},
        "metadata": {},
        "execution_count": 1,
    }
    for cell in hand.tests:
        cell["outputs"], cell["execution_count"] = [score], 1
    hand.notebook.metadata["celltoolbar"] = "Create Assignment"
