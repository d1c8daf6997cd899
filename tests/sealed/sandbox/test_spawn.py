"""What hostile code can and cannot do inside each layer of the sandbox.

Every examiner is a process of its own, run as root where the tests are, and as an
ordinary user. Layers are taken away by refusing the system calls that they need.
"""

import contextlib
import ctypes
import errno
import json
import mmap
import multiprocessing.synchronize
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pytest

from autograder.base.errors import WrongUse
from autograder.sealed.sandbox import layers, mounts, seccomp, syscalls
from autograder.sealed.sandbox.layers import Layer, ProcessLimits
from autograder.sealed.sandbox.spawn import default_readable, exposed, probe, spawn

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="the layers are Linux's"
)

ORDINARY_USER = 1234
PATIENCE_S = 30.0
SMALL = ProcessLimits(
    memory_mib=256, cpu_s=20, file_size_mib=4, processes=32, open_files=64
)
NO_NAMESPACES = ("unshare",)
NO_LANDLOCK = ("landlock_create_ruleset",)
NO_SECCOMP = seccomp.ArgumentRule("prctl", 0, 0xFFFFFFFF, 22, True, errno.EPERM)


@dataclass(frozen=True)
class Grader:
    """Who runs the examiner."""

    user: int
    scratch: Path

    def run(self, examiner, *, refused=(), rules=()):
        """Run `examiner` in a process without some system calls; return its answer."""
        reading, writing = os.pipe()
        pid = os.fork()
        if pid == 0:
            self._answer(examiner, refused, rules, writing)
        os.close(writing)
        answer = json.loads(read_all(reading))
        os.waitpid(pid, 0)
        if "error" in answer:
            pytest.fail(answer["error"])
        return answer["value"]

    def _answer(self, examiner, refused, rules, writing):
        try:
            if self.user != os.geteuid():
                os.setgroups([])
                os.setresgid(self.user, self.user, self.user)
                os.setresuid(self.user, self.user, self.user)
            if refused or rules:
                syscalls.prctl(38, 1)
                seccomp.install(refused, rules)
            answer = {"value": examiner()}
        except BaseException:
            answer = {"error": traceback.format_exc()}
        os.write(writing, json.dumps(answer).encode())
        os._exit(0)

    def spawn(self, main, **options):
        """Spawn a student process with small limits; for use in an examiner."""
        settings = {
            "scratch": self.scratch,
            "readable": default_readable(),
            "limits": SMALL,
            "keep_fds": (),
        }
        return spawn(main, **settings | options)

    def ask(self, work, *, need=(), refused=(), rules=(), **options):
        """Return what `work()` returns in a student process; skip without a layer."""
        answer = self.run(
            partial(self._examine, work, options), refused=refused, rules=rules
        )
        for layer in map(lambda fields: Layer(**fields), answer["layers"]):
            if layer.name in need and not layer.active:
                pytest.skip(f"{layer.name}: {layer.detail}")
        return answer["value"]

    def _examine(self, work, options):
        reading, writing = os.pipe()
        keep = [writing, *options.pop("keep_fds", ())]
        main = partial(tell, writing, work)
        with self.spawn(main, keep_fds=keep, **options) as student:
            os.close(writing)
            with os.fdopen(reading) as file:
                answer = file.readline()
            assert answer, f"the student process said nothing: {student.wait()}"
        found = [vars(layer) for layer in student.layers]
        return {"value": json.loads(answer), "layers": found}


def tell(writing, work):
    os.write(writing, json.dumps(work()).encode() + b"\n")


def read_all(reading):
    with os.fdopen(reading, "rb") as file:
        return file.read()


def failure(action, *arguments):
    """Return the name of the errno that an action fails with; None if it does not."""
    try:
        action(*arguments)
    except OSError as err:
        return errno.errorcode[err.errno]
    return None


def sleeper():
    pid = os.fork()
    if pid == 0:
        time.sleep(PATIENCE_S)
        os._exit(0)
    return pid


