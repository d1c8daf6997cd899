"""What the kernel holds on behalf of a submission counts as its memory."""

import os
import socket

from autograder.sealed.sandbox.memory import Memory
from autograder.sealed.sandbox.procfs import PROC
from tests.support.sealed.sandbox import LINUX_ONLY

pytestmark = LINUX_ONLY


def test_what_waits_in_a_tcp_connection_is_memory():
    memory = Memory(os.getpid(), PROC, [], own_network=True)
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as one,
        server.accept()[0],
    ):
        before = memory.at_most_mib([])
        one.sendall(bytes(64 << 10))
        assert memory.at_most_mib([]) >= before + 64 / 1024
    memory.close()
