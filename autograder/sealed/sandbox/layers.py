"""The layers around a student process, in the order in which they are put on."""

from __future__ import annotations

import contextlib
import fcntl
import os
import platform
import re
import resource
import signal
import socket
import struct
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from autograder.base.errors import EngineError
from autograder.sealed.sandbox import credentials, landlock, mounts, seccomp, syscalls
from autograder.sealed.sandbox.syscall_numbers import MACHINES

MOUNT, PID, NETWORK, IPC, UTS = (
    "mount namespace",
    "pid namespace",
    "network namespace",
    "ipc namespace",
    "uts namespace",
)
USER, OWN_PROC, NOBODY = "user namespace", "own /proc", "unprivileged user"
NO_CAPABILITIES, NO_NEW_PRIVILEGES = "no capabilities", "no new privileges"
LANDLOCK, RLIMITS, SECCOMP = "landlock", "rlimits", "seccomp"

_NAMESPACES = {
    MOUNT: 0x00020000,
    PID: 0x20000000,
    NETWORK: 0x40000000,
    IPC: 0x08000000,
    UTS: 0x04000000,
}

_PR_SET_PDEATHSIG = 1
_MOST_ADDRESSES = 64 << 10
"""MiB of addresses that a process may reserve beyond its memory; libraries take some
as a precaution."""
_SIOCSIFFLAGS, _IFF_UP = 0x8914, 1

_ALLOW_NAMESPACES = (
    "In a container, allow unshare and mount (Docker: --security-opt"
    " seccomp=unconfined --security-opt apparmor=unconfined); on Ubuntu,"
    " sysctl kernel.apparmor_restrict_unprivileged_userns=0; elsewhere see"
    " user.max_user_namespaces and kernel.unprivileged_userns_clone."
)
_REMEDIES = {
    USER: _ALLOW_NAMESPACES,
    **dict.fromkeys(_NAMESPACES, _ALLOW_NAMESPACES),
    MOUNT: f"Needs Linux 5.12. {_ALLOW_NAMESPACES}",
    OWN_PROC: "In a container, unmask /proc (Docker: --security-opt systempaths="
    "unconfined).",
    NOBODY: "Run the grader as an ordinary user.",
    LANDLOCK: "Needs Linux 5.13 with landlock in the kernel's lsm= list.",
    SECCOMP: f"Needs Linux on {' or '.join(MACHINES)}.",
}


@dataclass(frozen=True)
class ProcessLimits:
    """What one student process may use; each of its children may use as much."""

    memory_mib: int = 2048
    """Private memory beyond what the process held when it was forked."""
    cpu_s: int = 600
    """CPU seconds after which the kernel kills the process."""
    file_size_mib: int = 64
    """Largest file that can be written."""
    processes: int = 256
    """Processes and threads of the submission together."""
    open_files: int = 256
    """Open files of one process."""
    loopback: bool = False
    """Whether its processes may talk to each other over TCP, as Jupyter's kernels do,
    in a network namespace that leads nowhere."""
    scratch_mib: int | None = None
    """All files together. With a number, and the mount namespace, what is written goes
    into memory and is gone with the process; otherwise it stays in the folder."""


@dataclass(frozen=True)
class Layer:
    """One layer of the sandbox, as it turned out."""

    name: str
    active: bool
    detail: str
    """Why the layer is missing and what to do; or how much an active one covers."""


@dataclass
class Layers:
    """The layers put on so far."""

    found: list[Layer] = field(default_factory=list)

    def put_on(self, name: str, action: Callable[[], str]) -> None:
        """Try a layer and note down how it went."""
        try:
            layer = Layer(name, True, action())
        except OSError as err:
            text = err.strerror or str(err)
            layer = Layer(name, False, f"{text}. {_REMEDIES.get(name, '')}".strip())
        self.found.append(layer)

    def miss(self, name: str, why: str) -> None:
        """Note down a layer that need not be tried."""
        self.found.append(Layer(name, False, why))

    def has(self, name: str) -> bool:
        """Tell whether a layer is active."""
        return any(layer.active for layer in self.found if layer.name == name)

    def has_tried(self, name: str) -> bool:
        """Tell whether a layer was tried, active or not."""
        return any(layer.name == name for layer in self.found)

    def replace(self, name: str, action: Callable[[], str]) -> None:
        """Finish a layer that was begun before."""
        self.found = [layer for layer in self.found if layer.name != name]
        self.put_on(name, action)


