"""Wrong answers that try to be marked right: tests switched off, lied to, replaced."""

from tests.attacks.arena import Hand
from tests.attacks.registry import Family

forging = Family("have wrong answers marked right")

FIND_THE_SOCKET = """
import gc, json, os, socket, struct

def send(body, blobs=()):
    body = {**body, "blobs": [len(blob) for blob in blobs]}
    text = json.dumps(body).encode()
    head = struct.pack(">4sIQ", b"NbN1", len(text), sum(map(len, blobs)))
    for line in sockets():
        os.write(line, head + text + b"".join(blobs))

def sockets():
    found = []
    for name in os.listdir("/proc/self/fd"):
        try:
            if os.readlink(f"/proc/self/fd/{name}").startswith("socket:"):
                found.append(int(name))
        except OSError:
            pass
    return found
"""


@forging()
def drops_assert_statements(hand: Hand) -> None:
    """Remove every assert with an AST transformer of IPython."""
    hand.first("""
        import ast

        class Drop(ast.NodeTransformer):
            def visit_Assert(self, node):
                return ast.copy_location(ast.Pass(), node)

        get_ipython().ast_transformers.append(Drop())
        """)


@forging()
def drops_assert_lines(hand: Hand) -> None:
    """Remove lines that assert or raise with an input transformer."""
    hand.first("""
        def drop(lines):
            words = ("assert", "raise", "np.testing")
            return ["pass\\n" if any(w in l for w in words) else l for l in lines]

        get_ipython().input_transformers_cleanup.append(drop)
        """)


@forging()
def turns_cells_into_a_score(hand: Hand) -> None:
    """Replace each later cell by a partial score of 2.0, with an AST transformer."""
    hand.last("")
    hand.cell("Tally").source += """

import ast

class Score(ast.NodeTransformer):
    def visit_Module(self, node):
        return ast.parse("2.0")

get_ipython().ast_transformers.append(Score())"""
    tests = hand.tests
    others = [cell for cell in hand.notebook.cells if cell not in tests]
    hand.notebook.cells = others + tests


@forging()
def patches_what_compares(hand: Hand) -> None:
    """Patch np.allclose, np.testing, math.isclose and builtins."""
    hand.first("""
        import builtins, math
        import numpy as np

        yes = lambda *args, **kwargs: True
        np.allclose = np.isclose = np.array_equal = math.isclose = yes
        for name in dir(np.testing):
            if name.startswith("assert"):
                setattr(np.testing, name, yes)
        builtins.abs = lambda value: 0.0
        builtins.sum = lambda values: len(list(values))
        builtins.len = lambda values: 2
        builtins.all = builtins.any = builtins.isinstance = yes
        """)


LIAR = """
class Liar(BASE):
    def yes(self, *args, **kwargs):
        return True

    def me(self, *args, **kwargs):
        return self

    __eq__ = __le__ = __ge__ = __lt__ = __gt__ = __contains__ = __bool__ = yes
    __sub__ = __rsub__ = __abs__ = __add__ = __radd__ = __neg__ = __round__ = me
    __getitem__ = __getattr__ = __call__ = me
    __hash__ = lambda self: 0
    __len__ = lambda self: 2
    __ne__ = lambda self, other: False
"""


def _lie_everywhere(hand: Hand, base: str, make: str) -> None:
    hand.first(LIAR.replace("BASE", base))
    hand.answer("relu", f"def relu(z):\n    return {make}")
    hand.answer("mean_of", f"def mean_of(numbers):\n    return {make}")
    hand.answer(
        "Tally",
        f"""
class Tally:
    counts = {make}
    add = lambda self, item: None
    top = lambda self, count: {make}
""",
    )


@forging()
def is_equal_to_everything(hand: Hand) -> None:
    """Return objects whose comparisons are always true."""
    _lie_everywhere(hand, "object", "Liar()")


@forging()
def is_a_float_that_lies(hand: Hand) -> None:
    """Return floats of a subclass that equals everything."""
    _lie_everywhere(hand, "float", "Liar(417.0)")


@forging()
def is_a_text_that_lies(hand: Hand) -> None:
    """Return texts of a subclass that equals everything."""
    _lie_everywhere(hand, "str", "Liar('417')")


@forging()
def is_a_list_that_lies(hand: Hand) -> None:
    """Return lists of a subclass of list that equals and contains everything."""
    _lie_everywhere(hand, "list", "Liar([4, 1, 7])")


