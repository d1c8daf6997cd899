"""Figures of the report, by plotnine: drawn once, coloured for light and for dark."""

import base64
import io
import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotnine as p9
from matplotlib.ticker import MaxNLocator

from autograder.report.numbers import TestNumbers

DARK = {"#1c2330": "#e4e8ee", "#d4d9e1": "#3a4352", "#0072b2": "#56b4e9"}
"""The colours of a light page, and what stands for each on a dark one."""
INK, LINE, MARK = DARK
WIDTH, HEIGHT = 4.2, 2.4
"""Of one panel, in inches."""
COLUMNS = 2
LEAST_FOR_QUARTERS = 12
"""Submissions; of fewer, quarters are two or one."""


@dataclass(frozen=True)
class Figure:
    """One figure, as addresses that hold it."""

    light: str
    dark: str
    alt: str
    is_narrow: bool
    """Whether it has one panel alone, and half a page is wide enough for it."""


def distribution(shares: dict[str, list[float]]) -> Figure:
    """Draw how many submissions have which score, a panel a lesson.

    Parameters
    ----------
    shares
        Scores as a share of what can be had, 0 to 1, by lesson.
    """
    table = pd.DataFrame(
        [
            (lesson, 100 * min(share, 1.0))
            for lesson, of in shares.items()
            for share in of
        ],
        columns=["lesson", "score"],
    )
    table["lesson"] = pd.Categorical(table["lesson"], list(shares))  # in their order
    plot = (
        p9.ggplot(table, p9.aes("score"))
        + p9.geom_histogram(binwidth=5, boundary=0, fill=MARK)
        + p9.coord_cartesian(xlim=(0, 100))
        + p9.scale_y_continuous(breaks=_whole_numbers)
        + p9.labs(x="score in percent", y="submissions")
    )
    words = "; ".join(f"{lesson}: {_spread(of)}" for lesson, of in shares.items())
    return _figure(plot, len(shares), f"Histograms of scores. {words}.")


def _spread(shares: list[float]) -> str:
    is_large = len(shares) >= LEAST_FOR_QUARTERS
    low, high = np.quantile(shares, [0.25, 0.75] if is_large else [0, 1])
    part = ", the middle half of them" if is_large else ""
    many = "s" if len(shares) > 1 else ""
    where = f"between {100 * low:.0f} and {100 * high:.0f} %"
    return f"{len(shares)} submission{many}{part} {where}"


def _whole_numbers(limits: tuple[float, float]) -> list[float]:
    return list(MaxNLocator(4, integer=True).tick_values(*limits))


def worth_of_tests(numbers: list[TestNumbers]) -> Figure:
    """Draw each test's discrimination over its difficulty, a panel a lesson."""
    known = [test for test in numbers if test.discrimination is not None]
    table = pd.DataFrame(
        [(t.lesson, 100 * t.share, t.discrimination) for t in known],
        columns=["lesson", "share", "discrimination"],
    )
    plot = (
        p9.ggplot(table, p9.aes("share", "discrimination"))
        + p9.geom_hline(yintercept=0, color=LINE)
        + p9.geom_point(color=MARK, alpha=0.7, size=2)
        + p9.coord_cartesian(
            xlim=(0, 100), ylim=(min(0, table["discrimination"].min()), 1)
        )
        + p9.labs(x="points got, in percent", y="correlation with the rest")
    )
    weak = [test.name for test in known if test.discrimination < 0]
    told = f"below zero: {', '.join(weak)}" if weak else "none is below zero"
    words = f"{len(known)} tests by points got and correlation with the rest; {told}."
    return _figure(plot, table["lesson"].nunique(), words)


def _figure(plot: p9.ggplot, panels: int, alt: str) -> Figure:
    columns = min(panels, COLUMNS)
    rows = -(-panels // columns)
    plot += p9.facet_wrap("lesson", ncol=columns, scales="free_y")
    plot += p9.theme_minimal(base_size=10)
    plot += p9.theme(
        figure_size=(WIDTH * columns, HEIGHT * rows),
        text=p9.element_text(color=INK),
        axis_text=p9.element_text(color=INK),
        strip_text=p9.element_text(color=INK),
        panel_grid_major=p9.element_line(color=LINE, size=0.4),
        panel_grid_minor=p9.element_blank(),
        svg_usefonts=True,
    )
    drawn = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of rows without a number: none of ours
        plot.save(drawn, format="svg", verbose=False, transparent=True)
    light = drawn.getvalue().decode()
    dark = light
    for colour, other in DARK.items():
        dark = dark.replace(colour, other)
    return Figure(_address(light), _address(dark), alt, is_narrow=panels == 1)


def _address(svg: str) -> str:
    content = base64.b64encode(svg.encode()).decode()
    return f"data:image/svg+xml;base64,{content}"
