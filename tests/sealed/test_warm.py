"""What every fork of the template needs is there before it is forked."""

import subprocess
import sys

PROGRAM = """
import sys
import autograder.sealed.warm
from autograder.sealed.sandbox import layers, mounts

assert layers.kernel_version.cache_info().currsize == 1
assert mounts.ways_to.cache_info().currsize == 1
# Its own connection to the grader comes to a fork as an object of this one.
print("multiprocessing.popen_forkserver" in sys.modules)
"""


def test_a_fork_works_out_nothing_that_all_have_in_common():
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=60
    )
    assert done.stdout == "True\n", done.stderr
