"""The terminal answers Ctrl-C at once, however long the end takes."""

import os
import signal
import time

import pytest

from autograder.cli.terminal import heard_at_once


@heard_at_once(lambda: "stopped: 1 of 2")
def _interrupted(end) -> None:
    try:
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(60)  # ends with the interrupt
    finally:
        end()


def test_an_interrupt_is_heard_before_the_end_and_told_after_it(capfd):
    before, heard = signal.getsignal(signal.SIGINT), []
    with pytest.raises(KeyboardInterrupt):
        _interrupted(lambda: heard.append(capfd.readouterr().err))
    assert heard[0].startswith("stopping:")
    assert capfd.readouterr().err == "stopped: 1 of 2\n"
    assert signal.getsignal(signal.SIGINT) is before
