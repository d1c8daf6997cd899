"""Warms the template further, which is worth its half second where many are graded.

Imported in the template only, after `warm`, and under the same rules. Drawing one
figure fills caches that each fork then shares.
"""

import gc
import io
import sys

from autograder.sealed import huge_pages
from autograder.sealed.rehearsal import rehearse
from autograder.sealed.warm import tidy_memory


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


def close_fonts() -> None:
    """Let go of the font files that drawing has opened."""
    if "matplotlib.font_manager" in sys.modules:
        from matplotlib import font_manager
        from matplotlib.mathtext import MathTextParser

        MathTextParser._parse_cached.cache_clear()
        font_manager._get_font.cache_clear()


draw_once()
close_fonts()
rehearse()
tidy_memory()
gc.freeze()
huge_pages.collapse()
