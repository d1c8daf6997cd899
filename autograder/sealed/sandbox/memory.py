"""What a submission holds in memory: its processes, and the kernel on their behalf."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterable
from pathlib import Path

_PRIVATE = re.compile(rb"^(?:VmPTE|RssAnon|VmSwap):\s+(\d+) kB", re.MULTILINE)
_PAGE_TABLES = re.compile(rb"^VmPTE:\s+(\d+) kB", re.MULTILINE)
_SHARED_OUT = re.compile(rb"^Pss_Anon:\s+(\d+) kB", re.MULTILINE)
_PIPE_END_MIB = 1 / 32
"""Half of a full pipe, for each open file: what it is takes too long to ask."""
_FILE_MIB = 1 / 1024
"""What a file, a folder or a link costs the kernel beside its content."""
_MAPPING_MIB = 1 / 4096
"""What the kernel notes of each piece of memory that a process has mapped."""
_MOST_MAPPINGS_MIB = 16
"""The same of all that it lets one process have, 65,530."""
_MAPS_READ = 2**18
"""Bytes of their list: of a longer one it is taken that there are as many as can be."""
_FEW = 4
"""Processes whose mappings cannot come to much: these are not counted."""
_NO_TCP = b"\nTCP: inuse 0 "
_SOCKET_SIZE = Path("/proc/sys/net/core/wmem_default")
_ROOM_FOR_ONE_MORE = 2
"""A full socket takes one more message of any size; TCP counts bytes, not memory."""


class Memory:
    """Adds up what the kernel's own limits do not count, or for each process alone.

    Parameters
    ----------
    pid
        The first process, as this process knows it.
    proc
        A /proc in which all its processes are.
    folders
        Folders that lie in memory, with all that is written there.
    own_network
        Whether all sockets that it sees are its own.

    Raises
    ------
    OSError
        The system has no /proc.
    """

    def __init__(
        self, pid: int, proc: Path, folders: Iterable[Path], own_network: bool
    ) -> None:
        self._proc = os.open(proc, os.O_DIRECTORY | os.O_CLOEXEC)
        self._network = f"/proc/{pid}/net" if own_network else None
        self._folders = []
        for folder in folders:
            with contextlib.suppress(OSError):
                path = f"/proc/{pid}/root{folder}"
                self._folders.append(os.open(path, os.O_DIRECTORY | os.O_CLOEXEC))
        self._socket_mib = _ROOM_FOR_ONE_MORE * int(_read(_SOCKET_SIZE) or 0) / 2**20

    def close(self) -> None:
        """Let go of the folders."""
        for folder in (self._proc, *self._folders):
            os.close(folder)

    def at_most_mib(self, pids: Iterable[int]) -> float:
        """Return what these processes hold; what several of them share, for each."""
        mib = self._common_mib()
        for number, pid in enumerate(pids):
            mib += self._private_mib(pid) + self._mappings_mib(pid, number)
        return mib

    def shared_out_mib(self, pids: Iterable[int]) -> float:
        """Return the same with what several share counted in part; takes longer."""
        mib = self._common_mib()
        for number, pid in enumerate(pids):
            mib += self._mappings_mib(pid, number)
            mib += _sum_mib(_SHARED_OUT, self._read(f"{pid}/smaps_rollup"))
            mib += _sum_mib(_PAGE_TABLES, self._read(f"{pid}/status"))
            mib += self._open_files_mib(pid)
        return mib

    def _private_mib(self, pid: int) -> float:
        """Return memory, page tables and open files of one process."""
        mib = _sum_mib(_PRIVATE, self._read(f"{pid}/status"))
        return mib + self._open_files_mib(pid)

    def _mappings_mib(self, pid: int, number: int) -> float:
        """Return what the kernel's list of mappings takes; nothing of the first few."""
        if number < _FEW:
            return 0.0
        listed = self._read(f"{pid}/maps", _MAPS_READ)
        if len(listed) == _MAPS_READ:
            return _MOST_MAPPINGS_MIB
        return listed.count(b"\n") * _MAPPING_MIB

    def _open_files_mib(self, pid: int) -> float:
        try:  # since Linux 6.2 the size of this folder is their number
            found = os.stat(f"{pid}/fd", dir_fd=self._proc).st_size
        except OSError:
            found = 0
        return found * _PIPE_END_MIB

    def _common_mib(self) -> float:
        """Return what is in memory for all of them together: files and sockets."""
        mib = 0.0
        for folder in self._folders:
            found = os.fstatvfs(folder)
            mib += (found.f_blocks - found.f_bfree) * found.f_frsize / 2**20
            mib += (found.f_files - found.f_ffree) * _FILE_MIB
        if self._network is not None:
            sockets = _read(Path(self._network, "unix")).count(b"\n") - 1
            mib += max(0, sockets) * self._socket_mib
            # For its list of them the kernel walks through the whole machine's.
            if _NO_TCP not in _read(Path(self._network, "sockstat")):
                mib += _queued_mib(_read(Path(self._network, "tcp")))
        return mib

    def _read(self, name: str, most: int = -1) -> bytes:
        try:
            descriptor = os.open(name, os.O_RDONLY, dir_fd=self._proc)
        except OSError:
            return b""  # it has just ended
        with open(descriptor, "rb") as file, contextlib.suppress(OSError):
            return file.read(most)
        return b""


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _sum_mib(fields: re.Pattern[bytes], text: bytes) -> float:
    """Return the sum of some fields of a file of /proc."""
    return sum(map(int, fields.findall(text))) / 1024


def _queued_mib(table: bytes) -> float:
    """Return what waits in TCP's queues, sent and received, of /proc/net/tcp."""
    queues = (line.split()[4].split(b":") for line in table.splitlines()[1:])
    waiting = sum(int(sent, 16) + int(received, 16) for sent, received in queues)
    return _ROOM_FOR_ONE_MORE * waiting / 2**20
