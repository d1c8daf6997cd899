"""The network and other processes stay out of reach; what is missing is reported."""

import contextlib
import os
import signal
import socket

import pytest

from autograder.sealed.sandbox import layers, mounts
from autograder.sealed.sandbox.spawn import default_readable
from tests.support.sealed.sandbox import (
    ALL_LAYERS,
    LINUX_ONLY,
    NO_LANDLOCK,
    NO_NAMESPACES,
    NO_SECCOMP,
    failure,
    layers_found,
)

pytestmark = LINUX_ONLY


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
