"""Warms the template: what every notebook would do first is done once, before forks.

Imported in the template only. No TensorFlow operation may run here: it would start
threads, and a fork of a process with threads hangs. No file may stay open: forks would
share its position.
"""

import contextlib
import ctypes
import gc
import importlib
import sys

from autograder.base.explanations import explained
from autograder.sealed.examiner import comparisons
from autograder.sealed.sandbox import spawn
from autograder.sealed.student.shell import warm_up


def look_at_an_array() -> None:
    """Have scikit-learn check an array: its first look for tables reads metadata."""
    if "sklearn" in sys.modules:
        from sklearn.preprocessing import StandardScaler

        StandardScaler().fit([[0.0], [1.0]])


def tidy_memory() -> None:
    """Have C's allocator put its free pieces together, where it can be told to.

    It would do so at the first large request of each fork: that writes beside every
    piece, and so copies tens of megabytes for each process of each notebook.
    """
    with contextlib.suppress(OSError, AttributeError):  # only glibc has it
        ctypes.CDLL(None).malloc_trim(0)


spawn.prepare()
comparisons.prepare()
warm_up()
explained("", "")  # compiles all patterns: notebooks have a copy, with the same ones
importlib.import_module("numpy.random")  # NumPy imports it only when somebody asks
importlib.import_module("multiprocessing.popen_forkserver")  # each fork is told by it
look_at_an_array()
tidy_memory()
# A fork that collects garbage visits, and so copies, only what it made itself.
gc.freeze()
gc.enable()
