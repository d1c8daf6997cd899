"""Attempts to change marks, and the machine that gives them."""

from tests.attacks.arena import LESSON, Hand
from tests.attacks.registry import Family

changing = Family("change marks")


@changing()
def writes_into_the_gradebook(hand: Hand) -> None:
    """Give everybody extra credit in the gradebook."""
    places = [f"{hand.room}/gradebook.db", "../../../gradebook.db", "gradebook.db"]
    hand.first(f"""
        import sqlite3

        for place in {places}:
            try:
                book = sqlite3.connect(place, timeout=1)
                book.execute("update grade set extra_credit = 2")
                book.commit()
            except sqlite3.Error as error:
                print(place, error)
        """)


@changing()
def writes_into_the_results(hand: Hand) -> None:
    """Append full marks to results.jsonl, and plants an executed notebook."""
    line = (
        '{"student": "writes_into_the_results", "lesson": "00_attacked", '
        '"status": "graded", "score": 11.0}'
    )
    hand.first(f"""
        import glob, os

        for place in ("{hand.room}", "../../..", "../.."):
            try:
                with open(place + "/results.jsonl", "a") as file:
                    file.write('''{line}''' + chr(10))
            except OSError as error:
                print(error)
            for kept in glob.glob(place + "/executed/*"):
                open(kept, "w").close()
        """)


@changing()
def writes_into_a_classmates_folder(hand: Hand) -> None:
    """Spoils what a classmate has handed in."""
    other = f"submitted/a_classmate/{LESSON}/{LESSON}.ipynb"
    hand.first(f"""
        import os

        for place in ("{hand.room}/", "../../../", "../../"):
            try:
                open(place + "{other}", "w").close()
            except OSError as error:
                print(error)
            try:
                os.remove(place + "{other}")
            except OSError as error:
                print(error)
        """)


@changing(stock=False)
def poisons_the_environment(hand: Hand) -> None:
    """Plants code in the Python environment that later processes would run."""
    hand.first("""
        import pathlib, site, sys

        places = [*site.getsitepackages(), sys.prefix, "/usr/lib", "/etc", "/tmp"]
        for place in places:
            for name in ("planted_by_an_attack.pth", "planted_by_an_attack.py"):
                try:
                    pathlib.Path(place, name).write_text("import os")
                    print("LO" + "OT" + " wrote", place, name)
                except OSError as error:
                    print(error)
        import numpy
        for path in pathlib.Path(numpy.__file__).parent.glob("__pycache__/*.pyc"):
            try:
                path.open("ab").close()
                print("LO" + "OT" + " opened", path)
            except OSError:
                pass
        """)


@changing(stock=False)
def signals_its_parent(hand: Hand) -> None:
    """Send signals to its parent, its group, and to every number there is."""
    hand.first("""
        import os, signal

        for pid in (os.getppid(), 0, -1, *range(2, 40000)):
            for number in (signal.SIGSTOP, signal.SIGKILL):
                if pid == 0 or pid == os.getpid():
                    continue
                try:
                    os.kill(pid, number)
                except OSError:
                    break
        """)


@changing(stock=False)
def asks_for_more_than_it_may(hand: Hand) -> None:
    """Raise its limits, takes back its privileges, changes the machine's clock."""
    hand.first("""
        import ctypes, os, resource, time

        for kind in range(16):
            try:
                resource.setrlimit(kind, (resource.RLIM_INFINITY,) * 2)
            except (OSError, ValueError):
                pass
        for call in (lambda: os.setuid(0), lambda: os.setgid(0), lambda: os.nice(-20),
                     lambda: os.sched_setaffinity(0, range(64)),
                     lambda: time.clock_settime(0, 0),
                     lambda: open("/proc/self/oom_score_adj", "w").write("-1000"),
                     lambda: os.mknod("device", 0o20666, os.makedev(1, 1)),
                     lambda: os.system("sudo -n true; su -c true")):
            try:
                call()
            except (OSError, ValueError) as error:
                print(error)
        """)