def wait_until(is_so):
    deadline = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < deadline, "it never came to be"
        time.sleep(0.01)


@pytest.fixture(params=["root", "ordinary user"])
def grader(request, tmp_path):
    if request.param == "root":
        if os.geteuid() != 0:
            pytest.skip("not root")
        yield Grader(0, tmp_path)
    elif os.geteuid() != 0:
        yield Grader(os.geteuid(), tmp_path)
    else:
        # pytest's own folders are closed to other users.
        scratch = Path(tempfile.mkdtemp(prefix="sandbox-test-"))
        os.chown(scratch, ORDINARY_USER, ORDINARY_USER)
        yield Grader(ORDINARY_USER, scratch)
        shutil.rmtree(scratch)


@pytest.fixture
def secret():
    """Make a file outside that everyone may read and write, in a folder of the kind."""
    folder = Path(tempfile.mkdtemp(prefix="sandbox-secret-"))
    folder.chmod(0o777)
    file = folder / "gradebook.db"
    file.write_text("10 points")
    file.chmod(0o666)
    yield file
    shutil.rmtree(folder)


# Files


@pytest.mark.parametrize(
    ("refused", "layer", "error"),
    [
        ((), layers.MOUNT, "ENOENT"),
        (NO_LANDLOCK, layers.MOUNT, "ENOENT"),
        (NO_NAMESPACES, layers.LANDLOCK, "EACCES"),
    ],
    ids=["all layers", "mount namespace", "landlock"],
)
def test_a_file_outside_can_be_neither_read_nor_written(
    grader, secret, refused, layer, error
):
    def work():
        new = secret.parent / "new"
        above_the_root = f"/..{secret}"
        return [
            failure(open, secret),
            failure(open, above_the_root),
            failure(open, new, "w"),
        ]

    read, read_from_above, write = grader.ask(work, need=[layer], refused=refused)
    assert read == read_from_above == error
    assert write in ("ENOENT", "EACCES")
    assert not (secret.parent / "new").exists()


@pytest.mark.parametrize("refused", [(), NO_NAMESPACES], ids=["all", "landlock"])
def test_a_link_in_scratch_leads_nowhere(grader, secret, refused):
    (grader.scratch / "link").symlink_to(secret)

    def work():
        return [failure(open, "link"), failure(open, "link", "w")]

    errors = grader.ask(work, need=[layers.LANDLOCK], refused=refused)
    assert set(errors) <= {"ENOENT", "EACCES"}
    assert secret.read_text() == "10 points"


def test_scratch_and_what_lies_in_it_can_be_written(grader):
    (grader.scratch / "data").mkdir()
    (grader.scratch / "data" / "given.csv").write_text("1\n")
    for path in (grader.scratch / "data", grader.scratch / "data" / "given.csv"):
        os.chown(path, grader.user, grader.user)

    def work():
        given = Path("data/given.csv")
        given.write_text(given.read_text() + "2\n")
        Path("data/given.csv").rename("moved.csv")
        return Path("moved.csv").read_text()

    assert grader.ask(work) == "1\n2\n"
    assert (grader.scratch / "moved.csv").read_text() == "1\n2\n"


@pytest.mark.parametrize(
    ("refused", "layer", "error"),
    [(NO_LANDLOCK, layers.MOUNT, "EROFS"), (NO_NAMESPACES, layers.LANDLOCK, "EACCES")],
    ids=["mount namespace", "landlock"],
)
def test_readable_folders_cannot_be_written(grader, secret, refused, layer, error):
    def work():
        new = secret.parent / "new"
        return [secret.read_text(), failure(open, secret, "a"), failure(open, new, "w")]

    readable = [*default_readable(), secret.parent]
    found = grader.ask(work, need=[layer], refused=refused, readable=readable)
    assert found == ["10 points", error, error]


