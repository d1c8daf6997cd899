"""The template begins before anybody knows which lessons are graded."""

import os
import subprocess
import sys
import textwrap

import pytest

from autograder.base.paths import ROOT

LOADED = """
def loaded():
    print("loaded", "colorsys" in sys.modules, flush=True)


def fork():
    process = multiprocessing.get_context("forkserver").Process(target=loaded)
    process.start()
    process.join()
"""


def ran(code, tmp_path, **options):
    """Return what a program prints that has `template` and `fork()`."""
    path = tmp_path / "program.py"
    start = (
        "import multiprocessing, os, signal, sys, time\n"
        "from autograder.sealed import template\n"
    )
    main = textwrap.indent(textwrap.dedent(code), "    ")
    path.write_text(f"{start}{LOADED}\n\nif __name__ == '__main__':\n{main}", "utf-8")
    done = subprocess.run(
        [sys.executable, path],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={"PATH": "", "PYTHONPATH": str(ROOT)},
        **options,
    )
    assert not done.returncode, done.stderr
    return done.stdout.split("\n")[:-1]


@pytest.mark.parametrize("before", ["", "template.begin()", "template.begin()\n" * 2])
def test_what_lessons_import_is_loaded_whether_it_was_begun_or_not(before, tmp_path):
    code = f"{before}\ntemplate.start(['colorsys', 'not_there'])\nfork()\n"
    assert ran(code + "template.stop()", tmp_path) == ["loaded True"]


def test_one_that_ends_before_it_is_told_is_begun_again(tmp_path):
    code = """
        template.begin()
        os.kill(template.number(), signal.SIGKILL)
        time.sleep(0.2)
        template.start(["colorsys"])
        fork()
        template.stop()
    """
    assert ran(code, tmp_path) == ["loaded True"]


@pytest.mark.parametrize("end", ["template.leave()", "template.stop()"])
def test_one_that_is_not_needed_ends(end, tmp_path):
    code = f"""
        template.begin()
        number = template.number()
        {end}
        try:
            os.kill(number, 0)
        except ProcessLookupError:
            print("gone")
        template.start(["colorsys"])
        fork()
        template.leave()
        fork()
        template.stop()
    """
    assert ran(code, tmp_path) == ["gone", "loaded True", "loaded True"]


def test_one_ends_with_who_has_begun_it(tmp_path):
    (number,) = ran("template.begin()\nprint(template.number())", tmp_path)
    code = f"""
        for _ in range(100):
            try:
                os.kill({number}, 0)
            except ProcessLookupError:
                print("gone")
                break
            time.sleep(0.1)
    """
    assert ran(code, tmp_path) == ["gone"]


def test_the_standard_input_of_who_begins_it_stays_its_own(tmp_path):
    code = "template.begin()\nprint(input())\ntemplate.leave()"
    assert ran(code, tmp_path, input="mine\n") == ["mine"]


def test_a_program_without_standard_input_has_a_template(tmp_path):
    code = """
        os.close(0)
        template.start(["colorsys"])
        fork()
        template.stop()
        try:
            os.fstat(0)
        except OSError:
            print("closed as before")
    """
    assert ran(code, tmp_path) == ["loaded True", "closed as before"]


@pytest.mark.parametrize(
    ("arguments", "begins"),
    [
        ("grade", ["begins", "command line"]),
        ("grade 03 --student ada", ["begins", "command line"]),
        ("grade --help", ["command line"]),
        ("show", ["command line"]),
        ("", ["command line"]),
    ],
)
def test_it_begins_before_the_command_line_where_something_is_graded(
    arguments, begins, tmp_path
):
    code = f"""
        import types
        sys.argv = ["autograder", *{arguments.split()}]
        template.begin = lambda: print("begins")
        template.leave = lambda: None
        cli = types.SimpleNamespace(main=lambda: print("command line"))
        assert "autograder.cli" not in sys.modules
        sys.modules["autograder.cli"] = cli
        from autograder.__main__ import main
        main()
    """
    assert ran(code, tmp_path) == begins


def test_a_command_that_is_wrong_ends_what_has_begun(tmp_path):
    code = """
        sys.argv = ["autograder", "grade", "--no-such-option"]
        begin = template.begin
        def begin_and_say():
            begin()
            print(template.number())
        template.begin = begin_and_say
        from autograder.__main__ import main
        try:
            main()
        except SystemExit as end:
            print(end.code)
    """
    number, code = ran(code, tmp_path)
    assert code == "2"
    with pytest.raises(ProcessLookupError):
        os.kill(int(number), 0)
