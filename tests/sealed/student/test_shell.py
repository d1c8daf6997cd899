"""Cells run in a fork show what a Jupyter kernel shows, and keep its process safe."""

import contextlib
import gc
import json
import logging
import os
import re
import signal
import subprocess
import sys
import traceback
import warnings
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from autograder.sealed.examiner.outputs import Outputs
from autograder.sealed.student import shell as module
from autograder.sealed.student.shell import Shell

PATIENCE_S = 120
"""After which a student process that hangs is ended, and its test fails."""

# What a student may write, in the order of a notebook: later cells use earlier ones.
CELLS = [
    "import sys\nprint('out')\nprint('err', file=sys.stderr)\n1 + 1",
    "_ + 1",
    "Out[1], In[1], _1, _i",
    "x = 3; x;",
    "from IPython.display import *\ndisplay(HTML('<b>b</b>'))\nHTML('<i>i</i>')",
    "display(JSON({'a': [1, 2.5, None]}), Markdown('**m**'), Latex('$x$'))",
    "handle = display('one', display_id='k')\nhandle.update('two')",
    "handle.update('three')",
    "print('gone')\nclear_output()\nprint('kept')",
    "print('gone')\nclear_output(wait=True)\nprint('kept')",
    "def inverse(z):\n    return 1 / z\ninverse(0)",
    "x = (",
    "def g():\nreturn 1",
    "raise SystemExit('bye')",
    "raise KeyboardInterrupt",
    "assert 1 == 2, 'one is not two'",
    "try:\n    {}['k']\nexcept KeyError as e:\n    raise RuntimeError('outer') from e",
    "raise ExceptionGroup('several', [ValueError(1)])",
    "class Bad:\n    def __repr__(self):\n        raise ValueError('no repr')\nBad()",
    "%time 1 + 1",
    "%%time\ny = 2\ny",
    "%timeit -n 1 -r 1 y + 1",
    "%%capture cap\nprint('hidden')\ndisplay('hidden too')",
    "cap.stdout, len(cap.outputs)",
    "!echo hi && echo oops >&2",
    "lines = !echo a; echo b\nlines",
    "%env HOME_GROWN=1",
    "%nosuchmagic",
    "len?",
    "import asyncio\nawait asyncio.sleep(0)\n'slept'",
    "task = asyncio.create_task(asyncio.sleep(0, 'later'))",
    "await task",
    "%matplotlib inline\nimport matplotlib.pyplot as plt\n"
    "fig, ax = plt.subplots(figsize=(2, 1))\nax.plot([1, 2]);",
    "plt.get_fignums(), plt.isinteractive(), plt.get_backend()",
    "%config InlineBackend.figure_format = 'retina'\nplt.figure(figsize=(2, 1))\n"
    "plt.plot([2, 1])\nplt.show()\nprint('shown')",
    "plt.figure(figsize=(2, 1)); plt.title('$\\\\bad{$');",
    "import pandas as pd\npd.DataFrame({'a': [1, 2], 'b': ['x', 'y']})",
    "from plotnine import ggplot, aes, geom_point, theme\n"
    "d = pd.DataFrame({'x': [1, 2], 'y': [3, 4]})\n"
    "ggplot(d, aes('x', 'y')) + geom_point() + theme(figure_size=(2, 1))",
    "import ipywidgets\nipywidgets.IntSlider(3)",
    "from dataclasses import dataclass\nimport pickle, inspect\n@dataclass\nclass P:\n"
    "    a: int\nprint(pickle.loads(pickle.dumps(P(1))), __name__, P.__module__)\n"
    "print(inspect.getsource(inverse))",
    "import warnings\nwarnings.warn('careful')",
    "import logging\nlogging.getLogger('me').warning('logged')",
    "display({'text/plain': 'raw', 'application/x+json': {'b': b'xy', 't': (1, 2)}},"
    " raw=True)",
    "get_ipython().run_cell('print(5)\\n6').result",
    "type(get_ipython()).__name__, '__file__' in dir()",
    "%%writefile own.py\ndef hello(): return 'own'",
    "import own\nown.hello()",
]


