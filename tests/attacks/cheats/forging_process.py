"""Wrong answers that try to be marked right: the process that answers taken over."""

from autograder.sealed.protocol.wire import HEADER, MARK
from tests.attacks.arena import Hand
from tests.attacks.registry import REACHED, Family

forging = Family("have wrong answers marked right")

FIND_THE_SOCKET = f"MARK, HEADER = {MARK!r}, {HEADER.format!r}"
FIND_THE_SOCKET += """
import json, os, struct

def send(body, blobs=()):
    body = {**body, "blobs": [len(blob) for blob in blobs]}
    text = json.dumps(body).encode()
    head = struct.pack(HEADER, MARK, len(text), sum(map(len, blobs)))
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
READ = "the student's process (sent something else|does not say how the cell ended)"
"""What is said when a forged message was read as one: out of turn, or as the answer."""


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


REPLACED = "class_names describe describe_with_traceback expect find_class run_test"


@forging(shows=f"{REACHED} {REPLACED}")
def replaces_the_answering_code(hand: Hand) -> None:
    """Patch the grader's own code in the student's process."""
    hand.first("""
        import sys

        found = set()
        for name, module in list(sys.modules.items()):
            if name.startswith("autograder.sealed"):
                for what, value in list(vars(module).items()):
                    if not callable(value):
                        continue
                    if what in ("describe", "describe_with_traceback", "class_names"):
                        nobody = {"classes": [], "text": ""}
                        setattr(module, what, lambda *a, nobody=nobody, **k: nobody)
                    elif what in ("run_test", "expect", "find_class"):
                        setattr(module, what, lambda *a, **k: True)
                    else:
                        continue
                    found.add(what)
        print("REACH" + "ED", *sorted(found))
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


@forging(shows=READ)
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


@forging(shows="the code ended Python")
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


@forging(shows=READ)
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


@forging(shows=READ)
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


@forging(shows=f"{REACHED} Server._send")
def replays_its_last_answer(hand: Hand) -> None:
    """Send every message of the student's process twice."""
    hand.first("""
        import gc

        (server,) = [o for o in gc.get_objects() if type(o).__name__ == "Server"]
        once = server._send
        print("REACH" + "ED Server._send", flush=True)
        server._send = lambda *args: (once(*args), once(*args))
        """)
