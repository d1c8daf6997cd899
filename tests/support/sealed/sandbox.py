"""Examiners of their own, as root and as an ordinary user, and what they spawn."""

import errno
import json
import os
import sys
import time
import traceback
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from autograder.sealed.sandbox import seccomp, syscalls
from autograder.sealed.sandbox.layers import Layer, ProcessLimits
from autograder.sealed.sandbox.spawn import default_readable, spawn

LINUX_ONLY = pytest.mark.skipif(
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
                seccomp.install(refused, rules, allowed=None)
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


def layers_found(grader, **without):
    def examiner():
        with grader.spawn(lambda: None) as student:
            return [vars(layer) for layer in student.layers]

    return [Layer(**fields) for fields in grader.run(examiner, **without)]