def _unshare(flag: int) -> Callable[[], str]:
    def action() -> str:
        syscalls.libc("unshare", flag)
        return ""

    return action


def first_of_a_pid_namespace(layers: Layers) -> int:
    """Fork, as `os.fork`, a child that is the first process of a PID namespace.

    Only for root. What this process forks later has nothing to do with it.
    """
    own = -1

    def unshare() -> str:
        nonlocal own
        own = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
        syscalls.libc("unshare", _NAMESPACES[PID])
        return ""

    layers.put_on(PID, unshare)
    child = os.fork()
    if child and layers.has(PID):
        syscalls.libc("setns", own, _NAMESPACES[PID])
    if child and own >= 0:
        os.close(own)
    return child


def enter_namespaces(layers: Layers, loopback: bool = False) -> None:
    """Enter new namespaces, but one that was tried; a PID namespace with the next fork.

    With `loopback` the network namespace has an interface that leads back to itself.

    An ordinary user needs the user namespace for all the others. Root enters it
    last, in `confine`, so that its owner has no power over the others.
    """
    if os.geteuid() != 0:
        layers.put_on(USER, credentials.enter_user_namespace)
    for name, flag in _NAMESPACES.items():
        if not layers.has_tried(name):
            layers.put_on(name, _unshare(flag))
    order = [USER, *_NAMESPACES]
    layers.found.sort(key=lambda layer: order.index(layer.name))
    if loopback and layers.has(NETWORK):
        layers.replace(NETWORK, _switch_loopback_on)


def _switch_loopback_on() -> str:
    request = struct.pack("16sh22x", b"lo", _IFF_UP)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, request)
    return "with its own loopback"


def confine(
    layers: Layers,
    *,
    scratch: Path,
    readable: Sequence[Path],
    root: mounts.Layout,
    hidden: Sequence[Path],
    limits: ProcessLimits,
) -> None:
    """Put the remaining layers on this process, for good.

    Must be the first process of its PID namespace, if it has one, and in the others.

    Raises
    ------
    EngineError
        Something that must be hidden is there.
    """
    inherited_mib = private_memory_mib()
    proc = _open_proc()
    if layers.has(MOUNT):
        files = credentials.accounts(scratch)
        layers.replace(MOUNT, lambda: mounts.replace_root(root, scratch, files))
    if layers.has(MOUNT):
        _insist_on_hiding(hidden, root)
    if layers.has(MOUNT) and limits.scratch_mib is not None:
        mounts.keep_in_memory(scratch, limits.scratch_mib)
    if layers.has(MOUNT) and layers.has(PID):
        layers.put_on(OWN_PROC, mounts.mount_own_proc)
    else:
        layers.miss(OWN_PROC, f"Needs the {MOUNT} and the {PID}.")
    python = (Path(sys.prefix), Path(sys.base_prefix))
    was_root = os.geteuid() == 0
    layers.put_on(NOBODY, lambda: credentials.become_nobody(scratch, python))
    if was_root:
        layers.put_on(USER, credentials.enter_user_namespace)
    os.chdir(scratch)
    os.umask(0o077)
    layers.put_on(NO_CAPABILITIES, credentials.drop_capabilities)
    layers.put_on(NO_NEW_PRIVILEGES, credentials.forbid_new_privileges)
    with contextlib.suppress(OSError):  # only Linux can
        syscalls.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    others = 0 if _count_is_private(layers) else _tasks_of_user(os.geteuid(), proc)
    layers.put_on(RLIMITS, lambda: _limit(limits, inherited_mib, others))
    if proc is not None:
        os.close(proc)
    tcp = limits.loopback and layers.has(NETWORK)
    layers.put_on(LANDLOCK, lambda: _lock_files(layers, readable, scratch, tcp))
    rules = seccomp.RULES_WITH_TCP if tcp else seccomp.ARGUMENT_RULES
    layers.put_on(SECCOMP, lambda: seccomp.install(rules=rules))


