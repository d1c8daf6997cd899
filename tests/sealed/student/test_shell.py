"""Cells run in a fork keep its process safe, and end when they are interrupted."""

import contextlib
import json
import os
import subprocess
import sys

import pytest


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
        # When the command runs, and not before.
        "import os, signal, threading\nos.mkfifo('told')\n"
        "def stop():\n    global number\n    number = int(open('told').read())\n"
        "    os.kill(os.getpid(), signal.SIGINT)\n"
        "threading.Thread(target=stop).start()\n"
        "!echo $$ >told && sleep 600",
        "os.kill(number, 0)",
    )
    assert stopped.status == "interrupted"
    assert look.events[-1]["ename"] == "ProcessLookupError"


def test_an_interrupt_while_a_system_command_starts_ends_it(student):
    stopped, look = student.run(
        "import os, signal, subprocess\nbegin = subprocess.Popen.__init__\n"
        "def begin_and_interrupt(process, *args, **options):\n    global number\n"
        "    begin(process, *args, **options)\n    number = process.pid\n"
        "    os.kill(os.getpid(), signal.SIGINT)\n"
        "subprocess.Popen.__init__ = begin_and_interrupt\n"
        "!sleep 600",
        "os.kill(number, 0)",
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