@dataclass
class Ran:
    """What one cell, or one call under `capturing`, came to."""

    status: str | None = None
    execution_count: int = 0
    events: list[dict] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All its stdout."""
        return "".join(e["text"] for e in self.events if e.get("name") == "stdout")

    @property
    def kinds(self) -> list[str]:
        """What kinds of output it emitted, one entry for pieces of one stream."""
        kinds = [e.get("name", e["output_type"]) for e in self.events]
        return [
            kind
            for kind, before in zip(kinds, [None, *kinds], strict=False)
            if kind != before
        ]


class Student:
    """A shell in a fork of this process, driven by a function that runs there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "work"
        self.folder.mkdir()
        self.home = folder / "home"
        self.home.mkdir()
        self._events = folder / "events.jsonl"
        self._raw = folder / "raw.txt"

    def run(self, *cells: str) -> list[Ran]:
        """Run cells in order."""

        def run_all(shell: Shell, log) -> None:
            for cell in cells:
                status = shell.run_cell(cell)
                log({"status": status, "execution_count": shell.execution_count})

        return self.drive(run_all)

    def drive(self, act) -> list[Ran]:
        """Call `act(shell, log)` in the fork; each `log(...)` ends one `Ran`."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # xdist has threads
            process = os.fork()
        if process == 0:
            self._be_the_student(act)
        _, status = os.waitpid(process, 0)
        assert os.waitstatus_to_exitcode(status) == 0, self.raw
        found = [Ran()]
        for line in self._events.read_text().splitlines():
            event = json.loads(line)
            if "output_type" in event:
                found[-1].events.append(event)
            else:
                found[-1].status = event.get("status")
                found[-1].execution_count = event.get("execution_count", 0)
                found.append(Ran())
        assert not found.pop().events, "an output came after the last turn"
        return found

    @property
    def raw(self) -> str:
        """What went to file descriptors 1 and 2."""
        return self._raw.read_text()

    def _be_the_student(self, act) -> None:
        code = 1
        try:
            _forget_pytest()
            signal.alarm(PATIENCE_S)
            raw = os.open(self._raw, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
            os.dup2(raw, 1)
            os.dup2(raw, 2)
            os.environ["HOME"] = str(self.home)
            os.environ.pop("IPYTHONDIR", None)
            events = self._events.open("w", buffering=1)

            def log(event: dict) -> None:
                events.write(json.dumps(event) + "\n")

            act(Shell(self.folder, log), log)
            code = 0
        except BaseException:
            os.write(2, traceback.format_exc().encode())
        finally:
            os._exit(code)


def _forget_pytest() -> None:
    """Treat warnings, log records and interrupts as a Python of its own does."""
    gc.callbacks.clear()  # an interrupt within hypothesis' callback would be lost
    warnings.resetwarnings()
    for ignored in (DeprecationWarning, PendingDeprecationWarning, ResourceWarning):
        warnings.simplefilter("ignore", ignored)
    warnings.filterwarnings("default", category=DeprecationWarning, module="__main__")
    warnings.showwarning = _show_warning
    logging.getLogger().handlers.clear()


def _show_warning(message, category, filename, lineno, file=None, line=None):
    sys.stderr.write(warnings.formatwarning(message, category, filename, lineno, line))


@pytest.fixture
def student(tmp_path):
    return Student(tmp_path)


def _receive(ran: list[Ran]) -> list[list[dict]]:
    """Turn events into outputs of cells by the rules of the module's docstring."""
    cells, displays = [], {}
    for cell in ran:
        outputs, clears = [], False
        for event in cell.events:
            name = event.get("transient", {}).get("display_id")
            kept = {key: event[key] for key in event if key != "transient"}
            if event["output_type"] == "clear_output":
                clears = event["wait"]
                outputs = outputs if clears else []
            elif event["output_type"] == "update_display_data":
                for earlier in displays[name]:
                    earlier.update(data=kept["data"], metadata=kept["metadata"])
            else:
                outputs, clears = [] if clears else outputs, False
                outputs.append(kept)
                displays.setdefault(name, []).append(kept)
        cells.append(outputs)
    return cells


VARYING = {
    r"\x1b\[[0-9;]*m": "",
    r"\r\n": "\n",
    r"0x[0-9a-f]+|[0-9a-f]{32}": "ADDRESS",
    r"(/tmp/ipykernel_\d+/)?\d{5,}\.py": "CELL",
    r"[\d.]+(e[+-]\d+)? (ns|us|µs|μs|ms|s)\b": "TIME",
    r"\n  warn\(\"To exit.*": "",  # plotnine, once imported, shows no source line
}


def _normalised(value: object) -> object:
    """Make equal what differs from run to run; of an image only the size counts."""
    if isinstance(value, dict):
        same = {key: _normalised(item) for key, item in value.items()}
        if "image/png" in same:
            same["image/png"] = len(same["image/png"])
        return same
    if isinstance(value, list):
        return [_normalised(item) for item in value]
    for pattern, word in VARYING.items() if isinstance(value, str) else ():
        value = re.sub(pattern, word, value)
    return value