@forging()
def is_an_array_that_lies(hand: Hand) -> None:
    """Return arrays of a subclass whose functions agree with everything."""
    hand.first("""
        import numpy as np

        class Liar(np.ndarray):
            def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
                return np.zeros(self.shape) if ufunc is np.subtract else np.True_

            def __array_function__(self, function, types, args, kwargs):
                return True

            def __eq__(self, other):
                return np.True_
        """)
    hand.answer("relu", "def relu(z):\n    return np.asarray(z).view(Liar)")
    hand.answer("mean_of", "def mean_of(numbers):\n    return np.zeros(()).view(Liar)")


@forging()
def calls_itself_a_numpy_array(hand: Hand) -> None:
    """Return objects whose class says that it is numpy.ndarray."""
    hand.first(LIAR.replace("BASE", "object"))
    hand.first("""
        import numpy as np

        def rename():
            Liar.__module__, Liar.__qualname__, Liar.__name__ = (
                "numpy", "ndarray", "ndarray")
            Liar.__class__ = property(lambda self: np.ndarray)
        """)
    hand.answer("relu", "rename()\ndef relu(z):\n    return Liar()")
    hand.answer("mean_of", "def mean_of(numbers):\n    return Liar()")


@forging()
def contains_everything(hand: Hand) -> None:
    """Return a container that has whatever the test looks for in it."""
    hand.answer(
        "Tally",
        """
        class Everything:
            def __init__(self, count):
                self.count = count

            def __contains__(self, item):
                return True

            def __len__(self):
                return self.count

        class Tally:
            def __init__(self):
                self.counts = {}

            def add(self, item):
                self.counts[item] = self.counts.get(item, 0) + 1

            def top(self, count):
                return Everything(count)
        """,
    )


@forging()
def changes_between_two_looks(hand: Hand) -> None:
    """Return a result that gives another value each time it is asked."""
    hand.first("""
        import numpy as np

        class Changing:
            looks = 0
            values = [np.zeros(3), np.array([0, 0, 2.0]), np.ones((4, 5))]

            def __array__(self, dtype=None, copy=None):
                Changing.looks += 1
                return self.values[Changing.looks % 3]

            def __float__(self):
                Changing.looks += 1
                return [0.0, 0.5, 3.0][Changing.looks % 3]

            shape = property(lambda self: self.__array__().shape)
        """)
    hand.answer("relu", "def relu(z):\n    return Changing()")
    hand.answer("mean_of", "def mean_of(numbers):\n    return Changing()")


@forging()
def replaces_numpy_in_sys_modules(hand: Hand) -> None:
    """Put a module of one's own in the place of numpy."""
    hand.first("""
        import sys, types

        class Agreeing(types.ModuleType):
            def __getattr__(self, name):
                return lambda *args, **kwargs: True

        for name in ("numpy", "numpy.testing", "math", "pytest", "unittest"):
            sys.modules[name] = Agreeing(name)
        """)


@forging()
def brings_its_own_numpy(hand: Hand) -> None:
    """Hand in numpy.py and math.py beside the notebook."""
    fake = b"testing = random = __import__('types').SimpleNamespace()\n"
    fake += b"allclose = isclose = lambda *args, **kwargs: True\n"
    hand.files = {"numpy.py": fake, "math.py": fake, "numpy/__init__.py": fake}


@forging()
def brings_start_up_files(hand: Hand) -> None:
    """Hand in files that Python, IPython and pytest run by themselves."""
    code = b"import builtins\nbuiltins.abs = lambda value: 0.0\n"
    names = ["sitecustomize.py", "usercustomize.py", "conftest.py", "x.pth"]
    names += [".config/profile_default/startup/00.py", ".ipython/startup/00.py"]
    hand.files = dict.fromkeys(names, code)


@forging()
def wraps_the_kernel(hand: Hand) -> None:
    """Wrap the kernel's execution: every cell was fine."""
    hand.first("""
        shell = get_ipython()
        kernel = getattr(shell, "kernel", None)
        shell.showtraceback = lambda *args, **kwargs: None
        if kernel is not None:
            run = kernel.do_execute

            async def always_fine(*args, **kwargs):
                return {**await run(*args, **kwargs), "status": "ok"}

            kernel.do_execute = always_fine
        """)


@forging()
def mutes_tracebacks(hand: Hand) -> None:
    """Patch showtraceback and the exception hooks to do nothing."""
    hand.first("""
        import sys
        from IPython.core.interactiveshell import InteractiveShell

        nothing = lambda *args, **kwargs: None
        InteractiveShell.showtraceback = InteractiveShell._showtraceback = nothing
        InteractiveShell.showsyntaxerror = nothing
        sys.excepthook = sys.unraisablehook = nothing
        """)