def test_a_forbidden_path_inside_a_readable_one_is_refused(tmp_path):
    lessons = tmp_path / "prefix" / "lessons"
    lessons.mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "prefix")
    readable = [tmp_path / "link"]
    assert exposed([lessons, tmp_path], readable) == (lessons,)
    with pytest.raises(WrongUse, match="lessons"):
        spawn(
            print,
            scratch=tmp_path / "scratch",
            readable=readable,
            limits=SMALL,
            keep_fds=(),
            forbidden=[lessons],
        )


def test_the_default_readable_paths_leave_the_lessons_and_homes_out():
    project = Path(__file__).parents[3]
    readable = default_readable()
    private = [project / "autograder" / "source", Path.home(), Path("/etc/shadow")]
    assert not exposed(private, readable)
    assert exposed([Path(os.__file__)], readable)


# Network


@contextlib.contextmanager
def listening(family, address):
    with socket.socket(family) as server:
        server.bind(address)
        server.listen()
        yield server.getsockname()


def connecting(family, address):
    def work():
        def connect():
            with socket.socket(family) as client:
                client.connect(address)

        return failure(connect)

    return work


@pytest.mark.parametrize(
    ("refused", "rules", "layer", "error"),
    [
        ((), (), layers.SECCOMP, "EAFNOSUPPORT"),
        (NO_LANDLOCK, (NO_SECCOMP,), layers.NETWORK, "ENETUNREACH"),
        (NO_NAMESPACES, (NO_SECCOMP,), layers.LANDLOCK, "EACCES"),
    ],
    ids=["seccomp", "network namespace", "landlock"],
)
def test_loopback_cannot_be_reached(grader, refused, rules, layer, error):
    with listening(socket.AF_INET, ("127.0.0.1", 0)) as address:
        work = connecting(socket.AF_INET, address)
        found = grader.ask(work, need=[layer], refused=refused, rules=rules)
    assert found == error


@pytest.mark.parametrize(
    ("refused", "layer", "error"),
    [
        (NO_LANDLOCK, layers.NETWORK, "ECONNREFUSED"),
        (NO_NAMESPACES, layers.LANDLOCK, "EPERM"),
    ],
    ids=["network namespace", "landlock"],
)
def test_abstract_sockets_outside_cannot_be_reached(grader, refused, layer, error):
    with listening(socket.AF_UNIX, f"\0sandbox-test-{os.getpid()}") as address:
        work = connecting(socket.AF_UNIX, address.decode())
        assert grader.ask(work, need=[layer], refused=refused) == error


# Other processes


@pytest.mark.parametrize(
    ("refused", "layer", "error"),
    [(NO_LANDLOCK, layers.PID, "ESRCH"), (NO_NAMESPACES, layers.LANDLOCK, "EPERM")],
    ids=["pid namespace", "landlock"],
)
def test_processes_outside_cannot_be_signalled(grader, refused, layer, error):
    outside = grader.run(os.getppid)  # this process, as every examiner sees it

    def work():
        return [failure(os.kill, outside, 0), failure(os.kill, os.getppid(), 0)]

    found = grader.ask(work, need=[layer], refused=refused)
    assert found[0] == error
    assert found[1] in (error, None)  # with a namespace its parent is number 0


def test_the_examiner_itself_cannot_be_killed_by_an_ordinary_users_code(grader):
    def work():
        return failure(os.kill, os.getppid() or 2**22, signal.SIGKILL)

    found = grader.ask(work, need=[layers.LANDLOCK], refused=NO_NAMESPACES)
    assert found == "EPERM"


def test_other_processes_cannot_be_seen(grader):
    def work():
        return sorted(filter(str.isdigit, os.listdir("/proc")))

    assert grader.ask(work, need=[layers.OWN_PROC]) == ["1"]


def test_other_processes_secrets_stay_closed_without_a_proc_of_ones_own(grader):
    outside = os.getpid()
    mounts.outermost(default_readable())  # /proc/self is this process here

    def work():
        return [failure(open, f"/proc/{outside}/{name}") for name in ("stat", "mem")]

    found = grader.ask(work, need=[layers.LANDLOCK], refused=NO_NAMESPACES)
    assert found == ["EACCES", "EACCES"]


