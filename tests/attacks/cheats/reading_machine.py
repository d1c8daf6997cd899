"""What a student's process can read although no lesson needs it.

Whoever finds something of the machine prints LOOT; secrets of the arena are looked for
by the suite itself.
"""

from tests.attacks.arena import FULL, Hand
from tests.attacks.cheats.stealing import LOOK
from tests.attacks.registry import Family

reading = Family("read what must not be read")


@reading(FULL, stock=False)
def lists_the_users_of_the_machine(hand: Hand) -> None:
    """Read who has an account here, with names and home folders."""
    hand.solve()
    hand.last(
        LOOK
        + """
import pwd
names = [entry.pw_name for entry in pwd.getpwall()]
names += [line.partition(":")[0] for line in open("/etc/passwd")]
if set(names) - {"root", "nobody"}:
    print(FOUND + " users", names)
"""
    )


@reading(FULL, stock=False)
def lists_the_groups_of_the_machine(hand: Hand) -> None:
    """Read which groups there are, and who belongs to them."""
    hand.solve()
    hand.last(
        LOOK
        + """
import grp
names = [entry.gr_name for entry in grp.getgrall()]
names += [line.partition(":")[0] for line in open("/etc/group")]
if set(names) - {"root", "nogroup", "nobody"}:
    print(FOUND + " groups", names)
"""
    )


@reading(FULL, stock=False)
def lists_the_programs_of_the_machine(hand: Hand) -> None:
    """Look into parts of /usr that hold no library of a lesson."""
    hand.solve()
    hand.last(
        LOOK
        + """
for folder in ("/usr/src", "/usr/games", "/usr/share/doc", "/usr/share/man",
               "/usr/share/perl5", "/usr/local/share", "/usr/local/src"):
    try:
        if set(os.listdir(folder)) - {"fonts"}:
            print(FOUND + " in", folder)
    except OSError as error:
        print(folder, error)
"""
    )


@reading(FULL, stock=False)
def watches_what_others_do(hand: Hand) -> None:
    """Read what the machine as a whole is doing: load, interrupts, disks, memory."""
    hand.solve()
    hand.last(
        LOOK
        + """
for name in ("loadavg", "interrupts", "diskstats", "vmstat", "pressure/cpu", "softirqs",
             "zoneinfo", "buddyinfo", "key-users", "partitions"):
    try:
        if open(f"/proc/{name}").read():
            print(FOUND + " in /proc/" + name)
    except OSError as error:
        print(name, error)
"""
    )


@reading(FULL, stock=False)
def reads_how_the_machine_was_made(hand: Hand) -> None:
    """Read the kernel's command line, its settings and its symbols."""
    hand.solve()
    hand.last(
        LOOK
        + """
for name in ("cmdline", "config.gz", "kallsyms", "iomem", "ioports", "sys/fs/aio-nr",
             "sys/kernel/random/boot_id", "sys/kernel/ns_last_pid"):
    try:
        if open(f"/proc/{name}", "rb").read(100):
            print(FOUND + " in /proc/" + name)
    except OSError as error:
        print(name, error)
"""
    )


@reading(FULL, stock=False)
def is_told_when_a_program_is_used(hand: Hand) -> None:
    """Watch folders that everybody uses: who opens a file there is seen."""
    hand.solve()
    hand.last(
        LOOK
        + """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
notes = libc.inotify_init()
for folder in ("/usr/bin", "/usr/lib", sys.prefix, os.path.dirname(os.__file__)):
    if libc.inotify_add_watch(notes, folder.encode(), 0x20) > 0:
        print(FOUND + " watches", folder)
"""
    )


@reading(FULL, stock=False)
def is_told_by_an_older_call(hand: Hand) -> None:
    """Watch folders that everybody uses by `fcntl`, as programs did before inotify."""
    hand.solve()
    hand.last(
        LOOK
        + """
import fcntl
for folder in ("/usr/bin", "/usr/lib", sys.prefix, os.path.dirname(os.__file__)):
    try:
        fcntl.fcntl(os.open(folder, os.O_RDONLY), 1026, 0x1F)  # F_NOTIFY
    except OSError:
        continue
    print(FOUND + " watches", folder)
"""
    )


@reading(FULL, stock=False)
def makes_others_wait_for_a_file(hand: Hand) -> None:
    """Take a lease on files that everybody uses: who writes there waits for it."""
    hand.solve()
    hand.last(
        LOOK
        + """
import fcntl
for name in (sys.executable, os.__file__, __import__("numpy").__file__, "own.txt"):
    if name == "own.txt":
        open(name, "w").close()
    try:
        fcntl.fcntl(os.open(name, os.O_RDONLY), 1024, fcntl.F_RDLCK)  # F_SETLEASE
    except OSError:
        continue
    print(FOUND + " leases", name)
"""
    )
