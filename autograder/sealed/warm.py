"""Warms the template: what every notebook would do first is done once, before forks.

Imported in the template only. Drawing one figure fills caches that each fork then
shares. No TensorFlow operation may run here: it would start threads, and a fork of a
process with threads hangs. No file may stay open: forks would share its position.
"""

import contextlib
import ctypes
import gc
import importlib
import io
import sys

from autograder.base.explanations import explained
from autograder.sealed import huge_pages
from autograder.sealed.examiner import comparisons
from autograder.sealed.rehearsal import rehearse
from autograder.sealed.sandbox import spawn
from autograder.sealed.student.shell import warm_up


def draw_once() -> None:
    """Draw one small figure with each plotting library that is loaded."""
    if "matplotlib.pyplot" in sys.modules:
        from matplotlib.figure import Figure

        axes = Figure().subplots()
        axes.plot([0, 1], label="$x^2$")
        axes.set_title("title")
        axes.legend()
        axes.figure.savefig(io.BytesIO(), format="png", bbox_inches="tight")
    if "plotnine" in sys.modules:
        import pandas as pd
        from plotnine import aes, geom_line, ggplot

        data = pd.DataFrame({"x": [0.0, 1.0], "y": [0.0, 1.0], "name": ["a", "a"]})
        plot = ggplot(data, aes("x", "y", color="name")) + geom_line()
        plot.save(io.BytesIO(), format="png", verbose=False)


def look_at_an_array() -> None:
    """Have scikit-learn check an array: its first look for tables reads metadata."""
    if "sklearn" in sys.modules:
        from sklearn.preprocessing import StandardScaler

        StandardScaler().fit([[0.0], [1.0]])


def close_fonts() -> None:
    """Let go of the font files that drawing has opened."""
    if "matplotlib.font_manager" in sys.modules:
        from matplotlib import font_manager
        from matplotlib.mathtext import MathTextParser

        MathTextParser._parse_cached.cache_clear()
        font_manager._get_font.cache_clear()


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
draw_once()
look_at_an_array()
close_fonts()
rehearse()
# A fork that collects garbage visits, and so copies, only what it made itself.
gc.collect()
tidy_memory()
gc.freeze()
huge_pages.collapse()