@pytest.mark.parametrize("call", sorted(seccomp.REFUSED))
def test_a_refused_system_call_fails(call):
    grader = Grader(os.geteuid(), Path())
    if syscalls.syscall_number(call) is None:
        pytest.skip("this machine has no such call")

    def examiner():
        syscalls.prctl(38, 1)
        seccomp.install()
        return failure(syscalls.syscall, call, 0, 0, 0, 0, 0, 0)

    assert grader.run(examiner) == "EPERM"


def test_seccomp_is_on_in_a_student_process(grader):
    def work():
        newest = {"clone3": 0, "ptrace": 0, "unshare": 0x10000000}
        return [failure(syscalls.syscall, call, flag) for call, flag in newest.items()]

    found = grader.ask(work, need=[layers.SECCOMP])
    assert found == ["ENOSYS", "EPERM", "EPERM"]


# Privileges


def test_no_user_or_capability_of_the_grader_is_kept(grader):
    def examiner():
        with grader.spawn(partial(time.sleep, PATIENCE_S)) as student:
            text = Path(f"/proc/{student.pid}/status").read_text()
            return dict(line.split(":\t", 1) for line in text.splitlines())

    status = grader.run(examiner)
    expected = str(grader.user or 65534)
    assert status["Uid"].split() == status["Gid"].split() == [expected] * 4
    assert status["Groups"].split() in ([], [expected])
    for kind in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
        assert int(status[kind], 16) == 0, kind
    assert status["NoNewPrivs"] == "1"
    assert status["Seccomp"] == "2"


def test_roots_files_are_closed_even_without_landlock_and_namespaces(tmp_path):
    if os.geteuid() != 0:
        pytest.skip("not root")
    scratch = Path(tempfile.mkdtemp(prefix="sandbox-test-"))
    grader = Grader(0, scratch)
    try:
        found = grader.ask(
            partial(failure, open, "/etc/shadow"),
            refused=NO_NAMESPACES + NO_LANDLOCK,
            need=[layers.NOBODY],
        )
    finally:
        shutil.rmtree(scratch)
    assert found == "EACCES"


# Limits


def test_memory_beyond_the_limit_is_a_memory_error(grader):
    def work():
        taken = bytearray(100 << 20)
        try:
            bytearray(SMALL.memory_mib << 20)
        except MemoryError:
            return len(taken)

    assert grader.ask(work) == 100 << 20


def test_shared_memory_is_no_way_around_the_limit(grader):
    def work():
        return [
            failure(mmap.mmap, -1, 1 << 30),
            failure(os.memfd_create, "memory"),
            failure(syscalls.libc, "shmget", 0, 1 << 20, 0o1600),
            failure(open, "/dev/zero", "r+b"),
        ]

    found = grader.ask(work, need=[layers.SECCOMP])
    assert found[:3] == ["ENOMEM", "EPERM", "EPERM"]
    assert found[3] in ("ENOENT", "EACCES")


def test_a_fork_bomb_stops_at_the_limit(grader):
    def work():
        children = 0
        with contextlib.suppress(BlockingIOError):
            while children < 10 * SMALL.processes:
                sleeper()
                children += 1
        return children

    assert grader.ask(work, need=[layers.USER]) == SMALL.processes - 1


def test_a_fork_bomb_stops_without_a_user_namespace_too(grader):
    def work():
        with contextlib.suppress(BlockingIOError):
            for _ in range(10 * SMALL.processes):
                sleeper()
            return "never stopped"
        return "stopped"

    # A folder that user 65534 may enter: root gives up itself only then.
    with tempfile.TemporaryDirectory(prefix="sandbox-test-") as folder:
        os.chown(folder, grader.user, grader.user)
        open_to_all = replace(grader, scratch=Path(folder))
        found = open_to_all.ask(work, refused=NO_NAMESPACES, need=[layers.NOBODY])
    assert found == "stopped"


