"""The start of both sides: an examiner, and the student's process that it forks.

Apart from the names that `template` loads, this is the one place that knows both.
"""

from __future__ import annotations

import contextlib
import json
import marshal
import math
import os
import resource
import signal
import socket
import traceback
from collections.abc import Callable, Mapping
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

from autograder.base.paths import secret_rooms
from autograder.sealed import pictures
from autograder.sealed.examiner.examination import Examination
from autograder.sealed.sandbox.layers import ProcessLimits, private_memory_mib
from autograder.sealed.sandbox.readable import default_readable
from autograder.sealed.sandbox.spawn import spawn
from autograder.sealed.student.figure_cache import FigureCache
from autograder.sealed.student.server import Server
from autograder.sealed.student.shell import Shell

OWN_MEMORY_MIB = 512


def examine(connection: Connection) -> None:
    """Grade one notebook; runs in a fork of the template, made for nothing else.

    The student's process is forked before the tests are read: no memory of it ever
    held them.
    """
    # A Ctrl-C reaches every process of a terminal; the coordinator decides what ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.chdir("/")  # as the template; the caller's working folder came along
    order = json.loads(connection.recv_bytes())
    scratch, limits = Path(order["scratch"]), order["limits"]
    os.environ.update(order["environment"])
    ours, theirs = socket.socketpair()
    reading, writing = os.pipe()
    student = spawn(
        partial(
            _be_the_student,
            theirs,
            scratch,
            _shell_maker(order["kernel"]),
            order["known_figures"],
            order["records"],
        ),
        scratch=scratch,
        readable=(*default_readable(), *map(Path, order["data"].values())),
        links=_links(scratch, order["data"]),
        forbidden=secret_rooms(),
        limits=ProcessLimits(
            memory_mib=limits["memory_mib"],
            cpu_s=math.ceil(limits["notebook_cpu_s"]),
            file_size_mib=limits["file_size_mib"],
            processes=limits["processes"],
            open_files=limits["open_files"],
            scratch_mib=limits["scratch_mib"],
            loopback=bool(order["kernel"]),
        ),
        keep_fds=[theirs.fileno()],
        output=writing,
    )
    theirs.close()
    os.close(writing)
    _limit_own_memory(limits["memory_mib"])
    with student:
        work = marshal.loads(connection.recv_bytes())  # noqa: S302 - the engine's
        compiled = marshal.loads(connection.recv_bytes())  # noqa: S302
        work["codes"], work["checks"], work["data"], work["imports"] = compiled
        given = marshal.loads(connection.recv_bytes())  # noqa: S302
        work["definitions"], work["known"] = given
        # Not before: no memory of the student's process ever held one.
        drawn = pictures.read(Path(order["figures"])) if order["figures"] else {}
        try:
            answer = Examination(student, ours, reading, limits, work, drawn).run()
        except Exception:
            answer = {"errored": traceback.format_exc(limit=-6)}
        # At once: what the student's process leaves behind is tidied up meanwhile.
        connection.send_bytes(json.dumps(answer).encode())


def _links(scratch: Path, data: Mapping[str, str]) -> dict[Path, Path]:
    """Return where a course's data is found from a notebook's own folder.

    That lies one to three folders below the course's root, whether a student works in
    it, its author or nbgrader: `../Data` and `../../../Data` lead to the same.
    """
    found = {}
    for name, place in data.items():
        for above in (1, 2, 3) if not os.path.isabs(name) else ():
            link = Path(os.path.normpath(scratch.joinpath(*[".."] * above, name)))
            if not scratch.is_relative_to(link) and not link.is_relative_to(scratch):
                found[link] = Path(place)
    return found


def _limit_own_memory(student_mib: int) -> None:
    """Fail a test, not the machine, when an answer makes the test itself grow."""
    mib = private_memory_mib() + student_mib + OWN_MEMORY_MIB
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    wanted = mib << 20 if hard == resource.RLIM_INFINITY else min(mib << 20, hard)
    with contextlib.suppress(OSError, ValueError):  # not every system has it
        resource.setrlimit(resource.RLIMIT_DATA, (wanted, hard))


def _shell_maker(kernel: dict | None) -> Callable:
    """Return what makes the notebook's shell, imported before the sandbox closes."""
    if kernel is None:
        return Shell
    from autograder.sealed.student.jupyter_kernel import KernelShell  # few need it

    return partial(KernelShell, kernel=kernel)


def _be_the_student(
    sock: socket.socket,
    scratch: Path,
    make_shell: Callable,
    known_figures: list[str],
    records: bool,
) -> None:
    server = Server(sock)
    FigureCache(known_figures, server.emit if records else None).install()
    shell = make_shell(scratch, server.emit)
    server.serve(shell.namespace, shell.run_cell, shell.capturing)
