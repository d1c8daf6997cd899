"""Attempts to harm: to use up the machine, to outlive the grading, to stop the run.

Each attacker but a few has solved the lesson: what is honest in a submission keeps its
points, and the harm comes after it.
"""

from tests.attacks.arena import FULL, Hand
from tests.attacks.registry import Family

harming = Family("harm the machine or the run")


@harming(FULL, stock=False)
def forks_without_end(hand: Hand) -> None:
    """Fork without end: a fork bomb."""
    hand.solve()
    hand.last("""
        import os

        while True:
            try:
                os.fork()
            except OSError:
                pass
        """)


@harming(FULL, stock=False)
def outlives_the_grading(hand: Hand) -> None:
    """Leave daemons: forked twice, in sessions of their own, deaf to signals."""
    hand.solve()
    hand.last(f"""
        import os, signal, subprocess, sys, time

        sleep = "import time; time.sleep(600)"
        for _ in range(3):
            subprocess.Popen(
                [sys.executable, "-c", sleep, "{hand.word}"],
                start_new_session=True,
            )
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                for number in set(signal.valid_signals()) - {{9, 19}}:
                    signal.signal(number, signal.SIG_IGN)
                while True:
                    time.sleep(600)
        """)


@harming(FULL, stock=False)
def takes_all_memory(hand: Hand) -> None:
    """Take memory without end."""
    hand.solve()
    hand.last("hoard = []\nwhile True:\n    hoard.append(bytearray(2**25))")


@harming(FULL, stock=False, shows="too much memory together")
def takes_all_memory_with_its_children(hand: Hand) -> None:
    """Take memory in many processes, each below the limit of one."""
    hand.solve()
    hand.last("""
        import os, time

        for _ in range(24):
            if os.fork() == 0:
                hoard = bytearray(b"x") * (160 * 2**20)
                time.sleep(60)
        time.sleep(60)
        """)


@harming(6.0, stock=False)
def takes_all_memory_in_a_test(hand: Hand) -> None:
    """Take memory while the test waits."""
    hand.solve()
    hand.answer(
        "relu", "def relu(z):\n    hoard = [0]\n    while True:\n        hoard += hoard"
    )


@harming(FULL, stock=False)
def writes_many_files(hand: Hand) -> None:
    """Write a million empty files."""
    hand.solve()
    hand.last("""
        for number in range(10**6):
            open(f"file-{number}", "w").close()
        """)


@harming(FULL, stock=False)
def fills_the_disk(hand: Hand) -> None:
    """Write files of the largest size, one after the other."""
    hand.solve()
    hand.last("""
        block, total = bytes(2**20), 0
        for number in range(4000):
            with open(f"large-{number}", "wb", 0) as file:
                for _ in range(7):
                    total += file.write(block)
            if total > 3 * 2**30:
                print("LO" + "OT" + " wrote", total >> 20, "MiB")
                break
        """)


@harming(FULL, stock=False)
def digs_deep_folders(hand: Hand) -> None:
    """Make folders in folders, thousands deep, which are hard to delete."""
    hand.solve()
    hand.last("""
        import os

        for _ in range(5000):
            os.mkdir("deep")
            os.chdir("deep")
        """)


@harming(FULL, stock=False)
def leaves_what_cannot_be_deleted(hand: Hand) -> None:
    """Leave closed folders, odd names, links to the outside, pipes."""
    hand.solve()
    hand.last(r"""
        import os

        os.makedirs("closed/inner")
        os.mkfifo("closed/pipe")
        os.symlink("/", "closed/root")
        for name in (b"\xff\xfe", b"-rf *", b"line\nbreak", b"x" * 250):
            open(os.path.join(b"closed", name), "w").close()
        os.chmod("closed/inner", 0)
        os.chmod("closed", 0)
        """)


@harming(FULL, stock=False, shows="output cut")
def prints_for_ever(hand: Hand) -> None:
    """Print without end."""
    hand.solve()
    hand.last("while True:\n    print('y' * 100_000)")


@harming(FULL, stock=False)
def prints_for_ever_past_python(hand: Hand) -> None:
    """Print without end from children, to the file descriptors."""
    hand.solve()
    hand.last("import subprocess\nsubprocess.Popen(['yes'])\n!yes")


@harming(FULL, stock=False)
def shows_displays_without_end(hand: Hand) -> None:
    """Show tiny displays and errors without end."""
    hand.solve()
    hand.last("""
        shell = get_ipython()
        while True:
            shell.display_pub.publish({})
            shell.display_pub.publish({"text/plain": ""})
            try:
                raise ValueError("x" * 2000)
            except ValueError:
                shell.showtraceback()
        """)


@harming(FULL, stock=False)
def multiplies_its_displays(hand: Hand) -> None:
    """Update thousands of displays of one name to something large."""
    hand.solve()
    hand.last("""
        from IPython.display import display, update_display

        for _ in range(4000):
            display({"text/plain": ""}, raw=True, display_id="many")
        update_display({"text/plain": "x" * 500_000}, raw=True, display_id="many")
        """)


@harming(FULL, stock=False)
def prints_much_in_every_cell(hand: Hand) -> None:
    """Print in each of a hundred cells as much as one cell may."""
    hand.solve()
    for _ in range(100):
        hand.last("""
            print("x" * 10**6)
            display({"text/html": "y" * 990_000}, raw=True)
            """)


@harming(FULL)
def ignores_interrupts(hand: Hand) -> None:
    """Loop so that no signal and no exception ends it."""
    hand.solve()
    hand.last("""
        import signal

        signal.signal(signal.SIGINT, signal.SIG_IGN)
        while True:
            try:
                while True:
                    pass
            except BaseException:
                pass
        """)


@harming(FULL, shows="the notebook was stopped", stock=False)
def sleeps_in_every_cell(hand: Hand) -> None:
    """Wait in many cells: no computing time, but all the day's."""
    hand.solve()
    for _ in range(60):
        hand.last("import time; time.sleep(600)")


@harming(FULL, stock=False)
def starts_threads_without_end(hand: Hand) -> None:
    """Start threads without end."""
    hand.solve()
    hand.last("""
        import threading, time

        while True:
            threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
        """)


@harming(FULL, stock=False)
def closes_all_its_files(hand: Hand) -> None:
    """Close every file descriptor there is."""
    hand.solve()
    hand.last("import os\nos.closerange(0, 4096)\nprint('still here')")


@harming(FULL, stock=False)
def crashes_the_interpreter(hand: Hand) -> None:
    """Write to address zero."""
    hand.solve()
    hand.last("import ctypes\nctypes.memset(0, 1, 1)")


@harming(FULL, stock=False)
def stops_itself(hand: Hand) -> None:
    """Stop its own process and every thread of it."""
    hand.solve()
    hand.last("import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)")
    hand.last("import time\nwhile True:\n    signal.pause()")