@pytest.mark.parametrize("refused", [(), NO_NAMESPACES], ids=["namespace", "without"])
def test_what_else_the_user_runs_does_not_count(grader, refused):
    def main(told):
        if os.fork() > 0:
            os.write(told, b"forked")

    def examiner():
        others = [sleeper() for _ in range(2 * SMALL.processes)]
        answer, told = os.pipe()
        null = os.open(os.devnull, os.O_WRONLY)
        with grader.spawn(partial(main, told), keep_fds=[told], output=null):
            os.close(told)
            said = read_all(answer).decode()
        for pid in others:
            os.kill(pid, signal.SIGKILL)  # fails if the sandbox has killed it
            os.waitpid(pid, 0)
        return said

    assert grader.run(examiner, refused=refused) == "forked"


def test_a_file_beyond_the_limit_is_cut(grader):
    def work():
        error = failure(Path("big").write_bytes, b"x" * (8 << 20))
        return [error, os.stat("big").st_size]

    assert grader.ask(work) == ["EFBIG", SMALL.file_size_mib << 20]


def test_open_files_are_limited(grader):
    def work():
        opened = []
        with contextlib.suppress(OSError):
            while len(opened) < 1000:
                opened.append(os.dup(0))
        return max(opened)

    assert grader.ask(work) == SMALL.open_files - 1


def test_limits_cannot_be_raised_again(grader):
    def work():
        limits = (resource.RLIMIT_DATA, resource.RLIMIT_NPROC, resource.RLIMIT_CPU)
        unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
        refused = 0
        for kind in limits:
            with contextlib.suppress(ValueError, PermissionError):
                resource.setrlimit(kind, unlimited)
                continue
            refused += 1
        return refused

    assert grader.ask(work) == 3


def test_cpu_time_beyond_the_limit_ends_the_process(grader):
    def spin():
        signal.signal(signal.SIGXCPU, signal.SIG_IGN)
        while True:
            pass

    def examiner():
        with grader.spawn(spin, limits=replace(SMALL, cpu_s=1)) as student:
            ended = student.wait()
        return [ended.signal, ended.cause]

    assert grader.run(examiner) == ["SIGKILL", "cpu"]


# A clean slate


def test_inherited_files_are_closed_but_the_kept_ones(grader, secret):
    def work():
        return sorted(map(int, os.listdir("/proc/self/fd")))

    kept = os.open(os.devnull, os.O_RDONLY)
    descriptor = os.open(secret, os.O_RDONLY)
    beyond_its_limit = os.dup2(descriptor, 4 * SMALL.open_files)
    try:
        found = grader.ask(work, keep_fds=[kept])
    finally:
        for opened in (kept, descriptor, beyond_its_limit):
            os.close(opened)
    assert {0, 1, 2, kept} <= set(found)
    # One more is the folder being listed, one is the pipe of the answer.
    assert len(found) == 6, found


def test_standard_input_is_empty(grader):
    def main(told):
        os.write(told, json.dumps(os.read(0, 10).decode()).encode())

    def examiner():
        reading, writing = os.pipe()
        os.write(writing, b"typed")
        os.dup2(reading, 0)
        answer, told = os.pipe()
        with grader.spawn(partial(main, told), keep_fds=[told]):
            os.close(told)
            return read_all(answer).decode()

    assert grader.run(examiner) == '""'


def test_the_environment_is_scrubbed(grader, monkeypatch):
    monkeypatch.setenv("SECRET_TOKEN", "hunter2")
    monkeypatch.setenv("OMP_NUM_THREADS", "1")

    def work():
        at_start = Path("/proc/self/environ").read_bytes().strip(b"\0")
        shell = subprocess.run(["/usr/bin/env"], capture_output=True, check=True)
        return [dict(os.environ), at_start.decode(), shell.stdout.decode()]

    assert Path("/proc/self/environ").read_bytes().strip(b"\0")
    environment, at_start, childs = grader.ask(work)
    assert environment["HOME"] == str(grader.scratch)
    assert environment["OMP_NUM_THREADS"] == "1"
    folders = {name for name, value in environment.items() if name.endswith("DIR")}
    for name in folders | {"KERAS_HOME", "XDG_CACHE_HOME"}:
        assert Path(environment[name]).is_relative_to(grader.scratch), name
    assert at_start == ""
    for text in (*environment, *environment.values(), childs):
        assert "SECRET" not in text
        assert "hunter2" not in text