def _insist_on_hiding(hidden: Sequence[Path], root: mounts.Layout) -> None:
    """Refuse to go on where a path exists that is no way to what may be read."""
    ways = mounts.ways_to(root.places)
    for path in hidden:
        if path not in ways and os.path.lexists(path):
            raise EngineError(f"{path}: found it in the sandbox, expected it hidden")


def _lock_files(
    layers: Layers, readable: Sequence[Path], scratch: Path, tcp: bool
) -> str:
    writable, listable = [scratch], []
    if layers.has(OWN_PROC):
        readable = [*readable, mounts.PROC]
    if layers.has(MOUNT):
        writable.append(mounts.SHARED_MEMORY)
        readable = [*readable, *(Path("/", name) for name in credentials.ACCOUNTS)]
        listable.append(Path("/usr"))  # no name is left there but of what is readable
    devices = [Path(os.devnull)]
    return landlock.restrict(
        readable=readable,
        listable=listable,
        writable=writable,
        devices=devices,
        tcp=tcp,
    )


def private_memory_mib() -> int:
    """Private memory of this process in MiB, as RLIMIT_DATA counts it."""
    return _status_mib("VmData")


def _status_mib(name: str) -> int:
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        return 0
    return int(status.split(f"{name}:")[1].split()[0]) // 1024


def _count_is_private(layers: Layers) -> bool:
    """Tell whether RLIMIT_NPROC counts this submission's processes only."""
    return layers.has(USER) and kernel_version() >= (5, 14)


@lru_cache(maxsize=1)
def kernel_version() -> tuple[int, ...]:
    """Return the first two numbers of this kernel's version; none if it has others."""
    version = re.match(r"(\d+)\.(\d+)", platform.release())
    return tuple(map(int, version.groups())) if version else ()


def _open_proc() -> int | None:
    """Open the machine's /proc, to be read even when another one covers it."""
    if not mounts.PROC.is_dir():
        return None
    return os.open(mounts.PROC, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)


def _tasks_of_user(user: int, proc: int | None) -> int:
    """Count a user's processes and threads."""
    if proc is None:
        return 0
    tasks = 0
    for process in filter(str.isdigit, os.listdir(proc)):
        try:
            folder = os.stat(f"{process}/task", dir_fd=proc)
        except OSError:
            continue  # it has just ended
        if folder.st_uid == user:
            tasks += folder.st_nlink - 2  # each thread is a folder in it
    return tasks


def _limit(limits: ProcessLimits, inherited_mib: int, other_tasks: int) -> str:
    mib = 1 << 20
    addresses_mib = _status_mib("VmSize")
    wanted = {
        "RLIMIT_DATA": (inherited_mib + limits.memory_mib) * mib,
        # Its page tables are memory too, a MiB for each half GiB that is looked at.
        "RLIMIT_AS": (addresses_mib + limits.memory_mib + _MOST_ADDRESSES) * mib,
        "RLIMIT_CPU": limits.cpu_s,
        "RLIMIT_FSIZE": limits.file_size_mib * mib,
        "RLIMIT_NPROC": other_tasks + limits.processes,
        "RLIMIT_NOFILE": limits.open_files,
        "RLIMIT_CORE": 0,
        "RLIMIT_MSGQUEUE": 0,
        "RLIMIT_RTPRIO": 0,
        "RLIMIT_SIGPENDING": 4 * limits.processes,
        "RLIMIT_MEMLOCK": 64 << 10,
    }
    for name, value in wanted.items():
        _set_limit(name, value, value)
    # Beyond the soft limit a stack would grow without RLIMIT_DATA counting it.
    soft = resource.getrlimit(resource.RLIMIT_STACK)[0]
    _set_limit("RLIMIT_STACK", soft, 64 * mib)
    return "" if os.geteuid() else "the processes of root are not counted"


def _set_limit(name: str, soft: int, hard: int) -> None:
    """Lower a limit; one that is lower already stays, an unknown one is skipped."""
    kind = getattr(resource, name, None)
    if kind is None:
        return
    unlimited = resource.RLIM_INFINITY
    ceiling = resource.getrlimit(kind)[1]
    hard = hard if ceiling == unlimited else min(hard, ceiling)
    soft = hard if soft == unlimited else min(soft, hard)
    resource.setrlimit(kind, (soft, hard))
