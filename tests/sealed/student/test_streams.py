"""What cells show leaves in order, in pieces, and from one thread."""

import pytest


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