def test_working_and_temporary_folders_are_in_scratch(grader):
    def work():
        with tempfile.NamedTemporaryFile() as file:
            return [os.getcwd(), file.name, os.umask(0)]

    folder, file, umask = grader.ask(work)
    assert folder == str(grader.scratch)
    assert file.startswith(folder)
    assert umask == 0o077


def test_output_goes_where_it_is_sent(grader):
    def main():
        os.write(1, b"out ")
        subprocess.run("echo err >&2", shell=True, check=True)

    def examiner():
        reading, writing = os.pipe()
        with grader.spawn(main, output=writing) as student:
            os.close(writing)
            student.wait()
            return read_all(reading).decode()

    assert grader.run(examiner) == "out err\n"


def test_honest_programs_and_semaphores_work(grader):
    def work():
        lock = multiprocessing.get_context("fork").Lock()
        listing = subprocess.run(["ls", "/usr"], capture_output=True, check=True)
        with lock:
            return b"bin" in listing.stdout

    assert grader.ask(work, need=[layers.MOUNT]) is True


# Life and death


def daemon():
    """Fork twice, into a session of its own, ignoring every polite signal."""
    if os.fork() == 0:
        os.setsid()
        if os.fork() > 0:
            os._exit(0)
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        time.sleep(10 * PATIENCE_S)


def leave_a_daemon(ready):
    daemon()
    daemon()
    os.write(ready, b"x")
    time.sleep(PATIENCE_S)


@pytest.mark.parametrize("refused", [(), NO_NAMESPACES], ids=["namespace", "without"])
def test_no_descendant_survives_a_kill(grader, refused):
    def examiner():
        lifeline, held = os.pipe()
        ready, readied = os.pipe()
        main = partial(leave_a_daemon, readied)
        student = grader.spawn(main, keep_fds=[held, readied])
        os.close(held)
        os.read(ready, 1)
        student.kill()
        ended = student.wait()
        # At its end when nobody holds the other end any more.
        return [ended.cause, read_all(lifeline).decode()]

    assert grader.run(examiner, refused=refused) == ["killed", ""]


def test_leaving_the_block_kills_descendants_of_a_process_that_has_ended(grader):
    def examiner():
        lifeline, held = os.pipe()
        with grader.spawn(daemon, keep_fds=[held]) as student:
            os.close(held)
            cause = student.wait().cause
        return [cause, read_all(lifeline).decode()]

    assert grader.run(examiner, refused=NO_NAMESPACES) == ["exited", ""]


@pytest.mark.parametrize("refused", [(), NO_NAMESPACES], ids=["namespace", "without"])
def test_the_student_process_dies_with_its_examiner(grader, refused):
    lifeline, held = os.pipe()

    def examiner():
        grader.spawn(partial(time.sleep, 10 * PATIENCE_S), keep_fds=[held])
        return "left behind"

    assert grader.run(examiner, refused=refused) == "left behind"
    os.close(held)
    assert read_all(lifeline) == b""


def test_the_tie_to_the_examiner_cannot_be_cut(grader):
    def work():
        return failure(syscalls.prctl, 1, 0)

    assert grader.ask(work, need=[layers.SECCOMP]) == "EPERM"


def test_an_interrupt_is_a_keyboard_interrupt(grader):
    def main(ready, told):
        try:
            os.write(ready, b"x")
            time.sleep(PATIENCE_S)
        except KeyboardInterrupt:
            os.write(told, b"interrupted")

    def examiner():
        reading, ready = os.pipe()
        answer, told = os.pipe()
        main_with_pipes = partial(main, ready, told)
        with grader.spawn(main_with_pipes, keep_fds=[ready, told]) as student:
            os.close(told)
            os.read(reading, 1)
            student.interrupt()
            return [read_all(answer).decode(), student.wait().code]

    assert grader.run(examiner) == ["interrupted", 0]


