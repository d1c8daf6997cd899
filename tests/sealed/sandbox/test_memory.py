"""What the kernel holds on behalf of a submission counts as its memory."""

import os
import socket

from autograder.sealed.sandbox.memory import Memory
from autograder.sealed.sandbox.procfs import PROC
from tests.support.sealed.sandbox import LINUX_ONLY, wait_until

pytestmark = LINUX_ONLY


def test_what_waits_in_a_tcp_connection_is_memory():
    memory = Memory(os.getpid(), PROC, [], own_network=True)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def grows() -> bool:
            address = server.getsockname()
            with socket.create_connection(address) as one, server.accept()[0]:
                before = memory.at_most_mib([])
                one.sendall(bytes(64 << 10))
                return memory.at_most_mib([]) >= before + 64 / 1024

        # This machine's other sockets count too: theirs may become empty meanwhile.
        wait_until(grows)
    memory.close()
