"""What a student's process finds when it looks around in its own root."""

import grp
import os
import pwd
from functools import partial
from pathlib import Path

import pytest

from autograder.base.errors import EngineError
from autograder.sealed.sandbox import credentials, layers, mounts, readable, syscalls
from tests.support.sealed.sandbox import LINUX_ONLY, NO_LANDLOCK, failure

pytestmark = LINUX_ONLY

OURS = {"/dev/shm", "/tmp", "/proc", "/run"}


def test_a_walk_from_inside_meets_named_parts_and_nothing_else(grader):
    parts = set(mounts.outermost(readable.default_readable()))

    def work():
        known = {*OURS, str(grader.scratch), *(f"/{n}" for n in credentials.ACCOUNTS)}
        known.update(map(str, parts))
        met = []
        for folder, folders, files in os.walk("/"):
            for name in files:
                path = os.path.join(folder, name)
                if path not in known and not os.path.islink(path):
                    met.append(path)
            places = {name: os.path.join(folder, name) for name in folders}
            folders[:] = [name for name in folders if places[name] not in known]
            met += [p for p in places.values() if os.access(p, os.W_OK)]
        return [os.listdir("/"), *(path for path in met if path not in known)]

    # Landlock would not even let it list what is there.
    top, *strangers = grader.ask(work, need=[layers.MOUNT], refused=NO_LANDLOCK)
    assert "usr" in top
    assert strangers == []


def test_folders_of_the_machine_are_not_there(grader):
    names = ["/usr/share/doc", "/usr/include", "/usr/lib/systemd", "/var", "/home"]
    names += ["/srv", "/opt", "/etc/shadow", "/etc/hostname", "/sys/class", "/sys/fs"]

    def work():
        return [name for name in names if os.path.lexists(name)]

    assert grader.ask(work, need=[layers.MOUNT]) == []


def test_no_user_of_the_machine_is_known(grader):
    def work():
        users = [one.pw_name for one in pwd.getpwall()]
        return [users, [one.gr_name for one in grp.getgrall()], os.path.expanduser("~")]

    users, groups, home = grader.ask(work, need=[layers.MOUNT])
    assert users == ["root", "nobody"]
    assert groups == ["root", "nogroup"]
    assert home == str(grader.scratch)


def test_of_the_machine_proc_tells_what_programs_ask_for_and_nothing_more(grader):
    def work():
        told = [
            name
            for name in os.listdir("/proc")
            if not name.isdigit() and not os.path.islink(f"/proc/{name}")
            if (
                os.listdir(f"/proc/{name}")
                if os.path.isdir(f"/proc/{name}")
                else Path("/proc", name).read_bytes()
            )
        ]
        before = Path("/proc/stat").read_text()
        sum(range(3_000_000))
        return [sorted(told), before == Path("/proc/stat").read_text()]

    told, stands_still = grader.ask(work, need=[layers.OWN_PROC])
    assert set(told) <= {
        "cpuinfo",
        "filesystems",
        "meminfo",
        "stat",
        "uptime",
        "version",
    }
    assert {"cpuinfo", "meminfo", "stat"} <= set(told)
    assert stands_still


def test_what_is_mounted_inside_of_a_readable_folder_stays_empty(tmp_path):
    if os.geteuid() != 0:
        pytest.skip("only root can mount something")
    inner = tmp_path / "libraries" / "exchange"
    inner.mkdir(parents=True)
    (tmp_path / "libraries" / "library.so").write_text("code")
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        syscalls.libc("unshare", 0x20000)
        syscalls.libc("mount", None, b"/", None, 1 << 14 | 1 << 18, None)
        syscalls.libc("mount", b"tmpfs", bytes(inner), b"tmpfs", 0, None)
        (inner / "answer").write_text("42")
        places = (tmp_path / "libraries",)
        (tmp_path / "scratch").mkdir()
        mounts.replace_root(mounts.layout(places), tmp_path / "scratch", {})
        os.write(writing, repr(sorted(os.listdir(places[0]))).encode())
        os.write(writing, repr(os.listdir(inner)).encode())
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(reading, 1000).decode() == "['exchange', 'library.so'][]"


def test_links_lead_where_they_led(tmp_path):
    (tmp_path / "version-1").mkdir()
    (tmp_path / "version").symlink_to("version-1")
    (tmp_path / "named").symlink_to(tmp_path / "version")
    plan = mounts.layout((tmp_path / "named" / ".", tmp_path / "version-1"))
    assert plan.places == (tmp_path / "version-1",)
    assert dict(plan.links) == {
        tmp_path / "named": str(tmp_path / "version"),
        tmp_path / "version": "version-1",
    }


def test_what_must_be_hidden_and_is_there_refuses_the_run(grader):
    def examiner():
        hidden = [Path("/run/nothing")]  # stands for anything: no plan had it in mind
        try:
            grader.spawn(partial(print), forbidden=hidden)
        except EngineError as error:
            return str(error)

    assert "/run/nothing" in grader.run(examiner)


def test_what_lies_inside_of_a_part_is_refused_before(tmp_path):
    inside = Path(os.__file__).parent / "courses"
    assert failure(readable.expect_hidden, [tmp_path]) is None
    with pytest.raises(EngineError, match="courses"):
        readable.expect_hidden([tmp_path, inside])


@pytest.mark.parametrize("prefix", readable._SYSTEM_PREFIXES[1:])
def test_of_a_prefix_that_python_shares_no_more_is_read_than_is_named(prefix):
    named = set(readable.default_readable())
    assert not {Path(prefix), Path(prefix, "share"), Path(prefix, "lib")} & named