@pytest.mark.parametrize("refused", [(), NO_NAMESPACES], ids=["namespace", "without"])
def test_the_time_of_children_is_counted(grader, refused):
    def main():
        if os.fork() == 0:
            while True:
                pass
        time.sleep(PATIENCE_S)

    def examiner():
        with grader.spawn(main) as student:
            wait_until(lambda: student.cpu_s() > 0.2)
            own = float(Path(f"/proc/{student.pid}/stat").read_text().split()[13])
            wait_until(lambda: student.memory_mib() > 1)
        return own / os.sysconf("SC_CLK_TCK") < student.cpu_s()

    assert grader.run(examiner, refused=refused) is True


@pytest.mark.parametrize(
    ("main", "code", "cause"),
    [
        (lambda: None, 0, "exited"),
        (lambda: sys.exit(3), 3, "exited"),
        (lambda: 1 / 0, 1, "exited"),
        (lambda: ctypes.string_at(0), None, "crashed"),
        (os.abort, None, "crashed"),
    ],
    ids=["returns", "exits", "raises", "reads address 0", "aborts"],
)
def test_the_end_is_described(grader, main, code, cause):
    def examiner():
        null = os.open(os.devnull, os.O_WRONLY)
        with grader.spawn(main, output=null) as student:
            ended = student.wait()
        return [ended.code, ended.cause, ended.signal is None]

    assert grader.run(examiner) == [code, cause, code is not None]


# What is reported


def layers_found(grader, **without):
    def examiner():
        with grader.spawn(lambda: None) as student:
            return [vars(layer) for layer in student.layers]

    return [Layer(**fields) for fields in grader.run(examiner, **without)]


ALL_LAYERS = {
    "user namespace",
    "mount namespace",
    "pid namespace",
    "network namespace",
    "ipc namespace",
    "uts namespace",
    "own /proc",
    "unprivileged user",
    "no capabilities",
    "no new privileges",
    "rlimits",
    "landlock",
    "seccomp",
}


def test_every_layer_is_reported_once(grader):
    names = [layer.name for layer in layers_found(grader)]
    assert sorted(names) == sorted(ALL_LAYERS)


@pytest.mark.parametrize(
    ("without", "missing"),
    [
        ({"refused": NO_LANDLOCK}, {"landlock"}),
        ({"rules": (NO_SECCOMP,)}, {"seccomp"}),
        ({"refused": ("open_tree",)}, {"mount namespace", "own /proc"}),
        ({"refused": ("pivot_root",)}, {"mount namespace", "own /proc"}),
        ({"refused": ("capset",)}, {"no capabilities"}),
        (
            {"refused": NO_NAMESPACES},
            {name for name in ALL_LAYERS if "namespace" in name} | {"own /proc"},
        ),
    ],
    ids=["landlock", "seccomp", "open_tree", "pivot_root", "capset", "unshare"],
)
def test_a_missing_layer_is_reported_with_the_reason(grader, without, missing):
    before = {layer.name for layer in layers_found(grader) if not layer.active}
    found = layers_found(grader, **without)
    inactive = {layer.name: layer.detail for layer in found if not layer.active}
    # Root stays root where the folders are closed to all others.
    assert set(inactive) - {"unprivileged user"} == missing | before
    assert all(inactive.values())


def test_a_root_that_fails_half_way_leaves_the_files_as_they_were(grader):
    def work():
        return Path.cwd() == grader.scratch and Path("made").write_text("x") == 1

    assert grader.ask(work, refused=("pivot_root",)) is True
    assert (grader.scratch / "made").exists()


def test_the_probe_finds_what_a_student_process_gets():
    found = probe()
    assert {layer.name for layer in found} == ALL_LAYERS
    assert probe() is found