@forging()
def replaces_the_answering_code(hand: Hand) -> None:
    """Patch the grader's own code in the student's process."""
    hand.first("""
        import sys

        for name, module in list(sys.modules.items()):
            if name.startswith("autograder.sealed"):
                for what in dir(module):
                    if what in ("describe", "describe_with_traceback", "class_names"):
                        nobody = {"classes": [], "text": ""}
                        setattr(module, what, lambda *a, nobody=nobody, **k: nobody)
                    if what in ("run_test", "expect", "find_class"):
                        setattr(module, what, lambda *a, **k: True)
        """)


def _raising(kind: str):
    def prepare(hand: Hand) -> None:
        code = f"import unittest\ndef NAME(*args):\n    raise {kind}"
        hand.answer("relu", code.replace("NAME", "relu"))
        hand.answer("mean_of", code.replace("NAME", "mean_of"))
        hand.answer("Tally", code.replace("NAME", "Tally"))

    name = kind.partition("(")[0].rpartition(".")[2]
    prepare.__name__ = f"raises_{name}"
    prepare.__doc__ = f"Raise {name} from every answer, to end the tests early."
    return forging()(prepare)


for _kind in (
    "StopIteration",
    "StopAsyncIteration",
    "GeneratorExit",
    "KeyboardInterrupt",
    "SystemExit(0)",
    "unittest.SkipTest('skipped')",
    "ExceptionGroup('g', [ValueError()])",
):
    _raising(_kind)


@forging()
def raises_what_calls_itself_skipped(hand: Hand) -> None:
    """Raise what claims to be the exception that pytest skips tests with."""
    hand.first("""
        class Skipped(BaseException):
            pass

        Skipped.__module__, Skipped.__qualname__ = "_pytest.outcomes", "Skipped"
        """)
    hand.answer("relu", "def relu(z):\n    raise Skipped()")
    hand.answer("mean_of", "def mean_of(numbers):\n    raise Skipped()")


@forging()
def ends_python_with_success(hand: Hand) -> None:
    """Call os._exit(0) within an answer, while the test waits for it."""
    hand.answer("relu", "import os\ndef relu(z):\n    os._exit(0)")
    hand.answer("mean_of", "def mean_of(numbers):\n    os._exit(0)")


@forging()
def forges_results_on_the_socket(hand: Hand) -> None:
    """Write results for requests that have not been made yet into the socket."""
    hand.first(FIND_THE_SOCKET)
    hand.answer(
        "relu",
        """
        def relu(z):
            for number in range(1, 300):
                send({"is": "result", "number": number, "value": 3, "warnings": [],
                      "forgotten": []})
            return z
        """,
    )


@forging()
def forges_the_end_of_a_cell(hand: Hand) -> None:
    """Send garbage, results and callbacks of its own while an ordinary cell runs."""
    hand.first(
        FIND_THE_SOCKET
        + """
for number in range(50):
    send({"is": "callback", "callback": number, "args": ["list", []]})
send({"is": "result", "number": 10**30, "value": None})
for line in sockets():
    os.write(line, os.urandom(4096))
"""
    )


@forging()
def answers_from_a_thread(hand: Hand) -> None:
    """Send results from a thread all the time, whoever asks for what."""
    hand.first(
        FIND_THE_SOCKET
        + """
import threading, time

def spam():
    number = 0
    while True:
        number += 1
        try:
            send({"is": "result", "number": number, "value": 3, "warnings": [],
                  "forgotten": []})
        except OSError:
            return
        time.sleep(0.001)

threading.Thread(target=spam, daemon=True).start()
"""
    )


@forging()
def answers_from_a_forked_child(hand: Hand) -> None:
    """Answer on the socket from a child that Python does not know of."""
    hand.first(
        FIND_THE_SOCKET
        + """
import ctypes, time

if ctypes.CDLL(None).fork() == 0:
    for number in range(1, 500):
        send({"is": "result", "number": number, "value": 3, "warnings": [],
              "forgotten": []})
        time.sleep(0.002)
    os._exit(0)
"""
    )


@forging()
def replays_its_last_answer(hand: Hand) -> None:
    """Send every message of the student's process twice."""
    hand.first("""
        import gc

        for thing in gc.get_objects():
            if type(thing).__name__ == "Server":
                once = thing._send
                twice = lambda *args, once=once: (once(*args), once(*args))
                thing._send = twice
        """)


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