def _comparable(outputs: list[dict]) -> list[dict]:
    """Join each stream's pieces: a kernel's two streams race each other."""
    joined: list[dict] = []
    streams: dict[str, dict] = {}
    for output in outputs:
        if output["output_type"] != "stream":
            joined.append(output)
        elif output["name"] in streams:
            streams[output["name"]]["text"] += output["text"]
        else:
            streams[output["name"]] = dict(output)
    return _normalised([*joined, *(streams[name] for name in sorted(streams))])


@pytest.fixture(scope="module")
def kernel_cells(tmp_path_factory) -> list[dict]:
    """Run `CELLS` in a real kernel."""
    folder = tmp_path_factory.mktemp("kernel")
    cells = [nbformat.v4.new_code_cell(source) for source in CELLS]
    notebook = nbformat.v4.new_notebook(cells=cells)
    where = {"metadata": {"path": str(folder)}}
    client = NotebookClient(
        notebook, timeout=120, allow_errors=True, resources=where, kernel_name="python3"
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # jupyter's own, not this project's
        client.execute(env={**os.environ, "IPYTHONDIR": str(folder / "ipython")})
    return json.loads(json.dumps(notebook.cells))


@pytest.fixture(scope="module")
def shell_cells(tmp_path_factory) -> list[Ran]:
    """Run them in a shell, in a fork of a process that was warmed up."""
    import matplotlib.pyplot  # noqa: F401 - as a template would
    import plotnine  # noqa: F401

    module.warm_up()
    return Student(tmp_path_factory.mktemp("shell")).run(*CELLS)


@pytest.mark.parametrize("number", range(len(CELLS)), ids=lambda n: CELLS[n][:24])
def test_a_cell_shows_what_a_kernel_shows(kernel_cells, shell_cells, number):
    kernel, ours = kernel_cells[number], shell_cells[number]
    outputs = _receive(shell_cells)[number]
    assert _comparable(outputs) == _comparable(kernel["outputs"])
    assert ours.execution_count == kernel["execution_count"]


def test_the_status_says_what_the_outputs_say(shell_cells):
    for source, ran in zip(CELLS, shell_cells, strict=True):
        if "error" in ran.kinds:
            expected = "interrupted" if "KeyboardInt" in source else "error"
            assert ran.status == expected, source
    assert shell_cells[CELLS.index("%nosuchmagic")].status == "error"
    assert [ran.status for ran in shell_cells[:10]] == ["ok"] * 10


def test_outputs_are_valid_in_a_notebook_file(shell_cells):
    cells = [
        nbformat.v4.new_code_cell(source, outputs=outputs)
        for source, outputs in zip(CELLS, _receive(shell_cells), strict=True)
    ]
    nbformat.validate(nbformat.v4.new_notebook(cells=cells))


def test_the_engine_collects_updates_and_clears(student):
    cells = student.run(
        "print('gone')\nfrom IPython.display import clear_output\n"
        "clear_output(wait=True)\nh = display('one', display_id=True)",
        "h.update('two')\nprint('kept')",
    )
    displays: dict = {}
    collected = [Outputs(10_000, displays) for _ in cells]
    for outputs, ran in zip(collected, cells, strict=True):
        for event in ran.events:
            outputs.add(event)
    assert [o["data"] for o in collected[0].found] == [{"text/plain": "'two'"}]
    assert [o["text"] for o in collected[1].found] == ["kept\n"]


# Streams


def test_streams_displays_and_errors_keep_their_order(student):
    (ran,) = student.run(
        "import sys\nprint('a')\nprint('b', file=sys.stderr)\nprint('c')\n"
        "display('d')\nprint('e')\n1 / 0"
    )
    assert ran.kinds == [
        "stdout",
        "stderr",
        "stdout",
        "display_data",
        "stdout",
        "error",
    ]


def test_a_loop_of_prints_makes_few_messages(student):
    (ran,) = student.run("for i in range(20_000):\n    print(i)")
    assert ran.text == "".join(f"{i}\n" for i in range(20_000))
    assert len(ran.events) < 2_000
    assert max(len(event["text"]) for event in ran.events) <= 8192


def test_one_large_print_leaves_in_pieces(student):
    (ran,) = student.run("print('x' * 100_000)")
    assert ran.text == "x" * 100_000 + "\n"
    assert max(len(event["text"]) for event in ran.events) <= 8192


@pytest.mark.parametrize("source", ["print('now')", "print('n', end='', flush=True)"])
def test_text_leaves_before_the_cell_ends(student, source):
    def act(shell, log):
        shell.namespace["log"] = log
        shell.run_cell(f"{source}\nlog({{'status': 'still running'}})")
        log({})

    during, after = student.drive(act)
    assert during.text.startswith("n")
    assert after.text == ""


def test_text_of_a_thread_waits_for_the_thread_that_runs_cells(student):
    def act(shell, log):
        shell.namespace["log"] = log
        shell.run_cell(
            "import threading\ndef work():\n    print('late', flush=True)\n"
            "thread = threading.Thread(target=work)\nthread.start()\n"
            "thread.join()\nlog({'status': 'still running'})"
        )
        log({})

    during, after = student.drive(act)
    assert (during.text, after.text) == ("", "late\n")


def test_text_between_cells_waits_for_the_next_one(student):
    def act(shell, log):
        shell.run_cell("def speak():\n    print('between', flush=True)")
        shell.namespace["speak"]()
        log({})
        shell.run_cell("print('next')")
        log({})

    between, following = student.drive(act)
    assert (between.text, following.text) == ("", "between\nnext\n")


def test_binary_output_and_what_cannot_be_utf8_become_text(student):
    (ran,) = student.run(
        "import sys\nn = sys.stdout.buffer.write('h\\u00e9'.encode()[:2])\n"
        "n = sys.stdout.buffer.write('h\\u00e9\\n'.encode()[2:])\nprint('\\ud800')"
    )
    assert ran.text == "hé\n\\ud800\n"


def test_a_subprocess_can_write_to_stdout(student):
    (ran,) = student.run(
        "import subprocess, sys\nprint('before')\n"
        "p = subprocess.run(['echo', 'from below'], stdout=sys.stdout)"
    )
    assert (ran.status, ran.text, student.raw) == ("ok", "before\n", "from below\n")


def test_closing_stdout_does_not_silence_later_cells(student):
    _, later = student.run("import sys\nsys.stdout.close()", "print('heard')")
    assert later.text == "heard\n"


def test_display_data_that_json_cannot_hold_is_an_error_of_its_cell(student):
    odd, after = student.run("display({'text/plain': object()}, raw=True)", "print(1)")
    assert (odd.status, odd.kinds) == ("error", ["error"])
    assert "object" in odd.events[0]["evalue"]
    assert after.text == "1\n"


def test_an_exception_that_cannot_print_is_still_reported(student):
    (ran,) = student.run(
        "class Odd(Exception):\n    def __str__(self):\n        1 / 0\nraise Odd"
    )
    assert (ran.status, ran.events[-1]["ename"]) == ("error", "Odd")


# What a graded notebook cannot do


@pytest.mark.parametrize("leave", ["exit()\nprint(1)", "exit(0)\nprint(1)", "quit"])
def test_exit_is_an_error_of_its_cell_and_the_next_one_runs(student, leave):
    left, after = student.run(leave, "print('next')")
    assert (left.status, left.text) == ("error", "")
    assert left.events[-1]["ename"] == "ExitRefusedError"
    assert after.text == "next\n"


@pytest.mark.parametrize("call", ["input('?')", "__import__('getpass').getpass()"])
def test_asking_for_input_says_what_to_do(student, call):
    (ran,) = student.run(call)
    assert ran.status == "error"
    assert "assign the value in the cell" in ran.events[-1]["evalue"]


def test_installing_does_nothing_and_the_cell_goes_on(student):
    (ran,) = student.run("%pip install nothing-at-all\nprint('on')")
    assert (ran.status, ran.text) == ("ok", "on\n")
    assert "Nothing was installed" in ran.events[0]["text"]


def test_interact_calls_its_function_and_clears_nothing(student):
    (ran,) = student.run(
        "import ipywidgets\nprint('before')\ncalls = []\n"
        "def show(n):\n    calls.append(n)\n    print('n is', n)\n"
        "w = ipywidgets.interact(show, n=3)\nprint(calls)"
    )
    assert (ran.status, ran.text) == ("ok", "before\nn is 3\n[3]\n")
    assert ran.kinds == ["stdout", "display_data", "stdout"]


def test_a_child_that_a_cell_forks_never_speaks_for_the_shell(student):
    forked, after = student.run(
        "import os\nfrom IPython.display import display\nif os.fork():\n"
        "    os.wait()\n    print('parent')\n"
        "else:\n    print('child')\n    display('child too')",
        "print('next')",
    )
    assert forked.text == "parent\n"
    assert after.text == "next\n"
    assert student.raw == "child\n'child too'"


def test_nothing_is_written_and_no_thread_is_started(student):
    _, count = student.run("import threading", "threading.active_count()")
    assert count.events[0]["data"] == {"text/plain": "1"}
    assert list(student.folder.iterdir()) == []
    assert list(student.home.iterdir()) == []


# Interrupts


@pytest.mark.parametrize(
    "wait",
    [
        "while True: pass",
        "await asyncio.sleep(600)",
        "!sleep 600",
        "%time time.sleep(600)",
        "def f():\n    while True: print('x')\nf()",
    ],
)
def test_an_interrupt_ends_the_cell_and_the_next_one_runs(student, wait):
    stopped, after = student.run(
        # Not before the parent says so: Python drops an interrupt that comes while it
        # tidies up after a fork.
        "import asyncio, os, signal, time\nforked, say = os.pipe()\n"
        "if (me := os.getpid()) and not os.fork():\n    os.read(forked, 1)\n"
        "    time.sleep(0.3)\n    os.kill(me, signal.SIGINT)\n    os._exit(0)\n"
        "os.write(say, b'!')\n" + wait,
        "print('next')",
    )
    assert stopped.status == "interrupted"
    assert "error" in stopped.kinds
    assert (after.status, after.text) == ("ok", "next\n")


def test_an_interrupted_cell_does_not_go_on_in_the_next_one(student):
    _, after = student.run(
        "import asyncio, os, signal\ngate = asyncio.Event()\n"
        "loop = asyncio.get_running_loop()\n"
        "timer = loop.call_later(0.1, os.kill, os.getpid(), signal.SIGINT)\n"
        "await gate.wait()\nprint('went on')",
        "gate.set()\nawait asyncio.sleep(0.01)\nprint('next')",
    )
    assert (after.status, after.text) == ("ok", "next\n")


def test_an_interrupted_system_command_is_gone(student):
    stopped, look = student.run(
        "import os, signal, threading\n"
        "def stop():\n    os.kill(os.getpid(), signal.SIGINT)\n"
        "threading.Timer(0.5, stop).start()\n"
        "!echo $$ > number && sleep 600",
        "os.kill(int(open('number').read()), 0)",
    )
    assert stopped.status == "interrupted"
    assert look.events[-1]["ename"] == "ProcessLookupError"


def test_an_interrupt_between_cells_is_ignored(student):
    def act(shell, log):
        shell.run_cell("import os, signal")
        os.kill(os.getpid(), shell.namespace["signal"].SIGINT)
        log({"status": shell.run_cell("print('fine')")})

    (ran,) = student.drive(act)
    assert (ran.status, ran.text) == ("ok", "fine\n")


# Calls that a test makes into student code


def test_a_captured_call_shows_what_it_prints_and_closes_what_it_draws(student):
    def act(shell, log):
        shell.run_cell(
            "import matplotlib.pyplot as plt\n"
            "def draw(show):\n    print('drawing')\n    plt.plot([1, 2])\n"
            "    if show: plt.show()\n    return plt.gcf()"
        )
        log({"status": "defined"})
        for show in (False, True):
            with shell.capturing():
                shell.namespace["draw"](show)
            log({"status": "called"})
        shell.run_cell("print(plt.get_fignums())")
        log({"status": "looked"})

    _, unseen, shown, looked = student.drive(act)
    assert (unseen.text, unseen.kinds) == ("drawing\n", ["stdout"])
    assert shown.kinds == ["stdout", "display_data"]
    assert "image/png" in shown.events[-1]["data"]
    assert (looked.text, looked.kinds) == ("[]\n", ["stdout"])


def test_an_error_inside_a_captured_call_reaches_the_caller(student):
    def act(shell, log):
        shell.run_cell("def fail():\n    print('first')\n    raise KeyError('k')")
        with contextlib.suppress(KeyError), shell.capturing():
            shell.namespace["fail"]()
        log({"status": "went on"})

    (ran,) = student.drive(act)
    assert (ran.status, ran.text, ran.kinds) == ("went on", "first\n", ["stdout"])


# A process whose parent had imported nothing


def test_figures_show_where_matplotlib_was_not_imported_before(tmp_path):
    script = (
        "import sys, json\n"
        "from autograder.sealed.student.shell import Shell\n"
        "assert 'matplotlib' not in sys.modules\n"
        "out = sys.stdout\n"
        "shell = Shell(sys.argv[1], lambda event: print(json.dumps(event), file=out))\n"
        "shell.run_cell('import matplotlib.pyplot as plt\\nplt.plot([1, 2]);')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        env={k: v for k, v in os.environ.items() if k != "MPLBACKEND"},
    )
    (figure,) = [json.loads(line) for line in done.stdout.splitlines()]
    assert set(figure["data"]) == {"image/png", "text/plain"}
