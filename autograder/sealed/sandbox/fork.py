"""How the student process comes to life: a fork or two, the layers, a clean slate."""

from __future__ import annotations

import _signal  # `signal` makes enums of what it is given, and is ten times as slow
import contextlib
import ctypes
import faulthandler
import json
import multiprocessing
import os
import select
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Collection
from dataclasses import dataclass
from multiprocessing import forkserver, resource_tracker
from multiprocessing.process import AuthenticationString
from pathlib import Path
from typing import Any, NoReturn

from autograder.base.errors import EngineError
from autograder.sealed.sandbox import syscalls
from autograder.sealed.sandbox.layers import (
    MOUNT,
    Layer,
    Layers,
    ProcessLimits,
    confine,
    enter_namespaces,
    first_of_a_pid_namespace,
)
from autograder.sealed.sandbox.mounts import Layout

_SETUP_TIMEOUT_S = 60.0
_OPEN_FILES = "/proc/self/fd" if sys.platform == "linux" else "/dev/fd"
_REPORT_SIZE = 1 << 16

_KEPT_SETTINGS = (
    "PATH",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "TZ",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "TF_NUM_INTRAOP_THREADS",
    "TF_NUM_INTEROP_THREADS",
    "NBGRADER_EXECUTION",
    "NBGRADER_VALIDATING",
)
NOBODY = "nobody"
"""Who runs here, for code that asks its environment."""
_SETTINGS_FOLDERS = (
    "IPYTHONDIR",
    "JUPYTER_CONFIG_DIR",
    "JUPYTER_DATA_DIR",
    "JUPYTER_RUNTIME_DIR",
    "KERAS_HOME",
    "MPLCONFIGDIR",
    "XDG_CACHE_HOME",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "XDG_RUNTIME_DIR",
    "XDG_STATE_HOME",
)


@dataclass(frozen=True)
class Order:
    """What kind of process to make; the fields are those of `spawn.spawn`."""

    main: Callable[[], None]
    scratch: Path
    readable: tuple[Path, ...]
    root: Layout
    hidden: tuple[Path, ...]
    limits: ProcessLimits
    keep_fds: frozenset[int]
    output: int | None


@dataclass(frozen=True)
class ForkedProcess:
    """A confined process that has not started its `main` yet."""

    pid: int
    layers: tuple[Layer, ...]
    _permit: int

    def has(self, layer: str) -> bool:
        """Tell whether a layer, given by its name, is active."""
        return any(found.active for found in self.layers if found.name == layer)

    def release(self) -> None:
        """Let `main` start."""
        with contextlib.suppress(BrokenPipeError):  # dead already: `wait` will tell
            os.write(self._permit, b"2")
        os.close(self._permit)


def fork(order: Order) -> ForkedProcess:
    """Fork a confined process; the caller must adopt orphans meanwhile.

    It is the first process of its PID namespace. For root that is one fork. An
    ordinary user's namespaces lie in a user namespace, which the caller must not
    enter: a first child does, forks the student process and ends, and its child
    becomes the caller's.

    Raises
    ------
    EngineError
        The process could not be made.
    """
    sys.stdout.flush()  # or both processes would print what is in the buffers
    sys.stderr.flush()
    report, report_end = os.pipe()
    permit_end, permit = os.pipe()
    layers = Layers()
    # Where orphans cannot be adopted, there are no namespaces either.
    is_direct = os.geteuid() == 0 or sys.platform != "linux"
    child = first_of_a_pid_namespace(layers) if is_direct else os.fork()
    if child == 0:
        os.close(report)
        os.close(permit)
        run = _run_student if is_direct else _run_intermediate
        run(order, layers, permit_end, report_end)
    os.close(report_end)
    os.close(permit_end)
    pid = child if is_direct else None
    try:
        deadline = time.monotonic() + _SETUP_TIMEOUT_S
        if pid is None:
            pid = _read_line(report, deadline, "pid")
            os.waitpid(child, 0)
        os.write(permit, b"1")
        found = _read_line(report, deadline, "layers")
    except (EngineError, BrokenPipeError) as err:
        os.close(permit)
        _end(child if pid is None else pid)
        raise EngineError(f"no student process: {err}") from err
    finally:
        os.close(report)
    return ForkedProcess(pid, tuple(Layer(**layer) for layer in found), permit)


def _read_line(descriptor: int, deadline: float, key: str) -> Any:
    """Read one line of the report, a JSON object, and return what is under `key`."""
    line = b""
    while not line.endswith(b"\n"):
        left = max(0.0, deadline - time.monotonic())
        if not select.select([descriptor], [], [], left)[0]:
            raise EngineError(f"it told no {key} within {_SETUP_TIMEOUT_S:.0f} seconds")
        part = os.read(descriptor, _REPORT_SIZE)
        if not part:
            raise EngineError(f"it ended before it told its {key}")
        line += part
    message = json.loads(line)
    if "error" in message:
        raise EngineError(message["error"])
    return message[key]


