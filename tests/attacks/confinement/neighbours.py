"""What a submission takes from the one beside it: the clock, the core, the memory.

Each attacker keeps one core busy from the beginning; the honest student beside it
computes for half of what a cell may take.
"""

from tests.attacks.arena import FULL, Hand
from tests.attacks.registry import Family

load = Family("take a classmate's marks by load")

BUSY = """
    total, began = 0, time.process_time()
    while time.process_time() - began < 0.45:
        total += 1
"""


def honest_but_slow() -> Hand:
    """Return right answers that take half of a cell's computing time."""
    hand = Hand()
    hand.solve()
    hand.first("import time")
    hand.answer("relu", f"def relu(z):{BUSY.replace('0.45', '0.1')}"
                "    return np.maximum(z, 0.0)")  # fmt: skip
    right = "    if not numbers:\n        raise ValueError\n"
    right += "    return sum(numbers) / len(numbers)"
    busy = BUSY.replace("0.45", "0.15")
    hand.answer("mean_of", f"def mean_of(numbers):{busy}{right}")
    return hand


def _hog(hand: Hand, code: str, cells: int = 9) -> None:
    """Do the same in many cells, so that one limit after the other is used up.

    Nine go on for several times as long as the honest one beside them takes.
    """
    hand.solve()
    for number in range(cells):
        hand.first(f"{code}\n# {number}")
        hand.notebook.cells[0].id = f"hog-{number}"


@load(FULL, stock=False)
def spins_in_many_processes(hand: Hand) -> None:
    """Let forty processes compute at the same time."""
    _hog(
        hand,
        """
import os, time
for _ in range(40):
    if os.fork() == 0:
        while True:
            pass
time.sleep(100)
""",
    )


@load(FULL, stock=False)
def spins_in_sessions_of_their_own(hand: Hand) -> None:
    """Let forty processes compute, each in a session, which the kernel weighs alone."""
    _hog(
        hand,
        """
import os, time
for _ in range(40):
    if os.fork() == 0:
        os.setsid()
        while True:
            pass
time.sleep(100)
""",
    )


@load(FULL, stock=False)
def forks_all_the_time(hand: Hand) -> None:
    """Fork without end, with children that end at once and are not waited for."""
    _hog(
        hand,
        """
import os, signal
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
while True:
    try:
        if os.fork() == 0:
            for _ in range(200_000):
                pass
            os._exit(0)
    except OSError:
        pass
""",
        cells=15,  # this one's are over sooner
    )


@load(FULL, stock=False)
def spins_in_threads(hand: Hand) -> None:
    """Let forty threads compute outside of Python's lock."""
    _hog(
        hand,
        """
import hashlib, threading
def spin():
    while True:
        hashlib.sha256(bytes(2**22)).digest()
for _ in range(40):
    threading.Thread(target=spin, daemon=True).start()
spin()
""",
    )


@load(FULL, stock=False)
def takes_and_gives_memory(hand: Hand) -> None:
    """Let processes take memory and give it back, which is work for the kernel."""
    _hog(
        hand,
        """
import os
for _ in range(12):
    if os.fork() == 0:
        break
while True:
    hoard = bytearray(16 * 2**20)
    for place in range(0, len(hoard), 4096):
        hoard[place] = 1
""",
    )


@load(FULL, stock=False)
def prints_to_a_busy_examiner(hand: Hand) -> None:
    """Print without end: reading it is work for the examiner, beside everybody's."""
    _hog(
        hand,
        """
import os
for _ in range(30):
    if os.fork() == 0:
        break
while True:
    os.write(1, b"y" * 65_536)
""",
    )


@load(FULL, stock=False)
def writes_files_all_the_time(hand: Hand) -> None:
    """Write and remove files in many processes."""
    _hog(
        hand,
        """
import os
for _ in range(30):
    if os.fork() == 0:
        break
name = f"file-{os.getpid()}"
while True:
    with open(name, "wb") as file:
        file.write(bytes(2**19))
    os.remove(name)
""",
    )