def _end(child: int) -> None:
    with contextlib.suppress(ProcessLookupError, ChildProcessError):
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _tell(descriptor: int, **message: object) -> None:
    os.write(descriptor, json.dumps(message).encode() + b"\n")


def _run_intermediate(
    order: Order, layers: Layers, permit: int, report: int
) -> NoReturn:
    """Enter the user namespace and the others; fork the student process into them."""
    status = 1
    try:
        enter_namespaces(layers, order.limits.loopback)
        pid = os.fork()
        if pid == 0:
            _run_student(order, layers, permit, report)
        _tell(report, pid=pid)
        status = 0
    except BaseException:  # nothing may return into the examiner's code
        _tell(report, error=traceback.format_exc())
    finally:
        os._exit(status)


def _run_student(order: Order, layers: Layers, permit: int, report: int) -> NoReturn:
    """Become the student process; ends with `main`."""
    status = 1
    try:
        if not os.read(permit, 1):  # the examiner has adopted this process now
            os._exit(1)
        if not layers.has_tried(MOUNT):
            enter_namespaces(layers, order.limits.loopback)
        _start_afresh(order, {permit, report})
        confine(
            layers,
            scratch=order.scratch,
            readable=order.readable,
            root=order.root,
            hidden=order.hidden,
            limits=order.limits,
        )
        _set_environment(order.scratch)
        _tell(report, layers=[vars(layer) for layer in layers.found])
        if not os.read(permit, 1):
            os._exit(1)
        os.close(permit)
        os.close(report)
        report = -1
        order.main()
        status = 0
    except SystemExit as err:
        status = err.code if isinstance(err.code, int) else 0 if not err.code else 1
    except BaseException:
        if report >= 0:
            _tell(report, error=traceback.format_exc())
        else:
            traceback.print_exc()
    finally:
        with contextlib.suppress(Exception):  # a student may have replaced them
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status & 0xFF)


def _start_afresh(order: Order, pipes: set[int]) -> None:
    """Drop what was inherited from the examiner: session, handlers, open files."""
    os.setsid()
    faulthandler.disable()  # it would write to a descriptor that is somebody else's
    signal.set_wakeup_fd(-1)
    _reset_signals()
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    if order.output is not None:
        os.dup2(order.output, 1)
        os.dup2(order.output, 2)
    _close_all_but(order.keep_fds | pipes)
    _forget_the_fork_server()
    _prefer_for_the_out_of_memory_killer()


def _reset_signals() -> None:
    for number in _signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        if callable(_signal.getsignal(number)):
            signal.signal(number, signal.SIG_DFL)
    # The first process of a namespace gets no signal that it has no handler for.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])


def _close_all_but(kept: Collection[int]) -> None:
    for descriptor in map(int, os.listdir(_OPEN_FILES)):
        if descriptor > 2 and descriptor not in kept:
            with contextlib.suppress(OSError):  # the listing's own is closed already
                os.close(descriptor)


def _forget_the_fork_server() -> None:
    """Let `multiprocessing` be as in a process that was started for itself.

    What it keeps are descriptors that are closed now, and a folder out of reach. A
    notebook's own pools and executors start as those of any other process.
    """
    resource_tracker._resource_tracker.__init__()
    forkserver._forkserver.__init__()
    multiprocessing.set_start_method(None, force=True)
    own = multiprocessing.current_process()
    own._config = {"authkey": AuthenticationString(os.urandom(32)), "semprefix": "/mp"}


def _prefer_for_the_out_of_memory_killer() -> None:
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")


def _set_environment(scratch: Path) -> None:
    """Leave a few settings, and point every folder into `scratch`."""
    kept = {name: os.environ[name] for name in _KEPT_SETTINGS if name in os.environ}
    for name in list(os.environ):  # `clear` would list all of them for each
        del os.environ[name]
    _wipe_first_environment()
    temporary, settings = scratch / ".tmp", scratch / ".config"
    for folder in (temporary, settings):
        if not folder.is_dir():  # a file of this name may have been handed in
            folder.unlink(missing_ok=True)
        folder.mkdir(exist_ok=True)
    os.environ.update(kept, HOME=str(scratch), TMPDIR=str(temporary))
    os.environ.update(dict.fromkeys(("LOGNAME", "USER"), NOBODY))
    os.environ.update(dict.fromkeys(_SETTINGS_FOLDERS, str(settings)))
    tempfile.tempdir = None  # found anew from TMPDIR


def _wipe_first_environment() -> None:
    """Erase the environment that the interpreter was started with.

    It stays in memory, and in /proc/self/environ, whatever `os.environ` holds.
    """
    with contextlib.suppress(OSError):
        syscalls.libc("clearenv")
        fields = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
        start, end = int(fields[47]), int(fields[48])  # env_start and env_end
        ctypes.memset(start, 0, end - start)
